"""Quizzes as `quiz_sessions.json`: they go out, come in, and meet what is here.

A card's id is the slug of its question, and a letter stands for a choice in the deck's order, never the shown one.
Attempts stay append-only: an answer that a newer file gives otherwise is voided here and recorded anew.
"""

import json
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from string import ascii_uppercase
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError, from_json

from core.ids import DeckId, QuizId
from core.ports import Actor, Storage, Work
from core.practice import rules
from core.practice.model import Attempt, Chosen, Mode, Quiz, Response, Typed
from core.questions.model import Kind, QuestionVersion
from core.questions.reading.authored import sentence
from core.questions.reading.cleaning import one_line

MAX_BYTES = 20_000_000
MAX_SESSIONS = 10_000
MAX_TEXT = 4_096
"""Signs of a written answer: what a message holds."""
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
"""How far ahead of the clock a file may be: a time without a zone is read as UTC, and some devices write their own."""

Outcome = Literal["added", "updated", "kept"]


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did.

    Attributes:
        added: Sessions that were not here.
        updated: Sessions that the file had a newer state of.
        kept: Sessions that are as new here, or newer.
        refused: A sentence for each session that was not taken, in the order of the file.
    """

    added: int
    updated: int
    kept: int
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A session that cannot be taken, and why."""

    reason: str


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise PydanticCustomError("moment", "A time is written as ISO 8601")
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise PydanticCustomError("moment", "A time is written as ISO 8601") from None
    if moment < EARLIEST:
        raise PydanticCustomError("moment", "It lies before 1970")
    return moment


def _id(value: object) -> uuid.UUID:
    try:
        return uuid.UUID(value if isinstance(value, str) else "")
    except ValueError:
        raise PydanticCustomError("id", "It is no UUID") from None


_Moment = Annotated[datetime | None, BeforeValidator(_moment)]
_Count = Annotated[int, Field(strict=True, ge=0, lt=2**31)]
_Text = Annotated[str, Field(max_length=MAX_TEXT, pattern=r"^[^\x00]*$")]


class Filed(BaseModel):
    """One session as a file tells it. Counts are read for their form only: they are recomputed from our own keys."""

    model_config = ConfigDict(frozen=True)

    session_id: Annotated[uuid.UUID, BeforeValidator(_id)]
    deck_id: str
    question_order: tuple[_Count, ...] = ()
    current_index: _Count = 0
    answers: Mapping[str, tuple[_Text, ...]] = {}
    correct_count: _Count = 0
    wrong_count: _Count = 0
    started_at: _Moment = None
    updated_at: _Moment = None


class Transfer:
    """A student's quizzes in the form that other programs keep. Taking the same file twice changes nothing."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def export(self, actor: Actor) -> list[dict[str, Any]]:
        """Every quiz of this student, the oldest first; voided answers are left out, as they do not count."""
        return await self._storage.read(
            lambda work: [_form(work, quiz) for quiz in work.quizzes.every(actor.id)],
        )

    async def take(self, actor: Actor, content: bytes) -> Taken:
        """Add the sessions of a file, or bring those that are here up to it; the newer `updated_at` wins.

        Each session is taken whole, in a transaction of its own, or refused with a sentence.

        Args:
            actor: The student whose sessions they become.
            content: JSON: a list of sessions, one session, or an object with a list named `sessions`.
        """
        done: Counter[Outcome] = Counter()
        refused: list[str] = []
        for name, filed in read(content, actor):
            outcome = filed if isinstance(filed, Refused) else await self._take(actor, filed)
            if isinstance(outcome, Refused):
                refused.append(f"{name}: {outcome.reason}")
            else:
                done[outcome] += 1
        return Taken(done["added"], done["updated"], done["kept"], tuple(refused))

    async def _take(self, actor: Actor, filed: Filed) -> Outcome | Refused:
        def decide(work: Work) -> Outcome | Refused:
            try:
                return _merge(work, actor, filed)
            except _NotTaken as problem:  # every check stands before the first write: nothing is half-written
                return Refused(str(problem))

        return await self._storage.transact(actor, decide)


class _NotTaken(Exception):  # noqa: N818 - it becomes a `Refused`
    pass


def read(content: bytes, actor: Actor) -> list[tuple[str, Filed | Refused]]:
    """The sessions of a file by what to call them, each read or refused.

    A session without an id gets one made from its content and its student, so that it is the same one the next time.
    """
    if len(content) > MAX_BYTES:
        return [("the file", Refused(f"it has {len(content):,} bytes; {MAX_BYTES:,} are allowed"))]
    try:
        found = from_json(content.removeprefix(b"\xef\xbb\xbf"), allow_inf_nan=False)
    except ValueError:
        return [("the file", Refused("it is not JSON"))]
    if isinstance(found, dict):
        found = found.get("sessions", [found])
    if not isinstance(found, list):
        return [("the file", Refused("it holds no list of sessions"))]
    if len(found) > MAX_SESSIONS:
        return [("the file", Refused(f"it holds {len(found):,} sessions; {MAX_SESSIONS:,} are allowed"))]
    return [_read_one(raw, number, actor) for number, raw in enumerate(found, start=1)]


def _read_one(raw: object, number: int, actor: Actor) -> tuple[str, Filed | Refused]:
    if not isinstance(raw, dict):
        return f"session number {number}", Refused("it is not an object")
    own = raw.get("session_id")
    name = f"session {_named(own)}" if isinstance(own, str) else f"session number {number}"
    if own is None:
        own = str(uuid.uuid5(_NAMELESS, f"{actor.id}:{json.dumps(raw, sort_keys=True)}"))
    try:
        filed = Filed.model_validate({**raw, "session_id": own})
    except ValidationError as error:
        return name, Refused(one_line(sentence(error)))
    for field, moment in (("started_at", filed.started_at), ("updated_at", filed.updated_at)):
        if moment is not None and moment > actor.now + AHEAD:
            return name, Refused(f"{field} lies in the future")
    return name, filed


_NAMELESS = uuid.UUID("5f4e7d5c-0b57-4c55-9f0c-6f1a1d0f7b0e")


def _merge(work: Work, actor: Actor, filed: Filed) -> Outcome:
    """Check a session, then write it.

    What is here and not in the file stays: positions never go back, and an answer is replaced only by another one.
    A question that the student reported as wrong stays out of the count.
    """
    known = work.quizzes.get(QuizId(filed.session_id), owner=actor.id)
    at = filed.updated_at or actor.now
    quiz = _blank(work, actor, filed, at) if known is None else _same(known, filed)
    answers = _answers(work, quiz, filed)
    if known is None:
        work.quizzes.add(quiz)
    elif filed.updated_at is None or filed.updated_at <= known.updated_at:
        return "kept"
    before = [attempt for attempt, _ in work.quizzes.attempts(quiz.id, owner=actor.id)]
    counting = {attempt.position: attempt for attempt in before if attempt.voided_at is None}
    reported = {attempt.position for attempt in before} - set(counting)
    for position, (version, response) in answers.items():
        earlier = counting.get(position)
        if position in reported or (earlier and earlier.response == response):
            continue
        if earlier and earlier.id is not None:
            work.quizzes.void(earlier.id, owner=actor.id, now=actor.now)
        work.quizzes.record(_attempt(quiz, version, position, response, at, actor.zone))
    quiz = _advance(quiz, filed.current_index, at)
    answered = counting.keys() | (answers.keys() - reported)
    if (quiz.question_order, quiz.current_index, answered) != (filed.question_order, filed.current_index, {*answers}):
        at = max(at, actor.now)  # a mixture is newer than both: it has to win where the file came from
    work.quizzes.save(rules.complete(quiz, work.quizzes.attempts(quiz.id, owner=actor.id), at))
    return "added" if known is None else "updated"


def _same(quiz: Quiz, filed: Filed) -> Quiz:
    if _deck_id(filed) != quiz.deck_id:
        raise _NotTaken(f"here it runs over another deck than {_named(filed.deck_id)}")
    if filed.question_order != quiz.question_order[: len(filed.question_order)]:  # it may have grown here
        raise _NotTaken("question_order is not the one that it began with here")
    return quiz


def _blank(work: Work, actor: Actor, filed: Filed, at: datetime) -> Quiz:
    """The quiz at its start, over the deck as it is now; paused, as nobody is at it."""
    if work.quizzes.exists(QuizId(filed.session_id)):
        raise _NotTaken("its session_id cannot be used here")
    deck_id = _deck_id(filed)
    deck = work.questions.deck(deck_id, viewer=actor.id) if deck_id else None
    if deck is None:
        raise _NotTaken(f"there is no deck {_named(filed.deck_id)} here")
    for index, times in Counter(filed.question_order).items():
        if index >= len(deck.cards):
            raise _NotTaken(f"question_order: there is no card {index} among the {len(deck.cards)} of the deck")
        if times > 1:
            raise _NotTaken(f"question_order: card {index} comes twice")
    return Quiz(
        id=QuizId(filed.session_id),
        user_id=actor.id,
        mode=Mode.DECK,
        deck_id=deck.id,
        question_order=filed.question_order,
        version_ids=tuple(deck.cards[index][1] for index in filed.question_order),
        started_at=filed.started_at or min(at, actor.now),
        created_at=actor.now,
        updated_at=at,
        paused_at=at if filed.question_order else None,
    )


def _deck_id(filed: Filed) -> DeckId | None:
    try:
        return DeckId(uuid.UUID(filed.deck_id))
    except ValueError:
        return None


def _answers(work: Work, quiz: Quiz, filed: Filed) -> dict[int, tuple[QuestionVersion, Response]]:
    """The answers by position, each with its question; an empty one is a skip."""
    if filed.current_index > quiz.length:
        raise _NotTaken(f"current_index {filed.current_index} is not among its {quiz.length} positions")
    places = {card: position for position, card in enumerate(_cards(work, quiz))}
    answers = {}
    for card, given in sorted(filed.answers.items(), key=lambda item: places.get(item[0], -1)):
        if card not in places:
            raise _NotTaken(f"card {_named(card)} is not among its questions")
        if any(text.strip() for text in given):
            if places[card] >= filed.current_index:
                raise _NotTaken(f"card {card} has an answer, but current_index has not passed it")
            version = work.questions.version(quiz.version_ids[places[card]])
            answers[places[card]] = (version, _response(version, [text.strip() for text in given]))
    return answers


def _response(version: QuestionVersion, given: Sequence[str]) -> Response:
    if version.kind.typed:
        return _typed(version, given)
    letters = ascii_uppercase[: len(version.choices)]
    for letter in given:
        if len(letter) != 1 or letter.upper() not in letters:
            raise _NotTaken(f"card {version.slug} has no choice {_named(letter)}")
    positions = tuple(sorted({letters.index(letter.upper()) for letter in given}))
    if len(positions) > 1 and version.kind is not Kind.MULTIPLE:
        raise _NotTaken(f"card {version.slug} takes one choice")
    return Chosen(positions)


def _typed(version: QuestionVersion, given: Sequence[str]) -> Typed:
    """A written answer; of a number that can be read in two ways, the second text says which one was meant."""
    text, *meant = given
    values = rules.readings(version, text) if version.kind is Kind.NUMERIC else ()
    value = next((value for value in values if not meant or str(value) == meant[0]), None)
    if len(meant) > 1 or (meant and value is None):
        raise _NotTaken(f"card {version.slug} takes one written answer")
    return Typed(text, value)


def _attempt(  # noqa: PLR0913 - an attempt has these parts
    quiz: Quiz, version: QuestionVersion, position: int, response: Response, at: datetime, zone: str
) -> Attempt:
    """An answer given elsewhere: no practice session, no time, no hints, and no XP, since anybody can write a file."""
    single = isinstance(response, Chosen) and version.kind is not Kind.MULTIPLE
    return Attempt(
        user_id=quiz.user_id,
        quiz_id=quiz.id,
        session_id=None,
        version_id=version.id,
        position=position,
        response=response,
        choice_id=version.choices[response.positions[0]].id if single and isinstance(response, Chosen) else None,
        right=rules.judge(version, response),
        xp=0,
        active_ms=0,
        hints=0,
        item_difficulty=version.difficulty,
        answered_at=at,
        local_day=rules.local_day(at, zone),
    )


def _advance(quiz: Quiz, current_index: int, at: datetime) -> Quiz:
    """The quiz gone on with elsewhere: it waits there, paused; one that was left here is open again."""
    if current_index <= quiz.current_index:
        return quiz
    return replace(
        quiz,
        current_index=current_index,
        served_index=current_index,
        served_at=None,
        paused_at=at if current_index < quiz.length else None,
        stopped_at=None,
        spent_ms=0,
        hints=0,
        selection=(),
        pending=None,
    )


def _form(work: Work, quiz: Quiz) -> dict[str, Any]:
    """A quiz as the file has it, its counts from the attempts that count."""
    cards = _cards(work, quiz)
    attempts = [a for a, _ in work.quizzes.attempts(quiz.id, owner=quiz.user_id) if a.voided_at is None]
    right = sum(attempt.right for attempt in attempts)
    return {
        "session_id": str(quiz.id),
        "deck_id": str(quiz.deck_id),
        "question_order": list(quiz.question_order),
        "current_index": quiz.current_index,
        "answers": {cards[attempt.position]: _given(work, attempt) for attempt in attempts},
        "correct_count": right,
        "wrong_count": len(attempts) - right,
        "started_at": quiz.started_at.isoformat(),
        "updated_at": quiz.updated_at.isoformat(),
    }


def _given(work: Work, attempt: Attempt) -> list[str]:
    match attempt.response:
        case Chosen(positions):
            return [ascii_uppercase[position] for position in positions]
        case Typed(text, value):
            readings = rules.readings(work.questions.version(attempt.version_id), text)
            return [text] if value is None or value == readings[0] else [text, str(value)]


def _cards(work: Work, quiz: Quiz) -> list[str]:
    """Card ids by position: slugs; where two banks share one, the card's index in the deck is added to it."""
    slugs = work.questions.slugs(quiz.version_ids)
    often = Counter(slugs)
    pairs = zip(slugs, quiz.question_order, strict=True)
    return [slug if often[slug] == 1 else f"{slug}#{index}" for slug, index in pairs]


def _named(text: str) -> str:
    return one_line(text)[:60]
