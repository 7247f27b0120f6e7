"""What an exam is: sections, clocks, scoring, pass rules. All of it comes from a file; nothing here knows an exam."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction

from core.questions.model import Kind

FULL = "full"
"""The variant that is the exam itself."""


class ClockKind(StrEnum):
    """What a clock is for."""

    SECTION = "section"
    """Each section has its own; sections are sat in order, and there is no way back to one that is over."""
    PAPER = "paper"
    """One for all sections; one moves freely over the whole paper."""


class RoundingMode(StrEnum):
    """Which way a score is rounded."""

    HALF_UP = "half-up"
    """A half goes away from zero: 0.125 becomes 0.13 and -0.125 becomes -0.13."""
    HALF_EVEN = "half-even"
    """A half goes to the even digit: 0.125 becomes 0.12."""
    DOWN = "down"
    """What is too much is cut off, towards zero: -0.129 becomes -0.12."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a score is rounded, once, at the end.

    Attributes:
        places: Decimal places, 0 to 6.
    """

    places: int = 2
    mode: RoundingMode = RoundingMode.HALF_UP


@dataclass(frozen=True, slots=True)
class Scoring:
    """Points of one item: right, left blank, wrong."""

    right: Fraction
    blank: Fraction
    wrong: Fraction


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the paper with its own questions and scoring.

    Attributes:
        key: Slug, unique in the exam.
        names: What it is called, by language.
        questions: How many.
        topics: Paths of topics to draw from, subject first.
        scoring: Points of an item.
        minutes: Its time; None where one clock runs for the whole paper.
        min_minutes: It cannot be handed in before.
        kind: How its questions are answered: single or true-false.
        options: Choices of a question; None for true-false.
        weight: What its score is multiplied with in the total.
        in_total: Whether it counts in the total.
        passages: So many reading passages, each with an equal share of the questions; None: questions as they come.
    """

    key: str
    names: Mapping[str, str]
    questions: int
    topics: tuple[tuple[str, ...], ...]
    scoring: Scoring
    minutes: Fraction | None = None
    min_minutes: Fraction = Fraction(0)
    kind: Kind = Kind.SINGLE
    options: int | None = None
    weight: Fraction = Fraction(1)
    in_total: bool = True
    passages: int | None = None

    def name(self, language: str) -> str:
        """What it is called in `language`, or in any language it has a name in."""
        return self.names.get(language) or next(iter(self.names.values()), self.key)

    @property
    def choices(self) -> int:
        """How many answers a question offers."""
        return self.options or 2


class RuleKind(StrEnum):
    """What a pass rule looks at."""

    TOTAL = "total"
    SECTION = "section"
    ERRORS = "errors"


@dataclass(frozen=True, slots=True)
class PassRule:
    """One condition for passing; all of an exam's must be met.

    Attributes:
        kind: The total, the score of one section, or the number of errors.
        section: Key of the section that it looks at; None for the whole paper (errors and total), that is for the
            sections that count in the total.
        at_least: Least points (total, section), compared with the exact score; a section's without any weight.
        at_most: Most errors.
        blank_is_error: Whether a question without an answer counts as an error.
    """

    kind: RuleKind
    section: str | None = None
    at_least: Fraction | None = None
    at_most: int | None = None
    blank_is_error: bool = True


@dataclass(frozen=True, slots=True)
class Destination:
    """A university course with weights and pass rules of its own.

    Attributes:
        weights: What the score of a section is multiplied with, by key, instead of its own weight; a section that is
            not there does not count.
        source: Where the figures come from.
    """

    name: str
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    passes: tuple[PassRule, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """A shorter paper: so many questions of some sections, in proportionate time.

    Attributes:
        questions: How many questions, by section key, in the paper's order; a section that is not there is left out.
    """

    key: str
    names: Mapping[str, str]
    questions: Mapping[str, int]

    def name(self, language: str) -> str:
        """What it is called in `language`, or in any language it has a name in."""
        return self.names.get(language) or next(iter(self.names.values()), self.key)


@dataclass(frozen=True, slots=True)
class ExamFormat:
    """An exam as its file describes it.

    Attributes:
        slug: Its name in the database and in messages, for example TOLC-I.
        names: A longer name, by language.
        order: Place in the list of exams, from 0.
        clock: One clock for each section, or one for the paper.
        minutes: Time for the paper where it has one clock; else None.
        min_minutes: A paper with one clock cannot be handed in before.
        notes: What a student should know of it, by language.
        source: Where the figures come from.
    """

    slug: str
    names: Mapping[str, str]
    sections: tuple[Section, ...]
    clock: ClockKind = ClockKind.SECTION
    minutes: Fraction | None = None
    min_minutes: Fraction = Fraction(0)
    order: int = 100
    rounding: Rounding = field(default_factory=Rounding)
    passes: tuple[PassRule, ...] = ()
    destinations: tuple[Destination, ...] = ()
    variants: tuple[Variant, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    source: str = ""

    def name(self, language: str) -> str:
        """What it is called in `language`, or in any language it has a name in."""
        return self.names.get(language) or next(iter(self.names.values()), self.slug)

    @property
    def questions(self) -> int:
        """How many questions the paper has."""
        return sum(section.questions for section in self.sections)

    @property
    def time(self) -> timedelta:
        """The time of the whole paper, over all clocks."""
        if self.minutes is not None:
            return as_time(self.minutes)
        return sum((as_time(section.minutes or Fraction(0)) for section in self.sections), timedelta())

    def part(self, keys: Mapping[str, int]) -> "ExamFormat":
        """A shorter paper in proportionate time; what was decided for the whole exam (passing) does not apply to it.

        A paper of nothing but sections outside the total has them as its total.

        Args:
            keys: Questions by section key.
        """
        sections = tuple(_shortened(section, keys[section.key]) for section in self.sections if section.key in keys)
        if not any(section.in_total for section in sections):
            sections = tuple(replace(section, in_total=True) for section in sections)
        share = Fraction(sum(section.questions for section in sections), self.questions)
        return replace(
            self,
            sections=sections,
            minutes=self.minutes * share if self.minutes is not None else None,
            min_minutes=self.min_minutes * share,
            passes=(),
            destinations=(),
        )

    def chosen(self, variant: str) -> "ExamFormat | None":
        """The paper of a variant: `full`, a variant's key, or a section's key; None if there is none."""
        if variant == FULL:
            return self
        for known in self.variants:
            if known.key == variant:
                return self.part(known.questions)
        section = next((section for section in self.sections if section.key == variant), None)
        return self.part({section.key: section.questions}) if section is not None else None


def as_time(minutes: Fraction) -> timedelta:
    """Minutes as a length of time, to the microsecond."""
    return timedelta(microseconds=round(minutes * 60_000_000))


def _shortened(section: Section, questions: int) -> Section:
    if questions == section.questions:
        return section
    share = Fraction(questions, section.questions)
    passages = section.passages
    if passages is not None:
        passages = max(n for n in range(1, passages + 1) if n == 1 or (questions % n == 0 and n <= passages * share))
    return replace(
        section,
        questions=questions,
        minutes=section.minutes * share if section.minutes is not None else None,
        min_minutes=section.min_minutes * share,
        passages=passages,
    )
