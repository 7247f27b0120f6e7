"""Telegram's HTML: marked-up text in, plain text and entities with UTF-16 offsets out.

Follows `parse_html` and `fix_formatted_text` of tdlib (td/telegram/MessageEntity.cpp) where a bot can tell the
difference: the words of the errors, the byte offsets in them, what is trimmed, what may nest in what.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from bot.playground.refusals import bad_request

Entity = dict[str, Any]

MAX_ENTITIES = 100

_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS = frozenset(_STYLES) | {"a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}
_SPLITTABLE = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
_QUOTES = frozenset({"blockquote", "expandable_blockquote"})
_VERBATIM = frozenset({"code", "pre"})
_NESTING = {"blockquote": 0, "expandable_blockquote": 0, "pre": 1, "code": 2, "text_link": 3, "text_mention": 3}
_KINDS = _SPLITTABLE | _QUOTES | _VERBATIM | {"text_link", "text_mention", "custom_emoji", "date_time"}
# Telegram finds these itself and ignores them when a bot sends them.
_FOUND = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number"})

_SPACE = " \t\r\n\v\0"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f]")
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32)), " ") | {0x0D: None}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TAG_NAME = re.compile(r"[^ \t\r\n\v\0>]*")
_ATTRIBUTE = re.compile(r"[^ \t\r\n\v\0=>/\"']*")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")
_MENTION_URL = re.compile(r"tg://user\?id=([0-9]+)")
_LAST_CODE_POINT = 0x10FFFF
_LAST_BMP = 0xFFFF


def utf16_length(text: str) -> int:
    """Count UTF-16 code units, the unit of every offset and limit in the Bot API."""
    if text.isascii():
        return len(text)
    return len(text) + sum(1 for char in text if ord(char) > _LAST_BMP)


def clean(text: str) -> str:
    """Turn control characters into spaces and drop carriage returns, as Telegram does."""
    return text.translate(_CONTROLS) if _CONTROL.search(text) else text


def commands_in(text: str) -> list[Entity]:
    """Find the `/commands` that every client shows as links."""
    if "/" not in text:
        return []
    return [
        {
            "type": "bot_command",
            "offset": utf16_length(text[: match.start()]),
            "length": len(match.group()),
        }
        for match in _COMMAND.finditer(text)
    ]


@dataclass(slots=True)
class _Open:
    """A start tag that waits for its end."""

    tag: str
    argument: str
    options: dict[str, str]
    offset: int
    piece: int


def parse_html(text: str) -> tuple[str, list[Entity]]:
    """Read Telegram's HTML.

    Returns:
        The text, trimmed, and its entities in Telegram's order.

    Raises:
        Refused: `can't parse entities: ...`, with the offset of the fault in UTF-8 bytes.
    """
    text = clean(text)
    if "<" not in text and "&" not in text:
        return finish(text, [])
    return finish(*_Reader(text).read())


class _Reader:
    """One pass over the text, a method a kind of token."""

    __slots__ = ("at", "entities", "length", "open", "pieces", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.length = 0
        self.pieces: list[str] = []
        self.entities: list[Entity] = []
        self.open: list[_Open] = []

    def read(self) -> tuple[str, list[Entity]]:
        source = self.source
        while True:
            start = source.find("<", self.at)
            self._plain(source[self.at : start] if start >= 0 else source[self.at :])
            if start < 0:
                break
            self.at = start + 1
            if source.startswith("/", self.at):
                self._end_tag(start)
            else:
                self._start_tag(start)
        if self.open:
            raise bad_request(
                f"can't parse entities: Can't find end tag corresponding to start tag \"{self.open[-1].tag}\"",
            )
        return "".join(self.pieces), self.entities

    def _fault(self, words: str, position: int, after: str = "") -> Exception:
        offset = len(self.source[:position].encode())
        return bad_request(f"can't parse entities: {words} at byte offset {offset}{after}")

    def _plain(self, piece: str) -> None:
        if not piece:
            return
        if "&" in piece:
            piece = _REFERENCE.sub(_referred, piece)
        self.pieces.append(piece)
        self.length += utf16_length(piece)

    def _skip_space(self) -> None:
        while self.at < len(self.source) and self.source[self.at] in _SPACE:
            self.at += 1

    def _peek(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else ""

    def _start_tag(self, start: int) -> None:
        match = _TAG_NAME.match(self.source, self.at)
        name = match.group().lower() if match else ""
        self.at += len(name)
        if not self._peek():
            raise self._fault("Unclosed start tag", start)
        if name not in _TAGS:
            raise self._fault(f'Unsupported start tag "{name}"', start)
        argument, options = self._attributes(name, start)
        if name == "span" and argument != "spoiler":
            raise self._fault('Tag "span" must have class "tg-spoiler"', start)
        self.open.append(_Open(name, argument, options, self.length, len(self.pieces)))

    def _attributes(self, tag: str, start: int) -> tuple[str, dict[str, str]]:
        """Read up to the closing bracket; keep only what the tag knows."""
        argument = ""
        options: dict[str, str] = {}
        while True:
            self._skip_space()
            if self._peek() == ">":
                self.at += 1
                return argument, options
            name = self._attribute_name(tag, start)
            self._skip_space()
            if self._peek() == "=":
                self.at += 1
                self._skip_space()
                value = self._value(tag, start)
            elif self._peek():
                value = ""
            else:
                raise self._fault(f'Unclosed start tag "{tag}"', start)
            if (tag, name) == ("tg-time", "format"):
                options["date_time_format"] = value
            else:
                argument = _argument(tag, name, value) or argument

    def _attribute_name(self, tag: str, start: int) -> str:
        if not self._peek():
            raise self._fault("Unclosed start tag", start)
        match = _ATTRIBUTE.match(self.source, self.at)
        name = match.group() if match else ""
        if not name:
            raise self._fault(f'Empty attribute name in the tag "{tag}"', start)
        self.at += len(name)
        return name.lower()

    def _value(self, tag: str, start: int) -> str:
        quote = self._peek()
        if not quote:
            raise self._fault(f'Unclosed start tag "{tag}"', start)
        if quote in "\"'":
            end = self.source.find(quote, self.at + 1)
            if end < 0 or end + 1 == len(self.source):
                raise self._fault("Unclosed start tag", start)
            value = _REFERENCE.sub(_referred, self.source[self.at + 1 : end])
            self.at = end + 1
            return value
        begin = self.at
        match = _TOKEN.match(self.source, begin)
        token = match.group() if match else ""
        self.at += len(token)
        if not self._peek():
            raise self._fault("Unclosed start tag", start)
        if self._peek() not in _SPACE and self._peek() != ">":
            raise self._fault("Unexpected end of name token", begin)
        return token.lower()

    def _end_tag(self, start: int) -> None:
        if not self.open:
            raise self._fault("Unexpected end tag", start)
        self.at += 1
        match = _TAG_NAME.match(self.source, self.at)
        name = match.group() if match else ""
        self.at += len(name)
        self._skip_space()
        if self._peek() != ">":
            raise self._fault("Unclosed end tag", start)
        self.at += 1
        opened = self.open.pop()
        if name and name.lower() != opened.tag:
            raise self._fault("Unmatched end tag", start, f', expected "</{opened.tag}>", found "</{name}>"')
        if self.length > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: Entity = {"type": "", "offset": opened.offset, "length": self.length - opened.offset}
        tag, argument = opened.tag, opened.argument
        if tag in ("code", "pre"):
            self._close_code(entity, tag, argument)
            return
        if tag == "a":
            if _link(entity, argument or "".join(self.pieces[opened.piece :])):
                self.entities.append(entity)
            return
        if tag == "blockquote":
            entity["type"] = "expandable_blockquote" if argument else "blockquote"
        elif tag == "tg-emoji":
            entity |= {"type": "custom_emoji", "custom_emoji_id": str(_positive(argument, "custom emoji identifier"))}
        elif tag == "tg-time":
            entity |= {"type": "date_time", "unix_time": _positive(argument, "date")} | opened.options
        else:
            entity["type"] = _STYLES[tag]
        self.entities.append(entity)

    def _close_code(self, entity: Entity, tag: str, argument: str) -> None:
        if self._same_span(entity, "code" if tag == "pre" else "pre"):
            self._join_code(tag, argument)
            return
        entity["type"] = tag
        if tag == "code" and argument:
            entity["_language"] = argument
        self.entities.append(entity)

    def _same_span(self, entity: Entity, kind: str) -> bool:
        if not self.entities:
            return False
        last = self.entities[-1]
        return (last["type"], last["offset"], last["length"]) == (kind, entity["offset"], entity["length"])

    def _join_code(self, tag: str, argument: str) -> None:
        """`<pre><code class="language-x">`, in either order, is one block with a language."""
        last = self.entities[-1]
        language = last.pop("_language", "") or (argument if tag == "code" else "")
        last["type"] = "pre"
        if language:
            last["language"] = language


def _positive(argument: str, what: str) -> int:
    if not (argument.isascii() and argument.isdecimal()) or int(argument) == 0:
        raise bad_request(f"can't parse entities: Invalid {what} specified")
    return int(argument)


def _argument(tag: str, attribute: str, value: str) -> str:
    """Give what an attribute says of its tag, empty where the tag does not know it."""
    match (tag, attribute):
        case ("a", "href") | ("tg-emoji", "emoji-id") | ("tg-time", "unix"):
            return value
        case ("code", "class") if value.startswith("language-"):
            return value[9:]
        case ("span", "class") if value.startswith("tg-"):
            return value[3:]
        case ("blockquote", "expandable"):
            return "1"
        case _:
            return ""


def _referred(match: re.Match[str]) -> str:
    """Give the character that a reference names, or the text as it stands."""
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED.get(name, match.group())
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if not 0 < code <= _LAST_CODE_POINT or 0xD800 <= code <= 0xDFFF:
        return match.group()
    return chr(code)


def checked_url(url: str) -> str | None:
    """Complete a link as Telegram does, or None where it is no link."""
    url = url.strip()
    if not url or any(char.isspace() for char in url):
        return None
    try:
        parts = urlsplit(url)
        if parts.scheme in ("tg", "ton", "tonsite"):
            return url if parts.netloc or parts.path else None
        if not parts.scheme or "://" not in url:
            parts = urlsplit(f"http://{url}")
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    if "." not in host.strip(".") and ":" not in host and host != "localhost":
        return None
    return parts._replace(path=parts.path or "/").geturl()


def _link(entity: Entity, url: str) -> bool:
    mention = _MENTION_URL.fullmatch(url.strip())
    if mention:
        entity["type"] = "text_mention"
        entity["user"] = {"id": int(mention.group(1)), "is_bot": False, "first_name": ""}
        return True
    checked = checked_url(url)
    if checked is None:
        return False
    entity["type"] = "text_link"
    entity["url"] = checked
    return True


def given(text: str, listed: object) -> tuple[str, list[Entity]]:
    """Take the entities that a bot sent as a list instead of a parse mode."""
    if not isinstance(listed, list):
        raise bad_request("can't parse entities: expected an Array")
    text = clean(text)
    total = utf16_length(text)
    kept: list[Entity] = []
    for entity in listed:
        if not isinstance(entity, dict):
            raise bad_request("can't parse entities: expected an Object")
        kind, offset, length = str(entity.get("type")), entity.get("offset"), entity.get("length")
        if kind in _FOUND:
            continue
        if kind not in _KINDS:
            raise bad_request("can't parse entities: unsupported type of message entity specified")
        if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length <= 0:
            raise bad_request(f"entity {{{offset}, {length}}} has wrong offset or length")
        if offset + length > total:
            raise bad_request("entity ends after the end of the text")
        entity = dict(entity)  # noqa: PLW2901 - the caller's list stays as it came
        if kind == "text_link":
            url = checked_url(str(entity.get("url", "")))
            if url is None:
                raise bad_request(f"entity URL '{entity.get('url', '')}' is invalid: Wrong HTTP URL")
            entity["url"] = url
        kept.append(entity)
    return finish(text, kept)


def finish(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Trim both ends, drop entities that show nothing, keep nesting and number within Telegram's rules."""
    if not entities:
        return text.strip(" \n\t"), []
    entities = _nest(entities)
    entities.sort(key=_order)
    if text[:1].isspace() or text[-1:].isspace():
        text = _trim(text, entities)
    units = text.encode("utf-16-le", "surrogatepass")
    kept = []
    for entity in entities:
        entity.pop("_language", None)
        if entity["length"] <= 0:
            continue
        start = entity["offset"] * 2
        shown = units[start : start + entity["length"] * 2].decode("utf-16-le", "replace")
        if shown.strip() or entity["type"] in _VERBATIM:
            kept.append(entity)
    return text, kept[:MAX_ENTITIES]


def _order(entity: Entity) -> tuple[int, int, int]:
    return entity["offset"], -entity["length"], _NESTING.get(entity["type"], 9)


def _trim(text: str, entities: list[Entity]) -> str:
    first = entities[0]["offset"]
    leading = len(text) - len(text.lstrip(" \n\t"))
    # White space at the start that belongs to an entity stays, as in tdlib; so it does in a code block.
    leading = min(leading, first)
    text = text[leading:].rstrip(" \n\t")
    total = utf16_length(text)
    for entity in entities:
        entity["offset"] -= leading
        entity["length"] = min(entity["length"], total - entity["offset"])
    return text


def _nest(entities: list[Entity]) -> list[Entity]:
    """Apply the rules of nesting.

    Code holds nothing and sits in nothing but a quote; quotes and links do not hold their own kind; a style inside
    the same style is one style; a style that meets code is cut around it.
    """
    if len(entities) == 1:
        return entities
    kept: list[Entity] = []
    solid: list[Entity] = []
    styles: list[Entity] = []
    for entity in sorted(entities, key=_order):
        kind = entity["type"]
        if kind in _SPLITTABLE:
            styles.append(entity)
            continue
        held = solid if kind not in _QUOTES else [other for other in kept if other["type"] in _QUOTES | _VERBATIM]
        if any(_meet(entity, other) for other in held):
            continue
        kept.append(entity)
        if kind not in _QUOTES:
            solid.append(entity)
    verbatim = [entity for entity in kept if entity["type"] in _VERBATIM]
    holders = [entity for entity in kept if entity["type"] not in _VERBATIM] if verbatim else []
    last: dict[str, int] = {}
    for style in styles:
        start, end = style["offset"], style["offset"] + style["length"]
        start = max(start, last.get(style["type"], 0))
        if start >= end:
            continue
        last[style["type"]] = end
        for piece in _cut(style, start, end, verbatim):
            kept.extend(_split(piece, holders))
    return kept


def _meet(one: Entity, other: Entity) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"],
    )


def _cut(style: Entity, start: int, end: int, around: list[Entity]) -> list[Entity]:
    pieces = []
    for block in around:
        block_end = block["offset"] + block["length"]
        if block_end <= start or block["offset"] >= end:
            continue
        if block["offset"] > start:
            pieces.append({"type": style["type"], "offset": start, "length": block["offset"] - start})
        start = block_end
    if start < end:
        pieces.append({"type": style["type"], "offset": start, "length": end - start})
    return pieces


def _split(piece: Entity, holders: list[Entity]) -> list[Entity]:
    """Split a piece where a quote or link that holds only a part of it begins or ends."""
    start, end = piece["offset"], piece["offset"] + piece["length"]
    edges = {start, end}
    for holder in holders:
        low, high = holder["offset"], holder["offset"] + holder["length"]
        if low < start < high < end:
            edges.add(high)
        elif start < low < end < high:
            edges.add(low)
    points = sorted(edges)
    return [{"type": piece["type"], "offset": one, "length": other - one} for one, other in pairwise(points)]
