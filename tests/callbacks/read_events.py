"""Prints "tag step value" of every scalar in an event file, tag by tag.

Reads with the tensorboard package (tested with 2.21.0), which checks lengths
and checksums itself.
"""

import sys

from tensorboard.backend.event_processing import event_file_loader

scalars = {}
versions = []
for event in event_file_loader.LegacyEventFileLoader(sys.argv[1]).Load():
    if event.file_version:
        versions.append(event.file_version)
    for value in event.summary.value:
        scalars.setdefault(value.tag, []).append((event.step, value.simple_value))
assert versions == ["brain.Event:2"], versions
for tag, points in scalars.items():
    for step, value in points:
        print(f"{tag} {step} {value:.6f}")
