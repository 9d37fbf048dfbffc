"""Other readers of exported files: onnx.checker, ONNX Runtime, OpenCV.

Tested with onnx 1.23.2, onnxruntime 1.31.1, opencv-python-headless 5.0.0.
`onnx_peers.py FOLDER`: for each NAME.onnx there, NAME.pixels (uint8 in the
file's own layout) and NAME.expected (float32 [n, K]) one line
`NAME RUNTIME LARGEST_DIFFERENCE`; "opencv" reads batches of 1.
"""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime


def differences(path):
    """Yield (runtime, largest difference) for one file."""
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    meta = {entry.key: entry.value for entry in model.metadata_props}
    classes = len(json.loads(meta["ferbench.classes"]))
    shape = [d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim]
    pixels = np.fromfile(path.with_suffix(".pixels"), np.uint8)
    pixels = pixels.reshape(-1, *shape[1:])
    if json.loads(meta["ferbench.input"])["type"] == "float32":
        pixels = pixels.astype(np.float32)
    expected = np.fromfile(path.with_suffix(".expected"), np.float32)
    expected = expected.reshape(-1, classes)

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options)
    for n in (1, 2, len(pixels)):
        (got,) = session.run(["probabilities"], {"image": pixels[:n]})
        yield "onnxruntime", np.abs(got - expected[:n]).max()

    net = cv2.dnn.readNetFromONNX(str(path))
    for one, truth in zip(pixels, expected):
        net.setInput(one[None])
        yield "opencv", np.abs(net.forward().reshape(-1) - truth).max()


def main():
    cv2.setNumThreads(1)
    for path in sorted(Path(sys.argv[1]).glob("*.onnx")):
        largest = {}
        for runtime, difference in differences(path):
            largest[runtime] = max(largest.get(runtime, 0), float(difference))
        for runtime, difference in largest.items():
            print(path.stem, runtime, f"{difference:.3e}", flush=True)


main()
