#!/usr/bin/env bash
# The libraries that need no torch, with their tests, under the address and
# undefined-behaviour sanitizers.
# Usage: scripts/asan.sh [CTEST_OPTION]...
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

stage "Set-up" scripts/setup.sh --tests
stage "Configure" cmake --preset asan
stage "Build" cmake --build --preset asan -j "$(jobs)"
run_tests build-asan "$@"
