"""The updates that wait for the bot: kept, aged, handed out, confirmed."""

import asyncio
import random
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bot.playground.refusals import Refused

Json = dict[str, Any]

PRESS_LIFE = 150
"""Seconds after which an undelivered button press vanishes, and a delivered one cannot be answered."""
MESSAGE_LIFE = 24 * 3600
MAX_BATCH = 100
MAX_TIMEOUT = 50

# Telegram hands these out only to a bot that names them.
ASKED_FOR = frozenset({"chat_member", "message_reaction", "message_reaction_count", "stopped_message_generation"})

CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass(slots=True, frozen=True)
class Pending:
    """An update that the bot has not confirmed."""

    body: Json
    at: float
    life: float
    lane: str


class Updates:
    """The queue between people and the bot."""

    def __init__(self, now: Callable[[], float], rng: random.Random) -> None:
        self.now = now
        self._next_id = rng.randrange(10_000_000, 900_000_000)
        self.pending: OrderedDict[int, Pending] = OrderedDict()
        self.confirmed: deque[Json] = deque(maxlen=MAX_BATCH)
        self.allowed: frozenset[str] = frozenset()
        self.on_push: Callable[[int], None] | None = None
        self._poll: asyncio.Future[str] | None = None
        self.closing = False

    def allow(self, kinds: Iterable[str]) -> None:
        """Remember which updates the bot wants from now on; none means all the usual ones."""
        self.allowed = frozenset(kinds)

    def push(self, kind: str, content: Json, lane: str = "") -> int | None:
        """Queue an update, unless the bot did not ask for its kind.

        Args:
            kind: The field of Update.
            content: What the field holds.
            lane: Webhook deliveries of one lane keep their order.
        """
        if kind not in self.allowed if self.allowed else kind in ASKED_FOR:
            return None
        return self._queue(
            {"update_id": 0, kind: content}, PRESS_LIFE if kind == "callback_query" else MESSAGE_LIFE, lane
        )

    def push_raw(self, update: Json) -> int:
        """Queue any JSON as an update; an `update_id` is added where it has none."""
        return self._queue(dict(update), MESSAGE_LIFE, "raw")

    def _queue(self, body: Json, life: float, lane: str) -> int:
        update_id = body.get("update_id") or self._next_id
        body["update_id"] = update_id
        self._next_id = max(self._next_id, update_id) + 1
        self.pending[update_id] = Pending(body, self.now(), life, lane)
        if self.on_push is not None:
            self.on_push(update_id)
        elif self._poll is not None and not self._poll.done():
            self._poll.set_result("update")
        return int(update_id)

    def confirm(self, below: int) -> None:
        """Forget every update with a smaller id."""
        pending = self.pending
        while pending:
            update_id = next(iter(pending))
            if update_id >= below:
                return
            self.confirmed.append(pending.pop(update_id).body)

    def drop_all(self) -> None:
        """Forget everything that waits."""
        self.pending.clear()

    def take(self, update_id: int) -> Pending | None:
        """Give a waiting update that is not too old; forget it where it is."""
        found = self.pending.get(update_id)
        if found is not None and self.now() - found.at > found.life:
            del self.pending[update_id]
            return None
        return found

    def batch(self, limit: int) -> list[Json]:
        """Give up to so many updates, oldest first, without those that grew too old."""
        now = self.now()
        old: list[int] = []
        found: list[Json] = []
        for update_id, update in self.pending.items():
            if now - update.at > update.life:
                old.append(update_id)
                continue
            found.append(update.body)
            if len(found) >= limit:
                break
        for update_id in old:
            del self.pending[update_id]
        return found

    def seek(self, offset: int) -> None:
        """Confirm by a getUpdates offset: positive as an id, negative as a number kept from the end."""
        if offset > 0:
            self.confirm(offset)
        elif offset < 0 and len(self.pending) > -offset:
            self.confirm(list(self.pending)[offset])

    async def wait(self, limit: int, timeout: float) -> list[Json]:  # noqa: ASYNC109 - Telegram's own parameter
        """Give a batch, or wait up to so many seconds for one.

        Raises:
            Refused: 409, when another poll starts meanwhile; the newer one goes on, as at Telegram.
        """
        self.interrupt("conflict")
        batch = self.batch(limit)
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout
        while not batch and not self.closing:
            left = until - loop.time()
            if left <= 0:
                break
            poll: asyncio.Future[str] = loop.create_future()
            self._poll = poll
            handle = loop.call_later(left, _settle, poll, "timeout")
            try:
                reason = await poll
            finally:
                handle.cancel()
                if self._poll is poll:
                    self._poll = None
            if reason == "conflict":
                raise Refused(CONFLICT, 409)
            if reason == "webhook":
                raise Refused("Conflict: terminated by setWebhook request", 409)
            batch = self.batch(limit)
        return batch

    def interrupt(self, reason: str) -> None:
        """End the poll that waits, if one does."""
        if self._poll is not None:
            _settle(self._poll, reason)
            self._poll = None

    def close(self) -> None:
        """Let the waiting poll go and let no other wait."""
        self.closing = True
        self.interrupt("closing")


def _settle(poll: asyncio.Future[str], reason: str) -> None:
    if not poll.done():
        poll.set_result(reason)
