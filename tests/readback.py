"""A second look at the database, past the storage: what is really in it, committed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Executable, create_engine, event, select
from sqlalchemy.pool import NullPool

from storage.engine import is_sqlite, parse_url
from storage.tables import metadata

Rows = list[dict[str, Any]]


@contextmanager
def second_connection(database_url: str) -> Iterator[Connection]:
    """A connection of the test's own; what it writes is committed at the end."""
    url: URL = parse_url(database_url)
    if is_sqlite(url):
        url = url.set(drivername="sqlite+pysqlite")
    engine = create_engine(url, poolclass=NullPool)
    if is_sqlite(url):
        event.listen(engine, "connect", lambda raw, _record: raw.execute("PRAGMA foreign_keys=ON").close())
    with engine.begin() as connection:
        yield connection


def rows(database_url: str, statement: Executable) -> Rows:
    """What a statement gives."""
    with second_connection(database_url) as connection:
        return [dict(row) for row in connection.execute(statement).mappings()]


def everything(database_url: str) -> dict[str, Rows]:
    """Every row of every table, in the order of its key."""
    with second_connection(database_url) as connection:
        return {
            table.name: [
                dict(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            ]
            for table in metadata.sorted_tables
        }
