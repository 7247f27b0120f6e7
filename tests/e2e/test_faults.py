"""What Telegram does on bad days, while somebody plays: every answer counts once, and the chat gets to its end."""

import asyncio
import os
import random
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.intake import TokenRefused
from bot.playground import Playground
from core.ids import QuizId
from tests.e2e.chat import FAULTS, STUDENT, Chat, presses, words
from tests.e2e.conftest import ON_BOTH
from tests.e2e.players import Player

SENDING = ("sendMessage", "editMessageText", "editMessageReplyMarkup", "answerCallbackQuery", "getUpdates")


@ON_BOTH
@pytest.mark.parametrize("kind", ["server_error", "drop_reply", "cut_before", "not_json", "again", "twice", "too_many"])
async def test_quiz_through_faults(chat: Chat, kind: str) -> None:
    """With a quarter of all calls struck, a quiz gets to its result and says nothing that the rows do not."""
    chat.expected_refusals |= FAULTS | {"query is too old"}
    chat.pg.faults.seed(3)
    player = Player(chat.pg, STUDENT, random.Random(5), pause=0)
    if kind in {"again", "twice"}:
        chat.pg.faults.duplicate_updates(kind, count=None, probability=0.5)
    else:
        struck = ("sendMessage",) if kind == "too_many" else SENDING
        for method in struck:
            getattr(chat.pg.faults, kind)(method=method, count=2 if kind == "too_many" else None, probability=0.25)

    async with asyncio.timeout(60):
        await player.play()
    chat.pg.faults.clear()
    await chat.quiet(30)

    await _rows_say_the_same(chat, player)


@ON_BOTH
async def test_telegram_away_for_a_while(chat: Chat) -> None:
    """Nothing gets through in either direction for a while; what was tapped before is shown by itself afterwards."""
    question = await chat.begin("extra/plain")
    chat.expected_refusals |= FAULTS
    chat.pg.faults.cut_before(method="getUpdates", count=None)
    editing = chat.pg.faults.server_error(method="editMessageText", count=None)
    mark = chat.pg.mark()
    chat.pg.press(STUDENT, question["message_id"], presses(question)[0].encode())
    await _until(lambda: editing.hits >= 2 or not chat.pg.faults.rules)
    chat.pg.faults.clear()

    await chat.pg.wait_for(STUDENT, lambda message: "Spiegazione" in words(message), 20, since=mark)
    await chat.quiet(20)

    assert len(await chat.attempts()) == 1


async def test_only_sending_is_out_of_order(chat: Chat) -> None:
    """When updates still come but no message is taken, the result is shown as soon as one is: nobody has to ask."""
    question = await chat.begin("extra/plain")
    chat.expected_refusals |= FAULTS
    chat.pg.faults.server_error(method="editMessageText", count=7)
    mark = chat.pg.mark()

    chat.pg.press(STUDENT, question["message_id"], presses(question)[0].encode())

    await chat.pg.wait_for(STUDENT, lambda message: "Spiegazione" in words(message), 30, since=mark)
    await chat.quiet(20)
    assert len(await chat.attempts()) == 1
    assert await chat.count("inbox", "status = 'dead'") == 0


async def test_telegram_away_at_the_start(stopped: Chat) -> None:
    """A start without Telegram waits, and goes on by itself when it is there."""
    stopped.expected_refusals |= FAULTS
    stopped.pg.faults.cut_before(method="getMe", count=1)
    stopped.pg.faults.server_error(method="deleteWebhook", count=1)
    stopped.pg.faults.not_json(method="setMyCommands", count=1)
    with capture_logs() as logs:
        await stopped.start()

    message = await stopped.say("/start")

    assert "1 di 5" in words(message)
    assert [entry["event"] for entry in logs].count("telegram-away") == 2
    await _until(lambda: bool(stopped.pg.world.commands_for(stopped.pg.person(STUDENT))))


async def test_blocked_bot(chat: Chat) -> None:
    """Whoever blocks the bot gets nothing and holds up nobody; what was answered stays, and is there afterwards."""
    question = await chat.begin("extra/plain", length=2)
    chat.expected_refusals.add("Forbidden")
    chat.pg.faults.delay(0.2, method="getUpdates", count=1)
    chat.pg.press(STUDENT, question["message_id"], presses(question)[0].encode())
    chat.pg.block(STUDENT)
    await chat.quiet()
    assert len(await chat.attempts()) == 1

    chat.pg.unblock(STUDENT)
    again = await chat.say("/resume")

    assert "2 di 2" in words(again)
    assert await chat.count("inbox", "status = 'dead'") == 0


async def test_conflict_is_said_and_survived(chat: Chat) -> None:
    """While the same token is polled elsewhere the log says so; afterwards everything goes on."""
    chat.expected_refusals.add("Conflict")
    with capture_logs() as logs:
        while not any(entry["event"] == "another-instance" for entry in logs):
            chat.pg.world.updates.interrupt("conflict")  # what a second poll does to the first
            await asyncio.sleep(0.01)

    assert "1 di 5" in words(await chat.say("/start"))


async def test_token_revoked_in_the_middle(chat: Chat) -> None:
    """A token that is refused while the bot runs ends it with that reason, not with a group of errors."""
    chat.expected_refusals.add("unauthorized")
    chat.pg.faults.unauthorized(method="getUpdates", count=None)
    chat.pg.say(STUDENT, "/help")

    with pytest.raises(TokenRefused):
        await chat.ended()


@pytest.mark.parametrize(
    ("token", "line"),
    [("7:wrong", "Telegram refuses TELEGRAM_BOT_TOKEN"), ("", "TELEGRAM_BOT_TOKEN is missing"), ("x", "does not look")],
)
async def test_refused_token_is_one_line_and_exit_code_two(
    pg: Playground, tmp_path: Path, database: str, token: str, line: str
) -> None:
    """A wrong token ends the program at once, with one line that says what to do."""
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", "run"],
        env={**os.environ, "TELEGRAM_BOT_TOKEN": token, "TELEGRAM_API_URL": pg.api_url, "DATABASE_URL": database},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 2
    assert line in last
    assert "Traceback" not in done.stderr
    assert token in {"", "x"} or token not in done.stderr


async def test_too_many_requests_are_waited_for(chat: Chat) -> None:
    """A 429 is waited for as long as it says; the message comes once."""
    chat.expected_refusals |= FAULTS | {"Too Many"}
    chat.pg.faults.too_many(1, method="sendMessage", count=1)

    message = await chat.say("/help")

    assert "Che cosa so fare" in words(message)
    assert len(chat.bot_messages()) == 1


async def _rows_say_the_same(chat: Chat, player: Player) -> None:
    attempts = await chat.rows(
        "SELECT attempts.* FROM attempts JOIN users ON users.id = user_id WHERE telegram_id = :who", who=player.who
    )
    recorded = {(_uuid(row.quiz_id), row.position): bool(row.is_right) for row in attempts}
    assert len(recorded) == len(attempts)
    assert player.verdicts == {key: recorded.get(key) for key in player.verdicts}
    assert player.results == 1
    assert player.repeated == 0
    assert await chat.count("inbox", "status = 'dead'") == 0


def _uuid(value: object) -> QuizId:
    return QuizId(value if isinstance(value, uuid.UUID) else uuid.UUID(str(value)))


async def _until(true: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - a poll
            await asyncio.sleep(0.01)
