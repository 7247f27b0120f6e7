"""The command menus, in both languages and every scope."""

from collections.abc import AsyncIterator

import pytest
from telegram.ext import ExtBot

from bot import menus
from bot.i18n import translator
from bot.playground import Playground
from bot.routes import COMMANDS
from bot.transport import AiohttpRequest


@pytest.fixture
async def pg() -> AsyncIterator[Playground]:
    """A Bot API on loopback."""
    async with Playground() as running:
        yield running


@pytest.fixture
async def bot(pg: Playground) -> AsyncIterator[ExtBot[None]]:
    """A bot on it."""
    bot = ExtBot(
        pg.token,
        base_url=pg.api_url,
        request=AiohttpRequest(trust_proxy=False),
        get_updates_request=AiohttpRequest(trust_proxy=False),
    )
    async with bot:
        yield bot


def test_menus_name_commands_that_exist() -> None:
    """Eleven commands for students, four for parents; every one has a handler."""
    assert (len(menus.STUDENT), len(menus.PARENT)) == (11, 4)
    assert set(menus.STUDENT) | set(menus.PARENT) | set(menus.GROUP) <= set(COMMANDS)


@pytest.mark.parametrize("language", ["it", "en"])
async def test_students_menu(pg: Playground, bot: ExtBot[None], language: str) -> None:
    """Everybody sees the student's menu in the language of their Telegram."""
    assert await menus.publish(bot)

    shown = pg.world.commands_for(pg.person(5000, language_code=language))

    t = translator(language)
    assert [(c["command"], c["description"]) for c in shown] == [(n, t.plain(f"command-{n}")) for n in menus.STUDENT]


async def test_parents_menu_and_back(pg: Playground, bot: ExtBot[None]) -> None:
    """A parent's chat has a menu of its own, until they are a student after all."""
    await menus.publish(bot)
    person = pg.person(1002)

    await menus.for_parent(bot, person.id)
    parents = [command["command"] for command in pg.world.commands_for(person)]
    await menus.for_student(bot, person.id)
    students = [command["command"] for command in pg.world.commands_for(person)]

    assert (parents, students) == (list(menus.PARENT), list(menus.STUDENT))


async def test_refused_menus_are_no_failure(pg: Playground, bot: ExtBot[None]) -> None:
    """If Telegram does not take them now, the caller is told and everything else works."""
    pg.faults.server_error(method="setMyCommands", count=3)

    assert not await menus.publish(bot)
    await menus.for_parent(bot, 1002)
    await menus.for_parent(bot, 1002)

    assert await menus.publish(bot)
