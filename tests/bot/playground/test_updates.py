"""How updates reach the bot."""

import asyncio
import random

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Conflict

from bot.playground import Playground
from bot.playground.state import World
from tests.bot.playground.conftest import PARENT, STUDENT, Call, Clock

KEYS = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Sì", callback_data="yes"), InlineKeyboardButton("No", callback_data="no")]]
)


async def test_higher_offset_confirms(bot: Bot, pg: Playground) -> None:
    """An update comes again until getUpdates asks for a higher id."""
    for text in ("a", "b", "c"):
        pg.say(STUDENT, text)

    first = await bot.get_updates(limit=2)
    again = await bot.get_updates(limit=2)
    rest = await bot.get_updates(offset=first[-1].update_id + 1)

    assert [update.update_id for update in first] == [update.update_id for update in again]
    assert [update.message.text for update in rest if update.message] == ["c"]
    assert rest[0].update_id == first[0].update_id + 2
    assert pg.pending == 1


async def test_negative_offset_keeps_the_last(bot: Bot, pg: Playground) -> None:
    """A negative offset keeps so many from the end and forgets the rest."""
    for text in ("a", "b", "c"):
        pg.say(STUDENT, text)

    kept = await bot.get_updates(offset=-1)

    assert [update.message.text for update in kept if update.message] == ["c"]
    assert pg.pending == 1


async def test_batches_are_limited(bot: Bot, pg: Playground) -> None:
    """A batch has at most 100 updates."""
    for number in range(120):
        pg.say(STUDENT, str(number))

    assert len(await bot.get_updates()) == 100


async def test_long_poll_wakes(bot: Bot, pg: Playground) -> None:
    """A waiting poll answers as soon as something comes, with sender, chat, date and commands."""
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.05)
    pg.say(STUDENT, "/start abc")

    message = (await asyncio.wait_for(poll, 2))[0].message

    assert message is not None
    assert message.from_user is not None
    assert (message.from_user.id, message.from_user.language_code, message.chat.id) == (STUDENT, "it", STUDENT)
    assert [(one.type, one.offset, one.length) for one in message.entities] == [("bot_command", 0, 6)]


async def test_second_poll_ends_the_first(bot: Bot, pg: Playground) -> None:
    """Of two polls the older is refused with 409, the newer gets the updates."""
    older = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.05)
    newer = asyncio.create_task(bot.get_updates(timeout=20))
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await older
    pg.say(STUDENT, "a")

    assert len(await newer) == 1


async def test_poll_that_hung_up_is_forgotten(bot: Bot, pg: Playground) -> None:
    """A poll whose client went away loses nothing and is in nobody's way."""
    gone = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.05)
    gone.cancel()
    await asyncio.sleep(0.05)
    pg.say(STUDENT, "a")

    assert len(await bot.get_updates(timeout=20)) == 1
    assert not pg.refusals


async def test_allowed_updates_hold_from_then_on(bot: Bot, pg: Playground) -> None:
    """Only the named kinds are queued, also by later polls that name none."""
    await bot.get_updates(allowed_updates=["callback_query"])
    pg.say(STUDENT, "a")
    unheard = await bot.get_updates()
    await bot.get_updates(allowed_updates=[])
    pg.say(STUDENT, "b")

    assert unheard == ()
    assert len(await bot.get_updates()) == 1


async def test_messages_last_a_day(bot: Bot, pg: Playground, clock: Clock) -> None:
    """A message that nobody fetched vanishes after 24 hours."""
    pg.say(STUDENT, "a")
    clock.advance(24 * 3600 + 1)
    pg.say(STUDENT, "b")

    assert [update.message.text for update in await bot.get_updates() if update.message] == ["b"]


async def test_press_carries_its_message(bot: Bot, pg: Playground) -> None:
    """A press names the person, the data and the whole message as it stood."""
    sent = await bot.send_message(STUDENT, "Pronta?", reply_markup=KEYS)
    pg.press_key(STUDENT, "sì")
    await sent.edit_text("Altro")

    query = (await bot.get_updates())[0].callback_query

    assert query is not None
    assert (query.from_user.id, query.data) == (STUDENT, "yes")
    assert query.message is not None
    assert getattr(query.message, "text", "") == "Pronta?"
    assert getattr(query.message, "reply_markup", None) == KEYS
    assert query.chat_instance


async def test_presses_last_150_seconds(bot: Bot, pg: Playground, clock: Clock) -> None:
    """An undelivered press vanishes after 150 s, while a message of the same age stays."""
    await bot.send_message(STUDENT, "a", reply_markup=KEYS)
    pg.say(STUDENT, "ciao")
    pg.press_key(STUDENT, "no")
    clock.advance(151)

    assert [update.callback_query for update in await bot.get_updates()] == [None]


async def test_press_is_answered_once_and_in_time(bot: Bot, pg: Playground, clock: Clock) -> None:
    """A press can be answered once, within 150 s, with at most 200 characters."""
    await bot.send_message(STUDENT, "a", reply_markup=KEYS)
    first, second = pg.press_key(STUDENT, "no"), pg.press_key(STUDENT, "no")

    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.answer_callback_query(first, "a" * 201)
    await bot.answer_callback_query(first, "ok", show_alert=True)
    answered = await pg.wait_answer(first)
    with pytest.raises(BadRequest, match=r"^Query is too old"):
        await bot.answer_callback_query(first)
    clock.advance(151)

    assert (answered.text, answered.show_alert, answered.data) == ("ok", True, "no")
    assert [press.query_id for press in pg.answers] == [first]
    for query_id in (first, second, "12345"):
        with pytest.raises(BadRequest, match=r"^Query is too old and response timeout expired or query id is invalid$"):
            await bot.answer_callback_query(query_id)


async def test_stale_press_is_delivered(bot: Bot, pg: Playground) -> None:
    """A press whose button or message is gone still comes; one of a message that never was does not."""
    sent = await bot.send_message(STUDENT, "a", reply_markup=KEYS)
    await sent.edit_text("b")
    pg.press(STUDENT, sent.message_id, "yes")
    await sent.delete()
    pg.press(STUDENT, sent.message_id, "no")

    queries = [update.callback_query for update in await bot.get_updates()]

    assert [query.data for query in queries if query] == ["yes", "no"]
    assert [query.message.is_accessible for query in queries if query and query.message] == [True, False]
    with pytest.raises(ValueError, match="unknown message"):
        pg.press(STUDENT, 999, "yes")


async def test_edited_and_sticker(bot: Bot, pg: Playground) -> None:
    """An edit comes as edited_message; a sticker as one."""
    said = pg.say(STUDENT, "a")
    pg.edit(STUDENT, said["message_id"], "b")
    pg.upload(STUDENT, "sticker", b"RIFF")

    _, edited, sticker = await bot.get_updates()

    assert edited.edited_message is not None
    assert edited.edited_message.text == "b"
    assert edited.edited_message.edit_date
    assert sticker.message is not None
    assert sticker.message.sticker


async def test_groups_are_private_to_the_bot(bot: Bot, pg: Playground) -> None:
    """In a group the bot sees its commands and replies to it, not the talk."""
    group = pg.add_group("Classe", [STUDENT, PARENT])
    said = await bot.send_message(group, "Ciao")
    pg.say(STUDENT, "chiacchiere", chat=group)
    pg.say(STUDENT, "/quiz@other_bot", chat=group)
    pg.say(STUDENT, "/quiz", chat=group)
    pg.say(PARENT, "grazie", chat=group, reply_to=said.message_id)

    added, *heard = await bot.get_updates()

    assert added.my_chat_member is not None
    assert [update.message.text for update in heard if update.message] == ["/quiz", "grazie"]
    assert said.chat.title == "Classe"


async def test_stop_ends_a_preview(pg: Playground, call: Call) -> None:
    """Stop below a preview that allows it becomes an update for a bot that asked for it."""
    await call("getUpdates", {"allowed_updates": ["stopped_message_generation"]})
    draft = {"chat_id": STUDENT, "draft_id": 4, "text": "a"}
    await call("sendMessageDraft", draft)
    with pytest.raises(ValueError, match="nothing can be stopped"):
        pg.stop_generation(STUDENT)
    await call("sendMessageDraft", draft | {"can_stop": True})
    pg.stop_generation(STUDENT)

    update = (await call("getUpdates", {}))["result"][0]

    assert update["stopped_message_generation"]["draft_id"] == 4
    assert pg.draft(STUDENT) is None


async def test_raw_updates_pass_unchanged(pg: Playground, bot: Bot, call: Call) -> None:
    """Anything can be pushed as an update, even what PTB cannot parse."""
    update_id = pg.push_raw({"message": {"nonsense": True}})

    batch = (await call("getUpdates", {}))["result"]

    assert batch == [{"message": {"nonsense": True}, "update_id": update_id}]
    with pytest.raises(KeyError):
        Update.de_json(batch[0], bot)


async def test_webhook_retries_in_order(bot: Bot, pg: Playground) -> None:
    """A webhook gets updates with its secret, each again until it says 2xx, one chat's in order."""
    seen: list[tuple[str, str]] = []

    async def receive(request: web.Request) -> web.Response:
        text = (await request.json())["message"]["text"]
        seen.append((text, request.headers["X-Telegram-Bot-Api-Secret-Token"]))
        if len(seen) == 4:
            done.set()
        return web.Response(status=500 if len(seen) == 2 else 200)

    done = asyncio.Event()
    app = web.Application()
    app.router.add_post("/hook", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        pg.say(STUDENT, "a")
        await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="s3cret")
        with pytest.raises(Conflict, match="webhook is active"):
            await bot.get_updates()
        pg.say(STUDENT, "b")
        pg.say(STUDENT, "c")
        await asyncio.wait_for(done.wait(), 3)
        await asyncio.sleep(0.05)
        info = await bot.get_webhook_info()
    finally:
        await bot.delete_webhook()
        await runner.cleanup()

    assert seen == [("a", "s3cret"), ("b", "s3cret"), ("b", "s3cret"), ("c", "s3cret")]
    assert (info.pending_update_count, info.last_error_message) == (
        0,
        "Wrong response from the webhook: 500 Internal Server Error",
    )
    assert await bot.get_updates() == ()


async def test_wait_for_sees_edits(bot: Bot, pg: Playground) -> None:
    """Waiting ends with a new or edited message of the bot; `since` passes over what was there."""
    sent = await bot.send_message(STUDENT, "a")
    assert (await pg.wait_for(STUDENT))["text"] == "a"
    mark = pg.mark()
    waiting = asyncio.create_task(pg.wait_for(STUDENT, lambda message: "b" in message["text"], 2, since=mark))
    await asyncio.sleep(0)
    await sent.edit_text("b")

    assert (await waiting)["message_id"] == sent.message_id
    with pytest.raises(TimeoutError, match="last:"):
        await pg.wait_for(STUDENT, timeout=0.01, since=pg.mark())


def test_ids_start_anywhere() -> None:
    """Update ids ascend from a random start."""
    starts = {World(seed=random.randrange(10**9)).updates.push_raw({}) for _ in range(5)}

    assert len(starts) > 1
