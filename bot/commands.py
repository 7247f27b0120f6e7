"""What each command does. Every failure that can be expected is one line and exit code 2."""

import asyncio
import csv
import json
import sys
import uuid
from argparse import Namespace
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from sqlalchemy.exc import DBAPIError

from bot import app, costs
from bot.intake import TokenRefused
from bot.logs import redact, set_up
from bot.play import play
from bot.settings import Settings, WrongSettings, load_settings
from core.chiron import Chiron
from core.clock import SystemClock
from core.errors import ChironError, NotFound, StorageUnavailable
from core.exams.fields import UnusableExam
from core.exams.formats import FULL, ExamFormat
from core.exams.reading import read_exam
from core.ids import SessionId
from core.mentor.audit import Audit
from core.mentor.calls import By, Period
from core.ports import Actor
from core.practice.model import Help, Session, SessionSummary
from core.questions.lint import Severity, lint
from core.questions.model import Bank
from core.questions.reading import InvalidBank, Reading, read_bank, write_jsonl
from storage import schema
from storage.engine import UnusableDatabase

DONE, FOUND, FAILED = 0, 1, 2
SHOWN_FINDINGS = 200

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


class UnusableFile(Exception):  # noqa: N818 - read as a sentence
    """A file cannot be used; the message says why, line by line."""


class WrongArgument(Exception):  # noqa: N818 - read as a sentence
    """What was asked for cannot be; the message says what to write."""


def run(arguments: Namespace) -> int:  # noqa: PLR0911 - one exit for each kind of failure
    """Run the command that was parsed; gives its exit code."""
    try:
        settings = load_settings()
        set_up(settings.log_level, settings.log_format)
        return _loop(COMMANDS[arguments.command](arguments, settings))
    except (WrongSettings, UnusableDatabase, app.AlreadyRunning, InvalidBank, UnusableFile, WrongArgument) as error:
        return _fail(str(error))
    except TokenRefused:
        return _fail("Telegram refuses TELEGRAM_BOT_TOKEN: copy it again from @BotFather (was it revoked?)")
    except StorageUnavailable:
        return _fail("the database cannot be reached now; nothing was changed")
    except DBAPIError as error:
        return _fail(f"the database failed: {(str(error.orig).splitlines() or ['?'])[0]} (is it whole?)")
    except ChironError as refusal:
        details = ", ".join(f"{name} {value}" for name, value in refusal.details.items())
        return _fail(f"{refusal.code.replace('-', ' ')}{': ' if details else ''}{details}")
    except OSError as error:
        return _fail(f"{error.filename or 'input or output'}: {error.strerror}")
    except KeyboardInterrupt:
        return 130


def _fail(reason: str) -> int:
    err.print(f"chiron: {redact(reason)}", markup=False)
    return FAILED


def _loop(work: Coroutine[Any, Any, int]) -> int:
    if sys.platform == "win32":
        return asyncio.run(work)
    import uvloop  # noqa: PLC0415 - not there on every system

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


async def _play(arguments: Namespace, settings: Settings) -> int:
    await play(settings, port=arguments.port, database=arguments.database, fresh=arguments.fresh)
    return DONE


async def _run(_arguments: Namespace, settings: Settings) -> int:
    await app.serve(settings)
    return DONE


async def _db_upgrade(_arguments: Namespace, settings: Settings) -> int:
    async with app.opened_storage(settings):
        out.print("the database has this program's schema")
    return DONE


async def _db_check(_arguments: Namespace, settings: Settings) -> int:
    found = await asyncio.to_thread(schema.state, settings.database_url)
    if found.current:
        out.print(f"the database has this program's schema ({found.revision})")
        return DONE
    if found.revision is None:
        out.print("the database is empty: `chiron db upgrade` makes its tables")
    elif found.revision != found.newest:
        out.print(f"the database is at {found.revision}, this program at {found.newest}: run `chiron db upgrade`")
    for difference in found.differences:
        out.print(f"differs: {difference}", markup=False)
    return FOUND


async def _db_backup(arguments: Namespace, settings: Settings) -> int:
    target = Path(arguments.file)
    await asyncio.to_thread(schema.backup, settings.database_url, target)
    out.print(f"copied to {target}", markup=False)
    return DONE


async def _bank_import(arguments: Namespace, settings: Settings) -> int:
    readings = [_read(Path(name), arguments) for name in arguments.files]
    rejected = sum(len(reading.rejected) for reading in readings)
    async with _core(settings) as core:
        for name, reading in zip(arguments.files, readings, strict=True):
            with err.status(f"storing {len(reading.bank.items):,} questions"):
                stored = await core.banks.store(reading.bank, SystemClock().now())
            _say_rejected(reading)
            _say_subjects(reading.bank)
            out.print(
                f"{Path(name).name}: {stored.added:,} added, {stored.changed:,} changed, "
                f"{stored.unchanged:,} as before, {len(reading.rejected):,} rejected",
                markup=False,
            )
    return FOUND if rejected else DONE


async def _bank_check(arguments: Namespace, _settings: Settings) -> int:
    problems = 0
    for name in arguments.files:
        reading = _read(Path(name), arguments)
        _say_rejected(reading)
        findings = lint(reading.bank)
        for finding in findings[:SHOWN_FINDINGS]:
            out.print(f"{finding.severity}: {finding.slug or '(bank)'}: {finding.sentence}", markup=False)
        if len(findings) > SHOWN_FINDINGS:
            out.print(f"… and {len(findings) - SHOWN_FINDINGS} more")
        _say_subjects(reading.bank)
        problems += len(reading.rejected) + sum(finding.severity is Severity.ERROR for finding in findings)
    return FOUND if problems else DONE


async def _bank_list(_arguments: Namespace, settings: Settings) -> int:
    async with _core(settings, lock=False) as core:
        table = Table("topic", "name", "questions")
        for topic in await core.banks.topics():
            table.add_row("/".join(topic.path), topic.name("it"), f"{topic.questions:,}")
        out.print(table)
        for deck in await core.banks.decks():
            out.print(f"deck {deck.title}: {len(deck.cards):,} questions ({deck.id})", markup=False)
    return DONE


async def _bank_export(arguments: Namespace, settings: Settings) -> int:
    async with _core(settings, lock=False) as core:
        bank = await core.banks.export(arguments.name)
    _write(arguments.file, "\n".join(write_jsonl(bank)) + "\n")
    return DONE


async def _exam_add(arguments: Namespace, settings: Settings) -> int:
    async with _core(settings) as core:
        await app.load_starter(core, SystemClock())
        known = {topic.path for topic in await core.banks.topics()}
        exams = [_exam(Path(name), known) for name in arguments.files]
        kept = await core.exams.add(exams, SystemClock().now())
    for exam in exams:
        out.print(f"{exam.slug}: {'stored' if exam.slug in kept else 'as before'}", markup=False)
    return DONE


def _exam(file: Path, known_topics: set[tuple[str, ...]]) -> ExamFormat:
    try:
        return read_exam(file, known_topics=known_topics)
    except UnusableExam as error:
        raise UnusableFile(f"{file} cannot be used:\n{error}") from error


async def _exam_list(_arguments: Namespace, settings: Settings) -> int:
    async with _core(settings, lock=False) as core:
        offers = await core.exams.offers()
    if not offers:
        out.print("no exams yet: those that come with the program are stored at its first start")
        return DONE
    table = Table(box=None)
    for column in ("exam", "section", "questions", "minutes", "in the bank"):
        table.add_column(column, justify="left" if column in {"exam", "section"} else "right")
    for offer in offers:
        short = {one.section.key: one.have for one in offer.shortages.get(FULL, ())}
        for number, section in enumerate(offer.exam.sections):
            whole = offer.exam.minutes if number == 0 else None
            minutes = section.minutes if section.minutes is not None else whole
            table.add_row(
                offer.exam.slug if number == 0 else "",
                section.name("en"),
                str(section.questions),
                f"{float(minutes):g}" if minutes is not None else "",
                f"{short[section.key]}: too few" if section.key in short else "enough",
            )
    out.print(table)
    return DONE


async def _session_list(arguments: Namespace, settings: Settings) -> int:
    async with _as_child(arguments, settings, lock=False) as (core, actor):
        sessions = await core.sessions.history(actor, limit=arguments.limit)
        if arguments.json:
            _say_json(sessions)
            return DONE
        table = Table(Column("session", min_width=36), "started", "ended", "subject", "topic")  # an id to copy whole
        for session in sessions:
            table.add_row(str(session.id), _moment(session.started_at), _ended(session), session.subject, session.topic)
        out.print(table)
    return DONE


async def _session_show(arguments: Namespace, settings: Settings) -> int:
    async with _as_child(arguments, settings, lock=False) as (core, actor):
        session = await core.sessions.get(actor, _session_id(arguments.session))
        _say(session, arguments)
    return DONE


async def _session_summary(arguments: Namespace, settings: Settings) -> int:
    async with _as_child(arguments, settings, lock=False) as (core, actor):
        _say(await core.sessions.summary(actor, _session_id(arguments.session)), arguments)
    return DONE


async def _session_end(arguments: Namespace, settings: Settings) -> int:
    async with _as_child(arguments, settings) as (core, actor):
        wanted = _session_id(arguments.session) if arguments.session else None
        summary = await core.sessions.end(actor, wanted)
        if summary is None:
            out.print("no session is active")
            return FOUND
        _say(summary, arguments)
    return DONE


async def _session_export(arguments: Namespace, settings: Settings) -> int:
    async with _as_child(arguments, settings, lock=False) as (core, actor):
        exported = await core.transfer.export(actor)
    _write(arguments.file, json.dumps(exported, ensure_ascii=False, indent=2) + "\n")
    return DONE


async def _session_import(arguments: Namespace, settings: Settings) -> int:
    content = await asyncio.to_thread(Path(arguments.file).read_bytes)
    async with _as_child(arguments, settings) as (core, actor):
        taken = await core.transfer.take(actor, content)
    for problem in taken.refused:
        out.print(problem, markup=False)
    out.print(f"{taken.added} added, {taken.updated} updated, {taken.kept} kept as newer here")
    return FOUND if taken.refused else DONE


async def _stats(arguments: Namespace, settings: Settings) -> int:
    async with _core(settings, lock=False) as core:
        rates = await core.twins.rates()
    if arguments.csv:
        lines = csv.writer(sys.stdout, lineterminator="\n")
        lines.writerow(("figure", "after", "served", "answered", "right", "share", "low", "high"))
        for rate in rates:
            shares = (f"{share:.4f}" if rate.answered else "" for share in (rate.share, *rate.interval))
            lines.writerow(("twins", rate.help or "none", rate.served, rate.answered, rate.right, *shares))
        return DONE
    table = Table(title="questions that came back, without help", title_justify="left", box=None)
    for column in ("after", "served", "answered", "right", "share", "95 % interval"):
        table.add_column(column, justify="left" if column == "after" else "right")
    for rate in rates:
        low, high = (f"{100 * bound:.0f}" for bound in rate.interval)
        figures = (f"{100 * rate.share:.0f} %", f"{low}–{high} %") if rate.answered else ("–", "–")
        counts = (f"{count:,}" for count in (rate.served, rate.answered, rate.right))
        table.add_row(_AFTER[rate.help], *counts, *figures)
    out.print(table)
    return DONE


_AFTER = {
    Help.HINT: "hints",
    Help.TWIN: "a worked example",
    Help.MENTOR: "the mentor",
    None: "no help, a wrong answer",
}


async def _costs(arguments: Namespace, settings: Settings) -> int:
    period = Period(_day("--from", arguments.first), _day("--to", arguments.last))
    if period.first and period.last and period.first > period.last:
        raise WrongArgument(f"--from {period.first} is after --to {period.last}")
    async with app.opened_storage(settings, lock=False) as storage:
        audit, by = Audit(storage), By(arguments.by)
        if arguments.check:
            return await _check_costs(audit)
        sums = await audit.sums(by, period)
    if arguments.csv:
        csv.writer(sys.stdout, lineterminator="\n").writerows(costs.lines(by, sums))
    elif sums:
        out.print(costs.table(by, sums))
    else:
        out.print("no call to a model is in the ledger" + ("" if period == Period() else " for these days"))
    return DONE


async def _check_costs(audit: Audit) -> int:
    found = await audit.check()
    for each in found.left:
        out.print(costs.left(each), markup=False)
    for each in found.wrong:
        out.print(costs.difference(each), markup=False)
    if found.wrong:
        return FOUND
    out.print(f"{found.sessions:,} sessions and {found.days:,} days: every tally is the sum of its calls")
    return DONE


def _day(argument: str, text: str | None) -> date | None:
    """A day as it is written in ISO 8601, and in that form alone."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise WrongArgument(f"{argument} {text[:40]!r} is no day: write it as 2026-11-20")
    return day


async def _doctor(_arguments: Namespace, settings: Settings) -> int:
    problems = [problem async for problem in app.examine(settings, out.print)]
    for problem in problems:
        out.print(f"✗ {redact(problem)}", markup=False)
    return FOUND if problems else DONE


@asynccontextmanager
async def _core(settings: Settings, *, lock: bool = True) -> AsyncIterator[Chiron]:
    async with app.opened_storage(settings, lock=lock) as storage:
        yield app.core_over(storage, settings)


@asynccontextmanager
async def _as_child(
    arguments: Namespace, settings: Settings, *, lock: bool = True
) -> AsyncIterator[tuple[Chiron, Actor]]:
    async with app.opened_storage(settings, lock=lock) as storage:
        person = await storage.read(lambda work: work.people.by_telegram(arguments.child))
        if person is None:
            raise NotFound(student=arguments.child)
        actor = Actor(person.id, SystemClock().now(), person.zone, person.language)
        yield app.core_over(storage, settings), actor


def _read(path: Path, arguments: Namespace) -> Reading:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal) as progress:
        task = progress.add_task(f"reading {path.name}", total=None)
        return read_bank(
            path,
            arguments.name,
            language=arguments.language,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )


def _say_rejected(reading: Reading) -> None:
    for rejection in reading.rejected:
        where = f"line {rejection.line}" if rejection.line else "somewhere"
        file = f"{rejection.file}, " if rejection.file else ""
        out.print(f"rejected: {file}{where}: {rejection.slug or '?'}: {rejection.reason}", markup=False)


def _say_subjects(bank: Bank) -> None:
    names = {topic.path: topic.names for topic in bank.topics}
    counts: dict[tuple[str, ...], int] = {}
    for item in bank.items:
        counts[item.topic[:1]] = counts.get(item.topic[:1], 0) + 1
    for path, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        known = names.get(path, {})
        out.print(f"  {count:>7,}  {known.get('it') or known.get('en') or path[0]}", markup=False)


def _say(value: Session | SessionSummary, arguments: Namespace) -> None:
    if arguments.json:
        _say_json(value)
        return
    session = value.session if isinstance(value, SessionSummary) else value
    lines: dict[str, object] = {
        "session": session.id,
        "subject": session.subject,
        "topic": session.topic,
        "subtopic": session.subtopic,
        "started": _moment(session.started_at),
        "ended": _ended(session),
    }
    if isinstance(value, SessionSummary):
        lines |= {
            "questions attempted": value.questions_attempted,
            "questions correct": value.questions_correct,
            "accuracy": f"{value.accuracy}%",
            "total time": f"{value.total_time_ms / 1000:.1f} s",
            "average per question": f"{value.avg_time_per_question_ms / 1000:.1f} s",
            "subjects practiced": ", ".join(value.subjects_practiced),
        }
    for name, content in lines.items():
        out.print(f"{name:<21} {content if content is not None else '–'}", markup=False)


def _say_json(value: Any) -> None:
    out.print(json.dumps(value, default=_plain, ensure_ascii=False, indent=2), markup=False)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (uuid.UUID, Decimal)):
        return str(value)
    raise TypeError(type(value).__name__)


def _session_id(text: str) -> SessionId:
    try:
        return SessionId(uuid.UUID(text))
    except ValueError:
        raise NotFound(session=text) from None


def _moment(moment: datetime) -> str:
    return moment.astimezone().isoformat(sep=" ", timespec="seconds")


def _ended(session: Session) -> str:
    if session.ended_at is None:
        return "paused" if session.paused_at else "active"
    return f"{_moment(session.ended_at)} ({session.end_reason})"


def _write(target: str, content: str) -> None:
    if target == "-":
        sys.stdout.write(content)
    else:
        Path(target).write_text(content, encoding="utf-8")


COMMANDS: dict[str, Callable[[Namespace, Settings], Coroutine[Any, Any, int]]] = {
    "play": _play,
    "run": _run,
    "db-upgrade": _db_upgrade,
    "db-check": _db_check,
    "db-backup": _db_backup,
    "bank-import": _bank_import,
    "bank-check": _bank_check,
    "bank-list": _bank_list,
    "bank-export": _bank_export,
    "exam-add": _exam_add,
    "exam-list": _exam_list,
    "session-list": _session_list,
    "session-show": _session_show,
    "session-summary": _session_summary,
    "session-end": _session_end,
    "session-export": _session_export,
    "session-import": _session_import,
    "stats": _stats,
    "costs": _costs,
    "doctor": _doctor,
}
