"""A student at an exam, for tests: each call is a press at the clock's moment."""

from dataclasses import dataclass, replace
from datetime import datetime

from core.chiron import Chiron
from core.exams.formats import FULL, ExamFormat
from core.exams.model import Sitting
from core.exams.outcomes import Between, ExamStanding, OnPaper, Over, Unchanged, Why
from core.ids import SittingId
from core.people.model import Person
from core.ports import Actor
from storage.tables import attempts, exam_items, exam_sections, exam_sessions, sessions
from storage.work import SqlStorage
from tests import builders
from tests.fakes import FakeClock
from tests.readback import Rows, rows


@dataclass
class Desk:
    """One student and one sitting."""

    core: Chiron
    storage: SqlStorage
    database_url: str
    person: Person
    clock: FakeClock
    id: SittingId

    @property
    def actor(self) -> Actor:
        """The student, now."""
        return builders.actor(self.person, self.clock.now())

    def at(self, moment: datetime) -> Actor:
        """The student at another moment."""
        return builders.actor(self.person, moment)

    async def sit(self, exam: ExamFormat, variant: str = FULL) -> "Desk":
        """Another sitting of the same student, of this exam."""
        await self.core.exams.add([exam], self.clock.now())
        again = replace(self, id=builders.new_sitting_id())
        between(await again.core.exams.create(again.actor, again.id, exam.slug, variant))
        return again

    async def start(self, number: int = 0) -> OnPaper:
        """Start a section."""
        return on_paper(await self.core.exams.start_section(self.actor, self.id, number))

    async def answer(self, position: int, choice: int | None) -> ExamStanding | Unchanged:
        """Answer an item, by the choice's place in the bank."""
        return await self.core.exams.answer(self.actor, self.id, position=position, choice=choice)

    async def right(self, *positions: int) -> None:
        """Answer items right."""
        keys = [item.key for item in (await self.sitting()).items]
        for position in positions:
            on_paper(await self.answer(position, keys[position]))

    async def wrong(self, *positions: int) -> None:
        """Answer items wrong."""
        keys = [item.key for item in (await self.sitting()).items]
        for position in positions:
            on_paper(await self.answer(position, (keys[position] + 1) % 5))

    async def move(self, position: int) -> ExamStanding | Unchanged:
        """Put an item on the screen."""
        return await self.core.exams.move(self.actor, self.id, position=position)

    async def flag(self, position: int, *, flagged: bool = True) -> ExamStanding | Unchanged:
        """Flag an item."""
        return await self.core.exams.flag(self.actor, self.id, position=position, flagged=flagged)

    async def hand_in(self, number: int = 0) -> ExamStanding | Unchanged:
        """Hand in a section."""
        return await self.core.exams.complete_section(self.actor, self.id, number)

    async def abandon(self) -> ExamStanding | Unchanged:
        """End the sitting for good."""
        return await self.core.exams.abandon(self.actor, self.id)

    async def finish(self) -> Over:
        """Sit it to its end, without another answer."""
        sitting = await self.sitting()
        while not sitting.is_completed:
            number = (sitting.running or sitting.following)[0].number
            if not sitting.running:
                await self.start(number)
            await self.hand_in(number)
            sitting = await self.sitting()
        return await self.core.exams.results(self.actor, self.id)

    async def sweep(self) -> int:
        """Let happen everything that is due to anybody; gives how much it was."""
        due = await self.core.exams.due(self.clock.now())
        return sum([await self.core.exams.happen(one, owner, self.clock.now()) for one, owner in due])

    async def sitting(self) -> Sitting:
        """The sitting as its rows say, not brought to the present."""
        found = await self.storage.read(lambda work: work.sittings.get(self.id, owner=self.person.id))
        assert found is not None
        return found

    def attempts(self) -> Rows:
        """The attempts of this student, in the paper's order."""
        mine = attempts.select().where(attempts.c.user_id == self.person.id)
        return rows(self.database_url, mine.order_by(attempts.c.answered_at, attempts.c.position))

    def sessions(self) -> Rows:
        """The practice sessions of this student, the oldest first."""
        mine = sessions.select().where(sessions.c.child_id == self.person.id)
        return rows(self.database_url, mine.order_by(sessions.c.started_at))

    def paper(self) -> tuple[Rows, Rows, Rows]:
        """The rows of this sitting: itself, its sections, its items."""
        return (
            rows(self.database_url, exam_sessions.select().where(exam_sessions.c.id == self.id)),
            rows(
                self.database_url,
                exam_sections.select()
                .where(exam_sections.c.exam_session_id == self.id)
                .order_by(exam_sections.c.number),
            ),
            rows(
                self.database_url,
                exam_items.select().where(exam_items.c.exam_session_id == self.id).order_by(exam_items.c.position),
            ),
        )


def on_paper(outcome: object) -> OnPaper:
    """The outcome, which is the running paper."""
    assert isinstance(outcome, OnPaper), type(outcome)
    return outcome


def between(outcome: object) -> Between:
    """The outcome, which is a pause between sections."""
    assert isinstance(outcome, Between), type(outcome)
    return outcome


def over(outcome: object) -> Over:
    """The outcome, which is a result."""
    assert isinstance(outcome, Over), type(outcome)
    return outcome


def unchanged(outcome: object, why: Why) -> Unchanged:
    """The outcome, which is that nothing changed, for this reason."""
    assert isinstance(outcome, Unchanged), type(outcome)
    assert outcome.why is why
    return outcome
