"""What a model is told, put together from the texts in `prompt_texts/`: pure, and in the order that caching rewards.

Stable first: the same system prompt for everybody, then what holds for the session, then the history as it was sent,
and last the newest message with everything that changes (the exercise, the rung, the date). Whatever somebody else
wrote (students, banks, models) stands between marks that it cannot write itself.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from core.mentor.model import Image, Message, Part, Role, Text
from core.practice.model import Chosen, Response, Typed
from core.questions.model import Kind, QuestionVersion, Wording

PROMPTS = Path(__file__).parent / "prompt_texts"
LANGUAGES = ("it", "en")

STUDENT = {"it": "studente", "en": "student"}
MATERIAL = {"it": "materiale", "en": "material"}
OPEN, CLOSE = "⟦", "⟧"
_BRACKETS = str.maketrans({**dict.fromkeys("⟦〚【", "["), **dict.fromkeys("⟧〛】", "]")})
_ASCII_MARK = re.compile(r"\[{2,4}([^\[\]\n]{0,40})\]{2,4}")
"""The marks as somebody would imitate them."""
_CHAT_TOKEN = re.compile(r"<(?=\||/?(?:s|start_of_turn|end_of_turn|bos|eos)>)|\[(?=/?(?:INST|SYSTEM_PROMPT)\])")
"""What servers on one's own machine may take for the end of a message, wherever it stands."""

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_PHONE = re.compile(
    r"(?<![\w.,+*/^=-])(?<!= )(?<![0-9] )(?:"
    r"(?:\+|00) ?39[ .-]?[03][0-9](?:[ ./-]{0,2}[0-9]){6,9}"
    r"|3[2-9][0-9](?:[ .-]?[0-9]{7}|[ .-][0-9]{3}[ .-]?[0-9]{4}|[ .-][0-9]{3}[ .-][0-9]{2}[ .-][0-9]{2}"
    r"|[ .-][0-9]{2}[ .-][0-9]{2}[ .-][0-9]{3}|[ .-][0-9]{4}[ .-][0-9]{3})"
    r"|0[1-9][0-9]{0,2}[ ./-][0-9]{3,4}[ .-]?[0-9]{3,4}"
    r")(?![\w]| ?[+*/^=·×−<>]|[.,][0-9])"
)
"""Italian numbers, of mobiles (3xx, seven digits) and with the country's, and of lines at home (06 1234567)."""
_PHONE_MARK = {"it": "[telefono]", "en": "[phone]"}

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})
"""Kinds of characters that nobody sees and a model reads: controls, directions, tags."""
_PARAGRAPH = re.compile(r"\n{3,}")
_SECTION = re.compile(r"^## ([a-z-]+)\n", re.MULTILINE)
_TASK = re.compile(
    r"\b(?:risolv|calcol|determin|semplific|dimostr|trova(?:re|mi)?\b|fattorizz|scompon|integra\b|deriva\b|bilanci"
    r"|solve|comput|calculat|determine|simplif|prove\b|find\b|factori[sz]|evaluat|integrate|differentiat|balance)"
    r"|\bquant[oaie] (?:fa|fanno|vale|valgono|misura|misurano|viene|vengono|è|sono|pesa|costa)\b"
    r"|\bqual[ei]? (?:è|e'|sono) (?:il|la|l'|i|gli|le) (?:valore|risultato|soluzion|derivata|integrale|limite"
    r"|probabilit|area|perimetro|volume)"
    r"|\bwhat(?:'s| is| are) (?:the )?(?:value|result|solution|derivative|integral|limit|probability|area|perimeter"
    r"|volume)"
    r"|\bhow (?:much|many|long|far|fast)\b|[∫∑√]|\\(?:int|sum|sqrt|frac|lim)\b",
    re.IGNORECASE,
)
_EQUATION = re.compile(
    r"(?:[0-9)²³]|\b[a-z]) ?[=<>≤≥] ?[-−+]?(?:[(0-9]|[a-z]\b)|[0-9)] ?[-+*/·×:^−] ?[(0-9]", re.IGNORECASE
)


class Rung(StrEnum):
    """How much help is given: a ladder that is climbed one step a time."""

    CUE = "cue"
    METHOD = "method"
    FIRST_STEP = "first-step"
    TWIN = "twin"
    SOLUTION = "solution"


LADDER = (Rung.CUE, Rung.METHOD, Rung.FIRST_STEP, Rung.TWIN)
"""Before an answer; the whole solution comes after it."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What the newest message is about, as far as a question of the bank is concerned.

    Attributes:
        order: The choices in the order shown, as positions in the bank's order (`rules.shown_order`); letters go by it.
        response: What the student answered; None: nothing yet.
        right: Whether that was right; None where nobody said.
        hints: The bank's hints that were shown.
        asked: How often help was asked for at this question before.
    """

    version: QuestionVersion
    order: tuple[int, ...]
    response: Response | None = None
    right: bool | None = None
    hints: int = 0
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Profile:
    """What helps to know of a student: no name, no id.

    Attributes:
        language: Of the chat.
        exam: The exam in view, such as "TOLC-I".
        recent: Errors and topics of late, in words, the newest first.
    """

    language: str
    exam: str | None = None
    exam_in_days: int | None = None
    recent: tuple[str, ...] = ()


def rung(scene: Scene) -> Rung:
    """How far the mentor may go now: each hint that was read and each help that was given is a step.

    Source: Bastani et al., PNAS 2025: hints instead of answers take away the harm that a chat does to later scores.
    """
    if scene.response is not None:
        return Rung.SOLUTION
    return LADDER[min(max(0, scene.hints) + max(0, scene.asked), len(LADDER) - 1)]


def system(language: str) -> str:
    """The mentor's own instructions, the same for every student of a language."""
    return _file(_known(language), "mentor")


def profile(profile: Profile) -> str:
    """What is known of the student, in one short paragraph; the same words as long as nothing changes."""
    language = _known(profile.language)
    lines = [_phrase(language, "profile-language")]
    exam = inert(profile.exam) if profile.exam else None
    if exam and profile.exam_in_days is not None and profile.exam_in_days in {0, 1}:
        lines.append(_phrase(language, "profile-exam-soon", exam=exam))
    elif exam and profile.exam_in_days is not None and profile.exam_in_days > 1:
        lines.append(_phrase(language, "profile-exam-days", exam=exam, days=str(profile.exam_in_days)))
    elif exam:
        lines.append(_phrase(language, "profile-exam", exam=exam))
    if profile.recent:
        recent = "; ".join(" ".join(one.split()).rstrip(".;") for one in profile.recent)
        lines.append(f"{_phrase(language, 'profile-recent')} {_fenced(recent, MATERIAL[language], inline=True)}")
    elif not exam:
        lines.append(_phrase(language, "profile-nothing"))
    return " ".join(lines)


def said(text: str, language: str) -> str:
    """What a student wrote, as it stands in the history: the beginning of what `newest` gave when it was new.

    Without addresses and telephone numbers, which nobody needs for an answer.
    """
    return _fenced(_without_contacts(text, _known(language)), STUDENT[_known(language)])


def with_photos(text: str, language: str, photos: int) -> str:
    """A student's words with a mark for the pictures that came with them."""
    mark = _phrase(_known(language), "photo-mark", count=str(photos))
    return "\n".join(part for part in (mark if photos else "", text) if part)


def newest(text: str, language: str, *, scene: Scene | None, today: date, photo: bool = False) -> str:
    """The newest message: the student's words, and then what the mentor must know to answer them.

    The words come first, so that this message and the history that it becomes begin alike.

    Args:
        text: What the student wrote, or was heard saying.
        language: Of the chat.
        scene: The question it is about; None: none of the bank.
        today: The student's day.
        photo: Whether a picture comes with it.
    """
    language = _known(language)
    parts = [said(text, language), _phrase(language, "today", today=today.isoformat())]
    if photo:
        parts.append(_phrase(language, "photo"))
    if scene is not None:
        parts.extend(_about(scene, language))
    elif photo or looks_like_exercise(text):
        parts.append(_phrase(language, "exercise-of-their-own"))
    return "\n\n".join(parts)


def messages(
    newest: str,
    history: Sequence[Message],
    profile: Profile,
    *,
    summary: str | None = None,
    images: Sequence[Image] = (),
) -> tuple[Message, ...]:
    """The whole prompt, the most lasting first.

    Instructions, profile and summary are one message: templates of many models on one's own machine refuse a second
    one of the system. The prefix is cached by tokens, so it stays the same for everybody up to the profile.

    Args:
        newest: As `newest` gives it.
        history: Earlier turns, oldest first, as they were sent: `said` for the student's, replies as they are.
        profile: Of the student; gives the language too.
        summary: Of what was cut from the history.
        images: Pictures of the newest message.
    """
    parts: tuple[Part, ...] = (Text(newest), *images)
    stable = [system(profile.language), _profile(profile)]
    if summary:
        language = _known(profile.language)
        stable.append(f"{_phrase(language, 'summary')}\n{_fenced(summary, MATERIAL[language])}")
    return (Message.of(Role.SYSTEM, "\n\n".join(stable)), *history, Message(Role.USER, parts))


def title_ask(history: Sequence[Message], language: str) -> tuple[Message, ...]:
    """A prompt for a title of at most six words."""
    language = _known(language)
    return (Message.of(Role.SYSTEM, _file(language, "title")), Message.of(Role.USER, _transcript(history, language)))


def summary_ask(history: Sequence[Message], language: str, *, before: str | None = None) -> tuple[Message, ...]:
    """A prompt for a summary of at most 120 words.

    Args:
        history: What is to be cut.
        language: Of the chat.
        before: The summary so far, which the new one replaces.
    """
    language = _known(language)
    parts = [_transcript(history, language)]
    if before:
        parts.insert(0, f"{_phrase(language, 'summary')}\n{_fenced(before, MATERIAL[language])}")
    return (Message.of(Role.SYSTEM, _file(language, "summary")), Message.of(Role.USER, "\n\n".join(parts)))


def again(prompt: Sequence[Message], reply: str, language: str) -> tuple[Message, ...]:
    """The same prompt, the reply that gave the answer away, and the wish to have it without.

    Only for this one call: neither message belongs into the history.
    """
    wish = Message.of(Role.USER, _file(_known(language), "again"))
    return (*prompt, Message.of(Role.ASSISTANT, reply), wish)


def looks_like_exercise(text: str) -> bool:
    """Whether a text asks for something to be worked out, rather than for an explanation."""
    text = text[:4096]
    return bool(_TASK.search(text) or _EQUATION.search(text))


def inert(text: str) -> str:
    """A text that cannot end the marks that it stands in, nor pass for a chat's own signs, nor hide words."""
    text = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in _UNSEEN)
    text = _ASCII_MARK.sub(r"[\1]", text.translate(_BRACKETS))
    return _CHAT_TOKEN.sub(lambda found: "‹" if found[0] == "<" else "(", text)


def _without_contacts(text: str, language: str) -> str:
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")  # signs that would split one unseen
    return _PHONE.sub(_PHONE_MARK[language], _MAIL.sub("[e-mail]", text))


def _fenced(text: str, name: str, *, inline: bool = False) -> str:
    between = " " if inline else "\n"
    body = _PARAGRAPH.sub("\n\n", inert(text)).strip()
    return f"{OPEN}{name}{CLOSE}{between}{body}{between}{OPEN}/{name}{CLOSE}"


def _about(scene: Scene, language: str) -> list[str]:
    """The question with all that its author knows, what the student did, and how far the mentor may go."""
    version, words = scene.version, scene.version.wording(language)
    lines = [_phrase(language, "topic", topic=version.topic_name(language))]
    if version.passage:
        passage = version.passage.get(language) or next(iter(version.passage.values()))
        lines += [_phrase(language, "passage", title=passage.title), passage.text]
    lines.append(_phrase(language, "question", text=words.text))
    if version.formula:
        lines.append(_phrase(language, "formula", formula=version.formula))
    if version.kind is not Kind.TRUE_FALSE:
        lines += [_option(scene.order.index(place), words.choices[place]) for place in scene.order]
    lines.append(_phrase(language, "key", key=_key(scene, words)))
    if words.explanation:
        lines.append(_phrase(language, "solution", solution=words.explanation))
    if words.hints:
        lines.append(_phrase(language, "hints"))
        lines += [f"{number}. {hint}" for number, hint in enumerate(words.hints, start=1)]
    outside = [f"{_phrase(language, 'about-exercise')}\n{_fenced(chr(10).join(lines), MATERIAL[language])}"]
    now = [_phrase(language, f"rung-{rung(scene)}")]
    if scene.response is None:
        if scene.hints and words.hints:
            seen, count = min(scene.hints, len(words.hints)), len(words.hints)
            now.insert(0, _phrase(language, "hints-seen", seen=str(seen), all=str(count)))
        now.append(_phrase(language, "not-answered"))
    elif scene.response == Chosen(()):
        now.insert(0, _phrase(language, "skipped"))
    else:
        how = {True: "answered-right", False: "answered-wrong", None: "answered"}[scene.right]
        answer = _fenced(_answer(scene, words), MATERIAL[language], inline=True)
        now.insert(0, _phrase(language, how, answer=answer))
        if error := error_behind(scene, language):
            fenced = _fenced(error, MATERIAL[language], inline=True)
            now.insert(1, _phrase(language, "error", error=fenced))
    return [*outside, "\n".join(now)]


def error_behind(scene: Scene, language: str) -> str | None:
    """The reasoning that leads to what the student answered, in the words of the bank; None where it has none."""
    words = scene.version.wording(language)
    match scene.response:
        case Chosen(positions):
            errors = [words.errors[place] for place in positions if place < len(words.errors)]
            return " ".join(error for error in errors if error) or None
        case Typed(value=value) if value is not None and scene.version.numeric is not None and not scene.right:
            # Written to the same precision as the key, a typical wrong value is met within its tolerance too.
            tolerance = scene.version.numeric.tolerance
            return next((error for wrong, error in words.numeric_errors if abs(wrong - value) <= tolerance), None)
        case _:
            return None


def _answer(scene: Scene, words: Wording) -> str:
    match scene.response:
        case Chosen(positions):
            return _named(scene, words, positions)
        case Typed(text):
            return text
        case None:
            return ""


def _key(scene: Scene, words: Wording) -> str:
    version = scene.version
    if version.numeric is not None:
        return " ".join(filter(None, (str(version.numeric.value), version.numeric.unit)))
    return ", ".join(words.accept) if version.kind is Kind.SHORT else _named(scene, words, version.right)


def _named(scene: Scene, words: Wording, positions: Sequence[int]) -> str:
    """Choices as the student sees them, in the order shown."""
    shown = sorted(positions, key=scene.order.index)
    if scene.version.kind is Kind.TRUE_FALSE:
        return ", ".join(words.choices[place] for place in shown)
    return "; ".join(_option(scene.order.index(place), words.choices[place]) for place in shown)


def _option(place: int, text: str) -> str:
    return f"{letter(place)}) {text}"


def letter(place: int) -> str:
    """The letter of the option at a place of the order shown, 0-based."""
    return chr(ord("A") + place)


def _transcript(history: Sequence[Message], language: str) -> str:
    """A dialogue as material. The marks around the student's words are taken off, and stand around the whole."""
    of = {Role.USER: "said-student", Role.ASSISTANT: "said-mentor"}
    mark = re.compile(f"{OPEN}/?(?:{'|'.join((*STUDENT.values(), *MATERIAL.values()))}){CLOSE}")
    lines = [
        _phrase(language, of[message.role], text=mark.sub("", part.text).strip())
        for message in history
        if message.role in of
        for part in message.parts
        if isinstance(part, Text)
    ]
    return _fenced("\n".join(lines), MATERIAL[language])


def _known(language: str) -> str:
    """Any language but Italian is English, as in the catalogues."""
    return language if language in LANGUAGES else "en"


@cache
def _file(language: str, name: str) -> str:
    return (PROMPTS / language / f"{name}.md").read_text(encoding="utf-8").strip()


@cache
def phrases(language: str) -> dict[str, str]:
    """The phrases of `turn.md` by their headings."""
    _, *found = _SECTION.split(_file(_known(language), "turn"))
    return {name: text.strip() for name, text in zip(found[::2], found[1::2], strict=True)}


def _phrase(language: str, name: str, **values: str) -> str:
    # Not str.format: the phrase on formulas has dollars and braces of its own, and values may have any.
    text = phrases(language)[name]
    return re.sub(r"\{([a-z]+)\}", lambda found: values[found[1]], text)


_profile = profile  # `messages` has an argument of that name
