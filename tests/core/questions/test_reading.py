"""Reading banks: every form, and what is left out with which reason."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from core.questions.model import Bank, Kind
from core.questions.reading import InvalidBank, Reading, read_bank, write_jsonl
from core.questions.reading.report import MAX_BYTES, REASONS, Rejection

OPTIONS = ["uno", "due", "tre", "quattro", "cinque"]


def row(**changes: object) -> dict[str, object]:
    """A line of the ministry's form, sound but for `changes`."""
    return {"id": 1, "topic": "logica", "text": "Quanto fa 1 + 1?", "answers": OPTIONS, "label": 1} | changes


def read_rows(*rows: object) -> Reading:
    """What reading these lines brings."""
    return read_bank("\n".join(json.dumps(one) for one in rows).encode(), "prova.jsonl")


def only_code(reading: Reading) -> str:
    """The code of the only rejection."""
    (rejection,) = reading.rejected
    assert rejection.reason
    return rejection.code


def question(body: str, head: str = 'kind = "single"') -> bytes:
    """A file of our own with one question, whose header is in line 7."""
    return f"""
[bank]
name = "own"
licence = "MIT"
source = "us"

[[questions]]
slug = "one"
topic = "mathematics/algebra"
original = "it"
{head}
{body}
""".encode()


IT = """
[questions.it]
text = "Quanto fa 2 + 2?"
choices = [ { text = "4", right = true }, { text = "5", error = "Hai contato uno in più." } ]
"""
PASSAGE = '[[passages]]\nslug = "p"\noriginal = "it"\nit = {{ title = "{title}", text = "{text}" }}'
EN = """
[questions.en]
text = "How much is 2 + 2?"
choices = [ { text = "4", right = true }, { text = "5", error = "You counted one too many." } ]
"""


def test_a_row_becomes_a_question() -> None:
    """A line of the ministry's form is a single-choice question named after bank and id."""
    reading = read_rows(row(id=7, topic="fisica-matematica"))

    (item,) = reading.bank.items
    assert (item.slug, item.topic, item.kind, item.right) == ("prova-7", ("fisica-matematica",), Kind.SINGLE, (1,))
    assert item.wordings["it"].choices == tuple(OPTIONS)
    assert item.line == 1
    assert reading.bank.topics[0].names["it"] == "Fisica e matematica"
    assert reading.rejected == ()


def test_text_is_cleaned() -> None:
    """Blanks, HTML, control signs and flat notations do not reach the student."""
    reading = read_rows(
        row(text="  L&#39;acqua \u0000 <b>H_2O</b>\u00a0  bolle?\n\n\n\nSì ", answers=["x^2 ", "b", "<sup>3</sup>He"])
    )

    wording = reading.bank.items[0].wordings["it"]
    assert wording.text == "L'acqua H₂O bolle?\n\nSì"
    assert wording.choices[0] == "x²"


def test_a_comparison_is_no_tag() -> None:
    """“x < 3 e y > 2” keeps its signs."""
    reading = read_rows(row(text="Se x < 3 e y > 2, allora?"))

    assert reading.bank.items[0].wordings["it"].text == "Se x < 3 e y > 2, allora?"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"answers": ["Bb", "Bb ", "c"]}, "equal-options"),
        ({"answers": ["a", "  ", "c"]}, "empty-option"),
        ({"text": " "}, "empty-text"),
        ({"label": 5}, "label-out-of-range"),
        ({"label": -1}, "label-out-of-range"),
        ({"label": "1"}, "wrong-type"),
        ({"label": True}, "wrong-type"),
        ({"answers": "abc"}, "wrong-type"),
        ({"answers": ["a", 2]}, "wrong-type"),
        ({"answers": ["a"], "label": 0}, "number-of-options"),
        ({"answers": ["a"] * 11}, "number-of-options"),
        ({"id": None}, "wrong-type"),
        ({"topic": ""}, "bad-topic"),
        ({"text": "x" * 3_000}, "too-long"),
        ({"text": "🙂" * 1_500}, "too-long"),
        ({"answers": ["x ", "x > 1", "x ≥ 3"]}, "lost-sign"),
        ({"text": "Risolvere la disequazione: 1 – |x| "}, "lost-sign"),
        ({"answers": ["x  2", "x > 1", "x = 3"]}, "lost-sign"),
    ],
)
def test_what_cannot_be_asked_fairly_is_left_out(changes: dict[str, object], code: str) -> None:
    """Each defect of a row has its own code."""
    reading = read_rows(row(**changes))

    assert reading.bank.items == ()
    assert only_code(reading) == code


def test_case_tells_options_apart() -> None:
    """The genotype Bb is not BB."""
    assert read_rows(row(answers=["Bb", "BB", "bb"])).rejected == ()


def test_a_taken_name_is_refused() -> None:
    """The second question with an id is left out, with its line and the line of the first."""
    reading = read_rows(row(), row(text="Altra domanda?"))

    assert len(reading.bank.items) == 1
    assert reading.rejected[0].line == 2
    assert "line 1" in reading.rejected[0].reason


def test_broken_lines_do_not_stop_the_others() -> None:
    """Lines that are no JSON, no UTF-8, no object or nested too deep are named; the rest is read."""
    deep = b'{"id": ' + b"[" * 5_000 + b"]" * 5_000 + b"}"
    lines = [json.dumps(row()).encode(), b"{oops", b'{"id": "\xff"}', b"[1]", deep, b"", json.dumps(row(id=2)).encode()]

    reading = read_bank(b"\n".join(lines), "prova.jsonl")

    assert [item.slug for item in reading.bank.items] == ["prova-1", "prova-2"]
    assert [(one.line, one.code) for one in reading.rejected] == [
        (2, "bad-json"),
        (3, "not-utf8"),
        (4, "not-an-object"),
        (5, "bad-json"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marks_of_encodings_are_understood(encoding: str) -> None:
    """Files saved by Windows programs are read too."""
    content = json.dumps(row(text="Perché?"), ensure_ascii=False).encode(encoding)

    assert read_bank(content, "prova.jsonl").bank.items[0].wordings["it"].text == "Perché?"


@pytest.mark.parametrize(
    ("option", "anchored"),
    [
        ("nessuna delle altre alternative è corretta", True),
        ("tutte le precedenti", True),
        ("None of the others", True),
        ("Entrambe le risposte", True),
        ("A e B", True),
        ("Tutte le cellule hanno una membrana", False),
        ("entrambi gli alleli sono recessivi", False),
        ("le une con le altre", False),
    ],
)
def test_options_that_speak_of_others_keep_their_order(option: str, anchored: bool) -> None:  # noqa: FBT001  # a table
    """An option that names other options or places anchors the question."""
    assert read_rows(row(answers=["a", "b", option])).bank.items[0].anchored is anchored


def test_our_own_form_is_read() -> None:
    """A question in two languages, with errors beside its choices and the line of its header."""
    reading = read_bank(question(IT + EN), "own.toml")

    (item,) = reading.bank.items
    assert (reading.bank.name, reading.bank.licence, reading.bank.source) == ("own", "MIT", "us")
    assert (item.topic, item.right, item.line) == (("mathematics", "algebra"), (0,), 7)
    assert item.wordings["it"].errors == (None, "Hai contato uno in più.")
    assert item.wordings["en"].text == "How much is 2 + 2?"


def test_true_or_false_becomes_two_anchored_choices() -> None:
    """The error stands beside the wrong one, and the order is kept."""
    body = '[questions.it]\ntext = "È pari?"\nerror = "Hai guardato l\'altra cifra."'

    (item,) = read_bank(question(body, 'kind = "true-false"\nanswer = false'), "own.toml").bank.items

    assert item.wordings["it"].choices == ("Vero", "Falso")
    assert item.wordings["it"].errors == ("Hai guardato l'altra cifra.", None)
    assert (item.right, item.anchored) == ((1,), True)


def test_numeric_answers_are_exact() -> None:
    """Fractions and decimals of the file are kept without rounding."""
    body = '[questions.it]\ntext = "Quanto?"\nerrors = [ { value = "-4/3", error = "Hai scambiato." } ]'
    head = 'kind = "numeric"\nanswer = { value = "0.1", tolerance = "1/3", unit = "m/s" }'

    (item,) = read_bank(question(body, head), "own.toml").bank.items

    assert item.numeric is not None
    assert (item.numeric.value, item.numeric.tolerance, item.numeric.unit) == (Fraction(1, 10), Fraction(1, 3), "m/s")
    assert item.wordings["it"].numeric_errors == ((Fraction(-4, 3), "Hai scambiato."),)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (question(IT, 'kind = "essay"'), "unsupported-kind"),
        (question(IT, 'kind = "matching"'), "unsupported-kind"),
        (question(IT, 'kind = "single"\ncolour = "red"'), "invalid-field"),
        (question(IT, 'kind = "single"\ndifficulty = 6'), "invalid-field"),
        (question(IT.replace(", right = true", "")), "right-options"),
        (
            question(IT, 'kind = "multiple"').replace(b', error = "Hai contato uno in pi\xc3\xb9."', b", right = true"),
            "right-options",
        ),
        (question(IT.replace('"5"', '"4"')), "equal-options"),
        (question(IT + EN.replace('{ text = "5"', '{ text = "6" }, { text = "5"')), "options-differ"),
        (question(EN), "missing-original"),
        (question(IT.replace("right = true", 'right = true, error = "no"')), "right-option-with-error"),
        (question(IT, 'kind = "single"\npassage = "nowhere"'), "unknown-passage"),
        (question('[questions.it]\ntext = "Quanto?"', 'kind = "numeric"'), "no-number"),
        (question('[questions.it]\ntext = "Quanto?"', 'kind = "numeric"\nanswer = { value = "1/0" }'), "bad-number"),
        (question('[questions.it]\ntext = "Chi?"', 'kind = "short"'), "no-accepted-answer"),
        (question(IT.replace("Hai contato", "x" * 601)), "part-too-long"),
        (question(IT.replace("Hai contato", "🙂" * 301)), "part-too-long"),
        (question(IT + f'hints = ["uno", "{"x" * 601}"]'), "part-too-long"),
        (question(IT + f'explanation = "{"x" * 2_501}"'), "part-too-long"),
        (question(IT, f'kind = "single"\nformula = "{"x" * 501}"'), "part-too-long"),
        (question(IT, f'kind = "single"\nformula = "x"\nspoken = {{ it = "{"x" * 601}" }}'), "part-too-long"),
        (question(IT.replace("Quanto", "x" * 2_900), f'kind = "single"\nformula = "{"x" * 200}"'), "too-long"),
        (question(f'[questions.it]\ntext = "Chi?"\naccept = ["{"x" * 101}"]', 'kind = "short"'), "part-too-long"),
        (
            question(
                '[questions.it]\ntext = "Quanto?"',
                f'kind = "numeric"\nanswer = {{ value = "1", unit = "{"x" * 21}" }}',
            ),
            "part-too-long",
        ),
        (
            question(
                f'[questions.it]\ntext = "Quanto?"\nerrors = [ {{ value = "2", error = "{"x" * 601}" }} ]',
                'kind = "numeric"\nanswer = { value = "1" }',
            ),
            "part-too-long",
        ),
        (question(IT).replace(b'"one"', b'"One Two"'), "bad-slug"),
        (question(IT).replace(b"mathematics/algebra", b"a/b/c/d"), "bad-topic"),
        (
            question('[questions.fr]\ntext = "Q?"', 'kind = "true-false"\nanswer = true').replace(b'"it"', b'"fr"'),
            "unsupported-language",
        ),
    ],
)
def test_what_is_wrong_in_our_own_form_is_named(content: bytes, code: str) -> None:
    """Each rejected question is named by slug, line and reason."""
    reading = read_bank(content, "own.toml")

    assert reading.bank.items == ()
    assert only_code(reading) == code
    assert reading.rejected[0].line == 7


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (f'[[topics]]\npath = "a"\nit = "{"x" * 81}"', "part-too-long"),
        ('[[topics]]\npath = "a"\nit = " "', "invalid-field"),
        (PASSAGE.format(title="x" * 151, text="T"), "part-too-long"),
        (PASSAGE.format(title="T", text="x" * 12_001), "part-too-long"),
    ],
)
def test_names_and_passages_that_do_not_fit(table: str, code: str) -> None:
    """A name that is empty or longer than a button, and a passage longer than messages, are named."""
    assert only_code(read_bank(table.encode(), "own.toml")) == code


def test_our_own_lines_have_the_same_limits() -> None:
    """What `bank export` writes is looked at as what is written by hand, and has no more than ten hints."""
    (item,) = read_bank(question(IT), "own.toml").bank.items
    _, line = write_jsonl(Bank(name="own", licence="", source="", items=(item,)))
    named = {"type": "topic", "path": ["a"], "names": {"it": "x" * 81}}
    hints = line.replace('"hints":[]', '"hints":["uno"' + ',"due"' * 10 + "]")

    reading = read_bank("\n".join([json.dumps(named), hints]).encode(), "own.jsonl")

    assert [one.code for one in reading.rejected] == ["part-too-long", "invalid-field"]


def test_headers_inside_texts_are_no_headers() -> None:
    """A long text may speak of [[questions]] without moving the lines of the others."""
    tricky = question(IT.replace('"Quanto fa 2 + 2?"', '"""Che cosa fa\n[[questions]]\nin TOML?"""'))

    assert read_bank(tricky, "own.toml").bank.items[0].line == 7


def test_a_folder_is_one_bank(tmp_path: Path) -> None:
    """Passages, topics and questions of several files belong together; a rejection says its file."""
    (tmp_path / "topics.toml").write_text('[[topics]]\npath = "mathematics"\nit = "Matematica"\nen = "Mathematics"\n')
    (tmp_path / "a.toml").write_bytes(question(IT, 'kind = "single"\npassage = "text"'))
    (tmp_path / "b.toml").write_bytes(question(IT))
    passage = '[[passages]]\nslug = "text"\noriginal = "it"\n[passages.it]\ntitle = "T"\ntext = "Uno.\\n\\nDue."\n'
    (tmp_path / "c.toml").write_text(passage)

    reading = read_bank(tmp_path)

    assert [item.passage for item in reading.bank.items] == ["text"]
    assert reading.bank.passages[0].wordings["it"].text == "Uno.\n\nDue."
    assert reading.bank.topics[0].names == {"it": "Matematica", "en": "Mathematics"}
    assert [(one.file, one.code) for one in reading.rejected] == [("b.toml", "duplicate")]
    assert "a.toml, line 7" in reading.rejected[0].reason


def test_files_of_two_banks_do_not_mix(tmp_path: Path) -> None:
    """A folder whose files name different banks is refused."""
    (tmp_path / "a.toml").write_bytes(question(IT))
    (tmp_path / "b.toml").write_bytes(question(IT).replace(b'"MIT"', b'"CC"'))

    with pytest.raises(InvalidBank, match="another bank"):
        read_bank(tmp_path)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "x.jsonl"),
        (b"\xef\xbb\xbf \n\0", "x.toml"),
        (b"[1, 2]", "x.json"),
        (b"a = " + b"[" * 50_000, "x.toml"),
        (b"a = " + b"9" * 10_000, "x.toml"),
        (b"a." * 20_000 + b"a = 1", "x.toml"),
        (b"a  .   " * 20_000 + b"a = 1", "x.toml"),
        (b'"a".' * 20_000 + b"a = 1", "x.toml"),
        (b"questions = 3", "x.toml"),
        (b"recipes = 3", "x.toml"),
        (b'name = "\xff"', "x.toml"),
        (bytes(range(256)), "x"),
        (b"\xff\xfeabc", "x.jsonl"),
        (b"{}\n" * 100_001, "x.jsonl"),
        (b"[[questions]]\n" * 100_001, "x.toml"),
        (b"#" * 5_000_001, "x.toml"),
        (b" " * (MAX_BYTES + 1), "x.jsonl"),
    ],
    ids=lambda value: repr(value[:12]),
)
def test_a_hopeless_file_gives_one_sentence(content: bytes, name: str) -> None:
    """Whatever is wrong with the whole file ends in `InvalidBank`, never in a traceback."""
    with pytest.raises(InvalidBank) as refused:
        read_bank(content, name)

    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    """A missing file and an empty folder are hopeless too."""
    for path in (tmp_path / "no.toml", tmp_path):
        with pytest.raises(InvalidBank):
            read_bank(path)


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    """A symbolic link in a bank's folder is no file of the bank."""
    (tmp_path / "outside.txt").write_bytes(question(IT))
    folder = tmp_path / "bank"
    folder.mkdir()
    (folder / "a.toml").symlink_to(tmp_path / "outside.txt")

    with pytest.raises(InvalidBank):
        read_bank(folder)


def test_progress_is_told() -> None:
    """The callback hears of the end, and never goes back."""
    heard: list[tuple[int, int]] = []
    content = "\n".join(json.dumps(row(id=number)) for number in range(450)).encode()

    read_bank(content, "prova.jsonl", progress=lambda done, total: heard.append((done, total)))

    assert heard == sorted(heard)
    assert heard[-1] == (450, 450)
    assert len(heard) > 2


def test_every_reason_is_a_sentence_about_its_details() -> None:
    """No code of the table is without words."""
    for code in REASONS:
        assert Rejection(line=1, slug=None, code=code).code in REASONS
