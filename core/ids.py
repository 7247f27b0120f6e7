"""Identifiers, one type each, so that one cannot be passed for another."""

import base64
import uuid
from typing import NewType

UserId = NewType("UserId", int)
TopicId = NewType("TopicId", int)
QuestionId = NewType("QuestionId", int)
VersionId = NewType("VersionId", int)
ChoiceId = NewType("ChoiceId", int)
AttemptId = NewType("AttemptId", int)
UpdateId = NewType("UpdateId", int)
ExamId = NewType("ExamId", int)
PassageId = NewType("PassageId", int)
ChatId = NewType("ChatId", int)
CallId = NewType("CallId", int)
TwinId = NewType("TwinId", int)
SessionId = NewType("SessionId", uuid.UUID)
QuizId = NewType("QuizId", uuid.UUID)
DeckId = NewType("DeckId", uuid.UUID)
SittingId = NewType("SittingId", uuid.UUID)
MentorSessionId = NewType("MentorSessionId", uuid.UUID)


def to_short(value: uuid.UUID) -> str:
    """A UUID in 22 characters of base64url, short enough for a button."""
    return base64.urlsafe_b64encode(value.bytes).rstrip(b"=").decode()


def from_short(text: str) -> uuid.UUID:
    """The UUID behind 22 characters of base64url.

    Raises:
        ValueError: The text is no such UUID, or another spelling of one.
    """
    if len(text) != 22:
        raise ValueError(text)
    value = uuid.UUID(bytes=base64.b64decode(text + "==", altchars=b"-_", validate=True))
    if to_short(value) != text:
        raise ValueError(text)
    return value
