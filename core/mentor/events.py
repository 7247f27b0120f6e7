"""What comes of a call to a model, as frozen values: each try ends with `Finished`, `Broken` or `Retrying`."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from core.mentor.model import Ask, Usage


class Stop(StrEnum):
    """Why the model stopped."""

    DONE = "done"
    LENGTH = "length"
    """The limit of tokens was reached; the reply ends in the middle."""
    FILTERED = "filtered"
    OTHER = "other"


class Fault(StrEnum):
    """How a call failed."""

    UNREACHABLE = "unreachable"
    """No connection."""
    CUT = "cut"
    """The connection broke, or the stream ended without saying why."""
    STALLED = "stalled"
    """Nothing came for too long, or the whole took too long."""
    REFUSED = "refused"
    """The server says that the request is wrong; the same request would be refused again."""
    BLIND = "blind"
    """The model takes no pictures."""
    PROMPT_TOO_LONG = "prompt-too-long"
    OVERLOADED = "overloaded"
    """Too many requests, or an error of the server: later it may work."""
    QUOTA = "quota"
    """The operator's account is empty: only the operator can change that."""
    UNAUTHORISED = "unauthorised"
    BAD_ANSWER = "bad-answer"
    """What came is no answer of a model server."""
    TOO_LARGE = "too-large"
    """It did not stop writing."""


@dataclass(frozen=True, slots=True)
class Delta:
    """Words as they are written."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The reply is whole.

    Attributes:
        usage: As the server counted; None where it sends none: count it, and say so.
        model: Which one answered; servers may name a more exact version than was asked for.
        request_id: What the server calls this call.
        unshown: Reasoning that the server showed us, for counting where `usage` is None.
    """

    stop: Stop
    usage: Usage | None
    model: str
    request_id: str | None = None
    unshown: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """The call failed.

    Attributes:
        reached: A model may have worked on it, so it may be billed; False: it surely was not.
        retry_after: Seconds that the server asks to wait.
        usage: As the server counted before it broke; None where it did not.
        detail: What the server says, shortened: for operators, not for the person who asked.
        status: HTTP status; None without an answer.
        unshown: Reasoning that the server showed us, for counting where `usage` is None.
    """

    fault: Fault
    reached: bool
    model: str
    retry_after: float | None = None
    usage: Usage | None = None
    request_id: str | None = None
    detail: str = ""
    status: int | None = None
    unshown: str = ""


@dataclass(frozen=True, slots=True)
class Retrying:
    """A try failed without a word, and another follows: a row of the ledger by itself.

    Attributes:
        attempt: Which try failed, from 1.
        wait: Seconds until the next.
    """

    broken: Broken
    attempt: int
    wait: float


Event = Delta | Retrying | Finished | Broken


@dataclass(frozen=True, slots=True)
class Judged:
    """What moderation says of a text.

    Attributes:
        categories: What it was flagged for, as the server calls it ("self-harm/intent").
    """

    flagged: bool
    categories: frozenset[str]
    model: str
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Transcribed:
    """What was said.

    Attributes:
        seconds: How much sound was billed; None where the server does not say.
        usage: Tokens, from servers that bill sound by tokens.
    """

    text: str
    seconds: Decimal | None
    usage: Usage | None
    model: str
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Unsupported:
    """The server has nothing of the kind; nothing was billed, and it is not asked again.

    Attributes:
        asked: Whether the server was called this time.
    """

    asked: bool


class Provider(Protocol):
    """A server of models."""

    @property
    def model(self) -> str:
        """The model that is asked unless another is named."""
        ...

    def stream(self, ask: Ask) -> AsyncGenerator[Event, None]:
        """A reply while it is written. The last event is `Finished` or `Broken`; nothing is raised.

        To hide a reply go on reading: usage comes at the end. Closing the generator cuts the call.
        """
        ...

    async def moderate(self, text: str) -> Judged | Unsupported | Broken:
        """Whether a text is harmful, and how."""
        ...

    async def transcribe(self, sound: bytes, name: str = "voice.ogg") -> Transcribed | Unsupported | Broken:
        """The words of a voice message.

        Args:
            sound: The file as it is.
            name: What it could be called; its ending tells the server the format.
        """
        ...

    async def close(self) -> None:
        """End the connections."""
        ...
