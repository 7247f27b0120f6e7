"""Updates into the inbox, then confirmed: a poll loop, and a webhook endpoint.

PTB's own Updater confirms a batch with its next poll, before the batch is processed: killed at the wrong moment it
loses updates (482 of 500 in a measured run). Here a batch is one commit, and the offset advances after it.
"""

import asyncio
import hmac
import json
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from aiohttp import web
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.connection import Connection
from bot.lanes import Received
from core.clock import Clock
from core.errors import StorageUnavailable
from core.ids import UpdateId
from core.ports import Storage, Waiting

POLL_SECONDS = 25
BATCH = 100
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member", "stopped_message_generation"]
GATHER_SECONDS = 0.005
MAX_BODY = 1 << 20
MAX_ID = 2**63 - 1
UNREAD = frozenset({"text", "entities", "caption", "caption_entities", "reply_markup", "link_preview_options"})
BACK_OFF = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)

log = structlog.get_logger(__name__)


class TokenRefused(Exception):  # noqa: N818 - read as a sentence
    """Telegram does not know this token (any more)."""


class Inflow:
    """Stores batches of raw updates and hands the new ones on."""

    def __init__(self, storage: Storage, clock: Clock, enter: Callable[[Sequence[Received]], None]) -> None:
        self._storage = storage
        self._clock = clock
        self._enter = enter

    async def take(self, updates: Sequence[dict[str, Any]]) -> None:
        """Write a batch in one commit; those that were there already are left out.

        Raises:
            StorageUnavailable: Nothing was written.
        """
        now = self._clock.now()
        rows: dict[int, tuple[Waiting, dict[str, Any]]] = {}
        for raw in updates:
            update = lean(raw)
            number = update.get("update_id")
            if isinstance(number, int) and 0 <= number <= MAX_ID:
                payload = json.dumps(update, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
                rows[number] = (Waiting(UpdateId(number), sender(update), payload, now, 0), update)
            else:
                log.warning("update-without-id")
        new = await self._storage.transact(None, lambda work: work.inbox.receive([row for row, _ in rows.values()]))
        self._enter([Received(row.update_id, row.person, rows[row.update_id][1], now) for row in new])


def lean(update: dict[str, Any]) -> dict[str, Any]:
    """The update without what nobody reads: of the message whose button was pressed, its words and keys.

    They are the bot's own and come back with every press; storing and parsing them cost more than all the rest of it.
    People's names are left out everywhere.
    """
    update = _nameless(update)
    query = update.get("callback_query")
    message = query.get("message") if isinstance(query, dict) else None
    if not isinstance(query, dict) or not isinstance(message, dict):
        return update
    kept = {name: value for name, value in message.items() if name not in UNREAD}
    return {**update, "callback_query": {**query, "message": kept}}


def _nameless(value: Any) -> Any:
    """A part of an update without the names of people; where one is required it is empty."""
    if isinstance(value, dict):
        return {
            name: "" if name == "first_name" else _nameless(part)
            for name, part in value.items()
            if name not in {"last_name", "username"}
        }
    return [_nameless(part) for part in value] if isinstance(value, list) else value


def sender(update: dict[str, Any]) -> int:
    """Telegram id of the person behind a raw update; 0 if there is none or it makes no sense."""
    for kind, content in update.items():
        if kind != "update_id" and isinstance(content, dict):
            who = content.get("from")
            if isinstance(who, dict) and isinstance(who.get("id"), int) and 0 < who["id"] <= MAX_ID:
                return int(who["id"])
    stopped = update.get("stopped_message_generation")
    chat = stopped.get("chat") if isinstance(stopped, dict) else None
    if isinstance(chat, dict) and isinstance(chat.get("id"), int) and 0 < chat["id"] <= MAX_ID:
        return int(chat["id"])  # a private chat has the number of its person
    return 0


class Polling:
    """The poll loop."""

    def __init__(self, request: BaseRequest, base_url: str, inflow: Inflow, connection: Connection) -> None:
        self._request = request
        self._base_url = base_url
        self._inflow = inflow
        self._connection = connection
        self._offset = 0

    async def run(self) -> None:
        """Ask, store, confirm, for ever; waits and tries again when Telegram or the database is away.

        Raises:
            TokenRefused: Telegram refuses the token.
        """
        failures = 0
        while True:
            try:
                updates = await self._ask()
                if updates:
                    await self._inflow.take(updates)
                    numbers = [u["update_id"] for u in updates if isinstance(u.get("update_id"), int)]
                    # Not the highest ever: after an idle week the numbers begin anew, perhaps lower.
                    self._offset = max((number + 1 for number in numbers), default=self._offset)
            except InvalidToken as error:
                raise TokenRefused from error
            except RetryAfter as error:
                wait = error.retry_after
                await asyncio.sleep(wait if isinstance(wait, (int, float)) else wait.total_seconds())
            except Conflict:
                log.warning("another-instance", advice="the same token is polled elsewhere; stop one of them")
                await asyncio.sleep(BACK_OFF[min(failures, len(BACK_OFF) - 1)])
                failures += 1
            except (TelegramError, StorageUnavailable) as error:
                # A long poll that times out is no quiet hour: Telegram answers an empty one in time.
                self._connection.down()
                log.warning("intake-waits", reason=type(error).__name__, failures=failures + 1)
                await asyncio.sleep(BACK_OFF[min(failures, len(BACK_OFF) - 1)])
                failures += 1
            else:
                failures = 0
                self._connection.up()

    async def _ask(self) -> list[dict[str, Any]]:
        # The first question after a start or an outage comes back at once, so that being online is known.
        patience = POLL_SECONDS if self._connection.is_up else 0
        parameters = {"timeout": patience, "limit": BATCH, "allowed_updates": ALLOWED_UPDATES, "offset": self._offset}
        found = await self._request.post(
            f"{self._base_url}/getUpdates",
            RequestData([RequestParameter.from_input(name, value) for name, value in parameters.items()]),
            read_timeout=patience + 10,
        )
        return [update for update in found if isinstance(update, dict)] if isinstance(found, list) else []


class Webhook:
    """The endpoint that Telegram posts to. A batch is gathered for a few milliseconds, stored, then answered."""

    def __init__(self, inflow: Inflow, *, secret: str, path: str) -> None:
        self._inflow = inflow
        self._secret = secret.encode()
        self._path = path
        self._gathered: list[tuple[dict[str, Any], asyncio.Future[None]]] = []
        self._wake = asyncio.Event()

    def application(self) -> web.Application:
        """The aiohttp application."""
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_post(self._path, self._receive)
        app.router.add_get("/health", self._health)
        return app

    async def run(self) -> None:
        """Store what is gathered, until cancelled."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._wake.clear()
            batch, self._gathered = self._gathered, []
            if not batch:
                continue
            try:
                await self._inflow.take([update for update, _ in batch])
            except Exception as error:  # noqa: BLE001 - told to each request, which Telegram repeats
                log.warning("webhook-waits", reason=type(error).__name__)
                for _, stored in batch:
                    if not stored.done():
                        stored.set_exception(StorageUnavailable())
            else:
                for _, stored in batch:
                    if not stored.done():
                        stored.set_result(None)

    async def _receive(self, request: web.Request) -> web.Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=401)
        try:
            update = json.loads(await request.read())
        except ValueError:
            return web.Response(status=400)
        number = update.get("update_id") if isinstance(update, dict) else None
        if not isinstance(number, int) or not 0 <= number <= MAX_ID:
            return web.Response(status=400)
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._gathered.append((update, stored))
        self._wake.set()
        try:
            await stored
        except StorageUnavailable:
            return web.Response(status=503)
        return web.Response()

    async def _health(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok")
