#!/usr/bin/env python3
"""Writes the values that the tests of src/stats compare with: distributions,
McNemar, Holm, kappa, seeds, variance split, DeLong.

Needs Python 3.11, numpy==2.4.6, scipy==1.17.1, scikit-learn==1.9.1,
statsmodels==0.15.0, confidenceinterval==1.0.5:
    python stats_tests.py     (writes stats_tests.json beside itself)
"""

import json
import pathlib

import numpy as np
import pandas
import scipy
import sklearn
import statsmodels
from confidenceinterval.delong import delong_roc_variance
from scipy import stats
from sklearn.metrics import cohen_kappa_score, roc_auc_score
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint


def distributions():
    z = [-8.0, -1.96, -0.5, 0.0, 0.3, 2.5, 6.0]
    p = [1e-12, 0.001, 0.025, 0.5, 0.8, 0.975, 1 - 1e-9]
    t = [(0.975, 1), (0.975, 2), (0.95, 4), (0.995, 9), (0.6, 30.5)]
    b = [(0, 1, 0.5), (3, 10, 0.5), (40, 100, 0.37), (1700, 3589, 0.5)]
    return {
        "normal_cdf": [[x, stats.norm.cdf(x)] for x in z],
        "normal_quantile": [[x, stats.norm.ppf(x)] for x in p],
        "t_quantile": [[x, n, stats.t.ppf(x, n)] for x, n in t],
        "binomial": [
            [k, n, q, stats.binom.cdf(k, n, q), stats.binom.pmf(k, n, q)]
            for k, n, q in b
        ],
        "wilson": [
            [k, n, a, *proportion_confint(k, n, alpha=1 - a, method="wilson")]
            for k, n, a in [(7, 9, 0.9), (1690, 1798, 0.99), (3, 40, 0.5)]
        ],
    }


def mcnemar_rows():
    """[only_a, only_b, exact p (statsmodels), mid-p]. Mid-p: twice the
    one-sided p in which the observed table counts one half, at most 1."""
    rows = []
    for b, c in [(0, 1), (0, 6), (1, 7), (5, 5), (10, 20), (59, 121), (2, 150),
                 (300, 341), (1200, 1201)]:
        exact = mcnemar([[0, b], [c, 0]], exact=True).pvalue
        k, n = min(b, c), b + c
        one_sided = stats.binom.cdf(k - 1, n, 0.5) + stats.binom.pmf(
            k, n, 0.5) / 2
        rows.append([b, c, exact, min(1.0, 2 * one_sided)])
    return rows


def holm_cases(rng):
    cases = [[0.01, 0.04, 0.03, 0.005], [0.5], [0.9, 0.9, 0.02, 0.02],
             [1.0, 0.0]]
    cases += [list(rng.random(n) ** 3) for n in (7, 20)]
    return [
        {"p": p, "adjusted": multipletests(p, method="holm")[1]}
        for p in cases
    ]


def kappa_cases(rng):
    cases = []
    for k, n in [(2, 30), (3, 80), (7, 300), (4, 12)]:
        y = rng.integers(0, k, n)
        guess = np.where(rng.random(n) < 0.6, y, rng.integers(0, k, n))
        cases.append({"classes": k, "labels": y, "predicted": guess,
                      "kappa": cohen_kappa_score(y, guess, labels=range(k))})
    return cases


def seed_cases(rng):
    cases = []
    for values in [[0.71, 0.69], [0.9, 0.92, 0.905, 0.93, 0.899],
                   list(0.6 + 0.01 * rng.standard_normal(12))]:
        n = len(values)
        for level in (0.95, 0.8):
            low, high = stats.t.interval(
                level, n - 1, loc=np.mean(values), scale=stats.sem(values))
            cases.append({"values": values, "level": level,
                          "mean": np.mean(values),
                          "std": np.std(values, ddof=1),
                          "low": low, "high": high})
    return cases


def variance_case(seeds, images, rng):
    """Mean squares from statsmodels' two-way analysis of variance."""
    skill = rng.standard_normal(seeds) * 0.15
    ease = rng.standard_normal(images)
    y = (skill[:, None] + ease[None] + rng.standard_normal((seeds, images))
         > -0.4).astype(int)
    table = pandas.DataFrame({
        "y": y.ravel(),
        "seed": np.repeat(np.arange(seeds), images),
        "image": np.tile(np.arange(images), seeds),
    })
    squares = anova_lm(ols("y ~ C(seed) + C(image)", table).fit())
    squares = squares["mean_sq"]
    rest = squares["Residual"]
    seed = max(0.0, (squares["C(seed)"] - rest) / images)
    image = max(0.0, (squares["C(image)"] - rest) / seeds)
    return {
        "seeds": seeds, "images": images, "right": y.ravel(),
        "mean_squares": [squares["C(seed)"], squares["C(image)"], rest],
        "parts": [seed, image, rest],
        # The deviation over seeds is what one sees; the other three are sums.
        "std": [np.sqrt(seed + rest / images),
                np.sqrt((image + rest) / images),
                np.sqrt(seed + (image + rest) / images),
                np.sqrt(seed / seeds + image / images
                        + rest / (seeds * images))],
        "std_over_seeds": y.mean(axis=1).std(ddof=1),
    }


def delong_by_pairs(y, scores):
    """AUCs and their covariance, straight from DeLong et al. (1988): every
    positive image against every negative one, no ranks."""
    parts = []
    for s in scores:
        x, z = s[y == 1][:, None], s[y == 0][None]
        psi = (x > z) + 0.5 * (x == z)
        parts.append((psi.mean(axis=1), psi.mean(axis=0)))
    m, n = (y == 1).sum(), (y == 0).sum()
    s10 = np.atleast_2d(np.cov([p[0] for p in parts]))
    s01 = np.atleast_2d(np.cov([p[1] for p in parts]))
    return np.array([p[0].mean() for p in parts]), s10 / m + s01 / n


def delong_case(positives, negatives, digits, rng):
    n = positives + negatives
    y = rng.permutation(np.repeat([1, 0], [positives, negatives]))
    a = np.round(y * 1.2 + rng.standard_normal(n), digits)
    b = np.round(y * 0.8 + 0.7 * a + rng.standard_normal(n), digits)
    auc, covariance = delong_by_pairs(y, [a, b])
    for scores, mine, variance in zip((a, b), auc, np.diag(covariance)):
        assert np.isclose(roc_auc_score(y, scores), mine, rtol=0, atol=1e-12)
        # The package keeps its ranks in float32.
        theirs = delong_roc_variance(y, scores)
        assert np.allclose(theirs, (mine, variance), rtol=1e-5, atol=1e-7)
    z95 = stats.norm.ppf(0.975)
    error = np.sqrt(np.diag(covariance))
    difference = auc[0] - auc[1]
    spread = np.sqrt(covariance[0, 0] + covariance[1, 1]
                     - 2 * covariance[0, 1])
    z = difference / spread
    return {
        "labels": y, "a": a, "b": b, "auc": auc, "standard_error": error,
        "low": np.clip(auc - z95 * error, 0, 1),
        "high": np.clip(auc + z95 * error, 0, 1),
        "difference": [difference, spread,
                       max(-1, difference - z95 * spread),
                       min(1, difference + z95 * spread), z,
                       2 * stats.norm.sf(abs(z))],
    }


def plain(value):
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(one) for one in value]
    return value.item() if isinstance(value, np.generic) else value


def main():
    rng = np.random.default_rng(20)
    values = {
        "versions": {m.__name__: m.__version__
                     for m in (np, scipy, sklearn, statsmodels)},
        "distributions": distributions(),
        "mcnemar": mcnemar_rows(),
        "holm": holm_cases(rng),
        "kappa": kappa_cases(rng),
        "seeds": seed_cases(rng),
        "variance": [variance_case(2, 5, rng), variance_case(3, 40, rng),
                     variance_case(5, 60, rng)],
        # One decimal: many ties.
        "delong": [delong_case(12, 18, 6, rng), delong_case(40, 25, 1, rng),
                   delong_case(5, 70, 0, rng), delong_case(3, 4, 6, rng)],
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    lines = [f"{json.dumps(key)}: {json.dumps(plain(value))}"
             for key, value in values.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
