"""Switches of the device's clock, on the wall clock: its time never refuses or hides a value, what
can be corrected is, and the clinic is told.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.simulator.faults.bed import EVERY_S, Bed, fault

if TYPE_CHECKING:
    from tests.simulator.faults.conftest import MakeBed

NETWORK_S = 2.0  # below this an offset cannot be told from the way there
WRAP_S = 2**32 / 1_000


def clock_alarms(bed: Bed) -> list[str]:
    return [str(alarm["text"]) for alarm in bed.raised("device_clock")]


def ages(bed: Bed) -> list[float]:
    """By how much each reading is said to be taken before it came, in seconds."""
    return [bed.after_s(r["recorded_at"]) - bed.after_s(r["taken_at"]) for r in bed.account()]


@pytest.mark.parametrize(("seconds", "way"), [(-420, "slow"), (420, "fast")])
def test_clock_skew_is_corrected_and_told(wall_bed: MakeBed, seconds: int, way: str) -> None:
    room = wall_bed(fault("clock_skew", seconds=seconds, from_min=0.5, to_min=1)).play(55)
    assert clock_alarms(room) == [f"{room.device} clock 7 min {way}, corrected"]
    off = [one for one in room.account() if one["device_time"]]
    assert len(off) == 30 / EVERY_S
    for one in off:
        assert room.after_s(one["device_time"]) - room.after_s(one["taken_at"]) == seconds
    assert set(ages(room)) == {0}
    assert all(not one["late"] and not one["superseded"] for one in room.readings())
    room.play(70)  # set right again, and believed
    assert room.standing("device_clock") == []
    assert room.state()["devices"][room.device]["skew_s"] == 0
    assert [alarm["condition"] for alarm in room.raised()] == ["device_clock"]


def test_clock_skew_that_is_fast_and_not_told_is_of_now(wall_bed: MakeBed) -> None:
    faults = fault("clock_skew", seconds=420, tells=False, from_min=0.5, to_min=1.5)
    room = wall_bed(faults).play(85)
    assert clock_alarms(room) == [f"{room.device} clock 7 min fast, corrected"]
    assert set(ages(room)) == {0}
    assert all(not one["late"] for one in room.readings())
    # Set right and still not told, all looks 7 min old: after a minute of that it is believed.
    room.play(150 + EVERY_S)
    assert room.standing("device_clock") == []
    assert room.state()["devices"][room.device]["skew_s"] == 0
    assert not room.value("hr")["late"]
    room.account()


def test_clock_skew_that_is_slow_and_not_told_is_late_and_alarms(wall_bed: MakeBed) -> None:
    """It could as well be a value that was kept for 7 min: never shown as now, never lost."""
    room = wall_bed(fault("clock_skew", seconds=-420, tells=False, from_min=0.5)).play(65)
    late = [one for one in room.account() if one["late"]]
    assert len(late) == 8
    assert {alarm["condition"] for alarm in room.raised()} == {"no_signal"}
    assert room.after_s(room.value("hr")["taken_at"]) == 30 - EVERY_S


def test_clock_drift_is_corrected_all_the_way_and_told_beyond_a_minute(wall_bed: MakeBed) -> None:
    room = wall_bed(fault("clock_drift", s_per_min=-30, to_min=2.5)).play(115)
    assert clock_alarms(room) == []
    room.play(149)
    assert clock_alarms(room) == [f"{room.device} clock 1 min slow, corrected"]
    assert max(abs(age) for age in ages(room)) <= NETWORK_S
    assert all(not one["late"] and not one["superseded"] for one in room.readings())
    room.play(160)
    assert room.standing("device_clock") == []


@pytest.mark.parametrize("tells", [True, False])
@pytest.mark.parametrize(("counts", "days"), [("ms", 50), ("hundredths", 497)])
def test_clock_wrap32_is_taken_as_now_and_told_until_it_is_set_right(
    wall_bed: MakeBed, counts: str, days: int, tells: bool
) -> None:
    wrapped = fault("clock_wrap32", counts=counts, tells=tells, from_min=0.5, to_min=1)
    room = wall_bed(wrapped).play(55)
    assert clock_alarms(room) == [f"{room.device} clock {days} days slow, corrected"]
    off = [one for one in room.account() if one["device_time"]]
    assert len(off) == 30 / EVERY_S
    back_s = WRAP_S * (1 if counts == "ms" else 10)
    assert room.after_s(off[0]["device_time"]) == pytest.approx(30 - back_s, abs=1e-3)
    assert set(ages(room)) == {0}
    assert all(not one["late"] and not one["superseded"] for one in room.readings())
    room.play(70)
    assert room.standing("device_clock") == []
    assert room.state()["devices"][room.device]["skew_s"] == 0
    assert set(ages(room)) == {0}
    assert [alarm["condition"] for alarm in room.raised()] == ["device_clock"]


def test_clock_wrap32_hides_no_alarm(wall_bed: MakeBed) -> None:
    room = wall_bed(fault("clock_wrap32", tells=False, from_min=0.5)).play(29).play(50, spo2=84)
    [alarm] = room.raised("limit")
    assert (alarm["vital"], alarm["priority"]) == ("spo2", "high")
    assert 30 <= room.after_s(alarm["raised_at"]) <= 50
    room.account()


@pytest.mark.parametrize(
    "taken_at", ["1900-01-01T00:00:00Z", "1970-01-01T00:00:05Z", "2199-12-31T23:59:59Z"]
)
def test_a_clock_that_was_never_set_refuses_nothing_and_a_person_is_refused(
    wall_bed: MakeBed, taken_at: str
) -> None:
    room = wall_bed().play(0)
    client = room.ward.client
    sent = {"source": "device", "device": room.device, "taken_at": taken_at, "values": {"hr": 75}}
    kept = client.post(f"{room.url}/readings", json=sent)
    assert kept.status_code == 201, kept.text
    assert room.after_s(kept.json()["taken_at"]) == 0
    assert kept.json()["device_time"] == taken_at.replace("Z", ".000Z")
    assert [a["condition"] for a in kept.json()["alarms"]] == ["device_clock"]
    typed = {"source": "manual", "taken_at": taken_at, "values": {"hr": 75}}
    assert client.post(f"{room.url}/readings", json=typed).status_code == 422


@pytest.mark.parametrize("kind", ["clock_skew", "clock_drift"])
def test_clock_faults_with_an_outage_keep_the_order_of_what_was_measured(
    wall_bed: MakeBed, kind: str
) -> None:
    size = {"clock_skew": {"seconds": -420}, "clock_drift": {"s_per_min": 10}}[kind]
    room = wall_bed(fault("outage", from_min=0.5, to_min=1), fault(kind, **size)).play(70)
    taken = [room.after_s(one["taken_at"]) for one in room.account()]
    assert taken == pytest.approx([0, *range(0, 71, EVERY_S)], abs=6)
    assert all(later > earlier - 1 for earlier, later in pairwise(taken))
