"""The composition root: the only place that wires things."""

import asyncio
import gc
import hashlib
import itertools
import random
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from aiohttp import web
from filelock import FileLock, Timeout
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import ApplicationBuilder, ContextTypes, ExtBot

from bot import diagnosis, menus, routes
from bot.connection import Connection
from bot.context import MentorContext
from bot.delivery import Delivery
from bot.edge import Edge
from bot.figures import Figures
from bot.files import TelegramFiles
from bot.intake import ALLOWED_UPDATES, Inflow, Polling, TokenRefused, Webhook
from bot.lanes import Lanes
from bot.receipts import Receipts
from bot.recovery import Recovery
from bot.settings import Settings, WrongSettings
from bot.streams import Streams
from bot.timers import DEADLINE_SECONDS, Deadlines, Sweep
from bot.tokens import Tokens
from bot.transport import AiohttpRequest
from bot.turns import AnyApplication, Turns
from bot.worker import Worker
from core.behind import Behind
from core.chiron import Chiron
from core.clock import Clock, SystemClock
from core.errors import StorageUnavailable
from core.mentor import tokens
from core.mentor.calls import Caps
from core.mentor.events import Broken, Fault
from core.mentor.line import Line
from core.mentor.offer import MODERATION_MODEL, TRANSCRIPTION_MODEL, Offer
from core.mentor.prices import PICO_PER_USD, listed, listed_sound, moderation_pico_usd, own
from core.mentor.replies import Replies
from core.ports import Storage
from storage import schema
from storage.content import bundled_bank, bundled_exams
from storage.engine import UnusableDatabase, is_sqlite, open_engines, parse_url
from storage.work import SqlStorage

if TYPE_CHECKING:
    from core.mentor.providers import OpenAIProvider

DRAIN_SECONDS = 5.0
RECOVERY_SECONDS = 30.0
PROBE_SECONDS = 10.0
MODELS_SECONDS = 5.0
RECOVERY_PAUSE = 1.0
START_PAUSE = (0.5, 1.0, 2.0, 5.0, 10.0)

if TYPE_CHECKING:
    from core.mentor.providers import Limits

log = structlog.get_logger(__name__)


class AlreadyRunning(Exception):  # noqa: N818 - read as a sentence
    """Another process writes this database; the message says what to do."""


@asynccontextmanager
async def opened_storage(settings: Settings, *, lock: bool = True, fresh: bool = False) -> AsyncIterator[SqlStorage]:
    """The database, brought to this program's schema, with the starter bank in it.

    Args:
        settings: Where it is.
        lock: Write: bring the schema up to date, and hold the lock beside an SQLite file, since one process alone may
            write it. Without it the database is only read.
        fresh: Begin with an empty SQLite file: delete what is there, once the lock is held.

    Raises:
        UnusableDatabase: It cannot be used, or it has another schema and is only to be read.
        AlreadyRunning: Another process holds the lock.
    """
    file = sqlite_file(settings)
    held = _lock(file) if lock and file is not None else None
    try:
        if fresh and held is not None and file is not None:
            await asyncio.to_thread(_delete, file)
        await asyncio.to_thread(schema.upgrade if lock else schema.require_current, settings.database_url)
        storage = SqlStorage(open_engines(settings.database_url))
        try:
            yield storage
        finally:
            await storage.close()
    finally:
        if held is not None:
            held.release()


def sqlite_file(settings: Settings) -> Path | None:
    """The database file, however the address is written; None for another database.

    Raises:
        UnusableDatabase: The address is none.
    """
    url = parse_url(settings.database_url)
    return Path(url.database or "").resolve() if is_sqlite(url) else None


def _line(settings: Settings, storage: Storage, clock: Clock, counter: Tokens, limits: "Limits | None") -> Line | None:
    """The line to the model's server; None without one."""
    offer = offer_of(settings)
    if offer is None:
        return None
    return Line(storage, clock, offer, _provider(settings, offer, limits), counter)


def _provider(settings: Settings, offer: Offer, limits: "Limits | None" = None) -> "OpenAIProvider":
    from core.mentor.providers import OpenAIProvider  # noqa: PLC0415 - 0.4 s that a bot without a model does not spend

    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
    return OpenAIProvider(offer.model, base_url=settings.openai_base_url, api_key=key, limits=limits)


def core_over(storage: SqlStorage, settings: Settings, *, rng: random.Random | None = None) -> Chiron:
    """The use cases over a storage, with these settings."""
    idle = timedelta(minutes=settings.session_idle_minutes)
    return Chiron.over(storage, idle=idle, rng=rng or random.SystemRandom(), offer=offer_of(settings))


def offer_of(settings: Settings) -> Offer | None:
    """The model that the mentor may ask, with its price and its caps; None without one."""
    if not settings.has_model:
        return None
    model, base_url, stated = settings.model, settings.openai_base_url, settings.mentor_price
    salt = settings.telegram_bot_token.get_secret_value() if settings.telegram_bot_token else ""
    return Offer(
        model=model,
        price=lambda at: own(stated, at) if stated else listed(model, at, base_url),
        sound_price=lambda at: listed_sound(TRANSCRIPTION_MODEL, at, base_url),
        caps=Caps(_pico(settings.student_daily_usd), _pico(settings.operator_daily_usd)),
        safety_id=lambda user: hashlib.sha256(f"{salt}:{user}".encode()).hexdigest()[:32],
        moderation_model=MODERATION_MODEL,
        transcription_model=TRANSCRIPTION_MODEL,
        moderation_free=moderation_pico_usd(base_url) == 0,
    )


def _pico(usd: Decimal) -> int:
    return int(usd * PICO_PER_USD)


async def load_starter(core: Chiron, clock: Clock) -> None:
    """Store the bundled bank and exams; a second time changes nothing."""
    bank = await asyncio.to_thread(bundled_bank)
    stored = await core.banks.store(bank, clock.now(), title="Chiron")
    if stored.added or stored.changed:
        log.info("starter-bank", added=stored.added, changed=stored.changed)
    exams = await core.exams.add(await asyncio.to_thread(bundled_exams), clock.now(), bundled=True)
    if exams:
        log.info("exams", added=exams)


class Program:
    """The bot, from start to stop.

    Args:
        limits: How long the model's server may take, and how much it may say; None: as the provider has it.
    """

    def __init__(  # noqa: PLR0913 - what tests set, all by name
        self,
        settings: Settings,
        storage: SqlStorage,
        *,
        clock: Clock | None = None,
        drain_seconds: float = DRAIN_SECONDS,
        deadline_seconds: float = DEADLINE_SECONDS,
        limits: "Limits | None" = None,
    ) -> None:
        self._settings = settings
        self._drain_seconds = drain_seconds
        self._deadline_seconds = deadline_seconds
        self._storage = storage
        self._clock = clock or SystemClock()
        self._core = core_over(storage, settings)
        self._connection = Connection()
        self._worker = Worker()
        self._figures = Figures(self._worker)
        trust = not settings.loopback
        self._request = AiohttpRequest(trust_proxy=trust)
        self._poll_request = AiohttpRequest(trust_proxy=trust, connections=8)
        self._application: AnyApplication = (
            ApplicationBuilder()
            .token(settings.token())
            .base_url(settings.telegram_api_url)
            .base_file_url(settings.file_url)
            .request(self._request)
            .get_updates_request(self._poll_request)
            .updater(None)
            .job_queue(None)
            .context_types(ContextTypes(context=MentorContext))
            .build()
        )
        routes.connect(self._application)
        bot: ExtBot[None] = self._application.bot
        self._bot = bot
        self._delivery = Delivery(bot, self._figures)
        self._receipts = Receipts(storage, self._clock)
        self._edge = Edge(
            self._core,
            storage,
            self._clock,
            self._delivery,
            self._receipts,
            self._connection,
            commands=frozenset(routes.COMMANDS),
        )
        self._tokens = Tokens(self._worker)
        files = TelegramFiles(bot, self._worker)
        behind = Behind(storage)
        line = _line(settings, behind, self._clock, self._tokens, limits)
        replies = Replies(behind, self._clock, self._core.mentor, line, files)
        self._streams = Streams(self._edge, replies, behind)
        self._edge.mentoring = self._streams
        self._turns = Turns(self._edge, self._application)
        self._core.people.changed.append(lambda person: self._turns.forget(person.telegram_id))
        self._lanes = Lanes(self._turns.run)
        self._recovery = Recovery(storage, self._clock, self._receipts, self._lanes)
        self._inflow = Inflow(storage, self._clock, self._lanes.enter)

    async def run(self, stop: asyncio.Event, *, ready: Callable[[], None] | None = None) -> None:
        """Serve until `stop` is set.

        Raises:
            TokenRefused: Telegram does not know the token.
        """
        await load_starter(self._core, self._clock)
        await self._core.mentor.recover(self._clock.now(), alone=await self._storage.is_alone())
        try:
            await self._start_bot(stop)
        except TokenRefused:
            await self._figures_and_bot_down()
            raise
        if stop.is_set():
            await self._figures_and_bot_down()
            return
        try:
            async with asyncio.TaskGroup() as tasks:
                background = [
                    tasks.create_task(work(), name=work.__qualname__)
                    for work in (
                        self._receipts.run,
                        Sweep(self._core, self._storage, self._clock, self._streams.wake_all).run,
                        Deadlines(
                            self._core, self._clock, self._connection, self._lanes, pause=self._deadline_seconds
                        ).run,
                        self._follow_connection,
                        self._publish_menus,
                        self._warm,
                    )
                ]
                await self._recovery.replay()
                background.append(tasks.create_task(self._intake(), name="intake"))
                log.info("running", bot=self._edge.username)
                if ready is not None:
                    ready()
                background.append(tasks.create_task(_until(stop, background), name="stop"))
        except BaseExceptionGroup as group:
            # One of them ended the others; what it says stands alone, not as a group.
            raise _first(group) from group
        finally:
            await self._lanes.close(self._drain_seconds)
            await self._streams.close(self._drain_seconds)
            try:
                await self._receipts.flush()
            except StorageUnavailable:
                log.warning("receipts-left", reason="database unavailable; the chat is mended at the next start")
            await self._figures_and_bot_down()
            log.info("stopped")

    async def _start_bot(self, stop: asyncio.Event) -> None:
        """Say hello to Telegram; while it is away, wait and try again."""
        failures = 0
        while not stop.is_set():
            try:
                await self._application.initialize()
                if self._settings.webhook_url is None:
                    await self._bot.delete_webhook()
            except InvalidToken as error:
                raise TokenRefused from error
            except (NetworkError, RetryAfter) as error:
                pause = START_PAUSE[min(failures, len(START_PAUSE) - 1)]
                log.warning("telegram-away", reason=type(error).__name__, again_in_seconds=pause)
                failures += 1
                await _sleep_or(stop, pause)
            else:
                self._edge.username = self._bot.username
                self._connection.up()
                return

    async def _intake(self) -> None:
        if self._settings.webhook_url is None:
            await Polling(self._poll_request, self._bot.base_url, self._inflow, self._connection).run()
            return
        secret = self._settings.webhook_secret
        endpoint = Webhook(self._inflow, secret=secret.get_secret_value() if secret else "", path="/telegram")
        runner = web.AppRunner(endpoint.application(), access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "0.0.0.0", self._settings.webhook_port).start()  # noqa: S104 - it serves Telegram
            await self._set_webhook(f"{self._settings.webhook_url.rstrip('/')}/telegram")
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(endpoint.run(), name="webhook")
                tasks.create_task(self._probe(), name="probe")
        finally:
            await runner.cleanup()

    async def _probe(self) -> None:
        """Know whether Telegram answers, where no poll tells it."""
        while True:
            await asyncio.sleep(PROBE_SECONDS)
            try:
                await self._bot.get_me()
            except InvalidToken as error:
                raise TokenRefused from error
            except TelegramError as error:
                log.warning("telegram-away", reason=type(error).__name__)
                self._connection.down()
            else:
                self._connection.up()

    async def _set_webhook(self, url: str) -> None:
        secret = self._settings.webhook_secret
        for pause in itertools.chain(START_PAUSE, itertools.repeat(START_PAUSE[-1])):
            try:
                await self._bot.set_webhook(
                    url,
                    secret_token=secret.get_secret_value() if secret else None,
                    allowed_updates=ALLOWED_UPDATES,
                    max_connections=40,
                )
            except BadRequest as error:  # waiting does not help
                raise WrongSettings(f"Telegram refuses WEBHOOK_URL: {error.message}") from error
            except InvalidToken as error:
                raise TokenRefused from error
            except (NetworkError, RetryAfter) as error:
                log.warning("telegram-away", reason=type(error).__name__, again_in_seconds=pause)
                await asyncio.sleep(pause)
            else:
                return

    async def _follow_connection(self) -> None:
        """Show what could not be shown: at the start, whenever Telegram is back, and now and then."""
        while True:
            await self._connection.wait_up()
            try:
                await self._recovery.replay()
                await self._recovery.show_unshown()
                await self._streams.wake_all()
            except StorageUnavailable:
                log.warning("recovery-waits", reason="database unavailable")
            if await self._connection.wait_missed(RECOVERY_SECONDS):
                await asyncio.sleep(RECOVERY_PAUSE)

    async def _warm(self) -> None:
        """Have the tokenizer loaded before the first student waits for it."""
        if self._settings.has_model:
            await self._tokens.warm()

    async def _publish_menus(self) -> None:
        for pause in itertools.chain(START_PAUSE, itertools.repeat(START_PAUSE[-1])):
            await self._connection.wait_up()
            if await menus.publish(self._bot):
                return
            await asyncio.sleep(pause)

    async def _figures_and_bot_down(self) -> None:
        self._worker.close()
        try:
            await self._application.shutdown()
            # One that never got a first answer does not close what it opened.
            await self._request.shutdown()
            await self._poll_request.shutdown()
        except TelegramError as error:
            log.debug("shutdown", reason=type(error).__name__)


async def serve(settings: Settings, *, ready: Callable[[], None] | None = None) -> None:
    """Run the bot until SIGINT or SIGTERM.

    Raises:
        UnusableDatabase: The database cannot be used.
        AlreadyRunning: Another process serves from the same file.
        TokenRefused: Telegram does not know the token.
        WrongSettings: The token is missing, or Telegram refuses the webhook's address.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    settings.token()
    async with opened_storage(settings) as storage:
        warning = schema.sqlite_warning() if sqlite_file(settings) else None
        if warning:
            log.info("sqlite-version", note=warning)
        _collect_seldom()
        await Program(settings, storage).run(stop, ready=ready)


async def examine(settings: Settings, say: Callable[[str], None]) -> AsyncIterator[str]:
    """Look at settings, database, model and Telegram; tells what is well and gives what is not."""
    try:
        found = await asyncio.to_thread(schema.state, settings.database_url)
        if found.revision is None:
            say("✓ database: empty, its tables are made at the first start")
        elif found.current:
            say(f"✓ database: schema {found.revision}")
        else:
            yield f"database: at {found.revision}, this program at {found.newest}: run `chiron db upgrade`"
        warning = schema.sqlite_warning() if sqlite_file(settings) else None
        if warning:
            say(f"· {warning}")
    except UnusableDatabase as error:
        yield str(error)
    async for well, finding in _model_findings(settings):
        if well:
            say(finding)
        else:
            yield finding
    try:
        token = settings.token()
    except WrongSettings as error:
        yield str(error)
        return
    bot = ExtBot(
        token,
        base_url=settings.telegram_api_url,
        request=AiohttpRequest(trust_proxy=not settings.loopback),
        get_updates_request=AiohttpRequest(trust_proxy=not settings.loopback),
    )
    try:
        async with bot:
            say(f"✓ Telegram: @{bot.username}")
    except InvalidToken:
        yield "Telegram refuses TELEGRAM_BOT_TOKEN: copy it again from @BotFather"
    except TelegramError as error:
        yield f"Telegram at {settings.telegram_api_url} does not answer: {type(error).__name__}"


async def _model_findings(settings: Settings) -> AsyncIterator[diagnosis.Finding]:
    """The tokenizer, the model server, its prices and the caps; nothing that costs is asked for."""
    try:
        await asyncio.to_thread(tokens.check)
        yield True, "✓ tokenizer: its ranks are sound"
    except tokens.TokenizerDamaged as error:
        yield False, str(error)
    offer = offer_of(settings)
    if offer is None:
        yield (
            True,
            "· model: none is set (OPENAI_API_KEY or OPENAI_BASE_URL); the mentor answers from the question bank",
        )
        return
    provider = _provider(settings, offer)
    try:
        async with asyncio.timeout(MODELS_SECONDS):
            models = await provider.models()
    except TimeoutError:
        models = Broken(Fault.STALLED, reached=True, model=offer.model)
    finally:
        await provider.close()
    yield diagnosis.of_models(offer.model, provider.shown_url, models)
    now = SystemClock().now()
    yield diagnosis.of_price(offer, now)
    for finding in diagnosis.of_caps(settings, offer, now):
        yield finding


async def _until(stop: asyncio.Event, others: list[asyncio.Task[None]]) -> None:
    await stop.wait()
    for task in others:
        task.cancel()


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


def _collect_seldom() -> None:
    """Look for reference cycles seldom: turns leave few, and looking for them took a fifth of a busy bot's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


async def _sleep_or(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


def _delete(file: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(f"{file}{ending}").unlink(missing_ok=True)


def _lock(file: Path) -> FileLock:
    lock = FileLock(f"{file}.lock")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise AlreadyRunning(
            f"another Chiron on {socket.gethostname()} is using {file}; stop it first"
            " (SQLite takes one writer: for several, use PostgreSQL)"
        ) from None
    except OSError as error:
        raise UnusableDatabase(f"the folder of {file} cannot be written: {error.strerror}") from error
    return lock
