"""Bring a database to this program's schema, or say why not.

Alembic is loaded only where a schema is changed or compared: it takes 0.2 s, and a start finds a database that is up to
date nearly always.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from storage.engine import SAFE_SQLITE, UnusableDatabase, is_sqlite, parse_url

NEWEST = "0005"
"""The newest migration; revisions are numbers of four digits."""


@dataclass(frozen=True, slots=True)
class SchemaState:
    """Where a database stands: its revision (None: empty), the newest that this program knows, and what differs."""

    revision: str | None
    newest: str
    differences: tuple[str, ...] = ()

    @property
    def current(self) -> bool:
        """Whether the database has exactly this program's schema."""
        return self.revision == self.newest and not self.differences


def upgrade(database_url: str, revision: str = "head") -> None:
    """Bring a database up to a revision; an empty one is made.

    Raises:
        UnusableDatabase: It cannot be reached, is damaged, or was written by a newer program.
    """
    with _schema_connection(database_url) as connection:
        if _revision(connection) != NEWEST:
            _alembic().upgrade(connection, revision)
            _check_foreign_keys(connection)


def downgrade(database_url: str, revision: str) -> None:
    """Take a database back to a revision (`base`: empty).

    Raises:
        UnusableDatabase: It cannot be reached, is damaged, or was written by a newer program.
    """
    with _schema_connection(database_url) as connection:
        _revision(connection)
        _alembic().downgrade(connection, revision)
        _check_foreign_keys(connection)


def state(database_url: str) -> SchemaState:
    """Where a database stands; changes nothing, and an SQLite file that is not there yet is not made.

    Raises:
        UnusableDatabase: It cannot be reached or is damaged.
    """
    url = parse_url(database_url)
    if is_sqlite(url) and not Path(url.database or "").exists():
        return SchemaState(None, NEWEST)
    with _schema_connection(database_url) as connection:
        revision = _revision(connection)
        return SchemaState(revision, NEWEST, _alembic().differences(connection) if revision == NEWEST else ())


def require_current(database_url: str) -> None:
    """Make sure that a database can be read as it is.

    Raises:
        UnusableDatabase: It cannot be reached, is damaged, or has another schema.
    """
    url = parse_url(database_url)
    revision = None
    if not is_sqlite(url) or Path(url.database or "").exists():
        with _schema_connection(database_url) as connection:
            revision = _revision(connection)
    if revision is None:
        raise UnusableDatabase("the database is empty: `chiron db upgrade` makes its tables")
    if revision != NEWEST:
        raise UnusableDatabase(
            f"the database is at schema {revision}, this program at {NEWEST}: run `chiron db upgrade`"
        )


def write_migration(message: str, folder: Path | None = None) -> Path:
    """Write the next migration: what `storage/tables.py` has and a migrated database has not.

    Args:
        message: What it does, in a few words; they become its name and its docstring.
        folder: Where to; None: beside the others.

    Raises:
        UnusableDatabase: The migrations that are there do not run.
    """
    migrate = _alembic()
    with migrate.scratch_database() as database_url:
        upgrade(database_url)
        with _schema_connection(database_url) as connection:
            written: Path = migrate.write(connection, message, f"{int(NEWEST) + 1:04d}", folder)
    return written


def backup(database_url: str, target: Path) -> None:
    """Copy an SQLite database while it is in use, whole and consistent.

    Raises:
        UnusableDatabase: It is not an SQLite file (PostgreSQL has pg_dump), or the copy cannot be written.
    """
    url = parse_url(database_url)
    if not is_sqlite(url):
        raise UnusableDatabase("backup copies SQLite files; for PostgreSQL use pg_dump")
    source_path = Path(url.database or "")
    if not source_path.exists():
        raise UnusableDatabase(f"there is no database at {source_path}")
    if target.exists():
        raise UnusableDatabase(f"{target} is there already; name a new file")
    try:
        with closing(sqlite3.connect(source_path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise UnusableDatabase(f"the copy to {target} failed: {error}") from error


def sqlite_warning() -> str | None:
    """What to know about this machine's SQLite, or None."""
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return None
    return (
        f"SQLite {sqlite3.sqlite_version} can damage a file when two programs write it at once (mended in 3.51.3); "
        "Chiron writes from one process and holds a lock beside the file: let no other program write it"
    )


def _alembic() -> ModuleType:
    from storage import migrate  # noqa: PLC0415 - see the top of this file

    return migrate


@contextmanager
def _schema_connection(database_url: str) -> Iterator[Connection]:
    """A connection of its own in one transaction.

    SQLite: foreign keys are off, since the rebuild of a table deletes the rows that point to it otherwise, and the
    pragma does nothing inside a transaction; they are checked before the commit.
    """
    url = parse_url(database_url)
    try:
        with _schema_engine(url).begin() as connection:
            yield connection
    except DBAPIError as error:
        raise UnusableDatabase(_why(url, error)) from error


def _schema_engine(url: URL) -> Engine:
    if not is_sqlite(url):
        return create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5})
    path = Path(url.database or "")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableDatabase(f"the folder of {path} cannot be made: {error.strerror}") from error
    engine = create_engine(url.set(drivername="sqlite+pysqlite"), poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("busy_timeout=10000", "secure_delete=ON", "journal_mode=WAL", "foreign_keys=OFF"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _revision(connection: Connection) -> str | None:
    """The database's revision; None if it is empty.

    Raises:
        UnusableDatabase: It is somebody else's, or was written by a newer program.
    """
    if not inspect(connection).has_table("alembic_version"):
        if inspect(connection).get_table_names():
            raise UnusableDatabase("the database holds tables that are not Chiron's; give Chiron a database of its own")
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision is not None and not (revision.isdigit() and revision <= NEWEST):
        raise UnusableDatabase(
            f"the database was written by a newer Chiron (schema {revision}); update the program, or restore a backup"
        )
    return revision


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise UnusableDatabase(f"{len(broken)} rows point nowhere after the migration; nothing was changed")


def _why(url: URL, error: DBAPIError) -> str:
    reason = str(error.orig).splitlines()[0] if error.orig else type(error).__name__
    if is_sqlite(url):
        hint = "is it an SQLite file, whole, and writable?"
        return f"the database {url.database} cannot be used: {reason} ({hint})"
    return f"the database at {url.host or 'localhost'}:{url.port or 5432} cannot be used: {reason}"
