"""The command line's words. Only the standard library is imported here."""

from __future__ import annotations

import argparse
import difflib
from typing import NoReturn

COMMANDS = (
    "gui", "corpus", "train", "runs", "evaluate", "chat", "versions", "plan", "trash", "doctor", "job",
)  # fmt: skip


def is_command(word: str) -> bool:
    """Whether a first word is for the command line rather than a path for the window."""
    return (word in COMMANDS and word != "gui") or word in ("-h", "--help")


def window_arguments(arguments: list[str]) -> tuple[list[str], str | None]:
    """Paths and --home of `[gui] [--home FOLDER] [PATH...]`."""
    words = arguments[1:] if arguments[:1] == ["gui"] else list(arguments)
    home: str | None = None
    paths: list[str] = []
    while words:
        word = words.pop(0)
        if word == "--home" and words:
            home = words.pop(0)
        elif word.startswith("--home="):
            home = word.partition("=")[2]
        elif word != "--json":
            paths.append(word)
    return paths, home


class BadUsage(Exception):
    """A command line that cannot be understood: one sentence."""


class Parser(argparse.ArgumentParser):
    """argparse that raises one sentence instead of printing its usage and leaving."""

    def error(self, message: str) -> NoReturn:
        command = self.prog.removeprefix("main.py").strip()
        raise BadUsage(f"{_plainly(message)} See: main.py {command} --help".replace("  ", " "))


def _plainly(message: str) -> str:
    """argparse's message as a sentence, with a guess for a misspelt word."""
    message = message.strip().rstrip(".")
    if "invalid choice:" in message:
        word = message.split("invalid choice:")[1].strip().split("'")[1]
        choices = message.split("choose from")[-1].replace("'", "").replace(")", "")
        known = [c.strip() for c in choices.split(",")]
        near = difflib.get_close_matches(word, known, 1)
        hint = f" Did you mean {near[0]}?" if near else f" Known: {', '.join(known)}."
        return f"There is no “{word}” here.{hint}"
    return message[0].upper() + message[1:] + "."


def build_parser() -> Parser:
    parser = Parser(
        prog="main.py", description="Terakoya: raise your own language model on your own computer. "
        "Without a command the window opens.",
    )  # fmt: skip
    common = Parser(add_help=False)
    common.add_argument("--home", metavar="FOLDER", help="where corpora and versions are kept")
    common.add_argument("--json", action="store_true", help="print one JSON document")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    _add_gui(commands, common)
    _add_corpus(commands, common)
    _add_train(commands, common)
    _add_runs(commands, common)
    _add_evaluate(commands, common)
    _add_chat(commands, common)
    _add_versions(commands, common)
    _add_rest(commands, common)
    return parser


def _add_gui(commands: argparse._SubParsersAction[Parser], common: Parser) -> None:
    gui = commands.add_parser("gui", parents=[common], help="open the window")
    gui.add_argument("paths", nargs="*", metavar="PATH", help="added to a new corpus")


def _add_corpus(commands: argparse._SubParsersAction[Parser], common: Parser) -> None:
    actions = commands.add_parser("corpus", help="collect text").add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    add = actions.add_parser("add", parents=[common], help="read files and folders into a corpus")
    add.add_argument("name", metavar="NAME")
    add.add_argument("paths", nargs="+", metavar="PATH")
    add.add_argument("--heldout", type=float, metavar="SHARE", help="share kept unseen (0.05)")
    add.add_argument("--vocabulary", type=int, metavar="N", help="tokens of the tokenizer")
    actions.add_parser("list", parents=[common], help="all corpora")
    for word, text in (("show", "one corpus"), ("remove", "move to the trash")):
        one = actions.add_parser(word, parents=[common], help=text)
        one.add_argument("name", metavar="NAME")


def _add_train(commands: argparse._SubParsersAction[Parser], common: Parser) -> None:
    train = commands.add_parser("train", parents=[common], help="train a version")
    train.add_argument("--corpus", action="append", metavar="NAME|PATH", help="text to train on")
    train.add_argument("--name", help="name of the new version")
    train.add_argument("--from", dest="parent", metavar="VERSION", help="go on from a version")
    train.add_argument("--objective", default="causal", choices=("causal", "masked", "chat", "preference", "distil"))  # fmt: skip
    train.add_argument("--teacher", metavar="VERSION")
    train.add_argument("--method", default="full", choices=("full", "lora"))
    train.add_argument("--preset", metavar="NAME")
    length = train.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, metavar="M", help="the whole job (default 10)")
    length.add_argument("--steps", type=int, metavar="N")
    length.add_argument("--epochs", type=float, metavar="E")
    train.add_argument(
        "--set", action="append", default=[], metavar="key=value", help="a recipe setting"
    )
    train.add_argument("--device", default="auto")
    train.add_argument("--seed", type=int, metavar="S")


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


def _add_evaluate(commands: argparse._SubParsersAction[Parser], common: Parser) -> None:
    evaluate = commands.add_parser("evaluate", parents=[common], help="measure versions")
    evaluate.add_argument("versions", nargs="+", metavar="VERSION")
    evaluate.add_argument(
        "--text", action="append", default=[], metavar="PATH", help="measure on this text"
    )
    evaluate.add_argument("--suite", action="append", default=[], metavar="PATH")
    evaluate.add_argument("--device", default="auto")


def _add_chat(commands: argparse._SubParsersAction[Parser], common: Parser) -> None:
    chat = commands.add_parser("chat", parents=[common], help="write with a version")
    chat.add_argument("version", metavar="VERSION")
    chat.add_argument("--prompt", metavar="TEXT", help="continue this and leave")
    chat.add_argument("--max-tokens", type=int, default=200, metavar="N")
    chat.add_argument("--temperature", type=float, default=0.8, metavar="T")
    chat.add_argument("--seed", type=int, default=7, metavar="S")


def _add_versions(commands: argparse._SubParsersAction[Parser], common: Parser) -> None:
    actions = commands.add_parser("versions", help="the shelf").add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    actions.add_parser("list", parents=[common], help="all versions")
    for word, text in (("show", "one version"), ("remove", "move to the trash")):
        one = actions.add_parser(word, parents=[common], help=text)
        one.add_argument("name", metavar="VERSION")
    load = actions.add_parser("import", parents=[common], help="bring a model")
    load.add_argument("path", metavar="PATH")
    export = actions.add_parser("export", parents=[common], help="copy in a standard format")
    export.add_argument("name", metavar="VERSION")
    export.add_argument("--to", required=True, metavar="PATH")
    export.add_argument("--format", default="hf", choices=("hf", "gguf"))
    rename = actions.add_parser("rename", parents=[common], help="rename a version")
    rename.add_argument("name", metavar="VERSION")
    rename.add_argument("new", metavar="NEW")


def _add_rest(commands: argparse._SubParsersAction[Parser], common: Parser) -> None:
    plan = commands.add_parser("plan", parents=[common], help="forecast memory and time")
    plan.add_argument("--preset", metavar="NAME", required=True, help="a size such as 10M")
    plan.add_argument("--tokens", type=float, metavar="N", help="tokens to read")
    plan.add_argument("--device", metavar="NAME", default="auto")
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
