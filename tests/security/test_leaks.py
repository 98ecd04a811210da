"""Whatever is sent, by whichever way it fails: no log line and no error repeats it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from typing import TYPE_CHECKING, Any, Final

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.settings import DATABASE_FILE
from tests.security.edge import dial
from tests.support.people import ANYWHERE, PEOPLE, TOKENS, bearer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import StartServer
    from tests.support.server import Server

MARK: Final = "Quillfeather"
PATIENT: Final = {
    "code": f"{MARK}-77",
    "initials": "Q.Fq",
    "name": f"Tobias {MARK}",
    "birth_date": "1961-02-03",
    "indication": f"a note on {MARK}",
}
MARKS: Final = (MARK, "Q.Fq", "1961-02-03", "739215", "hush-hush")
SECRETS: Final = (
    *TOKENS.values(),
    *(ANYWHERE.cookie(role) for role in PEOPLE),
    *(ANYWHERE.password(role) for role in PEOPLE),
    *(f'"{ANYWHERE.pin(role)}"' for role in PEOPLE),
)
WRONG: Final[tuple[Any, ...]] = (
    {"name": MARK, "password": "hush-hush", "pin": "739215", "q": MARK, "reason": MARK},
    {**PATIENT, "id": MARK, "note": MARK, "values": {"hr": MARK}, "to": MARK, "grant": "hush-hush"},
    {"user_id": MARK, "pin": "739215", "method": "POST", "path": f"/{MARK}", "link": "hush-hush"},
    [MARK],
    MARK,
)


@pytest.fixture
def server(start_server: StartServer) -> Server:
    return start_server(env={"INFUSION_LOG_LEVEL": "debug"})


@pytest.fixture
def client(server: Server) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=server.url, timeout=30) as client:
        yield client


def clean(text: str) -> None:
    found = [mark for mark in (*MARKS, *SECRETS) if mark in text]
    assert found == []


def error_is_clean(answer: httpx2.Response) -> httpx2.Response:
    if answer.status_code >= 400:
        clean(answer.text)
        clean(str(answer.headers))
    return answer


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for path, methods in document["paths"].items():
        for method in methods:
            yield method.upper(), path


def test_every_operation_keeps_what_it_refuses_to_itself(
    server: Server, client: httpx2.Client
) -> None:
    document = client.get("/api/openapi.json").json()
    query = {"q": MARK, "who": MARK, "cursor": MARK, "from": MARK, "limit": MARK}
    told = {"user-agent": MARK, "referer": f"{server.url}/?q={MARK}", "infusion-grant": "hush-hush"}
    for method, path in operations(document):
        address = "/".join(MARK if part.startswith("{") else part for part in path.split("/"))
        for headers in ({}, bearer("clinician"), {"Authorization": f"Bearer {MARK}.hush-hush"}):
            for body in WRONG if method != "GET" else (None,):
                asked = {"params": query, "headers": headers | told, "json": body}
                error_is_clean(client.request(method, address, **asked))
        garbage = f'{{"name": "{MARK}", "birth_date": "1961-02-03'.encode()
        for content_type in ("application/json", "text/plain"):
            headers = bearer("clinician") | {"content-type": content_type}
            error_is_clean(client.request(method, address, content=garbage, headers=headers))
    for address in (f"/{MARK}?q={MARK}", f"/session/{MARK}?q={MARK}", f"/api/{MARK}"):
        error_is_clean(client.get(address))
    for host in (f"{MARK}.example", f"{server.port}"):
        error_is_clean(client.get("/api/board", headers={"host": host}))
    clean(server.log())


def test_what_is_stored_is_not_told_when_it_is_refused_later(
    server: Server, client: httpx2.Client
) -> None:
    client.headers = httpx2.Headers(bearer("clinician"))
    made = client.post("/api/patients", json=PATIENT)
    assert made.status_code == 201, made.text
    again = error_is_clean(client.post("/api/patients", json=PATIENT))
    assert again.status_code == 409
    dose = {"weight_kg": 70, "dose_mg_per_kg": 0.5, "planned_minutes": 40}
    session = {"patient_id": made.json()["id"], "station": "Room 1", "protocol": "ketamine_adult"}
    id = client.post("/api/sessions", json=session | dose).json()["id"]
    assert error_is_clean(client.post("/api/sessions", json=session | dose)).status_code == 409
    phase = {"to": "infusing", "reason": f"{MARK} asked"}
    error_is_clean(client.post(f"/api/sessions/{id}/phase", json=phase))
    clean(server.log())


async def test_sockets_are_told_no_more(server: Server) -> None:
    for path in ("/api/live", "/api/ingest"):
        url = f"ws://127.0.0.1:{server.port}{path}?token=hush-hush&q={MARK}"
        for headers in (bearer("nurse"), {"Cookie": f"infusion_sign_in=hush-hush{MARK}"}):
            try:
                async with connect(url, additional_headers=headers) as socket:
                    for said in (MARK, json.dumps({"kind": MARK}), json.dumps([PATIENT])):
                        await socket.send(said)
                    await socket.send(f"{MARK} é".encode("latin-1"), text=True)
                    async with asyncio.timeout(10):
                        async for answer in socket:
                            if '"refused"' in str(answer):
                                clean(str(answer))
            except (ConnectionClosed, InvalidStatus):
                continue
    broken = await dial(server.port, f"GET /{MARK} HTTP/9.9\r\nX: {MARK}\r\n\r\n".encode())
    clean((await broken.ended()).decode())
    broken.leave()
    clean(await asyncio.to_thread(server.log))


def test_a_database_that_fails_is_told_of_without_what_it_was_given(
    server: Server, client: httpx2.Client
) -> None:
    client.headers = httpx2.Headers(bearer("clinician"))
    with sqlite3.connect(server.data_dir / DATABASE_FILE, timeout=20) as db:
        db.execute("ALTER TABLE patient RENAME TO hidden")
    db.close()
    for body in (PATIENT, {**PATIENT, "code": f"{MARK}-78"}):
        assert error_is_clean(client.post("/api/patients", json=body)).status_code >= 500
    found = error_is_clean(client.get("/api/patients", params={"q": MARK}))
    assert found.status_code >= 400
    log = server.log()
    assert '"exc_type":' in log, "the failure was not logged"
    clean(log)
