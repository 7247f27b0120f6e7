"""Refusals: expected failures with a stable code; their words stand in the catalogues as `error-<code>`."""

from typing import ClassVar


class ChironError(Exception):
    """Something a person asked for cannot be done.

    Attributes:
        code: Stable name of the refusal.
        details: Facts for the sentence that the person reads.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, **details: str | int) -> None:
        super().__init__(self.code, details)
        self.details = details


class NotFound(ChironError):
    """There is no such thing, or it belongs to somebody else: both answer the same."""

    code = "not-found"


class NotAllowed(ChironError):
    """This person may not do this."""

    code = "not-allowed"


class InvalidInput(ChironError):
    """What was sent cannot be used; `details["reason"]` says why."""

    code = "invalid-input"


class ChangedMeanwhile(ChironError):
    """Somebody else changed it first."""

    code = "changed-meanwhile"


class LimitReached(ChironError):
    """A limit is used up."""

    code = "limit-reached"


class NothingToAsk(ChironError):
    """The bank has no question for this choice."""

    code = "nothing-to-ask"


class AlreadySettled(Exception):
    """This update's effect is in the database already; the transaction was rolled back."""


class EarlierWaiting(Exception):
    """An earlier update of the same person is not settled yet; try again after it."""


class StorageUnavailable(Exception):
    """The database cannot be reached now; nothing was changed."""
