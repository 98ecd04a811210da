"""The cuff: measurements sent again and again, and the arm whose pulse it takes away."""

from __future__ import annotations

import pytest

from tests.monitoring.ward import (
    Json,
    Ward,
    clock_time,
    kinds,
    reading_event,
    reading_of,
    said_of,
)

INFLATION = range(60, 95)
WEAK = ("spo2",)


def cuffed(probe: str = "left_arm", cuff: str = "left_arm") -> Ward:
    """A monitor with its probe and its cuff at these places, streaming a minute of calm."""
    ward = Ward.infusing()
    ward.attaches(0, probe=probe, cuff=cuff)  # type: ignore[arg-type]  # names of places
    ward.streams(range(1, 60), hr=78, spo2=98)
    return ward


def inflates(
    ward: Ward,
    seconds: range = INFLATION,
    *,
    spo2: float = 82,
    hr: float = 78,
    weak: tuple[str, ...] = WEAK,
) -> list[Json]:
    said = []
    for second in seconds:
        said += ward.sends(second, hr=hr, spo2=spo2, weak=weak, inflating=True)
    return said


def held(events: list[Json]) -> list[Json]:
    return [event for event in events if event["kind"] == "signal.held"]


def test_saturation_that_goes_with_the_inflation_waits_for_its_end() -> None:
    ward = cuffed()
    said = inflates(ward)
    (hold,) = held(said)
    assert (hold["at"], hold["data"]["why"]) == (clock_time(60), "cuff")
    assert hold["data"]["device"] == "mon-03"
    assert set(hold["data"]["vitals"]) >= {"spo2", "hr"}
    assert ward.public["held"]["spo2"] == {"until": hold["data"]["until"], "why": "cuff"}
    assert clock_time(60) < hold["data"]["until"] <= clock_time(60 + 45)
    said += ward.streams(range(95, 200), hr=78, spo2=98)
    assert [kind for kind in kinds(said) if kind.startswith("alarm.")] == []


def test_value_is_shown_and_flagged_while_its_alarm_waits() -> None:
    ward = cuffed()
    said = ward.sends(60, hr=78, spo2=82, weak=WEAK, inflating=True)
    assert reading_of(said)["flags"] == {"spo2": "low_critical"}
    assert reading_of(said)["weak"] == ["spo2"]
    assert reading_of(said)["cuff_inflating"] is True
    assert ward.public["values"]["spo2"]["value"] == 82


def test_alarm_waits_forty_five_seconds_at_most() -> None:
    ward = cuffed()
    said = inflates(ward, range(60, 200))
    (_, raised) = said_of(said, "spo2")[0]
    assert raised == clock_time(60 + 45)
    assert len(held(said)) == 1, "once per cycle"
    assert ward.alarm_of("spo2")["since"] == clock_time(60)


def test_desaturation_that_ends_late_is_held_once_only() -> None:
    ward = cuffed()
    said = inflates(ward, range(60, 90))
    said += ward.streams(range(90, 95), hr=78, spo2=97)
    said += ward.streams(range(95, 130), hr=78, spo2=82, weak=WEAK)
    assert len(held(said)) == 1
    assert said_of(said, "spo2")[0][1] <= clock_time(60 + 45)


def test_next_cycle_is_held_again() -> None:
    ward = cuffed()
    said = inflates(ward)
    said += ward.sends(95, hr=78, spo2=98, sbp=124, dbp=78)
    said += ward.streams(range(96, 360), hr=78, spo2=98)
    said += inflates(ward, range(360, 390))
    assert [event["at"] for event in held(said)] == [clock_time(60), clock_time(360)]
    said += ward.streams(range(390, 430), hr=78, spo2=98)
    assert said_of(said, "spo2") == []


def test_cuff_that_does_not_say_so_is_known_by_its_cycle() -> None:
    ward = cuffed()
    said = []
    for second in range(60, 700):
        pressures = {"sbp": 124.0 + second / 300, "dbp": 78.0} if second % 300 == 0 else {}
        ward.sends(second, {"hr": 78, "spo2": 98, **pressures})
    assert ward.alarms == []
    said = ward.streams(range(880, 910), hr=78, spo2=82, weak=WEAK)
    assert len(held(said)) == 1
    assert said_of(said, "spo2") == []


def test_true_desaturation_with_a_good_pulse_does_not_wait() -> None:
    ward = cuffed()
    said = inflates(ward, range(60, 80), weak=())
    assert held(said) == []
    assert said_of(said, "spo2")[0] == ("raised", clock_time(65))


@pytest.mark.parametrize(
    ("probe", "cuff"),
    [("right_arm", "left_arm"), ("ear", "left_arm"), ("left_leg", "left_arm")],
)
def test_cuff_elsewhere_holds_nothing(probe: str, cuff: str) -> None:
    ward = cuffed(probe, cuff)
    said = inflates(ward, range(60, 80))
    assert held(said) == []
    assert said_of(said, "spo2")[0] == ("raised", clock_time(65))


def test_cuff_of_another_monitor_on_the_arm_of_the_probe_holds_too() -> None:
    ward = Ward.infusing()
    ward.attaches(0, probe="left_arm")
    ward.attaches(0, "mon-07", cuff="left_arm")
    said = ward.streams(range(1, 60), hr=78, spo2=98)
    said += ward.sends(60, device="mon-07", interval_s=300, rr=15, inflating=True)
    said += ward.streams(range(60, 90), hr=78, spo2=82, weak=WEAK)
    said += ward.streams(range(90, 130), hr=78, spo2=98)
    assert len(held(said)) == 1
    assert said_of(said, "spo2") == []


def test_unknown_places_hold_nothing() -> None:
    ward = Ward.infusing()
    ward.streams(range(1, 60), hr=78, spo2=98)
    said = inflates(ward, range(60, 80))
    assert held(said) == []
    assert said_of(said, "spo2")[0] == ("raised", clock_time(65))


def test_desaturation_that_began_before_the_cuff_is_raised_in_its_time_or_held_once() -> None:
    ward = cuffed()
    said = ward.streams(range(60, 64), hr=78, spo2=82)
    said += inflates(ward, range(64, 200))
    assert clock_time(65) <= said_of(said, "spo2")[0][1] <= clock_time(64 + 45)


def test_alarm_that_stands_is_not_taken_back_by_the_cuff() -> None:
    ward = cuffed()
    ward.streams(range(60, 70), hr=78, spo2=82)
    assert ward.alarm["state"] == "active"
    said = inflates(ward, range(70, 90))
    assert said_of(said, "spo2") == []
    assert ward.alarm["state"] == "active"


def test_signal_that_the_cuff_takes_away_is_not_missed_for_its_time() -> None:
    ward = cuffed()
    said = []
    for second in range(60, 100):
        said += ward.sends(second, hr=0, spo2=0, rr=15, inflating=True)
    assert len(held(said)) == 1
    assert ward.alarms == []
    assert ward.public["values"]["spo2"]["no_signal_since"] == clock_time(60)
    for second in range(100, 120):
        said += ward.sends(second, hr=0, spo2=0, rr=15)
    assert "no_signal" in {alarm["condition"] for alarm in ward.alarms}


def test_pressure_alarm_never_waits_for_the_cuff() -> None:
    ward = cuffed()
    ward.sends(60, hr=78, spo2=82, weak=WEAK, inflating=True)
    said = ward.sends(61, hr=78, spo2=82, sbp=186, dbp=90, weak=WEAK)
    assert said_of(said, "bp") == [("raised", clock_time(61))]


# The same pressures again and again


def test_pressures_sent_again_keep_their_first_time_and_grow_stale() -> None:
    ward = Ward.infusing()
    for second in range(0, 500):
        said = ward.sends(second, sbp=124, dbp=78, map=93, hr=78, spo2=98, rr=15)
        expected = [] if second == 0 else ["sbp", "dbp", "map"]
        assert sorted(reading_of(said)["repeated"]) == sorted(expected)
    told = ward.public["values"]["sbp"]
    assert told["taken_at"] == clock_time(0)
    assert told["fresh_s"] < 500
    assert ward.public["values"]["hr"]["taken_at"] == clock_time(499)


def test_pressures_sent_again_are_not_measured_and_so_become_overdue() -> None:
    ward = Ward.infusing()
    ward.types(0, sedation=5)
    said = []
    for second in range(0, 1000, 5):
        said += ward.sends(second, interval_s=5, sbp=124, dbp=78, hr=78, spo2=98, rr=15)
    (overdue,) = [a for a in ward.alarms if a["condition"] == "vitals_overdue"]
    assert overdue["missing"] == ["sbp", "dbp"]
    assert overdue["raised_at"] == clock_time(900)


def test_high_pressure_sent_again_is_one_alarm_that_says_nothing_more() -> None:
    ward = Ward.infusing()
    said = ward.sends(0, sbp=186, dbp=90)
    ward.acknowledge(0.5, ward.alarm)
    for second in range(1, 120):
        said += ward.sends(second, sbp=186, dbp=90)
    assert [kind for kind in kinds(said) if kind != "alarm.acknowledged"] == ["alarm.raised"]


def test_same_pressures_two_minutes_later_are_new() -> None:
    ward = Ward.infusing()
    ward.sends(0, sbp=124, dbp=78, map=93)
    said = ward.sends(120, sbp=124, dbp=78, map=93)
    assert reading_of(said)["repeated"] == []
    assert ward.public["values"]["sbp"]["taken_at"] == clock_time(120)


@pytest.mark.parametrize("news", [{"sbp": 125}, {"dbp": 79}, {"map": 94}])
def test_one_pressure_that_differs_is_a_new_measurement(news: dict[str, float]) -> None:
    ward = Ward.infusing()
    ward.sends(0, sbp=124, dbp=78, map=93)
    said = ward.sends(1, {"sbp": 124, "dbp": 78, "map": 93, **news})
    assert reading_of(said)["repeated"] == []
    assert ward.public["values"]["dbp"]["taken_at"] == clock_time(1)


def test_same_pressures_of_another_device_or_a_person_are_their_own() -> None:
    ward = Ward.infusing()
    ward.sends(0, sbp=124, dbp=78)
    assert reading_of(ward.sends(1, device="mon-05", sbp=124, dbp=78))["repeated"] == []
    assert reading_of(ward.types(2, sbp=124, dbp=78))["repeated"] == []


# A monitor tells its last pressure with every message, also one that a person has corrected


@pytest.mark.parametrize("corrected", ["amended", "voided"])
def test_a_pressure_put_right_does_not_come_back_with_the_monitors_next_word(
    corrected: str,
) -> None:
    ward = Ward.infusing()
    first, *_ = [
        reading_event(ward.sends(second, sbp=190, dbp=80, hr=70, interval_s=1))
        for second in (60, 61, 62, 63)
    ]
    if corrected == "amended":
        ward.amends(100, first, {"sbp": 130})
    else:
        ward.voids(100, first)
    again = reading_event(ward.sends(101, sbp=190, dbp=80, hr=71, interval_s=1))
    assert set(again["data"]["repeated"]) >= {"sbp", "dbp"}
    stands = {"sbp": 130, "dbp": 80} if corrected == "amended" else {}
    held = ward.public["values"]
    assert {v: held[v]["value"] for v in ("sbp", "dbp") if v in held} == stands
    assert [alarm for alarm in ward.alarms if alarm["group"] == "bp"] == []
    measured = reading_event(ward.sends(400, sbp=192, dbp=84, hr=71, interval_s=1))
    assert measured["data"]["repeated"] == []
    assert ward.public["values"]["sbp"]["value"] == 192


def test_a_repeat_that_a_person_amends_is_a_value_of_its_own() -> None:
    ward = Ward.infusing()
    ward.sends(60, sbp=120, dbp=80, hr=70, interval_s=1)
    repeat = reading_event(ward.sends(61, sbp=120, dbp=80, hr=70, interval_s=1))
    ward.amends(70, repeat, {"sbp": 124})
    assert ward.public["values"]["sbp"]["value"] == 124


def test_a_repeat_of_which_another_value_is_amended_stays_a_repeat() -> None:
    ward = Ward.infusing()
    first = reading_event(ward.sends(60, hr=70, sbp=120, dbp=80, interval_s=1))
    repeat = reading_event(ward.sends(61, hr=71, sbp=120, dbp=80, interval_s=1))
    ward.amends(70, repeat, {"hr": 90})
    held = ward.public["values"]
    assert (held["hr"]["value"], held["hr"]["seq"]) == (90, repeat["seq"])
    assert (held["sbp"]["value"], held["sbp"]["seq"]) == (120, first["seq"])
