"""The `model_calls` and `spending` tables: the ledger."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnClause,
    Connection,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal_column,
    select,
    union_all,
    update,
)

from core.ids import CallId, ChatId, MentorSessionId, UserId
from core.mentor.calls import By, Call, CallState, Caps, Figure, Full, Period, Recount, Spent, Sum, Tallied
from core.mentor.model import Purpose, Usage, UsageSource
from core.mentor.prices import PriceTag
from storage.tables import ai_mentor_chats, ai_mentor_sessions, model_calls, spending
from storage.upsert import insert_or_ignore

OPERATOR = "operator"

_GET = select(model_calls).where(model_calls.c.id == bindparam("call"))
_OF_CHAT = select(model_calls).where(model_calls.c.chat_id == bindparam("chat")).order_by(model_calls.c.id)
_UNFINISHED = select(model_calls).where(model_calls.c.finished_at.is_(None)).order_by(model_calls.c.id)
_SPENT = select(spending).where(spending.c.scope == bindparam("scope_"), spending.c.day == bindparam("day_"))
_held = spending.c.spent_pico_usd + spending.c.reserved_pico_usd
_SET_ASIDE = (
    update(spending)
    .where(spending.c.scope == bindparam("scope_"), spending.c.day == bindparam("day_"))
    .values(reserved_pico_usd=spending.c.reserved_pico_usd + bindparam("more"))
)
_SET_ASIDE_BELOW = _SET_ASIDE.where(_held + bindparam("more") <= bindparam("cap"), _held < bindparam("cap"))
_BOOK = (
    update(spending)
    .where(spending.c.scope == bindparam("scope_"), spending.c.day == bindparam("day_"))
    .values(
        spent_pico_usd=spending.c.spent_pico_usd + bindparam("cost"),
        reserved_pico_usd=spending.c.reserved_pico_usd - bindparam("reserved"),
        unpriced_calls=spending.c.unpriced_calls + bindparam("unpriced"),
    )
)
_BOOK_SESSION = (
    update(ai_mentor_sessions)
    .where(ai_mentor_sessions.c.id == bindparam("session"))
    .values(
        total_tokens=ai_mentor_sessions.c.total_tokens + bindparam("tokens"),
        total_cost_pico_usd=ai_mentor_sessions.c.total_cost_pico_usd + bindparam("cost"),
        unpriced_calls=ai_mentor_sessions.c.unpriced_calls + bindparam("unpriced"),
    )
)
_FINISHED = model_calls.c.finished_at.is_not(None) & (model_calls.c.state != CallState.RELEASED)
"""A call that never happened is no call."""
_TOTALS = (
    func.count().label("calls"),
    func.coalesce(func.sum(model_calls.c.prompt_tokens), 0).label("prompt"),
    func.coalesce(func.sum(model_calls.c.cached_tokens), 0).label("cached"),
    func.coalesce(func.sum(model_calls.c.completion_tokens), 0).label("completion"),
    func.coalesce(func.sum(model_calls.c.cost_pico_usd), 0).label("cost"),
    func.coalesce(func.sum(case((model_calls.c.cost_pico_usd.is_(None), 1), else_=0)), 0).label("unpriced"),
    func.coalesce(func.sum(case((model_calls.c.usage_source == UsageSource.ESTIMATED, 1), else_=0)), 0).label(
        "estimated"
    ),
)
_TOTAL = select(*_TOTALS).where(
    model_calls.c.user_id == bindparam("owner"),
    model_calls.c.local_day >= bindparam("first"),
    model_calls.c.local_day <= bindparam("last"),
    _FINISHED,
)
_KEYS = {
    By.DAY: model_calls.c.utc_day,
    By.STUDENT: model_calls.c.user_id,
    By.MODEL: model_calls.c.model,
    By.SESSION: model_calls.c.mentor_session_id,
    By.PURPOSE: model_calls.c.purpose,
}


_PRICELESS = case((_FINISHED & model_calls.c.cost_pico_usd.is_(None), 1), else_=0)
_COST = case((model_calls.c.finished_at.is_not(None), func.coalesce(model_calls.c.cost_pico_usd, 0)), else_=0)
_TOKENS = case((_FINISHED, model_calls.c.prompt_tokens + model_calls.c.completion_tokens), else_=0)
_RESERVED = case((model_calls.c.finished_at.is_(None), model_calls.c.reserved_pico_usd), else_=0)
_by_session = (
    select(
        model_calls.c.mentor_session_id.label("id"),
        func.sum(_TOKENS).label("tokens"),
        func.sum(_COST).label("cost"),
        func.sum(_PRICELESS).label("unpriced"),
    )
    .group_by(model_calls.c.mentor_session_id)
    .subquery()
)
_said = (
    select(ai_mentor_chats.c.mentor_session_id.label("id"), func.count().label("messages"))
    .group_by(ai_mentor_chats.c.mentor_session_id)
    .subquery()
)
_RECOUNT_SESSIONS = (
    select(
        ai_mentor_sessions.c.id,
        ai_mentor_sessions.c.message_count,
        ai_mentor_sessions.c.total_tokens,
        ai_mentor_sessions.c.total_cost_pico_usd,
        ai_mentor_sessions.c.unpriced_calls,
        func.coalesce(_said.c.messages, 0).label("messages"),
        func.coalesce(_by_session.c.tokens, 0).label("tokens"),
        func.coalesce(_by_session.c.cost, 0).label("cost"),
        func.coalesce(_by_session.c.unpriced, 0).label("unpriced"),
    )
    .outerjoin(_said, _said.c.id == ai_mentor_sessions.c.id)
    .outerjoin(_by_session, _by_session.c.id == ai_mentor_sessions.c.id)
    .order_by(ai_mentor_sessions.c.started_at, ai_mentor_sessions.c.id)
)
_zero: ColumnClause[int] = literal_column("0", Integer)
_of_calls = (
    func.sum(_COST).label("cost"),
    func.sum(_RESERVED).label("reserved"),
    func.sum(_PRICELESS).label("no_price"),
)
_days = union_all(
    select(
        spending.c.scope,
        spending.c.day,
        spending.c.spent_pico_usd.label("told_cost"),
        spending.c.reserved_pico_usd.label("told_reserved"),
        spending.c.unpriced_calls.label("told_no_price"),
        _zero.label("cost"),
        _zero.label("reserved"),
        _zero.label("no_price"),
    ),
    select(
        literal_column("'student:'") + cast(model_calls.c.user_id, String),
        model_calls.c.local_day,
        *(_zero, _zero, _zero),
        *_of_calls,
    ).group_by(model_calls.c.user_id, model_calls.c.local_day),
    select(literal_column(f"'{OPERATOR}'"), model_calls.c.utc_day, *(_zero, _zero, _zero), *_of_calls).group_by(
        model_calls.c.utc_day
    ),
).subquery()
_RECOUNT_DAYS = (
    select(
        _days.c.scope,
        _days.c.day,
        *(
            func.sum(_days.c[name]).label(name)
            for name in ("told_cost", "told_reserved", "told_no_price", "cost", "reserved", "no_price")
        ),
    )
    .group_by(_days.c.scope, _days.c.day)
    .order_by(_days.c.day, _days.c.scope)
)
"""Rows of days and sums of calls, laid over each other: a day without a row is found as well."""


class SqlCalls:
    """Rows of calls, and what they add up to."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set_aside(self, owner: UserId, day: date, utc_day: date, pico_usd: int, caps: Caps) -> Full | None:
        """Add to what is reserved on both days, unless a cap would be passed; less than nothing always fits.

        The condition is part of the update, so that two at once cannot both take what is left.
        """
        mine = (_scope(owner), day, owner, caps.student)
        all_ = (OPERATOR, utc_day, None, caps.operator)
        if not self._reserve(*mine, pico_usd):
            return Full.STUDENT
        if not self._reserve(*all_, pico_usd):
            self._reserve(*mine, -pico_usd)
            return Full.OPERATOR
        return None

    def _reserve(self, scope: str, day: date, owner: UserId | None, cap: int | None, more: int) -> bool:
        row = {"scope": scope, "day": day.isoformat(), "user_id": owner}
        empty = {"spent_pico_usd": 0, "reserved_pico_usd": 0, "unpriced_calls": 0}
        insert_or_ignore(self._connection, spending, [{**row, **empty}], key=["scope", "day"])
        values = {"scope_": scope, "day_": day.isoformat(), "more": more}
        if cap is None or more < 0:
            return self._connection.execute(_SET_ASIDE, values).rowcount == 1
        return self._connection.execute(_SET_ASIDE_BELOW, {**values, "cap": cap}).rowcount == 1

    def add(self, call: Call) -> CallId:
        """Append a row."""
        row = {
            "user_id": call.user_id,
            "mentor_session_id": call.session_id,
            "chat_id": call.chat_id,
            "purpose": call.purpose,
            "local_day": call.local_day,
            "utc_day": call.utc_day,
            "created_at": call.created_at,
            **_state(call),
        }
        return CallId(self._connection.execute(insert(model_calls).returning(model_calls.c.id), row).scalar_one())

    def get(self, call_id: CallId) -> Call:
        """One row."""
        return _call(self._connection.execute(_GET, {"call": call_id}).one())

    def save(self, call: Call) -> None:
        """Store how far a call is.

        Raises:
            LookupError: It is finished already, or there is none.
        """
        unfinished = (model_calls.c.id == call.id) & model_calls.c.finished_at.is_(None)
        if self._connection.execute(update(model_calls).where(unfinished).values(**_state(call))).rowcount != 1:
            raise LookupError(call.id)

    def book(self, call: Call) -> None:
        """Count a finished call into its days and its session, in place of what it had reserved."""
        counted = {
            "cost": call.cost_pico_usd or 0,
            "unpriced": int(call.cost_pico_usd is None and call.state is not CallState.RELEASED),
        }
        for scope, day in ((_scope(call.user_id), call.local_day), (OPERATOR, call.utc_day)):
            values = {**counted, "scope_": scope, "day_": day, "reserved": call.reserved_pico_usd}
            self._connection.execute(_BOOK, values)
        if call.session_id is not None:
            tokens = call.usage.total if call.usage is not None else 0
            self._connection.execute(_BOOK_SESSION, {**counted, "session": call.session_id, "tokens": tokens})

    def of_chat(self, chat_id: ChatId) -> list[Call]:
        """The calls of a reply, oldest first."""
        return [_call(row) for row in self._connection.execute(_OF_CHAT, {"chat": chat_id})]

    def unfinished(self) -> list[Call]:
        """Rows that are reserved or sent."""
        return [_call(row) for row in self._connection.execute(_UNFINISHED)]

    def spent(self, owner: UserId | None, day: date) -> Spent:
        """What a student (None: everybody) spent on a day."""
        scope = OPERATOR if owner is None else _scope(owner)
        row = self._connection.execute(_SPENT, {"scope_": scope, "day_": day.isoformat()}).first()
        return Spent() if row is None else Spent(row.spent_pico_usd, row.reserved_pico_usd, row.unpriced_calls)

    def total(self, owner: UserId, first: date, last: date) -> Sum:
        """All calls of a student from one of their days to another, both included."""
        values = {"owner": owner, "first": first.isoformat(), "last": last.isoformat()}
        return _sum("", self._connection.execute(_TOTAL, values).one())

    def sums(self, by: By, period: Period) -> list[Sum]:
        """Totals over all finished calls, by the operator's days."""
        key = _KEYS[by]
        query: Select[Any] = select(key.label("key"), *_TOTALS).where(_FINISHED).group_by(key).order_by(key)
        if period.first is not None:
            query = query.where(model_calls.c.utc_day >= period.first.isoformat())
        if period.last is not None:
            query = query.where(model_calls.c.utc_day <= period.last.isoformat())
        return [_sum("" if row.key is None else str(row.key), row) for row in self._connection.execute(query)]

    def recount_sessions(self) -> list[Recount]:
        """The tallies of every session of the mentor, recomputed from its calls and messages."""
        return [
            Recount(Tallied.SESSION, str(row.id), "", figure, int(told), int(counted))
            for row in self._connection.execute(_RECOUNT_SESSIONS)
            for figure, told, counted in (
                (Figure.MESSAGES, row.message_count, row.messages),
                (Figure.TOKENS, row.total_tokens, row.tokens),
                (Figure.COST, row.total_cost_pico_usd, row.cost),
                (Figure.UNPRICED, row.unpriced_calls, row.unpriced),
            )
        ]

    def recount_days(self) -> list[Recount]:
        """What was spent and is reserved on every day of every student and of the operator, recomputed from calls."""
        return [
            Recount(*_of_scope(row.scope), row.day, figure, int(told), int(counted))
            for row in self._connection.execute(_RECOUNT_DAYS)
            for figure, told, counted in (
                (Figure.COST, row.told_cost, row.cost),
                (Figure.RESERVED, row.told_reserved, row.reserved),
                (Figure.UNPRICED, row.told_no_price, row.no_price),
            )
        ]


def _scope(owner: UserId) -> str:
    return f"student:{owner}"


def _of_scope(scope: str) -> tuple[Tallied, str]:
    _, _, owner = scope.partition(":")
    return (Tallied.STUDENT, owner) if owner else (Tallied.OPERATOR, "")


def _state(call: Call) -> Mapping[str, Any]:
    """The columns that change while a call is under way."""
    usage, tag = call.usage, call.tag
    return {
        "model": _storable(call.model, 120),
        "state": call.state,
        "outcome": call.outcome,
        "reserved_pico_usd": call.reserved_pico_usd,
        "prompt_estimate": call.prompt_estimate,
        "max_tokens": call.max_tokens,
        "prompt_tokens": usage.prompt if usage else 0,
        "cached_tokens": usage.cached if usage else 0,
        "cache_write_tokens": usage.cache_write if usage else 0,
        "completion_tokens": usage.completion if usage else 0,
        "reasoning_tokens": usage.reasoning if usage else 0,
        "usage_source": usage.source if usage else None,
        "sound_seconds": None if call.sound_seconds is None else str(call.sound_seconds)[:24],
        "input_price": str(tag.input) if tag else None,
        "cached_price": str(tag.cached) if tag else None,
        "cache_write_price": str(tag.cache_write) if tag else None,
        "output_price": str(tag.output) if tag else None,
        "price_source": tag.source[:40] if tag else None,
        "price_as_of": tag.as_of.isoformat() if tag else None,
        "cost_pico_usd": call.cost_pico_usd,
        "status": call.status,
        "request_id": _storable(call.request_id, 128) if call.request_id else None,
        "sent_at": call.sent_at,
        "finished_at": call.finished_at,
    }


def _storable(said: str, most: int) -> str:
    """What a server says of itself, without what databases refuse: NUL and half a character (a lone surrogate)."""
    return said.replace("\0", "").encode("utf-8", "replace").decode()[:most]


def _call(row: Any) -> Call:
    return Call(
        id=CallId(row.id),
        user_id=UserId(row.user_id),
        session_id=MentorSessionId(row.mentor_session_id) if row.mentor_session_id else None,
        chat_id=ChatId(row.chat_id) if row.chat_id else None,
        purpose=Purpose(row.purpose),
        model=row.model,
        state=CallState(row.state),
        reserved_pico_usd=row.reserved_pico_usd,
        prompt_estimate=row.prompt_estimate,
        max_tokens=row.max_tokens,
        local_day=row.local_day,
        utc_day=row.utc_day,
        created_at=row.created_at,
        tag=_tag(row),
        usage=_usage(row),
        sound_seconds=None if row.sound_seconds is None else Decimal(row.sound_seconds),
        cost_pico_usd=row.cost_pico_usd,
        outcome=row.outcome,
        status=row.status,
        request_id=row.request_id,
        sent_at=row.sent_at,
        finished_at=row.finished_at,
    )


def _tag(row: Any) -> PriceTag | None:
    if row.input_price is None:
        return None
    return PriceTag(
        Decimal(row.input_price),
        Decimal(row.cached_price),
        Decimal(row.cache_write_price),
        Decimal(row.output_price),
        row.price_source,
        date.fromisoformat(row.price_as_of),
    )


def _usage(row: Any) -> Usage | None:
    if row.usage_source is None:
        return None
    return Usage(
        row.prompt_tokens,
        row.cached_tokens,
        row.cache_write_tokens,
        row.completion_tokens,
        row.reasoning_tokens,
        UsageSource(row.usage_source),
    )


def _sum(key: str, row: Any) -> Sum:
    return Sum(
        key=key,
        calls=row.calls,
        prompt=int(row.prompt),
        cached=int(row.cached),
        completion=int(row.completion),
        cost_pico_usd=int(row.cost),
        unpriced=int(row.unpriced),
        estimated=int(row.estimated),
    )
