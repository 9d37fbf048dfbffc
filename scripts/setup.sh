#!/usr/bin/env bash
# Installs what ferbench needs: the Debian packages of packages.txt, and a
# virtual environment outside the tree with the wheels of requirements.txt.
# With --tests also what packages-tests.txt and requirements-test.txt list.
# Clones share the environment; a second call finds everything in place.
set -euo pipefail
export LC_ALL=C
unset PYTHONPATH PYTHONHOME PIP_TARGET PIP_USER PIP_PREFIX

usage() {
  cat <<'TEXT'
Usage: scripts/setup.sh [OPTION]...
  --tests             also the packages and wheels that only tests use
  --wheels-only       leave the Debian packages alone (no root, other systems)
  --print-torch-dir   print where LibTorch is or will be; install nothing
  --print-python      print the virtual environment's Python; install nothing
  --quiet             print errors only
  --help              this text

Environment
  XDG_CACHE_HOME        the virtual environment lies in $XDG_CACHE_HOME/ferbench
                        (default ~/.cache/ferbench)
  FERBENCH_DRIVER       yes|no: take an NVIDIA driver as present or absent
  FERBENCH_BASE_PYTHON  the Python (3.10 to 3.14) to make the environment with
TEXT
}

die() {
  echo "error: [setup] $*" >&2
  exit 1
}

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tests=no packages=yes quiet=no print=""
while (($#)); do
  case $1 in
    --tests) tests=yes ;;
    --wheels-only) packages=no ;;
    --print-torch-dir) print=torch ;;
    --print-python) print=python ;;
    --quiet) quiet=yes ;;
    --help | -h) usage && exit ;;
    *) echo "error: [setup] unknown option $1; see --help" >&2 && exit 2 ;;
  esac
  shift
done

# --- what this machine is -----------------------------------------------------

has_driver() {
  case ${FERBENCH_DRIVER:-} in
    yes) return 0 ;;
    no) return 1 ;;
    "") ;;
    *) die "FERBENCH_DRIVER: expected yes or no; got $FERBENCH_DRIVER." ;;
  esac
  # No pipe: grep -q would close it early and fail under pipefail.
  local libraries
  libraries=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null || true)
  [[ -e /proc/driver/nvidia/version || $libraries == *libcuda.so.1* ]] ||
    command -v nvidia-smi >/dev/null
}

# Sets base_python and python_minor ("3.11"): the first Python that has wheels.
find_python() {
  local candidate probe
  probe='import sys, venv; v = sys.version_info[:2]
print("%d.%d" % v if (3, 10) <= v <= (3, 14) else "")'
  for candidate in "${FERBENCH_BASE_PYTHON:-python3}" /usr/bin/python3; do
    python_minor=$("$candidate" -c "$probe" 2>/dev/null) || continue
    base_python=$candidate
    [[ -n $python_minor ]] && return
  done
  return 1
}

# Sets where everything lies. The name holds all that decides the content.
locate() {
  find_python || die "expected Python 3.10 to 3.14 with venv; found none." \
    "Install python3 and python3-venv, or set FERBENCH_BASE_PYTHON."
  driver=no
  if has_driver; then driver=yes; fi
  local facts key
  facts="driver=$driver python=$python_minor machine=$(uname -m)"
  key=$(cat "$repo"/requirements{,-test}.txt - <<<"$facts" | sha256sum)
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/ferbench
  venv=$cache/${key:0:16}
  torch_dir=$venv/lib/python$python_minor/site-packages/torch
}

# --- printing -----------------------------------------------------------------

log=$(mktemp)
running=""
exec 4>&2

say() {
  # shellcheck disable=SC2059  # the formats are ours
  [[ $quiet == yes ]] || printf "$@"
}

seconds_since() {
  awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f s", b - a }'
}

# step NUMBER TEXT FUNCTION: runs it with its output in the log, prints the time
# and what the function left in `note`.
step() {
  local start=$EPOCHREALTIME
  note=""
  say '[%s/5] %s ... ' "$1" "$2"
  running=$2
  "$3" >"$log" 2>&1
  running=""
  say '%s%s\n' "$(seconds_since "$start")" "${note:+ ($note)}"
}

on_exit() {
  local status=$?
  if [[ -n $running ]]; then
    say 'failed\n'
    tail -n 20 "$log" >&4
    echo "error: [setup] '$running' did not finish; all of it: $log" >&4
    exit $((status ? status : 1))
  fi
  rm -f "$log"
}
trap on_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- the steps ----------------------------------------------------------------

as_root() {
  if ((EUID == 0)); then
    env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a "$@"
  else
    sudo -n env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a "$@"
  fi
}

# One name a line.
wanted_packages() {
  local lists=("$repo/scripts/packages.txt")
  if [[ $tests == yes ]] && grep -qx 'ID=debian' /etc/os-release 2>/dev/null; then
    lists+=("$repo/scripts/packages-tests.txt")
  fi
  sed 's/#.*//' "${lists[@]}" | xargs -n1 | sort
}

debian_packages() {
  local missing
  missing=$(comm -23 <(wanted_packages) <(installed_packages))
  if [[ -z $missing ]]; then
    note="nothing to install"
    return
  fi
  command -v apt-get >/dev/null || die "expected Debian or Ubuntu (apt-get)." \
    "Elsewhere install the like of scripts/packages.txt, then --wheels-only."
  ((EUID == 0)) || sudo -n true 2>/dev/null || die "expected root, or sudo" \
    "that does not ask. Run 'sudo -v' first, or as root: apt-get install -y" \
    "${missing//$'\n'/ }"
  as_root apt-get -q -o DPkg::Lock::Timeout=600 update
  # shellcheck disable=SC2086  # one word a package
  as_root apt-get -q -y -o DPkg::Lock::Timeout=600 install \
    --no-install-recommends $missing
  note="$(wc -w <<<"$missing") installed"
}

installed_packages() {
  # dpkg-query fails when it knows one name less; what it prints is what counts.
  # shellcheck disable=SC2046,SC2016  # one word a package; dpkg-query's ${}
  dpkg-query -W -f '${db:Status-Status} ${Package}\n' \
    $(wanted_packages) 2>/dev/null |
    sed -n 's/^installed //p' | sort -u || true
}

this_machine() {
  locate
  note="Python $python_minor, NVIDIA driver: $driver"
  note+=", nvcc: $(command -v nvcc >/dev/null && echo yes || echo no)"
  mkdir -p "$cache"
  # Two clones must not fill one environment at the same time.
  exec 9>"$venv.lock"
  if ! flock -n 9; then
    flock 9
    note+=", waited for another set-up"
  fi
}

# A marker is written last, so a half-made environment never passes for whole.
complete() {
  [[ -e $venv/.complete-$1 && -x $venv/bin/python ]]
}

virtual_environment() {
  if complete wheels; then
    note="nothing to install"
    return
  fi
  rm -rf "$venv"
  enough_disk
  "$base_python" -m venv "$venv" || die "$base_python cannot make a virtual" \
    "environment. Install python3-venv, or set FERBENCH_BASE_PYTHON."
}

enough_disk() {
  local need=3 free
  if [[ $driver == yes ]]; then need=10; fi
  free=$(df --output=avail -BG "$cache" | tail -n 1 | tr -dc 0-9)
  ((free >= need)) || die "expected $need GB free in $cache; got $free GB." \
    "Free some, or point XDG_CACHE_HOME to a larger disk."
}

wheels() {
  if complete wheels; then
    note="nothing to install"
    return
  fi
  local dependencies=(--no-deps)
  if [[ $driver == yes ]]; then dependencies=(); fi
  pip_install "${dependencies[@]}" -r "$repo/requirements.txt"
  # Say now, not at the first start of ferbench, if a library is missing.
  if ldd "$torch_dir/lib/libtorch_cpu.so" | grep 'not found'; then
    die "LibTorch in $venv lacks the libraries above."
  fi
  note="$(fetched)"
  touch "$venv/.complete-wheels"
}

test_wheels() {
  if [[ $tests == no ]]; then
    note="not asked for"
  elif complete tests; then
    note="nothing to install"
  else
    pip_install -r "$repo/requirements-test.txt"
    note="$(fetched)"
    touch "$venv/.complete-tests"
  fi
}

pip_install() {
  "$venv/bin/python" -m pip install --no-input --disable-pip-version-check \
    --progress-bar off "$@"
}

# Adds up pip's "Downloading x.whl (530.6 MB)" and "Using cached ..." lines.
fetched() {
  awk '/(Downloading|Using cached) .*\.whl \(/ {
         size = substr($(NF - 1), 2)
         total += $NF ~ /^GB/ ? size * 1000 : $NF ~ /^MB/ ? size : size / 1000
         if ($1 == "Using") cached = " with what pip had in its cache"
       }
       END { printf "%.0f MB%s", total, cached }' "$log"
}

# --- the work -----------------------------------------------------------------

if [[ -n $print ]]; then
  locate
  if [[ $print == torch ]]; then echo "$torch_dir"; else echo "$venv/bin/python"; fi
  exit
fi

if [[ $packages == yes ]]; then
  step 1 "Debian packages" debian_packages
fi
step 2 "This machine" this_machine
step 3 "Virtual environment" virtual_environment
step 4 "LibTorch wheels" wheels
step 5 "Test wheels" test_wheels
say 'LibTorch is in %s\n' "$torch_dir"
