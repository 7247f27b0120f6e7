"""Alembic, on a connection that is handed over."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from storage.engine import UnusableDatabase
from storage.tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"


def newest() -> str:
    """The newest revision among the files."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


def upgrade(connection: Connection, revision: str) -> None:
    """Run migrations up to a revision.

    Raises:
        UnusableDatabase: There is no such revision, or a migration does not run.
    """
    try:
        command.upgrade(_config(connection), revision)
    except CommandError as error:
        raise UnusableDatabase(f"the database's schema cannot be changed: {error}") from error


def downgrade(connection: Connection, revision: str) -> None:
    """Take migrations back to a revision.

    Raises:
        UnusableDatabase: There is no such revision, or a migration does not run.
    """
    try:
        command.downgrade(_config(connection), revision)
    except CommandError as error:
        raise UnusableDatabase(f"the database's schema cannot be changed: {error}") from error


def differences(connection: Connection) -> tuple[str, ...]:
    """What a database has otherwise than `storage/tables.py`."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return tuple(str(difference) for difference in compare_metadata(context, metadata))


@contextmanager
def scratch_database() -> Iterator[str]:
    """Address of a database that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite+aiosqlite:///{folder}/scratch.db"


def write(connection: Connection, message: str, number: str, folder: Path | None) -> Path:
    """Write a migration with the differences of a migrated database.

    Args:
        connection: To a database that has every migration so far.
        message: What it does, in a few words.
        number: Its revision.
        folder: Where to; None: beside the others.

    Raises:
        UnusableDatabase: Alembic wrote none.
    """
    versions = MIGRATIONS / "versions"
    target = folder or versions
    config = _config(connection)
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join({str(versions), str(target)}))
    written = command.revision(config, message, autogenerate=True, version_path=str(target), rev_id=number)
    if not isinstance(written, Script):
        raise UnusableDatabase("alembic wrote no single migration")
    return Path(written.path)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
