"""Switches that spoil numbers: what is no measurement is rejected and said to be missing, what is
unlikely is marked, and neither is ever dropped without a word.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.simulator.faults.bed import CUFF_S, EVERY_S, Bed, fault

if TYPE_CHECKING:
    from tests.simulator.faults.conftest import MakeBed


def rejected(bed: Bed) -> set[tuple[str, float, str]]:
    return {(r["vital"], r["value"], r["code"]) for one in bed.account() for r in one["rejected"]}


def test_probe_off_is_no_signal_at_once_and_a_technical_alarm_later(bed: MakeBed) -> None:
    room = bed(fault("probe_off", sign="spo2", from_min=1, to_min=4.5)).play(60)
    assert room.after_s(room.value("spo2")["no_signal_since"]) == 60
    assert room.value("spo2")["value"] == 98  # the last one known, never a 0
    room.play(89)
    assert room.raised() == []
    room.play(120)
    [alarm] = room.standing("signal_stale")
    assert (alarm["kind"], alarm["vital"], alarm["priority"]) == ("technical", "spo2", "medium")
    assert room.after_s(alarm["raised_at"]) == 90
    room.play(240)
    assert room.standing("signal_stale")[0]["priority"] == "high"
    room.play(270)
    assert (room.standing("signal_stale"), room.value("spo2")["no_signal_since"]) == ([], None)
    assert rejected(room) == {("spo2", 0, "no_signal")}
    assert [alarm["condition"] for alarm in room.raised()] == ["signal_stale"]


@pytest.mark.parametrize("shows", ["no_number", "left_out"])
def test_probe_off_without_a_number_is_stale_and_a_technical_alarm(
    bed: MakeBed, shows: str
) -> None:
    room = bed(fault("probe_off", sign="hr", shows=shows, from_min=1)).play(101)
    [alarm] = room.standing("signal_stale")
    assert (alarm["vital"], alarm["text"]) == ("hr", "HR: no signal")
    assert rejected(room) == set()
    assert room.after_s(room.value("hr")["taken_at"]) == 60 - EVERY_S


def test_probe_off_the_cannula_is_a_technical_alarm_beside_the_low_one(bed: MakeBed) -> None:
    """A 0 of end-tidal CO2 can be true: it is judged, and the cannula is asked about."""
    room = bed(fault("probe_off", sign="etco2", from_min=0.5)).play(90)
    assert {a["condition"] for a in room.raised()} == {"limit", "check_cannula"}
    assert all(not one["rejected"] for one in room.account())


def test_motion_is_marked_and_a_lone_jump_raises_nothing(bed: MakeBed) -> None:
    room = bed(fault("motion", from_min=0.1, to_min=0.1 + EVERY_S / 60, share=1)).play(60)
    hit = [one for one in room.account() if one["values"].get("hr", 74) != 74]
    assert [set(one["unconfirmed"]) for one in hit] == [{"hr", "spo2"}]
    assert hit[0]["flags"]["spo2"] == "low_critical"  # shown at once, whoever looks
    assert room.raised() == []


def test_motion_that_goes_on_is_marked_and_raises_one_alarm_a_group(bed: MakeBed) -> None:
    room = bed(fault("motion", from_min=0.5)).play(200)
    stream = [one for one in room.account() if "hr" in one["values"]]
    jumps = 0
    for before, one in pairwise(stream):
        jumped = abs(one["values"]["hr"] - before["values"]["hr"]) > 50
        assert set(one["unconfirmed"]) == ({"hr", "spo2"} if jumped else set())
        jumps += jumped
    assert jumps > 5
    raised = [(alarm["group"], alarm["side"]) for alarm in room.raised()]
    assert sorted(raised) == [("hr", "high"), ("spo2", "low")]


def test_motion_beyond_all_measure_is_rejected_and_never_judged(bed: MakeBed) -> None:
    room = bed(fault("motion", jumps="implausible", from_min=0.5)).play(120)
    assert {(vital, code) for vital, _, code in rejected(room)} == {
        ("hr", "implausible"),
        ("spo2", "implausible"),
    }
    assert {one["values"]["hr"] for one in room.readings() if "hr" in one["values"]} == {74}
    assert room.raised() == []


@pytest.mark.parametrize("shows", ["nothing", "zeros"])
def test_cuff_failure_makes_the_pressure_overdue(bed: MakeBed, shows: str) -> None:
    room = bed(fault("cuff_failure", shows=shows, from_min=1), every_s=30)
    room.play(60).charts(sedation=5)
    for minute in (5, 10, 15):
        room.play(60 * minute).charts(sedation=5)
    [alarm] = room.standing("vitals_overdue")
    assert (alarm["kind"], alarm["priority"], alarm["text"]) == (
        "technical",
        "medium",
        "Overdue: BP",
    )
    assert room.after_s(room.value("sbp")["taken_at"]) == 0  # the last one, with its age
    room.account()
    refused = [code for code in room.codes() if code not in {"created", "known"}]
    assert refused == (["no_usable_values"] * 3 if shows == "zeros" else [])


def test_wrong_unit_of_the_cuff_is_rejected_or_marked_and_alarms(bed: MakeBed) -> None:
    room = bed(fault("wrong_unit", sign="bp", from_min=1), every_s=30).play(CUFF_S)
    assert rejected(room) == {("sbp", 16.7, "implausible"), ("map", 12.3, "implausible")}
    cuff = room.readings()[-1]
    assert (cuff["values"], cuff["unconfirmed"]) == ({"dbp": 10.1}, ["dbp"])
    [alarm] = room.raised()  # the half that could be is judged: better one alarm than none
    assert (alarm["group"], alarm["side"], alarm["priority"]) == ("bp", "low", "high")


def test_wrong_unit_of_saturation_is_rejected_and_no_signal_is_told(bed: MakeBed) -> None:
    room = bed(fault("wrong_unit", sign="spo2", from_min=0.5)).play(90)
    assert rejected(room) == {("spo2", 0.98, "implausible")}
    [alarm] = room.raised()
    assert (alarm["condition"], alarm["vital"]) == ("signal_stale", "spo2")


def test_wrong_unit_of_carbon_dioxide_is_marked_and_the_cannula_asked_about(bed: MakeBed) -> None:
    room = bed(fault("wrong_unit", sign="etco2", from_min=0.5)).play(90)
    wrong = [one for one in room.account() if one["values"].get("etco2") == 4.9]
    assert len(wrong) == 13
    assert all(one["unconfirmed"] == ["etco2"] for one in wrong)
    assert {a["condition"] for a in room.raised()} == {"limit", "check_cannula"}


def test_wrong_unit_of_a_thermometer_refuses_what_the_nurse_typed(bed: MakeBed) -> None:
    room = bed(fault("wrong_unit", sign="temp", from_min=0.1)).play(10)
    room.charts(temp=36.7, sedation=5)
    assert room.codes()[-1] == "invalid_request"
    assert "temp" not in room.state()["values"]
    room.account()


@pytest.mark.parametrize(
    ("sign", "value", "code"),
    [
        ("hr", 0, "no_signal"),
        ("hr", -999, "sentinel"),
        ("spo2", 8388607, "sentinel"),
        ("rr", -999, "sentinel"),
        ("etco2", 8388607, "sentinel"),
    ],
)
def test_sentinel_is_rejected_and_never_judged(
    bed: MakeBed, sign: str, value: int, code: str
) -> None:
    room = bed(fault("sentinel", sign=sign, value=value, from_min=0.5)).play(65)
    assert rejected(room) == {(sign, value, code)}
    [alarm] = room.raised()
    assert (alarm["kind"], alarm["condition"], alarm["vital"]) == (
        "technical",
        "signal_stale",
        sign,
    )
    assert room.after_s(room.value(sign)["no_signal_since"]) == 30


@pytest.mark.parametrize("value", [0, -999, 8388607])
def test_sentinel_of_the_cuff_leaves_no_half_judged_pair(bed: MakeBed, value: int) -> None:
    room = bed(fault("sentinel", sign="sbp", value=value, from_min=1), every_s=30).play(CUFF_S)
    code = "implausible" if value == 0 else "sentinel"
    assert rejected(room) == {("sbp", value, code)}
    assert room.value("sbp")["value"] == 124
    assert room.raised() == []
