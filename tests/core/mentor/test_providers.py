"""The provider against a real HTTP server: what is whole, what is broken, and what each costs."""

import asyncio
import io
import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

import pytest
from PIL import Image as Picture

from core.mentor import prices, tokens
from core.mentor.events import (
    Broken,
    Delta,
    Event,
    Fault,
    Finished,
    Judged,
    Retrying,
    Stop,
    Transcribed,
    Unsupported,
)
from core.mentor.model import Ask, Image, Message, Purpose, Role, Text, Usage
from core.mentor.providers import Limits, OpenAIProvider
from tests.core.mentor.conftest import HASTY
from tests.model_server import FOREVER, ModelServer, Trouble

NOW = datetime(2026, 11, 20, tzinfo=UTC)
REPLY = "Prova così: porta l'uno a destra e pensa a quale numero, al quadrato, fa −1. 🤔 Che cosa noti?"
LONG = "Sei il mentore di uno studente e non dai mai la soluzione prima di un tentativo. " * 120
AnEvent = TypeVar("AnEvent", bound=Event)


@pytest.fixture(autouse=True)
def _talkative(server: ModelServer) -> None:
    server.reply = REPLY


async def test_reply_arrives_in_pieces_and_whole(server: ModelServer, provider: OpenAIProvider) -> None:
    """A stream gives the text as it is written, then the usage as the server billed it."""
    events = await _all(provider, _ask())

    assert len(_of(Delta, events)) > 5
    assert _words(events) == REPLY
    line = server.bill[0]
    assert events[-1] == Finished(
        Stop.DONE, Usage(line.prompt, completion=line.completion), "gpt-6-luna-2026-09-01", "req_000001"
    )


async def test_pieces_arrive_as_they_are_written(server: ModelServer, provider: OpenAIProvider) -> None:
    """The first word is there long before the last one is written."""
    server.next(Trouble(delay=0.01))
    loop = asyncio.get_running_loop()
    began = loop.time()
    times = []

    async for event in provider.stream(_ask()):
        times.append(loop.time() - began)
        del event

    assert times[0] < times[-1] / 2


async def test_own_count_of_a_prompt_is_the_servers(server: ModelServer, provider: OpenAIProvider) -> None:
    """What we count before the call is what the server counts, with words, a name, signs and a photo."""
    photo = Image(_jpeg(1000, 700), "image/jpeg", 1000, 700)
    ask = Ask(
        (
            Message.of(Role.SYSTEM, LONG),
            Message.of(Role.USER, "<|endoftext|> e \ud83d metà", "esempio"),
            Message.of(Role.ASSISTANT, "√2 ≈ 1,4142"),
            Message(Role.USER, (Text("E questo?"), photo)),
        ),
        max_tokens=300,
    )

    await _all(provider, ask)

    assert tokens.count_prompt(ask.messages) == server.bill[0].prompt


async def test_cost_is_the_servers_bill(server: ModelServer, provider: OpenAIProvider) -> None:
    """A growing dialogue with a cached beginning costs, call by call, what the server billed."""
    server.reasoning = 7
    tag = prices.listed("gpt-6-luna", NOW)
    messages = [Message.of(Role.SYSTEM, LONG)]

    for turn in range(6):
        messages.append(Message.of(Role.USER, f"Domanda {turn}: e poi?"))
        usage = _usage(await _all(provider, Ask(tuple(messages), max_tokens=300)))
        messages.append(Message.of(Role.ASSISTANT, REPLY))

        line = server.bill[-1]
        assert prices.cost_pico_usd(usage, tag) == line.pico_usd > 0
        assert (usage.cached > 1024, usage.reasoning) == (turn > 0, 7)

    assert server.total_pico_usd == sum(line.pico_usd for line in server.bill)


async def test_models_are_listed_without_a_call(server: ModelServer, provider: OpenAIProvider) -> None:
    """What the server has can be asked for, and nothing is billed."""
    assert await provider.models() == ("gpt-6-luna", "gpt-6.1-terra")
    assert server.bill == []


@pytest.mark.parametrize(
    ("path", "fault"), [("/v2", Fault.REFUSED), ("/hotel", Fault.BAD_ANSWER), ("/list", Fault.BAD_ANSWER)]
)
async def test_list_of_models_that_is_none(server: ModelServer, path: str, fault: Fault) -> None:
    """Another path, a hotel's page, or another shape is a failure that is named, and not an empty list."""
    address = server.base_url.removesuffix("/v1") + path
    opened = OpenAIProvider("gpt-6-luna", base_url=address, api_key="sk-test-secret", limits=HASTY)

    answered = await opened.models()
    await opened.close()

    assert isinstance(answered, Broken)
    assert answered.fault is fault


async def test_models_of_a_server_that_is_not_there(server: ModelServer) -> None:
    """Nobody is at the address."""
    opened = OpenAIProvider("gpt-6-luna", base_url="http://127.0.0.1:1/v1", limits=HASTY)

    answered = await opened.models()
    await opened.close()

    assert isinstance(answered, Broken)
    assert answered.fault is Fault.UNREACHABLE


async def test_limit_ends_the_reply(server: ModelServer, provider: OpenAIProvider) -> None:
    """A reply that reaches its limit says so."""
    events = await _all(provider, _ask(max_tokens=5))

    assert _usage(events).completion == server.bill[0].completion == 5
    assert _last(Finished, events).stop is Stop.LENGTH


async def test_local_server_is_asked_in_its_own_words(server: ModelServer, provider: OpenAIProvider) -> None:
    """A server that is not OpenAI's is given `max_tokens`; what is not known is not sent."""
    await _all(provider, _ask())

    body = server.bill[0].body
    assert body["max_tokens"] == 300
    assert {"max_completion_tokens", "reasoning_effort", "safety_identifier"}.isdisjoint(body)


async def test_what_an_ask_says_is_sent(server: ModelServer, provider: OpenAIProvider) -> None:
    """Model, effort and the hashed person go along."""
    await _all(provider, _ask(model="gpt-6.1-terra", effort="low", safety_id="5f3a"))

    body = server.bill[0].body
    assert (body["model"], body["reasoning_effort"], body["safety_identifier"]) == ("gpt-6.1-terra", "low", "5f3a")


@pytest.mark.parametrize("name", ["max_tokens", "stream_options", "reasoning_effort", "safety_identifier"])
async def test_refused_parameter_is_left_out_from_then_on(
    server: ModelServer, provider: OpenAIProvider, name: str
) -> None:
    """What a server refuses by name costs one refusal, which is told, and is never sent again."""
    server.refused = {name}
    ask = _ask(effort="low", safety_id="5f3a")

    first, second = await _all(provider, ask), await _all(provider, ask)

    [retry] = _of(Retrying, first)
    assert (retry.broken.fault, retry.broken.reached, retry.broken.status) == (Fault.REFUSED, False, 400)
    assert _words(first) == _words(second) == REPLY
    assert _of(Retrying, second) == []
    assert [name in line.body for line in server.bill] == [True, False, False]
    assert ("max_completion_tokens" in server.bill[2].body) == (name == "max_tokens")


async def test_what_one_model_refuses_another_may_take(server: ModelServer, provider: OpenAIProvider) -> None:
    """What is left out for one model still goes to the other models of the server."""
    server.refused = {"reasoning_effort"}
    await _all(provider, _ask(effort="low"))
    server.refused = set()

    await _all(provider, _ask(effort="low", model="gpt-6.1-terra"))

    assert server.bill[-1].body["reasoning_effort"] == "low"


def test_openai_is_asked_in_its_own_words() -> None:
    """OpenAI itself is given `max_completion_tokens`, which others would pass over in silence."""
    asked = {
        name: set(OpenAIProvider("m", base_url=url)._body(_ask())) & {"max_tokens", "max_completion_tokens"}  # noqa: SLF001 - nothing may be sent there
        for name, url in (
            ("openai", None),
            ("azure", "https://x.openai.azure.com/v1"),
            ("other", "https://notopenai.com"),
        )
    }

    assert asked == {"openai": {"max_completion_tokens"}, "azure": {"max_completion_tokens"}, "other": {"max_tokens"}}


async def test_many_asks_find_out_together(server: ModelServer, provider: OpenAIProvider) -> None:
    """Asks that were under way when a refusal came are asked again too, and each gets its reply."""
    server.refused = {"max_tokens", "stream_options"}

    replies = await asyncio.gather(*(_all(provider, _ask()) for _ in range(20)))

    assert {_words(events) for events in replies} == {REPLY}


async def test_limit_that_is_too_high_is_not_an_unknown_limit(server: ModelServer, provider: OpenAIProvider) -> None:
    """A complaint about a value does not make us forget its parameter."""
    server.next(
        Trouble(status=400, message="max_tokens is too large: this model writes at most 128", param="max_tokens")
    )

    events = await _all(provider, _ask())
    await _all(provider, _ask())

    assert _last(Broken, events).fault is Fault.REFUSED
    assert ["max_tokens" in line.body for line in server.bill] == [True, True]


async def test_server_that_takes_no_limit_is_not_asked_without_one(
    server: ModelServer, provider: OpenAIProvider
) -> None:
    """A reply without a limit could cost anything, so there is none."""
    server.refused = {"max_tokens", "max_completion_tokens"}

    events = await _all(provider, _ask())

    assert _last(Broken, events).fault is Fault.REFUSED
    assert server.total_pico_usd == 0


@pytest.mark.parametrize("usage", ["none", "odd", "vast"])
async def test_missing_usage_is_unknown_and_not_zero(server: ModelServer, provider: OpenAIProvider, usage: str) -> None:
    """A server that does not count, or counts what cannot be, leaves None; our own count is close."""
    server.next(Trouble(usage=usage))
    ask = _ask()

    events = await _all(provider, ask)

    assert _last(Finished, events).usage is None
    counted = tokens.count_usage(ask, _words(events))
    assert counted.prompt == server.bill[0].prompt
    assert abs(counted.completion - server.bill[0].completion) <= 1


@pytest.mark.parametrize("usage", ["null", "bare", "each", "early"])
async def test_usage_in_every_form_is_read(server: ModelServer, provider: OpenAIProvider, usage: str) -> None:
    """Details may be None or absent, and figures may come with each chunk: the last ones hold."""
    server.next(Trouble(usage=usage))

    used = _usage(await _all(provider, _ask()))

    assert (used.prompt, used.completion) == (server.bill[0].prompt, server.bill[0].completion)


async def test_parts_that_cannot_be_make_nothing_cheaper(server: ModelServer, provider: OpenAIProvider) -> None:
    """More cached than read is no discount: the sums hold."""
    server.next(Trouble(usage="parts"))

    used = _usage(await _all(provider, _ask()))

    assert used == Usage(server.bill[0].prompt, completion=server.bill[0].completion)


@pytest.mark.parametrize("last", ["cut", "stall"])
async def test_reply_is_whole_once_it_says_why_it_ended(
    server: ModelServer, provider: OpenAIProvider, last: str
) -> None:
    """A connection that breaks after the reason of the end takes only the figures along."""
    server.next(Trouble(last=last))

    events = await _all(provider, _ask())

    assert _words(events) == REPLY
    assert _last(Finished, events).usage is None


async def test_reply_in_one_piece_is_a_reply(server: ModelServer, provider: OpenAIProvider) -> None:
    """A server that does not stream though it was asked to is understood."""
    server.next(Trouble(whole=True))

    events = await _all(provider, _ask())

    assert _words(events) == REPLY
    assert _usage(events).completion == server.bill[0].completion


async def test_stream_without_its_last_mark_is_whole(server: ModelServer, provider: OpenAIProvider) -> None:
    """What makes a reply whole is the reason why it ended, not [DONE]."""
    server.next(Trouble(done=False))

    assert _usage(await _all(provider, _ask())).completion == server.bill[0].completion


@pytest.mark.parametrize(
    ("trouble", "fault"),
    [
        (Trouble(cut_after=6), Fault.CUT),
        (Trouble(end_after=6), Fault.CUT),
        (Trouble(stall_after=6), Fault.STALLED),
        (Trouble(error_after=6, message="The server had an error"), Fault.OVERLOADED),
        (Trouble(error_after=6, code="insufficient_quota"), Fault.QUOTA),
        (Trouble(garbage_after=6), Fault.BAD_ANSWER),
    ],
    ids=lambda value: str(value) if isinstance(value, Fault) else None,
)
async def test_stream_that_breaks_keeps_its_words(
    server: ModelServer, provider: OpenAIProvider, trouble: Trouble, fault: Fault
) -> None:
    """What came before the break was shown and is billed; it is not asked again, and no usage is made up."""
    server.next(trouble)

    events = await _all(provider, _ask())

    assert REPLY.startswith(_words(events))
    assert _words(events)
    broken = _last(Broken, events)
    assert (broken.fault, broken.reached, broken.usage, broken.request_id) == (fault, True, None, "req_000001")
    assert len(server.bill) == 1
    assert server.bill[0].completion == 6


async def test_break_after_figures_keeps_the_figures(server: ModelServer, provider: OpenAIProvider) -> None:
    """A server that counts with each chunk has counted what came before the break."""
    server.next(Trouble(cut_after=6, usage="each"))

    broken = _last(Broken, await _all(provider, _ask()))

    assert broken.usage == Usage(server.bill[0].prompt, completion=6)


@pytest.mark.parametrize(
    ("trouble", "fault", "calls"),
    [
        (Trouble(status=500), Fault.OVERLOADED, 2),
        (Trouble(status=503, html=True), Fault.OVERLOADED, 2),
        (Trouble(status=429), Fault.OVERLOADED, 2),
        (Trouble(status=429, retry_after="0.05"), Fault.OVERLOADED, 2),
        (Trouble(status=429, retry_after="3600"), Fault.OVERLOADED, 1),
        (Trouble(status=429, retry_after="Fri, 20 Nov 2026 09:00:00 GMT"), Fault.OVERLOADED, 2),
        (Trouble(status=429, code="insufficient_quota"), Fault.QUOTA, 1),
        (Trouble(status=402), Fault.QUOTA, 1),
        (Trouble(status=401), Fault.UNAUTHORISED, 1),
        (Trouble(status=403), Fault.UNAUTHORISED, 1),
        (Trouble(status=400), Fault.REFUSED, 1),
        (Trouble(status=404, code="model_not_found"), Fault.REFUSED, 1),
        (Trouble(status=400, code="context_length_exceeded"), Fault.PROMPT_TOO_LONG, 1),
        (Trouble(status=400, message="This model's maximum context length is 4096 tokens."), Fault.PROMPT_TOO_LONG, 1),
        (Trouble(status=413, html=True), Fault.PROMPT_TOO_LONG, 1),
        (Trouble(status=302), Fault.REFUSED, 1),
        (Trouble(html=True), Fault.BAD_ANSWER, 1),
        (Trouble(drop=True), Fault.CUT, 2),
    ],
)
async def test_refusal_is_understood_and_costs_nothing(
    server: ModelServer, provider: OpenAIProvider, trouble: Trouble, fault: Fault, calls: int
) -> None:
    """What may pass is tried once more, each try is told; what will not pass is not tried again; nothing is billed."""
    server.usual = trouble

    events = await _all(provider, _ask())

    broken = _last(Broken, events)
    assert (broken.fault, broken.reached, broken.usage) == (fault, False, None)
    assert [event.broken.fault for event in _of(Retrying, events)] == [fault] * (calls - 1)
    assert len(server.bill) == calls
    assert server.total_pico_usd == 0


async def test_another_try_can_succeed(server: ModelServer, provider: OpenAIProvider) -> None:
    """A server that was busy for a moment answers the second time; both calls can be written down."""
    server.next(Trouble(status=503))

    events = await _all(provider, _ask())

    assert isinstance(events[0], Retrying)
    assert (events[0].attempt, events[0].broken.request_id) == (1, "req_000001")
    assert _words(events) == REPLY
    assert _last(Finished, events).request_id == "req_000002"


async def test_wait_that_the_server_asks_for_is_told(server: ModelServer, provider: OpenAIProvider) -> None:
    """Too long a wait is for the caller to decide."""
    server.usual = Trouble(status=429, retry_after="20")

    assert _last(Broken, await _all(provider, _ask())).retry_after == 20.0


@pytest.mark.parametrize("whole", [False, True])
async def test_error_with_the_status_of_success_is_an_error(
    server: ModelServer, provider: OpenAIProvider, *, whole: bool
) -> None:
    """An error before any word, in a stream or in one piece, cost nothing and is tried once more."""
    server.next(Trouble(error_first=True, whole=whole, message="provider is down"))

    events = await _all(provider, _ask())

    [retry] = _of(Retrying, events)
    assert (retry.broken.fault, retry.broken.reached) == (Fault.OVERLOADED, False)
    assert "provider is down" in retry.broken.detail
    assert _words(events) == REPLY


async def test_reasoning_is_counted_and_not_shown(server: ModelServer, provider: OpenAIProvider) -> None:
    """What a server shows of its reasoning is kept for the count, apart from the words."""
    server.next(Trouble(thinking="Forse serve l'unità immaginaria.", usage="none"))
    ask = _ask()

    events = await _all(provider, ask)

    assert _words(events) == REPLY
    unshown = _last(Finished, events).unshown
    assert unshown == "Forse serve l'unità immaginaria."
    assert abs(tokens.count_usage(ask, unshown + _words(events)).completion - server.bill[0].completion) <= 1


async def test_endless_reasoning_is_cut(server: ModelServer, provider: OpenAIProvider) -> None:
    """Reasoning beyond any limit is no better than words beyond it."""
    server.next(Trouble(thinking="Forse. " * 5_000))

    assert _last(Broken, await _all(provider, _ask(max_tokens=10))).fault is Fault.TOO_LARGE


async def test_second_choice_does_not_mix_in(server: ModelServer, provider: OpenAIProvider) -> None:
    """Only the first of several replies is read."""
    server.next(Trouble(second=True))

    assert _words(await _all(provider, _ask())) == REPLY


async def test_refusal_of_the_model_is_its_reply(server: ModelServer, provider: OpenAIProvider) -> None:
    """What a model says in refusing is what the student reads."""
    server.next(Trouble(as_refusal=True))

    assert _words(await _all(provider, _ask())) == REPLY


async def test_server_that_hangs_may_have_worked(server: ModelServer, provider: OpenAIProvider) -> None:
    """Without any answer nobody knows whether it was billed: it is not asked again."""
    server.next(Trouble(hang=True))

    broken = _last(Broken, await _all(provider, _ask()))

    assert (broken.fault, broken.reached, len(server.bill)) == (Fault.STALLED, True, 1)


async def test_comments_do_not_keep_a_call_alive(server: ModelServer) -> None:
    """A server that sends signs of life and no words is given up."""
    server.usual = Trouble(pings=True)

    broken = _last(Broken, await _all_of(server, replace(HASTY, whole=0.4), _ask()))

    assert (broken.fault, broken.reached) == (Fault.STALLED, True)


async def test_slow_words_are_given_time(server: ModelServer, provider: OpenAIProvider) -> None:
    """What counts is silence: a reply may take longer than the longest silence."""
    server.next(Trouble(delay=0.03))

    events = await _all(provider, _ask())

    assert len(_of(Delta, events)) * 0.03 > HASTY.read
    assert _words(events) == REPLY


async def test_slow_reader_loses_nothing(server: ModelServer, provider: OpenAIProvider) -> None:
    """Who shows words slowly still gets all of them."""
    words = ""
    async for event in provider.stream(_ask()):
        await asyncio.sleep(0.02)
        words += event.text if isinstance(event, Delta) else ""

    assert words == REPLY


async def test_endless_reply_is_cut(server: ModelServer, provider: OpenAIProvider) -> None:
    """A server that writes on beyond any limit is cut, and knows it."""
    server.next(Trouble(endless=True))

    events = await _all(provider, _ask(max_tokens=200))

    assert _last(Broken, events).fault is Fault.TOO_LARGE
    assert len(_words(events)) < 200 * 16 + 2_000
    await _quiet(server)
    assert server.bill[0].completion < FOREVER


async def test_answer_of_too_many_bytes_is_cut(server: ModelServer) -> None:
    """Bytes are limited whatever they are."""
    server.usual = Trouble(endless=True)

    broken = _last(Broken, await _all_of(server, replace(HASTY, octets=20_000), _ask(max_tokens=100_000)))

    assert broken.fault is Fault.TOO_LARGE


async def test_nobody_at_the_address() -> None:
    """A server that is not there was not reached."""
    provider = OpenAIProvider("m", base_url="http://127.0.0.1:9/v1", limits=HASTY)

    events = await _all(provider, _ask())
    await provider.close()

    broken = _last(Broken, events)
    assert (broken.fault, broken.reached, len(_of(Retrying, events))) == (Fault.UNREACHABLE, False, 1)


async def test_closing_the_stream_cuts_the_call(server: ModelServer, provider: OpenAIProvider) -> None:
    """Who stops reading ends the call at the server too."""
    server.next(Trouble(delay=0.02))

    async with aclosing(provider.stream(_ask())) as events:
        async for event in events:
            if isinstance(event, Delta):
                break

    await _quiet(server)
    assert server.bill[0].how == "cancelled"
    assert _words(await _all(provider, _ask())) == REPLY


async def test_cancelled_task_cuts_the_call(server: ModelServer, provider: OpenAIProvider) -> None:
    """A cancelled reader leaves no call behind, and its cancellation is not swallowed."""
    server.next(Trouble(delay=0.02))
    task = asyncio.create_task(_all(provider, _ask()))
    await server.busy.wait()

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    await _quiet(server)


async def test_hidden_reply_can_be_read_to_its_end(server: ModelServer, provider: OpenAIProvider) -> None:
    """Reading on without showing gives the usage as billed."""
    shown, hidden = "", False
    async with aclosing(provider.stream(_ask())) as events:
        async for event in events:
            match event:
                case Delta(text) if not hidden:
                    shown += text
                    hidden = len(shown) > 10
                case Finished(usage=usage):
                    assert usage is not None
                    assert usage.completion == server.bill[0].completion

    assert hidden
    assert len(shown) < len(REPLY)


async def test_no_key_is_needed(server: ModelServer) -> None:
    """A server without keys is asked without one of ours."""
    provider = OpenAIProvider("gpt-6-luna", base_url=server.base_url, api_key="", limits=HASTY)

    events = await _all(provider, _ask())
    await provider.close()

    assert _words(events) == REPLY
    assert server.bill[0].headers["Authorization"] == "Bearer none"


async def test_key_does_not_come_back(server: ModelServer, provider: OpenAIProvider) -> None:
    """A server that repeats the key in its complaint does not get it into the log."""
    server.usual = Trouble(status=401, message="Incorrect API key: sk-test-secret")

    broken = _last(Broken, await _all(provider, _ask()))

    assert "sk-test-secret" not in repr(broken)
    assert "Incorrect API key" in broken.detail


async def test_proxy_of_the_environment_does_not_stand_before_this_machine(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server on loopback is reached though the environment names a proxy."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert _words(await _all_of(server, HASTY, _ask())) == REPLY


async def test_two_hundred_at_once(server: ModelServer) -> None:
    """Many streams at the same time are whole, and each has its own usage."""
    patient = OpenAIProvider("gpt-6-luna", base_url=server.base_url)

    replies = await asyncio.gather(*(_all(patient, _ask(text=f"Domanda {n}")) for n in range(200)))
    await patient.close()

    assert {_words(events) for events in replies} == {REPLY}
    assert sum(_usage(events).total for events in replies) == sum(line.prompt + line.completion for line in server.bill)


async def test_moderation_says_what_is_wrong(server: ModelServer, provider: OpenAIProvider) -> None:
    """A flagged text has its categories; a harmless one, and half a character, have none."""
    flagged = await provider.moderate("voglio uccidermi")
    harmless = await provider.moderate("come si deriva? \ud83d")

    assert flagged == Judged(
        flagged=True,
        categories=frozenset({"self-harm/intent"}),
        model="omni-moderation-latest",
        request_id="req_000001",
    )
    assert isinstance(harmless, Judged)
    assert (harmless.flagged, harmless.categories) == (False, frozenset())


async def test_voice_becomes_words(server: ModelServer, provider: OpenAIProvider) -> None:
    """A voice message comes back as text with the seconds that are billed."""
    heard = await provider.transcribe(b"OggS\x00sound")

    assert isinstance(heard, Transcribed)
    assert (heard.text, heard.seconds, heard.usage) == (server.spoken[0], Decimal(4), None)
    assert heard.model == "gpt-transcribe"
    line = server.bill[0]
    assert line.body["file"] == b"OggS\x00sound"
    assert prices.sound_pico_usd(Decimal(4), prices.listed_sound(heard.model, NOW)) == line.pico_usd


async def test_length_that_is_not_told_is_unknown(server: ModelServer, provider: OpenAIProvider) -> None:
    """A server that does not say how much it billed leaves None."""
    server.next(Trouble(usage="none"))

    heard = await provider.transcribe(b"OggS")

    assert isinstance(heard, Transcribed)
    assert (heard.seconds, heard.usage) == (None, None)


async def test_empty_voice_is_refused(provider: OpenAIProvider) -> None:
    """A file without sound is told as refused."""
    heard = await provider.transcribe(b"")

    assert isinstance(heard, Broken)
    assert (heard.fault, heard.reached) == (Fault.REFUSED, False)


async def test_server_without_moderation_and_voice_is_asked_once(server: ModelServer, provider: OpenAIProvider) -> None:
    """What a server does not have is remembered."""
    server.missing = {"/v1/moderations", "/v1/audio/transcriptions"}

    assert [await provider.moderate("a"), await provider.moderate("b")] == [Unsupported(asked=True), Unsupported(False)]  # noqa: FBT003 - its only field
    assert [await provider.transcribe(b"a"), await provider.transcribe(b"b")] == [Unsupported(True), Unsupported(False)]  # noqa: FBT003 - its only field
    assert len(server.bill) == 2
    assert _words(await _all(provider, _ask())) == REPLY


@pytest.mark.parametrize(
    ("trouble", "fault"),
    [
        (Trouble(status=500), Fault.OVERLOADED),
        (Trouble(html=True), Fault.BAD_ANSWER),
        (Trouble(hang=True), Fault.STALLED),
        (Trouble(drop=True), Fault.CUT),
        (Trouble(status=404, code="model_not_found"), Fault.REFUSED),
    ],
)
async def test_moderation_that_fails_is_told_and_not_forgotten(
    server: ModelServer, provider: OpenAIProvider, trouble: Trouble, fault: Fault
) -> None:
    """A failure is no verdict, and not the same as having no moderation."""
    server.next(trouble, trouble)

    judged, heard = await provider.moderate("ciao"), await provider.transcribe(b"OggS")

    assert isinstance(judged, Broken)
    assert isinstance(heard, Broken)
    assert (judged.fault, heard.fault) == (fault, fault)
    assert isinstance(await provider.moderate("ciao"), Judged)


def test_slow_packages_are_not_loaded_before_they_are_used() -> None:
    """What the rest of the mentor imports does not load the client, the tokenizer or the price list."""
    code = (
        "import sys; import core.mentor.tokens, core.mentor.prices, core.mentor.events, core.mentor.model;"
        "print(sorted({'openai', 'httpx2', 'tiktoken', 'genai_prices'} & sys.modules.keys()))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)  # noqa: S603 - python itself

    assert done.stdout.strip() == "[]"


def _ask(text: str = "Come si risolve x²+1=0?", *, max_tokens: int = 300, **more: str) -> Ask:
    messages = (Message.of(Role.SYSTEM, "Sei un mentore."), Message.of(Role.USER, text))
    return Ask(messages, max_tokens, Purpose.REPLY, **more)


async def _all(provider: OpenAIProvider, ask: Ask) -> list[Event]:
    async with asyncio.timeout(60), aclosing(provider.stream(ask)) as events:
        return [event async for event in events]


async def _all_of(server: ModelServer, limits: Limits, ask: Ask) -> list[Event]:
    provider = OpenAIProvider("gpt-6-luna", base_url=server.base_url, limits=limits)
    try:
        return await _all(provider, ask)
    finally:
        await provider.close()


def _of(kind: type[AnEvent], events: Iterable[Event]) -> list[AnEvent]:
    return [event for event in events if isinstance(event, kind)]


def _last(kind: type[AnEvent], events: list[Event]) -> AnEvent:
    last = events[-1]
    assert isinstance(last, kind), last
    return last


def _words(events: list[Event]) -> str:
    return "".join(event.text for event in _of(Delta, events))


def _usage(events: list[Event]) -> Usage:
    usage = _last(Finished, events).usage
    assert usage is not None
    return usage


async def _quiet(server: ModelServer) -> None:
    """Wait until the server works on nothing."""
    async with asyncio.timeout(20):
        await server.idle.wait()


def _jpeg(width: int, height: int) -> bytes:
    content = io.BytesIO()
    Picture.new("RGB", (width, height), "white").save(content, "JPEG")
    return content.getvalue()
