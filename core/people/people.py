"""People: arriving, choosing a language, and the three things asked once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from core.errors import InvalidInput
from core.people.model import LANGUAGES, Onboarding, Person, Role, spoken_language
from core.ports import Actor, Storage, Work

EXAMS = ("TOLC-I", "TOLC-E", "TOLC-F", "TOLC-S", "TOLC-SU", "TOLC-B", "TOLC-PSI", "TOLC-AV", "TOLC-LP", "CEnT-S")
YOUNGEST, OLDEST = 8, 100
"""Ages, in years, that a birth year may stand for."""

Change = Callable[[Person], Person]


class People:
    """Who is in the chat.

    Attributes:
        changed: Called with a person after each change, so that what is kept in memory follows.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.changed: list[Callable[[Person], None]] = []

    async def arrive(self, telegram_id: int, language_code: str | None, now: datetime) -> Person:
        """The person behind a private chat, made at their first message.

        The language follows Telegram's until one is chosen by hand; a missing code changes nothing.
        """

        def decide(work: Work) -> Person:
            person = work.people.by_telegram(telegram_id)
            if person is None:
                return work.people.add(telegram_id, spoken_language(language_code), now)
            if language_code and not person.language_chosen and person.language != spoken_language(language_code):
                person = replace(person, language=spoken_language(language_code))
                work.people.save(person, now)
            return person

        return await self._storage.transact(None, decide)

    def change(self, work: Work, actor: Actor, change: Change) -> Person:
        """Change the actor inside a transaction; after its commit, `tell` of it.

        Raises:
            InvalidInput: There is no such person.
        """
        before = work.people.get(actor.id)
        if before is None:
            raise InvalidInput(reason="person")
        after = change(before)
        if after != before:
            work.people.save(after, actor.now)
        return after

    def tell(self, person: Person) -> None:
        """Let those who listen know of a change that was committed."""
        for listener in self.changed:
            listener(person)

    async def speak(self, actor: Actor, language: str) -> Person:
        """Choose a language by hand.

        Raises:
            InvalidInput: It is neither `it` nor `en`.
        """
        if language not in LANGUAGES:
            raise InvalidInput(reason="language")
        return await self._alone(actor, lambda person: replace(person, language=language, language_chosen=True))

    async def ask(self, actor: Actor, step: Onboarding) -> Person:
        """Ask for something again that was asked at the start; see `asking`."""
        return await self._alone(actor, asking(step))

    async def be_parent(self, actor: Actor) -> Person:
        """Say that one is a parent: nothing more is asked."""
        return await self._alone(actor, as_parent)

    async def be_student(self, actor: Actor) -> Person:
        """Say that one is a student after all."""
        return await self._alone(actor, lambda person: replace(person, role=Role.STUDENT))

    async def prepare_for(self, actor: Actor, exam: str | None) -> Person:
        """Tell the exam in view; see `preparing_for`."""
        return await self._alone(actor, preparing_for(exam))

    async def sit_on(self, actor: Actor, day: date | None) -> Person:
        """Tell the day of the exam; see `sitting_on`."""
        return await self._alone(actor, sitting_on(day, actor.today))

    async def born_in(self, actor: Actor, year: int | None) -> Person:
        """Tell the birth year; see `born_in`."""
        return await self._alone(actor, born_in(year, actor.today.year))

    async def get(self, actor: Actor) -> Person | None:
        """The person as stored."""
        return await self._storage.read(lambda work: work.people.get(actor.id))

    async def _alone(self, actor: Actor, change: Change) -> Person:
        """Make a change in a transaction of its own."""
        person = await self._storage.transact(actor, lambda work: self.change(work, actor, change))
        self.tell(person)
        return person


def asking(step: Onboarding) -> Change:
    """Ask for something again that was asked at the start; without an exam in view, its date is not asked."""

    def change(person: Person) -> Person:
        if step is Onboarding.BIRTH:
            return replace(person, onboarding=Onboarding.DONE if person.birth_year else Onboarding.BIRTH)
        first_time = person.onboarding in {Onboarding.PLAYING, Onboarding.EXAM, Onboarding.DATE, Onboarding.BIRTH}
        date = step in {Onboarding.DATE, Onboarding.DATE_AGAIN} and person.exam is not None
        if first_time:
            return replace(person, onboarding=Onboarding.DATE if date else Onboarding.EXAM)
        return replace(person, onboarding=Onboarding.DATE_AGAIN if date else Onboarding.EXAM_AGAIN)

    return change


def as_parent(person: Person) -> Person:
    """A parent: nothing more is asked."""
    return replace(person, role=Role.PARENT, onboarding=Onboarding.DONE)


def preparing_for(exam: str | None) -> Change:
    """Take the exam in view (None: not yet known); its date is asked next.

    Raises:
        InvalidInput: There is no such exam.
    """
    if exam is not None and exam not in EXAMS:
        raise InvalidInput(reason="exam")
    return lambda p: replace(
        p,
        exam=exam,
        exam_date=p.exam_date if p.exam == exam else None,
        onboarding=_after_exam(p, exam),
    )


def sitting_on(day: date | None, today: date) -> Change:
    """Take the day of the exam (None: not yet known); the birth year is asked next.

    Without an exam in view there is nothing that the day could belong to: the exam is asked.

    Raises:
        InvalidInput: The day is over where the person lives, or more than five years away.
    """
    if day is not None and not 0 <= (day - today).days <= 5 * 366:
        raise InvalidInput(reason="exam-date")
    return lambda p: replace(
        p,
        exam_date=day.isoformat() if day and p.exam else None,
        onboarding=_after_date(p) if p.exam or not day else Onboarding.EXAM,
    )


def born_in(year: int | None, this_year: int) -> Change:
    """Take the birth year (None: rather not); it can be told once and stays.

    Raises:
        InvalidInput: Nobody who studies here was born in that year.
    """
    if year is not None and not YOUNGEST <= this_year - year <= OLDEST:
        raise InvalidInput(reason="birth-year")
    return lambda p: replace(p, birth_year=p.birth_year or year, onboarding=Onboarding.DONE)


def _after_exam(person: Person, exam: str | None) -> Onboarding:
    if exam is None:
        return _after_date(person)
    return Onboarding.DATE_AGAIN if _is_again(person) else Onboarding.DATE


def _after_date(person: Person) -> Onboarding:
    """The birth year is asked once, at the start; a change in the settings asks nothing more."""
    return Onboarding.DONE if person.birth_year or _is_again(person) else Onboarding.BIRTH


def _is_again(person: Person) -> bool:
    return person.onboarding in {Onboarding.DONE, Onboarding.EXAM_AGAIN, Onboarding.DATE_AGAIN}
