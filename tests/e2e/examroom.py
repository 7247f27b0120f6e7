"""Students in an exam: what they tap, what they see, what the rows of their paper say."""

import asyncio
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.callbacks import ExamAnswer, ExamNew, ExamStart, Press
from bot.i18n import translator
from core.exams.exams import GRACE
from core.exams.formats import FULL, ExamFormat
from core.ids import SittingId
from tests import builders
from tests.e2e.chat import DEADLINE, POLL, STUDENT, Chat, Json, moment, presses, said, words

ZONE = "Europe/Rome"
TRIAL = builders.exam(
    builders.section("plain", 4, 20, topics=("extra/plain",)),
    builders.section("other", 2, 10, topics=("extra/plain", "extra/html")),
)
"""Two sections without pictures, in the order plain, other: 20 and 10 minutes."""


class ExamRoom:
    """A chat in which an exam is sat."""

    def __init__(self, chat: Chat, who: int = STUDENT, language: str = "it") -> None:
        self.chat = chat
        self.who = who
        self.language = language

    # Hands

    async def draw(self, exam: ExamFormat | str = TRIAL, variant: str = FULL) -> Json:
        """Draw a paper, as the button below its rules does."""
        if isinstance(exam, ExamFormat):
            await self.chat.offer(exam)
        await self.chat.say("/exam", who=self.who)
        slug = exam if isinstance(exam, str) else exam.slug
        return await self.tap(ExamNew(SittingId(uuid.uuid4()), slug, variant))

    async def start(self) -> Json:
        """Start the section that follows."""
        return await self.tap(self.offered(ExamStart))

    async def sit(self, exam: ExamFormat | str = TRIAL, variant: str = FULL) -> Json:
        """Draw a paper and start its first section."""
        await self.draw(exam, variant)
        return await self.start()

    async def press(self, key: str, *, on: int | None = None, **values: Any) -> Json:
        """Tap the button whose label the catalogue has under this key."""
        return await self.chat.press(said(key, self.language, **values), who=self.who, on=on)

    async def tap(self, press: Press | str, *, on: int | None = None) -> Json:
        """Tap a button by its data."""
        return await self.chat.tap(press, who=self.who, on=on)

    async def turn(self, arrow: str, times: int = 1) -> Json:
        """Tap ◀ or ▶."""
        for _ in range(times):
            await self.chat.press(arrow, who=self.who)
        return self.last()

    async def choose(self, *, right: bool) -> Json:
        """Tap a right or a wrong letter of the item on the screen."""
        taps = self.letters()
        key = (await self.item(taps[0].position)).right_choice
        return await self.tap(next(tap for tap in taps if (tap.choice == key) is right))

    async def hand_in(self) -> Json:
        """Hand in the section that runs."""
        await self.press("exam-hand-in")
        return await self.press("exam-sure-yes")

    async def finish(self, *, right: bool | None = None) -> Json:
        """Sit it to its end; the first item of every section is answered if that is asked for."""
        while (await self.sitting()).status != "completed":
            if not await self.chat.count("exam_sections", "status = 'running'"):
                await self.start()
            if right is not None:
                await self.choose(right=right)
            await self.hand_in()
        return self.last()

    async def told(self, **time: float) -> Json:
        """Let time go by, until what is due has happened and was told; gives the bot's newest message."""
        self.chat.clock.advance(**time)
        self.chat.clock.advance(seconds=GRACE.total_seconds())
        async with asyncio.timeout(DEADLINE):
            while await self._is_untold():  # noqa: ASYNC110 - a poll
                await asyncio.sleep(POLL)
        return await self.chat.settled(self.who)

    def send(self, kind: str, content: bytes) -> None:
        """Send a photo or a sticker."""
        self.chat.pg.upload(self.who, kind, content)

    # Eyes

    def last(self) -> Json:
        """The bot's newest message."""
        return self.chat.pg.last(self.who)

    def offered(self, kind: type[Press], message: Json | None = None) -> Any:
        """The first button of a kind on a message, by default the newest."""
        return next(press for press in presses(message or self.last()) if isinstance(press, kind))

    def letters(self, message: Json | None = None) -> list[ExamAnswer]:
        """The answers that a message offers, in the order in which they stand there."""
        found = [press for press in presses(message or self.last()) if isinstance(press, ExamAnswer)]
        return [press for press in found if press.choice is not None]

    def papers(self) -> list[Json]:
        """The messages from which an item can be answered."""
        return [message for message in self.chat.bot_messages(self.who) if self.letters(message)]

    def says(self, key: str, message: Json | None = None, **values: Any) -> bool:
        """Whether a message, by default the newest, says what the catalogue has under this key."""
        return said(key, self.language, **values) in words(message or self.last())

    def hour(self, at: datetime) -> str:
        """A moment as it is told."""
        return translator(self.language).time(at, ZONE)

    async def sitting(self) -> Any:
        """The row of the newest sitting."""
        found = await self.chat.rows(
            "SELECT exam_sessions.* FROM exam_sessions JOIN users ON users.id = user_id WHERE telegram_id = :who"
            " ORDER BY started_at DESC LIMIT 1",
            who=self.who,
        )
        return found[0]

    async def sections(self) -> Sequence[Any]:
        """The rows of its sections."""
        return await self._of_sitting("exam_sections", "number")

    async def items(self) -> Sequence[Any]:
        """The rows of its items."""
        return await self._of_sitting("exam_items", "position")

    async def item(self, position: int) -> Any:
        """The row of one item."""
        return (await self.items())[position]

    async def deadline(self) -> datetime:
        """When the running section closes by itself."""
        return next(in_utc(row.deadline) for row in await self.sections() if row.status == "running")

    async def _of_sitting(self, table: str, order: str) -> Sequence[Any]:
        sitting = await self.sitting()
        return await self.chat.rows(
            f"SELECT * FROM {table} WHERE exam_session_id = :id ORDER BY {order}",  # noqa: S608 - our own
            id=sitting.id,
        )

    async def _is_untold(self) -> bool:
        now = self.chat.clock.now() - GRACE
        rows = await self.chat.rows("SELECT notice, due_at FROM exam_sessions")
        return any(row.notice or (row.due_at and in_utc(row.due_at) <= now) for row in rows)


def in_utc(value: Any) -> datetime:
    """A time that plain SQL gave, aware."""
    found = moment(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def shown(message: Json) -> str:
    """Everything that a reader sees of a message: text and keys, for a test that fails."""
    keys = [[key["text"] for key in row] for row in message.get("reply_markup", {}).get("inline_keyboard", [])]
    return "\n".join([words(message), *map(str, keys)])
