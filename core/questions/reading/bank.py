"""One way in: a path or the bytes of a file, whatever its form."""

import codecs
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import assert_never

from pydantic import ValidationError
from pydantic_core import from_json

from core.questions.model import Bank, Item, Passage, TopicNames
from core.questions.reading import authored, cleaning, export, ministry
from core.questions.reading.report import (
    MAX_BYTES,
    MAX_LINE_BYTES,
    MAX_QUESTIONS,
    MAX_TOML_BYTES,
    InvalidBank,
    Problem,
    Progress,
    Reading,
    Rejection,
)

_STEP = 200  # questions between two calls of the progress callback
_MAX_FILES = 500


def read_bank(
    source: Path | bytes,
    name: str | None = None,
    *,
    language: str = "it",
    progress: Progress | None = None,
) -> Reading:
    """Read a bank: TOML (a file, or a folder whose files make one bank), our own JSON Lines, or the ministry's.

    Args:
        source: A path, or the content of a file.
        name: The bank's name, or the name of the file that the bytes come from; needed only where the file names none.
        language: Language of questions that do not say it (the ministry's form).
        progress: Called now and then with how many questions are done, and of how many.

    Raises:
        InvalidBank: Nothing can be read from it; the message says why.
    """
    files = [(name or "bank", source)] if isinstance(source, bytes) else _files(source)
    given = name if name is not None else "bank" if isinstance(source, bytes) else source.name
    stem = cleaning.slug_of(given.removesuffix(".gz").rpartition(".")[0] or given)[:40].rstrip("-") or "bank"
    report = progress or (lambda _done, _total: None)
    if len(files) > 1 or _is_toml(*files[0]):
        return _read_toml(files, stem, report)
    return _read_lines(_decoded(files[0][1], files[0][0]), stem, language, report)


def _files(path: Path) -> list[tuple[str, bytes]]:
    try:
        if not path.is_dir():
            _allow(path.stat().st_size, path.name)
            return [(path.name, path.read_bytes())]
        found = sorted(file for file in path.glob("*.toml") if file.is_file() and not file.is_symlink())
        if not found:
            raise InvalidBank(f"The folder {path.name} holds no .toml file.")
        if len(found) > _MAX_FILES:
            raise InvalidBank(f"The folder {path.name} holds {len(found)} files; {_MAX_FILES} are allowed.")
        _allow(sum(file.stat().st_size for file in found), path.name)
        return [(file.name, file.read_bytes()) for file in found]
    except OSError as error:
        raise InvalidBank(f"{path.name} cannot be opened: {error.strerror or 'unknown reason'}.") from None


def _allow(size: int, name: str) -> None:
    if size > MAX_BYTES:
        raise InvalidBank(f"{name} has {size:,} bytes; {MAX_BYTES:,} are allowed.")


def _is_toml(name: str, data: bytes) -> bool:
    ending = name.lower().rpartition(".")[2]
    if ending in {"toml", "jsonl", "ndjson", "json"}:
        return ending == "toml"
    return (
        not data[:1_000]
        .lstrip(codecs.BOM_UTF8 + codecs.BOM_UTF16_LE + codecs.BOM_UTF16_BE + b" \t\r\n\0")
        .startswith(b"{")
    )


def _decoded(data: bytes, name: str) -> bytes:
    """The content as UTF-8 without a mark; single broken lines are left to the reader."""
    _allow(len(data), name)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16").encode()
        except UnicodeError:
            raise InvalidBank(f"{name} begins like UTF-16, but is not.") from None
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data.strip(b" \t\r\n\0"):
        raise InvalidBank(f"{name} is empty.")
    return data


def _read_toml(files: Iterable[tuple[str, bytes]], stem: str, report: Progress) -> Reading:
    draft = authored.Draft()
    parsed = [(name, text, authored.parse(text, name)) for name, text in _texts(files)]
    questions = [tables.get("questions") for _, _, tables in parsed]
    total = sum(len(tables) for tables in questions if isinstance(tables, list))
    if total > MAX_QUESTIONS:
        raise InvalidBank(f"{total:,} questions; {MAX_QUESTIONS:,} are allowed.")
    several, done = len(parsed) > 1, 0
    for name, text, tables in parsed:
        for _ in authored.add(draft, tables, text, name if several else ""):
            done += 1
            if done % _STEP == 0:
                report(done, total)
    report(total, total)
    gathered = _Gathered(bank=draft.bank(stem), rejected=draft.rejected)
    for names in draft.topics:
        gathered.name_topic(names)
    for passage in draft.passages:
        gathered.add_passage(passage, 0)
    for file, item in draft.items:
        gathered.add(item, file)
    return gathered.reading()


def _texts(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, str]]:
    size = 0
    for name, content in files:
        data = _decoded(content, name)
        size += len(data)
        if size > MAX_TOML_BYTES:
            raise InvalidBank(f"{name}: more than {MAX_TOML_BYTES:,} bytes of TOML; large banks come as JSON Lines.")
        try:
            yield name, data.decode()
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise InvalidBank(f"{name} is not UTF-8 in line {line}.") from None


def _read_lines(data: bytes, stem: str, language: str, report: Progress) -> Reading:
    if data.lstrip()[:1] == b"[":
        raise InvalidBank("It is one JSON array; JSON Lines have an object on each line.")
    total = data.count(b"\n") + (not data.endswith(b"\n"))
    gathered = _Gathered(bank=Bank(name=stem, licence="", source="", items=()))
    for line, raw in enumerate(_split(data), start=1):
        if line % _STEP == 0:
            report(line, total)
        if not raw or raw.isspace():
            continue
        slug: str | None = None
        try:
            row = _object(raw)
            own = isinstance(row.get("type"), str)
            slug = _named(row.get("slug")) if own else ministry.slug_in(row, stem)
            if own:
                gathered.add_row(_own_row(row), line)
            else:
                item = ministry.item_of(row, slug, language=language, line=line)
                gathered.name_topic(ministry.names_of(item.topic, language))
                gathered.add(item)
        except Problem as problem:
            gathered.rejected.append(problem.at(line, slug))
        gathered.allow_no_more_than(MAX_QUESTIONS)
    report(total, total)
    return gathered.reading()


def _split(data: bytes) -> Iterator[bytes]:
    """The lines one by one: a file of fifty million line ends must not become as many objects."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        yield data[start:end]
        start = end + 1


def _object(raw: bytes) -> Mapping[str, object]:
    if len(raw) > MAX_LINE_BYTES:
        raise Problem("line-too-long", {"size": len(raw), "limit": MAX_LINE_BYTES})
    try:
        row = from_json(raw.replace(b"\0", b""), allow_inf_nan=False)  # refuses more than 200 levels
    except ValueError:
        try:
            raw.decode()
        except UnicodeDecodeError:
            raise Problem("not-utf8") from None
        raise Problem("bad-json") from None
    if not isinstance(row, dict):
        raise Problem("not-an-object")
    return row


def _own_row(row: Mapping[str, object]) -> export.AnyRow:
    kind = row.get("kind")
    if row["type"] not in {"bank", "topic", "passage", "question"}:
        raise Problem("unsupported-kind", {"kind": str(row["type"])[:40]})
    if row["type"] == "question" and isinstance(kind, str) and kind not in export.KINDS:
        raise Problem("unsupported-kind", {"kind": kind[:40]})
    try:
        return export.ROWS.validate_python(row)
    except ValidationError as error:
        raise Problem("invalid-field", {"problems": authored.sentence(error)}) from None


def _named(slug: object) -> str | None:
    return cleaning.one_line(slug)[:100] if isinstance(slug, str) else None


@dataclass(slots=True)
class _Gathered:
    """Items, passages and problems so far; refuses a name that is taken."""

    bank: Bank
    items: dict[str, Item] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    passages: dict[str, Passage] = field(default_factory=dict)
    topics: dict[tuple[str, ...], TopicNames] = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)

    def add_row(self, row: export.AnyRow, line: int) -> None:
        """Take a line of our own form."""
        match row:
            case export.BankRow():
                self.bank = replace(self.bank, name=row.name, licence=row.licence, source=row.source)
            case export.TopicRow():
                self.name_topic(row.content())
            case export.PassageRow():
                self.add_passage(row.content(), line)
            case export.QuestionRow():
                self.add(row.content(line))
            case _:
                assert_never(row)

    def name_topic(self, names: TopicNames) -> None:
        self.topics.setdefault(names.path, names)

    def add(self, item: Item, file: str = "") -> None:
        if item.slug in self.items:
            problem = Problem("duplicate", {"slug": item.slug, "first": self._place(item.slug)})
            self.rejected.append(problem.at(item.line, item.slug, file))
            return
        self.items[item.slug] = item
        self.files[item.slug] = file

    def add_passage(self, passage: Passage, line: int) -> None:
        if passage.slug in self.passages:
            problem = Problem("duplicate", {"slug": passage.slug, "first": "another passage"})
            self.rejected.append(problem.at(line, passage.slug))
            return
        self.passages[passage.slug] = passage

    def allow_no_more_than(self, most: int) -> None:
        if len(self.items) + len(self.rejected) > most:
            raise InvalidBank(f"More than {most:,} questions; that is the most one bank may have.")

    def reading(self) -> Reading:
        kept: list[Item] = []
        for item in self.items.values():
            if item.passage is not None and item.passage not in self.passages:
                problem = Problem("unknown-passage", {"passage": item.passage[:80]})
                self.rejected.append(problem.at(item.line, item.slug, self.files[item.slug]))
            else:
                kept.append(item)
        self.rejected.sort(key=lambda one: (one.file, one.line))
        passages, topics = tuple(self.passages.values()), tuple(self.topics.values())
        bank = replace(self.bank, items=tuple(kept), passages=passages, topics=topics)
        return Reading(bank=bank, rejected=tuple(self.rejected))

    def _place(self, slug: str) -> str:
        return f"{self.files[slug]}{', ' if self.files[slug] else ''}line {self.items[slug].line}"
