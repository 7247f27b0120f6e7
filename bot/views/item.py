"""How an item is laid out in a message: head, passage, options, formula, and what is cut where a message is full."""

import re
from bisect import bisect_right
from itertools import accumulate

from markupsafe import Markup

from bot.i18n import Translator
from bot.screens import TEXT_LIMIT, Formula, units, visible_length
from core.practice.model import Quiz
from core.questions.model import Kind, QuestionVersion, Wording

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LONG_OPTION = 40
"""Options longer than this are set apart by a blank line."""
SHORTEST_PART = 100
MARGIN = 200
"""Signs left free below Telegram's limit: for what is put around a part that is cut, and for a question below it."""

_COMMAND = re.compile(r"(?<![\w/])/(?=\w)")
WORD_JOINER = "\u2060"
LINE, PARAGRAPH = Markup("\n"), Markup("\n\n")


def inert(text: str) -> str:
    """A text in which no fraction looks like a command: Telegram would make a link of the end of “(x − 1)/x”."""
    return _COMMAND.sub("/" + WORD_JOINER, text)


def head(quiz: Quiz, version: QuestionVersion, position: int, t: Translator) -> Markup:
    """Which question of how many, and its topic."""
    return t("quiz-head", number=position + 1, length=quiz.length, topic=version.topic_name(t.language))


def options(version: QuestionVersion, words: Wording, order: tuple[int, ...], marks: dict[int, str]) -> Markup:
    """The choices in full, each with its letter; true and false stand on their buttons and need none."""
    if version.kind is Kind.TRUE_FALSE:
        return Markup("\n").join(
            Markup("{} {}").format(marks[choice], words.choices[choice]) for choice in order if choice in marks
        )
    lines = []
    for place, choice in enumerate(order):
        mark = f"{marks[choice]} " if choice in marks else ""
        lines.append(Markup("{}<b>{}</b>  {}").format(mark, LETTERS[place], inert(words.choices[choice])))
    airy = any(len(words.choices[choice]) > LONG_OPTION for choice in order)
    gap = Markup("\n\n") if airy else Markup("\n")
    return gap.join(lines)


def passage(version: QuestionVersion, t: Translator, *, room: int | None = None) -> Markup | None:
    """The reading passage, folded; cut to `room` if that is given, None without one."""
    if not version.passage:
        return None
    words = version.passage.get(t.language) or version.passage[version.original]
    whole = inert(words.text.strip())
    text = whole if room is None else fitted(whole, room - units(words.title))
    return Markup("<blockquote expandable><b>{}</b>\n{}</blockquote>").format(words.title, text) if text else None


def explanation(words: Wording, t: Translator, *, room: int) -> list[Markup]:
    """The solution, folded; cut to `room`, nothing without one."""
    title = t("verdict-explanation")
    text = fitted(inert((words.explanation or "").strip()), room - visible_length(title))
    return [Markup("<blockquote expandable>{}\n{}</blockquote>").format(title, text)] if text else []


def formula(version: QuestionVersion, words: Wording) -> Formula | None:
    """The picture of the item, if it has one."""
    if version.formula is None:
        return None
    return Formula(version.formula, words.spoken or version.wordings[version.original].spoken or version.formula)


def room_after(lines: list[Markup], picture: Formula | None = None) -> int:
    """What a message with these lines still holds; a picture that cannot be shown is said in words above them."""
    return TEXT_LIMIT - MARGIN - visible_length(joined(lines)) - (units(picture.spoken) if picture else 0)


def fitted(text: str, room: int) -> str:
    """The text, cut where a message would be full; nothing where hardly a line fits."""
    if units(text) <= room:
        return text
    if room <= SHORTEST_PART:
        return ""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * room - 2].decode("utf-16-le", "ignore") + "…"


def listed(lines: list[Markup], room: int, t: Translator, *, gap: Markup = LINE) -> Markup:
    """Lines below each other, as many as there is room for; of the others it is said how many there are."""
    ends = list(accumulate(visible_length(line + gap) for line in lines))
    if not ends or ends[-1] - len(gap) <= room:
        return gap.join(lines)
    room -= visible_length(t("list-more", count=len(lines)))
    shown = bisect_right(ends, room)
    return gap.join([*lines[:shown], t("list-more", count=len(lines) - shown)])


def short(text: str, limit: int = 60) -> str:
    """A text in one line, cut."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def joined(parts: list[Markup]) -> Markup:
    """Parts with a blank line between them; empty ones left out."""
    return Markup("\n\n").join(part for part in parts if part)
