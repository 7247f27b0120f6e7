"""The ledger: a call's worst case is set aside before it is made, what it cost is written after it, exactly once.

A row is reserved, then sent, then settled; one that never happened is released. Each step is part of the transaction
of its effect, so that a crash leaves a row from which the next start can tell what became of it.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from core.ids import CallId, ChatId, MentorSessionId, UserId
from core.mentor.calls import Call, CallState, Caps, Full, Plan
from core.mentor.model import Usage, UsageSource
from core.mentor.prices import PriceTag, cost_pico_usd, worst_pico_usd
from core.ports import Work

NO_CALL = CallId(0)


@dataclass(frozen=True, slots=True)
class Payer:
    """On whose day a call is counted.

    Attributes:
        day: Where the student lives.
    """

    user_id: UserId
    day: date


@dataclass(frozen=True, slots=True)
class End:
    """How a call ended.

    Attributes:
        outcome: In the words of `Stop`, `Fault`, or "unsupported".
        usage: As the server counted, or as we did; None: it used nothing that is counted in tokens.
        billed: Whether it may have cost something.
        cost_pico_usd: What it costs, where that does not follow from tokens.
    """

    outcome: str
    usage: Usage | None = None
    billed: bool = True
    model: str | None = None
    status: int | None = None
    request_id: str | None = None
    sound_seconds: Decimal | None = None
    cost_pico_usd: int | None = None
    tag: PriceTag | None = None
    """The price with its steps for long prompts; None: as the row has it."""


def reserve(  # noqa: PLR0913 - what a row says of a call before it is made
    work: Work,
    payer: Payer,
    plan: Plan,
    caps: Caps,
    now: datetime,
    *,
    session_id: MentorSessionId | None = None,
    chat_id: ChatId | None = None,
) -> Call | Full:
    """Set a call's worst case aside; or say which cap it would pass, and change nothing.

    A call whose price is unknown sets nothing aside: no cap in money can hold it, but one that is reached already does.
    """
    worst = _worst(plan)
    utc_day = now.astimezone(UTC).date()
    full = work.calls.set_aside(payer.user_id, payer.day, utc_day, worst, _held_by(plan, worst, caps))
    if full is not None:
        return full
    call = Call(
        id=NO_CALL,
        user_id=payer.user_id,
        session_id=session_id,
        chat_id=chat_id,
        purpose=plan.purpose,
        model=plan.model,
        state=CallState.RESERVED,
        reserved_pico_usd=worst,
        prompt_estimate=plan.prompt,
        max_tokens=plan.max_tokens,
        local_day=payer.day.isoformat(),
        utc_day=utc_day.isoformat(),
        created_at=now,
        tag=_frozen(plan),
    )
    return replace(call, id=work.calls.add(call))


def widen(work: Work, call: Call, plan: Plan, caps: Caps) -> Call | Full:
    """Set aside what a call that was not sent yet may cost more than was thought, or less."""
    worst = _worst(plan)
    day, utc_day = date.fromisoformat(call.local_day), date.fromisoformat(call.utc_day)
    more = worst - call.reserved_pico_usd
    full = work.calls.set_aside(call.user_id, day, utc_day, more, caps) if more else None
    if full is not None:
        return full
    wider = replace(
        call,
        model=plan.model,
        tag=_frozen(plan),
        reserved_pico_usd=worst,
        prompt_estimate=plan.prompt,
        max_tokens=plan.max_tokens,
    )
    work.calls.save(wider)
    return wider


def send(work: Work, call: Call, now: datetime) -> Call:
    """Note that a call is about to be made; after a crash it counts as made."""
    sent = replace(call, state=CallState.SENT, sent_at=now)
    work.calls.save(sent)
    return sent


def settle(work: Work, call_id: CallId, end: End, now: datetime) -> Call:
    """Write down what a call used and cost, and give back what was set aside. A second time changes nothing."""
    call = work.calls.get(call_id)
    if call.finished_at is not None:
        return call
    if not end.billed:
        return _finish(work, replace(call, state=CallState.RELEASED), end, 0, now)
    call = replace(call, tag=end.tag or call.tag)
    cost = cost_pico_usd(end.usage, call.tag) if end.usage is not None else end.cost_pico_usd
    return _finish(work, replace(call, state=CallState.SETTLED, usage=end.usage), end, cost, now)


def interrupt(work: Work, call_id: CallId, now: datetime) -> Call:
    """Settle a call that a crash cut off at the most that it can have used; release one that was not sent."""
    call = work.calls.get(call_id)
    if call.finished_at is not None:
        return call
    if call.state is CallState.RESERVED:
        return _finish(work, replace(call, state=CallState.RELEASED), End("never-sent"), 0, now)
    usage = None
    cost: int | None = call.reserved_pico_usd if call.tag is not None else None
    if call.prompt_estimate or call.max_tokens:
        usage = Usage(call.prompt_estimate, completion=call.max_tokens, source=UsageSource.ESTIMATED)
        cost = cost_pico_usd(usage, call.tag)
    return _finish(work, replace(call, state=CallState.INTERRUPTED, usage=usage), End("interrupted"), cost, now)


def _finish(work: Work, call: Call, end: End, cost: int | None, now: datetime) -> Call:
    finished = replace(
        call,
        outcome=end.outcome,
        model=end.model or call.model,
        status=end.status,
        request_id=end.request_id,
        sound_seconds=end.sound_seconds,
        cost_pico_usd=cost,
        # The row carries the prices that were applied, not a list of steps.
        tag=call.tag.at(call.usage.prompt) if call.tag is not None and call.usage is not None else call.tag,
        finished_at=now,
    )
    work.calls.save(finished)
    work.calls.book(finished)
    return finished


def _frozen(plan: Plan) -> PriceTag | None:
    """The prices for so long a prompt: after a crash the row is all that is known of them."""
    return None if plan.tag is None else plan.tag.at(plan.prompt)


def _held_by(plan: Plan, worst: int, caps: Caps) -> Caps:
    """What costs nothing, and is known to, no cap holds."""
    return Caps() if plan.tag is not None and worst == 0 else caps


def _worst(plan: Plan) -> int:
    if plan.worst_pico_usd is not None:
        return plan.worst_pico_usd
    return worst_pico_usd(plan.prompt, plan.max_tokens, plan.tag) or 0
