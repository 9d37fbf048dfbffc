# Shared by the scripts beside it: sourced, not run.
# shellcheck shell=bash
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$repo" || exit 1

# Tests and runs start in folders of their own: a relative path would point
# elsewhere from there.
if [[ -d ${FERBENCH_DATA:-data} ]]; then
  FERBENCH_DATA=$(cd "${FERBENCH_DATA:-data}" && pwd)
  export FERBENCH_DATA
fi

# stage TEXT COMMAND...: runs it in plain sight and says how long it took.
stage() {
  local text=$1 start=$EPOCHREALTIME status=0
  shift
  echo "==> $text"
  "$@" || status=$?
  echo "    $text: $(seconds_since "$start")$( ((status)) && echo ", failed")"
  return "$status"
}

seconds_since() {
  awk -v a="${1/,/.}" -v b="${EPOCHREALTIME/,/.}" 'BEGIN { printf "%.1f s", b - a }'
}

# As many compilers as there are cores, and 2 GB of memory for each: a file that
# includes torch needs that much.
jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable/ { print int($2 / 2000000) }' /proc/meminfo)
  if ((memory < cores)); then cores=$memory; fi
  echo $((cores > 1 ? cores : 1))
}

# files PATTERN...: the files of the tree with such names, made ones left out.
files() {
  local pattern names=(-false)
  for pattern in "$@"; do names+=(-o -name "$pattern"); done
  find . \( -path './build*' -o -path ./runs -o -path ./data -o -path ./.git \) \
    -prune -o -type f \( "${names[@]}" \) -print | sort
}

# run_tests FOLDER [CTEST_OPTION]...: CTest, then "N passed, N failed, N skipped"
# as the last line. Fails when a test did, or when there was none.
run_tests() {
  local results=$repo/$1/test-results.xml status=0
  FERBENCH_PYTHON=${FERBENCH_PYTHON:-$(scripts/setup.sh --print-python)}
  export FERBENCH_PYTHON
  rm -f "$results"
  stage "Tests" ctest --test-dir "$1" --output-on-failure -j2 \
    --output-junit "$results" "${@:2}" || status=$?
  "$FERBENCH_PYTHON" scripts/count_tests.py "$results" || status=1
  return "$status"
}
