"""Chat templates: how turns of a conversation become tokens, and which of these are an answer.

A template is rendered with signs in the place of what was said, once for each row of roles; so what
people say is never read by the template and never becomes a special token, and where an answer lies
is known to the character.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from tokenizers import Encoding, Tokenizer

from core.errors import BadTemplate
from core.files import read_json
from core.sentences import N_
from core.tokenizer.roles import TokenRoles, names_of
from core.tokenizer.sandbox import TemplateFault, clock, compiled, render
from core.tokenizer.special import CHAT_TEMPLATE, TURN_END, TURN_START

CONFIG_FILE = "tokenizer_config.json"
TEMPLATE_FILE = "chat_template.jinja"
PLAIN_TEMPLATE = (
    "{% for message in messages %}"
    "{% if message['role'] == 'user' %}{{ 'Q: ' + message['content'] + '\n' }}"
    "{% elif message['role'] == 'assistant' %}{{ 'A: ' + message['content'] + eos_token + '\n' }}"
    "{% else %}{{ message['content'] + '\n' }}{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ 'A:' }}{% endif %}"
)
"""Questions and answers as plain text, for tokenizers without tokens for turns."""
Message = dict[str, str]
"""{"role": …, "content": …}"""
Kind = Literal["own", "chatml", "plain"]
_SIGN = re.compile("\ue000(\\d+)\ue001")
_MOST_PREFIXES = 32
_BATCH = 512


@dataclass(frozen=True, slots=True)
class Rendered:
    """A conversation as tokens; `trained` says which of them are an answer or end one.
    `answer_bytes`: UTF-8 bytes of the answers."""

    tokens: list[int]
    trained: list[bool]
    answer_bytes: int


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """What a template writes around messages: texts and numbers of messages in turn. `starts` and
    `ends`: by number of an answer, how many characters before its message (in the text there) it
    begins, and how many after its message it ends. `folded`: the system's words stand at the head
    of the first user's, since the template knows no system."""

    parts: tuple[str | int, ...]
    starts: dict[int, int]
    ends: dict[int, int]
    folded: bool = False


class ChatTemplate:
    """A template with the tokenizer that it is for.

    Raises (from every use):
        TemplateFault: It cannot be run, or refuses a conversation (Refusal).
    """

    def __init__(
        self, text: str, kind: Kind, tokenizer: Tokenizer, roles: TokenRoles,
        names: dict[str, str] | None = None, now: datetime | None = None,
    ) -> None:  # fmt: skip
        """`names`: special tokens by role (“bos_token” …), as templates call them. `now`: what date
        a template that asks is told (None: this moment's)."""
        self.text, self.kind = text, kind
        self._tokenizer = tokenizer
        self._template = compiled(text)
        self._names = {
            "bos_token": tokenizer.id_to_token(roles.begin) or "",
            "eos_token": tokenizer.id_to_token(roles.end) or "", **(names or {}),
        }  # fmt: skip
        self._clock = clock(now or datetime.now())
        added = tokenizer.get_added_tokens_decoder()
        self._special = {t.content: i for i, t in added.items() if t.special and t.content}
        longest_first = sorted(self._special, key=len, reverse=True)
        self._find = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")
        self._known: dict[tuple[tuple[str, ...], bool], _Skeleton | TemplateFault] = {}
        self._prompt_text: str | None = None
        self.turn_end: int | None = self._turn_end()

    @property
    def stops(self) -> set[int]:
        """What ends an answer."""
        return set() if self.turn_end is None else {self.turn_end}

    @property
    def specials(self) -> dict[int, str]:
        """The texts of all special tokens."""
        return {number: text for text, number in self._special.items()}

    @property
    def written(self) -> list[int]:
        """The special tokens that it writes, in the order of their numbers."""
        found = set(self.stops)
        for roles in (("system", "user"), ("user", "assistant")):
            with contextlib.suppress(TemplateFault):
                text = self._render(roles, roles[-1] == "user")
                found |= {self._special[match] for match in self._find.findall(text)}
        return sorted(found)

    @property
    def lead(self) -> str:
        """Blanks between the prompt and an answer, which a version writes before its words."""
        parts = self._skeleton(("user", "assistant"), False)
        before = parts.parts[parts.parts.index(1) - 1]
        assert isinstance(before, str)
        text = before[len(before) - parts.starts[1] :]
        return text if text.isspace() else ""

    def text_of(self, messages: Sequence[Message], prompt: bool = False) -> str:
        """The conversation as text. `prompt`: with the beginning of an answer at its end."""
        return _filled(*self._arranged(messages, prompt))[0]

    def refusal(self, messages: Sequence[Message]) -> TemplateFault | None:
        """Why this conversation cannot be written with the template; None: it can."""
        try:
            self._arranged(messages, False)
        except TemplateFault as fault:
            return fault
        return None

    def prompt(self, messages: Sequence[Message], room: int | None = None) -> list[int]:
        """Tokens after which the version answers.

        Args:
            room: Most tokens: of a longer conversation the earliest exchanges are left out.
        """
        return self.fitted(messages, room)[0]

    def fitted(
        self, messages: Sequence[Message], room: int | None = None
    ) -> tuple[list[int], int]:  # fmt: skip
        """`prompt` with how many messages were left out. The system's words and the last exchange
        stay, however long they are."""
        head, turns = exchanges(messages)
        while True:
            kept = [*head, *chain(*turns)]
            skeleton, contents = self._arranged(kept, True)
            text, guarded, _ = _filled(skeleton, contents)
            tokens = [token for token, _ in self._tokens(text, guarded)]
            if room is None or len(tokens) <= room or len(turns) < 2:
                return tokens, len(messages) - len(kept)
            turns = turns[1:]

    def rendered(self, messages: Sequence[Message]) -> Rendered:
        """One conversation, to be learnt."""
        return next(self.rendered_many([messages]))

    def rendered_many(self, conversations: Sequence[Sequence[Message]]) -> Iterator[Rendered]:
        """Many of them, some hundred encoded at a time."""
        for start in range(0, len(conversations), _BATCH):
            batch = [
                _filled(*self._arranged(c, False)) for c in conversations[start : start + _BATCH]
            ]
            joint = [text for text, guarded, _ in batch if not self._needs_guard(text, guarded)]
            with _with_specials(self._tokenizer):
                encoded = iter(self._tokenizer.encode_batch(joint, add_special_tokens=False))
            for text, guarded, answers in batch:
                if self._needs_guard(text, guarded):
                    pairs = self._tokens(text, guarded)
                else:
                    pairs = _pairs(next(encoded))
                yield _marked(pairs, text, answers)

    # ---- what the template writes ----------------------------------------------------------------

    def _render(self, roles: Sequence[str], prompt: bool) -> str:
        messages = [
            {"role": role, "content": f"\ue000{number}\ue001"} for number, role in enumerate(roles)
        ]
        return render(
            self._template, messages=messages, add_generation_prompt=prompt,
            strftime_now=self._clock, **self._names,
        )  # fmt: skip

    def _arranged(
        self, messages: Sequence[Message], prompt: bool
    ) -> tuple[_Skeleton, list[str]]:  # fmt: skip
        roles = tuple(message["role"] for message in messages)
        contents = [message["content"].strip() for message in messages]
        skeleton = self._skeleton(roles, prompt)
        if skeleton.folded:
            contents = [f"{contents[0]}\n\n{contents[1]}", *contents[2:]]
        return skeleton, contents

    def _skeleton(self, roles: tuple[str, ...], prompt: bool) -> _Skeleton:
        key = (roles, prompt)
        if key not in self._known:
            try:
                self._known[key] = self._made(roles, prompt)
            except TemplateFault as fault:
                self._known[key] = self._without_system(roles, prompt) or fault
        found = self._known[key]
        if isinstance(found, TemplateFault):
            raise found
        return found

    def _without_system(self, roles: tuple[str, ...], prompt: bool) -> _Skeleton | None:
        if roles[:2] != ("system", "user"):
            return None
        try:
            made = self._made(roles[1:], prompt)
        except TemplateFault:
            return None
        return _Skeleton(made.parts, made.starts, made.ends, True)

    def _made(self, roles: tuple[str, ...], prompt: bool) -> _Skeleton:
        text = self._render(roles, prompt)
        if not prompt:
            text = self._as_asked(text, roles)
        split = _SIGN.split(text)
        parts = tuple(int(part) if i % 2 else part for i, part in enumerate(split))
        numbers = [part for part in parts if isinstance(part, int)]
        # Some write the system's words with the last question.
        said = [n for n in numbers if n or roles[0] != "system"]
        if sorted(numbers) != list(range(len(roles))) or said != sorted(said):
            raise TemplateFault(N_("Errors", "it does not write every message once, in their order"))  # fmt: skip
        starts: dict[int, int] = {}
        ends: dict[int, int] = {}
        for place, part in enumerate(parts):
            if isinstance(part, int) and roles[part] == "assistant":
                before, after = str(parts[place - 1]), str(parts[place + 1])
                starts[part] = self._answer_begins(text, roles, part, before)
                ends[part] = self._answer_ends(after)
        return _Skeleton(parts, starts, ends)

    def _as_asked(self, text: str, roles: tuple[str, ...]) -> str:
        """`text` with all that the prompt writes before a last answer: some templates open an answer
        with more (an empty “<think>”) than they write before one that was given, and what is learnt
        shall be what is asked for."""
        if len(roles) < 2 or roles[-1] != "assistant":
            return text
        try:
            asked = self._render(roles[:-1], True)
        except TemplateFault:
            return text
        place = text.find(f"\ue000{len(roles) - 1}\ue001")
        return asked + text[place:] if place >= 0 and asked.startswith(text[:place]) else text

    def _answer_begins(self, text: str, roles: tuple[str, ...], number: int, before: str) -> int:
        """Characters of `before`, the text in front of an answer, that the version writes itself:
        what comes after the prompt."""
        prompt = self._answer_prompt()
        if prompt:
            place = before.rfind(prompt)
            return len(before) - place - len(prompt) if place >= 0 else 0
        if not 0 < number < _MOST_PREFIXES:
            return 0
        try:
            prefix = self._render(roles[:number], False)
        except TemplateFault:
            return 0
        begins = text.index(f"\ue000{number}\ue001")
        return begins - len(prefix) if text.startswith(prefix) and len(prefix) <= begins else 0

    def _answer_prompt(self) -> str:
        """What add_generation_prompt adds; "" where the template knows no such thing."""
        if self._prompt_text is None:
            plain, more = self._render(("user",), False), self._render(("user",), True)
            self._prompt_text = more[len(plain) :] if more.startswith(plain) else ""
        return self._prompt_text

    def _answer_ends(self, after: str) -> int:
        """Characters of `after`, the text behind an answer, that end it."""
        found = self._find.search(after)
        if found is None or self._special[found.group()] != self.turn_end:
            return 0
        return found.end()

    def _turn_end(self) -> int | None:
        """The special token behind the last answer."""
        self.turn_end = None
        text = self._render(("user", "assistant"), False)
        found = self._find.search(text, text.find("\ue0001\ue001"))
        return None if found is None else self._special[found.group()]

    # ---- tokens ----------------------------------------------------------------------------------

    def _needs_guard(self, text: str, guarded: list[tuple[int, int]]) -> bool:
        """Whether somebody's words look like a special token."""
        return any(self._find.search(text, begin, end) for begin, end in guarded)

    def _tokens(
        self, text: str, guarded: list[tuple[int, int]]
    ) -> list[tuple[int, tuple[int, int]]]:
        """(token, its characters); what stands in `guarded` is text, whatever it looks like."""
        if not self._needs_guard(text, guarded):
            with _with_specials(self._tokenizer):
                return _pairs(self._tokenizer.encode(text, add_special_tokens=False))
        found: list[tuple[int, tuple[int, int]]] = []
        position = 0
        for match in [*self._find.finditer(text), None]:
            if match and any(begin < match.end() and match.start() < end for begin, end in guarded):
                continue
            begin, end = position, match.start() if match else len(text)
            if begin < end:
                piece = self._tokenizer.encode(text[begin:end], add_special_tokens=False)
                found += [(t, (a + begin, b + begin)) for t, (a, b) in _pairs(piece)]
            if match:
                found.append((self._special[match.group()], match.span()))
                position = match.end()
        return found


def exchanges(talk: Sequence[Message]) -> tuple[list[Message], list[list[Message]]]:
    """(the system's words, turns that each begin with a question)."""
    head: list[Message] = []
    found: list[list[Message]] = []
    for message in talk:
        if message["role"] == "system" and not found:
            head.append(message)
        elif message["role"] == "user" or not found:
            found.append([message])
        else:
            found[-1].append(message)
    return head, found


@contextlib.contextmanager
def _with_specials(tokenizer: Tokenizer) -> Generator[None]:
    """Within it the texts of special tokens are these."""
    before = tokenizer.encode_special_tokens
    tokenizer.encode_special_tokens = False
    try:
        yield
    finally:
        tokenizer.encode_special_tokens = before


def _pairs(encoding: Encoding) -> list[tuple[int, tuple[int, int]]]:
    return list(zip(encoding.ids, encoding.offsets, strict=True))


def _filled(
    skeleton: _Skeleton, contents: list[str]
) -> tuple[str, list[tuple[int, int]], list[tuple[int, int, int, int]]]:
    """(text, where messages stand, answers as (begin, message begins, message ends, end))."""
    pieces: list[str] = []
    guarded: list[tuple[int, int]] = []
    answers: list[tuple[int, int, int, int]] = []
    position = 0
    for part in skeleton.parts:
        piece = part if isinstance(part, str) else contents[part]
        if isinstance(part, int):
            span = (position, position + len(piece))
            guarded.append(span)
            if part in skeleton.starts:
                answers.append(
                    (span[0] - skeleton.starts[part], *span, span[1] + skeleton.ends[part])
                )
        pieces.append(piece)
        position += len(piece)
    return "".join(pieces), guarded, answers


def _marked(
    pairs: list[tuple[int, tuple[int, int]]], text: str, answers: list[tuple[int, int, int, int]]
) -> Rendered:
    trained = [False] * len(pairs)
    place = 0
    for begin, _, _, end in answers:
        while place < len(pairs) and pairs[place][1][0] < begin:
            place += 1
        while place < len(pairs) and pairs[place][1][0] < end:
            trained[place] = True
            place += 1
    size = sum(len(text[begin:end].encode("utf-8", "replace")) for _, begin, end, _ in answers)
    return Rendered([token for token, _ in pairs], trained, size)


# ---- choosing ------------------------------------------------------------------------------------


def template_text(folder: Path | None) -> str | None:
    """The template that a folder's tokenizer comes with, as transformers looks for it."""
    if folder is None:
        return None
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return (folder / TEMPLATE_FILE).read_text(encoding="utf-8")
    try:
        found: Any = read_json(folder / CONFIG_FILE)
    except (OSError, ValueError):
        return None
    found = found.get("chat_template") if isinstance(found, dict) else None
    if isinstance(found, list):  # Several, by name.
        named = {t.get("name"): t.get("template") for t in found if isinstance(t, dict)}
        found = named.get("default")
    return found if isinstance(found, str) and found.strip() else None


def choose(
    wanted: str, tokenizer: Tokenizer, roles: TokenRoles, folder: Path | None = None,
    now: datetime | None = None,
) -> ChatTemplate:  # fmt: skip
    """The template of a recipe's `chat_template`.

    Args:
        wanted: auto (the folder's own; else ChatML, else plain), chatml or plain.
        folder: Of the version whose tokenizer it is.
        now: As for `ChatTemplate`.

    Raises:
        BadTemplate: The own template cannot be used, or the tokenizer has no tokens for ChatML.
    """
    own = template_text(folder) if wanted == "auto" else None
    has_turns = all(tokenizer.token_to_id(token) is not None for token in (TURN_START, TURN_END))
    kind: Kind = "plain" if wanted == "plain" or not has_turns else "chatml"
    if own is not None:
        kind = {CHAT_TEMPLATE: "chatml", PLAIN_TEMPLATE: "plain"}.get(own, "own")  # type: ignore[assignment]
    try:
        if wanted == "chatml" and not has_turns:
            raise TemplateFault(N_("Errors", "the version's tokenizer has no tokens for turns"))
        text = own or (CHAT_TEMPLATE if kind == "chatml" else PLAIN_TEMPLATE)
        template = ChatTemplate(text, kind, tokenizer, roles, names_of(folder), now)
        template.rendered([_said("user", "?"), _said("assistant", "!")])
    except TemplateFault as fault:
        raise BadTemplate("chat_template", reason=fault.sentence) from fault
    return template


def _said(role: str, content: str) -> Message:
    return {"role": role, "content": content}
