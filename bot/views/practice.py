"""What to practise, and what was practised, in words."""

import uuid

from bot.callbacks import (
    ExamHistory,
    GoHome,
    History,
    QuizMenu,
    QuizResult,
    QuizResume,
    QuizSetup,
    QuizStart,
    QuizTopics,
)
from bot.i18n import Translator
from bot.screens import Key, Keys, Screen
from core.ids import QuizId
from core.practice.model import Difficulty, Mode, Quiz, Topic
from core.practice.outcomes import Menu, OnHold, Past, Supply

LENGTHS = (5, 10, 20)
TOPICS_A_PAGE = 8
HISTORY_PAGE = 8
OPEN_SHOWN = 3
LEVELS = (None, Difficulty.EASY, Difficulty.MEDIUM, Difficulty.HARD)


def start_keys(t: Translator) -> Keys:
    """The way to a new quiz."""
    return ((Key(t.plain("key-quiz"), QuizMenu(), style="primary"),),)


def menu(found: Menu, t: Translator) -> Screen:
    """What can be practised."""
    keys: list[tuple[Key, ...]] = [(going_on(past, t),) for past in found.open[:OPEN_SHOWN]]
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
    leaf = parent if parent is not None and not found.below(parent) else None
    if leaf is not None:
        # Back from a topic that has none below: to the level where it stands, and to its page.
        parent = found.above(leaf)
    below = sorted(found.below(parent), key=lambda topic: topic.name(t.language))
    pages = max(1, -(-len(below) // TOPICS_A_PAGE))
    page = below.index(leaf) // TOPICS_A_PAGE if leaf in below else min(page, pages - 1)
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
    above = found.above(parent) if parent else None
    back = QuizMenu() if parent is None else QuizTopics(above.id if above else None, 0)
    keys.append((Key(t.plain("key-back"), back),))
    title = t("quiz-choose-subject") if parent is None else t("quiz-choose-topic", topic=parent.name(t.language))
    return Screen(title, tuple(keys), place="menu")


def setup(choice: QuizSetup, supply: Supply, t: Translator) -> Screen:
    """How long, and how hard."""
    topic, count = supply.topic, supply.counts[choice.difficulty]
    keys: list[tuple[Key, ...]] = []
    if count:
        keys.append(tuple(_start(choice, size, count, t) for size in _sizes(count)))
    levels = [level for level in LEVELS if level is choice.difficulty or supply.counts[level]]
    if len(levels) > 1:
        following = levels[(levels.index(choice.difficulty) + 1) % len(levels)]
        level = t.plain("quiz-difficulty", level=t.plain(f"difficulty-{choice.difficulty or 'any'}"))
        keys.append((Key(level, QuizSetup(choice.mode, choice.topic, following)),))
    back = QuizTopics(topic.id if topic else None, 0) if choice.mode is Mode.TARGETED else QuizMenu()
    keys.append((Key(t.plain("key-back"), back),))
    what = topic.name(t.language) if topic else t.plain(f"mode-{choice.mode}")
    return Screen(t("quiz-setup", what=what, count=count), tuple(keys), place="menu")


def _sizes(count: int) -> list[int]:
    """The lengths to choose from: all of them that are not too long, or everything there is."""
    sizes = [length for length in LENGTHS if length <= count]
    return [*sizes, count] if count < LENGTHS[-1] and count not in sizes else sizes


def _start(choice: QuizSetup, size: int, count: int, t: Translator) -> Key:
    label = t.plain("quiz-begin", count=size) if count <= LENGTHS[0] else t.plain("quiz-length", count=size)
    # A fresh id on each button: the second tap on it finds what the first one began.
    press = QuizStart(QuizId(uuid.uuid4()), choice.mode, choice.topic, choice.difficulty, size)
    return Key(label, press, style="primary")


def history(quizzes: tuple[Past, ...], page: int, t: Translator, zone: str) -> Screen:
    """Past quizzes, the newest first; one more than a page says that there is another."""
    if not quizzes and page == 0:
        ways = (Key(t.plain("key-quiz"), QuizMenu()), Key(t.plain("key-exam-history"), ExamHistory(0)))
        return Screen(t("history-empty"), (ways, (Key(t.plain("key-home"), GoHome()),)), place="history")
    keys: list[tuple[Key, ...]] = []
    for past in quizzes[:HISTORY_PAGE]:
        day, what = t.short_day(past.quiz.started_at, zone), name_of(past, t)
        right, length = past.quiz.correct_count, past.length
        label = (
            t.plain("history-quiz", day=day, what=what, right=right, length=length)
            if past.answered
            else t.plain("history-quiz-empty", day=day, what=what)
        )
        keys.append((Key(label, QuizResult(past.quiz.id)),))
    turning = []
    if page > 0:
        turning.append(Key("◀", History(page - 1)))
    if len(quizzes) > HISTORY_PAGE:
        turning.append(Key("▶", History(page + 1)))
    if turning:
        keys.append(tuple(turning))
    keys.append((Key(t.plain("key-exam-history"), ExamHistory(0)), Key(t.plain("key-home"), GoHome())))
    return Screen(t("history-title"), tuple(keys), place="history")


def name_of(past: Past | OnHold, t: Translator) -> str:
    """What a quiz is about: its topic, or how its questions were chosen."""
    return past.topic.name(t.language) if past.topic is not None else t.plain(f"mode-{past.quiz.mode}")


def going_on(past: Past, t: Translator) -> Key:
    """The key that takes a quiz up again."""
    quiz = past.quiz
    number = min(quiz.current_index + 1, quiz.length)
    label = t.plain("quiz-continue", what=name_of(past, t), number=number, length=quiz.length)
    return Key(label, QuizResume(quiz.id), style="primary")


def resume_key(quiz: Quiz, t: Translator) -> Key:
    """The key that takes the quiz up again that was touched last."""
    number = min(quiz.current_index + 1, quiz.length)
    label = t.plain("quiz-continue-short", number=number, length=quiz.length)
    return Key(label, QuizResume(quiz.id), style="primary")
