"""Ends of the mentor where nobody watches and nothing was sent."""

import asyncio
from dataclasses import dataclass, field

from core.mentor.conversation import Media
from core.mentor.model import Image


@dataclass
class Unwatched:
    """A preview that keeps what it was shown last."""

    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    text: str = ""

    def write(self, text: str) -> None:
        """Show this."""
        self.text = text


class Nothing:
    """Files that cannot be had."""

    async def picture(self, media: Media) -> Image | None:  # noqa: ARG002 - a port
        """None."""
        return None

    async def sound(self, media: Media) -> bytes | None:  # noqa: ARG002 - a port
        """None."""
        return None
