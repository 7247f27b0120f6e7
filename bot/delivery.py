"""Screens into the chat: send, edit, answer presses; what Telegram refuses, and what to do then."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
from markupsafe import Markup
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.figures import Figures
from bot.screens import CAPTION_LIMIT, TEXT_LIMIT, Chart, Formula, Key, Keys, Screen, plain, visible_length
from core.ports import Place

T = TypeVar("T")

BACK_OFF = (0.3, 0.7, 1.5, 3.0, 6.0)
NO_PREVIEW = {"is_disabled": True}
TOAST_LIMIT = 200

log = structlog.get_logger(__name__)


class Unreachable(Exception):  # noqa: N818 - Telegram's state
    """Telegram did not take a message after several tries."""


class Blocked(Exception):  # noqa: N818 - the person's choice
    """The person blocked the bot, or their chat is gone."""


class Delivery:
    """Puts screens into private chats."""

    def __init__(self, bot: ExtBot[None], figures: Figures) -> None:
        self._bot = bot
        self._figures = figures

    async def send(self, chat: int, screen: Screen) -> Place:
        """Send a screen as a new message.

        Raises:
            Unreachable: Telegram is away.
            Blocked: The person does not want messages.
        """
        image = await self._image(screen)
        number = await self._insist(lambda: self._send(chat, screen, image))
        return Place(chat, number, screen.place, screen.ref, image is not None)

    async def edit(self, place: Place, screen: Screen) -> Place:
        """Make a message show a screen; where it cannot be edited, send it instead.

        Raises:
            Unreachable: Telegram is away.
            Blocked: The person does not want messages.
        """
        image = await self._image(screen)
        try:
            if place.picture != (image is not None):
                await self.delete(place)
                return await self.send(place.person, screen)
            await self._insist(lambda: self._edit(place, screen, image))
        except BadRequest as error:
            if "not modified" not in error.message.lower():
                # Gone, too old for this server, or not ours: the screen goes below.
                log.info("edit-refused", reason=error.message)
                return await self.send(place.person, screen)
        return Place(place.person, place.message_id, screen.place, screen.ref, place.picture)

    async def strip(self, chat: int, message_id: int) -> None:
        """Take the keys off a message; if that fails, nothing is lost: old keys are recognised."""
        try:
            await self._call("editMessageReplyMarkup", chat_id=chat, message_id=message_id)
        except TelegramError as error:
            log.debug("strip-failed", reason=type(error).__name__)

    async def answer(self, query_id: str, toast: str | None = None) -> None:
        """Answer a press; too late is no harm."""
        try:
            text = toast[:TOAST_LIMIT] if toast else None
            await self._call("answerCallbackQuery", callback_query_id=query_id, text=text)
        except TelegramError as error:
            log.debug("answer-failed", reason=type(error).__name__)

    async def delete(self, place: Place) -> None:
        """Delete a message; one that is gone already is no harm."""
        try:
            await self._call("deleteMessage", chat_id=place.person, message_id=place.message_id)
        except TelegramError as error:
            log.debug("delete-failed", reason=type(error).__name__)

    async def draft(self, chat: int, draft: int, text: Markup) -> None:
        """Show a preview of a message that is being written, with a key to stop it; empty text: it is thought about.

        Raises:
            TelegramError: It was refused, or Telegram is away; nothing is tried again.
        """
        await self._call(
            "sendMessageDraft",
            chat_id=chat,
            draft_id=draft,
            text=str(text),
            parse_mode="HTML",
            can_stop=True,
            keep_on_stop=True,
        )

    async def send_once(self, chat: int, screen: Screen) -> Place:
        """Send a message of words; nothing is tried again.

        Raises:
            TelegramError: It was refused, or Telegram is away.
        """
        return Place(chat, await self._send(chat, screen, None), screen.place, screen.ref)

    async def rewrite(self, place: Place, screen: Screen) -> None:
        """Make a message of words show other ones, once.

        Raises:
            TelegramError: It was refused, or Telegram is away; nothing is tried again.
        """
        await self._edit(place, screen, None)

    async def typing(self, chat: int) -> None:
        """Show for some seconds that something is being written; if that fails, nothing is lost."""
        try:
            await self._call("sendChatAction", chat_id=chat, action="typing")
        except TelegramError as error:
            log.debug("typing-failed", reason=type(error).__name__)

    async def _send(self, chat: int, screen: Screen, image: bytes | None) -> int:
        """Send once; gives the number of the message."""
        if image is None:
            sent = await self._call(
                "sendMessage", chat_id=chat, disable_notification=screen.silent, **_words_and_keys(screen)
            )
            return int(sent["message_id"])
        photo = await self._bot.send_photo(
            chat,
            image,
            caption=str(screen.text),
            parse_mode=ParseMode.HTML,
            reply_markup=_markup(screen.keys),
            disable_notification=screen.silent,
        )
        return photo.message_id

    async def _edit(self, place: Place, screen: Screen, image: bytes | None) -> object:
        if image is None:
            return await self._call(
                "editMessageText", chat_id=place.person, message_id=place.message_id, **_words_and_keys(screen)
            )
        media = InputMediaPhoto(image, caption=str(screen.text), parse_mode=ParseMode.HTML)
        return await self._bot.edit_message_media(
            media, chat_id=place.person, message_id=place.message_id, reply_markup=_markup(screen.keys)
        )

    async def _call(self, method: str, **parameters: Any) -> Any:
        """Call a method without PTB's classes around what is sent and answered, which took a third of a turn.

        Of an answer only a message's number is read. The request object is PTB's, and so are the errors.
        """
        given = [RequestParameter(name, value, None) for name, value in parameters.items() if value is not None]
        return await self._bot.request.post(f"{self._bot.base_url}/{method}", RequestData(given))

    async def _image(self, screen: Screen) -> bytes | None:
        """The screen's picture, if it has one, its text fits below it, and it could be drawn."""
        if screen.picture is None or visible_length(screen.text) > CAPTION_LIMIT:
            return None
        match screen.picture:
            case Formula(latex=latex):
                return await self._figures.formula(latex)
            case Chart() as chart:
                return await self._figures.chart(chart.title, chart.labels, chart.values)

    async def _insist(self, call: Callable[[], Awaitable[T]]) -> T:
        """Call until Telegram answers, for some seconds.

        Raises:
            Unreachable: It did not.
            Blocked: The person does not want messages.
            BadRequest: Telegram refuses what was sent.
        """
        for pause in (*BACK_OFF, None):
            try:
                return await call()
            except BadRequest as error:
                if "chat not found" in error.message.lower():
                    raise Blocked from error
                raise
            except Forbidden as error:
                raise Blocked from error
            except RetryAfter as error:
                wait = error.retry_after
                await asyncio.sleep(wait if isinstance(wait, (int, float)) else wait.total_seconds())
            except NetworkError as error:
                # A reply that was lost may have been carried out: an edit is then "not modified"; a message may
                # stand twice, which is better than not at all.
                if pause is None:
                    raise Unreachable from error
                await asyncio.sleep(pause)
        raise Unreachable


def _with_spoken(screen: Screen) -> Markup:
    """The text; in place of a picture that cannot be shown, what it says."""
    if screen.picture is None:
        return screen.text
    return Markup("<i>{}</i>\n\n{}").format(screen.picture.spoken, screen.text)


def _words(screen: Screen) -> dict[str, str]:
    """The text and how to read it; one that is too long is cut and loses its tags, or the chat would stand still."""
    text = _with_spoken(screen)
    if visible_length(text) <= TEXT_LIMIT:
        return {"text": str(text), "parse_mode": "HTML"}
    log.error("text-cut", place=screen.place, length=visible_length(text))
    return {"text": plain(text).encode("utf-16-le", "ignore")[: 2 * TEXT_LIMIT].decode("utf-16-le", "ignore")}


def _words_and_keys(screen: Screen) -> dict[str, Any]:
    keyboard = {"inline_keyboard": [[_button(key) for key in row] for row in screen.keys]}
    return {
        **_words(screen),
        "link_preview_options": NO_PREVIEW,
        "reply_markup": json.dumps(keyboard) if screen.keys else None,
    }


def _markup(keys: Keys) -> InlineKeyboardMarkup | None:
    """The keys for those methods that are called through PTB, since they carry files."""
    if not keys:
        return None
    return InlineKeyboardMarkup([[InlineKeyboardButton(**_button(key)) for key in row] for row in keys])


def _button(key: Key) -> dict[str, Any]:
    button: dict[str, Any] = {"text": key.label}
    if key.style:
        button["style"] = key.style
    if key.url is not None:
        button["url"] = key.url
    else:
        button["callback_data"] = key.press.encode() if key.press is not None else ""
    return button
