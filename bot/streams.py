"""Replies of the mentor into the chat: one task for each student who waits for one, owned here, ended with the program.

No turn waits for a model. A turn stores what was said and wakes the student's task; buttons work meanwhile.
"""

import asyncio
from collections import Counter
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
from core.ids import ChatId
from core.mentor.conversation import Chat, Kind
from core.mentor.mentor import owed
from core.mentor.replies import Replies
from core.people.model import Person
from core.ports import Actor, Place, Storage

PAUSE = 2.0
MAX_TRIES = 3
ALBUM_SECONDS = 0.6
"""Photos of an album come one by one, and are answered together."""
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
        self._failures: Counter[ChatId] = Counter()
        self._hiding: set[asyncio.Task[None]] = set()
        self._closed = False

    def wake(self, telegram_id: int) -> None:
        """See to it that this student's replies are carried out and shown."""
        if self._closed:
            return
        self._again.add(telegram_id)
        if telegram_id not in self._tasks:
            task = asyncio.create_task(self._drive(telegram_id), name="stream")
            self._tasks[telegram_id] = task

    def wake_soon(self, telegram_id: int) -> None:
        """The same in a moment: more that belongs to it is on its way."""
        asyncio.get_running_loop().call_later(ALBUM_SECONDS, self.wake, telegram_id)

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

    def hide(self, telegram_id: int) -> None:
        """Take what is being written for a student off the screen: a section of their exam begins.

        From now on nothing more of it is shown; what stands there goes as soon as Telegram takes it.
        """
        live = self._live.get(telegram_id)
        if live is not None:
            live.cover()
            hiding = asyncio.create_task(live.hide(), name="hide")
            self._hiding.add(hiding)
            hiding.add_done_callback(self._hiding.discard)

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
        await asyncio.gather(*self._hiding, return_exceptions=True)
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
        found = await self._storage.read(lambda work: owed(work, telegram_id, self._edge.clock.now()))
        if found is None:
            return False
        person, due = found.person, found.due
        actor = Actor(person.id, self._edge.clock.now(), person.zone, person.language)
        t = translator(person.language)
        if found.unshown:
            for chat in await self._edge.core.mentor.unshown(actor):
                await self._show_left(actor, person, t, chat)
        if due is None:
            return False
        live = Live(
            telegram_id,
            int(self._edge.clock.now().timestamp() * 1000) % 2**31 or 1,
            self._edge.delivery,
            self._edge.pace,
            self._manner,
            ((Key(t.plain("mentor-stop"), MentorStop()),),),
        )
        try:
            reply = await self._carry(actor, telegram_id, live, watched=due.why is None)
        except (Unreachable, StorageUnavailable):
            raise
        except Exception:
            log.exception("reply-failed", reply=due.id)
            if self._has_tries(due.id):
                raise
            await self._edge.core.mentor.give_up(actor, due.id, self._edge.clock.now())
            return True
        if reply is None:
            return False
        unshown = await self._edge.core.mentor.unshown(actor)
        if any(chat.id == reply.id for chat in unshown):
            await self._show(actor, person, t, reply, live.messages, live.patience)
        return True

    async def _show_left(self, actor: Actor, person: Person, t: Translator, chat: Chat) -> None:
        """Show a reply that was not shown when it was written; one that cannot be does not hold up the others."""
        try:
            await self._show(actor, person, t, chat, ())
        except (Unreachable, StorageUnavailable):
            raise
        except Exception:
            log.exception("reply-not-shown", reply=chat.id)
            if not self._has_tries(chat.id):
                await self._edge.core.mentor.shown(actor, chat.id, self._edge.clock.now())

    def _has_tries(self, reply: ChatId) -> bool:
        """Whether a reply that failed may be tried again; after three times it is left."""
        self._failures[reply] += 1
        return self._failures[reply] < MAX_TRIES

    async def _carry(self, actor: Actor, telegram_id: int, live: Live, *, watched: bool) -> Chat | None:
        """Have a reply carried out; one that comes at once is not shown before it is whole."""
        self._live[telegram_id] = live
        showing = asyncio.create_task(live.run() if watched else asyncio.sleep(0), name="live")
        try:
            return await self._replies.carry(actor, live)
        except NotAllowed:
            return None  # a section runs; the sweep comes back
        finally:
            await live.close()
            showing.cancel()
            (failure,) = await asyncio.gather(showing, return_exceptions=True)
            if isinstance(failure, Exception):
                log.error("preview-failed", exc_info=failure)
            del self._live[telegram_id]

    async def _show(  # noqa: PLR0913 - whose, what, and in whose place
        self,
        actor: Actor,
        person: Person,
        t: Translator,
        reply: Chat,
        places: Sequence[Place],
        patience: float = 0.0,
    ) -> None:
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
                await self._edge.pace.wait(patience=patience)
                if not await self._edge.core.mentor.may_show(actor, reply.id, self._edge.clock.now()):
                    return  # a section began while it waited for its turn; the rest comes after it
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
        if reply.kind is Kind.SCRIPT:
            return view.reply(reply, t)
        question = await self._edge.core.mentor.question(actor, reply.id)
        if reply.kind is Kind.REPLY:
            return view.reply(reply, t, question.heard or None)
        about = question.scene.version.id if question.scene is not None else None
        # In words of their own a student may ask about something else than what stands there.
        found = await self._edge.core.archive.search(actor, question.words, about=about if question.pressed else None)
        if found.is_empty and about is not None:
            found = await self._edge.core.archive.search(actor, question.words, about=about)
        return view.from_archive(reply, question, found, t, role=person.role)
