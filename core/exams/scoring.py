"""What a paper is worth, where its points went, what guessing would have brought; exact, rounded once, at the end."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from core.exams.formats import (
    Destination,
    ExamFormat,
    PassRule,
    Rounding,
    RoundingMode,
    RuleKind,
    Scoring,
    Section,
)

_NONE = Fraction(0)


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the questions of a section.

    Attributes:
        blank: Seen and left without an answer.
        unreached: Never shown.
    """

    right: int = 0
    wrong: int = 0
    blank: int = 0
    unreached: int = 0

    @property
    def questions(self) -> int:
        """How many there are."""
        return self.right + self.wrong + self.blank + self.unreached

    @property
    def unanswered(self) -> int:
        """How many have no answer, seen or not."""
        return self.blank + self.unreached


@dataclass(frozen=True, slots=True)
class SectionScore:
    """A section's points, without its weight.

    Attributes:
        maximum: Its points if every answer were right.
        rounded: The score as the exam rounds it, for show; nothing is computed from it.
    """

    section: Section
    tally: Tally
    score: Fraction
    maximum: Fraction
    rounded: Decimal


@dataclass(frozen=True, slots=True)
class Judged:
    """A pass rule applied.

    Attributes:
        value: What the rule looked at: points, or a number of errors.
    """

    rule: PassRule
    value: Fraction
    met: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A total with the rules that judge it.

    Attributes:
        total: Weighted points, exact.
        maximum: The total if every answer were right.
        rounded: The total as the exam rounds it.
        rules: Each pass rule, applied to the exact points.
    """

    total: Fraction
    maximum: Fraction
    rounded: Decimal
    rules: tuple[Judged, ...]

    @property
    def passed(self) -> bool | None:
        """Whether every rule is met; None where there is none."""
        return all(judged.met for judged in self.rules) if self.rules else None


@dataclass(frozen=True, slots=True)
class DestinationResult(Result):
    """The result as one university course counts it."""

    destination: Destination


@dataclass(frozen=True, slots=True)
class Scored(Result):
    """A paper with its points.

    Attributes:
        sections: In the paper's order.
        destinations: The same answers as each university course counts them.
    """

    sections: tuple[SectionScore, ...]
    destinations: tuple[DestinationResult, ...]


def score(exam: ExamFormat, tallies: Mapping[str, Tally]) -> Scored:
    """The points of a paper.

    Args:
        exam: The paper that was sat (the whole exam, or the part of it).
        tallies: What became of the questions, by section key; a section that is not there was never reached.

    Raises:
        ValueError: A tally belongs to no section, or does not have its section's questions.
    """
    if strange := sorted(set(tallies) - {section.key for section in exam.sections}):
        raise ValueError(f"No section is called {', '.join(strange)}.")
    sections = tuple(
        _section(section, tallies.get(section.key, Tally(unreached=section.questions)), exam.rounding)
        for section in exam.sections
    )
    own = {one.section.key: one.section.weight for one in sections if one.section.in_total}
    total, maximum = _weighted(sections, own)
    return Scored(
        total=total,
        maximum=maximum,
        rounded=round_to(total, exam.rounding),
        rules=_judged(exam.passes, sections, own),
        sections=sections,
        destinations=tuple(_destination(one, sections, exam.rounding) for one in exam.destinations),
    )


def round_to(value: Fraction, rounding: Rounding) -> Decimal:
    """A value with as many decimal places as the exam has.

    `HALF_UP` means that a half goes away from zero, as Python's ROUND_HALF_UP does: -1.125 becomes -1.13. A value that
    comes out as zero has no sign.
    """
    whole, rest = divmod(abs(value.numerator) * 10**rounding.places, value.denominator)
    match rounding.mode:
        case RoundingMode.HALF_UP:
            whole += 2 * rest >= value.denominator
        case RoundingMode.HALF_EVEN:
            whole += 2 * rest + whole % 2 > value.denominator
        case RoundingMode.DOWN:
            pass
        case _:
            assert_never(rounding.mode)
    digits = tuple(map(int, str(whole)))
    return Decimal((int(value < 0 < whole), digits, -rounding.places))


def _section(section: Section, tally: Tally, rounding: Rounding) -> SectionScore:
    if tally.questions != section.questions or min(tally.right, tally.wrong, tally.blank, tally.unreached) < 0:
        raise ValueError(f"{section.key} has {section.questions} questions, the tally is {tally}.")
    points = section.scoring
    exact = tally.right * points.right + tally.unanswered * points.blank + tally.wrong * points.wrong
    return SectionScore(section, tally, exact, section.questions * points.right, round_to(exact, rounding))


def _weighted(sections: Iterable[SectionScore], weights: Mapping[str, Fraction]) -> tuple[Fraction, Fraction]:
    """The total and the most it could be."""
    counted = [(one, weights[one.section.key]) for one in sections if one.section.key in weights]
    return (
        sum((weight * one.score for one, weight in counted), _NONE),
        sum((weight * one.maximum for one, weight in counted), _NONE),
    )


def _destination(destination: Destination, sections: Sequence[SectionScore], rounding: Rounding) -> DestinationResult:
    total, maximum = _weighted(sections, destination.weights)
    return DestinationResult(
        total=total,
        maximum=maximum,
        rounded=round_to(total, rounding),
        rules=_judged(destination.passes, sections, destination.weights),
        destination=destination,
    )


def _judged(
    rules: Iterable[PassRule], sections: Sequence[SectionScore], weights: Mapping[str, Fraction]
) -> tuple[Judged, ...]:
    """The rules applied; those for the whole paper look at the sections that have a weight."""
    by_key = {one.section.key: one for one in sections}
    return tuple(_judge(rule, by_key, weights) for rule in rules)


def _judge(rule: PassRule, sections: Mapping[str, SectionScore], weights: Mapping[str, Fraction]) -> Judged:
    match rule.kind:
        case RuleKind.TOTAL:
            value, _ = _weighted(sections.values(), weights)
        case RuleKind.SECTION:
            value = sections[rule.section or ""].score
        case RuleKind.ERRORS:
            tallies = [sections[key].tally for key in ([rule.section] if rule.section is not None else weights)]
            value = Fraction(sum(one.wrong + (one.unanswered if rule.blank_is_error else 0) for one in tallies))
        case _:
            assert_never(rule.kind)
    enough = rule.at_least is None or value >= rule.at_least
    few = rule.at_most is None or value <= rule.at_most
    return Judged(rule, value, met=enough and few)


@dataclass(frozen=True, slots=True)
class Share:
    """Questions of one fate, and the points they cost: what they miss to a right answer."""

    count: int = 0
    points: Fraction = _NONE

    def __add__(self, other: "Share") -> "Share":
        return Share(self.count + other.count, self.points + other.points)


@dataclass(frozen=True, slots=True)
class Loss:
    """Points that were there to win, by what became of the questions."""

    wrong: Share = Share()
    blank: Share = Share()
    unreached: Share = Share()

    @property
    def points(self) -> Fraction:
        """All of them: exactly what the score misses to the maximum."""
        return self.wrong.points + self.blank.points + self.unreached.points

    def __add__(self, other: "Loss") -> "Loss":
        return Loss(self.wrong + other.wrong, self.blank + other.blank, self.unreached + other.unreached)


@dataclass(frozen=True, slots=True)
class Lost:
    """Where the points went.

    Attributes:
        total: Over the sections that count; its points are maximum - total.
        sections: Of each section that counts, weighted, in the paper's order.
    """

    total: Loss
    sections: tuple[tuple[Section, Loss], ...]


def lost(scored: Scored) -> Lost:
    """Where the points between the total and the maximum went.

    A wrong answer costs the point it did not bring and its penalty: 1.25 in a TOLC.
    """
    sections = tuple((one.section, _loss(one)) for one in scored.sections if one.section.in_total)
    return Lost(total=sum((loss for _, loss in sections), Loss()), sections=sections)


def _loss(scored: SectionScore) -> Loss:
    points, weight, tally = scored.section.scoring, scored.section.weight, scored.tally
    wrong, blank = weight * (points.right - points.wrong), weight * (points.right - points.blank)
    return Loss(
        wrong=Share(tally.wrong, tally.wrong * wrong),
        blank=Share(tally.blank, tally.blank * blank),
        unreached=Share(tally.unreached, tally.unreached * blank),
    )


def guess_value(scoring: Scoring, choices: int, removed: int = 0) -> Fraction:
    """Points that a guess is worth on average, more than a blank.

    A guess among k choices brings right/k + wrong(k - 1)/k. With the penalty right/(n - 1) of formula scoring, a blind
    guess among all n is worth as much as a blank, and every choice that is removed makes it worth more.

    Args:
        scoring: Points of an item.
        choices: How many the question offers.
        removed: How many of them are known to be wrong, fewer than `choices`.

    Raises:
        ValueError: Nothing is left to choose from.

    Source: Thurstone 1919, A method for scoring tests; Frary 1988, Formula scoring of multiple-choice tests (correction
    for guessing).
    """
    left = choices - removed
    if not 1 <= left <= choices:
        raise ValueError(f"{removed} of {choices} choices cannot be removed.")
    return (scoring.right + (left - 1) * scoring.wrong) / left - scoring.blank


def break_even(scoring: Scoring) -> Fraction:
    """The chance of being right from which an answer is worth more than a blank: 1/5 in a TOLC; 0 without a penalty."""
    return max(_NONE, (scoring.blank - scoring.wrong) / (scoring.right - scoring.wrong))


@dataclass(frozen=True, slots=True)
class GuessLesson:
    """What a student's own paper says about guessing, for the sections that score alike.

    Attributes:
        scoring: Points of an item in these sections.
        choices: How many a question offers there.
        sections: Which they are.
        blank: Questions seen and left without an answer.
        unreached: Questions never shown.
        removed: Choices taken as known to be wrong: one; none where two are all there are.
        each: Points that one guess among the rest is worth on average, more than a blank.
        worth: Points of the total that all questions without an answer would have brought on average.
        right: Right answers.
        wrong: Wrong answers.
        break_even: Share of right answers from which answering is worth more than leaving blank.
    """

    scoring: Scoring
    choices: int
    sections: tuple[Section, ...]
    blank: int
    unreached: int
    removed: int
    each: Fraction
    worth: Fraction
    right: int
    wrong: int
    break_even: Fraction

    @property
    def unanswered(self) -> int:
        """Questions without an answer, seen or not."""
        return self.blank + self.unreached

    @property
    def rate(self) -> Fraction | None:
        """Share of the answers that are right; None without an answer."""
        answered = self.right + self.wrong
        return Fraction(self.right, answered) if answered else None

    @property
    def paid(self) -> bool | None:
        """Whether answering brought more than blanks would have; None without an answer."""
        return None if self.rate is None else self.rate > self.break_even


def guess_lessons(scored: Scored) -> tuple[GuessLesson, ...]:
    """The lesson on guessing, one for each way of scoring; only where a section counts and a wrong answer costs points.

    Without a penalty there is nothing to weigh: every question should be answered.
    """
    alike: dict[tuple[Scoring, int], list[SectionScore]] = defaultdict(list)
    for one in scored.sections:
        if one.section.in_total and one.section.scoring.wrong < one.section.scoring.blank:
            alike[one.section.scoring, one.section.choices].append(one)
    return tuple(_lesson(scoring, choices, group) for (scoring, choices), group in alike.items())


def _lesson(scoring: Scoring, choices: int, group: Sequence[SectionScore]) -> GuessLesson:
    sections = tuple(one.section for one in group)
    tallies = tuple(one.tally for one in group)
    removed = 1 if choices > 2 else 0
    each = guess_value(scoring, choices, removed)
    return GuessLesson(
        scoring=scoring,
        choices=choices,
        sections=sections,
        blank=sum(tally.blank for tally in tallies),
        unreached=sum(tally.unreached for tally in tallies),
        removed=removed,
        each=each,
        worth=sum((one.section.weight * one.tally.unanswered * each for one in group), _NONE),
        right=sum(tally.right for tally in tallies),
        wrong=sum(tally.wrong for tally in tallies),
        break_even=break_even(scoring),
    )
