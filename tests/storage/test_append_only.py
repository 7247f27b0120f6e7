"""Truth is append-only: no code path changes an attempt but to void it, nor a question version at all."""

import random
import re
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import event

from core.chiron import Chiron
from core.errors import ChironError
from core.people.model import Onboarding, Person
from core.ports import Actor
from core.practice import rules
from core.practice.model import Mode
from core.practice.outcomes import Asked, Judged, Unclear
from core.questions.model import Kind
from storage.engine import Engines, open_engines
from storage.work import SqlStorage
from tests import builders
from tests.conftest import IDLE
from tests.fakes import FakeClock
from tests.readback import everything

TRUTH = ("attempts", "question_versions", "question_texts", "choices", "choice_texts", "passages", "question_reports")
STEPS = 250


@pytest.fixture
async def engines(database_url: str) -> AsyncIterator[Engines]:
    """The engines under the storage, so that the test can watch their statements."""
    opened = open_engines(database_url)
    yield opened
    await opened.dispose()


@pytest.fixture
async def storage(engines: Engines) -> AsyncIterator[SqlStorage]:
    """A storage over engines that the test knows."""
    opened = SqlStorage(engines)
    yield opened
    await opened.close()


@pytest.fixture
def core(storage: SqlStorage) -> Chiron:
    """The use cases, with reproducible chance."""
    return Chiron.over(storage, idle=IDLE, rng=random.Random(7))


def changes(engines: Engines) -> list[str]:
    """Every UPDATE and DELETE from now on."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if re.match(r"\s*(UPDATE|DELETE|REPLACE|INSERT OR REPLACE)\b", statement, re.IGNORECASE):
            seen.append(" ".join(statement.split()))

    event.listen(engines.writer, "before_cursor_execute", note)
    return seen


class Player:
    """Somebody who presses everything, at random."""

    def __init__(self, core: Chiron, person: Person, clock: FakeClock, rng: random.Random) -> None:
        self.core, self.person, self.clock, self.rng = core, person, clock, rng
        self.pressed: Counter[str] = Counter()
        self.right = 0

    @property
    def actor(self) -> Actor:
        """They act now."""
        return builders.actor(self.person, self.clock.now())

    async def step(self) -> None:
        """One press, or a while of nothing."""
        self.clock.advance(seconds=self.rng.choice([1, 20, 300, 2_400]))
        quizzes, rng = self.core.quizzes, self.rng
        standing = await quizzes.current(self.actor)
        under_way = isinstance(standing, (Asked, Judged))
        if standing is None or (not under_way and rng.random() < 0.3):
            await self.begin()
        elif isinstance(standing, Asked):
            await self.work_at(standing)
        elif isinstance(standing, Judged):
            quiz_id, position = standing.quiz.id, standing.quiz.served_index
            match rng.choice(["next", "next", "next", "report", "again", "stop", "similar"]):
                case "next":
                    await self.press("go_on", quiz_id, position=position)
                case "report":
                    await self.press("report", quiz_id, position=position)
                case "similar":
                    await self.press("similar", quiz_id, position=position)
                case "again":
                    await self.press("answer", quiz_id, position=position, choice=rng.randrange(5))
                case _:
                    await self.core.sessions.end(self.actor)
        else:
            await self.press("resume")

    async def begin(self) -> None:
        """A quiz of some mode, or a report of an old one."""
        past = await self.core.quizzes.history(self.actor, limit=5)
        if past and self.rng.random() < 0.3:
            await self.press("report", self.rng.choice(past).quiz.id, position=self.rng.randrange(3))
        mode = self.rng.choice([Mode.MIXED, Mode.MISTAKES])
        await self.press("start", builders.new_quiz_id(), mode=mode, length=self.rng.choice([2, 3, 5]))

    async def work_at(self, standing: Asked) -> None:
        """Do something about an open question."""
        quiz_id, position, version = standing.quiz.id, standing.quiz.served_index, standing.version
        chance = self.rng.random()
        if chance < 0.1:
            await self.press("hint", quiz_id, position=position, number=self.rng.randint(1, 3))
            await self.press("twin", quiz_id, position=position)
        elif chance < 0.2:
            await self.press("skip", quiz_id, position=position)
        elif chance < 0.27:
            await self.press("pause", quiz_id)
        elif chance < 0.3:
            await self.press("leave", quiz_id)
        elif version.kind.typed:
            text = self.rng.choice(["3/4", "mitocondrio", "boh", "1.000", "ciao", "12 dubbi"])
            outcome = await self.core.quizzes.write(self.actor, text, reply=self.rng.random() < 0.5)
            if isinstance(outcome, Unclear):
                await self.press("insist", quiz_id, position=position, reading=0, mark=outcome.mark)
        elif version.kind is Kind.MULTIPLE:
            for choice in range(5):
                await self.press("toggle", quiz_id, position=position, choice=choice, on=self.rng.random() < 0.5)
            await self.press("confirm", quiz_id, position=position)
        else:
            order = rules.shown_order(quiz_id, position, version)
            await self.press("answer", quiz_id, position=position, choice=self.rng.choice(order))

    async def press(self, name: str, *how: object, **named: object) -> None:
        """Press a button; a refusal is fine."""
        try:
            await getattr(self.core.quizzes, name)(self.actor, *how, **named)
        except ChironError:
            name = f"{name}-refused"
        self.pressed[name] += 1


async def test_a_long_random_play_changes_no_truth(
    core: Chiron, engines: Engines, clock: FakeClock, database_url: str
) -> None:
    """Of attempts only `voided_at` is ever set, of versions nothing; no row of either is deleted."""
    rng = random.Random(20)
    kinds = (
        [builders.single(f"s{n}", "a/b", right=n % 5) for n in range(8)]
        + [builders.multiple(f"m{n}", "a/c") for n in range(3)]
        + [builders.numeric(f"n{n}", "d/e") for n in range(3)]
        + [builders.short(f"w{n}", "d/f") for n in range(3)]
    )
    await core.banks.store(builders.bank(*kinds), clock.now())
    person = await core.people.arrive(1, "it", clock.now())
    player = Player(core, person, clock, rng)
    seen = changes(engines)

    kept: dict[str, dict[object, dict[str, object]]] = {}
    for number in range(STEPS):
        await player.step()
        if number % 25 == 24:
            edited = [builders.single(f"s{n}", rng.choice(["a/b", "x/y"]), right=rng.randrange(5)) for n in range(8)]
            await core.banks.store(builders.bank(*edited, *kinds[8:]), clock.now())
            await core.sessions.end_idle(clock.now())
            if (await core.people.get(player.actor) or person).onboarding is not Onboarding.DONE:
                await core.people.born_in(player.actor, 2008)
            kept = self_consistent(everything(database_url), kept)

    of_truth = {statement for statement in seen if re.search(rf"(UPDATE|DELETE FROM) ({'|'.join(TRUTH)})\b", statement)}
    assert {re.sub(r" WHERE .*", "", statement) for statement in of_truth} <= {
        "UPDATE attempts SET voided_at=?",
        "UPDATE attempts SET voided_at=%(at)s::TIMESTAMP WITH TIME ZONE",
    }
    assert len(of_truth) == 1
    assert {"answer", "confirm", "insist", "report", "go_on"} <= set(player.pressed)


def self_consistent(
    now: dict[str, list[dict[str, object]]], before: dict[str, dict[object, dict[str, object]]]
) -> dict[str, dict[object, dict[str, object]]]:
    """The rows of truth by key, which must be those of before and more; a void is set once and stays."""
    found: dict[str, dict[object, dict[str, object]]] = {}
    for table in TRUTH:
        found[table] = {tuple(list(row.values())[:2]) if "id" not in row else row["id"]: row for row in now[table]}
        for key, row in before.get(table, {}).items():
            same = dict(found[table][key])
            if table == "attempts" and row["voided_at"] is None:
                same["voided_at"] = None
            assert same == row
    return found


async def test_figures_can_be_computed_again_from_attempts(core: Chiron, clock: FakeClock, database_url: str) -> None:
    """After any play, each quiz's counts and points are those of its attempts that count."""
    await core.banks.store(builders.some_questions(15, topics=("a/b", "c/d", "e/f")), clock.now())
    person = await core.people.arrive(1, "it", clock.now())
    await core.people.born_in(builders.actor(person, clock.now()), 2008)
    player = Player(core, person, clock, random.Random(5))

    for _ in range(STEPS):
        await player.step()

    found = everything(database_url)
    answers = [row for row in found["attempts"] if row["voided_at"] is None]
    assert len(found["quiz_sessions"]) > 10
    assert len(answers) < len(found["attempts"])
    for quiz in found["quiz_sessions"]:
        mine = [row for row in answers if row["quiz_id"] == quiz["id"]]
        assert quiz["correct_count"] == sum(row["is_right"] for row in mine)
        assert quiz["wrong_count"] == sum(not row["is_right"] for row in mine)
        assert quiz["xp_earned"] == sum(row["xp"] for row in mine)
    for session in found["sessions"]:
        ended = session["ended_at"] or clock.now()
        inside = [row for row in found["attempts"] if session["started_at"] <= row["answered_at"] <= ended]
        assert {row["id"] for row in inside} == {
            row["id"] for row in found["attempts"] if row["session_id"] == session["id"]
        }
        assert ended - session["last_activity_at"] <= timedelta(minutes=30)
