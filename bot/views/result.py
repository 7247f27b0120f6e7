"""The end of a quiz in words."""

import uuid

from markupsafe import Markup

from bot.callbacks import GoHome, History, QuizMenu, QuizRedo, QuizReview, QuizSetup
from bot.i18n import Translator
from bot.screens import Key, Keys, Screen
from bot.views.item import joined
from core.ids import QuizId, to_short
from core.practice.model import Mode, TopicTally
from core.practice.outcomes import Finished
from core.practice.session_rules import half_up

EVIDENCE = 2
"""Answers on a topic below which nothing is said about it."""


def finished(result: Finished, t: Translator) -> Screen:
    """Score, time, XP, by topic, and what next."""
    quiz, right, answered = result.quiz, result.quiz.correct_count, result.answered
    seconds = (quiz.active_ms + 500) // 1000 if quiz.total_time_seconds is None else quiz.total_time_seconds
    lines = [_score(result, t)]
    facts = [
        t("quiz-result-time", time=t.duration(seconds)),
        t("quiz-result-xp", xp=quiz.xp_earned),
    ]
    if result.voided:
        facts.append(t("quiz-result-voided", count=result.voided))
    lines.append(Markup("\n").join(facts))
    if len(result.tallies) > 1:
        lines.append(Markup("\n").join(_tally(tally, t) for tally in result.tallies))
    weak = _weakest(result)
    if weak is not None:
        lines.append(t("quiz-result-weak", topic=weak.topic.name(t.language)))
    elif answered and right == answered == quiz.length:
        lines.append(t("quiz-result-perfect", count=quiz.length))
    return Screen(joined(lines), _keys(result, weak, t), place="quiz", ref=to_short(quiz.id))


def _score(result: Finished, t: Translator) -> Markup:
    quiz, right, answered = result.quiz, result.quiz.correct_count, result.answered
    skipped = quiz.current_index - answered - result.voided
    left = quiz.length - quiz.current_index
    parts = [t("quiz-result-right", count=right)]
    if quiz.wrong_count:
        parts.append(t("quiz-result-wrong", count=quiz.wrong_count))
    if skipped:
        parts.append(t("quiz-result-skipped", count=skipped))
    if left:
        parts.append(t("quiz-result-left", count=left))
    head = t("quiz-result", right=right, length=result.length)
    detail = Markup(" · ").join(parts)
    if answered and answered < result.length:
        detail += Markup("\n") + t("quiz-result-percent", percent=half_up(100 * right, answered))
    return head + Markup("\n") + detail if answered else t("quiz-result-empty")


def _keys(result: Finished, weak: TopicTally | None, t: Translator) -> Keys:
    quiz = result.quiz
    keys: list[tuple[Key, ...]] = []
    if quiz.wrong_count:
        press = QuizRedo(QuizId(uuid.uuid4()), quiz.id)
        keys.append((Key(t.plain("quiz-redo-mistakes", count=quiz.wrong_count), press, style="primary"),))
    if weak is not None:
        label = t.plain("quiz-train-topic", topic=weak.topic.name(t.language))
        keys.append((Key(label, QuizSetup(Mode.TARGETED, weak.topic.id, None)),))
    second = [Key(t.plain("quiz-another"), QuizMenu())]
    if quiz.current_index > 0:
        second.insert(0, Key(t.plain("quiz-review"), QuizReview(quiz.id, 0)))
    keys.append(tuple(second))
    keys.append((Key(t.plain("key-history"), History(0)), Key(t.plain("key-home"), GoHome())))
    return tuple(keys)


def _tally(tally: TopicTally, t: Translator) -> Markup:
    parts = [t("quiz-tally-right", right=tally.right, answered=tally.answered)] if tally.answered else []
    if tally.skipped:
        parts.append(t("quiz-result-skipped", count=tally.skipped))
    return t("quiz-tally", topic=tally.topic.name(t.language), what=Markup(", ").join(parts))


def _weakest(result: Finished) -> TopicTally | None:
    """The topic with the most wrong answers, among those with some evidence; the worse share decides between equals."""
    wrong = [tally for tally in result.tallies if tally.right < tally.answered and tally.answered >= EVIDENCE]
    return max(wrong, key=lambda tally: (tally.answered - tally.right, -tally.right), default=None)
