"""A second database, for what moves between two."""

import shutil
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.engine import open_engines
from storage.work import SqlStorage
from tests.postgres import Postgres


@pytest.fixture
async def elsewhere(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> AsyncIterator[SqlStorage]:
    """Another empty database of the same make."""
    if database_url.startswith("sqlite"):
        file = tmp_path / "elsewhere.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        opened = SqlStorage(open_engines(f"sqlite+aiosqlite:///{file}"))
        yield opened
        await opened.close()
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = f"elsewhere_{uuid.uuid4().hex[:12]}"
    opened = SqlStorage(open_engines(server.create(name, template="template")))
    yield opened
    await opened.close()
    server.drop(name)
