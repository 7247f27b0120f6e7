"""After a restart, or when Telegram is back: what was received is carried out, what was done is shown."""

import json

import structlog

from bot.lanes import Lanes, Received
from bot.receipts import Receipts
from core.clock import Clock
from core.ids import UpdateId
from core.ports import Storage

log = structlog.get_logger(__name__)


class Recovery:
    """Brings the chat in line with the rows."""

    def __init__(self, storage: Storage, clock: Clock, receipts: Receipts, lanes: Lanes) -> None:
        self._storage = storage
        self._clock = clock
        self._receipts = receipts
        self._lanes = lanes

    async def replay(self) -> int:
        """Put every update that was received and not settled into its lane, unless it was in one; gives their number.

        At the start these are the ones that the last run left; later, the ones of a process that died.
        """
        rows = await self._storage.read(lambda work: work.inbox.waiting())
        waiting = [row for row in rows if not self._lanes.had(row.update_id)]
        self._lanes.enter(
            Received(row.update_id, row.person, json.loads(row.payload or b"{}"), row.received_at, recovered=True)
            for row in waiting
        )
        if waiting:
            log.info("replayed", updates=len(waiting))
        return len(waiting)

    async def show_unshown(self) -> int:
        """Have everybody shown where they stand whose last effect did not reach the chat; gives their number.

        It waits in their lanes as any turn does, so that it never puts something older over something newer.
        """
        await self._receipts.flush()
        people = await self._storage.read(lambda work: work.inbox.unshown())
        now = self._clock.now()
        self._lanes.enter(Received(UpdateId(0), person, {}, now, again=True) for person in people)
        if people:
            log.info("showing-again", people=len(people))
        return len(people)
