"""Reads the parameters of a Bot API call, however they came: form, JSON or multipart."""

import json
from typing import Any

from bot.playground.refusals import bad_request

_YES = frozenset({"true", "yes", "1"})


class Upload:
    """A file that came in the body of a call."""

    __slots__ = ("content", "mime_type", "name")

    def __init__(self, content: bytes, name: str, mime_type: str) -> None:
        self.content = content
        self.name = name
        self.mime_type = mime_type

    def __repr__(self) -> str:
        return f"Upload({self.name!r}, {len(self.content)} bytes)"


class Params:
    """Values of one call; a value may be a string (forms) or already typed (JSON bodies)."""

    __slots__ = ("files", "values")

    def __init__(self, values: dict[str, Any], files: dict[str, Upload] | None = None) -> None:
        self.values = values
        self.files = files or {}

    def has(self, name: str) -> bool:
        """Say whether the parameter was given with a value."""
        value = self.values.get(name)
        return value is not None and value != ""

    def text(self, name: str) -> str:
        """Give a string, empty where there is none."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if not isinstance(value, str):
            return str(value) if isinstance(value, int | float) else json.dumps(value)
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise bad_request("strings must be encoded in UTF-8") from None
        return value

    def integer(self, name: str, default: int = 0) -> int:
        """Give a whole number, the default where there is none or it is not one."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError, OverflowError):
            return default

    def flag(self, name: str) -> bool:
        """Give a truth value as Telegram reads it: true, yes or 1."""
        value = self.values.get(name)
        if value is None or value == "":
            return False
        return value is True or str(value).strip().lower() in _YES

    def nested(self, name: str, what: str) -> Any:
        """Give an object or array, None where there is none.

        Raises:
            Refused: `can't parse <what> JSON object`.
        """
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None
