"""Pausing, going on, ending: practice sessions as they are seen in the chat."""

import pytest

from tests.e2e.chat import Chat, labels, moment, said, words
from tests.e2e.conftest import ON_BOTH


@ON_BOTH
async def test_pause_stops_the_clock(chat: Chat) -> None:
    """Time away after a pause does not count; what was spent before it does."""
    await chat.begin("extra/plain")
    chat.clock.advance(seconds=20)

    paused = await chat.press("Pausa")
    chat.clock.advance(minutes=20)
    resumed = await chat.press("Riprendi")
    chat.clock.advance(seconds=10)
    await chat.answer(right=True)

    assert "In pausa" in words(paused)
    assert "1 di 1" in words(resumed)
    (attempt,) = await chat.attempts()
    assert attempt.active_ms == 30_000


@ON_BOTH
async def test_resume_without_a_pause_keeps_the_time_that_runs(chat: Chat) -> None:
    """/resume puts the question at the bottom; its clock goes on."""
    first = await chat.begin("extra/plain")
    chat.clock.advance(seconds=40)

    again = await chat.say("/resume")
    await chat.answer(right=True)

    assert again["message_id"] > first["message_id"]
    assert [message["message_id"] for message in chat.with_keys()] == [again["message_id"]]
    (attempt,) = await chat.attempts()
    assert attempt.active_ms == 40_000


async def test_pause_and_resume_as_commands(chat: Chat) -> None:
    """The commands do what the buttons do; without anything to pause or resume they say so."""
    nothing = await chat.say("/pause")
    empty = await chat.say("/resume")
    await chat.begin("extra/plain")
    paused = await chat.say("/pause")
    resumed = await chat.say("/resume")

    assert words(nothing) == said("pause-nothing")
    assert words(empty) == said("resume-nothing")
    assert "In pausa" in words(paused)
    assert "1 di 1" in words(resumed)
    assert len(chat.with_keys()) == 2  # the question, and the way to a quiz below "nothing to resume"


@ON_BOTH
async def test_stop_sums_up(chat: Chat) -> None:
    """/stop ends the session and says right, answered, percent, time and subjects; the quiz can be gone on with."""
    await chat.begin("extra/plain", length=3)
    chat.clock.advance(seconds=10)
    await chat.answer(right=True)
    await chat.press("Avanti")
    chat.clock.advance(seconds=20)
    await chat.answer(right=False)

    summary = await chat.say("/stop")
    again = await chat.say("/stop")
    await chat.press("▶ Continua")

    assert said("stop-title", quizzes=1) in words(summary)
    assert said("stop-figures", right=1, attempted=2, percent=50) in words(summary)
    assert said("stop-time", attempted=2, total="30 s", average="15 s") in words(summary)
    assert said("stop-subjects", subjects="Extra") in words(summary)
    assert words(again) == said("stop-nothing")
    sessions = await chat.rows("SELECT * FROM sessions ORDER BY started_at")
    assert [session.end_reason for session in sessions] == ["stopped", None]


async def test_stop_says_how_much_it_covers(chat: Chat) -> None:
    """The figures are those of the whole session: with two quizzes in it, that is said; one answer has no average."""
    await chat.begin("extra/plain")
    chat.clock.advance(seconds=40)
    await chat.answer(right=True)
    one = await chat.say("/stop")
    await chat.begin("extra/plain")
    await chat.answer(right=True)
    await chat.begin("extra/html")
    await chat.answer(right=False)

    two = await chat.say("/stop")

    assert "un quiz" in words(one)
    assert "40 s" in words(one)
    assert "l'una" not in words(one)
    assert "2 quiz" in words(two)


@pytest.mark.parametrize("reported", [1, 2])
async def test_stop_after_reports_only(chat: Chat, reported: int) -> None:
    """Whoever answered and reported it all is told that nothing counts, not that nothing was answered."""
    await chat.begin("extra/plain", length=3)
    for _ in range(reported):
        await chat.answer(right=False)
        await chat.press("⚑")
        await chat.press("Sì, segnala")
        await chat.press("Avanti")

    summary = await chat.say("/stop")

    assert words(summary) == said("stop-voided", count=reported)


async def test_stop_without_an_answer(chat: Chat) -> None:
    """A question that was only looked at was not answered."""
    await chat.begin("extra/plain")

    assert words(await chat.say("/stop")) == said("stop-empty")


async def test_idle_session_ends_at_its_last_activity(chat: Chat) -> None:
    """After half an hour of nothing the next activity belongs to a new session; the old one ended long before."""
    await chat.begin("extra/plain", length=2)
    chat.clock.advance(seconds=5)
    await chat.answer(right=True)
    at = chat.clock.now()
    chat.clock.advance(minutes=45)

    await chat.press("Avanti")
    await chat.answer(right=True)

    old, new = await chat.rows("SELECT * FROM sessions ORDER BY started_at")
    assert old.end_reason == "idle"
    assert moment(old.ended_at).replace(tzinfo=None) == at.replace(tzinfo=None)
    assert new.ended_at is None
    assert [row.session_id for row in await chat.attempts()] == [old.id, new.id]


async def test_leaving_a_quiz(chat: Chat) -> None:
    """A paused quiz can be ended; what was answered stays."""
    await chat.begin("extra/plain", length=3)
    await chat.answer(right=True)
    await chat.press("Avanti")
    await chat.press("Pausa")

    result = await chat.press("Chiudi il quiz")

    assert said("quiz-result", right=1, length=3) in words(result)
    assert said("quiz-result-left", count=2) in words(result)
    assert any("Rivedi" in label for label in labels(result))
