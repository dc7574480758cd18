#!/bin/sh
# ./start.sh [WORDS...]     sets up on the first start, then opens the window, or runs main.py's command
# ./start.sh test | bench   every check and test; the benchmarks
# TERAKOYA_PYTHON chooses the interpreter, TERAKOYA_TORCH_INDEX the index that torch comes from;
# with TERAKOYA_DRY_RUN=1 setting up only says what it would do.
set -u

SELF=$0
[ -h "$SELF" ] && SELF=$(readlink -f "$SELF")
ROOT=$(CDPATH= cd -- "$(dirname -- "$SELF")" && pwd -P) || exit 1
PY=$ROOT/.venv/bin/python
MARKS=$ROOT/.venv/terakoya

say() { # in English or Japanese
    case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in
        ja*) printf '%s\n' "$2" >&2 ;;
        *) printf '%s\n' "$1" >&2 ;;
    esac
}

driver() { command -v nvidia-smi || [ -e /proc/driver/nvidia/version ] || [ -x /usr/lib/wsl/lib/nvidia-smi ]; } >/dev/null 2>&1

# Whether the last setup for $1 (run or test) was finished here, with this interpreter and these
# requirements; core/install writes these marks. Only the shell looks: a start must not wait for it.
is_ready() {
    [ -x "$PY" ] && cmp -s "$ROOT/pyproject.toml" "$MARKS/$1.toml" || return 1
    { read -r place && read -r python; } 2>/dev/null <"$MARKS/place" || return 1
    [ "$place" = "$ROOT" ] && [ "$python" = "$(readlink -f "$PY")" ] || return 1
    [ ! -e "$MARKS/no-driver" ] || ! driver # a GPU that came later wants another torch
}

suits() { # $1: a Python; $2: modules that it must have besides
    command -v "$1" >/dev/null 2>&1 && "$1" -I -c "import sys$2; sys.exit(sys.version_info < (3, 11))" 2>/dev/null
}

find_python() {
    if [ -n "${TERAKOYA_PYTHON:-}" ]; then
        suits "$TERAKOYA_PYTHON" "" && printf '%s\n' "$TERAKOYA_PYTHON"
        return
    fi
    # The one that .venv was made with comes first: another version would mean a new .venv.
    for modules in ", ensurepip, venv" ""; do
        for python in "$(readlink -f "$PY" 2>/dev/null)" python3 python3.14 python3.13 python3.12 python3.11 python; do
            suits "${python:-/}" "$modules" && printf '%s\n' "$python" && return
        done
    done
    return 1
}

set_up() { # $1: run or test
    python=$(find_python) || {
        if [ -n "${TERAKOYA_PYTHON:-}" ]; then
            say "TERAKOYA_PYTHON names $TERAKOYA_PYTHON, which is no Python 3.11 or newer." \
                "TERAKOYA_PYTHON に指定された $TERAKOYA_PYTHON は、Python 3.11 以降ではありません。"
        else
            say "Terakoya needs Python 3.11 or newer. Install it (Debian, Ubuntu: sudo apt install python3 python3-venv; macOS: https://www.python.org), then run start.sh again." \
                "Python 3.11 以降が必要です。インストールしてから（Debian・Ubuntu: sudo apt install python3 python3-venv、macOS: https://www.python.org）、もう一度 start.sh を実行してください。"
        fi
        exit 2
    }
    "$python" -I "$ROOT/core/install" "$1" || exit $?
}

case "${1:-}" in
    test | bench) wanted=test ;;
    *) wanted=run ;;
esac
if [ -n "${TERAKOYA_DRY_RUN:-}" ]; then
    set_up "$wanted"
    exit 0
fi
is_ready "$wanted" || set_up "$wanted"
if [ "$wanted" = test ]; then
    cd "$ROOT" || exit 1
    exec "$PY" -m tests "$@"
fi
TERAKOYA_STARTED_AS=$0 exec "$PY" "$ROOT/main.py" "$@"
