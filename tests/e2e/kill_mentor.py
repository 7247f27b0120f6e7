"""Students write to the mentor while the bot is killed: no message is lost, none is asked twice, every chat goes on.

Run it at length with `python -m tests.e2e.kill_mentor --kills 50 --students 10 --database postgresql`.
"""

import argparse
import asyncio
import contextlib
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.callbacks import MentorRetry
from bot.playground import Playground
from core.chiron import Chiron
from core.clock import SystemClock
from core.people.model import Onboarding
from storage import schema
from storage.engine import open_engines
from storage.work import SqlStorage
from tests.e2e.chat import presses, said, words
from tests.e2e.kill_play import Bot, database, rows_of
from tests.model_server import Billed, ModelServer, Trouble

FIRST_PERSON = 30_000
QUIET_SECONDS = 60.0
REPLY_TOKENS = 2_000
"""The limit of a reply tells it from a title or a summary."""
UNDER_WAY = (
    "SELECT 'update', person, status FROM inbox WHERE status IN ('received', 'done')",
    "SELECT 'reply', id, user_id, state, why FROM ai_mentor_chats WHERE speaker = 'mentor' AND shown_at IS NULL",
    "SELECT 'message', id, user_id, state FROM ai_mentor_chats WHERE state = 'waiting'",
    "SELECT 'call', id, user_id, state, purpose FROM model_calls WHERE finished_at IS NULL",
)
MARK = re.compile(r"segno-\d+-\d+")
WORDS = ("allora", "guardiamo", "insieme", "questo", "limite", "che", "cosa", "succede", "quando", "x", "cresce")


@dataclass
class Writer:
    """One student.

    Attributes:
        sent: Marks of the messages that were written.
        retried: How often the key below an interrupted reply was pressed.
    """

    pg: Playground
    who: int
    rng: random.Random
    sent: list[str] = field(default_factory=list)
    retried: int = 0
    stopped: int = 0
    pressed: set[int] = field(default_factory=set)

    async def write(self, go_on: Callable[[], bool]) -> None:
        """Write, wait a little, sometimes stop what is written or have it written after all."""
        while go_on():
            for _ in range(self.rng.choice((1, 1, 1, 2))):
                mark = f"segno-{self.who}-{len(self.sent)}"
                self.sent.append(mark)
                self.pg.say(self.who, f"come si risolve questo limite {mark}")
            await asyncio.sleep(self.rng.uniform(0.3, 2.5))
            if self.rng.random() < 0.15 and self.pg.draft(self.who) is not None:
                self.pg.stop_generation(self.who)
                self.stopped += 1
            if self.rng.random() < 0.5:
                self._retry()
            for _ in range(40):
                if self._heard_of(self.sent[-1]) or not go_on():
                    break
                await asyncio.sleep(0.1)

    def _heard_of(self, mark: str) -> bool:
        return any(mark in words(message) for message in self.pg.messages(self.who) if message["from"]["is_bot"])

    def _retry(self) -> None:
        for message in reversed(self.pg.messages(self.who)):
            if not message["from"]["is_bot"] or message["message_id"] in self.pressed:
                continue
            for press in presses(message):
                if isinstance(press, MentorRetry):
                    self.pressed.add(message["message_id"])
                    self.pg.press(self.who, message["message_id"], press.encode())
                    self.retried += 1
                    return


@dataclass
class Report:
    """What a run found.

    Attributes:
        messages: Written by students.
        replies: Stored, and shown.
        interrupted: Those that a kill cut off, of which the chat says so.
        lost: Messages that are not stored exactly once.
        silent: Messages without a reply that reached the chat.
        asked_twice: Messages that the server was asked about more often than students wished.
        billed_twice: Requests with more than one row.
        unbilled: Requests of which no row tells.
        left: Rows and reservations that are still open.
        unshown: Replies that are not in the chat as they are stored.
        repeated: Messages that stand in the chat more than once.
        dead: Updates that were given up.
    """

    kills: int
    messages: int
    requests: int
    replies: int
    interrupted: int
    retried: int
    stopped: int
    lost: list[str]
    silent: list[str]
    asked_twice: list[str]
    billed_twice: list[str]
    unbilled: list[str]
    left: list[str]
    unshown: list[str]
    repeated: int
    dead: int
    seconds: float

    @property
    def good(self) -> bool:
        """Whether every promise was kept."""
        found = (self.lost, self.silent, self.asked_twice, self.billed_twice, self.unbilled, self.left, self.unshown)
        return not any(found) and self.repeated <= self.kills and not self.dead


async def kill_mentor(database_url: str, *, kills: int, students: int, seed: int, folder: Path) -> Report:
    """Let students write, and kill the bot while replies are streamed."""
    rng = random.Random(seed)
    began = time.monotonic()
    await _grown(database_url, students)
    async with Playground(keep_log=False, seed=seed) as pg, ModelServer() as server:
        server.reply = _answer
        server.usual = lambda line: _manner(line, rng)
        model = {
            "OPENAI_BASE_URL": server.base_url,
            "MENTOR_MODEL": "gpt-6-luna",
            "MENTOR_PRICE": "0.10/0.01/0.125/0.50",
        }
        caps = {"STUDENT_DAILY_USD": "1000", "OPERATOR_DAILY_USD": "1000"}
        bot = Bot(pg, database_url, folder, **model, **caps)
        killing = True
        writers = [
            Writer(pg, pg.person(FIRST_PERSON + number).id, random.Random(seed + number)) for number in range(students)
        ]
        try:
            greetings = pg.counters["getMe"]
            await bot.start()
            await bot.serving(greetings)
            async with asyncio.TaskGroup() as tasks:
                for writer in writers:
                    tasks.create_task(writer.write(lambda: killing))
                for _ in range(kills):
                    await _streaming(server, rng)
                    await bot.kill()
                    greetings = pg.counters["getMe"]
                    await bot.start()
                    if rng.random() < 0.15:
                        await asyncio.sleep(rng.uniform(0.1, 1.0))  # killed while it starts
                    else:
                        await bot.serving(greetings)
                killing = False
            await _quiet(database_url, pg)
            found = await _report(database_url, pg, writers, server.bill, kills)
        except BaseException:
            sys.stdout.write(bot.log.read_text()[-4000:])
            raise
        finally:
            await bot.kill()
    return replace(found, seconds=time.monotonic() - began)


async def _grown(database_url: str, students: int) -> None:
    """Students of eighteen who arrived before."""
    storage = SqlStorage(open_engines(database_url))
    now = SystemClock().now()
    try:
        core = Chiron.over(storage, idle=timedelta(minutes=30), rng=random.Random(1))
        for number in range(students):
            person = await core.people.arrive(FIRST_PERSON + number, "it", now)
            grown = replace(person, birth_year=2008, onboarding=Onboarding.DONE)
            await storage.transact(None, lambda work, grown=grown: work.people.save(grown, now))
    finally:
        await storage.close()


def _answer(messages: list[dict[str, Any]]) -> str:
    """A reply that names what it answers, from its first word on."""
    marks = MARK.findall(str(messages[-1]["content"]))
    return " ".join([*marks, *WORDS * 5, "fine."])


def _manner(line: Billed, rng: random.Random) -> Trouble:
    """Slow enough to be killed in the middle; a server that refuses before it begins is asked again."""
    if not _is_reply(line):
        return Trouble()
    return Trouble(status=500) if rng.random() < 0.03 else Trouble(delay=rng.choice((0.005, 0.02, 0.04)))


def _is_reply(line: Billed) -> bool:
    return line.path.endswith("/completions") and line.body.get("max_tokens") == REPLY_TOKENS


async def _streaming(server: ModelServer, rng: random.Random) -> None:
    """Wait for a moment in which something is streamed, mostly."""
    await asyncio.sleep(rng.uniform(0.1, 1.5))
    if rng.random() < 0.8:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                await server.busy.wait()
        await asyncio.sleep(rng.uniform(0.0, 0.5))


async def _quiet(database_url: str, pg: Playground) -> None:
    """Wait until everything is carried out, written and shown."""
    left: list[Any] = []
    try:
        async with asyncio.timeout(QUIET_SECONDS):
            while True:
                left = [row for query in UNDER_WAY for row in await rows_of(database_url, query)]
                if not pg.pending and not left:
                    return
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"{pg.pending} updates pending, and under way: {left[:10]}") from None


async def _report(database_url: str, pg: Playground, writers: list[Writer], bill: list[Billed], kills: int) -> Report:
    chats = await rows_of(
        database_url,
        "SELECT ai_mentor_chats.*, telegram_id FROM ai_mentor_chats JOIN users ON users.id = user_id"
        " ORDER BY ai_mentor_chats.id",
    )
    replies = {chat.id: chat for chat in chats if chat.speaker == "mentor"}
    stored: defaultdict[str, list[Any]] = defaultdict(list)
    for chat in chats:
        if chat.speaker == "student":
            stored[MARK.findall(chat.content)[0]].append(chat)
    marks = [mark for writer in writers for mark in writer.sent]
    silent = [
        mark
        for mark in marks
        for chat in stored[mark]
        if (reply := replies.get(chat.answered_by)) is None or reply.state == "open" or reply.shown_at is None
    ]
    shown = {
        writer.who: Counter(words(m) for m in pg.messages(writer.who) if m["from"]["is_bot"]) for writer in writers
    }
    ends, repeated = await _in_chat(replies, shown)
    asked: Counter[str] = Counter()
    for line in bill:
        if _is_reply(line) and line.how != "refused":
            asked.update(set(MARK.findall(str(line.body["messages"][-1]["content"]))))
    retries = {writer.who: writer.retried for writer in writers}
    calls = await rows_of(database_url, "SELECT * FROM model_calls")
    rows = Counter(call.request_id for call in calls if call.request_id)
    nameless = sum(call.request_id is None and call.sent_at is not None for call in calls)
    unnamed = [line.request_id for line in bill if line.request_id not in rows]
    spending = await rows_of(database_url, "SELECT * FROM spending WHERE reserved_pico_usd <> 0")
    dead = await rows_of(database_url, "SELECT count(*) AS n FROM inbox WHERE status = 'dead'")
    return Report(
        kills=kills,
        messages=len(marks),
        requests=sum(map(_is_reply, bill)),
        replies=len(replies),
        interrupted=sum(chat.state == "interrupted" for chat in replies.values()),
        retried=sum(retries.values()),
        stopped=sum(writer.stopped for writer in writers),
        lost=[f"{mark}: {len(stored[mark])} times" for mark in marks if len(stored[mark]) != 1],
        silent=silent,
        asked_twice=[
            f"{mark}: {count} times" for mark, count in asked.items() if count > 1 + retries[int(mark.split("-")[1])]
        ],
        billed_twice=[f"{request_id}: {count} rows" for request_id, count in rows.items() if count > 1],
        # A call that a kill cut off has no number in its row: as many of these as calls without a row.
        unbilled=unnamed[nameless:],
        left=[f"{row.scope} {row.day}: {row.reserved_pico_usd}" for row in spending]
        + [f"call {call.id} {call.state}" for call in calls if call.finished_at is None],
        unshown=ends,
        repeated=repeated,
        dead=int(dead[0].n),
        seconds=0.0,
    )


async def _in_chat(replies: dict[int, Any], shown: dict[int, Counter[str]]) -> tuple[list[str], int]:
    """Replies that the chat does not have, and how many messages it has more than once."""
    wanted: defaultdict[int, Counter[str]] = defaultdict(Counter)
    lacking = []
    for reply in replies.values():
        if reply.content:
            wanted[reply.telegram_id][reply.content.split(" ")[0]] += 1
        elif reply.state == "interrupted" and reply.why is None:
            wanted[reply.telegram_id][said("mentor-interrupted")[:40]] += 1
    repeated = 0
    for who, beginnings in wanted.items():
        for beginning, count in beginnings.items():
            found = sum(
                number for text, number in shown[who].items() if re.match(re.escape(beginning) + r"(?!\d)", text)
            )
            if found < count:
                lacking.append(f"{who} {beginning}: {found} of {count}")
            repeated += max(0, found - count)
    return lacking, repeated


def main() -> int:
    """Read the command line, run, print the report; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.kill_mentor", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--students", type=int, default=10)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kill-mentor-") as name, database(options.database, Path(name)) as url:
        schema.upgrade(url)
        report = asyncio.run(
            kill_mentor(url, kills=options.kills, students=options.students, seed=options.seed, folder=Path(name))
        )
        log = (Path(name) / "bot.log").read_text()
    sys.stdout.write(f"{report}\n{'good' if report.good else 'BROKEN'}\n")
    if not report.good:
        sys.stdout.write(log[-5000:])
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(main())
