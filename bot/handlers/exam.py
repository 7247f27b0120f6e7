"""Exams: choose, rules, start, answer, hand in, result, review, history."""

from telegram import Update

from bot.callbacks import (
    ExamAbandon,
    ExamAnswer,
    ExamDebrief,
    ExamFace,
    ExamFlag,
    ExamHandIn,
    ExamHistory,
    ExamInfo,
    ExamMove,
    ExamNew,
    ExamPassage,
    ExamRedo,
    ExamReview,
    ExamRules,
    ExamShow,
    ExamStart,
)
from bot.context import MentorContext
from bot.views import exam as view
from bot.views import marks as marks_view
from bot.views import paper as paper_view
from core.exams.outcomes import ExamStanding, OnPaper, Unchanged


async def menu(_update: Update, context: MentorContext) -> None:
    """Show what can be sat; while a section runs, the paper."""
    current = await context.core.exams.current(context.actor)
    if isinstance(current, OnPaper):
        await _show(context, current)
        return
    await context.show(view.menu(await context.core.exams.menu(context.actor), context.t))


async def info(_update: Update, context: MentorContext) -> None:
    """Show what can be sat of an exam."""
    press = context.pressed(ExamInfo)
    await context.show(view.info(await context.core.exams.offer(context.actor, press.exam), context.t))


async def rules(_update: Update, context: MentorContext) -> None:
    """Show the rules of a paper."""
    press = context.pressed(ExamRules)
    offer = await context.core.exams.offer(context.actor, press.exam, press.variant)
    await context.show(view.rules(offer, press.variant, context.t))


async def new(_update: Update, context: MentorContext) -> None:
    """Draw a paper."""
    press = context.pressed(ExamNew)
    await _show(context, await context.core.exams.create(context.actor, press.sitting, press.exam, press.variant))


async def start(_update: Update, context: MentorContext) -> None:
    """Start a section."""
    press = context.pressed(ExamStart)
    outcome = await context.core.exams.start_section(context.actor, press.sitting, press.section)
    context.turn.edge.hide_reply(context.person.telegram_id)
    await _show(context, outcome)


async def answer(_update: Update, context: MentorContext) -> None:
    """Take an answer, or clear it."""
    press = context.pressed(ExamAnswer)
    outcome = await context.core.exams.answer(
        context.actor, press.sitting, position=press.position, choice=press.choice
    )
    await _show(context, outcome)


async def flag(_update: Update, context: MentorContext) -> None:
    """Flag an item, or take the flag away."""
    press = context.pressed(ExamFlag)
    outcome = await context.core.exams.flag(context.actor, press.sitting, position=press.position, flagged=press.on)
    await _show(context, outcome)


async def move(_update: Update, context: MentorContext) -> None:
    """Put an item on the screen."""
    press = context.pressed(ExamMove)
    await _show(context, await context.core.exams.move(context.actor, press.sitting, position=press.position))


async def face(_update: Update, context: MentorContext) -> None:
    """Show another side of the paper."""
    press = context.pressed(ExamFace)
    outcome = await context.core.exams.turn_over(context.actor, press.sitting, press.face, page=press.page)
    await _show(context, outcome)


async def hand_in(_update: Update, context: MentorContext) -> None:
    """Close the running section."""
    press = context.pressed(ExamHandIn)
    await _show(context, await context.core.exams.complete_section(context.actor, press.sitting, press.section))
    context.turn.edge.wake(context.person.telegram_id)  # what the mentor owes was held back


async def abandon(_update: Update, context: MentorContext) -> None:
    """End the sitting for good."""
    press = context.pressed(ExamAbandon)
    await _show(context, await context.core.exams.abandon(context.actor, press.sitting))
    context.turn.edge.wake(context.person.telegram_id)


async def show(_update: Update, context: MentorContext) -> None:
    """Show where a sitting stands."""
    press = context.pressed(ExamShow)
    await _show(context, await context.core.exams.fetch(context.actor, press.sitting))


async def passage(_update: Update, context: MentorContext) -> None:
    """Send the reading passage in messages of its own; the paper follows below."""
    press = context.pressed(ExamPassage)
    standing = await context.core.exams.move(context.actor, press.sitting, position=press.position)
    if isinstance(standing, OnPaper):
        for piece in paper_view.passages(standing.version, context.t):
            await context.turn.edge.delivery.send(context.person.telegram_id, piece)
        await context.show_below(context.screen(standing).lowered())
        return
    await _show(context, standing)


async def debrief(_update: Update, context: MentorContext) -> None:
    """Show where the points went."""
    press = context.pressed(ExamDebrief)
    await context.show(marks_view.debrief(await context.core.exams.results(context.actor, press.sitting), context.t))


async def review(_update: Update, context: MentorContext) -> None:
    """Look at an item of a completed paper."""
    press = context.pressed(ExamReview)
    item = await context.core.exams.check(context.actor, press.sitting, position=press.position, pick=press.pick)
    await context.show(marks_view.checked(item, context.t))


async def redo(_update: Update, context: MentorContext) -> None:
    """Begin a quiz over what was missed."""
    press = context.pressed(ExamRedo)
    standing = await context.core.quizzes.redo_paper(context.actor, press.quiz, press.sitting)
    await context.show(context.screen(standing))


async def history(_update: Update, context: MentorContext) -> None:
    """Show past sittings, a page at a time, and the trend."""
    page = context.pressed(ExamHistory).page
    size = marks_view.HISTORY_PAGE
    limit = max(size + 1, marks_view.CHARTED)
    found = await context.core.exams.history(context.actor, limit=limit, offset=page * size)
    await context.show(marks_view.history(found, page, context.t, context.zone))


async def _show(context: MentorContext, outcome: ExamStanding | Unchanged) -> None:
    if not isinstance(outcome, Unchanged):
        await context.show(context.screen(outcome))
        return
    until = {"until": context.t.time(outcome.until, context.zone)} if outcome.until is not None else {}
    toast = context.t.plain(f"exam-why-{outcome.why}", **until)
    await context.catch_up(context.screen(outcome.standing).with_toast(toast), toast)
