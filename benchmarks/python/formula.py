"""The same Fernet and the same images in every program, without a random generator.

Element i of tensor t is made from an integer hash that C++ repeats exactly
(benchmarks/formula.h; the hash is that of tests/reference/fill.py):
    h = (i * 2654435761 + t * 40503 + 12345) mod 2^32; h ^= h >> 16;
    h = h * 2246822519 mod 2^32; h ^= h >> 13; u = h / 2^32
Parameter t counts from 0 in the order conv, its normalisation, conv, ... as torch
lists them, in torch's layout. Kernels: (2u - 1) * sqrt(6 / fan_in); weights of
normalisation: 1 + 0.1 (2u - 1); biases: 0.05 (2u - 1). Pixels (t = 1000) are h >> 24;
image i has label i mod 2.
"""

import numpy as np

IMAGES = 512
SIZE = 48


def hashes(count, t):
    mask = np.uint64(0xFFFFFFFF)
    i = np.arange(count, dtype=np.uint64)
    h = (i * np.uint64(2654435761) + np.uint64(t * 40503 + 12345)) & mask
    h ^= h >> np.uint64(16)
    h = (h * np.uint64(2246822519)) & mask
    return h ^ (h >> np.uint64(13))


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


def images():
    """uint8 [512, 1, 48, 48]."""
    pixels = hashes(IMAGES * SIZE * SIZE, 1000) >> np.uint64(24)
    return pixels.astype(np.uint8).reshape(IMAGES, 1, SIZE, SIZE)


def labels():
    return np.arange(IMAGES, dtype=np.int64) % 2
