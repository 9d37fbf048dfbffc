#!/usr/bin/env bash
# From nothing to a trained, scored and reported model on drawn faces.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

start=$EPOCHREALTIME
scripts/build.sh
# No --out: the program takes a fresh run folder each time.
stage "Demo" build/ferbench run experiments/demo.yaml
echo "From the first line to here: $(seconds_since "$start")"
