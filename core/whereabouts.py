"""Where a person is: the screen that stands for their rows, after a restart or a stale button."""

from dataclasses import dataclass, field
from datetime import date

from core.errors import NotFound
from core.ids import QuizId, from_short
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
    """

    person: Person | None
    answered: int
    xp: int = 0
    open: Quiz | None = None
    today: date | None = field(default=None, compare=False)


Where = AtHome | Standing


class Whereabouts:
    """Finds a person's place from rows alone."""

    def __init__(self, storage: Storage, quizzes: Quizzes) -> None:
        self._storage = storage
        self._quizzes = quizzes

    async def home(self, actor: Actor) -> AtHome:
        """What stands at home."""
        return await self._storage.read(lambda work: home_of(work, actor))

    async def where(self, actor: Actor, place: Place | None) -> Where:
        """The flow that the person's screen shows, as its rows stand now; else what is open; else home.

        Args:
            actor: The person.
            place: What was on the screen, if known.
        """
        home = await self.home(actor)
        if home.person is not None and home.person.onboarding.asks and (place is None or place.place != "home"):
            return Introduce(home.person, actor.today)
        shown = await self._shown(actor, place) if place is not None and place.place == "quiz" else None
        return shown or await self._quizzes.current(actor) or home

    async def _shown(self, actor: Actor, place: Place) -> Standing | None:
        """The quiz that the screen shows; None if it is no more."""
        try:
            return await self._quizzes.standing(actor, QuizId(from_short(place.ref)))
        except (NotFound, ValueError):
            return None

    async def screen(self, telegram_id: int) -> Place | None:
        """What the person's screen showed last."""
        return await self._storage.read(lambda work: work.inbox.screen(telegram_id))


def home_of(work: Work, actor: Actor) -> AtHome:
    """What stands at home, inside a transaction or a read."""
    answered, xp = work.quizzes.earned(actor.id)
    left = work.quizzes.open(actor.id, limit=1)
    return AtHome(work.people.get(actor.id), answered, xp, left[0] if left else None, actor.today)
