"""Everybody opens every socket and says all that can be said: what is refused is what the table of
roles says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from app.access.roles import Permission as P
from app.api import feed_needs
from app.api.needs import NEEDS
from app.feed.messages import WatchSession
from app.main import create_app
from app.settings import Settings
from tests.access.callers import CALLERS, Caller, sign_up
from tests.access.operations import SAID, SOCKETS
from tests.access.test_matrix import ADDRESS, REFUSALS, FromAnywhere, url_of
from tests.api.clinic import BASE_URL, Clinic
from tests.support.as_clinic import AS_SENT, AsClinic
from tests.support.people import provision

if TYPE_CHECKING:
    from collections.abc import Iterator

CLOSED = {401: 4401, 403: 4403}
Headers = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def headers() -> Headers:
    return {}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, headers: Headers) -> Iterator[TestClient]:
    data_dir = tmp_path_factory.mktemp("matrix")
    credentials = provision(None, data_dir)
    headers |= {name: one for name, [one] in sign_up(url_of(data_dir), CALLERS, 1).items()}
    app = FromAnywhere(create_app(Settings(data_dir=data_dir, database_url="")))
    with TestClient(app, base_url=BASE_URL) as client:
        client.auth = AsClinic(credentials)
        yield client


@pytest.fixture(scope="module")
def session_id(client: TestClient) -> str:
    return str(Clinic(client).infusing()["id"])


def opened(client: TestClient, path: str, caller: Caller, headers: Headers) -> Any:
    sent = headers[caller.name] | {ADDRESS: f"10.0.1.{CALLERS.index(caller)}"}
    return client.websocket_connect(f"ws://127.0.0.1:8400{path}", headers=sent, auth=AS_SENT)


def said_to(socket: Any, message: dict[str, Any]) -> list[dict[str, Any]]:
    """What it is refused with: frames until what is no message is refused too."""
    socket.send_json(message)
    socket.send_json({"op": "no such"})
    refused: list[dict[str, Any]] = []
    while True:
        frame = socket.receive_json()
        if frame["kind"] == "refused":
            if frame["code"] == "invalid_request":
                return refused
            refused.append(frame)


def differences(socket: Any, caller: Caller, session_id: str) -> list[str]:
    """Where what may be said is not what the table says."""
    found = []
    for name, message, needed in SAID:
        filled = {key: session_id if key == "session" else value for key, value in message.items()}
        codes = {frame["code"] for frame in said_to(socket, filled)} & REFUSALS
        told = caller.refusal(needed)
        if codes != (set() if told is None else {told[1]}):
            found.append(f"{name}: {told or 'allowed'}, answered {codes or 'nothing'}")
    return found


@pytest.mark.parametrize("caller", CALLERS, ids=lambda caller: caller.name)
def test_the_table_is_what_may_be_watched(
    client: TestClient, headers: Headers, session_id: str, caller: Caller
) -> None:
    told = caller.refusal(SOCKETS["/api/live"])
    with opened(client, "/api/live", caller, headers) as socket:
        if told is not None:
            assert closed(socket) == CLOSED[told[0]]
            return
        assert socket.receive_json()["kind"] == "hello"
        assert differences(socket, caller, session_id) == []


@pytest.mark.parametrize("caller", CALLERS, ids=lambda caller: caller.name)
def test_the_table_is_who_may_stream(
    client: TestClient, headers: Headers, session_id: str, caller: Caller
) -> None:
    told = caller.refusal(SOCKETS["/api/ingest"])
    with opened(client, "/api/ingest", caller, headers) as socket:
        if told is not None:
            assert closed(socket) == CLOSED[told[0]]
            return
        socket.send_json({"n": 1, "readings": [{"session_id": session_id, "values": {"hr": 80}}]})
        answer = socket.receive_json()
        codes = {item["code"] for item in answer["refused"]}
        assert codes == ({"simulated_mismatch"} if caller.role == "simulator" else set())


def closed(socket: Any) -> int:
    """The code that it is closed with, before anything is said."""
    with pytest.raises(WebSocketDisconnect) as ended:
        socket.receive_json()
    return int(ended.value.code)


def test_a_hole_in_what_may_be_said_is_found(
    client: TestClient, headers: Headers, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(feed_needs.NEEDS, WatchSession, P.WATCH_WALL)
    caller = next(caller for caller in CALLERS if caller.name == "viewer, by token")
    with opened(client, "/api/live", caller, headers) as socket:
        assert len(differences(socket, caller, session_id)) == 1


def test_every_message_names_what_it_needs(client: TestClient) -> None:
    document = client.get("/api/asyncapi.json").json()
    takes = document["operations"]["takeMessage"]["messages"]
    names = [reference["$ref"].rsplit("/", 1)[1] for reference in takes]
    told = {name: document["components"]["messages"][name][NEEDS] for name in names}
    assert told == {name: needed.value for name, _, needed in SAID}
    for operation in document["operations"].values():
        address = document["channels"][operation["channel"]["$ref"].rsplit("/", 1)[1]]["address"]
        assert operation[NEEDS] == SOCKETS[address].value
        assert operation["security"]
    assert all(NEEDS in message for message in document["components"]["messages"].values())
