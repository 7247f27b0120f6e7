"""The operator's view of the ledger: what it adds up to, and whether every tally equals the sum of its calls."""

from dataclasses import dataclass

from core.mentor.calls import By, Period, Recount, Sum, Tallied
from core.ports import Storage, Work


@dataclass(frozen=True, slots=True)
class Audited:
    """What a recomputation found.

    Attributes:
        sessions: How many of the mentor's sessions were recomputed.
        days: How many days, of students and of the operator.
        wrong: Numbers that are not the sum of their calls.
        left: Numbers of the operator's days that are more than the calls that are there. When a person is deleted
            their calls go too, and what they cost stays in the day: else whoever leaves would free the cap.
    """

    sessions: int
    days: int
    wrong: tuple[Recount, ...]
    left: tuple[Recount, ...]


class Audit:
    """Reads the ledger; changes nothing."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def sums(self, by: By, period: Period) -> list[Sum]:
        """Totals over all finished calls, kept apart by something."""
        return await self._storage.read(lambda work: work.calls.sums(by, period))

    async def check(self) -> Audited:
        """Recompute every tally from calls and messages."""

        def query(work: Work) -> Audited:
            sessions, days = work.calls.recount_sessions(), work.calls.recount_days()
            differing = [each for each in (*sessions, *days) if each.told != each.counted]
            return Audited(
                sessions=len({each.key for each in sessions}),
                days=len({(each.of, each.key, each.day) for each in days}),
                wrong=tuple(each for each in differing if not _may_be_of_deleted(each)),
                left=tuple(each for each in differing if _may_be_of_deleted(each)),
            )

        return await self._storage.read(query)


def _may_be_of_deleted(recount: Recount) -> bool:
    return recount.of is Tallied.OPERATOR and recount.told > recount.counted
