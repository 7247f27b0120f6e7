"""How soon `chiron run` answers, and how much memory it takes: `python -m benchmarks.start [--quick]`.

The Bot API is the playground, in this process; the bot is a process of its own, started as an operator starts it.
"""

import argparse
import asyncio
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil

from benchmarks.figures import ROOT, Figure, chiron, environment, machine, say, spread
from bot.playground import Person, Playground

COMMAND = "python -m benchmarks.start"
START_AIM_SECONDS = 2.0
HELP_AIM_SECONDS = 0.3
MEMORY_AIM_MB = 150
STUDENTS = 1_000
AT_ONCE = 50
PATIENCE_SECONDS = 60.0


@contextlib.asynccontextmanager
async def running(playground: Playground, database: Path) -> AsyncIterator[psutil.Process]:
    """`chiron run` against the playground."""
    process = await asyncio.create_subprocess_exec(
        *chiron("run"),
        cwd=ROOT,
        env=environment(
            DATABASE_URL=f"sqlite+aiosqlite:///{database}",
            TELEGRAM_BOT_TOKEN=playground.token,
            TELEGRAM_API_URL=playground.api_url,
            LOG_LEVEL="WARNING",
        ),
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        await process.wait()


async def first_answer(database: Path) -> float:
    """Seconds from starting the process to the first answered update, which waited before the start."""
    async with Playground(keep_log=False) as playground:
        playground.say(1001, "/start")
        begun = time.perf_counter()
        async with running(playground, database):
            await playground.wait_for(1001, timeout=PATIENCE_SECONDS)
            return time.perf_counter() - begun


async def memory(database: Path, students: int) -> tuple[float, float]:
    """Megabytes of the main process before, and after each student sent /start and answered a question."""
    people = [Person(number, f"Student {number}") for number in range(10_001, 10_001 + students)]
    async with Playground(keep_log=False, people=[Person(1001, "Anna"), *people]) as playground:
        playground.say(1001, "/start")
        async with running(playground, database) as process:
            await playground.wait_for(1001, timeout=PATIENCE_SECONDS)
            await asyncio.sleep(1)
            before = _megabytes(process)
            places = asyncio.Semaphore(AT_ONCE)

            async def practise(person: Person) -> None:
                async with places:
                    playground.say(person, "/start")
                    await playground.wait_for(person, _answerable, timeout=PATIENCE_SECONDS)
                    mark = playground.mark()
                    playground.press_key(person, "A")
                    await playground.wait_for(person, timeout=PATIENCE_SECONDS, since=mark)

            await asyncio.gather(*(practise(person) for person in people))
            await asyncio.sleep(1)
            return before, _megabytes(process)


def help_seconds(times: int) -> list[float]:
    """Seconds of `chiron --help`, each time in a new process."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        subprocess.run(chiron("--help"), cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, check=True)
        taken.append(time.perf_counter() - begun)
    return taken


def run(*, quick: bool) -> list[Figure]:
    """Measure and give the figures."""
    with tempfile.TemporaryDirectory(prefix="chiron-bench-") as name:
        folder = Path(name)
        empty = [asyncio.run(first_answer(folder / f"start{n}.db")) for n in range(1 if quick else 5)]
        again = [asyncio.run(first_answer(folder / "start0.db")) for _ in range(1 if quick else 5)]
        students = STUDENTS // 10 if quick else STUDENTS
        before, after = asyncio.run(memory(folder / "memory.db", students))
    helps = help_seconds(3 if quick else 10)
    start = f"< {START_AIM_SECONDS:.0f} s"
    return [
        Figure("start to first answer, new database", f"{spread(empty)} s", start, _under(empty, 2.0), COMMAND),
        Figure("start to first answer, known database", f"{spread(again)} s", start, _under(again, 2.0), COMMAND),
        Figure("chiron --help", f"{spread(helps)} s", "< 0.3 s", _under(helps, HELP_AIM_SECONDS), COMMAND),
        Figure(
            f"memory with {students:,} active students",
            f"{after:.0f} MB ({before:.0f} MB before)",
            f"< {MEMORY_AIM_MB} MB",
            after < MEMORY_AIM_MB,
            COMMAND,
        ),
    ]


def _answerable(message: dict[str, Any]) -> bool:
    return any(key["text"] == "A" for row in message.get("reply_markup", {}).get("inline_keyboard", ()) for key in row)


def _under(seconds: list[float], most: float) -> bool:
    return statistics.median(seconds) < most


def _megabytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 1e6


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Start, help and memory.")
    parser.add_argument("--quick", action="store_true", help="once each, 100 students")
    options = parser.parse_args()
    print(machine())
    return say(run(quick=options.quick))


if __name__ == "__main__":
    sys.exit(main())
