"""The lines of "Ketamine adult": what each value is flagged as, and what alarm it makes and when.

The tables are written from the clinic's own sheet and not from the protocol's code.
"""

from __future__ import annotations

import pytest

from tests.monitoring.ward import RESTED, Ward, clock_time, reading_of, said_of

LOW2, LOW, HIGH, HIGH2 = "low_critical", "low", "high", "high_critical"

FLAGS: dict[str, dict[float, str | None]] = {
    "spo2": {
        84: LOW2,
        85: LOW2,
        86: LOW2,
        87: LOW2,
        88: LOW2,
        88.1: LOW,
        89: LOW,
        91: LOW,
        91.9: LOW,
        92: None,
        93: None,
        100: None,
    },
    "hr": {
        39: LOW2,
        40: LOW2,
        41: LOW,
        49: LOW,
        50: None,
        51: None,
        109: None,
        110: None,
        111: HIGH,
        139: HIGH,
        140: HIGH2,
        141: HIGH2,
    },
    "sbp": {
        79: LOW2,
        80: LOW2,
        81: LOW,
        89: LOW,
        90: None,
        91: None,
        159: None,
        160: None,
        161: HIGH,
        179: HIGH,
        180: HIGH2,
        181: HIGH2,
    },
    "dbp": {
        39: LOW2,
        40: LOW2,
        41: LOW,
        49: LOW,
        50: None,
        51: None,
        99: None,
        100: None,
        101: HIGH,
        109: HIGH,
        110: HIGH2,
        111: HIGH2,
    },
    "map": {54: LOW2, 55: LOW2, 56: LOW, 64: LOW, 65: None, 66: None, 120: None, 200: None},
    "rr": {6: LOW2, 7: LOW2, 8: LOW, 9: LOW, 10: None, 11: None, 29: None, 30: None, 31: HIGH},
    "etco2": {
        5: LOW,
        29: LOW,
        30: None,
        31: None,
        49: None,
        50: None,
        51: HIGH,
        59: HIGH,
        60: HIGH2,
        61: HIGH2,
    },
    "temp": {35.9: LOW, 36.0: None, 36.1: None, 37.9: None, 38.0: None, 38.1: HIGH, 42: HIGH},
    "o2_flow": {0: None, 25: None},
    "sedation": {0: LOW2, 1: LOW2, 2: LOW2, 3: LOW, 4: None, 5: None},
    "dissociation": {0: None, 2: None, 3: HIGH, 4: HIGH2},
    "pain": {0: None, 3: None, 4: HIGH, 10: HIGH},
}

STREAMED = [
    ("spo2", 91, "medium", 15),
    ("spo2", 89, "medium", 15),
    ("spo2", 88, "high", 10),
    ("spo2", 86, "high", 10),
    ("spo2", 85, "high", 5),
    ("hr", 40, "high", 5),
    ("hr", 49, "medium", 15),
    ("hr", 111, "medium", 15),
    ("hr", 140, "high", 5),
    ("rr", 7, "high", 15),
    ("rr", 9, "medium", 30),
    ("rr", 31, "medium", 30),
    ("etco2", 29, "low", 30),
    ("etco2", 51, "medium", 30),
    ("etco2", 60, "high", 15),
]

SINGLE = [
    ("sbp", 80, "high"),
    ("sbp", 89, "medium"),
    ("sbp", 161, "medium"),
    ("sbp", 180, "high"),
    ("dbp", 40, "high"),
    ("dbp", 49, "low"),
    ("dbp", 101, "medium"),
    ("dbp", 110, "high"),
    ("map", 55, "high"),
    ("map", 64, "medium"),
    ("temp", 35.9, "low"),
    ("temp", 38.1, "low"),
    ("sedation", 2, "high"),
    ("sedation", 3, "medium"),
    ("dissociation", 4, "medium"),
]

# vital, rested value, value, flag, what it rests on, priority of its alarm
RELATIVE = [
    ("spo2", 98, 94, None, None, None),  # a drop of 4, and still 94
    ("spo2", 98, 93, LOW, "relative", "low"),
    ("spo2", 96, 93, None, None, None),  # below 94, and a drop of 3 only
    ("spo2", 96, 92, LOW, "relative", "low"),
    ("spo2", 98, 91, LOW, None, "medium"),  # the plain line counts
    ("hr", 80, 104, HIGH, "relative", "low"),
    ("hr", 80, 103, None, None, None),
    ("hr", 70, 95, None, None, None),  # up by a third, and not above 100
    ("hr", 76, 100, None, None, None),
    ("hr", 76, 101, HIGH, "relative", "low"),
    ("hr", 80, 111, HIGH, None, "medium"),
    ("hr", 72, 50.4, None, None, None),  # down by 30 %, and not below 50
    ("hr", 72, 49, LOW, None, "medium"),
    ("sbp", 120, 144, None, None, None),
    ("sbp", 120, 145, HIGH, "relative", "low"),
    ("sbp", 120, 159, HIGH, "relative", "low"),
    ("sbp", 120, 160, HIGH, "relative", "medium"),
    ("sbp", 120, 161, HIGH, None, "medium"),
    ("sbp", 180, 200, HIGH2, None, "high"),
    ("sbp", 100, 139, HIGH, "relative", "low"),
    ("sbp", 100, 140, HIGH, "relative", "medium"),
    ("sbp", 140, 99, None, None, None),
    ("sbp", 140, 98, LOW, "relative", "medium"),
    ("dbp", 70, 94, None, None, None),
    ("dbp", 70, 95, HIGH, "relative", "medium"),
]


@pytest.mark.parametrize(
    ("vital", "value", "flag"),
    [(vital, value, flag) for vital, row in FLAGS.items() for value, flag in row.items()],
)
def test_value_is_flagged_by_the_tier_it_reached(
    vital: str, value: float, flag: str | None
) -> None:
    reading = reading_of(Ward.infusing().sends(60, {vital: value}))
    assert reading["flags"] == ({} if flag is None else {vital: flag})
    assert reading["basis"] == {}


@pytest.mark.parametrize(("vital", "value", "priority", "delay"), STREAMED)
def test_streamed_value_raises_its_alarm_after_the_delay_of_the_line(
    vital: str, value: float, priority: str, delay: int
) -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 60 + delay), {vital: value})
    assert ward.alarms == []
    raised = ward.sends(60 + delay, {vital: value})
    assert said_of(raised, vital) == [("raised", clock_time(60 + delay))]
    assert (ward.alarm["priority"], ward.alarm["since"]) == (priority, clock_time(60))


@pytest.mark.parametrize(("vital", "value", "priority"), SINGLE)
def test_single_value_raises_its_alarm_at_once(vital: str, value: float, priority: str) -> None:
    ward = Ward.infusing()
    ward.types(60, {vital: value})
    assert ward.alarm["priority"] == priority
    assert ward.alarm["raised_at"] == clock_time(60)
    assert ward.alarm["value"] == value


@pytest.mark.parametrize(("vital", "value"), [("dissociation", 3), ("pain", 4), ("pain", 10)])
def test_expected_effects_are_flagged_and_never_an_alarm(vital: str, value: float) -> None:
    ward = Ward.infusing()
    assert reading_of(ward.types(60, {vital: value}))["flags"] == {vital: HIGH}
    assert ward.alarms == []


@pytest.mark.parametrize(("vital", "rested", "value", "flag", "basis", "priority"), RELATIVE)
def test_value_is_held_against_the_patients_own_baseline(
    vital: str,
    rested: float,
    value: float,
    flag: str | None,
    basis: str | None,
    priority: str | None,
) -> None:
    ward = Ward.infusing(baseline={vital: rested})
    standing = {alarm["id"] for alarm in ward.alarms}
    reading = reading_of(ward.types(60, {vital: value}))
    assert reading["flags"] == ({} if flag is None else {vital: flag})
    assert reading["basis"] == ({} if basis is None else {vital: basis})
    if not standing:
        assert [alarm["priority"] for alarm in ward.alarms] == ([priority] if priority else [])


def test_no_line_is_relative_before_the_baseline_is_set() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 0)
    ward.types(0, sbp=110, dbp=70)
    assert reading_of(ward.types(60, sbp=155, dbp=84))["flags"] == {}


def test_limits_in_force_are_public_and_relative_ones_come_with_the_baseline() -> None:
    before = Ward.infusing()
    after = Ward.infusing(baseline=RESTED)
    assert {line["basis"] for lines in before.public["limits"].values() for line in lines} == {
        "absolute"
    }
    drawn = [line for line in after.public["limits"]["sbp"] if line["basis"] == "relative"]
    assert [(line["value"], line["priority"]) for line in drawn] == [
        (148.8, "low"),
        (154, "low"),
        (164, "medium"),
        (86.8, "medium"),
    ]
