#!/usr/bin/env bash
# Everything that can be said about the tree without building it: the format of
# the C++, the shell scripts, and whether every YAML and JSON file parses.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

parse_yaml_and_json='
import json, pathlib, sys, yaml
for name in sys.argv[1:]:
    text = pathlib.Path(name).read_text()
    json.loads(text) if name.endswith(".json") else list(yaml.safe_load_all(text))
'
scripts/setup.sh --tests --wheels-only --quiet
python=$(scripts/setup.sh --print-python)
status=0
stage "C++ format" scripts/format.sh --check || status=1
stage "Shell scripts" "$(dirname "$python")/shellcheck" -x -P scripts \
  scripts/*.sh .ci/run || status=1
mapfile -t documents < <(files '*.yaml' '*.json')
stage "YAML and JSON" "$python" -c "$parse_yaml_and_json" "${documents[@]}" ||
  status=1
exit "$status"
