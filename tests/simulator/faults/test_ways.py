"""Switches of the way there: silence alarms, what comes late is told as late, and what comes twice
is one reading.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.simulator.faults.bed import EVERY_S, Bed, fault
from tests.simulator.faults.test_line import EVERY_KIND

if TYPE_CHECKING:
    from tests.simulator.faults.conftest import MakeBed


def test_silent_is_no_signal_check_patient_until_it_speaks(bed: MakeBed) -> None:
    room = bed(fault("silent", from_min=1, to_min=2)).play(110)
    [alarm] = room.standing("no_signal")
    assert (alarm["kind"], alarm["priority"], alarm["text"]) == (
        "technical",
        "high",
        "NO SIGNAL, CHECK PATIENT",
    )
    assert room.after_s(alarm["raised_at"]) == 60 - EVERY_S + 15 + 15  # fresh for 15, gone for 15
    room.play(125)
    assert room.standing("no_signal") == []
    assert len(room.account()) == 2 * 60 / EVERY_S - 60 / EVERY_S + 3  # two after it, and a cuff's


def test_outage_is_told_as_missed_and_never_as_now(bed: MakeBed) -> None:
    """It fell to 84 for a minute while nobody could see it, and was well again in the burst."""
    room = bed(fault("outage", from_min=1, to_min=4)).play(90)
    assert [alarm["condition"] for alarm in room.raised()] == ["no_signal"]
    room.play(150, spo2=84).play(239)
    assert room.after_s(room.value("spo2")["taken_at"]) == 55
    room.play(240)
    assert room.value("spo2")["value"] == 98
    assert (room.value("spo2")["late"], room.standing("no_signal")) == (False, [])
    came = room.account()
    late = [one for one in came if 60 <= room.after_s(one["taken_at"]) < 220]
    assert all(set(one["late"]) == {"hr", "spo2", "rr", "etco2"} for one in late)
    assert [one["taken_at"] for one in came] == sorted(one["taken_at"] for one in came)
    missed = [e["data"] for e in room.log() if e["kind"] == "excursion.missed"]
    assert [(m["vital"], m["flag"], m["worst"]) for m in missed] == [
        ("spo2", "low_critical", 84),
        ("spo2", "low", 84),
    ]
    assert [room.after_s(missed[0][k]) for k in ("since", "until")] == [95, 155]
    assert len(room.standing("missed_offline")) == 1
    assert room.raised("limit") == []


def test_outage_that_ends_badly_alarms_at_once(bed: MakeBed) -> None:
    room = bed(fault("outage", from_min=1, to_min=2)).play(100).play(125, spo2=84)
    [alarm] = room.raised("limit")
    assert (alarm["vital"], alarm["priority"]) == ("spo2", "high")
    room.account()


def test_dropped_connection_stores_each_reading_once(bed: MakeBed) -> None:
    room = bed(fault("dropped_connection")).play(100)
    assert set(room.codes()) == {"created", "known"}
    assert len(room.account()) == 22
    assert room.codes().count("known") > 5


def test_retry_storm_is_one_reading_each_and_nothing_alarms(bed: MakeBed) -> None:
    room = bed(fault("retry_storm", times=20)).play(20)
    assert room.codes().count("created") == len(room.account()) == 6
    assert room.codes().count("known") == 6 * 19
    assert room.raised() == []


def test_duplicated_messages_are_one_reading_each(bed: MakeBed) -> None:
    room = bed(fault("duplicated", after_s=12, share=0.6)).play(120).finish()
    assert len(room.account()) == 26
    assert room.codes().count("known") > 8


def test_reordered_messages_are_superseded_and_never_live(bed: MakeBed) -> None:
    room = bed(fault("reordered", most_s=12))
    newest = 0.0
    for second in range(0, 120, EVERY_S):
        room.play(second, hr=70 + second // EVERY_S)
        came = [r for r in room.readings() if "hr" in r["values"]]
        newest = max([newest, *(room.after_s(one["taken_at"]) for one in came)])
        if came:
            assert room.after_s(room.value("hr")["taken_at"]) == newest
            assert room.value("hr")["value"] == 70 + newest // EVERY_S
    room.finish()
    overtaken = [one for one in room.account() if one["superseded"]]
    assert len(overtaken) >= 3
    assert all(set(one["superseded"]) == {"hr", "spo2", "rr", "etco2"} for one in overtaken)


def test_moved_to_another_room_is_refused_until_it_is_attached_there(bed: MakeBed) -> None:
    """Nobody told the monitor, nor the clinic: nothing of the other patient goes anywhere."""
    other = bed()
    room = bed(fault("moved", from_min=1, to_room=1), beds=[other])
    attach(room, room.device)
    room.play(59)
    before = room.account()
    room.play(90)
    assert {code for code in room.codes() if code not in {"created", "known"}} == {
        "device_detached"
    }
    assert room.account() == before
    assert other.readings() == []
    [alarm] = room.raised()
    assert (alarm["condition"], alarm["priority"]) == ("no_signal", "high")
    attach(other, room.device)
    room.play(120)
    assert room.account() == before
    assert len(other.readings()) == 6


def test_moved_to_another_patient_never_comes_to_the_one_before(bed: MakeBed) -> None:
    """A nurse attaches it to the next patient: from then on it is refused by the old session."""
    other = bed()
    room = bed()
    attach(room, room.device)
    room.play(30)
    attach(other, room.device)
    before = room.readings()
    room.play(60)
    assert room.codes()[-6:] == ["device_detached"] * 6
    assert room.account() == before


def attach(room: Bed, device: str) -> None:
    response = room.ward.client.put(f"{room.url}/devices/{device}", json={})
    assert response.status_code == 200, response.text


@pytest.mark.parametrize("number", range(6))
def test_faults_together_never_crash_double_or_drop(bed: MakeBed, number: int) -> None:
    rng = Random(f"together:{number}")
    other = bed()
    kinds: list[dict[str, Any]] = [one for one in EVERY_KIND if "clock" not in one["kind"]]
    faults = []
    for fields in rng.sample(kinds, 4):
        start = rng.randrange(0, 4) / 4
        told = {**fields, "from_min": start, "to_min": start + rng.randrange(2, 6) / 4}
        if fields["kind"] == "moved":
            told["to_room"] = 1
        faults.append(fault(**told))
    room = bed(*faults, beds=[other]).play(135).finish()
    room.account()


def test_each_switch_has_a_test_of_the_servers_answer() -> None:
    from tests.simulator.faults import test_clocks, test_values

    here = {*globals(), *vars(test_values), *vars(test_clocks)}
    for fields in EVERY_KIND:
        assert any(name.startswith(f"test_{fields['kind']}_") for name in here), fields["kind"]
