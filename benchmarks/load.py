"""A lean Bot API and the students who use it, in a process of their own.

It answers just what a quiz turn needs and keeps no chat: a yardstick must not be slower than what it measures. Students
are a closed loop: each presses a button, waits until the press is answered and a message was edited or sent, and
presses the next. `python -m benchmarks.load` measures the server's own ceiling, with a client that only writes bytes.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qsl

import uvloop

HOST = "127.0.0.1"
TOKEN = "123456789:benchmark-benchmark-benchmark-0001"  # noqa: S105 - for this server alone
BOT = {"id": 123456789, "is_bot": True, "first_name": "Chiron", "username": "chiron_benchmark_bot"}
COUNTED = ("qa", "qn", "go")
"""Presses that count as turns: an answer, the next question, a bare bot's only button."""
USABLE = ("qa:", "qn:", "go:")
BATCH = 100
DATE = 1_790_000_000

Json = dict[str, Any]


@dataclass(slots=True)
class Student:
    """One person: what stands in their chat, and the press they wait for."""

    id: int
    starts: list[str]
    message_id: int = 1
    text: str = "–"
    markup: Json | None = None
    query: str = ""
    data: str = ""
    answered: bool = True
    shown: bool = True
    pressed_at: float = 0.0
    presses: int = 0

    def choose(self) -> str | None:
        """The button that is pressed next: one of the message's, else the next quiz that was prepared."""
        usable = [
            key["callback_data"]
            for row in (self.markup or {}).get("inline_keyboard", ())
            for key in row
            if key.get("callback_data", "").startswith(USABLE)
        ]
        if usable:
            return usable[self.presses % len(usable)]
        return self.starts.pop(0) if self.starts else None


@dataclass(slots=True)
class Round:
    """One measurement: what is counted between its start and its end."""

    begins: float
    ends: float
    latencies: list[float] = field(default_factory=list)
    calls: int = 0
    finished: int = 0


class World:
    """Students, waiting updates, and the round that is under way."""

    def __init__(self) -> None:
        self.students: dict[int, Student] = {}
        self.queries: dict[str, Student] = {}
        self.updates: list[tuple[int, str]] = []
        self.poll: tuple[Callable[[bytes], None], int] | None = None
        self.poll_timer: asyncio.TimerHandle | None = None
        self.waking = False
        self.next_update = 1
        self.round: Round | None = None

    def press(self, student: Student) -> None:
        """Press the next button."""
        data = student.choose()
        if data is None:
            return
        student.presses += 1
        number = self.next_update
        self.next_update += 1
        query = f"{student.id}{number:012d}"
        self.queries.pop(student.query, None)
        self.queries[query] = student
        student.query, student.data = query, data
        student.answered = student.shown = False
        student.pressed_at = time.perf_counter()
        person = {"id": student.id, "is_bot": False, "first_name": f"Student {student.id}", "language_code": "it"}
        update = {
            "update_id": number,
            "callback_query": {
                "id": query,
                "from": person,
                "message": message(student.id, student.message_id, student.text, student.markup),
                "chat_instance": str(student.id),
                "data": data,
            },
        }
        self.updates.append((number, json.dumps(update)))
        if self.poll is not None and not self.waking:
            self.waking = True
            asyncio.get_running_loop().call_soon(self.wake)

    def wake(self) -> None:
        """Give a waiting poll what has come."""
        self.waking = False
        if self.poll is not None and self.updates:
            reply, limit = self.poll
            self.poll = None
            if self.poll_timer is not None:
                self.poll_timer.cancel()
            reply(self.batch(limit))

    def batch(self, limit: int) -> bytes:
        """The oldest updates as getUpdates gives them."""
        return f'{{"ok":true,"result":[{",".join(text for _, text in self.updates[:limit])}]}}'.encode()

    def settle(self, student: Student) -> None:
        """Go on if the turn is over."""
        if not (student.answered and student.shown) or not student.query:
            return
        self.queries.pop(student.query, None)
        student.query = ""
        running = self.round
        now = time.perf_counter()
        if running is not None:
            running.finished += 1
        if running is None or now >= running.ends:
            return
        if now >= running.begins and student.data.startswith(COUNTED):
            running.latencies.append(now - student.pressed_at)
        self.press(student)


def message(chat: int, message_id: int, text: str, markup: Json | None) -> Json:
    """A message of the bot, as the Bot API writes it."""
    told: Json = {
        "message_id": message_id,
        "from": BOT,
        "chat": {"id": chat, "type": "private", "first_name": f"Student {chat}"},
        "date": DATE,
        "text": text,
    }
    if markup is not None:
        told["reply_markup"] = markup
    return told


class Server(asyncio.Protocol):
    """HTTP/1.1 as far as bots speak it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.buffer = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer each whole request."""
        self.buffer += data
        while True:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.buffer[:end]
            lowered = head.lower()
            at = lowered.find(b"content-length:")
            length = int(lowered[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.buffer) < end + 4 + length:
                return
            body = self.buffer[end + 4 : end + 4 + length]
            self.buffer = self.buffer[end + 4 + length :]
            kind_at = lowered.find(b"content-type:")
            kind = head[kind_at + 13 :].split(b"\r\n", 1)[0].strip() if kind_at >= 0 else b""
            self.answer(head.split(b" ", 2)[1].decode(), kind, body)

    def reply(self, body: bytes) -> None:
        """Send a JSON body."""
        if self.transport is not None and not self.transport.is_closing():
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
            self.transport.write(head + body)

    def answer(self, path: str, kind: bytes, body: bytes) -> None:
        """Carry a request out."""
        if path.startswith("/control/"):
            self.control(path.removeprefix("/control/"), json.loads(body))
            return
        method = path.rpartition("/")[2].partition("?")[0]
        if self.world.round is not None:
            self.world.round.calls += 1
        params = _params(kind, body)
        match method.lower():
            case "getupdates":
                self.get_updates(params)
            case "answercallbackquery":
                student = self.world.queries.get(params["callback_query_id"])
                self.reply(b'{"ok":true,"result":true}')
                if student is not None:
                    student.answered = True
                    self.world.settle(student)
            case "editmessagetext" | "sendmessage":
                self.show(params)
            case "editmessagereplymarkup":
                chat, number = int(params["chat_id"]), int(params["message_id"])
                self.reply(_ok(message(chat, number, "–", None)))
            case "getme":
                self.reply(_ok(BOT))
            case _:
                self.reply(b'{"ok":true,"result":true}')

    def show(self, params: dict[str, str]) -> None:
        """Edit or send a message."""
        chat = int(params["chat_id"])
        student = self.world.students.get(chat) or Student(chat, [])
        number = int(params.get("message_id", student.message_id + 1))
        markup = json.loads(params["reply_markup"]) if params.get("reply_markup") else None
        self.reply(_ok(message(chat, number, params["text"], markup)))
        student.message_id, student.text, student.markup, student.shown = number, params["text"], markup, True
        self.world.settle(student)

    def get_updates(self, params: dict[str, str]) -> None:
        """Give what waits, or hold the question until something comes."""
        world = self.world
        offset, limit = int(params.get("offset", 0)), min(BATCH, int(params.get("limit", BATCH)))
        world.updates = [update for update in world.updates if update[0] >= offset]
        patience = float(params.get("timeout", 0))
        if world.updates or not patience:
            self.reply(world.batch(limit))
            return
        world.poll = (self.reply, limit)
        world.poll_timer = asyncio.get_running_loop().call_later(patience, self.nothing)

    def nothing(self) -> None:
        """Nothing came in time."""
        if self.world.poll is not None:
            self.world.poll = None
            self.reply(b'{"ok":true,"result":[]}')

    def control(self, what: str, body: Any) -> None:
        """Do what the benchmark asks: take students in, or run a round and tell its figures."""
        if what == "students":
            self.world.students = {
                int(number): Student(int(number), list(starts)) for number, starts in body["students"].items()
            }
            self.reply(b"{}")
            return
        begins = time.perf_counter() + body["warm"]
        self.world.round = Round(begins, begins + body["seconds"])
        for student in self.world.students.values():
            self.world.press(student)
        asyncio.get_running_loop().call_later(body["warm"] + body["seconds"] + body["drain"], self.report, body)

    def report(self, body: Json) -> None:
        """Tell the figures of a round."""
        running = self.world.round
        latencies = sorted(running.latencies) if running else []
        stuck = sum(1 for student in self.world.students.values() if student.query)
        figures = {
            "turns": len(latencies),
            "per_second": len(latencies) / body["seconds"],
            "p50_ms": _percentile(latencies, 0.5),
            "p99_ms": _percentile(latencies, 0.99),
            "stuck": stuck,
            "calls": running.calls if running else 0,
            "finished": running.finished if running else 0,
        }
        self.world.round = None
        self.reply(json.dumps(figures).encode())


def _params(kind: bytes, body: bytes) -> dict[str, str]:
    if kind.startswith(b"application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    if kind.startswith(b"application/json"):
        return {name: str(value) for name, value in json.loads(body).items()}
    return _parts(kind, body) if kind.startswith(b"multipart/form-data") else {}


def _parts(kind: bytes, body: bytes) -> dict[str, str]:
    boundary = b"--" + kind.partition(b"boundary=")[2].strip(b'"')
    values = {}
    for part in body.split(boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = head.partition(b'name="')[2].partition(b'"')[0]
        values[name.decode()] = content[:-2].decode()
    return values


def _ok(result: object) -> bytes:
    return b'{"ok":true,"result":' + json.dumps(result).encode() + b"}"


def _percentile(ordered: list[float], share: float) -> float:
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


async def serve() -> None:
    """Serve until the standard input ends; the first line says the port."""
    loop = asyncio.get_running_loop()
    world = World()
    server = await loop.create_server(lambda: Server(world), HOST, 0, backlog=4096)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


class Writer(asyncio.Protocol):
    """One connection of the bot that only writes bytes."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.heard: asyncio.Future[bytes] | None = None
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take an answer; only that of getUpdates is waited for."""
        if self.heard is None:
            return
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        length = int(self.buffer[:end].rpartition(b": ")[2])
        if len(self.buffer) >= end + 4 + length:
            body, self.buffer = self.buffer[end + 4 :], b""
            self.heard.set_result(body)

    def send(self, method: str, body: bytes) -> None:
        """Write one request."""
        assert self.transport is not None  # noqa: S101 - connected
        self.transport.write(
            b"POST /bot%b/%b HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (TOKEN.encode(), method.encode(), len(body), body)
        )


async def write_only(port: int) -> None:
    """A bot without a library: finds ids in the raw text and answers with bytes made before."""
    from urllib.parse import urlencode  # noqa: PLC0415 - only here

    from benchmarks.bots import KEYBOARD, TEXT  # noqa: PLC0415 - only here

    loop = asyncio.get_running_loop()
    (_, poller), *others = [await loop.create_connection(Writer, HOST, port) for _ in range(33)]
    screen = urlencode({"text": TEXT, "parse_mode": "HTML", "reply_markup": json.dumps(KEYBOARD)}).encode()
    offset = turn = 0
    while True:
        poller.heard = loop.create_future()
        poller.send("getUpdates", b"timeout=25&limit=100&offset=%d" % offset)
        body = await poller.heard
        for piece in body.split(b'{"update_id": ')[1:]:
            number, rest = piece.split(b",", 1)
            offset = int(number) + 1
            query = rest.split(b'"id": "', 1)[1].split(b'"', 1)[0]
            person = rest.split(b'"from": {"id": ', 1)[1].split(b",", 1)[0]
            place = rest.split(b'"message_id": ', 1)[1].split(b",", 1)[0]
            turn += 1
            writer = others[turn % len(others)][1]
            writer.send("answerCallbackQuery", b"callback_query_id=" + query)
            writer.send("editMessageText", b"chat_id=%b&message_id=%b&%b" % (person, place, screen))


def main() -> None:
    """Serve, or with `--write PORT` be the client that measures the ceiling, or measure it."""
    match sys.argv[1:]:
        case ["--serve"]:
            uvloop.run(serve())
        case ["--write", port]:
            uvloop.run(write_only(int(port)))
        case _:
            from benchmarks.turns import ceiling  # noqa: PLC0415 - it imports this file

            print(f"ceiling of the load server: {ceiling():,.0f} turns/s")


if __name__ == "__main__":
    main()
