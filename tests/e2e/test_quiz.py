"""Quizzes as they are chosen and played with buttons."""

import asyncio

from bot.callbacks import QuizAnswer, QuizSetup, QuizStart, QuizTopics
from bot.views.item import WORD_JOINER
from core.practice.model import Difficulty, Mode
from tests.e2e.chat import STUDENT, Chat, labels, presses, quiz_of, said, words
from tests.e2e.conftest import ON_BOTH


@ON_BOTH
async def test_menu_counts_questions(chat: Chat) -> None:
    """Setting up a quiz says how many questions there are; mistakes are there only when there are some."""
    everything = await chat.count("questions", "retired_at IS NULL")

    menu = await chat.say("/quiz")
    setup = await chat.press(said("quiz-mixed"))
    await chat.begin("extra/plain")
    await chat.answer(right=False)
    with_mistakes = await chat.say("/quiz")

    assert str(everything) in words(setup)
    assert not any(said("quiz-mistakes", count=0)[:5] in label for label in labels(menu))
    assert said("quiz-mistakes", count=1) in labels(with_mistakes)


async def test_topics_with_their_numbers(chat: Chat) -> None:
    """From subject to topic, each with its number of questions, and back."""
    await chat.say("/quiz")

    subjects = await chat.press(said("quiz-targeted"))
    topics = await chat.press("Extra")
    again = await chat.press("Indietro")

    assert all("(" in label for label in labels(subjects)[:-1])
    assert "Extra (" in labels(topics)[0]
    assert "Plain (6)" in labels(topics)
    assert labels(again) == labels(subjects)


async def test_back_from_a_topic_to_where_it_was_chosen(chat: Chat) -> None:
    """From the setup of a topic to the topics beside it, from that of a whole subject to its topics."""
    await chat.say("/quiz")
    await chat.press(said("quiz-targeted"))
    topics = labels(await chat.press("Extra"))

    await chat.press("Plain (6)")
    from_topic = labels(await chat.press("Indietro"))
    await chat.press(topics[0])
    from_subject = labels(await chat.press("Indietro"))

    assert from_topic == topics
    assert from_subject == topics


async def test_length_and_difficulty(chat: Chat) -> None:
    """5, 10 or 20 where there are as many; difficulty goes round, and the number of questions follows it."""
    await chat.say("/quiz")
    setup = await chat.press(said("quiz-mixed"))

    sizes = [press.length for press in presses(setup) if isinstance(press, QuizStart)]
    easy = await chat.press("Difficoltà")

    assert sizes == [5, 10, 20]
    assert "facile" in " ".join(labels(easy))
    found = next(press for press in presses(easy) if isinstance(press, QuizSetup))
    assert found.difficulty is Difficulty.MEDIUM
    await chat.press("10")
    assert [row.length for row in await chat.rows("SELECT length FROM quiz_sessions")] == [10]


async def test_small_topic_offers_what_it_has(chat: Chat) -> None:
    """A topic with six questions offers five or all six."""
    await chat.say("/quiz")
    await chat.press(said("quiz-targeted"))
    await chat.press("Extra")

    setup = await chat.press("Plain (6)")

    assert [press.length for press in presses(setup) if isinstance(press, QuizStart)] == [5, 6]


async def test_double_tap_on_start_begins_one_quiz(chat: Chat) -> None:
    """The second tap on a length finds the quiz that the first one began."""
    await chat.say("/quiz")
    setup = await chat.press(said("quiz-mixed"))
    data = next(press for press in presses(setup) if isinstance(press, QuizStart)).encode()

    for _ in range(2):
        chat.pg.press(STUDENT, setup["message_id"], data)
    last = await chat.settled()

    assert await chat.count("quiz_sessions") == 1
    assert "1 di 5" in words(last)
    assert len(chat.with_keys()) == 1


@ON_BOTH
async def test_hints_one_after_another(chat: Chat) -> None:
    """Hints are added to the same message, one a tap, and cost points; after the last a worked example is offered."""
    question = await chat.begin("extra/plain")
    for number, hint in enumerate(("cue", "method", "first step"), 1):
        hinted = await chat.press("💡")
        assert hinted["message_id"] == question["message_id"]
        assert hint in words(hinted)
        assert (await chat.rows("SELECT hints FROM quiz_sessions"))[0].hints == number

    assert [label for label in labels(hinted) if "💡" in label] == [said("quiz-twin")]
    await chat.answer(right=True)
    (attempt,) = await chat.attempts()
    assert (attempt.hints, attempt.help, attempt.xp) == (3, "hint", 5)


async def test_skip_goes_on_without_an_attempt(chat: Chat) -> None:
    """A skipped question has no attempt; the next one stands below, and the skipped one has no keys."""
    first = await chat.begin("extra/plain", length=2)

    second = await chat.press("Salta")

    assert second["message_id"] > first["message_id"]
    assert chat.with_keys() == [second]
    assert len(await chat.attempts()) == 0


@ON_BOTH
async def test_next_strips_the_verdict_and_sends_silently(chat: Chat) -> None:
    """Next takes the verdict's buttons away and sends the next question without a sound."""
    first = await chat.begin("extra/plain", length=2)
    await chat.answer(right=True)

    second = await chat.press("Avanti")

    sent = chat.pg.calls("sendMessage")[-1]
    assert second["message_id"] > first["message_id"]
    assert str(sent.params["disable_notification"]).lower() == "true"
    assert chat.with_keys() == [second]
    assert "Giusto" in words(chat.bot_messages()[-2])


@ON_BOTH
async def test_several_right_answers(chat: Chat) -> None:
    """Letters are ticked and unticked; confirm shows only with a tick, and all and only the right ones count."""
    question = await chat.begin("extra/multiple")
    assert not any("Conferma" in label for label in labels(question))
    toggles = {press.choice: press for press in presses(question) if hasattr(press, "on")}

    ticked = await chat.tap(toggles[1])
    assert any("☑" in label for label in labels(ticked))
    assert "✅ Conferma (1)" in labels(ticked)
    await chat.tap(next(p for p in presses(chat.pg.last(STUDENT)) if getattr(p, "choice", None) == 1))
    for choice in (0, 2):
        await chat.tap(next(p for p in presses(chat.pg.last(STUDENT)) if getattr(p, "choice", None) == choice))
    verdict = await chat.press("Conferma")

    assert "Giusto" in words(verdict)
    assert words(verdict).count("✓") == 2
    assert len(await chat.attempts()) == 1


async def test_result_screen(chat: Chat) -> None:
    """The end shows score, time, points and what next; its mistakes can be done again at once."""
    await chat.begin("extra/plain", length=2)
    await chat.answer(right=True)
    await chat.press("Avanti")
    chat.clock.advance(seconds=65)
    await chat.answer(right=False)

    result = await chat.press("Com'è andata")

    assert said("quiz-result", right=1, length=2) in words(result)
    assert said("quiz-result-time", time="1 min 05 s") in words(result)
    assert said("quiz-result-weak", topic="Plain") in words(result)
    (quiz,) = await chat.rows("SELECT * FROM quiz_sessions")
    assert (float(quiz.score), quiz.correct_count, quiz.wrong_count) == (50.0, 1, 1)
    assert quiz.completed_at is not None
    again = await chat.press(said("quiz-redo-mistakes", count=1))
    assert "1 di 1" in words(again)
    assert [row.mode for row in await chat.rows("SELECT mode FROM quiz_sessions ORDER BY started_at")] == [
        Mode.TARGETED,
        Mode.MISTAKES,
    ]


@ON_BOTH
async def test_report_makes_an_answer_not_count(chat: Chat) -> None:
    """“This question is wrong” is asked once more, then the attempt is voided and the totals follow."""
    await chat.begin("extra/plain", length=2)
    await chat.answer(right=False)

    doubted = await chat.press("⚑")
    assert said("quiz-doubt-sure") in words(doubted)
    kept = await chat.press("No, va bene")
    assert "Non è così" in words(kept)
    await chat.press("⚑")
    reported = await chat.press("Sì, segnala")
    assert labels(reported) == [said("quiz-next")]  # nothing like it can be asked for
    await chat.press("Avanti")
    await chat.answer(right=True)
    result = await chat.press("Com'è andata")

    assert "Segnalata" in words(reported)
    assert said("quiz-result", right=1, length=1) in words(result)
    assert said("quiz-result-voided", count=1) in words(result)
    assert [row.voided_at is None for row in await chat.attempts()] == [False, True]
    assert await chat.count("question_reports") == 1


async def test_one_more_like_this(chat: Chat) -> None:
    """After a mistake one more question of the topic can be put at the end, once however often it is tapped."""
    await chat.begin("extra/plain", length=2)
    verdict = await chat.answer(right=False)
    data = next(press for press in presses(verdict) if type(press).__name__ == "QuizSimilar").encode()

    for _ in range(2):
        chat.pg.press(STUDENT, verdict["message_id"], data)
    grown = await chat.settled()

    assert "1 di 3" in words(grown)
    assert not any("simile" in label for label in labels(grown))
    assert "2 di 3" in words(await chat.press("Avanti"))


@ON_BOTH
async def test_formula_is_a_photo_edited_in_place(chat: Chat) -> None:
    """A formula is a picture with the question as its caption; hint and verdict edit that message."""
    question = await chat.begin("extra/formula", length=2)
    assert question["photo"]
    assert "formula" in question["caption"]

    hinted = await chat.press("💡")
    verdict = await chat.answer(right=False)
    following = await chat.press("Avanti")

    assert [message["message_id"] for message in (hinted, verdict)] == [question["message_id"]] * 2
    assert "Non è così" in verdict["caption"]
    assert following["photo"]
    assert (await chat.screen()).picture


async def test_formula_question_survives_a_restart(chat: Chat) -> None:
    """A photo that was deleted is sent again when its place has to be shown."""
    question = await chat.begin("extra/formula")
    chat.expected_refusals |= {"message to edit not found", "message to delete not found"}
    del chat.pg.world.chat_of(STUDENT).messages[question["message_id"]]

    again = await chat.say("/resume")

    assert again["photo"]
    assert quiz_of(again) == quiz_of(question)


async def test_html_in_texts_is_text(chat: Chat) -> None:
    """Signs that mean something in HTML stand in the chat as they stand in the bank."""
    question = await chat.begin("extra/html")
    verdict = await chat.answer(right=False)

    for message in (question, verdict):
        text = words(message).replace(WORD_JOINER, "")  # it keeps "/b" from becoming a command
        assert "È vero che <b>a & b</b> < 3?" in text
        assert "&amp;" in text
        assert "\u202e\u200b🙂" in text


async def test_slow_answer_still_stops_the_spinner(chat: Chat) -> None:
    """A press whose result takes longer than a second is answered empty before."""
    await chat.begin("extra/plain")
    chat.pg.faults.delay(1.6, method="editMessageText", count=1)
    tap = next(press for press in presses(chat.pg.last(STUDENT)) if isinstance(press, QuizAnswer))

    query = chat.pg.press(STUDENT, chat.pg.last(STUDENT)["message_id"], tap.encode())
    answered = await chat.pg.wait_answer(query, timeout=1.5)
    await chat.quiet()

    assert answered.text is None
    assert len(await chat.attempts()) == 1


async def test_topics_page(chat: Chat) -> None:
    """A page that does not exist shows the last one."""
    await chat.say("/quiz")

    shown = await chat.tap(QuizTopics(None, 999))

    assert labels(shown)


async def test_students_do_not_wait_for_each_other(chat: Chat) -> None:
    """Ten students who tap at the same moment all get their verdicts."""
    people = [chat.pg.person(3000 + number).id for number in range(10)]
    for person in people:
        chat.pg.say(person, "/start")
    await chat.quiet()

    for person in people:
        message = chat.pg.last(person)
        tap = next(press for press in presses(message) if isinstance(press, QuizAnswer))
        chat.pg.press(person, message["message_id"], tap.encode())
    await asyncio.gather(
        *(chat.pg.wait_for(person, lambda m: "XP" in words(m) or "Non è" in words(m)) for person in people)
    )
    await chat.quiet()

    assert await chat.count("attempts") == 10
