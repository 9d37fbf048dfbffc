"""The `report` protocol on FER2013's file names, and how much of it leaks:
prints what fer2013_split_test.cpp expects.

Pinned: numpy==2.4.6 scikit-learn==1.9.1 opencv-python-headless==4.11.0.86
Run:    python tests/reference/report_split_ids.py $FERBENCH_DATA/fer2013.tar.gz
"""

import hashlib
import math
import sys
import tarfile

import cv2
import numpy as np
from sklearn_splits import report_rows, report_split

CLASSES = ("happy", "sad")


def read(path):
    """{class: sorted [(id, pixels)]}, train/ before test/."""
    images = {name: [] for name in CLASSES}
    with tarfile.open(path) as archive:
        for member in archive:
            folder, *rest = member.name.split("/")
            if member.isfile() and rest and rest[0] in CLASSES:
                data = np.frombuffer(archive.extractfile(member).read(),
                                     np.uint8)
                pixels = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE).tobytes()
                images[rest[0]].append((folder != "train", member.name, pixels))
    return {name: [(i, p) for _, i, p in sorted(rows)]
            for name, rows in images.items()}


def leak(source, target):
    known = {pixels for _, pixels in source if len(set(pixels)) > 1}
    return sum(pixels in known for _, pixels in target)


def clean_sizes(images):
    labels = {}
    for name in CLASSES:
        for _, pixels in images[name]:
            labels.setdefault(pixels, set()).add(name)
    n = sum(len(names) == 1 for names in labels.values())
    side = math.ceil(n * .1)
    return n - 2 * side, side, side


if __name__ == "__main__":
    images = read(sys.argv[1])
    happy, sad = images["happy"], images["sad"]
    everything = happy + sad
    _, rows = report_rows(np.arange(len(happy)),
                          np.arange(len(happy), len(everything)))
    parts = {name: [everything[rows[i]] for i in part] for name, part in
             zip(("train", "val", "test"), report_split(len(rows)))}
    for name, part in parts.items():
        ids = "".join(f"{i}\n" for i, _ in part)
        print(name, len(part), hashlib.sha256(ids.encode()).hexdigest())
    print("test rows with a copy in train:", leak(parts["train"], parts["test"]))
    print("val rows with a copy in train:", leak(parts["train"], parts["val"]))
    print("test rows with a copy in val:", leak(parts["val"], parts["test"]))
    print("random split without duplicates:", *clean_sizes(images))
