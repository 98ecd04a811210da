"""The server's end of an HTTP connection, patient with a clinic's network and with nobody else.

uvicorn waits for ever: for headers that never end, for a body that drips, for a reader that takes
nothing, and it takes any number of connections. Here each of these has an end, told to the client
where it can still hear it. Nothing of it costs a request that comes whole and is read.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.api import problems
from app.api.guards import in_the_api
from app.crowd import Crowd, Patience
from app.errors import Busy
from app.feed.socket import LAST_S, Socket

if TYPE_CHECKING:
    import asyncio
    from asyncio import TimerHandle

    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

PROBES: Final = frozenset({"/livez", "/readyz"})
_FULL: Final = problems.answer(
    problems.domain_problem(
        Busy("Nothing was stored: too many connections are open. Send the same again in a moment.")
    ),
    {"Connection": "close"},
)


class Http(HttpToolsProtocol):
    """One connection. Use a subclass made by `bounded`."""

    crowd: ClassVar[Crowd]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
        super().connection_made(transport)
        self._stage = "wait"
        self._came = 0  # bytes of what is waited for
        self._since = 0.0
        self._too_large = False
        self._taking: TimerHandle | None = None
        self._left = 0
        self._took = False
        self._over = self.crowd.full(len(self.connections))
        if self._over:
            self.crowd.tell(self.loop.time(), len(self.connections))
            if self.crowd.beyond(len(self.connections)):
                return transport.abort()
            self.app = self._when_full
        self._wait_for_request()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stage = "gone"
        self._stop_watching()
        self.crowd.gone(self)

    # ---- what comes

    def data_received(self, data: bytes) -> None:
        if self._stage == "gone":
            return
        self.crowd.waiting.pop(self, None)
        self._came += len(data)
        super().data_received(data)
        stage = self._stage
        if stage == "gone" or self.transport.is_closing():
            return
        if stage == "read" and not self.cycle.response_complete:
            self.crowd.heard(self)
        elif stage != "body":
            if self._came > self.crowd.patience.head_max and stage == "head":
                self._say(431)
            else:
                self._wait_for_request()
        elif not self.crowd.expected(self):
            self._wait_for_body()
        elif self._came > self.crowd.patience.rest_max and self.cycle.response_complete:
            self.transport.abort()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._stage = "head"

    def on_headers_complete(self) -> None:
        if self._came > self.crowd.patience.head_max:
            length = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
            if length > self.crowd.patience.head_max:
                self._too_large = True
                raise ValueError("headers too large")
        super().on_headers_complete()
        self._stage = "body"
        self._came = 0
        self.crowd.heard(self)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._stage = "read"
        self._came = 0

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._stage == "gone":
            return
        closing = self.transport.is_closing()
        if self._stage == "read" and self.cycle.response_complete and not closing:
            self.crowd.waiting[self] = None  # uvicorn's own timer waits for the next request
            self._over = False
            self.app = self.config.loaded_app
        if self._taking is None and self.transport.get_write_buffer_size():
            self._watch_taking()

    def handle_websocket_upgrade(self) -> None:
        self.crowd.heard(self)
        if self._over and not self._known():
            return self._write(_FULL)
        self._stage = "gone"
        self._stop_watching()
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        """A problem as all others, in place of uvicorn's plain words."""
        self._say(431 if self._too_large else 400)

    # ---- what does not come

    def _wait_for_request(self) -> None:
        patience = self.crowd.patience
        answered = self.cycle is None or self.cycle.response_complete
        if answered and not self._over:  # who is of the reserve has nobody to give way to
            self.crowd.waiting[self] = None
        if not self.crowd.expected(self):
            self.crowd.expect(self, patience.reserved_s if self._over else patience.head_s)

    def late(self) -> None:
        """What was expected did not come."""
        if self._stage == "body":
            self._no_body()
        elif self._stage != "gone":
            self._no_request()

    def _no_request(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.keep_alive = False  # a later request hangs: the earlier is still answered
        elif self._stage == "head":
            self._say(408)
        else:
            self.transport.close()

    def _wait_for_body(self) -> None:
        self._since = self.loop.time()
        self.crowd.expect(self, self.crowd.patience.body_s)

    def _no_body(self) -> None:
        if self.flow.read_paused:  # it is we who do not read
            self._came = 0
            return self._wait_for_body()
        patience = self.crowd.patience
        left = self._since + patience.body_s + self._came / patience.body_pace - self.loop.time()
        if left > 0:
            self.crowd.expect(self, left)
        elif self.cycle.response_started:
            self.transport.abort()
        else:
            self._say(408)

    # ---- what is not taken

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._taking is None:
            self._watch_taking()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._took = True

    def _watch_taking(self) -> None:
        self._left = self.transport.get_write_buffer_size()
        self._took = False
        self._taking = self.loop.call_later(self.crowd.patience.take_s, self._look_at_taking)

    def _look_at_taking(self) -> None:
        self._taking = None
        left = self.transport.get_write_buffer_size()
        if left and not self._took and left > self._left - self.crowd.patience.take_min:
            self.transport.abort()
        elif left:
            self._watch_taking()

    def _stop_watching(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    # ---- what is said without the application

    def _known(self) -> bool:
        return self.client is not None and self.crowd.screens[self.client[0]] > 0

    async def _when_full(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: ASGIApp = self.config.loaded_app
        if scope["path"] in PROBES or self._known():
            await app(scope, receive, send)
        else:
            headers = [*_FULL.raw_headers, *in_the_api(scope)]
            await send({"type": "http.response.start", "status": 503, "headers": headers})
            await send({"type": "http.response.body", "body": _FULL.body})

    def _say(self, status: int) -> None:
        """The last word on this connection, unless another is being said."""
        if self.cycle is not None and not self.cycle.response_complete:
            if self.cycle.response_started or self._stage != "body":
                return self.transport.abort()
            self.cycle.disconnected = True  # whoever waits for the body hears of it
            self.cycle.message_event.set()
        answer = problems.answer(problems.http_problem(status), {"Connection": "close"})
        self._write(answer)

    def _write(self, answer: Response) -> None:
        """Closed a moment later: what is still coming in would else wipe out the answer."""
        self._stage = "gone"
        self.crowd.heard(self)
        self.crowd.waiting.pop(self, None)
        self._unset_keepalive_if_required()
        self.flow.resume_reading()
        headers = [*answer.raw_headers, *in_the_api({"scheme": self.scheme})]
        self.transport.write(
            STATUS_LINE[answer.status_code]
            + b"".join(b"%s: %s\r\n" % header for header in headers)
            + b"\r\n"
            + bytes(answer.body)
        )
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LAST_S, self.transport.abort)


class _Watched(Socket):
    """A websocket that counts among the screens of its address."""

    crowd: ClassVar[Crowd]
    _counting: TimerHandle | None = None
    _counted = False

    def start_keepalive(self) -> None:
        super().start_keepalive()
        if self.client is not None:
            self._counting = self.loop.call_later(self.crowd.patience.admitted_s, self._count)

    def _count(self) -> None:
        if self.client is not None and not self.disconnected:
            self._counted = True
            self.crowd.screens[self.client[0]] += 1

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._counting is not None:
            self._counting.cancel()
        if self._counted and self.client is not None:
            self._counted = False
            self.crowd.screens[self.client[0]] -= 1
            self.crowd.screens += Counter()  # forgets addresses without one

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        if not self.disconnected:  # what was not taken would keep it open
            self.loop.call_later(LAST_S, self.transport.abort)


def bounded(patience: Patience) -> tuple[type[Http], type[Socket]]:
    """The protocols of one server, for HTTP and for websockets."""
    crowd = Crowd(patience)
    return (
        type("BoundedHttp", (Http,), {"crowd": crowd}),
        type("BoundedSocket", (_Watched,), {"crowd": crowd}),
    )
