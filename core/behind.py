"""A storage for what goes on behind people's turns: few at once, so that nobody at the screen waits behind it."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from core.ports import Actor, Storage, Work

T = TypeVar("T")

AT_ONCE = 4
"""Half of the connections that read, and few enough for one commit of SQLite to be short."""


class Behind:
    """Lets a few transactions and reads through at a time; the others wait here, not in the database's queue."""

    def __init__(self, storage: Storage, at_once: int = AT_ONCE) -> None:
        self._storage = storage
        self._few = asyncio.Semaphore(at_once)

    async def transact(self, actor: Actor | None, decide: Callable[[Work], T]) -> T:
        """See `core.ports.Storage`."""
        async with self._few:
            return await self._storage.transact(actor, decide)

    async def read(self, query: Callable[[Work], T]) -> T:
        """See `core.ports.Storage`."""
        async with self._few:
            return await self._storage.read(query)
