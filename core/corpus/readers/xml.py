"""XML, element by element, without a tree: memory does not grow with the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol
from xml.parsers import expat

from core.corpus.readers.faults import NotReadable
from core.sentences import N_, Sentence

BROKEN = expat.ExpatError
_TEXT_BUFFER = 1 << 16


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

    def start(name: str, attributes: dict[str, str]) -> None:
        local = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        handler.start(name.rpartition(":")[2], local)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: handler.end(name.rpartition(":")[2])
    parser.CharacterDataHandler = handler.data
    parser.EntityDeclHandler = _refuse
    for block in blocks:
        parser.Parse(block, False)
    parser.Parse(b"", True)


def _refuse(*_: object) -> None:
    text = N_("Verdicts", "declares entities of its own, as bombs do: not read")
    raise NotReadable(Sentence("Verdicts", text))
