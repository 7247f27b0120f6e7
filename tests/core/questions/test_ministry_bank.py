"""The real set of the medical admission test, where it is at hand."""

from collections import Counter
from pathlib import Path

import pytest

from core.questions.reading import Reading, read_bank, write_jsonl

BANK = Path(__file__).parents[3].parent / "shared" / "data" / "banks" / "test_medicina.jsonl"
pytestmark = pytest.mark.skipif(not BANK.exists(), reason="test_medicina.jsonl is not beside the repository")


@pytest.fixture(scope="module")
def reading() -> Reading:
    """The set as it is read."""
    return read_bank(BANK)


def test_nearly_all_can_be_asked(reading: Reading) -> None:
    """Each topic brings its questions; only equal options and lost signs are left out."""
    assert Counter(item.topic[0] for item in reading.bank.items) == {
        "biologia": 1_180,
        "chimica": 1_004,
        "competenze-conoscenze": 245,
        "fisica-matematica": 619,
        "logica": 212,
    }
    assert Counter(rejection.code for rejection in reading.rejected) == {"equal-options": 11, "lost-sign": 30}


def test_it_survives_our_own_form(reading: Reading) -> None:
    """Written and read back, every question has its fingerprint."""
    again = read_bank("\n".join(write_jsonl(reading.bank)).encode(), "again.jsonl")

    assert again.bank == reading.bank
    assert again.rejected == ()
