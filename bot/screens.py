"""What a message is, without telegram: words, keys, perhaps a picture."""

import html
import re
from dataclasses import dataclass, replace
from typing import Literal

from markupsafe import Markup

from bot.callbacks import Press

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

KeyStyle = Literal["primary", "success", "danger"]


@dataclass(frozen=True, slots=True)
class Key:
    """A button below a message: it presses, or it opens an address."""

    label: str
    press: Press | None = None
    url: str | None = None
    style: KeyStyle | None = None


Keys = tuple[tuple[Key, ...], ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """A picture of a formula; `spoken` is what it says in words."""

    latex: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of values in percent over time; `spoken` is what it says in words."""

    title: str
    labels: tuple[str, ...]
    values: tuple[int, ...]
    spoken: str


@dataclass(frozen=True, slots=True)
class Screen:
    """A message as it should stand in the chat.

    Attributes:
        text: Telegram's HTML; with a picture, its caption.
        keys: Rows of buttons.
        picture: Shown above the text.
        place: Flow that it belongs to; stored, so that a restart finds it ("" changes nothing).
        ref: Id of what the flow shows; without a place, of what the message is about.
        below: Sent as a new message; the pressed one only loses its keys.
        toast: Short answer to a press, shown over the chat.
        silent: Sent without a sound.
    """

    text: Markup
    keys: Keys = ()
    picture: Formula | Chart | None = None
    place: str = ""
    ref: str = ""
    below: bool = False
    toast: str | None = None
    silent: bool = False

    def lowered(self) -> "Screen":
        """The same screen, as a new message at the bottom."""
        return replace(self, below=True)

    def with_toast(self, toast: str) -> "Screen":
        """The same screen, and a short answer to the press."""
        return replace(self, toast=toast)


_TAG = re.compile(r"<[^>]*>")


def plain(text: Markup) -> str:
    """What a reader sees of a text, without its tags."""
    return html.unescape(_TAG.sub("", str(text)))


def units(text: str) -> int:
    """Length of a plain text as Telegram counts it: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def visible_length(text: Markup) -> int:
    """Length of a text as Telegram counts it: without tags, in UTF-16 units."""
    return units(plain(text))


def rows(keys: list[Key], width: int) -> Keys:
    """Keys in rows of at most `width`."""
    return tuple(tuple(keys[start : start + width]) for start in range(0, len(keys), width))
