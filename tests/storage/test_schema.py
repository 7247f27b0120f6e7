"""The schema: up and down with data, and a clear sentence where a database cannot be used."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    Text,
    Uuid,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError, StatementError

from storage import migrate, schema
from storage.engine import UnusableDatabase, is_sqlite, open_engines, parse_url
from storage.tables import UtcDateTime, metadata, question_versions, users
from storage.work import SqlStorage
from tests.postgres import Postgres
from tests.readback import everything, rows, second_connection

NOW = datetime(2026, 11, 20, 9, 0, 0, 123_456, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without a table, one of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.create(f"empty_{uuid.uuid4().hex[:12]}")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may look into."""
    folder = Path(tempfile.mkdtemp(prefix="chiron-open-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def nobody_special() -> Iterator[None]:
    """Give up root's rights for a while, since root may write everywhere."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(before)


def tables(database_url: str) -> set[str]:
    """What stands in a database."""
    with second_connection(database_url) as connection:
        return set(inspect(connection).get_table_names())


def value(connection: Connection, table: Table, name: str) -> Any:
    """Something that a column can hold: a row of its parent, or a value of its type."""
    column = table.columns[name]
    for key in column.foreign_keys:
        return connection.execute(select(key.column).limit(1)).scalar_one()
    kinds: list[tuple[Any, Any]] = [
        (UtcDateTime, NOW),
        (Uuid, uuid.uuid5(uuid.NAMESPACE_DNS, f"{table.name}.{name}")),
        (JSON, {"a": [1, "é"]}),
        (Boolean, True),
        (Numeric, Decimal("12.50")),
        (Text, "parole lunghe"),
        (String, "x"),
        (LargeBinary, b"\x00\xff"),
        (Integer, 1),
    ]
    return next(sample for kind, sample in kinds if isinstance(column.type, kind))


def fill(database_url: str) -> None:
    """A row in every table, with a value in every column."""
    with second_connection(database_url) as connection:
        for table in metadata.sorted_tables:
            own = {c.name for c in table.columns if any(k.column.table is table for k in c.foreign_keys)}
            row = {c.name: value(connection, table, c.name) for c in table.columns if c.name not in own}
            connection.execute(insert(table), row)


class TestUpAndDown:
    """With data, on both databases."""

    def test_an_empty_database_is_made(self, empty_url: str) -> None:
        """Every table, and the newest revision."""
        before = schema.state(empty_url)

        schema.upgrade(empty_url)

        after = schema.state(empty_url)
        assert (before.revision, before.current) == (None, False)
        assert after.current
        assert after.revision == after.newest
        assert tables(empty_url) == {table.name for table in metadata.sorted_tables} | {"alembic_version"}

    def test_a_second_upgrade_changes_nothing(self, empty_url: str) -> None:
        """At every start."""
        schema.upgrade(empty_url)
        fill(empty_url)
        before = everything(empty_url)

        schema.upgrade(empty_url)

        assert everything(empty_url) == before

    def test_the_models_are_what_the_migrations_make(self, database_url: str) -> None:
        """Nothing is left to generate."""
        assert schema.state(database_url).differences == ()

    def test_down_to_nothing_and_up_again(self, empty_url: str) -> None:
        """With a row in every table."""
        schema.upgrade(empty_url)
        fill(empty_url)
        assert all(everything(empty_url).values())

        schema.downgrade(empty_url, "base")
        down = tables(empty_url)
        schema.upgrade(empty_url)

        assert down == {"alembic_version"}
        assert schema.state(empty_url).current
        assert not any(everything(empty_url).values())
        fill(empty_url)

    def test_a_step_down_and_up_keeps_every_row(self, empty_url: str) -> None:
        """Each migration by itself: no cascade eats what points to a table that is rebuilt."""
        schema.upgrade(empty_url)
        fill(empty_url)
        before = everything(empty_url)
        newest = int(schema.state(empty_url).newest)

        for number in range(newest - 1, 0, -1):
            schema.downgrade(empty_url, f"{number:04d}")
            assert schema.state(empty_url).revision == f"{number:04d}"
            with second_connection(empty_url) as connection:
                for table, kept in before.items():
                    if inspect(connection).has_table(table):
                        found = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
                        assert (table, found) == (table, len(kept))
        with second_connection(empty_url) as connection:
            there = inspect(connection)
            first = {table: {c["name"] for c in there.get_columns(table)} for table in there.get_table_names()}
        schema.upgrade(empty_url)

        assert schema.state(empty_url).current
        after = everything(empty_url)
        # What a later migration brought went with it; all else is as it was.
        for table in before.keys() & first.keys():
            kept = [{name: row[name] for name in row if name in first[table]} for row in before[table]]
            assert [{name: row[name] for name in row if name in first[table]} for row in after[table]] == kept

    def test_a_version_gets_the_topic_of_its_question(self, empty_url: str) -> None:
        """What was stored before versions had one."""
        schema.upgrade(empty_url)
        fill(empty_url)
        schema.downgrade(empty_url, "0001")

        schema.upgrade(empty_url)

        (version,) = rows(empty_url, select(question_versions))
        (question,) = rows(empty_url, select(metadata.tables["questions"]))
        assert version["topic_id"] == question["topic_id"]

    @pytest.mark.parametrize("explanation", ["Si calcola.", None])
    def test_a_question_is_explained_where_its_text_is(self, empty_url: str, explanation: str | None) -> None:
        """Worked out for what was stored before that was written down."""
        schema.upgrade(empty_url)
        fill(empty_url)
        with second_connection(empty_url) as connection:
            connection.execute(text("UPDATE questions SET current_version_id = 1"))
            connection.execute(text("UPDATE question_texts SET explanation = :words"), {"words": explanation})
        schema.downgrade(empty_url, "0004")

        schema.upgrade(empty_url)

        (question,) = rows(empty_url, select(metadata.tables["questions"]))
        assert question["explained"] is (explanation is not None)

    def test_checks_outlive_the_rebuild_of_a_table(self, database_url: str) -> None:
        """A difficulty of nine is still refused, and so is a quiz past its end."""
        fill(database_url)

        for wrong in (
            "UPDATE question_versions SET difficulty = 9",
            "UPDATE quiz_sessions SET current_index = 2",
            "UPDATE quiz_sessions SET current_index = -1",
        ):
            with pytest.raises(IntegrityError), second_connection(database_url) as connection:
                connection.execute(text(wrong))

    def test_a_failed_migration_leaves_the_database_as_it_was(self, empty_url: str) -> None:
        """All in one transaction, on both databases."""
        schema.upgrade(empty_url)
        before = tables(empty_url)

        with pytest.raises(UnusableDatabase, match="cannot be changed"):
            schema.downgrade(empty_url, "9999")

        assert tables(empty_url) == before
        assert schema.state(empty_url).current

    def test_rows_that_point_nowhere_stop_a_migration(self, tmp_path: Path) -> None:
        """SQLite does not look while tables are rebuilt, so the migration does."""
        url = f"sqlite+aiosqlite:///{tmp_path / 'broken.db'}"
        schema.upgrade(url)
        raw = sqlite3.connect(tmp_path / "broken.db")
        raw.execute("INSERT INTO choices (version_id, position, is_right) VALUES (99, 0, 1)")
        raw.commit()
        raw.close()

        with pytest.raises(UnusableDatabase, match="1 rows point nowhere"):
            schema.downgrade(url, "0001")

        assert schema.state(url).revision == schema.state(url).newest


class TestUnusable:
    """One clear sentence, without a password, without a traceback."""

    def refused(self, url: str) -> str:
        """The sentence; every way to open the database gives the same."""
        sentences = set()
        for way in (schema.upgrade, schema.state, schema.require_current):
            with pytest.raises(UnusableDatabase) as refusal:
                way(url)
            sentences.add(str(refusal.value))
        (sentence,) = sentences
        assert "\n" not in sentence
        return sentence

    def test_a_newer_database(self, database_url: str) -> None:
        """An older program does not touch it."""
        with second_connection(database_url) as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        before = everything(database_url)

        assert "newer Chiron (schema 9999)" in self.refused(database_url)
        with pytest.raises(UnusableDatabase):
            schema.downgrade(database_url, "base")
        assert everything(database_url) == before

    def test_somebody_else_s_database(self, empty_url: str) -> None:
        """Its tables are left alone."""
        with second_connection(empty_url) as connection:
            connection.execute(text("CREATE TABLE invoices (id INTEGER)"))

        assert "not Chiron's" in self.refused(empty_url)
        assert tables(empty_url) == {"invoices"}

    @pytest.mark.parametrize("content", [b"this is no database, " * 300, b"SQLite format 3\x00" + b"\xff" * 5_000])
    def test_a_file_that_is_none(self, tmp_path: Path, content: bytes) -> None:
        """It is left as it is."""
        file = tmp_path / "notes.txt"
        file.write_bytes(content)

        sentence = self.refused(f"sqlite+aiosqlite:///{file}")

        assert str(file) in sentence
        assert "whole, and writable" in sentence
        assert file.read_bytes() == content

    def test_a_damaged_file(self, sqlite_url: str) -> None:
        """The middle is overwritten."""
        file = Path(parse_url(sqlite_url).database or "")
        damaged = bytearray(file.read_bytes())
        damaged[100 : len(damaged)] = b"\xaa" * (len(damaged) - 100)
        file.write_bytes(damaged)

        assert str(file) in self.refused(sqlite_url)

    def test_a_folder_in_its_place(self, tmp_path: Path) -> None:
        """A folder is no file."""
        assert str(tmp_path) in self.refused(f"sqlite+aiosqlite:///{tmp_path}")

    def test_a_file_where_its_folder_should_be(self, tmp_path: Path) -> None:
        """Nothing can be made below a file."""
        (tmp_path / "file").write_text("x")

        with pytest.raises(UnusableDatabase, match="folder of"):
            schema.upgrade(f"sqlite+aiosqlite:///{tmp_path / 'file' / 'chiron.db'}")

    def test_a_file_that_cannot_be_written(self, sqlite_url: str, open_folder: Path) -> None:
        """It says so."""
        file = open_folder / "chiron.db"
        shutil.copy(parse_url(sqlite_url).database or "", file)
        file.chmod(0o444)

        with nobody_special(), pytest.raises(UnusableDatabase, match=r"readonly .*writable"):
            schema.upgrade(f"sqlite+aiosqlite:///{file}")

    def test_an_unreachable_server(self) -> None:
        """Where it was looked for, and never the password."""
        sentence = self.refused("postgresql+psycopg://somebody:secret@127.0.0.1:1/chiron")

        assert "127.0.0.1:1" in sentence
        assert "secret" not in sentence

    def test_a_database_that_the_server_does_not_have(self, postgres: Postgres) -> None:
        """Its name is in the sentence."""
        assert "nowhere" in self.refused(postgres.url("nowhere"))

    def test_an_address_that_is_none(self) -> None:
        """The setting is named."""
        assert "DATABASE_URL" in self.refused("chiron")


class TestState:
    """Looking changes nothing."""

    def test_a_file_that_is_not_there_is_not_made(self, tmp_path: Path) -> None:
        """Nor its folder."""
        file = tmp_path / "deep" / "chiron.db"

        state = schema.state(f"sqlite+aiosqlite:///{file}")

        assert (state.revision, state.current) == (None, False)
        assert not file.parent.exists()

    def test_an_older_database_is_named(self, empty_url: str) -> None:
        """What to do is part of the sentence."""
        schema.upgrade(empty_url, "0001")

        assert schema.state(empty_url).revision == "0001"
        with pytest.raises(UnusableDatabase, match="chiron db upgrade"):
            schema.require_current(empty_url)

    def test_an_empty_database_is_named(self, empty_url: str) -> None:
        """So that nobody reads from nothing."""
        with pytest.raises(UnusableDatabase, match="empty"):
            schema.require_current(empty_url)

    def test_a_table_that_was_changed_by_hand_is_named(self, database_url: str) -> None:
        """The schema is then not this program's."""
        with second_connection(database_url) as connection:
            connection.execute(text("ALTER TABLE users ADD COLUMN nickname TEXT"))

        state = schema.state(database_url)

        assert not state.current
        assert any("nickname" in difference for difference in state.differences)


class TestBackup:
    """A whole copy while the database is in use."""

    async def test_a_copy_in_use_is_whole(self, sqlite_url: str, tmp_path: Path) -> None:
        """Everything committed before is in it; what is written meanwhile does not hurt."""
        storage = SqlStorage(open_engines(sqlite_url))
        for number in range(1, 50):
            await storage.transact(None, lambda work, n=number: work.people.add(n, "it", NOW))  # type: ignore[misc]
        copy = tmp_path / "copy.db"

        schema.backup(sqlite_url, copy)
        await storage.transact(None, lambda work: work.people.add(99, "it", NOW))
        await storage.close()

        copied = f"sqlite+aiosqlite:///{copy}"
        assert schema.state(copied).current
        assert [row["telegram_id"] for row in rows(copied, select(users))] == list(range(1, 50))

    def test_a_copy_taken_while_another_program_writes(self, sqlite_url: str, tmp_path: Path) -> None:
        """Each is whole: its rows are the first so many, none is missing in between."""
        file = parse_url(sqlite_url).database
        writer = subprocess.Popen([sys.executable, "-c", _WRITES, str(file)], stdout=subprocess.PIPE)  # noqa: S603
        assert writer.stdout is not None
        writer.stdout.readline()
        try:
            for number in range(5):
                schema.backup(sqlite_url, tmp_path / f"copy{number}.db")
        finally:
            writer.terminate()
            writer.wait(10)
            writer.stdout.close()

        for number in range(5):
            copy = sqlite3.connect(tmp_path / f"copy{number}.db")
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            (count, highest) = copy.execute("SELECT count(*), max(telegram_id) FROM users").fetchone()
            copy.close()
            assert count == highest >= 1

    def test_no_file_is_overwritten(self, sqlite_url: str, tmp_path: Path) -> None:
        """Neither another backup nor the database itself."""
        there = tmp_path / "there.db"
        there.write_text("precious")

        with pytest.raises(UnusableDatabase, match="is there already"):
            schema.backup(sqlite_url, there)
        with pytest.raises(UnusableDatabase, match="is there already"):
            schema.backup(sqlite_url, Path(parse_url(sqlite_url).database or ""))

        assert there.read_text() == "precious"

    def test_a_copy_that_failed_leaves_no_file(self, tmp_path: Path) -> None:
        """Half a backup is worse than none."""
        source = tmp_path / "broken.db"
        source.write_bytes(b"no database " * 1_000)

        with pytest.raises(UnusableDatabase, match="failed"):
            schema.backup(f"sqlite+aiosqlite:///{source}", tmp_path / "copy.db")
        with pytest.raises(UnusableDatabase, match="failed"):
            schema.backup(f"sqlite+aiosqlite:///{source}", tmp_path / "nowhere" / "copy.db")

        assert [path.name for path in tmp_path.iterdir()] == ["broken.db"]

    def test_nothing_to_copy_is_said(self, tmp_path: Path) -> None:
        """And nothing is made."""
        with pytest.raises(UnusableDatabase, match="no database at"):
            schema.backup(f"sqlite+aiosqlite:///{tmp_path / 'none.db'}", tmp_path / "copy.db")

        assert list(tmp_path.iterdir()) == []

    def test_postgresql_has_its_own_way(self, tmp_path: Path) -> None:
        """It is named."""
        with pytest.raises(UnusableDatabase, match="pg_dump"):
            schema.backup("postgresql+psycopg://host/chiron", tmp_path / "copy.db")


_WRITES = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=30)
for number in range(1, 1_000_000):
    connection.execute(
        "INSERT INTO users (telegram_id, language, language_chosen, zone, role, onboarding, settings, created_at,"
        " updated_at) VALUES (?, 'it', 0, 'Europe/Rome', 'student', 'playing', '{}', '2026-11-20', '2026-11-20')",
        (number,),
    )
    connection.commit()
    if number == 1:
        print("begun", flush=True)
"""


class TestMoments:
    """Aware, in UTC, whatever the database does."""

    @pytest.mark.parametrize(
        "moment",
        [
            NOW,
            NOW.astimezone(timezone(timedelta(hours=5, minutes=30))),
            datetime(1970, 1, 1, tzinfo=UTC),
            datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=UTC),
            datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        ],
    )
    def test_a_moment_comes_back_as_it_was(self, database_url: str, moment: datetime) -> None:
        """To the microsecond, with its zone."""
        with second_connection(database_url) as connection:
            row = {"person": 1, "message_id": 1, "place": "home", "ref": "", "picture": False, "updated_at": moment}
            connection.execute(insert(metadata.tables["screens"]), row)

        (found,) = rows(database_url, select(metadata.tables["screens"].c.updated_at))

        assert found["updated_at"] == moment
        assert found["updated_at"].utcoffset() == timedelta()

    def test_a_moment_without_a_zone_is_refused(self, database_url: str) -> None:
        """SQLite would keep it without a word."""
        row = {"person": 1, "message_id": 1, "place": "home", "ref": "", "picture": False}

        for naive in (NOW.replace(tzinfo=None), datetime.combine(date(2026, 1, 1), datetime.min.time())):
            with (
                pytest.raises(StatementError, match="without a zone"),
                second_connection(database_url) as connection,
            ):
                connection.execute(insert(metadata.tables["screens"]), {**row, "updated_at": naive})

        assert rows(database_url, select(metadata.tables["screens"])) == []

    def test_moments_are_compared_as_moments(self, database_url: str) -> None:
        """Text in a file sorts as time does, also with and without microseconds."""
        screens = metadata.tables["screens"]
        moments = [NOW.replace(microsecond=0), NOW.replace(microsecond=1), NOW, NOW + timedelta(seconds=1)]
        with second_connection(database_url) as connection:
            for number, moment in enumerate(moments):
                row = {"person": number, "message_id": 1, "place": "home", "ref": "", "picture": False}
                connection.execute(insert(screens), {**row, "updated_at": moment})

        below = rows(database_url, select(screens.c.person).where(screens.c.updated_at < NOW))

        assert {row["person"] for row in below} == {0, 1}


def test_the_sqlite_of_this_machine_is_judged() -> None:
    """A version that can damage a file is named; another is not."""
    warning = schema.sqlite_warning()

    if sqlite3.sqlite_version_info >= (3, 51, 3):
        assert warning is None
    else:
        assert warning is not None
        assert sqlite3.sqlite_version in warning


def test_which_addresses_are_files() -> None:
    """By their backend."""
    assert is_sqlite(parse_url("sqlite+aiosqlite:///x.db"))
    assert not is_sqlite(parse_url("postgresql+psycopg://host/x"))


def test_the_newest_migration_is_known_without_alembic() -> None:
    """A start compares with this number instead of loading alembic."""
    assert migrate.newest() == schema.NEWEST
