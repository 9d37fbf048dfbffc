"""Training speed beside a plain PyTorch loop, the two taking turns.

    python3 benchmarks/compare_training.py --python PYTHON [--repeats 7] [--csv OUT]

PYTHON is an interpreter that imports torch 2.11.0. Prints the median of each and the
median of the ratios pair by pair; writes one CSV row per pair.
"""

import argparse
import csv
import json
import statistics
import subprocess
import sys


def ours(precision):
    text = subprocess.run(
        ["build/benchmarks/train_step_bench", "--benchmark_format=json",
         f"--benchmark_filter=train_step/{precision}/64", "--benchmark_min_time=3"],
        check=True, capture_output=True, text=True).stdout
    return json.loads(text)["benchmarks"][0]["items_per_second"]


def theirs(python, precision):
    flags = ["--bf16"] if precision == "bf16" else []
    text = subprocess.run([python, "benchmarks/python/train_step.py", *flags],
                          check=True, capture_output=True, text=True).stdout
    return float(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--csv")
    options = parser.parse_args()
    rows = []
    for precision in ("fp32", "bf16"):
        pairs = [(ours(precision), theirs(options.python, precision))
                 for _ in range(options.repeats)]
        ratio = statistics.median(a / b for a, b in pairs)
        print(f"{precision}: ferbench {statistics.median(a for a, _ in pairs):.0f} img/s, "
              f"PyTorch {statistics.median(b for _, b in pairs):.0f} img/s, "
              f"ratio {ratio:.2f} (median of {len(pairs)} pairs)")
        rows += [(precision, f"{a:.1f}", f"{b:.1f}", f"{a / b:.3f}") for a, b in pairs]
    if options.csv:
        with open(options.csv, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["precision", "ferbench_img_s", "pytorch_img_s", "ratio"])
            writer.writerows(rows)


if __name__ == "__main__":
    main()
