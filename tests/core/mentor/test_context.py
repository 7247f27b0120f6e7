"""Trimming a conversation in blocks."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from core.mentor.context import Line, keep_from

CAP = 1000
TOKENS = st.lists(st.tuples(st.integers(1, 300), st.integers(1, 700)), min_size=1, max_size=40)


def conversation(*turns: tuple[int, int]) -> list[Line]:
    """Questions and replies of so many tokens; ids have gaps, as those of a table have."""
    ids = itertools.count(10, 7)
    return [
        line
        for asked, replied in turns
        for line in (Line(next(ids), asked, student=True), Line(next(ids), replied, student=False))
    ]


def test_all_is_kept_up_to_the_cap() -> None:
    """A history of exactly the cap is whole."""
    assert keep_from(conversation((400, 600)), None, cap=CAP) is None


def test_half_goes_at_once() -> None:
    """One token too many, and half of the cap is left, beginning with a question."""
    lines = conversation((100, 150), (100, 150), (100, 150), (100, 151))

    assert keep_from(lines, None, cap=CAP) == lines[6].id


def test_a_cut_holds_until_the_next() -> None:
    """What was cut stays cut, and nothing more goes while the rest is short enough."""
    lines = conversation((100, 150), (100, 150), (100, 150), (100, 151), (200, 200))

    assert keep_from(lines, lines[6].id, cap=CAP) == lines[6].id


def test_the_last_question_stays() -> None:
    """A single turn that is longer than the cap is kept whole: there is no prompt without it."""
    lines = conversation((100, 100), (900, 900))

    assert keep_from(lines, None, cap=CAP) == lines[2].id
    assert keep_from(lines, lines[2].id, cap=CAP) == lines[2].id


def test_nothing_said_yet() -> None:
    """An empty history has nothing to cut."""
    assert keep_from([], None, cap=CAP) is None


@given(TOKENS)
def test_turn_by_turn(turns: list[tuple[int, int]]) -> None:
    """It begins with a question, never goes back, changes only when the cap is hit, then leaves half or one turn."""
    lines = conversation(*turns)
    before: int | None = None
    for end in range(2, len(lines) + 1, 2):
        now = keep_from(lines[:end], before, cap=CAP)
        kept = [line for line in lines[:end] if now is None or line.id >= now]
        was = sum(line.tokens for line in lines[:end] if before is None or line.id >= before)
        left = sum(line.tokens for line in kept)

        assert kept[0].student
        assert before is None or (now is not None and now >= before)
        assert (now == before) or was > CAP
        assert left <= CAP or len(kept) == 2
        assert now == before or left <= CAP // 2 or len(kept) == 2
        before = now
