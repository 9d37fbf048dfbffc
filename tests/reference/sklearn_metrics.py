#!/usr/bin/env python3
"""Writes the scikit-learn values that the tests of src/metrics compare with.

Needs Python 3.11, scikit-learn==1.9.1, statsmodels==0.15.0, numpy==2.4.6:
    python sklearn_metrics.py     (writes sklearn_metrics.json beside itself)

The cases themselves are not stored: case i is a function of i, computed in the
same way here and in tests/metrics/sklearn_cases.cpp from SplitMix64. All
probabilities are quotients of small integers, so both sides hold the same bits.
"""

import json
import math
import pathlib
import warnings

import numpy as np
import sklearn
import statsmodels
from sklearn import metrics as m
from statsmodels.stats.proportion import proportion_confint

CASES = 600
MASK = (1 << 64) - 1


class SplitMix64:
    """Steele, Lea, Flood 2014; the state starts at the seed."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, n):
        return self.next() % n


def make_case(i):
    """Style i % 8: 0 plain, 1 ties, 2 one true class, 3 perfect, 4 worst,
    5 an absent true class, 6 few images, 7 decisions apart from scores and
    one class neither true nor predicted."""
    rng = SplitMix64(i)
    style = i % 8
    k = 2 + rng.below(7)
    n = 1 + rng.below(8 if style == 6 else 400)
    only = rng.below(k)
    labels, predicted, rows = [], [], []
    for _ in range(n):
        label = rng.below(k)
        if style == 2:
            label = only
        elif style in (5, 7) and label == only:
            label = (only + 1) % k
        limit = 3 if style == 1 else 1_000_000
        weights = [rng.below(limit) for _ in range(k)]
        if style == 3:
            weights[label] += limit
        elif style == 4:
            weights[label] = 0
        elif style != 1:
            weights[label] += rng.below(limit)
        if sum(weights) == 0:
            weights = [1] * k
        guess = weights.index(max(weights))
        if style == 7:
            guess = rng.below(k)
            if guess == only:
                guess = (only + 1) % k
        labels.append(label)
        predicted.append(guess)
        total = sum(weights)
        rows.append([w / total for w in weights])
    return (
        np.array(labels),
        np.array(predicted),
        np.array(rows),
        rng.below(2),
        [0.0, 1.0, math.nan][i % 3],
    )


def specificity(y, predicted, label, zero_division):
    """Recall of "not this class"."""
    return m.recall_score(
        y != label, predicted != label, zero_division=zero_division
    )


def class_values(y, predicted, p, zero_division):
    k = p.shape[1]
    precision, recall, f1, support = m.precision_recall_fscore_support(
        y, predicted, labels=range(k), zero_division=zero_division
    )
    return [
        [
            precision[c],
            recall[c],
            f1[c],
            specificity(y, predicted, c, zero_division),
            int(support[c]),
            m.roc_auc_score((y == c).astype(int), p[:, c]),
            m.average_precision_score((y == c).astype(int), p[:, c]),
        ]
        for c in range(k)
    ]


def areas(y, predicted, p, positive):
    """AUC, AUC of the decisions, average precision, as metrics.json has
    them."""
    k = p.shape[1]
    if k == 2:
        truth = (y == positive).astype(int)
        return [
            m.roc_auc_score(truth, p[:, positive]),
            m.roc_auc_score(truth, (predicted == positive).astype(int)),
            m.average_precision_score(truth, p[:, positive])
            if truth.any()
            else math.nan,
        ]
    truth = np.eye(k, dtype=int)[y]
    ovr = dict(multi_class="ovr", labels=range(k))
    return [
        m.roc_auc_score(y, p, **ovr),
        m.roc_auc_score(y, np.eye(k)[predicted], **ovr),
        m.average_precision_score(truth, p, average="macro")
        if truth.any(axis=0).all()
        else math.nan,
    ]


def averages(y, predicted, k, zero_division):
    values = []
    for average in ("macro", "weighted"):
        values += m.precision_recall_fscore_support(
            y,
            predicted,
            labels=range(k),
            average=average,
            zero_division=zero_division,
        )[:3]
    return values


def moment(values):
    """A number that changes with every value and with their order; without
    the undefined and the infinite ones."""
    values = np.asarray(values)
    weights = 1 + np.arange(len(values)) % 7
    return float(np.sum((values * weights)[np.isfinite(values)]))


def curve_values(y, scores):
    """Lengths and moments of the ROC and precision-recall curves, with and
    without the points in between."""
    values = []
    for drop in (False, True):
        roc = m.roc_curve(y, scores, pos_label=1, drop_intermediate=drop)
        pr = m.precision_recall_curve(
            y, scores, pos_label=1, drop_intermediate=drop
        )
        values += [len(roc[0]), *map(moment, roc)]
        values += [len(pr[0]), *map(moment, pr)]
    return values


def case_values(i):
    y, predicted, p, positive, zero_division = make_case(i)
    k = p.shape[1]
    if k == 2:
        brier = m.brier_score_loss(
            (y == positive).astype(int), p[:, positive], pos_label=1
        )
    else:
        brier = m.brier_score_loss(y, p, labels=range(k))
    scalars = [
        m.accuracy_score(y, predicted),
        m.balanced_accuracy_score(y, predicted),
        *averages(y, predicted, k, zero_division),
        m.matthews_corrcoef(y, predicted),
        m.log_loss(y, p, labels=range(k)),
        brier,
        *areas(y, predicted, p, positive),
    ]
    return {
        "matrix": m.confusion_matrix(
            y, predicted, labels=range(k)
        ).ravel().tolist(),
        "scalars": scalars,
        "classes": class_values(y, predicted, p, zero_division),
        "curves": curve_values((y == positive).astype(int), p[:, positive]),
    }


REPORTS = [
    (["happy", "sad"], [0, 0, 1, 1, 1], [0, 1, 1, 1, 0], 4, 0.0),
    (["happy", "sad", "angry"], [0, 1, 1], [0, 0, 0], 4, math.nan),
    (["a very long class name", "b", "c"], [0, 1, 2, 2], [0, 2, 2, 1], 2, 1.0),
    (["fröhlich", "überraschung"], [0, 1, 1], [0, 1, 1], 3, 0.0),
]


def reports():
    return [
        {
            "class_names": names,
            "labels": y,
            "predicted": predicted,
            "digits": digits,
            "zero_division": plain(zero_division),
            "text": m.classification_report(
                y,
                predicted,
                labels=range(len(names)),
                target_names=names,
                digits=digits,
                zero_division=zero_division,
            ),
        }
        for names, y, predicted, digits, zero_division in REPORTS
    ]


def intervals():
    """[k, n, low, high] of Wilson's interval at 95 %."""
    pairs = [(0, 1), (1, 1), (0, 10), (5, 10), (10, 10), (1, 3), (81, 263)]
    pairs += [(1690, 1798), (4963, 7178), (35886, 35887), (0, 35887)]
    return [
        [k, n, *map(float, proportion_confint(k, n, method="wilson"))]
        for k, n in pairs
    ]


def plain(value):
    """NumPy's numbers as JSON's; NaN as null."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, str):
        return value
    return float(value) if math.isfinite(value) else None


def main():
    # Undefined values are what many of the cases are about.
    warnings.simplefilter("ignore")
    head = {
        "scikit-learn": sklearn.__version__,
        "statsmodels": statsmodels.__version__,
        "wilson": intervals(),
        "reports": reports(),
    }
    cases = [
        json.dumps(plain(case_values(i)), separators=(",", ":"))
        for i in range(CASES)
    ]
    text = json.dumps(head, ensure_ascii=False, indent=1)[:-2]
    text += ',\n "cases": [\n' + ",\n".join(cases) + "\n]}\n"
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
