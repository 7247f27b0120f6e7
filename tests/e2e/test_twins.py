"""The ladder up to a worked example, and what comes back some days later without help."""

import pytest

from bot.callbacks import QuizSkip, QuizTwin, Speak
from tests.e2e.chat import STUDENT, Chat, Json, labels, presses, said, words
from tests.e2e.conftest import ON_BOTH

LANGUAGES = ("it", "en")


async def up_the_ladder(chat: Chat, topic: str = "extra/plain", *, length: int = 1) -> Json:
    """A question of a topic, after its three hints."""
    await chat.begin(topic, length=length)
    for _ in range(3):
        question = await chat.press("💡")
    return question


async def to_the_return(chat: Chat, line: str) -> Json:
    """The question that came back: those before it are skipped."""
    message = chat.pg.last(STUDENT)
    while line not in words(message):
        message = await chat.tap(next(press for press in presses(message) if isinstance(press, QuizSkip)))
    return message


async def hints(chat: Chat) -> int:
    """Rungs counted at the open question."""
    (quiz,) = await chat.rows("SELECT hints FROM quiz_sessions")
    return int(quiz.hints)


@ON_BOTH
@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_worked_example_after_the_last_hint(chat: Chat, language: str) -> None:
    """It stands below with its solution; the question keeps its keys and its place, and its attempt says so."""
    await chat.say("/help")
    await chat.tap(Speak(LANGUAGES.index(language)))
    question = await up_the_ladder(chat)
    key = said("quiz-twin", language)

    example = await chat.press(key)

    assert key in labels(question)
    assert example["message_id"] > question["message_id"]
    assert said("twin-head", language, topic="Plain") in words(example)
    assert said("twin-method", language) in words(example)
    assert words(example).count("✓") == 1
    slug = words(example).split(f" ({language})?")[0].split()[-1]
    assert f"{slug} {language} explanation" in words(example)
    assert f"{slug} (" not in words(question)
    assert (labels(example), chat.with_keys()) == ([], [question])
    assert (await chat.screen()).message_id == question["message_id"]
    verdict = await chat.tap(presses(question)[0], on=question["message_id"])
    await chat.quiet()
    (attempt,) = await chat.attempts()
    assert (attempt.hints, attempt.help) == (4, "twin")
    assert verdict == example  # the verdict stands in the question's message, above
    assert len(chat.with_keys()) == 1


@ON_BOTH
async def test_the_same_example_again(chat: Chat) -> None:
    """A second press, also after a restart, shows the same one and counts nothing."""
    question = await up_the_ladder(chat)
    first = await chat.press("💡")
    again = await chat.press("💡")

    await chat.stop()
    await chat.start()
    late = await chat.press("💡")

    assert words(first) == words(again) == words(late)
    assert first["message_id"] < again["message_id"] < late["message_id"]
    assert await hints(chat) == 4
    assert chat.with_keys() == [question]


async def test_pressed_while_the_bot_is_away(chat: Chat) -> None:
    """The example comes when it is back, and counts once."""
    question = await up_the_ladder(chat)
    press = next(press for press in presses(question) if isinstance(press, QuizTwin)).encode()
    await chat.stop()
    for _ in range(2):
        chat.pg.press(STUDENT, question["message_id"], press)

    await chat.start()
    example = await chat.settled()

    assert said("twin-method") in words(example)
    assert await hints(chat) == 4
    assert chat.with_keys() == [question]


async def test_no_key_where_there_is_none(chat: Chat) -> None:
    """The only question of its topic: after the last hint the key is gone."""
    question = await up_the_ladder(chat, "extra/numeric")

    assert not any("💡" in label for label in labels(question))


async def test_a_picture_in_the_example(chat: Chat) -> None:
    """The formula of the other question comes with it."""
    question = await up_the_ladder(chat, "extra/formula")

    example = await chat.press("💡")

    assert example.get("photo")
    assert said("twin-method") in words(example)
    assert chat.with_keys() == [question]


async def test_not_knowing_at_the_top_of_the_ladder(chat: Chat) -> None:
    """“Boh” offers the worked example where the hints are used up."""
    await up_the_ladder(chat)

    remark = await chat.say("boh")
    example = await chat.press("💡", on=remark["message_id"])

    assert labels(remark) == [said("quiz-twin"), said("quiz-skip")]
    assert said("twin-method") in words(example)


async def test_stale_presses(chat: Chat) -> None:
    """After the answer, and before the last hint: no example, nothing counted."""
    question = await up_the_ladder(chat, length=2)
    press = next(press for press in presses(question) if isinstance(press, QuizTwin))
    await chat.answer(right=True)
    following = await chat.press("Avanti")

    query = chat.pg.press(STUDENT, question["message_id"], press.encode())
    await chat.quiet()
    early = await chat.tap(QuizTwin(press.quiz, 1))

    assert chat.pg.world.presses[query].text == said("passed-answered")
    assert words(early) == words(following)
    assert not any(said("twin-method") in words(message) for message in chat.bot_messages())
    assert await hints(chat) == 0


@ON_BOTH
@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_comes_back_without_help(chat: Chat, language: str) -> None:
    """Some days after a hint: a question like it, with a line that says so, without hints; its answer is linked."""
    await chat.say("/help")
    await chat.tap(Speak(LANGUAGES.index(language)))
    await chat.begin("extra/plain")
    await chat.press("💡")
    await chat.answer(right=True)
    chat.clock.advance(days=3)
    line = said("twin-return-helped", language)

    first = await chat.begin("extra/plain", length=4)
    back = await to_the_return(chat, line)

    assert line not in words(first)
    assert not any("💡" in label for label in labels(back))
    assert said("quiz-skip", language) in labels(back)
    remark = await chat.say("boh" if language == "it" else "dunno")
    assert not any("💡" in label for label in labels(remark))
    await chat.tap(presses(back)[0], on=back["message_id"])
    (twin,) = await chat.rows("SELECT help, attempt_id FROM twins WHERE help IS NOT NULL")
    assert twin.attempt_id == (await chat.attempts())[-1].id


async def test_a_mistake_comes_back_and_can_be_skipped(chat: Chat) -> None:
    """It says that it was a mistake; skipped, it is there again the next day, also after a restart."""
    await chat.begin("extra/plain")
    await chat.answer(right=False)
    chat.clock.advance(days=3)
    line = said("twin-return-missed")
    await chat.begin("extra/plain", length=4)
    back = await to_the_return(chat, line)

    await chat.stop()
    await chat.start()
    shown = await chat.say("/resume")
    await chat.press("Salta")
    chat.clock.advance(hours=25)
    await chat.begin("extra/plain", length=4)
    again = await to_the_return(chat, line)

    assert words(shown) == words(back)
    assert not any("💡" in label for label in labels(again))
    assert await chat.count("twins") == 1
