"""Words for hard moments: written beforehand, never generated."""

from bot.i18n import Translator
from bot.screens import Screen
from core.people.model import Role


def crisis(t: Translator, role: Role = Role.STUDENT) -> Screen:
    """Where there is help, for somebody who speaks of hurting themselves, or a parent who speaks of their child."""
    return Screen(t("crisis-parent") if role is Role.PARENT else t("crisis"))


def age_check(t: Translator) -> Screen:
    """What it means to be under fourteen, for somebody who says so."""
    return Screen(t("age-check"))


def unsuitable(t: Translator) -> Screen:
    """What is not talked about here."""
    return Screen(t("unsuitable"))
