"""The archive: one more example."""

from telegram import Update

from bot.callbacks import ArchiveItem
from bot.context import MentorContext
from bot.views import archive as view


async def item(_update: Update, context: MentorContext) -> None:
    """Show a question of the archive below the one before it."""
    press = context.pressed(ArchiveItem)
    example = await context.core.archive.item(context.actor, press.item)
    await context.show(view.item(example, context.t, role=context.person.role, then=press.then))
