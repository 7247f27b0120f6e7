"""Small worlds for tests: banks, questions, people."""

import itertools
import uuid
from datetime import datetime
from fractions import Fraction

from core.ids import QuizId, UpdateId
from core.people.model import Person
from core.ports import Actor, Receipt
from core.questions.model import Bank, Item, Kind, NumericKey, TopicNames, Wording

_numbers = itertools.count(1)


def single(slug: str, topic: str = "maths/algebra", *, right: int = 0, difficulty: int = 3, **changes: object) -> Item:
    """A question of five options with one right, in Italian and English."""
    values: dict[str, object] = {
        "slug": slug,
        "topic": tuple(topic.split("/")),
        "kind": Kind.SINGLE,
        "original": "it",
        "right": (right,),
        "difficulty": difficulty,
        "wordings": {language: _wording(slug, language, right) for language in ("it", "en")},
    }
    return Item(**(values | changes))  # type: ignore[arg-type]


def multiple(slug: str, topic: str = "maths/algebra", *, right: tuple[int, ...] = (0, 2)) -> Item:
    """A question of five options with several right."""
    return (
        single(slug, topic, kind=Kind.MULTIPLE, right=right[0])
        if len(right) == 1
        else Item(
            slug=slug,
            topic=tuple(topic.split("/")),
            kind=Kind.MULTIPLE,
            original="it",
            right=right,
            wordings={"it": _wording(slug, "it", *right)},
        )
    )


def numeric(slug: str, topic: str = "maths/algebra", *, value: str = "3/4", unit: str | None = None) -> Item:
    """A question whose answer is a written number."""
    return Item(
        slug=slug,
        topic=tuple(topic.split("/")),
        kind=Kind.NUMERIC,
        original="it",
        wordings={"it": Wording(f"{slug}: quanto fa?", hints=("uno", "due", "tre"), explanation="Si calcola.")},
        numeric=NumericKey(Fraction(value), unit=unit),
    )


def short(slug: str, topic: str = "maths/algebra", *, accept: tuple[str, ...] = ("mitocondrio",)) -> Item:
    """A question whose answer is a written word."""
    return Item(
        slug=slug,
        topic=tuple(topic.split("/")),
        kind=Kind.SHORT,
        original="it",
        wordings={"it": Wording(f"{slug}: come si chiama?", accept=accept)},
    )


def bank(*items: Item, name: str = "testbank") -> Bank:
    """A bank with names for every topic."""
    paths = {item.topic[:depth] for item in items for depth in range(1, len(item.topic) + 1)}
    topics = tuple(TopicNames(path, {"it": path[-1].title(), "en": path[-1].title()}) for path in sorted(paths))
    return Bank(name=name, licence="MIT", source="tests", items=items, topics=topics)


def some_questions(count: int = 12, *, topics: tuple[str, ...] = ("maths/algebra", "logic/series")) -> Bank:
    """A bank of five-option questions that go round the topics; the right option is at `number % 5`."""
    return bank(*(single(f"q{n:03}", topics[n % len(topics)], right=n % 5) for n in range(count)))


def actor(person: Person, now: datetime, *, receipt: Receipt | None = None) -> Actor:
    """A person acting at a moment."""
    return Actor(person.id, now, person.zone, person.language, receipt)


def new_quiz_id() -> QuizId:
    """A fresh id, as a button carries it."""
    return QuizId(uuid.uuid4())


def next_update_id() -> UpdateId:
    """An update number that was not used before in this run."""
    return UpdateId(10_000 + next(_numbers))


def _wording(slug: str, language: str, *right: int) -> Wording:
    return Wording(
        text=f"{slug} ({language})?",
        choices=tuple(f"{slug} {language} option {n}" for n in range(5)),
        errors=tuple(None if n in right else f"{slug} {language} error {n}" for n in range(5)),
        explanation=f"{slug} {language} explanation",
        hints=("cue", "method", "first step"),
    )
