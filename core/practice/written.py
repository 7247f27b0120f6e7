"""How a written text is taken in a quiz: as an answer, as something only the student can tell, or as a remark. Pure."""

from dataclasses import dataclass

from core.practice import rules, typed
from core.practice.model import Chosen, Quiz, Response, Typed
from core.practice.outcomes import Unclear
from core.questions.model import Kind, QuestionVersion


@dataclass(frozen=True, slots=True)
class Ticked:
    """Letters written to a question with several right ones: they are ticked, and still to be confirmed."""

    choices: tuple[int, ...]


def read(quiz: Quiz, version: QuestionVersion, text: str, *, reply: bool) -> Response | Ticked | Unclear | None:
    """What a written text is to the open question; None if it cannot be an answer here.

    A written word is never recorded without asking, be it right or wrong, unless it replies to the question: accepting
    right words at once would tell which ones are wrong, and a remark is a word too.

    Args:
        quiz: The quiz under way.
        version: Its open question.
        text: What was written.
        reply: Whether it was written as a reply to the question's message.
    """
    text = text.strip()
    match version.kind:
        case Kind.SINGLE | Kind.TRUE_FALSE:
            return _choice(quiz, version, text)
        case Kind.MULTIPLE:
            return _ticks(quiz, version, text)
        case Kind.NUMERIC:
            readings = rules.readings(version, text)
            if len(readings) == 1:
                return Typed(text, readings[0])
            return Unclear(quiz, version, text, readings) if readings or typed.has_digit(text) else None
        case Kind.SHORT:
            forms = [form for words in version.wordings.values() for form in words.accept]
            if typed.is_greeting(text) or not typed.could_be_short(text) or _is_aside(text, forms, reply=reply):
                return None
            return Typed(text) if reply else Unclear(quiz, version, text)


def _is_aside(text: str, forms: list[str], *, reply: bool) -> bool:
    """Whether a text is of a sort that no accepted word is of: “boh”, or, without a reply, “A, C” and “22 grammi”."""
    sorts = (typed.is_unsure,) if reply else (typed.is_unsure, typed.is_no_word)
    return any(is_sort(text) and not any(map(is_sort, forms)) for is_sort in sorts)


def _choice(quiz: Quiz, version: QuestionVersion, text: str) -> Chosen | None:
    """The option that is meant by its letter, by true or false, by its whole text or by a clear beginning of it."""
    order = rules.shown_order(quiz.id, quiz.current_index, version)
    if version.kind is Kind.TRUE_FALSE:
        truth = typed.read_true_false(text)
        return None if truth is None else Chosen((0 if truth else 1,))
    letter = typed.read_letter(text, len(order))
    if letter is not None:
        return Chosen((order[letter],))
    for words in version.wordings.values():
        same = [choice for choice, option in enumerate(words.choices) if typed.read_short(text, (option,))]
        if len(same) == 1:
            return Chosen((same[0],))
    return None if typed.is_unsure(text) or typed.is_greeting(text) else _begun(version, text)


def _begun(version: QuestionVersion, text: str) -> Chosen | None:
    """The one option that a text is the beginning of, “la frequenza” for “La frequenza dell'onda”; none if in doubt."""
    meant = {
        choice
        for words in version.wordings.values()
        for choice, option in enumerate(words.choices)
        if typed.begins(text, option)
    }
    return Chosen((meant.pop(),)) if len(meant) == 1 else None


def _ticks(quiz: Quiz, version: QuestionVersion, text: str) -> Ticked | None:
    order = rules.shown_order(quiz.id, quiz.current_index, version)
    letters = typed.read_letters(text, len(order))
    return Ticked(tuple(sorted(order[letter] for letter in letters))) if letters else None
