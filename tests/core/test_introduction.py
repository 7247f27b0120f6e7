"""The three things asked after the third answer, and how the quiz goes on afterwards."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event, select

from core.chiron import Chiron
from core.errors import InvalidInput
from core.introduction import Noted, read_day
from core.people.model import Onboarding, Person, Role
from core.ports import Actor, Place, Shown
from core.practice.outcomes import Asked, Finished, Introduce, Judged, OnHold, Passed, Remark
from core.whereabouts import AtHome
from storage.engine import Engines, open_engines
from storage.tables import attempts, quiz_sessions
from storage.work import SqlStorage
from tests import builders
from tests.fakes import FakeClock
from tests.readback import everything, rows


def at(person: Person, clock: FakeClock) -> Actor:
    """A person acting now."""
    return builders.actor(person, clock.now())


async def begun(core: Chiron, person: Person, clock: FakeClock, *, length: int = 5) -> Asked:
    """A quiz that was just begun."""
    standing = await core.quizzes.start(at(person, clock), builders.new_quiz_id(), length=length)
    assert isinstance(standing, Asked)
    return standing


async def play(core: Chiron, person: Person, clock: FakeClock, asked: Asked, answers: int) -> Judged:
    """Answer so many questions one after another; the last verdict stays on the screen."""
    for number in range(answers):
        outcome = await core.quizzes.answer(
            at(person, clock), asked.quiz.id, position=asked.quiz.served_index, choice=0
        )
        assert isinstance(outcome, Judged)
        if number < answers - 1:
            following = await core.quizzes.go_on(at(person, clock), asked.quiz.id, position=outcome.quiz.served_index)
            assert isinstance(following, Asked)
            asked = following
    return outcome


class TestWhen:
    """After the third answer, once."""

    async def test_after_the_third_answer_it_is_asked(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Before the fourth question; not after the first or the second."""
        judged = await play(core, student, clock, await begun(core, student, clock), 3)

        outcome = await core.quizzes.go_on(at(student, clock), judged.quiz.id, position=2)

        assert isinstance(outcome, Introduce)
        assert outcome.person.onboarding is Onboarding.EXAM

    async def test_answers_count_not_positions(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Skipped questions are none; those of an earlier quiz are."""
        first = await begun(core, student, clock)
        await core.quizzes.skip(at(student, clock), first.quiz.id, position=0)
        skipped = await core.quizzes.skip(at(student, clock), first.quiz.id, position=1)
        assert isinstance(skipped, Asked)
        judged = await play(core, student, clock, skipped, 1)
        assert isinstance(await core.quizzes.go_on(at(student, clock), judged.quiz.id, position=2), Asked)
        await core.quizzes.leave(at(student, clock), judged.quiz.id)

        judged = await play(core, student, clock, await begun(core, student, clock), 2)

        outcome = await core.quizzes.go_on(at(student, clock), judged.quiz.id, position=1)
        assert isinstance(outcome, Introduce)

    async def test_a_second_press_asks_the_same(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """It does not slip past to the next question."""
        judged = await play(core, student, clock, await begun(core, student, clock), 3)
        first = await core.quizzes.go_on(at(student, clock), judged.quiz.id, position=2)
        assert isinstance(first, Introduce)

        again = await core.quizzes.go_on(at(student, clock), judged.quiz.id, position=2)

        assert isinstance(again, Passed)
        assert isinstance(again.standing, Introduce)
        assert again.standing.person == first.person
        assert (first.first, again.standing.first) == (True, False)

    async def test_it_is_asked_once_only(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Neither later in the quiz nor in the next one."""
        judged = await play(core, student, clock, await begun(core, student, clock), 3)
        await core.quizzes.go_on(at(student, clock), judged.quiz.id, position=2)
        await core.introduction.prepare_for(at(student, clock), None)
        going_on = await core.introduction.born_in(at(student, clock), None)
        assert isinstance(going_on, Asked)

        rest = await play(core, student, clock, going_on, 2)
        result = await core.quizzes.go_on(at(student, clock), rest.quiz.id, position=4)
        next_quiz = await play(core, student, clock, await begun(core, student, clock), 4)

        assert isinstance(result, Finished)
        assert isinstance(await core.quizzes.go_on(at(student, clock), next_quiz.quiz.id, position=3), Asked)

    async def test_it_never_hides_a_result(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Where the third answer was the last, the result comes first, and it is asked in the next quiz."""
        judged = await play(core, student, clock, await begun(core, student, clock, length=3), 3)

        assert isinstance(await core.quizzes.go_on(at(student, clock), judged.quiz.id, position=2), Finished)

        after = await play(core, student, clock, await begun(core, student, clock), 1)
        assert isinstance(await core.quizzes.go_on(at(student, clock), after.quiz.id, position=0), Introduce)

    async def test_a_parent_who_tries_is_not_asked(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """They have no exam in view."""
        await core.people.be_parent(at(student, clock))

        judged = await play(core, student, clock, await begun(core, student, clock), 3)

        assert isinstance(await core.quizzes.go_on(at(student, clock), judged.quiz.id, position=2), Asked)


class TestAfterwards:
    """Each answer gives what comes next; at the end the quiz goes on."""

    async def test_exam_then_date_then_birth_year_then_the_quiz(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """The next question is on the screen, and its time begins."""
        judged = await play(core, student, clock, await begun(core, student, clock), 3)
        await core.quizzes.go_on(at(student, clock), judged.quiz.id, position=2)
        clock.advance(minutes=2)

        date_asked = await core.introduction.prepare_for(at(student, clock), "TOLC-I")
        birth_asked = await core.introduction.sit_on(at(student, clock), date(2027, 2, 12))
        going_on = await core.introduction.born_in(at(student, clock), 2008)

        assert isinstance(date_asked, Introduce)
        assert date_asked.person.onboarding is Onboarding.DATE
        assert isinstance(birth_asked, Introduce)
        assert birth_asked.person.onboarding is Onboarding.BIRTH
        assert isinstance(going_on, Asked)
        assert (going_on.quiz.served_index, going_on.quiz.served_at) == (3, clock.now())

    async def test_without_a_quiz_home_comes_next(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """From the settings, with nothing under way."""
        await core.introduction.ask_again(at(student, clock), Onboarding.BIRTH)

        outcome = await core.introduction.born_in(at(student, clock), 2008)

        assert isinstance(outcome, AtHome)

    async def test_a_quiz_that_was_paused_stays_so(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Who changes the exam in the settings did not ask for it."""
        asked = await begun(core, student, clock)
        await core.quizzes.pause(at(student, clock))
        await core.introduction.ask_again(at(student, clock), Onboarding.BIRTH)

        outcome = await core.introduction.born_in(at(student, clock), 2008)

        assert isinstance(outcome, AtHome)
        assert outcome.open is not None
        assert outcome.open.id == asked.quiz.id
        assert isinstance(await core.quizzes.standing(at(student, clock), asked.quiz.id), OnHold)

    async def test_asking_again_asks(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """From the settings."""
        outcome = await core.introduction.ask_again(at(student, clock), Onboarding.EXAM)

        assert isinstance(outcome, Introduce)
        assert outcome.person.onboarding is Onboarding.EXAM


class TestWriting:
    """What was asked for may be written instead of tapped."""

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("12/02/2027", date(2027, 2, 12)),
            ("12.2.2027", date(2027, 2, 12)),
            (" 1-9-2027 ", date(2027, 9, 1)),
            ("29 02 2028", date(2028, 2, 29)),
            ("12 febbraio 2027", date(2027, 2, 12)),
            ("il 12 Febbraio", date(2027, 2, 12)),
            ("l'8 marzo", date(2027, 3, 8)),
            ("1° dic", date(2026, 12, 1)),
            ("20 novembre", date(2026, 11, 20)),
            ("19 novembre", date(2027, 11, 19)),
            ("on the 3rd of September, 2027", date(2027, 9, 3)),
            ("3 sept.", date(2027, 9, 3)),
            ("18/02", date(2027, 2, 18)),
            ("20.11", date(2026, 11, 20)),
            ("31/02", None),
            ("31 febbraio", None),
            ("29 febbraio", None),
            ("29/02/2027", None),
            ("2027-02-12", None),
            ("32/1/2027", None),
            ("0/0/0000", None),
            ("3 settimane", None),
            ("12 marmotte", None),
            ("2 mesi", None),
            ("12", None),
            ("", None),
        ],
    )
    def test_a_day_is_written_day_first(self, text: str, day: date | None) -> None:
        """Only a text that as a whole is a day; without a year, the next such day."""
        assert read_day(text, date(2026, 11, 20)) == day

    def test_a_leap_day_is_the_next_one(self) -> None:
        """If there is one within a year."""
        assert read_day("29 febbraio", date(2027, 3, 1)) == date(2028, 2, 29)

    @pytest.mark.parametrize("text", ["12/02/2027", "12 febbraio"])
    async def test_a_written_day_is_the_date(self, core: Chiron, student: Person, clock: FakeClock, text: str) -> None:
        """While it is asked; which day was understood is told, with its year."""
        await core.introduction.prepare_for(at(student, clock), "TOLC-I")

        outcome = await core.writing.write(at(student, clock), text, reply=False)

        assert isinstance(outcome, Noted)
        assert outcome.day == date(2027, 2, 12)
        assert isinstance(outcome.then, Introduce)
        assert (outcome.then.person.exam_date, outcome.then.person.onboarding) == ("2027-02-12", Onboarding.BIRTH)

    @pytest.mark.parametrize("text", ["31 febbraio", "31/02/2027", "29 feb"])
    async def test_a_day_that_is_in_no_calendar_is_refused(
        self, core: Chiron, student: Person, clock: FakeClock, text: str
    ) -> None:
        """It was meant as a day."""
        await core.introduction.prepare_for(at(student, clock), "TOLC-I")

        with pytest.raises(InvalidInput, match="no-such-day"):
            await core.writing.write(at(student, clock), text, reply=False)

    async def test_a_fraction_is_a_day_only_where_a_day_is_asked(
        self, core: Chiron, storage: SqlStorage, student: Person, clock: FakeClock
    ) -> None:
        """With a question of a quiz on the screen “3/4” answers that."""
        await core.introduction.prepare_for(at(student, clock), "TOLC-I")
        elsewhere = await core.writing.write(at(student, clock), "3/4", reply=False)
        asking = Shown(None, Place(student.telegram_id, 5, "introduce", ""))
        await storage.transact(None, lambda work: work.inbox.shown([asking], clock.now()))

        with pytest.raises(InvalidInput, match="no-such-day"):
            await core.writing.write(at(student, clock), "31/02", reply=False)
        there = await core.writing.write(at(student, clock), "3/4", reply=False)

        assert isinstance(elsewhere, Remark)
        assert isinstance(there, Noted)
        assert there.day == date(2027, 4, 3)

    @pytest.mark.parametrize(
        ("text", "exam"),
        [
            ("tolc i", "TOLC-I"),
            ("TOLC-SU", "TOLC-SU"),
            ("Tolc psi", "TOLC-PSI"),
            ("cents", "CEnT-S"),
            ("TOLC–AV", "TOLC-AV"),
        ],
    )
    async def test_the_exam_may_be_written(
        self, core: Chiron, student: Person, clock: FakeClock, text: str, exam: str
    ) -> None:
        """Whatever its case, blanks and hyphens."""
        await core.introduction.ask_again(at(student, clock), Onboarding.EXAM)

        outcome = await core.writing.write(at(student, clock), text, reply=False)

        assert isinstance(outcome, Introduce)
        assert (outcome.person.exam, outcome.person.onboarding) == (exam, Onboarding.DATE)

    @pytest.mark.parametrize("text", ["tolc", "tolc ing", "ingegneria", "-"])
    async def test_only_exams_that_exist_are_taken(
        self, core: Chiron, storage: SqlStorage, student: Person, clock: FakeClock, text: str
    ) -> None:
        """Anything else is a remark, where it is asked."""
        await core.introduction.ask_again(at(student, clock), Onboarding.EXAM)
        asking = Shown(None, Place(student.telegram_id, 5, "introduce", ""))
        await storage.transact(None, lambda work: work.inbox.shown([asking], clock.now()))

        assert isinstance(await core.writing.write(at(student, clock), text, reply=False), Remark)

    async def test_a_written_year_is_the_birth_year(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """While it is asked; one that cannot be is refused."""
        await core.introduction.ask_again(at(student, clock), Onboarding.BIRTH)
        with pytest.raises(InvalidInput, match="birth-year"):
            await core.writing.write(at(student, clock), "1850", reply=False)

        outcome = await core.writing.write(at(student, clock), " 2008 ", reply=False)

        assert isinstance(outcome, AtHome)
        assert outcome.person is not None
        assert outcome.person.birth_year == 2008

    async def test_a_remark_while_something_is_asked_is_answered_there(
        self, core: Chiron, storage: SqlStorage, student: Person, clock: FakeClock
    ) -> None:
        """The question that is asked stands, and nothing is taken for an answer."""
        await core.introduction.prepare_for(at(student, clock), "TOLC-I")
        asking = Shown(None, Place(student.telegram_id, 5, "introduce", ""))
        await storage.transact(None, lambda work: work.inbox.shown([asking], clock.now()))

        outcome = await core.writing.write(at(student, clock), "tra 3 settimane", reply=False)

        person = await core.people.get(at(student, clock))
        assert person is not None
        assert isinstance(outcome, Remark)
        assert outcome.standing == Introduce(person, clock.now().date())
        assert person.exam_date is None

    @pytest.mark.parametrize("text", ["2008", "12/02/2027", "ciao", "boh"])
    async def test_nothing_is_taken_that_was_not_asked(
        self, core: Chiron, student: Person, clock: FakeClock, text: str
    ) -> None:
        """A number between two quizzes is a remark."""
        assert isinstance(await core.writing.write(at(student, clock), text, reply=False), Remark)
        person = await core.people.get(at(student, clock))
        assert person == student

    async def test_a_reply_to_the_question_is_its_answer(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """Even if it looks like a year while a year is asked."""
        await core.banks.store(builders.bank(builders.numeric("n", "years/one", value="2008"), name="n"), clock.now())
        (topic,) = [topic for topic in await core.banks.topics() if topic.path == ("years", "one")]
        await core.quizzes.start(at(student, clock), builders.new_quiz_id(), topic_id=topic.id)
        await core.people.ask(at(student, clock), Onboarding.BIRTH)

        outcome = await core.writing.write(at(student, clock), "2008", reply=True)

        person = await core.people.get(at(student, clock))
        assert isinstance(outcome, Judged)
        assert [row["is_right"] for row in rows(database_url, select(attempts))] == [True]
        assert person is not None
        assert person.birth_year is None


class TestOneTransaction:
    """What a press does is in the database as a whole, or not at all."""

    @pytest.fixture
    async def engines(self, database_url: str) -> AsyncIterator[Engines]:
        """The engines under the storage, so that a test can break their statements."""
        opened = open_engines(database_url)
        yield opened
        await opened.dispose()

    @pytest.fixture
    async def storage(self, engines: Engines) -> AsyncIterator[SqlStorage]:
        """A storage over engines that the test knows."""
        opened = SqlStorage(engines)
        yield opened
        await opened.close()

    @contextmanager
    def broken(self, engines: Engines, start: str) -> Iterator[None]:
        """Statements that begin so fail."""

        def fail(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if statement.startswith(start):
                raise OSError(start)

        event.listen(engines.writer, "before_cursor_execute", fail)
        yield
        event.remove(engines.writer, "before_cursor_execute", fail)

    @pytest.mark.parametrize("press", ["parent", "birth", "written"])
    async def test_if_the_quiz_cannot_follow_nothing_is_told(
        self,
        core: Chiron,
        engines: Engines,
        student: Person,
        clock: FakeClock,
        database_url: str,
        press: str,
    ) -> None:
        """The next try finds everything as it was; nobody hears of a change before it is there."""
        await begun(core, student, clock)
        if press != "parent":
            await core.introduction.ask_again(at(student, clock), Onboarding.BIRTH)
        presses: dict[str, Callable[[], Awaitable[object]]] = {
            "parent": lambda: core.introduction.be_parent(at(student, clock)),
            "birth": lambda: core.introduction.born_in(at(student, clock), 2008),
            "written": lambda: core.writing.write(at(student, clock), "2008", reply=False),
        }
        heard: list[Person] = []
        core.people.changed.append(heard.append)
        before = everything(database_url)

        with self.broken(engines, "UPDATE quiz_sessions"), pytest.raises(OSError, match="UPDATE quiz_sessions"):
            await presses[press]()

        assert everything(database_url) == before
        assert heard == []
        await presses[press]()
        assert heard == [await core.people.get(at(student, clock))]

    async def test_two_first_messages_at_once_begin_one_quiz(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """Whichever comes second sees the first one's question."""
        calls = (core.quizzes.welcome(at(student, clock), builders.new_quiz_id()) for _ in range(5))

        first, *others = await asyncio.gather(*calls)

        assert others == [first] * 4
        assert len(rows(database_url, select(quiz_sessions))) == 1


class TestStart:
    """The first message, and every later start."""

    async def test_a_parent_s_untouched_quiz_is_put_away(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """The welcome question was not for them."""
        await begun(core, student, clock)

        parent = await core.introduction.be_parent(at(student, clock))

        assert parent.role is Role.PARENT
        assert await core.quizzes.current(at(student, clock)) is None

    async def test_a_welcome_that_was_skipped_through_is_put_away_too(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """Whoever only skipped has answered nothing."""
        asked = await core.quizzes.welcome(at(student, clock), builders.new_quiz_id())
        assert isinstance(asked, Asked)
        await core.quizzes.skip(at(student, clock), asked.quiz.id, position=0)

        await core.introduction.be_parent(at(student, clock))

        assert await core.quizzes.current(at(student, clock)) is None

    async def test_a_quiz_with_an_answer_stays(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Whoever answered may go on."""
        await play(core, student, clock, await begun(core, student, clock), 1)

        await core.introduction.be_parent(at(student, clock))

        assert isinstance(await core.quizzes.current(at(student, clock)), Judged)

    async def test_the_screen_of_an_unanswered_introduction(
        self, core: Chiron, student: Person, clock: FakeClock
    ) -> None:
        """After a restart it is asked again; somebody who went home is left there."""
        judged = await play(core, student, clock, await begun(core, student, clock), 3)
        await core.quizzes.go_on(at(student, clock), judged.quiz.id, position=2)

        nowhere = await core.whereabouts.where(at(student, clock), None)
        at_home = await core.whereabouts.where(at(student, clock), Place(student.telegram_id, 5, "home", ""))

        assert isinstance(nowhere, Introduce)
        assert isinstance(at_home, Judged)
