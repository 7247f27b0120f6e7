"""A reply on the screen while it is written: a draft where the server has them, else one message that is edited."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass

import structlog
from markupsafe import Markup
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.delivery import Blocked, Delivery, Unreachable
from bot.pace import PATIENCE, Pace
from bot.prose import pieces
from bot.screens import Keys, Screen
from core.ports import Place

PAUSE = 1.0
"""Seconds between two refreshes of one message: Telegram takes about one a second for a chat."""
WITHDRAWN = Markup("…")
"""Stands where words stood that were taken back."""
KEEP_ALIVE = 12.0
"""A draft fades after thirty seconds, also while the model thinks."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Manner:
    """How replies are shown while they are written; found out with the first one, the same for all.

    Attributes:
        drafts: Whether the server knows drafts, as far as is known.
    """

    drafts: bool = True


class Live:
    """One reply on the screen; see `core.mentor.replies.Preview`.

    Attributes:
        stopped: Set when the student wants no more of it.
        messages: Messages that show it, where it is not a draft.
    """

    def __init__(  # noqa: PLR0913 - where, how, and what stops it
        self, chat: int, draft: int, delivery: Delivery, pace: Pace, manner: Manner, stop_keys: Keys
    ) -> None:
        self.stopped = asyncio.Event()
        self.messages: list[Place] = []
        self._chat = chat
        self._draft = draft
        self._delivery = delivery
        self._pace = pace
        self._manner = manner
        self._refused = False
        self._stop_keys = stop_keys
        self._text = ""
        self._shown: tuple[Markup, ...] = ()
        self._shown_at = 0.0
        self._changed = asyncio.Event()
        self._hidden = False
        self._busy = asyncio.Lock()

    @property
    def _drafts(self) -> bool:
        return self._manner.drafts and not self._refused

    def write(self, text: str) -> None:
        """Show this, the reply from its beginning."""
        self._text = text
        self._changed.set()

    @property
    def patience(self) -> float:
        """Seconds that the whole reply can wait for its turn; below zero, it takes the place of a waiting refresh."""
        if not self._shown:
            return 0.0
        return min(0.0, self._shown_at + PAUSE + PATIENCE - asyncio.get_running_loop().time())

    def stop(self) -> None:
        """The student wants no more of it."""
        self.stopped.set()

    def cover(self) -> None:
        """Show nothing more of it, from now on."""
        self._hidden = True

    async def hide(self) -> None:
        """Take it off the screen, and show nothing more of it."""
        self.cover()
        async with self._busy:
            for place in self.messages:
                await self._delivery.delete(place)
            self.messages.clear()
            if self._drafts:
                await self._quietly(self._delivery.draft(self._chat, self._draft, WITHDRAWN))

    async def run(self) -> None:
        """Refresh what is shown until cancelled: at once with the first words, then once a second at most."""
        await self._turn_or_words()
        if not self._changed.is_set():
            async with self._busy:
                await self._begin()
        while True:
            try:
                async with asyncio.timeout(KEEP_ALIVE):
                    await self._changed.wait()
            except TimeoutError:
                await self._pace.wait()
                async with self._busy:
                    await self._again()
                continue
            self._changed.clear()
            await self._pace.wait(urgent=not self._shown)
            await self._refresh()
            await asyncio.sleep(PAUSE)

    async def close(self) -> None:
        """Wait until a refresh that is under way has ended, so that nothing older comes after the whole reply."""
        self._hidden = True
        async with self._busy:
            pass

    async def _turn_or_words(self) -> None:
        """Wait for the turn to show that it is being thought about; words that come before go first."""
        waits = (self._pace.wait(patience=KEEP_ALIVE), self._changed.wait())
        turns = [asyncio.create_task(wait, name="turn") for wait in waits]
        try:
            await asyncio.wait(turns, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for turn in turns:
                turn.cancel()

    async def _begin(self) -> None:
        """Show that it is being thought about."""
        if self._hidden:
            return
        if self._drafts:
            await self._quietly(self._show_draft(Markup("")))
        if not self._drafts:
            await self._delivery.typing(self._chat)

    async def _again(self) -> None:
        """Nothing came for some time: what stands there must not fade."""
        if self._hidden:
            return
        if self._drafts:
            await self._quietly(self._show_draft(self._shown[-1] if self._shown else Markup("")))
        elif not self._shown:
            await self._delivery.typing(self._chat)

    async def _refresh(self) -> None:
        """Show the newest text, if it changed."""
        async with self._busy:
            # The text as it is now, not as it was when the turn was waited for.
            parts = pieces(self._text, whole=False)
            if self._hidden or parts == self._shown or not (parts or self._text == ""):
                return
            shown = self._drafts and await self._quietly(self._show_draft(parts[-1] if parts else Markup("")))
            if not self._drafts:
                shown = await self._quietly(self._show_messages(parts or (WITHDRAWN,)))
            if shown:
                self._shown = parts
                self._shown_at = asyncio.get_running_loop().time()

    async def _show_draft(self, text: Markup) -> None:
        try:
            await self._delivery.draft(self._chat, self._draft, text)
        except InvalidToken:
            # A server without drafts answers "not found"; PTB reads that as a wrong token.
            log.info("no-drafts")
            self._manner.drafts = False
        except BadRequest as error:
            log.info("draft-refused", reason=error.message)
            self._refused = True  # in this chat, or this text; another reply may be shown so

    async def _show_messages(self, parts: tuple[Markup, ...]) -> None:
        for number, part in enumerate(parts):
            keys = self._stop_keys if number == len(parts) - 1 else ()
            if number >= len(self.messages):
                self.messages.append(await self._delivery.send_once(self._chat, Screen(part, keys, silent=number > 0)))
            elif number >= len(self._shown) - 1:
                await self._delivery.rewrite(self.messages[number], Screen(part, keys))

    async def _quietly(self, showing: Coroutine[object, object, None]) -> bool:
        """Show, and say whether it worked; if not, it is shown with what comes next, or at the end."""
        try:
            await showing
        except RetryAfter as error:
            wait = error.retry_after
            self._pace.hold(wait if isinstance(wait, (int, float)) else wait.total_seconds())
        except (Forbidden, Blocked):
            self.stopped.set()
        except (Unreachable, TelegramError) as error:
            log.debug("not-refreshed", reason=type(error).__name__)
        else:
            return True
        return False
