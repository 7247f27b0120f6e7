"""Styled text cut into messages: at paragraphs, lines, sentences or words, each piece closed and opened again."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import accumulate

from markupsafe import Markup, escape

from bot.screens import units
from bot.views.item import WORD_JOINER, inert

MOST_ENTITIES = 100
"""Telegram shows the styles of the first 100 entities of a message."""

Path = tuple[str, ...]
"""Tags around a text, the outermost first; `pre python` is a block of code with its language."""

_VERBATIM = ("pre", "code")
_ADDRESS = re.compile(r"(?<=[\w-])(?=\.[^\W\d_]{2})|(?<=:)(?=//)|(?<=@)(?=\w)|(?<=[#$])(?=[^\W\d])")
_BREAKS = (
    re.compile(r"\n[ \t]*\n"),
    re.compile(r"\n"),
    re.compile(r"[.!?…;:][\"'»”)]*(?=\s)"),
    re.compile(r"\s"),
)
_LEAST_FILLED = (0.4, 0.4, 0.3, 0.05)
"""Share of a piece that must be full for a break of each kind to be taken."""
_INVISIBLE = frozenset("\u2800\u3164\u115f\u1160\uffa0\u00ad\u034f")
_LONGEST_CLUSTER = 64
_REGIONS = range(0x1F1E6, 0x1F200)


@dataclass(frozen=True, slots=True)
class Run:
    """A text in one style."""

    text: str
    path: Path = ()


def cut(runs: list[Run], limit: int) -> tuple[Markup, ...]:
    """The runs as messages of at most `limit` UTF-16 units (at least 2) of visible text."""
    runs = _unlinked(runs)
    text = "".join(run.text for run in runs)
    starts = [0, *accumulate(len(run.text) for run in runs)]
    blocks = [(start, start + len(run.text)) for start, run in zip(starts, runs, strict=False) if _is_block(run)]
    pieces: list[Markup] = []
    at = run_at = block_at = 0
    while at < len(text):
        while block_at < len(blocks) and blocks[block_at][1] <= at:
            block_at += 1
        end = _end(text, at, limit, blocks[block_at] if block_at < len(blocks) else None, blocks[block_at:])
        while starts[run_at + 1] <= at:
            run_at += 1
        if is_visible(text[at:end]):
            pieces.append(_written(_between(runs, starts, run_at, at, end)))
        at = _next_start(text, end, inside=any(start < end < stop for start, stop in blocks[block_at : block_at + 200]))
    return tuple(pieces)


def is_visible(text: str) -> bool:
    """Whether the text shows anything at all: Telegram takes no message that does not."""
    return any(
        not sign.isspace() and sign not in _INVISIBLE and unicodedata.category(sign)[0] not in "CMZ" for sign in text
    )


def _is_block(run: Run) -> bool:
    return any(tag.split(" ")[0] == "pre" for tag in run.path)


def _unlinked(runs: list[Run]) -> list[Run]:
    """The runs with what Telegram would make a link of broken up; only code is no place for links.

    Telegram looks at the text without its styles, so that the end of one run and the start of the next can make an
    address together.
    """
    flat = "".join(
        " " * len(run.text) if any(tag.split(" ")[0] in _VERBATIM for tag in run.path) else run.text for run in runs
    )
    parts = _ADDRESS.sub(WORD_JOINER, inert(flat)).split(WORD_JOINER)
    if len(parts) == 1:
        return runs
    places = list(accumulate(len(part) for part in parts))[:-1]
    unlinked: list[Run] = []
    start = place = 0
    for run in runs:
        end = start + len(run.text)
        shown = []
        while place < len(places) and places[place] < end:
            shown.append(
                run.text[start - end : places[place] - end] if places[place] - end else run.text[start - end :]
            )
            shown.append(WORD_JOINER)
            start = places[place]
            place += 1
        shown.append(run.text[len(run.text) - (end - start) :])
        unlinked.append(Run("".join(shown), run.path))
        start = end
    return unlinked


def _end(text: str, at: int, limit: int, block: tuple[int, int] | None, later: list[tuple[int, int]]) -> int:
    """Where the piece that starts at `at` ends."""
    window = text[at : at + limit]
    if units(window) > limit:
        window = window.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", "ignore")
    if at + len(window) >= len(text):
        return len(text)
    for start, stop in later[:50]:
        if start < at + len(window) < stop and start > at + 0.3 * len(window) and stop - start <= limit:
            return start  # a block of code that fits in one message stays whole
    inside = block is not None and block[0] <= at and at + len(window) < block[1]
    for pattern, least in zip(_BREAKS, _LEAST_FILLED, strict=True):
        if inside and pattern is not _BREAKS[1]:
            continue
        ends = [found.end() for found in pattern.finditer(window)]
        if ends and ends[-1] >= least * len(window):
            return at + ends[-1]
    return _cluster_end(text, at, at + len(window))


def _cluster_end(text: str, at: int, end: int) -> int:
    """The last place up to `end` that tears no letter from its accents and no flag or family apart."""
    for place in range(end, max(at, end - _LONGEST_CLUSTER), -1):
        if not _joined(text, at, place):
            return place
    return end


def _joined(text: str, at: int, place: int) -> bool:
    """Whether a cut at `place` in a piece from `at` on would tear what is seen as one sign."""
    after, before = text[place], text[place - 1]
    if after == "\u200d" or before == "\u200d" or after == WORD_JOINER or unicodedata.category(after)[0] == "M":
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True
    if ord(after) not in _REGIONS:
        return False
    regions = 0
    while place - regions > at and ord(text[place - 1 - regions]) in _REGIONS:
        regions += 1
    return regions % 2 == 1


def _next_start(text: str, end: int, *, inside: bool) -> int:
    """Where the next piece starts: blank lines between two messages are not needed."""
    while end < len(text) and (text[end] == "\n" or (not inside and text[end] in " \t")):
        end += 1
    return end


def _between(runs: list[Run], starts: list[int], first: int, at: int, end: int) -> list[Run]:
    found = []
    for number in range(first, len(runs)):
        start = starts[number]
        if start >= end:
            break
        part = runs[number].text[max(at - start, 0) : end - start]
        if part:
            found.append(Run(part, runs[number].path))
    if found and not any(_is_block(run) for run in found[-1:]):
        found[-1] = Run(found[-1].text.rstrip(), found[-1].path)
    elif found:
        found[-1] = Run(found[-1].text.rstrip("\n"), found[-1].path)
    return found


def _written(runs: list[Run]) -> Markup:
    """Telegram's HTML; past the last style that would be shown, plain text."""
    parts: list[str] = []
    open_: list[str] = []
    entities = 0
    for run in runs:
        if not run.text:
            continue
        path = run.path if run.text.strip() or _is_block(run) else run.path[: _shared(open_, run.path)]
        shared = _shared(open_, path)
        while len(open_) > shared:
            parts.append(_closing(open_.pop()))
        new = path[shared:]
        if new and entities + len(new) <= MOST_ENTITIES:
            entities += len(new)
            for tag in new:
                parts.append(_opening(tag))
                open_.append(tag)
        parts.append(str(escape(run.text)))
    parts += [_closing(tag) for tag in reversed(open_)]
    return Markup("".join(parts))  # noqa: S704  # each text in it is escaped above


def _shared(one: list[str], other: Path) -> int:
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count


def _opening(tag: str) -> str:
    name, _, language = tag.partition(" ")
    return f'<pre><code class="language-{language}">' if name == "pre" and language else f"<{name}>"


def _closing(tag: str) -> str:
    name, _, language = tag.partition(" ")
    return "</code></pre>" if name == "pre" and language else f"</{name}>"
