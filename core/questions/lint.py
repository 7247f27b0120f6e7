"""What an author should look at before a bank is used: unfair keys, missing help, text that does not fit."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.questions.model import Bank, Item, Kind, Wording


class Severity(StrEnum):
    """How bad it is: an error makes a question unusable, a warning should be mended, the rest is good to know."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at.

    Attributes:
        slug: The question, or None where it is about the bank.
        sentence: What was found, in an English sentence.
    """

    severity: Severity
    code: str
    slug: str | None
    sentence: str


MAX_TEXT = 500
MAX_OPTION = 120
MAX_HINT = 200
MAX_EXPLANATION = 900
LONGEST_SHARE = Fraction(1, 4)
ALIKE = 0.8
HINTS = 3
MANY = 20  # findings of one code about one thing that are told one by one

# Upper 1% points of chi-square for 1 to 9 degrees of freedom; source: NIST/SEMATECH e-Handbook, section 1.3.6.7.4.
_CHI_SQUARE_01 = (6.635, 9.210, 11.345, 13.277, 15.086, 16.812, 18.475, 20.090, 21.666)

_WORD = re.compile(r"[^\W_]+|[+\-−–=<>≤≥≠√^/·×%]")
_ITALIAN_POINT = re.compile(r"(?<![\d.,])\d+\.(?!\d{3}(?!\d))\d+(?![\d.]*\.\d)")
_ENGLISH_COMMA = re.compile(r"(?<![\d.,])\d+,(?!\d{3}(?!\d))\d+(?![\d,]*,\d)")
_POSITION = re.compile(
    r"\b(?:risposta|opzione|alternativa|scelta|answer|option|choice)\s+\(?[A-J]\)?(?![\w'’])"
    r"|\b[Ll]a\s+\(?[A-E]\)?\s+(?:è|non è)\s+(?:giusta|corretta|sbagliata|errata|vera|falsa)"
    r"|\b(?:[Pp]rima|[Ss]econda|[Tt]erza|[Qq]uarta|[Qq]uinta|[Uu]ltima)\s+(?:risposta|opzione|alternativa|scelta)\b"
    r"|\b(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]ifth|[Ll]ast)\s+(?:answer|option|choice)\b"
)


def lint(bank: Bank) -> list[Finding]:
    """Everything found in a bank, the worst first; the same finding about many questions is told once."""
    found = [finding for item in bank.items for finding in _about(item, {passage.slug for passage in bank.passages})]
    found = list(_summed_up(found))
    found += _key_positions(bank.items)
    found += _longest_keys(bank.items)
    found += _near_duplicates(bank.items)
    found += _topics(bank)
    order = list(Severity)
    return sorted(found, key=lambda finding: order.index(finding.severity))


def chi_square(counts: Sequence[int]) -> float:
    """How far counts are from being equal: the sum of (seen - expected)² / expected.

    Source: Pearson 1900, On the criterion that a given system of deviations…, Philosophical Magazine 50.
    """
    expected = sum(counts) / len(counts)
    return sum((count - expected) ** 2 for count in counts) / expected


def _about(item: Item, passages: set[str]) -> Iterator[Finding]:
    if item.passage is not None and item.passage not in passages:
        sentence = f"The passage {item.passage} is not in the bank."
        yield Finding(Severity.ERROR, "unknown-passage", item.slug, sentence)
    for sentence in _differences(item):
        yield Finding(Severity.WARNING, "structure", item.slug, sentence)
    for language, wording in item.wordings.items():
        for severity, code, sentence in _about_wording(item, language, wording):
            yield Finding(severity, code, item.slug, f"{sentence} ({language}).")


def _about_wording(item: Item, language: str, wording: Wording) -> Iterator[tuple[Severity, str, str]]:
    for first, second in _equal(wording.choices):
        yield Severity.ERROR, "equal-options", f"Options {first} and {second} are equal"
    for sentence in _lengths(wording):
        yield Severity.WARNING, "length", sentence
    for hint in _telling_hints(item, wording):
        yield Severity.WARNING, "telling-hint", f"A hint gives the answer away, “{hint}”"
    for words in _positions_named(wording):
        yield Severity.WARNING, "position-named", f"Choices are shuffled, but a text says “{words}”"
    if item.formula and not wording.spoken:
        yield Severity.WARNING, "unspoken-formula", "The formula is not said in words"
    for code, sentence in _help_missing(item, wording):
        yield Severity.INFORMATION, code, sentence
    for words in _wrong_marks(language, wording):
        yield Severity.INFORMATION, "decimal-mark", f"“{words}” has the decimal mark of another language"


def _summed_up(found: Iterable[Finding]) -> Iterator[Finding]:
    by_code: dict[tuple[Severity, str], list[Finding]] = defaultdict(list)
    for finding in found:
        by_code[finding.severity, finding.code].append(finding)
    for (severity, code), findings in by_code.items():
        slugs = list(dict.fromkeys(finding.slug for finding in findings))
        if len(slugs) <= MANY or severity is Severity.ERROR:
            yield from findings
        else:
            first = findings[0]
            yield Finding(severity, code, None, f"{len(slugs)} questions; the first is {first.slug}: {first.sentence}")


def _equal(choices: Sequence[str]) -> Iterator[tuple[int, int]]:
    trimmed = [choice.strip() for choice in choices]
    if len(set(trimmed)) == len(trimmed):
        return
    for second, choice in enumerate(trimmed):
        if choice in trimmed[:second]:
            yield trimmed.index(choice) + 1, second + 1


def _help_missing(item: Item, wording: Wording) -> Iterator[tuple[str, str]]:
    if not wording.explanation:
        yield "no-explanation", "There is no explanation"
    if len(wording.hints) < HINTS:
        yield "few-hints", f"There are {len(wording.hints)} hints of {HINTS}"
    wrong = [position for position in range(len(wording.choices)) if position not in item.right]
    without = [position + 1 for position in wrong if position >= len(wording.errors) or not wording.errors[position]]
    if without:
        yield "no-error", f"Nothing says what is wrong with option {', '.join(map(str, without))}"


def _lengths(wording: Wording) -> Iterator[str]:
    parts = [("The text", wording.text, MAX_TEXT), ("The explanation", wording.explanation or "", MAX_EXPLANATION)]
    parts += [(f"Option {place}", choice, MAX_OPTION) for place, choice in enumerate(wording.choices, start=1)]
    parts += [(f"Hint {place}", hint, MAX_HINT) for place, hint in enumerate(wording.hints, start=1)]
    for name, text, limit in parts:
        if len(text) > limit:
            yield f"{name} has {len(text)} signs, {limit} are wanted"


def _telling_hints(item: Item, wording: Wording) -> Iterator[str]:
    """Hints that hold the key; those that name another choice as well, or a word of the question, tell nothing."""
    if not wording.hints or item.kind is Kind.TRUE_FALSE:
        return
    stem = _spaced(wording.text)
    keys = [_spaced(wording.choices[position]) for position in item.right]
    others = [_spaced(choice) for place, choice in enumerate(wording.choices) if place not in item.right]
    if item.numeric:
        keys = [_spaced(form) for form in _number_forms(item.numeric.value)]
    elif item.kind is Kind.SHORT:
        keys = [_spaced(form) for form in wording.accept]
    for hint in wording.hints:
        spaced = _spaced(hint)
        tells = any(len(key.strip()) >= 5 and key in spaced and key not in stem for key in keys)
        if tells and not any(other in spaced for other in others):
            yield hint


def _number_forms(value: Fraction) -> Iterator[str]:
    yield str(value)
    decimal = f"{float(value):.6g}"
    yield from (decimal, decimal.replace(".", ","))


def _positions_named(wording: Wording) -> Iterator[str]:
    for text in (wording.explanation, *wording.hints, *wording.errors):
        if text and (named := _POSITION.search(text)):
            yield named[0]


def _wrong_marks(language: str, wording: Wording) -> Iterator[str]:
    pattern = {"it": _ITALIAN_POINT, "en": _ENGLISH_COMMA}.get(language)
    if pattern is None:
        return
    for text in (wording.text, wording.explanation, *wording.choices, *wording.hints, *wording.errors):
        if text and (mark := pattern.search(text)):
            yield mark[0]
            return


def _differences(item: Item) -> Iterator[str]:
    """In what the languages differ besides their words."""
    original = item.wordings[item.original]
    for language, wording in item.wordings.items():
        pairs = [
            ("options", len(original.choices), len(wording.choices)),
            ("hints", len(original.hints), len(wording.hints)),
            ("explanations", bool(original.explanation), bool(wording.explanation)),
            ("errors", [bool(error) for error in original.errors], [bool(error) for error in wording.errors]),
            ("accepted answers", bool(original.accept), bool(wording.accept)),
            (
                "numeric errors",
                [value for value, _ in original.numeric_errors],
                [value for value, _ in wording.numeric_errors],
            ),
            ("line breaks", original.text.count("\n\n"), wording.text.count("\n\n")),
        ]
        for name, here, there in pairs:
            if here != there:
                yield f"The {name} of {item.original} and {language} differ."


def _shuffled_singles(items: Iterable[Item]) -> list[Item]:
    return [item for item in items if item.kind is Kind.SINGLE]


def _key_positions(items: Iterable[Item]) -> Iterator[Finding]:
    """Whether right answers stand in some places more often than chance explains; meant for five or more a place."""
    by_size: dict[int, Counter[int]] = defaultdict(Counter)
    for item in _shuffled_singles(items):
        by_size[len(item.wordings[item.original].choices)][item.right[0]] += 1
    for size, places in by_size.items():
        if not 2 <= size <= len(_CHI_SQUARE_01) + 1 or places.total() < 5 * size:
            continue
        counts = [places[place] for place in range(size)]
        if chi_square(counts) > _CHI_SQUARE_01[size - 2]:
            sentence = f"Right answers stand unevenly in the {size} places: {', '.join(map(str, counts))}."
            yield Finding(Severity.WARNING, "key-positions", None, sentence)


def _longest_keys(items: Iterable[Item]) -> Iterator[Finding]:
    seen: Counter[str] = Counter()
    longest: dict[str, list[str]] = defaultdict(list)
    for item in _shuffled_singles(items):
        for language, wording in item.wordings.items():
            seen[language] += 1
            key = len(wording.choices[item.right[0]])
            if all(len(choice) < key for place, choice in enumerate(wording.choices) if place != item.right[0]):
                longest[language].append(item.slug)
    for language, slugs in longest.items():
        if seen[language] >= MANY and Fraction(len(slugs), seen[language]) > LONGEST_SHARE:
            sentence = (
                f"The right answer is the longest in {len(slugs)} of {seen[language]} questions ({language}), "
                f"more than a quarter: {', '.join(slugs[:MANY])}{'…' if len(slugs) > MANY else ''}."
            )
            yield Finding(Severity.WARNING, "longest-key", None, sentence)


def _topics(bank: Bank) -> Iterator[Finding]:
    counts: Counter[tuple[str, ...]] = Counter()
    for item in bank.items:
        counts.update(item.topic[:depth] for depth in range(1, len(item.topic) + 1))
    for path, count in sorted(counts.items()):
        yield Finding(Severity.INFORMATION, "topic-count", None, f"{'/'.join(path)}: {count} questions.")
    if bank.topics:
        named = {topic.path for topic in bank.topics}
        for path in sorted(set(counts) - named):
            yield Finding(Severity.INFORMATION, "unnamed-topic", None, f"{'/'.join(path)} has no name to show.")
    used = {item.passage for item in bank.items}
    for passage in bank.passages:
        if passage.slug not in used:
            sentence = f"No question asks about the passage {passage.slug}."
            yield Finding(Severity.INFORMATION, "unused-passage", None, sentence)


def _near_duplicates(items: Sequence[Item]) -> Iterator[Finding]:
    """Pairs of questions that ask nearly the same in nearly the same words.

    Prefix filtering (Chaudhuri, Ganti, Kaushik 2006): sets that are alike in a share t must meet among the rarest
    n - ceil(t n) + 1 elements of each, so only few pairs are compared.
    """
    words = [_words(item.wordings[item.original].text) for item in items]
    shingled = [_shingles(one) for one in words]
    rarity = Counter(shingle for shingles in shingled for shingle in shingles)
    meeting: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for here, shingles in enumerate(shingled):
        rarest = sorted(shingles, key=lambda shingle: (rarity[shingle], shingle))
        met: set[int] = set()
        for shingle in rarest[: len(rarest) - int(-(-ALIKE * len(rarest) // 1)) + 1]:
            met.update(meeting[shingle])
            meeting[shingle].append(here)
        for there in sorted(met):
            common = len(shingles & shingled[there])
            if common >= ALIKE * (len(shingles) + len(shingled[there]) - common) and _same_task(
                items[there], items[here], len(words[here])
            ):
                sentence = f"It asks nearly the same as {items[there].slug}."
                yield Finding(Severity.WARNING, "near-duplicate", items[here].slug, sentence)


def _shingles(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    """Each three words in a row; a shorter text is one shingle."""
    return frozenset(tuple(words[start : start + 3]) for start in range(max(1, len(words) - 2)))


def _same_task(one: Item, other: Item, words: int) -> bool:
    """Whether stems that are alike ask the same: short ones are common property, so their answers must be alike too."""
    if one.passage != other.passage or one.formula != other.formula:
        return False
    ours, theirs = _answers(one), _answers(other)
    common = len(ours & theirs)
    return common >= (len(ours) + len(theirs) - common) / 2 or (words >= 15 and bool(ours & theirs))


def _answers(item: Item) -> set[str]:
    wording = item.wordings[item.original]
    value = {str(item.numeric.value)} if item.numeric else set()
    return value | {_spaced(answer) for answer in (*wording.choices, *wording.accept)}


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _spaced(text: str) -> str:
    """The words of a text with a blank on each side, so that one text can be sought in another word by word."""
    return f" {' '.join(_words(text))} "
