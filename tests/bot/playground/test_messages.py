"""Sending, editing and deleting, through a real PTB bot."""

import json
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import BadRequest, Forbidden, RetryAfter

from bot.playground import Playground
from tests.bot.playground.conftest import STUDENT, Call, Clock, png, ptb_bot


def keyboard(*data: str) -> InlineKeyboardMarkup:
    """Put one button a row."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=text)] for text in data])


async def test_sends_formatted_text(bot: Bot, pg: Playground) -> None:
    """A sent message comes back as Telegram shows it: plain text and entities."""
    message = await bot.send_message(
        STUDENT,
        "😀 <b>Ciao</b> & &lt;",
        parse_mode="HTML",
        reply_markup=keyboard("a"),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
        protect_content=True,
        message_effect_id="5046509860389126442",
        api_kwargs={"something_new": "1"},
    )

    assert message.text == "😀 Ciao & <"
    assert message.parse_entities()[message.entities[0]] == "Ciao"
    assert (message.has_protected_content, message.effect_id) == (True, "5046509860389126442")
    assert pg.last(STUDENT)["reply_markup"] == {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Message text is empty"),
        ("   ", "Text must be non-empty"),
        ("<b> </b>", "Text must be non-empty"),
        ("a" * 4097, "Message is too long"),
        ("😀" * 2049, "Message is too long"),
        ("<b>a", "Can't parse entities: can't find end tag corresponding to start tag \"b\""),
    ],
)
async def test_text_has_limits(bot: Bot, text: str, reason: str) -> None:
    """A text has 1 to 4096 UTF-16 units after parsing."""
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(STUDENT, text, parse_mode="HTML")

    assert refused.value.message.lower() == reason.lower()


async def test_markup_does_not_count(bot: Bot) -> None:
    """The limit counts what is left after parsing."""
    message = await bot.send_message(STUDENT, "<b>" + "a" * 4096 + "</b>", parse_mode="HTML")

    assert len(message.text or "") == 4096


@pytest.mark.parametrize("mode", ["MarkdownV2", "Markdown", "BBCode"])
async def test_reads_html_only(bot: Bot, mode: str) -> None:
    """Another parse mode is refused, clearly."""
    with pytest.raises(BadRequest):
        await bot.send_message(STUDENT, "*a*", parse_mode=mode)


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "a", "callback_data": "è" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": ""}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": "a"}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": "a", "callback_data": "b", "url": "https://x.it"}, "exactly one action"),
        ({"text": "", "callback_data": "b"}, "button text must be non-empty"),
        ({"callback_data": "b"}, 'Can\'t find field "text"'),
        ({"text": "a", "url": "nowhere"}, "Wrong HTTP URL"),
        ({"text": "a", "callback_data": "b", "style": "loud"}, "style"),
    ],
)
async def test_buttons_are_checked(call: Call, button: dict[str, str], reason: str) -> None:
    """A button has a text, one action, and data of 1 to 64 bytes."""
    markup = {"inline_keyboard": [[button]]}

    answer = await call("sendMessage", {"chat_id": STUDENT, "text": "a", "reply_markup": markup})

    assert reason in answer["description"]


async def test_data_of_64_bytes_fits(bot: Bot) -> None:
    """The limit of button data counts bytes, and 64 of them are allowed; a style too."""
    button = InlineKeyboardButton("a", callback_data="è" * 32, api_kwargs={"style": "primary"})

    message = await bot.send_message(STUDENT, "a", reply_markup=InlineKeyboardMarkup([[button]]))

    assert message.reply_markup is not None
    assert message.reply_markup.inline_keyboard[0][0].callback_data == "è" * 32


@pytest.mark.parametrize(("rows", "columns"), [(1, 9), (13, 8)])
async def test_keyboards_are_small(bot: Bot, rows: int, columns: int) -> None:
    """A keyboard has at most 8 buttons a row and 100 in all."""
    row = [InlineKeyboardButton("a", callback_data="a")] * columns
    with pytest.raises(BadRequest, match=r"(?i)reply_markup_too_long"):
        await bot.send_message(STUDENT, "a", reply_markup=InlineKeyboardMarkup([row] * rows))


async def test_same_edit_is_refused(bot: Bot) -> None:
    """An edit that changes neither content nor buttons is refused, whatever went before."""
    sent = await bot.send_message(STUDENT, "<b>a</b>", parse_mode="HTML", reply_markup=keyboard("x"))
    with pytest.raises(BadRequest, match=r"^Message is not modified"):
        await sent.edit_text("a", entities=sent.entities, reply_markup=keyboard("x"))
    await sent.edit_text("b", reply_markup=keyboard("y"))
    for text, buttons in (("b", keyboard("z")), ("c", keyboard("z"))):
        edited = await sent.edit_text(text, reply_markup=buttons)
        assert getattr(edited, "text", None) == text

    with pytest.raises(BadRequest, match=r"^Message is not modified: specified new message content and reply markup"):
        await sent.edit_text("c", reply_markup=keyboard("z"))
    with pytest.raises(BadRequest, match=r"^Message is not modified"):
        await sent.edit_reply_markup(reply_markup=keyboard("z"))


async def test_edit_without_markup_strips_buttons(bot: Bot, pg: Playground) -> None:
    """An edit that names no buttons takes them away."""
    sent = await bot.send_message(STUDENT, "a", reply_markup=keyboard("x"))

    await sent.edit_text("b")

    assert "reply_markup" not in pg.last(STUDENT)
    assert pg.last(STUDENT)["edit_date"]


async def test_edits_need_a_message_of_the_bot(bot: Bot, pg: Playground, call: Call) -> None:
    """Only the bot's own, existing messages without a reply keyboard can be edited."""
    theirs = pg.say(STUDENT, "ciao")["message_id"]
    with_keyboard = await bot.send_message(STUDENT, "a", reply_markup=ReplyKeyboardMarkup([["a"]]))

    with pytest.raises(BadRequest, match=r"^Message to edit not found$"):
        await bot.edit_message_text("b", STUDENT, 99)
    for message_id in (theirs, with_keyboard.message_id):
        with pytest.raises(BadRequest, match=r"^Message can't be edited$"):
            await bot.edit_message_text("b", STUDENT, message_id)
    unnamed = await call("editMessageText", {"chat_id": STUDENT, "text": "b"})
    assert unnamed["description"] == "Bad Request: message identifier is not specified"


async def test_photo_never_becomes_text(bot: Bot) -> None:
    """A photo's caption can be edited, its text cannot; a text has no caption."""
    photo = await bot.send_photo(STUDENT, png(), caption="<i>a</i>", parse_mode="HTML")
    text = await bot.send_message(STUDENT, "a")

    with pytest.raises(BadRequest, match=r"^There is no text in the message to edit$"):
        await photo.edit_text("b")
    with pytest.raises(BadRequest, match=r"^There is no caption in the message to edit$"):
        await text.edit_caption("b")
    edited = await photo.edit_caption("b", reply_markup=keyboard("x"))
    assert getattr(edited, "caption", None) == "b"


async def test_media_can_be_replaced(bot: Bot, pg: Playground) -> None:
    """A photo can take another's place, and a text can become a photo."""
    photo = await bot.send_photo(STUDENT, png(), caption="a")
    text = await bot.send_message(STUDENT, "a")

    await photo.edit_media(InputMediaPhoto(png(300, 300), caption="b"))
    await text.edit_media(InputMediaPhoto(photo.photo[-1].file_id))

    first, second = pg.messages(STUDENT)
    assert (first["caption"], first["photo"][-1]["width"]) == ("b", 300)
    assert (second.get("text"), second["photo"][-1]["width"]) == (None, 200)


async def test_deletes_once(bot: Bot, pg: Playground) -> None:
    """A message can be deleted once; another time it is not found."""
    sent = await bot.send_message(STUDENT, "a")
    await sent.delete()

    assert pg.messages(STUDENT) == []
    with pytest.raises(BadRequest, match=r"^Message to delete not found$"):
        await sent.delete()


async def test_old_messages_stay(bot: Bot, clock: Clock) -> None:
    """After 48 hours a message can be edited but not deleted."""
    sent = await bot.send_message(STUDENT, "a")
    clock.advance(48 * 3600 + 1)

    await sent.edit_text("b")
    with pytest.raises(BadRequest, match=r"^Message can't be deleted for everyone$"):
        await sent.delete()


async def test_talk_of_a_group_stays(bot: Bot, pg: Playground) -> None:
    """The bot may delete what people say in a private chat, not in a group."""
    group = pg.add_group("Classe", [STUDENT])
    private = pg.say(STUDENT, "a")["message_id"]
    public = pg.say(STUDENT, "a", chat=group)["message_id"]

    await bot.delete_message(STUDENT, private)
    with pytest.raises(BadRequest, match=r"^Message can't be deleted$"):
        await bot.delete_message(group, public)


async def test_replies_need_their_message(bot: Bot, pg: Playground) -> None:
    """A reply to a missing message is refused, unless it may go without."""
    asked = pg.say(STUDENT, "ciao")["message_id"]

    answer = await bot.send_message(STUDENT, "a", reply_parameters=ReplyParameters(asked))
    loose = await bot.send_message(
        STUDENT,
        "a",
        reply_parameters=ReplyParameters(99, allow_sending_without_reply=True),
    )

    assert answer.reply_to_message is not None
    assert answer.reply_to_message.text == "ciao"
    assert loose.reply_to_message is None
    with pytest.raises(BadRequest, match=r"^Message to be replied not found$"):
        await bot.send_message(STUDENT, "a", reply_parameters=ReplyParameters(99))


async def test_unknown_chat(bot: Bot) -> None:
    """A chat that nobody opened is not found."""
    with pytest.raises(BadRequest, match=r"^Chat not found$"):
        await bot.send_message(5, "a")


async def test_blocked_bot_is_forbidden(bot: Bot, pg: Playground) -> None:
    """Whoever blocked the bot gets nothing, and the bot is told of the block."""
    pg.block(STUDENT)

    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(STUDENT, "a")
    pg.unblock(STUDENT)
    await bot.send_message(STUDENT, "a")
    changes = [update.my_chat_member for update in await bot.get_updates()]
    assert [change.new_chat_member.status for change in changes if change] == ["kicked", "member"]


async def test_photos_are_images(bot: Bot) -> None:
    """A photo is a real image of at most 10 MB, and not a thread."""
    with pytest.raises(BadRequest, match=r"^Image_process_failed$"):
        await bot.send_photo(STUDENT, b"no image")
    with pytest.raises(BadRequest, match=r"(?i)is too big for a photo; the maximum size is 10485760 bytes"):
        await bot.send_photo(STUDENT, png() + b"\0" * 10 * 1024 * 1024)
    with pytest.raises(BadRequest, match=r"^Photo_invalid_dimensions$"):
        await bot.send_photo(STUDENT, png(2100, 100))
    with pytest.raises(BadRequest, match=r"^Message caption is too long$"):
        await bot.send_photo(STUDENT, png(), caption="a" * 1025)
    with pytest.raises(BadRequest, match=r"^Wrong file identifier"):
        await bot.send_photo(STUDENT, "AgAC")


async def test_files_come_back(bot: Bot, pg: Playground) -> None:
    """A person's photo, document and voice can be fetched byte for byte."""
    for kind, content in (("photo", png()), ("document", b"{}"), ("voice", b"OggS")):
        pg.upload(STUDENT, kind, content, name="x.json" if kind == "document" else "", caption="ecco")

    photo, document, voice = [update.message for update in await bot.get_updates() if update.message]
    assert photo.caption == "ecco"
    assert [size.width for size in photo.photo] == [90, 200]
    assert document.document is not None
    assert voice.voice is not None
    assert document.document.file_name == "x.json"
    for media, content in ((photo.photo[-1], png()), (document.document, b"{}"), (voice.voice, b"OggS")):
        assert bytes(await (await media.get_file()).download_as_bytearray()) == content


async def test_downloads_have_a_limit(bot: Bot, pg: Playground) -> None:
    """A bot can fetch at most 20 MB."""
    sent = pg.upload(STUDENT, "document", b"\0" * (20 * 1024 * 1024 + 1))

    with pytest.raises(BadRequest, match=r"^File is too big$"):
        await bot.get_file(sent["document"]["file_id"])


async def test_sends_documents(bot: Bot, pg: Playground) -> None:
    """A document keeps its name and kind, and its id sends it again, as a document only."""
    sent = await bot.send_document(STUDENT, b"a,b", filename="x.csv", caption="tabella")

    assert sent.document is not None
    await bot.send_document(STUDENT, sent.document.file_id)
    assert pg.last(STUDENT)["document"]["file_name"] == "x.csv"
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type document as photo"):
        await bot.send_photo(STUDENT, sent.document.file_id)


async def test_drafts_live_in_private_chats(bot: Bot, pg: Playground, clock: Clock) -> None:
    """A streamed preview has an id, may be empty, and ends with the message or after 30 s."""
    group = pg.add_group("Classe", [STUDENT])

    await bot.send_message_draft(STUDENT, 5, "")
    await bot.send_message_draft(STUDENT, 5, "<b>a</b>", parse_mode="HTML")
    shown = pg.draft(STUDENT)
    clock.advance(30)
    aged = pg.draft(STUDENT)
    await bot.send_message_draft(STUDENT, 6, "ab")
    await bot.send_message(STUDENT, "ab")

    assert shown == {"draft_id": 5, "text": "a", "entities": [{"type": "bold", "offset": 0, "length": 1}]}
    assert (aged, pg.draft(STUDENT)) == (None, None)
    with pytest.raises(BadRequest):
        await bot.send_message_draft(STUDENT, 0, "a")
    with pytest.raises(BadRequest):
        await bot.send_message_draft(group, 5, "a")


async def test_effects_are_private(bot: Bot, pg: Playground) -> None:
    """An effect cannot be sent to a group."""
    group = pg.add_group("Classe", [STUDENT])
    with pytest.raises(BadRequest):
        await bot.send_message(group, "a", message_effect_id="5046509860389126442")


async def test_commands_by_scope_and_language(bot: Bot, pg: Playground) -> None:
    """A person sees the commands of the narrowest scope, in the own language before any."""
    person = pg.person(STUDENT)
    await bot.set_my_commands([("help", "Help")])
    await bot.set_my_commands([("quiz", "Quiz!")], scope={"type": "all_private_chats"}, language_code="it")  # type: ignore[arg-type]
    narrow = pg.world.commands_for(person)
    person.language_code = "en"

    assert narrow == [{"command": "quiz", "description": "Quiz!"}]
    assert pg.world.commands_for(person) == [{"command": "help", "description": "Help"}]
    assert [command.command for command in await bot.get_my_commands()] == ["help"]
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()


@pytest.mark.parametrize("command", [("Quiz", "a"), ("a-b", "a"), ("a" * 33, "a"), ("quiz", ""), ("quiz", "a" * 257)])
async def test_commands_are_checked(call: Call, command: tuple[str, str]) -> None:
    """A command is 1 to 32 of a-z, 0-9, _ with a description of 1 to 256 characters."""
    name, description = command

    answer = await call("setMyCommands", {"commands": [{"command": name, "description": description}]})

    assert "BOT_COMMAND" in answer["description"]


async def test_profile(bot: Bot, call: Call) -> None:
    """Descriptions are kept by language and limited; reactions and actions are checked."""
    await bot.set_my_description("Chiron")
    await bot.set_my_short_description("Mentor", language_code="it")
    sent = await bot.send_message(STUDENT, "a")
    await bot.set_message_reaction(STUDENT, sent.message_id, "🎉")
    await bot.send_chat_action(STUDENT, "typing")
    await bot.set_chat_menu_button()

    assert (await bot.get_my_description()).description == "Chiron"
    assert (await bot.get_my_short_description("it")).short_description == "Mentor"
    assert (await bot.get_chat(STUDENT)).first_name == "Giulia"
    for method, params in (
        ("setMyDescription", {"description": "a" * 513}),
        ("sendChatAction", {"chat_id": STUDENT, "action": "dancing"}),
        ("setMessageReaction", {"chat_id": STUDENT, "message_id": 1, "reaction": [{"type": "emoji", "emoji": "x"}]}),
    ):
        assert (await call(method, params))["error_code"] == 400


async def test_unknown_method_and_token(pg: Playground, call: Call, http: aiohttp.ClientSession) -> None:
    """An unknown method is 404 and a wrong token 401, both in the envelope."""
    assert await call("sendTelepathy", {}) == {"ok": False, "error_code": 404, "description": "Not Found"}
    async with http.get(f"{pg.url}/bot8:other/getMe") as answer:
        assert (answer.status, await answer.json()) == (
            401,
            {"ok": False, "error_code": 401, "description": "Unauthorized"},
        )


@pytest.mark.parametrize("form", ["json", "form", "query"])
async def test_takes_json_form_and_query(pg: Playground, http: aiohttp.ClientSession, form: str) -> None:
    """A call may come as JSON, as a form or in the query, its method in any case."""
    given: dict[str, Any] = {"chat_id": STUDENT, "text": "a"}
    if form != "json":
        given["reply_markup"] = json.dumps({"inline_keyboard": [[{"text": "b", "callback_data": "b"}]]})
    url = f"{pg.api_url}{pg.token}/SENDMESSAGE"
    parts = {part: given if part == form else None for part in ("json", "form", "query")}
    async with http.post(url, json=parts["json"], data=parts["form"], params=parts["query"]) as answer:
        assert (await answer.json())["ok"]

    assert pg.last(STUDENT)["text"] == "a"


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"text": "a", "reply_markup": "{"}),
        ("sendMessage", {"text": "a", "reply_markup": []}),
        ("sendMessage", {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "url": 5}]]}}),
        ("sendMessage", {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "style": []}]]}}),
        ("sendMessage", {"text": "a", "entities": [{"type": [], "offset": 0, "length": 1}]}),
        ("sendMessage", {"text": "a", "link_preview_options": 5}),
        ("sendMessage", {"text": "a", "reply_parameters": 5}),
        ("sendMessage", {"text": "\ud83d"}),
        ("sendMessage", {"text": {"a": 1}, "chat_id": 1e999}),
        ("sendPhoto", {"photo": "attach://nothing"}),
        ("sendPhoto", {"photo": "https://example.com/a.png"}),
        ("sendPhoto", {}),
        ("editMessageMedia", {"message_id": 1, "media": [5]}),
        ("setMyCommands", {"commands": "x"}),
        ("setMyCommands", {"commands": [], "scope": {"type": []}}),
        ("setMyCommands", {"commands": [], "language_code": "italian"}),
        ("setMessageReaction", {"message_id": 1, "reaction": 5}),
        ("deleteMessages", {"message_ids": [[]]}),
        ("setWebhook", {"url": "http://example.com/"}),
        ("setWebhook", {"url": "http://127.0.0.1/", "secret_token": "a b"}),
        ("getUpdates", {"allowed_updates": 5}),
        ("answerCallbackQuery", {}),
    ],
)
async def test_nonsense_is_refused(bot: Bot, call: Call, method: str, params: dict[str, Any]) -> None:
    """What cannot be understood is refused with 400 and does nothing."""
    await bot.send_message(STUDENT, "a")

    answer = await call(method, {"chat_id": STUDENT} | params)

    assert (answer["ok"], answer["error_code"]) == (False, 400)
    assert answer["description"].startswith("Bad Request: ")


async def test_flood_is_refused(clock: Clock) -> None:
    """With the flood model on, a burst to one chat ends in 429 with the seconds to wait."""
    async with Playground(now=clock, flood=True) as pg, ptb_bot(pg) as bot:
        for _ in range(20):
            await bot.send_message(STUDENT, "a")
        with pytest.raises(RetryAfter):
            await bot.send_message(STUDENT, "a")
        clock.advance(1)
        await bot.send_message(STUDENT, "a")
        clock.advance(3600)
        for _ in range(20):
            await bot.send_message(STUDENT, "a")
        with pytest.raises(RetryAfter):
            await bot.send_message(STUDENT, "a")


async def test_flood_counts_all_chats(clock: Clock) -> None:
    """Thirty calls at once to many chats are too many, and a refused one does nothing."""
    async with Playground(now=clock, flood=True, people=[]) as pg, ptb_bot(pg) as bot:
        people = [pg.person(number) for number in range(1, 33)]
        for person in people[:30]:
            await bot.send_message(person.id, "a")
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(people[30].id, "a")

        assert refused.value.retry_after == timedelta(seconds=1)
        assert pg.messages(people[30]) == []
