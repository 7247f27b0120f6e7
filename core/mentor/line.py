"""The line to the model's server: each call on it leaves a row in the ledger, before it is made and after."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, TypeVar

import structlog

from core.clock import Clock
from core.errors import StorageUnavailable
from core.ids import ChatId, MentorSessionId
from core.mentor import ledger, safety
from core.mentor.calls import Call, Full, Plan
from core.mentor.conversation import Media, Why
from core.mentor.events import (
    Broken,
    Delta,
    Fault,
    Finished,
    Judged,
    Provider,
    Retrying,
    Stop,
    Transcribed,
    Unsupported,
)
from core.mentor.ledger import End
from core.mentor.model import Ask, Message, Purpose, Usage
from core.mentor.offer import Offer
from core.mentor.prices import sound_pico_usd
from core.ports import Actor, Storage, Work

T = TypeVar("T")

STORAGE_PAUSE = 1.0
LEAST_BYTES_A_SECOND = 750
"""Speech in Opus at 6 kbit/s, the least that it is made for (RFC 6716, 2.1.1)."""
SOUND_NAMES = {
    "audio/mpeg": "sound.mp3",
    "audio/mp3": "sound.mp3",
    "audio/mp4": "sound.m4a",
    "audio/m4a": "sound.m4a",
    "audio/x-m4a": "sound.m4a",
    "audio/wav": "sound.wav",
    "audio/x-wav": "sound.wav",
    "audio/webm": "sound.webm",
    "audio/flac": "sound.flac",
    "audio/x-flac": "sound.flac",
}
"""Servers tell the format of a sound by its name's ending; voice messages are Ogg."""

log = structlog.get_logger(__name__)


class Counter(Protocol):
    """Counts tokens somewhere else than in the loop."""

    async def prompt(self, messages: Sequence[Message]) -> int:
        """Tokens of a prompt."""
        ...

    async def usage(self, ask: Ask, written: str) -> Usage:
        """What a call used that no server counted."""
        ...


@dataclass(frozen=True, slots=True)
class Mark:
    """What a call belongs to."""

    actor: Actor
    session_id: MentorSessionId
    chat_id: ChatId


@dataclass(slots=True)
class Flow:
    """A call that writes, under way.

    Attributes:
        call: Its row; after a try that failed, that of the next.
        text: What was written so far, as far as somebody waits for it.
        left: Nobody waits for its end any more: it settles itself.
        end: How it ended, for whoever settles it.
        stop: Why the model stopped; None if it did not say.
        failed: What went wrong, if it ended so.
        full: The cap that another try would have passed.
        ended: Set when nothing more comes.
    """

    mark: Mark
    call: Call
    ask: Ask
    text: str = ""
    left: bool = False
    end: End | None = None
    stop: Stop | None = None
    failed: Broken | None = None
    full: Full | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes."""
        return self.end is not None or self.full is not None

    @property
    def is_whole(self) -> bool:
        """Whether the model said all that it wanted to say."""
        return self.failed is None and self.full is None and self.stop is Stop.DONE


class Line:
    """Calls to a server, with their rows.

    Attributes:
        moderates: Whether the server judges texts, as far as is known.
        transcribes: Whether it writes down what is said.
    """

    def __init__(self, storage: Storage, clock: Clock, offer: Offer, provider: Provider, counter: Counter) -> None:
        self.offer = offer
        self.counter = counter
        self.moderates = True
        self.transcribes = True
        self._storage = storage
        self._clock = clock
        self._provider = provider
        self._background: set[asyncio.Task[Any]] = set()

    async def plan(self, purpose: Purpose, messages: Sequence[Message]) -> Plan:
        """What a call with this prompt may use."""
        return self.offer.plan(purpose, await self.counter.prompt(messages), self._clock.now())

    def ask(self, actor: Actor, messages: tuple[Message, ...], plan: Plan) -> Ask:
        """The request of a planned call."""
        return Ask(
            messages,
            plan.max_tokens,
            plan.purpose,
            self.offer.safety_id(actor.id),
            self.offer.model,
            self.offer.effort,
        )

    def reserve(self, work: Work, mark: Mark, plan: Plan) -> Call | Full:
        """Set a call's worst case aside, inside a transaction."""
        now = self._clock.now()
        day = Actor(mark.actor.id, now, mark.actor.zone).today
        payer = ledger.Payer(mark.actor.id, day)
        caps = self.offer.caps
        return ledger.reserve(work, payer, plan, caps, now, session_id=mark.session_id, chat_id=mark.chat_id)

    def sent(self, work: Work, mark: Mark, plan: Plan) -> Call | Full:
        """The row of a call that is made at once, inside a transaction."""
        call = self.reserve(work, mark, plan)
        return call if isinstance(call, Full) else ledger.send(work, call, self._clock.now())

    def start(self, flow: Flow) -> None:
        """Let a call be made, whoever waits for it."""
        self.own(self.pump(flow))

    async def pump(self, flow: Flow) -> None:
        """Make a call and read it to its end: what it used comes last, so that one nobody waits for is read too."""
        parts: list[str] = []
        try:
            async with aclosing(self._provider.stream(flow.ask)) as events:
                async for event in events:
                    match event:
                        case Delta(text):
                            parts.append(text)
                            if not flow.left:
                                flow.text += text
                        case Retrying(broken):
                            await self._retry(flow, broken)
                        case Finished() | Broken():
                            await self._end(flow, event, "".join(parts))
                    if flow.is_over:
                        flow.ended.set()
                        break
        except Exception:
            log.exception("stream-failed")
            await self._end(flow, Broken(Fault.BAD_ANSWER, reached=True, model=self.offer.model), "".join(parts))
        flow.ended.set()
        if flow.left:
            await self.settle(flow)

    async def settle(self, flow: Flow) -> None:
        """Write down what a call used that is over."""
        if flow.end is not None:
            await self.transact(flow.mark.actor, lambda work: self.settle_in(work, flow))

    def settle_in(self, work: Work, flow: Flow) -> None:
        """The same inside a transaction; a second time changes nothing."""
        if flow.end is not None:
            ledger.settle(work, flow.call.id, flow.end, self._clock.now())

    async def quick(self, mark: Mark, messages: tuple[Message, ...], purpose: Purpose) -> str | None:
        """A short text that nobody waits for; None if it cannot be had."""
        plan = await self.plan(purpose, messages)
        call = await self.transact(mark.actor, lambda work: self.sent(work, mark, plan))
        if isinstance(call, Full):
            return None
        flow = Flow(mark, call, self.ask(mark.actor, messages, plan))
        await self.pump(flow)
        await self.settle(flow)
        return flow.text.strip() or None if flow.is_whole else None

    async def moderate(self, mark: Mark, text: str) -> Why | None:
        """What moderation says against a text; None if nothing, or if nobody can tell."""
        if not self.moderates:
            return None
        plan = self.offer.moderation(self._clock.now())
        call = await self.transact(mark.actor, lambda work: self.sent(work, mark, plan))
        if isinstance(call, Full):
            return Why(call)
        judged = await self._provider.moderate(text)
        cost = None if plan.tag is None else 0
        match judged:
            case Judged(model=model, request_id=request_id):
                end = End("judged", model=model, request_id=request_id, cost_pico_usd=cost)
            case Unsupported():
                self.moderates = False
                end = End("unsupported", billed=False)
            case Broken():
                log.warning("moderation-failed", fault=judged.fault, status=judged.status)
                end = End(
                    judged.fault,
                    billed=judged.reached,
                    status=judged.status,
                    request_id=judged.request_id,
                    cost_pico_usd=cost,
                )
        await self.transact(mark.actor, lambda work: ledger.settle(work, call.id, end, self._clock.now()))
        if not isinstance(judged, Judged) or not judged.flagged:
            return None
        if safety.is_danger(judged.categories):
            return Why.DANGER
        return Why.UNSUITABLE if safety.is_unsuitable(judged.categories) else None

    async def transcribe(
        self, mark: Mark, media: Media, sound: bytes, store: Callable[[Work, str], None]
    ) -> Why | None:
        """Have a voice message written down and stored; gives why that cannot be, if it cannot.

        Args:
            mark: What it belongs to.
            media: What Telegram says of it.
            sound: The file.
            store: Stores the words, in the transaction that settles the call.
        """
        # What Telegram tells of the length comes from the sender's program; the file cannot lie.
        seconds = max(media.seconds, len(sound) // LEAST_BYTES_A_SECOND)
        plan = self.offer.transcription(seconds, self._clock.now())
        call = await self.transact(mark.actor, lambda work: self.sent(work, mark, plan))
        if isinstance(call, Full):
            return Why(call)
        heard = await self._provider.transcribe(sound, SOUND_NAMES.get(media.media_type, "voice.ogg"))

        def decide(work: Work) -> Why | None:
            ledger.settle(work, call.id, self._heard(call, media, heard), self._clock.now())
            words = heard.text.replace("\0", "").strip() if isinstance(heard, Transcribed) else ""
            if words:
                store(work, words)
                return None
            if isinstance(heard, Unsupported):
                self.transcribes = False
                return Why.NO_EARS
            refused = isinstance(heard, Transcribed) or heard.fault is Fault.REFUSED
            return Why.UNHEARD if refused else Why.MODEL_AWAY

        return await self.transact(mark.actor, decide)

    async def transact(self, actor: Actor, decide: Callable[[Work], T]) -> T:
        """A transaction, in order with what the student does meanwhile."""
        return await patiently(lambda: self._storage.transact(actor, decide))

    def own(self, work: Coroutine[object, object, None]) -> None:
        """Let something go on that nobody waits for."""
        task = asyncio.create_task(_logged(work), name="mentor")
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def to_its_end(self, work: Coroutine[object, object, T]) -> T:
        """Do something that goes on if whoever waits for it is gone: a call that is made has to be settled."""
        task = asyncio.create_task(work, name="mentor")
        self._background.add(task)
        task.add_done_callback(self._forget)
        return await asyncio.shield(task)

    async def idle(self) -> None:
        """Wait until nothing goes on that nobody waits for."""
        while self._background:
            await asyncio.gather(*self._background, return_exceptions=True)

    async def close(self) -> None:
        """End what goes on; the next start settles what it leaves."""
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self._provider.close()

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._background.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, also where whoever waited is gone

    def _heard(self, call: Call, media: Media, heard: Transcribed | Unsupported | Broken) -> End:
        match heard:
            case Unsupported():
                return End("unsupported", billed=False)
            case Broken():
                worst = call.reserved_pico_usd if call.tag is not None else None
                return End(
                    heard.fault,
                    billed=heard.reached,
                    status=heard.status,
                    request_id=heard.request_id,
                    cost_pico_usd=worst,
                )
            case Transcribed():
                hour = self.offer.sound_price(call.created_at)
                # Where the server does not say how long it was, Telegram does.
                by_tokens = heard.usage is not None and call.tag is None
                seconds = heard.seconds if heard.seconds is not None or by_tokens else Decimal(media.seconds)
                cost = None if seconds is None else sound_pico_usd(seconds, hour)
                return End(
                    "heard",
                    heard.usage if call.tag is None else None,
                    model=heard.model,
                    request_id=heard.request_id,
                    sound_seconds=seconds,
                    cost_pico_usd=cost,
                )

    async def _retry(self, flow: Flow, broken: Broken) -> None:
        """One try is over, another follows: a row each."""
        before = flow.call
        tag = self.offer.tag(self._clock.now())
        plan = Plan(before.purpose, self.offer.model, before.prompt_estimate, before.max_tokens, tag)
        end = await self._ended(flow, broken, "")

        def decide(work: Work) -> Call | Full:
            now = self._clock.now()
            ledger.settle(work, before.id, end, now)
            payer = ledger.Payer(before.user_id, date.fromisoformat(before.local_day))
            call = ledger.reserve(
                work, payer, plan, self.offer.caps, now, session_id=before.session_id, chat_id=before.chat_id
            )
            return call if isinstance(call, Full) else ledger.send(work, call, now)

        begun = await self.transact(flow.mark.actor, decide)
        if isinstance(begun, Full):
            flow.full = begun
        else:
            flow.call = begun

    async def _end(self, flow: Flow, event: Finished | Broken, written: str) -> None:
        end = await self._ended(flow, event, written)
        if isinstance(event, Broken):
            flow.failed = event
            # What the server says may quote what a student wrote: it is not logged.
            log.warning("model-failed", fault=event.fault, status=event.status, request=event.request_id)
        else:
            flow.stop = event.stop
        flow.end = end

    async def _ended(self, flow: Flow, event: Finished | Broken, written: str) -> End:
        """What the ledger is told; where the server did not count, we do."""
        billed = isinstance(event, Finished) or event.reached or event.usage is not None
        usage = event.usage
        if billed and usage is None:
            usage = await self.counter.usage(flow.ask, event.unshown + written)
        return End(
            str(event.stop if isinstance(event, Finished) else event.fault),
            usage if billed else None,
            billed,
            event.model or None,
            event.status if isinstance(event, Broken) else None,
            event.request_id,
            tag=self.offer.tag(flow.call.created_at),
        )


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try until the database is there: what a model wrote is only in memory until then."""
    while True:
        try:
            return await attempt()
        except StorageUnavailable:
            log.warning("mentor-waits", reason="database unavailable")
            await asyncio.sleep(STORAGE_PAUSE)


async def _logged(work: Coroutine[object, object, None]) -> None:
    try:
        await work
    except Exception:
        log.exception("mentor-background-failed")
