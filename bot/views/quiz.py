"""Quizzes in words: a question, a verdict, a result, a review."""

import uuid
from typing import assert_never

from markupsafe import Markup, escape

from bot.callbacks import (
    GoHome,
    History,
    QuizAnswer,
    QuizConfirm,
    QuizDoubt,
    QuizHint,
    QuizInsist,
    QuizLeave,
    QuizMenu,
    QuizNext,
    QuizPause,
    QuizReport,
    QuizResult,
    QuizResume,
    QuizReview,
    QuizSetup,
    QuizShow,
    QuizSimilar,
    QuizSkip,
    QuizStart,
    QuizToggle,
    QuizTopics,
    Remarked,
)
from bot.i18n import Translator
from bot.screens import TEXT_LIMIT, Formula, Key, Keys, Screen, rows, visible_length
from core.ids import QuizId, TopicId, to_short
from core.practice import rules
from core.practice.model import Attempt, Chosen, Difficulty, Mode, Quiz, Response, Topic, TopicTally, Typed
from core.practice.quizzes import Asked, Finished, Judged, Menu, OnHold, Reviewed, Unclear
from core.practice.session_rules import half_up
from core.questions.model import Kind, QuestionVersion, Wording

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LENGTHS = (5, 10, 20)
TOPICS_A_PAGE = 8
HISTORY_PAGE = 8
LONG_OPTION = 40
NEXT_DIFFICULTY = {
    None: Difficulty.EASY,
    Difficulty.EASY: Difficulty.MEDIUM,
    Difficulty.MEDIUM: Difficulty.HARD,
    Difficulty.HARD: None,
}
SHORTEST_PART = 100
MARGIN = 200
"""Signs left free below Telegram's limit: for what is put around a part that is cut, and for a question below it."""


def start_keys(t: Translator) -> Keys:
    """The way to a new quiz."""
    return ((Key(t.plain("key-quiz"), QuizMenu(), style="primary"),),)


def menu(found: Menu, t: Translator) -> Screen:
    """What can be practised."""
    keys: list[tuple[Key, ...]] = [
        (
            Key(
                t.plain("quiz-continue", done=quiz.current_index, length=quiz.length, mode=_mode(quiz.mode, t)),
                QuizResume(quiz.id),
                style="primary",
            ),
        )
        for quiz in found.open[:2]
    ]
    if not found.questions:
        return Screen(t("quiz-no-questions"), ((Key(t.plain("key-home"), GoHome()),),))
    keys.append((Key(t.plain("quiz-mixed", count=found.questions), QuizSetup(Mode.MIXED, None, None)),))
    keys.append((Key(t.plain("quiz-targeted"), QuizTopics(None, 0)),))
    if found.mistakes:
        keys.append((Key(t.plain("quiz-mistakes", count=found.mistakes), QuizSetup(Mode.MISTAKES, None, None)),))
    keys.append((Key(t.plain("key-home"), GoHome()),))
    return Screen(t("quiz-menu"), tuple(keys), place="menu")


def topics(found: Menu, parent: Topic | None, page: int, t: Translator) -> Screen:
    """Topics to choose from, each with how many questions it has."""
    below = sorted(found.below(parent), key=lambda topic: topic.name(t.language))
    pages = max(1, -(-len(below) // TOPICS_A_PAGE))
    page = min(page, pages - 1)
    keys: list[tuple[Key, ...]] = []
    if parent is not None:
        whole = t.plain("quiz-whole-topic", topic=parent.name(t.language), count=parent.questions)
        keys.append((Key(whole, QuizSetup(Mode.TARGETED, parent.id, None), style="primary"),))
    for topic in below[page * TOPICS_A_PAGE : (page + 1) * TOPICS_A_PAGE]:
        deeper = found.below(topic)
        press = QuizTopics(topic.id, 0) if deeper else QuizSetup(Mode.TARGETED, topic.id, None)
        label = t.plain("quiz-topic", topic=topic.name(t.language), count=topic.questions)
        keys.append((Key(label, press),))
    here = parent.id if parent else None
    if pages > 1:
        keys.append(
            (
                Key("◀", QuizTopics(here, (page - 1) % pages)),
                Key(f"{page + 1}/{pages}", QuizTopics(here, page)),
                Key("▶", QuizTopics(here, (page + 1) % pages)),
            )
        )
    above = next((topic for topic in found.topics if parent is not None and topic.path == parent.path[:-1]), None)
    back = QuizMenu() if parent is None else QuizTopics(above.id if above else None, 0)
    keys.append((Key(t.plain("key-back"), back),))
    title = t("quiz-choose-subject") if parent is None else t("quiz-choose-topic", topic=parent.name(t.language))
    return Screen(title, tuple(keys), place="menu")


def setup(choice: QuizSetup, topic: Topic | None, count: int, t: Translator) -> Screen:
    """How long, and how hard."""
    keys: list[tuple[Key, ...]] = []
    lengths = [length for length in LENGTHS if length < count]
    sizes = [*lengths, count] if count <= LENGTHS[-1] and count not in lengths else lengths or [count]
    if LENGTHS[-1] <= count and LENGTHS[-1] not in sizes:
        sizes.append(LENGTHS[-1])
    if count:
        keys.append(
            tuple(
                Key(
                    t.plain("quiz-length", count=size),
                    # A fresh id on each button: the second tap on it finds what the first one began.
                    QuizStart(QuizId(uuid.uuid4()), choice.mode, choice.topic, choice.difficulty, size),
                    style="primary",
                )
                for size in sizes
            )
        )
    level = t.plain("quiz-difficulty", level=t.plain(f"difficulty-{choice.difficulty or 'any'}"))
    keys.append((Key(level, QuizSetup(choice.mode, choice.topic, NEXT_DIFFICULTY[choice.difficulty])),))
    back = QuizTopics(None, 0) if choice.mode is Mode.TARGETED else QuizMenu()
    keys.append((Key(t.plain("key-back"), back),))
    what = topic.name(t.language) if topic else _mode(choice.mode, t)
    return Screen(t("quiz-setup", what=what, count=count), tuple(keys), place="menu")


def asked(open_question: Asked, t: Translator, *, greeting: Markup | None = None) -> Screen:
    """A question, with its choices in full and letters to tap."""
    quiz, version = open_question.quiz, open_question.version
    position = quiz.current_index
    words = version.wording(t.language)
    order = rules.shown_order(quiz.id, position, version)
    ticked = set(quiz.selection)
    lines = [_head(quiz, version, position, t)]
    if greeting is not None:
        lines.insert(0, greeting)
    above = len(lines)
    lines.append(escape(words.text))
    if order:
        lines.append(_choices(words, order, dict.fromkeys(ticked, "☑")))
    for number, hint in enumerate(words.hints[: quiz.hints], 1):
        lines.append(t("quiz-hint-text", number=number, count=len(words.hints), hint=_fitted(hint, _room(lines))))
    if version.kind.typed:
        lines.append(t("quiz-write-number" if version.kind is Kind.NUMERIC else "quiz-write-word"))
    elif version.kind is Kind.MULTIPLE:
        lines.append(t("quiz-tick"))
    passage = _passage(version, t, room=_room(lines))
    if passage:
        lines.insert(above, passage)
    keys = [*_answer_keys(quiz, version, position, order, t), _help_keys(quiz, words, position, t)]
    return Screen(
        _joined(lines),
        tuple(keys),
        picture=_formula(version, words),
        place="quiz",
        ref=to_short(quiz.id),
        silent=True,
    )


def judged(verdict: Judged, t: Translator) -> Screen:
    """A verdict: first why one's own choice is wrong, then the solution, folded."""
    quiz, version, attempt = verdict.quiz, verdict.version, verdict.attempt
    label = "quiz-to-result" if quiz.is_complete else "quiz-next"
    going_on = Key(t.plain(label), QuizNext(quiz.id, attempt.position), style="primary")
    doubt = Key(t.plain("quiz-report-key"), QuizDoubt(quiz.id, attempt.position))
    keys: Keys = ((going_on,),) if attempt.voided_at is not None else ((doubt, going_on),)
    if not attempt.right and rules.may_append_similar(quiz, attempt.position):
        keys = ((Key(t.plain("quiz-similar"), QuizSimilar(quiz.id, attempt.position)),), *keys)
    return Screen(
        _verdict(quiz, version, attempt, attempt.position, t),
        keys,
        picture=_formula(version, version.wording(t.language)),
        place="quiz",
        ref=to_short(quiz.id),
    )


def doubted(verdict: Judged | Reviewed, t: Translator) -> Screen:
    """Ask once more before a question is reported."""
    quiz, position = verdict.quiz, _position(verdict)
    back = QuizReview(quiz.id, position) if isinstance(verdict, Reviewed) else QuizShow(quiz.id)
    screen = reviewed(verdict, t) if isinstance(verdict, Reviewed) else judged(verdict, t)
    return Screen(
        Markup("\n\n").join([screen.text, t("quiz-doubt-sure")]),
        (
            (Key(t.plain("quiz-doubt-yes"), QuizReport(quiz.id, position), style="danger"),),
            (Key(t.plain("quiz-doubt-no"), back),),
        ),
        picture=screen.picture,
        place=screen.place,
        ref=screen.ref,
    )


def reported(item: Reviewed, t: Translator) -> Screen:
    """After a report: where it was made from, the verdict or the review."""
    quiz = item.quiz
    if item.attempt is not None and quiz.reads_verdict and quiz.served_index == item.position:
        return judged(Judged(quiz, item.version, item.attempt), t)
    return reviewed(item, t)


def _position(verdict: Judged | Reviewed) -> int:
    return verdict.position if isinstance(verdict, Reviewed) else verdict.attempt.position


def unclear(text: Unclear, t: Translator) -> Screen:
    """Answer, or a remark? Nothing is recorded yet."""
    quiz, position = text.quiz, text.quiz.current_index
    keys: list[tuple[Key, ...]] = []
    if text.version.kind is Kind.NUMERIC:
        keys.extend(
            (Key(t.plain("quiz-reading", value=t.number(value)), QuizInsist(quiz.id, position, number)),)
            for number, value in enumerate(text.readings)
        )
        words = t("quiz-which-number") if text.readings else t("quiz-no-number", text=_short(text.text))
    else:
        keys.append((Key(t.plain("quiz-my-answer", text=_short(text.text, 30)), QuizInsist(quiz.id, position, 0)),))
        words = t("quiz-answer-or-remark", text=_short(text.text))
    keys.append((Key(t.plain("quiz-just-talking"), Remarked(quiz.id, position)),))
    # It takes the question's place: a restart, or "no", puts the question into this message.
    return Screen(words, tuple(keys), place="quiz", ref=to_short(quiz.id))


def on_hold(held: OnHold, t: Translator) -> Screen:
    """A paused quiz."""
    quiz = held.quiz
    return Screen(
        t("quiz-paused", done=quiz.current_index, length=quiz.length),
        (
            (Key(t.plain("quiz-resume"), QuizResume(quiz.id), style="primary"),),
            (Key(t.plain("quiz-leave"), QuizLeave(quiz.id)), Key(t.plain("key-home"), GoHome())),
        ),
        place="quiz",
        ref=to_short(quiz.id),
    )


def finished(result: Finished, t: Translator) -> Screen:
    """Score, time, XP, by topic, and what next."""
    quiz, right, answered = result.quiz, result.quiz.correct_count, result.answered
    lines: list[Markup] = []
    if answered:
        percent = half_up(100 * right, answered)
        lines.append(t("quiz-result", right=right, answered=answered, percent=percent))
    else:
        lines.append(t("quiz-result-empty"))
    facts = [
        t("quiz-result-time", time=t.duration((quiz.active_ms + 500) // 1000)),
        t("quiz-result-xp", xp=quiz.xp_earned),
    ]
    skipped = quiz.current_index - answered - result.voided
    if skipped:
        facts.append(t("quiz-result-skipped", count=skipped))
    if quiz.stopped_at is not None:
        facts.append(t("quiz-result-stopped", count=quiz.length - quiz.current_index))
    if result.voided:
        facts.append(t("quiz-result-voided", count=result.voided))
    lines.append(Markup("\n").join(facts))
    if result.tallies:
        lines.append(Markup("\n").join(_tally(tally, t) for tally in result.tallies))
    weak = _weakest(result)
    if weak is not None:
        lines.append(t("quiz-result-weak", topic=_topic_name(weak, t), right=weak.right, answered=weak.answered))
    elif answered and right == answered:
        lines.append(t("quiz-result-perfect"))
    return Screen(_joined(lines), _result_keys(result, weak, t), place="quiz", ref=to_short(quiz.id))


def reviewed(item: Reviewed, t: Translator) -> Screen:
    """One question of a quiz that is over."""
    quiz, position = item.quiz, item.position
    keys: list[tuple[Key, ...]] = []
    if quiz.length > 1:
        last = min(quiz.length, max(quiz.current_index, 1)) - 1
        keys.append(
            (
                Key("◀", QuizReview(quiz.id, position - 1 if position > 0 else last)),
                Key(f"{position + 1}/{quiz.length}", QuizReview(quiz.id, position)),
                Key("▶", QuizReview(quiz.id, position + 1 if position < last else 0)),
            )
        )
    if item.attempt is not None and item.attempt.voided_at is None:
        keys.append((Key(t.plain("quiz-doubt"), QuizDoubt(quiz.id, position)),))
    keys.append((Key(t.plain("quiz-back-to-result"), QuizResult(quiz.id)),))
    return Screen(
        _verdict(quiz, item.version, item.attempt, position, t),
        tuple(keys),
        picture=_formula(item.version, item.version.wording(t.language)),
        place="review",
        ref=to_short(quiz.id),
    )


def history(quizzes: list[Quiz], page: int, t: Translator, zone: str) -> Screen:
    """Past quizzes, the newest first; one more than a page says that there is another."""
    if not quizzes and page == 0:
        return Screen(t("history-empty"), ((Key(t.plain("key-quiz"), QuizMenu()),),), place="history")
    keys: list[tuple[Key, ...]] = []
    for quiz in quizzes[:HISTORY_PAGE]:
        answered = quiz.correct_count + quiz.wrong_count
        label = t.plain(
            "history-quiz",
            day=t.short_day(quiz.started_at, zone),
            time=t.time(quiz.started_at, zone),
            mode=_mode(quiz.mode, t),
            right=quiz.correct_count,
            answered=answered,
        )
        keys.append((Key(label, QuizResult(quiz.id)),))
    turning = []
    if page > 0:
        turning.append(Key("◀", History(page - 1)))
    if len(quizzes) > HISTORY_PAGE:
        turning.append(Key("▶", History(page + 1)))
    if turning:
        keys.append(tuple(turning))
    keys.append((Key(t.plain("key-home"), GoHome()),))
    return Screen(t("history-title"), tuple(keys), place="history")


def _result_keys(result: Finished, weak: TopicTally | None, t: Translator) -> Keys:
    quiz = result.quiz
    keys: list[tuple[Key, ...]] = []
    if quiz.wrong_count:
        press = QuizStart(QuizId(uuid.uuid4()), Mode.MISTAKES, None, None, min(10, max(quiz.wrong_count, 1)))
        keys.append((Key(t.plain("quiz-redo-mistakes"), press, style="primary"),))
    if weak is not None:
        label = t.plain("quiz-train-topic", topic=_topic_name(weak, t))
        keys.append((Key(label, QuizSetup(Mode.TARGETED, TopicId(weak.topic_id), None)),))
    second = [Key(t.plain("quiz-another"), QuizMenu())]
    if quiz.current_index > 0:
        second.insert(0, Key(t.plain("quiz-review"), QuizReview(quiz.id, 0)))
    keys.append(tuple(second))
    keys.append((Key(t.plain("key-history"), History(0)), Key(t.plain("key-home"), GoHome())))
    return tuple(keys)


def _verdict(quiz: Quiz, version: QuestionVersion, attempt: Attempt | None, position: int, t: Translator) -> Markup:
    words = version.wording(t.language)
    order = rules.shown_order(quiz.id, position, version)
    lines = [_head(quiz, version, position, t)]
    body = [escape(words.text)]
    if order:
        body.append(_choices(words, order, _marks(version, attempt)))
    lines.extend(body)
    lines.extend(_judgement(version, words, attempt, order, t))
    explained = _explanation(words, t, room=_room(lines))
    passage = _passage(version, t)
    if passage and visible_length(_joined([passage, *lines, *explained])) < TEXT_LIMIT - MARGIN:
        lines.insert(1, passage)
    return _joined([*lines, *explained])


def _judgement(
    version: QuestionVersion,
    words: Wording,
    attempt: Attempt | None,
    order: tuple[int, ...],
    t: Translator,
) -> list[Markup]:
    solution = _solution(version, words, order, t)
    if attempt is None:
        return [Markup("\n").join([t("verdict-skipped"), solution])]
    given = _given(attempt.response, order, version, t)
    if attempt.voided_at is not None:
        return [t("verdict-voided")]
    if attempt.right:
        lines = [t("verdict-right", xp=attempt.xp)]
        if isinstance(attempt.response, Typed):
            lines.append(given)
        return [Markup("\n").join(lines)]
    lines = [t("verdict-wrong")]
    error = _error(attempt.response, version, words)
    if isinstance(attempt.response, Typed):
        lines.append(given)
    if error:
        letter = _letters(attempt.response, order)
        lines.append(t("verdict-why", letter=letter, error=error) if letter else t("verdict-why-typed", error=error))
    lines.append(solution)
    return [Markup("\n").join(lines)]


def _solution(version: QuestionVersion, words: Wording, order: tuple[int, ...], t: Translator) -> Markup:
    if version.kind is Kind.NUMERIC and version.numeric is not None:
        unit = f" {version.numeric.unit}" if version.numeric.unit else ""
        return t("verdict-solution", answer=t.number(version.numeric.value) + unit)
    if version.kind is Kind.SHORT:
        return t("verdict-solution", answer=words.accept[0] if words.accept else "")
    letters = ", ".join(LETTERS[order.index(choice)] for choice in sorted(version.right, key=order.index))
    return t("verdict-solution", answer=letters)


def _error(response: Response, version: QuestionVersion, words: Wording) -> str | None:
    """The thinking behind a wrong answer, where the bank knows it."""
    match response:
        case Chosen((choice,)) if version.kind is not Kind.MULTIPLE:
            return words.errors[choice] if choice < len(words.errors) else None
        case Chosen(chosen):
            wrong = [c for c in chosen if c not in version.right and c < len(words.errors)]
            return next((words.errors[choice] for choice in wrong if words.errors[choice]), None)
        case Typed(_, value):
            return next((error for known, error in words.numeric_errors if known == value), None)
        case _ as never:
            assert_never(never)


def _given(response: Response, order: tuple[int, ...], version: QuestionVersion, t: Translator) -> Markup:
    match response:
        case Chosen():
            return escape(_letters(response, order))
        case Typed(text, value):
            if value is None or version.kind is not Kind.NUMERIC:
                return t("verdict-written", text=_short(text))
            unit = version.numeric.unit if version.numeric and version.numeric.unit else ""
            return t("verdict-read-as", value=f"{t.number(value)} {unit}".strip())
        case _ as never:
            assert_never(never)


def _letters(response: Response, order: tuple[int, ...]) -> str:
    if not isinstance(response, Chosen):
        return ""
    places = sorted(order.index(choice) for choice in response.positions if choice in order)
    return ", ".join(LETTERS[place] for place in places)


def _marks(version: QuestionVersion, attempt: Attempt | None) -> dict[int, str]:
    marks = dict.fromkeys(version.right, "✓")
    if attempt is not None and isinstance(attempt.response, Chosen):
        marks.update({choice: "✗" for choice in attempt.response.positions if choice not in version.right})
    return marks


def _choices(words: Wording, order: tuple[int, ...], marks: dict[int, str]) -> Markup:
    lines = []
    for place, choice in enumerate(order):
        mark = f" {marks[choice]}" if choice in marks else ""
        lines.append(Markup("<b>{}</b>{}  {}").format(LETTERS[place], mark, words.choices[choice]))
    # Long options are easier to tell apart with air between them.
    airy = any(len(words.choices[choice]) > LONG_OPTION for choice in order)
    gap = Markup("\n\n") if airy else Markup("\n")
    return gap.join(lines)


def _answer_keys(
    quiz: Quiz, version: QuestionVersion, position: int, order: tuple[int, ...], t: Translator
) -> list[tuple[Key, ...]]:
    if version.kind.typed:
        return []
    if version.kind is Kind.MULTIPLE:
        ticked = set(quiz.selection)
        toggles = [
            Key(
                f"☑ {LETTERS[place]}" if choice in ticked else LETTERS[place],
                QuizToggle(quiz.id, position, choice, choice not in ticked),
            )
            for place, choice in enumerate(order)
        ]
        confirm = [(Key(t.plain("quiz-confirm", count=len(ticked)), QuizConfirm(quiz.id, position), style="primary"),)]
        return [*rows(toggles, 5), *(confirm if ticked else [])]
    words = version.wording(t.language)
    labels = words.choices if version.kind is Kind.TRUE_FALSE else LETTERS
    if version.kind is Kind.TRUE_FALSE:
        return [tuple(Key(labels[choice], QuizAnswer(quiz.id, position, choice)) for choice in order)]
    return list(
        rows([Key(labels[place], QuizAnswer(quiz.id, position, choice)) for place, choice in enumerate(order)], 5)
    )


def _help_keys(quiz: Quiz, words: Wording, position: int, t: Translator) -> tuple[Key, ...]:
    keys = []
    if quiz.hints < len(words.hints):
        keys.append(Key(t.plain("quiz-hint"), QuizHint(quiz.id, position, quiz.hints + 1)))
    keys.append(Key(t.plain("quiz-skip"), QuizSkip(quiz.id, position)))
    keys.append(Key(t.plain("quiz-pause"), QuizPause(quiz.id)))
    return tuple(keys)


def _head(quiz: Quiz, version: QuestionVersion, position: int, t: Translator) -> Markup:
    return t("quiz-head", number=position + 1, length=quiz.length, topic=version.topic_name(t.language))


def _passage(version: QuestionVersion, t: Translator, *, room: int | None = None) -> Markup | None:
    if not version.passage:
        return None
    words = version.passage.get(t.language) or version.passage[version.original]
    whole = words.text.strip()
    text = whole if room is None else _fitted(whole, room - len(words.title))
    return Markup("<blockquote expandable><b>{}</b>\n{}</blockquote>").format(words.title, text) if text else None


def _explanation(words: Wording, t: Translator, *, room: int) -> list[Markup]:
    title = t("verdict-explanation")
    text = _fitted((words.explanation or "").strip(), room - len(title))
    return [Markup("<blockquote expandable>{}\n{}</blockquote>").format(title, text)] if text else []


def _room(lines: list[Markup]) -> int:
    """What a message with these lines still holds."""
    return TEXT_LIMIT - MARGIN - visible_length(_joined(lines))


def _fitted(text: str, room: int) -> str:
    """The text, cut where a message would be full; nothing where hardly a line fits."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * room:
        return text
    return units[: 2 * room - 2].decode("utf-16-le", "ignore") + "…" if room > SHORTEST_PART else ""


def _formula(version: QuestionVersion, words: Wording) -> Formula | None:
    if version.formula is None:
        return None
    return Formula(version.formula, words.spoken or version.wordings[version.original].spoken or version.formula)


def _tally(tally: TopicTally, t: Translator) -> Markup:
    mark = "✓" if tally.right == tally.answered else "·"
    return t("quiz-tally", mark=mark, topic=_topic_name(tally, t), right=tally.right, answered=tally.answered)


def _weakest(result: Finished) -> TopicTally | None:
    """The topic with the most wrong answers; the worse share decides between equals."""
    wrong = [tally for tally in result.tallies if tally.right < tally.answered]
    return max(wrong, key=lambda tally: (tally.answered - tally.right, -tally.right), default=None)


def _topic_name(tally: TopicTally, t: Translator) -> str:
    return tally.names.get(t.language) or next(iter(tally.names.values()), tally.path[-1])


def _mode(mode: Mode, t: Translator) -> str:
    return t.plain(f"mode-{mode}")


def _short(text: str, limit: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _joined(parts: list[Markup]) -> Markup:
    return Markup("\n\n").join(part for part in parts if part)
