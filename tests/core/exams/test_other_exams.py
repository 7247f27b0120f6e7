"""Exams of other shapes are only files: one clock, other points, true or false, fractions of a minute."""

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from core.exams.formats import ClockKind, PassRule, RuleKind, Scoring
from core.exams.reading import read_exam
from core.questions.model import Kind
from core.questions.reading import ministry

FILES = Path(__file__).parent / "files"


def test_the_medical_paper() -> None:
    """Sixty questions on one clock of 100 minutes, +1.5, 0, -0.4, drawn from an imported bank."""
    exam = read_exam(FILES / "medicine.toml", known_topics={(name,) for name in ministry.NAMES})

    assert (exam.clock, exam.minutes, exam.time) == (ClockKind.PAPER, 100, timedelta(minutes=100))
    assert [section.questions for section in exam.sections] == [4, 5, 23, 15, 13]
    assert {section.minutes for section in exam.sections} == {None}
    assert {section.scoring for section in exam.sections} == {Scoring(Fraction(3, 2), Fraction(0), Fraction(-2, 5))}


def test_the_true_or_false_paper() -> None:
    """Thirty statements in twenty minutes, three errors at most, blanks included."""
    exam = read_exam(FILES / "true-false.toml")
    (section,) = exam.sections

    assert (section.questions, section.kind, section.options, section.choices) == (30, Kind.TRUE_FALSE, None, 2)
    assert exam.time == timedelta(minutes=20)
    assert exam.passes == (PassRule(RuleKind.ERRORS, at_most=3, blank_is_error=True),)


def test_fractions_of_a_minute() -> None:
    """Ninety seconds are 1.5 minutes, a third of a minute is twenty seconds."""
    text = (FILES / "true-false.toml").read_text()

    assert read_exam(text.replace("minutes = 20", "minutes = 1.5").encode()).time == timedelta(seconds=90)
    assert read_exam(text.replace("minutes = 20", 'minutes = "1/3"').encode()).time == timedelta(seconds=20)


def test_a_paper_on_one_clock_is_shortened_in_proportion() -> None:
    """Biology alone has 23 sixtieths of the time."""
    biology = read_exam(FILES / "medicine.toml").chosen("biology")

    assert biology is not None
    assert biology.minutes == Fraction(23 * 100, 60)
