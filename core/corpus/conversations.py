"""Conversations, recognised by the shape of a row, in one form.

A row of a data set becomes `{"messages": [{"role", "content"}, …]}`, or, where a better and a worse
answer are given, `{"prompt": [messages], "chosen": text, "rejected": text}`. Shapes: lists of
messages (OpenAI), ShareGPT's from/value, utterances, instructions (Alpaca, Dolly, Self-Instruct),
prompt and completion, question and answer (also with choices), OpenAssistant's trees, pairs (DPO,
HH-RLHF, UltraFeedback), chats as services export them. Columns may have any of the names that
core.corpus.columns knows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.corpus import articles, chat_exports, trees
from core.corpus.columns import ANSWERS, LISTS, QUESTIONS, with_usual_names
from core.sentences import N_, Sentence, Value

Message = dict[str, str]
"""{"role": …, "content": …}"""
_ROLES = {
    "user": ("user", "human", "prompter", "usr", "customer", "question", "ユーザー", "ユーザ"),
    "assistant": (
        "assistant", "agent", "gpt", "bot", "chatgpt", "model", "ai", "bing", "bard", "answer",
        "system_response", "アシスタント",
    ),
    "system": ("system", "developer"),
    "tool": ("tool", "function", "observation", "ipython"),
}  # fmt: skip
_ROLE_OF = {name: role for role, names in _ROLES.items() for name in names}
ROLE_FIELDS = ("role", "from", "name", "speaker", "interlocutor_id", "author", "役割", "話者")
WORDS_FIELDS = ("content", "value", "text", "utterance", "message", "内容", "発話")
_TEXTS = ("text", "body", "article", "document", "story")
_encode = json.JSONEncoder(ensure_ascii=False).encode
_ORDERS = re.compile(r"system: .*?\n(?=user: )", re.DOTALL)
_CHOICES = re.compile(r"choice_?\d+")
_HUMAN_TURNS = re.compile(r"(?:^|\n\n)(Human|Assistant): ?")


class Malformed(Exception):
    """A row that means to be a conversation and is none; `sentence` says why."""

    def __init__(self, text: str, **values: Value) -> None:
        self.sentence = Sentence("Verdicts", text, values)
        super().__init__(self.sentence.english())


@dataclass(frozen=True, slots=True)
class Conversation:
    """`text`: for reading and counting. `data`: the canonical form as JSON; None where nobody can
    be taken for the one who answers. `shape`: how the row had it, such as "alpaca"."""

    text: str
    data: str | None
    shape: str


def recognised(row: Any) -> list[Conversation]:
    """The conversations of a row; none where it has another shape. Raises Malformed."""
    if (export := chat_exports.found(row)) is not None:
        return [replace(found, shape=export.shape) for found in _of_list(export.row, "messages")]
    if not isinstance(row, dict):
        return []
    if trees.is_tree(row):
        return of_tree(row["prompt"])
    usual, names = with_usual_names(row)
    try:
        return _recognised(usual)
    except Malformed as malformed:
        field = malformed.sentence.values.get("field")
        if names.get(str(field), field) == field:
            raise
        raise Malformed(malformed.sentence.text, field=names[str(field)]) from malformed


def _recognised(row: dict[str, Any]) -> list[Conversation]:
    if "chosen" in row and "rejected" in row:
        return [_pair(row)]
    for name in LISTS:
        if name in row and not isinstance(row[name], str):
            return _of_list(row, name)
    if isinstance(row.get("instances"), list) and isinstance(row.get("instruction"), str):
        return [
            Conversation(found.text, found.data, "self-instruct")
            for instance in row["instances"]
            if isinstance(instance, dict)
            for found in _asked({**row, **instance})
        ]
    if isinstance(row.get("prompt"), list):
        return _prompted(row)
    return _asked(row)


def of_tree(prompt: dict[str, Any]) -> list[Conversation]:
    """The best path of a tree of messages. Raises Malformed."""
    messages = _messages(trees.best_path(prompt))
    return [_conversation(messages, "oasst")] if messages else []


def messages_of(data: str | None) -> list[Message] | None:
    """The messages of a canonical form; None for a pair or nothing."""
    return None if data is None else json.loads(data).get("messages")


def pair_of(data: str | None) -> tuple[list[Message], str, str] | None:
    """(prompt, chosen, rejected) of a canonical form; None for anything else."""
    found = {} if data is None else json.loads(data)
    if "chosen" not in found:
        return None
    return found["prompt"], found["chosen"], found["rejected"]


def is_pair(data: str | None) -> bool:
    return data is not None and data.startswith('{"prompt"')


def beginning_of(data: str) -> str:
    """What a canonical form has in common with others that belong together: of a pair its prompt, which
    several answers are ranked for; of messages those up to the first answer, where talks that go on
    differently part. (Quotes within words are escaped, so marks are found without reading it all.)"""
    if is_pair(data):
        return data[: data.find('"chosen":')]
    first = data.find('"role": "assistant"')
    end = data.find("}, {", first)
    return data[: end if end > 0 else len(data) - len("}]}")]


def as_text(messages: Sequence[Message]) -> str:
    """Turns as lines “role: text”."""
    return "\n".join(f"{m['role']}: {m['content']}" for m in messages)


def merged(messages: Sequence[Message]) -> list[Message]:
    """Without empty turns; what one says twice in a row is one turn."""
    result: list[Message] = []
    for message in messages:
        content = _clean(message["content"])
        if not content:
            continue
        if result and result[-1]["role"] == message["role"]:
            content = f"{result.pop()['content']}\n{content}"
        result.append({"role": message["role"], "content": content})
    return result


# ---- lists of turns --------------------------------------------------------------------------


def _of_list(row: dict[str, Any], name: str) -> list[Conversation]:
    turns = row[name]
    if not isinstance(turns, list):
        raise Malformed(N_("Verdicts", "“{field}” is no list of messages"), field=name)
    if not turns:
        return []
    messages = _messages(turns)
    system = row.get("system") or row.get("system_prompt")
    if isinstance(system, str) and messages and messages[0]["role"] != "system":
        messages = merged([_said("system", system), *messages])
    if not messages:
        raise Malformed(N_("Verdicts", "all messages of “{field}” are empty"), field=name)
    if _lost_its_answers(turns, messages):
        raise Malformed(N_("Verdicts", "all answers of “{field}” are empty"), field=name)
    return [_conversation(messages, _list_shape(name, turns[0]))]


def _lost_its_answers(turns: list[Any], messages: list[Message]) -> bool:
    """Whether someone answers, but never says anything."""
    told = {_role_told(turn).strip().casefold() for turn in turns if isinstance(turn, dict)}
    answers = any(_ROLE_OF.get(role) == "assistant" for role in told)
    return answers and not any(message["role"] == "assistant" for message in messages)


def _role_told(turn: dict[str, Any]) -> str:
    return next((turn[f] for f in ROLE_FIELDS if isinstance(turn.get(f), str)), "")


def _list_shape(name: str, turn: Any) -> str:
    if isinstance(turn, dict) and "from" in turn and "value" in turn:
        return "sharegpt"
    return "messages" if isinstance(turn, dict) and "role" in turn else "dialogue"


def _prompted(row: dict[str, Any]) -> list[Conversation]:
    """Messages as the prompt, an answer or more messages as the completion, if there is one."""
    turns = list(row["prompt"])
    if not any(isinstance(turn, dict) for turn in turns):
        return []
    for field in ANSWERS:
        if isinstance(row.get(field), list):
            turns += row[field]
            break
        if _words(row.get(field)):
            turns.append(_said("assistant", _words(row[field])))
            break
    messages = _messages(turns)
    return [_conversation(messages, "messages")] if messages else []


def _messages(turns: list[Any]) -> list[Message]:
    """Raises Malformed."""
    said: list[tuple[str, str]] = []
    for number, turn in enumerate(turns, 1):
        if isinstance(turn, str):
            said.append(("", turn))
            continue
        if not isinstance(turn, dict):
            raise Malformed(N_("Verdicts", "message {number} has no text in “content”, “value” or “text”"), number=number)  # fmt: skip
        words = next((turn[f] for f in WORDS_FIELDS if turn.get(f) is not None), None)
        role = _role_told(turn)
        words = _joined(words) if isinstance(words, list) else words
        if words is None and role:
            words = ""  # A turn that only called a tool.
        if not isinstance(words, str):
            raise Malformed(N_("Verdicts", "message {number} has no text in “content”, “value” or “text”"), number=number)  # fmt: skip
        said.append((role, words))
    return merged([_said(role, words) for role, words in _with_roles(said)])


def _joined(parts: list[Any]) -> str | None:
    """The text of content that comes in parts."""
    texts = [p if isinstance(p, str) else p.get("text") for p in parts if isinstance(p, str | dict)]
    return "\n".join(text for text in texts if isinstance(text, str)) or None


def _with_roles(said: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Two speakers without known roles take turns: the first asks, the second answers."""
    names = list(dict.fromkeys(role for role, _ in said))
    if names == [""]:
        for number, (_, words) in enumerate(said):
            yield ("user", "assistant")[number % 2], words
        return
    table = {n: _ROLE_OF[n.strip().casefold()] for n in names if n.strip().casefold() in _ROLE_OF}
    others = [name for name in names if name not in table]
    if len(others) == 1 and [n.casefold() for n in table] == ["ai"]:
        others, table = names, {}  # Initials of a person, as the other's are.
    if len(others) == 2 and not {"user", "assistant"} & set(table.values()):
        table |= {others[0]: "user", others[1]: "assistant"}
    elif len(others) == 1 and len({"user", "assistant"} & set(table.values())) == 1:
        table[others[0]] = "user" if "assistant" in table.values() else "assistant"
    for role, words in said:
        yield table.get(role, role), words


def own_words(text: str) -> str:
    """A conversation (see `as_text`) without the orders that all of a file begin with: they do not make
    two of them alike."""
    orders = _ORDERS.match(text)
    return text[orders.end() :] if orders else text


def _conversation(messages: list[Message], shape: str) -> Conversation:
    """With its data only where there is an answer, and roles that templates know."""
    text = as_text(messages)
    roles = {message["role"] for message in messages}
    if "assistant" not in roles or not roles <= set(_ROLES):
        return Conversation(text, None, shape)
    return Conversation(text, _encode({"messages": messages}), shape)


# ---- questions with one answer -----------------------------------------------------------------


def _asked(row: dict[str, Any]) -> list[Conversation]:
    question = next((f for f in QUESTIONS if _words(row.get(f))), None)
    if question is None or (question == "question" and any(_words(row.get(f)) for f in _TEXTS)):
        return []
    choices = _choices(row)
    answer = _chosen(row, choices) if choices else _answer(row)
    if answer is None:
        return []
    if not answer:
        raise Malformed(N_("Verdicts", "the answer to “{field}” is empty"), field=question)
    asked = [_words(row[question])]
    for field in ("input", "context"):
        if field != question and _words(row.get(field)):
            asked.append(_words(row[field]))
    asked += [f"{number}. {choice}" for number, choice in enumerate(choices, 1)]
    between = "\n" if choices else "\n\n"
    if not choices and row.get("label") is False and row.get("completion") is not None:
        raise Malformed(N_("Verdicts", "an answer that people did not like (“label” is false)"))
    messages = _earlier(row.get("history"))
    messages += [_said("user", between.join(asked)), _said("assistant", answer)]
    system = row.get("system") or row.get("system_prompt")
    if isinstance(system, str):
        messages.insert(0, _said("system", system))
    shape = "multiple-choice" if choices else _asked_shape(question, row)
    return [_conversation(merged(messages), shape)]


def _earlier(history: Any) -> list[Message]:
    """Turns before a question: pairs of question and answer."""
    pairs = history if isinstance(history, list) else []
    return [
        _said(role, str(words))
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2
        for role, words in zip(("user", "assistant"), pair, strict=True)
    ]


def _asked_shape(question: str, row: dict[str, Any]) -> str:
    if question == "instruction":
        return "dolly" if _words(row.get("response")) else "alpaca"
    return "question-answer" if question in ("question", "query") else "prompt-completion"


def _answer(row: dict[str, Any]) -> str | None:
    """None where the row has no field for it; "" where that is empty."""
    for field in ANSWERS:
        value = row.get(field)
        if (first := articles.first_answer(value)) is not None:
            value = first
        if isinstance(value, int | float) and not isinstance(value, bool) and value == value:
            value = str(value)
        if isinstance(value, str):
            return value.strip()
    return None


def _choices(row: dict[str, Any]) -> list[str]:
    """Answers to choose from: a list, or columns choice0, choice1 …"""
    listed = row.get("choices")
    if isinstance(listed, dict):
        listed = listed.get("text")
    if isinstance(listed, list) and listed and all(isinstance(c, str) for c in listed):
        return listed
    names = [name for name in row if _CHOICES.fullmatch(name) and isinstance(row[name], str)]
    return [row[name] for name in names] if len(names) > 1 else []


def _chosen(row: dict[str, Any], choices: list[str]) -> str | None:
    for field in ("label", "answer", "answerKey", "gold"):
        value = row.get(field)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(choices):
            return choices[value]
        if isinstance(value, str) and value in choices:
            return value
        if isinstance(value, str) and len(value) == 1 and 0 <= ord(value) - 65 < len(choices):
            return choices[ord(value) - 65]
        if isinstance(value, str) and value.isdecimal() and int(value[:9]) < len(choices):
            return choices[int(value[:9])]
    return None


# ---- pairs -------------------------------------------------------------------------------------


def _pair(row: dict[str, Any]) -> Conversation:
    """Raises Malformed."""
    prompt = _prompt(row)
    sides: list[str] = []
    for name in ("chosen", "rejected"):
        before, answer = _side(row[name], name)
        if before:
            if prompt and before[-1] != prompt[-1]:
                raise Malformed(N_("Verdicts", "“{field}” answers something else than the prompt"), field=name)  # fmt: skip
            prompt = max(prompt, before, key=len)
        sides.append(answer)
    if not prompt:
        raise Malformed(N_("Verdicts", "“chosen” and “rejected” have no prompt"))
    chosen, rejected = sides
    if chosen == rejected:
        raise Malformed(N_("Verdicts", "“chosen” and “rejected” are the same"))
    data = {"prompt": prompt, "chosen": chosen, "rejected": rejected}
    text = as_text([*prompt, _said("assistant", chosen)])
    return Conversation(text, _encode(data), "pairs")


def _prompt(row: dict[str, Any]) -> list[Message]:
    for field in QUESTIONS:
        value = row.get(field)
        if isinstance(value, list):
            return _messages(value)
        if _words(value):
            turns = _transcript(_words(value)) or [_said("user", _words(value))]
            system = row.get("system")
            return merged([_said("system", system), *turns] if isinstance(system, str) else turns)
    return []


def _side(value: Any, name: str) -> tuple[list[Message], str]:
    """(what came before, the answer): an answer, a message, or a whole conversation."""
    if isinstance(value, dict):
        value = [value]
    if isinstance(value, list):
        messages = _messages(value)
    elif isinstance(value, str):
        messages = _transcript(value) or merged([_said("assistant", value)])
    else:
        raise Malformed(N_("Verdicts", "“{field}” does not end with an answer"), field=name)
    if not messages or messages[-1]["role"] != "assistant":
        raise Malformed(N_("Verdicts", "“{field}” does not end with an answer"), field=name)
    return messages[:-1], messages[-1]["content"]


def _transcript(text: str) -> list[Message]:
    """HH-RLHF's way: "\\n\\nHuman: …\\n\\nAssistant: …" in one string; nothing for other text."""
    pieces = _HUMAN_TURNS.split(text)
    if pieces[0].strip() or len(pieces) < 3:
        return []
    pairs = zip(pieces[1::2], pieces[2::2], strict=True)
    return merged([_said(_ROLE_OF[who.casefold()], words) for who, words in pairs])


# ---- words -------------------------------------------------------------------------------------


def _said(role: str, content: str) -> Message:
    return {"role": role, "content": content}


def _words(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _clean(text: str) -> str:
    """Without blanks at the ends; lone surrogates, as JSON can spell them, are replaced."""
    return text.strip().encode("utf-8", "replace").decode("utf-8")
