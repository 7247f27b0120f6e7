"""What reading a bank brings: the bank, and what was left out and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.questions.model import Bank

Detail = str | int
Progress = Callable[[int, int], None]
"""Told how many questions are done, and of how many."""

MAX_BYTES = 50_000_000
MAX_TOML_BYTES = 5_000_000  # written by hand, and tomllib is slow: 5 MB are 10,000 questions
MAX_LINE_BYTES = 200_000
MAX_QUESTIONS = 100_000

REASONS: Mapping[str, str] = {
    "bad-json": "the line is not JSON",
    "not-utf8": "the line is not UTF-8",
    "not-an-object": "the line is JSON, but not an object",
    "line-too-long": "the line has {size} bytes, {limit} are allowed",
    "missing-field": "the field {field} is missing",
    "wrong-type": "the field {field} has the wrong type",
    "invalid-field": "{problems}",
    "unsupported-kind": "questions of the kind {kind} cannot be asked in a chat",
    "unsupported-language": "the language {language} is not known, or has no words for true and false",
    "bad-slug": "{slug} is no name: small letters, digits and hyphens, at most {limit} signs",
    "bad-topic": "{topic} is no topic: one to three names with slashes between them",
    "bad-number": "{value} is neither a decimal number nor a fraction",
    "duplicate": "the name {slug} is taken by {first}",
    "missing-original": "there is no text in {language}, the language it was written in",
    "empty-text": "the text of the question is empty",
    "empty-option": "option {position} is empty",
    "equal-options": "options {first} and {second} are equal",
    "number-of-options": "it has {count} options, from {least} to {most} are possible",
    "label-out-of-range": "the right answer is number {label} of {count}",
    "right-options": "{count} options are right",
    "right-option-with-error": "option {position} is right, but has an error",
    "options-differ": "{language} and {original} differ in their options",
    "no-accepted-answer": "no accepted answer in {language}",
    "no-number": "the right number is missing",
    "too-long": "text, options and what a formula says have {size} signs, {limit} fit into a message",
    "part-too-long": "{part} has {size} signs, {limit} are allowed",
    "lost-sign": "a “<” and what followed it were lost: {where}",
    "unknown-passage": "the passage {passage} is not in the bank",
}


class InvalidBank(Exception):  # noqa: N818  # named for what it is, as the refusals are
    """A file that no bank can be read from; the message says why in one English sentence."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A question that was left out.

    Attributes:
        line: Where it starts, 1-based; 0 if unknown.
        slug: Its name, if it got that far.
        code: A key of `REASONS`.
        details: What the reason names.
        file: The file of a folder that it stands in; empty for a single file.
    """

    line: int
    slug: str | None
    code: str
    details: Mapping[str, Detail] = field(default_factory=dict)
    file: str = ""

    @property
    def reason(self) -> str:
        """Why, in an English sentence."""
        return REASONS[self.code].format_map(self.details)


@dataclass(frozen=True, slots=True)
class Reading:
    """A bank as it was read."""

    bank: Bank
    rejected: tuple[Rejection, ...] = ()


class Problem(Exception):  # noqa: N818  # never leaves the readers
    """What makes one question impossible to ask."""

    def __init__(self, code: str, details: Mapping[str, Detail] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.details = details or {}

    def at(self, line: int, slug: str | None, file: str = "") -> Rejection:
        """The problem, at its place."""
        return Rejection(line=line, slug=slug, code=self.code, details=self.details, file=file)
