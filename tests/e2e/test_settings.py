"""Settings: language, profile, exam, birth year."""

from datetime import date, timedelta

from bot.callbacks import Ask, ExamDay, ExamInView, ExamMonth
from tests.e2e.chat import STUDENT, Chat, labels, presses, said, words
from tests.e2e.conftest import ON_BOTH


@ON_BOTH
async def test_exam_and_date_can_be_changed(chat: Chat) -> None:
    """The exam and its day are asked again from the settings; the settings show them."""
    await chat.say("/settings")
    asked = await chat.press("Cambia esame")
    assert isinstance(presses(asked)[0], ExamInView)
    months = await chat.press("TOLC-B")
    month = next(press for press in presses(months)[1:] if isinstance(press, ExamMonth))
    days = await chat.tap(month)
    last = [press for press in presses(days) if isinstance(press, ExamDay)][-1]
    await chat.tap(last)
    await chat.press("Preferisco")

    shown = await chat.say("/settings")

    assert "TOLC-B" in words(shown)
    assert said("settings-birth", year=said("settings-unknown")) in words(shown)
    (course,) = await chat.rows("SELECT * FROM courses WHERE ended_at IS NULL")
    assert course.exam_type == "TOLC-B"
    assert course.exam_date


async def test_days_begin_with_today_in_rome(chat: Chat) -> None:
    """Half an hour after midnight yesterday is no day for an exam any more."""
    await chat.say("/settings")
    await chat.press("Cambia esame")
    await chat.press("TOLC-B")
    night = (chat.clock.now().replace(day=15) + timedelta(days=30)).replace(day=15, hour=23, minute=30)
    chat.clock.advance(seconds=(night - chat.clock.now()).total_seconds())

    days = await chat.tap(ExamMonth(night.year * 12 + night.month - 1))

    first = next(press for press in presses(days) if isinstance(press, ExamDay))
    assert date.fromordinal(first.day).day == 16


async def test_another_exam_ends_the_course_before(chat: Chat) -> None:
    """Only one exam is in view at a time."""
    for exam in ("TOLC-B", "TOLC-F"):
        await chat.say("/settings")
        await chat.press("Cambia esame")
        await chat.press(exam)
        await chat.press("Non so ancora quando")
        if "anno" in words(chat.pg.last(STUDENT)):
            await chat.press("Preferisco")

    assert [row.exam_type for row in await chat.rows("SELECT exam_type FROM courses WHERE ended_at IS NULL")] == [
        "TOLC-F"
    ]
    assert await chat.count("courses") == 2


async def test_birth_year_is_told_once(chat: Chat) -> None:
    """A birth year that was told stays; its key is gone."""
    await chat.say("/settings")
    await chat.press(said("settings-tell-birth"))
    await chat.press("2009")

    shown = await chat.say("/settings")

    assert said("settings-birth-fixed", year="2009") in words(shown)
    assert said("settings-tell-birth") not in labels(shown)


async def test_settings_again_take_the_old_keys_away(chat: Chat) -> None:
    """Settings that are opened twice stand at the bottom once."""
    await chat.say("/settings")

    again = await chat.say("/settings")

    assert chat.with_keys() == [again]


async def test_forged_settings(chat: Chat) -> None:
    """Numbers that no key carries are refused with a line, and change nothing."""
    await chat.say("/settings")
    before = await chat.rows("SELECT language, onboarding, birth_year FROM users")

    for data in ("sl:9", "ak:7", "xm:999999999", "xd:9007199254740992", "by:1", Ask(1).encode() + "1"):
        query = chat.pg.press(STUDENT, chat.pg.last(STUDENT)["message_id"], data)
        await chat.quiet()
        assert chat.pg.world.presses[query].text, data

    assert await chat.rows("SELECT language, onboarding, birth_year FROM users") == before
    assert await chat.count("inbox", "status = 'dead'") == 0
