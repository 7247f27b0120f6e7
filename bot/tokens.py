"""Counting tokens in the worker process: the ranks take 0.2 s and 90 MB to load, and the chat does not wait."""

from collections.abc import Sequence

import structlog

from bot.worker import TooSlow, Worker
from core.mentor import tokens
from core.mentor.model import Ask, Image, Message, Text, Usage, UsageSource

COUNT_SECONDS = 20.0

log = structlog.get_logger(__name__)


class Tokens:
    """Counts, or estimates rather too high where the worker cannot."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def warm(self) -> None:
        """Have the ranks loaded before somebody waits for them."""
        await self.prompt(())

    async def prompt(self, messages: Sequence[Message]) -> int:
        """Tokens of a prompt."""
        try:
            return await self._worker.run(COUNT_SECONDS, tokens.count_prompt, _light(messages))
        except TooSlow:
            log.warning("tokens-estimated")
            return _estimated(messages)

    async def usage(self, ask: Ask, written: str) -> Usage:
        """What a call used that no server counted."""
        read = await self.prompt(ask.messages)
        try:
            wrote = await self._worker.run(COUNT_SECONDS, tokens.count_text, written)
        except TooSlow:
            wrote = tokens.estimate(written)
        return Usage(read, completion=wrote, source=UsageSource.ESTIMATED)


def _light(messages: Sequence[Message]) -> tuple[Message, ...]:
    """The same messages without the bytes of their pictures: their size is all that counts."""
    return tuple(
        Message(
            message.role,
            tuple(
                Image(b"", part.media_type, part.width, part.height, part.detail) if isinstance(part, Image) else part
                for part in message.parts
            ),
            message.name,
        )
        for message in messages
    )


def _estimated(messages: Sequence[Message]) -> int:
    return sum(
        tokens.PER_MESSAGE
        + tokens.PER_REPLY
        + sum(
            tokens.estimate(part.text) if isinstance(part, Text) else tokens.count_image(part.width, part.height)
            for part in message.parts
        )
        for message in messages
    )
