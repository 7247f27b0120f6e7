"""What `chiron doctor` says of the model: whether it is there, what it costs, and whether the caps fit."""

from collections.abc import Iterator
from datetime import datetime

from bot.settings import Settings
from core.mentor.events import Broken, Fault
from core.mentor.offer import Offer
from core.mentor.prices import PICO_PER_USD, PriceTag, Step, usd, worst_pico_usd

SOME_MODELS = 5

Finding = tuple[bool, str]
"""Whether it is well, and what it is."""


def of_models(model: str, address: str, models: tuple[str, ...] | Broken) -> Finding:
    """Whether a server answers, and has the model."""
    match models:
        case Broken(fault=Fault.UNAUTHORISED):
            return False, f"OPENAI_API_KEY: {address} refuses it; copy it again"
        case Broken(fault=Fault.REFUSED):
            return (
                True,
                f"· model: {address} answers and does not list its models; whether {model} is there shows in use",
            )
        case Broken(fault=fault, status=status):
            status_word = "" if status is None else f", HTTP {status}"
            return False, f"model: {address} does not answer as a model server ({fault}{status_word})"
        case names if model in names or f"{model}:latest" in names:  # Ollama adds this tag by itself
            return True, f"✓ model: {model} at {address}"
        case names:
            some = ", ".join((*sorted(names)[:SOME_MODELS], *(["…"] if len(names) > SOME_MODELS else [])))
            return False, f"MENTOR_MODEL: {address} has no {model}; it has {some or 'none'}"


def of_price(offer: Offer, now: datetime) -> Finding:
    """What the model costs, and who says so."""
    tag = offer.tag(now)
    if tag is None:
        return False, (
            f"MENTOR_PRICE is missing: no price of {offer.model} is listed for this server, and caps in USD cannot hold"
            " what has no price (0/0 where it costs nothing)"
        )
    steps = "".join(f"; prompts above {step.above:,} tokens: {_prices(step)}" for step in tag.steps)
    return True, f"✓ price of {offer.model}, USD per million tokens: {_prices(tag)}{steps} ({tag.source})"


def of_caps(settings: Settings, offer: Offer, now: datetime) -> Iterator[Finding]:
    """What may be spent in a day, and whether one reply fits into it."""
    student, operator = settings.student_daily_usd, settings.operator_daily_usd
    yield True, f"✓ caps of a day, USD: {student:f} for each student, {operator:f} for all of them"
    worst = worst_pico_usd(offer.history_tokens, offer.reply_tokens, offer.tag(now)) or 0
    for name, cap in (("STUDENT_DAILY_USD", student), ("OPERATOR_DAILY_USD", operator)):
        if cap * PICO_PER_USD < worst:
            yield (
                False,
                f"{name}: {cap:f} is less than a long reply may cost ({usd(worst).normalize():f}): none is asked for",
            )


def _prices(at: PriceTag | Step) -> str:
    return f"{at.input:f} in, {at.cached:f} cached, {at.cache_write:f} cache write, {at.output:f} out"
