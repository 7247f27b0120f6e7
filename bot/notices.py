"""What a student is told without having asked: a warning, a section that closed by itself."""

from collections import OrderedDict
from datetime import datetime, timedelta

import structlog
from telegram.error import BadRequest

from bot.delivery import Blocked, Unreachable
from bot.edge import Edge
from bot.i18n import translator
from bot.views import standing as standing_view
from core.people.model import Person
from core.ports import Actor, Shown

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=5)
"""Pauses before somebody is told again whom Telegram did not take a message for."""
WAITING_PEOPLE = 5_000

log = structlog.get_logger(__name__)


class Notices:
    """Tells people what their rows say they have not been told."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge
        self._pace = edge.pace
        self._waits: OrderedDict[int, tuple[datetime, timedelta]] = OrderedDict()

    async def tell(self, person: Person) -> None:
        """Tell somebody what there is to tell, in a message at the bottom that makes a sound; often nothing.

        It is written down as told after it was sent: a crash in between sends it twice.

        Raises:
            Unreachable: Telegram is away.
        """
        now = self._edge.clock.now()
        if person.telegram_id in self._waits and now < self._waits[person.telegram_id][0]:
            return
        actor = Actor(person.id, now, person.zone, person.language)
        standing = await self._edge.core.exams.notice(actor)
        if standing is None:
            return
        paper = await self._edge.paper_of(person.telegram_id)
        screen = standing_view.where(standing, translator(person.language), person.zone, now=now)
        await self._pace.wait()
        try:
            shown = await self._edge.delivery.send(person.telegram_id, screen)
        except Blocked:
            log.info("blocked", user=person.id)
        except BadRequest as error:
            # It would be refused the next time too, and hold up those who come after.
            log.error("notice-refused", user=person.id, reason=error.message)  # noqa: TRY400 - the reason is enough
        except Unreachable:
            self._wait_longer(person.telegram_id, now)
            raise
        else:
            if paper is not None:
                await self._edge.remove(paper)
            self._edge.copies.stands(shown)
            self._edge.receipts.shown(Shown(None, shown))
        await self._edge.core.exams.told(actor, standing.sitting.id, standing.notice)
        self._waits.pop(person.telegram_id, None)
        self._edge.wake(person.telegram_id)  # after a section that closed by itself, the mentor may speak again
        log.info("told", user=person.id, notice=standing.notice)

    def _wait_longer(self, telegram_id: int, now: datetime) -> None:
        """Let some time pass before the next try, each time twice as long."""
        _, before = self._waits.pop(telegram_id, (now, FIRST_WAIT / 2))
        wait = min(2 * before, LONGEST_WAIT)
        self._waits[telegram_id] = now + wait, wait
        if len(self._waits) > WAITING_PEOPLE:
            self._waits.popitem(last=False)
