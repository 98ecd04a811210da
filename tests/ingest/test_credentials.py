"""Streams by who sends: admitted, bound, refused by the reading, and closed when a token ends."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from app.access.secrets import new_token, secret_hash
from app.api.schemas.ingest import IngestAnswer
from app.clock import now_ms
from app.main import create_app
from app.models import credentials
from app.services.ids import new_id
from app.settings import Settings
from tests.api.clinic import BASE_URL, Clinic
from tests.support.as_clinic import AsClinic
from tests.support.people import Credentials, provision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import WebSocketTestSession

    from app.api.context import Context
    from app.models.item import Item

INGEST_URL = "ws://127.0.0.1:8400/api/ingest"
HOUR_MS = 3_600_000


@pytest.fixture(scope="module")
def who(tmp_path_factory: pytest.TempPathFactory) -> Credentials:
    return Credentials()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("streams")
    people = provision(None, folder)
    app = create_app(Settings(data_dir=folder, database_url=""))
    with TestClient(app, base_url=BASE_URL, raise_server_exceptions=False) as client:
        client.auth = AsClinic(people)
        yield client


def context(client: TestClient) -> Context:
    found: Context = client.app.state.context  # type: ignore[attr-defined]  # an App's
    return found


def done(client: TestClient, run: Any) -> Any:
    """What a submission answers, once other parts of the server have heard of it."""

    async def submit() -> Any:
        answer = await context(client).store.scribe.submit(run)
        await context(client).access.changed()
        return answer

    assert client.portal is not None
    return client.portal.call(submit)


def issue(
    client: TestClient, role: str = "device", *, station: str | None = None, **at: Any
) -> tuple[str, dict[str, str]]:
    """A new token's id, and headers with it."""
    id, (secret, prefix) = new_id(), new_token()
    session_id, expires_at = at.get("session_id"), at.get("expires_at")

    def run(item: Item) -> None:
        row = (
            id, prefix, secret_hash(secret), "Room monitor", role, station, session_id,
            now_ms(), "{}", expires_at, False,
        )  # fmt: skip
        item.cursor.execute(
            item.sql.text(
                "INSERT INTO token (id, prefix, secret_hash, name, role, station, session_id,"
                " created_at, created_by, expires_at, demo)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            ),
            row,
        )
        credentials.bump(item)

    done(client, run)
    return id, {"Authorization": f"Bearer {secret}"}


def revoke(client: TestClient, id: str) -> None:
    def run(item: Item) -> None:
        text = item.sql.text("UPDATE token SET revoked_at = ? WHERE id = ?")
        item.cursor.execute(text, (now_ms(), id))
        credentials.bump(item)

    done(client, run)


@contextmanager
def stream(client: TestClient, headers: dict[str, str]) -> Iterator[WebSocketTestSession]:
    with client.websocket_connect(INGEST_URL, headers=headers) as socket:
        yield socket


def told(socket: WebSocketTestSession, n: int, *readings: dict[str, Any]) -> list[Any]:
    """Code of each refusal, by place, once the message is acknowledged."""
    socket.send_json({"n": n, "readings": readings})
    text = socket.receive_text()
    IngestAnswer.model_validate_json(text)
    answer = orjson.loads(text)
    assert answer["ack"] == n
    return [(refusal["index"], refusal["code"]) for refusal in answer["refused"]]


def reading(**fields: Any) -> dict[str, Any]:
    return {"values": {"hr": 80}, "device": "mon-01", **fields}


def seq_of(client: TestClient, session_id: str) -> int:
    return int(client.get(f"/api/sessions/{session_id}").json()["seq"])


@pytest.mark.parametrize(
    ("role", "code"), [("viewer", 4403), ("administrator", 4403), ("auditor", 4403), (None, 4401)]
)
def test_who_may_not_send_is_sent_away(
    client: TestClient, who: Credentials, role: str | None, code: int
) -> None:
    headers = who.headers(role) if role else {"authorization": "Bearer no.thing"}
    with stream(client, headers) as socket, pytest.raises(WebSocketDisconnect) as closed:
        told(socket, 1, reading())
    assert closed.value.code == code


def test_each_reading_is_judged_by_the_credential(client: TestClient, who: Credentials) -> None:
    clinic = Clinic(client)
    real, simulated = clinic.session()["id"], clinic.session(simulated=True)["id"]
    sent = [
        reading(session_id=real),
        reading(session_id=simulated),
        reading(session_id=real, source="manual"),
        {"values": {"hr": 80}, "session_id": real},
    ]
    mismatch = "simulated_mismatch"
    for role, refused in (
        ("device", [(1, mismatch), (2, mismatch)]),
        ("nurse", [(0, mismatch), (1, mismatch)]),
        ("simulator", [(0, mismatch), (2, mismatch), (3, mismatch)]),
    ):
        with stream(client, who.headers(role)) as socket:
            assert told(socket, 1, *sent) == refused, role


@pytest.mark.parametrize("bound_to", ["station", "session_id"])
def test_a_bound_token_need_not_say_where(client: TestClient, bound_to: str) -> None:
    clinic = Clinic(client)
    here, there = clinic.session(), clinic.session()
    place = {"station": here["station"]} if bound_to == "station" else {"session_id": here["id"]}
    _, headers = issue(client, **place)
    with stream(client, headers) as socket:
        refused = told(
            socket,
            1,
            {"values": {"hr": 80}},
            reading(),
            reading(station=here["station"]),
            reading(session_id=there["id"]),
            reading(station=there["station"]),
        )
        assert refused == [(3, "not_bound"), (4, "not_bound")]
    assert (seq_of(client, here["id"]), seq_of(client, there["id"])) == (4, 1)
    events = client.get(f"/api/sessions/{here['id']}/events").json()["items"]
    assert events[1]["actor"]["name"] == "Room monitor"
    listed = client.post("/api/readings", json={"readings": [{"values": {"hr": 81}}]})
    assert listed.json()["items"][0]["status"] == 422  # a person's token is for no place
    listed = client.post(
        "/api/readings", json={"readings": [{"values": {"hr": 81}}]}, headers=headers
    )
    assert listed.json()["items"][0]["reading"]["session_id"] == here["id"]
    other = client.post(
        f"/api/sessions/{there['id']}/readings", json={"values": {"hr": 81}}, headers=headers
    )
    assert (other.status_code, other.json()["code"]) == (403, "not_bound")


def test_a_revoked_token_is_closed_and_writes_no_more(client: TestClient) -> None:
    session = Clinic(client).session()["id"]
    id, headers = issue(client)
    with stream(client, headers) as socket:
        assert told(socket, 1, reading(session_id=session)) == []
        revoke(client, id)
        with pytest.raises(WebSocketDisconnect) as closed:
            told(socket, 2, reading(session_id=session))
        assert closed.value.code == 4401
    assert seq_of(client, session) == 2
    refused = client.post("/api/readings", json={"readings": []}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")


def test_a_token_that_expires_is_closed_soon(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Clinic(client).session()["id"]
    _, headers = issue(client, expires_at=now_ms() + HOUR_MS)
    with stream(client, headers) as socket:
        assert told(socket, 1, reading(session_id=session)) == []
        monkeypatch.setattr("app.access.access.now_ms", lambda: now_ms() + HOUR_MS)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()  # nothing more was sent: it is looked for
    assert closed.value.code == 4401
