"""Notations made readable, and ordinary text left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.questions.formulas import readable


@pytest.mark.parametrize(
    ("flat", "shown"),
    [
        ("x^2", "x²"),
        ("x^(n+1)", "xⁿ⁺¹"),
        ("x^(1/2)", "x^(1/2)"),
        ("CH_3^+", "CH₃⁺"),
        ("CO_3^2–", "CO₃²⁻"),
        ("2Na_3PO_4 + 3Ca^2+", "2Na₃PO₄ + 3Ca²⁺"),
        ("C_nH_2n+2", "CₙH₂ₙ₊₂"),
        ("10^-3 mol", "10⁻³ mol"),
        ("10^23unità", "10²³unità"),
        ("kg/m^3", "kg/m³"),
        ("log_2 8", "log₂ 8"),
        ("(x + 1)^2– 4", "(x + 1)²– 4"),
        ("x^2– 3", "x²– 3"),
        ("2^x > 5^x", "2ˣ > 5ˣ"),
        ("K_ps", "Kₚₛ"),
        ("^14C", "¹⁴C"),
        ("x_1^2", "x₁²"),
    ],
)
def test_simple_notations_become_signs(flat: str, shown: str) -> None:
    """Powers, indices, ions and isotopes read as in a book."""
    assert readable(flat) == shown


@pytest.mark.parametrize(
    "text",
    [
        "file_name",
        "snake_case_name",
        "__init__",
        "file_2",
        "She ____ tea",
        "^_^",
        "a ^ b",
        "5^2x + 1 > 1/25",
        "2^x+1 = 8",
        "x^1/3",
        "log_1/2 x",
        "x^2^3",
        "costa $5, non $10",
    ],
)
def test_what_is_ordinary_or_unclear_stays(text: str) -> None:
    """Names with underscores are no notation, and 5^2x may mean 5²x or 5 to the power of 2x."""
    assert readable(text) == text


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"\frac{a}{b}", "a/b"),
        (r"\frac{a+b}{c}", "(a + b)/c"),
        (r"\frac{1}{2a}", "1/(2a)"),
        (r"\frac{1}{2}x", "(1/2)x"),
        (r"\sqrt{x}", "√x"),
        (r"\sqrt{x+1}", "√(x + 1)"),
        (r"\sqrt[3]{8}", "∛8"),
        (r"x \in \mathbb{R}", "x ∈ ℝ"),
        (r"-3 \cdot \alpha \le \infty", "−3 · α ≤ ∞"),
        (r"x^{n+1}", "xⁿ⁺¹"),
        (r"a_{n+1}", "aₙ₊₁"),
        (r"e^{\frac{1}{2}}", "e^(1/2)"),
        (r"\sin^2\alpha", "sin² α"),
        (r"\log_2 8", "log₂ 8"),
        (r"90^\circ", "90°"),
        (r"\text{se } x \to 0", "se x → 0"),
    ],
)
def test_simple_latex_becomes_text(latex: str, shown: str) -> None:
    """What reads well in a line is put in a line."""
    assert readable(f"${latex}$") == shown


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{\frac{a}{b}}{c}",
        r"\begin{pmatrix} 1 & 2 \end{pmatrix}",
        r"\sum_{i=1}^{n} i",
        r"\int_0^1 x",
        r"\lim_{x \to 0} f(x)",
        r"\sqrt{\frac{a}{b}}",
        r"2^{x^2}",
        r"\unknown x",
        r"{" * 500,
        r"x^",
        r"}",
    ],
)
def test_what_reads_badly_stays(latex: str) -> None:
    """Formulas with height stay as they are in text."""
    assert readable(f"${latex}$") == f"${latex}$"


@given(st.text(alphabet=r"xyaCHO23+-–^_(){}$\ /n.,e1fracsqt√²", max_size=40))
def test_twice_is_once(text: str) -> None:
    """Nothing changes the second time, whatever the text."""
    once = readable(text)

    assert readable(once) == once


@given(st.text(max_size=60).filter(lambda text: not set(text) & set("^_$\\")))
def test_text_without_notation_is_untouched(text: str) -> None:
    """Only carets, underscores, dollars and backslashes are looked at."""
    assert readable(text) == text
