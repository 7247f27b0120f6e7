"""Settings, language and privacy."""

from telegram import Update

from bot.callbacks import Speak
from bot.context import MentorContext
from bot.i18n import LANGUAGES
from bot.views import account as view
from core.errors import InvalidInput


async def settings(_update: Update, context: MentorContext) -> None:
    """Show the settings."""
    here = await context.core.whereabouts.home(context.actor)
    await context.show(view.settings(here.person or context.person, context.t, context.zone, here))


async def speak(_update: Update, context: MentorContext) -> None:
    """Change the language."""
    number = context.pressed(Speak).language
    if number >= len(LANGUAGES):
        raise InvalidInput(reason="language")
    context.turn.person = await context.core.people.speak(context.actor, LANGUAGES[number])
    here = await context.core.whereabouts.home(context.actor)
    await context.show(view.settings(context.person, context.t, context.zone, here))


async def privacy(_update: Update, context: MentorContext) -> None:
    """Show what is kept, and why."""
    await context.show(view.privacy(context.t))
