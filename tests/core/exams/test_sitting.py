"""A sitting as a student goes through it: draw, start, answer, hand in, leave, look back."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select

from core.chiron import Chiron
from core.errors import NotAllowed, NotFound, NothingToAsk
from core.exams.formats import Variant
from core.exams.model import ClosedBy, EndReason, SectionStatus, Status
from core.exams.outcomes import Between, Face, OnPaper, Pick, Unchanged, Why
from core.people.model import Person
from storage.tables import exam_items, exam_sessions
from tests import builders
from tests.core.exams.desk import Desk, between, on_paper, over, unchanged
from tests.fakes import FakeClock
from tests.readback import everything, rows

Step = Callable[[], Awaitable[object]]
FORGED = (-1, 7, 2**31, 2**53)


class TestCreate:
    """Drawing a paper."""

    async def test_a_paper_is_drawn_and_waits(self, desk: Desk) -> None:
        """Every section has its questions; no clock runs, nothing is practised yet."""
        sitting = await desk.sitting()

        assert (sitting.status, sitting.exam_type, sitting.variant) == (Status.CREATED, "TRIAL", "full")
        assert [(section.first, section.questions) for section in sitting.sections] == [(0, 4), (4, 3)]
        assert {section.status for section in sitting.sections} == {SectionStatus.PENDING}
        assert [item.position for item in sitting.items] == list(range(7))
        assert [item.section for item in sitting.items] == [0] * 4 + [1] * 3
        assert len({item.question_id for item in sitting.items}) == 7
        assert {sorted(item.order) == [0, 1, 2, 3, 4] for item in sitting.items} == {True}
        assert sitting.due_at == desk.clock.now() + timedelta(hours=24)
        assert desk.sessions() == desk.attempts() == []

    async def test_each_key_is_the_bank_s(self, desk: Desk) -> None:
        """The right choice of each item is that of its question, in the bank's order."""
        sitting = await desk.sitting()

        keys = await desk.storage.read(lambda work: [work.questions.version(i.version_id).right for i in sitting.items])

        assert [(item.key,) for item in sitting.items] == keys

    async def test_the_same_id_is_the_same_sitting(self, desk: Desk) -> None:
        """A second press finds the first one's paper, whatever else it says."""
        first = await desk.core.exams.fetch(desk.actor, desk.id)
        before = everything(desk.database_url)

        again = await desk.core.exams.create(desk.actor, desk.id, "NOT-AN-EXAM", "logic")

        assert again == first
        assert everything(desk.database_url) == before

    @pytest.mark.parametrize("ids", ["the same id", "ids of their own"])
    async def test_ten_presses_at_once_draw_one_paper(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str, ids: str
    ) -> None:
        """All show the same one."""
        await core.exams.add([builders.some_exam()], clock.now())
        actor = builders.actor(student, clock.now())
        one = builders.new_sitting_id()
        chosen = [one if ids == "the same id" else builders.new_sitting_id() for _ in range(10)]

        outcomes = await asyncio.gather(*(core.exams.create(actor, sitting_id, "TRIAL") for sitting_id in chosen))

        standings = [outcome.standing if isinstance(outcome, Unchanged) else outcome for outcome in outcomes]
        (stored,) = rows(database_url, select(exam_sessions))
        assert {between(standing).sitting.id for standing in standings} == {stored["id"]}
        assert len(rows(database_url, select(exam_items))) == 7
        refused = [outcome.why for outcome in outcomes if isinstance(outcome, Unchanged)]
        assert refused == ([] if ids == "the same id" else [Why.ANOTHER] * 9)

    async def test_somebody_else_s_id_is_refused(self, desk: Desk, other: Person) -> None:
        """As one that is not there; nothing changes."""
        before = everything(desk.database_url)

        with pytest.raises(NotFound):
            await desk.core.exams.create(builders.actor(other, desk.clock.now()), desk.id, "TRIAL")

        assert everything(desk.database_url) == before

    @pytest.mark.parametrize("running", [False, True])
    async def test_one_sitting_at_a_time(self, desk: Desk, *, running: bool) -> None:
        """Another one under way goes before, between its sections and inside one."""
        if running:
            await desk.start()
        before = everything(desk.database_url)

        outcome = await desk.core.exams.create(desk.actor, builders.new_sitting_id(), "TRIAL")

        assert unchanged(outcome, Why.ANOTHER).standing == await desk.core.exams.fetch(desk.actor, desk.id)
        assert everything(desk.database_url) == before

    async def test_one_that_is_over_makes_room(self, desk: Desk) -> None:
        """Handed in or abandoned."""
        await desk.finish()
        second = await desk.sit(builders.some_exam())
        await second.abandon()
        third = await desk.sit(builders.some_exam())

        assert [one["status"] for one in rows(desk.database_url, select(exam_sessions))].count("completed") == 2
        assert (await third.sitting()).status is Status.CREATED

    async def test_one_that_lapsed_makes_room(self, desk: Desk) -> None:
        """Also where nobody has swept since."""
        desk.clock.advance(hours=24)

        fresh = await desk.sit(builders.some_exam())

        assert (await desk.sitting()).end_reason is EndReason.LAPSED
        assert (await fresh.sitting()).status is Status.CREATED

    @pytest.mark.parametrize(("slug", "variant"), [("TOLC-X", "full"), ("TRIAL", "latin"), ("", ""), ("trial", "full")])
    async def test_what_is_not_there_is_refused(
        self, core: Chiron, student: Person, clock: FakeClock, slug: str, variant: str
    ) -> None:
        """An exam or a part of it that no file names."""
        await core.exams.add([builders.some_exam()], clock.now())

        with pytest.raises(NotFound):
            await core.exams.create(builders.actor(student, clock.now()), builders.new_sitting_id(), slug, variant)

    async def test_a_bank_that_runs_dry_names_the_section(
        self, core: Chiron, student: Person, clock: FakeClock, database_url: str
    ) -> None:
        """With what it has and what it needs; nothing is stored."""
        sections = builders.section("maths", 4), builders.section("biology", 15, topics=("biology",))
        await core.banks.store(
            builders.bank(*(builders.single(f"b{n}", "biology") for n in range(3)), name="b"), clock.now()
        )
        await core.exams.add([builders.exam(*sections)], clock.now())
        before = everything(database_url)

        with pytest.raises(NothingToAsk) as refusal:
            await core.exams.create(builders.actor(student, clock.now()), builders.new_sitting_id(), "TRIAL")

        assert refusal.value.details == {"what": "exam", "section": "Biology", "have": 3, "need": 15}
        assert everything(database_url) == before

    async def test_a_part_has_its_share_of_the_time(self, desk: Desk) -> None:
        """A section alone keeps its time, a shorter paper takes so much of it as of its questions."""
        await desk.abandon()
        short = Variant("mini", {"it": "Mini"}, {"maths": 2, "logic": 1})
        exam = builders.some_exam(slug="PARTS", variants=(short,))

        alone = await (await desk.sit(exam, "logic")).sitting()
        await desk.core.exams.abandon(desk.actor, alone.id)
        mini = await (await desk.sit(exam, "mini")).sitting()

        assert [(section.key, section.questions) for section in alone.sections] == [("logic", 3)]
        assert alone.exam.sections[0].minutes == 20
        assert [(section.key, section.questions) for section in mini.sections] == [("maths", 2), ("logic", 1)]
        assert [section.minutes for section in mini.exam.sections] == [25, Fraction(20, 3)]

    async def test_a_file_that_changes_later_does_not_reach_it(self, desk: Desk) -> None:
        """Nor its result: it was drawn from the version before."""
        before = (await desk.sitting()).exam
        stricter = tuple(
            builders.section(key, 3, 1, topics=(key,), points=("9", "0", "-9")) for key in ("maths", "logic")
        )

        changed = await desk.core.exams.add([builders.exam(*stricter)], desk.clock.now())

        assert changed == ["TRIAL"]
        assert (await desk.sitting()).exam == before
        assert (await desk.finish()).scored.maximum == 7
        assert (await (await desk.sit(builders.exam(*stricter))).sitting()).exam.sections[0].minutes == 1

    async def test_a_question_that_changes_later_does_not_reach_it(self, desk: Desk) -> None:
        """Its text and its key stay what was drawn."""
        before = await desk.start()
        edited = [replace(item, right=((item.right[0] + 1) % 5,)) for item in builders.some_questions().items]
        await desk.core.banks.store(builders.bank(*edited), desk.clock.now())

        await desk.right(0, 1, 2, 3)

        assert on_paper(await desk.move(0)).version == before.version
        assert between(await desk.hand_in()).sitting.sections[0].score == 4


class TestMenu:
    """What can be sat."""

    async def test_every_exam_with_what_is_missing(self, desk: Desk) -> None:
        """In the order that the files ask for, for each variant that cannot be filled."""
        dry = builders.section("biology", 15, topics=("biology",))
        await desk.core.exams.add(
            [builders.exam(builders.section("maths"), dry, slug="LATER", order=200), builders.one_clock(order=1)],
            desk.clock.now(),
        )
        await desk.abandon()

        menu = await desk.core.exams.menu(desk.actor)

        assert [offer.exam.slug for offer in menu.offers] == ["ONE-CLOCK", "TRIAL", "LATER"]
        assert [offer.can_fill() for offer in menu.offers] == [True, True, False]
        assert menu.offers[1].variants == ("full", "maths", "logic")
        assert menu.offers[2].variants == ("maths",)
        (short,) = menu.offers[2].shortages["full"]
        assert (short.section.key, short.have, short.section.questions) == ("biology", 0, 15)
        assert menu.offers[2] == await desk.core.exams.offer(desk.actor, "LATER")
        assert menu.unfinished is None

    async def test_the_one_under_way(self, desk: Desk) -> None:
        """Until it is over; of its own student alone."""
        under_way = (await desk.core.exams.menu(desk.actor)).unfinished
        desk.clock.advance(hours=24)
        lapsed = (await desk.core.exams.menu(desk.actor)).unfinished

        assert under_way is not None
        assert under_way.id == desk.id
        assert lapsed is None

    async def test_an_unknown_exam_has_no_offer(self, desk: Desk) -> None:
        """However it is spelt."""
        with pytest.raises(NotFound):
            await desk.core.exams.offer(desk.actor, "trial")


class TestFetch:
    """Where it stands."""

    async def test_it_is_what_the_press_before_gave(self, desk: Desk) -> None:
        """Between sections, inside one, and at the end."""
        for step in (desk.start(), desk.answer(2, 1), desk.flag(3), desk.hand_in(), desk.start(1), desk.hand_in(1)):
            outcome = await step
            desk.clock.advance(seconds=7)
            assert await desk.core.exams.fetch(desk.actor, desk.id) == outcome

    async def test_looking_stores_nothing(self, desk: Desk) -> None:
        """Not even that time has run out: that is shown as it is."""
        await desk.start()
        before = everything(desk.database_url)
        desk.clock.advance(minutes=50)

        standing = between(await desk.core.exams.fetch(desk.actor, desk.id))

        assert standing.closed[0].closed_by is ClosedBy.TIME
        assert await desk.core.exams.current(desk.actor) == standing
        assert everything(desk.database_url) == before

    async def test_one_s_own_only(self, desk: Desk, other: Person) -> None:
        """Another student's is as absent as one that never was."""
        for sitting_id in (desk.id, builders.new_sitting_id(), uuid.UUID(int=0)):
            with pytest.raises(NotFound):
                await desk.core.exams.fetch(builders.actor(other, desk.clock.now()), sitting_id)  # type: ignore[arg-type]
        assert await desk.core.exams.current(builders.actor(other, desk.clock.now())) is None


class TestStart:
    """A section begins when the student says so."""

    async def test_its_clock_runs(self, desk: Desk) -> None:
        """The first item is on the screen, and it is practice."""
        desk.clock.advance(hours=3)

        paper = await desk.start()

        (session,) = desk.sessions()
        sitting = paper.sitting
        assert sitting.status is Status.IN_PROGRESS
        assert sitting.deadline == session["busy_until"] == desk.clock.now() + timedelta(minutes=50)
        assert (paper.item.position, paper.item.seen_at) == (0, desk.clock.now())
        assert paper.version.id == paper.item.version_id
        assert [item.seen_at for item in sitting.items[1:]] == [None] * 6
        assert sitting.session_id == session["id"]

    async def test_a_second_press_changes_nothing(self, desk: Desk) -> None:
        """The clock is not wound up again."""
        first = await desk.start()
        desk.clock.advance(minutes=20)
        before = everything(desk.database_url)

        assert await desk.start() == first
        assert everything(desk.database_url) == before

    async def test_ten_presses_at_once_start_it_once(self, desk: Desk) -> None:
        """All show the same deadline."""
        outcomes = await asyncio.gather(*(desk.start() for _ in range(10)))

        assert {outcome.sitting.deadline for outcome in outcomes} == {desk.clock.now() + timedelta(minutes=50)}
        assert len(desk.sessions()) == 1

    @pytest.mark.parametrize("number", [-1, 2, 2**31, 2**53])
    async def test_a_section_that_is_not_there(self, desk: Desk, number: int) -> None:
        """Neither to start nor to hand in."""
        before = everything(desk.database_url)

        with pytest.raises(NotFound):
            await desk.core.exams.start_section(desk.actor, desk.id, number)
        with pytest.raises(NotFound):
            await desk.hand_in(number)

        assert everything(desk.database_url) == before

    async def test_one_after_the_other(self, desk: Desk) -> None:
        """Not the second before the first, nor while it runs, nor the first again."""
        early = await desk.core.exams.start_section(desk.actor, desk.id, 1)
        await desk.start()
        meanwhile = await desk.core.exams.start_section(desk.actor, desk.id, 1)
        await desk.hand_in()
        again = await desk.core.exams.start_section(desk.actor, desk.id, 0)
        await desk.start(1)
        behind = await desk.core.exams.start_section(desk.actor, desk.id, 0)
        await desk.hand_in(1)
        late = await desk.core.exams.start_section(desk.actor, desk.id, 1)

        assert isinstance(unchanged(early, Why.NOT_YET).standing, Between)
        assert on_paper(unchanged(meanwhile, Why.NOT_YET).standing).item.position == 0
        assert isinstance(unchanged(again, Why.CLOSED).standing, Between)
        assert on_paper(unchanged(behind, Why.CLOSED).standing).item.position == 4
        over(unchanged(late, Why.CLOSED).standing)

    async def test_after_one_that_ran_out_unseen(self, desk: Desk) -> None:
        """The next is started, and the press says so: it did not come to nothing."""
        await desk.start()
        desk.clock.advance(minutes=55)

        paper = await desk.start(1)

        assert paper.sitting.deadline == desk.clock.now() + timedelta(minutes=20)
        assert paper.sitting.sections[0].completed_at == desk.clock.now() - timedelta(minutes=5)

    async def test_time_left_is_not_carried_over(self, desk: Desk) -> None:
        """The second section has its own twenty minutes, whenever the first was handed in."""
        await desk.start()
        desk.clock.advance(minutes=1)
        await desk.hand_in()

        assert (await desk.start(1)).sitting.deadline == desk.clock.now() + timedelta(minutes=20)


class TestAnswer:
    """Answers on the paper; each counts as it stands when its section closes."""

    async def test_it_is_recorded(self, desk: Desk) -> None:
        """With its moment; nothing is said about whether it is right."""
        await desk.start()
        desk.clock.advance(seconds=40)

        paper = on_paper(await desk.answer(2, 3))

        assert (paper.item.position, paper.item.choice, paper.item.answered_at) == (2, 3, desk.clock.now())
        assert paper.sitting.items[0].ms == 40_000
        assert paper.sitting.sections[0].score is None
        assert desk.attempts() == []

    async def test_it_can_be_changed_and_cleared(self, desk: Desk) -> None:
        """The last word counts."""
        await desk.start()
        await desk.right(0, 1, 2)
        await desk.wrong(1)
        await desk.answer(2, None)

        closed = between(await desk.hand_in()).sitting

        assert closed.sections[0].score == Fraction(3, 4)
        assert (closed.items[2].choice, closed.items[2].answered_at) == (None, None)
        assert [(row["position"], row["is_right"]) for row in desk.attempts()] == [(0, True), (1, False)]

    async def test_the_same_again_changes_nothing(self, desk: Desk) -> None:
        """Neither the answer nor its moment; clearing a blank leaves it blank."""
        await desk.start()
        first = on_paper(await desk.answer(1, 4)).item
        desk.clock.advance(minutes=2)

        again = on_paper(await desk.answer(1, 4)).item
        cleared = on_paper(await desk.answer(0, None)).item

        assert (again.choice, again.answered_at) == (first.choice, first.answered_at)
        assert (cleared.choice, cleared.answered_at) == (None, None)

    @pytest.mark.parametrize("position", FORGED)
    async def test_a_position_that_is_not_there(self, desk: Desk, position: int) -> None:
        """Not for an answer, a flag or a move."""
        await desk.start()
        before = everything(desk.database_url)

        for press in (desk.answer(position, 0), desk.flag(position), desk.move(position)):
            with pytest.raises(NotFound):
                await press

        assert everything(desk.database_url) == before

    @pytest.mark.parametrize("choice", [-1, 5, 2**31, 2**53])
    async def test_a_choice_that_is_not_there(self, desk: Desk, choice: int) -> None:
        """Nothing is recorded."""
        await desk.start()
        before = everything(desk.database_url)

        with pytest.raises(NotFound):
            await desk.answer(0, choice)

        assert everything(desk.database_url) == before

    async def test_a_sitting_that_is_not_there(self, desk: Desk) -> None:
        """Nothing is recorded anywhere."""
        await desk.start()
        before = everything(desk.database_url)

        with pytest.raises(NotFound):
            await desk.core.exams.answer(desk.actor, builders.new_sitting_id(), position=0, choice=0)

        assert everything(desk.database_url) == before

    async def test_no_way_back_and_no_way_ahead(self, desk: Desk) -> None:
        """Items of a section that is over are closed, those of a later one not open yet; nothing changes."""
        before_any = everything(desk.database_url)
        for press in (desk.answer(0, 0), desk.flag(0), desk.move(0)):
            unchanged(await press, Why.NOT_YET)
        assert everything(desk.database_url) == before_any

        await desk.start()
        before = everything(desk.database_url)
        for press in (desk.answer(4, 0), desk.flag(5), desk.move(6)):
            assert on_paper(unchanged(await press, Why.NOT_YET).standing).item.position == 0
        assert everything(desk.database_url) == before

        await desk.hand_in()
        await desk.start(1)
        before = everything(desk.database_url)
        for press in (desk.answer(0, 0), desk.flag(1), desk.move(3)):
            assert on_paper(unchanged(await press, Why.CLOSED).standing).item.position == 4
        assert everything(desk.database_url) == before

    async def test_after_the_end_nothing_counts(self, desk: Desk) -> None:
        """Every button of the paper leads to the result."""
        await desk.finish()
        before = everything(desk.database_url)

        for press in (desk.answer(0, 0), desk.flag(1), desk.move(5)):
            over(unchanged(await press, Why.COMPLETED).standing)
        turned = await desk.core.exams.turn_over(desk.actor, desk.id, Face.GRID)
        over(unchanged(turned, Why.COMPLETED).standing)
        for number in (0, 1):
            over(await desk.hand_in(number))
        over(await desk.abandon())

        assert everything(desk.database_url) == before

    async def test_a_flag_comes_and_goes(self, desk: Desk) -> None:
        """It is for the student alone: it costs no points."""
        await desk.start()

        flagged = on_paper(await desk.flag(1)).item
        await desk.flag(2)
        back = on_paper(await desk.flag(1, flagged=False)).item
        closed = between(await desk.hand_in()).sitting

        assert (flagged.flagged, back.flagged) == (True, False)
        assert [item.flagged for item in closed.items] == [False, False, True, False, False, False, False]
        assert closed.sections[0].score == 0

    async def test_time_is_counted_where_it_is_spent(self, desk: Desk) -> None:
        """To the item on the screen; together it is the time of the section."""
        await desk.start()
        for position, seconds in ((0, 10), (3, 20), (1, 5), (3, 7)):
            await desk.move(position)
            desk.clock.advance(seconds=seconds)

        closed = between(await desk.hand_in()).sitting

        assert [item.ms for item in closed.items[:4]] == [10_000, 5_000, 0, 27_000]
        assert [item.seen_at is not None for item in closed.items] == [True, True, False, True, False, False, False]

    async def test_a_written_letter_answers_the_item_on_the_screen(self, desk: Desk) -> None:
        """As the choices are shown; any other text changes nothing."""
        paper = await desk.start()

        async def write(text: str) -> object:
            return await desk.storage.transact(desk.actor, lambda work: desk.core.exams.write(work, desk.actor, text))

        none = await write("perché?")
        second = on_paper(await write("b"))
        desk.clock.advance(minutes=50)
        late = await write("C")

        assert on_paper(none).item.choice is None
        assert second.item.choice == paper.item.order[1]
        unchanged(late, Why.TIME_UP)
        assert await write("D") is None
        assert (await desk.sitting()).items[0].choice == paper.item.order[1]


class TestFaces:
    """The sides of the paper that are only looked at."""

    async def test_nothing_changes(self, desk: Desk) -> None:
        """Not the cursor, not the time."""
        await desk.start()
        before = everything(desk.database_url)

        for face in Face:
            shown = on_paper(await desk.core.exams.turn_over(desk.actor, desk.id, face))
            assert (shown.face, shown.page) == (face, 0)

        assert everything(desk.database_url) == before

    @pytest.mark.parametrize(("page", "shown"), [(0, 0), (1, 1), (2, 1), (99, 1), (-1, 0), (-99, 0)])
    async def test_the_grid_has_pages_of_thirty(
        self, core: Chiron, desk: Desk, clock: FakeClock, page: int, shown: int
    ) -> None:
        """A page that is not there is the nearest one."""
        await desk.abandon()
        await core.banks.store(builders.some_questions(40, topics=("big",)), clock.now())
        big = await desk.sit(builders.exam(builders.section("big", 35, topics=("big",)), slug="BIG"))
        await big.start()

        grid = on_paper(await core.exams.turn_over(big.actor, big.id, Face.GRID, page=page))

        assert grid.page == shown

    async def test_between_sections_one_can_only_be_asked_whether_to_abandon(self, desk: Desk) -> None:
        """The paper is put away."""
        asks = between(await desk.core.exams.turn_over(desk.actor, desk.id, Face.ABANDON))
        grid = await desk.core.exams.turn_over(desk.actor, desk.id, Face.GRID)

        assert asks.asks
        assert not between(unchanged(grid, Why.CLOSED).standing).asks


class TestHandIn:
    """A section can be ended early."""

    async def test_it_closes_now(self, desk: Desk) -> None:
        """With its exact score; the next one waits."""
        await desk.start()
        await desk.right(0, 1)
        await desk.wrong(2)
        desk.clock.advance(minutes=7)

        closed = between(await desk.hand_in()).sitting.sections[0]

        assert (closed.status, closed.closed_by) == (SectionStatus.COMPLETED, ClosedBy.HAND_IN)
        assert closed.completed_at == desk.clock.now()
        assert closed.score == Fraction(7, 4)

    async def test_a_second_press_shows_what_follows(self, desk: Desk) -> None:
        """It does not hand in the next one."""
        await desk.start()
        first = await desk.hand_in()
        desk.clock.advance(minutes=1)
        before = everything(desk.database_url)

        assert await desk.hand_in() == first
        assert everything(desk.database_url) == before
        await desk.start(1)
        assert on_paper(await desk.hand_in(0)).item.position == 4

    async def test_one_that_does_not_run_cannot_be_handed_in(self, desk: Desk) -> None:
        """Neither before it is started nor while another runs."""
        unchanged(await desk.hand_in(0), Why.NOT_YET)
        await desk.start()
        unchanged(await desk.hand_in(1), Why.NOT_YET)

    async def test_not_before_its_minimum(self, desk: Desk) -> None:
        """The outcome says until when; at that moment it can be."""
        await desk.abandon()
        slow = builders.section("maths", 4, 50, min_minutes=Fraction(25, 2))
        sat = await desk.sit(builders.exam(slow, slug="SLOW"))
        await sat.start()
        earliest = desk.clock.now() + timedelta(minutes=12, seconds=30)

        sat.clock.advance(minutes=12, seconds=29, milliseconds=999)
        early = unchanged(await sat.hand_in(), Why.TOO_EARLY)
        sat.clock.advance(milliseconds=1)
        result = over(await sat.hand_in())

        assert early.until == earliest
        assert on_paper(early.standing).sitting.running
        assert result.sitting.completed_at == earliest

    async def test_the_minimum_of_a_paper_with_one_clock(self, desk: Desk) -> None:
        """Is the paper's."""
        await desk.abandon()
        sat = await desk.sit(builders.one_clock(30, min_minutes=Fraction(10)))
        await sat.start()

        sat.clock.advance(minutes=9)
        early = unchanged(await sat.hand_in(1), Why.TOO_EARLY)
        sat.clock.advance(minutes=1)

        assert early.until == sat.clock.now()
        over(await sat.hand_in(1))


class TestOneClock:
    """A paper whose sections share one clock."""

    @pytest.fixture
    async def paper(self, desk: Desk) -> Desk:
        """Such a paper, begun."""
        await desk.abandon()
        sat = await desk.sit(builders.one_clock())
        await sat.start()
        return sat

    async def test_all_sections_start_together(self, paper: Desk) -> None:
        """With one deadline; a press for any of them finds it running."""
        sitting = (await paper.start(1)).sitting

        assert len(sitting.running) == 2
        assert {section.deadline for section in sitting.sections} == {paper.clock.now() + timedelta(minutes=30)}

    async def test_one_moves_freely(self, paper: Desk) -> None:
        """Forth and back over the whole paper."""
        for position in (6, 0, 4, 3):
            assert on_paper(await paper.move(position)).item.position == position
            await paper.right(position)

        assert sum(item.choice is not None for item in (await paper.sitting()).items) == 4

    async def test_all_close_together(self, paper: Desk) -> None:
        """Handing in one section hands in the paper; each has its own points."""
        await paper.right(0, 6)
        await paper.wrong(5)

        result = over(await paper.hand_in(0))

        assert [section.score for section in result.sitting.sections] == [1, Fraction(3, 4)]
        assert result.scored.total == Fraction(7, 4)
        assert len(paper.attempts()) == 3

    async def test_time_runs_out_for_all(self, paper: Desk) -> None:
        """At the one deadline."""
        deadline = paper.clock.now() + timedelta(minutes=30)
        paper.clock.advance(hours=1)

        late = over(unchanged(await paper.answer(6, 0), Why.TIME_UP).standing)

        assert {section.completed_at for section in late.sitting.sections} == {deadline}
        assert {section.closed_by for section in late.sitting.sections} == {ClosedBy.TIME}
        assert late.sitting.completed_at == deadline

    async def test_only_its_first_section_begins_it(self, desk: Desk) -> None:
        """A forged number does not."""
        await desk.abandon()
        sat = await desk.sit(builders.one_clock())

        unchanged(await desk.core.exams.start_section(sat.actor, sat.id, 1), Why.NOT_YET)


class TestAbandon:
    """Leaving for good."""

    async def test_it_completes_with_the_reason(self, desk: Desk) -> None:
        """What runs is closed as it is and counts; what follows is blank."""
        await desk.start()
        await desk.right(0)
        await desk.wrong(1)
        desk.clock.advance(minutes=3)

        result = over(await desk.abandon())

        sitting = result.sitting
        assert (sitting.status, sitting.end_reason) == (Status.COMPLETED, EndReason.ABANDONED)
        assert sitting.metadata["end_reason"] == "abandoned"
        assert {section.closed_by for section in sitting.sections} == {ClosedBy.ABANDONED}
        assert [section.score for section in sitting.sections] == [Fraction(3, 4), 0]
        assert [row["position"] for row in desk.attempts()] == [0, 1]
        assert sitting.completed_at == desk.clock.now()
        assert sitting.due_at is None

    async def test_before_anything_was_started(self, desk: Desk) -> None:
        """Nothing was practised: no attempt, no session, no line in the history."""
        sitting = over(await desk.abandon()).sitting

        assert sitting.end_reason is EndReason.ABANDONED
        assert [section.started_at for section in sitting.sections] == [None, None]
        assert desk.attempts() == desk.sessions() == []
        assert await desk.core.exams.history(desk.actor, limit=5) == ()

    async def test_between_two_sections(self, desk: Desk) -> None:
        """What was closed before stays as it was."""
        await desk.start()
        await desk.right(0, 1, 2, 3)
        first = between(await desk.hand_in()).sitting.sections[0]
        desk.clock.advance(minutes=3)

        sitting = over(await desk.abandon()).sitting

        assert sitting.sections[0] == first
        assert sitting.sections[1].closed_by is ClosedBy.ABANDONED
        assert sitting.end_reason is EndReason.ABANDONED

    async def test_in_the_last_section(self, desk: Desk) -> None:
        """It is abandoned, not finished, though nothing follows."""
        await desk.start()
        await desk.hand_in()
        await desk.start(1)

        assert over(await desk.abandon()).sitting.metadata["end_reason"] == "abandoned"

    async def test_one_that_ran_out_unseen(self, desk: Desk) -> None:
        """The section closed at its deadline; then it was abandoned, and the press says so."""
        await desk.start()
        deadline = desk.clock.now() + timedelta(minutes=50)
        desk.clock.advance(minutes=51)

        sitting = over(await desk.abandon()).sitting

        assert (sitting.sections[0].closed_by, sitting.sections[0].completed_at) == (ClosedBy.TIME, deadline)
        assert sitting.end_reason is EndReason.ABANDONED


class TestResults:
    """What it was worth."""

    async def test_not_before_it_is_over(self, desk: Desk) -> None:
        """Neither the result nor any solution."""
        steps: list[Step] = [desk.sitting, desk.start, desk.hand_in]
        for step in steps:
            await step()
            with pytest.raises(NotAllowed, match="exam-unfinished"):
                await desk.core.exams.results(desk.actor, desk.id)
            with pytest.raises(NotAllowed, match="exam-unfinished"):
                await desk.core.exams.check(desk.actor, desk.id, position=0)

    async def test_sections_and_total(self, desk: Desk) -> None:
        """Right, wrong, blank, never reached, and exact points."""
        await desk.start()
        await desk.right(0, 1)
        await desk.wrong(2)
        await desk.hand_in()
        await desk.start(1)
        await desk.wrong(4, 5)
        await desk.hand_in(1)

        result = await desk.core.exams.results(desk.actor, desk.id)

        tallies = [(t.right, t.wrong, t.blank, t.unreached) for t in (part.tally for part in result.scored.sections)]
        assert tallies == [(2, 1, 0, 1), (0, 2, 0, 1)]
        assert [part.score for part in result.scored.sections] == [Fraction(7, 4), Fraction(-1, 2)]
        assert (result.scored.total, result.scored.maximum) == (Fraction(5, 4), Fraction(7))
        assert result.sitting.end_reason is EndReason.FINISHED

    async def test_metadata_is_written_once_at_the_end(self, desk: Desk) -> None:
        """Exact figures as texts; no later press touches it."""
        await desk.start()
        await desk.right(0, 1, 2)
        await desk.wrong(3)
        await desk.hand_in()
        before = (await desk.sitting()).metadata
        await desk.start(1)
        desk.clock.advance(minutes=20)
        await desk.answer(4, 0)

        written = (await desk.sitting()).metadata
        desk.clock.advance(days=2)
        await desk.abandon()
        await desk.sweep()

        assert before == {}
        assert written == (await desk.sitting()).metadata
        assert written["variant"] == "full"
        assert written["end_reason"] == "finished"
        assert (written["total"], written["maximum"], written["passed"]) == ("11/4", "7", None)
        sections: Any = written["sections"]
        first, second = sections
        assert first == {
            "key": "maths", "closed_by": "handed-in", "right": 3, "wrong": 1, "blank": 0, "unreached": 0,
            "score": "11/4", "maximum": "4",
        }  # fmt: skip
        assert (second["closed_by"], second["blank"], second["unreached"]) == ("time", 1, 2)

    async def test_each_item_can_be_checked(self, desk: Desk) -> None:
        """With filters; where one does not let an item through, the next that it does, round the end."""
        await desk.start()
        await desk.right(0, 1)
        await desk.wrong(2)
        await desk.flag(0)
        await desk.flag(3)
        await desk.hand_in()
        await desk.start(1)
        await desk.hand_in(1)

        async def check(position: int, pick: Pick = Pick.ALL) -> tuple[int, tuple[int, ...]]:
            checked = await desk.core.exams.check(desk.actor, desk.id, position=position, pick=pick)
            assert checked.version.id == checked.item.version_id
            return checked.item.position, checked.positions

        assert await check(5) == (5, tuple(range(7)))
        assert await check(0, Pick.WRONG) == (2, (2,))
        assert await check(1, Pick.FLAGGED) == (3, (0, 3))
        assert await check(4, Pick.FLAGGED) == (0, (0, 3))
        assert await check(0, Pick.BLANK) == (3, (3, 4, 5, 6))
        for forged in FORGED:
            with pytest.raises(NotFound):
                await check(forged)

    async def test_a_filter_that_lets_nothing_through(self, desk: Desk) -> None:
        """There is nothing to look at."""
        await desk.finish()

        with pytest.raises(NotFound):
            await desk.core.exams.check(desk.actor, desk.id, position=0, pick=Pick.WRONG)


class TestHistory:
    """What was sat."""

    async def test_completed_ones_with_a_started_section_the_newest_first(self, desk: Desk, other: Person) -> None:
        """One's own; a page at a time."""
        first = await desk.finish()
        desk.clock.advance(hours=1)
        second = await desk.sit(builders.some_exam())
        await second.start()
        abandoned = over(await second.abandon())
        desk.clock.advance(hours=1)
        third = await desk.sit(builders.some_exam())
        await third.abandon()
        await (await desk.sit(builders.some_exam())).start()

        history = desk.core.exams.history
        assert await history(desk.actor, limit=10) == (abandoned, first)
        assert await history(desk.actor, limit=1) == (abandoned,)
        assert await history(desk.actor, limit=1, offset=1) == (first,)
        assert await history(builders.actor(other, desk.clock.now()), limit=10) == ()
        assert isinstance(await desk.core.exams.current(desk.actor), OnPaper)
