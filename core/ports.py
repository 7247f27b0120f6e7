"""What the core needs from outside: one transaction at a time, and repositories inside it.

Every query that touches a person's rows takes the owner as an argument; forgetting the check does not run.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from core.exams.formats import ExamFormat
from core.exams.model import Sitting, Stock
from core.ids import (
    AttemptId,
    CallId,
    ChatId,
    DeckId,
    ExamId,
    MentorSessionId,
    QuestionId,
    QuizId,
    SessionId,
    SittingId,
    TopicId,
    TwinId,
    UpdateId,
    UserId,
    VersionId,
)
from core.mentor.calls import By, Call, Caps, Full, Period, Recount, Spent, Sum
from core.mentor.conversation import Chat, MentorSession
from core.mentor.found import Entry, Shelf
from core.people.model import Person
from core.practice.model import Attempt, Candidate, Deck, Difficulty, Help, Quiz, Session, Topic, Twin
from core.questions.model import Bank, Kind, QuestionVersion

T = TypeVar("T")


@dataclass(slots=True)
class Receipt:
    """The update that a turn answers; the turn's first transaction settles it with its effect.

    Attributes:
        update_id: Telegram's number of the update.
        settled: Set after the commit, so that later transactions of the same turn do not settle again.
    """

    update_id: UpdateId
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and when it was received.

    Attributes:
        id: The person; another person's rows answer as if they were absent.
        now: Time of receipt, aware UTC, never before the person's previous turn.
        zone: IANA zone for day boundaries.
        language: Language of the questions that are chosen.
        receipt: The update's receipt; None where no update is behind it (command line, sweep).
    """

    id: UserId
    now: datetime
    zone: str = "Europe/Rome"
    language: str = "it"
    receipt: Receipt | None = field(default=None, compare=False)

    @property
    def today(self) -> date:
        """The day where the person lives."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()


class People(Protocol):
    """The `users` table."""

    def by_telegram(self, telegram_id: int) -> Person | None:
        """The person behind a private chat."""
        ...

    def get(self, user_id: UserId) -> Person | None:
        """The person with this id."""
        ...

    def add(self, telegram_id: int, language: str, now: datetime) -> Person:
        """A new person, or the one that is there already."""
        ...

    def save(self, person: Person, now: datetime) -> None:
        """Store what may change: language, zone, role, birth year, onboarding, exam in view."""
        ...


class Sessions(Protocol):
    """The `sessions` table."""

    def active(self, child: UserId) -> Session | None:
        """The session without an end."""
        ...

    def get(self, session_id: SessionId, *, owner: UserId) -> Session | None:
        """One session of this student."""
        ...

    def save(self, session: Session) -> None:
        """Insert or update."""
        ...

    def history(self, child: UserId, *, limit: int) -> list[Session]:
        """The newest first."""
        ...

    def attempts(self, session_id: SessionId, *, owner: UserId) -> list[tuple[Attempt, str]]:
        """Attempts of a session in order, each with the slug of its subject."""
        ...

    def idle(self, before: datetime, *, limit: int) -> list[Session]:
        """Active sessions whose last activity is not after `before`."""
        ...


class Quizzes(Protocol):
    """The `quiz_sessions` and `attempts` tables."""

    def get(self, quiz_id: QuizId, *, owner: UserId) -> Quiz | None:
        """One quiz of this student."""
        ...

    def exists(self, quiz_id: QuizId) -> bool:
        """Whether the id is taken, whoever's it is."""
        ...

    def add(self, quiz: Quiz) -> None:
        """Insert a new quiz."""
        ...

    def save(self, quiz: Quiz) -> None:
        """Store what may change."""
        ...

    def grow(self, quiz: Quiz) -> None:
        """Store the positions that were appended."""
        ...

    def open(self, owner: UserId, *, limit: int) -> list[Quiz]:
        """Quizzes that can be gone on with, the last touched first."""
        ...

    def every(self, owner: UserId) -> list[Quiz]:
        """All quizzes of this student, the oldest first."""
        ...

    def over(self, owner: UserId, *, limit: int, offset: int = 0) -> list[Quiz]:
        """Completed and stopped quizzes with an answer, the newest first."""
        ...

    def record(self, attempt: Attempt) -> AttemptId:
        """Append an attempt; gives its id."""
        ...

    def attempt_at(self, quiz_id: QuizId, position: int, *, owner: UserId) -> Attempt | None:
        """The attempt at a position, the voided one too if there is no other."""
        ...

    def attempts(self, quiz_id: QuizId, *, owner: UserId) -> list[tuple[Attempt, tuple[str, ...]]]:
        """Attempts of a quiz by position, each with the path of its topic."""
        ...

    def void(self, attempt_id: AttemptId, *, owner: UserId, now: datetime) -> bool:
        """Make an attempt not count; False if it did not already."""
        ...

    def voided(self, quiz_ids: Sequence[QuizId], *, owner: UserId) -> Mapping[QuizId, int]:
        """At how many positions of each of these quizzes every attempt is voided; quizzes without one are left out."""
        ...

    def report(self, attempt: Attempt, now: datetime) -> None:
        """Keep a student's word that a question is wrong."""
        ...

    def answered(self, owner: UserId) -> int:
        """How many answers this student gave, voided ones too."""
        ...

    def earned(self, owner: UserId) -> tuple[int, int]:
        """Answers of this student, voided ones too, and the points of those that count."""
        ...

    def mistakes(self, owner: UserId) -> list[Candidate]:
        """Questions whose last answer that counts was wrong, with their current versions."""
        ...


class Twins(Protocol):
    """The `twins` table: questions that come back to be answered without help."""

    def add(self, twin: Twin, *, most: int) -> None:
        """Insert a twin; of those of this student that wait, the oldest beyond so many are dropped."""
        ...

    def due(
        self, owner: UserId, now: datetime, *, path: Sequence[str] = (), difficulty: Difficulty | None = None
    ) -> list[Twin]:
        """Twins of questions under a path that can be asked now, the longest due first; not of reported answers."""
        ...

    def serve(self, twin_id: TwinId, quiz_id: QuizId, position: int, *, again_at: datetime) -> None:
        """Put a twin at a place of a quiz; without an answer it is due again at `again_at`, wherever it stands."""
        ...

    def wait(self, twin_id: TwinId, *, until: datetime) -> None:
        """Put off a twin that cannot be asked."""
        ...

    def put_off(self, quiz_id: QuizId, position: int, *, owner: UserId, until: datetime) -> None:
        """Put off the twin that was skipped at a place of a quiz."""
        ...

    def answer(self, quiz_id: QuizId, position: int, attempt_id: AttemptId, *, owner: UserId) -> None:
        """Link the answer at a place of a quiz to the twin that stands there; none if it was asked elsewhere since."""
        ...

    def tallies(self) -> Mapping[Help | None, tuple[int, int, int]]:
        """Served, answered and right twins of all students by the help that they follow; see `Twins.rates`."""
        ...


class Questions(Protocol):
    """Topics, decks, questions and their versions."""

    def version(self, version_id: VersionId) -> QuestionVersion:
        """A question version; they never change."""
        ...

    def slugs(self, version_ids: Sequence[VersionId]) -> list[str]:
        """The slugs of the questions that these are versions of, in the same order."""
        ...

    def topics(self, viewer: UserId | None) -> list[Topic]:
        """The tree that this person sees, parents first, each with its number of questions."""
        ...

    def named(self, paths: Sequence[tuple[str, ...]], *, viewer: UserId) -> Mapping[tuple[str, ...], Topic]:
        """The topics at these paths, without their numbers of questions."""
        ...

    def numbered(self, topic_ids: Sequence[TopicId], *, viewer: UserId) -> Mapping[TopicId, Topic]:
        """The topics with these ids, without their numbers of questions."""
        ...

    def topic(self, topic_id: TopicId, *, viewer: UserId) -> Topic | None:
        """One topic that this person sees, without its number of questions."""
        ...

    def candidates(
        self, viewer: UserId, *, path: Sequence[str] = (), difficulty: Difficulty | None = None
    ) -> list[Candidate]:
        """Questions under a path that this person can be asked, with when they last answered each."""
        ...

    def shortlist(
        self,
        viewer: UserId,
        *,
        path: Sequence[str] = (),
        difficulty: Difficulty | None = None,
        count: int,
        chance: int,
    ) -> list[Candidate]:
        """Of the candidates of each topic in the same languages, the `count` not answered for longest.

        `chance` (62 random bits) decides among equals. Whoever picks `count` of these, those not answered for longest
        first, picks what they might have picked of all.
        """
        ...

    def worked_twin(
        self, viewer: UserId, like: QuestionVersion, *, language: str, without: Sequence[VersionId]
    ) -> VersionId | None:
        """A question of the same topic that is explained in `language`: of the same kind if there is one, and near.

        Left out are the questions that `without` are versions of.
        """
        ...

    def twin(
        self,
        viewer: UserId,
        like: QuestionVersion,
        *,
        language: str,
        without: Sequence[VersionId],
        difficulty: Difficulty | None = None,
    ) -> Candidate | None:
        """A question of the same topic that is asked in `language`: never answered if there is one, alike, and near."""
        ...

    def levels(self, viewer: UserId, *, path: Sequence[str] = ()) -> list[tuple[int, tuple[str, ...], int]]:
        """The numbers of candidates under a path, by difficulty and languages."""
        ...

    def store(self, bank: Bank, now: datetime, *, title: str) -> "Stored":
        """Insert what is new of a bank and make new versions of what changed; its deck follows."""
        ...

    def deck(self, deck_id: DeckId, *, viewer: UserId | None) -> Deck | None:
        """A deck with its cards in order."""
        ...

    def decks(self, *, viewer: UserId | None) -> list[Deck]:
        """Decks that this person sees, without the frozen ones of quizzes."""
        ...

    def freeze(self, owner: UserId, questions: Sequence[QuestionId], now: datetime) -> DeckId:
        """A deck of a quiz's own."""
        ...

    def newest(self, version_ids: Sequence[VersionId], *, viewer: UserId) -> Mapping[VersionId, Candidate]:
        """For each version its question as it would be asked today; retired ones and an open paper's are left out."""
        ...

    def at_hand(self, version_ids: Sequence[VersionId], *, viewer: UserId) -> Mapping[VersionId, Candidate]:
        """The same as `newest`, of what this person sees."""
        ...

    def edition(self) -> str:
        """A mark that changes with every question that is added, changed or retired, and with every topic."""
        ...

    def shelves(self) -> list[Shelf]:
        """Every topic that somebody sees: everybody, or its owner."""
        ...

    def words(self, *, after: QuestionId, limit: int) -> list[Entry]:
        """The words of the questions that are not retired, in the order of their ids."""
        ...

    def extend_deck(self, deck_id: DeckId, question_id: QuestionId, *, owner: UserId) -> None:
        """Put a question at the end of a quiz's own deck.

        Raises:
            NotFound: There is no such deck of a quiz of this student.
        """
        ...

    def bank(self, name: str) -> Bank | None:
        """Everything of a bank that is not retired, in its current versions."""
        ...


@dataclass(frozen=True, slots=True)
class Stored:
    """What an import did, in questions, and how many the bank now has by subject."""

    added: int
    changed: int
    unchanged: int
    deck_id: DeckId
    by_subject: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update in the inbox that was not settled yet."""

    update_id: UpdateId
    person: int
    payload: bytes
    received_at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class Place:
    """What is on a person's screen.

    Attributes:
        message_id: The message that shows it.
        place: Name of the flow.
        ref: Id of what the flow shows, "" for none.
        picture: The message is a photo: its text is a caption.
    """

    person: int
    message_id: int
    place: str
    ref: str
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn whose result reached the chat, and what stands on the screen now (None: as before)."""

    update_id: UpdateId | None
    screen: Place | None = None


class Inbox(Protocol):
    """The `inbox` and `screens` tables: the life of an update."""

    def receive(self, updates: Iterable[Waiting]) -> list[Waiting]:
        """Insert those that are not there yet; gives those back that wait to be carried out."""
        ...

    def settle(self, update_id: UpdateId) -> bool:
        """Received -> done; False if it was settled before.

        Raises:
            EarlierWaiting: An earlier update of this person is still waiting.
        """
        ...

    def trying(self, update_id: UpdateId) -> int:
        """Count a try and say which one it is."""
        ...

    def bury(self, update_id: UpdateId) -> None:
        """Mark an update dead; its payload is kept for 48 hours."""
        ...

    def shown(self, marks: Iterable[Shown], now: datetime) -> None:
        """Done -> shown, payload erased; screens stored."""
        ...

    def waiting(self) -> list[Waiting]:
        """Everything received and not settled, in order of arrival."""
        ...

    def unshown(self) -> list[int]:
        """People with something done that did not reach the chat."""
        ...

    def is_unshown(self, person: int) -> bool:
        """Whether something done of a person did not reach the chat."""
        ...

    def settle_unshown(self, person: int) -> None:
        """Everything done of a person is on the screen now."""
        ...

    def screen(self, person: int) -> Place | None:
        """What the person's screen shows."""
        ...

    def clean(self, before: datetime) -> int:
        """Delete what was received before; gives the number of rows."""
        ...


class Exams(Protocol):
    """The `exams` table: exam files as they were added, each change a new version."""

    def store(self, exam: ExamFormat, now: datetime, *, bundled: bool = False) -> bool:
        """Keep a format; False if the newest version of this exam says the same.

        A bundled one that was there before is not put over what an operator added since.
        """
        ...

    def newest(self) -> list[tuple[ExamId, ExamFormat]]:
        """The newest version of every exam, in the order that their files ask for."""
        ...

    def by_slug(self, slug: str) -> tuple[ExamId, ExamFormat] | None:
        """The newest version of one exam."""
        ...


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What a sitting that is not over closes to its student."""

    id: SittingId
    deadline: datetime | None
    """Of the section that runs; None between sections."""
    questions: frozenset[QuestionId]


class Sittings(Protocol):
    """The `exam_sessions`, `exam_sections` and `exam_items` tables."""

    def get(self, sitting_id: SittingId, *, owner: UserId) -> Sitting | None:
        """One sitting of this student."""
        ...

    def hold(self, sitting_id: SittingId, *, owner: UserId) -> Sitting | None:
        """The same, kept from every other transaction until this one ends."""
        ...

    def exists(self, sitting_id: SittingId) -> bool:
        """Whether the id is taken, whoever's it is."""
        ...

    def unfinished(self, owner: UserId) -> SittingId | None:
        """The sitting that is not over; there is one at most."""
        ...

    def closes(self, owner: UserId) -> Unfinished | None:
        """What the sitting that is not over closes to this student."""
        ...

    def add(self, sitting: Sitting) -> None:
        """Insert a new sitting with its sections and items."""
        ...

    def save(self, before: Sitting, after: Sitting) -> None:
        """Store what changed."""
        ...

    def record(self, attempts: Sequence[Attempt]) -> None:
        """Append the attempts of a section that was closed."""
        ...

    def due(self, now: datetime, *, limit: int, only: SittingId | None = None) -> list[tuple[SittingId, UserId]]:
        """Sittings at which something is due (or whether it is at one), the longest due first.

        Left out are those whose student sent something before the deadline that waits to be carried out.
        """
        ...

    def noticed(self, *, limit: int) -> list[tuple[SittingId, UserId, int]]:
        """Sittings with something to tell, and whom: the student, and their chat."""
        ...

    def untold(self, owner: UserId) -> SittingId | None:
        """The sitting of this student with something to tell."""
        ...

    def over(self, owner: UserId, *, limit: int, offset: int = 0) -> list[Sitting]:
        """Completed sittings of which a section was started, the newest first."""
        ...

    def stock(self, viewer: UserId | None, kind: Kind, options: int | None) -> list[Stock]:
        """Every question that a paper of this student can be drawn from."""
        ...


class Conversations(Protocol):
    """The `ai_mentor_sessions` and `ai_mentor_chats` tables."""

    def current(self, owner: UserId) -> MentorSession | None:
        """The session that is written in."""
        ...

    def get(self, session_id: MentorSessionId, *, owner: UserId) -> MentorSession | None:
        """One session of this student."""
        ...

    def add(self, session: MentorSession) -> None:
        """Insert a new session."""
        ...

    def save(self, session: MentorSession) -> None:
        """Store what may change of a session but its tallies, which follow from its messages and calls."""
        ...

    def touch(self, session_id: MentorSessionId, now: datetime) -> None:
        """Count the silence of a session from now."""
        ...

    def sessions(self, owner: UserId, *, limit: int, offset: int = 0) -> list[MentorSession]:
        """Sessions with a message, the last written in first."""
        ...

    def say(self, chat: Chat, update_id: UpdateId | None = None) -> ChatId:
        """Append a message; the session's number of messages and its last moment follow."""
        ...

    def change(self, chat: Chat) -> None:
        """Store what may change of a message."""
        ...

    def chat(self, chat_id: ChatId, *, owner: UserId) -> Chat | None:
        """One message of this student's sessions."""
        ...

    def due(self, owner: UserId) -> Chat | None:
        """The reply that is due or being written."""
        ...

    def waiting(self, owner: UserId) -> list[Chat]:
        """This student's messages that no reply was begun for, oldest first."""
        ...

    def asked(self, reply: ChatId, *, owner: UserId) -> list[Chat]:
        """The messages that a reply answers, oldest first."""
        ...

    def history(self, session_id: MentorSessionId, *, owner: UserId, since: ChatId | None) -> list[Chat]:
        """Messages of a session that are answered or answer, oldest first."""
        ...

    def last_reply(self, session_id: MentorSessionId, *, owner: UserId) -> Chat | None:
        """The newest reply of a session that is written."""
        ...

    def unshown(self, owner: UserId) -> list[Chat]:
        """Replies that are written and did not reach the chat, oldest first."""
        ...

    def unfinished(self) -> list[tuple[UserId, int]]:
        """Students with a reply that is due or did not reach the chat, each with their chat."""
        ...

    def silent(self, before: datetime, *, limit: int) -> list[MentorSession]:
        """Open sessions whose last message is not after `before`."""
        ...

    def forget_files(self, before: datetime) -> int:
        """Erase where the files of answered messages from before lie; gives the number of messages."""
        ...

    def forget(self, before: datetime) -> int:
        """Erase the words of messages, titles and summaries from before; gives the number of messages."""
        ...


class Calls(Protocol):
    """The `model_calls` and `spending` tables: the ledger."""

    def set_aside(self, owner: UserId, day: date, utc_day: date, pico_usd: int, caps: Caps) -> Full | None:
        """Add to what is reserved on the student's day and on the operator's, unless a cap would be passed."""
        ...

    def add(self, call: Call) -> CallId:
        """Append a row."""
        ...

    def get(self, call_id: CallId) -> Call:
        """One row."""
        ...

    def save(self, call: Call) -> None:
        """Store how far a call is; what is finished never changes."""
        ...

    def book(self, call: Call) -> None:
        """Count a finished call into its days and its session, in place of what it had reserved."""
        ...

    def of_chat(self, chat_id: ChatId) -> list[Call]:
        """The calls of a reply, oldest first."""
        ...

    def unfinished(self) -> list[Call]:
        """Rows that are reserved or sent."""
        ...

    def spent(self, owner: UserId | None, day: date) -> Spent:
        """What a student (None: everybody, by the day in UTC) spent on a day."""
        ...

    def total(self, owner: UserId, first: date, last: date) -> Sum:
        """All calls of a student from one of their days to another, both included."""
        ...

    def sums(self, by: By, period: Period) -> list[Sum]:
        """Totals over all finished calls, by the operator's days."""
        ...

    def recount_sessions(self) -> list[Recount]:
        """The tallies of every session of the mentor, recomputed from its calls and messages."""
        ...

    def recount_days(self) -> list[Recount]:
        """What was spent and is reserved on every day of every student and of the operator, recomputed from calls."""
        ...


class Work(Protocol):
    """Repositories inside one transaction."""

    @property
    def people(self) -> People: ...  # noqa: D102
    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def quizzes(self) -> Quizzes: ...  # noqa: D102
    @property
    def twins(self) -> Twins: ...  # noqa: D102
    @property
    def questions(self) -> Questions: ...  # noqa: D102
    @property
    def exams(self) -> Exams: ...  # noqa: D102
    @property
    def sittings(self) -> Sittings: ...  # noqa: D102
    @property
    def conversations(self) -> Conversations: ...  # noqa: D102
    @property
    def calls(self) -> Calls: ...  # noqa: D102
    @property
    def inbox(self) -> Inbox: ...  # noqa: D102


class Storage(Protocol):
    """Transactions and reads."""

    async def transact(self, actor: Actor | None, decide: Callable[[Work], T]) -> T:
        """Run `decide` in one transaction and commit, or roll back when it raises.

        The actor's receipt, if any, is settled in the same commit. Nothing can be awaited inside, and a cancelled
        caller cannot half-commit.

        Raises:
            AlreadySettled: The update was settled before; nothing changed.
            StorageUnavailable: The database cannot be reached; nothing changed.
        """
        ...

    async def read(self, query: Callable[[Work], T]) -> T:
        """Run a query on a connection that cannot write. What a write depends on is read in its own transaction."""
        ...
