"""The one entry: no argument opens the window, a subcommand works without one."""

from __future__ import annotations

import sys

INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Return the exit code: 0 done, 2 bad input, 130 stopped by the user, 1 a fault of ours."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts us by hand may have an old one.
        return _refuse("Terakoya needs Python 3.11 or newer: start it with ./start.sh.")
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("", "app", "core"):
            raise
        sentence = (
            f"The Python package {error.name} is not installed here: start with ./start.sh (Windows: "
            "start.bat), which installs all that is needed."
        )
        return _refuse(sentence, "--json" in arguments, "not-installed")


def _run(arguments: list[str]) -> int:
    if arguments and arguments[0] == "job":
        from core.worker import main as run_worker

        return run_worker(arguments[1:])
    from core.cli.parser import BadUsage, split, window_paths

    try:
        words = split(arguments)
        paths = [] if words.is_command else window_paths(words)
    except BadUsage as error:
        return _refuse(str(error), "--json" in arguments, "usage")
    if words.is_command:
        from core.cli.main import main as run_command

        return run_command(words)
    from app.application import main as open_window

    return open_window(paths, words.home)


def _refuse(sentence: str, as_json: bool = False, code: str = "") -> int:
    if as_json:
        import json

        print(json.dumps({"error": {"code": code, "message": sentence, "field": None}}))
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    if sys.argv[1:2] == ["job"]:
        from core.processes import end_without_teardown

        end_without_teardown(lambda: main(sys.argv[1:]))
    sys.exit(main(sys.argv[1:]))
