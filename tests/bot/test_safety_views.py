"""The words for hard moments, in both languages."""

import pytest

from bot.i18n import LANGUAGES, translator
from bot.playground.entities import parse_html
from bot.screens import plain
from bot.views import safety


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_has_its_numbers(language: str) -> None:
    """The emergency number, the children's line and Telefono Azzurro; no link, and short enough to be read."""
    text = plain(safety.crisis(translator(language)).text)

    assert all(number in text for number in ("112", "114", "19696"))
    assert "http" not in text
    assert len(text.split()) < 160


@pytest.mark.parametrize("language", LANGUAGES)
def test_quizzes_go_on_under_fourteen(language: str) -> None:
    """The mentor waits for a parent, and what does not is said too."""
    text = plain(safety.age_check(translator(language)).text).casefold()

    assert "14" in text
    assert "quiz" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_is_html_that_telegram_reads(language: str) -> None:
    """All three parse, and ask for no button."""
    for screen in (safety.crisis, safety.age_check, safety.unsuitable):
        shown = screen(translator(language))

        assert parse_html(str(shown.text))[0]
        assert shown.keys == ()
