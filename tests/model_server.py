"""An OpenAI-compatible model server on loopback: counts by itself, keeps a bill, and fails as it is told.

It shares no code with what it tests: tokens, the cache and prices are worked out here once more, from the rules in
OpenAI's documentation. `python -m tests.model_server` starts one to try.
"""

import asyncio
import base64
import codecs
import hashlib
import io
import itertools
import json
import math
import os
import struct
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import tiktoken
from aiohttp import web
from PIL import Image

RANKS = Path(__file__).parent.parent / "core" / "mentor" / "tokenizer"
CACHE_LEAST = 1024
CACHE_BLOCK = 128
CACHE_SECONDS = 1800
MODELS = ("gpt-6-luna", "gpt-6.1-terra")
# Pico-USD a token: in, cached, cache write, out.
PRICES = {"gpt-6-luna": (100_000, 10_000, 125_000, 500_000), "gpt-6.1-terra": (1_000_000, 50_000, 1_250_000, 5_000_000)}
SOUND_PICO_A_SECOND = 75_000_000
HTML = "<!doctype html><html><body><h1>Sign in to the hotel's network</h1></body></html>"
FOREVER = 10**9
"""Tokens of an endless reply."""

Send = Callable[..., Awaitable[None]]
Reply = str | Callable[[list[dict[str, Any]]], str]


@dataclass(frozen=True)
class Trouble:
    """What goes wrong with one call; a plain one goes well.

    Attributes:
        status: Refuse with this HTTP status, and do nothing.
        code: The error's code ("insufficient_quota"), in a refusal or an error event.
        message: The error's words.
        param: The parameter that the error names.
        retry_after: Header of a refusal.
        html: Answer with a page instead, with `status` or 200.
        hang: Never answer.
        drop: Close the connection before any answer.
        cut_after: Break the connection after so many tokens.
        stall_after: Say nothing more after so many tokens.
        end_after: End cleanly after so many tokens, without a reason and without [DONE].
        error_after: Send an error event after so many tokens.
        garbage_after: Send something that is no JSON after so many tokens.
        usage: "full", "bare" (no details), "null" (details are None), "none", "odd" and "vast" (sums that cannot be),
            "parts" (parts that are more than their sum), "each" (with each chunk, as some servers do), "early" (with
            the reason, and another chunk follows).
        error_first: Begin the stream, or the answer, with an error.
        thinking: Reasoning that is sent before the words, as some servers do.
        second: Whether a second choice is written beside the first.
        as_refusal: Whether the words are sent as a refusal of the model.
        last: What happens between the reason of the end and the usage: "cut", "stall", or nothing.
        done: Whether a whole stream ends with [DONE].
        endless: Write for ever, whatever the limit.
        pings: Send comments for ever and no token.
        delay: Seconds before each token.
        first: Seconds before the first one.
        whole: Answer as if no stream had been asked for.
        reasoning: Hidden tokens of this reply, besides those of every one.
    """

    status: int | None = None
    code: str | None = None
    message: str = "as you wished"
    param: str | None = None
    retry_after: str | None = None
    html: bool = False
    hang: bool = False
    drop: bool = False
    cut_after: int | None = None
    stall_after: int | None = None
    end_after: int | None = None
    error_after: int | None = None
    garbage_after: int | None = None
    usage: str = "full"
    error_first: bool = False
    thinking: str = ""
    second: bool = False
    as_refusal: bool = False
    last: str = ""
    done: bool = True
    endless: bool = False
    pings: bool = False
    delay: float = 0.0
    first: float = 0.0
    whole: bool = False
    reasoning: int = 0


WELL = Trouble()


@dataclass
class Billed:
    """A line of the bill.

    Attributes:
        how: "refused", unless it is "done", "cut", "stalled", "ended", "error", or the client went away: "cancelled".
        told: Whether the client was sent the usage.
        pico_usd: What it costs; refused calls cost nothing.
        body: What was asked.
        trouble: What went wrong with it.
        came, began, ended: When it came, and when its first and its last token were sent.
    """

    path: str
    model: str
    request_id: str
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    prompt: int = 0
    cached: int = 0
    cache_write: int = 0
    completion: int = 0
    reasoning: int = 0
    pico_usd: int = 0
    how: str = "refused"
    told: bool = False
    trouble: Trouble = WELL
    came: float = 0.0
    began: float = 0.0
    ended: float = 0.0


@dataclass
class PrefixCache:
    """Which beginnings of prompts were read lately, in blocks of 128 tokens from 1,024 on."""

    now: Callable[[], float]
    seen: dict[bytes, float] = field(default_factory=dict)

    def read(self, model: str, prompt: list[int]) -> tuple[int, int]:
        """How many tokens of a prompt are cached, and how many are written to the cache now."""
        if len(prompt) < CACHE_LEAST:
            return 0, 0
        cached, now = 0, self.now()
        digest = hashlib.sha256(model.encode())
        for end in range(CACHE_BLOCK, len(prompt) + 1, CACHE_BLOCK):
            digest.update(struct.pack(f"<{CACHE_BLOCK}q", *prompt[end - CACHE_BLOCK : end]))
            if end < CACHE_LEAST:
                continue
            key = digest.digest()
            if now - self.seen.get(key, -math.inf) <= CACHE_SECONDS:
                cached = end
            self.seen[key] = now
        return cached, len(prompt) // CACHE_BLOCK * CACHE_BLOCK - cached


@dataclass
class ModelServer:
    """The server.

    Attributes:
        reply: What it answers, or how it finds out.
        reasoning: Hidden tokens of each reply.
        usual: What goes wrong with every call, or how it finds out.
        script: What goes wrong with the next calls, before `usual` holds again.
        refused: Parameters that it does not know, and refuses with 400.
        missing: Paths that it does not have ("/v1/moderations").
        flagged: What moderation finds in which word.
        spoken: What is heard in every voice message, and for how many seconds.
        bill: All calls, in order of arrival.
        busy, idle: Set while it works on a call, or on none.
    """

    reply: Reply = "Certo: prova prima tu."
    reasoning: int = 0
    usual: Trouble | Callable[[Billed], Trouble] = WELL
    script: deque[Trouble] = field(default_factory=deque)
    refused: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    flagged: dict[str, str] = field(default_factory=lambda: {"uccidermi": "self-harm/intent"})
    spoken: tuple[str, int] = ("come si risolve x al quadrato più uno?", 4)
    bill: list[Billed] = field(default_factory=list)
    port: int = 0
    now: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self._cache = PrefixCache(self.now)
        self._ids = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self._closing = asyncio.Event()
        self._open_calls = 0
        self.busy, self.idle = asyncio.Event(), asyncio.Event()
        self.idle.set()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/hotel/models", self._page)
        app.router.add_get("/list/models", self._bare_list)
        app.router.add_post("/v1/chat/completions", self._handled(self._chat))
        app.router.add_post("/v1/moderations", self._handled(self._moderations))
        app.router.add_post("/v1/audio/transcriptions", self._handled(self._transcriptions))
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        """What OPENAI_BASE_URL is set to."""
        return f"http://127.0.0.1:{self.port}/v1"

    def next(self, *troubles: Trouble) -> None:
        """What goes wrong with the next calls."""
        self.script.extend(troubles)

    @property
    def total_pico_usd(self) -> int:
        """The sum of the bill."""
        return sum(line.pico_usd for line in self.bill)

    async def _models(self, _: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": name, "object": "model"} for name in MODELS]})

    async def _page(self, _: web.Request) -> web.Response:
        return web.Response(text=HTML, content_type="text/html")

    async def _bare_list(self, _: web.Request) -> web.Response:
        return web.json_response(list(MODELS))

    def _handled(
        self, answer: Callable[[web.Request, Billed, Trouble], Awaitable[web.StreamResponse]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            body = await (_form(request) if request.content_type.startswith("multipart/") else request.json())
            request_id = f"req_{next(self._ids):06d}"
            model = str(body.get("model", ""))
            line = Billed(request.path, model, request_id, body, dict(request.headers), came=self.now())
            self.bill.append(line)
            if request.path in self.missing:
                return web.Response(status=404, text="404 page not found")
            line.trouble = trouble = self._next_trouble(line)
            refusal = await self._refusal(request, line, trouble)
            if refusal is not None:
                return refusal
            self._open_calls += 1
            self.busy.set()
            self.idle.clear()
            try:
                return await answer(request, line, trouble)
            except (ConnectionResetError, asyncio.CancelledError):
                if line.how == "refused":
                    line.how = "cancelled"
                raise
            finally:
                self._price(line)
                self._open_calls -= 1
                if not self._open_calls:
                    self.busy.clear()
                    self.idle.set()

        return handle

    def _next_trouble(self, line: Billed) -> Trouble:
        if self.script:
            return self.script.popleft()
        return self.usual(line) if callable(self.usual) else self.usual

    async def _refusal(self, request: web.Request, line: Billed, trouble: Trouble) -> web.Response | None:
        """What stands in the way of an answer."""
        if trouble.hang:
            await self._silence()
        if trouble.drop:
            _drop(request)
            await self._silence()
        headers = {"x-request-id": line.request_id}
        if trouble.html:
            return web.Response(status=trouble.status or 200, text=HTML, content_type="text/html", headers=headers)
        if trouble.status is not None:
            if trouble.retry_after is not None:
                headers["retry-after"] = trouble.retry_after
            return _error(trouble.status, trouble.message, trouble.code, trouble.param, headers)
        for name in sorted(self.refused & line.body.keys()):
            message = f"Unsupported parameter: '{name}' is not supported with this model."
            return _error(400, message, "unsupported_parameter", name, headers)
        if not line.model:
            return _error(400, "you must provide a model parameter", None, "model", headers)
        return None

    async def _chat(self, request: web.Request, line: Billed, trouble: Trouble) -> web.StreamResponse:
        body = line.body
        if trouble.error_first and trouble.whole:
            line.how = "error"
            return web.json_response({"error": {"message": trouble.message, "code": trouble.code}})
        messages = body["messages"]
        prompt = list(_prompt(messages))
        line.prompt = len(prompt)
        line.cached, line.cache_write = self._cache.read(line.model, prompt)
        words = self.reply if isinstance(self.reply, str) else self.reply(messages)
        limit = body.get("max_completion_tokens") or body.get("max_tokens") or FOREVER
        tokens = _encoding().encode_ordinary(words)
        line.reasoning = min(self.reasoning + trouble.reasoning, limit)
        whole = len(tokens) + line.reasoning <= limit and not trouble.endless
        if trouble.endless:
            written: Iterator[int] = itertools.cycle(tokens)
        else:
            written = iter(tokens[: limit - line.reasoning])
        line.completion = line.reasoning
        reason = "stop" if whole else "length"
        if body.get("stream") and not trouble.whole:
            return await self._streamed(request, line, trouble, written, reason)
        pieces = b"".join(_encoding().decode_single_token_bytes(token) for token in written)
        line.completion += len(tokens[: limit - line.reasoning])
        line.how, line.told = "done", trouble.usage != "none"
        message = {"role": "assistant", "content": pieces.decode(errors="replace"), "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": reason}
        answer = {**_head(line, "chat.completion"), "choices": [choice], **_usage(line, trouble)}
        return web.json_response(answer, headers={"x-request-id": line.request_id})

    async def _streamed(
        self, request: web.Request, line: Billed, trouble: Trouble, tokens: Iterator[int], reason: str
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"x-request-id": line.request_id, "cache-control": "no-cache"})
        response.content_type = "text/event-stream"
        await response.prepare(request)
        head = _head(line, "chat.completion.chunk")

        async def send(choices: list[dict[str, Any]], *, counted: bool = trouble.usage == "each") -> None:
            chunk = {**head, "choices": choices, **(_usage(line, trouble) if counted else {})}
            await response.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")

        if not await self._opened(request, response, line, trouble, send):
            return response
        async for sent, piece in self._paced(tokens, trouble):
            if await self._trouble_at(sent, request, response, line, trouble):
                return response
            line.ended = self.now()
            if piece is None:
                break
            line.began = line.began or line.ended
            line.completion += 1
            if trouble.second:
                await send([{**_choice({"content": "altrimenti"}), "index": 1}])
            await send([_choice({"refusal" if trouble.as_refusal else "content": piece})])
        await self._ended(request, response, line, trouble, send, reason)
        return response

    async def _opened(
        self, request: web.Request, response: web.StreamResponse, line: Billed, trouble: Trouble, send: Send
    ) -> bool:
        """What comes before the words; whether any come."""
        if trouble.error_first:
            line.completion = line.prompt = 0
            await self._trouble_at(0, request, response, line, replace(trouble, error_after=0))
            return False
        await send([_choice({"role": "assistant", "content": "", "refusal": None})])
        if trouble.thinking:
            line.reasoning = len(_encoding().encode_ordinary(trouble.thinking))
            line.completion += line.reasoning
            await send([_choice({"content": None, "reasoning_content": trouble.thinking})])
        await asyncio.sleep(trouble.first)
        while trouble.pings:
            await response.write(b": PROCESSING\n\n")
            await asyncio.sleep(0.01)
        return True

    async def _ended(
        self,
        request: web.Request,
        response: web.StreamResponse,
        line: Billed,
        trouble: Trouble,
        send: Send,
        reason: str,
    ) -> None:
        """What comes after the words."""
        line.how = "done"
        if trouble.usage == "early":
            await send([_choice({}, reason)], counted=True)
            await send([_choice({})])
        else:
            await send([_choice({}, reason)])
        if trouble.last == "cut":
            await asyncio.sleep(0.02)
            _drop(request)
            return
        if trouble.last == "stall":
            await self._silence()
        asked = bool((line.body.get("stream_options") or {}).get("include_usage"))
        line.told = trouble.usage in ("each", "early") or (asked and trouble.usage != "none")
        if asked and trouble.usage not in ("none", "early"):
            await send([], counted=True)
        if trouble.done:
            await response.write(b"data: [DONE]\n\n")
        await response.write_eof()

    async def _paced(self, tokens: Iterator[int], trouble: Trouble) -> AsyncIterator[tuple[int, str | None]]:
        """Each piece of text with the number of tokens before it; last None."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        sent = 0
        for token in tokens:
            if trouble.delay:
                await asyncio.sleep(trouble.delay)
            elif sent % 64 == 63:
                await asyncio.sleep(0)
            yield sent, decoder.decode(_encoding().decode_single_token_bytes(token))
            sent += 1
        yield sent, None

    async def _trouble_at(
        self, sent: int, request: web.Request, response: web.StreamResponse, line: Billed, trouble: Trouble
    ) -> bool:
        """Do what was asked for at this place; whether that was the end."""
        if sent == trouble.cut_after:
            line.how = "cut"
            await asyncio.sleep(0.02)  # what was written has to leave first
            _drop(request)
            return True
        if sent == trouble.stall_after:
            line.how = "stalled"
            await self._silence()
        if sent == trouble.end_after:
            line.how = "ended"
        elif sent == trouble.error_after:
            line.how = "error"
            error = {"error": {"message": trouble.message, "type": "server_error", "code": trouble.code}}
            await response.write(b"data: " + json.dumps(error).encode() + b"\n\n")
        elif sent == trouble.garbage_after:
            line.how = "error"
            await response.write(b"data: {<<<\n\n")
        else:
            return False
        await response.write_eof()
        return True

    async def _moderations(self, _: web.Request, line: Billed, __: Trouble) -> web.StreamResponse:
        found = {category for word, category in self.flagged.items() if word in line.body["input"]}
        categories = {category: category in found for category in self.flagged.values()}
        line.how = "done"
        return web.json_response(
            {
                "id": f"modr-{line.request_id}",
                "model": line.model,
                "results": [{"flagged": bool(found), "categories": categories, "category_scores": {}}],
            },
            headers={"x-request-id": line.request_id},
        )

    async def _transcriptions(self, _: web.Request, line: Billed, trouble: Trouble) -> web.StreamResponse:
        headers = {"x-request-id": line.request_id}
        if not line.body["file"]:
            return _error(400, "The audio file could not be decoded or its format is not supported.", None, "file", {})
        words, seconds = self.spoken
        line.how, line.told, line.pico_usd = "done", trouble.usage != "none", seconds * SOUND_PICO_A_SECOND
        usage = {"usage": {"type": "duration", "seconds": seconds}} if line.told else {}
        return web.json_response({"text": words, **usage}, headers=headers)

    async def _silence(self) -> None:
        """Nothing, until the client goes away or the server closes."""
        await self._closing.wait()

    def _price(self, line: Billed) -> None:
        if line.model in PRICES and line.prompt:
            read, cached, cache_write, out = PRICES[line.model]
            line.pico_usd = (
                (line.prompt - line.cached - line.cache_write) * read
                + line.cached * cached
                + line.cache_write * cache_write
                + line.completion * out
            )


@cache
def _encoding() -> tiktoken.Encoding:
    os.environ["TIKTOKEN_CACHE_DIR"] = str(RANKS)
    return tiktoken.get_encoding("o200k_base")


def _prompt(messages: list[dict[str, Any]]) -> Iterator[int]:
    """A prompt as numbers, as many as there are tokens; what is no text has negative ones."""
    encode = _encoding().encode_ordinary
    for message in messages:
        yield from (-1, -2, -3)
        yield from encode(message["role"])
        content = message["content"]
        parts: list[dict[str, Any]] = [{"type": "text", "text": content}] if isinstance(content, str) else content
        for part in parts:
            if part["type"] == "text":
                yield from encode(part["text"])
            else:
                yield from _picture(part["image_url"]["url"])
        if "name" in message:
            yield -4
            yield from encode(message["name"])
    yield from (-1, -2, -3)


def _picture(url: str) -> Iterator[int]:
    content = base64.b64decode(url.partition(",")[2])
    with Image.open(io.BytesIO(content)) as picture:
        width, height = picture.size
    if width * height > 2500 * 32 * 32:
        raise web.HTTPBadRequest(text="this server does not shrink pictures")
    patches = math.ceil(width / 32) * math.ceil(height / 32)
    seed = int.from_bytes(hashlib.sha256(content).digest()[:4], "big")
    yield from (-10 - seed for _ in range(math.ceil(patches * 12 / 10)))


async def _form(request: web.Request) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            with value.file as file:
                body[name] = file.read()
            body["name of file"] = value.filename
        else:
            body[name] = str(value)
    return body


def _head(line: Billed, kind: str) -> dict[str, Any]:
    answered = f"{line.model}-2026-09-01" if line.model in PRICES else line.model
    return {"id": f"chatcmpl-{line.request_id}", "object": kind, "created": 1_790_000_000, "model": answered}


def _choice(delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}


def _usage(line: Billed, trouble: Trouble) -> dict[str, Any]:
    if trouble.usage == "none":
        return {}
    usage: dict[str, Any] = {
        "prompt_tokens": line.prompt,
        "completion_tokens": line.completion,
        "total_tokens": line.prompt + line.completion,
    }
    if trouble.usage == "null":
        usage |= {"prompt_tokens_details": None, "completion_tokens_details": None}
    elif trouble.usage == "odd":
        usage |= {"completion_tokens": None}
    elif trouble.usage == "vast":
        usage |= {"prompt_tokens": 10**12}
    elif trouble.usage == "parts":
        usage |= {"prompt_tokens_details": {"cached_tokens": line.prompt + 5}}
    elif trouble.usage != "bare":
        usage |= {
            "prompt_tokens_details": {"cached_tokens": line.cached, "cache_write_tokens": line.cache_write},
            "completion_tokens_details": {"reasoning_tokens": line.reasoning},
        }
    return {"usage": usage}


def _error(status: int, message: str, code: str | None, param: str | None, headers: Mapping[str, str]) -> web.Response:
    kind = "invalid_request_error" if status < 429 else "server_error"
    error = {"message": message, "type": kind, "param": param, "code": code}
    return web.json_response({"error": error}, status=status, headers=headers)


def _drop(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


async def _main() -> None:
    async with ModelServer(port=int(os.environ.get("PORT", "8790"))) as server:
        print(f"OPENAI_BASE_URL={server.base_url}")  # noqa: T201 - a command
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
