"""The three things asked once: the exam, its date, the birth year."""

from telegram import Update

from bot.callbacks import Ask, BirthYear, ExamDay, ExamInView, ExamMonth
from bot.context import MentorContext
from bot.views import introduction as view
from core.errors import InvalidInput
from core.introduction import day_of, first_of_month
from core.people.people import EXAMS


async def ask(_update: Update, context: MentorContext) -> None:
    """Ask for the exam, its date or the birth year again."""
    number = context.pressed(Ask).what
    if number >= len(view.STEPS):
        raise InvalidInput(reason="step")
    outcome = await context.core.introduction.ask_again(context.actor, view.STEPS[number])
    await context.show(context.screen(outcome))


async def exam(_update: Update, context: MentorContext) -> None:
    """Take the exam in view; None: not yet known."""
    number = context.pressed(ExamInView).exam
    name = EXAMS[number] if number is not None and number < len(EXAMS) else None
    outcome = await context.core.introduction.prepare_for(context.actor, name)
    await context.show(context.screen(outcome))


async def month(_update: Update, context: MentorContext) -> None:
    """Take the month of the exam and ask for the day."""
    first = first_of_month(context.pressed(ExamMonth).month)
    await context.show(view.days_of(first, context.t, today=context.actor.today))


async def day(_update: Update, context: MentorContext) -> None:
    """Take the day of the exam."""
    outcome = await context.core.introduction.sit_on(context.actor, day_of(context.pressed(ExamDay).day))
    await context.show(context.screen(outcome))


async def date_unknown(_update: Update, context: MentorContext) -> None:
    """The date of the exam is not known yet."""
    await context.show(context.screen(await context.core.introduction.sit_on(context.actor, None)))


async def birth(_update: Update, context: MentorContext) -> None:
    """Take the birth year, and go on with the quiz."""
    outcome = await context.core.introduction.born_in(context.actor, context.pressed(BirthYear).year)
    await context.show(context.screen(outcome))
