"""Students who play by themselves: they tap what the newest message offers, and remember what they were told."""

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.callbacks import (
    BirthYear,
    ExamDay,
    ExamInView,
    ExamMonth,
    NotAPress,
    Press,
    QuizAnswer,
    QuizConfirm,
    QuizMenu,
    QuizNext,
    QuizResume,
    QuizReview,
    QuizSetup,
    QuizSkip,
    QuizStart,
    QuizToggle,
    decode,
)
from bot.playground import Playground
from core.ids import QuizId
from core.practice.model import Mode

Json = dict[str, Any]
Verdict = tuple[QuizId, int]

_RIGHT = re.compile(r"✅ (Giusto|Right)!")
_WRONG = re.compile(r"❌ (Non è così|That's not right)")


TRIES = 4


class Stuck(AssertionError):  # noqa: N818 - said of a chat
    """A chat does not go on, whatever is tapped."""

    def __init__(self, who: int, why: str) -> None:
        super().__init__(f"{who}: {why}")
        self.who = who


@dataclass
class Player:
    """One student.

    Attributes:
        patience: Seconds after which somebody taps the same key once more.
        pause: Seconds of thought before a tap, at most.
        verdicts: What the chat said of each position, right or wrong.
        repeated: Taps that had to be made again although nothing disturbed the bot.
    """

    pg: Playground
    who: int
    rng: random.Random
    patience: float = 6.0
    pause: float = 0.05
    verdicts: dict[Verdict, bool] = field(default_factory=dict)
    results: int = 0
    repeated: int = 0

    async def play(self, go_on: Callable[[], bool] = lambda: False) -> None:
        """Start, and play to the result; then another quiz while `go_on` says so.

        Raises:
            Stuck: Nothing happened after four taps.
        """
        self.pg.say(self.who, "/start")
        await self._change(None, lambda: None, go_on)
        while True:
            newest = self.newest()
            if newest is None:
                raise Stuck(self.who, "no keys anywhere")
            offered = self._offered(newest)
            self._remember(newest, offered)
            if any(isinstance(press, QuizReview) for press in offered):
                self.results += 1
                if not go_on():
                    return
            chosen = self._choose(offered)
            await asyncio.sleep(self.rng.uniform(0, self.pause))
            await self._change(newest, lambda newest=newest, chosen=chosen: self._press(newest, chosen), go_on)

    def newest(self) -> Json | None:
        """The lowest message with keys."""
        for message in reversed(self.pg.messages(self.who)):
            if message["from"]["is_bot"] and message.get("reply_markup", {}).get("inline_keyboard"):
                return message
        return None

    def _press(self, message: Json, press: Press) -> None:
        if message["message_id"] in self.pg.world.chat_of(self.who).messages:
            self.pg.press(self.who, message["message_id"], press.encode())

    async def _change(self, before: Json | None, act: Callable[[], None], disturbed: Callable[[], bool]) -> None:
        """Act, and wait until the newest message with keys is another than before; tap again if it is not.

        Taps count only while nothing disturbs the bot: one that is killed all the time may not get to a student.
        """
        tries = 0
        while tries < TRIES:
            act()
            tries += not disturbed()
            try:
                async with asyncio.timeout(self.patience):
                    while (newest := self.newest()) is before or newest is None:  # noqa: ASYNC110 - a poll
                        await asyncio.sleep(0.005)
            except TimeoutError:
                self.repeated += not disturbed()
                continue
            return
        texts = [str(message.get("text") or message.get("caption"))[:80] for message in self.pg.messages(self.who)[-3:]]
        raise Stuck(self.who, str(texts))

    def _offered(self, message: Json) -> list[Press]:
        found = []
        for row in message["reply_markup"]["inline_keyboard"]:
            for key in row:
                try:
                    found.append(decode(key.get("callback_data", "")))
                except NotAPress:
                    continue
        return found

    def _remember(self, message: Json, offered: list[Press]) -> None:
        """Keep a verdict that the chat shows."""
        going_on = next((press for press in offered if isinstance(press, QuizNext)), None)
        text = str(message.get("text") or message.get("caption"))
        if going_on is not None and (_RIGHT.search(text) or _WRONG.search(text)):
            self.verdicts[going_on.quiz, going_on.position] = _RIGHT.search(text) is not None

    def _choose(self, offered: list[Press]) -> Press:
        """What a student would tap: an answer, what leads on, or a new quiz."""
        confirm = [press for press in offered if isinstance(press, QuizConfirm)]
        if confirm and self.rng.random() < 0.7:
            return confirm[0]
        for kinds in (
            (QuizAnswer, QuizToggle),
            (QuizNext,),
            (QuizResume,),
            (ExamInView, ExamMonth, ExamDay, BirthYear),
            (QuizSkip,),
            (QuizStart,),
        ):
            found = [press for press in offered if isinstance(press, kinds)]
            if kinds == (QuizStart,):
                found = [press for press in found if press.mode is Mode.MIXED and press.length == 5]
            if found:
                return self.rng.choice(found)
        mixed = [press for press in offered if isinstance(press, QuizSetup) and press.mode is Mode.MIXED]
        menu = [press for press in offered if isinstance(press, QuizMenu)]
        if not mixed and not menu:
            raise Stuck(self.who, f"nothing to tap among {offered}")
        return (mixed or menu)[0]
