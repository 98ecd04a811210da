"""The server ends promptly, whoever is watching, and tells them to come back."""

import asyncio
import socket
import sys
from contextlib import closing
from signal import SIGTERM
from typing import Never

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.feed.serve import MESSAGE_MAX
from tests.conftest import StartServer
from tests.e2e.api import Api, asking
from tests.support.server import Server

# What it does not end by itself it waits for, longer than we do.
PATIENT = (sys.executable, "-m", "tests.support.patient", "app.main.GRACEFUL_S", "serve")
WATCHERS = 20


async def watch(server: Server) -> ClientConnection:
    socket = await connect(server.live_url, additional_headers=server.headers())
    await socket.recv()
    await socket.send('{"op":"watch","board":true}')
    await socket.recv()
    return socket


async def until_closed(socket: ClientConnection) -> Never:
    while True:
        await socket.recv()


async def test_idle_watchers_do_not_keep_the_server_from_ending(
    start_server: StartServer,
) -> None:
    server = await asyncio.to_thread(start_server, command=PATIENT)
    sockets = [await watch(server) for _ in range(WATCHERS)]
    status = await asyncio.to_thread(server.stop)
    assert status in (0, -SIGTERM), server.log()
    for watching in sockets:
        with pytest.raises(ConnectionClosed) as closed:
            await until_closed(watching)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012


async def test_a_watcher_that_takes_nothing_does_not_keep_the_server_from_ending(
    start_server: StartServer,
) -> None:
    server = await asyncio.to_thread(start_server, command=PATIENT)
    with asking(server.url) as api:
        session_id = a_long_session(api)
    with closing(stalled(server)) as watching:
        watching.send(text_frame(f'{{"op":"watch","session":"{session_id}"}}'))
        watching.recv(1)  # that it was greeted; from here on it takes nothing
        with asking(server.url) as api:
            for _ in range(BATCHES):
                a_batch(api, session_id)
        await asyncio.to_thread(server.stop)


BATCHES = 32  # of 250 events: more than the buffers of a socket hold


def a_long_session(api: Api) -> str:
    patient = api.post("/api/patients", {"code": "P-1", "initials": "A.B."})
    of_patient = {"patient_id": patient["id"], "station": "Room 1", "protocol": "ketamine_adult"}
    dose = {"weight_kg": 70, "dose_mg_per_kg": 0.5, "planned_minutes": 40}
    session_id: str = api.post("/api/sessions", {**of_patient, **dose})["id"]
    return session_id


def a_batch(api: Api, session_id: str) -> None:
    values = {"hr": 80, "spo2": 97, "rr": 14}
    readings = [{"device": "mon-1", "values": values} for _ in range(250)]
    api.post(f"/api/sessions/{session_id}/readings", {"readings": readings})


def stalled(server: Server) -> socket.socket:
    """A websocket whose other end never reads on, and takes little."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    made.connect(("127.0.0.1", server.port))
    host = f"127.0.0.1:{server.port}"
    made.sendall(
        f"GET /api/live HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    assert b"101" in made.recv(64)
    return made


def text_frame(text: str) -> bytes:
    """As a browser masks it, with a mask that changes nothing."""
    return bytes((0x81, 0x80 | len(text))) + bytes(4) + text.encode()


async def test_an_endless_message_is_not_taken(server: Server) -> None:
    socket = await watch(server)
    await socket.send("x" * (MESSAGE_MAX + 1))
    with pytest.raises(ConnectionClosed) as closed:
        await until_closed(socket)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


async def test_the_log_is_json_and_says_nothing_of_patients(server: Server) -> None:
    await asyncio.to_thread(server.stop)
    lines = [line for line in server.log().splitlines() if line.startswith("{")]
    assert lines
    assert "Traceback" not in server.log()
