"""Whether Telegram can be reached, as the last attempt showed it."""

import asyncio


class Connection:
    """A state that others can wait for, either way."""

    def __init__(self) -> None:
        self._up = asyncio.Event()
        self._down = asyncio.Event()
        self._down.set()

    @property
    def is_up(self) -> bool:
        """Whether the last attempt was answered."""
        return self._up.is_set()

    def up(self) -> None:
        """Telegram answered."""
        self._down.clear()
        self._up.set()

    def down(self) -> None:
        """Telegram did not answer."""
        self._up.clear()
        self._down.set()

    async def wait_up(self) -> None:
        """Wait until Telegram answers."""
        await self._up.wait()

    async def wait_down(self, seconds: float) -> None:
        """Wait until Telegram does not answer, for some seconds at most."""
        try:
            async with asyncio.timeout(seconds):
                await self._down.wait()
        except TimeoutError:
            return
