r"""A model's text made ready for Markdown: clean signs, each formula and each piece of code behind one private sign.

Markdown must not see formulas (it takes their `_`, `*` and `\` for its own), and they are written in six ways. So they
are found first, in one pass; the signs of the supplementary private planes stand for them until the text is laid out.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Literal

from core.questions.latex import KNOWN

Kind = Literal["inline", "display", "code"]

STAR = "\ue000"
"""A `*` that multiplies, hidden from Markdown."""
BARRIER = "\ue001"
"""Stands before a closing `**` that Markdown would not take for one; shows nothing."""
FOUND = re.compile("[\U000f0000-\U0010fffd]")

_FIRST, _MOST = 0xF0000, 60_000
_LONGEST_DISPLAY, _LONGEST_INLINE, _LONGEST_GROUP = 4000, 600, 1000
_DEEPEST_INDENT = 24

_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff0-\uffff"
    "\ue000-\uf8ff\ud800-\udfff\U000e0000-\U000e001f\U000f0000-\U0010ffff]"
)
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_PILED = re.compile("([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})"
                    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")  # fmt: skip
_MODEL_SIGN = re.compile(r"<\|[^<>|\n]{1,40}\|>")

_FENCE_START = r"^(?P<fence>[ \t>]{0,60}(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]{1,4}){0,6}(?P<ticks>`{3,}|~{3,})[^`\n]*$)"
_MARK = re.compile(
    _FENCE_START
    + r"|(?P<code>`+)"
    + r"|(?P<bracket>\\{1,2}[(\[])"
    + r"|(?P<begin>\\begin\s?\{(?P<name>[A-Za-z]{1,20}\*?)\})"
    + r"|(?P<ends>\\\\[ \t]*$)"
    + r"|(?P<escape>\\[^A-Za-z\s])"
    + r"|(?P<command>\\[A-Za-z]+\*?)"
    + r"|(?P<script>(?<=[\w)\]])[\^_]\{)"
    + r"|(?P<dollars>\$\$?)",
    re.MULTILINE,
)
_INLINE = re.compile(r"\$(?=[^\s$])((?:[^$\n\\]|\\[^\n]|\n(?![ \t]*\n)){1,600}?)(?<!\s)\$(?![0-9])")
_AIRY_INLINE = re.compile(r"\$[ \t]((?:[^$\n\\]|\\[^\n]){1,600}?)[ \t]\$(?![0-9])")
_BLANK_LINE = re.compile(r"\n[ \t>]*(?=\n)")
_MATHS_SIGN = re.compile(r"[\\^_{}=<>≤≥≠≈+*/|×·√∞→°%!']|(?<![0-9])[−-]")
_LATEX_SIGN = re.compile(r"[\\^_={}]")
_MONEY = re.compile(
    r"[0-9][0-9.,]*(?:[ \t]+[^\W\d_]{2,}(?![^\W\d_]*[({])|[.,;:!?)]?\n)|[0-9][0-9.,]*[ \t][^\W\d_][ \t]"
)
_WORDS_INSIDE = re.compile(r"[^\W\d_]{4,}|[ \t][a-zà-ù]{2,}[ \t]")
_SCRIPT = re.compile(r"[\^_]")

_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\([ \t]?<?[^()\s<>]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?>?"
                   r"(?:[ \t]+[\"'“][^\"\n]{0,300}[\"'”])?[ \t]?\)")  # fmt: skip
_BREAK = re.compile(r"<br[ \t]?/?>", re.IGNORECASE)
_SMALL = re.compile(r"<(su[bp])>([^<>\n]{1,60})</su[bp]>", re.IGNORECASE)
_TIMES = re.compile(r"(?<=[^\W_])\*(?=[^\W_])|(?<=[0-9])\*\*(?=[^\W_])|(?<=[^\W_])\*\*(?=[0-9])")
_BOLD_BEFORE_WORD = re.compile(r"\*\*(?=[^\s*])([^*\n]{0,300}[^\w\s*])\*\*(?=\w)")
_NO_MATHS = frozenset({"itemize", "enumerate", "center", "document", "quote", "proof", "theorem"})
_LINE_START = re.compile(r"(?:[ \t]|>|[-*+](?=[ \t])|[0-9]{1,9}[.)](?=[ \t]))*")


@dataclass(frozen=True, slots=True)
class Found:
    """A formula or a piece of code.

    Attributes:
        inner: What stands between its marks.
        source: With its marks, for a place where it turns out to be code.
    """

    kind: Kind
    inner: str
    source: str


@dataclass(frozen=True, slots=True)
class Source:
    """Markdown with a private sign for everything that is none."""

    text: str
    found: tuple[Found, ...]

    def of(self, sign: str) -> Found | None:
        """What a private sign stands for."""
        at = ord(sign) - _FIRST
        return self.found[at] if 0 <= at < len(self.found) else None

    def restored(self, text: str) -> str:
        """The text as it was written."""
        text = text.replace(STAR, "*").replace(BARRIER, "")
        return FOUND.sub(lambda match: found.source if (found := self.of(match[0])) else "", text)


def clean(text: str) -> str:
    """The text without signs that show nothing, turn the line round or cannot be sent; piles of accents cut."""
    text = _LINE_ENDS.sub("\n", text)
    text = _UNWANTED.sub("", text)
    return _PILED.sub(r"\1", text)


def read(written: str, *, whole: bool) -> Source:
    """Find what is no Markdown; what is still being written at the end is left out or closed."""
    text = _MODEL_SIGN.sub("", clean(written)).strip("\n")
    if not whole:
        text = _without_torn_end(text.rstrip())
    return _Scan(text, whole=whole).source()


@dataclass(slots=True)
class _Scan:
    """One pass from mark to mark."""

    text: str
    whole: bool
    found: list[Found] = field(default_factory=list)
    parts: list[tuple[bool, str]] = field(default_factory=list)
    open_fence: bool = False
    ticks: dict[int, list[int]] = field(default_factory=dict)
    blanks: list[int] = field(default_factory=list)

    def source(self) -> Source:
        """The whole text."""
        for run in re.finditer(r"`+", self.text):
            self.ticks.setdefault(len(run[0]), []).append(run.start())
        self.blanks = [match.start() for match in _BLANK_LINE.finditer(self.text)]
        at = 0
        while mark := _MARK.search(self.text, at):
            self._add(self.text[at : mark.start()])
            at = self._take(mark)
        self._add(self.text[at:])
        joined = ((fenced, "".join(part for _, part in parts)) for fenced, parts in groupby(self.parts, itemgetter(0)))
        text = "".join(part if fenced else _ready(part) for fenced, part in joined)
        if not self.whole:
            text = _without_torn_fence(text) if self.open_fence else _without_torn_line(text)
        return Source(text, tuple(self.found))

    def _add(self, text: str, *, fenced: bool = False) -> None:
        self.parts.append((fenced, text))

    def _put(self, kind: Kind, inner: str, source: str) -> None:
        if len(self.found) >= _MOST:
            self._add(inner)
            return
        self._add(chr(_FIRST + len(self.found)))
        self.found.append(Found(kind, inner, source))

    def _take(self, mark: re.Match[str]) -> int:  # noqa: PLR0911  # a case a mark
        """Take what a mark begins; gives where that ends."""
        match mark.lastgroup if mark.lastgroup not in {"ticks", "name"} else None:
            case "code":
                return self._code(mark)
            case "bracket":
                return self._closed(mark, mark[0][-1] == "[", "\\)" if mark[0][-1] == "(" else "\\]")
            case "dollars":
                return self._dollars(mark)
            case "command" | "script":
                return self._bare(mark)
            case "ends":
                return mark.end()
            case "escape":
                self._add(mark[0])
                return mark.end()
        if mark["fence"] is not None:
            return self._fence(mark)
        return self._begin(mark)

    def _paragraph_end(self, at: int) -> int:
        place = bisect_left(self.blanks, at)
        return self.blanks[place] if place < len(self.blanks) else len(self.text)

    def _is_torn(self, at: int) -> bool:
        """Whether what begins here may still be completed."""
        return not self.whole and self._paragraph_end(at) == len(self.text)

    def _fence(self, mark: re.Match[str]) -> int:
        ticks = mark["ticks"]
        closing = re.compile(rf"^[ \t>]{{0,60}}{ticks[0]}{{{len(ticks)},}}[ \t]*$", re.MULTILINE)
        end = closing.search(self.text, mark.end())
        self.open_fence = end is None
        stop = end.end() if end else len(self.text)
        self._add(self.text[mark.start() : stop], fenced=True)
        return stop

    def _code(self, mark: re.Match[str]) -> int:
        same = self.ticks.get(len(mark[0]), [])
        place = bisect_left(same, mark.end())
        limit = self._paragraph_end(mark.end())
        if place < len(same) and same[place] < limit:
            end = same[place]
        elif self._is_torn(mark.end()):
            end = len(self.text)
        else:
            self._add(mark[0])
            return mark.end()
        inner = self.text[mark.end() : end]
        if end == len(self.text):
            inner = inner.rstrip("`")
        if inner.strip():
            self._put("code", inner, self.text[mark.start() : end + len(mark[0])])
        return min(end + len(mark[0]), len(self.text))

    def _closed(self, mark: re.Match[str], display: bool, closing: str) -> int:  # noqa: FBT001
        r"""A formula between \( and \), or \[ and \]."""
        start, limit = mark.end(), mark.end() + _LONGEST_DISPLAY
        end = self.text.find(closing, start, limit)
        if end < 0:
            return self._unclosed(mark, display=display)
        inner = self.text[start:end].rstrip("\\")
        if not means_maths(inner) or (not display and self._paragraph_end(start) < end):
            self._add(mark[0])
            return mark.end()
        self._put("display" if display else "inline", inner, self.text[mark.start() : end + 2])
        return end + 2

    def _unclosed(self, mark: re.Match[str], *, display: bool) -> int:
        """A formula that nothing closes: what may still come is waited for, else it ends with its lines."""
        if self._is_torn(mark.end()):
            return len(self.text)
        line = self.text.find("\n", mark.end())
        end = self._paragraph_end(mark.end()) if display else (line if line >= 0 else len(self.text))
        end = min(end, mark.end() + _LONGEST_DISPLAY)
        inner = self.text[mark.end() : end]
        if not _LATEX_SIGN.search(inner):
            self._add(mark[0] if mark[0][0] == "\\" else "")
            return mark.end()
        self._put("display" if display else "inline", inner, self.text[mark.start() : end])
        return end

    def _dollars(self, mark: re.Match[str]) -> int:  # noqa: PLR0911  # a formula, money, or not yet known
        at = mark.start()
        if mark[0] == "$$":
            end = self.text.find("$$", at + 2, at + _LONGEST_DISPLAY)
            if end < 0:
                return self._unclosed(mark, display=True)
            inner = self.text[at + 2 : end]
            if inner.strip() and (means_maths(inner) or self._paragraph_end(at) >= end):
                self._put("display", inner, self.text[at : end + 2])
                return end + 2
            self._add("$$")
            return at + 2
        found = _INLINE.match(self.text, at)
        if found and self._means_formula(found):
            self._put("inline", found[1], found[0])
            return found.end()
        airy = _AIRY_INLINE.match(self.text, at)
        if airy and _LATEX_SIGN.search(airy[1]) and means_maths(airy[1]):
            self._put("inline", airy[1], airy[0])
            return airy.end()
        rest = self.text[at + 1 : at + _LONGEST_INLINE]
        waits = self._is_torn(at) and not self.text[max(at - 1, 0) : at].isdigit()
        if waits and "$" not in rest and len(self.text) - at < _LONGEST_INLINE and not _MONEY.match(rest):
            return len(self.text)
        line = rest.partition("\n")[0].partition("$")[0]
        if not re.search(r"\\[A-Za-z]", line) and self.text[at - 1 : at] != "}":
            self._add("$")
        return at + 1

    def _means_formula(self, found: re.Match[str]) -> bool:
        before = self.text[found.start() - 1 : found.start()]
        if before.isalnum() and found[1][:1].isdigit():  # US$5
            return False
        return means_maths(found[1])

    def _begin(self, mark: re.Match[str]) -> int:
        if mark["name"] in _NO_MATHS:
            return mark.end()
        closing = f"\\end{{{mark['name']}}}"
        end = self.text.find(closing, mark.end(), mark.end() + _LONGEST_DISPLAY)
        if end < 0:
            if self._is_torn(mark.end()):
                return len(self.text)
            end, closing = min(self._paragraph_end(mark.end()), mark.end() + _LONGEST_DISPLAY), ""
        end += len(closing)
        source = self.text[mark.start() : end]
        self._put("display", source, source)
        return end

    def _bare(self, mark: re.Match[str]) -> int:
        """A command or a script that no dollars stand around, with its arguments."""
        name = mark[0][1:].rstrip("*")
        at = mark.end()
        if name == "item":
            self._add("\n-")
            return at
        if mark.lastgroup == "script":
            at -= 1
        elif name not in KNOWN and self.text[at : at + 1] != "{":
            if at == len(self.text) and not self.whole:
                return at
            self._add("\\" + mark[0] if name.isalpha() else mark[0])  # twice: a path keeps its backslash
            return at
        end = self._arguments(at)
        if end < 0 or (end >= len(self.text) and not self.whole and mark.lastgroup == "command"):
            if not self.whole and self._is_torn(at):
                return len(self.text)
            line = self.text.find("\n", at)
            end = max(end, at) if end >= 0 else min(line if line >= 0 else len(self.text), at + _LONGEST_GROUP)
        source = self.text[mark.start() : end]
        self._put("inline", source, source)
        return end

    def _arguments(self, at: int) -> int:
        """Where the groups and scripts end that follow a command; -1 if one of them does not."""
        while True:
            sign = self.text[at : at + 1]
            if sign == "{":
                at = self._group_end(at)
                if at < 0:
                    return -1
            elif sign == "[" and self.text[:at].endswith("\\sqrt"):
                closing = self.text.find("]", at, at + 20)
                if closing < 0:
                    return -1
                at = closing + 1
            elif _SCRIPT.match(sign) and self.text[at + 1 : at + 2] not in {"", " ", "\n"}:
                at += 1 if self.text[at + 1] in "{\\" else 2
                if self.text[at : at + 1] == "\\" and (command := re.compile(r"\\[A-Za-z]+").match(self.text, at)):
                    at = command.end()
            else:
                return at

    def _group_end(self, at: int) -> int:
        depth = 0
        for brace in re.compile(r"\\.|[{}]").finditer(self.text, at, at + _LONGEST_GROUP):
            depth += (brace[0] == "{") - (brace[0] == "}")
            if depth == 0 and brace[0] == "}":
                return brace.end()
        return -1


def means_maths(inner: str) -> bool:
    """Whether what stands between two dollars is a formula, and no price."""
    if not inner.strip() or not (re.search(r"[^\W_]", inner) or _MATHS_SIGN.search(inner)):
        return False
    if _LATEX_SIGN.search(inner):
        return True
    if _WORDS_INSIDE.search(inner):
        return False
    return bool(_MATHS_SIGN.search(inner) or not re.search(r"[^\W\d_]{4,}", inner))


def _ready(part: str) -> str:
    """Markdown in its plainest form: no links, no deep nesting, nothing multiplied by stars."""
    if "](" in part:
        part = _LINK.sub(r"\1", _LINK.sub(r"\1", part))
    if "<" in part:
        part = _BREAK.sub(lambda found: " " if _in_table(part, found.start()) else "\n", part)
        part = _SMALL.sub(lambda found: f"{'^' if found[1].lower() == 'sup' else '_'}({found[2]})", part)
    if "**" in part:
        part = _BOLD_BEFORE_WORD.sub(rf"**\1{BARRIER}**", part)
    if "*" in part:
        part = _TIMES.sub(lambda found: STAR * len(found[0]), part)
    return "\n".join(_shallow(line) for line in part.split("\n"))


def _in_table(text: str, at: int) -> bool:
    return text[text.rfind("\n", 0, at) + 1 :].lstrip()[:1] == "|"


def _shallow(line: str) -> str:
    """A line that opens no more quotes, lists and levels than anybody reads."""
    found = _LINE_START.match(line)
    start = found[0] if found else ""
    if len(start) <= 4:
        return line
    rest = line[len(start) :]
    start = start.replace("\t", "    ")
    return start[: _DEEPEST_INDENT if start.isspace() else 2 * _DEEPEST_INDENT] + rest


_TORN = re.compile(
    r"(?:\\+|[\^_]+|&[#\w]{0,10}|<\|?/?[A-Za-z_]{0,20}\|?|!\[[^\]\n]{0,300}|!\[[^\]\n]{0,300}\]|!|<su[bp]>[^<\n]{0,60}(?:</?\w{0,3})?)$"
)
_MOST_TORN = 8
_TORN_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\([^()\n]{0,2000}$")
_TORN_LINE = re.compile(r"(?:^|\n)[ \t>]*(?:[-*+_=~`#>|:. \t]*|[0-9]{1,3}[.)]?)[ \t]*$")
_TORN_TABLE = re.compile(r"(?:^|\n)[ \t]*\|[^\n]*$")
_RULE_OF_TABLE = re.compile(r"^[ \t]*\|?[ \t]*:?-{2,}", re.MULTILINE)
_DELIMITER = re.compile(r"\*+|_+|~~|~")


def _without_torn_end(text: str) -> str:
    """The text without the start of a sign that may become a mark."""
    for _ in range(_MOST_TORN):
        found = _TORN.search(text, max(0, len(text) - 400))
        if not found or found[0] == "!":
            break
        text = text[: found.start()]
    return (
        _TORN_LINK.sub(r"\1", text[-3000:]) if len(text) <= 3000 else text[:-3000] + _TORN_LINK.sub(r"\1", text[-3000:])
    )


def _without_torn_fence(text: str) -> str:
    """The text without a closing fence of which only a part is there."""
    head, _, last = text.rpartition("\n")
    return head if last.strip(" >") and not last.strip(" >").strip("`~") else text


def _without_torn_line(text: str) -> str:
    """The text without a last line that only marks, with its emphasis closed and its table cut to whole rows."""
    text = text.rstrip()
    for _ in range(_MOST_TORN):
        found = _TORN_LINE.search(text, max(0, len(text) - 200))
        if not found or not re.search(r"[-*+_=~`#>|0-9]", found[0]):
            break
        text = text[: found.start()].rstrip()
    block = text.rfind("\n\n") + 1
    if _TORN_TABLE.search(text[block:]):
        text = text[: block + _TORN_TABLE.search(text[block:]).start()]  # type: ignore[union-attr]
        if not _RULE_OF_TABLE.search(text[block:]):
            lines = text[block:].split("\n")
            kept = [line for line in lines if not line.lstrip().startswith("|")]
            text = text[:block] + "\n".join(kept)
        return text.rstrip()
    return _with_closed_emphasis(text)


def _with_closed_emphasis(text: str) -> str:
    """The text with closing marks for what its last line has opened."""
    start = text.rfind("\n") + 1
    line = text[start:]
    open_: list[str] = []
    for found in _DELIMITER.finditer(line):
        before, after = line[found.start() - 1 : found.start()], line[found.end() : found.end() + 1]
        for mark in _marks(found[0]):
            if mark in open_ and before.strip():
                open_.remove(mark)
            elif after.strip() and not (before.isalnum() and mark[0] == "_") and not (not before.strip() and not after):
                open_.append(mark)
            elif not after:
                return _with_closed_emphasis(text[: start + found.start()].rstrip())
    return text + "".join(reversed(open_))


def _marks(run: str) -> list[str]:
    if run[0] == "~":
        return ["~~"] if len(run) == 2 else []
    return {1: [run], 2: [run]}.get(len(run), [run[0] * 2, run[0]] if len(run) == 3 else [])
