"""Training speed of Fernet beside a plain PyTorch loop, all taking turns.

    python3 benchmarks/compare_training.py --python PYTHON [--repeats 7] [--csv OUT]

PYTHON is an interpreter that imports torch 2.11.0. Three ways in each round: ferbench
with fused passes, ferbench without (train.fused: false), PyTorch eager with channels_last,
fused Adam and, for bf16, autocast. Prints the median of each and the medians of the
ratios round by round; writes one CSV row per round.
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys

COLUMNS = ["precision", "ferbench_img_s", "pytorch_img_s", "ratio",
           "ferbench_plain_img_s", "load_average"]


def ours(program, name):
    text = subprocess.run(
        [program, "--benchmark_format=json", f"--benchmark_filter=train_step/{name}/64",
         "--benchmark_min_time=3"],
        check=True, capture_output=True, text=True).stdout
    return json.loads(text)["benchmarks"][0]["items_per_second"]


def theirs(python, precision):
    flags = ["--bf16"] if precision == "bf16" else []
    text = subprocess.run([python, "benchmarks/python/train_step.py", *flags],
                          check=True, capture_output=True, text=True).stdout
    return float(text)


def measure(options, precision):
    fused = ours(options.program, precision)
    rival = theirs(options.python, precision)
    plain = ours(options.program, precision + "_plain")
    return [precision, f"{fused:.1f}", f"{rival:.1f}", f"{fused / rival:.3f}",
            f"{plain:.1f}", f"{os.getloadavg()[0]:.1f}"]


def median(rounds, column):
    return statistics.median(float(row[COLUMNS.index(column)]) for row in rounds)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--program", default="build/benchmarks/train_step_bench")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--csv")
    options = parser.parse_args()
    rows = []
    for precision in ("fp32", "bf16"):
        rounds = [measure(options, precision) for _ in range(options.repeats)]
        print(f"{precision}: ferbench {median(rounds, 'ferbench_img_s'):.0f} img/s, "
              f"PyTorch {median(rounds, 'pytorch_img_s'):.0f}, ratio "
              f"{median(rounds, 'ratio'):.2f} (median of {len(rounds)} rounds); without "
              f"fused passes {median(rounds, 'ferbench_plain_img_s'):.0f}", flush=True)
        rows += rounds
    if options.csv:
        with open(options.csv, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(rows)


if __name__ == "__main__":
    main()
