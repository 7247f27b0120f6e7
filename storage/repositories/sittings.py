"""The `exam_sessions`, `exam_sections` and `exam_items` tables."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, insert, literal_column, select, update

from core.exams.model import (
    ClosedBy,
    EndReason,
    Notice,
    PaperItem,
    SectionState,
    SectionStatus,
    Sitting,
    Status,
    Stock,
)
from core.ids import ExamId, PassageId, QuestionId, SessionId, SittingId, UserId, VersionId
from core.ports import Unfinished
from core.practice.model import Attempt
from core.questions.model import Kind
from storage.repositories.attempts import from_attempt
from storage.repositories.exams import FormatCache
from storage.repositories.questions import last_answers, visible
from storage.tables import (
    attempts,
    choices,
    exam_items,
    exam_sections,
    exam_sessions,
    inbox,
    question_versions,
    questions,
    topics,
    users,
)

_ONE = select(exam_sessions).where(
    exam_sessions.c.id == bindparam("sitting"), exam_sessions.c.user_id == bindparam("owner")
)
_HOLD = _ONE.with_for_update()
_EXISTS = select(exam_sessions.c.id).where(exam_sessions.c.id == bindparam("sitting"))
_SECTIONS = (
    select(exam_sections)
    .where(exam_sections.c.exam_session_id == bindparam("sitting"))
    .order_by(exam_sections.c.number)
)
_ITEMS = select(exam_items).where(exam_items.c.exam_session_id == bindparam("sitting")).order_by(exam_items.c.position)
_UNFINISHED = select(exam_sessions.c.id).where(
    exam_sessions.c.user_id == bindparam("owner"), exam_sessions.c.completed_at.is_(None)
)
_RUNS_UNTIL = select(func.max(exam_sections.c.deadline)).where(
    exam_sections.c.exam_session_id == bindparam("sitting"), exam_sections.c.status == SectionStatus.RUNNING
)
_QUESTIONS = select(exam_items.c.question_id).where(exam_items.c.exam_session_id == bindparam("sitting"))
_OVER = (
    select(exam_sessions)
    .where(
        exam_sessions.c.user_id == bindparam("owner"),
        exam_sessions.c.completed_at.is_not(None),
        exists(
            select(exam_sections.c.number).where(
                exam_sections.c.exam_session_id == exam_sessions.c.id, exam_sections.c.started_at.is_not(None)
            )
        ),
    )
    .order_by(exam_sessions.c.completed_at.desc(), exam_sessions.c.id)
    .limit(bindparam("rows"))
    .offset(bindparam("skip"))
)
_deadline = (
    select(func.max(exam_sections.c.deadline))
    .where(
        exam_sections.c.exam_session_id == exam_sessions.c.id,
        exam_sections.c.status == SectionStatus.RUNNING,
    )
    .correlate(exam_sessions)
    .scalar_subquery()
)
# An update that was received before the deadline and not carried out yet may hold the last answer. What is due may be
# an older warning; that waits too, for the section would be closed with it.
_in_time = (
    select(inbox.c.seq)
    .select_from(users.join(inbox, inbox.c.person == users.c.telegram_id))
    .where(
        users.c.id == exam_sessions.c.user_id,
        inbox.c.status == literal_column("'received'"),  # written out, or the partial index is of no use
        inbox.c.received_at < func.coalesce(_deadline, exam_sessions.c.due_at),
    )
)
_DUE = (
    select(exam_sessions.c.id, exam_sessions.c.user_id)
    .where(exam_sessions.c.due_at <= bindparam("now"), ~exists(_in_time.correlate(exam_sessions)))
    .order_by(exam_sessions.c.due_at)
    .limit(bindparam("rows"))
)
_IS_DUE = _DUE.where(exam_sessions.c.id == bindparam("sitting"))
_UNTOLD = (
    select(exam_sessions.c.id)
    .where(exam_sessions.c.user_id == bindparam("owner"), exam_sessions.c.notice.is_not(None))
    .order_by(exam_sessions.c.updated_at.desc())
    .limit(1)
)
_NOTICED = (
    select(exam_sessions.c.id, exam_sessions.c.user_id, users.c.telegram_id)
    .select_from(exam_sessions.join(users, users.c.id == exam_sessions.c.user_id))
    .where(exam_sessions.c.notice.is_not(None), users.c.telegram_id.is_not(None))
    .order_by(exam_sessions.c.updated_at)
    .limit(bindparam("rows"))
)
_STATE = (
    "status",
    "metadata",
    "session_id",
    "cursor",
    "cursor_since",
    "waiting_since",
    "due_at",
    "notice",
    "end_reason",
    "updated_at",
    "completed_at",
)
_CHANGE = (
    update(exam_sessions)
    .where(exam_sessions.c.id == bindparam("sitting"), exam_sessions.c.user_id == bindparam("owner"))
    .values({name: bindparam(f"new_{name}") for name in _STATE})
)
_SECTION_STATE = ("status", "started_at", "deadline", "completed_at", "closed_by", "score")
_CHANGE_SECTION = (
    update(exam_sections)
    .where(exam_sections.c.exam_session_id == bindparam("sitting"), exam_sections.c.number == bindparam("which"))
    .values({name: bindparam(f"new_{name}") for name in _SECTION_STATE})
)
_ITEM_STATE = ("choice", "flagged", "ms", "seen_at", "answered_at")
_CHANGE_ITEM = (
    update(exam_items)
    .where(exam_items.c.exam_session_id == bindparam("sitting"), exam_items.c.position == bindparam("which"))
    .values({name: bindparam(f"new_{name}") for name in _ITEM_STATE})
)
_RECORD = insert(attempts)


class SqlSittings:
    """Sittings of one student at a time; what is due, of all of them."""

    def __init__(self, connection: Connection, formats: FormatCache) -> None:
        self._connection = connection
        self._formats = formats

    def get(self, sitting_id: SittingId, *, owner: UserId) -> Sitting | None:
        """One sitting of this student."""
        return self._whole(self._connection.execute(_ONE, {"sitting": sitting_id, "owner": owner}).first())

    def hold(self, sitting_id: SittingId, *, owner: UserId) -> Sitting | None:
        """The same, kept from every other transaction until this one ends."""
        return self._whole(self._connection.execute(_HOLD, {"sitting": sitting_id, "owner": owner}).first())

    def exists(self, sitting_id: SittingId) -> bool:
        """Whether the id is taken, whoever's it is."""
        return self._connection.execute(_EXISTS, {"sitting": sitting_id}).first() is not None

    def unfinished(self, owner: UserId) -> SittingId | None:
        """The sitting that is not over; there is one at most."""
        found = self._connection.execute(_UNFINISHED, {"owner": owner}).scalar()
        return SittingId(found) if found is not None else None

    def closes(self, owner: UserId) -> Unfinished | None:
        """What the sitting that is not over closes to this student."""
        sitting_id = self.unfinished(owner)
        if sitting_id is None:
            return None
        deadline = self._connection.execute(_RUNS_UNTIL, {"sitting": sitting_id}).scalar()
        questions = self._connection.execute(_QUESTIONS, {"sitting": sitting_id}).scalars()
        return Unfinished(sitting_id, deadline, frozenset(map(QuestionId, questions)))

    def add(self, sitting: Sitting) -> None:
        """Insert a new sitting with its sections and items."""
        self._connection.execute(
            insert(exam_sessions),
            {
                **_state(sitting),
                "id": sitting.id,
                "user_id": sitting.user_id,
                "exam_id": sitting.exam_id,
                "exam_type": sitting.exam_type,
                "variant": sitting.variant,
                "started_at": sitting.started_at,
            },
        )
        self._connection.execute(
            insert(exam_sections),
            [
                {
                    **_section_state(section),
                    "exam_session_id": sitting.id,
                    "number": section.number,
                    "key": section.key,
                    "first": section.first,
                    "questions": section.questions,
                }
                for section in sitting.sections
            ],
        )
        self._connection.execute(
            insert(exam_items),
            [
                {
                    **_item_state(item),
                    "exam_session_id": sitting.id,
                    "position": item.position,
                    "section": item.section,
                    "question_id": item.question_id,
                    "version_id": item.version_id,
                    "choice_order": list(item.order),
                    "right_choice": item.key,
                }
                for item in sitting.items
            ],
        )

    def save(self, before: Sitting, after: Sitting) -> None:
        """Store what changed."""
        key = {"sitting": after.id}
        state = _state(after)
        if state != _state(before):
            self._connection.execute(_CHANGE, {**key, "owner": after.user_id, **_new(state)})
        sections = [
            {**key, "which": new.number, **_new(_section_state(new))}
            for old, new in zip(before.sections, after.sections, strict=True)
            if old != new
        ]
        if sections:
            self._connection.execute(_CHANGE_SECTION, sections)
        items = [
            {**key, "which": new.position, **_new(_item_state(new))}
            for old, new in zip(before.items, after.items, strict=True)
            if old != new
        ]
        if items:
            self._connection.execute(_CHANGE_ITEM, items)

    def record(self, attempts: Sequence[Attempt]) -> None:
        """Append the attempts of a section that was closed."""
        if attempts:
            self._connection.execute(_RECORD, [from_attempt(attempt) for attempt in attempts])

    def due(self, now: datetime, *, limit: int, only: SittingId | None = None) -> list[tuple[SittingId, UserId]]:
        """Sittings at which something is due (or whether it is at one), the longest due first."""
        key = {"now": now, "rows": limit}
        rows = self._connection.execute(*((_DUE, key) if only is None else (_IS_DUE, key | {"sitting": only})))
        return [(SittingId(row.id), UserId(row.user_id)) for row in rows]

    def noticed(self, *, limit: int) -> list[tuple[SittingId, UserId, int]]:
        """Sittings with something to tell, and whom: the student, and their chat."""
        rows = self._connection.execute(_NOTICED, {"rows": limit})
        return [(SittingId(row.id), UserId(row.user_id), row.telegram_id) for row in rows]

    def untold(self, owner: UserId) -> SittingId | None:
        """The sitting of this student with something to tell."""
        found = self._connection.execute(_UNTOLD, {"owner": owner}).scalar()
        return SittingId(found) if found is not None else None

    def over(self, owner: UserId, *, limit: int, offset: int = 0) -> list[Sitting]:
        """Completed sittings of which a section was started, the newest first."""
        rows = self._connection.execute(_OVER, {"owner": owner, "rows": limit, "skip": offset}).all()
        return [sitting for row in rows if (sitting := self._whole(row)) is not None]

    def stock(self, viewer: UserId | None, kind: Kind, options: int | None) -> list[Stock]:
        """Every question that a paper of this student can be drawn from."""
        answered = last_answers(viewer)
        sat = (
            select(exam_items.c.question_id, func.max(exam_sessions.c.started_at).label("sat_at"))
            .select_from(exam_items.join(exam_sessions, exam_sessions.c.id == exam_items.c.exam_session_id))
            .where(exam_sessions.c.user_id == viewer)
            .group_by(exam_items.c.question_id)
            .subquery("sat")
        )
        statement = (
            select(
                questions.c.id,
                questions.c.current_version_id,
                questions.c.languages,
                topics.c.path,
                question_versions.c.passage_id,
                sat.c.sat_at,
                answered.c.last_answered_at,
            )
            .select_from(
                questions.join(topics, topics.c.id == questions.c.topic_id)
                .join(question_versions, question_versions.c.id == questions.c.current_version_id)
                .outerjoin(sat, sat.c.question_id == questions.c.id)
                .outerjoin(answered, answered.c.question_id == questions.c.id)
            )
            .where(questions.c.retired_at.is_(None), questions.c.kind == kind, visible(viewer))
            .order_by(questions.c.id)
        )
        if options is not None:
            last = and_(choices.c.version_id == questions.c.current_version_id, choices.c.position == options - 1)
            beyond = and_(choices.c.version_id == questions.c.current_version_id, choices.c.position == options)
            statement = statement.where(
                exists(select(choices.c.id).where(last)), ~exists(select(choices.c.id).where(beyond))
            )
        return [
            Stock(
                question_id=QuestionId(row.id),
                version_id=VersionId(row.current_version_id),
                topic=tuple(row.path.split("/")),
                passage=PassageId(row.passage_id) if row.passage_id is not None else None,
                languages=tuple(row.languages.split()),
                sat_at=row.sat_at,
                answered_at=row.last_answered_at,
            )
            for row in self._connection.execute(statement)
        ]

    def _whole(self, row: Any) -> Sitting | None:
        if row is None:
            return None
        key = {"sitting": row.id}
        exam = self._formats.get(self._connection, ExamId(row.exam_id)).chosen(row.variant)
        if exam is None:
            raise LookupError(row.variant)
        return Sitting(
            id=SittingId(row.id),
            user_id=UserId(row.user_id),
            exam=exam,
            exam_id=ExamId(row.exam_id),
            exam_type=row.exam_type,
            variant=row.variant,
            started_at=row.started_at,
            updated_at=row.updated_at,
            waiting_since=row.waiting_since,
            sections=tuple(_sections(self._connection.execute(_SECTIONS, key))),
            items=tuple(_items(self._connection.execute(_ITEMS, key))),
            status=Status(row.status),
            session_id=SessionId(row.session_id) if row.session_id else None,
            cursor=row.cursor,
            cursor_since=row.cursor_since,
            due_at=row.due_at,
            notice=Notice(row.notice) if row.notice else None,
            completed_at=row.completed_at,
            end_reason=EndReason(row.end_reason) if row.end_reason else None,
            metadata=row._mapping["metadata"],  # noqa: SLF001 - SQLAlchemy's documented way to a column by its name
        )


def _sections(rows: Iterable[Any]) -> Iterable[SectionState]:
    for row in rows:
        yield SectionState(
            number=row.number,
            key=row.key,
            first=row.first,
            questions=row.questions,
            status=SectionStatus(row.status),
            started_at=row.started_at,
            deadline=row.deadline,
            completed_at=row.completed_at,
            closed_by=ClosedBy(row.closed_by) if row.closed_by else None,
            score=Fraction(row.score) if row.score is not None else None,
        )


def _items(rows: Iterable[Any]) -> Iterable[PaperItem]:
    for row in rows:
        yield PaperItem(
            position=row.position,
            section=row.section,
            question_id=QuestionId(row.question_id),
            version_id=VersionId(row.version_id),
            order=tuple(row.choice_order),
            key=row.right_choice,
            choice=row.choice,
            flagged=row.flagged,
            ms=row.ms,
            seen_at=row.seen_at,
            answered_at=row.answered_at,
        )


def _state(sitting: Sitting) -> dict[str, Any]:
    return {name: getattr(sitting, name) for name in _STATE} | {"metadata": dict(sitting.metadata)}


def _section_state(section: SectionState) -> dict[str, Any]:
    score = str(section.score) if section.score is not None else None
    return {name: getattr(section, name) for name in _SECTION_STATE} | {"score": score}


def _item_state(item: PaperItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in _ITEM_STATE}


def _new(state: dict[str, Any]) -> dict[str, Any]:
    return {f"new_{name}": value for name, value in state.items()}
