"""Our own JSON Lines: an object a line, nothing lost, so that a bank read back has the same fingerprints.

The first line names the bank, then come topics, passages and questions, each with its `type`. Numbers of numeric
questions are strings, for JSON has no fractions.
"""

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from core.questions.model import (
    Bank,
    Item,
    Kind,
    NumericKey,
    Passage,
    PassageWording,
    TopicNames,
    Wording,
)
from core.questions.reading import checks
from core.questions.reading.cleaning import without_controls
from core.questions.reading.numbers import exact
from core.questions.reading.report import Problem


def write_jsonl(bank: Bank) -> Iterator[str]:
    """The lines of a bank, without line ends."""
    yield _line("bank", {"name": bank.name, "licence": bank.licence, "source": bank.source})
    for topic in bank.topics:
        yield _line("topic", {"path": list(topic.path), "names": dict(topic.names)})
    for passage in bank.passages:
        wordings = {language: {"title": w.title, "text": w.text} for language, w in passage.wordings.items()}
        yield _line("passage", {"slug": passage.slug, "original": passage.original, "wordings": wordings})
    for item in bank.items:
        yield _line("question", _question(item))


def _line(kind: str, content: Mapping[str, object]) -> str:
    return json.dumps({"type": kind, **content}, ensure_ascii=False, separators=(",", ":"))


def _question(item: Item) -> dict[str, object]:
    numeric = item.numeric and {
        "value": str(item.numeric.value),
        "tolerance": str(item.numeric.tolerance),
        "unit": item.numeric.unit,
    }
    return {
        "slug": item.slug,
        "topic": list(item.topic),
        "kind": item.kind.value,
        "original": item.original,
        "right": list(item.right),
        "difficulty": item.difficulty,
        "seconds": item.seconds,
        "numeric": numeric,
        "passage": item.passage,
        "formula": item.formula,
        "anchored": item.anchored,
        "wordings": {language: _wording(wording) for language, wording in item.wordings.items()},
    }


def _wording(wording: Wording) -> dict[str, object]:
    return {
        "text": wording.text,
        "choices": list(wording.choices),
        "errors": list(wording.errors),
        "explanation": wording.explanation,
        "hints": list(wording.hints),
        "accept": list(wording.accept),
        "numeric_errors": [[str(value), error] for value, error in wording.numeric_errors],
        "spoken": wording.spoken,
    }


def _clean(value: object) -> object:
    return without_controls(value) if isinstance(value, str) else value


_Text = Annotated[str, BeforeValidator(_clean)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class BankRow(_Row):
    """The line that names the bank."""

    type: Literal["bank"]
    name: _Text
    licence: _Text
    source: _Text


class TopicRow(_Row):
    """A line that names a topic."""

    type: Literal["topic"]
    path: list[str] = Field(min_length=1, max_length=3)
    names: dict[str, _Text]

    def content(self) -> TopicNames:
        """The topic; raises `Problem` where its path is none or a name does not fit."""
        checks.check_names(self.names)
        return TopicNames(path=checks.topic_path("/".join(self.path)), names=self.names)


class _PassageText(_Row):
    title: _Text
    text: _Text


class PassageRow(_Row):
    """A line with a passage."""

    type: Literal["passage"]
    slug: str
    original: str
    wordings: dict[str, _PassageText]

    def content(self) -> Passage:
        """The passage; raises `Problem` where it cannot be shown."""
        wordings = {language: PassageWording(title=w.title, text=w.text) for language, w in self.wordings.items()}
        passage = Passage(slug=self.slug, original=self.original, wordings=wordings)
        checks.check_passage(passage)
        return passage


class _Numeric(_Row):
    value: str
    tolerance: str
    unit: _Text | None

    def content(self) -> NumericKey:
        return NumericKey(value=exact(self.value), tolerance=exact(self.tolerance), unit=self.unit)


class _WordingRow(_Row):
    text: _Text
    choices: list[_Text]
    errors: list[_Text | None]
    explanation: _Text | None
    hints: list[_Text]
    accept: list[_Text]
    numeric_errors: list[list[_Text]]
    spoken: _Text | None

    def content(self) -> Wording:
        return Wording(
            text=self.text,
            choices=tuple(self.choices),
            errors=tuple(self.errors),
            explanation=self.explanation,
            hints=tuple(self.hints),
            accept=tuple(self.accept),
            numeric_errors=tuple(_numeric_error(pair) for pair in self.numeric_errors),
            spoken=self.spoken,
        )


class QuestionRow(_Row):
    """A line with a question."""

    type: Literal["question"]
    slug: str
    topic: list[str]
    kind: str
    original: str
    right: list[int]
    difficulty: int = Field(ge=1, le=5)
    seconds: int = Field(ge=1, le=7_200)
    numeric: _Numeric | None
    passage: str | None
    formula: _Text | None
    anchored: bool
    wordings: dict[str, _WordingRow] = Field(max_length=20)

    def content(self, line: int) -> Item:
        """The question; raises `Problem` where it cannot be asked."""
        if self.kind not in KINDS:
            raise Problem("unsupported-kind", {"kind": self.kind[:40]})
        item = Item(
            slug=self.slug,
            topic=checks.topic_path("/".join(self.topic)),
            kind=Kind(self.kind),
            wordings={language: wording.content() for language, wording in self.wordings.items()},
            original=self.original,
            right=tuple(self.right),
            difficulty=self.difficulty,
            seconds=self.seconds,
            numeric=self.numeric.content() if self.numeric else None,
            passage=self.passage,
            formula=self.formula,
            anchored=self.anchored,
            line=line,
        )
        checks.check(item)
        return item


def _numeric_error(pair: list[str]) -> tuple[Fraction, str]:
    if len(pair) != 2:
        raise Problem("wrong-type", {"field": "numeric_errors"})
    return exact(pair[0]), pair[1]


AnyRow = BankRow | TopicRow | PassageRow | QuestionRow
KINDS = frozenset(kind.value for kind in Kind)
ROWS: TypeAdapter[AnyRow] = TypeAdapter(Annotated[AnyRow, Field(discriminator="type")])
"""Reads any line of the form."""
