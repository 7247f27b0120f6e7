"""The paper in one message: an item, the grid, and what is asked before it is handed in."""

from datetime import datetime

from markupsafe import Markup, escape

from bot.callbacks import ExamAnswer, ExamFace, ExamFlag, ExamHandIn, ExamMove, ExamPassage, GoHome
from bot.i18n import Translator
from bot.screens import TEXT_LIMIT, Key, Keys, Screen, rows, units
from bot.views.exam import give_up_keys
from bot.views.item import LETTERS, MARGIN, formula, inert, joined, options, passage, room_after
from core.exams.exams import GRID_PAGE
from core.exams.formats import ClockKind
from core.exams.model import PaperItem, Sitting
from core.exams.outcomes import Face, OnPaper
from core.ids import to_short
from core.questions.model import Kind, QuestionVersion

CHOSEN = "●"
GRID_WIDTH = 5
PIECE = TEXT_LIMIT - 2 * MARGIN
"""Signs of a passage in a message of its own: its title, which stands above, has up to 150."""
NAMED = 30
"""Numbers of blank questions that are named before handing in."""


def paper(standing: OnPaper, t: Translator, zone: str, *, now: datetime | None = None) -> Screen:
    """The side of the paper that is asked for.

    Args:
        standing: Where the student is.
        t: Their words.
        zone: Their time zone.
        now: For how much time is left; the clock of the turn.
    """
    match standing.face:
        case Face.GRID:
            text, keys, picture = _grid(standing, t, zone), _grid_keys(standing, t), None
        case Face.HAND_IN:
            text, keys, picture = _sure(standing, t, now), _sure_keys(standing, t), None
        case Face.ABANDON:
            text, keys, picture = t("exam-give-up-sure"), give_up_keys(standing.sitting, t), None
        case _:
            lines, above = _lines(standing, t, zone), passage(standing.version, t)
            picture = formula(standing.version, standing.version.wording(t.language))
            apart = above is not None and room_after([above, *lines], picture) <= 0
            text = joined(lines if above is None or apart else [lines[0], above, *lines[1:]])
            keys = _item_keys(standing, t, apart=apart)
    if standing.notice is not None:
        # A bot that was away warns late: what it says is what is left.
        minutes = max(1, -(-_seconds_left(standing, now) // 60))
        text = joined([t(f"exam-notice-{standing.notice}", minutes=minutes), text])
    elif standing.remarked:
        text = joined([t("exam-remark", time=t.duration(_seconds_left(standing, now))), text])
    return Screen(
        text,
        keys,
        picture=picture,
        place="paper",
        ref=to_short(standing.sitting.id),
        silent=standing.notice is None,
    )


def passages(version: QuestionVersion, t: Translator) -> list[Screen]:
    """The reading passage of an item in messages of its own, as many as it takes."""
    if not version.passage:
        return []
    words = version.passage.get(t.language) or version.passage[version.original]
    pieces: list[str] = []
    for paragraph in inert(words.text.strip()).split("\n\n"):
        for piece in _pieces(paragraph):
            if pieces and units(pieces[-1]) + units(piece) + 2 <= PIECE:
                pieces[-1] += "\n\n" + piece
            else:
                pieces.append(piece)
    number = len(pieces)
    return [
        Screen(
            Markup("<b>{}</b>{}\n\n{}").format(
                words.title,
                " · " + t.plain("exam-passage-part", number=place, count=number) if number > 1 else "",
                piece,
            ),
            silent=True,
        )
        for place, piece in enumerate(pieces, 1)
    ]


def _lines(standing: OnPaper, t: Translator, zone: str) -> list[Markup]:
    """The head, the question, the options."""
    sitting, item, version = standing.sitting, standing.item, standing.version
    words = version.wording(t.language)
    section = sitting.format_of(sitting.section_of(item.position))
    lines = [
        t(
            "exam-head",
            section=section.name(t.language),
            number=_number(sitting, item.position),
            count=len(sitting.open_positions),
            until=_until(sitting, t, zone),
        ),
        escape(inert(words.text)),
    ]
    if item.flagged:
        lines[0] += Markup("\n") + t("exam-head-flagged")
    if version.kind is not Kind.TRUE_FALSE:
        lines.append(options(version, words, item.order, _marks(item)))
    return lines


def _item_keys(standing: OnPaper, t: Translator, *, apart: bool) -> Keys:
    """The keys of an item; `apart` where its passage has no room above it."""
    sitting, item, version = standing.sitting, standing.item, standing.version
    words = version.wording(t.language)
    labels = words.choices if version.kind is Kind.TRUE_FALSE else LETTERS
    answers = [
        Key(
            f"{CHOSEN} {_label(labels, place, choice, version)}"
            if choice == item.choice
            else _label(labels, place, choice, version),
            ExamAnswer(sitting.id, item.position, choice),
        )
        for place, choice in enumerate(item.order)
    ]
    keys = list(rows(answers, GRID_WIDTH))
    if apart:
        keys.insert(0, (Key(t.plain("exam-passage"), ExamPassage(sitting.id, item.position)),))
    positions = sitting.open_positions
    page = (item.position - positions.start) // GRID_PAGE
    before = item.position - 1 if item.position > positions.start else positions[-1]
    after = item.position + 1 if item.position < positions[-1] else positions.start
    number = f"{_number(sitting, item.position)}/{len(positions)}"
    keys.append(
        (
            Key("◀", ExamMove(sitting.id, before)),
            Key(number, ExamFace(sitting.id, Face.GRID, page)),
            Key("▶", ExamMove(sitting.id, after)),
        )
    )
    flag = t.plain("exam-unflag" if item.flagged else "exam-flag")
    marking = [Key(flag, ExamFlag(sitting.id, item.position, not item.flagged))]
    if item.choice is not None:
        marking.append(Key(t.plain("exam-clear"), ExamAnswer(sitting.id, item.position, None)))
    keys.append(tuple(marking))
    keys.append(
        (
            Key(t.plain("exam-hand-in"), ExamFace(sitting.id, Face.HAND_IN, 0)),
            Key(t.plain("exam-home"), GoHome()),
        )
    )
    return tuple(keys)


def _label(labels: tuple[str, ...] | str, place: int, choice: int, version: QuestionVersion) -> str:
    return labels[choice] if version.kind is Kind.TRUE_FALSE else labels[place]


def _grid(standing: OnPaper, t: Translator, zone: str) -> Markup:
    sitting = standing.sitting
    items = [sitting.items[position] for position in sitting.open_positions]
    answered = sum(item.choice is not None for item in items)
    flagged = sum(item.flagged for item in items)
    return joined(
        [
            t("exam-grid", section=_part_name(sitting, t), until=_until(sitting, t, zone)),
            t("exam-grid-figures", answered=answered, blank=len(items) - answered, flagged=flagged),
            t("exam-grid-hint"),
        ]
    )


def _grid_keys(standing: OnPaper, t: Translator) -> Keys:
    sitting = standing.sitting
    positions = sitting.open_positions
    shown = positions[standing.page * GRID_PAGE : (standing.page + 1) * GRID_PAGE]
    numbers = [Key(_grid_label(sitting, sitting.items[position]), ExamMove(sitting.id, position)) for position in shown]
    keys = list(rows(numbers, GRID_WIDTH))
    pages = -(-len(positions) // GRID_PAGE)
    if pages > 1:
        keys.append(
            (
                Key("◀", ExamFace(sitting.id, Face.GRID, (standing.page - 1) % pages)),
                Key(f"{standing.page + 1}/{pages}", ExamFace(sitting.id, Face.GRID, standing.page)),
                Key("▶", ExamFace(sitting.id, Face.GRID, (standing.page + 1) % pages)),
            )
        )
    back = t.plain("exam-grid-back", number=_number(sitting, sitting.cursor))
    keys.append((Key(back, ExamMove(sitting.id, sitting.cursor)),))
    keys.append((Key(t.plain("exam-hand-in"), ExamFace(sitting.id, Face.HAND_IN, 0)),))
    return tuple(keys)


def _grid_label(sitting: Sitting, item: PaperItem) -> str:
    marks = ("✓" if item.choice is not None else "") + ("⚑" if item.flagged else "")
    return f"{_number(sitting, item.position)} {marks}".strip()


def _sure(standing: OnPaper, t: Translator, now: datetime | None) -> Markup:
    sitting = standing.sitting
    items = [sitting.items[position] for position in sitting.open_positions]
    blank = [_number(sitting, item.position) for item in items if item.choice is None]
    flagged = [_number(sitting, item.position) for item in items if item.flagged]
    lines = [t("exam-sure", section=_part_name(sitting, t), time=t.duration(_seconds_left(standing, now)))]
    lines.append(t("exam-sure-blank", count=len(blank), numbers=_named(blank)) if blank else t("exam-sure-all"))
    if flagged:
        lines.append(t("exam-sure-flagged", count=len(flagged), numbers=_named(flagged)))
    return joined(lines)


def _sure_keys(standing: OnPaper, t: Translator) -> Keys:
    sitting = standing.sitting
    return (
        (
            Key(t.plain("exam-sure-yes"), ExamHandIn(sitting.id, sitting.running[0].number), style="danger"),
            Key(t.plain("exam-sure-no"), ExamMove(sitting.id, sitting.cursor)),
        ),
        (Key(t.plain("exam-give-up"), ExamFace(sitting.id, Face.ABANDON, 0)),),
    )


def _named(numbers: list[int]) -> str:
    named = ", ".join(map(str, numbers[:NAMED]))
    return named if len(numbers) <= NAMED else f"{named}…"


def _part_name(sitting: Sitting, t: Translator) -> str:
    """What runs: a section, or the whole paper."""
    if sitting.exam.clock is ClockKind.PAPER and len(sitting.sections) > 1:
        return sitting.exam_type
    return sitting.format_of(sitting.running[0]).name(t.language)


def _number(sitting: Sitting, position: int) -> int:
    """The number of an item in what runs, from 1."""
    return position - sitting.open_positions.start + 1


def _seconds_left(standing: OnPaper, now: datetime | None) -> int:
    deadline = standing.sitting.deadline
    return max(0, int((deadline - now).total_seconds())) if deadline is not None and now is not None else 0


def _until(sitting: Sitting, t: Translator, zone: str) -> str:
    return t.time(sitting.deadline, zone) if sitting.deadline is not None else ""


def _marks(item: PaperItem) -> dict[int, str]:
    return {item.choice: CHOSEN} if item.choice is not None else {}


def _pieces(paragraph: str) -> list[str]:
    """A paragraph in pieces that fit into a message, cut at blanks, and inside a word that is longer than a message."""
    pieces = [""]
    for word in paragraph.split(" "):
        rest = word
        while units(rest) > PIECE:
            # Whatever the sign, half of the room holds so many of them.
            pieces.append(rest[: PIECE // 2])
            rest = rest[PIECE // 2 :]
        if units(pieces[-1]) + units(rest) + 1 > PIECE:
            pieces.append("")
        pieces[-1] = f"{pieces[-1]} {rest}".strip()
    return [piece for piece in pieces if piece]
