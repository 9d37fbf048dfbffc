#!/usr/bin/env bash
# Builds and runs the micro-benchmarks; one CSV per program in results/bench.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

stage "Set-up" scripts/setup.sh
stage "Configure" cmake --preset release -DFERBENCH_BENCHMARKS=ON
stage "Build" cmake --build --preset release -j "$(jobs)"
out=${OUT:-results/bench}
mkdir -p "$out"
found=no
while IFS= read -r program; do
  found=yes
  name=$(basename "$program")
  stage "$name" "$program" --benchmark_out="$out/$name.csv" \
    --benchmark_out_format=csv
done < <(find build/benchmarks -name '*_bench' -type f -executable | sort)
if [[ $found == no ]]; then
  echo "error: [bench] no program build/benchmarks/*_bench was built." >&2
  exit 1
fi
