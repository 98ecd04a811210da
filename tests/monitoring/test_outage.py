"""Devices that were offline and tell afterwards; clocks that are wrong; values that come late."""

from __future__ import annotations

import pytest

from tests.monitoring.ward import Json, Ward, alarms_raised, clock_time, reading_of, said_of


def burst(ward: Ward, at: float, told: dict[int, float], *, interval_s: float = 1) -> list[Json]:
    """The device sends what it kept, oldest first, in one go."""
    said = []
    for taken, value in told.items():
        said += ward.sends(at, taken=taken, sent=at, interval_s=interval_s, hr=78, spo2=value)
    return said


def offline(low: float, since: int, until: int, *, end: int = 780) -> dict[int, float]:
    """What the probe saw from 600 to `end`: `low` from `since` to `until`, else 97."""
    return {t: low if since <= t < until else 97 for t in range(600, end)}


def connected() -> Ward:
    """A calm hour's beginning, the monitor heard last at 599; missed since 630."""
    ward = Ward.infusing()
    ward.types(500, sbp=124, dbp=78, rr=15, sedation=5)
    ward.streams(range(560, 600), hr=78, spo2=97)
    ward.tick(779)
    assert {alarm["condition"] for alarm in ward.alarms} == {"no_signal"}
    return ward


def missed(events: list[Json]) -> list[Json]:
    return [event["data"] for event in events if event["kind"] == "excursion.missed"]


def test_critical_desaturation_during_an_outage_is_told_and_stands_until_seen() -> None:
    ward = connected()
    said = burst(ward, 780, offline(80, 640, 700))
    said += ward.streams(range(780, 800), hr=78, spo2=97)
    told = [m for m in missed(said) if m["critical"]]
    assert [(m["vital"], m["side"], m["flag"], m["worst"]) for m in told] == [
        ("spo2", "low", "low_critical", 80)
    ]
    assert (told[0]["since"], told[0]["device"]) == (clock_time(640), "mon-03")
    assert clock_time(699) <= told[0]["until"] <= clock_time(710)
    alarm = ward.alarm_of("spo2", "missed_offline")
    assert alarm["state"] == "active"
    assert {a["condition"] for a in ward.alarms} == {"missed_offline"}
    ward.streams(range(800, 1000), hr=78, spo2=97)
    assert ward.alarm_of("spo2", "missed_offline")["state"] == "active"
    said = ward.acknowledge(1000, ward.alarm_of("spo2", "missed_offline"))
    assert [a for a in ward.alarms if a["condition"] == "missed_offline"] == []


def test_missed_desaturation_is_ended_by_a_person_with_a_reason() -> None:
    ward = connected()
    burst(ward, 780, offline(80, 640, 700))
    ward.streams(range(780, 800), hr=78, spo2=97)
    said = ward.ends(800, ward.alarm_of("spo2", "missed_offline"), reason="patient was asked")
    assert ward.alarms == []
    assert said[-1]["data"]["alarm"]["ended_by"] == "person"


def test_two_missed_desaturations_stand_as_one_with_the_worst() -> None:
    ward = connected()
    kept = offline(82, 640, 670) | dict.fromkeys(range(700, 730), 79)
    said = burst(ward, 780, dict(sorted(kept.items())))
    said += ward.streams(range(780, 800), hr=78, spo2=97)
    assert len([m for m in missed(said) if m["critical"]]) == 2
    alarm = ward.alarm_of("spo2", "missed_offline")
    assert (alarm["worst"], alarm["state"]) == (79, "active")


def test_burst_asks_for_no_recheck_that_its_own_end_answers() -> None:
    ward = connected()
    said = burst(ward, 780, offline(80, 640, 700))
    said += ward.streams(range(780, 840), hr=78, spo2=97)
    assert {condition for condition, _, _ in alarms_raised(said)} == {"missed_offline"}


def test_milder_desaturation_during_an_outage_is_listed_and_no_alarm() -> None:
    ward = connected()
    said = burst(ward, 780, offline(90, 640, 700))
    said += ward.streams(range(780, 800), hr=78, spo2=97)
    (told,) = missed(said)
    assert (told["flag"], told["critical"], told["worst"]) == ("low", False, 90)
    assert ward.alarms == []


def test_dip_shorter_than_its_delay_was_no_excursion() -> None:
    ward = connected()
    said = burst(ward, 780, offline(90, 640, 650))
    said += ward.streams(range(780, 800), hr=78, spo2=97)
    assert missed(said) == []


def test_calm_outage_is_told_by_nobody() -> None:
    ward = connected()
    said = burst(ward, 780, offline(97, 0, 0))
    said += ward.streams(range(780, 800), hr=78, spo2=97)
    assert missed(said) == []
    assert alarms_raised(said) == []
    assert ward.alarms == []


def test_desaturation_that_began_offline_and_goes_on_is_an_alarm_at_once() -> None:
    ward = connected()
    burst(ward, 780, offline(84, 740, 780))
    ward.streams(range(780, 784), hr=78, spo2=84)
    alarm = ward.alarm_of("spo2")
    assert clock_time(780) <= alarm["raised_at"] <= clock_time(782)
    assert (alarm["priority"], alarm["since"]) == ("high", clock_time(740))


def test_stream_that_always_comes_late_is_not_passed_over() -> None:
    """A network that is twenty seconds behind: what it tells is never judged as now."""
    ward = Ward.infusing()
    ward.streams(range(1, 100), hr=80, spo2=97)
    for second in range(120, 240):
        ward.sends(second, taken=second - 20, hr=80, spo2=80)
    told = {(a["condition"], a["group"]) for a in ward.alarms}
    assert told & {("recheck", "spo2"), ("limit", "spo2")}
    assert told & {("no_signal", "required"), ("signal_stale", "spo2")}


def test_outage_is_told_once_however_often_the_device_sends_it() -> None:
    ward = connected()
    kept = offline(80, 640, 700)
    said = burst(ward, 780, kept)
    said += ward.streams(range(780, 790), hr=78, spo2=97)
    said += burst(ward, 790, kept)  # the same again, under other ids
    said += ward.streams(range(791, 800), hr=78, spo2=97)
    assert len([m for m in missed(said) if m["critical"]]) == 1


# Clocks


@pytest.mark.parametrize("off", [-420, 420])
def test_monitor_with_a_wrong_clock_alarms_in_its_time(off: int) -> None:
    ward = Ward.infusing()
    said = []
    for second in range(60, 75):
        said += ward.sends(second, taken=second + off, sent=second + off, spo2=84, hr=78)
    assert said_of(said, "spo2")[0] == ("raised", clock_time(65))
    assert ward.alarm_of("spo2")["since"] == clock_time(60)
    clock = ward.alarm_of("mon-03", "device_clock")
    word = "slow" if off < 0 else "fast"
    assert (clock["priority"], clock["text"]) == ("low", f"mon-03 clock 7 min {word}, corrected")
    for second in range(75, 95):
        ward.sends(second, taken=second + off, sent=second + off, spo2=97, hr=78)
    assert ward.alarm_of("spo2")["state"] == "latched"
    assert ward.public["values"]["spo2"]["taken_at"] == clock_time(94)
    assert {a["condition"] for a in ward.alarms} == {"limit", "device_clock"}


def test_monitor_seven_minutes_slow_is_never_stale_nor_late() -> None:
    ward = Ward.infusing()
    said = []
    for second in range(60, 200):
        said += ward.sends(second, taken=second - 420, sent=second - 420, spo2=97, hr=78)
    assert all(e["data"]["late"] == [] for e in said if e["kind"] == "reading.recorded")
    assert [condition for condition, _, _ in alarms_raised(said)] == ["device_clock"]


# Typed late


def hypertensive() -> Ward:
    """Baseline 138/86; a monitor keeps heart rate and saturation."""
    ward = Ward.infusing(
        baseline={"hr": 78, "spo2": 98, "sbp": 138, "dbp": 86, "rr": 15, "sedation": 5}
    )
    ward.types(600, sbp=142, dbp=88, hr=80, spo2=98, rr=15, sedation=5)
    return ward


def test_pressure_typed_in_time_is_one_alarm() -> None:
    ward = hypertensive()
    ward.types(1200, hr=80, spo2=98, rr=15, sedation=5)
    ward.tick(1499)
    said = ward.types(1500, sbp=172, dbp=104)
    limits = [told for told in alarms_raised(said) if told[0] == "limit"]
    assert limits == [("limit", "bp", 1500)]
    alarm = ward.alarm_of("bp")
    assert (alarm["priority"], alarm["side"], alarm["rev"]) == ("medium", "high", 1)
    assert alarm["text"].startswith("BP 172/104")


def test_pressure_typed_late_asks_to_look_again_and_is_no_alarm_as_now() -> None:
    ward = hypertensive()
    ward.types(1400, hr=80, spo2=98, rr=15, sedation=5)
    said = ward.types(2300, taken=1500, sbp=172, dbp=104)
    assert reading_of(said)["late"] == ["sbp", "dbp", "map"]
    assert [told[:2] for told in alarms_raised(said) if told[1] == "bp"] == [("recheck", "bp")]
    assert ward.alarm_of("bp", "recheck")["priority"] == "low"
    said = ward.types(2310, sbp=150, dbp=90)
    assert [a for a in ward.alarms if a["group"] == "bp"] == []
    assert said_of(said, "bp") == [("cleared", clock_time(2310))]


def test_low_pressure_typed_late_is_not_alarmed_by_the_mean_made_of_it() -> None:
    ward = hypertensive()
    ward.types(1400, hr=80, spo2=98, rr=15, sedation=5)
    ward.types(2300, taken=1500, sbp=84, dbp=45)
    assert [a["condition"] for a in ward.alarms if a["group"] == "bp"] == ["recheck"]


def test_pressure_taken_before_the_alarm_and_typed_after_it_changes_nothing() -> None:
    ward = hypertensive()
    ward.types(1500, sbp=172, dbp=104)
    said = ward.types(1510, taken=1450, sbp=140, dbp=88)
    assert reading_of(said)["superseded"] == ["sbp", "dbp", "map"]
    assert ward.alarm_of("bp")["state"] == "active"
