"""What the operator offers: a model, its price, what may be spent, how much is written and remembered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from core.ids import UserId
from core.mentor.calls import Caps, Plan
from core.mentor.model import Purpose
from core.mentor.prices import PriceTag, sound_pico_usd

MARGIN_SHARE, MARGIN_TOKENS = 20, 32
"""A prompt may be counted by others as a twentieth and some tokens longer than by us."""
ZERO = Decimal(0)
MODERATION_MODEL = "omni-moderation-latest"
TRANSCRIPTION_MODEL = "gpt-transcribe"


@dataclass(frozen=True, slots=True)
class Offer:
    """A model server as the program uses it.

    Attributes:
        price: The price of the model at a time; None: unknown.
        sound_price: USD for an hour of sound, at a time; None: unknown.
        moderation_free: Whether moderation costs nothing; otherwise its price is unknown.
        safety_id: Stands for a student at the server, hashed.
        effort: How long the model reasons before it writes; None: as the server does by itself.
        reply_tokens: The most that a reply may have, hidden reasoning included.
        history_tokens: Beyond this the history is cut to about half.
    """

    model: str
    price: Callable[[datetime], PriceTag | None]
    sound_price: Callable[[datetime], Decimal | None]
    caps: Caps
    safety_id: Callable[[UserId], str]
    moderation_model: str
    transcription_model: str
    moderation_free: bool = False
    effort: str | None = "low"
    reply_tokens: int = 2_000
    title_tokens: int = 200
    summary_tokens: int = 800
    history_tokens: int = 4_000
    _tags: dict[date, PriceTag | None] = field(default_factory=dict, compare=False)

    def tag(self, at: datetime) -> PriceTag | None:
        """The price of the model, looked up once a day."""
        if at.date() not in self._tags:
            self._tags.clear()
            self._tags[at.date()] = self.price(at)
        return self._tags[at.date()]

    def plan(self, purpose: Purpose, prompt: int, at: datetime) -> Plan:
        """A call that writes.

        Args:
            purpose: What it is for.
            prompt: Tokens of its prompt, as we count.
            at: When it is made.
        """
        most = {Purpose.TITLE: self.title_tokens, Purpose.SUMMARY: self.summary_tokens}
        bound = prompt + prompt // MARGIN_SHARE + MARGIN_TOKENS
        return Plan(purpose, self.model, bound, most.get(purpose, self.reply_tokens), self.tag(at))

    def moderation(self, at: datetime) -> Plan:
        """A call that judges a text."""
        free = PriceTag(ZERO, ZERO, ZERO, ZERO, "free", at.date()) if self.moderation_free else None
        return Plan(Purpose.MODERATION, self.moderation_model, tag=free)

    def transcription(self, seconds: int, at: datetime) -> Plan:
        """A call that writes down what is said.

        Args:
            seconds: Length of the sound, as Telegram tells it.
            at: When it is made.
        """
        hour = self.sound_price(at)
        tag = None if hour is None else PriceTag(hour, hour, hour, ZERO, "genai-prices, an hour of sound", at.date())
        worst = sound_pico_usd(Decimal(seconds + 1), hour)
        return Plan(Purpose.TRANSCRIPTION, self.transcription_model, tag=tag, worst_pico_usd=worst)
