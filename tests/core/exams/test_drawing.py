"""How a paper is drawn: filled whenever it can be, nothing twice, what was sat lately last."""

import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations, groupby, product

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from core.exams import drawing
from core.exams.formats import ExamFormat, Section
from core.exams.model import Stock
from core.ids import PassageId, QuestionId, VersionId
from core.questions.model import Kind, Wording
from storage import tables
from tests import builders
from tests.core.exams.desk import Desk
from tests.readback import second_connection

Restart = Callable[[Desk], Awaitable[None]]
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LETTERS = "abcdef"


def stock(number: int, topic: str = "maths/algebra", **changes: object) -> Stock:
    """A question that a paper can be drawn from."""
    values: dict[str, object] = {
        "question_id": QuestionId(number),
        "version_id": VersionId(1_000 + number),
        "topic": tuple(topic.split("/")),
        "languages": ("it", "en"),
    }
    return Stock(**(values | changes))  # type: ignore[arg-type]


def drawn(exam: ExamFormat, pools: Mapping[str, Sequence[Stock]], seed: int = 1, language: str = "it") -> drawing.Paper:
    """A paper, which can be drawn."""
    paper = drawing.draw(exam, pools, language, random.Random(seed))
    assert not isinstance(paper, drawing.Unfillable), paper
    return paper


def numbers(questions: Sequence[Stock]) -> set[int]:
    """Their numbers."""
    return {question.question_id for question in questions}


def one(pool: Sequence[Stock], count: int, seed: int = 1, language: str = "it") -> tuple[Stock, ...]:
    """The questions of a paper with one section."""
    (section,) = drawn(builders.exam(builders.section("all", count)), {"all": pool}, seed, language)
    return section


@st.composite
def worlds(draw: st.DrawFn) -> tuple[ExamFormat, dict[str, list[Stock]]]:
    """Up to ten sections that share topics, over a bank about as large as they need."""
    supply = draw(st.lists(st.integers(0, 6), min_size=6, max_size=6))
    count = iter(range(1, 100))
    bank = {
        letter: [stock(next(count), f"{letter}/{letter}{n % 2}") for n in range(supply[place])]
        for place, letter in enumerate(LETTERS)
    }
    chosen = draw(
        st.lists(
            st.tuples(st.sets(st.sampled_from(LETTERS), min_size=1, max_size=3), st.integers(1, 4)),
            max_size=10,
            min_size=1,
        )
    )
    sections = [
        builders.section(f"s{number}", questions, topics=tuple(sorted(topics)))
        for number, (topics, questions) in enumerate(chosen)
    ]
    pools = {s.key: [question for (letter,) in s.topics for question in bank[letter]] for s in sections}
    return builders.exam(*sections), pools


def can_be_filled(
    sections: Sequence[Section], pools: Mapping[str, Sequence[Stock]], taken: set[int] | None = None
) -> bool:
    """Whether every choice of sections has questions enough between them (Hall 1935)."""
    some = chain.from_iterable(combinations(sections, count) for count in range(1, len(sections) + 1))
    return all(
        len(set().union(*(numbers(pools[s.key]) for s in group)) - (taken or set())) >= sum(s.questions for s in group)
        for group in some
    )


class TestFilling:
    """A paper that can be filled is filled."""

    @given(world=worlds(), seed=st.integers(0, 9))
    @settings(max_examples=400, deadline=None)
    def test_whenever_a_filling_exists_it_is_found(
        self, world: tuple[ExamFormat, dict[str, list[Stock]]], seed: int
    ) -> None:
        """And only then; no question twice, each from its section's topics, as many as asked for."""
        exam, pools = world
        paper = drawing.draw(exam, pools, "it", random.Random(seed))

        possible = can_be_filled(exam.sections, pools)
        event(f"can be filled: {possible}")
        assert isinstance(paper, drawing.Unfillable) is not possible
        assert bool(drawing.shortages(exam, pools)) is not possible
        if isinstance(paper, drawing.Unfillable):
            for short in paper.shortages:
                assert 0 <= short.have < short.section.questions
                assert short.have <= len(pools[short.section.key])
            assert {short.section.key for short in paper.shortages} <= {section.key for section in exam.sections}
            return
        assert [len(questions) for questions in paper] == [section.questions for section in exam.sections]
        every = list(chain.from_iterable(paper))
        assert len(numbers(every)) == len(every)
        for section, questions in zip(exam.sections, paper, strict=True):
            assert numbers(questions) <= numbers(pools[section.key])

    @pytest.mark.parametrize("times", [1, 60])
    def test_where_taking_turns_is_not_enough(self, times: int) -> None:
        """Sections that share topics give way to those that have nothing else, one by one or by the hundreds."""
        count = iter(range(10_000))
        supply = {"a": 2, "b": 4, "c": 1, "d": 3}
        bank = {letter: [stock(next(count), f"{letter}/x") for _ in range(n * times)] for letter, n in supply.items()}
        needs = {"acd": 1, "bc": 2, "ab": 3, "d": 3}
        exam = builders.exam(*(builders.section(key, number * times) for key, number in needs.items()))
        pools = {key: [question for letter in key for question in bank[letter]] for key in needs}

        paper = drawn(exam, pools)

        assert [len(questions) for questions in paper] == [number * times for number in needs.values()]
        assert len(numbers(list(chain.from_iterable(paper)))) == 9 * times

    def test_a_shortage_is_named(self) -> None:
        """Its section, what there is and what it needs; the others are not blamed."""
        pools = {"maths": [stock(n) for n in range(5)], "biology": [stock(n, "biology") for n in range(10, 13)]}
        exam = builders.exam(builders.section("maths", 5), builders.section("biology", 15))

        outcome = drawing.draw(exam, pools, "it", random.Random(1))

        assert isinstance(outcome, drawing.Unfillable)
        assert outcome.shortages == drawing.shortages(exam, pools)
        assert [(s.section.key, s.have, s.section.questions) for s in outcome.shortages] == [("biology", 3, 15)]

    def test_the_same_chance_is_the_same_paper(self) -> None:
        """Other chance is another one."""
        pool = [stock(n) for n in range(40)]

        assert one(pool, 20, seed=5) == one(pool, 20, seed=5)
        assert len({one(pool, 20, seed=seed) for seed in range(5)}) == 5

    def test_every_question_can_come(self) -> None:
        """Chance alone decides between questions that are alike."""
        pool = [stock(n) for n in range(12)]

        seen = Counter(chain.from_iterable(numbers(one(pool, 6, seed=seed)) for seed in range(200)))

        assert set(seen) == set(range(12))
        assert min(seen.values()) > 60


class TestPreferences:
    """What is drawn first where there is more than enough."""

    def test_what_was_sat_lately_comes_last(self) -> None:
        """First what was in none of the student's papers, then the oldest."""
        fresh = [stock(n) for n in range(10)]
        sat = [stock(100 + n, sat_at=NOW - timedelta(days=30 - n)) for n in range(10)]

        for seed in range(10):
            assert numbers(one(sat + fresh, 10, seed)) == set(range(10))
            assert numbers(one(sat + fresh, 13, seed)) == {*range(10), 100, 101, 102}

    def test_the_student_s_language_goes_first(self) -> None:
        """Even before what was sat never; another language only where there are too few."""
        english = [stock(n, languages=("en",)) for n in range(10)]
        italian = [stock(100 + n, languages=("it",), sat_at=NOW) for n in range(5)]

        for seed in range(10):
            assert numbers(one(english + italian, 5, seed)) == set(range(100, 105))
            assert numbers(one(english + italian, 5, seed, language="en")) < set(range(10))
            assert len(numbers(one(english + italian, 8, seed)) & set(range(10))) == 3

    def test_what_was_never_answered_goes_before_what_was(self) -> None:
        """In a quiz or anywhere."""
        known = [stock(n, answered_at=NOW) for n in range(10)]
        unknown = [stock(100 + n) for n in range(5)]

        for seed in range(10):
            assert numbers(one(known + unknown, 8, seed)) >= numbers(unknown)

    def test_topics_take_turns(self) -> None:
        """A large topic does not crowd out a small one."""
        sizes = {"algebra": 50, "geometry": 10, "statistics": 3}
        count = iter(range(100))
        pool = [stock(next(count), f"maths/{topic}/x") for topic, size in sizes.items() for _ in range(size)]

        for seed in range(10):
            topics = Counter(question.topic[1] for question in one(pool, 12, seed))
            assert topics["statistics"] == 3
            assert abs(topics["algebra"] - topics["geometry"]) <= 1

    def test_preferences_hold_for_each_of_several_sections(self) -> None:
        """Also where they share their topics."""
        fresh = [stock(n) for n in range(8)]
        sat = [stock(100 + n, sat_at=NOW) for n in range(8)]
        exam = builders.exam(builders.section("one", 4), builders.section("two", 4))

        paper = drawn(exam, {"one": fresh + sat, "two": sat + fresh})

        assert numbers(list(chain.from_iterable(paper))) == set(range(8))


def passage(number: int, questions: int, first: int, topic: str = "verbal/reading", **changes: object) -> list[Stock]:
    """Questions on one passage."""
    return [stock(first + n, topic, passage=PassageId(number), **changes) for n in range(questions)]


class TestPassages:
    """Reading passages come whole."""

    def test_each_with_its_share_and_together(self) -> None:
        """Two passages of five: neither is torn apart, none is mixed with another."""
        pool = [
            *chain.from_iterable(passage(p, 5 + p % 2, 10 * p) for p in range(1, 6)),
            *(stock(n) for n in range(900, 920)),
        ]
        exam = builders.exam(builders.section("verbal", 10, passages=2))

        for seed in range(20):
            (questions,) = drawn(exam, {"verbal": pool}, seed)
            runs = [(key, len(list(group))) for key, group in groupby(questions, key=lambda question: question.passage)]
            assert [length for _, length in runs] == [5, 5]
            assert len({key for key, _ in runs}) == 2
            assert None not in dict(runs)

    def test_one_with_too_few_questions_is_none(self) -> None:
        """It is not filled up from another."""
        pool = [*passage(1, 4, 10), *passage(2, 5, 20), *passage(3, 3, 30)]
        exam = builders.exam(builders.section("verbal", 10, passages=2))

        outcome = drawing.draw(exam, {"verbal": pool}, "it", random.Random(1))

        assert isinstance(outcome, drawing.Unfillable)
        assert [(short.have, short.section.questions) for short in outcome.shortages] == [(5, 10)]

    def test_passages_sat_lately_come_last(self) -> None:
        """As long as another one is left."""
        pool = [*passage(1, 5, 10, sat_at=NOW), *passage(2, 5, 20), *passage(3, 5, 30, sat_at=NOW - timedelta(days=9))]
        exam = builders.exam(builders.section("verbal", 10, passages=2))

        for seed in range(10):
            (questions,) = drawn(exam, {"verbal": pool}, seed)
            assert {question.passage for question in questions} == {2, 3}

    def test_without_a_number_of_passages_those_on_one_stand_together(self) -> None:
        """Questions as they come, but nobody reads a text twice."""
        pool = [*passage(1, 3, 10), *passage(2, 3, 20), *(stock(n) for n in range(30, 34))]

        for seed in range(10):
            runs = [key for key, _ in groupby(one(pool, 10, seed), key=lambda q: q.passage or -q.question_id)]
            assert len(runs) == len(set(runs))

    @given(
        texts=st.lists(st.tuples(st.sets(st.sampled_from("ab"), min_size=1), st.integers(2, 4)), max_size=5),
        single=st.integers(0, 6),
        needs=st.tuples(st.integers(1, 2), st.integers(1, 2), st.integers(1, 4)),
        seed=st.integers(0, 3),
    )
    @settings(max_examples=300, deadline=None)
    def test_two_sections_of_passages_and_one_of_single_questions(
        self, texts: list[tuple[set[str], int]], single: int, needs: tuple[int, int, int], seed: int
    ) -> None:
        """Filled whenever some choice of passages leaves enough for the rest."""
        stocks = [passage(n, size, 10 * n + 10) for n, (_, size) in enumerate(texts)]
        loose = [stock(900 + n) for n in range(single)]
        pools = {
            key: [
                question for (where, _), items in zip(texts, stocks, strict=True) if key in where for question in items
            ]
            for key in "ab"
        }
        pools["c"] = loose
        first, second, third = needs
        exam = builders.exam(
            builders.section("a", 2 * first, passages=first),
            builders.section("b", 2 * second, passages=second),
            builders.section("c", third),
        )

        paper = drawing.draw(exam, pools, "it", random.Random(seed))

        possible = self.some_choice(exam, texts, stocks, pools)
        event(f"can be filled: {possible}")
        assert isinstance(paper, drawing.Unfillable) is not possible

    @staticmethod
    def some_choice(
        exam: ExamFormat,
        texts: list[tuple[set[str], int]],
        stocks: list[list[Stock]],
        pools: Mapping[str, Sequence[Stock]],
    ) -> bool:
        """Try every choice of passages and of two questions on each."""
        a, b, c = exam.sections
        for of_a, of_b in product(
            combinations([n for n, (where, _) in enumerate(texts) if "a" in where], a.passages or 0),
            combinations([n for n, (where, _) in enumerate(texts) if "b" in where], b.passages or 0),
        ):
            chosen = [*of_a, *of_b]
            if set(of_a) & set(of_b):
                continue  # a text is read in one section
            pairs = [
                pair for number in set(chosen) for pair in [combinations(stocks[number], 2 * chosen.count(number))]
            ]
            for taken in product(*pairs):
                used = numbers(list(chain.from_iterable(taken)))
                if can_be_filled([c], pools, used):
                    return True
        return False


class TestFromTheBank:
    """What can be drawn from, and what is kept of it."""

    async def test_only_questions_of_its_kind(self, desk: Desk) -> None:
        """Five options where five are asked for; statements where the section asks true or false."""
        four = Wording("?", tuple("abcd"), (None,) * 4)
        others = [replace(builders.single(f"four{n}", "kinds/all"), wordings={"it": four}) for n in range(3)]
        typed = [
            builders.numeric("n1", "kinds/all"),
            builders.short("w1", "kinds/all"),
            builders.multiple("m1", "kinds/all"),
        ]
        statements = [builders.true_false(f"tf{n}", "kinds/all", right=n % 2) for n in range(4)]
        five = [builders.single(f"five{n}", "kinds/all") for n in range(2)]
        await desk.core.banks.store(builders.bank(*others, *typed, *statements, *five, name="kinds"), desk.clock.now())
        await desk.abandon()
        exam = builders.exam(
            builders.section("five", 2, topics=("kinds",)),
            builders.section("four", 3, topics=("kinds",), options=4),
            builders.section("statements", 4, topics=("kinds/all",), kind=Kind.TRUE_FALSE, options=None),
            slug="KINDS",
        )

        sat = await desk.sit(exam)

        items = (await sat.sitting()).items
        versions = await desk.storage.read(lambda work: [work.questions.version(item.version_id) for item in items])
        assert [version.slug.rstrip("0123456789") for version in versions] == ["five"] * 2 + ["four"] * 3 + ["tf"] * 4
        assert [item.order for item in items[-4:]] == [(0, 1)] * 4
        assert [(item.key,) for item in items] == [version.right for version in versions]

    async def test_what_is_retired_is_not_drawn(self, desk: Desk) -> None:
        """The offer says what is missing."""
        await desk.abandon()
        maths = select(tables.topics.c.id).where(tables.topics.c.path == "maths/algebra")
        with second_connection(desk.database_url) as connection:
            connection.execute(
                update(tables.questions)
                .where(tables.questions.c.topic_id.in_(maths))
                .values(retired_at=desk.clock.now())
            )

        offer = await desk.core.exams.offer(desk.actor, "TRIAL")

        assert [(short.section.key, short.have) for short in offer.shortages["full"]] == [("maths", 0)]
        assert offer.variants == ("logic",)

    async def test_passages_with_their_questions(self, desk: Desk) -> None:
        """Whole, side by side, and in the version that is shown."""
        for name in ("alpha", "beta", "gamma"):
            await desk.core.banks.store(builders.reading(name, 5), desk.clock.now())
        await desk.abandon()

        sat = await desk.sit(builders.exam(builders.section("verbal", 10, topics=("verbal",), passages=2), slug="READ"))
        await sat.start()

        items = (await sat.sitting()).items
        versions = await desk.storage.read(lambda work: [work.questions.version(item.version_id) for item in items])
        titles = [version.passage["it"].title if version.passage else None for version in versions]
        assert [len(list(group)) for _, group in groupby(titles)] == [5, 5]
        assert None not in titles

    async def test_papers_one_after_another(self, desk: Desk) -> None:
        """Three papers of two of six questions have no question in common; the fourth has the first one's."""
        await desk.abandon()
        with_first = {item.question_id for item in (await desk.sitting()).items if item.section == 0}
        papers = []
        for number in range(3):
            desk.clock.advance(days=1)
            sat = await desk.sit(builders.exam(builders.section("maths", 1), slug=f"P{number}"))
            papers.append({item.question_id for item in (await sat.sitting()).items})
            await sat.abandon()

        unseen, again = set().union(*papers[:2]), papers[2]

        assert not unseen & with_first
        assert len(unseen) == 2
        assert again <= with_first

    async def test_another_student_s_papers_do_not_matter(self, desk: Desk) -> None:
        """All twelve questions are fresh to whoever sat none."""
        other = await desk.core.people.arrive(1002, "it", desk.clock.now())

        stocked = await desk.storage.read(lambda work: work.sittings.stock(other.id, Kind.SINGLE, 5))
        mine = await desk.storage.read(lambda work: work.sittings.stock(desk.person.id, Kind.SINGLE, 5))

        assert {question.sat_at for question in stocked} == {None}
        assert sum(question.sat_at is not None for question in mine) == 7

    async def test_choices_are_shuffled_once_and_kept(self, desk: Desk, restart: Restart) -> None:
        """The same order after a restart, and for every look; anchored ones are not shuffled."""
        anchored = [replace(builders.single(f"a{n}", "anchored"), anchored=True) for n in range(5)]
        loose = [builders.single(f"l{n}", "loose") for n in range(20)]
        await desk.core.banks.store(builders.bank(*anchored, *loose, name="orders"), desk.clock.now())
        await desk.abandon()
        exam = builders.exam(
            builders.section("anchored", 5, topics=("anchored",)),
            builders.section("loose", 20, topics=("loose",)),
            slug="ORDERS",
        )
        sat = await desk.sit(exam)
        first = [(item.version_id, item.order) for item in (await sat.sitting()).items]
        await restart(sat)
        await sat.start()
        await sat.finish()
        after = [(item.version_id, item.order) for item in (await sat.sitting()).items]
        again = await sat.sit(exam)
        orders = {item.version_id: item.order for item in (await again.sitting()).items}

        assert after == first
        assert {order for _, order in first[:5]} == {(0, 1, 2, 3, 4)}
        assert len({order for _, order in first[5:]}) > 10
        assert sum(orders[version] != order for version, order in first[5:]) > 10
