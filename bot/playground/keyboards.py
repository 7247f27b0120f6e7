"""Checks the buttons under a message."""

from typing import Any

from bot.playground.entities import checked_url
from bot.playground.refusals import bad_request

Json = dict[str, Any]

MAX_BUTTONS = 100
MAX_IN_ROW = 8
MAX_DATA_BYTES = 64
MAX_COPY_TEXT = 256

_ACTIONS = (
    "callback_data",
    "url",
    "web_app",
    "copy_text",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "callback_game",
    "pay",
)
_REPLY_KINDS = ("keyboard", "remove_keyboard", "force_reply")
_STYLES = frozenset({"primary", "success", "danger"})
_UNPARSED = "can't parse inline keyboard button: "


def inline_keyboard(markup: object) -> Json | None:
    """Check a reply markup.

    Returns:
        The inline keyboard as messages show it, or None where the markup is of another kind or empty.

    Raises:
        Refused: In Telegram's words.
    """
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if any(kind in markup for kind in _REPLY_KINDS):
            return None
        raise bad_request("object expected as reply markup")
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup should be an Array of Arrays')
    if sum(map(len, rows)) > MAX_BUTTONS or any(len(row) > MAX_IN_ROW for row in rows):
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    kept = [[_button(button) for button in row] for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _button(button: object) -> Json:
    if not isinstance(button, dict):
        raise bad_request(_UNPARSED + "expected an Object")
    text = button.get("text")
    if text is None:
        raise bad_request(_UNPARSED + 'Can\'t find field "text"')
    if not isinstance(text, str):
        raise bad_request(_UNPARSED + 'Field "text" must be of type String')
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if str(button.get("style", "primary")) not in _STYLES:
        raise bad_request(_UNPARSED + "invalid button style specified")
    actions = [name for name in _ACTIONS if button.get(name) is not None]
    if button.get("callback_data") == "":  # which Telegram takes for none, unlike an empty inline query
        actions.remove("callback_data")
    if len(actions) > 1:
        raise bad_request(_UNPARSED + f"exactly one action is expected, found {' and '.join(actions)}")
    if not actions:
        raise bad_request(_UNPARSED + "Text buttons are unallowed in the inline keyboard")
    _action(actions[0], button[actions[0]])
    return button


def _action(name: str, value: object) -> None:
    match name:
        case "callback_data":
            if not isinstance(value, str) or len(value.encode("utf-8", "surrogatepass")) > MAX_DATA_BYTES:
                raise bad_request("BUTTON_DATA_INVALID")
        case "url":
            if not isinstance(value, str) or checked_url(value) is None:
                raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
        case "web_app" | "login_url":
            url = value.get("url") if isinstance(value, dict) else None
            if not isinstance(url, str) or not url.startswith("https://"):
                raise bad_request(
                    f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed"
                )
        case "copy_text":
            text = value.get("text") if isinstance(value, dict) else None
            if not isinstance(text, str) or not 1 <= len(text) <= MAX_COPY_TEXT:
                raise bad_request("BUTTON_COPY_TEXT_INVALID")
        case "callback_game" | "pay":
            raise bad_request("BUTTON_TYPE_INVALID")
