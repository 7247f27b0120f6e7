"""What a search of the archive gives, as frozen values: views turn them into words."""

from dataclasses import dataclass

from core.ids import QuestionId, TopicId, UserId, VersionId
from core.practice.model import Topic
from core.questions.model import QuestionVersion


@dataclass(frozen=True, slots=True)
class Near:
    """A question of the bank that is near to what was asked.

    Attributes:
        nearness: 0 to 1; 1 for the question that the student stands at.
        hints: How many hints may be shown, and then neither the key nor the solution: the student is answering this
            question. None: everything may be shown.
    """

    version: QuestionVersion
    nearness: float
    hints: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What the archive has on a question.

    Attributes:
        topic: The nearest topic; None if nothing is near.
        items: The nearest questions, the best first, three at most; none of them is `about`.
        about: The question that the student stands at, if they do and it may be shown.
        subjects: The subjects there are, where nothing was found.
    """

    topic: Topic | None
    items: tuple[Near, ...] = ()
    about: Near | None = None
    subjects: tuple[Topic, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was near."""
        return self.topic is None and not self.items


@dataclass(frozen=True, slots=True)
class Example:
    """One question of the archive, shown on its own."""

    near: Near


@dataclass(frozen=True, slots=True)
class Entry:
    """The words of a question, for an index.

    Attributes:
        version_id: Its current version.
        texts: All that it says in each language: question, choices, hints, worked solution;
            its slug in the first of them.
    """

    question_id: QuestionId
    version_id: VersionId
    topic_id: TopicId
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A topic that somebody sees, and who (None: everybody)."""

    topic: Topic
    owner: UserId | None
