"""Who is in the chat: arriving, languages, and the three things that are asked once."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.chiron import Chiron
from core.errors import InvalidInput
from core.ids import UserId
from core.people.model import Onboarding, Person, Role, spoken_language
from core.people.people import EXAMS
from core.ports import Actor
from storage.tables import courses, users
from tests import builders
from tests.fakes import FakeClock
from tests.readback import everything, rows


def at(person: Person, clock: FakeClock) -> Actor:
    """A person acting now."""
    return builders.actor(person, clock.now())


async def stored(core: Chiron, person: Person, clock: FakeClock) -> Person:
    """The person as the database has them."""
    found = await core.people.get(at(person, clock))
    assert found is not None
    return found


class TestArriving:
    """The first message."""

    async def test_somebody_new_is_a_student_who_plays(self, core: Chiron, clock: FakeClock) -> None:
        """Nothing is known but the chat and its language."""
        person = await core.people.arrive(1001, "it", clock.now())

        assert person == Person(id=person.id, telegram_id=1001, language="it", zone="Europe/Rome")
        assert (person.role, person.onboarding) == (Role.STUDENT, Onboarding.PLAYING)
        assert await stored(core, person, clock) == person

    async def test_who_was_here_before_is_the_same(self, core: Chiron, clock: FakeClock, database_url: str) -> None:
        """No second row."""
        first = await core.people.arrive(1001, "it", clock.now())
        again = await core.people.arrive(1001, "it", clock.advance(days=3))

        assert again == first
        assert len(rows(database_url, select(users))) == 1

    async def test_fifty_first_messages_at_once_make_one_person(
        self, core: Chiron, clock: FakeClock, database_url: str
    ) -> None:
        """Whichever comes first."""
        arrived = await asyncio.gather(*(core.people.arrive(1001, "it", clock.now()) for _ in range(50)))

        assert len({person.id for person in arrived}) == 1
        assert len(rows(database_url, select(users))) == 1

    async def test_a_telegram_id_may_be_large(self, core: Chiron, clock: FakeClock) -> None:
        """They have passed 32 bits long ago."""
        assert (await core.people.arrive(2**52 - 1, "it", clock.now())).telegram_id == 2**52 - 1

    @pytest.mark.parametrize(
        ("code", "language"),
        [
            ("it", "it"),
            ("it-IT", "it"),
            ("IT", "it"),
            ("en", "en"),
            ("de", "en"),
            ("", "en"),
            (None, "en"),
            ("ita", "en"),
        ],
    )
    def test_the_language_to_start_with(self, code: str | None, language: str) -> None:
        """Italian for Italian, English for all others."""
        assert spoken_language(code) == language


class TestLanguage:
    """It follows Telegram's until one is chosen by hand."""

    async def test_it_follows_telegram(self, core: Chiron, clock: FakeClock) -> None:
        """A missing code changes nothing."""
        await core.people.arrive(1001, "it", clock.now())

        assert (await core.people.arrive(1001, None, clock.now())).language == "it"
        assert (await core.people.arrive(1001, "en", clock.now())).language == "en"
        assert (await core.people.arrive(1001, None, clock.now())).language == "en"

    async def test_a_chosen_one_stays(self, core: Chiron, clock: FakeClock) -> None:
        """Whatever Telegram says."""
        person = await core.people.arrive(1001, "it", clock.now())

        chosen = await core.people.speak(at(person, clock), "en")

        assert (chosen.language, chosen.language_chosen) == ("en", True)
        assert await core.people.arrive(1001, "it", clock.now()) == chosen

    @pytest.mark.parametrize("language", ["fr", "", "IT", "it-IT"])
    async def test_an_unknown_one_is_refused(
        self, core: Chiron, clock: FakeClock, database_url: str, language: str
    ) -> None:
        """Nothing changes."""
        person = await core.people.arrive(1001, "it", clock.now())
        before = everything(database_url)

        with pytest.raises(InvalidInput, match="language"):
            await core.people.speak(at(person, clock), language)

        assert everything(database_url) == before


class TestExam:
    """The exam in view and its date."""

    @pytest.mark.parametrize("exam", EXAMS)
    async def test_an_exam_is_told_and_its_date_asked(self, core: Chiron, clock: FakeClock, exam: str) -> None:
        """Each of those that can be prepared for."""
        person = await core.people.arrive(1001, "it", clock.now())

        told = await core.people.prepare_for(at(person, clock), exam)

        assert (told.exam, told.exam_date, told.onboarding) == (exam, None, Onboarding.DATE)
        assert await stored(core, person, clock) == told

    async def test_no_exam_yet_leads_to_the_birth_year(self, core: Chiron, clock: FakeClock) -> None:
        """There is no date to ask for."""
        person = await core.people.arrive(1001, "it", clock.now())

        told = await core.people.prepare_for(at(person, clock), None)

        assert (told.exam, told.onboarding) == (None, Onboarding.BIRTH)

    async def test_an_unknown_exam_is_refused(self, core: Chiron, clock: FakeClock, database_url: str) -> None:
        """Nothing changes."""
        person = await core.people.arrive(1001, "it", clock.now())
        before = everything(database_url)

        with pytest.raises(InvalidInput, match="exam"):
            await core.people.prepare_for(at(person, clock), "TOLC-X")

        assert everything(database_url) == before

    async def test_another_exam_ends_the_course_before(self, core: Chiron, clock: FakeClock, database_url: str) -> None:
        """The old one is kept as history; the date was the old one's."""
        person = await core.people.arrive(1001, "it", clock.now())
        await core.people.prepare_for(at(person, clock), "TOLC-I")
        await core.people.sit_on(at(person, clock), date(2027, 2, 12))
        clock.advance(days=1)

        changed = await core.people.prepare_for(at(person, clock), "TOLC-E")

        found = rows(database_url, select(courses).order_by(courses.c.id))
        assert (changed.exam, changed.exam_date) == ("TOLC-E", None)
        assert [(row["exam_type"], row["exam_date"], row["ended_at"]) for row in found] == [
            ("TOLC-I", "2027-02-12", clock.now()),
            ("TOLC-E", None, None),
        ]

    async def test_the_same_exam_again_keeps_its_date(self, core: Chiron, clock: FakeClock, database_url: str) -> None:
        """And its course."""
        person = await core.people.arrive(1001, "it", clock.now())
        await core.people.prepare_for(at(person, clock), "TOLC-I")
        await core.people.sit_on(at(person, clock), date(2027, 2, 12))

        again = await core.people.prepare_for(at(person, clock), "TOLC-I")

        assert again.exam_date == "2027-02-12"
        assert len(rows(database_url, select(courses))) == 1

    @pytest.mark.parametrize("days", [0, 1, 5 * 366])
    async def test_a_day_to_come_is_taken(self, core: Chiron, clock: FakeClock, days: int) -> None:
        """From today to five years ahead; the birth year is asked next."""
        person = await core.people.arrive(1001, "it", clock.now())
        await core.people.prepare_for(at(person, clock), "TOLC-I")
        day = clock.now().date() + timedelta(days=days)

        told = await core.people.sit_on(at(person, clock), day)

        assert (told.exam_date, told.onboarding) == (day.isoformat(), Onboarding.BIRTH)
        assert await stored(core, person, clock) == told

    @pytest.mark.parametrize("days", [-1, 5 * 366 + 1, -400_000])
    async def test_an_impossible_day_is_refused(
        self, core: Chiron, clock: FakeClock, database_url: str, days: int
    ) -> None:
        """Over, or too far away."""
        person = await core.people.arrive(1001, "it", clock.now())
        await core.people.prepare_for(at(person, clock), "TOLC-I")
        before = everything(database_url)

        with pytest.raises(InvalidInput, match="exam-date"):
            await core.people.sit_on(at(person, clock), clock.now().date() + timedelta(days=days))

        assert everything(database_url) == before

    @pytest.mark.parametrize(
        ("zone", "hour", "today"),
        [("Europe/Rome", 23, date(2026, 11, 21)), ("America/New_York", 2, date(2026, 11, 19))],
    )
    async def test_today_is_where_the_person_lives(
        self, core: Chiron, clock: FakeClock, zone: str, hour: int, today: date
    ) -> None:
        """At night the day differs from UTC's, on one side or the other."""
        person = await core.people.arrive(1001, "it", clock.now())
        actor = Actor(person.id, datetime(2026, 11, 20, hour, 30, tzinfo=UTC), zone)
        await core.people.prepare_for(actor, "TOLC-I")

        assert (await core.people.sit_on(actor, today)).exam_date == today.isoformat()
        with pytest.raises(InvalidInput):
            await core.people.sit_on(actor, today - timedelta(days=1))

    async def test_a_day_without_an_exam_asks_for_the_exam(self, core: Chiron, clock: FakeClock) -> None:
        """There is nothing that it could belong to, and what is not stored is not claimed."""
        person = await core.people.arrive(1001, "it", clock.now())

        told = await core.people.sit_on(at(person, clock), date(2027, 2, 12))

        assert (told.exam_date, told.onboarding) == (None, Onboarding.EXAM)
        assert await stored(core, person, clock) == told

    async def test_an_unknown_day_is_fine(self, core: Chiron, clock: FakeClock) -> None:
        """It takes back the one that was told."""
        person = await core.people.arrive(1001, "it", clock.now())
        await core.people.prepare_for(at(person, clock), "TOLC-I")
        await core.people.sit_on(at(person, clock), date(2027, 2, 12))

        told = await core.people.sit_on(at(person, clock), None)

        assert (told.exam, told.exam_date) == ("TOLC-I", None)
        assert await stored(core, person, clock) == told


class TestBirthYear:
    """Asked once."""

    @pytest.mark.parametrize("year", [2026 - 8, 2008, 2026 - 100])
    async def test_it_is_told_once_and_stays(self, core: Chiron, clock: FakeClock, year: int) -> None:
        """A second year changes nothing."""
        person = await core.people.arrive(1001, "it", clock.now())

        told = await core.people.born_in(at(person, clock), year)
        again = await core.people.born_in(at(person, clock), 1990)

        assert (told.birth_year, told.onboarding) == (year, Onboarding.DONE)
        assert again == told

    @pytest.mark.parametrize("year", [2019, 2027, 1925, 0, -5])
    async def test_an_impossible_year_is_refused(
        self, core: Chiron, clock: FakeClock, database_url: str, year: int
    ) -> None:
        """Nobody who studies here was born then."""
        person = await core.people.arrive(1001, "it", clock.now())
        before = everything(database_url)

        with pytest.raises(InvalidInput, match="birth-year"):
            await core.people.born_in(at(person, clock), year)

        assert everything(database_url) == before

    async def test_the_year_is_the_one_where_the_person_lives(self, core: Chiron) -> None:
        """Half an hour into the year 2027 in Rome, who was born in 2019 turns eight in this year."""
        night = FakeClock(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
        person = await core.people.arrive(1001, "it", night.now())

        assert (await core.people.born_in(at(person, night), 2019)).birth_year == 2019

    async def test_rather_not_is_an_answer(self, core: Chiron, clock: FakeClock) -> None:
        """It can be told later."""
        person = await core.people.arrive(1001, "it", clock.now())

        silent = await core.people.born_in(at(person, clock), None)
        told = await core.people.born_in(at(person, clock), 2008)

        assert (silent.birth_year, silent.onboarding) == (None, Onboarding.DONE)
        assert told.birth_year == 2008

    async def test_who_told_it_is_not_asked_again(self, core: Chiron, clock: FakeClock) -> None:
        """A new exam and its date lead straight to the end."""
        person = await core.people.arrive(1001, "it", clock.now())
        await core.people.born_in(at(person, clock), 2008)

        await core.people.prepare_for(at(person, clock), "TOLC-E")
        told = await core.people.sit_on(at(person, clock), None)

        assert told.onboarding is Onboarding.DONE


class TestAskingAgain:
    """From the settings."""

    @pytest.mark.parametrize("step", [Onboarding.EXAM, Onboarding.DATE, Onboarding.BIRTH])
    async def test_each_can_be_asked_again(self, core: Chiron, clock: FakeClock, step: Onboarding) -> None:
        """With an exam in view."""
        person = await core.people.arrive(1001, "it", clock.now())
        await core.people.prepare_for(at(person, clock), "TOLC-I")

        assert (await core.people.ask(at(person, clock), step)).onboarding is step

    async def test_the_date_of_no_exam_is_not_asked(self, core: Chiron, clock: FakeClock) -> None:
        """The exam is."""
        person = await core.people.arrive(1001, "it", clock.now())

        assert (await core.people.ask(at(person, clock), Onboarding.DATE)).onboarding is Onboarding.EXAM


class TestRole:
    """Students and parents."""

    async def test_a_parent_is_asked_nothing(self, core: Chiron, clock: FakeClock) -> None:
        """And can be a student after all."""
        person = await core.people.arrive(1001, "it", clock.now())

        parent = await core.people.be_parent(at(person, clock))
        back = await core.people.be_student(at(person, clock))

        assert (parent.role, parent.onboarding) == (Role.PARENT, Onboarding.DONE)
        assert back.role is Role.STUDENT


async def test_nobody_cannot_change(core: Chiron, clock: FakeClock) -> None:
    """An id without a person is refused."""
    nobody = Actor(UserId(99), clock.now())

    with pytest.raises(InvalidInput, match="person"):
        await core.people.speak(nobody, "en")
    assert await core.people.get(nobody) is None


async def test_one_person_s_change_is_theirs_alone(core: Chiron, clock: FakeClock) -> None:
    """Another's row stays as it was."""
    me = await core.people.arrive(1001, "it", clock.now())
    other = await core.people.arrive(1002, "it", clock.now())

    await core.people.prepare_for(at(me, clock), "TOLC-I")
    await core.people.born_in(at(me, clock), 2008)

    assert await stored(core, other, clock) == other


async def test_changes_at_once_do_not_overwrite_each_other(core: Chiron, clock: FakeClock) -> None:
    """Each reads what the one before wrote."""
    person = await core.people.arrive(1001, "it", clock.now())

    await asyncio.gather(
        core.people.speak(at(person, clock), "en"),
        core.people.born_in(at(person, clock), 2008),
        core.people.be_parent(at(person, clock)),
    )

    after = await stored(core, person, clock)
    assert (after.language, after.birth_year, after.role) == ("en", 2008, Role.PARENT)


async def test_listeners_hear_of_changes(core: Chiron, clock: FakeClock) -> None:
    """After the commit, so that what is kept in memory follows; a refusal is no change."""
    person = await core.people.arrive(1001, "it", clock.now())
    heard: list[Person] = []
    core.people.changed.append(heard.append)

    changed = await core.people.speak(at(person, clock), "en")
    with pytest.raises(InvalidInput):
        await core.people.speak(at(person, clock), "fr")

    assert heard == [changed]
