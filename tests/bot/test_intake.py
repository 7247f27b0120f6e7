"""Updates into the inbox: once each, by their own number, with their sender."""

from typing import Any

import pytest

from bot.intake import Inflow, sender
from bot.lanes import Received
from storage.work import SqlStorage
from tests.fakes import FakeClock

PERSON = {"id": 1001, "is_bot": False, "first_name": "Giulia"}


@pytest.mark.parametrize(
    ("update", "person"),
    [
        ({"update_id": 1, "message": {"from": PERSON}}, 1001),
        ({"update_id": 1, "callback_query": {"from": PERSON, "message": {"from": {"id": 7}}}}, 1001),
        ({"update_id": 1, "poll": {"id": "5"}}, 0),
        ({"update_id": 1, "message": {"from": {"id": "1001"}}}, 0),
        ({"update_id": 1, "message": {"from": {"id": 10**30}}}, 0),
        ({"update_id": 1, "message": {"from": {"id": -1}}}, 0),
        ({"update_id": 1, "message": None}, 0),
        ({"update_id": 1}, 0),
    ],
)
def test_sender(update: dict[str, Any], person: int) -> None:
    """The sender is read without trusting the update."""
    assert sender(update) == person


async def test_batch_is_stored_once(storage: SqlStorage, clock: FakeClock) -> None:
    """An update that is in the batch twice, or was there before, is handed on once."""
    entered: list[Received] = []
    inflow = Inflow(storage, clock, entered.extend)

    await inflow.take([_update(5), _update(5), _update(6)])
    await inflow.take([_update(6), _update(4)])

    assert [update.update_id for update in entered] == [5, 6, 4]
    waiting = await storage.read(lambda work: work.inbox.waiting())
    assert [row.update_id for row in waiting] == [5, 6, 4]


async def test_numbers_may_begin_anew(storage: SqlStorage, clock: FakeClock) -> None:
    """After an idle week Telegram's numbers can be lower: a row decides what is new, not the highest number."""
    entered: list[Received] = []
    inflow = Inflow(storage, clock, entered.extend)
    await inflow.take([_update(900)])

    await inflow.take([_update(3)])

    assert [update.update_id for update in entered] == [900, 3]


@pytest.mark.parametrize("number", [None, "7", 1.5, 10**30, -4])
async def test_update_without_a_number_is_left_out(storage: SqlStorage, clock: FakeClock, number: object) -> None:
    """One without a number that makes sense does not stop the others of its batch."""
    entered: list[Received] = []

    await Inflow(storage, clock, entered.extend).take([{"update_id": number}, _update(1)])

    assert [update.update_id for update in entered] == [1]


async def test_half_a_character_is_stored(storage: SqlStorage, clock: FakeClock) -> None:
    """A lone surrogate, which JSON can carry and UTF-8 cannot, does not stop the batch."""
    entered: list[Received] = []

    await Inflow(storage, clock, entered.extend).take([_update(1, text="\ud83d")])

    assert len(entered) == 1


def _update(number: int, text: str = "ciao") -> dict[str, Any]:
    return {"update_id": number, "message": {"message_id": 1, "from": PERSON, "text": text}}
