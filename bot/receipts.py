"""What reached the chat, written down in batches nobody waits for.

A turn's effect is durable before anybody is told; that it was told may be written a moment later. A crash in between
makes the same screen be rendered once more, which Telegram answers with "not modified".
"""

import asyncio
from collections.abc import Sequence

import structlog

from core.clock import Clock
from core.errors import StorageUnavailable
from core.ports import Place, Shown, Storage

FLUSH_SECONDS = 0.05
RETRY_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Receipts:
    """Collects marks and stores them."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._marks: list[Shown] = []
        self._screens: dict[int, Place] = {}
        self._wake = asyncio.Event()
        self._storing = asyncio.Lock()

    def shown(self, mark: Shown) -> None:
        """Remember that a turn's result is in the chat."""
        self._marks.append(mark)
        if mark.screen is not None:
            self._screens[mark.screen.person] = mark.screen
        self._wake.set()

    def screen(self, person: int) -> Place | None:
        """What a person's screen shows, where that is not stored yet: a second tap is quicker than a batch."""
        return self._screens.get(person)

    async def run(self) -> None:
        """Store marks as they come, until cancelled."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(FLUSH_SECONDS)
            try:
                await self.flush()
            except StorageUnavailable:
                log.warning("receipts-wait", reason="database unavailable")
                await asyncio.sleep(RETRY_SECONDS)

    async def flush(self) -> None:
        """Store what is collected; afterwards everything marked before is stored, by whomever."""
        async with self._storing:
            self._wake.clear()
            marks, self._marks = self._marks, []
            if not marks:
                return
            try:
                await self._store(marks)
            except StorageUnavailable:
                self._marks = marks + self._marks
                self._wake.set()
                raise
            for mark in marks:
                if mark.screen is not None and self._screens.get(mark.screen.person) is mark.screen:
                    del self._screens[mark.screen.person]

    async def _store(self, marks: Sequence[Shown]) -> None:
        await self._storage.transact(None, lambda work: work.inbox.shown(marks, self._clock.now()))
