"""The server that the tests rely on: its cache, its bill, and a mixed day against our own books."""

import json
import random
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from core.mentor import prices, tokens
from core.mentor.events import Broken, Delta, Fault, Finished, Retrying
from core.mentor.model import Ask, Message, Role, Usage
from core.mentor.providers import OpenAIProvider
from tests.model_server import ModelServer, PrefixCache, Trouble

NOW = datetime(2026, 11, 20, tzinfo=UTC)
CALLS = 300
TROUBLES = (
    Trouble(),
    Trouble(usage="none"),
    Trouble(usage="null"),
    Trouble(cut_after=9),
    Trouble(end_after=4),
    Trouble(error_after=2),
    Trouble(status=500),
    Trouble(status=429, retry_after="0"),
    Trouble(whole=True),
    Trouble(last="cut"),
)


def test_cache_reads_blocks_of_a_long_beginning() -> None:
    """From 1,024 tokens on, what was read before costs less, in blocks of 128; the rest is written."""
    cache = PrefixCache(lambda: 0.0)
    prompt = list(range(1500))

    assert cache.read("m", prompt) == (0, 1408)
    assert cache.read("m", [*prompt, *range(200)]) == (1408, 256)
    assert cache.read("m", [*prompt[:1200], *range(7000, 7300)]) == (1152, 256)
    assert cache.read("other", prompt) == (0, 1408)


def test_cache_leaves_short_prompts_alone() -> None:
    """Below 1,024 tokens nothing is read or written."""
    cache = PrefixCache(lambda: 0.0)

    assert [cache.read("m", list(range(1023))) for _ in range(2)] == [(0, 0), (0, 0)]


def test_cache_breaks_at_the_first_difference() -> None:
    """A window that drops the oldest message reads nothing from the cache."""
    cache = PrefixCache(lambda: 0.0)
    prompt = list(range(3000))
    cache.read("m", prompt)

    assert cache.read("m", prompt[50:]) == (0, 2944)


def test_cache_forgets_after_half_an_hour() -> None:
    """What nobody read for 30 minutes is gone."""
    time = [0.0]
    cache = PrefixCache(lambda: time[0])
    prompt = list(range(2048))
    cache.read("m", prompt)

    time[0] = 1800.0
    assert cache.read("m", prompt)[0] == 2048
    time[0] = 3600.1
    assert cache.read("m", prompt)[0] == 0


async def test_plain_client_gets_a_reply_in_one_piece(server: ModelServer) -> None:
    """Without a stream the answer has the words, the usage and the reason."""
    asked = {"model": "gpt-6-luna", "messages": [{"role": "user", "content": "Ciao"}]}

    answer = await _post(server, "/chat/completions", asked)

    assert answer["choices"][0]["message"]["content"] == server.reply
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert answer["usage"]["prompt_tokens"] == server.bill[0].prompt == 3 + 1 + 2 + 3


async def test_models_are_listed(server: ModelServer) -> None:
    """A client can ask which models there are."""
    async with aiohttp.ClientSession() as session, session.get(f"{server.base_url}/models") as response:
        listed = json.loads(await response.text())

    assert "gpt-6-luna" in [model["id"] for model in listed["data"]]


@pytest.mark.parametrize("seed", [1, 2])
async def test_books_of_a_mixed_day_equal_the_bill(server: ModelServer, provider: OpenAIProvider, seed: int) -> None:
    """Whole, cut, refused and uncounted calls: equal to the last pico where figures came, within 3 % where not."""
    rng = random.Random(seed)
    server.reply = lambda messages: f"Allora: {messages[-1]['content']} Che cosa sai già? " * rng.randint(1, 9)
    tag = prices.listed("gpt-6-luna", NOW)
    exact: dict[str, int | None] = {}
    estimated: dict[str, Usage] = {}
    history = [Message.of(Role.SYSTEM, "Sei un mentore che aiuta e non risolve. " * rng.randint(1, 200))]

    for number in range(CALLS):
        history.append(Message.of(Role.USER, f"Domanda {number}: perché {rng.random():.3f}?"))
        ask, words = Ask(tuple(history), max_tokens=rng.choice([5, 400])), ""
        server.next(rng.choice(TROUBLES))
        async with aclosing(provider.stream(ask)) as events:
            async for event in events:
                match event:
                    case Delta(text):
                        words += text
                    case Retrying(broken=Broken(reached=False, request_id=str(request_id))):
                        exact[request_id] = 0
                    case Broken(fault=Fault.OVERLOADED, reached=False, request_id=str(request_id)):
                        exact[request_id] = 0
                    case Finished(usage=Usage() as usage, request_id=str(request_id)):
                        exact[request_id] = prices.cost_pico_usd(usage, tag)
                    case Finished(request_id=str(request_id)) | Broken(request_id=str(request_id)):
                        estimated[request_id] = tokens.count_usage(ask, words)
        history[1:] = [*history[1:], Message.of(Role.ASSISTANT, words)][-rng.choice([8, 2]) :]

    bill = {line.request_id: line for line in server.bill}
    assert exact.keys() | estimated.keys() == bill.keys()
    assert exact == {request_id: bill[request_id].pico_usd for request_id in exact}
    assert len(exact) > CALLS / 3
    told = sum(usage.total for usage in estimated.values())
    true = sum(bill[request_id].prompt + bill[request_id].completion for request_id in estimated)
    assert abs(told - true) <= 0.03 * true


async def _post(server: ModelServer, path: str, body: dict[str, Any]) -> Any:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.base_url}{path}", json=body) as response,
    ):
        return json.loads(await response.text())
