"""To the millisecond: when what is about equipment and schedule is an alarm, and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.monitoring.ward import Json, Ward, clock_time, seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterable

Said = list[tuple[float, str, str]]


def said(events: Iterable[Json], condition: str) -> Said:
    """When what was said of the alarms of a condition, and with which priority."""
    return [
        (
            seconds_of(event["at"]),
            event["kind"].removeprefix("alarm."),
            event["data"]["alarm"]["priority"],
        )
        for event in events
        if event["kind"].startswith("alarm.")
        and event["kind"] != "alarm.escalated"
        and event["data"]["alarm"]["condition"] == condition
    ]


def ready(*, streams_until: int = 0) -> Ward:
    ward = Ward()
    for phase in ("checked_in", "baseline", "ready"):
        ward.phase(phase, 0, override_reason="told as a story")
    for second in range(10, streams_until + 1, 10):
        ward.sends(second, hr=80, interval_s=10)
    return ward


def test_planned_end_counts_infused_time_only() -> None:
    ward = Ward.infusing()
    ward.phase("paused", 600)
    ward.phase("infusing", 700)
    events = ward.tick(4000)
    (passed,) = [event for event in events if event["kind"] == "planned_end.passed"]
    assert (passed["at"], passed["data"]) == (clock_time(2500), {})
    assert ward.public["planned_end_passed_at"] == clock_time(2500)
    assert said(events, "planned_end_passed") == [
        (2800, "raised", "low"),
        (3100, "changed", "medium"),
    ]
    alarm = ward.alarm_of("plan", "planned_end_passed")
    assert alarm["text"] == "Planned end passed: 40 min are over"
    assert (alarm["since"], alarm["kind"]) == (clock_time(2500), "technical")
    assert (alarm["vital"], alarm["side"], alarm["value"]) == (None, None, None)


@pytest.mark.parametrize("to", ["completed", "stopped"])
def test_planned_end_is_no_matter_once_the_infusion_is_over(to: str) -> None:
    ward = Ward.infusing()
    ward.phase("paused", 2450)
    assert said(ward.tick(2900), "planned_end_passed") == [(2700, "raised", "low")]
    assert said(ward.phase(to, 2950, reason="story"), "planned_end_passed") == [
        (2950, "cleared", "low")
    ]


def test_scheduled_vitals_are_overdue_by_their_interval_and_five_minutes_at_most() -> None:
    ward = Ward.infusing()
    ward.types(100, hr=80, spo2=97, sbp=120, dbp=80)
    events = ward.tick(1300)
    assert said(events, "vitals_overdue") == [
        (1000, "raised", "medium"),
        (1200, "changed", "medium"),
    ]
    alarm = ward.alarm_of("overdue", "vitals_overdue")
    assert alarm["missing"] == ["hr", "spo2", "sbp", "dbp", "rr", "sedation"]
    assert alarm["text"] == "Overdue: HR, SpO2, BP, RR, Sedation"
    assert (alarm["since"], alarm["rev"]) == (clock_time(1000), 2)
    assert (alarm["vital"], alarm["side"], alarm["kind"]) == (None, None, "technical")


def test_value_that_comes_is_no_longer_missing_and_sounds_nothing() -> None:
    ward = Ward.infusing()
    ward.tick(1300)
    ward.types(1310, hr=80)
    alarm = ward.alarm_of("overdue", "vitals_overdue")
    assert (alarm["missing"], alarm["rev"]) == (["spo2", "sbp", "dbp", "rr", "sedation"], 2)
    ward.types(1320, spo2=97, sbp=120, dbp=80, rr=14)
    assert ward.alarm_of("overdue", "vitals_overdue")["text"] == "Overdue: Sedation"
    events = ward.types(1330, sedation=5)
    assert said(events, "vitals_overdue") == [(1330, "cleared", "medium")]


def test_overdue_in_recovery_is_low() -> None:
    ward = Ward.infusing()
    ward.phase("completed", 10)
    assert said(ward.tick(2000), "vitals_overdue") == [(1210, "raised", "low")]


def test_nothing_is_scheduled_before_the_infusion() -> None:
    assert said(ready().tick(5000), "vitals_overdue") == []


def test_vitals_that_stream_in_the_phase_ready_ask_whether_it_was_begun() -> None:
    ward = ready(streams_until=590)
    assert said(ward.tick(599.999), "infusion_started") == []
    ward.sends(595, hr=80, interval_s=10)
    assert said(ward.tick(600), "infusion_started") == [(600, "raised", "low")]
    alarm = ward.alarm_of("phase", "infusion_started")
    assert alarm["text"] == "Infusion started? The phase still is ready"
    assert (alarm["since"], alarm["kind"], alarm["unit"]) == (clock_time(600), "technical", None)
    cleared = ward.phase("infusing", 610, told_at=300, override_reason="told as a story")
    assert said(cleared, "infusion_started") == [(610, "cleared", "low")]


def test_nobody_is_asked_when_nothing_streams() -> None:
    ward = ready(streams_until=500)
    assert said(ward.tick(1000), "infusion_started") == []
    asked = ready(streams_until=580)
    assert said(asked.tick(1000), "infusion_started") == [
        (600, "raised", "low"),
        (610, "cleared", "low"),
    ]


def test_lost_saturation_climbs_while_the_device_goes_on() -> None:
    ward = Ward.infusing()
    ward.sends(10, spo2=97, hr=80)
    events = [e for second in range(11, 300, 4) for e in ward.sends(second, hr=80, interval_s=4)]
    assert said(events, "signal_stale")[:3] == [
        (55, "raised", "low"),
        (85, "changed", "medium"),
        (205, "changed", "high"),
    ]
    alarm = ward.alarm_of("spo2", "signal_stale")
    assert (alarm["text"], alarm["devices"]) == ("SpO2: no signal", ["mon-03"])
    assert (alarm["since"], alarm["kind"]) == (clock_time(25), "technical")
    assert (alarm["vital"], alarm["side"], alarm["unit"]) == ("spo2", None, None)


@pytest.mark.parametrize(("phase", "vital"), [("paused", "spo2"), ("infusing", "rr")])
def test_other_lost_signals_stay_medium(phase: str, vital: str) -> None:
    ward = Ward.infusing()
    if phase != "infusing":
        ward.phase(phase, 5)
    ward.sends(10, {vital: 97.0 if vital == "spo2" else 15.0, "hr": 80})
    events = [e for second in range(11, 400, 4) for e in ward.sends(second, hr=80, interval_s=4)]
    assert said(events, "signal_stale") == [(55, "raised", "low"), (85, "changed", "medium")]


def test_device_that_falls_silent_is_named() -> None:
    ward = ready()
    ward.sends(10, hr=80, rr=15)
    events = ward.tick(1000)
    assert said(events, "device_lost") == [(55, "raised", "low"), (85, "changed", "medium")]
    alarm = ward.alarm_of("mon-03", "device_lost")
    assert (alarm["text"], alarm["devices"]) == ("mon-03 sends nothing", ["mon-03"])
    assert (alarm["since"], alarm["kind"], alarm["vital"]) == (clock_time(25), "technical", None)


def test_silent_device_that_alone_gave_saturation_climbs_to_high() -> None:
    ward = Ward.infusing()
    ward.sends(10, spo2=97)
    assert said(ward.tick(240), "device_lost") == [
        (55, "raised", "low"),
        (85, "changed", "medium"),
        (205, "changed", "high"),
    ]


def test_required_signals_gone_are_an_alarm_after_a_quarter_of_a_minute() -> None:
    ward = Ward.infusing()
    ward.sends(10, spo2=97)
    ward.sends(20, hr=80, device="mon-04")
    events = ward.tick(60)
    assert said(events, "no_signal") == [(50, "raised", "high")]
    alarm = ward.alarm_of("required", "no_signal")
    assert alarm["text"] == "NO SIGNAL, CHECK PATIENT"
    assert (set(alarm["missing"]), set(alarm["devices"])) == (
        {"hr", "spo2"},
        {"mon-03", "mon-04"},
    )
    assert (alarm["since"], alarm["kind"], alarm["side"]) == (clock_time(35), "technical", None)
    assert said(ward.sends(61, hr=80, device="mon-04"), "no_signal") == [(61, "cleared", "high")]


@pytest.mark.parametrize(
    ("off", "told"),
    [
        (60, None),
        (-60, None),
        (60.001, "mon-03 clock 1 min slow, corrected"),
        (-60.001, "mon-03 clock 1 min fast, corrected"),
        (89, "mon-03 clock 1 min slow, corrected"),
        (150.5, "mon-03 clock 3 min slow, corrected"),
        (-420, "mon-03 clock 7 min fast, corrected"),
        (179 * 60, "mon-03 clock 179 min slow, corrected"),
        (180 * 60, "mon-03 clock 3 h slow, corrected"),
        (71 * 3600, "mon-03 clock 71 h slow, corrected"),
        (-72 * 3600, "mon-03 clock 3 days fast, corrected"),
        (2**32 / 1000, "mon-03 clock 50 days slow, corrected"),
    ],
)
def test_clock_that_is_off_by_more_than_a_minute_is_told(off: float, told: str | None) -> None:
    ward = Ward.infusing()
    ward.sends(10, hr=80, taken=10 - off, sent=10 - off)
    assert [a["text"] for a in ward.alarms] == ([] if told is None else [told])
    if told is not None:
        alarm = ward.alarm
        assert (alarm["condition"], alarm["group"], alarm["priority"]) == (
            "device_clock",
            "mon-03",
            "low",
        )
        assert (alarm["devices"], alarm["raised_at"]) == (["mon-03"], clock_time(10))
        ward.sends(20, hr=80, sent=20)
        assert ward.alarms == []


def test_clock_of_a_device_that_was_taken_away_is_no_matter() -> None:
    ward = Ward.infusing()
    ward.attaches(5)
    ward.sends(10, hr=80, taken=-500, sent=-500)
    assert ward.alarm["condition"] == "device_clock"
    ward.detaches(20)
    assert [a for a in ward.alarms if a["condition"] == "device_clock"] == []


def test_end_tidal_far_too_low_is_the_cannula() -> None:
    ward = Ward.infusing()
    events = ward.streams(range(10, 45), etco2=20)
    assert said(events, "check_cannula") == [(40, "raised", "low")]
    alarm = ward.alarm_of("etco2", "check_cannula")
    assert alarm["text"] == "EtCO2 20 mmHg: check cannula"
    assert (alarm["value"], alarm["limit"], alarm["unit"]) == (20, 20, "mmHg")
    assert (alarm["kind"], alarm["vital"], alarm["side"]) == ("technical", "etco2", None)
    assert alarm["since"] == clock_time(10)
    assert said(ward.streams(range(45, 60), etco2=22), "check_cannula") == [(55, "cleared", "low")]


def test_end_tidal_a_little_too_low_is_the_patient() -> None:
    ward = Ward.infusing()
    events = ward.streams(range(10, 45), etco2=21)
    assert said(events, "check_cannula") == []
    assert said(events, "limit") == [(40, "raised", "low")]
    assert ward.alarm_of("etco2")["text"] == "EtCO2 21 mmHg, limit 30"


@pytest.mark.parametrize(
    ("told", "group", "text"),
    [
        ({"rr": 0, "hr": 80, "spo2": 97}, "rr", "APNOEA: RR 0"),
        ({"rr": 6, "hr": 80, "spo2": 97}, "rr", "RR 6 /min, limit 7"),
        ({"temp": 38.45}, "temp", "Temp 38.45 °C, limit 38"),
    ],
)
def test_alarm_of_a_limit_says_what_is_beyond_it(
    told: dict[str, float], group: str, text: str
) -> None:
    ward = Ward.infusing()
    for second in range(60, 80):
        ward.sends(second, told)
    assert ward.alarm_of(group)["text"] == text


@pytest.mark.parametrize(
    ("told", "group", "text"),
    [
        ({"sedation": 2}, "sedation", "Sedation 2, to prodding"),
        ({"dissociation": 4}, "dissociation", "Dissociation 4, severe"),
        ({"sbp": 190, "dbp": 100}, "bp", "BP 190/100 mmHg, SBP limit 180"),
        ({"sbp": 150, "dbp": 115}, "bp", "BP 150/115 mmHg, DBP limit 110"),
        ({"sbp": 190}, "bp", "SBP 190 mmHg, limit 180"),
        ({"dbp": 115}, "bp", "DBP 115 mmHg, limit 110"),
        ({"map": 50}, "bp", "MAP 50 mmHg, limit 55"),
    ],
)
def test_alarm_of_a_typed_value_says_it_as_people_do(
    told: dict[str, float], group: str, text: str
) -> None:
    ward = Ward.infusing()
    ward.types(60, told)
    assert ward.alarm_of(group)["text"] == text
