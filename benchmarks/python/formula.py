"""The same weights and images in every program, without a random generator.

Element i of tensor t is made from an integer hash that C++ repeats exactly
(benchmarks/formula.h; the hash is that of tests/reference/fill.py):
    h = (i * 2654435761 + t * 40503 + 12345) mod 2^32; h ^= h >> 16;
    h = h * 2246822519 mod 2^32; h ^= h >> 13; u = h / 2^32
Parameter t counts from 0 as torch lists them, which both sides do in the same order, in
torch's layout. Two dimensions and more (kernels, tokens): (2u - 1) * sqrt(6 / fan_in);
weights of normalisation: 1 + 0.1 (2u - 1); biases: 0.05 (2u - 1). Pixels (t = 1000) are
h >> 24; image i has label i mod 2.
"""

import pathlib
import sys

import numpy as np

# At the end: a keras_fernet.py is there, too.
sys.path.append(str(pathlib.Path(__file__).parents[2] / "tests" / "reference"))
from fill import hash32  # noqa: E402

IMAGES = 512
SIZE = 48


def hashes(count, t):
    return hash32(np.arange(count), t)


def parameter(t, name, shape):
    """float32 values of parameter t; `name` ends in weight or bias."""
    u = hashes(int(np.prod(shape)), t).astype(np.float64) / 2.0**32
    wave = 2.0 * u - 1.0
    if len(shape) >= 2:
        wave *= np.sqrt(6.0 / np.prod(shape[1:]))
    elif name.endswith("weight"):
        wave = 1.0 + 0.1 * wave
    else:
        wave *= 0.05
    return wave.astype(np.float32).reshape(shape)


def images(channels=1):
    """uint8 [512, channels, 48, 48]."""
    shape = (IMAGES, channels, SIZE, SIZE)
    return (hashes(int(np.prod(shape)), 1000) >> np.uint64(24)).astype(np.uint8).reshape(shape)


def labels():
    return np.arange(IMAGES, dtype=np.int64) % 2
