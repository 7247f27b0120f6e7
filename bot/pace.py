"""How fast messages go out that nobody has just asked for: streams, notices."""

import asyncio
import heapq
import itertools

A_SECOND = 25
"""Telegram takes about thirty messages a second from a bot; people at the screen go first, unpaced."""
BURST = 12
"""So many may go at once after a quiet moment: the first words of several replies do not wait for each other."""


class Pace:
    """Lets so many through a second: urgent ones first, the others in the order they came.

    Args:
        a_second: How many in the long run.
        burst: How many at once after a quiet moment.
    """

    def __init__(self, a_second: float = A_SECOND, burst: int = BURST) -> None:
        self._pause = 1 / a_second
        self._burst = burst
        self._numbers = itertools.count()
        self._waiting: list[tuple[int, int, asyncio.Event]] = []
        self._clear_at = 0.0
        self._held_until = 0.0

    async def wait(self, *, urgent: bool = False) -> None:
        """Wait for one's turn."""
        mine = (0 if urgent else 1, next(self._numbers), asyncio.Event())
        heapq.heappush(self._waiting, mine)
        passed = False
        try:
            while True:
                first = self._waiting[0]
                if first is not mine:
                    await first[2].wait()
                    continue
                delay = self._delay()
                if delay <= 0:
                    passed = True
                    return
                await asyncio.sleep(min(delay, self._pause))
        finally:
            self._waiting.remove(mine)
            heapq.heapify(self._waiting)
            mine[2].set()
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
