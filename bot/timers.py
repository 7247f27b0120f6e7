"""The sweep: what is due is found in rows, again and again; nothing depends on a timer that fires once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.connection import Connection
from bot.lanes import Lanes, Received
from core.chiron import Chiron
from core.clock import Clock
from core.errors import StorageUnavailable
from core.ids import UpdateId
from core.ports import Storage

SWEEP_SECONDS = 30
DEADLINE_SECONDS = 1
AT_ONCE = 16
"""Sittings in one commit of SQLite at most."""
TOLD_AT_ONCE = 500
FORGET_EVERY = timedelta(hours=1)
KEEP_INBOX = timedelta(hours=48)

log = structlog.get_logger(__name__)


class Deadlines:
    """Lets happen what is due in exams, second by second, and has the students told."""

    def __init__(
        self, core: Chiron, clock: Clock, connection: Connection, lanes: Lanes, *, pause: float = DEADLINE_SECONDS
    ) -> None:
        self._pause = pause
        self._core = core
        self._clock = clock
        self._connection = connection
        self._lanes = lanes

    async def run(self) -> None:
        """Look for ever."""
        while True:
            try:
                await self.once()
            except StorageUnavailable:
                log.warning("deadlines-wait", reason="database unavailable")
            except Exception:
                log.exception("deadlines-failed")
            await asyncio.sleep(self._pause)

    async def once(self) -> int:
        """Do what is due now, a few at a time so that people's presses come in between; gives how much it was."""
        now = self._clock.now()
        due = await self._core.exams.due(now)
        for start in range(0, len(due), AT_ONCE):
            chunk = due[start : start + AT_ONCE]
            outcomes = await asyncio.gather(
                *(self._core.exams.happen(sitting, owner, now) for sitting, owner in chunk), return_exceptions=True
            )
            for failure in outcomes:
                if isinstance(failure, Exception):
                    log.error("deadline-failed", exc_info=failure)
        if due:
            log.info("exams-due", sittings=len(due))
        if self._connection.is_up:
            noticed = await self._core.exams.noticed(limit=TOLD_AT_ONCE)
            self._lanes.enter(Received(UpdateId(0), person, {}, now, again=True) for _, _, person in noticed)
        return len(due)


class Sweep:
    """Ends idle sessions, forgets old updates and old words, and comes back to replies that are still due."""

    def __init__(
        self, core: Chiron, storage: Storage, clock: Clock, wake: Callable[[], Awaitable[int]] | None = None
    ) -> None:
        self._wake = wake
        self._forgot_at: datetime | None = None
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
        silent = await self._core.mentor.end_silent(now)
        await self._core.mentor.recover(now, alone=False)
        forgotten = 0
        if self._forgot_at is None or now - self._forgot_at >= FORGET_EVERY:
            forgotten = await self._core.mentor.forget(now)
            self._forgot_at = now
        if self._wake is not None:
            await self._wake()
        if ended or cleaned or silent or forgotten:
            log.info("swept", sessions=ended, updates=cleaned, conversations=silent, messages=forgotten)
