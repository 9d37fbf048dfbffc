#!/usr/bin/env bash
# Sets up the machine, then builds the program: build/ferbench.
# Usage: scripts/build.sh [CMAKE_OPTION]...
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

stage "Set-up" scripts/setup.sh
stage "Configure" cmake --preset release "$@"
stage "Build" cmake --build --preset release -j "$(jobs)" --target ferbench
