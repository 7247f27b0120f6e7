"""The data behind buttons: every press fits, comes back as it was, and nothing else is taken for one."""

import random
import uuid
from dataclasses import fields
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest

from bot.callbacks import MAX_BYTES, MAX_NUMBER, PRESSES, NotAPress, Press, Wish, decode
from bot.routes import PRESSES as ROUTES
from core.exams.outcomes import Face, Pick
from core.practice.model import Difficulty, Mode
from tests.e2e.test_stale import mutated

MUTATIONS = 10_000


def _values(hint: Any) -> list[Any]:
    """The shortest and the longest values of a field."""
    options = get_args(hint)
    if NoneType in options:
        return [None, *_values(next(option for option in options if option is not NoneType))]
    base = getattr(hint, "__supertype__", hint)
    if base is uuid.UUID:
        return [uuid.UUID(int=0), uuid.UUID(int=2**128 - 1), uuid.UUID("12345678-1234-5678-9abc-def012345678")]
    if base is bool:
        return [True, False]
    if base in (Mode, Difficulty, Face, Pick, Wish):
        return list(base)
    if base is str:
        return ["T", "x" * 18, "TOLC-PSI"]
    return [0, 1, 99]


def _examples(kind: type[Press]) -> list[Press]:
    hints = get_type_hints(kind)
    choices = [_values(hints[field.name]) for field in fields(kind)]  # type: ignore[arg-type]
    longest = max((len(values) for values in choices), default=1)
    return [kind(*(values[min(number, len(values) - 1)] for values in choices)) for number in range(longest)]


EVERY = [press for kind in PRESSES.values() for press in _examples(kind)]


@pytest.mark.parametrize("press", EVERY, ids=str)
def test_press_fits_and_comes_back(press: Press) -> None:
    """At most 64 bytes, and read as what was written."""
    data = press.encode()

    assert 1 <= len(data.encode()) <= MAX_BYTES
    assert decode(data) == press


def test_every_press_has_a_handler_and_a_code_of_its_own() -> None:
    """No press goes unanswered, and no two share a code."""
    assert set(ROUTES) == set(PRESSES.values())
    assert {kind.__name__ for kind in Press.__subclasses__()} == {kind.__name__ for kind in PRESSES.values()}


@pytest.mark.parametrize(
    "data",
    ["ei:", "ei:a b", "ei:" + "x" * 19, "eg:" + "A" * 22 + ":side:0",
     "", ":", "zz", "h:", "h:1", "qa", "qa:::", "qm:", "xe:-1", "xe:1.5", "xe:¹", "xe: 1", f"xe:{MAX_NUMBER + 1}",
     "xe:" + "9" * 60, "qx:" + "A" * 22 + ":0:0:2", "qg:" + "A" * 21, "qg:" + "A" * 21 + "B", "qg:" + "é" * 22,
     "qu:other::", "qu:mixed::brutal", "\ud800", "\x00", "🙂"],
)  # fmt: skip
def test_anything_else_is_no_press(data: str) -> None:
    """Wrong codes, numbers of parts, numbers, ids, words: all are told apart from presses."""
    with pytest.raises(NotAPress):
        decode(data)


def test_mutated_data_never_surprises() -> None:
    """Ten thousand mutations of real buttons: each is no press, or one that is written as it was read."""
    rng = random.Random(2026)
    seeds = [press.encode() for press in EVERY]
    taken = 0
    for _ in range(MUTATIONS):
        data = mutated(rng.choice(seeds), rng)
        try:
            press = decode(data)
        except NotAPress:
            continue
        taken += 1
        assert decode(press.encode()) == press
        assert len(press.encode().encode()) <= MAX_BYTES

    assert 0 < taken < MUTATIONS // 2
