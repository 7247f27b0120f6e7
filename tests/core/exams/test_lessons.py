"""Where points went, and what guessing would have brought."""

from dataclasses import replace
from fractions import Fraction

import pytest

from core.exams.formats import ExamFormat, Scoring
from core.exams.reading import read_exam
from core.exams.scoring import Share, Tally, break_even, guess_lessons, guess_value, lost, score
from storage.content import EXAMS
from tests.core.exams.papers import FATES, Calculator, random_papers

TOLC = Scoring(right=Fraction(1), blank=Fraction(0), wrong=Fraction(-1, 4))


@pytest.fixture(scope="module")
def engineering() -> ExamFormat:
    """The TOLC-I."""
    return read_exam(EXAMS / "tolc-i.toml")


def test_lost_points_by_cause(engineering: ExamFormat) -> None:
    """A wrong answer costs 1.25, a question without an answer 1; English costs nothing."""
    scored = score(
        engineering,
        {
            "mathematics": Tally(right=12, wrong=5, blank=1, unreached=2),
            "logic": Tally(right=6, wrong=4),
            "english": Tally(wrong=30),
        },
    )

    found = lost(scored)

    assert found.total.wrong == Share(9, Fraction(45, 4))
    assert found.total.blank == Share(1, Fraction(1))
    assert found.total.unreached == Share(22, Fraction(22))
    assert [section.key for section, _ in found.sections] == ["mathematics", "logic", "sciences", "comprehension"]
    assert found.sections[1][1].wrong == Share(4, Fraction(5))


def test_lost_points_add_up_on_ten_thousand_papers() -> None:
    """What wrong answers, blanks and unreached questions cost is exactly what the total misses to the maximum."""
    for paper in random_papers(10_000, seed=21):
        scored, by_hand = score(paper.exam, paper.tallies), Calculator(paper)
        found = lost(scored)
        assert found.total.points == scored.maximum - scored.total
        assert sum(loss.points for _, loss in found.sections) == found.total.points
        for fate in FATES[1:]:
            share: Share = getattr(found.total, fate)
            assert share.points * by_hand.scale == by_hand.missing(fate)
            assert share.count == sum(
                paper.answers[section.key].count(fate) for section in paper.exam.sections if section.in_total
            )


@pytest.mark.parametrize(
    ("removed", "value"),
    [(0, "0"), (1, "1/16"), (2, "1/6"), (3, "3/8"), (4, "1")],
)
def test_a_guess_in_a_tolc(removed: int, value: str) -> None:
    """Blind it is worth exactly nothing, with one option removed 0.0625, and more with every other."""
    assert guess_value(TOLC, choices=5, removed=removed) == Fraction(value)


def test_a_guess_is_compared_with_a_blank() -> None:
    """Where a blank costs points too, a guess is worth more."""
    assert guess_value(replace(TOLC, blank=Fraction(-1, 10)), choices=5) == Fraction(1, 10)


def test_a_blind_guess_in_the_medical_paper() -> None:
    """+1.5 and -0.4 make a blind guess lose 0.02."""
    assert guess_value(Scoring(Fraction(3, 2), Fraction(0), Fraction(-2, 5)), choices=5) == Fraction(-1, 50)


@pytest.mark.parametrize(("choices", "removed"), [(5, 5), (5, -1)])
def test_something_must_be_left_to_choose_from(choices: int, removed: int) -> None:
    """Removing all options, or fewer than none, is a mistake of the program."""
    with pytest.raises(ValueError, match="cannot be removed"):
        guess_value(TOLC, choices, removed)


def test_a_guess_is_the_mean_of_all_outcomes() -> None:
    """The formula gives what choosing each option that is left once brings on average."""
    for paper in random_papers(200, seed=22):
        for section in paper.exam.sections:
            points = section.scoring
            for left in range(1, 6):
                outcomes = [points.right, *[points.wrong] * (left - 1)]
                mean = sum(outcomes, Fraction(0)) / left
                assert guess_value(points, choices=5, removed=5 - left) == mean - points.blank


def test_answering_pays_from_one_in_five() -> None:
    """In a TOLC; without a penalty it always pays."""
    assert break_even(TOLC) == Fraction(1, 5)
    assert break_even(replace(TOLC, wrong=Fraction(0))) == 0
    assert break_even(replace(TOLC, blank=Fraction(-1))) == 0


def test_the_lesson_speaks_of_ones_own_paper(engineering: ExamFormat) -> None:
    """Blanks and unreached questions at 1/16 each; 8 of 12 answers right against one in five; English stays out."""
    scored = score(
        engineering,
        {
            "mathematics": Tally(right=3, wrong=2, blank=5, unreached=10),
            "logic": Tally(right=5, wrong=2, blank=3),
            "sciences": Tally(blank=10),
            "comprehension": Tally(unreached=10),
            "english": Tally(right=10, wrong=20),
        },
    )

    (lesson,) = guess_lessons(scored)

    assert (lesson.blank, lesson.unreached, lesson.unanswered) == (18, 20, 38)
    assert (lesson.removed, lesson.each, lesson.worth) == (1, Fraction(1, 16), Fraction(38, 16))
    assert (lesson.right, lesson.wrong, lesson.rate) == (8, 4, Fraction(2, 3))
    assert (lesson.break_even, lesson.paid) == (Fraction(1, 5), True)


@pytest.mark.parametrize(
    ("tally", "paid"),
    [(Tally(right=2, wrong=8), False), (Tally(right=3, wrong=7), True), (Tally(right=1, wrong=9), False)],
)
def test_answering_at_the_break_even_rate_brings_nothing(engineering: ExamFormat, tally: Tally, *, paid: bool) -> None:
    """Two of ten are exactly one in five: no more than blanks."""
    (lesson,) = guess_lessons(score(engineering, {"logic": tally}))

    assert lesson.paid is paid


def test_without_an_answer_there_is_no_rate(engineering: ExamFormat) -> None:
    """An empty paper says nothing about answering."""
    (lesson,) = guess_lessons(score(engineering, {}))

    assert (lesson.rate, lesson.paid) == (None, None)


def test_a_lesson_needs_a_penalty_in_a_section_that_counts(engineering: ExamFormat) -> None:
    """A section that counts without a penalty has none, nor has one with a penalty that does not count."""
    first, second, *_ = engineering.sections
    sections = (replace(first, scoring=replace(TOLC, wrong=Fraction(0))), replace(second, in_total=False))

    assert guess_lessons(score(replace(engineering, sections=sections), {})) == ()


def test_sections_that_score_differently_have_lessons_of_their_own(engineering: ExamFormat) -> None:
    """Each way of scoring and each number of options is judged by itself, and weights count."""
    mathematics, logic, sciences, comprehension, english = engineering.sections
    mixed = replace(
        engineering,
        sections=(
            replace(mathematics, weight=Fraction(2)),
            replace(logic, options=4),
            replace(sciences, scoring=replace(TOLC, wrong=Fraction(-1, 2))),
            replace(comprehension, options=2),
            english,
        ),
    )

    lessons = guess_lessons(score(mixed, {}))

    assert [[section.key for section in one.sections] for one in lessons] == [
        ["mathematics"],
        ["logic"],
        ["sciences"],
        ["comprehension"],
    ]
    assert [one.each for one in lessons] == [Fraction(1, 16), Fraction(1, 6), Fraction(-1, 8), Fraction(3, 8)]
    assert [one.removed for one in lessons] == [1, 1, 1, 0]
    assert lessons[0].worth == 20 * 2 * Fraction(1, 16)
