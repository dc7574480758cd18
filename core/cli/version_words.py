"""The words of `versions`. Only the standard library is imported here."""

from __future__ import annotations

import argparse
from typing import Any


def add_versions(commands: Any, common: argparse.ArgumentParser) -> None:
    actions = commands.add_parser("versions", help="the shelf").add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=type(common)
    )
    actions.add_parser("list", parents=[common], help="all versions")
    for word, text in (("show", "one version"), ("remove", "move to the trash")):
        one = actions.add_parser(word, parents=[common], help=text)
        one.add_argument("name", metavar="VERSION")
    load = actions.add_parser("import", parents=[common], help="bring a model")
    load.add_argument(
        "path",
        metavar="PATH",
        help="a Hugging Face folder, a .safetensors or a .gguf file; hub:OWNER/NAME asks the hub",
    )
    load.add_argument("--name", help="what it is called on the shelf (its own name)")
    load.add_argument(
        "--yes", action="store_true", help="do ask the hub: the only command that uses the network"
    )
    merge = actions.add_parser("merge", parents=[common], help="make a whole version of an adapter")
    merge.add_argument("name", metavar="VERSION")
    merge.add_argument("--name", dest="new", required=True, metavar="NEW")
    compare = actions.add_parser(
        "compare", parents=[common], help="recipes, text and figures of two versions side by side"
    )
    compare.add_argument("name", metavar="VERSION")
    compare.add_argument("other", metavar="OTHER")
    again = actions.add_parser(
        "reproduce",
        parents=[common],
        help="train it once more from its recipe and compare the weights",
    )
    again.add_argument("name", metavar="VERSION")
    again.add_argument("--name", dest="new", metavar="NEW", help="name of the copy (NAME again)")
    worth = actions.add_parser(
        "worth",
        parents=[common],
        help="was specialising worth it? trains the same from scratch and compares",
    )
    worth.add_argument("name", metavar="VERSION")
    worth.add_argument(
        "--no-train", dest="train", action="store_false", help="only compare what has been trained"
    )
    export = actions.add_parser("export", parents=[common], help="copy in a standard format")
    export.add_argument("name", metavar="VERSION")
    export.add_argument(
        "--to", required=True, metavar="PATH",
        help="a new folder (hf, ollama, adapter) or file (gguf)",
    )  # fmt: skip
    export.add_argument(
        "--format", default="hf", choices=("hf", "gguf", "ollama", "adapter"),
        help="Hugging Face folder (hf), one file for llama.cpp, a folder for Ollama, or what LoRA learnt alone, "
        "as a folder for peft (hf)",
    )  # fmt: skip
    export.add_argument(
        "--quantisation",
        default="q8_0",
        choices=("f32", "f16", "bf16", "q8_0", "q5_0", "q4_0"),
        help="number format of a GGUF file (q8_0)",
    )
    rename = actions.add_parser("rename", parents=[common], help="rename a version")
    rename.add_argument("name", metavar="VERSION")
    rename.add_argument("new", metavar="NEW")
