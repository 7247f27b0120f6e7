"""What tests put in the place of the clock."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """A clock that stands still until it is told."""

    def __init__(self, now: datetime | None = None) -> None:
        self._now = now or datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The moment it stands at."""
        return self._now

    def advance(self, **parts: float) -> datetime:
        """Go forward by `timedelta(**parts)`."""
        self._now += timedelta(**parts)
        return self._now
