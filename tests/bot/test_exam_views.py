"""Every screen of an exam, over the whole starter bank and over the nastiest exam that a file may describe."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from bot.callbacks import ExamPassage
from bot.i18n import LANGUAGES, Translator, translator
from bot.playground.entities import parse_html, utf16_length
from bot.screens import TEXT_LIMIT, Screen
from bot.views import exam as exam_view
from bot.views import home, marks, paper, standing
from core.exams import rules
from core.exams.exams import passes
from core.exams.formats import (
    FULL,
    ClockKind,
    Destination,
    ExamFormat,
    PassRule,
    Rounding,
    RuleKind,
    Scoring,
    Section,
    Variant,
)
from core.exams.model import ClosedBy, Notice, PaperItem, SectionState, SectionStatus, Shortage, Sitting
from core.exams.outcomes import Between, Checked, ExamMenu, Face, Offer, OnPaper, Over, Pick, Unchanged, Why
from core.exams.scoring import Scored, score
from core.ids import ChoiceId, ExamId, QuestionId, SittingId, TopicId, UserId, VersionId
from core.people.model import Person, Role
from core.questions.model import Bank, Choice, Item, Kind, Passage, PassageWording, QuestionVersion, Wording
from core.questions.reading import checks, read_bank
from core.whereabouts import AtHome
from storage.content import STARTER, bundled_exams
from tests import builders

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ZONE = "Europe/Rome"
WILD = "<b>&\"'</i>🙂{ $x } "
NAME = (WILD * 10)[:74]
"""As long as a name may be, eighty signs as Telegram counts them, all of them nasty."""
LABEL_LIMIT = 64
TALL = Fraction(10**6, 7)
ENDED = (None, "finished", "abandoned", "lapsed")


@pytest.fixture(scope="module")
def starter() -> Bank:
    """The bundled bank."""
    return read_bank(STARTER, "starter").bank


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_of_the_starter_bank(starter: Bank, language: str) -> None:
    """On paper in every state and side, and looked at afterwards, right, wrong, blank, never reached."""
    t = translator(language)
    passages = {passage.slug: passage for passage in starter.passages}
    shown = 0
    for asked in starter.items:
        if asked.kind is Kind.SINGLE:
            for screen in _item_screens(_version(asked, passages), t):
                _check(screen)
                shown += 1

    assert shown > 10 * 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_bundled_exams(language: str) -> None:
    """List, parts, rules, pause and result of every exam that comes with the program."""
    t = translator(language)
    offers = tuple(Offer(exam, {}) for exam in bundled_exams())

    for screen in _screens_around(offers, t):
        _check(screen)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("clock", list(ClockKind))
def test_the_largest_exam_that_a_file_may_describe(language: str, clock: ClockKind) -> None:
    """Thirty sections with names of eighty signs, a hundred destinations, thirty rules: every list is cut in time."""
    t = translator(language)
    wild = _largest(clock)
    short = {FULL: tuple(Shortage(section, 3) for section in wild.sections)}
    offers = (Offer(wild, {}), *(Offer(replace(wild, slug=f"X{n}" * 6), short) for n in range(40)))

    for screen in _screens_around(offers, t):
        _check(screen)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [1, 30, 31, 300])
def test_grid_of_any_size(language: str, count: int) -> None:
    """Thirty numbers a page in rows of five, every number once, with ✓ and ⚑ on each."""
    t = translator(language)
    running = _running(_sitting(builders.exam(builders.section("s", count)), choice=0, flagged=True))
    version = _version(_nasty_item(), {})
    numbers = []
    for page in range(-(-count // 30)):
        screen = paper.paper(OnPaper(running, version, Face.GRID, page), t, ZONE, now=NOW)
        _check(screen)
        numbers += [key.label for row in screen.keys for key in row if "✓" in key.label]

    assert numbers == [f"{number} ✓⚑" for number in range(1, count + 1)]
    _check(paper.paper(OnPaper(running, version, Face.HAND_IN), t, ZONE, now=NOW))
    blank = _running(_sitting(running.exam))
    _check(paper.paper(OnPaper(blank, version, Face.HAND_IN), t, ZONE, now=NOW))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["options", "formula", "true-false", "passage"])
def test_nastiest_questions(language: str, kind: str) -> None:
    """HTML in every text, options of a thousand signs, a formula, a passage of twelve thousand: all have room."""
    t = translator(language)

    for screen in _item_screens(_nasty_version(kind), t, _largest(ClockKind.SECTION)):
        _check(screen, caption=False)


@pytest.mark.parametrize("title", ["T" * checks.MAX_TITLE, "🙂" * (checks.MAX_TITLE // 2)])
@pytest.mark.parametrize("word", ["word ", "w" * 5_000 + " ", "🙂" * 3_000, "a\n\n", "&<b> "])
def test_pieces_of_a_passage(title: str, word: str) -> None:
    """A passage of any words is told whole, in messages that Telegram takes, numbered where there are several."""
    text = (word * checks.MAX_PASSAGE)[: checks.MAX_PASSAGE]
    version = replace(_nasty_version("passage"), passage={"it": PassageWording(title, text)})

    screens = paper.passages(version, translator("it"))

    told = ""
    for screen in screens:
        _check(screen)
        told += parse_html(str(screen.text))[0].split("\n\n", 1)[1]
    assert told.split() == text.split() or "".join(told.split()) == "".join(text.split())
    assert len(screens) > 1


def test_passage_is_above_its_question_or_has_a_key() -> None:
    """There is no length at which a passage is neither above its question nor behind a key."""
    running = _running(_sitting(_largest(ClockKind.SECTION), choice=0, flagged=True))
    stands = []
    for size in range(0, 4_000, 7):
        text = PassageWording("Title", "p" * size + "!")
        version = replace(_nasty_version("passage"), passage={"it": text})
        screen = paper.paper(OnPaper(running, version, notice=Notice.FIVE_MINUTES), translator("it"), ZONE, now=NOW)
        stands.append(text.text in screen.text)
        assert stands[-1] is not any(isinstance(key.press, ExamPassage) for row in screen.keys for key in row)
        _check(screen)

    assert (stands[0], stands[-1]) == (True, False)
    assert stands == sorted(stands, reverse=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", list(Notice))
def test_notices(language: str, notice: Notice) -> None:
    """What is told without having been asked makes a sound and says first what it is."""
    t = translator(language)
    exam = builders.some_exam()
    told: tuple[OnPaper | Between | Over, ...] = (Over(_ended(exam, "lapsed"), _scored(exam), notice),)
    if notice in rules.AHEAD:
        told = (OnPaper(_running(_sitting(exam)), _version(_nasty_item(), {}), notice=notice),)
    elif notice is Notice.TIME_UP:
        told = (Between(_between(exam, 1, ClosedBy.TIME), notice=notice), Over(_ended(exam), _scored(exam), notice))
    for one in told:
        screen = standing.where(one, t, ZONE, now=NOW)
        _check(screen)
        assert not screen.silent


@pytest.mark.parametrize("language", LANGUAGES)
def test_late_text_is_told_so(language: str) -> None:
    """A text that came after the deadline gets the sentence about it, before where one is."""
    t = translator(language)
    exam = builders.some_exam()
    outcome = Unchanged(Between(_between(exam, 1, ClosedBy.TIME)), Why.TIME_UP)

    screen = standing.wrote(outcome, t, Role.STUDENT, ZONE, now=NOW)

    assert str(screen.text).startswith(str(t("exam-notice-time-up", section=exam.sections[0].name(language))))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("points", "answer"),
    [
        (("1", "0", "-1/4"), "wrong"),
        (("3/2", "0", "-2/5"), "right"),
        (("1", "0", "0"), None),
        (("1/3", "-1/7", "-1"), None),
    ],
)
def test_results_of_every_kind(language: str, points: tuple[str, str, str], answer: str | None) -> None:
    """All wrong and below zero, all right, nothing at all; finished, given up, lapsed, not begun; rules or none."""
    t = translator(language)
    sections = tuple(builders.section(key, 5, points=points) for key in ("maths", "logic"))
    plain = builders.exam(*sections)
    judged = replace(
        plain, passes=_rules("maths", 3), destinations=(Destination(NAME, {"maths": TALL}, _rules("maths", 1)),)
    )
    for exam in (plain, judged, replace(judged, rounding=Rounding(6))):
        for end in ENDED[1:]:
            choice = {"wrong": 1, "right": 0, None: None}[answer]
            for choice_ in (choice, None):
                ended = _ended(exam, end, choice=choice_)
                for screen in (marks.over(Over(ended, _of(ended)), t), marks.debrief(Over(ended, _of(ended)), t)):
                    _check(screen)
        untouched = replace(_ended(exam, "lapsed"), sections=tuple(map(_never, _sitting(exam).sections)))
        _check(marks.over(Over(untouched, _of(untouched)), t))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 2, 4, 9, 12])
def test_history_of_any_length(language: str, count: int) -> None:
    """A page of eight, the way to the next one, a chart from the second sitting on."""
    t = translator(language)
    wild = replace(_largest(ClockKind.SECTION), slug="X" * 18)
    results = [Over(ended, _of(ended)) for ended in (_ended(wild, ENDED[1 + n % 3] or "") for n in range(count))]

    for page in (0, 1, 50):
        screen = marks.history(results, page, t, ZONE)
        _check(screen)
        assert (screen.picture is not None) is (page == 0 and count >= 4)


def test_history_of_negative_scores() -> None:
    """Totals below zero are in the chart and in words with their sign."""
    t = translator("it")
    exam = builders.some_exam()
    ended = [_ended(exam, choice=1), _ended(exam, choice=0), _ended(exam, choice=1)]

    screen = marks.history([Over(one, _of(one)) for one in ended], 0, t, ZONE)

    _check(screen)
    assert screen.picture is not None
    assert screen.picture.values == (-25, 100, -25)  # type: ignore[union-attr]
    assert "−1,75 su 7" in screen.keys[0][0].label


def _screens_around(offers: Sequence[Offer], t: Translator) -> Iterator[Screen]:
    """Every screen but those of an item."""
    yield exam_view.menu(ExamMenu(tuple(offers)), t)
    yield exam_view.menu(ExamMenu(tuple(offer for offer in offers if not offer.can_fill())), t)
    yield exam_view.menu(ExamMenu((), _sitting(offers[0].exam)), t)
    for offer in offers if len(offers) <= 12 else offers[:1]:
        exam = offer.exam
        yield exam_view.info(offer, t)
        for variant in (FULL, *(one.key for one in (*exam.variants[-2:], *exam.sections[-6:]))):
            yield exam_view.rules(offer, variant, t)
        sitting = _sitting(exam, choice=1)
        number = len(exam.sections) - 1 if exam.clock is ClockKind.SECTION else 0
        for closed in {0, number}:
            for by in ClosedBy:
                between = Between(_between(exam, closed, by), notice=Notice.TIME_UP if closed else None)
                yield exam_view.between(between, t, ZONE)
                yield exam_view.between(replace(between, asks=True), t, ZONE)
                yield home.home(AtHome(Person(UserId(1), 1, t.language), 3, exam=between), t, ZONE)
        running = OnPaper(_running(sitting), _version(_nasty_item(), {}))
        yield home.home(AtHome(None, 0, exam=running), t, ZONE)
        for face in Face:
            yield paper.paper(replace(running, face=face), t, ZONE, now=NOW)
            yield paper.paper(replace(running, face=face), t, ZONE)
        for end in ENDED[1:]:
            for choice in (None, 0, 1):
                for notice in (None, Notice.TIME_UP, Notice.LAPSED):
                    ended = _ended(exam, end or "", choice=choice)
                    yield marks.over(Over(ended, _of(ended), notice), t)
                yield marks.debrief(Over(ended, _of(ended)), t)


def _item_screens(version: QuestionVersion, t: Translator, exam: ExamFormat | None = None) -> Iterator[Screen]:
    """An item on paper and looked at afterwards, in every state."""
    exam = exam or builders.exam(builders.section("s", 3, names={"it": NAME, "en": NAME}))
    for choice in (None, version.right[0], *{0, 1} - {version.right[0]}):
        for flagged in (False, True):
            order = tuple(reversed(range(len(version.choices))))
            sitting = _sitting(exam, choice=choice, flagged=flagged, order=order, key=version.right[0])
            for notice in (None, Notice.FIVE_MINUTES):
                yield paper.paper(OnPaper(_running(sitting), version, notice=notice), t, ZONE, now=NOW)
            ended = rules.close(_running(sitting), NOW + timedelta(minutes=3), ClosedBy.HAND_IN)
            for pick in Pick:
                positions = tuple(one.position for one in ended.items if passes(one, pick))
                if positions:
                    yield marks.checked(Checked(ended, ended.items[positions[0]], version, pick, positions), t)
                    unseen = replace(ended.items[positions[0]], seen_at=None)
                    yield marks.checked(Checked(ended, unseen, version, pick, positions[:1]), t)
    yield from paper.passages(version, t)


def _largest(clock: ClockKind) -> ExamFormat:
    whole = clock is ClockKind.PAPER
    scorings = [Scoring(Fraction(1) + Fraction(n, 97), Fraction(-n, 89), Fraction(-n - 1, 83)) for n in range(30)]
    sections = tuple(
        Section(
            key=f"section-number-{n:03}",
            names={"it": NAME, "en": NAME},
            questions=10,
            topics=(("maths",),),
            scoring=scorings[n],
            minutes=None if whole else Fraction(600, 7),
            min_minutes=Fraction(0) if whole else Fraction(1, 3),
            options=8,
            weight=TALL,
            in_total=n % 2 == 0,
        )
        for n in range(30)
    )
    weights = {section.key: TALL for section in sections}
    return ExamFormat(
        slug="X" * 18,
        names={"it": NAME, "en": NAME},
        sections=sections,
        clock=clock,
        minutes=Fraction(600) if whole else None,
        min_minutes=Fraction(1, 3) if whole else Fraction(0),
        rounding=Rounding(6),
        passes=_rules(sections[0].key, 30),
        destinations=tuple(Destination(NAME, weights, _rules(sections[1].key, 3)) for _ in range(100)),
        variants=tuple(
            Variant(f"variant-number-{n:02}", {"it": NAME, "en": NAME}, {sections[n].key: 1}) for n in range(20)
        ),
        notes={"it": (WILD * 60)[:990], "en": (WILD * 60)[:990]},
    )


def _rules(section: str, count: int) -> tuple[PassRule, ...]:
    kinds = (
        PassRule(RuleKind.TOTAL, at_least=TALL),
        PassRule(RuleKind.SECTION, section, at_least=-TALL),
        PassRule(RuleKind.ERRORS, at_most=300),
    )
    return tuple(kinds[n % 3] for n in range(count))


def _sitting(
    exam: ExamFormat,
    *,
    choice: int | None = None,
    flagged: bool = False,
    order: tuple[int, ...] = (2, 0, 1, 4, 3),
    key: int = 0,
) -> Sitting:
    sections: list[SectionState] = []
    items: list[PaperItem] = []
    for number, section in enumerate(exam.sections):
        sections.append(SectionState(number, section.key, len(items), section.questions))
        for _ in range(section.questions):
            items.append(
                PaperItem(
                    position=len(items),
                    section=number,
                    question_id=QuestionId(len(items)),
                    version_id=VersionId(len(items)),
                    order=order,
                    key=key,
                    choice=choice,
                    flagged=flagged,
                    seen_at=None if choice is None else NOW,
                    answered_at=None if choice is None else NOW,
                )
            )
    return Sitting(
        id=SittingId(uuid.UUID(int=2**128 - 1)),
        user_id=UserId(2**53),
        exam=exam,
        exam_id=ExamId(1),
        exam_type=exam.slug,
        variant=FULL,
        started_at=NOW,
        updated_at=NOW,
        waiting_since=NOW,
        sections=tuple(sections),
        items=tuple(items),
        due_at=NOW + timedelta(days=1),
    )


def _running(sitting: Sitting) -> Sitting:
    return rules.start(sitting, NOW)


def _between(exam: ExamFormat, closed: int, by: ClosedBy) -> Sitting:
    """A sitting of which so many sections are over."""
    sitting = _sitting(exam, choice=1)
    for _ in range(closed):
        sitting = rules.close(rules.start(sitting, NOW), NOW + timedelta(minutes=1), by)
    return sitting


def _ended(exam: ExamFormat, end: str = "finished", *, choice: int | None = None) -> Sitting:
    sitting = rules.start(_sitting(exam, choice=choice), NOW)
    if end == "abandoned":
        return rules.abandon(sitting, NOW + timedelta(minutes=7))
    sitting = rules.close(sitting, NOW + timedelta(seconds=7), ClosedBy.TIME)
    if end == "lapsed":
        return rules.settle(sitting, NOW + timedelta(days=9))
    while not sitting.is_completed:
        sitting = rules.close(rules.start(sitting, NOW), NOW + timedelta(hours=2), ClosedBy.HAND_IN)
    return sitting


def _never(section: SectionState) -> SectionState:
    return replace(section, status=SectionStatus.COMPLETED, completed_at=NOW, closed_by=ClosedBy.LAPSED)


def _of(sitting: Sitting) -> Scored:
    return score(sitting.exam, {section.key: rules.tally(sitting, section) for section in sitting.sections})


def _scored(exam: ExamFormat) -> Scored:
    return score(exam, {})


def _nasty_item() -> Item:
    wording = Wording(
        text=WILD * 3,
        choices=tuple(f"{n}{WILD}" for n in range(5)),
        errors=(None, *(WILD * 3 for _ in range(4))),
        explanation=WILD * 20,
    )
    return replace(builders.single("nasty"), wordings={"it": wording, "en": wording})


def _nasty_version(kind: str) -> QuestionVersion:
    item = _nasty_item()
    words = item.wordings["it"]
    long = (WILD * 80)[:960]
    passages: dict[str, Passage] = {}
    match kind:
        case "options":
            words = replace(
                words, choices=tuple(f"{n}{long}"[: 560 + n] for n in range(5)), errors=(None, *[long * 9] * 4)
            )
        case "formula":
            words = replace(words, text=(WILD * 200)[:1_800], spoken="s" * checks.MAX_SPOKEN)
            item = replace(item, formula="x" * checks.MAX_FORMULA)
        case "true-false":
            words = replace(words, text=(WILD * 200)[:2_400], choices=("🙂" * 20, "f" * 40), errors=(None, long))
            item = replace(item, kind=Kind.TRUE_FALSE)
        case _:
            text = (WILD * 800)[: checks.MAX_PASSAGE - 1_000]
            passages["p"] = Passage("p", "it", {"it": PassageWording((WILD * 9)[:140], text)})
            item = replace(item, passage="p")
    return _version(replace(item, wordings={"it": replace(words, explanation=long * 2)}), passages)


def _version(asked: Item, passages: dict[str, Passage]) -> QuestionVersion:
    count = len(asked.wordings[asked.original].choices)
    return QuestionVersion(
        id=VersionId(1),
        question_id=QuestionId(1),
        slug=asked.slug,
        topic_id=TopicId(1),
        topic=asked.topic,
        kind=asked.kind,
        difficulty=asked.difficulty,
        seconds=asked.seconds,
        original=asked.original,
        choices=tuple(Choice(ChoiceId(number), number in asked.right) for number in range(count)),
        wordings=asked.wordings,
        numeric=asked.numeric,
        formula=asked.formula,
        anchored=asked.anchored,
        passage=passages[asked.passage].wordings if asked.passage else None,
    )


def _check(screen: Screen, *, caption: bool = True) -> None:
    """Within Telegram's limits once it is parsed, with keys that can be read and pressed."""
    plain, entities = parse_html(str(screen.text))
    spoken = utf16_length(screen.picture.spoken) + 2 if screen.picture is not None else 0
    assert 0 < utf16_length(plain) + spoken <= TEXT_LIMIT, screen
    assert len(entities) <= 100, screen
    assert sum(len(row) for row in screen.keys) <= 100, screen
    for row in screen.keys:
        assert 1 <= len(row) <= 8
        for key in row:
            assert 0 < len(key.label.strip()) <= LABEL_LIMIT, key.label
            assert "\n" not in key.label
            assert key.press is not None
            assert 1 <= len(key.press.encode().encode()) <= 64, key
