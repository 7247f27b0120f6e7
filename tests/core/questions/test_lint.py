"""What the linter finds, and what it lets pass."""

from dataclasses import replace
from time import perf_counter

import pytest

from core.questions.lint import Severity, chi_square, lint
from core.questions.model import Bank, Item, Kind, Passage, PassageWording, TopicNames, Wording

HELP = {
    "explanation": "Si sommano i due numeri e si controlla il risultato.",
    "hints": ("Pensa alla somma.", "Usa la regola dell'addizione.", "Scrivi i due numeri in colonna."),
}
NUMBERS = ("dodici", "undici", "tredici", "quindici")


def single(slug: str = "one", *, right: int = 0, text: str | None = None, **changes: object) -> Item:
    """A question without a defect, but for `changes`."""
    choices = changes.pop("choices", NUMBERS)
    assert isinstance(choices, tuple)
    errors = tuple(None if place == right else "Hai sbagliato il riporto." for place in range(len(choices)))
    wording = Wording(text=text or f"Quanto vale la domanda {slug}?", choices=choices, errors=errors, **HELP)  # type: ignore[arg-type]
    wording = replace(wording, **changes)  # type: ignore[arg-type]
    return Item(slug=slug, topic=("maths",), kind=Kind.SINGLE, wordings={"it": wording}, original="it", right=(right,))


def bank(*items: Item, **changes: object) -> Bank:
    """A bank of these questions."""
    return replace(Bank("b", "MIT", "us", tuple(items)), **changes)  # type: ignore[arg-type]


def codes(*items: Item) -> set[str]:
    """What the linter finds in a bank of these questions."""
    return {finding.code for finding in lint(bank(*items))} - {"topic-count"}


def test_a_good_question_passes() -> None:
    """Nothing is found but the count of its topic."""
    (count,) = lint(bank(single()))

    assert (count.code, count.severity, count.sentence) == ("topic-count", Severity.INFORMATION, "maths: 1 questions.")


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (single(choices=("a", "a ", "b")), "equal-options"),
        (single(text="x" * 501), "length"),
        (single(hints=("È dodici?", "b", "c")), "telling-hint"),
        (single(explanation="È giusta la risposta A."), "position-named"),
        (single(explanation="La terza opzione è falsa."), "position-named"),
        (single(explanation=None), "no-explanation"),
        (single(hints=("una",)), "few-hints"),
        (single(errors=(None, None, None, None)), "no-error"),
        (single(explanation="Fa 0.75 in tutto."), "decimal-mark"),
        (replace(single(), formula=r"\frac{a}{b}"), "unspoken-formula"),
        (replace(single(), passage="nowhere"), "unknown-passage"),
    ],
)
def test_each_defect_is_found(item: Item, code: str) -> None:
    """One defect, one code."""
    assert codes(item) == {code}


@pytest.mark.parametrize(
    "item",
    [
        single(choices=("Bb", "BB", "bb", "bB")),
        single(hints=("Sono undici o dodici?", "b", "c")),
        single(explanation="La risposta è nel testo, e un'altra opzione non c'è: 1.000 più 0,5."),
        single(explanation="Il segmento la A e la B."),
    ],
)
def test_what_only_looks_like_a_defect_passes(item: Item) -> None:
    """Case differs, a hint names two choices, “opzione” is a word like others, 1.000 is a thousand."""
    assert codes(item) == set()


def test_languages_have_the_same_structure() -> None:
    """A hint that is missing in one language is found."""
    item = single()
    english = replace(item.wordings["it"], hints=("one", "two"))

    assert "structure" in codes(replace(item, wordings=item.wordings | {"en": english}))


def test_key_positions_must_be_even() -> None:
    """Forty keys in the first place are no chance; ten in each are."""
    uneven = [single(f"q{number}") for number in range(40)]
    even = [single(f"q{number}", right=number % 4) for number in range(40)]

    assert "key-positions" in codes(*uneven)
    assert "key-positions" not in codes(*even)


def test_chi_square_is_pearsons() -> None:
    """Ten throws of a coin, eight heads: (3² + 3²) / 5."""
    assert chi_square([8, 2]) == pytest.approx(3.6)


def test_keys_must_not_be_the_longest() -> None:
    """More than a quarter of strictly longest keys is told, with the slugs."""
    long = ("una risposta lunga", *NUMBERS[1:])
    items = [single(f"q{number}", choices=long if number < 6 else NUMBERS) for number in range(20)]

    found = [finding for finding in lint(bank(*items)) if finding.code == "longest-key"]

    assert len(found) == 1
    assert "6 of 20" in found[0].sentence
    assert "longest-key" not in codes(*items[1:], single("last"))


def test_near_duplicates_are_found() -> None:
    """The same task in nearly the same words is told; other numbers make another task."""
    text = "Un treno parte da Roma alle ore nove e arriva a Milano dopo tre ore esatte di viaggio: a che ora arriva"
    first = single("first", text=text + "?")
    again = single("again", text=text + " dunque?")
    other = single("other", text=text + "?", choices=("una mela", "una pera", "un fico", "un'uva"))

    found = [finding.slug for finding in lint(bank(first, again, other)) if finding.code == "near-duplicate"]

    assert found == ["again"]


def test_short_stems_are_common_property() -> None:
    """“Which statement is false?” may be asked of different statements."""
    one = single("one", text="Quale affermazione è falsa?")
    two = single("two", text="Quale affermazione è falsa?", choices=("a b c", "d e f", "g h i"))

    assert "near-duplicate" not in codes(one, two)


def test_passages_and_topics_are_looked_after() -> None:
    """A passage that nobody asks about and a topic without a name are told."""
    passage = Passage("text", "it", {"it": PassageWording("T", "t")})
    topics = (TopicNames(("logic",), {"it": "Logica"}),)

    found = {finding.code for finding in lint(bank(single(), passages=(passage,), topics=topics))}

    assert {"unused-passage", "unnamed-topic"} <= found


def test_many_equal_findings_are_told_once() -> None:
    """A bank without explanations gives one line, not thousands; the worst comes first."""
    items = [single(f"q{number}", explanation=None, right=number % 4) for number in range(30)]

    found = lint(bank(*items, single("bad", choices=("a", "a", "b"))))

    assert [finding.code for finding in found].count("no-explanation") == 1
    assert found[0].severity is Severity.ERROR


def test_thousands_of_questions_take_seconds() -> None:
    """3,300 questions with similar words are compared in less than three seconds."""
    items = [
        single(f"q{number}", text=f"Quale delle seguenti affermazioni sulla cellula numero {number} è corretta?")
        for number in range(3_300)
    ]
    start = perf_counter()

    lint(bank(*items))

    assert perf_counter() - start < 3
