"""How fast messages go out that nobody is waiting for."""

import asyncio


class Pace:
    """Lets one through at a time, so many a second; those who wait are let through in the order they came."""

    def __init__(self, a_second: float) -> None:
        self._pause = 1 / a_second
        self._gate = asyncio.Lock()

    async def wait(self) -> None:
        """Wait for one's turn."""
        async with self._gate:
            await asyncio.sleep(self._pause)
