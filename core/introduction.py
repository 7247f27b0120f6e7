"""The three things asked once, after the third answer, and how the quiz goes on afterwards."""

import re
from dataclasses import dataclass
from datetime import date

from core.errors import InvalidInput
from core.exams.exams import Exams
from core.exams.outcomes import OnPaper
from core.ids import QuizId
from core.people.model import Onboarding, Person
from core.people.people import EXAMS, Change, People, as_parent, asking, born_in, preparing_for, sitting_on
from core.ports import Actor, Storage, Work
from core.practice.gate import is_reserved
from core.practice.outcomes import Asked, Introduce, OnHold, Standing
from core.practice.placing import latest
from core.practice.quizzes import Quizzes
from core.whereabouts import Where, Whereabouts

_DAY = re.compile(r"(\d{1,2})[./\- ](\d{1,2})(?:[./\- ](\d{4}))?")
_SPOKEN_DAY = re.compile(
    r"(?:(?:il|l|on|the|on the) )?(\d{1,2})(?:st|nd|rd|th|°)? (?:of )?([a-z]{3,10})\.?,? ?(\d{4})?"
)
_MONTHS = (
    [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ],
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ],
)


_ASKS_DATE = frozenset({Onboarding.DATE, Onboarding.DATE_AGAIN})
MAX_EXAM = 20
"""Signs of an exam's name, blanks included."""


@dataclass(frozen=True, slots=True)
class Welcomed:
    """Somebody new: the first message is this question."""

    first: Standing


@dataclass(frozen=True, slots=True)
class Noted:
    """A day that was written was taken for this one; `then` is what comes next."""

    day: date
    then: Where


@dataclass(frozen=True, slots=True)
class Read:
    """A written text was what had been asked for."""

    person: Person
    outcome: Where | Noted


class Introduction:
    """Asks for the exam in view, its date and the birth year; each answer gives what comes next.

    An answer and what the quiz does after it are one transaction.
    """

    def __init__(
        self, storage: Storage, people: People, quizzes: Quizzes, exams: Exams, whereabouts: Whereabouts
    ) -> None:
        self._storage = storage
        self._exams = exams
        self._people = people
        self._quizzes = quizzes
        self._whereabouts = whereabouts

    async def start(self, actor: Actor, quiz_id: QuizId) -> Welcomed | Where:
        """The first question for somebody new; for all others, where they stand.

        Args:
            actor: Who pressed start.
            quiz_id: A fresh id for the first quiz.

        Raises:
            NothingToAsk: The bank is empty.
        """
        home = await self._whereabouts.home(actor)
        if (
            home.answered
            or home.exam is not None
            or (home.person is not None and home.person.onboarding is not Onboarding.PLAYING)
        ):
            return await self._whereabouts.where(actor, None)
        return Welcomed(await self._quizzes.welcome(actor, quiz_id))

    async def be_parent(self, actor: Actor) -> Person:
        """Say that one is a parent; a quiz that was begun and not answered is put away."""

        def decide(work: Work) -> Person:
            current = latest(work, actor)
            if isinstance(current, Asked) and (current.quiz.current_index == 0 or current.quiz.is_first_welcome):
                self._quizzes.end(work, actor, current.quiz.id)
            return self._people.change(work, actor, as_parent)

        person = await self._storage.transact(actor, decide)
        self._people.tell(person)
        return person

    async def ask_again(self, actor: Actor, step: Onboarding) -> Where:
        """Ask for one of the three again, from the settings."""
        return await self._take(actor, asking(step), unasked=True)

    async def prepare_for(self, actor: Actor, exam: str | None) -> Where:
        """Tell the exam in view (None: not yet known).

        Raises:
            InvalidInput: There is no such exam.
        """
        return await self._take(actor, preparing_for(exam))

    async def sit_on(self, actor: Actor, day: date | None) -> Where:
        """Tell the day of the exam (None: not yet known).

        Raises:
            InvalidInput: The day is over or too far away.
        """
        return await self._take(actor, sitting_on(day, actor.today))

    async def born_in(self, actor: Actor, year: int | None) -> Where:
        """Tell the birth year (None: rather not).

        Raises:
            InvalidInput: Nobody who studies here was born in that year.
        """
        return await self._take(actor, born_in(year, actor.today.year))

    def read(self, work: Work, actor: Actor, person: Person, text: str, *, on_screen: bool) -> Read | None:
        """Take a written text as what is asked for, inside a transaction; None if it is nothing of the kind.

        Args:
            work: Repositories.
            actor: Who wrote it.
            person: Their profile.
            text: What they wrote.
            on_screen: Whether the question about it stands on the screen.

        Raises:
            InvalidInput: It is a day or a year, but one that cannot be.
        """
        change = _told(person.onboarding, text, actor, on_screen=on_screen)
        if change is None:
            return None
        changed = self._people.change(work, actor, change)
        then = self._after(work, actor, changed)
        day = changed.exam_date if person.onboarding in _ASKS_DATE else None
        return Read(changed, Noted(date.fromisoformat(day), then) if day else then)

    async def _take(self, actor: Actor, change: Change, *, unasked: bool = False) -> Where:
        """Change the person, and go on with what comes next; where nothing is asked, an old button changes nothing."""

        def decide(work: Work) -> tuple[Person | None, Where]:
            person = work.people.get(actor.id)
            if person is not None and person.onboarding is Onboarding.DONE and not unasked:
                return None, self._after(work, actor, person)
            changed = self._people.change(work, actor, change)
            return changed, self._after(work, actor, changed)

        person, outcome = await self._storage.transact(actor, decide)
        if person is not None:
            self._people.tell(person)
        return outcome

    def _after(self, work: Work, actor: Actor, person: Person) -> Where:
        if person.onboarding.asks:
            return Introduce(person, actor.today)
        exam = self._exams.unfinished(work, actor)
        if isinstance(exam, OnPaper):
            return exam
        current = latest(work, actor)
        if current is None or isinstance(current, OnHold) or is_reserved(work, actor, current):
            return self._whereabouts.home_of(work, actor)
        return self._quizzes.take_up(work, actor) or self._whereabouts.home_of(work, actor)


def _told(asks: Onboarding, text: str, actor: Actor, *, on_screen: bool) -> Change | None:
    """What a written text changes where it reads as what is asked for.

    Args:
        asks: What is asked for.
        text: What was written.
        actor: By whom, and when.
        on_screen: Whether the question about it stands on the screen: only then is “3/4” a day, and no fraction.

    Raises:
        InvalidInput: It is a day or a year, but one that cannot be.
    """
    if asks is Onboarding.BIRTH and re.fullmatch(r"[12]\d{3}", text.strip()):
        return born_in(int(text), actor.today.year)
    if asks in _ASKS_DATE and (on_screen or not _is_short_day(text)):
        day = read_day(text, actor.today)
        if day is None and is_like_a_day(text):
            raise InvalidInput(reason="no-such-day")
        return sitting_on(day, actor.today) if day else None
    if asks in {Onboarding.EXAM, Onboarding.EXAM_AGAIN} and (exam := read_exam(text)):
        return preparing_for(exam)
    return None


def first_of_month(number: int) -> date:
    """The first day of a month, counted since the year 0.

    Raises:
        InvalidInput: There is no such month.
    """
    year, month = divmod(number, 12)
    if not date.min.year <= year <= date.max.year:
        raise InvalidInput(reason="exam-date")
    return date(year, month + 1, 1)


def day_of(ordinal: int) -> date:
    """The day with this ordinal.

    Raises:
        InvalidInput: There is no such day.
    """
    if not 1 <= ordinal <= date.max.toordinal():
        raise InvalidInput(reason="exam-date")
    return date.fromordinal(ordinal)


def read_exam(text: str) -> str | None:
    """The exam that a text names, whatever its case, blanks and hyphens: “tolc i”, “TOLC-I”."""
    wanted = _letters(text)
    return next((exam for exam in EXAMS if _letters(exam) == wanted), None) if len(text) <= MAX_EXAM else None


def _letters(text: str) -> str:
    return re.sub(r"[\s\-‐‑–—_.]+", "", text).casefold()


def read_day(text: str, today: date) -> date | None:
    """A day as people here write it, day first: 12/02/2027, 12.2.2027, 12/2, “12 febbraio”, “on 12 Feb 2027”.

    Without a year the next such day is meant.
    """
    found = _day_parts(text)
    if found is None:
        return None
    day, number, year = found
    for candidate in [year] if year else [today.year, today.year + 1]:
        try:
            meant = date(candidate, number, day)
        except ValueError:
            continue
        if year or meant >= today:
            return meant
    return None


def is_like_a_day(text: str) -> bool:
    """Whether a text has the form of a day, be it one that the calendar has or not (“31/02”)."""
    return _day_parts(text) is not None


def _is_short_day(text: str) -> bool:
    """Whether a text could be a day, and could be a fraction or a number as well (“3/4”)."""
    found = _DAY.fullmatch(_one_line(text))
    return found is not None and found[3] is None


def _day_parts(text: str) -> tuple[int, int, int | None] | None:
    """Day, month and year (None: not written) of a text that has the form of a day."""
    plain = _one_line(text)
    found = _DAY.fullmatch(plain) or _SPOKEN_DAY.fullmatch(plain)
    if found is None:
        return None
    day, month, year = found.groups()
    number = int(month) if month.isdigit() else _month(month)
    return None if number is None else (int(day), number, int(year) if year else None)


def _one_line(text: str) -> str:
    return " ".join(text.lower().replace("'", " ").replace("’", " ").split())


def _month(word: str) -> int | None:
    """The number of a month by its name or the beginning of it: “settembre”, “sett”, not “settimane”."""
    found = (number for names in _MONTHS for number, name in enumerate(names, 1) if name.startswith(word))
    return next(found, None)
