"""What tokens cost, exactly: integers of pico-USD (10^-12 USD), from unit prices frozen at the time of the call."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from importlib.metadata import version
from typing import TYPE_CHECKING

from core.mentor.model import Usage

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice, TieredPrices

PICO_PER_USD = 10**12
PICO_PER_TOKEN = PICO_PER_USD // 10**6
"""One USD per million tokens, as pico-USD per token."""
SECONDS_PER_HOUR = 3600

OPENAI = "openai"
OPENAI_URL = "https://api.openai.com/"

OWN = "MENTOR_PRICE"
TOKEN_PRICES = ("input_mtok", "cache_read_mtok", "cache_write_mtok", "output_mtok")
NEVER_USED = frozenset(
    {
        "web_searches_kcount",
        "storage_searches_kcount",
        "cache_write_1h_mtok",
        "input_audio_mtok",
        "output_audio_mtok",
        "cache_audio_read_mtok",
        "input_video_mtok",
        "output_video_mtok",
        "output_image_mtok",
    }
)
"""What a list may also price, and Chiron never asks for. Whatever else it prices makes the cost of a call unknown."""


class BadPrice(ValueError):  # noqa: N818 - named for what is the matter
    """A price that cannot be read; its text says what to write."""


@dataclass(frozen=True, slots=True)
class Step:
    """Other prices, for all tokens of a call whose prompt is longer than so many tokens."""

    above: int
    input: Decimal
    cached: Decimal
    cache_write: Decimal
    output: Decimal


@dataclass(frozen=True, slots=True)
class PriceTag:
    """Prices of a model, USD per million tokens.

    Attributes:
        input: Read, neither from the cache nor into it.
        cached: Read from the cache.
        cache_write: Read, and written to the cache.
        output: Written, reasoning included.
        source: Who says so.
        as_of: The day on which it was looked up.
        steps: Prices of long prompts, shortest first.
    """

    input: Decimal
    cached: Decimal
    cache_write: Decimal
    output: Decimal
    source: str
    as_of: date
    steps: tuple[Step, ...] = ()

    def at(self, prompt: int) -> "PriceTag":
        """The prices of a call with so long a prompt, without steps: what belongs on the call's row."""
        applied = replace(self, steps=())
        for step in self.steps:
            if prompt > step.above:
                applied = replace(
                    applied, input=step.input, cached=step.cached, cache_write=step.cache_write, output=step.output
                )
        return applied

    @property
    def dearest_input(self) -> Decimal:
        """What a prompt token costs at worst."""
        return max(self.input, self.cached, self.cache_write)


def usd(pico_usd: int) -> Decimal:
    """So many pico-USD in USD, exactly."""
    return Decimal(pico_usd).scaleb(-12)


def cost_pico_usd(usage: Usage, tag: PriceTag | None) -> int | None:
    """What a call costs; None if its price is unknown, for unknown is not zero.

    Exact for prices of up to six decimals, which is all of OpenAI's. A list that gives more (some resellers: a twelfth
    of a dollar) makes a fraction of a pico-USD: the sum of the call is rounded once, half up.
    """
    if tag is None:
        return None
    prices = tag.at(usage.prompt)
    plain = usage.prompt - usage.cached - usage.cache_write
    return _rounded(
        plain * Fraction(prices.input)
        + usage.cached * Fraction(prices.cached)
        + usage.cache_write * Fraction(prices.cache_write)
        + usage.completion * Fraction(prices.output)
    )


def worst_pico_usd(prompt: int, max_tokens: int, tag: PriceTag | None) -> int | None:
    """The most that a call can cost: all of its prompt at the dearest rate, and all that it may write.

    Args:
        prompt: Tokens, as counted before the call or more.
        max_tokens: The limit that the call states.
        tag: The price of the model.
    """
    if tag is None:
        return None
    # A count of ours may be just short of a step; the step's prices are the higher ones, but nobody promised that.
    candidates = [tag.at(prompt), *(tag.at(step.above + 1) for step in tag.steps if step.above < 2 * prompt)]
    return max(
        -(-(prompt * Fraction(at.dearest_input) + max_tokens * Fraction(at.output)) * PICO_PER_TOKEN // 1)
        for at in candidates
    )


def sound_pico_usd(seconds: Decimal, usd_per_hour: Decimal | None) -> int | None:
    """What so much sound costs to transcribe; None if its price is unknown. Rounded once, half up."""
    if usd_per_hour is None:
        return None
    return _half_up(Fraction(seconds) * Fraction(usd_per_hour) * PICO_PER_USD / SECONDS_PER_HOUR)


def moderation_pico_usd(base_url: str | None = None) -> int | None:
    """What a moderation costs: nothing at OpenAI, unknown elsewhere.

    Source: OpenAI's guide to moderation, "free to use".
    """
    return 0 if base_url is None or base_url.startswith(OPENAI_URL) else None


def listed(model: str, at: datetime, base_url: str | None = None) -> PriceTag | None:
    """The listed price of a model; None if it is not listed for that server, or not by tokens alone.

    Args:
        model: As the server calls it.
        at: When it is used, for prices change.
        base_url: Where the server is; None: OpenAI. A server on the operator's own machine has no list.
    """
    found = _find(model, base_url)
    if found is None:
        return None
    prices = found.get_prices(at)
    of = {key: value for key, value in vars(prices).items() if value is not None and not key.startswith("_")}
    if not {"input_mtok", "output_mtok"} <= of.keys() or of.keys() - NEVER_USED - set(TOKEN_PRICES):
        return None
    base, *steps = (_at(prices, above) for above in (0, *_thresholds(of.values())))
    return PriceTag(
        input=base.input,
        cached=base.cached,
        cache_write=base.cache_write,
        output=base.output,
        source=f"genai-prices {version('genai-prices')}",
        as_of=at.date(),
        steps=tuple(steps),
    )


def listed_sound(model: str, at: datetime, base_url: str | None = None) -> Decimal | None:
    """The listed price of an hour of sound, USD; None if it is not listed, or sound is billed by tokens."""
    found = _find(model, base_url)
    price = None if found is None else found.get_prices(at).input_audio_hours
    return price if isinstance(price, Decimal) else None


def own(text: str, at: datetime) -> PriceTag:
    """The price that the operator states: "0.10/0.01/0.125/0.50", or "0.10/0.50".

    Args:
        text: USD per million tokens, in/cached/cache write/out; two values are in and out, nothing cheaper from the
            cache.
        at: When it is read.

    Raises:
        BadPrice: It is something else.
    """
    shape = 'write "in/out" or "in/cached/cache write/out" in USD per million tokens, such as 0.10/0.01/0.125/0.50'
    values = [_price(part, shape) for part in text.split("/")]
    match values:
        case [read, written]:
            return PriceTag(read, read, read, written, OWN, at.date())
        case [read, cached, cache_write, written]:
            return PriceTag(read, cached, cache_write, written, OWN, at.date())
    raise BadPrice(f"{len(values)} value{'s' * (len(values) != 1)}: {shape}")


def _price(text: str, shape: str) -> Decimal:
    text = text.strip()
    try:
        value = Decimal(text)
    except InvalidOperation:
        comma = " (a decimal point, not a comma)" if "," in text else ""
        raise BadPrice(f'"{text}" is no price{comma}: {shape}') from None
    if not value.is_finite() or value < 0:
        raise BadPrice(f'"{text}" is no price: {shape}')
    if value > 10**6:
        raise BadPrice(f'"{text}" is more than a dollar a token: {shape}')
    if value != round(value, 6):
        raise BadPrice(f'"{text}" has more than six decimals, and a token would cost less than the ledger can write')
    return value


def _find(model: str, base_url: str | None) -> "ModelInfo | None":
    # Late: the list takes 0.12 s to load. It is the one of the installed version; nothing is fetched.
    from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415

    provider = OPENAI if base_url is None else None
    try:
        return get_snapshot().find_provider_model(model, None, provider, base_url)[1]
    except LookupError:
        return None


def _thresholds(prices: Iterable["Decimal | TieredPrices"]) -> list[int]:
    return sorted({tier.start for price in prices if not isinstance(price, Decimal) for tier in price.tiers})


def _at(prices: "ModelPrice", above: int) -> Step:
    """The four prices of prompts longer than so many tokens; what has no price of its own is input like any other."""
    plain, cached, cache_write, output = (_unit(getattr(prices, key), above) for key in TOKEN_PRICES)
    if plain is None or output is None:
        raise AssertionError("looked up without a price")
    return Step(
        above,
        input=plain,
        cached=plain if cached is None else cached,
        cache_write=plain if cache_write is None else cache_write,
        output=output,
    )


def _unit(price: "Decimal | TieredPrices | None", above: int) -> Decimal | None:
    if price is None or isinstance(price, Decimal):
        return price
    return next((tier.price for tier in reversed(price.tiers) if above >= tier.start), price.base)


def _rounded(usd_per_million: Fraction) -> int:
    return _half_up(usd_per_million * PICO_PER_TOKEN)


def _half_up(value: Fraction) -> int:
    return (value + Fraction(1, 2)).__floor__()
