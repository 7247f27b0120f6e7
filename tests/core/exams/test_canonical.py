"""An exam survives being stored, and equal exams have equal fingerprints."""

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exams.canonical import dump, fingerprint, load
from core.exams.formats import Destination, ExamFormat, PassRule, Rounding, Scoring, Section, Variant
from core.exams.reading import read_exam
from storage.content import EXAMS

words = st.text(max_size=6)
names = st.dictionaries(words, words, max_size=2)
fractions = st.fractions(max_denominator=10**9)


def few(things: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """None, one or two of them."""
    return st.lists(things, max_size=2).map(tuple)


rules = few(
    st.builds(
        PassRule,
        section=st.none() | words,
        at_least=st.none() | fractions,
        at_most=st.none() | st.integers(0, 300),
        blank_is_error=...,
    )
)
sections = st.builds(
    Section,
    key=words,
    names=names,
    topics=few(few(words)),
    scoring=st.builds(Scoring, fractions, fractions, fractions),
    minutes=st.none() | fractions,
    min_minutes=fractions,
    kind=...,
    options=st.none() | st.integers(2, 8),
    weight=fractions,
    in_total=...,
    passages=st.none() | st.integers(1, 9),
)
exams = st.builds(
    ExamFormat,
    slug=words,
    names=names,
    sections=few(sections),
    clock=...,
    minutes=st.none() | fractions,
    min_minutes=fractions,
    order=...,
    rounding=st.builds(Rounding, places=..., mode=...),
    passes=rules,
    destinations=few(st.builds(Destination, words, st.dictionaries(words, fractions, max_size=2), rules, words)),
    variants=few(st.builds(Variant, words, names, st.dictionaries(words, st.integers(1, 300), max_size=2))),
    notes=names,
    source=words,
)


@given(exams)
def test_nothing_is_lost(exam: ExamFormat) -> None:
    """What was stored as JSON is read back equal, fraction by fraction."""
    stored = json.dumps(dump(exam))

    back = load(json.loads(stored))

    assert back == exam
    assert fingerprint(back) == fingerprint(exam)


@pytest.mark.parametrize("file", sorted(EXAMS.glob("*.toml")), ids=lambda file: file.stem)
def test_a_bundled_exam_is_read_back_as_the_same_value(file: object) -> None:
    """Down to the types: fractions stay fractions."""
    exam = read_exam(EXAMS / str(file))

    back = load(json.loads(json.dumps(dump(exam))))

    assert repr(back) == repr(exam)


def test_fractions_are_stored_exactly() -> None:
    """A third is a third, and not 0.3333."""
    section = Section("a", {"it": "A"}, 3, (("logic",),), Scoring(Fraction(1, 3), Fraction(0), Fraction(-9, 52)))

    assert dump(ExamFormat("X", {}, (section,)))["sections"][0]["scoring"] == {
        "right": "1/3",
        "blank": "0",
        "wrong": "-9/52",
    }


def test_the_order_of_names_means_nothing() -> None:
    """JSONB keeps no order of keys."""
    exam = ExamFormat("X", {"it": "a", "en": "b"}, ())

    assert fingerprint(exam) == fingerprint(replace(exam, names={"en": "b", "it": "a"}))


@given(exams, exams)
def test_another_exam_has_another_fingerprint(one: ExamFormat, other: ExamFormat) -> None:
    """Equal fingerprints mean equal exams."""
    assert (fingerprint(one) == fingerprint(other)) is (one == other)


def test_every_change_shows_in_the_fingerprint() -> None:
    """A weight, a word or a rule: each makes another exam."""
    exam = read_exam(EXAMS / "tolc-i.toml")
    first, *rest = exam.sections
    changed = [
        exam,
        replace(exam, slug="TOLC-J"),
        replace(exam, notes={}),
        replace(exam, sections=(*rest, first)),
        replace(exam, sections=(replace(first, weight=Fraction(2)), *rest)),
        replace(exam, sections=(replace(first, topics=()), *rest)),
    ]

    assert len({fingerprint(one) for one in changed}) == len(changed)


def test_what_an_older_version_did_not_store_has_its_default() -> None:
    """Exams in the database outlive a new field."""
    stored = dump(read_exam(EXAMS / "tolc-i.toml"))
    del stored["rounding"]

    assert load(stored).rounding == Rounding()


def test_what_is_no_exam_is_refused() -> None:
    """A stored value without sections is a mistake of the program."""
    with pytest.raises(ValueError, match="sections"):
        load({"slug": "X", "names": {}})
