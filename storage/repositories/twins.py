"""The `twins` table."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, delete, func, insert, or_, select, update

from core.ids import AttemptId, QuizId, TwinId, UserId, VersionId
from core.practice.model import Difficulty, Help, Twin
from storage.tables import attempts, question_versions, topics, twins

_ADD = insert(twins)
_is_mine = and_(twins.c.user_id == bindparam("owner"), twins.c.attempt_id.is_(None))
_kept = select(twins.c.id).where(_is_mine).order_by(twins.c.id.desc()).limit(bindparam("most"))
_DROP = delete(twins).where(_is_mine, twins.c.id.not_in(_kept))
_SERVE = (
    update(twins)
    .where(twins.c.id == bindparam("twin"))
    .values(quiz_id=bindparam("quiz"), position=bindparam("place"), due_at=bindparam("due"))
)
_WAIT = update(twins).where(twins.c.id == bindparam("twin")).values(due_at=bindparam("due"))
_stands_there = and_(_is_mine, twins.c.quiz_id == bindparam("quiz"), twins.c.position == bindparam("place"))
_PUT_OFF = update(twins).where(_stands_there).values(due_at=bindparam("due"))
_ANSWER = update(twins).where(_stands_there).values(attempt_id=bindparam("attempt"))
_DUE = (
    select(twins, attempts.c.quiz_id.label("of_quiz_id"))
    .select_from(
        twins.join(attempts, attempts.c.id == twins.c.of_attempt_id)
        .join(question_versions, question_versions.c.id == twins.c.of_version_id)
        .join(topics, topics.c.id == question_versions.c.topic_id)
    )
    .where(_is_mine, twins.c.due_at <= bindparam("now"), attempts.c.voided_at.is_(None))
    .order_by(twins.c.due_at, twins.c.id)
)
_of = attempts.alias("of_attempt")
_answer = attempts.alias("answer")
_TALLIES = (
    select(
        twins.c.help,
        func.count().label("served"),
        func.count(_answer.c.id).label("answered"),
        func.sum(case((_answer.c.is_right, 1), else_=0)).label("right"),
    )
    .select_from(
        twins.join(_of, _of.c.id == twins.c.of_attempt_id).outerjoin(_answer, _answer.c.id == twins.c.attempt_id)
    )
    .where(
        twins.c.quiz_id.is_not(None),
        _of.c.voided_at.is_(None),
        or_(_answer.c.id.is_(None), and_(_answer.c.voided_at.is_(None), _answer.c.help.is_(None))),
    )
    .group_by(twins.c.help)
)


class SqlTwins:
    """Questions that come back to be answered without help."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, twin: Twin, *, most: int) -> None:
        """Insert a twin; of those of this student that wait, the oldest beyond so many are dropped."""
        self._connection.execute(
            _ADD,
            {
                "user_id": twin.user_id,
                "of_attempt_id": twin.of_attempt_id,
                "of_version_id": twin.of_version_id,
                "help": twin.help,
                "due_at": twin.due_at,
                "created_at": twin.created_at,
            },
        )
        self._connection.execute(_DROP, {"owner": twin.user_id, "most": most})

    def due(
        self, owner: UserId, now: datetime, *, path: Sequence[str] = (), difficulty: Difficulty | None = None
    ) -> list[Twin]:
        """Twins of questions under a path that can be asked now, the longest due first; not of reported answers."""
        statement = _DUE
        if path:
            whole = "/".join(path)
            statement = statement.where(
                or_(topics.c.path == whole, topics.c.path.startswith(whole + "/", autoescape=True))
            )
        if difficulty is not None:
            statement = statement.where(question_versions.c.difficulty.in_(difficulty.levels))
        return [_twin(row) for row in self._connection.execute(statement, {"owner": owner, "now": now})]

    def serve(self, twin_id: TwinId, quiz_id: QuizId, position: int, *, again_at: datetime) -> None:
        """Put a twin at a place of a quiz; without an answer it is due again at `again_at`, wherever it stands."""
        self._connection.execute(_SERVE, {"twin": twin_id, "quiz": quiz_id, "place": position, "due": again_at})

    def wait(self, twin_id: TwinId, *, until: datetime) -> None:
        """Put off a twin that cannot be asked."""
        self._connection.execute(_WAIT, {"twin": twin_id, "due": until})

    def put_off(self, quiz_id: QuizId, position: int, *, owner: UserId, until: datetime) -> None:
        """Put off the twin that was skipped at a place of a quiz."""
        self._connection.execute(_PUT_OFF, {"owner": owner, "quiz": quiz_id, "place": position, "due": until})

    def answer(self, quiz_id: QuizId, position: int, attempt_id: AttemptId, *, owner: UserId) -> None:
        """Link the answer at a place of a quiz to the twin that stands there; none if it was asked elsewhere since."""
        self._connection.execute(_ANSWER, {"owner": owner, "quiz": quiz_id, "place": position, "attempt": attempt_id})

    def tallies(self) -> Mapping[Help | None, tuple[int, int, int]]:
        """Served, answered and right twins of all students by the help that they follow."""
        return {
            Help(row.help) if row.help else None: (row.served, row.answered, int(row.right))
            for row in self._connection.execute(_TALLIES)
        }


def _twin(row: Any) -> Twin:
    return Twin(
        id=TwinId(row.id),
        user_id=UserId(row.user_id),
        of_attempt_id=AttemptId(row.of_attempt_id),
        of_version_id=VersionId(row.of_version_id),
        of_quiz_id=QuizId(row.of_quiz_id) if row.of_quiz_id else None,
        help=Help(row.help) if row.help else None,
        due_at=row.due_at,
        created_at=row.created_at,
    )
