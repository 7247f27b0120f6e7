"""Settings and privacy, in words."""

from datetime import date

from markupsafe import Markup

from bot.callbacks import Ask, BeParent, BeStudent, GoHome, Speak
from bot.i18n import LANGUAGES, Translator
from bot.screens import Key, Screen
from bot.views import exam, practice
from core.people.model import Person, Role
from core.whereabouts import AtHome


def settings(person: Person, t: Translator, zone: str, here: AtHome | None = None) -> Screen:
    """What is known of a person, and how to change it; `here` is what can be gone on with."""
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
        birth = "settings-birth-fixed" if person.birth_year else "settings-birth"
        lines.append(t(birth, year=str(person.birth_year) if person.birth_year else unknown))
        keys.append((Key(t.plain("settings-change-exam"), Ask(0)),))
        if person.birth_year is None:
            keys.append((Key(t.plain("settings-tell-birth"), Ask(2)),))
        keys.append((Key(t.plain("start-i-am-parent"), BeParent()),))
    else:
        keys.append((Key(t.plain("parent-not"), BeStudent()),))
    lines.append(t("settings-zone", zone=zone))
    if here is not None and here.exam is not None:
        keys.append((exam.go_on(here.exam.sitting, t),))
    elif here is not None and here.open is not None:
        keys.append((practice.resume_key(here.open, t),))
    keys.append((Key(t.plain("key-home"), GoHome()),))
    return Screen(Markup("\n").join(lines), tuple(keys), place="settings")


def privacy(t: Translator) -> Screen:
    """What is kept, why, and for how long."""
    return Screen(t("privacy"))
