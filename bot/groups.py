"""Groups: a command is answered with a link to the private chat, and nothing is kept of who wrote it."""

import structlog
from telegram import Message, Update
from telegram.constants import ChatType, MessageEntityType
from telegram.error import TelegramError

from bot.delivery import Blocked, Delivery, Unreachable
from bot.i18n import translator
from bot.views import home as view

log = structlog.get_logger(__name__)


def is_elsewhere(update: Update) -> bool:
    """Whether an update comes from another chat than a private one."""
    chat = update.effective_chat
    return chat is not None and chat.type != ChatType.PRIVATE


async def answer(update: Update, delivery: Delivery, username: str, commands: frozenset[str]) -> None:
    """Answer a command that is meant for this bot; where it may not write, it stays silent."""
    message = update.message
    if message is None or _command(message, username) not in commands:
        return
    language = "it" if message.from_user and (message.from_user.language_code or "").startswith("it") else "en"
    try:
        await delivery.send(message.chat_id, view.in_group(translator(language), username))
    except (Unreachable, Blocked, TelegramError) as error:
        log.info("group-not-answered", reason=type(error).__name__)


def _command(message: Message, username: str) -> str | None:
    """The command that a message begins with, if it is not another bot's."""
    entity = message.entities[0] if message.entities else None
    if entity is None or entity.type != MessageEntityType.BOT_COMMAND or entity.offset != 0:
        return None
    name, _, bot = message.parse_entity(entity)[1:].partition("@")
    return name.lower() if not bot or bot.lower() == username.lower() else None
