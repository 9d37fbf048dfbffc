#!/usr/bin/env bash
# The libraries that need no torch, the server among them, with their tests under
# the address and undefined-behaviour sanitizers. OpenVINO itself is not
# instrumented, and leaks nothing that would have to be left out.
# Usage: scripts/asan.sh [CTEST_OPTION]...
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

stage "Set-up" scripts/setup.sh --tests
stage "Configure" cmake --preset asan
stage "Build" cmake --build --preset asan -j "$(jobs)"
# What was freed is kept aside for a while, 256 MB by default: more than the
# server's test of its memory allows.
export ASAN_OPTIONS=quarantine_size_mb=32:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1
# TBB loads a library of its own in a way that the sanitizers refuse, unless it
# is told. Debian's, which OpenCV would bring first, is too old to listen.
export TBB_ENABLE_SANITIZERS=1
LD_LIBRARY_PATH=$(dirname "$(scripts/setup.sh --print-torch-dir)")/openvino/libs
export LD_LIBRARY_PATH
run_tests build-asan "$@"
