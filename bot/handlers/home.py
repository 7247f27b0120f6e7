"""Start, home, help, settings, and the three things asked once."""

import uuid
from datetime import date

from telegram import Update

from bot import menus
from bot.callbacks import Ask, BirthYear, ExamDay, ExamInView, ExamMonth, Speak
from bot.context import MentorContext
from bot.i18n import LANGUAGES
from bot.views import home as view
from bot.views import standing as standing_view
from core.errors import InvalidInput
from core.ids import QuizId
from core.people.model import Onboarding
from core.people.people import EXAMS


async def start(_update: Update, context: MentorContext) -> None:
    """The first message is a question; whoever was here before sees where they stand."""
    home = await context.core.whereabouts.home(context.actor)
    if home.answered or (home.person and home.person.onboarding is not Onboarding.PLAYING):
        await context.show(standing_view.where(await context.core.whereabouts.where(context.actor, None), context.t))
        return
    first = await context.core.quizzes.welcome(context.actor, QuizId(uuid.uuid4()))
    await context.show(view.welcome(first, context.t))


async def home(_update: Update, context: MentorContext) -> None:
    """Show the home screen."""
    await context.show(view.home(await context.core.whereabouts.home(context.actor), context.t))


async def help_(_update: Update, context: MentorContext) -> None:
    """Show every command."""
    await context.show(view.help_(context.t))


async def privacy(_update: Update, context: MentorContext) -> None:
    """Show what is kept, and why."""
    await context.show(view.privacy(context.t))


async def settings(_update: Update, context: MentorContext) -> None:
    """Show the settings."""
    person = await context.core.people.get(context.actor) or context.person
    await context.show(view.settings(person, context.t, context.zone))


async def speak(_update: Update, context: MentorContext) -> None:
    """Change the language."""
    number = context.pressed(Speak).language
    if number >= len(LANGUAGES):
        raise InvalidInput(reason="language")
    context.turn.person = await context.core.people.speak(context.actor, LANGUAGES[number])
    await context.show(view.settings(context.person, context.t, context.zone))


async def be_parent(_update: Update, context: MentorContext) -> None:
    """Greet a parent, and give them a message to forward."""
    context.turn.person = await context.core.introduction.be_parent(context.actor)
    await context.show(view.parent(context.t))
    forward = view.to_forward(context.t, context.turn.edge.username)
    await context.turn.edge.delivery.send(context.person.telegram_id, forward)
    await menus.for_parent(context.bot, context.person.telegram_id)


async def be_student(_update: Update, context: MentorContext) -> None:
    """Go back to the student's menus."""
    context.turn.person = await context.core.people.be_student(context.actor)
    await menus.for_student(context.bot, context.person.telegram_id)
    await context.show(view.home(await context.core.whereabouts.home(context.actor), context.t))


async def ask(_update: Update, context: MentorContext) -> None:
    """Ask for the exam, its date or the birth year again."""
    number = context.pressed(Ask).what
    if number >= len(view.STEPS):
        raise InvalidInput(reason="step")
    outcome = await context.core.introduction.ask_again(context.actor, view.STEPS[number])
    await context.show(standing_view.where(outcome, context.t))


async def exam(_update: Update, context: MentorContext) -> None:
    """Take the exam in view."""
    number = context.pressed(ExamInView).exam
    name = EXAMS[number] if number is not None and number < len(EXAMS) else None
    outcome = await context.core.introduction.prepare_for(context.actor, name)
    await context.show(standing_view.where(outcome, context.t))


async def month(_update: Update, context: MentorContext) -> None:
    """Take the month of the exam and ask for the day; None: not yet known."""
    number = context.pressed(ExamMonth).month
    today = context.actor.now.date()
    if number is None:
        outcome = await context.core.introduction.sit_on(context.actor, None)
        await context.show(standing_view.where(outcome, context.t))
        return
    if not date.min.year * 12 <= number < date.max.year * 12:
        raise InvalidInput(reason="exam-date")
    await context.show(view.days_of(number, context.t, today=today))


async def day(_update: Update, context: MentorContext) -> None:
    """Take the day of the exam."""
    number = context.pressed(ExamDay).day
    if not 1 <= number <= date.max.toordinal():
        raise InvalidInput(reason="exam-date")
    outcome = await context.core.introduction.sit_on(context.actor, date.fromordinal(number))
    await context.show(standing_view.where(outcome, context.t))


async def birth(_update: Update, context: MentorContext) -> None:
    """Take the birth year, and go on with the quiz."""
    outcome = await context.core.introduction.born_in(context.actor, context.pressed(BirthYear).year)
    await context.show(standing_view.where(outcome, context.t))


async def cannot_read(_update: Update, context: MentorContext) -> None:
    """Say kindly that stickers, files and photos cannot be read."""
    await context.show(view.not_for_here(context.t))


async def in_group(update: Update, context: MentorContext) -> None:
    """Answer a command in a group once, with a link to the private chat."""
    screen = view.in_group(context.t, context.turn.edge.username)
    if update.effective_chat is not None:
        await context.turn.edge.delivery.send(update.effective_chat.id, screen)
