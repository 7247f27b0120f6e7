"""Replies of the mentor into the chat: one task for each student who waits for one, owned here, ended with the program.

No turn waits for a model. A turn stores what was said and wakes the student's task; buttons work meanwhile.
"""

import asyncio
from collections.abc import Sequence

import structlog

from bot.callbacks import MentorStop
from bot.delivery import Blocked, Unreachable
from bot.edge import Edge
from bot.i18n import Translator, translator
from bot.live import Live, Manner
from bot.screens import Key, Screen
from bot.views import mentor as view
from core.errors import NotAllowed, StorageUnavailable
from core.mentor.conversation import Chat, Kind
from core.mentor.replies import Replies
from core.people.model import Person
from core.ports import Actor, Place, Storage, Work

PAUSE = 2.0
CLOSE_SECONDS = 5.0

log = structlog.get_logger(__name__)


class Streams:
    """Has replies carried out and puts them into the chat."""

    def __init__(self, edge: Edge, replies: Replies, storage: Storage) -> None:
        self._edge = edge
        self._storage = storage
        self._replies = replies
        self._manner = Manner()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._again: set[int] = set()
        self._live: dict[int, Live] = {}
        self._closed = False

    def wake(self, telegram_id: int) -> None:
        """See to it that this student's replies are carried out and shown."""
        if self._closed:
            return
        self._again.add(telegram_id)
        if telegram_id not in self._tasks:
            task = asyncio.create_task(self._drive(telegram_id), name="stream")
            self._tasks[telegram_id] = task

    async def wake_all(self) -> int:
        """The same for everybody with a reply that is due or did not reach the chat; gives their number."""
        left = await self._edge.core.mentor.unfinished()
        for _, telegram_id in left:
            self.wake(telegram_id)
        return len(left)

    def stop(self, telegram_id: int) -> bool:
        """End what is being written for a student; whether anything was."""
        live = self._live.get(telegram_id)
        if live is None or live.stopped.is_set():
            return False
        live.stop()
        return True

    async def hide(self, telegram_id: int) -> None:
        """Take what is being written for a student off the screen: a section of their exam begins."""
        live = self._live.get(telegram_id)
        if live is not None:
            await live.hide()

    async def idle(self) -> None:
        """Wait until nobody waits for a reply, and nothing goes on behind one."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        await self._replies.idle()

    async def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Let replies end that are nearly written; the next start goes on with what is left."""
        self._closed = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks.values(), timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._replies.close()

    async def _drive(self, telegram_id: int) -> None:
        try:
            while telegram_id in self._again and not self._closed:
                self._again.discard(telegram_id)
                try:
                    while await self._once(telegram_id):
                        pass
                except (Unreachable, StorageUnavailable) as error:
                    log.warning("stream-waits", reason=type(error).__name__)
                    await asyncio.sleep(PAUSE)
                    self._again.add(telegram_id)
                except Exception:
                    log.exception("stream-failed")  # what is due stays due; the sweep comes back to it
        finally:
            del self._tasks[telegram_id]

    async def _once(self, telegram_id: int) -> bool:
        """Show what is written, then carry out what is due; whether there was anything due."""
        person, is_due, is_unshown = await self._storage.read(lambda work: _standing(work, telegram_id))
        if person is None:
            return False
        actor = Actor(person.id, self._edge.clock.now(), person.zone, person.language)
        t = translator(person.language)
        if is_unshown:
            for chat in await self._edge.core.mentor.unshown(actor):
                await self._show(actor, person, t, chat, ())
        if not is_due:
            return False
        live = Live(
            telegram_id,
            int(self._edge.clock.now().timestamp() * 1000) % 2**31 or 1,
            self._edge.delivery,
            self._edge.pace,
            self._manner,
            ((Key(t.plain("mentor-stop"), MentorStop()),),),
        )
        reply = await self._carry(actor, telegram_id, live)
        if reply is None:
            return False
        unshown = await self._edge.core.mentor.unshown(actor)
        if any(chat.id == reply.id for chat in unshown):
            await self._show(actor, person, t, reply, live.messages)
        return True

    async def _carry(self, actor: Actor, telegram_id: int, live: Live) -> Chat | None:
        self._live[telegram_id] = live
        showing = asyncio.create_task(live.run(), name="live")
        try:
            return await self._replies.carry(actor, live)
        except NotAllowed:
            return None  # a section runs; the sweep comes back
        finally:
            await live.close()
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)
            del self._live[telegram_id]

    async def _show(self, actor: Actor, person: Person, t: Translator, reply: Chat, places: Sequence[Place]) -> None:
        """Put a whole reply into the chat, in place of what was shown while it was written.

        It is written down as shown after it was sent: a crash in between sends it twice.

        Raises:
            Unreachable: Telegram is away.
        """
        try:
            screens = await self._screens(actor, person, t, reply)
        except NotAllowed:
            return  # a section runs meanwhile
        try:
            for number, screen in enumerate(screens):
                await self._edge.pace.wait(urgent=True)
                if number < len(places):
                    await self._edge.delivery.edit(places[number], screen)
                else:
                    await self._edge.delivery.send(person.telegram_id, screen)
            for place in places[len(screens) :]:
                await self._edge.delivery.delete(place)
        except Blocked:
            log.info("blocked", user=person.id)
        await self._edge.core.mentor.shown(actor, reply.id, self._edge.clock.now())

    async def _screens(self, actor: Actor, person: Person, t: Translator, reply: Chat) -> list[Screen]:
        if reply.kind is not Kind.ARCHIVE:
            return view.reply(reply, t)
        question = await self._edge.core.mentor.question(actor, reply.id)
        about = question.scene.version.id if question.scene is not None else None
        found = await self._edge.core.archive.search(actor, question.words, about=about)
        return view.from_archive(reply, question, found, t, role=person.role)


def _standing(work: Work, telegram_id: int) -> tuple[Person | None, bool, bool]:
    """A student, whether a reply is due to them, and whether one did not reach the chat."""
    person = work.people.by_telegram(telegram_id)
    if person is None:
        return None, False, False
    return person, work.conversations.due(person.id) is not None, bool(work.conversations.unshown(person.id))
