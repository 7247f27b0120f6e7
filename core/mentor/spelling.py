"""Reading a reply: one spelling for LaTeX, typography and plain text, and the numbers in it.

One pass each; the expressions have no nested repetitions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache


def words_of(text: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(text.split())


_FRAC = re.compile(r"\\[dtc]?frac ?\{([^{}]{1,60})\} ?\{([^{}]{1,60})\}")
_FRAC_DIGITS = re.compile(r"\\[dt]?frac ?([0-9]) ?([0-9])")
_SQRT = re.compile(r"\\sqrt ?\{([^{}]{1,60})\}")
_BOXED = re.compile(r"\\boxed ?\{([^{}]{1,60})\}")
_WRAPPED = re.compile(r"\\(?:text|mathrm|mathbf|mathit|textbf|operatorname|math) ?\{([^{}]{1,60})\}")
_COMMAND = re.compile(r"\\([A-Za-z]+|[,;:! %{}()\[\]])")
_SIGNS_OF = {
    "cdot": "·",
    "times": "·",
    "pi": "π",
    "le": "≤",
    "leq": "≤",
    "leqslant": "≤",
    "ge": "≥",
    "geq": "≥",
    "geqslant": "≥",
    "lt": "<",
    "gt": ">",
    "div": "/",
    "emptyset": "∅",
    "varnothing": "∅",
    "infty": "∞",
    "approx": "≈",
    "to": "→",
    "rightarrow": "→",
    "Rightarrow": "⇒",
    "implies": "⇒",
    "therefore": "∴",
    "sqrt": "√",
    "%": "%",
    "{": "{",
    "}": "}",
}
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("−–—‐‑‒﹣－", "-"),
        **dict.fromkeys("×∙⋅∗•✕", "·"),
        **dict.fromkeys("⁄∕÷", "/"),
        **dict.fromkeys("’‘ʼ´", "'"),
        **dict.fromkeys("⟹⇨➜➔", "⇒"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("\u00a0\u2009\u202f\t", " "),
    }
)
_VULGAR = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
    "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
}  # fmt: skip
_SMALL_SIGNS = re.compile(f"[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[⁺⁻]|[₀₁₂₃₄₅₆₇₈₉]+|[{''.join(_VULGAR)}]")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺₀₁₂₃₄₅₆₇₈₉", "0123456789-+0123456789")
_LIST = re.compile(r"(?<=[0-9]),(?=[0-9]{1,3},[0-9])|(?<=[0-9],[0-9]),(?=[0-9])|(?<=[0-9],[0-9]{2}),(?=[0-9])")
_GROUPS = re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))")
_TOKEN = re.compile(r"\n|[0-9]+(?:[.,][0-9]+)?|[^\W\d_]+|[^\w\s]|_")
_ENDS = frozenset(".!?;\n")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
KEPT = frozenset("+-/=<>≤≥√%π∅∞≈")
"""Signs that make a difference; others (brackets, dollars, points of multiplication) are written or left out."""
_SPELLED = {
    word: value
    for value, words in enumerate(
        (
            "zero", "uno one", "due two", "tre three", "quattro four", "cinque five", "sei six", "sette seven",
            "otto eight", "nove nine", "dieci ten", "undici eleven", "dodici twelve", "tredici thirteen",
            "quattordici fourteen", "quindici fifteen", "sedici sixteen", "diciassette seventeen",
            "diciotto eighteen", "diciannove nineteen", "venti twenty",
        )
    )
    for word in words.split()
} | {
    word: 10 * tens
    for tens, words in enumerate(
        ("trenta thirty", "quaranta forty", "cinquanta fifty", "sessanta sixty", "settanta seventy", "ottanta eighty",
         "novanta ninety", "cento hundred"), start=3,
    )
    for word in words.split()
}  # fmt: skip
_HALVES = words_of("mezzo mezza metà half")
_PARTS = {
    word: value
    for value, words in (
        (2, "mezzi halves"), (3, "terzo terzi third thirds"), (4, "quarto quarti quarter quarters fourth fourths"),
        (5, "quinto quinti fifth fifths"), (6, "sesto sesti sixth sixths"), (7, "settimo settimi seventh sevenths"),
        (8, "ottavo ottavi eighth eighths"), (9, "nono noni ninth ninths"), (10, "decimo decimi tenth tenths"),
    )
    for word in words.split()
}  # fmt: skip
_OVER = words_of("over fratto su")
_MINUS = words_of("meno minus negative negativo negativa")
_BEFORE_MINUS = words_of("with a the con il un col segno sign di of ma but , ( is è")
_NUMBER_WORDS = _SPELLED.keys() | _HALVES | {"un", "a"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: what it can mean, and the words that it takes."""

    values: tuple[Fraction, ...]
    start: int
    end: int
    decimals: int = 0
    spelled: bool = False


@dataclass(slots=True)
class Read:
    """A text as words and signs, one spelling for each."""

    words: list[str]
    source: list[str]
    sentence: list[int]
    asking: set[int]
    joined: str = ""
    starts: dict[int, int] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)

    def at(self, place: int) -> str:
        """The word at a place, "" outside."""
        return self.words[place] if 0 <= place < len(self.words) else ""

    def places(self, run: str) -> Iterator[tuple[int, int]]:
        """Where a run of joined words stands, as first and last word."""
        at = self.joined.find(run) if run else -1
        while at >= 0:
            if at in self.starts and at + len(run) in self.ends:
                yield self.starts[at], self.ends[at + len(run)]
            at = self.joined.find(run, at + 1)


def simplified(text: str) -> str:
    """LaTeX and typographic signs as plain ones; emphasis stays."""
    text = text.replace("{,}", ",")
    if "\\" in text:
        text = _SQRT.sub(r"√\1 ", _WRAPPED.sub(r" \1 ", text))
        text = _FRAC_DIGITS.sub(r" \1/\2", _FRAC.sub(r" \1/\2", text))
        text = _COMMAND.sub(lambda found: _SIGNS_OF.get(found[1], " "), _BOXED.sub(r"**\1**", text))
    if not text.isascii():
        text = _SMALL_SIGNS.sub(_full_size, text.translate(_SIGNS))
    return _GROUPS.sub("", _LIST.sub(", ", text))


def _full_size(found: re.Match[str]) -> str:
    sign = found[0]
    if sign in _VULGAR:
        return f" {_VULGAR[sign]}"
    return ("_" if sign[0] in "₀₁₂₃₄₅₆₇₈₉" else "^") + sign.translate(_DIGITS)


def parsed(text: str) -> Read:
    """A simplified text, word by word."""
    source = _TOKEN.findall(text)
    words = [one.casefold() for one in source]
    sentence: list[int] = []
    asking: set[int] = set()
    joined: list[str] = []
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    number, length, digit_before = 0, 0, False
    for place, word in enumerate(words):
        sentence.append(number)
        if word in _ENDS:
            if word == "?":
                asking.add(number)
            number += 1
        elif word in KEPT or word.isalnum() or word[-1].isdigit():
            digit = "0" <= word[0] <= "9"
            if digit and digit_before:
                joined.append("|")
                length += 1
            digit_before = digit
            starts[length] = place
            joined.append(word.replace(",", ".") if digit else word)
            length += len(word)
            ends[length] = place
    return Read(words, source, sentence, asking, "".join(joined), starts, ends)


def numbers_in(read: Read) -> list[Number]:
    """All numbers of a text: digits, fractions, percentages, powers of ten, words."""
    found: list[Number] = []
    words, place = read.words, 0
    while place < len(words):
        word = words[place]
        number = None
        if word in _NUMBER_WORDS:
            number = _from_words(read, place)
        elif "0" <= word[0] <= "9":
            number = _from_digits(read, place)
        if number is not None:
            found.append(number)
            place = number.end
        else:
            place += 1
    return found


def _from_digits(read: Read, place: int) -> Number:
    words, end = read.words, place + 1
    values = _values(words[place])
    _, _, after = words[place].replace(",", ".").partition(".")
    decimals = len(after)
    if read.at(end) == "/" and read.at(end + 1)[:1].isdigit():
        ratio = _ratio(words[place], words[end + 1])
        if ratio is not None:
            values, end, decimals = (ratio,), end + 2, 0
    elif read.at(end) == "·" and read.at(end + 1) == "10" and read.at(end + 2) == "^":
        minus = read.at(end + 3) == "-"
        power = read.at(end + 3 + minus)
        if power.isdigit() and len(power) < 3:
            scale = Fraction(10) ** (-int(power) if minus else int(power))
            values, end, decimals = tuple(value * scale for value in values), end + 4 + minus, 0
    if read.at(end) in {"%", "percento", "percent"}:
        values, end, decimals = (*(value / 100 for value in values), *values), end + 1, decimals + 2
    elif read.at(end) == "per" and read.at(end + 1) in {"cento", "cent"}:
        values, end, decimals = (*(value / 100 for value in values), *values), end + 2, decimals + 2
    start = place
    if _is_minus(read, place - 1):
        values, start = tuple(-value for value in values), place - 1
    elif read.at(place - 1) == "+" and not _is_operand(read, place - 2):
        start = place - 1
    return Number(values, start, end, decimals)


def _from_words(read: Read, place: int) -> Number | None:
    word, following = read.words[place], read.at(place + 1)
    spelled, end = False, place + 1
    if word in _HALVES:
        values: tuple[Fraction, ...] = (Fraction(1, 2),)
    elif following in _PARTS:
        values, end = (Fraction(_SPELLED.get(word, 1), _PARTS[following]),), place + 2
    elif word not in _SPELLED:
        return None
    elif following in _OVER and _SPELLED.get(read.at(place + 2)):
        values, end = (Fraction(_SPELLED[word], _SPELLED[read.at(place + 2)]),), place + 3
    else:
        value = Fraction(_SPELLED[word])
        per_cent = following == "per" and read.at(place + 2) in {"cento", "cent"}
        if per_cent or following in {"percento", "percent"}:
            values, end = (value / 100, value), place + (3 if per_cent else 2)
        else:
            values, spelled = (value,), True
    start = place
    after = _minus_after(read, end)
    if _is_minus(read, place - 1):
        values, start = tuple(-value for value in values), place - 1
    elif after is not None and not spelled:
        values, end = tuple(-value for value in values), after
    return Number(values, start, end, spelled=spelled)


def _minus_after(read: Read, place: int) -> int | None:
    """Where "with a minus sign" ends that stands behind a fraction in words; None if there is none."""
    at = place
    while at < place + 4 and read.at(at) in _BEFORE_MINUS:
        at += 1
    word = read.at(at)
    behind = word in _MINUS and (at > place or word not in {"meno", "minus"})
    return at + 1 + (read.at(at + 1) in {"sign", "davanti"}) if behind else None


def _is_minus(read: Read, place: int) -> bool:
    """Whether a sign stands before a number, and not a subtraction."""
    if read.at(place) in {"meno", "minus", "negative"}:
        return not (read.at(place - 1)[:1].isdigit() or read.at(place - 1) in _SPELLED)
    return read.at(place) == "-" and not _is_operand(read, place - 1)


def _is_operand(read: Read, place: int) -> bool:
    """Whether a sign after this place is one of a sum; the s of "it's" is none."""
    word = read.at(place)
    if word == "s" and read.at(place - 1) == "'":
        return False
    return word[:1].isdigit() or word in {")", "}", "π"} or is_variable(word)


def is_variable(word: str) -> bool:
    """Whether a word is a letter that stands for a number."""
    return len(word) == 1 and word.isalpha() and word not in {"è", "e", "o", "a", "i"}


@lru_cache(maxsize=2048)
def _values(digits: str) -> tuple[Fraction, ...]:
    """What digits can mean: “1.000” is 1 or 1000."""
    decimal = Fraction(digits[:40].replace(",", ".").rstrip("."))
    if _GROUPED.fullmatch(digits):
        return (decimal, Fraction(digits.replace(",", "").replace(".", "")))
    return (decimal,)


@lru_cache(maxsize=2048)
def _ratio(above: str, below: str) -> Fraction | None:
    divisor = _values(below)[0]
    return _values(above)[0] / divisor if divisor else None
