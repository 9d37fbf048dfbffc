"""ONNX Runtime's answers to raw images, as a flat JSON list.

usage: onnx_runtime.py MODEL PIXELS
PIXELS: uint8 images one after the other, in the order of the model's input.
onnxruntime 1.31.1, numpy 2.4.6, Python 3.11. Called by tests/export.
"""
import json
import sys

import numpy as np
import onnxruntime

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(
    sys.argv[1], options, providers=["CPUExecutionProvider"])
image = session.get_inputs()[0]
pixels = np.fromfile(sys.argv[2], np.uint8).reshape(-1, *image.shape[1:])
if image.type == "tensor(float)":
    pixels = pixels.astype(np.float32)
answers = session.run(None, {image.name: pixels})[0]
print(json.dumps([float(p) for p in answers.ravel()]))
