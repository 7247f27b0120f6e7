"""Logs: lines for people and for programs, without tokens, texts or names."""

import asyncio
import json
import logging
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.logs import redact, set_up
from bot.playground import Playground
from storage import schema
from tests.e2e.players import Player

TOKEN = "123456789:AAE-abcdefghijklmnopqrstuvwxyz_0123"
NAME = "Bartolomea"
TEXT = "frase-che-nessuno-scrive"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Afterwards logging is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("style", ["console", "json"])
def test_tokens_are_taken_out_everywhere(capsys: pytest.CaptureFixture[str], style: str) -> None:
    """In messages, values and tracebacks, ours and those of libraries."""
    set_up("DEBUG", style)

    structlog.get_logger("ours").warning("said", url=f"https://api.telegram.org/bot{TOKEN}/getMe")
    logging.getLogger("theirs").error("failed: %s", TOKEN)
    try:
        int(TOKEN)
    except ValueError:
        structlog.get_logger("ours").exception("broke")

    written = capsys.readouterr().err
    assert TOKEN not in written
    assert written.count("[token]") >= 3
    assert "ValueError" in written


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Programs read a level, an event and a time in UTC."""
    set_up("INFO", "json")

    structlog.get_logger("ours").info("said", number=5)
    logging.getLogger("theirs").warning("heard")

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line["level"]) for line in lines] == [("said", "info"), ("heard", "warning")]
    assert lines[0]["number"] == 5
    assert lines[0]["timestamp"].endswith("Z")


def test_level_holds(capsys: pytest.CaptureFixture[str]) -> None:
    """What lies below the level is not written."""
    set_up("WARNING", "console")

    structlog.get_logger("ours").info("whisper")

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("text", ["12:ab", "10:30:45", "sqlite+aiosqlite:///file", "2026-11-20T09:00:00"])
def test_what_is_no_token_stays(text: str) -> None:
    """Times and addresses are left as they are."""
    assert redact(text) == text


async def test_session_at_debug_says_nothing_of_people(tmp_path: Path) -> None:
    """A quiz with faults, strange texts and a broken row, logged at DEBUG: no token, no text, no name."""
    database = f"sqlite+aiosqlite:///{tmp_path / 'chiron.db'}"
    await asyncio.to_thread(schema.upgrade, database)
    log = tmp_path / "log"
    async with Playground(seed=3) as pg:
        who = pg.person(7007, first_name=NAME).id
        environment = {
            **os.environ,
            "TELEGRAM_BOT_TOKEN": pg.token,
            "TELEGRAM_API_URL": pg.api_url,
            "DATABASE_URL": database,
            "LOG_LEVEL": "DEBUG",
        }
        with log.open("wb") as file:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env=environment, cwd=tmp_path, stdout=file, stderr=file
            )
        try:
            pg.faults.server_error(method="editMessageText", count=None, probability=0.2)
            pg.faults.cut_before(method="getUpdates", skip=2, count=2)
            pg.say(who, TEXT)
            pg.push_raw({"message": {"message_id": 1, "text": TEXT, "from": {"id": who, "first_name": NAME}}})
            async with asyncio.timeout(60):
                await Player(pg, who, random.Random(1)).play()
        finally:
            process.terminate()
            await process.wait()

    written = log.read_text()
    assert "update-unreadable" in written
    for secret in (pg.token, NAME, TEXT):
        assert secret not in written
