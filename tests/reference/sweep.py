"""What tests/sweep expects: the draws of a sweep from Philox4x32-10, and
Kruskal and Wallis's H.

Pinned: Python 3.11, scipy 1.14.1 (numpy 2.1.3).
Run:    python tests/reference/sweep.py
"""

import math
from hashlib import sha256

from scipy.stats import kruskal

from philox import stream

PURPOSE = 0x73776570


def draw(setting, seed, number):
    words = stream(seed, number, int(sha256(setting.encode()).hexdigest()[:8], 16), PURPOSE)
    first, second = next(words), next(words)
    return first, ((first << 32 | second) >> 11) * 2.0**-53


def main():
    for number in range(3):
        first, u = draw("optimizer.learning_rate", 7, number)
        log = math.exp(math.log(1e-4) + u * (math.log(1e-2) - math.log(1e-4)))
        print(f"draw {number}: log_uniform [1e-4, 1e-2] {log:.4g}"
              f", uniform [0.9, 0.999] {0.9 + u * (0.999 - 0.9):.4g}"
              f", int [2, 12] {2 + math.floor(u * 11)}"
              f", choice of 3 {first * 3 >> 32}")
    a, b, c = [0.61, 0.72, 0.55, 0.72], [0.83, 0.72, 0.9], [0.4, 0.55, 0.31]
    print("H of three groups with ties:", float(kruskal(a, b, c).statistic))
    print("H of two groups:", float(kruskal([1, 2, 3], [4, 5, 6, 7]).statistic))


if __name__ == "__main__":
    main()
