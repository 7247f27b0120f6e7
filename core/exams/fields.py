"""Reading the tables of an exam file field by field: whatever is wrong is noted with its place, and reading goes on."""

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from core.questions.reading import checks, cleaning

MOST_SHOWN = 20
"""Problems kept as sentences; a person mends twenty and reads the file again."""
MOST_DIGITS = 9
"""Digits before and after the point: enough for every rule of an exam, and no number grows out of hand."""

_NUMBER = f'a number like 20, 0.25 or "2.25/13", with at most {MOST_DIGITS} digits before and after the point'
_EXACT = re.compile(
    rf"([+-]?[0-9]{{1,{MOST_DIGITS}}}(?:\.[0-9]{{1,{MOST_DIGITS}}})?)"
    rf"(?: ?/ ?([0-9]{{1,{MOST_DIGITS}}}(?:\.[0-9]{{1,{MOST_DIGITS}}})?))?"
)

Choice = TypeVar("Choice", bound=StrEnum)


class UnusableExam(Exception):  # noqa: N818  # named for what it is, as the refusals are
    """A file that no exam can be read from.

    Attributes:
        problems: What is wrong, each an English sentence that begins with its place; at most `MOST_SHOWN`.
        more: How many further problems there are.
    """

    def __init__(self, *problems: str, more: int = 0) -> None:
        self.problems = problems
        self.more = more
        super().__init__("\n".join((*problems, f"... and {more:,} more" if more else "")).rstrip())


@dataclass(slots=True)
class Problems:
    """What is wrong so far."""

    shown: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, place: str, what: str) -> None:
        """Note a problem; beyond `MOST_SHOWN` it is only counted."""
        if not self.full:
            self.shown.append(f"{place}: {what}" if place else what)
        self.count += 1

    @property
    def full(self) -> bool:
        """Whether a further problem would only be counted."""
        return self.count >= MOST_SHOWN

    def refuse(self) -> None:
        """Raise what was found, if anything was.

        Raises:
            UnusableExam: There are problems.
        """
        if self.count:
            raise UnusableExam(*self.shown, more=self.count - len(self.shown))


class Table:
    """A table of the file. Every reading method gives None for what is absent or wrong, and notes the latter.

    Args:
        content: The table as TOML gives it.
        place: Where it stands, in words; empty for the file itself.
        problems: Where problems are noted.
    """

    def __init__(self, content: Mapping[str, object], place: str, problems: Problems) -> None:
        self._content = content
        self._problems = problems
        self._asked: dict[str, None] = {}
        self.place = place

    def __contains__(self, name: str) -> bool:
        return name in self._content

    @property
    def problems(self) -> int:
        """How many problems the file has so far."""
        return self._problems.count

    def complain(self, name: str, what: str) -> None:
        """Note a problem of a field."""
        self._problems.add(f"{self.place}, {name}" if self.place else name, what)

    def unknown(self, name: str, word: str, known: Collection[str], what: str) -> None:
        """Note that a field names something that is not there, and what may be meant."""
        self.complain(name, f"there is no {what} {shown(word)}{self._meant(word, known)}")

    def need(self, name: str, why: str = "") -> None:
        """Note that a field is missing, if it is."""
        if name not in self._content:
            self.complain(name, f"is missing{why}")

    def refuse(self, name: str, why: str) -> None:
        """Note that a field has no meaning here, if it is there."""
        if self._take(name) is not None:
            self.complain(name, why)

    def finish(self) -> None:
        """Note every field that nobody asked for."""
        for name in self._content:
            if name not in self._asked:
                self.complain(cut(name), f"is no field of this table{self._meant(name, self._asked)}")

    def text(self, name: str, limit: int) -> str | None:
        """A line of at most `limit` UTF-16 units."""
        value = self._take(name)
        return self._line(name, value, limit) if value is not None else None

    def whole(self, name: str, least: int, most: int) -> int | None:
        """A whole number from `least` to `most`."""
        value = self._take(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.complain(name, f"must be a whole number, it is {shown(value)}")
        elif not least <= value <= most:
            self.complain(name, f"must be from {least:,} to {most:,}, it is {shown(value)}")
        else:
            return value
        return None

    def exact(self, name: str, *, above: int | None = None, least: int | None = None) -> Fraction | None:
        """An exact number: 20, 0.25, "1/4" or "2.25/13"."""
        value = self._take(name)
        if value is None:
            return None
        number = exact(value)
        if number is None:
            self.complain(name, f"must be {_NUMBER}, it is {shown(value)}")
        elif above is not None and number <= above:
            self.complain(name, f"must be more than {above}, it is {shown(value)}")
        elif least is not None and number < least:
            self.complain(name, f"must be at least {least}, it is {shown(value)}")
        else:
            return number
        return None

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false."""
        value = self._take(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.complain(name, f"must be true or false, it is {shown(value)}")
            return default
        return value

    def choice(self, name: str, among: Iterable[Choice], default: Choice | None = None) -> Choice | None:
        """One of several words; `default` if it is absent, None if it is wrong."""
        value = self._take(name)
        if value is None:
            return default
        words = {str(word): word for word in among}
        if isinstance(value, str) and value in words:
            return words[value]
        self.complain(name, f"must be {' or '.join(words)}, it is {shown(value)}")
        return None

    def texts(self, name: str, limit: int) -> dict[str, str]:
        """Texts by language."""
        read = {}
        for language, value in (self._mapping(name) or {}).items():
            if not checks.is_language(language):
                self.complain(name, f"{shown(language)} is no language of two small letters such as it or en")
            elif (text := self._line(f"{name}.{language}", value, limit)) is not None:
                read[language] = text
        return read

    def words(self, name: str, most: int) -> list[str]:
        """A list of 1 to `most` words."""
        value = self._take(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            self.complain(name, f"must be a list of words, it is {shown(value)}")
        elif not 1 <= len(value) <= most:
            self.complain(name, f"must hold from 1 to {most} words, it holds {len(value):,}")
        else:
            return value
        return []

    def table(self, name: str) -> "Table | None":
        """A table inside this one."""
        content = self._mapping(name)
        if content is None:
            return None
        inside = f"{self.place}, {name}" if self.place else name
        return Table(content, inside, self._problems)

    def keys(self) -> tuple[str, ...]:
        """The names of its fields."""
        return tuple(self._content)

    def tables(self, name: str, most: int, word: str, called: str) -> "list[Table]":
        """The tables written as `[[name]]`; of more than `most` the first `most`, so that a flood costs nothing.

        Args:
            name: The field.
            most: How many are allowed.
            word: What one is called in a place.
            called: The field that tells it apart.
        """
        value = self._take(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
            self.complain(name, f"must be written as [[{name}]], one table each")
            return []
        if len(value) > most:
            self.complain(name, f"there are {len(value):,}, {most} are allowed")
        read = []
        for number, content in enumerate(value[:most], start=1):
            own = content.get(called)
            title = f" ({cut(own)})" if isinstance(own, str) and cut(own) else ""
            place = f"{word} {number}{title}"
            read.append(Table(content, f"{self.place}, {place}" if self.place else place, self._problems))
        return read

    def _take(self, name: str) -> object:
        self._asked[name] = None
        return self._content.get(name)

    def _meant(self, word: str, known: Iterable[str]) -> str:
        if self._problems.full:  # nobody will read it, and comparing with thousands of topics takes time
            return ""
        close = difflib.get_close_matches(word[:80], list(known), n=1)
        return f"; is it {close[0]}?" if close else ""

    def _mapping(self, name: str) -> Mapping[str, object] | None:
        value = self._take(name)
        if value is None or isinstance(value, dict):
            return value
        self.complain(name, f"must be a table, it is {shown(value)}")
        return None

    def _line(self, name: str, value: object, limit: int) -> str | None:
        if not isinstance(value, str):
            self.complain(name, f"must be a text, it is {shown(value)}")
            return None
        text = cleaning.one_line(value)
        if not text:
            self.complain(name, "is empty")
        elif checks.units(text) > limit:
            self.complain(name, f"has {checks.units(text):,} signs, {limit} are allowed")
        else:
            return text
        return None


def exact(value: object) -> Fraction | None:
    """The number behind 20, 0.25, "1/4" or "2.25/13"; None if it is none, or has too many digits."""
    match value:
        case bool():
            return None
        case int():
            return Fraction(value) if abs(value) < 10**MOST_DIGITS else None
        case Decimal():
            exponent = value.as_tuple().exponent
            if not isinstance(exponent, int) or exponent < -MOST_DIGITS or value.adjusted() >= MOST_DIGITS:
                return None
            return Fraction(value)
        case str() if found := _EXACT.fullmatch(value.strip().replace("−", "-")):
            above, below = Fraction(found[1]), Fraction(found[2] or 1)
            return above / below if below else None
        case _:
            return None


def shown(value: object) -> str:
    """A value of the file in at most forty signs."""
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return "a table"
        case list():
            return "a list"
        case str():
            return f"“{cut(value)}”"
        case _:
            return str(value)[:40]


def cut(text: str) -> str:
    """At most 40 signs of a text, on one line."""
    line = cleaning.one_line(text[:200])
    return line[:40] + ("…" if len(line) > 40 or len(text) > 200 else "")
