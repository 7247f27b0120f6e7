"""Parents: a word of their own, a message to forward, their menu, and the way back."""

from tests.e2e.chat import PARENT, STUDENT, Chat, labels, said, words
from tests.e2e.conftest import ON_BOTH


@ON_BOTH
async def test_parent_gets_a_message_to_forward(chat: Chat) -> None:
    """“I am a parent” below the first question: what this is; one tap more, a message with the bot's address."""
    await chat.say("/start", who=PARENT)

    hello = await chat.press("Sono un genitore", who=PARENT)
    forward = await chat.press(said("parent-message"), who=PARENT)

    assert "https://t.me/chiron_play_bot?start=" in words(forward)
    assert labels(forward) == []
    assert words(hello) == said("parent-hello")
    assert (await chat.rows("SELECT role, onboarding FROM users"))[0].role == "parent"
    commands = [command["command"] for command in chat.pg.world.commands_for(chat.pg.person(PARENT))]
    assert commands == ["start", "settings", "help", "privacy"]


async def test_parent_is_not_asked_about_an_exam(chat: Chat) -> None:
    """A parent who tries a quiz is not asked for exam and birth year."""
    await chat.say("/start", who=PARENT)
    await chat.press("Sono un genitore", who=PARENT)
    await chat.begin("extra/plain", length=5, who=PARENT)
    for _ in range(4):
        await chat.answer(right=True, who=PARENT)
        await chat.press("Avanti", who=PARENT)

    assert "5 di 5" in words(chat.pg.last(PARENT))


async def test_parent_s_words_are_met(chat: Chat) -> None:
    """What a parent writes is answered with what there is for parents; in a quiz, with the way on as well."""
    await chat.say("/start", who=PARENT)
    await chat.press("Sono un genitore", who=PARENT)

    remark = await chat.say("Come va mio figlio?", who=PARENT)
    greeting = await chat.say("Buongiorno", who=PARENT)
    helped = await chat.say("/help", who=PARENT)
    await chat.begin("extra/plain", length=5, who=PARENT)
    trying = await chat.say("Come va mio figlio?", who=PARENT)

    assert words(remark) == words(trying) == said("remark-parent")
    assert words(greeting) == said("remark-parent-greeting")
    assert words(helped) == said("help-parent")
    assert labels(remark) == labels(greeting) == labels(helped) == [said("parent-message"), said("parent-try")]
    assert labels(trying)[0] == said("quiz-continue-short", number=1, length=5)


async def test_back_to_being_a_student(chat: Chat) -> None:
    """Whoever is a student after all gets the student's home and menu back."""
    await chat.say("/start", who=STUDENT)
    await chat.press("Sono un genitore")

    await chat.press("Sono qui per studiare")

    assert said("home-title") in words(chat.bot_messages()[0])
    commands = [command["command"] for command in chat.pg.world.commands_for(chat.pg.person(STUDENT))]
    assert "quiz" in commands


async def test_double_tap_on_being_a_parent(chat: Chat) -> None:
    """Two taps make one parent; the second one changes nothing."""
    question = await chat.say("/start", who=PARENT)
    data = next(
        key["callback_data"]
        for row in question["reply_markup"]["inline_keyboard"]
        for key in row
        if "genitore" in key["text"]
    )

    for _ in range(2):
        chat.pg.press(PARENT, question["message_id"], data)
    await chat.quiet()

    assert await chat.count("users", "role = 'parent'") == 1
    assert await chat.count("inbox", "status = 'dead'") == 0
