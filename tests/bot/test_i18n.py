"""The catalogues: the same keys and gaps in both languages, and every key that the code asks for."""

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from bot import menus
from bot.callbacks import Wish
from bot.i18n import LANGUAGES, LOCALES, MissingText, translator
from bot.playground.entities import parse_html
from bot.routes import COMMANDS
from bot.views import archive
from core.errors import ChironError
from core.exams import outcomes as exam_outcomes
from core.exams.model import Notice
from core.mentor import conversation
from core.people.model import Onboarding, Role
from core.practice.model import Difficulty, Mode
from core.practice.outcomes import Why
from core.questions.model import Kind

ROOT = Path(__file__).parents[2]
CALLED = re.compile(r"""(?:(?<![a-z.])t|context\.t|\.plain|translator\([^)]*\))\(\s*"([a-z0-9-]+)\"""")
NAMED = re.compile(r"\"((?:[a-z0-9]+-)+[a-z0-9]+)\"")
REASONS = {
    "invalid-input-exam-date",
    "invalid-input-birth-year",
    "invalid-input-no-such-day",
    "not-allowed-exam-running",
    "not-allowed-exam-question",
    "not-allowed-exam-unfinished",
}


class _Gaps(Visitor):
    """Collects the names of variables."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - fluent's naming
        """Take a name."""
        self.names.add(node.id.name)


def _catalogue(language: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for file in sorted((LOCALES / language).glob("*.ftl")):
        for entry in FluentParser().parse(file.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ast.Junk), entry.content
            if isinstance(entry, ast.Message):
                assert entry.id.name not in found, f"{entry.id.name} stands twice"
                gaps = _Gaps()
                gaps.visit(entry)
                found[entry.id.name] = gaps.names
    return found


def _errors(kind: type[ChironError] = ChironError) -> set[str]:
    return {kind.code}.union(*(_errors(below) for below in kind.__subclasses__()))


def _by_pattern() -> set[str]:
    return {
        *(f"command-{name}" for name in (*COMMANDS, *menus.STUDENT, *menus.PARENT, *menus.GROUP)),
        *(f"mode-{mode}" for mode in Mode),
        *(f"difficulty-{level}" for level in (*Difficulty, "any")),
        *(f"language-{language}" for language in LANGUAGES),
        *(f"role-{role}" for role in Role),
        *(f"remark-asked-{kind}" for kind in Kind),
        *(f"passed-{why}" for why in Why),
        *(f"exam-why-{why}" for why in exam_outcomes.Why),
        *(f"exam-pick-{pick}" for pick in exam_outcomes.Pick),
        *(f"exam-notice-{notice}" for notice in Notice),
        *(f"archive-why-{why}" for why in get_args(archive.Why)),
        *(
            f"mentor-hello-{why}"
            for why in (
                conversation.Why.NO_MODEL,
                conversation.Why.UNDER_AGE,
                conversation.Why.AGE_UNKNOWN,
                conversation.Why.PARENT,
            )
        ),
        *(
            f"mentor-{why}"
            for why in (
                conversation.Why.NO_EYES,
                conversation.Why.NO_EARS,
                conversation.Why.UNHEARD,
                conversation.Why.UNSEEN,
                conversation.Why.IN_PAPER,
            )
        ),
        *(f"mentor-wish-{wish.name.lower()}" for wish in Wish),
        *(f"remark-{step}" for step in Onboarding if step.asks and not step.endswith("-again")),
        *(f"error-{code}" for code in _errors()),
        *(f"error-{reason}" for reason in REASONS),
    }


def _in_code() -> tuple[set[str], set[str]]:
    text = "\n".join(
        file.read_text(encoding="utf-8")
        for file in (ROOT / "bot").rglob("*.py")
        if "playground" not in file.parts and file.name != "i18n.py"
    )
    return set(CALLED.findall(text)), set(NAMED.findall(text))


def test_same_keys_and_gaps_in_both_languages() -> None:
    """What one catalogue has the other has too, with the same variables."""
    assert _catalogue("it") == _catalogue("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_that_the_code_asks_for_is_there(language: str) -> None:
    """Keys in the code, and those that it puts together: commands, modes, difficulties, languages, roles, errors."""
    asked, _ = _in_code()

    assert len(asked) > 60
    assert (asked | _by_pattern()) - set(_catalogue(language)) == set()


def test_no_key_is_left_over() -> None:
    """Every key is used: a text that nobody sees is not kept."""
    asked, named = _in_code()
    single = {"remark", "help", "privacy", "apology"}

    assert set(_catalogue("it")) - asked - named - _by_pattern() - single == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_html_that_telegram_reads(language: str) -> None:
    """With any number and the wildest values every text parses, and the values stand in it as they were."""
    t = translator(language)
    wild = "<b>&\"'{ $x }</i>🙂"
    for key, gaps in _catalogue(language).items():
        for number in (0, 1, 2, 5, 21):
            numbers = {"count", "right", "answered", "attempted", "quizzes", "length", "number", "xp", "percent"}
            values = {name: number if name in numbers else wild for name in gaps}
            plain, _ = parse_html(str(t(key, **values)))
            assert plain
            assert not (gaps - numbers) or wild in plain, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_menus_fit(language: str) -> None:
    """Descriptions of commands and of the bot are within Telegram's limits."""
    t = translator(language)

    assert all(1 <= len(t.plain(f"command-{name}")) <= 256 for name in COMMANDS)
    assert len(t.plain("bot-description")) <= 512
    assert len(t.plain("bot-short-description")) <= 120


def test_values_are_escaped_once() -> None:
    """What a person wrote is text, also where it looks like HTML; on a button it stands as it is."""
    t = translator("it")

    assert "&lt;b&gt;" in t("verdict-written", text="<b>")
    assert "<b>" in t.plain("quiz-my-answer", text="<b>")


def test_long_values_are_taken_whole() -> None:
    """A value that Fluent itself refuses stands in the text, escaped; two of them do not change places."""
    t = translator("it")

    text = t("verdict-why", letter="&" * 3000, error="e" * 3000)

    assert "&amp;" * 3000 + ":" in text
    assert text.endswith("e" * 3000)
    assert "x" * 2501 in t.plain("quiz-my-answer", text="x" * 2501)


@pytest.mark.parametrize(
    ("value", "it", "en"),
    [
        (Decimal("12.5"), "12,5", "12.5"),
        (Fraction(3, 4), "0,75", "0.75"),
        (Fraction(1, 3), "1/3", "1/3"),
        (Fraction(-1, 7), "−1/7", "−1/7"),
        (1234567, "1.234.567", "1,234,567"),
        (Fraction(-5), "−5", "−5"),
    ],
)
def test_numbers_in_the_persons_format(value: Decimal | Fraction | int, it: str, en: str) -> None:
    """Commas in Italian, points in English; a fraction without an end stays one."""
    assert (translator("it").number(value), translator("en").number(value)) == (it, en)


def test_missing_text_is_a_fault() -> None:
    """A key that is not there, or a gap that is not filled, is not shown as if it were a text."""
    for key, values in (("nothing-of-the-kind", {}), ("quiz-length", {})):
        with pytest.raises(MissingText):
            translator("it")(key, **values)
