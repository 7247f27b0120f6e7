"""The sweep: what is due is found in rows, again and again; nothing depends on a timer that fires once."""

import asyncio
from datetime import timedelta

import structlog

from core.chiron import Chiron
from core.clock import Clock
from core.errors import StorageUnavailable
from core.ports import Storage

SWEEP_SECONDS = 30
KEEP_INBOX = timedelta(hours=48)

log = structlog.get_logger(__name__)


class Sweep:
    """Ends idle sessions and forgets old updates."""

    def __init__(self, core: Chiron, storage: Storage, clock: Clock) -> None:
        self._core = core
        self._storage = storage
        self._clock = clock

    async def run(self) -> None:
        """Sweep for ever."""
        while True:
            try:
                await self.once()
            except StorageUnavailable:
                log.warning("sweep-waits", reason="database unavailable")
            except Exception:
                log.exception("sweep-failed")
            await asyncio.sleep(SWEEP_SECONDS)

    async def once(self) -> None:
        """Do what is due now; doing it twice changes nothing."""
        now = self._clock.now()
        ended = await self._core.sessions.end_idle(now)
        cleaned = await self._storage.transact(None, lambda work: work.inbox.clean(now - KEEP_INBOX))
        if ended or cleaned:
            log.info("swept", sessions=ended, updates=cleaned)
