"""Points, totals, rounding and pass rules."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from core.exams.formats import Destination, ExamFormat, PassRule, Rounding, RoundingMode, RuleKind
from core.exams.reading import read_exam
from core.exams.scoring import Scored, Tally, round_to, score
from storage.content import EXAMS
from tests.core.exams.papers import Calculator, random_papers

FILES = Path(__file__).parent / "files"


@pytest.fixture(scope="module")
def engineering() -> ExamFormat:
    """The TOLC-I."""
    return read_exam(EXAMS / "tolc-i.toml")


def sat(exam: ExamFormat) -> Scored:
    """A TOLC-I with some of everything."""
    return score(
        exam,
        {
            "mathematics": Tally(right=12, wrong=5, blank=1, unreached=2),
            "logic": Tally(right=6, wrong=4),
            "sciences": Tally(right=3, wrong=2, blank=5),
            "comprehension": Tally(right=10),
            "english": Tally(right=25, wrong=5),
        },
    )


def test_a_section_has_the_points_of_its_items(engineering: ExamFormat) -> None:
    """+1 for each right answer, -0.25 for each wrong one, nothing for the rest."""
    scores = [one.score for one in sat(engineering).sections]

    assert scores == [Fraction(43, 4), Fraction(5), Fraction(5, 2), Fraction(10), Fraction(25)]


def test_english_stays_outside_the_total(engineering: ExamFormat) -> None:
    """The total of a TOLC-I is that of its first four sections."""
    scored = sat(engineering)

    assert (scored.total, scored.maximum, scored.rounded) == (Fraction(113, 4), 50, Decimal("28.25"))


def test_a_section_that_is_not_mentioned_was_never_reached(engineering: ExamFormat) -> None:
    """All of its questions count as unreached."""
    scored = score(engineering, {})

    assert [one.tally.unreached for one in scored.sections] == [20, 10, 10, 10, 30]
    assert scored.total == 0


def test_without_rules_nobody_passes_or_fails(engineering: ExamFormat) -> None:
    """An exam without pass rules gives no verdict."""
    assert sat(engineering).passed is None


def test_all_rules_must_be_met(engineering: ExamFormat) -> None:
    """Mathematics >= 7 and reasoning >= 6: the one is met, the other is not."""
    rules = (
        PassRule(RuleKind.SECTION, "mathematics", at_least=Fraction(7)),
        PassRule(RuleKind.SECTION, "logic", at_least=Fraction(6)),
    )

    scored = sat(replace(engineering, passes=rules))

    assert [(one.value, one.met) for one in scored.rules] == [(Fraction(43, 4), True), (5, False)]
    assert scored.passed is False


def test_a_rule_looks_at_the_exact_points(engineering: ExamFormat) -> None:
    """A total of 28.25 is shown as 28, and does not reach 28.3; nor does rounding up reach 28.5."""
    rule = PassRule(RuleKind.TOTAL, at_least=Fraction(113, 4))
    up = replace(engineering, rounding=Rounding(1))

    assert sat(replace(up, passes=(rule,))).passed is True
    assert sat(up).rounded == Decimal("28.3")
    assert sat(replace(up, passes=(replace(rule, at_least=Fraction("28.3")),))).passed is False


def test_a_destination_weighs_sections_its_own_way(engineering: ExamFormat) -> None:
    """Its weights take the place of the exam's own, a section that it does not name does not count."""
    weights = {"mathematics": Fraction("2.25") / 13, "english": Fraction(1, 10)}
    rule = PassRule(RuleKind.TOTAL, at_least=Fraction(5))

    (course,) = sat(replace(engineering, destinations=(Destination("Siena", weights, (rule,)),))).destinations

    assert course.total == Fraction(43, 4) * Fraction(9, 52) + Fraction(5, 2)
    assert course.maximum == 20 * Fraction(9, 52) + 3
    assert course.rounded == Decimal("4.36")
    assert course.passed is False


def test_errors_may_or_may_not_include_blanks(engineering: ExamFormat) -> None:
    """Eleven wrong answers and eight blanks where the total counts; English does not."""
    strict = PassRule(RuleKind.ERRORS, at_most=18)
    lenient = replace(strict, blank_is_error=False)

    scored = sat(replace(engineering, passes=(strict, lenient)))

    assert [(one.value, one.met) for one in scored.rules] == [(19, False), (11, True)]


@pytest.mark.parametrize(
    ("tally", "total"),
    [
        (Tally(right=60), Fraction(90)),
        (Tally(wrong=60), Fraction(-24)),
        (Tally(right=31, wrong=20, blank=4, unreached=5), Fraction(77, 2)),
    ],
)
def test_the_medical_paper(tally: Tally, total: Fraction) -> None:
    """+1.5 and -0.4, exactly."""
    exam = read_exam(FILES / "medicine.toml")
    fates = (
        ["right"] * tally.right + ["wrong"] * tally.wrong + ["blank"] * tally.blank + ["unreached"] * tally.unreached
    )
    tallies = {}
    for section in exam.sections:
        own, fates = fates[: section.questions], fates[section.questions :]
        tallies[section.key] = Tally(*(own.count(fate) for fate in ("right", "wrong", "blank", "unreached")))

    assert score(exam, tallies).total == total


@pytest.mark.parametrize(
    ("tally", "passed"),
    [
        (Tally(right=27, wrong=3), True),
        (Tally(right=26, wrong=4), False),
        (Tally(right=27, wrong=1, blank=1, unreached=1), True),
        (Tally(right=26, wrong=3, unreached=1), False),
    ],
)
def test_at_most_three_errors(tally: Tally, *, passed: bool) -> None:
    """Thirty statements, three errors at most; one without an answer is an error."""
    exam = read_exam(FILES / "true-false.toml")

    assert score(exam, {"theory": tally}).passed is passed


@pytest.mark.parametrize(
    ("value", "places", "mode", "rounded"),
    [
        ("1.125", 2, RoundingMode.HALF_UP, "1.13"),
        ("-1.125", 2, RoundingMode.HALF_UP, "-1.13"),
        ("1.1249", 2, RoundingMode.HALF_UP, "1.12"),
        ("-0.5", 0, RoundingMode.HALF_UP, "-1"),
        ("1.125", 2, RoundingMode.HALF_EVEN, "1.12"),
        ("-1.125", 2, RoundingMode.HALF_EVEN, "-1.12"),
        ("1.135", 2, RoundingMode.HALF_EVEN, "1.14"),
        ("-1.135", 2, RoundingMode.HALF_EVEN, "-1.14"),
        ("1.139", 2, RoundingMode.DOWN, "1.13"),
        ("-1.139", 2, RoundingMode.DOWN, "-1.13"),
        ("2/3", 6, RoundingMode.HALF_UP, "0.666667"),
        ("7", 2, RoundingMode.HALF_UP, "7.00"),
        ("-0.004", 2, RoundingMode.HALF_UP, "0.00"),
    ],
)
def test_rounding(value: str, places: int, mode: RoundingMode, rounded: str) -> None:
    """Half up goes away from zero, half even to the even digit, down towards zero; zero has no sign."""
    assert str(round_to(Fraction(value), Rounding(places, mode))) == rounded


def test_only_the_total_is_rounded(engineering: ExamFormat) -> None:
    """Three sections of 0.5 rounded to whole points are 1.5, so 2, and not 3."""
    whole = replace(engineering, rounding=Rounding(0))
    half = Tally(right=1, wrong=2, unreached=7)

    scored = score(whole, dict.fromkeys(("logic", "sciences", "comprehension"), half))

    assert [one.rounded for one in scored.sections] == [0, 1, 1, 1, 0]
    assert scored.rounded == 2


@pytest.mark.parametrize(
    "tallies",
    [{"maths": Tally()}, {"logic": Tally(right=9)}, {"logic": Tally(right=11, wrong=-1)}],
)
def test_a_tally_fits_its_section(engineering: ExamFormat, tallies: dict[str, Tally]) -> None:
    """A section that is not there, too few questions and a negative count are mistakes of the program."""
    with pytest.raises(ValueError, match=r"maths|logic"):
        score(engineering, tallies)


def test_ten_thousand_papers_have_the_points_of_their_items() -> None:
    """Totals, rounding, pass rules and destinations equal those of a calculator that adds items as whole numbers."""
    verdicts = set()
    for paper in random_papers(10_000, seed=20):
        scored, by_hand = score(paper.exam, paper.tallies), Calculator(paper)
        verdicts.add(scored.passed)
        for result, weights, rules in [
            (scored, by_hand.own, paper.exam.passes),
            *((one, one.destination.weights, one.destination.passes) for one in scored.destinations),
        ]:
            points = by_hand.points(weights)
            assert result.total * by_hand.scale == points
            assert result.maximum * by_hand.scale == by_hand.most(weights)
            assert result.rounded == by_hand.rounded(points)
            assert [one.met for one in result.rules] == [by_hand.met(rule, weights) for rule in rules]
        for one in scored.sections:
            assert one.score * by_hand.scale == by_hand.points({one.section.key: Fraction(1)})
    assert verdicts == {True, False, None}
