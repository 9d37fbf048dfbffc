#!/usr/bin/env bash
# Copies what may be published of a run folder into results/: settings, origin,
# audit, history, scores, predictions and figures; no photographs, no weights, no paths
# and no name of this machine.
# Usage: scripts/keep_results.sh RUN_DIR results/NAME
set -euo pipefail

if [[ $# -ne 2 || ! -e $1/config.yaml ]]; then
  echo "usage: scripts/keep_results.sh RUN_DIR results/NAME" >&2
  exit 2
fi
run=$1 kept=$2
environment=$(sed -E -e '/^  "host": /d' -e 's# --out[ =][^ "]+##' "$run/environment.json")
config=$(sed -E -e "s#((path|ferplus): ).*/(fer(2013|plus)[^ \"]*)\"?#\1\${FERBENCH_DATA:-data}/\3#" \
  -e "s#(cache: )[^ ]+#\1\"\"#" "$run/config.yaml")
# What the comments of config.yaml say is the same everywhere.
if found=$(grep -hE '^ *[^# ].*[ "=]/' <<<"$environment"$'\n'"$config"); then
  echo "error: [keep_results] expected no path of this machine; got ${found//$'\n'/;}" \
    "($run). Start the run with relative paths." >&2
  exit 1
fi
mkdir -p "$kept/figures"
cp "$run"/{audit.json,history.csv,metrics.json} "$run"/predictions-*.csv "$kept/"
# Sample pictures are photographs of people: they stay in the run folder.
find "$run/figures" -name '*.svg' ! -name 'samples-*' -exec cp {} "$kept/figures/" \;
echo "$environment" >"$kept/environment.json"
echo "$config" >"$kept/config.yaml"
