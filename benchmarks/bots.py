"""The bare bots that Chiron is measured against, each run as `python -m benchmarks.bots NAME PORT`.

They do what Telegram sees of a quiz turn (answer the press, edit the message to a text of the same size with the same
number of keys) and nothing else: no database, no domain.
"""

import itertools
import sys

from benchmarks.load import HOST, TOKEN

TEXT = (
    "<b>Domanda 7/20</b> · Algebra\n\n"
    "Un rettangolo ha il perimetro di 36 cm e un lato lungo il doppio dell'altro. Quanto misura la sua area?\n\n"
    "<b>A</b>  36 cm²\n<b>B</b> ✗  48 cm²\n<b>C</b> ✓  72 cm²\n<b>D</b>  81 cm²\n<b>E</b>  96 cm²\n\n"
    "✗ Non è così. Perché B no: hai preso il semiperimetro come somma di quattro lati.\n<b>Risposta: C</b>\n\n"
    "<blockquote expandable>Spiegazione\nSe un lato è x l'altro è 2x e il perimetro 6x = 36, quindi x = 6: i lati "
    "misurano 6 cm e 12 cm, l'area 72 cm².</blockquote>"
)
KEYBOARD = {
    "inline_keyboard": [
        [{"text": letter, "callback_data": f"go:{letter}"} for letter in "ABCDE"],
        [{"text": "Suggerimento", "callback_data": "no:1"}, {"text": "Salta", "callback_data": "no:2"}],
    ]
}
_turns = itertools.count()


def python_telegram_bot(port: int) -> None:
    """PTB as shipped, with the concurrency that its documentation recommends for busy bots."""
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update  # noqa: PLC0415 - this bot's alone
    from telegram.ext import Application, CallbackQueryHandler, ContextTypes  # noqa: PLC0415 - this bot's alone

    async def turn(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        keyboard = InlineKeyboardMarkup(
            [[InlineKeyboardButton(**key) for key in row] for row in KEYBOARD["inline_keyboard"]]
        )
        await query.answer()
        await query.edit_message_text(f"{TEXT}{next(_turns)}", parse_mode="HTML", reply_markup=keyboard)

    application = (
        Application.builder().token(TOKEN).base_url(f"http://{HOST}:{port}/bot").concurrent_updates(256).build()
    )
    application.add_handler(CallbackQueryHandler(turn))
    application.run_polling()


def aiogram(port: int) -> None:
    """A bare aiogram bot, run as its documentation shows (it takes uvloop where it is installed)."""
    from aiogram import Bot, Dispatcher  # noqa: PLC0415 - this bot's alone
    from aiogram.client.session.aiohttp import AiohttpSession  # noqa: PLC0415 - this bot's alone
    from aiogram.client.telegram import TelegramAPIServer  # noqa: PLC0415 - this bot's alone
    from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup  # noqa: PLC0415 - as above

    dispatcher = Dispatcher()

    @dispatcher.callback_query()
    async def turn(query: CallbackQuery) -> None:
        keyboard = InlineKeyboardMarkup(
            inline_keyboard=[[InlineKeyboardButton(**key) for key in row] for row in KEYBOARD["inline_keyboard"]]
        )
        await query.answer()
        await query.message.edit_text(f"{TEXT}{next(_turns)}", parse_mode="HTML", reply_markup=keyboard)

    session = AiohttpSession(api=TelegramAPIServer.from_base(f"http://{HOST}:{port}"))
    dispatcher.run_polling(Bot(TOKEN, session=session))


BOTS = {"ptb": python_telegram_bot, "aiogram": aiogram}


if __name__ == "__main__":
    BOTS[sys.argv[1]](int(sys.argv[2]))
