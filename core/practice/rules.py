"""The rules of a quiz. Pure: state, event, now -> outcome."""

import hashlib
import random
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from core.ids import QuizId, VersionId
from core.practice import typed
from core.practice.model import Attempt, Candidate, Chosen, Help, Mode, Quiz, Response, Typed
from core.questions.model import Kind, QuestionVersion

_Topics = dict[tuple[str, ...], deque[Candidate]]

POSITION_TIME_CAP = timedelta(minutes=10)
"""Longer than this at one question is time away, not practice."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The answer counts."""

    quiz: Quiz
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class AlreadyPassed:
    """This position was answered or skipped before; nothing changed."""


@dataclass(frozen=True, slots=True)
class NotServed:
    """This position is not on the screen."""


def shown_order(quiz_id: QuizId, position: int, version: QuestionVersion) -> tuple[int, ...]:
    """Order in which the choices are shown, as positions in the bank's order.

    The same for the same place of the same quiz for ever: it is sorted by a hash, not drawn.
    """
    order = range(len(version.choices))
    if version.anchored or version.kind is Kind.TRUE_FALSE:
        return tuple(order)
    seed = f"{quiz_id}:{position}:"
    return tuple(sorted(order, key=lambda choice: hashlib.sha256(f"{seed}{choice}".encode()).digest()))


def judge(version: QuestionVersion, response: Response) -> bool:
    """Whether a response is right: every right choice and no other, or a typed answer that the key accepts."""
    match response:
        case Chosen(positions):
            return bool(positions) and tuple(sorted(positions)) == version.right
        case Typed(text, value):
            if version.numeric is not None:
                return value is not None and typed.is_right(value, version.numeric)
            accepted = [form for wording in version.wordings.values() for form in wording.accept]
            return typed.read_short(text, accepted)


def readings(version: QuestionVersion, text: str) -> tuple[Fraction, ...]:
    """The numbers that a text can be read as in answer to a numeric question, the decimal one first; often none."""
    match typed.read_number(text, version.numeric.unit if version.numeric else None):
        case typed.NumberRead(value):
            return (value,)
        case typed.AmbiguousNumber(values):
            return values
        case typed.NotANumber():
            return ()


def experience(*, right: bool, difficulty: int, hints: int) -> int:
    """Points for a right answer: 10, 2 more for each level above the first, 3 less for each hint, at least 4.

    A wrong answer costs nothing and brings nothing.
    """
    return max(4, 10 + 2 * (difficulty - 1) - 3 * hints) if right else 0


def local_day(now: datetime, zone: str) -> str:
    """The day in the person's zone, ISO 8601; fixed when it is written."""
    return now.astimezone(ZoneInfo(zone)).date().isoformat()


def time_spent(quiz: Quiz, now: datetime) -> int:
    """Active milliseconds at the open position, pauses out, capped."""
    running = now - quiz.served_at if quiz.served_at else timedelta()
    spent = quiz.spent_ms + max(0, round(running.total_seconds() * 1000))
    return min(spent, round(POSITION_TIME_CAP.total_seconds() * 1000))


def answer(  # noqa: PLR0913 - an event has these parts
    quiz: Quiz, version: QuestionVersion, *, position: int, response: Response, now: datetime, zone: str
) -> Recorded | AlreadyPassed | NotServed:
    """Judge a response and pass the position.

    Args:
        quiz: The quiz as it stands.
        version: The question at `position`.
        position: Where the response was given, 0-based.
        response: What was tapped or typed.
        now: Time of receipt.
        zone: IANA zone of the student, for the day of the attempt.
    """
    if position < quiz.current_index or not quiz.is_open:
        return AlreadyPassed()
    if position != quiz.served_index:
        return NotServed()
    spent = time_spent(quiz, now)
    right = judge(version, response)
    points = experience(right=right, difficulty=version.difficulty, hints=quiz.hints)
    single = isinstance(response, Chosen) and len(response.positions) == 1 and version.kind is not Kind.MULTIPLE
    attempt = Attempt(
        user_id=quiz.user_id,
        quiz_id=quiz.id,
        session_id=quiz.session_id,
        version_id=version.id,
        position=position,
        response=response,
        choice_id=version.choices[response.positions[0]].id if single and isinstance(response, Chosen) else None,
        right=right,
        xp=points,
        active_ms=spent,
        hints=quiz.hints,
        help=helped(quiz),
        item_difficulty=version.difficulty,
        answered_at=now,
        local_day=local_day(now, zone),
    )
    passed = _pass(quiz, now, spent)
    return Recorded(
        replace(
            passed,
            correct_count=quiz.correct_count + right,
            wrong_count=quiz.wrong_count + (not right),
            xp_earned=quiz.xp_earned + points,
        ),
        attempt,
    )


def skip(quiz: Quiz, *, position: int, now: datetime) -> Quiz | AlreadyPassed | NotServed:
    """Pass the position without an answer and serve what comes next."""
    if position < quiz.current_index or not quiz.is_open:
        return AlreadyPassed()
    if position != quiz.served_index:
        return NotServed()
    return serve_next(_pass(quiz, now, time_spent(quiz, now)), now)


def serve_next(quiz: Quiz, now: datetime) -> Quiz:
    """Put the next position on the screen, or the result after the last one."""
    return replace(quiz, served_index=quiz.current_index, served_at=now, paused_at=None, updated_at=now)


def pause(quiz: Quiz, now: datetime) -> Quiz:
    """Stop counting time."""
    if quiz.paused_at is not None or not quiz.is_open:
        return quiz
    spent = quiz.spent_ms if quiz.reads_verdict else time_spent(quiz, now)
    return replace(quiz, spent_ms=spent, served_at=None, paused_at=now, updated_at=now)


def take_up(quiz: Quiz, now: datetime) -> Quiz:
    """Go on where it stood: time counts again; a verdict that was left is followed by the next question.

    A question that is open already keeps the time that runs.
    """
    if quiz.reads_verdict:
        return serve_next(quiz, now)
    since = quiz.served_at if quiz.paused_at is None else None
    return replace(quiz, served_at=since or now, paused_at=None, updated_at=now)


def toggle(quiz: Quiz, choice: int) -> Quiz:
    """Tick a choice, or take the tick away."""
    ticked = set(quiz.selection) ^ {choice}
    return replace(quiz, selection=tuple(sorted(ticked)))


def complete(quiz: Quiz, attempts: Sequence[tuple[Attempt, tuple[str, ...]]], now: datetime) -> Quiz:
    """Totals of a quiz from its attempts, each with the path of its topic; voided ones count nowhere, time included.

    Called at the end, and again whenever an attempt is voided.
    """
    counted = [(attempt, topic) for attempt, topic in attempts if attempt.voided_at is None]
    lost_ms = sum(attempt.active_ms for attempt, _ in attempts if attempt.voided_at is not None)
    right = sum(attempt.right for attempt, _ in counted)
    over = quiz.is_complete or quiz.stopped_at is not None
    best = max((_percent(part, whole) for part, whole in by_section(attempts).values()), default=None)
    return replace(
        quiz,
        correct_count=right,
        wrong_count=len(counted) - right,
        xp_earned=sum(attempt.xp for attempt, _ in counted),
        score=_percent(right, len(counted)) if over and counted else None,
        max_section_score=best if over else None,
        total_time_seconds=(max(0, quiz.active_ms - lost_ms) + 500) // 1000 if over else None,
        completed_at=quiz.completed_at or (now if quiz.is_complete else None),
        updated_at=now,
    )


def append_similar(quiz: Quiz, position: int, version_id: VersionId) -> Quiz:
    """The quiz with one more question at its end, asked for at the verdict of `position`."""
    asked = [*_asked_similar(quiz), position]
    return replace(
        quiz,
        question_order=(*quiz.question_order, quiz.length),
        version_ids=(*quiz.version_ids, version_id),
        metadata={**quiz.metadata, "similar": asked},
    )


def may_append_similar(quiz: Quiz, position: int) -> bool:
    """Whether one more like the question at `position` can be asked for: once, at its verdict, before the end."""
    return (
        quiz.is_open
        and quiz.mode is not Mode.DECK
        and quiz.reads_verdict
        and quiz.served_index == position
        and position not in _asked_similar(quiz)
    )


def _asked_similar(quiz: Quiz) -> list[int]:
    positions = quiz.metadata.get("similar", [])
    return list(positions) if isinstance(positions, list) else []


def helped(quiz: Quiz) -> Help | None:
    """What was seen at the open position so far; None for nothing."""
    if quiz.metadata.get("mentor") == quiz.current_index:
        return Help.MENTOR
    if worked_at(quiz, quiz.current_index) is not None:
        return Help.TWIN
    return Help.HINT if quiz.hints else None


def ask_mentor(quiz: Quiz, position: int) -> Quiz:
    """The quiz after its student asked the mentor about the question at `position`.

    It counts as help only while that question is on the screen, its clock running or not: what was asked about a
    verdict came after the answer. One position is kept, since only that of the open question is ever looked at.
    """
    if not quiz.is_open or quiz.reads_verdict or position != quiz.current_index:
        return quiz
    return replace(quiz, metadata={**quiz.metadata, "mentor": position})


def show_worked(quiz: Quiz, position: int, version_id: VersionId, hints: int) -> Quiz:
    """The quiz with this worked twin shown at `position`: one rung above the question's own `hints`."""
    shown = {**_by_position(quiz, "worked"), str(position): version_id}
    return replace(quiz, hints=hints + 1, metadata={**quiz.metadata, "worked": shown})


def worked_at(quiz: Quiz, position: int) -> VersionId | None:
    """The worked twin that was shown at a position, if one was."""
    found = _by_position(quiz, "worked").get(str(position))
    return VersionId(found) if isinstance(found, int) else None


def worked(quiz: Quiz) -> list[VersionId]:
    """Every worked twin that was shown in a quiz: its solution is known."""
    return [VersionId(found) for found in _by_position(quiz, "worked").values() if isinstance(found, int)]


def with_returns(quiz: Quiz, returns: Mapping[int, Help | None]) -> Quiz:
    """The quiz with these positions taken by unassisted twins, each with the help that it follows (None: a mistake)."""
    if not returns:
        return quiz
    return replace(quiz, metadata={**quiz.metadata, "returns": {str(place): help_ for place, help_ in returns.items()}})


def is_return(quiz: Quiz, position: int) -> bool:
    """Whether the question at a position came back to be answered without help."""
    return str(position) in _by_position(quiz, "returns")


def follows_help(quiz: Quiz, position: int) -> bool:
    """Whether what came back at a position follows help, and not a mistake."""
    return _by_position(quiz, "returns").get(str(position)) is not None


def _by_position(quiz: Quiz, name: str) -> Mapping[str, object]:
    found = quiz.metadata.get(name)
    return found if isinstance(found, dict) else {}


def stop(quiz: Quiz, now: datetime) -> Quiz:
    """Leave a quiz for good; what was answered stays."""
    if not quiz.is_open:
        return quiz
    return replace(quiz, stopped_at=now, paused_at=None, served_index=quiz.length, updated_at=now)


def by_section(attempts: Iterable[tuple[Attempt, tuple[str, ...]]]) -> dict[tuple[str, ...], tuple[int, int]]:
    """Right and answered by section, in the order they were met; voided attempts do not count.

    A section is the highest level of topics at which the attempts differ: the subjects of a mixed quiz, the topics of a
    quiz on one subject.

    Args:
        attempts: Each with the path of its topic, subject first.
    """
    counted = [(attempt, path) for attempt, path in attempts if attempt.voided_at is None]
    depth = section_depth([path for _, path in counted])
    tallies: dict[tuple[str, ...], tuple[int, int]] = {}
    for attempt, path in counted:
        right, answered = tallies.get(path[:depth], (0, 0))
        tallies[path[:depth]] = (right + attempt.right, answered + 1)
    return tallies


def section_depth(paths: Sequence[tuple[str, ...]]) -> int:
    """The highest level of topics at which these paths differ; the deepest one if they do not."""
    deepest = max(map(len, paths), default=0)
    return next((depth for depth in range(1, deepest) if len({path[:depth] for path in paths}) > 1), deepest)


def choose(candidates: Sequence[Candidate], count: int, language: str, rng: random.Random) -> list[Candidate]:
    """Pick questions for a quiz: subjects and topics take turns, each with what was not seen for longest first.

    Interleaving topics beats blocking them (62 % against 38 % a month later, Rohrer et al. 2020). Questions that exist
    in the student's language go before those that would have to be asked in another.
    """
    shuffled = list(candidates)
    rng.shuffle(shuffled)
    spoken = [candidate for candidate in shuffled if language in candidate.languages]
    if len(spoken) < count:
        others = [candidate for candidate in shuffled if language not in candidate.languages]
        spoken += _take_turns(others, count - len(spoken), rng)
    return _take_turns(spoken, count, rng)


def _take_turns(pool: Sequence[Candidate], count: int, rng: random.Random) -> list[Candidate]:
    """Subjects in turn, their topics in turn, and of a topic what was not seen for longest."""
    subjects: dict[str, _Topics] = defaultdict(lambda: defaultdict(deque))
    for candidate in sorted(pool, key=lambda c: c.last_answered_at.timestamp() if c.last_answered_at else 0):
        subjects[candidate.topic[0]][candidate.topic].append(candidate)
    turns = deque(deque(topics.values()) for topics in _shuffled(list(subjects.values()), rng))
    picked: list[Candidate] = []
    while turns and len(picked) < count:
        topics = turns.popleft()
        queue = topics.popleft()
        picked.append(queue.popleft())
        if queue:
            topics.append(queue)
        if topics:
            turns.append(topics)
    return picked


def _shuffled(values: list[_Topics], rng: random.Random) -> list[_Topics]:
    rng.shuffle(values)
    return values


def _pass(quiz: Quiz, now: datetime, spent: int) -> Quiz:
    return replace(
        quiz,
        current_index=quiz.current_index + 1,
        active_ms=quiz.active_ms + spent,
        spent_ms=0,
        hints=0,
        selection=(),
        pending=None,
        paused_at=None,
        updated_at=now,
    )


def _percent(part: int, whole: int) -> Decimal:
    if not whole:
        return Decimal(0)
    return (Decimal(100 * part) / whole).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
