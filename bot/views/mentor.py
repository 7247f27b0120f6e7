"""The mentor in words: replies, sessions, costs. What a model wrote is laid out by `bot.prose`."""

from dataclasses import replace
from decimal import Decimal
from typing import cast

from markupsafe import Markup

from bot.callbacks import Ask, GoHome, MentorCosts, MentorMenu, MentorNew, MentorOpen, MentorRetry, QuizMenu, Wish
from bot.i18n import Translator
from bot.prose import pieces
from bot.screens import TEXT_LIMIT, Key, Keys, Screen, visible_length
from bot.views import archive, safety
from bot.views.introduction import STEPS
from bot.views.item import inert, joined, short
from core.mentor.calls import Sum
from core.mentor.conversation import Chat, MentorSession, State, Why
from core.mentor.found import Found
from core.mentor.mentor import LONGEST, Costs, Question, Shelf
from core.mentor.prices import PICO_PER_USD
from core.people.model import Onboarding, Role

TITLE = 34
HEARD = 200
"""Letters of a voice message that are shown again, so that who spoke sees what was understood."""
SMALLEST = Decimal("0.0001")
"""Dollars; what is less is only said to be."""
NOTES = {
    State.STOPPED: "mentor-stopped",
    State.SHORTENED: "mentor-shortened",
    State.INTERRUPTED: "mentor-broken-off",
}


def reply(written: Chat, t: Translator, heard: str | None = None) -> list[Screen]:
    """A reply that is no find of the archive, in as many messages as it needs.

    Args:
        written: The reply.
        t: The reader's words.
        heard: What was understood of a voice message; it stands above what a model wrote.
    """
    if written.why is not None:
        return [_scripted(written.why, t)]
    keys = _retry(written, t) if written.state is State.INTERRUPTED else ()
    above = [t("mentor-heard", words=short(inert(heard), HEARD))] if heard and heard.strip() else []
    parts = list(pieces(written.content or "", limit=TEXT_LIMIT - visible_length(joined([*above, Markup(" ")]))))
    if not parts:
        empty = "mentor-stopped-empty" if written.state is State.STOPPED else "mentor-interrupted"
        return [Screen(joined([*above, t(empty)]), keys)]
    parts[0] = joined([*above, parts[0]])
    if note := NOTES.get(written.state):
        with_note = joined([parts[-1], t(note)])
        parts[-1:] = [with_note] if visible_length(with_note) <= TEXT_LIMIT else [parts[-1], t(note)]
    screens = [Screen(part, silent=number > 0) for number, part in enumerate(parts)]
    screens[-1] = replace(screens[-1], keys=keys)
    return screens


def from_archive(written: Chat, asked: Question, found: Found, t: Translator, *, role: Role) -> list[Screen]:
    """What the bank has, where no model answers."""
    why = written.why or Why.NO_MODEL
    scene = asked.scene
    screen = archive.found(
        found,
        t,
        why=cast("archive.Why", str(why)),  # all but the scripted ones
        role=role,
        answered=scene is None or scene.response is not None,
        hints_shown=scene.hints if scene is not None else 0,
        order=scene.order if scene is not None else None,
    )
    if why is Why.MODEL_AWAY:
        screen = replace(screen, keys=(*_retry(written, t), *screen.keys))
    if why is Why.AGE_UNKNOWN:
        screen = replace(screen, keys=((_year_key(t),), *screen.keys))
    return [screen]


def request(wish: Wish, t: Translator) -> str:
    """What a student is taken to say by a key."""
    return t.plain(f"mentor-wish-{wish.name.lower()}")


def shelf(found: Shelf, t: Translator, zone: str) -> Screen:
    """The sessions with the mentor, and how to write to it."""
    hello = t(f"mentor-hello-{found.why}") if found.why else t("mentor-hello")
    lines = [hello]
    keys: list[tuple[Key, ...]] = []
    for number, session in enumerate(found.sessions, 1):
        mark = Markup("💬 ") if session.id == found.current else Markup("")
        lines.append(mark + _session(number, session, t, zone))
        if session.id != found.current:
            keys.append(
                (Key(t.plain("mentor-go-on", number=number, title=_title(session, t)), MentorOpen(session.id)),)
            )
    turning = [
        *([Key("◀", MentorMenu(found.page - 1))] if found.page else []),
        *([Key("▶", MentorMenu(found.page + 1))] if found.more else []),
    ]
    if turning:
        keys.append(tuple(turning))
    if found.current is not None:
        keys.append((Key(t.plain("mentor-new"), MentorNew()), Key(t.plain("mentor-costs"), MentorCosts())))
    elif found.sessions:
        keys.append((Key(t.plain("mentor-costs"), MentorCosts()),))
    if found.why is Why.AGE_UNKNOWN:
        keys.insert(0, (_year_key(t),))
    keys.append((Key(t.plain("key-quiz"), QuizMenu()), Key(t.plain("key-home"), GoHome())))
    return Screen(joined(lines), tuple(keys), place="mentor")


def begun(ended: MentorSession | None, t: Translator) -> Screen:
    """After /new."""
    if ended is None:
        return Screen(t("mentor-new-already"))
    return Screen(t("mentor-new-begun", title=_title(ended, t)), ((Key(t.plain("mentor-sessions"), MentorMenu(0)),),))


def taken_up(session: MentorSession, t: Translator) -> Screen:
    """After going on with an old session."""
    return Screen(t("mentor-taken-up", title=_title(session, t)), ((Key(t.plain("mentor-sessions"), MentorMenu(0)),),))


def costs(found: Costs, t: Translator) -> Screen:
    """What the mentor used and cost: the last reply, the session, the day, the month, and what is left."""
    keys: Keys = ((Key(t.plain("mentor-sessions"), MentorMenu(0)), Key(t.plain("key-home"), GoHome())),)
    session = found.session
    nothing = session is None or not (session.total_tokens or found.month.calls)
    if found.why is Why.NO_MODEL and nothing:
        return Screen(t("cost-no-model"), keys)
    if session is None:
        return Screen(t("cost-nothing"), keys)
    rows = [
        *([t("cost-turn", tokens=_tokens(found.turn), cost=_cost(found.turn, t))] if found.turn else []),
        t(
            "cost-session",
            tokens=session.total_tokens,
            cost=_money(session.total_cost_pico_usd, session.unpriced_calls, t),
        ),
        t("cost-day", tokens=_tokens(found.day), cost=_cost(found.day, t)),
        t("cost-month", tokens=_tokens(found.month), cost=_cost(found.month, t)),
    ]
    lines = [t("cost-title"), Markup("\n").join(rows)]
    if found.cap is not None and found.left is not None:
        lines.append(t("cost-cap", left=dollars(found.left, t), cap=dollars(found.cap, t)))
    if found.day.estimated or found.month.estimated:
        lines.append(t("cost-estimated"))
    if found.month.unpriced:
        lines.append(t("cost-unpriced", count=found.month.unpriced))
    lines.append(t("cost-paid"))
    return Screen(joined(lines), keys)


def cut(t: Translator) -> Screen:
    """What was written is longer than is read."""
    return Screen(t("mentor-cut", letters=LONGEST))


def year_told(year: int, t: Translator) -> Screen:
    """The year of birth was told: the mentor can be asked."""
    return Screen(t("mentor-year-told", year=str(year)))


def too_big(t: Translator) -> Screen:
    """A file that the Bot API does not hand out."""
    return Screen(t("mentor-too-big"))


def dollars(pico_usd: int, t: Translator) -> str:
    """An amount of money; of less than can be told apart it is said that it is less."""
    amount = Decimal(pico_usd) / PICO_PER_USD
    if 0 < amount < SMALLEST:
        return t.plain("cost-less", cost=t.plain("cost-usd", amount=t.amount(SMALLEST)))
    return t.plain("cost-usd", amount=t.amount(amount))


def _scripted(why: Why, t: Translator) -> Screen:
    match why:
        case Why.DANGER:
            return safety.crisis(t)
        case Why.AGE_SAID:
            return replace(safety.age_check(t), keys=((_year_key(t),),))
        case Why.UNSUITABLE:
            return safety.unsuitable(t)
        case _:
            return Screen(t(f"mentor-{why}"))


def _retry(written: Chat, t: Translator) -> Keys:
    return ((Key(t.plain("mentor-retry"), MentorRetry(written.id), style="primary"),),)


def _year_key(t: Translator) -> Key:
    return Key(t.plain("mentor-tell-year"), Ask(STEPS.index(Onboarding.BIRTH)))


def _session(number: int, session: MentorSession, t: Translator, zone: str) -> Markup:
    return t(
        "mentor-session",
        number=number,
        title=_title(session, t),
        day=t.short_day(session.last_message_at, zone),
        messages=session.message_count,
        tokens=session.total_tokens,
        cost=_money(session.total_cost_pico_usd, session.unpriced_calls, t),
    )


def _title(session: MentorSession, t: Translator) -> str:
    return short(session.title, TITLE) if session.title else t.plain("mentor-untitled")


def _tokens(total: Sum | None) -> int:
    return 0 if total is None else total.prompt + total.completion


def _cost(total: Sum | None, t: Translator) -> str:
    return "" if total is None else _money(total.cost_pico_usd, total.unpriced, t)


def _money(pico_usd: int, unpriced: int, t: Translator) -> str:
    """An amount; where the price of some calls is unknown, at least so much."""
    amount = dollars(pico_usd, t)
    if not unpriced:
        return amount
    if Decimal(pico_usd) / PICO_PER_USD < SMALLEST:
        return t.plain("cost-unknown", count=unpriced)
    return t.plain("cost-at-least", cost=amount, count=unpriced)
