"""The rows of results/bench/<hardware>.csv, which benchmarks/compare.py appends."""

import csv
import json
import pathlib
import re
import subprocess

from ways import BenchError

HERE = pathlib.Path(__file__).parent
# New ones go to the end.
COLUMNS = ["date", "commit", "hardware", "threads", "versions", "mode", "precision",
           "batch", "rounds", "ours", "best_rival", "rival_rate", "ratio", "ratio_low",
           "ratio_high", "limit", "share_of_limit", "verdict", "load_before", "load_after",
           "rates", "model"]


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        found = re.search(r"model name\s*:\s*(.*)", file.read())
    return re.sub(r"\((R|TM)\)|CPU|Processor|@.*", "", found.group(1) if found else "unknown")


def gpu_name():
    name = output_of("nvidia-smi", "--query-gpu=name", "--format=csv,noheader").split("\n")[0]
    if name == "unknown":
        raise BenchError("[compare] expected a GPU; nvidia-smi finds none (--device cuda). "
                         "Leave --device out for the processor.")
    return name


def hardware(options):
    """A name for a file: 'intel-xeon-platinum-8581c-2-threads', 'nvidia-h200'."""
    on_gpu = options.device == "cuda"
    name = gpu_name() if on_gpu else f"{processor()}-{options.threads}-threads"
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def output_of(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True,
                              cwd=HERE).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def commit():
    """Of the sources; the history itself, which every run changes, does not count."""
    change = output_of("git", "status", "--porcelain", "--untracked-files=no", "--",
                       ":/", ":(top,exclude)results")
    return output_of("git", "describe", "--always") + ("-dirty" if change else "")


def history_file(options):
    """None where --csv is empty. A history without today's columns is an error."""
    if options.csv == "":
        return None
    path = pathlib.Path(options.csv or HERE.parent / "results" / "bench" /
                        f"{hardware(options)}.csv")
    if path.exists():
        with open(path, newline="", encoding="utf-8") as file:
            found = next(csv.reader(file), [])
        if found != COLUMNS:
            raise BenchError(
                f"[compare] expected a history of {len(COLUMNS)} columns up to "
                f"'{COLUMNS[-1]}'; got {len(found)} up to '{(found or [''])[-1]}' ({path}). "
                "Name another file with --csv.")
    return path


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
