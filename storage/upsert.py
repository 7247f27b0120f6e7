"""INSERT … ON CONFLICT, which both databases know and SQLAlchemy spells once for each."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert


def insert_or_ignore(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, key: Sequence[str]
) -> None:
    """Insert rows; those whose `key` is there already are left as they are."""
    if not rows:
        return
    connection.execute(_insert(connection, table).on_conflict_do_nothing(index_elements=key), list(rows))


def insert_or_update(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, key: Sequence[str]
) -> None:
    """Insert rows; those whose `key` is there already take the new values."""
    if not rows:
        return
    statement = _insert(connection, table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed), list(rows))


def _insert(connection: Connection, table: Table) -> Any:
    return sqlite_insert(table) if connection.dialect.name == "sqlite" else postgres_insert(table)
