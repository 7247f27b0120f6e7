"""`chiron doctor` on the model: whether it is there, what it costs, and whether the caps fit; nothing is billed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr

from bot.app import examine, offer_of
from bot.diagnosis import of_caps, of_models, of_price
from bot.settings import Settings
from core.mentor.events import Broken, Fault
from tests.model_server import ModelServer

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HERE = "http://127.0.0.1:11434/v1"


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    """A model server."""
    async with ModelServer() as running:
        yield running


def settings(sqlite_url: str, **changes: Any) -> Settings:
    """Settings without a token."""
    return Settings(_env_file=None, database_url=sqlite_url, **changes)


async def examined(chosen: Settings) -> tuple[list[str], list[str]]:
    """What is well, and what is not, of the model."""
    well: list[str] = []
    ill = [problem async for problem in examine(chosen, well.append)]
    return [line for line in well if "database" not in line], [line for line in ill if "TELEGRAM" not in line]


async def test_no_model_is_no_problem(sqlite_url: str) -> None:
    """The bank answers."""
    well, ill = await examined(settings(sqlite_url))

    assert ill == []
    assert "✓ tokenizer: its ranks are sound" in well
    assert any(line.startswith("· model: none is set") for line in well)


async def test_model_that_is_there_with_its_price(sqlite_url: str, server: ModelServer) -> None:
    """Server, model, price and caps in a line each, and the server's bill stays empty."""
    chosen = settings(
        sqlite_url, openai_base_url=server.base_url, mentor_model="gpt-6-luna", mentor_price="0.10/0.01/0.125/0.50"
    )

    well, ill = await examined(chosen)

    assert ill == []
    assert f"✓ model: gpt-6-luna at {server.base_url}" in well
    price = "0.10 in, 0.01 cached, 0.125 cache write, 0.50 out (MENTOR_PRICE)"
    assert f"✓ price of gpt-6-luna, USD per million tokens: {price}" in well
    assert "✓ caps of a day, USD: 0.10 for each student, 5 for all of them" in well
    assert server.bill == []


async def test_model_that_is_not_there(sqlite_url: str, server: ModelServer) -> None:
    """The setting is named, with what there is; a password in the address is not repeated."""
    address = server.base_url.replace("http://", "http://me:secret@")
    chosen = settings(sqlite_url, openai_base_url=address, mentor_model="gpt-7", mentor_price="0/0")

    well, ill = await examined(chosen)

    assert ill == [f"MENTOR_MODEL: {server.base_url} has no gpt-7; it has gpt-6-luna, gpt-6.1-terra"]
    assert "secret" not in "".join(well + ill)


async def test_price_that_nobody_lists(sqlite_url: str, server: ModelServer) -> None:
    """Caps in USD cannot hold it: the operator is told what to set."""
    _, ill = await examined(settings(sqlite_url, openai_base_url=server.base_url, mentor_model="gpt-6-luna"))

    assert len(ill) == 1
    assert ill[0].startswith("MENTOR_PRICE is missing: ")


async def test_server_that_is_not_there(sqlite_url: str) -> None:
    """One line, soon."""
    chosen = settings(sqlite_url, openai_base_url="http://127.0.0.1:1/v1", mentor_model="m", mentor_price="0/0")

    _, ill = await examined(chosen)

    assert ill == ["model: http://127.0.0.1:1/v1 does not answer as a model server (unreachable)"]


@pytest.mark.parametrize(
    ("answer", "well", "words"),
    [
        (("llama:latest",), True, "✓ model: llama at"),
        ((), False, "it has none"),
        (tuple("abcdefgh"), False, "a, b, c, d, e, …"),
        (Broken(Fault.UNAUTHORISED, reached=False, model="llama", status=401), False, "OPENAI_API_KEY"),
        (Broken(Fault.REFUSED, reached=False, model="llama", status=404), True, "does not list its models"),
        (Broken(Fault.OVERLOADED, reached=False, model="llama", status=503), False, "(overloaded, HTTP 503)"),
    ],
)
def test_what_a_server_answers(answer: tuple[str, ...] | Broken, well: bool, words: str) -> None:  # noqa: FBT001
    """What is well, and what the operator can do about the rest."""
    found, said = of_models("llama", HERE, answer)

    assert found is well
    assert words in said


def test_listed_price_says_who_lists_it() -> None:
    """OpenAI's own models need no MENTOR_PRICE."""
    offer = offer_of(Settings(_env_file=None, openai_api_key=SecretStr("sk-test")))
    assert offer is not None

    well, said = of_price(offer, NOW)

    assert well
    assert "genai-prices" in said


@pytest.mark.parametrize(
    ("student", "operator", "named"),
    [
        ("0.10", "5", []),
        ("0.001", "5", ["STUDENT_DAILY_USD"]),
        ("0", "0", ["STUDENT_DAILY_USD", "OPERATOR_DAILY_USD"]),
    ],
)
def test_cap_below_one_reply(student: str, operator: str, named: list[str]) -> None:
    """Then no reply would ever be asked for, and nobody would see why."""
    chosen = Settings(
        _env_file=None,
        openai_api_key=SecretStr("sk-test"),
        mentor_price="0.10/0.01/0.125/0.50",
        student_daily_usd=Decimal(student),
        operator_daily_usd=Decimal(operator),
    )
    offer = offer_of(chosen)
    assert offer is not None

    ill = [said for well, said in of_caps(chosen, offer, NOW) if not well]

    assert [said.partition(":")[0] for said in ill] == named
