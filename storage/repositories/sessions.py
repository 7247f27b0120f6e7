"""The `sessions` table."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from core.ids import SessionId, UserId
from core.practice.model import Attempt, EndReason, Session
from storage.repositories.attempts import ATTEMPT_COLUMNS, is_told, to_attempt
from storage.tables import attempts, question_versions, sessions, topics

_ACTIVE = select(sessions).where(sessions.c.child_id == bindparam("child"), sessions.c.ended_at.is_(None))
_ONE = select(sessions).where(sessions.c.id == bindparam("session"), sessions.c.child_id == bindparam("owner"))
_HISTORY = (
    select(sessions)
    .where(sessions.c.child_id == bindparam("child"))
    .order_by(sessions.c.started_at.desc(), sessions.c.id)
    .limit(bindparam("rows"))
)
_IDLE = (
    select(sessions)
    .where(
        sessions.c.ended_at.is_(None),
        sessions.c.last_activity_at <= bindparam("before"),
        or_(sessions.c.busy_until.is_(None), sessions.c.busy_until <= bindparam("before")),
    )
    .order_by(sessions.c.last_activity_at)
    .limit(bindparam("rows"))
    .with_for_update(skip_locked=True)  # PostgreSQL: a session whose student is just answering is not idle
)
_ATTEMPTS = (
    select(*ATTEMPT_COLUMNS, topics.c.path)
    .select_from(
        attempts.join(question_versions, question_versions.c.id == attempts.c.question_version_id).join(
            topics, topics.c.id == question_versions.c.topic_id
        )
    )
    .where(
        attempts.c.session_id == bindparam("session"),
        attempts.c.user_id == bindparam("owner"),
        is_told(bindparam("owner")),
    )
    .order_by(attempts.c.answered_at, attempts.c.id)
)
_CHANGE = (
    update(sessions)
    .where(sessions.c.id == bindparam("session"), sessions.c.child_id == bindparam("child"))
    .values(
        ended_at=bindparam("ended"),
        paused_at=bindparam("paused"),
        last_activity_at=bindparam("last"),
        busy_until=bindparam("busy"),
        end_reason=bindparam("reason"),
        updated_at=bindparam("updated"),
    )
)
_INSERT = insert(sessions)


class SqlSessions:
    """Practice sessions of one student at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def active(self, child: UserId) -> Session | None:
        """The session without an end."""
        return _session(self._connection.execute(_ACTIVE, {"child": child}).first())

    def get(self, session_id: SessionId, *, owner: UserId) -> Session | None:
        """One session of this student."""
        return _session(self._connection.execute(_ONE, {"session": session_id, "owner": owner}).first())

    def save(self, session: Session) -> None:
        """Insert or update."""
        changed = self._connection.execute(
            _CHANGE,
            {
                "session": session.id,
                "child": session.child_id,
                "ended": session.ended_at,
                "paused": session.paused_at,
                "last": session.last_activity_at,
                "busy": session.busy_until,
                "reason": session.end_reason,
                "updated": session.updated_at,
            },
        )
        if changed.rowcount == 0:
            self._connection.execute(
                _INSERT,
                {
                    "id": session.id,
                    "child_id": session.child_id,
                    "subject": session.subject,
                    "topic": session.topic,
                    "subtopic": session.subtopic,
                    "started_at": session.started_at,
                    "ended_at": session.ended_at,
                    "created_at": session.created_at,
                    "updated_at": session.updated_at,
                    "paused_at": session.paused_at,
                    "last_activity_at": session.last_activity_at,
                    "busy_until": session.busy_until,
                    "end_reason": session.end_reason,
                },
            )

    def history(self, child: UserId, *, limit: int) -> list[Session]:
        """The newest first."""
        rows = self._connection.execute(_HISTORY, {"child": child, "rows": limit})
        return [session for row in rows if (session := _session(row)) is not None]

    def attempts(self, session_id: SessionId, *, owner: UserId) -> list[tuple[Attempt, str]]:
        """Attempts of a session in order, each with the slug of its subject."""
        rows = self._connection.execute(_ATTEMPTS, {"session": session_id, "owner": owner})
        return [(to_attempt(row), row.path.split("/")[0]) for row in rows]

    def idle(self, before: datetime, *, limit: int) -> list[Session]:
        """Active sessions whose last activity is not after `before`."""
        rows = self._connection.execute(_IDLE, {"before": before, "rows": limit})
        return [session for row in rows if (session := _session(row)) is not None]


def _session(row: Any) -> Session | None:
    if row is None:
        return None
    return Session(
        id=SessionId(row.id),
        child_id=UserId(row.child_id),
        subject=row.subject,
        topic=row.topic,
        subtopic=row.subtopic,
        started_at=row.started_at,
        ended_at=row.ended_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        paused_at=row.paused_at,
        last_activity_at=row.last_activity_at,
        busy_until=row.busy_until,
        end_reason=EndReason(row.end_reason) if row.end_reason else None,
    )
