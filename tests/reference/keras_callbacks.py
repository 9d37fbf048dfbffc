"""What Keras's own callbacks do on generated metric sequences.

Versions: keras==3.15.1, numpy==2.4.6, scipy==1.17.1 and jax==0.10.2 (Keras's
numpy backend imports both), Python 3.11. Run:
    KERAS_BACKEND=numpy python3 keras_callbacks.py > keras_callbacks.csv

tests/callbacks/keras_reference_test.cpp computes the same settings and
sequences (a 64-bit LCG, then exact arithmetic on doubles), runs our callbacks
and compares with the outcomes below, so that only outcomes are stored. The
numpy backend compares in double, as we do (the torch backend would round each
metric to float32). Keras keeps the learning rate in float32, as our callback
does: rates are compared as float32, exactly, and so are the epochs of the
falls.

Columns: case; EarlyStopping: stop = epoch of the stop (0: none), best = best
epoch, restored = epoch of the weights at the end, waits = checksum of `wait`
after each epoch; ReduceLROnPlateau: falls = bit mask of epochs in which the
rate fell, rate = rate at the end, plateau = checksum of wait and cooldown;
ModelCheckpoint: saves = bit mask of epochs in which the best was saved (leading
NaNs are taken from the sequence first: Keras would keep such a NaN for ever).
Epochs count from 1; bit 0 of a mask is epoch 1.
"""

import math
import os
import sys

os.environ["KERAS_BACKEND"] = "numpy"
import keras
import numpy as np

assert keras.__version__ == "3.15.1", keras.__version__
CASES = 1500
MASK = (1 << 64) - 1

MIN_DELTAS = [0.0, 0.0, 1 / 128, 1e-4, 0.01, 0.1]
FACTORS = [0.1, 0.2, 0.5, 0.25, 0.9]
RATES = [1e-3, 1e-2, 0.1, 5e-4]
MIN_RATES = [0.0, 1e-5, 1e-4, 1e-6, 2.5e-4]


class Lcg:
    """Knuth's MMIX generator; the upper 31 bits."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & MASK
        return (self.state >> 33) % n


def value(rng, kind, epoch, special):
    """Multiples of 2^-12: exact in double."""
    if special and rng.below(8) == 0:
        return [math.nan, math.nan, math.inf, -math.inf][rng.below(4)]
    if kind == 0:  # noise
        return rng.below(128) / 64
    if kind == 1:  # falls, then flat, with noise
        return max(40 - epoch, 20) / 16 + rng.below(16) / 64
    if kind == 2:  # a few levels: ties
        return rng.below(4) / 4
    if kind == 3:  # steps far below most min_deltas
        return 1 - epoch * rng.below(3) / 4096
    return 1 + rng.below(8) / 4096  # nearly flat


def make_case(index):
    rng = Lcg(index + 1)
    for _ in range(4):
        rng.below(2)
    c = {}
    c["mode"] = ["min", "max"][rng.below(2)]
    c["min_delta"] = MIN_DELTAS[rng.below(6)]
    c["patience"] = rng.below(7)
    c["start"] = rng.below(6) if rng.below(3) == 0 else 0
    c["baseline"] = rng.below(32) / 16 if rng.below(3) == 0 else None
    c["restore"] = rng.below(2) == 1
    c["factor"] = FACTORS[rng.below(5)]
    c["rate"] = RATES[rng.below(4)]
    c["min_rate"] = MIN_RATES[rng.below(5)]
    c["cooldown"] = rng.below(5)
    kind = rng.below(5)
    special = rng.below(3) == 0
    length = 1 + rng.below(60)
    values = [value(rng, kind, e, special) for e in range(length)]
    # Max cases mirror the falling sequences.
    c["values"] = [2 - v for v in values] if c["mode"] == "max" else values
    return c


class Optimizer:
    """A learning rate in float32, as keras.Optimizer keeps it."""

    def __init__(self, rate):
        self._rate = np.float32(rate)
        self.sets = 0

    @property
    def learning_rate(self):
        return self._rate

    @learning_rate.setter
    def learning_rate(self, rate):
        self._rate = np.float32(rate)
        self.sets += 1


class Model:
    def __init__(self, rate=1e-3):
        self.optimizer = Optimizer(rate)
        self.stop_training = False
        self.weights = 0
        self.saves = 0

    def get_weights(self):
        return self.weights

    def set_weights(self, weights):
        self.weights = weights

    def save(self, path, overwrite=True):
        self.saves += 1


def checksum(old, number):
    return (old * 31 + number) % (1 << 32)


def early_stopping(c):
    callback = keras.callbacks.EarlyStopping(
        monitor="m", mode=c["mode"], min_delta=c["min_delta"],
        patience=c["patience"], baseline=c["baseline"],
        restore_best_weights=c["restore"], start_from_epoch=c["start"])
    model = Model()
    callback.set_model(model)
    callback.on_train_begin()
    waits = 0
    for epoch, v in enumerate(c["values"]):
        model.weights = epoch + 1
        callback.on_epoch_end(epoch, {"m": v})
        waits = checksum(waits, callback.wait)
        if model.stop_training:
            break
    callback.on_train_end()
    stop = callback.stopped_epoch + 1 if model.stop_training else 0
    best = callback.best_epoch + 1 if callback.best is not None else 0
    return f"{stop},{best},{model.weights},{waits}"


def reduce_lr(c):
    callback = keras.callbacks.ReduceLROnPlateau(
        monitor="m", mode=c["mode"], min_delta=c["min_delta"],
        patience=c["patience"], factor=c["factor"], min_lr=c["min_rate"],
        cooldown=c["cooldown"])
    model = Model(c["rate"])
    callback.set_model(model)
    callback.on_train_begin()
    falls, sums = 0, 0
    for epoch, v in enumerate(c["values"]):
        before = model.optimizer.sets
        callback.on_epoch_end(epoch, {"m": v})
        if model.optimizer.sets > before:
            falls |= 1 << epoch
        sums = checksum(checksum(sums, callback.wait), callback.cooldown_counter)
    return f"{falls:x},{float(model.optimizer.learning_rate):.9g},{sums}"


def model_checkpoint(c):
    callback = keras.callbacks.ModelCheckpoint(
        "/tmp/best.keras", monitor="m", mode=c["mode"], save_best_only=True)
    model = Model()
    callback.set_model(model)
    callback.on_train_begin()
    saves, seen = 0, False
    for epoch, v in enumerate(c["values"]):
        seen = seen or not math.isnan(v)
        if not seen:
            continue
        before = model.saves
        callback.on_epoch_begin(epoch)
        callback.on_epoch_end(epoch, {"m": v})
        if model.saves > before:
            saves |= 1 << epoch
    return f"{saves:x}"


def main():
    print("case,stop,best,restored,waits,falls,rate,plateau,saves")
    for index in range(CASES):
        c = make_case(index)
        print(f"{index},{early_stopping(c)},{reduce_lr(c)},{model_checkpoint(c)}")


if __name__ == "__main__":
    sys.exit(main())
