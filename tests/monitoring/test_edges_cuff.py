"""The cuff and the probe on one arm, at the edges of what counts as an inflation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.monitoring.ward import Json, Ward, clock_time, reading_of, seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def one_arm() -> Ward:
    """Probe and cuff of one monitor sit on the same arm, and it has streamed."""
    ward = Ward.infusing()
    ward.attaches(1, probe="left_arm", cuff="left_arm")
    ward.sends(5, hr=80, spo2=97)
    return ward


def holds(events: Iterable[Json]) -> list[tuple[float, str, float]]:
    """From when, of which device and until when alarms wait."""
    return [
        (seconds_of(event["at"]), event["data"]["device"], seconds_of(event["data"]["until"]))
        for event in events
        if event["kind"] == "signal.held"
    ]


@pytest.mark.parametrize(
    ("told", "held"),
    [
        ({"hr": 80, "spo2": 97}, False),
        ({"hr": 80, "spo2": 97, "weak": ("rr",)}, False),
        ({"hr": 80, "spo2": 97, "weak": ("hr",)}, True),
        ({"hr": 80, "spo2": 97, "weak": ("rr", "spo2")}, True),
        ({"hr": 80, "spo2": 0}, True),
        ({"hr": -999, "spo2": 97}, True),
        ({"hr": 80, "spo2": 97, "rr": -999}, False),
        ({"spo2": 97}, True),
        ({"hr": 80}, False),
        ({"rr": 14}, False),
    ],
)
def test_alarms_wait_only_if_the_pulse_weakened_or_went(told: dict[str, Any], held: bool) -> None:
    events = one_arm().sends(10, inflating=True, **told)
    assert holds(events) == ([(10, "mon-03", 55)] if held else [])


@pytest.mark.parametrize(
    ("interval_s", "after", "held"),
    [(1, 2, False), (1, 2.001, True), (2, 4, False), (2, 4.001, True), (None, 10, False)],
)
def test_pulse_is_gone_when_two_messages_in_a_row_leave_it_out(
    interval_s: float | None, after: float, held: bool
) -> None:
    ward = one_arm()
    events = ward.sends(5 + after, spo2=97, inflating=True, interval_s=interval_s)
    assert (holds(events) != []) == held


def test_pulse_that_is_in_the_message_is_not_gone() -> None:
    ward = one_arm()
    assert holds(ward.sends(30, hr=80, spo2=97, inflating=True)) == []


def test_oximeter_that_gives_no_rate_has_none_to_lose() -> None:
    ward = Ward.infusing()
    ward.attaches(1, probe="left_arm", cuff="left_arm")
    ward.sends(5, spo2=97)
    assert holds(ward.sends(10, spo2=97, inflating=True)) == []


@pytest.mark.parametrize(("after", "held"), [(60, True), (60.001, False)])
def test_inflation_lasts_a_minute_at_most(after: float, held: bool) -> None:
    ward = one_arm()
    ward.sends(10, hr=80, spo2=97, inflating=True)
    events = ward.sends(10 + after, hr=80, spo2=97, weak=("hr",), inflating=True)
    assert (holds(events) != []) == held


@pytest.mark.parametrize(
    ("off", "held"), [(-45.001, False), (-45, True), (0, True), (45, True), (45.001, False)]
)
def test_cuff_that_says_nothing_is_expected_when_its_interval_is_over(
    off: float, held: bool
) -> None:
    ward = one_arm()
    ward.sends(100, sbp=120, dbp=80, interval_s=300)
    ward.sends(400, sbp=121, dbp=80, interval_s=300)
    events = ward.sends(700 + off, hr=80, spo2=97, weak=("spo2",))
    assert (holds(events) != []) == held


def test_first_measurement_tells_no_interval() -> None:
    ward = one_arm()
    ward.sends(100, sbp=120, dbp=80, interval_s=300)
    assert holds(ward.sends(400, hr=80, spo2=97, weak=("spo2",))) == []


def test_one_cycle_is_held_once_and_the_next_again() -> None:
    ward = one_arm()
    ward.sends(100, sbp=120, dbp=80, interval_s=300)
    ward.sends(400, sbp=121, dbp=80, interval_s=300)
    assert holds(ward.sends(690, hr=80, spo2=97, weak=("spo2",))) == [(690, "mon-03", 735)]
    assert holds(ward.sends(695, hr=80, spo2=97, weak=("spo2",))) == []
    ward.sends(702, sbp=122, dbp=80, interval_s=300)
    assert holds(ward.sends(1000, hr=80, spo2=97, weak=("spo2",))) == [(1000, "mon-03", 1045)]


def test_measurement_ends_the_inflation() -> None:
    ward = one_arm()
    ward.sends(10, hr=80, spo2=97, inflating=True)
    ward.sends(40, hr=80, spo2=97, sbp=120, dbp=80)
    assert holds(ward.sends(41, hr=80, spo2=97, weak=("hr",))) == []


def test_cuff_of_another_monitor_on_the_probes_arm_counts() -> None:
    ward = Ward.infusing()
    ward.attaches(1, "mon-03", probe="left_arm", cuff="right_arm")
    ward.attaches(2, "cuff-1", cuff="left_arm")
    ward.sends(5, hr=80, spo2=97)
    ward.sends(10, temp=36.5, device="cuff-1", inflating=True)
    events = ward.sends(11, hr=80, spo2=97, weak=("spo2",))
    assert holds(events) == [(11, "mon-03", 56)]
    assert set(ward.public["held"]) == {"hr", "spo2"}


@pytest.mark.parametrize(
    ("since", "raised"),
    [
        (14.5, 19.5),  # due before the cuff began
        (15, 20),
        (15.001, 65),
        (22, 65),
        (59.9, 65),
        (64.9, 69.9),  # and not before its own delay
        (65.1, 70.1),
    ],
)
def test_alarm_that_falls_into_the_inflation_waits_for_its_end(since: float, raised: float) -> None:
    ward = one_arm()
    for at in sorted({since, *range(10, 80)}):
        weak = ("hr",) if at >= 20 else ()
        value = 84 if at >= since else 97
        ward.sends(at, hr=80, spo2=value, weak=weak, inflating=20 <= at < 40)
    assert ward.alarm_of("spo2")["raised_at"] == clock_time(raised)


def test_other_vitals_do_not_wait_for_the_cuff() -> None:
    ward = one_arm()
    ward.sends(10, hr=80, spo2=97, weak=("hr",), inflating=True)
    for second in range(11, 30):
        ward.sends(second, hr=80, spo2=97, rr=6, weak=("hr",))
    assert ward.alarm_of("rr")["raised_at"] == clock_time(26)


def test_value_of_another_device_does_not_wait_for_this_cuff() -> None:
    ward = one_arm()
    ward.sends(10, hr=80, spo2=97, weak=("hr",), inflating=True)
    for second in range(11, 20):
        ward.sends(second, spo2=84, device="mon-04")
    assert ward.alarm_of("spo2")["raised_at"] == clock_time(16)


def repeated(events: Iterable[Json]) -> list[str]:
    told: list[str] = reading_of(events)["repeated"]
    return told


@pytest.mark.parametrize(
    ("interval_s", "after", "again"),
    [
        (300, 0, True),
        (300, 59.999, True),
        (300, 60, False),
        (1, 60, True),  # the interval of a mixed message is not the cuff's
        (1, 389.999, True),
        (1, 390, False),
    ],
)
def test_same_pressures_soon_after_are_the_same_measurement(
    interval_s: float, after: float, again: bool
) -> None:
    ward = Ward.infusing()
    ward.sends(100, sbp=120, dbp=80, hr=80, interval_s=interval_s)
    events = ward.sends(100 + after, sbp=120, dbp=80, hr=80, interval_s=interval_s)
    assert repeated(events) == (["sbp", "dbp", "map"] if again else [])
    assert ward.public["values"]["sbp"]["taken_at"] == clock_time(100 if again else 100 + after)
    assert ward.public["values"]["hr"]["taken_at"] == clock_time(100 + after)


def test_each_repeat_counts_from_the_one_before() -> None:
    ward = Ward.infusing()
    for second in range(100, 260, 50):
        events = ward.sends(second, sbp=120, dbp=80)
    assert repeated(events) == ["sbp", "dbp", "map"]
    assert ward.public["values"]["sbp"]["taken_at"] == clock_time(100)


def test_pressures_of_before_are_no_repeat() -> None:
    ward = Ward.infusing()
    ward.sends(100, sbp=120, dbp=80)
    assert repeated(ward.sends(101, taken=99, sbp=120, dbp=80)) == []


def test_typed_pressures_are_each_a_measurement() -> None:
    ward = Ward.infusing()
    ward.types(100, sbp=120, dbp=80)
    assert repeated(ward.types(110, sbp=120, dbp=80)) == []


def test_message_without_pressures_repeats_nothing() -> None:
    ward = Ward.infusing()
    ward.sends(100, sbp=120, dbp=80)
    assert repeated(ward.sends(110, hr=80)) == []
    assert repeated(ward.sends(120, sbp=120, dbp=81)) == []
