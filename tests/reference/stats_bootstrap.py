#!/usr/bin/env python3
"""Writes the values that the tests of src/stats/bootstrap.h and bca.h compare
with: scipy's BCa and percentile intervals.

Needs Python 3.11, numpy==2.4.6, scipy==1.17.1, scikit-learn==1.9.1:
    python stats_bootstrap.py     (writes stats_bootstrap.json beside itself)

`cases`: scipy's own resamples are stored, so that the interval made of them
must be the same to rounding. `large`: intervals of 400,000 resamples; other
resamples come near them.
"""

import json
import pathlib

import numpy as np
import scipy
from scipy.stats import bootstrap
from sklearn.metrics import f1_score, roc_auc_score

from stats_tests import plain


def spread_ratio(x, axis=-1):
    return np.std(x, axis=axis) / np.mean(x, axis=axis)


def leave_one_out(samples, statistic):
    """The statistic without each value of each sample."""
    jackknife = []
    for j, sample in enumerate(samples):
        values = []
        for i in range(len(sample)):
            rest = list(samples)
            rest[j] = np.delete(sample, i)
            values.append(statistic(*rest))
        jackknife.append(values)
    return jackknife


def case(samples, statistic, rng):
    options = dict(n_resamples=400, rng=rng, vectorized=False)
    result = bootstrap(samples, statistic, method="BCa", **options)
    intervals = []
    for level in (0.95, 0.8):
        for method in ("BCa", "percentile"):
            again = bootstrap(samples, statistic, method=method,
                              confidence_level=level, n_resamples=0,
                              bootstrap_result=result, vectorized=False)
            intervals.append([method, level, *again.confidence_interval])
    return {
        "value": statistic(*samples),
        "resamples": result.bootstrap_distribution,
        "jackknife": leave_one_out(samples, statistic),
        "intervals": intervals,
    }


def cases(rng):
    skewed = rng.exponential(size=15)
    flips = (rng.random(40) < 0.9).astype(float)
    first, second = rng.exponential(size=12), rng.normal(size=25)

    def difference(x, y):
        return np.mean(x) - np.mean(y)

    return [case((skewed,), np.mean, rng), case((skewed,), spread_ratio, rng),
            case((flips,), np.mean, rng),
            case((first, second), difference, rng)]


def large(rng):
    """Scores of 120 predictions of two classes, rows drawn as a whole, and
    the same inside each class."""
    y = (rng.random(120) < 0.4).astype(int)
    score = np.round(1 / (1 + np.exp(-2 * y + 1 - rng.normal(size=120))), 3)
    values = {}

    def macro_f1(y, p):
        return f1_score(y, p >= 0.5, average="macro")

    def fast_macro_f1(y, p):
        guess = p >= 0.5
        tp, tn = np.sum(guess & (y == 1)), np.sum(~guess & (y == 0))
        wrong = len(y) - tp - tn
        return tp / (2 * tp + wrong) + tn / (2 * tn + wrong)

    def auc(y, p):
        order = np.sort(p[y == 0])
        x = p[y == 1]
        below = np.searchsorted(order, x) + np.searchsorted(order, x, "right")
        return np.sum(below) / (2 * len(x) * len(order))

    assert np.isclose(fast_macro_f1(y, score), macro_f1(y, score))
    assert np.isclose(auc(y, score), roc_auc_score(y, score))

    def add(name, samples, statistic, paired):
        result = bootstrap(samples, statistic, n_resamples=400_000, rng=rng,
                           method="BCa", paired=paired, vectorized=False)
        values[name] = [*result.confidence_interval, result.standard_error]

    add("macro_f1", (y, score), fast_macro_f1, True)
    add("auc", (y, score), auc, True)

    def of_classes(statistic):
        def inner(zeros, ones):
            return statistic(np.repeat([0, 1], [len(zeros), len(ones)]),
                             np.concatenate([zeros, ones]))
        return inner

    groups = (score[y == 0], score[y == 1])
    add("macro_f1_stratified", groups, of_classes(fast_macro_f1), False)
    add("auc_stratified", groups, of_classes(auc), False)
    return {"labels": y, "scores": score, "intervals": values}


def main():
    rng = np.random.default_rng(7)
    values = {"versions": {"scipy": scipy.__version__, "numpy": np.__version__},
              "cases": cases(rng), "large": large(rng)}
    path = pathlib.Path(__file__).with_suffix(".json")
    lines = [f"{json.dumps(key)}: {json.dumps(plain(value))}"
             for key, value in values.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
