"""An exam file: TOML written by hand becomes an `ExamFormat`, or everything that is wrong with it is named at once.

One table `[[sections]]` a section, in the order of the paper; `[[passes]]`, `[[destinations]]` and `[[variants]]` where
an exam has them. Points, minutes and weights are exact: a number, or a fraction such as "1/4" or "2.25/13".
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

from core.exams.fields import Problems, Table, UnusableExam, cut, shown
from core.exams.formats import (
    FULL,
    ClockKind,
    Destination,
    ExamFormat,
    PassRule,
    Rounding,
    RoundingMode,
    RuleKind,
    Scoring,
    Section,
    Variant,
)
from core.questions.model import Kind
from core.questions.reading import checks
from core.questions.reading.report import Problem

__all__ = ["UnusableExam", "read_exam"]

MAX_BYTES = 200_000
MAX_LINE = 1_000  # a name with 50,000 dots in it costs tomllib gigabytes, and stands on one line
MOST_SECTIONS = 30
MOST_QUESTIONS = 300
MOST_MINUTES = 600
LEAST_OPTIONS = 2
MOST_OPTIONS = 8
MOST_PASSES = 30
MOST_DESTINATIONS = 100
MOST_VARIANTS = 20
MOST_TOPICS = 20
MAX_NAME = 80
MAX_SOURCE = 500
MAX_NOTE = 1_000
MAX_KEY = 18  # a button carries the exam, a part of it and an id in 64 bytes
A_SECOND = Fraction(1, 60)

_SLUG = re.compile(r"[A-Za-z0-9-]{1,18}")
_OTHER_CLOCK = {
    ClockKind.PAPER: "each section has a clock of its own; for one over the whole paper write clock = “paper”",
    ClockKind.SECTION: "one clock runs over the whole paper; for one of its own write clock = “section”",
}
_KINDS = (Kind.SINGLE, Kind.TRUE_FALSE)
_NOTHING = Scoring(right=Fraction(0), blank=Fraction(0), wrong=Fraction(0))
"""Stands in for a scoring that is wrong or missing; such an exam is never returned."""


def read_exam(source: Path | bytes, *, known_topics: Collection[tuple[str, ...]] | None = None) -> ExamFormat:
    """Read an exam from a path or from the content of a file.

    Args:
        source: A path, or the content of a file: TOML in UTF-8, at most `MAX_BYTES`.
        known_topics: Paths of the topics that there are, subject first, so that a misspelt one is found; what leads to
            one is known too. None: any topic will do.

    Raises:
        UnusableExam: No exam can be read from it; it names every problem.
    """
    tables = _tables(_text(_content(source)))
    problems = Problems()
    exam = _Reader(Table(tables, "", problems), problems, known_topics).exam()
    problems.refuse()
    return exam


def _content(source: Path | bytes) -> bytes:
    try:
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if size > MAX_BYTES:
            raise UnusableExam(f"The file has {size:,} bytes; {MAX_BYTES:,} are allowed.")
        return source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise UnusableExam(f"The file cannot be opened: {error.strerror or 'unknown reason'}.") from None


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnusableExam(f"The file is not UTF-8 in line {line}.") from None
    if not text.strip():
        raise UnusableExam("The file is empty.")
    for number, line_of_text in enumerate(text.split("\n"), start=1):
        if len(line_of_text) > MAX_LINE:
            raise UnusableExam(f"Line {number} has {len(line_of_text):,} signs; {MAX_LINE:,} are allowed.")
    return text


def _tables(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=_decimal)
    except tomllib.TOMLDecodeError as error:
        last = text.rstrip().count("\n") + 1
        where = str(error).replace("at end of document", f"at the end, line {last}")
        raise UnusableExam(f"The file is not TOML: {where}.") from None
    except (RecursionError, ValueError, OverflowError):
        raise UnusableExam("The file is not TOML that can be read: nested too deep, or a number too large.") from None


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")  # an exponent of twenty digits; its place is named when the field is read


class _Reader:
    """Reads one exam; sections first, for the rest refers to them."""

    def __init__(self, root: Table, problems: Problems, known_topics: Collection[tuple[str, ...]] | None) -> None:
        self._root = root
        self._problems = problems
        self._topics = None if known_topics is None else _with_parents(known_topics)
        self._clock: ClockKind | None = None
        self._kind: Kind | None = None
        self._options: int | None = None
        self._scoring: Scoring | None = None
        self._sections: dict[str, Section] = {}
        self._all_read = True

    def exam(self) -> ExamFormat:
        """The exam; worthless if a problem was noted."""
        root = self._root
        slug = self._slug()
        names = _names(root)
        order = root.whole("order", 0, 1_000)
        self._clock = root.choice("clock", ClockKind, default=ClockKind.SECTION)
        minutes, min_minutes = self._minutes(root, ClockKind.PAPER)
        self._kind = root.choice("kind", _KINDS, default=Kind.SINGLE)
        self._options = root.whole("options", LEAST_OPTIONS, MOST_OPTIONS)
        scoring = root.table("scoring")
        self._scoring = _scoring(scoring) if scoring else None
        rounding = _rounding(root)
        notes, source = root.texts("notes", MAX_NOTE), root.text("source", MAX_SOURCE)
        sections = self._all_sections()
        exam = ExamFormat(
            slug=slug,
            names=names,
            sections=sections,
            clock=self._clock or ClockKind.SECTION,
            minutes=minutes,
            min_minutes=min_minutes,
            order=100 if order is None else order,
            rounding=rounding,
            passes=self._passes(root, {one.key: one.weight for one in sections if one.in_total}),
            destinations=tuple(
                map(self._destination, root.tables("destinations", MOST_DESTINATIONS, "destination", "name"))
            ),
            variants=self._all_variants(),
            notes=notes,
            source=source or "",
        )
        self._check_size(exam)
        root.finish()
        return exam

    def _slug(self) -> str:
        slug = self._root.text("slug", MAX_NAME)
        self._root.need("slug")
        if slug is not None and not _SLUG.fullmatch(slug):
            self._root.complain("slug", f"must be 1 to 18 letters, digits and hyphens, it is {shown(slug)}")
        return slug or ""

    def _minutes(self, table: Table, owner: ClockKind) -> tuple[Fraction | None, Fraction]:
        """Time and least time of a section or of the paper; where the clock is the other's, neither may be there."""
        if self._clock is not None and self._clock is not owner:
            table.refuse("minutes", _OTHER_CLOCK[owner])
            table.refuse("min_minutes", _OTHER_CLOCK[owner])
            return None, Fraction(0)
        if self._clock is owner:
            table.need("minutes")
        minutes = table.exact("minutes", above=0)
        if minutes is not None and minutes < A_SECOND:
            table.complain("minutes", "is less than a second")
        least = table.exact("min_minutes", least=0)
        if minutes is not None and least is not None and least > minutes:
            table.complain("min_minutes", f"{least} is more than the {minutes} minutes there are")
        return minutes, least or Fraction(0)

    def _all_sections(self) -> tuple[Section, ...]:
        self._root.need("sections")
        before = self._problems.count
        tables = self._root.tables("sections", MOST_SECTIONS, "section", "key")
        self._all_read = self._problems.count == before
        if "sections" in self._root and not tables and self._all_read:
            self._root.complain("sections", "an exam has at least one")
        sections = tuple(map(self._section, tables))
        if sections and not any(section.in_total for section in sections):
            self._root.complain("sections", "none counts in the total")
        return sections

    def _section(self, table: Table) -> Section:
        key = self._key(table, taken=self._sections, what="section")
        names = _names(table)
        questions = table.whole("questions", 1, MOST_QUESTIONS)
        table.need("questions")
        minutes, min_minutes = self._minutes(table, ClockKind.SECTION)
        kind = table.choice("kind", _KINDS, default=self._kind)
        options = self._own_options(table, kind)
        passages = table.whole("passages", 1, MOST_QUESTIONS)
        if questions is not None and passages is not None and questions % passages:
            table.complain("passages", f"{questions} questions cannot be shared equally among {passages} passages")
        weight = table.exact("weight", above=0)
        section = Section(
            key=key,
            names=names,
            questions=questions or 0,
            topics=self._own_topics(table),
            scoring=self._own_scoring(table),
            minutes=minutes,
            min_minutes=min_minutes,
            kind=kind or Kind.SINGLE,
            options=options,
            weight=Fraction(1) if weight is None else weight,
            in_total=table.flag("in_total", default=True),
            passages=passages,
        )
        table.finish()
        self._sections.setdefault(key, section)
        return section

    def _key(self, table: Table, *, taken: Collection[str], what: str) -> str:
        table.need("key")
        key = table.text("key", MAX_NAME) or ""
        if key and not (checks.is_slug(key) and len(key) <= MAX_KEY):
            table.complain("key", f"must be small letters, digits and single hyphens, at most {MAX_KEY} signs")
        elif key == FULL:
            table.complain("key", f"“{FULL}” is what the whole paper is called")
        elif key and key in taken:
            table.complain("key", f"another {what} is called {key}")
        return key

    def _own_options(self, table: Table, kind: Kind | None) -> int | None:
        if kind is Kind.TRUE_FALSE:
            table.refuse("options", "true or false has no options to count")
            return None
        own = table.whole("options", LEAST_OPTIONS, MOST_OPTIONS)
        if kind is not None and "options" not in self._root:
            table.need("options", ", here or for the whole exam")
        return own or self._options

    def _own_topics(self, table: Table) -> tuple[tuple[str, ...], ...]:
        table.need("topics")
        topics: dict[tuple[str, ...], None] = {}
        for word in table.words("topics", MOST_TOPICS):
            try:
                path = checks.topic_path(word)
            except Problem:
                table.complain("topics", f"{shown(word)} is no topic: one to three names with slashes between them")
                continue
            if path in topics:
                table.complain("topics", f"{shown(word)} stands there twice")
            elif self._topics is not None and word not in self._topics:
                table.unknown("topics", word, self._topics, "topic")
            topics[path] = None
        return tuple(topics)

    def _own_scoring(self, table: Table) -> Scoring:
        if own := table.table("scoring"):
            return _scoring(own)
        if "scoring" not in self._root:
            table.need("scoring", ", here and for the whole exam")
        return self._scoring or _NOTHING

    def _passes(self, table: Table, weights: Mapping[str, Fraction]) -> tuple[PassRule, ...]:
        """The pass rules of the exam or of a destination, whose total weighs the sections with `weights`."""
        read = []
        for rule in table.tables("passes", MOST_PASSES, "pass rule", "kind"):
            rule.need("kind")
            kind = rule.choice("kind", RuleKind)
            if kind is not None:
                read.append(self._rule(rule, kind, weights))
                rule.finish()
        return tuple(read)

    def _rule(self, table: Table, kind: RuleKind, weights: Mapping[str, Fraction]) -> PassRule:
        if kind is RuleKind.TOTAL:
            table.refuse("section", "the total is that of the whole paper; for one section write kind = “section”")
            section = None
        else:
            section = self._named_section(table)
            if kind is RuleKind.SECTION:
                table.need("section")
        if kind is RuleKind.ERRORS:
            table.need("at_most")
            table.refuse("at_least", "errors have at_most")
            at_most = table.whole("at_most", 0, MOST_QUESTIONS)
            return PassRule(kind, section, None, at_most, table.flag("blank_is_error", default=True))
        table.need("at_least")
        table.refuse("at_most", "points have at_least")
        table.refuse("blank_is_error", "only a rule of the kind errors has it")
        at_least = table.exact("at_least")
        most = self._most({section: Fraction(1)} if section is not None else weights)
        if at_least is not None and most is not None and at_least > most:
            table.complain("at_least", f"{at_least} cannot be reached: {most} points are the most")
        return PassRule(kind, section, at_least)

    def _named_section(self, table: Table) -> str | None:
        name = table.text("section", MAX_NAME)
        if name is not None and self._is_missing(name):
            table.unknown("section", name, self._sections, "section")
        return name

    def _is_missing(self, section: str) -> bool:
        return section not in self._sections and self._all_read

    def _most(self, weights: Mapping[str, Fraction]) -> Fraction | None:
        """The most points that sections can bring; None while anything about them is wrong."""
        sections = [self._sections.get(key) for key in weights]
        if not all(section and section.questions and section.scoring.right for section in sections):
            return None
        return sum(
            (section.questions * section.scoring.right * weights[section.key] for section in sections if section),
            Fraction(0),
        )

    def _destination(self, table: Table) -> Destination:
        table.need("name")
        name = table.text("name", MAX_NAME)
        weights = {section.key: section.weight for section in self._sections.values() if section.in_total}
        if own := table.table("weights"):
            weights = {}
            for key in own.keys():  # noqa: SIM118 - a table of the file is no mapping
                weight = own.exact(key, above=0)
                if self._is_missing(key):
                    own.unknown(cut(key), key, self._sections, "section")
                weights[key] = weight or Fraction(0)
            if not weights:
                table.complain("weights", "at least one section must count")
        source = table.text("source", MAX_SOURCE)
        read = Destination(name or "", weights, self._passes(table, weights), source or "")
        table.finish()
        return read

    def _all_variants(self) -> tuple[Variant, ...]:
        read: dict[str, Variant] = {}
        for table in self._root.tables("variants", MOST_VARIANTS, "variant", "key"):
            key = self._key(table, taken=self._sections.keys() | read.keys(), what="section or variant")
            read.setdefault(key, Variant(key, _names(table), self._shares(table)))
            table.finish()
        return tuple(read.values())

    def _shares(self, table: Table) -> dict[str, int]:
        table.need("questions")
        questions = table.table("questions")
        if questions is None:
            return {}
        shares = {}
        for key in questions.keys():  # noqa: SIM118 - a table of the file is no mapping
            share = questions.whole(key, 1, MOST_QUESTIONS)
            section = self._sections.get(key)
            if self._is_missing(key):
                questions.unknown(cut(key), key, self._sections, "section")
            elif section and share is not None and 0 < section.questions < share:
                questions.complain(key, f"{share} are more than the {section.questions} questions of the section")
            shares[key] = share or 0
        if not shares:
            table.complain("questions", "at least one section must be there")
        return shares

    def _check_size(self, exam: ExamFormat) -> None:
        if exam.questions > MOST_QUESTIONS:
            self._root.complain("sections", f"{exam.questions:,} questions in all, {MOST_QUESTIONS} are allowed")
        minutes = exam.minutes or sum((section.minutes or Fraction(0) for section in exam.sections), Fraction(0))
        if minutes > MOST_MINUTES:
            self._root.complain(
                "minutes" if exam.minutes else "sections",
                f"{minutes} minutes in all, {MOST_MINUTES} are allowed",
            )


def _with_parents(topics: Collection[tuple[str, ...]]) -> set[str]:
    return {"/".join(path[:steps]) for path in topics for steps in range(1, len(path) + 1)}


def _names(table: Table) -> dict[str, str]:
    table.need("names")
    before = table.problems
    names = table.texts("names", MAX_NAME)
    if "names" in table and not names and table.problems == before:
        table.complain("names", "at least one language is needed")
    return names


def _scoring(table: Table) -> Scoring:
    """Points of an item: a right one gets the most, more than a wrong one and not less than a blank."""
    for name in ("right", "blank", "wrong"):
        table.need(name)
    right, blank, wrong = table.exact("right", above=0), table.exact("blank"), table.exact("wrong")
    table.finish()
    if right is not None and wrong is not None and wrong >= right:
        table.complain("wrong", f"{wrong} must be less than right, which is {right}")
    if right is not None and blank is not None and blank > right:
        table.complain("blank", f"{blank} must not be more than right, which is {right}")
    if right is None or blank is None or wrong is None:
        return _NOTHING
    return Scoring(right=right, blank=blank, wrong=wrong)


def _rounding(root: Table) -> Rounding:
    table = root.table("rounding")
    if table is None:
        return Rounding()
    places = table.whole("places", 0, 6)
    mode = table.choice("mode", RoundingMode)
    table.finish()
    return Rounding(places=2 if places is None else places, mode=mode or RoundingMode.HALF_UP)
