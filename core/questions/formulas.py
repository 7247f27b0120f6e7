r"""Simple notations as plain Unicode text: x^2 becomes x², H_2O becomes H₂O, $\frac{a}{b}$ becomes a/b.

Own tables and not pylatexenc (MIT, 140 KB): its text form leaves x^2 and x_1 as they are and turns x^{n+1} into
x^n+1, so that everything asked for here would still have to be written.
"""

import re
from collections.abc import Mapping

_MINUS = "-−–"
RAISED: Mapping[str, str] = {
    **dict(zip("0123456789+=", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁼", strict=True)),
    **dict.fromkeys(_MINUS, "⁻"),
    **dict(zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)),
    "α": "ᵅ",
    "β": "ᵝ",
    "θ": "ᶿ",
    "T": "ᵀ",
}
LOWERED: Mapping[str, str] = {
    **dict(zip("0123456789+=", "₀₁₂₃₄₅₆₇₈₉₊₌", strict=True)),
    **dict.fromkeys(_MINUS, "₋"),
    **dict(zip("aehijklmnoprstuvx", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)),
    "β": "ᵦ",
    "γ": "ᵧ",
    "ρ": "ᵨ",
    "φ": "ᵩ",
    "χ": "ᵪ",
}
_LOWERED_SIGNS = "₀₁₂₃₄₅₆₇₈₉₊₋ₙ"
_SUBSCRIPT_WORDS = frozenset({"ps", "tot", "max", "min", "ext", "int", "rel", "ass"})
_ELEMENTS = (
    "He Li Be Ne Na Mg Al Si Cl Ar Ca Sc Ti Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Zr Nb Mo Tc Ru Rh Pd Ag Cd In"
    " Sn Sb Te Xe Cs Ba La Ce Pr Nd Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th"
    " Pa Np Pu Am H B C N O F P S K V I U W Y"
)
_FORMULA = re.compile(f"[a-d]?(?:{'|'.join(_ELEMENTS.split())}){{1,12}}")  # a to d: coefficients to be found
_NO_SUBSCRIPT = re.compile(r"(?<![A-Za-z])[A-Za-z]_[bcdfgqwyzA-Z](?![A-Za-z0-9])")  # beside q_b, q_a stays too
_LAST_LETTERS = re.compile(r"[A-Za-zÀ-ÿα-ωΑ-Ω]{1,30}$")
_ARGUMENT = re.compile(r"\(([^()\n]{1,24})\)|\{([^{}\n]{1,24})\}")
_SIGNED_NUMBER = re.compile(rf"[{_MINUS}+]?[0-9]{{1,4}}")
_SIGNED_LETTER = re.compile(rf"[{_MINUS}+]?[A-Za-zα-ω]")
_ISOTOPE = re.compile(r"[0-9]{1,3}(?=[A-Z])")
_CHARGE = re.compile(rf"[0-9]?[{_MINUS}+](?![0-9(√])")
_COUNT = re.compile(rf"[0-9]{{0,2}}n[{_MINUS}+][0-9](?![0-9])|[0-9]{{1,2}}n(?![a-z])")
_GOES_ON = re.compile(rf"[A-Za-z0-9α-ω^_({{√]|[{_MINUS}+·/][A-Za-z0-9(]|\s?/\s?[0-9a-z](?![A-Za-z])")
_BLANKS_IN_SCRIPT = re.compile(rf"\s*([{_MINUS}+=])\s*")
_DOLLARS = re.compile(r"\$\$?(?=[^\s$])([^$\n]{1,400}?)(?<=[^\s$\\])\$\$?(?![0-9$])|\\\(([^\n]{1,400}?)\\\)")
_LOOKS_LIKE_LATEX = re.compile(r"[\\^_{=]|^[A-Za-z](?:\([a-z, ]{1,20}\))?$")


def readable(text: str) -> str:
    """The text with its simple notations as Unicode; what does not read well that way stays as it is.

    Superscripts of flattened text have no end: in 2^3x the 3 or 3x may be raised. Such a place is left alone, for a
    wrong reading would be worse than a plain one. Ordinary text such as file_name keeps its signs. Doing it twice
    changes nothing more.
    """
    if "^" not in text and "_" not in text and "$" not in text and "\\(" not in text:
        return text
    while (after := _readable_once(text)) != text:  # each round removes a sign of notation, so it ends
        text = after
    return text


def _readable_once(text: str) -> str:
    parts: list[str] = []
    end = 0
    for found in _DOLLARS.finditer(text):
        inner = found[1] if found[1] is not None else found[2]
        parts.append(scripts(text[end : found.start()]))
        parts.append(_from_latex(inner) or found[0])
        end = found.end()
    return "".join([*parts, scripts(text[end:])])


def _from_latex(inner: str) -> str | None:
    if not _LOOKS_LIKE_LATEX.search(inner):
        return None
    try:
        return scripts(_Latex(inner).text())
    except _Unreadable:
        return None


def scripts(text: str) -> str:
    """The text with its carets and underscores turned into scripts where that is safe."""
    done = ""
    start = 0
    for at in (match.start() for match in re.finditer(r"[\^_]", text)):
        if at < start:
            continue
        done += text[start:at]
        shown, end = (_raise if text[at] == "^" else _lower)(done[-40:], text, at + 1)
        done += shown or text[at:end]
        start = end
    return done + text[start:]


def _raise(before: str, text: str, at: int) -> tuple[str, int]:
    """What a caret at `at - 1` raises, and where that ends; empty if it is better left."""
    base = before[-1:]
    if re.search(r"\^[^\s^]{0,6}$", before):  # a power of a power, or one that was left alone
        return "", at
    if found := _ARGUMENT.match(text, at):
        return (_bracketed(found, RAISED, "^") if _holds(base) else ""), found.end()
    if not _holds(base):
        found, clear = _ISOTOPE.match(text, at), base in {"", " ", "(", "[", "\n"}
    elif found := _charge(before, text, at):
        clear = True
    elif found := _SIGNED_NUMBER.match(text, at):
        clear = _clear_number(before, found[0], text[found.end() : found.end() + 4])
    elif found := _SIGNED_LETTER.match(text, at):
        alone = not _GOES_ON.match(text, found.end()) and len(_letters(before)) < 2
        clear = alone and all(sign in RAISED for sign in found[0])
    if not found:
        return "", at
    return ("".join(RAISED[sign] for sign in found[0]) if clear else ""), found.end()


def _clear_number(before: str, number: str, after: str) -> bool:
    """Whether a raised number surely ends where its digits end."""
    if after[:1] == "^":
        return False
    fraction = re.match(r"\s?/\s?[0-9a-z](?![A-Za-z])", after)
    if fraction and number.lstrip("+" + _MINUS) == "1":
        return False  # nobody writes the exponent 1: it is the start of 1/2
    base = re.search(r"(?<![A-Za-z0-9])[0-9]+(?:[.,][0-9]+)?$|(?<![A-Za-z])e$", before)
    if base and base[0] != "10":  # 2^3x, e^2x and 2^1/2 may raise all that follows
        return not after[:1].isalnum() and after[:1] not in {"/", "(", "√"}
    if base:
        return not re.match(r"/[0-9]", after)
    return not re.match(r"[nmk](?![A-Za-z])", after)


def _charge(before: str, text: str, at: int) -> re.Match[str] | None:
    """The charge of an ion, as in Ba^2+ or CO_3^2–."""
    found = _CHARGE.match(text, at)
    if not found:
        return None
    letters = _letters(before)
    ion = bool(letters and _FORMULA.fullmatch(letters)) or before[-1] in _LOWERED_SIGNS + "])"
    ion = ion or re.search(r"(?:[A-Z][a-z]|[A-Z]{1,2})[0-9]$", before) is not None  # NH4^+
    if len(found[0]) > 1:
        algebra = before[-1] in "])" and re.match(r"\s?[0-9A-Za-z]", text[found.end() : found.end() + 2])
        return found if ion and not algebra else None
    after = text[found.end() : found.end() + 3]
    if after[:1].isalpha():  # NAD^+viene: a blank is missing; e^–x: an exponent
        return found if before[-1:].isupper() and len(after) == 3 and after.isalpha() else None
    return found if ion or letters else None


def _lower(before: str, text: str, at: int) -> tuple[str, int]:
    """What an underscore at `at - 1` lowers, and where that ends; empty if it is better left."""
    letters = _letters(before)
    formula = bool(letters and _FORMULA.fullmatch(letters))
    single = len(letters) == 1 and not before[: -len(letters)].endswith(("_", "^", "\\"))
    symbol = single or letters in {"log", "Log", "sp"}
    if not (formula or symbol or before[-1:] in {")", "]"}):
        return "", at
    if found := _ARGUMENT.match(text, at):
        return _bracketed(found, LOWERED, "_"), found.end()
    if formula and (found := _COUNT.match(text, at)):
        return "".join(LOWERED[sign] for sign in found[0]), found.end()
    if found := re.compile(r"[0-9]{1,3}").match(text, at):
        after = text[found.end() : found.end() + 2]
        clear = not after[:1].isdigit() and after[:1] != "_" and not re.match(r"[/][0-9]", after)
        return ("".join(LOWERED[sign] for sign in found[0]) if clear else ""), found.end()
    if found := re.compile(r"[a-zα-ω]{1,4}").match(text, at):
        after = text[found.end() : found.end() + 1]
        ends = not re.match(r"[A-Za-z0-9_À-ÿ(.]", after) or (found[0] == "n" and after.isupper())
        known = found[0] in _SUBSCRIPT_WORDS or (len(found[0]) == 1 and not _NO_SUBSCRIPT.search(text))
        clear = single and ends and known and all(sign in LOWERED for sign in found[0])
        return ("".join(LOWERED[sign] for sign in found[0]) if clear else ""), found.end()
    return "", at


def _bracketed(found: re.Match[str], signs: Mapping[str, str], mark: str) -> str:
    content = _BLANKS_IN_SCRIPT.sub(r"\1", (found[1] if found[1] is not None else found[2]).strip())
    words = re.findall(r"[^\W\d_]{4,}", content)
    if content and not words and all(sign in signs for sign in content):
        return "".join(signs[sign] for sign in content)
    return f"{mark}({content})" if found[2] is not None and content else ""


def _letters(before: str) -> str:
    found = _LAST_LETTERS.search(before)
    return found[0] if found else ""


def _holds(base: str) -> bool:
    """Whether something can be raised upon this sign."""
    return bool(re.match(r"[A-Za-z0-9À-ÿα-ωΑ-Ω)\]}|]", base)) or (base != "" and base in _LOWERED_SIGNS)


class _Unreadable(Exception):  # noqa: N818  # a verdict, not a failure
    """A formula that does not read well as text."""


_RELATIONS: Mapping[str, str] = {
    "le": "≤",
    "leq": "≤",
    "leqslant": "≤",
    "ge": "≥",
    "geq": "≥",
    "geqslant": "≥",
    "ne": "≠",
    "neq": "≠",
    "lt": "<",
    "gt": ">",
    "approx": "≈",
    "simeq": "≃",
    "equiv": "≡",
    "sim": "∼",
    "propto": "∝",
    "in": "∈",
    "notin": "∉",
    "ni": "∋",
    "subset": "⊂",
    "subseteq": "⊆",
    "supset": "⊃",
    "supseteq": "⊇",
    "to": "→",
    "rightarrow": "→",
    "leftarrow": "←",
    "leftrightarrow": "↔",
    "Rightarrow": "⇒",
    "implies": "⇒",
    "iff": "⇔",
    "Leftrightarrow": "⇔",
    "mapsto": "↦",
    "perp": "⊥",
    "parallel": "∥",
    "mid": "|",
    "rightleftharpoons": "⇌",
    "cdot": "·",
    "times": "×",
    "div": "÷",
    "pm": "±",
    "mp": "∓",
    "cup": "∪",
    "cap": "∩",
    "setminus": "∖",
    "land": "∧",
    "wedge": "∧",
    "lor": "∨",
    "vee": "∨",
    "oplus": "⊕",
    "ast": "∗",
}
_SIGNS: Mapping[str, str] = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "varepsilon": "ε",
    "zeta": "ζ",
    "eta": "η",
    "theta": "θ",
    "vartheta": "θ",
    "iota": "ι",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "nu": "ν",
    "xi": "ξ",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "upsilon": "υ",
    "phi": "φ",
    "varphi": "φ",
    "chi": "χ",
    "psi": "ψ",
    "omega": "ω",
    "Gamma": "Γ",
    "Delta": "Δ",
    "Theta": "Θ",
    "Lambda": "Λ",
    "Xi": "Ξ",
    "Pi": "Π",
    "Sigma": "Σ",
    "Phi": "Φ",
    "Psi": "Ψ",
    "Omega": "Ω",
    "infty": "∞",
    "emptyset": "∅",
    "varnothing": "∅",
    "forall": "∀",
    "exists": "∃",
    "nexists": "∄",
    "neg": "¬",
    "lnot": "¬",
    "partial": "∂",
    "nabla": "∇",
    "angle": "∠",
    "degree": "°",
    "circ": "∘",
    "prime": "′",
    "ldots": "…",
    "dots": "…",
    "cdots": "⋯",
    "ell": "ℓ",
    "hbar": "ℏ",
    "sum": "∑",
    "prod": "∏",
    "int": "∫",
    "colon": ":",
    "vert": "|",
    "lvert": "|",
    "rvert": "|",
    "|": "‖",
    "{": "{",
    "}": "}",
    "%": "%",
    "$": "$",
    "&": "&",
    "#": "#",
}
_FUNCTION_NAMES = (
    "sin cos tan cot sec csc sen tg cotg log ln lg exp max min lim arcsin arccos arctan arcsen arctg sinh cosh "
    "tanh det deg gcd mod"
)
FUNCTIONS = frozenset(_FUNCTION_NAMES.split())
_FUNCTION_WITH_SCRIPT = re.compile(rf"(?:{'|'.join(sorted(FUNCTIONS))})[_^]\{{[^{{}}]{{1,20}}\}}$")
BOARD: Mapping[str, str] = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "Q": "ℚ", "C": "ℂ", "P": "ℙ"}
NAMED: Mapping[str, str] = {**_SIGNS, **_RELATIONS, **{name: name for name in FUNCTIONS}}
_SPACES = frozenset({",", ";", ":", "!", " ", "quad", "qquad", "displaystyle", "left", "right", "limits", "nolimits"})
_WITH_LIMITS = frozenset({"∑", "∏", "∫", "lim", "max", "min"})
INFIX = frozenset(_RELATIONS.values()) | set("=<>+−")
_TOKEN = re.compile(
    r"\\(?:text|textrm|textbf|mathrm|mathbf|mathit|operatorname)\s*\{[^{}\\$]{1,80}\}|\\(?:[A-Za-z]+|.)|[0-9]+(?:[.,][0-9]+)?|\s+|.",
    re.DOTALL,
)
_DEPTH = 12


class _Latex:
    """A reader of the part of LaTeX that can be said in a line of text."""

    def __init__(self, latex: str) -> None:
        if len(latex) > 1_000:
            raise _Unreadable
        self._tokens: list[str] = [sign for sign in _TOKEN.findall(latex) if not sign.isspace()]
        self._at = 0
        self._depth = 0

    def text(self) -> str:
        """The whole formula.

        Raises:
            _Unreadable: It does not read well as text.
        """
        shown = self._sequence("")
        if self._at < len(self._tokens) or not shown:
            raise _Unreadable
        return shown

    def _sequence(self, closing: str) -> str:
        """Everything up to `closing` (or the end), which is consumed."""
        self._depth += 1
        if self._depth > _DEPTH:
            raise _Unreadable
        parts: list[str] = []
        while self._at < len(self._tokens):
            sign = self._next()
            if sign == closing:
                self._depth -= 1
                return _joined(parts)
            if sign == "}":
                raise _Unreadable
            if sign in {"^", "_"}:
                _append_script(parts, sign, self._argument())
            else:
                parts.append(self._atom(sign))
        if closing:
            raise _Unreadable
        self._depth -= 1
        return _joined(parts)

    def _next(self) -> str:
        if self._at >= len(self._tokens):
            raise _Unreadable
        self._at += 1
        return self._tokens[self._at - 1]

    def _argument(self) -> str:
        sign = self._next()
        if sign in {"^", "_", "}"}:
            raise _Unreadable
        if len(sign) > 1 and sign[0].isdigit():  # x^23 raises only the 2
            self._at -= 1
            self._tokens[self._at] = sign[1:]
            return sign[0]
        return self._atom(sign)

    def _atom(self, sign: str) -> str:
        if sign == "{":
            return self._sequence("}")
        if sign == "-":
            return "−"
        if sign == "'":
            return "′"
        if sign in {"&", "$", "#", "%"}:
            raise _Unreadable
        if sign.startswith("\\") and sign.endswith("}") and len(sign) > 2:
            return sign[sign.index("{") + 1 : -1]
        return self._command(sign[1:]) if sign.startswith("\\") and len(sign) > 1 else sign

    def _command(self, name: str) -> str:
        if name in NAMED:
            return NAMED[name]
        if name in {"left", "right"} and self._at < len(self._tokens) and self._tokens[self._at] == ".":
            self._at += 1
        if name in _SPACES:
            return ""
        if name in {"frac", "dfrac", "tfrac"}:
            return _fraction(self._argument(), self._argument())
        if name == "sqrt":
            return self._root()
        board = BOARD.get(self._argument()) if name == "mathbb" else None
        if board is None:
            raise _Unreadable
        return board

    def _root(self) -> str:
        index = ""
        if self._at < len(self._tokens) and self._tokens[self._at] == "[":
            self._at += 1
            index = self._sequence("]")
        under = self._argument()
        root = {"": "√", "2": "√", "3": "∛", "4": "∜"}.get(index)
        if root is None:
            if not all(one in RAISED for one in index):
                raise _Unreadable
            root = "".join(RAISED[one] for one in index) + "√"
        if "/" in under:
            raise _Unreadable
        return root + (under if re.fullmatch(r"[0-9]+|[a-zα-ω]", under) else f"({under})")


def _append_script(parts: list[str], mark: str, argument: str) -> None:
    """Add a script to the atom before it."""
    if not parts or (parts[-1] in _WITH_LIMITS and not (parts[-1] in {"max", "min"} and mark == "^")):
        raise _Unreadable
    if mark == "^" and argument in {"∘", "°"}:
        parts.append("°")
    elif mark == "^" and argument and not argument.strip("′"):
        parts.append(argument)
    elif not argument or any(sign in argument for sign in "^_√∛∜"):
        raise _Unreadable
    elif mark == "_" and parts[-1].startswith("^{"):
        parts.insert(-1, f"_{{{argument.replace(' ', '')}}}")
    else:
        base = parts[-1]
        if mark == "^" and ("/" in base or base[:1] in "√∛∜") and not base.startswith("("):
            parts[-1] = f"({base})"
        argument = argument.replace(" ", "")
        if mark == "^" and argument == "∗":
            argument = "*"
        parts.append(f"{mark}{{{argument}}}")


def _fraction(above: str, below: str) -> str:
    if "/" in above or "/" in below or not above or not below:
        raise _Unreadable
    if not _is_factor(above):
        above = f"({above})"
    if not re.fullmatch(r"[0-9]+(?:[.,][0-9]+)?|[A-Za-zα-ωΑ-Ω]|√(?:[0-9]+|[a-z])|[A-Za-zα-ω][_^]\{[^{}]{1,8}\}", below):
        below = f"({below})"
    return f"{above}/{below}"


def _is_factor(text: str) -> bool:
    return not any(sign in text.lstrip("−") for sign in "+−± ") or (
        text.startswith("(") and text.endswith(")") and text.count("(") == 1
    )


def _joined(parts: list[str]) -> str:
    """The atoms as one line: blanks around relations and sums, none after a sign that only negates."""
    shown = ""
    for part in (one for one in parts if one):
        negates = part in {"−", "+", "±"} and (not shown or shown[-1] in "([{|,;" or shown.endswith(" "))
        if part in INFIX and not negates:
            shown = shown.rstrip() + f" {part} "
        elif part == ",":
            shown += ", "
        elif _parted(shown, part):
            shown += f" {part}"
        elif re.search(r"[0-9A-Za-z]/\(?[^\s()]+\)?$", shown) and re.match(r"[A-Za-zα-ω√(]", part):
            cut = shown.rfind(" ") + 1
            shown = f"{shown[:cut]}({shown[cut:]}){part}"  # ½ times x, not 1 over 2x
        else:
            shown += part
    return shown.strip()


def _parted(shown: str, part: str) -> bool:
    """Whether a blank belongs between the two: log₂ 8, 2 sin x."""
    if part in FUNCTIONS:
        return re.search(r"[A-Za-z0-9)}]$", shown) is not None
    starts = re.match(r"[A-Za-z0-9α-ωΑ-Ω√∛]", part) is not None
    return starts and (_last_word(shown) in FUNCTIONS or _FUNCTION_WITH_SCRIPT.search(shown) is not None)


def _last_word(text: str) -> str:
    found = re.search(r"[A-Za-z]+$", text)
    return found[0] if found else ""
