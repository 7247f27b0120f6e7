"""After a restart, or when Telegram is back: what was received is carried out, what was done is shown."""

import asyncio
import json

import structlog

from bot.delivery import Unreachable
from bot.lanes import Lanes, Received
from bot.receipts import Receipts
from bot.turns import Turns
from core.errors import StorageUnavailable
from core.ports import Storage

AT_ONCE = 20
"""People whose screens are rendered at the same time."""

log = structlog.get_logger(__name__)


class Recovery:
    """Brings the chat in line with the rows."""

    def __init__(self, storage: Storage, receipts: Receipts, lanes: Lanes, turns: Turns) -> None:
        self._storage = storage
        self._receipts = receipts
        self._lanes = lanes
        self._turns = turns

    async def replay(self) -> int:
        """Put every update that was received and not settled back into its lane; gives their number."""
        waiting = await self._storage.read(lambda work: work.inbox.waiting())
        self._lanes.enter(
            Received(row.update_id, row.person, json.loads(row.payload or b"{}"), row.received_at, recovered=True)
            for row in waiting
        )
        if waiting:
            log.info("replayed", updates=len(waiting))
        return len(waiting)

    async def show_unshown(self) -> int:
        """Show everybody whose last effect did not reach the chat where they stand; gives their number."""
        await self._receipts.flush()
        people = await self._storage.read(lambda work: work.inbox.unshown())
        places = asyncio.Semaphore(AT_ONCE)

        async def show(person: int) -> None:
            async with places:
                if self._lanes.waiting(person):
                    return  # a turn of theirs is about to show something newer
                try:
                    await self._turns.show_where(person)
                except (Unreachable, StorageUnavailable) as error:
                    log.warning("not-shown-yet", reason=type(error).__name__)
                except Exception:
                    log.exception("where-failed")

        await asyncio.gather(*(show(person) for person in people))
        if people:
            log.info("shown-again", people=len(people))
        return len(people)
