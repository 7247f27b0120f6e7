"""The Bot API over HTTP: reads a call, lets faults strike, runs the method, writes the envelope."""

import asyncio
import json
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.playground import media, methods, profile
from bot.playground.delivery import Delivery
from bot.playground.events import encode
from bot.playground.faults import Fault, Faults, Kind
from bot.playground.params import Params, Upload
from bot.playground.refusals import Refused, bad_request, too_many_requests
from bot.playground.state import World

Json = dict[str, Any]

log = logging.getLogger(__name__)

MAX_BODY = 52 * 1024 * 1024
UNAUTHORIZED = Refused("Unauthorized", 401)
BROKEN = Refused("Internal Server Error", 500)
NOT_FOUND = Refused("Not Found", 404)
_REASONS = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}
_GATEWAY_PAGE = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"


@dataclass(slots=True, frozen=True)
class Call:
    """One call as it was received and answered.

    Args:
        method: As Telegram spells it.
        params: What came, files as `Upload`.
        result: None where it was refused.
        error: The description of the refusal, or the name of the fault that struck.
        at: Seconds since 1970.
    """

    method: str
    params: Json
    result: Any
    error: str | None
    at: float


class BotApi:
    """Serves `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, world: World, delivery: Delivery, faults: Faults, *, token: str, keep_log: bool) -> None:
        self.world = world
        self.delivery = delivery
        self.faults = faults
        self.token = token
        self.log: deque[Call] = deque(maxlen=10_000)
        self.keep_log = keep_log
        self.calls: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.closing = asyncio.Event()
        self._plain = {
            name.lower(): (name, method)
            for methods_of in (methods.METHODS, media.METHODS, profile.METHODS)
            for name, method in methods_of.items()
        }
        self._waiting: dict[str, tuple[str, Callable[[Params], Awaitable[Any]]]] = {
            name.lower(): (name, method) for name, method in delivery.methods.items()
        }

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        token, name = request.match_info["token"], request.match_info["method"].lower()
        if token != self.token:
            return _refusal(UNAUTHORIZED if ":" in token else NOT_FOUND)
        params = Params({})
        try:
            params = await read_params(request)
            struck = self.faults.strike(name) if self.faults.rules else ()
            for fault in struck:
                answer = self._instead(fault, request)
                if answer is not None:
                    self._note(name, params, None, fault.kind.value)
                    return answer
            result = await self._run(name, params)
        except Refused as refused:
            self._note(name, params, None, refused.description)
            return _refusal(refused)
        except Exception:  # a bug of ours, told as Telegram tells its own
            log.exception("%s broke", name)
            self._note(name, params, None, BROKEN.description)
            return _refusal(BROKEN)
        self._note(name, params, result, None)
        for fault in struck:
            if fault.kind is Kind.DELAY:
                await self._pause(float(fault.value))
            elif fault.kind is Kind.DROP_REPLY:
                return _cut(request)
        return _json({"ok": True, "result": result}, 200)

    async def _run(self, name: str, params: Params) -> Any:
        plain = self._plain.get(name)
        if plain is not None:
            return plain[1](self.world, params)
        waiting = self._waiting.get(name)
        if waiting is None:
            raise NOT_FOUND
        return await waiting[1](params)

    def _instead(  # noqa: PLR0911 - one exit for each kind
        self, fault: Fault, request: web.Request
    ) -> web.StreamResponse | None:
        """Give what the fault answers in the method's place; None where it strikes later."""
        match fault.kind:
            case Kind.SERVER_ERROR:
                code = int(fault.value)
                return _refusal(Refused(_REASONS.get(code, "Internal Server Error"), code))
            case Kind.TOO_MANY:
                return _refusal(too_many_requests(int(fault.value)))
            case Kind.UNAUTHORIZED:
                return _refusal(UNAUTHORIZED)
            case Kind.UNKNOWN:
                return _refusal(NOT_FOUND)
            case Kind.REFUSED:
                return _refusal(bad_request(str(fault.value)))
            case Kind.NOT_JSON:
                return web.Response(text=_GATEWAY_PAGE, status=502, content_type="text/html")
            case Kind.CUT_BEFORE:
                return _cut(request)
            case _:
                return None

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.closing.wait()
        except TimeoutError:
            return

    def _note(self, name: str, params: Params, result: object, error: str | None) -> None:
        found = self._plain.get(name) or self._waiting.get(name)
        method = found[0] if found else name
        self.calls[method] += 1
        if error is not None:
            self.refusals[error] += 1
        if self.keep_log:
            values = params.values | params.files if params.files else params.values
            self.log.append(Call(method, values, result, error, self.world.now()))

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Give the bytes of a file under the path that getFile gave."""
        if request.match_info["token"] != self.token:
            return _refusal(UNAUTHORIZED)
        found = self.world.files.at(request.match_info["path"])
        if found is None:
            return _refusal(NOT_FOUND)
        return web.Response(body=found.content, content_type="application/octet-stream")


async def read_params(request: web.Request) -> Params:
    """Read the query and the body of a call, in any of the forms that Telegram takes.

    Raises:
        Refused: The body is no JSON object, or too big.
    """
    values: Json = dict(request.query) if request.query_string else {}
    if not request.can_read_body:
        return Params(values)
    kind = request.content_type
    try:
        if kind == "application/x-www-form-urlencoded":
            body = await request.read()
            values.update(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
            return Params(values)
        if kind == "application/json":
            given = json.loads(await request.read())
            if not isinstance(given, dict):
                raise bad_request("can't parse request: expected a JSON object")
            values.update(given)
            return Params(values)
        if kind.startswith("multipart/"):
            return await _read_parts(request, values)
    except web.HTTPRequestEntityTooLarge:
        raise Refused("Request Entity Too Large", 413) from None
    except ValueError:
        raise bad_request("can't parse request") from None
    return Params(values)


async def _read_parts(request: web.Request, values: Json) -> Params:
    files: dict[str, Upload] = {}
    for name, part in (await request.post()).items():
        if isinstance(part, web.FileField):
            files[name] = Upload(part.file.read(), part.filename, part.content_type)
            part.file.close()
        else:
            values[name] = part if isinstance(part, str) else bytes(part).decode(errors="replace")
    return Params(values, files)


def _json(body: Json, status: int) -> web.Response:
    return web.Response(body=encode(body).encode(), status=status, content_type="application/json")


def _refusal(refused: Refused) -> web.Response:
    answer = _json(refused.body(), refused.code)
    if refused.retry_after is not None:
        answer.headers["Retry-After"] = str(refused.retry_after)
    return answer


def _cut(request: web.Request) -> web.Response:
    """Close the connection without a byte; aiohttp drops the answer that is returned."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
