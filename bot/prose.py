"""What a model wrote, Markdown with LaTeX, as messages that read well on a phone.

A model is asked for plain text and writes what it likes. Whatever comes, each message is HTML that Telegram takes, no
word is lost, no link goes out, and no sign of Markdown or LaTeX is left to be read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from bot.prose_pieces import Path, Run, cut
from bot.prose_source import BARRIER, FOUND, STAR, Found, Source, clean, read
from bot.screens import TEXT_LIMIT
from core.questions.formulas import scripts
from core.questions.latex import WIDEST, columns, displayed, from_latex

DIALECT = "commonmark"
_MARKDOWN = (
    MarkdownIt(DIALECT, {"html": False, "maxNesting": 100})
    .enable(["table", "strikethrough"])
    # Indented text is no code and a line under a paragraph no heading: models do not mean them. Links are taken out
    # before, and a reference would make a line vanish.
    .disable(["code", "lheading", "reference", "html_block", "html_inline", "link", "image"])
)
_MOST_SIGNS, _MOST_LINES = 6000, 4000
"""More marks or lines than any answer has: such a text is shown plainly, for Markdown would take seconds."""
_LONGEST_SCRIPTS = 1000
_STYLES = {"strong": "b", "em": "i", "s": "s"}
_BULLET, _RULE = "•", "———"
_LANGUAGE = re.compile(r"[A-Za-z0-9+#.-]{1,30}")
_MARKS = re.compile(r"[*_~|>`<&\[]")
_LEFT_OVER = re.compile(r"(?<!\w)\*\*|\*\*(?!\w)|(?<=[^\W\d])\*\*(?=[^\W\d])")
_TORN_OVER = re.compile(r"\*\*|~~|`+|(?<![^\W_])[*_](?=\S)|(?<=\S)[*_](?![^\W_])")
_ENDS_FORMULA = re.compile(r"[ \t]*\n?[ \t]*([.,;:])(?=\s|$)")
_PARTS = re.compile(f"({FOUND.pattern})")


def pieces(written: str, *, whole: bool = True, limit: int = TEXT_LIMIT) -> tuple[Markup, ...]:
    """A model's text as messages.

    Args:
        written: Markdown with LaTeX, of any quality and length.
        whole: False while it is being written: what is unfinished at its end is left out or closed.
        limit: UTF-16 units of visible text in a message, >= 2.

    Returns:
        Telegram's HTML, piece by piece; nothing for a text that shows nothing.
    """
    source = read(written, whole=whole)
    return cut(_Writer(source, whole=whole).runs_of(source.text), limit)


@dataclass(slots=True)
class _List:
    """A list that is open: the number of its next item, None with bullets."""

    number: int | None


@dataclass(slots=True)
class _Writer:
    """Lays blocks below each other; a line break is written only when something follows it."""

    source: Source
    whole: bool
    runs: list[Run] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    marker: str = ""
    quotes: int = 0
    quote: str = ""
    last_quote: str = ""
    heading: bool = False
    due: int = 0

    def runs_of(self, text: str) -> list[Run]:
        """The whole text in styled runs."""
        if len(_MARKS.findall(text)) > _MOST_SIGNS or text.count("\n") > _MOST_LINES:
            self._text(text.replace(BARRIER, ""), ())
            return self.runs
        self.lines = text.split("\n")
        tokens = _MARKDOWN.parse(text)
        last = max((at for at, token in enumerate(tokens) if token.type == "inline"), default=-1)
        at = 0
        while at < len(tokens):
            if tokens[at].type == "table_open":
                end = next(n for n in range(at, len(tokens)) if tokens[n].type == "table_close")
                self._gap(tokens[at])
                self._table(tokens[at:end])
                at = end
            else:
                self._block(tokens[at], torn=not self.whole and at == last)
            at += 1
        return self.runs

    def _block(self, token: Token, *, torn: bool) -> None:  # noqa: C901, PLR0912  # a case a kind of token
        match token.type:
            case "blockquote_open":
                self.quotes += 1
                if self.quotes == 1:
                    self._gap(token)
                    self.quote = "blockquote"
                    self.last_quote = ""
            case "blockquote_close":
                self.quotes -= 1
                if not self.quotes:
                    self.quote = self.last_quote = ""
                    self.due = max(self.due, 1)
            case "bullet_list_open":
                self.lists.append(_List(None))
            case "ordered_list_open":
                start = token.attrGet("start")
                self.lists.append(_List(1 if start is None else int(start)))
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
                self.marker = ""
            case "list_item_open":
                self._item(token)
            case "list_item_close":
                self.marker = ""
            case "heading_open" | "heading_close":
                self.heading = token.type == "heading_open"
                self._gap(token, least=2 if self.heading else 1)
            case "paragraph_open":
                self._gap(token)
            case "inline":
                self._inline(token, torn=torn)
            case "fence":
                self._fence(token)
            case "hr":
                self._gap(token)
                self._write(_RULE, ())
                self.due = max(self.due, 1)

    def _gap(self, token: Token, least: int = 1) -> None:
        """A line break before a block, and a blank line where the source has one."""
        start = token.map[0] if token.map else 0
        airy = start > 0 and not self.lines[start - 1].strip(" \t>")
        self.due = max(self.due, 2 if airy else least)

    def _item(self, token: Token) -> None:
        list_ = self.lists[-1]
        if self.marker:  # an item that begins with a list: both marks stand in one line
            self._write("", ())
        self._gap(token)
        if list_.number is None:
            self.marker = f"{_BULLET} "
        else:
            number = max(list_.number, int(token.info or 0))  # a list that goes on after other text keeps its numbers
            self.marker = f"{number}{token.markup or '.'} "
            list_.number = number + 1

    def _path(self, styles: Path) -> Path:
        inner = tuple(dict.fromkeys((("b",) if self.heading else ()) + styles))
        return ((self.quote,) if self.quote else ()) + inner

    def _write(self, text: str, styles: Path) -> None:
        """Write below what is there: first the line breaks that are due, the indentation and the mark of an item."""
        if not text and not self.marker:
            return
        if self.runs and self.due:
            self.runs[-1] = Run(self.runs[-1].text.rstrip(" "), self.runs[-1].path)
            self.runs.append(Run("\n" * self.due, (self.quote,) if self.quote and self.last_quote else ()))
        start = self.due or not self.runs
        self.due = 0
        if self.quote:
            self.last_quote = self.quote
        lead = self._lead() if start or self.marker else ""
        if lead:
            self.runs.append(Run(lead, (self.quote,) if self.quote else ()))
        self.runs.append(Run(text, self._path(styles)))

    def _lead(self) -> str:
        depth = min(len(self.lists), 8)
        if not self.marker:
            return "  " * depth
        lead = "  " * (depth - 1) + self.marker
        self.marker = ""
        return lead

    def _fence(self, token: Token) -> None:
        content = clean(self.source.restored(token.content)).strip("\n").rstrip()
        if not content.strip():
            return
        self._gap(token)
        language = _LANGUAGE.match(token.info.strip())
        tag = f"pre {language[0].lower()}" if language else "pre"
        if self.marker:
            self._write("", ())
            self.due = 1
        lists, self.lists = self.lists, []
        self._write(content, (tag,))
        self.lists = lists
        self.due = max(self.due, 1)

    def _inline(self, token: Token, *, torn: bool) -> None:
        for text, styles in _styled(token.children or []):
            self._text(_without_marks(text, torn=torn), styles)

    def _text(self, text: str, styles: Path) -> None:
        """Text with the signs that stand for formulas and code."""
        parts = _PARTS.split(text)
        for at, part in enumerate(parts):
            found = self.source.of(part) if at % 2 else None
            if found is None:
                self._plain(part if at % 2 == 0 else "", styles)
            elif found.kind == "code":
                self._write(_code(found), ("code",))
            elif found.kind == "inline" or self.heading:
                self._write(from_latex(found.inner), styles)
            else:
                following = parts[at + 1] if at + 1 < len(parts) else ""
                ends = _ENDS_FORMULA.match(following)
                parts[at + 1] = following[ends.end() :] if ends else following
                self._display(found, ends[1] if ends else "", styles)

    def _plain(self, text: str, styles: Path) -> None:
        lines = text.split("\n")
        for at, written in enumerate(lines):
            if at:
                self.due = 2 if at > 1 and not lines[at - 1].strip() else max(self.due, 1)
            line = clean(written.replace(STAR, "*"))
            shown = line if len(line) > _LONGEST_SCRIPTS else scripts(line)
            if self.due or not self.runs:
                shown = shown.lstrip(" ")
            self._write(shown, styles)

    def _display(self, found: Found, ending: str, styles: Path) -> None:
        """A formula on a line of its own, with the full stop that follows it."""
        formula = displayed(found.inner)
        if not formula.text:
            return
        if self.marker:
            self._write("", ())
        self.due = max(self.due, 1)
        if formula.in_columns:
            lists, self.lists = self.lists, []
            self._write(formula.text, ("pre",))
            self.lists = lists
        else:
            lines = formula.text.split("\n")
            for at, line in enumerate(lines):
                self.due = max(self.due, 1)
                self._write(line + (ending if at == len(lines) - 1 else ""), styles)
        self.due = 1

    def _table(self, tokens: list[Token]) -> None:
        rows: list[list[str]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(self._cell(token))
        head, body = rows[0], [row for row in rows[1:] if any(row)]
        widths = [max(columns(row[at]) for row in [head, *body]) for at in range(len(head))]
        if sum(widths) + 2 * (len(widths) - 1) <= WIDEST:
            lines = [_padded(head, widths), "─" * (sum(widths) + 2 * (len(widths) - 1))]
            lines += [_padded(row, widths) for row in body]
            lists, self.lists, self.marker = self.lists, [], ""
            self._write("\n".join(lines if any(head) else lines[2:]), ("pre",))
            self.lists = lists
        else:
            self._wide_table(head, body)
        self.due = max(self.due, 1)

    def _wide_table(self, head: list[str], body: list[list[str]]) -> None:
        """Each row as lines of “header: value”, below the bold first cell."""
        if not body:
            self._write(" · ".join(cell for cell in head if cell), ("b",))
        for row in body:
            if row[0]:
                self._write(row[0], ("b",))
                self.due = 1
            for name, value in zip(head[1:], row[1:], strict=True):
                if value:
                    self._write(f"{name}: {value}" if name else value, ())
                    self.due = 1
            self.due = 2

    def _cell(self, token: Token) -> str:
        shown = []
        for text, _ in _styled(token.children or []):
            for at, part in enumerate(_PARTS.split(_without_marks(text, torn=not self.whole))):
                found = self.source.of(part) if at % 2 else None
                if at % 2 == 0:
                    plain = clean(part.replace(STAR, "*"))
                    shown.append(plain if len(plain) > _LONGEST_SCRIPTS else scripts(plain))
                elif found is None:
                    continue
                else:
                    shown.append(_code(found) if found.kind == "code" else from_latex(found.inner))
        return " ".join("".join(shown).split())


def _styled(tokens: list[Token]) -> Iterator[tuple[str, Path]]:
    """The texts of a paragraph, each with its styles."""
    open_: list[str] = []
    for token in tokens:
        kind = token.type.rpartition("_")[0]
        if token.type.endswith("_open") and kind in _STYLES:
            open_.append(_STYLES[kind])
        elif token.type.endswith("_close") and kind in _STYLES:
            open_.reverse()
            open_.remove(_STYLES[kind])
            open_.reverse()
        elif token.type in {"softbreak", "hardbreak"}:
            yield "\n", ()
        elif token.content:
            yield token.content, (("code",) if token.type == "code_inline" else tuple(sorted(set(open_))))


def _without_marks(text: str, *, torn: bool) -> str:
    """The text without marks that closed nothing."""
    text = text.replace(BARRIER, "")
    return _TORN_OVER.sub("", text) if torn else _LEFT_OVER.sub("", text)


def _code(found: Found) -> str:
    return " ".join(found.inner.split()) if "\n" in found.inner else found.inner.strip()


def _padded(row: list[str], widths: list[int]) -> str:
    cells = (cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True))
    return "  ".join(cells).rstrip()
