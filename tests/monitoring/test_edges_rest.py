"""Where a baseline comes from, and what a server that comes back has to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.monitoring.commands import Actor, Resume
from app.monitoring.corrections import Correction
from app.monitoring.rebuild import Replay, restep
from tests.monitoring.ward import TEN, Json, Ward, as_json, at, clock_time, reading_event

if TYPE_CHECKING:
    from collections.abc import Iterable


def resting() -> Ward:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 0)
    return ward


def baseline(ward: Ward, seconds: float = 1000) -> dict[str, float]:
    ward.phase("ready", seconds, override_reason="told as a story")
    told: dict[str, float] = ward.public["baseline"]
    return told


@pytest.mark.parametrize(("second", "rate"), [(59.999, 80), (60, 90)])
def test_stream_gives_the_baseline_one_value_a_minute(second: float, rate: float) -> None:
    ward = resting()
    ward.sends(10, hr=80)
    ward.sends(40, hr=95)
    ward.sends(10 + second, hr=100)
    assert baseline(ward) == {"hr": rate}


def test_minute_counts_from_the_last_value_that_was_kept() -> None:
    ward = resting()
    for second, rate in ((10, 80), (70, 90), (129, 120), (130, 100)):
        ward.sends(second, hr=rate)
    assert baseline(ward) == {"hr": 95}


def test_typed_values_are_all_kept() -> None:
    ward = resting()
    for second, rate in ((10, 80), (12, 90), (14, 100)):
        ward.types(second, hr=rate)
    assert baseline(ward) == {"hr": 95}


def test_doubtful_and_late_values_of_a_device_are_no_rest() -> None:
    ward = resting()
    ward.sends(10, hr=200, spo2=97)
    ward.sends(400, taken=20, rr=14, spo2=70)
    ward.sends(500, hr=84, spo2=99)
    assert baseline(ward) == {"hr": 84, "spo2": 98}


def test_doubtful_value_that_a_person_typed_counts() -> None:
    ward = resting()
    ward.types(10, hr=200)
    assert baseline(ward) == {"hr": 200}


def test_pressures_sent_again_do_not_hide_the_other_values() -> None:
    ward = resting()
    ward.sends(10, sbp=120, dbp=80)
    ward.sends(20, sbp=120, dbp=80, hr=82)
    assert baseline(ward) == {"sbp": 120, "dbp": 80, "map": 93.3, "hr": 82}


def test_value_that_is_too_soon_does_not_hide_the_others() -> None:
    ward = resting()
    ward.sends(10, hr=80)
    ward.sends(20, hr=90, spo2=97)
    assert baseline(ward) == {"hr": 80, "spo2": 97}


def test_baseline_has_one_decimal() -> None:
    ward = resting()
    ward.types(10, temp=36.65)
    ward.types(20, temp=36.6)
    assert baseline(ward) == {"temp": 36.6}


def lost(events: Iterable[Json]) -> list[list[str]]:
    return [event["data"]["vitals"] for event in events if event["kind"] == "signal.lost"]


def test_signal_found_by_one_device_is_still_lost_by_the_other() -> None:
    ward = Ward.infusing()
    ward.says_no_signal(10, spo2=0)
    ward.says_no_signal(11, spo2=0, device="mon-04")
    ward.sends(12, spo2=97, device="mon-04")
    assert lost(ward.says_no_signal(13, spo2=0)) == []
    ward.sends(14, spo2=97)
    assert lost(ward.says_no_signal(15, spo2=0)) == [["spo2"]]


WATCH = Actor("system", "watch", "Watch")


def resumed(ward: Ward, seconds: float, since: float) -> list[Json]:
    ward.wall = at(seconds)
    events = ward.step(Resume(at(since)), WATCH)
    return [event for event in events if event["kind"] == "watch.resumed"]


def test_gap_is_told_once_with_its_length() -> None:
    ward = Ward.infusing()
    (told,) = resumed(ward, 100, 40)
    assert told["data"] == {"since": clock_time(40), "gap_s": 60}
    assert told["actor"]["id"] == "watch"
    assert ward.public["watch_resumed_at"] == clock_time(100)
    assert resumed(ward, 100, 40) == []
    (again,) = resumed(ward, 200, 200)
    assert again["data"]["gap_s"] == 0


def test_driven_session_has_no_gaps() -> None:
    ward = Ward(clock="driven", starts_at=0)
    assert resumed(ward, 100, 40) == []
    assert ward.public["watch_resumed_at"] is None


def test_time_that_a_voided_reading_told_has_passed_all_the_same() -> None:
    ward = Ward(clock="driven", starts_at=0)
    for phase in ("checked_in", "baseline", "ready", "infusing"):
        ward.phase(phase, override_reason="told as a story")
    ward.sends(0, taken=10, spo2=84)
    wrong = reading_event(ward.sends(0, taken=100, hr=200))
    replay = Replay({wrong["seq"]: Correction("voided")})
    for logged in ward.log:
        replay.feed(logged)
    assert replay.state.now == at(100)
    assert set(replay.state.newest) == {"spo2"}
    ward.voids(0, wrong)
    state, events = restep(ward.log)
    assert [as_json(event, TEN)["data"] for event in events] == [e["data"] for e in ward.log]
    assert state == ward.state


def test_voided_reading_of_the_wall_clock_leaves_nothing() -> None:
    ward = Ward.infusing()
    wrong = reading_event(ward.sends(10, hr=200))
    replay = Replay({wrong["seq"]: Correction("voided")})
    kinds = [event.kind for logged in ward.log for event in replay.feed(logged)]
    assert "signal.lost" not in kinds
    assert replay.state.newest == {}


def test_after_a_gap_every_active_alarm_of_the_patient_sounds_once() -> None:
    ward = Ward.infusing()
    ward.types(10, temp=38.5)
    ward.acknowledge(12, ward.alarm)
    ward.types(15, sbp=165)
    ward.sends(20, temp=37.1, taken=-500, sent=-500)
    before = {a["group"]: a["rev"] for a in ward.alarms}
    said = ward.watches_again(100, 40)
    sounded = [e["data"]["alarm"]["group"] for e in said if e["kind"] == "alarm.changed"]
    assert sounded == ["bp"]
    after = {a["group"]: a["rev"] for a in ward.alarms}
    assert after == {**before, "bp": before["bp"] + 1}
