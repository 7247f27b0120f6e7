"""Puts the Bot API and the page's API behind one loopback address, closed to other sites."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from urllib.parse import urlsplit

from aiohttp import web

from bot.playground.acts import ActError
from bot.playground.events import encode
from bot.playground.http_api import MAX_BODY, BotApi
from bot.playground.page_api import PageApi

HOST = "127.0.0.1"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@lru_cache(maxsize=64)
def is_loopback(host: str) -> bool:
    """Say whether a Host header names this machine; a rebound DNS name does not."""
    try:
        return urlsplit(f"//{host}").hostname in _LOOPBACK
    except ValueError:
        return False


def _stranger(request: web.Request) -> bool:
    headers = request.headers
    host = headers.get("Host", "")
    if not is_loopback(host):
        return True
    origin = headers.get("Origin")
    if origin is not None and origin != f"http://{host}":
        return True
    site = headers.get("Sec-Fetch-Site")
    return site in ("cross-site", "same-site") and headers.get("Sec-Fetch-Mode") != "navigate"


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other sites; turn what people cannot do into 400."""
    if _stranger(request):
        return _error("this address is for this machine only", 403)
    try:
        return await handler(request)
    except ActError as error:
        return _error(str(error), 400)
    except web.HTTPRequestEntityTooLarge:
        return _error("the file is too big", 400)


def _error(reason: str, status: int) -> web.Response:
    return web.Response(body=encode({"error": reason}).encode(), status=status, content_type="application/json")


def build(bot_api: BotApi, page_api: PageApi) -> web.Application:
    """Build the application."""
    app = web.Application(middlewares=[_guard], client_max_size=MAX_BODY)
    app.add_routes(page_api.routes())
    app.router.add_route("*", "/bot{token:[^/]+}/{method:[^/]+}", bot_api.handle)
    app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", bot_api.file)
    return app
