"""The life of an update: received, done, shown; or dead."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import select

from core.ids import UpdateId
from core.ports import Place, Shown, Waiting, Work
from storage.tables import inbox, screens
from storage.work import SqlStorage
from tests.readback import rows

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

T = TypeVar("T")


def update(number: int, person: int = 1, *, at: datetime = NOW, payload: bytes | None = None) -> Waiting:
    """An update that came in."""
    return Waiting(UpdateId(number), person, payload or f"update {number}".encode(), at, 0)


async def do(storage: SqlStorage, work: Callable[[Work], T]) -> T:
    """A transaction that answers no update."""
    return await storage.transact(None, work)


async def receive(storage: SqlStorage, *updates: Waiting) -> list[int]:
    """Store updates; gives the numbers of the new ones."""
    return [one.update_id for one in await do(storage, lambda work: work.inbox.receive(updates))]


async def settle(storage: SqlStorage, *numbers: int) -> list[bool]:
    """Settle updates one after another."""
    return await do(storage, lambda work: [work.inbox.settle(UpdateId(number)) for number in numbers])


async def shown(storage: SqlStorage, *marks: Shown, now: datetime = NOW) -> None:
    """Mark what reached the chat."""
    await do(storage, lambda work: work.inbox.shown(marks, now))


async def waiting(storage: SqlStorage) -> list[Waiting]:
    """What waits."""
    return await storage.read(lambda work: work.inbox.waiting())


def status(database_url: str) -> dict[int, tuple[str, bool]]:
    """Where each update stands, and whether its payload is kept."""
    return {row["update_id"]: (row["status"], row["payload"] is not None) for row in rows(database_url, select(inbox))}


class TestReceiving:
    """Insert-or-ignore by row."""

    async def test_a_batch_is_stored_in_its_order(self, storage: SqlStorage) -> None:
        """Not in the order of its numbers."""
        new = await receive(storage, update(7), update(5, 2), update(6))

        assert new == [7, 5, 6]
        assert await waiting(storage) == [update(7), update(5, 2), update(6)]

    async def test_an_empty_batch_is_nothing(self, storage: SqlStorage) -> None:
        """No statement is needed."""
        assert await receive(storage) == []

    async def test_twice_in_a_batch_is_once(self, storage: SqlStorage) -> None:
        """A redelivery in the same answer."""
        assert await receive(storage, update(5), update(6), update(5)) == [5, 6]
        assert [one.update_id for one in await waiting(storage)] == [5, 6]

    @pytest.mark.parametrize("end", ["received", "done", "shown", "dead"])
    async def test_twice_over_batches_is_once(self, storage: SqlStorage, end: str) -> None:
        """Whatever became of the first; one that still waits is given back, and lower numbers are new all the same."""
        await receive(storage, update(50))
        if end in {"done", "shown"}:
            await settle(storage, 50)
        if end == "shown":
            await shown(storage, Shown(UpdateId(50)))
        if end == "dead":
            await do(storage, lambda work: work.inbox.bury(UpdateId(50)))

        again = await receive(storage, update(50, payload=b"other"), update(3))

        assert again == ([50, 3] if end == "received" else [3])
        assert [(one.update_id, one.payload) for one in await waiting(storage) if one.update_id == 50] == (
            [(50, b"update 50")] if end == "received" else []
        )

    async def test_the_same_batch_at_once_is_stored_once(self, storage: SqlStorage, database_url: str) -> None:
        """As from two endpoints."""
        await asyncio.gather(*(receive(storage, *(update(number) for number in range(1, 21))) for _ in range(6)))

        assert len(rows(database_url, select(inbox))) == 20

    async def test_large_numbers_and_strange_payloads(self, storage: SqlStorage) -> None:
        """Anything that Telegram may send."""
        odd = [update(2**63 - 1, 2**52), update(1, payload=bytes(range(256)))]

        await receive(storage, *odd)

        assert await waiting(storage) == odd


class TestSettling:
    """Received becomes done, once."""

    async def test_once(self, storage: SqlStorage, database_url: str) -> None:
        """The second time says no; its payload is kept until it is shown."""
        await receive(storage, update(1), update(2))

        assert await settle(storage, 1) == [True]
        assert await settle(storage, 1) == [False]
        assert await settle(storage, 99) == [False]
        assert status(database_url) == {1: ("done", True), 2: ("received", True)}
        assert [one.update_id for one in await waiting(storage)] == [2]

    async def test_what_is_shown_or_dead_stays_so(self, storage: SqlStorage, database_url: str) -> None:
        """It is not done again."""
        await receive(storage, update(1), update(2))
        await settle(storage, 1)
        await shown(storage, Shown(UpdateId(1)))
        await do(storage, lambda work: work.inbox.bury(UpdateId(2)))

        assert await settle(storage, 1, 2) == [False, False]
        assert status(database_url) == {1: ("shown", False), 2: ("dead", True)}

    async def test_tries_are_counted(self, storage: SqlStorage) -> None:
        """Each one by itself, and kept over a restart."""
        await receive(storage, update(1), update(2))

        counted = [await do(storage, lambda work: work.inbox.trying(UpdateId(1))) for _ in range(3)]

        assert counted == [1, 2, 3]
        assert {one.update_id: one.tries for one in await waiting(storage)} == {1: 3, 2: 0}


class TestShowing:
    """Done becomes shown, and what somebody wrote is erased."""

    async def test_the_payload_is_erased(self, storage: SqlStorage, database_url: str) -> None:
        """Only of what was shown."""
        await receive(storage, update(1), update(2), update(3))
        await settle(storage, 1)
        await settle(storage, 2)

        await shown(storage, Shown(UpdateId(1)))

        assert status(database_url) == {1: ("shown", False), 2: ("done", True), 3: ("received", True)}

    async def test_who_is_to_be_shown_something(self, storage: SqlStorage, database_url: str) -> None:
        """Everybody with something done; all of a person's is settled by one screen, and nobody else's."""
        await receive(storage, update(1, 8), update(2, 7), update(3, 8), update(4, 9), update(5, 6))
        for number in (1, 2, 3, 5):
            await settle(storage, number)
        await shown(storage, Shown(UpdateId(5)))
        before = await storage.read(lambda work: work.inbox.unshown())

        await do(storage, lambda work: work.inbox.settle_unshown(8))

        assert before == [7, 8]
        assert await storage.read(lambda work: work.inbox.unshown()) == [7]
        assert status(database_url) == {
            1: ("shown", False),
            2: ("done", True),
            3: ("shown", False),
            4: ("received", True),
            5: ("shown", False),
        }

    async def test_the_last_screen_of_a_batch_stays(self, storage: SqlStorage, database_url: str) -> None:
        """One row a person; a mark without a screen leaves it as it was."""
        await shown(storage, Shown(None, Place(1, 10, "quiz", "a")), Shown(None, Place(2, 11, "home", "")))
        await shown(
            storage,
            Shown(None, Place(1, 12, "home", "")),
            Shown(UpdateId(5)),
            Shown(None, Place(1, 13, "quiz", "b", picture=True)),
            now=NOW + timedelta(minutes=1),
        )

        found = rows(database_url, select(screens).order_by(screens.c.person))
        assert [(row["person"], row["message_id"], row["place"], row["ref"], row["picture"]) for row in found] == [
            (1, 13, "quiz", "b", True),
            (2, 11, "home", "", False),
        ]
        assert [await storage.read(lambda work, n=n: work.inbox.screen(n)) for n in (1, 2, 3)] == [  # type: ignore[misc]
            Place(1, 13, "quiz", "b", picture=True),
            Place(2, 11, "home", ""),
            None,
        ]

    async def test_nothing_to_mark_is_nothing(self, storage: SqlStorage) -> None:
        """An empty batch."""
        await shown(storage)


class TestCleaning:
    """After 48 hours."""

    async def test_what_is_over_is_forgotten(self, storage: SqlStorage, database_url: str) -> None:
        """What waits is kept however old it is; the moment itself is not yet before."""
        old, edge = NOW - timedelta(days=3), NOW - timedelta(hours=48)
        aged = [update(1, at=old), update(2, at=old), update(3, 3, at=old), update(4, 4, at=old)]
        await receive(storage, *aged, update(5, at=edge), update(6))
        for number in (1, 2, 5, 6):
            await settle(storage, number)
        await shown(storage, Shown(UpdateId(2)))
        await do(storage, lambda work: work.inbox.bury(UpdateId(3)))

        cleaned = await do(storage, lambda work: work.inbox.clean(edge))

        assert cleaned == 3
        assert sorted(status(database_url)) == [4, 5, 6]
        assert [one.update_id for one in await waiting(storage)] == [4]
