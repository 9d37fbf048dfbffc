#!/usr/bin/env python3
"""False-negative rate of the near-twin search on FER2013, with planted twins.

Python 3.11, numpy 2.2.6, opencv-python-headless 4.12.0.88. Usage:
  twin_planted.py FER2013.tar.gz BUILD/ferbench [WORK_FOLDER]
Takes 1,800 photographs that have no twin (ferbench's own list of kept images,
none of whose group was dropped), adds a changed copy of each (nine kinds, 200
of each), lets `ferbench data clean` judge them, and counts the copies that it
did not drop as twins of their photograph.
"""
import csv
import pathlib
import subprocess
import sys
import tarfile
import tempfile

import cv2
import numpy as np


def jpeg(image, quality):
    data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)


def crop(image, left, top, right, bottom):
    """Cuts pixels off each side and enlarges what is left to 48 x 48."""
    part = image[top : 48 - bottom, left : 48 - right]
    return cv2.resize(part, (48, 48), interpolation=cv2.INTER_CUBIC)


def shift(image, dx, dy):
    move = np.float32([[1, 0, dx], [0, 1, dy]])
    return cv2.warpAffine(image, move, (48, 48), borderMode=cv2.BORDER_REPLICATE)


KINDS = {
    "re-encoded, JPEG quality 50": lambda i, r: jpeg(i, 50),
    "re-encoded, JPEG quality 20": lambda i, r: jpeg(i, 20),
    "shifted by up to 3 pixels": lambda i, r: shift(i, *r.integers(-3, 4, 2)),
    "cropped by up to 3 pixels a side": lambda i, r: crop(i, *r.integers(0, 4, 4)),
    "mirrored": lambda i, r: i[:, ::-1],
    "noise, deviation 8": lambda i, r: np.clip(i + r.normal(0, 8, i.shape), 0, 255),
    "contrast 0.7, brightness + 30": lambda i, r: np.clip(0.7 * i + 30, 0, 255),
    "shrunk to 32 pixels and back": lambda i, r: cv2.resize(
        cv2.resize(i, (32, 32), interpolation=cv2.INTER_AREA), (48, 48)
    ),
    "mirrored, cropped by up to 2, JPEG 60": lambda i, r: jpeg(
        np.ascontiguousarray(crop(i, *r.integers(0, 3, 4))[:, ::-1]), 60
    ),
}


def clean(program, source, out):
    experiment = out.with_suffix(".yaml")
    experiment.write_text(
        "experiment: {name: planted}\n"
        f"data: {{source: folder, path: {source}, cache: ''}}\n"
    )
    subprocess.run(
        [program, "data", "clean", experiment, "--out", out, "--quiet"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with open(out, newline="") as file:
        return list(csv.DictReader(file))


def main(archive, program, work):
    work.mkdir(parents=True, exist_ok=True)
    rows = clean(program, archive, work / "all.csv")
    dropped = {row["twin_of"] for row in rows}
    alone = [
        row["id"]
        for row in rows
        if row["kept"] == "1" and row["id"] not in dropped
    ]
    random = np.random.default_rng(2013)
    chosen = list(random.choice(sorted(alone), 200 * len(KINDS), replace=False))
    tree = work / "tree"
    with tarfile.open(archive) as tar:
        tar.extractall(tree, filter="data")
    planted = {}
    for n, name in enumerate(chosen):
        kind = list(KINDS)[n % len(KINDS)]
        image = cv2.imread(str(tree / name), cv2.IMREAD_GRAYSCALE)
        copy = KINDS[kind](image, random).astype(np.uint8)
        target = (tree / name).with_name(f"planted_{n}.png")
        cv2.imwrite(str(target), copy)
        planted[str(target.relative_to(tree))] = (kind, name)
    rows = {row["id"]: row for row in clean(program, tree, work / "planted.csv")}
    missed = dict.fromkeys(KINDS, 0)
    for name, (kind, original) in planted.items():
        pair = rows[name], rows[original]
        together = any(
            row["twin_of"] == other["id"] for row, other in (pair, pair[::-1])
        )
        missed[kind] += not together
    for kind, count in missed.items():
        print(f"| {kind} | 200 | {count} |")
    print(f"| all | {len(planted)} | {sum(missed.values())} |")


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
    if folder:
        main(pathlib.Path(sys.argv[1]), sys.argv[2], folder)
    else:
        with tempfile.TemporaryDirectory() as made:
            main(pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(made))
