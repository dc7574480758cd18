"""Chat templates: tokens and masks as transformers makes them, and templates that mean harm."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer
from transformers import PreTrainedTokenizerFast

from core.errors import BadTemplate
from core.tokenizer.cells import token_bytes
from core.tokenizer.example import preview
from core.tokenizer.roles import TokenRoles, roles_of
from core.tokenizer.sandbox import TemplateFault, compiled, render
from core.tokenizer.special import CHAT_TEMPLATE
from core.tokenizer.template import PLAIN_TEMPLATE, ChatTemplate, choose, template_text
from core.tokenizer.train import train_tokenizer

MARKS = ("<s>", "</s>", "[INST]", "[/INST]", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>",
         "<start_of_turn>", "<end_of_turn>")  # fmt: skip
# With transformers' own mark for what an answer is; ours has to find the same without it.
TEMPLATES = {
    "chatml": (
        "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' }}"
        "{% if message['role'] == 'assistant' %}{% generation %}"
        "{{ message['content'] + '<|im_end|>' }}{% endgeneration %}"
        "{% else %}{{ message['content'] + '<|im_end|>' }}{% endif %}{{ '\n' }}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
    ),
    "headers": (
        "{{ bos_token }}{% for message in messages %}"
        "{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n' }}"
        "{% if message['role'] == 'assistant' %}{% generation %}"
        "{{ message['content'] | trim + '<|eot_id|>' }}{% endgeneration %}"
        "{% else %}{{ message['content'] | trim + '<|eot_id|>' }}{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}"
        "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
    ),
    "model turns": (
        "{{ bos_token }}{% if messages[0]['role'] == 'system' %}"
        "{{ raise_exception('System role not supported') }}{% endif %}"
        "{% for message in messages %}"
        "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
        "{{ raise_exception('Conversation roles must alternate') }}{% endif %}"
        "{% if message['role'] == 'assistant' %}{{ '<start_of_turn>model\n' }}{% generation %}"
        "{{ message['content'] | trim + '<end_of_turn>' }}{% endgeneration %}{{ '\n' }}"
        "{% else %}"
        "{{ '<start_of_turn>user\n' + message['content'] | trim + '<end_of_turn>\n' }}"
        "{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}"
    ),
    "instructions": (
        "{% for message in messages %}{% if message['role'] == 'user' %}"
        "{{ bos_token + '[INST] ' + message['content'] + ' [/INST]' }}"
        "{% elif message['role'] == 'assistant' %}{% generation %}"
        "{{ ' ' + message['content'] + ' ' + eos_token }}{% endgeneration %}"
        "{% else %}{{ message['content'] }}{% endif %}{% endfor %}"
    ),
    "thinking": (
        "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' }}"
        "{% if message['role'] == 'assistant' %}{% generation %}"
        "{% if loop.last %}{{ '<think>\n\n</think>\n\n' }}{% endif %}"
        "{{ message['content'].split('</think>')[-1].lstrip('\n') + '<|im_end|>' }}"
        "{% endgeneration %}{% else %}{{ message['content'] + '<|im_end|>' }}{% endif %}"
        "{{ '\n' }}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
    ),
    "plain": (
        "{% for message in messages %}"
        "{% if message['role'] == 'user' %}{{ 'Q: ' + message['content'] + '\n' }}"
        "{% elif message['role'] == 'assistant' %}{{ 'A:' }}{% generation %}"
        "{{ ' ' + message['content'] + eos_token }}{% endgeneration %}{{ '\n' }}"
        "{% else %}{{ message['content'] + '\n' }}{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}{{ 'A:' }}{% endif %}"
    ),
}  # fmt: skip
TALK = [
    {"role": "user", "content": "こんにちは。 How are you?\nFine?"},
    {"role": "assistant", "content": "  indented, then\n\ntwo lines — 🦊 good.".strip()},
    {"role": "user", "content": "And now?"},
    {"role": "assistant", "content": "Now too."},
]
SYSTEM = {"role": "system", "content": "Be kind."}


@cache
def tokenizer() -> Tokenizer:
    text = (
        "How are you? And now? Be kind. Now too. good. こんにちは。 user assistant system model\n"
    )
    made = train_tokenizer(iter([text * 40]), 400)
    made.add_special_tokens([AddedToken(mark, special=True, normalized=False) for mark in MARKS])
    made.encode_special_tokens = True
    return made


@cache
def theirs() -> PreTrainedTokenizerFast:
    own = Tokenizer.from_str(tokenizer().to_str())
    own.encode_special_tokens = False
    return PreTrainedTokenizerFast(
        tokenizer_object=own, bos_token="<s>", eos_token="<|endoftext|>", pad_token="<|endoftext|>"
    )


def ours(text: str) -> ChatTemplate:
    roles = roles_of(tokenizer())
    assert roles is not None
    names = {"bos_token": "<s>", "eos_token": "<|endoftext|>"}
    return ChatTemplate(text, "own", tokenizer(), roles, names)


def without_marks(text: str) -> str:
    return text.replace("{% generation %}", "").replace("{% endgeneration %}", "")


@pytest.mark.parametrize("marked", [True, False], ids=["marked", "unmarked"])
@pytest.mark.parametrize("system", [False, True], ids=["", "system"])
@pytest.mark.parametrize("name", list(TEMPLATES))
def test_tokens_and_answers_are_those_of_transformers(
    name: str, system: bool, marked: bool
) -> None:
    talk = [SYSTEM, *TALK] if system else TALK
    expected_talk = talk
    if system and name == "model turns":  # It refuses a system: the words go to the first user.
        first = f"{SYSTEM['content']}\n\n{TALK[0]['content']}"
        expected_talk = [{"role": "user", "content": first}, *TALK[1:]]
    expected = theirs().apply_chat_template(
        expected_talk, chat_template=TEMPLATES[name], tokenize=True, return_dict=True,
        return_assistant_tokens_mask=True,
    )  # fmt: skip
    template = ours(TEMPLATES[name] if marked else without_marks(TEMPLATES[name]))
    rendered = template.rendered(talk)
    assert rendered.tokens == expected["input_ids"]
    assert [int(mark) for mark in rendered.trained] == expected["assistant_masks"]
    assert rendered.answer_bytes == sum(len(TALK[i]["content"].encode()) for i in (1, 3))
    prompt = theirs().apply_chat_template(
        expected_talk[:-1], chat_template=TEMPLATES[name], tokenize=True,
        add_generation_prompt=True, return_dict=False,
    )  # fmt: skip
    assert template.prompt(talk[:-1]) == prompt
    assert rendered.tokens[: len(prompt)] == prompt or name == "thinking"
    turn_end = {"headers": "<|eot_id|>", "model turns": "<end_of_turn>", "plain": "<|endoftext|>",
                "instructions": "<|endoftext|>"}.get(name, "<|im_end|>")  # fmt: skip
    assert template.stops == {tokenizer().token_to_id(turn_end)}


# With the last question, as Mistral's; the date, as SmolLM3's and Llama 3.2's.
LATE = (
    "{% set system = messages[0]['content'] if messages[0]['role'] == 'system' else none %}"
    "{% set said = messages[1:] if system else messages %}{{ bos_token }}"
    "{% for message in said %}{% if message['role'] == 'user' %}"
    "{% if loop.last and system %}{{ '[INST] ' + system + '\n\n' + message['content'] + '[/INST]' }}"
    "{% else %}{{ '[INST] ' + message['content'] + '[/INST]' }}{% endif %}"
    "{% else %}{{ ' ' + message['content'] | trim + eos_token }}{% endif %}{% endfor %}"
)
DATED = (
    "{{ '<|im_start|>system\nToday is ' + strftime_now('%d %B %Y') }}"
    "{% if messages[0].role == 'system' %}{{ '. ' + messages[0].content }}{% endif %}"
    "{{ '<|im_end|>\n' }}{% for m in messages if m.role != 'system' %}"
    "{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


@pytest.mark.parametrize("text", [LATE, DATED], ids=["late", "dated"])
@pytest.mark.parametrize("system", [False, True], ids=["", "system"])
def test_prompts_are_those_of_transformers_where_the_system_comes_late_or_the_date_is_told(
    text: str, system: bool
) -> None:
    for turns in (1, 3):
        talk = [SYSTEM, *TALK[:turns]] if system else TALK[:turns]
        expected = theirs().apply_chat_template(
            talk, chat_template=text, tokenize=True, add_generation_prompt=True, return_dict=False
        )
        assert ours(text).prompt(talk) == expected


def test_words_of_a_system_that_a_template_drops_before_an_answer_are_kept() -> None:
    """They stand in the first question then, as they do in the prompt of a first answer."""
    template = ours(LATE)
    learnt, asked = template.rendered([SYSTEM, *TALK[:2]]), template.prompt([SYSTEM, TALK[0]])
    assert learnt.tokens[: len(asked)] == asked
    assert learnt.trained == [place >= len(asked) for place in range(len(learnt.tokens))]


# As SmolLM3's: how it thinks stands in the system's words, and decides how answers begin.
REASONING = (
    "{% set on = enable_thinking | default(true) %}"
    "{{ '<|im_start|>system\n' + strftime_now('%d %B %Y') + (' /think' if on else ' /no_think') }}"
    "{% if messages[0].role == 'system' %}{{ '\n' + messages[0].content }}"
    "{% else %}{{ '\nWrite <think> thoughts </think> and the solution.' }}{% endif %}{{ '<|im_end|>\n' }}"
    "{% for m in messages if m.role != 'system' %}{% if m.role == 'assistant' %}{% generation %}"
    "{{ '<|im_start|>assistant\n' + ('' if on else '<think>\n\n</think>\n') + m.content + '<|im_end|>\n' }}"
    "{% endgeneration %}{% else %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}"
    "{{ '<|im_start|>assistant\n' + ('' if on else '<think>\n\n</think>\n') }}{% endif %}"
)
# It opens an answer with more than it writes before one that was given.
OPENING = (
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n<think>\n\n</think>\n\n' }}{% endif %}"
)


@pytest.mark.parametrize(
    "text",
    [REASONING, REASONING.replace("default(true)", "default(false)"), OPENING],
    ids=["thinking", "not thinking", "opening"],
)
@pytest.mark.parametrize("turns", [2, 4])
@pytest.mark.parametrize("system", [False, True], ids=["", "system"])
def test_what_is_learnt_begins_as_what_is_asked_for(text: str, turns: int, system: bool) -> None:
    talk = [SYSTEM, *TALK[:turns]] if system else TALK[:turns]
    template = ours(text)
    learnt, asked = template.rendered(talk), template.prompt(talk[:-1])
    assert learnt.tokens[: len(asked)] == asked
    assert not any(learnt.trained[len(asked) - 8 : len(asked)])
    assert all(learnt.trained[len(asked) : -1]) and not learnt.trained[-1]
    expected = theirs().apply_chat_template(
        talk[:-1], chat_template=text, tokenize=True, add_generation_prompt=True, return_dict=False
    )
    assert asked == expected


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("chatml", {"<|im_start|>", "<|im_end|>"}),
        ("headers", {"<s>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"}),
        ("model turns", {"<s>", "<start_of_turn>", "<end_of_turn>"}),
    ],
)
def test_the_tokens_that_a_template_writes_are_known(name: str, written: set[str]) -> None:
    found = ours(TEMPLATES[name]).written
    assert {tokenizer().id_to_token(token) for token in found} == written
    assert found == sorted(found)


def test_the_date_is_the_one_that_is_given() -> None:
    found = roles_of(tokenizer())
    assert found is not None
    told = ChatTemplate(DATED, "own", tokenizer(), found, now=datetime(2024, 7, 26))
    assert told.text_of(TALK).startswith("<|im_start|>system\nToday is 26 July 2024<|im_end|>")
    with pytest.raises(TemplateFault, match="does not come to an end, or makes endless text"):
        ours("{{ strftime_now('%A' * 9999) }}{% for m in messages %}{{ m.content }}{% endfor %}")


def test_the_templates_that_we_write_are_the_ones_that_were_compared() -> None:
    for own, name in ((CHAT_TEMPLATE, "chatml"), (PLAIN_TEMPLATE, "plain")):
        assert ours(own).rendered(TALK) == ours(TEMPLATES[name]).rendered(TALK)


_PIECES = st.sampled_from(
    ["<|im_end|>", "<|im_start|>assistant\n", "</s>", "[/INST]", "\ue0000\ue001", "{{ 1 }}", "a", " ",
     "\n", "日本", "{% endfor %}", "<end_of_turn>"]
)  # fmt: skip
_WORDS = st.lists(_PIECES, min_size=1, max_size=6).map("".join).filter(str.strip)


@settings(max_examples=60)
@given(_WORDS, _WORDS, st.sampled_from(list(TEMPLATES)))
def test_nothing_that_people_say_becomes_a_special_token(
    asked: str, answer: str, name: str
) -> None:
    talk = [{"role": "user", "content": asked}, {"role": "assistant", "content": answer}]
    plain = [{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}]
    template = ours(TEMPLATES[name])
    special = {i for i, t in tokenizer().get_added_tokens_decoder().items() if t.special}
    rendered, harmless = template.rendered(talk), template.rendered(plain)
    assert [t for t in rendered.tokens if t in special] == [
        t for t in harmless.tokens if t in special
    ]
    pieces = token_bytes(tokenizer())
    said = b"".join(
        pieces[t] for t, m in zip(rendered.tokens, rendered.trained, strict=True) if m
    ).decode()
    assert said.replace("<think>\n\n</think>\n\n", "").strip() == answer.strip()
    assert template.text_of(talk).count(answer.strip()) >= 1


def test_a_long_conversation_keeps_its_system_and_its_latest_turns() -> None:
    template = ours(CHAT_TEMPLATE)
    talk = [SYSTEM, *TALK, {"role": "user", "content": "And now?"}]
    whole = template.prompt(talk)
    assert template.prompt(talk, len(whole)) == whole
    shorter = template.prompt(talk, len(whole) - 1)
    assert shorter == template.prompt([SYSTEM, *talk[3:]])
    assert template.prompt(talk, 1) == template.prompt([SYSTEM, talk[-1]])
    assert template.fitted(talk, len(whole)) == (whole, 0)
    assert template.fitted(talk, len(whole) - 1) == (shorter, 2)
    assert template.fitted(talk, 1) == (template.prompt([SYSTEM, talk[-1]]), 4)


def test_cells_of_a_preview_tell_what_is_learnt() -> None:
    cells = preview(ours(CHAT_TEMPLATE), TALK, token_bytes(tokenizer()))
    assert "".join(cell["text"] for cell in cells) == ours(CHAT_TEMPLATE).text_of(TALK)
    learnt = "".join(cell["text"] for cell in cells if cell["trained"])
    assert learnt == f"{TALK[1]['content']}<|im_end|>{TALK[3]['content']}<|im_end|>"
    special = [cell["text"] for cell in cells if cell["special"]]
    assert special == ["<|im_start|>", "<|im_end|>"] * 4


# ---- choosing ------------------------------------------------------------------------------------


def roles() -> TokenRoles:
    found = roles_of(tokenizer())
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("wanted", "own", "kind"),
    [
        ("auto", None, "chatml"), ("auto", CHAT_TEMPLATE, "chatml"), ("auto", PLAIN_TEMPLATE, "plain"),
        ("auto", TEMPLATES["headers"], "own"), ("chatml", TEMPLATES["headers"], "chatml"),
        ("plain", TEMPLATES["headers"], "plain"),
    ],
)  # fmt: skip
def test_automatic_keeps_the_parents_own_template(
    tmp_path: Path, wanted: str, own: str | None, kind: str
) -> None:
    data = {"chat_template": own} if own else {}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({**data, "bos_token": "<s>"}))
    chosen = choose(wanted, tokenizer(), roles(), tmp_path)
    assert chosen.kind == kind
    if kind == "own":
        assert chosen.text == own


def test_a_template_lies_where_transformers_looks_for_it(tmp_path: Path) -> None:
    assert template_text(None) is None
    assert template_text(tmp_path) is None
    config = tmp_path / "tokenizer_config.json"
    config.write_text(json.dumps({"chat_template": [{"name": "rag", "template": "r"},
                                                    {"name": "default", "template": "d"}]}))  # fmt: skip
    assert template_text(tmp_path) == "d"
    (tmp_path / "chat_template.jinja").write_text("j")
    assert template_text(tmp_path) == "j"


def test_chatml_needs_a_tokenizer_with_tokens_for_turns() -> None:
    bare = Tokenizer.from_str(tokenizer().to_str().replace("<|im_start|>", "<|other|>"))
    assert choose("auto", bare, roles()).kind == "plain"
    with pytest.raises(BadTemplate, match="the version's tokenizer has no tokens for turns"):
        choose("chatml", bare, roles())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{ messages[0]['content'] }}", "it does not write every message once, in their order"),
        ("{% for m in messages %}{{ m.content|upper }}{{ m.content }}{% endfor %}",
         "it does not write every message once"),
        ("{{ raise_exception('no') }}", "it refuses this conversation (no)"),
        ("{% for %}", "it is no valid template (line 1: "),
    ],
)  # fmt: skip
def test_an_own_template_that_cannot_be_used_is_one_sentence(
    tmp_path: Path, text: str, why: str
) -> None:
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"chat_template": text}))
    with pytest.raises(BadTemplate) as refused:
        choose("auto", tokenizer(), roles(), tmp_path)
    assert why in str(refused.value)
    assert str(refused.value).endswith("(chat_template=chatml or chat_template=plain).")


# ---- harm ----------------------------------------------------------------------------------------

ESCAPES = {
    "classes": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "globals": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "attribute": "{{ (messages|attr('__class__')).mro() }}",
    "changing": "{{ messages.append(1) }}",
    "files": "{% include '/etc/passwd' %}",
    "import": "{% import 'os' as os %}{{ os.getcwd() }}",
    "format": "{{ '{0.__class__}'.format(messages) }}",
}
ENDLESS = {
    "loops": "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}"
             "{% endfor %}{% endfor %}{% endfor %}",
    "recursion": "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "doubling": "{% set n = namespace(x='ab') %}{% for i in range(99) %}"
                "{% set n.x = n.x ~ n.x %}{% endfor %}",
    "adding": "{% set n = namespace(x=[1]) %}{% for i in range(99) %}"
              "{% set n.x = n.x + n.x %}{% endfor %}",
    "times": "{{ 'a' * 10 ** 9 }}",
    "power": "{{ 9 ** 9 ** 9 }}",
    "squares": "{% set n = namespace(x=99) %}{% for i in range(99) %}"
               "{% set n.x = n.x * n.x %}{% endfor %}",
    "range": "{% for i in range(10 ** 9) %}{% endfor %}",
    "padding": "{{ '%1000000000d' % 1 }}",
    "join": "{% set s = 'a' * 1000000 %}{{ s | join(s) }}",
    "method": "{% set s = 'a' * 1000000 %}{{ s.join(s) }}",
    "replace": "{% set s = 'a' * 1000000 %}{{ s.replace('', s) }}",
    "output": "{% for i in range(9999) %}{{ 'a' * 9999 }}{% endfor %}",
}  # fmt: skip
WIDE = {
    "ljust": "{{ 'a'.ljust(10 ** 9) }}", "center": "{{ 'a' | center(10 ** 9) }}",
    "lipsum": "{{ lipsum(10 ** 9) }}", "bytes": "{{ (1).to_bytes(10 ** 9, 'big') }}",
    "batch": "{{ [1] | batch(10 ** 9, 1) | list }}", "deep": "{{ " + "(" * 5000 + ")" * 5000 + " }}",
    "long": "a" * 300_000,
}  # fmt: skip


@pytest.mark.parametrize("text", [*ESCAPES.values(), *ENDLESS.values(), *WIDE.values()],
                         ids=[*ESCAPES, *ENDLESS, *WIDE])  # fmt: skip
@pytest.mark.timeout(60)
def test_a_template_that_means_harm_ends_in_one_sentence(text: str) -> None:
    with pytest.raises(TemplateFault) as fault:
        render(compiled(text), messages=TALK)
    sentence = str(fault.value)
    assert sentence.startswith("it ") and "\n" not in sentence and len(sentence) < 250
    if text in ENDLESS.values():
        assert sentence == "it does not come to an end, or makes endless text"


def test_the_limits_are_taken_off_again() -> None:
    before = sys.gettrace()
    with pytest.raises(TemplateFault):
        render(compiled(ENDLESS["loops"]), messages=[])
    assert sys.gettrace() is before


def test_what_templates_usually_do_is_allowed() -> None:
    text = (
        "{%- set ns = namespace(last=0) -%}{%- for m in messages -%}{%- set ns.last = loop.index -%}"
        "{{ m.content | trim | replace('a', 'b') }},{%- if loop.index > 1 %}{% break %}{% endif %}"
        "{%- endfor -%}{{ ns.last }}{{ [1, 2] | join('-') }}{{ {'a': 'é'} | tojson }}"
        "{{ 'x\ny' | indent(2) }}{{ messages | selectattr('role', 'equalto', 'user') | list | length }}"
    )
    talk: list[Any] = [{"role": "user", "content": " a "}, {"role": "user", "content": "c"}, {}]
    assert render(compiled(text), messages=talk) == 'b,c,21-2{"a": "é"}x\n  y2'
