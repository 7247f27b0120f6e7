"""What a turn needs from the program around it."""

from dataclasses import dataclass, field
from typing import Protocol

from bot.connection import Connection
from bot.copies import Copies
from bot.delivery import Delivery
from bot.pace import Pace
from bot.receipts import Receipts
from bot.screens import Screen
from core.chiron import Chiron
from core.clock import Clock
from core.ports import Place, Storage

PAPER = "paper"
"""The place of a running section; its question stands in one message of the chat, and in no other."""


class Mentoring(Protocol):
    """Whoever puts the mentor's replies into the chat."""

    def wake(self, telegram_id: int) -> None:
        """See to it that this student's replies are carried out and shown."""
        ...

    def wake_soon(self, telegram_id: int) -> None:
        """The same in a moment: more that belongs to it is on its way."""
        ...

    def stop(self, telegram_id: int) -> bool:
        """End what is being written for a student; whether anything was."""
        ...

    def hide(self, telegram_id: int) -> None:
        """Take what is being written for a student off the screen."""
        ...


@dataclass(slots=True)
class Edge:
    """The core, the chat, and what stands there."""

    core: Chiron
    storage: Storage
    clock: Clock
    delivery: Delivery
    receipts: Receipts
    connection: Connection
    commands: frozenset[str] = frozenset()
    username: str = ""
    copies: Copies = field(default_factory=Copies)
    pace: Pace = field(default_factory=Pace)
    mentoring: Mentoring | None = None

    def wake(self, telegram_id: int) -> None:
        """A reply of the mentor is due to this student: it comes by itself."""
        if self.mentoring is not None:
            self.mentoring.wake(telegram_id)

    def wake_soon(self, telegram_id: int) -> None:
        """The same in a moment: more that belongs to it is on its way."""
        if self.mentoring is not None:
            self.mentoring.wake_soon(telegram_id)

    def stop_reply(self, telegram_id: int) -> bool:
        """End the reply that is being written for a student; whether one was."""
        return self.mentoring is not None and self.mentoring.stop(telegram_id)

    def hide_reply(self, telegram_id: int) -> None:
        """Take the reply that is being written for a student off the screen."""
        if self.mentoring is not None:
            self.mentoring.hide(telegram_id)

    async def standing_place(self, telegram_id: int) -> Place | None:
        """The message that shows where a person is."""
        return self.receipts.screen(telegram_id) or await self.core.whereabouts.screen(telegram_id)

    async def paper_of(self, telegram_id: int) -> Place | None:
        """The message on which the paper of a section lies, if one does."""
        known = self.copies.place_of(telegram_id, PAPER)
        if known is not None:
            return known
        place = await self.standing_place(telegram_id)
        return place if place is not None and place.place == PAPER else None

    async def remove(self, paper: Place) -> None:
        """Delete a paper that lies elsewhere now: its question is not left behind in the chat."""
        self.copies.gone(paper.person, paper.message_id)
        await self.delivery.delete(paper)

    async def copies_of(self, telegram_id: int, screen: Screen) -> set[int]:
        """Messages that show the same thing already, or a word beside it with its keys; of things that have an id."""
        if not screen.ref:
            return set()
        known = self.copies.message_of(telegram_id, screen.place, screen.ref)
        beside = self.copies.message_of(telegram_id, "", screen.ref)
        if known is None and screen.place:
            place = await self.standing_place(telegram_id)
            if place is not None and (place.place, place.ref) == (screen.place, screen.ref):
                known = place.message_id
        return {message for message in (known, beside) if message is not None}
