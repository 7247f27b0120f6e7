"""Transactions: `transact` for what changes, `read` for screens.

SQLite: one writer thread, one hop per transaction. Transactions that wait at the same moment share one commit, each in
a savepoint of its own, and nobody is answered before that commit: the price of the disk is paid once for all of them.
PostgreSQL: a few threads, one transaction each, one person's transactions one after another by an advisory lock.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool

from core.errors import AlreadySettled, StorageUnavailable
from core.ports import Actor, Work
from storage.engine import POSTGRES_WRITERS, Engines
from storage.repositories.calls import SqlCalls
from storage.repositories.conversations import SqlConversations
from storage.repositories.exams import FormatCache, SqlExams
from storage.repositories.inbox import SqlInbox
from storage.repositories.people import SqlPeople
from storage.repositories.questions import SqlQuestions, VersionCache
from storage.repositories.quizzes import SqlQuizzes
from storage.repositories.sessions import SqlSessions
from storage.repositories.sittings import SqlSittings
from storage.repositories.twins import SqlTwins

T = TypeVar("T")

SHARED_COMMIT = 32
"""Transactions in one SQLite commit at most."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What never changes once it is stored, and is therefore kept in memory."""

    versions: VersionCache = field(default_factory=VersionCache)
    formats: FormatCache = field(default_factory=FormatCache)


class SqlWork:
    """The repositories over one connection."""

    def __init__(self, connection: Connection, kept: Kept) -> None:
        self._connection = connection
        self._kept = kept

    @cached_property
    def people(self) -> SqlPeople:
        """The `users` table."""
        return SqlPeople(self._connection)

    @cached_property
    def sessions(self) -> SqlSessions:
        """The `sessions` table."""
        return SqlSessions(self._connection)

    @cached_property
    def quizzes(self) -> SqlQuizzes:
        """The `quiz_sessions` and `attempts` tables."""
        return SqlQuizzes(self._connection)

    @cached_property
    def twins(self) -> SqlTwins:
        """The `twins` table."""
        return SqlTwins(self._connection)

    @cached_property
    def questions(self) -> SqlQuestions:
        """Topics, decks, questions and versions."""
        return SqlQuestions(self._connection, self._kept.versions)

    @cached_property
    def exams(self) -> SqlExams:
        """The `exams` table."""
        return SqlExams(self._connection, self._kept.formats)

    @cached_property
    def sittings(self) -> SqlSittings:
        """The `exam_sessions`, `exam_sections` and `exam_items` tables."""
        return SqlSittings(self._connection, self._kept.formats)

    @cached_property
    def conversations(self) -> SqlConversations:
        """The `ai_mentor_sessions` and `ai_mentor_chats` tables."""
        return SqlConversations(self._connection)

    @cached_property
    def calls(self) -> SqlCalls:
        """The `model_calls` and `spending` tables."""
        return SqlCalls(self._connection)

    @cached_property
    def inbox(self) -> SqlInbox:
        """The `inbox` and `screens` tables."""
        return SqlInbox(self._connection)


class SqlStorage:
    """The `Storage` of the core over SQLite or PostgreSQL."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._kept = Kept()
        self._writer: _SqliteWriter | _PostgresWriter = (
            _SqliteWriter(engines, self._kept) if engines.sqlite else _PostgresWriter(engines, self._kept)
        )

    async def transact(self, actor: Actor | None, decide: Callable[[Work], T]) -> T:
        """Run `decide` in one transaction; see `core.ports.Storage`."""
        outcome = asyncio.wrap_future(self._writer.submit(actor, decide))
        outcome.add_done_callback(_heard)
        # A cancelled caller must not cancel the transaction: it may be committing. It runs to its end, unheard.
        result: T = await asyncio.shield(outcome)
        return result

    async def read(self, query: Callable[[Work], T]) -> T:
        """Run a query on a connection that cannot write."""
        try:
            async with self._engines.reader.connect() as connection:
                return await connection.run_sync(lambda sync: query(SqlWork(sync, self._kept)))
        except _UNREACHABLE as error:
            if is_fault_of_statement(error) or _is_readonly(error):
                raise
            raise StorageUnavailable from error

    async def is_alone(self) -> bool:
        """Whether no other process serves from this database; from now on others are told so.

        An SQLite file has a lock beside it. On PostgreSQL a connection of its own holds one for as long as it lives.
        """
        return await asyncio.to_thread(self._writer.claim)

    async def close(self) -> None:
        """Finish what was submitted and close every connection."""
        await asyncio.to_thread(self._writer.close)
        await self._engines.dispose()


_UNREACHABLE = (OperationalError, InterfaceError, DisconnectionError, PoolTimeout)
_QUERY_CANCELED = "57014"


def is_fault_of_statement(error: BaseException) -> bool:
    """Whether the database complains of the statement, not of the file, the disk or the connection.

    Both come as OperationalError: SQLite's word for a table that is not there (PostgreSQL names that ProgrammingError),
    and PostgreSQL's for a statement that took too long, as it will the next time. A lock that somebody holds is no
    fault of the statement.
    """
    origin = error.orig if isinstance(error, DBAPIError) else None
    if getattr(origin, "sqlstate", None) == _QUERY_CANCELED:
        return True
    code = getattr(origin, "sqlite_errorcode", None)
    return isinstance(origin, sqlite3.Error) and (code is None or code & 0xFF == sqlite3.SQLITE_ERROR)


def _is_readonly(error: BaseException) -> bool:
    """Whether a reader tried to write."""
    origin = error.orig if isinstance(error, DBAPIError) else None
    return getattr(origin, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY


def _told(failure: BaseException) -> Exception:
    """What the one who asked is told; what would end their loop or their generator, as a plain failure."""
    if isinstance(failure, Exception) and not isinstance(failure, StopIteration):
        return failure
    told = RuntimeError(f"a transaction raised {type(failure).__name__}")
    told.__cause__ = failure
    return told


def _unavailable(error: BaseException) -> StorageUnavailable:
    told = StorageUnavailable()
    told.__cause__ = error
    return told


_Job = tuple[Actor | None, Callable[[Work], Any], "Future[Any]"]


class _SqliteWriter:
    """One thread that owns the only connection that writes."""

    def __init__(self, engines: Engines, kept: Kept) -> None:
        self._engine = engines.writer
        self._kept = kept
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._door = threading.Lock()  # nothing is put behind the word to stop, where nobody would find it
        self._thread = threading.Thread(target=self._run, name="chiron-writer", daemon=True)
        self._thread.start()

    def submit(self, actor: Actor | None, decide: Callable[[Work], T]) -> "Future[T]":
        future: Future[T] = Future()
        with self._door:
            if self._closed:
                future.set_exception(StorageUnavailable())
            else:
                self._jobs.put((actor, decide, future))
        return future

    def claim(self) -> bool:
        return True

    def close(self) -> None:
        with self._door:
            self._closed = True
            self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            batch = [job]
            last = False
            while len(batch) < SHARED_COMMIT:
                try:
                    following = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    last = True
                    break
                batch.append(following)
            self._commit(batch)
            if last:
                return

    def _commit(self, batch: list[_Job]) -> None:
        """Run a batch in one transaction; the failure of one rolls back its own savepoint alone."""
        outcomes: list[tuple[_Job, Any, BaseException | None]] = []
        try:
            with self._engine.connect() as connection, connection.begin():
                work = SqlWork(connection, self._kept)
                outcomes.extend((job, *self._attempt(connection, work, job)) for job in batch)
        except BaseException as error:  # noqa: BLE001 - the commit failed: everybody in it is told, the thread lives on
            away = isinstance(error, _UNREACHABLE) and not is_fault_of_statement(error)
            for _, _, future in batch:
                future.set_exception(_unavailable(error) if away else _told(error))
            return
        for (actor, _, future), result, failure in outcomes:
            if failure is not None:
                future.set_exception(failure)
                continue
            if actor is not None and actor.receipt is not None:
                actor.receipt.settled = True
            future.set_result(result)

    def _attempt(self, connection: Connection, work: SqlWork, job: _Job) -> tuple[Any, BaseException | None]:
        actor, decide, _ = job
        connection.exec_driver_sql("SAVEPOINT turn")
        try:
            _settle(work, actor)
            result = decide(work)
        except BaseException as failure:
            if isinstance(failure, _UNREACHABLE) and not is_fault_of_statement(failure):
                raise  # the disk is full or the file is gone: SQLite may have rolled back everything
            connection.exec_driver_sql("ROLLBACK TO turn")
            connection.exec_driver_sql("RELEASE turn")
            return None, _told(failure)
        connection.exec_driver_sql("RELEASE turn")
        return result, None


class _PostgresWriter:
    """A few threads, a transaction each."""

    def __init__(self, engines: Engines, kept: Kept) -> None:
        self._engine = engines.writer
        self._kept = kept
        self._threads = ThreadPoolExecutor(POSTGRES_WRITERS, thread_name_prefix="chiron-writer")
        self._hold: Connection | None = None

    def submit(self, actor: Actor | None, decide: Callable[[Work], T]) -> "Future[T]":
        try:
            return self._threads.submit(self._commit, actor, decide)
        except RuntimeError:
            future: Future[T] = Future()
            future.set_exception(StorageUnavailable())
            return future

    def claim(self) -> bool:
        holder = create_engine(self._engine.url, poolclass=NullPool, hide_parameters=True)
        try:
            self._hold = holder.connect()
            held = self._hold.execute(_CLAIM).scalar()
            self._hold.commit()
        except OperationalError:
            return False  # it is away: nobody can tell
        return bool(held)

    def close(self) -> None:
        self._threads.shutdown(wait=True)
        if self._hold is not None:
            self._hold.close()

    def _commit(self, actor: Actor | None, decide: Callable[[Work], T]) -> T:
        try:
            with self._engine.begin() as connection:
                if actor is not None:
                    connection.execute(_LOCK_PERSON, {"person": actor.id})
                work = SqlWork(connection, self._kept)
                _settle(work, actor)
                result = decide(work)
        except DBAPIError as error:
            away = error.connection_invalidated or isinstance(error, (OperationalError, InterfaceError))
            if away and not is_fault_of_statement(error):
                raise StorageUnavailable from error
            raise
        except _UNREACHABLE as error:
            raise StorageUnavailable from error
        except BaseException as error:
            told = _told(error)
            if told is error:
                raise
            raise told from error
        if actor is not None and actor.receipt is not None:
            actor.receipt.settled = True
        return result


_CLAIM = text("SELECT pg_try_advisory_lock(1128812878, 1)")  # "CHRN", the program; people's locks have one number
_LOCK_PERSON = text("SELECT pg_advisory_xact_lock(:person)")


def _heard(outcome: "asyncio.Future[Any]") -> None:
    """Look at a failure that a cancelled caller does not look at any more, or asyncio complains of it."""
    if not outcome.cancelled():
        outcome.exception()


def _settle(work: SqlWork, actor: Actor | None) -> None:
    if actor is None or actor.receipt is None or actor.receipt.settled:
        return
    if not work.inbox.settle(actor.receipt.update_id):
        raise AlreadySettled
