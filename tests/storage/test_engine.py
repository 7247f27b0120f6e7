"""Addresses and connections."""

import traceback
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from storage.engine import Engines, UnusableDatabase, open_engines, parse_url
from storage.tables import users


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "not an address"),
        ("chiron.db", "not an address"),
        ("sqlite:///chiron.db", "begins with sqlite; use"),
        ("postgresql://somebody:secret@host/chiron", "begins with postgresql; use"),
        ("postgresql+asyncpg://host/chiron", "use sqlite"),
        ("mysql://host/chiron", "begins with mysql"),
        ("sqlite+aiosqlite://", "names no file"),
        ("sqlite+aiosqlite:///:memory:", "names no file"),
        ("sqlite+aiosqlite:///file:x.db?uri=true", "names no file"),
        ("postgresql+psycopg://somebody:secret@host:many/chiron", "not an address"),
    ],
)
def test_a_wrong_address_is_one_sentence(address: str, why: str) -> None:
    """It says what to write instead, and never the password."""
    with pytest.raises(UnusableDatabase, match=why) as refusal:
        parse_url(address)

    assert "secret" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "address",
    ["sqlite+aiosqlite:////tmp/x.db", "postgresql+psycopg://somebody:secret@host:5433/chiron?sslmode=require"],
)
def test_a_right_address_is_taken(address: str) -> None:
    """As it is."""
    assert parse_url(address).render_as_string(hide_password=False) == address


def pragmas(engines: Engines) -> dict[str, object]:
    """How the writer's connection is set."""
    names = ("busy_timeout", "secure_delete", "journal_mode", "synchronous", "foreign_keys", "query_only")
    with engines.writer.connect() as connection:
        return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}


async def test_how_sqlite_writes(sqlite_url: str) -> None:
    """Each of these was measured or lost data without: see the notes on storage."""
    engines = open_engines(sqlite_url, busy_timeout_ms=1_234)

    found = pragmas(engines)
    await engines.dispose()

    assert found == {
        "busy_timeout": 1_234,
        "secure_delete": 1,
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "query_only": 0,
    }


async def test_the_default_wait_is_half_a_minute(sqlite_url: str) -> None:
    """For another program that holds the file."""
    engines = open_engines(sqlite_url)

    found = pragmas(engines)
    await engines.dispose()

    assert found["busy_timeout"] == 30_000


async def test_a_writer_takes_its_lock_before_it_reads(sqlite_url: str) -> None:
    """What is read inside a transaction is still so when it writes: a second writer cannot begin."""
    first, second = open_engines(sqlite_url, busy_timeout_ms=1), open_engines(sqlite_url, busy_timeout_ms=1)

    with first.writer.begin(), pytest.raises(DBAPIError, match="locked"), second.writer.begin():
        pass

    await first.dispose()
    await second.dispose()


async def test_readers_cannot_write(database_url: str) -> None:
    """On either database, not even past the repositories."""
    engines = open_engines(database_url)

    async with engines.reader.connect() as connection:
        with pytest.raises(DBAPIError, match=r"read-?only"):
            await connection.execute(users.delete())
    await engines.dispose()


async def test_postgresql_waits_neither_for_locks_nor_for_statements_for_ever(postgres_url: str) -> None:
    """And its times are UTC."""
    engines = open_engines(postgres_url)
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "TimeZone")

    with engines.writer.connect() as connection:
        found = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names]
        isolation = connection.exec_driver_sql("SHOW transaction_isolation").scalar()
    await engines.dispose()

    assert found == ["10s", "30s", "30s", "UTC"]
    assert isolation == "read committed"


async def test_an_error_never_tells_what_somebody_wrote(database_url: str) -> None:
    """Its text may reach the log."""
    engines = open_engines(database_url)
    written = "confession" * 2  # made here, so that the traceback's line of this test does not hold it

    with engines.writer.connect() as connection, pytest.raises(DBAPIError) as failure:
        connection.execute(users.insert(), {"telegram_id": 1, "settings": {"a": written}, "zone": None})
    await engines.dispose()

    told = "".join(traceback.format_exception(failure.value))
    assert written not in told
    assert "null" in told.lower()


async def test_the_folder_of_a_new_file_is_made(tmp_path: Path) -> None:
    """The data folder of a first start is not there yet."""
    file = tmp_path / "deep" / "down" / "chiron.db"
    engines = open_engines(f"sqlite+aiosqlite:///{file}")

    with engines.writer.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
    await engines.dispose()

    assert file.exists()


async def test_a_file_is_closed_when_it_is_disposed(sqlite_url: str) -> None:
    """Nothing is left beside it: its log was folded in."""
    engines = open_engines(sqlite_url)
    with engines.writer.begin() as connection:
        connection.execute(users.delete())
    async with engines.reader.connect() as reading:
        await reading.execute(users.select())
    await engines.dispose()

    file = Path(parse_url(sqlite_url).database or "")
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    create_engine(f"sqlite:///{file}").dispose()
