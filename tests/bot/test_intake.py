"""Updates into the inbox: once each, by their own number, with their sender."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from bot.intake import Inflow, sender
from bot.lanes import Received
from core.errors import StorageUnavailable
from core.ids import UpdateId
from core.ports import Actor, Shown, Work
from storage.work import SqlStorage
from tests.fakes import FakeClock

T = TypeVar("T")

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
    """An update that is in the batch twice, or was carried out before, is handed on once."""
    entered: list[Received] = []
    inflow = Inflow(storage, clock, entered.extend)

    await inflow.take([_update(5), _update(5), _update(6)])
    await storage.transact(None, lambda work: work.inbox.shown([Shown(UpdateId(5))], clock.now()))
    await inflow.take([_update(5), _update(4)])

    assert [update.update_id for update in entered] == [5, 6, 4]
    waiting = await storage.read(lambda work: work.inbox.waiting())
    assert [row.update_id for row in waiting] == [6, 4]


class LostReply:
    """A storage whose first commit succeeds without its caller hearing of it."""

    def __init__(self, storage: SqlStorage) -> None:
        self._storage = storage
        self._heard = False

    async def transact(self, actor: Actor | None, decide: Callable[[Work], T]) -> T:
        """Commit, and fail the first time."""
        result = await self._storage.transact(actor, decide)
        if not self._heard:
            self._heard = True
            raise StorageUnavailable
        return result

    async def read(self, query: Callable[[Work], T]) -> T:
        """Read as ever."""
        return await self._storage.read(query)


async def test_a_commit_without_a_reply_loses_no_update(storage: SqlStorage, clock: FakeClock) -> None:
    """What was stored and not handed on is handed on when Telegram sends it again."""
    entered: list[Received] = []
    inflow = Inflow(LostReply(storage), clock, entered.extend)
    with pytest.raises(StorageUnavailable):
        await inflow.take([_update(5)])
    assert entered == []

    await inflow.take([_update(5)])

    assert [update.update_id for update in entered] == [5]


async def test_names_are_not_kept(storage: SqlStorage, clock: FakeClock) -> None:
    """The inbox holds no first, last or user name, wherever it stood in the update."""
    who = {"id": 1001, "first_name": "Giulia", "last_name": "Verdi", "username": "giulia"}
    update = _update(5)
    update["message"] |= {"from": who, "chat": {**who, "type": "private"}, "reply_to_message": {"from": who}}

    await Inflow(storage, clock, lambda _: None).take([update])

    (row,) = await storage.read(lambda work: work.inbox.waiting())
    assert not any(name in row.payload.lower() for name in (b"giulia", b"verdi"))


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
