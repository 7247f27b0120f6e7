"""What the chat page talks to: people, events, sending, pressing, uploading."""

import asyncio
import json
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.playground import acts
from bot.playground.events import encode
from bot.playground.state import Person, World

Json = dict[str, Any]

PAGE = Path(__file__).parent / "page"
HEARTBEAT_SECONDS = 15
MAX_NAME = 64
_SHOWN = ("image/png", "image/jpeg", "image/webp", "image/gif", "audio/ogg", "audio/mpeg", "audio/webm", "audio/mp4")


class PageApi:
    """The routes of the page."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[web.AbstractRouteDef]:
        """List the routes."""
        return [
            web.get("/", self.index),
            web.get("/page/{path:.+}", self.static),
            web.get("/play/people", self.people),
            web.post("/play/people", self.add_person),
            web.patch("/play/people/{id}", self.change_person),
            web.get("/play/events", self.events),
            web.post("/play/send", self.send),
            web.post("/play/press", self.press),
            web.post("/play/stop", self.stop),
            web.post("/play/upload", self.upload),
            web.get("/play/file/{id}", self.file),
        ]

    async def index(self, _: web.Request) -> web.StreamResponse:
        """Show the page."""
        return _page_file(PAGE / "index.html")

    async def static(self, request: web.Request) -> web.StreamResponse:
        """Give a file of the page."""
        path = (PAGE / request.match_info["path"]).resolve()
        if not path.is_relative_to(PAGE.resolve()):
            raise web.HTTPNotFound
        return _page_file(path)

    async def people(self, _: web.Request) -> web.Response:
        """List the bot and the people."""
        bot = {key: self.world.bot[key] for key in ("first_name", "username")}
        return _json({"bot": bot, "people": [person.card() for person in self.world.people.values()]})

    async def add_person(self, request: web.Request) -> web.Response:
        """Let a new person in."""
        body = await _body(request)
        name = _string(body, "first_name").strip()
        if not 1 <= len(name) <= MAX_NAME:
            raise acts.ActError(f"first_name has 1 to {MAX_NAME} characters")
        person = Person(
            self.world.next_person_id(),
            name,
            role=_string(body, "role") or "student",
            language_code=_string(body, "language_code") or "it",
        )
        return _json(self.world.add(person).card())

    async def change_person(self, request: web.Request) -> web.Response:
        """Change a person's language or name; the bot sees it with the next update."""
        person = acts.person_of(self.world, _number(request.match_info["id"], "id"))
        body = await _body(request)
        person.language_code = _string(body, "language_code") or person.language_code
        person.first_name = _string(body, "first_name").strip()[:MAX_NAME] or person.first_name
        commands = self.world.commands_for(person)
        self.world.events.publish(person.id, {"type": "commands", "commands": commands})
        return _json(person.card())

    async def send(self, request: web.Request) -> web.Response:
        """Write a message."""
        body = await _body(request)
        reply_to = body.get("reply_to")
        message = acts.say(
            self.world,
            self._person(body),
            _string(body, "text"),
            reply_to=None if reply_to is None else _number(reply_to, "reply_to"),
        )
        return _json({"message": message})

    async def press(self, request: web.Request) -> web.Response:
        """Tap a button."""
        body = await _body(request)
        message_id = _number(body.get("message_id"), "message_id")
        press = acts.press(self.world, self._person(body), message_id, _string(body, "data"))
        return _json({"query_id": press.query_id})

    async def stop(self, request: web.Request) -> web.Response:
        """Tap Stop below a streamed preview."""
        acts.stop_generation(self.world, self._person(await _body(request)))
        return _json({})

    async def upload(self, request: web.Request) -> web.Response:
        """Send a file."""
        form = await request.post()
        part = form.get("file")
        if not isinstance(part, web.FileField):
            raise acts.ActError("there is no file")
        message = acts.upload(
            self.world,
            self._person(form),
            str(form.get("kind", "document")),
            part.file.read(),
            name=part.filename,
            mime_type=part.content_type,
            caption=str(form.get("caption", "")),
        )
        return _json({"message": message})

    async def file(self, request: web.Request) -> web.Response:
        """Give the bytes of a file; only pictures and sound open in the page."""
        found = self.world.files.get(request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound
        kind = found.mime_type.partition(";")[0].strip()
        headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        if kind not in _SHOWN:
            kind = "application/octet-stream"
            headers["Content-Disposition"] = "attachment"
        headers["Cache-Control"] = "private, max-age=86400, immutable"
        return web.Response(body=found.content, content_type=kind, headers=headers)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Stream a person's chat: a snapshot, then what happens."""
        person = acts.person_of(self.world, _number(request.query.get("person"), "person"))
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
        await stream.prepare(request)
        # Nothing is awaited between the two, so that no event is both in the snapshot and after it.
        queue = self.world.events.subscribe(person.id)
        snapshot = encode(self.world.snapshot(person))
        try:
            await stream.write(f"retry: 1000\ndata: {snapshot}\n\n".encode())
            while True:
                try:
                    async with asyncio.timeout(HEARTBEAT_SECONDS):
                        line = await queue.get()
                except TimeoutError:
                    await stream.write(b": alive\n\n")
                    continue
                if line is None:
                    break
                await stream.write(f"data: {line}\n\n".encode())
        except ConnectionError:
            return stream
        finally:
            self.world.events.unsubscribe(person.id, queue)
        return stream

    def _person(self, body: Any) -> Person:
        return acts.person_of(self.world, _number(body.get("person"), "person"))


def _page_file(path: Path) -> web.StreamResponse:
    if not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"})


async def _body(request: web.Request) -> Json:
    # A form or a plain text can be sent by any site without asking; JSON cannot.
    if request.content_type != "application/json":
        raise acts.ActError("the body must be JSON")
    try:
        body = json.loads(await request.read())
    except ValueError:
        raise acts.ActError("the body must be JSON") from None
    if not isinstance(body, dict):
        raise acts.ActError("the body must be a JSON object")
    return body


def _string(body: Json, name: str) -> str:
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise acts.ActError(f"{name} must be a string")
    return value


def _number(value: object, name: str) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise acts.ActError(f"{name} must be a number") from None


def _json(body: Json) -> web.Response:
    return web.Response(body=encode(body).encode(), content_type="application/json")
