"""Mock exams from the first tap to the last: choosing, the paper, the result, what comes after."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.callbacks import ExamFace, ExamInfo, ExamMove, ExamRules, ExamStart, QuizAnswer
from core.exams.formats import ClockKind, PassRule, RuleKind
from core.exams.outcomes import Face
from core.questions.model import Kind, PassageWording
from tests import builders
from tests.e2e.chat import STUDENT, Chat, labels, presses, said, words
from tests.e2e.conftest import ON_BOTH
from tests.e2e.examroom import ExamRoom

MINI = ["Matematica", "Logica", "Scienze", "Comprensione verbale"]


@pytest.fixture
def room(chat: Chat) -> ExamRoom:
    """The student at the exam."""
    return ExamRoom(chat)


async def test_what_can_be_sat_and_what_is_missing(chat: Chat) -> None:
    """TOLC-I comes first; what the bank cannot fill has no key and says how many questions it has of how many."""
    menu = await chat.say("/exam")

    exams = [press.exam for press in presses(menu) if isinstance(press, ExamInfo)]
    assert exams[0] == "TOLC-I"
    assert not {"TOLC-F", "TOLC-B"} & set(exams)
    assert "TOLC-F: Biologia, 0 di 15" in words(menu)
    assert not any(exam + ":" in words(menu) for exam in exams)


async def test_from_the_list_to_the_first_question(chat: Chat, room: ExamRoom) -> None:
    """Exam, part of it, rules, draw, start: one message all the way, and the clock runs from the last tap alone."""
    menu = await chat.say("/exam")
    info = await chat.press("TOLC-I")
    parts = [press.variant for press in presses(info) if isinstance(press, ExamRules)]
    rules = await chat.press("Mini")
    assert await chat.count("exam_sessions") == 0
    ready = await room.press("exam-begin")
    assert await chat.count("exam_sections", "status <> 'pending'") == 0
    chat.clock.advance(minutes=3)
    paper = await room.start()

    assert parts == ["full", "mini", "mathematics", "logic", "sciences", "comprehension", "english"]
    assert all(f"{number}. {name}" in words(rules) for number, name in enumerate(MINI, 1))
    assert "12 min 30 s" in words(rules)
    assert "sbagliata −0,25" in words(rules)
    assert said("exam-start", section="Matematica") in labels(ready)
    assert {message["message_id"] for message in (menu, info, rules, ready)} == {menu["message_id"]}
    assert (await room.deadline() - chat.clock.now()).total_seconds() == 750
    assert f"Matematica · 1 di 5 · ⏰ fino alle {room.hour(await room.deadline())}" in words(paper)
    assert len(await chat.rows("SELECT DISTINCT question_id FROM exam_items")) == 14


async def test_back_from_the_rules_to_the_list(chat: Chat, room: ExamRoom) -> None:
    """Nothing is drawn on the way there and back."""
    menu = await chat.say("/exam")
    await chat.press("TOLC-I")
    await chat.press("Logica")
    await room.press("key-back")
    again = await room.press("exam-back-to-list")

    assert labels(again) == labels(menu)
    assert await chat.count("exam_sessions") == 0


@ON_BOTH
async def test_answer_change_clear(room: ExamRoom) -> None:
    """A letter is marked in text and on its key, another takes its place, clearing leaves the item blank."""
    paper = await room.sit()
    first, second = room.letters()[:2]

    answered = await room.tap(first)
    assert "● A" in words(answered)
    assert labels(answered)[:5] == ["● A", "B", "C", "D", "E"]
    assert (await room.item(0)).choice == first.choice
    changed = await room.tap(second)
    assert labels(changed)[:5] == ["A", "● B", "C", "D", "E"]
    assert (await room.item(0)).choice == second.choice
    cleared = await room.press("exam-clear")

    assert (await room.item(0)).choice is None
    assert words(cleared) == words(paper)
    assert labels(cleared) == labels(paper)
    assert {message["message_id"] for message in (answered, changed, cleared)} == {paper["message_id"]}
    assert len(await room.chat.attempts()) == 0


async def test_choices_stand_in_the_order_that_was_drawn(room: ExamRoom) -> None:
    """A is the first of the item's own order, whenever it is looked at."""
    await room.sit()
    for position in range(4):
        order = (await room.item(position)).choice_order
        numbers = order if isinstance(order, list) else [int(part) for part in order.strip("[]").split(",")]
        assert [press.choice for press in room.letters()] == numbers
        await room.turn("▶")

    assert [press.position for press in room.letters()] == [0] * 5


async def test_arrows_go_round_inside_the_section(room: ExamRoom) -> None:
    """From the first item ◀ leads to the last one of the section, and ▶ back."""
    await room.sit()

    assert "4 di 4" in words(await room.turn("◀"))
    assert "1 di 4" in words(await room.turn("▶"))
    assert "3 di 4" in words(await room.turn("▶", 2))
    assert (await room.sitting()).cursor == 2


async def test_grid_shows_answers_and_flags(chat: Chat, room: ExamRoom) -> None:
    """The grid marks ✓ and ⚑, counts what is blank, and every number leads to its item."""
    await room.sit()
    await room.choose(right=True)
    await room.press("exam-flag")
    await room.turn("▶", 2)
    await room.press("exam-flag")

    grid = await chat.press("3/4")

    assert labels(grid)[:4] == ["1 ✓⚑", "2", "3 ⚑", "4"]
    assert room.says("exam-grid-figures", answered=1, blank=3, flagged=2)
    second = await chat.press("2")
    assert "2 di 4" in words(second)
    assert said("exam-head-flagged") not in words(second)
    first = await room.turn("◀")
    assert said("exam-head-flagged") in words(first)
    await room.press("exam-unflag")
    assert [bool(row.flagged) for row in await room.items()][:4] == [False, False, True, False]


async def test_grid_has_thirty_numbers_a_page(chat: Chat, room: ExamRoom) -> None:
    """Thirty items fit on one page in rows of five; the one after them has a page of its own, and pages go round."""
    await room.sit("TOLC-I", "english")
    whole = await chat.press("1/30")
    rows = [row for row in whole["reply_markup"]["inline_keyboard"] if len(row) == 5]
    assert len(rows) == 6
    assert not any(isinstance(press, ExamFace) and press.face is Face.GRID for press in presses(whole))
    await _leave_for_good(room)
    long = builders.exam(builders.section("long", 31, 60, topics=("mathematics", "logic", "sciences")), slug="LONG")

    await room.sit(long)
    first = await chat.press("1/31")
    second = await room.turn("▶")
    around = await room.turn("▶")

    numbers = [[press.position for press in presses(m) if isinstance(press, ExamMove)] for m in (first, second)]
    assert numbers == [[*range(30), 0], [30, 0]]
    assert labels(around) == labels(first)
    assert "31 di 31" in words(await room.tap(ExamMove(room.offered(ExamMove).sitting, 30)))
    assert [press.page for press in presses(room.last()) if isinstance(press, ExamFace)] == [1, 0]


@ON_BOTH
async def test_hand_in_names_what_is_blank(room: ExamRoom) -> None:
    """Before handing in, the blank and the flagged are named with the time that would be lost; it can be taken back."""
    await room.sit()
    await room.choose(right=True)
    await room.turn("▶")
    await room.press("exam-flag")
    room.chat.clock.advance(minutes=5)

    sure = await room.press("exam-hand-in")
    assert room.says("exam-sure", section="Plain", time="15 min 00 s")
    assert room.says("exam-sure-blank", count=3, numbers="2, 3, 4")
    assert room.says("exam-sure-flagged", count=1, numbers="2")
    back = await room.press("exam-sure-no")
    assert "2 di 4" in words(back)
    await room.press("exam-hand-in")
    between = await room.press("exam-sure-yes")

    assert sure["message_id"] == between["message_id"]
    assert said("exam-closed-section", section="Plain") in words(between)
    assert labels(between)[0] == said("exam-start", section="Other")
    closed, following = await room.sections()
    assert (closed.closed_by, closed.score, following.status) == ("handed-in", "1", "pending")
    assert len(await room.chat.attempts()) == 1


async def test_every_question_answered_is_said(room: ExamRoom) -> None:
    """With nothing blank the question before handing in says so."""
    await room.sit()
    for _ in range(4):
        await room.choose(right=True)
        await room.turn("▶")

    await room.press("exam-hand-in")

    assert room.says("exam-sure-all")
    assert "In bianco" not in words(room.last())


@ON_BOTH
@pytest.mark.parametrize("language", ["it", "en"])
async def test_a_whole_mini_paper(chat: Chat, language: str) -> None:
    """Four sections to the result, where the points went, every item, the missed ones as a quiz."""
    chat.pg.person(STUDENT).language_code = language
    room = ExamRoom(chat, language=language)
    await room.sit("TOLC-I", "mini")
    for number in range(4):
        if number:
            await room.start()
        await room.choose(right=True)
        await room.turn("▶")
        await room.choose(right=False)
        await room.turn("▶")
        if number == 0:
            await room.press("exam-flag")
        await room.hand_in()
    score, most = ("3", "14")

    assert room.says("exam-result-total", score=score, maximum=most)
    assert (await room.sitting()).end_reason == "finished"
    assert len(await chat.attempts()) == 8
    await room.press("exam-key-debrief")
    assert room.says("exam-debrief-sum", maximum=most, total=score, lost="11")
    each, all_four = {"it": ("1,25", "5"), "en": ("1.25", "5")}[language]
    assert room.says("exam-debrief-wrong", count=4, points=all_four, each=each)
    assert room.says("exam-debrief-blank", count=4, points="4")
    assert room.says("exam-debrief-unreached", count=2, points="2")
    assert room.says("exam-lesson-blind-zero", choices=5)
    assert not room.says("exam-lesson-rate", percent=50, limit=20)  # eight answers say too little
    await room.press("exam-key-review")
    assert "1/14" in labels(room.last())
    await room.press("exam-pick-wrong")
    assert "1/4" in labels(room.last())
    assert said("exam-review-wrong", language, points={"it": "−0,25", "en": "−0.25"}[language], time="0 s") in words(
        room.last()
    )
    await room.press("exam-pick-flagged")
    assert room.says("exam-review-flagged")
    assert "Lasciata in bianco" in words(room.last()) or "Left blank" in words(room.last())
    assert not {"◀", "▶"} & set(labels(room.last()))
    await room.press("exam-pick-blank")
    assert "1/6" in labels(room.last())
    await room.turn("◀")
    assert "⏱" in words(room.last()) or room.says("exam-review-unreached")
    await room.press("exam-back-to-result")
    again = await room.press("exam-key-redo", count=10)
    assert any(isinstance(press, QuizAnswer) for press in presses(again))
    (quiz,) = await chat.rows("SELECT length, mode FROM quiz_sessions")
    assert (quiz.length, quiz.mode) == (10, "mistakes")


async def test_english_counts_apart(room: ExamRoom) -> None:
    """English stands beside the total, not in it; the rules say so beforehand."""
    await room.chat.say("/exam")
    await room.chat.press("TOLC-I")
    await room.chat.press("Intera")
    assert room.says("exam-rules-scoring-of", section="Inglese", apart="yes", right="+1", blank="0", wrong="0")
    await room.press("exam-begin")

    await room.finish(right=True)

    assert room.says("exam-result-total", score="4", maximum="50")
    assert room.says("exam-result-apart", section="Inglese", score="1", maximum="30")


async def test_history_needs_two_for_a_trend(chat: Chat, room: ExamRoom) -> None:
    """One sitting is listed; from the second on a chart shows them, with the change in words; both open again."""
    await room.sit()
    await room.finish()
    single = await room.press("exam-key-history")
    assert "photo" not in single
    assert "rispetto alla volta prima" not in words(single)
    chat.clock.advance(hours=30)
    await room.sit()
    await room.finish(right=True)
    result = room.last()

    history = await room.press("exam-key-history")

    assert history["photo"]
    assert room.says("exam-trend-up", exam="TRIAL", points=33)
    assert len([label for label in labels(history) if "TRIAL" in label]) == 2
    assert "2 su 6" in labels(history)[0]
    opened = await chat.press("2 su 6")
    assert "photo" not in opened
    assert words(opened) == words(result)


async def test_history_without_a_sitting(chat: Chat) -> None:
    """There is a way to start from an empty history of exams; /history leads there."""
    await chat.say("/history")

    empty = await chat.press(said("key-exam"))

    assert words(empty) == said("exam-history-empty")
    assert words(await chat.press(said("key-exam"))).startswith(said("exam-menu")[:20])


async def test_passage_stands_above_its_questions(room: ExamRoom) -> None:
    """A reading passage is folded above each of its questions, which stand together."""
    await room.sit("TOLC-I", "comprehension")
    titles = []
    for _ in range(10):
        quotes = [e for e in room.last()["entities"] if e["type"] == "expandable_blockquote"]
        assert len(quotes) == 1
        titles.append(words(room.last()).splitlines()[2])
        await room.turn("▶")

    assert len(set(titles[:5])) == len(set(titles[5:])) == 1
    assert titles[0] != titles[5]


async def test_formula_items_among_texts(room: ExamRoom) -> None:
    """A picture is deleted and posted again where a text takes its place; answers stay, and one paper lies there."""
    mixed = builders.exam(builders.section("mixed", 3, 20, topics=("extra/formula", "extra/html")), slug="MIXED")
    await room.sit(mixed)
    pictures = []
    for _ in range(3):
        pictures.append("photo" in room.last())
        answered = await room.choose(right=True)
        assert ("photo" in answered) is pictures[-1]
        assert room.papers() == [answered]
        await room.turn("▶")

    assert sorted(pictures) == [False, True, True]
    await room.hand_in()
    assert room.says("exam-result-total", score="3", maximum="3")
    assert len(room.chat.with_keys()) == 1


async def test_passage_too_long_for_its_item(chat: Chat, room: ExamRoom) -> None:
    """A passage that does not fit above the question comes whole in messages of its own, and the paper below them."""
    text = "\n\n".join(f"Paragraph {number}: " + "word " * 200 for number in range(11))
    read = builders.reading("long", 2)
    passage = replace(read.passages[0], wordings={"it": PassageWording("Long", text)})
    await chat.store(replace(read, passages=(passage,)))
    section = builders.section("reading", 2, 20, topics=("verbal/reading",), passages=1)
    paper = await room.sit(builders.exam(section, slug="READING"))
    await room.choose(right=True)

    below = await room.press("exam-passage")

    pieces = [words(message) for message in chat.bot_messages() if "Paragraph" in words(message)]
    assert len(pieces) > 1
    assert all(piece.startswith(f"Long · {number} di {len(pieces)}") for number, piece in enumerate(pieces, 1))
    assert "\n".join(pieces).count("Paragraph") == 11
    assert chat.bot_messages()[-1] == below
    assert room.papers() == [below]
    assert "●" in words(below)
    assert paper["message_id"] not in {message["message_id"] for message in chat.bot_messages()}


async def test_true_false_paper(chat: Chat, room: ExamRoom) -> None:
    """True and false stand on the keys and can be written; at most one error passes."""
    await chat.store(builders.bank(*(builders.true_false(f"tf{n}", "road/signs") for n in range(4)), name="road"))
    signs = builders.section(
        "signs", 4, 20, topics=("road",), points=("1", "0", "0"), kind=Kind.TRUE_FALSE, options=None
    )
    rule = PassRule(RuleKind.ERRORS, at_most=1)
    paper = await room.sit(builders.exam(signs, slug="ROAD", passes=(rule,)))
    assert labels(paper)[:2] == ["Vero", "Falso"]

    assert labels(await chat.press("Vero"))[:2] == ["● Vero", "Falso"]
    await room.turn("▶")
    assert labels(await chat.say("falso"))[:2] == ["Vero", "● Falso"]
    for _ in range(2):
        await room.turn("▶")
        await chat.press("Vero")
    await room.hand_in()

    assert room.says("exam-result-passed")
    assert room.says("exam-rule-errors", met="yes", limit=1, value="1")
    review = await room.press("exam-key-review")
    assert "Vero" in words(review)


async def test_one_clock_for_all_sections(chat: Chat, room: ExamRoom) -> None:
    """One clock for two sections: one moves over all of it, and it is handed in as a whole."""
    one = builders.exam(
        builders.section("plain", 2, None, topics=("extra/plain",)),
        builders.section("html", 1, None, topics=("extra/html",)),
        slug="ONE-CLOCK",
        clock=ClockKind.PAPER,
        minutes=Fraction(20),
    )

    ready = await room.draw(one)
    assert said("exam-next-paper", questions=3, time="20 min") in words(ready)
    await room.start()
    last = await room.turn("◀")
    await room.choose(right=True)
    await room.hand_in()

    assert "3 di 3" in words(last)
    assert "Html" in words(last)
    assert room.says("exam-result-total", score="1", maximum="3")
    assert [row.status for row in await room.sections()] == ["completed"] * 2


async def test_questions_of_the_last_paper_come_last(room: ExamRoom) -> None:
    """A second paper has other questions while there are others."""
    half = builders.exam(builders.section("half", 3, 20, topics=("extra/plain",)), slug="HALF")
    await room.sit(half)
    await room.finish()
    first = {row.question_id for row in await room.items()}
    room.chat.clock.advance(minutes=1)

    await room.sit(half)

    assert not first & {row.question_id for row in await room.items()}


async def test_second_tap_on_a_start_key(chat: Chat, room: ExamRoom) -> None:
    """Drawing and starting twice at once give one paper and one clock."""
    rules = await _rules(room)
    begin = presses(rules)[0].encode()
    for _ in range(2):
        chat.pg.press(STUDENT, rules["message_id"], begin)
    ready = await chat.settled()
    start = room.offered(ExamStart).encode()
    for _ in range(2):
        chat.pg.press(STUDENT, ready["message_id"], start)
        chat.clock.advance(seconds=1)
    paper = await chat.settled()

    assert await chat.count("exam_sessions") == 1
    assert "1 di 10" in words(paper)
    assert room.papers() == [paper]


async def test_typed_letter_of_one_clock(room: ExamRoom) -> None:
    """A written letter answers the item on the screen, whatever its case; the paper follows below."""
    paper = await room.sit()
    third = room.letters()[2]

    below = await room.chat.say("c)")

    assert (await room.item(0)).choice == third.choice
    assert labels(below)[2] == "● C"
    assert below["message_id"] > paper["message_id"]
    assert room.papers() == [below]


async def _rules(room: ExamRoom) -> dict[str, object]:
    await room.chat.say("/exam")
    await room.chat.press("TOLC-I")
    return await room.chat.press("Logica")


async def _leave_for_good(room: ExamRoom) -> None:
    await room.press("exam-hand-in")
    await room.press("exam-give-up")
    await room.press("exam-give-up-yes")
