"""Files that people send, fetched from the Bot API and made small enough for a model."""

import asyncio
import io
from typing import TYPE_CHECKING

import structlog
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.worker import TooSlow, Worker
from core.mentor.conversation import Media
from core.mentor.model import Image

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

FETCH_SECONDS = 60.0
PAUSES = (0.3, 1.5)
"""Seconds before another try, where Telegram did not answer."""
SHRINK_SECONDS = 20.0
LONGEST_SIDE = 1_536
"""Pixels: a page of an exercise book can be read, and costs under 3,000 tokens."""
MOST_PIXELS = 50_000_000
"""A small file can declare a picture that fills the memory."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
"""What phones and scanners make. Other readers are not even tried: some start programs."""
QUALITY = 85
LEAST_SOUND = 256
"""Bytes: less than this is no voice message but its frame."""
BIGGEST = 20 * 2**20

log = structlog.get_logger(__name__)


class TelegramFiles:
    """Fetches files by their id; see `core.mentor.replies.Files`."""

    def __init__(self, bot: ExtBot[None], worker: Worker) -> None:
        self._bot = bot
        self._worker = worker

    async def picture(self, media: Media) -> Image | None:
        """A photo, made small enough; None if it cannot be had or read."""
        content = await self._fetch(media)
        if content is None:
            return None
        try:
            small, width, height = await self._worker.run(SHRINK_SECONDS, shrink, content)
        except (TooSlow, ValueError) as error:
            log.info("picture-unreadable", reason=type(error).__name__)
            return None
        return Image(small, "image/jpeg", width, height)

    async def sound(self, media: Media) -> bytes | None:
        """A voice message; None if it cannot be had or is empty."""
        content = await self._fetch(media)
        return content if content is not None and len(content) >= LEAST_SOUND else None

    async def _fetch(self, media: Media) -> bytes | None:
        """The file, tried for some seconds; None if it cannot be had."""
        for pause in (*PAUSES, None):
            try:
                async with asyncio.timeout(FETCH_SECONDS):
                    file = await self._bot.get_file(media.file_id)
                    if (file.file_size or 0) > BIGGEST:
                        return None
                    return bytes(await file.download_as_bytearray())
            except (TelegramError, TimeoutError) as error:
                log.info("file-not-fetched", reason=type(error).__name__)
                passing = isinstance(error, NetworkError | RetryAfter) and not isinstance(error, BadRequest)
                if pause is None or not passing:
                    return None
                await asyncio.sleep(pause)
        return None


def shrink(content: bytes) -> tuple[bytes, int, int]:
    """A picture as JPEG, upright, no side longer than a model needs; with its width and height in pixels.

    Raises:
        ValueError: It is no picture, or one that is too large to be opened.
    """
    import warnings  # noqa: PLC0415 - only the worker needs these

    from PIL import Image as Picture  # noqa: PLC0415
    from PIL import ImageOps  # noqa: PLC0415

    Picture.MAX_IMAGE_PIXELS = MOST_PIXELS  # it warns above, and raises at twice as many
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Picture.DecompressionBombWarning)
            with Picture.open(io.BytesIO(content), formats=FORMATS) as opened:
                opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(opened)
                plain = _on_white(upright) if upright.has_transparency_data else upright.convert("RGB")
    except Exception as error:  # noqa: BLE001 - decoders fail at damaged files in many ways of their own
        raise ValueError(type(error).__name__) from None
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=QUALITY)  # without what the camera wrote beside the picture: place, time, device
    return out.getvalue(), plain.width, plain.height


def _on_white(picture: "Picture") -> "Picture":
    """A picture without holes: black formulas of a screenshot would else stand on black."""
    from PIL import Image as Pictures  # noqa: PLC0415

    above = picture.convert("RGBA")
    return Pictures.alpha_composite(Pictures.new("RGBA", above.size, "white"), above).convert("RGB")
