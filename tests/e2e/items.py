"""A few questions of every kind, each in a topic of its own, so that a test can ask for one."""

from dataclasses import replace

from core.questions.model import Bank
from tests import builders

_HTML = "È vero che <b>a & b</b> < 3?"
_FORMULA = r"\frac{1}{2}"


def _formula_item(slug: str) -> builders.Item:
    item = builders.single(slug, "extra/formula", right=1, formula=_FORMULA)
    wordings = {language: replace(words, spoken="1 < 2 & mezzo") for language, words in item.wordings.items()}
    return replace(item, wordings=wordings)


def _html_item() -> builders.Item:
    item = builders.single("html", "extra/html", right=0)
    wordings = {
        language: replace(words, text=_HTML, choices=("<i>", "&amp;", "a<b", "</b>", "\u202e\u200b🙂"))
        for language, words in item.wordings.items()
    }
    return replace(item, wordings=wordings)


EXTRA: Bank = builders.bank(
    builders.multiple("several", "extra/multiple", right=(0, 2)),
    builders.numeric("fraction", "extra/numeric", value="3/4"),
    builders.numeric("thousand", "extra/numeric-two", value="1000"),
    builders.short("cell", "extra/short", accept=("mitocondrio", "mitocondri")),
    *(builders.single(f"plain{number}", "extra/plain", right=number % 5) for number in range(6)),
    *(_formula_item(f"formula{number}") for number in range(2)),
    _html_item(),
    name="extra",
)
