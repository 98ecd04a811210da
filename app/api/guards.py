"""What stands before every request: size, origin, host, and the last word when something breaks.

Plain ASGI, so that nothing is buffered and sockets are guarded like requests.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.api import problems
from app.logs import where

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CROSS: Final = frozenset({b"cross-site", b"same-site"})
"""What a browser says (Sec-Fetch-Site) of a request that a page of somebody else made."""
_SENT_WITH_ALL: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), "
    "midi=(), payment=(), serial=(), usb=()",
}
PAGE_POLICY: Final = (  # scripts, styles, fonts, pictures and the worker that ticks: files of ours
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
DATA_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the API answers is no page: nothing in it is loaded or run, wherever it is opened."""
NO_STORE: Final = {"Cache-Control": "no-store"}  # what is about patients
HSTS: Final = {"Strict-Transport-Security": "max-age=31536000"}  # a year, on TLS only
TLS: Final = frozenset({"https", "wss"})  # also where a trusted proxy that ends it says so
NAMES_KEPT: Final = 256  # host names and origins read once; a clinic's screens have a few
NAME_MAX: Final = 256  # bytes; a longer one is no host's name, and not worth keeping
STARTS: Final = frozenset({"http.response.start", "websocket.http.response.start"})

log = structlog.get_logger(__name__)

RawHeaders = list[tuple[bytes, bytes]]


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first of this name, which is in lower case, as servers hand them over."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value)
    return None


def _raw(headers: dict[str, str]) -> RawHeaders:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


_PAGES: Final = _raw({"Content-Security-Policy": PAGE_POLICY} | _SENT_WITH_ALL)
_PAGES_ON_TLS: Final = [*_PAGES, *_raw(HSTS)]
IN_THE_API: Final = _raw({"Content-Security-Policy": DATA_POLICY} | _SENT_WITH_ALL | NO_STORE)
_IN_THE_API_ON_TLS: Final = [*IN_THE_API, *_raw(HSTS)]


def in_the_api(scope: Scope) -> RawHeaders:
    """What every answer of the API carries."""
    return _IN_THE_API_ON_TLS if scope["scheme"] in TLS else IN_THE_API


def _everywhere(scope: Scope) -> RawHeaders:
    if scope["path"].startswith("/api/"):
        return in_the_api(scope)
    return _PAGES_ON_TLS if scope["scheme"] in TLS else _PAGES


def _with(own: RawHeaders, more: RawHeaders) -> RawHeaders:
    """Those that an answer gives itself stand."""
    given = [name for name, _ in own]
    return [*own, *[pair for pair in more if pair[0] not in given]]


class HeadAsGet:
    """Answers HEAD as GET without its body, as probes expect of every address."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            return await self.app(scope, receive, send)

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, send_without_body)


class LastWord:
    """Adds the security headers; answers what nothing else did, without a trace of the code."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        started = False
        headers = _everywhere(scope)

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] in STARTS:
                started = True
                message = {**message, "headers": _with(message.get("headers", []), headers)}
            elif message["type"] == "websocket.close":
                started = True
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except ClientDisconnect:  # who went while sending is answered nothing
            return
        except Exception as error:
            log_unexpected(error)
            if started:
                return
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1011})
            else:
                response = problems.answer(problems.http_problem(500))
                await response(scope, receive, send_with_headers)


def log_unexpected(error: Exception) -> None:
    """What nothing expected, without a word of what was sent."""
    log.error("unexpected_error", exc_type=type(error).__name__, where=where(error))


class SameSite:
    """Refuses foreign host names, and writes and sockets that a page of another origin asks for."""

    def __init__(self, app: ASGIApp, allowed_hosts: Collection[str]) -> None:
        self.app = app
        self.hosts = LOOPBACK | {host.lower() for host in allowed_hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        status, detail = self.refusal(scope)
        if not status:
            return await self.app(scope, receive, send)
        await problems.answer(problems.http_problem(status, detail))(scope, receive, send)

    def refusal(self, scope: Scope) -> tuple[int, str]:
        """Status and detail of what is refused; 0 if nothing is."""
        scheme = scope["scheme"]
        host = _authority(b"//" + (header(scope, b"host") or b""), scheme)
        if host is None or host[0] not in self.hosts:
            return 421, "This server does not go by that name; see INFUSION_ALLOWED_HOSTS."
        if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
            return 0, ""
        for name, value in scope["headers"]:
            if (name == b"origin" and _authority(value, scheme) != host) or (
                name == b"sec-fetch-site" and value.lower() in CROSS
            ):
                return 403, "Nothing was done: the request comes from a page of another origin."
        return 0, ""


def _authority(url: bytes, scheme: str) -> tuple[str, int] | None:
    """Host name and port that a URL names; None if it names none."""
    return _known_authority(url, scheme) if len(url) <= NAME_MAX else _parsed(url, scheme)


def _parsed(url: bytes, scheme: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(url.decode("latin-1"))
        usual = 443 if (parts.scheme or scheme) in ("https", "wss") else 80
        return None if parts.hostname is None else (parts.hostname, parts.port or usual)
    except ValueError:
        return None


_known_authority = lru_cache(maxsize=NAMES_KEPT)(_parsed)


class BodyLimit:
    """Reads no body beyond the limit, whatever its length was said to be.

    How long a body may take, and what becomes of the rest of a refused one, `app.http` says.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        length = header(scope, b"content-length") or b""
        if length.isdigit() and int(length[:20]) > self.max_bytes:
            return await problems.answer(problems.http_problem(413))(scope, receive, send)
        seen = 0

        async def receive_counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.max_bytes:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_counted, send)
