#!/usr/bin/env python3
"""Writes the confusion matrices that fit the report's tables.

Needs Python 3.11 and numpy==2.4.6:
    python published_tables.py    (writes published_tables.json beside itself)

Every matrix of 897 sad and 901 happy images is tried, each ratio an exact
fraction, rounded half up. tests/reproduce compares. Also printed: which counts
the accuracies of the other sources stand for, by trying all.
"""

import json
import pathlib
from fractions import Fraction

import numpy as np

ROWS = {
    "fernet": ("0.94", "0.90", "0.98", "0.94"),
    "fernet_tuned": ("0.96", "0.94", "0.98", "0.96"),
    "vit": ("0.92", "0.92", "0.92", "0.92"),
    "resnet50": ("0.90", "0.90", "0.91", "0.90"),
}


def prints_as(value, text):
    """Whether the fraction, rounded half up, prints as text."""
    decimals = len(text.split(".")[1])
    scaled = value * 10**decimals + Fraction(1, 2)
    return f"{scaled.numerator // scaled.denominator:0{decimals + 1}d}" == \
        text.replace(".", "")


def matrices(row, positives, negatives):
    accuracy, precision, recall, f1 = row
    found = []
    for tp in range(1, positives + 1):
        if not prints_as(Fraction(tp, positives), recall):
            continue
        for fp in range(negatives + 1):
            fn, tn = positives - tp, negatives - fp
            if prints_as(Fraction(tp + tn, positives + negatives), accuracy) \
                    and prints_as(Fraction(tp, tp + fp), precision) \
                    and prints_as(Fraction(2 * tp, 2 * tp + fp + fn), f1):
                found.append((tp, fp, fn, tn))
    return found


def summary(found):
    return {"count": len(found)} | {
        name: [min(m[i] for m in found), max(m[i] for m in found)]
        for i, name in enumerate(("tp", "fp", "fn", "tn"))}


def main():
    result = {name: summary(matrices(row, 897, 901))
              for name, row in ROWS.items()}
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(result, indent=1) + "\n")
    for name, row in ROWS.items():
        print(name, result[name], "happy positive:",
              len(matrices(row, 901, 897)))
    for text, images in (("0.8945", 1618), ("0.9438", 1618), ("0.9654", 1618),
                         ("0.9330", 7168), ("0.9330", 7178), ("0.9330", 3589)):
        print(text, images, [k for k in range(images + 1)
                             if prints_as(Fraction(k, images), text)])
    for text, images in ((69.14182305335999, 7178), (69.14182305335999, 3589),
                         (97.89961576461792, 28709)):
        print(text, images, [k for k in range(images + 1) if float(
            np.float32(k) / np.float32(images)) * 100 == text])


main()
