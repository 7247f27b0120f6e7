"""The `ai_mentor_sessions` and `ai_mentor_chats` tables: what was said, and where each reply stands."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, literal_column, or_, select, update

from core.ids import (
    ChatId,
    MentorSessionId,
    QuizId,
    SessionId,
    SittingId,
    TopicId,
    UpdateId,
    UserId,
    VersionId,
    from_short,
    to_short,
)
from core.mentor.conversation import About, Chat, Kind, Media, MentorSession, Speaker, State, Why
from storage.tables import ai_mentor_chats as chats
from storage.tables import ai_mentor_sessions as sessions
from storage.tables import courses, users

_COURSE_OF = (
    select(courses.c.id)
    .where(courses.c.user_id == bindparam("owner"), courses.c.ended_at.is_(None))
    .limit(1)
    .scalar_subquery()
)
"""The exam in view when a session begins."""
_CURRENT = select(sessions).where(sessions.c.user_id == bindparam("owner"), sessions.c.ended_at.is_(None))
_SESSION = select(sessions).where(sessions.c.id == bindparam("session"), sessions.c.user_id == bindparam("owner"))
_SESSIONS = (
    select(sessions)
    .where(sessions.c.user_id == bindparam("owner"), sessions.c.message_count > 0)
    .order_by(sessions.c.last_message_at.desc(), sessions.c.id)
    .limit(bindparam("rows"))
    .offset(bindparam("skip"))
)
_SILENT = (
    select(sessions)
    .where(sessions.c.ended_at.is_(None), sessions.c.last_message_at <= bindparam("before"))
    .limit(bindparam("rows"))
)
_COUNT = (
    update(sessions)
    .where(sessions.c.id == bindparam("session"))
    .values(message_count=sessions.c.message_count + 1, last_message_at=bindparam("now"))
)
_mine = chats.c.user_id == bindparam("owner")
_OPEN = chats.c.state == literal_column("'open'")
_UNSHOWN = (chats.c.speaker == literal_column("'mentor'")) & chats.c.shown_at.is_(None)
"""Conditions are written out, not bound: a database can use a partial index only for what it can read."""
_CHAT = select(chats).where(chats.c.id == bindparam("chat"), _mine)
_DUE = select(chats).where(_mine, _OPEN)
_WAITING = select(chats).where(_mine, chats.c.state == literal_column("'waiting'")).order_by(chats.c.id)
_ASKED = select(chats).where(_mine, chats.c.answered_by == bindparam("reply")).order_by(chats.c.id)
_HISTORY = (
    select(chats)
    .where(
        _mine,
        chats.c.mentor_session_id == bindparam("session"),
        chats.c.id >= bindparam("since"),
        chats.c.state.not_in([State.WAITING, State.OPEN]),
    )
    .order_by(chats.c.id)
)
_LAST_REPLY = (
    select(chats)
    .where(_mine, chats.c.mentor_session_id == bindparam("session"), chats.c.speaker == Speaker.MENTOR, ~_OPEN)
    .order_by(chats.c.id.desc())
    .limit(1)
)
_UNSHOWN_OF = select(chats).where(_mine, _UNSHOWN, ~_OPEN).order_by(chats.c.id)
_UNFINISHED = (
    select(chats.c.user_id, users.c.telegram_id)
    .select_from(chats.join(users, users.c.id == chats.c.user_id))
    .where(_UNSHOWN, users.c.telegram_id.is_not(None))
    .distinct()
    .order_by(chats.c.user_id)
)
_FORGET = (
    update(chats)
    .where(
        chats.c.created_at < bindparam("before"),
        or_(chats.c.content.is_not(None), chats.c.prompt.is_not(None), chats.c.media.is_not(None)),
    )
    .values(content=None, prompt=None, media=None)
)
_FORGET_FILES = (
    update(chats)
    .where(
        chats.c.created_at < bindparam("before"),
        chats.c.state == literal_column("'answered'"),
        chats.c.media.is_not(None),
    )
    .values(media=None)
)
_FORGET_SESSIONS = (
    update(sessions)
    .where(
        sessions.c.last_message_at < bindparam("before"),
        or_(sessions.c.title.is_not(None), sessions.c.summary.is_not(None)),
    )
    .values(title=None, summary=None)
)


class SqlConversations:
    """Sessions and messages of one student at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self, owner: UserId) -> MentorSession | None:
        """The session that is written in."""
        return _session(self._connection.execute(_CURRENT, {"owner": owner}).first())

    def get(self, session_id: MentorSessionId, *, owner: UserId) -> MentorSession | None:
        """One session of this student."""
        return _session(self._connection.execute(_SESSION, {"session": session_id, "owner": owner}).first())

    def add(self, session: MentorSession) -> None:
        """Insert a new session."""
        row = {
            "id": session.id,
            "user_id": session.user_id,
            "session_id": session.session_id,
            "course_id": _COURSE_OF,
            "started_at": session.started_at,
            "last_message_at": session.last_message_at,
            "message_count": 0,
            "total_tokens": 0,
            "total_cost_pico_usd": 0,
            "unpriced_calls": 0,
            **_changing(session),
        }
        self._connection.execute(insert(sessions).values(row), {"owner": session.user_id})

    def save(self, session: MentorSession) -> None:
        """Store what may change of a session but its tallies."""
        self._connection.execute(update(sessions).where(sessions.c.id == session.id).values(**_changing(session)))

    def touch(self, session_id: MentorSessionId, now: datetime) -> None:
        """Count the silence of a session from now."""
        self._connection.execute(update(sessions).where(sessions.c.id == session_id).values(last_message_at=now))

    def sessions(self, owner: UserId, *, limit: int, offset: int = 0) -> list[MentorSession]:
        """Sessions with a message, the last written in first."""
        rows = self._connection.execute(_SESSIONS, {"owner": owner, "rows": limit, "skip": offset})
        return [session for row in rows if (session := _session(row)) is not None]

    def say(self, chat: Chat, update_id: UpdateId | None = None) -> ChatId:
        """Append a message; the session's number of messages and its last moment follow."""
        row = {
            "mentor_session_id": chat.session_id,
            "user_id": chat.user_id,
            "speaker": chat.speaker,
            "kind": chat.kind,
            "about": _about_row(chat.about),
            "update_id": update_id,
            "created_at": chat.created_at,
            **_state(chat),
        }
        self._connection.execute(_COUNT, {"session": chat.session_id, "now": chat.created_at})
        return ChatId(self._connection.execute(insert(chats).returning(chats.c.id), row).scalar_one())

    def change(self, chat: Chat) -> None:
        """Store what may change of a message."""
        mine = (chats.c.id == chat.id) & (chats.c.user_id == chat.user_id)
        self._connection.execute(update(chats).where(mine).values(kind=chat.kind, **_state(chat)))

    def chat(self, chat_id: ChatId, *, owner: UserId) -> Chat | None:
        """One message of this student's sessions."""
        row = self._connection.execute(_CHAT, {"chat": chat_id, "owner": owner}).first()
        return None if row is None else _chat(row)

    def due(self, owner: UserId) -> Chat | None:
        """The reply that is due or being written."""
        row = self._connection.execute(_DUE, {"owner": owner}).first()
        return None if row is None else _chat(row)

    def waiting(self, owner: UserId) -> list[Chat]:
        """This student's messages that no reply was begun for, oldest first."""
        return [_chat(row) for row in self._connection.execute(_WAITING, {"owner": owner})]

    def asked(self, reply: ChatId, *, owner: UserId) -> list[Chat]:
        """The messages that a reply answers, oldest first."""
        return [_chat(row) for row in self._connection.execute(_ASKED, {"reply": reply, "owner": owner})]

    def history(self, session_id: MentorSessionId, *, owner: UserId, since: ChatId | None) -> list[Chat]:
        """Messages of a session that are answered or answer, oldest first."""
        values = {"session": session_id, "owner": owner, "since": since or 0}
        return [_chat(row) for row in self._connection.execute(_HISTORY, values)]

    def last_reply(self, session_id: MentorSessionId, *, owner: UserId) -> Chat | None:
        """The newest reply of a session that is written."""
        row = self._connection.execute(_LAST_REPLY, {"session": session_id, "owner": owner}).first()
        return None if row is None else _chat(row)

    def unshown(self, owner: UserId) -> list[Chat]:
        """Replies that are written and did not reach the chat, oldest first."""
        return [_chat(row) for row in self._connection.execute(_UNSHOWN_OF, {"owner": owner})]

    def unfinished(self) -> list[tuple[UserId, int]]:
        """Students with a reply that is due or did not reach the chat, each with their chat."""
        return [(UserId(row.user_id), row.telegram_id) for row in self._connection.execute(_UNFINISHED)]

    def silent(self, before: datetime, *, limit: int) -> list[MentorSession]:
        """Open sessions whose last message is not after `before`."""
        rows = self._connection.execute(_SILENT, {"before": before, "rows": limit})
        return [session for row in rows if (session := _session(row)) is not None]

    def forget_files(self, before: datetime) -> int:
        """Erase where the files of answered messages from before lie; gives the number of messages."""
        return self._connection.execute(_FORGET_FILES, {"before": before}).rowcount

    def forget(self, before: datetime) -> int:
        """Erase the words of messages, titles and summaries from before; gives the number of messages."""
        self._connection.execute(_FORGET_SESSIONS, {"before": before})
        return self._connection.execute(_FORGET, {"before": before}).rowcount


def _changing(session: MentorSession) -> Mapping[str, Any]:
    return {
        "topic_id": session.topic_id,
        "title": session.title,
        "summary": session.summary,
        "kept_from": session.kept_from,
        "ended_at": session.ended_at,
    }


def _state(chat: Chat) -> Mapping[str, Any]:
    return {
        "state": chat.state,
        "why": chat.why,
        "content": chat.content,
        "prompt": chat.prompt,
        "tokens": chat.tokens,
        "media": None if chat.media is None else asdict(chat.media),
        "answered_by": chat.answered_by,
        "shown_at": chat.shown_at,
    }


def _session(row: Any) -> MentorSession | None:
    if row is None:
        return None
    return MentorSession(
        id=MentorSessionId(row.id),
        user_id=UserId(row.user_id),
        started_at=row.started_at,
        last_message_at=row.last_message_at,
        topic_id=TopicId(row.topic_id) if row.topic_id else None,
        session_id=SessionId(row.session_id) if row.session_id else None,
        title=row.title,
        summary=row.summary,
        kept_from=ChatId(row.kept_from) if row.kept_from else None,
        message_count=row.message_count,
        total_tokens=row.total_tokens,
        total_cost_pico_usd=row.total_cost_pico_usd,
        unpriced_calls=row.unpriced_calls,
        ended_at=row.ended_at,
    )


def _chat(row: Any) -> Chat:
    return Chat(
        id=ChatId(row.id),
        session_id=MentorSessionId(row.mentor_session_id),
        user_id=UserId(row.user_id),
        speaker=Speaker(row.speaker),
        kind=Kind(row.kind),
        state=State(row.state),
        created_at=row.created_at,
        content=row.content,
        prompt=row.prompt,
        tokens=row.tokens,
        why=Why(row.why) if row.why else None,
        about=_about(row.about),
        media=Media(**row.media) if row.media else None,
        answered_by=ChatId(row.answered_by) if row.answered_by else None,
        shown_at=row.shown_at,
    )


def _about_row(about: About | None) -> Mapping[str, Any] | None:
    if about is None:
        return None
    return {
        "version": about.version_id,
        "position": about.position,
        "quiz": to_short(about.quiz_id) if about.quiz_id else None,
        "sitting": to_short(about.sitting_id) if about.sitting_id else None,
    }


def _about(row: Mapping[str, Any] | None) -> About | None:
    if not row:
        return None
    return About(
        VersionId(row["version"]),
        row["position"],
        QuizId(from_short(row["quiz"])) if row["quiz"] else None,
        SittingId(from_short(row["sitting"])) if row["sitting"] else None,
    )
