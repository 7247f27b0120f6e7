"""Fixtures that every test may ask for: real databases, the core over them, a clock that stands still."""

import os
import random
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

os.environ.setdefault("PTB_TIMEDELTA", "true")  # PTB warns about its old form, and warnings are errors here

from core.chiron import Chiron
from core.people.model import Person
from storage import schema
from storage.engine import open_engines
from storage.work import SqlStorage
from tests import builders
from tests.completeness import (
    pytest_make_collect_report,  # noqa: F401 - a hook
    pytest_runtest_makereport,  # noqa: F401 - a hook
)
from tests.fakes import FakeClock
from tests.postgres import Postgres, PostgresMissing

IDLE = timedelta(minutes=30)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure coverage where the same test runs on SQLite: tracing costs a third of a test's time."""
    for item in items:
        if "postgresql" in item.nodeid and not item.nodeid.startswith("tests/storage"):
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    schema.upgrade(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A throw-away PostgreSQL with a migrated database named `template`."""
    try:
        server = Postgres()
    except PostgresMissing as reason:
        pytest.skip(str(reason))
    server.start()
    try:
        schema.upgrade(server.create("template"))
        yield server
    finally:
        server.stop()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite file of the test's own."""
    file = tmp_path / "chiron.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """A migrated PostgreSQL database of the test's own."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield postgres.create(name, template="template")
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database: the same test runs on SQLite and on PostgreSQL."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
async def storage(database_url: str) -> AsyncIterator[SqlStorage]:
    """The storage over a migrated database."""
    opened = SqlStorage(open_engines(database_url))
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still until told."""
    return FakeClock()


@pytest.fixture
def core(storage: SqlStorage) -> Chiron:
    """The use cases over real SQL, with reproducible chance."""
    return Chiron.over(storage, idle=IDLE, rng=random.Random(7))


@pytest.fixture
async def student(core: Chiron, clock: FakeClock) -> Person:
    """A student who has arrived, with a bank of twelve questions to practise."""
    await core.banks.store(builders.some_questions(), clock.now())
    return await core.people.arrive(1001, "it", clock.now())
