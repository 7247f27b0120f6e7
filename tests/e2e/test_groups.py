"""Groups: a command gets one line with the way to the private chat; nothing else is answered."""

import pytest

from tests.e2e.chat import STUDENT, Chat, words


@pytest.mark.parametrize("command", ["/quiz", "/start@chiron_play_bot", "/history@chiron_play_bot"])
async def test_command_in_a_group(chat: Chat, command: str) -> None:
    """Each command of ours is answered once, with a link to the private chat."""
    group = chat.pg.add_group("5A", [STUDENT, chat.pg.person(4001)])

    chat.pg.say(STUDENT, command, chat=group)
    await chat.quiet()

    (answer,) = [message for message in chat.pg.messages(STUDENT, chat=group) if message["from"]["is_bot"]]
    assert "in privato" in words(answer)
    assert answer["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://t.me/chiron_play_bot"
    assert await chat.count("quiz_sessions") == 0
    assert chat.bot_messages() == []


async def test_chatter_in_a_group(chat: Chat) -> None:
    """What is no command of ours, or is for another bot, is not answered."""
    group = chat.pg.add_group("5A", [STUDENT], privacy=False)

    for text in ("ciao", "a", "0,75", "/quiz@other_bot", "/anything"):
        chat.pg.say(STUDENT, text, chat=group)
    await chat.quiet()

    assert [m for m in chat.pg.messages(STUDENT, chat=group) if m["from"]["is_bot"]] == []


async def test_channel_posts_are_not_asked_for(chat: Chat) -> None:
    """A channel post that comes all the same is put aside without a word."""
    chat.pg.push_raw(
        {
            "channel_post": {
                "message_id": 1,
                "date": 1,
                "chat": {"id": -1009, "type": "channel", "title": "c"},
                "text": "/start",
            }
        }
    )
    await chat.quiet()

    assert [row.status for row in await chat.rows("SELECT status FROM inbox")] == ["shown"]
    assert chat.pg.counters["sendMessage"] == 0
