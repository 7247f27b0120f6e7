"""Where a person is: a function of rows alone, so that a restart shows the same."""

import random
from collections.abc import AsyncIterator

import pytest

from core.chiron import Chiron
from core.ids import to_short
from core.people.model import Person
from core.ports import Actor, Place, Shown
from core.practice.outcomes import Asked, Finished, Judged, OnHold, Standing
from core.whereabouts import AtHome, Where
from storage.engine import open_engines
from storage.work import SqlStorage
from tests import builders
from tests.conftest import IDLE
from tests.fakes import FakeClock


@pytest.fixture
async def restarted(storage: SqlStorage, database_url: str) -> AsyncIterator[Chiron]:
    """The core of a program that was started again over the same database."""
    again = SqlStorage(open_engines(database_url))
    yield Chiron.over(again, idle=IDLE, rng=random.Random(99))
    await again.close()


def at(person: Person, clock: FakeClock) -> Actor:
    """A person acting now."""
    return builders.actor(person, clock.now())


def quiz_on_screen(person: Person, standing: Standing) -> Place:
    """The screen that shows a quiz."""
    assert isinstance(standing, (Asked, Judged, Finished, OnHold))
    return Place(person.telegram_id, 10, "quiz", to_short(standing.quiz.id))


async def begun(core: Chiron, person: Person, clock: FakeClock, *, length: int = 2) -> Asked:
    """A quiz that was just begun."""
    standing = await core.quizzes.start(at(person, clock), builders.new_quiz_id(), length=length)
    assert isinstance(standing, Asked)
    return standing


async def test_somebody_new_is_at_home(core: Chiron, student: Person, clock: FakeClock) -> None:
    """Nothing is under way."""
    assert await core.whereabouts.where(at(student, clock), None) == AtHome(student, 0)


async def test_home_counts_answers(core: Chiron, student: Person, clock: FakeClock) -> None:
    """Voided ones too: they were given; their points are gone. What is open can be gone on with."""
    asked = await begun(core, student, clock)
    right = asked.version.right[0]
    await core.quizzes.answer(at(student, clock), asked.quiz.id, position=0, choice=right)
    before = await core.whereabouts.home(at(student, clock))
    reported = await core.quizzes.report(at(student, clock), asked.quiz.id, position=0)
    after = await core.whereabouts.home(at(student, clock))

    assert (before.answered, before.xp) == (1, 14)
    assert after == AtHome(student, 1, 0, reported.quiz)
    assert after.today == clock.now().date()


async def test_every_state_of_a_quiz_is_the_same_after_a_restart(
    core: Chiron, restarted: Chiron, student: Person, clock: FakeClock
) -> None:
    """Question with hint, verdict, pause and result: what was returned is what the rows say."""
    asked = await begun(core, student, clock)
    quiz_id = asked.quiz.id
    seen: list[Where] = []
    for step in (
        core.quizzes.standing(at(student, clock), quiz_id),
        core.quizzes.hint(at(student, clock), quiz_id, position=0, number=2),
        core.quizzes.answer(at(student, clock), quiz_id, position=0, choice=1),
        core.quizzes.go_on(at(student, clock), quiz_id, position=0),
        core.quizzes.pause(at(student, clock), quiz_id),
        core.quizzes.resume(at(student, clock), quiz_id),
        core.quizzes.answer(at(student, clock), quiz_id, position=1, choice=1),
        core.quizzes.go_on(at(student, clock), quiz_id, position=1),
    ):
        outcome = await step
        assert isinstance(outcome, (Asked, Judged, Finished, OnHold))
        place = quiz_on_screen(student, outcome)
        there = await restarted.whereabouts.where(at(student, clock), place)
        seen.append(there)
        assert type(there) is type(outcome)
        assert isinstance(there, (Asked, Judged, Finished, OnHold))
        assert there.quiz == outcome.quiz

    assert [type(where) for where in seen] == [Asked, Asked, Judged, Asked, OnHold, Asked, Judged, Finished]


async def test_the_quiz_on_the_screen_goes_before_the_one_touched_last(
    core: Chiron, student: Person, clock: FakeClock
) -> None:
    """An older quiz that is looked at stays what is looked at."""
    older = await begun(core, student, clock)
    clock.advance(seconds=5)
    newer = await begun(core, student, clock)

    there = await core.whereabouts.where(at(student, clock), quiz_on_screen(student, older))
    otherwise = await core.whereabouts.where(at(student, clock), None)

    assert isinstance(there, OnHold)
    assert there.quiz.id == older.quiz.id
    assert otherwise == newer


@pytest.mark.parametrize("place", ["menu", "history", "settings"])
async def test_from_elsewhere_the_open_quiz_is_shown(
    core: Chiron, student: Person, clock: FakeClock, place: str
) -> None:
    """What is open goes before home."""
    asked = await begun(core, student, clock)

    there = await core.whereabouts.where(at(student, clock), Place(student.telegram_id, 3, place, ""))

    assert there == asked


@pytest.mark.parametrize("ref", ["", "nonsense", "A" * 22, "A" * 21 + "B"])
async def test_a_screen_of_a_quiz_that_is_no_more_shows_what_is_open(
    core: Chiron, student: Person, clock: FakeClock, ref: str
) -> None:
    """Never a failure: something useful stands there."""
    asked = await begun(core, student, clock)

    there = await core.whereabouts.where(at(student, clock), Place(student.telegram_id, 3, "quiz", ref))

    assert there == asked


async def test_another_student_s_quiz_is_never_shown(core: Chiron, student: Person, clock: FakeClock) -> None:
    """Even if a screen named it."""
    other = await core.people.arrive(1002, "it", clock.now())
    theirs = await begun(core, other, clock)

    there = await core.whereabouts.where(at(student, clock), quiz_on_screen(student, theirs))

    assert there == AtHome(student, 0)


async def test_the_screen_is_what_was_shown_last(
    core: Chiron, storage: SqlStorage, student: Person, clock: FakeClock
) -> None:
    """None before the first."""
    before = await core.whereabouts.screen(student.telegram_id)
    places = [Place(student.telegram_id, n, "quiz", "x" * 22, picture=n == 2) for n in (1, 2)]
    for place in places:
        marks = [Shown(None, place)]
        await storage.transact(None, lambda work, marks=marks: work.inbox.shown(marks, clock.now()))  # type: ignore[misc]

    assert before is None
    assert await core.whereabouts.screen(student.telegram_id) == places[1]
    assert await core.whereabouts.screen(9_999) is None
