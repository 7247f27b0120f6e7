"""The words for hard moments, in both languages."""

import re

import pytest

from bot.i18n import LANGUAGES, translator
from bot.playground.entities import parse_html
from bot.screens import plain
from bot.views import safety
from core.people.model import Role


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", Role)
def test_help_has_its_numbers(language: str, role: Role) -> None:
    """The emergency number, the children's line and Telefono Azzurro; no link, and short enough to be read."""
    text = plain(safety.crisis(translator(language), role).text)

    assert all(number in text for number in ("112", "114", "19696"))
    assert "http" not in text
    assert len(text.split()) < 160


def test_parents_are_addressed_formally() -> None:
    """A parent is told to stay with their child, and is not taken for one."""
    text = plain(safety.crisis(translator("it"), Role.PARENT).text)

    assert "Resti vicino a suo figlio o sua figlia" in text
    assert not re.search(r"\b(?:tu|ti|tuo|tua|fidi|sai|sei|parlane)\b", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_quizzes_go_on_under_fourteen(language: str) -> None:
    """The mentor waits for a parent, and what does not is said too."""
    text = plain(safety.age_check(translator(language)).text).casefold()

    assert "14" in text
    assert "quiz" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_is_html_that_telegram_reads(language: str) -> None:
    """All parse, and ask for no button."""
    t = translator(language)
    for shown in (safety.crisis(t), safety.crisis(t, Role.PARENT), safety.age_check(t), safety.unsuitable(t)):
        assert parse_html(str(shown.text))[0]
        assert shown.keys == ()
