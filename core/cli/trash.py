"""trash list | restore | empty."""

from __future__ import annotations

import sys
import time
from typing import Any

from core.cli.output import Output, table
from core.errors import UsageError
from core.home import Home, Trash


def run(options: Any, home: Home, output: Output) -> int:
    trash = Trash(home)
    if options.action == "list":
        items = trash.list()
        rows = [["ID", "WAS", "REMOVED", "MB"]]
        for item in items:
            when = time.strftime("%Y-%m-%d %H:%M", time.localtime(item.time))
            rows.append([item.id, item.origin, when, f"{item.bytes / 1e6:.1f}"])
        data = [{"id": i.id, "origin": i.origin, "time": i.time, "bytes": i.bytes} for i in items]
        output.result({"trash": data}, *table(rows, {3}, "The trash is empty."))
    elif options.action == "restore":
        place = trash.restore(options.id)
        output.result({"restored": str(place)}, f"Restored: {place}")
    else:
        _empty(trash, options.yes, output)
    return 0


def _empty(trash: Trash, sure: bool, output: Output) -> None:
    count = len(trash.list())
    if count and not sure:
        if not sys.stdin.isatty():
            raise UsageError("yes", detail="Say --yes to delete what is in the trash for good.")
        print(f"Delete {count} entries for good? Type yes: ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip() != "yes":
            output.result({"freed": 0}, "Nothing was deleted.")
            return
    freed = trash.empty()
    output.result({"freed": freed}, f"{freed / 1e6:.1f} MB freed.")
