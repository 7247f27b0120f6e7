"""Ids in buttons: short, and one spelling only."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import from_short, to_short

SOME = uuid.UUID("0f4e7d5c-0b57-4c55-9f0c-6f1a1d0f7b0e")


@given(st.uuids())
def test_a_short_id_is_the_same_id(value: uuid.UUID) -> None:
    """Any UUID survives 22 characters that need no escaping."""
    short = to_short(value)

    assert from_short(short) == value
    assert len(short) == 22
    assert set(short) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    "text",
    ["", "x", to_short(SOME)[:-1], to_short(SOME) + "A", "!" * 22, " " * 22, "é" * 22, str(SOME), "=" * 22],
)
def test_anything_else_is_refused(text: str) -> None:
    """A text of another length or with other signs is no id."""
    with pytest.raises(ValueError):  # noqa: PT011 - binascii brings its own words
        from_short(text)


def test_a_second_spelling_is_refused() -> None:
    """The last character has four spare bits: only one of sixteen spellings is an id, so that equal means same."""
    short = to_short(SOME)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    others = [short[:-1] + sign for sign in alphabet if sign != short[-1]]

    refused = 0
    for other in others:
        try:
            assert from_short(other) != SOME
        except ValueError:
            refused += 1

    assert refused == 60


@given(st.text(max_size=30))
def test_random_text_never_breaks_it(text: str) -> None:
    """Whatever comes, it is an id or a ValueError."""
    try:
        value = from_short(text)
    except ValueError:
        return
    assert to_short(value) == text
