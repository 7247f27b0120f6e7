"""A person as the core knows them: no name, no text."""

from dataclasses import dataclass
from enum import StrEnum

from core.ids import UserId

LANGUAGES = ("it", "en")
DEFAULT_ZONE = "Europe/Rome"


class Role(StrEnum):
    """What somebody is here for."""

    STUDENT = "student"
    PARENT = "parent"


class Onboarding(StrEnum):
    """What is still to be asked, once, after the third answer; `again` where it is changed later."""

    PLAYING = "playing"
    EXAM = "exam"
    DATE = "date"
    BIRTH = "birth"
    DONE = "done"
    EXAM_AGAIN = "exam-again"
    DATE_AGAIN = "date-again"

    @property
    def asks(self) -> bool:
        """Whether the bot is waiting to be told something."""
        return self not in {Onboarding.PLAYING, Onboarding.DONE}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who wrote to the bot.

    Attributes:
        telegram_id: Also the id of the private chat.
        language: `it` or `en`.
        language_chosen: Chosen by hand; otherwise it follows Telegram's.
        zone: IANA name.
        birth_year: None until told.
        exam: Name of the exam in view (`TOLC-I`), None until told.
        exam_date: Day of the exam, ISO 8601, None if unknown.
    """

    id: UserId
    telegram_id: int
    language: str
    zone: str = DEFAULT_ZONE
    language_chosen: bool = False
    role: Role = Role.STUDENT
    birth_year: int | None = None
    onboarding: Onboarding = Onboarding.PLAYING
    exam: str | None = None
    exam_date: str | None = None


def spoken_language(code: str | None) -> str:
    """The language to start with for a Telegram language code: Italian for `it`, `it-IT`; English for all others."""
    return "it" if (code or "").lower().split("-")[0] == "it" else "en"
