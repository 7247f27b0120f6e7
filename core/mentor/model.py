"""What a model is asked and what it used, as values."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

MOST_TOKENS = 2**31 - 1
"""More than any call has, and all that a column of the ledger takes."""


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class Purpose(StrEnum):
    """What a call is for; each call is a row of the ledger, whatever it is for."""

    REPLY = "reply"
    TITLE = "title"
    SUMMARY = "summary"
    MODERATION = "moderation"
    TRANSCRIPTION = "transcription"
    GENERATION = "generation"


class Detail(StrEnum):
    """How closely a picture is looked at; it stays the same in every turn, or the cached prefix is lost."""

    AUTO = "auto"
    LOW = "low"
    HIGH = "high"


class UsageSource(StrEnum):
    """Who counted the tokens."""

    PROVIDER = "provider"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True)
class Text:
    """Words of a message."""

    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of a message.

    Attributes:
        content: The file as it is.
        media_type: Such as "image/jpeg".
        width: Pixels.
        height: Pixels.
    """

    content: bytes
    media_type: str
    width: int
    height: int
    detail: Detail = Detail.AUTO


Part = Text | Image


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a dialogue.

    Attributes:
        name: Tells speakers of one role apart in examples; never a person's name.
    """

    role: Role
    parts: tuple[Part, ...]
    name: str | None = None

    @classmethod
    def of(cls, role: Role, text: str, name: str | None = None) -> Self:
        """A message of words alone."""
        return cls(role, (Text(text),), name)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to a model.

    Attributes:
        messages: The whole prompt, oldest first.
        max_tokens: The most that may be written, hidden reasoning included.
        purpose: What it is for.
        safety_id: Stands for the person, hashed; None: nothing is sent.
        model: Which model; None: the provider's own.
        effort: How long it reasons first ("none", "low", …); None: as the server does by itself.
    """

    messages: tuple[Message, ...]
    max_tokens: int
    purpose: Purpose = Purpose.REPLY
    safety_id: str | None = None
    model: str | None = None
    effort: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call.

    Attributes:
        prompt: All that was read, cached and written to the cache included.
        cached: Of these, read from the cache.
        cache_write: Of these, written to the cache.
        completion: All that was written, reasoning included.
        reasoning: Of these, hidden reasoning.
        source: Who counted.
    """

    prompt: int
    cached: int = 0
    cache_write: int = 0
    completion: int = 0
    reasoning: int = 0
    source: UsageSource = UsageSource.PROVIDER

    def __post_init__(self) -> None:
        if min(self.prompt, self.cached, self.cache_write, self.completion, self.reasoning) < 0:
            raise ValueError("tokens cannot be negative")
        if max(self.prompt, self.completion) > MOST_TOKENS:
            raise ValueError("more tokens than any call has")
        if self.cached + self.cache_write > self.prompt:
            raise ValueError("more cached than read")
        if self.reasoning > self.completion:
            raise ValueError("more reasoned than written")

    @property
    def total(self) -> int:
        """All tokens."""
        return self.prompt + self.completion

    def estimated(self) -> "Usage":
        """The same figures, counted by us."""
        return replace(self, source=UsageSource.ESTIMATED)
