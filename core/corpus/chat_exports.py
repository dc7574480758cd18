"""Chats as the services that held them export them: rows with a list of messages are made of them.

ChatGPT (`conversations.json`: a tree of nodes, of which one branch is what was last seen), Claude
(`chat_messages`), Gemini (`contents` with `parts`); the forms are those of the files themselves and
of Google's API reference (generateContent). Also a bare list of messages.
"""

from __future__ import annotations

from typing import Any, NamedTuple

Turn = dict[str, Any]
_MOST_TURNS = 100_000
_TEXT_TYPES = ("text", "multimodal_text")
_WHO = ("role", "from")


class Export(NamedTuple):
    """`shape`: whose it is; "messages" for a bare list. `row`: has “messages”, and “title” where the
    chat has one."""

    shape: str
    row: dict[str, Any]


def found(row: Any) -> Export | None:
    """What a row is an export of; None for any other."""
    if isinstance(row, list):
        return Export("messages", {"messages": row}) if _are_messages(row) else None
    if not isinstance(row, dict):
        return None
    if isinstance(row.get("mapping"), dict) and ("current_node" in row or "title" in row):
        return _export("ChatGPT", row, _branch(row["mapping"], row.get("current_node")))
    if isinstance(row.get("chat_messages"), list):
        return _export("Claude", row, [_of_claude(turn) for turn in row["chat_messages"]])
    contents = row.get("contents")
    if isinstance(contents, list) and any(isinstance(c, dict) and "parts" in c for c in contents):
        return _export("Gemini", row, [_of_gemini(turn) for turn in contents])
    return None


def _export(shape: str, row: dict[str, Any], turns: list[Turn]) -> Export:
    title = row.get("title") or row.get("name")
    named = {"title": title} if isinstance(title, str) else {}
    return Export(shape, {**named, "messages": turns})


def _are_messages(row: list[Any]) -> bool:
    return bool(row) and all(
        isinstance(turn, dict) and any(isinstance(turn.get(name), str) for name in _WHO)
        for turn in row
    )


def _branch(nodes: dict[str, Any], last: Any) -> list[Turn]:
    """Messages from the root to the node that was last seen; where none is told, to the last node."""
    if not isinstance(last, str) or last not in nodes:
        last = next(reversed(nodes), None)
    turns: list[Turn] = []
    seen = set[str]()
    while isinstance(last, str) and last in nodes and last not in seen and len(seen) < _MOST_TURNS:
        seen.add(last)
        node = nodes[last]
        if not isinstance(node, dict):
            break
        if (turn := _of_node(node.get("message"))) is not None:
            turns.append(turn)
        last = node.get("parent")
    return turns[::-1]


def _of_node(message: Any) -> Turn | None:
    """None for what people do not see: calls of tools, orders, hidden messages."""
    if not isinstance(message, dict):
        return None
    author, content = message.get("author"), message.get("content")
    role = author.get("role") if isinstance(author, dict) else None
    details = message.get("metadata")
    hidden = isinstance(details, dict) and details.get("is_visually_hidden_from_conversation")
    to_all = message.get("recipient") in (None, "all")
    if role not in ("user", "assistant") or hidden or not to_all or not isinstance(content, dict):
        return None
    if content.get("content_type", "text") not in _TEXT_TYPES:
        return None
    parts = content.get("parts")
    texts = [part for part in parts if isinstance(part, str)] if isinstance(parts, list) else []
    return {"role": role, "content": "\n".join(texts)}


def _of_claude(turn: Any) -> Turn:
    if not isinstance(turn, dict):
        return {"role": "", "content": ""}
    words = turn.get("text") or turn.get("content") or ""
    return {"role": str(turn.get("sender", "")), "content": words}


def _of_gemini(turn: Any) -> Turn:
    if not isinstance(turn, dict):
        return {"role": "", "content": ""}
    return {"role": str(turn.get("role", "user")), "content": turn.get("parts") or ""}
