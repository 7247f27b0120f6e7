"""The small world that the playground simulates: people, chats, messages, presses.

Messages are the Bot API's own JSON. A stored message is never changed: an edit stores a new one, so whoever holds the
old one (an update on its way, a log) keeps what was true then.
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.playground.events import Events
from bot.playground.files import FileStore
from bot.playground.flood import Flood
from bot.playground.updates import PRESS_LIFE, Updates

Json = dict[str, Any]

BOT_ID = 7
BOT: Json = {"id": BOT_ID, "is_bot": True, "first_name": "Chiron", "username": "chiron_play_bot"}
TOKEN = "7:playground"  # noqa: S105 - opens nothing but this loopback server
DRAFT_LIFE = 30
"""Seconds that a streamed preview stays."""
HISTORY = 2000
"""Messages kept in a chat."""


@dataclass(slots=True)
class Person:
    """Somebody with a Telegram account."""

    id: int
    first_name: str
    role: str = "student"
    language_code: str = "it"
    last_name: str = ""
    username: str = ""
    blocked: bool = False

    def user(self) -> Json:
        """Give the Bot API's User."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.last_name:
            user["last_name"] = self.last_name
        if self.username:
            user["username"] = self.username
        if self.language_code:
            user["language_code"] = self.language_code
        return user

    def card(self) -> Json:
        """Give what the page shows of a person."""
        return {
            "id": self.id,
            "first_name": self.first_name,
            "role": self.role,
            "language_code": self.language_code,
        }


@dataclass(slots=True)
class Draft:
    """A streamed preview, gone at `until`."""

    draft_id: int
    text: str
    entities: list[Json]
    until: float
    can_stop: bool = False
    keep_on_stop: bool = False
    timer: asyncio.TimerHandle | None = None

    def event(self) -> Json:
        """Give what the page shows of it."""
        event: Json = {"draft_id": self.draft_id, "text": self.text, "entities": self.entities}
        if self.can_stop:
            event["can_stop"] = True
        return event


@dataclass(slots=True)
class Waiter:
    """A test that waits for a message of the bot."""

    predicate: Callable[[Json], object]
    since: int
    found: asyncio.Future[Json]


@dataclass(slots=True)
class Chat:
    """A private chat (its id is the person's) or a group."""

    id: int
    kind: str
    people: list[Person]
    title: str = ""
    privacy: bool = True
    messages: dict[int, Json] = field(default_factory=dict)
    changed: dict[int, int] = field(default_factory=dict)
    deleted: deque[int] = field(default_factory=lambda: deque(maxlen=HISTORY))
    uneditable: set[int] = field(default_factory=set)
    waiters: list[Waiter] = field(default_factory=list)
    draft: Draft | None = None

    @property
    def private(self) -> bool:
        """Say whether the chat is with one person."""
        return self.kind == "private"

    def card(self) -> Json:
        """Give the Bot API's Chat."""
        if not self.private:
            return {"id": self.id, "type": self.kind, "title": self.title}
        person = self.people[0]
        card: Json = {"id": self.id, "type": "private", "first_name": person.first_name}
        if person.last_name:
            card["last_name"] = person.last_name
        if person.username:
            card["username"] = person.username
        return card


@dataclass(slots=True)
class Press:
    """A tapped button and what the bot answered.

    Args:
        at: When it was tapped, in seconds since 1970.
        answered_at: None while the bot has not answered.
    """

    query_id: str
    person: int
    chat: int
    message_id: int
    data: str
    at: float
    answered_at: float | None = None
    text: str | None = None
    show_alert: bool = False
    url: str | None = None
    waiter: "asyncio.Future[Press] | None" = None


def default_people() -> list[Person]:
    """Give the two whom the page shows."""
    return [Person(1001, "Giulia"), Person(1002, "Marco", role="parent")]


class World:
    """Everything that exists, and the ways in which it changes."""

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.time,
        seed: int | None = None,
        people: Iterable[Person] | None = None,
        flood: bool = False,
    ) -> None:
        self.now = now
        self.rng = random.Random(seed)  # noqa: S311 - ids of a toy world
        self.bot = dict(BOT)
        self.events = Events()
        self.files = FileStore()
        self.updates = Updates(now, self.rng)
        self.flood = Flood(now) if flood else None
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, Press] = {}
        self.answers: deque[Press] = deque(maxlen=10_000)
        self.reactions: dict[tuple[int, int], list[Json]] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.names: dict[tuple[str, str], str] = {}
        self.menu_buttons: dict[int, Json] = {}
        self.revision = 0
        self._message_id = 0
        for person in default_people() if people is None else people:
            self.add(person)

    # People and chats

    def add(self, person: Person) -> Person:
        """Let a person in, with an open chat to the bot."""
        if person.id in self.people:
            raise ValueError(f"person {person.id} exists")
        self.people[person.id] = person
        self.chats[person.id] = Chat(person.id, "private", [person])
        return person

    def next_person_id(self) -> int:
        """Give an id that nobody has."""
        return max(self.people, default=1000) + 1

    def chat_of(self, person_id: int) -> Chat:
        """Find a person's private chat."""
        chat = self.chats.get(person_id)
        if chat is None:
            raise ValueError(f"unknown person {person_id}")
        return chat

    # Messages

    def next_message_id(self) -> int:
        """Give an id; one sequence for all chats, as in a bot's private chats."""
        self._message_id += 1
        return self._message_id

    def store(self, chat: Chat, message: Json) -> None:
        """Add a message and tell the pages."""
        message_id = message["message_id"]
        messages = chat.messages
        messages[message_id] = message
        if len(messages) > HISTORY:
            oldest = next(iter(messages))
            del messages[oldest]
            chat.changed.pop(oldest, None)
        self._mark(chat, message)
        if message["from"]["is_bot"]:
            self._end_draft(chat)
        for person in chat.people:
            self.events.publish(person.id, {"type": "message", "message": message})

    def replace(self, chat: Chat, message: Json) -> None:
        """Store an edited message in the place of the old one and tell the pages."""
        chat.messages[message["message_id"]] = message
        self._mark(chat, message)
        for person in chat.people:
            self.events.publish(person.id, {"type": "edit", "message": message})

    def remove(self, chat: Chat, message_id: int) -> None:
        """Delete a message and tell the pages."""
        del chat.messages[message_id]
        chat.changed.pop(message_id, None)
        chat.deleted.append(message_id)
        for person in chat.people:
            self.events.publish(person.id, {"type": "delete", "message_id": message_id})

    def _mark(self, chat: Chat, message: Json) -> None:
        self.revision += 1
        chat.changed[message["message_id"]] = self.revision
        if chat.waiters and message["from"]["is_bot"]:
            for waiter in list(chat.waiters):
                if waiter.predicate(message):
                    chat.waiters.remove(waiter)
                    if not waiter.found.done():
                        waiter.found.set_result(message)

    # Streamed previews

    def show_draft(self, chat: Chat, draft: Draft) -> None:
        """Show a preview for half a minute."""
        self._end_draft(chat)
        chat.draft = draft
        draft.timer = asyncio.get_running_loop().call_later(DRAFT_LIFE, self._expire_draft, chat, draft)
        self.events.publish(chat.id, {"type": "draft", **draft.event()})

    def draft_in(self, chat: Chat) -> Draft | None:
        """Give the preview that is still shown."""
        draft = chat.draft
        return draft if draft is not None and self.now() < draft.until else None

    def _end_draft(self, chat: Chat) -> None:
        if chat.draft is not None:
            if chat.draft.timer is not None:
                chat.draft.timer.cancel()
            chat.draft = None

    def dismiss_draft(self, chat: Chat, draft: Draft) -> None:
        """Take a preview away without a message in its place."""
        self._end_draft(chat)
        self.events.publish(chat.id, {"type": "draft_end", "draft_id": draft.draft_id})

    def _expire_draft(self, chat: Chat, draft: Draft) -> None:
        if chat.draft is draft:
            self.dismiss_draft(chat, draft)

    # Presses

    def keep_press(self, press: Press) -> None:
        """Remember a press while it can be answered."""
        presses = self.presses
        presses[press.query_id] = press
        if len(presses) % 256 == 0:
            limit = self.now() - 2 * PRESS_LIFE
            for query_id in [key for key, value in presses.items() if value.at < limit]:
                del presses[query_id]

    # Commands

    def commands_for(self, person: Person) -> list[Json]:
        """Give the menu that a person sees: the narrowest scope first, the person's language before none."""
        for scope in (f"chat:{person.id}", "all_private_chats", "default"):
            for language in (person.language_code[:2], ""):
                found = self.commands.get((scope, language))
                if found:
                    return found
        return []

    def snapshot(self, person: Person) -> Json:
        """Give a page all that it shows of a person's chat."""
        chat = self.chats[person.id]
        draft = self.draft_in(chat)
        return {
            "type": "snapshot",
            "messages": list(chat.messages.values()),
            "commands": self.commands_for(person),
            "draft": draft.event() if draft else None,
        }

    def close(self) -> None:
        """Let go of everybody who waits."""
        self.updates.close()
        self.events.close()
        for chat in self.chats.values():
            self._end_draft(chat)
