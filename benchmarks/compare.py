"""Fernet in ferbench beside PyTorch and Keras, taking turns: `make bench`.

    python3 benchmarks/compare.py --python PYTHON [--ways strong,compile] [--rounds 7]

PYTHON is an interpreter that imports torch 2.11.0 (for --ways keras, Keras 3.15.1 too).
Every way is a process that stays alive and is asked in turn, round after round, so that
a busy machine slows all of them; the figure to read is the ratio, not the rates. Before
anything is timed all must give the same loss in the first training step (without
dropout) and the same mean logit of the first batch: 1e-3 and 1e-5 relative in fp32, 3e-2
in bf16. (torch's batch normalisation in channels_last order is 4e-4 off the
loss in double; the others are within 2e-6.) The peak of the processor is measured before
and after; a rate above what it allows is a failure, except for training in fp32 with
Winograd's convolutions, which need fewer multiplications: those are "direct-equivalent".
Rows are appended to --csv, default results/bench/<hardware>.csv.
"""

import argparse
import csv
import datetime
import json
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
# GFLOP of one Fernet image, two operations per multiply-add (ferbench summary): in
# training three times forward, less the first layer's input gradient.
FORWARD = 0.3152448
TRAINING = 0.942048
# Equal to this relative difference: (training, inference).
TOLERANCE = {"fp32": (1e-3, 1e-5), "bf16": (3e-2, 3e-2)}
# Rates may be so far above the limit: clocks differ between probe and work.
SLACK = 1.03
COLUMNS = ["date", "commit", "hardware", "threads", "versions", "mode", "precision",
           "batch", "rounds", "ours", "best_rival", "rival_rate", "ratio", "ratio_low",
           "ratio_high", "limit", "share_of_limit", "verdict", "load_before", "load_after",
           "rates"]


class BenchError(Exception):
    pass


class Way:
    """One process that answers questions in JSON."""

    def __init__(self, name, command, environment):
        self.name = name
        try:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                env=environment)
        except OSError as error:
            raise BenchError(
                f"[compare] expected a program to start for '{name}'; got "
                f"'{error.strerror}' ({command[0]}). `make bench` builds it.") from None

    def ask(self, **question):
        try:
            self.process.stdin.write(json.dumps(question) + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise BenchError(
                f"[compare] expected an answer of '{self.name}' to {question}; got none, it "
                f"ended with {self.process.wait()}. Its own words stand above.")
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def check_equal(case, values):
    """Raises unless all ways computed the same; values[0] is ours."""
    training, inference = TOLERANCE[case["precision"]]
    limit = training if case["mode"] == "training" else inference
    name, expected = values[0]
    for other, value in values[1:]:
        if abs(value - expected) > limit * abs(expected):
            what = "loss of the first step" if case["mode"] == "training" else "mean logit"
            raise BenchError(
                f"[compare] expected one {what} in {case['mode']}, {case['precision']}; got "
                f"{expected:.7g} ({name}) and {value:.7g} ({other}): not the same work. "
                "Nothing was compared.")


def median_interval(values, level=0.95):
    """Median and its distribution-free interval: the bootstrap's percentiles."""
    draw = random.Random(1)
    medians = sorted(statistics.median(draw.choices(values, k=len(values)))
                     for _ in range(4000))
    cut = int(len(medians) * (1 - level) / 2)
    return statistics.median(values), medians[cut], medians[-1 - cut]


def verdict(case, rate, peak, winograd):
    """(limit or None, share or None, word) of our rate."""
    work = TRAINING if case["mode"] == "training" else FORWARD
    if not peak:
        return None, None, "limit not known"
    limit = peak / (1e9 * work)
    share = rate / limit
    if share <= SLACK:
        return limit, share, "possible"
    direct = winograd and case["mode"] == "training" and case["precision"] == "fp32"
    return limit, share, "direct-equivalent" if direct else "impossible"


def summarise(case, rates, peak):
    """rates: {way: [per round]}, ours first."""
    ours = rates["ferbench"]
    medians = {name: statistics.median(values) for name, values in rates.items()}
    rivals = {name: rate for name, rate in medians.items()
              if not name.startswith("ferbench")}
    best = max(rivals, key=rivals.get)
    ratio, low, high = median_interval([a / b for a, b in zip(ours, rates[best])])
    limit, share, word = verdict(case, medians["ferbench"], peak, winograd=True)
    # Nobody else has Winograd's convolutions.
    for name, rate in rivals.items():
        if verdict(case, rate, peak, winograd=False)[2] == "impossible":
            word = f"impossible ({name})"
    return {**case, "rounds": len(ours), "ours": medians["ferbench"], "best_rival": best,
            "rival_rate": medians[best], "ratio": ratio, "ratio_low": low,
            "ratio_high": high, "limit": limit, "share_of_limit": share, "verdict": word,
            "rates": {name: [round(v, 1) for v in values] for name, values in rates.items()}}


def measure(case, ways, rounds, seconds):
    rates = {way.name: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            answer = way.ask(do="measure", seconds=seconds, **case)
            rates[way.name].append(answer["images_per_second"])
    return rates


def row_text(row):
    number = lambda value, form: "-" if value is None else format(value, form)
    share = row["share_of_limit"]
    return [f"{row['mode']} {row['precision']}", str(row["batch"]), f"{row['ours']:.0f}",
            f"{row['rival_rate']:.0f} ({row['best_rival']})",
            f"{row['ratio']:.2f} [{row['ratio_low']:.2f}, {row['ratio_high']:.2f}]",
            number(row["limit"], ".0f"),
            "-" if share is None else f"{100 * share:.0f} %", row["verdict"]]


def table(rows):
    head = ["", "batch", "ferbench img/s", "best rival", "ratio [95 %]", "limit", "of limit",
            ""]
    lines = [head] + [row_text(row) for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
                     for line in lines)


def hardware(threads):
    """A name for a file: 'intel-xeon-platinum-8581c-2-threads'."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        found = re.search(r"model name\s*:\s*(.*)", file.read())
    name = re.sub(r"\((R|TM)\)|CPU|Processor|@.*", "", found.group(1) if found else "unknown")
    return re.sub(r"[^a-z0-9]+", "-", f"{name}-{threads}-threads".lower()).strip("-")


def output_of(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True,
                              cwd=HERE).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def append_rows(path, rows, shared):
    new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        if new:
            writer.writeheader()
        for row in rows:
            cells = {**shared, **row, "rates": json.dumps(row["rates"])}
            writer.writerow({key: f"{value:.5g}" if isinstance(value, float) else value
                             for key, value in cells.items()})


def start(options, ways):
    """Fills `ways`, so that those which were started can be ended."""
    environment = {**os.environ, "OMP_NUM_THREADS": str(options.threads),
                   "PYTHONDONTWRITEBYTECODE": "1"}
    threads = str(options.threads)
    ways.append(Way("ferbench", [options.program, threads], environment))
    if options.variants:
        for name in ("direct", "plain"):
            ways.append(Way(f"ferbench-{name}", [options.program, threads, name],
                            environment))
    for name in options.ways.split(","):
        ways.append(Way(name, [options.python, str(HERE / "python" / "rival.py"), name,
                               "--threads", threads], environment))


def compare(options, ways):
    peaks, rows, bad = {}, [], []
    probe = lambda: {p: ways[0].ask(do="peak", precision=p)["flops"]
                     for p in options.precision.split(",")}
    before, load_before = probe(), os.getloadavg()[0]
    for mode, batch in (("training", options.batch), ("inference", options.inference_batch)):
        if mode not in options.modes.split(","):
            continue
        for precision in options.precision.split(","):
            case = {"mode": mode, "precision": precision, "batch": batch}
            check_equal(case, [(way.name, way.ask(do="check", **case)["value"])
                               for way in ways])
            measure(case, ways, 1, 0)  # compiling, first touches of memory
            rates = measure(case, ways, options.rounds, options.seconds)
            rows.append((case, rates))
            print(f"{mode} {precision}: " + ", ".join(
                f"{name} {statistics.median(values):.0f}" for name, values in rates.items()),
                  file=sys.stderr, flush=True)
    after, load_after = probe(), os.getloadavg()[0]
    for precision in before:
        peaks[precision] = max(before[precision], after[precision])
        if min(before[precision], after[precision]) < 0.9 * peaks[precision]:
            bad.append(f"the {precision} peak was {before[precision] / 1e9:.0f} GFLOP/s before "
                       f"and {after[precision] / 1e9:.0f} after: other work on this machine")
    results = [summarise(case, rates, peaks[case["precision"]]) for case, rates in rows]
    return results, bad, {"load_before": load_before, "load_after": load_after}


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--program", default="build/benchmarks/fernet_rates")
    parser.add_argument("--ways", default="strong,compile",
                        help="rivals: plain, strong, compile, overhead, autotune, keras")
    parser.add_argument("--variants", action="store_true",
                        help="also ferbench without Winograd, and without fused passes")
    parser.add_argument("--modes", default="training,inference")
    parser.add_argument("--precision", default="fp32,bf16")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.5, help="of each measurement")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--inference-batch", type=int, default=256)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--csv", help="default: results/bench/<hardware>.csv; '' for none")
    return parser.parse_args()


def main():
    options = parse()
    ways = []
    try:
        start(options, ways)
        results, remarks, loads = compare(options, ways)
    finally:
        for way in ways:
            way.close()
    print(table(results))
    for remark in remarks:
        print(f"note: {remark}; read the ratios only, and repeat on a quiet machine")
    wrong = [row for row in results if row["verdict"].startswith("impossible")]
    if wrong:
        raise BenchError("[compare] expected rates below the physical limit; got "
                         f"{len(wrong)} above it ({wrong[0]['mode']} {wrong[0]['precision']}): "
                         "a measuring error. Nothing was written; repeat on a quiet machine.")
    shared = {"date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M"),
              "commit": output_of("git", "describe", "--always", "--dirty"),
              "hardware": hardware(options.threads), "threads": options.threads,
              "versions": output_of(options.python, "-c",
                                    "import torch; print('torch', torch.__version__)"),
              **loads}
    path = options.csv
    if path is None:
        path = HERE.parent / "results" / "bench" / f"{shared['hardware']}.csv"
    if path:
        append_rows(pathlib.Path(path), results, shared)
        print(f"rows appended to {path}")


if __name__ == "__main__":
    try:
        main()
    except BenchError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
