"""Transactions: all or nothing, durable before anybody is told, and one's failure is one's own."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NoReturn

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError

from core.errors import AlreadySettled, EarlierWaiting, NotFound, StorageUnavailable
from core.ids import UpdateId, UserId
from core.people.model import Person
from core.ports import Actor, Receipt, Waiting, Work
from storage import schema
from storage.engine import Engines, open_engines
from storage.tables import inbox, users
from storage.work import SqlStorage, SqlWork
from tests.builders import next_update_id
from tests.postgres import Postgres, PostgresMissing, wait_for_port
from tests.readback import everything, rows, second_connection

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SOON = 5
"""Seconds that nothing here takes; longer is a hang."""


@pytest.fixture
async def engines(database_url: str) -> AsyncIterator[Engines]:
    """The engines under the storage, so that a test can watch their statements."""
    opened = open_engines(database_url, busy_timeout_ms=200)
    yield opened
    await opened.dispose()


@pytest.fixture
async def storage(engines: Engines) -> AsyncIterator[SqlStorage]:
    """A storage over engines that the test knows."""
    opened = SqlStorage(engines)
    async with asyncio.timeout(60):
        yield opened
    await opened.close()


@pytest.fixture
async def person(storage: SqlStorage) -> Person:
    """Somebody."""
    return await storage.transact(None, lambda work: work.people.add(1001, "it", NOW))


def actor(person: Person, update_id: UpdateId | None = None) -> Actor:
    """A person acting, perhaps in answer to an update."""
    return Actor(person.id, NOW, receipt=Receipt(update_id) if update_id is not None else None)


async def received(storage: SqlStorage, telegram_id: int) -> UpdateId:
    """An update that waits in the inbox."""
    update_id = next_update_id()
    await storage.transact(None, lambda work: work.inbox.receive([Waiting(update_id, telegram_id, b"{}", NOW, 0)]))
    return update_id


def arrives(telegram_id: int) -> Callable[[Work], Person]:
    """An effect that can be seen."""
    return lambda work: work.people.add(telegram_id, "it", NOW)


def sql(work: Work, statement: Any) -> Any:
    """A statement of the test's own on the transaction's connection."""
    assert isinstance(work, SqlWork)
    return work._connection.execute(statement)  # noqa: SLF001 - there is no other way to send a wrong statement


def refuses(work: Work) -> NoReturn:
    """An effect, then a refusal."""
    work.people.add(2002, "it", NOW)
    raise NotFound


def here(database_url: str) -> list[int]:
    """Who is in the database, for everybody to see."""
    return [row["telegram_id"] for row in rows(database_url, select(users).order_by(users.c.telegram_id))]


def statuses(database_url: str) -> dict[int, str]:
    """Where each update stands."""
    return {row["update_id"]: row["status"] for row in rows(database_url, select(inbox))}


class TestAllOrNothing:
    """What `decide` did is committed, or it never was."""

    async def test_the_result_is_given_back(self, storage: SqlStorage, database_url: str) -> None:
        """It is durable by then: another connection sees it."""
        person = await storage.transact(None, arrives(1001))

        assert person.telegram_id == 1001
        assert here(database_url) == [1001]

    async def test_a_refusal_leaves_nothing(self, storage: SqlStorage, person: Person, database_url: str) -> None:
        """And settles no receipt, so that the update can be tried again."""
        update_id = await received(storage, 1001)
        who = actor(person, update_id)
        before = everything(database_url)

        with pytest.raises(NotFound):
            await storage.transact(who, refuses)

        assert everything(database_url) == before
        assert who.receipt is not None
        assert not who.receipt.settled
        assert statuses(database_url) == {update_id: "received"}

    async def test_after_a_refusal_the_next_one_works(self, storage: SqlStorage, database_url: str) -> None:
        """On the same connection."""
        for _ in range(20):
            with pytest.raises(NotFound):
                await storage.transact(None, refuses)
        await storage.transact(None, arrives(1001))

        assert here(database_url) == [1001]

    @pytest.mark.parametrize(
        "failure",
        [ValueError, StopIteration, KeyboardInterrupt, SystemExit, asyncio.CancelledError, GeneratorExit, MemoryError],
    )
    async def test_whatever_is_raised_somebody_is_told(
        self, storage: SqlStorage, database_url: str, failure: type[BaseException]
    ) -> None:
        """No failure leaves a caller waiting for ever, ends the writer, or ends the program."""

        def breaks(work: Work) -> NoReturn:
            work.people.add(2002, "it", NOW)
            raise failure

        async with asyncio.timeout(SOON):
            with pytest.raises(Exception) as told:  # noqa: PT011 - it is looked at below
                await storage.transact(None, breaks)
            await storage.transact(None, arrives(1001))

        assert isinstance(told.value, (failure, RuntimeError))
        assert here(database_url) == [1001]

    async def test_reads_and_writes_of_one_person_never_interleave(self, storage: SqlStorage, person: Person) -> None:
        """Forty increments at once lose none."""

        def increment(work: Work) -> None:
            before = work.people.get(person.id)
            assert before is not None
            work.people.save(replace(before, birth_year=(before.birth_year or 0) + 1), NOW)

        await asyncio.gather(*(storage.transact(actor(person), increment) for _ in range(40)))

        after = await storage.read(lambda work: work.people.get(person.id))
        assert after is not None
        assert after.birth_year == 40


class TestReceipts:
    """The effect and the word that it happened are one commit."""

    async def test_it_is_settled_with_the_effect(self, storage: SqlStorage, person: Person, database_url: str) -> None:
        """Received becomes done."""
        who = actor(person, update_id := await received(storage, 1001))

        await storage.transact(who, arrives(2002))

        assert who.receipt is not None
        assert who.receipt.settled
        assert statuses(database_url) == {update_id: "done"}
        assert here(database_url) == [1001, 2002]

    async def test_a_second_turn_of_the_same_update_changes_nothing(
        self, storage: SqlStorage, person: Person, database_url: str
    ) -> None:
        """It is told that the effect is there already."""
        update_id = await received(storage, 1001)
        await storage.transact(actor(person, update_id), arrives(2002))
        before = everything(database_url)
        ran = []

        with pytest.raises(AlreadySettled):
            await storage.transact(actor(person, update_id), lambda work: ran.append(work.people.add(3003, "it", NOW)))

        assert everything(database_url) == before
        assert ran == []

    async def test_twenty_turns_of_one_update_have_one_effect(
        self, storage: SqlStorage, person: Person, database_url: str
    ) -> None:
        """All at once, as after a redelivery to several processes."""
        update_id = await received(storage, 1001)

        outcomes = await asyncio.gather(
            *(storage.transact(actor(person, update_id), arrives(5_000 + number)) for number in range(20)),
            return_exceptions=True,
        )

        assert sum(isinstance(outcome, AlreadySettled) for outcome in outcomes) == 19
        assert len(here(database_url)) == 2

    async def test_an_update_that_nobody_received_is_settled_by_nobody(
        self, storage: SqlStorage, person: Person, database_url: str
    ) -> None:
        """There is no row to settle."""
        with pytest.raises(AlreadySettled):
            await storage.transact(actor(person, next_update_id()), arrives(2002))

        assert here(database_url) == [1001]

    async def test_later_transactions_of_a_turn_do_not_settle_again(
        self, storage: SqlStorage, person: Person, database_url: str
    ) -> None:
        """The first one did."""
        who = actor(person, await received(storage, 1001))

        await storage.transact(who, arrives(2002))
        await storage.transact(who, arrives(3003))

        assert here(database_url) == [1001, 2002, 3003]

    async def test_a_refusal_first_leaves_the_receipt_to_the_next(
        self, storage: SqlStorage, person: Person, database_url: str
    ) -> None:
        """The second transaction of the turn settles it."""
        who = actor(person, update_id := await received(storage, 1001))
        with pytest.raises(NotFound):
            await storage.transact(who, refuses)

        await storage.transact(who, arrives(3003))

        assert statuses(database_url) == {update_id: "done"}

    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    async def test_an_earlier_update_goes_first(self, storage: SqlStorage, person: Person, database_url: str) -> None:
        """With several processes a lock excludes but does not order: a later update waits for the earlier one."""
        first, second = await received(storage, 1001), await received(storage, 1001)
        others = await received(storage, 9009)

        with pytest.raises(EarlierWaiting):
            await storage.transact(actor(person, second), arrives(2002))
        assert here(database_url) == [1001]
        await storage.transact(actor(person, first), arrives(2002))
        await storage.transact(actor(person, second), arrives(3003))

        assert here(database_url) == [1001, 2002, 3003]
        assert statuses(database_url) == {first: "done", second: "done", others: "received"}

    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    async def test_a_dead_update_holds_nobody_back(self, storage: SqlStorage, person: Person) -> None:
        """Neither does one that needed no effect."""
        first, second, third = [await received(storage, 1001) for _ in range(3)]
        await storage.transact(None, lambda work: work.inbox.bury(first))
        with pytest.raises(EarlierWaiting):
            await storage.transact(actor(person, third), arrives(2002))

        await storage.transact(actor(person, second), arrives(2002))
        await storage.transact(actor(person, third), arrives(3003))


class TestCommit:
    """Nobody is answered before it."""

    async def test_nobody_is_answered_before_the_commit(
        self, storage: SqlStorage, engines: Engines, database_url: str
    ) -> None:
        """While the commit is held back, the caller waits and nobody else sees the effect."""
        reached, go_on = threading.Event(), threading.Event()

        def hold(_connection: object) -> None:
            reached.set()
            go_on.wait(30)

        event.listen(engines.writer, "commit", hold)
        calls = [asyncio.create_task(storage.transact(None, arrives(number))) for number in range(1, 5)]
        await asyncio.to_thread(reached.wait, 30)

        done, _ = await asyncio.wait(calls, timeout=0.2)
        seen = here(database_url)
        go_on.set()
        await asyncio.gather(*calls)

        assert (done, seen) == (set(), [])
        assert here(database_url) == [1, 2, 3, 4]

    async def test_a_failed_commit_is_told(self, storage: SqlStorage, engines: Engines, database_url: str) -> None:
        """Nothing is acknowledged that is not there."""
        failed = []

        def fail(_connection: object) -> None:
            if not failed:
                failed.append(1)
                raise OperationalError("COMMIT", {}, sqlite3_error(sqlite3.SQLITE_FULL))

        event.listen(engines.writer, "commit", fail)

        with pytest.raises(StorageUnavailable):
            await storage.transact(None, arrives(1))
        await storage.transact(None, arrives(2))

        assert here(database_url) == [2]

    async def test_a_cancelled_caller_does_not_half_commit(
        self, storage: SqlStorage, person: Person, database_url: str
    ) -> None:
        """The transaction runs to its end unheard, with its receipt."""
        entered, go_on = threading.Event(), threading.Event()
        who = actor(person, update_id := await received(storage, 1001))

        def slow(work: Work) -> None:
            work.people.add(2002, "it", NOW)
            entered.set()
            go_on.wait(30)
            work.people.add(3003, "it", NOW)

        call = asyncio.create_task(storage.transact(who, slow))
        await asyncio.to_thread(entered.wait, 30)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        during = here(database_url)
        go_on.set()
        await storage.transact(actor(person), arrives(4004))

        assert during == [1001]
        assert here(database_url) == [1001, 2002, 3003, 4004]
        assert statuses(database_url) == {update_id: "done"}
        assert who.receipt is not None
        assert who.receipt.settled

    async def test_a_cancelled_caller_whose_transaction_fails_leaves_nothing(
        self, storage: SqlStorage, database_url: str
    ) -> None:
        """Nobody hears of it, and no warning is left behind."""
        entered, go_on = threading.Event(), threading.Event()

        def slow(work: Work) -> None:
            entered.set()
            go_on.wait(30)
            refuses(work)

        call = asyncio.create_task(storage.transact(None, slow))
        await asyncio.to_thread(entered.wait, 30)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        go_on.set()
        await storage.transact(None, arrives(1001))

        assert here(database_url) == [1001]

    async def test_the_order_of_statements(self, storage: SqlStorage, engines: Engines, person: Person) -> None:
        """The lock, the receipt, the effect: in this order, so that a person's turns cannot overtake each other."""
        who = actor(person, await received(storage, 1001))
        seen: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
            seen.append(" ".join(statement.partition("(")[0].split()[:2]))

        event.listen(engines.writer, "before_cursor_execute", note)
        await storage.transact(who, arrives(2002))

        if engines.sqlite:
            assert seen == [
                "BEGIN IMMEDIATE",
                "SAVEPOINT turn",
                "UPDATE inbox",
                "INSERT INTO",
                "SELECT users.id,",
                "RELEASE turn",
            ]
        else:
            assert seen == ["SELECT pg_advisory_xact_lock", "UPDATE inbox", "INSERT INTO", "SELECT users.id,"]


def sqlite3_error(code: int) -> sqlite3.OperationalError:
    """A failure of the driver with a code."""
    error = sqlite3.OperationalError("made up")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestSharedCommit:
    """Transactions that wait at the same moment share one commit, each in a savepoint of its own."""

    @pytest.fixture
    async def held(self, storage: SqlStorage) -> AsyncIterator[Callable[[], None]]:
        """Hold the writer, so that what is submitted meanwhile waits for it; call to let it go."""
        entered, go_on = threading.Event(), threading.Event()

        def wait(_work: Work) -> None:
            entered.set()
            go_on.wait(30)

        self.holding = asyncio.ensure_future(storage.transact(None, wait))
        await asyncio.to_thread(entered.wait, 30)
        yield go_on.set
        go_on.set()

    async def together(
        self, storage: SqlStorage, release: Callable[[], None], *decides: Callable[[Work], Any]
    ) -> list[Any]:
        """What comes of transactions that wait at the same moment."""
        calls = [asyncio.ensure_future(storage.transact(None, decide)) for decide in decides]
        await asyncio.sleep(0)
        release()
        await self.holding
        async with asyncio.timeout(SOON):
            return await asyncio.gather(*calls, return_exceptions=True)

    async def test_they_share_one(self, storage: SqlStorage, engines: Engines, held: Callable[[], None]) -> None:
        """Thirty-two at most: forty take two, besides the one that held them up."""
        commits: list[int] = []
        event.listen(engines.writer, "commit", lambda _connection: commits.append(1))

        outcomes = await self.together(storage, held, *(arrives(number) for number in range(1, 41)))

        assert [outcome.telegram_id for outcome in outcomes] == list(range(1, 41))
        assert len(commits) == 3

    async def test_each_sees_those_before_it(self, storage: SqlStorage, held: Callable[[], None]) -> None:
        """As if they had run one after another."""
        outcomes = await self.together(
            storage, held, arrives(1), lambda work: work.people.by_telegram(1), lambda work: work.people.by_telegram(2)
        )

        assert outcomes[0] == outcomes[1]
        assert outcomes[2] is None

    @pytest.mark.parametrize(
        ("statement", "failure"),
        [
            (insert(users).values(telegram_id=1, language=None), IntegrityError),
            (insert(users).values(id=1, telegram_id=77, language="it"), IntegrityError),
            (text("SELECT * FROM missing"), OperationalError),
            (text("SELEKT"), OperationalError),
            (text("SELECT :nothing"), DBAPIError),
        ],
        ids=["not-null", "twice", "no-table", "syntax", "no-value"],
    )
    async def test_a_wrong_statement_hurts_its_own_transaction_only(
        self,
        storage: SqlStorage,
        held: Callable[[], None],
        database_url: str,
        statement: Any,
        failure: type[Exception],
    ) -> None:
        """It is a bug and told as one, not as a database that is away; the others are committed."""

        def wrong(work: Work) -> None:
            work.people.add(2002, "it", NOW)
            sql(work, statement)

        outcomes = await self.together(storage, held, arrives(1), wrong, arrives(3))

        assert not isinstance(outcomes[1], StorageUnavailable)
        assert isinstance(outcomes[1], (failure, ProgrammingError)) or "bind" in str(outcomes[1])
        assert [outcomes[0].telegram_id, outcomes[2].telegram_id] == [1, 3]
        assert here(database_url) == [1, 3]

    @pytest.mark.parametrize("failure", [NotFound, ValueError, KeyboardInterrupt, SystemExit, StopIteration])
    async def test_a_failure_hurts_its_own_transaction_only(
        self, storage: SqlStorage, held: Callable[[], None], database_url: str, failure: type[BaseException]
    ) -> None:
        """Whatever it is."""

        def breaks(work: Work) -> NoReturn:
            work.people.add(2002, "it", NOW)
            raise failure

        outcomes = await self.together(storage, held, arrives(1), breaks, arrives(3))

        assert isinstance(outcomes[1], (failure, RuntimeError))
        assert here(database_url) == [1, 3]

    async def test_a_full_disk_hurts_all_and_is_told_to_all(
        self, storage: SqlStorage, engines: Engines, held: Callable[[], None], database_url: str
    ) -> None:
        """SQLite rolls everything back then; when there is room again, it goes on."""

        def pages(limit: int) -> None:
            with engines.writer.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA max_page_count={limit}")

        def fill(work: Work) -> None:
            work.inbox.receive([Waiting(next_update_id(), 1, b"x" * 400_000, NOW, 0)])

        held()
        await self.holding
        await asyncio.to_thread(pages, 1)
        with pytest.raises(StorageUnavailable):
            await storage.transact(None, fill)
        outcomes = await asyncio.gather(
            storage.transact(None, fill), storage.transact(None, fill), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [StorageUnavailable] * 2
        assert rows(database_url, select(inbox)) == []

        await asyncio.to_thread(pages, 1_000_000)
        await storage.transact(None, fill)

        assert len(rows(database_url, select(inbox))) == 1


class TestReading:
    """Screens read on connections that cannot write."""

    async def test_a_reader_cannot_write(self, storage: SqlStorage, database_url: str) -> None:
        """It is a bug and told as one: the database is not away."""
        with pytest.raises(DBAPIError):
            await storage.read(arrives(2002))

        assert here(database_url) == []

    async def test_a_wrong_query_is_a_bug(self, storage: SqlStorage) -> None:
        """Not a database that is away: nobody should wait for it to come back."""
        with pytest.raises(DBAPIError):
            await storage.read(lambda work: sql(work, text("SELECT * FROM missing")))

        assert await storage.read(lambda work: work.people.by_telegram(1)) is None

    async def test_readers_do_not_wait_for_the_writer(self, storage: SqlStorage) -> None:
        """They see what was committed before."""
        await storage.transact(None, arrives(1001))
        entered, go_on = threading.Event(), threading.Event()

        def slow(work: Work) -> None:
            work.people.add(2002, "it", NOW)
            entered.set()
            go_on.wait(30)

        call = asyncio.create_task(storage.transact(None, slow))
        await asyncio.to_thread(entered.wait, 30)
        async with asyncio.timeout(SOON):
            seen = [await storage.read(lambda work, n=n: work.people.by_telegram(n)) for n in (1001, 2002)]  # type: ignore[misc]
        go_on.set()
        await call

        assert [person is not None for person in seen] == [True, False]

    async def test_forty_reads_at_once(self, storage: SqlStorage, person: Person) -> None:
        """More than there are connections."""
        found = await asyncio.gather(*(storage.read(lambda work: work.people.get(person.id)) for _ in range(40)))

        assert found == [person] * 40


class TestClosing:
    """What was submitted is finished; what comes later is told."""

    async def test_what_was_submitted_is_finished(self, engines: Engines, database_url: str) -> None:
        """Every caller hears of it."""
        storage = SqlStorage(engines)
        calls = [asyncio.ensure_future(storage.transact(None, arrives(number))) for number in range(1, 51)]
        await asyncio.sleep(0)

        async with asyncio.timeout(30):
            await storage.close()
            await asyncio.gather(*calls)

        assert here(database_url) == list(range(1, 51))

    async def test_what_comes_later_is_told(self, engines: Engines, database_url: str) -> None:
        """It does not wait for ever."""
        storage = SqlStorage(engines)
        await storage.close()

        async with asyncio.timeout(SOON):
            with pytest.raises(StorageUnavailable):
                await storage.transact(None, arrives(1))

        assert here(database_url) == []

    async def test_nobody_waits_for_ever_at_the_door(self, engines: Engines, database_url: str) -> None:
        """Submitted by many threads while it closes: each is done or refused, and what is done is there."""
        storage = SqlStorage(engines)
        loop = asyncio.get_running_loop()
        calls: list[Future[Person]] = []

        def submit(start: int) -> None:
            calls.extend(
                asyncio.run_coroutine_threadsafe(storage.transact(None, arrives(number)), loop)
                for number in range(start, start + 20)
            )

        async with asyncio.timeout(60):
            await asyncio.gather(*(asyncio.to_thread(submit, 100 * n) for n in range(1, 5)), storage.close())
            outcomes = await asyncio.gather(*map(asyncio.wrap_future, calls), return_exceptions=True)

        done = [outcome.telegram_id for outcome in outcomes if isinstance(outcome, Person)]
        assert all(isinstance(outcome, (Person, StorageUnavailable)) for outcome in outcomes)
        assert here(database_url) == sorted(done)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestFileAway:
    """An SQLite file that cannot be written."""

    async def test_another_program_s_lock_is_waited_for_and_then_told(
        self, storage: SqlStorage, database_url: str
    ) -> None:
        """Not beyond the busy timeout; afterwards it goes on."""
        with second_connection(database_url) as intruder:
            intruder.exec_driver_sql("BEGIN IMMEDIATE")
            async with asyncio.timeout(SOON):
                with pytest.raises(StorageUnavailable):
                    await storage.transact(None, arrives(1))
                assert await storage.read(lambda work: work.people.by_telegram(1)) is None

        await storage.transact(None, arrives(2))
        assert here(database_url) == [2]

    async def test_everybody_who_waits_is_told(self, storage: SqlStorage, database_url: str) -> None:
        """Those in the same commit, and those behind it."""
        with second_connection(database_url) as intruder:
            intruder.exec_driver_sql("BEGIN IMMEDIATE")
            async with asyncio.timeout(SOON):
                outcomes = await asyncio.gather(
                    *(storage.transact(None, arrives(number)) for number in range(1, 51)), return_exceptions=True
                )

        assert {type(outcome) for outcome in outcomes} == {StorageUnavailable}
        assert here(database_url) == []


class TestServerAway:
    """PostgreSQL stopped and started again."""

    @pytest.fixture
    def server(self) -> Iterator[Postgres]:
        """A server of the test's own."""
        try:
            server = Postgres()
        except PostgresMissing as reason:
            pytest.skip(str(reason))
        server.start()
        yield server
        server.stop()

    async def test_an_outage_is_told_and_ends(self, server: Postgres) -> None:
        """Callers hear that the database is away; once it is back, all works and nothing acknowledged is missing."""
        url = server.create("chiron")
        await asyncio.to_thread(schema.upgrade, url)
        storage = SqlStorage(open_engines(url))
        acknowledged = []
        try:
            for number in range(1, 9):
                await storage.transact(None, arrives(number))
                acknowledged.append(number)
            await storage.read(lambda work: work.people.by_telegram(1))
            await asyncio.to_thread(server.kill)
            async with asyncio.timeout(30):
                outcomes = await asyncio.gather(
                    *(storage.transact(None, arrives(100 + number)) for number in range(20)),
                    *(storage.transact(Actor(UserId(1), NOW), arrives(200 + number)) for number in range(5)),
                    *(storage.read(lambda work: work.people.by_telegram(1)) for _ in range(5)),
                    return_exceptions=True,
                )
            assert {type(outcome) for outcome in outcomes} == {StorageUnavailable}

            await asyncio.to_thread(server.revive)
            wait_for_port(server.port)
            async with asyncio.timeout(30):
                while True:
                    try:
                        await storage.transact(None, arrives(300))
                        found = await storage.read(lambda work: work.people.by_telegram(8))
                        break
                    except StorageUnavailable:
                        await asyncio.sleep(0.05)
        finally:
            await storage.close()

        assert found is not None
        assert here(url) == [*acknowledged, 300]

    async def test_a_person_s_lock_does_not_hold_for_ever(self, postgres_url: str) -> None:
        """A turn that hangs elsewhere makes the next one wait its time and then say so."""
        engines = open_engines(postgres_url)
        event.listen(
            engines.writer, "connect", lambda raw, _record: raw.execute("SET lock_timeout = '200ms'") and raw.commit()
        )
        storage = SqlStorage(engines)
        try:
            with second_connection(postgres_url) as elsewhere:
                elsewhere.execute(text("SELECT pg_advisory_xact_lock(7)"))
                async with asyncio.timeout(SOON):
                    with pytest.raises(StorageUnavailable):
                        await storage.transact(Actor(UserId(7), NOW), arrives(1))
                    await storage.transact(Actor(UserId(8), NOW), arrives(2))
            await storage.transact(Actor(UserId(7), NOW), arrives(3))
        finally:
            await storage.close()

        assert here(postgres_url) == [2, 3]

    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    async def test_a_statement_that_takes_too_long_is_a_bug(self, storage: SqlStorage, database_url: str) -> None:
        """It would take too long for ever: it is told as itself and counted, in a write and in a read."""

        def dawdle(work: Work) -> None:
            sql(work, text("SET LOCAL statement_timeout = '50ms'"))
            sql(work, text("SELECT pg_sleep(30)"))

        async with asyncio.timeout(SOON):
            for call in (storage.transact(None, dawdle), storage.read(dawdle)):
                with pytest.raises(OperationalError, match="statement timeout"):
                    await call
            await storage.transact(None, arrives(1))

        assert here(database_url) == [1]


async def test_only_one_process_is_alone(postgres_url: str) -> None:
    """The first one is; a second hears that it is not; after the first has ended another one is."""
    first, second = SqlStorage(open_engines(postgres_url)), SqlStorage(open_engines(postgres_url))
    alone = [await first.is_alone(), await second.is_alone()]
    await first.close()
    await second.close()
    third = SqlStorage(open_engines(postgres_url))
    alone.append(await third.is_alone())
    await third.close()

    assert alone == [True, False, True]
