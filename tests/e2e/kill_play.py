"""Students play while the bot is killed: nothing that they were told is lost, nothing counts twice, every chat goes on.

Run it at length with `python -m tests.e2e.kill_play --kills 50 --students 20 --database postgresql`.
"""

import argparse
import asyncio
import contextlib
import os
import random
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.playground import Playground
from storage import schema
from storage.engine import open_engines
from tests.e2e.players import Player, Stuck
from tests.postgres import Postgres

READY_SECONDS = 30.0
FIRST_PERSON = 20_000


@dataclass
class Report:
    """What a run found.

    Attributes:
        missing: Answers that the chat showed as taken and the database does not have, or has otherwise.
        twice: Positions that count more than once.
        wrong_totals: Finished quizzes whose counts are not those of their attempts.
        repeated: Taps that had to be made again after the last kill.
        dead: Updates that were given up.
    """

    kills: int
    answers: int
    results: int
    missing: list[str]
    twice: list[str]
    wrong_totals: list[str]
    repeated: int
    dead: int
    seconds: float

    @property
    def good(self) -> bool:
        """Whether every promise was kept."""
        return not (self.missing or self.twice or self.wrong_totals or self.dead)


class Bot:
    """`python -m bot run` as a process that can be killed."""

    def __init__(self, pg: Playground, database_url: str, folder: Path, **settings: str) -> None:
        self._pg = pg
        self._folder = folder
        self._environment = {
            **os.environ,
            "TELEGRAM_BOT_TOKEN": pg.token,
            "TELEGRAM_API_URL": pg.api_url,
            "DATABASE_URL": database_url,
            "LOG_LEVEL": "WARNING",
            **settings,
        }
        self._process: asyncio.subprocess.Process | None = None
        self.log = folder / "bot.log"

    async def start(self) -> None:
        """Start it; comes back at once."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env=self._environment, cwd=self._folder, stdout=log, stderr=log
            )

    async def serving(self, greetings: int) -> None:
        """Wait until it has said hello to Telegram.

        Args:
            greetings: How often that was done before the start.
        """
        async with asyncio.timeout(READY_SECONDS):
            while self._pg.counters["getMe"] <= greetings:
                if self._process is not None and self._process.returncode is not None:
                    raise RuntimeError(f"the bot has ended:\n{self.log.read_text()[-2000:]}")
                await asyncio.sleep(0.01)

    async def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
            self._process = None


async def kill_play(database_url: str, *, kills: int, students: int, seed: int, folder: Path) -> Report:
    """Play and kill; every student gets to a result after the last kill.

    Raises:
        players.Stuck: A chat does not go on.
    """
    rng = random.Random(seed)
    began = time.monotonic()
    async with Playground(keep_log=False, seed=seed) as pg:
        bot = Bot(pg, database_url, folder)
        killing = True
        players = [
            Player(pg, pg.person(FIRST_PERSON + number).id, random.Random(seed + number), patience=8.0)
            for number in range(students)
        ]
        try:
            greetings = pg.counters["getMe"]
            await bot.start()
            await bot.serving(greetings)
            async with asyncio.TaskGroup() as tasks:
                for player in players:
                    tasks.create_task(player.play(lambda: killing))
                for _ in range(kills):
                    await asyncio.sleep(rng.uniform(0.05, 1.2))
                    await bot.kill()
                    greetings = pg.counters["getMe"]
                    await bot.start()
                    if rng.random() < 0.15:
                        await asyncio.sleep(rng.uniform(0.1, 1.0))  # killed while it starts
                    else:
                        await bot.serving(greetings)
                killing = False
            await _everything_shown(database_url)
        except BaseExceptionGroup as group:
            await _say_what_happened(database_url, group, bot.log)
            raise
        finally:
            await bot.kill()
    return await _report(database_url, players, kills, time.monotonic() - began)


async def _say_what_happened(database_url: str, group: BaseExceptionGroup[BaseException], log: Path) -> None:
    """Print the end of the log, and the rows of each student who is stuck."""
    lines = (await asyncio.to_thread(log.read_text)).splitlines()[-60:]
    for error in group.exceptions:
        if isinstance(error, Stuck):
            lines.append(str(error))
            for query in (
                "SELECT seq, status, tries, received_at FROM inbox WHERE person = :who ORDER BY seq DESC LIMIT 8",
                "SELECT * FROM screens WHERE person = :who",
            ):
                lines += map(str, await rows_of(database_url, query, who=error.who))
    sys.stdout.write("\n".join(lines) + "\n")


async def _everything_shown(database_url: str) -> None:
    async with asyncio.timeout(READY_SECONDS):
        waiting = "SELECT count(*) AS n FROM inbox WHERE status IN ('received', 'done')"
        while (await rows_of(database_url, waiting))[0].n:  # noqa: ASYNC110 - a poll
            await asyncio.sleep(0.05)


async def _report(database_url: str, players: list[Player], kills: int, seconds: float) -> Report:
    attempts = await rows_of(
        database_url,
        "SELECT telegram_id, quiz_id, position, is_right FROM attempts JOIN users ON users.id = user_id",
    )
    rows = [(row.telegram_id, _uuid(row.quiz_id), row.position) for row in attempts]
    recorded = {key: bool(row.is_right) for key, row in zip(rows, attempts, strict=True)}
    missing = [
        f"{player.who} {quiz} {position}"
        for player in players
        for (quiz, position), right in player.verdicts.items()
        if recorded.get((player.who, quiz, position)) is not right
    ]
    quizzes = await rows_of(database_url, "SELECT id, correct_count, wrong_count FROM quiz_sessions")
    right, wrong = Counter[uuid.UUID](), Counter[uuid.UUID]()
    for (_, quiz, _), was_right in recorded.items():
        (right if was_right else wrong)[quiz] += 1
    dead = await rows_of(database_url, "SELECT count(*) AS n FROM inbox WHERE status = 'dead'")
    return Report(
        kills=kills,
        answers=len(rows),
        results=sum(player.results for player in players),
        missing=missing,
        twice=[str(key) for key, count in Counter(rows).items() if count > 1],
        wrong_totals=[
            str(quiz.id)
            for quiz in quizzes
            if (quiz.correct_count, quiz.wrong_count) != (right[_uuid(quiz.id)], wrong[_uuid(quiz.id)])
        ],
        repeated=sum(player.repeated for player in players),
        dead=int(dead[0].n),
        seconds=seconds,
    )


async def rows_of(database_url: str, query: str, **values: Any) -> list[Any]:
    """What the database holds."""
    engines = open_engines(database_url)
    try:
        async with engines.reader.connect() as connection:
            return list((await connection.execute(text(query), values)).all())
    finally:
        await engines.dispose()


def _uuid(value: object) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Address of a new database of a kind."""
    if kind == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / 'chiron.db'}"
        return
    server = Postgres()
    server.start()
    try:
        yield server.create("kill_play")
    finally:
        server.stop()


def main() -> int:
    """Read the command line, run, print the report; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.kill_play", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--students", type=int, default=20)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kill-play-") as name, database(options.database, Path(name)) as url:
        schema.upgrade(url)
        report = asyncio.run(
            kill_play(url, kills=options.kills, students=options.students, seed=options.seed, folder=Path(name))
        )
        log = (Path(name) / "bot.log").read_text()
    sys.stdout.write(f"{report}\n{'good' if report.good else 'BROKEN'}\n")
    if not report.good:
        sys.stdout.write(log[-5000:])
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(main())
