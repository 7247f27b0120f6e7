"""Settings and privacy, in words."""

from datetime import date

from markupsafe import Markup

from bot.callbacks import Ask, BeParent, BeStudent, GoHome, Speak
from bot.i18n import LANGUAGES, Translator
from bot.screens import Key, Screen
from bot.views import practice
from core.people.model import Person, Role
from core.practice.model import Quiz


def settings(person: Person, t: Translator, zone: str, left: Quiz | None = None) -> Screen:
    """What is known of a person, and how to change it; `left` is a quiz that can be gone on with."""
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
    if left is not None:
        keys.append((practice.resume_key(left, t),))
    keys.append((Key(t.plain("key-home"), GoHome()),))
    return Screen(Markup("\n").join(lines), tuple(keys), place="settings")


def privacy(t: Translator) -> Screen:
    """What is kept, why, and for how long."""
    return Screen(t("privacy"))
