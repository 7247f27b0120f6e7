"""The JSON Lines form `{id, topic, text, answers, label}` of the ministry's medical admission questions."""

from collections.abc import Iterator, Mapping

from core.questions.formulas import readable
from core.questions.model import Item, Kind, TopicNames, Wording
from core.questions.reading import checks, cleaning
from core.questions.reading.damage import lost_sign
from core.questions.reading.report import Problem

NAMES: Mapping[str, Mapping[str, str]] = {
    "biologia": {"it": "Biologia", "en": "Biology"},
    "chimica": {"it": "Chimica", "en": "Chemistry"},
    "competenze-conoscenze": {"it": "Competenze e conoscenze", "en": "Skills and general knowledge"},
    "fisica-matematica": {"it": "Fisica e matematica", "en": "Physics and mathematics"},
    "logica": {"it": "Logica", "en": "Logic"},
}
"""The topics of the published set; any other is called by its slug."""


def slug_in(row: Mapping[str, object], bank: str) -> str | None:
    """The name a row's question has in the bank, or None if its id gives none."""
    number = row.get("id")
    if isinstance(number, bool) or not isinstance(number, int | str):
        return None
    own = cleaning.slug_of(str(number)[:100])
    return f"{bank}-{own}" if own else None


def item_of(row: Mapping[str, object], slug: str | None, *, language: str, line: int) -> Item:
    """The question of a row, its notation made readable.

    Raises:
        Problem: It cannot be asked fairly.
    """
    for field in ("id", "topic", "text", "answers", "label"):
        if field not in row:
            raise Problem("missing-field", {"field": field})
    text, answers, label = row["text"], row["answers"], row["label"]
    if slug is None:
        raise Problem("wrong-type", {"field": "id"})
    if not isinstance(text, str):
        raise Problem("wrong-type", {"field": "text"})
    if not isinstance(label, int) or isinstance(label, bool):
        raise Problem("wrong-type", {"field": "label"})
    options = tuple(_texts(answers))
    if not 0 <= label < len(options):
        raise Problem("label-out-of-range", {"label": label + 1, "count": len(options)})
    text, options = cleaning.without_html(text), tuple(map(cleaning.without_html, options))
    shown = tuple(readable(cleaning.one_line(cleaning.without_stray_carets(option))) for option in options)
    item = Item(
        slug=slug,
        topic=_topic(row["topic"]),
        kind=Kind.SINGLE,
        wordings={
            language: Wording(
                text=readable(cleaning.paragraphs(cleaning.without_stray_carets(text))),
                choices=shown,
                errors=(None,) * len(shown),
            )
        },
        original=language,
        right=(label,),
        anchored=any(map(cleaning.refers_to_others, shown)),
        line=line,
    )
    checks.check(item)
    if where := lost_sign(text, options):
        raise Problem("lost-sign", {"where": where})
    return item


def names_of(path: tuple[str, ...], language: str) -> TopicNames:
    """What a topic is called: by the list, or by its slug with blanks for hyphens."""
    known = NAMES.get(path[-1])
    return TopicNames(path=path, names=known or {language: path[-1].replace("-", " ").capitalize()})


def _topic(topic: object) -> tuple[str, ...]:
    if not isinstance(topic, str):
        raise Problem("wrong-type", {"field": "topic"})
    return checks.topic_path("/".join(cleaning.slug_of(step) for step in topic[:300].split("/")))


def _texts(answers: object) -> Iterator[str]:
    if not isinstance(answers, list):
        raise Problem("wrong-type", {"field": "answers"})
    if len(answers) > checks.MOST_OPTIONS:
        details = {"count": len(answers), "least": checks.LEAST_OPTIONS, "most": checks.MOST_OPTIONS}
        raise Problem("number-of-options", details)
    for position, answer in enumerate(answers, start=1):
        if not isinstance(answer, str):
            raise Problem("wrong-type", {"field": f"answers.{position}"})
        yield answer
