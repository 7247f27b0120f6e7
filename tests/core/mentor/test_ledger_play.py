"""The plays at their smallest: the ledger is the bill, caps hold, and a crash costs no message and no second call."""

import asyncio
import random
from dataclasses import replace

from core.mentor.calls import CallState
from core.mentor.conversation import Kind, Media, Said, State
from core.mentor.model import Purpose
from tests.core.mentor.ledger_play import Eye, Stage, ledger_play, operator_cap, staged, student_cap
from tests.model_server import Trouble


async def test_every_row_is_the_servers_bill(database_url: str) -> None:
    """To the last unit where the server told what it counted, and within three hundredths where it did not."""
    books, _ = await ledger_play(database_url, calls=200, students=10, seed=3)

    assert books.wrong == []
    assert books.good
    assert books.exact > 100
    assert books.estimated


async def test_operators_cap_holds_when_many_ask_at_once(postgres_url: str) -> None:
    """What is spent and set aside is never above it, at any commit."""
    found = await operator_cap(postgres_url, asks=60, cap=30 * 10**9, seed=3)

    assert found.good, found


async def test_students_cap_holds_when_all_their_calls_are_made_at_once(sqlite_url: str) -> None:
    """The same for one student's day."""
    found = await student_cap(sqlite_url, asks=60, cap=10 * 10**9, seed=3)

    assert found.good, found


async def test_what_came_while_a_lost_reply_was_written_is_answered(sqlite_url: str) -> None:
    """A crash interrupts the reply; messages that are not part of it have another one due by itself."""
    async with staged(sqlite_url, random.Random(1)) as stage:
        person = await stage.student(1)
        stage.server.usual = lambda line: Trouble(stall_after=2) if line.path.endswith("completions") else Trouble()
        await stage.core.mentor.hear(stage.actor(person), Said("che cos'è un limite?"))
        lost = asyncio.create_task(stage.replies.carry(stage.actor(person), Eye()))
        await _until_sent(stage, Purpose.REPLY)
        await stage.core.mentor.hear(stage.actor(person), Said("e una derivata?"))
        await stage.line.close()
        await asyncio.gather(lost, return_exceptions=True)

        await stage.core.mentor.recover(stage.clock.now(), alone=True)

        states = [row.state for row in await stage.rows("SELECT state FROM ai_mentor_chats ORDER BY id")]
        assert states == [State.ANSWERED, State.INTERRUPTED, State.WAITING, State.OPEN]
        calls = [call.state for call in await stage.all_calls() if call.purpose is Purpose.REPLY]
        assert calls == [CallState.INTERRUPTED, CallState.RESERVED]


async def test_a_voice_message_is_not_sent_twice(sqlite_url: str) -> None:
    """A crash while it is written down interrupts the reply; only the student has it sent again."""
    async with staged(sqlite_url, random.Random(1)) as stage:
        person = await stage.student(1)
        stage.server.usual = Trouble(hang=True)
        voice = Said("", Kind.VOICE, media=Media("voice", 2_000, 4, "audio/ogg"))
        await stage.core.mentor.hear(stage.actor(person), voice)
        lost = asyncio.create_task(stage.replies.carry(stage.actor(person), Eye()))
        await _until_sent(stage, Purpose.TRANSCRIPTION)
        await stage.line.close()
        await asyncio.gather(lost, return_exceptions=True)

        await stage.core.mentor.recover(stage.clock.now(), alone=True)

        states = [row.state for row in await stage.rows("SELECT state FROM ai_mentor_chats ORDER BY id")]
        assert states == [State.ANSWERED, State.INTERRUPTED]


async def test_a_reply_goes_on_if_nobody_waits_for_it(sqlite_url: str) -> None:
    """Its call was made: it is read to its end, settled and stored."""
    async with staged(sqlite_url, random.Random(1)) as stage:
        person = await stage.student(1)
        stage.server.usual = Trouble(delay=0.01)
        await stage.core.mentor.hear(stage.actor(person), Said("che cos'è un limite?"))
        left = asyncio.create_task(stage.replies.carry(stage.actor(person), Eye()))
        await _until_sent(stage, Purpose.REPLY)
        left.cancel()
        await asyncio.gather(left, return_exceptions=True)
        await stage.line.idle()

        rows = await stage.rows("SELECT state, content FROM ai_mentor_chats WHERE speaker = 'mentor'")
        assert [tuple(row) for row in rows] == [(State.WHOLE, stage.server.reply)]
        assert not await stage.storage.read(lambda work: work.calls.unfinished())


async def test_a_reply_that_was_sent_is_not_sent_again(sqlite_url: str) -> None:
    """If its call is settled and it is still due, the program ended in between: it is interrupted."""
    async with staged(sqlite_url, random.Random(1)) as stage:
        person = await stage.student(1)
        await stage.core.mentor.hear(stage.actor(person), Said("che cos'è un limite?"))
        await stage.replies.carry(stage.actor(person), Eye())
        await stage.line.idle()
        made = len(stage.server.bill)
        reply = (await stage.rows("SELECT id FROM ai_mentor_chats WHERE speaker = 'mentor'"))[0].id

        def reopen(work: object) -> None:
            stored = work.conversations.chat(reply, owner=person.id)  # type: ignore[attr-defined]
            work.conversations.change(replace(stored, state=State.OPEN, content=None))  # type: ignore[attr-defined]

        await stage.storage.transact(None, reopen)
        again = await stage.replies.carry(stage.actor(person), Eye())

        assert again is not None
        assert again.state is State.INTERRUPTED
        assert not any(line.path.endswith("completions") for line in stage.server.bill[made:])


async def _until_sent(stage: Stage, purpose: Purpose) -> None:
    async with asyncio.timeout(10):
        while not any(call.purpose is purpose and call.sent_at for call in await stage.all_calls()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await stage.server.busy.wait() if purpose is Purpose.REPLY else await asyncio.sleep(0.05)
