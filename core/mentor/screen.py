"""Whether a reply gives an answer away that the student has not found yet.

A trigger to have the reply written again, never a verdict: looking for the answer's number finds nearly all leaks
(recall .97) and is wrong every other time (precision .50). So in doubt it says yes, except where the mentor could not
speak otherwise: numbers and words of the question itself, and options that are listed.

Everything is one pass over the words of the reply; the expressions have no nested repetitions.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from core.mentor.prompts import Scene, letter, system
from core.mentor.spelling import KEPT, Number, Read, is_variable, numbers_in, parsed, simplified, words_of
from core.practice import typed
from core.questions.model import Kind, QuestionVersion, Wording

MOST_LETTERS = 8_000
"""Of a reply; a longer one is nothing for a phone, and what is written first is told first."""
SMALL = 12
"""Whole numbers up to here stand in any text (steps, exponents, sides); they must be said to be the result."""
STEM = 6
"""Letters by which a word is known, whatever its ending."""
SHORTEST_WORD = 5
"""Letters from which one word alone stands for an option."""
_WALK = 8
"""Words between a verb such as "is" and what it speaks of."""

_EMPHASIS = re.compile(
    r"\*\*([^*\n]{1,160})(?:\*\*|$)|__([^_\n]{1,160})(?:__|$)|(?<![\w*])\*([^*\n]{1,160})\*(?!\w)"
    r"|(?<!\w)_([^_\n]{1,160})_(?!\w)|`([^`\n]{1,160})`|\"([^\"\n]{1,160})\"|(?<!\w)'([^'\n]{1,160})'(?!\w)"
)
_QUANTITY = re.compile(
    r"^(?:[A-Za-zα-ω](?:\([A-Za-z]\))? ?= ?)?\{? ?(?P<number>[-+]?[0-9][0-9.,/]{0,14}(?: ?%)?) ?\}?"
    r"(?: ?(?P<unit>[A-Za-zµ°Ω€$]{1,4}[23]?(?:/[A-Za-z]{1,3}(?:\^?[23])?)?(?:\^[23])?))?$"
)
_LETTER_FRACTION = re.compile(r"^([0-9]{1,4})([A-Za-z])/([0-9]{1,4})$")
_NAME_BEFORE = re.compile(r"^[A-Za-z](?:\([a-z]\))? = (?=..)")
_GAP = re.compile(r"_{2,}|\.{3,}|…+")
_UNIT_AT_END = re.compile(r"(?<=[0-9π)]) [A-Za-zµ°]{1,3}(?:\^?[23])?(?:/[A-Za-z]{1,3}(?:\^?[23])?)?$")

_STRONG = words_of(
    """
    risposta soluzione risultato giusta giusto corretta corretto esatta esatto answer solution result correct right
    opzione alternativa scelta option choice lettera letter scegli scegliere scegliamo segna segnare choose pick
    select mark tick
    """
)
"""Words that say: this is the answer."""
_CONCLUDE = words_of(
    """
    viene vengono verrà ottieni ottengo ottiene ottieniamo otteniamo ottenere trovi trovo troviamo trova esce escono
    dà danno vale valgono varrà fa fanno resta restano rimane rimangono diventa diventano pari uguale equivale
    ammonta arrivi arrivo arriva arriviamo quindi dunque perciò pertanto allora cioè ossia ovvero insomma serve
    servono vuole vogliono metti mettere mettiamo usa usare usiamo occorre occorrono misura misurano bastano basta
    get gets gives give equals equal makes make leaves leave becomes become comes so therefore hence thus namely use
    put need needs insert find finds obtain obtains yields yield left
    """
)
_WEAK = words_of("è sono sia sarà saranno era is are was were be s = : → ⇒ ≈ ∴ il la lo i the")
_ARTICLES = words_of("il la lo i the un una a")
_LINK = words_of(
    """
    è e' sarà saranno sono sia era is are was be been would will must should deve devono essere stato stata proprio
    esattamente exactly just simply solo soltanto only quella quello quelle quelli one ones il la lo l i gli le the
    un una a an di of al alla all to up out in that this questa questo qui here to you i ti mi ci si se ne s : = ≈ →
    ⇒ ( [ { · $ * circa about x y k n t p numero number lettera letter opzione option alternativa risposta answer
    valore value which che come as proprio e and tuo your nostro finale final giusta giusto corretta corretto
    correct right then poi there ora now semplicemente unica unico sempre always con with totale total
    """
) | {'"'}
_EXCLUDE = re.compile(r"\b(?:esclud|scart|elimin|sbagliat|fals|rule|exclud|wrong|discard|incorrect)", re.IGNORECASE)
_OPERATORS = words_of("+ - · / ^ _ √ < > ≤ ≥ ( |")
_NO_RESULT_AFTER = words_of(
    """
    per by di of con with da from al alla to a i le gli il lo la the passo step punto point numero number n metà
    elevato power times volte e and o or tra fra between su over più plus meno minus ogni each every primi first
    """
)
"""Words after which a small number is a part of what is said, not its result."""
_WORD_LETTERS = frozenset("AEIO")
_ORDINALS = {
    word: place
    for place, words in enumerate(
        (
            "prima primo first", "seconda secondo second", "terza terzo third", "quarta quarto fourth",
            "quinta quinto fifth", "sesta sesto sixth",
        )
    )
    for word in words.split()
}  # fmt: skip
_LAST = frozenset({"ultima", "ultimo", "last"})
_PLACES = _LAST | _ORDINALS.keys()
_OPTION_WORDS = words_of("opzione risposta alternativa scelta option answer choice one")
_STOP = {
    "it": words_of(
        """
        a ad al all alla anche c che chi ci come con da dal dall dei del dell della delle dello degli di e è ed era
        essere fra gli ha ho i il in io l la le lei li lo loro lui ma me mi ne nel nell nella non o per più qui se
        si sia sono su te ti tra tu un una uno
        """
    ),
    "en": words_of(
        """
    a about after all an and any are as at away be been before better but by can could did do does doing down for
    force from get had has have having he her here hers him his how i if in into is it its just know less like look
    looking make making may me mine more most much must my no not of off on one or our out over own she should since
    so some such take than that the their them then there these they this to too under up us very was we well were
    what when where which while who whose why will with would yes you your
    """
    ),
}
_NEGATIONS = words_of("non not no mai never nessun nessuno nessuna")
_TRUE = words_of("vero vera true")
_FALSE = words_of("falso falsa false")


_POINTING = _OPTION_WORDS | words_of(
    """
    lettera letter la è e' sarà sarebbe sia is be it's s it the o or e and direi credo penso me mi dico metto segno
    scelgo forse maybe think guess say pick choose quindi allora so then oppure either
    """
)
"""Words after which a small letter is an option."""
_AFTER_LETTER = words_of("giusta giusto vero no sì o or e and è is right correct corretta esatta invece")
_SUPPOSING = re.compile(
    r"\b(?:è|e'|sarebbe|sarà|direi|credo|penso|secondo me|forse|is it|is that|it'?s|i think|i guess|i'd say|maybe)\b"
)
_ASKING_HOW = re.compile(r"\W*(?:come|cosa|che|qual[ei]?|perché|quando|dove|how|what|which|why|when|where)\b")
_SHORT_GUESS = 4
"""Words up to which a message to a question without options is taken for an answer."""
_HEAD = 300
"""Letters of a reply in which a verdict would stand."""
_VERDICT_SIGNS = "✅✔☑👍🎉👏🎯🥳💯❌✖👎"
_FIRST_SENTENCE = re.compile(r"[^.!?\n…]*[.!?\n…]?")
_VERDICT = re.compile(
    r"[^\w]*(?:(?:ah+|eh+|oh+|uh|mm+h?|hm+|beh|bè|mah|bene|ok|okay|allora|dunque|ciao|well|hi|hey|good|so)\b[^\w]+)"
    r"{0,3}"
    r"(?:sì\b|si(?=[,!.:;]|$)|già(?=[,!.]|$)|esatt(?:o|a|amente)\b|giust[oa]\b(?! per\b)|corrett[oa]\b|vero(?=[,!.:]|$)"
    r"|proprio (?:così|quella|lei)|brav(?:o|a|issim[oa])\b|perfett(?:o|amente)\b|ottim[oa]\b(?! (?:domanda|idea di))"
    r"|ben fatto|complimenti|certo(?=[,!.])|certamente\b|assolutamente\b"
    r"|hai (?:ragione|indovinato|azzeccato|fatto giusto|risposto bene|sbagliato)"
    r"|confermo\b|ci sei(?= quasi|[,!.:])|ci siamo\b|sbagliat[oa]\b|errat[oa]\b|purtroppo\b"
    r"|quasi(?=[,!.:;]| ci| giust)|mi (?:di)?spiace\b|fals[oa](?=[,!.:]|$)|macché\b"
    r"|no(?![\w'])(?! (?:problem|worr|rush|need|hurry|formula))"
    r"(?!,? (?:non (?:te |ti |posso|lo )|i (?:won't|can't|cannot|will not)))"
    r"|non (?:è|e'|direi|proprio|esattamente|del tutto|ancora|ci siamo|va bene|torna|quella|questa)(?!\w)"
    r"|y(?:es|ep|eah|up)\b|exactly\b|correct(?:o|ly)?\b|right\b(?! (?:now|hand|side|angle|triangle))|indeed\b"
    r"|precisely\b|absolutely\b|spot on|well done|(?:good|great|nice) (?:job|work|guess|try)|bingo\b|perfect\b"
    r"|congrat\w*|excellent\b(?! question)|you(?:'re| are) (?:right|correct|wrong|almost|nearly|close)"
    r"|you(?:'ve| have)? got it|that(?:'s| is)(?: not)? (?:it|right|correct|wrong|the one)|nope\b"
    r"|(?:not|almost|nearly|close)(?: quite| exactly| really| there| it)?(?=[,!.:;]|$| but\b)"
    r"|not (?:quite|exactly|really)\b"
    r"|(?:that|it)(?:'s not| is not| isn't)\b|wrong\b|incorrect\b|unfortunately\b|(?:i'm )?afraid not|true(?=[,!.])"
    r"|false(?=[,!.]))"
)
"""How a reply begins that says yes or no."""
_RULING = re.compile(
    r"(?:\bè|\be'|\bera|\bis|\b's|\bwas|\bisn't|\bnot)"
    r"(?: (?:proprio|quella|quello|la|il|l|the|not|non|indeed|risposta|opzione|answer|option|one)){0,3}"
    r" (?:giust|corrett|esatt|sbagliat|errat|right\b|correct|incorrect|wrong)"
    r"|\b(?:va bene|non va bene|ti confermo|i can confirm|hai ragione|you're right|hai indovinato|non è quella)\b"
    r"|[,:] (?:sì|no|yes)[.!]?$"
)
"""What rules on an answer within the first sentence."""
_LEAVES_OPEN = re.compile(
    r"\b(?:se|whether|if|né|neither|nor|posso|can't|cannot|won't|dirti|dirtelo|dirò|tell|capire|verific\w*|controll\w*"
    r"|vedi\w*|check|prima di|before|quale|quali|which|what|cosa)\b"
)
"""Words after which nothing is ruled on: whether it is right."""
_WORDS = re.compile(r"\w+")
PASSAGE = 12
"""Words in a row of the instructions that nobody writes by chance."""


@dataclass(frozen=True, slots=True)
class Secret:
    """What must not be told, prepared once for a question as it is shown."""

    language: str
    letters: frozenset[str]
    others: frozenset[str]
    places: tuple[int, ...]
    count: int
    runs: tuple[str, ...]
    wrong_runs: tuple[str, ...]
    plain_runs: frozenset[str]
    """Runs that stand in the question, or are everyday words: they must be said to be the answer."""
    filled: tuple[tuple[frozenset[str], ...], ...]
    """For each right option and each gap of the question: the option with a word of the question beside it."""
    content: tuple[frozenset[str], ...]
    wrong_content: tuple[frozenset[str], ...]
    stems: tuple[frozenset[str], ...]
    wrong_stems: tuple[frozenset[str], ...]
    values: tuple[Fraction, ...]
    tolerance: Fraction
    unit: str
    asked_values: frozenset[Fraction]
    asked_pairs: frozenset[tuple[str, str]]
    asked_equations: frozenset[tuple[str, str]]
    sequences: tuple[tuple[Fraction, ...], ...]
    truth: bool | None


def gives_away(reply: str, scene: Scene, language: str, *, whole: bool = True) -> bool:
    """Whether a reply may tell the answer of a question that the student has not answered.

    A stream, which is looked at again and again, calls `secret` once and then `tells`.

    Args:
        reply: What the mentor wrote, or has written so far.
        scene: The question; after an attempt nothing is secret.
        language: Of the reply.
        whole: False while it is being written: its last word may go on ("4" may become "45"), so it is left out.
    """
    kept = secret(scene, language)
    return kept is not None and tells(reply, kept, whole=whole)


def tells(reply: str, kept: Secret, *, whole: bool = True) -> bool:
    """Whether a reply may tell what is kept; see `gives_away`."""
    reply = reply[:MOST_LETTERS]
    if not whole:
        reply = reply[: max(reply.rfind(" "), reply.rfind("\n")) + 1]
    plain = simplified(reply)
    read = parsed(plain)
    return (
        _names_letter(read, kept)
        or (kept.truth is not None and _tells_truth(read, truth=kept.truth))
        or _tells_value(read, kept)
        or _tells_text(read, kept)
        or _stresses(plain, kept)
        or _leaves_one(read, kept, reply)
    )


def secret(scene: Scene, language: str) -> Secret | None:
    """What must not be told of a question; None once it was answered."""
    return _secret(scene, language) if scene.response is None else None


def is_guess(words: str, scene: Scene, language: str) -> bool:
    """Whether a student's message names an answer, right or wrong: "è la B?", an option's text, a number.

    Rather one too many: it only matters together with a reply that says yes or no (`confirms`).

    Args:
        words: What the student wrote.
        scene: The question that it is about; letters go by its order.
        language: Of the wording that the student reads.
    """
    plain = simplified(words[:MOST_LETTERS])
    read = parsed(plain)
    version, wording = scene.version, scene.version.wording(language)
    if version.kind is Kind.TRUE_FALSE:
        return bool((_TRUE | _FALSE) & set(read.words))
    if scene.order:
        return _points_at_option(read, len(scene.order)) or _names_option(read, scene, language)
    if any(any(read.places(parsed(simplified(one)).joined)) for one in wording.accept):
        return True
    if version.kind is Kind.NUMERIC:
        asked = {value for one in numbers_in(parsed(simplified(wording.text))) for value in one.values}
        numbers = numbers_in(read)
        short = len(_WORDS.findall(plain)) <= 2 * _SHORT_GUESS
        return bool(numbers) and (short or any(not asked & set(number.values) for number in numbers))
    if _ASKING_HOW.match(plain.casefold()):
        return False
    return len(_WORDS.findall(plain)) <= _SHORT_GUESS or bool(_SUPPOSING.search(plain.casefold()))


def confirms(reply: str) -> bool:
    """Whether a reply begins with a yes or no to what the student supposed, in either language.

    Before an attempt such a reply is asked again whether the guess was right or wrong: otherwise asking letter by
    letter tells the answer.
    """
    reply = reply.strip()
    if reply[:1] and reply[0] in _VERDICT_SIGNS:
        return True
    head = simplified(reply[:_HEAD]).casefold().replace("*", "").replace("_", "")
    if _VERDICT.match(head):
        return True
    for sentence in _beginning(head):
        ruled = _RULING.search(sentence)
        if ruled and not sentence.endswith("?") and not _LEAVES_OPEN.search(sentence, 0, ruled.start()):
            return True
        if _VERDICT.match(sentence):
            return True
    return False


def recites(reply: str, language: str) -> bool:
    """Whether a reply has a passage of the instructions, word for word but for case and punctuation."""
    passages = _passages(language)
    words = _WORDS.findall(reply[:MOST_LETTERS].casefold())
    return any(tuple(words[at : at + PASSAGE]) in passages for at in range(len(words) - PASSAGE + 1))


def _beginning(head: str) -> Iterator[str]:
    """The first sentence; after a short question that only echoes the student's ("La B?") the next one too."""
    sentences = (found.strip() for found in _FIRST_SENTENCE.findall(head))
    for sentence in filter(None, sentences):
        yield sentence
        echo = sentence.endswith(("?", "!")) and len(_WORDS.findall(sentence)) <= _SHORT_GUESS
        if not echo:
            return


@cache
def _passages(language: str) -> frozenset[tuple[str, ...]]:
    words = _WORDS.findall(system(language).casefold())
    return frozenset(tuple(words[at : at + PASSAGE]) for at in range(len(words) - PASSAGE + 1))


def _points_at_option(read: Read, count: int) -> bool:
    """Whether an option is named by its letter or its place: "B?", "è la b", "the second one"."""
    letters = frozenset(map(letter, range(count)))
    for place, word in enumerate(read.words):
        before, after = read.at(place - 1), read.at(place + 1)
        goes_on = after[:1].isalnum() and after not in _AFTER_LETTER
        if len(word) == 1 and word.upper() in letters:
            if before in _OPERATORS - {"("} or after in _OPERATORS | {"=", "'"}:
                continue
            one = read.source[place]
            if before in _OPTION_WORDS or before in {"lettera", "letter"}:
                return True
            if one.isupper() and (one not in _WORD_LETTERS or not goes_on):
                return True
            if one.islower() and not goes_on and (before in _POINTING or not before[:1].isalnum()):
                return True
        elif word in _PLACES and (_ORDINALS.get(word, 0) < count):
            article = before in {"la", "l", "the", "quella", "'"} and not after[:1].isalnum()
            if before in _OPTION_WORDS or after in _OPTION_WORDS or article:
                return True
        elif word.isdigit() and before in _OPTION_WORDS:
            return True
    return False


def _names_option(read: Read, scene: Scene, language: str) -> bool:
    """Whether an option's text, its number or most of the words that only it has are there."""
    wording = scene.version.wording(language)
    stop = _STOP.get(language, _STOP["en"])
    options = [parsed(simplified(text)) for text in wording.choices]
    if any(any(read.places(run)) for text in wording.choices for run in _runs(simplified(text))):
        return True
    values = {value for text in wording.choices for value in _quantities(scene.version, [simplified(text)])[0]}
    if any(values & set(number.values) for number in numbers_in(read)):
        return True
    asked = _stems(parsed(simplified(wording.text)), stop)
    stems = [_stems(option, stop) - asked for option in options]
    own = [one - frozenset().union(*stems[:at], *stems[at + 1 :]) for at, one in enumerate(stems)]
    said = _stems(read, stop) - _NEGATIONS
    return any(one and 2 * len(one & said) >= len(one) for one in own)


# What must not be told


def _secret(scene: Scene, language: str) -> Secret:
    version, words = scene.version, scene.version.wording(language)
    question = parsed(simplified(f"{words.text}\n{version.formula or ''}"))
    right, wrong = _answers(version, words)
    lettered = bool(scene.order) and version.kind is not Kind.TRUE_FALSE
    places = tuple(scene.order.index(place) for place in version.right) if lettered else ()
    plain_right, plain_wrong = [simplified(one) for one in right], [simplified(one) for one in wrong]
    read_right, read_wrong = [parsed(one) for one in plain_right], [parsed(one) for one in plain_wrong]
    values, unit = _quantities(version, plain_right)
    runs = tuple(dict.fromkeys(run for text in plain_right for run in _runs(text)))
    lettered_fraction = any(_LETTER_FRACTION.match(text.strip()) for text in plain_right)
    stop = _STOP.get(language, _STOP["en"])
    asked = set(question.words)
    asked_stems = _stems(question, stop)
    sequences = [tuple(number.values[0] for number in numbers_in(read)) for read in read_right]
    wrong_sequences = {tuple(number.values[0] for number in numbers_in(read)) for read in read_wrong}
    numbers = [(number.start, value) for number in numbers_in(question) for value in number.values]
    return Secret(
        language=language,
        letters=frozenset(map(letter, places)),
        others=frozenset(letter(n) for n in range(len(scene.order)) if n not in places) if lettered else frozenset(),
        places=places,
        count=len(scene.order) if lettered else 0,
        runs=() if version.kind is Kind.TRUE_FALSE or (values and not lettered_fraction) else runs,
        wrong_runs=tuple(read.joined for read in read_wrong),
        plain_runs=frozenset(
            run
            for read, run in ((parsed(text), run) for text in plain_right for run in _runs(text))
            if any(question.places(run)) or all(word in stop or not word.isalnum() for word in read.words)
        ),
        filled=tuple(_filled(words.text, text) for text in right) if version.kind is not Kind.TRUE_FALSE else (),
        content=tuple(_content(read, stop, asked) for read in read_right),
        wrong_content=tuple(_content(read, stop, asked) for read in read_wrong),
        stems=tuple(_stems(read, stop) - asked_stems for read in read_right),
        wrong_stems=tuple(_stems(read, stop) - asked_stems for read in read_wrong),
        values=values,
        tolerance=version.numeric.tolerance if version.numeric else Fraction(0),
        unit=unit,
        asked_values=frozenset(value for _, value in numbers),
        asked_pairs=frozenset(zip(question.words, question.words[1:], strict=False)),
        asked_equations=frozenset(
            (question.at(place - 1), question.at(place + 1)) for place, word in enumerate(question.words) if word == "="
        ),
        sequences=tuple(one for one in sequences if len(one) > 1 and one not in wrong_sequences),
        truth=next((typed.read_true_false(one) for one in right), None) if version.kind is Kind.TRUE_FALSE else None,
    )


def _answers(version: QuestionVersion, words: Wording) -> tuple[list[str], list[str]]:
    """What is right and what is wrong, as texts."""
    if version.kind is Kind.SHORT:
        return list(words.accept), []
    if version.kind is Kind.NUMERIC:
        return [], []
    right = set(version.right)
    return (
        [text for place, text in enumerate(words.choices) if place in right],
        [text for place, text in enumerate(words.choices) if place not in right],
    )


def _quantities(version: QuestionVersion, right: Sequence[str]) -> tuple[tuple[Fraction, ...], str]:
    """The numbers that the answer is, in percent also as whole ones, and the unit; none if it is no number."""
    if version.numeric is not None:
        return (version.numeric.value,), _flat_unit(version.numeric.unit or "")
    values: list[Fraction] = []
    unit = ""
    for text in right:
        if found := _LETTER_FRACTION.match(text.strip()):
            values.append(Fraction(int(found[1]), int(found[3]) or 1))
            continue
        found = _QUANTITY.match(text.strip())
        reading = typed.read_number(found["number"]) if found else typed.NotANumber()
        match reading:
            case typed.NumberRead(value):
                values += [value, value * 100] if text.strip().endswith("%") else [value]
            case typed.AmbiguousNumber(several):
                values += several
            case typed.NotANumber():
                return (), ""
        unit = _flat_unit((found["unit"] or "") if found else "")
    return tuple(dict.fromkeys(values)), unit


def _flat_unit(unit: str) -> str:
    return parsed(simplified(unit)).joined


def _runs(text: str) -> Iterator[str]:
    """The text as it is looked for: whole, without "f(x) =" before it, without its unit."""
    yield parsed(text).joined
    if found := _NAME_BEFORE.match(text):
        yield parsed(text[found.end() :]).joined
    if found := _UNIT_AT_END.search(text):
        yield parsed(text[: found.start()]).joined


def _filled(question: str, answer: str) -> tuple[frozenset[str], ...]:
    """The answer in the gaps of the question, with the word before or after it; empty where it has no such gaps."""
    around = [parsed(simplified(part)) for part in _GAP.split(question)]
    parts = [parsed(simplified(part)).joined for part in answer.split(" / ")]
    if len(parts) != len(around) - 1:
        return ()
    found = []
    for part, before, after in zip(parts, around, around[1:], strict=False):
        last, first = before.at(len(before.words) - 1), after.at(0)
        beside = [last + part] * last.isalpha() + [part + first] * first.isalpha()
        found.append(frozenset(beside))
    return tuple(found)


def _content(read: Read, stop: frozenset[str], asked: set[str]) -> frozenset[str]:
    """The words of an option that say something which the question does not."""
    words = {word for word in read.words if word.isalpha() and len(word) > 2 and word not in stop}
    return frozenset((words - asked) | (words & _NEGATIONS))


def _stems(read: Read, stop: frozenset[str]) -> frozenset[str]:
    """Words without their endings, negations among them."""
    return frozenset(
        word[:STEM]
        for word in read.words
        if word in _NEGATIONS or (len(word) > 3 and word.isalpha() and word not in stop)
    )


# What tells it


def _names_letter(read: Read, key: Secret) -> bool:
    """The right letter, or its place in the order, said to be the answer."""
    if not key.letters:
        return False
    bracketed = {one for place, one in enumerate(read.source) if one in key.others and read.at(place + 1) == ")"}
    for place, word in enumerate(read.words):
        if len(word) == 1:
            if word.upper() in key.letters and _is_named(read, place, key, listed=len(bracketed) > 1):
                return True
            if word.isdigit() and int(word) - 1 in key.places and read.at(place - 1) in _OPTION_WORDS:
                return True
        elif word in _PLACES and _is_place(read, place, key):
            return True
    return False


def _is_named(read: Read, place: int, key: Secret, *, listed: bool) -> bool:
    """Whether a letter that could be the right option's stands for it, and is not a word or a variable."""
    one, before, after = read.source[place], read.at(place - 1), read.at(place + 1)
    ends = not after or not after[0].isalnum()
    if before in _OPTION_WORDS or before in {"lettera", "letter"}:
        return ends or one.isupper() or _precedes(read, place)
    if (before, one.casefold()) in key.asked_pairs:
        return False
    if one.islower():
        return ends and after not in {"'", "=", *_OPERATORS} and _follows(read, place, _STRONG)
    function = before == "(" and is_variable(read.at(place - 2))
    if after == ")" and not listed and not function and before not in _OPERATORS - {"("}:
        return True
    if not ends and one in _WORD_LETTERS and after not in {"è", "is"}:
        return before in _STRONG
    alone = before in {"", "\n", "*"} and after in {"", "\n", "*", ".", ":", "!"} and (before != "" or after != ":")
    pointed = before in _WEAK - {"="} or (before == '"' == after)
    return alone or pointed or _follows(read, place, _STRONG | _CONCLUDE if ends else _STRONG) or _precedes(read, place)


def _is_place(read: Read, place: int, key: Secret) -> bool:
    word = read.words[place]
    at = key.count - 1 if word in _LAST else _ORDINALS[word]
    if at not in key.places:
        return False
    return (
        read.at(place - 1) in _OPTION_WORDS
        or read.at(place + 1) in _OPTION_WORDS
        or (not read.at(place + 1)[:1].isalnum() and _follows(read, place, _STRONG))
    )


def _tells_truth(read: Read, *, truth: bool) -> bool:
    """A statement is said to be true or false, and it is."""
    for place, word in enumerate(read.words):
        if word not in _TRUE and word not in _FALSE:
            continue
        around = {read.at(place - 1), read.at(place + 1)}
        before = {read.at(n) for n in range(max(0, place - 7), place) if read.sentence[n] == read.sentence[place]}
        if around & {"o", "or", "e", "and", "/"} or before & {"se", "whether", "if", "chiediti"}:
            continue
        if read.sentence[place] in read.asking and not before & (_STRONG | _CONCLUDE):
            continue
        negated = bool(before & {"non", "not", "isn", "t", "never", "mai"})
        if ((word in _TRUE) != negated) is truth:
            return True
    return False


def _tells_value(read: Read, key: Secret) -> bool:
    """The right number, in any of its forms."""
    if not key.values and not key.sequences:
        return False
    numbers = numbers_in(read)
    if any(_is_told(read, number, key) for number in numbers if _is_value(number, key)):
        return True
    if any(_are_told(read, numbers, sequence, key) for sequence in key.sequences):
        return True
    alone = [number for number in numbers if not is_variable(read.at(number.end))]
    return any(_in_a_row(alone, sequence) for sequence in key.sequences)


def _is_value(number: Number, key: Secret) -> bool:
    for value in number.values:
        for wanted in key.values:
            if abs(value - wanted) <= key.tolerance:
                return True
            rounded = number.decimals >= (1 if abs(wanted) >= 1 else 2)
            if rounded and abs(value - wanted) * 2 * 10**number.decimals <= 1:
                return True
    return False


def _is_told(read: Read, number: Number, key: Secret) -> bool:
    """Whether a number that equals the answer stands there as the answer."""
    before, after = read.at(number.start - 1), read.at(number.end)
    if _is_asked(read, number, key):
        return False
    if _follows(read, number.start, _STRONG) or _precedes(read, number.end - 1):
        return True
    measured = bool(key.unit) and _begins_with(read, number.end, key.unit)
    operand = not measured and (
        before in _OPERATORS or after in {"·", "^", "√", "(", "+", "/"} or is_variable(after.casefold())
    )
    concluded = before in {"=", "→", "⇒", "≈", ":", "*"} or _follows(read, number.start, _CONCLUDE)
    if concluded and not operand:
        return True
    if any(value in key.asked_values for value in number.values):
        goes_on = after[:1].isalnum() and not measured
        return before in {"è", "is", "s"} and not goes_on and read.sentence[number.start] not in read.asking
    value = number.values[0]
    small = 0 <= value <= SMALL and value.denominator == 1
    if measured or not (small or number.spelled):
        return True
    return not operand and not _is_list_number(read, number) and _stands_alone(before, after)


def _is_asked(read: Read, number: Number, key: Secret) -> bool:
    """Whether the question itself says the same of the number: that g = 10, or that there are 4."""
    before, word = read.at(number.start - 1), read.words[number.start]
    if before == "=":
        return (read.at(number.start - 2), word) in key.asked_equations
    return before in _WEAK | _CONCLUDE and (before, word) in key.asked_pairs


def _stands_alone(before: str, after: str) -> bool:
    """Whether a small number is what a sentence comes to, not a part of it."""
    if before in {"è", "sono", "is", "are", "be", "sarà", "was", "s", '"'}:
        return True
    goes_on = after[:1].isalnum() or after in {"-", "=", "<", ">", "≤", "≥", "%"}
    return not goes_on and before not in _NO_RESULT_AFTER


def _is_list_number(read: Read, number: Number) -> bool:
    return read.at(number.start - 1) in {"", "\n"} and read.at(number.end) in {".", ")"}


def _begins_with(read: Read, place: int, run: str) -> bool:
    length, text = 0, ""
    while length < 6 and len(text) < len(run):
        word = read.at(place + length)
        text += word if word in KEPT or word.isalnum() else ""
        length += 1
    return text == run


def _in_a_row(numbers: Sequence[Number], sequence: Sequence[Fraction]) -> bool:
    """Whether several numbers follow each other, with no more than a few words between."""
    reach, last = 0, -99
    for number in numbers:
        near = reach == 0 or number.start - last <= 5
        if near and sequence[reach] in number.values:
            reach, last = reach + 1, number.end
        else:
            reach, last = (1, number.end) if sequence[0] in number.values else (0, last)
        if reach == len(sequence):
            return True
    return False


def _are_told(read: Read, numbers: Sequence[Number], sequence: Sequence[Fraction], key: Secret) -> bool:
    """Whether all numbers of an answer that the question does not have are found somewhere, at least two."""
    wanted = set(sequence) - key.asked_values
    if len(wanted) < 2:
        return False
    told = {value for number in numbers if _is_found(read, number) for value in number.values}
    return wanted <= told


def _is_found(read: Read, number: Number) -> bool:
    """Whether a number is said to come out of something."""
    before = read.at(number.start - 1)
    return before in {"=", "è", "is", ":", "→", "≈"} or _follows(read, number.start, _STRONG | _CONCLUDE)


def _tells_text(read: Read, key: Secret) -> bool:
    """The right option, or an accepted word."""
    listing = _listing(read, key)
    for run in key.runs:
        longer = {place for wrong in key.wrong_runs if run in wrong for first, last in read.places(wrong)
                  for place in range(first, last + 1)}  # fmt: skip
        for first, last in read.places(run):
            if first in longer:
                continue
            said = _follows(read, first, _STRONG | _CONCLUDE) or _precedes(read, last)
            if said or (run in key.plain_runs and _is_pointed_at(read, first, key)):
                return True
            if run not in key.plain_runs and read.sentence[first] not in listing:
                return True
    filled = (gaps for gaps in key.filled if gaps)
    if any(all(any(any(read.places(run)) for run in gap) for gap in gaps) for gaps in filled):
        return True
    return _says_the_same(read, key) or _says_in_other_words(read, key)


def _is_pointed_at(read: Read, first: int, key: Secret) -> bool:
    before = read.at(first - 1)
    if before not in _WEAK - _ARTICLES or (before, read.words[first]) in key.asked_pairs:
        return False
    return read.sentence[first] not in read.asking


def _listing(read: Read, key: Secret) -> set[int]:
    """The sentences with at least two wrong options."""
    seen = Counter(
        sentence for run in key.wrong_runs for sentence in {read.sentence[first] for first, _ in read.places(run)}
    )
    return {sentence for sentence, wrong in seen.items() if wrong > 1}


def _says_the_same(read: Read, key: Secret) -> bool:
    """Whether one sentence has nearly all words that tell the right option from the others."""
    every = set(read.words)
    if not key.runs or not any(content & every for content in key.content):
        return False
    sentences: dict[int, set[str]] = {}
    for place, word in enumerate(read.words):
        if len(word) > 1:
            sentences.setdefault(read.sentence[place], set()).add(word)
    for content in key.content:
        told = content - frozenset().union(*key.wrong_content)
        if told <= _NEGATIONS or (len(content) == 1 and len(next(iter(content))) < SHORTEST_WORD):
            continue
        rivals = [wrong for wrong in key.wrong_content if wrong and not wrong <= content]
        for number, words in sentences.items():
            if number in read.asking or len(content & words) < 0.8 * len(content) or not told & words:
                continue
            if not any(wrong <= words for wrong in rivals):
                return True
    return False


def _says_in_other_words(read: Read, key: Secret) -> bool:
    """Whether half of the stems of the right option are there, more than of any wrong one, and one that is its own."""
    if not key.runs or max(map(len, key.stems), default=0) < 2:
        return False
    told = _stems(read, _STOP.get(key.language, _STOP["en"]))
    for stems in key.stems:
        own = stems - frozenset().union(*key.wrong_stems)
        share = Fraction(len(stems & told), len(stems) or 1)
        rivals = (wrong for wrong in key.wrong_stems if wrong and not wrong <= stems)
        half = len(stems) > 1 and 2 * share >= 1 and bool(own & told)
        if half and all(share > Fraction(len(wrong & told), len(wrong)) for wrong in rivals):
            return True
    return False


def _stresses(plain: str, key: Secret) -> bool:
    """The answer in bold, in quotation marks or boxed."""
    if "*" not in plain and '"' not in plain and "'" not in plain and "_" not in plain and "`" not in plain:
        return False
    stressed = [next(filter(None, found), "") for found in _EMPHASIS.findall(plain)]
    runs = [parsed(one) for one in stressed]
    wrong = sum(read.joined in key.wrong_runs for read in runs)
    for text, read in zip(stressed, runs, strict=True):
        bare = text.strip(" .):;!(")
        if bare in key.letters or (bare[:1] in key.letters and bare[1:2] in {")", ".", ":", "-"}):
            return True
        if any(any(read.places(run)) for run in key.runs) and wrong < 2 and len(read.words) < 8:
            return True
        numbers = numbers_in(read) if key.values else []
        if (
            len(numbers) == 1
            and _is_value(numbers[0], key)
            and numbers[0].end - numbers[0].start >= len(read.words) - 3
        ):
            return True
    return False


def _leaves_one(read: Read, key: Secret, reply: str) -> bool:
    """All wrong options are ruled out by their letters."""
    if len(key.others) < 2 or not _EXCLUDE.search(reply):
        return False
    named = {one for one in read.source if len(one) == 1}
    return key.others <= named and not key.letters & named


def _follows(read: Read, place: int, signals: frozenset[str]) -> bool:
    """Whether a signal stands before a place of the same sentence, with nothing but small words between."""
    for at in range(place - 1, max(-1, place - 1 - _WALK), -1):
        word = read.words[at]
        if word == "\n" and at == place - 1 and read.at(at - 1) == ":":
            continue
        if read.sentence[at] != read.sentence[place] and not (word == ":" or read.at(at + 1) == "\n"):
            return False
        if word in signals:
            return True
        if word not in _LINK and len(word) > 1:
            return False
    return False


def _precedes(read: Read, place: int) -> bool:
    """Whether a word such as "answer" stands after a place: "B is the right one"."""
    verb = False
    for at in range(place + 1, min(len(read.words), place + 1 + _WALK)):
        word = read.words[at]
        if read.sentence[at] != read.sentence[place] and not (read.at(place + 1) == "." and read.source[at].islower()):
            return False
        if verb and word in _STRONG:
            return True
        verb = verb or word in {"è", "is", "sono", "are", "sarebbe", "sembra", "looks", "va", "s", "ok"}
        if word not in _LINK and not verb and word not in {")", '"', "*", "$", "}", "]", ",", "."} and len(word) > 3:
            return False
        if verb and word in {"non", "not"}:
            return False
    return False
