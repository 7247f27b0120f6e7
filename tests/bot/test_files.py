"""Pictures that people send, made small enough for a model."""

import io

import pytest
from PIL import Image

from bot.files import LONGEST_SIDE, shrink

KINDS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")


def drawn(kind: str, size: tuple[int, int] = (64, 48), mode: str = "RGB") -> bytes:
    """A picture as a file."""
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_every_usual_kind_becomes_a_jpeg(kind: str) -> None:
    """Whatever a phone or a scanner makes."""
    small, width, height = shrink(drawn(kind))

    with Image.open(io.BytesIO(small)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (width, height))
    assert (width, height) == (64, 48)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGBA"])
def test_every_depth(mode: str) -> None:
    """Scans in black and white, greys, palettes."""
    assert shrink(drawn("PNG", mode=mode))[1:] == (64, 48)


@pytest.mark.parametrize("size", [(6_000, 4_500), (4_000, 10), (3, 5_000)])
def test_no_side_is_longer_than_needed(size: tuple[int, int]) -> None:
    """Large ones become small, narrow ones keep at least a pixel."""
    _, width, height = shrink(drawn("PNG", size))

    assert max(width, height) == LONGEST_SIDE
    assert min(width, height) >= 1


@pytest.mark.parametrize(
    "content",
    [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a" + b"\xff" * 200, drawn("JPEG")[:200], drawn("PNG", (8_000, 7_000))],
    ids=["nothing", "a beginning", "noise", "cut", "too many pixels"],
)
def test_what_is_no_use_is_refused(content: bytes) -> None:
    """However a decoder puts it."""
    with pytest.raises(ValueError, match=r"^\w+$"):
        shrink(content)
