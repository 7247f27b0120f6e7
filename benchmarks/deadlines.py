"""A thousand sections due in the same second: how long until all are closed, and how long others wait meanwhile.

`python -m benchmarks.deadlines [--sections N]`. The closing loop is the program's own; the people who press meanwhile
answer quiz questions, one press after another. Once with the program running, once after an outage.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.figures import Figure, machine, say
from bot.app import load_starter
from bot.connection import Connection
from bot.lanes import Lanes, Received
from bot.timers import Deadlines
from core.chiron import Chiron
from core.exams.outcomes import OnPaper, Over
from core.ids import QuizId, SittingId
from core.people.model import Person
from core.ports import Actor
from core.practice.outcomes import Asked, Judged
from storage import schema
from storage.engine import open_engines
from storage.work import SqlStorage
from tests.fakes import FakeClock
from tests.postgres import Postgres, PostgresMissing

COMMAND = "python -m benchmarks.deadlines"
SECTIONS = 1_000
PRESSING = 20
"""People who answer quiz questions while the sections are closed."""
AIM_SECONDS = 10.0
AIM_WAIT_MS = 200.0
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@asynccontextmanager
async def opened(url: str, clock: FakeClock) -> AsyncIterator[tuple[Chiron, SqlStorage]]:
    """The core over a database with the starter bank."""
    schema.upgrade(url)
    storage = SqlStorage(open_engines(url))
    core = Chiron.over(storage, idle=timedelta(minutes=30), rng=random.Random(1))
    await load_starter(core, clock)
    yield core, storage
    await storage.close()


async def sit(core: Chiron, clock: FakeClock, number: int) -> tuple[Person, SittingId]:
    """A student whose first section runs, with every question but one answered."""
    person = await core.people.arrive(10_000 + number, "it", clock.now())
    actor = Actor(person.id, clock.now(), person.zone, person.language)
    sitting_id = SittingId(uuid.uuid4())
    await core.exams.create(actor, sitting_id, "TOLC-I", "mini")
    standing = await core.exams.start_section(actor, sitting_id, 0)
    if isinstance(standing, OnPaper):
        for position in standing.sitting.open_positions[1:]:
            choice = standing.sitting.items[position].order[0]
            await core.exams.answer(actor, sitting_id, position=position, choice=choice)
    return person, sitting_id


async def press_on(core: Chiron, clock: FakeClock, number: int, waits: list[float], over: asyncio.Event) -> None:
    """Answer one question after another until it is over; notes how long each press took, in seconds."""
    person = await core.people.arrive(900_000 + number, "it", clock.now())
    actor = Actor(person.id, clock.now(), person.zone, person.language)
    standing: object = None
    while not over.is_set():
        if not isinstance(standing, Asked | Judged):
            standing = await core.quizzes.start(actor, QuizId(uuid.uuid4()), length=20)
            continue
        begun = time.perf_counter()
        quiz = standing.quiz
        if isinstance(standing, Asked):
            if standing.version.kind.typed or len(standing.version.right) != 1:
                standing = await core.quizzes.skip(actor, quiz.id, position=quiz.current_index)
            else:
                standing = await core.quizzes.answer(actor, quiz.id, position=quiz.current_index, choice=0)
        else:
            standing = await core.quizzes.go_on(actor, quiz.id, position=standing.attempt.position)
        waits.append(time.perf_counter() - begun)
        await asyncio.sleep(0.05)


async def measure(url: str, sections: int) -> tuple[float, list[float], int]:
    """Seconds until every section is closed, how long presses took meanwhile, and how many closed at their deadline."""
    clock = FakeClock(START)
    async with opened(url, clock) as (core, _):
        sitters = []
        for start in range(0, sections, 50):
            many = range(start, min(sections, start + 50))
            sitters += await asyncio.gather(*(sit(core, clock, number) for number in many))
        clock.advance(hours=1)

        async def ignore(_received: Received) -> None:
            return None

        loop = Deadlines(core, clock, Connection(), Lanes(ignore))
        waits: list[float] = []
        over = asyncio.Event()
        pressing = [asyncio.create_task(press_on(core, clock, n, waits, over)) for n in range(PRESSING)]
        await asyncio.sleep(0.5)
        waits.clear()
        begun = time.perf_counter()
        while await loop.once():
            pass
        taken = time.perf_counter() - begun
        over.set()
        await asyncio.gather(*pressing)
        at_deadline = 0
        for person, sitting_id in sitters:
            actor = Actor(person.id, clock.now(), person.zone, person.language)
            standing = await core.exams.fetch(actor, sitting_id)
            section = standing.sitting.sections[0]
            closed = not isinstance(standing, Over) and section.completed_at == section.deadline
            at_deadline += closed and section.score is not None
    return taken, waits, at_deadline


def run(*, sections: int = SECTIONS) -> list[Figure]:
    """Measure and give the figures."""
    found = []
    with tempfile.TemporaryDirectory(prefix="chiron-bench-") as folder:
        found += _figures("sqlite", f"sqlite+aiosqlite:///{Path(folder) / 'deadlines.db'}", sections)
    try:
        server = Postgres()
    except PostgresMissing as reason:
        return [*found, Figure("sections due at once, postgresql", f"left out: {reason}", "", None, COMMAND)]
    server.start()
    try:
        found += _figures("postgresql", server.create("deadlines"), sections)
    finally:
        server.stop()
    return found


def _figures(name: str, url: str, sections: int) -> list[Figure]:
    taken, waits, at_deadline = asyncio.run(measure(url, sections))
    worst = max(waits, default=0.0) * 1000
    median = statistics.median(waits or [0.0]) * 1000
    if at_deadline != sections:
        raise RuntimeError(f"{sections - at_deadline} sections were not closed at their deadline")
    return [
        Figure(
            f"{sections:,} sections due at once, {name}",
            f"closed in {taken:.1f} s, each at its deadline",
            f"< {AIM_SECONDS:.0f} s",
            taken < AIM_SECONDS,
            COMMAND,
        ),
        Figure(
            f"other people's presses meanwhile, {name}",
            f"{median:.0f} ms, at most {worst:.0f} ms ({len(waits)} presses)",
            f"< {AIM_WAIT_MS:.0f} ms",
            worst < AIM_WAIT_MS,
            COMMAND,
        ),
    ]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="Sections that are due at once.")
    parser.add_argument("--sections", type=int, default=SECTIONS)
    options = parser.parse_args()
    print(machine())
    return say(run(sections=options.sections))


if __name__ == "__main__":
    sys.exit(main())
