"""The mentor's sessions and what was said in them, as values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.ids import ChatId, MentorSessionId, QuizId, SessionId, SittingId, TopicId, UserId, VersionId

SILENCE = timedelta(hours=24)
"""A session that nobody wrote in for so long is over."""


class Speaker(StrEnum):
    """Who says it."""

    STUDENT = "student"
    MENTOR = "mentor"


class Kind(StrEnum):
    """What a message is."""

    TEXT = "text"
    PHOTO = "photo"
    VOICE = "voice"
    REQUEST = "request"
    """Asked by a button, in words of the catalogue."""
    REPLY = "reply"
    """Written by a model."""
    ARCHIVE = "archive"
    """Found in the bank, without a model."""
    SCRIPT = "script"
    """Written beforehand; `why` says which."""


class State(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    """A student's that is not answered yet."""
    ANSWERED = "answered"
    OPEN = "open"
    """A reply that is due or being written; one for each student at most."""
    WHOLE = "whole"
    SHORTENED = "shortened"
    """The model's limit ended it."""
    STOPPED = "stopped"
    """The student ended it."""
    INTERRUPTED = "interrupted"
    """The program ended while it was written, or the connection to the model broke."""


class Why(StrEnum):
    """Why it is not a model that answers, or not with what it wrote."""

    NO_MODEL = "no-model"
    MODEL_AWAY = "model-away"
    CAP_STUDENT = "cap-student"
    CAP_OPERATOR = "cap-operator"
    UNDER_AGE = "under-14"
    AGE_UNKNOWN = "age-unknown"
    PARENT = "parent"
    """The mentor is for who studies."""
    UNSUITABLE = "unsuitable"
    DANGER = "danger"
    AGE_SAID = "age-said"
    NO_EYES = "no-eyes"
    """The model cannot see."""
    NO_EARS = "no-ears"
    """The server cannot transcribe."""
    UNHEARD = "unheard"
    """There were no words in the voice message, or it could not be read."""
    UNSEEN = "unseen"
    """The picture could not be read."""
    IN_PAPER = "in-paper"
    """It is about a question of an exam that is not over."""
    GAVE_AWAY = "gave-away"
    """What the model wrote told the solution before an attempt, twice."""

    @property
    def is_scripted(self) -> bool:
        """Whether words of the catalogue answer, and not the bank."""
        return self in _SCRIPTED


_SCRIPTED = frozenset(
    {
        Why.DANGER,
        Why.AGE_SAID,
        Why.UNSUITABLE,
        Why.NO_EYES,
        Why.NO_EARS,
        Why.UNHEARD,
        Why.UNSEEN,
        Why.IN_PAPER,
    }
)


@dataclass(frozen=True, slots=True)
class About:
    """The question of the bank that a message is about, and where the student met it."""

    version_id: VersionId
    position: int
    quiz_id: QuizId | None = None
    sitting_id: SittingId | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """A file that a student sent.

    Attributes:
        file_id: What Telegram calls it.
        size: Bytes; 0 if not told.
        seconds: Length of a voice message.
        media_type: Such as "image/jpeg".
    """

    file_id: str
    size: int = 0
    seconds: int = 0
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class MentorSession:
    """A thread of conversation (`ai_mentor_sessions`).

    Attributes:
        summary: What was said before `kept_from`, in a model's words.
        kept_from: The first message that a prompt still carries; None: all.
        message_count: Of both sides.
        total_tokens: Of all its calls.
        total_cost_pico_usd: Of all its calls whose price is known.
        unpriced_calls: How many have no known price.
        ended_at: None while it is the one that is written in.
    """

    id: MentorSessionId
    user_id: UserId
    started_at: datetime
    last_message_at: datetime
    topic_id: TopicId | None = None
    session_id: SessionId | None = None
    title: str | None = None
    summary: str | None = None
    kept_from: ChatId | None = None
    message_count: int = 0
    total_tokens: int = 0
    total_cost_pico_usd: int = 0
    unpriced_calls: int = 0
    ended_at: datetime | None = None

    def is_silent(self, now: datetime) -> bool:
        """Whether nobody wrote in it for so long that it is over."""
        return now - self.last_message_at >= SILENCE


@dataclass(frozen=True, slots=True)
class Chat:
    """One message of either side (`ai_mentor_chats`).

    Attributes:
        content: What was said; None while a reply is open, and once it was erased.
        prompt: What a model was given for it, if that is not the content.
        tokens: How many tokens a prompt with it has more; None: not counted.
        why: For a reply, why it is not a model's.
        answered_by: The reply to a student's message.
    """

    id: ChatId
    session_id: MentorSessionId
    user_id: UserId
    speaker: Speaker
    kind: Kind
    state: State
    created_at: datetime
    content: str | None = None
    prompt: str | None = None
    tokens: int | None = None
    why: Why | None = None
    about: About | None = None
    media: Media | None = None
    answered_by: ChatId | None = None
    shown_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What a student says, before it is stored.

    Attributes:
        text: Their words; with a file, its caption.
        about: The question of the bank that it is about.
    """

    text: str
    kind: Kind = Kind.TEXT
    about: About | None = None
    media: Media | None = None
