"""When a practice session begins and ends."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import SessionId, UserId, VersionId
from core.practice import session_rules
from core.practice.model import Attempt, Chosen, EndReason, Session

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
IDLE = timedelta(minutes=30)
STUDENT = UserId(1)
ALGEBRA = ("maths", "algebra", "equations")


def session(**changes: object) -> Session:
    """A session that began at noon."""
    begun = session_rules.activity(None, STUDENT, NOON, IDLE, ALGEBRA).current
    return replace(begun, **changes)  # type: ignore[arg-type]


def attempt(*, right: bool = True, active_ms: int = 1_000, voided: bool = False) -> Attempt:
    """An answer."""
    return Attempt(
        user_id=STUDENT,
        version_id=VersionId(1),
        position=0,
        response=Chosen((0,)),
        right=right,
        xp=0,
        active_ms=active_ms,
        hints=0,
        item_difficulty=3,
        answered_at=NOON,
        local_day="2026-11-20",
        voided_at=NOON if voided else None,
    )


def test_the_first_activity_makes_a_session() -> None:
    """It is named by what was practised first."""
    outcome = session_rules.activity(None, STUDENT, NOON, IDLE, ALGEBRA)

    assert outcome.lapsed is None
    assert (outcome.current.subject, outcome.current.topic, outcome.current.subtopic) == ALGEBRA
    assert outcome.current.started_at == outcome.current.last_activity_at == NOON
    assert outcome.current.ended_at is None


@pytest.mark.parametrize(
    ("path", "names"),
    [(("maths",), ("maths", None, None)), (("maths", "algebra"), ("maths", "algebra", None)), ((), (None, None, None))],
)
def test_a_short_path_leaves_the_rest_open(path: tuple[str, ...], names: tuple[str | None, ...]) -> None:
    """What has no subtopic names none."""
    begun = session_rules.activity(None, STUDENT, NOON, IDLE, path).current

    assert (begun.subject, begun.topic, begun.subtopic) == names


def test_an_activity_is_counted_into_the_active_session() -> None:
    """The session keeps its name, and a pause ends."""
    paused = session_rules.pause(session(), NOON)

    outcome = session_rules.activity(paused, STUDENT, NOON + timedelta(minutes=29), IDLE, ("logic",))

    assert outcome.lapsed is None
    assert outcome.current.id == paused.id
    assert outcome.current.subject == "maths"
    assert outcome.current.paused_at is None
    assert outcome.current.last_activity_at == NOON + timedelta(minutes=29)


def test_thirty_minutes_without_activity_end_it_at_the_last_one() -> None:
    """The activity after them begins a new session."""
    old = session()

    outcome = session_rules.activity(old, STUDENT, NOON + IDLE, IDLE, ("logic", "series"))

    assert outcome.lapsed == replace(old, ended_at=NOON, end_reason=EndReason.IDLE, updated_at=NOON + IDLE)
    assert outcome.current.id != old.id
    assert outcome.current.subject == "logic"


def test_a_moment_less_does_not_end_it() -> None:
    """Thirty minutes are thirty minutes."""
    assert session_rules.lapse(session(), NOON + IDLE - timedelta.resolution, IDLE).ended_at is None


def test_a_paused_session_ends_too() -> None:
    """The pause counts as its last activity."""
    paused = session_rules.pause(session(), NOON + timedelta(minutes=10))

    assert session_rules.lapse(paused, NOON + timedelta(minutes=39), IDLE) == paused
    ended = session_rules.lapse(paused, NOON + timedelta(minutes=40), IDLE)
    assert ended.ended_at == NOON + timedelta(minutes=10)
    assert ended.paused_at is None


def test_a_second_pause_does_not_keep_it_alive() -> None:
    """Pausing what is paused is no activity."""
    paused = session_rules.pause(session(), NOON)

    assert session_rules.pause(paused, NOON + timedelta(minutes=29)) == paused


def test_a_session_ends_once() -> None:
    """Its first end stays."""
    ended = session_rules.end(session(), NOON + timedelta(minutes=5), EndReason.STOPPED, NOON + timedelta(minutes=5))

    assert session_rules.end(ended, NOON + IDLE, EndReason.IDLE, NOON + IDLE) == ended
    assert session_rules.lapse(ended, NOON + timedelta(days=1), IDLE) == ended


def test_a_session_never_ends_before_its_last_activity() -> None:
    """A clock that was set back does not turn a session around."""
    begun = session(last_activity_at=NOON + timedelta(minutes=3))

    ended = session_rules.end(begun, NOON - timedelta(hours=1), EndReason.STOPPED, NOON - timedelta(hours=1))

    assert ended.ended_at == NOON + timedelta(minutes=3)


def test_a_clock_that_was_set_back_keeps_the_session() -> None:
    """The activity happens at the last one at the earliest."""
    outcome = session_rules.activity(session(), STUDENT, NOON - timedelta(hours=2), IDLE, ALGEBRA)

    assert outcome.lapsed is None
    assert outcome.current.last_activity_at == NOON


def test_a_new_session_starts_after_the_one_before() -> None:
    """A moment belongs to one session at most, even if the clock stood still or went back."""
    for now in (NOON, NOON - timedelta(hours=1)):
        begun = session_rules.activity(None, STUDENT, now, IDLE, ALGEBRA, last_end=NOON).current

        assert begun.started_at == begun.last_activity_at == NOON + timedelta.resolution


def test_a_given_id_is_used() -> None:
    """The id of a new session can be chosen."""
    chosen = SessionId(uuid.uuid4())

    assert session_rules.activity(None, STUDENT, NOON, IDLE, ALGEBRA, chosen).current.id == chosen


@given(st.lists(st.integers(-7_200, 7_200), min_size=1, max_size=30))
def test_sessions_never_overlap(steps: list[int]) -> None:
    """However the clock jumps, each session ends before the next begins, and each activity lies in its own."""
    now, active, last_end = NOON, None, None
    ended: list[Session] = []
    moments: dict[SessionId, list[datetime]] = {}
    for number, step in enumerate(steps):
        now += timedelta(seconds=step)
        if number % 5 == 4 and active is not None:
            ended.append(session_rules.end(active, now, EndReason.STOPPED, now))
            active, last_end = None, ended[-1].ended_at
            continue
        outcome = session_rules.activity(active, STUDENT, now, IDLE, ALGEBRA, last_end=last_end)
        if outcome.lapsed is not None:
            ended.append(outcome.lapsed)
        active = outcome.current
        moments.setdefault(active.id, []).append(active.last_activity_at)

    everything = [*ended, *([active] if active else [])]

    for one in everything:
        last = one.ended_at or one.last_activity_at
        assert all(one.started_at <= moment <= last for moment in moments[one.id])
    for one, following in pairwise(everything):
        assert one.ended_at is not None
        assert one.ended_at < following.started_at


@pytest.mark.parametrize(
    ("right", "wrong", "accuracy"),
    [(0, 0, 0), (1, 0, 100), (0, 3, 0), (1, 2, 33), (2, 1, 67), (1, 7, 13), (1, 199, 1), (1, 201, 0)],
)
def test_accuracy_is_whole_percent_rounded_half_up(right: int, wrong: int, accuracy: int) -> None:
    """12.5 is 13 and 0.5 is 1; without an answer it is 0."""
    answers = [(attempt(right=True), "maths")] * right + [(attempt(right=False), "maths")] * wrong

    assert session_rules.summary(session(), answers).accuracy == accuracy


def test_a_summary_of_nothing_is_zero() -> None:
    """No answers, no division."""
    summed = session_rules.summary(session(), [])

    assert (summed.questions_attempted, summed.questions_correct, summed.accuracy) == (0, 0, 0)
    assert (summed.total_time_ms, summed.avg_time_per_question_ms, summed.subjects_practiced) == (0, 0, ())


def test_voided_answers_are_left_out_of_every_figure() -> None:
    """They neither count nor take time nor name a subject."""
    summed = session_rules.summary(
        session(),
        [
            (attempt(active_ms=1_000), "maths"),
            (attempt(active_ms=2_001, right=False), "logic"),
            (attempt(active_ms=9_000, voided=True), "physics"),
        ],
    )

    assert (summed.questions_attempted, summed.questions_correct, summed.accuracy) == (2, 1, 50)
    assert (summed.total_time_ms, summed.avg_time_per_question_ms) == (3_001, 1_501)
    assert summed.subjects_practiced == ("logic", "maths")
