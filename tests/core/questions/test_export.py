"""Our own JSON Lines lose nothing."""

import json

from hypothesis import given
from hypothesis import strategies as st

from core.questions.model import Bank, Item, Kind, NumericKey, Passage, PassageWording, TopicNames, Wording
from core.questions.reading import read_bank, write_jsonl

SLUGS = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
CONTROLS = [chr(code) for code in (0x2028, 0x2029, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A))]
SIGNS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=CONTROLS)
TEXTS = st.text(SIGNS, min_size=1, max_size=40).filter(str.strip)
BRIEF = st.text(SIGNS, min_size=1, max_size=10).filter(str.strip)  # for buttons and units
MAYBE = st.none() | TEXTS
LANGUAGES = st.lists(st.sampled_from(["it", "en", "de"]), min_size=1, max_size=3, unique=True)


FRACTIONS = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**9)


@st.composite
def items(draw: st.DrawFn, slug: str) -> Item:
    """Any question that can be asked."""
    kind = draw(st.sampled_from(list(Kind)))
    languages = draw(LANGUAGES)
    count = 0 if kind.typed else draw(st.integers(3, 6))
    right = draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=2)) if kind is Kind.MULTIPLE else {0}
    wordings = {}
    for language in languages:
        options = BRIEF if kind is Kind.TRUE_FALSE else TEXTS
        choices = draw(st.lists(options, min_size=count, max_size=count, unique_by=str.strip))
        wordings[language] = Wording(
            text=draw(TEXTS),
            choices=tuple(choices),
            errors=tuple(None if place in right else draw(MAYBE) for place in range(count)),
            explanation=draw(MAYBE),
            hints=tuple(draw(st.lists(TEXTS, max_size=3))),
            accept=tuple(draw(st.lists(TEXTS, min_size=1, max_size=2))) if kind is Kind.SHORT else (),
            numeric_errors=tuple(draw(st.lists(st.tuples(FRACTIONS, TEXTS), max_size=2))),
            spoken=draw(MAYBE),
        )
    return Item(
        slug=slug,
        topic=tuple(draw(st.lists(SLUGS, min_size=1, max_size=3))),
        kind=kind,
        wordings=wordings,
        original=languages[0],
        right=() if kind.typed else tuple(sorted(right)),
        difficulty=draw(st.integers(1, 5)),
        seconds=draw(st.integers(1, 7_200)),
        numeric=NumericKey(draw(FRACTIONS), abs(draw(FRACTIONS)), draw(st.none() | BRIEF))
        if kind is Kind.NUMERIC
        else None,
        passage=draw(st.sampled_from([None, "text"])),
        formula=draw(MAYBE),
        anchored=draw(st.booleans()),
    )


@st.composite
def banks(draw: st.DrawFn) -> Bank:
    """Any bank with a passage and a topic."""
    slugs = draw(st.lists(SLUGS, max_size=4, unique=True))
    return Bank(
        name=draw(TEXTS),
        licence=draw(TEXTS),
        source=draw(TEXTS),
        items=tuple(draw(items(slug)) for slug in slugs),
        passages=(Passage("text", "it", {"it": PassageWording(draw(TEXTS), draw(TEXTS))}),),
        topics=(TopicNames(("logic",), {"it": draw(TEXTS)}),),
    )


@given(banks())
def test_a_bank_comes_back_as_it_went(bank: Bank) -> None:
    """Fingerprints, passages, topics and header survive the journey through a file."""
    content = "\n".join(write_jsonl(bank)).encode()

    reading = read_bank(content, "other.jsonl")

    assert reading.rejected == ()
    assert [item.fingerprint() for item in reading.bank.items] == [item.fingerprint() for item in bank.items]
    assert reading.bank == bank


def test_unknown_kinds_are_reported() -> None:
    """An essay of a later version is named and skipped."""
    line = json.dumps({"type": "question", "slug": "free", "kind": "essay"})

    (rejection,) = read_bank(line.encode(), "x.jsonl").rejected

    assert (rejection.slug, rejection.code) == ("free", "unsupported-kind")
