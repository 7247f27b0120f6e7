"""The exams that come with the program have the published numbers."""

from datetime import timedelta
from fractions import Fraction

import pytest

from core.exams.formats import ClockKind, ExamFormat, Scoring
from core.exams.reading import read_exam
from core.questions.reading import read_bank
from storage.content import EXAMS, STARTER

ENGLISH = ("english", 30, 15)
NUMBERS = {
    "TOLC-I": [("mathematics", 20, 50), ("logic", 10, 20), ("sciences", 10, 20), ("comprehension", 10, 20), ENGLISH],
    "TOLC-E": [("logic", 13, 30), ("comprehension", 10, 30), ("mathematics", 13, 30), ENGLISH],
    "TOLC-F": [
        ("mathematics", 7, 12),
        ("biology", 15, 20),
        ("chemistry", 15, 20),
        ("physics", 7, 12),
        ("logic", 6, 8),
        ENGLISH,
    ],
    "TOLC-S": [
        ("mathematics", 20, 50),
        ("reasoning", 15, 30),
        ("biology", 5, 10),
        ("chemistry", 5, 10),
        ("physics", 5, 10),
        ("earth", 5, 10),
        ENGLISH,
    ],
    "TOLC-SU": [("comprehension", 30, 60), ("knowledge", 10, 20), ("logic", 10, 20), ENGLISH],
    "TOLC-B": [("mathematics", 20, 50), ("biology", 10, 20), ("physics", 10, 20), ("chemistry", 10, 20), ENGLISH],
    "TOLC-PSI": [
        ("comprehension", 10, 20),
        ("mathematics", 10, 20),
        ("verbal", 10, 25),
        ("numerical", 10, 20),
        ("biology", 10, 15),
        ENGLISH,
    ],
    "TOLC-AV": [
        ("mathematics", 8, 16),
        ("biology", 8, 16),
        ("chemistry", 8, 16),
        ("physics", 8, 16),
        ("logic", 8, 16),
        ("comprehension", 10, 20),
        ENGLISH,
    ],
    "TOLC-LP": [("logic", 10, 30), ("comprehension", 10, 30), ("mathematics", 10, 30), ENGLISH],
    "CEnT-S": [
        ("mathematics", 15, 30),
        ("reasoning", 15, 30),
        ("biology", 10, 20),
        ("chemistry", 10, 20),
        ("physics", 5, 10),
    ],
}
"""Sections with their questions and minutes, in the order of the paper; exams in the order of the list."""

COUNTED = {
    "TOLC-I": (50, 110),
    "TOLC-E": (36, 90),
    "TOLC-F": (50, 72),
    "TOLC-S": (55, 120),
    "TOLC-SU": (50, 100),
    "TOLC-B": (50, 110),
    "TOLC-PSI": (50, 100),
    "TOLC-AV": (50, 100),
    "TOLC-LP": (30, 90),
    "CEnT-S": (55, 110),
}
"""Questions and minutes of what counts, as they are published."""


@pytest.fixture(scope="module")
def exams() -> dict[str, ExamFormat]:
    """The bundled exams by slug, in their order."""
    read = sorted((read_exam(file) for file in EXAMS.glob("*.toml")), key=lambda exam: exam.order)
    return {exam.slug: exam for exam in read}


def test_the_list_of_exams(exams: dict[str, ExamFormat]) -> None:
    """All ten, engineering first."""
    assert list(exams) == list(NUMBERS)
    assert [exam.order for exam in exams.values()] == list(range(10))


@pytest.mark.parametrize("slug", NUMBERS)
def test_questions_and_minutes(exams: dict[str, ExamFormat], slug: str) -> None:
    """Each section has its published questions and minutes, on a clock of its own."""
    exam = exams[slug]
    counted = [section for section in exam.sections if section.in_total]

    assert [(section.key, section.questions, section.minutes) for section in exam.sections] == NUMBERS[slug]
    assert exam.clock is ClockKind.SECTION
    assert {section.min_minutes for section in exam.sections} == {0}
    assert (sum(one.questions for one in counted), sum(one.minutes or 0 for one in counted)) == COUNTED[slug]


@pytest.mark.parametrize("slug", NUMBERS)
def test_points(exams: dict[str, ExamFormat], slug: str) -> None:
    """Five options; +1, 0, -0.25; English has no penalty and stays outside the total."""
    for section in exams[slug].sections:
        english = section.key == "english"
        wrong = Fraction(0) if english else Fraction(-1, 4)

        assert section.scoring == Scoring(Fraction(1), Fraction(0), wrong)
        assert (section.options, section.weight, section.in_total) == (5, 1, not english)


def test_passages(exams: dict[str, ExamFormat]) -> None:
    """Two passages where comprehension is known to have them."""
    found = {slug for slug, exam in exams.items() for section in exam.sections if section.passages == 2}

    assert found == {"TOLC-I", "TOLC-E", "TOLC-PSI", "TOLC-AV"}


@pytest.mark.parametrize("slug", NUMBERS)
def test_words_in_both_languages(exams: dict[str, ExamFormat], slug: str) -> None:
    """Exam, sections, notes and variants are named in Italian and in English, and say where they come from."""
    exam = exams[slug]

    for names in (
        exam.names,
        exam.notes,
        *(one.names for one in exam.sections),
        *(one.names for one in exam.variants),
    ):
        assert set(names) == {"it", "en"}
    assert exam.source


def test_the_starter_bank_fills_the_sections_of_an_engineer(exams: dict[str, ExamFormat]) -> None:
    """Every section of a TOLC-I has topics with enough questions in it."""
    items = read_bank(STARTER).bank.items

    for section in exams["TOLC-I"].sections:
        there = [item for item in items if any(item.topic[: len(topic)] == topic for topic in section.topics)]
        assert len(there) >= section.questions, section.key


def test_a_short_engineering_paper(exams: dict[str, ExamFormat]) -> None:
    """Fourteen questions in proportionate time, one passage, no English."""
    mini = exams["TOLC-I"].chosen("mini")

    assert mini is not None
    assert [(one.key, one.questions, one.minutes) for one in mini.sections] == [
        ("mathematics", 5, Fraction(25, 2)),
        ("logic", 3, 6),
        ("sciences", 3, 6),
        ("comprehension", 3, 6),
    ]
    assert mini.time == timedelta(minutes=30, seconds=30)
    assert mini.sections[-1].passages == 1


def test_english_alone_has_a_total(exams: dict[str, ExamFormat]) -> None:
    """Sat by itself, what stays outside the total is the total."""
    english = exams["TOLC-I"].chosen("english")

    assert english is not None
    assert [(one.key, one.in_total) for one in english.sections] == [("english", True)]
