"""Counting tokens: published figures, people's text, and a file that is not what it should be."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from core.mentor import tokens
from core.mentor.model import Ask, Image, Message, Part, Role, Text, UsageSource

COOKBOOK = (
    Message.of(
        Role.SYSTEM,
        "You are a helpful, pattern-following assistant that translates corporate jargon into plain English.",
    ),
    Message.of(Role.SYSTEM, "New synergies will help drive top-line growth.", "example_user"),
    Message.of(Role.SYSTEM, "Things working well together will increase revenue.", "example_assistant"),
    Message.of(
        Role.SYSTEM,
        "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage.",
        "example_user",
    ),
    Message.of(Role.SYSTEM, "Let's talk later when we're less busy about how to do better.", "example_assistant"),
    Message.of(
        Role.USER,
        "This late pivot means we don't have time to boil the ocean for the client deliverable.",
    ),
)
ITALIAN = "Un'equazione di secondo grado ha al più due soluzioni reali: il discriminante dice quante. " * 20
OFFLINE = """
import sys
from core.mentor import tokens
def refuse(event, args):
    if event.startswith("socket."): raise AssertionError(event)
sys.addaudithook(refuse)
print(tokens.count_text("Ciao, come si risolve x^2+1=0?"))
"""


def test_example_of_the_cookbook_has_its_published_count() -> None:
    """The six messages of OpenAI's cookbook are 124 tokens."""
    assert tokens.count_prompt(COOKBOOK) == 124


def test_italian_sentence_has_its_published_count() -> None:
    """A short question with a formula is 15 tokens."""
    assert tokens.count_text("Ciao, come si risolve x^2+1=0?") == 15


def test_nothing_is_no_token() -> None:
    """An empty text is 0 tokens, an empty prompt the 3 that open the reply."""
    assert tokens.count_text("") == 0
    assert tokens.count_prompt(()) == 3


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [(1024, 1024, 1229), (2048, 2048, 3000), (1, 1, 2), (32, 32, 2), (33, 32, 3), (4000, 3000, 2942)],
)
def test_picture_has_its_published_count(width: int, height: int, expected: int) -> None:
    """Patches of 32 pixels at 1.2 tokens each; a larger picture is shrunk to 2,500 of them."""
    assert tokens.count_image(width, height) == expected


@pytest.mark.parametrize(
    ("width", "height"), [(1_000_000, 32), (100_000, 10), (10, 100_000), (20_000, 1), (1601, 1601), (9999, 7777)]
)
def test_no_picture_costs_more_than_the_largest(width: int, height: int) -> None:
    """Whatever its shape, a picture is between 1 and 3,000 tokens."""
    assert 1 <= tokens.count_image(width, height) <= 3000


def test_picture_without_pixels_is_refused() -> None:
    """A picture of no height is no picture."""
    with pytest.raises(ValueError, match="pixel"):
        tokens.count_image(10, 0)


def test_picture_counts_beside_the_words() -> None:
    """A message with a photo is its words and the photo."""
    words: tuple[Part, ...] = (Text("Come si fa?"),)
    photo = Image(b"", "image/jpeg", 1024, 1024)

    with_photo = tokens.count_message(Message(Role.USER, (*words, photo)))

    assert with_photo == tokens.count_message(Message(Role.USER, words)) + 1229


@pytest.mark.parametrize(
    "text",
    ["<|endoftext|>" * 3, "\ud83d sola metà", "\x00\x07", "é" * 9, "a" * 200_000, " " * 200_000, "👩‍👩‍👧" * 20_000],
    ids=["special", "surrogate", "control", "accents", "letters", "blanks", "families"],
)
def test_whatever_people_send_is_counted(text: str) -> None:
    """Special marks, broken Unicode and 200,000 characters are text like any other."""
    assert 0 < tokens.count_text(text) <= 4 * len(text)


def test_used_tokens_are_marked_as_our_own_count() -> None:
    """What we count where the server did not is marked as estimated, and nothing of it as cached."""
    usage = tokens.count_usage(Ask(COOKBOOK, max_tokens=50), "Ciao, come si risolve x^2+1=0?")

    assert (usage.prompt, usage.cached, usage.completion, usage.source) == (124, 0, 15, UsageSource.ESTIMATED)


def test_no_network_is_used() -> None:
    """Counting works where every socket is refused, and where tiktoken's cache was meant to be elsewhere."""
    environment = {**os.environ, "TIKTOKEN_CACHE_DIR": "/nonexistent"}

    done = subprocess.run([sys.executable, "-c", OFFLINE], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - python itself

    assert done.stdout.strip() == "15", done.stderr


def test_counting_works_in_a_worker() -> None:
    """The functions can be handed to another process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as worker:
        assert worker.submit(tokens.count_prompt, COOKBOOK).result() == 124


def test_shipped_ranks_are_sound() -> None:
    """The file in the package has the hash that tiktoken expects."""
    tokens.check()


@pytest.mark.parametrize("damage", ["missing", "changed", "a folder"])
def test_damaged_ranks_are_told_and_kept(tmp_path: Path, damage: str) -> None:
    """A missing or changed file is an error that names it; tiktoken does not get to delete it and download another."""
    ranks = tmp_path / tokens.RANKS.name
    if damage == "changed":
        shutil.copy(tokens.RANKS, ranks)
        ranks.write_bytes(ranks.read_bytes()[:-100])
    elif damage == "a folder":
        ranks.mkdir()

    with pytest.raises(tokens.TokenizerDamaged, match="install Chiron again"):
        tokens.load(ranks)

    assert ranks.exists() == (damage != "missing")


def test_without_ranks_tokens_are_estimated(tmp_path: Path) -> None:
    """Without the file the count is by length, above the true one and not three times as high."""
    true = tokens.count_text(ITALIAN)

    estimated = tokens.count_text(ITALIAN, tmp_path / "none")

    assert true <= estimated == tokens.estimate(ITALIAN) < 3 * true
