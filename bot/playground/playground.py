"""The playground as tests and commands hold it."""

import asyncio
import random
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bot.playground import acts, webhook
from bot.playground.delivery import Delivery
from bot.playground.faults import Faults
from bot.playground.http_api import BotApi, Call
from bot.playground.page_api import PageApi
from bot.playground.server import HOST, build
from bot.playground.state import TOKEN, Chat, Person, Press, Waiter, World

Json = dict[str, Any]
Who = Person | int

SHUTDOWN_SECONDS = 0.5


class Playground:
    """A strict Bot API on loopback, and the people who use the bot.

    Use it as `async with Playground() as pg`. Everything but waiting is synchronous and belongs to the loop that
    started it. Messages that it gives are the server's own: read them, do not change them.

    Args:
        port: 0 takes a free one.
        flood: Refuse what comes too fast, with 429.
        keep_log: Keep the last 10,000 calls in `log`.
        now: Seconds since 1970; the ages of presses, updates, previews and floods are measured with it.
        seed: Makes ids repeatable.
        people: Instead of the student 1001 and the parent 1002.
        webhook_delays: Seconds before each try of a webhook delivery; the last goes on.
    """

    def __init__(  # noqa: PLR0913 - the switches of a test, all by name
        self,
        port: int = 0,
        *,
        flood: bool = False,
        keep_log: bool = True,
        now: Callable[[], float] = time.time,
        seed: int | None = None,
        people: Iterable[Person] | None = None,
        webhook_delays: Sequence[float] = webhook.DELAYS,
    ) -> None:
        self.port = port
        self.token = TOKEN
        self.world = World(now=now, seed=seed, people=people, flood=flood)
        self.faults = Faults(rng=random.Random(seed or 0))  # noqa: S311 - faults are to be repeatable
        self.webhook = webhook.Webhook(self.world.updates, webhook_delays)
        delivery = Delivery(self.world.updates, self.webhook, self.faults)
        self._bot_api = BotApi(self.world, delivery, self.faults, token=self.token, keep_log=keep_log)
        self._runner: web.AppRunner | None = None

    # Life

    async def start(self) -> Self:
        """Listen on loopback."""
        app = build(self._bot_api, PageApi(self.world))
        # A poll or stream whose client hung up ends with it, and cannot be in conflict with the next.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self.port).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def stop(self) -> None:
        """Let everybody go, at once."""
        self.world.close()
        self._bot_api.closing.set()
        await self.webhook.remove()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        """Listen."""
        return await self.start()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        await self.stop()

    # Where it is and what it saw

    @property
    def url(self) -> str:
        """Give the address of the page."""
        return f"http://{HOST}:{self.port}"

    @property
    def api_url(self) -> str:
        """Give TELEGRAM_API_URL, PTB's `base_url`."""
        return f"{self.url}/bot"

    @property
    def file_url(self) -> str:
        """Give PTB's `base_file_url`."""
        return f"{self.url}/file/bot"

    @property
    def bot(self) -> Json:
        """Give the bot's User."""
        return self.world.bot

    @property
    def log(self) -> deque[Call]:
        """Give the last calls, oldest first."""
        return self._bot_api.log

    @property
    def counters(self) -> Counter[str]:
        """Count calls by method."""
        return self._bot_api.calls

    @property
    def refusals(self) -> Counter[str]:
        """Count refusals and faults by description."""
        return self._bot_api.refusals

    @property
    def answers(self) -> deque[Press]:
        """Give the presses that the bot answered, oldest first."""
        return self.world.answers

    @property
    def pending(self) -> int:
        """Count the updates that the bot has not confirmed."""
        return len(self.world.updates.pending)

    def calls(self, method: str) -> list[Call]:
        """Give the kept calls of one method."""
        return [call for call in self.log if call.method == method]

    # People and groups

    def person(
        self,
        person_id: int | None = None,
        *,
        first_name: str = "",
        role: str = "student",
        language_code: str = "it",
        username: str = "",
    ) -> Person:
        """Find a person by id, or let a new one in where the id is free or not given."""
        found = self.world.people.get(person_id) if person_id is not None else None
        if found is not None:
            return found
        number = self.world.next_person_id() if person_id is None else person_id
        name = first_name or f"{role.title()} {number}"
        return self.world.add(Person(number, name, role=role, language_code=language_code, username=username))

    def add_group(
        self,
        title: str,
        members: Iterable[Who],
        *,
        kind: str = "supergroup",
        privacy: bool = True,
    ) -> int:
        """Make a group whose first member adds the bot; give its chat id.

        Args:
            title: Its name.
            members: At least one.
            kind: group or supergroup.
            privacy: The bot sees only commands and replies to it.
        """
        people = [self._who(member) for member in members]
        chat_id = -1_001_000_000_000 - len(self.world.chats)
        chat = self.world.chats[chat_id] = Chat(chat_id, kind, people, title=title, privacy=privacy)
        acts.add_bot_to_group(self.world, chat, people[0])
        return chat_id

    def block(self, person: Who) -> None:
        """Let a person block the bot."""
        acts.set_blocked(self.world, self._who(person), blocked=True)

    def unblock(self, person: Who) -> None:
        """Let a person take the bot back."""
        acts.set_blocked(self.world, self._who(person), blocked=False)

    # What people do

    def say(self, person: Who, text: str, *, reply_to: int | None = None, chat: int | None = None) -> Json:
        """Write a message; give it as the Bot API's Message."""
        return acts.say(self.world, self._who(person), text, reply_to=reply_to, chat=self._group(chat))

    def edit(self, person: Who, message_id: int, text: str, *, chat: int | None = None) -> Json:
        """Change a text of one's own."""
        return acts.edit(self.world, self._who(person), message_id, text, chat=self._group(chat))

    def upload(  # noqa: PLR0913 - all that a client can say of a file
        self,
        person: Who,
        kind: str,
        content: bytes,
        *,
        name: str = "",
        mime_type: str = "",
        caption: str = "",
        reply_to: int | None = None,
        chat: int | None = None,
        album: str = "",
    ) -> Json:
        """Send a photo, document, voice, audio or sticker; those of one album share its name."""
        return acts.upload(
            self.world,
            self._who(person),
            kind,
            content,
            name=name,
            mime_type=mime_type,
            caption=caption,
            reply_to=reply_to,
            chat=self._group(chat),
            album=album,
        )

    def press(self, person: Who, message_id: int, data: str, *, chat: int | None = None) -> str:
        """Tap a button by its data, which may be stale; give the id of the query."""
        return acts.press(self.world, self._who(person), message_id, data, chat=self._group(chat)).query_id

    def press_key(self, person: Who, label: str, *, message_id: int | None = None, chat: int | None = None) -> str:
        """Tap the first button whose text contains the label, on the newest message that has one.

        Raises:
            LookupError: No such button; names those that are there.
        """
        where = self._chat(person, chat)
        wanted = label.casefold()
        seen: list[str] = []
        for message in reversed(where.messages.values()):
            if message_id is not None and message["message_id"] != message_id:
                continue
            for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
                for button in row:
                    seen.append(button["text"])
                    if wanted in button["text"].casefold() and "callback_data" in button:
                        return self.press(person, message["message_id"], button["callback_data"], chat=chat)
        raise LookupError(f"no button with {label!r}; there are {seen}")

    def stop_generation(self, person: Who) -> None:
        """Tap Stop below a streamed preview."""
        acts.stop_generation(self.world, self._who(person))

    def push_raw(self, update: Json) -> int:
        """Queue any JSON as an update; give its id."""
        return self.world.updates.push_raw(update)

    # What people see

    def messages(self, person: Who, *, chat: int | None = None) -> list[Json]:
        """Give the chat, oldest first, both sides."""
        return list(self._chat(person, chat).messages.values())

    def last(self, person: Who, *, chat: int | None = None) -> Json:
        """Give the newest message of the bot.

        Raises:
            LookupError: The bot has written nothing.
        """
        for message in reversed(self._chat(person, chat).messages.values()):
            if message["from"]["is_bot"]:
                return message
        raise LookupError("the bot has written nothing")

    def draft(self, person: Who) -> Json | None:
        """Give the streamed preview that is shown."""
        found = self.world.draft_in(self._chat(person, None))
        return found.event() if found else None

    def mark(self) -> int:
        """Give the present revision, for `wait_for(since=...)`."""
        return self.world.revision

    async def wait_for(
        self,
        person: Who,
        predicate: Callable[[Json], object] = bool,
        timeout: float = 5.0,  # noqa: ASYNC109 - for tests
        *,
        since: int = 0,
        chat: int | None = None,
    ) -> Json:
        """Wait until a message of the bot, new or edited, satisfies the predicate; give the newest that does.

        Args:
            person: Whose chat.
            predicate: Takes a Message; by default any will do.
            timeout: Seconds.
            since: Only what was sent or edited after this `mark()`.
            chat: A group instead of the person's private chat.

        Raises:
            TimeoutError: Says what the bot wrote last.
        """
        where = self._chat(person, chat)
        for message_id, message in reversed(where.messages.items()):
            if message["from"]["is_bot"] and where.changed[message_id] > since and predicate(message):
                return message
        waiter = Waiter(predicate, since, asyncio.get_running_loop().create_future())
        where.waiters.append(waiter)
        try:
            async with asyncio.timeout(timeout):
                return await waiter.found
        except TimeoutError:
            texts = [message.get("text") or message.get("caption") for message in list(where.messages.values())[-3:]]
            raise TimeoutError(f"no such message within {timeout} s; last: {texts}") from None
        finally:
            if waiter in where.waiters:
                where.waiters.remove(waiter)

    async def wait_answer(self, query_id: str, timeout: float = 5.0) -> Press:  # noqa: ASYNC109 - for tests
        """Wait until the bot answers a press."""
        press = self.world.presses[query_id]
        if press.answered_at is not None:
            return press
        if press.waiter is None:
            press.waiter = asyncio.get_running_loop().create_future()
        async with asyncio.timeout(timeout):
            return await asyncio.shield(press.waiter)

    def _who(self, person: Who) -> Person:
        return person if isinstance(person, Person) else acts.person_of(self.world, person)

    def _group(self, chat: int | None) -> Chat | None:
        return None if chat is None else self.world.chats[chat]

    def _chat(self, person: Who, chat: int | None) -> Chat:
        return self.world.chats[self._who(person).id if chat is None else chat]
