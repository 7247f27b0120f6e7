"""Answers that are written: what counts as one, what does not, and where the question stands meanwhile."""

import pytest

from bot.callbacks import QuizAnswer
from tests.e2e.chat import STUDENT, Chat, labels, presses, quiz_of, said, words
from tests.e2e.conftest import ON_BOTH


@ON_BOTH
@pytest.mark.parametrize(("typed", "right"), [("0,75", True), ("3/4", True), ("0.8", False)])
async def test_number(chat: Chat, typed: str, right: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """A written number is an answer; the verdict stands below it and says how it was read."""
    question = await chat.begin("extra/numeric")

    verdict = await chat.say(typed)

    assert verdict["message_id"] > question["message_id"] + 1
    assert ("Giusto" in words(verdict)) is right
    assert "Ho letto" in words(verdict)
    assert chat.with_keys() == [verdict]
    assert [bool(row.is_right) for row in await chat.attempts()] == [right]


@ON_BOTH
async def test_remark_is_never_a_number(chat: Chat) -> None:
    """A sentence with a number in it is asked about, and nothing is recorded."""
    await chat.begin("extra/numeric")

    asked = await chat.say("ho 3 dubbi")
    back = await chat.press("↩️")

    assert words(asked) == said("quiz-no-number", text="ho 3 dubbi")
    assert "quanto fa" in words(back)
    assert any("Salta" in label for label in labels(back))
    assert len(await chat.attempts()) == 0
    await chat.say("0,75")
    assert [bool(row.is_right) for row in await chat.attempts()] == [True]


async def test_number_after_an_unclear_text(chat: Chat) -> None:
    """Whoever just writes the number after an unclear text is judged, and no old keys stay behind."""
    await chat.begin("extra/numeric")
    await chat.say("boh")

    verdict = await chat.say("0,75")

    assert "Giusto" in words(verdict)
    assert chat.with_keys() == [verdict]


@pytest.mark.parametrize("topic", ["extra/numeric", "extra/plain", "extra/multiple"])
async def test_not_knowing_is_answered_with_the_keys_that_help(chat: Chat, topic: str) -> None:
    """“Boh” is no answer: hint and skip stand below the kind word, and work; the question stands in one place."""
    await chat.begin(topic)

    remark = await chat.say("boh")
    hinted = await chat.press("💡", on=remark["message_id"])

    assert words(remark) == said("remark-unsure", count=3)
    assert labels(remark) == [said("quiz-hint"), said("quiz-skip")]
    assert hinted["message_id"] == remark["message_id"]
    assert "Indizio 1 di 3" in words(hinted)
    assert chat.with_keys() == [hinted]
    assert len(await chat.attempts()) == 0


async def test_skip_below_not_knowing(chat: Chat) -> None:
    """It skips the question; the next one stands below, and nothing else has keys."""
    await chat.begin("extra/plain", length=2)
    await chat.say("non ho capito")

    following = await chat.press("Salta")

    assert "2 di 2" in words(following)
    assert chat.with_keys() == [following]


async def test_unclear_text_keeps_the_keys_that_help(chat: Chat) -> None:
    """While it is asked what a text was meant as, hint, skip and pause are at hand."""
    await chat.begin("extra/numeric")

    asked = await chat.say("ho 3 dubbi")
    hinted = await chat.press("💡")

    keys = ("mentor-instead-key", "quiz-hint", "mentor-key", "quiz-skip", "quiz-pause")
    assert labels(asked)[-5:] == [said(key) for key in keys]
    assert "quanto fa" in words(hinted)
    assert chat.with_keys() == [hinted]


async def test_remark_tells_of_the_keys_that_are_there(chat: Chat) -> None:
    """A remark to a question tells of hint and skip where they are."""
    await chat.begin("extra/plain")
    before = await chat.say("12,5")
    for _ in range(3):
        await chat.press("💡")

    after = await chat.say("12,5")

    assert words(before) == said("remark-asked-single", count=3)
    assert words(after) == said("remark-asked-single", count=0)
    assert "Indizio" not in words(after)


async def test_ambiguous_number(chat: Chat) -> None:
    """1.000 is one or a thousand: the student says which."""
    await chat.begin("extra/numeric-two")

    asked = await chat.say("1.000")
    verdict = await chat.press("1.000")

    assert labels(asked)[:2] == ["1", "1.000"]
    assert "Giusto" in words(verdict)
    assert len(await chat.attempts()) == 1


async def test_ambiguous_number_is_decided_once(chat: Chat) -> None:
    """Two taps on the readings record one answer, the first."""
    await chat.begin("extra/numeric-two")
    asked = await chat.say("1.000")
    first, second = presses(asked)[:2]

    for press in (first, second):
        chat.pg.press(STUDENT, asked["message_id"], press.encode())
    await chat.quiet()

    assert [bool(row.is_right) for row in await chat.attempts()] == [False]


@ON_BOTH
async def test_word(chat: Chat) -> None:
    """A word is confirmed, then judged: one that the bank accepts is right, whatever its case and article."""
    await chat.begin("extra/short")

    await chat.say("Il MITOCONDRIO!")
    assert len(await chat.attempts()) == 0
    verdict = await chat.press("✍️ Sì")

    assert "Giusto" in words(verdict)
    assert "Hai scritto" in words(verdict)


async def test_other_word_is_asked_about(chat: Chat) -> None:
    """Any other text is an answer only if the student says so."""
    await chat.begin("extra/short")

    asked = await chat.say("il nucleo")
    verdict = await chat.press("✍️ Sì")

    assert "il nucleo" in words(asked)
    assert "Non è così" in words(verdict)
    assert verdict["message_id"] == asked["message_id"]
    assert chat.with_keys() == [verdict]


@ON_BOTH
async def test_reply_to_the_question_is_an_answer(chat: Chat) -> None:
    """A reply to the question is an answer, whatever it says."""
    question = await chat.begin("extra/short")

    verdict = await chat.say("il nucleo", reply_to=question["message_id"])

    assert "Non è così" in words(verdict)
    assert len(await chat.attempts()) == 1


@pytest.mark.parametrize("text", ["ciao!", "grazie mille", "non ho capito", "🙏", "e se fosse la B?"])
async def test_remark_leaves_the_question_as_it_is(chat: Chat, text: str) -> None:
    """A remark in the middle of a question gets a word, and the question keeps its keys."""
    question = await chat.begin("extra/plain")

    remark = await chat.say(text)

    assert remark["message_id"] > question["message_id"]
    assert any(
        isinstance(press, QuizAnswer)
        for press in presses(chat.pg.world.chat_of(STUDENT).messages[question["message_id"]])
    )
    assert len(await chat.attempts()) == 0
    await chat.tap(await _right(chat, question), on=question["message_id"])
    assert [bool(row.is_right) for row in await chat.attempts()] == [True]


@ON_BOTH
@pytest.mark.parametrize("form", ["{}", "{})", "({})", " {}. "])
async def test_letter(chat: Chat, form: str) -> None:
    """A question with letters can be answered by writing one, as it is shown."""
    question = await chat.begin("extra/plain")
    tap = await _right(chat, question)
    shown = [press.choice for press in presses(question) if isinstance(press, QuizAnswer)]
    letter = "abcde"[shown.index(tap.choice)]

    verdict = await chat.say(form.format(letter))

    assert "Giusto" in words(verdict)
    assert chat.with_keys() == [verdict]


async def test_tap_on_the_question_after_writing(chat: Chat) -> None:
    """Whoever wrote the answer and then taps a letter of the old message changes nothing."""
    question = await chat.begin("extra/plain")
    await chat.say("a")

    await chat.tap(presses(question)[1], on=question["message_id"])

    assert len(await chat.attempts()) == 1
    assert len(chat.with_keys()) == 1


async def test_text_without_a_question(chat: Chat) -> None:
    """Without an open question a text is for the mentor; a greeting gets a friendly line, and a number a clear one."""
    await chat.say("/help")

    reply = await chat.say("come si risolve una disequazione?")
    greeting = await chat.say("ciao!")
    number = await chat.say("12,5")

    assert words(reply).startswith(said("archive-why-no-model"))
    assert words(greeting) == said("remark-greeting")
    assert words(number) == said("remark")


async def test_text_at_a_verdict_is_no_answer(chat: Chat) -> None:
    """What is written while a verdict is read is a remark, and the verdict keeps its keys."""
    await chat.begin("extra/numeric", length=1)
    await chat.say("0,75")

    await chat.say("0,5")

    assert len(await chat.attempts()) == 1
    assert any("Com'è andata" in label for label in labels(chat.with_keys()[0]))


async def test_unclear_text_survives_a_restart(chat: Chat) -> None:
    """After a restart the unclear text can still be taken as the answer."""
    await chat.begin("extra/short")
    asked = await chat.say("il nucleo")
    await chat.stop()
    await chat.start()

    verdict = await chat.tap(presses(asked)[0], on=asked["message_id"])

    assert "Non è così" in words(verdict)
    assert "il nucleo" in words(verdict)


async def test_letters_are_those_that_are_shown(chat: Chat) -> None:
    """The order of the letters is the same for ever for a place of a quiz."""
    question = await chat.begin("extra/plain")
    shown = [press.choice for press in presses(question) if isinstance(press, QuizAnswer)]

    again = await chat.say("/resume")

    assert [press.choice for press in presses(again) if isinstance(press, QuizAnswer)] == shown
    assert sorted(shown) == list(range(5))
    assert quiz_of(again) == quiz_of(question)


async def _right(chat: Chat, question: dict[str, object]) -> QuizAnswer:
    taps = [press for press in presses(question) if isinstance(press, QuizAnswer)]
    key = await chat.key(taps[0])
    return next(tap for tap in taps if tap.choice in key)
