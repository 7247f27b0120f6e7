"""Practice as values: sessions, quizzes, attempts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from core.ids import (
    AttemptId,
    ChoiceId,
    DeckId,
    QuestionId,
    QuizId,
    SessionId,
    SittingId,
    TopicId,
    TwinId,
    UserId,
    VersionId,
)


class EndReason(StrEnum):
    """Why a practice session ended."""

    STOPPED = "stopped"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Session:
    """A stretch of practice of one student (FEAT-101); subject, topic and subtopic are those of its first activity.

    `ended_at` is None while it is active. A session that is left alone ends at its last activity; a running section of
    an exam is activity until its deadline, `busy_until`.
    """

    id: SessionId
    child_id: UserId
    started_at: datetime
    last_activity_at: datetime
    created_at: datetime
    updated_at: datetime
    subject: str | None = None
    topic: str | None = None
    subtopic: str | None = None
    ended_at: datetime | None = None
    paused_at: datetime | None = None
    busy_until: datetime | None = None
    end_reason: EndReason | None = None

    @property
    def quiet_since(self) -> datetime:
        """Since when nothing happens in it; in the future while a section of an exam runs."""
        return max(self.last_activity_at, self.busy_until or self.last_activity_at)


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """The figures of a session, recomputed from its attempts; voided ones do not count.

    Attributes:
        accuracy: Whole percent, rounded half up; 0 without attempts.
        total_time_ms: Active time over the attempts.
        avg_time_per_question_ms: Rounded half up; 0 without attempts.
        subjects_practiced: Slugs of subjects, in the order of the alphabet.
        questions_voided: Answers that were given and do not count.
        quizzes: Quizzes that the answers which count belong to.
        sittings: Exams that they belong to.
    """

    session: Session
    questions_attempted: int
    questions_correct: int
    accuracy: int
    total_time_ms: int
    avg_time_per_question_ms: int
    subjects_practiced: tuple[str, ...]
    questions_voided: int = 0
    quizzes: int = 0
    sittings: int = 0


class Mode(StrEnum):
    """How the questions of a quiz are chosen."""

    MIXED = "mixed"
    TARGETED = "targeted"
    MISTAKES = "mistakes"
    DECK = "deck"


class Difficulty(StrEnum):
    """A range of item difficulties."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"

    @property
    def levels(self) -> tuple[int, ...]:
        """The item difficulties (1-5) in this range."""
        return {Difficulty.EASY: (1, 2), Difficulty.MEDIUM: (3,), Difficulty.HARD: (4, 5)}[self]


class Help(StrEnum):
    """What somebody had seen when they answered; of several, the one that tells most."""

    HINT = "hint"
    TWIN = "twin"
    """A question like it, with its worked solution."""
    MENTOR = "mentor"
    """What the mentor said about the question."""


@dataclass(frozen=True, slots=True)
class Quiz:
    """A quiz under way or over.

    `question_order` and `version_ids` run in parallel and are fixed at the start: a question edited later, or a deck
    changed, does not reach it. Positions are 0-based.

    Attributes:
        current_index: Positions passed (answered or skipped); the quiz is complete at `length`.
        served_index: Position on the screen; equal to `current_index` while its question is open, one less while its
            verdict is read, and `length` once the result is on the screen.
        active_ms: Active time over all positions.
        spent_ms: Active time on the open position before the last pause.
        served_at: When the open position was served or taken up again; None while paused.
        hints: Hints shown at the open position; the worked twin counts as one more.
        selection: Choices ticked at the open position of a question with several right ones.
        pending: A typed text that may be an answer, until the student says so.
        total_time_seconds: Active time without that of voided answers; None before the end.
        score: Percent right of answered, voids out; None before the end.
        max_section_score: Percent of the best topic.
    """

    id: QuizId
    user_id: UserId
    mode: Mode
    deck_id: DeckId
    question_order: tuple[int, ...]
    version_ids: tuple[VersionId, ...]
    started_at: datetime
    created_at: datetime
    updated_at: datetime
    session_id: SessionId | None = None
    topic_id: TopicId | None = None
    difficulty: Difficulty | None = None
    current_index: int = 0
    served_index: int = 0
    correct_count: int = 0
    wrong_count: int = 0
    active_ms: int = 0
    spent_ms: int = 0
    hints: int = 0
    selection: tuple[int, ...] = ()
    pending: str | None = None
    served_at: datetime | None = None
    paused_at: datetime | None = None
    stopped_at: datetime | None = None
    completed_at: datetime | None = None
    total_time_seconds: int | None = None
    score: Decimal | None = None
    max_section_score: Decimal | None = None
    xp_earned: int = 0
    metadata: Mapping[str, object] = field(default_factory=dict)

    @property
    def length(self) -> int:
        """How many questions it has."""
        return len(self.question_order)

    @property
    def is_complete(self) -> bool:
        """Every position is passed."""
        return self.current_index >= self.length

    @property
    def is_open(self) -> bool:
        """It can be gone on with."""
        return not self.is_complete and self.stopped_at is None

    @property
    def progress_frac(self) -> float:
        """Passed positions of all, 0.0 to 1.0; 0.0 for an empty order."""
        return self.current_index / self.length if self.length else 0.0

    @property
    def is_first_welcome(self) -> bool:
        """It is the quiz of somebody's first minute, and no answer was given yet: who they are is not known."""
        return bool(self.metadata.get("welcome")) and not self.correct_count + self.wrong_count

    @property
    def reads_verdict(self) -> bool:
        """The verdict of `served_index` is on the screen."""
        return self.served_index < self.current_index


@dataclass(frozen=True, slots=True)
class Chosen:
    """Tapped choices, as positions in the bank's order."""

    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """A written answer; `value` is what it was read as, for numeric questions."""

    text: str
    value: Fraction | None = None


Response = Chosen | Typed


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answered question of a quiz or of an exam; never changed, only voided."""

    user_id: UserId
    version_id: VersionId
    position: int
    response: Response
    right: bool
    xp: int
    active_ms: int
    hints: int
    item_difficulty: int
    answered_at: datetime
    local_day: str
    help: Help | None = None
    quiz_id: QuizId | None = None
    sitting_id: SittingId | None = None
    session_id: SessionId | None = None
    choice_id: ChoiceId | None = None
    voided_at: datetime | None = None
    id: AttemptId | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that could be asked, with what choosing needs."""

    question_id: QuestionId
    version_id: VersionId
    topic: tuple[str, ...]
    difficulty: int
    languages: tuple[str, ...]
    last_answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Twin:
    """A question like one that was answered comes back, to be answered without help.

    Attributes:
        of_attempt_id: The answer that it follows.
        of_version_id: What was asked there.
        of_quiz_id: The quiz of that answer, known where a twin is read.
        help: The help there; None for the control, a wrong answer without any.
        due_at: When it may be asked; while it is asked, when it may be asked again if no answer comes.
    """

    user_id: UserId
    of_attempt_id: AttemptId
    of_version_id: VersionId
    help: Help | None
    due_at: datetime
    created_at: datetime
    of_quiz_id: QuizId | None = None
    id: TwinId | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """A place in the tree of subjects, with the questions that a person can get from it and from below."""

    id: TopicId
    path: tuple[str, ...]
    names: Mapping[str, str]
    questions: int

    def name(self, language: str) -> str:
        """What it is called in `language`, or in any language it has a name in."""
        return self.names.get(language) or next(iter(self.names.values()), self.path[-1])


@dataclass(frozen=True, slots=True)
class TopicTally:
    """Right, answered and skipped questions of one topic."""

    topic: Topic
    right: int
    answered: int
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Deck:
    """An ordered set of questions."""

    id: DeckId
    title: str
    owner_id: UserId | None
    cards: tuple[tuple[QuestionId, VersionId, str], ...]
    """Question, its current version, and its card id (the slug)."""
