"""Whether Telegram can be reached, as the last attempt showed it."""

import asyncio


class Connection:
    """A state that others can wait for, either way."""

    def __init__(self) -> None:
        self._up = asyncio.Event()
        self._missed = asyncio.Event()

    @property
    def is_up(self) -> bool:
        """Whether the last attempt was answered."""
        return self._up.is_set()

    def up(self) -> None:
        """Telegram answered."""
        self._up.set()

    def down(self) -> None:
        """Telegram did not answer."""
        self._up.clear()
        self._missed.set()

    def missed(self) -> None:
        """A message was not taken, although Telegram may seem to be there."""
        self._missed.set()

    async def wait_up(self) -> None:
        """Wait until Telegram answers."""
        await self._up.wait()

    async def wait_missed(self, seconds: float) -> bool:
        """Wait until something is not delivered, for some seconds at most; whether it was so."""
        try:
            async with asyncio.timeout(seconds):
                await self._missed.wait()
        except TimeoutError:
            return False
        self._missed.clear()
        return True
