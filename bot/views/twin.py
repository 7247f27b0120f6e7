"""A worked twin in words: another question with its solution, below the one that is open."""

from markupsafe import Markup, escape

from bot.i18n import Translator
from bot.screens import Screen, visible_length
from bot.views import verdict
from bot.views.item import LINE, LONG_OPTION, PARAGRAPH, fitted, formula, inert, joined, passage, room_after
from core.practice.outcomes import WorkedTwin
from core.questions.model import QuestionVersion, Wording


def worked(shown: WorkedTwin, t: Translator) -> Screen:
    """The twin with its choices and how it is solved; it takes no place, and has no keys.

    Its choices have no letters: those that can be tapped belong to the open question.
    """
    version = shown.twin
    words = version.wording(t.language)
    picture = formula(version, words)
    lines = [t("twin-head", topic=version.topic_name(t.language)), escape(inert(words.text))]
    lines.append(_options(version, words) if version.choices else verdict.solution(version, words, (), t))
    title = t("twin-method")
    text = fitted(inert((words.explanation or "").strip()), room_after(lines, picture) - visible_length(title))
    if text:
        lines.append(Markup("<blockquote><b>{}</b>\n{}</blockquote>").format(title, text))
    folded = passage(version, t, room=room_after(lines, picture))
    if folded:
        lines.insert(1, folded)
    return Screen(joined(lines), picture=picture, silent=True)


def _options(version: QuestionVersion, words: Wording) -> Markup:
    right = set(version.right)
    marked = [
        Markup("{} {}").format("✓" if choice in right else "•", inert(option))
        for choice, option in enumerate(words.choices)
    ]
    return (PARAGRAPH if any(len(option) > LONG_OPTION for option in words.choices) else LINE).join(marked)
