"""XML, element by element, without a tree: memory does not grow with the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol
from xml.parsers import expat

from core.corpus.readers.faults import NotReadable
from core.sentences import N_, Sentence

BROKEN = expat.ExpatError
_TEXT_BUFFER = 1 << 16
_MOST_NAMES = 10_000


class Handler(Protocol):
    """Names come without their prefix, attributes too."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def data(self, text: str) -> None: ...


def walk(blocks: Iterable[bytes], handler: Handler) -> None:
    """Tell `handler` of every element in turn.

    Raises:
        BROKEN: The XML is damaged; what came before was told.
        NotReadable: It declares entities, with which a few lines can stand for gigabytes.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = _TEXT_BUFFER
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    local = _Local()

    def start(name: str, attributes: dict[str, str]) -> None:
        if attributes:
            attributes = {local[key]: value for key, value in attributes.items()}
        handler.start(local[name], attributes)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: handler.end(local[name])
    parser.CharacterDataHandler = handler.data
    parser.EntityDeclHandler = _refuse
    for block in blocks:
        parser.Parse(block, False)
    parser.Parse(b"", True)


class _Local(dict[str, str]):
    """Names without their prefix, each looked at once."""

    def __missing__(self, name: str) -> str:
        local = name.rpartition(":")[2]
        if len(self) < _MOST_NAMES:
            self[name] = local
        return local


def _refuse(*_: object) -> None:
    text = N_("Verdicts", "declares entities of its own, as bombs do: not read")
    raise NotReadable(Sentence("Verdicts", text))
