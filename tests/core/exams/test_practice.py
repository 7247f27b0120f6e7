"""An exam is practice: its answers are attempts, and a section that runs keeps its session alive."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from core.errors import NotAllowed
from core.exams.model import ClosedBy, SectionStatus
from core.exams.outcomes import Why
from core.practice.model import EndReason
from core.practice.outcomes import Asked, Judged, OnHold
from storage.tables import attempts, choices, quiz_sessions
from tests import builders
from tests.conftest import IDLE
from tests.core.exams.desk import Desk, between, on_paper, unchanged
from tests.readback import everything, rows, second_connection


class TestAttempts:
    """Written in the commit that closes the section, and never changed."""

    async def test_only_what_is_answered(self, desk: Desk) -> None:
        """With everything that an attempt says; the response in the bank's order, whatever was shown."""
        await desk.start()
        desk.clock.advance(seconds=30)
        await desk.right(2)
        desk.clock.advance(seconds=5)
        await desk.wrong(0)
        desk.clock.advance(seconds=9)
        await desk.flag(1)
        assert desk.attempts() == []

        sitting = between(await desk.hand_in()).sitting

        right, wrong = desk.attempts()
        third, first = sitting.items[2], sitting.items[0]
        assert {name: right[name] for name in right if name != "id"} == {
            "kind": "exam",
            "user_id": desk.person.id,
            "session_id": sitting.session_id,
            "quiz_id": None,
            "sitting_id": desk.id,
            "position": 2,
            "question_version_id": third.version_id,
            "choice_id": right["choice_id"],
            "response": {"choices": [third.key]},
            "is_right": True,
            "xp": 14,
            "active_ms": 5_000,
            "hints": 0,
            "help": None,
            "confidence": None,
            "item_difficulty": 3,
            "answered_at": sitting.started_at + timedelta(seconds=30),
            "local_day": "2026-11-20",
            "voided_at": None,
        }
        assert (wrong["position"], wrong["is_right"], wrong["xp"], wrong["active_ms"]) == (0, False, 0, 39_000)
        for row, item in ((right, third), (wrong, first)):
            (chosen,) = rows(desk.database_url, select(choices).where(choices.c.id == row["choice_id"]))
            assert (chosen["version_id"], chosen["position"]) == (item.version_id, item.choice)

    async def test_points_follow_difficulty(self, desk: Desk) -> None:
        """As in a quiz; home counts them."""
        await desk.abandon()
        items = [builders.single(f"l{level}", f"levels/n{level}", difficulty=level) for level in range(1, 6)]
        await desk.core.banks.store(builders.bank(*items, name="levels"), desk.clock.now())
        sat = await desk.sit(builders.exam(builders.section("levels", 5, topics=("levels",)), slug="LEVELS"))
        await sat.start()
        await sat.right(0, 1, 2, 3, 4)
        await sat.hand_in()

        home = await desk.core.whereabouts.home(desk.actor)

        assert sorted(row["xp"] for row in desk.attempts()) == [10, 12, 14, 16, 18]
        assert (home.answered, home.xp) == (5, 70)

    async def test_time_away_is_no_practice(self, desk: Desk) -> None:
        """Ten minutes at one item are the most that count as active."""
        await desk.start()
        desk.clock.advance(minutes=40)
        await desk.right(0)
        await desk.hand_in()

        (row,) = desk.attempts()
        assert row["active_ms"] == 600_000
        assert (await desk.sitting()).items[0].ms == 2_400_000

    async def test_the_day_is_the_student_s(self, desk: Desk) -> None:
        """Ten to midnight in Rome and ten past are two days."""
        desk.clock.advance(hours=13, minutes=50)
        await desk.start()
        await desk.right(0)
        desk.clock.advance(minutes=20)
        await desk.right(1)
        await desk.hand_in()

        assert [row["local_day"] for row in desk.attempts()] == ["2026-11-20", "2026-11-21"]

    async def test_they_and_the_closing_are_one_commit(self, desk: Desk) -> None:
        """Where an attempt cannot be written, the section stays open with all its answers."""
        await desk.start()
        await desk.right(0, 1)
        await desk.hand_in()
        (row, _) = desk.attempts()
        await desk.start(1)
        await desk.right(4, 5)
        del row["id"]
        with second_connection(desk.database_url) as connection:
            connection.execute(insert(attempts), {**row, "position": 5})
        before = everything(desk.database_url)

        with pytest.raises(IntegrityError):
            await desk.hand_in(1)

        assert everything(desk.database_url) == before
        assert (await desk.sitting()).sections[1].status is SectionStatus.RUNNING

    async def test_one_for_each_item(self, desk: Desk) -> None:
        """The database refuses a second."""
        await desk.start()
        await desk.right(0)
        await desk.hand_in()
        (row,) = desk.attempts()
        del row["id"]

        with pytest.raises(IntegrityError), second_connection(desk.database_url) as connection:
            connection.execute(insert(attempts), row)

    async def test_what_was_missed_is_a_mistake_afterwards(self, desk: Desk) -> None:
        """It can be practised, and a new paper asks something else first."""
        await desk.start()
        await desk.wrong(0, 1)
        await desk.hand_in()
        missed = {item.question_id for item in (await desk.sitting()).items[:2]}
        during = await desk.core.quizzes.menu(desk.actor)
        await desk.finish()

        menu = await desk.core.quizzes.menu(desk.actor)

        assert (during.mistakes, menu.mistakes) == (0, 2)
        fresh = await desk.sit(builders.exam(builders.section("maths", 2), slug="NEXT"))
        assert not missed & {item.question_id for item in (await fresh.sitting()).items}


class TestSummary:
    """FEAT-101 counts them."""

    async def test_a_session_s_figures(self, desk: Desk) -> None:
        """Exam and quiz together, the time of each answer with it."""
        await desk.start()
        desk.clock.advance(seconds=60)
        await desk.right(0)
        desk.clock.advance(seconds=20)
        await desk.wrong(1)
        await desk.hand_in()
        asked = await desk.core.quizzes.start(desk.actor, builders.new_quiz_id(), length=1)
        assert isinstance(asked, Asked)
        desk.clock.advance(seconds=10)
        await desk.core.quizzes.answer(desk.actor, asked.quiz.id, position=0, choice=asked.version.right[0])

        under_way = await desk.core.sessions.end(desk.actor)
        await desk.abandon()
        assert under_way is not None
        summary = await desk.core.sessions.summary(desk.actor, under_way.session.id)

        # What an exam brought is told when it is over.
        assert (under_way.questions_attempted, under_way.questions_correct, under_way.sittings) == (1, 1, 0)
        assert (summary.questions_attempted, summary.questions_correct, summary.accuracy) == (3, 2, 67)
        assert (summary.quizzes, summary.sittings) == (1, 1)
        assert summary.total_time_ms == 90_000
        assert summary.session.id == (await desk.sitting()).session_id

    async def test_sections_of_different_sessions(self, desk: Desk) -> None:
        """An hour between them: each section's answers belong to the session it was sat in."""
        await desk.start()
        await desk.right(0)
        await desk.hand_in()
        desk.clock.advance(hours=1)
        await desk.start(1)
        await desk.right(4, 5)
        await desk.hand_in(1)

        first, second = desk.sessions()

        assert [row["session_id"] for row in desk.attempts()] == [first["id"], second["id"], second["id"]]
        summaries = [await desk.core.sessions.summary(desk.actor, session["id"]) for session in (first, second)]
        assert [summary.questions_attempted for summary in summaries] == [1, 2]
        assert (first["end_reason"], first["ended_at"]) == ("idle", first["last_activity_at"])

    async def test_a_session_swept_before_its_section(self, desk: Desk) -> None:
        """Ended at the deadline; the answers are in it all the same, and it stays ended."""
        await desk.start()
        await desk.right(0, 1)
        deadline = desk.clock.now() + timedelta(minutes=50)
        desk.clock.advance(hours=3)
        await desk.core.sessions.end_idle(desk.clock.now())
        await desk.sweep()

        (session,) = desk.sessions()

        assert (session["ended_at"], session["end_reason"]) == (deadline, EndReason.IDLE)
        await desk.abandon()
        summary = await desk.core.sessions.summary(desk.actor, session["id"])
        assert summary.questions_attempted == 2


class TestAlive:
    """A section that runs is activity until its deadline."""

    @pytest.mark.parametrize("swept", [True, False])
    async def test_fifty_minutes_without_a_tap(self, desk: Desk, *, swept: bool) -> None:
        """The session lives; it ends half an hour after the deadline, back-dated to it."""
        began = (await desk.start()).sitting.started_at
        deadline = began + timedelta(minutes=50)
        for minutes in (29, 31, 45, 50, 79):
            moment = began + timedelta(minutes=minutes)
            if swept and minutes > 50:
                desk.clock.advance(minutes=51)
                await desk.sweep()
            assert await desk.core.sessions.end_idle(moment) == 0
            active = await desk.core.sessions.active(desk.at(moment))
            assert active is not None
            assert active.started_at == began

        over_at = deadline + IDLE
        assert await desk.core.sessions.active(desk.at(over_at)) is None
        assert await desk.core.sessions.end_idle(over_at) == 1
        (session,) = desk.sessions()
        assert (session["ended_at"], session["end_reason"], session["busy_until"]) == (deadline, "idle", None)

    async def test_handed_in_early_it_idles_from_then(self, desk: Desk) -> None:
        """Nothing keeps it alive until the deadline any more."""
        await desk.start()
        desk.clock.advance(minutes=5)
        handed_in = desk.clock.now()
        await desk.hand_in()

        (session,) = desk.sessions()
        assert (session["busy_until"], session["last_activity_at"]) == (None, handed_in)
        assert await desk.core.sessions.end_idle(handed_in + IDLE) == 1
        assert desk.sessions()[0]["ended_at"] == handed_in

    async def test_it_cannot_be_stopped_while_a_section_runs(self, desk: Desk) -> None:
        """Neither the active one nor by its id; nothing changes. At the deadline it can."""
        await desk.start()
        desk.clock.advance(minutes=49, seconds=59, milliseconds=999)
        (session,) = desk.sessions()
        before = everything(desk.database_url)

        for named in (None, session["id"]):
            with pytest.raises(NotAllowed, match="exam-running"):
                await desk.core.sessions.end(desk.actor, named)
        assert everything(desk.database_url) == before
        desk.clock.advance(milliseconds=1)
        ended = await desk.core.sessions.end(desk.actor)

        assert ended is not None
        assert ended.session.ended_at == desk.clock.now()

    async def test_a_clock_set_back_is_no_section(self, desk: Desk) -> None:
        """Handed in, the session can be stopped, though its last activity is ahead of the clock."""
        await desk.start()
        desk.clock.advance(minutes=5)
        await desk.hand_in()
        desk.clock.advance(minutes=-30)

        assert await desk.core.sessions.end(desk.actor) is not None

    async def test_between_sections_it_can_be_stopped(self, desk: Desk) -> None:
        """The next section begins another."""
        await desk.start()
        await desk.hand_in()

        stopped = await desk.core.sessions.end(desk.actor)
        await desk.start(1)

        assert stopped is not None
        assert [session["end_reason"] for session in desk.sessions()] == ["stopped", None]

    async def test_a_paused_session_goes_on(self, desk: Desk) -> None:
        """Starting a section is activity."""
        asked = await desk.core.quizzes.start(desk.actor, builders.new_quiz_id(), length=1)
        assert isinstance(asked, Asked)
        await desk.core.quizzes.pause(desk.actor)
        desk.clock.advance(minutes=5)
        await desk.start()

        (session,) = desk.sessions()
        assert (session["paused_at"], session["last_activity_at"]) == (None, desk.clock.now())

    async def test_the_clocks_of_quizzes_stop(self, desk: Desk) -> None:
        """Time in the section is not counted to a question; the quiz that was touched last stays it."""
        asked = await desk.core.quizzes.start(desk.actor, builders.new_quiz_id(), length=2)
        assert isinstance(asked, Asked)
        touched = asked.quiz.updated_at
        desk.clock.advance(seconds=15)
        await desk.start()
        (row,) = rows(desk.database_url, select(quiz_sessions))
        began = desk.clock.now()
        desk.clock.advance(minutes=30)
        await desk.hand_in()

        held = await desk.core.quizzes.standing(desk.actor, asked.quiz.id)
        await desk.core.quizzes.resume(desk.actor, asked.quiz.id)
        desk.clock.advance(seconds=4)
        judged = await desk.core.quizzes.answer(desk.actor, asked.quiz.id, position=0, choice=0)

        assert isinstance(held, OnHold)
        assert (row["paused_at"], row["updated_at"]) == (began, touched)
        assert isinstance(judged, Judged)
        assert judged.attempt.active_ms == 19_000

    async def test_more_quizzes_than_one(self, desk: Desk) -> None:
        """Each of them, however many were left open."""
        for _ in range(7):
            await desk.core.quizzes.start(desk.actor, builders.new_quiz_id(), length=1)
        with second_connection(desk.database_url) as connection:
            connection.execute(update(quiz_sessions).values(paused_at=None))

        await desk.start()

        assert {row["paused_at"] for row in rows(desk.database_url, select(quiz_sessions))} == {desk.clock.now()}

    async def test_a_session_begun_in_the_future_moves_the_section_with_it(self, desk: Desk) -> None:
        """Where the clock was set back since, the section starts at the session's last activity, with its full time."""
        await desk.core.quizzes.start(desk.actor, builders.new_quiz_id(), length=1)
        ahead = desk.clock.now()
        desk.clock.advance(minutes=-10)

        sitting = (await desk.start()).sitting

        assert (sitting.sections[0].started_at, sitting.deadline) == (ahead, ahead + timedelta(minutes=50))
        desk.clock.advance(minutes=5)
        closed = on_paper(await desk.answer(0, 0)).sitting
        assert closed.items[0].answered_at == ahead
        desk.clock.advance(hours=1)
        late = between(unchanged(await desk.hand_in(), Why.TIME_UP).standing).sitting
        assert late.sections[0].closed_by is ClosedBy.TIME
