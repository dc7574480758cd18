"""The words of `corpus`. Only the standard library is imported here."""

from __future__ import annotations

import argparse
from typing import Any

from core.cli.numbers import number, whole


def add_corpus(commands: Any, common: argparse.ArgumentParser) -> None:
    actions = commands.add_parser("corpus", help="collect text").add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=type(common)
    )
    add = actions.add_parser("add", parents=[common], help="read files and folders into a corpus")
    add.add_argument("name", metavar="NAME")
    add.add_argument("paths", nargs="+", metavar="PATH")
    add.add_argument("--heldout", type=number, metavar="SHARE", help="share kept unseen (0.05)")
    add.add_argument("--vocabulary", type=whole, metavar="N", help="tokens of the tokenizer")
    _add_choices(add)
    actions.add_parser("list", parents=[common], help="all corpora")
    named = (
        ("show", "one corpus"), ("remove", "move to the trash"),
        ("changes", "what became of its files since they were read"),
        ("refresh", "read what is new or changed in its folders"),
    )  # fmt: skip
    for word, text in named:
        one = actions.add_parser(word, parents=[common], help=text)
        one.add_argument("name", metavar="NAME")
        if word == "refresh":
            _add_choices(one)
    export = actions.add_parser(
        "export", parents=[common], help="the clean texts in a form that other programs read"
    )
    export.add_argument("name", metavar="NAME")
    export.add_argument(
        "--to", required=True, metavar="PATH", help="a new file, or (text) a new folder"
    )
    export.add_argument("--format", default="jsonl", choices=("text", "jsonl", "parquet"))
    export.add_argument(
        "--side", default="all", choices=("all", "train", "heldout"), help="which texts (all)"
    )
    export.add_argument(
        "--one-file", action="store_true", help="all in one file (only with --format text)"
    )
    sheet = actions.add_parser(
        "sheet", parents=[common], help="the data sheet: sources, licences, cleaning, counts"
    )
    sheet.add_argument("name", metavar="NAME")
    sheet.add_argument("--to", metavar="FILE", help="write it there instead of printing it")
    check = actions.add_parser(
        "check", parents=[common], help="look for what a model will be measured with in its text"
    )
    check.add_argument("name", metavar="NAME")
    check.add_argument(
        "--against", nargs="+", action="extend", required=True, metavar="PATH",
        help="files or folders with questions or sentences",
    )  # fmt: skip
    _add_tokenizer(actions, common)
    weight = actions.add_parser(
        "weight", parents=[common], help="let a source count more or less in training"
    )
    weight.add_argument("name", metavar="NAME")
    weight.add_argument("path", metavar="PATH", help="a file or folder of the corpus")
    weight.add_argument(
        "factor", type=number, metavar="FACTOR", help="2: read twice as often, 0.5: half as often"
    )
    licence = actions.add_parser(
        "licence", parents=[common], help="note under which terms a source may be used"
    )
    licence.add_argument("name", metavar="NAME")
    licence.add_argument("path", metavar="PATH", help="a file or folder of the corpus")
    licence.add_argument("licence", metavar="TEXT", help='"" for none')


def _add_choices(words: argparse.ArgumentParser) -> None:
    """What people say of single files, and of the cleaning of all; it is kept for later readings."""
    words.add_argument(
        "--clean",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="cleaning: personal=all (or mail,phone,postal,my_number,card,ip), languages=ja,en, "
        "least_characters=N, unicode=off|nfc|nfkc; on or off: gutenberg, aozora_ruby, aozora_notes, "
        "html_boilerplate, pdf_furniture, control_characters, mojibake, duplicates, near_duplicates, "
        "paragraphs",
    )
    words.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FILE:role=column[,…]",
        help="which column of a table or data set is what: text, or prompt and answer (also system, "
        "context), or messages (role, content), or prompt, chosen and rejected",
    )
    words.add_argument(
        "--encoding",
        action="append",
        default=[],
        metavar="FILE=NAME",
        help="in which encoding a file (or ARCHIVE/FILE) is read, such as Shift_JIS",
    )


def _add_tokenizer(actions: Any, common: argparse.ArgumentParser) -> None:
    words = actions.add_parser(
        "tokenizer", parents=[common], help="try, compare and choose tokenizers (alone: list them)"
    )
    words.add_argument("name", metavar="NAME")
    words.add_argument(
        "--kind", choices=("bpe", "unigram", "characters", "bytes"), help="learn one of this kind"
    )
    words.add_argument("--vocabulary", type=whole, metavar="N", help="most tokens of it")
    words.add_argument(
        "--import", dest="file", metavar="FILE", help="take a tokenizer.json instead"
    )
    words.add_argument(
        "--curve", action="store_true", help="bytes per token by size (of bpe, or --kind unigram)"
    )
    words.add_argument(
        "--compare", nargs="+", metavar="TEXT", help="cut these sentences with every tokenizer"
    )
    words.add_argument(
        "--choose", nargs="?", const="", metavar="ID",
        help="let the corpus have it: the one that was just made, or one of the list",
    )  # fmt: skip
