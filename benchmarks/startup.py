"""From the start of the process to the first trained batch, beside Python's.

    FERBENCH_DATA=... python3 benchmarks/startup.py --python PYTHON [--rounds 5]

Takes turns: `ferbench run EXPERIMENT` on a pseudo-terminal until its progress bar shows
the first step (decoded images in the cache, new run folder, audit and all), PYTHON
importing torch, and PYTHON importing torch and taking one step of the same network on
images made in memory (benchmarks/python/rival.py). Prints medians in seconds, and the
processors' own, which a busy machine changes less; the goal for ferbench is 2.5 s.
"""

import argparse
import json
import os
import pathlib
import pty
import re
import resource
import select
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
# The bar of a first epoch: "1/221" or a later step, after colours and blanks.
FIRST_STEP = re.compile(rb"\b([1-9]\d*)/(\d+)[^\n]*loss")
LONGEST = 300


def ferbench(options):
    """Seconds until the first step is shown; kills the run then."""
    with tempfile.TemporaryDirectory() as folder:
        command = [options.program, "run", options.experiment, "--out", f"{folder}/run",
                   "--device", "cpu", "-s", "report.html=false", "-s",
                   "report.figures=false"]
        reader, writer = pty.openpty()
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=writer)
        os.close(writer)
        try:
            return wait_for_step(reader, start)
        finally:
            process.kill()
            process.wait()
            os.close(reader)


def wait_for_step(reader, start):
    seen = b""
    while time.perf_counter() - start < LONGEST:
        if not select.select([reader], [], [], 1)[0]:
            continue
        try:
            seen += os.read(reader, 65536)
        except OSError:  # the other end is closed
            break
        if FIRST_STEP.search(seen):
            return time.perf_counter() - start
    words = seen.decode(errors="replace").strip()
    sys.exit(f"error: [startup] expected a first step within {LONGEST} s; got none: {words}")


def importing(options):
    start = time.perf_counter()
    subprocess.run([options.python, "-c", "import torch"], check=True)
    return time.perf_counter() - start


def python_step(options):
    start = time.perf_counter()
    process = subprocess.Popen(
        [options.python, str(HERE / "python" / "rival.py"), "strong"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    ask = {"do": "check", "mode": "training", "precision": "fp32", "batch": 64}
    process.stdin.write(json.dumps(ask) + "\n")
    process.stdin.flush()
    if not process.stdout.readline():
        sys.exit("error: [startup] expected a step of rival.py; got none (see above)")
    seconds = time.perf_counter() - start
    process.stdin.close()
    process.wait()
    return seconds


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--program", default="build/ferbench")
    parser.add_argument("--experiment", default="experiments/clean/fernet.yaml")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    ways = {"ferbench": ferbench, "python, import torch": importing,
            "python, one step": python_step}
    seconds, work = ({name: [] for name in ways} for _ in range(2))
    for round_number in range(options.rounds + 1):
        for name, measure in ways.items():
            before = processor_seconds()
            value = measure(options)
            if round_number > 0:  # the first one fills caches
                seconds[name].append(value)
                work[name].append(processor_seconds() - before)
    for name, values in seconds.items():
        print(f"{name:22} {statistics.median(values):6.2f} s  "
              f"({min(values):.2f} to {max(values):.2f}, {len(values)} times), "
              f"{statistics.median(work[name]):.2f} s of processors")
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
