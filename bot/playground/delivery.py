"""The Bot API methods by which the bot gets its updates."""

import re
from typing import Any
from urllib.parse import urlsplit

from bot.playground.faults import Faults
from bot.playground.params import Params
from bot.playground.refusals import Refused, bad_request
from bot.playground.updates import MAX_BATCH, MAX_TIMEOUT, WEBHOOK_ACTIVE, Updates
from bot.playground.webhook import MAX_CONNECTIONS, Webhook

Json = dict[str, Any]

_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
MAX_WEBHOOK_CONNECTIONS = 100


def _allow(updates: Updates, params: Params) -> None:
    kinds = params.nested("allowed_updates", "allowed updates")
    if kinds is None:
        return
    if not isinstance(kinds, list):
        raise bad_request("can't parse allowed updates: expected an Array of String")
    updates.allow(str(kind) for kind in kinds)


class Delivery:
    """Long polling and the webhook, which exclude each other."""

    def __init__(self, updates: Updates, webhook: Webhook, faults: Faults) -> None:
        self.updates = updates
        self.webhook = webhook
        self.faults = faults
        self.methods = {
            "getUpdates": self.get_updates,
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": self.get_webhook_info,
        }

    async def get_updates(self, params: Params) -> list[Json]:
        """Give what waits from an offset on; smaller ids are confirmed."""
        if self.webhook.url:
            raise Refused(WEBHOOK_ACTIVE, 409)
        _allow(self.updates, params)
        limit = max(1, min(MAX_BATCH, params.integer("limit", MAX_BATCH)))
        timeout = max(0, min(MAX_TIMEOUT, params.integer("timeout")))
        self.updates.seek(params.integer("offset"))
        if self.faults.rules:
            again = self._confirmed_again()
            if again:
                return (again + self.updates.batch(limit))[:MAX_BATCH]
        batch = await self.updates.wait(limit, timeout)
        if batch and self.faults.rules and self.faults.duplicates("twice"):
            return [update for update in batch for _ in range(2)]
        return batch

    def _confirmed_again(self) -> list[Json]:
        if not self.updates.confirmed or not self.faults.duplicates("again"):
            return []
        return list(self.updates.confirmed)

    async def set_webhook(self, params: Params) -> bool:
        """Push updates to an address; here it may be on loopback and without TLS."""
        url = params.text("url")
        if not url:
            return await self.delete_webhook(params)
        secret = params.text("secret_token")
        if not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        _allow(self.updates, params)
        if params.flag("drop_pending_updates"):
            self.updates.drop_all()
        connections = max(1, min(MAX_WEBHOOK_CONNECTIONS, params.integer("max_connections", MAX_CONNECTIONS)))
        await self.webhook.set(url, secret, connections)
        return True

    async def delete_webhook(self, params: Params) -> bool:
        """Go back to getUpdates."""
        if params.flag("drop_pending_updates"):
            self.updates.drop_all()
        await self.webhook.remove()
        return True

    async def get_webhook_info(self, _: Params) -> Json:
        """Say where updates are pushed."""
        return self.webhook.info()
