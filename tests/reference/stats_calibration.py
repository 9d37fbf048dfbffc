#!/usr/bin/env python3
"""Writes the values that the tests of src/stats/calibration.h and
temperature.h compare with.

Needs Python 3.11, numpy==2.4.6, scipy==1.17.1, scikit-learn==1.9.1:
    python stats_calibration.py   (writes stats_calibration.json beside itself)

Bins: scikit-learn's calibration_curve gives the means of the bins that are not
empty; their counts are taken with the same edges. Temperature: scipy's
minimiser on the log loss in logits, from which the probabilities are made.
"""

import json
import pathlib

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.calibration import calibration_curve
from sklearn.metrics import log_loss

from stats_tests import plain


def bins_of(right, confidence, bins, strategy):
    share, mean = calibration_curve(right, confidence, n_bins=bins,
                                    strategy=strategy)
    if strategy == "uniform":
        edges = np.linspace(0, 1, bins + 1)
    else:
        edges = np.percentile(confidence, np.linspace(0, 1, bins + 1) * 100)
    place = np.searchsorted(edges[1:-1], confidence)
    counts = np.bincount(place, minlength=bins)
    error = np.abs(share - mean)
    return {
        "bins": bins, "strategy": strategy, "edges": edges, "counts": counts,
        "confidence": mean, "accuracy": share,
        "ece": np.sum(counts[counts > 0] * error) / len(right),
        "mce": np.max(error),
    }


def reliability_case(n, digits, rng):
    confidence = np.round(rng.beta(4, 1.3, n), digits)
    right = (rng.random(n) < confidence ** 1.5).astype(int)
    return {
        "confidences": confidence, "right": right,
        "diagrams": [bins_of(right, confidence, bins, strategy)
                     for bins in (1, 10, 15)
                     for strategy in ("uniform", "quantile")],
    }


def temperature_case(n, classes, sharpness, rng):
    """Labels follow softmax(z); the model says softmax(sharpness * z)."""
    z = rng.normal(size=(n, classes)) * 1.5
    labels = np.array([rng.choice(classes, p=row) for row in softmax(z, 1)])
    logits = sharpness * z
    p = softmax(logits, axis=1)
    assert p.min() > 2.0 ** -52

    def loss(log_t):
        return -log_softmax(logits / np.exp(log_t), axis=1)[
            np.arange(n), labels].mean()

    best = minimize_scalar(loss, bounds=(-3, 3), method="bounded",
                           options={"xatol": 1e-12})
    temperature = np.exp(best.x)
    test = rng.normal(size=(4, classes)) * 3
    return {
        "classes": classes, "labels": labels, "probabilities": p.ravel(),
        "temperature": temperature, "before": log_loss(labels, p),
        "after": log_loss(labels, softmax(logits / temperature, axis=1)),
        "test": softmax(test, axis=1).ravel(),
        "test_scaled": softmax(test / temperature, axis=1).ravel(),
    }


def main():
    rng = np.random.default_rng(11)
    values = {
        "versions": {"scikit-learn": sklearn.__version__,
                     "scipy": scipy.__version__, "numpy": np.__version__},
        # Two digits: many equal confidences.
        "reliability": [reliability_case(200, 12, rng),
                        reliability_case(150, 2, rng),
                        reliability_case(7, 12, rng)],
        "temperature": [temperature_case(200, 2, 2.5, rng),
                        temperature_case(150, 7, 0.4, rng),
                        temperature_case(90, 3, 1.0, rng)],
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    lines = [f"{json.dumps(key)}: {json.dumps(plain(value))}"
             for key, value in values.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
