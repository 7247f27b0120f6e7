"""The clock: aware, in UTC, and steady whatever becomes of the machine's."""

from datetime import UTC, datetime, timedelta

from core.clock import SystemClock, steady_seconds


class Machine:
    """A machine whose wall clock somebody sets."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
        self.seconds = 1_000.0

    def pass_(self, seconds: float) -> None:
        """Time goes by."""
        self.wall += timedelta(seconds=seconds)
        self.seconds += seconds


def test_it_is_now_in_utc() -> None:
    """What the machine says at the start."""
    before = datetime.now(UTC)

    now = SystemClock().now()

    assert now.utcoffset() == timedelta(0)
    assert abs(now - before) < timedelta(seconds=5)


def test_a_wall_clock_that_jumps_moves_no_deadline() -> None:
    """An hour back, a day ahead: the program's minutes stay minutes."""
    machine = Machine()
    clock = SystemClock(lambda: machine.wall, lambda: machine.seconds)
    start = clock.now()

    machine.pass_(60)
    machine.wall -= timedelta(hours=1)
    after_a_minute = clock.now()
    machine.pass_(60)
    machine.wall += timedelta(days=1)

    assert after_a_minute == start + timedelta(minutes=1)
    assert clock.now() == start + timedelta(minutes=2)


def test_steady_seconds_only_grow() -> None:
    """Nobody sets them."""
    first = steady_seconds()

    assert steady_seconds() >= first
