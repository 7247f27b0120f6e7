"""What goes wrong on purpose."""

import asyncio

import aiohttp
import pytest
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, RetryAfter

from bot.playground import Playground
from tests.bot.playground.conftest import STUDENT


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("server_error", NetworkError),
        ("too_many", RetryAfter),
        ("unauthorized", InvalidToken),
        ("not_json", NetworkError),
        ("cut_before", NetworkError),
    ],
)
async def test_refusing_faults_have_no_effect(bot: Bot, pg: Playground, name: str, error: type[Exception]) -> None:
    """A call that is struck so fails and does nothing; the next one works."""
    fault = getattr(pg.faults, name)(method="sendMessage")

    with pytest.raises(error):
        await bot.send_message(STUDENT, "a")
    assert pg.messages(STUDENT) == []
    await bot.send_message(STUDENT, "b")

    assert fault.hits == 1
    assert [message["text"] for message in pg.messages(STUDENT)] == ["b"]


async def test_dropped_reply_has_its_effect(bot: Bot, pg: Playground) -> None:
    """A dropped reply looks like a failure but the message is there."""
    pg.faults.drop_reply(method="sendMessage")

    with pytest.raises(NetworkError):
        await bot.send_message(STUDENT, "a")

    assert pg.last(STUDENT)["text"] == "a"
    assert pg.log[-1].error is None


async def test_delay(bot: Bot, pg: Playground) -> None:
    """A delayed call works, later."""
    pg.faults.delay(0.05, method="sendMessage", count=1)
    loop = asyncio.get_running_loop()
    start = loop.time()

    await bot.send_message(STUDENT, "a")

    assert loop.time() - start >= 0.05


async def test_rules_can_skip_count_and_name_nothing(bot: Bot, pg: Playground) -> None:
    """A rule strikes any method, after those it skips, as often as it counts."""
    fault = pg.faults.server_error(503, count=2, skip=1)
    outcomes = []
    for _ in range(5):
        try:
            await bot.send_chat_action(STUDENT, "typing")
            outcomes.append("ok")
        except NetworkError:
            outcomes.append("503")

    assert outcomes == ["ok", "503", "503", "ok", "ok"]
    assert fault.hits == 2


async def test_chance_is_repeatable(pg: Playground) -> None:
    """The same seed strikes the same calls."""
    runs = []
    for _ in range(2):
        pg.faults.clear()
        pg.faults.seed(7)
        pg.faults.server_error(count=None, probability=0.5)
        runs.append([bool(pg.faults.strike("getMe")) for _ in range(20)])

    assert runs[0] == runs[1]
    assert 0 < sum(runs[0]) < 20


async def test_confirmed_updates_come_again(bot: Bot, pg: Playground) -> None:
    """Updates that were confirmed can come once more, before the new ones."""
    pg.say(STUDENT, "a")
    first = await bot.get_updates()
    pg.faults.duplicate_updates("again")
    pg.say(STUDENT, "b")

    again = await bot.get_updates(offset=first[0].update_id + 1)
    after = await bot.get_updates(offset=first[0].update_id + 1)

    assert [update.message.text for update in again if update.message] == ["a", "b"]
    assert [update.message.text for update in after if update.message] == ["b"]


async def test_same_update_twice_in_a_batch(bot: Bot, pg: Playground) -> None:
    """A batch can hold the same update twice."""
    pg.faults.duplicate_updates("twice")
    pg.say(STUDENT, "a")

    batch = await bot.get_updates()

    assert [update.update_id for update in batch] == [batch[0].update_id] * 2


async def test_log_and_counters(bot: Bot, pg: Playground, http: aiohttp.ClientSession) -> None:
    """Every call is kept with its parameters and outcome, and counted."""
    await bot.send_message(STUDENT, "a")
    async with http.post(f"{pg.api_url}{pg.token}/sendMessage", data={"chat_id": "5", "text": "a"}) as answer:
        assert answer.status == 400

    sent, refused = pg.calls("sendMessage")

    assert (sent.params["text"], sent.result["text"], sent.error) == ("a", "a", None)
    assert (refused.result, refused.error) == (None, "Bad Request: chat not found")
    assert (pg.counters["sendMessage"], pg.refusals["Bad Request: chat not found"]) == (2, 1)


async def test_log_can_be_off() -> None:
    """Without a log calls are only counted."""
    async with Playground(keep_log=False) as pg, aiohttp.ClientSession(trust_env=False) as http:
        async with http.get(f"{pg.api_url}{pg.token}/getMe"):
            pass
        assert (len(pg.log), pg.counters["getMe"]) == (0, 1)
