"""Home, help, settings and the three things asked once, in words."""

from calendar import monthrange
from datetime import UTC, date, datetime

from markupsafe import Markup

from bot.callbacks import (
    Ask,
    BeParent,
    BeStudent,
    BirthYear,
    ExamDay,
    ExamInView,
    ExamMonth,
    GoHome,
    History,
    OpenSettings,
    QuizMenu,
    QuizResume,
    Speak,
)
from bot.i18n import LANGUAGES, Translator
from bot.screens import Key, Screen, rows
from bot.views import quiz as quiz_view
from core.errors import ChironError
from core.people.model import Onboarding, Person, Role
from core.people.people import EXAMS
from core.practice.model import SessionSummary
from core.practice.quizzes import Asked, Introduce, Remark, Standing
from core.whereabouts import AtHome

MONTHS_AHEAD = 12
YOUNGEST_KEY, OLDEST_KEY = 12, 26
"""Ages that get a button; any other year is written."""
STEPS = (Onboarding.EXAM, Onboarding.DATE, Onboarding.BIRTH)


def welcome(first: Standing, t: Translator) -> Screen:
    """The very first message: a question that can be answered, and who asks it."""
    if not isinstance(first, Asked):
        return Screen(t("start-again"), ((Key(t.plain("key-quiz"), QuizMenu()),),), place="home")
    screen = quiz_view.asked(first, t, greeting=t("start-hello"))
    return Screen(
        screen.text,
        (*screen.keys, (Key(t.plain("start-i-am-parent"), BeParent()),)),
        screen.picture,
        screen.place,
        screen.ref,
    )


def home(place: AtHome, t: Translator) -> Screen:
    """What stands, and where to go."""
    person = place.person
    if person is not None and person.role is Role.PARENT:
        return parent(t)
    lines = [t("home-title")]
    if person is not None and person.exam:
        lines.append(_exam_line(person, t))
    lines.append(t("home-answers", count=place.answered) if place.answered else t("home-no-answers"))
    return Screen(
        Markup("\n").join(lines),
        (
            (Key(t.plain("key-quiz"), QuizMenu(), style="primary"),),
            (Key(t.plain("key-history"), History(0)), Key(t.plain("key-settings"), OpenSettings())),
        ),
        place="home",
    )


def introduce(asking: Introduce, t: Translator, *, today: date | None = None) -> Screen:
    """Ask for the exam, its date, or the birth year."""
    today = today or datetime.now(UTC).date()
    person = asking.person
    match person.onboarding:
        case Onboarding.DATE:
            first = today.year * 12 + today.month - 1
            months = [
                Key(f"{t.month(month % 12 + 1)} {month // 12}", ExamMonth(month))
                for month in range(first, first + MONTHS_AHEAD)
            ]
            keys = (*rows(months, 2), (Key(t.plain("ask-date-unknown"), ExamMonth(None)),))
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
            return Screen(t("ask-exam"), keys, place="introduce")


def days_of(month: int, t: Translator, *, today: date) -> Screen:
    """The days of a month, counted since the year 0, as keys."""
    year, number = month // 12, month % 12 + 1
    days = [date(year, number, day) for day in range(1, monthrange(year, number)[1] + 1)]
    keys = [Key(str(day.day), ExamDay(day.toordinal())) for day in days if day >= today]
    back = (Key(t.plain("key-back"), Ask(STEPS.index(Onboarding.DATE))),)
    return Screen(t("ask-day", month=f"{t.month(number)} {year}"), (*rows(keys, 7), back), place="introduce")


def parent(t: Translator) -> Screen:
    """For a parent: what this is, and what to do."""
    keys = (
        (Key(t.plain("parent-try"), QuizMenu()),),
        (Key(t.plain("parent-not"), BeStudent()), Key(t.plain("key-settings"), OpenSettings())),
    )
    return Screen(t("parent-hello"), keys, place="home")


def to_forward(t: Translator, username: str) -> Screen:
    """A message that a parent can forward to a student."""
    return Screen(t("parent-forward", link=f"https://t.me/{username}?start=hello"))


def settings(person: Person, t: Translator, zone: str) -> Screen:
    """What is known of a person, and how to change it."""
    unknown = t.plain("settings-unknown")
    lines = [
        t("settings-title"),
        t("settings-language", language=t.plain(f"language-{person.language}")),
        t("settings-role", role=t.plain(f"role-{person.role}")),
    ]
    keys: list[tuple[Key, ...]] = [
        tuple(
            Key(t.plain(f"language-{language}"), Speak(number))
            for number, language in enumerate(LANGUAGES)
            if language != person.language
        )
    ]
    if person.role is Role.STUDENT:
        day = t.day(date.fromisoformat(person.exam_date)) if person.exam_date else unknown
        lines.append(t("settings-exam", exam=person.exam or unknown, day=day))
        lines.append(t("settings-birth", year=str(person.birth_year) if person.birth_year else unknown))
        keys.append((Key(t.plain("settings-change-exam"), Ask(0)),))
        if person.birth_year is None:
            keys.append((Key(t.plain("settings-tell-birth"), Ask(2)),))
        keys.append((Key(t.plain("start-i-am-parent"), BeParent()),))
    else:
        keys.append((Key(t.plain("parent-not"), BeStudent()),))
    lines.append(t("settings-zone", zone=zone))
    keys.append((Key(t.plain("key-home"), GoHome()),))
    return Screen(Markup("\n").join(lines), tuple(keys), place="settings")


def help_(t: Translator) -> Screen:
    """Every command, one line each."""
    return Screen(t("help"), ((Key(t.plain("key-quiz"), QuizMenu()),),))


def privacy(t: Translator) -> Screen:
    """What is kept, why, and for how long."""
    return Screen(t("privacy"))


def stopped(summary: SessionSummary | None, left: Standing | None, t: Translator, subjects: list[str]) -> Screen:
    """What a session was, after it ended."""
    keys: list[tuple[Key, ...]] = []
    if left is not None and not isinstance(left, Introduce) and left.quiz.is_open:
        label = t.plain("quiz-continue-short", done=left.quiz.current_index, length=left.quiz.length)
        keys.append((Key(label, QuizResume(left.quiz.id)),))
    keys.append((Key(t.plain("key-history"), History(0)), Key(t.plain("key-home"), GoHome())))
    if summary is None:
        return Screen(t("stop-nothing"), tuple(keys), place="home")
    if not summary.questions_attempted:
        return Screen(t("stop-empty"), tuple(keys), place="home")
    lines = [
        t("stop-title"),
        t(
            "stop-figures",
            right=summary.questions_correct,
            attempted=summary.questions_attempted,
            percent=summary.accuracy,
        ),
        t(
            "stop-time",
            total=t.duration((summary.total_time_ms + 500) // 1000),
            average=t.duration((summary.avg_time_per_question_ms + 500) // 1000),
        ),
        t("stop-subjects", subjects=", ".join(subjects)),
    ]
    return Screen(Markup("\n").join(lines), tuple(keys), place="home")


def remark(said: Remark, t: Translator) -> Screen:
    """A written message that is no answer."""
    key = "remark-greeting" if said.greeting else "remark"
    return Screen(t(key), ((Key(t.plain("key-quiz"), QuizMenu()),),))


def not_for_here(t: Translator) -> Screen:
    """A sticker, a file, a photo: nothing can be done with it yet."""
    return Screen(t("cannot-read"))


def in_group(t: Translator, username: str) -> Screen:
    """In a group: come to the private chat."""
    return Screen(t("in-group"), ((Key(t.plain("in-group-key"), url=f"https://t.me/{username}"),),))


def refused(refusal: ChironError, t: Translator) -> Markup:
    """Why something cannot be done."""
    reason = refusal.details.get("reason")
    if refusal.code == "invalid-input" and reason in {"exam-date", "birth-year"}:
        return t(f"error-{refusal.code}-{reason}")
    return t(f"error-{refusal.code}")


def _exam_line(person: Person, t: Translator) -> Markup:
    if not person.exam_date:
        return t("home-exam", exam=person.exam or "")
    day = date.fromisoformat(person.exam_date)
    return t("home-exam-day", exam=person.exam or "", day=t.day(day))
