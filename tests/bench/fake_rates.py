#!/usr/bin/env python3
"""Stands in for both sides of benchmarks/compare.py: answers from FAKE_RATES alone.

FAKE_RATES: JSON {"way": {"check": value, "images_per_second": rate}, "peak": FLOP/s,
"flops": {"training": FLOPs of one image}}; the way of ferbench's side, whose first argument
is the number of threads, is "ferbench". Ends at once where there is no such way; else
starts after "wait" seconds. The versions that it tells are 1.0 of all.
"""

import json
import os
import sys
import time

answers = json.loads(os.environ["FAKE_RATES"])
if len(sys.argv) > 1 and sys.argv[1] == "-c":
    print(*(f"{package} 1.0" for package in sys.argv[3:]), sep=", ")
    sys.exit()
way = sys.argv[2] if sys.argv[1].endswith("rival.py") else "ferbench"
if way not in answers:
    sys.exit(f"error: no way {way}")
time.sleep(answers.get("wait", 0))
for line in sys.stdin:
    ask = json.loads(line)
    if ask["do"] == "peak":
        print(json.dumps({"flops": answers["peak"]}), flush=True)
    elif ask["do"] == "describe":
        print(json.dumps(answers["flops"]), flush=True)
    elif ask["do"] == "check":
        print(json.dumps({"value": answers[way]["check"]}), flush=True)
    else:
        print(json.dumps({"images_per_second": answers[way]["images_per_second"]}),
              flush=True)
