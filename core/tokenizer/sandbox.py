"""Chat templates of other people, run so that they can do nothing but write text, and not for ever.

A template is a program (Jinja) that comes with a downloaded model. It runs in Jinja's sandbox for
immutable data, with the filters that templates need and no others; lines that it runs, seconds that
it takes and characters that it holds at once are limited.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from jinja2 import Template, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.sentences import N_, Sentence, Value

LONGEST_SOURCE = 1 << 18
LONGEST_TEXT = 1 << 20
_MOST_LINES = 2_000_000
_MOST_SECONDS = 10.0
_MOST_STEPS_OF_RANGE = 10_000
_LARGEST_NUMBER = 1 << 62
_LONGEST_DATE = 256
_FILTERS = (
    "abs", "attr", "bool", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first",
    "float", "int", "items", "last", "length", "list", "lower", "map", "max", "min", "reject",
    "rejectattr", "reverse", "round", "safe", "select", "selectattr", "sort", "string", "title",
    "trim", "unique", "upper",
)  # fmt: skip
_FORBIDDEN = frozenset(
    ("format", "format_map", "center", "ljust", "rjust", "zfill", "expandtabs", "translate",
     "encode", "to_bytes")
)  # fmt: skip
"""Methods that make much of little."""
_WIDE = re.compile(r"%[^a-zA-Z%]*(?:\d{3,}|\*)")


class TemplateFault(Exception):
    """A template that cannot be used; `sentence` completes “… cannot be used: …”."""

    def __init__(self, text: str, **values: Value) -> None:
        self.sentence = Sentence("Errors", text, values)
        super().__init__(self.sentence.english())


class Refusal(TemplateFault):
    """The template itself says that a conversation is not one of its kind."""


class Unsafe(TemplateFault):
    """The template wants more than to write a text: out of the sandbox, or no end."""


class _TooMuch(Exception):
    """A limit was reached."""


def compiled(source: str) -> Template:
    """Raises TemplateFault."""
    if len(source) > LONGEST_SOURCE:
        raise Unsafe(N_("Errors", "it is longer than {count} characters"), count=LONGEST_SOURCE)  # fmt: skip
    try:
        template = _ENVIRONMENT.from_string(source)
    except TemplateSyntaxError as error:
        raise TemplateFault(
            N_("Errors", "it is no valid template (line {line}: {detail})"),
            line=error.lineno, detail=_short(error),
        ) from error  # fmt: skip
    except Exception as error:  # Nested too deeply, or what the compiler itself trips over.
        raise TemplateFault(N_("Errors", "it fails ({detail})"), detail=_short(error)) from error
    names = template.root_render_func.__globals__
    for name in ("str_join", "markup_join"):  # What “~” is compiled to.
        if name in names:
            names[name] = _joined
    return template


def check_harmless(source: str) -> None:
    """Look for ways out of the sandbox in every branch, also in those that no conversation takes.

    Raises:
        Unsafe: It names Python's inner attributes, or is too long.
        TemplateFault: It is no template.
    """
    compiled(source)
    for node in _ENVIRONMENT.parse(source).find_all((nodes.Getattr, nodes.Const)):
        name = node.attr if isinstance(node, nodes.Getattr) else node.value
        if isinstance(name, str) and re.fullmatch(r"__\w+__", name):
            raise Unsafe(N_("Errors", "it tries to leave its sandbox"))


def render(template: Template, **values: Any) -> str:
    """What the template writes. Raises TemplateFault; Refusal when it calls raise_exception."""
    try:
        return _limited(lambda: _written(template, values))
    except TemplateFault:
        raise
    except SecurityError as error:
        raise Unsafe(N_("Errors", "it tries to leave its sandbox")) from error
    except (_TooMuch, RecursionError, MemoryError, OverflowError) as error:
        raise Unsafe(N_("Errors", "it does not come to an end, or makes endless text")) from error  # fmt: skip
    except Exception as error:
        raise TemplateFault(N_("Errors", "it fails ({detail})"), detail=_short(error)) from error


def _written(template: Template, values: dict[str, Any]) -> str:
    pieces: list[str] = []
    total = 0
    for piece in template.generate(**values):
        total += len(piece)
        _check(total)
        pieces.append(piece)
    return "".join(pieces)


def _limited(work: Callable[[], str]) -> str:
    """Run `work` on this thread; raises _TooMuch after too many lines of Python, or seconds."""
    lines, ends = 0, time.monotonic() + _MOST_SECONDS

    def trace(frame: Any, event: str, argument: Any) -> Any:
        nonlocal lines
        lines += 1
        if lines > _MOST_LINES or (lines % 64 == 0 and time.monotonic() > ends):
            raise _TooMuch
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        return work()
    finally:
        sys.settrace(before)


def _short(error: BaseException) -> str:
    words = " ".join(str(error).split()) or type(error).__name__
    return words if len(words) <= 160 else words[:159] + "…"


def _check(size: int) -> None:
    if size > LONGEST_TEXT:
        raise _TooMuch


def _size(value: Any) -> int:
    return len(value) if isinstance(value, str | list | tuple | dict) else 0


# ---- what templates may use ----------------------------------------------------------------------


class _Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset(("+", "*", "**", "%"))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "+":
            _check(_size(left) + _size(right))
        elif operator == "*":
            for one, other in ((left, right), (right, left)):
                if isinstance(other, int):
                    _check(_size(one) * other)
            if isinstance(left, int) and isinstance(right, int):
                self._number(abs(left) * abs(right))
        elif operator == "**":
            if abs(right) > 64 or abs(left) > 1 << 16:
                raise _TooMuch
        elif isinstance(left, str) and _WIDE.search(left):
            raise _TooMuch
        return super().call_binop(context, operator, left, right)

    @staticmethod
    def _number(value: int) -> None:
        if value > _LARGEST_NUMBER:
            raise _TooMuch

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return attr not in _FORBIDDEN and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """No `format` at all: Jinja would wrap it, and its widths are without a limit."""

    def call(self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        owner, name = getattr(__obj, "__self__", None), getattr(__obj, "__name__", "")
        if isinstance(owner, str) and name == "replace" and len(args) >= 2:
            _check(_after_replacing(owner, str(args[0]), str(args[1])))
        if isinstance(owner, str) and name == "join" and args:
            return _join(args[0], owner)
        return super().call(__context, __obj, *args, **kwargs)


class _Generation(Extension):
    """`{% generation %} … {% endgeneration %}`: transformers' mark for answers; only its text."""

    tags = {"generation"}

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def _after_replacing(text: str, old: str, new: str) -> int:
    return len(text) + (text.count(old) if old else len(text) + 1) * max(0, len(new) - len(old))


def _replace(text: Any, old: str, new: str, count: int | None = None) -> str:
    whole = str(text)
    _check(_after_replacing(whole, old, new))
    return whole.replace(old, new, -1 if count is None else count)


def _join(values: Any, between: str = "", attribute: Any = None) -> str:
    if attribute is not None:
        values = [_ENVIRONMENT.getitem(value, attribute) for value in values]
    words = [str(value) for value in values]
    _check(sum(map(len, words)) + len(between) * len(words))
    return between.join(words)


def _joined(pieces: Any) -> str:
    return _join(list(pieces))


def _indent(text: str, width: int | str = 4, first: bool = False, blank: bool = False) -> str:
    mark = " " * min(width, 64) if isinstance(width, int) else width[:64]
    lines = text.split("\n")
    _check(len(text) + len(lines) * len(mark))
    return "\n".join(
        mark + line if (i or first) and (line or blank) else line for i, line in enumerate(lines)
    )


def _to_json(
    value: Any, ensure_ascii: bool = False, indent: int | None = None, separators: Any = None,
    sort_keys: bool = False,
) -> str:  # fmt: skip
    """As transformers writes it: plain JSON, without HTML's escapes."""
    deep = None if indent is None else min(int(indent), 16)
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=deep, separators=separators, sort_keys=sort_keys
    )


def _range(*numbers: int) -> range:
    steps = range(*numbers)
    if len(steps) > _MOST_STEPS_OF_RANGE:
        raise _TooMuch
    return steps


def clock(now: datetime) -> Callable[[str], str]:
    """transformers' `strftime_now` for templates that tell the date, at a moment that stands still."""

    def strftime_now(form: str) -> str:
        if len(form) > _LONGEST_DATE:
            raise _TooMuch
        return now.strftime(form)

    return strftime_now


def _raise(message: Any = "") -> None:
    words = " ".join(str(message).split())[:160]
    raise Refusal(N_("Errors", "it refuses this conversation ({detail})"), detail=words)


def _environment() -> _Environment:
    made = _Environment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols]
    )
    filters: dict[str, Any] = made.filters
    for name in filters.keys() - set(_FILTERS):
        del filters[name]
    filters.update(replace=_replace, join=_join, indent=_indent, tojson=_to_json)
    names: dict[str, Any] = made.globals
    for name in names.keys() - {"namespace", "dict", "cycler", "joiner"}:
        del names[name]
    names.update(range=_range, raise_exception=_raise)
    return made


_ENVIRONMENT = _environment()
