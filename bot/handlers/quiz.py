"""Quizzes: menu, start, answer, hint, skip, pause, next, review, report."""

from telegram import Update

from bot.callbacks import (
    History,
    QuizAnswer,
    QuizConfirm,
    QuizDoubt,
    QuizHint,
    QuizInsist,
    QuizLeave,
    QuizNext,
    QuizPause,
    QuizRedo,
    QuizReport,
    QuizResult,
    QuizResume,
    QuizReview,
    QuizSetup,
    QuizShow,
    QuizSimilar,
    QuizSkip,
    QuizStart,
    QuizToggle,
    QuizTopics,
    QuizTwin,
    Remarked,
)
from bot.context import MentorContext
from bot.screens import Screen
from bot.views import home as home_view
from bot.views import mentor as mentor_view
from bot.views import practice as practice_view
from bot.views import safety as safety_view
from bot.views import standing as standing_view
from bot.views import twin as twin_view
from bot.views import verdict as verdict_view
from core.mentor.mentor import Heard
from core.practice.outcomes import Passed, Standing, WorkedTwin
from core.whereabouts import Where
from core.writing import Distress, YearTold


async def menu(_update: Update, context: MentorContext) -> None:
    """Show what can be practised."""
    await context.show(practice_view.menu(await context.core.quizzes.menu(context.actor), context.t))


async def topics(_update: Update, context: MentorContext) -> None:
    """Show the subjects, or the topics below one."""
    press = context.pressed(QuizTopics)
    found = await context.core.quizzes.menu(context.actor)
    parent = found.find(press.topic) if press.topic is not None else None
    await context.show(practice_view.topics(found, parent, press.page, context.t))


async def setup(_update: Update, context: MentorContext) -> None:
    """Ask for length and difficulty."""
    press = context.pressed(QuizSetup)
    supply = await context.core.quizzes.available(context.actor, press.mode, press.topic)
    await context.show(practice_view.setup(press, supply, context.t))


async def start(_update: Update, context: MentorContext) -> None:
    """Begin a quiz."""
    press = context.pressed(QuizStart)
    standing = await context.core.quizzes.start(
        context.actor,
        press.quiz,
        mode=press.mode,
        topic_id=press.topic,
        difficulty=press.difficulty,
        length=press.length,
    )
    await context.show(context.screen(standing))


async def redo(_update: Update, context: MentorContext) -> None:
    """Begin a quiz over the mistakes of another one."""
    press = context.pressed(QuizRedo)
    standing = await context.core.quizzes.redo(context.actor, press.quiz, press.of)
    await context.show(context.screen(standing))


async def answer(_update: Update, context: MentorContext) -> None:
    """Record a tapped answer and show the verdict."""
    tap = context.pressed(QuizAnswer)
    outcome = await context.core.quizzes.answer(context.actor, tap.quiz, position=tap.position, choice=tap.choice)
    await _show(context, outcome)


async def toggle(_update: Update, context: MentorContext) -> None:
    """Tick or untick a choice."""
    tap = context.pressed(QuizToggle)
    outcome = await context.core.quizzes.toggle(
        context.actor, tap.quiz, position=tap.position, choice=tap.choice, on=tap.on
    )
    await _show(context, outcome)


async def confirm(_update: Update, context: MentorContext) -> None:
    """Record the ticked choices."""
    tap = context.pressed(QuizConfirm)
    await _show(context, await context.core.quizzes.confirm(context.actor, tap.quiz, position=tap.position))


async def hint(_update: Update, context: MentorContext) -> None:
    """Show one more hint."""
    tap = context.pressed(QuizHint)
    outcome = await context.core.quizzes.hint(context.actor, tap.quiz, position=tap.position, number=tap.number)
    await _show(context, outcome)


async def twin(_update: Update, context: MentorContext) -> None:
    """Send a question like this one, worked, below the open one."""
    tap = context.pressed(QuizTwin)
    outcome = await context.core.quizzes.twin(context.actor, tap.quiz, position=tap.position)
    if isinstance(outcome, WorkedTwin):
        await context.show_beside(twin_view.worked(outcome, context.t))
    else:
        await _show(context, outcome)


async def skip(_update: Update, context: MentorContext) -> None:
    """Leave a question and send the next."""
    tap = context.pressed(QuizSkip)
    outcome = await context.core.quizzes.skip(context.actor, tap.quiz, position=tap.position)
    await _show(context, outcome, below=True)


async def go_on(_update: Update, context: MentorContext) -> None:
    """Strip the verdict's keys and send what follows, silently."""
    tap = context.pressed(QuizNext)
    outcome = await context.core.quizzes.go_on(context.actor, tap.quiz, position=tap.position)
    await _show(context, outcome, below=True)


async def similar(_update: Update, context: MentorContext) -> None:
    """Put one more question like this at the end of the quiz."""
    tap = context.pressed(QuizSimilar)
    outcome = await context.core.quizzes.similar(context.actor, tap.quiz, position=tap.position)
    await _show(context, outcome, toast=context.t.plain("quiz-similar-added"))


async def insist(_update: Update, context: MentorContext) -> None:
    """What was written is the answer."""
    tap = context.pressed(QuizInsist)
    outcome = await context.core.quizzes.insist(
        context.actor, tap.quiz, position=tap.position, reading=tap.reading, mark=tap.mark
    )
    await _show(context, outcome)


async def remarked(_update: Update, context: MentorContext) -> None:
    """What was written is no answer: the question stands as before."""
    tap = context.pressed(Remarked)
    await _show(context, await context.core.quizzes.standing(context.actor, tap.quiz))


async def show(_update: Update, context: MentorContext) -> None:
    """Show where a quiz stands."""
    tap = context.pressed(QuizShow)
    await _show(context, await context.core.quizzes.standing(context.actor, tap.quiz))


async def pause(_update: Update, context: MentorContext) -> None:
    """Stop the clock."""
    tap = context.pressed(QuizPause) if context.turn.query else None
    held = await context.core.quizzes.pause(context.actor, tap.quiz if tap else None)
    await context.show(_or_nothing(held, "pause-nothing", context))


async def resume(_update: Update, context: MentorContext) -> None:
    """Go on where it stood, in a message at the bottom."""
    tap = context.pressed(QuizResume) if context.turn.query else None
    standing = await context.core.whereabouts.resume(context.actor, tap.quiz if tap else None)
    await context.show(_or_nothing(standing, "resume-nothing", context))


async def leave(_update: Update, context: MentorContext) -> None:
    """End a quiz before its last question."""
    tap = context.pressed(QuizLeave)
    await _show(context, await context.core.quizzes.leave(context.actor, tap.quiz))


async def result(_update: Update, context: MentorContext) -> None:
    """Show how a quiz ended."""
    tap = context.pressed(QuizResult)
    await _show(context, await context.core.quizzes.standing(context.actor, tap.quiz))


async def review(_update: Update, context: MentorContext) -> None:
    """Look at one question of a quiz that is over."""
    tap = context.pressed(QuizReview)
    item = await context.core.quizzes.review(context.actor, tap.quiz, position=tap.position)
    await context.show(verdict_view.reviewed(item, context.t))


async def doubt(_update: Update, context: MentorContext) -> None:
    """Ask whether to report a question."""
    tap = context.pressed(QuizDoubt)
    item = await context.core.quizzes.look(context.actor, tap.quiz, position=tap.position)
    await context.show(verdict_view.doubted(item, context.t))


async def report(_update: Update, context: MentorContext) -> None:
    """Report a question: it does not count any more."""
    tap = context.pressed(QuizReport)
    item = await context.core.quizzes.report(context.actor, tap.quiz, position=tap.position)
    await context.show(verdict_view.reported(item, context.t))


async def history(_update: Update, context: MentorContext) -> None:
    """Show past quizzes, a page at a time."""
    page = context.pressed(History).page if context.turn.query else 0
    size = practice_view.HISTORY_PAGE
    found = await context.core.quizzes.history(context.actor, limit=size + 1, offset=page * size)
    await context.show(practice_view.history(found, page, context.t, context.zone))


async def stop(_update: Update, context: MentorContext) -> None:
    """End the practice session and sum it up."""
    summary = await context.core.sessions.end(context.actor)
    left = await context.core.whereabouts.open_quiz(context.actor)
    subjects = await context.core.banks.subject_names(summary.subjects_practiced if summary else (), context.t.language)
    await context.show(home_view.stopped(summary, left, context.t, subjects))


async def write(update: Update, context: MentorContext) -> None:
    """Take a written message: an answer, something asked for, or a remark."""
    message = update.effective_message
    text = (message.text or "") if message else ""
    place = await context.standing_place()
    replied = message.reply_to_message if message else None
    reply = replied is not None and place is not None and replied.message_id == place.message_id
    outcome = await context.core.writing.write(context.actor, text, reply=reply)
    if isinstance(outcome, Distress):
        context.turn.edge.stop_reply(context.person.telegram_id)
        await context.show_beside(safety_view.crisis(context.t, outcome.role))
        return
    if isinstance(outcome, YearTold):
        await context.show_beside(mentor_view.year_told(outcome.year, context.t))
        return
    if isinstance(outcome, Heard):
        if outcome.cut:
            await context.show_beside(mentor_view.cut(context.t))
        context.turn.edge.wake(context.person.telegram_id)
        return
    await context.show_below(
        standing_view.wrote(outcome, context.t, context.person.role, context.zone, now=context.actor.now)
    )


async def _show(
    context: MentorContext, outcome: Standing | Passed, *, below: bool = False, toast: str | None = None
) -> None:
    if isinstance(outcome, Passed):
        screen = context.screen(outcome.standing)
        await context.catch_up(screen, context.t.plain(f"passed-{outcome.why}"))
        return
    screen = context.screen(outcome)
    if toast is not None:
        screen = screen.with_toast(toast)
    await context.show(screen.lowered() if below else screen)


def _or_nothing(standing: Where | None, otherwise: str, context: MentorContext) -> Screen:
    """Where a quiz stands, or a sentence that there is none."""
    if standing is None:
        return Screen(context.t(otherwise), practice_view.start_keys(context.t))
    return context.screen(standing)
