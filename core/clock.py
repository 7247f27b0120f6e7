"""The one place that reads the clock."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


def steady_seconds() -> float:
    """Seconds since some moment, never set by anybody; they go on while the machine sleeps, where it can tell."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class SystemClock:
    """The machine's clock as it stood at the start, and the time that has gone by since.

    The wall clock may be set while the program runs. Deadlines do not move with it: an exam's minute is a minute. What
    the wall clock says then is taken up at the next start.

    Args:
        wall: Reads the machine's clock.
        steady: Reads seconds that nobody sets.
    """

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        steady: Callable[[], float] = steady_seconds,
    ) -> None:
        self._steady = steady
        self._started_at = wall()
        self._started = steady()

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return self._started_at + timedelta(seconds=self._steady() - self._started)
