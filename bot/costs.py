"""What `chiron costs` shows: the ledger's totals as a table or a spreadsheet, and where a tally differs."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.table import Table
from rich.text import Text

from core.mentor.calls import By, Recount, Sum, Tallied, total
from core.mentor.prices import usd

FORMULA_SIGNS = ("=", "+", "-", "@", "\t")
"""A spreadsheet takes a cell that begins so for a formula."""
SMALLEST = Decimal("0.000001")


def table(by: By, sums: Sequence[Sum]) -> Table:
    """Readable: dollars to six decimals, and "at least" where a price is unknown."""
    shown = Table(box=None)
    for column in (by.value, "calls", "prompt", "cached", "completion", "USD", "no price", "estimated"):
        shown.add_column(column, justify="left" if column == by else "right")
    for each in sums:
        shown.add_row(Text(_printable(each.key) or "–"), *_figures(each))
    shown.add_section()
    whole = total(sums)
    shown.add_row("total", *_figures(whole))
    return shown


def lines(by: By, sums: Sequence[Sum]) -> Iterator[tuple[object, ...]]:
    """For a spreadsheet: exact, safe to open, without a total that would be counted twice."""
    figures = ("prompt_tokens", "cached_tokens", "completion_tokens", "cost_usd", "unpriced_calls", "estimated_calls")
    yield (by.value, "calls", *figures)
    for each in sums:
        counts = (each.calls, each.prompt, each.cached, each.completion)
        yield (_cell(each.key), *counts, f"{usd(each.cost_pico_usd):f}", each.unpriced, each.estimated)


def difference(found: Recount) -> str:
    """A tally that is not the sum of its calls."""
    return f"differs: {_place(found)}: the row says {found.told}, its calls add up to {found.counted}"


def left(found: Recount) -> str:
    """What stays of people who were deleted."""
    return f"· {_place(found)}: {found.told - found.counted} more than the calls that are there: people were deleted"


def _place(found: Recount) -> str:
    match found.of:
        case Tallied.SESSION:
            return f"session {found.key}, {found.figure}"
        case Tallied.STUDENT:
            return f"student {found.key} on {found.day}, {found.figure}"
        case Tallied.OPERATOR:
            return f"all students on {found.day}, {found.figure}"


def _figures(each: Sum) -> tuple[str, ...]:
    cost = usd(each.cost_pico_usd)
    dollars = f"<{SMALLEST}" if 0 < cost < SMALLEST else f"{cost:,.6f}"
    counts = (each.calls, each.prompt, each.cached, each.completion)
    return (
        *(f"{count:,}" for count in counts),
        f"at least {dollars}" if each.unpriced else dollars,
        f"{each.unpriced:,}",
        f"{each.estimated:,}",
    )


def _cell(text: str) -> str:
    return f"'{_printable(text)}" if text.startswith(FORMULA_SIGNS) else _printable(text)


def _printable(text: str) -> str:
    """A model's name comes from a server: nothing in it may steer a terminal or break a line."""
    return "".join(sign if sign.isprintable() else "�" for sign in text)
