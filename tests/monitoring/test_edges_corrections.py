"""Readings that are taken back: exactly what they had given reason for ends, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.monitoring.rebuild import restep
from tests.monitoring.care import WHY
from tests.monitoring.ward import RESTED, TEN, Json, Ward, as_json, kinds, reading_event

if TYPE_CHECKING:
    from collections.abc import Iterable


def voided(events: Iterable[Json]) -> list[tuple[str, str, str, str | None]]:
    """Condition, group, by what and why each alarm that ends is ended."""
    return [
        (alarm["condition"], alarm["group"], alarm["ended_by"], alarm["ended_reason"])
        for event in events
        if event["kind"] == "alarm.cleared"
        for alarm in [event["data"]["alarm"]]
    ]


def correction(events: Iterable[Json]) -> Json:
    """What is said of the reading that was corrected."""
    corrected = ("reading.voided", "reading.amended")
    (data,) = [event["data"] for event in events if event["kind"] in corrected]
    told: Json = data
    return told


def stands(ward: Ward) -> set[tuple[str, str]]:
    return {(alarm["condition"], alarm["group"]) for alarm in ward.alarms}


def test_recheck_of_a_reading_that_never_was_ends_and_the_others_stand() -> None:
    ward = Ward.infusing()
    wrong = reading_event(ward.types(1500, taken=20, sbp=165, dbp=80))
    ward.types(1501, taken=30, rr=8)
    said = ward.voids(1510, wrong)
    assert voided(said) == [("recheck", "bp", "value_voided", WHY)]
    assert ("recheck", "rr") in stands(ward)


def test_excursion_that_was_never_missed_ends_and_the_others_stand() -> None:
    ward = Ward.infusing()
    wrong = reading_event(ward.sends(200, taken=100, spo2=84))
    ward.sends(200, taken=100, hr=150, device="mon-04")
    ward.sends(200, taken=120, spo2=97)
    ward.sends(200, taken=120, hr=80, device="mon-04")
    assert {("missed_offline", "spo2"), ("missed_offline", "hr")} <= stands(ward)
    said = ward.voids(210, wrong)
    assert voided(said) == [("missed_offline", "spo2", "value_voided", WHY)]
    assert ("missed_offline", "hr") in stands(ward)


def test_end_tidal_that_never_was_takes_the_cannula_with_it() -> None:
    ward = Ward.infusing()
    wrong = reading_event(ward.sends(10, etco2=15, interval_s=60))
    assert stands(ward) == {("limit", "etco2"), ("check_cannula", "etco2")}
    said = ward.voids(20, wrong)
    assert set(voided(said)) == {
        ("limit", "etco2", "value_voided", WHY),
        ("check_cannula", "etco2", "value_voided", WHY),
    }


def test_one_side_ends_and_the_other_stands() -> None:
    ward = Ward.infusing()
    ward.sends(10, sbp=190, dbp=100, device="cuff-1", interval_s=300)
    wrong = reading_event(ward.types(20, sbp=75, dbp=50))
    sides = {a["side"] for a in ward.alarms}
    assert sides == {"high", "low"}
    said = ward.voids(30, wrong)
    assert voided(said) == [("limit", "bp", "value_voided", WHY)]
    assert [a["side"] for a in ward.alarms] == ["high"]


def test_alarms_of_people_and_equipment_do_not_notice() -> None:
    ward = Ward.infusing()
    ward.calls_help(5)
    ward.sends(10, hr=80, taken=-500, sent=-500)
    wrong = reading_event(ward.types(20, temp=38.5))
    before = {a["id"]: a for a in ward.alarms if a["group"] != "temp"}
    ward.voids(25, wrong)
    assert {a["id"]: a for a in ward.alarms} == before


def test_baseline_of_which_nothing_is_left_is_empty() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 0)
    only = reading_event(ward.types(10, RESTED))
    ward.phase("ready", 20)
    assert len(ward.public["limits"]["sbp"]) == 8
    data = correction(ward.voids(30, only))
    assert (data["baseline"], data["to_review"]) == ({}, [])
    assert ward.public["baseline"] == {}
    assert len(ward.public["limits"]["sbp"]) == 4
    assert len(data["limits"]["sbp"]) == 4


def test_session_without_a_baseline_gets_none_by_a_correction() -> None:
    ward = Ward.infusing()
    wrong = reading_event(ward.types(10, temp=38.5))
    data = correction(ward.voids(30, wrong))
    assert (data["baseline"], data["limits"], data["to_review"]) == (None, None, None)
    assert ward.public["baseline"] is None


def test_reading_that_was_moved_names_where_to_and_the_log_says_so_again() -> None:
    ward = Ward.infusing()
    moved = reading_event(ward.types(10, temp=38.5))
    wrong = reading_event(ward.types(20, sbp=190))
    first = correction(ward.voids(30, moved, moved_to="session-2"))
    second = correction(ward.voids(40, wrong))
    assert (first["moved_to"], second["moved_to"]) == ("session-2", None)
    state, events = restep(ward.log)
    again = [as_json(event, TEN) for event in events]
    assert [event["data"] for event in again] == [event["data"] for event in ward.log]
    assert state == ward.state


def test_amended_reading_tells_what_it_was_and_what_it_is() -> None:
    ward = Ward.infusing()
    wrong = reading_event(ward.types(10, sbp=190, dbp=80))
    said = ward.amends(20, wrong, {"sbp": 150})
    assert "reading.amended" in kinds(said)
    data = correction(said)
    assert (data["id"], data["seq"], data["reason"]) == (wrong["data"]["id"], wrong["seq"], WHY)
    assert data["was"] == {"sbp": 190, "dbp": 80, "map": 116.7}
    assert data["reading"]["values"] == {"sbp": 150, "dbp": 80, "map": 103.3}
    assert set(data["values"]) == {"sbp", "map"}
    assert data["values"]["sbp"]["value"] == 150
    assert "moved_to" not in data


def test_only_what_changes_on_screens_is_told() -> None:
    ward = Ward.infusing()
    wrong = reading_event(ward.types(10, hr=80, temp=37))
    ward.types(20, hr=82)
    assert correction(ward.voids(30, wrong))["values"] == {"temp": None}


def test_alarm_of_a_device_with_a_bar_in_its_name_is_not_confused() -> None:
    ward = Ward.infusing()
    ward.streams(range(10, 22), spo2=84, device="ward 3|bed 2")
    wrong = reading_event(ward.types(25, temp=38.5))
    said = ward.voids(30, wrong)
    assert voided(said) == [("limit", "temp", "value_voided", WHY)]
    assert ward.alarm_of("spo2")["state"] == "active"


def lost(events: Iterable[Json]) -> list[list[str]]:
    return [event["data"]["vitals"] for event in events if event["kind"] == "signal.lost"]


def test_device_that_goes_on_saying_no_signal_is_heard_now_and_then() -> None:
    ward = Ward.infusing()
    assert lost(ward.says_no_signal(10, spo2=0)) == [["spo2"]]
    assert lost(ward.says_no_signal(19.999, spo2=0)) == []
    assert ward.public["devices"]["mon-03"]["last_at"].endswith("10:00:10.000Z")
    assert lost(ward.says_no_signal(20, spo2=0)) == [[]]
    assert ward.public["devices"]["mon-03"]["last_at"].endswith("10:00:20.000Z")
    assert lost(ward.says_no_signal(25, spo2=0, hr=0)) == [["hr"]]
    assert lost(ward.says_no_signal(34, spo2=0, hr=0)) == []
    assert lost(ward.says_no_signal(35, spo2=0, hr=0)) == [[]]
    assert "alarm.raised" not in kinds(ward.tick(36))
