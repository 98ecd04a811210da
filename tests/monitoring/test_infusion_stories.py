"""Stories of one infusion: a patient who faints, who stops breathing, an infusion that nobody
started or ended, a line that is flapped about.
"""

from __future__ import annotations

import pytest

from tests.monitoring.ward import (
    CALM,
    RESTED,
    Json,
    Ward,
    alarms_raised,
    clock_time,
    kinds,
    reading_of,
    said_of,
)

MINUTE = 60


def limits(ward: Ward) -> set[tuple[str, str, str, str]]:
    """Group, side, priority and state of what stands beyond a limit."""
    return {
        (a["group"], a["side"], a["priority"], a["state"])
        for a in ward.alarms
        if a["condition"] == "limit"
    }


def test_patient_who_faints() -> None:
    """Heart rate and pressure fall; legs up, atropine; the nurse sees it and it passes."""
    ward = Ward.infusing(baseline=RESTED)
    said = ward.streams(range(1, 60), CALM)
    said += ward.streams(range(60, 80), hr=44, spo2=97, rr=16)
    assert limits(ward) == {("hr", "low", "medium", "active")}
    said += ward.types(80, sbp=82, dbp=48, sedation=3)
    assert limits(ward) == {
        ("hr", "low", "medium", "active"),
        ("bp", "low", "medium", "active"),
        ("sedation", "low", "medium", "active"),
    }
    said += ward.streams(range(81, 90), hr=39, spo2=96, rr=16)
    assert ("hr", "low", "high", "active") in limits(ward)
    said += ward.types(90, sbp=78, dbp=41, sedation=2)
    assert limits(ward) == {
        ("hr", "low", "high", "active"),
        ("bp", "low", "high", "active"),
        ("sedation", "low", "high", "active"),
    }
    assert len(alarms_raised(said)) == 3, "each group spoke with one alarm"
    for alarm in ward.alarms:
        ward.acknowledge(95, alarm, action="legs_up")
    ward.streams(range(96, 180), hr=64, spo2=97, rr=15)
    ward.types(180, sbp=104, dbp=62, sedation=5)
    assert ward.alarms == []


def test_patient_who_faints_and_is_better_before_anybody_looked() -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 70), hr=38, spo2=97, rr=16)
    ward.types(70, sbp=78, dbp=42)
    ward.streams(range(71, 120), hr=64, spo2=97, rr=15)
    ward.types(120, sbp=104, dbp=62)
    assert {state for *_, state in limits(ward)} == {"latched"}
    assert {group for group, *_ in limits(ward)} == {"hr", "bp"}


def test_patient_who_stops_breathing() -> None:
    ward = Ward.infusing()
    ward.streams(range(1, 60), hr=78, spo2=98, rr=14)
    said = ward.sends(60, hr=78, spo2=98, rr=0)
    assert (reading_of(said)["rejected"], reading_of(said)["values"]["rr"]) == ([], 0)
    assert reading_of(said)["flags"] == {"rr": "low_critical"}
    said = ward.streams(range(61, 80), hr=78, spo2=98, rr=0)
    assert said_of(said, "rr") == [("raised", clock_time(75))]
    assert ward.alarm["priority"] == "high"


@pytest.mark.parametrize("rest", [{"hr": 78}, {"spo2": 98}, {"hr": 78, "spo2": 0}])
def test_no_breath_without_a_pulse_and_saturation_is_no_signal(rest: dict[str, float]) -> None:
    ward = Ward.infusing()
    ward.sends(59, hr=78, spo2=98, rr=14)
    said = ward.sends(60, {**rest, "rr": 0})
    assert ("rr", "no_signal") in {(r["vital"], r["code"]) for r in reading_of(said)["rejected"]}
    assert ward.public["values"]["rr"]["no_signal_since"] == clock_time(60)


@pytest.mark.parametrize(("etco2", "asks"), [(21, False), (20, True), (12, True), (0, True)])
def test_breath_without_carbon_dioxide_asks_for_the_cannula(etco2: float, asks: bool) -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 140), hr=78, spo2=98, etco2=etco2)
    cannula = [a for a in ward.alarms if a["condition"] == "check_cannula"]
    assert bool(cannula) is asks
    for alarm in cannula:
        assert (alarm["kind"], alarm["priority"]) == ("technical", "low")
        assert "check cannula" in alarm["text"]
    ward.streams(range(140, 170), hr=78, spo2=98, etco2=36)
    assert ward.alarms == []


# Flapping


@pytest.mark.parametrize("seen", [False, True])
@pytest.mark.parametrize(
    ("vital", "out", "back"),
    [
        ("spo2", 91, 95),
        ("spo2", 84, 95),
        ("hr", 112, 100),
        ("hr", 142, 100),
        ("rr", 9, 14),
        ("rr", 6, 14),
    ],
)
def test_ten_minutes_of_flapping_are_one_alarm(
    vital: str, out: float, back: float, seen: bool
) -> None:
    ward = Ward.infusing()
    said: list[Json] = []
    rest = {"hr": 78, "spo2": 98, "rr": 15}
    for start in range(60, 660, 45):
        said += ward.streams(range(start, start + 37), {**rest, vital: out})
        if seen and limits(ward) and ward.alarm["state"] == "active":
            ward.acknowledge(start + 36, ward.alarm)
        said += ward.streams(range(start + 37, start + 45), {**rest, vital: back})
    told = [e for e in said if e["kind"] in ("alarm.raised", "alarm.reopened")]
    assert [e["kind"] for e in told] == ["alarm.raised"]
    again = [e for e in said if e["kind"] == "alarm.changed"]
    assert len(again) <= 3, "unseen and critical it sounds every three minutes"
    assert again == [] or (not seen and ward.alarm["priority"] == "high")


def test_flapping_between_warning_and_critical_is_one_alarm_that_became_critical_once() -> None:
    ward = Ward.infusing()
    said: list[Json] = []
    for start in range(60, 240, 30):
        said += ward.streams(range(start, start + 16), hr=78, spo2=91)
        said += ward.streams(range(start + 16, start + 30), hr=78, spo2=87)
    assert len(alarms_raised(said)) == 1
    rises = [e["data"]["alarm"]["priority"] for e in said if e["kind"] == "alarm.changed"]
    assert rises.count("high") >= 1
    assert ward.alarm["priority"] == "high"


# Beginning and end


def test_infusion_that_nobody_said_was_started_is_asked_after() -> None:
    ward = Ward()
    for to in ("checked_in", "baseline", "ready"):
        ward.phase(to, 0, override_reason="told as a story")
    said: list[Json] = []
    for second in range(1, 700):
        said += ward.sends(second, hr=78, spo2=98, rr=15)
    assert alarms_raised(said) == [("infusion_started", "phase", 600)]
    assert (ward.alarm["kind"], ward.alarm["priority"]) == ("technical", "low")
    ward.phase("infusing", 700)
    assert ward.alarms == []


def test_ready_room_without_a_monitor_is_asked_nothing() -> None:
    ward = Ward()
    for to in ("checked_in", "baseline", "ready"):
        ward.phase(to, 0, override_reason="told as a story")
    ward.sends(1, hr=78, spo2=98)
    assert "infusion_started" not in {c for c, _, _ in alarms_raised(ward.tick(1200))}


def attended(ward: Ward, until: int, since: int = 0) -> list[Json]:
    """A calm infusion with all that the schedule asks for."""
    said: list[Json] = []
    for second in range(since, until, 300):
        said += ward.types(second, RESTED)
    return said


def test_planned_end_is_told_then_asked_for_then_asked_for_louder() -> None:
    ward = Ward.infusing()
    attended(ward, 40 * MINUTE)
    said = ward.tick(40 * MINUTE)
    assert [(e["kind"], e["at"]) for e in said] == [("planned_end.passed", clock_time(2400))]
    assert ward.public["planned_end_passed_at"] == clock_time(2400)
    said = attended(ward, 51 * MINUTE, 2400) + ward.tick(51 * MINUTE)
    told = [
        (e["kind"].removeprefix("alarm."), e["data"]["alarm"]["priority"], e["at"])
        for e in said
        if e["kind"].startswith("alarm.")
    ]
    assert told == [
        ("raised", "low", clock_time(45 * MINUTE)),
        ("changed", "medium", clock_time(50 * MINUTE)),
    ]
    assert (ward.alarm["condition"], ward.alarm["kind"]) == ("planned_end_passed", "technical")
    ward.phase("completed", 52 * MINUTE)
    assert ward.alarms == []


def test_pause_moves_the_planned_end() -> None:
    ward = Ward.infusing()
    attended(ward, 600)
    ward.phase("paused", 600)
    attended(ward, 1200, 600)
    ward.phase("infusing", 1200)
    attended(ward, 3000, 1200)
    assert ward.public["planned_end_passed_at"] is None
    said = ward.tick(3000)
    assert ("planned_end.passed", clock_time(3000)) in [(e["kind"], e["at"]) for e in said]


def test_infusion_completed_in_time_passes_no_planned_end() -> None:
    ward = Ward.infusing()
    attended(ward, 39 * MINUTE)
    ward.phase("completed", 39 * MINUTE)
    attended(ward, 60 * MINUTE, 39 * MINUTE)
    assert "planned_end.passed" not in kinds(ward.log)


def test_before_the_infusion_warnings_are_alarms_too() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.types(1, sbp=165, dbp=85)
    assert limits(ward) == {("bp", "high", "medium", "active")}
