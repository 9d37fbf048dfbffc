"""The safetensors package (tested with 0.8.0) as the other side.

`print FILE`: metadata "note" and every tensor; `write FILE`: a small file.
"""

import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

verb, path = sys.argv[1:]
if verb == "print":
    with safe_open(path, framework="numpy") as file:
        print("note", file.metadata()["note"])
        for name in sorted(file.keys()):
            x = file.get_tensor(name)
            print(name, x.dtype, x.shape, x.tolist())
else:
    save_file(
        {
            "a": np.arange(6, dtype=np.float32).reshape(2, 3),
            "bytes": np.arange(5, dtype=np.uint8),
            "long": np.array(2**40, dtype=np.int64),
            "z": np.array([[1.5, -2.0]]),
        },
        path,
        metadata={"note": "from Python"},
    )
