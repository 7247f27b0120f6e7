"""What the page talks to."""

import asyncio
import json
import signal
import sys
from typing import Any

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.playground import Playground
from tests.bot.playground.conftest import PARENT, STUDENT, png

KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("Sì", callback_data="yes")]])


class Stream:
    """Reads Server-Sent Events."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer

    async def next(self) -> dict[str, Any]:
        """Give the next event."""
        async with asyncio.timeout(3):
            while True:
                line = (await self.answer.content.readline()).decode()
                if line.startswith("data: "):
                    return dict(json.loads(line[6:]))
                if not line:
                    raise EOFError


async def test_lists_people(pg: Playground, http: aiohttp.ClientSession) -> None:
    """The page knows the bot, a student and a parent, and can let others in."""
    async with http.post(f"{pg.url}/play/people", json={"first_name": "Ada", "language_code": "en"}) as answer:
        new = await answer.json()
    async with http.get(f"{pg.url}/play/people") as answer:
        listed = await answer.json()

    assert listed["bot"] == {"first_name": "Chiron", "username": "chiron_play_bot"}
    assert listed["people"] == [
        {"id": 1001, "first_name": "Giulia", "role": "student", "language_code": "it"},
        {"id": 1002, "first_name": "Marco", "role": "parent", "language_code": "it"},
        new,
    ]


async def test_language_comes_with_the_next_update(bot: Bot, pg: Playground, http: aiohttp.ClientSession) -> None:
    """A changed language is sent with the next update."""
    async with http.patch(f"{pg.url}/play/people/{STUDENT}", json={"language_code": "en"}) as answer:
        assert (await answer.json())["language_code"] == "en"
    async with http.post(f"{pg.url}/play/send", json={"person": STUDENT, "text": "hi"}) as answer:
        assert answer.status == 200

    user = (await bot.get_updates())[0].effective_user

    assert user is not None
    assert user.language_code == "en"


async def test_events_tell_all(bot: Bot, pg: Playground, http: aiohttp.ClientSession) -> None:
    """A page sees a snapshot, then what happens in its person's chat and nothing of others."""
    pg.say(STUDENT, "prima")
    await bot.send_message_draft(STUDENT, 3, "pre")
    async with http.get(f"{pg.url}/play/events", params={"person": STUDENT}) as answer:
        assert answer.content_type == "text/event-stream"
        stream = Stream(answer)
        snapshot = await stream.next()
        await bot.send_message(PARENT, "altrove")
        sent = await bot.send_message(STUDENT, "Pronta?", reply_markup=KEYS)
        query_id = pg.press_key(STUDENT, "Sì")
        await bot.answer_callback_query(query_id, "bene")
        await sent.edit_text("Via")
        await bot.send_chat_action(STUDENT, "typing")
        await bot.send_message_draft(STUDENT, 4, "")
        await bot.set_my_commands([("quiz", "Quiz")])
        await sent.delete()
        events = [await stream.next() for _ in range(7)]

    assert (snapshot["type"], snapshot["messages"][0]["text"], snapshot["commands"]) == ("snapshot", "prima", [])
    assert snapshot["draft"] == {"draft_id": 3, "text": "pre", "entities": []}
    assert [event["type"] for event in events] == [
        "message",
        "answered",
        "edit",
        "action",
        "draft",
        "commands",
        "delete",
    ]
    assert events[0]["message"]["from"]["is_bot"]
    assert events[1] == {"type": "answered", "query_id": query_id, "text": "bene", "show_alert": False}
    assert events[2]["message"]["text"] == "Via"
    assert events[5]["commands"] == [{"command": "quiz", "description": "Quiz"}]
    assert events[6]["message_id"] == sent.message_id


async def test_page_acts(bot: Bot, pg: Playground, http: aiohttp.ClientSession) -> None:
    """Writing, pressing and uploading on the page become updates, and files come back to it."""
    sent = await bot.send_message(STUDENT, "Pronta?", reply_markup=KEYS)
    form = aiohttp.FormData({"person": str(STUDENT), "kind": "photo", "caption": "ecco"})
    form.add_field("file", png(), filename="x.png", content_type="image/png")
    said = {"person": STUDENT, "text": "/quiz", "reply_to": sent.message_id}
    async with http.post(f"{pg.url}/play/send", json=said) as answer:
        assert answer.status == 200
    pressed = {"person": STUDENT, "message_id": sent.message_id, "data": "stale"}
    async with http.post(f"{pg.url}/play/press", json=pressed) as answer:
        assert (await answer.json())["query_id"]
    async with http.post(f"{pg.url}/play/upload", data=form) as answer:
        assert answer.status == 200

    text, press, photo = await bot.get_updates()

    assert text.message is not None
    assert text.message.reply_to_message is not None
    assert press.callback_query is not None
    assert press.callback_query.data == "stale"
    assert photo.message is not None
    async with http.get(f"{pg.url}/play/file/{photo.message.photo[0].file_id}") as answer:
        assert (await answer.read(), answer.content_type) == (png(), "image/png")


async def test_documents_never_open_in_the_page(pg: Playground, http: aiohttp.ClientSession) -> None:
    """An uploaded HTML file is handed out as a download, so it cannot act as the page."""
    sent = pg.upload(STUDENT, "document", b"<script>", name="x.html", mime_type="text/html")

    async with http.get(f"{pg.url}/play/file/{sent['document']['file_id']}") as answer:
        assert answer.headers["Content-Disposition"] == "attachment"
        assert answer.content_type == "application/octet-stream"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("send", {"person": STUDENT, "text": "a" * 4097}),
        ("send", {"person": STUDENT, "text": " "}),
        ("send", {"person": 5, "text": "a"}),
        ("send", {"person": STUDENT, "text": "a", "reply_to": 99}),
        ("send", {"person": STUDENT, "text": 5}),
        ("send", ["a"]),
        ("press", {"person": STUDENT, "message_id": 99, "data": "a"}),
        ("press", {"person": STUDENT, "data": "a"}),
        ("people", {"first_name": ""}),
        ("upload", {}),
    ],
)
async def test_wrong_acts_are_400(pg: Playground, http: aiohttp.ClientSession, path: str, body: object) -> None:
    """What a client could not do is refused with a reason."""
    async with http.post(f"{pg.url}/play/{path}", json=body) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    ],
)
@pytest.mark.parametrize("path", ["/play/people", "/play/events?person=1001", "/bot7:playground/getMe"])
async def test_other_sites_are_refused(
    pg: Playground,
    http: aiohttp.ClientSession,
    headers: dict[str, str],
    path: str,
) -> None:
    """A rebound name or a foreign page gets 403 from everything."""
    async with http.get(pg.url + path, headers=headers) as answer:
        assert answer.status == 403


async def test_own_page_is_let_in(pg: Playground, http: aiohttp.ClientSession) -> None:
    """The page's own origin passes, under each name of loopback; what a foreign form could send does not write."""
    for host in (f"127.0.0.1:{pg.port}", f"localhost:{pg.port}"):
        headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
        async with http.post(f"{pg.url}/play/send", json={"person": STUDENT, "text": "a"}, headers=headers) as answer:
            assert answer.status == 200
    body, plain = json.dumps({"person": STUDENT, "text": "a"}), {"Content-Type": "text/plain"}
    async with http.post(f"{pg.url}/play/send", data=body, headers=plain) as answer:
        assert answer.status == 400


@pytest.mark.parametrize("path", ["/page/../state.py", "/page/%2e%2e/state.py", "/page/..%2fstate.py", "/page/none.js"])
async def test_only_page_files(pg: Playground, http: aiohttp.ClientSession, path: str) -> None:
    """Nothing outside the page's folder is handed out."""
    from yarl import URL  # noqa: PLC0415 - only here

    async with http.get(URL(pg.url + path, encoded=True)) as answer:
        assert answer.status == 404


async def test_sigterm_stops_at_once() -> None:
    """The server alone prints its address and ends on SIGTERM while a stream and a poll are open."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.playground",
        "--port",
        "0",
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    url = (await asyncio.wait_for(process.stdout.readline(), 10)).decode().strip()
    async with aiohttp.ClientSession(trust_env=False) as http:
        stream = await http.get(f"{url}/play/events", params={"person": STUDENT})
        poll = asyncio.create_task(http.get(f"{url}/bot7:playground/getUpdates", params={"timeout": 50}))
        await Stream(stream).next()
        await asyncio.sleep(0.05)
        process.send_signal(signal.SIGTERM)

        assert await asyncio.wait_for(process.wait(), 2) == 0
        assert (await poll).status == 200
        stream.close()
