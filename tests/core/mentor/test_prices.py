"""Prices and costs: equal to the list to the last pico-USD, and unknown where nobody knows."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from genai_prices import Usage as ListUsage
from genai_prices import calc_price

from core.mentor import prices
from core.mentor.model import Usage
from core.mentor.prices import BadPrice, PriceTag, Step

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
MODELS = ["gpt-6-luna", "gpt-5.6-luna", "gpt-6.1-terra", "gpt-6.1-sol", "gpt-5.4-mini", "gpt-4o-mini", "gpt-5.4"]
TWELFTH = Decimal("0.0833333333333333")


@pytest.fixture
def luna() -> PriceTag:
    """The listed price of the default model."""
    tag = prices.listed("gpt-6-luna", NOW)
    assert tag is not None
    return tag


def test_default_model_has_its_listed_price(luna: PriceTag) -> None:
    """In, cached, cache write and out are those of the price list, with its version and the day."""
    figures = (luna.input, luna.cached, luna.cache_write, luna.output)

    assert figures == (Decimal("0.1"), Decimal("0.01"), Decimal("0.125"), Decimal("0.5"))
    assert luna.source.startswith("genai-prices 0.")
    assert luna.as_of == date(2026, 11, 20)


def test_costs_equal_the_list_to_the_last_pico() -> None:
    """Ten thousand random calls cost what genai-prices says, short and long prompts, in integers."""
    rng = random.Random(20261120)

    for _ in range(10_000):
        model = rng.choice(MODELS)
        usage = _some_usage(rng)
        theirs = calc_price(
            ListUsage(
                input_tokens=usage.prompt,
                cache_read_tokens=usage.cached,
                cache_write_tokens=usage.cache_write,
                output_tokens=usage.completion,
            ),
            model,
            provider_id="openai",
            genai_request_timestamp=NOW,
        ).total_price

        assert prices.cost_pico_usd(usage, prices.listed(model, NOW)) == theirs * 10**12, (model, usage)


def test_one_call_by_hand(luna: PriceTag) -> None:
    """1,000 tokens read, 200 of them cached and 300 written to the cache, and 50 written."""
    usage = Usage(1000, cached=200, cache_write=300, completion=50)

    assert prices.cost_pico_usd(usage, luna) == 500 * 100_000 + 200 * 10_000 + 300 * 125_000 + 50 * 500_000


def test_thousands_of_tiny_calls_are_not_free(luna: PriceTag) -> None:
    """One token costs something, and a thousand of them a thousand times as much."""
    assert prices.cost_pico_usd(Usage(1, cached=1), luna) == 10_000


def test_long_prompt_costs_more_from_the_first_token(luna: PriceTag) -> None:
    """Above 272,000 tokens all tokens have the higher price, not only those above; the row gets that price."""
    short, long = Usage(272_000, completion=10), Usage(272_001, completion=10)

    assert prices.cost_pico_usd(short, luna) == 272_000 * 100_000 + 10 * 500_000
    assert prices.cost_pico_usd(long, luna) == 272_001 * 200_000 + 10 * 750_000
    assert (luna.at(272_001).input, luna.at(272_001).steps) == (Decimal("0.2"), ())
    assert luna.at(272_000).input == Decimal("0.1")


@pytest.mark.parametrize(
    ("model", "base_url"),
    [
        ("gpt-6-lunar", None),
        ("gpt-4o-something", None),
        ("llama3", None),
        ("", None),
        ("gpt-transcribe", None),
        ("omni-moderation-latest", None),
        ("sonar", "https://api.perplexity.ai"),
        ("gpt-6-luna", "http://127.0.0.1:11434/v1"),
        ("gpt-6-luna", "https://models.example.org/v1"),
    ],
)
def test_unknown_price_is_not_zero(model: str, base_url: str | None) -> None:
    """A model that only looks like a listed one, is not billed by tokens alone, or runs elsewhere, has no cost."""
    tag = prices.listed(model, NOW, base_url)

    assert tag is None
    assert prices.cost_pico_usd(Usage(10, completion=10), tag) is None
    assert prices.worst_pico_usd(10, 10, tag) is None


def test_price_depends_on_the_day() -> None:
    """A call before a change of price costs what it cost then."""
    before = prices.listed("gpt-5.6-luna", datetime(2026, 6, 1, tzinfo=UTC))
    after = prices.listed("gpt-5.6-luna", NOW)

    assert before is not None
    assert after is not None
    assert before.input > after.input == Decimal("0.2")


def test_price_depends_on_the_server() -> None:
    """The address of the server says whose price list holds."""
    openai = prices.listed("gpt-6-luna", NOW, "https://api.openai.com/v1")
    reseller = prices.listed("openai/gpt-6-luna", NOW, "https://openrouter.ai/api/v1")

    assert openai == prices.listed("gpt-6-luna", NOW)
    assert reseller is not None


def test_dated_version_has_the_price_of_its_model(luna: PriceTag) -> None:
    """What a server answers with, the model and a date, is priced as the model."""
    assert prices.listed("gpt-6-luna-2026-09-01", NOW) == luna


def test_price_without_a_cache_charges_cached_tokens_as_read() -> None:
    """A model without a price of its own for writing to the cache charges it like any other input."""
    tag = prices.listed("gpt-5.4-mini", NOW)

    assert tag is not None
    assert (tag.cached, tag.cache_write) == (Decimal("0.075"), tag.input)


def test_fraction_of_a_pico_is_rounded_once_half_up() -> None:
    """A twelfth of a dollar per million makes fractions: the sum is rounded, not each part of it."""
    tag = _flat(TWELFTH)

    assert prices.cost_pico_usd(Usage(1), tag) == 83_333
    assert prices.cost_pico_usd(Usage(2, completion=1), tag) == 250_000
    assert prices.cost_pico_usd(Usage(1), _flat(Decimal("0.0000005"))) == 1


def test_worst_case_is_never_exceeded() -> None:
    """Whatever of the prompt is cached and however much is written, a call costs at most what was reserved."""
    rng = random.Random(7)

    for _ in range(2_000):
        tag = prices.listed(rng.choice(MODELS), NOW)
        usage = _some_usage(rng)
        cost, worst = prices.cost_pico_usd(usage, tag), prices.worst_pico_usd(usage.prompt, usage.completion, tag)

        assert cost is not None
        assert worst is not None
        assert cost <= worst


def test_worst_case_counts_the_dearest_input(luna: PriceTag) -> None:
    """The whole prompt could be written to the cache, which costs more than reading it."""
    assert prices.worst_pico_usd(1000, 100, luna) == 1000 * 125_000 + 100 * 500_000


def test_worst_case_rounds_up() -> None:
    """A reservation is never below a cost, not by a pico either."""
    tag = _flat(TWELFTH)

    assert prices.worst_pico_usd(1, 0, tag) == 83_334


def test_worst_case_near_a_step_reserves_for_the_step() -> None:
    """A prompt counted just short of a dearer step may be just above it."""
    ten = Decimal(10)
    tag = replace(_flat(Decimal(1)), steps=(Step(1000, ten, ten, ten, ten),))

    assert prices.worst_pico_usd(990, 10, tag) == 1000 * 10_000_000
    assert prices.worst_pico_usd(100, 10, tag) == 110 * 1_000_000


def test_own_price_of_four_values() -> None:
    """In, cached, cache write and out are taken as they stand."""
    tag = prices.own(" 0.10/0.01/ 0.125 /0.50", NOW)

    assert tag == PriceTag(
        Decimal("0.1"), Decimal("0.01"), Decimal("0.125"), Decimal("0.5"), "MENTOR_PRICE", date(2026, 11, 20)
    )


def test_own_price_of_two_values() -> None:
    """In and out: nothing is cheaper from the cache."""
    tag = prices.own("0.2/1", NOW)

    assert (tag.input, tag.cached, tag.cache_write, tag.output) == (*[Decimal("0.2")] * 3, Decimal(1))


def test_own_price_of_nothing_is_a_known_zero() -> None:
    """A model on the operator's own machine may cost nothing, if the operator says so."""
    assert prices.cost_pico_usd(Usage(10, completion=10), prices.own("0/0", NOW)) == 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", '"" is no price'),
        ("cheap", '"cheap" is no price'),
        ("0,10/0,50", "a decimal point, not a comma"),
        ("0.1", "1 value:"),
        ("0.1/0.2/0.3", "3 values:"),
        ("1/2/3/4/5", "5 values:"),
        ("0.1/", '"" is no price'),
        ("-1/2", '"-1" is no price'),
        ("nan/1", '"nan" is no price'),
        ("inf/1", '"inf" is no price'),
        ("1e9/1", "more than a dollar a token"),
        ("0.00000001/1", "more than six decimals"),
        ("0.1 0.5", '"0.1 0.5" is no price'),
    ],
)
def test_own_price_that_cannot_be_read_says_why(text: str, complaint: str) -> None:
    """What is wrong is named, with the value."""
    with pytest.raises(BadPrice) as told:
        prices.own(text, NOW)

    assert complaint in str(told.value)


def test_sound_costs_by_its_length() -> None:
    """Half a minute of voice at $0.0045 a minute; unknown where nobody says what it costs."""
    hour = prices.listed_sound("gpt-transcribe", NOW)

    assert prices.sound_pico_usd(Decimal(30), hour) == 2_250_000_000
    assert prices.sound_pico_usd(Decimal("0.4"), hour) == 30_000_000
    assert prices.sound_pico_usd(Decimal(30), prices.listed_sound("gpt-6-luna", NOW)) is None
    assert prices.listed_sound("gpt-transcribe", NOW, "http://127.0.0.1:1/v1") is None


def test_moderation_is_free_at_openai_and_unknown_elsewhere() -> None:
    """A free service is a known zero; another server's is not known."""
    assert prices.moderation_pico_usd() == 0
    assert prices.moderation_pico_usd("https://api.openai.com/v1") == 0
    assert prices.moderation_pico_usd("https://api.openai.com.example.org/v1") is None


@pytest.mark.parametrize(
    ("figures", "complaint"),
    [((-1, 0, 0, 0, 0), "negative"), ((10, 6, 5, 0, 0), "cached"), ((1, 0, 0, 1, 2), "reasoned")],
)
def test_usage_that_cannot_be_is_refused(figures: tuple[int, int, int, int, int], complaint: str) -> None:
    """Parts are not more than their whole, and nothing is negative."""
    with pytest.raises(ValueError, match=complaint):
        Usage(*figures)


def _some_usage(rng: random.Random) -> Usage:
    prompt = rng.choice([rng.randrange(3), rng.randrange(5_000), rng.randrange(271_900, 272_100), rng.randrange(10**6)])
    cached = rng.randint(0, prompt)
    return Usage(prompt, cached, rng.randint(0, prompt - cached), rng.choice([0, rng.randrange(200_000)]))


def _flat(price: Decimal) -> PriceTag:
    return PriceTag(price, price, price, price, "test", NOW.date())
