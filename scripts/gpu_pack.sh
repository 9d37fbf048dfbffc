#!/usr/bin/env bash
# Builds the GPU variant here and packs it for a machine with a GPU where it cannot
# be built: program, CUDA module, GPU tests, rates and the small libraries they need, without
# torch's (that machine has them) and without the C and C++ libraries.
# There: PREBUILT=FOLDER scripts/gpu_suite.sh
# Usage: scripts/gpu_pack.sh [FOLDER]   (default: build-gpu/pack)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

(($# <= 1)) || { echo "usage: scripts/gpu_pack.sh [FOLDER]" >&2 && exit 2; }
pack=${1:-build-gpu/pack}
torch=$(scripts/setup.sh --print-torch-dir)

stage "Configure" cmake -S . -B build-gpu -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DFERBENCH_OPENCV=OFF -DFERBENCH_DEPLOY=OFF -DFERBENCH_CUDA=ON \
  -DFERBENCH_BENCHMARKS=ON "-DFERBENCH_TORCH_DIR=$torch"
stage "Build" cmake --build build-gpu -j "$(jobs)" --target ferbench ferbench_cuda \
  gpu_test model_rates

rm -rf "$pack"
mkdir -p "$pack/lib"
programs=(build-gpu/ferbench build-gpu/libferbench_cuda.so build-gpu/tests/cuda/gpu_test
  build-gpu/benchmarks/model_rates)
for program in "${programs[@]}"; do
  strip -o "$pack/$(basename "$program")" "$program"
done
# gpu_test looks for the module beside itself, as the program does.
ldd "${programs[0]}" "${programs[2]}" "${programs[3]}" |
  awk '$2 == "=>" && $3 ~ /^\// {print $3}' | sort -u |
  grep -vE "^$torch|/nvidia/|/lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+|gomp)\.so" |
  while read -r library; do cp -L "$library" "$pack/lib/"; done
echo "packed: $pack ($(du -sh "$pack" | cut -f1))"
