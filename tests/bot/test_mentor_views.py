"""What the mentor's screens show: the year that is asked for, the letters of the chat, costs, what was heard."""

from datetime import UTC, datetime

import pytest

from bot.callbacks import Ask
from bot.i18n import LANGUAGES, translator
from bot.playground.entities import parse_html
from bot.screens import Screen
from bot.views import mentor as view
from bot.views.introduction import STEPS
from core.ids import ChatId, MentorSessionId, TopicId, UserId
from core.mentor.conversation import Chat, Kind, Speaker, State, Why
from core.mentor.found import Found, Near
from core.mentor.mentor import Question, Shelf
from core.mentor.prompts import Scene
from core.people.model import Onboarding, Role
from core.practice.model import Chosen, Topic
from tests.core.mentor import scenes

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TOPIC = Topic(TopicId(1), ("maths",), {"it": "Matematica", "en": "Maths"}, 7)
YOUNG = (Why.UNDER_AGE, Why.AGE_UNKNOWN)
YEAR = Ask(STEPS.index(Onboarding.BIRTH))


def written(content: str | None = None, why: Why | None = None, kind: Kind = Kind.REPLY) -> Chat:
    """A reply as it is stored."""
    return Chat(
        ChatId(1), MentorSessionId(1), UserId(1), Speaker.MENTOR, kind, State.WHOLE, NOW, content=content, why=why
    )


def text_of(screen: Screen) -> str:
    """What a reader sees."""
    return parse_html(str(screen.text))[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_asked_for_the_year_can_tell_it(language: str) -> None:
    """Wherever the year of birth is asked for, the first key is the one that takes it."""
    t = translator(language)
    archive = written(why=Why.AGE_UNKNOWN, kind=Kind.ARCHIVE)
    scene = scenes.asked("Quanto fa 2 + 2?", "4", "5")
    shown = [
        *view.from_archive(archive, Question("boh", None), Found(TOPIC), t, role=Role.STUDENT),
        *view.from_archive(archive, Question("boh", None), Found(None), t, role=Role.STUDENT),
        *view.from_archive(
            archive, Question("boh", scene), Found(None, (), Near(scene.version, 1)), t, role=Role.STUDENT
        ),
        *view.reply(written(why=Why.AGE_SAID, kind=Kind.SCRIPT), t),
        view.shelf(Shelf((), None, 0, more=False, why=Why.AGE_UNKNOWN), t, "Europe/Rome"),
    ]

    for screen in shown:
        assert [key.press for key in screen.keys[0]] == [YEAR]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_consent_is_promised(language: str) -> None:
    """Wherever a parent's consent is spoken of, it is said that it cannot be given yet."""
    t = translator(language)
    keys = ["ask-birth", "age-check", *(f"{at}-{why}" for at in ("archive-why", "mentor-hello") for why in YOUNG)]

    for key in keys:
        text = t.plain(key)
        assert {"it": "consenso", "en": "consent"}[language] in text, key
        assert {"it": "non si può ancora dare", "en": "cannot be given here yet"}[language] in text, key


def test_letters_are_those_of_the_chat() -> None:
    """The options of the question that a student stands at keep their letters; an example has its own."""
    asked = scenes.asked("Quale?", "alfa", "beta", "gamma", right=(2,))
    scene = Scene(asked.version, (2, 0, 1), Chosen((0,)), right=False)
    t = translator("it")

    about, example = (
        text_of(view.from_archive(written(why=Why.NO_MODEL, kind=Kind.ARCHIVE), Question("?", scene), found, t,
                                  role=Role.STUDENT)[0])
        for found in (Found(TOPIC, (), Near(asked.version, 1)), Found(TOPIC, (Near(asked.version, 1),)))
    )  # fmt: skip

    assert ["A  gamma" in about, "B  alfa" in about, "C  beta" in about] == [True] * 3
    assert t.plain("archive-answer", answer="A") in about
    assert ["A  alfa" in example, "C  gamma" in example] == [True] * 2
    assert t.plain("archive-answer", answer="C") in example
