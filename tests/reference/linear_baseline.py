"""How far a linear model gets on a packed data set: a floor for every network.

    ferbench data prepare experiments/demo.yaml --out demo
    python tests/reference/linear_baseline.py demo/images.ferpack

Pinned: numpy==2.4.6 scikit-learn==1.9.1. Logistic regression on the pixels, 80/20
split, the best of four strengths of regularisation (chosen on the test part, which
flatters it). On the demo's 3,000 happy and sad faces it must stay below 0.85.
"""

import json
import struct
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def read_pack(path):
    data = open(path, "rb").read()
    (length,) = struct.unpack_from("<I", data, 12)
    header = json.loads(data[80 : 80 + length])
    body = -(-(80 + length) // 4096) * 4096

    def section(name, dtype):
        offset, size = header["sections"][name]
        return np.frombuffer(data, dtype, size // np.dtype(dtype).itemsize, body + offset)

    labels = section("labels", "<i4")
    return section("pixels", "u1").reshape(len(labels), -1) / 255.0, labels


def main():
    pixels, labels = read_pack(sys.argv[1])
    for seed in (0, 1, 2):
        x, x_test, y, y_test = train_test_split(
            pixels, labels, test_size=0.2, stratify=labels, random_state=seed)
        scaler = StandardScaler().fit(x)
        scores = [
            LogisticRegression(C=c, max_iter=300)
            .fit(scaler.transform(x), y)
            .score(scaler.transform(x_test), y_test)
            for c in (1e-4, 1e-3, 1e-2, 1e-1)
        ]
        print(f"split {seed}: best {max(scores):.4f} of {[round(s, 4) for s in scores]}")


if __name__ == "__main__":
    main()
