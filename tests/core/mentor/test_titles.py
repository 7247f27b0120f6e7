"""What a model writes as a title, as it is shown in a list."""

import pytest

from core.mentor.desk import TITLE_LETTERS, bare_title


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Derivate e limiti", "Derivate e limiti"),
        ("**Derivate e limiti**", "Derivate e limiti"),
        ("# Derivate", "Derivate"),
        ("## **Derivate**\n\nEcco il titolo che ho scelto.", "Derivate"),
        ("\n\n  «Derivate.»  ", "Derivate"),
        ("Titolo lungo una riga\ne la seconda", "Titolo lungo una riga"),
        ("Equazione $x^2-4=0$", "Equazione x^2-4=0"),
        ("Studio di $$f(x)$$", "Studio di f(x)"),
        (r"Derivata di $\frac{1}{2}x$", "Derivata di 1/2x"),
        (r"Derivata di \(x^2\)", "Derivata di x^2"),
        ("_Il_ `codice` *genetico*", "Il codice genetico"),
        ("- La cellula", "La cellula"),
        ("Prodotto 3*4 e x_1", "Prodotto 3*4 e x_1"),
        ("Un caffè da $5", "Un caffè da $5"),
        ("~~Vecchio~~ nuovo", "Vecchio nuovo"),
        ("...", ""),
        ("", ""),
        ("\n", ""),
    ],
)
def test_titles_are_bare(written: str, title: str) -> None:
    """One line without Markdown and dollars; formulas keep their signs."""
    assert bare_title(written) == title


def test_long_titles_end_with_a_word() -> None:
    """Cut where a word ends; one word that is longer is cut anywhere."""
    title = bare_title("Equazioni di secondo grado con discriminante negativo e soluzioni complesse")

    assert title == "Equazioni di secondo grado con discriminante negativo e…"
    assert len(bare_title("x" * 10_000)) == TITLE_LETTERS
    assert len(bare_title("$" * 10_000 + "*" * 10_000)) <= TITLE_LETTERS
