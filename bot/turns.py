"""One turn through the system: from a stored update to a screen in the chat, or to an honest apology."""

import asyncio
import itertools
import json
import secrets
from collections import OrderedDict
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from telegram import CallbackQuery, Update
from telegram.ext import Application

from bot import groups
from bot.delivery import Blocked, Unreachable
from bot.edge import PAPER, Edge
from bot.i18n import Translator, translator
from bot.lanes import Received
from bot.notices import Notices
from bot.screens import Screen
from bot.views import home as home_view
from bot.views import standing as standing_view
from core.errors import AlreadySettled, ChironError, EarlierWaiting, StorageUnavailable
from core.exams.outcomes import OnPaper
from core.people.model import Person
from core.ports import Actor, Place, Receipt, Shown
from core.practice.gate import RUNNING

MAX_TRIES = 3
EMPTY_ANSWER_SECONDS = 1.0
"""After this long a press is answered empty, so that its button stops spinning."""
KNOWN_PEOPLE = 5_000
PROFILE_SECONDS = 60
STORAGE_PAUSE = 1.0
AGAIN_AT_ONCE = 20
"""People who are shown where they stand at the same time, after a restart or an outage."""
ORDER_PAUSE = 0.05
ORDER_PATIENCE = 100
"""Pauses to wait for an earlier update that another process may be carrying out; then it is carried out here."""
UNREACHABLE_TRIES = 20
UNREACHABLE_PAUSE = 15.0
"""Telegram answers, and yet it does not take a message: tries, and seconds between them, before one is given up."""

log = structlog.get_logger(__name__)

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


@dataclass(slots=True)
class Turn:
    """One update from one person, under way."""

    edge: Edge
    update: Update
    person: Person
    now: datetime
    receipt: Receipt
    query: CallbackQuery | None = None
    answered: bool = False
    screen: Place | None = None
    failure: Exception | None = None
    covered: bool = False
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        """The person as the core sees them acting."""
        return Actor(self.person.id, self.now, self.person.zone, self.person.language, self.receipt)

    @property
    def t(self) -> Translator:
        """The person's words."""
        return translator(self.person.language)

    @property
    def pressed(self) -> Place | None:
        """The message whose button was pressed."""
        message = self.query.message if self.query else None
        if message is None:
            return None
        return Place(self.person.telegram_id, message.message_id, "", "", bool(getattr(message, "photo", ())))

    async def answer(self, toast: str | None = None) -> None:
        """Answer the press, once."""
        if self.query is not None and not self.answered:
            self.answered = True
            await self.edge.delivery.answer(self.query.id, toast)

    async def show(self, screen: Screen, *, retire: Place | None = None) -> None:
        """Put a screen into the chat: into the pressed message, or below.

        Args:
            screen: What to show.
            retire: A message that loses its keys because the screen stands elsewhere now.
        """
        pressed = self.pressed
        delivery = self.edge.delivery
        edited = None if screen.below else pressed
        kept = {edited.message_id} if edited else set()
        older = {place.message_id for place in (pressed, retire) if place is not None}
        older |= await self.edge.copies_of(self.person.telegram_id, screen)
        paper = await self._replaced_paper(screen)
        if paper is not None and paper.message_id not in kept:
            kept.add(paper.message_id)
            self.tasks.append(asyncio.create_task(self.edge.remove(paper), name="remove"))
        for message_id in older - kept:
            self._strip(message_id)
        answering = asyncio.create_task(self.answer(screen.toast))
        try:
            if edited is not None:
                shown = await delivery.edit(edited, screen)
            else:
                shown = await delivery.send(self.person.telegram_id, screen)
        finally:
            await answering
        if edited is not None and shown.message_id != edited.message_id:
            self.edge.copies.gone(shown.person, edited.message_id)
        self.edge.copies.stands(shown)
        if screen.place:
            self.screen = shown
        if edited is None:
            self.covered = screen.place != PAPER and (self.query is None or not screen.place)

    async def show_beside(self, screen: Screen) -> None:
        """Send a screen of no place; whatever stands in the chat stays as it is."""
        answering = asyncio.create_task(self.answer(screen.toast))
        try:
            await self.edge.delivery.send(self.person.telegram_id, screen)
        finally:
            await answering

    async def catch_up(self, screen: Screen, toast: str) -> None:
        """Answer a press from a place that is over.

        The same message pressed twice shows what it shows already. So does a copy below it: a message whose receipt
        got lost is sent twice. An older message loses its keys, and where the person is stands below it: it is sent
        only if the screen shows something else.
        """
        pressed, place = self.pressed, await self.edge.standing_place(self.person.telegram_id)
        if pressed is None or place is None or place.message_id == pressed.message_id:
            await self.show(screen)
        elif pressed.message_id > place.message_id:
            await self.show(screen, retire=place)
        elif (place.place, place.ref) == (screen.place, screen.ref):
            self._strip(pressed.message_id)
            await self.answer(toast)
        else:
            await self.show(screen.with_toast(toast).lowered())

    async def _replaced_paper(self, screen: Screen) -> Place | None:
        """The message with a paper that this screen takes the place of: the same sitting's, or an older one's."""
        if screen.place not in {PAPER, "exam"}:
            return None
        paper = await self.edge.paper_of(self.person.telegram_id)
        return paper if paper is not None and (screen.place == PAPER or paper.ref == screen.ref) else None

    def _strip(self, message_id: int) -> None:
        stripping = self.edge.delivery.strip(self.person.telegram_id, message_id)
        self.tasks.append(asyncio.create_task(stripping, name="strip"))


current_turn: ContextVar[Turn] = ContextVar("current_turn")


class Turns:
    """Runs turns and sees each to its end: shown, or dead with an apology."""

    def __init__(
        self, edge: Edge, application: AnyApplication, *, unreachable_pause: float = UNREACHABLE_PAUSE
    ) -> None:
        self._edge = edge
        self._unreachable_pause = unreachable_pause
        self._application = application
        self._people: OrderedDict[int, tuple[Person, datetime]] = OrderedDict()
        self._last: OrderedDict[int, datetime] = OrderedDict()
        self._spared: set[int] = set()
        self._again = asyncio.Semaphore(AGAIN_AT_ONCE)
        self._notices = Notices(edge)

    async def run(self, received: Received) -> None:
        """Carry one update through. Never raises but for cancellation."""
        if received.again:
            await self._show_again(received.person)
            return
        try:
            await self._run(received)
        except Exception:
            # Left `received`, it would hold up all that this person sends after it.
            log.exception("turn-slipped", update=received.update_id)
            await self._bury(received)

    async def _run(self, received: Received) -> None:
        if received.spare:
            await self._slow_down(received)
            return
        self._spared.discard(received.person)
        try:
            update = Update.de_json(received.payload, self._application.bot)
        except Exception:
            log.exception("update-unreadable", update=received.update_id)
            await self._bury(received)
            return
        if update is not None and groups.is_elsewhere(update):
            await groups.answer(update, self._edge.delivery, self._edge.username, self._edge.commands)
        elif received.person and update is not None and update.effective_user is not None:
            await self._see_through(received, update)
            return
        self._edge.receipts.shown(Shown(received.update_id))

    async def _see_through(self, received: Received, update: Update) -> None:
        """Try until it is done, three times at most."""
        tries = 0
        while True:
            # The first try of a fresh update is not written down: it would cost every turn a transaction.
            counted = await self._count_try(received) if received.recovered or tries else 0
            tries = max(tries + 1, counted)
            if tries > MAX_TRIES:
                await self._give_up(received, update, None)
                return
            outcome = await self._once(received, update)
            if outcome is None:
                return
            if tries >= MAX_TRIES:
                await self._give_up(received, update, outcome)
                return
            await asyncio.sleep(0.1 * tries)

    def forget(self, telegram_id: int) -> None:
        """Read a person's profile afresh at their next turn."""
        self._people.pop(telegram_id, None)

    async def show_where(self, telegram_id: int) -> None:
        """Render a person's place from rows alone, into the message that shows it.

        Raises:
            Unreachable: Telegram is away.
        """
        person = await self._person(telegram_id, None, self._edge.clock.now())
        actor = Actor(person.id, self._edge.clock.now(), person.zone, person.language)
        try:
            place = await self._edge.standing_place(telegram_id)
            screen = await self._where(actor, place, translator(person.language))
            shown = (
                await self._edge.delivery.send(telegram_id, screen)
                if place is None
                else await self._edge.delivery.edit(place, screen)
            )
        except Blocked:
            log.info("blocked", user=person.id)
        else:
            self._edge.copies.stands(shown)
            self._edge.receipts.shown(Shown(None, shown))
        await self._edge.storage.transact(None, lambda work: work.inbox.settle_unshown(telegram_id))

    async def _once(self, received: Received, update: Update) -> Exception | None:
        """One try; gives the failure that deserves another. What is only in the way is waited out."""
        waits = 0
        for pauses in itertools.count(1):
            turn: Turn | None = None
            try:
                turn = await self._begin(received, update)
                await self._process(turn)
            except StorageUnavailable:
                await self._wait_for_storage(received)
            except EarlierWaiting:
                await asyncio.sleep(ORDER_PAUSE)
                if pauses % ORDER_PATIENCE == 0:
                    await self._run_earlier(received)
            except Unreachable as error:
                log.warning("turn-waits", reason="telegram unreachable", update=received.update_id)
                if turn is None or turn.receipt.settled:
                    self._edge.connection.missed()
                    return None  # stays `done`: it is shown when Telegram is back
                waits += 1
                if waits >= UNREACHABLE_TRIES:
                    return error
                await self._edge.connection.wait_up()
                await asyncio.sleep(self._unreachable_pause)
            except Exception as failure:  # noqa: BLE001 - told apart, and logged, in the next step
                return await self._after_failure(received, turn, failure)
            else:
                self._edge.receipts.shown(Shown(received.update_id, turn.screen))
                return None
        raise AssertionError("it is counted for ever")

    async def _run_earlier(self, received: Received) -> None:
        """Carry out what this person sent before and nobody carries out: the process that took it is gone."""
        log.warning("earlier-update-left", update=received.update_id)
        waiting = await self._edge.storage.read(lambda work: work.inbox.waiting())
        for row in waiting:
            if row.update_id == received.update_id:
                return
            if row.person == received.person:
                payload = json.loads(row.payload or b"{}")
                await self._run(Received(row.update_id, row.person, payload, row.received_at, recovered=True))

    async def _after_failure(self, received: Received, turn: Turn | None, failure: Exception) -> Exception | None:
        """What follows a turn that did not reach its end; gives the failure back if it should be tried again."""
        match failure:
            case AlreadySettled():
                if turn is not None:
                    await turn.answer()
                return await self._settled(received)
            case Blocked():
                log.info("blocked", update=received.update_id)
                self._edge.receipts.shown(Shown(received.update_id))
                return None
            case _:
                log.error("turn-failed", update=received.update_id, exc_info=failure)
                if turn is not None and turn.receipt.settled:
                    await turn.answer()
                    return await self._settled(received)
                return failure

    async def _begin(self, received: Received, update: Update) -> Turn:
        user = update.effective_user
        code = user.language_code if user else None
        person = await self._person(received.person, code, received.received_at)
        now = max(received.received_at, self._last.get(received.person, received.received_at))
        self._last[received.person] = now
        self._last.move_to_end(received.person)
        if len(self._last) > KNOWN_PEOPLE:
            self._last.popitem(last=False)
        return Turn(self._edge, update, person, now, Receipt(received.update_id), update.callback_query)

    async def _process(self, turn: Turn) -> None:
        current_turn.set(turn)
        timer = None
        if turn.query is not None:
            timer = asyncio.get_running_loop().call_later(EMPTY_ANSWER_SECONDS, self._answer_empty, turn)
        try:
            await self._application.process_update(turn.update)
            if isinstance(turn.failure, ChironError):
                await self._refuse(turn, turn.failure)
            elif turn.failure is not None:
                raise turn.failure  # the press is answered at the next try
            if turn.covered:
                await self._uncover(turn)
            await turn.answer()
        finally:
            if timer is not None:
                timer.cancel()
            if turn.tasks:
                await asyncio.gather(*turn.tasks, return_exceptions=True)

    async def _uncover(self, turn: Turn) -> None:
        """Something stands below the paper of a running section: put the paper below it."""
        if await self._edge.paper_of(turn.person.telegram_id) is not None:
            await self._put_paper(turn)

    async def _put_paper(self, turn: Turn) -> None:
        """Put the paper of a running section at the bottom."""
        standing = await self._edge.core.exams.current(turn.actor)
        if isinstance(standing, OnPaper):
            screen = standing_view.where(standing, turn.t, turn.person.zone, now=turn.now)
            await turn.show(screen.lowered())

    def _answer_empty(self, turn: Turn) -> None:
        turn.tasks.append(asyncio.create_task(turn.answer(), name="answer"))

    async def _person(self, telegram_id: int, code: str | None, now: datetime) -> Person:
        """The person, from memory if read lately: their id never changes and their language seldom."""
        known = self._people.get(telegram_id)
        language = translator(code).language if code else None
        if known is not None:
            person, read_at = known
            follows = person.language_chosen or language is None or language == person.language
            if follows and now - read_at < timedelta(seconds=PROFILE_SECONDS):
                return person
        person = await self._edge.core.people.arrive(telegram_id, code, now)
        self._people[telegram_id] = (person, now)
        self._people.move_to_end(telegram_id)
        if len(self._people) > KNOWN_PEOPLE:
            self._people.popitem(last=False)
        return person

    async def _where(self, actor: Actor, place: Place | None, t: Translator) -> Screen:
        where = await self._edge.core.whereabouts.where(actor, place)
        return standing_view.where(where, t, actor.zone, now=actor.now)

    async def _settled(self, received: Received) -> Exception | None:
        """The effect is in the database: show where the person stands."""
        while True:
            try:
                await self.show_where(received.person)
            except Unreachable:
                self._edge.connection.missed()
                return None  # stays `done`: shown when Telegram is back
            except StorageUnavailable:
                await self._wait_for_storage(received)
            except Exception as error:
                log.exception("where-failed", update=received.update_id)
                return error
            else:
                self._edge.receipts.shown(Shown(received.update_id))
                return None

    async def _show_again(self, person: int) -> None:
        """Tell somebody what there is to tell, and show where they stand if their last effect is not in the chat."""
        try:
            async with self._again:
                await self._edge.receipts.flush()
                await self._notices.tell(await self._person(person, None, self._edge.clock.now()))
                if await self._edge.storage.read(lambda work: work.inbox.is_unshown(person)):
                    await self.show_where(person)
        except (Unreachable, StorageUnavailable) as error:
            log.warning("not-shown-yet", reason=type(error).__name__)
            self._edge.connection.missed()
        except Exception:
            log.exception("where-failed")

    async def _wait_for_storage(self, received: Received) -> None:
        log.warning("turn-waits", reason="database unavailable", update=received.update_id)
        await asyncio.sleep(STORAGE_PAUSE)

    async def _refuse(self, turn: Turn, refusal: ChironError) -> None:
        """Say why something cannot be done; nothing was changed.

        Raises:
            Unreachable: It could not be said.
        """
        log.info("refused", code=refusal.code, user=turn.person.id, reason=refusal.details.get("reason"))
        words = home_view.refused(refusal, turn.t)
        closed = refusal.details.get("reason") == RUNNING
        if turn.query is None:
            await turn.show(Screen(words))
            if closed:
                await self._put_paper(turn)
            return
        toast = words.striptags()
        await turn.answer(toast)
        if closed:
            # The pressed message keeps its keys: they are good again after the exam.
            place = await self._edge.standing_place(turn.person.telegram_id)
            if place is None or place.place != "paper":
                await self._put_paper(turn)
        elif refusal.code == "not-found":
            await turn.catch_up(await self._where(turn.actor, None, turn.t), toast)

    async def _slow_down(self, received: Received) -> None:
        """One polite word for everything beyond the backlog."""
        first = received.person not in self._spared
        self._spared.add(received.person)
        query = received.payload.get("callback_query")
        if isinstance(query, dict):
            await self._edge.delivery.answer(str(query.get("id")))
        if first:
            try:
                person = await self._person(received.person, None, received.received_at)
                await self._edge.delivery.send(
                    person.telegram_id, Screen(translator(person.language)("too-many-messages"))
                )
            except (Unreachable, Blocked, StorageUnavailable) as error:
                log.info("slow-down-not-shown", reason=type(error).__name__)
        self._edge.receipts.shown(Shown(received.update_id))

    async def _count_try(self, received: Received) -> int:
        while True:
            try:
                return await self._edge.storage.transact(None, lambda work: work.inbox.trying(received.update_id))
            except StorageUnavailable:
                await asyncio.sleep(STORAGE_PAUSE)

    async def _bury(self, received: Received) -> None:
        while True:
            try:
                await self._edge.storage.transact(None, lambda work: work.inbox.bury(received.update_id))
            except StorageUnavailable:
                await asyncio.sleep(STORAGE_PAUSE)
            else:
                return

    async def _give_up(self, received: Received, update: Update, error: Exception | None) -> None:
        """Mark a turn dead and say so, with a number that the log has too."""
        reference = secrets.token_hex(3).upper()
        log.error("turn-dead", update=received.update_id, reference=reference, reason=type(error).__name__)
        await self._bury(received)
        try:
            if update.callback_query is not None:
                await self._edge.delivery.answer(update.callback_query.id)
            person = await self._person(received.person, None, received.received_at)
            words = translator(person.language)("apology", reference=reference)
            await self._edge.delivery.send(person.telegram_id, Screen(words))
        except (Unreachable, Blocked, StorageUnavailable) as failure:
            log.warning("apology-not-shown", reason=type(failure).__name__)
