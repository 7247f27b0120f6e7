"""The worked twin after the last hint, and the unassisted twin that comes back days later."""

import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select

from core.chiron import Chiron
from core.errors import NotAllowed, NotFound
from core.exams.formats import FULL
from core.ids import QuestionId, UserId, VersionId
from core.people.model import Person
from core.practice import rules, twin_rules
from core.practice.model import Attempt, Candidate, Chosen, Difficulty, Help, Mode
from core.practice.outcomes import Asked, Judged, Passed, Why, WorkedTwin
from core.practice.twins import Rate
from core.questions.model import Item
from storage.engine import Engines, open_engines
from storage.tables import attempts, twins
from storage.work import SqlStorage
from tests import builders
from tests.core.practice.test_quizzes import answer, asked, at, begun, judged, other, topic_id
from tests.fakes import FakeClock
from tests.readback import everything, rows

__all__ = ["other"]

ROME = "Europe/Rome"


@pytest.fixture
async def engines(database_url: str) -> AsyncIterator[Engines]:
    """The engines under the storage, so that a test can watch their statements."""
    opened = open_engines(database_url)
    yield opened
    await opened.dispose()


@pytest.fixture
async def storage(engines: Engines) -> AsyncIterator[SqlStorage]:
    """A storage over engines that the test knows."""
    opened = SqlStorage(engines)
    yield opened
    await opened.close()


def twin_of(outcome: object) -> WorkedTwin:
    """The outcome, which shows a worked twin."""
    assert isinstance(outcome, WorkedTwin)
    return outcome


async def over(core: Chiron, person: Person, clock: FakeClock, *items: Item, length: int = 1) -> Asked:
    """A quiz over the topic of these questions, which are all that it has; a bank of their own."""
    await core.banks.store(builders.bank(*items, name=f"only-{items[0].topic[-1]}"), clock.now())
    topic = await topic_id(core, "/".join(items[0].topic))
    return await begun(core, person, clock, topic_id=topic, mode=Mode.TARGETED, length=length)


async def at_question(core: Chiron, person: Person, clock: FakeClock, slug: str, *items: Item) -> Asked:
    """A quiz of one question over their topic, which asks the one with this slug."""
    standing = await over(core, person, clock, *items)
    while standing.version.slug != slug:
        standing = await begun(core, person, clock, topic_id=standing.quiz.topic_id, mode=Mode.TARGETED, length=1)
    return standing


async def draw(core: Chiron, person: Person, clock: FakeClock, topic: str, questions: int) -> None:
    """Draw a paper over a topic."""
    exam = builders.exam(builders.section(topic, questions, topics=(topic,)), slug="DRAWN")
    await core.exams.add([exam], clock.now())
    await core.exams.create(at(person, clock), builders.new_sitting_id(), "DRAWN", FULL)


async def hinted(core: Chiron, person: Person, clock: FakeClock, standing: Asked, number: int = 3) -> Asked:
    """The same question after so many hints."""
    position = standing.quiz.served_index
    return asked(await core.quizzes.hint(at(person, clock), standing.quiz.id, position=position, number=number))


async def worked(core: Chiron, person: Person, clock: FakeClock, standing: Asked) -> object:
    """What the key for the worked twin gives."""
    position = standing.quiz.served_index
    return await core.quizzes.twin(at(person, clock), standing.quiz.id, position=position)


def alike(topic: str, count: int = 6) -> list[Item]:
    """Questions of one topic."""
    return [builders.single(f"{topic.replace('/', '-')}-{n}", topic, right=n % 5) for n in range(count)]


async def due_after(core: Chiron, person: Person, clock: FakeClock, topic: str, *, help_: Help | None) -> Judged:
    """A question of a topic answered wrong, or right with help, so that a twin waits."""
    standing = await begun(core, person, clock, topic_id=await topic_id(core, topic), mode=Mode.TARGETED, length=1)
    if help_ is Help.HINT:
        standing = await hinted(core, person, clock, standing, 1)
    elif help_ is Help.TWIN:
        twin_of(await worked(core, person, clock, await hinted(core, person, clock, standing)))
    elif help_ is Help.MENTOR:
        await mentor(core, person, clock, standing)
    return await answer(core, person, clock, standing, right=help_ is not None)


async def mentor(core: Chiron, person: Person, clock: FakeClock, standing: Asked, position: int | None = None) -> None:
    """Ask the mentor about a question, as its own part will."""
    actor = at(person, clock)
    place = standing.quiz.served_index if position is None else position
    storage = core.twins._storage  # noqa: SLF001 - the mentor will have it by its own way
    await storage.transact(actor, lambda work: core.quizzes.helped_by_mentor(work, actor, standing.quiz.id, place))


def returns(standing: Asked) -> list[int]:
    """Places of a quiz that twins take."""
    return [place for place in range(standing.quiz.length) if rules.is_return(standing.quiz, place)]


async def at_return(core: Chiron, person: Person, clock: FakeClock, standing: Asked) -> Asked:
    """The same quiz at the first question that came back."""
    here: object = standing
    while not rules.is_return(asked(here).quiz, asked(here).quiz.served_index):
        quiz = asked(here).quiz
        here = await core.quizzes.skip(at(person, clock), quiz.id, position=quiz.served_index)
    return asked(here)


class TestWorkedTwin:
    """The fourth rung of the ladder."""

    async def test_offered_after_the_last_hint(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Not before; the first hint costs no look into the bank for it."""
        standing = await over(core, student, clock, *alike("a/b", 2))

        offers = [(await hinted(core, student, clock, standing, number)).twin for number in (1, 2, 3)]

        assert not standing.twin
        assert offers == [False, False, True]

    async def test_it_is_another_question_with_its_solution(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """Counted as one rung more; the open question stands as it did."""
        standing = await over(core, student, clock, *alike("a/b", 2))
        await hinted(core, student, clock, standing)

        shown = twin_of(await worked(core, student, clock, standing))

        assert shown.version == standing.version
        assert shown.twin.question_id != standing.version.question_id
        assert shown.twin.topic == ("a", "b")
        assert shown.quiz.hints == 4
        assert asked(await core.quizzes.standing(at(student, clock), standing.quiz.id)).quiz == shown.quiz
        verdict = await answer(core, student, clock, standing)
        (row,) = rows(database_url, select(attempts))
        assert (row["hints"], row["help"]) == (4, "twin")
        assert (verdict.attempt.help, verdict.attempt.xp) == (Help.TWIN, 4)

    async def test_a_second_press_shows_the_same_and_counts_nothing(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """Also when the bank has a nearer one meanwhile."""
        standing = await over(core, student, clock, *alike("a/b", 2))
        await hinted(core, student, clock, standing)
        first = twin_of(await worked(core, student, clock, standing))
        nearer = [builders.single(f"late{n}", "a/b", difficulty=standing.version.difficulty) for n in range(3)]
        await core.banks.store(builders.bank(*nearer, name="late"), clock.now())
        before = everything(database_url)

        again = twin_of(await worked(core, student, clock, standing))

        assert again == first
        assert everything(database_url) == before

    async def test_before_the_last_hint_it_is_not_shown(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """A forged press changes nothing."""
        standing = await over(core, student, clock, *alike("a/b", 2))
        await hinted(core, student, clock, standing, 2)
        before = everything(database_url)

        outcome = asked(await worked(core, student, clock, standing))

        assert outcome.quiz.hints == 2
        assert everything(database_url) == before

    async def test_at_once_where_there_are_no_hints(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """It is the first rung then."""
        bare, explained = alike("a/b", 2)
        bare = replace(bare, wordings={lang: replace(words, hints=()) for lang, words in bare.wordings.items()})
        explained = replace(explained, wordings=bare.wordings)

        standing = await over(core, student, clock, bare, explained)

        assert standing.twin
        assert twin_of(await worked(core, student, clock, standing)).quiz.hints == 1

    @pytest.mark.parametrize("lacks", ["another", "explanation", "language", "topic"])
    async def test_where_the_bank_has_none(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str, lacks: str
    ) -> None:
        """Nothing is offered, and a press shows the question as it stands."""
        question, twin = alike("a/b", 2)
        match lacks:
            case "explanation":
                wordings = {lang: replace(words, explanation=None) for lang, words in twin.wordings.items()}
                items = [question, replace(twin, wordings=wordings, difficulty=5)]
            case "language":
                items = [question, replace(twin, original="en", wordings={"en": twin.wordings["en"]})]
            case "topic":
                items = [question, builders.single("elsewhere", "a/c")]
            case _:
                items = [question]
        standing = await at_question(core, student, clock, question.slug, *items)

        last = await hinted(core, student, clock, standing)
        before = everything(database_url)

        assert not last.twin
        assert await worked(core, student, clock, standing) == last
        assert everything(database_url) == before

    async def test_the_nearest_of_its_kind(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """The same kind goes first, then the nearest difficulty."""
        near = [builders.single(f"l{level}", "a/b", difficulty=level) for level in (1, 2, 5)]
        written = replace(builders.numeric("n4", "a/b"), difficulty=4)
        four = builders.single("four", "a/b", difficulty=4)
        standing = await at_question(core, student, clock, "four", four, written, *near)
        await hinted(core, student, clock, standing)

        assert twin_of(await worked(core, student, clock, standing)).twin.slug == "l5"

    async def test_none_that_this_quiz_will_ask(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """With all of a topic in it, nothing is left to show; what was passed may be."""
        standing = await over(core, student, clock, *alike("a/b", 3), length=3)
        first = await hinted(core, student, clock, standing)
        second = asked(await core.quizzes.skip(at(student, clock), standing.quiz.id, position=0))
        second = await hinted(core, student, clock, second)

        assert not first.twin
        assert twin_of(await worked(core, student, clock, second)).twin == standing.version

    @pytest.mark.parametrize("shown", [False, True])
    async def test_none_of_an_open_paper(self, core: Chiron, student: Person, clock: FakeClock, *, shown: bool) -> None:
        """It is not offered; where it was shown before the paper was drawn, it is not shown again."""
        written, single = builders.numeric("written", "a/b"), builders.single("single", "a/b")
        standing = await at_question(core, student, clock, "written", written, single)
        last = await hinted(core, student, clock, standing)
        if shown:
            twin_of(await worked(core, student, clock, standing))
        await draw(core, student, clock, "a", 1)  # papers have no written answers: it is the other one

        assert last.twin
        if shown:
            with pytest.raises(NotAllowed, match="exam-question"):
                await worked(core, student, clock, standing)
        else:
            assert not asked(await worked(core, student, clock, standing)).twin

    async def test_a_stale_press(self, core: Chiron, student: Person, clock: FakeClock, database_url: str) -> None:
        """After the answer, while paused, at a place to come: nothing changes."""
        standing = await over(core, student, clock, *alike("a/b", 4), length=2)
        actor = at(student, clock)
        await core.quizzes.pause(actor, standing.quiz.id)
        before = everything(database_url)
        held = await worked(core, student, clock, standing)
        ahead = await core.quizzes.twin(actor, standing.quiz.id, position=1)
        assert everything(database_url) == before
        await core.quizzes.resume(actor, standing.quiz.id)
        await answer(core, student, clock, standing)
        before = everything(database_url)

        late = await worked(core, student, clock, standing)

        assert [outcome.why for outcome in (held, ahead, late) if isinstance(outcome, Passed)] == [
            Why.PAUSED,
            Why.PAUSED,
            Why.ANSWERED,
        ]
        assert everything(database_url) == before

    async def test_the_next_question_begins_without(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Help at one place is no help at the next."""
        standing = await over(core, student, clock, *alike("a/b", 4), length=2)
        await hinted(core, student, clock, standing)
        await worked(core, student, clock, standing)
        following = asked(await core.quizzes.skip(at(student, clock), standing.quiz.id, position=0))

        verdict = await answer(core, student, clock, following)

        assert (verdict.attempt.hints, verdict.attempt.help) == (0, None)

    async def test_a_similar_one_is_another_one_still(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """What was shown with its solution is not added to the quiz."""
        standing = await over(core, student, clock, *alike("a/b", 4), length=2)
        await hinted(core, student, clock, standing)
        shown = twin_of(await worked(core, student, clock, standing)).twin
        await answer(core, student, clock, standing, right=False)

        more = await core.quizzes.similar(at(student, clock), standing.quiz.id, position=0)

        assert judged(more).quiz.length == 3
        assert shown.id not in judged(more).quiz.version_ids


class TestHelp:
    """What an attempt says about help."""

    @pytest.mark.parametrize("help_", [None, *Help])
    async def test_it_stands_in_the_attempt(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str, help_: Help | None
    ) -> None:
        """And is read back."""
        verdict = await due_after(core, student, clock, "maths/algebra", help_=help_)

        (row,) = rows(database_url, select(attempts))
        again = judged(await core.quizzes.standing(at(student, clock), verdict.quiz.id))
        assert (row["help"], verdict.attempt.help, again.attempt.help) == (help_, help_, help_)

    async def test_the_mentor_tells_most(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """After a hint and a worked twin too, and however often it was asked."""
        standing = await begun(core, student, clock)
        await hinted(core, student, clock, standing)
        await worked(core, student, clock, standing)
        for _ in range(2):
            await mentor(core, student, clock, standing)

        assert (await answer(core, student, clock, standing)).attempt.help is Help.MENTOR

    async def test_a_paused_question_counts(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """It is still to be answered."""
        standing = await begun(core, student, clock)
        await core.quizzes.pause(at(student, clock), standing.quiz.id)
        await mentor(core, student, clock, standing)
        await core.quizzes.resume(at(student, clock), standing.quiz.id)

        assert (await answer(core, student, clock, standing)).attempt.help is Help.MENTOR

    async def test_it_counts_for_that_question_alone(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Asked about one that was then skipped, it is no help at the next."""
        standing = await begun(core, student, clock)
        await mentor(core, student, clock, standing)
        following = asked(await core.quizzes.skip(at(student, clock), standing.quiz.id, position=0))

        assert (await answer(core, student, clock, following)).attempt.help is None

    async def test_asked_after_the_answer_it_is_no_help(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """Nor about the question to come; nothing changes."""
        standing = await begun(core, student, clock)
        await answer(core, student, clock, standing)
        before = everything(database_url)

        for position in (0, 1, 4, 99):
            await mentor(core, student, clock, standing, position)

        assert everything(database_url) == before
        following = asked(await core.quizzes.go_on(at(student, clock), standing.quiz.id, position=0))
        assert (await answer(core, student, clock, following)).attempt.help is None

    async def test_another_student_s_quiz_is_absent(
        self, core: Chiron, student: Person, other: Person, clock: FakeClock, database_url: str
    ) -> None:
        """As everywhere."""
        standing = await begun(core, student, clock)
        before = everything(database_url)

        with pytest.raises(NotFound):
            await mentor(core, other, clock, standing)

        assert everything(database_url) == before


class TestComesBack:
    """Written with the answer."""

    @pytest.mark.parametrize("help_", [None, *Help])
    async def test_after_help_and_after_a_mistake(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str, help_: Help | None
    ) -> None:
        """One to three days later, at the same time of day."""
        verdict = await due_after(core, student, clock, "maths/algebra", help_=help_)

        (row,) = rows(database_url, select(twins))
        (attempt,) = rows(database_url, select(attempts))
        assert (row["user_id"], row["of_attempt_id"], row["of_version_id"]) == (
            student.id,
            attempt["id"],
            verdict.version.id,
        )
        assert (row["help"], row["quiz_id"], row["position"], row["attempt_id"]) == (help_, None, None, None)
        assert row["due_at"] - clock.now() in {timedelta(days=days) for days in (1, 2, 3)}

    async def test_not_after_a_right_answer_without_help(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """Nor after a skip."""
        standing = await begun(core, student, clock, length=2)
        await answer(core, student, clock, standing)
        await core.quizzes.go_on(at(student, clock), standing.quiz.id, position=0)
        await core.quizzes.skip(at(student, clock), standing.quiz.id, position=1)

        assert rows(database_url, select(twins)) == []

    async def test_the_oldest_gives_way(
        self, core: Chiron, student: Person, other: Person, clock: FakeClock, database_url: str
    ) -> None:
        """Twenty wait for a student at most; another's are their own."""
        await due_after(core, other, clock, "maths/algebra", help_=None)
        for _ in range(twin_rules.MOST_OPEN + 2):
            clock.advance(seconds=10)
            await due_after(core, student, clock, "maths/algebra", help_=None)

        found = rows(database_url, select(twins.c.of_attempt_id, twins.c.user_id).order_by(twins.c.id))
        mine = [row["of_attempt_id"] for row in found if row["user_id"] == student.id]
        given = rows(database_url, select(attempts.c.id).where(attempts.c.user_id == student.id))
        assert mine == sorted(row["id"] for row in given)[2:]
        assert len(found) == twin_rules.MOST_OPEN + 1


class TestServed:
    """In a mixed quiz, or in one over its topic, once it is due."""

    async def waiting(self, core: Chiron, student: Person, clock: FakeClock, help_: Help | None = Help.HINT) -> Judged:
        """A student for whom a twin in algebra is due."""
        verdict = await due_after(core, student, clock, "maths/algebra", help_=help_)
        clock.advance(days=3)
        return verdict

    @pytest.mark.parametrize("mode", [Mode.MIXED, Mode.TARGETED])
    async def test_it_takes_a_place(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str, mode: Mode
    ) -> None:
        """Not the first; another question of the topic, never answered before; the row says where."""
        verdict = await self.waiting(core, student, clock)
        topic = await topic_id(core, "maths") if mode is Mode.TARGETED else None

        quiz = await begun(core, student, clock, mode=mode, topic_id=topic, length=4)

        (place,) = returns(quiz)
        here = await at_return(core, student, clock, quiz)
        (row,) = rows(database_url, select(twins))
        assert place > 0
        assert here.version.topic == verdict.version.topic
        assert here.version.question_id != verdict.version.question_id
        assert rules.follows_help(quiz.quiz, place)
        assert (row["quiz_id"], row["position"], row["attempt_id"]) == (quiz.quiz.id, place, None)
        assert quiz.quiz.length == 4
        assert len(set(quiz.quiz.version_ids)) == 4

    async def test_not_before_it_is_due(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """A minute less than a day later there is none."""
        await due_after(core, student, clock, "maths/algebra", help_=None)
        clock.advance(hours=23, minutes=59)

        assert returns(await begun(core, student, clock, length=6)) == []

    async def test_not_in_other_quizzes(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Neither in another topic or difficulty, nor among mistakes, in a deck or in the first minute."""
        await self.waiting(core, student, clock, None)
        (deck,) = await core.banks.decks(student.id)
        actor = at(student, clock)
        logic = await topic_id(core, "logic")
        hard = [builders.single(f"h{n}", "maths/algebra", difficulty=5) for n in range(3)]
        await core.banks.store(builders.bank(*hard, name="hard"), clock.now())

        quizzes = [
            await begun(core, student, clock, mode=Mode.TARGETED, topic_id=logic, length=5),
            await begun(core, student, clock, mode=Mode.MISTAKES, length=5),
            await begun(core, student, clock, difficulty=Difficulty.HARD, length=3),
            asked(await core.quizzes.start_deck(actor, builders.new_quiz_id(), deck.id)),
            await begun(core, student, clock, length=1),
        ]
        for quiz in quizzes:
            await core.quizzes.leave(actor, quiz.quiz.id)
        welcome = asked(await core.quizzes.welcome(actor, builders.new_quiz_id()))

        assert [returns(quiz) for quiz in (*quizzes, welcome)] == [[]] * 6

    async def test_two_at_most(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """The longest due first; the third waits for the next quiz."""
        for _ in range(3):
            await due_after(core, student, clock, "maths/algebra", help_=None)
        clock.advance(days=3)

        first = await begun(core, student, clock, length=8)
        second = await begun(core, student, clock, length=8)
        third = await begun(core, student, clock, length=8)

        assert [len(returns(quiz)) for quiz in (first, second, third)] == [2, 1, 0]

    async def test_no_help_there(self, core: Chiron, student: Person, clock: FakeClock, database_url: str) -> None:
        """An old or forged press for a hint or a worked twin shows nothing and counts nothing."""
        await self.waiting(core, student, clock)
        here = await at_return(core, student, clock, await begun(core, student, clock, length=3))
        before = everything(database_url)

        assert await hinted(core, student, clock, here) == here
        assert await worked(core, student, clock, here) == here
        assert not here.twin
        assert everything(database_url) == before

    @pytest.mark.parametrize("right", [True, False])
    async def test_its_answer_is_linked(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str, *, right: bool
    ) -> None:
        """It does not come back again, right or wrong: the control has no one who had help once."""
        await self.waiting(core, student, clock)
        here = await at_return(core, student, clock, await begun(core, student, clock, length=3))

        verdict = await answer(core, student, clock, here, right=right)

        (row,) = rows(database_url, select(twins))
        (attempt,) = rows(database_url, select(attempts).where(attempts.c.quiz_id == here.quiz.id))
        assert row["attempt_id"] == attempt["id"]
        assert (attempt["is_right"], attempt["help"], attempt["hints"]) == (right, None, 0)
        assert verdict.attempt.right is right
        clock.advance(days=9)
        assert returns(await begun(core, student, clock, length=3)) == []

    async def test_skipped_it_is_due_the_next_day(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Not before."""
        await self.waiting(core, student, clock)
        here = await at_return(core, student, clock, await begun(core, student, clock, length=3))
        clock.advance(hours=2)
        await core.quizzes.skip(at(student, clock), here.quiz.id, position=here.quiz.served_index)
        clock.advance(hours=23)
        soon = await begun(core, student, clock, length=3)
        clock.advance(hours=1)

        later = await begun(core, student, clock, length=3)

        assert (len(returns(soon)), len(returns(later))) == (0, 1)

    async def test_one_in_a_quiz_that_nobody_went_on_with(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """Is due again a day later; the answer in the old quiz is then nothing but an answer."""
        await self.waiting(core, student, clock)
        old = await begun(core, student, clock, length=3)
        clock.advance(days=1)
        new = await begun(core, student, clock, length=3)
        await core.quizzes.resume(at(student, clock), old.quiz.id)

        await answer(core, student, clock, await at_return(core, student, clock, old))

        (row,) = rows(database_url, select(twins).where(twins.c.help.is_not(None)))
        assert (row["quiz_id"], row["attempt_id"]) == (new.quiz.id, None)

    async def test_what_was_shown_worked_is_not_asked(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Its solution was read; with nothing else left the twin waits a day."""
        standing = await over(core, student, clock, *alike("a/b", 2))
        await hinted(core, student, clock, standing)
        shown = twin_of(await worked(core, student, clock, standing)).twin
        await answer(core, student, clock, standing)
        clock.advance(days=3)
        none = await begun(core, student, clock, length=5)
        third = builders.single("third", "a/b")
        await core.banks.store(builders.bank(third, name="third"), clock.now())
        same_day = await begun(core, student, clock, length=5)
        clock.advance(days=1)

        found = await begun(core, student, clock, length=5)

        assert (returns(none), returns(same_day)) == ([], [])
        here = await at_return(core, student, clock, found)
        assert here.version.slug == "third"
        assert here.version.id != shown.id

    async def test_none_of_an_open_paper(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """What a paper holds is not asked as a twin either."""
        await self.waiting(core, student, clock)
        await draw(core, student, clock, "maths", 6)

        assert returns(await begun(core, student, clock, length=5)) == []

    async def test_a_reported_question_has_no_twin(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Whoever was right to find fault with it needs no repetition."""
        verdict = await due_after(core, student, clock, "maths/algebra", help_=None)
        await core.quizzes.report(at(student, clock), verdict.quiz.id, position=0)
        clock.advance(days=3)

        assert returns(await begun(core, student, clock, length=5)) == []

    async def test_a_start_looks_once(self, core: Chiron, student: Person, clock: FakeClock, engines: Engines) -> None:
        """Where nothing is due, one statement more, and an index answers it."""
        sent: list[str] = []
        event.listen(engines.writer, "before_cursor_execute", lambda _c, _k, statement, *_: sent.append(statement))

        await begun(core, student, clock, length=5)

        (look,) = [statement for statement in sent if "twins" in statement]
        assert look.startswith("SELECT")


class TestRates:
    """What operators see."""

    async def test_nothing_yet(self, core: Chiron) -> None:
        """Every kind of help stands there, the control last."""
        assert await core.twins.rates() == tuple(Rate(kind) for kind in (Help.HINT, Help.TWIN, Help.MENTOR, None))

    async def test_by_kind_of_help(self, core: Chiron, student: Person, clock: FakeClock) -> None:
        """Served, answered and right; one that waits is in none."""
        await core.banks.store(builders.bank(*alike("maths/algebra", 30), name="many"), clock.now())
        expected = {Help.HINT: (True, False), Help.TWIN: (True,), Help.MENTOR: (False,), None: (True, None)}
        for kind, outcomes in expected.items():
            for right in outcomes:
                await due_after(core, student, clock, "maths/algebra", help_=kind)
                clock.advance(days=3)
                here = await at_return(core, student, clock, await begun(core, student, clock, length=3))
                if right is not None:
                    await answer(core, student, clock, here, right=right)
        await due_after(core, student, clock, "maths/algebra", help_=Help.MENTOR)

        found = await core.twins.rates()

        assert found == (
            Rate(Help.HINT, 2, 2, 1),
            Rate(Help.TWIN, 1, 1, 1),
            Rate(Help.MENTOR, 1, 1, 0),
            Rate(None, 2, 1, 1),
        )

    @pytest.mark.parametrize("what", ["original", "answer", "help"])
    async def test_left_out(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str, what: str
    ) -> None:
        """A reported question on either side, and a twin answered with help after all; that one comes back."""
        verdict = await due_after(core, student, clock, "maths/algebra", help_=Help.HINT)
        clock.advance(days=3)
        here = await at_return(core, student, clock, await begun(core, student, clock, length=3))
        if what == "help":
            await mentor(core, student, clock, here)
        await answer(core, student, clock, here)
        before = await core.twins.rates()
        if what != "help":
            quiz, place = (verdict.quiz, 0) if what == "original" else (here.quiz, here.quiz.served_index)
            await core.quizzes.report(at(student, clock), quiz.id, position=place)

        found = await core.twins.rates()

        assert before[0] == Rate(Help.HINT, *((0, 0, 0) if what == "help" else (1, 1, 1)))
        assert found[0] == Rate(Help.HINT)
        assert len(rows(database_url, select(twins))) == (2 if what == "help" else 1)


def candidate(number: int) -> Candidate:
    """A question that could be asked."""
    return Candidate(QuestionId(number), VersionId(number), ("a", "b"), 3, ("it",))


def seated(picked: Sequence[int], twin: int, original: int, taken: Sequence[int] = ()) -> tuple[list[int], int] | None:
    """The questions and the place of the twin, by their numbers."""
    found = twin_rules.seat(
        [candidate(number) for number in picked], candidate(twin), QuestionId(original), taken, random.Random(3)
    )
    return None if found is None else ([int(one.question_id) for one in found[0]], found[1])


class TestSeat:
    """Where a twin sits."""

    def test_in_place_of_another(self) -> None:
        """Never of the first; nothing else moves."""
        for _ in range(50):
            found = seated([1, 2, 3, 4], 9, 5)
            assert found is not None
            order, place = found
            assert place > 0
            assert order[place] == 9
            assert [one for one in order if one != 9] == [n for n in (1, 2, 3, 4) if n != place + 1]

    def test_its_original_gives_way(self) -> None:
        """It would give the method away."""
        assert seated([1, 2, 3, 4], 9, 3) == ([1, 2, 9, 4], 2)

    def test_one_that_was_picked_anyway_keeps_its_place(self) -> None:
        """No question twice; from the first place it moves."""
        assert seated([1, 2, 9, 4], 9, 5) == ([1, 2, 9, 4], 2)
        found = seated([9, 2], 9, 5)
        assert found == ([2, 9], 1)

    def test_taken_places_stay(self) -> None:
        """And where none is left there is none."""
        assert seated([1, 2, 3], 9, 5, taken=(1,)) == ([1, 2, 9], 2)
        assert seated([1, 2, 3], 9, 2, taken=(1,)) == ([1, 2, 9], 2)
        assert seated([1, 2], 9, 5, taken=(1,)) is None
        assert seated([1], 9, 5) is None


class TestDue:
    """One to three days, the same time of day."""

    def test_each_day_comes_up(self) -> None:
        """By chance; reproducible."""
        moment, rng = datetime(2026, 11, 20, 9, 30, tzinfo=UTC), random.Random(1)

        days = [(twin_rules.due_at(moment, ROME, rng) - moment) / timedelta(days=1) for _ in range(60)]

        assert set(days) == {1.0, 2.0, 3.0}

    def test_over_the_change_of_the_clocks(self) -> None:
        """Nine in the evening stays nine in the evening."""
        moment = datetime(2026, 10, 24, 21, 0, tzinfo=ZoneInfo(ROME))

        due = twin_rules.due_at(moment, ROME, random.Random(1))

        assert due.tzinfo is UTC
        assert due.astimezone(ZoneInfo(ROME)).hour == 21
        assert due - moment != timedelta(days=round((due - moment) / timedelta(days=1)))

    @pytest.mark.parametrize(
        ("help_", "right", "back", "comes"),
        [
            (None, True, False, False),
            (None, False, False, True),
            (Help.HINT, True, False, True),
            (Help.MENTOR, False, False, True),
            (None, False, True, False),
            (Help.MENTOR, True, True, True),
        ],
    )
    def test_what_comes_back(self, help_: Help | None, *, right: bool, back: bool, comes: bool) -> None:
        """After help always; after a mistake unless it had come back itself."""
        given = Attempt(
            user_id=UserId(1),
            version_id=VersionId(1),
            position=0,
            response=Chosen((0,)),
            right=right,
            xp=0,
            active_ms=0,
            hints=0,
            item_difficulty=3,
            answered_at=datetime(2026, 11, 20, tzinfo=UTC),
            local_day="2026-11-20",
            help=help_,
        )

        assert twin_rules.comes_back(given, is_return=back) is comes


class TestWilson:
    """The interval of a share."""

    @pytest.mark.parametrize(
        ("right", "answered", "low", "high"),
        [
            (0, 0, 0.0, 1.0),
            (0, 10, 0.0, 0.2775),
            (10, 10, 0.7225, 1.0),
            (5, 10, 0.2366, 0.7634),
            (81, 263, 0.2553, 0.3662),
        ],
    )
    def test_known_values(self, right: int, answered: int, low: float, high: float) -> None:
        """81 of 263 is the example of Newcombe 1998, Statistics in Medicine 17, method 3."""
        found = twin_rules.wilson(right, answered)

        assert found == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))
