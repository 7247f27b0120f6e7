"""What every question must fulfil to be asked fairly in a chat, whatever file it came from."""

import re
from collections.abc import Iterator, Mapping, Sequence

from core.questions.model import Item, Kind, Passage, Wording
from core.questions.reading.report import Problem

LEAST_OPTIONS = 2
MOST_OPTIONS = 10
MAX_SLUG = 80
MOST_HINTS = 10
MAX_SIGNS = 3_000  # a message holds 4,096; letters, heading, verdict and the error behind an option need the rest
MAX_ERROR = 600
MAX_HINT = 600
MAX_EXPLANATION = 2_500
MAX_SPOKEN = 600
MAX_FORMULA = 500  # a longer one takes many seconds to draw
MAX_ACCEPTED = 100
MAX_UNIT = 20
MAX_BUTTON = 40  # true and false stand on buttons
MAX_NAME = 80
MAX_TITLE = 150
MAX_PASSAGE = 12_000  # shown folded, and cut where the message is full

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2}")


def units(text: str) -> int:
    """The length of a text as Telegram counts it, in UTF-16 units: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_slug(text: str) -> bool:
    """Whether the text is a name: small letters and digits with single hyphens between them."""
    return len(text) <= MAX_SLUG and _SLUG.fullmatch(text) is not None


def is_language(text: str) -> bool:
    """Whether the text looks like a language of two letters."""
    return _LANGUAGE.fullmatch(text) is not None


def topic_path(text: str) -> tuple[str, ...]:
    """The path behind “subject/topic/subtopic”.

    Raises:
        Problem: It is none, or has more than three steps.
    """
    path = tuple(text.split("/"))
    if len(path) > 3 or not all(map(is_slug, path)):
        raise Problem("bad-topic", {"topic": text[:100]})
    return path


def check(item: Item) -> None:
    """Pass a question that can be asked.

    Raises:
        Problem: It cannot.
    """
    if not is_slug(item.slug):
        raise Problem("bad-slug", {"slug": item.slug[:100], "limit": MAX_SLUG})
    if item.original not in item.wordings:
        raise Problem("missing-original", {"language": item.original})
    count = len(item.wordings[item.original].choices)
    if not item.kind.typed:
        _check_right(item, count)
    elif item.kind is Kind.NUMERIC and item.numeric is None:
        raise Problem("no-number")
    for language, wording in item.wordings.items():
        if not is_language(language):
            raise Problem("unsupported-language", {"language": language[:20]})
        if len(wording.choices) != count:
            raise Problem("options-differ", {"language": language, "original": item.original})
        if item.kind is Kind.SHORT and not wording.accept:
            raise Problem("no-accepted-answer", {"language": language})
        _check_wording(wording, item.right)
        _check_lengths(item, language, wording)


def check_options(options: Sequence[str]) -> None:
    """Pass options that are there and differ; case counts: the genotype Bb is not BB.

    Raises:
        Problem: One is empty, or two are equal.
    """
    trimmed = [option.strip() for option in options]
    if not all(trimmed):
        raise Problem("empty-option", {"position": trimmed.index("") + 1})
    if len(set(trimmed)) < len(trimmed):
        second = next(at for at, option in enumerate(trimmed) if option in trimmed[:at])
        raise Problem("equal-options", {"first": trimmed.index(trimmed[second]) + 1, "second": second + 1})


def _check_right(item: Item, count: int) -> None:
    if not LEAST_OPTIONS <= count <= MOST_OPTIONS:
        raise Problem("number-of-options", {"count": count, "least": LEAST_OPTIONS, "most": MOST_OPTIONS})
    if not all(0 <= position < count for position in item.right):
        raise Problem("label-out-of-range", {"label": max(item.right) + 1, "count": count})
    wanted = range(1, count) if item.kind is Kind.MULTIPLE else (1,)
    if len(set(item.right)) not in wanted:
        raise Problem("right-options", {"count": len(set(item.right))})


def _check_wording(wording: Wording, right: Sequence[int]) -> None:
    if not wording.text.strip():
        raise Problem("empty-text")
    check_options(wording.choices)
    for position in right:
        if position < len(wording.errors) and wording.errors[position] is not None:
            raise Problem("right-option-with-error", {"position": position + 1})


def _check_lengths(item: Item, language: str, wording: Wording) -> None:
    """Pass a wording of which every part has room in a message."""
    spoken = wording.spoken or item.wordings[item.original].spoken or item.formula or ""
    size = units(wording.text) + sum(map(units, wording.choices)) + (units(spoken) if item.formula else 0)
    if size > MAX_SIGNS:
        raise Problem("too-long", {"size": size, "limit": MAX_SIGNS})
    if len(wording.hints) > MOST_HINTS:
        raise Problem("invalid-field", {"problems": f"{language}.hints: more than {MOST_HINTS}"})
    for part, text, limit in _parts(item, wording):
        _check_length(f"{language}.{part}", text, limit)


def _parts(item: Item, wording: Wording) -> Iterator[tuple[str, str, int]]:
    """What stands around question and options: its name, its text and how long it may be."""
    yield "formula", item.formula or "", MAX_FORMULA
    yield "unit", (item.numeric and item.numeric.unit) or "", MAX_UNIT
    yield "explanation", wording.explanation or "", MAX_EXPLANATION
    yield "spoken", wording.spoken or "", MAX_SPOKEN
    yield from (("error", error or "", MAX_ERROR) for error in wording.errors)
    yield from (("error", error, MAX_ERROR) for _, error in wording.numeric_errors)
    yield from (("hint", hint, MAX_HINT) for hint in wording.hints)
    yield from (("accepted answer", form, MAX_ACCEPTED) for form in wording.accept)
    if item.kind is Kind.TRUE_FALSE:
        yield from (("option", option, MAX_BUTTON) for option in wording.choices)


def _check_length(part: str, text: str, limit: int) -> None:
    if units(text) > limit:
        raise Problem("part-too-long", {"part": part[:60], "size": units(text), "limit": limit})


def check_names(names: Mapping[str, str]) -> None:
    """Pass names of a topic that fit on a button.

    Raises:
        Problem: One is empty or too long.
    """
    for language, name in names.items():
        if not name.strip():
            raise Problem("invalid-field", {"problems": f"{language[:20]}: the name is empty"})
        _check_length(f"{language[:20]}: the name", name, MAX_NAME)


def check_passage(passage: Passage) -> None:
    """Pass a passage that can be shown.

    Raises:
        Problem: Its name is none, its original is missing, or a text is empty or too long.
    """
    if not is_slug(passage.slug):
        raise Problem("bad-slug", {"slug": passage.slug[:100], "limit": MAX_SLUG})
    if passage.original not in passage.wordings:
        raise Problem("missing-original", {"language": passage.original[:20]})
    for language, wording in passage.wordings.items():
        if not wording.text.strip() or not wording.title.strip():
            raise Problem("empty-text")
        _check_length(f"{language}.title", wording.title, MAX_TITLE)
        _check_length(f"{language}.text", wording.text, MAX_PASSAGE)
