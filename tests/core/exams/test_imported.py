"""The medical paper, sat on the ministry's questions where they are at hand."""

from pathlib import Path

import pytest

from core.chiron import Chiron
from core.exams.outcomes import OnPaper, Over
from core.exams.reading import read_exam
from core.people.model import Person
from core.questions.reading import read_bank
from tests import builders
from tests.fakes import FakeClock

BANK = Path(__file__).parents[3].parent / "shared" / "data" / "banks" / "test_medicina.jsonl"
MEDICINE = Path(__file__).parent / "files" / "medicine.toml"


@pytest.mark.skipif(not BANK.exists(), reason="test_medicina.jsonl is not beside the repository")
async def test_the_medical_paper_on_the_imported_bank(core: Chiron, student: Person, clock: FakeClock) -> None:
    """Sixty different questions, one clock of 100 minutes, 1.5 for each right one and -0.4 for each wrong one."""
    await core.banks.store(read_bank(BANK).bank, clock.now())
    await core.exams.add([read_exam(MEDICINE)], clock.now())
    actor, sitting_id = builders.actor(student, clock.now()), builders.new_sitting_id()
    await core.exams.create(actor, sitting_id, "Medicina")
    paper = await core.exams.start_section(actor, sitting_id, 0)
    assert isinstance(paper, OnPaper)
    for item in paper.sitting.items[:10]:
        wrong = next(choice for choice in item.order if choice != item.key)
        choice = item.key if item.position < 6 else wrong
        await core.exams.answer(actor, sitting_id, position=item.position, choice=choice)

    outcome = await core.exams.complete_section(actor, sitting_id, 0)

    assert isinstance(outcome, Over)
    assert [section.questions for section in outcome.sitting.sections] == [4, 5, 23, 15, 13]
    assert len({item.question_id for item in outcome.sitting.items}) == 60
    assert (paper.sitting.deadline or clock.now()) - clock.now() == paper.sitting.exam.time
    assert (str(outcome.scored.rounded), outcome.scored.maximum) == ("7.40", 90)
