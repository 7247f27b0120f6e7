"""Two hundred messages at once from one person: a polite word, and nobody else waits."""

import asyncio

from tests.e2e.chat import DEADLINE, PARENT, STUDENT, Chat, presses, said, words
from tests.e2e.conftest import ON_BOTH


@ON_BOTH
async def test_two_hundred_messages_at_once(chat: Chat) -> None:
    """The first ones are answered, one polite word stands for the rest, presses stop spinning, nothing is stuck."""
    question = await chat.begin("extra/plain")
    before = len(chat.bot_messages())
    queries = []
    for number in range(200):
        chat.pg.say(STUDENT, f"messaggio {number}")
        if number % 20 == 0:
            queries.append(chat.pg.press(STUDENT, question["message_id"], presses(question)[0].encode()))
    chat.pg.say(PARENT, "/help")

    other = await chat.pg.wait_for(PARENT, timeout=DEADLINE)
    await chat.quiet(30)

    assert "Che cosa so fare" in words(other)
    answers = chat.bot_messages()[before:]
    assert sum(words(message) == said("too-many-messages") for message in answers) == 1
    assert len(answers) <= 60
    await asyncio.gather(*(chat.pg.wait_answer(query) for query in queries))
    assert len(await chat.attempts()) == 1
    assert [row.status for row in await chat.rows("SELECT DISTINCT status FROM inbox")] == ["shown"]


async def test_after_the_flood(chat: Chat) -> None:
    """After a flood the next message is answered as always, and another flood is told again."""
    for _ in range(2):
        for number in range(80):
            chat.pg.say(STUDENT, f"messaggio {number}")
        await chat.quiet(20)
        assert "Che cosa so fare" in words(await chat.say("/help"))

    assert sum(words(message) == said("too-many-messages") for message in chat.bot_messages()) == 2
