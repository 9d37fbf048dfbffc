#!/usr/bin/env bash
# Copies what may be published of a run folder into results/: settings, origin,
# audit, history, scores, predictions and figures; no photographs, no weights, no paths
# of this machine.
# Usage: scripts/keep_results.sh RUN_DIR results/NAME
set -euo pipefail

if [[ $# -ne 2 || ! -e $1/config.yaml ]]; then
  echo "usage: scripts/keep_results.sh RUN_DIR results/NAME" >&2
  exit 2
fi
run=$1 kept=$2
mkdir -p "$kept/figures"
cp "$run"/{audit.json,history.csv,metrics.json} "$kept/"
sed -E 's# --out [^ "]+##' "$run/environment.json" >"$kept/environment.json"
cp "$run"/predictions-*.csv "$kept/"
# Sample pictures are photographs of people: they stay in the run folder.
find "$run/figures" -name '*.svg' ! -name 'samples-*' -exec cp {} "$kept/figures/" \;
sed -E -e "s#((path|ferplus): ).*/(fer(2013|plus)[^ \"]*)\"?#\1\${FERBENCH_DATA:-data}/\3#" \
  -e "s#(cache: )[^ ]+#\1\"\"#" "$run/config.yaml" >"$kept/config.yaml"
