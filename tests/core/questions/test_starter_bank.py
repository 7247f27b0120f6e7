"""The bundled bank keeps the rules that its authors were given."""

from collections import Counter
from pathlib import Path

import pytest

from core.questions.lint import Severity, lint
from core.questions.model import Item, Kind
from core.questions.reading import Reading, read_bank

STARTER = Path(__file__).parents[3] / "storage" / "content" / "starter"


@pytest.fixture(scope="module")
def reading() -> Reading:
    """The bundled bank as it is read."""
    return read_bank(STARTER)


def of(reading: Reading, subject: str) -> list[Item]:
    """The questions of a subject."""
    return [item for item in reading.bank.items if item.topic[0] == subject]


def test_everything_can_be_asked(reading: Reading) -> None:
    """No question is left out."""
    assert [(one.file, one.line, one.slug, one.reason) for one in reading.rejected] == []


def test_the_linter_has_no_complaint(reading: Reading) -> None:
    """Neither errors nor warnings; information is allowed."""
    complaints = [finding for finding in lint(reading.bank) if finding.severity is not Severity.INFORMATION]

    assert complaints == []


def test_every_subject_has_enough(reading: Reading) -> None:
    """A first paper can be drawn from each subject."""
    counts = Counter(item.topic[0] for item in reading.bank.items)
    wanted = {"mathematics": 20, "logic": 10, "sciences": 10, "comprehension": 10, "english": 30}

    assert {subject: counts[subject] for subject, least in wanted.items() if counts[subject] < least} == {}


def test_comprehension_asks_about_two_passages(reading: Reading) -> None:
    """Each comprehension question belongs to one of two texts."""
    assert len({item.passage for item in of(reading, "comprehension")}) == 2
    assert all(item.passage for item in of(reading, "comprehension"))


def test_english_is_as_in_the_exam(reading: Reading) -> None:
    """Thirty single questions with five options are a full English section."""
    fit = [
        item
        for item in of(reading, "english")
        if item.kind is Kind.SINGLE and len(item.wordings[item.original].choices) == 5
    ]

    assert len(fit) >= 30


@pytest.mark.parametrize("subject", ["mathematics", "logic", "sciences"])
def test_the_subjects_speak_two_languages(reading: Reading, subject: str) -> None:
    """Mathematics, logic and sciences are in Italian and in English."""
    assert [item.slug for item in of(reading, subject) if not {"it", "en"} <= set(item.wordings)] == []


def test_every_question_helps(reading: Reading) -> None:
    """An explanation, three hints and an error for each wrong choice, in every language."""
    without = [
        (item.slug, language)
        for item in reading.bank.items
        for language, wording in item.wordings.items()
        if not wording.explanation
        or len(wording.hints) != 3
        or any(not error for place, error in enumerate(wording.errors) if place not in item.right)
    ]

    assert without == []
