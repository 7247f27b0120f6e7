"""The three things asked once, in words."""

from calendar import monthrange
from datetime import date, timedelta

from markupsafe import Markup

from bot.callbacks import Ask, BirthYear, ExamDateUnknown, ExamDay, ExamInView, ExamMonth
from bot.i18n import Translator
from bot.screens import Key, Screen, rows
from core.people.model import Onboarding
from core.people.people import EXAMS
from core.practice.outcomes import Introduce

MONTHS_AHEAD = 12
YOUNGEST_KEY, OLDEST_KEY = 12, 26
"""Ages that get a button; any other year is written."""
STEPS = (Onboarding.EXAM, Onboarding.DATE, Onboarding.BIRTH)


def introduce(asking: Introduce, t: Translator) -> Screen:
    """Ask for the exam, its date, or the birth year."""
    person, today = asking.person, asking.today
    match person.onboarding:
        case Onboarding.DATE | Onboarding.DATE_AGAIN:
            first = today.year * 12 + today.month - 1
            months = [
                Key(f"{t.month(month % 12 + 1)} {month // 12}", ExamMonth(month))
                for month in range(first, first + MONTHS_AHEAD)
            ]
            keys = (*rows(months, 2), (Key(t.plain("ask-date-unknown"), ExamDateUnknown()),))
            return Screen(t("ask-date", exam=person.exam or ""), keys, place="introduce")
        case Onboarding.BIRTH:
            years = [
                Key(str(year), BirthYear(year))
                for year in range(today.year - YOUNGEST_KEY, today.year - OLDEST_KEY - 1, -1)
            ]
            keys = (*rows(years, 5), (Key(t.plain("ask-birth-rather-not"), BirthYear(None)),))
            return Screen(t("ask-birth"), keys, place="introduce")
        case _:
            exams = [Key(exam, ExamInView(number)) for number, exam in enumerate(EXAMS)]
            keys = (*rows(exams, 3), (Key(t.plain("ask-exam-unknown"), ExamInView(None)),))
            words = t("ask-exam")
            return Screen(t("ask-first") + Markup("\n\n") + words if asking.first else words, keys, place="introduce")


def days_of(first: date, t: Translator, *, today: date) -> Screen:
    """The days of a month, from today on, as keys."""
    days = [first + timedelta(days=day) for day in range(monthrange(first.year, first.month)[1])]
    keys = [Key(str(day.day), ExamDay(day.toordinal())) for day in days if day >= today]
    back = (Key(t.plain("key-back"), Ask(STEPS.index(Onboarding.DATE))),)
    month = f"{t.month(first.month)} {first.year}"
    return Screen(t("ask-day", month=month), (*rows(keys, 7), back), place="introduce")
