#!/usr/bin/env bash
# Sets up the machine, builds everything and runs every test. The last line
# reads "N passed, N failed, N skipped"; the exit status tells the same.
# Usage: scripts/test.sh [CTEST_OPTION]...   e.g. scripts/test.sh -L metrics
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

stage "Set-up" scripts/setup.sh --tests
stage "Configure" cmake --preset release
stage "Build" cmake --build --preset release -j "$(jobs)"
run_tests build "$@"
