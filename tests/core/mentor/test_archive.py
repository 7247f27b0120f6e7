"""The archive: it finds the right topic or says that there is nothing, and shows nobody what they must not see."""

import asyncio
import random
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from core.chiron import Chiron
from core.errors import NotAllowed, NotFound
from core.ids import QuestionId, TopicId, UserId, VersionId
from core.mentor.found import Entry, Found, Shelf
from core.mentor.index import Index, Ranking
from core.people.model import Person
from core.ports import Actor
from core.practice.model import Mode, Topic
from core.practice.outcomes import Asked
from core.questions.model import Bank
from core.questions.reading import read_bank
from storage.content import STARTER
from storage.engine import open_engines
from storage.tables import question_versions, questions, topics
from storage.work import SqlStorage
from tests import builders
from tests.conftest import IDLE
from tests.core.exams.desk import between, on_paper
from tests.fakes import FakeClock
from tests.readback import rows, second_connection

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

FOUND = """
come si risolve una disequazione di secondo grado? | inequalities
non capisco i logaritmi | logarithms
what is kinetic energy? | mechanics electromagnetism
percentuali | probability
equazione di secondo grado con delta negativo | equations
logaritimi | logarithms
probabilita | probability
probabilty of two events | probability
trigonometira | trigonometry
dissequazioni | inequalities
ossidoriduzone | redox
LOGARITMI!!! | logarithms
sto impazzendo con sti cavolo di logaritmi aiuto!!! | logarithms
ciao scusa potresti spiegarmi come funzionano i sillogismi che domani ho la verifica e sono disperato? | syllogisms
ciao scusa mi potresti aiutare con le disequazioni fratte? | inequalities
buongiorno, avrei bisogno di una mano con la stechiometria, grazie | stoichiometry
mi spieghi il teorema del coseno per favore? non ci arrivo proprio | trigonometry
how do I solve a quadratic equation? | equations
quadratic inequalities | inequalities
logarithms | logarithms
teorema di pitagora | plane
legge di ohm | electromagnetism
coulomb's law | electromagnetism
resistenze in parallelo | electromagnetism
che cos'è la mole? | stoichiometry
come trovo il numero di ossidazione del cromo? | redox
perché il pH non va sopra 7 se diluisco un acido? | solutions
valore assoluto | absolute-value
seno e coseno | trigonometry
geometria | geometry
matematica | mathematics
fisica | physics
inglese | english
logica | logic
media e mediana | descriptive
mean and median | descriptive
macchina termica rendimento | thermodynamics
how does a lens work | optics
rifrazione della luce | optics
moto uniformemente accelerato | mechanics
forza di attrito | mechanics
parabola tangente a una retta | parabola
non ho capito il piano cartesiano e le rette perpendicolari | lines
how do I find the centre and radius of a circle | circle
sistema di equazioni impossibile | systems
radici quadrate | powers
equazioni esponenziali con la sostituzione | exponentials
tronco di cono | solids
area del triangolo | plane
come faccio a capire se una funzione è pari | graphs
condizione necessaria e sufficiente | verbal
number sequence | series
elettroni protoni neutroni | matter
log₂ 8 | logarithms
sin α = 3/5 | trigonometry
quando si usa since e quando for? | tenses prepositions
prepositions of time | prepositions
what does "attend" mean | false-friends
periodo ipotetico di terzo tipo | conditionals
verbi modali inglesi | modals
"""
NOTHING = """
ciao
grazie mille!
come stai?
chi ha vinto il mondiale?
ti piace la pizza?
who won the world cup?
do you like pizza?
tell me a joke
raccontami una barzelletta
quanto costa un iphone?
are you a robot?
mi annoio
che tempo fa oggi?
what's the weather like?
come ti chiami?
quanti anni hai?
what time is it?
mi fa male la testa
i hate my brother
mia madre mi ha sgridato perché ho preso quattro
vorrei parlare con un amico
can you write an essay about my summer holidays?
quando è il prossimo treno per milano?
qual è la capitale della francia?
who is the president of the united states
come si cucina il risotto
I love you
asdfghjkl
12345
?
derivata
integrali
dna
"""
"""The last three are of subjects that the bank has nothing on."""


@pytest.fixture(scope="module")
def answers(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Found]:
    """What a student finds in the starter bank, by what they write."""
    file = tmp_path_factory.mktemp("archive") / "archive.db"
    shutil.copy(sqlite_template, file)

    async def ask() -> dict[str, Found]:
        storage = SqlStorage(open_engines(f"sqlite+aiosqlite:///{file}"))
        try:
            core = Chiron.over(storage, idle=IDLE, rng=random.Random(7))
            await core.banks.store(read_bank(STARTER, "starter").bank, NOW)
            person = await core.people.arrive(1001, "it", NOW)
            texts = [line.partition(" | ")[0] for line in (FOUND + NOTHING).strip().splitlines() if line]
            return {text: await core.archive.search(builders.actor(person, NOW), text) for text in texts}
        finally:
            await storage.close()

    return asyncio.run(ask())


@pytest.mark.parametrize(("text", "expected"), [line.split(" | ") for line in FOUND.strip().splitlines()])
def test_nearest_topic(answers: Mapping[str, Found], text: str, expected: str) -> None:
    """What students ask, in words and symbols, with typing errors and politeness: the topic, and questions of it."""
    found = answers[text]

    assert found.topic is not None
    assert found.topic.path[-1] in expected.split()
    assert 1 <= len(found.items) <= 3
    assert found.items[0].version.topic[: len(found.topic.path)] == found.topic.path
    assert found.topic.questions > 0


@pytest.mark.parametrize("text", NOTHING.strip().splitlines())
def test_honestly_nothing(answers: Mapping[str, Found], text: str) -> None:
    """Small talk, other subjects, noise: nothing, and the subjects that there are."""
    found = answers[text]

    assert found.is_empty
    assert found.about is None
    assert {topic.path for topic in found.subjects} == {
        ("mathematics",),
        ("logic",),
        ("comprehension",),
        ("sciences",),
        ("english",),
    }


def lesson(slug: str, text: str, topic: str = "maths/waves") -> Bank:
    """A bank of one question about something."""
    item = builders.single(slug, topic)
    words = replace(item.wordings["it"], text=text, explanation=f"{text} {text}", hints=("uno", "due", "tre"))
    return builders.bank(replace(item, wordings={"it": words}), name=f"bank-{slug}")


@pytest.fixture
async def me(core: Chiron, student: Person) -> Actor:
    """A student, with a bank in which one question is about pendulums and one about springs."""
    await core.banks.store(lesson("pendulum", "Qual è il periodo di un pendolo semplice?"), NOW)
    await core.banks.store(lesson("spring", "Qual è il periodo di una molla elastica?"), NOW)
    return builders.actor(student, NOW)


def slugs(found: Found) -> list[str]:
    """The questions found."""
    return [near.version.slug for near in found.items]


def version_of(database_url: str, slug: str) -> VersionId:
    """The current version of a question."""
    (row,) = rows(database_url, questions.select().where(questions.c.slug == slug))
    return VersionId(row["current_version_id"])


async def index_of(storage: SqlStorage) -> Index:
    """An index of everything, whoever sees it."""
    index = Index(await storage.read(lambda work: work.questions.shelves()))
    index.add(await storage.read(lambda work: work.questions.words(after=QuestionId(0), limit=100)))
    index.finish()
    return index


def give_to(database_url: str, owner: UserId, slug: str) -> None:
    """Move a question into a topic of somebody's own."""
    with second_connection(database_url) as connection:
        own = {"owner_id": owner, "path": "own", "slug": "own", "names": {"it": "Mio"}, "visibility": "own"}
        topic = connection.execute(insert(topics).values(**own).returning(topics.c.id)).scalar_one()
        mine = questions.c.slug == slug
        connection.execute(update(questions).where(mine).values(topic_id=topic))
        question = connection.execute(questions.select().where(mine)).one().id
        connection.execute(
            update(question_versions).where(question_versions.c.question_id == question).values(topic_id=topic)
        )


class TestBank:
    """It finds what is in the bank today."""

    async def test_the_nearest_comes_first(self, core: Chiron, me: Actor) -> None:
        """With how near it is, between 0 and 1; what is about something else is left out."""
        found = await core.archive.search(me, "il pendolo")

        assert slugs(found)[0] == "pendulum"
        assert 0.35 < found.items[0].nearness < 1
        assert found.items[0].hints is None
        assert found.topic is not None
        assert found.topic.path == ("maths", "waves")

    async def test_what_is_added_is_found(self, core: Chiron, me: Actor) -> None:
        """The index follows the bank."""
        before = await core.archive.search(me, "lenti convergenti")
        await core.banks.store(lesson("lens", "Dove si forma l'immagine di una lente convergente?", "maths/rays"), NOW)

        after = await core.archive.search(me, "lenti convergenti")

        assert before.is_empty
        assert slugs(after) == ["lens"]

    async def test_what_is_edited_is_found_as_it_is_now(self, core: Chiron, me: Actor) -> None:
        """By its new words, no longer by the old ones; and back again, for that is an old version made current."""
        old, new = "Qual è il periodo di un pendolo semplice?", "Quanto vale la frequenza di un diapason?"
        await core.archive.search(me, "pendolo")

        for text, there, gone in ((new, "diapason", "pendolo"), (old, "pendolo", "diapason")):
            await core.banks.store(lesson("pendulum", text), NOW)
            found = await core.archive.search(me, there)
            assert slugs(found)[0] == "pendulum"
            assert found.items[0].version.wordings["it"].text == text
            assert (await core.archive.search(me, gone)).is_empty

    async def test_a_retired_question_is_not_found(self, core: Chiron, me: Actor, database_url: str) -> None:
        """Nor shown by an old key."""
        version_id = version_of(database_url, "pendulum")
        await core.archive.search(me, "pendolo")
        with second_connection(database_url) as connection:
            connection.execute(update(questions).where(questions.c.slug == "pendulum").values(retired_at=NOW))

        assert (await core.archive.search(me, "pendolo")).is_empty
        assert (await core.archive.search(me, "pendolo", about=version_id)).about is None
        with pytest.raises(NotFound):
            await core.archive.item(me, version_id)

    async def test_a_renamed_topic_is_found_by_its_new_name(self, core: Chiron, me: Actor) -> None:
        """Names are searched as well."""
        bank = lesson("pendulum", "Qual è il periodo di un pendolo semplice?")
        assert (await core.archive.search(me, "oscillazioni")).is_empty
        names = tuple(replace(topic, names={"it": "Oscillazioni"}) for topic in bank.topics if len(topic.path) == 2)

        await core.banks.store(replace(bank, topics=names), NOW)

        found = await core.archive.search(me, "oscillazioni")
        assert found.topic is not None
        assert found.topic.name("it") == "Oscillazioni"
        assert sorted(slugs(found)) == ["pendulum", "spring"]

    async def test_many_at_once_find_the_same(self, core: Chiron, me: Actor) -> None:
        """Also while the index is being built."""
        found = await asyncio.gather(*(core.archive.search(me, "il pendolo") for _ in range(8)))

        assert all(slugs(one) == slugs(found[0]) for one in found)
        assert slugs(found[0])[0] == "pendulum"

    @pytest.mark.parametrize("text", ["", " ", "\x00", "🙂", "'" * 4096, "pendolo " * 512, "x" * 4096, "%_\\"])
    async def test_any_text_is_taken(self, core: Chiron, me: Actor, text: str) -> None:
        """As long as a message may be, with any signs in it."""
        found = await core.archive.search(me, text)

        assert found.is_empty is ("pendolo" not in text)

    async def test_an_empty_bank_has_nothing(self, core: Chiron, clock: FakeClock) -> None:
        """And no subjects."""
        person = await core.people.arrive(1001, "it", clock.now())

        assert await core.archive.search(builders.actor(person, clock.now()), "logaritmi") == Found(None)


class TestViewer:
    """Everybody finds what they see, and nothing else."""

    async def test_own_questions_are_for_their_owner(
        self, core: Chiron, storage: SqlStorage, me: Actor, database_url: str
    ) -> None:
        """Another student finds nothing, and their forged key neither."""
        other = builders.actor(await core.people.arrive(1002, "it", NOW), NOW)
        give_to(database_url, me.id, "pendulum")
        version_id = version_of(database_url, "pendulum")

        mine, theirs = [await core.archive.search(one, "pendolo") for one in (me, other)]

        assert slugs(mine) == ["pendulum"]
        assert mine.topic is not None
        assert mine.topic.path == ("own",)
        assert theirs.is_empty
        index = await index_of(storage)
        assert [version for version, _ in index.search("pendolo", viewer=me.id).items] == [version_id]
        assert index.search("pendolo mio", viewer=other.id) == Ranking()
        assert ("own",) not in {topic.path for topic in theirs.subjects}
        assert (await core.archive.search(other, "pendolo", about=version_id)).about is None
        assert (await core.archive.item(me, version_id)).near.version.slug == "pendulum"
        with pytest.raises(NotFound):
            await core.archive.item(other, version_id)

    @pytest.mark.parametrize("forged", [0, 10**9, 2**53])
    async def test_a_forged_number_is_not_found(self, core: Chiron, me: Actor, forged: int) -> None:
        """As a key, and as the question that somebody stands at."""
        with pytest.raises(NotFound):
            await core.archive.item(me, VersionId(forged))

        assert (await core.archive.search(me, "pendolo", about=VersionId(forged))).about is None

    async def test_an_old_key_shows_the_question_as_it_is_now(self, core: Chiron, me: Actor, database_url: str) -> None:
        """The version on the key was replaced meanwhile."""
        version_id = version_of(database_url, "pendulum")
        await core.banks.store(lesson("pendulum", "Quanto vale la frequenza di un diapason?"), NOW)

        example = await core.archive.item(me, version_id)

        assert example.near.version.id == version_of(database_url, "pendulum") != version_id


class TestExams:
    """An exam closes the archive while a section runs, and its questions until it is over."""

    async def test_questions_of_the_paper_are_not_found(self, core: Chiron, me: Actor, database_url: str) -> None:
        """Between sections all others are; after it these are again."""
        sitting = builders.new_sitting_id()
        await core.exams.add([builders.exam(builders.section("waves", 2, topics=("maths/waves",)))], NOW)
        between(await core.exams.create(me, sitting, "TRIAL"))
        version_id = version_of(database_url, "pendulum")

        during = await core.archive.search(me, "pendolo")
        about = await core.archive.search(me, "pendolo", about=version_id)
        with pytest.raises(NotFound):
            await core.archive.item(me, version_id)
        await core.exams.abandon(me, sitting)
        after = await core.archive.search(me, "pendolo")

        assert during.is_empty
        assert about.about is None
        assert slugs(after)[0] == "pendulum"

    async def test_closed_while_a_section_runs(self, core: Chiron, me: Actor, database_url: str) -> None:
        """Until its deadline, for its student alone."""
        other = builders.actor(await core.people.arrive(1002, "it", NOW), NOW)
        sitting = builders.new_sitting_id()
        await core.exams.add([builders.some_exam()], NOW)
        between(await core.exams.create(me, sitting, "TRIAL"))
        on_paper(await core.exams.start_section(me, sitting, 0))
        version_id = version_of(database_url, "pendulum")

        for call in (core.archive.search(me, "pendolo"), core.archive.item(me, version_id)):
            with pytest.raises(NotAllowed) as refusal:
                await call
            assert refusal.value.details == {"reason": "exam-running"}
        assert slugs(await core.archive.search(other, "pendolo"))[0] == "pendulum"


class TestAbout:
    """The question that the student stands at."""

    async def asked(self, core: Chiron, me: Actor) -> Asked:
        """A quiz of one question, on pendulums or springs."""
        topic = next(one for one in await core.banks.topics(me.id) if one.path == ("maths", "waves"))
        standing = await core.quizzes.start(
            me, builders.new_quiz_id(), mode=Mode.TARGETED, topic_id=topic.id, difficulty=None, length=1
        )
        assert isinstance(standing, Asked)
        return standing

    async def test_it_comes_first_and_not_twice(self, core: Chiron, me: Actor, database_url: str) -> None:
        """Once answered, with everything that it has."""
        version_id = version_of(database_url, "pendulum")

        found = await core.archive.search(me, "il pendolo", about=version_id)

        assert found.about is not None
        assert (found.about.version.slug, found.about.hints) == ("pendulum", None)
        assert "pendulum" not in slugs(found)

    async def test_where_the_text_says_nothing_the_question_is_searched(
        self, core: Chiron, me: Actor, database_url: str
    ) -> None:
        """“I do not understand” is about the question."""
        found = await core.archive.search(me, "non ho capito", about=version_of(database_url, "pendulum"))

        assert found.topic is not None
        assert found.topic.path == ("maths", "waves")
        assert slugs(found) == ["spring"]

    async def test_an_open_question_has_hints_only(self, core: Chiron, me: Actor) -> None:
        """Those that were shown, and one more; whoever forgets to say that it is open."""
        asked = await self.asked(core, me)
        version_id = asked.version.id
        first = await core.archive.search(me, "non ho capito", about=version_id)
        await core.quizzes.hint(me, asked.quiz.id, position=0, number=1)
        second = await core.archive.search(me, "non ho capito", about=version_id)

        shown = [one.about.hints for one in (first, second) if one.about is not None]
        assert shown == [1, 2]
        assert (await core.archive.item(me, version_id)).near.hints == 2

    async def test_an_open_question_is_no_example(self, core: Chiron, me: Actor) -> None:
        """Its solution would be its key; once it is answered it may be one."""
        asked = await self.asked(core, me)
        slug = asked.version.slug
        words = asked.version.wordings["it"].text
        during = await core.archive.search(me, words)

        await core.quizzes.answer(me, asked.quiz.id, position=0, choice=1)

        assert slug not in slugs(during)
        assert slug in slugs(await core.archive.search(me, words))
        assert (await core.archive.item(me, asked.version.id)).near.hints is None

    async def test_an_edited_open_question_is_no_example_either(self, core: Chiron, me: Actor) -> None:
        """The quiz asks its old version; the new one has the same key, perhaps."""
        asked = await self.asked(core, me)
        await core.banks.store(lesson(asked.version.slug, "Quanto vale la frequenza di un diapason?"), NOW)

        found = await core.archive.search(me, "frequenza di un diapason")

        assert asked.version.slug not in slugs(found)
        assert (await core.archive.item(me, asked.version.id)).near.hints == 1

    async def test_it_is_shown_in_the_version_that_was_asked(self, core: Chiron, me: Actor, database_url: str) -> None:
        """Not in one that the student never saw."""
        version_id = version_of(database_url, "pendulum")
        await core.banks.store(lesson("pendulum", "Quanto vale la frequenza di un diapason?"), NOW)

        found = await core.archive.search(me, "pendolo", about=version_id)

        assert found.about is not None
        assert found.about.version.id == version_id


def test_a_word_said_for_ever_counts_for_its_own_question() -> None:
    """However often a question says it, the next one has nothing of it."""
    topic = Topic(TopicId(1), ("maths",), {"it": "Onde"}, 0)
    index = Index([Shelf(topic, None)])
    texts = ("pendolo " * 300, "molla")
    index.add(Entry(QuestionId(n), VersionId(n), topic.id, (text,)) for n, text in enumerate(texts))
    index.finish()

    assert [version for version, _ in index.search("pendolo", viewer=UserId(1)).items] == [0]


class TestReads:
    """What the index is made of."""

    @pytest.mark.usefixtures("student")
    async def test_words_come_in_pages(self, storage: SqlStorage) -> None:
        """Every question once, in order, with what it says in each language."""
        found = []
        last = QuestionId(0)
        while page := await storage.read(lambda work, last=last: work.questions.words(after=last, limit=5)):  # type: ignore[misc] # a default binds the loop's value
            assert len(page) <= 5
            found += page
            last = page[-1].question_id

        assert [entry.question_id for entry in found] == sorted({entry.question_id for entry in found})
        assert len(found) == 12
        english, italian = found[0].texts
        for said in ("q000 (en)?", "q000 en explanation", "cue", "first step", "q000"):
            assert said in english.split("\n")
        assert all(f"q000 it option {number}" in italian for number in range(5))

    async def test_accepted_words_are_searched(self, core: Chiron, storage: SqlStorage) -> None:
        """A question that asks for a word is about that word."""
        await core.banks.store(builders.bank(builders.short("cell", accept=("mitocondrio",))), NOW)

        (entry,) = await storage.read(lambda work: work.questions.words(after=QuestionId(0), limit=9))

        assert entry.texts == ("cell: come si chiama?\nmitocondrio\ncell",)

    async def test_the_edition_changes_with_every_change(
        self, core: Chiron, storage: SqlStorage, database_url: str
    ) -> None:
        """Added, edited, put back, two exchanged, retired, renamed; and not without one."""

        async def edition() -> str:
            return await storage.read(lambda work: work.questions.edition())

        first = builders.some_questions(4)
        seen = [await edition()]
        second = replace(first, items=tuple(replace(item, difficulty=1) for item in first.items))
        renamed = replace(second, topics=tuple(replace(topic, names={"it": "Nuovo"}) for topic in second.topics))
        for bank in (first, second, renamed):
            await core.banks.store(bank, NOW)
            seen.append(await edition())
            await core.banks.store(bank, NOW)
            assert await edition() == seen[-1]
        for changed in (first.items[0], second.items[0]):  # to the old version and back
            await core.banks.store(builders.bank(changed), NOW)
            seen.append(await edition())
        assert seen.pop() != seen[-1]
        with second_connection(database_url) as connection:
            connection.execute(update(questions).where(questions.c.slug == "q001").values(retired_at=NOW))
        seen.append(await edition())

        assert len(set(seen)) == len(seen)
