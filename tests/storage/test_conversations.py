"""What is said to the mentor, in SQL: what the database itself holds, whose it is, and what is forgotten."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.ids import ChatId, MentorSessionId, QuizId, UserId, VersionId
from core.mentor.conversation import About, Chat, Kind, Media, MentorSession, Speaker, State, Why
from core.ports import Work
from storage.tables import ai_mentor_chats, ai_mentor_sessions
from storage.work import SqlStorage
from tests.builders import next_update_id
from tests.readback import everything, rows

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


async def arrive(storage: SqlStorage, telegram_id: int) -> MentorSession:
    """Somebody with an open session."""

    def decide(work: Work) -> MentorSession:
        person = work.people.add(telegram_id, "it", NOW)
        session = begun(person.id)
        work.conversations.add(session)
        return session

    return await storage.transact(None, decide)


@pytest.fixture
async def mine(storage: SqlStorage) -> MentorSession:
    """A student's session."""
    return await arrive(storage, 1001)


@pytest.fixture
async def theirs(storage: SqlStorage) -> MentorSession:
    """Another student's."""
    return await arrive(storage, 1002)


def begun(owner: UserId, **changes: Any) -> MentorSession:
    """A session that begins now."""
    return replace(MentorSession(MentorSessionId(uuid.uuid4()), owner, NOW, NOW), **changes)


def words(session: MentorSession, **changes: Any) -> Chat:
    """A student's message."""
    chat = Chat(ChatId(0), session.id, session.user_id, Speaker.STUDENT, Kind.TEXT, State.WAITING, NOW, "come si fa?")
    return replace(chat, **changes)


def reply(session: MentorSession, **changes: Any) -> Chat:
    """A reply that is due."""
    due = Chat(ChatId(0), session.id, session.user_id, Speaker.MENTOR, Kind.REPLY, State.OPEN, NOW)
    return replace(due, **changes)


async def said(storage: SqlStorage, *chats: Chat) -> list[Chat]:
    """Messages as they are stored."""

    def decide(work: Work) -> list[Chat]:
        return [replace(chat, id=work.conversations.say(chat)) for chat in chats]

    return await storage.transact(None, decide)


class TestTheDatabaseHolds:
    """Whatever the program does, or two programs at once."""

    async def test_one_open_session_a_student(
        self, storage: SqlStorage, database_url: str, mine: MentorSession, theirs: MentorSession
    ) -> None:
        """A second one is refused; once the first has ended, it is not; other students have theirs."""
        with pytest.raises(IntegrityError):
            await storage.transact(None, lambda work: work.conversations.add(begun(mine.user_id)))
        await storage.transact(None, lambda work: work.conversations.save(replace(mine, ended_at=NOW)))
        second = begun(mine.user_id)
        await storage.transact(None, lambda work: work.conversations.add(second))
        with pytest.raises(IntegrityError):
            await storage.transact(None, lambda work: work.conversations.save(mine))

        open_now = rows(database_url, select(ai_mentor_sessions).where(ai_mentor_sessions.c.ended_at.is_(None)))
        assert {row["id"] for row in open_now} == {second.id, theirs.id}

    async def test_one_open_reply_a_student(
        self, storage: SqlStorage, database_url: str, mine: MentorSession, theirs: MentorSession
    ) -> None:
        """In whichever session; the count of messages is not changed by one that is refused."""
        (due,) = await said(storage, reply(mine))
        await said(storage, reply(theirs))
        ended = begun(mine.user_id, ended_at=NOW)
        await storage.transact(None, lambda work: work.conversations.add(ended))

        for session in (mine, ended):
            with pytest.raises(IntegrityError):
                await said(storage, reply(session))
        await storage.transact(None, lambda work: work.conversations.change(replace(due, state=State.WHOLE)))
        (later,) = await said(storage, reply(mine))

        open_now = rows(database_url, select(ai_mentor_chats).where(ai_mentor_chats.c.state == "open"))
        assert [row["id"] for row in open_now if row["user_id"] == mine.user_id] == [later.id]
        counts = {row["id"]: row["message_count"] for row in rows(database_url, select(ai_mentor_sessions))}
        assert counts == {mine.id: 2, ended.id: 0, theirs.id: 1}

    async def test_one_message_an_update(self, storage: SqlStorage, database_url: str, mine: MentorSession) -> None:
        """An update that is carried out twice is stored once; messages without an update are as many as they are."""
        update_id = next_update_id()
        await storage.transact(None, lambda work: work.conversations.say(words(mine), update_id))

        with pytest.raises(IntegrityError):
            await storage.transact(None, lambda work: work.conversations.say(words(mine, content="e poi?"), update_id))
        await said(storage, words(mine), words(mine))

        assert [row["content"] for row in rows(database_url, select(ai_mentor_chats))] == ["come si fa?"] * 3
        assert rows(database_url, select(ai_mentor_sessions))[0]["message_count"] == 3


class TestWhose:
    """Another student's answers as if it were not there."""

    async def test_other_peoples_are_absent(
        self, storage: SqlStorage, mine: MentorSession, theirs: MentorSession
    ) -> None:
        """By session, by message, by reply, in lists."""
        asked, due = await said(storage, words(mine, state=State.ANSWERED), reply(mine, state=State.WHOLE))
        await storage.transact(None, lambda work: work.conversations.change(replace(asked, answered_by=due.id)))
        (waiting, open_reply) = await said(storage, words(mine), reply(mine))
        queries: dict[str, Callable[[Work, UserId], Any]] = {
            "get": lambda work, owner: work.conversations.get(mine.id, owner=owner),
            "current": lambda work, owner: work.conversations.current(owner),
            "sessions": lambda work, owner: work.conversations.sessions(owner, limit=10),
            "chat": lambda work, owner: work.conversations.chat(asked.id, owner=owner),
            "due": lambda work, owner: work.conversations.due(owner),
            "waiting": lambda work, owner: work.conversations.waiting(owner),
            "asked": lambda work, owner: work.conversations.asked(due.id, owner=owner),
            "history": lambda work, owner: work.conversations.history(mine.id, owner=owner, since=None),
            "last_reply": lambda work, owner: work.conversations.last_reply(mine.id, owner=owner),
            "unshown": lambda work, owner: work.conversations.unshown(owner),
        }
        ids = {"chat": asked.id, "due": open_reply.id, "last_reply": due.id}
        lists = {"waiting": [waiting.id], "asked": [asked.id], "history": [asked.id, due.id], "unshown": [due.id]}

        for name, query in queries.items():
            own = await storage.read(lambda work, query=query: query(work, mine.user_id))  # type: ignore[misc]
            others = await storage.read(lambda work, query=query: query(work, theirs.user_id))  # type: ignore[misc]
            if name in ids:
                assert own.id == ids[name]
            elif name in lists:
                assert [chat.id for chat in own] == lists[name]
            else:
                assert own
            assert others == (theirs if name == "current" else [] if isinstance(own, list) else None), name

    async def test_nobody_changes_anothers_message(
        self, storage: SqlStorage, database_url: str, mine: MentorSession, theirs: MentorSession
    ) -> None:
        """A message that is given out as one's own stays as it was."""
        (chat,) = await said(storage, words(mine))
        before = everything(database_url)

        forged = replace(chat, user_id=theirs.user_id, content="altro", state=State.ANSWERED)
        await storage.transact(None, lambda work: work.conversations.change(forged))

        assert everything(database_url) == before


class TestRoundTrip:
    """What is stored is what comes back."""

    async def test_message_with_all_that_it_can_have(self, storage: SqlStorage, mine: MentorSession) -> None:
        """Every field."""
        about = About(VersionId(7), 3, QuizId(uuid.uuid4()))
        (first, second) = await said(
            storage,
            words(mine, kind=Kind.VOICE, about=about, media=Media("AwAC", 4_000, 9, "audio/ogg"), tokens=12),
            reply(mine, state=State.SHORTENED, why=Why.NO_EARS, content="🤔 <b>", prompt="?", shown_at=NOW),
        )
        answered = replace(first, state=State.ANSWERED, answered_by=second.id)
        await storage.transact(None, lambda work: work.conversations.change(answered))

        found = await storage.read(lambda work: work.conversations.history(mine.id, owner=mine.user_id, since=None))

        assert found == [answered, second]

    async def test_tallies_are_not_saved_with_a_session(self, storage: SqlStorage, mine: MentorSession) -> None:
        """They follow from messages and calls: what an old copy says of them does not count."""
        await said(storage, words(mine), words(mine))

        old = replace(mine, title="Equazioni", message_count=0, total_tokens=99, total_cost_pico_usd=99)
        await storage.transact(None, lambda work: work.conversations.save(old))

        found = await storage.read(lambda work: work.conversations.get(mine.id, owner=mine.user_id))
        assert found == replace(mine, title="Equazioni", message_count=2)


class TestForget:
    """Words go after their time; counts and costs stay."""

    async def test_words_go_and_figures_stay(
        self, storage: SqlStorage, database_url: str, mine: MentorSession, theirs: MentorSession
    ) -> None:
        """Also of what had no words but a file; a session that was written in since keeps its title."""
        late = NOW + timedelta(days=1)
        for session in (mine, theirs):
            kept = replace(session, title="Equazioni", summary="Si parlò di equazioni")
            await storage.transact(None, lambda work, kept=kept: work.conversations.save(kept))  # type: ignore[misc]
        await said(
            storage,
            words(mine, state=State.ANSWERED, tokens=5, prompt="come si fa? (voce)"),
            words(mine, kind=Kind.PHOTO, content=None, media=Media("AgAC")),
            reply(mine, state=State.STOPPED, content="Prova", why=None),
            words(theirs),
            words(theirs, created_at=late, content="e oggi?", media=Media("BQAC")),
        )
        before = everything(database_url)

        assert await storage.transact(None, lambda work: work.conversations.forget(late)) == 4
        assert await storage.transact(None, lambda work: work.conversations.forget(late)) == 0

        after = everything(database_url)
        for row in before["ai_mentor_chats"]:
            if row["created_at"] < late:
                row |= {"content": None, "prompt": None, "media": None}
        for row in before["ai_mentor_sessions"]:
            if row["id"] == mine.id:
                row |= {"title": None, "summary": None}
        assert after == before
        assert [row["content"] for row in after["ai_mentor_chats"]] == [None] * 4 + ["e oggi?"]
