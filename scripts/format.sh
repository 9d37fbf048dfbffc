#!/usr/bin/env bash
# Formats the C++ and CUDA sources, or with --check says which are not.
# The clang-format of requirements-test.txt does it, so that every machine agrees.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
  "") options=(-i) ;;
  --check) options=(--dry-run -Werror) ;;
  *) echo "usage: scripts/format.sh [--check]" >&2 && exit 2 ;;
esac
scripts/setup.sh --tests --wheels-only --quiet
clang_format=$(dirname "$(scripts/setup.sh --print-python)")/clang-format
files '*.h' '*.cpp' '*.cu' '*.cuh' | xargs -r "$clang_format" "${options[@]}"
