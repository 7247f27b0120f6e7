"""A student's exam as values: the sitting, its sections, the paper's items."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from core.exams.formats import ClockKind, ExamFormat, Section
from core.ids import ExamId, PassageId, QuestionId, SessionId, SittingId, UserId, VersionId


class Status(StrEnum):
    """How far a sitting is."""

    CREATED = "created"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


class SectionStatus(StrEnum):
    """How far a section is."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"


class ClosedBy(StrEnum):
    """What closed a section."""

    HAND_IN = "handed-in"
    TIME = "time"
    ABANDONED = "abandoned"
    LAPSED = "lapsed"


class EndReason(StrEnum):
    """Why a sitting is completed."""

    FINISHED = "finished"
    ABANDONED = "abandoned"
    LAPSED = "lapsed"
    """A section was not started in time; it and those after it count as blank."""


class Notice(StrEnum):
    """What the student must be told without having asked."""

    FIVE_MINUTES = "five-minutes"
    ONE_MINUTE = "one-minute"
    TIME_UP = "time-up"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class SectionState:
    """A section of a sitting; sections of a paper with one clock start and close together.

    Attributes:
        number: Place in the paper, 0-based.
        first: Position of its first item.
        questions: How many items it has.
        deadline: When it closes by itself; None until it is started.
        completed_at: When it was closed, never after the deadline.
        score: Exact points, unweighted; None until it is closed.
    """

    number: int
    key: str
    first: int
    questions: int
    status: SectionStatus = SectionStatus.PENDING
    started_at: datetime | None = None
    deadline: datetime | None = None
    completed_at: datetime | None = None
    closed_by: ClosedBy | None = None
    score: Fraction | None = None

    @property
    def positions(self) -> range:
        """Positions of its items in the paper."""
        return range(self.first, self.first + self.questions)


@dataclass(frozen=True, slots=True)
class PaperItem:
    """One question of a paper.

    Attributes:
        position: Place in the whole paper, 0-based.
        section: Number of its section.
        order: The choices as shown, as positions in the bank's order; drawn once and kept.
        key: The right choice, in the bank's order.
        choice: What is answered, in the bank's order; None while blank.
        ms: Time on the screen, milliseconds.
        seen_at: When it was first shown; None if it was never reached.
        answered_at: When its answer was given last.
    """

    position: int
    section: int
    question_id: QuestionId
    version_id: VersionId
    order: tuple[int, ...]
    key: int
    choice: int | None = None
    flagged: bool = False
    ms: int = 0
    seen_at: datetime | None = None
    answered_at: datetime | None = None

    @property
    def is_right(self) -> bool:
        """Whether the right choice is answered."""
        return self.choice == self.key


@dataclass(frozen=True, slots=True)
class Sitting:
    """One student's exam, from the draw of the paper to its result.

    Attributes:
        exam: The paper's format, with the variant applied; what the file says later does not reach it.
        exam_id: The stored version of the exam file that it was drawn from.
        variant: `full`, the key of a variant, or the key of a section.
        cursor: Position on the screen while a section runs.
        cursor_since: Since when the item at the cursor is on the screen; None between sections.
        waiting_since: Since when the next section can be started.
        due_at: When something happens by itself next: a warning, a deadline, a lapse. None once completed.
        notice: What the student has not been told yet.
        metadata: Written once, at completion: sections, scores, end reason.
    """

    id: SittingId
    user_id: UserId
    exam: ExamFormat
    exam_id: ExamId
    exam_type: str
    variant: str
    started_at: datetime
    updated_at: datetime
    waiting_since: datetime
    sections: tuple[SectionState, ...]
    items: tuple[PaperItem, ...]
    status: Status = Status.CREATED
    session_id: SessionId | None = None
    cursor: int = 0
    cursor_since: datetime | None = None
    due_at: datetime | None = None
    notice: Notice | None = None
    completed_at: datetime | None = None
    end_reason: EndReason | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_completed(self) -> bool:
        """Whether it is over."""
        return self.status is Status.COMPLETED

    @property
    def running(self) -> tuple[SectionState, ...]:
        """The sections whose clock runs: none, one, or all of a paper with one clock."""
        return tuple(section for section in self.sections if section.status is SectionStatus.RUNNING)

    @property
    def deadline(self) -> datetime | None:
        """When the running sections close by themselves."""
        return next((section.deadline for section in self.running), None)

    @property
    def following(self) -> tuple[SectionState, ...]:
        """The sections that are started next: one, or all of a paper with one clock."""
        pending = tuple(section for section in self.sections if section.status is SectionStatus.PENDING)
        return pending if self.exam.clock is ClockKind.PAPER else pending[:1]

    @property
    def open_positions(self) -> range:
        """Positions that can be answered now."""
        running = self.running
        return range(running[0].first, running[-1].first + running[-1].questions) if running else range(0)

    @property
    def missed(self) -> tuple[PaperItem, ...]:
        """What can be done again: wrong or without an answer; of a sitting that was cut short only what was seen."""
        whole = self.end_reason is EndReason.FINISHED
        return tuple(item for item in self.items if not item.is_right and (whole or item.seen_at is not None))

    def section_of(self, position: int) -> SectionState:
        """The section that an item belongs to."""
        return self.sections[self.items[position].section]

    def format_of(self, section: SectionState) -> Section:
        """What the exam file says of a section."""
        return self.exam.sections[section.number]


@dataclass(frozen=True, slots=True)
class Stock:
    """A question that a paper can be drawn from.

    Attributes:
        sat_at: When this student last had it in a paper.
        answered_at: When this student last answered it anywhere.
    """

    question_id: QuestionId
    version_id: VersionId
    topic: tuple[str, ...]
    passage: PassageId | None = None
    languages: tuple[str, ...] = ()
    sat_at: datetime | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shortage:
    """A section that the bank cannot fill: how many questions it has of how many."""

    section: Section
    have: int
