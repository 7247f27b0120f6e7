"""What a student is told without having asked: a warning, a section that closed by itself."""

import structlog

from bot.delivery import Blocked
from bot.edge import Edge
from bot.i18n import translator
from bot.pace import Pace
from bot.views import standing as standing_view
from core.people.model import Person
from core.ports import Actor, Shown

A_SECOND = 25
"""Telegram takes about thirty messages a second from a bot; people at the screen go first."""

log = structlog.get_logger(__name__)


class Notices:
    """Tells people what their rows say they have not been told."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge
        self._pace = Pace(A_SECOND)

    async def tell(self, person: Person) -> None:
        """Tell somebody what there is to tell, in a message at the bottom that makes a sound; often nothing.

        It is written down as told after it was sent: a crash in between sends it twice.

        Raises:
            Unreachable: Telegram is away.
        """
        now = self._edge.clock.now()
        actor = Actor(person.id, now, person.zone, person.language)
        standing = await self._edge.core.exams.notice(actor)
        if standing is None:
            return
        place = await self._edge.standing_place(person.telegram_id)
        screen = standing_view.where(standing, translator(person.language), person.zone, now=now)
        await self._pace.wait()
        try:
            shown = await self._edge.delivery.send(person.telegram_id, screen)
        except Blocked:
            log.info("blocked", user=person.id)
        else:
            if place is not None and place.place == "paper":
                await self._edge.delivery.delete(place)
            self._edge.copies.stands(shown)
            self._edge.receipts.shown(Shown(None, shown))
        await self._edge.core.exams.told(actor, standing.sitting.id, standing.notice)
        log.info("told", user=person.id, notice=standing.notice)
