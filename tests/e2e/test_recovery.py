"""After a stop at a bad moment: the same question, order, score and clock, in the message that shows it."""

import json

from bot.callbacks import QuizAnswer, QuizNext
from tests.e2e.chat import FAULTS, STUDENT, Chat, labels, presses, words
from tests.e2e.conftest import ON_BOTH


@ON_BOTH
async def test_stop_between_commit_and_delivery(chat: Chat) -> None:
    """An answer that was recorded and not shown is shown after the start, in the question's own message."""
    question = await chat.begin("extra/plain", length=3)
    chat.clock.advance(seconds=12)
    tap = presses(question)[1].encode()
    await _cut_off(
        chat, "editMessageText", lambda: chat.pg.press(STUDENT, question["message_id"], tap), rows="attempts"
    )

    await chat.start()
    verdict = await chat.settled()

    assert verdict["message_id"] == question["message_id"]
    assert "1 di 3" in words(verdict)
    assert any(isinstance(press, QuizNext) for press in presses(verdict))
    (attempt,) = await chat.attempts()
    assert attempt.active_ms == 12_000
    assert [row.status for row in await chat.rows("SELECT DISTINCT status FROM inbox")] == ["shown"]


@ON_BOTH
async def test_same_question_order_score_and_clock(chat: Chat) -> None:
    """A stop in the middle of a quiz changes nothing of it; time before and after it adds up."""
    await chat.begin("extra/plain", length=3)
    await chat.answer(right=True)
    before = await chat.press("Avanti")
    chat.clock.advance(seconds=7)
    rows = await chat.rows("SELECT * FROM quiz_sessions")

    await chat.stop()
    await chat.start()
    assert await chat.rows("SELECT * FROM quiz_sessions") == rows
    chat.clock.advance(seconds=8)
    again = await chat.say("/resume")
    await chat.answer(right=True)

    assert words(again) == words(before)
    assert [p.choice for p in presses(again) if isinstance(p, QuizAnswer)] == [
        p.choice for p in presses(before) if isinstance(p, QuizAnswer)
    ]
    assert [row.active_ms for row in await chat.attempts()] == [0, 15_000]


@ON_BOTH
async def test_next_question_that_was_not_sent(chat: Chat) -> None:
    """Next was committed and the question not sent: after the start it stands in the verdict's message."""
    await chat.begin("extra/plain", length=2)
    verdict = await chat.answer(right=True)
    await _cut_off(chat, "sendMessage", lambda: chat.pg.press_key(STUDENT, "Avanti"), rows="served")

    await chat.start()
    shown = await chat.settled()

    assert shown["message_id"] == verdict["message_id"]
    assert "2 di 2" in words(shown)
    assert "Giusto" in words(await chat.answer(right=True))


@ON_BOTH
async def test_received_updates_are_carried_out_in_order(stopped: Chat) -> None:
    """What was received and not begun before the stop is carried out after it, in the order it came."""
    await stopped.start()
    question = await stopped.begin("extra/plain", length=2)
    await stopped.stop()
    tap = next(press for press in presses(question) if isinstance(press, QuizAnswer))
    on = question["message_id"]
    for press in (tap, QuizNext(tap.quiz, 0), QuizAnswer(tap.quiz, 1, 0)):
        stopped.pg.press(STUDENT, on, press.encode())
    for update in list(stopped.pg.world.updates.pending.values()):
        stopped.spoil(
            "INSERT INTO inbox (update_id, person, status, tries, payload, received_at)"
            " VALUES (:id, :person, 'received', 0, :payload, :at)",
            id=update.body["update_id"],
            person=STUDENT,
            payload=json.dumps(update.body).encode(),
            at=stopped.clock.now()
            if "postgres" in stopped.settings.database_url
            else stopped.clock.now().isoformat(" "),
        )

    await stopped.start()
    await stopped.quiet()

    assert [row.position for row in await stopped.attempts()] == [0, 1]
    assert "2 di 2" in words(stopped.pg.last(STUDENT))


@ON_BOTH
async def test_welcome_that_was_not_sent(stopped: Chat) -> None:
    """The very first question, not sent before the stop, is sent after it."""
    await stopped.start()
    await _cut_off(stopped, "sendMessage", lambda: stopped.pg.say(STUDENT, "/start"), rows="quiz_sessions")

    await stopped.start()
    message = await stopped.settled()

    assert "1 di 5" in words(message)
    assert await stopped.count("quiz_sessions") == 1


async def test_reply_lost_after_sending(chat: Chat) -> None:
    """A message whose receipt got lost stands twice; both can be tapped, and one answer counts."""
    chat.pg.faults.drop_reply(method="sendMessage", count=1)
    await chat.say("/start")
    first, second = chat.bot_messages()
    await chat.tap(presses(first)[0], on=first["message_id"])

    await chat.tap(presses(second)[1], on=second["message_id"])

    assert len(await chat.attempts()) == 1
    assert len(chat.with_keys()) == 1
    assert chat.with_keys()[0]["message_id"] == second["message_id"]
    assert any("Avanti" in label for label in labels(chat.with_keys()[0]))


async def test_message_that_cannot_be_edited(chat: Chat) -> None:
    """Where the screen's message is gone, the place is sent anew."""
    question = await chat.begin("extra/plain", length=2)
    tap = presses(question)[0].encode()
    await _cut_off(
        chat, "editMessageText", lambda: chat.pg.press(STUDENT, question["message_id"], tap), rows="attempts"
    )
    chat.expected_refusals.add("message to edit not found")
    chat.pg.world.remove(chat.pg.world.chat_of(STUDENT), question["message_id"])

    await chat.start()
    verdict = await chat.settled()

    assert verdict["message_id"] > question["message_id"]
    assert any(isinstance(press, QuizNext) for press in presses(verdict))


async def test_newer_turn_is_not_overwritten(chat: Chat) -> None:
    """What somebody does right after the start wins over what is shown again."""
    question = await chat.begin("extra/plain", length=2)
    tap = presses(question)[0]
    await _cut_off(
        chat, "editMessageText", lambda: chat.pg.press(STUDENT, question["message_id"], tap.encode()), rows="attempts"
    )
    chat.pg.press(STUDENT, question["message_id"], QuizNext(tap.quiz, 0).encode())

    await chat.start()
    last = await chat.settled()

    assert "2 di 2" in words(last)
    assert chat.with_keys() == [last]


async def _cut_off(chat: Chat, method: str, act: object, *, rows: str) -> None:
    """Let something happen whose effect is stored and whose message is not taken; stop before it is."""
    chat.expected_refusals |= FAULTS
    fault = chat.pg.faults.cut_before(method=method, count=None)
    act()  # type: ignore[operator]
    await chat.pg_struck(fault)
    if rows == "served":
        assert (await chat.rows("SELECT served_index FROM quiz_sessions"))[0].served_index == 1
    else:
        assert await chat.count(rows) == 1
    await chat.stop()
    chat.pg.faults.clear()
