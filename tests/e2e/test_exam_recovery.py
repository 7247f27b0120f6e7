"""An exam when something goes wrong: Telegram away, replies lost, a stop in the middle; the paper is as it was."""

import json
from collections.abc import Callable

import pytest

from bot.callbacks import ExamStart
from bot.playground.faults import Fault
from tests.e2e.chat import FAULTS, STUDENT, Chat, labels, presses, said, words
from tests.e2e.conftest import ON_BOTH
from tests.e2e.examroom import ExamRoom, in_utc

FAILURES: dict[str, Callable[[Chat, str], Fault]] = {
    "reply lost": lambda chat, method: chat.pg.faults.drop_reply(method=method, count=2),
    "server error": lambda chat, method: chat.pg.faults.server_error(502, method=method, count=2),
    "cut": lambda chat, method: chat.pg.faults.cut_before(method=method, count=2),
    "too many": lambda chat, method: chat.pg.faults.too_many(1, method=method, count=1),
    "gateway": lambda chat, method: chat.pg.faults.not_json(method=method, count=1),
}


@pytest.fixture
def room(chat: Chat) -> ExamRoom:
    """The student at the exam."""
    chat.expected_refusals |= {*FAULTS, "drop_reply", "message to delete not found"}
    return ExamRoom(chat)


@ON_BOTH
async def test_restart_in_a_section(chat: Chat, room: ExamRoom) -> None:
    """The same item, order of choices, answer, flag and hour; the answer after it lands where it should."""
    await room.sit()
    await room.turn("▶")
    await room.choose(right=False)
    before = await room.press("exam-flag")
    rows = [await room.items(), await room.sections()]
    await chat.stop()
    chat.clock.advance(minutes=3)

    await chat.start()
    assert [await room.items(), await room.sections()] == rows
    again = await chat.say("/resume")

    assert (words(again), labels(again)) == (words(before), labels(before))
    assert presses(again) == presses(before)
    assert room.papers() == [again]
    await room.choose(right=True)
    item = await room.item(1)
    assert item.choice == item.right_choice
    assert item.ms == 180_000


async def test_paper_in_the_chat_works_after_a_restart(chat: Chat, room: ExamRoom) -> None:
    """The message from before the restart is the one that goes on, and the one that moves down."""
    paper = await room.sit()
    await chat.stop()
    await chat.start()

    answered = await room.choose(right=True)
    assert answered["message_id"] == paper["message_id"]
    await chat.stop()
    await chat.start()
    below = await chat.say("/help")

    assert room.papers() == [below]
    assert paper["message_id"] not in {message["message_id"] for message in chat.bot_messages()}


@ON_BOTH
@pytest.mark.parametrize("failure", FAILURES)
async def test_answer_whose_edit_goes_wrong(chat: Chat, room: ExamRoom, failure: str) -> None:
    """It is recorded once and shown, in the same message."""
    paper = await room.sit()
    fault = FAILURES[failure](chat, "editMessageText")

    answered = await room.tap(room.letters()[3])
    await chat.quiet(30)

    assert fault.hits
    assert "● D" in words(answered)
    assert room.papers() == [answered]
    assert answered["message_id"] == paper["message_id"]


@ON_BOTH
@pytest.mark.parametrize("failure", FAILURES)
async def test_notice_that_goes_wrong(chat: Chat, room: ExamRoom, failure: str) -> None:
    """It is told all the same; a copy of it, whose receipt was lost, starts no second clock."""
    await room.sit()
    fault = FAILURES[failure](chat, "sendMessage")

    told = await room.told(minutes=20)

    assert fault.hits
    assert words(told).startswith(said("exam-notice-time-up", section="Plain"))
    assert room.papers() == []
    copies = [message for message in chat.with_keys() if said("exam-start", section="Other") in labels(message)]
    assert len(copies) == (fault.hits + 1 if failure == "reply lost" else 1)
    for message in copies:
        chat.pg.press(STUDENT, message["message_id"], room.offered(ExamStart, message).encode())
    await chat.settled()
    assert len(room.papers()) == 1
    assert await chat.count("exam_sections", "status = 'running'") == 1


@ON_BOTH
async def test_stop_between_answer_and_edit(chat: Chat, room: ExamRoom) -> None:
    """An answer that was recorded and not shown is shown after the start, in the paper's own message."""
    paper = await room.sit()
    tap = room.letters()[2]
    fault = chat.pg.faults.cut_before(method="editMessageText", count=None)
    chat.pg.press(STUDENT, paper["message_id"], tap.encode())
    await chat.pg_struck(fault)
    await chat.stop()
    chat.pg.faults.clear()
    assert (await room.item(0)).choice == tap.choice
    assert "●" not in words(room.last())

    await chat.start()
    shown = await chat.settled()

    assert shown["message_id"] == paper["message_id"]
    assert "● C" in words(shown)


@ON_BOTH
async def test_stop_while_a_section_is_started(chat: Chat, room: ExamRoom) -> None:
    """A start that was stored and not shown: after the restart the paper is there, with the clock from the tap."""
    ready = await room.draw()
    fault = chat.pg.faults.cut_before(method="editMessageText", count=None)
    chat.pg.press(STUDENT, ready["message_id"], room.offered(ExamStart).encode())
    await chat.pg_struck(fault)
    deadline = await room.deadline()
    await chat.stop()
    chat.pg.faults.clear()
    chat.clock.advance(minutes=2)

    await chat.start()
    shown = await chat.settled()

    assert "1 di 4" in words(shown)
    assert room.hour(deadline) in words(shown)
    assert await room.deadline() == deadline


@ON_BOTH
async def test_stop_before_the_notice_is_taken(chat: Chat, room: ExamRoom) -> None:
    """A section that closed and could not be told is told after the start, once."""
    paper = await room.sit()
    fault = chat.pg.faults.cut_before(method="sendMessage", count=None)
    chat.clock.advance(minutes=21)
    await chat.pg_struck(fault)
    await chat.stop()
    chat.pg.faults.clear()
    assert (await room.sitting()).notice == "time-up"

    await chat.start()
    told = await room.told()

    assert words(told).startswith(said("exam-notice-time-up", section="Plain"))
    assert told["message_id"] > paper["message_id"]
    assert len(chat.bot_messages()) == 1


@ON_BOTH
async def test_answer_received_before_the_deadline(chat: Chat, room: ExamRoom) -> None:
    """Received in time and carried out after a restart hours later: it counts, and the section closed at its end."""
    paper = await room.sit()
    tap = room.letters()[1]
    deadline = await room.deadline()
    await chat.stop()
    chat.clock.advance(minutes=19)
    _leave_in_inbox(chat, paper["message_id"], tap.encode())
    chat.clock.advance(hours=5)

    await chat.start()
    await chat.quiet()
    told = await room.told()

    assert (await room.item(0)).choice == tap.choice
    assert len(await chat.attempts()) == 1
    assert in_utc((await room.sections())[0].completed_at) == deadline
    assert room.papers() == []
    assert said("exam-start", section="Other") in labels(told)


async def test_paper_message_is_gone(chat: Chat, room: ExamRoom) -> None:
    """A paper that the student deleted is sent again by the next tap on /exam."""
    chat.expected_refusals.add("message to edit not found")
    paper = await room.sit()
    chat.pg.world.remove(chat.pg.world.chat_of(STUDENT), paper["message_id"])

    again = await chat.say("/exam")

    assert words(again) == words(paper)
    assert room.papers() == [again]


async def test_student_who_blocked_the_bot(chat: Chat, room: ExamRoom) -> None:
    """The section closes all the same, nobody tries for ever, and they see it when they are back."""
    chat.expected_refusals.add("bot was blocked by the user")
    await room.sit()
    chat.pg.block(STUDENT)

    await room.told(minutes=20)
    chat.pg.unblock(STUDENT)
    menu = await chat.say("/exam")

    assert (await room.sections())[0].closed_by == "time"
    assert labels(menu)[0] == said("exam-go-on", exam="TRIAL")


async def test_telegram_is_away_at_the_deadline(chat: Chat, room: ExamRoom) -> None:
    """Closed on time, told when Telegram is back."""
    await room.sit()
    deadline = await room.deadline()
    fault = chat.pg.faults.server_error(502, count=None)
    chat.clock.advance(minutes=21)
    await chat.pg_struck(fault, 3)
    chat.pg.faults.clear()

    told = await room.told()

    assert in_utc((await room.sections())[0].completed_at) == deadline
    assert words(told).startswith(said("exam-notice-time-up", section="Plain"))


def _leave_in_inbox(chat: Chat, message_id: int, data: str) -> None:
    """Let a press have been received, now, by a program that was stopped before it carried it out."""
    chat.pg.press(STUDENT, message_id, data)
    (update,) = chat.pg.world.updates.pending.values()
    now = chat.clock.now()
    chat.spoil(
        "INSERT INTO inbox (update_id, person, status, tries, payload, received_at)"
        " VALUES (:id, :person, 'received', 0, :payload, :at)",
        id=update.body["update_id"],
        person=STUDENT,
        payload=json.dumps(update.body).encode(),
        at=now if "postgres" in chat.settings.database_url else now.isoformat(" "),
    )
