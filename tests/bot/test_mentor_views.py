"""What the mentor's screens show: the year that is asked for, the letters of the chat, costs, what was heard."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from bot.callbacks import Ask
from bot.i18n import LANGUAGES, translator
from bot.playground.entities import parse_html
from bot.screens import TEXT_LIMIT, Screen, visible_length
from bot.views import mentor as view
from bot.views.introduction import STEPS
from bot.views.item import WORD_JOINER
from core.ids import ChatId, MentorSessionId, TopicId, UserId
from core.mentor.calls import Spent, Sum
from core.mentor.conversation import Chat, Kind, MentorSession, Speaker, State, Why
from core.mentor.found import Found, Near
from core.mentor.mentor import Costs, Question, Shelf
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
        ChatId(1),
        MentorSessionId(UUID(int=1)),
        UserId(1),
        Speaker.MENTOR,
        kind,
        State.WHOLE,
        NOW,
        content=content,
        why=why,
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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("content", ["Prova tu.", "parola " * 3000, "x" * 4096, "", None])
@pytest.mark.parametrize("heard", ["che cos'è una derivata?", "bla " * 500, "<b>&</b> 𝛼" * 60])
def test_what_was_heard_stands_above_the_reply(language: str, content: str | None, heard: str) -> None:
    """Once, in the first message, cut; every message within Telegram's limits."""
    t = translator(language)
    screens = view.reply(written(content), t, heard)

    words = t.plain("mentor-heard", words="|").split("|")[0].replace("<i>", "")
    assert text_of(screens[0]).replace(WORD_JOINER, "").startswith(words + heard[:20])
    assert [words in text_of(screen) for screen in screens[1:]] == [False] * (len(screens) - 1)
    assert all(visible_length(screen.text) <= TEXT_LIMIT for screen in screens)
    assert len(text_of(screens[0]).partition("\n")[0]) < 250


def test_without_a_voice_nothing_stands_above() -> None:
    """A written message, or one in which nothing was heard; danger is answered as it is."""
    t = translator("it")
    plain = view.reply(written("Prova tu."), t)

    assert text_of(plain[0]) == "Prova tu."
    assert view.reply(written("Prova tu."), t, "  ") == plain
    danger = written(why=Why.DANGER, kind=Kind.SCRIPT)
    assert view.reply(danger, t, "voglio sparire") == view.reply(danger, t)


@pytest.mark.parametrize(
    ("pico", "it", "en"),
    [
        (0, "0,00 $", "$0.00"),
        (1, "meno di 0,0001 $", "less than $0.0001"),
        (99_999_999, "meno di 0,0001 $", "less than $0.0001"),
        (100_000_000, "0,0001 $", "$0.0001"),
        (2_000_000_000, "0,002 $", "$0.002"),
        (12_300_000_000, "0,0123 $", "$0.0123"),
        (100_000_000_000, "0,10 $", "$0.10"),
        (10**12, "1,00 $", "$1.00"),
        (1_234_500_000_000_000, "1.234,50 $", "$1,234.50"),
    ],
)
def test_amounts(pico: int, it: str, en: str) -> None:
    """At least two decimals, at most four."""
    assert (view.dollars(pico, translator("it")), view.dollars(pico, translator("en"))) == (it, en)


def used(cost: int = 0, unpriced: int = 0, calls: int = 0) -> Sum:
    """Calls as they are counted."""
    return Sum("", calls, 10 * calls, 0, 5 * calls, cost, unpriced, 0)


def costs_of(cost: int, unpriced: int, *, calls: int = 1, why: Why | None = None) -> Costs:
    """What a student used in a session, all of it today."""
    session = MentorSession(
        MentorSessionId(UUID(int=1)), UserId(1), NOW, NOW, total_tokens=15 * calls, total_cost_pico_usd=cost,
        unpriced_calls=unpriced,
    )  # fmt: skip
    both = used(cost, unpriced, calls)
    return Costs(None, session, both, both, Spent(0, 0), None, why)


def test_a_cost_that_is_not_all_known() -> None:
    """At least what is known; where hardly anything is, that it is unknown."""
    t = translator("it")

    assert "almeno 0,002 $ (non conosco il prezzo di 15 chiamate)" in text_of(view.costs(costs_of(2 * 10**9, 15), t))
    assert "costo sconosciuto (una chiamata senza prezzo)" in text_of(view.costs(costs_of(5, 1), t))
    assert "almeno" not in text_of(view.costs(costs_of(2 * 10**9, 0), t))


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_is_set_up_there_is_nothing_to_pay(language: str) -> None:
    """Without a model and without calls; what was used before is still told."""
    t = translator(language)
    never = Costs(None, None, used(), used(), Spent(0, 0), None, Why.NO_MODEL)

    for none in (never, costs_of(0, 0, calls=0, why=Why.NO_MODEL)):
        assert str(view.costs(none, t).text) == t("cost-no-model")
    assert t("cost-paid") in str(view.costs(costs_of(10**9, 0, why=Why.NO_MODEL), t).text)
    assert str(view.costs(Costs(None, None, used(), used(), Spent(0, 0), None, None), t).text) == t("cost-nothing")
