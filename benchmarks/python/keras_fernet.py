"""Fernet in Keras 3.15.1 on torch, with the weights of formula.py: `rival.py keras`."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np
from keras import layers

import formula

FILTERS = ((32, 5), (64, 3), (128, 3), (256, 3))
RATES = (0.4, 0.4, 0.5, 0.5, 0.6, 0.6)


def network(rates):
    x = inputs = keras.Input((48, 48, 1))
    for (filters, size), rate in zip(FILTERS, rates):
        for _ in range(2):
            x = layers.Conv2D(filters, size, padding="same", activation="relu")(x)
            x = layers.BatchNormalization()(x)
        x = layers.Dropout(rate)(layers.MaxPooling2D(2)(x))
    x = layers.Flatten()(x)
    for width, rate in zip((512, 128), rates[4:]):
        x = layers.BatchNormalization()(layers.Dense(width, activation="relu")(x))
        x = layers.Dropout(rate)(x)
    # Logits in float32: under mixed_bfloat16 as Keras's guide says.
    return keras.Model(inputs, layers.Dense(1, dtype="float32")(x))


def fill(model):
    """torch's layouts into Keras's; its Flatten sees channels last."""
    t = 0
    for variable in model.trainable_variables:
        shape, name = tuple(variable.shape), variable.path.split("/")[-1]
        kind = "weight" if name in ("kernel", "gamma") else "bias"
        torch_shape = shape[::-1] if len(shape) == 2 else shape
        if len(shape) == 4:
            torch_shape = (shape[3], shape[2], shape[0], shape[1])
        value = formula.parameter(t, kind, torch_shape)
        if len(shape) == 4:
            value = value.transpose(2, 3, 1, 0)
        elif shape == (2304, 512):
            value = value.reshape(512, 256, 3, 3).transpose(2, 3, 1, 0).reshape(shape)
        elif len(shape) == 2:
            value = value.T
        variable.assign(value)
        t += 1


class KerasFernet:
    def __init__(self, precision, batch, dropout=True):
        keras.config.set_dtype_policy(
            "mixed_bfloat16" if precision == "bf16" else "float32")
        keras.utils.set_random_seed(1)
        self.model = network(RATES if dropout else (0.0,) * 6)
        fill(self.model)
        self.model.compile(
            optimizer=keras.optimizers.Adam(1e-3),
            loss=keras.losses.BinaryCrossentropy(from_logits=True))
        self.images = formula.images().transpose(0, 2, 3, 1).astype(np.float32) / 255
        self.labels = formula.labels().astype(np.float32).reshape(-1, 1)
        self.batch, self.at = batch, 0

    def next(self):
        rows = np.arange(self.at, self.at + self.batch) % formula.IMAGES
        self.at = (self.at + self.batch) % formula.IMAGES
        return self.images[rows], self.labels[rows]

    def step(self):
        # What fit() does with each batch; the loss is a mean since compile().
        return float(self.model.train_on_batch(*self.next()))

    def answer(self):
        return float(np.mean(self.model.predict_on_batch(self.next()[0]), dtype="f8"))

    def wait(self):
        """Nothing is left to wait for."""
