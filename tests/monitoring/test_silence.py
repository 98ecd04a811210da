"""What falls silent: single signals, whole devices, everything; and the server itself."""

from __future__ import annotations

import pytest

from tests.monitoring.ward import CALM, RESTED, Json, Ward, alarms_raised, clock_time, said_of

SIGNALS = {"hr": 78, "spo2": 98, "rr": 15}
WATCHED_PHASES = ("infusing", "paused", "recovery")


def standing(ward: Ward) -> set[tuple[str, str, str]]:
    """Condition, group and priority of what stands."""
    return {(a["condition"], a["group"], a["priority"]) for a in ward.alarms}


def ended(events: list[Json]) -> set[tuple[str, str]]:
    return {
        (event["data"]["alarm"]["condition"], event["data"]["alarm"]["ended_by"])
        for event in events
        if event["kind"] == "alarm.cleared"
    }


def in_phase(phase: str) -> Ward:
    """A session in this phase since ten; a set was typed then, so that none is overdue soon."""
    if phase == "ready":
        ward = Ward()
        for to in ("checked_in", "baseline", "ready"):
            ward.phase(to, 0, override_reason="told as a story")
        return ward
    ward = Ward.infusing()
    ward.types(0, sbp=124, dbp=78, sedation=5)
    if phase == "recovery":
        ward.phase("completed", 0)
    if phase != "infusing":
        ward.phase(phase, 0)
    return ward


@pytest.mark.parametrize("phase", WATCHED_PHASES)
def test_patient_without_any_signal_is_a_high_alarm(phase: str) -> None:
    ward = in_phase(phase)
    ward.streams(range(1, 61), SIGNALS)  # fresh for 15 s after the last
    ward.tick(89.999)
    assert ward.alarms == []
    said = ward.tick(90)
    assert said_of(said, "required") == [("raised", clock_time(90))]
    alarm = ward.alarm
    assert (alarm["condition"], alarm["kind"], alarm["priority"]) == (
        "no_signal",
        "technical",
        "high",
    )
    assert (alarm["text"], alarm["since"]) == ("NO SIGNAL, CHECK PATIENT", clock_time(75))
    ward.tick(290)
    assert len([a for a in ward.alarms if a["kind"] == "technical"]) == 1
    said = ward.sends(291, SIGNALS)
    assert ward.alarms == [], "a technical alarm is not latched"


def test_all_signals_said_to_be_gone_are_gone_at_once() -> None:
    ward = in_phase("infusing")
    ward.streams(range(1, 61), SIGNALS)
    for second in range(61, 80):
        ward.says_no_signal(second, hr=0, spo2=0, rr=0)
    assert ward.alarm["raised_at"] == clock_time(76)
    assert ward.alarm["condition"] == "no_signal"


def test_before_the_infusion_a_silent_monitor_is_one_alarm_of_the_device() -> None:
    ward = in_phase("ready")
    ward.streams(range(1, 61), SIGNALS)
    said = ward.tick(300)
    assert alarms_raised(said) == [("device_lost", "mon-03", 105)]
    assert ward.alarm["kind"] == "technical"


def test_lost_device_replaces_the_alarms_of_its_signals() -> None:
    ward = in_phase("ready")
    ward.streams(range(1, 31), SIGNALS)
    ward.streams(range(31, 100), hr=78, rr=15)  # the saturation is silent since 45
    assert standing(ward) == {("signal_stale", "spo2", "low")}
    said = ward.tick(400)
    assert [c for c, _, _ in alarms_raised(said)] == ["device_lost"]
    assert ("signal_stale", "replaced") in ended(said)
    assert {a["condition"] for a in ward.alarms} == {"device_lost"}


def test_lost_device_beside_another_that_gives_all_that_is_required() -> None:
    ward = in_phase("infusing")
    for second in range(1, 200):
        ward.sends(second, hr=78, spo2=98)
        if second <= 60:
            ward.sends(second, device="mon-05", rr=15, etco2=37)
    assert {(a["condition"], a["group"]) for a in ward.alarms} == {("device_lost", "mon-05")}


def test_no_signal_replaces_signals_and_devices() -> None:
    ward = in_phase("infusing")
    ward.streams(range(1, 31), SIGNALS)
    ward.streams(range(31, 101), hr=78, rr=15)
    assert standing(ward) == {("signal_stale", "spo2", "low")}
    said = ward.tick(400)
    assert ("signal_stale", "replaced") in ended(said)
    assert alarms_raised(said)[-1] == ("no_signal", "required", 130)
    assert [a["condition"] for a in ward.alarms] == ["no_signal"]


def test_device_that_is_lost_when_the_infusion_begins_becomes_no_signal() -> None:
    ward = in_phase("ready")
    ward.streams(range(1, 31), SIGNALS)
    ward.tick(100)
    assert {a["condition"] for a in ward.alarms} == {"device_lost"}
    said = ward.phase("infusing", 120)
    said += ward.tick(121)
    assert {a["condition"] for a in ward.alarms} == {"no_signal"}
    assert ("device_lost", "replaced") in ended(said)


def test_signal_that_is_back_leaves_the_others_alarms() -> None:
    ward = in_phase("infusing")
    ward.streams(range(1, 31), SIGNALS)
    ward.tick(100)
    assert {a["condition"] for a in ward.alarms} == {"no_signal"}
    ward.streams(range(101, 160), hr=78, rr=15)
    assert {(a["condition"], a["group"]) for a in ward.alarms} == {("signal_stale", "spo2")}


def test_patients_alarm_outlives_every_silence() -> None:
    ward = in_phase("infusing")
    ward.streams(range(1, 31), spo2=84, hr=78)
    ward.acknowledge(31, ward.alarm)
    ward.tick(300)
    assert {a["condition"] for a in ward.alarms} == {"limit", "no_signal"}
    assert ward.alarm_of("spo2")["state"] == "acknowledged"


def test_probe_that_falls_off_is_called_louder_and_louder() -> None:
    ward = in_phase("infusing")
    ward.streams(range(1, 61), SIGNALS)
    ward.sends(61, {**SIGNALS, "spo2": 0})
    assert ward.public["values"]["spo2"]["no_signal_since"] == clock_time(61)
    told = []
    for second in range(62, 300):
        for event in ward.sends(second, {**SIGNALS, "spo2": 0}):
            if event["kind"] in ("alarm.raised", "alarm.changed"):
                told.append((event["data"]["alarm"]["priority"], event["at"]))
    wanted = [("low", 91), ("medium", 121), ("high", 241)]
    assert told == [(priority, clock_time(when)) for priority, when in wanted]
    ward.sends(300, SIGNALS)
    assert ward.alarms == []


def test_patient_without_a_monitor_has_no_signal_to_lose() -> None:
    ward = Ward.infusing()
    for second in range(0, 1800, 600):
        ward.types(second, RESTED)
    assert alarms_raised(ward.tick(1800)) == []


# The server itself


def eight_rooms() -> list[Ward]:
    """Eight rooms with monitors, the first with an unseen high, the second with a seen one, the
    third with a medium alarm; all silent since 600, for the server was away.
    """
    rooms = [in_phase("infusing") for _ in range(8)]
    for room in rooms:
        room.streams(range(560, 580), SIGNALS)
    for room in rooms[:2]:
        room.streams(range(580, 601), SIGNALS, spo2=84)
    rooms[1].acknowledge(600, rooms[1].alarm)
    rooms[2].types(600, sbp=165, dbp=85)
    for room in rooms[2:]:
        room.streams(range(580, 601), SIGNALS)
    return rooms


def test_server_that_comes_back_cries_about_nothing_it_caused_itself() -> None:
    for room in eight_rooms():
        said = room.watches_again(780, since=600)
        (resumed,) = [e for e in said if e["kind"] == "watch.resumed"]
        assert resumed["data"] == {"since": clock_time(600), "gap_s": 180}
        assert room.public["watch_resumed_at"] == clock_time(780)
        said += room.tick(809.999)
        assert [a for a in alarms_raised(said) if a[0] != "limit"] == []


def test_standing_alarms_of_patients_sound_once_after_a_restart() -> None:
    rooms = eight_rooms()
    revs = [room.alarm["rev"] if room.alarms else None for room in rooms]
    for number, room in enumerate(rooms):
        said = room.watches_again(780, since=600)
        again = [e["data"]["alarm"] for e in said if e["kind"].startswith("alarm.")]
        sounding = [a for a in again if a["sounded_at"] == clock_time(780)]
        assert len(sounding) == (1 if number in (0, 2) else 0), "what is acknowledged is quiet"
        for alarm in sounding:
            assert alarm["rev"] == (revs[number] or 0) + 1
            assert alarm["state"] == "active"


def test_silence_after_the_restart_is_an_alarm_after_its_grace() -> None:
    room = eight_rooms()[7]
    room.watches_again(780, since=600)
    room.tick(900)
    assert "no_signal" in {a["condition"] for a in room.alarms}


def test_monitors_that_come_back_in_time_are_not_mentioned() -> None:
    room = eight_rooms()[7]
    room.watches_again(780, since=600)
    said = room.streams(range(800, 900), CALM)
    assert alarms_raised(said) == []


def test_escalation_begins_anew_after_a_restart() -> None:
    room = eight_rooms()[0]
    room.watches_again(780, since=600)
    room.shows(781, room.alarm)
    told = room.alarm["escalation"]
    room.tick(839.999)
    assert room.alarm_of("spo2")["escalation"] == told
    room.tick(840)
    assert room.alarm_of("spo2")["escalation"]["at"] == clock_time(840)
    assert room.alarm_of("spo2")["escalation"]["why"] == "unacknowledged"
