#!/bin/sh
# Sets Terakoya up on the first start, then runs it: ./start.sh [main.py's arguments | test | bench]
# TERAKOYA_PYTHON chooses the interpreter, TERAKOYA_TORCH_INDEX the index that PyTorch comes from.
set -u
cd "$(dirname "$0")" || exit 1
VENV=.venv
STAMP=$VENV/terakoya-installed
PY=$VENV/bin/python

case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in ja*) JA=1 ;; *) JA= ;; esac
say() { if [ -n "$JA" ]; then printf '%s\n' "$2" >&2; else printf '%s\n' "$1" >&2; fi; }

find_python() {
    for p in "${TERAKOYA_PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
        [ -n "$p" ] && command -v "$p" >/dev/null 2>&1 || continue
        "$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$p"; return 0; }
    done
    return 1
}

# What must be installed: a change of pyproject.toml or of the group makes the stamp old.
wanted_stamp() { printf '%s %s\n' "$(cksum < pyproject.toml)" "$1"; }

is_ready() { # $1: run or test; an installation for tests also serves for running
    [ -x "$PY" ] && [ -f "$STAMP" ] || return 1
    read -r have < "$STAMP" || return 1
    [ "$have" = "$(wanted_stamp test)" ] || { [ "$1" = run ] && [ "$have" = "$(wanted_stamp run)" ]; }
}

nvidia() { command -v nvidia-smi >/dev/null 2>&1 || [ -e /proc/driver/nvidia/version ]; }

requirements() { # $1: run or test; PyTorch is installed before, from its own index
    "$PY" - "$1" <<'PYTHON'
import sys, tomllib
with open("pyproject.toml", "rb") as file:
    data = tomllib.load(file)
names = data["project"]["dependencies"]
if sys.argv[1] == "test":
    names = names + data["dependency-groups"]["test"]
print("\n".join(names))
PYTHON
}

pip_install() {
    if [ -n "${TERAKOYA_DRY_RUN:-}" ]; then printf 'pip install %s\n' "$*"; return 0; fi
    "$PY" -m pip install --disable-pip-version-check --progress-bar off -q "$@"
}

answers() { # an index that does not answer at once is not asked
    "$PY" - "$1" <<'PYTHON' >/dev/null 2>&1
import sys, urllib.request
urllib.request.urlopen(sys.argv[1].rstrip("/") + "/torch/", timeout=6).close()
PYTHON
}

local_wheel() { # folders that pip is told to look in first (PIP_FIND_LINKS, pip config)
    for place in ${PIP_FIND_LINKS:-} $("$PY" -m pip config get global.find-links 2>/dev/null) $("$PY" -m pip config get install.find-links 2>/dev/null); do
        for wheel in "$place"/torch-2.13.*.whl; do [ -e "$wheel" ] && return 0; done
    done
    return 1
}

install_torch() {
    TORCH=$(requirements run | grep '^torch')
    if "$PY" -c 'import importlib.metadata as m, sys; sys.exit(not m.version("torch").startswith("2.13."))' 2>/dev/null; then return 0; fi
    if [ -n "${TERAKOYA_TORCH_INDEX:-}" ]; then
        index=$TERAKOYA_TORCH_INDEX
    elif local_wheel; then
        version=$(for place in ${PIP_FIND_LINKS:-} $("$PY" -m pip config get global.find-links 2>/dev/null); do ls "$place" 2>/dev/null; done | sed -n 's/^torch-\(2\.13\.[0-9.]*[0-9]\).*/\1/p' | head -n 1)
        pip_install "torch==$version"
        return $?
    elif nvidia; then
        say "An NVIDIA driver was found: PyTorch for CUDA is installed (about 3 GB)." "NVIDIA のドライバーが見つかりました。CUDA 版の PyTorch を入れます（約 3 GB）。"
        index=
        [ "$(uname -s)" = Linux ] || index=https://download.pytorch.org/whl/cu130
    else
        index=
        [ "$(uname -s)" = Linux ] && index=https://download.pytorch.org/whl/cpu
    fi
    if [ -n "$index" ]; then
        if [ -n "${TERAKOYA_DRY_RUN:-}" ] && [ -z "${TERAKOYA_DRY_RUN_ASK:-}" ] || answers "$index"; then
            pip_install "$TORCH" --index-url "$index" --extra-index-url https://pypi.org/simple && return 0
        fi
        say "$index does not answer; PyTorch comes from the usual index." "$index が応答しないので、通常の配布元から PyTorch を入れます。"
    fi
    pip_install "$TORCH"
}

set_up() {
    python=$(find_python) || {
        say "Terakoya needs Python 3.11 or newer: install it (Debian: sudo apt install python3), then start again." "Python 3.11 以降が必要です。入れてから（Debian: sudo apt install python3）もう一度始めてください。"
        exit 2
    }
    "$python" -c 'import ensurepip, venv' 2>/dev/null || {
        name=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        say "Python's venv module is missing. On Debian or Ubuntu: sudo apt install $name (or python3-venv)" "Python の venv がありません。Debian・Ubuntu では: sudo apt install $name（または python3-venv）"
        exit 2
    }
    say "Setting up Terakoya (only on the first start) …" "Terakoya を準備しています（はじめての起動だけ）…"
    rm -f "$STAMP"
    if ! "$PY" -c 'import pip' 2>/dev/null; then
        rm -rf "$VENV"
        "$python" -m venv "$VENV" || exit 1
    fi
    install_torch || { say "PyTorch could not be installed; start again when the network is back." "PyTorch を入れられませんでした。ネットワークを確かめて、もう一度始めてください。"; exit 1; }
    requirements "$1" > "$VENV/requirements.txt"
    pip_install -r "$VENV/requirements.txt" || { say "The installation was interrupted; start again to go on." "途中で止まりました。もう一度始めると続きから入れます。"; exit 1; }
    [ -n "${TERAKOYA_DRY_RUN:-}" ] || wanted_stamp "$1" > "$STAMP"
}

ensure() {
    is_ready "$1" && return 0
    if command -v flock >/dev/null 2>&1; then
        exec 9> .venv-lock && flock 9
        is_ready "$1" || set_up "$1"
        exec 9>&-
        rm -f .venv-lock
    else
        set_up "$1"
    fi
}

run_checks() {
    failed=
    check() { printf '== %s\n' "$*"; "$@" || failed="$failed $(basename "$1")"; }
    check "$VENV/bin/ruff" format --check .
    check "$VENV/bin/ruff" check .
    check "$VENV/bin/basedpyright"
    check "$VENV/bin/lint-imports" --no-cache
    check "$PY" -m pytest "$@"
    if [ -n "$failed" ]; then printf 'FAILED:%s\n' "$failed"; exit 1; fi
    printf 'All checks passed.\n'
}

case "${1:-}" in
    test) shift; ensure test; export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}"; run_checks "$@" ;;
    bench) shift; ensure test; export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}"; exec "$PY" -m tests.benchmarks "$@" ;;
    *) ensure run; [ -n "${TERAKOYA_DRY_RUN:-}" ] && exit 0; exec "$PY" main.py "$@" ;;
esac
