"""The clinic over a period: its days, its alarms, and how high pressures went."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import insert

from app.api.schemas.clinic import ClinicOut
from app.models.database import connect
from app.models.tables import reading, session_state
from app.monitoring.errors import InvalidRequest
from app.monitoring.times import MINUTE_MS, iso, parse_iso
from app.review.alarm_load import HOUR_MS, Raised
from app.review.clinic import (
    COLUMNS,
    LONGEST_MS,
    MOST,
    Period,
    clinic,
    clinic_csv,
    clinic_json,
    clinic_table,
)
from app.review.clinic_figures import DAY_MS, buckets, distribution
from app.review.errors import TooMuch
from app.review.zones import zone_of
from tests.review.rows import alarm_row, put, session_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from app.models.store import Store
    from tests.models.databases import Database, OpenStore

MIDNIGHT = parse_iso("2026-11-22T23:00:00.000Z")  # in Vienna, in winter
MONDAY = MIDNIGHT
VIENNA = "Europe/Vienna"
NOW = MONDAY + 20 * DAY_MS
PERIOD = Period(MONDAY - DAY_MS, MONDAY + DAY_MS, zone=VIENNA)


def overdue(row: dict[str, Any], number: int, at: int, minutes: int, priority: str) -> Raised:
    return Raised(
        id=str(UUID(int=(row["key"] << 64) | number)), session_id=row["id"], kind="technical",
        condition="vitals_overdue", group="overdue", vital=None, side=None, priority=priority,
        text="Overdue: BP", raised_at=at, cleared_at=at + minutes * MINUTE_MS, seen_at=None,
    )  # fmt: skip


def told(answer: bytes) -> dict[str, Any]:
    sent: dict[str, Any] = orjson.loads(answer)
    ClinicOut.model_validate(sent)
    return sent


@pytest.fixture
def two_sessions(database: Database, store: Store) -> Iterator[Connection]:
    """One of an hour on Sunday evening, over midnight; one on Monday, of which nothing is known but
    that it was; one simulated.
    """
    late = session_row(MONDAY - HOUR_MS // 2, MONDAY + HOUR_MS // 2)
    next_day = session_row(MONDAY + 9 * HOUR_MS, MONDAY + 10 * HOUR_MS)
    simulated = session_row(MONDAY, MONDAY + HOUR_MS, simulated=True)
    alarms = [
        overdue(late, 1, MONDAY - MINUTE_MS, 3, "medium"),
        overdue(late, 2, MONDAY + MINUTE_MS, 2, "low"),
        overdue(simulated, 3, MONDAY, 9, "high"),
    ]
    keys = {row["id"]: row["key"] for row in (late, next_day, simulated)}
    put(database, (late, next_day, simulated), [alarm_row(keys[a.session_id], a) for a in alarms])
    phases = [
        {"phase": "checked_in", "at": late["created_at"]},
        {"phase": "infusing", "at": MONDAY - 20 * MINUTE_MS},
        {"phase": "paused", "at": MONDAY + 10 * MINUTE_MS},
        {"phase": "infusing", "at": MONDAY + 15 * MINUTE_MS},
    ]
    state = {"phases": phases, "baseline": {"sbp": 121.5, "hr": 70}}
    values = [{"sbp": 131, "dbp": 80}, {"hr": 80}, {"sbp": 148.5, "dbp": 90}, {"sbp": 250}]
    engine = connect(database.url)
    with engine.begin() as db:
        stored = [(late, orjson.dumps(state)), (next_day, b"damaged")]
        rows = [{"session_key": r["key"], "seq": 1, "version": 1, "data": d} for r, d in stored]
        db.execute(insert(session_state), rows)
        db.execute(insert(reading), [
            {
                "session_key": late["key"], "seq": n, "id": str(UUID(int=n)), "taken_at": MONDAY,
                "source": "manual", "values": some, "judged": {}, "digest": b"", "voided": n == 3,
            }
            for n, some in enumerate(values)
        ])  # fmt: skip
    with engine.connect() as db:
        yield db
    engine.dispose()


def test_two_days_of_a_clinic(two_sessions: Connection) -> None:
    said = told(clinic_json(two_sessions, PERIOD, NOW))
    assert (said["by"], said["simulated"], said["from"]) == ("day", False, iso(MONDAY - DAY_MS))
    total, (sunday, monday) = said["total"], said["buckets"]
    assert (sunday["to"], monday["from"]) == (iso(MIDNIGHT), iso(MIDNIGHT))
    assert [day["sessions"] for day in (total, sunday, monday)] == [2, 1, 1]
    assert [day["minutes"] for day in (total, sunday, monday)] == [120, 30, 90]
    assert [day["infused_minutes"] for day in (total, sunday, monday)] == [45, 20, 25]
    assert [day["overdue"] for day in (total, sunday, monday)] == [2, 1, 1]
    assert [day["overdue_minutes"] for day in (total, sunday, monday)] == [5, 3, 2]
    assert (total["medium_alarms"], total["low_alarms"], total["high_alarms"]) == (1, 1, 0)
    assert (total["alarms_per_hour"], said["alarm_load"]["alarms"]) == (1, 2)


def test_how_high_pressures_went_and_how_far_above_the_baseline(two_sessions: Connection) -> None:
    systolic, diastolic = told(clinic_json(two_sessions, PERIOD, NOW))["pressures"]
    assert systolic["peak"]["bins"] == [{"from": 140, "to": 150, "sessions": 1}]
    assert systolic["peak"]["highest"] == 148.5, "what was voided does not count"
    assert (systolic["rise"]["median"], systolic["rise"]["sessions"]) == (27, 1)
    assert (diastolic["peak"]["median"], diastolic["rise"]["sessions"]) == (90, 0)


def test_simulated_sessions_are_never_counted_with_real_ones(two_sessions: Connection) -> None:
    period = Period(PERIOD.since, PERIOD.until, simulated=True, by="week", zone=VIENNA)
    said = told(clinic_json(two_sessions, period, NOW))
    assert (said["simulated"], said["total"]["sessions"]) == (True, 1)
    assert [(week["from"], week["sessions"]) for week in said["buckets"]] == [
        (iso(MONDAY - DAY_MS), 0),
        (iso(MONDAY), 1),
    ]


def test_the_table_has_the_days_of_the_page(two_sessions: Connection) -> None:
    said = told(clinic_json(two_sessions, PERIOD, NOW))
    table = clinic_csv(two_sessions, PERIOD, NOW).decode()
    head, *rows = csv.reader(io.StringIO(table))
    assert tuple(head) == COLUMNS
    assert rows == [[str(day[name]) for name in COLUMNS] for day in said["buckets"]]


async def test_what_cannot_be_asked(sqlite: Database, open_store: OpenStore) -> None:
    store = open_store(sqlite)
    with pytest.raises(InvalidRequest):
        await clinic(store, Period(MONDAY, MONDAY))
    with pytest.raises(TooMuch):
        await clinic(store, Period(MONDAY - LONGEST_MS - 1, MONDAY))
    put(sqlite, [session_row(MONDAY, MONDAY + HOUR_MS, seq=MOST + 1)], [])
    with pytest.raises(TooMuch):
        await clinic(store, Period(MONDAY, MONDAY + DAY_MS))
    nothing = told(await clinic(store, Period(MONDAY - DAY_MS, MONDAY)))
    assert nothing["total"]["alarms_per_hour"] is None
    table = await clinic_table(store, Period(MONDAY - DAY_MS, MONDAY))
    assert table.count(b"\r\n") == 1 + len(nothing["buckets"])


def test_days_begin_at_the_clinics_midnight_and_weeks_on_monday() -> None:
    weeks = buckets(MONDAY - 3 * DAY_MS, MONDAY + 9 * DAY_MS, "week", zone_of(VIENNA))
    assert weeks == [
        (MONDAY - 3 * DAY_MS, MONDAY),
        (MONDAY, MONDAY + 7 * DAY_MS),
        (MONDAY + 7 * DAY_MS, MONDAY + 9 * DAY_MS),
    ]


@pytest.mark.parametrize(
    ("zone", "since", "until", "hours"),
    [
        (VIENNA, "2026-03-27T23:00", "2026-03-30T22:00", [24, 23, 24]),
        (VIENNA, "2026-10-23T22:00", "2026-10-26T23:00", [24, 25, 24]),
        (VIENNA, "2026-10-25T02:30", "2026-10-26T10:00", [20.5, 11]),
        ("Africa/Cairo", "2026-04-22T22:00", "2026-04-25T21:00", [24, 23, 24]),  # has no 00:00
        ("America/Havana", "2026-10-31T04:00", "2026-11-03T05:00", [24, 25, 24]),  # has two
        ("Pacific/Apia", "2011-12-29T10:00", "2011-12-31T10:00", [24, 24]),  # left the 30th out
    ],
)
def test_a_day_on_which_clocks_are_changed_has_23_or_25_hours(
    zone: str, since: str, until: str, hours: list[float]
) -> None:
    ends = [parse_iso(f"{moment}:00.000Z") for moment in (since, until)]
    days = buckets(ends[0], ends[1], "day", zone_of(zone))
    assert [(end - begin) / HOUR_MS for begin, end in days] == hours
    assert (days[0][0], days[-1][1]) == tuple(ends)


def test_the_week_of_a_change_of_clocks_ends_on_monday_too() -> None:
    since, until = (parse_iso(f"2026-{day}:00.000Z") for day in ("03-22T23:00", "04-05T22:00"))
    weeks = buckets(since, until, "week", zone_of(VIENNA))
    assert [(end - begin) / HOUR_MS for begin, end in weeks] == [7 * 24 - 1, 7 * 24]


def test_a_month_with_a_change_of_clocks_is_read_day_by_day(two_sessions: Connection) -> None:
    since, until = (parse_iso(f"2026-{day}:00.000Z") for day in ("09-30T22:00", "10-31T23:00"))
    said = told(clinic_json(two_sessions, Period(since, until, zone=VIENNA), NOW))
    assert (said["by"], len(said["buckets"])) == ("day", 31)


def test_a_zone_that_there_is_not_is_refused(two_sessions: Connection) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        clinic_json(two_sessions, Period(zone="Mars/Base"), NOW)
    assert refusal.value.errors[0].code == "unknown_zone"


def test_a_distribution_leaves_no_step_out() -> None:
    said = distribution([-3, 118, 120, 139.5])
    assert [(one["from"], one["sessions"]) for one in said["bins"] if one["sessions"]] == [
        (-10, 1), (110, 1), (120, 1), (130, 1)
    ]  # fmt: skip
    assert len(said["bins"]) == 15
    assert (said["median"], said["p90"], said["highest"]) == (118, 139.5, 139.5)
