"""How fast messages go out that nobody has just asked for."""

import asyncio

from bot.pace import Pace


async def passed(pace: Pace, name: str, order: list[str], *, urgent: bool = False) -> None:
    """Wait for a turn and write it down."""
    await pace.wait(urgent=urgent)
    order.append(name)


def goes_at_once(pace: Pace) -> bool:
    """Whether somebody who asks now need not wait at all."""
    asking = pace.wait()
    try:
        asking.send(None)
    except StopIteration:
        return True
    asking.close()
    return False


async def test_a_few_go_at_once_the_next_one_waits() -> None:
    """After a quiet moment as many as a burst has."""
    pace = Pace(a_second=0.01, burst=3)

    assert [goes_at_once(pace) for _ in range(4)] == [True, True, True, False]


async def test_urgent_ones_go_first() -> None:
    """Whoever has nothing on the screen yet passes those who are only refreshed."""
    pace = Pace(a_second=100, burst=1)
    order: list[str] = []
    await pace.wait()

    async with asyncio.TaskGroup() as tasks:
        for name in ("first", "second", "third"):
            tasks.create_task(passed(pace, name, order))
        await asyncio.sleep(0)
        tasks.create_task(passed(pace, "urgent", order, urgent=True))

    assert order == ["urgent", "first", "second", "third"]


async def test_whoever_gives_up_holds_nobody_up() -> None:
    """A waiter that is cancelled leaves its place, and its turn was not taken."""
    pace = Pace(a_second=100, burst=1)
    order: list[str] = []
    await pace.wait()
    waiting = asyncio.create_task(passed(pace, "gone", order))
    behind = asyncio.create_task(passed(pace, "behind", order))
    await asyncio.sleep(0)

    waiting.cancel()
    async with asyncio.timeout(1):
        await behind

    assert order == ["behind"]


async def test_nobody_goes_while_the_server_wants_quiet() -> None:
    """A 429 holds up all of them."""
    loop = asyncio.get_running_loop()
    pace = Pace(a_second=1000, burst=10)
    pace.hold(0.1)
    started = loop.time()

    await pace.wait(urgent=True)

    assert loop.time() - started >= 0.099
