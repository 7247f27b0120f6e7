"""What a reply is put together from: the rows of one student, read at one moment."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.ids import ChatId, MentorSessionId
from core.mentor import prompts
from core.mentor.conversation import About, Chat, Kind, MentorSession, State
from core.mentor.model import Message, Role
from core.mentor.spelling import simplified
from core.people.model import Person
from core.ports import Actor, Work
from core.practice import rules
from core.practice.model import Chosen

MOST_WORDS = 16_000
"""Characters of all messages that are answered together; what is beyond waits for the next reply."""
MOST_PHOTOS = 10
"""Pictures that are looked at together: as many as an album has."""
RECENT = 3
"""Topics of late errors that the mentor is told of."""
TITLE_LETTERS = 60
SAME_TALK = timedelta(minutes=15)
"""What is said so soon after a question of the bank was named may still be about it."""
MOST_TITLE = 500
"""Letters of a title that are read."""
_DOLLARS = re.compile(r"\$\$?([^$]+)\$\$?")
_MARKS = re.compile(r"\*\*|~~|`|^\s*(?:#+|[-*>])\s+|(?<![\w)])[*_]+(?=\w)|(?<=[\w).?!])[*_]+(?!\w)")
"""Markdown's: a product or an index in a formula has none of them."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A reply that is due, and what it answers.

    Attributes:
        asked: The messages that it answers, oldest first.
        history: Earlier replies that a prompt tells of.
        scene: The question of the bank that it is about, as the student stands to it now.
        is_reserved: Nothing but that question was asked about, and it belongs to a paper that is not over.
    """

    reply: Chat
    session: MentorSession
    asked: tuple[Chat, ...]
    history: tuple[Chat, ...]
    profile: prompts.Profile
    scene: prompts.Scene | None
    is_reserved: bool = False

    @property
    def words(self) -> str:
        """Everything that is to be answered."""
        return "\n\n".join(chat.content for chat in self.asked if chat.content)[:MOST_WORDS]

    @property
    def told(self) -> str:
        """The words as this prompt and later ones have them: with a mark for pictures, of which none is kept."""
        return prompts.with_photos(self.words, self.profile.language, len(self.photos))

    @property
    def photos(self) -> tuple[Chat, ...]:
        """Messages with a picture."""
        return tuple(chat for chat in self.asked if chat.kind is Kind.PHOTO)

    @property
    def voices(self) -> tuple[Chat, ...]:
        """Voice messages that nobody wrote down yet."""
        return tuple(chat for chat in self.asked if chat.kind is Kind.VOICE and not chat.content)


def lay(work: Work, actor: Actor) -> Desk | None:
    """Everything for the reply that is due; None if none is."""
    reply = work.conversations.due(actor.id)
    if reply is None:
        return None
    session = work.conversations.get(reply.session_id, owner=actor.id)
    person = work.people.get(actor.id)
    if session is None or person is None:
        return None
    asked = together(asked_of(work, actor, reply))
    # Where no model answers nobody is told of what was said before.
    history = (
        work.conversations.history(session.id, owner=actor.id, since=session.kept_from) if reply.why is None else []
    )
    ids = {chat.id for chat in asked}
    before = [chat for chat in history if chat.id not in ids and chat.about is not None]
    about = about_of(asked) or _talked_about(before, actor)
    delivered = {chat.id for chat in history if is_told(chat)}
    helped = [chat for chat in before if chat.answered_by in delivered]
    return Desk(
        reply,
        session,
        tuple(asked),
        tuple(chat for chat in history if is_told(chat)),
        _profile(work, actor, person),
        None if about is None else scene_of(work, actor, about, helped),
        is_reserved(work, actor, asked) and all(chat.kind is Kind.REQUEST for chat in asked),
    )


def _talked_about(before: Sequence[Chat], actor: Actor) -> About | None:
    """The question that was talked about a moment ago: "and the third one?" goes on from there."""
    last = about_of(before)
    return last if last is not None and actor.now - before[-1].created_at < SAME_TALK else None


def asked_of(work: Work, actor: Actor, reply: Chat) -> list[Chat]:
    """What a reply answers: what it has claimed, and, while it is due, what waits."""
    waiting = work.conversations.waiting(actor.id) if reply.state is State.OPEN else []
    return [*work.conversations.asked(reply.id, owner=actor.id), *waiting]


def together(asked: Sequence[Chat]) -> list[Chat]:
    """The first of these messages, as many as one reply can answer; the others wait for the next."""
    letters = photos = 0
    for number, chat in enumerate(asked):
        letters += len(chat.content or "") + 2
        photos += chat.kind is Kind.PHOTO
        if number and (letters > MOST_WORDS or photos > MOST_PHOTOS):
            return list(asked[:number])
    return list(asked)


def about_of(asked: Sequence[Chat]) -> About | None:
    """The question of the bank that messages are about: the last one that was named."""
    return next((chat.about for chat in reversed(asked) if chat.about is not None), None)


def scene_of(  # noqa: PLR0911 - one exit for each way to stand to a question
    work: Work, actor: Actor, about: About, before: Sequence[Chat] = ()
) -> prompts.Scene | None:
    """The question as the student met it, and what they answered; None if that is gone.

    Args:
        work: Repositories.
        actor: The student.
        about: Which question, and where.
        before: Earlier messages; those about it count as help that was asked for.
    """
    version = work.questions.version(about.version_id)
    closes = work.sittings.closes(actor.id)
    if closes is not None and version.question_id in closes.questions:
        return None  # it was asked before this question came into a paper that is not over
    asked = sum(chat.about is not None and chat.about.version_id == about.version_id for chat in before)
    if about.sitting_id is not None:
        sitting = work.sittings.get(about.sitting_id, owner=actor.id)
        if sitting is None or not sitting.is_completed or not 0 <= about.position < len(sitting.items):
            return None
        item = sitting.items[about.position]
        chosen = Chosen(() if item.choice is None else (item.choice,))
        return prompts.Scene(version, item.order, chosen, item.is_right, 0, asked)
    quiz = work.quizzes.get(about.quiz_id, owner=actor.id) if about.quiz_id is not None else None
    if quiz is None:
        return None
    order = rules.shown_order(quiz.id, about.position, version)
    attempt = work.quizzes.attempt_at(quiz.id, about.position, owner=actor.id)
    if attempt is not None:
        return prompts.Scene(version, order, attempt.response, attempt.right, attempt.hints, asked)
    if not quiz.is_open or about.position < quiz.current_index:
        return prompts.Scene(version, order, Chosen(()), None, 0, asked)  # skipped: nothing is left to spoil
    return prompts.Scene(version, order, None, None, quiz.hints, asked)


def is_reserved(work: Work, actor: Actor, asked: Sequence[Chat]) -> bool:
    """Whether messages are about a question of a paper of this student that is not over."""
    about = about_of(asked)
    return about is not None and is_in_paper(work, actor, about)


def is_in_paper(work: Work, actor: Actor, about: About) -> bool:
    """Whether a question belongs to a paper of this student that is not over."""
    closes = work.sittings.closes(actor.id)
    return closes is not None and work.questions.version(about.version_id).question_id in closes.questions


def claim(work: Work, desk: Desk, *, keep_files: bool = True) -> None:
    """The messages that a reply answers wait no more.

    Args:
        work: Repositories.
        desk: The reply, and what it answers.
        keep_files: Whether their files may be asked for again. Once they are answered nobody does: where a photo or a
            voice message lies is forgotten.
    """
    for chat in desk.asked:
        stored = work.conversations.chat(chat.id, owner=chat.user_id)
        if stored is None:
            continue
        after = replace(stored, media=stored.media if keep_files else None)
        if stored.state is State.WAITING:
            after = replace(after, state=State.ANSWERED, answered_by=desk.reply.id)
        if after != stored:
            work.conversations.change(after)


def is_told(chat: Chat) -> bool:
    """Whether a prompt tells of a reply, and of what it answered."""
    return chat.kind is Kind.REPLY and bool(chat.content) and chat.prompt is not None


def told(replies: Sequence[Chat], language: str) -> list[Message]:
    """Earlier turns, byte for byte as they are sent each time, or no server can keep them in its cache."""
    return [
        message
        for chat in replies
        if is_told(chat)
        for message in (
            Message.of(Role.USER, prompts.said(chat.prompt or "", language)),
            Message.of(Role.ASSISTANT, chat.content or ""),
        )
    ]


def entitle(work: Work, actor: Actor, session_id: MentorSessionId, title: str) -> None:
    """Give a session its title, if what a model wrote has one."""
    session = work.conversations.get(session_id, owner=actor.id)
    bare = bare_title(title)
    if session is not None and bare:
        work.conversations.save(replace(session, title=bare))


def bare_title(written: str) -> str:
    """A model's title: its first line, without the marks that models like to put around one, cut at a word's end."""
    first = next(filter(str.strip, written.splitlines()), "")[:MOST_TITLE]
    if "\\" in first:
        first = simplified(first)
    text = " ".join(_MARKS.sub("", _DOLLARS.sub(r"\1", first)).split()).strip("\"'«»“”#. ")
    return text if len(text) <= TITLE_LETTERS else text[: TITLE_LETTERS - 1].rsplit(" ", 1)[0] + "…"


def shorten(work: Work, actor: Actor, session_id: MentorSessionId, kept: ChatId, summary: str | None) -> None:
    """Let prompts tell only of replies from `kept` on, and of what came before in a summary."""
    session = work.conversations.get(session_id, owner=actor.id)
    if session is not None:
        work.conversations.save(replace(session, kept_from=kept, summary=summary or session.summary))


def _profile(work: Work, actor: Actor, person: Person) -> prompts.Profile:
    """What helps to know of a student; topics in the order of the alphabet, so that the prompt's beginning stays."""
    days = (date.fromisoformat(person.exam_date) - actor.today).days if person.exam_date else None
    wrong = sorted(work.quizzes.mistakes(actor.id), key=lambda c: c.last_answered_at or actor.now, reverse=True)
    topics = {work.questions.version(c.version_id).topic_name(actor.language) for c in wrong[:RECENT]}
    ahead = days if days is not None and days >= 0 else None
    return prompts.Profile(actor.language, person.exam, ahead, tuple(sorted(topics)))
