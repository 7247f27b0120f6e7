"""A playground with a clock of its own, and a real PTB bot that talks to it."""

import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.playground import Playground

Call = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]

STUDENT = 1001
PARENT = 1002


class Clock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        """Give the seconds since 1970."""
        return self.seconds

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds


def png(width: int = 200, height: int = 100) -> bytes:
    """Draw a real, black PNG."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * (width + 1) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def ptb_bot(pg: Playground) -> Bot:
    """Point a PTB bot at the playground, past any proxy."""
    return Bot(
        pg.token,
        base_url=pg.api_url,
        base_file_url=pg.file_url,
        request=HTTPXRequest(httpx_kwargs={"trust_env": False}),
        get_updates_request=HTTPXRequest(connection_pool_size=8, httpx_kwargs={"trust_env": False}),
    )


@pytest.fixture(autouse=True)
def _new_retry_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let PTB give RetryAfter as a timedelta, which it will do by default one day."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def clock() -> Clock:
    """Give the time of the playground."""
    return Clock()


@pytest_asyncio.fixture
async def pg(clock: Clock) -> AsyncIterator[Playground]:
    """Run a playground on a free port."""
    async with Playground(now=clock, seed=1, webhook_delays=(0, 0.02)) as playground:
        yield playground


@pytest_asyncio.fixture
async def bot(pg: Playground) -> AsyncIterator[Bot]:
    """Run a bot that has said getMe."""
    async with ptb_bot(pg) as running:
        yield running


@pytest_asyncio.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """Open a plain HTTP client, as a page or another site would."""
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield session


@pytest.fixture
def call(pg: Playground, http: aiohttp.ClientSession) -> Call:
    """Call the Bot API without a library in between; gives the envelope."""

    async def post(method: str, params: dict[str, Any]) -> dict[str, Any]:
        async with http.post(f"{pg.api_url}{pg.token}/{method}", json=params) as answer:
            body = dict(await answer.json())
            assert body["ok"] is (answer.status == 200)
            return body

    return post
