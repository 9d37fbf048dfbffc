#!/usr/bin/env bash
# Fernet's speed beside PyTorch's, in turn, as one table and as rows of
# results/bench/<hardware>.csv; about five minutes after the build.
#   scripts/bench.sh [OPTION of benchmarks/compare.py]...
#   scripts/bench.sh --model resnet50   another network: that one, or vit_s16
#   scripts/bench.sh parts   the micro-benchmarks; one CSV each in results/bench
# FERBENCH_RIVAL_PYTHON: a Python with what benchmarks/python/requirements.txt
# names; without it one is set up in the cache folder (2.5 GB, once).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

rival_python() {
  local folder=${XDG_CACHE_HOME:-$HOME/.cache}/ferbench/rivals
  local wanted=benchmarks/python/requirements.txt
  if [[ -n ${FERBENCH_RIVAL_PYTHON:-} ]]; then
    echo "$FERBENCH_RIVAL_PYTHON"
    return
  fi
  if ! cmp -s "$wanted" "$folder/installed.txt"; then
    python3 -m venv "$folder" >&2
    "$folder/bin/pip" install --quiet -r "$wanted" >&2
    cp "$wanted" "$folder/installed.txt"
  fi
  echo "$folder/bin/python"
}

build() {
  stage "Set-up" scripts/setup.sh
  stage "Configure" cmake --preset release -DFERBENCH_BENCHMARKS=ON
  stage "Build" cmake --build --preset release -j "$(jobs)" --target "$@"
}

parts() {
  local out=${OUT:-results/bench} program name
  local names=(benchmarks/*_bench.cpp)
  names=("${names[@]#benchmarks/}")
  names=("${names[@]%.cpp}")
  build "${names[@]}"
  mkdir -p "$out"
  for name in "${names[@]}"; do
    program=build/benchmarks/$name
    stage "$name" "$program" --benchmark_out="$out/$name.csv" \
      --benchmark_out_format=csv
  done
}

if [[ ${1:-} == parts ]]; then
  parts
  exit
fi
build model_rates
python=$(rival_python)
stage "Comparison" "$python" benchmarks/compare.py --python "$python" "$@"
