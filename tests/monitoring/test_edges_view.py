"""What screens and scripts get, field by field as docs/protocol.md has it."""

from __future__ import annotations

from functools import cache

import pytest

from app.monitoring.view import board_row
from tests.monitoring.ward import ANNA, RESTED, SESSION_ID, Json, Ward, clock_time, reading_event

NURSE_SAID = {"kind": "person", "id": "local", "name": "Local user", "role": None}
CLINICIAN_SAID = {"kind": "person", "id": "dr-c", "name": "Dr. C", "role": "clinician"}
WHY = "told as a story"


@cache
def told() -> Ward:
    """A session in which every field has something to tell; the tests only look at it."""
    ward = Ward.infusing(baseline={**RESTED, "sbp": 170})
    ward.attaches(5, probe="left_arm", cuff="left_arm")
    ward.appoints(6, ANNA)
    ward.switches_off(7, "audio", "hr")
    ward.switches_off(8, "alarms", "temp")
    ward.stands_by(10, 5)
    ward.calls_help(11, "second nurse")
    ward.shows(12, ward.alarm_of("help", "help"))
    ward.streams(range(13, 16), spo2=97, hr=80)
    ward.sends(16, spo2=90, hr=80, weak=("spo2",), inflating=True)
    ward.acknowledge(17, ward.alarm_of("help", "help"), action="informed")
    ward.pauses_audio(18, 60)
    return ward


EXPECTED: Json = {
    "id": SESSION_ID,
    "patient": {
        "id": "01930000-0000-7000-8000-0000000000aa",
        "code": "SIM-0001",
        "initials": "S.P.",
        "birth_year": None,
    },
    "station": "Room 3",
    "protocol": "ketamine_adult",
    "protocol_version": 1,
    "simulated": False,
    "clock": "wall",
    "now": None,
    "weight_kg": 70,
    "dose_mg_per_kg": 0.5,
    "planned_minutes": 40,
    "starts_at": None,
    "created_at": clock_time(0),
    "active": True,
    "phase": "infusing",
    "phase_since": clock_time(0),
    "infused_s": 0,
    "infusing_since": clock_time(0),
    "closed_at": None,
    "baseline": {**RESTED, "sbp": 170, "map": 108.7},
    "schedule": {"hr": 600, "spo2": 600, "sbp": 600, "dbp": 600, "rr": 900, "sedation": 900},
    "schedule_since": clock_time(0),
    "limits_version": 1,
    "limits_to_review": [{"vital": "sbp", "flag": "high", "limit": 160, "baseline": 170}],
    "responsible": {"id": "anna", "name": "Anna"},
    "audio_pause": {
        "until": clock_time(78),
        "at": clock_time(18),
        "by": NURSE_SAID,
        "priority": "high",
    },
    "audio_off": {
        "hr": {"until": clock_time(1807), "at": clock_time(7), "by": CLINICIAN_SAID, "reason": WHY}
    },
    "alarm_off": {
        "temp": {
            "until": clock_time(1808),
            "at": clock_time(8),
            "by": CLINICIAN_SAID,
            "reason": WHY,
        }
    },
    "standby": {"until": clock_time(310), "at": clock_time(10), "by": NURSE_SAID, "reason": WHY},
    "help": {"at": clock_time(11), "by": NURSE_SAID, "note": "second nurse"},
    "planned_end_passed_at": None,
    "watch_resumed_at": None,
    "stop_prompts": {},
    "not_taken": {},
}


@pytest.mark.parametrize("field", EXPECTED)
def test_field_of_the_state_is_as_the_protocol_has_it(field: str) -> None:
    assert told().public[field] == EXPECTED[field]


def test_state_has_no_other_fields() -> None:
    others = {"seq", "phases", "values", "limits", "devices", "held", "alarms"}
    assert set(told().public) == {*EXPECTED, *others}
    assert told().public["seq"] == len(told().log)


def test_device_and_what_the_cuff_holds_are_as_the_protocol_has_it() -> None:
    ward = Ward.infusing()
    ward.attaches(5, probe="left_arm", cuff="left_arm")
    ward.sends(6, hr=80, spo2=97)
    (held,) = [
        event
        for event in ward.sends(7, hr=80, spo2=90, weak=("spo2",), inflating=True)
        if event["kind"] == "signal.held"
    ]
    assert held["data"] == {
        "device": "mon-03",
        "vitals": ["hr", "spo2"],
        "until": clock_time(52),
        "why": "cuff",
    }
    assert ward.public["held"] == {
        vital: {"until": clock_time(52), "why": "cuff"} for vital in ("hr", "spo2")
    }
    ward.sends(8, sent=-420, taken=-420, hr=81)
    device = ward.public["devices"]["mon-03"]
    assert device == {
        "skew_s": 428,
        "last_at": clock_time(8),
        "attached": True,
        "probe": "left_arm",
        "cuff": "left_arm",
    }


def test_phases_tell_when_each_began_and_why() -> None:
    ward = Ward()
    ward.phase("checked_in", 10, told_at=5)
    ward.phase("cancelled", 20, reason="fever")
    assert ward.public["phases"] == [
        {"phase": "scheduled", "at": clock_time(0), "reason": None},
        {"phase": "checked_in", "at": clock_time(5), "reason": None},
        {"phase": "cancelled", "at": clock_time(20), "reason": "fever"},
    ]
    assert (ward.public["active"], ward.public["closed_at"]) == (False, clock_time(20))


def test_value_is_told_with_all_that_is_known_of_it() -> None:
    ward = Ward.infusing(baseline=RESTED)
    seq = reading_event(ward.types(400, taken=10, sbp=150, dbp=80))["seq"]
    ward.sends(401, spo2=90, hr=200)
    ward.says_no_signal(402, spo2=0)
    values = ward.public["values"]
    assert values["sbp"] == {
        "value": 150,
        "taken_at": clock_time(10),
        "seq": seq,
        "source": "manual",
        "device": None,
        "interval_s": None,
        "fresh_s": 720,
        "flag": "high",
        "basis": "relative",
        "derived": False,
        "unconfirmed": False,
        "late": False,
        "no_signal_since": None,
    }
    assert (values["map"]["derived"], values["map"]["value"]) == (True, 103.3)
    assert (values["hr"]["unconfirmed"], values["hr"]["flag"]) == (True, "high_critical")
    assert values["spo2"]["no_signal_since"] == clock_time(402)
    assert (values["spo2"]["device"], values["spo2"]["interval_s"]) == ("mon-03", 1)
    assert (values["spo2"]["flag"], values["spo2"]["basis"]) == ("low", None)


def test_late_value_says_so() -> None:
    ward = Ward.infusing()
    ward.types(800, taken=10, hr=80)
    assert ward.public["values"]["hr"]["late"]


def test_vital_that_never_had_a_signal_is_told_without_a_value() -> None:
    ward = Ward.infusing()
    ward.says_no_signal(10, etco2=-999)
    assert ward.public["values"] == {
        "etco2": {
            "value": None,
            "taken_at": None,
            "seq": None,
            "source": "device",
            "device": "mon-03",
            "interval_s": None,
            "fresh_s": None,
            "flag": None,
            "basis": None,
            "derived": False,
            "unconfirmed": False,
            "late": False,
            "no_signal_since": clock_time(10),
        }
    }


def test_signal_that_is_back_is_no_longer_lost() -> None:
    ward = Ward.infusing()
    ward.says_no_signal(10, hr=0)
    ward.sends(11, hr=80)
    assert ward.public["values"]["hr"]["no_signal_since"] is None
    ward.says_no_signal(12, hr=0)
    ward.types(13, hr=82)
    assert ward.public["values"]["hr"]["no_signal_since"] is None


def test_limits_are_told_line_by_line() -> None:
    spo2 = told().public["limits"]["spo2"]
    assert spo2[0] == {
        "tier": "critical",
        "side": "low",
        "comparator": "<=",
        "value": 88,
        "priority": "high",
        "delay_s": 10,
        "basis": "absolute",
        "and_value": None,
    }
    assert (spo2[-1]["basis"], spo2[-1]["and_value"]) == ("relative", 94)


def test_alarm_is_told_with_all_that_is_known_of_it() -> None:
    alarm = told().alarm_of("help", "help")
    assert alarm == {
        "id": alarm["id"],
        "session_id": SESSION_ID,
        "kind": "physiological",
        "condition": "help",
        "group": "help",
        "vital": None,
        "side": None,
        "priority": "high",
        "state": "acknowledged",
        "rev": 1,
        "raised_at": clock_time(11),
        "since": clock_time(11),
        "value": None,
        "worst": None,
        "limit": None,
        "unit": None,
        "text": "HELP: second nurse",
        "missing": [],
        "acknowledgements": [
            {
                "by": NURSE_SAID,
                "at": clock_time(17),
                "rev": 1,
                "action": "informed",
                "note": None,
            }
        ],
        "cleared_at": None,
        "ended_by": None,
        "ended_reason": None,
        "devices": [],
        "sounded_at": clock_time(11),
        "shown_rev": 1,
        "escalation": None,
    }


def test_escalation_is_told_with_its_level() -> None:
    ward = Ward.infusing()
    ward.calls_help(10)
    ward.tick(20)
    assert ward.alarm["escalation"] == {
        "level": 1,
        "to": "others",
        "at": clock_time(20),
        "why": "not_sounded",
    }


def test_board_row_is_the_state_without_what_a_tile_does_not_show() -> None:
    row, state = board_row(told().state), told().public
    assert set(state) - set(row) == {
        *("baseline", "limits", "limits_to_review", "phases", "devices", "starts_at")
    }
    assert set(row) - set(state) == {"lines"}
    assert row["lines"]["spo2"] == [92, None]
    assert row["lines"]["sbp"] == [90, 160]


def test_board_shows_the_lines_as_they_were_moved() -> None:
    ward = Ward.infusing()
    ward.changes_limits(10, {"sbp": {"high": 170}})
    assert board_row(ward.state)["lines"]["sbp"] == [90, 170]


def test_limits_to_review_are_told_while_the_baseline_breaks_them() -> None:
    ward = Ward.infusing(baseline={**RESTED, "sbp": 185, "dbp": 45})
    assert ward.public["limits_to_review"] == [
        {"vital": "sbp", "flag": "high", "limit": 160, "baseline": 185},
        {"vital": "sbp", "flag": "high_critical", "limit": 180, "baseline": 185},
        {"vital": "dbp", "flag": "low", "limit": 50, "baseline": 45},
    ]
    ward.changes_limits(10, {"sbp": {"high": 190, "high_critical": 200}})
    assert ward.public["limits_to_review"] == [
        {"vital": "dbp", "flag": "low", "limit": 50, "baseline": 45}
    ]
    assert ward.public["baseline"]["sbp"] == 185
