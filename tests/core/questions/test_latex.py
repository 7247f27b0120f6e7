"""Any LaTeX as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.questions.latex import displayed, from_latex


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\frac{-b \pm \sqrt{b^2-4ac}}{2a}", "(−b ± √(b² − 4ac))/(2a)"),
        (r"\frac{\frac{a}{b}}{c}", "(a/b)/c"),
        (r"\frac{n(n+1)}{2}", "n(n + 1)/2"),
        (r"\frac{1}{2}mv^2", "(1/2)mv²"),
        (r"\frac1x+\frac1y", "1/x + 1/y"),
        (r"{a+b \over 2}", "(a + b)/2"),
        (r"\lim_{x \to 0} \frac{\sin x}{x} = 1", "lim(x→0) (sin x)/x = 1"),
        (r"\sum_{i=1}^{n} i^2", "∑ᵢ₌₁ⁿ i²"),
        (r"\sum_{k \in A} k", "∑(k∈A) k"),
        (r"\int_{-\infty}^{+\infty} e^{-x^2}\,dx", "∫(−∞ … +∞) e^(−x²) dx"),
        (r"\int_0^1 x\,dx = \left[\frac{x^2}{2}\right]_0^1", "∫₀¹ x dx = [x²/2]₀¹"),
        (r"2^{x^2}", "2^(x²)"),
        (r"x_{1,2}", "x₁,₂"),
        (r"T_{amb} = 20\,^\circ\text{C}", "T_amb = 20 °C"),
        (r"\sin^2 x + \cos^2 x", "sin² x + cos² x"),
        (r"\log_2 8", "log₂ 8"),
        (r"|x-1| < 2", "|x − 1| < 2"),
        (r"\left|\frac{a}{b}\right|", "|a/b|"),
        (r"P(A \mid B)", "P(A | B)"),
        (r"\binom{n}{k}", "C(n, k)"),
        (r"\vec{F} = m\vec{a}", "F⃗ = ma⃗"),
        (r"\{x \in \mathbb{R} : x \neq 0\}", "{x ∈ ℝ : x ≠ 0}"),
        (r"9{,}8\ \text{m/s}^2", "9,8 m/s²"),
        (r"\ce{2H2 + O2 -> 2H2O}", "2H₂ + O₂ → 2H₂O"),
        (r"\ce{SO4^2- + Na+}", "SO₄²⁻ + Na⁺"),
        (r"\SI{9.8}{\meter\per\second\squared}", "9.8 m/s²"),
        (r"a \not= b", "a ≠ b"),
        (r"x = 1 \quad y = 2", "x = 1\u2003y = 2"),
        (r"\begin{cases} x + y = 5 \\ x - y = 1 \end{cases}", "{ x + y = 5; x − y = 1"),
        (r"\unknown{x}", "x"),
        (r"f'(x), f''(x)", "f′(x), f″(x)"),
        (r"G \frac{m_1 m_2}{r^2}", "G (m₁m₂/r²)"),
        (r"t_{1/2}", "t₁/₂"),
        (r"\frac{[A]}{[B]}", "[A]/[B]"),
        (r"\overline{AB}, \overline{A \cap B}", "A̅B̅, ‾(A ∩ B)"),
        (r"3x^23", "3x²3"),
        ("", ""),
        ("}", ""),
        ("^", ""),
    ],
)
def test_in_one_line(latex: str, text: str) -> None:
    """A formula in a sentence is a line of signs."""
    assert from_latex(latex) == text


def test_matrix_keeps_its_rows() -> None:
    """On lines of its own a matrix has rows, and what stands beside it stands beside its middle."""
    found = displayed(r"A = \begin{pmatrix} 1 & 2 \\ 30 & 4 \\ 5 & 6 \end{pmatrix}")

    assert found.in_columns
    assert found.text == "    ⎛ 1   2 ⎞\nA = ⎜ 30  4 ⎟\n    ⎝ 5   6 ⎠"


def test_matrix_too_wide_for_a_phone() -> None:
    """Rows that a phone would break are told one after the other."""
    found = displayed(r"\begin{pmatrix} \text{una parola lunga} & \text{un'altra parola} \\ 3 & 4 \end{pmatrix}")

    assert not found.in_columns
    assert found.text == "(una parola lunga, un'altra parola; 3, 4)"


def test_equations_below_each_other() -> None:
    """The rows of a calculation are lines."""
    found = displayed(r"\begin{align*} x &= 3 \\[2pt] &= -4 \end{align*}")

    assert (found.text, found.in_columns) == ("x = 3\n= −4", False)


@given(st.text(alphabet=r"xya12+-^_(){}[]\&$%' /\n,fracsqtbeginleft|", max_size=80))
def test_nothing_of_latex_is_left(latex: str) -> None:
    """No backslash and no brace of a group is shown, whatever is written."""
    text = from_latex(latex)

    assert "\\" not in text.replace("∖", "")
    assert ("{" not in text and "}" not in text) or "\\" in latex


@pytest.mark.parametrize("latex", ["{" * 3000, r"\frac{" * 600, r"\left(" * 600, "x^{" * 1000, r"\begin{cases}" * 300])
def test_depth_that_nobody_reads(latex: str) -> None:
    """Deep nesting is shown flat, not refused."""
    assert "\\" not in from_latex(latex)
