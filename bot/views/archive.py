"""What the archive found, in words: why it answers and what it is, the nearest topic, an example with its solution."""

from collections.abc import Sequence
from typing import Literal

from markupsafe import Markup, escape

from bot.callbacks import ArchiveItem, GoHome, QuizMenu, QuizSetup
from bot.i18n import Translator
from bot.screens import Key, Keys, Screen, visible_length
from bot.views.item import LETTERS, fitted, formula, inert, joined, options, passage, room_after
from core.ids import TopicId, VersionId
from core.mentor.found import Example, Found, Near
from core.people.model import Role
from core.practice.model import Mode
from core.questions.model import Kind, QuestionVersion, Wording

Why = Literal[
    "no-model",
    "model-away",
    "cap-student",
    "cap-operator",
    "under-14",
    "age-unknown",
    "parent",
    "unsuitable",
    "gave-away",
]
"""Why the archive answers and no model does."""


def found(  # noqa: PLR0913 - all of it is said by who asks for the screen
    found: Found,
    t: Translator,
    *,
    why: Why,
    role: Role,
    answered: bool = True,
    hints_shown: int = 0,
    order: tuple[int, ...] | None = None,
) -> Screen:
    """What the archive has on a question.

    Args:
        found: What was found.
        t: The reader's words.
        why: Why the archive answers.
        role: A parent is addressed formally.
        answered: Whether the question that the reader stands at was answered. Until then it has one more hint than
            were shown, and no solution; so it has in any case where the search found it open.
        hints_shown: How many hints of that question the reader has seen.
        order: How the options of that question stand in the chat; its letters go by it. None: as in the bank.
    """
    above = [t(f"archive-why-{why}")]
    if found.about is None and found.is_empty:
        return _nothing(found, above, t, role)
    about, items = found.about, found.items
    if about is not None and about.hints is None and not answered:
        about = Near(about.version, about.nearness, hints_shown + 1)
    if found.topic is not None and about is None:
        above.append(t("archive-topic", topic=found.topic.name(t.language)))
    if about is not None:
        title = t("archive-about", topic=about.version.topic_name(t.language))
        shown = _near(about, above, t, role, title=title, order=order)
        others = items
    elif items:
        shown = _near(items[0], above, t, role)
        others = items[1:]
    else:
        shown, others = Screen(joined(above)), ()
    topic = found.topic
    practise = _practise(topic.id, topic.name(t.language), t) if topic is not None else ()
    return Screen(shown.text, (*_another(others, t), *practise, _menu(t)), picture=shown.picture)


def item(example: Example, t: Translator, *, role: Role, then: VersionId | None = None) -> Screen:
    """One question of the archive, below what was shown before; `then` is the one that follows it."""
    version = example.near.version
    shown = _near(example.near, [], t, role)
    following = ((Key(t.plain("archive-another"), ArchiveItem(then, None)),),) if then is not None else ()
    practise = _practise(version.topic_id, version.topic_name(t.language), t)
    return Screen(shown.text, (*following, *practise, _menu(t)), picture=shown.picture, below=True)


def _nothing(found: Found, above: list[Markup], t: Translator, role: Role) -> Screen:
    if not found.subjects:
        return Screen(joined([*above, t("archive-empty")]), ((Key(t.plain("key-home"), GoHome()),),))
    nothing = t("archive-nothing-parent") if role is Role.PARENT else t("archive-nothing")
    names = fitted(", ".join(sorted(topic.name(t.language) for topic in found.subjects)), room_after([*above, nothing]))
    return Screen(joined([*above, nothing, t("archive-subjects", subjects=names)]), (_menu(t),))


def _near(  # noqa: PLR0913 - all of it is said by who asks for the screen
    near: Near,
    above: list[Markup],
    t: Translator,
    role: Role,
    *,
    title: Markup | None = None,
    order: tuple[int, ...] | None = None,
) -> Screen:
    """A question with as much of it as may be shown: what has no room is cut, the question never."""
    if near.hints is not None:
        return _under_way(near, above, t, role)
    version = near.version
    words = version.wording(t.language)
    order = order or tuple(range(len(words.choices)))
    lines = [*above, title or t("archive-example", topic=version.topic_name(t.language)), escape(inert(words.text))]
    if order and version.kind is not Kind.TRUE_FALSE:
        lines.append(options(version, words, order, {}))
    picture = formula(version, words)
    answer = _answer(version, words, order, t)
    # The solution is what was asked for: hints share what it leaves, and the passage what they leave.
    solution = _folded(t("archive-solution"), answer, words.explanation, room=room_after(lines, picture))
    room = room_after([*lines, *solution], picture)
    hints = _hints(words, len(words.hints), room, t)
    lines += [*hints, *solution]
    folded = passage(version, t, room=room_after(lines, picture))
    if folded:
        lines.insert(len(above) + 1, folded)
    return Screen(joined(lines), picture=picture)


def _under_way(near: Near, above: list[Markup], t: Translator, role: Role) -> Screen:
    """The question that the reader is answering: hints, and nothing that gives the key away."""
    words = near.version.wording(t.language)
    count = min(near.hints or 0, len(words.hints))
    if role is Role.PARENT:
        title = t("archive-this-parent") if count else t("archive-this-bare-parent")
    else:
        title = t("archive-this") if count else t("archive-this-bare")
    lines = [*above, title]
    return Screen(joined([*lines, *_hints(words, count, room_after(lines), t)]))


def _hints(words: Wording, count: int, room: int, t: Translator) -> list[Markup]:
    """The first hints, each folded; where the message is full the last ones are left out."""
    lines: list[Markup] = []
    for number, hint in enumerate(words.hints[:count], 1):
        left = room - visible_length(joined(lines))
        lines += _folded(t("archive-hint", number=number), None, hint, room=left)
    return lines


def _folded(title: Markup, first: Markup | None, text: str | None, *, room: int) -> list[Markup]:
    """A part with its title, folded, cut to its room; nothing without one."""
    head = Markup("\n").join(part for part in (title, first) if part)
    body = fitted(inert((text or "").strip()), room - visible_length(head))
    if not body and (first is None or visible_length(head) > room):
        return []
    return [Markup("<blockquote expandable>{}</blockquote>").format(_headed(head, body))]


def _headed(head: Markup, body: str) -> Markup:
    """The head, and the body below it if there is one."""
    return Markup("{}\n{}").format(head, body) if body else head


def _answer(version: QuestionVersion, words: Wording, order: tuple[int, ...], t: Translator) -> Markup | None:
    """The key in words: letters as they stand in this message."""
    if version.kind is Kind.NUMERIC and version.numeric is not None:
        unit = f" {version.numeric.unit}" if version.numeric.unit else ""
        return t("archive-answer", answer=t.number(version.numeric.value) + unit)
    if version.kind is Kind.SHORT:
        return t("archive-answer", answer=words.accept[0]) if words.accept else None
    if version.kind is Kind.TRUE_FALSE:
        return t("archive-answer", answer=words.choices[version.right[0]])
    return t("archive-answer", answer=", ".join(sorted(LETTERS[order.index(choice)] for choice in version.right)))


def _another(others: Sequence[Near], t: Translator) -> Keys:
    """The key to the next example, which carries the one after it."""
    if not others:
        return ()
    then = others[1].version.id if len(others) > 1 else None
    return ((Key(t.plain("archive-another"), ArchiveItem(others[0].version.id, then)),),)


def _practise(topic: TopicId, name: str, t: Translator) -> Keys:
    label = t.plain("archive-practise", topic=name)
    return ((Key(label, QuizSetup(Mode.TARGETED, topic, None), style="primary"),),)


def _menu(t: Translator) -> tuple[Key, ...]:
    return (Key(t.plain("key-quiz"), QuizMenu()),)
