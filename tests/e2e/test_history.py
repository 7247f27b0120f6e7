"""Past quizzes, and every question of them."""

from bot.callbacks import QuizResult, QuizReview
from bot.i18n import translator
from tests.e2e.chat import STUDENT, Chat, labels, presses, said, words
from tests.e2e.conftest import ON_BOTH


@ON_BOTH
async def test_history_and_review_of_every_question(chat: Chat) -> None:
    """A quiz in the history opens its result, and from there each question with what was answered."""
    await chat.begin("extra/plain", length=3)
    await chat.answer(right=True)
    await chat.press("Avanti")
    await chat.answer(right=False)
    await chat.press("Avanti")
    await chat.press("Salta")

    history = await chat.say("/history")
    result = await chat.tap(next(press for press in presses(history) if isinstance(press, QuizResult)))
    seen = [await chat.press("Rivedi")]
    seen += [await chat.press("▶", on=seen[0]["message_id"]) for _ in range(3)]

    assert len([press for press in presses(history) if isinstance(press, QuizResult)]) == 1
    assert said("quiz-result", right=1, length=3) in words(result)
    assert ["Giusto" in words(message) for message in seen] == [True, False, False, True]
    assert "Non è così" in words(seen[1])
    assert "Saltata" in words(seen[2])
    assert words(await chat.press("Risultato")) == words(result)


async def test_report_from_the_review(chat: Chat) -> None:
    """A question can be reported long after its quiz; the result follows."""
    await chat.begin("extra/plain", length=1)
    await chat.answer(right=False)
    await chat.press("Com'è andata")
    await chat.press("Rivedi")

    await chat.press("⚑")
    reported = await chat.press("Sì, segnala")
    # The only question: there is nowhere to turn.
    assert labels(reported) == [said("mentor-explain-key"), said("quiz-back-to-result")]
    result = await chat.press("Risultato")

    assert "Segnalata" in words(reported)
    assert said("quiz-result-empty") in words(result)
    assert said("quiz-result-voided", count=1) in words(result)


@ON_BOTH
async def test_history_counts_as_the_result_does(chat: Chat) -> None:
    """A reported question is no part of a quiz's length, in the list as in the result; nothing that counts is said."""
    await chat.begin("extra/plain", length=3)
    for right in (True, False, True):
        await chat.answer(right=right)
        if not right:
            await chat.press("⚑")
            await chat.press("Sì, segnala")
        await chat.press("Avanti" if "Avanti ▶" in labels(chat.pg.last(STUDENT)) else "Com'è andata")
    chat.clock.advance(minutes=1)
    await chat.begin("extra/html", length=1)
    await chat.answer(right=False)
    await chat.press("⚑")
    await chat.press("Sì, segnala")
    await chat.press("Com'è andata")

    history = await chat.say("/history")

    day = translator("it").short_day(chat.clock.now(), "Europe/Rome")
    assert labels(history)[:2] == [
        said("history-quiz-empty", day=day, what="Html"),
        said("history-quiz", day=day, what="Plain", right=2, length=2),
    ]


async def test_no_review_of_a_quiz_under_way(chat: Chat) -> None:
    """Whoever forges a review of an open quiz learns nothing of its solutions."""
    question = await chat.begin("extra/plain", length=2)
    quiz = next(press.quiz for press in presses(question) if hasattr(press, "quiz"))

    shown = await chat.tap(QuizReview(quiz, 1))

    assert "1 di 2" in words(shown)
    assert "Risposta giusta" not in words(shown)


async def test_empty_history(chat: Chat) -> None:
    """Without a finished quiz the history says so."""
    assert "Non hai ancora finito" in words(await chat.say("/history"))


async def test_pages_of_history(chat: Chat) -> None:
    """More than a page of quizzes: the next page has the rest, and there is a way back."""
    for _ in range(9):
        chat.clock.advance(minutes=1)
        await chat.begin("extra/plain", length=1)
        await chat.answer(right=True)
        await chat.press("Com'è andata")
    first = await chat.say("/history")

    second = await chat.press("▶", on=first["message_id"])

    assert sum(isinstance(press, QuizResult) for press in presses(first)) == 8
    assert sum(isinstance(press, QuizResult) for press in presses(second)) == 1
    assert "◀" in labels(second)
