"""Time at an exam: deadlines to the millisecond, what happens by itself, clocks that stop, jump and run back."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select, update

from core.exams.formats import ExamFormat
from core.exams.model import ClosedBy, EndReason, Notice, Status
from core.exams.outcomes import Between, ExamStanding, Face, OnPaper, Over, Unchanged, Why
from core.ids import UpdateId
from core.people.model import Person
from core.ports import Waiting
from storage.tables import attempts, inbox, users
from tests import builders
from tests.core.exams.desk import Desk, between, on_paper, over, unchanged
from tests.readback import everything, rows, second_connection

Restart = Callable[[Desk], Awaitable[None]]
MILLISECOND = timedelta(milliseconds=1)
FIFTY = timedelta(minutes=50)
GRACE = timedelta(seconds=1)


async def received(desk: Desk, moment: datetime) -> UpdateId:
    """An update of the student's, in the inbox since a moment and not carried out yet."""
    waiting = Waiting(builders.next_update_id(), desk.person.telegram_id, b"{}", moment, 0)
    await desk.storage.transact(None, lambda work: work.inbox.receive([waiting]))
    return waiting.update_id


async def notice(desk: Desk) -> Notice | None:
    """What there is to tell, and tell it."""
    standing = await desk.core.exams.notice(desk.actor)
    if standing is None:
        return None
    await desk.core.exams.told(desk.actor, standing.sitting.id, standing.notice)
    return standing.notice


class TestLastMillisecond:
    """A press counts by the moment of its receipt."""

    async def test_one_before_the_deadline_counts(self, desk: Desk) -> None:
        """However late it is carried out."""
        await desk.start()
        await desk.answer(0, 0)
        last = desk.at(desk.clock.now() + FIFTY - MILLISECOND)
        desk.clock.advance(hours=1)

        paper = on_paper(await desk.core.exams.answer(last, desk.id, position=3, choice=2))

        assert paper.item.choice == 2
        assert await desk.sweep() == 1
        assert [row["position"] for row in desk.attempts()] == [0, 3]

    @pytest.mark.parametrize("late", [0, 1, 1_000, 86_399_999])
    @pytest.mark.parametrize("press", ["answer", "clear", "flag", "move", "hand in", "turn over", "start"])
    async def test_one_at_the_deadline_or_after_records_nothing(self, desk: Desk, press: str, late: int) -> None:
        """The section closes with what it had, at its deadline."""
        await desk.start()
        await desk.right(0)
        deadline = desk.clock.now() + FIFTY
        desk.clock.advance(minutes=50, milliseconds=late)
        calls: dict[str, Callable[[], Awaitable[ExamStanding | Unchanged]]] = {
            "answer": lambda: desk.answer(3, 2),
            "clear": lambda: desk.answer(0, None),
            "flag": lambda: desk.flag(0),
            "move": lambda: desk.move(2),
            "hand in": desk.hand_in,
            "turn over": lambda: desk.core.exams.turn_over(desk.actor, desk.id, Face.GRID),
            "start": lambda: desk.core.exams.start_section(desk.actor, desk.id, 0),
        }

        outcome = unchanged(await calls[press](), Why.TIME_UP)

        sitting = between(outcome.standing).sitting
        assert await desk.sitting() == sitting
        closed = sitting.sections[0]
        assert (closed.completed_at, closed.closed_by, closed.score) == (deadline, ClosedBy.TIME, Fraction(1))
        assert [(item.choice is not None, item.flagged) for item in sitting.items[:4]] == [
            (True, False), (False, False), (False, False), (False, False),
        ]  # fmt: skip
        assert sum(item.ms for item in sitting.items) == 3_000_000
        assert sitting.items[2].seen_at is None
        assert len(desk.attempts()) == 1

    async def test_a_fraction_of_a_minute(self, desk: Desk) -> None:
        """A time of 1/3 minute is twenty seconds; 1/7 is kept to the microsecond."""
        await desk.abandon()
        short = await desk.sit(builders.exam(builders.section("maths", 2, Fraction(1, 3)), slug="SHORT"))  # type: ignore[arg-type]
        first = (await short.start()).sitting
        await short.abandon()
        odd = await desk.sit(builders.exam(builders.section("maths", 2, Fraction(1, 7)), slug="ODD"))  # type: ignore[arg-type]
        second = (await odd.start()).sitting

        assert first.deadline == desk.clock.now() + timedelta(seconds=20)
        assert second.deadline == desk.clock.now() + timedelta(microseconds=8_571_429)


class TestSweep:
    """What happens by itself."""

    @pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=1), timedelta(hours=23)])
    async def test_a_section_closes_at_its_deadline_however_late(self, desk: Desk, late: timedelta) -> None:
        """Nobody need look; the finish time is the deadline."""
        await desk.start()
        await desk.right(1)
        await desk.wrong(2)
        deadline = desk.clock.now() + FIFTY
        desk.clock.advance(seconds=(FIFTY + GRACE + late).total_seconds())

        assert await desk.sweep() == 1

        sitting = await desk.sitting()
        assert (sitting.sections[0].completed_at, sitting.sections[0].closed_by) == (deadline, ClosedBy.TIME)
        assert (sitting.sections[0].score, sitting.notice) == (Fraction(3, 4), Notice.TIME_UP)
        assert sitting.due_at == deadline + timedelta(hours=24)
        assert len(desk.attempts()) == 2
        assert await desk.sweep() == 0

    async def test_the_last_section_completes_it(self, desk: Desk) -> None:
        """With its result, to be told."""
        await desk.start()
        await desk.hand_in()
        await desk.start(1)
        deadline = desk.clock.now() + timedelta(minutes=20)
        desk.clock.advance(minutes=30)
        await desk.sweep()

        standing = await desk.core.exams.notice(desk.actor)

        assert isinstance(standing, Over)
        assert (standing.notice, standing.sitting.completed_at) == (Notice.TIME_UP, deadline)
        assert standing.sitting.end_reason is EndReason.FINISHED
        assert standing.sitting.metadata["end_reason"] == "finished"

    async def test_a_result_that_nobody_swept_yet_can_be_looked_at(self, desk: Desk) -> None:
        """Whoever sees the result sees its items: time has run out, whether it is stored or not."""
        await desk.start()
        await desk.hand_in()
        await desk.start(1)
        await desk.right(4)
        desk.clock.advance(minutes=20)

        result = await desk.core.exams.results(desk.actor, desk.id)
        checked = await desk.core.exams.check(desk.actor, desk.id, position=4)

        assert checked.item.is_right
        assert checked.sitting.completed_at == result.sitting.completed_at == desk.clock.now()

    async def test_one_that_ran_out_makes_room(self, desk: Desk) -> None:
        """For another exam, also where nobody has swept since."""
        await desk.start()
        await desk.hand_in()
        await desk.start(1)
        await desk.right(4)
        desk.clock.advance(hours=1)

        fresh = await desk.sit(builders.some_exam())

        assert (await desk.sitting()).end_reason is EndReason.FINISHED
        assert len(desk.attempts()) == 1
        assert (await fresh.sitting()).status is Status.CREATED

    async def test_not_before_it_is_due(self, desk: Desk) -> None:
        """A second is left for what was received just before the deadline and is on its way."""
        await desk.abandon()
        short = await desk.sit(builders.exam(builders.section("maths", 2, 2), slug="SHORT"))
        await short.start()
        deadline = desk.clock.now() + timedelta(minutes=2)
        for moment, due in ((deadline - MILLISECOND, 0), (deadline + GRACE - MILLISECOND, 0), (deadline + GRACE, 1)):
            assert len(await desk.core.exams.due(moment)) == due
            assert await desk.core.exams.happen(short.id, desk.person.id, moment) is bool(due)

    async def test_it_waits_for_what_was_received_in_time(self, desk: Desk) -> None:
        """An update from before the deadline may be the last answer; carried out, it counts."""
        await desk.start()
        deadline = desk.clock.now() + FIFTY
        update_id = await received(desk, deadline - MILLISECOND)
        desk.clock.advance(hours=2)
        before = everything(desk.database_url)

        assert await desk.core.exams.due(desk.clock.now()) == []
        assert not await desk.core.exams.happen(desk.id, desk.person.id, desk.clock.now())
        assert everything(desk.database_url) == before
        await desk.core.exams.answer(desk.at(deadline - MILLISECOND), desk.id, position=0, choice=1)
        await desk.storage.transact(None, lambda work: work.inbox.settle(update_id))
        assert await desk.sweep() == 1
        assert [row["position"] for row in desk.attempts()] == [0]

    @pytest.mark.parametrize("minutes", [40, 46, 49.5])
    async def test_an_older_warning_closes_nothing(self, desk: Desk, minutes: float) -> None:
        """After an outage since before a warning, what was received after it and before the deadline still counts."""
        began = (await desk.start()).sitting.started_at
        update_id = await received(desk, began + timedelta(minutes=minutes))
        desk.clock.advance(minutes=52)
        await desk.sweep()

        assert (await desk.sitting()).running
        last = desk.at(began + timedelta(minutes=minutes))
        assert on_paper(await desk.core.exams.answer(last, desk.id, position=0, choice=1)).item.choice == 1
        await desk.storage.transact(None, lambda work: work.inbox.settle(update_id))
        await desk.sweep()
        assert [row["position"] for row in desk.attempts()] == [0]

    async def test_an_older_warning_keeps_the_grace(self, desk: Desk) -> None:
        """Back just after the deadline, with a warning still due: what is on its way into the inbox is waited for."""
        deadline = (await desk.start()).sitting.deadline
        desk.clock.advance(minutes=50, milliseconds=500)
        await desk.sweep()
        just_after = await desk.sitting()
        desk.clock.advance(seconds=1)
        await desk.sweep()

        closed = await desk.sitting()
        assert just_after.running
        assert closed.sections[0].completed_at == deadline
        assert not closed.running

    async def test_closing_late_does_not_lapse_what_was_started_in_time(self, desk: Desk) -> None:
        """After two days without the bot, a press received within the day starts the next section at its moment."""
        began = (await desk.start()).sitting.started_at
        pressed = began + timedelta(hours=20)
        update_id = await received(desk, pressed)
        desk.clock.advance(days=2)
        await desk.sweep()
        await desk.sweep()

        assert (await desk.sitting()).status is Status.IN_PROGRESS
        on_paper(await desk.core.exams.start_section(desk.at(pressed), desk.id, 1))
        await desk.storage.transact(None, lambda work: work.inbox.settle(update_id))
        await desk.sweep()
        sitting = await desk.sitting()
        assert (sitting.end_reason, sitting.completed_at) == (EndReason.FINISHED, pressed + timedelta(minutes=20))

    async def test_it_does_not_wait_for_what_is_settled_late_or_somebody_else_s(
        self, desk: Desk, other: Person
    ) -> None:
        """Nor for an update that was given up."""
        await desk.start()
        deadline = desk.clock.now() + FIFTY
        await received(desk, deadline)
        await received(replace(desk, person=other), deadline - MILLISECOND)
        for status in ("done", "shown", "dead"):
            update_id = await received(desk, deadline - MILLISECOND)
            with second_connection(desk.database_url) as connection:
                connection.execute(update(inbox).where(inbox.c.update_id == update_id).values(status=status))
        desk.clock.advance(hours=2)

        assert await desk.core.exams.due(desk.clock.now()) == [(desk.id, desk.person.id)]
        assert await desk.sweep() == 1

    async def test_the_longest_due_comes_first(self, desk: Desk, other: Person) -> None:
        """Of all students."""
        theirs = replace(desk, person=other, id=builders.new_sitting_id())
        await desk.core.exams.create(theirs.actor, theirs.id, "TRIAL")
        await theirs.start()
        desk.clock.advance(minutes=1)
        await desk.start()
        desk.clock.advance(hours=1)

        assert [one for one, _ in await desk.core.exams.due(desk.clock.now())] == [theirs.id, desk.id]

    async def test_ten_sweeps_at_once_close_it_once(self, desk: Desk) -> None:
        """And a press in their midst finds it closed; each answer is one attempt."""
        await desk.start()
        await desk.right(0, 1, 2)
        desk.clock.advance(hours=1)

        sweeps = [desk.core.exams.happen(desk.id, desk.person.id, desk.clock.now()) for _ in range(10)]
        *done, _ = await asyncio.gather(*sweeps, desk.answer(3, 1))

        assert sum(bool(one) for one in done) <= 1
        assert len(desk.attempts()) == 3
        assert (await desk.sitting()).sections[0].score == 3

    async def test_what_is_not_due_or_not_there_does_not_happen(self, desk: Desk, other: Person) -> None:
        """Asked for by a forged id, or by the wrong owner."""
        await desk.start()
        now = desk.clock.advance(minutes=1)

        assert not await desk.core.exams.happen(desk.id, desk.person.id, now)
        assert not await desk.core.exams.happen(builders.new_sitting_id(), desk.person.id, now)
        assert not await desk.core.exams.happen(desk.id, other.id, now)


class TestWarnings:
    """Five minutes before the end, and one."""

    async def test_once_each(self, desk: Desk) -> None:
        """At their moment, and not again, however often it is swept."""
        await desk.start()
        told = []
        for _ in range(52 * 6):
            desk.clock.advance(seconds=10)
            await desk.sweep()
            if (now := await notice(desk)) is not None:
                told.append((round((desk.clock.now() - (await desk.sitting()).started_at).total_seconds()), now))

        assert told == [
            (45 * 60 + 10, Notice.FIVE_MINUTES),
            (49 * 60 + 10, Notice.ONE_MINUTE),
            (50 * 60 + 10, Notice.TIME_UP),
        ]

    @pytest.mark.parametrize(
        ("minutes", "expected"),
        [
            (10, [Notice.FIVE_MINUTES, Notice.ONE_MINUTE, Notice.TIME_UP]),
            (9.9, [Notice.ONE_MINUTE, Notice.TIME_UP]),
            (3, [Notice.ONE_MINUTE, Notice.TIME_UP]),
            (2.9, [Notice.TIME_UP]),
        ],
    )
    async def test_a_short_section_has_fewer(self, desk: Desk, minutes: float, expected: list[Notice]) -> None:
        """Five minutes are no news to whoever has just begun."""
        await desk.abandon()
        short = await desk.sit(builders.exam(builders.section("maths", 2, minutes), slug="SHORT"))
        await short.start()
        told = []
        for _ in range(12 * 6):
            desk.clock.advance(seconds=10)
            await desk.sweep()
            told.append(await notice(short))

        assert [one for one in told if one is not None] == expected

    async def test_what_was_slept_through_is_not_told(self, desk: Desk) -> None:
        """Back half a minute before the end, the bot tells of the last minute alone."""
        await desk.start()
        desk.clock.advance(minutes=49, seconds=30)
        await desk.sweep()

        first = await notice(desk)
        await desk.sweep()

        assert (first, await notice(desk)) == (Notice.ONE_MINUTE, None)

    async def test_a_warning_not_told_in_time_is_no_warning(self, desk: Desk) -> None:
        """After the deadline there is nothing to warn of: what is told is that time is up."""
        await desk.start()
        desk.clock.advance(minutes=49, seconds=2)
        await desk.sweep()
        desk.clock.advance(minutes=2)

        early = await desk.core.exams.notice(desk.actor)
        await desk.sweep()

        assert early is None or early.notice not in {Notice.FIVE_MINUTES, Notice.ONE_MINUTE}
        assert await notice(desk) is Notice.TIME_UP
        assert await notice(desk) is None

    async def test_whoever_hands_in_is_not_warned(self, desk: Desk) -> None:
        """The warning goes with its section."""
        await desk.start()
        desk.clock.advance(minutes=46)
        await desk.sweep()
        await desk.hand_in()

        assert await notice(desk) is None
        desk.clock.advance(hours=1)
        assert await desk.sweep() == 0


class TestNotices:
    """What the student is told without having asked."""

    async def test_told_once(self, desk: Desk) -> None:
        """With where it stands; whoever has to tell it finds student and chat."""
        await desk.start()
        desk.clock.advance(hours=1)
        before = await desk.core.exams.noticed(limit=10)
        await desk.sweep()

        pending = await desk.core.exams.noticed(limit=10)
        standing = await desk.core.exams.notice(desk.actor)
        first, second = await notice(desk), await notice(desk)

        assert before == []
        assert pending == [(desk.id, desk.person.id, desk.person.telegram_id)]
        assert isinstance(standing, Between)
        assert (first, second) == (Notice.TIME_UP, None)
        assert await desk.core.exams.noticed(limit=10) == []

    async def test_not_when_the_student_has_seen_it(self, desk: Desk) -> None:
        """Any press shows it; then it is not told again."""
        await desk.start()
        desk.clock.advance(hours=1)
        await desk.sweep()
        await desk.start(1)

        assert await notice(desk) is None

    async def test_a_press_that_closes_it_needs_no_notice(self, desk: Desk) -> None:
        """Its answer said so."""
        await desk.start()
        desk.clock.advance(hours=1)
        unchanged(await desk.answer(0, 0), Why.TIME_UP)

        assert await notice(desk) is None
        assert await desk.core.exams.noticed(limit=10) == []

    async def test_an_older_word_does_not_silence_a_newer_one(self, desk: Desk) -> None:
        """While the warning was on its way, time ran out: that is still to be told."""
        await desk.start()
        desk.clock.advance(minutes=46)
        await desk.sweep()
        desk.clock.advance(minutes=10)
        await desk.sweep()

        await desk.core.exams.told(desk.actor, desk.id, Notice.FIVE_MINUTES)

        assert await notice(desk) is Notice.TIME_UP

    async def test_of_one_s_own_only(self, desk: Desk, other: Person) -> None:
        """Another student hears nothing of it."""
        await desk.start()
        desk.clock.advance(hours=1)
        await desk.sweep()

        assert await desk.core.exams.notice(builders.actor(other, desk.clock.now())) is None


class TestLapse:
    """A section that is not started within a day."""

    @pytest.mark.parametrize("by", ["sweep", "press"])
    async def test_it_completes_as_blank(self, desk: Desk, by: str) -> None:
        """Marked so, at that moment, however late somebody looks."""
        await desk.start()
        await desk.right(0, 1)
        await desk.hand_in()
        lapses = desk.clock.now() + timedelta(hours=24)
        desk.clock.advance(days=3)
        if by == "sweep":
            await desk.sweep()
        else:
            over(unchanged(await desk.core.exams.start_section(desk.actor, desk.id, 1), Why.CLOSED).standing)

        sitting = await desk.sitting()

        assert (sitting.status, sitting.end_reason) == (Status.COMPLETED, EndReason.LAPSED)
        assert (sitting.completed_at, sitting.sections[1].completed_at) == (lapses, lapses)
        assert (sitting.sections[1].started_at, sitting.sections[1].closed_by) == (None, ClosedBy.LAPSED)
        assert [section.score for section in sitting.sections] == [2, 0]
        assert sitting.metadata["end_reason"] == "lapsed"
        assert sitting.due_at is None
        assert len(desk.attempts()) == 2
        assert await notice(desk) is (Notice.LAPSED if by == "sweep" else None)

    async def test_a_millisecond_before_it_can_be_started(self, desk: Desk) -> None:
        """At the full day it cannot."""
        desk.clock.advance(hours=24)
        early = desk.at(desk.clock.now() - MILLISECOND)

        on_paper(await desk.core.exams.start_section(early, desk.id, 0))
        await desk.hand_in()
        desk.clock.advance(hours=24)

        over(unchanged(await desk.core.exams.start_section(desk.actor, desk.id, 1), Why.CLOSED).standing)

    async def test_one_never_begun_is_no_history(self, desk: Desk) -> None:
        """Its paper was only drawn."""
        desk.clock.advance(hours=25)
        await desk.sweep()

        result = await desk.core.exams.results(desk.actor, desk.id)

        assert result.sitting.end_reason is EndReason.LAPSED
        assert await desk.core.exams.history(desk.actor, limit=5) == ()

    async def test_ran_out_and_then_lapsed_while_nobody_looked(self, desk: Desk) -> None:
        """First the section at its deadline, then the rest a day later."""
        await desk.start()
        await desk.right(0)
        deadline = desk.clock.now() + FIFTY
        desk.clock.advance(days=9)
        assert [await desk.sweep() for _ in range(3)] == [1, 1, 0]

        sitting = await desk.sitting()

        assert [section.closed_by for section in sitting.sections] == [ClosedBy.TIME, ClosedBy.LAPSED]
        assert [section.completed_at for section in sitting.sections] == [deadline, deadline + timedelta(hours=24)]
        assert len(desk.attempts()) == 1
        assert await notice(desk) is Notice.LAPSED

    async def test_a_notice_about_an_older_sitting_is_told_too(self, desk: Desk) -> None:
        """Also where a new one has begun since."""
        desk.clock.advance(hours=25)
        await desk.sweep()
        fresh = await desk.sit(builders.some_exam())
        await fresh.start()

        assert await notice(desk) is Notice.LAPSED
        assert await notice(desk) is None


class TestOutages:
    """Restarts, and clocks that jump."""

    @pytest.mark.parametrize("exam", [builders.some_exam(slug="TWO"), builders.one_clock()], ids=lambda exam: exam.slug)
    async def test_a_restart_between_any_two_steps(self, desk: Desk, restart: Restart, exam: ExamFormat) -> None:
        """The same rows, the same paper in the same order, the same clock."""
        await desk.abandon()
        sat = await desk.sit(exam)
        drawn = (await sat.sitting()).items
        last = 3 if exam.slug == "TWO" else 6
        steps: list[Callable[[], Awaitable[object]]] = [
            sat.start, lambda: sat.answer(1, 4), lambda: sat.flag(2), lambda: sat.move(last),
            lambda: sat.answer(last, 0), lambda: sat.answer(last, None), sat.hand_in,
        ]  # fmt: skip
        for step in steps:
            await restart(sat)
            outcome = await step()
            await restart(sat)
            sat.clock.advance(seconds=11)
            assert await sat.core.exams.fetch(sat.actor, sat.id) == outcome
            assert [item.order for item in (await sat.sitting()).items] == [item.order for item in drawn]

        sitting = await sat.sitting()
        assert [item.choice for item in sitting.items] == [4 if n == 1 else None for n in range(7)]
        assert [item.ms for item in sitting.items if item.ms] == [11_000, 11_000, 11_000, 33_000]

    async def test_an_outage_across_the_deadline(self, desk: Desk, restart: Restart) -> None:
        """The answer stands, the section closed when it had to, and the next can be begun."""
        await desk.start()
        await desk.right(0)
        deadline = desk.clock.now() + FIFTY
        desk.clock.advance(hours=5)
        await restart(desk)

        assert await desk.sweep() == 1

        assert (await desk.sitting()).sections[0].completed_at == deadline
        assert (await desk.start(1)).sitting.deadline == desk.clock.now() + timedelta(minutes=20)

    async def test_a_clock_set_back_gives_no_second_chance(self, desk: Desk) -> None:
        """What is closed stays closed."""
        await desk.start()
        desk.clock.advance(minutes=50)
        await desk.answer(0, 0)
        desk.clock.advance(minutes=-30)

        unchanged(await desk.answer(0, 0), Why.CLOSED)
        assert (await desk.start(1)).sitting.running

    async def test_a_clock_set_back_counts_no_time_twice(self, desk: Desk) -> None:
        """Time stands still until it is caught up with; nothing ends before it began."""
        await desk.start()
        began = desk.clock.now()
        desk.clock.advance(minutes=10)
        await desk.right(0)
        desk.clock.advance(hours=-3)
        await desk.right(1)
        await desk.move(2)
        desk.clock.advance(hours=3, minutes=5)
        closed = between(await desk.hand_in()).sitting

        assert [item.ms for item in closed.items[:4]] == [600_000, 0, 300_000, 0]
        assert closed.sections[0].completed_at == began + timedelta(minutes=15)
        assert {row["answered_at"] for row in desk.attempts()} == {began + timedelta(minutes=10)}

    async def test_handed_in_by_a_clock_set_back(self, desk: Desk) -> None:
        """Not before it was begun."""
        await desk.start()
        began = desk.clock.now()
        desk.clock.advance(minutes=10)
        await desk.right(0)
        desk.clock.advance(hours=-3)
        closed = between(await desk.hand_in()).sitting

        assert closed.sections[0].completed_at == began + timedelta(minutes=10)
        assert closed.due_at == began + timedelta(hours=24, minutes=10)
        assert closed.updated_at == began + timedelta(minutes=10)

    async def test_the_time_of_a_session_holds_its_answers_whatever_the_clock_says(self, desk: Desk) -> None:
        """FEAT-101's time window gives the same rows as summing by session, with the clock set back in a section."""
        await desk.start()
        await desk.right(0)
        desk.clock.advance(hours=-2)
        await desk.wrong(1)
        await desk.hand_in()
        await desk.start(1)
        desk.clock.advance(hours=-2)
        await desk.right(4)
        await desk.hand_in(1)
        desk.clock.advance(hours=5)
        await desk.core.sessions.end(desk.actor)

        (session,) = desk.sessions()
        window = (
            attempts.c.user_id == desk.person.id,
            attempts.c.answered_at >= session["started_at"],
            attempts.c.answered_at <= session["ended_at"],
        )
        (by_time,) = rows(desk.database_url, select(func.count().label("count")).where(*window))
        summary = await desk.core.sessions.summary(desk.actor, session["id"])
        assert by_time["count"] == summary.questions_attempted == 3

    async def test_a_student_who_travels(self, desk: Desk) -> None:
        """Another zone in the middle changes no deadline; the day of an attempt is that of the zone when it closes."""
        desk.clock.advance(hours=6, minutes=40)  # 15:40 UTC is the next day in Auckland, thirteen hours ahead
        deadline = (await desk.start()).sitting.deadline
        await desk.right(0)
        with second_connection(desk.database_url) as connection:
            connection.execute(update(users).where(users.c.id == desk.person.id).values(zone="Pacific/Auckland"))
        person = await desk.core.people.get(desk.actor)
        assert person is not None
        desk.person = person
        assert on_paper(await desk.answer(1, 1)).sitting.deadline == deadline
        desk.clock.advance(hours=1)
        await desk.sweep()

        assert (await desk.sitting()).sections[0].completed_at == deadline
        assert {row["local_day"] for row in desk.attempts()} == {"2026-11-21"}


class TestTwoDevices:
    """Two telephones, one student."""

    async def test_answers_to_different_items(self, desk: Desk) -> None:
        """None is lost."""
        await desk.start()

        await asyncio.gather(*(desk.answer(position, position) for position in range(4)))

        assert [item.choice for item in (await desk.sitting()).items[:4]] == [0, 1, 2, 3]

    async def test_answers_to_the_same_item(self, desk: Desk) -> None:
        """One of them stands, and the paper is whole."""
        await desk.start()

        outcomes = await asyncio.gather(*(desk.answer(2, choice) for choice in range(5) for _ in range(3)))

        stands = (await desk.sitting()).items[2].choice
        assert {on_paper(outcome).item.position for outcome in outcomes} == {2}
        assert stands in range(5)
        assert (await desk.sitting()).items[2].answered_at == desk.clock.now()

    async def test_an_answer_and_a_hand_in(self, desk: Desk) -> None:
        """Either the answer was in time and counts, or it is told that it was not."""
        await desk.start()

        handed, answered = await asyncio.gather(desk.hand_in(), desk.answer(0, 0))

        between(handed)
        counted = [row["position"] for row in desk.attempts()]
        assert counted == ([0] if isinstance(answered, OnPaper) else [])
        if not isinstance(answered, OnPaper):
            unchanged(answered, Why.CLOSED)

    async def test_hand_in_start_and_abandon_at_once(self, desk: Desk) -> None:
        """The sitting is over once, and its metadata agrees with its rows."""
        await desk.start()

        await asyncio.gather(
            desk.hand_in(), desk.core.exams.start_section(desk.actor, desk.id, 1), desk.abandon(), desk.abandon(),
            desk.answer(5, 1),
        )  # fmt: skip

        sitting = await desk.sitting()
        assert sitting.end_reason is EndReason.ABANDONED
        assert [str(section.closed_by) for section in sitting.sections] == [
            section["closed_by"]
            for section in sitting.metadata["sections"]  # type: ignore[attr-defined]  # JSON
        ]
