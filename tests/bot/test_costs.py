"""`chiron costs` as an operator sees it: exact, safe to open in a spreadsheet, without anybody's words."""

import csv
import io
import re
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from bot.app import opened_storage
from bot.settings import Settings
from core.ids import MentorSessionId, UserId
from core.mentor import ledger
from core.mentor.calls import Call, Caps, Plan
from core.mentor.conversation import MentorSession
from core.mentor.ledger import End, Payer
from core.mentor.model import Purpose, Usage, UsageSource
from core.mentor.prices import PriceTag
from core.ports import Work
from storage.engine import open_engines
from storage.tables import ai_mentor_sessions, users
from storage.work import SqlStorage
from tests.bot.test_commands import chiron
from tests.readback import everything, second_connection

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TAG = PriceTag(Decimal("0.10"), Decimal("0.01"), Decimal("0.125"), Decimal("0.50"), "tests", NOW.date())
TITLE = "Un segreto di Giulia"


@dataclass
class Book:
    """A ledger to write into."""

    storage: SqlStorage
    sessions: dict[UserId, MentorSessionId]

    async def student(self, telegram_id: int) -> UserId:
        """Somebody with a session that has a title."""

        def decide(work: Work) -> UserId:
            person = work.people.add(telegram_id, "it", NOW)
            session = MentorSession(MentorSessionId(uuid.uuid4()), person.id, NOW, NOW, title=TITLE)
            work.conversations.add(session)
            self.sessions[person.id] = session.id
            return person.id

        return await self.storage.transact(None, decide)

    async def call(
        self, owner: UserId, usage: Usage, *, model: str = "gpt-6-luna", days: int = 0, tag: PriceTag | None = TAG
    ) -> None:
        """A call that was made so many days later."""
        now = NOW + timedelta(days=days)

        def decide(work: Work) -> None:
            plan, payer = Plan(Purpose.REPLY, model, 1_000, 100, tag), Payer(owner, now.date())
            call = ledger.reserve(work, payer, plan, Caps(), now, session_id=self.sessions[owner])
            assert isinstance(call, Call)
            ledger.settle(work, call.id, End("done", usage), now)

        await self.storage.transact(None, decide)


@pytest.fixture
async def book(sqlite_url: str) -> AsyncIterator[Book]:
    """An empty ledger."""
    storage = SqlStorage(open_engines(sqlite_url))
    yield Book(storage, {})
    await storage.close()


@pytest.fixture
async def two(book: Book) -> tuple[UserId, UserId]:
    """Two students with three calls: one of them is cheap, one was counted by us, one has no price."""
    first, second = await book.student(1_000_000_001), await book.student(1_000_000_002)
    await book.call(first, Usage(1_234, cached=1_000, completion=7))
    await book.call(second, Usage(1, completion=0, source=UsageSource.ESTIMATED), days=1)
    await book.call(second, Usage(500, completion=50), model="local", tag=None, days=2)
    return first, second


def test_empty_ledger_is_one_clear_line(tmp_path: Path, sqlite_url: str) -> None:
    """And no table of nothing."""
    done = chiron(tmp_path, sqlite_url, "costs")

    assert (done.returncode, done.stdout) == (0, "no call to a model is in the ledger\n")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--from", "2026-13-01"), "2026-13-01"),
        (("--to", "20261120"), "20261120"),
        (("--from", "ieri"), "ieri"),
        (("--to", ""), "--to"),
        (("--from", "2026-11-21", "--to", "2026-11-20"), "is after"),
    ],
)
def test_day_that_is_none_is_one_line(tmp_path: Path, sqlite_url: str, arguments: tuple[str, ...], named: str) -> None:
    """What is wrong is named, with exit code 2."""
    done = chiron(tmp_path, sqlite_url, "costs", *arguments)

    assert done.returncode == 2
    assert named in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


async def test_table_has_a_row_for_each_and_a_total(
    tmp_path: Path, sqlite_url: str, two: tuple[UserId, UserId]
) -> None:
    """Where a price is unknown, the sum is "at least"."""
    done = chiron(tmp_path, sqlite_url, "costs")

    cells = [re.split(r" {2,}", line.strip()) for line in done.stdout.splitlines() if line.strip()]
    assert cells == [
        ["day", "calls", "prompt", "cached", "completion", "USD", "no price", "estimated"],
        ["2026-11-20", "1", "1,234", "1,000", "7", "0.000037", "0", "0"],
        ["2026-11-21", "1", "1", "0", "0", "<0.000001", "0", "1"],
        ["2026-11-22", "1", "500", "0", "50", "at least 0.000000", "1", "0"],
        ["total", "3", "1,735", "1,000", "57", "at least 0.000037", "1", "1"],
    ]


async def test_spreadsheet_is_exact(tmp_path: Path, sqlite_url: str, two: tuple[UserId, UserId]) -> None:
    """To the last pico-dollar, by whatever it is kept apart; a total would be added twice."""
    for by, keys in (
        ("day", ["2026-11-20", "2026-11-21", "2026-11-22"]),
        ("student", [str(two[0]), str(two[1])]),
        ("model", ["gpt-6-luna", "local"]),
        ("purpose", ["reply"]),
    ):
        table = read(chiron(tmp_path, sqlite_url, "costs", "--by", by, "--csv").stdout)

        assert [row[by] for row in table] == keys
        assert sum(Decimal(row["cost_usd"]) for row in table) == Decimal("0.000037000000")
        assert sum(int(row["unpriced_calls"]) for row in table) == 1
        assert all(re.fullmatch(r"\d+\.\d{12}", row["cost_usd"]) for row in table)


async def test_period_counts_both_its_days(tmp_path: Path, sqlite_url: str, two: tuple[UserId, UserId]) -> None:
    """And says so where nothing falls into it."""
    done = chiron(tmp_path, sqlite_url, "costs", "--csv", "--from", "2026-11-21", "--to", "2026-11-22")
    none = chiron(tmp_path, sqlite_url, "costs", "--to", "2026-11-19")

    assert [row["day"] for row in read(done.stdout)] == ["2026-11-21", "2026-11-22"]
    assert none.stdout == "no call to a model is in the ledger for these days\n"


@pytest.mark.parametrize("form", [(), ("--csv",)])
async def test_nobody_is_named(
    tmp_path: Path, sqlite_url: str, book: Book, two: tuple[UserId, UserId], form: tuple[str, ...]
) -> None:
    """Sessions by their id, students by their number: no title, which is a student's words, and no Telegram id."""
    shown = "".join(
        chiron(tmp_path, sqlite_url, "costs", "--by", by, *form).stdout
        for by in ("day", "student", "model", "session", "purpose")
    )

    assert all(str(session_id) in shown for session_id in book.sessions.values())
    assert TITLE not in shown
    assert "1000000001" not in shown.replace(",", "")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")'])
async def test_no_cell_is_a_formula(tmp_path: Path, sqlite_url: str, book: Book, name: str) -> None:
    """A model's name is what a server calls itself."""
    await book.call(await book.student(1001), Usage(1), model=name)

    (row,) = read(chiron(tmp_path, sqlite_url, "costs", "--by", "model", "--csv").stdout)

    assert row["model"] == "'" + name.replace("\t", "�")


async def test_name_steers_no_terminal(tmp_path: Path, sqlite_url: str, book: Book) -> None:
    """Neither by escape sequences nor by the table's own markup."""
    await book.call(await book.student(1001), Usage(1), model="\x1b[2J[red]x[/red]\n")

    done = chiron(tmp_path, sqlite_url, "costs", "--by", "model")

    assert "�[2J[red]x[/red]�" in done.stdout
    assert "\x1b" not in done.stdout


async def test_check_of_sound_tallies(tmp_path: Path, sqlite_url: str, two: tuple[UserId, UserId]) -> None:
    """They are added up again, also while the bot runs, and nothing is written."""
    before = everything(sqlite_url)
    async with opened_storage(Settings(_env_file=None, database_url=sqlite_url)):
        done = chiron(tmp_path, sqlite_url, "costs", "--check")

    assert (done.returncode, done.stdout) == (0, "2 sessions and 6 days: every tally is the sum of its calls\n")
    assert everything(sqlite_url) == before


async def test_check_names_what_differs(
    tmp_path: Path, sqlite_url: str, book: Book, two: tuple[UserId, UserId]
) -> None:
    """A line each, and exit code 1."""
    session_id = book.sessions[two[0]]
    with second_connection(sqlite_url) as connection:
        wrong = update(ai_mentor_sessions).where(ai_mentor_sessions.c.id == session_id)
        connection.execute(wrong.values(total_tokens=1_240))

    done = chiron(tmp_path, sqlite_url, "costs", "--check")

    assert done.returncode == 1
    assert done.stdout == f"differs: session {session_id}, tokens: the row says 1240, its calls add up to 1241\n"


async def test_check_explains_what_deleted_people_left(
    tmp_path: Path, sqlite_url: str, two: tuple[UserId, UserId]
) -> None:
    """It is said, and it is no difference."""
    with second_connection(sqlite_url) as connection:
        connection.execute(delete(users).where(users.c.id == two[0]))

    done = chiron(tmp_path, sqlite_url, "costs", "--check")

    assert done.returncode == 0
    assert "all students on 2026-11-20, cost in pico-USD: 36900000 more than the calls that are there" in done.stdout


def read(text: str) -> list[dict[str, str]]:
    """A spreadsheet's rows."""
    return list(csv.DictReader(io.StringIO(text, newline="")))
