#!/usr/bin/env python3
"""Prints the values that tests/leaderboard/standing_test.cpp compares with: the
p of a difference between two means over seeds, without and with the doubt from
other test images.

Needs Python 3.11, numpy==2.4.6, scipy==1.17.1:
    python leaderboard_seeds.py
"""

import numpy as np
from scipy import stats

a = np.array([0.80, 0.82, 0.81])
b = np.array([0.75, 0.77])

print("Welch", stats.ttest_ind(a, b, equal_var=False).pvalue)

image_error = 0.01
var_a, var_b = a.var(ddof=1) / a.size, b.var(ddof=1) / b.size
seeds = var_a + var_b
weight = var_a**2 / (a.size - 1) + var_b**2 / (b.size - 1)
total = image_error**2 + seeds
t = (a.mean() - b.mean()) / np.sqrt(total)
print("with images", 2 * stats.t.sf(t, total**2 / weight))

# One seed and two, from a table's variance of .005 with one degree of freedom.
seeds = 0.005 * (1 + 1 / 2)
total = image_error**2 + seeds
print("one seed", 2 * stats.t.sf(0.1 / np.sqrt(total), total**2 / seeds**2))
