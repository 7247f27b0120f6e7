"""What the archive shows: every screen within Telegram's limits, and no key of a question that is still open."""

from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest

from bot.callbacks import ArchiveItem, QuizMenu, QuizSetup
from bot.i18n import LANGUAGES, translator
from bot.playground.entities import parse_html
from bot.screens import Screen
from bot.views import archive
from core.ids import TopicId, VersionId
from core.mentor.found import Example, Found, Near
from core.people.model import Role
from core.practice.model import Mode, Topic
from core.questions.model import Kind, QuestionVersion
from core.questions.reading import read_bank
from storage.content import STARTER
from tests.bot.test_views import _check as check
from tests.bot.test_views import _longest as longest
from tests.bot.test_views import _version as version_of

TOPIC = Topic(TopicId(2**53), ("a",), {"it": "È" * 80, "en": "E" * 80}, 3301)
WHY = get_args(archive.Why)


@pytest.fixture(scope="module")
def starter() -> list[QuestionVersion]:
    """The bundled bank, as it is asked."""
    bank = read_bank(STARTER, "starter").bank
    passages = {passage.slug: passage for passage in bank.passages}
    versions = (version_of(item, passages) for item in bank.items)
    return [replace(version, id=VersionId(2**53 - number)) for number, version in enumerate(versions)]


def text_of(screen: Screen) -> str:
    """What a reader sees."""
    return parse_html(str(screen.text))[0]


def presses(screen: Screen) -> list[object]:
    """What the keys press."""
    return [key.press for row in screen.keys for key in row]


def screens(version: QuestionVersion, language: str) -> Iterator[Screen]:
    """Every way in which the archive can show a question."""
    t = translator(language)
    near = Near(version, 0.5)
    others = (Near(replace(version, id=VersionId(1)), 0.5), Near(replace(version, id=VersionId(2)), 0.4))
    for role in Role:
        yield archive.found(Found(TOPIC, (near, *others)), t, why="no-model", role=role)
        yield archive.found(Found(TOPIC, others, near), t, why="cap-operator", role=role)
        yield archive.found(Found(TOPIC, others, near), t, why="unsuitable", role=role, answered=False)
        yield archive.item(Example(near), t, role=role, then=VersionId(2**53))
        for hints in range(1, len(version.wording(language).hints) + 2):
            open_one = replace(near, hints=hints)
            yield archive.found(Found(TOPIC, others, open_one), t, why="cap-student", role=role)
            yield archive.item(Example(open_one), t, role=role)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_fits(starter: list[QuestionVersion], language: str) -> None:
    """Of the starter bank, and the longest that an import lets in."""
    for version in [*starter, *map(longest, Kind)]:
        for screen in screens(version, language):
            check(screen, caption=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_starter_questions_are_shown_whole(starter: list[QuestionVersion], language: str) -> None:
    """Question, options, all hints and the whole solution: nothing is cut."""
    t = translator(language)
    for version in starter:
        words = version.wording(language)
        text = text_of(archive.item(Example(Near(version, 1.0)), t, role=Role.STUDENT)).replace("\u2060", "")
        shown = words.choices if version.kind is not Kind.TRUE_FALSE else ()
        for part in (words.text, *shown, *words.hints, words.explanation or ""):
            assert part.strip() in text, version.slug


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", WHY)
def test_every_reason_says_what_answers(language: str, why: archive.Why) -> None:
    """First why, and that this is an archive; what was found or that nothing was, to students and parents."""
    t = translator(language)
    nothing = Found(None, subjects=(TOPIC,) * 60)
    for role in Role:
        for found in (Found(TOPIC), nothing, Found(None)):
            screen = archive.found(found, t, why=why, role=role)
            check(screen)
            first = text_of(screen).partition("\n")[0]
            assert "archiv" in first.lower()
            # Where a model wrote too much there is one; everywhere else it is said that none answers.
            none = {"it": "intelligenza artificiale", "en": "artificial intelligence"}[language]
            assert (none in first) is (why != "gave-away")


def test_reasons_differ() -> None:
    """Each its own, and none is left out of the catalogues."""
    t = translator("it")

    said = {text_of(archive.found(Found(None), t, why=why, role=Role.STUDENT)) for why in WHY}

    assert len(said) == len(WHY)


def test_hints_come_before_the_solution_each_folded(starter: list[QuestionVersion]) -> None:
    """One below the other, in their order, the solution last with its letter."""
    version = next(one for one in starter if one.slug == "sum-of-base-two-logarithms")
    screen = archive.found(Found(TOPIC, (Near(version, 0.9),)), translator("it"), why="no-model", role=Role.STUDENT)

    text, entities = parse_html(str(screen.text))
    words = version.wording("it")
    parts = [words.text, *words.hints, words.explanation or ""]
    places = [text.index(part.split("/")[0]) for part in parts]
    folded = [entity for entity in entities if entity["type"] == "expandable_blockquote"]
    assert places == sorted(places)
    assert len(folded) == len(words.hints) + 1
    letter = "ABCDE"[version.right[0]]
    assert f"Risposta: {letter}" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shown", [0, 1, 2, 7])
def test_an_open_question_keeps_its_key(starter: list[QuestionVersion], language: str, shown: int) -> None:
    """One hint more than was shown, nothing of the solution; said by the search, or only by who shows it."""
    t = translator(language)
    for version in starter:
        words = version.wording(language)
        by_search = Found(TOPIC, (), Near(version, 1.0, shown + 1))
        by_caller = Found(TOPIC, (), Near(version, 1.0))
        texts = [
            text_of(archive.found(by_search, t, why="no-model", role=Role.STUDENT)),
            text_of(archive.found(by_caller, t, why="no-model", role=Role.STUDENT, answered=False, hints_shown=shown)),
            text_of(archive.item(Example(Near(version, 1.0, shown + 1)), t, role=Role.STUDENT)),
        ]
        for text in texts:
            text = text.replace("\u2060", "")  # noqa: PLW2901 - the same text, readable
            assert [hint in text for hint in words.hints] == [n <= shown for n in range(len(words.hints))]
            assert not words.explanation or words.explanation[-60:] not in text
            assert t.plain("archive-solution") not in text
            assert t.plain("archive-answer", answer="").strip() not in text


def test_keys_lead_on(starter: list[QuestionVersion]) -> None:
    """Another example that knows the one after it, the topic to practise, the quizzes."""
    t = translator("it")
    first, second, third = (Near(version, 0.5) for version in starter[:3])

    found = archive.found(Found(TOPIC, (first, second, third)), t, why="no-model", role=Role.STUDENT)
    practise = QuizSetup(Mode.TARGETED, TOPIC.id, None)
    assert presses(found) == [ArchiveItem(second.version.id, third.version.id), practise, QuizMenu()]

    item = archive.item(Example(second), t, role=Role.STUDENT, then=third.version.id)
    own_topic = QuizSetup(Mode.TARGETED, second.version.topic_id, None)
    assert presses(item) == [ArchiveItem(third.version.id, None), own_topic, QuizMenu()]
    assert item.below

    about = archive.found(Found(TOPIC, (second,), first), t, why="no-model", role=Role.STUDENT)
    assert presses(about)[0] == ArchiveItem(second.version.id, None)
    assert presses(archive.item(Example(third), t, role=Role.STUDENT)) == [own_topic, QuizMenu()]


def test_parents_are_addressed_formally(starter: list[QuestionVersion]) -> None:
    """Where words address the reader, in Italian."""
    t = translator("it")
    open_one = Found(None, (), Near(starter[0], 1.0, 1))

    for found, student, parent in [
        (Found(None, subjects=(TOPIC,)), "Prova con", "Provi con"),
        (open_one, "stai rispondendo", "sta rispondendo"),
    ]:
        said = [text_of(archive.found(found, t, why="no-model", role=role)) for role in (Role.STUDENT, Role.PARENT)]
        assert [student in one for one in said] == [True, False]
        assert parent in said[1]
