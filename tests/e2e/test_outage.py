"""Telegram takes no messages for a while: nothing is lost, and everything is said once it does."""

from tests.e2e.chat import FAULTS, STUDENT, Chat, said, words
from tests.e2e.conftest import ON_BOTH


@ON_BOTH
async def test_a_refusal_is_said_when_it_can_be(chat: Chat) -> None:
    """An impossible date that was refused while nothing could be sent is answered afterwards."""
    await chat.begin("extra/plain", length=3)
    chat.spoil("UPDATE users SET onboarding = 'date'")
    chat.spoil("INSERT INTO courses (user_id, exam_type, created_at) SELECT id, 'TOLC-I', created_at FROM users")
    chat.expected_refusals |= FAULTS
    fault = chat.pg.faults.server_error(502, method="sendMessage", count=2)
    mark = chat.pg.mark()

    chat.pg.say(STUDENT, "12/02/2020")
    answer = await chat.pg.wait_for(STUDENT, since=mark, timeout=30)

    assert fault.hits == 2
    assert words(answer) == said("error-invalid-input-exam-date")
