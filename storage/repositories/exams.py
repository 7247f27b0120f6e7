"""The `exams` table: exam files as they were added."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select

from core.exams.canonical import dump, fingerprint, load
from core.exams.formats import ExamFormat
from core.ids import ExamId
from storage.tables import exams

_newest = select(exams.c.slug, func.max(exams.c.number).label("number")).group_by(exams.c.slug).subquery("newest")
_NEWEST = select(exams.c.id).join(_newest, (_newest.c.slug == exams.c.slug) & (_newest.c.number == exams.c.number))
_ONE = select(exams.c.format).where(exams.c.id == bindparam("exam"))
_ANY = select(exams.c.id).where(exams.c.slug == bindparam("slug"), exams.c.hash == bindparam("mark"))
_LAST = (
    select(exams.c.id, exams.c.number, exams.c.hash)
    .where(exams.c.slug == bindparam("slug"))
    .order_by(exams.c.number.desc())
    .limit(1)
)


class FormatCache:
    """Exam formats by id. They never change and are few; shared by the writer and readers."""

    def __init__(self) -> None:
        self._kept: dict[ExamId, ExamFormat] = {}

    def get(self, connection: Connection, exam_id: ExamId) -> ExamFormat:
        """The format with this id."""
        known = self._kept.get(exam_id)
        if known is None:
            known = self._kept[exam_id] = load(connection.execute(_ONE, {"exam": exam_id}).scalar_one())
        return known


class SqlExams:
    """Exam formats, each change a new version."""

    def __init__(self, connection: Connection, formats: FormatCache) -> None:
        self._connection = connection
        self._formats = formats

    def store(self, exam: ExamFormat, now: datetime, *, bundled: bool = False) -> bool:
        """Keep a format; False if the newest version of this exam says the same.

        A bundled one that was there before is not put over what an operator added since.
        """
        last = self._connection.execute(_LAST, {"slug": exam.slug}).first()
        mark = fingerprint(exam)
        if last is not None and (last.hash == mark or (bundled and self._had(exam.slug, mark))):
            return False
        row = {"slug": exam.slug, "number": last.number + 1 if last else 1, "format": dump(exam), "hash": mark}
        self._connection.execute(insert(exams), {**row, "created_at": now})
        return True

    def _had(self, slug: str, mark: str) -> bool:
        return self._connection.execute(_ANY, {"slug": slug, "mark": mark}).first() is not None

    def newest(self) -> list[tuple[ExamId, ExamFormat]]:
        """The newest version of every exam, in the order that their files ask for."""
        ids = [ExamId(row.id) for row in self._connection.execute(_NEWEST)]
        found = [(exam_id, self._formats.get(self._connection, exam_id)) for exam_id in ids]
        return sorted(found, key=lambda pair: (pair[1].order, pair[1].slug))

    def by_slug(self, slug: str) -> tuple[ExamId, ExamFormat] | None:
        """The newest version of one exam."""
        last = self._connection.execute(_LAST, {"slug": slug}).first()
        return (ExamId(last.id), self._formats.get(self._connection, ExamId(last.id))) if last is not None else None
