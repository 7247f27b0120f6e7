"""Random exams and papers, and an independent calculator: item by item, in whole numbers on one common scale."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from math import lcm

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
from core.exams.scoring import Tally

FATES = ("right", "wrong", "blank", "unreached")
MODES = {
    RoundingMode.HALF_UP: ROUND_HALF_UP,
    RoundingMode.HALF_EVEN: ROUND_HALF_EVEN,
    RoundingMode.DOWN: ROUND_DOWN,
}

Answers = Mapping[str, Sequence[str]]
"""The fate of each item, by section key."""


@dataclass(frozen=True)
class Paper:
    """An exam and what somebody did with it."""

    exam: ExamFormat
    answers: Answers

    @property
    def tallies(self) -> dict[str, Tally]:
        """The answers, counted."""
        return {key: Tally(**Counter(fates)) for key, fates in self.answers.items()}


def random_papers(count: int, seed: int) -> Iterator[Paper]:
    """So many papers, the same ones for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        exam = _exam(chance)
        leanings = [chance.random() for _ in FATES]
        yield Paper(exam, {one.key: chance.choices(FATES, weights=leanings, k=one.questions) for one in exam.sections})


def _fraction(chance: random.Random, low: int, high: int) -> Fraction:
    below = chance.choice([1, 1, 2, 3, 4, 5, 7, 8, 13, 16, 40, 52, 97])
    return Fraction(chance.randint(low * below, high * below), below)


def _exam(chance: random.Random) -> ExamFormat:
    keys = [f"s{number}" for number in range(chance.randint(1, 5))]
    sections = tuple(_section(chance, key) for key in keys)
    if not any(section.in_total for section in sections):
        sections = (*sections, _section(chance, "sure", sure=True))
    return ExamFormat(
        slug="X",
        names={"it": "X"},
        sections=sections,
        rounding=Rounding(chance.randint(0, 4), chance.choice(list(RoundingMode))),
        passes=_rules(chance, keys),
        destinations=tuple(
            Destination(
                f"D{number}",
                {key: _fraction(chance, 1, 3) for key in chance.sample(keys, chance.randint(1, len(keys)))},
                _rules(chance, keys),
            )
            for number in range(chance.randint(0, 2))
        ),
    )


def _section(chance: random.Random, key: str, *, sure: bool = False) -> Section:
    right = _fraction(chance, 1, 3)
    return Section(
        key=key,
        names={"it": key},
        questions=chance.randint(1, 20),
        topics=(("logic",),),
        scoring=Scoring(
            right, min(right, _fraction(chance, -1, 1)), right - abs(_fraction(chance, 0, 3)) - Fraction(1, 4)
        ),
        options=chance.choice([2, 4, 5]),
        weight=chance.choice([Fraction(1), Fraction(1, 2), Fraction(9, 52), _fraction(chance, 1, 4)]),
        in_total=sure or chance.random() < 0.8,
    )


def _rules(chance: random.Random, keys: Sequence[str]) -> tuple[PassRule, ...]:
    rules = []
    for kind in chance.sample(list(RuleKind), chance.randint(0, 3)):
        section = chance.choice(keys) if kind is RuleKind.SECTION or chance.random() < 0.3 else None
        match kind:
            case RuleKind.TOTAL:
                rules.append(PassRule(kind, at_least=_fraction(chance, -10, 30)))
            case RuleKind.SECTION:
                rules.append(PassRule(kind, section, at_least=_fraction(chance, -5, 10)))
            case RuleKind.ERRORS:
                at_most, strict = chance.randint(0, 20), chance.random() < 0.5
                rules.append(PassRule(kind, section, at_most=at_most, blank_is_error=strict))
    return tuple(rules)


class Calculator:
    """The points of a paper, added up item by item as whole numbers of the smallest part of a point."""

    def __init__(self, paper: Paper) -> None:
        exam = paper.exam
        self.paper = paper
        self.own = {section.key: section.weight for section in exam.sections if section.in_total}
        points = [
            value.denominator
            for section in exam.sections
            for value in (section.scoring.right, section.scoring.blank, section.scoring.wrong)
        ]
        weights = [weight.denominator for one in exam.destinations for weight in one.weights.values()]
        self.scale = lcm(*points) * lcm(*weights, *(section.weight.denominator for section in exam.sections))

    def points(self, weights: Mapping[str, Fraction], fates: Answers | None = None) -> int:
        """The weighted points of all items of the sections that have a weight."""
        total = 0
        for section in self.paper.exam.sections:
            if (weight := weights.get(section.key)) is None:
                continue
            values = self._values(section, weight)
            for fate in (fates or self.paper.answers)[section.key]:
                total += values[fate]
        return total

    def most(self, weights: Mapping[str, Fraction]) -> int:
        """The points of a paper on which everything is right."""
        return self.points(weights, {key: ["right"] * len(fates) for key, fates in self.paper.answers.items()})

    def missing(self, fate: str) -> int:
        """What the items of this fate miss to the points of a right one, over the sections that count."""
        return sum(
            self._values(section, section.weight)["right"] - self._values(section, section.weight)[fate]
            for section in self.paper.exam.sections
            for own in self.paper.answers[section.key]
            if section.in_total and own == fate
        )

    def met(self, rule: PassRule, weights: Mapping[str, Fraction]) -> bool:
        """Whether a pass rule is met."""
        if rule.kind is RuleKind.ERRORS:
            bad = {"wrong", "blank", "unreached"} if rule.blank_is_error else {"wrong"}
            errors = [
                fate
                for key, fates in self.paper.answers.items()
                for fate in fates
                if fate in bad and (key == rule.section if rule.section else key in weights)
            ]
            return rule.at_most is not None and len(errors) <= rule.at_most
        looked_at = {rule.section: Fraction(1)} if rule.section else weights
        least = rule.at_least
        return least is not None and self.points(looked_at) * least.denominator >= least.numerator * self.scale

    def rounded(self, points: int) -> Decimal:
        """Points as the exam rounds them; sixty digits are more than any tie needs."""
        wide = Context(prec=60)
        places = Decimal(1).scaleb(-self.paper.exam.rounding.places)
        exact = wide.divide(Decimal(points), Decimal(self.scale))
        return exact.quantize(places, MODES[self.paper.exam.rounding.mode], wide)

    def _values(self, section: Section, weight: Fraction) -> dict[str, int]:
        scoring = section.scoring
        points = {"right": scoring.right, "wrong": scoring.wrong, "blank": scoring.blank, "unreached": scoring.blank}
        return {
            fate: value.numerator * weight.numerator * (self.scale // (value.denominator * weight.denominator))
            for fate, value in points.items()
        }
