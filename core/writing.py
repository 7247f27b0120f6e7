"""Where a written message goes: to the paper that lies there, to what was asked for, to the quiz, or to the mentor."""

import re
from dataclasses import dataclass, replace

import structlog

from core.exams.exams import Exams
from core.exams.outcomes import ExamStanding, Unchanged
from core.introduction import Introduction, Noted
from core.mentor import safety
from core.mentor.conversation import About, Said
from core.mentor.mentor import Heard, Mentor
from core.people.model import Person, Role
from core.people.people import People, born_in
from core.ports import Actor, Storage, Work
from core.practice.gate import gated
from core.practice.outcomes import Asked, Introduce, Judged, Remark, Tone, Unclear
from core.practice.quizzes import Quizzes
from core.whereabouts import Where

log = structlog.get_logger(__name__)

_YEAR = re.compile(r"(?:19|20)\d\d")
_FIGURES = re.compile(r"[\d\s.,:/-]+")
"""Numbers and days alone ask for nothing."""


@dataclass(frozen=True, slots=True)
class Distress:
    """Somebody in this role speaks of a danger to life: the words for that come before everything else.

    What was written is stored nowhere.
    """

    role: Role


@dataclass(frozen=True, slots=True)
class YearTold:
    """The year of birth that the mentor had asked for."""

    year: int


Outcome = YearTold | Where | Noted | Unchanged | Unclear | Remark | Heard | Distress


class Writing:
    """Takes what people write; all that follows from a message is one transaction."""

    def __init__(  # noqa: PLR0913 - everything that a message can be for
        self,
        storage: Storage,
        people: People,
        quizzes: Quizzes,
        exams: Exams,
        introduction: Introduction,
        mentor: Mentor,
    ) -> None:
        self._storage = storage
        self._people = people
        self._quizzes = quizzes
        self._exams = exams
        self._introduction = introduction
        self._mentor = mentor

    async def write(self, actor: Actor, text: str, *, reply: bool) -> Outcome:
        """Take a written text: for the section that runs, as what was asked for, as an answer, or for the mentor.

        Args:
            actor: Who wrote it.
            text: What they wrote.
            reply: Whether it replies to the message that shows where they are.

        Raises:
            InvalidInput: It is a day or a year, but one that cannot be.
        """

        def decide(work: Work) -> tuple[Person | None, Outcome]:
            person = work.people.get(actor.id)
            if safety.danger_in(text):
                return None, Distress(person.role if person is not None else Role.STUDENT)
            paper = self._for_paper(work, actor, person, text)
            if paper is not None:
                return None, paper
            return gated(actor, lambda work: self._practise(work, actor, person, text, reply=reply))(work)

        changed, outcome = await self._storage.transact(actor, decide)
        if isinstance(outcome, Distress):
            log.warning("danger", user=actor.id)  # the event, and none of its words
        if changed is not None:
            self._people.tell(changed)
        return outcome

    def _for_paper(self, work: Work, actor: Actor, person: Person | None, text: str) -> Unchanged | ExamStanding | None:
        """What a text is to the exam: to the section that runs anything, between two what is no question."""
        paper = self._exams.write(work, actor, text)
        if paper is not None or self._place(work, person) != "exam":
            return paper
        # The mentor is there between two sections; a letter, or a word alone, is no question for it.
        asks = person is not None and len(text.split()) > 1 and _is_for_mentor(Remark(text), person)
        return None if asks else self._exams.unfinished(work, actor)

    def _practise(
        self, work: Work, actor: Actor, person: Person | None, text: str, *, reply: bool
    ) -> tuple[Person | None, Outcome]:
        """What a text is where no exam has it: something that was asked for, an answer, or a question."""
        if person is not None and not reply:
            on_screen = self._place(work, person) == "introduce"
            read = self._introduction.read(work, actor, person, text, on_screen=on_screen)
            if read is not None:
                return read.person, read.outcome
            if person.onboarding.asks and on_screen:
                return None, Remark(text, Introduce(person, actor.today))
        if person is not None and (told := self._told_year(work, actor, person, text)) is not None:
            return told
        talking = person is not None and self._mentor.is_talking(work, actor)
        outcome = self._quizzes.read(work, actor, text, reply=reply, talking=talking)
        if isinstance(outcome, Remark) and person is not None and _is_for_mentor(outcome, person, talking=talking):
            return None, self._to_mentor(work, actor, outcome)
        return None, outcome

    def _to_mentor(self, work: Work, actor: Actor, remark: Remark) -> Heard:
        """Have the mentor answer, who is told of the question that stands there."""
        match remark.standing:
            case Asked(quiz=quiz, version=version):
                about = About(version.id, quiz.current_index, quiz.id)
            case Judged(quiz=quiz, version=version, attempt=attempt):
                about = About(version.id, attempt.position, quiz.id)
            case _:
                return self._mentor.hear_in(work, actor, Said(remark.text))
        return self._mentor.hear_in(work, actor, Said(remark.text, about=about))

    def _told_year(self, work: Work, actor: Actor, person: Person, text: str) -> tuple[Person, YearTold] | None:
        """A year of birth that is written where the mentor has just asked for it; None if it is something else.

        Raises:
            InvalidInput: Nobody who studies here was born in that year.
        """
        if person.birth_year is not None or not _YEAR.fullmatch(text.strip()):
            return None
        if not self._mentor.asks_age(work, actor):
            return None
        year = int(text)
        born = born_in(year, actor.today.year)(person).birth_year
        return self._people.change(work, actor, lambda one: replace(one, birth_year=born)), YearTold(year)

    def _place(self, work: Work, person: Person | None) -> str | None:
        """What the person looks at."""
        place = work.inbox.screen(person.telegram_id) if person is not None else None
        return place.place if place is not None else None


def _is_for_mentor(remark: Remark, person: Person, *, talking: bool = False) -> bool:
    """Whether a remark wants an answer that needs thought; greetings and thanks never reach a paid model.

    A number or "boh" alone asks for nothing, unless it answers what the mentor has just asked.
    """
    tones = {Tone.OTHER, Tone.UNSURE} if talking else {Tone.OTHER}
    thought = remark.tone in tones and (talking or not _FIGURES.fullmatch(remark.text))
    return thought and person.role is Role.STUDENT and not isinstance(remark.standing, Introduce)
