"""The `quiz_sessions`, `attempts` and `question_reports` tables."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, insert, or_, select, update

from core.ids import AttemptId, DeckId, QuizId, SessionId, TopicId, UserId, VersionId
from core.practice.model import Attempt, Candidate, Difficulty, Mode, Quiz
from storage.repositories.attempts import ATTEMPT_COLUMNS, from_attempt, is_told, to_attempt
from storage.repositories.questions import not_in_a_paper
from storage.tables import attempts, question_reports, question_versions, questions, quiz_sessions, topics
from storage.upsert import insert_or_ignore

_ONE = select(quiz_sessions).where(
    quiz_sessions.c.id == bindparam("quiz"), quiz_sessions.c.user_id == bindparam("owner")
)
_EXISTS = select(quiz_sessions.c.id).where(quiz_sessions.c.id == bindparam("quiz"))
_OPEN = (
    select(quiz_sessions)
    .where(
        quiz_sessions.c.user_id == bindparam("owner"),
        quiz_sessions.c.completed_at.is_(None),
        quiz_sessions.c.stopped_at.is_(None),
    )
    .order_by(quiz_sessions.c.updated_at.desc(), quiz_sessions.c.id)
    .limit(bindparam("rows"))
)
_EVERY = (
    select(quiz_sessions)
    .where(quiz_sessions.c.user_id == bindparam("owner"))
    .order_by(quiz_sessions.c.started_at, quiz_sessions.c.id)
)
_OVER = (
    select(quiz_sessions)
    .where(
        quiz_sessions.c.user_id == bindparam("owner"),
        or_(quiz_sessions.c.completed_at.is_not(None), quiz_sessions.c.stopped_at.is_not(None)),
        quiz_sessions.c.id.in_(select(attempts.c.quiz_id).where(attempts.c.user_id == bindparam("owner"))),
    )
    .order_by(func.coalesce(quiz_sessions.c.completed_at, quiz_sessions.c.stopped_at).desc(), quiz_sessions.c.id)
    .limit(bindparam("rows"))
    .offset(bindparam("skip"))
)
_STATE = (
    "session_id",
    "current_index",
    "served_index",
    "correct_count",
    "wrong_count",
    "active_ms",
    "spent_ms",
    "hints",
    "pending",
    "served_at",
    "paused_at",
    "stopped_at",
    "completed_at",
    "total_time_seconds",
    "score",
    "max_section_score",
    "xp_earned",
    "updated_at",
)
_INSERT = insert(quiz_sessions)
_CHANGE = (
    update(quiz_sessions)
    .where(quiz_sessions.c.id == bindparam("quiz"), quiz_sessions.c.user_id == bindparam("owner"))
    .values({name: bindparam(f"new_{name}") for name in (*_STATE, "selection", "metadata")})
)
_GROWN = ("question_order", "version_ids", "length", "metadata", "updated_at")
_GROW = (
    update(quiz_sessions)
    .where(quiz_sessions.c.id == bindparam("quiz"), quiz_sessions.c.user_id == bindparam("owner"))
    .values({name: bindparam(f"new_{name}") for name in _GROWN})
)
_RECORD = insert(attempts)
_AT = (
    select(*ATTEMPT_COLUMNS)
    .where(
        attempts.c.quiz_id == bindparam("quiz"),
        attempts.c.position == bindparam("position"),
        attempts.c.user_id == bindparam("owner"),
    )
    .order_by(attempts.c.voided_at.is_not(None), attempts.c.id.desc())
    .limit(1)
)
_TOPIC_OF_ATTEMPT = attempts.join(question_versions, question_versions.c.id == attempts.c.question_version_id).join(
    topics, topics.c.id == question_versions.c.topic_id
)
_ATTEMPTS = (
    select(*ATTEMPT_COLUMNS, topics.c.path)
    .select_from(_TOPIC_OF_ATTEMPT)
    .where(attempts.c.quiz_id == bindparam("quiz"), attempts.c.user_id == bindparam("owner"))
    .order_by(attempts.c.position, attempts.c.id)
)
_VOID = (
    update(attempts)
    .where(
        attempts.c.id == bindparam("attempt"), attempts.c.user_id == bindparam("owner"), attempts.c.voided_at.is_(None)
    )
    .values(voided_at=bindparam("at"))
)
_reported = (
    select(attempts.c.quiz_id)
    .where(attempts.c.quiz_id.in_(bindparam("quizzes", expanding=True)), attempts.c.user_id == bindparam("owner"))
    .group_by(attempts.c.quiz_id, attempts.c.position)
    .having(func.sum(case((attempts.c.voided_at.is_(None), 1), else_=0)) == 0)
    .subquery("reported_positions")
)
_VOIDED = select(_reported.c.quiz_id, func.count().label("positions")).group_by(_reported.c.quiz_id)
_EARNED = select(
    func.count().label("answers"),
    func.sum(case((attempts.c.voided_at.is_(None), attempts.c.xp), else_=0)).label("xp"),
).where(attempts.c.user_id == bindparam("owner"), is_told(bindparam("owner")))
_ANSWERED = select(func.count()).select_from(attempts).where(attempts.c.user_id == bindparam("owner"))
# By time, not by id: an imported answer is written today and was given before.
_last = (
    select(
        question_versions.c.question_id,
        attempts.c.is_right,
        attempts.c.answered_at,
        func.row_number()
        .over(
            partition_by=question_versions.c.question_id,
            order_by=(attempts.c.answered_at.desc(), attempts.c.id.desc()),
        )
        .label("place"),
    )
    .select_from(attempts.join(question_versions, question_versions.c.id == attempts.c.question_version_id))
    .where(attempts.c.user_id == bindparam("owner"), attempts.c.voided_at.is_(None))
    .subquery("last_answers")
)
_MISTAKES = (
    select(
        questions.c.id,
        questions.c.current_version_id,
        questions.c.difficulty,
        questions.c.languages,
        topics.c.path,
        _last.c.answered_at,
    )
    .select_from(
        _last.join(questions, questions.c.id == _last.c.question_id).join(topics, topics.c.id == questions.c.topic_id)
    )
    .where(
        _last.c.place == 1,
        _last.c.is_right.is_(False),
        questions.c.retired_at.is_(None),
        not_in_a_paper(bindparam("owner")),
    )
    .order_by(questions.c.id)
)


class SqlQuizzes:
    """Quizzes and attempts of one student at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, quiz_id: QuizId, *, owner: UserId) -> Quiz | None:
        """One quiz of this student."""
        row = self._connection.execute(_ONE, {"quiz": quiz_id, "owner": owner}).first()
        return _quiz(row) if row is not None else None

    def exists(self, quiz_id: QuizId) -> bool:
        """Whether the id is taken, whoever's it is."""
        return self._connection.execute(_EXISTS, {"quiz": quiz_id}).first() is not None

    def add(self, quiz: Quiz) -> None:
        """Insert a new quiz."""
        self._connection.execute(
            _INSERT,
            {
                **{name: getattr(quiz, name) for name in _STATE},
                "id": quiz.id,
                "user_id": quiz.user_id,
                "mode": quiz.mode,
                "topic_id": quiz.topic_id,
                "difficulty": quiz.difficulty,
                "deck_id": quiz.deck_id,
                "question_order": list(quiz.question_order),
                "version_ids": list(quiz.version_ids),
                "length": quiz.length,
                "metadata": dict(quiz.metadata),
                "selection": list(quiz.selection),
                "started_at": quiz.started_at,
                "created_at": quiz.created_at,
            },
        )

    def save(self, quiz: Quiz) -> None:
        """Store what may change."""
        values = {f"new_{name}": getattr(quiz, name) for name in _STATE}
        values["new_selection"] = list(quiz.selection)
        values["new_metadata"] = dict(quiz.metadata)
        self._connection.execute(_CHANGE, {**values, "quiz": quiz.id, "owner": quiz.user_id})

    def grow(self, quiz: Quiz) -> None:
        """Store the positions that were appended; those served before are never changed."""
        self._connection.execute(
            _GROW,
            {
                "quiz": quiz.id,
                "owner": quiz.user_id,
                "new_question_order": list(quiz.question_order),
                "new_version_ids": list(quiz.version_ids),
                "new_length": quiz.length,
                "new_updated_at": quiz.updated_at,
                "new_metadata": dict(quiz.metadata),
            },
        )

    def open(self, owner: UserId, *, limit: int) -> list[Quiz]:
        """Quizzes that can be gone on with, the last touched first."""
        return [_quiz(row) for row in self._connection.execute(_OPEN, {"owner": owner, "rows": limit})]

    def every(self, owner: UserId) -> list[Quiz]:
        """All quizzes of this student, the oldest first."""
        return [_quiz(row) for row in self._connection.execute(_EVERY, {"owner": owner})]

    def over(self, owner: UserId, *, limit: int, offset: int = 0) -> list[Quiz]:
        """Completed and stopped quizzes with an answer, the newest first."""
        return [_quiz(row) for row in self._connection.execute(_OVER, {"owner": owner, "rows": limit, "skip": offset})]

    def record(self, attempt: Attempt) -> AttemptId:
        """Append an attempt; gives its id."""
        inserted = self._connection.execute(_RECORD, from_attempt(attempt))
        return AttemptId(inserted.inserted_primary_key[0])  # type: ignore[index] # one row: it has a key

    def attempt_at(self, quiz_id: QuizId, position: int, *, owner: UserId) -> Attempt | None:
        """The attempt at a position, the voided one too if there is no other."""
        row = self._connection.execute(_AT, {"quiz": quiz_id, "position": position, "owner": owner}).first()
        return to_attempt(row) if row is not None else None

    def attempts(self, quiz_id: QuizId, *, owner: UserId) -> list[tuple[Attempt, tuple[str, ...]]]:
        """Attempts of a quiz by position, each with the path of its topic."""
        rows = self._connection.execute(_ATTEMPTS, {"quiz": quiz_id, "owner": owner})
        return [(to_attempt(row), tuple(row.path.split("/"))) for row in rows]

    def void(self, attempt_id: AttemptId, *, owner: UserId, now: datetime) -> bool:
        """Make an attempt not count; False if it did not already."""
        done = self._connection.execute(_VOID, {"attempt": attempt_id, "owner": owner, "at": now})
        return done.rowcount == 1

    def voided(self, quiz_ids: Sequence[QuizId], *, owner: UserId) -> Mapping[QuizId, int]:
        """At how many positions of each of these quizzes every attempt is voided; quizzes without one are left out."""
        found = self._connection.execute(_VOIDED, {"quizzes": list(quiz_ids), "owner": owner})
        return {QuizId(row.quiz_id): row.positions for row in found}

    def report(self, attempt: Attempt, now: datetime) -> None:
        """Keep a student's word that a question is wrong."""
        row = {
            "user_id": attempt.user_id,
            "attempt_id": attempt.id,
            "question_version_id": attempt.version_id,
            "created_at": now,
        }
        insert_or_ignore(self._connection, question_reports, [row], key=["attempt_id"])

    def answered(self, owner: UserId) -> int:
        """How many answers this student gave, voided ones too."""
        return int(self._connection.execute(_ANSWERED, {"owner": owner}).scalar_one())

    def earned(self, owner: UserId) -> tuple[int, int]:
        """Answers of this student, voided ones too, and the points of those that count."""
        row = self._connection.execute(_EARNED, {"owner": owner}).one()
        return int(row.answers), int(row.xp or 0)

    def mistakes(self, owner: UserId) -> list[Candidate]:
        """Questions whose last answer that counts was wrong, with their current versions."""
        return [
            Candidate(
                question_id=row.id,
                version_id=row.current_version_id,
                topic=tuple(row.path.split("/")),
                difficulty=row.difficulty,
                languages=tuple(row.languages.split()),
                last_answered_at=row.answered_at,
            )
            for row in self._connection.execute(_MISTAKES, {"owner": owner})
        ]


def _quiz(row: Any) -> Quiz:
    return Quiz(
        id=QuizId(row.id),
        user_id=UserId(row.user_id),
        session_id=SessionId(row.session_id) if row.session_id else None,
        mode=Mode(row.mode),
        topic_id=TopicId(row.topic_id) if row.topic_id is not None else None,
        difficulty=Difficulty(row.difficulty) if row.difficulty else None,
        deck_id=DeckId(row.deck_id),
        question_order=tuple(row.question_order),
        version_ids=tuple(VersionId(version) for version in row.version_ids),
        current_index=row.current_index,
        served_index=row.served_index,
        correct_count=row.correct_count,
        wrong_count=row.wrong_count,
        active_ms=row.active_ms,
        spent_ms=row.spent_ms,
        hints=row.hints,
        selection=tuple(row.selection),
        pending=row.pending,
        served_at=row.served_at,
        paused_at=row.paused_at,
        stopped_at=row.stopped_at,
        completed_at=row.completed_at,
        total_time_seconds=row.total_time_seconds,
        score=row.score,
        max_section_score=row.max_section_score,
        xp_earned=row.xp_earned,
        metadata=row._mapping["metadata"],  # noqa: SLF001 - SQLAlchemy's documented way to a column by its name
        started_at=row.started_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
