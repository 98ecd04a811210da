"""Silence is an alarm, so is a wrong clock; what comes too late is not judged as now."""

from __future__ import annotations

import pytest

from tests.monitoring.ward import Json, Ward, clock_time, kinds, reading_of, said_of


def priorities(events: list[Json], group: str) -> list[tuple[str, str]]:
    """Each priority that an alarm of the group was given, and when."""
    return [
        (event["data"]["alarm"]["priority"], event["at"])
        for event in events
        if event["kind"] in ("alarm.raised", "alarm.changed", "alarm.reopened")
        if event["data"]["alarm"]["group"] == group
    ]


def pulse_alone(ward: Ward, until: int, *, since: int = 1) -> list[Json]:
    """The monitor goes on sending, but for the saturation."""
    return ward.streams(range(since, until), hr=78)


def test_lost_saturation_climbs_while_nobody_mends_it() -> None:
    ward = Ward.infusing()
    ward.sends(0, spo2=97)  # fresh for 15 s
    said = pulse_alone(ward, 251)
    assert priorities(said, "spo2") == [
        ("low", clock_time(45)),
        ("medium", clock_time(75)),
        ("high", clock_time(195)),
    ]
    alarm = ward.alarm
    assert (alarm["kind"], alarm["condition"], alarm["rev"]) == ("technical", "signal_stale", 3)
    assert (alarm["since"], alarm["text"]) == (clock_time(15), "SpO2: no signal")


def test_other_lost_signals_stop_at_medium_and_saturation_too_outside_the_infusion() -> None:
    ward = Ward.infusing()
    ward.sends(0, hr=80)
    said = ward.streams(range(1, 500), spo2=97)
    assert [p for p, _ in priorities(said, "hr")] == ["low", "medium"]
    ward = Ward.infusing()
    ward.phase("paused", 0)
    ward.sends(0, spo2=97)
    assert [p for p, _ in priorities(pulse_alone(ward, 500), "spo2")] == ["low", "medium"]
    ward.phase("infusing", 500)
    assert ward.alarm_of("spo2", "signal_stale")["priority"] == "high"


def test_slower_stream_is_given_three_of_its_intervals() -> None:
    ward = Ward.infusing()
    ward.sends(0, interval_s=10, spo2=97)
    assert ward.public["values"]["spo2"]["fresh_s"] == 30
    assert priorities(pulse_alone(ward, 61), "spo2") == [("low", clock_time(60))]


def test_undeclared_stream_is_fresh_for_fifteen_seconds_and_a_cuff_for_its_cycle() -> None:
    ward = Ward.infusing()
    ward.sends(0, interval_s=None, hr=80, sbp=120, dbp=80)
    fresh = {vital: told["fresh_s"] for vital, told in ward.public["values"].items()}
    assert fresh == {"hr": 15, "sbp": 390, "dbp": 390, "map": 390}
    ward.sends(1, interval_s=180, sbp=121, dbp=80)
    assert ward.public["values"]["sbp"]["fresh_s"] == 270


def test_signal_that_is_back_ends_the_alarm() -> None:
    ward = Ward.infusing()
    ward.sends(0, spo2=97)
    pulse_alone(ward, 51)
    said = ward.sends(51, spo2=96)
    assert said_of(said, "spo2") == [("cleared", clock_time(51))]


def test_high_technical_alarm_is_not_latched() -> None:
    ward = Ward.infusing()
    ward.sends(0, spo2=97)
    pulse_alone(ward, 200)
    assert ward.alarm["priority"] == "high"
    ward.sends(201, spo2=97)
    assert ward.alarms == []


def test_lost_signal_never_clears_a_patients_alarm() -> None:
    ward = Ward.infusing()
    ward.streams(range(0, 6), spo2=84)
    ward.acknowledge(6, ward.alarm)
    ward.sends(7, spo2=0, hr=70)
    pulse_alone(ward, 600, since=8)
    assert ward.alarm_of("spo2")["state"] == "acknowledged"
    assert ward.alarm_of("spo2", "signal_stale")["priority"] == "high"


def test_probe_that_says_it_is_off_is_no_signal_at_once() -> None:
    ward = Ward.infusing()
    ward.sends(0, spo2=97, hr=70)
    said = ward.sends(1, spo2=0, hr=70)
    assert reading_of(said)["rejected"] == [{"vital": "spo2", "value": 0, "code": "no_signal"}]
    told = ward.public["values"]["spo2"]
    assert (told["value"], told["taken_at"]) == (97, clock_time(0))
    assert told["no_signal_since"] == clock_time(1)
    ward.streams(range(2, 31), hr=70)
    assert ward.alarms == []
    said = ward.sends(31, spo2=0, hr=70)
    assert said_of(said, "spo2") == [("raised", clock_time(31))]
    ward.sends(32, spo2=96, hr=70)
    assert ward.public["values"]["spo2"]["no_signal_since"] is None
    assert ward.alarms == []


def test_probe_that_never_gave_a_value_is_shown_without_one() -> None:
    ward = Ward.infusing()
    ward.sends(0, spo2=-999, hr=70)
    assert ward.public["values"]["spo2"] == {
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
        "no_signal_since": clock_time(0),
    }
    ward.streams(range(1, 30), hr=70)
    assert said_of(ward.sends(30, hr=70), "spo2") == [("raised", clock_time(30))]


def test_implausible_value_is_not_a_lost_signal() -> None:
    ward = Ward.infusing()
    ward.sends(0, hr=70, temp=36.6)
    ward.sends(1, hr=400, temp=36.6)
    assert ward.public["values"]["hr"]["no_signal_since"] is None


def test_signal_of_a_second_device_keeps_the_vital_alive() -> None:
    ward = Ward.infusing()
    ward.sends(0, device="mon-01", spo2=97)
    ward.sends(1, device="mon-01", spo2=0, hr=70)
    ward.streams(range(2, 120), device="mon-02", spo2=97, hr=70)
    assert ward.alarms == []


def test_typed_values_are_no_signal_that_could_be_lost() -> None:
    ward = Ward.infusing()
    ward.types(0, spo2=97, hr=70)
    ward.tick(599)
    assert ward.alarms == []


def test_silence_of_a_monitor_is_no_alarm_before_the_patient_is_on_it() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.sends(1, spo2=97)
    assert ward.tick(500) == []
    ward.phase("baseline", 500)
    assert ward.alarm["priority"] == "medium"


def test_overdue_names_what_is_missing_and_comes_five_minutes_late_at_most() -> None:
    ward = Ward.infusing()
    ward.types(0, hr=80, spo2=97, sbp=120, dbp=80, rr=14, sedation=5)
    said = ward.tick(899.999)
    assert said == []
    said = ward.tick(900)  # due at 600, and 300 later
    assert said_of(said, "overdue") == [("raised", clock_time(900))]
    alarm = ward.alarm
    assert alarm["missing"] == ["hr", "spo2", "sbp", "dbp"]
    assert (alarm["text"], alarm["priority"]) == ("Overdue: HR, SpO2, BP", "medium")
    said = ward.tick(1300)
    assert said_of(said, "overdue") == [("changed", clock_time(1200))]
    assert ward.alarm["missing"] == ["hr", "spo2", "sbp", "dbp", "rr", "sedation"]
    assert ward.alarm["rev"] == 2


def test_set_that_is_not_complete_leaves_the_rest_overdue() -> None:
    ward = Ward.infusing()
    ward.types(0, hr=80, spo2=97, sbp=120, dbp=80, rr=14, sedation=5)
    ward.tick(900)
    ward.acknowledge(901, ward.alarm)
    said = ward.types(902, hr=80, spo2=97)
    assert kinds(said) == ["alarm.changed"]
    assert (ward.alarm["missing"], ward.alarm["rev"]) == (["sbp", "dbp"], 1)
    assert ward.alarm["state"] == "acknowledged"
    said = ward.types(903, sbp=120, dbp=80)
    assert kinds(said) == ["alarm.cleared"]


def test_vital_is_not_overdue_while_any_source_gives_it() -> None:
    ward = Ward.infusing()
    for second in range(0, 1800, 300):
        ward.sends(second, interval_s=300, sbp=120, dbp=80)
        ward.types(second, hr=80, spo2=97, rr=14, sedation=5)
    assert ward.alarms == []
    ward.tick(1500 + 900)
    assert "sbp" in ward.alarm["missing"]


def test_due_time_counts_from_when_a_value_was_taken_not_entered() -> None:
    ward = Ward.infusing()
    ward.types(400, taken=100, hr=80, spo2=97, sbp=120, dbp=80, rr=14, sedation=5)
    said = ward.tick(1100)
    assert said_of(said, "overdue") == [("raised", clock_time(1000))]


def test_recovery_is_watched_less_closely() -> None:
    ward = Ward.infusing()
    ward.phase("completed", 0)
    said = ward.tick(1300)
    assert said_of(said, "overdue") == [("raised", clock_time(1200))]
    assert ward.alarm["priority"] == "low"


@pytest.mark.parametrize(("off", "text"), [(-420, "slow"), (300, "fast")])
def test_devices_wrong_clock_is_corrected_and_told(off: int, text: str) -> None:
    ward = Ward.infusing()
    said = ward.sends(60, taken=60 + off, sent=60 + off, hr=80)
    reading = reading_of(said)
    assert reading["taken_at"] == clock_time(60)
    assert (reading["device_time"], reading["skew_s"]) == (clock_time(60 + off), -off)
    assert reading["late"] == []
    seen = ward.public["devices"]["mon-03"]
    assert (seen["skew_s"], seen["last_at"], seen["attached"]) == (-off, clock_time(60), None)
    alarm = ward.alarm
    assert (alarm["condition"], alarm["group"], alarm["priority"]) == (
        "device_clock",
        "mon-03",
        "low",
    )
    assert alarm["text"] == f"mon-03 clock {abs(off) // 60} min {text}, corrected"
    said = ward.sends(61, sent=61, hr=80)
    assert kinds(said) == ["alarm.cleared"]


def test_clock_within_a_minute_is_corrected_without_a_word() -> None:
    ward = Ward.infusing()
    assert kinds(ward.sends(60, taken=0, sent=0, hr=80)) == []
    assert ward.public["devices"]["mon-03"]["skew_s"] == 60


def test_old_value_clears_nothing_and_asks_to_look_again() -> None:
    ward = Ward.infusing()
    ward.phase("paused", 1)
    ward.types(10, sbp=170, dbp=95)
    ward.acknowledge(11, ward.alarm)
    said = ward.types(1000, taken=20, sbp=120, dbp=80)
    assert reading_of(said)["late"] == ["sbp", "dbp", "map"]
    assert ward.alarm_of("bp")["state"] == "acknowledged"
    assert ward.public["values"]["sbp"]["late"] is True


@pytest.mark.parametrize(("sbp", "priority"), [(185, "medium"), (165, "low")])
def test_old_value_beyond_a_limit_is_a_recheck_until_a_newer_one(sbp: int, priority: str) -> None:
    ward = Ward.infusing()
    said = ward.types(1000, taken=20, sbp=sbp, dbp=95)
    assert reading_of(said)["flags"]["sbp"].startswith("high")
    recheck = ward.alarm_of("bp", "recheck")
    assert (recheck["priority"], recheck["kind"]) == (priority, "physiological")
    assert recheck["since"] == clock_time(20)
    assert recheck["text"] == f"Check now: last known BP {sbp}/95, entered late"
    assert [alarm["condition"] for alarm in ward.alarms if alarm["group"] == "bp"] == ["recheck"]
    said = ward.types(1010, sbp=130, dbp=80)
    assert said_of(said, "bp") == [("cleared", clock_time(1010))]


def test_old_value_inside_or_only_flagged_asks_for_nothing() -> None:
    ward = Ward.infusing()
    ward.types(2500, taken=20, sbp=130, dbp=80, dissociation=3, pain=6)
    assert [alarm["group"] for alarm in ward.alarms] == ["overdue"]


def test_old_value_with_a_newer_one_in_hand_asks_for_nothing() -> None:
    ward = Ward.infusing()
    ward.sends(900, interval_s=300, sbp=120, dbp=80)
    ward.types(1000, taken=20, sbp=190, dbp=110)
    assert [alarm["group"] for alarm in ward.alarms] == ["overdue"]
    assert ward.public["values"]["sbp"]["value"] == 120


def test_old_value_is_not_what_a_standing_alarm_tells() -> None:
    ward = Ward.infusing()
    ward.types(0, sbp=182, dbp=95)
    ward.acknowledge(1, ward.alarm)
    ward.types(1000, taken=20, sbp=205, dbp=95)
    assert (ward.alarm_of("bp")["rev"], ward.alarm_of("bp")["value"]) == (1, 182)
    assert ward.alarm_of("bp", "recheck")["value"] == 205


def test_superseded_value_is_charted_and_never_live() -> None:
    ward = Ward.infusing()
    ward.sends(60, interval_s=None, sbp=150, dbp=90)
    said = ward.sends(70, taken=50, interval_s=None, sbp=190, dbp=115)
    reading = reading_of(said)
    assert reading["superseded"] == ["sbp", "dbp", "map"]
    assert reading["flags"] == {"sbp": "high_critical", "dbp": "high_critical"}
    assert kinds(said) == []
    assert ward.public["values"]["sbp"]["value"] == 150


def test_value_older_than_another_sources_is_judged_but_not_shown() -> None:
    ward = Ward.infusing()
    ward.sends(60, interval_s=300, sbp=130, dbp=80)
    said = ward.types(70, taken=55, sbp=190, dbp=100)
    assert reading_of(said)["superseded"] == []
    assert kinds(said) == ["alarm.raised"]
    assert ward.public["values"]["sbp"]["value"] == 130


def test_streamed_value_that_was_held_up_counts_from_when_it_was_taken() -> None:
    ward = Ward.infusing()
    said = ward.sends(72, taken=60, spo2=88)
    assert said_of(said, "spo2") == []  # the next of the burst may be inside
    said = ward.tick(74)
    assert said_of(said, "spo2") == [("raised", clock_time(74))]
    assert ward.alarm["since"] == clock_time(60)


def test_glitch_in_a_burst_that_was_held_up_is_no_alarm() -> None:
    ward = Ward.infusing()
    ward.streams(range(1, 60), spo2=97)
    ward.sends(72, taken=60.5, spo2=84)
    said = [event for taken in range(61, 72) for event in ward.sends(72, taken=taken, spo2=97)]
    said += ward.tick(90)
    assert said_of(said, "spo2") == []
