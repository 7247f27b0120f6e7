"""Which handler answers what."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, TypeHandler, filters

from bot import callbacks as press
from bot.context import MentorContext
from bot.handlers import account, exam, home, introduction, quiz
from bot.turns import current_turn
from core.errors import NotFound

Handler = Callable[[Update, MentorContext], Coroutine[Any, Any, None]]

COMMANDS: dict[str, Handler] = {
    "start": home.start,
    "quiz": quiz.menu,
    "exam": exam.menu,
    "resume": quiz.resume,
    "pause": quiz.pause,
    "stop": quiz.stop,
    "history": quiz.history,
    "settings": account.settings,
    "help": home.help_,
    "privacy": account.privacy,
}

PRESSES: dict[type[press.Press], Handler] = {
    press.GoHome: home.home,
    press.QuizMenu: quiz.menu,
    press.QuizTopics: quiz.topics,
    press.QuizSetup: quiz.setup,
    press.QuizStart: quiz.start,
    press.QuizRedo: quiz.redo,
    press.QuizAnswer: quiz.answer,
    press.QuizToggle: quiz.toggle,
    press.QuizConfirm: quiz.confirm,
    press.QuizInsist: quiz.insist,
    press.QuizHint: quiz.hint,
    press.QuizTwin: quiz.twin,
    press.QuizSkip: quiz.skip,
    press.QuizNext: quiz.go_on,
    press.QuizSimilar: quiz.similar,
    press.QuizPause: quiz.pause,
    press.QuizResume: quiz.resume,
    press.QuizLeave: quiz.leave,
    press.QuizResult: quiz.result,
    press.QuizShow: quiz.show,
    press.QuizReview: quiz.review,
    press.QuizDoubt: quiz.doubt,
    press.QuizReport: quiz.report,
    press.History: quiz.history,
    press.Remarked: quiz.remarked,
    press.BeParent: home.be_parent,
    press.ToForward: home.to_forward,
    press.BeStudent: home.be_student,
    press.ExamInView: introduction.exam,
    press.ExamMonth: introduction.month,
    press.ExamDateUnknown: introduction.date_unknown,
    press.ExamDay: introduction.day,
    press.BirthYear: introduction.birth,
    press.Ask: introduction.ask,
    press.OpenSettings: account.settings,
    press.Speak: account.speak,
    press.ExamList: exam.menu,
    press.ExamInfo: exam.info,
    press.ExamRules: exam.rules,
    press.ExamNew: exam.new,
    press.ExamStart: exam.start,
    press.ExamAnswer: exam.answer,
    press.ExamFlag: exam.flag,
    press.ExamMove: exam.move,
    press.ExamFace: exam.face,
    press.ExamHandIn: exam.hand_in,
    press.ExamAbandon: exam.abandon,
    press.ExamShow: exam.show,
    press.ExamPassage: exam.passage,
    press.ExamDebrief: exam.debrief,
    press.ExamReview: exam.review,
    press.ExamRedo: exam.redo,
    press.ExamHistory: exam.history,
}


async def pressed(update: Update, context: MentorContext) -> None:
    """Send a press to its handler; data that is none of ours is treated as a button that is gone.

    Raises:
        NotFound: The data is none of ours.
    """
    data = update.callback_query.data if update.callback_query else None
    try:
        kind = type(press.decode(data or ""))
    except press.NotAPress:
        raise NotFound(what="button") from None
    await PRESSES[kind](update, context)


async def failed(_update: object, context: MentorContext) -> None:
    """Hand a handler's failure to its turn, which knows what to do."""
    error = context.error
    current_turn.get().failure = error if isinstance(error, Exception) else RuntimeError(str(error))


async def ignored(_update: Update, _context: MentorContext) -> None:
    """An update that asks for nothing."""


def connect(application: Application[Any, MentorContext, Any, Any, Any, Any]) -> None:
    """Register every handler."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    application.add_handler(CallbackQueryHandler(pressed))
    for name, handler in COMMANDS.items():
        application.add_handler(CommandHandler(name, handler, filters=private))
    application.add_handler(MessageHandler(private & filters.COMMAND, home.help_))
    application.add_handler(MessageHandler(private & filters.TEXT, quiz.write))
    application.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, home.cannot_read))
    application.add_handler(TypeHandler(Update, ignored))
    application.add_error_handler(failed)
