"""Every screen of the starter bank, in every state and both languages, is one that Telegram takes."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from markupsafe import Markup, escape

from bot.callbacks import QuizSetup
from bot.i18n import LANGUAGES, Translator, translator
from bot.playground.entities import parse_html, utf16_length
from bot.screens import CAPTION_LIMIT, TEXT_LIMIT, Screen, visible_length
from bot.views import account, home, introduction, item, practice, question, result, twin, verdict
from core.ids import ChoiceId, DeckId, QuestionId, QuizId, TopicId, UserId, VersionId
from core.people.model import Onboarding, Person, Role
from core.people.people import EXAMS
from core.practice import rules
from core.practice.model import Attempt, Chosen, Difficulty, Help, Mode, Quiz, Response, Topic, TopicTally, Typed
from core.practice.outcomes import (
    Asked,
    Finished,
    Introduce,
    Judged,
    Menu,
    OnHold,
    Past,
    Reviewed,
    Supply,
    Unclear,
    WorkedTwin,
)
from core.questions.model import (
    Bank,
    Choice,
    Item,
    Kind,
    NumericKey,
    Passage,
    PassageWording,
    QuestionVersion,
    Wording,
)
from core.questions.reading import checks, read_bank
from core.whereabouts import AtHome
from storage.content import STARTER
from tests import builders

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
QUIZ = Quiz(
    id=QuizId(uuid.UUID(int=2**128 - 1)),
    user_id=UserId(2**53),
    mode=Mode.MIXED,
    deck_id=DeckId(uuid.UUID(int=1)),
    question_order=tuple(range(100)),
    version_ids=(VersionId(1),) * 100,
    started_at=NOW,
    created_at=NOW,
    updated_at=NOW,
    served_at=NOW,
)
PERSON = Person(UserId(1), 1001, "it")


@pytest.fixture(scope="module")
def starter() -> Bank:
    """The bundled bank."""
    return read_bank(STARTER, "starter").bank


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_in_every_state(starter: Bank, language: str) -> None:
    """Asked with 0 to all hints, right, wrong in each way, skipped, voided: all within Telegram's limits."""
    t = translator(language)
    passages = {passage.slug: passage for passage in starter.passages}
    shown = 0
    for asked in starter.items:
        for screen in _screens(_version(asked, passages), t):
            _check(screen)
            shown += 1

    assert shown > 10 * len(starter.items)


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_screens(language: str) -> None:
    """Menus, results, settings, what is asked once: all within Telegram's limits, with a way on."""
    t = translator(language)
    topic = Topic(TopicId(2**53), ("a",), {"it": "È" * 80, "en": "E" * 80}, 3301)
    many = tuple(replace(topic, id=TopicId(number), path=("a", f"b{number}")) for number in range(40))
    found = Menu((topic, *many), mistakes=12, open=(Past(QUIZ, topic), Past(QUIZ, None)))
    tally = TopicTally(topic, 1, 3)
    ended = replace(QUIZ, current_index=3, served_index=100, correct_count=1, wrong_count=2, stopped_at=NOW)
    person = replace(PERSON, language=language, exam="TOLC-I", exam_date="2027-02-12", birth_year=2008)
    screens = [
        practice.menu(found, t),
        practice.menu(Menu((), 0, ()), t),
        practice.topics(found, None, 0, t),
        practice.topics(found, topic, 4, t),
        *(
            practice.setup(QuizSetup(Mode.TARGETED, topic.id, None), _supply(topic, count), t)
            for count in (0, 1, 5, 7, 3301)
        ),
        question.on_hold(OnHold(QUIZ), t),
        result.finished(Finished(ended, (tally,) * 30, answered=3, voided=1), t),
        result.finished(Finished(ended, (), answered=0, voided=3), t),
        practice.history((Past(ended, topic),) * 9, 1, t, "Europe/Rome"),
        practice.history((), 0, t, "Europe/Rome"),
        home.home(AtHome(person, 7), t, "Europe/Rome"),
        home.home(AtHome(replace(person, role=Role.PARENT), 0), t, "Europe/Rome"),
        home.home(AtHome(None, 0), t, "Europe/Rome"),
        home.parent(t),
        home.to_forward(t, "chiron_play_bot"),
        home.help_(t),
        home.help_(t, Role.PARENT),
        account.privacy(t),
        *(account.settings(replace(person, role=role), t, "Europe/Rome") for role in Role),
        *(
            introduction.introduce(Introduce(replace(person, onboarding=step), NOW.date(), first=True), t)
            for step in Onboarding
            if step.asks
        ),
        introduction.days_of(NOW.date().replace(day=1), t, today=NOW.date().replace(day=1)),
        home.not_for_here(t),
        home.in_group(t, "chiron_play_bot"),
    ]

    for screen in screens:
        _check(screen)


@pytest.mark.parametrize("language", LANGUAGES)
def test_longest_question_that_a_bank_may_have(language: str) -> None:
    """The longest texts that an import lets in still fit: what has no room is cut, the question never."""
    t = translator(language)
    for version in map(_longest, Kind):
        screens = list(_screens(version, t))
        for screen in screens:
            _check(screen, caption=False)
        assert sum("fine?" in screen.text for screen in screens) == len(screens) - 1  # one asks what was meant


def test_hint_that_was_just_asked_for_is_shown() -> None:
    """Where a message is full, older hints give way to the newest, and the error behind a wrong option is cut."""
    t = translator("it")
    version = _longest(Kind.SINGLE)

    words = replace(version.wordings["it"], errors=("errore" * 1000,) * 10)
    version = replace(version, wordings={"it": words})  # as it may be stored already

    asked = str(question.asked(Asked(replace(QUIZ, hints=3), version), t).text)
    wrong = verdict.judged(_judged(version, Chosen((0,))), t).text

    assert "Indizio 3 di 10" in asked
    assert "Indizio 1 di 10" not in asked
    assert "errore" * 50 in wrong
    assert visible_length(wrong) < TEXT_LIMIT


def test_visible_length_counts_as_telegram_does() -> None:
    """Tags do not count, entities are one sign, an emoji is two, blanks and line feeds count each."""
    text = escape("<&>\n\n  🙂") + Markup("<b>a</b>\n<blockquote expandable>b</blockquote>")

    assert visible_length(text) == utf16_length(parse_html(str(text))[0])


def test_error_of_the_chosen_letter_stands_before_the_solution(starter: Bank) -> None:
    """A wrong verdict names the letter that was shown, its error, then the right letter as it was shown."""
    t = translator("it")
    single = next(item for item in starter.items if item.kind is Kind.SINGLE and not item.anchored)
    version = _version(single, {passage.slug: passage for passage in starter.passages})
    order = rules.shown_order(QUIZ.id, 0, version)
    wrong = next(choice for choice in order if choice not in version.right)

    text = parse_html(str(verdict.judged(_judged(version, Chosen((wrong,))), t).text))[0]

    letters = item.LETTERS
    error = version.wording("it").errors[wrong]
    assert error
    assert f"{letters[order.index(wrong)]}: {error}" in text
    assert f"Risposta giusta: {letters[order.index(version.right[0])]}" in text
    assert text.index(error) < text.index("Risposta giusta")


def test_each_wrong_tick_has_its_own_error(starter: Bank) -> None:
    """Two wrong letters among several: each stands before its own error, in the order shown."""
    t = translator("it")
    parcels = next(item for item in starter.items if item.slug == "four-parcels-on-a-balance")
    version = _version(parcels, {})
    order = rules.shown_order(QUIZ.id, 0, version)
    wrong = [choice for choice in order if choice not in version.right]

    text = parse_html(str(verdict.judged(_judged(version, Chosen(tuple(sorted(wrong)))), t).text))[0]

    errors = version.wording("it").errors
    lines = [f"{item.LETTERS[order.index(choice)]}: {errors[choice]}" for choice in wrong]
    assert len(lines) == 2
    assert "\n".join(lines) in text


def test_errors_that_have_no_room_share_it() -> None:
    """Where two errors are too long for the message, neither drives the other out."""
    version = _version(builders.multiple("m", right=(0, 2)), {})
    words = replace(version.wordings["it"], errors=(None, "uno" * 1300, None, "due" * 1300, None))
    version = replace(version, wordings={"it": words})

    text = verdict.judged(_judged(version, Chosen((1, 3))), translator("it")).text

    assert "uno" * 100 in text
    assert "due" * 100 in text
    assert visible_length(text) < TEXT_LIMIT


def test_topics_of_a_result_say_what_was_skipped() -> None:
    """Right answers of those given, and what was skipped, in words."""
    t = translator("it")
    topics = [Topic(TopicId(n), ("a", f"b{n}"), {"it": name}, 3) for n, name in enumerate(("Algebra", "Serie"))]
    tallies = (TopicTally(topics[0], 1, 3, 2), TopicTally(topics[1], 0, 0, 1))
    ended = replace(QUIZ, current_index=6, served_index=100, correct_count=1, wrong_count=2, stopped_at=NOW)

    text = parse_html(str(result.finished(Finished(ended, tallies, answered=3, voided=0), t).text))[0]

    assert "• Algebra: una giusta su 3, 2 saltate\n• Serie: una saltata" in text


@pytest.mark.parametrize(("passed", "turns"), [(0, False), (1, False), (2, True)])
def test_review_turns_only_where_there_is_somewhere_to_go(passed: int, *, turns: bool) -> None:
    """A quiz that was left after one question has one to look at."""
    left = replace(QUIZ, current_index=passed, served_index=100, stopped_at=NOW)

    screen = verdict.reviewed(Reviewed(left, _version(builders.single("s"), {}), None, 0), translator("it"))

    assert any(key.label == "▶" for row in screen.keys for key in row) is turns


@pytest.mark.parametrize("language", LANGUAGES)
def test_worked_example_tells_its_whole_solution(starter: Bank, language: str) -> None:
    """Every explanation of the bundled bank stands there whole, and no letter that could be tapped above."""
    t = translator(language)
    passages = {passage.slug: passage for passage in starter.passages}
    for asked in starter.items:
        version = _version(asked, passages)
        words = version.wording(language)
        screen = twin.worked(WorkedTwin(QUIZ, version, version), t)

        assert words.explanation
        assert str(escape(item.inert(words.explanation.strip()))) in screen.text
        assert str(screen.text).count("✓") == len(version.right)
        assert "<b>A</b>" not in screen.text
        assert (screen.keys, screen.place) == ((), "")


def test_screens_say_the_exams_that_exist() -> None:
    """Every exam that can be in view has its key."""
    screen = introduction.introduce(
        Introduce(replace(PERSON, onboarding=Onboarding.EXAM), NOW.date()), translator("it")
    )

    assert [key.label for row in screen.keys for key in row][:-1] == list(EXAMS)


def _longest(kind: Kind) -> QuestionVersion:
    """A question of which no part may be longer, with a formula and a passage."""
    right = (0,) if kind is Kind.TRUE_FALSE else (4,)
    choices = {Kind.TRUE_FALSE: ("🙂" * 20, "f" * 40)}.get(kind, tuple(f"{n}" + "&" * 99 for n in range(10)))
    if kind.typed:
        right, choices = (), ()
    told = "spoken" * 100
    room = checks.MAX_SIGNS - len(told) - sum(map(checks.units, choices)) - len("<b>fine?")
    words = Wording(
        text="🙂" * (room // 2) + "<b>fine?",
        choices=choices,
        errors=tuple(None if n in right else "errore" * 100 for n in range(len(choices))),
        explanation="&" * checks.MAX_EXPLANATION,
        hints=("🙂" * 300,) * checks.MOST_HINTS,
        accept=("🙂" * 50,) if kind is Kind.SHORT else (),
        numeric_errors=((Fraction(7), "e" * 600),) if kind is Kind.NUMERIC else (),
        spoken=told,
    )
    item = replace(
        builders.single("long"),
        kind=kind,
        wordings={"it": words},
        right=right,
        passage="p",
        formula="x" * checks.MAX_FORMULA,
        numeric=NumericKey(Fraction("9" * 30 + "/1" + "0" * 29), unit="🙂" * 10) if kind is Kind.NUMERIC else None,
    )
    passage = Passage("p", "it", {"it": PassageWording("T" * checks.MAX_TITLE, "p" * checks.MAX_PASSAGE)})
    checks.check(item)
    checks.check_passage(passage)
    return replace(_version(item, {"p": passage}), topic_names={"it": "È" * checks.MAX_NAME})


def _screens(version: QuestionVersion, t: Translator) -> Iterator[Screen]:
    """Every state in which a question can be shown."""
    words = version.wording(t.language)
    for hints in range(len(words.hints) + 1):
        open_quiz = replace(QUIZ, hints=hints, selection=tuple(range(len(version.choices))))
        yield question.asked(Asked(open_quiz, version), t, greeting=t("start-hello", count=5) if not hints else None)
    yield question.asked(Asked(replace(QUIZ, hints=len(words.hints)), version, twin=True), t)
    for help_ in (Help.MENTOR, None):
        yield question.asked(Asked(rules.with_returns(QUIZ, {0: help_}), version), t)
    yield twin.worked(WorkedTwin(QUIZ, version, version), t)
    yield question.unclear(Unclear(QUIZ, version, "<&>" * 1365, (Fraction(1, 3), Fraction(1000))), t)
    yield verdict.reviewed(Reviewed(QUIZ, version, None, 0), t)
    for response in _responses(version):
        judged = _judged(version, response)
        yield verdict.judged(judged, t)
        yield verdict.doubted(judged, t)
        reviewed = Reviewed(judged.quiz, version, judged.attempt, 0)
        yield verdict.reviewed(reviewed, t)
        yield verdict.doubted(reviewed, t)
        yield verdict.judged(replace(judged, attempt=replace(judged.attempt, voided_at=NOW)), t)


def _responses(version: QuestionVersion) -> Iterator[Response]:
    if version.kind.typed:
        words = version.wording("it")
        yield Typed(words.accept[0] if words.accept else "x", version.numeric.value if version.numeric else None)
        yield Typed("<&>" * 1365, Fraction(-(10**12), 7))
        for value, _ in words.numeric_errors:
            yield Typed(str(value), value)
    elif version.kind is Kind.MULTIPLE:
        yield Chosen(version.right)
        yield Chosen(tuple(range(len(version.choices))))
        yield from (Chosen((choice,)) for choice in range(len(version.choices)))
    else:
        yield from (Chosen((choice,)) for choice in range(len(version.choices)))


def _judged(version: QuestionVersion, response: Response) -> Judged:
    attempt = Attempt(
        user_id=QUIZ.user_id,
        quiz_id=QUIZ.id,
        session_id=None,
        version_id=version.id,
        position=0,
        response=response,
        choice_id=None,
        right=rules.judge(version, response),
        xp=10,
        active_ms=1000,
        hints=0,
        item_difficulty=version.difficulty,
        answered_at=NOW,
        local_day="2026-11-20",
    )
    return Judged(replace(QUIZ, current_index=1), version, attempt)


def _supply(topic: Topic, count: int) -> Supply:
    return Supply(topic, dict.fromkeys((None, *Difficulty), count))


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
        topic_names={"it": "Un argomento dal nome piuttosto lungo", "en": "A topic with a rather long name"},
    )


def _check(screen: Screen, *, caption: bool = True) -> None:
    """Within Telegram's limits once it is parsed; with a picture, as a caption or as a text with its words."""
    plain, entities = parse_html(str(screen.text))
    assert 0 < utf16_length(plain) <= TEXT_LIMIT, screen
    assert len(entities) <= 100
    if screen.picture is not None:
        assert not caption or utf16_length(plain) <= CAPTION_LIMIT, screen
        assert utf16_length(plain) + utf16_length(screen.picture.spoken) + 2 <= TEXT_LIMIT
    assert sum(len(row) for row in screen.keys) <= 100
    for row in screen.keys:
        assert 1 <= len(row) <= 8
        for key in row:
            assert key.label.strip(), screen
            assert (key.press is None) != (key.url is None)
            assert key.press is None or 1 <= len(key.press.encode().encode()) <= 64, key
