#!/usr/bin/env python3
"""Pearson's correlation of two 48 x 48 pictures over their overlap at shifts.

Python 3.11, numpy 2.2.6. Writes twin_correlation.json beside itself; the
pictures are formulas that tests/data/near_twins_fit_test.cpp repeats.
"""
import json
import pathlib

import numpy as np

y, x = np.mgrid[0:48, 0:48]
a = (7 * x * x + 13 * y + 3 * x * y) % 251
b = (5 * x + 11 * y * y + 2 * x * y) % 251 // 2

cases = []
for with_itself in (False, True):
    other = a if with_itself else b
    for dx, dy in [(0, 0), (1, 0), (0, -1), (4, 4), (-4, 3), (-8, -8), (2, -7)]:
        left, right = max(0, -dx), 48 - max(0, dx)
        top, bottom = max(0, -dy), 48 - max(0, dy)
        p = a[top:bottom, left:right]
        q = other[top + dy : bottom + dy, left + dx : right + dx]
        cases.append(
            {
                "with_itself": with_itself,
                "dx": dx,
                "dy": dy,
                "correlation": float(np.corrcoef(p.ravel(), q.ravel())[0, 1]),
            }
        )
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(cases, indent=1) + "\n")
