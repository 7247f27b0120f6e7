"""The command line as an operator sees it: exit codes, and one line where something is wrong."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.app import AlreadyRunning, core_over, opened_storage
from bot.play import play
from bot.settings import Settings
from core.practice.outcomes import Asked
from tests import builders
from tests.fakes import FakeClock

GOOD = '{"id": 1, "topic": "logica", "text": "Quanto fa 1 + 1?", "answers": ["1", "2", "3"], "label": 1}\n'
BAD = '{"id": 2, "topic": "logica", "text": "", "answers": ["1", "2", "3"], "label": 1}\n'


def chiron(folder: Path, database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder."""
    return subprocess.run(  # noqa: S603 - the program itself
        [sys.executable, "-m", "bot", *arguments],
        env={**os.environ, "DATABASE_URL": database, "COLUMNS": "200"},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("content", "code"), [(GOOD, 0), (GOOD + BAD, 1), (BAD, 1)])
def test_import_says_that_something_was_rejected(tmp_path: Path, sqlite_url: str, content: str, code: int) -> None:
    """What can be asked is stored; where something was left out, the exit code says so."""
    (tmp_path / "bank.jsonl").write_text(content, encoding="utf-8")

    done = chiron(tmp_path, sqlite_url, "bank", "import", "bank.jsonl")

    assert done.returncode == code
    assert f"{content.count('Quanto')} added" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("session", "list", "--child", "99999999999999999999999"),
        ("session", "list", "--child", "0"),
        ("session", "list", "--child", "1", "--limit", "99999999999999999999999"),
        ("play", "--port", "70000"),
    ],
)
def test_numbers_out_of_bounds(tmp_path: Path, sqlite_url: str, arguments: tuple[str, ...]) -> None:
    """They are named, with what is possible."""
    done = chiron(tmp_path, sqlite_url, *arguments)

    assert done.returncode == 2
    assert "is not between" in done.stderr
    assert "Traceback" not in done.stderr


def test_damaged_file_is_one_line(tmp_path: Path, sqlite_url: str) -> None:
    """A database that breaks while a command reads it is one line, not a traceback."""
    file = Path(sqlite_url.removeprefix("sqlite+aiosqlite:///"))
    with closing(sqlite3.connect(file)) as connection:
        roots = connection.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'topics'").fetchall()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(file.read_bytes())
    for (root,) in roots:
        content[(root - 1) * size : root * size] = b"\xff" * size
    file.write_bytes(content)

    done = chiron(tmp_path, sqlite_url, "bank", "list")

    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "malformed" in done.stderr


def test_stats_of_an_empty_database(tmp_path: Path, sqlite_url: str) -> None:
    """Every kind of help has its line, without a share of nothing."""
    table = chiron(tmp_path, sqlite_url, "stats")
    lines = chiron(tmp_path, sqlite_url, "stats", "--csv")

    assert (table.returncode, lines.returncode) == (0, 0)
    assert "a worked example 0 0 0 – –" in [" ".join(line.split()) for line in table.stdout.splitlines()]
    assert lines.stdout.splitlines() == [
        "figure,after,served,answered,right,share,low,high",
        *(f"twins,{after},0,0,0,,," for after in ("hint", "twin", "mentor", "none")),
    ]


async def test_stats_count_twins_and_name_nobody(tmp_path: Path, sqlite_url: str) -> None:
    """One that was answered right after a hint: its share, and how sure that is."""
    settings = Settings(_env_file=None, database_url=sqlite_url)
    clock = FakeClock()
    async with opened_storage(settings) as storage:
        core = core_over(storage, settings)
        await core.banks.store(builders.some_questions(6, topics=("maths/algebra",)), clock.now())
        person = await core.people.arrive(987_654_321, "it", clock.now())
        for days in (0, 3):
            clock.advance(days=days)
            actor = builders.actor(person, clock.now())
            here = await core.quizzes.start(actor, builders.new_quiz_id(), length=2 if days else 1)
            for position in range(2 if days else 1):
                assert isinstance(here, Asked)
                await core.quizzes.hint(actor, here.quiz.id, position=position, number=1 - bool(days or position))
                right = here.version.right[0]
                await core.quizzes.answer(actor, here.quiz.id, position=position, choice=right)
                here = await core.quizzes.go_on(actor, here.quiz.id, position=position)

    table = chiron(tmp_path, sqlite_url, "stats")
    lines = chiron(tmp_path, sqlite_url, "stats", "--csv")

    assert " ".join(next(line for line in table.stdout.splitlines() if "hints" in line).split()) == (
        "hints 1 1 1 100 % 21–100 %"
    )
    assert lines.stdout.splitlines()[1] == "twins,hint,1,1,1,1.0000,0.2065,1.0000"
    assert "987" not in table.stdout + lines.stdout


@pytest.mark.parametrize("address", ["sqlite+aiosqlite:///{file}?timeout=5", "sqlite+aiosqlite:///{link}"])
async def test_one_file_has_one_lock(tmp_path: Path, sqlite_url: str, address: str) -> None:
    """However its address is written, a second process that would write the file is stopped."""
    file, link = Path(sqlite_url.removeprefix("sqlite+aiosqlite:///")), tmp_path / "link.db"
    link.symlink_to(file)
    other = Settings(_env_file=None, database_url=address.format(file=file, link=link))

    async with opened_storage(Settings(_env_file=None, database_url=sqlite_url)):
        with pytest.raises(AlreadyRunning):
            async with opened_storage(other):
                pass


async def test_fresh_leaves_a_running_playground_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`play --fresh` deletes nothing while another playground holds the database."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    file = tmp_path / "chiron" / "playground.db"
    settings = Settings(_env_file=None)

    async with opened_storage(settings.model_copy(update={"database_url": f"sqlite+aiosqlite:///{file}"})):
        before = file.stat().st_ino
        with pytest.raises(AlreadyRunning):
            await play(settings, port=0, fresh=True)

        assert file.stat().st_ino == before


@pytest.fixture
def nonsense(tmp_path: Path) -> Path:
    """A file that is no database, and what SQLite keeps beside one."""
    for ending in ("", "-wal", "-shm"):
        (tmp_path / f"x.db{ending}").write_bytes(b"no database")
    return tmp_path / "x.db"


async def test_fresh_begins_with_an_empty_file(nonsense: Path) -> None:
    """What the file held is gone, also what SQLite kept beside it."""
    settings = Settings(_env_file=None, database_url=f"sqlite+aiosqlite:///{nonsense}")

    async with opened_storage(settings, fresh=True) as storage:
        assert await storage.read(lambda work: work.people.by_telegram(1001)) is None
