"""What nobody should send, and what cannot be carried out: a clear line, and nobody else waits."""

import struct
import zlib
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.callbacks import QuizAnswer
from tests.e2e.chat import DEADLINE, PARENT, STUDENT, Chat, presses, said, words
from tests.e2e.conftest import ON_BOTH

SENDER = {"id": STUDENT, "is_bot": False, "first_name": "Giulia", "language_code": "it"}
UNREADABLE: dict[str, dict[str, Any]] = {
    "message without a date": {
        "message": {"message_id": 5, "from": SENDER, "chat": {"id": STUDENT, "type": "private"}}
    },
    "message of words": {"message": {"message_id": "x", "from": SENDER, "chat": "y", "date": "z"}},
    "press without an id": {"callback_query": {"from": SENDER, "data": "h"}},
    "chat of nothing": {"message": {"message_id": 5, "from": SENDER, "chat": None, "date": 1, "text": "a"}},
}
STRANGE = (
    "a" * 4096,
    "🙂" * 2048,
    "\u202eabc\u202c \u200b\u200d\u2066x\u2069",
    "שלום עולם",
    "<b>&</b>",
    "</blockquote><a href='x'>&lt;",
    "%s {0} ${x} {{ }} \\ \" '",
    "'; DROP TABLE users; --",
)
HARMLESS: dict[str, dict[str, Any]] = {
    "no content": {},
    "unknown kind": {"something_new": {"from": SENDER, "x": 1}},
    "huge sender": {"message": {"from": {"id": 10**30}}},
    "negative sender": {"message": {"from": {"id": -5}}},
    "sender of words": {"message": {"from": {"id": "1001"}}},
    "a list": {"message": [1, 2, 3]},
    "a number": {"message": 7},
    "surrogate": {"poll": {"id": "\ud800"}},
}


@ON_BOTH
@pytest.mark.parametrize("name", UNREADABLE)
async def test_unreadable_update_is_marked_dead_and_nothing_waits_for_it(chat: Chat, name: str) -> None:
    """An update that cannot be parsed is kept aside; the person's next one is carried out."""
    chat.pg.push_raw(UNREADABLE[name])

    message = await chat.say("/help")

    assert "Che cosa so fare" in words(message)
    assert [row.status for row in await chat.rows("SELECT status FROM inbox ORDER BY seq")] == ["dead", "shown"]
    assert (await chat.rows("SELECT payload FROM inbox ORDER BY seq"))[0].payload


@ON_BOTH
async def test_strange_updates_are_put_aside(chat: Chat) -> None:
    """Updates of nobody, of kinds to come, or with absurd ids change nothing and stop nothing."""
    for update in HARMLESS.values():
        chat.pg.push_raw(update)

    assert "Che cosa so fare" in words(await chat.say("/help"))


@ON_BOTH
async def test_bug_in_a_handler(chat: Chat) -> None:
    """A question that is gone from the database: three tries, then an apology with the number that the log has."""
    question = await chat.begin("extra/plain")
    chat.spoil("UPDATE quiz_sessions SET version_ids = '[424242]'")

    with capture_logs() as logs:
        await chat.tap(presses(question)[0])
        apology = await _apology(chat)

    assert "Traceback" not in words(apology)
    (dead,) = [entry for entry in logs if entry["event"] == "turn-dead"]
    assert dead["reference"] in words(apology)
    assert [entry["event"] for entry in logs].count("turn-failed") == 3
    (row,) = await chat.rows("SELECT * FROM inbox WHERE status = 'dead'")
    assert row.tries == 2  # the first one is not written down
    assert b'"data"' in bytes(row.payload)
    assert "Che cosa so fare" in words(await chat.say("/help"))


async def test_bug_after_the_effect(chat: Chat) -> None:
    """What was recorded before a screen could not be drawn stays recorded, and counts once."""
    question = await chat.begin("extra/plain", length=2)
    tap = next(press for press in presses(question) if isinstance(press, QuizAnswer))
    chat.spoil("UPDATE quiz_sessions SET version_ids = replace(version_ids, ', ', ', 42424')")
    await chat.tap(tap)

    await chat.press("Avanti")
    await _apology(chat)

    assert len(await chat.attempts()) == 1


@pytest.mark.parametrize(
    ("kind", "caption", "key"),
    [
        ("document", "/start <b>a & b</b>", "cannot-read"),
        ("sticker", "", "cannot-read"),
        ("voice", "/start <b>a & b</b>", "mentor-no-ears"),
        ("photo", "", "mentor-no-eyes"),
    ],
)
async def test_files_get_a_clear_line(chat: Chat, kind: str, caption: str, key: str) -> None:
    """Stickers and documents, and without a model photos and voice too, get one line that says what is understood."""
    chat.pg.upload(STUDENT, kind, _png(), caption=caption)

    assert words(await chat.settled()) == said(key)
    assert len(chat.bot_messages()) == 1


async def test_edited_messages_change_nothing(chat: Chat) -> None:
    """Changing what was written is no second answer."""
    await chat.begin("extra/numeric")
    written = chat.pg.say(STUDENT, "0,5")
    await chat.quiet()
    before = len(chat.bot_messages())

    chat.pg.edit(STUDENT, written["message_id"], "0,75")
    await chat.quiet()

    assert [bool(row.is_right) for row in await chat.attempts()] == [False]
    assert len(chat.bot_messages()) == before


@pytest.mark.parametrize("command", ["/nothing", "/QUIZ_", "/grades", "/" + "a" * 40])
async def test_unknown_commands_get_help(chat: Chat, command: str) -> None:
    """A command that is not there is answered with those that are."""
    assert "/quiz" in words(await chat.say(command))


@pytest.mark.parametrize("topic", ["extra/short", "extra/numeric", "extra/plain"])
async def test_any_text_is_taken_calmly(chat: Chat, topic: str) -> None:
    """Whatever is written at a question gets an answer; Telegram never refuses what the bot says of it."""
    for text in STRANGE:
        await chat.begin(topic)
        before = len(chat.bot_messages())

        answer = await chat.say(text)

        assert len(chat.bot_messages()) == before + 1, text
        assert words(answer), text
    assert len(await chat.attempts()) == 0
    assert await chat.count("inbox", "status = 'dead'") == 0


async def test_any_text_as_the_answer(chat: Chat) -> None:
    """A reply with the strangest text is judged and shown as it was written."""
    question = await chat.begin("extra/short")

    verdict = await chat.say("<b>&amp;</b> \u202e🙂", reply_to=question["message_id"])

    assert "<b>&amp;</b>" in words(verdict)
    assert "Non è così" in words(verdict)


async def test_others_are_answered_meanwhile(chat: Chat) -> None:
    """A chat in which everything breaks does not hold up another."""
    question = await chat.begin("extra/plain")
    chat.spoil("UPDATE quiz_sessions SET version_ids = '[424242]'")
    chat.pg.press(STUDENT, question["message_id"], presses(question)[0].encode())
    chat.pg.say(PARENT, "/help")

    other = await chat.pg.wait_for(PARENT, timeout=DEADLINE)
    await chat.quiet()

    assert "Che cosa so fare" in words(other)


async def _apology(chat: Chat) -> dict[str, Any]:
    """The apology, which is sent once its turn is dead."""
    beginning = said("apology", reference="|").split("|")[0]
    return await chat.pg.wait_for(STUDENT, lambda message: words(message).startswith(beginning), DEADLINE)


def _png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 20, 10, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 21 * 10)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
