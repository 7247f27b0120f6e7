"""Quiz turns per second, against bare bots, in one run: `python -m benchmarks.turns [--quick]`.

A turn begins with a press and ends when it is answered and a message was edited or sent; Chiron's effect is in the
database, synced to the disk, before that. 200 students press at once, each as soon as their last turn ended. Every bot
and every load server is a process of its own, the bots take turns round by round, and ratios compare the same round.
"""

import argparse
import asyncio
import contextlib
import json
import random
import statistics
import subprocess
import sys
import tempfile
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Self

import psutil

from benchmarks.figures import ROOT, Figure, chiron, environment, machine, say, spread
from benchmarks.load import HOST, TOKEN
from bot.callbacks import QuizResume
from core.chiron import Chiron
from core.clock import SystemClock
from core.ids import QuizId
from core.people.model import Onboarding
from core.ports import Actor
from core.questions.model import Bank, Kind
from core.questions.reading import read_bank
from storage import schema
from storage.content import STARTER
from storage.engine import open_engines
from storage.work import SqlStorage
from tests.postgres import Postgres, PostgresMissing

STUDENTS = 200
QUIZZES = 6
COMPLAINTS = ("Traceback", "Error", "[error", "[warning")
COMMAND = "python -m benchmarks.turns"
WARM_SECONDS = 4.0
FIRST_WARM_SECONDS = 8.0
"""PTB as shipped needs seconds to open its connections, and drops them when nothing happens for five."""
DRAIN_SECONDS = 2.0
SHIPPED_AIM = 2.5
AIOGRAM_AIM = 0.5
AIOGRAM_GOAL = 0.9


@dataclass(slots=True)
class Measured:
    """A bot and what its rounds gave."""

    name: str
    port: int
    process: psutil.Process
    rounds: list[dict[str, float]] = field(default_factory=list)

    def all(self, what: str) -> list[float]:
        """One figure of every round."""
        return [measured[what] for measured in self.rounds]

    def run(self, seconds: float, warm: float) -> dict[str, float]:
        """One round, with the processor time of a turn: what is left when other programs disturb the clock."""
        before = self.process.cpu_times()
        measured = run_round(self.port, seconds, warm)
        after = self.process.cpu_times()
        spent = after.user + after.system - before.user - before.system
        measured["cpu_ms"] = 1000 * spent / max(1, measured["finished"])
        self.rounds.append(measured)
        return measured


class Bench:
    """Load servers and bots, each in its own process, ended with the block."""

    def __init__(self) -> None:
        self._ends = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_error: object) -> None:
        """End every process that was started here."""
        self._ends.close()

    def server(self) -> int:
        """Start a load server; gives its port."""
        process = self._start([sys.executable, "-m", "benchmarks.load", "--serve"], stdin=True)
        assert process.stdout is not None  # noqa: S101 - piped
        return int(process.stdout.readline())

    def bot(self, command: list[str], **variables: str) -> psutil.Process:
        """Start a bot."""
        return psutil.Process(self._start(command, **variables).pid)

    def folder(self) -> Path:
        """A folder that goes with the block."""
        return Path(self._ends.enter_context(tempfile.TemporaryDirectory(prefix="chiron-bench-")))

    def postgres(self) -> Postgres:
        """A throw-away PostgreSQL.

        Raises:
            PostgresMissing: Its programs are not here.
        """
        server = Postgres()
        server.start()
        self._ends.callback(server.stop)
        return server

    def _start(self, command: list[str], *, stdin: bool = False, **variables: str) -> subprocess.Popen[str]:
        errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the process
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(**variables),
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE if stdin else errors,
            stderr=errors,
            text=True,
        )

        def end() -> None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            errors.seek(0)
            told = [line for line in errors if any(sign in line for sign in COMPLAINTS)]
            errors.close()
            if told:
                words = "".join(told[:5])
                print(f"--- {' '.join(command[1:])} complained {len(told)} times:\n{words}", file=sys.stderr)

        self._ends.callback(end)
        return process


def control(port: int, what: str, body: dict[str, object], seconds: float = 30) -> dict[str, float]:
    """Tell a load server what to do; gives its answer."""
    request = urllib.request.Request(
        f"http://{HOST}:{port}/control/{what}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=seconds) as answer:
        told: dict[str, float] = json.loads(answer.read())
        return told


def run_round(port: int, seconds: float, warm: float) -> dict[str, float]:
    """One round: everybody presses for some seconds."""
    body: dict[str, object] = {"seconds": seconds, "warm": warm, "drain": DRAIN_SECONDS}
    return control(port, "round", body, seconds + warm + DRAIN_SECONDS + 30)


def ceiling(seconds: float = 2.0) -> float:
    """Turns per second of the load server with a client that only writes bytes."""
    with Bench() as bench:
        port = bench.server()
        bench.bot([sys.executable, "-m", "benchmarks.load", "--write", str(port)])
        control(port, "students", {"students": {str(n): ["go:0"] for n in range(1, STUDENTS + 1)}})
        return run_round(port, seconds, 1.0)["per_second"]


async def prepare(database_url: str, students: int = STUDENTS) -> dict[str, list[str]]:
    """Fill a database: the students have arrived, and their quizzes are open.

    The questions are those of the starter bank that are answered with one tap and have no picture.

    Returns:
        The buttons that take each student's quizzes up, by Telegram id.
    """
    schema.upgrade(database_url)
    clock = SystemClock()
    storage = SqlStorage(open_engines(database_url))
    try:
        core = Chiron.over(storage, idle=timedelta(minutes=30), rng=random.Random(1))
        starter = read_bank(STARTER, "starter").bank
        stored = await core.banks.store(_tappable(starter), clock.now(), title="Benchmark")
        starts: dict[str, list[str]] = {}
        for number in range(1, students + 1):
            person = await core.people.arrive(number, "it", clock.now())
            known = replace(person, onboarding=Onboarding.DONE)
            await storage.transact(None, lambda work, known=known: work.people.save(known, clock.now()))
            actor = Actor(person.id, clock.now(), person.zone, person.language)
            quizzes = [QuizId(uuid.uuid4()) for _ in range(QUIZZES)]
            for quiz in quizzes:
                await core.quizzes.start_deck(actor, quiz, stored.deck_id)
            starts[str(number)] = [QuizResume(quiz).encode() for quiz in quizzes]
        return starts
    finally:
        await storage.close()


def _tappable(starter: Bank) -> Bank:
    items = tuple(item for item in starter.items if item.kind is Kind.SINGLE and item.formula is None)
    return replace(starter, name="benchmark", items=items)


def _chiron(bench: Bench, name: str, database_url: str, command: list[str] | None = None) -> Measured:
    starts = asyncio.run(prepare(database_url))
    port = bench.server()
    process = bench.bot(
        command or chiron("run"),
        DATABASE_URL=database_url,
        TELEGRAM_BOT_TOKEN=TOKEN,
        TELEGRAM_API_URL=f"http://{HOST}:{port}/bot",
        LOG_LEVEL="INFO",
    )
    control(port, "students", {"students": starts})
    return Measured(name, port, process)


def _bare(bench: Bench, name: str) -> Measured:
    port = bench.server()
    process = bench.bot([sys.executable, "-m", "benchmarks.bots", name, str(port)])
    control(port, "students", {"students": {str(number): ["go:0"] for number in range(1, STUDENTS + 1)}})
    return Measured(name, port, process)


def subjects(bench: Bench, *, only: str = "") -> Iterator[Measured]:
    """Start the bots that are compared."""
    for name in ("ptb", "aiogram"):
        if name.startswith(only):
            yield _bare(bench, name)
    if "sqlite".startswith(only):
        yield _chiron(bench, "sqlite", f"sqlite+aiosqlite:///{bench.folder() / 'chiron.db'}")
    if "postgresql".startswith(only):
        try:
            yield _chiron(bench, "postgresql", bench.postgres().create("benchmark"))
        except PostgresMissing as reason:
            print(f"· PostgreSQL is left out: {reason}")


def measure(*, rounds: int, seconds: float, only: str = "") -> list[Measured]:
    """Let the bots take turns, round by round."""
    with Bench() as bench:
        bots = list(subjects(bench, only=only))
        for number in range(rounds):
            for bot in bots:
                measured = bot.run(seconds, FIRST_WARM_SECONDS if number == 0 else WARM_SECONDS)
                if measured["turns"] == 0:
                    raise RuntimeError(f"{bot.name} made no turn")
                print(
                    f"  round {number + 1}  {bot.name:<11} {measured['per_second']:7.0f} turns/s"
                    f"   p50 {measured['p50_ms']:6.0f} ms   p99 {measured['p99_ms']:6.0f} ms"
                    f"   processor {measured['cpu_ms']:.2f} ms/turn   stuck {measured['stuck']:.0f}",
                    flush=True,
                )
        return bots


def figures(bots: list[Measured], most: float) -> list[Figure]:
    """Ratios of the same rounds, and latencies."""
    by_name = {bot.name: bot for bot in bots}
    found = [Figure("ceiling of the load server", f"{most:,.0f} turns/s", "", None, "python -m benchmarks.load")]
    found.extend(
        Figure(
            f"{bot.name}: turns/s, p50, p99, processor a turn",
            f"{spread(bot.all('per_second'), '.0f')}, {statistics.median(bot.all('p50_ms')):.0f} ms, "
            f"{statistics.median(bot.all('p99_ms')):.0f} ms, {statistics.median(bot.all('cpu_ms')):.2f} ms",
            "",
            None,
            COMMAND,
        )
        for bot in bots
    )
    for name in ("sqlite", "postgresql"):
        for other, least, words in (
            ("ptb", SHIPPED_AIM, "bare PTB as shipped"),
            ("aiogram", AIOGRAM_AIM, "bare aiogram"),
        ):
            if name in by_name and other in by_name:
                pairs = zip(by_name[name].all("per_second"), by_name[other].all("per_second"), strict=True)
                ratios = [mine / theirs for mine, theirs in pairs]
                aim = f">= {least}" + (f" ({AIOGRAM_GOAL})" if other == "aiogram" else "")
                reached = statistics.median(ratios) >= least
                found.append(Figure(f"Chiron on {name} / {words}", f"{spread(ratios)} x", aim, reached, COMMAND))
    return found


def run(*, quick: bool, only: str = "") -> list[Figure]:
    """Measure and give the figures."""
    most = ceiling(1.0 if quick else 2.0)
    bots = measure(rounds=2 if quick else 5, seconds=2.0 if quick else 5.0, only=only)
    return figures(bots, most)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Quiz turns per second.")
    parser.add_argument("--quick", action="store_true", help="two short rounds")
    parser.add_argument("--only", default="", help="only this bot: ptb, aiogram, sqlite, postgresql")
    options = parser.parse_args()
    print(f"{STUDENTS} students at once; {machine()}")
    return say(run(quick=options.quick, only=options.only))


if __name__ == "__main__":
    sys.exit(main())
