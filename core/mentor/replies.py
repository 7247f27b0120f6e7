"""A reply that is due, carried out: from the stored messages to a stored answer, whatever the model's server does.

What is shown while a reply is written goes through a `Preview`; what stands at the end comes back as the stored `Chat`.
"""

import asyncio
from asyncio import FIRST_COMPLETED
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import structlog

from core.clock import Clock
from core.ids import ChatId
from core.mentor import context, desk, ledger, prompts, safety, screen
from core.mentor.calls import Call, CallState, Full, Plan
from core.mentor.conversation import Chat, Kind, Media, State, Why
from core.mentor.desk import Desk
from core.mentor.events import Fault, Stop
from core.mentor.ledger import End
from core.mentor.line import Flow, Line, Mark, patiently
from core.mentor.mentor import LONGEST, Mentor
from core.mentor.model import Image, Message, Purpose
from core.people.model import Person
from core.ports import Actor, Storage, Work
from core.practice.gate import gated

_BILLED = frozenset({CallState.SENT, CallState.SETTLED, CallState.INTERRUPTED})
FIRST_LOOK_SECONDS = 0.05
LOOK_SECONDS = 0.4
"""Between two looks at what was written: it is shown once a second at most."""

_NEVER_A_MODEL = frozenset({Why.NO_MODEL, Why.UNDER_AGE})
"""Tomorrow, or once the student has told their age, a picture could be looked at; not so with these."""

log = structlog.get_logger(__name__)


class Preview(Protocol):
    """Where a reply is shown while it is written."""

    @property
    def stopped(self) -> asyncio.Event:
        """Set when the student wants no more of it."""
        ...

    def write(self, text: str) -> None:
        """Show this, the reply from its beginning."""
        ...


class Files(Protocol):
    """Gives what a student sent."""

    async def picture(self, media: Media) -> Image | None:
        """A photo, made small enough; None if it cannot be had or read."""
        ...

    async def sound(self, media: Media) -> bytes | None:
        """A voice message; None if it cannot be had or is empty."""
        ...


@dataclass(slots=True)
class Room:
    """What replies are carried out with.

    Attributes:
        sees: Whether the model takes pictures, as far as is known.
    """

    storage: Storage
    clock: Clock
    mentor: Mentor
    files: Files
    sees: bool = True

    async def lay(self, actor: Actor) -> Desk | None:
        """All that the reply which is due is put together from; None if none is.

        Raises:
            NotAllowed: A section of the student's exam runs.
        """
        return await patiently(lambda: self.storage.read(gated(actor, lambda work: desk.lay(work, actor))))


class Replies:
    """Carries replies out; one at a time for each student, which the caller sees to.

    Args:
        line: To the model's server; None: there is none, and the bank answers.
    """

    def __init__(self, storage: Storage, clock: Clock, mentor: Mentor, line: Line | None, files: Files) -> None:
        self._room = Room(storage, clock, mentor, files)
        self._line = line

    async def carry(self, actor: Actor, preview: Preview) -> Chat | None:
        """Carry out the reply that is due; None if none is. The reply as it was stored comes back.

        Raises:
            NotAllowed: A section of the student's exam runs; the reply stays due.
        """
        laid = await self._room.lay(actor)
        if laid is None:
            return None
        if laid.is_reserved:
            return await _Ending(self._room, actor, laid).conclude(why=Why.IN_PAPER)
        if laid.reply.why is not None or self._line is None:
            why = _without_model(laid, laid.reply.why or Why.NO_MODEL)
            return await _Ending(self._room, actor, laid).conclude(why=why)
        return await self._line.to_its_end(_Carrying(self._room, actor, laid, preview, self._line).run())

    async def idle(self) -> None:
        """Wait until nothing goes on that nobody waits for."""
        if self._line is not None:
            await self._line.idle()

    async def close(self) -> None:
        """End what goes on; the next start settles what it leaves."""
        if self._line is not None:
            await self._line.close()


@dataclass(slots=True)
class _Ending:
    """How a reply is stored."""

    room: Room
    actor: Actor
    desk: Desk

    @property
    def mark(self) -> Mark:
        """What its calls belong to."""
        return Mark(self.actor, self.desk.session.id, self.desk.reply.id)

    async def conclude(
        self,
        *,
        why: Why | None = None,
        flow: Flow | None = None,
        state: State = State.WHOLE,
        content: str | None = None,
    ) -> Chat | None:
        """Store the reply, settle the call that made it, and make the next one due if something waits: one transaction.

        None comes back where the reply is not due any more.
        """
        if why is Why.DANGER:
            log.warning("danger", user=self.actor.id)  # the event, and none of its words
        told: list[Person] = []

        def decide(work: Work) -> Chat | None:
            reply = work.conversations.chat(self.desk.reply.id, owner=self.actor.id)
            if reply is None:
                return None
            self._settle(work, flow)  # whatever became of the reply: the call was made
            if reply.state is not State.OPEN:
                return None
            keep_files = state is State.INTERRUPTED or why is Why.MODEL_AWAY  # it may be asked again
            desk.claim(work, self.desk, keep_files=keep_files)
            if why is Why.AGE_SAID:
                told.append(self.room.mentor.doubt_age_in(work, self.actor))
            stored = replace(
                reply,
                kind=Kind.REPLY if why is None else Kind.SCRIPT if why.is_scripted else Kind.ARCHIVE,
                state=state,
                why=why,
                content=content,
                prompt=self.desk.told if content else None,
            )
            work.conversations.change(stored)
            self._go_on(work)
            return stored

        stored = await patiently(lambda: self.room.storage.transact(self.actor, decide))
        for person in told:
            self.room.mentor.tell(person)
        return stored

    def _settle(self, work: Work, flow: Flow | None) -> None:
        now = self.room.clock.now()
        if flow is not None and flow.end is not None:
            ledger.settle(work, flow.call.id, flow.end, now)
        for call in work.calls.of_chat(self.desk.reply.id):
            if call.state is CallState.RESERVED:
                ledger.settle(work, call.id, End("not-needed", billed=False), now)

    def _go_on(self, work: Work) -> None:
        waiting = work.conversations.waiting(self.actor.id)
        if waiting:
            later = replace(self.actor, now=self.room.clock.now())
            self.room.mentor.open(work, later, waiting[-1].session_id)


@dataclass(slots=True)
class _Carrying(_Ending):
    """One reply on its way through the model."""

    preview: Preview
    line: Line

    async def run(self) -> Chat | None:
        """See it to its end."""
        images = await self._take_in()
        if isinstance(images, Why):
            return await self.conclude(why=images)
        messages = self._messages(images)
        plan = await self.line.plan(Purpose.REPLY, messages)
        begun = await self.line.transact(self.actor, lambda work: self._begin(work, plan))
        if begun is State.INTERRUPTED:
            return await self.conclude(state=State.INTERRUPTED)
        if not isinstance(begun, Call):
            return None if begun is None else await self.conclude(why=Why(begun))
        flow, gave_away = await self._write(Flow(self.mark, begun, self.line.ask(self.actor, messages, plan)))
        if gave_away and not self.preview.stopped.is_set():
            flow, gave_away = await self._write_again(flow)
        why = Why.GAVE_AWAY if gave_away else await self._objection(flow)
        if why is not None:
            return await self.conclude(why=why, flow=flow)
        reply = await self.conclude(flow=flow, state=self._state(flow), content=_readable(flow.text))
        if reply is not None and reply.content:
            self.line.own(self._tidy(reply))
        return reply

    def _messages(self, images: Sequence[Image]) -> tuple[Message, ...]:
        language = self.actor.language
        today = replace(self.actor, now=self.room.clock.now()).today
        newest = prompts.newest(self.desk.told, language, scene=self.desk.scene, today=today, photo=bool(images))
        history = desk.told(self.desk.history, language)
        return prompts.messages(newest, history, self.desk.profile, summary=self.desk.session.summary, images=images)

    def _begin(self, work: Work, plan: Plan) -> Call | Full | Literal[State.INTERRUPTED] | None:
        """Set aside what the prompt may cost now that it is known, and note that it is sent; None if it is not due.

        One that was sent before, when the program ended, is not sent again unless the student asks.
        """
        reply = work.conversations.chat(self.desk.reply.id, owner=self.actor.id)
        if reply is None or reply.state is not State.OPEN:
            return None
        desk.claim(work, self.desk)
        calls = work.calls.of_chat(reply.id)
        made = [call for call in calls if call.purpose is Purpose.REPLY and call.state in _BILLED]
        if any(call.finished_at is None for call in made):
            return None  # another process makes it, or has ended meanwhile: then it is settled after some minutes
        if made:
            return State.INTERRUPTED
        reserved = [call for call in calls if call.state is CallState.RESERVED]
        if not reserved:
            return self.line.sent(work, self.mark, plan)
        call = ledger.widen(work, reserved[-1], plan, self.line.offer.caps)
        return call if isinstance(call, Full) else ledger.send(work, call, self.room.clock.now())

    async def _write(self, flow: Flow) -> tuple[Flow, bool]:
        """Show a reply as it comes, until it is over or stopped, or gives away what it should not, which is told."""
        scene = self.desk.scene
        secret = screen.secret(scene, self.actor.language) if scene is not None else None
        self.line.start(flow)
        ending = asyncio.create_task(flow.ended.wait(), name="flow")
        stopping = asyncio.create_task(self.preview.stopped.wait(), name="stop-key")
        seen = ""
        try:
            # Each look reads the whole text again, so several words are looked at together.
            while not (await self._look_again(ending, stopping, first=not seen)):
                if len(flow.text) == len(seen):
                    continue
                seen = flow.text
                if secret is not None and (screen.tells(seen, secret, whole=False) or self._settles_guess(seen)):
                    break
                # What is kept may be in the last word, which is not whole yet: it is not shown before it was looked at.
                shown = seen if secret is None else seen[: max(seen.rfind(" "), seen.rfind("\n")) + 1]
                if shown.strip():
                    self.preview.write(shown)
            gave_away = secret is not None and (screen.tells(flow.text, secret) or self._settles_guess(flow.text))
            if gave_away:
                self.preview.write("")
            return flow, gave_away
        finally:
            ending.cancel()
            stopping.cancel()
            flow.left = not flow.is_over

    def _settles_guess(self, text: str) -> bool:
        """Whether a reply says yes or no to an answer that the student supposes: right or wrong, it would tell."""
        scene = self.desk.scene
        return (
            scene is not None and screen.is_guess(self.desk.words, scene, self.actor.language) and screen.confirms(text)
        )

    @staticmethod
    async def _look_again(*either: "asyncio.Task[bool]", first: bool) -> bool:
        """Let some time pass before the next look: little before the first words, for somebody waits for them.

        Whether one of the tasks has ended.
        """
        seconds = FIRST_LOOK_SECONDS if first else LOOK_SECONDS
        ended, _ = await asyncio.wait(either, timeout=seconds, return_when=FIRST_COMPLETED)
        return bool(ended)

    async def _write_again(self, flow: Flow) -> tuple[Flow, bool]:
        """Ask once more for a reply that gave the solution away, without it."""
        messages = prompts.again(flow.ask.messages, flow.text, self.actor.language)
        plan = await self.line.plan(Purpose.REPLY, messages)

        def decide(work: Work) -> Call | Full:
            self.line.settle_in(work, flow)
            return self.line.sent(work, self.mark, plan)

        begun = await self.line.transact(self.actor, decide)
        if isinstance(begun, Full):
            return flow, True
        return await self._write(Flow(self.mark, begun, self.line.ask(self.actor, messages, plan)))

    async def _objection(self, flow: Flow) -> Why | None:
        """Why what was written is not what is shown; None if it is."""
        text = flow.text.strip()
        if text:
            told = screen.recites(text, self.actor.language)
            return Why.GAVE_AWAY if told else await self.line.moderate(self.mark, text)
        if self.preview.stopped.is_set():
            return None
        if flow.full is not None:
            return Why(flow.full)
        fault = flow.failed.fault if flow.failed is not None else None
        if fault is Fault.BLIND:
            self.room.sees = False
            return Why.NO_EYES
        if fault is Fault.REFUSED and self.desk.photos:
            return Why.UNSEEN
        return Why.UNSUITABLE if flow.stop is Stop.FILTERED else Why.MODEL_AWAY

    def _state(self, flow: Flow) -> State:
        if flow.left:
            return State.STOPPED
        if flow.failed is not None and flow.failed.fault is Fault.TOO_LARGE:
            return State.SHORTENED
        if flow.failed is not None or flow.full is not None:
            return State.INTERRUPTED
        return State.SHORTENED if flow.stop is Stop.LENGTH else State.WHOLE

    async def _take_in(self) -> tuple[Image, ...] | Why:
        """Read and look at what is to be answered; gives the pictures, or why no model is asked about it."""
        why = await self._listen() if self.desk.voices else None
        why = why or _before_any_model(self.desk.words)
        images = await self._look() if why is None else why
        if isinstance(images, Why) or not self.desk.words:
            return images
        return await self.line.moderate(self.mark, self.desk.words) or images

    async def _listen(self) -> Why | None:
        """Have voice messages written down; gives why that cannot be, if it cannot."""
        if not self.line.transcribes:
            return Why.NO_EARS
        for chat in self.desk.voices:
            sound = None if chat.media is None else await self.room.files.sound(chat.media)
            if not sound or chat.media is None:
                return Why.UNHEARD

            def store(work: Work, words: str, chat: Chat = chat) -> None:
                work.conversations.change(replace(chat, content=words[:LONGEST]))

            why = await self.line.transcribe(self.mark, chat.media, sound, store)
            if why is not None:
                return why
        laid = await self.room.lay(self.actor)
        if laid is not None:
            # What came meanwhile waits for the next reply: it may be another voice message, which nobody heard yet.
            ids = {chat.id for chat in self.desk.asked}
            self.desk = replace(laid, asked=tuple(chat for chat in laid.asked if chat.id in ids))
        return None

    async def _look(self) -> tuple[Image, ...] | Why:
        """The pictures of the newest messages."""
        if not self.desk.photos:
            return ()
        if not self.room.sees:
            return Why.NO_EYES
        images: list[Image] = []
        for chat in self.desk.photos:
            image = None if chat.media is None else await self.room.files.picture(chat.media)
            if image is None:
                return Why.UNSEEN
            images.append(image)
        return tuple(images)

    async def _tidy(self, reply: Chat) -> None:
        """After a reply: how long it is, a title for the session, and a shorter history where it has become long."""
        language = self.actor.language
        tokens = await self.line.counter.prompt(desk.told([reply], language))

        def count(work: Work) -> list[Chat]:
            stored = work.conversations.chat(reply.id, owner=self.actor.id)
            if stored is not None:
                work.conversations.change(replace(stored, tokens=tokens))
            return work.conversations.history(reply.session_id, owner=self.actor.id, since=before)

        before = self.desk.session.kept_from
        history = [chat for chat in await self.line.transact(self.actor, count) if desk.is_told(chat)]
        if len(history) == 1 and before is None:
            title = await self.line.quick(
                self.mark, prompts.title_ask(desk.told(history, language), language), Purpose.TITLE
            )
            if title:
                await self.line.transact(
                    self.actor, lambda work: desk.entitle(work, self.actor, reply.session_id, title)
                )
        lines = [context.Line(chat.id, chat.tokens or 0, student=True) for chat in history]
        kept = context.keep_from(lines, before, cap=self.line.offer.history_tokens)
        if kept is not None and kept not in {before, history[0].id}:
            await self._shorten(ChatId(kept), [chat for chat in history if chat.id < kept])

    async def _shorten(self, kept: ChatId, dropped: Sequence[Chat]) -> None:
        language, session = self.actor.language, self.desk.session
        messages = prompts.summary_ask(desk.told(dropped, language), language, before=session.summary)
        summary = await self.line.quick(self.mark, messages, Purpose.SUMMARY)
        await self.line.transact(self.actor, lambda work: desk.shorten(work, self.actor, session.id, kept, summary))


def _without_model(laid: Desk, why: Why) -> Why:
    """Why no model answers: nobody can look or listen, but what was written beside a picture can be searched for."""
    if laid.words:
        return _before_any_model(laid.words) or why
    if why not in _NEVER_A_MODEL:
        return why
    return Why.NO_EYES if laid.photos else Why.NO_EARS if laid.voices else why


def _readable(text: str) -> str:
    """A reply that can be read in a chat: of a model that does not stop writing, the beginning."""
    text = text.strip()
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(maxsplit=1)[0] + " …"


def _before_any_model(words: str) -> Why | None:
    """What needs no model to be answered, and must not wait for one."""
    if safety.danger_in(words):
        return Why.DANGER
    age = safety.age_in(words)
    return Why.AGE_SAID if age is not None and age < safety.CONSENT_AGE else None
