"""When a practice session begins and ends. Pure: state, event, now -> outcome."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from core.ids import SessionId, UserId
from core.practice.model import Attempt, EndReason, Session, SessionSummary


class Activity(NamedTuple):
    """What an activity does: `lapsed` is the session that had ended before it, `current` the one it belongs to."""

    current: Session
    lapsed: Session | None


def lapse(session: Session, now: datetime, idle: timedelta) -> Session:
    """The session, ended at its last activity if nothing happened for `idle`; paused ones too."""
    if session.ended_at is None and now - session.quiet_since >= idle:
        return end(session, session.quiet_since, EndReason.IDLE, now)
    return session


def end(session: Session, at: datetime, reason: EndReason, now: datetime) -> Session:
    """The session, ended at `at` (never before its last activity); one that is over stays as it is."""
    if session.ended_at is not None:
        return session
    last = max(at, session.last_activity_at)
    return replace(session, ended_at=last, end_reason=reason, updated_at=now, paused_at=None, busy_until=None)


def occupy(session: Session, until: datetime) -> Session:
    """The session, busy with a section of an exam until its deadline."""
    return replace(session, busy_until=until)


def release(session: Session, at: datetime, now: datetime) -> Session:
    """The session after the section that it was busy with was closed at `at`; one that is over stays as it is."""
    if session.ended_at is not None:
        return session
    return replace(session, busy_until=None, last_activity_at=max(at, session.last_activity_at), updated_at=now)


def activity(  # noqa: PLR0913 - an event has these parts
    active: Session | None,
    child: UserId,
    now: datetime,
    idle: timedelta,
    topic: tuple[str, ...],
    new_id: SessionId | None = None,
    last_end: datetime | None = None,
) -> Activity:
    """Count something a student did into their session, making one where none is active.

    Args:
        active: The session without an end, or None.
        child: The student.
        now: When it happened.
        idle: How long a session lives without activity.
        topic: Path of what was practised, subject first; names a new session.
        new_id: Id for a new session; a random one if None.
        last_end: When the session before ended. A new one starts after it, whatever the clock says, so that a moment
            belongs to one session at most.
    """
    lapsed = None
    if active is not None:
        settled = lapse(active, now, idle)
        if settled.ended_at is None:
            last = max(now, settled.last_activity_at)
            return Activity(replace(settled, last_activity_at=last, updated_at=now, paused_at=None), None)
        lapsed, last_end = settled, settled.ended_at
    start = now if last_end is None else max(now, last_end + timedelta.resolution)
    subject, middle, low = (*topic, None, None, None)[:3]
    return Activity(
        Session(
            id=new_id or SessionId(uuid.uuid4()),
            child_id=child,
            subject=subject,
            topic=middle,
            subtopic=low,
            started_at=start,
            last_activity_at=start,
            created_at=now,
            updated_at=now,
        ),
        lapsed,
    )


def pause(session: Session, now: datetime) -> Session:
    """The session, paused; going on is any activity. One that is paused already stays as it is."""
    if session.paused_at is not None:
        return session
    return replace(session, paused_at=now, last_activity_at=max(now, session.last_activity_at), updated_at=now)


def summary(session: Session, attempts: list[tuple[Attempt, str]]) -> SessionSummary:
    """The figures of a session from its attempts, each with the slug of its subject."""
    counted = [(attempt, subject) for attempt, subject in attempts if attempt.voided_at is None]
    attempted = len(counted)
    correct = sum(attempt.right for attempt, _ in counted)
    total_ms = sum(attempt.active_ms for attempt, _ in counted)
    return SessionSummary(
        session=session,
        questions_attempted=attempted,
        questions_correct=correct,
        accuracy=half_up(100 * correct, attempted),
        total_time_ms=total_ms,
        avg_time_per_question_ms=half_up(total_ms, attempted),
        subjects_practiced=tuple(sorted({subject for _, subject in counted})),
        questions_voided=len(attempts) - attempted,
        quizzes=len({attempt.quiz_id for attempt, _ in counted if attempt.quiz_id is not None}),
        sittings=len({attempt.sitting_id for attempt, _ in counted if attempt.sitting_id is not None}),
    )


def half_up(numerator: int, denominator: int) -> int:
    """The quotient of two counts rounded half up; 0 for a denominator of 0."""
    return (2 * numerator + denominator) // (2 * denominator) if denominator else 0
