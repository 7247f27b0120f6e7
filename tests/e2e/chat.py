"""A bot that runs beside the test, and the hands and eyes of the people who use it."""

import asyncio
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text as sql_text

from bot.app import Program, core_over
from bot.callbacks import Press, QuizAnswer, QuizStart, decode
from bot.i18n import Value, translator
from bot.playground import Playground
from bot.playground.entities import parse_html
from bot.playground.faults import Fault
from bot.settings import Settings
from core.exams.formats import ExamFormat
from core.ids import QuizId, TopicId, to_short
from core.mentor.providers import Limits
from core.practice.model import Mode
from core.questions.model import Bank
from storage.engine import open_engines
from storage.work import SqlStorage
from tests.fakes import FakeClock

Json = dict[str, Any]

STUDENT = 1001
PARENT = 1002
DEADLINE = 10.0
"""Seconds after which something that should have happened has not."""
POLL = 0.01
DEADLINE_SECONDS = 0.05
"""Between two looks at what is due in exams."""
KNOWN_REFUSALS = frozenset({"message is not modified"})
FAULTS = frozenset({"server_error", "too_many", "not_json", "cut_before"})


class Chat:
    """The program, its Bot API, and its database seen through a connection of the test's own."""

    def __init__(self, pg: Playground, settings: Settings, clock: FakeClock) -> None:
        self.pg = pg
        self.settings = settings
        self.clock = clock
        self.expected_refusals: set[str] = set()
        self.limits: Limits | None = None
        self._eyes = open_engines(settings.database_url)
        self._storage: SqlStorage | None = None
        self._stop = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    # Life

    async def start(self, *, wait: bool = True) -> None:
        """Start the program; with `wait`, until it asks for updates."""
        self._storage = SqlStorage(open_engines(self.settings.database_url))
        program = Program(
            self.settings,
            self._storage,
            clock=self.clock,
            drain_seconds=0.0,
            deadline_seconds=DEADLINE_SECONDS,
            limits=self.limits,
        )
        self._stop = asyncio.Event()
        ready = asyncio.Event()
        self._running = asyncio.create_task(program.run(self._stop, ready=ready.set))
        if wait:
            waiting = asyncio.create_task(ready.wait())
            async with asyncio.timeout(DEADLINE):
                await asyncio.wait({waiting, self._running}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()

    async def stop(self) -> None:
        """End it as SIGTERM does; raises what ended it, if something else did."""
        self._stop.set()
        try:
            if self._running is not None:
                await self._running
        finally:
            self._running = None
            if self._storage is not None:
                await self._storage.close()
                self._storage = None

    async def ended(self) -> None:
        """Wait until it ends by itself; raises what ended it."""
        assert self._running is not None
        async with asyncio.timeout(DEADLINE):
            await asyncio.wait({self._running})
        await self.stop()

    async def close(self) -> None:
        """End it and look away."""
        try:
            await self.stop()
        finally:
            await self._eyes.dispose()

    async def offer(self, exam: ExamFormat) -> None:
        """Keep an exam, as `chiron exam add` does."""
        assert self._storage is not None
        await core_over(self._storage, self.settings).exams.add([exam], self.clock.now())

    async def store(self, bank: Bank) -> None:
        """Keep a bank, as `chiron bank import` does."""
        assert self._storage is not None
        await core_over(self._storage, self.settings).banks.store(bank, self.clock.now(), title=bank.name)

    async def forget(self, **time: float) -> None:
        """Let time go by, and do what the sweep does then."""
        assert self._storage is not None
        await core_over(self._storage, self.settings).mentor.forget(self.clock.advance(**time))

    # Hands

    async def say(self, what: str, *, who: int = STUDENT, reply_to: int | None = None) -> Json:
        """Write a message; gives the bot's newest message once everything is quiet."""
        self.pg.say(who, what, reply_to=reply_to)
        return await self.settled(who)

    async def press(self, label: str, *, who: int = STUDENT, on: int | None = None) -> Json:
        """Tap the newest button with this label (on a message, if named); gives the bot's newest message."""
        self.pg.press_key(who, label, message_id=on)
        return await self.settled(who)

    async def tap(self, press: Press | str, *, who: int = STUDENT, on: int | None = None) -> Json:
        """Tap a button by its data, which may be on no message (any more)."""
        data = press if isinstance(press, str) else press.encode()
        self.pg.press(who, self.pg.last(who)["message_id"] if on is None else on, data)
        return await self.settled(who)

    async def answer(self, *, right: bool, who: int = STUDENT) -> Json:
        """Tap a right or a wrong letter of the question that is asked."""
        message = self.pg.last(who)
        taps = [tap for tap in presses(message) if isinstance(tap, QuizAnswer)]
        key = await self.key(taps[0])
        return await self.tap(next(tap for tap in taps if (tap.choice in key) is right), who=who)

    async def begin(self, topic: str, *, length: int = 1, who: int = STUDENT) -> Json:
        """Begin a quiz over a topic, as a button of its setup screen would."""
        if not any(message["from"]["is_bot"] for message in self.pg.messages(who)):
            await self.say("/help", who=who)
        found = await self.rows("SELECT id FROM topics WHERE path = :path", path=topic)
        return await self.tap(
            QuizStart(QuizId(uuid.uuid4()), Mode.TARGETED, TopicId(found[0].id), None, length), who=who
        )

    # Eyes

    async def settled(self, who: int = STUDENT) -> Json:
        """Wait until nothing is under way; gives the bot's newest message."""
        await self.quiet()
        return self.pg.last(who)

    async def quiet(self, seconds: float = DEADLINE) -> None:
        """Wait until every update is confirmed, carried out and shown (or dead)."""
        async with asyncio.timeout(seconds):
            while True:
                if self._running is not None and self._running.done():
                    await self._running
                    raise AssertionError("the program has ended")
                if not self.pg.pending and not await self._under_way():
                    return
                await asyncio.sleep(POLL)

    async def _under_way(self) -> bool:
        """Whether an update or a reply of the mentor did not reach its end."""
        (found,) = await self.rows(
            "SELECT (SELECT count(*) FROM inbox WHERE status IN ('received', 'done'))"
            " + (SELECT count(*) FROM ai_mentor_chats WHERE speaker = 'mentor' AND shown_at IS NULL) AS n"
        )
        return bool(found.n)

    async def pg_struck(self, fault: Fault, times: int = 1) -> None:
        """Wait until a fault has struck."""
        async with asyncio.timeout(DEADLINE):
            while fault.hits < times:  # noqa: ASYNC110 - a poll
                await asyncio.sleep(POLL)

    async def rows(self, query: str, **values: Any) -> Sequence[Any]:
        """What the database holds, through a session of the test's own."""
        async with self._eyes.reader.connect() as connection:
            return (await connection.execute(sql_text(query), values)).all()

    async def count(self, table: str, where: str = "1 = 1", **values: Any) -> int:
        """How many rows a table has."""
        found = await self.rows(f"SELECT count(*) AS n FROM {table} WHERE {where}", **values)  # noqa: S608 - our own
        return int(found[0].n)

    def spoil(self, statement: str, **values: Any) -> None:
        """Change the database behind the program's back."""
        with self._eyes.writer.begin() as connection:
            connection.execute(sql_text(statement), values)

    async def key(self, tap: QuizAnswer) -> set[int]:
        """The right choices at a position, in the bank's order."""
        quiz = await self.rows("SELECT version_ids FROM quiz_sessions WHERE id = :id", id=self.id_of(tap.quiz))
        versions = quiz[0].version_ids
        numbers = versions if isinstance(versions, list) else [int(part) for part in versions.strip("[]").split(",")]
        found = await self.rows(
            "SELECT position FROM choices WHERE version_id = :version AND is_right", version=numbers[tap.position]
        )
        return {row.position for row in found}

    def id_of(self, quiz: QuizId) -> Any:
        """A quiz's id as this database writes it in plain SQL."""
        return quiz.hex if self._eyes.sqlite else quiz

    async def screen(self, who: int = STUDENT) -> Any:
        """The row of `screens` for a person."""
        found = await self.rows("SELECT * FROM screens WHERE person = :who", who=who)
        return found[0] if found else None

    async def attempts(self, who: int = STUDENT) -> Sequence[Any]:
        """A person's attempts, the oldest first."""
        return await self.rows(
            "SELECT attempts.* FROM attempts JOIN users ON users.id = user_id WHERE telegram_id = :who"
            " ORDER BY attempts.id",
            who=who,
        )

    def bot_messages(self, who: int = STUDENT) -> list[Json]:
        """What the bot wrote, oldest first."""
        return [message for message in self.pg.messages(who) if message["from"]["is_bot"]]

    def with_keys(self, who: int = STUDENT) -> list[Json]:
        """The bot's messages that have buttons."""
        return [message for message in self.bot_messages(who) if labels(message)]


def said(key: str, language: str = "it", **values: Value) -> str:
    """A text of the catalogue as it is read in the chat; tests name texts by their keys."""
    return parse_html(str(translator(language)(key, **values)))[0]


def words(message: Json) -> str:
    """The text or caption of a message."""
    return str(message.get("text") or message.get("caption") or "")


def labels(message: Json) -> list[str]:
    """The texts of a message's buttons."""
    return [str(key["text"]) for row in _keyboard(message) for key in row]


def presses(message: Json) -> list[Press]:
    """What a message's buttons mean."""
    return [decode(key["callback_data"]) for row in _keyboard(message) for key in row if "callback_data" in key]


def folded(message: Json) -> list[str]:
    """The parts of a message that stand in an expandable quote."""
    units = words(message).encode("utf-16-le")
    found = message.get("entities") or message.get("caption_entities") or ()
    return [
        units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
        for entity in found
        if entity["type"] == "expandable_blockquote"
    ]


def quiz_of(message: Json) -> str:
    """The short id of the quiz that a message's buttons belong to."""
    return next(to_short(press.quiz) for press in presses(message) if hasattr(press, "quiz"))


def moment(value: Any) -> datetime:
    """A time that plain SQL gave."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


def _keyboard(message: Json) -> list[list[Json]]:
    found: list[list[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return found
