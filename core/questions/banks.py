"""Banks as operations: import, list, export, decks."""

from collections.abc import Sequence
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

    async def subject_names(self, slugs: Sequence[str], language: str) -> list[str]:
        """What subjects are called; a slug without a name stays as it is."""
        names = {topic.path: topic.name(language) for topic in await self.topics()} if slugs else {}
        return [names.get((slug,), slug) for slug in slugs]

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
