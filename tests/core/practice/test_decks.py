"""Quizzes over whole decks: an order fixed at the start, an exact resume, and decks that change meanwhile."""

import random
import uuid
from dataclasses import replace

import pytest

from core.chiron import Chiron
from core.errors import NotFound, NothingToAsk
from core.ids import DeckId
from core.people.model import Person
from core.practice.model import Mode, Quiz
from core.practice.outcomes import Asked, Finished, Judged
from core.questions.model import Bank
from storage.engine import open_engines
from storage.work import SqlStorage
from tests import builders
from tests.conftest import IDLE
from tests.fakes import FakeClock


@pytest.fixture
async def deck(core: Chiron, student: Person, clock: FakeClock) -> DeckId:
    """The deck of the student's twelve questions."""
    return (await core.banks.store(builders.some_questions(), clock.now())).deck_id


def _edited() -> Bank:
    """The bank of twelve questions with a new key for the first and without the last nine."""
    return builders.bank(builders.single("q000", right=4), *builders.some_questions(3).items[1:])


async def test_a_quiz_over_a_deck_asks_every_card_once(
    core: Chiron, student: Person, deck: DeckId, clock: FakeClock
) -> None:
    """The order is drawn once over all cards, and stays while the quiz goes on."""
    actor = builders.actor(student, clock.now())
    quiz_id = builders.new_quiz_id()

    asked = []
    standing = await core.quizzes.start_deck(actor, quiz_id, deck)
    while isinstance(standing, Asked):
        asked.append(standing)
        outcome = await core.quizzes.skip(actor, quiz_id, position=standing.quiz.current_index)
        assert not hasattr(outcome, "standing")
        standing = outcome

    assert isinstance(standing, Finished)
    orders = {step.quiz.question_order for step in asked}
    assert len(orders) == 1
    (order,) = orders
    assert order != tuple(range(12))
    assert sorted(order) == list(range(12))
    assert [step.version.slug for step in asked] == [f"q{index:03}" for index in order]
    assert asked[0].quiz.mode is Mode.DECK


async def test_two_quizzes_over_a_deck_are_shuffled_apart(
    core: Chiron, student: Person, deck: DeckId, clock: FakeClock
) -> None:
    """Each start draws its own order."""
    actor = builders.actor(student, clock.now())

    first = await core.quizzes.start_deck(actor, builders.new_quiz_id(), deck)
    second = await core.quizzes.start_deck(actor, builders.new_quiz_id(), deck)

    assert first.quiz.question_order != second.quiz.question_order  # type: ignore[union-attr] # both ask


async def test_a_second_press_on_start_begins_no_second_quiz(
    core: Chiron, student: Person, deck: DeckId, clock: FakeClock
) -> None:
    """The same id shows where the quiz stands, in the order that it has."""
    actor = builders.actor(student, clock.now())
    quiz_id = builders.new_quiz_id()
    await core.quizzes.start_deck(actor, quiz_id, deck)
    after_one = await core.quizzes.skip(actor, quiz_id, position=0)

    again = await core.quizzes.start_deck(actor, quiz_id, deck)

    assert again == after_one


async def test_progress_runs_from_none_to_complete(core: Chiron, student: Person, clock: FakeClock) -> None:
    """`progress_frac` counts positions passed, answered or skipped; complete means that all are."""
    stored = await core.banks.store(builders.bank(*builders.some_questions(4).items, name="four"), clock.now())
    actor = builders.actor(student, clock.now())
    quiz_id = builders.new_quiz_id()
    seen = []

    standing = await core.quizzes.start_deck(actor, quiz_id, stored.deck_id)
    for position in range(4):
        assert isinstance(standing, Asked)
        seen.append((standing.quiz.progress_frac, standing.quiz.is_complete))
        skipped = await core.quizzes.skip(actor, quiz_id, position=position)
        assert isinstance(skipped, Asked | Finished)
        standing = skipped

    assert seen == [(0.0, False), (0.25, False), (0.5, False), (0.75, False)]
    assert (standing.quiz.progress_frac, standing.quiz.is_complete) == (1.0, True)
    assert standing.quiz.completed_at == clock.now()


def test_an_empty_order_has_no_progress(clock: FakeClock) -> None:
    """0.0 of nothing, and nothing is left to ask."""
    now = clock.now()
    empty = Quiz(builders.new_quiz_id(), 1, Mode.DECK, DeckId(uuid.uuid4()), (), (), now, now, now)  # type: ignore[arg-type]

    assert (empty.progress_frac, empty.is_complete) == (0.0, True)


async def test_a_changed_deck_does_not_reach_a_quiz_under_way(
    core: Chiron, student: Person, deck: DeckId, clock: FakeClock
) -> None:
    """Edited and dropped questions are asked as they were at the start, and judged by the key of then."""
    actor = builders.actor(student, clock.now())
    quiz_id = builders.new_quiz_id()
    begun = await core.quizzes.start_deck(actor, quiz_id, deck)
    assert isinstance(begun, Asked)
    place = begun.quiz.question_order.index(0)

    changed = await core.banks.store(_edited(), clock.now())
    asked, judged = [], None
    for position in range(12):
        standing = await core.quizzes.standing(actor, quiz_id)
        assert isinstance(standing, Asked)
        asked.append(standing.version)
        if position == place:
            judged = await core.quizzes.answer(actor, quiz_id, position=position, choice=0)
            await core.quizzes.go_on(actor, quiz_id, position=position)
            await core.people.born_in(actor, None)
            await core.quizzes.go_on(actor, quiz_id, position=position)
        else:
            await core.quizzes.skip(actor, quiz_id, position=position)

    assert changed.deck_id == deck
    assert (changed.changed, changed.added) == (1, 0)
    assert [version.slug for version in asked] == [f"q{index:03}" for index in begun.quiz.question_order]
    assert isinstance(judged, Judged)
    assert judged.attempt.right
    assert judged.quiz.length == 12
    finished = await core.quizzes.standing(actor, quiz_id)
    assert isinstance(finished, Finished)
    assert finished.quiz.question_order == begun.quiz.question_order


async def test_a_new_quiz_is_over_the_deck_as_it_is_now(
    core: Chiron, student: Person, deck: DeckId, clock: FakeClock
) -> None:
    """After the change a new quiz has the new length and the new key."""
    actor = builders.actor(student, clock.now())
    await core.banks.store(_edited(), clock.now())
    quiz_id = builders.new_quiz_id()

    begun = await core.quizzes.start_deck(actor, quiz_id, deck)
    assert isinstance(begun, Asked)
    for position in range(begun.quiz.question_order.index(0)):
        await core.quizzes.skip(actor, quiz_id, position=position)
    judged = await core.quizzes.answer(actor, quiz_id, position=begun.quiz.question_order.index(0), choice=0)

    assert begun.quiz.length == 3
    assert isinstance(judged, Judged)
    assert not judged.attempt.right


async def test_a_quiz_resumes_exactly_in_a_new_process(
    core: Chiron, database_url: str, student: Person, deck: DeckId, clock: FakeClock
) -> None:
    """After a restart, with other chance and an empty memory, every field of it is as it was."""
    actor = builders.actor(student, clock.now())
    quiz_id = builders.new_quiz_id()
    await core.quizzes.start_deck(actor, quiz_id, deck)
    await core.quizzes.answer(actor, quiz_id, position=0, choice=2)
    await core.quizzes.go_on(actor, quiz_id, position=0)
    await core.quizzes.skip(actor, quiz_id, position=1)
    before = await core.quizzes.hint(actor, quiz_id, position=2, number=1)

    restarted = SqlStorage(open_engines(database_url))
    try:
        after = await Chiron.over(restarted, idle=IDLE, rng=random.Random(99)).quizzes.current(actor)
    finally:
        await restarted.close()

    assert isinstance(before, Asked)
    assert after == before
    assert (before.quiz.current_index, before.quiz.hints, before.quiz.length) == (2, 1, 12)


async def test_a_verdict_is_still_there_after_a_restart(
    core: Chiron, database_url: str, student: Person, deck: DeckId, clock: FakeClock
) -> None:
    """What was judged is shown again with the same attempt, not asked again."""
    actor = builders.actor(student, clock.now())
    quiz_id = builders.new_quiz_id()
    await core.quizzes.start_deck(actor, quiz_id, deck)
    before = await core.quizzes.answer(actor, quiz_id, position=0, choice=2)

    restarted = SqlStorage(open_engines(database_url))
    try:
        after = await Chiron.over(restarted, idle=IDLE, rng=random.Random(99)).quizzes.current(actor)
    finally:
        await restarted.close()

    assert isinstance(before, Judged)
    assert isinstance(after, Judged)
    assert after.quiz == before.quiz
    assert replace(after.attempt, id=None) == before.attempt


async def test_a_bank_is_the_same_deck_in_every_database(elsewhere: SqlStorage, deck: DeckId, clock: FakeClock) -> None:
    """Its id follows from the bank's name, so that sessions can move; another bank is another deck."""
    there = Chiron.over(elsewhere, idle=IDLE, rng=random.Random(1))

    same = await there.banks.store(builders.some_questions(2), clock.now())
    different = await there.banks.store(builders.bank(builders.single("x"), name="different"), clock.now())

    assert same.deck_id == deck
    assert different.deck_id != deck


async def test_only_decks_that_one_sees_can_be_played(
    core: Chiron, storage: SqlStorage, student: Person, deck: DeckId, clock: FakeClock
) -> None:
    """An unknown deck, another student's own deck and another student's quiz answer alike; an empty deck says so."""
    other = await core.people.arrive(2002, "it", clock.now())
    theirs = builders.new_quiz_id()
    begun = await core.quizzes.start(builders.actor(other, clock.now()), theirs, length=5)
    assert isinstance(begun, Asked)
    emptied = await core.banks.store(builders.bank(name="empty"), clock.now())
    actor = builders.actor(student, clock.now())

    for quiz_id, deck_id in (
        (builders.new_quiz_id(), DeckId(uuid.uuid4())),
        (builders.new_quiz_id(), begun.quiz.deck_id),
        (theirs, deck),
    ):
        with pytest.raises(NotFound):
            await core.quizzes.start_deck(actor, quiz_id, deck_id)
    with pytest.raises(NothingToAsk):
        await core.quizzes.start_deck(actor, builders.new_quiz_id(), emptied.deck_id)

    assert await storage.read(lambda work: work.quizzes.every(student.id)) == []
    assert await core.sessions.history(actor) == []
