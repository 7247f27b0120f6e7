"""Words for hard moments: written beforehand, never generated."""

from bot.i18n import Translator
from bot.screens import Screen


def crisis(t: Translator) -> Screen:
    """Where there is help, for somebody who speaks of hurting themselves."""
    return Screen(t("crisis"))


def age_check(t: Translator) -> Screen:
    """What it means to be under fourteen, for somebody who says so."""
    return Screen(t("age-check"))


def unsuitable(t: Translator) -> Screen:
    """What is not talked about here."""
    return Screen(t("unsuitable"))
