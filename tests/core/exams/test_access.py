"""Another student's sitting is as absent as one that never was."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from core.chiron import Chiron
from core.errors import NotFound
from core.exams.exams import Exams
from core.exams.model import Notice
from core.exams.outcomes import Face
from core.ids import SittingId
from core.people.model import Person
from core.ports import Actor
from tests import builders
from tests.core.exams.desk import Desk
from tests.readback import everything

NAMED = sorted(
    name
    for name, method in inspect.getmembers(Exams, inspect.iscoroutinefunction)
    if not name.startswith("_") and "sitting_id" in inspect.signature(method).parameters
)
"""Every operation that takes the id of a sitting."""


def press(core: Chiron, actor: Actor, name: str, sitting_id: SittingId) -> Awaitable[object]:
    """Any operation with an id, by its name; an argument that nobody thought of here is an error."""
    known: dict[str, Any] = {
        "actor": actor,
        "sitting_id": sitting_id,
        "owner": actor.id,
        "now": actor.now,
        "slug": "TRIAL",
        "variant": "full",
        "number": 0,
        "position": 0,
        "choice": 0,
        "flagged": True,
        "face": Face.GRID,
        "page": 0,
        "notice": Notice.TIME_UP,
    }
    operation: Callable[..., Awaitable[object]] = getattr(core.exams, name)
    optional = {"pick"}
    return operation(**{one: known[one] for one in inspect.signature(operation).parameters if one not in optional})


def test_every_operation_is_looked_at() -> None:
    """The list is made from the class."""
    assert {"create", "fetch", "start_section", "answer", "flag", "move", "complete_section", "results"} <= set(NAMED)


@pytest.mark.parametrize("state", ["created", "running", "due", "closed", "over"])
async def test_another_student_finds_nothing_and_changes_nothing(desk: Desk, other: Person, state: str) -> None:
    """On every operation with an id, whatever the sitting is at."""
    if state != "created":
        await desk.start()
        await desk.right(0)
    if state == "due":
        desk.clock.advance(hours=1)
    if state == "closed":
        await desk.hand_in()
    if state == "over":
        await desk.finish()
    before = everything(desk.database_url)

    for name in NAMED:
        if name == "happen" and state != "due":
            assert await desk.core.exams.happen(desk.id, other.id, desk.clock.now()) is False
            continue
        with pytest.raises(NotFound) as refusal:
            await press(desk.core, builders.actor(other, desk.clock.now()), name, desk.id)
        assert refusal.value.details == {"what": "sitting"}, name

    assert everything(desk.database_url) == before


async def test_what_does_not_exist_answers_the_same(desk: Desk) -> None:
    """So that an id cannot be tried out."""
    before = everything(desk.database_url)

    for name in NAMED:
        if name in {"create", "happen"}:
            continue
        with pytest.raises(NotFound) as refusal:
            await press(desk.core, desk.actor, name, builders.new_sitting_id())
        assert refusal.value.details == {"what": "sitting"}, name

    assert everything(desk.database_url) == before


async def test_lists_hold_one_s_own_only(desk: Desk, other: Person) -> None:
    """Menu, what is under way, notices, history."""
    await desk.finish()
    await desk.sit(builders.some_exam())
    actor = builders.actor(other, desk.clock.now())

    assert (await desk.core.exams.menu(actor)).unfinished is None
    assert await desk.core.exams.current(actor) is None
    assert await desk.core.exams.notice(actor) is None
    assert await desk.core.exams.history(actor, limit=9) == ()


async def test_what_another_sat_is_drawn_all_the_same(desk: Desk, other: Person) -> None:
    """Papers of others reserve nothing and leave no trace."""
    theirs = Desk(desk.core, desk.storage, desk.database_url, other, desk.clock, builders.new_sitting_id())
    exam = builders.exam(builders.section("all", 12, topics=("maths", "logic")), slug="ALL")

    await theirs.sit(exam)

    assert (await desk.core.exams.menu(desk.actor)).unfinished is not None
