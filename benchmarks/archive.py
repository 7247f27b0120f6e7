"""How long the archive takes over 20,000 questions: `python -m benchmarks.archive [--quick]`.

The bank is the starter bank over and over, in two languages with solutions and hints, each copy with twenty words out
of 30,000.
The index is built while the loop beside it counts how late it wakes: that is what other students notice.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from benchmarks.figures import Figure, machine, say
from core.chiron import Chiron
from core.clock import SystemClock
from core.ports import Actor
from core.questions.model import Bank, Item
from core.questions.reading import read_bank
from storage import schema
from storage.content import STARTER
from storage.engine import open_engines
from storage.work import SqlStorage

COMMAND = "python -m benchmarks.archive"
QUESTIONS = 20_000
WORDS = 30_000
SEARCH_AIM_MS = 20.0
LATE_AIM_MS = 100.0
ROUNDS = 20
ASKED = (
    "come si risolve una disequazione di secondo grado?",
    "non capisco i logaritimi",
    "what is kinetic energy?",
    "equazione di secondo grado con delta negativo",
    "ciao scusa potresti spiegarmi come funzionano i sillogismi che domani ho la verifica e sono disperato?",
    "matematica",
    "chi ha vinto il mondiale?",
    "ossidoriduzone",
)


def many(bank: Bank, count: int, rng: random.Random) -> Bank:
    """So many questions: copies, each with twenty words that few others have."""
    return replace(bank, name="many", items=tuple(_copies(bank.items, count, rng)))


def _copies(items: tuple[Item, ...], count: int, rng: random.Random) -> Iterator[Item]:
    words_of_all = ["".join(rng.choices("abcdefghilmnoprstuvz", k=7)) for _ in range(WORDS)]
    for number in range(count):
        item = items[number % len(items)]
        own = " ".join(rng.choices(words_of_all, k=20))
        wordings = {
            language: replace(words, text=f"{words.text} {own}", explanation=f"{words.explanation} {own}")
            for language, words in item.wordings.items()
        }
        yield replace(item, slug=f"{item.slug[:70]}-{number}", wordings=wordings)


async def lateness(worst: list[float]) -> None:
    """How late a sleep of 5 ms ends, in ms, again and again."""
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(0.005)
        worst.append(1000 * (time.perf_counter() - begun) - 5)


async def measure(database: Path, count: int) -> list[Figure]:
    """Build once, search often."""
    storage = SqlStorage(open_engines(f"sqlite+aiosqlite:///{database}"))
    try:
        core = Chiron.over(storage, idle=timedelta(minutes=30), rng=random.Random(7))
        now = SystemClock().now()
        await core.banks.store(many(read_bank(STARTER, "starter").bank, count, random.Random(7)), now)
        person = await core.people.arrive(1001, "it", now)
        actor = Actor(person.id, now)
        late: list[float] = []
        watch = asyncio.create_task(lateness(late))
        begun, worked = time.perf_counter(), time.process_time()
        await core.archive.search(actor, ASKED[0])
        first, busy = time.perf_counter() - begun, time.process_time() - worked
        watch.cancel()
        taken = []
        for _ in range(ROUNDS):
            for text in ASKED:
                begun = time.perf_counter()
                await core.archive.search(actor, text)
                taken.append(1000 * (time.perf_counter() - begun))
    finally:
        await storage.close()
    middle, slow = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    waits = statistics.quantiles(late, n=100)[-1]
    built = f"{first:.1f} s, {busy:.1f} s of processor"
    name = f"archive of {count:,}"
    return [
        Figure(f"{name}: first search, index built", built, "", None, COMMAND),
        Figure(f"{name}: loop late meanwhile", f"p99 {waits:.0f} ms (worst {max(late):.0f})", f"< {LATE_AIM_MS:.0f} ms",
               waits < LATE_AIM_MS, COMMAND),
        Figure(f"{name}: search", f"{middle:.1f} ms (p95 {slow:.1f})", f"< {SEARCH_AIM_MS:.0f} ms",
               middle < SEARCH_AIM_MS, COMMAND),
    ]  # fmt: skip


def run(*, quick: bool = False) -> list[Figure]:
    """Measure and give the figures."""
    with tempfile.TemporaryDirectory(prefix="chiron-bench-") as folder:
        database = Path(folder) / "archive.db"
        schema.upgrade(f"sqlite+aiosqlite:///{database}")
        return asyncio.run(measure(database, QUESTIONS // 10 if quick else QUESTIONS))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="How long the archive takes.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the questions")
    print(machine())
    return say(run(quick=parser.parse_args().quick))


if __name__ == "__main__":
    sys.exit(main())
