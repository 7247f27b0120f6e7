"""Telegram's patience: about one message a second to a chat after a burst, thirty a second overall."""

import math
from collections.abc import Callable

from bot.playground.refusals import too_many_requests

CHAT_BURST = 20
CHAT_PER_SECOND = 1.0
GROUP_BURST = 20
GROUP_PER_SECOND = 20 / 60
OVERALL_BURST = 30
OVERALL_PER_SECOND = 30.0


class _Bucket:
    """Tokens that refill with time."""

    __slots__ = ("at", "burst", "left", "rate")

    def __init__(self, burst: int, rate: float, now: float) -> None:
        self.burst = burst
        self.rate = rate
        self.left = float(burst)
        self.at = now

    def wait(self, now: float) -> float:
        """Give the seconds until a token is there, 0 where one is."""
        self.left = min(self.burst, self.left + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.left >= 1 else (1 - self.left) / self.rate


class Flood:
    """Counts sends and edits and refuses those that come too fast."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._overall = _Bucket(OVERALL_BURST, OVERALL_PER_SECOND, now())
        self._chats: dict[int, _Bucket] = {}

    def count(self, chat_id: int) -> None:
        """Count one send or edit.

        Raises:
            Refused: 429 with `retry_after`; a refused call is not counted.
        """
        now = self._now()
        chat = self._chats.get(chat_id)
        if chat is None:
            group = chat_id < 0
            rate = GROUP_PER_SECOND if group else CHAT_PER_SECOND
            chat = self._chats[chat_id] = _Bucket(GROUP_BURST if group else CHAT_BURST, rate, now)
        wait = max(chat.wait(now), self._overall.wait(now))
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        chat.left -= 1
        self._overall.left -= 1
