"""What an exam closes of the mentor: all of it while a section runs, its paper's questions until it is over."""

import pytest

from core.errors import NotAllowed
from core.mentor.conversation import About, Chat, Kind, Said, Why
from core.mentor.desk import lay
from core.mentor.mentor import owed
from core.mentor.replies import Replies
from core.people.model import Role
from core.writing import Distress
from tests import builders
from tests.core.exams.desk import Desk
from tests.core.exams.test_gate import EVERYTHING, quiz_in, quiz_of
from tests.core.mentor.quiet import Nothing, Unwatched


@pytest.fixture
async def free(desk: Desk) -> Desk:
    """A student with a bank of twelve questions and no sitting."""
    await desk.abandon()
    return desk


def replies(desk: Desk) -> Replies:
    """Replies without a model behind them."""
    return Replies(desk.storage, desk.clock, desk.core.mentor, None, Nothing())


async def due(sat: Desk) -> Chat | None:
    """The reply that is due to the student."""
    found = await sat.storage.read(lambda work: owed(work, sat.person.telegram_id, sat.clock.now()))
    assert found is not None
    return found.due


async def test_while_a_section_runs_nothing_is_heard_carried_out_or_shown(free: Desk) -> None:
    """What was due before stays due, and comes once the section is over."""
    await free.core.mentor.hear(free.actor, Said("come si risolve?"))
    sat = await free.sit(builders.some_exam())
    await sat.start()

    with pytest.raises(NotAllowed, match="exam-running"):
        await sat.core.mentor.hear(sat.actor, Said("e questa?"))
    with pytest.raises(NotAllowed, match="exam-running"):
        await replies(sat).carry(sat.actor, Unwatched())
    assert await due(sat) is None
    await sat.finish()

    assert await due(sat) is not None
    carried = await replies(sat).carry(sat.actor, Unwatched())
    assert carried is not None
    assert [chat.id for chat in await sat.core.mentor.unshown(sat.actor)] == [carried.id]


async def test_a_written_reply_waits_for_the_end_of_the_section(free: Desk) -> None:
    """It is not shown meanwhile."""
    await free.core.mentor.hear(free.actor, Said("come si risolve?"))
    await replies(free).carry(free.actor, Unwatched())
    sat = await free.sit(builders.some_exam())
    await sat.start()

    during = await sat.core.mentor.unshown(sat.actor)
    await sat.finish()

    assert during == []
    assert len(await sat.core.mentor.unshown(sat.actor)) == 1


async def test_a_question_of_an_open_paper_is_not_talked_about(free: Desk) -> None:
    """Neither when it is asked about now, nor when the reply was due before the paper was drawn."""
    quiz_id = quiz_of(await quiz_in("judged", free))
    await free.core.mentor.ask_about_quiz(free.actor, quiz_id, 0, "perché?")
    sat = await free.sit(EVERYTHING)
    laid = await sat.storage.read(lambda work: lay(work, sat.actor))
    assert laid is not None
    about = next(chat.about for chat in laid.asked if chat.about is not None)

    with pytest.raises(NotAllowed, match="exam-question"):
        await sat.core.mentor.hear(sat.actor, Said("e adesso?", about=About(about.version_id, 0, quiz_id)))
    carried = await replies(sat).carry(sat.actor, Unwatched())

    assert carried is not None
    assert (carried.kind, carried.why) == (Kind.SCRIPT, Why.IN_PAPER)
    assert [chat.id for chat in await sat.core.mentor.unshown(sat.actor)] == [carried.id]


async def test_a_reply_about_a_question_waits_until_its_paper_is_over(free: Desk) -> None:
    """Written before the paper was drawn, it is not shown between its sections."""
    quiz_id = quiz_of(await quiz_in("judged", free))
    await free.core.mentor.ask_about_quiz(free.actor, quiz_id, 0, "perché?")
    await replies(free).carry(free.actor, Unwatched())
    sat = await free.sit(EVERYTHING)

    between = await sat.core.mentor.unshown(sat.actor)
    await sat.finish()

    assert between == []
    assert len(await sat.core.mentor.unshown(sat.actor)) == 1


async def test_danger_is_heard_during_a_section(free: Desk) -> None:
    """No clock and no paper goes before it; the section is as it was."""
    sat = await free.sit(builders.some_exam())
    paper = await sat.start()

    outcome = await sat.core.writing.write(sat.actor, "voglio morire", reply=False)

    assert outcome == Distress(Role.STUDENT)
    assert await sat.core.exams.current(sat.actor) == paper
