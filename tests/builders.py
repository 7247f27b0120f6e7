"""Small worlds for tests: banks, questions, people."""

import itertools
import uuid
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from core.exams.formats import ClockKind, ExamFormat, Scoring, Section
from core.ids import QuizId, SittingId, UpdateId
from core.people.model import Person
from core.ports import Actor, Receipt
from core.questions.model import Bank, Item, Kind, NumericKey, Passage, PassageWording, TopicNames, Wording

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


def true_false(slug: str, topic: str = "maths/algebra", *, right: int = 0) -> Item:
    """A statement that is true (0) or false (1)."""
    wording = Wording(f"{slug}: vero o falso?", ("Vero", "Falso"), (None, None))
    return single(slug, topic, right=right, kind=Kind.TRUE_FALSE, wordings={"it": wording})


def reading(name: str, questions: int, topic: str = "verbal/reading") -> Bank:
    """A bank of its own with one passage, and so many questions on it."""
    items = (replace(single(f"{name}-{n}", topic, right=n % 5), passage=name) for n in range(questions))
    text = Passage(name, "it", {"it": PassageWording(name.title(), f"The text of {name}.")})
    return replace(bank(*items, name=f"bank-{name}"), passages=(text,))


def bank(*items: Item, name: str = "testbank") -> Bank:
    """A bank with names for every topic."""
    paths = {item.topic[:depth] for item in items for depth in range(1, len(item.topic) + 1)}
    topics = tuple(TopicNames(path, {"it": path[-1].title(), "en": path[-1].title()}) for path in sorted(paths))
    return Bank(name=name, licence="MIT", source="tests", items=items, topics=topics)


def some_questions(count: int = 12, *, topics: tuple[str, ...] = ("maths/algebra", "logic/series")) -> Bank:
    """A bank of five-option questions that go round the topics; the right option is at `number % 5`."""
    return bank(*(single(f"q{n:03}", topics[n % len(topics)], right=n % 5) for n in range(count)))


def section(
    key: str,
    questions: int = 3,
    minutes: float | None = 20,
    *,
    topics: tuple[str, ...] = ("maths",),
    points: tuple[str, str, str] = ("1", "0", "-1/4"),
    **changes: object,
) -> Section:
    """A section of five-option questions; `points` are those of a right answer, a blank and a wrong one."""
    values: dict[str, object] = {
        "key": key,
        "names": {"it": key.title(), "en": key.title()},
        "questions": questions,
        "topics": tuple(tuple(topic.split("/")) for topic in topics),
        "scoring": Scoring(*map(Fraction, points)),
        "minutes": None if minutes is None else Fraction(minutes),
        "options": 5,
    }
    return Section(**(values | changes))  # type: ignore[arg-type]


def exam(*sections: Section, **changes: object) -> ExamFormat:
    """An exam of these sections, each with its own clock."""
    slug = changes.get("slug", "TRIAL")
    values: dict[str, object] = {"slug": slug, "names": {"it": slug, "en": slug}, "sections": sections}
    return ExamFormat(**(values | changes))  # type: ignore[arg-type]


def some_exam(**changes: object) -> ExamFormat:
    """Four questions of mathematics in 50 minutes, three of logic in 20, with the points of a TOLC.

    The bank of `some_questions` fills it, with two and three questions left over.
    """
    maths = section("maths", 4, 50, topics=("maths",))
    logic = section("logic", 3, 20, topics=("logic",))
    return exam(maths, logic, **changes)


def one_clock(minutes: float = 30, **changes: object) -> ExamFormat:
    """The same two sections under one clock."""
    sections = tuple(replace(section, minutes=None) for section in some_exam().sections)
    return exam(*sections, slug="ONE-CLOCK", clock=ClockKind.PAPER, minutes=Fraction(minutes), **changes)


def actor(person: Person, now: datetime, *, receipt: Receipt | None = None) -> Actor:
    """A person acting at a moment."""
    return Actor(person.id, now, person.zone, person.language, receipt)


def new_quiz_id() -> QuizId:
    """A fresh id, as a button carries it."""
    return QuizId(uuid.uuid4())


def new_sitting_id() -> SittingId:
    """A fresh id, as a button carries it."""
    return SittingId(uuid.uuid4())


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
