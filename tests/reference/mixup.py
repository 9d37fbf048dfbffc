"""Quantiles of mixup's larger share, for tests/data/mixup_test.cpp.

share = max(l, 1 - l) with l from Beta(a, a): P(share <= s) = 2 I_s(a, a) - 1, so the
quantile of p is the inverse of I at (1 + p) / 2. scipy 1.17.1.
"""

from scipy.special import betaincinv

for alpha in (0.2, 1.0, 2.0):
    shares = [betaincinv(alpha, alpha, (1 + p) / 2) for p in (0.1, 0.25, 0.5, 0.75, 0.9)]
    print(alpha, ", ".join(f"{share:.10f}" for share in shares))
