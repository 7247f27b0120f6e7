"""The `users` and `courses` tables."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from core.ids import UserId
from core.people.model import DEFAULT_ZONE, Onboarding, Person, Role
from storage.tables import courses, users
from storage.upsert import insert_or_ignore

_COLUMNS = select(
    users.c.id,
    users.c.telegram_id,
    users.c.language,
    users.c.language_chosen,
    users.c.zone,
    users.c.role,
    users.c.birth_year,
    users.c.onboarding,
    courses.c.exam_type,
    courses.c.exam_date,
).select_from(users.outerjoin(courses, (courses.c.user_id == users.c.id) & courses.c.ended_at.is_(None)))
_BY_TELEGRAM = _COLUMNS.where(users.c.telegram_id == bindparam("telegram_id"))
_BY_ID = _COLUMNS.where(users.c.id == bindparam("user_id"))


class SqlPeople:
    """People by id and by chat."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_telegram(self, telegram_id: int) -> Person | None:
        """The person behind a private chat."""
        return _person(self._connection.execute(_BY_TELEGRAM, {"telegram_id": telegram_id}).first())

    def get(self, user_id: UserId) -> Person | None:
        """The person with this id."""
        return _person(self._connection.execute(_BY_ID, {"user_id": user_id}).first())

    def add(self, telegram_id: int, language: str, now: datetime) -> Person:
        """A new person, or the one that another process made at the same moment."""
        insert_or_ignore(
            self._connection,
            users,
            [
                {
                    "telegram_id": telegram_id,
                    "language": language,
                    "language_chosen": False,
                    "zone": DEFAULT_ZONE,
                    "role": Role.STUDENT,
                    "onboarding": Onboarding.PLAYING,
                    "settings": {},
                    "created_at": now,
                    "updated_at": now,
                }
            ],
            key=["telegram_id"],
        )
        person = self.by_telegram(telegram_id)
        if person is None:
            raise LookupError(telegram_id)
        return person

    def save(self, person: Person, now: datetime) -> None:
        """Store what may change; a new exam in view ends the course of the one before."""
        before = self.get(person.id)
        self._connection.execute(
            update(users)
            .where(users.c.id == person.id)
            .values(
                language=person.language,
                language_chosen=person.language_chosen,
                zone=person.zone,
                role=person.role,
                birth_year=person.birth_year,
                onboarding=person.onboarding,
                updated_at=now,
            )
        )
        if before is not None and (before.exam, before.exam_date) == (person.exam, person.exam_date):
            return
        mine = (courses.c.user_id == person.id) & courses.c.ended_at.is_(None)
        if before is not None and before.exam == person.exam:
            self._connection.execute(update(courses).where(mine).values(exam_date=person.exam_date))
            return
        self._connection.execute(update(courses).where(mine).values(ended_at=now))
        if person.exam is not None:
            row = {"user_id": person.id, "exam_type": person.exam, "exam_date": person.exam_date, "created_at": now}
            self._connection.execute(insert(courses), row)


def _person(row: Any) -> Person | None:
    if row is None:
        return None
    return Person(
        id=UserId(row.id),
        telegram_id=row.telegram_id,
        language=row.language,
        language_chosen=row.language_chosen,
        zone=row.zone,
        role=Role(row.role),
        birth_year=row.birth_year,
        onboarding=Onboarding(row.onboarding),
        exam=row.exam_type,
        exam_date=row.exam_date,
    )
