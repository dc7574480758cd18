"""The one entry: no argument opens the window, a subcommand works without one."""

from __future__ import annotations

import sys


def main(arguments: list[str]) -> int:
    """Return the exit code: 0 done, 2 bad input, 130 stopped by the user, 1 a fault of ours."""
    if arguments and arguments[0] == "job":
        from core.worker import main as run_worker

        return run_worker(arguments[1:])
    from core.cli.parser import is_command, window_arguments

    if arguments and is_command(arguments[0]):
        from core.cli.main import main as run_command

        return run_command(arguments)
    from app.application import main as open_window

    return open_window(*window_arguments(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
