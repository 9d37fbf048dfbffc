#!/usr/bin/env bash
# Releases a run's model: exports it, checks it, and leaves file, checksum and
# model card in models/NAME. With --default it is what predict, recommend,
# validate and serve use where no --model is given.
# Usage: scripts/release_model.sh RUN_DIR NAME [--precision fp32|fp16|int8] [--default]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  echo "usage: scripts/release_model.sh RUN_DIR NAME" \
    "[--precision fp32|fp16|int8] [--default]" >&2
  exit 2
}

(($# >= 2)) || usage
run=$1 name=$2 precision=int8 default=no
shift 2
while (($#)); do
  case $1 in
    --precision) precision=${2:?} && shift ;;
    --default) default=yes ;;
    *) usage ;;
  esac
  shift
done

folder=models/$name file=$name-$precision.onnx
mkdir -p "$folder"
build/ferbench export "$run" --precision "$precision" --out "$folder/$file"
(cd "$folder" && sha256sum ./*.onnx >SHA256SUMS)
scripts/keep_results.sh "$run" "$folder/run"
python3 scripts/model_card.py "$run" "$file" >"$folder/README.md"
if [[ $default == yes ]]; then echo "$name/$file" >models/default.txt; fi
echo "released: $folder"
