"""The registry of vital signs: how long a device's value holds, and what must fit together."""

from __future__ import annotations

import pytest

from app.monitoring.protocols import KETAMINE_ADULT
from app.monitoring.vitals import SENTINELS, VITALS, VitalSign, device_fresh_s, mean_pressure

STREAMED = ("hr", "spo2", "rr", "etco2")
CUFF = ("sbp", "dbp", "map")
TYPED = ("temp", "o2_flow", "sedation", "dissociation", "pain")

each = pytest.mark.parametrize("vital", VITALS.values(), ids=list(VITALS))


@pytest.mark.parametrize("vital", STREAMED)
@pytest.mark.parametrize(
    ("interval_s", "fresh_s"), [(None, 15), (1, 15), (5, 15), (5.5, 16.5), (60, 180)]
)
def test_streamed_value_holds_for_three_intervals_and_never_less_than_a_quarter_minute(
    vital: str, interval_s: float | None, fresh_s: float
) -> None:
    assert device_fresh_s(VITALS[vital], interval_s) == fresh_s


@pytest.mark.parametrize("vital", CUFF)
@pytest.mark.parametrize(
    ("interval_s", "fresh_s"),
    [(None, 390), (1, 390), (59.9, 390), (60, 390), (149, 390), (150, 240), (900, 990)],
)
def test_cuff_value_holds_until_the_next_may_have_been_measured_twice(
    vital: str, interval_s: float | None, fresh_s: float
) -> None:
    """A shorter interval is that of the message: no cuff is set to measure so often."""
    assert device_fresh_s(VITALS[vital], interval_s) == fresh_s


@pytest.mark.parametrize("vital", TYPED)
@pytest.mark.parametrize("interval_s", [None, 1, 600])
def test_device_that_sends_what_is_usually_typed_changes_nothing(
    vital: str, interval_s: float | None
) -> None:
    assert device_fresh_s(VITALS[vital], interval_s) == VITALS[vital].fresh_s


def test_only_what_is_streamed_can_fall_silent() -> None:
    assert [code for code, vital in VITALS.items() if vital.continuous] == list(STREAMED)


@pytest.mark.parametrize(
    ("sbp", "dbp", "mean"), [(120, 60, 80), (120, 80, 93.3), (100, 70, 80), (180, 110, 133.3)]
)
def test_mean_pressure_lies_a_third_above_the_diastolic(
    sbp: float, dbp: float, mean: float
) -> None:
    assert mean_pressure(sbp, dbp) == mean


@each
def test_ranges_lie_in_one_another(vital: VitalSign) -> None:
    """Likely within what a person may enter, and that within what a device may send."""
    (low, high), (typed_low, typed_high) = vital.reject, vital.manual_reject
    likely_low, likely_high = vital.likely
    assert low <= typed_low <= likely_low < likely_high <= typed_high <= high
    assert not any(low <= sentinel <= high for sentinel in SENTINELS)
    assert not (vital.zero_is_no_signal and low <= 0)


@each
def test_limits_may_only_be_moved_where_values_can_be(vital: VitalSign) -> None:
    lines = KETAMINE_ADULT.lines.get(vital.code, ())
    low, high = vital.reject
    assert all(low <= line.value <= high for line in lines)
    if vital.limit_bounds is not None:
        lowest, highest = vital.limit_bounds
        assert low <= lowest < highest <= high
        assert vital.limit_gap > 0
        assert vital.kind != "typed" or vital.code == "temp"


@each
def test_score_has_whole_numbers_and_a_scale(vital: VitalSign) -> None:
    assert (vital.scale is not None) == vital.integer == (vital.ucum == "{score}")
    if vital.score_labels is not None:
        low, high = vital.reject
        assert sorted(vital.score_labels) == list(range(int(low), int(high) + 1))


@each
def test_delays_are_of_streams_only_and_shorter_the_worse_it_is(vital: VitalSign) -> None:
    delays = vital.delays
    if vital.kind == "streamed":
        assert 0 < delays["critical"] <= delays["warning"] <= delays["relative"]
    else:
        assert set(delays.values()) == {0}
