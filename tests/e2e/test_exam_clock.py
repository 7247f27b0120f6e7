"""The clock of an exam: it warns, it closes what has run out, and it is right whoever was away."""

from datetime import timedelta

import pytest

from bot.callbacks import ExamStart
from tests import builders
from tests.e2e.chat import STUDENT, Chat, labels, presses, said, words
from tests.e2e.conftest import ON_BOTH
from tests.e2e.examroom import ExamRoom, in_utc


@pytest.fixture
def room(chat: Chat) -> ExamRoom:
    """The student at the exam."""
    return ExamRoom(chat)


@ON_BOTH
async def test_section_that_runs_out_is_told_at_once(chat: Chat, room: ExamRoom) -> None:
    """A new message with a sound says it and offers the next section; the paper is gone from the chat."""
    paper = await room.sit()
    await room.choose(right=True)
    deadline = await room.deadline()

    told = await room.told(minutes=20)

    assert told["message_id"] > paper["message_id"]
    assert words(told).startswith(said("exam-notice-time-up", section="Plain"))
    assert labels(told)[0] == said("exam-start", section="Other")
    assert str(chat.pg.calls("sendMessage")[-1].params["disable_notification"]).lower() == "false"
    assert paper["message_id"] not in {message["message_id"] for message in chat.bot_messages()}
    closed = (await room.sections())[0]
    assert (closed.closed_by, in_utc(closed.completed_at)) == ("time", deadline)
    assert len(await chat.attempts()) == 1


async def test_told_once_only(chat: Chat, room: ExamRoom) -> None:
    """What was told is not told again, and the next tap takes the line away."""
    await room.sit()
    await room.told(minutes=20)
    before = len(chat.bot_messages())

    await room.told(hours=1)
    assert len(chat.bot_messages()) == before
    started = await room.start()

    assert len(chat.bot_messages()) == before
    assert "1 di 2" in words(started)


async def test_last_section_that_runs_out(room: ExamRoom) -> None:
    """After the last section the result comes by itself."""
    one = builders.exam(builders.section("only", 2, 4, topics=("extra/plain",)), slug="SHORT")
    await room.sit(one)
    await room.choose(right=True)

    told = await room.told(minutes=4)

    assert words(told).startswith(said("exam-notice-time-up", section="Only"))
    assert room.says("exam-result-total", score="1", maximum="2")
    assert (await room.sitting()).status == "completed"


@ON_BOTH
async def test_bot_was_down_across_the_deadline(chat: Chat, room: ExamRoom) -> None:
    """Closed at its deadline, however late the bot is back, and told then."""
    paper = await room.sit()
    await room.choose(right=True)
    deadline = await room.deadline()
    await chat.stop()
    chat.clock.advance(hours=2)

    await chat.start()
    told = await room.told()

    assert words(told).startswith(said("exam-notice-time-up", section="Plain"))
    assert in_utc((await room.sections())[0].completed_at) == deadline
    assert paper["message_id"] not in {message["message_id"] for message in chat.bot_messages()}
    due = deadline + timedelta(hours=24)
    assert room.hour(due) in words(told)


async def test_bot_was_down_for_more_than_a_day(chat: Chat, room: ExamRoom) -> None:
    """The section closed at its deadline, the sitting a day later; the result says why."""
    await room.sit()
    await room.choose(right=True)
    deadline = await room.deadline()
    await chat.stop()
    chat.clock.advance(days=3)

    await chat.start()
    await room.told()
    told = await room.told()

    assert said("exam-notice-lapsed") in words(told)
    assert room.says("exam-result-total", score="1", maximum="6")
    assert said("exam-result-not-sat") in words(told)
    assert in_utc((await room.sitting()).completed_at) == deadline + timedelta(hours=24)


@ON_BOTH
async def test_tap_after_the_deadline(chat: Chat, room: ExamRoom) -> None:
    """A millisecond late: nothing is recorded, and it is said that time is up."""
    paper = await room.sit()
    tap = room.letters()[0]
    left = await room.deadline() - chat.clock.now()
    chat.clock.advance(seconds=left.total_seconds(), milliseconds=1)

    query = chat.pg.press(STUDENT, paper["message_id"], tap.encode())
    between = await chat.settled()

    assert chat.pg.world.presses[query].text == said("exam-why-time-up")
    assert (await room.item(0)).choice is None
    assert len(await chat.attempts()) == 0
    assert said("exam-closed-time", section="Plain") in words(between)
    assert between["message_id"] == paper["message_id"]
    assert await room.told(seconds=5) == between


async def test_tap_just_before_the_deadline(chat: Chat, room: ExamRoom) -> None:
    """A millisecond before it counts."""
    await room.sit()
    left = await room.deadline() - chat.clock.now()
    chat.clock.advance(seconds=left.total_seconds(), milliseconds=-1)
    await room.choose(right=True)

    await room.told(seconds=1)

    assert [bool(row.is_right) for row in await chat.attempts()] == [True]


async def test_letter_written_after_the_deadline(chat: Chat, room: ExamRoom) -> None:
    """A written answer that comes too late is told so too."""
    await room.sit()
    chat.clock.advance(minutes=20, milliseconds=1)

    answer = await chat.say("a")

    assert words(answer).startswith(said("exam-notice-time-up", section="Plain"))
    assert room.papers() == []
    assert len(await chat.attempts()) == 0


async def test_warnings_carry_the_paper(chat: Chat, room: ExamRoom) -> None:
    """Five minutes and one minute before the end the paper comes anew, with a line on top that the next tap removes."""
    first = await room.sit()
    await room.choose(right=True)

    five = await room.told(minutes=15)
    assert words(five).startswith(said("exam-notice-five-minutes", minutes=5))
    assert "● " in words(five)
    assert room.papers() == [five]
    assert five["message_id"] > first["message_id"]
    assert str(chat.pg.calls("sendMessage")[-1].params["disable_notification"]).lower() == "false"
    tapped = await room.turn("▶")
    assert tapped["message_id"] == five["message_id"]
    assert "⏰ Mancano" not in words(tapped)
    one = await room.told(minutes=4)

    assert words(one).startswith(said("exam-notice-one-minute"))
    assert "2 di 4" in words(one)
    assert room.papers() == [one]


async def test_short_section_is_not_warned(chat: Chat, room: ExamRoom) -> None:
    """In a section of two minutes nobody is interrupted."""
    await room.sit(builders.exam(builders.section("short", 2, 2, topics=("extra/plain",)), slug="SHORT"))
    before = len(chat.bot_messages())

    await room.told(seconds=100)

    assert len(chat.bot_messages()) == before


async def test_late_warning_says_what_is_left(chat: Chat, room: ExamRoom) -> None:
    """A bot that was down at the five minutes says how many are left when it is back."""
    await room.sit()
    await chat.stop()
    chat.clock.advance(minutes=17, seconds=30)

    await chat.start()
    told = await room.told()

    assert words(told).startswith(said("exam-notice-five-minutes", minutes=3))


async def test_warning_while_away(chat: Chat, room: ExamRoom) -> None:
    """Whoever left for home gets the paper with the warning; the home screen stays where it is."""
    await room.sit()
    home = await room.press("exam-home")

    five = await room.told(minutes=15)

    assert five["message_id"] > home["message_id"]
    assert room.papers() == [five]


async def test_between_sections_for_more_than_a_day(chat: Chat, room: ExamRoom) -> None:
    """A section that is not started within a day ends the sitting, with what is missing as blank; it is told."""
    await room.sit()
    await room.hand_in()

    told = await room.told(hours=24)

    assert said("exam-notice-lapsed") in words(told)
    assert (await room.sitting()).end_reason == "lapsed"
    assert await room.told(hours=1) == told


async def test_start_key_after_the_day_is_over(chat: Chat, room: ExamRoom) -> None:
    """Its start key shows the result and says that it is over."""
    await room.sit()
    between = await room.hand_in()
    start = room.offered(ExamStart)
    await room.told(hours=24)

    query = chat.pg.press(STUDENT, between["message_id"], start.encode())
    await chat.quiet()

    assert chat.pg.world.presses[query].text is not None
    assert (await room.sitting()).status == "completed"
    assert await chat.count("exam_sections", "status = 'running'") == 0


async def test_time_left_is_not_carried_over(chat: Chat, room: ExamRoom) -> None:
    """The next section has its own time, from the tap that starts it."""
    await room.sit()
    await room.hand_in()
    chat.clock.advance(hours=3)

    await room.start()

    assert await room.deadline() - chat.clock.now() == timedelta(minutes=10)


async def test_two_students_at_the_same_deadline(chat: Chat, room: ExamRoom) -> None:
    """Both are told, each in their chat and language."""
    other = ExamRoom(chat, 3001, "en")
    chat.pg.person(3001, language_code="en")
    await room.sit()
    await other.sit()

    await room.told(minutes=20)
    await chat.quiet()

    assert words(room.last()).startswith(said("exam-notice-time-up", section="Plain"))
    assert words(other.last()).startswith(said("exam-notice-time-up", "en", section="Plain"))
    assert not any(press in presses(room.last()) for press in presses(other.last()) if hasattr(press, "sitting"))
