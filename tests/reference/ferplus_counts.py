#!/usr/bin/env python3
"""Counts FER+'s majority labels and how often they are the folder's.

usage: ferplus_counts.py ferplus.csv
Python 3.11, the standard library alone. Read by nothing: the numbers stand in
tests/data/fer2013_labels_test.cpp.
"""
import collections
import csv
import sys

FOLDER = {"happiness": "happy", "sadness": "sad", "anger": "angry"}

winners, agree, images = (collections.Counter() for _ in range(3))
for row in csv.DictReader(open(sys.argv[1], encoding="utf-8")):
    folder = row.pop("file").split("/")[1]
    votes = {FOLDER.get(name, name): int(n) for name, n in row.items()}
    best = [name for name, n in votes.items() if n == max(votes.values())]
    winner = best[0] if len(best) == 1 else "(tie)"
    images[folder] += 1
    winners[winner] += 1
    agree[folder] += winner == folder
for name, n in sorted(winners.items()):
    print(f"{name:9} wins {n:6}")
for name, n in sorted(images.items()):
    print(f"{name:9} {agree[name]:5} of {n:5} = {100 * agree[name] / n:.1f} %")
total = sum(images.values())
print(f"all       {sum(agree.values())} of {total} = "
      f"{100 * sum(agree.values()) / total:.1f} %")
