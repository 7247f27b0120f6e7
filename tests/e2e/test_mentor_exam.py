"""The mentor and the exam: closed while a section runs, silent about the paper until it is over."""

import asyncio
import uuid

import pytest

from bot.callbacks import (
    ArchiveItem,
    ExamHandIn,
    ExamNew,
    ExamStart,
    MentorAsk,
    MentorCosts,
    MentorExplain,
    MentorInstead,
    MentorMenu,
    MentorNew,
    MentorOpen,
    MentorRetry,
    MentorStop,
    Press,
    Wish,
)
from core.exams.formats import FULL
from core.ids import ChatId, MentorSessionId, SittingId, VersionId
from tests import builders
from tests.e2e.chat import STUDENT, Chat, presses, said, words
from tests.e2e.conftest import ON_BOTH
from tests.e2e.examroom import ExamRoom
from tests.e2e.mentor_room import (
    REPLY,
    SLOW,
    asked,
    newest,
    picture,
    replied,
    seen_draft,
    settled_calls,
    until,
    uuid_of,
    working,
)
from tests.model_server import ModelServer, Trouble

QUESTION = "come si risolve una disequazione?"
ALL_PLAIN = builders.exam(
    builders.section("plain", 6, 20, topics=("extra/plain",)), builders.section("html", 1, 10, topics=("extra/html",))
)
"""Its first section has every question of a topic."""


@pytest.fixture
def room(chat: Chat, model: ModelServer) -> ExamRoom:
    """A student with a mentor, who sits an exam."""
    return ExamRoom(chat)


async def about_a_question(chat: Chat) -> MentorAsk:
    """Begin a quiz; the key below its question that asks the mentor."""
    question = await chat.begin("extra/plain")
    return next(press for press in presses(question) if isinstance(press, MentorAsk))


@ON_BOTH
async def test_closed_while_a_section_runs(room: ExamRoom, model: ModelServer) -> None:
    """Words, commands, photos, voice and every key of the mentor: no call, nothing stored, nothing told."""
    chat = room.chat
    ask = await about_a_question(chat)
    model.usual = Trouble(status=500)
    await chat.say(QUESTION)
    model.usual = Trouble()
    sessions = await chat.rows("SELECT id FROM ai_mentor_sessions")
    replies = await chat.rows("SELECT id FROM ai_mentor_chats WHERE speaker = 'mentor'")
    await room.sit()
    paper = room.last()
    version = (await room.item(0)).version_id
    await settled_calls(chat)
    model.bill.clear()
    before = await chat.rows("SELECT * FROM ai_mentor_chats ORDER BY id")

    keys: list[Press] = [
        MentorMenu(0),
        MentorNew(),
        MentorOpen(MentorSessionId(uuid_of(sessions[0].id))),
        MentorStop(),
        MentorRetry(ChatId(replies[0].id)),
        ask,
        MentorExplain(SittingId(uuid_of((await room.sitting()).id)), 0, Wish.EXPLAIN),
        MentorInstead(ask.quiz, 0, 1),
        ArchiveItem(VersionId(version), None),
    ]
    for key in keys:
        answer = await chat.pg.wait_answer(chat.pg.press(STUDENT, room.last()["message_id"], key.encode()))
        await chat.quiet()
        expected = "mentor-nothing-to-stop" if isinstance(key, MentorStop) else "error-not-allowed-exam-running"
        assert answer.text == said(expected), key
    for command in ("/mentor", "/new"):
        await chat.say(command)
    await chat.say("mi spieghi la terza domanda?")
    for kind in ("photo", "voice"):
        chat.pg.upload(STUDENT, kind, picture(), caption="questa?")
        await chat.settled()
    refused = [words(m) for m in chat.bot_messages() if words(m) == said("error-not-allowed-exam-running")]

    assert len(refused) >= 4
    assert words(room.last()) == words(paper)
    assert model.bill == []
    assert await chat.rows("SELECT * FROM ai_mentor_chats ORDER BY id") == before
    await chat.tap(MentorCosts())  # figures alone
    assert model.bill == []


@pytest.mark.parametrize("drafts", [True, False])
async def test_a_reply_that_is_being_written(room: ExamRoom, model: ModelServer, *, drafts: bool) -> None:
    """It leaves the chat when a section starts, and comes whole when that is over."""
    chat = room.chat
    if not drafts:
        chat.expected_refusals.add("unknown")
        chat.pg.faults.unknown("sendMessageDraft")
    await room.draw()
    between = room.last()
    model.usual = SLOW
    model.reply = " ".join(f"parola{number}" for number in range(60))
    chat.pg.say(STUDENT, QUESTION)
    if drafts:
        await seen_draft(chat, "parola0")
    else:
        await chat.pg.wait_for(STUDENT, lambda message: words(message).startswith("parola0"))

    chat.pg.press(STUDENT, between["message_id"], room.offered(ExamStart, between).encode())
    await until(chat, "exam_sections", "status = 'running'")
    await until(chat, "ai_mentor_chats", "state = 'whole'")
    await until(chat, "inbox", "status IN ('received', 'done')", 0)

    assert "parola" not in (chat.pg.draft(STUDENT) or {"text": ""})["text"]
    assert replies(chat) == []
    assert room.letters()
    await over(room)
    await replied(chat, 1)
    assert replies(chat) == [model.reply]


async def test_a_reply_that_was_not_begun(room: ExamRoom, model: ModelServer) -> None:
    """It waits for the end of the section; when that closes by itself, it comes."""
    chat = room.chat
    await room.draw()
    between = room.last()
    model.usual = Trouble(first=0.15)
    model.reply = "parola"
    chat.pg.say(STUDENT, QUESTION)
    await working(model)
    chat.pg.say(STUDENT, "e una disequazione con il modulo come si fa?")
    chat.pg.press(STUDENT, between["message_id"], room.offered(ExamStart, between).encode())
    await until(chat, "exam_sections", "status = 'running'")
    await until(chat, "ai_mentor_chats", "state = 'whole'")
    await asyncio.sleep(0.2)  # until whoever carries replies out has found the mentor closed
    before = len(asked(model))

    await room.told(minutes=20)
    await replied(chat, 2)

    assert before == 1
    assert len(asked(model)) == 2
    assert replies(chat) == ["parola", "parola"]


@ON_BOTH
async def test_questions_of_an_open_paper(room: ExamRoom, model: ModelServer) -> None:
    """Between two sections the mentor is there, and refuses what is in the paper; after it, it explains."""
    chat = room.chat
    ask = await about_a_question(chat)
    await room.sit(ALL_PLAIN)
    await room.hand_in()
    written = await chat.say("che cos'è il valore assoluto?")
    version = (await room.item(0)).version_id
    sitting = SittingId(uuid_of((await room.sitting()).id))

    refused = []
    for press in (ask, MentorExplain(sitting, 0, Wish.EXPLAIN), ArchiveItem(VersionId(version), None)):
        query = chat.pg.press(STUDENT, room.last()["message_id"], press.encode())
        refused.append((await chat.pg.wait_answer(query)).text)
        await chat.quiet()
    free = await chat.say("/mentor")
    chat.pg.upload(STUDENT, "photo", picture())
    await chat.settled()

    assert refused == [said("error-not-allowed-exam-question"), said("error-not-found"), said("error-not-found")]
    assert words(free).startswith(said("mentor-hello"))
    assert words(written) == REPLY
    assert len(asked(model)) == 2
    await room.tap(ExamStart(sitting, 1))
    await room.hand_in()
    await chat.tap(MentorExplain(sitting, 0, Wish.EXPLAIN))
    assert len(asked(model)) == 3
    assert "plain" in str(asked(model)[-1].body["messages"][-1])


async def test_a_question_that_came_into_a_paper(room: ExamRoom, model: ModelServer) -> None:
    """It was asked about before; after the section it is said why nothing is said of it."""
    chat = room.chat
    await chat.offer(ALL_PLAIN)
    ask = await about_a_question(chat)
    sitting = SittingId(uuid.uuid4())
    question = room.last()["message_id"]
    model.usual = Trouble(first=0.4)

    chat.pg.say(STUDENT, QUESTION)
    await working(model)
    for press in (ask, ExamNew(sitting, ALL_PLAIN.slug, FULL), ExamStart(sitting, 0)):
        chat.pg.press(STUDENT, question, press.encode())
    await until(chat, "exam_sections", "status = 'running'")
    await until(chat, "ai_mentor_chats", "state = 'whole'")
    await over(room)
    await until(chat, "ai_mentor_chats", "why = 'in-paper' AND shown_at IS NOT NULL")

    (only,) = asked(model)
    assert said("mentor-wish-help") not in newest(only)
    assert any(words(message) == said("mentor-in-paper") for message in chat.bot_messages())
    assert replies(chat) == []  # what was written about it waits for the end of the paper


def replies(chat: Chat) -> list[str]:
    """The replies of the model that stand in the chat."""
    return [words(message) for message in chat.bot_messages() if words(message).startswith("parola")]


async def over(room: ExamRoom) -> None:
    """Hand in the section that runs, without waiting for what the mentor owes."""
    (section,) = [row.number for row in await room.sections() if row.status == "running"]
    sitting = SittingId(uuid_of((await room.sitting()).id))
    room.chat.pg.press(STUDENT, room.last()["message_id"], ExamHandIn(sitting, section).encode())
    await until(room.chat, "exam_sections", "status = 'running'", 0)
