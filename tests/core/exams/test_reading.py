"""Reading exam files: what they may say, and how every problem is named."""

import time
from fractions import Fraction
from pathlib import Path

import pytest

from core.exams.formats import ClockKind, Destination, PassRule, Rounding, RoundingMode, RuleKind, Scoring
from core.exams.reading import MAX_BYTES, MAX_LINE, UnusableExam, read_exam
from core.questions.model import Kind

HEAD = """
slug = "Prova-1"
names = { it = "Prova" }
options = 5
scoring = { right = 1, blank = 0, wrong = -0.25 }
"""
ALGEBRA = """
[[sections]]
key = "algebra"
names = { it = "Algebra" }
questions = 10
minutes = 20
topics = ["mathematics/algebra"]
"""
LOGIC = """
[[sections]]
key = "logic"
names = { it = "Logica", en = "Logic" }
questions = 5
minutes = 10
topics = ["logic"]
"""
SOUND = HEAD + ALGEBRA + LOGIC


def problems(text: str, known: set[tuple[str, ...]] | None = None) -> tuple[str, ...]:
    """What is wrong with this file."""
    with pytest.raises(UnusableExam) as refused:
        read_exam(text.encode(), known_topics=known)
    return refused.value.problems


def changed(old: str, new: str, text: str = SOUND) -> str:
    """A sound file with its first `old` made `new`."""
    assert old in text
    return text.replace(old, new, 1)


def test_a_file_that_says_everything() -> None:
    """Every field arrives, and fractions are exact."""
    exam = read_exam(
        b"""
slug = "ABC-1"
order = 4
clock = "paper"
minutes = 7.5
min_minutes = "1/2"
kind = "single"
options = 4
source = "a  page"

[names]
it = "Prova"
en = "Test"

[notes]
it = "Nota"

[scoring]
right = 1.5
blank = 0
wrong = "-0.4"

[rounding]
places = 0
mode = "half-even"

[[sections]]
key = "a"
names = { it = "A" }
questions = 6
topics = ["mathematics", "logic/verbal"]
passages = 3
weight = "2.25/13"

[[sections]]
key = "b-2"
names = { en = "B" }
questions = 4
kind = "true-false"
topics = ["logic"]
scoring = { right = 2, blank = 0, wrong = 0 }
in_total = false

[[passes]]
kind = "total"
at_least = "1/3"

[[passes]]
kind = "section"
section = "a"
at_least = 3.5

[[destinations]]
name = "Siena"
weights = { b-2 = 0.1 }
source = "the call"

[[destinations.passes]]
kind = "errors"
section = "b-2"
at_most = 0
blank_is_error = false

[[destinations]]
name = "Pisa"

[[variants]]
key = "mini"
names = { en = "Mini" }
questions = { a = 3 }
""",
        known_topics={("mathematics", "algebra", "powers"), ("logic", "verbal")},
    )

    first, second = exam.sections
    assert (exam.slug, exam.order, exam.source) == ("ABC-1", 4, "a page")
    assert (exam.names, exam.notes) == ({"it": "Prova", "en": "Test"}, {"it": "Nota"})
    assert (exam.clock, exam.minutes, exam.min_minutes) == (ClockKind.PAPER, Fraction(15, 2), Fraction(1, 2))
    assert exam.rounding == Rounding(0, RoundingMode.HALF_EVEN)
    assert (first.key, first.questions, first.options, first.passages) == ("a", 6, 4, 3)
    assert first.topics == (("mathematics",), ("logic", "verbal"))
    assert first.scoring == Scoring(Fraction(3, 2), Fraction(0), Fraction(-2, 5))
    assert (first.weight, first.minutes, first.min_minutes) == (Fraction(9, 52), None, 0)
    assert (second.kind, second.options, second.in_total) == (Kind.TRUE_FALSE, None, False)
    assert second.scoring == Scoring(Fraction(2), Fraction(0), Fraction(0))
    assert exam.passes == (
        PassRule(RuleKind.TOTAL, at_least=Fraction(1, 3)),
        PassRule(RuleKind.SECTION, "a", at_least=Fraction(7, 2)),
    )
    rule = PassRule(RuleKind.ERRORS, "b-2", at_most=0, blank_is_error=False)
    assert exam.destinations == (
        Destination("Siena", {"b-2": Fraction(1, 10)}, (rule,), "the call"),
        Destination("Pisa", {"a": Fraction(9, 52)}),
    )
    assert [(one.key, one.names, one.questions) for one in exam.variants] == [("mini", {"en": "Mini"}, {"a": 3})]


def test_what_a_file_need_not_say() -> None:
    """A clock for each section, two places, no rules; a section counts once, with the exam's options and scoring."""
    exam = read_exam(SOUND.encode())

    assert (exam.clock, exam.minutes, exam.order, exam.rounding) == (ClockKind.SECTION, None, 100, Rounding())
    assert (exam.passes, exam.destinations, exam.variants) == ((), (), ())
    assert [(one.options, one.weight, one.in_total, one.min_minutes) for one in exam.sections] == [(5, 1, True, 0)] * 2
    assert {one.scoring for one in exam.sections} == {Scoring(Fraction(1), Fraction(0), Fraction(-1, 4))}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("20", "20"),
        ("0.5", "1/2"),
        ("1e1", "10"),
        ('"1/4"', "1/4"),
        ('"2.25/13"', "9/52"),
        ('"2.25 / 0.5"', "9/2"),
        ('" 7 "', "7"),
    ],
)
def test_exact_numbers(written: str, value: str) -> None:
    """Minutes are a number, a decimal or a fraction."""
    exam = read_exam(changed("minutes = 20", f"minutes = {written}").encode())

    assert exam.sections[0].minutes == Fraction(value)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('slug = "Prova-1"', "", "slug: is missing"),
        ('"Prova-1"', '"Prova 1"', "slug: must be 1 to 18 letters, digits and hyphens, it is “Prova 1”"),
        ('"Prova-1"', f'"{"x" * 19}"', f"slug: must be 1 to 18 letters, digits and hyphens, it is “{'x' * 19}”"),
        ('names = { it = "Prova" }', "", "names: is missing"),
        ('{ it = "Prova" }', "{}", "names: at least one language is needed"),
        ('{ it = "Prova" }', '{ it = "Prova", ita = "P" }', "names: “ita” is no language of two small letters such as"),
        ('{ it = "Prova" }', '{ it = " " }', "names.it: is empty"),
        ('{ it = "Prova" }', f'{{ it = "{"x" * 81}" }}', "names.it: has 81 signs, 80 are allowed"),
        ('{ it = "Prova" }', "{ it = 3 }", "names.it: must be a text, it is 3"),
        ('{ it = "Prova" }', '"Prova"', "names: must be a table, it is “Prova”"),
        ("options = 5", "options = 1", "options: must be from 2 to 8, it is 1"),
        ("options = 5", "options = 9", "options: must be from 2 to 8, it is 9"),
        ("options = 5", "options = 5.0", "options: must be a whole number, it is 5.0"),
        ("options = 5", "options = true", "options: must be a whole number, it is true"),
        ("options = 5", 'options = 5\nclock = "none"', "clock: must be section or paper, it is “none”"),
        ("options = 5", "options = 5\nclock = []", "clock: must be section or paper, it is a list"),
        ("options = 5", "options = 5\nclock = 3", "clock: must be section or paper, it is 3"),
        ("options = 5", 'options = 5\nkind = "short"', "kind: must be single or true-false, it is “short”"),
        ("options = 5", "options = 5\norder = -1", "order: must be from 0 to 1,000, it is -1"),
        ("options = 5", "options = 5\nminuts = 3", "minuts: is no field of this table; is it minutes?"),
        ("options = 5", "options = 5\nminutes = 3", "minutes: each section has a clock of its own; for one over the"),
        ("options = 5", "options = 5\nmin_minutes = 3", "min_minutes: each section has a clock of its own; for one"),
        ("options = 5", "options = 5\nrounding = { places = 7 }", "rounding, places: must be from 0 to 6, it is 7"),
        ("options = 5", "options = 5\nrounding = { places = -1 }", "rounding, places: must be from 0 to 6, it is -1"),
        (
            "options = 5",
            'options = 5\nrounding = { mode = "up" }',
            "rounding, mode: must be half-up or half-even or do",
        ),
        ("right = 1,", "", "scoring, right: is missing"),
        ("right = 1", "right = 0", "scoring, right: must be more than 0, it is 0"),
        ("wrong = -0.25", "wrong = 1", "scoring, wrong: 1 must be less than right, which is 1"),
        ("blank = 0", "blank = 1.5", "scoring, blank: 3/2 must not be more than right, which is 1"),
        ("wrong = -0.25", 'wrong = "-1/0"', "scoring, wrong: must be a number like 20, 0.25 or"),
        ("wrong = -0.25", 'wrong = "0,25"', "scoring, wrong: must be a number like 20, 0.25 or"),
        ("wrong = -0.25", "wrong = true", "scoring, wrong: must be a number like 20, 0.25 or"),
        ("wrong = -0.25", "wrong = {}", "scoring, wrong: must be a number like 20, 0.25 or"),
        ("wrong = -0.25", "wrong = 2020-01-01", "scoring, wrong: must be a number like 20, 0.25 or"),
        ("wrong = -0.25", "wrong = nan", "scoring, wrong: must be a number like 20, 0.25 or"),
        ("wrong = -0.25", "wrong = -1_000_000_000", "scoring, wrong: must be a number like 20, 0.25 or"),
        ("wrong = -0.25", "wrong = -1e-10", "scoring, wrong: must be a number like 20, 0.25 or"),
        ("wrong = -0.25", "wrong = -1e-999999999", "scoring, wrong: must be a number like 20, 0.25 or"),
        ("wrong = -0.25", "wrong = -1e9", "scoring, wrong: must be a number like 20, 0.25 or"),
        ("wrong = -0.25", "wrong = -1e999999999", "scoring, wrong: must be a number like 20, 0.25 or"),
        ("wrong = -0.25", "wrong = -1e-99999999999999999999", "scoring, wrong: must be a number like 20, 0.25 or"),
        ("wrong = -0.25", "wrong = -0.25, skip = 0", "scoring, skip: is no field of this table"),
        ('key = "algebra"', "", "section 1, key: is missing"),
        ('"algebra"', '"Algebra!"', "section 1 (Algebra!), key: must be small letters, digits and single hyphens, at"),
        ('"algebra"', '"logic"', "section 2 (logic), key: another section is called logic"),
        ('"algebra"', '"full"', "section 1 (full), key: “full” is what the whole paper is called"),
        ('names = { it = "Algebra" }', "", "section 1 (algebra), names: is missing"),
        ("questions = 10", "", "section 1 (algebra), questions: is missing"),
        ("questions = 10", "questions = 0", "section 1 (algebra), questions: must be from 1 to 300, it is 0"),
        ("questions = 10", "questions = -20", "section 1 (algebra), questions: must be from 1 to 300, it is -20"),
        ("questions = 10", 'questions = "10"', "section 1 (algebra), questions: must be a whole number, it is “10”"),
        ("questions = 10", "questions = 1_000_000_000_000_000_000_000", "section 1 (algebra), questions: must be from"),
        ("questions = 10", "questions = 296", "sections: 301 questions in all, 300 are allowed"),
        ("minutes = 20", "", "section 1 (algebra), minutes: is missing"),
        ("minutes = 20", "minutes = 0", "section 1 (algebra), minutes: must be more than 0, it is 0"),
        ("minutes = 20", "minutes = -0.5", "section 1 (algebra), minutes: must be more than 0, it is -0.5"),
        ("minutes = 20", "minutes = 0.01", "section 1 (algebra), minutes: is less than a second"),
        ("minutes = 20", "minutes = 590.5", "sections: 1201/2 minutes in all, 600 are allowed"),
        ("minutes = 20", "minutes = 20\nmin_minutes = 20.5", "section 1 (algebra), min_minutes: 41/2 is more than the"),
        ("minutes = 20", "minutes = 20\nmin_minutes = -1", "section 1 (algebra), min_minutes: must be at least 0, it"),
        ("minutes = 20", "minutes = 20\nweight = 0", "section 1 (algebra), weight: must be more than 0, it is 0"),
        ("minutes = 20", "minutes = 20\noptions = 9", "section 1 (algebra), options: must be from 2 to 8, it is 9"),
        ("minutes = 20", 'minutes = 20\nin_total = "no"', "section 1 (algebra), in_total: must be true or false, it"),
        ("minutes = 20", "minutes = 20\nscoring = 1", "section 1 (algebra), scoring: must be a table, it is 1"),
        ("minutes = 20", "minutes = 20\nscoring = { right = 1, blank = 0 }", "section 1 (algebra), scoring, wrong: is"),
        ("minutes = 20", "minutes = 20\npassages = 3", "section 1 (algebra), passages: 10 questions cannot be shared"),
        ("minutes = 20", "minutes = 20\npassages = 0", "section 1 (algebra), passages: must be from 1 to 300, it is 0"),
        ("minutes = 20", "minutes = 20\nweigth = 2", "section 1 (algebra), weigth: is no field of this table; is it"),
        ('topics = ["mathematics/algebra"]', "", "section 1 (algebra), topics: is missing"),
        ('["mathematics/algebra"]', "[]", "section 1 (algebra), topics: must hold from 1 to 20 words, it holds 0"),
        ('["mathematics/algebra"]', '"logic"', "section 1 (algebra), topics: must be a list of words, it is “logic”"),
        ('["mathematics/algebra"]', '["Logic"]', "section 1 (algebra), topics: “Logic” is no topic: one to three"),
        ('["mathematics/algebra"]', '["a/b/c/d"]', "section 1 (algebra), topics: “a/b/c/d” is no topic: one to three"),
        ('["mathematics/algebra"]', '["a", "a"]', "section 1 (algebra), topics: “a” stands there twice"),
        (ALGEBRA + LOGIC, "", "sections: is missing"),
        (ALGEBRA + LOGIC, "sections = []", "sections: an exam has at least one"),
        (ALGEBRA + LOGIC, "sections = 3", "sections: must be written as [[sections]], one table each"),
        ("options = 5", "", "section 1 (algebra), options: is missing, here or for the whole exam"),
        ("scoring = {", "#", "section 1 (algebra), scoring: is missing, here and for the whole exam"),
    ],
)
def test_a_problem_is_named_with_its_place(old: str, new: str, problem: str) -> None:
    """Which section, which field, and what is wrong with it."""
    found = problems(changed(old, new))

    assert found[0].startswith(problem)


@pytest.mark.parametrize(
    ("added", "problem"),
    [
        (
            '[[passes]]\nkind = "points"',
            "pass rule 1 (points), kind: must be total or section or errors, it is “points”",
        ),
        ("[[passes]]\nat_least = 3", "pass rule 1, kind: is missing"),
        ('[[passes]]\nkind = "total"', "pass rule 1 (total), at_least: is missing"),
        ('[[passes]]\nkind = "total"\nat_most = 3\nat_least = 3', "pass rule 1 (total), at_most: points have at_least"),
        ('[[passes]]\nkind = "total"\nat_least = 15.25', "pass rule 1 (total), at_least: 61/4 cannot be reached: 15"),
        ('[[passes]]\nkind = "total"\nsection = "logic"\nat_least = 1', "pass rule 1 (total), section: the total is"),
        (
            '[[passes]]\nkind = "total"\nat_least = 1\nblank_is_error = true',
            "pass rule 1 (total), blank_is_error: only",
        ),
        ('[[passes]]\nkind = "section"\nat_least = 1', "pass rule 1 (section), section: is missing"),
        (
            '[[passes]]\nkind = "section"\nsection = "logik"\nat_least = 1',
            "pass rule 1 (section), section: there is no section “logik”; is it logic?",
        ),
        (
            '[[passes]]\nkind = "section"\nsection = "logic"\nat_least = 6',
            "pass rule 1 (section), at_least: 6 cannot be reached: 5 points are the most",
        ),
        ('[[passes]]\nkind = "errors"', "pass rule 1 (errors), at_most: is missing"),
        ('[[passes]]\nkind = "errors"\nat_most = -1', "pass rule 1 (errors), at_most: must be from 0 to 300, it is -1"),
        ('[[passes]]\nkind = "errors"\nat_least = 1\nat_most = 1', "pass rule 1 (errors), at_least: errors have at_m"),
        ('[[passes]]\nkind = "errors"\nat_most = 1\nmost = 2', "pass rule 1 (errors), most: is no field of this table"),
        ("[[destinations]]", "destination 1, name: is missing"),
        (
            '[[destinations]]\nname = "Pisa"\nweights = {}',
            "destination 1 (Pisa), weights: at least one section must co",
        ),
        (
            '[[destinations]]\nname = "Pisa"\nweights = { logik = 2 }',
            "destination 1 (Pisa), weights, logik: there is no section “logik”; is it logic?",
        ),
        (
            '[[destinations]]\nname = "Pisa"\nweights = { logic = -2 }',
            "destination 1 (Pisa), weights, logic: must be more than 0, it is -2",
        ),
        (
            '[[destinations]]\nname = "A"\nweights = {logic = 2}\npasses = [{ kind = "total", at_least = 11 }]',
            "destination 1 (A), pass rule 1 (total), at_least: 11 cannot be reached: 10 points are the most",
        ),
        ('[[variants]]\nnames = { it = "M" }\nquestions = { logic = 1 }', "variant 1, key: is missing"),
        ('[[variants]]\nkey = "mini"\nquestions = { logic = 1 }', "variant 1 (mini), names: is missing"),
        ('[[variants]]\nkey = "mini"\nnames = { it = "M" }', "variant 1 (mini), questions: is missing"),
        (
            '[[variants]]\nkey = "mini"\nnames = { it = "M" }\nquestions = {}',
            "variant 1 (mini), questions: at least one section must be there",
        ),
        (
            '[[variants]]\nkey = "mini"\nnames = { it = "M" }\nquestions = { logic = 6 }',
            "variant 1 (mini), questions, logic: 6 are more than the 5 questions of the section",
        ),
        (
            '[[variants]]\nkey = "mini"\nnames = { it = "M" }\nquestions = { logic = 0 }',
            "variant 1 (mini), questions, logic: must be from 1 to 300, it is 0",
        ),
        (
            '[[variants]]\nkey = "mini"\nnames = { it = "M" }\nquestions = { maths = 1 }',
            "variant 1 (mini), questions, maths: there is no section “maths”",
        ),
        (
            '[[variants]]\nkey = "logic"\nnames = { it = "M" }\nquestions = { logic = 1 }',
            "variant 1 (logic), key: another section or variant is called logic",
        ),
        (
            '[[variants]]\nkey = "full"\nnames = { it = "M" }\nquestions = { logic = 1 }',
            "variant 1 (full), key: “full” is what the whole paper is called",
        ),
    ],
)
def test_a_problem_of_what_refers_to_sections(added: str, problem: str) -> None:
    """Pass rules, destinations and variants name sections that are there and points that can be reached."""
    (found,) = problems(SOUND + added)

    assert found.startswith(problem)


def test_one_clock_needs_its_minutes_and_sections_have_none() -> None:
    """Under one clock for the paper, the paper says its time and no section does."""
    found = problems('clock = "paper"\n' + SOUND)

    why = "one clock runs over the whole paper; for one of its own write clock = “section”"
    assert found == (
        "minutes: is missing",
        f"section 1 (algebra), minutes: {why}",
        f"section 2 (logic), minutes: {why}",
    )


def test_one_clock_that_runs_too_long() -> None:
    """Ten hours are the most; the least time is within the time."""
    text = 'clock = "paper"\nminutes = 601\nmin_minutes = 602\n' + SOUND.replace("minutes = 20", "").replace(
        "minutes = 10", ""
    )

    assert problems(text) == (
        "min_minutes: 602 is more than the 601 minutes there are",
        "minutes: 601 minutes in all, 600 are allowed",
    )


def test_true_or_false_has_no_options() -> None:
    """There are always two."""
    found = problems(changed("minutes = 20", 'minutes = 20\nkind = "true-false"\noptions = 3'))

    assert found == ("section 1 (algebra), options: true or false has no options to count",)


def test_something_must_count() -> None:
    """An exam whose sections all stay outside the total has none."""
    found = problems(SOUND.replace("topics", "in_total = false\ntopics"))

    assert found == ("sections: none counts in the total",)


def test_the_most_points_are_those_of_what_counts() -> None:
    """A total of 10 cannot be reached where only the 5 questions of logic count."""
    rule = '[[passes]]\nkind = "total"\nat_least = 10'

    assert problems(changed("minutes = 20", "minutes = 20\nin_total = false") + rule) == (
        "pass rule 1 (total), at_least: 10 cannot be reached: 5 points are the most",
    )


def test_all_problems_are_named_at_once() -> None:
    """In the order of the file's parts, each with its place."""
    text = changed("questions = 10", "questions = -20").replace("options = 5", "options = 1").replace("= 10", "= 0")

    assert problems(text) == (
        "options: must be from 2 to 8, it is 1",
        "section 1 (algebra), questions: must be from 1 to 300, it is -20",
        "section 2 (logic), minutes: must be more than 0, it is 0",
    )


def test_one_mistake_is_one_problem() -> None:
    """What refers to a section that is wrong, or follows from a word that is wrong, is not blamed too."""
    rule = '[[passes]]\nkind = "section"\nsection = "algebra"\nat_least = 900'

    assert len(problems(changed("questions = 10", "questions = -20") + rule)) == 1
    assert len(problems('clock = "paperr"\n' + SOUND)) == 1
    assert len(problems('kind = "true"\n' + SOUND.replace("options = 5", ""))) == 1
    assert len(problems(changed("right = 1", "right = -1") + rule)) == 1
    assert len(problems(SOUND.replace('key = "algebra"', "").replace('key = "logic"', ""))) == 2


def test_unknown_topics_are_found() -> None:
    """A misspelt topic is named, with the one that is meant; what leads to a known topic is known."""
    known = {("mathematics", "algebra", "powers"), ("logic", "verbal")}

    read_exam(SOUND.encode(), known_topics=known)
    found = problems(SOUND.replace('"mathematics/algebra"', '"mathematics/algebr", "biology"'), known)

    assert found == (
        "section 1 (algebra), topics: there is no topic “mathematics/algebr”; is it mathematics/algebra?",
        "section 1 (algebra), topics: there is no topic “biology”",
    )


def test_ten_thousand_sections_are_refused_at_once() -> None:
    """In a second, and not in ten thousand lines."""
    text = HEAD + "[[sections]]\nkey=1\n" * 9_998 + ALGEBRA + LOGIC

    before = time.perf_counter()
    with pytest.raises(UnusableExam) as refused:
        read_exam(text.encode())

    assert time.perf_counter() - before < 2
    assert refused.value.problems[0] == "sections: there are 10,000, 30 are allowed"
    assert len(str(refused.value).splitlines()) == 21
    assert str(refused.value).splitlines()[-1].startswith("... and 1")


def test_more_sections_than_allowed() -> None:
    """Thirty are the most, and rules that name the thirty-first are not blamed."""
    one = ALGEBRA.replace("questions = 10", "questions = 1").replace("minutes = 20", "minutes = 2")
    sections = [one.replace("algebra", f"s{n}") for n in range(31)]
    rule = '[[passes]]\nkind = "section"\nsection = "s30"\nat_least = 1'

    assert len(read_exam((HEAD + "".join(sections[:30])).encode()).sections) == 30
    assert problems(HEAD + "".join(sections) + rule) == ("sections: there are 31, 30 are allowed",)


def test_unknown_topics_without_number_are_refused_at_once() -> None:
    """Six hundred misspelt topics against a thousand known ones."""
    topics = ", ".join(f'"mathematics/algebra-{n}"' for n in range(20))
    sections = [ALGEBRA.replace('"mathematics/algebra"', topics).replace("algebra", f"s{n}", 1) for n in range(30)]

    before = time.perf_counter()
    found = problems(HEAD + "".join(sections), {("mathematics", f"topic-number-{n}") for n in range(1_000)})

    assert time.perf_counter() - before < 5
    assert len(found) == 20


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'slug = "X"\nslug =\n', "The file is not TOML: Invalid value (at line 2, column 7)."),
        (
            b'slug = "X"\n\nnames = {',
            "The file is not TOML: Invalid initial character for a key part (at the end, line 3).",
        ),
        (b'slug = "X"\nnames = "\xff"', "The file is not UTF-8 in line 2."),
        (b" \n", "The file is empty."),
        (b"#" * (MAX_BYTES + 1), "The file has 200,001 bytes; 200,000 are allowed."),
        (b"\n" + b"#" * (MAX_LINE + 1), "Line 2 has 1,001 signs; 1,000 are allowed."),
        (b"x = " + b"[\n" * 50_000, "The file is not TOML that can be read: nested too deep, or a number too large."),
        (b"{}", "The file is not TOML: Invalid statement (at line 1, column 1)."),
    ],
)
def test_what_is_no_toml(content: bytes, problem: str) -> None:
    """The line is named, where there is one."""
    with pytest.raises(UnusableExam) as refused:
        read_exam(content)

    assert refused.value.problems == (problem,)
    assert str(refused.value) == problem


def test_names_with_many_dots_cost_no_memory() -> None:
    """As many dotted names as the file may hold are read in a moment."""
    before = time.perf_counter()
    found = problems("".join("a." * 490 + f"b{n} = 1\n" for n in range(195)))

    assert time.perf_counter() - before < 3
    assert "a: is no field of this table" in found


def test_a_file_with_a_byte_order_mark_and_windows_lines() -> None:
    """Editors under Windows write both."""
    exam = read_exam(b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode())

    assert exam.slug == "Prova-1"


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    """The reason of the system is said, and no path."""
    with pytest.raises(UnusableExam) as refused:
        read_exam(tmp_path / "none.toml")

    assert refused.value.problems == ("The file cannot be opened: No such file or directory.",)


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    """Its size is enough."""
    file = tmp_path / "large.toml"
    file.write_bytes(b"#" * (MAX_BYTES + 1))

    with pytest.raises(UnusableExam, match="200,001 bytes"):
        read_exam(file)


def test_signs_that_cannot_be_shown_are_left_out() -> None:
    """Control signs and line breaks do not get into names."""
    exam = read_exam(changed('{ it = "Prova" }', r'{ it = "Pro\u0000va\n\u202euno" }').encode())

    assert exam.name("it") == "Prova uno"
