"""Typed answers: only a whole answer counts as one."""

from fractions import Fraction
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.practice.typed import (
    AmbiguousNumber,
    NotANumber,
    NumberRead,
    begins,
    is_greeting,
    is_no_word,
    is_right,
    is_unsure,
    read_letter,
    read_number,
    read_short,
    read_true_false,
)
from core.questions.model import NumericKey


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0,75", "3/4"),
        ("0.75", "3/4"),
        (".5", "1/2"),
        (",5", "1/2"),
        ("3/4", "3/4"),
        ("-3/4", "-3/4"),
        ("−2", "-2"),
        ("– 2", "-2"),
        ("+3", "3"),
        ("1.000,5", "2001/2"),
        ("1,000.5", "2001/2"),
        ("1 000", "1000"),
        ("1\u202f000,5", "2001/2"),
        ("1.000.000", "1000000"),
        ("1'000", "1000"),
        ("0,750", "3/4"),
        ("75%", "3/4"),
        ("2*10^3", "2000"),
        ("2·10³", "2000"),
        ("2x10^3", "2000"),
        ("2 × 10⁻³", "1/500"),
        ("10^(-2)", "1/100"),
        ("2e3", "2000"),
        ("2,5E-1", "1/4"),
        ("½", "1/2"),
        ("1½", "3/2"),
        ("-½", "-1/2"),
        ("1 1/2", "3/2"),
        ("0,5/2", "1/4"),
        ("x = 3", "3"),
        ("= 3", "3"),
        ("  3.  ", "3"),
    ],
)
def test_numbers_are_read_as_people_type_them(text: str, value: str) -> None:
    """Commas, points, fractions, powers, signs and blanks of a phone's keyboard."""
    assert read_number(text) == NumberRead(Fraction(value))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".",
        "-",
        "%",
        "3 dubbi",
        "10 e lode",
        "no",
        "boh 3",
        "ho 12 anni",
        "2?",
        "3 4",
        "1/0",
        "1/2/2020",
        "10:30",
        "3x",
        "1.00.000",
        "1.000.5",
        "1e999",
        "10^999",
        "٣",
        "²",
        "1 3/2",
        "3 m",
        "75%%",
        "9" * 49,
    ],
)
def test_other_texts_are_no_numbers(text: str) -> None:
    """A number inside a sentence is not an answer."""
    assert read_number(text) == NotANumber()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1.000", ("1", "1000")),
        ("1,000", ("1", "1000")),
        ("-12,345", ("-12345/1000", "-12345")),
        ("1.000/3", ("1/3", "1000/3")),
    ],
)
def test_a_mark_before_three_digits_is_asked_about(text: str, values: tuple[str, ...]) -> None:
    """Thousands or decimals: both readings come back, the decimal one first."""
    assert read_number(text) == AmbiguousNumber(tuple(map(Fraction, values)))


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("3 m/s", "m/s", 3),
        ("3m/s", "m/s", 3),
        ("3 m/s^2", "m/s²", 3),
        ("3·10² m/s²", "m/s²", 300),
        ("75%", "%", 75),
        ("75", "%", 75),
        ("€ 5", "€", 5),
        ("5 €", "€", 5),
    ],
)
def test_the_questions_own_unit_may_follow(text: str, unit: str, value: int) -> None:
    """The unit is optional, and a percent sign is no hundredth where the unit is percent."""
    assert read_number(text, unit) == NumberRead(Fraction(value))


@pytest.mark.parametrize(("text", "unit"), [("3 km", "m"), ("3 s", "m/s"), ("75%", "m"), ("m", "m")])
def test_another_unit_is_no_answer(text: str, unit: str) -> None:
    """Three kilometres are not three metres."""
    assert read_number(text, unit) == NotANumber()


@given(st.integers(-(10**12), 10**12), st.integers(0, 6), st.sampled_from(".,"))
def test_formatted_decimals_are_read(digits: int, places: int, mark: str) -> None:
    """Every decimal number comes back, alone or as one of two readings."""
    value = Fraction(digits, 10**places)
    whole, rest = divmod(abs(digits), 10**places)
    text = ("-" if digits < 0 else "") + str(whole) + (f"{mark}{rest:0{places}d}" if places else "")

    reading = read_number(text)

    assert reading == NumberRead(value) or (isinstance(reading, AmbiguousNumber) and reading.values[0] == value)


@given(st.integers(-999, 999), st.integers(1, 999))
def test_fractions_are_read(above: int, below: int) -> None:
    """Every fraction comes back exactly."""
    assert read_number(f"{above}/{below}") == NumberRead(Fraction(above, below))


@given(st.integers(0, 10**15))
def test_grouped_thousands_are_read(number: int) -> None:
    """Blanks between groups of three do not count."""
    assert read_number(f"{number:,}".replace(",", " ")) == NumberRead(Fraction(number))


@given(st.text(max_size=20), st.sampled_from("abcdfghijklmnopqrstuvwyzàèéìòù"), st.text(max_size=20))
def test_letters_make_it_no_number(before: str, letter: str, after: str) -> None:
    """No text with a letter is a number, but for the e and x of powers and the name before “=”."""
    text = f"{before}{letter}{after}"
    if "=" not in text.replace("＝", "="):
        assert read_number(text) == NotANumber()


@given(st.text(alphabet="0123456789.,'/ -+*^x()eE%=½10", max_size=48))
def test_no_text_takes_long(text: str) -> None:
    """Whatever is typed is read or refused at once."""
    start = perf_counter()

    read_number(text)

    assert perf_counter() - start < 0.05


def test_tolerance_is_exact() -> None:
    """A value on the edge is right, one beyond it is not."""
    key = NumericKey(Fraction(1, 3), tolerance=Fraction(1, 100))

    assert is_right(Fraction(1, 3) + Fraction(1, 100), key)
    assert not is_right(Fraction(1, 3) + Fraction(1, 99), key)


@pytest.mark.parametrize("text", ["Ossigeno", "L’ossigeno.", "  OSSIGENO ", "«ossigeno»", "un ossigeno"])
def test_short_answers_forgive_form(text: str) -> None:
    """Case, article, quotes and a final dot do not count."""
    assert read_short(text, ["l'ossigeno"])


def test_short_answers_do_not_forgive_content() -> None:
    """Another word, a sentence or nothing is not the answer; a missing accent is forgiven."""
    assert read_short("perche", ["perché"])
    assert not any(read_short(text, ["ossigeno"]) for text in ("idrogeno", "credo ossigeno", "", "?", "x" * 300))


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("B", 1),
        ("b)", 1),
        ("(c)", 2),
        ("B.", 1),
        (" e ", 4),
        ("f", None),
        ("(b", None),
        ("è", None),
        ("bb", None),
        ("", None),
    ],
)
def test_letters_name_options(text: str, position: int | None) -> None:
    """Only a lone letter of an option that exists counts."""
    assert read_letter(text, 5) == position


@pytest.mark.parametrize(
    ("text", "value"),
    [("Vero", True), ("v", True), ("true.", True), ("FALSO!", False), ("f", False), ("non è vero", None), ("no", None)],
)
def test_true_and_false_are_whole_words(text: str, value: bool | None) -> None:  # noqa: FBT001  # a table
    """A sentence that holds the word is no answer."""
    assert read_true_false(text) is value


@pytest.mark.parametrize(
    "text",
    ["ciao", "Ciaooo!", "grazie mille!", "ok", "hi", "Va bene, grazie", "thank you so much", "👍", "ciao, come va?"],
)
def test_greetings_are_known(text: str) -> None:
    """Greetings, thanks and thumbs need no model."""
    assert is_greeting(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "3",
        "no",
        "va",
        "grazie, ma perché è la b?",
        "ok ma 3",
        "ciao, che cos'è una derivata",
        "1 👍",
        "for you",
    ],
)
def test_questions_are_no_greetings(text: str) -> None:
    """Whoever thanks and asks on wants an answer."""
    assert not is_greeting(text)


@pytest.mark.parametrize(
    "text",
    [
        *("boh", "Boooh!", "non lo so", "Non saprei…", "prof, non ho capito", "No idea", "I don’t know", "idk"),
        *("dunno", "aiuto!", "help", "skip", "Salta", "non lo so, scusa", "un indizio?"),
    ],
)
def test_not_knowing_is_known(text: str) -> None:
    """Whoever says only that they do not know, or wants help, is understood."""
    assert is_unsure(text)


@pytest.mark.parametrize(
    "text", ["", "?", "non lo so ma forse la B", "saprei farla", "il nucleo", "salta la rana", "no"]
)
def test_more_than_not_knowing_is_something_else(text: str) -> None:
    """A sentence that goes on is not taken for it."""
    assert not is_unsure(text)


@pytest.mark.parametrize("text", ["A, C", "a e c", "b d", "22 grammi", "22", "3,5 kg", "1492", "5 m/s²", "-3 °C"])
def test_no_word(text: str) -> None:
    """Letters of options and numbers with their units are no words."""
    assert is_no_word(text)


@pytest.mark.parametrize("text", ["", "C", "DNA", "H2O", "il nucleo", "la a", "mitocondrio", "22 grammi di sale"])
def test_words_are_words(text: str) -> None:
    """A word that is short, or has a digit in it, stays one."""
    assert not is_no_word(text)


@pytest.mark.parametrize(
    ("text", "whole", "does"),
    [
        ("la frequenza", "La frequenza dell'onda", True),
        ("FREQUENZA", "La frequenza dell'onda", True),
        ("nessuna", "Nessuna delle precedenti", True),
        ("la frequenza?", "La frequenza dell'onda", False),
        ("la frequen", "La frequenza dell'onda", False),
        ("dell'onda", "La frequenza dell'onda", False),
        ("non è", "Non è possibile stabilirlo", False),
        ("la frequenza no", "La frequenza dell'onda", False),
        ("......", "La frequenza", False),
    ],
)
def test_beginning_of_an_option(text: str, whole: str, *, does: bool) -> None:
    """Six letters or more, up to the end of a word, whatever the case and the article; never as a question."""
    assert begins(text, whole) is does
