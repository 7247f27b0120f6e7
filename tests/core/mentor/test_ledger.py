"""The ledger over real SQL: what a call may cost is set aside before it, what it cost is booked once, and caps hold."""

import asyncio
import random
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from sqlalchemy import delete, insert, select, update

from core.ids import CallId, ChatId, MentorSessionId, UserId
from core.mentor import ledger
from core.mentor.audit import Audit
from core.mentor.calls import By, Call, CallState, Caps, Figure, Full, Period, Plan, Recount, Spent, Sum, Tallied, total
from core.mentor.conversation import Chat, Kind, MentorSession, Speaker, State
from core.mentor.ledger import End, Payer
from core.mentor.model import Purpose, Usage, UsageSource
from core.mentor.prices import PriceTag, Step, cost_pico_usd, sound_pico_usd, worst_pico_usd
from core.ports import Work
from storage.tables import ai_mentor_chats, ai_mentor_sessions, model_calls, spending, users
from storage.work import SqlStorage
from tests.readback import rows, second_connection

NOW = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
DAY = date(2026, 11, 20)
TAG = PriceTag(Decimal(1), Decimal("0.05"), Decimal("1.25"), Decimal(5), "tests", DAY)
FREE = PriceTag(Decimal(0), Decimal(0), Decimal(0), Decimal(0), "free", DAY)
STEPPED = replace(TAG, steps=(Step(1_000, Decimal(2), Decimal("0.10"), Decimal("2.50"), Decimal("7.50")),))
A_TOKEN = 1_000_000
"""Pico-USD of a prompt token at the price of `TAG`."""
T = TypeVar("T")
Decide = Callable[[Work], T]


@dataclass
class Desk:
    """Short words for what a test does with the ledger, a transaction each."""

    storage: SqlStorage
    database_url: str
    sessions: dict[UserId, MentorSessionId] = field(default_factory=dict)
    now: datetime = NOW
    caps: Caps = field(default_factory=Caps)

    async def student(self, telegram_id: int = 1001) -> UserId:
        """Somebody who arrived, with a session."""

        def decide(work: Work) -> UserId:
            person = work.people.add(telegram_id, "it", self.now)
            session = MentorSession(MentorSessionId(uuid.uuid4()), person.id, self.now, self.now)
            work.conversations.add(session)
            self.sessions[person.id] = session.id
            return person.id

        return await self.run(decide)

    async def reserve(self, owner: UserId, plan: Plan, day: date = DAY, caps: Caps | None = None) -> Call | Full:
        """Set a call aside."""
        payer, session_id = Payer(owner, day), self.sessions[owner]
        caps = caps or self.caps
        return await self.run(lambda work: ledger.reserve(work, payer, plan, caps, self.now, session_id=session_id))

    async def sent(self, owner: UserId, plan: Plan) -> Call:
        """A call on its way."""
        call = await self.reserve(owner, plan)
        assert isinstance(call, Call)
        return await self.run(lambda work: ledger.send(work, call, self.now))

    async def widen(self, call: Call, plan: Plan) -> Call | Full:
        """Set aside what it costs after all."""
        return await self.run(lambda work: ledger.widen(work, call, plan, self.caps))

    async def settle(self, call: Call, end: End) -> Call:
        """Write down how it ended."""
        return await self.run(lambda work: ledger.settle(work, call.id, end, self.now))

    async def interrupt(self, call: Call) -> Call:
        """What a start does with a call that was left."""
        return await self.run(lambda work: ledger.interrupt(work, call.id, self.now))

    async def spent(self, owner: UserId | None, day: date = DAY) -> Spent:
        """A day of a student or of the operator."""
        return await self.storage.read(lambda work: work.calls.spent(owner, day))

    async def run(self, decide: Decide[T]) -> T:
        """A transaction."""
        return await self.storage.transact(None, decide)

    def row(self, call: Call) -> dict[str, Any]:
        """The row of a call, by a second connection."""
        return rows(self.database_url, select(model_calls).where(model_calls.c.id == call.id))[0]

    def session(self, owner: UserId) -> dict[str, Any]:
        """The row of a student's session."""
        wanted = ai_mentor_sessions.c.id == self.sessions[owner]
        return rows(self.database_url, select(ai_mentor_sessions).where(wanted))[0]


@pytest.fixture
def desk(storage: SqlStorage, database_url: str) -> Desk:
    """The ledger of an empty database."""
    return Desk(storage, database_url)


def a_reply(prompt: int = 100, most: int = 50, tag: PriceTag | None = TAG) -> Plan:
    """A call that writes."""
    return Plan(Purpose.REPLY, "gpt-6.1-terra", prompt, most, tag)


def worth(pico_usd: int) -> Plan:
    """A call that costs so much at worst."""
    return Plan(Purpose.TRANSCRIPTION, "gpt-transcribe", tag=TAG, worst_pico_usd=pico_usd)


def used(prompt: int = 100, completion: int = 20, **parts: Any) -> End:
    """A call that ended well."""
    return End("done", Usage(prompt, completion=completion, **parts), request_id="req_1")


class TestOneCall:
    """From its reservation to its end."""

    async def test_worst_case_is_set_aside_before_it_is_made(self, desk: Desk) -> None:
        """On both days: all of the prompt at the dearest rate, and all that may be written."""
        owner = await desk.student()

        call = await desk.reserve(owner, a_reply(100, 50))

        worst = int(100 * Decimal("1.25") * A_TOKEN) + 50 * 5 * A_TOKEN
        assert isinstance(call, Call)
        assert call.reserved_pico_usd == worst
        assert await desk.spent(owner) == await desk.spent(None) == Spent(0, worst, 0)
        row = desk.row(call)
        assert (row["state"], row["cost_pico_usd"], row["finished_at"]) == ("reserved", None, None)

    async def test_what_it_cost_takes_the_place_of_what_was_set_aside(self, desk: Desk) -> None:
        """With cached tokens at their price, and the session's tallies."""
        owner = await desk.student()
        call = await desk.sent(owner, a_reply())

        await desk.settle(call, used(100, 20, cached=40, cache_write=10))

        cost = 50 * A_TOKEN + 40 * A_TOKEN // 20 + 10 * A_TOKEN * 5 // 4 + 20 * 5 * A_TOKEN
        assert await desk.spent(owner) == await desk.spent(None) == Spent(cost, 0, 0)
        row, session = desk.row(call), desk.session(owner)
        assert (row["state"], row["cost_pico_usd"], row["cached_tokens"]) == ("settled", cost, 40)
        assert (session["total_tokens"], session["total_cost_pico_usd"], session["unpriced_calls"]) == (120, cost, 0)

    async def test_wider_prompt_sets_more_aside(self, desk: Desk) -> None:
        """And a smaller one gives back."""
        owner = await desk.student()
        call = await desk.reserve(owner, a_reply(100))
        assert isinstance(call, Call)

        for prompt in (900, 30):
            call = await desk.widen(call, a_reply(prompt))
            assert isinstance(call, Call)
            worst = worst_pico_usd(prompt, 50, TAG)
            assert await desk.spent(owner) == await desk.spent(None) == Spent(0, worst or 0, 0)
            assert desk.row(call)["prompt_estimate"] == prompt

    async def test_wider_prompt_that_passes_the_cap_is_refused(self, desk: Desk) -> None:
        """What was set aside before stays as it was, until it is released."""
        owner = await desk.student()
        desk.caps = Caps(operator=worst_pico_usd(200, 50, TAG))
        call = await desk.reserve(owner, a_reply(100))
        assert isinstance(call, Call)
        before = await desk.spent(owner)

        assert await desk.widen(call, a_reply(201)) is Full.OPERATOR

        assert await desk.spent(owner) == await desk.spent(None) == before
        await desk.settle(call, End("not-needed", billed=False))
        assert await desk.spent(owner) == await desk.spent(None) == Spent()

    async def test_call_that_surely_cost_nothing_is_released(self, desk: Desk) -> None:
        """It is no call: nothing is spent, and no total counts it."""
        owner = await desk.student()
        call = await desk.sent(owner, a_reply(tag=None))

        ended = await desk.settle(call, End("unreachable", billed=False))

        assert ended.state is CallState.RELEASED
        assert await desk.spent(owner) == await desk.spent(None) == Spent()
        assert await desk.storage.read(lambda work: work.calls.sums(By.DAY, Period())) == []
        assert await desk.storage.read(lambda work: work.calls.total(owner, DAY, DAY)) == total([])

    async def test_second_end_changes_nothing(self, desk: Desk) -> None:
        """Whatever it says, and whoever says it."""
        owner = await desk.student()
        call = await desk.sent(owner, a_reply())
        first = await desk.settle(call, used())
        before = (desk.row(call), desk.session(owner), await desk.spent(owner), await desk.spent(None))

        assert await desk.settle(call, used(5_000, 5_000)) == first
        assert await desk.settle(call, End("unreachable", billed=False)) == first
        assert await desk.interrupt(call) == first

        assert (desk.row(call), desk.session(owner), await desk.spent(owner), await desk.spent(None)) == before

    async def test_ends_at_the_same_moment_count_once(self, desk: Desk) -> None:
        """Even where no lock keeps a person's transactions apart, twenty ends are booked as one."""
        owner = await desk.student()
        call = await desk.sent(owner, a_reply())

        ends = await asyncio.gather(*(desk.settle(call, used()) for _ in range(20)), return_exceptions=True)

        cost = 100 * A_TOKEN + 20 * 5 * A_TOKEN
        assert any(isinstance(end, Call) for end in ends)
        assert all(isinstance(end, Call | LookupError) for end in ends)
        assert await desk.spent(owner) == await desk.spent(None) == Spent(cost, 0, 0)
        assert desk.session(owner)["total_cost_pico_usd"] == cost

    async def test_finished_row_cannot_be_changed(self, desk: Desk) -> None:
        """Neither by a settled call's second writer, nor to wake it up again."""
        owner = await desk.student()
        settled = await desk.settle(await desk.sent(owner, a_reply()), used())
        before = desk.row(settled)

        for changed in (replace(settled, cost_pico_usd=0), replace(settled, finished_at=None, state=CallState.SENT)):
            with pytest.raises(LookupError):
                await desk.run(lambda work, changed=changed: work.calls.save(changed))  # type: ignore[misc]

        assert desk.row(settled) == before

    async def test_prices_on_the_row_are_those_that_were_applied(self, desk: Desk) -> None:
        """A long prompt has the prices of its step, a short one those of the list: the row explains its own cost."""
        owner = await desk.student()
        for prompt, price in ((1_000, "1"), (1_001, "2")):
            call = await desk.sent(owner, a_reply(5_000, tag=STEPPED))

            ended = await desk.settle(call, replace(used(prompt, 10), tag=STEPPED))

            row = desk.row(call)
            assert Decimal(row["input_price"]) == Decimal(price)
            assert ended.cost_pico_usd == cost_pico_usd(Usage(prompt, completion=10), STEPPED) == row["cost_pico_usd"]
            stored = await desk.storage.read(lambda work, call=call: work.calls.get(call.id))  # type: ignore[misc]
            assert stored == ended
            assert cost_pico_usd(stored.usage or Usage(0), stored.tag) == stored.cost_pico_usd

    async def test_what_a_server_calls_itself_is_kept_whatever_it_is(self, desk: Desk) -> None:
        """Signs that a database refuses, and names without end, do not keep a call from being settled."""
        owner = await desk.student()
        call = await desk.sent(owner, a_reply())

        await desk.settle(call, replace(used(), model="a\0b\ud83d" + "x" * 500, request_id="r" * 500))

        row = desk.row(call)
        assert row["state"] == "settled"
        assert row["model"].startswith("ab")
        assert len(row["model"]) <= 120


class TestAfterACrash:
    """What becomes of a call that nobody ended."""

    async def test_call_that_was_not_sent_is_released(self, desk: Desk) -> None:
        """It cost nothing."""
        owner = await desk.student()
        call = await desk.reserve(owner, a_reply())
        assert isinstance(call, Call)

        ended = await desk.interrupt(call)

        assert (ended.state, ended.outcome) == (CallState.RELEASED, "never-sent")
        assert await desk.spent(owner) == await desk.spent(None) == Spent()

    async def test_call_that_was_sent_is_settled_at_its_estimate(self, desk: Desk) -> None:
        """All of the prompt, all that it might write, and the row says who counted."""
        owner = await desk.student()
        call = await desk.sent(owner, a_reply(100, 50))

        ended = await desk.interrupt(call)

        cost = 100 * A_TOKEN + 50 * 5 * A_TOKEN
        assert ended.state is CallState.INTERRUPTED
        assert ended.usage == Usage(100, completion=50, source=UsageSource.ESTIMATED)
        assert ended.cost_pico_usd == desk.row(call)["cost_pico_usd"] == cost
        assert await desk.spent(owner) == await desk.spent(None) == Spent(cost, 0, 0)

    async def test_long_prompt_is_settled_at_the_price_of_its_step(self, desk: Desk) -> None:
        """The row knows the prices for a prompt as long as it was thought to be."""
        owner = await desk.student()
        call = await desk.sent(owner, a_reply(2_000, 50, STEPPED))

        ended = await desk.interrupt(call)

        assert ended.cost_pico_usd == cost_pico_usd(Usage(2_000, completion=50), STEPPED)
        assert ended.tag == STEPPED.at(2_000)

    @pytest.mark.parametrize(("plan", "cost"), [(worth(77), 77), (replace(worth(77), tag=None), None)])
    async def test_sound_is_settled_at_its_worst(self, desk: Desk, plan: Plan, cost: int | None) -> None:
        """What is not counted in tokens costs what was set aside, or nobody knows what."""
        owner = await desk.student()

        ended = await desk.interrupt(await desk.sent(owner, plan))

        assert ended.cost_pico_usd == cost
        assert await desk.spent(owner) == Spent(cost or 0, 0, int(cost is None))


class TestUnknownIsNotZero:
    """Calls whose price nobody knows."""

    async def test_cost_is_null_and_counted(self, desk: Desk) -> None:
        """On the row, on both days, in the session, in the totals."""
        owner = await desk.student()
        call = await desk.sent(owner, a_reply(tag=None))

        await desk.settle(call, used())

        assert desk.row(call)["cost_pico_usd"] is None
        assert await desk.spent(owner) == await desk.spent(None) == Spent(0, 0, 1)
        assert (desk.session(owner)["unpriced_calls"], desk.session(owner)["total_tokens"]) == (1, 120)
        assert await desk.storage.read(lambda work: work.calls.sums(By.MODEL, Period())) == [
            Sum("gpt-6.1-terra", calls=1, prompt=100, cached=0, completion=20, cost_pico_usd=0, unpriced=1, estimated=0)
        ]

    @pytest.mark.parametrize("which", [Full.STUDENT, Full.OPERATOR])
    async def test_reached_cap_refuses_them_too(self, desk: Desk, which: Full) -> None:
        """Up to there nothing holds them; then nothing more is asked."""
        owner = await desk.student()
        caps = Caps(student=100) if which is Full.STUDENT else Caps(operator=100)
        assert isinstance(await desk.reserve(owner, worth(99), caps=caps), Call)
        assert isinstance(await desk.reserve(owner, a_reply(tag=None), caps=caps), Call)
        assert isinstance(await desk.reserve(owner, worth(1), caps=caps), Call)

        assert await desk.reserve(owner, a_reply(tag=None), caps=caps) is which

        assert await desk.spent(owner) == await desk.spent(None) == Spent(0, 100, 0)

    @pytest.mark.parametrize("plan", [a_reply(tag=FREE), Plan(Purpose.MODERATION, "omni-moderation-latest", tag=FREE)])
    async def test_free_call_is_never_refused(self, desk: Desk, plan: Plan) -> None:
        """Not even by a cap of nothing; it costs zero, which is known."""
        owner = await desk.student()
        desk.caps = Caps(0, 0)

        ended = await desk.settle(await desk.sent(owner, plan), used())

        assert ended.cost_pico_usd == desk.row(ended)["cost_pico_usd"] == 0
        assert await desk.spent(owner) == await desk.spent(None) == Spent()
        assert await desk.reserve(owner, a_reply(tag=None)) is Full.STUDENT


class TestCaps:
    """Nobody spends past a cap, however many ask at once."""

    async def test_students_cap_holds_under_two_hundred_at_once(self, desk: Desk) -> None:
        """It is used up to the last call that fits, and not one more; no lock keeps the transactions apart."""
        owner = await desk.student()
        desk.caps = Caps(student=1_000)

        got = await asyncio.gather(*(desk.reserve(owner, worth(7)) for _ in range(200)))

        calls = [call for call in got if isinstance(call, Call)]
        assert len(calls) == 142
        assert Counter(one for one in got if not isinstance(one, Call)) == {Full.STUDENT: 58}
        assert await desk.spent(owner) == await desk.spent(None) == Spent(0, 994, 0)
        assert isinstance(await desk.reserve(owner, worth(6)), Call)
        assert await desk.reserve(owner, worth(1)) is Full.STUDENT

    async def test_operators_cap_holds_over_all_students(self, desk: Desk) -> None:
        """What a refused student had set aside is given back to them."""
        owners = [await desk.student(1_001 + n) for n in range(20)]
        desk.caps = Caps(student=80, operator=1_000)

        got = await asyncio.gather(*(desk.reserve(owner, worth(7)) for owner in owners for _ in range(10)))

        calls = [call for call in got if isinstance(call, Call)]
        assert len(calls) == 142
        assert Counter(one for one in got if not isinstance(one, Call)) == {Full.OPERATOR: 58}
        assert await desk.spent(None) == Spent(0, 994, 0)
        held = Counter(call.user_id for call in calls)
        assert {owner: (await desk.spent(owner)).reserved for owner in owners} == {
            owner: 7 * held[owner] for owner in owners
        }

    async def test_what_was_not_used_can_be_used(self, desk: Desk) -> None:
        """Two hundred ask, each ends at less than its worst, and all that ever stands against the cap is below it."""
        owners = [await desk.student(1_001 + n) for n in range(5)]
        desk.caps = Caps(operator=100 * A_TOKEN)
        most = 0

        async def ask(owner: UserId) -> int:
            nonlocal most
            call = await desk.reserve(owner, a_reply(4, 2))  # 15 tokens' worth; costs 9
            spent = await desk.spent(None)
            most = max(most, spent.settled + spent.reserved)
            if isinstance(call, Full):
                return 0
            await desk.settle(call, used(4, 1))
            return 1

        made = sum(await asyncio.gather(*(ask(owner) for owner in owners for _ in range(40))))
        while await ask(owners[0]):  # those who came while others had much set aside come again
            made += 1

        assert most <= 100 * A_TOKEN
        assert made == 10  # nine tokens' worth each: after the tenth less than a worst case is left
        assert await desk.spent(None) == Spent(90 * A_TOKEN, 0, 0)

    async def test_another_day_is_another_cap(self, desk: Desk) -> None:
        """The student's by the day where they live, the operator's in UTC."""
        owner = await desk.student()
        both = Caps(student=10, operator=20)
        tomorrow = DAY + timedelta(days=1)
        assert isinstance(await desk.reserve(owner, worth(10), caps=both), Call)
        assert await desk.reserve(owner, worth(1), caps=both) is Full.STUDENT

        assert isinstance(await desk.reserve(owner, worth(10), tomorrow, both), Call)
        other = await desk.student(1002)
        assert await desk.reserve(other, worth(1), caps=both) is Full.OPERATOR
        desk.now += timedelta(hours=2)

        assert isinstance(await desk.reserve(other, worth(1), caps=both), Call)
        assert [await desk.spent(owner), await desk.spent(owner, tomorrow)] == [Spent(0, 10, 0), Spent(0, 10, 0)]
        assert [await desk.spent(None), await desk.spent(None, tomorrow)] == [Spent(0, 20, 0), Spent(0, 1, 0)]

    async def test_call_is_booked_on_the_day_that_it_was_set_aside_on(self, desk: Desk) -> None:
        """However late it ends."""
        owner = await desk.student()
        call = await desk.sent(owner, worth(10))
        desk.now += timedelta(days=3)

        await desk.settle(call, End("heard", cost_pico_usd=8))

        assert await desk.spent(owner) == await desk.spent(None) == Spent(8, 0, 0)
        assert rows(desk.database_url, select(spending.c.day).distinct()) == [{"day": "2026-11-20"}]


class TestTallies:
    """Sessions, students' days and the operator's days equal the sums of their calls."""

    @pytest.mark.parametrize("seed", range(4))
    async def test_after_any_history(self, desk: Desk, seed: int) -> None:
        """Three hundred steps of everything that can happen to calls, recounted by hand and by the audit."""
        chance = random.Random(seed)
        owners = [await desk.student(1_001 + n) for n in range(3)]
        desk.caps = Caps(student=3_000 * A_TOKEN, operator=7_000 * A_TOKEN)
        under_way: list[CallId] = []
        happened: Counter[str] = Counter()
        for _ in range(300):
            desk.now += timedelta(minutes=chance.randrange(30))
            happened[await _something(desk, chance, owners, under_way)] += 1

        audited = await Audit(desk.storage).check()

        assert audited.wrong == audited.left == ()
        assert audited.sessions == 3
        assert audited.days > 6
        assert _recounted(desk) == _as_told(desk)
        assert {"full", "settled", "released", "interrupted", "widened", "again", "said"} <= happened.keys()
        for by in By:
            sums = total(await Audit(desk.storage).sums(by, Period()))
            assert sums.cost_pico_usd == sum(row["total_cost_pico_usd"] for row in _sessions(desk))
            assert sums.unpriced == sum(row["unpriced_calls"] for row in _sessions(desk)) > 0
            assert sums.prompt + sums.completion == sum(row["total_tokens"] for row in _sessions(desk))

    async def test_period_is_of_the_operators_days(self, desk: Desk) -> None:
        """Both ends included."""
        owner = await desk.student()
        for _ in range(4):
            await desk.settle(await desk.sent(owner, worth(10)), End("heard", cost_pico_usd=10))
            desk.now += timedelta(days=1)
        audit = Audit(desk.storage)

        days = [DAY + timedelta(days=n) for n in range(4)]
        assert [each.key for each in await audit.sums(By.DAY, Period())] == [day.isoformat() for day in days]
        assert [each.calls for each in await audit.sums(By.STUDENT, Period(days[1], days[2]))] == [2]
        assert await audit.sums(By.DAY, Period(days[3] + timedelta(days=1))) == []
        assert await audit.sums(By.DAY, Period(last=DAY - timedelta(days=1))) == []


_OF_SESSION = update(ai_mentor_sessions)
_OF_STUDENT = update(spending).where(spending.c.user_id.is_not(None))
_OF_OPERATOR = update(spending).where(spending.c.user_id.is_(None))
_PLANTED = [
    (Tallied.SESSION, Figure.COST, _OF_SESSION.values(total_cost_pico_usd=11), 11, 10),
    (Tallied.SESSION, Figure.TOKENS, _OF_SESSION.values(total_tokens=1), 1, 0),
    (Tallied.SESSION, Figure.UNPRICED, _OF_SESSION.values(unpriced_calls=0), 0, 1),
    (Tallied.SESSION, Figure.MESSAGES, _OF_SESSION.values(message_count=2), 2, 1),
    (Tallied.STUDENT, Figure.COST, _OF_STUDENT.values(spent_pico_usd=9), 9, 10),
    (Tallied.STUDENT, Figure.RESERVED, _OF_STUDENT.values(reserved_pico_usd=6), 6, 5),
    (Tallied.OPERATOR, Figure.UNPRICED, _OF_OPERATOR.values(unpriced_calls=0), 0, 1),
    (Tallied.OPERATOR, Figure.COST, _OF_OPERATOR.values(spent_pico_usd=9), 9, 10),
]


class TestAudit:
    """It finds what differs, and nothing else."""

    @pytest.mark.parametrize(("of", "figure", "plant", "told", "counted"), _PLANTED)
    async def test_planted_difference_is_found(
        self, desk: Desk, of: Tallied, figure: Figure, plant: Any, told: int, counted: int
    ) -> None:
        """With its place, what the row says, and what its calls add up to."""
        owner = await _a_little_of_everything(desk)
        assert (await Audit(desk.storage).check()).wrong == ()
        with second_connection(desk.database_url) as connection:
            connection.execute(plant)

        audited = await Audit(desk.storage).check()

        key = {Tallied.SESSION: str(desk.sessions[owner]), Tallied.STUDENT: str(owner), Tallied.OPERATOR: ""}[of]
        day = "" if of is Tallied.SESSION else DAY.isoformat()
        assert audited.wrong == (Recount(of, key, day, figure, told, counted),)
        assert audited.left == ()

    async def test_day_without_a_row_is_found(self, desk: Desk) -> None:
        """Calls of a day that nobody tallied."""
        await _a_little_of_everything(desk)
        with second_connection(desk.database_url) as connection:
            connection.execute(delete(spending).where(spending.c.scope != "operator"))

        audited = await Audit(desk.storage).check()

        assert [(each.figure, each.told, each.counted) for each in audited.wrong] == [
            (Figure.COST, 0, 10),
            (Figure.RESERVED, 0, 5),
            (Figure.UNPRICED, 0, 1),
        ]

    async def test_call_that_nobody_booked_is_found(self, desk: Desk) -> None:
        """In its session, in its student's day, in the operator's."""
        await _a_little_of_everything(desk)
        copied = rows(desk.database_url, select(model_calls).where(model_calls.c.cost_pico_usd == 10))[0]
        with second_connection(desk.database_url) as connection:
            connection.execute(insert(model_calls), {**copied, "id": copied["id"] + 100})

        audited = await Audit(desk.storage).check()

        assert {(each.of, each.figure, each.counted - each.told) for each in audited.wrong} == {
            (of, Figure.COST, 10) for of in Tallied
        }

    async def test_rows_of_a_deleted_person_are_gone(self, desk: Desk) -> None:
        """All of them; what they cost stays in the operator's day, so that nobody frees the cap by leaving."""
        owner = await _a_little_of_everything(desk)
        other = await desk.student(1002)
        kept = await desk.settle(await desk.sent(other, worth(3)), End("heard", cost_pico_usd=3))
        with second_connection(desk.database_url) as connection:
            connection.execute(delete(users).where(users.c.id == owner))

        assert [row["id"] for row in rows(desk.database_url, select(model_calls))] == [kept.id]
        assert rows(desk.database_url, select(ai_mentor_chats)) == []
        assert [row["user_id"] for row in _sessions(desk)] == [other]
        assert {row["scope"] for row in rows(desk.database_url, select(spending))} == {f"student:{other}", "operator"}
        assert await desk.spent(None) == Spent(13, 5, 1)
        audited = await Audit(desk.storage).check()
        assert audited.wrong == ()
        assert [(each.of, each.figure, each.told, each.counted) for each in audited.left] == [
            (Tallied.OPERATOR, Figure.COST, 13, 3),
            (Tallied.OPERATOR, Figure.RESERVED, 5, 0),
            (Tallied.OPERATOR, Figure.UNPRICED, 1, 0),
        ]


async def _a_little_of_everything(desk: Desk) -> UserId:
    """A student with a message, a call for ten, one without a price, one under way for five, one that never was."""
    owner = await desk.student()
    await desk.run(lambda work: work.conversations.say(_words(desk, owner)))
    await desk.settle(await desk.sent(owner, worth(10)), End("heard", cost_pico_usd=10))
    await desk.settle(await desk.sent(owner, Plan(Purpose.MODERATION, "m")), End("judged"))
    await desk.settle(await desk.sent(owner, a_reply()), End("refused", billed=False))
    await desk.sent(owner, worth(5))
    return owner


def _words(desk: Desk, owner: UserId) -> Chat:
    session_id = desk.sessions[owner]
    return Chat(ChatId(0), session_id, owner, Speaker.STUDENT, Kind.TEXT, State.ANSWERED, desk.now, "ciao")


async def _something(desk: Desk, chance: random.Random, owners: list[UserId], under_way: list[CallId]) -> str:
    """One step; says what happened."""
    owner = chance.choice(owners)
    match chance.choice(("reserve", "reserve", "reserve", "widen", "send", "settle", "settle", "interrupt", "say")):
        case "say":
            await desk.run(lambda work: work.conversations.say(_words(desk, owner)))
            return "said"
        case "reserve":
            day = (desk.now + timedelta(hours=chance.choice((-8, 1)))).date()
            call = await desk.reserve(owner, _some_plan(chance), day)
            if isinstance(call, Full):
                return "full"
            under_way.append(call.id)
            return "reserved"
        case what if not under_way:
            return f"nothing to {what}"
        case what:
            call_id = chance.choice(under_way[-8:])
            call = await desk.storage.read(lambda work: work.calls.get(call_id))
            return await _with(desk, chance, call, what)


async def _with(desk: Desk, chance: random.Random, call: Call, what: str) -> str:
    again = call.finished_at is not None
    if what == "settle":
        call = await desk.settle(call, _some_end(chance, call))
        return "again" if again else str(call.state)
    if what == "interrupt":
        call = await desk.interrupt(call)
        return "again" if again else str(call.state)
    if call.state is not CallState.RESERVED:
        return f"too late to {what}"
    if what == "send":
        await desk.run(lambda work: ledger.send(work, call, desk.now))
        return "sent"
    widened = await desk.widen(call, _some_plan(chance))
    return "full" if isinstance(widened, Full) else "widened"


def _some_plan(chance: random.Random) -> Plan:
    if chance.random() < 0.2:
        return worth(chance.randrange(500 * A_TOKEN))
    tag = chance.choice((TAG, TAG, STEPPED, FREE, None))
    return a_reply(chance.randrange(1, 2_000), chance.randrange(1, 200), tag)


def _some_end(chance: random.Random, call: Call) -> End:
    if chance.random() < 0.2:
        return End("overloaded", billed=False)
    if call.purpose is Purpose.TRANSCRIPTION:
        seconds = Decimal(chance.randrange(100)) / 7
        return End("heard", sound_seconds=seconds, cost_pico_usd=sound_pico_usd(seconds, Decimal("0.27")))
    prompt = chance.randrange(1, 2_500)
    source = chance.choice(tuple(UsageSource))
    usage = Usage(prompt, chance.randrange(prompt // 2 + 1), chance.randrange(prompt // 2 + 1), 70, 30, source)
    return End("done", usage, tag=None if call.tag is None else chance.choice((None, STEPPED)))


def _sessions(desk: Desk) -> list[dict[str, Any]]:
    return rows(desk.database_url, select(ai_mentor_sessions))


def _as_told(desk: Desk) -> dict[tuple[str, str], tuple[int, ...]]:
    """Every tally, as its row says."""
    days = {
        (row["scope"], row["day"]): (row["spent_pico_usd"], row["reserved_pico_usd"], row["unpriced_calls"])
        for row in rows(desk.database_url, select(spending))
    }
    figures = ("total_cost_pico_usd", "total_tokens", "unpriced_calls", "message_count")
    sessions = {("session", str(row["id"])): tuple(row[name] for name in figures) for row in _sessions(desk)}
    return {key: told for key, told in (days | sessions).items() if any(told)}


def _recounted(desk: Desk) -> dict[tuple[str, str], tuple[int, ...]]:
    """The same, added up here from the rows of calls and messages."""
    found: dict[tuple[str, str], Counter[int]] = {}

    def add(key: tuple[str, str], *figures: int) -> None:
        found.setdefault(key, Counter()).update(dict(enumerate(figures)))

    for row in rows(desk.database_url, select(model_calls)):
        over = row["finished_at"] is not None
        cost = (row["cost_pico_usd"] or 0) if over else 0
        unpriced = int(over and row["cost_pico_usd"] is None and row["state"] != "released")
        held = 0 if over else row["reserved_pico_usd"]
        for key in ((f"student:{row['user_id']}", row["local_day"]), ("operator", row["utc_day"])):
            add(key, cost, held, unpriced)
        add(("session", str(row["mentor_session_id"])), cost, row["prompt_tokens"] + row["completion_tokens"], unpriced)
    for row in rows(desk.database_url, select(ai_mentor_chats)):
        add(("session", str(row["mentor_session_id"])), 0, 0, 0, 1)
    width = {"session": 4}
    return {
        key: tuple(figures[n] for n in range(width.get(key[0], 3)))
        for key, figures in found.items()
        if any(figures.values())
    }
