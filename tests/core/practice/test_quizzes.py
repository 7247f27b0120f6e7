"""Quizzes as a student plays them: every press counts once, and what is shown is what the rows say."""

import asyncio
import atexit
import inspect
import random
import shutil
import tempfile
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Engine, event, select

from core.chiron import Chiron
from core.errors import InvalidInput, NotFound, NothingToAsk
from core.ids import DeckId, QuizId, SittingId, TopicId
from core.people.model import Person
from core.ports import Actor
from core.practice import rules
from core.practice.model import Chosen, Difficulty, Mode, Quiz, Typed
from core.practice.outcomes import (
    Asked,
    Finished,
    Introduce,
    Judged,
    OnHold,
    Passed,
    Remark,
    Standing,
    Tone,
    Unclear,
    Why,
    WorkedTwin,
    mark_of,
)
from core.practice.quizzes import Quizzes
from core.questions.model import Item, Kind, Wording
from storage import schema
from storage.engine import open_engines
from storage.tables import attempts, decks, question_reports, quiz_sessions, sessions
from storage.work import SqlStorage
from tests import builders
from tests.conftest import IDLE
from tests.fakes import FakeClock
from tests.readback import everything, rows

NOBODY_S = QuizId(uuid.UUID(int=77))


@pytest.fixture
async def other(core: Chiron, student: Person, clock: FakeClock) -> Person:
    """Another student."""
    return await core.people.arrive(1002, "it", clock.now())


def at(person: Person, clock: FakeClock) -> Actor:
    """A person acting now."""
    return builders.actor(person, clock.now())


def asked(outcome: object) -> Asked:
    """The outcome, which is an open question."""
    assert isinstance(outcome, Asked)
    return outcome


def judged(outcome: object) -> Judged:
    """The outcome, which is a verdict."""
    assert isinstance(outcome, Judged)
    return outcome


def finished(outcome: object) -> Finished:
    """The outcome, which is a result."""
    assert isinstance(outcome, Finished)
    return outcome


def passed(outcome: object) -> Standing:
    """Where it stands, of an outcome that changed nothing."""
    assert isinstance(outcome, Passed)
    return outcome.standing


async def topic_id(core: Chiron, path: str) -> TopicId:
    """The topic at a path."""
    return next(topic.id for topic in await core.banks.topics() if "/".join(topic.path) == path)


async def begun(core: Chiron, person: Person, clock: FakeClock, **how: Any) -> Asked:
    """A quiz that was just begun."""
    return asked(await core.quizzes.start(at(person, clock), builders.new_quiz_id(), **how))


async def begun_over(core: Chiron, person: Person, clock: FakeClock, *items: Item) -> Asked:
    """A quiz over these questions alone; they are the only ones of their topic."""
    await core.banks.store(builders.bank(*items, name=f"only-{items[0].slug}"), clock.now())
    topic = await topic_id(core, "/".join(items[0].topic))
    return await begun(core, person, clock, topic_id=topic, mode=Mode.TARGETED, length=len(items))


async def answer(core: Chiron, person: Person, clock: FakeClock, standing: Asked, *, right: bool = True) -> Judged:
    """Answer an open question of five options."""
    solution = standing.version.right[0]
    choice = solution if right else (solution + 1) % 5
    position = standing.quiz.served_index
    return judged(await core.quizzes.answer(at(person, clock), standing.quiz.id, position=position, choice=choice))


async def following(core: Chiron, person: Person, clock: FakeClock, verdict: Judged) -> Standing:
    """What comes after a verdict, past the introduction."""
    position = verdict.quiz.served_index
    outcome = await core.quizzes.go_on(at(person, clock), verdict.quiz.id, position=position)
    if isinstance(outcome, Introduce):
        await core.people.born_in(at(person, clock), 2008)
        outcome = await core.quizzes.go_on(at(person, clock), verdict.quiz.id, position=position)
    assert not isinstance(outcome, Passed)
    return outcome


async def played(core: Chiron, person: Person, clock: FakeClock, standing: Asked, signs: str) -> Standing:
    """Answer questions, one for each sign: + right, - wrong; gives what stands after the last verdict."""
    here: Standing = standing
    for sign in signs:
        here = await following(core, person, clock, await answer(core, person, clock, asked(here), right=sign == "+"))
    return here


class TestStart:
    """Beginning a quiz."""

    async def test_the_first_question_is_open(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Its clock runs, and it belongs to the active session."""
        standing = await begun(core, student, clock, length=5)

        session = await core.sessions.active(at(student, clock))
        quiz = standing.quiz
        assert session is not None
        assert (quiz.length, quiz.current_index, quiz.served_index) == (5, 0, 0)
        assert (quiz.served_at, quiz.started_at, quiz.session_id) == (clock.now(), clock.now(), session.id)
        assert standing.version.id == quiz.version_ids[0]
        assert quiz.progress_frac == 0.0
        assert await core.quizzes.standing(at(student, clock), quiz.id) == standing

    async def test_the_same_id_is_the_same_quiz(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """A second press finds the first one's quiz, whatever else it says."""
        first = await begun(core, student, clock)
        before = everything(database_url)

        again = await core.quizzes.start(at(student, clock), first.quiz.id, mode=Mode.MISTAKES, length=20)

        assert again == first
        assert everything(database_url) == before

    async def test_ten_presses_at_once_begin_one_quiz(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """All show the same question."""
        quiz_id = builders.new_quiz_id()

        outcomes = await asyncio.gather(*(core.quizzes.start(at(student, clock), quiz_id) for _ in range(10)))

        assert len(rows(database_url, select(quiz_sessions))) == 1
        assert {asked(outcome).version.id for outcome in outcomes} == {asked(outcomes[0]).version.id}

    async def test_somebody_else_s_id_is_refused(
        self, core: Chiron, student: Person, other: Person, clock: FakeClock, database_url: str
    ) -> None:
        """Nothing changes: no deck, no session, no quiz."""
        mine = await begun(core, student, clock)
        before = everything(database_url)

        with pytest.raises(NotFound):
            await core.quizzes.start(at(other, clock), mine.quiz.id)

        assert everything(database_url) == before

    async def test_only_the_chosen_topic_is_asked(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """And what lies below it."""
        bank = builders.bank(*(builders.single(f"d{n}", f"logic/series/{'ab'[n % 2]}") for n in range(4)), name="deep")
        await core.banks.store(bank, clock.now())
        series = await topic_id(core, "logic/series")

        standing = await begun(core, student, clock, topic_id=series, mode=Mode.TARGETED, length=100)

        review = await core.quizzes.leave(at(student, clock), standing.quiz.id)
        assert standing.quiz.length == 10
        assert finished(review).quiz.topic_id == series
        for position in range(10):
            item = await core.quizzes.review(at(student, clock), standing.quiz.id, position=position)
            assert item.version.topic[:2] == ("logic", "series")

    async def test_only_the_chosen_difficulty_is_asked(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Easy is 1 and 2, medium 3, hard 4 and 5."""
        bank = builders.bank(
            *(builders.single(f"l{n}", "levels/all", difficulty=n) for n in range(1, 6)), name="levels"
        )
        await core.banks.store(bank, clock.now())
        levels = await topic_id(core, "levels/all")

        counts = {}
        for difficulty in Difficulty:
            standing = await begun(core, student, clock, topic_id=levels, difficulty=difficulty, length=20)
            counts[difficulty] = standing.quiz.length
            assert standing.version.difficulty in difficulty.levels
            assert standing.quiz.difficulty is difficulty
            supply = await core.quizzes.available(at(student, clock), Mode.MIXED, levels)
            assert supply.counts[difficulty] == standing.quiz.length
            assert supply.counts[None] == 5

        assert counts == {Difficulty.EASY: 2, Difficulty.MEDIUM: 1, Difficulty.HARD: 2}

    @pytest.mark.parametrize("length", [0, -1, 101])
    async def test_an_impossible_length_is_refused(
        self, core: Chiron, student: Person, clock: FakeClock, length: int
    ) -> None:
        """It is named as the reason."""
        with pytest.raises(InvalidInput, match="length"):
            await core.quizzes.start(at(student, clock), builders.new_quiz_id(), length=length)

    async def test_an_unknown_topic_is_refused(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """However large its number."""
        for forged in (TopicId(999), TopicId(2**53), TopicId(-1)):
            with pytest.raises(NotFound):
                await core.quizzes.start(at(student, clock), builders.new_quiz_id(), topic_id=forged)
            with pytest.raises(NotFound):
                await core.quizzes.available(at(student, clock), Mode.TARGETED, forged)

    async def test_nothing_to_ask_leaves_nothing(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """No empty quiz, no session."""
        before = everything(database_url)

        with pytest.raises(NothingToAsk):
            await core.quizzes.start(at(student, clock), builders.new_quiz_id(), difficulty=Difficulty.HARD)
        with pytest.raises(NothingToAsk):
            await core.quizzes.start(at(student, clock), builders.new_quiz_id(), mode=Mode.MISTAKES)

        assert everything(database_url) == before

    async def test_the_student_s_language_goes_first(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """A question in another language is asked only where there are too few."""
        english = [
            replace(
                builders.single(f"e{n}", "words/mixed"), original="en", wordings={"en": Wording("?", tuple("abcde"))}
            )
            for n in range(5)
        ]
        both = [builders.single(f"b{n}", "words/mixed") for n in range(3)]
        await core.banks.store(builders.bank(*english, *both, name="words"), clock.now())
        words = await topic_id(core, "words/mixed")

        few = await begun(core, student, clock, topic_id=words, mode=Mode.TARGETED, length=3)
        await core.quizzes.leave(at(student, clock), few.quiz.id)

        for position in range(3):
            item = await core.quizzes.review(at(student, clock), few.quiz.id, position=position)
            assert "it" in item.version.wordings
        more = await begun(core, student, clock, topic_id=words, mode=Mode.TARGETED, length=8)
        assert more.quiz.length == 8
        mixed = await begun(core, student, clock, topic_id=words, mode=Mode.MIXED, length=8)
        assert mixed.quiz.length == 3
        for mode, count in ((Mode.MIXED, 3), (Mode.TARGETED, 8)):
            supply = await core.quizzes.available(at(student, clock), mode, words)
            assert (supply.counts[None], supply.counts[Difficulty.MEDIUM]) == (count, count)

    async def test_what_was_not_asked_yet_comes_first(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """A second quiz of six over twelve questions has the other six."""
        first = await begun(core, student, clock, length=6)
        await played(core, student, clock, first, "+" * 6)

        second = await begun(core, student, clock, length=6)

        assert not set(first.quiz.version_ids) & set(second.quiz.version_ids)

    async def test_one_clock_runs_at_a_time(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """A quiz begun, taken up or answered holds the one before: no minute is counted twice."""
        first = await begun(core, student, clock, length=3)
        clock.advance(seconds=10)
        second = await begun(core, student, clock, length=3)
        clock.advance(seconds=60)
        back = asked(await core.quizzes.resume(at(student, clock), first.quiz.id))
        clock.advance(seconds=5)
        one = await answer(core, student, clock, back)
        clock.advance(minutes=3)
        held = await core.quizzes.standing(at(student, clock), second.quiz.id)
        two = await answer(core, student, clock, second)

        assert isinstance(held, OnHold)
        assert one.attempt.active_ms == 15_000
        assert two.attempt.active_ms == 60_000

    async def test_a_quiz_held_by_another_does_not_become_the_last_one(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """To be held is not to be touched."""
        await begun(core, student, clock)
        clock.advance(seconds=1)
        newer = await begun(core, student, clock)

        assert await core.quizzes.current(at(student, clock)) == newer


class TestWelcome:
    """The quiz of the first minute."""

    async def test_easy_and_short_questions_come_first(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """One tap each: nothing to write, nothing long to read."""
        easy = [builders.single(f"e{n}", "easy/all", difficulty=1 + n % 2) for n in range(6)]
        wordy = [replace(builders.single(f"f{n}", "easy/all", difficulty=1), formula="x^2") for n in range(6)]
        written = [replace(builders.short(f"w{n}", "easy/all"), difficulty=1) for n in range(6)]
        await core.banks.store(builders.bank(*easy, *wordy, *written, name="easy"), clock.now())

        standing = asked(await core.quizzes.welcome(at(student, clock), builders.new_quiz_id()))

        await core.quizzes.leave(at(student, clock), standing.quiz.id)
        assert standing.quiz.length == 5
        for position in range(5):
            item = await core.quizzes.review(at(student, clock), standing.quiz.id, position=position)
            assert (item.version.kind, item.version.formula) == (Kind.SINGLE, None)
            assert item.version.difficulty <= 2

    async def test_without_easy_ones_any_will_do(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """The bank of this student has none."""
        standing = asked(await core.quizzes.welcome(at(student, clock), builders.new_quiz_id()))

        assert standing.quiz.length == 5

    async def test_whoever_has_a_quiz_open_sees_that_one(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """A second start begins nothing."""
        first = await core.quizzes.welcome(at(student, clock), builders.new_quiz_id())

        assert await core.quizzes.welcome(at(student, clock), builders.new_quiz_id()) == first

    async def test_an_empty_bank_is_said(self, core: Chiron, clock: FakeClock) -> None:
        """And leaves nothing."""
        person = await core.people.arrive(1, "it", clock.now())

        with pytest.raises(NothingToAsk):
            await core.quizzes.welcome(at(person, clock), builders.new_quiz_id())


class TestDeck:
    """A quiz over the cards of a deck."""

    async def test_every_card_is_asked_once(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """In an order that is drawn once."""
        (deck,) = await core.banks.decks(student.id)

        standing = asked(await core.quizzes.start_deck(at(student, clock), builders.new_quiz_id(), deck.id))

        cards = [version for _, version, _ in deck.cards]
        assert sorted(standing.quiz.question_order) == list(range(12))
        assert [cards[index] for index in standing.quiz.question_order] == list(standing.quiz.version_ids)
        assert standing.quiz.mode is Mode.DECK

    async def test_the_same_id_is_the_same_quiz(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """The order is not drawn again."""
        (deck,) = await core.banks.decks(student.id)
        quiz_id = builders.new_quiz_id()

        first = await core.quizzes.start_deck(at(student, clock), quiz_id, deck.id)
        again = await core.quizzes.start_deck(at(student, clock), quiz_id, deck.id)

        assert again == first

    async def test_another_student_s_deck_is_absent(
        self, core: Chiron, student: Person, other: Person, clock: FakeClock
    ) -> None:
        """Also the frozen one of a quiz."""
        mine = await begun(core, student, clock)

        with pytest.raises(NotFound):
            await core.quizzes.start_deck(at(other, clock), builders.new_quiz_id(), mine.quiz.deck_id)

    async def test_a_deck_that_changes_does_not_change_the_quiz(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """Cards come, go and are edited; the quiz goes on over what it began with."""
        (deck,) = await core.banks.decks(student.id)
        before = asked(await core.quizzes.start_deck(at(student, clock), builders.new_quiz_id(), deck.id))

        edited = builders.bank(*(builders.single(f"q{n:03}", right=(n + 1) % 5) for n in range(20, 0, -1)))
        await core.banks.store(edited, clock.now())

        assert await core.quizzes.standing(at(student, clock), before.quiz.id) == before


class TestAnswer:
    """One tap, one attempt."""

    async def test_a_right_answer_is_recorded(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """With everything that figures need, and durable before anybody is told."""
        standing = await begun(core, student, clock)
        clock.advance(seconds=12)

        verdict = await answer(core, student, clock, standing)

        (row,) = rows(database_url, select(attempts))
        right = standing.version.right[0]
        assert verdict.attempt.right
        assert (row["user_id"], row["quiz_id"], row["position"]) == (student.id, standing.quiz.id, 0)
        assert (row["question_version_id"], row["choice_id"]) == (
            standing.version.id,
            standing.version.choices[right].id,
        )
        assert (row["response"], row["is_right"], row["xp"]) == ({"choices": [right]}, True, 14)
        assert (row["active_ms"], row["hints"], row["item_difficulty"]) == (12_000, 0, 3)
        assert (row["local_day"], row["voided_at"], row["kind"]) == ("2026-11-20", None, "quiz")
        assert row["session_id"] == verdict.quiz.session_id
        assert (verdict.quiz.correct_count, verdict.quiz.wrong_count, verdict.quiz.xp_earned) == (1, 0, 14)

    async def test_a_wrong_answer_is_recorded(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """It counts as wrong."""
        verdict = await answer(core, student, clock, await begun(core, student, clock), right=False)

        assert not verdict.attempt.right
        assert (verdict.quiz.correct_count, verdict.quiz.wrong_count, verdict.quiz.xp_earned) == (0, 1, 0)

    async def test_two_taps_at_once_record_one_attempt(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """With different choices: the first one counts, and every tap shows its verdict."""
        standing = await begun(core, student, clock)

        outcomes = await asyncio.gather(
            *(
                core.quizzes.answer(at(student, clock), standing.quiz.id, position=0, choice=choice)
                for choice in (0, 1, 2, 3, 4) * 4
            )
        )

        (row,) = rows(database_url, select(attempts))
        verdicts = [judged(one.standing if isinstance(one, Passed) else one) for one in outcomes]
        assert sum(isinstance(outcome, Judged) for outcome in outcomes) == 1
        assert {verdict.attempt.choice_id for verdict in verdicts} == {row["choice_id"]}
        assert {verdict.quiz.correct_count + verdict.quiz.wrong_count for verdict in verdicts} == {1}

    async def test_a_stale_position_shows_where_it_stands(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """Of a verdict, of a question before and of one to come."""
        quiz_id = (standing := await begun(core, student, clock)).quiz.id
        second = asked(await following(core, student, clock, await answer(core, student, clock, standing)))
        before = everything(database_url)

        for position in (0, 2, 4):
            outcome = await core.quizzes.answer(at(student, clock), quiz_id, position=position, choice=3)
            assert passed(outcome) == second

        assert everything(database_url) == before

    @pytest.mark.parametrize("choice", [5, -1, 2**53, -(2**53)])
    async def test_a_forged_choice_changes_nothing(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str, choice: int
    ) -> None:
        """There is no such choice."""
        standing = await begun(core, student, clock)
        before = everything(database_url)

        with pytest.raises(NotFound):
            await core.quizzes.answer(at(student, clock), standing.quiz.id, position=0, choice=choice)

        assert everything(database_url) == before

    @pytest.mark.parametrize("position", [-1, 5, 2**31, 2**53])
    async def test_a_forged_position_is_absent(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str, position: int
    ) -> None:
        """On every use case that takes one; nothing breaks on a number that the database cannot hold."""
        quiz_id = (await begun(core, student, clock, length=5)).quiz.id
        before = everything(database_url)

        for press in presses(core, at(student, clock), quiz_id, position):
            try:
                outcome = await press()
            except NotFound:
                continue
            assert isinstance(outcome, Passed)

        assert everything(database_url) == before

    async def test_true_or_false(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Tapped or written."""
        items = [
            replace(
                builders.single(f"tf{n}", "truth/all"),
                kind=Kind.TRUE_FALSE,
                right=(n,),
                wordings={"it": Wording("?", ("Vero", "Falso"))},
            )
            for n in range(2)
        ]
        standing = await begun_over(core, student, clock, *items)

        tapped = judged(
            await core.quizzes.answer(
                at(student, clock), standing.quiz.id, position=0, choice=standing.version.right[0]
            )
        )
        second = asked(await following(core, student, clock, tapped))
        word = "vero" if second.version.right == (0,) else "falso"
        written = judged(await core.quizzes.write(at(student, clock), word, reply=False))

        assert tapped.attempt.right
        assert written.attempt.right
        assert written.attempt.choice_id == second.version.choices[second.version.right[0]].id

    async def test_a_letter_may_be_written(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """It stands for the choice that is shown under it."""
        standing = await begun(core, student, clock)
        order = rules.shown_order(standing.quiz.id, 0, standing.version)

        verdict = judged(await core.quizzes.write(at(student, clock), " b) ", reply=False))

        assert verdict.attempt.response == Chosen((order[1],))

    async def test_answering_a_paused_quiz_goes_on_with_it(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """The time of the pause is out."""
        standing = await begun(core, student, clock)
        clock.advance(seconds=8)
        await core.quizzes.pause(at(student, clock), standing.quiz.id)
        clock.advance(minutes=20)

        verdict = await answer(core, student, clock, standing)

        assert verdict.attempt.active_ms == 8_000
        assert verdict.quiz.paused_at is None


class TestTicks:
    """Several right answers: toggles and a confirm."""

    async def test_ticks_are_kept_and_confirmed(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """In whatever order they were set."""
        standing = await begun_over(core, student, clock, builders.multiple("m", "ticks/one", right=(0, 2)))
        quiz_id = standing.quiz.id
        for choice, on in ((2, True), (4, True), (0, True), (4, False)):
            ticked = await core.quizzes.toggle(at(student, clock), quiz_id, position=0, choice=choice, on=on)

        verdict = judged(await core.quizzes.confirm(at(student, clock), quiz_id, position=0))

        assert asked(ticked).quiz.selection == (0, 2)
        assert verdict.attempt.right
        assert (verdict.attempt.response, verdict.attempt.choice_id) == (Chosen((0, 2)), None)

    async def test_a_second_tap_on_a_box_changes_nothing(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """A press says what it wants, so that a repeated one is harmless."""
        standing = await begun_over(core, student, clock, builders.multiple("m", "ticks/one"))
        quiz_id = standing.quiz.id
        await core.quizzes.toggle(at(student, clock), quiz_id, position=0, choice=3, on=True)
        before = everything(database_url)

        again = await core.quizzes.toggle(at(student, clock), quiz_id, position=0, choice=3, on=True)

        assert asked(again).quiz.selection == (3,)
        assert everything(database_url) == before

    async def test_nothing_ticked_is_no_answer(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """The question stands."""
        standing = await begun_over(core, student, clock, builders.multiple("m", "ticks/one"))

        outcome = await core.quizzes.confirm(at(student, clock), standing.quiz.id, position=0)

        assert passed(outcome) == standing
        assert rows(database_url, select(attempts)) == []

    async def test_confirmed_twice_counts_once(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """At once or later."""
        standing = await begun_over(core, student, clock, builders.multiple("m", "ticks/one"))
        quiz_id = standing.quiz.id
        await core.quizzes.toggle(at(student, clock), quiz_id, position=0, choice=1, on=True)

        await asyncio.gather(*(core.quizzes.confirm(at(student, clock), quiz_id, position=0) for _ in range(5)))

        assert len(rows(database_url, select(attempts))) == 1

    async def test_ticks_do_not_reach_the_next_question(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """It starts empty."""
        items = [builders.multiple(f"m{n}", "ticks/two") for n in range(2)]
        standing = await begun_over(core, student, clock, *items)
        await core.quizzes.toggle(at(student, clock), standing.quiz.id, position=0, choice=1, on=True)

        second = asked(await core.quizzes.skip(at(student, clock), standing.quiz.id, position=0))

        assert second.quiz.selection == ()

    async def test_a_single_choice_cannot_be_ticked_nor_a_multiple_one_tapped(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """Forged presses of the other kind."""
        single = await begun(core, student, clock)
        several = await begun_over(core, student, clock, builders.multiple("m", "ticks/one"))
        before = everything(database_url)

        with pytest.raises(NotFound):
            await core.quizzes.answer(at(student, clock), several.quiz.id, position=0, choice=0)
        with pytest.raises(NotFound):
            await core.quizzes.toggle(at(student, clock), several.quiz.id, position=0, choice=5, on=True)
        passed(await core.quizzes.toggle(at(student, clock), single.quiz.id, position=0, choice=0, on=True))
        passed(await core.quizzes.confirm(at(student, clock), single.quiz.id, position=0))

        assert everything(database_url) == before


class TestWritten:
    """Typed answers: a remark is never recorded."""

    @pytest.mark.parametrize("text", ["0,75", "3/4", "75%", " .75 ", "x = 0,75"])
    async def test_a_number_is_an_answer(self, core: Chiron, student: Person, clock: FakeClock, text: str) -> None:
        """In any form that is one."""
        await begun_over(core, student, clock, builders.numeric("n", "written/number"))

        verdict = judged(await core.quizzes.write(at(student, clock), text, reply=False))

        assert verdict.attempt.right
        assert verdict.attempt.response == Typed(text.strip(), Fraction(3, 4))

    async def test_a_wrong_number_is_a_wrong_answer(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """It was meant as one."""
        await begun_over(core, student, clock, builders.numeric("n", "written/number"))

        assert not judged(await core.quizzes.write(at(student, clock), "4", reply=False)).attempt.right

    @pytest.mark.parametrize("reply", [False, True])
    @pytest.mark.parametrize("text", ["ho 3 dubbi", "perché 3/4?", "3 oppure 4"])
    async def test_a_remark_beside_a_number_is_asked_about(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str, text: str, *, reply: bool
    ) -> None:
        """Nothing is recorded until the student says that it is the answer."""
        standing = await begun_over(core, student, clock, builders.numeric("n", "written/number"))

        outcome = await core.quizzes.write(at(student, clock), text, reply=reply)

        assert isinstance(outcome, Unclear)
        assert (outcome.text, outcome.readings) == (text, ())
        assert rows(database_url, select(attempts)) == []
        assert isinstance(await core.quizzes.standing(at(student, clock), standing.quiz.id), Asked)

    @pytest.mark.parametrize("text", ["ciao", "grazie mille", "ok", "👍"])
    @pytest.mark.parametrize("topic", ["written/number", "written/word", "maths/algebra"])
    async def test_a_greeting_is_a_greeting(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str, text: str, topic: str
    ) -> None:
        """Whatever question is open."""
        items = {"written/number": builders.numeric("n", topic), "written/word": builders.short("w", topic)}
        await begun_over(core, student, clock, items.get(topic) or builders.single("s", "written/choice"))

        outcome = await core.quizzes.write(at(student, clock), text, reply=False)

        assert isinstance(outcome, Remark)
        assert outcome.tone in {Tone.GREETING, Tone.THANKS}
        assert isinstance(outcome.standing, Asked)
        assert rows(database_url, select(attempts)) == []

    @pytest.mark.parametrize("text", ["non so", "non capisco", "boh"])
    async def test_words_beside_a_number_are_a_remark(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str, text: str
    ) -> None:
        """Without a digit they cannot have been meant as one, even as a reply."""
        standing = await begun_over(core, student, clock, builders.numeric("n", "written/number"))

        for reply in (False, True):
            assert await core.quizzes.write(at(student, clock), text, reply=reply) == Remark(text, standing)
        assert rows(database_url, select(attempts)) == []

    async def test_an_ambiguous_number_is_asked_about(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """“1.000” may be one or a thousand; the chosen reading is recorded, once."""
        standing = await begun_over(core, student, clock, builders.numeric("n", "written/number", value="1000"))

        outcome = await core.quizzes.write(at(student, clock), "1.000", reply=False)
        assert isinstance(outcome, Unclear)
        assert outcome.readings == (Fraction(1), Fraction(1_000))
        assert rows(database_url, select(attempts)) == []
        insisted = await asyncio.gather(
            *(
                core.quizzes.insist(at(student, clock), standing.quiz.id, position=0, reading=1, mark=outcome.mark)
                for _ in range(5)
            )
        )

        (row,) = rows(database_url, select(attempts))
        assert (row["response"], row["is_right"]) == ({"text": "1.000", "value": "1000"}, True)
        assert sum(isinstance(one, Judged) for one in insisted) == 1

    async def test_insisting_records_what_was_written(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """As an answer that is wrong."""
        standing = await begun_over(core, student, clock, builders.numeric("n", "written/number"))
        unclear = await core.quizzes.write(at(student, clock), "circa 3 quarti", reply=False)
        assert isinstance(unclear, Unclear)

        verdict = judged(
            await core.quizzes.insist(at(student, clock), standing.quiz.id, position=0, reading=0, mark=unclear.mark)
        )

        assert verdict.attempt.response == Typed("circa 3 quarti", None)
        assert not verdict.attempt.right

    async def test_what_was_written_later_is_not_recorded_by_an_older_button(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """Each text has its own."""
        standing = await begun_over(core, student, clock, builders.short("w", "written/word"))
        first = await core.quizzes.write(at(student, clock), "il nucleo", reply=False)
        second = await core.quizzes.write(at(student, clock), "la membrana", reply=False)
        assert isinstance(first, Unclear)
        assert isinstance(second, Unclear)

        async def insist(mark: int) -> Standing | Passed:
            return await core.quizzes.insist(at(student, clock), standing.quiz.id, position=0, reading=0, mark=mark)

        stale = await insist(first.mark)
        assert isinstance(stale, Passed)
        nothing = rows(database_url, select(attempts))
        verdict = judged(await insist(second.mark))

        assert (type(stale.standing), stale.why) == (Asked, Why.REWRITTEN)
        assert nothing == []
        assert verdict.attempt.response == Typed("la membrana")

    async def test_there_is_nothing_to_insist_on_without_a_text(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """A forged or stale press, also one from the question before."""
        items = [builders.numeric(f"n{n}", "written/two") for n in range(2)]
        standing = await begun_over(core, student, clock, *items)
        quiz_id = standing.quiz.id
        mark = mark_of("ho 3 dubbi")
        first = await core.quizzes.insist(at(student, clock), quiz_id, position=0, reading=0, mark=mark)
        await core.quizzes.write(at(student, clock), "ho 3 dubbi", reply=False)
        second = asked(await core.quizzes.skip(at(student, clock), quiz_id, position=0))
        stale = await core.quizzes.insist(at(student, clock), quiz_id, position=0, reading=0, mark=mark)
        early = await core.quizzes.insist(at(student, clock), quiz_id, position=1, reading=0, mark=mark)

        assert passed(first) == standing
        assert passed(stale) == passed(early) == second
        assert rows(database_url, select(attempts)) == []

    @pytest.mark.parametrize("text", ["mitocondrio", "Il Mitocondrio.", "il nucleo"])
    async def test_a_word_is_asked_about(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str, text: str
    ) -> None:
        """Right or wrong alike: taking right words at once would tell which ones are wrong."""
        standing = await begun_over(core, student, clock, builders.short("w", "written/word"))

        outcome = await core.quizzes.write(at(student, clock), text, reply=False)
        assert isinstance(outcome, Unclear)
        nothing = rows(database_url, select(attempts))
        verdict = judged(
            await core.quizzes.insist(at(student, clock), standing.quiz.id, position=0, reading=0, mark=outcome.mark)
        )

        assert nothing == []
        assert verdict.attempt.right == ("mitocondrio" in text.lower())

    @pytest.mark.parametrize("text", ["mitocondrio", "il nucleo"])
    async def test_a_reply_to_the_question_counts(
        self, core: Chiron, student: Person, clock: FakeClock, text: str
    ) -> None:
        """Whoever replies to it answers it."""
        await begun_over(core, student, clock, builders.short("w", "written/word"))

        verdict = judged(await core.quizzes.write(at(student, clock), text, reply=True))

        assert verdict.attempt.right == (text == "mitocondrio")

    @pytest.mark.parametrize("text", ["che cosa intendi?", "non ho capito bene la domanda che mi fai"])
    async def test_a_question_or_a_long_text_is_a_remark(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str, text: str
    ) -> None:
        """Even as a reply: no short answer looks like that."""
        standing = await begun_over(core, student, clock, builders.short("w", "written/word"))

        for reply in (False, True):
            assert await core.quizzes.write(at(student, clock), text, reply=reply) == Remark(text, standing)
        assert rows(database_url, select(attempts)) == []

    @pytest.mark.parametrize("text", ["perché?", "b o c", "12", "non capisco la domanda"])
    async def test_words_beside_a_choice_are_a_remark(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str, text: str
    ) -> None:
        """Even as a reply."""
        standing = await begun(core, student, clock)

        for reply in (False, True):
            assert await core.quizzes.write(at(student, clock), text, reply=reply) == Remark(text, standing)
        assert rows(database_url, select(attempts)) == []

    async def test_an_option_may_be_written_out(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """In whatever language it is."""
        standing = await begun(core, student, clock)
        option = standing.version.wordings["en"].choices[3]

        verdict = judged(await core.quizzes.write(at(student, clock), option.upper(), reply=False))

        assert verdict.attempt.response == Chosen((3,))

    @pytest.mark.parametrize(
        ("text", "meant"),
        [
            ("la frequenza", 0),
            ("NESSUNA", 3),
            ("lunghezza d'onda", None),
            ("la lunghezza", None),
            ("non saprei", None),
            ("frequenza o velocità", None),
        ],
    )
    async def test_the_clear_beginning_of_an_option_stands_for_it(
        self, core: Chiron, student: Person, clock: FakeClock, text: str, meant: int | None
    ) -> None:
        """If it is the beginning of one option only; a doubt records nothing."""
        choices = (
            "La frequenza dell'onda",
            "La lunghezza d'onda A",
            "La lunghezza d'onda B",
            "Nessuna di queste",
            "Luce",
        )
        item = replace(builders.single("s", "written/choice"), wordings={"it": Wording("?", choices)})
        standing = await begun_over(core, student, clock, item)

        outcome = await core.quizzes.write(at(student, clock), text, reply=False)

        if meant is None:
            assert outcome == Remark(text, standing)
        else:
            assert judged(outcome).attempt.response == Chosen((meant,))

    @pytest.mark.parametrize("text", ["boh", "non ho capito", "I don't know", "aiuto"])
    @pytest.mark.parametrize("reply", [False, True])
    async def test_not_knowing_is_no_answer(
        self, core: Chiron, student: Person, clock: FakeClock, text: str, *, reply: bool
    ) -> None:
        """It is never offered as a word, even as a reply to the question."""
        standing = await begun_over(core, student, clock, builders.short("w", "written/word"))

        outcome = await core.quizzes.write(at(student, clock), text, reply=reply)

        assert outcome == Remark(text, standing)
        assert outcome.tone is Tone.UNSURE

    async def test_no_words_are_asked_about_only_where_they_are_words(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """“A, C” and “22 grammi” are none, unless they reply to the question, or a key is of their sort."""
        items = [builders.short("w", "written/word"), builders.short("year", "written/year", accept=("1492", "boh"))]
        await begun_over(core, student, clock, items[0])
        for text in ("A, C", "22 grammi"):
            assert isinstance(await core.quizzes.write(at(student, clock), text, reply=False), Remark)
        replied = await core.quizzes.write(at(student, clock), "22 grammi", reply=True)
        await begun_over(core, student, clock, items[1])
        year = await core.quizzes.write(at(student, clock), "1789", reply=False)
        doubt = await core.quizzes.write(at(student, clock), "boh", reply=False)

        assert judged(replied).attempt.response == Typed("22 grammi")
        assert isinstance(year, Unclear)
        assert isinstance(doubt, Unclear)

    async def test_letters_tick_and_do_not_answer(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """Where several are right, what is ticked is still to be confirmed."""
        standing = await begun_over(core, student, clock, builders.multiple("m", "ticks/one"))
        order = rules.shown_order(standing.quiz.id, 0, standing.version)

        ticked = asked(await core.quizzes.write(at(student, clock), "A, c", reply=False))

        assert ticked.quiz.selection == tuple(sorted((order[0], order[2])))
        assert rows(database_url, select(attempts)) == []
        assert await core.quizzes.standing(at(student, clock), standing.quiz.id) == ticked

    async def test_without_an_open_question_everything_is_a_remark(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """No quiz, a verdict, a pause, a result."""
        seen: list[object] = []

        async def write() -> None:
            outcome = await core.quizzes.write(at(student, clock), "b", reply=True)
            assert isinstance(outcome, Remark)
            seen.append(type(outcome.standing))

        await write()
        standing = await begun(core, student, clock, length=2)
        await core.quizzes.pause(at(student, clock), standing.quiz.id)
        await write()
        verdict = await answer(core, student, clock, standing)
        await write()
        second = asked(await following(core, student, clock, verdict))
        await following(core, student, clock, await answer(core, student, clock, second))
        await write()

        assert seen == [type(None), OnHold, Judged, type(None)]
        assert len(rows(database_url, select(attempts))) == 2

    async def test_what_is_written_goes_to_the_quiz_whose_clock_runs(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """Not to an older one that was only looked at since."""
        older = await begun(core, student, clock, length=3)
        await answer(core, student, clock, older)
        clock.advance(seconds=1)
        newer = await begun(core, student, clock, length=3)
        clock.advance(seconds=1)
        await core.quizzes.report(at(student, clock), older.quiz.id, position=0)

        verdict = judged(await core.quizzes.write(at(student, clock), "a", reply=False))

        assert verdict.quiz.id == newer.quiz.id


class TestHint:
    """Hints first."""

    async def test_hints_come_one_by_one_and_cost(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Three points each; there are no more than the question has."""
        standing = await begun(core, student, clock)
        counts = []
        for number in (1, 2, 9):
            shown = await core.quizzes.hint(at(student, clock), standing.quiz.id, position=0, number=number)
            counts.append(asked(shown).quiz.hints)

        verdict = await answer(core, student, clock, standing)

        assert counts == [1, 2, 3]
        assert (verdict.attempt.hints, verdict.attempt.xp) == (3, 5)
        assert verdict.quiz.hints == 0

    async def test_the_same_hint_twice_is_one(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """A repeated press, and one for an earlier hint, change nothing."""
        standing = await begun(core, student, clock)
        await core.quizzes.hint(at(student, clock), standing.quiz.id, position=0, number=2)
        before = everything(database_url)

        for number in (2, 1, 0, -4):
            again = await core.quizzes.hint(at(student, clock), standing.quiz.id, position=0, number=number)
            assert asked(again).quiz.hints == 2

        assert everything(database_url) == before

    async def test_after_the_answer_there_is_none(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """The verdict stands."""
        verdict = await answer(core, student, clock, await begun(core, student, clock))

        outcome = await core.quizzes.hint(at(student, clock), verdict.quiz.id, position=0, number=1)

        assert judged(passed(outcome)).quiz == verdict.quiz

    async def test_a_paused_quiz_gives_none(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """A stale button shows that it is on hold; neither hint nor tick while no time is counted."""
        standing = await begun_over(core, student, clock, builders.multiple("m", "ticks/one"))
        await core.quizzes.pause(at(student, clock))
        before = everything(database_url)

        hint = await core.quizzes.hint(at(student, clock), standing.quiz.id, position=0, number=1)
        tick = await core.quizzes.toggle(at(student, clock), standing.quiz.id, position=0, choice=1, on=True)

        assert isinstance(passed(hint), OnHold)
        assert isinstance(passed(tick), OnHold)
        assert everything(database_url) == before


class TestSkipAndNext:
    """Going on."""

    async def test_a_skip_serves_the_next_question(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """No attempt is written."""
        standing = await begun(core, student, clock)

        second = asked(await core.quizzes.skip(at(student, clock), standing.quiz.id, position=0))

        assert (second.quiz.current_index, second.version.id) == (1, standing.quiz.version_ids[1])
        assert rows(database_url, select(attempts)) == []

    async def test_two_skips_at_once_skip_one(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """The second press came from a question that is over."""
        standing = await begun(core, student, clock)

        await asyncio.gather(
            *(core.quizzes.skip(at(student, clock), standing.quiz.id, position=0) for _ in range(5)),
        )

        now = asked(await core.quizzes.standing(at(student, clock), standing.quiz.id))
        assert now.quiz.current_index == 1

    async def test_two_nexts_at_once_go_on_once(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """The second press shows the same question."""
        verdict = await answer(core, student, clock, await begun(core, student, clock))

        outcomes = await asyncio.gather(
            *(core.quizzes.go_on(at(student, clock), verdict.quiz.id, position=0) for _ in range(5)),
        )

        standings = [one.standing if isinstance(one, Passed) else one for one in outcomes]
        assert {asked(standing).quiz.served_index for standing in standings} == {1}

    async def test_next_before_the_answer_changes_nothing(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """There is no verdict to go on from."""
        standing = await begun(core, student, clock)

        outcome = await core.quizzes.go_on(at(student, clock), standing.quiz.id, position=0)

        assert passed(outcome) == standing

    async def test_all_skipped_is_a_result_without_a_score(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """Complete, and nothing to judge."""
        standing = await begun(core, student, clock, length=2)
        await core.quizzes.skip(at(student, clock), standing.quiz.id, position=0)

        result = finished(await core.quizzes.skip(at(student, clock), standing.quiz.id, position=1))

        assert (result.answered, result.voided, result.tallies) == (0, 0, ())
        assert (result.quiz.score, result.quiz.completed_at) == (None, clock.now())


class TestWhy:
    """Why a press changed nothing."""

    async def test_it_is_told_from_the_rows(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Answered, skipped, to come, paused, closed: each is said as it is."""
        here = asked(await played(core, student, clock, await begun(core, student, clock, length=4), "+"))
        quiz_id = here.quiz.id
        await core.quizzes.skip(at(student, clock), quiz_id, position=1)

        async def why(position: int) -> Why:
            outcome = await core.quizzes.hint(at(student, clock), quiz_id, position=position, number=1)
            assert isinstance(outcome, Passed)
            return outcome.why

        under_way = [await why(position) for position in (0, 1, 3)]
        await core.quizzes.pause(at(student, clock), quiz_id)
        paused = [await why(position) for position in (0, 1, 2)]
        await core.quizzes.leave(at(student, clock), quiz_id)
        left = [await why(position) for position in (0, 1, 2, 3)]

        assert under_way == [Why.ANSWERED, Why.SKIPPED, Why.AHEAD]
        assert paused == [Why.ANSWERED, Why.SKIPPED, Why.PAUSED]
        assert left == [Why.ANSWERED, Why.SKIPPED, Why.CLOSED, Why.CLOSED]

    async def test_nothing_ticked(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """There is nothing to confirm."""
        standing = await begun_over(core, student, clock, builders.multiple("m", "ticks/one"))

        outcome = await core.quizzes.confirm(at(student, clock), standing.quiz.id, position=0)

        assert outcome == Passed(standing, Why.UNTICKED)


class TestPause:
    """Pause, resume, leave."""

    async def test_paused_and_resumed(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """The same question, and the time between is out."""
        standing = await begun(core, student, clock)
        clock.advance(seconds=10)
        held = await core.quizzes.pause(at(student, clock), standing.quiz.id)
        there = await core.quizzes.standing(at(student, clock), standing.quiz.id)
        clock.advance(minutes=25)
        back = asked(await core.quizzes.resume(at(student, clock), standing.quiz.id))
        clock.advance(seconds=5)

        verdict = await answer(core, student, clock, back)

        assert isinstance(held, OnHold)
        assert there == held
        assert back.version == standing.version
        assert verdict.attempt.active_ms == 15_000

    async def test_without_a_name_the_last_one_is_meant(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Of those that are open."""
        older = await begun(core, student, clock)
        clock.advance(seconds=1)
        newer = await begun(core, student, clock)

        held = await core.quizzes.pause(at(student, clock))
        back = await core.quizzes.resume(at(student, clock))

        assert isinstance(held, OnHold)
        assert held.quiz.id == newer.quiz.id != older.quiz.id
        assert asked(back).quiz.id == newer.quiz.id

    async def test_without_a_quiz_there_is_nothing(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """To pause, to resume, or to look at."""
        assert await core.quizzes.pause(at(student, clock)) is None
        assert await core.quizzes.resume(at(student, clock)) is None
        assert await core.quizzes.current(at(student, clock)) is None

    async def test_resuming_what_runs_keeps_its_time(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Looking at it again does not turn the clock back."""
        standing = await begun(core, student, clock)
        clock.advance(seconds=30)
        again = asked(await core.quizzes.resume(at(student, clock)))
        clock.advance(seconds=10)

        assert (await answer(core, student, clock, again)).attempt.active_ms == 40_000
        assert again.version == standing.version

    async def test_resuming_a_verdict_goes_on(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """To the next question."""
        await answer(core, student, clock, await begun(core, student, clock))

        assert asked(await core.quizzes.resume(at(student, clock))).quiz.served_index == 1

    async def test_resuming_what_is_over_shows_its_result(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """After the last verdict, and again."""
        standing = await begun(core, student, clock, length=1)
        await answer(core, student, clock, standing)

        first = finished(await core.quizzes.resume(at(student, clock), standing.quiz.id))
        again = finished(await core.quizzes.resume(at(student, clock), standing.quiz.id))

        assert first.quiz.completed_at == again.quiz.completed_at

    async def test_going_on_after_a_stop_joins_a_new_session(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """The quiz belongs to the session in which it is gone on with."""
        verdict = await answer(core, student, clock, await begun(core, student, clock))
        await core.sessions.end(at(student, clock))

        second = asked(await following(core, student, clock, verdict))

        session = await core.sessions.active(at(student, clock))
        assert session is not None
        assert second.quiz.session_id == session.id != verdict.quiz.session_id
        assert second.quiz.paused_at is None

    async def test_what_was_answered_stays_when_a_quiz_is_left(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """With a score over it; it cannot be gone on with, and leaving again changes nothing."""
        standing = await begun(core, student, clock, length=5)
        here = asked(await played(core, student, clock, standing, "+-"))
        clock.advance(seconds=9)

        left = finished(await core.quizzes.leave(at(student, clock), here.quiz.id))
        clock.advance(seconds=9)

        assert (left.answered, left.quiz.score, left.quiz.stopped_at) == (
            2,
            Decimal("50.00"),
            clock.now() - timedelta(seconds=9),
        )
        assert await core.quizzes.leave(at(student, clock), here.quiz.id) == left
        assert await core.quizzes.resume(at(student, clock), here.quiz.id) == left
        assert await core.quizzes.pause(at(student, clock), here.quiz.id) == left
        assert await core.quizzes.current(at(student, clock)) is None


class TestEnd:
    """The result."""

    async def test_totals(self, core: Chiron, student: Person, clock: FakeClock, database_url: str) -> None:
        """Score, time, points, topics, and the best of them."""
        here: Standing = await begun(core, student, clock, length=4)
        by_topic: dict[tuple[str, ...], list[bool]] = {}
        for right in (True, False, True, True):
            clock.advance(seconds=10)
            by_topic.setdefault(asked(here).version.topic, []).append(right)
            verdict = await answer(core, student, clock, asked(here), right=right)
            clock.advance(minutes=1)
            here = await following(core, student, clock, verdict)

        result = finished(here)

        (row,) = rows(database_url, select(quiz_sessions))
        best = max(Decimal(100 * sum(rights)) / len(rights) for rights in by_topic.values())
        assert (result.answered, result.voided) == (4, 0)
        assert {tally.topic.path: (tally.right, tally.answered) for tally in result.tallies} == {
            path[:1]: (sum(rights), len(rights)) for path, rights in by_topic.items()
        }
        assert (row["score"], row["max_section_score"]) == (Decimal("75.00"), best)
        assert (row["correct_count"], row["wrong_count"], row["xp_earned"]) == (3, 1, 42)
        assert (row["total_time_seconds"], row["active_ms"]) == (40, 40_000)
        assert row["completed_at"] == (clock.now() - timedelta(minutes=1)).replace(tzinfo=row["completed_at"].tzinfo)
        assert await core.quizzes.standing(at(student, clock), result.quiz.id) == result

    async def test_a_completed_quiz_is_in_the_history(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """The newest first, a page at a time; what is open or was never answered is not."""
        done = []
        for _ in range(3):
            standing = await begun(core, student, clock, length=1)
            await played(core, student, clock, standing, "+")
            done.append(standing.quiz.id)
            clock.advance(minutes=1)
        untouched = await begun(core, student, clock)
        await core.quizzes.leave(at(student, clock), untouched.quiz.id)
        skipped = await begun(core, student, clock, length=1)
        finished(await core.quizzes.skip(at(student, clock), skipped.quiz.id, position=0))
        await begun(core, student, clock)

        history = [past.quiz.id for past in await core.quizzes.history(at(student, clock), limit=10)]
        page = [past.quiz.id for past in await core.quizzes.history(at(student, clock), limit=1, offset=1)]

        assert history == done[::-1]
        assert page == [done[1]]

    async def test_a_quiz_whose_answers_were_all_reported_is_in_the_history(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """They were given, though they do not count."""
        standing = await begun(core, student, clock, length=1)
        await played(core, student, clock, standing, "-")
        await core.quizzes.report(at(student, clock), standing.quiz.id, position=0)

        assert [past.quiz.id for past in await core.quizzes.history(at(student, clock), limit=9)] == [standing.quiz.id]

    async def test_review_shows_every_question(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """With what was answered, or that it was skipped."""
        standing = await begun(core, student, clock, length=2)
        second = asked(await core.quizzes.skip(at(student, clock), standing.quiz.id, position=0))
        verdict = await answer(core, student, clock, second)
        await following(core, student, clock, verdict)

        skipped = await core.quizzes.review(at(student, clock), standing.quiz.id, position=0)
        answered = await core.quizzes.review(at(student, clock), standing.quiz.id, position=1)

        assert (skipped.version, skipped.attempt) == (standing.version, None)
        assert answered.attempt is not None
        assert answered.attempt.response == verdict.attempt.response
        for position in (-1, 2):
            with pytest.raises(NotFound):
                await core.quizzes.review(at(student, clock), standing.quiz.id, position=position)

    async def test_an_open_quiz_is_not_reviewed(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Its solutions are not given away; the verdict on the screen can be looked at."""
        here = asked(await played(core, student, clock, await begun(core, student, clock, length=3), "+"))
        verdict = await answer(core, student, clock, here)

        for position in range(3):
            with pytest.raises(NotFound):
                await core.quizzes.review(at(student, clock), here.quiz.id, position=position)
        for position in (0, 2):
            with pytest.raises(NotFound):
                await core.quizzes.look(at(student, clock), here.quiz.id, position=position)
        looked = judged(await core.quizzes.look(at(student, clock), here.quiz.id, position=1))
        assert looked.attempt.response == verdict.attempt.response

    async def test_skipped_questions_stand_beside_those_of_their_topic(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """Also where a topic has no answer at all."""
        here: Standing = await begun(core, student, clock, length=4)
        skipped: list[str] = []
        for number in range(4):
            subject = asked(here).version.topic[0]
            if number in {0, 2}:
                here = await following(core, student, clock, await answer(core, student, clock, asked(here)))
            else:
                skipped.append(subject)
                step = await core.quizzes.skip(at(student, clock), asked(here).quiz.id, position=number)
                assert not isinstance(step, Passed)
                here = step

        tallies = finished(here).tallies

        assert sum(tally.skipped for tally in tallies) == 2
        assert sum(tally.answered for tally in tallies) == 2
        assert {tally.topic.path[0] for tally in tallies if tally.skipped} == set(skipped)

    async def test_the_history_knows_what_was_reported(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Of every quiz of a page; what is reported does not count into its length."""
        for reported in (2, 0, 1):
            standing = await begun(core, student, clock, length=3)
            await played(core, student, clock, standing, "+-+")
            for position in range(reported):
                await core.quizzes.report(at(student, clock), standing.quiz.id, position=position)
            clock.advance(minutes=1)

        history = await core.quizzes.history(at(student, clock), limit=9)

        assert [(past.voided, past.length, past.answered) for past in history] == [(1, 2, 2), (0, 3, 3), (2, 1, 1)]


class TestReport:
    """“This question is wrong”."""

    async def test_an_open_quiz_is_counted_again(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """The attempt stays and does not count; the position stays passed."""
        verdict = await answer(core, student, clock, await begun(core, student, clock))
        clock.advance(seconds=3)

        reported = await core.quizzes.report(at(student, clock), verdict.quiz.id, position=0)

        (row,) = rows(database_url, select(attempts))
        (report,) = rows(database_url, select(question_reports))
        assert row["voided_at"] is not None
        assert (report["attempt_id"], report["question_version_id"]) == (row["id"], verdict.version.id)
        assert reported.attempt is not None
        assert reported.attempt.voided_at == clock.now()
        assert (reported.quiz.correct_count, reported.quiz.xp_earned, reported.quiz.current_index) == (0, 0, 1)
        assert (reported.quiz.score, reported.quiz.completed_at) == (None, None)
        assert isinstance(await following(core, student, clock, verdict), Asked)

    async def test_a_completed_quiz_is_counted_again(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Score, points and best topic; its end stays where it was."""
        standing = await begun(core, student, clock, length=4)
        before = finished(await played(core, student, clock, standing, "++--"))
        clock.advance(days=2)

        reported = await core.quizzes.report(at(student, clock), standing.quiz.id, position=2)
        result = finished(await core.quizzes.standing(at(student, clock), standing.quiz.id))

        assert before.quiz.score == Decimal("50.00")
        assert (result.quiz.score, result.quiz.xp_earned) == (Decimal("66.67"), before.quiz.xp_earned)
        assert result.quiz.completed_at == before.quiz.completed_at
        assert (result.answered, result.voided, result.quiz.wrong_count) == (3, 1, 1)
        assert result.quiz == reported.quiz

    async def test_twice_changes_nothing(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """At once or later."""
        verdict = await answer(core, student, clock, await begun(core, student, clock))
        await asyncio.gather(
            *(core.quizzes.report(at(student, clock), verdict.quiz.id, position=0) for _ in range(5)),
        )
        before = everything(database_url)
        clock.advance(minutes=1)

        again = await core.quizzes.report(at(student, clock), verdict.quiz.id, position=0)

        assert again.attempt is not None
        assert again.attempt.voided_at == clock.now() - timedelta(minutes=1)
        assert everything(database_url) == before

    async def test_what_was_not_answered_cannot_be_reported(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """The open question, one to come, one that was skipped."""
        standing = await begun(core, student, clock)
        await core.quizzes.skip(at(student, clock), standing.quiz.id, position=0)
        before = everything(database_url)

        for position in (0, 1, 2):
            with pytest.raises(NotFound):
                await core.quizzes.report(at(student, clock), standing.quiz.id, position=position)

        assert everything(database_url) == before

    async def test_a_session_s_figures_follow(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """They are computed from attempts."""
        verdict = await answer(core, student, clock, await begun(core, student, clock))
        await core.quizzes.report(at(student, clock), verdict.quiz.id, position=0)

        summary = await core.sessions.end(at(student, clock))

        assert summary is not None
        assert (summary.questions_attempted, summary.accuracy) == (0, 0)

    async def test_its_time_does_not_count(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """In the quiz as in the session, reported before the end or after it."""
        here: Standing = await begun(core, student, clock, length=3)
        for seconds in (10, 20, 40):
            clock.advance(seconds=seconds)
            verdict = await answer(core, student, clock, asked(here))
            if seconds == 20:
                await core.quizzes.report(at(student, clock), verdict.quiz.id, position=1)
            here = await following(core, student, clock, verdict)
        result = finished(here)

        reported = await core.quizzes.report(at(student, clock), result.quiz.id, position=2)
        summary = await core.sessions.end(at(student, clock))

        assert result.quiz.total_time_seconds == 50
        assert reported.quiz.total_time_seconds == 10
        assert summary is not None
        assert (summary.total_time_ms, summary.questions_voided, summary.quizzes) == (10_000, 2, 1)


class TestMistakes:
    """Practising what went wrong last time."""

    async def mistakes(self, core: Chiron, student: Person, clock: FakeClock) -> int:
        """How many there are; the menu and the setup agree."""
        menu = await core.quizzes.menu(at(student, clock))
        supply = await core.quizzes.available(at(student, clock), Mode.MISTAKES, None)
        assert supply.counts[None] == menu.mistakes
        return menu.mistakes

    async def test_the_last_answer_decides(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """A later right answer takes a question out, a later wrong one brings it back."""
        standing = await begun(core, student, clock, length=12)
        await played(core, student, clock, standing, "+--")
        await core.quizzes.leave(at(student, clock), standing.quiz.id)
        assert await self.mistakes(core, student, clock) == 2
        clock.advance(minutes=1)

        again = await begun(core, student, clock, mode=Mode.MISTAKES, length=10)
        assert set(again.quiz.version_ids) == set(standing.quiz.version_ids[1:3])
        await played(core, student, clock, again, "+-")

        assert await self.mistakes(core, student, clock) == 1
        clock.advance(minutes=1)
        last = await begun(core, student, clock, mode=Mode.MISTAKES)
        assert last.quiz.version_ids == again.quiz.version_ids[1:]

    async def test_a_voided_answer_does_not_count(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """A reported mistake is none; a reported right answer leaves the mistake before it."""
        standing = await begun(core, student, clock, length=2)
        await played(core, student, clock, standing, "--")
        await core.quizzes.report(at(student, clock), standing.quiz.id, position=0)
        assert await self.mistakes(core, student, clock) == 1
        clock.advance(minutes=1)

        again = await begun(core, student, clock, mode=Mode.MISTAKES)
        await answer(core, student, clock, again)
        assert await self.mistakes(core, student, clock) == 0
        await core.quizzes.report(at(student, clock), again.quiz.id, position=0)

        assert await self.mistakes(core, student, clock) == 1

    async def test_a_skip_is_no_mistake(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Nothing was answered."""
        standing = await begun(core, student, clock)
        await core.quizzes.skip(at(student, clock), standing.quiz.id, position=0)

        assert await self.mistakes(core, student, clock) == 0

    async def test_topic_and_difficulty_narrow_them(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """As in any other quiz."""
        standing = await begun(core, student, clock, length=2)
        await played(core, student, clock, standing, "--")
        algebra = await topic_id(core, "maths/algebra")

        async def available(topic: TopicId | None, difficulty: Difficulty | None) -> int:
            return (await core.quizzes.available(at(student, clock), Mode.MISTAKES, topic)).counts[difficulty]

        assert await available(algebra, None) == 1
        assert await available(None, Difficulty.MEDIUM) == 2
        assert await available(None, Difficulty.EASY) == 0

    async def test_an_edited_question_is_asked_as_it_is_now(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """The mistake was made at an older version."""
        standing = await begun_over(core, student, clock, builders.single("old", "edits/one"))
        await played(core, student, clock, standing, "-")
        await core.banks.store(
            builders.bank(builders.single("old", "edits/one", right=3), name="only-old"), clock.now()
        )

        again = await begun(core, student, clock, mode=Mode.MISTAKES)

        assert again.version.question_id == standing.version.question_id
        assert (again.version.id != standing.version.id, again.version.right) == (True, (3,))

    async def test_they_are_one_s_own(self, core: Chiron, student: Person, other: Person, clock: FakeClock) -> None:
        """Another student's mistakes are theirs."""
        await played(core, student, clock, await begun(core, student, clock), "-")

        assert await self.mistakes(core, other, clock) == 0


class TestRedo:
    """The mistakes of one quiz, once more."""

    async def test_its_mistakes_in_its_order(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Of this quiz alone; reported ones are none; a second press shows the same."""
        earlier = await begun(core, student, clock, length=3)
        await played(core, student, clock, earlier, "---")
        standing = await begun(core, student, clock, length=5)
        await played(core, student, clock, standing, "-+---")
        await core.quizzes.report(at(student, clock), standing.quiz.id, position=3)
        quiz_id = builders.new_quiz_id()

        again = asked(await core.quizzes.redo(at(student, clock), quiz_id, standing.quiz.id))
        twice = await core.quizzes.redo(at(student, clock), quiz_id, standing.quiz.id)

        versions = standing.quiz.version_ids
        assert again.quiz.version_ids == (versions[0], versions[2], versions[4])
        assert twice == again

    async def test_no_mistakes_are_nothing_to_ask(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """Nothing is begun."""
        standing = await begun(core, student, clock, length=1)
        await played(core, student, clock, standing, "+")
        before = everything(database_url)

        with pytest.raises(NothingToAsk):
            await core.quizzes.redo(at(student, clock), builders.new_quiz_id(), standing.quiz.id)

        assert everything(database_url) == before

    async def test_somebody_else_s_id_is_refused(
        self, core: Chiron, student: Person, other: Person, clock: FakeClock, database_url: str
    ) -> None:
        """For the new quiz too."""
        mine = await begun(core, student, clock)
        theirs = await begun(core, other, clock, length=1)
        await played(core, other, clock, theirs, "-")
        before = everything(database_url)

        with pytest.raises(NotFound):
            await core.quizzes.redo(at(other, clock), mine.quiz.id, theirs.quiz.id)

        assert everything(database_url) == before


class TestSimilar:
    """One more like this, at the end of the quiz."""

    async def test_a_question_of_the_same_topic_is_appended_once(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """What was served before stays as it was, and what is returned is what the rows say."""
        standing = await begun(core, student, clock, length=3)
        verdict = await answer(core, student, clock, standing, right=False)
        clock.advance(seconds=5)

        longer = judged(await core.quizzes.similar(at(student, clock), standing.quiz.id, position=0))
        again = passed(await core.quizzes.similar(at(student, clock), standing.quiz.id, position=0))

        quiz = longer.quiz
        assert (quiz.length, quiz.version_ids[:3]) == (4, standing.quiz.version_ids)
        assert quiz.version_ids[3] not in standing.quiz.version_ids
        assert (quiz.current_index, quiz.served_index, quiz.updated_at) == (1, 0, clock.now())
        assert again == longer
        assert await core.quizzes.standing(at(student, clock), quiz.id) == longer
        here = asked(await following(core, student, clock, verdict))
        last = await played(core, student, clock, here, "++")
        assert asked(last).version.topic == standing.version.topic

    async def test_without_another_one_nothing_changes(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """All of its topic are in the quiz already."""
        items = [builders.single(f"f{n}", "few/two") for n in range(2)]
        standing = await begun_over(core, student, clock, *items)
        await answer(core, student, clock, standing)
        before = everything(database_url)

        with pytest.raises(NothingToAsk):
            await core.quizzes.similar(at(student, clock), standing.quiz.id, position=0)

        assert everything(database_url) == before

    @pytest.mark.parametrize("state", ["asked", "last verdict", "over"])
    async def test_only_at_a_verdict_with_more_to_come(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str, state: str
    ) -> None:
        """Neither at a question nor at the end."""
        standing = await begun(core, student, clock, length=1)
        if state != "asked":
            await answer(core, student, clock, standing)
        if state == "over":
            await core.quizzes.resume(at(student, clock), standing.quiz.id)
        before = everything(database_url)

        outcome = await core.quizzes.similar(at(student, clock), standing.quiz.id, position=0)

        assert isinstance(outcome, Passed)
        assert everything(database_url) == before


class TestFrozen:
    """An edited question never changes a quiz under way, nor what happened."""

    async def test_a_quiz_under_way_asks_what_it_began_with(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """Text, key and topic; a new quiz asks the new version."""
        standing = await begun_over(core, student, clock, builders.single("old", "edits/one", right=0))
        changed = builders.single("old", "edits/two", right=3, difficulty=5)
        await core.banks.store(builders.bank(changed, name="only-old"), clock.now())

        there = await core.quizzes.standing(at(student, clock), standing.quiz.id)
        verdict = judged(await core.quizzes.answer(at(student, clock), standing.quiz.id, position=0, choice=0))
        await following(core, student, clock, verdict)
        item = await core.quizzes.review(at(student, clock), standing.quiz.id, position=0)

        assert there == standing
        assert verdict.attempt.right
        assert verdict.attempt.item_difficulty == 3
        assert item.version == standing.version
        new = await begun(core, student, clock, topic_id=await topic_id(core, "edits/two"))
        assert (new.version.right, new.version.difficulty) == ((3,), 5)

    async def test_after_a_restart_too(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """Nothing is remembered outside the rows: by topic, the result is what it was."""
        standing = await begun_over(core, student, clock, builders.single("old", "edits/one", right=0))
        before = finished(await played(core, student, clock, standing, "+"))
        summed = await core.sessions.end(at(student, clock))
        changed = builders.single("old", "moved/away", right=3)
        await core.banks.store(builders.bank(changed, name="only-old"), clock.now())

        again = SqlStorage(open_engines(database_url))
        try:
            restarted = Chiron.over(again, idle=IDLE, rng=random.Random(1))
            after = await restarted.quizzes.standing(at(student, clock), standing.quiz.id)
            item = await restarted.quizzes.review(at(student, clock), standing.quiz.id, position=0)
            assert summed is not None
            summary = await restarted.sessions.summary(at(student, clock), summed.session.id)
        finally:
            await again.close()

        assert after == before
        assert item.version == standing.version
        assert summary == summed


class TestMenu:
    """What can be practised."""

    async def test_topics_with_counts(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Subjects, what is below them, and what is open."""
        standing = await begun(core, student, clock)

        menu = await core.quizzes.menu(at(student, clock))

        assert menu.questions == 12
        assert {topic.path: topic.questions for topic in menu.below(None)} == {("logic",): 6, ("maths",): 6}
        (maths,) = [topic for topic in menu.below(None) if topic.path == ("maths",)]
        assert [topic.path for topic in menu.below(maths)] == [("maths", "algebra")]
        assert menu.find(maths.id) == maths
        assert menu.find(TopicId(999)) is None
        assert [past.quiz.id for past in menu.open] == [standing.quiz.id]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement sent to a database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)


class TestCost:
    """What everybody waits for does little."""

    async def test_the_tree_is_counted_for_the_menu_only(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Once; a start and a list of quizzes need the names of their topics alone."""
        maths = await topic_id(core, "maths")
        with statements() as starting:
            standing = await begun(core, student, clock, topic_id=maths, length=2)
        with statements() as opening:
            menu = await core.quizzes.menu(at(student, clock))
        await played(core, student, clock, standing, "++")
        with statements() as remembering:
            (past,) = await core.quizzes.history(at(student, clock), limit=5)

        counted = [sum("GROUP BY topics.path" in one for one in sent) for sent in (starting, opening, remembering)]
        assert counted == [0, 1, 0]
        assert [found.topic and found.topic.name("it") for found in (*menu.open, past)] == ["Maths", "Maths"]


def presses(
    core: Chiron, actor: Actor, quiz_id: QuizId, position: int = 0, deck_id: DeckId | None = None
) -> list[Callable[[], Awaitable[object]]]:
    """Every use case that names a quiz, as a call."""
    return list(named_presses(core, actor, quiz_id, position, deck_id).values())


def named_presses(
    core: Chiron, actor: Actor, quiz_id: QuizId, position: int = 0, deck_id: DeckId | None = None
) -> dict[str, Callable[[], Awaitable[object]]]:
    """Every use case that names a quiz and its place in it, by its name."""
    quizzes = core.quizzes
    placed: dict[str, dict[str, Any]] = {
        "answer": {"choice": 0},
        "toggle": {"choice": 0, "on": True},
        "confirm": {},
        "insist": {"reading": 0, "mark": 0},
        "hint": {"number": 1},
        "twin": {},
        "skip": {},
        "go_on": {},
        "similar": {},
        "report": {},
        "review": {},
        "look": {},
    }
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        name: lambda name=name, more=more: getattr(quizzes, name)(actor, quiz_id, position=position, **more)  # type: ignore[misc]
        for name, more in placed.items()
    }
    if deck_id is not None:
        calls |= {
            name: lambda name=name: getattr(quizzes, name)(actor, quiz_id)  # type: ignore[misc]
            for name in ("pause", "resume", "leave", "standing", "start")
        }
        calls["start_deck"] = lambda: quizzes.start_deck(actor, quiz_id, deck_id)
        calls["redo"] = lambda: quizzes.redo(actor, builders.new_quiz_id(), quiz_id)
        calls["redo_paper"] = lambda: quizzes.redo_paper(actor, quiz_id, SittingId(uuid.uuid4()))
    return calls


NAMED = sorted(
    name
    for name, method in inspect.getmembers(Quizzes, inspect.iscoroutinefunction)
    if not name.startswith("_") and "quiz_id" in inspect.signature(method).parameters and name != "welcome"
)
"""Every use case that takes the id of a quiz; `welcome` makes a new one only."""


class TestAccess:
    """Another student's quiz is as absent as one that never was."""

    @pytest.mark.parametrize("state", ["asked", "judged", "finished"])
    @pytest.mark.parametrize("use_case", NAMED)
    async def test_another_student_finds_nothing_and_changes_nothing(
        self,
        core: Chiron,
        student: Person,
        other: Person,
        clock: FakeClock,
        database_url: str,
        use_case: str,
        state: str,
    ) -> None:
        """On every use case with an id, at a question, a verdict and a result."""
        mine = await begun(core, student, clock, length=1 if state == "finished" else 5)
        if state != "asked":
            await answer(core, student, clock, mine)
        if state == "finished":
            await core.quizzes.resume(at(student, clock), mine.quiz.id)
        (deck,) = await core.banks.decks(other.id)
        before = everything(database_url)

        press = named_presses(core, at(other, clock), mine.quiz.id, deck_id=deck.id)[use_case]
        with pytest.raises(NotFound) as refusal:
            await press()

        assert refusal.value.details == {"what": "quiz"}
        assert everything(database_url) == before

    async def test_what_does_not_exist_answers_the_same(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """So that an id cannot be tried out."""
        for name, press in named_presses(core, at(student, clock), NOBODY_S, deck_id=DeckId(uuid.uuid4())).items():
            if name in {"start", "start_deck", "redo_paper"}:
                continue
            with pytest.raises(NotFound) as refusal:
                await press()
            assert refusal.value.details == {"what": "quiz"}

    async def test_lists_hold_one_s_own_only(
        self, core: Chiron, student: Person, other: Person, clock: FakeClock
    ) -> None:
        """History, what is open, what stands, and what is written."""
        await played(core, student, clock, await begun(core, student, clock, length=1), "+")
        await begun(core, student, clock)

        assert await core.quizzes.history(at(other, clock), limit=10) == ()
        assert (await core.quizzes.menu(at(other, clock))).open == ()
        assert await core.quizzes.current(at(other, clock)) is None
        assert await core.quizzes.write(at(other, clock), "a", reply=True) == Remark("a", None)
        assert await core.quizzes.pause(at(other, clock)) is None
        assert await core.quizzes.resume(at(other, clock)) is None


BANK = builders.some_questions(9, topics=("maths/algebra", "logic/series", "maths/geometry"))
LENGTH = 4


@cache
def migrated() -> Path:
    """A migrated SQLite file with a bank, to copy."""
    folder = Path(tempfile.mkdtemp(prefix="chiron-model-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "template.db"
    schema.upgrade(f"sqlite+aiosqlite:///{file}")

    async def fill() -> None:
        storage = SqlStorage(open_engines(f"sqlite+aiosqlite:///{file}"))
        core = Chiron.over(storage, idle=IDLE, rng=random.Random(1))
        await core.banks.store(BANK, datetime(2026, 11, 20, 9, tzinfo=UTC))
        await storage.close()

    asyncio.run(fill())
    return file


class QuizModel(RuleBasedStateMachine):
    """A quiz against a small model of it: counts, positions and attempts always agree.

    The model keeps a list of what happened at each position: None for a skip, else whether the answer was right.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="chiron-quiz-"))
        self.url = f"sqlite+aiosqlite:///{self.folder / 'chiron.db'}"
        shutil.copy(migrated(), self.folder / "chiron.db")
        self.runner = asyncio.Runner()
        self.clock = FakeClock()
        self.open()
        self.me = self.run(self.core.people.arrive(1, "it", self.clock.now()))
        self.thief = self.run(self.core.people.arrive(2, "it", self.clock.now()))
        self.run(self.core.people.be_parent(at(self.me, self.clock)))  # nothing is asked in between

    def run(self, call: Any) -> Any:
        """Wait for a call."""
        return self.runner.run(call)

    def open(self) -> None:
        """Start the program."""
        self.storage = SqlStorage(open_engines(self.url))
        self.core = Chiron.over(self.storage, idle=timedelta(days=9), rng=random.Random(3))

    def teardown(self) -> None:
        """Stop the program and forget its file."""
        self.run(self.storage.close())
        self.runner.close()
        shutil.rmtree(self.folder)

    @initialize()
    def start(self) -> None:
        """Begin a quiz."""
        self.happened: list[bool | None] = []
        self.served = 0
        self.ms = 0
        self.here_ms = 0
        self.since: datetime | None = self.clock.now()
        self.hints = 0
        self.earlier: list[tuple[str, dict[str, Any]]] = []
        self.quiz_id = builders.new_quiz_id()
        self.first = asked(self.run(self.core.quizzes.start(at(self.me, self.clock), self.quiz_id, length=LENGTH)))

    @property
    def reads(self) -> bool:
        """Whether a verdict is on the screen."""
        return self.served < len(self.happened)

    @property
    def asks(self) -> bool:
        """Whether a question is open."""
        return not self.reads and len(self.happened) < LENGTH

    def press(self, name: str, **how: Any) -> object:
        """Press a button, and remember it."""
        self.earlier.append((name, how))
        return self.run(getattr(self.core.quizzes, name)(at(self.me, self.clock), self.quiz_id, **how))

    def spend(self) -> None:
        """Count the time that ran at the open position."""
        if self.since is not None:
            self.here_ms += round((self.clock.now() - self.since).total_seconds() * 1000)
        self.here_ms = min(self.here_ms, 600_000)

    def pass_position(self, outcome: bool | None) -> None:  # noqa: FBT001 - what happened there
        """The model of an answer or a skip."""
        self.spend()
        self.ms += self.here_ms
        self.here_ms = 0
        self.happened.append(outcome)
        self.since = None
        self.hints = 0

    @rule(seconds=st.integers(0, 400))
    def wait(self, seconds: int) -> None:
        """Time goes by."""
        self.clock.advance(seconds=seconds)

    @precondition(lambda self: self.asks)
    @rule(choice=st.integers(0, 4))
    def answer(self, choice: int) -> None:
        """Answer the open question."""
        version = judged(self.press("answer", position=self.served, choice=choice)).version
        self.pass_position(choice in version.right)

    @precondition(lambda self: self.asks)
    @rule()
    def skip(self) -> None:
        """Leave the open question."""
        self.press("skip", position=self.served)
        self.pass_position(None)
        self.served = len(self.happened)
        self.since = self.clock.now()

    @precondition(lambda self: self.asks and self.since is not None)
    @rule(number=st.integers(1, 4))
    def hint(self, number: int) -> None:
        """Ask for a hint."""
        self.hints = max(self.hints, min(number, 3))
        assert asked(self.press("hint", position=self.served, number=number)).quiz.hints == self.hints

    @precondition(lambda self: self.asks and self.since is not None)
    @rule()
    def twin(self) -> None:
        """Ask for the worked twin: after the last hint it is one rung more, before it changes nothing."""
        outcome = self.press("twin", position=self.served)
        if isinstance(outcome, WorkedTwin):
            assert self.hints >= 3
            self.hints = 4
        else:
            assert asked(outcome).quiz.hints == self.hints

    @precondition(lambda self: self.reads)
    @rule()
    def go_on(self) -> None:
        """Read the verdict and go on."""
        self.press("go_on", position=self.served)
        self.served = len(self.happened)
        self.since = self.clock.now()

    @precondition(lambda self: self.asks and self.since is not None)
    @rule()
    def pause(self) -> None:
        """Stop the clock."""
        assert isinstance(self.press("pause"), OnHold)
        self.spend()
        self.since = None

    @precondition(lambda self: len(self.happened) < LENGTH)
    @rule()
    def resume(self) -> None:
        """Go on, whether it is paused or not."""
        asked(self.press("resume"))
        if self.reads or self.since is None:
            self.since = self.clock.now()
        self.served = len(self.happened)

    @precondition(lambda self: self.earlier)
    @rule(which=st.integers(0, 99))
    def press_again(self, which: int) -> None:
        """Press a button of an earlier position once more."""
        stale = [(name, how) for name, how in self.earlier if "position" in how and how["position"] < self.served]
        if stale:
            name, how = stale[which % len(stale)]
            assert isinstance(self.press(name, **how), Passed)

    @precondition(lambda self: self.earlier)
    @rule(which=st.integers(0, 99))
    def somebody_else_presses(self, which: int) -> None:
        """Another student presses one of the buttons."""
        name, how = self.earlier[which % len(self.earlier)]
        with pytest.raises(NotFound):
            self.run(getattr(self.core.quizzes, name)(at(self.thief, self.clock), self.quiz_id, **how))

    @rule()
    def start_again(self) -> None:
        """Press start once more."""
        outcome = self.run(self.core.quizzes.start(at(self.me, self.clock), self.quiz_id, length=LENGTH))
        assert outcome.quiz.version_ids == self.first.quiz.version_ids

    @rule()
    def restart(self) -> None:
        """Stop the program and start it again."""
        self.run(self.storage.close())
        self.open()

    @invariant()
    def rows_agree(self) -> None:
        """The quiz and its attempts say what happened."""
        standing = self.run(self.core.quizzes.standing(at(self.me, self.clock), self.quiz_id))
        quiz: Quiz = standing.quiz
        answers = [right for right in self.happened if right is not None]
        assert (quiz.current_index, quiz.served_index) == (len(self.happened), self.served)
        assert (quiz.correct_count, quiz.wrong_count) == (answers.count(True), answers.count(False))
        assert (quiz.active_ms, quiz.hints) == (self.ms, self.hints)
        assert quiz.version_ids == self.first.quiz.version_ids
        assert (quiz.completed_at is not None) == (len(self.happened) == LENGTH)
        if self.reads:
            assert isinstance(standing, Judged)
            assert standing.attempt.right == self.happened[self.served]
        elif len(self.happened) == LENGTH:
            assert isinstance(standing, Finished)
            assert standing.answered == len(answers)
        else:
            assert isinstance(standing, OnHold if self.since is None else Asked)
        found = rows(self.url, select(attempts).order_by(attempts.c.position))
        assert [(row["position"], row["is_right"]) for row in found] == [
            (position, right) for position, right in enumerate(self.happened) if right is not None
        ]
        assert sum(row["xp"] for row in found) == quiz.xp_earned
        assert len(rows(self.url, select(sessions))) == 1
        assert len(rows(self.url, select(decks).where(decks.c.kind == "quiz"))) == 1


TestQuizModel = QuizModel.TestCase
TestQuizModel.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
