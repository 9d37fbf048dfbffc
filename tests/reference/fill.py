"""Numbers without a random generator: an integer hash C++ repeats exactly.

Used by keras_fernet.py and keras_adam.py. All arithmetic is modulo 2^32.
"""

import json

import numpy as np

HASH = (
    "h = (i * 2654435761 + t * 40503 + 12345) mod 2^32; h ^= h >> 16; "
    "h = h * 2246822519 mod 2^32; h ^= h >> 13; u = h / 2^32"
)


def hash32(i, t):
    """The 32-bit hash of element index i in tensor number t (uint64 array)."""
    mask = np.uint64(0xFFFFFFFF)
    i = np.asarray(i, dtype=np.uint64)
    h = (i * np.uint64(2654435761) + np.uint64(t * 40503 + 12345)) & mask
    h ^= h >> np.uint64(16)
    h = (h * np.uint64(2246822519)) & mask
    return h ^ (h >> np.uint64(13))


def unit(count, t):
    """u in [0, 1) for the elements 0..count-1 of tensor t, exact in double."""
    return hash32(np.arange(count), t).astype(np.float64) / 2.0**32


def numbers(array):
    """A flat list of Python floats (repr keeps all 17 digits)."""
    return [float(x) for x in np.asarray(array, dtype=np.float64).ravel()]


def write_json(path, document):
    """Write with one line per innermost object or list of plain values."""
    path.write_text(_text(document, 0) + "\n")


def _text(value, depth):
    flat = json.dumps(value)
    nested = isinstance(value, (dict, list)) and any(
        isinstance(x, (dict, list)) for x in _children(value)
    )
    if not nested or len(flat) < 100:
        return flat
    pad = " " * (depth + 1)
    if isinstance(value, dict):
        items = [f"{json.dumps(k)}: {_text(v, depth + 1)}"
                 for k, v in value.items()]
        left, right = "{", "}"
    else:
        items = [_text(v, depth + 1) for v in value]
        left, right = "[", "]"
    body = (",\n" + pad).join(items)
    return f"{left}\n{pad}{body}\n{' ' * depth}{right}"


def _children(value):
    return value.values() if isinstance(value, dict) else value
