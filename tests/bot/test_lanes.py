"""One person's turns in order, people concurrently, a backlog that is capped."""

import asyncio
from datetime import UTC, datetime

from structlog.testing import capture_logs

from bot.lanes import Lanes, Received
from core.ids import UpdateId

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def _received(number: int, person: int = 1, *, recovered: bool = False) -> Received:
    return Received(UpdateId(number), person, {}, NOW, recovered=recovered)


async def test_one_person_in_order_and_others_meanwhile() -> None:
    """A slow turn holds up its own person's next one, and nobody else."""
    gate, done = asyncio.Event(), []

    async def run(update: Received) -> None:
        if update.update_id == 1:
            await gate.wait()
        done.append(int(update.update_id))

    lanes = Lanes(run)
    lanes.enter([_received(1), _received(2), _received(3, person=2)])
    while 3 not in done:  # noqa: ASYNC110 - a poll
        await asyncio.sleep(0)
    assert done == [3]
    gate.set()
    await lanes.idle()

    assert done == [3, 1, 2]
    assert lanes.waiting(1) == 0


async def test_failure_does_not_hold_up_the_next() -> None:
    """Whatever slips out of a turn is logged, and the next one runs."""
    done = []

    async def run(update: Received) -> None:
        if update.update_id == 1:
            raise ValueError
        done.append(int(update.update_id))

    lanes = Lanes(run)
    with capture_logs() as logs:
        lanes.enter([_received(1), _received(2)])
        await lanes.idle()

    assert done == [2]
    assert [entry["log_level"] for entry in logs] == ["error"]


async def test_beyond_the_backlog_updates_are_spare() -> None:
    """What comes when too many wait is marked as spare; what a restart left over never is."""
    spare = {}

    async def run(update: Received) -> None:
        spare[int(update.update_id)] = update.spare

    lanes = Lanes(run, backlog=2)
    lanes.enter([_received(1), _received(2), _received(3), _received(4, recovered=True), _received(5, person=2)])
    await lanes.idle()

    assert spare == {1: False, 2: False, 3: True, 4: False, 5: False}


async def test_closing_lets_what_runs_end() -> None:
    """What runs ends, what waits is left in the inbox, what comes later is not begun."""
    begun, gate = [], asyncio.Event()

    async def run(update: Received) -> None:
        begun.append(int(update.update_id))
        await gate.wait()

    lanes = Lanes(run)
    lanes.enter([_received(1), _received(2)])
    await asyncio.sleep(0)
    closing = asyncio.create_task(lanes.close(5))
    await asyncio.sleep(0)
    lanes.enter([_received(3)])
    gate.set()
    await closing

    assert begun == [1]


async def test_closing_does_not_wait_for_ever() -> None:
    """What does not end in time is cancelled."""
    cancelled = []

    async def run(update: Received) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(int(update.update_id))
            raise

    lanes = Lanes(run)
    lanes.enter([_received(1)])
    await asyncio.sleep(0)
    await lanes.close(0)

    assert cancelled == [1]


async def test_an_update_runs_once() -> None:
    """Handed in again, while it waits or after it ran, it is left out."""
    done = []

    async def run(update: Received) -> None:
        done.append(int(update.update_id))

    lanes = Lanes(run)
    lanes.enter([_received(1), _received(1)])
    await lanes.idle()
    lanes.enter([_received(1), _received(2)])
    await lanes.idle()

    assert done == [1, 2]
    assert lanes.had(UpdateId(2))


async def test_being_shown_again_waits_once_and_takes_no_place() -> None:
    """However often an outage asks for it, one such turn waits in a lane, and the backlog stays for messages."""
    gate, seen = asyncio.Event(), []

    async def run(update: Received) -> None:
        await gate.wait()
        seen.append("again" if update.again else "spare" if update.spare else int(update.update_id))

    lanes = Lanes(run, backlog=3)
    again = Received(UpdateId(0), 1, {}, NOW, again=True)
    lanes.enter([_received(1), *[again] * 100, _received(2), _received(3)])
    gate.set()
    await lanes.idle()
    lanes.enter([again])
    await lanes.idle()

    assert seen == [1, "again", 2, 3, "again"]
