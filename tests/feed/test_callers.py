"""The live feed of the whole server, by who asks: which board, which sessions, what is written down
of it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, get_args

import orjson
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from app.access.roles import TABLE, Permission
from app.api.asyncapi import asyncapi
from app.api.feed_needs import NEEDS
from app.api.schemas.live import Frame
from app.api.schemas.wall import BoardOut, WallRow
from app.feed.messages import Message
from app.main import create_app
from app.settings import Settings
from tests.api.clinic import BASE_URL, LIVE_URL, Clinic, fits
from tests.support.as_clinic import AsClinic
from tests.support.people import WALL, Credentials, provision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import WebSocketTestSession

    from app.access.log import AccessLog

REASON = "Because Quillfeather said so"
SECRETS = ("Quillfeather", "T.P.", "P-secret", "Clara", "Nora", REASON)
FULL = ("nurse", "clinician", "auditor")
WALLS = ("administrator", "viewer", WALL)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> tuple[Credentials, TestClient]:
    folder = tmp_path_factory.mktemp("callers")
    credentials = provision(None, folder)
    app = create_app(Settings(data_dir=folder, database_url=""))
    client = TestClient(app, base_url=BASE_URL, raise_server_exceptions=False)
    client.auth = AsClinic(credentials)
    return credentials, client


@pytest.fixture(scope="module")
def client(people: tuple[Credentials, TestClient]) -> Iterator[TestClient]:
    with people[1] as client:
        yield client


@pytest.fixture(scope="module")
def who(people: tuple[Credentials, TestClient]) -> Credentials:
    return people[0]


@pytest.fixture(scope="module")
def rooms(client: TestClient) -> dict[str, str]:
    """A session in which people wrote a lot, and a simulated one at the same station."""
    clinic = Clinic(client)
    patient = clinic.patient(code="P-secret", name="Quillfeather", initials="T.P.")
    real = clinic.infusing(patient_id=patient["id"])["id"]
    simulated = clinic.session(simulated=True, station=real_station(client, real))["id"]
    at = f"/api/sessions/{real}"
    person = {"id": "nora", "name": "Nora Nurse"}
    alarms = clinic.read(real, values={"spo2": 84}).json()["alarms"]
    for method, path, body in (
        ("PUT", "responsible", {"person": person}),
        ("POST", f"alarms/{alarms[0]['id']}/acknowledge", {"note": REASON}),
        ("POST", "audio-off", {"reason": REASON, "scope": "spo2"}),
        ("POST", "alarm-off", {"reason": REASON, "scope": "hr"}),
        ("POST", "audio-pause", {"seconds": 100}),
        ("POST", "standby", {"reason": REASON, "minutes": 5}),
        ("POST", "help", {"note": REASON}),
    ):
        response = client.request(method, f"{at}/{path}", json=body)
        assert response.status_code == 200, response.text
    return {"real": real, "simulated": simulated}


def real_station(client: TestClient, session_id: str) -> str:
    return str(client.get(f"/api/sessions/{session_id}").json()["station"])


class Watcher:
    def __init__(self, socket: WebSocketTestSession) -> None:
        self._socket = socket
        self.texts: list[str] = []

    def say(self, **message: Any) -> None:
        self._socket.send_json(message)

    def next(self, *kinds: str) -> dict[str, Any]:
        """The next frame of these kinds, held against the protocol's models as all before it."""
        while True:
            text = self._socket.receive_text()
            self.texts.append(text)
            frame: dict[str, Any] = orjson.loads(text)
            fits(Frame, frame)
            if frame["kind"] in kinds:
                return frame


@contextmanager
def watching(client: TestClient, headers: dict[str, str]) -> Iterator[Watcher]:
    with client.websocket_connect(LIVE_URL, headers=headers) as socket:
        yield Watcher(socket)


def entries(client: TestClient, who: Credentials, kind: str) -> list[dict[str, Any]]:
    """Of the access log, the oldest first."""
    assert client.portal is not None
    log: AccessLog = client.app.state.context.access_log  # type: ignore[attr-defined]  # an App's
    client.portal.call(log.flush)
    found = client.get(
        "/api/access-log", params={"kind": kind, "limit": 1_000}, headers=who.headers("auditor")
    )
    assert found.status_code == 200, found.text
    items: list[dict[str, Any]] = found.json()["items"]
    return items[::-1]


def test_every_message_names_what_it_needs() -> None:
    assert set(NEEDS) == set(get_args(Message))
    document = asyncapi("1")
    described = [*document["operations"].values(), *document["components"]["messages"].values()]
    needed = [Permission(one["x-needs"]) for one in described]
    assert Permission.PUBLIC not in needed
    assert len(needed) == 4 + 3 + len(NEEDS)


@pytest.mark.parametrize("role", [*FULL, *WALLS, "simulator"])
def test_a_board_is_what_the_caller_may_see(
    client: TestClient, who: Credentials, rooms: dict[str, str], role: str
) -> None:
    headers = who.headers(role)
    response = client.get("/api/board", headers=headers)
    fits(BoardOut, response.json())
    with watching(client, headers) as watcher:
        watcher.say(op="watch", board=True)
        rows = watcher.next("board")["sessions"]
        assert rows == response.json()["items"]
        seen = {row["id"] for row in rows}
        assert seen == {rooms["simulated" if role == "simulator" else "real"]}
        leaks = [word for word in SECRETS if any(word in text for text in watcher.texts)]
    if role in WALLS:
        assert leaks == []
        for row in rows:
            fits(WallRow, row)
        [row] = [row for row in rows if row["id"] == rooms["real"]]
        assert row["help"]["by"] == {"kind": "person", "role": "clinician"}
        assert any(alarm["text"] for alarm in row["alarms"].values())
    elif role in FULL:
        assert {"T.P.", "P-secret", REASON} <= set(leaks)
        assert "Quillfeather" not in response.text.replace(REASON, "")


def test_what_changes_reaches_each_view(
    client: TestClient, who: Credentials, rooms: dict[str, str]
) -> None:
    clinic = Clinic(client)
    with (
        watching(client, who.headers("nurse")) as nurse,
        watching(client, who.headers(WALL)) as wall,
        watching(client, who.headers("simulator")) as simulator,
    ):
        for watcher in (nurse, wall, simulator):
            watcher.say(op="watch", board=True)
            watcher.next("board")
        clinic.read(rooms["real"], values={"hr": 81})
        clinic.read(rooms["simulated"], values={"hr": 82})
        clinic.read(rooms["real"], values={"hr": 83})
        for watcher in (nurse, wall):
            told = [watcher.next("board_delta")["sessions"] for _ in range(2)]
            assert [row["id"] for rows in told for row in rows] == [rooms["real"]] * 2
            assert [row["values"]["hr"]["value"] for rows in told for row in rows] == [81, 83]
            assert (told[0][0]["patient"] is None) == (watcher is wall)
        [row] = simulator.next("board_delta")["sessions"]
        assert row["id"] == rooms["simulated"]
        assert [word for word in SECRETS if any(word in text for text in wall.texts)] == []
        assert not any(rooms["real"] in text for text in simulator.texts)


@pytest.mark.parametrize("role", [*FULL, *WALLS, "simulator"])
def test_every_message_is_answered_by_the_table(
    client: TestClient, who: Credentials, rooms: dict[str, str], role: str
) -> None:
    permissions = TABLE["viewer" if role == WALL else role]  # type: ignore[index]  # these are roles
    session = rooms["simulated"]
    messages: list[dict[str, Any]] = [
        {"op": "watch", "session": session},
        {"op": "unwatch", "session": session},
        {"op": "watch", "board": True},
        {"op": "unwatch", "board": True},
        {"op": "status", "sound": "quiet"},
        {"op": "shown", "session": session, "alarm": session, "rev": 1},
    ]
    with watching(client, who.headers(role)) as watcher:
        for message in messages:
            kind = next(
                model for model in NEEDS
                if model.model_fields["op"].annotation.__args__ == (message["op"],)  # type: ignore[union-attr]  # a Literal
                and ("board" in model.model_fields) == ("board" in message)
            )  # fmt: skip
            watcher.say(**message)
            watcher.say(op="nonsense")  # what comes before its refusal is the answer
            said: list[dict[str, Any]] = []
            while not said or said[-1]["code"] != "invalid_request":
                said.append(watcher.next("refused"))
            refusals = [one["code"] for one in said[:-1]]
            assert refusals == ([] if NEEDS[kind] in permissions else ["not_allowed"]), message


def test_a_simulator_watches_no_real_session(
    client: TestClient, who: Credentials, rooms: dict[str, str]
) -> None:
    with watching(client, who.headers("simulator")) as watcher:
        watcher.say(op="watch", session=rooms["real"])
        assert watcher.next("refused", "snapshot")["code"] == "simulated_mismatch"
        watcher.say(op="watch", session=rooms["simulated"])
        assert watcher.next("refused", "snapshot")["state"]["id"] == rooms["simulated"]


@pytest.mark.parametrize(("role", "code"), [("device", 4403), (None, 4401)])
def test_who_is_no_screen_is_sent_away(
    client: TestClient, who: Credentials, role: str | None, code: int
) -> None:
    headers = who.headers(role) if role else {"authorization": "Bearer no.thing"}
    with watching(client, headers) as watcher, pytest.raises(WebSocketDisconnect) as closed:
        watcher.next("hello")
    assert closed.value.code == code


def test_what_was_watched_refused_and_heard_is_written_down(
    client: TestClient, who: Credentials, rooms: dict[str, str]
) -> None:
    before = {k: len(entries(client, who, k)) for k in ("board.watched", "session.watched")}
    with watching(client, who.headers("auditor")) as watcher:
        watcher.say(op="watch", board=True)
        watcher.next("board")
        watcher.say(op="watch", session=rooms["real"])
        watcher.next("snapshot")
        watcher.say(op="status", sound="proven")
        watcher.say(op="unwatch", session=rooms["real"])
        watcher.say(op="nonsense")
        watcher.next("refused")
    for kind, count in before.items():
        began, ended = entries(client, who, kind)[count:]
        assert (began["data"]["state"], ended["data"]["state"]) == ("began", "ended")
        assert ended["data"]["for_s"] >= 0
        assert began["actor"] == who.actor("auditor")
        assert began["session_id"] == (rooms["real"] if kind == "session.watched" else None)
    sounds = entries(client, who, "screen.sound")[-3:]
    assert [one["data"]["sound"] for one in sounds] == ["live", "proven", "gone"]
    assert len({one["data"]["screen"] for one in sounds}) == 1
    with watching(client, who.headers(WALL)) as watcher:
        watcher.say(op="watch", session=rooms["real"])
        watcher.next("refused")
    refused = [one["data"] for one in entries(client, who, "refused")]
    operation = "WS /api/live WatchSession"
    assert {"operation": operation, "status": 403, "code": "not_allowed"} in refused


def test_lists_are_searched_with_the_words_in_the_body(
    client: TestClient, who: Credentials, rooms: dict[str, str]
) -> None:
    for noun, body in (("patients", {"q": "quillf"}), ("sessions", {"q": "P-secret"})):
        found = client.post(f"/api/{noun}/search", json={**body, "limit": 5})
        assert found.status_code == 200, found.text
        [item] = found.json()["items"]
        listed = client.get(f"/api/{noun}", params=body).json()
        assert found.json() == listed
        assert "P-secret" in str(item)
        last = entries(client, who, f"{noun}.searched")[-1]
        assert last["data"] == {"found": 1}
    asked = {"active": True, "patient": None, "from": "2020-01-01T00:00:00Z", "phase": "infusing"}
    assert client.post("/api/sessions/search", json=asked).status_code == 200
    wrong = client.post("/api/patients/search", json={"limit": 0})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_request")
    for role in ("viewer", "administrator", "device"):
        for noun in ("patients", "sessions"):
            answer = client.post(f"/api/{noun}/search", json={}, headers=who.headers(role))
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_refused_devices_are_written_down(
    client: TestClient, who: Credentials, rooms: dict[str, str]
) -> None:
    before = len(entries(client, who, "device.refused"))
    path = f"/api/sessions/{rooms['simulated']}/readings"
    body = {"values": {"hr": 80}, "device": "mon-x"}
    for _ in range(3):
        answer = client.post(path, json=body, headers=who.headers("device"))
        assert (answer.status_code, answer.json()["code"]) == (409, "simulated_mismatch")
    nurse = client.post(path, json=body, headers=who.headers("nurse"))
    assert nurse.json()["code"] == "simulated_mismatch"
    first, forged = entries(client, who, "device.refused")[before:]
    assert first["data"] == {"code": "simulated_mismatch", "device": "mon-x", "station": None}
    assert (first["credential"], first["session_id"]) == (
        f"token:{who.token_id('device')}",
        rooms["simulated"],
    )
    assert forged["actor"] == who.actor("nurse")


def test_a_simulators_clinic_is_the_simulated_one(
    client: TestClient, who: Credentials, rooms: dict[str, str]
) -> None:
    headers = who.headers("simulator")
    load = client.get("/api/alarm-load", headers=headers).json()
    assert load["simulated"] is True
    assert [one["session_id"] for one in load["sessions"]] == [rooms["simulated"]]
    other = client.get("/api/alarm-load", params={"session": rooms["real"]}, headers=headers)
    assert other.json()["code"] == "simulated_mismatch"
    listed = client.get("/api/sessions", headers=headers).json()["items"]
    assert [one["id"] for one in listed] == [rooms["simulated"]]
