"""Counting tokens without a network: o200k_base, from the ranks that are shipped beside this module.

Loading takes 0.2 s and 90 MB, so this runs in the worker process; everything here is a plain function of its
arguments. What the provider counts is the truth; this is for before a call, and for where the provider does not say.
"""

import hashlib
import math
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from core.mentor.model import Ask, Image, Message, Text, Usage, UsageSource

if TYPE_CHECKING:
    import tiktoken

ENCODING = "o200k_base"
RANKS = Path(__file__).parent / "tokenizer" / "fb374d419588a4632f3f557e76b4b70aebbca790"
"""Named as tiktoken's cache names it: the sha1 of the address that it would download it from."""
RANKS_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"

PER_MESSAGE = 3
PER_NAME = 1
PER_REPLY = 3

PATCH_PIXELS = 32
MOST_PATCHES = 2500
TOKENS_PER_PATCH = (6, 5)
"""1.2, as a fraction: floats would round 1.2 * 1024 by chance."""

LETTERS_PER_TOKEN = 2
"""Fewer than students' texts have (Italian with formulas: 2.9), so that an estimate seldom is too low."""

log = structlog.get_logger(__name__)


class TokenizerDamaged(Exception):  # noqa: N818 - named for what is the matter
    """The ranks that belong to the program are missing or changed; its text says which file, and what to do."""


def count_text(text: str, ranks: Path = RANKS) -> int:
    """How many tokens a text is; without sound ranks an estimate that is rather too high."""
    encoding = _encoding_if_sound(ranks)
    # encode() would raise on "<|endoftext|>", which anybody may write.
    return estimate(text) if encoding is None else len(encoding.encode_ordinary(text))


def estimate(text: str) -> int:
    """Tokens judged by length alone, rather too many: half the ASCII characters, and every byte of the others."""
    plain = sum(character.isascii() for character in text)
    other = len(text.encode("utf-8", "surrogatepass")) - plain
    return math.ceil(plain / LETTERS_PER_TOKEN) + other


def count_image(width: int, height: int) -> int:
    """How many tokens a picture is, for models that see it in patches of 32 pixels (gpt-5.2 and later).

    Args:
        width: Pixels, at least 1.
        height: Pixels, at least 1.

    Source: OpenAI's guide to images and vision, patch-based models: at most 2,500 patches, the picture is made smaller
        until it fits, keeping its shape.
    """
    if min(width, height) < 1:
        raise ValueError("a picture has at least one pixel")
    patches = _patches(width, height)
    if patches > MOST_PATCHES:
        shrink = math.sqrt(PATCH_PIXELS**2 * MOST_PATCHES / (width * height))
        across, down = width * shrink / PATCH_PIXELS, height * shrink / PATCH_PIXELS
        # Whole patches in the tighter direction; a very long and narrow one has at least one.
        shrink *= min(max(1, math.floor(across)) / across, max(1, math.floor(down)) / down)
        patches = min(MOST_PATCHES, _patches(width * shrink, height * shrink))
    times, by = TOKENS_PER_PATCH
    return -(-patches * times // by)


def count_message(message: Message) -> int:
    """How many tokens a message adds to a prompt."""
    tokens = PER_MESSAGE + count_text(message.role)
    for part in message.parts:
        match part:
            case Text(text):
                tokens += count_text(text)
            case Image(width=width, height=height):
                tokens += count_image(width, height)
    if message.name is not None:
        tokens += PER_NAME + count_text(message.name)
    return tokens


def count_prompt(messages: Iterable[Message]) -> int:
    """How many tokens a prompt is.

    Source: "How to count tokens with tiktoken", OpenAI's cookbook: 3 a message and 3 for the reply.
    """
    return PER_REPLY + sum(count_message(message) for message in messages)


def count_usage(ask: Ask, written: str) -> Usage:
    """What a call used, counted by us: the prompt as if nothing of it had been cached.

    Args:
        ask: What was asked.
        written: All that came, reasoning that the server showed included.
    """
    return Usage(count_prompt(ask.messages), completion=count_text(written), source=UsageSource.ESTIMATED)


def check(ranks: Path = RANKS) -> None:
    """See that the ranks are the ones that belong here.

    Raises:
        TokenizerDamaged: They are missing, cannot be read, or are others.
    """
    remedy = f"install Chiron again; until then tokens are estimated by length ({ranks})"
    try:
        found = hashlib.sha256(ranks.read_bytes()).hexdigest()
    except OSError as error:
        raise TokenizerDamaged(f"The tokenizer's ranks cannot be read ({type(error).__name__}): {remedy}") from error
    if found != RANKS_SHA256:
        raise TokenizerDamaged(f"The tokenizer's ranks are damaged: {remedy}")


def load(ranks: Path = RANKS) -> "tiktoken.Encoding":
    """The encoding, from a file that was checked first: tiktoken replaces one it does not like by a download.

    Raises:
        TokenizerDamaged: The file is missing, cannot be read, or is another.
    """
    check(ranks)
    os.environ["TIKTOKEN_CACHE_DIR"] = str(ranks.parent)
    import tiktoken  # noqa: PLC0415 - only where tokens are counted

    return tiktoken.get_encoding(ENCODING)


@cache
def _encoding_if_sound(ranks: Path) -> "tiktoken.Encoding | None":
    try:
        return load(ranks)
    except TokenizerDamaged as error:
        log.warning("tokenizer-damaged", reason=str(error))
        return None


def _patches(width: float, height: float) -> int:
    return math.ceil(width / PATCH_PIXELS) * math.ceil(height / PATCH_PIXELS)
