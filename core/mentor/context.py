"""How much of a conversation goes into a prompt: trimmed in blocks, so that the cached prefix lives on.

A window that drops the oldest message at every turn changes the beginning of every prompt, and pays for all of it each
time. Here the history only grows, until it is too long; then about half of it goes at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

KEPT_SHARE = 2
"""After a cut the history has at most one part in so many of its cap."""


@dataclass(frozen=True, slots=True)
class Line:
    """A message of the history.

    Attributes:
        id: Grows from one message to the next.
        tokens: What it adds to a prompt.
        student: Whether the student wrote it; a history begins with such a message.
    """

    id: int
    tokens: int
    student: bool


def keep_from(lines: Sequence[Line], kept_from: int | None, *, cap: int) -> int | None:
    """The id of the first message that goes into the prompt; None: all do.

    The last message of the student is always kept, and what followed it, however long.

    Args:
        lines: The whole history, oldest first.
        kept_from: What this gave before.
        cap: Tokens of history, at most.
    """
    kept = [line for line in lines if kept_from is None or line.id >= kept_from]
    total = sum(line.tokens for line in kept)
    if total <= cap:
        return kept_from
    start = kept_from
    for line in kept:
        if line.student:
            start = line.id
            if total <= cap // KEPT_SHARE:
                break
        total -= line.tokens
    return start
