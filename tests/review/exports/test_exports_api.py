"""Exports as they are asked for over HTTP."""

from __future__ import annotations

import io
import time
import zipfile
from typing import TYPE_CHECKING, Any

import orjson

from app.api.schemas.exports import ExportList, ExportOut
from tests.api.clinic import NOBODY, conforms, new_uuid, refused
from tests.review.exports.reading_back import page_of, pdf_text

if TYPE_CHECKING:
    from pathlib import Path

    import httpx2
    from starlette.testclient import TestClient

    from tests.api.clinic import Clinic
    from tests.support.people import Credentials

KINDS = {
    "report.pdf": "application/pdf",
    "report.html": "text/html; charset=utf-8",
    "readings.csv": "text/csv; charset=utf-8",
    "events.csv": "text/csv; charset=utf-8",
}
ALL = list(KINDS)
RANGE = {"from": "2020-01-01T00:00:00Z", "to": "2099-01-01T00:00:00Z"}
DONE_S = 60.0


def closed(clinic: Clinic, **fields: Any) -> str:
    """A session of one reading, in which nothing more happens by itself."""
    session = str(clinic.session(**fields)["id"])
    assert clinic.phase(session, "checked_in").status_code == 200
    assert clinic.read(session, values={"sbp": 191, "dbp": 99}).status_code == 201
    assert clinic.phase(session, "cancelled", reason="not today").status_code == 200
    return session


def export(client: TestClient, session_id: str, kind: str, query: str = "") -> httpx2.Response:
    response = client.get(f"/api/sessions/{session_id}/{kind}{query}")
    assert response.status_code == 200, response.text
    return response


def entries(client: TestClient, credentials: Credentials, kind: str) -> list[dict[str, Any]]:
    answer = client.get(
        f"/api/access-log?kind={kind}&limit=200", headers=credentials.headers("auditor")
    )
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def finished(client: TestClient, id: str) -> dict[str, Any]:
    """The export once nothing more is done to it."""
    until = time.monotonic() + DONE_S
    while True:
        told = conforms(ExportOut, client.get(f"/api/exports/{id}"))
        if told["state"] not in ("waiting", "running"):
            return told
        assert time.monotonic() < until, told


def test_each_export_is_a_file_without_a_patients_name(
    client: TestClient, clinic: Clinic, credentials: Credentials
) -> None:
    patient = clinic.patient(code="GRAY-77", initials="G.R.")
    session = closed(clinic, patient_id=patient["id"])
    record = client.get(f"/api/sessions/{session}/record").json()
    day = record["created_at"][:10]
    for kind, media in KINDS.items():
        answer = export(client, session, kind)
        assert answer.headers["content-type"] == media
        name = f"session-{day}-{session}-{kind}"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["cache-control"] == "no-store"
        assert b"191" in (pdf_text(answer.content).encode() if kind[-1] == "f" else answer.content)
    noted = entries(client, credentials, "session.exported")
    told = [entry["data"] for entry in noted if entry["session_id"] == session]
    assert [data["formats"] for data in told] == ALL[::-1]
    head = (record["seq"], record["hash"])
    assert {(data["seq"], data["hash"]) for data in told} == {head}


def test_a_report_says_its_times_in_the_zone_that_is_asked_for(
    client: TestClient, clinic: Clinic
) -> None:
    session = closed(clinic)
    page = page_of(export(client, session, "report.html", "?zone=Pacific/Kiritimati").content)
    assert any("Pacific/Kiritimati (UTC+14:00)" in text for text in page.text)
    for zone in ("../../etc/passwd", "Mars/Base", "Europe", "%0d%0aX: y", "UTC/../UTC"):
        answer = client.get(f"/api/sessions/{session}/report.pdf?zone={zone}")
        assert answer.status_code == 422, zone
    refused(client.get(f"/api/sessions/{NOBODY}/report.pdf"), 404, "unknown_session")


def test_the_same_log_is_the_same_pdf(client: TestClient, clinic: Clinic) -> None:
    session = closed(clinic)
    first = export(client, session, "report.pdf").content
    assert export(client, session, "report.pdf").content == first
    (reading,) = client.get(f"/api/sessions/{session}/record").json()["readings"]
    path = f"/api/sessions/{session}/readings/{reading['id']}/void"
    assert client.post(path, json={"reason": "another patient's"}).status_code == 200
    assert export(client, session, "report.pdf").content != first


def test_a_range_is_made_told_of_and_fetched(
    client: TestClient, clinic: Clinic, credentials: Credentials
) -> None:
    session = closed(clinic)
    body = {"id": new_uuid(), **RANGE, "formats": ["readings.csv", "report.html"]}
    asked = conforms(ExportOut, client.post("/api/exports", json=body), 202)
    assert asked["state"] == "waiting"
    assert conforms(ExportOut, client.post("/api/exports", json=body))["id"] == asked["id"]
    other = {**body, "formats": ["events.csv"]}
    refused(client.post("/api/exports", json=other), 409, "id_conflict")
    told = finished(client, asked["id"])
    assert (told["state"], told["done"]) == ("done", told["total"])
    listed = conforms(ExportList, client.get("/api/exports"))
    assert listed["items"][0] == told
    answer = client.get(f"/api/exports/{asked['id']}/file")
    assert answer.headers["content-type"] == "application/zip"
    name = "sessions-2020-01-01-to-2099-01-01.zip"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert len(answer.content) == told["size"]
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    names = [name for name in archive.namelist() if session in name]
    assert [name.rpartition("-")[2] for name in names] == ["readings.csv", "report.html"]
    assert archive.read(names[0]) == export(client, session, "readings.csv").content
    contents = archive.read("contents.csv").decode()
    assert contents.count("\r\n") == 2 * told["total"] + 1
    (fetched,) = entries(client, credentials, "sessions.exported")
    assert fetched["data"]["sessions"] == told["total"]


def test_nobody_is_told_of_anothers_export(
    client: TestClient, clinic: Clinic, credentials: Credentials
) -> None:
    clinic.session()
    body = {**RANGE, "formats": ["events.csv"]}
    mine = conforms(ExportOut, client.post("/api/exports", json=body), 202)["id"]
    nurse = credentials.headers("nurse")
    for method, rest in (("GET", ""), ("GET", "/file"), ("DELETE", "")):
        answer = client.request(method, f"/api/exports/{mine}{rest}", headers=nurse)
        refused(answer, 404, "unknown_export")
    assert client.get("/api/exports", headers=nurse).json()["items"] == []
    finished(client, mine)


def test_a_range_is_given_up(client: TestClient, clinic: Clinic, data_dir: Path) -> None:
    clinic.session()
    body = {**RANGE, "formats": ALL}
    ids = [client.post("/api/exports", json=body).json()["id"] for _ in range(3)]
    refused(client.post("/api/exports", json=body), 409, "too_many_exports")
    refused(client.get(f"/api/exports/{ids[2]}/file"), 409, "export_not_ready")
    for id in reversed(ids):
        told = conforms(ExportOut, client.delete(f"/api/exports/{id}"))
        assert told["state"] == "cancelled"
        assert not (data_dir / "exports" / f"{id}.zip").exists()
        refused(client.get(f"/api/exports/{id}/file"), 409, "export_not_ready")
    assert finished(client, ids[0])["state"] == "cancelled"


def test_a_range_that_makes_no_sense_is_refused(client: TestClient) -> None:
    def ask(**changes: Any) -> httpx2.Response:
        return client.post("/api/exports", json={**RANGE, "formats": ALL, **changes})

    refused(ask(to=RANGE["from"]), 422, "invalid_request")
    refused(ask(formats=[]), 422, "invalid_request")
    refused(ask(formats=["../log.key"]), 422, "invalid_request")
    refused(ask(zone="Mars/Base"), 422, "invalid_request")
    refused(ask(to="2020-01-02T00:00:00Z"), 422, "nothing_to_export")
    refused(client.get("/api/exports/..%2Flog.key/file"), 404, "not_found")
    refused(client.get(f"/api/exports/{NOBODY}"), 404, "unknown_export")


def test_an_export_lies_in_a_file_that_nobody_else_may_read(
    client: TestClient, clinic: Clinic, data_dir: Path
) -> None:
    clinic.session()
    body = {**RANGE, "formats": ["readings.csv"]}
    id = client.post("/api/exports", json=body).json()["id"]
    finished(client, id)
    folder = data_dir / "exports"
    assert folder.stat().st_mode & 0o777 == 0o700
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600, path
    assert orjson.loads((folder / f"{id}.json").read_bytes())["state"] == "done"
    assert client.delete(f"/api/exports/{id}").json()["state"] == "cancelled"
    assert not (folder / f"{id}.zip").exists()
