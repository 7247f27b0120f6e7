"""What a handler works with: the core, who acts, what was pressed, and how to show."""

from typing import Any, TypeVar

from telegram.ext import CallbackContext, ExtBot

from bot.callbacks import NotAPress, Press, decode
from bot.i18n import Translator
from bot.screens import Screen
from bot.turns import Turn, current_turn
from bot.views import standing as standing_view
from core.chiron import Chiron
from core.people.model import Person
from core.ports import Actor, Place
from core.whereabouts import Where

P = TypeVar("P", bound=Press)


class MentorContext(CallbackContext[ExtBot[None], Any, Any, Any]):
    """The turn under way, as handlers see it."""

    @property
    def turn(self) -> Turn:
        """The turn under way."""
        return current_turn.get()

    @property
    def core(self) -> Chiron:
        """The use cases."""
        return self.turn.edge.core

    @property
    def actor(self) -> Actor:
        """Who acts, and when it was received."""
        return self.turn.actor

    @property
    def person(self) -> Person:
        """The person's profile."""
        return self.turn.person

    @property
    def t(self) -> Translator:
        """The person's words."""
        return self.turn.t

    @property
    def zone(self) -> str:
        """The person's time zone."""
        return self.turn.person.zone

    def pressed(self, kind: type[P]) -> P:
        """The press that brought the handler here.

        Raises:
            NotAPress: It is of another kind.
        """
        press = decode(self.turn.query.data or "" if self.turn.query else "")
        if not isinstance(press, kind):
            raise NotAPress(kind.__name__)
        return press

    def screen(self, place: Where) -> Screen:
        """The screen of where the person is."""
        return standing_view.where(place, self.t, self.zone, now=self.actor.now)

    async def show(self, screen: Screen) -> None:
        """Put a screen into the chat: into the pressed message, or below; what stood higher up moves down."""
        place = await self.standing_place() if self.turn.query is None and screen.place else None
        moved = place is not None and (place.place, place.ref) == (screen.place, screen.ref)
        await self.turn.show(screen, retire=place if moved else None)

    async def show_below(self, screen: Screen) -> None:
        """Put a screen below a written message; the message that it takes over from loses its keys."""
        await self.turn.show(screen, retire=await self.standing_place() if screen.place else None)

    async def show_beside(self, screen: Screen) -> None:
        """Send a word below that takes no place: the pressed message keeps its keys, and stays where the person is."""
        await self.turn.show_beside(screen)

    async def standing_place(self) -> Place | None:
        """The message that shows where the person is."""
        return await self.turn.edge.standing_place(self.person.telegram_id)

    async def catch_up(self, screen: Screen, toast: str) -> None:
        """Answer a press from a place that is over."""
        await self.turn.catch_up(screen, toast)
