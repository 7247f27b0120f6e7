"""A question in words: open, paused, or answered by something that may be a remark."""

from markupsafe import Markup, escape

from bot.callbacks import (
    BeParent,
    GoHome,
    MentorAsk,
    MentorInstead,
    QuizAnswer,
    QuizConfirm,
    QuizHint,
    QuizInsist,
    QuizLeave,
    QuizPause,
    QuizResume,
    QuizSkip,
    QuizToggle,
    QuizTwin,
    Remarked,
    Wish,
)
from bot.i18n import Translator
from bot.screens import Key, Keys, Screen, rows, visible_length
from bot.views import practice
from bot.views.item import LETTERS, fitted, formula, head, inert, joined, options, passage, room_after, short
from core.ids import to_short
from core.practice import rules
from core.practice.model import Quiz
from core.practice.outcomes import Asked, OnHold, Unclear
from core.questions.model import Kind, QuestionVersion, Wording


def asked(open_question: Asked, t: Translator, *, greeting: Markup | None = None) -> Screen:
    """A question, with its choices in full and letters to tap."""
    quiz, version = open_question.quiz, open_question.version
    position = quiz.current_index
    words = version.wording(t.language)
    order = rules.shown_order(quiz.id, position, version)
    ticked = set(quiz.selection)
    lines = [head(quiz, version, position, t)]
    if rules.is_return(quiz, position):
        lines.append(t("twin-return-helped" if rules.follows_help(quiz, position) else "twin-return-missed"))
    if greeting is not None:
        lines.insert(0, greeting)
    above = len(lines)
    lines.append(escape(inert(words.text)))
    if order and version.kind is not Kind.TRUE_FALSE:
        lines.append(options(version, words, order, dict.fromkeys(ticked, "☑")))
    picture = formula(version, words)
    how: list[Markup] = []
    if version.kind.typed:
        how.append(t("quiz-write-number" if version.kind is Kind.NUMERIC else "quiz-write-word"))
    elif version.kind is Kind.MULTIPLE:
        how.append(t("quiz-tick"))
    lines.extend([*_hints(words, quiz.hints, room_after([*lines, *how], picture), t), *how])
    folded = passage(version, t, room=room_after(lines, picture))
    if folded:
        lines.insert(above, folded)
    keys = [
        *_answer_keys(quiz, version, position, order, t),
        *_help_keys(quiz, words, position, t, twin=open_question.twin),
    ]
    if greeting is not None or quiz.is_first_welcome:
        keys.append((Key(t.plain("start-i-am-parent"), BeParent()),))
    return Screen(
        joined(lines),
        tuple(keys),
        picture=picture,
        place="quiz",
        ref=to_short(quiz.id),
        silent=True,
    )


def unclear(text: Unclear, t: Translator) -> Screen:
    """Answer, or a remark? Nothing is recorded yet."""
    quiz, position = text.quiz, text.quiz.current_index
    keys: list[tuple[Key, ...]] = []
    if text.version.kind is Kind.NUMERIC:
        keys.extend(
            (Key(t.plain("quiz-reading", value=t.number(value)), QuizInsist(quiz.id, position, number, text.mark)),)
            for number, value in enumerate(text.readings)
        )
        words = t("quiz-which-number") if text.readings else t("quiz-no-number", text=short(text.text))
    else:
        keys.append(
            (Key(t.plain("quiz-my-answer", text=short(text.text, 30)), QuizInsist(quiz.id, position, 0, text.mark)),)
        )
        words = t("quiz-answer-or-remark", text=short(text.text))
    back = "quiz-back-to-question" if text.version.kind is Kind.NUMERIC else "quiz-just-talking"
    keys.append((Key(t.plain(back), Remarked(quiz.id, position)),))
    keys.append((Key(t.plain("mentor-instead-key"), MentorInstead(quiz.id, position, text.mark)),))
    keys.extend(_help_keys(quiz, text.version.wording(t.language), position, t))
    # It takes the question's place: a restart, or "no", puts the question into this message.
    return Screen(words, tuple(keys), place="quiz", ref=to_short(quiz.id))


def unsure(open_question: Asked, t: Translator) -> Screen:
    """Somebody does not know: what helps, with the question's own keys for it."""
    quiz, words = open_question.quiz, open_question.version.wording(t.language)
    hints, skip = hints_left(open_question, t), Key(t.plain("quiz-skip"), QuizSkip(quiz.id, quiz.current_index))
    keys = (*_hint_key(quiz, words, quiz.current_index, t, twin=open_question.twin), skip)
    # A word beside the question: it takes no place, and loses its keys when the question moves on.
    return Screen(t("remark-unsure", count=hints), (keys,), ref=to_short(quiz.id))


def hints_left(open_question: Asked, t: Translator) -> int:
    """How many hints can still be asked for; none where the question has to be answered without help."""
    quiz = open_question.quiz
    if rules.is_return(quiz, quiz.current_index):
        return 0
    return max(0, len(open_question.version.wording(t.language).hints) - quiz.hints)


def on_hold(held: OnHold, t: Translator) -> Screen:
    """A paused quiz."""
    quiz = held.quiz
    return Screen(
        t(
            "quiz-paused",
            what=practice.name_of(held, t),
            number=min(quiz.current_index + 1, quiz.length),
            length=quiz.length,
        ),
        (
            (Key(t.plain("quiz-resume"), QuizResume(quiz.id), style="primary"),),
            (Key(t.plain("quiz-leave"), QuizLeave(quiz.id)), Key(t.plain("key-home"), GoHome())),
        ),
        place="quiz",
        ref=to_short(quiz.id),
    )


def _hints(words: Wording, shown: int, room: int, t: Translator) -> list[Markup]:
    """The hints so far; where the message is full the newest is shown, and older ones give way."""
    lines: list[Markup] = []
    for number in range(min(shown, len(words.hints)), 0, -1):
        hint = fitted(inert(words.hints[number - 1]), room - visible_length(joined(lines)))
        if hint:
            lines.insert(0, t("quiz-hint-text", number=number, count=len(words.hints), hint=hint))
    return lines


def _answer_keys(
    quiz: Quiz, version: QuestionVersion, position: int, order: tuple[int, ...], t: Translator
) -> list[tuple[Key, ...]]:
    if version.kind.typed:
        return []
    if version.kind is Kind.MULTIPLE:
        ticked = set(quiz.selection)
        toggles = [
            Key(
                f"☑ {LETTERS[place]}" if choice in ticked else LETTERS[place],
                QuizToggle(quiz.id, position, choice, choice not in ticked),
            )
            for place, choice in enumerate(order)
        ]
        confirm = [(Key(t.plain("quiz-confirm", count=len(ticked)), QuizConfirm(quiz.id, position), style="primary"),)]
        return [*rows(toggles, 5), *(confirm if ticked else [])]
    words = version.wording(t.language)
    labels = words.choices if version.kind is Kind.TRUE_FALSE else LETTERS
    if version.kind is Kind.TRUE_FALSE:
        return [tuple(Key(labels[choice], QuizAnswer(quiz.id, position, choice)) for choice in order)]
    return list(
        rows([Key(labels[place], QuizAnswer(quiz.id, position, choice)) for place, choice in enumerate(order)], 5)
    )


def _help_keys(quiz: Quiz, words: Wording, position: int, t: Translator, *, twin: bool = False) -> Keys:
    """What helps, and what leaves the question; the mentor is not met before the first answers."""
    skip, pause = Key(t.plain("quiz-skip"), QuizSkip(quiz.id, position)), Key(t.plain("quiz-pause"), QuizPause(quiz.id))
    hint = _hint_key(quiz, words, position, t, twin=twin)
    if quiz.metadata.get("welcome") or rules.is_return(quiz, position):
        return ((*hint, skip, pause),)
    mentor = Key(t.plain("mentor-key"), MentorAsk(quiz.id, position, Wish.HELP))
    return ((*hint, mentor), (skip, pause))


def _hint_key(quiz: Quiz, words: Wording, position: int, t: Translator, *, twin: bool) -> tuple[Key, ...]:
    """The key for the next rung: a hint, then the worked twin if there is one."""
    if rules.is_return(quiz, position):
        return ()
    if quiz.hints < len(words.hints):
        return (Key(t.plain("quiz-hint"), QuizHint(quiz.id, position, quiz.hints + 1)),)
    return (Key(t.plain("quiz-twin"), QuizTwin(quiz.id, position)),) if twin else ()
