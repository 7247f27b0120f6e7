"""The mentor as a student meets it: what they say is stored and a reply is due; sessions, costs, going on with one.

No operation here waits for a model. A reply that is due is a row; `core.mentor.replies` carries it out.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.errors import NotAllowed, NotFound
from core.ids import ChatId, MentorSessionId, QuizId, SittingId, UserId
from core.mentor import desk, ledger, safety
from core.mentor.calls import Call, CallState, Full, Spent, Sum
from core.mentor.conversation import SILENCE, About, Chat, Kind, MentorSession, Said, Speaker, State, Why
from core.mentor.model import Purpose
from core.mentor.offer import Offer
from core.mentor.prompts import Scene
from core.people.model import Onboarding, Person, Role
from core.people.people import People
from core.ports import Actor, Storage, Work
from core.practice.gate import IN_PAPER, OutsideExams, gated
from core.practice.outcomes import Remark, mark_of
from core.practice.placing import is_asked, own_quiz, version_at
from core.practice.quizzes import Quizzes

LONGEST = 12_000
"""Characters of one message that are read; the rest is left out, and the student is told."""
TITLE_LETTERS = 48
LONGEST_CALL = timedelta(minutes=10)
"""No call takes so long: a stream ends after four minutes, whatever the server does."""
TALK = timedelta(minutes=30)
"""For so long a number or a word may answer what the mentor asked."""
SWEEP_CHUNK = 200
KEPT_WORDS = timedelta(days=90)
"""How long what was said is kept; costs and counts stay."""
KEPT_FILES = timedelta(hours=48)
"""How long it is known where a photo or a voice message lies whose reply failed, so that it can be asked again."""
_NOT_TWICE = frozenset({Purpose.REPLY, Purpose.TRANSCRIPTION})
"""What may have been billed, and is not sent again unless the student asks."""
FIRST_GUESS = 4_000
"""Tokens set aside for a prompt before it is put together; its true size is counted before it is sent."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said is stored.

    Attributes:
        queued: A reply is being written already; this is answered after it, together with what else comes meanwhile.
        cut: It was longer than is read.
    """

    reply: ChatId
    queued: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """A student's sessions with the mentor, the last written in first.

    Attributes:
        more: There are older ones.
    """

    sessions: tuple[MentorSession, ...]
    current: MentorSessionId | None
    page: int
    more: bool
    why: Why | None


@dataclass(frozen=True, slots=True)
class Costs:
    """What a student's mentor used, each part recomputed from the calls.

    Attributes:
        turn: The last reply.
        session: The session that is written in, or was last.
        cap: Of a day, in pico-USD; None: no limit.
        left: Of the day's cap, reservations off.
    """

    turn: Sum | None
    session: MentorSession | None
    day: Sum
    month: Sum
    spent: Spent
    cap: int | None
    why: Why | None

    @property
    def left(self) -> int | None:
        """What is left of the day's cap, in pico-USD."""
        return None if self.cap is None else max(0, self.cap - self.spent.settled - self.spent.reserved)


@dataclass(frozen=True, slots=True)
class Question:
    """What a reply answers: the student's words, and the question of the bank that they are about.

    Attributes:
        pressed: It was asked by a key of that question, not in words of their own.
        heard: What was understood of voice messages; "" without one.
    """

    words: str
    scene: Scene | None
    pressed: bool = False
    heard: str = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """What a student waits for; nothing while a section of their exam runs.

    Attributes:
        due: The reply that is due.
        unshown: Whether a written one did not reach the chat.
    """

    person: Person
    due: Chat | None
    unshown: bool


def owed(work: Work, telegram_id: int, now: datetime) -> Owed | None:
    """What is owed to the person of a chat; None if nobody is there."""
    person = work.people.by_telegram(telegram_id)
    if person is None:
        return None
    closes = work.sittings.closes(person.id)
    if closes is not None and closes.deadline is not None and now < closes.deadline:
        return Owed(person, None, unshown=False)
    return Owed(person, work.conversations.due(person.id), unshown=bool(work.conversations.unshown(person.id)))


class Mentor:
    """What a student can do with the mentor. Closed while a section of their exam runs."""

    def __init__(self, storage: Storage, people: People, quizzes: Quizzes, offer: Offer | None) -> None:
        self._quizzes = quizzes
        self._plain = storage
        self._storage = OutsideExams(storage)
        self._people = people
        self._offer = offer

    async def hear(self, actor: Actor, said: Said) -> Heard | Remark:
        """Store what a student says; a reply is due. A parent's files are only remarked.

        Raises:
            NotAllowed: A section of an exam runs, or it is about a question of a paper that is not over.
        """

        def decide(work: Work) -> Heard | Remark:
            person = work.people.get(actor.id)
            if person is not None and person.role is Role.PARENT:
                return Remark(said.text)
            return self.hear_in(work, actor, said)

        return await self._storage.transact(actor, decide)

    async def ask_about_quiz(self, actor: Actor, quiz_id: QuizId, position: int, words: str) -> Heard:
        """Ask about a question of a quiz; before it is answered, that counts as help.

        Raises:
            NotFound: There is no such quiz of this student, or it has not come to this position.
        """

        def decide(work: Work) -> Heard:
            quiz = own_quiz(work, actor, quiz_id)
            version = version_at(work, quiz, position)
            if position > quiz.served_index and quiz.is_open:
                raise NotFound(what="position")
            return self._request(work, actor, words, About(version.id, position, quiz.id))

        return await self._storage.transact(actor, decide)

    async def ask_about_paper(self, actor: Actor, sitting_id: SittingId, position: int, words: str) -> Heard:
        """Ask about a question of a completed paper.

        Raises:
            NotFound: There is no such completed sitting of this student, or no such position.
        """

        def decide(work: Work) -> Heard:
            sitting = work.sittings.get(sitting_id, owner=actor.id)
            if sitting is None or not sitting.is_completed or not 0 <= position < len(sitting.items):
                raise NotFound(what="sitting")
            about = About(sitting.items[position].version_id, position, sitting_id=sitting_id)
            return self._request(work, actor, words, about)

        return await self._storage.transact(actor, decide)

    async def ask_pending(self, actor: Actor, quiz_id: QuizId, position: int, mark: int) -> Heard:
        """What was written to an open question, and could be its answer, is a question for the mentor.

        Raises:
            NotFound: There is no such quiz of this student, or something else was written since.
        """

        def decide(work: Work) -> Heard:
            quiz = own_quiz(work, actor, quiz_id)
            if quiz.pending is None or not is_asked(quiz, position) or mark_of(quiz.pending) != mark:
                raise NotFound(what="pending")
            about = About(version_at(work, quiz, position).id, position, quiz.id)
            work.quizzes.save(replace(quiz, pending=None))
            return self.hear_in(work, actor, Said(quiz.pending, about=about))

        return await self._storage.transact(actor, decide)

    def asks_age(self, work: Work, actor: Actor) -> bool:
        """Whether the last reply asked for the year of birth."""
        session = work.conversations.current(actor.id)
        last = None if session is None else work.conversations.last_reply(session.id, owner=actor.id)
        recent = last is not None and actor.now - last.created_at < TALK
        return recent and last is not None and last.why in {Why.AGE_UNKNOWN, Why.AGE_SAID}

    def is_talking(self, work: Work, actor: Actor) -> bool:
        """Whether a model's reply is the last that happened: what is written now may answer it."""
        session = work.conversations.current(actor.id)
        last = None if session is None else work.conversations.last_reply(session.id, owner=actor.id)
        if last is None or last.kind is not Kind.REPLY or actor.now - last.created_at >= TALK:
            return False
        return all(quiz.updated_at <= last.created_at for quiz in work.quizzes.open(actor.id, limit=1))

    def hear_in(self, work: Work, actor: Actor, said: Said) -> Heard:
        """The same inside a transaction, outside exams."""
        if said.about is not None and desk.is_in_paper(work, actor, said.about):
            raise NotAllowed(reason=IN_PAPER)
        text = _storable(said.text)
        session = self._session(work, actor, text)
        if said.about is not None and session.topic_id is None:
            work.conversations.save(replace(session, topic_id=work.questions.version(said.about.version_id).topic_id))
        chat = Chat(
            id=ChatId(0),
            session_id=session.id,
            user_id=actor.id,
            speaker=Speaker.STUDENT,
            kind=said.kind,
            state=State.WAITING,
            created_at=actor.now,
            content=text[:LONGEST],
            about=said.about,
            media=said.media,
        )
        work.conversations.say(chat, actor.receipt.update_id if actor.receipt is not None else None)
        if said.about is not None and said.about.quiz_id is not None:
            self._quizzes.helped_by_mentor(work, actor, said.about.quiz_id, said.about.position)
        due = work.conversations.due(actor.id)
        reply = due.id if due is not None else self.open(work, actor, session.id)
        return Heard(reply, queued=due is not None, cut=len(text) > LONGEST)

    def open(self, work: Work, actor: Actor, session_id: MentorSessionId) -> ChatId:
        """Make a reply due, with what it may cost at worst set aside; where that cannot be, the bank will answer."""
        why = self.closed_to(work.people.get(actor.id), actor.today)
        reply = Chat(
            id=ChatId(0),
            session_id=session_id,
            user_id=actor.id,
            speaker=Speaker.MENTOR,
            kind=Kind.ARCHIVE if why else Kind.REPLY,
            state=State.OPEN,
            created_at=actor.now,
            why=why,
        )
        reply = replace(reply, id=work.conversations.say(reply))
        if why is None and self._offer is not None:
            call = self.reserve(work, actor, reply, self._offer)
            if isinstance(call, Full):
                work.conversations.change(replace(reply, kind=Kind.ARCHIVE, why=Why(call)))
        return reply.id

    def reserve(self, work: Work, actor: Actor, reply: Chat, offer: Offer) -> Call | Full:
        """Set aside what the first call of a reply may cost."""
        return ledger.reserve(
            work,
            ledger.Payer(actor.id, actor.today),
            offer.plan(Purpose.REPLY, FIRST_GUESS, actor.now),
            offer.caps,
            actor.now,
            session_id=reply.session_id,
            chat_id=reply.id,
        )

    def closed_to(self, person: Person | None, today: date) -> Why | None:
        """Why no model answers this person; None if one does."""
        if person is not None and person.role is Role.PARENT:
            return Why.PARENT
        if self._offer is None:
            return Why.NO_MODEL
        if person is None or person.birth_year is None:
            return Why.AGE_UNKNOWN
        if not safety.may_use_model(person.birth_year, today):
            return Why.UNDER_AGE
        return None

    async def begin(self, actor: Actor) -> MentorSession | None:
        """End the session that is written in; the next message begins another. Gives the one that ended."""

        def decide(work: Work) -> MentorSession | None:
            current = work.conversations.current(actor.id)
            if current is None or not current.message_count:
                return None
            ended = replace(current, ended_at=actor.now)
            work.conversations.save(ended)
            return ended

        return await self._storage.transact(actor, decide)

    async def take_up(self, actor: Actor, session_id: MentorSessionId) -> MentorSession:
        """Go on with an old session.

        Raises:
            NotFound: There is no such session of this student.
        """

        def decide(work: Work) -> MentorSession:
            wanted = work.conversations.get(session_id, owner=actor.id)
            if wanted is None:
                raise NotFound(what="mentor-session")
            current = work.conversations.current(actor.id)
            if current is not None and current.id != wanted.id:
                work.conversations.save(replace(current, ended_at=actor.now))
            # It was taken up now: silence is counted from here, or the next message would end it again.
            taken = replace(wanted, ended_at=None, last_message_at=actor.now)
            work.conversations.save(taken)
            work.conversations.touch(taken.id, actor.now)
            return taken

        return await self._storage.transact(actor, decide)

    async def shelf(self, actor: Actor, *, page: int, size: int) -> Shelf:
        """A page of the student's sessions."""

        def query(work: Work) -> Shelf:
            found = work.conversations.sessions(actor.id, limit=size + 1, offset=page * size)
            current = work.conversations.current(actor.id)
            open_now = current is not None and not current.is_silent(actor.now)
            return Shelf(
                sessions=tuple(found[:size]),
                current=current.id if current is not None and open_now else None,
                page=page,
                more=len(found) > size,
                why=self.closed_to(work.people.get(actor.id), actor.today),
            )

        return await self._storage.seen_by(actor, query)

    async def costs(self, actor: Actor) -> Costs:
        """What the mentor used for this student: the last reply, the session, the day, the month."""

        def query(work: Work) -> Costs:
            sessions = work.conversations.sessions(actor.id, limit=1)
            session = work.conversations.current(actor.id) or next(iter(sessions), None)
            last = None if session is None else work.conversations.last_reply(session.id, owner=actor.id)
            today = actor.today
            return Costs(
                turn=None if last is None else _sum_of(work.calls.of_chat(last.id)),
                session=session,
                day=work.calls.total(actor.id, today, today),
                month=work.calls.total(actor.id, today.replace(day=1), today),
                spent=work.calls.spent(actor.id, today),
                cap=self._offer.caps.student if self._offer is not None else None,
                why=self.closed_to(work.people.get(actor.id), today),
            )

        return await self._plain.read(query)

    async def ask_again(self, actor: Actor, reply_id: ChatId) -> Heard:
        """Have the messages of a reply that was interrupted answered after all.

        Raises:
            NotFound: There is no such interrupted reply of this student.
        """

        def decide(work: Work) -> Heard:
            reply = work.conversations.chat(reply_id, owner=actor.id)
            if reply is None or not _may_be_repeated(reply):
                raise NotFound(what="reply")
            asked = work.conversations.asked(reply.id, owner=actor.id)
            due = work.conversations.due(actor.id)
            if not asked:  # it was asked again already
                if due is None:
                    raise NotFound(what="reply")
                return Heard(due.id, queued=True)
            for chat in asked:
                work.conversations.change(replace(chat, state=State.WAITING, answered_by=None))
            if due is not None:
                return Heard(due.id, queued=True)
            return Heard(self.open(work, actor, reply.session_id))

        return await self._storage.transact(actor, decide)

    def doubt_age_in(self, work: Work, actor: Actor) -> Person:
        """A student says that they are younger than the mentor is for: their birth year is asked once more."""
        return self._people.change(
            work, actor, lambda person: replace(person, birth_year=None, onboarding=Onboarding.BIRTH)
        )

    def tell(self, person: Person) -> None:
        """Let those who listen know of a change that was committed."""
        self._people.tell(person)

    async def end_silent(self, now: datetime) -> int:
        """End every session that nobody wrote in for a day, at its last message; gives their number."""

        def decide(work: Work) -> int:
            silent = work.conversations.silent(now - SILENCE, limit=SWEEP_CHUNK)
            for session in silent:
                work.conversations.save(replace(session, ended_at=session.last_message_at))
            return len(silent)

        ended = 0
        while True:
            chunk = await self._plain.transact(None, decide)
            ended += chunk
            if chunk < SWEEP_CHUNK:
                return ended

    async def forget(self, now: datetime) -> int:
        """Erase what was said long ago; gives the number of messages."""

        def decide(work: Work) -> int:
            work.conversations.forget_files(now - KEPT_FILES)
            return work.conversations.forget(now - KEPT_WORDS)

        return await self._plain.transact(None, decide)

    async def recover(self, now: datetime, *, alone: bool) -> int:
        """Settle the calls that the program's end cut off; gives their number.

        Where another process may be making a call, only those are cut off for sure that take longer than any can.

        One that was sent is settled at the most that it can have used, and its reply is interrupted: nobody sends it
        again unless the student asks. One that was only reserved is released; its reply is still due.
        """

        def decide(work: Work) -> int:
            left = [
                call
                for call in work.calls.unfinished()
                if alone or now - (call.sent_at or call.created_at) >= LONGEST_CALL
            ]
            for call in left:
                ledger.interrupt(work, call.id, now)
                if call.state is CallState.SENT and call.purpose in _NOT_TWICE and call.chat_id is not None:
                    reply = work.conversations.chat(call.chat_id, owner=call.user_id)
                    if reply is not None and reply.state is State.OPEN:
                        self._break_off(work, reply, call, now)
            return len(left)

        return await self._plain.transact(None, decide)

    def _break_off(self, work: Work, reply: Chat, call: Call, now: datetime) -> None:
        """Interrupt a reply; what came while it was written, and is not part of it, has another one due."""
        work.conversations.change(replace(reply, state=State.INTERRUPTED))
        waiting = work.conversations.waiting(call.user_id)
        # A reply has claimed what it answers by the time that it is sent; a voice message is sent before.
        heard = [chat for chat in waiting if chat.created_at <= call.created_at]
        mine = heard if call.purpose is Purpose.TRANSCRIPTION else []
        for chat in mine:
            work.conversations.change(replace(chat, state=State.ANSWERED, answered_by=reply.id))
        person = work.people.get(call.user_id)
        if len(waiting) > len(mine) and person is not None:
            self.open(work, Actor(person.id, now, person.zone, person.language), waiting[-1].session_id)

    async def unfinished(self) -> list[tuple[UserId, int]]:
        """Students with a reply that is due or did not reach the chat, each with their chat."""
        return await self._plain.read(lambda work: work.conversations.unfinished())

    async def unshown(self, actor: Actor) -> list[Chat]:
        """Replies that did not reach the chat yet; none while a section runs, nor any about an open paper."""

        def query(work: Work) -> list[Chat]:
            return [
                chat
                for chat in work.conversations.unshown(actor.id)
                if chat.kind is Kind.SCRIPT
                or not desk.is_reserved(work, actor, work.conversations.asked(chat.id, owner=actor.id))
            ]

        try:
            return await self._plain.read(gated(actor, query))
        except NotAllowed:
            return []

    def _request(self, work: Work, actor: Actor, words: str, about: About) -> Heard:
        """Store what a key asks; pressed again before it is answered, it is the same request."""
        due = work.conversations.due(actor.id)
        if due is not None:
            for chat in desk.asked_of(work, actor, due):
                if chat.kind is Kind.REQUEST and chat.about == about:
                    return Heard(due.id, queued=True)
        return self.hear_in(work, actor, Said(words, Kind.REQUEST, about))

    async def question(self, actor: Actor, reply_id: ChatId) -> Question:
        """What a reply answers.

        Raises:
            NotFound: There is no such reply of this student.
        """

        def query(work: Work) -> Question:
            reply = work.conversations.chat(reply_id, owner=actor.id)
            if reply is None:
                raise NotFound(what="reply")
            asked = desk.asked_of(work, actor, reply)
            about = desk.about_of(asked)
            words = "\n\n".join(chat.content for chat in asked if chat.content)
            return Question(
                words,
                None if about is None else desk.scene_of(work, actor, about),
                pressed=bool(asked) and all(chat.kind is Kind.REQUEST for chat in asked),
                heard=" ".join(chat.content for chat in asked if chat.kind is Kind.VOICE and chat.content),
            )

        return await self._plain.read(query)

    async def may_show(self, actor: Actor, reply_id: ChatId, now: datetime) -> bool:
        """Whether a reply may be shown at this moment; see `unshown`."""
        return any(chat.id == reply_id for chat in await self.unshown(replace(actor, now=now)))

    async def give_up(self, actor: Actor, reply_id: ChatId, now: datetime) -> None:
        """End a reply that cannot be carried out, as one that was interrupted; its calls are settled."""

        def decide(work: Work) -> None:
            reply = work.conversations.chat(reply_id, owner=actor.id)
            if reply is None or reply.state is not State.OPEN:
                return
            for call in work.calls.of_chat(reply.id):
                ledger.interrupt(work, call.id, now)
            waiting = work.conversations.waiting(actor.id)
            for chat in waiting:
                work.conversations.change(replace(chat, state=State.ANSWERED, answered_by=reply.id))
            work.conversations.change(replace(reply, state=State.INTERRUPTED))

        await self._plain.transact(replace(actor, receipt=None), decide)

    async def shown(self, actor: Actor, reply: ChatId, now: datetime) -> None:
        """Note that a reply reached the chat."""

        def decide(work: Work) -> None:
            chat = work.conversations.chat(reply, owner=actor.id)
            if chat is not None and chat.shown_at is None:
                work.conversations.change(replace(chat, shown_at=now))

        await self._plain.transact(replace(actor, receipt=None), decide)

    def _session(self, work: Work, actor: Actor, text: str) -> MentorSession:
        current = work.conversations.current(actor.id)
        if current is not None and not current.is_silent(actor.now):
            return current
        if current is not None:
            work.conversations.save(replace(current, ended_at=current.last_message_at))
        active = work.sessions.active(actor.id)
        session = MentorSession(
            id=MentorSessionId(uuid.uuid4()),
            user_id=actor.id,
            started_at=actor.now,
            last_message_at=actor.now,
            session_id=active.id if active is not None else None,
            title=None if safety.danger_in(text) else _first_words(text) or None,
        )
        work.conversations.add(session)
        return session


def _may_be_repeated(reply: Chat) -> bool:
    """Whether a reply failed so that its messages may be asked anew."""
    failed = reply.state is State.INTERRUPTED or reply.why is Why.MODEL_AWAY
    return reply.speaker is Speaker.MENTOR and reply.state is not State.OPEN and failed


def _storable(text: str) -> str:
    """A text that both databases take: half a character (a lone surrogate) and NUL they refuse."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "").strip()


def _first_words(text: str) -> str:
    """A title until a model finds a better one."""
    line = " ".join(text[: 4 * TITLE_LETTERS].split())
    return line if len(line) <= TITLE_LETTERS else line[: TITLE_LETTERS - 1].rsplit(" ", 1)[0] + "…"


def _sum_of(calls: list[Call]) -> Sum:
    made = [call for call in calls if call.finished_at is not None and call.state is not CallState.RELEASED]
    used = [call.usage for call in made if call.usage is not None]
    return Sum(
        key="",
        calls=len(made),
        prompt=sum(usage.prompt for usage in used),
        cached=sum(usage.cached for usage in used),
        completion=sum(usage.completion for usage in used),
        cost_pico_usd=sum(call.cost_pico_usd or 0 for call in made),
        unpriced=sum(call.cost_pico_usd is None for call in made),
        estimated=sum(usage.source == "estimated" for usage in used),
    )
