"""The `inbox` and `screens` tables: the life of an update, and what stands on each person's screen."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, exists, literal_column, select, update

from core.errors import EarlierWaiting
from core.ids import UpdateId
from core.ports import Place, Shown, Waiting
from storage.tables import inbox, screens
from storage.upsert import insert_or_ignore, insert_or_update

_RECEIVED = inbox.c.status == literal_column("'received'")
_DONE = inbox.c.status == literal_column("'done'")
"""Written out, not bound: a database can use a partial index only for a condition that it can read."""
_SETTLE = update(inbox).where(inbox.c.update_id == bindparam("update"), _RECEIVED).values(status="done")
_before = inbox.alias("before")
_SETTLE_IN_ORDER = _SETTLE.where(
    ~exists().where(
        _before.c.person == inbox.c.person,
        _before.c.seq < inbox.c.seq,
        _before.c.status == literal_column("'received'"),
    )
)
_STATUS = select(inbox.c.status).where(inbox.c.update_id == bindparam("update"))
_KNOWN = select(inbox.c.update_id, inbox.c.status).where(inbox.c.update_id.in_(bindparam("updates", expanding=True)))
_TRY = update(inbox).where(inbox.c.update_id == bindparam("update")).values(tries=inbox.c.tries + 1)
_TRIES = select(inbox.c.tries).where(inbox.c.update_id == bindparam("update"))
_BURY = update(inbox).where(inbox.c.update_id == bindparam("update")).values(status="dead")
_SHOWN = (
    update(inbox)
    .where(inbox.c.update_id.in_(bindparam("updates", expanding=True)))
    .values(status="shown", payload=None)
)
_SHOWN_ALL = update(inbox).where(inbox.c.person == bindparam("someone"), _DONE).values(status="shown", payload=None)
_WAITING = select(inbox).where(_RECEIVED).order_by(inbox.c.seq)
_UNSHOWN = select(inbox.c.person).where(_DONE).distinct().order_by(inbox.c.person)
_IS_UNSHOWN = (
    select(inbox.c.seq)
    .where(inbox.c.person == bindparam("someone"), inbox.c.status == literal_column("'done'"))
    .limit(1)
)
_SCREEN = select(screens).where(screens.c.person == bindparam("someone"))
_CLEAN = delete(inbox).where(inbox.c.received_at < bindparam("before"), inbox.c.status != "received")


class SqlInbox:
    """Receipts and screens."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._orders_by_lock = connection.dialect.name != "sqlite"

    def receive(self, updates: Iterable[Waiting]) -> list[Waiting]:
        """Insert those that are not there yet; gives those back that wait to be carried out.

        One that was there already and still waits is given back too: its first commit may have succeeded without
        anybody hearing of it.
        """
        arrived = {update.update_id: update for update in updates}
        if not arrived:
            return []
        known = {row.update_id: row.status for row in self._connection.execute(_KNOWN, {"updates": list(arrived)})}
        new = [update for update in arrived.values() if update.update_id not in known]
        insert_or_ignore(
            self._connection,
            inbox,
            [
                {
                    "update_id": update.update_id,
                    "person": update.person,
                    "status": "received",
                    "tries": 0,
                    "payload": update.payload,
                    "received_at": update.received_at,
                }
                for update in new
            ],
            key=["update_id"],
        )
        return [update for update in arrived.values() if known.get(update.update_id, "received") == "received"]

    def settle(self, update_id: UpdateId) -> bool:
        """Received -> done; False if it was settled before.

        Raises:
            EarlierWaiting: An earlier update of this person is still waiting (PostgreSQL, where the lock of a person
                excludes others but does not order them; SQLite's lanes are in one process).
        """
        key = {"update": update_id}
        if not self._orders_by_lock:
            return self._connection.execute(_SETTLE, key).rowcount == 1
        if self._connection.execute(_SETTLE_IN_ORDER, key).rowcount == 1:
            return True
        # Only this person's turns change the row, one after another: if it still waits, an earlier one was in its way.
        if self._connection.execute(_STATUS, key).scalar() == "received":
            raise EarlierWaiting
        return False

    def trying(self, update_id: UpdateId) -> int:
        """Count a try and say which one it is."""
        self._connection.execute(_TRY, {"update": update_id})
        return int(self._connection.execute(_TRIES, {"update": update_id}).scalar_one())

    def bury(self, update_id: UpdateId) -> None:
        """Mark an update dead."""
        self._connection.execute(_BURY, {"update": update_id})

    def shown(self, marks: Iterable[Shown], now: datetime) -> None:
        """Done -> shown, payload erased; the last screen of each person stored."""
        marks = list(marks)
        updates = [mark.update_id for mark in marks if mark.update_id is not None]
        if updates:
            self._connection.execute(_SHOWN, {"updates": updates})
        latest = {mark.screen.person: mark.screen for mark in marks if mark.screen is not None}
        insert_or_update(
            self._connection,
            screens,
            [
                {
                    "person": screen.person,
                    "message_id": screen.message_id,
                    "place": screen.place,
                    "ref": screen.ref,
                    "picture": screen.picture,
                    "updated_at": now,
                }
                for screen in latest.values()
            ],
            key=["person"],
        )

    def waiting(self) -> list[Waiting]:
        """Everything received and not settled, in order of arrival."""
        return [
            Waiting(UpdateId(row.update_id), row.person, row.payload or b"", row.received_at, row.tries)
            for row in self._connection.execute(_WAITING)
        ]

    def unshown(self) -> list[int]:
        """People with something done that did not reach the chat."""
        return list(self._connection.execute(_UNSHOWN).scalars())

    def is_unshown(self, person: int) -> bool:
        """Whether something done of a person did not reach the chat."""
        return self._connection.execute(_IS_UNSHOWN, {"someone": person}).first() is not None

    def settle_unshown(self, person: int) -> None:
        """Everything done of a person is on the screen now."""
        self._connection.execute(_SHOWN_ALL, {"someone": person})

    def screen(self, person: int) -> Place | None:
        """What the person's screen shows."""
        row = self._connection.execute(_SCREEN, {"someone": person}).first()
        return Place(row.person, row.message_id, row.place, row.ref, row.picture) if row is not None else None

    def clean(self, before: datetime) -> int:
        """Delete what was received before and settled; gives the number of rows."""
        return self._connection.execute(_CLEAN, {"before": before}).rowcount
