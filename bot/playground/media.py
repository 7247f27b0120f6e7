"""The Bot API methods about photos and documents."""

from typing import Any

from bot.playground.files import MAX_DOCUMENT, MAX_PHOTO, StoredFile, image_size, media_fields
from bot.playground.methods import (
    CAPTIONED,
    Method,
    caption_fields,
    deliver,
    draw_up,
    editable,
    settle_edit,
    without,
    writable,
)
from bot.playground.params import Params, Upload
from bot.playground.refusals import Refused, bad_request
from bot.playground.state import World

Json = dict[str, Any]

MAX_SIDES = 10_000
"""Width and height of a photo together, in pixels."""
MAX_RATIO = 20


def _source(params: Params, value: object) -> Upload | str:
    """Tell an uploaded file from the id of a known one."""
    text = str(value or "")
    if text.startswith("attach://"):
        upload = params.files.get(text.removeprefix("attach://"))
        if upload is None:
            raise bad_request(f"wrong file identifier/HTTP URL specified: no part {text!r} in the request")
        return upload
    return text


def take(world: World, params: Params, kind: str, value: object) -> StoredFile:
    """Get the file that a call sends, checked as its kind.

    Args:
        world: Where files are kept.
        params: Of the call; they carry what was uploaded.
        kind: photo or document.
        value: What the parameter holds: `attach://part`, a file id, or an URL, which a loopback server does not fetch.
    """
    source = params.files.get(kind) if not value else None
    given = source or _source(params, value)
    if isinstance(given, Upload):
        _check(kind, given.content)
        return world.files.add(kind, given.content, given.name, given.mime_type)
    if not given:
        raise bad_request(f"there is no {kind} in the request")
    if given.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    file = world.files.get(given)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if file.kind != kind:
        raise bad_request(f"can't use file of type {file.kind.title()} as {kind.title()}")
    return file


def _check(kind: str, content: bytes) -> None:
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > MAX_DOCUMENT:
        raise Refused("Request Entity Too Large", 413)
    if kind != "photo":
        return
    if len(content) > MAX_PHOTO:
        raise bad_request(
            f"file of size {len(content)} bytes is too big for a photo; the maximum size is {MAX_PHOTO} bytes",
        )
    size = image_size(content)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(size) > MAX_SIDES or max(size) > MAX_RATIO * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def _send(world: World, params: Params, kind: str) -> Json:
    chat = writable(world, params)
    caption = caption_fields(params)
    file = take(world, params, kind, params.values.get(kind))
    message = draw_up(world, params, chat)
    message |= media_fields(file) | caption
    return deliver(world, params, chat, message)


def send_photo(world: World, params: Params) -> Json:
    """Send a photo."""
    return _send(world, params, "photo")


def send_document(world: World, params: Params) -> Json:
    """Send a file as a document."""
    return _send(world, params, "document")


def edit_message_media(world: World, params: Params) -> Json:
    """Replace a photo or document, or give a text one."""
    chat, old = editable(world, params)
    media = params.nested("media", "input media")
    if not isinstance(media, dict):
        raise bad_request("object expected as InputMedia")
    kind = media.get("type")
    if kind not in ("photo", "document"):
        raise bad_request("can't parse InputMedia: type of the media is not supported by the playground")
    caption = caption_fields(Params(media))
    file = take(world, params, kind, media.get("media"))
    dropped = (*CAPTIONED, "text", "entities", "link_preview_options", "caption", "caption_entities")
    new = without(old, *dropped) | media_fields(file) | caption
    return settle_edit(world, params, chat, old, new)


METHODS: dict[str, Method] = {
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "editMessageMedia": edit_message_media,
}
