"""Any OpenAI-compatible server, through the `openai` package: the only module that imports it (0.4 s), and late.

Servers differ in what they take and in what they say. What one refuses by name is left out from then on; what one does
not say is None; what is no answer is `Broken`. A call that may have been billed is never repeated here.
"""

import asyncio
import base64
import json
import re
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address
from typing import Any

import httpx2
from openai import APIConnectionError, APIError, APIStatusError, AsyncOpenAI, AsyncStream

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
from core.mentor.model import Ask, Image, Message, Text, Usage
from core.mentor.offer import MODERATION_MODEL, TRANSCRIPTION_MODEL

OPENAI_URL = "https://api.openai.com/v1"
NO_KEY = "none"
"""A server on the operator's machine wants no key, and the client wants one."""

CHAT = "/chat/completions"
MODERATIONS = "/moderations"
TRANSCRIPTIONS = "/audio/transcriptions"
MODELS = "/models"
ABSENT = (404, 405, 501)

WRITE_LIMITS = ("max_completion_tokens", "max_tokens")
"""OpenAI refuses the second for newer models. Most others know only the second, and pass over the first in silence: a
reply without a limit. So each kind of server is asked in its own words first."""
OPENAI_HOSTS = ("openai.com", "openai.azure.com")
OPTIONAL = ("stream_options", "reasoning_effort", "safety_identifier")
"""Parameters that can be left out of a request if a server refuses them."""
STOPS = {"stop": Stop.DONE, "length": Stop.LENGTH, "content_filter": Stop.FILTERED}
TOO_LONG = ("context_length_exceeded", "string_above_max_length", "exceed_context_size_error")
UNKNOWN_PARAMETER = re.compile(
    "unsupported|not support|unrecogni[sz]ed|unknown|unexpected|not permitted|not allowed|forbidden|instead",
    re.IGNORECASE,
)
"""How servers say that they do not know a parameter; "max_tokens is too large" is another matter."""
NO_EYES = re.compile(
    r"image_url.{0,40}(?:only )?supported|(?:image|vision|multi-?modal|picture).{0,60}"
    r"(?:not (?:currently )?(?:support|enabl|allow|available)|unsupported|not a |mmproj)"
    r"|(?:not|n't|cannot) (?:currently )?(?:support|accept|have|handle|process|a )[^.]{0,40}"
    r"(?:image|vision|multi-?modal|picture)|no (?:endpoints|models?)[^.]{0,40} image",
    re.IGNORECASE,
)
"""How servers say that a model takes no pictures; that one picture cannot be read is another matter."""
CONTEXT_LIMIT = re.compile("context (length|size|window)", re.IGNORECASE)
LETTERS_PER_TOKEN = 16
"""More than any real text has; a server that writes more than this for its limit does not keep the limit."""
LETTERS_SPARE = 2_000
DETAIL_LETTERS = 300
_END = object()
_DISCONNECTED = (APIConnectionError, httpx2.HTTPError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much.

    Attributes:
        connect: Seconds to connect.
        read: Seconds without a byte.
        other: Seconds to send, and to wait for a free connection.
        whole: Seconds for one reply, first byte to last: comments keep a connection alive for ever.
        once: Seconds for what is answered at once: moderation, transcription.
        octets: Bytes of one answer, at most.
        tries: How often, the first time included. What a server refuses by name does not count.
        pause: Seconds before another try, where the server does not say.
        longest_pause: A server that asks for more gets no other try.
        connections: Open at once; others wait.
    """

    connect: float = 5.0
    read: float = 45.0
    other: float = 60.0
    whole: float = 240.0
    once: float = 30.0
    octets: int = 8 * 2**20
    tries: int = 2
    pause: float = 0.5
    longest_pause: float = 10.0
    connections: int = 256


class OpenAIProvider:
    """A server that speaks Chat Completions.

    Attributes:
        model: What is asked unless an `Ask` names another.
        base_url: Where the server is.

    Args:
        api_key: None or empty for a server that wants none.
        limits: How long and how much.
    """

    def __init__(  # noqa: PLR0913 - settings, each with its name
        self,
        model: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        moderation_model: str = MODERATION_MODEL,
        transcription_model: str = TRANSCRIPTION_MODEL,
        limits: Limits | None = None,
    ) -> None:
        self.model = model
        self.base_url = base_url or OPENAI_URL
        self._moderation_model = moderation_model
        self._transcription_model = transcription_model
        self._limits = limits or Limits()
        self._client = AsyncOpenAI(
            api_key=api_key or NO_KEY,
            base_url=self.base_url,
            max_retries=0,  # each try is a row of the ledger, so they are made here
            http_client=_http(self.base_url, self._limits),
            default_headers={"Accept-Encoding": "identity"},  # a packed answer could unpack into anything
        )
        self._write_limits = WRITE_LIMITS if _is_openai(self.base_url) else WRITE_LIMITS[::-1]
        self._unknown: defaultdict[str, set[str]] = defaultdict(set)  # of each model, for they differ on one server
        self._absent: set[str] = set()

    @property
    def shown_url(self) -> str:
        """Where the server is, without a password that its address may carry."""
        url = httpx2.URL(self.base_url)
        return str(url.copy_with(userinfo=b"", query=None))

    async def close(self) -> None:
        """End the connections."""
        await self._client.close()

    async def stream(self, ask: Ask) -> AsyncGenerator[Event, None]:
        """A reply while it is written. The last event is `Finished` or `Broken`; nothing is raised.

        To hide a reply go on reading: usage comes at the end. Closing the generator cuts the call.
        """
        attempt, tries_left = 0, self._limits.tries
        while True:
            attempt += 1
            body = self._body(ask)
            failed: Broken | None = None
            async with aclosing(self._try(body, ask)) as events:
                async for event in events:
                    if isinstance(event, Broken):
                        failed = event
                    else:
                        yield event
            if failed is None:
                return
            if failed.fault is Fault.REFUSED and self._leave_out(failed, body):
                yield Retrying(failed, attempt, 0.0)
                continue
            tries_left -= 1
            pause = self._pause(failed)
            if tries_left <= 0 or pause is None:
                yield failed
                return
            yield Retrying(failed, attempt, pause)
            await asyncio.sleep(pause)

    async def moderate(self, text: str) -> Judged | Unsupported | Broken:
        """Whether a text is harmful, and how."""
        model = self._moderation_model
        answered = await self._once(MODERATIONS, model, body={"model": model, "input": _clean(text)})
        if not isinstance(answered, _Answer):
            return answered
        content = answered.content
        results = content.get("results")
        if not isinstance(results, list) or not all(isinstance(result, dict) for result in results) or not results:
            return answered.no_answer()
        found = {
            str(category)
            for result in results
            if isinstance(categories := result.get("categories"), dict)
            for category, is_so in categories.items()
            if is_so is True
        }
        flagged = bool(found) or any(result.get("flagged") is True for result in results)
        return Judged(flagged, frozenset(found), _text(content.get("model")) or model, answered.request_id)

    async def transcribe(self, sound: bytes, name: str = "voice.ogg") -> Transcribed | Unsupported | Broken:
        """The words of a voice message.

        Args:
            sound: The file as it is.
            name: What it could be called; its ending tells the server the format.
        """
        model = self._transcription_model
        body = {"model": model, "response_format": "json"}
        answered = await self._once(TRANSCRIPTIONS, model, body=body, sound=(name, sound))
        if not isinstance(answered, _Answer):
            return answered
        words = answered.content.get("text")
        if not isinstance(words, str):
            return answered.no_answer()
        usage = _mapping(answered.content.get("usage"))
        return Transcribed(
            words,
            _seconds(usage.get("seconds")),
            _usage({"prompt_tokens": usage.get("input_tokens"), "completion_tokens": usage.get("output_tokens")}),
            _text(answered.content.get("model")) or model,
            answered.request_id,
        )

    async def models(self) -> tuple[str, ...] | Broken:
        """Which models the server says that it has; asking costs nothing."""
        progress = _Progress(self.model, self._client.api_key)
        try:
            async with asyncio.timeout(self._limits.once):
                response = await self._client.get(MODELS, cast_to=httpx2.Response)
            progress.open(response)
            listed = _mapping(json.loads(response.content)).get("data")
        except (*_DISCONNECTED, APIError, ValueError, _TooMuch) as error:
            return progress.failed(error)
        if not isinstance(listed, list):
            return progress.no_answer()
        return tuple(name for each in listed if (name := _text(_mapping(each).get("id"))))

    def _body(self, ask: Ask) -> dict[str, Any]:
        """The request, without what the server has refused."""
        model = ask.model or self.model
        unknown = self._unknown[model]
        first, second = self._write_limits
        body: dict[str, Any] = {
            "model": model,
            "messages": [_message(message) for message in ask.messages],
            "stream": True,
            second if first in unknown else first: ask.max_tokens,
            "stream_options": {"include_usage": True},
        }
        if ask.effort is not None:
            body["reasoning_effort"] = ask.effort
        if ask.safety_id is not None:
            body["safety_identifier"] = ask.safety_id
        return {name: value for name, value in body.items() if name not in OPTIONAL or name not in unknown}

    def _leave_out(self, refusal: Broken, body: Mapping[str, Any]) -> bool:
        """Whether a parameter was refused that can be left out or called otherwise; it is so from then on."""
        if not UNKNOWN_PARAMETER.search(refusal.detail):
            return False
        # "max_tokens is not supported, use max_completion_tokens" names both; only what was sent can be refused.
        named = {name for name in (*WRITE_LIMITS, *OPTIONAL) if name in body and name in refusal.detail}
        unknown = self._unknown[body["model"]]
        if unknown | named >= set(WRITE_LIMITS):
            return False  # it takes neither; without a limit nothing is asked
        unknown |= named
        return bool(named)

    def _pause(self, broken: Broken) -> float | None:
        """Seconds until another try; None if there is to be none."""
        if broken.reached or broken.fault not in (Fault.OVERLOADED, Fault.UNREACHABLE, Fault.CUT):
            return None
        pause = self._limits.pause if broken.retry_after is None else broken.retry_after
        return pause if pause <= self._limits.longest_pause else None

    async def _try(self, body: Mapping[str, Any], ask: Ask) -> AsyncGenerator[Delta | Finished | Broken, None]:
        """One call; its last event says how it ended."""
        progress = _Progress(str(body["model"]), self._client.api_key)
        deadline = asyncio.get_running_loop().time() + self._limits.whole
        most = LETTERS_PER_TOKEN * ask.max_tokens + LETTERS_SPARE
        stream: AsyncStream[object] | None = None
        try:
            async with asyncio.timeout_at(deadline):
                stream = await self._client.post(
                    CHAT, cast_to=object, body=body, stream=True, stream_cls=AsyncStream[object]
                )
            progress.open(stream.response)
            chunks = _unstreamed(stream.response) if progress.is_json else stream
            while True:
                # A limit around the loop would also end what the caller does with a chunk.
                async with asyncio.timeout_at(deadline):
                    chunk = await anext(chunks, _END)
                if chunk is _END:
                    break
                text = progress.take(chunk)
                if progress.letters > most:
                    yield progress.broken(Fault.TOO_LARGE, "wrote on after its limit")
                    return
                if text:
                    yield Delta(text)
            yield progress.end()
        except _DISCONNECTED as error:
            # Once the reply said why it ended it is whole; only figures can be missing.
            yield progress.end() if progress.has_ended else progress.failed(error)
        except (APIError, ValueError, _TooMuch) as error:
            yield progress.failed(error)
        finally:
            if stream is not None:
                await stream.response.aclose()

    async def _once(
        self, path: str, model: str, *, body: Mapping[str, Any], sound: tuple[str, bytes] | None = None
    ) -> "_Answer | Unsupported | Broken":
        """One call that is answered at once."""
        if path in self._absent:
            return Unsupported(asked=False)
        progress = _Progress(model, self._client.api_key)
        try:
            async with asyncio.timeout(self._limits.once):
                response = await self._client.post(
                    path,
                    cast_to=httpx2.Response,
                    body=body,
                    files=None if sound is None else {"file": sound},
                    options={} if sound is None else {"headers": {"Content-Type": "multipart/form-data"}},
                )
            progress.open(response)
            content = json.loads(response.content)
        except (*_DISCONNECTED, APIError, ValueError, _TooMuch) as error:
            broken = progress.failed(error)
            if broken.status in ABSENT and "model" not in broken.detail:
                self._absent.add(path)
                return Unsupported(asked=True)
            return broken
        return _Answer(content, progress) if isinstance(content, dict) else progress.broken(Fault.BAD_ANSWER)


class _Progress:
    """How far one call is.

    Attributes:
        letters: How many characters came, shown or not.
        is_json: Whether the answer comes in one piece, though a stream was asked for.
    """

    def __init__(self, model: str, secret: str) -> None:
        self._model = model
        self._secret = secret
        self._request: httpx2.Request | None = None
        self._request_id: str | None = None
        self._status: int | None = None
        self._is_ours = False
        self._worked = False
        self._stop: Stop | None = None
        self._usage: Usage | None = None
        self._unshown: list[str] = []
        self.letters = 0
        self.is_json = False

    def open(self, response: httpx2.Response) -> None:
        """Note what stands above the answer."""
        kind = response.headers.get("content-type", "").lower()
        self._request = response.request
        self._status = response.status_code
        self._request_id = response.headers.get("x-request-id")
        self.is_json = "json" in kind
        self._is_ours = self.is_json or "event-stream" in kind

    def take(self, chunk: object) -> str:
        """The text of a chunk, empty for those that have none.

        Raises:
            ValueError: It is no chunk.
            APIError: It is an error, sent with the status of success.
        """
        if not isinstance(chunk, dict):
            raise ValueError("a chunk that is no object")  # noqa: TRY004 - what a server sends is a value
        if (error := chunk.get("error")) and self._request is not None:
            said = _text(_mapping(error).get("message")) or _text(error)
            raise APIError(said, self._request, body=error)
        self._worked = self._worked or "choices" in chunk
        self._model = _text(chunk.get("model")) or self._model
        self._usage = _usage(_mapping(chunk.get("usage"))) or self._usage
        shown = ""
        choices = chunk.get("choices")
        for choice in choices if isinstance(choices, list) else []:
            if not isinstance(choice, dict) or choice.get("index") not in (0, None):
                continue
            words = _mapping(choice.get("delta") or choice.get("message"))
            shown += _text(words.get("content")) or _text(words.get("refusal"))
            self._think(_text(words.get("reasoning_content")) or _text(words.get("reasoning")))
            reason = choice.get("finish_reason")
            if isinstance(reason, str):
                self._stop = STOPS.get(reason, Stop.OTHER)
        self.letters += len(shown)
        return shown

    @property
    def has_ended(self) -> bool:
        """Whether the model said why it stopped."""
        return self._stop is not None

    def end(self) -> Finished | Broken:
        """What a stream that ended by itself was."""
        if self._stop is not None:
            return Finished(self._stop, self._usage, self._model, self._request_id, "".join(self._unshown))
        if not self._is_ours:
            return self.broken(Fault.BAD_ANSWER, "not a stream of events")
        return self.broken(Fault.CUT, "ended without a reason")

    def broken(self, fault: Fault, detail: str = "", retry_after: float | None = None) -> Broken:
        """The call failed."""
        return Broken(
            fault,
            reached=self._worked or self._is_ours,
            model=self._model,
            retry_after=retry_after,
            usage=self._usage,
            request_id=self._request_id,
            detail=detail.replace(self._secret, "[key]")[:DETAIL_LETTERS],
            status=self._status,
            unshown="".join(self._unshown),
        )

    def failed(self, error: Exception) -> Broken:
        """What an error means."""
        match error:
            case APIConnectionError() | httpx2.HTTPError() | TimeoutError():
                return self._disconnected(error.__cause__ if isinstance(error, APIConnectionError) else error)
            case APIError():
                return self._told(error)
            case _TooMuch():
                return self.broken(Fault.TOO_LARGE, "more bytes than any answer")
            case _:
                # json's own text quotes what it could not read, which may be somebody's words.
                return self.broken(Fault.BAD_ANSWER, type(error).__name__)

    def _disconnected(self, cause: BaseException | None) -> Broken:
        """No answer, or no more of it."""
        said = type(cause).__name__
        match cause:
            case httpx2.ConnectTimeout() | httpx2.PoolTimeout() | httpx2.ConnectError() | httpx2.UnsupportedProtocol():
                return self.broken(Fault.UNREACHABLE, said)
            case httpx2.ProxyError():
                return self.broken(Fault.UNREACHABLE, said)
            case httpx2.TimeoutException() | TimeoutError():
                self._worked = True  # it was sent, and nobody knows what the server does with it
                return self.broken(Fault.STALLED, said)
            case _:
                return self.broken(Fault.CUT, said)

    def _told(self, error: APIError) -> Broken:
        """The server says itself that it failed: nothing is billed unless words came before."""
        self._is_ours = False
        after = None
        if isinstance(error, APIStatusError):
            self._status, self._request_id = error.status_code, error.request_id
            after = _retry_after(error.response.headers)
        said = " ".join(filter(None, (error.code, error.param, error.message)))
        return self.broken(_meaning(error), said, after)

    def no_answer(self) -> Broken:
        """It was JSON, but not what was asked for."""
        return self.broken(Fault.BAD_ANSWER, "another shape")

    @property
    def request_id(self) -> str | None:
        """What the server calls this call."""
        return self._request_id

    def _think(self, words: str) -> None:
        self._unshown.append(words)
        self.letters += len(words)


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer in one piece."""

    content: Mapping[str, Any]
    progress: _Progress

    @property
    def request_id(self) -> str | None:
        return self.progress.request_id

    def no_answer(self) -> Broken:
        return self.progress.no_answer()


class _TooMuch(Exception):  # noqa: N818 - an answer that is too large
    """An answer is larger than any answer may be."""


class _Capped(httpx2.AsyncByteStream):
    """An answer's bytes, up to a limit: pages, comments and lines without end included."""

    def __init__(self, stream: httpx2.AsyncByteStream, most: int) -> None:
        self._stream = stream
        self._left = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for octets in self._stream:
            self._left -= len(octets)
            if self._left < 0:
                raise _TooMuch
            yield octets

    async def aclose(self) -> None:
        await self._stream.aclose()


def _http(base_url: str, limits: Limits) -> httpx2.AsyncClient:
    """The connections, with their limits."""

    async def cap(response: httpx2.Response) -> None:
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = _Capped(response.stream, limits.octets)

    return httpx2.AsyncClient(
        timeout=httpx2.Timeout(limits.other, connect=limits.connect, read=limits.read),
        limits=httpx2.Limits(max_connections=limits.connections, max_keepalive_connections=limits.connections // 4),
        event_hooks={"response": [cap]},
        # A proxy of the environment cannot reach a server on this machine.
        trust_env=not _is_here(httpx2.URL(base_url).host),
    )


def _is_openai(base_url: str) -> bool:
    host = httpx2.URL(base_url).host
    return any(host == name or host.endswith(f".{name}") for name in OPENAI_HOSTS)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _unstreamed(response: httpx2.Response) -> AsyncIterator[object]:
    """An answer in one piece, as the only chunk."""
    yield json.loads(await response.aread())


def _message(message: Message) -> dict[str, Any]:
    content: str | list[dict[str, Any]]
    match message.parts:
        case (Text(text),):
            content = _clean(text)  # a plain string is what every server takes
        case parts:
            content = [_part(part) for part in parts]
    named = {} if message.name is None else {"name": message.name}
    return {"role": str(message.role), "content": content, **named}


def _part(part: Text | Image) -> dict[str, Any]:
    match part:
        case Text(text):
            return {"type": "text", "text": _clean(text)}
        case Image():
            url = f"data:{part.media_type};base64,{base64.b64encode(part.content).decode()}"
            return {"type": "image_url", "image_url": {"url": url, "detail": str(part.detail)}}


def _clean(text: str) -> str:
    """A text that can be sent: half a character (a lone surrogate) cannot."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _meaning(error: APIError) -> Fault:
    """What a server means by an error."""
    status = error.status_code if isinstance(error, APIStatusError) else None
    if error.code == "insufficient_quota" or error.type == "insufficient_quota" or status == 402:
        return Fault.QUOTA
    if (
        status == 413
        or {error.code, error.type} & {*TOO_LONG}
        or (status == 400 and CONTEXT_LIMIT.search(error.message))
    ):
        return Fault.PROMPT_TOO_LONG
    if status in (401, 403) or error.code == "invalid_api_key":
        return Fault.UNAUTHORISED
    if NO_EYES.search(error.message) and (status is None or status in (400, 404, 415, 422, 500, 501)):
        return Fault.BLIND
    later = status is None or status in (408, 409, 425, 429) or status >= 500
    return Fault.OVERLOADED if later else Fault.REFUSED


def _retry_after(headers: httpx2.Headers) -> float | None:
    """Seconds that a server asks to wait; dates are not understood."""
    for name, scale in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) / scale
        except ValueError:
            continue
        if 0 <= seconds < float("inf"):
            return seconds
    return None


def _usage(said: Mapping[str, Any]) -> Usage | None:
    """What a server counted; None if it did not, or if its sums cannot be."""
    read = _mapping(said.get("prompt_tokens_details"))
    written = _mapping(said.get("completion_tokens_details"))
    prompt, completion = said.get("prompt_tokens"), said.get("completion_tokens")
    if not isinstance(prompt, int) or not isinstance(completion, int):
        return None
    try:
        plain = Usage(prompt, completion=completion)
    except ValueError:
        return None
    try:
        return replace(
            plain,
            cached=_whole(read.get("cached_tokens")),
            cache_write=_whole(read.get("cache_write_tokens")),
            reasoning=_whole(written.get("reasoning_tokens")),
        )
    except ValueError:
        return plain  # its parts cannot be, so nothing is taken as cheaper


def _seconds(value: object) -> Decimal | None:
    try:
        seconds = Decimal(str(value))
    except InvalidOperation:
        return None
    return seconds if seconds.is_finite() and seconds >= 0 else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
