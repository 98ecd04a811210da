"""The short way in for readings: nearly all that a busy clinic sends.

It stands before everything else and asks the guards itself, for each layer between costs as much
as reading the JSON. It answers what it understands wholly (`app.api.quick`) and hands everything
else on untouched, body and all, to the routes of `routes.readings`, which stay the definition:
errors are theirs by construction.

While the devices' lane takes nothing, a device is told so before its body is read as JSON: at
twice the load that a server bears, half of all requests end here.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Any, Final

import orjson
from fastapi import FastAPI
from starlette.requests import HTTPConnection

from app.access.roles import Permission
from app.api import problems, quick
from app.api.answers import answer, recorded
from app.api.guards import SameSite, header, in_the_api, log_unexpected
from app.api.lists import of_each, session_known
from app.api.needs import REFUSED, look
from app.api.parsing import is_json
from app.api.recording import record, record_one
from app.errors import Busy
from app.monitoring.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.responses import Response
    from starlette.types import Message, Receive, Scope, Send

    from app.access.caller import Caller
    from app.api.context import Context
    from app.monitoring.commands import ReadingFor

FOR_ANY: Final = "/api/readings"
FOR_ONE: Final = re.compile(
    r"/api/sessions/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/readings", re.ASCII
)
JSON: Final = b"application/json"
LENGTH_DIGITS: Final = 12  # of a body's length; more is no length

_OF_A_DEVICE: Final = re.compile(rb'"(?:device|source)"\s*:\s*"(?!manual")')
_BY_HAND: Final = re.compile(rb'"source"\s*:\s*"manual"')
_BUSY: Final = problems.answer(
    problems.domain_problem(Busy("Nothing was stored. Send the same again in a moment."))
)


def _of_a_device(caller: Caller, body: bytes) -> bool:
    """Whether it may wait its turn; where the credential leaves it open, the body tells."""
    source = caller.source
    return source == "device" or (source is None and from_a_device(body))


def from_a_device(body: bytes) -> bool:
    """Whether this, not yet read as JSON, names a device and nobody who typed it. What is in doubt
    is a person's.
    """
    return _OF_A_DEVICE.search(body) is not None and _BY_HAND.search(body) is None


class Door:
    """Which requests may go the short way: those that the guards would let through."""

    def __init__(self, allowed_hosts: Collection[str], max_bytes: int) -> None:
        self._site = SameSite(_nothing, allowed_hosts)
        self._max_bytes = max_bytes

    def session_id(self, scope: Scope) -> str | None:
        """The session that the address names, "" if each reading does; None if the request is for
        the routes: not of readings, unusual, too long, or not from here.
        """
        if scope["type"] != "http" or scope["method"] != "POST":
            return None
        session_id = _session_id(scope["path"])
        if session_id is None or not _says_json(header(scope, b"content-type")):
            return None
        length = header(scope, b"content-length") or b""
        if not length.isdigit() or len(length) > LENGTH_DIGITS or int(length) > self._max_bytes:
            return None
        return None if self._site.refusal(scope)[0] else session_id


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """What the guard of the door would go on to: it is only asked."""


class App(FastAPI):
    """FastAPI with a door before it; without one, all goes its way."""

    door: Door | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        session_id = self.door.session_id(scope) if self.door is not None else None
        if session_id is None:
            return await super().__call__(scope, receive, send)
        connection = HTTPConnection(scope)
        scope["app"] = self
        scope["path_params"] = {"session_id": session_id} if session_id else {}
        try:
            caller = await look(connection, Permission.RECORD_READING)
        except DomainError as refused:  # the routes say it, in full
            scope[REFUSED] = refused
            del scope["path_params"]
            return await super().__call__(scope, receive, send)
        sent = _Sent(receive)
        body = await sent.body()
        response = None if body is None else await self._answer(caller, session_id, body)
        if response is None:
            return await super().__call__(scope, sent.again, send)
        headers = [*response.raw_headers, *in_the_api(scope)]
        start = {"type": "http.response.start", "status": response.status_code, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": response.body})

    async def _answer(self, caller: Caller, session_id: str, body: bytes) -> Response | None:
        """None if it is for the routes to answer."""
        context: Context = self.state.context
        if not context.store.scribe.takes("devices") and _of_a_device(caller, body):
            return _BUSY
        try:
            content = orjson.loads(body)
        except orjson.JSONDecodeError:
            return None
        try:
            return await _record(context, caller, session_id, content)
        except DomainError as refusal:
            return problems.answer(problems.domain_problem(refusal))
        except Exception as error:
            log_unexpected(error)
            return problems.answer(problems.http_problem(500))


def _session_id(path: str) -> str | None:
    """The session that the address names, "" if each reading does; None if it is not of readings,
    or written in an unusual way.
    """
    if path == FOR_ANY:
        return ""
    match = FOR_ONE.fullmatch(path)
    return None if match is None else match.group(1)


def _says_json(content_type: bytes | None) -> bool:
    return content_type == JSON or is_json((content_type or b"").decode("latin-1"))


class _Sent:
    """A body, kept so that it can be read once more."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: deque[Message] = deque()

    async def body(self) -> bytes | None:
        """None if it did not come whole."""
        message = await self._next()
        if not message.get("more_body", False):
            return message.get("body", b"") if message["type"] == "http.request" else None
        while message.get("more_body", False):
            message = await self._next()
        if message["type"] != "http.request":
            return None
        return b"".join(message.get("body", b"") for message in self._messages)

    async def _next(self) -> Message:
        message = await self._receive()
        self._messages.append(message)
        return message

    async def again(self) -> Message:
        return self._messages.popleft() if self._messages else await self._receive()


async def _record(
    context: Context, caller: Caller, session_id: str, content: Any
) -> Response | None:
    if not session_id:
        items = quick.many_for(content)
        return None if items is None else await _record_list(context, caller, items)
    if type(content) is dict and quick.READINGS in content:
        items = quick.many(content, session_id)
        return None if items is None else await _record_list(context, caller, items, of_one=True)
    command = quick.single(content)
    if command is None:
        return None
    return recorded(await record_one(context, caller, session_id, command))


async def _record_list(
    context: Context, caller: Caller, items: list[ReadingFor], *, of_one: bool = False
) -> Response:
    results = await record(context, caller, items)
    if of_one:
        session_known(results)
    return answer(of_each(results))
