"""A simulator reaches no real session and a device no simulated one, by every operation and socket
that there is: those of the table that the routes are held against, so that a new one is tried too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from starlette.testclient import TestClient

from app.access.roles import TABLE
from app.access.roles import Permission as P
from app.main import create_app
from app.settings import Settings
from tests.access.operations import OPERATIONS, SESSION, Operation
from tests.access.test_matrix import url_of
from tests.api.clinic import BASE_URL, BASELINE, NOBODY, Clinic
from tests.models.databases import Database
from tests.support.as_clinic import AS_SENT, AsClinic
from tests.support.people import Credentials, provision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from httpx2 import Response

ROOM: Final = "Room 1"
MONITOR: Final = "mon-01"
KINDS: Final = ("real", "simulated")
OF_ONE: Final = [operation for operation in OPERATIONS if SESSION in operation.path]
OF_ALL: Final = [operation for operation in OPERATIONS if SESSION not in operation.path]
LOOKS: Final = frozenset({"GET", "HEAD"})

NEVER_INTO_A_SESSION: Final = {
    "POST /api/patients": "a patient of its own",
    "POST /api/sessions": "a session of its own; see below",
    "POST /api/readings": "wherever it is told to; see below",
    "POST /api/patients/search": "reads",
    "POST /api/sessions/search": "reads",
    "POST /api/what-if": "reads",
}
"""What a simulator or a device may ask that names no session in its address, and changes."""


@pytest.fixture(scope="module", params=[False, True], ids=["clinic", "training"])
def ward(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, Credentials, Database]]:
    folder = tmp_path_factory.mktemp("apart")
    credentials = provision(None, folder)
    settings = Settings(data_dir=folder, database_url="", training=request.param)
    with TestClient(create_app(settings), base_url=BASE_URL) as client:
        client.auth = AsClinic(credentials)
        yield client, credentials, Database(url_of(folder), folder)


class Two:
    """A real session and a simulated one at one station, each with a monitor of one name."""

    def __init__(self, client: TestClient, credentials: Credentials, database: Database) -> None:
        self.client = client
        self.credentials = credentials
        self.database = database
        clinic = Clinic(client)
        self.ids: dict[str, str] = {}
        self.readings: dict[str, str] = {}
        for kind in KINDS:
            made = clinic.infusing(station=ROOM, simulated=kind == "simulated")
            id = self.ids[kind] = made["id"]
            client.put(f"/api/sessions/{id}/devices/{MONITOR}", json={})
            self.readings[kind] = clinic.read(id, values={"spo2": 84}).json()["id"]

    def told(self, kind: str) -> list[Any]:
        """All that the log of one of them says, but for what the server says as time passes."""
        return self.database.ask(
            "SELECT e.seq, e.kind, e.data FROM event e JOIN infusion_session s"
            " ON s.key = e.session_key WHERE s.id = ? AND e.actor NOT LIKE ?"
            " ORDER BY e.seq",
            [self.ids[kind], '%"kind":"system"%'],
        )

    def ask(self, role: str, operation: Operation, kind: str, body: Any = None) -> Response:
        path = operation.path.format(
            session_id=self.ids[kind],
            alarm_id=NOBODY,
            reading_id=self.readings[kind],
            annotation_id=NOBODY,
            device=MONITOR,
            vital="sbp",
        )
        return self.client.request(
            operation.method,
            f"{path}?{operation.query}" if operation.query else path,
            json=body or operation.body,
            headers=self.credentials.headers(role),
            auth=AS_SENT,
        )


@pytest.fixture(scope="module")
def two(ward: tuple[TestClient, Credentials, Database]) -> Two:
    return Two(*ward)


@pytest.mark.parametrize(("role", "other"), [("simulator", "real"), ("device", "simulated")])
def test_every_operation_of_a_session_refuses_who_is_of_the_other_kind(
    two: Two, role: str, other: str
) -> None:
    may = TABLE[role]  # type: ignore[index]  # these are roles
    before, wrong = two.told(other), []
    for operation in OF_ONE:
        answer = two.ask(role, operation, other)
        told = (answer.status_code, answer.json().get("code"))
        expected = (409, "simulated_mismatch") if operation.needs in may else (403, "not_allowed")
        if told != expected:
            wrong.append(f"{operation.name}: {told}")
    assert wrong == []
    assert two.told(other) == before


def test_what_else_a_program_may_change_is_known() -> None:
    may = TABLE["simulator"] | TABLE["device"]
    own = {P.OWN_ACCOUNT, P.OWN_SCREEN, P.LEAVE_SCREEN, P.PUBLIC}
    changes = {
        operation.name
        for operation in OF_ALL
        if operation.needs in may - own and operation.method not in LOOKS
    }
    assert changes == set(NEVER_INTO_A_SESSION), "a new one: say why, and try it here"


def readings(**place: Any) -> dict[str, Any]:
    return {"readings": [{"values": {"hr": 99}, "device": "mon-77", **place}]}


@pytest.mark.parametrize(("role", "other"), [("simulator", "real"), ("device", "simulated")])
def test_a_list_of_readings_and_a_stream_never_go_over(two: Two, role: str, other: str) -> None:
    before = two.told(other)
    [named, by_station, by_device] = [
        readings(session_id=two.ids[other]),
        readings(station=ROOM),
        {"readings": [{"values": {"hr": 99}, "device": MONITOR}]},
    ]
    headers = two.credentials.headers(role)
    for sent, code in ((named, "simulated_mismatch"), (by_station, None), (by_device, None)):
        answer = two.client.post("/api/readings", json=sent, headers=headers, auth=AS_SENT)
        [outcome] = answer.json()["items"]
        assert outcome.get("problem", {}).get("code") == code
        if code is None:
            assert outcome["reading"]["simulated"] is (role == "simulator")
    url = "ws://127.0.0.1:8400/api/ingest"
    with two.client.websocket_connect(url, headers=headers, auth=AS_SENT) as socket:
        for n, sent in enumerate((named, by_station, by_device)):
            socket.send_json({"n": n, **sent})
            refused = socket.receive_json()["refused"]
            assert [one["code"] for one in refused] == (["simulated_mismatch"] if n == 0 else [])
    assert two.told(other) == before


def test_a_reading_is_moved_over_by_nobody(two: Two) -> None:
    move = next(operation for operation in OF_ONE if operation.path.endswith("/move"))
    for role, from_, to, status in (
        ("simulator", "simulated", "real", 409),
        ("nurse", "simulated", "real", 422),
        ("nurse", "real", "simulated", 422),
    ):
        before = two.told(from_), two.told(to)
        body = {"session_id": two.ids[to], "reason": "A matrix"}
        answer = two.ask(role, move, from_, body)
        assert (answer.status_code, "simulated_mismatch" in answer.text) == (status, True)
        assert (two.told(from_), two.told(to)) == before


def test_a_simulator_begins_nothing_real(two: Two) -> None:
    headers = two.credentials.headers("simulator")
    theirs = two.client.post(
        "/api/patients",
        json={"code": "P-sim", "initials": "S.P.", "simulated": False},
        headers=headers,
        auth=AS_SENT,
    ).json()
    assert theirs["simulated"] is True
    body = {
        "patient_id": theirs["id"],
        "station": "Room 2",
        "protocol": "ketamine_adult",
        "dose_mg_per_kg": 0.5,
        "planned_minutes": 40,
    }
    for who in ("simulator", "nurse"):
        made = two.client.post(
            "/api/sessions", json=body, headers=two.credentials.headers(who), auth=AS_SENT
        )
        assert (made.status_code, made.json()["code"]) == (409, "simulated_mismatch")


@pytest.mark.parametrize(
    ("role", "kind", "code"), [("device", "simulated", 409), ("simulator", "real", 409)]
)
def test_a_token_is_bound_to_a_session_of_its_kind(
    two: Two, role: str, kind: str, code: int
) -> None:
    made = two.client.post(
        "/api/tokens",
        json={"name": "Bedside", "role": role, "session_id": two.ids[kind]},
        headers=two.credentials.headers("administrator"),
        auth=AS_SENT,
    )
    assert (made.status_code, made.json()["code"]) == (code, "simulated_mismatch")


@pytest.mark.parametrize("role", ["device", "simulator"])
def test_a_token_of_a_station_is_for_the_session_of_its_kind(two: Two, role: str) -> None:
    made = two.client.post(
        "/api/tokens",
        json={"name": "Bedside", "role": role, "station": ROOM},
        headers=two.credentials.headers("administrator"),
        auth=AS_SENT,
    ).json()
    headers = {"Authorization": f"Bearer {made['token']}"}
    answer = two.client.post(
        "/api/readings",
        json={"readings": [{"values": BASELINE, "source": "device", "device": "mon-78"}]},
        headers=headers,
        auth=AS_SENT,
    )
    [outcome] = answer.json()["items"]
    mine = two.ids["simulated" if role == "simulator" else "real"]
    assert outcome["reading"]["session_id"] == mine


def test_a_simulator_watches_nothing_real(two: Two) -> None:
    headers = two.credentials.headers("simulator")
    url = "ws://127.0.0.1:8400/api/live"
    with two.client.websocket_connect(url, headers=headers, auth=AS_SENT) as socket:
        for message in (
            {"op": "watch", "board": True},
            {"op": "watch", "board": True, "simulated": True},
            {"op": "watch", "session": two.ids["real"]},
            {"op": "shown", "session": two.ids["real"], "alarm": NOBODY, "rev": 1},
            {"op": "nonsense"},
        ):
            socket.send_json(message)
        told: list[dict[str, Any]] = []
        while not told or told[-1].get("code") != "invalid_request":
            told.append(socket.receive_json())
        while not any(frame.get("code") == "simulated_mismatch" for frame in told):
            told.append(socket.receive_json())
    assert not any(two.ids["real"] in str(frame) for frame in told if frame["kind"] != "refused")
