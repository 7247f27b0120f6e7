"""Terms: Italian and English words that mean the same are one, and typing errors are counted as Damerau does."""

import pytest

from core.mentor.terms import MAX_SIGNS, terms, typing_errors


@pytest.mark.parametrize(
    "alike",
    [
        ("equazione", "equazioni", "EQUAZIONI"),
        ("equation", "equations"),
        ("logaritmo", "logaritmi", "il logaritmo", "i logaritmi?"),
        ("probabilità", "probabilita", "probability", "la probabilità"),
        ("disequazione", "disequazioni", "delle disequazioni"),
        ("geometria", "geometrie", "geometry"),
        ("logica", "logiche"),
        ("inequality", "inequalities"),
        ("l'energia", "dell’energia", "energia"),
        ("x²", "x^2", "X2"),
        ("H₂O", "h2o"),
        ("log₂ 8", "log", "log2"),
        ("sin²x", "sin"),
        ("logaritmiiii", "logaritmii"),
    ],
)
def test_one_term(alike: tuple[str, ...]) -> None:
    """Number, gender, case, accents, articles, raised digits and stretched letters change nothing."""
    first, *others = (terms(text) for text in alike)

    assert len(first) == 1
    assert all(other == first for other in others)


@pytest.mark.parametrize("pair", [("derivata", "derivare"), ("equazione", "disequazione"), ("moto", "motore")])
def test_different_terms(pair: tuple[str, str]) -> None:
    """What means something else stays apart."""
    assert terms(pair[0]) != terms(pair[1])


@pytest.mark.parametrize(
    "text",
    ["", "ciao, scusa, potresti spiegarmi come si fa?", "can you please explain this", "e a o l x y", "12 3,5", "?",
     "non ho capito perché"],
)  # fmt: skip
def test_words_that_say_nothing(text: str) -> None:
    """Politeness, question words, single letters and numbers are no terms."""
    assert terms(text) == []


def test_symbols_are_terms_once_each_in_their_order() -> None:
    """√, %, |, inequality signs and Greek letters."""
    assert terms("√x ≥ 5% di |α| o √y") == ["√", "≥", "%", "|", "α"]


def test_a_long_text_is_cut() -> None:
    """Nobody makes the search slow by writing much."""
    assert terms("a" * MAX_SIGNS + " logaritmi") == [terms("a" * MAX_SIGNS)[0]]


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [("logaritm", "logaritm", 0), ("logaritim", "logaritm", 1), ("logartim", "logaritm", 1),
     ("trigonometir", "trigonometr", 1), ("lgaritm", "logaritm", 1), ("ab", "ba", 1), ("integral", "internal", 2),
     ("abc", "", 3), ("parabol", "iperbol", 3)],
)  # fmt: skip
def test_typing_errors(one: str, other: str, errors: int) -> None:
    """Left out, added, changed, swapped: one error each; both ways the same; more than asked for is one more."""
    for most in (1, 2, 3):
        assert typing_errors(one, other, most) == typing_errors(other, one, most) == min(errors, most + 1)
