"""What an exam closes: all practice while a section runs, its own questions until it is over."""

import inspect
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from core.chiron import Chiron
from core.errors import ChironError, NotAllowed, NotFound, NothingToAsk
from core.exams.outcomes import Checked
from core.ids import DeckId, QuestionId, QuizId, to_short
from core.people.model import Person
from core.ports import Actor, Place
from core.practice.model import Mode
from core.practice.outcomes import Asked, Judged, Standing
from core.practice.quizzes import Quizzes
from core.questions.model import QuestionVersion
from core.whereabouts import AtHome
from tests import builders
from tests.core.exams.desk import Desk, between, on_paper
from tests.readback import everything

OPERATIONS = sorted(
    name for name, _ in inspect.getmembers(Quizzes, inspect.iscoroutinefunction) if not name.startswith("_")
)
REFUSED = {
    "asked": {"standing", "current", "answer", "hint", "twin", "skip", "resume", "welcome", "start_deck", "write"},
    "judged": {"standing", "current", "answer", "go_on", "look", "report", "welcome", "start_deck"},
    "over": {"review", "look", "report", "start_deck"},
}
"""What would show a question of the paper, by where a quiz over all questions stands."""
EVERYTHING = builders.exam(
    builders.section("maths", 6, topics=("maths",)), builders.section("logic", 6, topics=("logic",)), slug="EVERYTHING"
)
"""A paper with every question of the bank."""


def press(core: Chiron, actor: Actor, name: str, quiz_id: QuizId, deck_id: DeckId) -> Awaitable[object]:
    """Any operation of quizzes, by its name; an argument that nobody thought of here is an error."""
    known: dict[str, Any] = {
        "quiz_id": builders.new_quiz_id() if name in {"start", "start_deck", "redo", "welcome"} else quiz_id,
        "of": quiz_id,
        "deck_id": deck_id,
        "mode": Mode.MIXED,
        "topic_id": None,
        "difficulty": None,
        "length": 5,
        "position": 0,
        "choice": 0,
        "on": True,
        "text": "B",
        "reply": True,
        "reading": 0,
        "mark": 0,
        "number": 1,
        "limit": 5,
        "offset": 0,
    }
    operation: Callable[..., Awaitable[object]] = getattr(core.quizzes, name)
    return operation(actor, **{one: known[one] for one in inspect.signature(operation).parameters if one != "actor"})


def questions_in(outcome: object) -> Iterator[QuestionId]:
    """Every question whose text stands anywhere in an outcome."""
    if isinstance(outcome, QuestionVersion):
        yield outcome.question_id
    elif is_dataclass(outcome) and not isinstance(outcome, type):
        for field in fields(outcome):
            yield from questions_in(getattr(outcome, field.name))
    elif isinstance(outcome, (tuple, list)):
        for part in outcome:
            yield from questions_in(part)


async def tried(call: Awaitable[object]) -> object:
    """What a press gives, a refusal as its reason."""
    try:
        return await call
    except NotAllowed as refusal:
        return refusal.details["reason"]
    except ChironError as refusal:
        return refusal


@pytest.fixture
async def free(desk: Desk) -> Desk:
    """A student with a bank of twelve questions and no sitting."""
    await desk.abandon()
    return desk


async def quiz_in(state: str, desk: Desk) -> Standing:
    """A quiz over all twelve questions: at a question, a verdict (a wrong one), or over with a mistake."""
    (deck,) = await desk.core.banks.decks(desk.person.id)
    quiz = await desk.core.quizzes.start_deck(desk.actor, builders.new_quiz_id(), deck.id)
    if state == "asked":
        return quiz
    assert isinstance(quiz, Asked)
    wrong = (quiz.version.right[0] + 1) % 5
    judged = await desk.core.quizzes.answer(desk.actor, quiz.quiz.id, position=0, choice=wrong)
    assert isinstance(judged, Judged)
    return await desk.core.quizzes.leave(desk.actor, quiz.quiz.id) if state == "over" else judged


def quiz_of(standing: Standing) -> QuizId:
    """The quiz that stands there."""
    quiz_id: QuizId = standing.quiz.id  # type: ignore[union-attr]  # no introduction here
    return quiz_id


class TestWhileASectionRuns:
    """All practice is closed, in code."""

    def test_every_operation_is_looked_at(self) -> None:
        """The list below is made from the class."""
        assert {"menu", "start", "answer", "hint", "review", "look", "history", "write", "welcome"} <= set(OPERATIONS)

    @pytest.mark.parametrize("state", ["asked", "judged", "over"])
    async def test_every_operation_is_refused(self, free: Desk, state: str) -> None:
        """With the reason; nothing changes. At the deadline all are open."""
        quiz_id = quiz_of(await quiz_in(state, free))
        (deck,) = await free.core.banks.decks(free.person.id)
        await (await free.sit(builders.some_exam())).start()
        free.clock.advance(minutes=49, seconds=59, milliseconds=999)
        before = everything(free.database_url)

        for name in OPERATIONS:
            assert await tried(press(free.core, free.actor, name, quiz_id, deck.id)) == "exam-running", name
        assert everything(free.database_url) == before

        free.clock.advance(milliseconds=1)
        for name in OPERATIONS:
            assert await tried(press(free.core, free.actor, name, quiz_id, deck.id)) != "exam-running", name

    async def test_only_for_its_student(self, desk: Desk, other: Person) -> None:
        """Others practise."""
        await desk.start()
        actor = builders.actor(other, desk.clock.now())

        assert isinstance(await desk.core.quizzes.start(actor, builders.new_quiz_id()), Asked)

    async def test_what_is_written_is_for_the_paper(self, free: Desk) -> None:
        """A letter answers the item, also as a reply to a question of a quiz; anything else does nothing."""
        await quiz_in("asked", free)
        sat = await free.sit(builders.some_exam())
        paper = await sat.start()

        answered = on_paper(await sat.core.writing.write(sat.actor, "c", reply=True))
        ignored = on_paper(await sat.core.writing.write(sat.actor, "12/02/2027", reply=False))

        assert answered.item.choice == paper.item.order[2]
        assert ignored.sitting == answered.sitting

    async def test_wherever_one_comes_from_the_paper_is_there(self, free: Desk) -> None:
        """After a restart, from a quiz's screen, on resuming."""
        quiz_id = quiz_of(await quiz_in("asked", free))
        sat = await free.sit(builders.some_exam())
        paper = await sat.start()

        for place, ref in (("quiz", to_short(quiz_id)), ("home", ""), ("exam", to_short(sat.id)), ("menu", "")):
            assert await sat.core.whereabouts.where(sat.actor, Place(1001, 1, place, ref)) == paper
        assert await sat.core.whereabouts.where(sat.actor, None) == paper
        assert await sat.core.whereabouts.resume(sat.actor) == paper

    async def test_questions_cannot_be_fetched(self, desk: Desk) -> None:
        """Nor by those who have no chat."""
        await desk.start()

        with pytest.raises(NotAllowed, match="exam-running"):
            await desk.core.sessions.fetch(desk.actor, "maths")

    async def test_start_shows_the_paper(self, desk: Desk) -> None:
        """Also to somebody who never answered a quiz: there is no welcome meanwhile."""
        paper = await desk.start()

        assert await desk.core.introduction.start(desk.actor, builders.new_quiz_id()) == paper

    async def test_an_older_paper_is_closed_too(self, free: Desk) -> None:
        """Its solutions are explanations."""
        await free.finish()
        running = await free.sit(EVERYTHING)
        await running.start()

        with pytest.raises(NotAllowed, match="exam-running"):
            await free.core.exams.check(free.actor, free.id, position=0)


class TestBetweenSections:
    """All is open but the questions of the paper."""

    @pytest.mark.parametrize("begun", [False, True])
    @pytest.mark.parametrize("state", ["asked", "judged", "over"])
    async def test_no_operation_shows_one(self, free: Desk, state: str, *, begun: bool) -> None:
        """Of a quiz at such a question, at its verdict, over; before the first section and between two."""
        quiz_id = quiz_of(await quiz_in(state, free))
        (deck,) = await free.core.banks.decks(free.person.id)
        sat = await free.sit(EVERYTHING)
        if begun:
            await sat.start()
            await sat.hand_in()
        reserved = {item.question_id for item in (await sat.sitting()).items}
        in_order = sorted(OPERATIONS, key=lambda name: name in {"leave", "pause"})  # after these, nothing is asked

        outcomes = {name: await tried(press(sat.core, sat.actor, name, quiz_id, deck.id)) for name in in_order}

        for name, outcome in outcomes.items():
            assert not reserved & set(questions_in(outcome)), name
        assert not isinstance(outcomes["menu"], str)
        assert not isinstance(outcomes["history"], str)
        if not begun:  # a section that ran has put the quiz on hold
            refused = {name for name, outcome in outcomes.items() if outcome == "exam-question"}
            assert refused >= REFUSED[state]

    async def test_a_refused_press_changes_nothing(self, free: Desk) -> None:
        """An answer to such a question is not recorded."""
        quiz_id = quiz_of(await quiz_in("asked", free))
        (deck,) = await free.core.banks.decks(free.person.id)
        sat = await free.sit(EVERYTHING)
        before = everything(sat.database_url)

        for name in sorted(REFUSED["asked"]):
            assert await tried(press(sat.core, sat.actor, name, quiz_id, deck.id)) == "exam-question", name

        assert everything(sat.database_url) == before

    async def test_none_is_offered(self, free: Desk) -> None:
        """Neither by topic nor as a mistake; there is nothing to ask."""
        await quiz_in("over", free)
        sat = await free.sit(EVERYTHING)
        menu = await sat.core.quizzes.menu(sat.actor)
        supply = await sat.core.quizzes.available(sat.actor, Mode.MIXED, None)

        assert menu.mistakes == 0
        assert set(supply.counts.values()) == {0}
        for mode in (Mode.MIXED, Mode.TARGETED, Mode.MISTAKES):
            with pytest.raises(NothingToAsk):
                await sat.core.quizzes.start(sat.actor, builders.new_quiz_id(), mode=mode)
        with pytest.raises(NothingToAsk):
            await sat.core.quizzes.welcome(sat.actor, builders.new_quiz_id())
        with pytest.raises(NothingToAsk):
            await sat.core.sessions.fetch(sat.actor, "maths")

    async def test_a_quiz_goes_on_up_to_such_a_question(self, free: Desk) -> None:
        """Its others are asked; where the next is one of the paper, the press is refused and the quiz stays."""
        asked = await quiz_in("asked", free)
        assert isinstance(asked, Asked)
        others = {"maths": "logic", "logic": "maths"}
        topic = others[asked.version.topic[0]]
        await free.sit(builders.exam(builders.section(topic, 6, topics=(topic,)), slug="HALF"))
        outcomes: list[object] = [asked]
        position = 0
        while isinstance(outcomes[-1], Asked) and position < 12:
            outcomes.append(await tried(free.core.quizzes.skip(free.actor, asked.quiz.id, position=position)))
            position += 1

        *shown, refused = outcomes
        assert refused == "exam-question"
        assert {one.version.topic[0] for one in shown if isinstance(one, Asked)} == {asked.version.topic[0]}
        assert await free.core.quizzes.standing(free.actor, asked.quiz.id) == shown[-1]

    @pytest.mark.parametrize("state", ["asked", "judged"])
    async def test_one_who_writes_gets_no_question(self, free: Desk, state: str) -> None:
        """Not the one that stands open, nor its verdict."""
        await quiz_in(state, free)
        sat = await free.sit(EVERYTHING)
        reserved = {item.question_id for item in (await sat.sitting()).items}

        for text in ("B", "perché?", "ciao"):
            for reply in (True, False):
                outcome = await tried(sat.core.writing.write(sat.actor, text, reply=reply))
                assert not reserved & set(questions_in(outcome))

    @pytest.mark.parametrize("state", ["asked", "judged"])
    async def test_wherever_one_comes_from_none_is_shown(self, free: Desk, state: str) -> None:
        """One is at home, where the sitting stands first."""
        quiz_id = quiz_of(await quiz_in(state, free))
        sat = await free.sit(EVERYTHING)

        there = await sat.core.whereabouts.where(sat.actor, Place(1001, 1, "quiz", to_short(quiz_id)))
        assert isinstance(there, AtHome)
        assert there.exam is not None
        assert between(await sat.core.whereabouts.where(sat.actor, None)).sitting.id == sat.id
        resumed = await sat.core.whereabouts.resume(sat.actor)
        assert between(resumed).sitting.id == sat.id

    @pytest.mark.parametrize("state", ["asked", "judged"])
    async def test_the_introduction_goes_on_without_one(self, free: Desk, state: str) -> None:
        """Its last answer leads home, not back to the quiz."""
        await quiz_in(state, free)
        sat = await free.sit(EVERYTHING)

        assert isinstance(await sat.core.introduction.born_in(sat.actor, 2008), AtHome)

    async def test_an_older_paper_with_the_same_questions(self, free: Desk) -> None:
        """Its items cannot be looked at meanwhile; those that are in no open paper can."""
        first = await free.sit(EVERYTHING)
        await first.finish()
        second = await free.sit(builders.some_exam())
        reserved = {item.question_id for item in (await second.sitting()).items}

        outcomes = {
            item.question_id: await tried(free.core.exams.check(free.actor, first.id, position=item.position))
            for item in (await first.sitting()).items
        }

        assert {question for question, outcome in outcomes.items() if outcome == "exam-question"} == reserved
        assert sum(isinstance(outcome, Checked) for outcome in outcomes.values()) == 5

    async def test_other_questions_are_asked(self, desk: Desk) -> None:
        """Five of the twelve are not in this paper."""
        reserved = {item.question_id for item in (await desk.sitting()).items}

        asked = await desk.core.quizzes.start(desk.actor, builders.new_quiz_id(), length=12)

        assert isinstance(asked, Asked)
        versions = await desk.storage.read(lambda work: [work.questions.version(one) for one in asked.quiz.version_ids])
        assert len(versions) == 5
        assert not reserved & {version.question_id for version in versions}

    async def test_only_for_its_student(self, free: Desk, other: Person) -> None:
        """Others are asked them."""
        await free.sit(EVERYTHING)
        actor = builders.actor(other, free.clock.now())

        asked = await free.core.quizzes.start(actor, builders.new_quiz_id(), length=12)

        assert isinstance(asked, Asked)
        assert asked.quiz.length == 12


class TestAfterwards:
    """A sitting that is over closes nothing."""

    @pytest.mark.parametrize("end", ["finished", "abandoned", "lapsed"])
    async def test_all_is_open_again(self, free: Desk, end: str) -> None:
        """However it ended."""
        quiz_id = quiz_of(await quiz_in("asked", free))
        (deck,) = await free.core.banks.decks(free.person.id)
        sat = await free.sit(EVERYTHING)
        if end == "lapsed":
            sat.clock.advance(hours=25)
            await sat.sweep()
        else:
            await (sat.finish() if end == "finished" else sat.abandon())

        for name in OPERATIONS:
            outcome = await tried(press(free.core, free.actor, name, quiz_id, deck.id))
            assert not isinstance(outcome, str), name
            assert not isinstance(outcome, NotFound) or name in {"toggle", "insist"} | AFTER_THE_QUIZ, name


AFTER_THE_QUIZ = {"report", "review", "look"}
"""These have nothing to show at a question that is open."""
