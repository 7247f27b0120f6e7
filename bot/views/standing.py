"""Where somebody is, as a screen: whatever flow it belongs to."""

from dataclasses import replace
from typing import assert_never

from markupsafe import Markup

from bot.i18n import Translator
from bot.screens import Screen
from bot.views import home, introduction, question, result, verdict
from core.introduction import Noted, Welcomed
from core.people.model import Role
from core.practice.outcomes import Asked, Finished, Introduce, Judged, OnHold, Remark, Standing, Unclear
from core.whereabouts import AtHome


def where(place: Standing | AtHome, t: Translator) -> Screen:
    """The screen of a place."""
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
            return home.home(place, t)
        case _ as never:
            assert_never(never)


def started(outcome: Welcomed | Standing | AtHome, t: Translator) -> Screen:
    """What follows /start."""
    return home.welcome(outcome.first, t) if isinstance(outcome, Welcomed) else where(outcome, t)


def wrote(outcome: Standing | AtHome | Noted | Unclear | Remark, t: Translator, role: Role) -> Screen:
    """What follows a written message of somebody in this role."""
    match outcome:
        case Unclear():
            return question.unclear(outcome, t)
        case Noted(day, then):
            screen = where(then, t)
            if isinstance(then, AtHome):
                return screen  # home says the date itself
            return replace(screen, text=Markup("\n\n").join([t("noted-day", day=t.day(day)), screen.text]))
        case Remark():
            return home.remark(outcome, t, role)
        case _:
            return where(outcome, t)
