"""Conversations with the mentor as rows, without a model behind it."""

import pytest

from core.chiron import Chiron
from core.errors import NotFound
from core.mentor.conversation import Kind, Said, State
from core.mentor.mentor import owed
from core.mentor.replies import Replies
from core.people.model import Person, Role
from core.ports import Actor
from core.practice.outcomes import Asked
from core.writing import Distress
from storage.tables import ai_mentor_sessions
from storage.work import SqlStorage
from tests import builders
from tests.core.mentor.quiet import Nothing, Unwatched
from tests.fakes import FakeClock
from tests.readback import everything, rows


def at(person: Person, clock: FakeClock) -> Actor:
    """The student, now."""
    return builders.actor(person, clock.now())


async def said(core: Chiron, storage: SqlStorage, student: Person, clock: FakeClock, text: str) -> None:
    """Say something and have it answered."""
    await core.mentor.hear(at(student, clock), Said(text))
    await Replies(storage, clock, core.mentor, None, Nothing()).carry(at(student, clock), Unwatched())


async def test_a_session_that_is_taken_up_goes_on(
    core: Chiron, storage: SqlStorage, student: Person, clock: FakeClock
) -> None:
    """However old it is: what is said next belongs to it."""
    await said(core, storage, student, clock, "le derivate")
    first = (await core.mentor.shelf(at(student, clock), page=0, size=5)).sessions[0]
    clock.advance(hours=30)
    await core.mentor.end_silent(clock.now())

    await core.mentor.take_up(at(student, clock), first.id)
    await core.mentor.end_silent(clock.now())
    clock.advance(minutes=5)
    await said(core, storage, student, clock, "e gli integrali?")

    found = (await core.mentor.shelf(at(student, clock), page=0, size=5)).sessions
    assert [(one.id, one.message_count) for one in found] == [(first.id, 4)]


async def test_a_day_of_silence_ends_a_session(
    core: Chiron, storage: SqlStorage, student: Person, clock: FakeClock
) -> None:
    """At its last message; the next one begins another."""
    await said(core, storage, student, clock, "le derivate")
    last = clock.now()
    clock.advance(hours=24)

    assert await core.mentor.end_silent(clock.now()) == 1
    await said(core, storage, student, clock, "gli integrali")

    found = (await core.mentor.shelf(at(student, clock), page=0, size=5)).sessions
    assert [one.ended_at for one in found] == [None, last]


async def test_messages_meanwhile_wait_for_the_next_reply(
    core: Chiron, storage: SqlStorage, student: Person, clock: FakeClock
) -> None:
    """One reply is due at a time; what comes before it is carried out is part of it."""
    first = await core.mentor.hear(at(student, clock), Said("uno"))
    second = await core.mentor.hear(at(student, clock), Said("due"))
    reply = await Replies(storage, clock, core.mentor, None, Nothing()).carry(at(student, clock), Unwatched())

    assert (first.queued, second.queued, second.reply) == (False, True, first.reply)
    assert reply is not None
    asked = await core.mentor.question(at(student, clock), reply.id)
    assert asked.words == "uno\n\ndue"
    assert (reply.kind, reply.state) == (Kind.ARCHIVE, State.WHOLE)


async def test_a_session_knows_its_topic_and_the_exam_in_view(
    core: Chiron, student: Person, clock: FakeClock, database_url: str
) -> None:
    """The topic is that of the first question which it is about."""
    await core.people.prepare_for(at(student, clock), "TOLC-I")
    standing = await core.quizzes.start(at(student, clock), builders.new_quiz_id(), length=1)
    assert isinstance(standing, Asked)

    await core.mentor.ask_about_quiz(at(student, clock), standing.quiz.id, 0, "aiuto")

    (session,) = rows(database_url, ai_mentor_sessions.select())
    assert session["topic_id"] == standing.version.topic_id
    assert session["course_id"] is not None


async def test_what_is_somebody_elses_is_not_there(
    core: Chiron, storage: SqlStorage, student: Person, clock: FakeClock
) -> None:
    """Sessions, replies and questions of another student answer as if they were absent."""
    await said(core, storage, student, clock, "le derivate")
    session = (await core.mentor.shelf(at(student, clock), page=0, size=5)).sessions[0]
    (reply,) = await core.mentor.unshown(at(student, clock))
    standing = await core.quizzes.start(at(student, clock), builders.new_quiz_id(), length=1)
    assert isinstance(standing, Asked)
    other = await core.people.arrive(1002, "it", clock.now())

    for attempt in (
        core.mentor.take_up(at(other, clock), session.id),
        core.mentor.question(at(other, clock), reply.id),
        core.mentor.ask_again(at(other, clock), reply.id),
        core.mentor.ask_about_quiz(at(other, clock), standing.quiz.id, 0, "aiuto"),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert (await core.mentor.shelf(at(other, clock), page=0, size=5)).sessions == ()
    assert await core.mentor.unshown(at(other, clock)) == []


async def test_a_key_pressed_twice_asks_once(
    core: Chiron, storage: SqlStorage, student: Person, clock: FakeClock
) -> None:
    """The second press finds the request of the first, until it is answered."""
    standing = await core.quizzes.start(at(student, clock), builders.new_quiz_id(), length=1)
    assert isinstance(standing, Asked)

    for _ in range(3):
        await core.mentor.ask_about_quiz(at(student, clock), standing.quiz.id, 0, "aiuto")
    reply = await Replies(storage, clock, core.mentor, None, Nothing()).carry(at(student, clock), Unwatched())

    assert reply is not None
    asked = await core.mentor.question(at(student, clock), reply.id)
    assert (asked.words, asked.pressed) == ("aiuto", True)
    assert not (await core.mentor.ask_about_quiz(at(student, clock), standing.quiz.id, 0, "aiuto")).queued


async def test_a_reply_that_cannot_be_carried_out_is_given_up(
    core: Chiron, storage: SqlStorage, student: Person, clock: FakeClock
) -> None:
    """It is interrupted, its messages can be asked anew, and what comes later is answered."""
    heard = await core.mentor.hear(at(student, clock), Said("uno"))

    await core.mentor.give_up(at(student, clock), heard.reply, clock.now())

    found = await storage.read(lambda work: owed(work, student.telegram_id, clock.now()))
    assert found is not None
    assert (found.due, found.unshown) == (None, True)
    assert [chat.state for chat in await core.mentor.unshown(at(student, clock))] == [State.INTERRUPTED]
    again = await core.mentor.ask_again(at(student, clock), heard.reply)
    assert (await core.mentor.question(at(student, clock), again.reply)).words == "uno"


@pytest.mark.parametrize("text", ["voglio morire", "i want to kill myself"])
async def test_danger_is_heard_before_everything_else(
    core: Chiron, student: Person, clock: FakeClock, database_url: str, text: str
) -> None:
    """At a question, while something is asked, as a parent: and no word of it is stored."""
    outcomes = [await core.writing.write(at(student, clock), text, reply=False)]
    await core.quizzes.start(at(student, clock), builders.new_quiz_id(), length=1)
    outcomes.append(await core.writing.write(at(student, clock), text, reply=True))
    await core.people.be_parent(at(student, clock))
    outcomes.append(await core.writing.write(at(student, clock), text, reply=False))

    assert outcomes == [Distress(Role.STUDENT), Distress(Role.STUDENT), Distress(Role.PARENT)]
    assert text not in str(everything(database_url))
