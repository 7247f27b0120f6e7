"""Screens into the chat: what Telegram refuses, and what is done then."""

from collections.abc import AsyncIterator

import pytest
from markupsafe import Markup, escape
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.callbacks import GoHome, QuizMenu
from bot.delivery import BACK_OFF, Blocked, Delivery, Unreachable
from bot.figures import Figures
from bot.playground import Playground
from bot.playground.entities import utf16_length
from bot.screens import Formula, Key, Screen
from bot.transport import AiohttpRequest
from bot.worker import Worker
from core.ports import Place

STUDENT = 1001
HOME = Screen(Markup("<b>casa</b>"), ((Key("Inizio", GoHome()),),), place="home", ref="r")
OTHER = Screen(Markup("altro"), ((Key("Quiz", QuizMenu()),),), place="menu")
FORMULA = Screen(Markup("quanto fa?"), picture=Formula(r"\frac{1}{2}", "1 < 2 & mezzo"), place="quiz")


@pytest.fixture
async def pg() -> AsyncIterator[Playground]:
    """A Bot API on loopback."""
    async with Playground() as running:
        yield running


@pytest.fixture
async def delivery(pg: Playground) -> AsyncIterator[Delivery]:
    """A delivery to it."""
    bot = ExtBot(
        pg.token,
        base_url=pg.api_url,
        request=AiohttpRequest(trust_proxy=False),
        get_updates_request=AiohttpRequest(trust_proxy=False),
    )
    worker = Worker()
    figures = Figures(worker)
    async with bot:
        yield Delivery(bot, figures)
    worker.close()


async def test_sent_and_edited_in_place(pg: Playground, delivery: Delivery) -> None:
    """A screen is sent, another is edited into the same message, and its place says what it shows."""
    place = await delivery.send(STUDENT, HOME)
    edited = await delivery.edit(place, OTHER)

    assert (place.place, place.ref, edited.place) == ("home", "r", "menu")
    assert [message["text"] for message in pg.messages(STUDENT)] == ["altro"]


async def test_same_screen_again_is_success(pg: Playground, delivery: Delivery) -> None:
    """“Not modified” means that it is there."""
    place = await delivery.send(STUDENT, HOME)

    assert await delivery.edit(place, HOME) == place
    assert len(pg.messages(STUDENT)) == 1


async def test_what_is_gone_is_sent(pg: Playground, delivery: Delivery) -> None:
    """A message that was deleted is sent anew."""
    place = await delivery.send(STUDENT, HOME)
    await delivery.delete(place)

    again = await delivery.edit(place, HOME)

    assert again.message_id != place.message_id
    assert len(pg.messages(STUDENT)) == 1


async def test_text_becomes_a_picture_and_back(pg: Playground, delivery: Delivery) -> None:
    """A photo cannot become a text: the message is deleted and sent anew; between photos it is edited."""
    text = await delivery.send(STUDENT, HOME)
    picture = await delivery.edit(text, FORMULA)
    same = await delivery.edit(picture, Screen(Markup("e adesso?"), picture=FORMULA.picture))
    back = await delivery.edit(same, HOME)

    assert picture.picture
    assert same.message_id == picture.message_id
    assert not back.picture
    assert [message.get("text") for message in pg.messages(STUDENT)] == ["casa"]


@pytest.mark.parametrize("text", ["a" * 1025, "🙂" * 513, "a\n\n" * 350])
async def test_text_too_long_for_a_caption(pg: Playground, delivery: Delivery, text: str) -> None:
    """Where the text does not fit below a picture, the formula is said in words, signs and all."""
    place = await delivery.send(STUDENT, Screen(escape(text), picture=FORMULA.picture))

    assert not place.picture
    assert pg.last(STUDENT)["text"].startswith("1 < 2 & mezzo\n\n")


@pytest.mark.parametrize("text", ["a" * 1024, "🙂" * 512])
async def test_text_that_just_fits_a_caption(pg: Playground, delivery: Delivery, text: str) -> None:
    """A caption holds 1,024 UTF-16 units."""
    place = await delivery.send(STUDENT, Screen(escape(text), picture=FORMULA.picture))

    assert place.picture
    assert pg.last(STUDENT)["caption"] == text


async def test_formula_that_cannot_be_drawn(pg: Playground, delivery: Delivery) -> None:
    """A formula that mathtext does not understand is said in words."""
    place = await delivery.send(STUDENT, Screen(Markup("?"), picture=Formula(r"\nonsense{", "niente")))

    assert not place.picture
    assert "niente" in pg.last(STUDENT)["text"]


async def test_refusal_of_the_text_is_not_hidden(delivery: Delivery) -> None:
    """A text that Telegram cannot read is a fault of the program, and is not tried for ever."""
    with pytest.raises(BadRequest, match="parse entities"):
        await delivery.send(STUDENT, Screen(Markup("<nothing>")))


@pytest.mark.parametrize("sign", ["a", "🙂", "&"])
async def test_text_that_is_too_long_is_cut(pg: Playground, delivery: Delivery, sign: str) -> None:
    """Whatever a screen holds, something is shown, sent as well as edited: the beginning, without tags."""
    long = Screen(Markup("<b>titolo</b>") + escape(sign * 4096), place="quiz")

    place = await delivery.edit(await delivery.send(STUDENT, long), long)
    await delivery.edit(place, Screen(long.text + "fine", picture=FORMULA.picture))

    shown = pg.last(STUDENT)
    assert shown["text"].startswith("1 < 2 & mezzo\n\ntitolo" + sign)
    assert 4095 <= utf16_length(shown["text"]) <= 4096
    assert "entities" not in shown


async def test_blocked(pg: Playground, delivery: Delivery) -> None:
    """Who blocked the bot, or never was here, is told apart from Telegram being away."""
    pg.block(STUDENT)

    with pytest.raises(Blocked):
        await delivery.send(STUDENT, HOME)
    with pytest.raises(Blocked):
        await delivery.send(99, HOME)


async def test_short_outage_is_waited_out(pg: Playground, delivery: Delivery) -> None:
    """A call that fails twice is made a third time."""
    pg.faults.server_error(method="sendMessage")
    pg.faults.cut_before(method="sendMessage")

    await delivery.send(STUDENT, HOME)

    assert len(pg.messages(STUDENT)) == 1


async def test_outage_that_lasts(pg: Playground, delivery: Delivery) -> None:
    """After some tries the turn is told that Telegram is away."""
    pg.faults.server_error(method="sendMessage", count=None)

    with pytest.raises(Unreachable):
        await delivery.send(STUDENT, HOME)

    assert pg.counters["sendMessage"] == len(BACK_OFF) + 1


async def test_small_things_never_fail(pg: Playground, delivery: Delivery) -> None:
    """Answering a press, taking keys away, deleting: if Telegram refuses, nothing is lost."""
    pg.faults.server_error(count=3)

    await delivery.answer("5", "x" * 300)
    await delivery.strip(STUDENT, 5)
    await delivery.delete(Place(STUDENT, 5, "", ""))

    assert pg.refusals["server_error"] == 3
