"""Streaming ingest as its senders meet it: a real server, cut connections, a killed process."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager, suppress
from signal import SIGTERM
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.api.schemas.ingest import IngestAnswer
from app.api.schemas.readings import LIST_MAX
from app.api.streamed import read
from app.services.ids import new_id
from tests.durability.load import Clinic
from tests.support.people import ANYWHERE
from tests.support.server import Server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

    from tests.conftest import StartServer

FLOOD = 200  # messages of 100 readings: several windows, about two seconds of work
PER_MESSAGE = 100
# The limits of a server's end: what it took is stored and told, and no busy machine cuts it off.
UNDISTURBED = ",".join(
    ["app.main.GRACEFUL_S", "app.feed.socket.LAST_S", "app.http.LAST_S"]
    + [f"app.ingest.{file}.{end}_S" for file in ("line", "serve") for end in ("SETTLE", "CLOSE")]
)


@pytest.fixture(scope="module")
def open_all_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all tests that leave it running; each has a room of its own."""
    server = Server(tmp_path_factory.mktemp("ingest") / "data", forked=True)
    server.start()
    yield server
    server.clean_up()


@asynccontextmanager
async def clinic_of(server: Server) -> AsyncIterator[Clinic]:
    clinic = Clinic(server)
    try:
        yield clinic
    finally:
        await clinic.http.aclose()


@pytest.fixture
async def clinic(open_all_day: Server) -> AsyncIterator[Clinic]:
    async with clinic_of(open_all_day) as clinic:
        yield clinic


def enter(server: Server, **options: Any) -> connect:
    """As a device, unless other headers are given."""
    options.setdefault("additional_headers", ANYWHERE.headers("device"))
    return connect(f"ws://127.0.0.1:{server.port}/api/ingest", proxy=None, max_size=None, **options)


def reading(session_id: str, number: int = 0, **fields: Any) -> dict[str, Any]:
    return {"session_id": session_id, "device": "mon-01", "id": new_id(),
            "values": {"hr": 70 + number % 9, "spo2": 97}, **fields}  # fmt: skip


async def say(socket: ClientConnection, n: Any, readings: Sequence[Any], **more: Any) -> None:
    await socket.send(orjson.dumps({"n": n, "readings": readings, **more}).decode())


async def told(socket: ClientConnection, n: int) -> list[dict[str, Any]]:
    """What was refused up to the acknowledgement of n."""
    refused: list[dict[str, Any]] = []
    while True:
        text = await socket.recv()
        IngestAnswer.model_validate_json(text)
        answer = orjson.loads(text)
        refused += answer["refused"]
        if answer["ack"] >= n:
            return refused


async def stored(clinic: Clinic, session_id: str, device: str = "mon-01") -> list[str]:
    """Ids of the device's readings, in the order of the log."""
    return [
        event["data"]["id"]
        for event in await clinic.log(session_id)
        if event["kind"] == "reading.recorded" and event["data"]["device"] == device
    ]


async def closed(socket: ClientConnection) -> int:
    with suppress(ConnectionClosed):
        async for _ in socket:
            pass
    assert socket.close_code is not None
    return socket.close_code


def ids(readings: Iterable[dict[str, Any]]) -> list[str]:
    return [reading["id"] for reading in readings]


async def test_readings_are_stored_in_the_order_sent(open_all_day: Server, clinic: Clinic) -> None:
    session = await clinic.admit("Room 1")
    sent = [reading(session, number) for number in range(300)]
    async with enter(open_all_day) as socket:
        for number, one in enumerate(sent):
            await say(socket, number, [one])
        assert await told(socket, 299) == []
    assert await stored(clinic, session) == ids(sent)


async def test_a_place_may_be_named_as_in_a_list(open_all_day: Server, clinic: Clinic) -> None:
    session = await clinic.admit("Room 2")
    at_station = {**reading(session), "session_id": None, "station": "Room 2"}
    async with enter(open_all_day) as socket:
        await say(socket, 1.0, [at_station], sent_at="2026-11-22T10:15:00+01:00")
        assert await told(socket, 1) == []
        await say(socket, 2, [])
        assert await told(socket, 2) == []
    assert await stored(clinic, session) == ids([at_station])


async def test_what_was_not_acknowledged_is_sent_again_and_stored_once(
    open_all_day: Server, clinic: Clinic
) -> None:
    session = await clinic.admit("Room 3")
    sent = [reading(session, number) for number in range(400)]
    messages = [sent[start : start + 10] for start in range(0, 400, 10)]
    acknowledged = 0
    for cut in (5, 12, 20, 40):
        async with enter(open_all_day) as socket:
            for n in range(acknowledged, len(messages)):
                await say(socket, n + 1, messages[n])
            while acknowledged < cut:
                acknowledged = orjson.loads(await socket.recv())["ack"]
            socket.transport.abort()
    assert sorted(await stored(clinic, session)) == sorted(ids(sent))


async def test_each_refusal_tells_its_place(open_all_day: Server, clinic: Clinic) -> None:
    session = await clinic.admit("Room 4")
    good = [reading(session, number) for number in range(3)]
    unknown, twice = reading(new_id()), {**good[0], "values": {"hr": 99}}
    wrong = {**reading(session), "values": {f"v{number}": 1 for number in range(60)}}
    nameless = reading(session, id="x")
    async with enter(open_all_day) as socket:
        await say(socket, 7, [good[0]])
        await say(socket, 8, [good[1], unknown, wrong, twice, nameless, None, good[2]])
        refused = await told(socket, 8)
    assert [(r["n"], r["index"], r["id"], r["code"], r["status"]) for r in refused] == [
        (8, 1, unknown["id"], "unknown_session", 404),
        (8, 2, wrong["id"], "invalid_request", 422),
        (8, 3, twice["id"], "id_conflict", 409),
        (8, 4, None, "invalid_request", 422),
        (8, 5, None, "invalid_request", 422),
    ]
    assert refused[1]["errors"][0]["code"] == "unknown_vital"
    assert await stored(clinic, session) == ids(good)
    notices = (await clinic.get("/api/notices"))["items"]
    assert {notice["kind"] for notice in notices} == {"device_refused", "device_unattached"}


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"readings": None},
        {"readings": {}},
        {"readings": [], "session_id": new_id()},
        {"readings": [], "sent_at": "noon"},
        {"readings": [{}] * (LIST_MAX + 1)},
    ],
)
async def test_a_message_without_readable_readings_is_refused_whole(
    open_all_day: Server, content: dict[str, Any]
) -> None:
    async with enter(open_all_day) as socket:
        await socket.send(orjson.dumps({"n": 3, **content}).decode())
        (refusal,) = await told(socket, 3)
        assert (refusal["n"], refusal["index"], refusal["id"]) == (3, None, None)
        assert (refusal["status"], refusal["code"]) == (422, "invalid_request")
        await say(socket, 4, [])
        assert await told(socket, 4) == []


async def test_what_is_no_message_closes_the_socket(open_all_day: Server) -> None:
    numbers = ('"1"', "-1", "true", "null", "[]", "1.5", "9007199254740992", "NaN")
    numbered = [f'{{"n":{n},"readings":[]}}' for n in numbers]
    texts: list[str | bytes] = ["{", "[]", "null", "", '{"readings":[]}', *numbered, b"\xff"]
    for text in texts:
        async with enter(open_all_day) as socket:
            await socket.send(text)
            assert await closed(socket) == 1007, text


async def test_an_endless_message_closes_the_socket(open_all_day: Server) -> None:
    async with enter(open_all_day) as socket:
        await socket.send('{"n":1,"readings":[' + " " * (1 << 20) + "]}")
        assert await closed(socket) == 1009


async def test_a_page_of_another_origin_may_not_send(open_all_day: Server) -> None:
    with pytest.raises(Exception, match="403"):
        async with enter(open_all_day, origin="http://evil.example"):
            pass


async def test_what_was_acknowledged_before_a_kill_is_stored_once(server: Server) -> None:
    async with clinic_of(server) as clinic:
        session = await clinic.admit("Room 1")
        sent = [[reading(session, number) for number in range(20)] for _ in range(200)]
        acknowledged = -1
        for last in (30, 90, len(sent) - 1):
            async with enter(server) as socket:
                sending = asyncio.create_task(_send_all(socket, sent, acknowledged + 1))
                with suppress(ConnectionClosed):
                    while acknowledged < last:
                        acknowledged = orjson.loads(await socket.recv())["ack"]
                kept = set(await stored(clinic, session))
                assert {id for message in sent[: acknowledged + 1] for id in ids(message)} <= kept
                await asyncio.to_thread(server.restart, kill=True)
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
        assert sorted(await stored(clinic, session)) == sorted(ids(r for m in sent for r in m))


async def _send_all(
    socket: ClientConnection, messages: Sequence[Sequence[dict[str, Any]]], first: int
) -> None:
    for n in range(first, len(messages)):
        await say(socket, n, messages[n])


async def test_a_flood_is_held_back_and_a_nurse_is_answered(
    open_all_day: Server, clinic: Clinic
) -> None:
    session = await clinic.admit("Room 9")
    sent = [[reading(session, number) for number in range(PER_MESSAGE)] for _ in range(FLOOD)]
    async with enter(open_all_day) as socket:
        sending = asyncio.create_task(_send_all(socket, sent, 0))
        acknowledged = -1
        while acknowledged < FLOOD - 1:
            acknowledged = orjson.loads(await socket.recv())["ack"]
            typed = {"id": new_id(), "values": {"sedation": 5}}
            answer = await clinic.http.post(f"/api/sessions/{session}/readings", json=typed)
            assert answer.status_code == 201  # at the first try
        await sending
    assert len(await stored(clinic, session)) == FLOOD * PER_MESSAGE


async def test_a_server_that_ends_tells_what_it_took(start_server: StartServer) -> None:
    program = (sys.executable, "-m", "tests.support.patient", UNDISTURBED, "serve")
    server = await asyncio.to_thread(start_server, command=program)
    async with clinic_of(server) as clinic:
        session = await clinic.admit("Room 1")
        sent: list[list[dict[str, Any]]] = []

        async def send() -> None:
            while True:
                sent.append([reading(session, number) for number in range(10)])
                await say(socket, len(sent) - 1, sent[-1])

        async with enter(server) as socket:
            sending = asyncio.create_task(send())
            acknowledged = orjson.loads(await socket.recv())["ack"]
            stopping = asyncio.create_task(asyncio.to_thread(server.stop))
            with suppress(ConnectionClosed):
                while True:
                    acknowledged = orjson.loads(await socket.recv())["ack"]
            assert socket.close_code == 1012
            assert await stopping in (0, -SIGTERM), server.log()
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        await asyncio.to_thread(server.start)
        kept = await stored(clinic, session)
        assert kept == ids(r for message in sent[: acknowledged + 1] for r in message)


def test_when_it_was_sent_is_left_out_of_what_lay_in_the_socket() -> None:
    own = {**reading(new_id()), "sent_at": "2026-11-22T10:15:00Z"}
    text = orjson.dumps({"n": 1, "readings": [own, reading(new_id())], "sent_at": own["sent_at"]})
    told = [item.reading.sent_at for item in read(text).items]
    assert None not in told
    behind = read(text, behind=True)
    assert [item.reading.sent_at for item in behind.items] == [None, None]
    assert [item.reading.id for item in behind.items] == [i.reading.id for i in read(text).items]
