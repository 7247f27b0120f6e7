"""Our own TOML, written by hand: questions, passages and the names of topics.

One table `[[questions]]` an item; a table `[questions.it]` for each language it is worded in.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from core.questions.model import Bank, Item, Kind, NumericKey, Passage, PassageWording, TopicNames, Wording
from core.questions.reading import checks, cleaning
from core.questions.reading.numbers import exact
from core.questions.reading.report import InvalidBank, Problem, Rejection

TRUE_FALSE: Mapping[str, tuple[str, str]] = {"it": ("Vero", "Falso"), "en": ("True", "False")}

_HEADER = re.compile(r"\s{0,20}\[\[\s{0,20}(questions|passages|topics)\s{0,20}\]\]")
_MARKS = re.compile(r'"""|\'\'\'')
_LONG_KEY = re.compile(
    r"""(?m)^[ \t]{0,40}\[{0,2}(?:(?:[\w-]{1,80}|"[^"\n]{0,80}"|'[^'\n]{0,80}')[ \t]*\.[ \t]*){16}"""
)


def _one_line(value: object) -> object:
    return cleaning.one_line(value) if isinstance(value, str) else value


def _paragraphs(value: object) -> object:
    return cleaning.paragraphs(value) if isinstance(value, str) else value


_Line = Annotated[str, BeforeValidator(_one_line)]
_Prose = Annotated[str, BeforeValidator(_paragraphs)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Bank(_Table):
    name: _Line
    licence: _Line = ""
    source: _Line = ""


class _Choice(_Table):
    text: _Line
    right: bool = False
    error: _Prose | None = None


class _NumericError(_Table):
    value: str
    error: _Prose


class _Text(_Table):
    text: _Prose
    explanation: _Prose | None = None
    hints: list[_Prose] = Field(default=[], max_length=10)
    choices: list[_Choice] = []
    accept: list[_Line] = Field(default=[], max_length=50)
    errors: list[_NumericError] = Field(default=[], max_length=20)
    error: _Prose | None = None


class _Answer(_Table):
    value: str
    tolerance: str = "0"
    unit: _Line | None = None


class _Question(_Table):
    slug: str
    topic: str
    kind: str
    original: str
    difficulty: int = Field(default=3, ge=1, le=5)
    seconds: int = Field(default=90, ge=5, le=3_600)
    formula: _Line | None = None
    spoken: dict[str, _Line] = {}
    passage: str | None = None
    anchored: bool = False
    answer: bool | _Answer | None = None
    texts: dict[str, _Text] = {}


class _PassageText(_Table):
    title: _Line
    text: _Prose


class _Passage(_Table):
    slug: str
    original: str
    texts: dict[str, _PassageText] = {}


class _Topic(_Table):
    path: str
    names: dict[str, _Line] = {}


@dataclass(slots=True)
class Draft:
    """What the files of one bank have brought so far."""

    header: _Bank | None = None
    items: list[tuple[str, Item]] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    topics: list[TopicNames] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)

    def bank(self, name: str) -> Bank:
        """The bank without content, called `name` unless a file says otherwise."""
        if self.header is None:
            return Bank(name=name, licence="", source="", items=())
        return Bank(name=self.header.name, licence=self.header.licence, source=self.header.source, items=())


def parse(text: str, file: str) -> dict[str, Any]:
    """The tables of a file.

    Raises:
        InvalidBank: It is no TOML, or nested too deep.
    """
    text = cleaning.without_controls(text)
    if _LONG_KEY.search(text):
        raise InvalidBank(f"{file}: a name with more than sixteen parts; banks need two.")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidBank(f"{file} is not TOML: {error}.") from None
    except (RecursionError, ValueError, OverflowError):
        raise InvalidBank(f"{file} is not TOML that can be read: nested too deep, or a number too large.") from None


def add(draft: Draft, tables: Mapping[str, Any], text: str, file: str) -> Iterator[int]:
    """Add a file's content to the draft; yields after each question how many of the file are done.

    Raises:
        InvalidBank: The file as a whole is not a bank, or belongs to another one.
    """
    if unknown := sorted(set(tables) - {"bank", "questions", "passages", "topics"}):
        raise InvalidBank(
            f"{file} has a part that is none of bank, questions, passages and topics: {unknown[0][:60]!r}."
        )
    _add_header(draft, tables.get("bank"), file)
    lines = header_lines(text)
    for table, line in _tables(tables, "topics", lines, file):
        try:
            draft.topics.append(_topic_names(table))
        except (Problem, ValidationError) as error:
            draft.rejected.append(_problem(error).at(line, None, file))
    for table, line in _tables(tables, "passages", lines, file):
        try:
            draft.passages.append(_passage(table))
        except (Problem, ValidationError) as error:
            draft.rejected.append(_problem(error).at(line, _slug(table), file))
    for done, (table, line) in enumerate(_tables(tables, "questions", lines, file), start=1):
        try:
            draft.items.append((file, _item(table, line)))
        except (Problem, ValidationError) as error:
            draft.rejected.append(_problem(error).at(line, _slug(table), file))
        yield done


def header_lines(text: str) -> dict[str, list[int]]:
    """The lines of the headers `[[questions]]` and the like, 1-based; those inside long texts do not count."""
    found: dict[str, list[int]] = {"questions": [], "passages": [], "topics": []}
    quoted = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if not quoted and (header := _HEADER.match(line)):
            found[header[1]].append(number)
        if not quoted and line.lstrip().startswith("#"):
            continue
        for mark in _MARKS.findall(line):
            if not quoted:
                quoted = mark
            elif quoted == mark:
                quoted = ""
    return found


def sentence(error: ValidationError) -> str:
    """What pydantic found, in words: at most three problems, each with its place."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    named = []
    for one in found[:3]:
        place = ".".join(str(step) for step in one["loc"] if step not in {"texts", "question"})
        named.append(f"{place[:80]}: {one['msg'][:1].lower()}{one['msg'][1:]}")
    if len(found) > 3:
        named.append(f"and {len(found) - 3} more")
    return "; ".join(named)


def _tables(
    tables: Mapping[str, Any], name: str, lines: Mapping[str, list[int]], file: str
) -> Iterator[tuple[dict[str, Any], int]]:
    content = tables.get(name, [])
    if not isinstance(content, list) or not all(isinstance(table, dict) for table in content):
        raise InvalidBank(f"{file or 'The file'}: {name} must be written as [[{name}]], one table each.")
    known = lines[name] if len(lines[name]) == len(content) else [0] * len(content)
    yield from zip(content, known, strict=True)


def _add_header(draft: Draft, table: object, file: str) -> None:
    if table is None:
        return
    try:
        header = _Bank.model_validate(table)
    except ValidationError as error:
        raise InvalidBank(f"{file or 'The file'}: the part [bank] is wrong: {sentence(error)}.") from None
    if draft.header is not None and draft.header != header:
        raise InvalidBank(f"{file or 'The file'} says that it belongs to another bank than the files before it.")
    draft.header = header


def _with_texts(table: Mapping[str, Any], fields: set[str]) -> dict[str, Any]:
    """The table with its languages gathered under `texts`; what is neither field nor language stays, to be refused."""
    gathered = {key: value for key, value in table.items() if key != "texts" and not _is_text(key, value, fields)}
    return gathered | {"texts": {key: value for key, value in table.items() if _is_text(key, value, fields)}}


def _is_text(key: str, value: object, fields: set[str]) -> bool:
    return key not in fields and checks.is_language(key) and isinstance(value, dict)


def _topic_names(table: dict[str, Any]) -> TopicNames:
    names = {key: value for key, value in table.items() if checks.is_language(key)}
    rest = {key: value for key, value in table.items() if key not in names}
    topic = _Topic.model_validate({"names": names, **rest} if names else rest)
    checks.check_names(topic.names)
    return TopicNames(path=checks.topic_path(topic.path), names=topic.names)


def _passage(table: dict[str, Any]) -> Passage:
    read = _Passage.model_validate(_with_texts(table, set(_Passage.model_fields)))
    wordings = {language: PassageWording(title=text.title, text=text.text) for language, text in read.texts.items()}
    passage = Passage(slug=read.slug, original=read.original, wordings=wordings)
    checks.check_passage(passage)
    return passage


def _item(table: dict[str, Any], line: int) -> Item:
    kind = table.get("kind")
    if isinstance(kind, str) and kind not in set(Kind):
        raise Problem("unsupported-kind", {"kind": kind[:40]})
    read = _Question.model_validate(_with_texts(table, set(_Question.model_fields)))
    if read.original not in read.texts:
        raise Problem("missing-original", {"language": read.original[:20]})
    item = Item(
        slug=read.slug,
        topic=checks.topic_path(read.topic),
        kind=Kind(read.kind),
        wordings={language: _wording(read, language, text) for language, text in read.texts.items()},
        original=read.original,
        right=_right(read),
        difficulty=read.difficulty,
        seconds=read.seconds,
        numeric=_numeric(read),
        passage=read.passage,
        formula=read.formula,
        anchored=read.anchored or read.kind == Kind.TRUE_FALSE,
        line=line,
    )
    checks.check(item)
    return item


def _wording(read: _Question, language: str, text: _Text) -> Wording:
    choices = tuple(choice.text for choice in text.choices)
    errors = tuple(choice.error for choice in text.choices)
    if read.kind == Kind.TRUE_FALSE:
        if choices:
            raise Problem("invalid-field", {"problems": f"{language}.choices: true or false has none"})
        if language not in TRUE_FALSE:
            raise Problem("unsupported-language", {"language": language})
        choices = TRUE_FALSE[language]
        errors = (None, text.error) if read.answer else (text.error, None)
    elif text.error is not None:
        raise Problem("invalid-field", {"problems": f"{language}.error: only true or false has it"})
    return Wording(
        text=text.text,
        choices=choices,
        errors=errors,
        explanation=text.explanation,
        hints=tuple(text.hints),
        accept=tuple(text.accept),
        numeric_errors=tuple((exact(error.value), error.error) for error in text.errors),
        spoken=read.spoken.get(language),
    )


def _right(read: _Question) -> tuple[int, ...]:
    if read.kind == Kind.TRUE_FALSE:
        if not isinstance(read.answer, bool):
            raise Problem("invalid-field", {"problems": "answer: true or false is needed"})
        return (0,) if read.answer else (1,)
    by_language = {
        language: tuple(position for position, choice in enumerate(text.choices) if choice.right)
        for language, text in read.texts.items()
    }
    right = by_language[read.original]
    for language, other in by_language.items():
        if other != right:
            raise Problem("options-differ", {"language": language, "original": read.original})
    return right


def _numeric(read: _Question) -> NumericKey | None:
    if read.kind != Kind.NUMERIC:
        return None
    if not isinstance(read.answer, _Answer):
        raise Problem("no-number")
    return NumericKey(exact(read.answer.value), tolerance=exact(read.answer.tolerance), unit=read.answer.unit)


def _slug(table: Mapping[str, object]) -> str | None:
    slug = table.get("slug")
    return cleaning.one_line(slug)[:100] if isinstance(slug, str) else None


def _problem(error: Problem | ValidationError) -> Problem:
    if isinstance(error, Problem):
        return error
    return Problem("invalid-field", {"problems": sentence(error)})
