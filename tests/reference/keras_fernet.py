"""Fernet in Keras: forward, loss, gradients and three Adam steps.

Writes keras_fernet.json beside itself. Versions: keras 3.15.1, torch 2.11.0
(KERAS_BACKEND=torch, CPU), numpy 2.4.6, Python 3.11. Layouts and keys are
explained in README.md. No random number is drawn: every weight and pixel is
the hash of fill.py, rounded to float32, so both precisions start alike.
"""

import os
import pathlib

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from keras import layers
from keras.src.backend.common import dtypes

import fill

# On the torch backend Keras demotes float64 to float32 inside BatchNorm and
# means (as JAX does); its TensorFlow backend does not. True doubles need this.
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"

BLOCKS = [(32, 5), (64, 3), (128, 3), (256, 3)]
DENSE = [512, 128]
BATCH = 8
STEPS = 3
IMAGES_T = 1000
SAMPLES = 8
LABELS = np.arange(BATCH) % 2


def build():
    """The network of the report; every dropout rate is 0 for parity."""
    x = inputs = keras.Input((48, 48, 1))
    for b, (filters, size) in enumerate(BLOCKS, 1):
        for c in (1, 2):
            x = layers.Conv2D(
                filters, size, padding="same", activation="relu",
                kernel_initializer="he_normal", name=f"block{b}_conv{c}")(x)
            x = layers.BatchNormalization(name=f"block{b}_bn{c}")(x)
        x = layers.MaxPooling2D(2, name=f"block{b}_pool")(x)
        x = layers.Dropout(0.0, name=f"block{b}_dropout")(x)
    x = layers.Flatten(name="flatten")(x)
    for d, width in enumerate(DENSE, 1):
        x = layers.Dense(width, activation="relu",
                         kernel_initializer="he_normal", name=f"dense{d}")(x)
        x = layers.BatchNormalization(name=f"dense{d}_bn")(x)
        x = layers.Dropout(0.0, name=f"dense{d}_dropout")(x)
    logits = layers.Dense(1, name="output")(x)
    return keras.Model(inputs, logits)


def tensors_of(model):
    """[(name, variable)] in the fixed order; the position is t."""
    return [(f"{layer.name}/{w.name}", w)
            for layer in model.layers for w in layer.weights]


def scale_of(kind, shape):
    """What (2u - 1), or u for a variance, is multiplied with."""
    if kind == "kernel":
        return float(np.sqrt(6.0 / np.prod(shape[:-1])))
    return {"bias": 0.05, "beta": 0.05, "gamma": 0.1, "moving_mean": 0.1,
            "moving_variance": 0.2}[kind]


def initial(kind, shape, t):
    u = fill.unit(int(np.prod(shape)), t)
    scale = scale_of(kind, shape)
    if kind == "moving_variance":
        value = 1.0 + scale * u
    else:
        value = (1.0 if kind == "gamma" else 0.0) + scale * (2.0 * u - 1.0)
    return value.astype(np.float32).reshape(shape)


def images(t):
    return fill.unit(BATCH * 48 * 48, t).astype(np.float32).reshape(
        BATCH, 48, 48, 1)


def kind_of(name):
    return name.split("/")[1]


def reset(model):
    for t, (name, w) in enumerate(tensors_of(model)):
        w.assign(initial(kind_of(name), w.shape, t))


def snapshot(model):
    return [w.value.detach().numpy().astype(np.float64)
            for _, w in tensors_of(model)]


def as_tensor(array):
    return torch.tensor(array, dtype=getattr(torch, keras.config.floatx()))


def losses(logits):
    """Mean binary cross-entropy, from clipped probabilities and from logits."""
    truth = as_tensor(LABELS.reshape(-1, 1))
    bce = keras.losses.binary_crossentropy
    return (bce(truth, torch.sigmoid(logits)).mean(),
            bce(truth, logits, from_logits=True).mean())


def gradients(model, logits_loss=False):
    """Loss pair, logits and gradients of one training-mode pass (t = 1000)."""
    reset(model)
    model.zero_grad()
    logits = model(as_tensor(images(IMAGES_T)), training=True)
    pair = losses(logits)
    pair[int(logits_loss)].backward()
    grads = [w.value.grad.numpy().astype(np.float64) if w.trainable else None
             for _, w in tensors_of(model)]
    return [p.item() for p in pair], logits.detach(), grads


def inference(model):
    """Logits with moving statistics, and the outputs of the named layers."""
    reset(model)
    names = [f"block{b}_pool" for b in range(1, 5)]
    names += ["flatten", "dense1_bn", "dense2_bn"]
    probe = keras.Model(model.inputs, [model.get_layer(n).output
                                       for n in names] + [model.output])
    with torch.no_grad():
        *inner, logits = probe(as_tensor(images(IMAGES_T)), training=False)
    return logits, dict(zip(names, [x.numpy() for x in inner]))


def three_steps(model):
    """Adam with Keras's defaults; images t = 1000, 1001, 1002."""
    reset(model)
    optimizer = keras.optimizers.Adam()
    rows, snapshots = [], []
    for step in range(STEPS):
        model.zero_grad()
        logits = model(as_tensor(images(IMAGES_T + step)), training=True)
        loss, _ = losses(logits)
        loss.backward()
        variables = model.trainable_variables
        with torch.no_grad():
            optimizer.apply([v.value.grad for v in variables], variables)
        rows.append({"images_t": IMAGES_T + step, "loss": loss.item(),
                     "logits": fill.numbers(logits.detach())})
        snapshots.append(snapshot(model))
    return rows, snapshots


def run(floatx):
    """Everything, in one precision."""
    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(floatx)
    model = build()
    assert all(w.dtype == floatx for w in model.weights)
    trainable = sum(int(np.prod(v.shape)) for v in model.trainable_variables)
    assert model.count_params() == 2_440_929 and trainable == 2_437_729
    reset(model)
    out = {"tensors": tensors_of(model), "initial": snapshot(model)}
    out["inference"], out["activations"] = inference(model)
    assert all(x.dtype == floatx for x in out["activations"].values())
    out["losses"], out["training"], out["gradients"] = gradients(model)
    out["gradients_from_logits"] = gradients(model, logits_loss=True)[2]
    out["steps"], out["snapshots"] = three_steps(model)
    return out


def sample_indices(count):
    """Up to eight flat indices, first and last included."""
    if count <= SAMPLES:
        return list(range(count))
    return [k * (count - 1) // (SAMPLES - 1) for k in range(SAMPLES)]


def summary(array, indices):
    flat = np.asarray(array, dtype=np.float64).ravel()
    return {"sum": float(flat.sum()), "l2": float(np.sqrt(flat @ flat)),
            "samples": fill.numbers(flat[indices])}


def rms_error(got, want):
    """Largest difference in units of the root mean square of `want`."""
    rms = np.sqrt(np.mean(np.square(want)))
    return float(np.abs(np.asarray(got, np.float64) - want).max() / rms)


def l2_error(got, want):
    """Norm of the difference over the norm of `want`."""
    want = np.asarray(want)
    return float(np.linalg.norm((got - want).ravel())
                 / np.linalg.norm(want.ravel()))


def tensor_row(t, wide, narrow):
    name, w = wide["tensors"][t]
    indices = sample_indices(int(np.prod(w.shape)))
    row = {"t": t, "name": name, "kind": kind_of(name),
           "shape": list(w.shape), "trainable": bool(w.trainable),
           "scale": scale_of(kind_of(name), w.shape), "indices": indices,
           "initial": summary(wide["initial"][t], indices)}
    single = {}
    if w.trainable:
        row["gradient"] = summary(wide["gradients"][t], indices)
        pair = narrow["gradients"][t], wide["gradients"][t]
        single["gradient_l2_error"] = l2_error(*pair)
        single["gradient_rms_error"] = rms_error(*pair)
    for step in (1, STEPS):
        after = wide["snapshots"][step - 1][t]
        error = np.abs(narrow["snapshots"][step - 1][t] - after)
        row[f"after_{step}"] = summary(after, indices)
        single[f"after_{step}_max_error"] = float(error.max())
        single[f"after_{step}_sample_error"] = float(
            error.ravel()[indices].max())
    row["float32"] = single
    return row


def activation_rows(wide, narrow):
    rows = []
    for name, value in wide["activations"].items():
        indices = sample_indices(value.size)
        rows.append({"layer": name, "shape": list(value.shape),
                     "indices": indices, **summary(value, indices),
                     "float32_rms_error":
                         rms_error(narrow["activations"][name], value)})
    return rows


def forward_row(out, key):
    logits = out[key]
    return {"logits": fill.numbers(logits),
            "probabilities": fill.numbers(torch.sigmoid(logits))}


def float32_row(wide, narrow):
    """How far Keras's own float32 run is from its float64 run."""
    def worst(f):
        return max(f(t) for t, g in enumerate(wide["gradients"])
                   if g is not None)

    def logit_error(key):
        return float((narrow[key].double() - wide[key]).abs().max())

    return {
        "inference_logit_error": logit_error("inference"),
        "training_logit_error": logit_error("training"),
        "loss_error": abs(narrow["losses"][0] - wide["losses"][0]),
        "gradient_l2_error": worst(lambda t: l2_error(
            narrow["gradients"][t], wide["gradients"][t])),
        "gradient_rms_error": worst(lambda t: rms_error(
            narrow["gradients"][t], wide["gradients"][t])),
        "step_loss_errors": [abs(a["loss"] - b["loss"]) for a, b in
                             zip(narrow["steps"], wide["steps"])],
        "gradient_from_logits_rms_difference": worst(lambda t: rms_error(
            wide["gradients_from_logits"][t], wide["gradients"][t])),
    }


def document(wide, narrow):
    pairs = [(0, 0), (1, 0), (0, 1), (1179647, 49), (18431, 1002)]
    return {
        "versions": {"keras": keras.__version__, "torch": torch.__version__,
                     "numpy": np.__version__, "backend": "torch, CPU"},
        "dtype": "float64 run from float32-rounded weights and images",
        "hash": {"formula": fill.HASH, "examples": [
            {"i": i, "t": t, "h": int(fill.hash32(i, t))} for i, t in pairs]},
        "parameters": 2440929,
        "trainable_parameters": 2437729,
        "images": {"shape": [BATCH, 48, 48, 1], "t": IMAGES_T,
                   "labels": LABELS.tolist(),
                   **summary(images(IMAGES_T), []),
                   "first": fill.numbers(images(IMAGES_T).ravel()[:4])},
        "inference": forward_row(wide, "inference"),
        "activations": activation_rows(wide, narrow),
        "training": {**forward_row(wide, "training"),
                     "loss_from_probabilities": wide["losses"][0],
                     "loss_from_logits": wide["losses"][1]},
        "adam": {"learning_rate": 1e-3, "beta_1": 0.9, "beta_2": 0.999,
                 "epsilon": 1e-7, "steps": wide["steps"]},
        "float32": float32_row(wide, narrow),
        "tensors": [tensor_row(t, wide, narrow)
                    for t in range(len(wide["tensors"]))],
    }


if __name__ == "__main__":
    target = pathlib.Path(__file__).with_suffix(".json")
    fill.write_json(target, document(run("float64"), run("float32")))
    print(target, target.stat().st_size, "bytes")
