"""A Modelfile for Ollama: which file, how a conversation is written, when an answer is over.

Ollama's templates are Go's (https://docs.ollama.com/modelfile); ours are Jinja programs. What a
template puts around a user's and an answer's words is found by rendering it, and written down in Go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.tokenizer.sandbox import TemplateFault
from core.tokenizer.template import ChatTemplate, Message

_WORDS = ("ほげ0x", "ふが1y", "ぴよ2z")
MODELFILE = "Modelfile"


@dataclass(frozen=True, slots=True)
class Turns:
    """What stands around each role's words, and before everything. `system` is None where the
    template knows no system."""

    head: str
    user: tuple[str, str]
    assistant: tuple[str, str]
    system: tuple[str, str] | None
    prompt: str
    """After which the version answers; mostly the assistant's beginning."""

    def text_of(self, messages: Sequence[Message]) -> str:
        """The prompt that Ollama makes of a conversation."""
        around = {"user": self.user, "assistant": self.assistant, "system": self.system or ("", "")}
        said = [
            around[m["role"]][0] + m["content"].strip() + around[m["role"]][1] for m in messages
        ]
        return self.head + "".join(said) + self.prompt

    def go(self) -> str:
        """The same as a template of Ollama."""
        lines = [
            ("if eq .Role \"user\"", self.user), ("else if eq .Role \"assistant\"", self.assistant),
        ]  # fmt: skip
        if self.system is not None:
            lines.append(('else if eq .Role "system"', self.system))
        inner = "".join(
            f"{{{{ {test} }}}}{_go(before)}{{{{ .Content }}}}{_go(after)}"
            for test, (before, after) in lines
        )
        loop = f"{{{{ range .Messages }}}}{inner}{{{{ end }}}}{{{{ end }}}}"
        return _go(self.head) + loop + _go(self.prompt)


def turns_of(template: ChatTemplate, without: str = "") -> Turns | None:
    """None where the template writes turns in no such simple way.

    Args:
        without: A token at the very beginning that the program puts there itself.
    """
    try:
        return _turns(template, without)
    except (TemplateFault, ValueError):
        return None


def _turns(template: ChatTemplate, without: str) -> Turns:
    """Raises ValueError, TemplateFault."""
    one, two, three = _WORDS
    user = {"role": "user", "content": one}
    answer = {"role": "assistant", "content": two}
    later = {"role": "user", "content": three}
    first = template.text_of([user])
    asked = template.text_of([user], prompt=True)
    whole = template.text_of([user, answer, later])
    answered = template.text_of([user, answer])
    user_end = first[first.index(one) + len(one) :]
    answer_end = answered[answered.index(two) + len(two) :]
    answer_begin = _after(_between(whole, one, two), user_end)
    user_begin = _after(_between(whole, two, three), answer_end)
    head = _before(first[: first.index(one)], user_begin).removeprefix(without)
    prompt = _after(asked, first)
    system = _system(template, head, user_begin, without)
    answers = (answer_begin, answer_end)
    found = Turns(head, (user_begin, user_end), answers, system, prompt)
    if without + found.text_of([user, answer, later]) != without + _prompt(template, without, [user, answer, later]):  # fmt: skip
        raise ValueError("a longer conversation is written otherwise")
    return found


def _prompt(template: ChatTemplate, without: str, messages: Sequence[Message]) -> str:
    return template.text_of(messages, prompt=True).removeprefix(without)


def _system(
    template: ChatTemplate, head: str, user_begin: str, without: str
) -> tuple[str, str] | None:
    one, two, _ = _WORDS
    messages = [{"role": "system", "content": one}, {"role": "user", "content": two}]
    try:
        text = template.text_of(messages).removeprefix(without)
        return _after(text[: text.index(one)], head), _before(_between(text, one, two), user_begin)
    except (TemplateFault, ValueError):
        return None


def _between(text: str, left: str, right: str) -> str:
    return text[text.index(left) + len(left) : text.index(right)]


def _after(text: str, begin: str) -> str:
    if not text.startswith(begin):
        raise ValueError(text)
    return text[len(begin) :]


def _before(text: str, end: str) -> str:
    if not text.endswith(end):
        raise ValueError(text)
    return text[: len(text) - len(end)]


def _go(text: str) -> str:
    """Plain text inside a template of Go."""
    return text.replace("{{", '{{ "{{" }}') if "{{" in text else text


def modelfile(
    gguf: str, turns: Turns | None, stops: Sequence[str], context: int, temperature: float
) -> str:
    """Without `turns` a prompt is continued as it is."""
    template = turns.go() if turns is not None else "{{ .Prompt }}"
    lines = [f"FROM ./{gguf}", f'TEMPLATE """{template}"""']
    lines += [f'PARAMETER stop "{stop}"' for stop in stops if '"' not in stop and "\n" not in stop]
    lines += [f"PARAMETER num_ctx {context}", f"PARAMETER temperature {temperature}"]
    return "\n".join(lines) + "\n"
