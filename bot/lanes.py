"""One person's turns in order, people concurrently."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from core.ids import UpdateId

BACKLOG = 50
"""Updates of one person that may wait; beyond it they are told to slow down."""
REMEMBERED = 20_000
"""Updates that are known to have been in a lane."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Received:
    """An update in the inbox.

    Attributes:
        person: Telegram id of the sender; 0 where nobody is behind it.
        recovered: Left over from before a restart: each of its tries is counted before it is made.
        spare: Came when too many were waiting: it is not carried out, and the sender is told.
        again: No update at all: what the rows say is shown once more, when its turn has come.
    """

    update_id: UpdateId
    person: int
    payload: dict[str, Any]
    received_at: datetime
    recovered: bool = False
    spare: bool = False
    again: bool = False


class Lanes:
    """Runs turns: those of one person one after another, in the order they came."""

    def __init__(self, run: Callable[[Received], Awaitable[None]], *, backlog: int = BACKLOG) -> None:
        self._run = run
        self._backlog = backlog
        self._waiting: dict[int, deque[Received]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._had: OrderedDict[UpdateId, None] = OrderedDict()
        self._again: set[int] = set()
        self._closed = False

    def enter(self, updates: Iterable[Received]) -> None:
        """Put updates into the lanes of their senders; those that were here before are left out."""
        if self._closed:
            return
        for update in updates:
            if not self._is_new(update):
                continue
            lane = self._waiting.get(update.person)
            if lane is None:
                self._waiting[update.person] = deque([update])
                task = asyncio.create_task(self._drive(update.person), name="lane")
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            elif len(lane) - (update.person in self._again) >= self._backlog and not (update.recovered or update.again):
                lane.append(_as_spare(update))
            else:
                lane.append(update)

    def _is_new(self, update: Received) -> bool:
        """Whether an update was not in a lane yet, or a person is not waiting already to be shown where they are."""
        if update.again:
            new = update.person not in self._again
            self._again.add(update.person)
            return new
        if update.update_id in self._had:
            return False
        self._had[update.update_id] = None
        if len(self._had) > REMEMBERED:
            self._had.popitem(last=False)
        return True

    def had(self, update_id: UpdateId) -> bool:
        """Whether an update is, or was, in a lane."""
        return update_id in self._had

    def waiting(self, person: int) -> int:
        """How many updates of this person wait or run."""
        return len(self._waiting.get(person, ()))

    async def idle(self) -> None:
        """Wait until nothing waits."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self, seconds: float) -> None:
        """Let the turns that run end, for some seconds; what still waits stays in the inbox."""
        self._closed = True
        for lane in self._waiting.values():
            while len(lane) > 1:
                lane.pop()
        self._again.clear()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _drive(self, person: int) -> None:
        lane = self._waiting[person]
        try:
            while lane:
                try:
                    await self._run(lane[0])
                except Exception:
                    # A turn sees to its own failures; whatever slips through must not hold up the next one.
                    log.exception("turn-slipped", update=lane[0].update_id)
                if lane.popleft().again:
                    self._again.discard(person)
        finally:
            del self._waiting[person]


def _as_spare(update: Received) -> Received:
    return Received(update.update_id, update.person, update.payload, update.received_at, spare=True)
