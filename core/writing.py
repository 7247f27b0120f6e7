"""Where a written message goes: to the paper that lies there, to what was asked for, to the quiz, or to the mentor."""

import re

from core.exams.exams import Exams
from core.exams.outcomes import Unchanged
from core.introduction import Introduction, Noted
from core.mentor.conversation import About, Said
from core.mentor.mentor import Heard, Mentor
from core.people.model import Person, Role
from core.people.people import People
from core.ports import Actor, Storage, Work
from core.practice.gate import gated
from core.practice.outcomes import Asked, Introduce, Judged, Remark, Tone, Unclear
from core.practice.quizzes import Quizzes
from core.whereabouts import Where

_FIGURES = re.compile(r"[\d\s.,:/-]+")
"""Numbers and days alone ask for nothing."""

Outcome = Where | Noted | Unchanged | Unclear | Remark | Heard


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
            paper = self._exams.write(work, actor, text)
            if paper is None and self._place(work, actor) == "exam" and not asks(work):
                paper = self._exams.unfinished(work, actor)
            return (None, paper) if paper is not None else gated(actor, practise)(work)

        def asks(work: Work) -> bool:
            """Whether it is a question for the mentor, which is there between two sections; a letter is none."""
            person = work.people.get(actor.id)
            return person is not None and len(text.split()) > 1 and _is_for_mentor(Remark(text), person)

        def practise(work: Work) -> tuple[Person | None, Outcome]:
            person = work.people.get(actor.id)
            if person is not None and not reply:
                on_screen = self._place(work, actor) == "introduce"
                read = self._introduction.read(work, actor, person, text, on_screen=on_screen)
                if read is not None:
                    return read.person, read.outcome
                if person.onboarding.asks and on_screen:
                    return None, Remark(text, Introduce(person, actor.today))
            outcome = self._quizzes.read(work, actor, text, reply=reply)
            if isinstance(outcome, Remark) and person is not None and _is_for_mentor(outcome, person):
                return None, self._to_mentor(work, actor, outcome)
            return None, outcome

        changed, outcome = await self._storage.transact(actor, decide)
        if changed is not None:
            self._people.tell(changed)
        return outcome

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

    def _place(self, work: Work, actor: Actor) -> str | None:
        """What the person looks at."""
        person = work.people.get(actor.id)
        place = work.inbox.screen(person.telegram_id) if person is not None else None
        return place.place if place is not None else None


def _is_for_mentor(remark: Remark, person: Person) -> bool:
    """Whether a remark wants an answer that needs thought; greetings, thanks and "boh" never reach a paid model."""
    thought = remark.tone is Tone.OTHER and not _FIGURES.fullmatch(remark.text)
    return thought and person.role is Role.STUDENT and not isinstance(remark.standing, Introduce)
