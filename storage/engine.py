"""Connections: one way to write, many to read.

SQLite has one writer thread, since one connection at a time can write and everything else only waits for its lock:
a pool of twenty writers had eight times the latency of one at the same throughput. PostgreSQL writes in a few threads.
Screens read on connections that cannot write.
"""

import sqlite3
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

POSTGRES_WRITERS = 8
BUSY_TIMEOUT_MS = 30_000
SAFE_SQLITE = (3, 51, 3)
"""From this version on SQLite has no WAL-reset corruption; before it, one process alone may write."""


class UnusableDatabase(Exception):  # noqa: N818 - read as a sentence
    """The database cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Engines:
    """The writer's engine (synchronous, for threads) and the readers' (asynchronous)."""

    url: URL
    writer: Engine
    reader: AsyncEngine

    @property
    def sqlite(self) -> bool:
        """Whether the database is an SQLite file."""
        return is_sqlite(self.url)

    async def dispose(self) -> None:
        """Close every connection."""
        await self.reader.dispose()
        self.writer.dispose()


def parse_url(text: str) -> URL:
    """The address of a database.

    Raises:
        UnusableDatabase: It is neither `sqlite+aiosqlite:///…` nor `postgresql+psycopg://…`.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise UnusableDatabase("DATABASE_URL is not an address of a database") from error
    if url.drivername not in {"sqlite+aiosqlite", "postgresql+psycopg"}:
        raise UnusableDatabase(
            f"DATABASE_URL begins with {url.drivername}; use sqlite+aiosqlite:///FILE or postgresql+psycopg://…"
        )
    if is_sqlite(url) and (not url.database or ":memory:" in url.database or url.database.startswith("file:")):
        raise UnusableDatabase("DATABASE_URL names no file; Chiron keeps its data in a file")
    return url


def is_sqlite(url: URL) -> bool:
    """Whether an address is that of an SQLite file."""
    return url.get_backend_name() == "sqlite"


def writer_engine(url: URL, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Engine:
    """The engine of the writer thread (SQLite) or threads (PostgreSQL)."""
    if is_sqlite(url):
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            url.set(drivername="sqlite+pysqlite"),
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
            hide_parameters=True,  # an error's text may reach the log; what people wrote must not
        )
        event.listen(engine, "connect", partial(_sqlite_writer, busy_timeout_ms))
        event.listen(engine, "begin", _begin_immediate)
        return engine
    engine = create_engine(
        url,
        pool_size=POSTGRES_WRITERS,
        max_overflow=0,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": 5, "options": _POSTGRES_OPTIONS},
    )
    event.listen(engine, "handle_error", _without_values)
    return engine


def reader_engine(url: URL, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> AsyncEngine:
    """The engine that screens read with."""
    if is_sqlite(url):
        engine = create_async_engine(url, pool_size=4, max_overflow=4, hide_parameters=True)
        event.listen(engine.sync_engine, "connect", partial(_sqlite_reader, busy_timeout_ms))
        event.listen(engine.sync_engine, "begin", _begin)
        return engine
    return create_async_engine(
        url,
        pool_size=4,
        max_overflow=4,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": 5, "options": f"{_POSTGRES_OPTIONS} -c default_transaction_read_only=on"},
    )


def open_engines(text: str, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Engines:
    """Engines for an address; nothing is connected yet.

    Args:
        text: The address.
        busy_timeout_ms: How long to wait while another program holds an SQLite file.

    Raises:
        UnusableDatabase: The address cannot be used.
    """
    url = parse_url(text)
    return Engines(
        url,
        writer_engine(url, busy_timeout_ms=busy_timeout_ms),
        reader_engine(url, busy_timeout_ms=busy_timeout_ms),
    )


_POSTGRES_OPTIONS = (
    "-c lock_timeout=10000 -c statement_timeout=30000 -c idle_in_transaction_session_timeout=30000 -c timezone=UTC"
)


def _sqlite_writer(busy_timeout_ms: int, connection: sqlite3.Connection, _record: object) -> None:
    # Python's own transaction handling sends no BEGIN before SELECT or SAVEPOINT: read-modify-writes were lost
    # silently (189 of 200 measured). It is switched off, and `begin` sends BEGIN IMMEDIATE.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={busy_timeout_ms}",
        "secure_delete=ON",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _sqlite_reader(busy_timeout_ms: int, connection: Any, _record: object) -> None:
    # The asynchronous adapter has no isolation_level of its own; the connection behind it does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={busy_timeout_ms}", "query_only=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _without_values(context: ExceptionContext) -> None:
    """PostgreSQL adds the failing row to an error's text; what people wrote must not reach the log."""
    summary = getattr(getattr(context.original_exception, "diag", None), "message_primary", None)
    if summary is not None and context.sqlalchemy_exception is not None:
        context.original_exception.args = (summary,)
        context.sqlalchemy_exception.args = (f"({type(context.original_exception).__name__}) {summary}",)


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
