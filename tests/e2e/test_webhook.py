"""Updates that Telegram posts: stored before they are answered, once, and only from Telegram."""

import asyncio
import socket
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot.settings import Settings, WrongSettings
from tests.e2e.chat import STUDENT, Chat, words
from tests.e2e.conftest import ON_BOTH

SECRET = "only_telegram_knows_this"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with a webhook on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    changes = {"webhook_url": f"http://127.0.0.1:{port}", "webhook_secret": SecretStr(SECRET), "webhook_port": port}
    return settings.model_copy(update=changes)


@pytest.fixture
async def hooked(chat: Chat) -> Chat:
    """The bot, once Telegram knows its address."""
    async with asyncio.timeout(10):
        while not chat.pg.webhook.url:  # noqa: ASYNC110 - a poll
            await asyncio.sleep(0.01)
    return chat


@ON_BOTH
async def test_quiz_over_the_webhook(hooked: Chat) -> None:
    """A quiz is played as with polling; nothing polls."""
    await hooked.say("/start")
    await hooked.answer(right=True)
    second = await hooked.press("Avanti")

    assert "2 di 5" in words(second)
    assert hooked.pg.counters["getUpdates"] == 0


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}, {HEADER: "wrong"}, {HEADER: SECRET + "x"}, {HEADER: "è"}])
async def test_wrong_secret_is_refused_and_nothing_written(hooked: Chat, headers: dict[str, str]) -> None:
    """Whoever does not know the secret gets 401, and leaves no row."""
    assert await _post(hooked, _help(1), headers) == 401

    assert await hooked.count("inbox") == 0


@ON_BOTH
async def test_posted_twice_is_carried_out_once(hooked: Chat) -> None:
    """The same update, posted again and at the same time, is answered 200 each time and carried out once."""
    posts = [_post(hooked, _help(7), {HEADER: SECRET}) for _ in range(5)]

    assert await asyncio.gather(*posts) == [200] * 5
    assert await _post(hooked, _help(7), {HEADER: SECRET}) == 200
    await hooked.quiet()

    assert await hooked.count("inbox") == 1
    assert len(hooked.bot_messages()) == 1


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"{}", b'{"update_id": "1"}', b'{"update_id": 1e99}', b"\xff\xfe"])
async def test_nonsense_is_refused(hooked: Chat, body: bytes) -> None:
    """A body that is no update is answered 400."""
    assert await _post(hooked, body, {HEADER: SECRET}) == 400

    assert await hooked.count("inbox") == 0


async def test_health(hooked: Chat) -> None:
    """The endpoint says that it is there."""
    async with (
        aiohttp.ClientSession(trust_env=False) as http,
        http.get(f"{hooked.settings.webhook_url}/health") as answer,
    ):
        assert (answer.status, await answer.text()) == (200, "ok")


async def test_telegram_does_not_take_the_address_at_first(stopped: Chat) -> None:
    """While Telegram does not answer setWebhook it is told again; then updates come."""
    stopped.expected_refusals.add("server_error")
    stopped.pg.faults.server_error(method="setWebhook", count=1)
    await stopped.start()

    assert "1 di 5" in words(await stopped.say("/start"))


async def test_address_that_telegram_refuses(stopped: Chat) -> None:
    """An address that Telegram does not take ends the program with its reason: waiting does not help."""
    stopped.settings = stopped.settings.model_copy(update={"webhook_url": "http://bot.example.org"})
    stopped.expected_refusals.add("bad webhook")
    await stopped.start()

    with pytest.raises(WrongSettings, match="refuses WEBHOOK_URL: Bad webhook"):
        await stopped.ended()


async def test_taken_port_is_said(stopped: Chat) -> None:
    """A port that is taken ends the program with that reason."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("0.0.0.0", stopped.settings.webhook_port))  # noqa: S104 - as the program does
        taken.listen()
        await stopped.start()

        with pytest.raises(OSError, match="address already in use"):
            await stopped.ended()


def _help(update_id: int) -> dict[str, Any]:
    person = {"id": STUDENT, "is_bot": False, "first_name": "Giulia", "language_code": "it"}
    entity = {"type": "bot_command", "offset": 0, "length": 5}
    chat = {"id": STUDENT, "type": "private", "first_name": "Giulia"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": person, "text": "/help", "entities": [entity]}
    return {"update_id": update_id, "message": message}


async def _post(chat: Chat, body: dict[str, Any] | bytes, headers: dict[str, str]) -> int:
    url = f"{chat.settings.webhook_url}/telegram"
    content: Any = {"data": body} if isinstance(body, bytes) else {"json": body}
    async with aiohttp.ClientSession(trust_env=False) as http, http.post(url, headers=headers, **content) as answer:
        return answer.status
