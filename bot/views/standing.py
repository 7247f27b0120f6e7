"""Where somebody is, as a screen: whatever flow it belongs to."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from markupsafe import Markup

from bot.i18n import Translator
from bot.screens import Screen
from bot.views import exam, home, introduction, marks, paper, question, result, verdict
from core.exams.model import Notice
from core.exams.outcomes import Between, OnPaper, Over, Unchanged
from core.introduction import Noted, Welcomed
from core.people.model import Role
from core.practice.outcomes import Asked, Finished, Introduce, Judged, OnHold, Remark, Unclear
from core.whereabouts import AtHome, Where


def where(  # noqa: PLR0911 - one exit for each place
    place: Where, t: Translator, zone: str, *, now: datetime | None = None
) -> Screen:
    """The screen of a place.

    Args:
        place: Where the person is.
        t: Their words.
        zone: Their time zone.
        now: For how much time is left.
    """
    match place:
        case Asked():
            return question.asked(place, t)
        case Judged():
            return verdict.judged(place, t)
        case Finished():
            return result.finished(place, t)
        case OnHold():
            return question.on_hold(place, t)
        case Introduce():
            return introduction.introduce(place, t)
        case AtHome():
            return home.home(place, t, zone)
        case OnPaper():
            return paper.paper(place, t, zone, now=now)
        case Between():
            return exam.between(place, t, zone)
        case Over():
            return marks.over(place, t)
        case _ as never:
            assert_never(never)


def started(outcome: Welcomed | Where, t: Translator, zone: str) -> Screen:
    """What follows /start."""
    return home.welcome(outcome.first, t) if isinstance(outcome, Welcomed) else where(outcome, t, zone)


def wrote(
    outcome: Where | Noted | Unchanged | Unclear | Remark, t: Translator, role: Role, zone: str, *, now: datetime
) -> Screen:
    """What follows a written message of somebody in this role."""
    match outcome:
        case Unclear():
            return question.unclear(outcome, t)
        case Noted(day, then):
            screen = where(then, t, zone)
            if isinstance(then, AtHome):
                return screen  # home says the date itself
            return replace(screen, text=Markup("\n\n").join([t("noted-day", day=t.day(day)), screen.text]))
        case Remark():
            return home.remark(outcome, t, role)
        case Unchanged():
            return where(replace(outcome.standing, notice=Notice.TIME_UP), t, zone, now=now)
        case _:
            return where(outcome, t, zone, now=now)
