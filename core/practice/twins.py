"""Unassisted twins: what was answered with help, or wrong without, comes back; and how often it is right then."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.ids import TwinId, VersionId
from core.ports import Actor, Storage, Work
from core.practice import rules, twin_rules
from core.practice.model import Attempt, Candidate, Difficulty, Help, Mode, Quiz, Topic, Twin

TRIES = 4
"""Twins for which a question is looked for at one start of a quiz."""
WITH_TWINS = frozenset({Mode.MIXED, Mode.TARGETED})


@dataclass(frozen=True, slots=True)
class Seated:
    """The questions of a quiz with twins among them.

    Attributes:
        picked: The questions in their order.
        returns: The help that each twin follows (None: a mistake without any), by place.
        twins: The twins by place.
    """

    picked: list[Candidate]
    returns: Mapping[int, Help | None] = field(default_factory=dict)
    twins: Mapping[int, TwinId] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rate:
    """How unassisted twins went after one kind of help; None is the control: a wrong answer without help.

    Attributes:
        served: Twins that were put into a quiz.
        answered: Those that were answered.
        right: Those that were answered right.
    """

    help: Help | None
    served: int = 0
    answered: int = 0
    right: int = 0

    @property
    def share(self) -> float:
        """Right answers of all, 0 to 1; 0 without an answer."""
        return self.right / self.answered if self.answered else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share of right answers lies, 95 % sure; see `twin_rules.wilson`."""
        return twin_rules.wilson(self.right, self.answered)


class Twins:
    """What operators learn from twins; no student is named."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def rates(self) -> tuple[Rate, ...]:
        """Success on twins by the help that they follow, the control last.

        Left out are twins of a reported question, those reported themselves, and those answered with help after all.
        """
        known = await self._storage.read(lambda work: work.twins.tallies())
        return tuple(Rate(kind, *known.get(kind, (0, 0, 0))) for kind in (*Help, None))


def after_answer(work: Work, actor: Actor, quiz: Quiz, attempt: Attempt, rng: random.Random) -> None:
    """Link the answer to a twin to it, and let what needed help come back; in the transaction of the answer."""
    back = rules.is_return(quiz, attempt.position)
    if attempt.id is None:
        return
    if back:
        work.twins.answer(quiz.id, attempt.position, attempt.id, owner=actor.id)
    if not twin_rules.comes_back(attempt, is_return=back):
        return
    twin = Twin(
        user_id=actor.id,
        of_attempt_id=attempt.id,
        of_version_id=attempt.version_id,
        help=attempt.help,
        due_at=twin_rules.due_at(attempt.answered_at, actor.zone, rng),
        created_at=actor.now,
    )
    work.twins.add(twin, most=twin_rules.MOST_OPEN)


def seat(  # noqa: PLR0913 - what a student chooses
    work: Work,
    actor: Actor,
    picked: Sequence[Candidate],
    mode: Mode,
    topic: Topic | None,
    difficulty: Difficulty | None,
    rng: random.Random,
) -> Seated:
    """The questions picked for a quiz, with twins that are due among them; one query where none is.

    A twin for which the bank has no question now is put off, so that the same ones are not looked for at every start.
    """
    seated = Seated(list(picked))
    if mode not in WITH_TWINS or len(picked) < 2:
        return seated
    due = work.twins.due(actor.id, actor.now, path=topic.path if topic else (), difficulty=difficulty)
    for twin in due[:TRIES]:
        if twin.id is None or len(seated.twins) == twin_rules.MOST_PLACES:
            break
        original = work.questions.version(twin.of_version_id)
        without = [original.id, *(seated.picked[place].version_id for place in seated.twins), *_worked(work, twin)]
        found = work.questions.twin(
            actor.id, original, language=original.asked_in(actor.language), without=without, difficulty=difficulty
        )
        if found is None:
            work.twins.wait(twin.id, until=twin_rules.again(actor.now))
            continue
        placed = twin_rules.seat(seated.picked, found, original.question_id, seated.twins.keys(), rng)
        if placed is None:
            break
        order, place = placed
        seated = Seated(order, {**seated.returns, place: twin.help}, {**seated.twins, place: twin.id})
    return seated


def _worked(work: Work, twin: Twin) -> Sequence[VersionId]:
    """Questions whose solution was shown with the one that this is the twin of."""
    if twin.help is None or twin.of_quiz_id is None:
        return ()
    quiz = work.quizzes.get(twin.of_quiz_id, owner=twin.user_id)
    return rules.worked(quiz) if quiz is not None else ()
