"""The command line's words. Only the standard library is imported here."""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from core.cli.corpus_words import add_corpus
from core.cli.numbers import amount, devices, number, whole
from core.cli.version_words import add_versions

COMMANDS = (
    "gui", "corpus", "train", "runs", "evaluate", "chat", "versions", "plan", "trash", "doctor", "job",
)  # fmt: skip


class _Devices(tuple[str, ...]):
    """What --device takes; besides those that are named, one GPU of several, or Apple's."""

    def __contains__(self, word: object) -> bool:
        return super().__contains__(word) or re.fullmatch(r"mps|cuda:\d+", str(word)) is not None


DEVICES = _Devices(("auto", "cpu", "cuda"))


class BadUsage(Exception):
    """A command line that cannot be understood: one sentence, and the option to blame if any."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def program() -> str:
    """What the user types to run a command: start.sh says how it was called."""
    return os.environ.get("TERAKOYA_STARTED_AS") or "main.py"


@dataclass(frozen=True)
class Words:
    """A command line without what may stand anywhere in it."""

    rest: list[str]
    home: str | None = None
    json: bool = False

    @property
    def is_command(self) -> bool:
        """Whether the first word is for the command line rather than a path for the window."""
        first = self.rest[0] if self.rest else ""
        if first == "gui":
            return any(word in ("-h", "--help") for word in self.rest)
        return first in (*COMMANDS, "-h", "--help", "--version")


def split(arguments: Sequence[str]) -> Words:
    """Take --home and --json out, wherever they stand. Raises BadUsage for --home without folder."""
    rest: list[str] = []
    home: str | None = None
    json = False
    words = list(arguments)
    while words:
        word = words.pop(0)
        if word == "--":
            rest += [word, *words]
            break
        if word == "--json":
            json = True
        elif word == "--home" or word.startswith("--home="):
            home = word.partition("=")[2] if "=" in word else (words.pop(0) if words else "")
            if not home.strip():
                raise BadUsage("--home needs a folder.", "home")
        else:
            rest.append(word)
    return Words(rest, home, json)


def window_paths(words: Words) -> list[str]:
    """The paths of `[gui] [PATH...]`. Raises BadUsage for an option or a misspelt command."""
    rest = words.rest[1:] if words.rest[:1] == ["gui"] else words.rest
    options = [word for word in rest if word.startswith("-") and word != "--"]
    paths = [word for word in rest if word not in options and word != "--"]
    first = paths[0] if paths else ""
    if first and words.rest[0] == first and not _exists(first) and os.sep not in first:
        near = difflib.get_close_matches(first, COMMANDS[1:-1], 1)
        hint = f"Did you mean {near[0]}?" if near else f"See: {program()} --help"
        raise BadUsage(f"“{first}” is neither a command nor a file or folder here. {hint}")
    if options:
        raise BadUsage(f"The window has no option {options[0]}. See: {program()} --help")
    if words.json:
        raise BadUsage(f"--json goes with a command, such as: {program()} versions list --json")
    return paths


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except OSError:
        return False


# ---- argparse ------------------------------------------------------------------------------------


class Parser(argparse.ArgumentParser):
    """argparse that raises one sentence instead of printing its usage and leaving."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, allow_abbrev=False)
        self.more_help: Callable[[], str] = str  # What --help says below all, made when asked.

    def format_help(self) -> str:
        return super().format_help() + self.more_help()

    def error(self, message: str) -> NoReturn:
        option = re.match(r"argument (--[\w-]+)", message)
        field = option[1].removeprefix("--").replace("-", "_") if option else None
        raise BadUsage(f"{self._plainly(message)} See: {self.prog} --help", field)

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """The options, or BadUsage."""
        options, unknown = self.parse_known_args(list(arguments))
        if unknown:
            self._chosen(options)._refuse(unknown)
        return options

    def _refuse(self, unknown: list[str]) -> NoReturn:
        option = next((word for word in unknown if word.startswith("-")), None)
        if option is None:
            self.error(f"“{unknown[0]}” is one word too many: names with spaces need quotes")
        name = option.partition("=")[0]
        near = difflib.get_close_matches(name, list(self._option_string_actions), 1)
        self.error(
            f"There is no option {name} here" + (f"; did you mean {near[0]}?" if near else "")
        )

    def _chosen(self, options: argparse.Namespace) -> Parser:
        """The parser of the command and action that were given."""
        found = self
        for name in ("command", "action"):
            for one in found._actions:
                if isinstance(one, argparse._SubParsersAction) and hasattr(options, name):
                    found = one.choices[getattr(options, name)]
        return found

    def _plainly(self, message: str) -> str:
        """argparse's message as a sentence of ours, with a guess for a misspelt word."""
        if choice := re.search(
            r"^(?:argument (\S+): )?invalid choice: (.+?) \(choose from (.+)\)", message
        ):
            return _no_such_choice(choice[1] or "", choice[2], choice[3])
        if missing := re.search(r"arguments are required: (.+)", message):
            return self._missing(missing[1].split(", "))
        if twice := re.search(r"argument (\S+): not allowed with argument (\S+)", message):
            return f"{twice[2]} and {twice[1]} exclude each other: give one of them."
        if alone := re.search(r"argument (\S+): expected (?:at least )?one argument", message):
            return f"{alone[1]} needs a value."
        if own := re.search(r"argument (\S+): (needs .+)", message):
            return f"{own[1]} {own[2]}."
        sentence = message.strip()
        return sentence[0].upper() + sentence[1:] + ("" if sentence[-1] in ".?" else ".")

    def _missing(self, names: list[str]) -> str:
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction) and action.metavar in names:
                return f"Say what to do: {', '.join(action.choices)}."
        return f"{' and '.join(names)} must be given."


class _Version(argparse.Action):
    """Prints what pyproject.toml says, and leaves."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        import tomllib

        place = Path(__file__).resolve().parents[2] / "pyproject.toml"
        print("Terakoya", tomllib.loads(place.read_text("utf-8"))["project"]["version"])
        parser.exit()


def _no_such_choice(option: str, word: str, choices: str) -> str:
    known = [choice.strip().strip("'") for choice in choices.split(",")]
    word = str(ast.literal_eval(word))
    near = difflib.get_close_matches(word, known, 1) if len(known) > 3 else []
    hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}."
    where = f"{option} knows no" if option.startswith("--") else "There is no command"
    return f"{where} “{word}”. {hint}"


def build_parser() -> Parser:
    parser = Parser(
        prog=program(), description="Terakoya: raise your own language model on your own computer. "
        "Without a command the window opens.",
    )  # fmt: skip
    parser.add_argument("--version", action=_Version, nargs=0, help="print the program's version")
    common = Parser(add_help=False)
    # `split` has taken these out before; here they are for --help.
    common.add_argument("--home", metavar="FOLDER", help="where corpora and versions are kept")
    common.add_argument("--json", action="store_true", help="print one JSON document")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, parser_class=Parser
    )
    _add_gui(commands, common)
    add_corpus(commands, common)
    _add_train(commands, common)
    _add_runs(commands, common)
    _add_evaluate(commands, common)
    _add_chat(commands, common)
    add_versions(commands, common)
    _add_rest(commands, common)
    return parser


def _add_gui(commands: argparse._SubParsersAction[Parser], common: Parser) -> None:
    gui = commands.add_parser("gui", parents=[common], help="open the window")
    gui.add_argument("paths", nargs="*", metavar="PATH", help="added to a new corpus")


def _settings() -> str:
    """What --set may change, from the recipe's declaration."""
    from core.config import settings_of
    from core.recipe import Recipe

    lines = ["", "settings for --set (unset: the app decides, or the value in brackets):"]
    for setting in settings_of(Recipe):
        default = "" if setting.default in (None, "") else f" [{setting.default}]"
        values = f" ({' | '.join(setting.values)})" if setting.values else ""
        lines.append(f"  {setting.name:20} {setting.help}{values}{default}")
    return "\n".join([*lines, ""])


def _add_train(commands: argparse._SubParsersAction[Parser], common: Parser) -> None:
    train = commands.add_parser("train", parents=[common], help="train a version")
    train.more_help = _settings
    train.add_argument(
        "--corpus", action="extend", nargs="+", default=[], metavar="NAME|PATH",
        help="text to train on: a corpus or several, or files and folders",
    )  # fmt: skip
    train.add_argument(
        "--share", action="append", default=[], metavar="NAME=FACTOR",
        help="how often a corpus counts beside the others (1)",
    )  # fmt: skip
    train.add_argument("--name", help="name of the new version")
    train.add_argument("--from", dest="parent", metavar="VERSION", help="go on from a version")
    train.add_argument("--objective", choices=("causal", "masked", "chat", "preference", "distil"), help="what is learnt: text (causal), blanks (masked), answers (chat), preferences, or a teacher (distil)")  # fmt: skip
    train.add_argument(
        "--teacher",
        metavar="VERSION",
        help="the version whose pupil this becomes (--objective distil)",
    )
    train.add_argument(
        "--method",
        default="full",
        choices=("full", "lora"),
        help="all weights, or only an adapter (needs --from)",
    )
    train.add_argument(
        "--preset",
        metavar="NAME",
        help="a ready recipe: a published model, or its school size (plan --list)",
    )
    train.add_argument(
        "--lessons",
        action="store_true",
        help="learn what was corrected and praised in chats with --from; alone or with --corpus",
    )
    length = train.add_mutually_exclusive_group()
    length.add_argument(
        "--minutes",
        type=number,
        metavar="M",
        help="the whole job (default 10; of lessons alone 20 passes)",
    )
    length.add_argument("--steps", type=whole, metavar="N", help="optimiser steps")
    length.add_argument("--epochs", type=number, metavar="E", help="passes over the text")
    train.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="key=value",
        help="a recipe setting, see below",
    )
    train.add_argument("--device", default="auto", choices=DEVICES)
    train.add_argument("--devices", type=devices, metavar="N", help="train on N at once (all GPUs that can be used)")  # fmt: skip
    train.add_argument("--no-start", dest="start", action="store_false", help="only make the job's folder and print its path: for torchrun and Slurm")  # fmt: skip
    train.add_argument("--seed", type=whole, metavar="S", help="the same seed, the same model (1)")


def _add_runs(commands: argparse._SubParsersAction[Parser], common: Parser) -> None:
    actions = commands.add_parser("runs", help="trainings and other jobs").add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    actions.add_parser("list", parents=[common], help="all runs")
    for word, text in (
        ("show", "one run"), ("stop", "pause and save"), ("finish", "stop and publish"),
        ("resume", "go on"), ("remove", "move to the trash"),
    ):  # fmt: skip
        one = actions.add_parser(word, parents=[common], help=text)
        one.add_argument("id", metavar="ID")
        if word == "show":
            one.add_argument("--diagnostics", action="store_true", help="a text for an issue, without names and texts")  # fmt: skip
        if word == "resume":
            one.add_argument("--device", choices=DEVICES, help="go on there from now on")
            one.add_argument("--devices", type=devices, metavar="N", help="on so many from now on")
    _add_extend(actions, common)


def _add_extend(actions: argparse._SubParsersAction[Parser], common: Parser) -> None:
    extend = actions.add_parser(
        "extend", parents=[common],
        help="train a finished run longer, from before its learning rate fell",
    )  # fmt: skip
    extend.add_argument("id", metavar="ID")
    extend.add_argument("--name", required=True, help="name of the new version")
    more = extend.add_mutually_exclusive_group()
    more.add_argument("--minutes", type=number, metavar="M", help="that it may take (10)")
    more.add_argument("--steps", type=whole, metavar="N", help="steps more than it had")
    more.add_argument("--epochs", type=number, metavar="E", help="passes more than it had")


def _add_evaluate(commands: argparse._SubParsersAction[Parser], common: Parser) -> None:
    evaluate = commands.add_parser("evaluate", parents=[common], help="measure versions")
    evaluate.add_argument("versions", nargs="+", metavar="VERSION")
    evaluate.add_argument(
        "--text", action="extend", nargs="+", default=[], metavar="PATH",
        help="measure on these files (else on the corpus's unseen and seen text)",
    )  # fmt: skip
    evaluate.add_argument(
        "--suite", action="extend", nargs="+", default=[], metavar="PATH",
        help="pairs of sentences that show a bias (CrowS-Pairs' CSV, its Japanese JSON, WinoBias)",
    )  # fmt: skip
    evaluate.add_argument("--device", default="auto", choices=DEVICES)


def _add_chat(commands: argparse._SubParsersAction[Parser], common: Parser) -> None:
    chat = commands.add_parser("chat", parents=[common], help="write with a version")
    chat.add_argument("version", metavar="VERSION")
    chat.add_argument("--prompt", metavar="TEXT", help="continue this and leave")
    chat.add_argument("--max-tokens", type=whole, default=200, metavar="N", help="at most (200)")
    chat.add_argument(
        "--temperature", type=number, default=0.8, metavar="T", help="daring, 0 to 2 (0.8)"
    )
    chat.add_argument(
        "--seed", type=whole, default=7, metavar="S", help="the same seed, the same words (7)"
    )
    chat.add_argument(
        "--exact", action="store_true", help="the weights as trained, never rounded for speed"
    )


def _add_rest(commands: argparse._SubParsersAction[Parser], common: Parser) -> None:
    plan = commands.add_parser("plan", parents=[common], help="forecast memory, time and energy")
    plan.add_argument("--preset", metavar="NAME", help="a size such as 10M, or a published model")
    plan.add_argument("--tokens", type=amount, metavar="N", help="tokens to read, such as 300B")
    plan.add_argument(
        "--device", metavar="NAME", default="auto", help="a device of the table (this machine)"
    )
    plan.add_argument("--devices", type=whole, metavar="N", help="how many (as few as hold it)")
    plan.add_argument(
        "--utilisation", type=number, metavar="SHARE", help="of the peak that is reached, 0 to 1"
    )
    plan.add_argument("--list", action="store_true", help="the published models and the devices")
    actions = commands.add_parser("trash", help="what was removed").add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    actions.add_parser("list", parents=[common], help="what is in the trash")
    restore = actions.add_parser("restore", parents=[common], help="put it back")
    restore.add_argument("id", metavar="ID")
    empty = actions.add_parser("empty", parents=[common], help="delete for good")
    empty.add_argument("--yes", action="store_true", help="do not ask")
    commands.add_parser("doctor", parents=[common], help="what is missing, how to mend it")
    commands.add_parser("job", add_help=False)
