"""Many students and a server that fails in every way: is the ledger the server's bill, and does each cap hold?

`python -m tests.core.mentor.ledger_play --calls 5000 --database postgresql --seed 7` compares every row with the bill
of a server that counts by itself; with `--cap`, a thousand ask at once for what a cap does not allow.
"""

import argparse
import asyncio
import io
import logging
import random
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import structlog
from PIL import Image as Picture
from sqlalchemy import text

from bot.tokens import Tokens
from bot.worker import Worker
from core.chiron import Chiron
from core.clock import SystemClock
from core.mentor.calls import Call, CallState, Caps
from core.mentor.conversation import Chat, Kind, Media, Said, State
from core.mentor.line import Line, Mark
from core.mentor.model import Image, Purpose, UsageSource
from core.mentor.offer import MODERATION_MODEL, TRANSCRIPTION_MODEL, Offer
from core.mentor.prices import cost_pico_usd, own
from core.mentor.prompts import title_ask
from core.mentor.providers import Limits, OpenAIProvider
from core.mentor.replies import Replies
from core.people.model import Onboarding, Person
from core.ports import Actor, Work
from storage import schema
from storage.engine import open_engines
from storage.work import SqlStorage
from tests.model_server import Billed, ModelServer, Trouble
from tests.postgres import Postgres

PRICE = "0.10/0.01/0.125/0.50"
SOUND_USD_PER_HOUR = Decimal("0.27")
SPOKEN_SECONDS = 4
HASTY = Limits(connect=5.0, read=2.0, other=10.0, whole=30.0, once=5.0, pause=0.01, longest_pause=0.2)
HISTORY_TOKENS = 700
"""Short, so that histories are trimmed and summed up every few turns."""
ESTIMATE_AIM = 0.03
TOLD = frozenset({"full", "each", "early"})
"""How usage is sent so that all of it is told."""
TOLD_IN_PART = frozenset({"bare", "null", "parts"})
WORDS = (
    *("limite", "derivata", "integrale", "funzione", "parabola", "vertice", "ellisse", "seno", "coseno", "logaritmo"),
    *("radice", "equazione", "disequazione", "sistema", "matrice", "vettore", "probabilità", "insieme", "serie"),
)
WAVES = 60
"""After the first, a tenth asks again and again until nothing is left of the cap."""
CHAT = "/v1/chat/completions"
MODERATION = "/v1/moderations"
TRANSCRIPTION = "/v1/audio/transcriptions"
PATHS = {Purpose.MODERATION: MODERATION, Purpose.TRANSCRIPTION: TRANSCRIPTION}


@dataclass
class Camera:
    """Pictures and sounds, as Telegram would give them."""

    rng: random.Random

    async def picture(self, _media: Media) -> Image:
        """A photo of some size."""
        width, height = self.rng.randrange(32, 900), self.rng.randrange(32, 900)
        file = io.BytesIO()
        Picture.new("RGB", (width, height), (self.rng.randrange(256), 40, 200)).save(file, "JPEG")
        return Image(file.getvalue(), "image/jpeg", width, height)

    async def sound(self, media: Media) -> bytes:
        """A voice message."""
        return b"OggS" + media.file_id.encode()


@dataclass
class Eye:
    """Where a reply is shown: a student looks at it, and stops it after so many looks."""

    patience: int | None = None
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    def write(self, _text: str) -> None:
        """Look."""
        if self.patience is not None:
            self.patience -= 1
            if self.patience <= 0:
                self.stopped.set()


@dataclass
class Stage:
    """The core, its line to the server, and the server."""

    storage: SqlStorage
    server: ModelServer
    core: Chiron
    line: Line
    replies: Replies
    clock: SystemClock
    database_url: str

    async def student(self, number: int) -> Person:
        """Somebody of eighteen."""
        person = await self.core.people.arrive(50_000 + number, "it", self.clock.now())
        grown = replace(person, birth_year=2008, onboarding=Onboarding.DONE)
        await self.storage.transact(None, lambda work: work.people.save(grown, self.clock.now()))
        return grown

    def actor(self, person: Person) -> Actor:
        """The person now."""
        return Actor(person.id, self.clock.now(), person.zone, person.language)

    async def all_calls(self) -> list[Call]:
        """The whole ledger."""
        numbers = await self.rows("SELECT id FROM model_calls ORDER BY id")
        return await self.storage.read(lambda work: [work.calls.get(row.id) for row in numbers])

    async def rows(self, query: str) -> list[Any]:
        """What the database holds."""
        engines = open_engines(self.database_url)
        try:
            async with engines.reader.connect() as connection:
                return list((await connection.execute(text(query))).all())
        finally:
            await engines.dispose()


@asynccontextmanager
async def staged(url: str, rng: random.Random, caps: Caps | None = None) -> AsyncIterator[Stage]:
    """The core over an empty database, at a server of its own."""
    clock, worker = SystemClock(), Worker()
    offer = Offer(
        model="gpt-6-luna",
        price=lambda at: own(PRICE, at),
        sound_price=lambda _: SOUND_USD_PER_HOUR,
        caps=caps or Caps(),
        safety_id=lambda user: f"student-{user}",
        moderation_model=MODERATION_MODEL,
        transcription_model=TRANSCRIPTION_MODEL,
        moderation_free=True,
        history_tokens=HISTORY_TOKENS,
    )
    storage = SqlStorage(open_engines(url))
    async with ModelServer(spoken=("come si calcola il limite notevole?", SPOKEN_SECONDS)) as server:
        provider = OpenAIProvider(offer.model, base_url=server.base_url, api_key="sk-none", limits=HASTY)
        line = Line(storage, clock, offer, provider, Tokens(worker))
        core = Chiron.over(storage, idle=timedelta(minutes=30), rng=rng, offer=offer)
        replies = Replies(storage, clock, core.mentor, line, Camera(rng))
        try:
            await line.counter.prompt(())
            yield Stage(storage, server, core, line, replies, clock, url)
        finally:
            await replies.close()
            await storage.close()
            worker.close()


# The play


@dataclass
class Play:
    """Students who ask until the server's bill is long enough."""

    stage: Stage
    rng: random.Random
    calls: int
    cancelled: int = 0
    stopped: int = 0

    async def run(self, students: int) -> None:
        """Everybody plays; then all that goes on behind comes to its end."""
        server = self.stage.server
        server.usual, server.reply = self._trouble, self._words
        async with asyncio.TaskGroup() as tasks:
            for number in range(students):
                tasks.create_task(self._study(await self.stage.student(number)))
        await self.stage.line.idle()

    async def _study(self, person: Person) -> None:
        mentor = self.stage.core.mentor
        while len(self.stage.server.bill) < self.calls:
            await mentor.hear(self.stage.actor(person), self._said())
            if self.rng.random() < 0.05:
                await mentor.begin(self.stage.actor(person))
            if self.rng.random() < 0.1:
                await mentor.hear(self.stage.actor(person), Said("e poi: " + self._sentence(8)))
            while reply := await self._carry(person):
                again = reply.state is State.INTERRUPTED or reply.why == "model-away"
                if again and self.rng.random() < 0.3:
                    await mentor.ask_again(self.stage.actor(person), reply.id)

    async def _carry(self, person: Person) -> Chat | None:
        """Have what is due carried out; sometimes the student stops it, sometimes whoever waits for it goes away."""
        patience = self.rng.randrange(1, 4) if self.rng.random() < 0.12 else None
        eye = Eye(patience)
        task = asyncio.create_task(self.stage.replies.carry(self.stage.actor(person), eye))
        if self.rng.random() < 0.05:
            await asyncio.wait({task}, timeout=self.rng.uniform(0.0, 0.4))
            self.cancelled += task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            if task.cancelled():
                await self._carried_by_itself(person)
            return await self.stage.replies.carry(self.stage.actor(person), Eye())
        reply = await task
        self.stopped += eye.stopped.is_set()
        return reply

    async def _carried_by_itself(self, person: Person) -> None:
        """What was begun comes to its end though nobody waits; what was not, stays due."""
        async with asyncio.timeout(60):
            while True:
                if not await self._is_begun(person):
                    await asyncio.sleep(0.3)  # it may be about to begin
                    if not await self._is_begun(person):
                        return
                await asyncio.sleep(0.02)

    async def _is_begun(self, person: Person) -> bool:
        def query(work: Work) -> bool:
            due = work.conversations.due(person.id)
            idle = (CallState.RESERVED, CallState.RELEASED)
            return due is not None and any(call.state not in idle for call in work.calls.of_chat(due.id))

        return await self.stage.storage.read(query)

    def _said(self) -> Said:
        dice = self.rng.random()
        if dice < 0.06:
            return Said("", Kind.VOICE, media=Media("voice", 2_000, SPOKEN_SECONDS, "audio/ogg"))
        if dice < 0.14:
            return Said("guarda questo esercizio", Kind.PHOTO, media=Media("photo", 9_000, 0, "image/jpeg"))
        unsuitable = " uccidermi" if dice > 0.99 else ""
        return Said(self._sentence(self.rng.randrange(6, 60)) + unsuitable)

    def _sentence(self, words: int) -> str:
        return " ".join(self.rng.choice(WORDS) for _ in range(words)) + "?"

    def _words(self, _messages: object) -> str:
        return self._sentence(self.rng.randrange(10, 70))

    def _trouble(self, line: Billed) -> Trouble:
        rng = self.rng
        if line.path == TRANSCRIPTION:
            return rng.choices([Trouble(), Trouble(usage="none"), Trouble(status=500)], [70, 20, 10])[0]
        if line.path == MODERATION:
            ways = [Trouble(), Trouble(status=500), Trouble(status=429), Trouble(drop=True), Trouble(html=True)]
            return rng.choices(ways, [92, 3, 3, 1, 1])[0]
        after = rng.randrange(1, 50)
        slow = Trouble(delay=rng.choice((0.0, 0.002, 0.008)), reasoning=rng.choice((0, 0, 64, 300)))
        ways = {
            slow: 90,
            replace(slow, usage="none", reasoning=0): 10,
            replace(slow, usage="bare"): 5,
            replace(slow, usage="null"): 5,
            replace(slow, usage="parts"): 5,
            replace(slow, usage="each"): 5,
            replace(slow, usage="early"): 5,
            Trouble(usage="odd"): 5,
            Trouble(usage="none", whole=True): 3,
            Trouble(whole=True): 3,
            Trouble(usage="none", thinking=self._sentence(20)): 3,
            Trouble(second=True): 2,
            Trouble(as_refusal=True): 2,
            Trouble(done=False): 2,
            Trouble(cut_after=after): 6,
            Trouble(end_after=after): 6,
            Trouble(error_after=after): 4,
            Trouble(garbage_after=after): 3,
            Trouble(stall_after=after): 2,
            Trouble(stall_after=0): 1,
            Trouble(last="cut"): 3,
            Trouble(last="stall"): 1,
            Trouble(status=429, retry_after="0.01"): 6,
            Trouble(status=429, retry_after="60"): 2,
            Trouble(status=500): 5,
            Trouble(status=400, message="no"): 2,
            Trouble(drop=True): 2,
            Trouble(hang=True): 1,
            Trouble(html=True): 1,
            Trouble(error_first=True): 2,
        }
        return rng.choices(list(ways), list(ways.values()))[0]


@dataclass
class Books:
    """The ledger beside the bill.

    Attributes:
        exact: Calls whose tokens and cost are the bill's to the last unit.
        in_part: Those where the server told its sums without the parts: tokens are the bill's, the cost is that of
            what it told.
        estimated: Those that it did not count: how far our tokens are from the bill's, as shares of it.
        costs: The same for the cost: nobody tells what was cached, so all of the prompt counts as read anew.
        refused: Calls that were refused, and cost nothing.
        cautious: Calls that never got an answer: nobody can tell, so they count as billed.
        wrong: Everything that is not as it should be.
    """

    calls: int = 0
    rows: int = 0
    exact: int = 0
    in_part: int = 0
    estimated: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    estimated_tokens: tuple[int, int] = (0, 0)
    estimated_cost: tuple[int, int] = (0, 0)
    refused: int = 0
    cautious: int = 0
    purposes: Counter[str] = field(default_factory=Counter)
    hows: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def total_error(self) -> float:
        """How far all estimates together are from the bill, as a share of it."""
        ours, billed = self.estimated_tokens
        return abs(ours - billed) / max(1, billed)

    @property
    def good(self) -> bool:
        """Whether every row is the bill's, and the estimates are near."""
        return not self.wrong and self.total_error <= ESTIMATE_AIM

    def lines(self) -> Iterator[str]:
        """The report."""
        yield f"{self.calls} calls reached the server, {self.rows} rows of calls; {dict(self.purposes)}"
        yield f"the server's ends: {dict(self.hows)}"
        yield f"told by the server: {self.exact} equal to the last unit; {self.in_part} equal in the sums that it told"
        yield f"refused, cost nothing: {self.refused}; without any answer, counted as billed: {self.cautious}"
        yield f"not told: {_spread(self.estimated)} of tokens; all together {self.total_error:.3%} off"
        ours, billed = self.estimated_cost
        ends = f"{min(self.costs, default=0):+.0%} to {max(self.costs, default=0):+.0%}"
        times = ours / max(1, billed)
        yield f"  cost of these, all of the prompt taken as read anew: {ends}; together {times:.2f} x the bill"
        yield f"wrong: {len(self.wrong)}"
        yield from self.wrong[:20]


def _spread(errors: list[float]) -> str:
    if not errors:
        return "none"
    ordered = sorted(abs(error) for error in errors)
    within = sum(error <= ESTIMATE_AIM for error in ordered)
    p99 = ordered[int(0.99 * (len(ordered) - 1))]
    return (
        f"{len(ordered)} calls, error median {statistics.median(ordered):.2%}, 99 % {p99:.2%}, "
        f"worst {ordered[-1]:.2%}, {within} within 3 %"
    )


def compare(bill: list[Billed], calls: list[Call]) -> Books:
    """Lay every row beside its line of the bill."""
    books = Books(len(bill))
    made = [call for call in calls if call.sent_at is not None]
    books.rows = len(made)
    by_id: defaultdict[str, list[Call]] = defaultdict(list)
    nameless: Counter[tuple[str, str]] = Counter()
    for call in made:
        books.purposes[call.purpose] += 1
        if call.request_id is None:
            nameless[_whose(call)] += 1
            if call.cost_pico_usd:
                books.cautious += 1
        else:
            by_id[call.request_id].append(call)
    for line in bill:
        books.hows[line.how] += 1
        rows = by_id.pop(line.request_id, [])
        if len(rows) > 1:
            books.wrong.append(f"{line.request_id}: {len(rows)} rows")
        elif rows:
            _lay(books, line, rows[0])
        else:
            whose = _asker(line)
            nameless[whose] -= 1
            if line.pico_usd:
                books.wrong.append(f"{line.request_id}: billed, and no row has its number ({line.trouble})")
            else:
                books.refused += 1
    books.wrong += [f"{request_id}: a row of a call that the server never saw" for request_id in by_id]
    books.wrong += [f"{whose}: {count} rows more than calls" for whose, count in nameless.items() if count]
    return books


def _whose(call: Call) -> tuple[str, str]:
    path = PATHS.get(call.purpose, CHAT)
    return path, f"student-{call.user_id}" if path == CHAT else ""


def _asker(line: Billed) -> tuple[str, str]:
    return line.path, str(line.body.get("safety_identifier", ""))


def _lay(books: Books, line: Billed, call: Call) -> None:
    """One row beside its line."""
    usage, told = call.usage, line.told and not _unheard(line)
    counted = None if usage is None else (usage.prompt, usage.completion)
    ours = None if usage is None else (*counted, usage.cached, usage.cache_write, usage.reasoning)
    billed = (line.prompt, line.completion, line.cached, line.cache_write, line.reasoning)
    where = f"{line.request_id} {call.purpose} {call.outcome} {line.trouble}: {ours} {call.cost_pico_usd}"
    if line.path != CHAT:
        books.exact += 1
        if call.cost_pico_usd != line.pico_usd:
            books.wrong.append(f"{where}, billed {line.pico_usd}")
    elif line.how == "refused" or not line.prompt:
        books.refused += 1
        if call.cost_pico_usd:
            books.wrong.append(f"{where}, and it was refused")
    elif told and line.trouble.usage in TOLD:
        books.exact += 1
        if (ours, call.cost_pico_usd) != (billed, line.pico_usd):
            books.wrong.append(f"{where}, billed {billed} {line.pico_usd}")
    elif told and line.trouble.usage in TOLD_IN_PART:
        books.in_part += 1
        if counted != billed[:2] or call.cost_pico_usd != cost_pico_usd(usage, call.tag):
            books.wrong.append(f"{where}, told {billed[:2]}")
    elif usage is None or usage.source is not UsageSource.ESTIMATED:
        books.wrong.append(f"{where}, and nobody counted it")
    else:
        mine, theirs = sum(counted), line.prompt + line.completion
        books.estimated.append((mine - theirs) / theirs)
        books.costs.append(((call.cost_pico_usd or 0) - line.pico_usd) / line.pico_usd)
        books.estimated_tokens = (books.estimated_tokens[0] + mine, books.estimated_tokens[1] + theirs)
        spent, bill = books.estimated_cost
        books.estimated_cost = (spent + (call.cost_pico_usd or 0), bill + line.pico_usd)


def _unheard(line: Billed) -> bool:
    """Whether what was told cannot be read."""
    return line.trouble.usage == "odd"


async def tallies(stage: Stage, calls: list[Call]) -> list[str]:
    """Sessions and days whose numbers are not the sums of their calls."""
    costs: Counter[tuple[str, str]] = Counter()
    tokens: Counter[tuple[str, str]] = Counter()
    unpriced: Counter[tuple[str, str]] = Counter()
    for call in calls:
        session = ("session", call.session_id.hex if call.session_id else "")
        for key in (session, (f"student:{call.user_id}", call.local_day), ("operator", call.utc_day)):
            costs[key] += call.cost_pico_usd or 0
            tokens[key] += call.usage.total if call.usage else 0
            unpriced[key] += call.cost_pico_usd is None
    wrong = []
    for row in await stage.rows("SELECT * FROM ai_mentor_sessions"):
        key = ("session", str(row.id).replace("-", ""))
        found = (row.total_cost_pico_usd, row.total_tokens, row.unpriced_calls)
        if found != (costs[key], tokens[key], unpriced[key]):
            wrong.append(f"{key}: {found}, counted {costs[key], tokens[key], unpriced[key]}")
    for row in await stage.rows("SELECT * FROM spending"):
        key = (row.scope, row.day)
        found = (row.spent_pico_usd, row.reserved_pico_usd, row.unpriced_calls)
        if found != (costs[key], 0, unpriced[key]):
            wrong.append(f"{key}: {found}, counted {costs[key], 0, unpriced[key]}")
    return wrong


async def ledger_play(url: str, *, calls: int, students: int, seed: int) -> tuple[Books, Play]:
    """Play, and lay the ledger beside the bill."""
    rng = random.Random(seed)
    async with staged(url, rng) as stage:
        play = Play(stage, rng, calls)
        await play.run(students)
        left = await stage.storage.read(lambda work: work.calls.unfinished())
        ledger = await stage.all_calls()
        books = compare(stage.server.bill, ledger)
        books.wrong += [f"row {call.id} {call.purpose} is still {call.state}" for call in left]
        books.wrong += await tallies(stage, ledger)
    return books, play


# Caps


@dataclass
class Capped:
    """A run against a cap.

    Attributes:
        highest: The most that was ever spent and set aside at a commit.
        above: How many commits passed the cap.
        billed: The server's own bill.
        asks: How many, over all waves.
        full: Those that found the cap reached.
    """

    cap: int
    asks: int
    highest: int
    above: int
    billed: int
    full: int
    reserved: int
    seconds: float

    @property
    def good(self) -> bool:
        """Whether the cap held, bit, and let nothing lie."""
        held = not self.above and self.highest <= self.cap and self.billed <= self.cap
        used_up = 0 < self.full < self.asks and self.highest > 9 * self.cap // 10 and self.billed > self.cap // 4
        return held and used_up and self.reserved == 0


async def operator_cap(url: str, *, asks: int, cap: int, seed: int) -> Capped:
    """So many students ask at once, each a question, on the operator's cap."""
    rng = random.Random(seed)
    async with staged(url, rng, Caps(operator=cap)) as stage:
        _loosely(stage, rng)
        watched(stage, "operator", cap)
        people = [await stage.student(number) for number in range(asks)]
        began = time.monotonic()

        async def ask(person: Person) -> bool:
            await stage.core.mentor.hear(stage.actor(person), Said("come si risolve questa equazione?"))
            reply = await stage.replies.carry(stage.actor(person), Eye())
            return reply is not None and reply.why == "cap-operator"

        asked, full = asks, sum(await asyncio.gather(*(ask(person) for person in people)))
        for _ in range(WAVES):
            few = people[: asks // 10]
            refused = sum(await asyncio.gather(*(ask(person) for person in few)))
            asked, full = asked + len(few), full + refused
            if refused == len(few):
                break
        return await _capped(stage, cap, asked, full, began)


async def student_cap(url: str, *, asks: int, cap: int, seed: int) -> Capped:
    """So many calls of one student at once, on the student's cap."""
    rng = random.Random(seed)
    async with staged(url, rng, Caps(student=cap)) as stage:
        _loosely(stage, rng)
        person = await stage.student(1)
        watched(stage, f"student:{person.id}", cap)
        actor = stage.actor(person)
        heard = await stage.core.mentor.hear(actor, Said("come si risolve questa equazione?"))
        due = await stage.storage.read(lambda work: work.conversations.due(person.id))
        began = time.monotonic()
        mark = Mark(actor, due.session_id, heard.reply)
        messages = title_ask([], "it")
        asked = made = 0
        for wave in range(WAVES):
            asked += (now := asks if wave == 0 else asks // 10)
            await asyncio.gather(*(stage.line.quick(mark, messages, Purpose.SUMMARY) for _ in range(now)))
            before, made = made, sum(call.sent_at is not None for call in await stage.all_calls())
            if made == before:
                break
        await stage.replies.carry(actor, Eye())
        return await _capped(stage, cap, asked, max(0, asked - made), began)


def _loosely(stage: Stage, rng: random.Random) -> None:
    """Calls that are retried, fail, and write as much as they may."""
    ways = [Trouble(), Trouble(usage="none"), Trouble(status=500), Trouble(cut_after=40), Trouble(end_after=9)]
    stage.server.usual = lambda line: rng.choice(ways) if line.path == CHAT else Trouble()
    stage.server.reply = lambda _: "una parola dopo l'altra, " * rng.choice((3, 3, 1_000))


async def _capped(stage: Stage, cap: int, asks: int, full: int, began: float) -> Capped:
    await stage.line.idle()
    seen = await stage.rows("SELECT max(held) AS most, sum(CASE WHEN held > cap THEN 1 ELSE 0 END) AS above FROM seen")
    kept = await stage.rows("SELECT sum(reserved_pico_usd) AS left_over FROM spending")
    return Capped(
        cap,
        asks,
        int(seen[0].most or 0),
        int(seen[0].above or 0),
        stage.server.total_pico_usd,
        full,
        int(kept[0].left_over or 0),
        time.monotonic() - began,
    )


def watched(stage: Stage, scope: str, cap: int) -> None:
    """Have the database itself note what was spent and set aside, at every change."""
    engines = open_engines(stage.database_url)
    noted = f"INSERT INTO seen VALUES (NEW.spent_pico_usd + NEW.reserved_pico_usd, {cap})"  # noqa: S608 - a number
    when = f"WHEN (NEW.scope = '{scope}')"
    with engines.writer.begin() as connection:
        connection.execute(text("CREATE TABLE seen (held BIGINT, cap BIGINT)"))
        if engines.sqlite:
            connection.execute(text(f"CREATE TRIGGER eye AFTER UPDATE ON spending {when} BEGIN {noted}; END"))
        else:
            body = f"$$ BEGIN {noted}; RETURN NEW; END $$"
            connection.execute(text(f"CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS {body}"))
            each = f"FOR EACH ROW {when} EXECUTE FUNCTION note()"
            connection.execute(text(f"CREATE TRIGGER eye AFTER UPDATE ON spending {each}"))
    engines.writer.dispose()


# The command


@contextmanager
def database(kind: str, folder: Path) -> Iterator[list[str]]:
    """Addresses of three empty databases of a kind."""
    if kind == "sqlite":
        urls = [f"sqlite+aiosqlite:///{folder / f'{number}.db'}" for number in range(3)]
    else:
        server = Postgres()
        server.start()
        urls = [server.create(f"ledger_{number}") for number in range(3)]
    try:
        for url in urls:
            schema.upgrade(url)
        yield urls
    finally:
        if kind != "sqlite":
            server.stop()


def main() -> int:
    """Read the command line, play, print the report; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.core.mentor.ledger_play", description=__doc__)
    parser.add_argument("--calls", type=int, default=5_000)
    parser.add_argument("--students", type=int, default=24)
    parser.add_argument("--cap", action="store_true", help="a thousand asks at once on each kind of cap instead")
    parser.add_argument("--asks", type=int, default=1_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)  # clients that hang up are part of the play
    with tempfile.TemporaryDirectory(prefix="ledger-play-") as folder, database(options.database, Path(folder)) as urls:
        if options.cap:
            # A reply's worst case is about 0.0015 USD and a summary's 0.0004: a cap for some forty of either.
            found = [
                asyncio.run(operator_cap(urls[0], asks=options.asks, cap=60 * 10**9, seed=options.seed)),
                asyncio.run(student_cap(urls[1], asks=options.asks, cap=20 * 10**9, seed=options.seed)),
            ]
            sys.stdout.write("".join(f"{each}\n{'good' if each.good else 'BROKEN'}\n" for each in found))
            return int(not all(each.good for each in found))
        began = time.monotonic()
        books, play = asyncio.run(
            ledger_play(urls[0], calls=options.calls, students=options.students, seed=options.seed)
        )
    sys.stdout.write("\n".join(books.lines()) + "\n")
    sys.stdout.write(f"{play.stopped} stopped, {play.cancelled} left alone, {time.monotonic() - began:.0f} s\n")
    sys.stdout.write("good\n" if books.good else "BROKEN\n")
    return int(not books.good)


if __name__ == "__main__":
    sys.exit(main())
