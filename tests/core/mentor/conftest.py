"""A model server on loopback, and a provider that talks to it."""

from collections.abc import AsyncIterator, Callable

import pytest

from core.mentor.providers import Limits, OpenAIProvider
from tests.model_server import ModelServer

HASTY = Limits(connect=2.0, read=0.5, other=5.0, whole=20.0, once=5.0, pause=0.01, longest_pause=0.1)

MakeProvider = Callable[..., OpenAIProvider]


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    """A model server with an empty bill."""
    async with ModelServer() as running:
        yield running


@pytest.fixture
async def provider(server: ModelServer) -> AsyncIterator[OpenAIProvider]:
    """A provider in a hurry."""
    opened = OpenAIProvider("gpt-6-luna", base_url=server.base_url, api_key="sk-test-secret", limits=HASTY)
    yield opened
    await opened.close()
