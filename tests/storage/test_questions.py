"""Banks in the database: versions that never change, decks, topics, and what comes out again."""

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest
from sqlalchemy import func, insert, select, update

from core.chiron import Chiron
from core.errors import NotFound
from core.ids import DeckId, QuestionId, TopicId, UserId, VersionId
from core.people.model import Person
from core.ports import Actor, Stored, Work
from core.practice.model import Candidate, Difficulty
from core.practice.outcomes import Asked
from core.questions.model import Bank, Kind, NumericKey, Passage, PassageWording, TopicNames, Wording
from core.questions.reading import read_bank
from storage.content import STARTER
from storage.repositories.questions import VersionCache
from storage.tables import choice_texts, choices, deck_items, question_texts, question_versions, questions, topics
from storage.work import SqlStorage
from tests import builders
from tests.fakes import FakeClock
from tests.readback import everything, rows, second_connection

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PUBLISHED = Path(__file__).parents[2].parent / "shared" / "data" / "banks" / "test_medicina.jsonl"

T = TypeVar("T")


async def store(storage: SqlStorage, bank: Bank, *, title: str = "Test") -> Stored:
    """Import a bank."""
    return await storage.transact(None, lambda work: work.questions.store(bank, NOW, title=title))


async def look(storage: SqlStorage, query: Callable[[Work], T]) -> T:
    """A query."""
    return await storage.read(query)


def counts(stored: Stored) -> tuple[int, int, int]:
    """What an import did: added, changed, unchanged."""
    return stored.added, stored.changed, stored.unchanged


def versions(database_url: str, slug: str) -> list[tuple[int, bool]]:
    """The versions of a question by number, and which one is current."""
    found = rows(
        database_url,
        select(question_versions.c.number, question_versions.c.id, questions.c.current_version_id)
        .join(questions, questions.c.id == question_versions.c.question_id)
        .where(questions.c.slug == slug)
        .order_by(question_versions.c.number),
    )
    return [(row["number"], row["id"] == row["current_version_id"]) for row in found]


def every_kind() -> Bank:
    """A bank with everything that a question can have."""
    passage = Passage(
        "text",
        "en",
        {"en": PassageWording("A title", "One.\n\nTwo."), "it": PassageWording("Un titolo", "Uno.\n\nDue.")},
    )
    items = (
        replace(builders.single("single", "a/b/c", right=2), formula=r"\frac{1}{2}", passage="text"),
        builders.multiple("multiple", "a/b"),
        replace(
            builders.single("truth", "a"),
            kind=Kind.TRUE_FALSE,
            right=(1,),
            wordings={"it": Wording("?", ("Vero", "Falso"), errors=("perché", None), spoken="detto")},
        ),
        replace(
            builders.numeric("number", "z/y"),
            numeric=NumericKey(Fraction(1, 3), Fraction(1, 1_000), "m/s²"),
            wordings={
                "it": Wording("?", numeric_errors=((Fraction(3), "rovesciato"), (Fraction(-1, 3), "segno"))),
                "en": Wording("?"),
            },
        ),
        builders.short("word", "z", accept=("mitocondrio", "il mitocondrio")),
        builders.single("anchored", "a/b", anchored=True, seconds=30, difficulty=5),
    )
    names = (TopicNames(("a",), {"it": "Prima", "en": "First"}), TopicNames(("a", "b"), {"it": "Seconda"}))
    return Bank("kinds", "CC-BY-4.0", "somewhere", items, (passage,), names)


class TestStoring:
    """Importing the same bank twice changes nothing; what changed becomes a new version."""

    async def test_a_bank_is_stored(self, storage: SqlStorage) -> None:
        """With counts by subject."""
        stored = await store(storage, builders.some_questions(12))

        assert counts(stored) == (12, 0, 0)
        assert dict(stored.by_subject) == {"maths": 6, "logic": 6}

    @pytest.mark.parametrize("bank", [builders.some_questions(12), every_kind()], ids=["some", "every-kind"])
    async def test_a_second_time_changes_nothing(self, storage: SqlStorage, database_url: str, bank: Bank) -> None:
        """Not a row."""
        first = await store(storage, bank)
        before = everything(database_url)

        again = await store(storage, bank)

        assert counts(again) == (0, 0, len(bank.items))
        assert (again.deck_id, again.by_subject) == (first.deck_id, first.by_subject)
        assert everything(database_url) == before

    async def test_a_changed_question_is_a_new_version(self, storage: SqlStorage, database_url: str) -> None:
        """The first one is kept as it was."""
        await store(storage, builders.bank(builders.single("one"), builders.single("two")))
        old = {table.name: rows(database_url, select(table)) for table in _OF_VERSIONS}

        stored = await store(storage, builders.bank(builders.single("one", right=4), builders.single("two")))

        assert counts(stored) == (0, 1, 1)
        assert versions(database_url, "one") == [(1, False), (2, True)]
        assert versions(database_url, "two") == [(1, True)]
        for table in _OF_VERSIONS:
            now = rows(database_url, select(table))
            assert all(row in now for row in old[table.name])

    async def test_a_third_content_is_the_third_version(self, storage: SqlStorage, database_url: str) -> None:
        """Numbers grow."""
        for right in (0, 1, 2):
            await store(storage, builders.bank(builders.single("one", right=right)))

        assert versions(database_url, "one") == [(1, False), (2, False), (3, True)]

    async def test_going_back_reuses_the_first_version(self, storage: SqlStorage, database_url: str) -> None:
        """The same content is the same version; a content after that gets a number of its own."""
        for right in (0, 1, 0):
            stored = await store(storage, builders.bank(builders.single("one", right=right)))

        assert counts(stored) == (0, 1, 0)
        assert versions(database_url, "one") == [(1, True), (2, False)]
        assert len(rows(database_url, select(choices))) == 10

        await store(storage, builders.bank(builders.single("one", right=2)))
        assert versions(database_url, "one") == [(1, False), (2, False), (3, True)]

    async def test_what_is_asked_follows(self, storage: SqlStorage) -> None:
        """Topic, difficulty and languages of the current version decide what a question is chosen for."""
        await store(storage, builders.bank(builders.single("one", "a/b", difficulty=1)))
        moved = builders.single("one", "c", difficulty=5)
        await store(storage, builders.bank(replace(moved, wordings={"it": moved.wordings["it"]})))

        (candidate,) = await look(storage, lambda work: work.questions.candidates(UserId(1)))

        assert (candidate.topic, candidate.difficulty, candidate.languages) == (("c",), 5, ("it",))

    async def test_a_version_keeps_its_topic(self, storage: SqlStorage) -> None:
        """A question that is filed elsewhere was asked where it was."""
        await store(storage, builders.bank(builders.single("one", "a/b")))
        (before,) = await look(storage, lambda work: work.questions.candidates(UserId(1)))
        await store(storage, builders.bank(builders.single("one", "c")))
        (after,) = await look(storage, lambda work: work.questions.candidates(UserId(1)))

        paths = [
            (await look(storage, lambda work, one=one: work.questions.version(one.version_id))).topic  # type: ignore[misc]
            for one in (before, after)
        ]

        assert paths == [("a", "b"), ("c",)]

    async def test_a_changed_passage_makes_new_versions(self, storage: SqlStorage) -> None:
        """Of the questions that ask about it; the old ones keep the old text."""
        bank = every_kind()
        await store(storage, bank)
        (old,) = await self.about_passages(storage)
        text = replace(bank.passages[0], wordings={"en": PassageWording("A title", "Mended.")})

        stored = await store(storage, replace(bank, passages=(text,)))

        (new,) = await self.about_passages(storage)
        told = [await look(storage, lambda work, v=v: work.questions.version(v)) for v in (old, new)]  # type: ignore[misc]
        assert counts(stored) == (0, 1, 5)
        assert [version.passage["en"].text for version in told if version.passage] == ["One.\n\nTwo.", "Mended."]

    async def about_passages(self, storage: SqlStorage) -> list[VersionId]:
        """Current versions of the questions about a passage."""
        found = await look(storage, lambda work: work.questions.candidates(UserId(1), path=("a", "b", "c")))
        return [candidate.version_id for candidate in found]

    async def test_two_banks_may_use_one_slug(self, storage: SqlStorage) -> None:
        """They are two questions, in one tree of topics."""
        await store(storage, builders.bank(builders.single("one", "a/b"), name="first"))
        stored = await store(storage, builders.bank(builders.single("one", "a/b", right=1), name="second"))

        tree = await look(storage, lambda work: work.questions.topics(None))
        assert counts(stored) == (1, 0, 0)
        assert [(topic.path, topic.questions) for topic in tree] == [(("a",), 2), (("a", "b"), 2)]

    async def test_a_question_that_a_bank_no_longer_has_is_left(self, storage: SqlStorage) -> None:
        """Its deck follows the file; the question can still be asked."""
        await store(storage, builders.some_questions(4))
        stored = await store(storage, builders.some_questions(2))

        deck = await look(storage, lambda work: work.questions.deck(stored.deck_id, viewer=None))
        assert deck is not None
        assert [slug for *_, slug in deck.cards] == ["q000", "q001"]
        assert len(await look(storage, lambda work: work.questions.candidates(UserId(1)))) == 4

    async def test_a_retired_question_is_not_asked(self, storage: SqlStorage, database_url: str) -> None:
        """Nor counted, nor exported; a new version brings it back."""
        await store(storage, builders.some_questions(3, topics=("a",)))
        with second_connection(database_url) as connection:
            connection.execute(update(questions).where(questions.c.slug == "q001").values(retired_at=NOW))

        left = await look(storage, lambda work: work.questions.candidates(UserId(1)))
        (topic,) = await look(storage, lambda work: work.questions.topics(None))
        exported = await look(storage, lambda work: work.questions.bank("testbank"))

        assert (len(left), topic.questions) == (2, 2)
        assert exported is not None
        assert [item.slug for item in exported.items] == ["q000", "q002"]

    async def test_new_names_are_taken(self, storage: SqlStorage) -> None:
        """A language that is not told keeps its name."""
        item = builders.single("one", "a")
        await store(storage, Bank("b", "MIT", "x", (item,), topics=(TopicNames(("a",), {"it": "Uno", "en": "One"}),)))
        await store(storage, Bank("b", "MIT", "x", (item,), topics=(TopicNames(("a",), {"it": "Primo"}),)))

        (topic,) = await look(storage, lambda work: work.questions.topics(None))

        assert topic.names == {"it": "Primo", "en": "One"}

    async def test_a_failed_import_leaves_nothing(self, storage: SqlStorage, database_url: str) -> None:
        """Neither topics nor half of the questions."""
        broken = builders.bank(builders.single("one"), builders.single("two", difficulty=9))
        before = everything(database_url)

        with pytest.raises(Exception, match=r"(?i)check"):
            await store(storage, broken)

        assert everything(database_url) == before


_OF_VERSIONS = (question_versions, question_texts, choices, choice_texts)


class TestExport:
    """What came in comes out."""

    @pytest.mark.parametrize("bank", [builders.some_questions(12), every_kind()], ids=["some", "every-kind"])
    async def test_a_bank_comes_out_as_it_came_in(self, storage: SqlStorage, bank: Bank) -> None:
        """Every question and passage has its fingerprint, in its place."""
        await store(storage, bank)

        exported = await look(storage, lambda work: work.questions.bank(bank.name))

        assert exported is not None
        assert exported.items == bank.items
        assert [item.fingerprint() for item in exported.items] == [item.fingerprint() for item in bank.items]
        assert [text.fingerprint() for text in exported.passages] == [text.fingerprint() for text in bank.passages]
        assert (exported.name, exported.licence, exported.source) == (bank.name, bank.licence, bank.source)
        names = {topic.path: topic.names for topic in exported.topics}
        assert [names[topic.path] for topic in bank.topics] == [topic.names for topic in bank.topics]

    async def test_the_starter_bank_comes_out_as_it_came_in(self, storage: SqlStorage) -> None:
        """Real questions in two languages, with passages."""
        bank = read_bank(STARTER, "starter").bank
        await store(storage, bank)

        exported = await look(storage, lambda work: work.questions.bank(bank.name))

        assert exported is not None
        assert [item.fingerprint() for item in exported.items] == [item.fingerprint() for item in bank.items]
        assert {text.fingerprint() for text in exported.passages} == {text.fingerprint() for text in bank.passages}

    async def test_it_is_what_it_is_now(self, storage: SqlStorage) -> None:
        """Current versions, in the order of the file, with its licence and source of today."""
        await store(storage, builders.some_questions(3, topics=("a",)))
        edited = builders.bank(*(builders.single(f"q{n:03}", "a", right=4) for n in (2, 0, 1)))
        edited = replace(edited, licence="CC0-1.0", source="elsewhere")
        await store(storage, edited)

        exported = await look(storage, lambda work: work.questions.bank("testbank"))

        assert exported is not None
        assert exported.items == edited.items
        assert (exported.licence, exported.source) == ("CC0-1.0", "elsewhere")

    async def test_an_unknown_bank_is_absent(self, core: Chiron) -> None:
        """By its name."""
        with pytest.raises(NotFound, match="nothing"):
            await core.banks.export("nothing")


class TestVersions:
    """They never change, so they may be kept in memory."""

    async def test_everything_of_a_question_is_there(self, storage: SqlStorage) -> None:
        """Texts by language, choices, errors, hints, the numeric key, the passage."""
        bank = every_kind()
        await store(storage, bank)
        found = await look(storage, lambda work: work.questions.candidates(UserId(1)))

        loaded = {
            version.slug: version
            for one in found
            for version in [await look(storage, lambda work, one=one: work.questions.version(one.version_id))]  # type: ignore[misc]
        }

        for item in bank.items:
            version = loaded[item.slug]
            assert (version.topic, version.kind, version.right) == (item.topic, item.kind, item.right)
            assert (version.wordings, version.original) == (item.wordings, item.original)
            assert (version.numeric, version.formula, version.anchored) == (item.numeric, item.formula, item.anchored)
            assert (version.difficulty, version.seconds) == (item.difficulty, item.seconds)
        assert loaded["single"].passage == bank.passages[0].wordings
        assert loaded["multiple"].passage is None
        assert loaded["multiple"].topic_name("it") == "Seconda"

    async def test_an_unknown_one_is_a_bug(self, storage: SqlStorage) -> None:
        """Nothing points to what is not there."""
        with pytest.raises(LookupError):
            await look(storage, lambda work: work.questions.version(VersionId(99)))

    async def test_the_cache_forgets_what_was_not_asked_for_longest(self, storage: SqlStorage) -> None:
        """It holds so many and no more."""
        await store(storage, builders.some_questions(3))
        found = await look(storage, lambda work: work.questions.candidates(UserId(1)))
        first, second, third = [
            await look(storage, lambda work, one=one: work.questions.version(one.version_id))  # type: ignore[misc]
            for one in found
        ]
        cache = VersionCache(2)

        cache.keep(first)
        cache.keep(second)
        cache.get(first.id)
        cache.keep(third)

        assert [cache.get(one.id) for one in (first, second, third)] == [first, None, third]


class TestTopics:
    """The tree that a person sees."""

    async def test_counts_include_what_lies_below(self, storage: SqlStorage) -> None:
        """Parents come first."""
        await store(storage, every_kind())

        tree = await look(storage, lambda work: work.questions.topics(UserId(1)))

        assert [("/".join(topic.path), topic.questions) for topic in tree] == [
            ("a", 4),
            ("a/b", 3),
            ("a/b/c", 1),
            ("z", 2),
            ("z/y", 1),
        ]

    async def test_a_path_is_no_pattern(self, storage: SqlStorage) -> None:
        """Neither a prefix of a name nor a wildcard finds anything."""
        bank = builders.bank(*(builders.single(f"s{n}", path) for n, path in enumerate(("a_b/x", "acb/x", "a_bc/x"))))
        await store(storage, bank)

        async def under(*path: str) -> list[Candidate]:
            return await look(storage, lambda work: work.questions.candidates(UserId(1), path=path))

        assert [candidate.topic for candidate in await under("a_b")] == [("a_b", "x")]
        assert await under("a") == []
        assert await under("%") == []

    async def test_a_topic_of_one_s_own_is_one_s_own(
        self, storage: SqlStorage, core: Chiron, clock: FakeClock, database_url: str
    ) -> None:
        """In the tree, among what can be asked, by its number, and as the deck over it."""
        await store(storage, builders.some_questions(2))
        mine, theirs = [await core.people.arrive(number, "it", clock.now()) for number in (1, 2)]
        own = self.file_away(database_url, mine)

        async def sees(person: Person) -> tuple[bool, int, bool]:
            tree = await look(storage, lambda work: work.questions.topics(person.id))
            asked = await look(storage, lambda work: work.questions.candidates(person.id))
            found = await look(storage, lambda work: work.questions.topic(own, viewer=person.id))
            return ("own", "notes") in {topic.path for topic in tree}, len(asked), found is not None

        assert await sees(mine) == (True, 2, True)
        assert await sees(theirs) == (False, 1, False)
        assert len(await look(storage, lambda work: work.questions.topics(None))) == 4

    async def test_a_shortlist_keeps_what_was_not_answered_for_longest(
        self, storage: SqlStorage, core: Chiron, clock: FakeClock
    ) -> None:
        """So many of each topic and language as are wanted: what was never answered first, then the oldest."""
        italian = [
            replace(builders.single(f"i{n}", "a/x"), wordings={"it": Wording("?", tuple("abcde"))}) for n in range(9)
        ]
        bank = builders.bank(*(builders.single(f"b{n}", f"a/{'xy'[n % 2]}") for n in range(18)), *italian)
        await store(storage, bank)
        actor = builders.actor(await core.people.arrive(1, "it", clock.now()), clock.now())
        await core.people.be_parent(actor)  # nothing is asked in between
        await self.answer(core, actor, clock, 25)
        every = await look(storage, lambda work: work.questions.candidates(actor.id))
        groups: dict[tuple[object, ...], list[Candidate]] = {}
        for candidate in sorted(every, key=lambda c: (c.last_answered_at or NOW.replace(year=1), c.question_id)):
            groups.setdefault((candidate.topic, candidate.languages), []).append(candidate)

        short = await look(storage, lambda work: work.questions.shortlist(actor.id, count=3, chance=12345))

        times = [{c.last_answered_at for c in group[:3]} for group in groups.values()]
        kept = {key: [c for c in short if (c.topic, c.languages) == key] for key in groups}
        assert [len(kept[key]) for key in groups] == [3, 3, 3]
        assert [{c.last_answered_at for c in kept[key]} for key in groups] == times
        assert set(short) <= set(every)

    async def answer(self, core: Chiron, actor: Actor, clock: FakeClock, count: int) -> None:
        """Answer so many questions, a minute between two."""
        asked = await core.quizzes.start(actor, builders.new_quiz_id(), length=count)
        assert isinstance(asked, Asked)
        for position in range(count):
            later = replace(actor, now=clock.advance(minutes=1))
            await core.quizzes.answer(later, asked.quiz.id, position=position, choice=0)
            await core.quizzes.go_on(later, asked.quiz.id, position=position)

    async def test_among_equals_chance_decides(self, storage: SqlStorage) -> None:
        """The same one the same way on every database; each question has its turn."""
        await store(storage, builders.some_questions(40, topics=("a/x",)))
        rng = Random(1)

        drawn = Counter[str]()
        for _ in range(200):
            chance = rng.getrandbits(62)
            first, again = [
                await look(storage, lambda work, c=chance: work.questions.shortlist(UserId(1), count=2, chance=c))  # type: ignore[misc]
                for _ in range(2)
            ]
            assert first == again
            drawn.update(str(candidate.question_id) for candidate in first)

        assert drawn.total() == 400
        assert len(drawn) == 40
        assert max(drawn.values()) <= 30

    async def test_a_shortlist_stays_where_it_is_told_to(self, storage: SqlStorage) -> None:
        """Under a path, at a difficulty; and the largest chance is a chance."""
        items = [builders.single(f"s{n}", f"a/{'xy'[n % 2]}", difficulty=1 + n % 5) for n in range(20)]
        await store(storage, builders.bank(*items))

        found = await look(
            storage,
            lambda work: work.questions.shortlist(
                UserId(1), path=("a", "x"), difficulty=Difficulty.HARD, count=9, chance=2**62 - 1
            ),
        )

        assert {(c.topic, c.difficulty) for c in found} == {(("a", "x"), 4), (("a", "x"), 5)}
        assert len(found) == 4

    async def test_levels_count_what_can_be_asked(self, storage: SqlStorage) -> None:
        """As many as there are candidates, by difficulty and languages."""
        items = [builders.single(f"s{n}", f"a/{'xy'[n % 2]}", difficulty=1 + n % 3) for n in range(9)]
        await store(storage, builders.bank(*items, builders.short("w", "a/x")))

        every = await look(storage, lambda work: work.questions.levels(UserId(1)))
        below = await look(storage, lambda work: work.questions.levels(UserId(1), path=("a", "y")))

        assert sorted(every) == [(1, ("en", "it"), 3), (2, ("en", "it"), 3), (3, ("en", "it"), 3), (3, ("it",), 1)]
        assert sorted(below) == [(1, ("en", "it"), 1), (2, ("en", "it"), 2), (3, ("en", "it"), 1)]

    def file_away(self, database_url: str, person: Person) -> TopicId:
        """Move a question to a topic of a person's own."""
        with second_connection(database_url) as connection:
            row = {"owner_id": person.id, "path": "own/notes", "slug": "notes", "names": {"it": "Note"}}
            made = connection.execute(insert(topics), {**row, "visibility": "own"}).inserted_primary_key
            assert made is not None
            connection.execute(update(questions).where(questions.c.slug == "q001").values(topic_id=made[0]))
        return TopicId(made[0])


class TestDecks:
    """Ordered sets of questions."""

    async def test_a_bank_s_deck_has_its_order(self, storage: SqlStorage) -> None:
        """And is the same deck the next time, in any database."""
        first = await store(storage, builders.some_questions(3))
        again = await store(storage, builders.bank(*reversed(builders.some_questions(3).items)), title="Other")

        (deck,) = await look(storage, lambda work: work.questions.decks(viewer=None))
        assert first.deck_id == again.deck_id == deck.id
        assert (deck.title, [slug for *_, slug in deck.cards]) == ("Other", ["q002", "q001", "q000"])

    async def test_a_frozen_deck_is_its_student_s(
        self, storage: SqlStorage, core: Chiron, clock: FakeClock, database_url: str
    ) -> None:
        """It is in nobody's list, and absent for others."""
        mine, theirs = [await core.people.arrive(number, "it", clock.now()) for number in (1, 2)]
        await store(storage, builders.some_questions(3))
        ids = [QuestionId(row["id"]) for row in rows(database_url, select(questions.c.id).order_by(questions.c.id))]

        frozen = await storage.transact(None, lambda work: work.questions.freeze(mine.id, ids[::-1], NOW))

        deck = await look(storage, lambda work: work.questions.deck(frozen, viewer=mine.id))
        assert deck is not None
        assert [question for question, *_ in deck.cards] == ids[::-1]
        for viewer in (theirs.id, None):
            assert await look(storage, lambda work, v=viewer: work.questions.deck(frozen, viewer=v)) is None  # type: ignore[misc]
        assert len(await look(storage, lambda work: work.questions.decks(viewer=mine.id))) == 1

    async def test_an_unknown_deck_is_absent(self, storage: SqlStorage) -> None:
        """By its id."""
        assert await look(storage, lambda work: work.questions.deck(DeckId(uuid.uuid4()), viewer=None)) is None

    async def test_only_the_deck_of_one_s_own_quiz_grows(
        self, storage: SqlStorage, core: Chiron, clock: FakeClock, database_url: str
    ) -> None:
        """Another student's, a bank's and none at all are refused alike."""
        bank = (await store(storage, builders.some_questions(3))).deck_id
        mine, theirs = [(await core.people.arrive(number, "it", clock.now())).id for number in (1, 2)]
        card, *_ = await look(storage, lambda work: work.questions.candidates(mine))
        first = await storage.transact(None, lambda work: work.questions.freeze(mine, [], NOW))
        foreign = await storage.transact(None, lambda work: work.questions.freeze(theirs, [card.question_id], NOW))
        before = everything(database_url)

        for deck_id in (foreign, bank, DeckId(uuid.uuid4())):
            with pytest.raises(NotFound):
                await storage.transact(
                    None,
                    lambda work, d=deck_id: work.questions.extend_deck(d, card.question_id, owner=mine),  # type: ignore[misc]
                )

        assert everything(database_url) == before
        await storage.transact(None, lambda work: work.questions.extend_deck(first, card.question_id, owner=mine))
        grown = await look(storage, lambda work: work.questions.deck(first, viewer=mine))
        assert grown is not None
        assert [question for question, _, _ in grown.cards] == [card.question_id]


@pytest.mark.skipif(not PUBLISHED.exists(), reason="test_medicina.jsonl is not beside the repository")
async def test_a_large_bank_is_stored_at_once(storage: SqlStorage, database_url: str) -> None:
    """3,301 lines of a real admission test: counts match by subject, and a second time changes nothing."""
    bank = read_bank(PUBLISHED).bank
    by_subject = Counter(item.topic[0] for item in bank.items)

    stored = await store(storage, bank)
    again = await store(storage, bank)

    tree = await look(storage, lambda work: work.questions.topics(None))
    (deck_size,) = rows(database_url, select(func.count().label("cards")).select_from(deck_items))
    assert (counts(stored), counts(again)) == ((len(bank.items), 0, 0), (0, 0, len(bank.items)))
    assert len(bank.items) > 3_200
    assert stored.by_subject == by_subject
    assert {topic.path[0]: topic.questions for topic in tree if len(topic.path) == 1} == by_subject
    assert deck_size["cards"] == len(bank.items)
    exported = await look(storage, lambda work: work.questions.bank(bank.name))
    assert exported is not None
    assert [item.fingerprint() for item in exported.items] == [item.fingerprint() for item in bank.items]
