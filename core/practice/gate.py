"""What an exam closes to its student: all practice while a section runs, and the paper's questions until it is over."""

from collections.abc import Callable
from typing import TypeVar

from core.errors import NotAllowed
from core.exams.outcomes import Checked
from core.ids import QuestionId
from core.ports import Actor, Storage, Work
from core.practice.outcomes import Asked, Judged, Passed, Remark, Reviewed, Unclear, WorkedTwin

T = TypeVar("T")

RUNNING = "exam-running"
IN_PAPER = "exam-question"


class OutsideExams:
    """A storage for practice: it refuses while a section runs, and whatever shows a question of an open paper.

    Practice is given this one, so that no operation of it can forget to ask.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def transact(self, actor: Actor | None, decide: Callable[[Work], T]) -> T:
        """Run `decide` in one transaction; see `core.ports.Storage`.

        Raises:
            NotAllowed: A section runs, or the outcome shows a question of a paper that is not over; nothing changed.
        """
        return await self._storage.transact(actor, decide if actor is None else gated(actor, decide))

    async def seen_by(self, actor: Actor, query: Callable[[Work], T]) -> T:
        """Run a query for a person.

        Raises:
            NotAllowed: A section runs, or the outcome shows a question of a paper that is not over.
        """
        return await self._storage.read(gated(actor, query))


def gated(actor: Actor, run: Callable[[Work], T]) -> Callable[[Work], T]:
    """The same operation, refused where the student's exam closes it; see `OutsideExams`."""

    def outside(work: Work) -> T:
        closes = work.sittings.closes(actor.id)
        if closes is None:
            return run(work)
        if closes.deadline is not None and actor.now < closes.deadline:
            raise NotAllowed(reason=RUNNING)
        outcome = run(work)
        if not closes.questions.isdisjoint(_questions_in(outcome)):
            raise NotAllowed(reason=IN_PAPER)
        return outcome

    return outside


def is_reserved(work: Work, actor: Actor, outcome: object) -> bool:
    """Whether an outcome shows a question of a paper of this student that is not over."""
    closes = work.sittings.closes(actor.id)
    return closes is not None and not closes.questions.isdisjoint(_questions_in(outcome))


def _questions_in(outcome: object) -> tuple[QuestionId, ...]:
    """The questions whose text an outcome shows."""
    match outcome:
        case Asked() | Judged() | Reviewed() | Unclear() | Checked():
            return (outcome.version.question_id,)
        case WorkedTwin(version=version, twin=twin):
            return version.question_id, twin.question_id
        case Passed(standing=standing) | Remark(standing=standing):
            return _questions_in(standing)
        case (_, inner):
            return _questions_in(inner)
        case _:
            return ()
