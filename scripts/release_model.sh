#!/usr/bin/env bash
# Releases a run's model: exports it in each precision, checks it, and leaves
# files, checksums, model card and what may be published of the run in
# models/NAME. With --default the first file is what predict, recommend,
# validate and serve use where no --model is given.
# Usage: scripts/release_model.sh RUN_DIR NAME [--precision fp32|fp16|int8]... [--default]
# Without --precision: int8, then fp32.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  echo "usage: scripts/release_model.sh RUN_DIR NAME" \
    "[--precision fp32|fp16|int8]... [--default]" >&2
  exit 2
}

(($# >= 2)) || usage
run=$1 name=$2 precisions=() default=no
shift 2
while (($#)); do
  case $1 in
    --precision) precisions+=("${2:?}") && shift ;;
    --default) default=yes ;;
    *) usage ;;
  esac
  shift
done
if ((${#precisions[@]} == 0)); then precisions=(int8 fp32); fi

# Made aside and moved whole: a failed check leaves the released model alone.
folder=models/$name new=models/.$name.new files=()
rm -rf "$new"
trap 'rm -rf "$new"' EXIT
mkdir -p "$new"
for precision in "${precisions[@]}"; do
  files+=("$name-$precision.onnx")
  build/ferbench export "$run" --precision "$precision" --out "$new/${files[-1]}"
done
(cd "$new" && sha256sum "${files[@]}" >SHA256SUMS)
scripts/keep_results.sh "$run" "$new/run"
python3 scripts/model_card.py "$run" "$name" "${files[@]}" >"$new/README.md"
rm -rf "$folder"
mv "$new" "$folder"
if [[ $default == yes ]]; then echo "$name/${files[0]}" >models/default.txt; fi
echo "released: $folder"
