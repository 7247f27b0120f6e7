"""What a long conversation costs, by the way its history is trimmed: `python -m benchmarks.context`.

The same forty turns three times: trimmed in blocks (the calls that sum up what is cut are paid too), with a window that
drops the oldest turn each time, and whole. The replies are explanations and hints of the bundled bank, the prompts are
those that the mentor sends, the cache is that of the model server of the tests (1,024 tokens at least, blocks of 128,
half an hour), the prices are the listed ones.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import cycle, islice

from benchmarks.figures import Figure, machine, say
from core.mentor import prompts, tokens
from core.mentor.context import Line, keep_from
from core.mentor.model import Message, Role, Text, Usage
from core.mentor.prices import PriceTag, cost_pico_usd, listed
from core.questions.reading import read_bank
from storage.content import STARTER
from tests.model_server import PrefixCache

COMMAND = "python -m benchmarks.context"
MODEL = "gpt-6-luna"
TURNS = 40
CAP = 4_000
SECONDS_A_TURN = 90
AIM = 0.5
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
PICO_PER_CENT = 10**10
ASKED = (
    "Non ho capito il secondo passaggio, me lo rispieghi?",
    "Ok, e se il segno fosse negativo che cosa cambia?",
    "Ho provato così: ho portato tutto a sinistra e poi ho raccolto, ma mi viene un numero diverso. Dove sbaglio?",
    "Perché si fa proprio così?",
    "Me ne fai vedere uno simile con altri numeri?",
)
SUMMARY = " ".join(["Ha capito come si portano i termini dall'altra parte, e sbaglia ancora il segno."] * 7)
"""As long as a summary may be: some 120 words."""

Trim = Callable[[Sequence[Line], int | None], int | None]


def conversation() -> list[tuple[str, str]]:
    """Forty questions, each with a reply such as a mentor writes."""
    items = [item.wordings["it"] for item in read_bank(STARTER, "starter").bank.items if item.topic[0] != "english"]
    replies = (f"{words.hints[0]}\n\n{words.explanation}\n\n{words.hints[-1]}" for words in items if words.hints)
    return list(zip(islice(cycle(ASKED), TURNS), islice(replies, TURNS), strict=True))


def blocks(lines: Sequence[Line], kept_from: int | None) -> int | None:
    """As the mentor does it."""
    return keep_from(lines, kept_from, cap=CAP)


def window(lines: Sequence[Line], _kept_from: int | None) -> int | None:
    """The newest turns that fit under the cap."""
    total = sum(line.tokens for line in lines)
    for question, reply in zip(lines[::2], lines[1::2], strict=True):
        if total <= CAP:
            return question.id
        total -= question.tokens + reply.tokens
    return None


def everything(_lines: Sequence[Line], _kept_from: int | None) -> int | None:
    """All that was said."""
    return None


def cost(turns: Sequence[tuple[str, str]], trim: Trim, tag: PriceTag, *, summed_up: bool = False) -> tuple[int, float]:
    """Pico-USD of the replies, and which part of all that was read came from the cache.

    With `summed_up`, what is cut is summed up by a call that is paid too, and the summary stands in later prompts.
    """
    summary: str | None = None
    clock = [0.0]
    cache = PrefixCache(lambda: clock[0])
    lines: list[Line] = []
    history: list[Message] = []
    kept_from: int | None = None
    pico, read, cached_in_all = 0, 0, 0
    profile = prompts.Profile("it", "TOLC-I", 84, ("il segno nelle disequazioni", "le proprietà dei logaritmi"))
    for asked, reply in turns:
        before, kept_from = kept_from, trim(lines, kept_from)
        if summed_up and kept_from != before:
            cut = [one for line, one in zip(lines, history, strict=True) if (before or 0) <= line.id < (kept_from or 0)]
            wanted = tokens.count_prompt(prompts.summary_ask(cut, "it", before=summary))
            summary = SUMMARY
            pico += cost_pico_usd(Usage(wanted, completion=tokens.count_text(summary)), tag) or 0
        kept = [one for line, one in zip(lines, history, strict=True) if kept_from is None or line.id >= kept_from]
        newest = prompts.newest(asked, "it", scene=None, today=NOW.date())
        encoded = _encoded(prompts.messages(newest, kept, profile, summary=summary))
        cached, written = cache.read(MODEL, encoded)
        usage = Usage(len(encoded), cached, written, tokens.count_text(reply))
        pico += cost_pico_usd(usage, tag) or 0
        read, cached_in_all = read + usage.prompt, cached_in_all + cached
        for message in (Message.of(Role.USER, prompts.said(asked, "it")), Message.of(Role.ASSISTANT, reply)):
            history.append(message)
            lines.append(Line(len(lines), tokens.count_message(message), message.role is Role.USER))
        clock[0] += SECONDS_A_TURN
    return pico, cached_in_all / read


def run() -> list[Figure]:
    """Measure and give the figures."""
    tag = listed(MODEL, NOW)
    if tag is None:
        raise RuntimeError(f"{MODEL} has no listed price")
    turns = conversation()
    ours, share = cost(turns, blocks, tag, summed_up=True)
    slid, slid_share = cost(turns, window, tag)
    whole, _ = cost(turns, everything, tag)
    print(
        f"  {TURNS} turns, history of at most {CAP:,} tokens, {MODEL}: blocks {ours / PICO_PER_CENT:.3f} cents"
        f" ({share:.0%} from the cache), window {slid / PICO_PER_CENT:.3f} ({slid_share:.0%}),"
        f" everything {whole / PICO_PER_CENT:.3f}"
    )
    return [
        Figure(
            "history in blocks, to a sliding window", f"{ours / slid:.3f}", f"<= {AIM}", ours / slid <= AIM, COMMAND
        ),
        Figure("history in blocks, to the whole history", f"{ours / whole:.3f}", "", None, COMMAND),
    ]


def _encoded(prompt: Sequence[Message]) -> list[int]:
    """A prompt as the cache sees it: what each message begins with, and its words."""
    encoding = tokens.load()
    return [
        token
        for message in prompt
        for part in message.parts
        if isinstance(part, Text)
        for token in (-1, *encoding.encode_ordinary(f"{message.role}\n{part.text}"), -2)
    ]


def main() -> int:
    """Measure and print."""
    print(machine())
    return say(run())


if __name__ == "__main__":
    sys.exit(main())
