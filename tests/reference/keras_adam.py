"""Ten optimiser steps of Keras and of torch on five numbers, in double.

Writes keras_adam.json beside itself. Versions: keras 3.15.1, torch 2.11.0
(KERAS_BACKEND=torch, CPU), numpy 2.4.6, Python 3.11. Gradients are given by
formula and do not depend on the parameter. See README.md.
"""

import os
import pathlib

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from keras.src.backend.common import dtypes

import fill

# Doubles everywhere; keras_fernet.py says why this line is needed.
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"

STEPS = 10
START = np.array([1.0, -0.5, 0.25, 2.0, -1.5])
# Sizes from ordinary to far below epsilon, and none at all: element 3 shows
# where epsilon stands, element 4 shows weight decay alone.
SCALE = np.array([1.0, 0.1, 1e-3, 1e-7, 0.0])
# A setting with "halve_after" has half the learning rate from step 6 on: a
# Keras momentum buffer holds the old rate, a torch buffer does not.
HALVE_AFTER = 5


def gradient(step):
    """Gradient of step 1..10: SCALE[j] * (2u - 1), u = hash(i=j, t=step)."""
    return SCALE * (2.0 * fill.unit(len(SCALE), step) - 1.0)


def make(cls, **options):
    return {"optimizer": cls, "options": options}


KERAS = {
    "adam_defaults": make("Adam"),
    "adam_options": make("Adam", learning_rate=0.01, beta_1=0.8, beta_2=0.99,
                         epsilon=1e-4),
    "adam_amsgrad": make("Adam", learning_rate=0.01, amsgrad=True),
    "adam_weight_decay": make("Adam", learning_rate=0.01, weight_decay=0.1),
    "adam_halved": {**make("Adam", learning_rate=0.01),
                    "halve_after": HALVE_AFTER},
    "adam_clipnorm": make("Adam", learning_rate=0.01, clipnorm=0.5),
    "adamw_defaults": make("AdamW"),
    "adamw_options": make("AdamW", learning_rate=0.01, weight_decay=0.1),
    "adamw_halved": {**make("AdamW", learning_rate=0.01, weight_decay=0.1),
                     "halve_after": HALVE_AFTER},
    "sgd_plain": make("SGD"),
    "sgd_momentum": make("SGD", learning_rate=0.01, momentum=0.9),
    "sgd_nesterov": make("SGD", learning_rate=0.01, momentum=0.85,
                         nesterov=True),
    "sgd_nesterov_halved": {
        **make("SGD", learning_rate=0.01, momentum=0.85, nesterov=True),
        "halve_after": HALVE_AFTER},
    "sgd_weight_decay": make("SGD", learning_rate=0.01, momentum=0.9,
                             weight_decay=0.1),
}

TORCH = {
    "adam_defaults": make("Adam"),
    "adam_keras_epsilon": make("Adam", lr=1e-3, eps=1e-7),
    "adam_options": make("Adam", lr=0.01, betas=[0.8, 0.99], eps=1e-4),
    "adam_amsgrad": make("Adam", lr=0.01, amsgrad=True),
    "adam_weight_decay": make("Adam", lr=0.01, weight_decay=0.1),
    "adam_halved": {**make("Adam", lr=0.01), "halve_after": HALVE_AFTER},
    "adamw_defaults": make("AdamW"),
    "adamw_options": make("AdamW", lr=0.01, weight_decay=0.1),
    "adamw_halved": {**make("AdamW", lr=0.01, weight_decay=0.1),
                     "halve_after": HALVE_AFTER},
    "sgd_plain": make("SGD", lr=0.01),
    "sgd_momentum": make("SGD", lr=0.01, momentum=0.9),
    "sgd_dampening": make("SGD", lr=0.01, momentum=0.9, dampening=0.5),
    "sgd_nesterov": make("SGD", lr=0.01, momentum=0.85, nesterov=True),
    "sgd_nesterov_halved": {
        **make("SGD", lr=0.01, momentum=0.85, nesterov=True),
        "halve_after": HALVE_AFTER},
    "sgd_weight_decay": make("SGD", lr=0.01, momentum=0.9, weight_decay=0.1),
}


def run_keras(setting):
    cls = getattr(keras.optimizers, setting["optimizer"])
    optimizer = cls(**setting["options"])
    variable = keras.Variable(START, dtype="float64", name="kernel")
    rate = float(optimizer.learning_rate.numpy())
    values = []
    with torch.no_grad():
        for step in range(1, STEPS + 1):
            if step == setting.get("halve_after", STEPS) + 1:
                optimizer.learning_rate = rate / 2
            optimizer.apply([torch.tensor(gradient(step))], [variable])
            values.append(fill.numbers(variable.value.numpy()))
    assert variable.dtype == "float64"
    return values


def run_torch(setting):
    parameter = torch.nn.Parameter(torch.tensor(START))
    cls = getattr(torch.optim, setting["optimizer"])
    optimizer = cls([parameter], **setting["options"])
    group = optimizer.param_groups[0]
    values = []
    for step in range(1, STEPS + 1):
        if step == setting.get("halve_after", STEPS) + 1:
            group["lr"] /= 2
        parameter.grad = torch.tensor(gradient(step))
        optimizer.step()
        values.append(fill.numbers(parameter.detach().numpy()))
    return values


def document():
    def rows(settings, run):
        return {name: {**s, "values": run(s)} for name, s in settings.items()}

    keras.config.set_floatx("float64")
    return {
        "versions": {"keras": keras.__version__, "torch": torch.__version__,
                     "numpy": np.__version__, "backend": "torch, CPU"},
        "hash": {"formula": fill.HASH, "gradient":
                 "scale[j] * (2u - 1), u = hash(i = j, t = step), step 1..10"},
        "start": fill.numbers(START),
        "scale": fill.numbers(SCALE),
        "gradients": [fill.numbers(gradient(s)) for s in range(1, STEPS + 1)],
        "keras": rows(KERAS, run_keras),
        "torch": rows(TORCH, run_torch),
    }


if __name__ == "__main__":
    target = pathlib.Path(__file__).with_suffix(".json")
    fill.write_json(target, document())
    print(target, target.stat().st_size, "bytes")
