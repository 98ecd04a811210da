"""The auditor searches and exports the access log; that is in it too."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

from app.access import export
from app.access.export import safe
from app.api.schemas.access_log import EntryList
from app.models.access_log import Entry
from app.monitoring.commands import Actor
from tests.api.clinic import NOBODY, conforms, refused

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    from tests.api.clinic import Clinic
    from tests.support.people import Credentials

LOG = "/api/access-log"
ODD = Actor("person", "odd", '=HYPERLINK("x")', role="nurse")


class Book:
    """The access log as the auditor sees it."""

    def __init__(self, app: FastAPI, client: TestClient, credentials: Credentials) -> None:
        self._log = app.state.context.access_log
        self._client = client
        self._auditor = credentials.headers("auditor")

    def write(self, entry: Entry) -> None:
        assert self._client.portal is not None
        self._client.portal.call(self._log.write, entry)

    def page(self, **query: Any) -> dict[str, Any]:
        """Once what was noted is on disk."""
        assert self._client.portal is not None
        self._client.portal.call(self._log.flush)
        query = {name.rstrip("_"): value for name, value in query.items()}
        answer = self._client.get(LOG, params=query, headers=self._auditor)
        return conforms(EntryList, answer)

    def entries(self, **query: Any) -> list[dict[str, Any]]:
        return list(self.page(limit=1_000, **query)["items"])

    def table(self, **query: Any) -> list[list[str]]:
        answer = self._client.get(f"{LOG}.csv", params=query, headers=self._auditor)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert "attachment" in answer.headers["content-disposition"]
        return list(csv.reader(io.StringIO(answer.text)))


@pytest.fixture
def book(app: FastAPI, client: TestClient, credentials: Credentials) -> Book:
    return Book(app, client, credentials)


@pytest.mark.parametrize("path", [LOG, f"{LOG}.csv"])
@pytest.mark.parametrize(
    "role", ["nurse", "clinician", "administrator", "viewer", "device", "simulator"]
)
def test_nobody_but_an_auditor_reads_it(
    client: TestClient, credentials: Credentials, path: str, role: str
) -> None:
    answer = client.get(path, headers=credentials.headers(role))
    assert refused(answer, 403, "not_allowed")["needs"] == "access_log.read"
    refused(client.get(path, auth=None), 401, "not_signed_in")


def test_who_saw_a_session_is_found(
    clinic: Clinic, client: TestClient, book: Book, credentials: Credentials
) -> None:
    session_id = clinic.session()["id"]
    nurse = credentials.headers("nurse")
    for spelling in (session_id, session_id.upper(), session_id):
        assert client.get(f"/api/sessions/{spelling}", headers=nurse).status_code == 200
    (entry,) = book.entries(
        session_id=session_id, kind="session.viewed", who=credentials.user_id("nurse")
    )
    assert entry["actor"] == credentials.actor("nurse")
    assert entry["credential"] == f"token:{credentials.token_id('nurse')}"
    assert book.entries(session_id=NOBODY) == []


def test_who_was_refused_is_found(client: TestClient, book: Book, credentials: Credentials) -> None:
    answer = client.get("/api/patients", headers=credentials.headers("viewer"))
    refused(answer, 403, "not_allowed")
    entry = book.entries(kind="refused", who=credentials.user_id("viewer"))[0]
    assert entry["data"] == {"code": "not_allowed", "operation": "GET /api/patients", "status": 403}


def test_the_words_of_a_search_are_not_kept(client: TestClient, book: Book, clinic: Clinic) -> None:
    clinic.patient(code="ZEBRA-7")
    answer = client.post("/api/patients/search", json={"q": "ZEBRA-7"})
    assert len(answer.json()["items"]) == 1
    entries = book.entries()
    assert "ZEBRA" not in str(entries)
    (searched,) = [e for e in entries if e["kind"] == "patients.searched"]
    assert searched["data"]["found"] == 1


def test_pages_go_back_in_time_to_the_first(book: Book) -> None:
    for number in range(25):
        book.write(Entry("pin.changed", ODD, data={"n": number}))
    seen: list[dict[str, Any]] = []
    cursor = None
    while True:
        more: dict[str, Any] = {} if cursor is None else {"cursor": cursor}
        page = book.page(who="odd", limit=10, **more)
        seen += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [entry["data"]["n"] for entry in seen] == list(reversed(range(25)))
    assert [entry["seq"] for entry in seen] == sorted((e["seq"] for e in seen), reverse=True)


def test_a_time_is_from_inclusive_to_exclusive(book: Book) -> None:
    for at in (1_000, 2_000, 3_000):
        book.write(Entry("pin.changed", Actor("person", "timely", "T"), at=at + 946_684_800_000))
    found = book.entries(who="timely", from_="2000-01-01T00:00:02Z", to="2000-01-01T01:00:03+01:00")
    assert [entry["at"] for entry in found] == ["2000-01-01T00:00:02.000Z"]


@pytest.mark.parametrize(
    "query", ["kind=unknown", "from=yesterday", "session_id=x", "limit=0", "cursor=x", "odd=1"]
)
def test_what_cannot_be_searched_for(
    client: TestClient, credentials: Credentials, query: str
) -> None:
    auditor = credentials.headers("auditor")
    refused(client.get(f"{LOG}?{query}", headers=auditor), 422, "invalid_request")


def test_looking_is_written_down(book: Book, credentials: Credentials) -> None:
    book.entries(who="somebody", from_="2026-01-01T00:00:00Z")
    book.table(kind="pin.changed", who="nobody-at-all")
    searched = book.entries(kind="log.searched", who=credentials.user_id("auditor"))
    asked = {"since": "2026-01-01T00:00:00.000Z", "who": "somebody"}
    assert {"asked": asked, "found": 0} in [entry["data"] for entry in searched]
    (exported, *_) = book.entries(kind="log.exported")
    assert exported["data"] == {"asked": {"kind": "pin.changed", "who": "nobody-at-all"}}


def test_the_table_has_every_entry_and_no_formula(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "ROWS", 4)
    told = Actor("person", "@table", '=HYPERLINK("x")', role="nurse")
    for number in range(11):
        book.write(Entry("pin.changed", told, data={"text": 'a,"b"\n=1+1', "n": number}))
    head, *rows = book.table(who="@table")
    assert head == list(export.COLUMNS)
    assert len(rows) == 11
    for row in rows:
        assert row[3:7] == ["'@table", '\'=HYPERLINK("x")', "person", "nurse"]
        assert not any(cell.startswith(export.FORMULA) for cell in row)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx"])
def test_a_cell_is_never_a_formula(text: str) -> None:
    assert safe(text) == f"'{text}"
    assert safe("2026") == "2026"
    assert safe(None) == ""
