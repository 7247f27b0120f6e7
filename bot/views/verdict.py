"""A verdict in words: why one's own choice is wrong, then the solution; the same in review and before a report."""

from typing import assert_never

from markupsafe import Markup, escape

from bot.callbacks import (
    MentorAsk,
    QuizDoubt,
    QuizNext,
    QuizReport,
    QuizResult,
    QuizReview,
    QuizShow,
    QuizSimilar,
    Wish,
)
from bot.i18n import Translator
from bot.screens import Key, Keys, Screen, visible_length
from bot.views.item import (
    LETTERS,
    explanation,
    fitted,
    formula,
    head,
    inert,
    joined,
    options,
    passage,
    room_after,
    short,
)
from core.ids import to_short
from core.practice import rules
from core.practice.model import Attempt, Chosen, Quiz, Response, Typed
from core.practice.outcomes import Judged, Reviewed
from core.questions.model import Kind, QuestionVersion, Wording


def judged(verdict: Judged, t: Translator) -> Screen:
    """A verdict: first why one's own choice is wrong, then the solution, folded."""
    quiz, version, attempt = verdict.quiz, verdict.version, verdict.attempt
    label = "quiz-to-result" if quiz.is_complete else "quiz-next"
    going_on = Key(t.plain(label), QuizNext(quiz.id, attempt.position), style="primary")
    doubt = Key(t.plain("quiz-report-key"), QuizDoubt(quiz.id, attempt.position))
    keys: Keys = ((going_on,),) if attempt.voided_at is not None else ((doubt, going_on),)
    if not attempt.right and attempt.voided_at is None and rules.may_append_similar(quiz, attempt.position):
        keys = ((Key(t.plain("quiz-similar"), QuizSimilar(quiz.id, attempt.position)),), *keys)
    if attempt.voided_at is None:
        wish = Wish.EXPLAIN if attempt.right else Wish.WHY
        keys = ((Key(t.plain("mentor-why-key"), MentorAsk(quiz.id, attempt.position, wish)),), *keys)
    return Screen(
        _verdict(quiz, version, attempt, attempt.position, t),
        keys,
        picture=formula(version, version.wording(t.language)),
        place="quiz",
        ref=to_short(quiz.id),
    )


def doubted(verdict: Judged | Reviewed, t: Translator) -> Screen:
    """Ask once more before a question is reported."""
    quiz, position = verdict.quiz, _position(verdict)
    back = QuizReview(quiz.id, position) if isinstance(verdict, Reviewed) else QuizShow(quiz.id)
    screen = reviewed(verdict, t) if isinstance(verdict, Reviewed) else judged(verdict, t)
    return Screen(
        Markup("\n\n").join([screen.text, t("quiz-doubt-sure")]),
        (
            (Key(t.plain("quiz-doubt-yes"), QuizReport(quiz.id, position), style="danger"),),
            (Key(t.plain("quiz-doubt-no"), back),),
        ),
        picture=screen.picture,
        place=screen.place,
        ref=screen.ref,
    )


def reported(item: Reviewed, t: Translator) -> Screen:
    """After a report: where it was made from, the verdict or the review."""
    quiz = item.quiz
    if item.attempt is not None and quiz.reads_verdict and quiz.served_index == item.position:
        return judged(Judged(quiz, item.version, item.attempt), t)
    return reviewed(item, t)


def reviewed(item: Reviewed, t: Translator) -> Screen:
    """One question of a quiz that is over."""
    quiz, position = item.quiz, item.position
    keys: list[tuple[Key, ...]] = []
    last = min(quiz.length, max(quiz.current_index, 1)) - 1
    if last > 0:
        keys.append(
            (
                Key("◀", QuizReview(quiz.id, position - 1 if position > 0 else last)),
                Key(f"{position + 1}/{quiz.length}", QuizReview(quiz.id, position)),
                Key("▶", QuizReview(quiz.id, position + 1 if position < last else 0)),
            )
        )
    explain = Key(t.plain("mentor-explain-key"), MentorAsk(quiz.id, position, Wish.EXPLAIN))
    if item.attempt is not None and item.attempt.voided_at is None:
        keys.append((explain, Key(t.plain("quiz-doubt"), QuizDoubt(quiz.id, position))))
    else:
        keys.append((explain,))
    keys.append((Key(t.plain("quiz-back-to-result"), QuizResult(quiz.id)),))
    return Screen(
        _verdict(quiz, item.version, item.attempt, position, t),
        tuple(keys),
        picture=formula(item.version, item.version.wording(t.language)),
        place="review",
        ref=to_short(quiz.id),
    )


def _position(verdict: Judged | Reviewed) -> int:
    return verdict.position if isinstance(verdict, Reviewed) else verdict.attempt.position


def _verdict(quiz: Quiz, version: QuestionVersion, attempt: Attempt | None, position: int, t: Translator) -> Markup:
    words = version.wording(t.language)
    order = rules.shown_order(quiz.id, position, version)
    lines = [head(quiz, version, position, t)]
    lines.append(escape(inert(words.text)))
    if order:
        lines.append(options(version, words, order, _marks(version, attempt)))
    picture = formula(version, words)
    lines.extend(_judgement(version, attempt, order, t, room=room_after(lines, picture)))
    explained = explanation(words, t, room=room_after(lines, picture))
    folded = passage(version, t)
    if folded and room_after([folded, *lines, *explained], picture) > 0:
        lines.insert(1, folded)
    return joined([*lines, *explained])


def _judgement(
    version: QuestionVersion,
    attempt: Attempt | None,
    order: tuple[int, ...],
    t: Translator,
    *,
    room: int,
) -> list[Markup]:
    words = version.wording(t.language)
    right = solution(version, words, order, t)
    if attempt is None:
        return [Markup("\n").join([t("verdict-skipped"), right])]
    given = _given(attempt.response, order, version, t)
    if attempt.voided_at is not None:
        return [t("verdict-voided")]
    if attempt.right:
        lines = [t("verdict-right", xp=attempt.xp)]
        if isinstance(attempt.response, Typed):
            lines.append(given)
        return [Markup("\n").join(lines)]
    above = [t("verdict-wrong")]
    if isinstance(attempt.response, Typed):
        above.append(given)
    below = [right]
    missed = _missed(attempt.response, version, order)
    if missed:
        below.insert(0, t("verdict-missed", letters=missed))
    errors = _errors(attempt.response, version, words, order)
    for number, (letter, error) in enumerate(errors):
        # What is left is shared, so that a long error does not drive out the one of the next letter.
        share = (room - visible_length(joined([*above, *below]))) // (len(errors) - number)
        if short_error := fitted(inert(error), share):
            named = bool(letter) and version.kind is not Kind.TRUE_FALSE
            why = t("verdict-why", letter=letter, error=short_error) if named else None
            above.append(why or t("verdict-why-typed", error=short_error))
    return [Markup("\n").join([*above, *below])]


def solution(version: QuestionVersion, words: Wording, order: tuple[int, ...], t: Translator) -> Markup:
    """The right answer in a line."""
    if version.kind is Kind.NUMERIC and version.numeric is not None:
        unit = f" {version.numeric.unit}" if version.numeric.unit else ""
        return t("verdict-solution", count=1, answer=t.number(version.numeric.value) + unit)
    if version.kind is Kind.SHORT:
        return t("verdict-solution", count=1, answer=words.accept[0] if words.accept else "")
    if version.kind is Kind.TRUE_FALSE:
        return t("verdict-solution", count=1, answer=words.choices[version.right[0]])
    letters = ", ".join(LETTERS[order.index(choice)] for choice in sorted(version.right, key=order.index))
    return t("verdict-solution", count=len(version.right), answer=letters)


def _errors(
    response: Response, version: QuestionVersion, words: Wording, order: tuple[int, ...]
) -> list[tuple[str, str]]:
    """The thinking behind what was wrong, where the bank knows it: each error with its letter, in the order shown."""
    match response:
        case Chosen():
            known = (
                (choice, words.errors[choice])
                for choice in sorted(_wrong(response, version), key=order.index)
                if choice < len(words.errors)
            )
            return [(_letters((choice,), order), error) for choice, error in known if error]
        case Typed(_, value):
            return [("", error) for known, error in words.numeric_errors if known == value][:1]
        case _ as never:
            assert_never(never)


def _given(response: Response, order: tuple[int, ...], version: QuestionVersion, t: Translator) -> Markup:
    match response:
        case Chosen():
            return escape(_letters(response.positions, order))
        case Typed(text, value):
            if value is None or version.kind is not Kind.NUMERIC:
                return t("verdict-written", text=short(text))
            unit = version.numeric.unit if version.numeric and version.numeric.unit else ""
            return t("verdict-read-as", value=f"{t.number(value)} {unit}".strip())
        case _ as never:
            assert_never(never)


def _wrong(response: Response, version: QuestionVersion) -> tuple[int, ...]:
    """The chosen options that are not right."""
    chosen = response.positions if isinstance(response, Chosen) else ()
    return tuple(choice for choice in chosen if choice not in version.right)


def _missed(response: Response, version: QuestionVersion, order: tuple[int, ...]) -> str:
    """Letters of right options that were not ticked, where several are right."""
    if not isinstance(response, Chosen) or version.kind is not Kind.MULTIPLE:
        return ""
    return _letters(tuple(choice for choice in version.right if choice not in response.positions), order)


def _letters(choices: tuple[int, ...], order: tuple[int, ...]) -> str:
    places = sorted(order.index(choice) for choice in choices if choice in order)
    return ", ".join(LETTERS[place] for place in places)


def _marks(version: QuestionVersion, attempt: Attempt | None) -> dict[int, str]:
    marks = dict.fromkeys(version.right, "✓")
    if attempt is not None and isinstance(attempt.response, Chosen):
        marks.update({choice: "✗" for choice in attempt.response.positions if choice not in version.right})
    return marks
