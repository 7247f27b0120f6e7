"""The command menus, by scope and language."""

from collections.abc import Sequence

import structlog
from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.i18n import LANGUAGES, translator

STUDENT = ("quiz", "exam", "mentor", "new", "cost", "resume", "stop", "history", "settings", "help", "privacy")
PARENT = ("start", "settings", "help", "privacy")
GROUP = ("start",)
FALLBACK = "en"

log = structlog.get_logger(__name__)


async def publish(bot: ExtBot[None]) -> bool:
    """Set the menus and the bot's description; False if Telegram did not take them: everything else works."""
    scopes: tuple[tuple[BotCommandScope, Sequence[str]], ...] = (
        (BotCommandScopeDefault(), STUDENT),
        (BotCommandScopeAllPrivateChats(), STUDENT),
        (BotCommandScopeAllGroupChats(), GROUP),
    )
    try:
        for scope, commands in scopes:
            await _set(bot, scope, commands)
        for language in LANGUAGES:
            code = "" if language == FALLBACK else language
            t = translator(language)
            await bot.set_my_description(t.plain("bot-description"), language_code=code)
            await bot.set_my_short_description(t.plain("bot-short-description"), language_code=code)
    except TelegramError as error:
        log.warning("menus-not-set", reason=type(error).__name__)
        return False
    return True


async def for_parent(bot: ExtBot[None], chat: int) -> None:
    """Give a parent's chat a parent's menu."""
    try:
        await _set(bot, BotCommandScopeChat(chat), PARENT)
    except TelegramError as error:
        log.info("menu-not-set", reason=type(error).__name__)


async def for_student(bot: ExtBot[None], chat: int) -> None:
    """Give a chat the student's menu back."""
    try:
        for language in LANGUAGES:
            await bot.delete_my_commands(
                BotCommandScopeChat(chat), language_code="" if language == FALLBACK else language
            )
    except TelegramError as error:
        log.info("menu-not-set", reason=type(error).__name__)


async def _set(bot: ExtBot[None], scope: BotCommandScope, commands: Sequence[str]) -> None:
    for language in LANGUAGES:
        t = translator(language)
        menu = [BotCommand(name, t.plain(f"command-{name}")) for name in commands]
        await bot.set_my_commands(menu, scope=scope, language_code="" if language == FALLBACK else language)
