"""OpenAssistant's conversation trees: nested, or as rows of messages that name their parent.

Every tree becomes one conversation: from the prompt on always the reply that people ranked best
(rank 0), else the one that comes first (as OpenAssistant's own "top 1" sets are made; Köpf et al.,
2023).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Turn = dict[str, Any]
_MOST_CHARACTERS = 64 << 20
_OVERHEAD = 200
"""What a message takes besides its text."""


def is_tree(row: dict[str, Any]) -> bool:
    """A whole tree: a prompt with replies."""
    prompt = row.get("prompt")
    return isinstance(prompt, dict) and isinstance(prompt.get("replies"), list)


def is_message(row: dict[str, Any]) -> bool:
    """One message of a tree."""
    return "parent_id" in row and isinstance(row.get("message_id"), str) and "role" in row


def best_path(prompt: Turn) -> list[Turn]:
    """Messages from the prompt to a leaf. `replies` of a message are its children."""
    path: list[Turn] = []
    found: Turn | None = prompt
    while found is not None:
        path.append(found)
        found = _best(found.get("replies"))
    return path


def _best(replies: Any) -> Turn | None:
    usable = [r for r in replies if _is_usable(r)] if isinstance(replies, list) else []
    return min(usable, key=_rank, default=None)


def _is_usable(message: Any) -> bool:
    return (
        isinstance(message, dict)
        and isinstance(message.get("text"), str)
        and not message.get("deleted")
        and message.get("review_result") is not False
    )


def _rank(message: Turn) -> float:
    rank = message.get("rank")
    return float(rank) if isinstance(rank, int | float) and rank == rank else float("inf")


class Forest:
    """Puts rows of messages together again, whatever their order. Where a file holds more than
    64 M characters of them, trees are taken to be complete in the order in which they began."""

    def __init__(self) -> None:
        self._trees: dict[str, dict[str, Turn]] = {}
        self._characters = 0

    def add(self, row: Turn) -> Iterator[Turn]:
        """Yields the prompts of trees that must make room."""
        tree = str(row.get("message_tree_id") or "")
        message = {key: row.get(key) for key in _KEPT}
        self._trees.setdefault(tree, {})[row["message_id"]] = message
        self._characters += _OVERHEAD + len(str(message["text"]))
        if self._characters > _MOST_CHARACTERS and len(self._trees) > 1:
            last = self._trees.pop(tree)
            yield from self.rest()
            self._trees[tree] = last

    def rest(self) -> Iterator[Turn]:
        """Prompts of all trees, with their replies. A message whose parent is missing begins one."""
        for messages in self._trees.values():
            roots: list[Turn] = []
            for message in messages.values():
                parent = messages.get(str(message["parent_id"]))
                if parent is None or parent is message:
                    roots.append(message)
                else:
                    parent.setdefault("replies", []).append(message)
            yield from (root for root in roots if _is_usable(root))
        self._trees, self._characters = {}, 0


_KEPT = ("parent_id", "role", "text", "rank", "deleted", "review_result")
