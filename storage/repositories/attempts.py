"""Attempts as rows."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from core.ids import AttemptId, ChoiceId, QuizId, SessionId, SittingId, UserId, VersionId
from core.practice.model import Attempt, Chosen, Help, Response, Typed
from storage.tables import attempts, exam_sessions

ATTEMPT_COLUMNS = tuple(
    attempts.c[name]
    for name in (
        "id",
        "user_id",
        "session_id",
        "quiz_id",
        "sitting_id",
        "position",
        "question_version_id",
        "choice_id",
        "response",
        "is_right",
        "xp",
        "active_ms",
        "hints",
        "help",
        "item_difficulty",
        "answered_at",
        "local_day",
        "voided_at",
    )
)


def is_told(owner: Any) -> ColumnElement[bool]:
    """Whether an attempt is in no exam that is still under way: its result is told at the end.

    Args:
        owner: The student's id, or a parameter that stands for it.
    """
    under_way = select(exam_sessions.c.id).where(
        exam_sessions.c.user_id == owner, exam_sessions.c.completed_at.is_(None)
    )
    return or_(attempts.c.sitting_id.is_(None), attempts.c.sitting_id.not_in(under_way))


def to_attempt(row: Any) -> Attempt:
    """The attempt that a row keeps."""
    return Attempt(
        id=AttemptId(row.id),
        user_id=UserId(row.user_id),
        session_id=SessionId(row.session_id) if row.session_id else None,
        quiz_id=QuizId(row.quiz_id) if row.quiz_id else None,
        sitting_id=SittingId(row.sitting_id) if row.sitting_id else None,
        position=row.position,
        version_id=VersionId(row.question_version_id),
        choice_id=ChoiceId(row.choice_id) if row.choice_id is not None else None,
        response=_to_response(row.response),
        right=row.is_right,
        xp=row.xp,
        active_ms=row.active_ms,
        hints=row.hints,
        help=Help(row.help) if row.help else None,
        item_difficulty=row.item_difficulty,
        answered_at=row.answered_at,
        local_day=row.local_day,
        voided_at=row.voided_at,
    )


def from_attempt(attempt: Attempt) -> Mapping[str, Any]:
    """The row that keeps an attempt."""
    return {
        "kind": "exam" if attempt.sitting_id else "quiz",
        "user_id": attempt.user_id,
        "session_id": attempt.session_id,
        "quiz_id": attempt.quiz_id,
        "sitting_id": attempt.sitting_id,
        "position": attempt.position,
        "question_version_id": attempt.version_id,
        "choice_id": attempt.choice_id,
        "response": _from_response(attempt.response),
        "is_right": attempt.right,
        "xp": attempt.xp,
        "active_ms": attempt.active_ms,
        "hints": attempt.hints,
        "help": attempt.help,
        "item_difficulty": attempt.item_difficulty,
        "answered_at": attempt.answered_at,
        "local_day": attempt.local_day,
        "voided_at": attempt.voided_at,
    }


def _from_response(response: Response) -> dict[str, Any]:
    match response:
        case Chosen(positions):
            return {"choices": list(positions)}
        case Typed(text, value):
            return {"text": text, "value": None if value is None else str(value)}


def _to_response(stored: Mapping[str, Any]) -> Response:
    if "choices" in stored:
        return Chosen(tuple(stored["choices"]))
    return Typed(stored["text"], None if stored["value"] is None else Fraction(stored["value"]))
