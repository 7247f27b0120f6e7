"""What comes of an operation on a quiz, as frozen values: views turn them into words."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.ids import TopicId
from core.people.model import Person
from core.practice import typed
from core.practice.model import Attempt, Difficulty, Quiz, Topic, TopicTally
from core.questions.model import QuestionVersion


@dataclass(frozen=True, slots=True)
class Asked:
    """A question is open; `twin` says that its hints are used up and there is a question like it to show, worked."""

    quiz: Quiz
    version: QuestionVersion
    twin: bool = False


@dataclass(frozen=True, slots=True)
class WorkedTwin:
    """A question is open, and `twin`, another of its topic, is shown with its solution: the method, not the answer."""

    quiz: Quiz
    version: QuestionVersion
    twin: QuestionVersion


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict is on the screen."""

    quiz: Quiz
    version: QuestionVersion
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Finished:
    """The quiz is over (or was left): its totals."""

    quiz: Quiz
    tallies: tuple[TopicTally, ...]
    answered: int
    voided: int

    @property
    def length(self) -> int:
        """How many of its questions count: all but the reported ones."""
        return self.quiz.length - self.voided


@dataclass(frozen=True, slots=True)
class OnHold:
    """The quiz is paused; `topic` is what it is about, if it is about one."""

    quiz: Quiz
    topic: Topic | None = None


@dataclass(frozen=True, slots=True)
class Introduce:
    """Before it goes on, the bot asks who it is talking to; `first` the first time it asks anything.

    `today` is the day where the person lives.
    """

    person: Person
    today: date = field(compare=False)
    first: bool = False


Standing = Asked | Judged | Finished | OnHold | Introduce


class Why(StrEnum):
    """Why a press changed nothing."""

    ANSWERED = "answered"
    SKIPPED = "skipped"
    CLOSED = "closed"
    """The quiz was closed before this question was answered."""
    PAUSED = "paused"
    REWRITTEN = "rewritten"
    """Something else was written since."""
    UNTICKED = "unticked"
    AHEAD = "ahead"
    """The quiz is not there yet."""


@dataclass(frozen=True, slots=True)
class Passed:
    """The press came too late or too early: nothing changed. `standing` is where the quiz is."""

    standing: Standing
    why: Why


@dataclass(frozen=True, slots=True)
class Unclear:
    """A written text may be an answer or not: nothing is recorded until the student says so.

    `readings` are the numbers it could mean, if it is ambiguous between several; `mark` tells this text from another
    one written to the same question.
    """

    quiz: Quiz
    version: QuestionVersion
    text: str
    readings: tuple[Fraction, ...] = ()

    @property
    def mark(self) -> int:
        """A short fingerprint of the text."""
        return mark_of(self.text)


class Tone(StrEnum):
    """What a remark is like."""

    GREETING = "greeting"
    THANKS = "thanks"
    UNSURE = "unsure"
    """They do not know, or want help."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Remark:
    """A written text that is no answer; `standing` is where it was said, None outside every quiz."""

    text: str
    standing: Standing | None = None

    @property
    def tone(self) -> Tone:
        """What kind of remark it is."""
        if typed.is_thanks(self.text):
            return Tone.THANKS
        if typed.is_unsure(self.text):
            return Tone.UNSURE
        return Tone.GREETING if typed.is_greeting(self.text) else Tone.OTHER


@dataclass(frozen=True, slots=True)
class Past:
    """A quiz, and the topic it was about, if it was about one; `voided` are its questions that were reported."""

    quiz: Quiz
    topic: Topic | None
    voided: int = 0

    @property
    def length(self) -> int:
        """How many of its questions count: all but the reported ones."""
        return self.quiz.length - self.voided

    @property
    def answered(self) -> int:
        """How many answers count."""
        return self.quiz.correct_count + self.quiz.wrong_count


@dataclass(frozen=True, slots=True)
class Menu:
    """What can be practised now."""

    topics: tuple[Topic, ...]
    mistakes: int
    open: tuple[Past, ...]

    @property
    def questions(self) -> int:
        """How many questions there are over all subjects."""
        return sum(topic.questions for topic in self.topics if len(topic.path) == 1)

    def below(self, parent: Topic | None) -> tuple[Topic, ...]:
        """The topics directly below `parent` (None: the subjects) that have questions."""
        depth = len(parent.path) + 1 if parent else 1
        start = parent.path if parent else ()
        return tuple(
            t for t in self.topics if len(t.path) == depth and t.path[: len(start)] == start and t.questions > 0
        )

    def above(self, topic: Topic) -> Topic | None:
        """The topic that this one lies in; None above a subject."""
        return next((other for other in self.topics if other.path == topic.path[:-1]), None)

    def find(self, topic_id: TopicId) -> Topic | None:
        """The topic with this id."""
        return next((topic for topic in self.topics if topic.id == topic_id), None)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One question of a quiz that is over; `attempt` is None if it was skipped."""

    quiz: Quiz
    version: QuestionVersion
    attempt: Attempt | None
    position: int


@dataclass(frozen=True, slots=True)
class Supply:
    """The topic of a choice, and how many questions there are for it at each difficulty (None: at any)."""

    topic: Topic | None
    counts: Mapping[Difficulty | None, int]


def mark_of(text: str) -> int:
    """A short fingerprint of a text (CRC-32): enough to tell one message from the next, no more."""
    return zlib.crc32(text.encode())
