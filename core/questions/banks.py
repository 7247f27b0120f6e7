"""Banks as operations: import, list, export, decks."""

from datetime import datetime

from core.errors import NotFound
from core.ids import UserId
from core.ports import Storage, Stored
from core.practice.model import Deck, Topic
from core.questions.model import Bank


class Banks:
    """The questions of the operator. Importing the same bank twice changes nothing."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def store(self, bank: Bank, now: datetime, *, title: str | None = None) -> Stored:
        """Insert what is new of a bank, and make new versions of what changed."""
        return await self._storage.transact(
            None, lambda work: work.questions.store(bank, now, title=title or bank.name)
        )

    async def topics(self, viewer: UserId | None = None) -> list[Topic]:
        """The tree of topics with the number of questions in each."""
        return await self._storage.read(lambda work: work.questions.topics(viewer))

    async def decks(self, viewer: UserId | None = None) -> list[Deck]:
        """Decks that can be played."""
        return await self._storage.read(lambda work: work.questions.decks(viewer=viewer))

    async def export(self, name: str) -> Bank:
        """Everything of a bank, in its current versions.

        Raises:
            NotFound: There is no bank of this name.
        """
        bank = await self._storage.read(lambda work: work.questions.bank(name))
        if bank is None:
            raise NotFound(what="bank", name=name)
        return bank
