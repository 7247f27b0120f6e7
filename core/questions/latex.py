r"""Any LaTeX as readable text: fractions as a/b, roots as √(a), matrices as rows; never a backslash that is left over.

`formulas.readable` changes a text of a bank only where nothing can go wrong and leaves the rest to be drawn. Here
everything must be said in signs, because what a model writes is shown while it is being written.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from core.questions.formulas import BOARD, FUNCTIONS, INFIX, LOWERED, NAMED, RAISED

LONGEST = 4000
"""Signs of a formula that are set; of a longer one only the commands are taken out."""
WIDEST = 34
"""Signs of a line of columns that a phone shows without breaking it."""
_DEEPEST = 24
_REMEMBERED = 512  # a reply that is being written shows the same formulas again and again
_WIDE = "\u2003"
"""Between two formulas in one line."""

_Kind = Literal["plain", "infix", "sign", "punct", "word", "big", "fraction", "open", "close", "text", "space", "gap"]

_TOKEN = re.compile(
    r"\\(?:begin|end)\s*\{[A-Za-z]+\*?\}|\\[A-Za-z]+\*?|\\.|[0-9]+(?:[.,][0-9]+)*|\s+|.",
    re.DOTALL,
)
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([A-Za-z]+)\*?\}")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_GRID_SIGN = re.compile("([\ue000-\uf8ff])")
_GRID_CODE = 0xE000
_MOST_GRIDS = 0xF8FF - _GRID_CODE
_COMMAND = re.compile(r"\\[A-Za-z]+\*?|\\(.)|[{}$&\\]", re.DOTALL)
_SIMPLE_BELOW = re.compile(
    r"[PEfgh]\([^()]{1,20}\)|\[[^\[\]]{1,20}\]|□|[0-9]+(?:[.,][0-9]+)?|[Δδ∂d]?[^\W\d_][₀-₉ₐ-ₜ′]{0,4}[⁰-ⁿ²³¹ᵃ-ᶻ]{0,3}|√[0-9]+|n!|∞"
)
_FACTORS = re.compile(r"[0-9]*(?:[ ]?[^\W\d_][₀-₉ₐ-ₜ⁰-ⁿ²³¹ᵃ-ᶻ]{0,4}(?![^\W\d_])){1,6}")
_BROKEN_ABOVE = re.compile(r"[\s+−±/]")
_BLANKS = re.compile(r"[ \t]+")
_WORD = re.compile(r"[^\W_]+")

_SIGNS = {
    **NAMED,
    "ll": "≪",
    "gg": "≫",
    "cong": "≅",
    "doteq": "≐",
    "nsubseteq": "⊈",
    "subsetneq": "⊊",
    "models": "⊨",
    "vdash": "⊢",
    "longrightarrow": "→",
    "longleftarrow": "←",
    "longmapsto": "↦",
    "hookrightarrow": "↪",
    "Longrightarrow": "⇒",
    "Leftarrow": "⇐",
    "Longleftrightarrow": "⇔",
    "longleftrightarrow": "↔",
    "leftrightarrows": "⇄",
    "rightleftarrows": "⇄",
    "gets": "←",
    "uparrow": "↑",
    "downarrow": "↓",
    "Uparrow": "⇑",
    "Downarrow": "⇓",
    "nearrow": "↗",
    "searrow": "↘",
    "therefore": "∴",
    "because": "∵",
    "bullet": "•",
    "star": "⋆",
    "otimes": "⊗",
    "iint": "∬",
    "iiint": "∭",
    "oint": "∮",
    "bigcup": "⋃",
    "bigcap": "⋂",
    "coprod": "∐",
    "square": "□",
    "Box": "□",
    "blacksquare": "■",
    "triangle": "△",
    "checkmark": "✓",
    "dagger": "†",
    "vdots": "⋮",
    "ddots": "⋱",
    "dotsc": "…",
    "dotsb": "⋯",
    "aleph": "ℵ",
    "Re": "Re",
    "Im": "Im",
    "imath": "ı",
    "jmath": "ȷ",
    "wp": "℘",
    "varrho": "ρ",
    "varsigma": "ς",
    "varpi": "π",
    "Upsilon": "Υ",
    "omicron": "ο",
    "euro": "€",
    "pounds": "£",
    "S": "§",
    "AA": "Å",
    "celsius": "°C",
    "textdegree": "°",
    "degree": "°",
    "micro": "μ",
    "ohm": "Ω",
    "backslash": "∖",
    "lbrace": "{",
    "rbrace": "}",
    "lbrack": "[",
    "rbrack": "]",
    "langle": "⟨",
    "rangle": "⟩",
    "lfloor": "⌊",
    "rfloor": "⌋",
    "lceil": "⌈",
    "rceil": "⌉",
    "lVert": "‖",
    "rVert": "‖",
    "Vert": "‖",
    "_": "_",
    "bmod": "mod",
    "cosec": "cosec",
    "sgn": "sgn",
    "dim": "dim",
    "ker": "ker",
    "arg": "arg",
    "sup": "sup",
    "inf": "inf",
    "limsup": "limsup",
    "liminf": "liminf",
    "arcctg": "arcctg",
    "settsinh": "settsinh",
}
_WORDS = FUNCTIONS | {"mod", "cosec", "sgn", "dim", "ker", "arg", "arcctg", "settsinh"}
_BIG_WORDS = frozenset({"lim", "max", "min", "sup", "inf", "limsup", "liminf"})
_BIG = frozenset("∑∏∫∬∭∮⋃⋂∐") | _BIG_WORDS
_RELATIONS = (frozenset(INFIX) | frozenset("≪≫≅≐⊈⊊⊨⊢⇐⇄↪⊗")) - {"|"}
_UNARY = frozenset("−+±∓")
_OPENING, _CLOSING = frozenset("([{⟨⌊⌈"), frozenset(")]}⟩⌋⌉")
_SPACES = frozenset({",", ";", ":", " ", ">", "quad", "qquad", "enspace", "thinspace", "space", "hfill"})
_NOTHING = frozenset(
    [
        "!",
        "displaystyle",
        "textstyle",
        "scriptstyle",
        "limits",
        "nolimits",
        "big",
        "Big",
        "bigg",
        "Bigg",
        "bigl",
        "bigr",
        "Bigl",
        "Bigr",
        "biggl",
        "biggr",
        "Biggl",
        "Biggr",
        "middle",
        "nonumber",
        "notag",
        "hline",
        "centering",
        "noindent",
        "left",
        "right",
        "rm",
        "bf",
        "it",
        "sf",
        "tt",
        "cal",
        "mathstrut",
        "strut",
        "null",
        "relax",
        "bm",
        "boldmath",
        "unboldmath",
        "protect",
        "par",
        "newline",
        "cr",
        "/",
        "-",
        "per",
    ]
)
_DROPPED = frozenset({"hspace", "vspace", "phantom", "hphantom", "vphantom", "label", "ref", "color", "kern", "mspace"})
_TEXTS = frozenset(
    [
        "text",
        "textrm",
        "textbf",
        "textit",
        "textsf",
        "texttt",
        "mbox",
        "hbox",
        "textnormal",
        "mathtt",
        "intertext",
        "operatorname",
    ]
)
_FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"})
_ACCENTS = {
    "vec": "\u20d7",
    "overrightarrow": "\u20d7",
    "hat": "\u0302",
    "widehat": "\u0302",
    "bar": "\u0304",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "dot": "\u0307",
    "ddot": "\u0308",
    "not": "\u0338",
}
_ALL_SIGNS = {"overline": "\u0305", "underline": "\u0332", "cancel": "\u0336"}
_COLUMNS = {
    "matrix": ("", ""),
    "smallmatrix": ("", ""),
    "array": ("", ""),
    "tabular": ("", ""),
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
    "cases": ("{", ""),
    "dcases": ("{", ""),
    "rcases": ("", "}"),
}
_EDGES = {  # the top, the middle and the bottom of a tall bracket
    "(": "⎛⎜⎝",
    ")": "⎞⎟⎠",
    "[": "⎡⎢⎣",
    "]": "⎤⎥⎦",
    "{": "⎧⎪⎩",
    "}": "⎫⎪⎭",
    "|": "│││",
    "‖": "║║║",
}
_NEGATED = {"=": "≠", "∈": "∉", "≡": "≢", "⊂": "⊄", "⊆": "⊈", "∃": "∄", "<": "≮", ">": "≯", "∥": "∦", "∼": "≁"}
_UNITS = {
    "meter": "m",
    "metre": "m",
    "second": "s",
    "gram": "g",
    "kilogram": "kg",
    "newton": "N",
    "joule": "J",
    "watt": "W",
    "volt": "V",
    "ampere": "A",
    "kelvin": "K",
    "mole": "mol",
    "hertz": "Hz",
    "pascal": "Pa",
    "coulomb": "C",
    "liter": "L",
    "litre": "L",
    "hour": "h",
    "minute": "min",
    "kilo": "k",
    "centi": "c",
    "milli": "m",
    "nano": "n",
    "mega": "M",
    "squared": "²",
    "cubed": "³",
    "square": "²",
    "percent": "%",
}
KNOWN = (
    frozenset(name for name in _SIGNS if name.isalpha())
    | _FRACTIONS
    | _TEXTS
    | _ACCENTS.keys()
    | _ALL_SIGNS.keys()
    | frozenset(name for name in _SPACES | _NOTHING | _DROPPED if name.isalpha() and name not in {"it", "par", "tt"})
    | frozenset(
        [
            "sqrt",
            "binom",
            "dbinom",
            "tbinom",
            "boxed",
            "fbox",
            "ce",
            "pu",
            "SI",
            "si",
            "qty",
            "unit",
            "num",
            "mathbb",
            "mathrm",
            "mathbf",
            "mathit",
            "mathcal",
            "mathfrak",
            "mathsf",
            "mathscr",
            "boldsymbol",
            "overset",
            "underset",
            "stackrel",
            "underbrace",
            "overbrace",
            "xrightarrow",
            "xleftarrow",
            "xleftrightarrow",
            "pmod",
            "tag",
            "textcolor",
            "substack",
            "over",
            "emph",
        ]
    )
) - {"S", "star", "space", "square", "label", "ref", "color", "null", "protect"}
"""Commands that mean mathematics even where no sign around them says so."""


@dataclass(frozen=True, slots=True)
class Displayed:
    """A formula on lines of its own.

    Attributes:
        text: Its lines.
        in_columns: Signs stand above each other: it needs letters of equal width.
    """

    text: str
    in_columns: bool = False


@lru_cache(_REMEMBERED)
def from_latex(latex: str) -> str:
    r"""What stands between the signs of a formula, as one line of text; empty if it shows nothing.

    Whatever cannot be set is said with brackets: \frac{a+b}{2c} is (a + b)/(2c), e^{x/2} is e^(x/2). Commands that
    nobody knows leave what they stand around.
    """
    reader, shown = _read(latex)
    return _one_line(_GRID_SIGN.sub(lambda found: reader.grid(found[1]).flat(), shown))


@lru_cache(_REMEMBERED)
def displayed(latex: str) -> Displayed:
    """A formula that has lines of its own: matrices and systems keep their rows where a phone is wide enough."""
    reader, shown = _read(latex)
    lines: list[str] = []
    in_columns = False
    for line in shown.split("\n"):
        if not _GRID_SIGN.search(line):
            lines.append(_one_line(line))
            continue
        layout = _laid_out(line, reader.grid)
        if layout:
            in_columns = True
            lines += layout
        else:
            lines.append(_one_line(_GRID_SIGN.sub(lambda found: reader.grid(found[1]).flat(), line)))
    return Displayed("\n".join(line for line in lines if line.strip()), in_columns)


def columns(text: str) -> int:
    """Width of a line in letters of equal width."""
    return sum(
        0 if unicodedata.combining(sign) or sign == "\u2060" else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def _read(latex: str) -> "tuple[_Reader, str]":
    latex = _PRIVATE.sub("", latex)
    reader = _Reader(latex if len(latex) <= LONGEST else "")
    if len(latex) > LONGEST:
        return reader, _COMMAND.sub(lambda found: found[1] if (found[1] or "").isalnum() else " ", latex)
    return reader, reader.whole()


def _one_line(text: str) -> str:
    return "; ".join(part for part in (_BLANKS.sub(" ", line).strip() for line in text.split("\n")) if part)


@dataclass(slots=True)
class _Part:
    """An atom with what stands below and above its right side."""

    text: str
    kind: _Kind = "plain"
    low: str | None = None
    high: str | None = None

    def shown(self) -> str:
        """The atom with its scripts."""
        if self.low is None and self.high is None:
            return self.text
        low, high = self.low or "", self.high or ""
        if self.kind == "big":
            return self.text + _limits(self.text, low, high)
        base = (
            f"({self.text})"
            if self.kind == "fraction" or (high and self.text.startswith(("√", "∛", "∜")))
            else self.text
        )
        return base + _script("_", low, LOWERED) + _script("^", high, RAISED)


@dataclass(slots=True)
class _Grid:
    """Rows of cells between tall brackets."""

    rows: list[list[str]]
    left: str
    right: str
    of_lines: bool = False

    def flat(self) -> str:
        """In one line: columns with commas, rows with semicolons."""
        between = " " if self.of_lines else ", "
        rows = (between.join(cell.strip().rstrip(",") for cell in row if cell.strip()) for row in self.rows)
        inner = "; ".join(row for row in rows if row)
        if self.left == "{" and not self.right:
            return f"{{ {inner}"
        return f"{self.left or '('}{inner}{self.right or ')'}"

    def lines(self) -> list[str]:
        """Rows of equal width."""
        count = max((len(row) for row in self.rows), default=0)
        widths = [max(columns(row[at]) for row in self.rows if at < len(row)) for at in range(count)]
        shown = []
        for at, row in enumerate(self.rows):
            cells = [row[n] if n < len(row) else "" for n in range(count)]
            inner = "  ".join(cell + " " * (width - columns(cell)) for cell, width in zip(cells, widths, strict=True))
            left, right = self._edge(self.left, at), self._edge(self.right, at)
            shown.append(" ".join(part for part in (left, inner, right) if part))
        return shown

    def _edge(self, bracket: str, at: int) -> str:
        edges = _EDGES.get(bracket)
        if edges is None or len(self.rows) == 1:
            return bracket
        if bracket in "{}" and len(self.rows) % 2 == 1 and at == len(self.rows) // 2:
            return "⎨" if bracket == "{" else "⎬"
        return edges[0 if at == 0 else 2 if at == len(self.rows) - 1 else 1]


def _laid_out(line: str, grid: Callable[[str], _Grid]) -> list[str] | None:
    """A line with grids as several lines, its text beside the middle of the grids; None if it is too wide."""
    blocks: list[list[str]] = []
    for piece in _GRID_SIGN.split(line):
        if _GRID_SIGN.fullmatch(piece):
            blocks.append(grid(piece).lines())
        elif piece:
            blocks.append([piece])
    height = max(len(block) for block in blocks)
    rows = [""] * height
    for block in blocks:
        above = (height - len(block)) // 2
        width = max(columns(one) for one in block)
        for at in range(height):
            cell = block[at - above] if 0 <= at - above < len(block) else ""
            rows[at] += cell + " " * (width - columns(cell))
    rows = [row.rstrip() for row in rows]
    return rows if max(columns(row) for row in rows) <= WIDEST else None


def _script(mark: str, content: str, table: Mapping[str, str]) -> str:
    """A script in raised or lowered signs, or behind its mark."""
    if not content:
        return ""
    if mark == "^" and not content.strip("′°∗*†"):
        return content.replace("∗", "*").replace("′′", "″")
    compact = content.replace(" ", "")
    if mark == "^" and compact in {"∘", "°"}:
        return "°"
    if all(sign in table or (mark == "_" and sign in ",/") for sign in compact):  # x₁,₂: both solutions; t₁/₂
        return "".join(table.get(sign, sign) for sign in compact)
    if len(compact) == 1 or (mark == "_" and _WORD.fullmatch(compact) and " " not in content):
        return mark + compact
    return f"{mark}{content}" if _enclosed(content) else f"{mark}({content})"


def _limits(base: str, low: str, high: str) -> str:
    """The limits of a sum, an integral or a limit."""
    compact_low, compact_high = low.replace(" ", ""), high.replace(" ", "")
    fits = all(sign in LOWERED for sign in compact_low) and all(sign in RAISED for sign in compact_high)
    if fits and base not in _BIG_WORDS:
        return "".join(LOWERED[sign] for sign in compact_low) + "".join(RAISED[sign] for sign in compact_high)
    if base in _BIG_WORDS and not low:
        return _script("^", high, RAISED)
    inner = " … ".join(one for one in (compact_low, compact_high) if one)
    return f"({inner})"


def _enclosed(text: str) -> bool:
    """Whether one pair of brackets holds the whole text."""
    return text.startswith("(") and text.endswith(")") and text.count("(") == 1


def _outside(text: str) -> str:
    """The text without what stands in its brackets."""
    shown, depth = [], 0
    for sign in text:
        depth += sign in "(["
        if depth <= 0:
            shown.append(sign)
        depth -= sign in ")]"
    return "".join(shown)


def _product(text: str) -> str:
    """Letters with a blank between them, as in m₁ m₂, without it."""
    return text.replace(" ", "") if _FACTORS.fullmatch(text) else text


def _fraction(above: str, below: str) -> _Part:
    above, below = _product(above.strip()) or "□", _product(below.strip()) or "□"
    if _BROKEN_ABOVE.search(_outside(above.lstrip("−"))) and not _enclosed(above):
        above = f"({above})"
    if not _SIMPLE_BELOW.fullmatch(below) and not _enclosed(below):
        below = f"({below})"
    return _Part(f"{above}/{below}", "fraction")


def _joined(parts: list[_Part]) -> str:
    """The atoms in a line: blanks around relations and sums, none after a sign that only negates."""
    shown: list[str] = []
    before: _Part | None = None
    spaced = ""
    for at, part in enumerate(parts):
        if part.kind in {"space", "gap"}:
            spaced = part.text if part.kind == "gap" else spaced or part.text
            continue
        kind, text = part.kind, part.shown()
        if kind == "infix" and text in _UNARY and (before is None or before.kind in {"infix", "sign", "open", "punct"}):
            kind = "sign"
        if kind == "fraction":
            text = _fraction_beside(text, part, before, parts, at, spaced)
        gap = _gap(before, kind, text, spaced)
        if gap and shown and not shown[-1].endswith((" ", _WIDE, "\n")):
            shown.append(gap)
        shown.append(text)
        if text:
            before = _Part(text, kind)
        spaced = ""
    return "".join(shown).strip(" " + _WIDE)


def _fraction_beside(text: str, part: _Part, before: _Part | None, parts: list[_Part], at: int, spaced: str) -> str:  # noqa: PLR0913  # a fraction looks to both sides
    """A fraction in brackets where a factor stands right beside it."""
    if part.low is not None or part.high is not None:
        return text
    after = parts[at + 1] if at + 1 < len(parts) else None
    touches_after = (
        after is not None and after.text != "|" and after.kind in {"plain", "open", "fraction", "word", "big"}
    )
    follows = (
        before is not None
        and not before.text.endswith("|")
        and before.kind in {"plain", "close", "fraction", "word"}
        and spaced not in {"\n", _WIDE}
    )
    return f"({text})" if touches_after or follows else text


def _gap(before: _Part | None, kind: str, text: str, spaced: str) -> str:  # noqa: PLR0911  # a rule a line
    if before is None or before.kind == "sign":
        return ""
    ended = before.kind in {"plain", "close", "fraction", "text", "word", "big"}
    if spaced in {"\n", _WIDE}:
        return spaced
    if kind == "infix" or before.kind in {"infix", "punct"}:
        return " " if kind not in {"punct", "close"} else ""
    if before.kind == "big":
        return " "
    if before.kind == "word":
        return "" if kind in {"open", "punct", "close"} or text[:1] in "(|" else " "
    if kind in {"word", "big"} and ended:
        return " "
    if before.kind == "fraction" and kind == "fraction":
        return " · "
    if kind == "fraction" and before.kind == "plain" and not before.text.endswith("|"):
        return " "
    return spaced if ended and kind in {"plain", "text", "fraction", "sign"} else ""


@dataclass(slots=True)
class _Reader:
    """One pass over the tokens of a formula."""

    latex: str
    tokens: list[str] = field(init=False)
    at: int = 0
    depth: int = 0
    grids: list[_Grid] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tokens = _TOKEN.findall(self.latex.replace("{,}", ",").replace("{.}", "."))

    def whole(self) -> str:
        """Everything, whatever closes too early."""
        shown = []
        while self.at < len(self.tokens):
            shown.append(self.sequence(frozenset()))
            self.at += 1
        return " ".join(part for part in shown if part)

    def grid(self, sign: str) -> _Grid:
        """The grid that a private sign stands for."""
        return self.grids[ord(sign) - _GRID_CODE]

    def sequence(self, stops: frozenset[str]) -> str:
        """Everything up to one of `stops` or to what closes a group; that is left to be read."""
        return _joined(self.parts(stops))

    def parts(self, stops: frozenset[str]) -> list[_Part]:
        """The atoms up to one of `stops`."""
        parts: list[_Part] = []
        while self.at < len(self.tokens):
            piece = self.tokens[self.at]
            if piece in stops or piece == "}" or piece.startswith("\\end"):
                break
            self.at += 1
            if piece in {"^", "_"}:
                self._attach(parts, piece)
            elif piece == "'":
                if parts:
                    parts[-1].high = (parts[-1].high or "") + "′"
            elif piece in {"\\over", "\\choose", "\\atop"}:
                above, below = _joined(parts), self.sequence(stops)
                parts = [_fraction(above, below) if piece == "\\over" else _Part(f"C({above}, {below})")]
            else:
                parts += self.atom(piece, parts)
        return parts

    def _attach(self, parts: list[_Part], mark: str) -> None:
        content = self.argument()
        while parts and parts[-1].kind == "space":
            parts.pop()
        taken = parts and (parts[-1].low if mark == "_" else parts[-1].high)
        if not parts or parts[-1].kind in {"gap", "infix", "punct"} or (taken and set(taken) - {"′"}):
            parts.append(_Part(""))
        if mark == "_":
            parts[-1].low = (parts[-1].low or "") + content
        else:
            parts[-1].high = (parts[-1].high or "") + content

    def argument(self) -> str:
        """A group, or the next sign alone."""
        self._skip_blank()
        if self.at >= len(self.tokens):
            return ""
        piece = self.tokens[self.at]
        if piece == "{":
            return self._group()
        if piece in {"}", "&", "^", "_"} or piece.startswith("\\end"):
            return ""
        if piece[0].isdigit() and len(piece) > 1:  # x^23 raises only the 2
            self.tokens[self.at] = piece[1:]
            return piece[0]
        self.at += 1
        if self.depth >= _DEEPEST:
            return ""
        self.depth += 1
        shown = _joined(self.atom(piece, []))
        self.depth -= 1
        return shown

    def _group(self) -> str:
        """The contents of braces that open here."""
        if self.depth >= _DEEPEST:
            return self._raw_text()
        self.depth += 1
        self.at += 1
        shown = self.sequence(frozenset())
        if self.at < len(self.tokens) and self.tokens[self.at] == "}":
            self.at += 1
        self.depth -= 1
        return shown

    def _raw(self) -> str:
        """The source between braces that open here, or the next token."""
        self._skip_blank()
        if self.at >= len(self.tokens):
            return ""
        self.at += 1
        if self.tokens[self.at - 1] != "{":
            return self.tokens[self.at - 1]
        start, open_ = self.at, 1
        while self.at < len(self.tokens):
            piece = self.tokens[self.at]
            open_ += (piece == "{") - (piece == "}")
            self.at += 1
            if not open_:
                return "".join(self.tokens[start : self.at - 1])
        return "".join(self.tokens[start:])

    def _raw_text(self) -> str:
        return _plain_text(self._raw())

    def _optional(self) -> str | None:
        """What stands in square brackets, if they open here."""
        self._skip_blank()
        if self.at >= len(self.tokens) or self.tokens[self.at] != "[":
            return None
        self.at += 1
        shown = self.sequence(frozenset({"]"}))
        if self.at < len(self.tokens) and self.tokens[self.at] == "]":
            self.at += 1
        return shown

    def _skip_blank(self) -> None:
        while self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1

    def atom(self, piece: str, before: list[_Part]) -> list[_Part]:  # noqa: PLR0911  # a case a kind of token
        """What a token shows, with its arguments."""
        if piece.isspace():
            return [_Part(" ", "space")] if before and before[-1].kind in {"plain", "close", "text", "fraction"} else []
        if piece == "{":
            self.at -= 1
            return self._braced()
        if piece == "~":
            return [_Part(" ", "gap")]
        if piece in {"&", "$", "\\"}:
            return [_Part(" ", "space")] if piece == "&" else []
        if found := _ENVIRONMENT.fullmatch(piece):
            return self._environment(found[2])
        if piece.startswith("\\"):
            return self._command(piece[1:].rstrip("*"))
        return [_sign("−" if piece == "-" else piece)]

    def _braced(self) -> list[_Part]:
        """A group as one atom; a single sign keeps its nature."""
        if self.depth >= _DEEPEST:
            return [_Part(self._raw_text())]
        self.depth += 1
        self.at += 1
        parts = self.parts(frozenset())
        if self.at < len(self.tokens) and self.tokens[self.at] == "}":
            self.at += 1
        self.depth -= 1
        return parts if len(parts) == 1 else [_Part(_joined(parts))]

    def _command(self, name: str) -> list[_Part]:  # noqa: C901, PLR0911, PLR0912  # a case a command
        if name in {"left", "right"}:
            return self._delimiter(name)
        if name == "mid":
            return [_Part("|", "infix")]
        if name in _SIGNS:
            self._forget_blank()
            return [_sign(_SIGNS[name])]
        if name in {"\\", "newline"}:
            self._optional_length()
            return [_Part("\n", "gap")]
        if name in _SPACES:
            return [_Part(_WIDE if name in {"quad", "qquad"} else " ", "gap")]
        if name in _NOTHING:
            self._forget_blank()
            return []
        if name in _FRACTIONS:
            return [_fraction(self.argument(), self.argument())]
        if name == "sqrt":
            return [_root(self._optional() or "", self.argument())]
        if name in _TEXTS:
            text = _plain_text(self._raw())
            return [_sign(text) if name == "operatorname" and text in _WORDS else _Part(text, "text")]
        if name in _ACCENTS:
            return [_accented(self.argument(), name)]
        if name in _ALL_SIGNS:
            return [_over_all(self.argument(), _ALL_SIGNS[name])]
        if name in _DROPPED:
            self._raw()
            return []
        if name in {"mathbb", "Bbb"}:
            inner = self.argument()
            return [_Part(BOARD.get(inner, inner))]
        if name in {"binom", "dbinom", "tbinom"}:
            return [_Part(f"C({self.argument()}, {self.argument()})")]
        if name in {"ce", "pu"}:
            return [_Part(_chemistry(self._raw()))]
        return self._rarer(name)

    def _rarer(self, name: str) -> list[_Part]:  # noqa: C901, PLR0911  # as above
        if name in {"SI", "qty"}:
            return [_Part(f"{self.argument()} {_unit(self._raw())}")]
        if name in {"si", "unit"}:
            return [_Part(_unit(self._raw()))]
        if name in {"overset", "stackrel", "underset"}:
            script, base = self.argument(), self.argument()
            part = _sign(base)
            part.low, part.high = (script, None) if name == "underset" else (None, script)
            return [_Part(f"{base}({script})", "infix")] if part.kind == "infix" else [part]
        if name in {"underbrace", "overbrace"}:
            base = self.argument()
            self._skip_blank()
            if self.at < len(self.tokens) and self.tokens[self.at] in {"_", "^"}:
                self.at += 1
                return [_Part(f"({base} [{self.argument()}])")]
            return [_Part(base)]
        if name in {"xrightarrow", "xleftarrow", "xleftrightarrow"}:
            self._optional()
            over = self.argument()
            arrow = {"xrightarrow": "→", "xleftarrow": "←"}.get(name, "↔")
            return [_Part(f"{arrow}({over})" if over else arrow, "infix")]
        if name == "pmod":
            return [_Part(" ", "gap"), _Part(f"(mod {self.argument()})")]
        if name == "tag":
            return [_Part(_WIDE, "gap"), _Part(f"({self.argument()})")]
        if name == "textcolor":
            self._raw()
        if name == "substack":
            return [_Part(self.argument().replace("\n", ", "))]
        self._skip_blank()
        return []  # an unknown name shows only what follows it

    def _forget_blank(self) -> None:
        """A blank after a command only ends its name."""
        self._skip_blank()

    def _optional_length(self) -> None:
        if self.at < len(self.tokens) and self.tokens[self.at] == "[":
            closing = next((n for n in range(self.at, min(self.at + 6, len(self.tokens))) if self.tokens[n] == "]"), 0)
            if closing:
                self.at = closing + 1

    def _delimiter(self, name: str) -> list[_Part]:
        """A bracket that grows; around a grid it becomes the bracket of the grid."""
        self._skip_blank()
        bracket = self._bracket()
        self._skip_blank()
        found = _ENVIRONMENT.fullmatch(self.tokens[self.at]) if self.at < len(self.tokens) else None
        if name == "right" or not found or found[1] != "begin":
            bar: _Kind = "open" if name == "left" else "close"
            return [_Part(bracket, bar) if bracket in {"|", "‖"} else _sign(bracket)] if bracket else []
        self.at += 1
        parts = self._environment(found[2], (bracket, ""))
        self._skip_blank()
        if self.at < len(self.tokens) and self.tokens[self.at] == "\\right":
            self.at += 1
            self._skip_blank()
            closing = self._bracket()
            if parts and _GRID_SIGN.fullmatch(parts[0].text):
                self.grid(parts[0].text).right = closing
        return parts

    def _bracket(self) -> str:
        if self.at >= len(self.tokens):
            return ""
        piece = self.tokens[self.at]
        if piece in {"{", "}"}:
            return ""
        self.at += 1
        if piece.startswith("\\"):
            return _SIGNS.get(piece[1:], "")
        return "" if piece == "." or len(piece) > 1 else piece

    def _environment(self, name: str, brackets: tuple[str, str] | None = None) -> list[_Part]:
        if self.depth >= _DEEPEST or len(self.grids) >= _MOST_GRIDS:
            return []
        self.depth += 1
        if name in {"array", "tabular", "alignedat", "alignat"}:
            self._raw()
        in_columns = name in _COLUMNS
        rows: list[list[str]] = [[]]
        while self.at < len(self.tokens):
            rows[-1].append(self._cell(frozenset({"&", "\\\\"}) if in_columns else frozenset({"\\\\"})))
            piece = self.tokens[self.at] if self.at < len(self.tokens) else "\\end"
            self.at += 1
            if piece == "\\\\":
                self._optional_length()
                rows.append([])
            elif piece.startswith("\\end"):
                break
        self.depth -= 1
        rows = [row for row in rows if any(row)]
        if not rows:
            return []
        if not in_columns and brackets is None:
            return [_Part("\n", "gap"), _Part("\n".join(row[0] for row in rows), "text"), _Part("\n", "gap")]
        left, right = brackets or _COLUMNS[name]
        self.grids.append(_Grid(rows, left, right, of_lines=not in_columns))
        return [_Part(chr(_GRID_CODE + len(self.grids) - 1))]

    def _cell(self, stops: frozenset[str]) -> str:
        shown = self.sequence(stops)
        return _one_line(_GRID_SIGN.sub(lambda found: self.grid(found[1]).flat(), shown))


def _sign(text: str) -> _Part:
    kind: _Kind = "plain"
    if text in _BIG:
        kind = "big"
    elif text in _WORDS:
        kind = "word"
    elif text in _RELATIONS:
        kind = "infix"
    elif text in _OPENING:
        kind = "open"
    elif text in _CLOSING:
        kind = "close"
    elif text in {",", ";"}:
        kind = "punct"
    return _Part(text, kind)


def _root(index: str, under: str) -> _Part:
    root = {"": "√", "2": "√", "3": "∛", "4": "∜"}.get(index)
    if root is None:
        raised = all(sign in RAISED for sign in index)
        root = "".join(RAISED[sign] for sign in index) + "√" if raised else f"({index})√"
    simple = re.fullmatch(r"[0-9]+(?:[.,][0-9]+)?|[^\W\d_]", under) or _enclosed(under)
    return _Part(root + (under if simple else f"({under})"))


def _over_all(base: str, line: str) -> _Part:
    """A line over or under each sign; over more than a name it stands before brackets."""
    if base.isalnum():
        return _Part("".join(sign + line for sign in base))
    return _Part(f"‾({base})" if line == _ALL_SIGNS["overline"] and base else base)


def _accented(base: str, name: str) -> _Part:
    if name == "not":
        return _sign(_NEGATED.get(base, base + _ACCENTS[name]))
    return _Part(unicodedata.normalize("NFC", base + _ACCENTS[name]) if base else "")


def _plain_text(source: str) -> str:
    r"""The words of \text, whose blanks count."""
    text = re.sub(r"\\([%$&#_{} ])", r"\1", source)
    text = re.sub(r"\\([A-Za-z]+)\s?", lambda found: _SIGNS.get(found[1], ""), text)
    return re.sub(r"\s+", " ", re.sub(r"[\\{}$]", "", text.replace("~", " ")))


def _unit(source: str) -> str:
    r"""A unit as siunitx writes it: \meter\per\second\squared."""
    named = re.sub(r"\\per\s*", "/", source)
    named = re.sub(r"\\([A-Za-z]+)\s*", lambda found: _UNITS.get(found[1]) or _SIGNS.get(found[1], ""), named)
    raised = re.sub(r"\^\{?([−-]?[0-9]+)\}?", lambda found: "".join(RAISED[one] for one in found[1]), named)
    return re.sub(r"[\\{}]", "", raised).replace(".", "·")


def _chemistry(source: str) -> str:
    r"""An equation as mhchem writes it: \ce{2H2 + O2 -> 2H2O}."""
    text = re.sub(r"\\([A-Za-z]+)\s?", lambda found: _SIGNS.get(found[1], ""), source)
    text = re.sub(r"\[([^\[\]]*)\](?=\s)", r"(\1)", text) if "->[" in text or "<=>[" in text else text
    for arrow, sign in (("<=>", " ⇌ "), ("<->", " ↔ "), ("->", " → "), ("<-", " ← ")):
        text = text.replace(arrow, sign)
    text = re.sub(
        r"\^(?:\{([0-9n]*[+−-]?)\}|([0-9n]*[+−-]?))",
        lambda found: "".join(RAISED[one] for one in found[1] or found[2] or ""),
        text,
    )
    text = re.sub(r"_\{?([0-9]+)\}?|(?<=[A-Za-z)\]])([0-9]+)", lambda found: _lowered(found[1] or found[2]), text)
    text = re.sub(r"(?<=[A-Za-z)\]₀-₉])([+-])(?=\s|$|\()", lambda found: RAISED[found[1]], text)
    return " ".join(re.sub(r"[\\{}$^_]", "", text).split())


def _lowered(digits: str) -> str:
    return "".join(LOWERED[one] for one in digits)
