"""The rules of a quiz: what an answer, a skip, a pause and the end do to it."""

import random
import uuid
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import ChoiceId, DeckId, QuestionId, QuizId, SessionId, TopicId, UserId, VersionId
from core.practice import rules
from core.practice.model import Attempt, Candidate, Chosen, Help, Mode, Quiz, Typed
from core.questions.model import Choice, Kind, NumericKey, QuestionVersion, Wording

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ROME = "Europe/Rome"


def question(kind: Kind = Kind.SINGLE, *, right: tuple[int, ...] = (1,), **changes: object) -> QuestionVersion:
    """A stored question of five options."""
    count = 2 if kind is Kind.TRUE_FALSE else 0 if kind.typed else 5
    made = QuestionVersion(
        id=VersionId(7),
        question_id=QuestionId(3),
        slug="q",
        topic_id=TopicId(1),
        topic=("maths", "algebra"),
        kind=kind,
        difficulty=3,
        seconds=90,
        original="it",
        choices=tuple(Choice(ChoiceId(100 + n), n in right) for n in range(count)),
        wordings={"it": Wording("?", tuple("abcde"[:count])), "en": Wording("?", tuple("abcde"[:count]))},
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def quiz(length: int = 3, **changes: object) -> Quiz:
    """A quiz that was begun at noon."""
    made = Quiz(
        id=QuizId(uuid.UUID(int=5)),
        user_id=UserId(1),
        mode=Mode.MIXED,
        deck_id=DeckId(uuid.UUID(int=6)),
        question_order=tuple(range(length)),
        version_ids=tuple(VersionId(n + 7) for n in range(length)),
        started_at=NOON,
        created_at=NOON,
        updated_at=NOON,
        served_at=NOON,
        session_id=SessionId(uuid.UUID(int=8)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def answered(state: Quiz, choice: int = 1, *, after: timedelta = timedelta(seconds=20)) -> Quiz:
    """The quiz after an answer at its open position."""
    outcome = rules.answer(
        state,
        question(),
        position=state.current_index,
        response=Chosen((choice,)),
        now=state.updated_at + after,
        zone=ROME,
    )
    assert isinstance(outcome, rules.Recorded)
    return outcome.quiz


def attempt(
    topic: str = "maths/1", *, right: bool, xp: int = 10, voided: bool = False
) -> tuple[Attempt, tuple[str, ...]]:
    """An answer with the path of its topic."""
    made = Attempt(
        user_id=UserId(1),
        version_id=VersionId(7),
        position=0,
        response=Chosen((0,)),
        right=right,
        xp=xp,
        active_ms=1_000,
        hints=0,
        item_difficulty=3,
        answered_at=NOON,
        local_day="2026-11-20",
        voided_at=NOON if voided else None,
    )
    return made, tuple(topic.split("/"))


class TestAnswer:
    """Judging a response and passing the position."""

    def test_a_right_answer_counts(self) -> None:
        """It is kept with everything that the figures need."""
        outcome = rules.answer(
            quiz(hints=1),
            question(difficulty=4),
            position=0,
            response=Chosen((1,)),
            now=NOON + timedelta(seconds=12.3456),
            zone=ROME,
        )

        assert isinstance(outcome, rules.Recorded)
        assert outcome.attempt == Attempt(
            user_id=UserId(1),
            quiz_id=QuizId(uuid.UUID(int=5)),
            session_id=SessionId(uuid.UUID(int=8)),
            version_id=VersionId(7),
            position=0,
            response=Chosen((1,)),
            choice_id=ChoiceId(101),
            right=True,
            xp=13,
            active_ms=12_346,
            hints=1,
            help=Help.HINT,
            item_difficulty=4,
            answered_at=NOON + timedelta(seconds=12.3456),
            local_day="2026-11-20",
        )
        after = outcome.quiz
        assert (after.current_index, after.served_index, after.correct_count, after.wrong_count) == (1, 0, 1, 0)
        assert (after.xp_earned, after.active_ms, after.hints) == (13, 12_346, 0)
        assert after.reads_verdict

    def test_a_wrong_answer_counts(self) -> None:
        """It brings no points."""
        after = answered(quiz(), 0)

        assert (after.correct_count, after.wrong_count, after.xp_earned) == (0, 1, 0)

    def test_a_position_that_is_over_changes_nothing(self) -> None:
        """The second tap comes too late, whatever it says."""
        after = answered(quiz())

        again = rules.answer(after, question(), position=0, response=Chosen((2,)), now=NOON, zone=ROME)

        assert again == rules.AlreadyPassed()

    @pytest.mark.parametrize("position", [1, 2])
    def test_a_position_that_is_not_on_the_screen_changes_nothing(self, position: int) -> None:
        """Neither before the verdict nor while it is read."""
        for state in (quiz(), answered(quiz())):
            outcome = rules.answer(state, question(), position=position, response=Chosen((1,)), now=NOON, zone=ROME)
            assert outcome == rules.NotServed()

    def test_a_quiz_that_was_left_takes_no_answer(self) -> None:
        """Its question is over."""
        left = rules.stop(quiz(), NOON)

        outcome = rules.answer(left, question(), position=0, response=Chosen((1,)), now=NOON, zone=ROME)

        assert outcome == rules.AlreadyPassed()

    def test_the_day_is_the_student_s(self) -> None:
        """Half past eleven in the evening, UTC, is tomorrow in Rome and today in New York."""
        late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)

        assert rules.local_day(late, ROME) == "2026-11-21"
        assert rules.local_day(late, "America/New_York") == "2026-11-20"

    def test_only_a_single_choice_is_kept_as_one(self) -> None:
        """Ticks and written answers have no choice of their own."""
        ticked = rules.answer(
            quiz(), question(Kind.MULTIPLE, right=(1,)), position=0, response=Chosen((1,)), now=NOON, zone=ROME
        )
        written = rules.answer(
            quiz(),
            question(Kind.NUMERIC, numeric=NumericKey(Fraction(1))),
            position=0,
            response=Typed("1", Fraction(1)),
            now=NOON,
            zone=ROME,
        )

        assert isinstance(ticked, rules.Recorded)
        assert isinstance(written, rules.Recorded)
        assert ticked.attempt.choice_id is None
        assert written.attempt.choice_id is None


class TestJudge:
    """What is right."""

    @pytest.mark.parametrize(
        ("positions", "right"),
        [((0, 2), True), ((2, 0), True), ((0,), False), ((0, 1, 2), False), ((), False), ((0, 3), False)],
    )
    def test_several_right_ones_are_all_or_nothing(self, positions: tuple[int, ...], *, right: bool) -> None:
        """Every right choice and no other."""
        assert rules.judge(question(Kind.MULTIPLE, right=(0, 2)), Chosen(positions)) is right

    def test_a_question_without_a_right_choice_cannot_be_answered_right_by_nothing(self) -> None:
        """No tick is no answer."""
        assert not rules.judge(question(Kind.MULTIPLE, right=()), Chosen(()))

    @pytest.mark.parametrize(("value", "right"), [("3/4", True), ("0.76", True), ("0.77", False), (None, False)])
    def test_a_number_is_right_within_its_tolerance(self, value: str | None, *, right: bool) -> None:
        """What could not be read as a number is wrong."""
        version = question(Kind.NUMERIC, numeric=NumericKey(Fraction(3, 4), Fraction(1, 100)))

        assert rules.judge(version, Typed("…", None if value is None else Fraction(value))) is right

    def test_a_word_is_right_in_any_language(self) -> None:
        """Who studies in Italian may know the English name."""
        version = question(
            Kind.SHORT,
            wordings={"it": Wording("?", accept=("mitocondrio",)), "en": Wording("?", accept=("mitochondrion",))},
        )

        assert rules.judge(version, Typed("Mitochondrion"))
        assert rules.judge(version, Typed("il mitocondrio"))
        assert not rules.judge(version, Typed("nucleo"))


@pytest.mark.parametrize(
    ("right", "difficulty", "hints", "points"),
    [
        (True, 1, 0, 10),
        (True, 5, 0, 18),
        (True, 3, 1, 11),
        (True, 1, 3, 4),
        (True, 5, 9, 4),
        (False, 5, 0, 0),
        (False, 1, 3, 0),
    ],
)
def test_experience(*, right: bool, difficulty: int, hints: int, points: int) -> None:
    """Harder is worth more, a hint costs three, a right answer is worth four at least, a wrong one is worth nothing."""
    assert rules.experience(right=right, difficulty=difficulty, hints=hints) == points


class TestOrder:
    """The order in which choices are shown."""

    @given(st.uuids(), st.integers(0, 99))
    def test_it_is_the_same_for_ever(self, identity: uuid.UUID, position: int) -> None:
        """Rendered again after a restart, the same letters stand for the same choices."""
        first = rules.shown_order(QuizId(identity), position, question())

        assert sorted(first) == list(range(5))
        assert rules.shown_order(QuizId(identity), position, question()) == first

    def test_it_differs_between_places(self) -> None:
        """The right choice does not keep its letter."""
        identity = QuizId(uuid.UUID(int=5))

        assert len({rules.shown_order(identity, position, question()) for position in range(50)}) > 20

    def test_every_choice_comes_first_about_as_often(self) -> None:
        """No letter is a good guess: 1,000 orders give each choice the first place 150 to 250 times."""
        identity = QuizId(uuid.UUID(int=5))

        first = Counter(rules.shown_order(identity, position, question())[0] for position in range(1_000))

        assert all(150 < first[choice] < 250 for choice in range(5))

    def test_an_anchored_question_keeps_its_order(self) -> None:
        """As does true or false."""
        identity = QuizId(uuid.UUID(int=5))

        for position in range(20):
            assert rules.shown_order(identity, position, question(anchored=True)) == (0, 1, 2, 3, 4)
            assert rules.shown_order(identity, position, question(Kind.TRUE_FALSE, right=(0,))) == (0, 1)


class TestTime:
    """Active time: pauses out, absences capped."""

    def test_time_runs_from_serving_to_answering(self) -> None:
        """Reading the verdict takes none."""
        first = answered(quiz(), after=timedelta(seconds=20))

        served = rules.serve_next(first, NOON + timedelta(minutes=5))
        second = answered(served, after=timedelta(seconds=7))

        assert first.active_ms == 20_000
        assert second.active_ms == 27_000

    def test_a_pause_is_left_out(self) -> None:
        """Before it and after it count."""
        paused = rules.pause(quiz(), NOON + timedelta(seconds=10))
        going_on = rules.take_up(paused, NOON + timedelta(hours=3))

        after = answered(going_on, after=timedelta(seconds=5))

        assert paused.served_at is None
        assert after.active_ms == 15_000

    def test_a_second_pause_changes_nothing(self) -> None:
        """The first one counts."""
        paused = rules.pause(quiz(), NOON + timedelta(seconds=10))

        assert rules.pause(paused, NOON + timedelta(seconds=50)) == paused

    def test_taking_up_what_is_open_keeps_its_time(self) -> None:
        """Looking at the question again does not turn its clock back."""
        again = rules.take_up(quiz(), NOON + timedelta(seconds=30))

        assert answered(again, after=timedelta(seconds=10)).active_ms == 40_000

    def test_one_question_takes_ten_minutes_at_most(self) -> None:
        """Longer is time away, also over several stretches."""
        assert answered(quiz(), after=timedelta(hours=2)).active_ms == 600_000

        state = quiz()
        for hour in range(1, 4):
            paused = rules.pause(state, state.updated_at + timedelta(minutes=9))
            state = rules.take_up(paused, NOON + timedelta(hours=hour))

        assert answered(state, after=timedelta(minutes=9)).active_ms == 600_000

    def test_a_clock_that_was_set_back_takes_no_time_away(self) -> None:
        """Time spent is never less than nothing."""
        assert answered(quiz(), after=timedelta(hours=-2)).active_ms == 0

    def test_a_skip_takes_time_too(self) -> None:
        """It was looked at."""
        after = rules.skip(quiz(), position=0, now=NOON + timedelta(seconds=4))

        assert isinstance(after, Quiz)
        assert after.active_ms == 4_000

    def test_a_pause_while_a_verdict_is_read_costs_nothing(self) -> None:
        """The next question begins at nothing."""
        paused = rules.pause(answered(quiz()), NOON + timedelta(minutes=4))

        served = rules.take_up(paused, NOON + timedelta(minutes=30))

        assert served.served_index == served.current_index == 1
        assert rules.time_spent(served, NOON + timedelta(minutes=30)) == 0


class TestSkip:
    """Leaving a question without an answer."""

    def test_it_serves_the_next(self) -> None:
        """Nothing is counted."""
        after = rules.skip(quiz(hints=2, selection=(1,), pending="x"), position=0, now=NOON)

        assert isinstance(after, Quiz)
        assert (after.current_index, after.served_index, after.correct_count, after.wrong_count) == (1, 1, 0, 0)
        assert (after.hints, after.selection, after.pending) == (0, (), None)

    def test_it_works_once_for_each_position(self) -> None:
        """A second press skips nothing more."""
        after = rules.skip(quiz(), position=0, now=NOON)

        assert isinstance(after, Quiz)
        assert rules.skip(after, position=0, now=NOON) == rules.AlreadyPassed()
        assert rules.skip(after, position=2, now=NOON) == rules.NotServed()

    def test_an_answered_question_cannot_be_skipped(self) -> None:
        """Its verdict stands."""
        assert rules.skip(answered(quiz()), position=0, now=NOON) == rules.AlreadyPassed()


class TestEnd:
    """Totals."""

    def test_totals_come_from_the_attempts(self) -> None:
        """Score, best topic, time and points; voided ones out."""
        state = quiz(3, current_index=3, served_index=2, active_ms=61_499)
        attempts = [
            attempt("maths/1", right=True, xp=14),
            attempt("maths/1", right=False, xp=0),
            attempt("maths/2", right=True, xp=10),
            attempt("maths/2", right=False, xp=0, voided=True),
        ]

        done = rules.complete(state, attempts, NOON + timedelta(minutes=2))

        assert (done.correct_count, done.wrong_count, done.xp_earned) == (2, 1, 24)
        assert done.score == Decimal("66.67")
        assert done.max_section_score == Decimal("100.00")
        assert done.total_time_seconds == 60  # one of 61.499 s went to the voided one
        assert done.completed_at == NOON + timedelta(minutes=2)

    def test_half_a_second_is_a_second(self) -> None:
        """Time is rounded half up."""
        done = rules.complete(quiz(1, current_index=1, active_ms=1_500), [attempt(right=True)], NOON)

        assert done.total_time_seconds == 2

    def test_a_score_is_rounded_half_up(self) -> None:
        """One of eight is 12.5, one of 16 is 6.25; 1 of 32 is 3.125, that is 3.13."""
        attempts = [attempt(right=number == 0) for number in range(32)]

        assert rules.complete(quiz(1, current_index=1), attempts, NOON).score == Decimal("3.13")

    def test_nothing_answered_has_no_score(self) -> None:
        """Zero would be a judgement."""
        done = rules.complete(quiz(1, current_index=1), [attempt(right=False, voided=True)], NOON)

        assert (done.score, done.max_section_score, done.xp_earned) == (None, None, 0)

    def test_an_open_quiz_gets_counts_only(self) -> None:
        """Its score comes at the end."""
        state = rules.complete(quiz(3, current_index=1), [attempt(right=True)], NOON)

        assert (state.score, state.max_section_score, state.completed_at, state.total_time_seconds) == (None,) * 4
        assert state.correct_count == 1

    def test_the_time_of_completion_stays(self) -> None:
        """Totals computed again do not move it."""
        done = rules.complete(quiz(1, current_index=1), [attempt(right=True)], NOON)

        again = rules.complete(done, [attempt(right=True, voided=True)], NOON + timedelta(days=1))

        assert again.completed_at == NOON

    def test_a_quiz_that_was_left_is_over(self) -> None:
        """Twice is once."""
        left = rules.stop(answered(quiz()), NOON)

        assert not left.is_open
        assert not left.is_complete
        assert not left.reads_verdict
        assert rules.stop(left, NOON + timedelta(hours=1)) == left

    def test_progress_of_nothing_is_nothing(self) -> None:
        """An empty order does not divide by zero, and is complete."""
        assert quiz(0).progress_frac == 0.0
        assert quiz(0).is_complete
        assert quiz(4, current_index=1).progress_frac == 0.25


class TestSections:
    """The highest level at which the attempts of a quiz differ."""

    def test_a_mixed_quiz_has_its_subjects(self) -> None:
        """In the order in which they were met; voided answers do not make one."""
        attempts = [
            attempt("maths/algebra", right=True),
            attempt("logic/series", right=False),
            attempt("maths/geometry", right=False),
            attempt("physics/motion", right=True, voided=True),
        ]

        assert rules.by_section(attempts) == {("maths",): (1, 2), ("logic",): (0, 1)}
        assert list(rules.by_section(attempts)) == [("maths",), ("logic",)]

    def test_a_quiz_on_a_subject_has_its_topics(self) -> None:
        """And one on a topic what lies below."""
        topics = [attempt("maths/algebra", right=True), attempt("maths/geometry/solids", right=False)]
        subtopics = [attempt("maths/algebra/sets", right=True), attempt("maths/algebra/roots", right=True)]

        assert rules.by_section(topics) == {("maths", "algebra"): (1, 1), ("maths", "geometry"): (0, 1)}
        assert set(rules.by_section(subtopics)) == {("maths", "algebra", "sets"), ("maths", "algebra", "roots")}

    def test_one_topic_is_one_section(self) -> None:
        """As deep as it is; nothing answered is none."""
        assert rules.by_section([attempt("maths/algebra", right=True)] * 2) == {("maths", "algebra"): (2, 2)}
        assert rules.by_section([]) == {}


class TestToggle:
    """Ticks."""

    def test_a_tick_comes_and_goes(self) -> None:
        """They are kept in order."""
        ticked = rules.toggle(rules.toggle(quiz(), 3), 1)

        assert ticked.selection == (1, 3)
        assert rules.toggle(ticked, 3).selection == (1,)


def candidate(number: int, topic: str, *, seen: datetime | None = None, languages: str = "it en") -> Candidate:
    """A question that could be asked."""
    return Candidate(QuestionId(number), VersionId(number), tuple(topic.split("/")), 3, tuple(languages.split()), seen)


@st.composite
def pools(draw: st.DrawFn) -> list[Candidate]:
    """Up to 40 questions of a few topics, some seen, some in one language."""
    topics = st.sampled_from(["maths/a", "maths/b", "maths/c", "logic/a", "physics", "maths/a/deep"])
    seen = st.sampled_from([None, NOON, NOON - timedelta(days=1), NOON - timedelta(days=9)])
    languages = st.sampled_from(["it", "en", "it en"])
    made = draw(st.lists(st.tuples(topics, seen, languages), max_size=40))
    return [candidate(number, topic, seen=when, languages=spoken) for number, (topic, when, spoken) in enumerate(made)]


class TestChoose:
    """Which questions a quiz has."""

    @given(pools(), st.integers(1, 20), st.randoms(use_true_random=False))
    def test_as_many_as_there_are_and_none_twice(self, pool: list[Candidate], count: int, rng: random.Random) -> None:
        """Never more than asked for."""
        picked = rules.choose(pool, count, "it", rng)

        assert len(picked) == min(count, len(pool))
        assert len({c.question_id for c in picked}) == len(picked)
        assert set(picked) <= set(pool)

    @given(pools(), st.integers(1, 20), st.randoms(use_true_random=False))
    def test_topics_take_turns(self, pool: list[Candidate], count: int, rng: random.Random) -> None:
        """Never two of one topic one after another while another topic waits: interleaving beats blocking."""
        picked = rules.choose(pool, count, "it", rng)

        for place in range(len(picked) - 1):
            if picked[place].topic == picked[place + 1].topic:
                assert {c.topic for c in picked[place + 1 :]} == {picked[place].topic}

    @given(pools(), st.integers(1, 20), st.randoms(use_true_random=False))
    def test_of_a_topic_what_was_not_seen_comes_first(
        self, pool: list[Candidate], count: int, rng: random.Random
    ) -> None:
        """Then what was seen longest ago."""
        spoken = [c for c in pool if "it" in c.languages]
        picked = rules.choose(spoken, count, "it", rng)

        def age(one: Candidate) -> float:
            return one.last_answered_at.timestamp() if one.last_answered_at else 0

        for topic in {c.topic for c in picked}:
            mine = [age(c) for c in picked if c.topic == topic]
            left = [age(c) for c in spoken if c.topic == topic and c not in picked]
            assert mine == sorted(mine)
            assert not left or max(mine) <= min(left)

    @given(pools(), st.integers(1, 20), st.randoms(use_true_random=False))
    def test_the_student_s_language_goes_first(self, pool: list[Candidate], count: int, rng: random.Random) -> None:
        """Another language is asked only where one's own has too few."""
        picked = rules.choose(pool, count, "it", rng)

        spoken = sum("it" in c.languages for c in pool)
        assert sum("it" in c.languages for c in picked) == min(count, spoken)

    def test_chance_decides_between_equals(self) -> None:
        """Two quizzes over the same bank are not the same."""
        pool = [candidate(number, "maths/a") for number in range(30)]

        drawn = {tuple(c.question_id for c in rules.choose(pool, 5, "it", random.Random(seed))) for seed in range(20)}

        assert len(drawn) == 20
