"""A student at a desk, and another one; a program that is started again."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from core.chiron import Chiron
from core.people.model import Person
from storage.engine import open_engines
from storage.work import SqlStorage
from tests import builders
from tests.conftest import IDLE
from tests.core.exams.desk import Desk, between
from tests.fakes import FakeClock


@pytest.fixture
async def desk(core: Chiron, storage: SqlStorage, database_url: str, student: Person, clock: FakeClock) -> Desk:
    """A student with a paper of `some_exam` that is drawn and not begun."""
    await core.exams.add([builders.some_exam()], clock.now())
    seated = Desk(core, storage, database_url, student, clock, builders.new_sitting_id())
    between(await core.exams.create(seated.actor, seated.id, "TRIAL"))
    return seated


@pytest.fixture
async def other(core: Chiron, student: Person, clock: FakeClock) -> Person:
    """Another student."""
    return await core.people.arrive(1002, "it", clock.now())


@pytest.fixture
async def restart(database_url: str) -> AsyncIterator[Callable[[Desk], Awaitable[None]]]:
    """Starts the program again over the same database, with other chance."""
    opened: list[SqlStorage] = []

    async def again(desk: Desk) -> None:
        await desk.storage.close()
        desk.storage = SqlStorage(open_engines(database_url))
        desk.core = Chiron.over(desk.storage, idle=IDLE, rng=random.Random(len(opened)))
        opened.append(desk.storage)

    yield again
    for storage in opened:
        await storage.close()
