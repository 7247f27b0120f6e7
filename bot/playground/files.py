"""Files in memory, and what an image says of itself in its header."""

import hashlib
import mimetypes
import secrets
import struct
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

MAX_PHOTO = 10 * 1024 * 1024
MAX_DOCUMENT = 50 * 1024 * 1024
MAX_DOWNLOAD = 20 * 1024 * 1024
THUMBNAIL_SIDE = 90

_FOLDERS = {"photo": "photos", "document": "documents", "voice": "voice", "audio": "music", "sticker": "stickers"}
_JPEG_SIZES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})


@dataclass(slots=True, frozen=True)
class StoredFile:
    """A file that somebody sent.

    Args:
        kind: photo, document, voice, audio or sticker: a file keeps the kind it was sent as.
        width: In pixels, 0 where it is no image.
    """

    file_id: str
    unique_id: str
    kind: str
    name: str
    mime_type: str
    path: str
    content: bytes
    width: int = 0
    height: int = 0

    def reference(self) -> Json:
        """Give the fields that every kind of file has."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.content)}


class FileStore:
    """The newest files, up to a budget of bytes."""

    def __init__(self, budget: int = 512 * 1024 * 1024) -> None:
        self._files: OrderedDict[str, StoredFile] = OrderedDict()
        self._paths: dict[str, str] = {}
        self._budget = budget
        self._bytes = 0
        self._count = 0

    def add(self, kind: str, content: bytes, name: str, mime_type: str) -> StoredFile:
        """Keep a file under a new id."""
        self._count += 1
        size = image_size(content) or (0, 0)
        guessed = mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        ending = name.rpartition(".")[2] if "." in name else {"photo": "jpg", "voice": "oga"}.get(kind, "bin")
        ending = ending if ending.isascii() and ending.isalnum() else "bin"
        file = StoredFile(
            file_id=secrets.token_urlsafe(36),
            unique_id=hashlib.blake2b(content, digest_size=9).hexdigest(),
            kind=kind,
            name=name or f"file.{ending}",
            mime_type=guessed,
            path=f"{_FOLDERS.get(kind, 'files')}/file_{self._count}.{ending}",
            content=content,
            width=size[0],
            height=size[1],
        )
        self._files[file.file_id] = file
        self._paths[file.path] = file.file_id
        self._bytes += len(content)
        while self._bytes > self._budget and len(self._files) > 1:
            _, oldest = self._files.popitem(last=False)
            self._paths.pop(oldest.path, None)
            self._bytes -= len(oldest.content)
        return file

    def get(self, file_id: str) -> StoredFile | None:
        """Find a file by its id; the id of a thumbnail gives the whole."""
        return self._files.get(file_id.removesuffix("-s"))

    def at(self, path: str) -> StoredFile | None:
        """Find a file by the path that getFile gave."""
        return self._files.get(self._paths.get(path, ""))


def photo_sizes(file: StoredFile) -> list[Json]:
    """List a photo as Telegram does: a thumbnail first, the largest last."""
    width, height = file.width, file.height
    largest = {**file.reference(), "width": width, "height": height}
    if max(width, height) <= THUMBNAIL_SIDE:
        return [largest]
    scale = THUMBNAIL_SIDE / max(width, height)
    small = {
        "file_id": f"{file.file_id}-s",
        "file_unique_id": f"{file.unique_id}s",
        "file_size": len(file.content),
        "width": max(1, round(width * scale)),
        "height": max(1, round(height * scale)),
    }
    return [small, largest]


def media_fields(file: StoredFile) -> Json:
    """Give the part of a Message that shows the file."""
    match file.kind:
        case "photo":
            return {"photo": photo_sizes(file)}
        case "voice":
            return {"voice": {**file.reference(), "duration": 3, "mime_type": file.mime_type}}
        case "audio":
            return {"audio": {**file.reference(), "duration": 3, "mime_type": file.mime_type, "file_name": file.name}}
        case "sticker":
            shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
            return {"sticker": {**file.reference(), **shape, "emoji": "🙂"}}
        case _:
            return {"document": {**file.reference(), "file_name": file.name, "mime_type": file.mime_type}}


def image_size(content: bytes) -> tuple[int, int] | None:
    """Read width and height in pixels of a PNG, JPEG or WebP; None where it is none of them."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
            width, height = struct.unpack(">II", content[16:24])
            return (width, height) if width and height else None
        if content.startswith(b"\xff\xd8\xff"):
            return _jpeg_size(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp_size(content)
    except (struct.error, IndexError):
        return None
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return (width, height) if width and height else None
        at += 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
    return None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    chunk = content[12:16]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None
