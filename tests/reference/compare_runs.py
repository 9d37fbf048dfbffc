"""Expected numbers of `ferbench compare`: writes compare_runs.json.

Python 3.11.7, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1, statsmodels 0.15.0
  python compare_runs.py        (seconds)

Three classes, 240 images, three runs a, b, c; two classes, 200 images, runs d
and e; and three seeds of each of two experiments, f and g, on 150 images.
"""
import json
import pathlib

import numpy as np
from scipy import stats
from sklearn import metrics
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

BINS = 15


def run(random, labels, classes, strength):
    """Probabilities [n, classes] with six decimals that sum to 1."""
    logits = random.normal(0, 1.0, (len(labels), classes))
    logits[np.arange(len(labels)), labels] += strength
    p = np.exp(1.4 * logits)
    p = np.round(p / p.sum(axis=1, keepdims=True), 6)
    p[:, -1] = np.round(1 - p[:, :-1].sum(axis=1), 6)
    return p


def ece(labels, p):
    """Naeini et al. 2015, bins of equal width (low, high]."""
    confidence, right = p.max(axis=1), p.argmax(axis=1) == labels
    bins = np.clip(np.ceil(confidence * BINS).astype(int) - 1, 0, BINS - 1)
    total = 0.0
    for b in range(BINS):
        inside = bins == b
        if inside.any():
            total += inside.mean() * abs(
                right[inside].mean() - confidence[inside].mean())
    return total


def scores(labels, p):
    predicted, k = p.argmax(axis=1), p.shape[1]
    one_hot = np.eye(k)[labels]
    return {
        "accuracy": metrics.accuracy_score(labels, predicted),
        "balanced_accuracy": metrics.balanced_accuracy_score(labels, predicted),
        "macro_f1": metrics.f1_score(labels, predicted, average="macro"),
        "mcc": metrics.matthews_corrcoef(labels, predicted),
        "auc": metrics.roc_auc_score(labels, p[:, 1]) if k == 2 else
               metrics.roc_auc_score(labels, p, multi_class="ovr"),
        "log_loss": metrics.log_loss(labels, p),
        "brier": ((p[:, 1] - labels) ** 2).mean() if k == 2 else
                 ((p - one_hot) ** 2).sum(axis=1).mean(),
        "ece": ece(labels, p),
        "recalls": list(metrics.recall_score(labels, predicted, average=None)),
    }


def mid_p(only_a, only_b):
    """Twice the one-sided mid-p (R: exact2x2); 1 for equal counts."""
    n, k = only_a + only_b, min(only_a, only_b)
    if only_a == only_b:
        return 1.0
    return 2 * stats.binom.cdf(k - 1, n, 0.5) + stats.binom.pmf(k, n, 0.5)


def pair(labels, p_a, p_b):
    a, b = p_a.argmax(axis=1) == labels, p_b.argmax(axis=1) == labels
    table = [[int((a & b).sum()), int((a & ~b).sum())],
             [int((~a & b).sum()), int((~a & ~b).sum())]]
    recalls = []
    for k in range(p_a.shape[1]):
        inside = labels == k
        only_a = int((a & ~b & inside).sum())
        only_b = int((~a & b & inside).sum())
        recalls.append(stats.binomtest(only_a, only_a + only_b).pvalue
                       if only_a + only_b else 1.0)

    def accuracy(x, y, axis):
        return x.mean(axis=axis) - y.mean(axis=axis)

    interval = stats.bootstrap(
        (a.astype(float), b.astype(float)), accuracy, paired=True,
        vectorized=True, n_resamples=40000, random_state=1).confidence_interval
    return {
        "table": table,
        "exact_p": mcnemar(table, exact=True).pvalue,
        "mid_p": mid_p(table[0][1], table[1][0]),
        "recall_p": recalls,
        "accuracy_interval": [interval.low, interval.high],
    }


def seeds(labels, tables):
    """Variance components of the accuracy over seeds and images."""
    y = np.array([p.argmax(axis=1) == labels for p in tables], float)
    s, n = y.shape
    mean = y.mean()
    ms_seed = n * ((y.mean(axis=1) - mean) ** 2).sum() / (s - 1)
    rest = y - y.mean(axis=1, keepdims=True) - y.mean(axis=0) + mean
    ms_rest = (rest ** 2).sum() / ((s - 1) * (n - 1))
    return {"accuracy": mean, "std": y.mean(axis=1).std(ddof=1),
            "var_seed": max(0.0, (ms_seed - ms_rest) / n),
            "right": y.mean(axis=0)}


def seed_test(labels, f, g):
    """Normal standard error over the images (each class by itself, as the
    stratified bootstrap draws) and Welch-Satterthwaite."""
    d = f["right"] - g["right"]
    n, variance = len(d), 0.0
    for k in np.unique(labels):
        inside = d[labels == k]
        variance += (len(inside) / n) ** 2 * inside.var() / len(inside)
    parts = [f["var_seed"] / 3, g["var_seed"] / 3]
    total = variance + sum(parts)
    freedom = total ** 2 / sum(part ** 2 / 2 for part in parts)
    error = total ** 0.5
    reach = stats.t.ppf(0.975, freedom) * error
    return {"difference": d.mean(),
            "interval": [d.mean() - reach, d.mean() + reach],
            "p": 2 * stats.t.sf(abs(d.mean()) / error, freedom)}


def rows(p):
    return [list(map(float, row)) for row in p]


def main():
    random = np.random.default_rng(20261121)
    labels = random.choice(3, 240, p=[0.5, 0.3, 0.2])
    runs = {name: run(random, labels, 3, strength)
            for name, strength in (("a", 2.6), ("b", 1.9), ("c", 2.4))}
    pairs = {x + y: pair(labels, runs[x], runs[y])
             for x, y in (("a", "b"), ("a", "c"), ("b", "c"))}
    holm = multipletests([pairs[key]["exact_p"] for key in pairs],
                         method="holm")[1]
    two = random.choice(2, 200, p=[0.6, 0.4])
    binary = {name: run(random, two, 2, strength)
              for name, strength in (("d", 1.6), ("e", 1.2))}
    third = random.choice(3, 150)
    f = [run(random, third, 3, s) for s in (2.6, 2.2, 1.6)]
    g = [run(random, third, 3, s) for s in (1.6, 1.1, 0.9)]
    of_f, of_g = seeds(third, f), seeds(third, g)
    test = seed_test(third, of_f, of_g)
    for entry in (of_f, of_g):
        del entry["right"]
    result = {
        "three": {"labels": labels.tolist(),
                  "runs": {name: rows(p) for name, p in runs.items()},
                  "scores": {name: scores(labels, p)
                             for name, p in runs.items()},
                  "pairs": pairs,
                  "holm": dict(zip(pairs, map(float, holm)))},
        "two": {"labels": two.tolist(),
                "runs": {name: rows(p) for name, p in binary.items()},
                "scores": {name: scores(two, p) for name, p in binary.items()},
                "pairs": {"de": pair(two, binary["d"], binary["e"])}},
        "seeds": {"labels": third.tolist(),
                  "runs": {"f": [rows(p) for p in f],
                           "g": [rows(p) for p in g]},
                  "entries": {"f": of_f, "g": of_g},
                  "test": test},
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(result, default=float) + "\n")
    for key, value in pairs.items():
        print(key, value["table"], value["exact_p"], value["accuracy_interval"])
    print("holm", holm, "seeds", test, of_f, of_g)
    print(result["two"]["pairs"], {k: (v["accuracy"], v["auc"]) for k, v in result["two"]["scores"].items()})


if __name__ == "__main__":
    main()
