"""An exam among everything else in the chat: the paper stays at the bottom, and the rest of the bot is closed."""

import asyncio
import random
import struct
import uuid
import zlib

import pytest

from bot.callbacks import (
    ExamAbandon,
    ExamAnswer,
    ExamDebrief,
    ExamFace,
    ExamFlag,
    ExamHandIn,
    ExamHistory,
    ExamMove,
    ExamNew,
    ExamPassage,
    ExamRedo,
    ExamReview,
    ExamShow,
    ExamStart,
    Press,
)
from core.exams.formats import FULL
from core.exams.outcomes import Face, Pick
from core.ids import QuizId, SittingId
from tests import builders
from tests.e2e.chat import PARENT, STUDENT, Chat, labels, presses, quiz_of, said, words
from tests.e2e.conftest import ON_BOTH
from tests.e2e.examroom import ExamRoom
from tests.e2e.items import EXTRA
from tests.e2e.test_stale import mutated


@pytest.fixture
def room(chat: Chat) -> ExamRoom:
    """The student at the exam."""
    return ExamRoom(chat)


@ON_BOTH
@pytest.mark.parametrize("sent", ["text", "sticker", "photo", "/help", "/privacy", "/settings", "/exam", "/start"])
async def test_anything_sent_moves_the_paper_to_the_bottom(chat: Chat, room: ExamRoom, sent: str) -> None:
    """Whatever is sent below: the paper stands at the bottom again as it was, once, with its answer."""
    await room.sit()
    paper = await room.choose(right=True)

    if sent in {"sticker", "photo"}:
        chat.pg.upload(STUDENT, sent, _png() if sent == "photo" else b"RIFFxxxxWEBP")
        below = await chat.settled()
    else:
        below = await chat.say("non lo so" if sent == "text" else sent)

    assert below["message_id"] > paper["message_id"]
    said_first = "" if sent != "text" else said("exam-remark", time="20 min 00 s") + "\n\n"
    assert (words(below), labels(below)) == (said_first + words(paper), labels(paper))
    assert room.papers() == [below]
    assert paper["message_id"] not in {message["message_id"] for message in chat.bot_messages()}


@ON_BOTH
@pytest.mark.parametrize("command", ["/quiz", "/history", "/pause", "/stop"])
async def test_closed_while_a_section_runs(chat: Chat, room: ExamRoom, command: str) -> None:
    """Refused with words, the paper below again, and nothing has changed."""
    await room.sit()
    before = await _everything(chat)

    below = await chat.say(command)

    assert words(chat.bot_messages()[-2]) == said("error-not-allowed-exam-running")
    assert room.papers() == [below]
    assert await _everything(chat) == before


async def test_closed_for_whoever_left_too(chat: Chat, room: ExamRoom) -> None:
    """Refused from the home screen, the paper is shown below: that is where one is."""
    await room.sit()
    home = await room.press("exam-home")

    below = await chat.say("/quiz")

    assert words(chat.bot_messages()[-2]) == said("error-not-allowed-exam-running")
    assert room.papers() == [below]
    assert home["message_id"] in {message["message_id"] for message in chat.bot_messages()}


@ON_BOTH
async def test_old_quiz_card_while_a_section_runs(chat: Chat, room: ExamRoom) -> None:
    """A quiz from before is refused and records nothing; after the exam it goes on where it was."""
    card = await chat.begin("extra/plain", length=2)
    tap = presses(card)[0]
    paper = await room.sit()
    before = await _everything(chat)

    query = chat.pg.press(STUDENT, card["message_id"], tap.encode())
    await chat.quiet()

    assert chat.pg.world.presses[query].text == said("error-not-allowed-exam-running")
    assert await _everything(chat) == before
    assert room.papers() == [paper]
    await room.hand_in()
    await room.finish()
    again = await chat.say("/resume")
    assert quiz_of(again) == quiz_of(card)


async def test_quiz_is_paused_by_a_section(chat: Chat, room: ExamRoom) -> None:
    """The time of an exam is not counted for the quiz that was open."""
    await chat.begin("extra/short")
    await room.sit()
    chat.clock.advance(minutes=10)
    await room.hand_in()
    await _give_up(room)

    await chat.say("/resume")
    chat.clock.advance(seconds=5)
    verdict = await chat.say("mitocondrio", reply_to=room.last()["message_id"])

    assert said("verdict-right", xp=10)[:5] in words(verdict)
    (attempt,) = await chat.attempts()
    assert attempt.active_ms < 60_000


@ON_BOTH
async def test_leave_and_resume(chat: Chat, room: ExamRoom) -> None:
    """Home says that the clock runs on; /resume shows the same item with the same answer and the same hour."""
    await room.sit()
    await room.turn("▶", 2)
    paper = await room.choose(right=False)
    until = await room.deadline()
    home = await room.press("exam-home")
    chat.clock.advance(minutes=4)

    again = await chat.say("/resume")

    assert room.says("exam-under-way", home, exam="TRIAL", until=room.hour(until))
    assert (words(again), labels(again)) == (words(paper), labels(paper))
    assert room.papers() == [again]
    assert await room.deadline() == until


@pytest.mark.parametrize("way", ["key", "/exam", "/start"])
async def test_ways_back_to_the_paper(chat: Chat, room: ExamRoom, way: str) -> None:
    """The home screen's key, /exam and /start lead back to it as well."""
    paper = await room.sit()
    await room.press("exam-home")

    again = await (room.press("exam-go-on", exam="TRIAL") if way == "key" else chat.say(way))

    assert words(again) == words(paper)
    assert room.papers() == [again]


async def test_resume_between_sections(chat: Chat, room: ExamRoom) -> None:
    """Between two sections /resume offers the next one; a quiz that was touched later goes first."""
    await room.sit()
    between = await room.hand_in()
    await room.press("exam-leave-for-now")

    again = await chat.say("/resume")
    assert words(again) == words(between)
    chat.clock.advance(minutes=1)
    question = await chat.begin("extra/short")
    await chat.say("/help")
    assert quiz_of(await chat.say("/resume")) == quiz_of(question)


@ON_BOTH
async def test_giving_up_is_asked_twice(chat: Chat, room: ExamRoom) -> None:
    """Asked once more in a section and between two; then the result says so, and it is left out of the trend."""
    await room.sit()
    await room.choose(right=True)
    await room.press("exam-hand-in")
    asked = await room.press("exam-give-up")
    assert room.says("exam-give-up-sure")
    paper = await room.press("exam-give-up-no")
    assert "1 di 4" in words(paper)
    await room.hand_in()
    await room.press("exam-give-up")
    assert room.says("exam-give-up-sure")
    between = await room.press("exam-give-up-no")
    assert labels(between)[0] == said("exam-start", section="Other")

    await _give_up(room)

    assert asked["message_id"] == room.last()["message_id"]
    assert room.says("exam-result-abandoned")
    assert room.says("exam-result-total", score="1", maximum="6")
    row = await room.sitting()
    assert (row.end_reason, "abandoned" in str(row.metadata)) == ("abandoned", True)
    history = await room.press("exam-key-history")
    assert said("exam-trend-abandoned") in labels(history)[0]


async def test_give_up_pressed_twice(chat: Chat, room: ExamRoom) -> None:
    """The second tap shows the same result."""
    await room.sit()
    await room.press("exam-hand-in")
    await room.press("exam-give-up")
    message, data = room.last()["message_id"], room.offered(ExamAbandon).encode()

    for _ in range(2):
        chat.pg.press(STUDENT, message, data)
    result = await chat.settled()

    assert room.says("exam-result-abandoned")
    assert chat.with_keys() == [result]


@ON_BOTH
async def test_one_sitting_at_a_time(chat: Chat, room: ExamRoom) -> None:
    """Another one cannot be drawn from an older message; it is said, and the paper stands where it stood."""
    await chat.say("/exam")
    await chat.press("TOLC-I")
    rules = await chat.press("Logica")
    paper = await room.sit()

    query = chat.pg.press(STUDENT, rules["message_id"], presses(rules)[0].encode())
    await chat.quiet()

    assert chat.pg.world.presses[query].text == said("exam-why-another")
    assert await chat.count("exam_sessions") == 1
    assert room.papers() == [paper]


async def test_the_list_offers_the_way_back(chat: Chat, room: ExamRoom) -> None:
    """Between sections the list of exams says first how to go on."""
    await room.sit()
    await room.hand_in()

    menu = await chat.say("/exam")

    assert labels(menu)[0] == said("exam-go-on", exam="TRIAL")
    assert said("exam-start", section="Other") in labels(await room.press("exam-go-on", exam="TRIAL"))


@ON_BOTH
async def test_keys_of_an_older_paper(chat: Chat, room: ExamRoom) -> None:
    """Every key of a paper that is over is answered, shows the result, and touches nothing of the new paper."""
    paper = await room.sit()
    old = [*presses(paper), *(p for p in presses(await room.press("exam-hand-in")) if p not in presses(paper))]
    await room.press("exam-sure-yes")
    await room.finish()
    chat.clock.advance(minutes=1)
    await room.sit()
    before = await _everything(chat)

    for press in old:
        query = chat.pg.press(STUDENT, paper["message_id"], press.encode())
        await chat.quiet()
        assert chat.pg.world.presses[query].answered_at is not None
        assert await _everything(chat) == before, press


async def test_keys_of_a_closed_section(chat: Chat, room: ExamRoom) -> None:
    """There is no way back into a section that is over, nor ahead into one that has not begun."""
    paper = await room.sit()
    tap = room.letters()[0]
    ahead = ExamAnswer(tap.sitting, 4, 0)
    early = chat.pg.press(STUDENT, paper["message_id"], ahead.encode())
    await chat.quiet()
    assert chat.pg.world.presses[early].text == said("exam-why-not-yet")
    await room.hand_in()
    await room.start()
    rows = await room.items()

    late = chat.pg.press(STUDENT, paper["message_id"], tap.encode())
    await chat.quiet()

    assert chat.pg.world.presses[late].text == said("exam-why-closed")
    assert await room.items() == rows
    assert "1 di 2" in words(room.last())


async def test_start_key_of_a_section_ahead(chat: Chat, room: ExamRoom) -> None:
    """Sections start in their order, one at a time."""
    await room.draw()
    sitting = room.offered(ExamStart).sitting

    for section in (1, 2, 2**53):
        await room.tap(ExamStart(sitting, section))

    assert await chat.count("exam_sections", "status <> 'pending'") == 0


@pytest.mark.parametrize("runs", [True, False])
async def test_result_before_the_end(chat: Chat, room: ExamRoom, *, runs: bool) -> None:
    """Neither debrief nor review of a paper that is not over is shown, and its missed items are no quiz yet."""
    await room.sit()
    sitting = room.offered(ExamMove).sitting
    question = words(room.last()).splitlines()[2]
    if not runs:
        await room.hand_in()
    before = await _everything(chat)
    for press in (
        ExamDebrief(sitting),
        ExamReview(sitting, 0, Pick.ALL),
        ExamRedo(QuizId(uuid.uuid4()), sitting),
    ):
        query = chat.pg.press(STUDENT, room.last()["message_id"], press.encode())
        await chat.quiet()
        assert chat.pg.world.presses[query].text, press
        assert len(room.papers()) == runs
        assert (question in words(room.last())) is runs

    assert await _everything(chat) == before


async def test_review_of_an_older_paper_is_closed_while_one_runs(chat: Chat, room: ExamRoom) -> None:
    """What was explained once is not looked up during the next exam."""
    await room.sit()
    await room.finish()
    result = room.last()
    review = next(press for press in presses(result) if isinstance(press, ExamReview))
    chat.clock.advance(minutes=1)
    await room.sit()

    query = chat.pg.press(STUDENT, result["message_id"], review.encode())
    await chat.quiet()

    assert chat.pg.world.presses[query].text == said("error-not-allowed-exam-running")
    assert "✓ <b>" not in words(room.last())
    assert len(room.papers()) == 1


async def test_questions_of_the_paper_are_closed_between_sections(chat: Chat, room: ExamRoom) -> None:
    """Between sections a quiz can be played, but a question of this paper is not shown in it."""
    card = await chat.begin("extra/plain", length=6)
    plain = sum(item.topic == ("extra", "plain") for item in EXTRA.items)
    every = builders.section("plain", plain, 20, topics=("extra/plain",))
    other = builders.section("other", 1, 10, topics=("extra/html",))
    await room.sit(builders.exam(every, other, slug="EVERY"))
    await room.hand_in()

    query = chat.pg.press(STUDENT, card["message_id"], presses(card)[0].encode())
    await chat.quiet()

    assert chat.pg.world.presses[query].text == said("error-not-allowed-exam-question")
    assert len(await chat.attempts()) == 0


@ON_BOTH
async def test_another_students_paper(chat: Chat, room: ExamRoom) -> None:
    """Somebody else's sitting answers as if it were not there, whatever is tried on it."""
    await room.sit()
    await room.choose(right=True)
    sitting = room.offered(ExamMove).sitting
    before = await _everything(chat)
    question = words(room.last()).splitlines()[2]
    await chat.say("/help", who=PARENT)

    for press in (*_every_press(sitting), ExamNew(sitting, "TRIAL", FULL)):
        query = chat.pg.press(PARENT, chat.pg.last(PARENT)["message_id"], press.encode())
        await chat.quiet()
        assert chat.pg.world.presses[query].answered_at is not None
        assert not any(question in words(message) for message in chat.bot_messages(PARENT)), press

    assert await _everything(chat) == before


@ON_BOTH
async def test_keys_of_random_bytes(chat: Chat, room: ExamRoom) -> None:
    """Altered keys of an exam, from its owner and from others: each is answered, and nobody reads another's paper."""
    rng = random.Random(11)
    await room.sit()
    sitting = room.offered(ExamMove).sitting
    seeds = [press.encode() for press in (*_every_press(sitting), *presses(room.last()))]
    seeds = [seed for seed in seeds if not seed.startswith((ExamAbandon.code, ExamHandIn.code))]
    others = [chat.pg.person(5000 + number).id for number in range(2)]
    question = words(room.last()).splitlines()[2]
    for who in others:
        await chat.say("/help", who=who)

    queries = []
    for _ in range(4):
        for who in (STUDENT, *others):
            message = chat.bot_messages(who)[-1]["message_id"]
            queries += [chat.pg.press(who, message, mutated(rng.choice(seeds), rng)) for _ in range(8)]
        await chat.quiet(30)

    pressed = [chat.pg.world.presses[query] for query in queries]
    assert [press.data for press in pressed if press.answered_at is None] == []
    assert await chat.count("inbox", "status = 'dead'") == 0
    assert await chat.count("exam_sessions") == 1
    for who in others:
        assert not any(question in words(message) for message in chat.bot_messages(who))
    assert len(room.papers()) <= 1


@ON_BOTH
async def test_two_devices(chat: Chat, room: ExamRoom) -> None:
    """The same letter twice, two letters and a flag at the same time: the last one counts, on one paper."""
    paper = await room.sit()
    first, second = room.letters()[:2]
    flag = room.offered(ExamFlag)

    for press in (first, first, second, flag, second):
        chat.pg.press(STUDENT, paper["message_id"], press.encode())
    last = await chat.settled()

    item = await room.item(0)
    assert (item.choice, bool(item.flagged)) == (second.choice, True)
    assert room.papers() == [last]
    assert "● B" in words(last)


@ON_BOTH
async def test_redelivered_updates(chat: Chat, room: ExamRoom) -> None:
    """Updates that come again are left out: the second answer stands although the first came twice."""
    await room.sit()
    first, second = room.letters()[:2]
    chat.pg.faults.duplicate_updates("twice", count=3)
    chat.pg.faults.duplicate_updates("again", count=3)

    await room.tap(first)
    await room.tap(second)
    await room.turn("▶")

    assert (await room.item(0)).choice == second.choice
    assert "2 di 4" in words(room.last())


async def test_hand_in_twice(chat: Chat, room: ExamRoom) -> None:
    """The second tap on “yes” does not hand in the next section, even if that was started meanwhile."""
    paper = await room.sit()
    await room.press("exam-hand-in")
    yes = room.offered(ExamHandIn).encode()

    for _ in range(2):
        chat.pg.press(STUDENT, paper["message_id"], yes)
    await chat.settled()
    await room.start()
    await room.tap(yes)

    assert [row.status for row in await room.sections()] == ["completed", "running"]
    assert "1 di 2" in words(room.last())


async def test_press_on_a_paper_that_was_deleted(chat: Chat, room: ExamRoom) -> None:
    """A tap that was under way when the paper moved counts; there is one paper afterwards."""
    chat.expected_refusals |= {"message to edit not found", "message to delete not found"}
    paper = await room.sit()
    tap = room.letters()[1]
    below = await chat.say("/help")
    assert below["message_id"] > paper["message_id"]

    after = await room.tap(tap, on=paper["message_id"])

    assert (await room.item(0)).choice == tap.choice
    assert "● B" in words(after)
    assert room.papers() == [after]
    assert sum("plain" in words(message) for message in chat.bot_messages()) == 1


async def test_twenty_students_answer_at_once(chat: Chat) -> None:
    """Each on their own paper: nobody's answer lands on another's."""
    rooms = [ExamRoom(chat, chat.pg.person(3000 + number).id) for number in range(20)]
    await rooms[0].draw()
    for room in rooms[1:]:
        chat.pg.say(room.who, "/help")
    await chat.quiet()
    for room in rooms[1:]:
        chat.pg.press(room.who, room.last()["message_id"], ExamNew(SittingId(uuid.uuid4()), "TRIAL", FULL).encode())
    await chat.quiet()
    for room in rooms:
        chat.pg.press(room.who, room.last()["message_id"], room.offered(ExamStart).encode())
    await chat.quiet()

    chosen = {}
    for room in rooms:
        chosen[room.who] = room.letters()[room.who % 5].choice
        chat.pg.press(room.who, room.last()["message_id"], room.letters()[room.who % 5].encode())
    await chat.quiet()

    for room in rooms:
        assert (await room.item(0)).choice == chosen[room.who]
        assert f"● {'ABCDE'[room.who % 5]}" in words(room.last())


async def test_slow_edit_and_a_second_device(chat: Chat, room: ExamRoom) -> None:
    """While an edit is under way the next tap waits in its lane: what is shown last is what counts."""
    paper = await room.sit()
    chat.pg.faults.delay(0.4, method="editMessageText", count=1)
    for press in room.letters()[:3]:
        chat.pg.press(STUDENT, paper["message_id"], press.encode())
        await asyncio.sleep(0.05)
    last = await chat.settled()

    assert "● C" in words(last)
    assert (await room.item(0)).choice == room.letters(paper)[2].choice


async def test_exam_history_pages_that_do_not_exist(chat: Chat) -> None:
    """A page far away is empty and has a way back."""
    await chat.say("/help")

    shown = await chat.tap(ExamHistory(2**53))

    assert labels(shown)


def _every_press(sitting: SittingId) -> list[Press]:
    return [
        ExamStart(sitting, 0),
        ExamAnswer(sitting, 0, 1),
        ExamAnswer(sitting, 0, None),
        ExamFlag(sitting, 0, on=True),
        ExamMove(sitting, 1),
        *(ExamFace(sitting, face, 0) for face in Face),
        ExamPassage(sitting, 0),
        ExamShow(sitting),
        ExamDebrief(sitting),
        *(ExamReview(sitting, 0, pick) for pick in Pick),
        ExamRedo(QuizId(uuid.UUID(int=9)), sitting),
        ExamHandIn(sitting, 0),
        ExamAbandon(sitting),
    ]


async def _give_up(room: ExamRoom) -> None:
    await room.press("exam-give-up")
    await room.press("exam-give-up-yes")


async def _everything(chat: Chat) -> list[list[str]]:
    """What an exam and practice have in the database, but for the time on the screen."""
    queries = (
        "SELECT id, status, cursor, due_at, completed_at FROM exam_sessions ORDER BY id",
        "SELECT * FROM exam_sections ORDER BY exam_session_id, number",
        "SELECT exam_session_id, position, choice, flagged, answered_at FROM exam_items ORDER BY 1, 2",
        "SELECT * FROM quiz_sessions ORDER BY id",
        "SELECT * FROM attempts ORDER BY id",
        "SELECT id, ended_at, paused_at FROM sessions ORDER BY id",
    )
    return [[str(row) for row in await chat.rows(query)] for query in queries]


def _png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 20, 10, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 21 * 10)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
