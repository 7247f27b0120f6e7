"""Pushes updates to the bot's webhook, as Telegram does: in order by lane, again until it says 2xx."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from typing import Any

import aiohttp

from bot.playground.updates import Updates

Json = dict[str, Any]

log = logging.getLogger(__name__)

DELAYS = (0.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
"""Seconds before each try; the last goes on."""
MAX_CONNECTIONS = 40
ANSWER_SECONDS = 60


class Webhook:
    """One address, and a task for each lane that has something to push."""

    def __init__(self, updates: Updates, delays: Sequence[float] = DELAYS) -> None:
        self._updates = updates
        self._delays = delays
        self.url = ""
        self.secret = ""
        self.max_connections = MAX_CONNECTIONS
        self.last_error: tuple[int, str] | None = None
        self._session: aiohttp.ClientSession | None = None
        self._lanes: dict[str, deque[int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(MAX_CONNECTIONS)

    async def set(self, url: str, secret: str, max_connections: int) -> None:
        """Push what waits, and all that comes, to this address."""
        await self.remove()
        self.url = url
        self.secret = secret
        self.max_connections = max_connections
        self._slots = asyncio.Semaphore(max_connections)
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS), trust_env=False)
        self._updates.on_push = self._enqueue
        self._updates.interrupt("webhook")
        for update_id in list(self._updates.pending):
            self._enqueue(update_id)

    async def remove(self) -> None:
        """Push no more; what was not accepted waits for getUpdates."""
        self.url = ""
        self._updates.on_push = None
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._lanes.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def info(self) -> Json:
        """Give the Bot API's WebhookInfo."""
        info: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.pending),
        }
        if self.url:
            info |= {"max_connections": self.max_connections, "ip_address": "127.0.0.1"}
            if self._updates.allowed:
                info["allowed_updates"] = sorted(self._updates.allowed)
            if self.last_error is not None:
                info["last_error_date"], info["last_error_message"] = self.last_error
        return info

    def _enqueue(self, update_id: int) -> None:
        lane = self._updates.pending[update_id].lane
        waiting = self._lanes.get(lane)
        if waiting is not None:
            waiting.append(update_id)
            return
        self._lanes[lane] = deque([update_id])
        task = asyncio.get_running_loop().create_task(self._drain(lane))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a webhook lane broke", exc_info=task.exception())

    async def _drain(self, lane: str) -> None:
        waiting = self._lanes[lane]
        while waiting:
            await self._push(waiting[0])
            waiting.popleft()
        del self._lanes[lane]

    async def _push(self, update_id: int) -> None:
        tries = 0
        while True:
            delay = self._delays[min(tries, len(self._delays) - 1)]
            if delay:
                await asyncio.sleep(delay)
            tries += 1
            update = self._updates.take(update_id)
            if update is None:
                return
            async with self._slots:
                accepted = await self._post(update.body)
            if accepted:
                self._updates.pending.pop(update_id, None)
                self._updates.confirmed.append(update.body)
                return

    async def _post(self, body: Json) -> bool:
        if self._session is None:
            return False
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        try:
            async with self._session.post(self.url, json=body, headers=headers, allow_redirects=False) as answer:
                await answer.read()
                if answer.ok and answer.status < 300:
                    return True
                reason = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError) as error:
            reason = f"Connection failed: {type(error).__name__}"
        self.last_error = (int(self._updates.now()), reason)
        return False
