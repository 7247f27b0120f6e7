"""When a question comes back to be answered without help, and where in a quiz it sits. Pure.

An answer got with help says little about what stays: practice with a chat that tells raised practice scores by 48 % and
lowered the exam without it by 17 % (Bastani et al., PNAS 2025). So a twin of the question, unassisted and some days
later, is what help is judged by.
"""

import random
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from math import sqrt
from zoneinfo import ZoneInfo

from core.ids import QuestionId
from core.practice.model import Attempt, Candidate

SOONEST_DAYS, LATEST_DAYS = 1, 3
AGAIN = timedelta(days=1)
MOST_OPEN = 20
"""Twins that wait for a student at most; the oldest give way."""
MOST_PLACES = 2
"""Places of a quiz that twins take at most."""
Z95 = 1.959964
"""Half-width of a 95 % interval of the normal distribution, in standard deviations."""


def comes_back(attempt: Attempt, *, is_return: bool) -> bool:
    """Whether an answer is followed by a twin: after any help, and, as the control, when wrong without.

    A question that came back itself is followed by one only if it was answered with help after all: its mistakes would
    bring those who once had help into the control.
    """
    return attempt.help is not None or not (attempt.right or is_return)


def due_at(answered_at: datetime, zone: str, rng: random.Random) -> datetime:
    """One to three days later, at the same time of day where the student lives."""
    local = answered_at.astimezone(ZoneInfo(zone))
    return (local + timedelta(days=rng.randint(SOONEST_DAYS, LATEST_DAYS))).astimezone(UTC)


def again(now: datetime) -> datetime:
    """When a twin that is asked now, skipped now or cannot be asked now is due again."""
    return now + AGAIN


def seat(
    picked: Sequence[Candidate], twin: Candidate, original: QuestionId, taken: Collection[int], rng: random.Random
) -> tuple[list[Candidate], int] | None:
    """A quiz's questions with the twin among them, and its place; never the first. None where no place is left.

    A twin that was picked anyway keeps its place; else it takes that of its original, which would give its method away,
    or any other.

    Args:
        picked: What the quiz was going to ask.
        twin: The question that comes back.
        original: What it is the twin of.
        taken: Places of other twins.
        rng: Chance for the place.
    """
    places = [place for place in range(1, len(picked)) if place not in taken]
    if not places:
        return None
    asked = [candidate.question_id for candidate in picked]
    seated = list(picked)
    if twin.question_id in asked:
        place = asked.index(twin.question_id)
        if place == 0:
            place = rng.choice(places)
            seated[0], seated[place] = seated[place], seated[0]
        return seated, place
    place = asked.index(original) if original in asked[1:] else 0
    place = place if place in places else rng.choice(places)
    seated[place] = twin
    return seated, place


def wilson(right: int, answered: int) -> tuple[float, float]:
    """The 95 % interval of a proportion, in 0 to 1; all of it without an answer.

    Args:
        right: Successes, 0 to `answered`.
        answered: Trials.

    Source: Wilson 1927, Journal of the American Statistical Association 22, 209-212 (score interval, no continuity
    correction).
    """
    if not answered:
        return 0.0, 1.0
    share, z2 = right / answered, Z95**2
    middle = (share + z2 / (2 * answered)) / (1 + z2 / answered)
    reach = Z95 * sqrt(share * (1 - share) / answered + z2 / (4 * answered**2)) / (1 + z2 / answered)
    return max(0.0, middle - reach), min(1.0, middle + reach)
