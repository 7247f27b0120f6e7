"""The first minute: a question at once, a verdict after one tap, three questions about oneself after the third."""

from datetime import date

import pytest

from bot.callbacks import BirthYear, ExamDay, ExamInView, ExamMonth, QuizAnswer, QuizNext
from tests.e2e.chat import STUDENT, Chat, folded, labels, presses, said, words
from tests.e2e.conftest import ON_BOTH

ENGLISH = 2001


@ON_BOTH
async def test_first_message_is_a_question(chat: Chat) -> None:
    """Start is answered by one message: a question in Telegram's language, with letters to tap."""
    message = await chat.say("/start")

    assert len(chat.bot_messages()) == 1
    assert said("start-hello", count=5) in words(message)
    assert "1 di 5" in words(message)
    assert any(isinstance(press, QuizAnswer) for press in presses(message))
    assert await chat.count("quiz_sessions") == 1


async def test_first_message_in_english(chat: Chat) -> None:
    """Whoever uses Telegram in English is spoken to in English, and asked in English."""
    chat.pg.person(ENGLISH, language_code="en")

    message = await chat.say("/start", who=ENGLISH)
    verdict = await chat.answer(right=False, who=ENGLISH)

    assert "1 of 5" in words(message)
    assert "That's not right" in words(verdict)
    assert any("Next" in label for label in labels(verdict))


@ON_BOTH
async def test_wrong_tap_shows_the_error_first_and_the_solution_folded(chat: Chat) -> None:
    """A wrong tap edits the question: the thinking behind that choice, the right letter, the explanation folded."""
    question = await chat.begin("extra/plain")
    verdict = await chat.answer(right=False)

    text = words(verdict)
    assert verdict["message_id"] == question["message_id"]
    assert (
        text.index("Non è così") < text.index("it error") < text.index("Risposta giusta") < text.index("it explanation")
    )
    assert ["it explanation" in part for part in folded(verdict)] == [True]
    assert [row.is_right for row in await chat.attempts()] == [False]


async def test_right_tap_gives_points(chat: Chat) -> None:
    """A right tap says so and how many points it was worth; the same points are in the row."""
    await chat.say("/start")

    verdict = await chat.answer(right=True)

    (attempt,) = await chat.attempts()
    assert f"Giusto! +{attempt.xp} XP" in words(verdict)
    assert attempt.xp >= 10


@ON_BOTH
async def test_three_questions_about_oneself_and_the_quiz_goes_on(chat: Chat) -> None:
    """After the third answer exam, date and birth year are asked, once each; then comes the fourth question."""
    await chat.say("/start")
    for _ in range(2):
        await chat.answer(right=True)
        assert "di 5" in words(await chat.press("Avanti"))
    await chat.answer(right=False)

    asked = await chat.press("Avanti")
    assert isinstance(presses(asked)[0], ExamInView)
    asked = await chat.press("TOLC-E")
    assert "TOLC-E" in words(asked)
    assert isinstance(presses(asked)[2], ExamMonth)
    asked = await chat.tap(presses(asked)[2])
    assert isinstance(presses(asked)[0], ExamDay)
    asked = await chat.press("15")
    assert isinstance(presses(asked)[0], BirthYear)
    question = await chat.press("2008")

    assert "4 di 5" in words(question)
    (user,) = await chat.rows("SELECT * FROM users")
    (course,) = await chat.rows("SELECT * FROM courses")
    assert (user.birth_year, user.onboarding, course.exam_type) == (2008, "done", "TOLC-E")
    assert course.exam_date.endswith("-15")


async def test_asked_in_words(chat: Chat) -> None:
    """Date and birth year can be written; what cannot be is refused with the reason, and asked still."""
    await _to_the_introduction(chat)
    await chat.press("TOLC-I")

    refused = await chat.say("12/02/1999")
    await chat.say("12/02/2027")
    refused_year = await chat.say("1700")
    question = await chat.say("2007")

    assert "Questa data non va bene" in words(refused)
    assert "anno di nascita non mi torna" in words(refused_year)
    assert "4 di 5" in words(question)


async def test_day_without_a_year(chat: Chat) -> None:
    """The year that was meant is said above what is asked next; a day that does not exist is said to be none."""
    await _to_the_introduction(chat)
    await chat.say("tolc i")
    today = chat.clock.now().date()
    meant = next(day for day in (date(year, 2, 18) for year in range(today.year, today.year + 2)) if day >= today)

    refused = await chat.say("31/02")
    asked = await chat.say("18/02")

    assert words(refused) == said("error-invalid-input-no-such-day")
    assert words(asked) == said("noted-day", day=f"18 febbraio {meant.year}") + "\n\n" + said("ask-birth")
    assert chat.with_keys() == [asked]


async def test_being_a_parent_can_be_said_until_the_first_answer(chat: Chat) -> None:
    """After a hint and after a skip too; not after an answer."""
    await chat.say("/start")

    hinted = await chat.press("💡")
    skipped = await chat.press("Salta")
    again = await chat.say("/start")
    await chat.answer(right=True)
    following = await chat.press("Avanti")

    parent = said("start-i-am-parent")
    assert [parent in labels(message) for message in (hinted, skipped, again, following)] == [True, True, True, False]
    assert words(again) == words(skipped)  # “here is the first” is said of the first one only


async def test_nothing_is_known_yet(chat: Chat) -> None:
    """Whoever does not know, or would rather not say, goes on all the same and is not asked again."""
    await _to_the_introduction(chat)

    await chat.press("Non lo so ancora")
    question = await chat.press("Preferisco non dirlo")

    assert "4 di 5" in words(question)
    assert await chat.count("courses") == 0


async def test_start_again_in_the_middle_of_being_asked(chat: Chat) -> None:
    """Start again while the exam is asked: it is asked again at the bottom, and only there."""
    await _to_the_introduction(chat)

    again = await chat.say("/start")

    assert isinstance(presses(again)[0], ExamInView)
    assert chat.with_keys() == [again]


async def test_double_tap_on_next_before_the_introduction(chat: Chat) -> None:
    """Two taps on Next after the third answer ask for the exam once, and skip nothing."""
    await _to_the_third_verdict(chat)
    verdict = chat.pg.last(STUDENT)
    data = next(press for press in presses(verdict) if isinstance(press, QuizNext)).encode()

    for _ in range(2):
        chat.pg.press(STUDENT, verdict["message_id"], data)
    last = await chat.settled()

    assert isinstance(presses(last)[0], ExamInView)
    assert sum("Per quale esame" in words(message) for message in chat.bot_messages()) == 1
    assert (await chat.rows("SELECT served_index FROM quiz_sessions"))[0].served_index == 2


async def test_language_switch_in_the_middle(chat: Chat) -> None:
    """The language chosen in the settings holds from then on, whatever Telegram says, for questions and words."""
    await chat.say("/start")
    await chat.say("/settings")

    switched = await chat.press("English")
    question = await chat.press(said("quiz-continue-short", "en", number=1, length=5))
    verdict = await chat.answer(right=False)

    assert "Settings" in words(switched)
    assert "1 of 5" in words(question)
    assert chat.with_keys() == [verdict]
    assert "That's not right" in words(verdict)


async def test_language_follows_telegram_until_one_is_chosen(chat: Chat) -> None:
    """Whoever changes Telegram's language is answered in the new one."""
    await chat.say("/help")
    chat.pg.person(STUDENT).language_code = "en"

    message = await chat.say("/help")

    assert "What I can do" in words(message)


@pytest.mark.parametrize("code", ["", "de", "pt-br", "it-IT"])
async def test_any_language_code(chat: Chat, code: str) -> None:
    """No language code is too strange: Italian for Italian ones, English for all others."""
    chat.pg.person(ENGLISH, language_code=code)

    message = await chat.say("/start", who=ENGLISH)

    assert ("1 di 5" if code == "it-IT" else "1 of 5") in words(message)


async def _to_the_third_verdict(chat: Chat) -> None:
    await chat.say("/start")
    for _ in range(2):
        await chat.answer(right=True)
        await chat.press("Avanti")
    await chat.answer(right=True)


async def _to_the_introduction(chat: Chat) -> None:
    await _to_the_third_verdict(chat)
    await chat.press("Avanti")
