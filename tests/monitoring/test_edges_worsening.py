"""How much worse is it? Two pressures of one alarm are counted in steps beyond their own limits."""

from __future__ import annotations

import pytest

from tests.monitoring.ward import Json, Ward, clock_time


def sounds(events: list[Json]) -> bool:
    """True if an alarm sounds again: a new revision."""
    return any(
        event["kind"] == "alarm.changed" and event["data"]["alarm"]["sounded_at"] == event["at"]
        for event in events
    )


def seen(ward: Ward, seconds: float, **values: float) -> Ward:
    """An alarm of these values that a person has seen."""
    ward.types(seconds, values)
    ward.acknowledge(seconds + 1, ward.alarm)
    return ward


@pytest.mark.parametrize(
    ("dbp", "sbp", "again"),
    [
        (101, 171, True),  # a tenth of a step beyond, then eleven tenths
        (102, 171, False),
        (102, 171.9, False),
        (102, 172, True),
        (109, 179, True),
    ],
)
def test_other_pressure_sounds_when_it_is_further_out_by_one_step(
    dbp: float, sbp: float, again: bool
) -> None:
    ward = seen(Ward.infusing(), 10, dbp=dbp)
    assert sounds(ward.types(20, sbp=sbp, dbp=dbp)) == again
    assert ward.alarm["state"] == ("active" if again else "acknowledged")


@pytest.mark.parametrize(("mean", "again"), [(44, True), (44.5, False), (50, False)])
def test_low_ones_count_downwards(mean: float, again: bool) -> None:
    ward = seen(Ward.infusing(), 10, sbp=79)
    assert sounds(ward.types(20, {"map": mean})) == again


def test_steps_of_the_other_pressure_are_counted_from_as_far_as_the_first_had_sounded() -> None:
    ward = seen(Ward.infusing(), 10, dbp=102)
    assert not sounds(ward.types(20, sbp=171, dbp=102))
    assert ward.alarm["vital"] == "sbp"
    assert not sounds(ward.types(30, sbp=171.9, dbp=102))
    assert sounds(ward.types(40, sbp=172, dbp=102))


def test_low_steps_are_counted_from_as_far_as_the_first_had_sounded() -> None:
    ward = seen(Ward.infusing(), 10, sbp=79)
    assert not sounds(ward.types(20, {"map": 46}))
    assert ward.alarm["vital"] == "map"
    assert not sounds(ward.types(30, {"map": 44.1}))
    assert sounds(ward.types(40, {"map": 44}))


def test_other_pressure_that_is_told_brings_its_own_worst() -> None:
    ward = seen(Ward.infusing(), 10, dbp=105)
    ward.types(20, sbp=170, dbp=105)
    alarm = ward.alarm
    assert (alarm["vital"], alarm["value"], alarm["worst"]) == ("sbp", 170, 170)
    assert (alarm["limit"], alarm["rev"]) == (160, 1)
    assert alarm["sounded_at"] == clock_time(10)


@pytest.mark.parametrize(("mean", "again"), [(54.5, False), (54, False), (53.9, True)])
def test_unseen_high_sounds_with_anything_that_is_worse_of_either(mean: float, again: bool) -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=79)
    assert sounds(ward.types(20, {"map": mean})) == again


def test_numbers_that_only_look_different_are_not_worse() -> None:
    """38.1 + 0.2 is not 38.3 in binary fractions."""
    ward = Ward.infusing()
    ward.types(10, sbp=180.1)
    assert not sounds(ward.types(20, sbp=180.1))
    ward.types(30, dbp=110.1, sbp=180.1)
    assert ward.alarm["rev"] == 1


def test_latched_alarm_that_comes_back_keeps_its_worst_and_sounds_as_it_is() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=195)
    ward.types(20, sbp=120)
    assert ward.alarm["state"] == "latched"
    ward.types(500, sbp=185)
    alarm = ward.alarm
    assert (alarm["state"], alarm["value"], alarm["worst"]) == ("active", 185, 195)
    assert not sounds(ward.types(510, sbp=185))
    assert sounds(ward.types(520, sbp=186))


def test_low_latched_alarm_that_comes_back_keeps_its_worst() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=70)
    ward.types(20, sbp=120)
    ward.types(500, sbp=78)
    assert (ward.alarm["value"], ward.alarm["worst"]) == (78, 70)


def test_latched_alarm_that_comes_back_with_the_other_pressure_has_a_new_worst() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=195, dbp=80)
    ward.types(20, sbp=120, dbp=80)
    ward.types(500, sbp=120, dbp=112)
    assert (ward.alarm["vital"], ward.alarm["worst"]) == ("dbp", 112)


def test_alarm_without_numbers_is_never_worse() -> None:
    ward = Ward.infusing()
    ward.calls_help(10)
    assert not sounds(ward.tick(100))
    assert ward.alarm["rev"] == 1
