"""Values of a monitor that a person takes over: they stay the monitor's."""

from __future__ import annotations

import pytest

from app.monitoring.errors import InvalidRequest, NotChartable
from app.monitoring.rebuild import restep
from tests.monitoring.ward import (
    ANNA,
    CALM,
    RESTED,
    Json,
    Ward,
    as_json,
    clock_time,
    kinds,
    reading_event,
    reading_of,
)


def seen(ward: Ward, seconds: float = 10, **values: float) -> int:
    """The seq of what the monitor has just sent."""
    seq: int = reading_event(ward.sends(seconds, {**CALM, **values}))["seq"]
    return seq


def test_charted_value_is_told_with_its_device_and_its_own_time() -> None:
    ward = Ward.infusing()
    seq = seen(ward, hr=81)
    said = reading_of(ward.types(14, sedation=5, charted={"hr": seq, "sbp": seq}))
    told = {"seq": seq, "device": "mon-03", "taken_at": clock_time(10)}
    assert said["charted"] == {"hr": {**told, "value": 81}, "sbp": {**told, "value": 124}}
    assert said["values"] == {"sedation": 5}


def test_it_is_no_new_value() -> None:
    ward = Ward.infusing()
    seq = seen(ward, sbp=190)
    before = ward.public["values"]
    said = ward.types(14, charted={"sbp": seq, "hr": seq})
    assert kinds(said) == []
    data = reading_of(said)
    assert (data["values"], data["flags"], data["unconfirmed"]) == ({}, {}, [])
    assert ward.public["values"] == before


def test_most_readings_say_nothing_of_it() -> None:
    ward = Ward.infusing()
    for said in (reading_of(ward.types(1, hr=80)), reading_of(ward.sends(2, hr=80))):
        assert not said.keys() & {"charted", "not_taken", "not_taken_note", "put_off"}


def test_it_does_not_meet_the_schedule_a_second_time() -> None:
    ward = Ward.infusing()
    ward.types(0, RESTED)
    seq = seen(ward, 10)
    ward.types(290, charted={"sbp": seq, "dbp": seq})
    ward.tick(10 + 600 + 300)
    (overdue,) = [a for a in ward.alarms if a["condition"] == "vitals_overdue"]
    assert "sbp" in overdue["missing"], "due from when the cuff measured, not from the charting"


def refused(ward: Ward, seconds: float, vital: str, seq: int, **more: float | None) -> None:
    with pytest.raises(NotChartable) as wrong:
        ward.types(seconds, charted={vital: seq}, taken=more.get("taken"))
    (error,) = wrong.value.errors
    assert (error.loc, error.code) == (("charted", vital), "not_chartable")


def test_stream_is_chartable_while_it_is_fresh() -> None:
    ward = Ward.infusing()
    seq = seen(ward, 10)
    ward.types(25, charted={"hr": seq})
    refused(ward, 26, "hr", seq)
    ward.types(60, taken=20, charted={"hr": seq})
    refused(ward, 61, "hr", seq, taken=5)


def test_clocks_may_differ_by_a_little() -> None:
    ward = Ward.infusing()
    seq = seen(ward, 10)
    ward.types(11, taken=8, charted={"hr": seq})
    refused(ward, 12, "hr", seq, taken=7.9)


def test_only_what_a_device_measured_can_be_charted() -> None:
    ward = Ward.infusing()
    seq = seen(ward, 10)
    typed = reading_event(ward.types(11, hr=80))["seq"]
    refused(ward, 12, "hr", typed)
    refused(ward, 12, "temp", seq)
    refused(ward, 12, "hr", 1)
    refused(ward, 12, "hr", 99_999)


def test_voided_value_cannot_be_charted_and_an_amended_one_is_as_amended() -> None:
    ward = Ward.infusing()
    one = reading_event(ward.sends(10, CALM))
    other = reading_event(ward.sends(11, CALM))
    ward.voids(12, one)
    ward.amends(13, other, {"hr": 66, "rr": None})
    refused(ward, 14, "hr", one["seq"])
    refused(ward, 14, "rr", other["seq"])
    said = reading_of(ward.types(14, charted={"hr": other["seq"]}))
    assert said["charted"]["hr"]["value"] == 66


def test_cuff_value_sent_again_is_no_measurement() -> None:
    ward = Ward.infusing()
    first, again = seen(ward, 10), seen(ward, 11)
    refused(ward, 12, "sbp", again)
    ward.types(12, charted={"sbp": first, "hr": again})


def test_vital_cannot_be_typed_and_charted() -> None:
    ward = Ward.infusing()
    seq = seen(ward, 10)
    with pytest.raises(InvalidRequest) as wrong:
        ward.types(11, hr=80, charted={"hr": seq})
    (error,) = wrong.value.errors
    assert (error.loc, error.code) == (("charted", "hr"), "given_twice")


def test_void_of_the_device_reading_leaves_the_chart_as_it_was_said() -> None:
    """What was charted names the reading that was voided: whoever shows it can tell."""
    ward = Ward.infusing()
    wrong = reading_event(ward.sends(10, {**CALM, "sbp": 190}))
    charting = reading_event(ward.types(11, sedation=5, charted={"sbp": wrong["seq"]}))
    said = ward.voids(20, wrong)
    assert [e["data"]["seq"] for e in said if e["kind"] == "reading.voided"] == [wrong["seq"]]
    assert ward.public["values"]["sedation"]["seq"] == charting["seq"]
    assert "sbp" not in ward.public["values"]
    state, _ = restep(ward.log)
    assert state == ward.state


def test_void_of_the_charting_leaves_the_device_its_value() -> None:
    ward = Ward.infusing()
    seq = seen(ward, 10)
    charting = reading_event(ward.types(11, sedation=5, charted={"hr": seq}))
    ward.voids(20, charting)
    assert ward.public["values"]["hr"]["seq"] == seq
    assert "sedation" not in ward.public["values"]


def test_amended_with_a_typed_value_it_is_no_longer_charted() -> None:
    ward = Ward.infusing()
    seq = seen(ward, 10)
    charting = reading_event(ward.types(11, charted={"hr": seq, "spo2": seq}))
    said = ward.amends(12, charting, {"hr": 90})
    (amended,) = [event for event in said if event["kind"] == "reading.amended"]
    reading: Json = amended["data"]["reading"]
    assert (reading["values"], set(reading["charted"])) == ({"hr": 90}, {"spo2"})
    assert ward.public["values"]["hr"]["value"] == 90


def test_stepping_the_log_again_says_the_same() -> None:
    ward = Ward.infusing()
    seq = seen(ward, 10)
    ward.types(11, sedation=5, charted={"hr": seq, "sbp": seq}, by=ANNA)
    state, events = restep(ward.log)
    assert state == ward.state
    assert as_json(events[-1], 0)["data"] == ward.log[-1]["data"]
