"""What goes wrong on purpose."""

import random
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """The ways in which a call can fail."""

    SERVER_ERROR = "server_error"
    TOO_MANY = "too_many"
    UNAUTHORIZED = "unauthorized"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    NOT_JSON = "not_json"
    CUT_BEFORE = "cut_before"
    DROP_REPLY = "drop_reply"
    DELAY = "delay"
    DUPLICATE = "duplicate"


@dataclass(slots=True)
class Fault:
    """One rule.

    Args:
        method: The Bot API method, None for any.
        count: How many calls it still strikes, None without end.
        probability: Of striking a call that matches, in (0, 1].
        skip: How many matching calls pass first.
        value: A status, seconds, or which duplicate, by kind.
        hits: How many calls it struck.
    """

    kind: Kind
    method: str | None
    count: int | None
    probability: float
    skip: int
    value: float | str = 0
    hits: int = 0

    def cancel(self) -> None:
        """Strike no more."""
        self.count = 0


@dataclass(slots=True)
class Faults:
    """The rules in force; with none, a call costs one truth test."""

    rules: list[Fault] = field(default_factory=list)
    rng: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - faults are to be repeatable

    def seed(self, seed: int) -> None:
        """Make chance repeatable."""
        self.rng.seed(seed)

    def clear(self) -> None:
        """Let everything work again."""
        self.rules.clear()

    def server_error(
        self,
        code: int = 502,
        *,
        method: str | None = None,
        count: int | None = 1,
        probability: float = 1,
        skip: int = 0,
    ) -> Fault:
        """Answer with a 5xx in Telegram's envelope; nothing happens."""
        return self._add(Kind.SERVER_ERROR, method, count, probability, skip, code)

    def too_many(
        self,
        retry_after: int = 1,
        *,
        method: str | None = None,
        count: int | None = 1,
        probability: float = 1,
        skip: int = 0,
    ) -> Fault:
        """Answer 429 with so many seconds; nothing happens."""
        return self._add(Kind.TOO_MANY, method, count, probability, skip, retry_after)

    def unauthorized(
        self,
        *,
        method: str | None = None,
        count: int | None = 1,
        probability: float = 1,
        skip: int = 0,
    ) -> Fault:
        """Answer 401, as for a revoked token."""
        return self._add(Kind.UNAUTHORIZED, method, count, probability, skip)

    def unknown(self, method: str, *, count: int | None = None) -> Fault:
        """Answer 404, as a server does that does not have this method yet."""
        return self._add(Kind.UNKNOWN, method, count, 1, 0)

    def refuse(self, reason: str, method: str, *, count: int | None = None) -> Fault:
        """Answer 400 with this reason; nothing happens."""
        return self._add(Kind.REFUSED, method, count, 1, 0, reason)

    def not_json(
        self,
        *,
        method: str | None = None,
        count: int | None = 1,
        probability: float = 1,
        skip: int = 0,
    ) -> Fault:
        """Answer with the HTML page of a gateway; nothing happens."""
        return self._add(Kind.NOT_JSON, method, count, probability, skip)

    def cut_before(
        self,
        *,
        method: str | None = None,
        count: int | None = 1,
        probability: float = 1,
        skip: int = 0,
    ) -> Fault:
        """Cut the connection; nothing happens."""
        return self._add(Kind.CUT_BEFORE, method, count, probability, skip)

    def drop_reply(
        self,
        *,
        method: str | None = None,
        count: int | None = 1,
        probability: float = 1,
        skip: int = 0,
    ) -> Fault:
        """Do what is asked, then cut the connection without an answer."""
        return self._add(Kind.DROP_REPLY, method, count, probability, skip)

    def delay(
        self,
        seconds: float,
        *,
        method: str | None = None,
        count: int | None = None,
        probability: float = 1,
        skip: int = 0,
    ) -> Fault:
        """Do what is asked, and answer so many seconds later."""
        return self._add(Kind.DELAY, method, count, probability, skip, seconds)

    def duplicate_updates(
        self,
        which: str = "again",
        *,
        count: int | None = 1,
        probability: float = 1,
        skip: int = 0,
    ) -> Fault:
        """Hand out updates more than once.

        Args:
            which: "again" puts updates that were confirmed before the new ones; "twice" repeats each in its batch.
            count: Batches with something to repeat, None without end.
            probability: Of striking such a batch.
            skip: Such batches that pass first.
        """
        if which not in ("again", "twice"):
            raise ValueError(which)
        return self._add(Kind.DUPLICATE, "getUpdates", count, probability, skip, which)

    def _add(  # noqa: PLR0913 - the fields of a rule
        self,
        kind: Kind,
        method: str | None,
        count: int | None,
        probability: float,
        skip: int,
        value: float | str = 0,
    ) -> Fault:
        fault = Fault(kind, method.lower() if method else None, count, probability, skip, value)
        self.rules.append(fault)
        return fault

    def strike(self, method: str) -> list[Fault]:
        """Give the faults that strike this call, at most one of each kind; duplicates are asked for apart."""
        return self._strike(method.lower(), None)

    def duplicates(self, which: str) -> bool:
        """Say whether a batch that has something to repeat is struck so."""
        return bool(self._strike("getupdates", which))

    def _strike(self, method: str, which: str | None) -> list[Fault]:
        struck: list[Fault] = []
        for fault in self.rules:
            if (fault.value if fault.kind is Kind.DUPLICATE else None) != which or fault.count == 0:
                continue
            if (fault.method is not None and fault.method != method) or any(one.kind is fault.kind for one in struck):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.probability < 1 and self.rng.random() >= fault.probability:
                continue
            if fault.count is not None:
                fault.count -= 1
            fault.hits += 1
            struck.append(fault)
        return struck
