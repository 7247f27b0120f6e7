"""Where a person is: the screen that stands for their rows, after a restart or a stale button."""

from dataclasses import dataclass, field
from datetime import date

from core.errors import NotAllowed, NotFound
from core.exams.exams import Exams
from core.exams.outcomes import Between, ExamStanding, OnPaper
from core.ids import QuizId, SittingId, from_short
from core.people.model import Person
from core.ports import Actor, Place, Storage, Work
from core.practice.model import Quiz
from core.practice.outcomes import Introduce, Standing
from core.practice.quizzes import Quizzes


@dataclass(frozen=True, slots=True)
class AtHome:
    """Nothing is on the screen.

    Attributes:
        answered: Answers given, voided ones too.
        xp: Points over all quizzes.
        open: The quiz that was touched last and can be gone on with.
        exam: The sitting that is not over.
    """

    person: Person | None
    answered: int
    xp: int = 0
    open: Quiz | None = None
    exam: OnPaper | Between | None = None
    today: date | None = field(default=None, compare=False)


Where = AtHome | Standing | ExamStanding


class Whereabouts:
    """Finds a person's place from rows alone."""

    def __init__(self, storage: Storage, quizzes: Quizzes, exams: Exams) -> None:
        self._storage = storage
        self._quizzes = quizzes
        self._exams = exams

    async def home(self, actor: Actor) -> AtHome:
        """What stands at home."""
        return await self._storage.read(lambda work: self.home_of(work, actor))

    def home_of(self, work: Work, actor: Actor) -> AtHome:
        """What stands at home, inside a transaction or a read."""
        answered, xp = work.quizzes.earned(actor.id)
        left = work.quizzes.open(actor.id, limit=1)
        exam = self._exams.unfinished(work, actor)
        under_way = exam if isinstance(exam, OnPaper | Between) else None
        person = work.people.get(actor.id)
        quiz = left[0] if left and not isinstance(exam, OnPaper) else None  # closed while a section runs
        return AtHome(person, answered, xp, quiz, under_way, actor.today)

    async def resume(self, actor: Actor, quiz_id: QuizId | None = None) -> Standing | ExamStanding | None:
        """Go on where it stood: with the section that runs, else with what was touched last; None with nothing.

        The clock of a section has run on meanwhile; that of a quiz is started again.

        Args:
            actor: The student.
            quiz_id: The quiz to go on with, if one is named.

        Raises:
            NotFound: The named quiz does not exist or is somebody else's.
        """
        if quiz_id is not None:
            return await self._quizzes.resume(actor, quiz_id)
        home = await self.home(actor)
        if home.exam is not None and _is_later(home):
            return home.exam
        return await self._quizzes.resume(actor)

    async def where(self, actor: Actor, place: Place | None) -> Where:
        """The section that runs; else the flow that the person's screen shows; else what is open; else home.

        Args:
            actor: The person.
            place: What was on the screen, if known.
        """
        home = await self.home(actor)
        if isinstance(home.exam, OnPaper):
            return home.exam
        if home.person is not None and home.person.onboarding.asks and (place is None or place.place != "home"):
            return Introduce(home.person, actor.today)
        if place is not None and (shown := await self._shown(actor, place)) is not None:
            return shown
        if place is None and home.exam is not None and _is_later(home):
            return home.exam
        return await self.open_quiz(actor) or home

    async def open_quiz(self, actor: Actor) -> Standing | None:
        """Where the quiz stands that was touched last; None if nothing is open, or an exam closes it."""
        try:
            return await self._quizzes.current(actor)
        except NotAllowed:
            return None

    async def _shown(self, actor: Actor, place: Place) -> Standing | ExamStanding | None:
        """The quiz or the sitting that the screen shows; None if it shows none, or one that cannot be shown now."""
        try:
            match place.place:
                case "quiz":
                    return await self._quizzes.standing(actor, QuizId(from_short(place.ref)))
                case "paper" | "exam":
                    return await self._exams.fetch(actor, SittingId(from_short(place.ref)))
                case _:
                    return None
        except (NotFound, NotAllowed, ValueError):
            return None

    async def screen(self, telegram_id: int) -> Place | None:
        """What the person's screen showed last."""
        return await self._storage.read(lambda work: work.inbox.screen(telegram_id))


def _is_later(home: AtHome) -> bool:
    """Whether the sitting was touched after the quiz that is open."""
    if home.exam is None:
        return False
    return home.open is None or home.exam.sitting.updated_at >= home.open.updated_at
