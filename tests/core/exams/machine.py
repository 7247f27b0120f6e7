"""A sitting against a small model of it, on the real core and a real file, in runs that Hypothesis makes up.

The suite does 200 runs of 50 steps (`test_machine.py`). For more:

    python -m tests.core.exams.machine --runs 5000

It ends with a line that says how many runs agreed, or with the shortest steps to a difference and exit 1.
"""

import argparse
import asyncio
import atexit
import json
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.chiron import Chiron
from core.errors import NotAllowed, NotFound
from core.exams.formats import ClockKind
from core.exams.outcomes import Between, Face, OnPaper, Over, Unchanged
from core.ids import SittingId, UpdateId
from core.ports import Actor, Waiting
from storage import schema
from storage.engine import open_engines
from storage.work import SqlStorage
from tests import builders
from tests.fakes import FakeClock

T = TypeVar("T")
Model = dict[str, Any]

EPOCH = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SECOND, MINUTE, DAY = 1_000, 60_000, 86_400_000
BY_SECTION = builders.exam(
    builders.section("maths", 3, 12, topics=("maths",)),
    builders.section("logic", 3, 4, topics=("logic",), points=("3/2", "0", "-2/5"), weight=Fraction(2, 3),
                     min_minutes=Fraction(1)),
    builders.section("mixed", 2, 2, topics=("maths", "logic"), points=("1", "-1/7", "-1"), in_total=False),
    slug="BY-SECTION",
)  # fmt: skip
BY_PAPER = builders.exam(
    *(replace(section, minutes=None, min_minutes=Fraction(0)) for section in BY_SECTION.sections),
    slug="BY-PAPER",
    clock=ClockKind.PAPER,
    minutes=Fraction(11),
    min_minutes=Fraction(1, 2),
)
EXAMS = {exam.slug: exam for exam in (BY_SECTION, BY_PAPER)}
ITEMS = 8
WARNINGS = (("five-minutes", 5 * MINUTE, 10 * MINUTE), ("one-minute", MINUTE, 3 * MINUTE))
SETTINGS = settings(max_examples=200, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck))


# The model: a dict, moments in milliseconds since EPOCH.


def drawn(slug: str, keys: list[int], now: int) -> Model:
    """A paper that is drawn."""
    one_clock = slug == "BY-PAPER"
    lengths = [11 * MINUTE] * 3 if one_clock else [12 * MINUTE, 4 * MINUTE, 2 * MINUTE]
    least = [MINUTE // 2] * 3 if one_clock else [0, MINUTE, 0]
    points = [("1", "0", "-1/4"), ("3/2", "0", "-2/5"), ("1", "-1/7", "-1")]
    return {
        "one_clock": one_clock,
        "touched": now,
        "waiting": now,
        "warnings": [],
        "notice": None,
        "end": None,
        "completed": None,
        "cursor": 0,
        "since": None,
        "attempts": [],
        "sections": [
            {
                "status": "pending", "started": None, "deadline": None, "completed": None, "by": None, "score": None,
                "items": items, "length": length, "least": minimum, "points": [Fraction(p) for p in value],
            }
            for items, length, minimum, value in zip(
                (range(3), range(3, 6), range(6, 8)), lengths, least, points, strict=True
            )
        ],
        "items": [
            {"key": key, "choice": None, "flag": False, "ms": 0, "seen": None, "answered": None} for key in keys
        ],
    }  # fmt: skip


def running(model: Model) -> list[Model]:
    """The sections whose clock runs."""
    return [section for section in model["sections"] if section["status"] == "running"]


def pending(model: Model) -> list[int]:
    """The numbers of the sections that were not begun."""
    return [number for number, section in enumerate(model["sections"]) if section["status"] == "pending"]


def due(model: Model) -> int | None:
    """When something happens by itself."""
    if model["end"]:
        return None
    at: int = model["waiting"] + DAY
    if running(model):
        at = min([warning for warning, _ in model["warnings"]], default=running(model)[0]["deadline"])
    return at


def spend(model: Model, now: int) -> None:
    """Count time to the item on the screen."""
    if model["since"] is not None:
        model["items"][model["cursor"]]["ms"] += now - model["since"]
        model["since"] = now


def look_at(model: Model, position: int, now: int) -> None:
    """Put an item on the screen."""
    spend(model, now)
    model.update(cursor=position, since=now, touched=now)
    if model["items"][position]["seen"] is None:
        model["items"][position]["seen"] = now


def end(model: Model, section: Model, at: int, by: str) -> None:
    """Close a section, with its points."""
    items = [model["items"][position] for position in section["items"]]
    right, blank, wrong = section["points"]
    score = Fraction(0)
    for position, item in zip(section["items"], items, strict=True):
        if item["choice"] is None:
            score += blank
            continue
        is_right = item["choice"] == item["key"]
        score += right if is_right else wrong
        model["attempts"].append((position, is_right, item["choice"], min(item["ms"], 10 * MINUTE), item["answered"]))
    section.update(status="completed", completed=at, by=by, score=score)


def close(model: Model, at: int, by: str) -> None:
    """Close what runs."""
    spend(model, at)
    for section in running(model):
        end(model, section, at, by)
    model.update(since=None, waiting=at, touched=at, notice=None, warnings=[])
    if not pending(model):
        model.update(end="finished", completed=at)


def give_up(model: Model, at: int, by: str) -> None:
    """End what was not begun, and the sitting with it."""
    for number in pending(model):
        end(model, model["sections"][number], at, by)
    model.update(end=by, completed=at, since=None, touched=at)


def settle(model: Model, now: int) -> None:
    """Let time run out."""
    if running(model) and now >= running(model)[0]["deadline"]:
        close(model, running(model)[0]["deadline"], "time")
    if not model["end"] and not running(model) and now >= model["waiting"] + DAY:
        give_up(model, model["waiting"] + DAY, "lapsed")


def sweep(model: Model, now: int) -> None:
    """Let happen what is due: one thing at a time."""
    if running(model) and now >= running(model)[0]["deadline"]:
        close(model, running(model)[0]["deadline"], "time")
        model["notice"] = "time-up"
    elif not running(model):
        settle(model, now)
        model["notice"] = "lapsed"
    else:
        passed = [name for at, name in model["warnings"] if at <= now]
        model["notice"] = passed[-1]
        model["warnings"] = [(at, name) for at, name in model["warnings"] if at > now]


def standing(model: Model) -> str:
    """Where it stands, in a word."""
    if model["end"]:
        return "over"
    return f"paper {model['cursor']}" if running(model) else "between"


def begin(model: Model, now: int) -> None:
    """Start what follows."""
    chosen = pending(model) if model["one_clock"] else pending(model)[:1]
    for number in chosen:
        section = model["sections"][number]
        section.update(status="running", started=now, deadline=now + section["length"])
    length = model["sections"][chosen[0]]["length"]
    model["warnings"] = [(now + length - before, name) for name, before, shortest in WARNINGS if length >= shortest]
    model.update(notice=None, since=now, cursor=model["sections"][chosen[0]]["items"][0])
    look_at(model, model["cursor"], now)


def touch(model: Model, name: str, how: dict[str, Any], now: int) -> str | None:
    """An answer, a flag or a move; why it does not count, None if it does."""
    position = how["position"]
    if not 0 <= position < ITEMS or ("choice" in how and how["choice"] is not None and not 0 <= how["choice"] < 5):
        return "not found"
    (section,) = (section for section in model["sections"] if position in section["items"])
    if model["end"]:
        return "completed"
    if section["status"] != "running":
        return "closed" if section["status"] == "completed" else "not-yet"
    look_at(model, position, now)
    item = model["items"][position]
    if name == "flag":
        item["flag"] = how["flagged"]
    if name == "answer" and item["choice"] != how["choice"]:
        item.update(choice=how["choice"], answered=None if how["choice"] is None else now)
    return None


def turn_over(model: Model, face: Face) -> str:
    """Look at another side: it never changes anything."""
    if model["end"]:
        return "completed"
    return "same" if running(model) or face is Face.ABANDON else "closed"


def abandon(model: Model, now: int) -> str | None:
    """End it for good."""
    if model["end"]:
        return "same"
    if running(model):
        close(model, now, "abandoned")
    give_up(model, now, "abandoned")
    return None


def hand_in(model: Model, section: Model, now: int) -> str | None:
    """Close what runs, by one of its sections."""
    if section["status"] != "running":
        return "same" if section["status"] == "completed" else "not-yet"
    if now < section["started"] + section["least"]:
        return "too-early"
    close(model, now, "handed-in")
    return None


def start(model: Model, number: int, now: int) -> str | None:
    """Start a section, if it is the next."""
    status = model["sections"][number]["status"]
    if status != "pending":
        return "same" if status == "running" else "closed"
    if running(model) or pending(model)[0] != number:
        return "not-yet"
    begin(model, now)
    return None


def change(model: Model, name: str, how: dict[str, Any], now: int, active: int) -> str | None:
    """What a press does to a sitting that is at the present; why it does nothing, "same" where it finds it done."""
    if name in {"answer", "flag", "move"}:
        return touch(model, name, how, now)
    if name == "abandon":
        return abandon(model, now)
    if name == "turn_over":
        return turn_over(model, how["face"])
    if not 0 <= how["number"] < len(model["sections"]):
        return "not found"
    if name == "complete_section":
        return hand_in(model, model["sections"][how["number"]], now)
    return start(model, how["number"], max(now, active))


def press(model: Model, name: str, how: dict[str, Any], now: int, active: int) -> tuple[Model, str]:
    """The model after a press, and what is said of it.

    Args:
        model: Before it.
        name: The operation.
        how: Its arguments.
        now: When it was received.
        active: When something happened last in the practice session.
    """
    after = deepcopy(model)
    now = max(now, after["touched"])  # a clock that was set back stands still
    settle(after, now)
    ran_out = bool(running(model)) and not running(after)
    if after["notice"] in {"time-up", "lapsed"}:
        after["notice"] = None
    why = change(after, name, how, now, active)
    if why == "not found":
        return model, why
    if why is None or (why == "same" and not ran_out):
        return after, standing(after)
    return after, f"{'time-up' if ran_out else why}: {standing(after)}"


# The real thing.


@cache
def template() -> Path:
    """A file with a bank, the exams, a student and a thief, to copy."""
    folder = temporary_folder()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "template.db"
    schema.upgrade(f"sqlite+aiosqlite:///{file}")

    async def fill() -> None:
        storage = SqlStorage(open_engines(f"sqlite+aiosqlite:///{file}"))
        core = Chiron.over(storage, idle=timedelta(days=999), rng=random.Random(1))
        await core.banks.store(builders.some_questions(20), EPOCH)
        await core.exams.add(list(EXAMS.values()), EPOCH)
        for telegram_id in (1, 2):
            await core.people.arrive(telegram_id, "it", EPOCH)
        await storage.close()

    asyncio.run(fill())
    return file


def temporary_folder() -> Path:
    """A new folder, in memory where there is such a place: a commit there waits for no disk."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    return Path(tempfile.mkdtemp(prefix="chiron-exam-", dir=memory if memory.is_dir() else None))


def ms(text: str | None) -> int | None:
    """A stored moment in milliseconds since EPOCH; every one in these runs is a whole number of them."""
    if text is None:
        return None
    since = datetime.fromisoformat(text).replace(tzinfo=UTC) - EPOCH
    whole, rest = divmod(since, timedelta(milliseconds=1))
    assert not rest, text
    return whole


def said(outcome: object) -> str:
    """An outcome in the model's words."""
    match outcome:
        case Unchanged(standing=where, why=why):
            return f"{why}: {said(where)}"
        case OnPaper():
            return f"paper {outcome.item.position}"
        case Between():
            return "between"
        case Over():
            return "over"
        case _:
            return repr(outcome)


class SittingMachine(RuleBasedStateMachine):
    """A student at exams, pressed at random; after each step the rows say what the model says."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = temporary_folder()
        shutil.copy(template(), self.folder / "chiron.db")
        self.runner = asyncio.Runner()
        self.clock = FakeClock(EPOCH)
        self.model: Model = {}
        self.over: list[tuple[SittingId, Model]] = []
        self.waits: tuple[UpdateId, int, str, dict[str, Any]] | None = None
        self.pressed: list[tuple[str, dict[str, Any]]] = []
        self.active = 0
        self.open()
        self.second = sqlite3.connect(self.folder / "chiron.db", isolation_level=None)
        self.second.row_factory = sqlite3.Row

    def open(self) -> None:
        """Start the program."""
        self.storage = SqlStorage(open_engines(f"sqlite+aiosqlite:///{self.folder / 'chiron.db'}"))
        self.core = Chiron.over(self.storage, idle=timedelta(days=999), rng=random.Random(3))

    def teardown(self) -> None:
        """Stop the program and forget its file."""
        self.second.close()
        self.run(self.storage.close())
        self.runner.close()
        shutil.rmtree(self.folder)

    def run(self, call: Awaitable[T]) -> T:
        """Wait for a call."""

        async def waited() -> T:
            return await call

        return self.runner.run(waited())

    @property
    def now(self) -> int:
        """The moment, in milliseconds."""
        return round((self.clock.now() - EPOCH) / timedelta(milliseconds=1))

    def actor(self, now: int | None = None, person: int = 1) -> Actor:
        """The student (or the thief), now or at another moment."""
        moment = self.clock.now() if now is None else EPOCH + timedelta(milliseconds=now)
        return Actor(person, moment)  # type: ignore[arg-type]  # the ids of the template's people

    def do(self, name: str, how: dict[str, Any], now: int | None = None) -> None:
        """Press a button, in the model and in earnest."""
        before = self.model
        self.model, expected = press(before, name, how, self.now if now is None else now, self.active)
        try:
            outcome = said(self.run(getattr(self.core.exams, name)(self.actor(now), self.sitting_id, **how)))
        except NotFound:
            outcome = "not found"
        assert outcome == expected, (name, how)
        self.count_activity()

    def count_activity(self) -> None:
        """When something happened last in the practice session, by the sections that were begun."""
        moments = [
            moment
            for section in self.model["sections"]
            if section["started"] is not None
            for moment in (section["started"], section["completed"])
            if moment is not None
        ]
        self.active = max(self.active, *moments, 0)

    def press(self, name: str, **how: Any) -> None:
        """Press a button now, and remember it."""
        self.pressed.append((name, how))
        self.do(name, how)

    def place(self, which: int, wild: int) -> int:
        """A position: mostly one that can be answered, sometimes any, sometimes a forged one."""
        self.sit_down(wild)
        open_now = [position for section in running(self.model) for position in section["items"]]
        return which % (ITEMS + 2) - 1 if wild == 0 or not open_now else open_now[which % len(open_now)]

    def number(self, wild: int) -> int:
        """The number of a section: mostly the one that can be started or handed in, sometimes any or a forged one."""
        if wild < 5:
            return wild - 1
        live = [number for number, section in enumerate(self.model["sections"]) if section["status"] == "running"]
        return (live or pending(self.model) or [0])[0]

    @initialize(slug=st.sampled_from(sorted(EXAMS)))
    def create(self, slug: str) -> None:
        """Draw a paper."""
        self.sitting_id = builders.new_sitting_id()
        self.run(self.core.exams.create(self.actor(), self.sitting_id, slug))
        items = self.rows("SELECT * FROM exam_items WHERE exam_session_id = ? ORDER BY position")
        self.model = drawn(slug, [item["right_choice"] for item in items], self.now)
        self.paper = [(item["version_id"], item["choice_order"]) for item in items]

    def sit_down(self, astray: int) -> None:
        """Mostly a section is started before a press, and another exam after one that is over."""
        if astray == 0:
            return
        if self.model["end"]:
            self.over.append((self.sitting_id, self.model))
            self.create(sorted(EXAMS)[astray % 2])
        if not running(self.model):
            self.press("start_section", number=pending(self.model)[0])

    @rule(milliseconds=st.one_of(st.integers(0, 5_000), st.integers(0, 200 * SECOND)))
    def wait(self, milliseconds: int) -> None:
        """A little time goes by."""
        self.clock.advance(milliseconds=milliseconds)

    @rule(off=st.sampled_from([-1, 0, 1, 999, 1_000, 1_001]))
    def wait_until_it_is_due(self, off: int) -> None:
        """To the millisecond of a warning, a deadline or a lapse, and just beside it."""
        at = due(self.model)
        if at is not None and at + off > self.now:
            self.clock.advance(milliseconds=at + off - self.now)

    @precondition(lambda self: not self.waits)
    @rule(off=st.sampled_from([-1, 0, 1]))
    def wait_for_the_deadline(self, off: int) -> None:
        """To the millisecond."""
        self.sit_down(1)
        if not running(self.model):  # it had lapsed
            return
        at = running(self.model)[0]["deadline"] + off
        if at > self.now:
            self.clock.advance(milliseconds=at - self.now)

    @rule(hours=st.integers(1, 60), rarely=st.integers(0, 3))
    def stay_away(self, hours: int, rarely: int) -> None:
        """Hours or days go by."""
        if rarely == 0:
            self.clock.advance(hours=hours)

    @rule(seconds=st.integers(1, 7_200), rarely=st.integers(0, 3))
    def set_the_clock_back(self, seconds: int, rarely: int) -> None:
        """The machine's clock is corrected."""
        if rarely == 0 and not self.waits and seconds * SECOND <= self.now:
            self.clock.advance(seconds=-seconds)

    @precondition(lambda self: not self.waits)
    @rule(wild=st.integers(0, 19))
    def start(self, wild: int) -> None:
        """Start a section."""
        self.press("start_section", number=self.number(wild))

    @precondition(lambda self: not self.waits)
    @rule(which=st.integers(0, 99), wild=st.integers(0, 7), choice=st.integers(-1, 5))
    def answer(self, which: int, wild: int, choice: int) -> None:
        """Answer an item."""
        self.press("answer", position=self.place(which, wild), choice=choice)

    @precondition(lambda self: not self.waits)
    @rule(which=st.integers(0, 99), right=st.booleans())
    def know(self, which: int, right: bool) -> None:  # noqa: FBT001 - as drawn
        """Answer an item right, or wrong."""
        position = self.place(which, 1)
        key = self.model["items"][max(0, min(position, ITEMS - 1))]["key"]
        self.press("answer", position=position, choice=key if right else (key + 1) % 5)

    @precondition(lambda self: not self.waits)
    @rule(which=st.integers(0, 99), wild=st.integers(0, 7))
    def clear(self, which: int, wild: int) -> None:
        """Take an answer back."""
        self.press("answer", position=self.place(which, wild), choice=None)

    @precondition(lambda self: not self.waits)
    @rule(which=st.integers(0, 99), wild=st.integers(0, 7), flagged=st.booleans())
    def flag(self, which: int, wild: int, flagged: bool) -> None:  # noqa: FBT001 - as drawn
        """Flag an item, or take the flag away."""
        self.press("flag", position=self.place(which, wild), flagged=flagged)

    @precondition(lambda self: not self.waits)
    @rule(which=st.integers(0, 99), wild=st.integers(0, 7))
    def move(self, which: int, wild: int) -> None:
        """Go to another item."""
        self.press("move", position=self.place(which, wild))

    @precondition(lambda self: not self.waits)
    @rule(wild=st.integers(0, 19))
    def hand_in(self, wild: int) -> None:
        """Hand in a section."""
        self.sit_down(wild)
        self.press("complete_section", number=self.number(wild))

    @precondition(lambda self: not self.waits)
    @rule(rarely=st.integers(0, 9))
    def abandon(self, rarely: int) -> None:
        """Leave for good."""
        if rarely == 0:
            self.press("abandon")

    @precondition(lambda self: not self.waits)
    @rule(face=st.sampled_from(list(Face)))
    def turn_over(self, face: Face) -> None:
        """Look at another side of the paper."""
        self.press("turn_over", face=face)

    @precondition(lambda self: self.pressed and not self.waits)
    @rule(which=st.integers(0, 99), times=st.integers(1, 3))
    def press_again(self, which: int, times: int) -> None:
        """Press an earlier button, once or several times; some are of an older paper."""
        name, how = self.pressed[which % len(self.pressed)]
        for _ in range(times):
            self.do(name, how)

    @precondition(lambda self: self.pressed)
    @rule(which=st.integers(0, 99))
    def somebody_else_presses(self, which: int) -> None:
        """Another student finds nothing."""
        name, how = self.pressed[which % len(self.pressed)]
        try:
            self.run(getattr(self.core.exams, name)(self.actor(person=2), self.sitting_id, **how))
        except NotFound:
            return
        raise AssertionError(name)

    @precondition(lambda self: not self.waits)
    @rule(which=st.integers(0, 99), name=st.sampled_from(["answer", "start_section", "complete_section", "move"]))
    def press_unheard(self, which: int, name: str) -> None:
        """An update arrives, and is not carried out yet."""
        self.sit_down(which)
        how: dict[str, Any] = {"number": self.number(which)}
        if name in {"answer", "move"}:
            how = {"position": self.place(which, 1)} | ({"choice": which % 5} if name == "answer" else {})
        update_id = builders.next_update_id()
        waiting = Waiting(update_id, 1, b"{}", self.clock.now(), 0)
        self.run(self.storage.transact(None, lambda work: work.inbox.receive([waiting])))
        self.waits = update_id, self.now, name, how

    @precondition(lambda self: self.waits)
    @rule()
    def hear_it(self) -> None:
        """It is carried out, with the moment of its receipt."""
        assert self.waits is not None
        update_id, received, name, how = self.waits
        self.waits = None
        self.do(name, how, received)
        self.run(self.storage.transact(None, lambda work: work.inbox.settle(update_id)))

    @rule(late=st.sampled_from([None, 999, SECOND, 1_001, MINUTE, 3 * MINUTE, 6 * MINUTE, 20 * 60 * MINUTE]))
    def sweep(self, late: int | None) -> None:
        """What is due happens, unless an update from before it waits; at any moment, or so long after it was due."""
        at = due(self.model)
        if at is not None and late is not None and at + late > self.now:
            self.clock.advance(milliseconds=at + late - self.now)
        is_due = at is not None and at <= self.now - SECOND
        if at is not None and self.waits:
            latest: int = running(self.model)[0]["deadline"] if running(self.model) else at
            is_due = is_due and self.waits[1] >= latest
        found = self.run(self.core.exams.due(self.clock.now()))
        assert found == ([(self.sitting_id, 1)] if is_due else [])
        happened = self.run(self.core.exams.happen(self.sitting_id, self.actor().id, self.clock.now()))
        assert happened == is_due
        if is_due:
            sweep(self.model, self.now - SECOND)  # what is just over waits for what is still on its way
            self.count_activity()

    @rule()
    def tell(self) -> None:
        """The student is told what there is to tell, once; of several sittings, of the one touched last."""
        untold = [(one, model) for one, model in [*self.over, (self.sitting_id, self.model)] if model["notice"]]
        found = self.run(self.core.exams.notice(self.actor()))
        if found is None:
            seen = deepcopy(self.model)
            settle(seen, self.now)
            ahead = self.model["notice"] in {"five-minutes", "one-minute"} and not running(seen)
            assert not untold or ahead  # what was warned of is over
            return
        (model,) = (model for one, model in untold if one == found.sitting.id)
        assert model["touched"] == max(model["touched"] for _, model in untold)
        assert found.notice == model["notice"]
        self.run(self.core.exams.told(self.actor(), found.sitting.id, found.notice))
        model["notice"] = None

    @rule()
    def look(self) -> None:
        """Where it stands, without a press: what has run out is seen to have, and nothing is stored."""
        seen = deepcopy(self.model)
        settle(seen, self.now)
        assert said(self.run(self.core.exams.fetch(self.actor(), self.sitting_id))) == standing(seen)

    @rule()
    def practise(self) -> None:
        """A quiz is refused while a section runs, and only then."""
        closed = bool(running(self.model)) and self.now < running(self.model)[0]["deadline"]
        refused = False
        try:
            self.run(self.core.quizzes.menu(self.actor()))
        except NotAllowed:
            refused = True
        assert refused == closed

    @rule(rarely=st.integers(0, 2))
    def restart(self, rarely: int) -> None:
        """Stop the program and start it again."""
        if rarely == 0:
            self.run(self.storage.close())
            self.open()

    def rows(self, statement: str, sitting_id: SittingId | None = None) -> list[sqlite3.Row]:
        """What is committed, past the storage."""
        return self.second.execute(statement, ((sitting_id or self.sitting_id).hex,)).fetchall()

    @invariant()
    def rows_agree(self) -> None:
        """The rows of the sitting, its sections, its items and its attempts."""
        if self.model:
            self.compare(self.sitting_id, self.model)

    def compare(self, sitting_id: SittingId, model: Model) -> None:
        """Compare rows with the model."""
        (row,) = self.rows("SELECT * FROM exam_sessions WHERE id = ?", sitting_id)
        begun = any(section["started"] is not None for section in model["sections"])
        assert row["status"] == ("completed" if model["end"] else "in_progress" if begun else "created")
        assert (row["end_reason"], ms(row["completed_at"]), row["notice"]) == (
            model["end"],
            model["completed"],
            model["notice"],
        )
        assert (ms(row["due_at"]), ms(row["updated_at"])) == (due(model), model["touched"])
        assert ms(row["cursor_since"]) == model["since"]
        if running(model):
            assert row["cursor"] == model["cursor"]
        sections = self.rows("SELECT * FROM exam_sections WHERE exam_session_id = ? ORDER BY number", sitting_id)
        for stored, section in zip(sections, model["sections"], strict=True):
            assert (stored["status"], stored["closed_by"]) == (section["status"], section["by"])
            moments = ms(stored["started_at"]), ms(stored["deadline"]), ms(stored["completed_at"])
            assert moments == (section["started"], section["deadline"], section["completed"])
            assert (None if stored["score"] is None else Fraction(stored["score"])) == section["score"]
        items = self.rows("SELECT * FROM exam_items WHERE exam_session_id = ? ORDER BY position", sitting_id)
        for stored, item in zip(items, model["items"], strict=True):
            state = stored["choice"], bool(stored["flagged"]), stored["ms"], stored["right_choice"]
            assert state == (item["choice"], item["flag"], item["ms"], item["key"])
            assert (ms(stored["seen_at"]), ms(stored["answered_at"])) == (item["seen"], item["answered"])
        if sitting_id == self.sitting_id:
            assert [(item["version_id"], item["choice_order"]) for item in items] == self.paper
        self.times_add_up(model)
        self.attempts_agree(sitting_id, model)

    @staticmethod
    def times_add_up(model: Model) -> None:
        """The time of the items is the time of their section, or of the paper that has one clock."""
        groups = [model["sections"]] if model["one_clock"] else [[section] for section in model["sections"]]
        for group in groups:
            if group[0]["started"] is not None:
                until = model["since"] if group[0]["completed"] is None else group[0]["completed"]
                spent = sum(model["items"][position]["ms"] for section in group for position in section["items"])
                assert spent == until - group[0]["started"]

    def attempts_agree(self, sitting_id: SittingId, model: Model) -> None:
        """One for each answered item of a section that is closed."""
        stored = self.rows("SELECT * FROM attempts WHERE sitting_id = ? ORDER BY position", sitting_id)
        found = [
            (
                attempt["position"],
                bool(attempt["is_right"]),
                *json.loads(attempt["response"])["choices"],
                attempt["active_ms"],
                ms(attempt["answered_at"]),
            )
            for attempt in stored
        ]
        assert found == sorted(model["attempts"])
        assert {attempt["xp"] for attempt in stored} <= {0, 14}

    @invariant()
    def result_agrees(self) -> None:
        """At the end: exact points, weighted and summed up without the sections outside the total."""
        if not self.model or not self.model["end"]:
            return
        first, second, _ = (section["score"] for section in self.model["sections"])
        scored = self.run(self.core.exams.results(self.actor(), self.sitting_id))
        assert scored.scored.total == first + Fraction(2, 3) * second
        assert [part.score for part in scored.scored.sections] == [s["score"] for s in self.model["sections"]]
        assert scored.sitting.metadata["total"] == str(scored.scored.total)
        assert scored.sitting.metadata["end_reason"] == self.model["end"]
        for sitting_id, model in self.over:
            self.compare(sitting_id, model)


def main() -> int:
    """Run as many as asked for."""
    parser = argparse.ArgumentParser(description="A sitting against a small model of it, in runs made up at random.")
    parser.add_argument("--runs", type=int, default=5_000, help="how many runs (5000)")
    parser.add_argument("--steps", type=int, default=50, help="steps in a run (50)")
    asked = parser.parse_args()
    began = time.monotonic()
    run_state_machine_as_test(
        SittingMachine, settings=settings(SETTINGS, max_examples=asked.runs, stateful_step_count=asked.steps)
    )
    print(f"{asked.runs} runs of {asked.steps} steps agree, in {time.monotonic() - began:.0f} s")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
