"""The ledger's rows: every call to a server, with its tokens, its prices and what it cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from core.ids import CallId, ChatId, MentorSessionId, UserId
from core.mentor.model import Purpose, Usage
from core.mentor.prices import PriceTag


class CallState(StrEnum):
    """Where a call stands."""

    RESERVED = "reserved"
    """Its worst case is set aside; nothing was sent."""
    SENT = "sent"
    """It is on its way, or a crash left it so."""
    SETTLED = "settled"
    RELEASED = "released"
    """It never happened, or surely cost nothing."""
    INTERRUPTED = "interrupted"
    """The program ended before the call did: settled at its estimate."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A call before it is made.

    Attributes:
        prompt: Tokens that it will read, at most.
        max_tokens: Tokens that it may write.
        tag: The price of its model at this time; None: unknown, and no cap in money can hold it.
        worst_pico_usd: The most that it can cost, where it is not counted in tokens.
    """

    purpose: Purpose
    model: str
    prompt: int = 0
    max_tokens: int = 0
    tag: PriceTag | None = None
    worst_pico_usd: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One row of the ledger.

    Attributes:
        user_id: For whom.
        chat_id: The reply that it belongs to.
        outcome: Why it ended, in the words of `Stop` and `Fault`.
        local_day: The day where the student lives, ISO 8601: their cap is by it.
        utc_day: The operator's.
    """

    id: CallId
    user_id: UserId
    session_id: MentorSessionId | None
    chat_id: ChatId | None
    purpose: Purpose
    model: str
    state: CallState
    reserved_pico_usd: int
    prompt_estimate: int
    max_tokens: int
    local_day: str
    utc_day: str
    created_at: datetime
    tag: PriceTag | None = None
    usage: Usage | None = None
    sound_seconds: Decimal | None = None
    cost_pico_usd: int | None = None
    outcome: str | None = None
    status: int | None = None
    request_id: str | None = None
    sent_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Caps:
    """What may be spent in a day, in pico-USD; None: no limit."""

    student: int | None = None
    operator: int | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent in a day.

    Attributes:
        settled: Of calls that are over.
        reserved: Set aside for calls that are not.
        unpriced: Calls without a known price.
    """

    settled: int = 0
    reserved: int = 0
    unpriced: int = 0


class Full(StrEnum):
    """Which cap is reached."""

    STUDENT = "cap-student"
    OPERATOR = "cap-operator"


@dataclass(frozen=True, slots=True)
class Sum:
    """Totals over calls.

    Attributes:
        key: What they are of: a day, a student's number, a model, a session.
        cost_pico_usd: Of those whose price is known; the others are `unpriced`.
        estimated: How many were counted by us.
    """

    key: str
    calls: int
    prompt: int
    cached: int
    completion: int
    cost_pico_usd: int
    unpriced: int
    estimated: int


def total(sums: Iterable[Sum]) -> Sum:
    """Several sums as one, without a key."""
    sums = list(sums)
    return Sum(
        key="",
        calls=sum(each.calls for each in sums),
        prompt=sum(each.prompt for each in sums),
        cached=sum(each.cached for each in sums),
        completion=sum(each.completion for each in sums),
        cost_pico_usd=sum(each.cost_pico_usd for each in sums),
        unpriced=sum(each.unpriced for each in sums),
        estimated=sum(each.estimated for each in sums),
    )


class By(StrEnum):
    """What totals are kept apart by."""

    DAY = "day"
    STUDENT = "student"
    MODEL = "model"
    SESSION = "session"
    PURPOSE = "purpose"


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included; None: without a limit."""

    first: date | None = None
    last: date | None = None


class Tallied(StrEnum):
    """What a tally is kept of."""

    SESSION = "session"
    STUDENT = "student"
    """A day of one student, where they live."""
    OPERATOR = "operator"
    """A day of everybody, in UTC."""


class Figure(StrEnum):
    """One number of a tally."""

    MESSAGES = "messages"
    TOKENS = "tokens"
    COST = "cost in pico-USD"
    RESERVED = "reserved pico-USD"
    UNPRICED = "calls without a price"


@dataclass(frozen=True, slots=True)
class Recount:
    """One number of a tally, as its row says and as the calls and messages say.

    Attributes:
        key: The session's id, or the student's number; empty for the operator.
        day: ISO 8601; empty for a session.
    """

    of: Tallied
    key: str
    day: str
    figure: Figure
    told: int
    counted: int
