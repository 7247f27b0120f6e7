"""Quizzes as a student plays them: start, answer, hint, skip, pause, next, report, review."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from core.errors import InvalidInput, NotFound, NothingToAsk
from core.ids import DeckId, QuizId, SittingId, TopicId, VersionId
from core.people.model import Onboarding, Person
from core.ports import Actor, Work
from core.practice import rules, twin_rules, twins, written
from core.practice.gate import OutsideExams
from core.practice.model import Candidate, Chosen, Difficulty, Mode, Quiz, Response, Session, Topic, Typed
from core.practice.outcomes import (
    Introduce,
    Judged,
    Menu,
    Passed,
    Past,
    Remark,
    Reviewed,
    Standing,
    Supply,
    Unclear,
    Why,
    WorkedTwin,
    mark_of,
)
from core.practice.placing import (
    asked,
    is_asked,
    latest,
    on_hold,
    own_quiz,
    passed,
    seen_topic,
    standing_of,
    version_at,
    worked_twin,
)
from core.practice.sessions import Sessions
from core.questions.model import Kind, QuestionVersion

MAX_LENGTH = 100
WELCOME_LENGTH = 5
WELCOME_POOL = 30
INTRODUCE_AFTER = 3
"""Answers before the bot asks who it is talking to."""
OPEN_LIMIT = 5


class Quizzes:
    """A student's quizzes. Every operation is safe to repeat: a second press changes nothing and shows the same."""

    def __init__(self, storage: OutsideExams, sessions: Sessions, *, rng: random.Random) -> None:
        self._storage = storage
        self._sessions = sessions
        self._rng = rng

    async def menu(self, actor: Actor) -> Menu:
        """What this student can practise."""

        def query(work: Work) -> Menu:
            return Menu(
                topics=tuple(work.questions.topics(actor.id)),
                mistakes=len(work.quizzes.mistakes(actor.id)),
                open=_with_topics(work, actor, work.quizzes.open(actor.id, limit=OPEN_LIMIT)),
            )

        return await self._storage.seen_by(actor, query)

    async def available(self, actor: Actor, mode: Mode, topic_id: TopicId | None) -> Supply:
        """The topic of a choice, and how many questions there are for it at each difficulty.

        Raises:
            NotFound: There is no such topic.
        """

        def query(work: Work) -> Supply:
            topic = seen_topic(work, actor, topic_id)
            found = _levels(work, actor, mode, topic)
            counts: dict[Difficulty | None, int] = {
                level: sum(found[number] for number in level.levels) for level in Difficulty
            }
            return Supply(topic, {None: found.total(), **counts})

        return await self._storage.seen_by(actor, query)

    async def start(  # noqa: PLR0913 - what a student chooses
        self,
        actor: Actor,
        quiz_id: QuizId,
        *,
        mode: Mode = Mode.MIXED,
        topic_id: TopicId | None = None,
        difficulty: Difficulty | None = None,
        length: int = WELCOME_LENGTH,
    ) -> Standing:
        """Begin a quiz, or show where it stands if it was begun with this id before.

        Args:
            actor: The student.
            quiz_id: A fresh random id that the button carried, so that a second press is recognised.
            mode: How questions are chosen.
            topic_id: Only from this topic and below it.
            difficulty: Only from this range.
            length: How many questions at most, 1 to 100.

        Raises:
            InvalidInput: The length is out of range.
            NotFound: There is no such topic, or the id is somebody else's.
            NothingToAsk: There is no question for this choice.
        """
        if not 1 <= length <= MAX_LENGTH:
            raise InvalidInput(reason="length", value=length)

        def decide(work: Work) -> Standing:
            known = work.quizzes.get(quiz_id, owner=actor.id)
            if known is not None:
                return standing_of(work, actor, known)
            topic = seen_topic(work, actor, topic_id)
            candidates = self._candidates(work, actor, mode, topic, difficulty, length)
            picked = rules.choose(candidates, length, actor.language, self._rng)
            if not picked:
                raise NothingToAsk(topic="/".join(topic.path) if topic else "")
            seated = twins.seat(work, actor, picked, mode, topic, difficulty, self._rng)
            quiz = self._begin_own(work, actor, quiz_id, seated.picked, mode)
            quiz = replace(rules.with_returns(quiz, seated.returns), topic_id=topic_id, difficulty=difficulty)
            work.quizzes.add(quiz)
            for place, twin in seated.twins.items():
                work.twins.serve(twin, quiz_id, place, again_at=twin_rules.again(actor.now))
            return standing_of(work, actor, quiz)

        return await self._storage.transact(actor, decide)

    async def redo(self, actor: Actor, quiz_id: QuizId, of: QuizId) -> Standing:
        """Begin a quiz over the mistakes of another one, in its order.

        Raises:
            NotFound: There is no such quiz of this student, or the id is somebody else's.
            NothingToAsk: It has no mistakes.
        """

        def decide(work: Work) -> Standing:
            known = work.quizzes.get(quiz_id, owner=actor.id)
            if known is not None:
                return standing_of(work, actor, known)
            own_quiz(work, actor, of)
            wrong = [a for a, _ in work.quizzes.attempts(of, owner=actor.id) if not a.right and a.voided_at is None]
            newest = work.questions.newest([attempt.version_id for attempt in wrong], viewer=actor.id)
            picked = [newest[attempt.version_id] for attempt in wrong if attempt.version_id in newest]
            if not picked:
                raise NothingToAsk(topic="")
            quiz = self._begin_own(work, actor, quiz_id, picked, Mode.MISTAKES)
            work.quizzes.add(quiz)
            return standing_of(work, actor, quiz)

        return await self._storage.transact(actor, decide)

    async def redo_paper(self, actor: Actor, quiz_id: QuizId, of: SittingId) -> Standing:
        """Begin a quiz over what was missed in a completed paper, wrong or without an answer, in its order.

        Raises:
            NotFound: There is no such completed sitting of this student, or the id is somebody else's.
            NothingToAsk: Nothing was missed, or none of it can be asked any more.
        """

        def decide(work: Work) -> Standing:
            known = work.quizzes.get(quiz_id, owner=actor.id)
            if known is not None:
                return standing_of(work, actor, known)
            if work.quizzes.exists(quiz_id):
                raise NotFound(what="quiz")
            sitting = work.sittings.get(of, owner=actor.id)
            if sitting is None or not sitting.is_completed:
                raise NotFound(what="sitting")
            missed = [item.version_id for item in sitting.missed]
            newest = work.questions.newest(missed, viewer=actor.id)
            picked = [newest[version] for version in missed if version in newest][:MAX_LENGTH]
            if not picked:
                raise NothingToAsk(topic="")
            quiz = self._begin_own(work, actor, quiz_id, picked, Mode.MISTAKES)
            work.quizzes.add(quiz)
            return standing_of(work, actor, quiz)

        return await self._storage.transact(actor, decide)

    async def welcome(self, actor: Actor, quiz_id: QuizId) -> Standing:
        """The quiz of the first minute: few questions, easy and short ones where there are any.

        Whoever has a quiz open sees that one instead.

        Raises:
            NothingToAsk: The bank is empty.
        """

        def decide(work: Work) -> Standing:
            known = latest(work, actor)
            if known is not None:
                return known
            easy = self._shortlist(work, actor, None, Difficulty.EASY, WELCOME_POOL)
            found = easy if len(easy) >= WELCOME_LENGTH else self._shortlist(work, actor, None, None, WELCOME_POOL)
            ranked = rules.choose(found, WELCOME_POOL, actor.language, self._rng)
            plain = (c for c in ranked if _is_plain(work.questions.version(c.version_id)))
            picked = list(islice(plain, WELCOME_LENGTH))
            if len(picked) < WELCOME_LENGTH:
                picked = ranked[:WELCOME_LENGTH]
            if not picked:
                raise NothingToAsk(topic="")
            quiz = replace(self._begin_own(work, actor, quiz_id, picked, Mode.MIXED), metadata={"welcome": True})
            work.quizzes.add(quiz)
            return standing_of(work, actor, quiz)

        return await self._storage.transact(actor, decide)

    async def start_deck(self, actor: Actor, quiz_id: QuizId, deck_id: DeckId) -> Standing:
        """Begin a quiz over all cards of a deck, shuffled once.

        Raises:
            NotFound: There is no such deck for this student.
            NothingToAsk: The deck is empty.
        """

        def decide(work: Work) -> Standing:
            known = work.quizzes.get(quiz_id, owner=actor.id)
            if known is not None:
                return standing_of(work, actor, known)
            deck = work.questions.deck(deck_id, viewer=actor.id)
            if deck is None:
                raise NotFound(what="deck")
            if not deck.cards:
                raise NothingToAsk(topic=deck.title)
            order = list(range(len(deck.cards)))
            self._rng.shuffle(order)
            versions = [deck.cards[index][1] for index in order]
            quiz = self._begin(work, actor, quiz_id, deck_id, order, versions, Mode.DECK)
            work.quizzes.add(quiz)
            return standing_of(work, actor, quiz)

        return await self._storage.transact(actor, decide)

    async def answer(self, actor: Actor, quiz_id: QuizId, *, position: int, choice: int) -> Standing | Passed:
        """Record a tapped answer; `choice` is a position in the bank's order.

        Raises:
            NotFound: There is no such quiz of this student, or no such choice.
        """

        def decide(work: Work) -> Standing | Passed:
            quiz = own_quiz(work, actor, quiz_id)
            version = version_at(work, quiz, position)
            if version.kind.typed or version.kind is Kind.MULTIPLE or not 0 <= choice < len(version.choices):
                raise NotFound(what="choice")
            return self._record(work, actor, quiz, version, position, Chosen((choice,)))

        return await self._storage.transact(actor, decide)

    async def toggle(self, actor: Actor, quiz_id: QuizId, *, position: int, choice: int, on: bool) -> Standing | Passed:
        """Tick or untick a choice of a question with several right ones."""

        def decide(work: Work) -> Standing | Passed:
            quiz = own_quiz(work, actor, quiz_id)
            if not is_asked(quiz, position):
                return passed(work, actor, quiz, position)
            version = version_at(work, quiz, position)
            if version.kind is not Kind.MULTIPLE or not 0 <= choice < len(version.choices):
                raise NotFound(what="choice")
            if (choice in quiz.selection) != on:
                quiz = rules.toggle(quiz, choice)
                work.quizzes.save(quiz)
            return asked(work, actor, quiz)

        return await self._storage.transact(actor, decide)

    async def confirm(self, actor: Actor, quiz_id: QuizId, *, position: int) -> Standing | Passed:
        """Record the ticked choices as the answer; nothing ticked changes nothing."""

        def decide(work: Work) -> Standing | Passed:
            quiz = own_quiz(work, actor, quiz_id)
            version = version_at(work, quiz, position)
            if position == quiz.current_index and not quiz.selection:
                return passed(work, actor, quiz, position, Why.UNTICKED)
            return self._record(work, actor, quiz, version, position, Chosen(quiz.selection))

        return await self._storage.transact(actor, decide)

    async def write(self, actor: Actor, text: str, *, reply: bool) -> Standing | Unclear | Remark:
        """Take a written text: as the answer where it reads as one, or where it replies to the question.

        Anything else is given back as a remark or as unclear, and nothing is recorded.
        """
        return await self._storage.transact(actor, lambda work: self.read(work, actor, text, reply=reply))

    def read(
        self, work: Work, actor: Actor, text: str, *, reply: bool, talking: bool = False
    ) -> Standing | Unclear | Remark:
        """Take a written text inside a transaction; see `write`.

        While the student is `talking` with the mentor, a number may be for either: it is recorded only if they say so.
        """
        left = work.quizzes.open(actor.id, limit=OPEN_LIMIT)
        quiz = next((quiz for quiz in left if is_asked(quiz, quiz.served_index)), None)
        if quiz is None:
            return Remark(text, standing_of(work, actor, left[0]) if left else None)
        version = version_at(work, quiz, quiz.current_index)
        match written.read(quiz, version, text, reply=reply):
            case Unclear() as unclear:
                work.quizzes.save(replace(quiz, pending=unclear.text))
                return unclear
            case written.Ticked(choices):
                quiz = replace(quiz, selection=choices)
                work.quizzes.save(quiz)
                return asked(work, actor, quiz)
            case None:
                return Remark(text, asked(work, actor, quiz))
            case Typed() if talking and not reply:
                work.quizzes.save(replace(quiz, pending=text.strip()))
                return Unclear(quiz, version, text.strip(), rules.readings(version, text.strip()))
            case response:
                outcome = self._record(work, actor, quiz, version, quiz.current_index, response)
                return outcome.standing if isinstance(outcome, Passed) else outcome

    async def insist(
        self, actor: Actor, quiz_id: QuizId, *, position: int, reading: int, mark: int
    ) -> Standing | Passed:
        """Record the written text that was unclear, as its `reading`-th meaning (0 where there is one).

        `mark` is that of the text on the button: what was written later is not recorded in its place.
        """

        def decide(work: Work) -> Standing | Passed:
            quiz = own_quiz(work, actor, quiz_id)
            if quiz.pending is None or position != quiz.current_index or mark_of(quiz.pending) != mark:
                rewritten = quiz.pending is not None and position == quiz.current_index
                return passed(work, actor, quiz, position, Why.REWRITTEN if rewritten else None)
            version = version_at(work, quiz, position)
            values = rules.readings(version, quiz.pending)
            value = values[min(reading, len(values) - 1)] if values else None
            return self._record(work, actor, quiz, version, position, Typed(quiz.pending, value))

        return await self._storage.transact(actor, decide)

    async def hint(self, actor: Actor, quiz_id: QuizId, *, position: int, number: int) -> Standing | Passed:
        """Show hints up to `number` (1-based); none where the question has to be answered without help."""

        def decide(work: Work) -> Standing | Passed:
            quiz = own_quiz(work, actor, quiz_id)
            if not is_asked(quiz, position):
                return passed(work, actor, quiz, position)
            version = version_at(work, quiz, position)
            hints = min(number, len(version.wording(actor.language).hints))
            if hints > quiz.hints and not rules.is_return(quiz, position):
                session = self._sessions.join(work, actor, version.topic)
                quiz = replace(quiz, session_id=session.id, hints=hints, updated_at=actor.now)
                work.quizzes.save(quiz)
            return asked(work, actor, quiz)

        return await self._storage.transact(actor, decide)

    async def twin(self, actor: Actor, quiz_id: QuizId, *, position: int) -> Standing | Passed | WorkedTwin:
        """After the last hint, show a question like this one with its solution; a second press shows the same."""

        def decide(work: Work) -> Standing | Passed | WorkedTwin:
            quiz = own_quiz(work, actor, quiz_id)
            if not is_asked(quiz, position):
                return passed(work, actor, quiz, position)
            version = version_at(work, quiz, position)
            found = worked_twin(work, actor, quiz, version)
            if found is None:
                return asked(work, actor, quiz)
            if rules.worked_at(quiz, position) is None:
                session = self._sessions.join(work, actor, version.topic)
                hints = len(version.wording(actor.language).hints)
                quiz = rules.show_worked(quiz, position, found, hints)
                quiz = replace(quiz, session_id=session.id, updated_at=actor.now)
                work.quizzes.save(quiz)
            return WorkedTwin(quiz, version, work.questions.version(found))

        return await self._storage.transact(actor, decide)

    def helped_by_mentor(self, work: Work, actor: Actor, quiz_id: QuizId, position: int) -> None:
        """Take down, inside a transaction, that the mentor was asked about the question at `position`.

        Its attempt will say so; where it is answered already, or not yet on the screen, nothing changes.

        Raises:
            NotFound: There is no such quiz of this student.
        """
        quiz = own_quiz(work, actor, quiz_id)
        told = rules.ask_mentor(quiz, position)
        if told != quiz:
            work.quizzes.save(told)

    async def skip(self, actor: Actor, quiz_id: QuizId, *, position: int) -> Standing | Passed:
        """Leave a question without an answer and go to the next."""

        def decide(work: Work) -> Standing | Passed:
            quiz = own_quiz(work, actor, quiz_id)
            match rules.skip(quiz, position=position, now=actor.now):
                case Quiz() as skipped:
                    version = version_at(work, quiz, position)
                    session = self._join(work, actor, quiz, version)
                    skipped = replace(skipped, session_id=session.id)
                    if rules.is_return(quiz, position):
                        work.twins.put_off(quiz_id, position, owner=actor.id, until=twin_rules.again(actor.now))
                    if skipped.is_complete:
                        skipped = rules.complete(skipped, work.quizzes.attempts(quiz_id, owner=actor.id), actor.now)
                    work.quizzes.save(skipped)
                    return standing_of(work, actor, skipped)
                case _:
                    return passed(work, actor, quiz, position)

        return await self._storage.transact(actor, decide)

    async def go_on(self, actor: Actor, quiz_id: QuizId, *, position: int) -> Standing | Passed:
        """From the verdict at `position` to the next question, or to the result."""

        def decide(work: Work) -> Standing | Passed:
            quiz = own_quiz(work, actor, quiz_id)
            if position != quiz.served_index or not quiz.reads_verdict:
                return passed(work, actor, quiz, position)
            if not quiz.is_complete:
                person = work.people.get(actor.id)
                if person is not None and person.onboarding.asks:
                    return Passed(Introduce(person, actor.today), Why.ANSWERED)
                if person is not None and _is_due(work, person):
                    person = replace(person, onboarding=Onboarding.EXAM)
                    work.people.save(person, actor.now)
                    return Introduce(person, actor.today, first=True)
                session = self._join(work, actor, quiz, version_at(work, quiz, quiz.current_index))
                quiz = replace(quiz, session_id=session.id)
            quiz = rules.serve_next(quiz, actor.now)
            work.quizzes.save(quiz)
            return standing_of(work, actor, quiz)

        return await self._storage.transact(actor, decide)

    async def similar(self, actor: Actor, quiz_id: QuizId, *, position: int) -> Standing | Passed:
        """Put one more question like the one just judged at the end of the quiz; a second press adds no second.

        Raises:
            NotFound: There is no such quiz of this student, or no such position.
            NothingToAsk: The topic has no other question.
        """

        def decide(work: Work) -> Standing | Passed:
            quiz = own_quiz(work, actor, quiz_id)
            version = version_at(work, quiz, position)
            if not rules.may_append_similar(quiz, position):
                return passed(work, actor, quiz, position)
            known = [*quiz.version_ids, *rules.worked(quiz)]
            served = {work.questions.version(version_id).question_id for version_id in known}
            near = work.questions.candidates(actor.id, path=version.topic)
            picked = rules.choose([c for c in near if c.question_id not in served], 1, actor.language, self._rng)
            if not picked:
                raise NothingToAsk(what="similar", topic="/".join(version.topic))
            work.questions.extend_deck(quiz.deck_id, picked[0].question_id, owner=actor.id)
            quiz = replace(rules.append_similar(quiz, position, picked[0].version_id), updated_at=actor.now)
            work.quizzes.grow(quiz)
            return standing_of(work, actor, quiz)

        return await self._storage.transact(actor, decide)

    async def pause(self, actor: Actor, quiz_id: QuizId | None = None) -> Standing | None:
        """Stop the clock of a quiz (the one touched last if none is named) and of the session; None without one.

        Raises:
            NotFound: The named quiz does not exist or is somebody else's.
        """

        def decide(work: Work) -> Standing | None:
            open_quizzes = [own_quiz(work, actor, quiz_id)] if quiz_id else work.quizzes.open(actor.id, limit=1)
            if not open_quizzes:
                return None
            quiz = open_quizzes[0]
            if not quiz.is_open:
                return standing_of(work, actor, quiz)
            self._sessions.pause_active(work, actor)
            paused = rules.pause(quiz, actor.now)
            work.quizzes.save(paused)
            return on_hold(work, paused)

        return await self._storage.transact(actor, decide)

    async def resume(self, actor: Actor, quiz_id: QuizId | None = None) -> Standing | None:
        """Take up a quiz (the last one touched if none is named) where it stood; None if there is none to take up.

        Raises:
            NotFound: The named quiz does not exist or is somebody else's.
        """
        return await self._storage.transact(actor, lambda work: self.take_up(work, actor, quiz_id))

    def take_up(self, work: Work, actor: Actor, quiz_id: QuizId | None = None) -> Standing | None:
        """Take up a quiz inside a transaction; see `resume`."""
        if quiz_id is None:
            quiz = next(iter(work.quizzes.open(actor.id, limit=1)), None)
            if quiz is None:
                return None
        else:
            quiz = own_quiz(work, actor, quiz_id)
        if quiz.is_open or quiz.reads_verdict:
            version = version_at(work, quiz, min(quiz.current_index, quiz.length - 1))
            session = self._join(work, actor, quiz, version)
            quiz = replace(rules.take_up(quiz, actor.now), session_id=session.id)
            work.quizzes.save(quiz)
        return standing_of(work, actor, quiz)

    async def leave(self, actor: Actor, quiz_id: QuizId) -> Standing:
        """End a quiz before its last question; what was answered stays.

        Raises:
            NotFound: There is no such quiz of this student.
        """
        return await self._storage.transact(actor, lambda work: self.end(work, actor, quiz_id))

    def end(self, work: Work, actor: Actor, quiz_id: QuizId) -> Standing:
        """End a quiz inside a transaction; see `leave`."""
        quiz = own_quiz(work, actor, quiz_id)
        if quiz.is_open:
            stopped = rules.stop(quiz, actor.now)
            quiz = rules.complete(stopped, work.quizzes.attempts(quiz_id, owner=actor.id), actor.now)
            work.quizzes.save(quiz)
        return standing_of(work, actor, quiz)

    async def report(self, actor: Actor, quiz_id: QuizId, *, position: int) -> Reviewed:
        """Take a student's word that a question is wrong: its attempt does not count, and totals follow.

        Raises:
            NotFound: There is no such quiz of this student, or no answer at this position.
        """

        def decide(work: Work) -> Reviewed:
            quiz = own_quiz(work, actor, quiz_id)
            version = version_at(work, quiz, position)
            attempt = work.quizzes.attempt_at(quiz_id, position, owner=actor.id)
            if attempt is None or attempt.id is None:
                raise NotFound(what="attempt")
            if work.quizzes.void(attempt.id, owner=actor.id, now=actor.now):
                work.quizzes.report(attempt, actor.now)
                quiz = rules.complete(quiz, work.quizzes.attempts(quiz_id, owner=actor.id), actor.now)
                work.quizzes.save(quiz)
                attempt = replace(attempt, voided_at=actor.now)
            return Reviewed(quiz, version, attempt, position)

        return await self._storage.transact(actor, decide)

    async def review(self, actor: Actor, quiz_id: QuizId, *, position: int) -> Reviewed:
        """One question of a quiz that is over, with what was answered.

        Raises:
            NotFound: There is no such quiz of this student, it is not over, or it has no such position.
        """

        def query(work: Work) -> Reviewed:
            quiz = own_quiz(work, actor, quiz_id)
            if quiz.is_open:
                raise NotFound(what="review")
            version = version_at(work, quiz, position)
            attempt = work.quizzes.attempt_at(quiz_id, position, owner=actor.id)
            return Reviewed(quiz, version, attempt, position)

        return await self._storage.seen_by(actor, query)

    async def look(self, actor: Actor, quiz_id: QuizId, *, position: int) -> Judged | Reviewed:
        """The answer at a position: the verdict on the screen, or an item of a quiz that is over.

        Raises:
            NotFound: There is no such quiz of this student, or nothing was answered there.
        """

        def query(work: Work) -> Judged | Reviewed:
            quiz = own_quiz(work, actor, quiz_id)
            version = version_at(work, quiz, position)
            attempt = work.quizzes.attempt_at(quiz_id, position, owner=actor.id)
            if attempt is None:
                raise NotFound(what="attempt")
            if quiz.reads_verdict and quiz.served_index == position:
                return Judged(quiz, version, attempt)
            if quiz.is_open:
                raise NotFound(what="review")
            return Reviewed(quiz, version, attempt, position)

        return await self._storage.seen_by(actor, query)

    async def standing(self, actor: Actor, quiz_id: QuizId) -> Standing:
        """Where a quiz stands, from its rows alone.

        Raises:
            NotFound: There is no such quiz of this student.
        """
        return await self._storage.seen_by(actor, lambda work: standing_of(work, actor, own_quiz(work, actor, quiz_id)))

    async def current(self, actor: Actor) -> Standing | None:
        """Where the quiz stands that was touched last; None if nothing is open."""
        return await self._storage.seen_by(actor, lambda work: latest(work, actor))

    async def history(self, actor: Actor, *, limit: int, offset: int = 0) -> tuple[Past, ...]:
        """Quizzes that are over and have an answer, the newest first."""

        def query(work: Work) -> tuple[Past, ...]:
            found = _with_topics(work, actor, work.quizzes.over(actor.id, limit=limit, offset=offset))
            voided = work.quizzes.voided([past.quiz.id for past in found], owner=actor.id)
            return tuple(replace(past, voided=voided.get(past.quiz.id, 0)) for past in found)

        return await self._storage.seen_by(actor, query)

    def _candidates(  # noqa: PLR0913 - what a student chooses
        self,
        work: Work,
        actor: Actor,
        mode: Mode,
        topic: Topic | None,
        difficulty: Difficulty | None,
        count: int,
    ) -> list[Candidate]:
        """What a quiz of so many questions is chosen from."""
        if mode is Mode.MISTAKES:
            levels = difficulty.levels if difficulty else range(1, 6)
            return [c for c in _mistakes(work, actor, topic) if c.difficulty in levels]
        found = self._shortlist(work, actor, topic, difficulty, count)
        # Who asks for a bit of everything asks for what they can read; a topic chosen by name is asked as it is.
        spoken = [candidate for candidate in found if actor.language in candidate.languages]
        return spoken if mode is Mode.MIXED and spoken else found

    def _shortlist(
        self, work: Work, actor: Actor, topic: Topic | None, difficulty: Difficulty | None, count: int
    ) -> list[Candidate]:
        return work.questions.shortlist(
            actor.id,
            path=topic.path if topic else (),
            difficulty=difficulty,
            count=count,
            chance=self._rng.getrandbits(62),
        )

    def _begin_own(self, work: Work, actor: Actor, quiz_id: QuizId, picked: Sequence[Candidate], mode: Mode) -> Quiz:
        """A quiz over a frozen deck of its own."""
        deck = work.questions.freeze(actor.id, [c.question_id for c in picked], actor.now)
        versions = [candidate.version_id for candidate in picked]
        return self._begin(work, actor, quiz_id, deck, range(len(picked)), versions, mode)

    def _begin(  # noqa: PLR0913 - what makes a quiz
        self,
        work: Work,
        actor: Actor,
        quiz_id: QuizId,
        deck_id: DeckId,
        order: Sequence[int],
        versions: Sequence[VersionId],
        mode: Mode,
    ) -> Quiz:
        if work.quizzes.exists(quiz_id):
            raise NotFound(what="quiz")
        _hold_others(work, actor, quiz_id)
        session = self._sessions.join(work, actor, work.questions.version(versions[0]).topic)
        return Quiz(
            id=quiz_id,
            user_id=actor.id,
            mode=mode,
            deck_id=deck_id,
            question_order=tuple(order),
            version_ids=tuple(versions),
            session_id=session.id,
            started_at=actor.now,
            created_at=actor.now,
            updated_at=actor.now,
            served_at=actor.now,
        )

    def _record(  # noqa: PLR0913 - an answer has these parts
        self, work: Work, actor: Actor, quiz: Quiz, version: QuestionVersion, position: int, response: Response
    ) -> Standing | Passed:
        outcome = rules.answer(quiz, version, position=position, response=response, now=actor.now, zone=actor.zone)
        if not isinstance(outcome, rules.Recorded):
            return passed(work, actor, quiz, position)
        session = self._join(work, actor, quiz, version)
        moment = session.last_activity_at
        attempt = replace(
            outcome.attempt,
            session_id=session.id,
            answered_at=moment,
            local_day=rules.local_day(moment, actor.zone),
        )
        attempt_id = work.quizzes.record(attempt)
        twins.after_answer(work, actor, quiz, replace(attempt, id=attempt_id), self._rng)
        after = replace(outcome.quiz, session_id=session.id)
        if after.is_complete:
            after = rules.complete(after, work.quizzes.attempts(quiz.id, owner=actor.id), actor.now)
        work.quizzes.save(after)
        return Judged(after, version, attempt)

    def _join(self, work: Work, actor: Actor, quiz: Quiz, version: QuestionVersion) -> Session:
        """Count going on with a quiz into the session; one that was paused takes the clock from the others."""
        if quiz.paused_at is not None:
            _hold_others(work, actor, quiz.id)
        return self._sessions.join(work, actor, version.topic)


def _with_topics(work: Work, actor: Actor, quizzes: Sequence[Quiz]) -> tuple[Past, ...]:
    ids = {quiz.topic_id for quiz in quizzes if quiz.topic_id is not None}
    topics = work.questions.numbered(list(ids), viewer=actor.id) if ids else {}
    return tuple(Past(quiz, topics.get(quiz.topic_id) if quiz.topic_id is not None else None) for quiz in quizzes)


def _is_due(work: Work, person: Person) -> bool:
    """Whether it is time to ask who this is."""
    return person.onboarding is Onboarding.PLAYING and work.quizzes.answered(person.id) >= INTRODUCE_AFTER


def _hold_others(work: Work, actor: Actor, quiz_id: QuizId) -> None:
    """Stop the clocks of the other open quizzes: time is spent on one at a time."""
    for other in work.quizzes.open(actor.id, limit=OPEN_LIMIT):
        if other.id != quiz_id and other.paused_at is None:
            work.quizzes.save(replace(rules.pause(other, actor.now), updated_at=other.updated_at))


def _mistakes(work: Work, actor: Actor, topic: Topic | None) -> list[Candidate]:
    path = topic.path if topic else ()
    return [candidate for candidate in work.quizzes.mistakes(actor.id) if candidate.topic[: len(path)] == path]


def _levels(work: Work, actor: Actor, mode: Mode, topic: Topic | None) -> Counter[int]:
    """How many questions there are for a choice, by item difficulty; see `Quizzes._candidates`."""
    if mode is Mode.MISTAKES:
        return Counter(candidate.difficulty for candidate in _mistakes(work, actor, topic))
    every: Counter[int] = Counter()
    spoken: Counter[int] = Counter()
    for difficulty, languages, count in work.questions.levels(actor.id, path=topic.path if topic else ()):
        every[difficulty] += count
        if actor.language in languages:
            spoken[difficulty] += count
    return spoken if mode is Mode.MIXED and spoken else every


def _is_plain(version: QuestionVersion) -> bool:
    """Answered with one tap, and short to read."""
    return version.kind is Kind.SINGLE and version.passage is None and version.formula is None
