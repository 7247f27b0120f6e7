"""Reading typed answers: only a text that as a whole is an answer counts as one.

Telegram students write between questions too (“3 dubbi”, “ho 12 anni”); nothing of that may be taken for a number.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from core.questions.model import NumericKey


@dataclass(frozen=True, slots=True)
class NumberRead:
    """The text is this number."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class AmbiguousNumber:
    """The text is one of these numbers, the decimal one first: “1.000” is 1 or 1000, and only its writer knows."""

    values: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class NotANumber:
    """The text is something else."""


NumberReading = NumberRead | AmbiguousNumber | NotANumber

MAX_NUMBER = 48
MAX_SHORT = 200
SHORTEST_BEGINNING = 6
"""Letters from which the beginning of an option stands for it."""
_MAX_EXPONENT = 40

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("−–—‐‑‒﹣－", "-"),
        **dict.fromkeys("×·∙⋅∗•✕", "*"),
        **dict.fromkeys("\u00a0\u2009\u202f\u2002\u2003\t\n\r", " "),
        **dict.fromkeys("⁄∕", "/"),
        **dict.fromkeys("’‘ʼ´`", "'"),
        "＋": "+",
        "＝": "=",
    },
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_VULGAR = {
    sign: Fraction(int(above), int(below))
    for sign in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"
    for above, _, below in [unicodedata.normalize("NFKC", sign).partition("⁄")]
}
_CURRENCIES = frozenset("€$£")
_POWERS = re.compile("[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_PLAIN = r"[0-9][0-9 .,']{0,30}|[.,][0-9]{1,20}"
_NAMED = re.compile(r"(?:[A-Za-zα-ω] ?)?= ?")
_RAISED_POWER = re.compile(r"10([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})$")
_FORMS = re.compile(
    rf"(?P<sign>[+-] ?)?(?:"
    rf"(?P<mixed>[0-9]{{1,9}}) (?P<above>[0-9]{{1,9}}) ?/ ?(?P<below>[0-9]{{1,9}})"
    rf"|(?P<whole>[0-9]{{0,9}}) ?(?P<vulgar>[{''.join(_VULGAR)}])"
    rf"|(?:(?P<factor>{_PLAIN}) ?[*xX] ?)?10 ?(?:\^|\*\*) ?(?P<power>[+-]?[0-9]{{1,3}}|\([+-]?[0-9]{{1,3}}\))"
    rf"|(?P<mantissa>{_PLAIN})[eE](?P<exponent>[+-]?[0-9]{{1,3}})"
    rf"|(?P<top>{_PLAIN}) ?/ ?(?P<bottom>{_PLAIN})"
    rf"|(?P<plain>{_PLAIN})"
    rf")"
)
_DIGITS = re.compile(r"[0-9]{1,20}")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([ .,'])[0-9]{3})(?:\1[0-9]{3}){0,5}")
_ONE_MARK = re.compile(r"([0-9]{0,20})[.,]([0-9]{1,20})")
_COULD_BE_GROUPED = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")

_ARTICLES = re.compile(r"(?:(?:il|lo|la|i|gli|le|un|uno|una|the|a|an) |(?:l|un|gl)' ?)(?=\S)")
_LETTER = re.compile(r"([a-z])[).]?|\(([a-z])\)")
_GREETING_PHRASES = re.compile(
    r"\b(?:va bene|come (?:va|stai)|how are you|see you|good (?:morning|afternoon|evening|night|day)"
    r"|a (?:dopo|domani|presto)|buon(?:a sera|a notte|a giornata|a serata| giorno| pomeriggio| lavoro))\b"
)
_GREETINGS = (
    "ciao salve ehi ehila hey hei hi hello hola buongiorno buonasera buonanotte buondi buonpomeriggio grazie grz "
    "thanks thank thx ty tnx cheers ok okay okey okk oki perfetto perfect prego bye goodbye arrivederci great "
    "cool capito"
)
_THANKS = re.compile(r"\b(?:grazie|grz|thanks?|thx|ty|tnx|cheers)\b")
_GREETING_WORDS = frozenset(_GREETINGS.split())
_BESIDE_GREETINGS = (
    "mille tante tanto infinite davvero ancora molto a te voi tutti prof chiron mentor bot e you so much very lot "
    "there all again everyone per l aiuto di tutto for your the help"
)
_GREETING_FILLERS = frozenset(_BESIDE_GREETINGS.split())


_UNSURE_PHRASES = (
    "boh bho mah non_so non_lo_so non_la_so non_saprei non_so_rispondere non_so_come_si_fa non_so_come_fare "
    "non_so_fare non_ho_idea non_ne_ho_idea nessuna_idea zero_idea non_capisco non_capisco_la_domanda "
    "non_ho_capito non_ho_capito_la_domanda non_ci_capisco_niente non_ci_capisco_nulla non_ci_arrivo non_ricordo "
    "non_mi_ricordo non_lo_ricordo mi_arrendo passo salta saltala saltiamo salto skip skip_it pass avanti "
    "prossima aiuto aiutami un_aiuto mi_aiuti indizio un_indizio dammi_un_indizio suggerimento help help_me hint "
    "a_hint give_me_a_hint i_don_t_know i_dont_know don_t_know dont_know i_do_not_know idk dunno i_dunno no_idea "
    "i_have_no_idea not_sure i_m_not_sure im_not_sure no_clue i_have_no_clue i_don_t_understand "
    "i_dont_understand i_didn_t_understand i_don_t_get_it i_dont_get_it i_don_t_remember i_can_t_remember "
    "i_give_up next"
)
_UNSURE = frozenset(phrase.replace("_", " ") for phrase in _UNSURE_PHRASES.split())
"""What people write who do not know an answer, as `_bare` gives it."""
_LETTER_LIST = re.compile(r"[a-z](?: ?[,;+/] ?| (?:e |and )?)[a-z](?:(?: ?[,;+/] ?| (?:e |and )?)[a-z]){0,8}")
_MEASURE = re.compile(r"[+-]? ?[0-9][0-9 .,/]*(?: ?(?:[a-zµ°%€$²³/^*]|[0-9](?=[a-z/]))+[23]?)?")


def read_number(text: str, unit: str | None = None) -> NumberReading:
    """The number that the whole text is, in the forms people type on a phone.

    Args:
        text: What was typed: “0,75”, “3/4”, “1 1/2”, “2·10³”, “75%”, “x = 3”, “3 m/s”…
        unit: The question's unit, which may follow the number; a percent sign counts as 1/100 only without one.
    """
    if len(text) > MAX_NUMBER:
        return NotANumber()
    body = " ".join(text.translate(_SIGNS).split())
    if named := _NAMED.match(body):
        body = body[named.end() :]
    if body.endswith(".") and len(body) > 1:
        body = body[:-1].rstrip()
    body, scale = _without_unit(body, unit)
    found = _FORMS.fullmatch(_without_power_signs(body))
    if not found:
        return NotANumber()
    sign = -1 if (found["sign"] or "").startswith("-") else 1
    values = tuple(dict.fromkeys(sign * scale * value for value in _values(found)))
    if not values:
        return NotANumber()
    return NumberRead(values[0]) if len(values) == 1 else AmbiguousNumber(values)


def is_right(value: Fraction, key: NumericKey) -> bool:
    """Whether a number is the key, within its tolerance."""
    return abs(value - key.value) <= key.tolerance


def read_short(text: str, accept: Iterable[str]) -> bool:
    """Whether a typed word or phrase is an accepted one; case, accents, articles and outer punctuation do not count."""
    if len(text) > MAX_SHORT:
        return False
    typed = _plain(text)
    accepted = [_plain(form) for form in accept]
    return bool(typed) and (typed in accepted or _unaccented(typed) in {_unaccented(form) for form in accepted})


def read_letter(text: str, count: int) -> int | None:
    """The option, 0-based, that the whole text names by its letter (“B”, “b)”, “(c)”, “B.”), or None.

    Args:
        text: What was typed.
        count: How many options there are.
    """
    found = _LETTER.fullmatch(text.strip().lower()) if len(text) <= 12 else None
    if not found:
        return None
    position = ord(found[1] or found[2]) - ord("a")
    return position if position < count else None


def read_letters(text: str, count: int) -> tuple[int, ...]:
    """The options, 0-based, that the whole text names by letters (“A, C”, “a e c”, “ACE”, “B”); none if it does not.

    Args:
        text: What was typed.
        count: How many options there are.
    """
    if len(text) > 40:
        return ()
    plain = text.strip().rstrip(".!")
    parts = re.split(r"[\s,;+]+(?:(?:e|and)\s+)?", plain)
    if len(parts) == 1 and plain.isupper() and plain.isalpha():
        parts = list(plain)
    letters = [read_letter(part, count) for part in parts]
    if any(letter is None for letter in letters) or len(set(letters)) != len(letters):
        return ()
    return tuple(letter for letter in letters if letter is not None)


def has_digit(text: str) -> bool:
    """Whether a text could have been meant as a number."""
    return any(sign.isnumeric() for sign in text[:MAX_SHORT])


def could_be_short(text: str) -> bool:
    """Whether a text could have been meant as a word or a short phrase: few words, and no question."""
    return 0 < len(text.strip()) <= MAX_SHORT and len(text.split()) <= 4 and not text.rstrip().endswith("?")


def is_no_word(text: str) -> bool:
    """Whether a text is letters of options (“A, C”) or a number, with its unit or without (“22 grammi”)."""
    plain = " ".join(text.translate(_SIGNS).casefold().split()).strip(".!")
    return bool(_LETTER_LIST.fullmatch(plain) or _MEASURE.fullmatch(plain))


def is_unsure(text: str) -> bool:
    """Whether the whole text says that its writer does not know, or wants help or the next question."""
    return len(text) <= 60 and _bare(text) in _UNSURE


def begins(text: str, whole: str) -> bool:
    """Whether a text of six letters or more is the beginning of another one, up to the end of a word."""
    start, end = _unaccented(_plain(text)), _unaccented(_plain(whole))
    if sum(map(str.isalpha, text)) < SHORTEST_BEGINNING or text.rstrip().endswith("?") or not start:
        return False
    return end.startswith(start) and not end[len(start) : len(start) + 1].isalnum()


def _bare(text: str) -> str:
    """The words of a text alone, in small letters, without what people write around them (“prof, boh…”)."""
    words = re.findall(r"[a-z0-9]+", _unaccented(text.translate(_SIGNS).casefold()))
    plain = [re.sub(r"(.)\1{2,}", r"\1", word) for word in words]
    while plain and plain[0] in {"prof", "beh", "eh", "ehm", "mmm", "m", "scusa", "sorry", "please", "chiron"}:
        plain = plain[1:]
    while plain and plain[-1] in {"prof", "scusa", "sorry", "grazie", "please", "perfavore", "chiron"}:
        plain = plain[:-1]
    return " ".join(plain)


def read_true_false(text: str) -> bool | None:
    """Whether the whole text says true or false, or None."""
    word = text.strip().rstrip(".!").casefold() if len(text) <= 20 else ""
    if word in {"vero", "vera", "v", "true", "t"}:
        return True
    return False if word in {"falso", "falsa", "f", "false"} else None


def is_thanks(text: str) -> bool:
    """Whether the whole text is a word of thanks."""
    return is_greeting(text) and bool(_THANKS.search(_unaccented(text.casefold())))


def is_greeting(text: str) -> bool:
    """Whether the whole text is a greeting, thanks or an “ok” in Italian or English, or nothing but emoji."""
    if len(text) > 60:
        return False
    plain = " ".join(_unaccented(text.casefold()).split())
    if not any(map(str.isalnum, plain)):
        return any(unicodedata.category(sign) == "So" for sign in plain)
    polite = _GREETING_PHRASES.sub("ciao", plain)
    if "?" in polite.replace("ciao?", ""):
        return False
    words = [re.sub(r"(.)\1{2,}", r"\1", word) for word in re.findall(r"\w+", polite)]
    return any(word in _GREETING_WORDS for word in words) and all(
        word in _GREETING_WORDS or word in _GREETING_FILLERS for word in words
    )


def _without_power_signs(text: str) -> str:
    """10³ as 10^3."""
    found = _RAISED_POWER.search(text)
    return f"{text[: found.start()]}10^{found[1].translate(_RAISED)}" if found else text


_SPOKEN_UNITS = {
    "g": "grammo grammi gram grams",
    "kg": "chilo chili chilogrammo chilogrammi kilo kilos kilogram kilograms",
    "m": "metro metri metre metres meter meters",
    "cm": "centimetro centimetri centimetre centimetres centimeter centimeters",
    "km": "chilometro chilometri kilometre kilometres kilometer kilometers",
    "s": "secondo secondi second seconds sec",
    "h": "ora ore hour hours",
    "min": "minuto minuti minute minutes",
    "J": "joule joules",
    "N": "newton newtons",
    "K": "kelvin",
    "W": "watt watts",
    "V": "volt volts",
    "A": "ampere amperes",
    "Pa": "pascal pascals",
    "mol": "mole moli moles",
    "L": "litro litri litre litres liter liters l",
    "%": "percento percent",
    "€": "euro euros",
    "m/s": "metri_al_secondo metro_al_secondo metres_per_second meters_per_second",
    "m/s²": "metri_al_secondo_quadrato metri_al_secondo_al_quadrato metres_per_second_squared",
    "km/h": "chilometri_all'ora chilometri_orari kilometres_per_hour kilometers_per_hour",
    "m²": "metri_quadrati metri_quadri square_metres square_meters",
    "cm²": "centimetri_quadrati centimetri_quadri square_centimetres square_centimeters",
}
"""Units as they are written out, in both languages."""


def _without_unit(body: str, unit: str | None) -> tuple[str, Fraction]:
    """The text before its unit, and what the unit multiplies by."""
    for spoken in sorted(_SPOKEN_UNITS.get(unit or "", "").split(), key=len, reverse=True):
        words = f" {spoken.replace('_', ' ')}"
        if body.casefold().endswith(words):
            return body[: -len(words)].rstrip(), Fraction(1)
    if unit is None:
        return (body[:-1].rstrip(), Fraction(1, 100)) if body.endswith("%") else (body, Fraction(1))
    plain_unit = " ".join(unit.translate(_SIGNS).split())
    for form in dict.fromkeys((plain_unit, plain_unit.replace("*", ""), _caret_powers(plain_unit), _flat(plain_unit))):
        if form and body.endswith(form):
            return body[: -len(form)].rstrip(), Fraction(1)
        if form in _CURRENCIES and body.startswith(form):
            return body[len(form) :].lstrip(), Fraction(1)
    return body, Fraction(1)


def _caret_powers(unit: str) -> str:
    return _POWERS.sub(lambda found: "^" + found[0].translate(_RAISED), unit)


def _flat(unit: str) -> str:
    return unit.translate(_RAISED)


def _values(found: re.Match[str]) -> Iterator[Fraction]:
    """All readings of the parts of a number, the decimal ones first."""
    if found["mixed"]:
        above, below = int(found["above"]), int(found["below"])
        if 0 < above < below:
            yield int(found["mixed"]) + Fraction(above, below)
    elif found["vulgar"]:
        yield int(found["whole"] or 0) + _VULGAR[found["vulgar"]]
    elif found["power"]:
        power = int(found["power"].strip("()"))
        if abs(power) <= _MAX_EXPONENT:
            yield from (factor * Fraction(10) ** power for factor in _plain_values(found["factor"] or "1"))
    elif found["exponent"]:
        power = int(found["exponent"])
        if abs(power) <= _MAX_EXPONENT:
            yield from (factor * Fraction(10) ** power for factor in _plain_values(found["mantissa"]))
    elif found["top"]:
        pairs = product(_plain_values(found["top"]), _plain_values(found["bottom"]))
        yield from (top / bottom for top, bottom in pairs if bottom)
    else:
        yield from _plain_values(found["plain"])


def _plain_values(text: str) -> tuple[Fraction, ...]:
    """What digits with marks can mean: nothing, one number, or a decimal one and a whole one."""
    text = text.strip()
    if _DIGITS.fullmatch(text):
        return (Fraction(text),)
    if one := _ONE_MARK.fullmatch(text):
        decimal = Fraction(f"{one[1] or 0}.{one[2]}")
        return (decimal, Fraction(one[1] + one[2])) if _COULD_BE_GROUPED.fullmatch(text) else (decimal,)
    if _GROUPED.fullmatch(text):
        return (Fraction(re.sub("[ .,']", "", text)),)
    mark = max(text.rfind("."), text.rfind(","))
    whole, decimals = text[:mark], text[mark + 1 :]
    grouped = _GROUPED.fullmatch(whole)
    if mark > 0 and grouped and grouped[1] != text[mark] and _DIGITS.fullmatch(decimals):
        return (Fraction(f"{re.sub(r'''[ .,']''', '', whole)}.{decimals}"),)
    return ()


def _plain(text: str) -> str:
    """A text as it is compared: one spelling for case, quotes, minus signs, blanks, article and outer punctuation."""
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).casefold()
    text = " ".join(text.split()).strip(" .,;:!?\"“”«»()[]'")
    article = _ARTICLES.match(text)
    return text[article.end() :] if article else text


def _unaccented(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
