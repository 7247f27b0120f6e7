"""Questions as banks write them and as quizzes ask them, without a database."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from core.ids import ChoiceId, QuestionId, TopicId, VersionId


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true-false"
    NUMERIC = "numeric"
    SHORT = "short"

    @property
    def typed(self) -> bool:
        """Whether the answer is written, not tapped."""
        return self in {Kind.NUMERIC, Kind.SHORT}


@dataclass(frozen=True, slots=True)
class NumericKey:
    """The right value of a numeric question, exactly, and what may differ from it."""

    value: Fraction
    tolerance: Fraction = Fraction(0)
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """A question in one language.

    `choices` and `errors` run in parallel, in the bank's order; an error is the thinking that leads to a wrong choice
    (None for a right one, or where the bank does not say).
    """

    text: str
    choices: tuple[str, ...] = ()
    errors: tuple[str | None, ...] = ()
    explanation: str | None = None
    hints: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    numeric_errors: tuple[tuple[Fraction, str], ...] = ()
    spoken: str | None = None


@dataclass(frozen=True, slots=True)
class PassageWording:
    """A reading passage in one language; paragraphs are separated by a blank line."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that several questions ask about."""

    slug: str
    original: str
    wordings: Mapping[str, PassageWording]

    def fingerprint(self) -> str:
        """Sha-256 of everything a reader sees, as hex."""
        return _sha256([self.slug, self.original, {k: [w.title, w.text] for k, w in sorted(self.wordings.items())}])


@dataclass(frozen=True, slots=True)
class Item:
    """A question as a bank writes it.

    Attributes:
        slug: Its name, unique in the bank; an item with a known slug and another content is a new version.
        topic: Path of topic slugs, subject first, at most three.
        right: Positions of the right choices (0-based); empty for typed kinds.
        difficulty: 1 (very easy) to 5 (very hard).
        seconds: Time it should take.
        original: Language it was written in; always a key of `wordings`.
        formula: LaTeX (mathtext) shown as an image, or None.
        anchored: The choices must keep their order.
        line: Where it starts in the file it came from, 1-based; 0 if not from a file. No part of the content.
    """

    slug: str
    topic: tuple[str, ...]
    kind: Kind
    wordings: Mapping[str, Wording]
    original: str
    right: tuple[int, ...] = ()
    difficulty: int = 3
    seconds: int = 90
    numeric: NumericKey | None = None
    passage: str | None = None
    formula: str | None = None
    anchored: bool = False
    line: int = field(default=0, compare=False)

    def fingerprint(self) -> str:
        """Sha-256 of everything that makes it this question, as hex; the line in the file is not part of it."""
        return _sha256(
            [
                self.slug,
                list(self.topic),
                self.kind,
                self.original,
                list(self.right),
                self.difficulty,
                self.seconds,
                [str(self.numeric.value), str(self.numeric.tolerance), self.numeric.unit] if self.numeric else None,
                self.passage,
                self.formula,
                self.anchored,
                {
                    language: [
                        w.text,
                        list(w.choices),
                        list(w.errors),
                        w.explanation,
                        list(w.hints),
                        list(w.accept),
                        [[str(value), error] for value, error in w.numeric_errors],
                        w.spoken,
                    ]
                    for language, w in sorted(self.wordings.items())
                },
            ],
        )


@dataclass(frozen=True, slots=True)
class TopicNames:
    """What a topic is called, by language."""

    path: tuple[str, ...]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Bank:
    """Everything a file of questions brings."""

    name: str
    licence: str
    source: str
    items: tuple[Item, ...]
    passages: tuple[Passage, ...] = ()
    topics: tuple[TopicNames, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a stored question version."""

    id: ChoiceId
    right: bool


@dataclass(frozen=True, slots=True)
class QuestionVersion:
    """A question as it is asked: stored, numbered and never changed."""

    id: VersionId
    question_id: QuestionId
    slug: str
    topic_id: TopicId
    topic: tuple[str, ...]
    kind: Kind
    difficulty: int
    seconds: int
    original: str
    choices: tuple[Choice, ...]
    wordings: Mapping[str, Wording]
    numeric: NumericKey | None = None
    formula: str | None = None
    anchored: bool = False
    passage: Mapping[str, PassageWording] | None = None
    topic_names: Mapping[str, str] = field(default_factory=dict)

    def topic_name(self, language: str) -> str:
        """What its topic is called in `language`, or in any language it has a name in."""
        return self.topic_names.get(language) or next(iter(self.topic_names.values()), self.topic[-1])

    def wording(self, language: str) -> Wording:
        """The text in `language`, or in the language it was written in."""
        return self.wordings.get(language) or self.wordings[self.original]

    def asked_in(self, language: str) -> str:
        """The language in which it is asked of somebody who reads `language`."""
        return language if language in self.wordings else self.original

    @property
    def right(self) -> tuple[int, ...]:
        """Positions of the right choices in the bank's order, 0-based."""
        return tuple(position for position, choice in enumerate(self.choices) if choice.right)


def _sha256(content: object) -> str:
    canonical = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
