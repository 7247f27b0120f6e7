"""The bot and its Bot API in one loop, over a real database: what a person does, and what they then see."""

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import core_over, load_starter
from bot.playground import Playground
from bot.settings import Settings
from core.clock import SystemClock
from storage.engine import open_engines
from storage.work import SqlStorage
from tests.e2e.chat import KNOWN_REFUSALS, Chat
from tests.e2e.items import EXTRA
from tests.e2e.mentor_room import grown
from tests.fakes import FakeClock
from tests.model_server import ModelServer
from tests.postgres import Postgres

ON_BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
"""Run a test on SQLite and on PostgreSQL."""


async def _fill(database_url: str) -> None:
    storage = SqlStorage(open_engines(database_url))
    try:
        core = core_over(storage, Settings(_env_file=None, database_url=database_url))
        await load_starter(core, SystemClock())
        await core.banks.store(EXTRA, SystemClock().now(), title="Extra")
    finally:
        await storage.close()


@pytest.fixture(scope="session")
def filled_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the starter bank and a few questions of every kind, to copy."""
    file = tmp_path_factory.mktemp("filled") / "filled.db"
    shutil.copy(sqlite_template, file)
    asyncio.run(_fill(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def filled_postgres(postgres: Postgres) -> str:
    """The name of such a PostgreSQL database, to copy."""
    asyncio.run(_fill(postgres.create("filled", template="template")))
    return "filled"


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a filled database of the test's own: SQLite unless the test asks for another."""
    if getattr(request, "param", "sqlite") == "sqlite":
        file = tmp_path / "chiron.db"
        shutil.copy(request.getfixturevalue("filled_sqlite"), file)
        yield f"sqlite+aiosqlite:///{file}"
        return
    template = request.getfixturevalue("filled_postgres")
    server: Postgres = request.getfixturevalue("postgres")
    name = f"e2e_{uuid.uuid4().hex[:12]}"
    yield server.create(name, template=template)
    server.drop(name)


@pytest.fixture
async def pg() -> AsyncIterator[Playground]:
    """A Bot API on loopback."""
    async with Playground(seed=1, webhook_delays=(0, 0.05)) as running:
        yield running


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    """A model server on loopback; whoever asks for it has a bot with a mentor behind a model."""
    async with ModelServer() as server:
        yield server


@pytest.fixture
def settings(pg: Playground, database: str, request: pytest.FixtureRequest) -> Settings:
    """Settings that point the bot at it, and at a model server if the test has one, as at OpenAI."""
    settings = Settings(
        _env_file=None,
        telegram_bot_token=SecretStr(pg.token),
        telegram_api_url=pg.api_url,
        database_url=database,
    )
    if "model" not in request.fixturenames:
        return settings
    model: ModelServer = request.getfixturevalue("model")
    return settings.model_copy(
        update={
            "openai_base_url": model.base_url,
            "mentor_model": "gpt-6-luna",
            "mentor_price": "0.10/0.01/0.125/0.50",
        }
    )


@pytest.fixture
async def stopped(pg: Playground, settings: Settings) -> AsyncIterator[Chat]:
    """The bot, not started yet. At the end, Telegram must have refused nothing that the test does not name."""
    chat = Chat(pg, settings, FakeClock(SystemClock().now()))
    try:
        yield chat
    finally:
        await chat.close()
    unexpected = {
        reason: count
        for reason, count in pg.refusals.items()
        if not any(known in reason for known in KNOWN_REFUSALS | chat.expected_refusals)
    }
    assert unexpected == {}


@pytest.fixture
async def chat(stopped: Chat, request: pytest.FixtureRequest) -> Chat:
    """The bot, running; with a model behind it, the student is sixteen."""
    await stopped.start()
    if "model" in request.fixturenames:
        await grown(stopped)
    return stopped
