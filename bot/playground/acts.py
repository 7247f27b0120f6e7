"""What people do in their chats; each act becomes an update for the bot."""

from typing import Any

from bot.playground.entities import clean, commands_in, utf16_length
from bot.playground.files import MAX_DOCUMENT, image_size, media_fields
from bot.playground.state import BOT_ID, Chat, Person, Press, World

Json = dict[str, Any]

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_DATA_BYTES = 64
UPLOADS = ("photo", "document", "voice", "audio", "sticker")


class ActError(ValueError):
    """Something that a Telegram client would not let a person do."""


def person_of(world: World, person_id: int) -> Person:
    """Find a person."""
    person = world.people.get(person_id)
    if person is None:
        raise ActError(f"unknown person {person_id}")
    return person


def _draw_up(world: World, person: Person, chat: Chat, reply_to: int | None) -> Json:
    if chat.private and person.blocked:
        raise ActError("this person blocked the bot")
    message: Json = {
        "message_id": world.next_message_id(),
        "from": person.user(),
        "chat": chat.card(),
        "date": int(world.now()),
    }
    if reply_to is not None:
        original = chat.messages.get(reply_to)
        if original is None:
            raise ActError(f"unknown message {reply_to}")
        message["reply_to_message"] = {key: value for key, value in original.items() if key != "reply_to_message"}
    return message


def _send(world: World, chat: Chat, message: Json) -> Json:
    world.store(chat, message)
    if chat.private or not chat.privacy or _meant_for_bot(world, message):
        world.updates.push("message", message, f"chat {chat.id}")
    return message


def _meant_for_bot(world: World, message: Json) -> bool:
    """Say what a bot in privacy mode sees of a group: commands not meant for another bot, replies to it."""
    if message.get("reply_to_message", {}).get("from", {}).get("id") == BOT_ID:
        return True
    text = message.get("text", "")
    if not text.startswith("/"):
        return False
    _, at, name = text.split(maxsplit=1)[0].partition("@")
    return not at or name.lower() == world.bot["username"]


def say(world: World, person: Person, text: str, *, reply_to: int | None = None, chat: Chat | None = None) -> Json:
    """Write a message."""
    text = clean(text).strip()
    if not text:
        raise ActError("the text is empty")
    if utf16_length(text) > MAX_TEXT:
        raise ActError(f"the text is longer than {MAX_TEXT} characters")
    chat = chat or world.chat_of(person.id)
    message = _draw_up(world, person, chat, reply_to)
    message["text"] = text
    entities = commands_in(text)
    if entities:
        message["entities"] = entities
    return _send(world, chat, message)


def upload(  # noqa: PLR0913 - all that a client can say of a file
    world: World,
    person: Person,
    kind: str,
    content: bytes,
    *,
    name: str = "",
    mime_type: str = "",
    caption: str = "",
    reply_to: int | None = None,
    chat: Chat | None = None,
    album: str = "",
) -> Json:
    """Send a file, alone or with others of one album."""
    if kind not in UPLOADS:
        raise ActError(f"kind is one of {', '.join(UPLOADS)}")
    caption = clean(caption).strip()
    if not content:
        raise ActError("the file is empty")
    if len(content) > MAX_DOCUMENT:
        raise ActError("the file is too big")
    if kind == "photo" and image_size(content) is None:
        raise ActError("the photo is not a PNG, JPEG or WebP image")
    if utf16_length(caption) > MAX_CAPTION:
        raise ActError(f"the caption is longer than {MAX_CAPTION} characters")
    chat = chat or world.chat_of(person.id)
    message = _draw_up(world, person, chat, reply_to)
    default_type = {"photo": "image/jpeg", "voice": "audio/ogg", "audio": "audio/mpeg", "sticker": "image/webp"}.get(
        kind, ""
    )
    message |= media_fields(world.files.add(kind, content, name, mime_type or default_type))
    if album:
        message["media_group_id"] = album
    if caption and kind != "sticker":
        message["caption"] = caption
        entities = commands_in(caption)
        if entities:
            message["caption_entities"] = entities
    return _send(world, chat, message)


def edit(world: World, person: Person, message_id: int, text: str, *, chat: Chat | None = None) -> Json:
    """Change a text of one's own."""
    chat = chat or world.chat_of(person.id)
    message = chat.messages.get(message_id)
    if message is None or message["from"]["id"] != person.id or "text" not in message:
        raise ActError(f"no text of this person under {message_id}")
    text = clean(text).strip()
    if not text or utf16_length(text) > MAX_TEXT:
        raise ActError(f"a text has 1 to {MAX_TEXT} characters")
    edited = {key: value for key, value in message.items() if key != "entities"}
    edited |= {"text": text, "edit_date": int(world.now())}
    entities = commands_in(text)
    if entities:
        edited["entities"] = entities
    world.replace(chat, edited)
    if chat.private or not chat.privacy or _meant_for_bot(world, edited):
        world.updates.push("edited_message", edited, f"chat {chat.id}")
    return edited


def press(world: World, person: Person, message_id: int, data: str, *, chat: Chat | None = None) -> Press:
    """Tap a button; the data need not be on the message any more, for a client can be behind."""
    chat = chat or world.chat_of(person.id)
    if not 1 <= len(data.encode()) <= MAX_DATA_BYTES:
        raise ActError(f"button data has 1 to {MAX_DATA_BYTES} bytes")
    message = chat.messages.get(message_id)
    if message is None:
        if message_id not in chat.deleted:
            raise ActError(f"unknown message {message_id}")
        message = {"chat": chat.card(), "message_id": message_id, "date": 0}
    elif message["from"]["id"] != BOT_ID:
        raise ActError(f"message {message_id} is not the bot's")
    query_id = str(world.rng.getrandbits(62) | 1 << 61)
    pressed = Press(query_id, person.id, chat.id, message_id, data, world.now())
    world.keep_press(pressed)
    query: Json = {
        "id": query_id,
        "from": person.user(),
        "message": message,
        "chat_instance": str(-(chat.id * 2_654_435_761 % 2**61)),
        "data": data,
    }
    world.updates.push("callback_query", query, f"user {person.id}")
    return pressed


def set_blocked(world: World, person: Person, *, blocked: bool) -> None:
    """Block or unblock the bot."""
    if person.blocked == blocked:
        return
    person.blocked = blocked
    chat = world.chat_of(person.id)
    member: Json = {"user": world.bot, "status": "member"}
    banned: Json = {"user": world.bot, "status": "kicked", "until_date": 0}
    old, new = (member, banned) if blocked else (banned, member)
    _member_update(world, person, chat, old, new)


def add_bot_to_group(world: World, chat: Chat, person: Person) -> None:
    """Let a person bring the bot into a group."""
    _member_update(
        world,
        person,
        chat,
        {"user": world.bot, "status": "left"},
        {"user": world.bot, "status": "member"},
    )


def _member_update(world: World, person: Person, chat: Chat, old: Json, new: Json) -> None:
    change: Json = {
        "chat": chat.card(),
        "from": person.user(),
        "date": int(world.now()),
        "old_chat_member": old,
        "new_chat_member": new,
    }
    world.updates.push("my_chat_member", change, f"chat {chat.id}")


def stop_generation(world: World, person: Person) -> None:
    """Tap Stop below a streamed preview."""
    chat = world.chat_of(person.id)
    draft = world.draft_in(chat)
    if draft is None or not draft.can_stop:
        raise ActError("nothing can be stopped")
    if not draft.keep_on_stop:
        world.dismiss_draft(chat, draft)
    stopped = {"chat": chat.card(), "draft_id": draft.draft_id}
    world.updates.push("stopped_message_generation", stopped, f"chat {chat.id}")
