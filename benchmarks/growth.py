"""Does a run grow with its steps or its images?

    python3 benchmarks/growth.py steps [--steps 10000]
    python3 benchmarks/growth.py images [--sizes 10000,100000,1000000] [--folder DIR]

steps: one epoch of so many steps of a small network, one image each; prints the memory
that the process holds of its own (anonymous) at each tenth and fails when the second half
of them adds more than --slack MiB.
images: random packed sets of 16 x 16 pixels are written to DIR, mapped and trained on for
one epoch each, twins not searched for; prints images a second and memory, anonymous and
mapped, and fails when the rate of the largest set is less than 95 % of the smallest's.
"""

import argparse
import csv
import hashlib
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import time

import numpy as np

SIZE = 16
CHUNK = 4 << 20
COMMON = ["-s", "report.html=false", "-s", "report.figures=false", "-s",
          "data.twins.near=false", "-s", "data.split.group_duplicates=false",
          "--device", "cpu"]
EXPERIMENT = """
experiment: {{results: {folder}/results}}
data:
  source: packed
  path: {path}
  image_size: 16
  cache: {folder}/cache
  split: {{validation: {share}, test: {share}}}
evaluate: {{splits: [test]}}
train: {{epochs: 1, batch_size: {batch}}}
"""


def align(n, to):
    return (n + to - 1) // to * to


def fingerprint(n, names, labels, ids, pixels):
    """As src/data/fingerprint.cpp."""
    text = lambda value: struct.pack("<Q", len(value)) + value.encode()
    hashed = hashlib.sha256(struct.pack("<5Q", n, 1, SIZE, SIZE, len(names)))
    hashed.update(b"".join(map(text, names)))
    hashed.update(labels.astype("<i8").tobytes())
    hashed.update(b"".join(map(text, ids)))
    hashed.update(pixels)
    return hashed.hexdigest()


def write_pack(path, n):
    """Random images of two classes in the format of src/data/pack.h."""
    labels = np.arange(n) % 2
    ids = [f"r{i}" for i in range(n)]
    ends = np.cumsum([len(name) for name in ids])
    pixels = np.random.default_rng(1).integers(
        0, 256, n * SIZE * SIZE, dtype=np.uint8).tobytes()
    parts = {"labels": labels.astype("<i4").tobytes(), "usage": bytes(n),
             "id_ends": ends.astype("<u8").tobytes(), "ids": "".join(ids).encode()}
    body, sections = bytearray(), {}
    for name, part in parts.items():
        body += bytes(align(len(body), 8) - len(body))
        sections[name] = [len(body), len(part)]
        body += part
    body += bytes(align(len(body), 4096) - len(body))
    sections["pixels"] = [len(body), len(pixels)]
    body += pixels
    view = memoryview(body)
    header = json.dumps({
        "images": n, "channels": 1, "height": SIZE, "width": SIZE,
        "class_names": ["happy", "sad"],
        "fingerprint": fingerprint(n, ["happy", "sad"], labels, ids, pixels), "bad": [],
        "body_bytes": len(body),
        "chunks": [hashlib.sha256(view[i:i + CHUNK]).hexdigest()
                   for i in range(0, len(body), CHUNK)],
        "sections": sections}).encode()
    with open(path, "wb") as file:
        file.write(b"FERPACK\n" + struct.pack("<II", 1, len(header)))
        file.write(hashlib.sha256(header).hexdigest().encode() + header)
        file.write(bytes(align(80 + len(header), 4096) - 80 - len(header)))
        file.write(body)


def memory(pid):
    """(anonymous, mapped from files) in MiB; None once it has ended."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            values = dict(line.split(":", 1) for line in file)
        return tuple(int(values[key].split()[0]) / 1024 for key in ("RssAnon", "RssFile"))
    except (OSError, KeyError):
        return None


def train(options, folder, n, batch, share):
    """Samples [(seconds, anonymous, mapped)] and the row of history.csv."""
    pack = folder / f"random-{n}.ferpack"
    if not pack.exists():
        write_pack(pack, n)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        experiment = pathlib.Path(scratch) / "growth.yaml"
        experiment.write_text(EXPERIMENT.format(path=pack, folder=scratch, batch=batch,
                                                share=share))
        process = subprocess.Popen(
            [options.program, "run", str(experiment), "--out", f"{scratch}/run", "--quiet",
             *COMMON], stdout=subprocess.DEVNULL)
        start, samples = time.perf_counter(), []
        while process.poll() is None:
            if held := memory(process.pid):
                samples.append((time.perf_counter() - start, *held))
            time.sleep(0.05)
        if process.returncode != 0:
            sys.exit(f"error: [growth] expected a finished run; got exit code "
                     f"{process.returncode} (its own words stand above)")
        with open(f"{scratch}/run/history.csv", encoding="utf-8") as file:
            return samples, next(csv.DictReader(file))


def steps(options, folder):
    n = int(options.steps * 1.02) + 1
    samples, _ = train(options, folder, n, 1, 0.01)
    # Start and end load and release other things.
    samples = samples[len(samples) // 20:-max(1, len(samples) // 20)]
    tenth = max(1, len(samples) // 10)
    shown = samples[::tenth]
    for seconds, anonymous, mapped in shown:
        print(f"{seconds:8.1f} s  {anonymous:8.1f} MiB own  {mapped:8.1f} MiB mapped")
    middle = samples[len(samples) // 2][1]
    growth = max(sample[1] for sample in samples[len(samples) // 2:]) - middle
    print(f"{options.steps} steps: {growth:.1f} MiB more in their second half")
    if growth > options.slack:
        sys.exit(f"error: [growth] expected at most {options.slack} MiB; got {growth:.1f}")


def images(options, folder):
    rates = []
    for n in map(int, options.sizes.split(",")):
        samples, row = train(options, folder, n, 64, 0.02)
        rates.append(float(row["images_per_second"]))
        print(f"{n:9,} images: {rates[-1]:8.0f} images/s, epoch {float(row['seconds']):.1f} s, "
              f"run {samples[-1][0]:.1f} s, {max(s[1] for s in samples):.0f} MiB own, "
              f"{max(s[2] for s in samples):.0f} MiB mapped", flush=True)
    print(f"largest set: {rates[-1] / rates[0]:.3f} of the smallest's rate; load average "
          f"{os.getloadavg()[0]:.1f}")
    if rates[-1] < 0.95 * rates[0]:
        sys.exit("error: [growth] expected at least 0.95 of the smallest set's rate")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["steps", "images"])
    parser.add_argument("--program", default="build/ferbench")
    parser.add_argument("--steps", type=int, default=10000)
    parser.add_argument("--slack", type=float, default=8, help="MiB")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--folder", help="for the packed sets; default: a temporary one")
    options = parser.parse_args()
    if options.folder:
        pathlib.Path(options.folder).mkdir(parents=True, exist_ok=True)
        return globals()[options.what](options, pathlib.Path(options.folder))
    with tempfile.TemporaryDirectory() as folder:
        globals()[options.what](options, pathlib.Path(folder))


if __name__ == "__main__":
    main()
