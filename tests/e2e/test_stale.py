"""Double taps, redelivered updates, old buttons, forged buttons: one attempt, the same feedback, nobody else's rows."""

import random
import uuid

from bot.callbacks import QuizAnswer, QuizHint, QuizNext, QuizStart
from core.ids import QuizId
from core.practice.model import Mode
from tests.e2e.chat import PARENT, STUDENT, Chat, labels, presses, said, words
from tests.e2e.conftest import ON_BOTH


@ON_BOTH
async def test_double_tap_is_one_attempt_and_one_verdict(chat: Chat) -> None:
    """Two taps on a letter: one attempt, and the message shows the same verdict."""
    question = await chat.begin("extra/plain")
    tap = presses(question)[0].encode()

    queries = [chat.pg.press(STUDENT, question["message_id"], tap) for _ in range(2)]
    verdict = await chat.settled()

    assert len(await chat.attempts()) == 1
    assert verdict["message_id"] == question["message_id"]
    assert [chat.pg.world.presses[query].answered_at is not None for query in queries] == [True, True]
    assert [chat.pg.world.presses[query].text for query in queries] == [None, None]


@ON_BOTH
async def test_second_thoughts_come_too_late(chat: Chat) -> None:
    """A tap on another letter right after the first changes nothing."""
    question = await chat.begin("extra/plain")

    for press in presses(question)[:2]:
        chat.pg.press(STUDENT, question["message_id"], press.encode())
    await chat.quiet()

    (attempt,) = await chat.attempts()
    assert str(presses(question)[0].choice) in str(attempt.response)


@ON_BOTH
async def test_double_tap_on_next_sends_one_question(chat: Chat) -> None:
    """Two quick taps on Next send the next question once and leave the verdict as it is."""
    await chat.begin("extra/plain", length=3)
    verdict = await chat.answer(right=True)
    data = next(press for press in presses(verdict) if isinstance(press, QuizNext)).encode()
    before = len(chat.bot_messages())

    queries = [chat.pg.press(STUDENT, verdict["message_id"], data) for _ in range(3)]
    following = await chat.settled()

    assert len(chat.bot_messages()) == before + 1
    assert "2 di 3" in words(following)
    assert "Giusto" in words(chat.bot_messages()[-2])
    assert chat.with_keys() == [following]
    assert "già risposto" in str(chat.pg.world.presses[queries[-1]].text)


@ON_BOTH
async def test_redelivered_update_is_carried_out_once(chat: Chat) -> None:
    """The same update a second time, in the same batch and in a later one, is left out."""
    question = await chat.begin("extra/plain", length=2)
    chat.pg.faults.duplicate_updates("twice", count=3)
    chat.pg.faults.duplicate_updates("again", count=3)
    await chat.tap(presses(question)[0])
    await chat.press("Avanti")

    second = await chat.say("/help")

    assert len(await chat.attempts()) == 1
    assert sum("2 di 2" in words(message) for message in chat.bot_messages()) == 1
    assert sum("Che cosa so fare" in words(message) for message in chat.bot_messages()) == 1
    assert words(second)


async def test_button_of_an_older_question(chat: Chat) -> None:
    """A tap on a question that is over changes nothing; the person is told that it goes on below."""
    first = await chat.begin("extra/plain", length=2)
    await chat.answer(right=True)
    second = await chat.press("Avanti")

    query = chat.pg.press(STUDENT, first["message_id"], presses(first)[0].encode())
    await chat.quiet()

    assert len(await chat.attempts()) == 1
    assert "già risposto" in str(chat.pg.world.presses[query].text)
    assert chat.with_keys() == [second]


async def test_button_of_a_position_to_come(chat: Chat) -> None:
    """A forged tap on a question that was not shown yet is no answer."""
    question = await chat.begin("extra/plain", length=3)
    tap = next(press for press in presses(question) if isinstance(press, QuizAnswer))

    await chat.tap(QuizAnswer(tap.quiz, 2, 0))

    assert len(await chat.attempts()) == 0
    assert len(chat.with_keys()) == 1


async def test_button_of_an_older_quiz(chat: Chat) -> None:
    """An old quiz's button shows that quiz as it stands, at the bottom; the new quiz is untouched."""
    old = await chat.begin("extra/plain")
    await chat.answer(right=True)
    await chat.press("Com'è andata")
    await chat.begin("extra/multiple")

    shown = await chat.tap(presses(old)[0], on=old["message_id"])

    assert said("quiz-result", right=1, length=1) in words(shown)
    assert len(await chat.attempts()) == 1
    assert (await chat.rows("SELECT current_index FROM quiz_sessions ORDER BY started_at"))[-1].current_index == 0


async def test_button_of_a_text_that_was_not_the_last(chat: Chat) -> None:
    """“Yes” below an older text records nothing, and it is said that something else was written since."""
    await chat.begin("extra/short")
    first = await chat.say("il nucleo")
    await chat.say("la membrana")

    query = chat.pg.press(STUDENT, first["message_id"], presses(first)[0].encode())
    await chat.quiet()

    assert chat.pg.world.presses[query].text == said("passed-rewritten")
    assert len(await chat.attempts()) == 0
    assert len(chat.with_keys()) == 1


async def test_button_of_a_skipped_question(chat: Chat) -> None:
    """Whoever skipped did not answer, and is not told so."""
    first = await chat.begin("extra/plain", length=2)
    await chat.press("Salta")

    query = chat.pg.press(STUDENT, first["message_id"], presses(first)[0].encode())
    await chat.quiet()

    assert chat.pg.world.presses[query].text == said("passed-skipped")
    assert len(await chat.attempts()) == 0


async def test_button_of_a_quiz_that_was_closed(chat: Chat) -> None:
    """A question that was never answered cannot be any more: its quiz is closed."""
    first = await chat.begin("extra/plain", length=2)
    await chat.say("/pause")
    await chat.press("Chiudi il quiz")
    await chat.begin("extra/html")

    query = chat.pg.press(STUDENT, first["message_id"], presses(first)[0].encode())
    await chat.quiet()

    assert chat.pg.world.presses[query].text == said("passed-closed")
    assert len(await chat.attempts()) == 0


async def test_button_of_a_paused_question(chat: Chat) -> None:
    """A hint is not given while no time is counted; the card names the quiz."""
    first = await chat.begin("extra/plain", length=2)
    await chat.say("/help")
    await chat.begin("extra/html")

    query = chat.pg.press(STUDENT, first["message_id"], QuizHint(_quiz(first), 0, 1).encode())
    await chat.quiet()

    assert chat.pg.world.presses[query].text == said("passed-paused")
    assert words(chat.pg.last(STUDENT)) == said("quiz-paused", what="Plain", number=1, length=2)


async def test_old_button_when_nothing_is_open(chat: Chat) -> None:
    """A button that means nothing any more is said so, and the person sees where they are."""
    await chat.say("/help")

    query = chat.pg.press(STUDENT, chat.pg.last(STUDENT)["message_id"], "zz:old")
    await chat.quiet()

    assert "non vale più" in str(chat.pg.world.presses[query].text)
    assert said("home-title") in words(chat.pg.last(STUDENT))


@ON_BOTH
async def test_forged_button_does_not_move_the_question(chat: Chat) -> None:
    """Nonsense on an older message leaves the open question where it is, with its keys."""
    helped = await chat.say("/help")
    question = await chat.begin("extra/plain")

    await chat.tap("\x00?", on=helped["message_id"])

    assert chat.with_keys()[-1]["message_id"] == question["message_id"]
    assert sum("1 di 1" in words(message) for message in chat.bot_messages()) == 1


@ON_BOTH
async def test_another_students_quiz(chat: Chat) -> None:
    """Somebody else's quiz answers as if it were not there, whatever is tried on it."""
    question = await chat.begin("extra/plain", length=2)
    quiz = next(press.quiz for press in presses(question) if hasattr(press, "quiz"))
    before = await _rows_of(chat, STUDENT)
    await chat.say("/help", who=PARENT)

    for press in (*presses(question), QuizStart(quiz, Mode.MIXED, None, None, 5)):
        await chat.tap(press, who=PARENT)

    assert await _rows_of(chat, STUDENT) == before
    assert await _rows_of(chat, PARENT) == ([], [])


@ON_BOTH
async def test_buttons_of_random_bytes(chat: Chat) -> None:
    """Hundreds of mutated buttons from three people: every press is answered, and nobody touches another's rows."""
    rng = random.Random(7)
    victim = await chat.begin("extra/plain", length=3)
    await chat.answer(right=True)
    attackers = [chat.pg.person(5000 + number).id for number in range(3)]
    for who in attackers:
        await chat.begin("extra/plain", length=2, who=who)
    seeds = [press.encode() for who in (STUDENT, *attackers) for press in presses(chat.pg.last(who))]
    seeds += [press.encode() for press in presses(victim)]
    before = await _rows_of(chat, STUDENT)

    queries = []
    for _ in range(10):
        for who in attackers:
            message = chat.bot_messages(who)[0]["message_id"]
            queries += [chat.pg.press(who, message, mutated(rng.choice(seeds), rng)) for _ in range(10)]
        await chat.quiet(30)

    pressed = [chat.pg.world.presses[query] for query in queries]
    assert [press.data for press in pressed if press.answered_at is None] == []
    assert await _rows_of(chat, STUDENT) == before
    assert await chat.count("inbox", "status = 'dead'") == 0


async def test_press_on_a_message_that_is_gone(chat: Chat) -> None:
    """A button of a message that was deleted meanwhile is answered in a new message."""
    question = await chat.begin("extra/plain")
    chat.expected_refusals.add("message to edit not found")
    chat.pg.world.remove(chat.pg.world.chat_of(STUDENT), question["message_id"])

    verdict = await chat.tap(presses(question)[0], on=question["message_id"])

    assert verdict["message_id"] != question["message_id"]
    assert "Risposta giusta" in words(verdict) or "Giusto" in words(verdict)


async def test_start_twice_leaves_one_question_to_tap(chat: Chat) -> None:
    """/start again moves the open question down; the copy above has no keys."""
    await chat.say("/start")

    again = await chat.say("/start")

    assert chat.with_keys() == [again]
    assert await chat.count("quiz_sessions") == 1


async def test_only_the_newest_card_of_a_quiz_has_keys(chat: Chat) -> None:
    """Wherever one was in between: the same quiz shown again takes the keys of the message that showed it before."""
    await chat.begin("extra/plain", length=2)
    await chat.say("/pause")
    menu = await chat.say("/quiz")
    again = await chat.say("/resume")
    assert chat.with_keys() == [menu, again]

    home = await chat.press("🏠", on=menu["message_id"])
    assert home["message_id"] == again["message_id"]
    resumed = await chat.press("▶ Continua", on=menu["message_id"])

    assert [message["message_id"] for message in chat.with_keys()] == [menu["message_id"]]
    assert resumed["message_id"] == again["message_id"]


async def test_message_that_shows_something_else_keeps_its_keys(chat: Chat) -> None:
    """A quiz that moves on takes no keys from a message that showed it once and shows another thing now."""
    first = await chat.begin("extra/plain", length=2)
    held = await chat.press("Pausa")
    home = await chat.press("🏠")
    assert home["message_id"] == held["message_id"] == first["message_id"]

    resumed = await chat.say("/resume")

    assert [message["message_id"] for message in chat.with_keys()] == [first["message_id"], resumed["message_id"]]


async def test_copies_are_found_after_a_restart(chat: Chat) -> None:
    """The message that shows where one is stands in the database."""
    await chat.begin("extra/plain", length=2)
    remark = await chat.say("boh")
    await chat.stop()
    await chat.start()

    hinted = await chat.press("💡", on=remark["message_id"])

    assert chat.with_keys() == [hinted]


async def test_quiz_of_a_fresh_id_is_its_presser_s(chat: Chat) -> None:
    """Two people who press a start button with the same id do not share a quiz."""
    press = QuizStart(QuizId(uuid.UUID(int=7)), Mode.MIXED, None, None, 5)
    for who in (STUDENT, PARENT):
        await chat.say("/help", who=who)
        await chat.tap(press, who=who)

    assert await chat.count("quiz_sessions") == 1
    assert not any(isinstance(press, QuizAnswer) for press in presses(chat.pg.last(PARENT)))
    assert labels(chat.pg.last(PARENT))


def mutated(seed: str, rng: random.Random) -> str:
    """A button's data with something wrong in it, 1 to 64 bytes."""
    data = list(seed)
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(data) + 1)
        match rng.randrange(4):
            case 0:
                data.insert(place, chr(rng.choice([0, 45, 48, 57, 58, 65, 97, 122, 233, 0x1F600])))
            case 1 if data:
                del data[min(place, len(data) - 1)]
            case 2 if data:
                data[min(place, len(data) - 1)] = chr(rng.randrange(1, 0x250))
            case _:
                data = list(":".join([*seed.split(":")[: rng.randint(1, 4)], str(rng.randrange(10**9))]))
    text = "".join(data) or "x"
    while len(text.encode()) > 64:
        text = text[:-1]
    return text


def _quiz(question: dict[str, object]) -> QuizId:
    return next(press.quiz for press in presses(question) if isinstance(press, QuizAnswer))


async def _rows_of(chat: Chat, who: int) -> tuple[list[str], list[str]]:
    quizzes = await chat.rows(
        "SELECT quiz_sessions.* FROM quiz_sessions JOIN users ON users.id = user_id WHERE telegram_id = :who"
        " ORDER BY quiz_sessions.id",
        who=who,
    )
    return [str(row) for row in quizzes], [str(row) for row in await chat.attempts(who)]
