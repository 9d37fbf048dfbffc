#!/usr/bin/env bash
# On a machine with an NVIDIA GPU: builds, runs gpu_test, trains the demo on the GPU,
# compares Fernet, ResNet50 and ViT-S with PyTorch in turn, and leaves CSV files in $OUT
# (default results/gpu).
# `sanitize` runs the data kernel's tests under compute-sanitizer (memcheck, then
# racecheck).
# `train` makes the real runs: every experiment in EXPERIMENTS with SEEDS seeds
# (default: the report's and the clean Fernets, 5), into $OUT/<experiment>. This build
# decodes no JPEG: PACKED=FILE names the images.ferpack that, on any machine,
# `ferbench data prepare configs/data/fer2013_happy_sad.yaml --out FOLDER` writes.
# Usage: scripts/gpu_suite.sh [test|sanitize|bench|train|all]
#
# Needs no OpenCV and installs nothing. LibTorch is FERBENCH_TORCH_DIR, else what
# setup.sh made, else the torch of python3. Libraries in a folder of their own are
# found through CMAKE_PREFIX_PATH and PKG_CONFIG_PATH. With PREBUILT=FOLDER (made by
# scripts/gpu_pack.sh on another machine) nothing is built. The comparison asks
# FERBENCH_RIVAL_PYTHON (default python3) for torch, torchvision and timm; CASES are its
# models and batches, BENCH_OPTIONS more for benchmarks/compare.py.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

missing() {
  echo "gpu_suite: $*" >&2
  exit 1
}

what=${1:-all}
case $what in
  test | sanitize | bench | train | all) ;;
  *) echo "usage: scripts/gpu_suite.sh [test|sanitize|bench|train|all]" >&2 && exit 2 ;;
esac

find_torch() {
  local folder
  for folder in "${FERBENCH_TORCH_DIR:-}" \
    "$(scripts/setup.sh --print-torch-dir 2>/dev/null)" \
    "$(python3 -c 'import importlib.util as u
print(u.find_spec("torch").submodule_search_locations[0])' 2>/dev/null)"; do
    if [[ -e $folder/lib/libtorch_cuda.so ]]; then
      echo "$folder"
      return
    fi
  done
  return 1
}

gpu=$(nvidia-smi --query-gpu=name,driver_version,memory.total \
  --format=csv,noheader 2>/dev/null | head -n 1) || gpu=""
[[ -n $gpu ]] || missing "nvidia-smi finds no GPU here; nothing was run."
torch=$(find_torch) || missing "no LibTorch with CUDA here; run" \
  "scripts/setup.sh or set FERBENCH_TORCH_DIR. Nothing was run."
out=${OUT:-results/gpu}
mkdir -p "$out"

programs=build-gpu tests=build-gpu/tests/cuda rates=build-gpu/benchmarks
if [[ -n ${PREBUILT:-} ]]; then
  programs=$PREBUILT tests=$PREBUILT rates=$PREBUILT
  export LD_LIBRARY_PATH=$PREBUILT/lib:$torch/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
else
  stage "Configure" cmake -S . -B build-gpu -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DFERBENCH_OPENCV=OFF -DFERBENCH_DEPLOY=OFF -DFERBENCH_CUDA=ON \
    -DFERBENCH_BENCHMARKS=ON "-DFERBENCH_TORCH_DIR=$torch"
  stage "Build" cmake --build build-gpu -j "$(jobs)"
fi

version=$(sed -n "s/^__version__ = '\(.*\)'/\1/p" "$torch/version.py")
{
  echo "gpu,driver,memory,torch,commit,date"
  echo "${gpu//, /,},$version,$(git describe --always --dirty 2>/dev/null)," \
    "$(date -u +%FT%TZ)" | sed 's/, */,/g'
} >"$out/machine.csv"

status=0
# No OpenCV and no gnuplot: pictures and pages are made where they are looked at
# (`ferbench report RUN`).
plain=(--device cuda -s report.figures=false -s report.html=false
  -s report.samples=0)

if [[ $what == test || $what == all ]]; then
  stage "GPU tests" "$tests/gpu_test" || status=1
fi
if [[ $what == sanitize ]]; then
  for tool in memcheck racecheck; do
    # cuDNN's and cuBLAS's own kernels are not ours to check, and take hours.
    stage "compute-sanitizer $tool" compute-sanitizer --tool "$tool" \
      --error-exitcode 1 --kernel-regex kns=data_kernel \
      "$tests/gpu_test" --gtest_filter='*DataKernel*' || status=1
  done
fi
if [[ $what == bench || $what == all ]]; then
  run=$(mktemp -d)/run
  if stage "Training" "$programs/ferbench" run experiments/demo.yaml --out "$run" \
    "${plain[@]}"; then
    cp "$run/history.csv" "$out/training.csv"
  else
    status=1
  fi
  rm -rf "$(dirname "$run")"
  python=${FERBENCH_RIVAL_PYTHON:-python3}
  for case in ${CASES:-fernet:64 fernet:128 fernet:512 fernet:1024 \
    resnet50:128 resnet50:1024 vit_s16:64 vit_s16:512}; do
    # shellcheck disable=SC2086  # several words
    stage "Comparison $case" "$python" benchmarks/compare.py --device cuda \
      --python "$python" --program "$rates/model_rates" --csv "$out/rates.csv" \
      --model "${case%:*}" --batch "${case#*:}" --inference-batch "${case#*:}" \
      --ways strong,compile,overhead --variants --rounds 5 --seconds 0.5 \
      ${BENCH_OPTIONS:-} || status=1
  done
fi
if [[ $what == train ]]; then
  for experiment in ${EXPERIMENTS:-report/fernet report/fernet_tuned \
    clean/fernet clean/fernet_tuned}; do
    stage "Training $experiment" "$programs/ferbench" run \
      "experiments/$experiment.yaml" --seeds "${SEEDS:-5}" \
      --out "$out/$experiment" "${plain[@]}" -s train.precision=bf16 \
      ${PACKED:+-s data.source=packed -s "data.path=$PACKED"} || status=1
  done
fi
exit "$status"
