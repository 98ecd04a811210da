"""Requests go with the credential of who would make them: devices' readings with a device's token,
simulated ones with the simulator's, all else as a clinician.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import httpx2
import orjson

from tests.support.people import ANYWHERE, COOKIE, PROGRAMS, Credentials

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

READINGS: Final = re.compile(r"/api/(?:sessions/(?P<session_id>[^/]+)/)?readings/?")
STREAM: Final = "/api/ingest"
SESSIONS: Final = re.compile(r"/api/sessions(?:/(?:search|[0-9a-fA-F-]{32,36}))?")


AS_SENT: Final = httpx2.Auth()
"""For a request that goes with what it brings, or as nobody."""


class AsClinic(httpx2.Auth):
    """For any client of httpx2, TestClient too, and for its websockets.

    A request that brings a credential of its own keeps it; with `auth=AS_SENT` none is added.
    `role` is who everything else goes as; a program's goes with everything. A list of readings
    goes with one credential: a test splits one that holds typed and measured ones.
    """

    def __init__(self, credentials: Credentials | None = None, role: str = "clinician") -> None:
        self._credentials = ANYWHERE if credentials is None else credentials
        self._role = role

    def sync_auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response, None]:
        if self._reads_body(request):
            request.read()
        self._sign(request)
        response = yield request
        if SESSIONS.fullmatch(request.url.path) and response.is_success:
            response.read()
            self._learn(_json(response.content))

    async def async_auth_flow(
        self, request: httpx2.Request
    ) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        if self._reads_body(request):
            await request.aread()
        self._sign(request)
        response = yield request
        if SESSIONS.fullmatch(request.url.path) and response.is_success:
            await response.aread()
            self._learn(_json(response.content))

    def headers(self, path: str, content: bytes = b"") -> dict[str, str]:
        """For a client that is not of httpx2: what a request of that path and body goes with."""
        return self._credentials.headers(self._who(path, content))

    def _reads_body(self, request: httpx2.Request) -> bool:
        if request.method != "POST":
            return False
        path = request.url.path
        return path == "/api/sessions" or (
            READINGS.fullmatch(path) is not None
            and self._role not in PROGRAMS
            and not _brings_a_credential(request)
        )

    def _sign(self, request: httpx2.Request) -> None:
        content = request.content if self._reads_body(request) else b""
        if request.method == "POST" and request.url.path == "/api/sessions":
            self._learn(_json(content))  # its answer may be lost
        if not _brings_a_credential(request):
            request.headers.update(self.headers(request.url.path, content))

    def _who(self, path: str, content: bytes) -> str:
        if self._role in PROGRAMS:
            return self._role
        if path == STREAM:
            return "device"
        found = READINGS.fullmatch(path)
        if found is None or not content:
            return self._role
        body = _json(content)
        listed = body.get("readings") if isinstance(body, dict) else None
        readings = listed if isinstance(listed, list) else [body]
        measured = next((r for r in readings if _is_measured(r)), None)
        if measured is None:
            return self._role
        session_id = found["session_id"] or measured.get("session_id")
        places = self._credentials.places
        simulated = places.is_simulated(_text(session_id), _text(measured.get("station")))
        return "simulator" if simulated else "device"

    def _learn(self, said: Any) -> None:
        if not isinstance(said, dict):
            return
        items = said.get("items")
        for session in items if isinstance(items, list) else [said]:
            if isinstance(session, dict) and isinstance(session.get("id"), str):
                self._credentials.places.learn(session)


def _brings_a_credential(request: httpx2.Request) -> bool:
    cookies = request.headers.get("cookie", "")
    return "authorization" in request.headers or COOKIE in cookies


def _is_measured(reading: Any) -> bool:
    if not isinstance(reading, dict):
        return False
    source = reading.get("source")
    return source == "device" or (source != "manual" and bool(reading.get("device")))


def _json(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
