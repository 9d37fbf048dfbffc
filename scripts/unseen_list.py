#!/usr/bin/env python3
"""Which images to pretrain on, so that a later run's test stays unseen.

A search for twins finds most of them, not all, and over other classes it finds
others. This joins what several searches found:

    ferbench data clean configs/data/fer2013.yaml --out all.csv
    ferbench data clean configs/data/fer2013_happy_sad.yaml --out two.csv
    scripts/unseen_list.py all.csv two.csv --out unseen.csv
    ferbench run experiments/pretrain/resnet50_small.yaml -s data.split.keep=unseen.csv

The first table names every image; the others, images among those. Left out are
the images of train/ that show, after any search, a photograph of test/.
Python 3.9 or later, nothing else.
"""

import argparse
import csv
import os
import sys


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if not rows or "twin_of" not in rows[0]:
        sys.exit(f"[unseen] expected a table of `ferbench data clean`; got {path}.")
    return rows


class Groups:
    """Images joined by twins, of any search."""

    def __init__(self):
        self.up = {}

    def root(self, image):
        self.up.setdefault(image, image)
        while self.up[image] != image:
            self.up[image] = self.up[self.up[image]]
            image = self.up[image]
        return image

    def join(self, a, b):
        self.up[self.root(a)] = self.root(b)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", nargs="+")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    tables = [read(path) for path in options.tables]
    groups = Groups()
    for row in (row for table in tables for row in table):
        if row["twin_of"]:
            groups.join(row["id"], row["twin_of"])
    tested = {groups.root(row["id"]) for row in tables[0]
              if row["id"].startswith("test/")}
    dropped = 0
    temporary = options.out + ".tmp"
    with open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, tables[0][0].keys(), lineterminator="\n")
        writer.writeheader()
        for row in tables[0]:
            seen = (row["id"].startswith("train/")
                    and groups.root(row["id"]) in tested)
            bad = row["reason"] == "bad"
            dropped += seen
            row["kept"] = "0" if seen or bad else "1"
            row["reason"] = "bad" if bad else "near_twin" if seen else ""
            writer.writerow(row)
    os.replace(temporary, options.out)
    print(f"{dropped} images of train/ show a photograph of test/")


if __name__ == "__main__":
    main()
