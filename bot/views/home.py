"""Start, home and help, in words."""

from dataclasses import replace
from datetime import date

from markupsafe import Markup

from bot.callbacks import (
    BeStudent,
    ExamList,
    GoHome,
    History,
    MentorMenu,
    OpenSettings,
    QuizMenu,
    ToForward,
)
from bot.i18n import Translator
from bot.screens import Key, Keys, Screen
from bot.views import exam, practice
from bot.views import question as question_view
from bot.views.item import joined
from core.errors import ChironError
from core.people.model import Person, Role
from core.practice.model import SessionSummary
from core.practice.outcomes import Asked, Introduce, Judged, OnHold, Remark, Standing, Tone
from core.whereabouts import AtHome


def welcome(first: Standing, t: Translator) -> Screen:
    """The very first message: a question that can be answered, and who asks it; later ones stand alone."""
    if not isinstance(first, Asked):
        return Screen(t("start-again"), ((Key(t.plain("key-quiz"), QuizMenu()),),), place="home")
    if first.quiz.current_index:
        return question_view.asked(first, t)
    greeting = t("start-hello", count=first.quiz.length)
    return replace(question_view.asked(first, t, greeting=greeting), silent=False)


def home(place: AtHome, t: Translator, zone: str) -> Screen:
    """What stands, and where to go."""
    person = place.person
    if person is not None and person.role is Role.PARENT:
        screen = parent(t)
        if place.exam is None:
            return screen
        keys = ((exam.go_on(place.exam.sitting, t),), *screen.keys)
        return Screen(joined([exam.under_way(place.exam, t, zone), screen.text]), keys, place="home")
    lines = [t("home-title")]
    if person is not None and person.exam:
        lines.append(_exam_line(person, place.today, t))
    lines.append(t("home-answers", count=place.answered, xp=place.xp) if place.answered else t("home-no-answers"))
    ways: list[tuple[Key, ...]] = [
        (
            Key(t.plain("key-quiz"), QuizMenu(), style=None if place.open or place.exam else "primary"),
            Key(t.plain("key-exam"), ExamList()),
        ),
        (Key(t.plain("mentor-key"), MentorMenu(0)), Key(t.plain("key-history"), History(0))),
        (Key(t.plain("key-settings"), OpenSettings()),),
    ]
    if place.open is not None:
        ways.insert(0, (practice.resume_key(place.open, t),))
    if place.exam is not None:
        ways.insert(0, (exam.go_on(place.exam.sitting, t),))
        lines.append(exam.under_way(place.exam, t, zone))
    return Screen(Markup("\n").join(lines), tuple(ways), place="home")


def parent(t: Translator) -> Screen:
    """For a parent: what this is, and what to do."""
    last = (Key(t.plain("parent-not"), BeStudent()), Key(t.plain("key-settings"), OpenSettings()))
    return Screen(t("parent-hello"), (*_parent_keys(t), last), place="home")


def to_forward(t: Translator, username: str) -> Screen:
    """A message that a parent can forward to a student."""
    return Screen(t("parent-forward", link=f"https://t.me/{username}?start=hello"))


def help_(t: Translator, role: Role = Role.STUDENT) -> Screen:
    """Every command, one line each; for a parent, what there is for parents."""
    if role is Role.PARENT:
        return Screen(t("help-parent"), _parent_keys(t))
    return Screen(t("help"), ((Key(t.plain("key-quiz"), QuizMenu()),),))


def stopped(summary: SessionSummary | None, left: Standing | None, t: Translator, subjects: list[str]) -> Screen:
    """What a session was, after it ended."""
    keys: list[tuple[Key, ...]] = []
    if left is not None and not isinstance(left, Introduce) and left.quiz.is_open:
        keys.append((practice.resume_key(left.quiz, t),))
    keys.append((Key(t.plain("key-history"), History(0)), Key(t.plain("key-home"), GoHome())))
    if summary is None:
        return Screen(t("stop-nothing"), tuple(keys), place="home")
    if not summary.questions_attempted:
        voided = summary.questions_voided
        words = t("stop-voided", count=voided) if voided else t("stop-empty")
        return Screen(words, tuple(keys), place="home")
    lines = [
        t("stop-title", quizzes=0 if summary.sittings else summary.quizzes),
        *([t("stop-exams", count=summary.sittings, quizzes=summary.quizzes)] if summary.sittings else []),
        t(
            "stop-figures",
            right=summary.questions_correct,
            attempted=summary.questions_attempted,
            percent=summary.accuracy,
        ),
        t(
            "stop-time",
            attempted=summary.questions_attempted,
            total=t.duration((summary.total_time_ms + 500) // 1000),
            average=t.duration((summary.avg_time_per_question_ms + 500) // 1000),
        ),
        t("stop-subjects", subjects=", ".join(subjects)),
    ]
    return Screen(Markup("\n").join(lines), tuple(keys), place="home")


def remark(said: Remark, t: Translator, role: Role = Role.STUDENT) -> Screen:  # noqa: PLR0911 - one exit for each place
    """A written message that is no answer: who says it, and where they stand, decides what helps."""
    if said.tone is Tone.THANKS:
        return Screen(t("remark-thanks"))
    if role is Role.PARENT and not (isinstance(said.standing, Asked) and said.tone is Tone.UNSURE):
        return _parent_remark(said, t)
    match said.standing:
        case Introduce() if said.tone is Tone.UNSURE:
            return Screen(t("remark-unsure-introduce"))
        case Introduce(person=person):
            return Screen(t(f"remark-{person.onboarding.removesuffix('-again')}"))
        case Asked() as open_question if said.tone is Tone.UNSURE:
            return question_view.unsure(open_question, t)
        case Asked(quiz=quiz) if said.tone is Tone.GREETING:
            return Screen(t("remark-greeting-asked", number=quiz.current_index + 1))
        case Asked(version=version) as open_question:
            return Screen(t(f"remark-asked-{version.kind}", count=question_view.hints_left(open_question, t)))
        case Judged():
            return Screen(t("remark-judged"))
        case OnHold(quiz=quiz):
            return Screen(t("remark-paused"), ((practice.resume_key(quiz, t),),))
        case _:
            words = t("remark-greeting" if said.tone is Tone.GREETING else "remark")
            return Screen(words, ((Key(t.plain("key-quiz"), QuizMenu()),),))


def not_for_here(t: Translator) -> Screen:
    """A sticker, a file, a photo: nothing can be done with it yet."""
    return Screen(t("cannot-read"))


def in_group(t: Translator, username: str) -> Screen:
    """In a group: come to the private chat."""
    return Screen(t("in-group"), ((Key(t.plain("in-group-key"), url=f"https://t.me/{username}"),),))


REASONS = {"exam-date", "birth-year", "no-such-day", "exam-running", "exam-question", "exam-unfinished"}
"""Reasons of a refusal that have words of their own."""


def refused(refusal: ChironError, t: Translator) -> Markup:
    """Why something cannot be done."""
    reason = refusal.details.get("reason")
    if refusal.details.get("what") == "similar":
        return t("error-no-similar")
    if refusal.code == "nothing-to-ask" and refusal.details.get("what") == "exam":
        return t("error-nothing-to-ask-exam", **refusal.details)
    if reason in REASONS:
        return t(f"error-{refusal.code}-{reason}")
    return t(f"error-{refusal.code}")


def _parent_remark(said: Remark, t: Translator) -> Screen:
    """A parent wrote something: what there is for parents now, and the quiz that they try, if they do."""
    words = t("remark-parent-greeting" if said.tone is Tone.GREETING else "remark-parent")
    here = said.standing
    if here is None or isinstance(here, Introduce) or not here.quiz.is_open:
        return Screen(words, _parent_keys(t))
    return Screen(words, ((practice.resume_key(here.quiz, t),), *_parent_keys(t)))


def _parent_keys(t: Translator) -> Keys:
    return (
        (Key(t.plain("parent-message"), ToForward(), style="primary"),),
        (Key(t.plain("parent-try"), QuizMenu()),),
    )


def _exam_line(person: Person, today: date | None, t: Translator) -> Markup:
    if not person.exam_date:
        return t("home-exam", exam=person.exam or "")
    day = date.fromisoformat(person.exam_date)
    left = (day - today).days if today is not None else 0
    line = t("home-exam-day", exam=person.exam or "", day=t.day(day))
    return line + Markup(" ") + t("home-days-left", count=left) if left > 0 else line
