"""What a model writes arrives whole and readable, in HTML that Telegram takes."""

import os
import random
import re
import unicodedata
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.entities import parse_html
from bot.prose import pieces
from bot.screens import TEXT_LIMIT, plain, visible_length
from tests.bot.replies import CHEMISTRY, QUADRATIC, REPLIES, SYSTEM

HOSTILE_TEXTS = int(os.environ.get("HOSTILE_TEXTS", "700"))
"""How many made-up texts are tried; 10,000 take half a minute."""
HUGE = int(os.environ.get("HUGE_TEXT", "20000"))
"""Signs of a huge text; with 200,000 the whole takes a minute, and what is not linear never ends."""
FRAGMENTS = (
    *(
        "**",
        "*",
        "_",
        "__",
        "~~",
        "`",
        "```\n",
        "```python\n",
        "$",
        "$$",
        "\\(",
        "\\)",
        "\\[",
        "\\]",
        "{",
        "}",
        "|",
        "\\",
    ),
    *(
        "\\frac",
        "\\sqrt",
        "\\begin{cases}",
        "\\end{cases}",
        "\\begin{pmatrix}",
        "\\end{pmatrix}",
        " & ",
        "\\\\",
        "^{",
        "_{",
    ),
    *(
        "\\left",
        "\\right",
        "\\sum_{i=1}^n",
        "\\ce{",
        "\\over",
        "\\vec",
        "\\not",
        "\\left\\{",
        "\\text{a b}",
        "^2",
        "y_1",
    ),
    *(
        "\n",
        "\n\n",
        "\n- ",
        "\n1. ",
        "\n> ",
        "\n# ",
        "\n| a | b |\n|---|---|\n| ",
        "---\n",
        "====\n",
        "    ",
        "\t",
        "\r\n",
    ),
    *(
        "<b>",
        "</b>",
        "<",
        "&",
        "&amp;",
        "&#x202e;",
        "&#0;",
        "[",
        "](",
        "![",
        "http://x.it)",
        "@mario",
        "/start",
        "#tag",
    ),
    *("ciao", "perché ", "x", "1", "23", " ", "  ", "$5", "'", "<|endoftext|>", "\x00", "\ud800", "\u202e", "\u2060"),
    *("e\u0301\u0302\u0303\u0304\u0305", "👨‍👩‍👧", "🇮🇹", "👍🏽", "\U000f0000", "\ue000"),
)
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\ue000-\uf8ff\ud800-\udfff\U000f0000-\U0010ffff]"
)
RAW_SIGNS = re.compile(r"\$|\\|\*\*|`|~~|[{}]|^#|(?<!\w)[*_]|\^|--|^\|", re.MULTILINE)


def shown(text: str, *, whole: bool = True, limit: int = TEXT_LIMIT) -> str:
    """What a reader sees of all pieces, as Telegram reads them."""
    return "\n".join(parse_html(str(piece))[0] for piece in pieces(text, whole=whole, limit=limit))


def html(text: str, *, whole: bool = True) -> str:
    """The pieces as they are sent."""
    return "\n".join(str(piece) for piece in pieces(text, whole=whole))


def without_code(text: str, *, whole: bool) -> str:
    """What a reader sees outside of code, where every sign may stand."""
    return "\n".join(plain_outside_code(str(piece)) for piece in pieces(text, whole=whole))


def plain_outside_code(piece: str) -> str:
    """The words of a piece without its code."""
    read, entities = parse_html(piece)
    encoded = read.encode("utf-16-le")
    for entity in sorted(entities, key=lambda one: -one["offset"]):
        if entity["type"] in {"code", "pre"}:
            encoded = encoded[: 2 * entity["offset"]] + encoded[2 * (entity["offset"] + entity["length"]) :]
    return encoded.decode("utf-16-le")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("# Titolo\ntesto", "<b>Titolo</b>\ntesto"),
        ("un *poco*, **molto**, ~~niente~~", "un <i>poco</i>, <b>molto</b>, <s>niente</s>"),
        ("***tutto***", "<b><i>tutto</i></b>"),
        ("scrivi `x_1`", "scrivi <code>x_1</code>"),
        ("```python\nx = 1\n\ny = 2\n```", '<pre><code class="language-python">x = 1\n\ny = 2</code></pre>'),
        ("~~~\n<x>\n~~~", "<pre>&lt;x&gt;</pre>"),
        ("> prima\n> seconda\n\nfuori", "<blockquote>prima\nseconda</blockquote>\n\nfuori"),
        ("> fuori\n> > dentro", "<blockquote>fuori\ndentro</blockquote>"),
        ("- a\n- b\n  - c", "• a\n• b\n  • c"),
        ("3. tre\n4. quattro", "3. tre\n4. quattro"),
        ("1) uno\n2) due", "1) uno\n2) due"),
        ("sopra\n\n---\n\nsotto", "sopra\n\n———\n\nsotto"),
        ("sopra\n---\nsotto", "sopra\n———\nsotto"),
        ("una\ndue  \ntre", "una\ndue\ntre"),
        ("[il libro](https://example.com/a_(b))", "il libro"),
        ("![un grafico](x.png)", "un grafico"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/\u2060script&gt;"),
        ("H<sub>2</sub>O<br>x<sup>2</sup>", "H₂O\nx²"),
        ("**Nota:**testo", "<b>Nota:</b>testo"),
        ("rimasto ** aperto", "rimasto  aperto"),
        ("2*3*4 = 24 e 2**3", "2*3*4 = 24 e 2**3"),
        ("\\*così\\*", "*così*"),
        ("ciao<|endoftext|>", "ciao"),
    ],
)
def test_each_construct(written: str, sent: str) -> None:
    """Every construct of Markdown has one form in the chat."""
    assert html(written) == sent


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"$x^2$, \(x_1\), \\(y\\)", "x², x₁, y"),
        (r"vale $$x = 1$$ dunque", "vale\nx = 1\ndunque"),
        ("vale\n\\[\nx = 1\n\\].\nFine", "vale\nx = 1.\nFine"),
        (r"\frac{a+b}{2c} e \sqrt{x+1}", "(a + b)/(2c) e √(x + 1)"),
        (r"e^{\frac{x}{2}} e x^{n+1}", "e^(x/2) e xⁿ⁺¹"),
        (r"\alpha \neq \beta", "α ≠ β"),
        (r"$\begin{aligned} x &= 1 \\ y &= 2 \end{aligned}$", "x = 1; y = 2"),
        ("\\begin{cases} x = 1 \\\\ y = 2 \\end{cases}", "⎧ x = 1\n⎩ y = 2"),
        (r"$\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}$", "(1, 2; 3, 4)"),
        (r"$$\sum_{i=1}^{n} i$$", "∑ᵢ₌₁ⁿ i"),
        (r"**$x_1$** e *$y_2$*", "x₁ e y₂"),
        (r"`$x^2$` e ``\frac{1}{2}``", r"$x^2$ e \frac{1}{2}"),
        ("```\n$x^2$\n```", "$x^2$"),
        ("10^-3 mol di CO_2", "10⁻³ mol di CO₂"),
        (r"resta aperta: $$\frac{a}{b}", "resta aperta:\na/b"),
        (r"resta aperta: $x = \frac{1}{2} qui", "resta aperta: x = 1/2 qui"),
        (r"\begin{itemize}\item uno \item due\end{itemize}", "• uno\n• due"),
    ],
)
def test_formulas_in_all_their_dresses(written: str, read: str) -> None:
    """However a formula is marked, it is set; in code it stays code."""
    assert shown(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "costa $5 e $7 al chilo.",
        "da $20 a $30, quindi +50%.",
        "Ho 5$ e tu 10$.",
        "Ho $20 e tu ne hai 30$.",
        "US$5 and US$7",
        "il 50% di $80 è $40.",
    ],
)
def test_money_stays_money(text: str) -> None:
    """A dollar before or after an amount is a dollar."""
    assert shown(text) == text
    assert shown(text + " Fine", whole=False) == text + " Fine"


def test_backslash_of_a_path_stays() -> None:
    """Not every backslash begins a command of LaTeX."""
    assert shown(r"apri C:\scuola\note") == r"apri C:\scuola\note"


def test_narrow_table_stands_in_columns() -> None:
    """A table that a phone shows without breaking its lines keeps its columns."""
    assert html("| a | bb |\n|---|---|\n| $x^2$ | **1** |\n| ccc | |") == "<pre>a    bb\n───────\nx²   1\nccc</pre>"


def test_wide_table_becomes_lines() -> None:
    """Of a wide table each row is told in lines."""
    table = (
        "| Grandezza fisica | Formula | Unità di misura |\n|-|-|-|\n| Velocità | $\\frac{s}{t}$ | metri al secondo |"
    )

    assert html(table) == "<b>Velocità</b>\nFormula: s/t\nUnità di misura: metri al secondo"


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("vai su example.com", "vai su example\u2060.com"),
        ("<https://t.me/x>", "https:\u2060//t\u2060.me/x"),
        ("scrivi a @mario o a m@scuola.it", "scrivi a @\u2060mario o a m@\u2060scuola\u2060.it"),
        ("**example**.com", "<b>example</b>\u2060.com"),
        ("/start e **/**stop", "/\u2060start e <b>/</b>\u2060stop"),
        ("vale 3.14, cioè 1/2", "vale 3.14, cioè 1/2"),
        ("`example.com`", "<code>example.com</code>"),
    ],
)
def test_nothing_becomes_a_link(text: str, sent: str) -> None:
    """Addresses, mentions and commands of a model cannot be tapped, even where two styles make one together."""
    assert html(text) == sent


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\u2060", "\x00", "\ud800", "<|endoftext|>", "\u3164"])
def test_text_that_shows_nothing(text: str) -> None:
    """Telegram takes no empty message, so there is none."""
    assert pieces(text) == ()


@pytest.mark.parametrize("reply", REPLIES)
def test_whole_reply_shows_no_raw_sign(reply: str) -> None:
    """A tutor's reply is read without a sign of Markdown or LaTeX."""
    read = without_code(reply, whole=True).replace("$5 al litro", "")

    assert RAW_SIGNS.findall(read) == []


@pytest.mark.parametrize("reply", REPLIES)
def test_every_moment_of_a_stream(reply: str) -> None:
    """At no moment of its writing does a reply show a raw sign, or anything that Telegram refuses."""
    for end in range(len(reply) + 1):
        read = without_code(reply[:end], whole=False).replace("$5 al", "")
        assert RAW_SIGNS.findall(read) == [], (reply[:end][-60:], read[-60:])

    assert shown(reply, whole=False) == shown(reply)


@pytest.mark.parametrize("reply", REPLIES)
def test_stream_grows(reply: str) -> None:
    """What was shown once is not taken back, but for a word or a table's last row."""
    longest = 0
    for end in range(len(reply) + 1):
        length = len(shown(reply[:end], whole=False))
        assert length >= longest - 25
        longest = max(longest, length)


def test_words_of_a_reply() -> None:
    """What a student reads of a whole reply."""
    assert shown(QUADRATIC).startswith(
        "Equazioni di secondo grado\n\nUn'equazione nella forma ax² + bx + c = 0 (con a ≠ 0) si risolve con la formula"
        " risolutiva:\n\nx₁,₂ = (−b ± √(b² − 4ac))/(2a)\n\nIl numero Δ = b² − 4ac è il discriminante:\n\n"
        "• se Δ > 0 ci sono due soluzioni reali;"
    )
    assert "⎧ 2x + y = 7\n⎩ x − y = −1" in shown(SYSTEM)
    assert "CH₄ + 2O₂ → CO₂ + 2H₂O" in shown(CHEMISTRY)


def test_long_text_is_cut_at_paragraphs() -> None:
    """Pieces end where a paragraph ends, if that is not too early."""
    paragraph = "Una frase di prova. " * 20

    found = pieces("\n\n".join([paragraph.strip()] * 30))

    assert len(found) > 1
    assert all(plain(piece).endswith("prova.") and visible_length(piece) % 400 < 60 for piece in found[:-1])


def test_code_that_is_cut_is_opened_again() -> None:
    """Each part of a long program is code of the same language."""
    program = "\n".join(f"print({number})" for number in range(900))

    found = pieces(f"Ecco:\n```python\n{program}\n```\nFine")

    assert len(found) > 2
    assert all(str(piece).count('<pre><code class="language-python">') == 1 for piece in found)
    assert "\n".join(plain(piece) for piece in found).split("\n") == ["Ecco:", *program.split("\n"), "Fine"]


def test_code_that_fits_in_a_message_stays_whole() -> None:
    """A program is not torn where it can start the next message."""
    program = "\n\n".join(["print(1)"] * 120)

    found = pieces("Testo lungo. " * 250 + f"\n\n```\n{program}\n```")

    assert str(found[-1]) == f"<pre>{program}</pre>"


def test_more_styles_than_telegram_shows() -> None:
    """Past a hundred styles a message goes on plainly, and whole."""
    found = pieces("**a** b " * 300)

    assert [str(piece).count("<b>") for piece in found] == [100]
    assert plain(found[0]).split() == ["a", "b"] * 300


@pytest.mark.parametrize("cluster", ["👨‍👩‍👧", "🇮🇹", "👍🏽", "e\u0301\u0323", "😀"])
@pytest.mark.parametrize("limit", [20, 21, 22, 23])
def test_no_sign_is_torn(cluster: str, limit: int) -> None:
    """Families, flags, tones and accents stay in one piece."""
    found = pieces(cluster * 50, limit=limit)

    assert all(visible_length(piece) <= limit for piece in found)
    assert {plain(piece).replace(cluster, "") for piece in found} == {""}
    assert "".join(plain(piece) for piece in found) == cluster * 50


@given(st.lists(st.text("abcdefghilmnopqrstuvzàèìòù", min_size=1, max_size=30), max_size=60), st.integers(30, 200))
def test_no_word_is_lost(words: list[str], limit: int) -> None:
    """All words of a plain text arrive, in their order."""
    text = " ".join(words)

    assert " ".join(plain(piece) for piece in pieces(text, limit=limit)).split() == words


@pytest.mark.parametrize("reply", REPLIES)
def test_no_word_of_a_reply_is_lost(reply: str) -> None:
    """Cut small, a reply still has all the signs of the whole one."""
    small = "".join(plain(piece) for piece in pieces(reply, limit=120))

    assert "".join(small.split()) == "".join(shown(reply).split())


def test_hostile_texts() -> None:
    """Whatever is thrown together can be sent: valid, within the limit, without a forbidden sign."""
    rng = random.Random(20)
    for _ in range(HOSTILE_TEXTS):
        text = "".join(rng.choice(FRAGMENTS) for _ in range(rng.randint(1, 80)))
        for whole, limit in ((True, TEXT_LIMIT), (False, TEXT_LIMIT), (True, rng.choice((2, 10, 40)))):
            for piece in pieces(text, whole=whole, limit=limit):
                read, entities = parse_html(str(piece))
                assert read.strip()
                assert visible_length(piece) <= limit
                assert FORBIDDEN.search(read) is None
                assert not {entity["type"] for entity in entities} & {"text_link", "bot_command"}


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    """Any text of Unicode can be sent."""
    for piece in pieces(text, whole=False):
        assert parse_html(str(piece))[0].strip()
        assert FORBIDDEN.search(plain(piece)) is None


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "[",
            ">",
            "> ",
            "- ",
            "*",
            "**a ",
            "*a _b ",
            "`",
            "$",
            "$$",
            "$a",
            "\\(",
            "\\[x",
            "\\frac{",
            "{",
            "x_{",
            "a_x ",
        ),
        *(
            "\\begin{cases}",
            "<",
            "&",
            "\n",
            "- a\n",
            "| a | b |\n",
            "a",
            "\u0301",
            "\u200d",
            "🇮🇹",
            "/a",
            "```\n",
            "![",
            "<sub>",
        ),
        *("\\", "\t", "\\left(", "\\sqrt[", "Ciao, come va? ", "`a` ", "a.b"),
    ],
)
def test_huge_hostile_texts(unit: str) -> None:
    """A huge text of anything is laid out, without a limit of nesting being met."""
    text = (unit * HUGE)[:HUGE]
    for whole in (True, False):
        assert all(visible_length(piece) <= TEXT_LIMIT for piece in pieces(text, whole=whole))


def test_lists_deeper_than_anybody_reads() -> None:
    """The words of a list in a list in a list all arrive."""
    text = "".join(" " * (2 * depth) + f"- voce{depth}\n" for depth in range(300))

    assert re.findall(r"voce\d+", shown(text)) == [f"voce{depth}" for depth in range(300)]


@pytest.mark.parametrize(("opening", "closing"), list(product(["> ", "- ", "1. ", "> - "], ["", "\n\n"])))
def test_marks_after_marks(opening: str, closing: str) -> None:
    """A line of nothing but marks keeps its word."""
    assert "parola" in shown(opening * 200 + "parola" + closing)


def test_piled_accents_are_cut() -> None:
    """A letter keeps three accents at most."""
    read = shown("a" + "\u0301" * 50)

    assert sum(unicodedata.combining(sign) > 0 for sign in read) <= 3
