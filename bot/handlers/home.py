"""Start, home, help, and what cannot be read."""

import uuid

from telegram import Update

from bot import menus
from bot.context import MentorContext
from bot.views import home as view
from bot.views import standing as standing_view
from core.ids import QuizId


async def start(_update: Update, context: MentorContext) -> None:
    """The first message is a question; whoever was here before sees where they stand."""
    outcome = await context.core.introduction.start(context.actor, QuizId(uuid.uuid4()))
    await context.show(standing_view.started(outcome, context.t, context.zone))


async def home(_update: Update, context: MentorContext) -> None:
    """Show the home screen."""
    await context.show(context.screen(await context.core.whereabouts.home(context.actor)))


async def help_(_update: Update, context: MentorContext) -> None:
    """Show every command."""
    await context.show(view.help_(context.t, context.person.role))


async def be_parent(_update: Update, context: MentorContext) -> None:
    """Greet a parent."""
    context.turn.person = await context.core.introduction.be_parent(context.actor)
    await context.show(view.parent(context.t))
    await menus.for_parent(context.bot, context.person.telegram_id)


async def to_forward(_update: Update, context: MentorContext) -> None:
    """Send a parent a message to forward."""
    forward = view.to_forward(context.t, context.turn.edge.username)
    await context.turn.edge.delivery.send(context.person.telegram_id, forward)


async def be_student(_update: Update, context: MentorContext) -> None:
    """Go back to the student's menus."""
    context.turn.person = await context.core.people.be_student(context.actor)
    await menus.for_student(context.bot, context.person.telegram_id)
    await context.show(context.screen(await context.core.whereabouts.home(context.actor)))


async def cannot_read(_update: Update, context: MentorContext) -> None:
    """Say kindly that stickers, files and photos cannot be read."""
    await context.show(view.not_for_here(context.t))
