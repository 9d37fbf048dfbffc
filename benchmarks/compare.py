"""A network in ferbench beside PyTorch and Keras, taking turns: `make bench`.

    python3 benchmarks/compare.py --python PYTHON [--model fernet] [--ways strong,compile]
        [--device cuda]

PYTHON is an interpreter with what python/requirements.txt names. Models: Fernet,
torchvision's ResNet50 and timm's ViT-S with patches of 8x8 pixels, all at 48x48 pixels
with two classes. Every way is a process that stays alive and is asked in turn, round
after round, so that a busy machine slows all of them; the figure to read is the ratio,
not the rates. Before anything is timed all must give the same loss in the first training
step (without dropout) and the same mean logit of the first batch, see MODELS. (torch's
batch normalisation in channels_last order is 4e-4 off Fernet's loss in double; the others
are within 2e-6.) The peak of the processor is measured before and after; a rate above
what it allows is a failure, except for training in fp32 with Winograd's convolutions,
which need fewer multiplications: those are "direct-equivalent". Of a GPU the peak is its
maker's (GPU_PEAKS). Rows are appended to --csv, default results/bench/<hardware>.csv.
"""

import argparse
import datetime
import json
import os
import pathlib
import random
import statistics
import sys

from history import append_rows, commit, hardware, history_file, output_of
from ways import BenchError, start

HERE = pathlib.Path(__file__).parent
# Batch sizes unless others are asked for, what the rival is made of, and how equal its
# loss must be in bf16, relative: ResNet50's 53 normalisations make 3 % between torch's own
# two memory orders.
MODELS = {
    "fernet": {"training": 64, "inference": 256, "packages": "torch", "bf16": 3e-2},
    "resnet50": {"training": 128, "inference": 256, "packages": "torch torchvision",
                 "bf16": 6e-2},
    "vit_s16": {"training": 128, "inference": 256, "packages": "torch timm", "bf16": 3e-2},
}
# The same of the loss in fp32, and of the mean logit.
TRAINING_FP32 = 1e-3
INFERENCE = {"fp32": 1e-5, "bf16": 3e-2}
# On a GPU both sides let cuDNN round factors of fp32 convolutions to TF32's ten bits, and
# choose algorithms of their own. Not measured yet.
GPU_FP32 = 5e-3
# Dense FLOP/s by NVIDIA's data sheets; fp32 is that of TF32, which convolutions use.
GPU_PEAKS = {"nvidia-h200": {"fp32": 494e12, "bf16": 989e12},
             "nvidia-h100-80gb-hbm3": {"fp32": 494e12, "bf16": 989e12}}
# Rates may be so far above the limit: clocks differ between probe and work.
SLACK = 1.03


def tolerance(model, case, device):
    if device == "cuda" and case["precision"] == "fp32":
        return GPU_FP32
    if case["mode"] == "inference":
        return INFERENCE[case["precision"]]
    return TRAINING_FP32 if case["precision"] == "fp32" else MODELS[model]["bf16"]


def check_equal(case, values, limit):
    """Raises unless all ways computed the same up to `limit`; values[0] is ours."""
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


def peaks(options, ours):
    """FLOP/s of each precision; 0 where they are not known."""
    precisions = options.precision.split(",")
    if options.device == "cuda":
        known = GPU_PEAKS.get(hardware(options), {})
        return {precision: known.get(precision, 0) for precision in precisions}
    return {precision: ours.ask(do="peak", precision=precision)["flops"]
            for precision in precisions}


def verdict(case, rate, peak, flops, winograd):
    """(limit or None, share or None, word) of our rate; flops of one image."""
    if not peak:
        return None, None, "limit not known"
    limit = peak / flops
    share = rate / limit
    if share <= SLACK:
        return limit, share, "possible"
    direct = winograd and case["mode"] == "training" and case["precision"] == "fp32"
    return limit, share, "direct-equivalent" if direct else "impossible"


def summarise(case, rates, peak, flops, winograd):
    """rates: {way: [per round]}, ours first; flops of one image; winograd: whether ours may
    use it."""
    ours = rates["ferbench"]
    medians = {name: statistics.median(values) for name, values in rates.items()}
    rivals = {name: rate for name, rate in medians.items()
              if not name.startswith("ferbench")}
    best = max(rivals, key=rivals.get)
    ratio, low, high = median_interval([a / b for a, b in zip(ours, rates[best])])
    limit, share, word = verdict(case, medians["ferbench"], peak, flops, winograd)
    # Nobody else has Winograd's convolutions.
    for name, rate in rivals.items():
        if verdict(case, rate, peak, flops, winograd=False)[2] == "impossible":
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


def table(model, rows):
    head = [model, "batch", "ferbench img/s", "best rival", "ratio [95 %]", "limit", "of limit",
            ""]
    lines = [head] + [row_text(row) for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
                     for line in lines)


def compare(options, ways):
    highest, rows, bad = {}, [], []
    before, load_before = peaks(options, ways[0]), os.getloadavg()[0]
    flops = ways[0].ask(do="describe")
    batches = {"training": options.batch, "inference": options.inference_batch}
    for mode, batch in batches.items():
        if mode not in options.modes.split(","):
            continue
        batch = batch or MODELS[options.model][mode]
        for precision in options.precision.split(","):
            case = {"mode": mode, "precision": precision, "batch": batch}
            check_equal(case, [(way.name, way.ask(do="check", **case)["value"])
                               for way in ways],
                        tolerance(options.model, case, options.device))
            measure(case, ways, 1, 0)  # compiling, first touches of memory
            rates = measure(case, ways, options.rounds, options.seconds)
            rows.append((case, rates))
            print(f"{mode} {precision}: " + ", ".join(
                f"{name} {statistics.median(values):.0f}" for name, values in rates.items()),
                  file=sys.stderr, flush=True)
    after, load_after = peaks(options, ways[0]), os.getloadavg()[0]
    for precision in before:
        highest[precision] = max(before[precision], after[precision])
        if min(before[precision], after[precision]) < 0.9 * highest[precision]:
            bad.append(f"the {precision} peak was {before[precision] / 1e9:.0f} GFLOP/s before "
                       f"and {after[precision] / 1e9:.0f} after: other work on this machine")
    results = [summarise(case, rates, highest[case["precision"]], flops[case["mode"]],
                         winograd=options.device == "cpu")
               for case, rates in rows]
    return results, bad, {"load_before": load_before, "load_after": load_after}


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--program", default="build/benchmarks/model_rates")
    parser.add_argument("--model", default="fernet", choices=MODELS)
    parser.add_argument("--ways", default="strong,compile",
                        help="rivals: plain, strong, compile, overhead, autotune, keras")
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--variants", action="store_true",
                        help="also ferbench without Winograd (on a GPU: without recorded "
                        "steps), and without fused passes as well")
    parser.add_argument("--modes", default="training,inference")
    parser.add_argument("--precision", default="fp32,bf16")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.5, help="of each measurement")
    parser.add_argument("--batch", type=int, help="default: the model's own, MODELS")
    parser.add_argument("--inference-batch", type=int, help="likewise")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--csv", help="default: results/bench/<hardware>.csv; '' for none")
    options = parser.parse_args()
    if "keras" in options.ways.split(",") and options.model != "fernet":
        raise BenchError("[compare] expected the model fernet for keras, which has no other; "
                         f"got '{options.model}' (--model). Leave keras out of --ways.")
    if "keras" in options.ways.split(",") and options.device != "cpu":
        raise BenchError("[compare] expected the processor for keras, which is compared "
                         "nowhere else; got --device cuda. Leave keras out of --ways.")
    return options


def main():
    options = parse()
    path = history_file(options)
    ways = []
    try:
        start(options, ways)
        results, remarks, loads = compare(options, ways)
    finally:
        for way in ways:
            way.close()
    print(table(options.model, results))
    for remark in remarks:
        print(f"note: {remark}; read the ratios only, and repeat on a quiet machine")
    wrong = [row for row in results if row["verdict"].startswith("impossible")]
    if wrong:
        raise BenchError("[compare] expected rates below the physical limit; got "
                         f"{len(wrong)} above it ({wrong[0]['mode']} {wrong[0]['precision']}): "
                         "a measuring error. Nothing was written; repeat on a quiet machine.")
    shared = {"date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M"),
              "commit": commit(),
              "hardware": hardware(options), "threads": options.threads,
              "model": options.model,
              "versions": output_of(
                  options.python, "-c", "import sys; print(*(f'{p} {__import__(p).__version__}' "
                  "for p in sys.argv[1:]), sep=', ')",
                  *MODELS[options.model]["packages"].split()),
              **loads}
    if path:
        append_rows(path, results, shared)
        print(f"rows appended to {path}")


if __name__ == "__main__":
    try:
        main()
    except BenchError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
