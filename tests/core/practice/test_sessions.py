"""Practice sessions (FEAT-101): made by themselves, never two at once, summed up from their attempts."""

import asyncio
import uuid

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.chiron import Chiron
from core.errors import InvalidInput, NotFound, NothingToAsk
from core.ids import SessionId
from core.people.model import Person
from core.ports import Actor
from core.practice.model import EndReason, Quiz
from core.practice.outcomes import Asked, Judged, OnHold
from storage.tables import attempts, quiz_sessions, sessions
from tests import builders
from tests.fakes import FakeClock
from tests.readback import everything, rows, second_connection

NOBODY_S = SessionId(uuid.UUID(int=77))


@pytest.fixture
async def other(core: Chiron, student: Person, clock: FakeClock) -> Person:
    """Another student."""
    return await core.people.arrive(1002, "it", clock.now())


def at(person: Person, clock: FakeClock) -> Actor:
    """A person acting now."""
    return builders.actor(person, clock.now())


async def begun(core: Chiron, person: Person, clock: FakeClock, *, length: int = 5) -> Quiz:
    """A quiz that was just begun."""
    standing = await core.quizzes.start(at(person, clock), builders.new_quiz_id(), length=length)
    assert isinstance(standing, Asked)
    return standing.quiz


async def answer(
    core: Chiron, person: Person, clock: FakeClock, quiz: Quiz, *, right: bool = True, seconds: float = 0
) -> Judged:
    """Answer the open question after some seconds, going on from the verdict before it if there is one."""
    standing = await core.quizzes.standing(at(person, clock), quiz.id)
    if isinstance(standing, Judged):
        moved = await core.quizzes.resume(at(person, clock), quiz.id)
        assert moved is not None
        standing = moved
    assert isinstance(standing, Asked)
    clock.advance(seconds=seconds)
    solution = standing.version.right[0]
    outcome = await core.quizzes.answer(
        at(person, clock),
        quiz.id,
        position=standing.quiz.served_index,
        choice=solution if right else (solution + 1) % 5,
    )
    assert isinstance(outcome, Judged)
    return outcome


class TestFetch:
    """Questions to practise, and the session they belong to."""

    async def test_the_first_fetch_makes_a_session(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """It is named by what was chosen."""
        fetched = await core.sessions.fetch(at(student, clock), "maths", "algebra", 4)

        session = await core.sessions.get(at(student, clock), fetched.session_id)
        assert len(fetched.questions) == 4
        assert {question.topic for question in fetched.questions} == {("maths", "algebra")}
        assert fetched.selected_subtopic is None
        assert (session.subject, session.topic, session.subtopic) == ("maths", "algebra", None)
        assert session.child_id == student.id
        assert session.started_at == session.created_at == session.updated_at == clock.now()
        assert session.ended_at is None

    async def test_the_next_fetch_reuses_it(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Also for another subject."""
        first = await core.sessions.fetch(at(student, clock), "maths")
        clock.advance(minutes=29)

        second = await core.sessions.fetch(at(student, clock), "logic")

        assert second.session_id == first.session_id

    async def test_the_least_practised_subtopic_is_selected(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """All questions are of it, and it names the session."""
        bank = builders.bank(
            *(builders.single(f"s{n}", f"physics/motion/{'falling' if n % 2 else 'orbits'}") for n in range(6)),
            name="physics",
        )
        await core.banks.store(bank, clock.now())
        one = await core.sessions.fetch(at(student, clock), "physics", "motion", 2)
        deck = next(d for d in await core.banks.decks(student.id) if d.title == "physics")
        quiz = await core.quizzes.start_deck(at(student, clock), builders.new_quiz_id(), deck.id)
        assert isinstance(quiz, Asked)
        judged = await answer(core, student, clock, quiz.quiz)

        fetched = await core.sessions.fetch(at(student, clock), "physics", "motion", 10)

        assert fetched.selected_subtopic in {"falling", "orbits"}
        assert fetched.selected_subtopic != judged.version.topic[2]
        assert {question.topic[2] for question in fetched.questions} == {fetched.selected_subtopic}
        assert len(fetched.questions) == 3
        session = await core.sessions.get(at(student, clock), one.session_id)
        assert (session.subject, session.topic, session.subtopic) == ("physics", "motion", one.selected_subtopic)

    async def test_a_limit_is_kept(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Fewer where there are fewer."""
        few = await core.sessions.fetch(at(student, clock), "maths", "algebra", 1)
        all_of_them = await core.sessions.fetch(at(student, clock), "maths", "algebra", 100)

        assert len(few.questions) == 1
        assert len(all_of_them.questions) == 6

    @pytest.mark.parametrize("limit", [0, -1, 101])
    async def test_an_impossible_limit_is_refused(
        self, core: Chiron, student: Person, clock: FakeClock, limit: int
    ) -> None:
        """And makes no session."""
        with pytest.raises(InvalidInput):
            await core.sessions.fetch(at(student, clock), "maths", limit=limit)

        assert await core.sessions.active(at(student, clock)) is None

    @pytest.mark.parametrize(
        "path", [("history", None), ("maths", "geometry"), ("", None), ("%", None), ("math", None)]
    )
    async def test_an_unknown_topic_has_nothing_to_ask(
        self, core: Chiron, student: Person, clock: FakeClock, path: tuple[str, str | None]
    ) -> None:
        """And makes no session; a pattern is no name."""
        with pytest.raises(NothingToAsk):
            await core.sessions.fetch(at(student, clock), *path)

        assert await core.sessions.active(at(student, clock)) is None


class TestOneAtATime:
    """Never two active sessions for one student."""

    async def test_fifty_at_once_make_one_session(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """Fetches and starts from one student, all at the same moment."""
        fetches = [core.sessions.fetch(at(student, clock), "maths", limit=2) for _ in range(25)]
        starts = [core.quizzes.start(at(student, clock), builders.new_quiz_id(), length=2) for _ in range(25)]

        outcomes = await asyncio.gather(*fetches, *starts)

        found = rows(database_url, select(sessions))
        assert len(outcomes) == 50
        assert [row["child_id"] for row in found] == [student.id]
        assert {quiz["session_id"] for quiz in rows(database_url, select(quiz_sessions))} == {found[0]["id"]}

    async def test_students_do_not_share_one(
        self, core: Chiron, student: Person, other: Person, clock: FakeClock
    ) -> None:
        """Each has their own."""
        mine, theirs = await asyncio.gather(
            core.sessions.fetch(at(student, clock), "maths"), core.sessions.fetch(at(other, clock), "maths")
        )

        assert mine.session_id != theirs.session_id

    async def test_the_database_itself_refuses_a_second(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """A constraint stands behind the code."""
        await core.sessions.fetch(at(student, clock), "maths")
        second = {"id": uuid.uuid4(), "child_id": student.id}
        moments = dict.fromkeys(["started_at", "created_at", "updated_at", "last_activity_at"], clock.now())

        with pytest.raises(IntegrityError), second_connection(database_url) as connection:
            connection.execute(insert(sessions), {**second, **moments})

    async def test_an_ended_one_makes_room(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """The next activity begins another, after it."""
        first = await core.sessions.fetch(at(student, clock), "maths")
        await core.sessions.end(at(student, clock))

        second = await core.sessions.fetch(at(student, clock), "maths")

        before = await core.sessions.get(at(student, clock), first.session_id)
        after = await core.sessions.get(at(student, clock), second.session_id)
        assert before.ended_at is not None
        assert after.started_at > before.ended_at


class TestEnd:
    """By hand."""

    async def test_it_ends_now(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Nothing is active afterwards."""
        fetched = await core.sessions.fetch(at(student, clock), "maths")
        clock.advance(minutes=15)

        summary = await core.sessions.end(at(student, clock))

        assert summary is not None
        assert summary.session.id == fetched.session_id
        assert (summary.session.ended_at, summary.session.end_reason) == (clock.now(), EndReason.STOPPED)
        assert await core.sessions.active(at(student, clock)) is None
        assert (await core.sessions.get(at(student, clock), fetched.session_id)) == summary.session

    async def test_without_one_nothing_happens(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """There is nothing to sum up."""
        assert await core.sessions.end(at(student, clock)) is None

    async def test_a_named_one_ends_once(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Ending it again changes nothing and sums it up again."""
        fetched = await core.sessions.fetch(at(student, clock), "maths")
        first = await core.sessions.end(at(student, clock), fetched.session_id)
        clock.advance(hours=1)

        again = await core.sessions.end(at(student, clock), fetched.session_id)

        assert again == first

    async def test_a_stop_after_a_long_silence_ends_it_where_it_fell_silent(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """Forty minutes of nothing are no practice."""
        await core.sessions.fetch(at(student, clock), "maths")
        last = clock.now()
        clock.advance(minutes=40)

        summary = await core.sessions.end(at(student, clock))

        assert summary is not None
        assert (summary.session.ended_at, summary.session.end_reason) == (last, EndReason.IDLE)

    async def test_the_quiz_under_way_is_held(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Its clock stops with the session, also after a hint in a session begun later."""
        quiz = await begun(core, student, clock)
        await core.sessions.end(at(student, clock))
        await core.quizzes.resume(at(student, clock), quiz.id)
        clock.advance(minutes=45)
        await core.quizzes.hint(at(student, clock), quiz.id, position=0, number=1)

        await core.sessions.end(at(student, clock))

        assert isinstance(await core.quizzes.standing(at(student, clock), quiz.id), OnHold)

    async def test_every_quiz_of_it_is_held(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """No clock runs on anywhere."""
        for _ in range(3):
            await begun(core, student, clock)
            clock.advance(seconds=1)

        await core.sessions.end(at(student, clock))

        menu = await core.quizzes.menu(at(student, clock))
        assert len(menu.open) == 3
        assert all(past.quiz.paused_at is not None and past.quiz.served_at is None for past in menu.open)

    async def test_the_one_that_runs_is_held_whichever_was_touched_last(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """A report of an older quiz's question touches it; the clock of the newer one stops all the same."""
        older = await begun(core, student, clock)
        await answer(core, student, clock, older)
        newer = await begun(core, student, clock)
        clock.advance(seconds=1)
        await core.quizzes.report(at(student, clock), older.id, position=0)

        await core.sessions.end(at(student, clock))

        assert isinstance(await core.quizzes.standing(at(student, clock), newer.id), OnHold)

    async def test_a_clock_set_back_does_not_turn_it_around(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """It ends at its last activity at the earliest."""
        await core.sessions.fetch(at(student, clock), "maths")
        clock.advance(hours=-1)

        summary = await core.sessions.end(at(student, clock))

        assert summary is not None
        assert summary.session.ended_at == summary.session.started_at


class TestIdle:
    """Thirty minutes alone."""

    async def test_the_sweep_ends_it_at_the_last_activity(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """Once; a second sweep finds nothing."""
        quiz = await begun(core, student, clock)
        clock.advance(minutes=4)
        await answer(core, student, clock, quiz)
        last = clock.now()
        now = clock.advance(minutes=30)

        ended = await core.sessions.end_idle(now)

        (row,) = rows(database_url, select(sessions))
        assert ended == 1
        assert (row["ended_at"], row["end_reason"], row["last_activity_at"]) == (last, "idle", last)
        assert await core.sessions.end_idle(now) == 0

    async def test_the_sweep_leaves_the_living_alone(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """A moment less than thirty minutes is not yet idle."""
        await core.sessions.fetch(at(student, clock), "maths")
        now = clock.advance(minutes=30, microseconds=-1)

        assert await core.sessions.end_idle(now) == 0
        assert await core.sessions.active(at(student, clock)) is not None

    async def test_the_sweep_ends_more_than_one_chunk(self, core: Chiron, clock: FakeClock) -> None:
        """However many there are."""
        await core.banks.store(builders.some_questions(), clock.now())
        for number in range(205):
            person = await core.people.arrive(5_000 + number, "it", clock.now())
            await core.sessions.fetch(at(person, clock), "maths", limit=1)

        assert await core.sessions.end_idle(clock.advance(hours=1)) == 205

    async def test_without_a_sweep_it_reads_as_ended(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Every question about it gives the same answer."""
        fetched = await core.sessions.fetch(at(student, clock), "maths")
        last = clock.now()
        clock.advance(minutes=31)

        assert await core.sessions.active(at(student, clock)) is None
        assert (await core.sessions.get(at(student, clock), fetched.session_id)).ended_at == last
        assert (await core.sessions.summary(at(student, clock), fetched.session_id)).session.ended_at == last
        assert [session.ended_at for session in await core.sessions.history(at(student, clock))] == [last]

    async def test_the_next_activity_begins_another(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """The old one is ended where it fell silent, in the same commit."""
        first = await core.sessions.fetch(at(student, clock), "maths")
        last = clock.now()
        clock.advance(minutes=30)

        second = await core.sessions.fetch(at(student, clock), "logic")

        ends = {row["id"]: row["ended_at"] for row in rows(database_url, select(sessions))}
        assert ends == {first.session_id: last, second.session_id: None}

    async def test_a_paused_one_ends_so_too(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """A second pause does not keep it alive."""
        quiz = await begun(core, student, clock)
        paused_at = clock.advance(minutes=5)
        await core.quizzes.pause(at(student, clock), quiz.id)
        clock.advance(minutes=20)
        await core.quizzes.pause(at(student, clock), quiz.id)

        ended = await core.sessions.end_idle(clock.advance(minutes=10))

        (session,) = await core.sessions.history(at(student, clock))
        assert ended == 1
        assert session.ended_at == paused_at
        assert session.paused_at is None

    async def test_going_on_ends_the_pause(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """In the same session."""
        quiz = await begun(core, student, clock)
        await core.quizzes.pause(at(student, clock), quiz.id)
        held = await core.sessions.active(at(student, clock))
        clock.advance(minutes=20)

        await core.quizzes.resume(at(student, clock), quiz.id)

        going_on = await core.sessions.active(at(student, clock))
        assert held is not None
        assert going_on is not None
        assert held.paused_at is not None
        assert (going_on.id, going_on.paused_at, going_on.last_activity_at) == (held.id, None, clock.now())

    async def test_asking_for_the_next_question_is_activity(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """Twenty minutes with a verdict and twenty with the next question are no silence."""
        quiz = await begun(core, student, clock)
        judged = await answer(core, student, clock, quiz)
        clock.advance(minutes=20)
        await core.quizzes.go_on(at(student, clock), quiz.id, position=0)
        clock.advance(minutes=20)
        second = await answer(core, student, clock, quiz)

        assert second.attempt.session_id == judged.attempt.session_id

    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    async def test_the_sweep_does_not_end_what_is_being_answered(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """A session whose row a student's turn is just writing is left for the next sweep."""
        await core.sessions.fetch(at(student, clock), "maths")
        now = clock.advance(minutes=31)

        with second_connection(database_url) as turn:
            turn.execute(update(sessions).values(last_activity_at=now))
            async with asyncio.timeout(5):
                ended = await core.sessions.end_idle(now)

        assert ended == 0
        assert await core.sessions.active(at(student, clock)) is not None


class TestSummary:
    """Figures that can be recomputed from attempts."""

    async def test_the_figures(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Voided answers are left out of all of them."""
        quiz = await begun(core, student, clock, length=10)
        subjects = set()
        for number in range(6):
            judged = await answer(core, student, clock, quiz, right=number < 4, seconds=10 + number)
            clock.advance(minutes=1)
            if number:
                subjects.add(judged.version.topic[0])
        await core.quizzes.report(at(student, clock), quiz.id, position=0)

        session = await core.sessions.active(at(student, clock))
        assert session is not None
        summary = await core.sessions.summary(at(student, clock), session.id)

        assert (summary.questions_attempted, summary.questions_correct, summary.accuracy) == (5, 3, 60)
        assert summary.total_time_ms == 65_000
        assert summary.avg_time_per_question_ms == 13_000
        assert summary.subjects_practiced == tuple(sorted(subjects))

    async def test_no_answers_are_zero(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Questions were fetched, none was answered."""
        fetched = await core.sessions.fetch(at(student, clock), "maths")

        summary = await core.sessions.summary(at(student, clock), fetched.session_id)

        assert (summary.questions_attempted, summary.accuracy, summary.avg_time_per_question_ms) == (0, 0, 0)
        assert summary.subjects_practiced == ()

    async def test_the_sum_by_session_is_the_sum_over_its_time(
        self, core: Chiron, student: Person, other: Person, clock: FakeClock, database_url: str
    ) -> None:
        """FEAT-101's time window gives the same rows: at standstill, over an idle end, with the clock set back."""
        mine = await begun(core, student, clock, length=12)
        theirs = await begun(core, other, clock, length=12)
        for step in ("answer", "stop", "answer", "idle", "answer", "back", "answer", "stop", "answer"):
            match step:
                case "answer":
                    await answer(core, student, clock, mine)
                    await answer(core, other, clock, theirs, right=False)
                case "stop":
                    await core.sessions.end(at(student, clock))
                case "idle":
                    clock.advance(minutes=33)
                case _:
                    clock.advance(hours=-2)

        found = await core.sessions.history(at(student, clock))
        assert len(found) == 4
        for session in found:
            window = [attempts.c.user_id == student.id, attempts.c.answered_at >= session.started_at]
            if session.ended_at is not None:
                window.append(attempts.c.answered_at <= session.ended_at)
            (by_time,) = rows(
                database_url,
                select(func.count().label("count"), func.sum(attempts.c.active_ms).label("ms")).where(*window),
            )
            summary = await core.sessions.summary(at(student, clock), session.id)
            assert summary.questions_attempted == by_time["count"] > 0
            assert summary.total_time_ms == by_time["ms"]

    async def test_a_session_goes_on_across_midnight(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """One session, two days of attempts."""
        clock.advance(hours=13, minutes=50)  # 22:50 UTC, ten to midnight in Rome
        quiz = await begun(core, student, clock)
        before = await answer(core, student, clock, quiz)
        clock.advance(minutes=20)
        after = await answer(core, student, clock, quiz)

        assert (before.attempt.local_day, after.attempt.local_day) == ("2026-11-20", "2026-11-21")
        assert before.attempt.session_id == after.attempt.session_id
        assert len(await core.sessions.history(at(student, clock))) == 1


class TestHistory:
    """Sessions of one's own."""

    async def test_the_newest_comes_first(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """As many as asked for."""
        made = []
        for _ in range(4):
            made.append((await core.sessions.fetch(at(student, clock), "maths")).session_id)
            clock.advance(hours=1)

        assert [session.id for session in await core.sessions.history(at(student, clock))] == made[::-1]
        assert [session.id for session in await core.sessions.history(at(student, clock), limit=2)] == made[:1:-1]

    @pytest.mark.parametrize("limit", [0, -5, 1_001])
    async def test_an_impossible_limit_is_refused(
        self, core: Chiron, student: Person, clock: FakeClock, limit: int
    ) -> None:
        """It is named as the reason."""
        with pytest.raises(InvalidInput, match="limit"):
            await core.sessions.history(at(student, clock), limit=limit)

    async def test_it_starts_empty(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Nothing practised, nothing listed."""
        assert await core.sessions.history(at(student, clock)) == []


class TestAccess:
    """Another student's session is as absent as one that never was."""

    @pytest.mark.parametrize("use_case", ["get", "end", "summary"])
    async def test_another_student_finds_nothing_and_changes_nothing(
        self, core: Chiron, student: Person, other: Person, clock: FakeClock, database_url: str, use_case: str
    ) -> None:
        """Both answer the same."""
        quiz = await begun(core, student, clock)
        await answer(core, student, clock, quiz)
        session = await core.sessions.active(at(student, clock))
        assert session is not None
        before = everything(database_url)

        refusals = []
        for session_id in (session.id, NOBODY_S):
            with pytest.raises(NotFound) as refusal:
                await getattr(core.sessions, use_case)(at(other, clock), session_id)
            refusals.append(refusal.value.args)

        assert refusals[0] == refusals[1]
        assert everything(database_url) == before

    async def test_lists_hold_one_s_own_only(
        self, core: Chiron, student: Person, other: Person, clock: FakeClock
    ) -> None:
        """Neither history nor what is active shows another's."""
        await core.sessions.fetch(at(student, clock), "maths")

        assert await core.sessions.history(at(other, clock)) == []
        assert await core.sessions.active(at(other, clock)) is None
