"""Prints the vectors and digests that numpy_random_test.cpp and
sklearn_split_test.cpp expect, and the split of a small folder tree that
split_test.cpp expects.

Pinned: numpy==2.4.6 scikit-learn==1.9.1
Run:    python tests/reference/sklearn_splits.py > sklearn_splits.txt
"""

import hashlib

import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.utils import resample, shuffle
from sklearn.utils.extmath import _approximate_mode

HAPPY, SAD = 8989, 6077


def show(name, values):
    print(f"{name}: {' '.join(str(v) for v in np.asarray(values).tolist())}")


def digest(rows):
    return hashlib.sha256(np.asarray(rows, dtype="<i8").tobytes()).hexdigest()


def describe(name, rows, sad):
    print(f"{name}: {len(rows)} rows, {sad} sad, {digest(rows)}")
    show("  first", rows[:10])
    show("  last", rows[-3:])


def numpy_vectors():
    rs = np.random.RandomState
    show("permutation(10), 42", rs(42).permutation(10))
    show("permutation(150)[:10], 42", rs(42).permutation(150)[:10])
    show("randint(0, 100, 10), 42", rs(42).randint(0, 100, 10))
    show("randint(0, 2^32, 3), 0", rs(0).randint(0, 2**32, 3))
    show("randint(0, 2^32, 2), 3", rs(3).randint(0, 2**32, 2))
    show("randint(0, 2^40, 3), 3", rs(3).randint(0, 2**40, 3))
    show("randint(0, 2^40 + 1, 3), 3", rs(3).randint(0, 2**40 + 1, 3))
    show("randint(-2^63, 2^63 - 1, 2), 1",
         rs(1).randint(-(2**63), 2**63 - 1, 2))
    print(f"random_sample, 42: {rs(42).random_sample():.17g}")
    show("choice(8, 3, replace=False), 1", rs(1).choice(8, 3, replace=False))
    show("choice(5, 8, p), 0", rs(0).choice(5, 8, p=[.1, .2, .3, .15, .25]))
    tie = rs(42).random_sample()
    show("choice(2, 1, p=tie), 42", rs(42).choice(2, 1, p=[tie, 1 - tie]))


def sklearn_vectors():
    show("resample(10), 42", resample(np.arange(10), random_state=42))
    show("resample(3), 0", resample(np.arange(3), random_state=0))
    show("shuffle(3), 0", shuffle(np.arange(3), random_state=0))
    y = np.array([0, 0, 1, 1, 1, 1, 1, 1, 1])
    show("resample stratified, 0",
         resample(y, n_samples=5, replace=False, stratify=y, random_state=0))
    show("resample(12) stratified, 42",
         resample(np.arange(12), n_samples=7, replace=True,
                  stratify=[0] * 7 + [1] * 5, random_state=42))
    for counts, n, seed in [([4, 2], 3, 0), ([5] * 4, 2, 0), ([1] * 5, 3, 42),
                            ([13, 9, 5], 20, 42)]:
        mode = _approximate_mode(np.array(counts), n,
                                 np.random.RandomState(seed))
        show(f"approx_mode({counts}, {n}), {seed}", mode)
    show("plain split(10)", np.concatenate(
        train_test_split(np.arange(10), random_state=42)))
    train, test = train_test_split(
        np.arange(27), test_size=.25, random_state=42,
        stratify=[0] * 13 + [1] * 9 + [2] * 5)
    show("stratified A train", train)
    show("stratified A test", test)
    train, test = train_test_split(
        np.arange(23), test_size=.3, train_size=.5, random_state=7,
        stratify=[0, 1, 2] * 7 + [0, 1])
    show("stratified B train", train)
    show("stratified B test", test)


def report_rows(happy, sad, seed=42):
    """The report's rows: upsampled sad images, then happy ones."""
    sad_up = resample(sad, replace=True, n_samples=len(happy),
                      random_state=seed)
    return sad_up, np.concatenate([sad_up, happy])


def report_split(n, seed=42, share=.1):
    outer, test = train_test_split(np.arange(n), test_size=share, shuffle=True,
                                   random_state=seed)
    train, val = train_test_split(outer, test_size=share, shuffle=True,
                                  random_state=seed)
    return train, val, test


def report_vectors():
    sad_up, rows = report_rows(np.arange(HAPPY), np.arange(SAD))
    describe("report sad_up", sad_up, len(set(sad_up.tolist())))
    parts = dict(zip(("train", "val", "test"), report_split(len(rows))))
    for name, part in parts.items():
        describe(f"report {name}", part, int((part < HAPPY).sum()))
    in_train = set(sad_up[parts["train"][parts["train"] < HAPPY]].tolist())
    for name in ("val", "test"):
        sad = sad_up[parts[name][parts[name] < HAPPY]]
        print(f"report {name} sad rows also in train: "
              f"{sum(int(s) in in_train for s in sad)} of {len(sad)}")


def small_report_vectors():
    """12 images: 0..6 happy, 7..11 sad, as split_test.cpp builds them."""
    _, rows = report_rows(np.arange(7), np.arange(7, 12), seed=3)
    train, val, test = report_split(len(rows), seed=3, share=.3)
    for name, part in (("train", train), ("val", val), ("test", test)):
        show(f"small report {name}", rows[part])


if __name__ == "__main__":
    numpy_vectors()
    sklearn_vectors()
    report_vectors()
    small_report_vectors()
