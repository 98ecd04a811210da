"""The list of sessions: every condition in every order, held against the slow, obvious way."""

from __future__ import annotations

import base64
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from app.models.database import connect
from app.models.queries import Only
from app.models.session_list import SORTS, UNSIGNED_MS, SessionsAsked, sessions
from app.monitoring.errors import InvalidRequest
from app.monitoring.times import iso, parse_iso
from bench.many_sessions import EVERY_MS, add_sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

    from app.models.session_list import Order, Sort
    from app.models.store import Store
    from tests.models.databases import Database

NOW = 1_790_000_000_000
MANY = 130
PAGE = 37
Item = dict[str, Any]


@pytest.fixture
def clinic(database: Database, store: Store) -> Iterator[Connection]:
    """Sessions of fewer patients; one goes on, one was changed after it was signed."""
    engine = connect(database.url)
    with engine.begin() as db:
        add_sessions(db, MANY, patients=40, until=NOW)
    database.ask("UPDATE patient SET name = ? WHERE code = 'KP-000000'", ["100% Sure_Name"])
    newest = "(SELECT max(key) FROM infusion_session)"
    database.ask(
        "UPDATE infusion_session SET active = true, closed_at = NULL, signed_seq = NULL"
        f" WHERE key = {newest}"
    )
    database.ask(f"UPDATE infusion_session SET seq = seq + 3 WHERE key = {newest} - 60")
    database.ask(
        "INSERT INTO event (session_key, seq, kind, at, recorded_at, actor, data, hash) SELECT"
        " session_key, seq + 3, 'note', at, at, actor, '{}', hash FROM event WHERE session_key ="
        f" {newest} - 60 AND kind = 'record.signed'"
    )
    database.ask(f"UPDATE infusion_session SET signed_seq = NULL WHERE key >= {newest} - 3")
    database.ask(f"UPDATE infusion_session SET signed_seq = NULL WHERE key = {newest} - 100")
    with engine.connect() as db, db.begin():
        yield db
    engine.dispose()


def paged(db: Connection, asked: dict[str, Any], only: Only | None = None) -> list[Item]:
    """All that is found, page by page; the time goes on between two of them."""
    found: list[Item] = []
    cursor, now = None, NOW
    while True:
        question = SessionsAsked(**asked, limit=PAGE, cursor=cursor)
        page = sessions(db, question, now=now, only=only or Only())
        found += page["items"]
        cursor, now = page["next_cursor"], now + 60_000
        if cursor is None:
            return found


def due(item: Item) -> bool:
    if item["closed_at"] is None or item["phase"] == "cancelled":
        return False
    unsigned = not item["signed"] and parse_iso(item["closed_at"]) < NOW - UNSIGNED_MS
    return unsigned or item["changed_since_signed"] > 0


ORDERS: tuple[Order, ...] = ("desc",)  # of a condition; without one both are tried
BEGAN = NOW - MANY * EVERY_MS // 2
CONDITIONS: list[tuple[dict[str, Any], Callable[[Item], bool]]] = [
    ({}, lambda _: True),
    ({"simulated": False}, lambda item: not item["simulated"]),
    ({"active": True}, lambda item: item["active"]),
    ({"active": False}, lambda item: not item["active"]),
    ({"station": "Room 107"}, lambda item: item["station"] == "Room 107"),
    ({"protocol": "saline"}, lambda item: item["protocol"] == "saline"),
    ({"had_high": True}, lambda item: item["high_alarms"] > 0),
    ({"had_high": False}, lambda item: item["high_alarms"] == 0),
    ({"unsigned": True}, due),
    ({"unsigned": False}, lambda item: not due(item)),
    ({"since": BEGAN}, lambda item: parse_iso(item["created_at"]) >= BEGAN),
    ({"until": BEGAN}, lambda item: parse_iso(item["created_at"]) < BEGAN),
    ({"q": "ROOM 1"}, lambda item: "Room 1" in item["station"]),
    ({"q": "-0"}, lambda item: "-0" in item["patient"]["code"]),
    ({"q": ".s."}, lambda item: item["patient"]["initials"].endswith(".S.")),
    (
        {"protocol": "saline", "simulated": False, "active": False},
        lambda item: item["protocol"] == "saline" and not item["simulated"] and not item["active"],
    ),
]
VALUES: dict[Sort, Callable[[Item], Any]] = {
    "began": lambda item: item["created_at"],
    "station": lambda item: item["station"],
    "patient": lambda item: item["patient"]["code"],
    "high_alarms": lambda item: item["high_alarms"],
    "duration": lambda item: (
        parse_iso(item["closed_at"] or iso(NOW)) - parse_iso(item["created_at"])
    ),
}


def test_every_condition_in_every_order_without_gaps_and_doubles(clinic: Connection) -> None:
    everything = paged(clinic, {})
    assert len(everything) == MANY
    for condition, fits in CONDITIONS:
        wanted = [item for item in everything if fits(item)]
        assert wanted, condition
        for sort, order in product(SORTS, ORDERS if condition else ("asc", "desc")):
            found = paged(clinic, {**condition, "sort": sort, "order": order})
            in_order = sorted(
                wanted,
                key=lambda item: (VALUES[sort](item), item["id"]),
                reverse=order == "desc",
            )
            names = [item["id"] for item in found]
            assert names == [item["id"] for item in in_order], (condition, sort, order)


def test_names_from_a_and_numbers_from_the_most(clinic: Connection) -> None:
    for sort, order in (("station", "asc"), ("patient", "asc"), ("high_alarms", "desc")):
        assert paged(clinic, {"sort": sort}) == paged(clinic, {"sort": sort, "order": order})


def test_what_a_row_tells(clinic: Connection) -> None:
    newest, *_ = items = paged(clinic, {})
    assert (newest["active"], newest["closed_at"], newest["signed"]) == (True, None, False)
    assert newest["duration_s"] is None
    changed = [item for item in items if item["changed_since_signed"]]
    assert [(item["signed"], item["changed_since_signed"]) for item in changed] == [(True, 3)]
    closed = items[-1]
    lasted = parse_iso(closed["closed_at"]) - parse_iso(closed["created_at"])
    assert closed["duration_s"] == lasted / 1_000


BY_HAND = {
    "the signature was taken out": "DELETE FROM event WHERE kind = 'record.signed' AND {of}",
    "it is something else": "UPDATE event SET kind = 'note' WHERE kind = 'record.signed' AND {of}",
    "it says nothing": "UPDATE event SET data = '[' WHERE kind = 'record.signed' AND {of}",
    "it covers something else": "UPDATE event SET data = replace(data, 'covers\":', 'covers\":1')"
    " WHERE kind = 'record.signed' AND {of}",
    "what it covers was taken out": "DELETE FROM event WHERE kind <> 'record.signed' AND {of}",
    "what it covers is another": "UPDATE event SET hash = actor WHERE kind <> 'record.signed'"
    " AND {of}",
    "the end is another": "UPDATE event SET hash = actor WHERE kind = 'record.signed' AND {of}",
    "the row was moved": "UPDATE infusion_session SET signed_seq = signed_seq - 1 WHERE {row}",
}


def test_a_signature_that_is_not_in_the_log_is_not_called_one(clinic: Connection) -> None:
    postgres = clinic.dialect.name == "postgresql"
    if postgres:
        clinic.execute(text("ALTER TABLE event DISABLE TRIGGER ALL"))
    else:
        clinic.execute(text("DROP TRIGGER event_no_update"))
        clinic.execute(text("DROP TRIGGER event_no_delete"))
    its = "= (SELECT max(key) - 10 FROM infusion_session)"
    before = sessions(clinic, SessionsAsked(), now=NOW)["items"]
    assert [item["id"] for item in before if item["broken"]] == []
    assert (before[10]["signed"], before[10]["broken"]) == (True, False)
    for what, by_hand in BY_HAND.items():
        done = by_hand.format(of=f"session_key {its}", row=f"key {its}")
        done = done.replace("= actor", "= convert_to(actor, 'UTF8')") if postgres else done
        with clinic.begin_nested() as then:
            assert clinic.exec_driver_sql(done).rowcount == 1, what
            after = sessions(clinic, SessionsAsked(), now=NOW)["items"]
            then.rollback()
        assert [item["id"] for item in after if item["broken"]] == [before[10]["id"]], what
        assert (after[10]["signed"], after[10]["changed_since_signed"]) == (False, 0), what


def test_no_cursor_tells_of_a_patient(clinic: Connection) -> None:
    for sort in SORTS:
        page = sessions(clinic, SessionsAsked(limit=5, sort=sort), now=NOW)
        said = base64.urlsafe_b64decode(page["next_cursor"]).decode()
        assert "KP-" not in said, sort


def test_a_cursor_of_a_row_that_one_may_not_see_is_none(clinic: Connection) -> None:
    cursor = sessions(clinic, SessionsAsked(limit=5, sort="patient"), now=NOW)["next_cursor"]
    asked = SessionsAsked(limit=5, sort="patient", cursor=cursor)
    with pytest.raises(InvalidRequest):
        sessions(clinic, asked, now=NOW, only=Only(station="Room 999"))


def test_words_are_taken_as_they_stand(clinic: Connection) -> None:
    found = paged(clinic, {"q": "100% sure_name"})
    assert {item["patient"]["code"] for item in found} == {"KP-000000"}
    for nobody in ("100%_", "%", "_", "/", "'; DROP TABLE patient"):
        codes = {item["patient"]["code"] for item in paged(clinic, {"q": nobody})}
        assert codes <= {"KP-000000"}, nobody
    assert paged(clinic, {"q": "zzzz"}) == []


def test_who_may_see_some_finds_those_only(clinic: Connection) -> None:
    simulated = paged(clinic, {"sort": "patient"}, Only(simulated=True))
    assert simulated
    assert all(item["simulated"] for item in simulated)
    room = paged(clinic, {"q": "room", "sort": "duration"}, Only(station="Room 103"))
    assert {item["station"] for item in room} == {"Room 103"}


@pytest.mark.parametrize(("sort", "order"), [("began", "asc"), ("duration", None)])
def test_a_cursor_is_for_the_order_that_gave_it(
    clinic: Connection, sort: Sort, order: Order | None
) -> None:
    cursor = sessions(clinic, SessionsAsked(limit=5), now=NOW)["next_cursor"]
    asked = SessionsAsked(limit=5, sort=sort, order=order, cursor=cursor)
    with pytest.raises(InvalidRequest):
        sessions(clinic, asked, now=NOW)


def test_a_driven_clock_tells_no_duration(clinic: Connection) -> None:
    clinic.execute(
        text(
            "UPDATE infusion_session SET clock = 'driven', simulated = true, closed_at = 1"
            " WHERE key = (SELECT max(key) FROM infusion_session)"
        )
    )
    newest = sessions(clinic, SessionsAsked(limit=1), now=NOW)["items"][0]
    assert (newest["clock"], newest["duration_s"], newest["closed_at"]) == ("driven", None, iso(1))
    shortest = sessions(clinic, SessionsAsked(limit=1, sort="duration", order="asc"), now=NOW)
    assert shortest["items"][0]["id"] == newest["id"]
