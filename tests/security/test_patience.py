"""Who keeps a connection without using it loses it, and hears why where it still can."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from app.bind import tls_context
from app.crowd import Patience
from app.settings import Settings
from tests.security.certificates import certificate, trusting
from tests.security.edge import by_hand, edge

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

# For time that goes on only when told.
SHORT: Final = Patience(
    head_s=0.2, body_s=0.2, body_pace=1000, take_s=0.3, take_min=1000, head_max=2000, look_s=0.05
)
# On sockets a test that is held up must not be late with anything but what it tests.
LONG: Final = replace(SHORT, head_s=60.0, body_s=60.0, take_s=60.0)
FOR_BODIES: Final = replace(LONG, body_s=SHORT.body_s)
FOR_READERS: Final = replace(LONG, take_s=SHORT.take_s)
BIG: Final = 8_000_000  # bytes; more than the kernel holds for a reader that does not read


class Told:
    """An application that reads the body and answers `answer` bytes."""

    def __init__(self, answer: int = 2) -> None:
        self.answer = answer
        self.heard: asyncio.Queue[str] = asyncio.Queue()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return self.heard.put_nowait("gone")
            length += len(message["body"])
            if not message["more_body"]:
                break
        headers = [(b"content-length", str(self.answer).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for at in range(0, self.answer, 50_000):
            body = b"x" * min(50_000, self.answer - at)
            more = at + 50_000 < self.answer
            await send({"type": "http.response.body", "body": body, "more_body": more})
        self.heard.put_nowait(f"{length} bytes")


async def test_headers_that_never_end_are_answered_and_closed() -> None:
    async with edge(Told(), LONG) as server:
        sent = b"GET / HTTP/1.1\r\nHost: x\r\nX-Drip: 1"
        client = await server.dial(sent)
        await server.late(len(sent), LONG.head_s)
        headers, problem = await client.problem()
        assert (problem["status"], problem["code"]) == (408, "too_slow")
        assert headers["connection"] == "close"
        assert headers["x-content-type-options"] == "nosniff"
        assert await client.ended() == b""
        await server.reached(0)


async def test_a_drip_does_not_make_the_wait_longer() -> None:
    async with by_hand(Told(), SHORT) as client:
        await client.feed(b"GET / HTTP/1.1\r\n")
        drips = 0
        while not client.wire.sent and drips < 100:
            await client.feed(b"X-Drip: 1\r\n")
            drips += 1
            await client.wait(0.05)
        assert client.wire.sent.startswith(b"HTTP/1.1 408 ")
        assert 3 <= drips <= 6


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"])
async def test_who_asks_nothing_is_sent_away(sent: bytes) -> None:
    async with edge(Told(), LONG) as server:
        client = await server.dial(sent)
        if sent.startswith(b"GET"):
            assert (await client.answer())[0] == 200
            sent = b"\r\n"  # not a request; without it uvicorn's own timer waits
            client.send(sent)
        await server.late(len(sent), LONG.head_s)
        assert await client.ended() == b""
        await server.reached(0)


async def test_a_body_that_stops_is_answered_and_nothing_waits_for_it() -> None:
    app = Told()
    async with edge(app, FOR_BODIES) as server:
        client = await server.dial(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhalf")
        headers, problem = await client.problem()
        assert (problem["status"], problem["code"]) == (408, "too_slow")
        assert "Nothing was stored" in problem["detail"]
        assert headers["connection"] == "close"
        assert await app.heard.get() == "gone"
        assert await client.ended() == b""


async def test_a_body_that_comes_at_a_pace_is_waited_for() -> None:
    app = Told()
    async with by_hand(app, SHORT) as client:
        await client.feed(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1500\r\n\r\n")
        for _ in range(15):  # 0.6 s in all, three times what a body that stops is given
            assert client.wire.sent == b""
            await client.feed(b"x" * 100)
            await client.wait(0.04)
        assert client.wire.sent.startswith(b"HTTP/1.1 200 ")
        assert app.heard.get_nowait() == "1500 bytes"


async def test_a_body_that_stops_later_has_the_time_that_its_bytes_are_given() -> None:
    async with by_hand(Told(), SHORT) as client:
        await client.feed(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1500\r\n\r\n")
        await client.feed(b"x" * 500)  # half a second on top of 0.2 s
        for _ in range(13):
            await client.wait(0.05)
        assert client.wire.sent == b""
        for _ in range(3):
            await client.wait(0.05)
        assert client.wire.sent.startswith(b"HTTP/1.1 408 ")


async def test_a_chunked_body_has_the_same_time() -> None:
    async with edge(Told(), FOR_BODIES) as server:
        head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        client = await server.dial(head + b"4\r\nhalf\r\n")
        _, problem = await client.problem()
        assert problem["code"] == "too_slow"


async def test_who_never_reads_a_big_answer_is_cut_off() -> None:
    app = Told(BIG)
    async with edge(app, FOR_READERS) as server:
        client = await server.dial(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        client.stop_reading()
        await server.reached(1)
        await server.reached(0)
        client.leave()


async def test_who_never_reads_is_cut_off_on_tls_too(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    tls = tls_context(Settings(tls_cert=cert, tls_key=key))
    app = Told(BIG)
    async with edge(app, FOR_READERS, tls=tls) as server:
        server.trust = trusting(cert)

        def asks_and_reads_nothing() -> ssl.SSLSocket:
            plain = socket.create_connection(("127.0.0.1", server.port))
            client = trusting(cert).wrap_socket(plain, server_hostname="127.0.0.1")
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            return client

        with await asyncio.to_thread(asks_and_reads_nothing):
            await app.heard.get()  # it answers no more
            await server.reached(0)
        sent = b"GET / HTTP/1.1\r\nHost: x\r\nX-Drip: 1"
        drip = await server.dial(sent)
        await server.late(len(sent), LONG.head_s)
        headers, problem = await drip.problem()
        assert problem["code"] == "too_slow"
        assert "strict-transport-security" in headers


async def test_who_reads_slowly_gets_all_of_it() -> None:
    async with by_hand(Told(200_000), SHORT, slow=True) as client:
        await client.feed(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        while client.wire.left:
            await client.take(SHORT.take_min)
            await client.wait(SHORT.take_s)
            assert not client.wire.aborted, "cut off"
        assert client.wire.sent.endswith(b"\r\n\r\n" + b"x" * 200_000)


async def test_who_reads_still_more_slowly_is_cut_off() -> None:
    async with by_hand(Told(200_000), SHORT, slow=True) as client:
        await client.feed(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        for less in (0, 0, 0, 1):
            assert not client.wire.aborted
            await client.take(SHORT.take_min - less)
            await client.wait(SHORT.take_s)
        assert client.wire.aborted


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 3000, 431, "headers_too_large"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 3000 + b"\r\n\r\n", 431, "headers_too_large"),
        (b"GET /" + b"a" * 3000 + b" HTTP/1.1\r\n\r\n", 431, "headers_too_large"),
        (b"HELLO\r\n\r\n", 400, "bad_request"),
        (b"GET http://[ HTTP/1.1\r\n\r\n", 400, "bad_request"),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "bad_request"),
        (
            b"POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
            400,
            "bad_request",
        ),
    ],
)
async def test_what_is_no_request_of_ours_is_refused(sent: bytes, status: int, code: str) -> None:
    async with edge(Told(), LONG) as server:
        client = await server.dial(sent)
        headers, problem = await client.problem()
        assert (problem["status"], problem["code"]) == (status, code)
        assert headers["connection"] == "close"
        assert await client.ended() == b""


async def test_what_is_asked_in_one_go_is_answered_in_order() -> None:
    app = Told()
    async with edge(app, LONG) as server:
        one = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
        client = await server.dial(one + one + one[:20])
        assert (await client.answer())[0] == 200
        assert (await client.answer())[0] == 200
        client.send(one[20:])
        assert (await client.answer())[0] == 200


async def test_the_rest_of_a_refused_body_is_read_so_that_the_refusal_is_heard() -> None:
    async def refuses(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body"})

    async with edge(refuses, LONG) as server:
        client = await server.dial(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n")
        client.send(b"x" * 5_000_000)
        await client.writer.drain()
        assert (await client.answer())[0] == 413
        client.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\n")
        for _ in range(100):  # but not without end
            client.send(b"x" * 500_000)
            try:
                await client.writer.drain()
            except ConnectionError:
                break
        else:
            pytest.fail("50 MB of a refused body were read")
