"""A student and the mentor, with a model server behind it: what was asked of the model, what it cost, what is shown.

A test that asks for the fixture `model` has a bot that is pointed at it, and a student of sixteen.
"""

import asyncio
import base64
import io
import re
import uuid
from typing import Any

from PIL import Image

from core.mentor.providers import Limits
from tests.e2e.chat import DEADLINE, POLL, STUDENT, Chat, Json, words
from tests.model_server import Billed, ModelServer, Trouble

SLOW = Trouble(delay=0.02)
HASTY = Limits(connect=2.0, read=0.2, whole=0.6, once=0.3, pause=0.01, longest_pause=0.1)
"""How long the server may take where a test has it take too long."""
REPLY = "Certo: prova prima tu."


async def grown(chat: Chat, who: int = STUDENT, year: int = 2010) -> None:
    """Make a student's birth year known."""
    await chat.say("/help", who=who)
    chat.spoil("UPDATE users SET birth_year = :year, onboarding = 'done' WHERE telegram_id = :who", year=year, who=who)


async def calls(chat: Chat, purpose: str) -> list[tuple[str, int, int, int | None]]:
    """State, prompt and completion tokens, and cost of the calls for a purpose."""
    rows = await chat.rows(
        "SELECT state, prompt_tokens, completion_tokens, cost_pico_usd FROM model_calls WHERE purpose = :purpose"
        " ORDER BY id",
        purpose=purpose,
    )
    return [tuple(row) for row in rows]


async def outcomes(chat: Chat, purpose: str = "reply") -> list[tuple[str, str | None]]:
    """State and outcome of the calls for a purpose, one for each try; what was set aside and not used is left out."""
    rows = await chat.rows(
        "SELECT state, outcome FROM model_calls WHERE purpose = :purpose AND outcome != 'not-needed' ORDER BY id",
        purpose=purpose,
    )
    return [tuple(row) for row in rows]


async def settled_calls(chat: Chat) -> None:
    """Wait until no call is open and nothing is set aside."""
    async with asyncio.timeout(DEADLINE):
        while True:
            open_calls = await chat.count("model_calls", "finished_at IS NULL")
            if not open_calls and not await chat.count("spending", "reserved_pico_usd != 0"):
                return
            await asyncio.sleep(POLL)


async def replied(chat: Chat, times: int, who: int = STUDENT) -> Json:
    """Wait until the mentor has answered so many times; gives the bot's newest message."""
    async with asyncio.timeout(DEADLINE):
        while await chat.count("ai_mentor_chats", "shown_at IS NOT NULL AND speaker = 'mentor'") < times:  # noqa: ASYNC110 - a poll
            await asyncio.sleep(POLL)
    return await chat.settled(who)


async def seen_draft(chat: Chat, text: str, who: int = STUDENT) -> str:
    """Wait until a preview shows something; gives what it shows."""
    async with asyncio.timeout(DEADLINE):
        while True:
            draft = chat.pg.draft(who)
            if draft is not None and text in draft["text"]:
                return str(draft["text"])
            await asyncio.sleep(POLL)


async def working(model: ModelServer) -> None:
    """Wait until the model is asked something."""
    async with asyncio.timeout(DEADLINE):
        await model.busy.wait()


async def until(chat: Chat, table: str, where: str, number: int = 1) -> None:
    """Wait until a table has so many such rows."""
    async with asyncio.timeout(DEADLINE):
        while await chat.count(table, where) != number:  # noqa: ASYNC110 - a poll
            await asyncio.sleep(POLL)


def uuid_of(value: Any) -> uuid.UUID:
    """An id that plain SQL gave."""
    return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))


def asked(model: ModelServer) -> list[Billed]:
    """The calls that asked for a reply: titles and summaries have no such instructions."""
    return [line for line in model.bill if line.path.endswith("completions") and _is_reply(line.body)]


def newest(line: Billed) -> str:
    """The words of the newest message of a prompt."""
    return _text(line.body["messages"][-1])


def prompt(line: Billed) -> str:
    """All words of a prompt."""
    return "\n".join(_text(message) for message in line.body["messages"])


def pictures(line: Billed) -> list[Any]:
    """What a prompt has of pictures: their detail, and the picture itself, opened."""
    found = []
    for message in line.body["messages"]:
        for part in message["content"] if isinstance(message["content"], list) else ():
            if part["type"] == "image_url":
                content = base64.b64decode(part["image_url"]["url"].partition(",")[2])
                found.append((part["image_url"].get("detail"), Image.open(io.BytesIO(content)), len(content)))
    return found


def picture(width: int = 80, height: int = 60, kind: str = "JPEG", **how: Any) -> bytes:
    """A picture as a file."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (250, 250, 250)).save(out, kind, **how)
    return out.getvalue()


def bot_words(chat: Chat, who: int = STUDENT) -> list[str]:
    """All that the bot wrote, oldest first."""
    return [words(message) for message in chat.bot_messages(who)]


def _is_reply(body: Any) -> bool:
    return len(body["messages"]) > 2 or bool(re.search(r"⟦/?(?:studente|student)⟧", _text(body["messages"][-1])))


def _text(message: Any) -> str:
    content = message["content"]
    return content if isinstance(content, str) else "\n".join(p["text"] for p in content if p["type"] == "text")
