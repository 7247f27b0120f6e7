"""The Bot API methods about messages."""

from collections.abc import Callable
from typing import Any

from bot.playground.acts import MAX_CAPTION, MAX_TEXT
from bot.playground.entities import Entity, commands_in, finish, given, parse_html, utf16_length
from bot.playground.entities import clean as clean_text
from bot.playground.files import MAX_DOWNLOAD
from bot.playground.keyboards import inline_keyboard
from bot.playground.params import Params
from bot.playground.refusals import Refused, bad_request
from bot.playground.state import BOT_ID, DRAFT_LIFE, Chat, Draft, World
from bot.playground.updates import PRESS_LIFE

Json = dict[str, Any]
Method = Callable[[World, Params], Any]

MAX_ANSWER = 200
MAX_QUERY_DELETE = 100
DELETE_LIFE = 48 * 3600
CAPTIONED = ("photo", "document", "voice")

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    },
)
_EMOJI = (
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\u200d🔥 "
    "🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨 "
    "🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡 "
)
_REACTIONS = frozenset(_EMOJI.split())


# What the methods share


def chat_for(world: World, params: Params) -> Chat:
    """Find the chat that a call names."""
    if not params.has("chat_id"):
        raise bad_request("chat_id is empty")
    chat = world.chats.get(params.integer("chat_id"))
    if chat is None:
        raise bad_request("chat not found")
    return chat


def writable(world: World, params: Params) -> Chat:
    """Find the chat that a call writes to."""
    chat = chat_for(world, params)
    if chat.private and chat.people[0].blocked:
        raise Refused("Forbidden: bot was blocked by the user", 403)
    if world.flood is not None:
        world.flood.count(chat.id)
    return chat


def formatted(params: Params, name: str, listed: str) -> tuple[str, list[Entity]]:
    """Read a text with its parse mode or its list of entities.

    Args:
        params: Of the call.
        name: The parameter that holds the text.
        listed: The parameter that may hold entities.
    """
    text = params.text(name)
    mode = params.text("parse_mode").lower()
    if mode == "html":
        text, entities = parse_html(text)
    elif mode in ("markdown", "markdownv2"):
        raise bad_request("can't parse entities: the playground reads no Markdown, use parse_mode HTML")
    elif mode:
        raise bad_request("unsupported parse_mode")
    elif params.has(listed):
        text, entities = given(text, params.nested(listed, "message entities"))
    else:
        text, entities = finish(clean_text(text), [])
    commands = commands_in(text)
    if commands:
        solid = [entity for entity in entities if entity["type"] in ("code", "pre", "text_link")]
        commands = [command for command in commands if not any(_inside(command, entity) for entity in solid)]
        entities = sorted([*entities, *commands], key=lambda entity: (entity["offset"], -entity["length"]))
    return text, entities


def _inside(one: Entity, other: Entity) -> bool:
    return bool(
        other["offset"] <= one["offset"] and one["offset"] + one["length"] <= other["offset"] + other["length"],
    )


def message_text(params: Params) -> tuple[str, list[Entity]]:
    """Read a message's text within Telegram's limits."""
    if not params.text("text"):
        raise bad_request("message text is empty")
    text, entities = formatted(params, "text", "entities")
    if not text.strip():
        raise bad_request("text must be non-empty")
    if utf16_length(text) > MAX_TEXT:
        raise bad_request("message is too long")
    return text, entities


def caption_fields(params: Params) -> Json:
    """Read a caption within Telegram's limits."""
    if not params.has("caption"):
        return {}
    text, entities = formatted(params, "caption", "caption_entities")
    if utf16_length(text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    fields: Json = {}
    if text:
        fields["caption"] = text
        if entities:
            fields["caption_entities"] = entities
    return fields


def preview_fields(params: Params) -> Json:
    """Read how links are to be previewed."""
    preview = params.nested("link_preview_options", "link preview options")
    if not preview:
        return {}
    if not isinstance(preview, dict):
        raise bad_request("object expected as link preview options")
    return {"link_preview_options": preview}


def draw_up(world: World, params: Params, chat: Chat) -> Json:
    """Start a new message of the bot: all that does not depend on its kind."""
    message: Json = {
        "message_id": 0,
        "from": world.bot,
        "chat": chat.card(),
        "date": int(world.now()),
    }
    original = _replied(params, chat)
    if original is not None:
        message["reply_to_message"] = {
            key: value for key, value in original.items() if key not in ("reply_to_message", "reply_markup")
        }
    if params.has("message_effect_id"):
        effect = params.text("message_effect_id")
        if not chat.private or not effect.isdecimal():
            raise bad_request("invalid message effect identifier specified")
        message["effect_id"] = effect
    if params.flag("protect_content"):
        message["has_protected_content"] = True
    return message


def _replied(params: Params, chat: Chat) -> Json | None:
    reply = params.nested("reply_parameters", "reply parameters")
    if reply is None:
        if not params.has("reply_to_message_id"):
            return None
        reply = {
            "message_id": params.integer("reply_to_message_id"),
            "allow_sending_without_reply": params.flag("allow_sending_without_reply"),
        }
    if not isinstance(reply, dict):
        raise bad_request("object expected as reply parameters")
    within = Params(reply)
    other_chat = within.has("chat_id") and within.integer("chat_id") != chat.id
    original = None if other_chat else chat.messages.get(within.integer("message_id"))
    if original is None and not within.flag("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return original


def deliver(world: World, params: Params, chat: Chat, message: Json) -> Json:
    """Put the buttons under a new message, number it and show it."""
    markup = params.nested("reply_markup", "reply keyboard markup")
    if markup is not None:
        keyboard = inline_keyboard(markup)
        if keyboard is not None:
            message["reply_markup"] = keyboard
    message["message_id"] = world.next_message_id()
    if markup is not None and "reply_markup" not in message and "inline_keyboard" not in markup:
        chat.uneditable.add(message["message_id"])
    world.store(chat, message)
    return message


def editable(world: World, params: Params) -> tuple[Chat, Json]:
    """Find the message that a call edits."""
    if params.has("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = writable(world, params)
    if not params.has("message_id"):
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"]["id"] != BOT_ID or message["message_id"] in chat.uneditable:
        raise bad_request("message can't be edited")
    return chat, message


def settle_edit(world: World, params: Params, chat: Chat, old: Json, new: Json) -> Json:
    """Put the buttons under an edited message, refuse an edit that changes nothing, show it.

    Args:
        world: Where it happens.
        params: Of the call; they name the buttons.
        chat: Where the message is.
        old: The message as it stands.
        new: The same without what the edit replaces, and with what it puts there.
    """
    new.pop("reply_markup", None)
    markup = params.nested("reply_markup", "reply keyboard markup")
    if markup is not None:
        keyboard = inline_keyboard(markup)
        if keyboard is None and "inline_keyboard" not in markup:
            raise bad_request("inline keyboard expected")
        if keyboard is not None:
            new["reply_markup"] = keyboard
    edited_at = new.pop("edit_date", None)
    if new == old or (edited_at is not None and new | {"edit_date": edited_at} == old):
        raise bad_request(NOT_MODIFIED)
    new["edit_date"] = int(world.now())
    world.replace(chat, new)
    return new


def without(message: Json, *names: str) -> Json:
    """Copy a message without some of its fields."""
    return {key: value for key, value in message.items() if key not in names}


# The methods


def get_me(world: World, _: Params) -> Json:
    """Say who the bot is."""
    return world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def send_message(world: World, params: Params) -> Json:
    """Send a text."""
    chat = writable(world, params)
    text, entities = message_text(params)
    message = draw_up(world, params, chat)
    message["text"] = text
    if entities:
        message["entities"] = entities
    message |= preview_fields(params)
    return deliver(world, params, chat, message)


def edit_message_text(world: World, params: Params) -> Json:
    """Change a text."""
    chat, old = editable(world, params)
    text, entities = message_text(params)
    if "text" not in old:
        raise bad_request("there is no text in the message to edit")
    new = without(old, "text", "entities", "link_preview_options")
    new["text"] = text
    if entities:
        new["entities"] = entities
    new |= preview_fields(params)
    return settle_edit(world, params, chat, old, new)


def edit_message_caption(world: World, params: Params) -> Json:
    """Change what stands below a photo or document."""
    chat, old = editable(world, params)
    fields = caption_fields(params)
    if not any(kind in old for kind in CAPTIONED):
        raise bad_request("there is no caption in the message to edit")
    return settle_edit(world, params, chat, old, without(old, "caption", "caption_entities") | fields)


def edit_message_reply_markup(world: World, params: Params) -> Json:
    """Change the buttons only."""
    chat, old = editable(world, params)
    return settle_edit(world, params, chat, old, dict(old))


def delete_message(world: World, params: Params) -> bool:
    """Delete a message."""
    chat = chat_for(world, params)
    if not params.has("message_id"):
        raise bad_request("message identifier is not specified")
    _delete(world, chat, params.integer("message_id"))
    return True


def delete_messages(world: World, params: Params) -> bool:
    """Delete several messages; those that are gone already are passed over."""
    chat = chat_for(world, params)
    ids = params.nested("message_ids", "message identifiers")
    if (
        not isinstance(ids, list)
        or not all(isinstance(one, int) for one in ids)
        or not 1 <= len(ids) <= MAX_QUERY_DELETE
    ):
        raise bad_request("message identifiers are not specified")
    for message_id in ids:
        if message_id in chat.messages:
            _delete(world, chat, message_id)
    return True


def _delete(world: World, chat: Chat, message_id: int) -> None:
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request("message to delete not found")
    mine = message["from"]["id"] == BOT_ID
    if world.now() - message["date"] > DELETE_LIFE or not (mine or chat.private):
        raise bad_request(
            "message can't be deleted for everyone" if mine or chat.private else "message can't be deleted"
        )
    world.remove(chat, message_id)


def answer_callback_query(world: World, params: Params) -> bool:
    """Answer a press, once, within 150 s."""
    press = world.presses.get(params.text("callback_query_id"))
    if press is None or press.answered_at is not None or world.now() - press.at > PRESS_LIFE:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = params.text("text")
    if utf16_length(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if params.has("url"):
        url = params.text("url")
        if not url.startswith((f"https://t.me/{world.bot['username']}?", "https://telegram.me/", "tg://")):
            raise bad_request("URL_INVALID")
        press.url = url
    press.answered_at = world.now()
    press.text = text or None
    press.show_alert = params.flag("show_alert")
    world.answers.append(press)
    if press.waiter is not None and not press.waiter.done():
        press.waiter.set_result(press)
    world.events.publish(
        press.person,
        {"type": "answered", "query_id": press.query_id, "text": press.text, "show_alert": press.show_alert},
    )
    return True


def send_chat_action(world: World, params: Params) -> bool:
    """Show that the bot is typing or the like."""
    chat = chat_for(world, params)
    action = params.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    if chat.private and chat.people[0].blocked:
        raise Refused("Forbidden: bot was blocked by the user", 403)
    for person in chat.people:
        world.events.publish(person.id, {"type": "action", "action": action})
    return True


def send_message_draft(world: World, params: Params) -> bool:
    """Stream a preview of a message to come."""
    chat = writable(world, params)
    if not chat.private:
        raise bad_request("PEER_ID_INVALID")
    draft_id = params.integer("draft_id")
    if draft_id == 0:
        raise bad_request("draft identifier must be non-zero")
    text, entities = formatted(params, "text", "entities")
    if utf16_length(text) > MAX_TEXT:
        raise bad_request("message is too long")
    until = world.now() + DRAFT_LIFE
    can_stop, keep_on_stop = params.flag("can_stop"), params.flag("keep_on_stop")
    world.show_draft(chat, Draft(draft_id, text, entities, until, can_stop, keep_on_stop))
    return True


def get_chat(world: World, params: Params) -> Json:
    """Describe a chat."""
    chat = chat_for(world, params)
    accent = {"accent_color_id": 0, "max_reaction_count": 11}
    gifts = {
        "unlimited_gifts": True,
        "limited_gifts": True,
        "unique_gifts": True,
        "premium_subscription": True,
        "gifts_from_channels": True,
    }
    return chat.card() | accent | {"accepted_gift_types": gifts}


def get_file(world: World, params: Params) -> Json:
    """Give the path under which a file can be fetched."""
    file = world.files.get(params.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return file.reference() | {"file_path": file.path}


def set_message_reaction(world: World, params: Params) -> bool:
    """React to a message with at most one emoji, or with none."""
    chat = writable(world, params)
    message_id = params.integer("message_id")
    if message_id not in chat.messages:
        raise bad_request("message to react not found")
    reactions = params.nested("reaction", "reaction types") or []
    if not isinstance(reactions, list) or not all(isinstance(reaction, dict) for reaction in reactions):
        raise bad_request("expected an Array of ReactionType")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    for reaction in reactions:
        # Clients write some emoji with a variation selector, Telegram without.
        if reaction.get("type") != "emoji" or str(reaction.get("emoji", "")).replace("\ufe0f", "") not in _REACTIONS:
            raise bad_request("REACTION_INVALID")
    world.reactions[chat.id, message_id] = reactions
    return True


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
    "sendMessageDraft": send_message_draft,
    "getChat": get_chat,
    "getFile": get_file,
    "setMessageReaction": set_message_reaction,
}
