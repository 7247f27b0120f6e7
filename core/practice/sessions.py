"""Practice sessions as operations (FEAT-101): fetch, active, get, pause, end, summary, history."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import InvalidInput, NotAllowed, NotFound, NothingToAsk
from core.ids import SessionId
from core.ports import Actor, Storage, Work
from core.practice import rules, session_rules
from core.practice.gate import gated
from core.practice.model import Candidate, EndReason, Session, SessionSummary
from core.questions.model import QuestionVersion

MAX_FETCH = 100
SWEEP_CHUNK = 200
MAX_OPEN = 1_000
"""Quizzes that one student left open, at most, as far as they are looked through."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Questions to practise, the subtopic that was chosen (None: no subtopics), and the session they belong to."""

    questions: tuple[QuestionVersion, ...]
    selected_subtopic: str | None
    session_id: SessionId


class Sessions:
    """A student's practice sessions. Made by themselves at the first activity, never two active at once."""

    def __init__(self, storage: Storage, *, idle: timedelta, rng: random.Random) -> None:
        self._storage = storage
        self._idle = idle
        self._rng = rng

    async def fetch(self, actor: Actor, subject: str, topic: str | None = None, limit: int = 10) -> Fetched:
        """Questions of a topic, from the subtopic that was practised least, in the active session or a new one.

        Args:
            actor: The student.
            subject: Slug of the subject.
            topic: Slug of the topic below it; None for the whole subject.
            limit: How many questions at most, 1 to 100.

        Raises:
            InvalidInput: The limit is out of range.
            NotAllowed: A section of an exam runs.
            NothingToAsk: There is no question for this choice.
        """
        if not 1 <= limit <= MAX_FETCH:
            raise InvalidInput(reason="limit", value=limit)
        path = (subject, topic) if topic else (subject,)

        def decide(work: Work) -> Fetched:
            candidates = work.questions.candidates(actor.id, path=path)
            if not candidates:
                raise NothingToAsk(topic="/".join(path))
            subtopic = _least_practised(candidates, depth=len(path))
            chosen = [c for c in candidates if subtopic is None or c.topic[len(path)] == subtopic]
            picked = rules.choose(chosen, limit, actor.language, self._rng)
            session = self.join(work, actor, picked[0].topic)
            return Fetched(tuple(work.questions.version(c.version_id) for c in picked), subtopic, session.id)

        return await self._storage.transact(actor, gated(actor, decide))

    async def active(self, actor: Actor) -> Session | None:
        """The active session, None if there is none or it has lapsed."""
        session = await self._storage.read(lambda work: work.sessions.active(actor.id))
        if session is None or session_rules.lapse(session, actor.now, self._idle).ended_at is not None:
            return None
        return session

    async def get(self, actor: Actor, session_id: SessionId) -> Session:
        """One session of one's own.

        Raises:
            NotFound: There is none.
        """
        session = await self._storage.read(lambda work: work.sessions.get(session_id, owner=actor.id))
        if session is None:
            raise NotFound(what="session")
        return session_rules.lapse(session, actor.now, self._idle)

    async def end(self, actor: Actor, session_id: SessionId | None = None) -> SessionSummary | None:
        """End a session (the active one if none is named) and sum it up; None if nothing was active.

        Raises:
            NotFound: The named session does not exist or is somebody else's.
            NotAllowed: A section of an exam runs in it.
        """

        def decide(work: Work) -> SessionSummary | None:
            session = self._named_or_active(work, actor, session_id)
            if session is None:
                return None
            lapsed = session_rules.lapse(session, actor.now, self._idle)
            if lapsed.ended_at is None and lapsed.busy_until is not None and actor.now < lapsed.busy_until:
                raise NotAllowed(reason="exam-running")
            ended = session_rules.end(lapsed, actor.now, EndReason.STOPPED, actor.now)
            if ended != session:
                work.sessions.save(ended)
            for quiz in work.quizzes.open(actor.id, limit=MAX_OPEN):
                if quiz.session_id == ended.id and quiz.paused_at is None:
                    work.quizzes.save(rules.pause(quiz, actor.now))
            return session_rules.summary(ended, work.sessions.attempts(ended.id, owner=actor.id))

        return await self._storage.transact(actor, decide)

    async def summary(self, actor: Actor, session_id: SessionId) -> SessionSummary:
        """The figures of one session, recomputed from its attempts.

        Raises:
            NotFound: There is none.
        """

        def query(work: Work) -> SessionSummary:
            session = work.sessions.get(session_id, owner=actor.id)
            if session is None:
                raise NotFound(what="session")
            session = session_rules.lapse(session, actor.now, self._idle)
            return session_rules.summary(session, work.sessions.attempts(session_id, owner=actor.id))

        return await self._storage.read(query)

    async def history(self, actor: Actor, *, limit: int = 10) -> list[Session]:
        """Sessions of one's own, the newest first.

        Raises:
            InvalidInput: The limit is not 1 to 1,000.
        """
        if not 1 <= limit <= 1000:
            raise InvalidInput(reason="limit", value=limit)
        found = await self._storage.read(lambda work: work.sessions.history(actor.id, limit=limit))
        return [session_rules.lapse(session, actor.now, self._idle) for session in found]

    async def end_idle(self, now: datetime) -> int:
        """End every session that was left alone, at its last activity; gives their number."""

        def decide(work: Work) -> int:
            idle = work.sessions.idle(now - self._idle, limit=SWEEP_CHUNK)
            for session in idle:
                work.sessions.save(session_rules.lapse(session, now, self._idle))
            return len(idle)

        ended = 0
        while True:
            chunk = await self._storage.transact(None, decide)
            ended += chunk
            if chunk < SWEEP_CHUNK:
                return ended

    def join(self, work: Work, actor: Actor, topic: tuple[str, ...]) -> Session:
        """Count an activity into the student's session, inside the activity's own transaction.

        Its `last_activity_at` is the moment of the activity: never before the one before it, whatever the clock says.
        """
        active = work.sessions.active(actor.id)
        newest = None if active else next(iter(work.sessions.history(actor.id, limit=1)), None)
        activity = session_rules.activity(
            active, actor.id, actor.now, self._idle, topic, last_end=newest.ended_at if newest else None
        )
        if activity.lapsed is not None:
            work.sessions.save(activity.lapsed)
        work.sessions.save(activity.current)
        return activity.current

    def pause_active(self, work: Work, actor: Actor) -> None:
        """Pause the active session, if there is one, inside the transaction that pauses its activity."""
        session = work.sessions.active(actor.id)
        if session is not None:
            settled = session_rules.lapse(session, actor.now, self._idle)
            work.sessions.save(settled if settled.ended_at else session_rules.pause(settled, actor.now))

    def _named_or_active(self, work: Work, actor: Actor, session_id: SessionId | None) -> Session | None:
        if session_id is None:
            return work.sessions.active(actor.id)
        session = work.sessions.get(session_id, owner=actor.id)
        if session is None:
            raise NotFound(what="session")
        return session


def _least_practised(candidates: list[Candidate], *, depth: int) -> str | None:
    """Slug of the subtopic with the smallest share of questions answered before; None where one lies higher up."""
    if any(len(candidate.topic) <= depth for candidate in candidates):
        return None
    total = Counter(candidate.topic[depth] for candidate in candidates)
    seen = Counter(candidate.topic[depth] for candidate in candidates if candidate.last_answered_at is not None)
    return min(sorted(total), key=lambda slug: seen[slug] / total[slug])
