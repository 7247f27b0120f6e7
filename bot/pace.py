"""How fast messages go out that nobody has just asked for: streams, notices."""

import asyncio
import heapq
import itertools

A_SECOND = 25
"""Telegram takes about thirty messages a second from a bot; people at the screen go first, unpaced."""
BURST = 12
"""So many may go at once after a quiet moment: the first words of several replies do not wait for each other."""
PATIENCE = 2.0
"""Seconds that what is not urgent lets urgent ones pass: 200 replies are each refreshed within ten seconds, also while
many of them end."""


class Pace:
    """Lets so many through a second: who has least time left goes first.

    Args:
        a_second: How many in the long run.
        burst: How many at once after a quiet moment.
    """

    def __init__(self, a_second: float = A_SECOND, burst: int = BURST) -> None:
        self._pause = 1 / a_second
        self._burst = burst
        self._numbers = itertools.count()
        self._waiting: list[tuple[float, int, asyncio.Event]] = []
        self._clear_at = 0.0
        self._held_until = 0.0

    async def wait(self, *, urgent: bool = False, patience: float = PATIENCE) -> None:
        """Wait for one's turn, letting others pass that have come no more than `patience` seconds later."""
        mine = (self._now() + (0.0 if urgent else patience), next(self._numbers), asyncio.Event())
        heapq.heappush(self._waiting, mine)
        passed = False
        try:
            while True:
                if self._waiting[0] is not mine:
                    mine[2].clear()
                    await mine[2].wait()
                    continue
                delay = self._delay()
                if delay <= 0:
                    passed = True
                    return
                await asyncio.sleep(min(delay, self._pause))
        finally:
            self._waiting.remove(mine)
            heapq.heapify(self._waiting)
            if self._waiting:
                self._waiting[0][2].set()  # the others need not look
            if passed:
                self._clear_at = max(self._clear_at, self._now()) + self._pause

    def hold(self, seconds: float) -> None:
        """Let nobody through for some time: the server asked for it."""
        self._held_until = max(self._held_until, self._now() + seconds)

    def _delay(self) -> float:
        """Seconds until the next may go (the generic cell rate algorithm, ITU-T I.371)."""
        now = self._now()
        return max(self._held_until - now, self._clear_at - now - (self._burst - 1) * self._pause)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
