"""The mentor: sessions, costs, asking about a question, photos and voice messages."""

from telegram import Message, Update

from bot.callbacks import MentorAsk, MentorExplain, MentorInstead, MentorMenu, MentorOpen, MentorRetry
from bot.context import MentorContext
from bot.views import home as home_view
from bot.views import mentor as view
from core.mentor.conversation import Kind, Media, Said
from core.mentor.mentor import Heard
from core.practice.outcomes import Remark

SESSIONS = 6
"""Sessions on a page."""
BIGGEST = 20 * 2**20
"""Bytes of a file that the Bot API hands out to bots."""


async def menu(_update: Update, context: MentorContext) -> None:
    """Show the sessions with the mentor."""
    page = context.pressed(MentorMenu).page if context.turn.query else 0
    found = await context.core.mentor.shelf(context.actor, page=page, size=SESSIONS)
    await context.show(view.shelf(found, context.t, context.zone))


async def new(_update: Update, context: MentorContext) -> None:
    """End the session that is written in."""
    await context.show(view.begun(await context.core.mentor.begin(context.actor), context.t))


async def take_up(_update: Update, context: MentorContext) -> None:
    """Go on with an old session."""
    session = await context.core.mentor.take_up(context.actor, context.pressed(MentorOpen).session)
    await context.show(view.taken_up(session, context.t))


async def costs(_update: Update, context: MentorContext) -> None:
    """Show what the mentor cost."""
    await context.show(view.costs(await context.core.mentor.costs(context.actor), context.t))


async def stop(_update: Update, context: MentorContext) -> None:
    """End the reply that is being written."""
    stopped = context.turn.edge.stop_reply(context.person.telegram_id)
    await context.turn.answer(context.t.plain("mentor-stopping" if stopped else "mentor-nothing-to-stop"))


async def retry(_update: Update, context: MentorContext) -> None:
    """Have the messages answered whose reply was interrupted."""
    await context.core.mentor.ask_again(context.actor, context.pressed(MentorRetry).reply)
    await _due(context)


async def ask(_update: Update, context: MentorContext) -> None:
    """Ask about a question of a quiz."""
    press = context.pressed(MentorAsk)
    words = view.request(press.wish, context.t)
    await context.core.mentor.ask_about_quiz(context.actor, press.quiz, press.position, words)
    await _due(context)


async def explain(_update: Update, context: MentorContext) -> None:
    """Ask about a question of a completed paper."""
    press = context.pressed(MentorExplain)
    words = view.request(press.wish, context.t)
    await context.core.mentor.ask_about_paper(context.actor, press.sitting, press.position, words)
    await _due(context)


async def instead(_update: Update, context: MentorContext) -> None:
    """What was written in a quiz was a question for the mentor."""
    press = context.pressed(MentorInstead)
    await context.core.mentor.ask_pending(context.actor, press.quiz, press.position, press.mark)
    await _due(context)


async def photo(update: Update, context: MentorContext) -> None:
    """Take a photo of an exercise."""
    message = update.effective_message
    media = _picture(message) if message is not None else None
    if message is None or media is None:
        await context.show(view.too_big(context.t))
        return
    said = Said(message.caption or "", Kind.PHOTO, media=media)
    await _heard(context, await context.core.mentor.hear(context.actor, said), more=bool(message.media_group_id))


async def voice(update: Update, context: MentorContext) -> None:
    """Take a voice message."""
    message = update.effective_message
    sound = (message.voice or message.audio) if message is not None else None
    if sound is None or (sound.file_size or 0) > BIGGEST:
        await context.show(view.too_big(context.t))
        return
    length = sound.duration
    seconds = int(length if isinstance(length, (int, float)) else length.total_seconds())
    media = Media(sound.file_id, sound.file_size or 0, seconds, sound.mime_type or "audio/ogg")
    await _heard(context, await context.core.mentor.hear(context.actor, Said("", Kind.VOICE, media=media)))


async def _heard(context: MentorContext, outcome: Heard | Remark, *, more: bool = False) -> None:
    """A reply to a file is due, after the rest of its album; a parent is told what there is for parents."""
    if isinstance(outcome, Remark):
        await context.show_below(home_view.remark(outcome, context.t, context.person.role))
    elif more:
        context.turn.edge.wake_soon(context.person.telegram_id)
    else:
        context.turn.edge.wake(context.person.telegram_id)


async def _due(context: MentorContext) -> None:
    """A reply is due: it comes by itself."""
    context.turn.edge.wake(context.person.telegram_id)
    await context.turn.answer(context.t.plain("mentor-asked"))


def _picture(message: Message) -> Media | None:
    """The largest form of a photo that can be fetched; None without one."""
    if message.document is not None:
        document = message.document
        size = document.file_size or 0
        return Media(document.file_id, size, 0, document.mime_type or "") if size <= BIGGEST else None
    sizes = [size for size in message.photo if (size.file_size or 0) <= BIGGEST]
    if not sizes:
        return None
    largest = max(sizes, key=lambda size: size.width * size.height)
    return Media(largest.file_id, largest.file_size or 0, 0, "image/jpeg")
