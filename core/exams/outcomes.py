"""What comes of an operation on an exam, as frozen values: views turn them into words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.exams.formats import FULL, ExamFormat
from core.exams.model import Notice, PaperItem, SectionState, SectionStatus, Shortage, Sitting
from core.exams.scoring import Scored
from core.questions.model import QuestionVersion


class Face(StrEnum):
    """Which side of the paper is on the screen."""

    ITEM = "item"
    GRID = "grid"
    HAND_IN = "hand-in"
    """Asked once more, with what is blank."""
    ABANDON = "abandon"
    """Asked once more."""


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A section runs; `version` is the question at the cursor, `page` the page of the grid from 0."""

    sitting: Sitting
    version: QuestionVersion
    face: Face = Face.ITEM
    page: int = 0
    notice: Notice | None = None
    remarked: bool = False
    """Something was written that answers nothing."""

    @property
    def item(self) -> PaperItem:
        """The item at the cursor."""
        return self.sitting.items[self.sitting.cursor]


@dataclass(frozen=True, slots=True)
class Between:
    """No section runs, and one can be started; `asks` whether to abandon."""

    sitting: Sitting
    asks: bool = False
    notice: Notice | None = None

    @property
    def closed(self) -> tuple[SectionState, ...]:
        """The sections that are over, in order."""
        return tuple(section for section in self.sitting.sections if section.status is SectionStatus.COMPLETED)


@dataclass(frozen=True, slots=True)
class Over:
    """The sitting is completed: its result."""

    sitting: Sitting
    scored: Scored
    notice: Notice | None = None


ExamStanding = OnPaper | Between | Over


class Why(StrEnum):
    """Why a press changed nothing."""

    TIME_UP = "time-up"
    CLOSED = "closed"
    """The section is over, and there is no way back."""
    NOT_YET = "not-yet"
    """The section has not been started, or is not the next."""
    TOO_EARLY = "too-early"
    """It cannot be handed in before the minimum time is over."""
    ANOTHER = "another"
    """Another sitting is under way."""
    COMPLETED = "completed"
    """The sitting is over."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The press did nothing, and `standing` is where the student is; `until` when it can be done."""

    standing: ExamStanding
    why: Why
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """An exam that can be sat, or not.

    Attributes:
        shortages: What is missing for each variant that cannot be filled.
        foreign: Keys of sections for which there are too few questions in the student's language.
    """

    exam: ExamFormat
    shortages: Mapping[str, tuple[Shortage, ...]]
    foreign: frozenset[str] = frozenset()

    def can_fill(self, variant: str = FULL) -> bool:
        """Whether the bank can fill this variant."""
        return not self.shortages.get(variant)

    @property
    def variants(self) -> tuple[str, ...]:
        """What can be sat of it: the whole, its shorter papers, its sections."""
        sections = [section.key for section in self.exam.sections] if len(self.exam.sections) > 1 else []
        every = [FULL, *(variant.key for variant in self.exam.variants), *sections]
        return tuple(variant for variant in every if self.can_fill(variant))


@dataclass(frozen=True, slots=True)
class ExamMenu:
    """What can be sat, and the sitting that is not over."""

    offers: tuple[Offer, ...]
    unfinished: Sitting | None = None


class Pick(StrEnum):
    """Which items of a paper are looked at afterwards."""

    ALL = "all"
    WRONG = "wrong"
    BLANK = "blank"
    FLAGGED = "flagged"


@dataclass(frozen=True, slots=True)
class Checked:
    """One item of a completed paper; `positions` are those that the filter lets through, in order."""

    sitting: Sitting
    item: PaperItem
    version: QuestionVersion
    pick: Pick
    positions: tuple[int, ...]
