"""The Bot API methods about what the bot shows of itself: commands, descriptions, the menu button."""

import re
from typing import Any

from bot.playground.methods import Method, chat_for
from bot.playground.params import Params
from bot.playground.refusals import bad_request
from bot.playground.state import World

Json = dict[str, Any]

MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION = 256
MAX_LENGTHS = {"name": 64, "description": 512, "short_description": 120}

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
_PLAIN_SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
_CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})


def _language(params: Params) -> str:
    language = params.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def _scope(world: World, params: Params) -> str:
    scope = params.nested("scope", "BotCommandScope")
    if scope is None:
        return "default"
    if not isinstance(scope, dict):
        raise bad_request("can't parse BotCommandScope: object expected as scope")
    kind = str(scope.get("type"))
    if kind in _PLAIN_SCOPES:
        return kind
    if kind not in _CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    chat = chat_for(world, Params(scope))
    if kind != "chat":
        return f"{kind}:{chat.id}:{scope.get('user_id', '')}"
    return f"chat:{chat.id}"


def set_my_commands(world: World, params: Params) -> bool:
    """Set the menu of a scope and language."""
    scope, language = _scope(world, params), _language(params)
    listed = params.nested("commands", "commands")
    if not isinstance(listed, list):
        raise bad_request("expected an Array of BotCommand")
    if len(listed) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = [_command(command) for command in listed]
    if commands:
        world.commands[scope, language] = commands
    else:
        world.commands.pop((scope, language), None)
    _tell(world)
    return True


def _command(command: object) -> Json:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(command.get("command", "")).removeprefix("/")
    description = str(command.get("description", "")).strip()
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= MAX_COMMAND_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def get_my_commands(world: World, params: Params) -> list[Json]:
    """Give the menu of exactly this scope and language."""
    return world.commands.get((_scope(world, params), _language(params)), [])


def delete_my_commands(world: World, params: Params) -> bool:
    """Remove the menu of a scope and language."""
    world.commands.pop((_scope(world, params), _language(params)), None)
    _tell(world)
    return True


def _tell(world: World) -> None:
    for person_id in world.events.watched:
        person = world.people.get(person_id)
        if person is not None:
            world.events.publish(person_id, {"type": "commands", "commands": world.commands_for(person)})


def _setter(what: str) -> Method:
    def set_text(world: World, params: Params) -> bool:
        text, language = params.text(what), _language(params)
        if len(text) > MAX_LENGTHS[what]:
            raise bad_request(f"bot {what.replace('_', ' ')} is too long")
        world.names[what, language] = text
        return True

    return set_text


def _getter(what: str) -> Method:
    def get_text(world: World, params: Params) -> Json:
        default = world.bot["first_name"] if what == "name" else ""
        language = _language(params)
        return {what: world.names.get((what, language)) or world.names.get((what, ""), default)}

    return get_text


def set_chat_menu_button(world: World, params: Params) -> bool:
    """Choose what the button beside the input field does, for one chat or for all (0)."""
    chat_id = chat_for(world, params).id if params.has("chat_id") else 0
    button = params.nested("menu_button", "menu button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in ("commands", "web_app", "default"):
        raise bad_request("can't parse menu button: unsupported type specified")
    if button["type"] == "web_app":
        url = button.get("web_app", {}).get("url", "") if isinstance(button.get("web_app"), dict) else ""
        if not button.get("text") or not str(url).startswith("https://"):
            raise bad_request("BUTTON_URL_INVALID")
    world.menu_buttons[chat_id] = button
    return True


def get_chat_menu_button(world: World, params: Params) -> Json:
    """Give the button beside the input field."""
    chat_id = chat_for(world, params).id if params.has("chat_id") else 0
    return world.menu_buttons.get(chat_id) or world.menu_buttons.get(0) or {"type": "commands"}


METHODS: dict[str, Method] = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _setter("name"),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
