"""Questions as the mentor meets them, from the bundled bank or made up."""

from collections.abc import Iterator
from functools import cache

from core.ids import ChoiceId, QuestionId, TopicId, VersionId
from core.mentor.prompts import Scene
from core.questions.model import Bank, Choice, Item, Kind, Passage, QuestionVersion, Wording
from core.questions.reading import read_bank
from storage.content import STARTER


def version(item: Item, passages: tuple[Passage, ...] = ()) -> QuestionVersion:
    """A question as if it were stored."""
    wording = item.wordings[item.original]
    passage = next((one.wordings for one in passages if one.slug == item.passage), None)
    return QuestionVersion(
        id=VersionId(1),
        question_id=QuestionId(1),
        slug=item.slug,
        topic_id=TopicId(1),
        topic=item.topic,
        kind=item.kind,
        difficulty=item.difficulty,
        seconds=item.seconds,
        original=item.original,
        choices=tuple(Choice(ChoiceId(n + 1), n in item.right) for n in range(len(wording.choices))),
        wordings=item.wordings,
        numeric=item.numeric,
        formula=item.formula,
        passage=passage,
    )


def scene(item: Item, passages: tuple[Passage, ...] = (), **changes: object) -> Scene:
    """A question that was not answered yet; the choices turned round by two, so that letters are not the bank's."""
    stored = version(item, passages)
    count = len(stored.choices)
    turn = 0 if item.anchored or item.kind is Kind.TRUE_FALSE else 2
    order = tuple((place + turn) % count for place in range(count))
    return Scene(stored, order, **changes)  # type: ignore[arg-type]


def asked(text: str, *choices: str, right: tuple[int, ...] = (0,), **changes: object) -> Scene:
    """A made-up question of one language, its choices in the order given."""
    values: dict[str, object] = {
        "slug": "made-up",
        "topic": ("maths",),
        "kind": Kind.SINGLE if len(right) == 1 else Kind.MULTIPLE,
        "original": "it",
        "right": right if choices else (),
        "wordings": {"it": Wording(text, choices, tuple(None for _ in choices))},
        "anchored": True,
    }
    return scene(Item(**(values | changes)))  # type: ignore[arg-type]


@cache
def starter() -> Bank:
    """The bundled bank."""
    return read_bank(STARTER, "starter").bank


def of_the_bank(language: str) -> Iterator[tuple[Item, Scene]]:
    """Every question of the bundled bank that is in a language."""
    for item in starter().items:
        if language in item.wordings:
            yield item, scene(item, starter().passages)
