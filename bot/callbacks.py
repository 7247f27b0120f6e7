"""The data behind buttons: small frozen values that fit Telegram's 64 bytes.

A press comes from the client and may be forged, old or repeated: a value says what was pressed, never that it is
allowed. Ids are random UUIDs in 22 characters; quizzes carry their position, so that a stale press is recognised.
"""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from types import NoneType
from typing import Any, ClassVar, TypeVar, cast, get_args, get_type_hints

from core.exams.outcomes import Face, Pick
from core.ids import QuizId, SittingId, TopicId, from_short, to_short
from core.practice.model import Difficulty, Mode

MAX_BYTES = 64
MAX_NUMBER = 2**53
SLUG = re.compile("[A-Za-z0-9-]{1,18}")
"""The name of an exam or of a part of it: with a sitting's id both fit into a button."""

P = TypeVar("P", bound="Press")


class NotAPress(ValueError):  # noqa: N818 - a parse result, not a fault of the program
    """The data is none of ours."""


class Press:
    """A button's meaning; subclasses are frozen dataclasses with a code of their own."""

    code: ClassVar[str]
    __slots__ = ()

    def encode(self) -> str:
        """The text that the button carries, at most 64 bytes."""
        return ":".join([self.code, *(write(getattr(self, name)) for name, write, _ in _codec(type(self)))])


def decode(data: str) -> Press:
    """The value behind a button's text.

    Raises:
        NotAPress: It is nothing that this program wrote.
    """
    code, *parts = data.split(":")
    kind = PRESSES.get(code)
    if kind is None:
        raise NotAPress(data)
    codec = _codec(kind)
    if len(parts) != len(codec):
        raise NotAPress(data)
    try:
        return kind(*(read(part) for (_, _, read), part in zip(codec, parts, strict=True)))
    except ValueError as error:
        raise NotAPress(data) from error


@dataclass(frozen=True, slots=True)
class GoHome(Press):
    """Show the home screen."""

    code: ClassVar[str] = "h"


@dataclass(frozen=True, slots=True)
class QuizMenu(Press):
    """Choose what to practise."""

    code: ClassVar[str] = "qm"


@dataclass(frozen=True, slots=True)
class QuizTopics(Press):
    """Choose a topic below this one (None: a subject)."""

    topic: TopicId | None
    page: int
    code: ClassVar[str] = "qt"


@dataclass(frozen=True, slots=True)
class QuizSetup(Press):
    """Choose length and difficulty."""

    mode: Mode
    topic: TopicId | None
    difficulty: Difficulty | None
    code: ClassVar[str] = "qu"


@dataclass(frozen=True, slots=True)
class QuizStart(Press):
    """Begin a quiz; the id is fresh on every screen, so that a second tap finds the first one's quiz."""

    quiz: QuizId
    mode: Mode
    topic: TopicId | None
    difficulty: Difficulty | None
    length: int
    code: ClassVar[str] = "qs"


@dataclass(frozen=True, slots=True)
class QuizRedo(Press):
    """Begin a quiz, under a fresh id, over the mistakes of another one."""

    quiz: QuizId
    of: QuizId
    code: ClassVar[str] = "qq"


@dataclass(frozen=True, slots=True)
class QuizAnswer(Press):
    """Answer with a choice (its place in the bank's order)."""

    quiz: QuizId
    position: int
    choice: int
    code: ClassVar[str] = "qa"


@dataclass(frozen=True, slots=True)
class QuizToggle(Press):
    """Tick or untick one of several right choices."""

    quiz: QuizId
    position: int
    choice: int
    on: bool
    code: ClassVar[str] = "qx"


@dataclass(frozen=True, slots=True)
class QuizConfirm(Press):
    """Answer with what is ticked."""

    quiz: QuizId
    position: int
    code: ClassVar[str] = "qc"


@dataclass(frozen=True, slots=True)
class QuizInsist(Press):
    """What I wrote is my answer, in this reading; `mark` tells which text."""

    quiz: QuizId
    position: int
    reading: int
    mark: int
    code: ClassVar[str] = "qi"


@dataclass(frozen=True, slots=True)
class QuizHint(Press):
    """Show hints up to this one, from 1."""

    quiz: QuizId
    position: int
    number: int
    code: ClassVar[str] = "qh"


@dataclass(frozen=True, slots=True)
class QuizTwin(Press):
    """After the last hint: show a question like this one with its solution."""

    quiz: QuizId
    position: int
    code: ClassVar[str] = "qz"


@dataclass(frozen=True, slots=True)
class QuizSkip(Press):
    """Leave the question open."""

    quiz: QuizId
    position: int
    code: ClassVar[str] = "qk"


@dataclass(frozen=True, slots=True)
class QuizNext(Press):
    """From the verdict to what follows."""

    quiz: QuizId
    position: int
    code: ClassVar[str] = "qn"


@dataclass(frozen=True, slots=True)
class QuizSimilar(Press):
    """One more like this, at the end of the quiz."""

    quiz: QuizId
    position: int
    code: ClassVar[str] = "qy"


@dataclass(frozen=True, slots=True)
class QuizPause(Press):
    """Stop the clock."""

    quiz: QuizId
    code: ClassVar[str] = "qp"


@dataclass(frozen=True, slots=True)
class QuizResume(Press):
    """Take a quiz up again."""

    quiz: QuizId
    code: ClassVar[str] = "qr"


@dataclass(frozen=True, slots=True)
class QuizLeave(Press):
    """End a quiz before its last question."""

    quiz: QuizId
    code: ClassVar[str] = "ql"


@dataclass(frozen=True, slots=True)
class QuizResult(Press):
    """Show the result of a quiz that is over."""

    quiz: QuizId
    code: ClassVar[str] = "qe"


@dataclass(frozen=True, slots=True)
class QuizShow(Press):
    """Show where a quiz stands."""

    quiz: QuizId
    code: ClassVar[str] = "qg"


@dataclass(frozen=True, slots=True)
class QuizReview(Press):
    """Look at one question of a quiz that is over."""

    quiz: QuizId
    position: int
    code: ClassVar[str] = "qv"


@dataclass(frozen=True, slots=True)
class QuizDoubt(Press):
    """This question seems wrong: ask whether to report it."""

    quiz: QuizId
    position: int
    code: ClassVar[str] = "qd"


@dataclass(frozen=True, slots=True)
class QuizReport(Press):
    """Report the question: its attempt does not count."""

    quiz: QuizId
    position: int
    code: ClassVar[str] = "qw"


@dataclass(frozen=True, slots=True)
class History(Press):
    """A page of past quizzes."""

    page: int
    code: ClassVar[str] = "hs"


@dataclass(frozen=True, slots=True)
class BeParent(Press):
    """I am a parent."""

    code: ClassVar[str] = "rp"


@dataclass(frozen=True, slots=True)
class ToForward(Press):
    """Send me a message that I can forward to a student."""

    code: ClassVar[str] = "tf"


@dataclass(frozen=True, slots=True)
class BeStudent(Press):
    """I am a student."""

    code: ClassVar[str] = "rs"


@dataclass(frozen=True, slots=True)
class ExamInView(Press):
    """The exam I prepare for, by its place in the list (None: not yet known)."""

    exam: int | None
    code: ClassVar[str] = "xe"


@dataclass(frozen=True, slots=True)
class ExamMonth(Press):
    """The month of the exam, as months since the year 0."""

    month: int
    code: ClassVar[str] = "xm"


@dataclass(frozen=True, slots=True)
class ExamDateUnknown(Press):
    """The date of the exam is not known yet."""

    code: ClassVar[str] = "xu"


@dataclass(frozen=True, slots=True)
class ExamDay(Press):
    """The day of the exam, as its ordinal."""

    day: int
    code: ClassVar[str] = "xd"


@dataclass(frozen=True, slots=True)
class BirthYear(Press):
    """The year of birth (None: rather not say)."""

    year: int | None
    code: ClassVar[str] = "by"


@dataclass(frozen=True, slots=True)
class Remarked(Press):
    """What I wrote was no answer."""

    quiz: QuizId
    position: int
    code: ClassVar[str] = "rk"


@dataclass(frozen=True, slots=True)
class Ask(Press):
    """Ask again for the exam, its date or the birth year, from the settings."""

    what: int
    code: ClassVar[str] = "ak"


@dataclass(frozen=True, slots=True)
class OpenSettings(Press):
    """Show the settings."""

    code: ClassVar[str] = "st"


@dataclass(frozen=True, slots=True)
class Speak(Press):
    """Speak this language: 0 Italian, 1 English."""

    language: int
    code: ClassVar[str] = "sl"


@dataclass(frozen=True, slots=True)
class ExamList(Press):
    """Choose an exam to sit."""

    code: ClassVar[str] = "el"


@dataclass(frozen=True, slots=True)
class ExamInfo(Press):
    """What can be sat of an exam."""

    exam: str
    code: ClassVar[str] = "ei"


@dataclass(frozen=True, slots=True)
class ExamRules(Press):
    """The rules of an exam, or of a part of it, before it is begun."""

    exam: str
    variant: str
    code: ClassVar[str] = "eu"


@dataclass(frozen=True, slots=True)
class ExamNew(Press):
    """Draw a paper; the id is fresh on every screen, so that a second tap finds the first one's sitting."""

    sitting: SittingId
    exam: str
    variant: str
    code: ClassVar[str] = "en"


@dataclass(frozen=True, slots=True)
class ExamStart(Press):
    """Start a section: its clock runs."""

    sitting: SittingId
    section: int
    code: ClassVar[str] = "es"


@dataclass(frozen=True, slots=True)
class ExamAnswer(Press):
    """Answer an item with a choice (its place in the bank's order; None: clear it)."""

    sitting: SittingId
    position: int
    choice: int | None
    code: ClassVar[str] = "ea"


@dataclass(frozen=True, slots=True)
class ExamFlag(Press):
    """Flag an item, or take the flag away."""

    sitting: SittingId
    position: int
    on: bool
    code: ClassVar[str] = "ef"


@dataclass(frozen=True, slots=True)
class ExamMove(Press):
    """Put an item on the screen."""

    sitting: SittingId
    position: int
    code: ClassVar[str] = "em"


@dataclass(frozen=True, slots=True)
class ExamFace(Press):
    """Show another side of the paper: the grid, or a question asked once more."""

    sitting: SittingId
    face: Face
    page: int
    code: ClassVar[str] = "eg"


@dataclass(frozen=True, slots=True)
class ExamHandIn(Press):
    """Hand in the section."""

    sitting: SittingId
    section: int
    code: ClassVar[str] = "eh"


@dataclass(frozen=True, slots=True)
class ExamAbandon(Press):
    """End the sitting for good."""

    sitting: SittingId
    code: ClassVar[str] = "eb"


@dataclass(frozen=True, slots=True)
class ExamShow(Press):
    """Show where a sitting stands."""

    sitting: SittingId
    code: ClassVar[str] = "ew"


@dataclass(frozen=True, slots=True)
class ExamPassage(Press):
    """Send the reading passage of an item in messages of its own."""

    sitting: SittingId
    position: int
    code: ClassVar[str] = "ep"


@dataclass(frozen=True, slots=True)
class ExamDebrief(Press):
    """Where the points went."""

    sitting: SittingId
    code: ClassVar[str] = "ed"


@dataclass(frozen=True, slots=True)
class ExamReview(Press):
    """Look at an item of a completed paper."""

    sitting: SittingId
    position: int
    pick: Pick
    code: ClassVar[str] = "ev"


@dataclass(frozen=True, slots=True)
class ExamRedo(Press):
    """Begin a quiz, under a fresh id, over what was missed in a paper."""

    quiz: QuizId
    sitting: SittingId
    code: ClassVar[str] = "eq"


@dataclass(frozen=True, slots=True)
class ExamHistory(Press):
    """A page of past sittings."""

    page: int
    code: ClassVar[str] = "ey"


PRESSES: dict[str, type[Press]] = {kind.code: kind for kind in Press.__subclasses__()}

_Writer = Callable[[Any], str]
_Reader = Callable[[str], Any]
_CODECS: dict[type[Press], tuple[tuple[str, _Writer, _Reader], ...]] = {}


def _codec(kind: type[Press]) -> tuple[tuple[str, _Writer, _Reader], ...]:
    """How each field of a press is written and read, found once from its type."""
    known = _CODECS.get(kind)
    if known is None:
        hints = get_type_hints(kind)
        known = _CODECS[kind] = tuple(
            (field.name, *_field_codec(hints[field.name])) for field in fields(cast("Any", kind))
        )
    return known


def _field_codec(hint: Any) -> tuple[_Writer, _Reader]:
    options = get_args(hint)
    if NoneType in options:
        write, read = _field_codec(next(option for option in options if option is not NoneType))
        return (
            lambda value: "" if value is None else write(value),
            lambda text: None if text == "" else read(text),
        )
    base = getattr(hint, "__supertype__", hint)
    if base is uuid.UUID:
        return to_short, from_short
    if base is bool:
        return (lambda value: "1" if value else "0"), _read_flag
    if isinstance(base, type) and issubclass(base, StrEnum):
        return str, base
    if base is str:
        return str, _read_slug
    return str, _read_number


def _read_flag(text: str) -> bool:
    if text not in {"0", "1"}:
        raise NotAPress(text)
    return text == "1"


def _read_slug(text: str) -> str:
    if not SLUG.fullmatch(text):
        raise NotAPress(text)
    return text


def _read_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 16) or int(text) > MAX_NUMBER:
        raise NotAPress(text)
    return int(text)
