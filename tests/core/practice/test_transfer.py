"""Sessions as `quiz_sessions.json`: what goes out comes in again, and the newer state wins."""

import itertools
import json
import random
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.chiron import Chiron
from core.ids import DeckId, QuizId
from core.people.model import Person
from core.ports import Actor
from core.practice.model import Attempt, Chosen, Mode, Quiz, Typed
from core.practice.outcomes import Asked, Finished, Judged, OnHold, Unclear
from core.practice.rules import shown_order
from core.practice.transfer import Taken
from core.questions.model import Bank, Kind
from storage.work import SqlStorage
from tests import builders
from tests.conftest import IDLE
from tests.fakes import FakeClock

STARTED, UPDATED = "2024-03-15T10:30:00.123456", "2024-03-15T10:35:42.987654"
FIVE = ("q000", "q001", "q002", "q003", "q004")
"""Cards of the deck of five; the right letter of the n-th is the n-th letter."""

_people = itertools.count(5_000)


def _five() -> Bank:
    return builders.some_questions(5)


def _of_every_kind() -> Bank:
    return builders.bank(
        builders.single("single"),
        builders.single("other", "logic/series", right=3),
        builders.multiple("multiple"),
        builders.numeric("numeric", value="1000"),
        builders.numeric("length", value="3/2", unit="m"),
        builders.short("short"),
        name="kinds",
    )


@pytest.fixture
async def deck(core: Chiron, clock: FakeClock) -> DeckId:
    """A deck of five questions."""
    return (await core.banks.store(_five(), clock.now())).deck_id


@pytest.fixture
async def pupil(core: Chiron, deck: DeckId, clock: FakeClock) -> Person:
    """A student who was asked everything that is asked once."""
    return await _arrive(core, clock)


async def _arrive(core: Chiron, clock: FakeClock) -> Person:
    person = await core.people.arrive(next(_people), "it", clock.now())
    return await core.people.born_in(builders.actor(person, clock.now()), None)


def _session(deck_id: DeckId, /, **changes: object) -> dict[str, Any]:
    """The seed's example over the deck of five, its counts wrong on purpose: two answers are right, one is wrong."""
    session: dict[str, Any] = {
        "session_id": "c3d4e5f6-a7b8-4012-8def-123456789012",
        "deck_id": str(deck_id),
        "question_order": [2, 0, 4, 1, 3],
        "current_index": 3,
        "answers": {"q002": ["C"], "q000": ["B"], "q004": ["E"]},
        "correct_count": 0,
        "wrong_count": 7,
        "started_at": STARTED,
        "updated_at": UPDATED,
    }
    return session | changes


def _file(*sessions: dict[str, Any]) -> bytes:
    return json.dumps(sessions).encode()


async def _attempts(storage: SqlStorage, person: Person) -> list[Attempt]:
    return await storage.read(
        lambda work: [
            attempt
            for quiz in work.quizzes.every(person.id)
            for attempt, _ in work.quizzes.attempts(quiz.id, owner=person.id)
        ]
    )


async def _quizzes(storage: SqlStorage, person: Person) -> list[Quiz]:
    return await storage.read(lambda work: work.quizzes.every(person.id))


@dataclass(frozen=True)
class Move:
    """What a student does at a question: skips it, or answers it; and perhaps reports it afterwards."""

    skip: bool
    number: int
    text: str
    report: bool


WRITTEN = st.sampled_from(["1.000", "1,5 m", "1.500", "1,234/2,500", "1.234e30", "3/4", "boh", "Mitocondrio", "ciao"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30)
MOVES = st.builds(
    Move,
    skip=st.booleans(),
    number=st.integers(0, 31),
    text=WRITTEN | TEXTS.filter(str.strip),
    report=st.integers(0, 5).map(lambda n: n == 0),
)


async def _play(core: Chiron, person: Person, deck_id: DeckId, moves: list[Move], clock: FakeClock) -> None:
    quiz_id = builders.new_quiz_id()
    await core.quizzes.start_deck(builders.actor(person, clock.now()), quiz_id, deck_id)
    for position, move in enumerate(moves):
        clock.advance(seconds=1.234567)
        actor = builders.actor(person, clock.now())
        if move.skip or not await _answer(core, actor, quiz_id, position, move):
            await core.quizzes.skip(actor, quiz_id, position=position)
            continue
        if move.report:
            await core.quizzes.report(actor, quiz_id, position=position)
        await core.quizzes.go_on(actor, quiz_id, position=position)


async def _answer(core: Chiron, actor: Actor, quiz_id: QuizId, position: int, move: Move) -> bool:
    """Whether an answer was recorded."""
    standing = await core.quizzes.standing(actor, quiz_id)
    assert isinstance(standing, Asked)
    if standing.version.kind.typed:
        outcome = await core.quizzes.write(actor, move.text, reply=True)
        if isinstance(outcome, Unclear):
            reading = move.number % max(1, len(outcome.readings))
            await core.quizzes.insist(actor, quiz_id, position=position, reading=reading, mark=outcome.mark)
            return True
        return isinstance(outcome, Judged)
    if standing.version.kind is not Kind.MULTIPLE:
        await core.quizzes.answer(actor, quiz_id, position=position, choice=move.number % 5)
        return True
    for choice in range(5):
        on = bool(move.number >> choice & 1)
        await core.quizzes.toggle(actor, quiz_id, position=position, choice=choice, on=on)
    await core.quizzes.confirm(actor, quiz_id, position=position)
    return move.number > 0


@given(plays=st.lists(st.lists(MOVES, max_size=6), min_size=1, max_size=2))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_sessions_come_back_as_they_went(
    core: Chiron, storage: SqlStorage, elsewhere: SqlStorage, clock: FakeClock, plays: list[list[Move]]
) -> None:
    """An export is the same after its import into a database with the same bank, and a second import adds nothing."""
    there = Chiron.over(elsewhere, idle=IDLE, rng=random.Random(1))
    deck_id = (await core.banks.store(_of_every_kind(), clock.now())).deck_id
    await there.banks.store(_of_every_kind(), clock.now())
    sender, receiver = await _arrive(core, clock), await _arrive(there, clock)
    for moves in plays:
        await _play(core, sender, deck_id, moves, clock)

    sent = await core.transfer.export(builders.actor(sender, clock.now()))
    taker = builders.actor(receiver, clock.advance(days=1))
    taken = await there.transfer.take(taker, json.dumps(sent).encode())
    rows = await _attempts(elsewhere, receiver), await _quizzes(elsewhere, receiver)
    again = await there.transfer.take(replace(taker, now=clock.advance(days=1)), json.dumps(sent).encode())

    assert taken == Taken(len(plays), 0, 0, ())
    assert await there.transfer.export(taker) == sent
    assert again == Taken(0, 0, len(plays), ())
    assert (await _attempts(elsewhere, receiver), await _quizzes(elsewhere, receiver)) == rows
    for session in sent:
        assert session["correct_count"] + session["wrong_count"] == len(session["answers"])


async def test_a_session_of_another_program_is_taken(
    core: Chiron, storage: SqlStorage, deck: DeckId, pupil: Person, clock: FakeClock
) -> None:
    """Order, place and answers are the file's, naive times are UTC, and counts come from our own keys."""
    actor = builders.actor(pupil, clock.now())

    taken = await core.transfer.take(actor, _file(_session(deck)))

    assert taken == Taken(1, 0, 0, ())
    assert await core.transfer.export(actor) == [
        _session(deck, correct_count=2, wrong_count=1, started_at=f"{STARTED}+00:00", updated_at=f"{UPDATED}+00:00")
    ]
    (quiz,) = await _quizzes(storage, pupil)
    assert (quiz.mode, quiz.is_complete, quiz.progress_frac) == (Mode.DECK, False, 0.6)


async def test_an_imported_session_is_gone_on_with_where_it_stood(
    core: Chiron, deck: DeckId, pupil: Person, clock: FakeClock
) -> None:
    """It waits paused at its place; the last answer brings the score over all of them."""
    actor = builders.actor(pupil, clock.now())
    session = _session(deck)
    quiz_id = QuizId(uuid.UUID(session["session_id"]))
    await core.transfer.take(actor, _file(session))

    held = await core.quizzes.current(actor)
    taken_up = await core.quizzes.resume(actor)
    await core.quizzes.skip(actor, quiz_id, position=3)
    await core.quizzes.answer(actor, quiz_id, position=4, choice=3)
    finished = await core.quizzes.go_on(actor, quiz_id, position=4)

    assert isinstance(held, OnHold)
    assert isinstance(taken_up, Asked)
    assert taken_up.version.slug == "q001"
    assert isinstance(finished, Finished)
    assert (finished.answered, finished.voided, finished.quiz.correct_count) == (4, 0, 3)
    assert finished.quiz.score == 75


async def test_imported_answers_are_no_practice_here(
    core: Chiron, storage: SqlStorage, deck: DeckId, pupil: Person, clock: FakeClock
) -> None:
    """They open no practice session and bring neither time nor XP; their day is that of the file."""
    actor = builders.actor(pupil, clock.now())

    await core.transfer.take(actor, _file(_session(deck, updated_at="2024-03-15T23:30:00Z")))

    assert await core.sessions.history(actor) == []
    for attempt in await _attempts(storage, pupil):
        assert (attempt.session_id, attempt.active_ms, attempt.xp, attempt.hints) == (None, 0, 0, 0)
        assert attempt.answered_at == datetime.fromisoformat("2024-03-15T23:30:00Z")
        assert attempt.local_day == "2024-03-16"
        assert attempt.choice_id is not None


async def test_a_session_not_begun_yet_waits_too(core: Chiron, deck: DeckId, pupil: Person, clock: FakeClock) -> None:
    """Its clock runs from the moment that it is taken up."""
    actor = builders.actor(pupil, clock.now())

    await core.transfer.take(actor, _file(_session(deck, current_index=0, answers={})))

    held = await core.quizzes.current(actor)
    assert isinstance(held, OnHold)
    assert held.quiz.served_at is None


async def test_answers_from_elsewhere_stay_out_of_the_session_of_here(
    core: Chiron, deck: DeckId, pupil: Person, clock: FakeClock
) -> None:
    """A quiz begun in a practice session and gone on with elsewhere brings that session nothing."""
    actor = builders.actor(pupil, clock.now())
    await core.quizzes.start_deck(actor, builders.new_quiz_id(), deck)
    (session,) = await core.transfer.export(actor)
    first = FIVE[session["question_order"][0]]
    later = (clock.now() + timedelta(minutes=1)).isoformat()

    await core.transfer.take(
        actor, _file(session | {"current_index": 1, "answers": {first: ["A"]}, "updated_at": later})
    )

    practised = await core.sessions.end(actor)
    assert practised is not None
    assert (practised.questions_attempted, practised.total_time_ms) == (0, 0)
    (exported,) = await core.transfer.export(actor)
    assert exported["answers"] == {first: ["A"]}


async def test_letters_are_those_of_the_deck(core: Chiron, deck: DeckId, pupil: Person, clock: FakeClock) -> None:
    """A letter read on the screen leaves as the letter of the same choice in the deck's order."""
    actor = builders.actor(pupil, clock.now())
    quiz_id = QuizId(uuid.UUID(int=2))
    started = await core.quizzes.start_deck(actor, quiz_id, deck)
    assert isinstance(started, Asked)
    order = shown_order(quiz_id, 0, started.version)
    assert order[1] != 1

    await core.quizzes.write(actor, "b", reply=False)

    (session,) = await core.transfer.export(actor)
    assert session["answers"] == {started.version.slug: ["ABCDE"[order[1]]]}


async def test_a_skip_has_no_key(core: Chiron, deck: DeckId, pupil: Person, clock: FakeClock) -> None:
    """A skipped question advances the session and is absent from its answers."""
    actor = builders.actor(pupil, clock.now())
    quiz_id = builders.new_quiz_id()
    await core.quizzes.start_deck(actor, quiz_id, deck)

    await core.quizzes.skip(actor, quiz_id, position=0)

    (session,) = await core.transfer.export(actor)
    assert (session["current_index"], session["answers"]) == (1, {})


async def test_a_newer_file_brings_a_session_forward(
    core: Chiron, storage: SqlStorage, deck: DeckId, pupil: Person, clock: FakeClock
) -> None:
    """Positions advance and answers are added; the attempts that were here stay as they are."""
    actor = builders.actor(pupil, clock.now())
    await core.transfer.take(actor, _file(_session(deck)))
    before = await _attempts(storage, pupil)
    newer = _session(
        deck,
        current_index=5,
        answers={"q002": ["C"], "q000": ["B"], "q004": ["E"], "q003": ["D"]},
        updated_at="2024-03-15T11:00:00",
    )

    taken = await core.transfer.take(actor, _file(newer))

    assert taken == Taken(0, 1, 0, ())
    assert [a for a in await _attempts(storage, pupil) if a.position < 3] == before
    (quiz,) = await _quizzes(storage, pupil)
    assert (quiz.is_complete, quiz.correct_count, quiz.wrong_count, quiz.score) == (True, 3, 1, 75)
    assert quiz.completed_at == quiz.updated_at == datetime.fromisoformat("2024-03-15T11:00:00Z")
    assert (quiz.paused_at, quiz.served_index) == (None, 5)


@pytest.mark.parametrize("updated_at", [UPDATED, "2024-03-15T10:35:42", None])
async def test_an_older_or_undated_file_changes_nothing(
    core: Chiron, storage: SqlStorage, deck: DeckId, pupil: Person, clock: FakeClock, updated_at: str | None
) -> None:
    """What is here is as new, or newer, or the file does not say: the row stays."""
    actor = builders.actor(pupil, clock.now())
    await core.transfer.take(actor, _file(_session(deck)))
    before = await _quizzes(storage, pupil), await _attempts(storage, pupil)

    taken = await core.transfer.take(
        actor, _file(_session(deck, current_index=4, answers={"q002": ["A"]}, updated_at=updated_at))
    )

    assert taken == Taken(0, 0, 1, ())
    assert (await _quizzes(storage, pupil), await _attempts(storage, pupil)) == before


async def test_another_answer_is_recorded_anew(
    core: Chiron, storage: SqlStorage, deck: DeckId, pupil: Person, clock: FakeClock
) -> None:
    """Where a newer file answers otherwise, the attempt that was here is voided and kept, and totals follow."""
    actor = builders.actor(pupil, clock.now())
    await core.transfer.take(actor, _file(_session(deck, current_index=5)))
    newer = _session(deck, current_index=5, updated_at="2024-03-15T11:00:00")
    newer["answers"] = {**newer["answers"], "q000": ["A"]}

    taken = await core.transfer.take(actor, _file(newer))

    assert taken == Taken(0, 1, 0, ())
    old, new = [a for a in await _attempts(storage, pupil) if a.position == 1]
    assert (old.response, old.voided_at) == (Chosen((1,)), clock.now())
    assert (new.response, new.voided_at, new.right) == (Chosen((0,)), None, True)
    finished = await core.quizzes.standing(actor, QuizId(uuid.UUID(newer["session_id"])))
    assert isinstance(finished, Finished)
    assert (finished.quiz.correct_count, finished.quiz.wrong_count, finished.quiz.score) == (3, 0, 100)
    assert (finished.answered, finished.voided) == (3, 0)


async def test_a_newer_file_never_takes_back(core: Chiron, deck: DeckId, pupil: Person, clock: FakeClock) -> None:
    """A file that is newer but behind adds its answers; the mixture is newer than both, to win where it came from."""
    actor = builders.actor(pupil, clock.now())
    await core.transfer.take(actor, _file(_session(deck, answers={"q002": ["C"], "q004": ["E"]})))
    behind = _session(deck, current_index=2, answers={"q000": ["A"]}, updated_at="2024-03-15T11:00:00")

    taken = await core.transfer.take(actor, _file(behind))
    (merged,) = await core.transfer.export(actor)
    again = await core.transfer.take(actor, _file(behind))

    assert (taken, again) == (Taken(0, 1, 0, ()), Taken(0, 0, 1, ()))
    assert merged["current_index"] == 3
    assert merged["answers"] == {"q002": ["C"], "q000": ["A"], "q004": ["E"]}
    assert merged["updated_at"] == clock.now().isoformat()


async def test_a_question_reported_as_wrong_stays_out(
    core: Chiron, deck: DeckId, pupil: Person, clock: FakeClock
) -> None:
    """A voided answer is not exported, and a file that still has it does not make it count again."""
    actor = builders.actor(pupil, clock.now())
    session = _session(deck)
    await core.transfer.take(actor, _file(session))
    await core.quizzes.report(actor, QuizId(uuid.UUID(session["session_id"])), position=1)
    still = _session(deck, updated_at=(clock.now() + timedelta(hours=1)).isoformat())

    taken = await core.transfer.take(replace(actor, now=clock.advance(hours=2)), _file(still))

    (exported,) = await core.transfer.export(actor)
    assert taken == Taken(0, 1, 0, ())
    assert exported["answers"] == {"q002": ["C"], "q004": ["E"]}
    assert (exported["correct_count"], exported["wrong_count"]) == (2, 0)


async def test_a_quiz_left_here_opens_again_if_it_went_on_elsewhere(
    core: Chiron, storage: SqlStorage, deck: DeckId, pupil: Person, clock: FakeClock
) -> None:
    """A newer file at the same place leaves it left; one that is further on takes it up, paused."""
    actor = builders.actor(pupil, clock.now())
    session = _session(deck)
    await core.transfer.take(actor, _file(session))
    await core.quizzes.leave(actor, QuizId(uuid.UUID(session["session_id"])))
    soon, later = ((clock.now() + timedelta(minutes=minutes)).isoformat() for minutes in (1, 2))

    await core.transfer.take(actor, _file(session | {"updated_at": soon}))
    (left,) = await _quizzes(storage, pupil)
    await core.transfer.take(actor, _file(session | {"updated_at": later, "current_index": 4}))
    (open_again,) = await _quizzes(storage, pupil)

    assert (left.is_open, left.score is None) == (False, False)
    assert (open_again.is_open, open_again.paused_at is None, open_again.score) == (True, False, None)
    assert open_again.served_index == open_again.current_index == 4


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"deck_id": "f47ac10b-58cc-4372-a567-0e02b2c3d479"}, "there is no deck f47ac10b-58cc-4372-a567-0e02b2c3d479"),
        ({"deck_id": "my \x1b[31mdeck"}, "there is no deck my [31mdeck here"),
        ({"deck_id": None}, "deck_id: "),
        ({"question_order": [2, 0, 5]}, "question_order: there is no card 5 among the 5 of the deck"),
        ({"question_order": [2, -1, 4]}, "question_order.1: "),
        ({"question_order": [2, 0, 2]}, "question_order: card 2 comes twice"),
        ({"question_order": ["2", "0"]}, "question_order.0: "),
        ({"current_index": 6}, "current_index 6 is not among its 5 positions"),
        ({"current_index": -1}, "current_index: "),
        ({"current_index": 2}, "card q004 has an answer, but current_index has not passed it"),
        ({"answers": {"q009": ["A"]}}, "card q009 is not among its questions"),
        ({"answers": {"q002": ["F"]}}, "card q002 has no choice F"),
        ({"answers": {"q002": ["AB"]}}, "card q002 has no choice AB"),
        ({"answers": {"q002": ["A", "B"]}}, "card q002 takes one choice"),
        ({"answers": {"q002": "A"}}, "answers.q002: "),
        ({"answers": None}, "answers: "),
        ({"updated_at": "yesterday"}, "updated_at: a time is written as ISO 8601"),
        ({"updated_at": 1710498942}, "updated_at: a time is written as ISO 8601"),
        ({"updated_at": "0001-01-01T00:00:00+14:00"}, "updated_at: a time is written as ISO 8601"),
        ({"started_at": "1969-12-31T23:59:59"}, "started_at: it lies before 1970"),
        ({"updated_at": "2999-01-01T00:00:00"}, "updated_at lies in the future"),
        ({"correct_count": "many"}, "correct_count: "),
    ],
)
async def test_what_cannot_be_taken_is_refused_whole(
    core: Chiron, storage: SqlStorage, deck: DeckId, pupil: Person, clock: FakeClock,
    changes: dict[str, object], reason: str,
) -> None:  # fmt: skip
    """It is one sentence with the session's id, nothing of it is written, and the others of the file are taken."""
    good = _session(deck, session_id="00000000-0000-4000-8000-000000000001")
    bad = _session(deck, **changes)

    taken = await core.transfer.take(builders.actor(pupil, clock.now()), _file(bad, good))

    assert (taken.added, taken.updated, taken.kept) == (1, 0, 0)
    (sentence,) = taken.refused
    assert sentence.startswith(f"session {bad['session_id']}: {reason}")
    assert [str(quiz.id) for quiz in await _quizzes(storage, pupil)] == [good["session_id"]]


@pytest.mark.parametrize(
    "changes",
    [{"question_order": [0, 2, 4, 1, 3]}, {"deck_id": str(uuid.uuid4())}, {"answers": {"q002": ["Z"]}}],
)
async def test_a_newer_file_that_contradicts_is_refused(
    core: Chiron, storage: SqlStorage, deck: DeckId, pupil: Person, clock: FakeClock, changes: dict[str, object]
) -> None:
    """The order and the deck of a session are fixed for ever; a refused file leaves it as it was."""
    actor = builders.actor(pupil, clock.now())
    await core.transfer.take(actor, _file(_session(deck)))
    before = await _quizzes(storage, pupil), await _attempts(storage, pupil)

    taken = await core.transfer.take(actor, _file(_session(deck, updated_at="2024-03-16T10:00:00", **changes)))

    assert (taken.updated, len(taken.refused)) == (0, 1)
    assert (await _quizzes(storage, pupil), await _attempts(storage, pupil)) == before


async def test_somebody_elses_session_and_deck_are_refused(
    core: Chiron, storage: SqlStorage, deck: DeckId, pupil: Person, clock: FakeClock
) -> None:
    """An id that is taken is refused without a word on whose it is; another's own deck answers as absent."""
    other = await _arrive(core, clock)
    theirs = builders.actor(other, clock.now())
    await core.quizzes.start(theirs, builders.new_quiz_id(), length=5)
    exported = await core.transfer.export(theirs)
    renamed = {**exported[0], "session_id": str(uuid.uuid4())}

    taken = await core.transfer.take(builders.actor(pupil, clock.advance(hours=1)), _file(exported[0], renamed))

    assert taken.refused == (
        f"session {exported[0]['session_id']}: its session_id cannot be used here",
        f"session {renamed['session_id']}: there is no deck {renamed['deck_id']} here",
    )
    assert await _quizzes(storage, pupil) == []
    assert await core.transfer.export(theirs) == exported


async def test_a_quiz_over_a_deck_of_its_own_is_exported_too(
    core: Chiron, deck: DeckId, pupil: Person, clock: FakeClock
) -> None:
    """Another session over the same frozen deck can come in where that deck is."""
    actor = builders.actor(pupil, clock.now())
    await core.quizzes.start(actor, builders.new_quiz_id(), length=5)
    (own,) = await core.transfer.export(actor)

    taken = await core.transfer.take(actor, _file(own, {**own, "session_id": str(uuid.uuid4())}))

    assert taken == Taken(1, 0, 1, ())
    assert own["question_order"] == [0, 1, 2, 3, 4]


async def test_a_quiz_that_grew_here_takes_a_file_from_before(
    core: Chiron, deck: DeckId, pupil: Person, clock: FakeClock
) -> None:
    """One more question was put at its end: a newer file without it is taken, and the question stays."""
    actor = builders.actor(pupil, clock.now())
    quiz_id = builders.new_quiz_id()
    await core.banks.store(builders.some_questions(12, topics=("maths/algebra",)), clock.now())
    await core.quizzes.start(actor, quiz_id, length=3)
    await core.quizzes.answer(actor, quiz_id, position=0, choice=0)
    (short,) = await core.transfer.export(actor)
    await core.quizzes.similar(actor, quiz_id, position=0)
    later = (clock.now() + timedelta(minutes=1)).isoformat()

    taken = await core.transfer.take(actor, _file({**short, "current_index": 3, "updated_at": later}))

    (grown,) = await core.transfer.export(actor)
    assert (len(short["question_order"]), taken) == (3, Taken(0, 1, 0, ()))
    assert (grown["question_order"], grown["current_index"]) == ([0, 1, 2, 3], 3)


@pytest.mark.parametrize("wrap", [lambda s: s, lambda s: [s], lambda s: {"sessions": [s]}])
async def test_three_forms_are_read(core: Chiron, deck: DeckId, pupil: Person, clock: FakeClock, wrap: Any) -> None:
    """A session, a list of sessions, and an object with a list of them; a byte order mark does no harm."""
    content = b"\xef\xbb\xbf" + json.dumps(wrap(_session(deck))).encode()

    assert await core.transfer.take(builders.actor(pupil, clock.now()), content) == Taken(1, 0, 0, ())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file: it is not JSON"),
        (b"{" * 100_000, "the file: it is not JSON"),
        (b'{"sessions": NaN}', "the file: it is not JSON"),
        (b"\xff\xfe", "the file: it is not JSON"),
        (b'"session"', "the file: it holds no list of sessions"),
        (b'{"sessions": {}}', "the file: it holds no list of sessions"),
        (b"[" + b"1," * 10_000 + b"1]", "the file: it holds 10,001 sessions; 10,000 are allowed"),
        (b" " * 20_000_001, "the file: it has 20,000,001 bytes; 20,000,000 are allowed"),
        (b"[null]", "session number 1: it is not an object"),
        (b'[{"session_id": "first"}]', "session first: session_id: it is no UUID; deck_id: field required"),
        (b'[{"session_id": 7}]', "session number 1: session_id: it is no UUID; deck_id: field required"),
    ],
)
async def test_what_is_no_file_of_sessions_is_refused(
    core: Chiron, pupil: Person, clock: FakeClock, content: bytes, sentence: str
) -> None:
    """One sentence says what is wrong."""
    taken = await core.transfer.take(builders.actor(pupil, clock.now()), content)

    assert taken == Taken(0, 0, 0, (sentence,))


async def test_missing_fields_have_defaults(core: Chiron, deck: DeckId, pupil: Person, clock: FakeClock) -> None:
    """An id made from the content (so that it is the same one next time), nothing in it, zero counts, this moment."""
    actor = builders.actor(pupil, clock.now())
    bare = _file({"deck_id": str(deck)})

    taken = await core.transfer.take(actor, bare)
    (session,) = await core.transfer.export(actor)
    again = await core.transfer.take(replace(actor, now=clock.advance(hours=1)), bare)

    assert (taken, again) == (Taken(1, 0, 0, ()), Taken(0, 0, 1, ()))
    assert uuid.UUID(session.pop("session_id"))
    assert session == {
        "deck_id": str(deck),
        "question_order": [],
        "current_index": 0,
        "answers": {},
        "correct_count": 0,
        "wrong_count": 0,
        "started_at": actor.now.isoformat(),
        "updated_at": actor.now.isoformat(),
    }


async def test_small_letters_and_empty_answers_are_understood(
    core: Chiron, deck: DeckId, pupil: Person, clock: FakeClock
) -> None:
    """A small letter is its choice, and an empty list is a skip."""
    actor = builders.actor(pupil, clock.now())

    await core.transfer.take(actor, _file(_session(deck, answers={"q002": ["c"], "q000": [], "q004": [" "]})))

    (session,) = await core.transfer.export(actor)
    assert (session["answers"], session["correct_count"]) == ({"q002": ["C"]}, 1)


@pytest.mark.parametrize(
    ("card", "given", "expected"),
    [
        ("numeric", ["1.000"], Typed("1.000", 1)),
        ("numeric", ["1.000", "1000"], Typed("1.000", 1000)),
        ("numeric", ["mille"], Typed("mille")),
        ("short", [" mitocondrio "], Typed("mitocondrio")),
        ("multiple", ["C", "A", "C"], Chosen((0, 2))),
    ],
)
async def test_written_and_several_answers_are_read(
    core: Chiron, storage: SqlStorage, pupil: Person, clock: FakeClock, card: str, given: list[str], expected: object
) -> None:
    """A written answer is its text, with the meant number where it has two readings; letters come in any order."""
    stored = await core.banks.store(_of_every_kind(), clock.now())
    index = [item.slug for item in _of_every_kind().items].index(card)
    session = _session(stored.deck_id, question_order=[index], current_index=1, answers={card: given})

    taken = await core.transfer.take(builders.actor(pupil, clock.now()), _file(session))

    assert taken == Taken(1, 0, 0, ())
    (attempt,) = await _attempts(storage, pupil)
    assert attempt.response == expected
    assert attempt.right is (given not in (["1.000"], ["mille"]))


@pytest.mark.parametrize(
    ("card", "given"),
    [("numeric", ["1.000", "7"]), ("numeric", ["1", "1", "1"]), ("short", ["mitocondrio", "x"]), ("short", ["a\0b"])],
)
async def test_a_written_answer_that_makes_no_sense_is_refused(
    core: Chiron, pupil: Person, clock: FakeClock, card: str, given: list[str]
) -> None:
    """One text, and at most the reading that was meant."""
    stored = await core.banks.store(_of_every_kind(), clock.now())
    index = [item.slug for item in _of_every_kind().items].index(card)
    session = _session(stored.deck_id, question_order=[index], current_index=1, answers={card: given})

    taken = await core.transfer.take(builders.actor(pupil, clock.now()), _file(session))

    assert (taken.added, len(taken.refused)) == (0, 1)


async def test_a_known_session_keeps_its_versions_and_a_new_one_gets_todays(
    core: Chiron, storage: SqlStorage, deck: DeckId, pupil: Person, clock: FakeClock
) -> None:
    """After the bank's key changed, a newer file is judged by the key that the session began with."""
    actor = builders.actor(pupil, clock.now())
    await core.transfer.take(actor, _file(_session(deck, current_index=0, answers={})))
    edited = builders.bank(builders.single("q000", right=4), *_five().items[1:])
    await core.banks.store(edited, clock.now())
    answered = _session(deck, current_index=2, answers={"q000": ["A"]}, updated_at="2024-03-15T11:00:00")

    await core.transfer.take(actor, _file(answered, {**answered, "session_id": str(uuid.uuid4())}))

    attempts = {attempt.quiz_id: attempt.right for attempt in await _attempts(storage, pupil)}
    known = QuizId(uuid.UUID(answered["session_id"]))
    assert attempts.pop(known) is True
    assert list(attempts.values()) == [False]


async def test_a_deck_that_changed_does_not_rename_cards(
    core: Chiron, deck: DeckId, pupil: Person, clock: FakeClock
) -> None:
    """The cards of a session are those that it began with, whatever stands at their places now."""
    actor = builders.actor(pupil, clock.now())
    await core.transfer.take(actor, _file(_session(deck)))
    exported = await core.transfer.export(actor)
    await core.banks.store(builders.bank(builders.single("new"), *_five().items[3:]), clock.now())

    assert await core.transfer.export(actor) == exported
    newer = {**exported[0], "current_index": 4, "updated_at": "2024-03-15T11:00:00"}
    assert await core.transfer.take(actor, _file(newer)) == Taken(0, 1, 0, ())


async def test_cards_of_two_banks_with_one_name_stay_apart(core: Chiron, pupil: Person, clock: FakeClock) -> None:
    """In a quiz over both, the place in the deck tells them apart."""
    await core.banks.store(builders.bank(builders.single("q000", "art/music"), name="other"), clock.now())
    await core.banks.store(builders.bank(builders.single("q000", "art/music"), name="another"), clock.now())
    actor = builders.actor(pupil, clock.now())
    quiz_id = builders.new_quiz_id()
    art = next(topic for topic in (await core.quizzes.menu(actor)).topics if topic.path == ("art",))
    await core.quizzes.start(actor, quiz_id, mode=Mode.TARGETED, topic_id=art.id)
    await core.quizzes.answer(actor, quiz_id, position=0, choice=0)
    await core.quizzes.go_on(actor, quiz_id, position=0)
    await core.quizzes.answer(actor, quiz_id, position=1, choice=1)

    (session,) = await core.transfer.export(actor)
    taken = await core.transfer.take(actor, _file({**session, "session_id": str(uuid.uuid4())}))

    assert session["answers"] == {"q000#0": ["A"], "q000#1": ["B"]}
    assert taken == Taken(1, 0, 0, ())


async def test_an_old_mistake_that_comes_in_late_is_no_mistake_now(
    core: Chiron, deck: DeckId, pupil: Person, clock: FakeClock
) -> None:
    """The last answer to a question is the one given last, not the one written last."""
    actor = builders.actor(pupil, clock.now())
    today = _session(deck, session_id=str(uuid.uuid4()), updated_at=clock.now().isoformat())
    today["answers"] = {"q000": ["A"]}

    await core.transfer.take(actor, _file(today, _session(deck, answers={"q000": ["B"], "q004": ["A"]})))

    assert (await core.quizzes.menu(actor)).mistakes == 1
