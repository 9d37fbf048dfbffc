"""Writes tests/reference/onnx/*.onnx: networks whose answer is known by hand.

gray.onnx       uint8 [N, 8, 8, 1]. s = mean of the lower four rows;
                p(happy) = sigmoid((s - 127.5) / 16), p(sad) = 1 - p(happy).
rgb.onnx        float32 [N, 3, 6, 4] (nchw). Softmax of the means of red, green
                and blue, divided by 16: angry, happy, surprise.
The others are gray.onnx with one fault each, named after it.

Run: python tests/reference/tiny_onnx.py
Versions: onnx 1.23.2, numpy 2.4.6; checked with onnxruntime 1.31.1.
"""

import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).parent / "onnx"


def metadata(classes, shape, layout, kind):
    height, width, channels = shape
    return {
        "ferbench.format": "1",
        "ferbench.classes": json.dumps(classes),
        "ferbench.input": json.dumps({"height": height, "width": width,
                                      "channels": channels, "layout": layout,
                                      "type": kind}),
        "ferbench.precision": "fp32",
        "ferbench.model": "tiny",
        "ferbench.experiment": "tiny",
        "ferbench.run": "tiny/seed-1",
        "ferbench.protocol": "none",
        "ferbench.commit": "0000000",
        "ferbench.license": "Apache-2.0",
        "ferbench.metrics": "{}",
    }


def constant(name, value):
    return numpy_helper.from_array(np.array(value), name)


def model(nodes, initialisers, image, probabilities, props):
    graph = helper.make_graph(nodes, "tiny", [image], [probabilities],
                              initialisers)
    result = helper.make_model(
        graph, ir_version=8, producer_name="ferbench",
        opset_imports=[helper.make_opsetid("", 17)])
    helper.set_model_props(result, props)
    onnx.checker.check_model(result, full_check=True)
    return result


def gray(props=None, batch="N", scale=1.0):
    node = helper.make_node
    nodes = [
        node("Slice", ["image", "from", "to", "axes"], ["lower"]),
        node("Cast", ["lower"], ["lower_float"], to=TensorProto.FLOAT),
        node("ReduceMean", ["lower_float"], ["mean"], axes=[1, 2], keepdims=0),
        node("Sub", ["mean", "middle"], ["centred"]),
        node("Div", ["centred", "sixteen"], ["logit"]),
        node("Sigmoid", ["logit"], ["happy"]),
        node("Sub", ["one", "happy"], ["sad"]),
        node("Concat", ["happy", "sad"], ["pair"], axis=1),
        node("Mul", ["pair", "scale"], ["probabilities"]),
    ]
    initialisers = [
        constant("from", np.int64([4])), constant("to", np.int64([8])),
        constant("axes", np.int64([1])), constant("middle", np.float32(127.5)),
        constant("sixteen", np.float32(16)), constant("one", np.float32(1)),
        constant("scale", np.float32(scale)),
    ]
    info = helper.make_tensor_value_info
    return model(nodes, initialisers,
                 info("image", TensorProto.UINT8, [batch, 8, 8, 1]),
                 info("probabilities", TensorProto.FLOAT, [batch, 2]),
                 metadata(["happy", "sad"], (8, 8, 1), "nhwc", "uint8")
                 if props is None else props)


def rgb():
    node = helper.make_node
    nodes = [
        node("ReduceMean", ["image"], ["mean"], axes=[2, 3], keepdims=0),
        node("Div", ["mean", "sixteen"], ["logit"]),
        node("Softmax", ["logit"], ["probabilities"], axis=1),
    ]
    info = helper.make_tensor_value_info
    return model(nodes, [constant("sixteen", np.float32(16))],
                 info("image", TensorProto.FLOAT, ["N", 3, 6, 4]),
                 info("probabilities", TensorProto.FLOAT, ["N", 3]),
                 metadata(["angry", "happy", "surprise"], (6, 4, 3), "nchw",
                          "float32"))


def main():
    FOLDER.mkdir(exist_ok=True)
    larger = metadata(["happy", "sad"], (48, 48, 1), "nhwc", "uint8")
    unnamed = metadata(["happy", "sad"], (8, 8, 1), "nhwc", "uint8")
    del unnamed["ferbench.classes"]
    files = {
        "gray": gray(),
        "rgb": rgb(),
        "no_metadata": gray(props={}),
        "no_classes": gray(props=unnamed),
        "other_size": gray(props=larger),
        "fixed_batch": gray(batch=1),
        "no_probabilities": gray(scale=2.0),
    }
    for name, written in files.items():
        (FOLDER / f"{name}.onnx").write_bytes(written.SerializeToString())
    image = np.zeros((1, 8, 8, 1), np.uint8)
    image[:, 4:] = 140
    session = onnxruntime.InferenceSession(FOLDER / "gray.onnx")
    print(session.run(None, {"image": image})[0])
    # sigmoid(12.5 / 16) = 0.685949
    colours = np.zeros((1, 3, 6, 4), np.float32)
    colours[:, 0], colours[:, 1] = 16, 32
    session = onnxruntime.InferenceSession(FOLDER / "rgb.onnx")
    print(session.run(None, {"image": colours})[0])
    # e, e^2 and 1, divided by their sum: 0.244728, 0.665241, 0.090031


if __name__ == "__main__":
    main()
