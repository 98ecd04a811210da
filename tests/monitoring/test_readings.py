"""Is this a reading? What is impossible is refused or set apart, what is unlikely asks to be
confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from app.monitoring.commands import RecordReading
from app.monitoring.errors import InvalidRequest, NoUsableValues
from app.monitoring.readings import LostSignals, Reading, Rejected, check, lost_signals
from app.monitoring.times import parse_iso
from tests.monitoring.refusals import values as codes

Values = Mapping[str, float | None]

# vital: a device's range, a person's range
POSSIBLE: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "hr": ((1, 350), (20, 300)),
    "sbp": ((30, 300), (30, 300)),
    "dbp": ((10, 220), (10, 220)),
    "map": ((15, 250), (15, 250)),
    "spo2": ((1, 100), (30, 100)),
    "rr": ((1, 100), (1, 100)),
    "etco2": ((0, 150), (0, 150)),
    "temp": ((25, 45), (25, 45)),
    "o2_flow": ((0, 25), (0, 25)),
    "sedation": ((0, 5), (0, 5)),
    "dissociation": ((0, 4), (0, 4)),
    "pain": ((0, 10), (0, 10)),
}
# vital: likely range, step that is one outside, change within 5 min that asks
LIKELY = {
    "hr": (35, 180, 1, 50),
    "sbp": (70, 220, 1, 50),
    "dbp": (35, 130, 1, 40),
    "map": (45, 160, 1, 40),
    "spo2": (80, 100, 1, 10),
    "rr": (6, 40, 1, 15),
    "etco2": (15, 70, 1, 20),
    "temp": (34.0, 40.5, 0.1, 1.0),
}
SCORES = ("sedation", "dissociation", "pain")
NOW = parse_iso("2026-11-22T10:00:00.000Z")
NOTHING: Values = {}


def reading(
    command: RecordReading,
    *,
    before: dict[str, tuple[float, int]] | None = None,
    driven: bool = False,
) -> Reading:
    return check(command, id="r", newest=(before or {}).get, now=NOW, driven=driven)


def typed(told: Values = NOTHING, /, *, confirmed: bool = False, **values: float | None) -> Reading:
    return reading(RecordReading({**told, **values}, confirmed=confirmed))


def sent(**values: float | None) -> Reading:
    return reading(RecordReading(values, source="device", device="mon-03"))


def outside(vital: str, span: tuple[float, float]) -> list[float]:
    step = 1 if vital in SCORES else 0.1
    return [span[0] - step, span[1] + step]


@pytest.mark.parametrize("vital", POSSIBLE)
def test_person_may_enter_what_is_possible_and_nothing_else(vital: str) -> None:
    _, span = POSSIBLE[vital]
    for value in span:
        assert typed({vital: value}).values == {vital: value}
    for value in outside(vital, span):
        with pytest.raises(InvalidRequest) as refused:
            typed({vital: value})
        assert codes(refused) == [(vital, "implausible")]


@pytest.mark.parametrize("vital", POSSIBLE)
def test_devices_impossible_value_is_set_apart_and_the_others_stand(vital: str) -> None:
    span, _ = POSSIBLE[vital]
    other = {"temp": 36.6} if vital not in ("temp", "spo2") else {"hr": 80.0}
    for value in span:
        pulse = {"hr": 80.0} if vital == "spo2" else {}
        assert sent(**{vital: value}, **pulse).values[vital] == value
    for value in outside(vital, span):
        if value in (0, -1):
            continue  # a zero or a sentinel, told below
        kept = sent(**{vital: value}, **other)
        assert kept.values == other
        assert kept.rejected == (Rejected(vital, value, "implausible"),)


def test_every_field_is_named_once_and_nothing_is_kept() -> None:
    with pytest.raises(InvalidRequest) as refused:
        typed(hr=5, spo2=150, sbp=120, dbp=130, rr=14)
    assert codes(refused) == [
        ("hr", "implausible"),
        ("spo2", "implausible"),
        ("dbp", "inconsistent"),
    ]
    with pytest.raises(InvalidRequest) as refused:
        typed(sbp=500, dbp=600)
    assert codes(refused) == [("sbp", "implausible"), ("dbp", "implausible")]


@pytest.mark.parametrize(("sbp", "dbp", "wrong"), [(20, 80, "sbp"), (120, 230, "dbp")])
def test_impossible_pressure_is_not_told_twice(sbp: float, dbp: float, wrong: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        typed(sbp=sbp, dbp=dbp)
    assert codes(refused) == [(wrong, "implausible")]


@pytest.mark.parametrize("vital", SCORES)
def test_scores_are_whole_numbers(vital: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        typed({vital: 2.5})
    assert codes(refused) == [(vital, "not_whole")]
    kept = sent(hr=80, **{vital: 2.5})
    assert kept.rejected == (Rejected(vital, 2.5, "implausible"),)


def test_decimals_are_kept_as_sent() -> None:
    assert sent(hr=81.7, spo2=96.4).values == {"hr": 81.7, "spo2": 96.4}


@pytest.mark.parametrize("vital", ["hr", "spo2", "rr"])
def test_zero_of_a_device_is_no_signal(vital: str) -> None:
    kept = sent(temp=36.6, **{vital: 0})
    assert kept.values == {"temp": 36.6}
    assert kept.rejected == (Rejected(vital, 0, "no_signal"),)


@pytest.mark.parametrize("vital", ["etco2", "o2_flow", "sedation", "pain"])
def test_zero_is_a_value_where_it_can_be_one(vital: str) -> None:
    assert sent(**{vital: 0}).values == {vital: 0}


@pytest.mark.parametrize("value", [-999, -100, -1, 8388607])
def test_sentinels_of_monitors_are_no_values(value: float) -> None:
    kept = sent(hr=80, spo2=value, temp=value)
    assert kept.values == {"hr": 80}
    assert kept.rejected == (
        Rejected("spo2", value, "sentinel"),
        Rejected("temp", value, "sentinel"),
    )


@pytest.mark.parametrize("pulse", [{}, {"hr": None}, {"hr": 0}, {"hr": -999}])
def test_low_saturation_without_a_pulse_is_a_probe_that_is_off(
    pulse: dict[str, float | None],
) -> None:
    kept = sent(temp=36.6, spo2=49, **pulse)
    assert kept.values == {"temp": 36.6}
    assert Rejected("spo2", 49, "no_signal") in kept.rejected


@pytest.mark.parametrize(("value", "code"), [(1, "no_signal"), (-5, "implausible")])
def test_saturation_without_a_pulse_that_is_below_all_is_no_measurement(
    value: float, code: str
) -> None:
    assert sent(temp=36.6, spo2=value).rejected == (Rejected("spo2", value, code),)


def test_low_saturation_with_a_pulse_and_half_saturation_without_are_values() -> None:
    assert sent(spo2=49, hr=60).values == {"spo2": 49, "hr": 60}
    assert sent(spo2=50).values == {"spo2": 50}


@pytest.mark.parametrize(("hr", "spo2"), [(80, 97), (80, 49), (1, 1), (350, 100)])
def test_no_breath_with_pulse_and_saturation_is_apnoea_and_no_lost_signal(
    hr: float, spo2: float
) -> None:
    kept = sent(rr=0, hr=hr, spo2=spo2)
    assert kept.values == {"rr": 0, "hr": hr, "spo2": spo2}
    assert kept.rejected == ()
    assert "rr" in kept.unconfirmed


@pytest.mark.parametrize(
    "others",
    [
        {"hr": 80},
        {"spo2": 97},
        {"hr": 0, "spo2": 97},
        {"hr": -999, "spo2": 97},
        {"hr": 80, "spo2": 0},
        {"hr": 80, "spo2": -999},
        {"hr": 80, "spo2": 8388607},
        {"hr": 80, "spo2": 120},
        {"hr": 400, "spo2": 97},
        {"hr": 80, "spo2": None},
    ],
)
def test_no_breath_without_both_is_a_lost_signal(others: dict[str, float | None]) -> None:
    assert Rejected("rr", 0, "no_signal") in sent(temp=36.6, rr=0, **others).rejected


def test_only_the_breath_may_be_none_at_all() -> None:
    assert Rejected("hr", 0, "no_signal") in sent(hr=0, spo2=97, rr=15).rejected
    with pytest.raises(InvalidRequest) as refused:
        typed(rr=0, hr=80, spo2=97)
    assert codes(refused) == [("rr", "implausible")]


@pytest.mark.parametrize("dbp", [120, 130])
def test_diastolic_not_below_systolic_is_refused_from_a_person_and_set_apart_from_a_device(
    dbp: float,
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        typed(sbp=120, dbp=dbp)
    assert codes(refused) == [("dbp", "inconsistent")]
    kept = sent(hr=80, sbp=120, dbp=dbp, map=123)
    assert kept.values == {"hr": 80}
    assert {(r.vital, r.code) for r in kept.rejected} == {
        ("sbp", "inconsistent"),
        ("dbp", "inconsistent"),
        ("map", "inconsistent"),
    }


@pytest.mark.parametrize(
    ("sbp", "dbp", "mean"),
    [(120, 80, 93.3), (160, 100, 120.0), (180, 110, 133.3), (90, 50, 63.3), (128, 79, 95.3)],
)
def test_mean_pressure_is_derived_and_marked(sbp: float, dbp: float, mean: float) -> None:
    kept = typed(sbp=sbp, dbp=dbp)
    assert (kept.values["map"], kept.derived) == (mean, ("map",))


def test_measured_mean_pressure_is_preferred() -> None:
    kept = sent(sbp=120, dbp=80, map=97)
    assert (kept.values["map"], kept.derived) == (97, ())
    assert typed(sbp=120).values == {"sbp": 120}


def test_rejected_mean_pressure_is_derived_anew() -> None:
    kept = sent(sbp=120, dbp=80, map=-999)
    assert (kept.values["map"], kept.derived) == (93.3, ("map",))


@pytest.mark.parametrize("vital", LIKELY)
def test_unlikely_value_asks_to_be_confirmed(vital: str) -> None:
    low, high, step, _ = LIKELY[vital]
    for value in (low, high):
        assert typed({vital: value}).unconfirmed == ()
    for value in (low - step, high + step):
        if value > POSSIBLE[vital][1][1]:
            continue
        assert typed({vital: value}).unconfirmed == (vital,)
        assert typed({vital: value}, confirmed=True).unconfirmed == ()


@pytest.mark.parametrize("vital", LIKELY)
def test_jump_within_five_minutes_asks_to_be_confirmed(vital: str) -> None:
    low, _, step, jump = LIKELY[vital]
    before = low + step
    command = RecordReading({vital: before + jump + step})
    for ago_s, doubtful in ((0, True), (299, True), (300, False), (-1, False)):
        told = reading(command, before={vital: (before, NOW - ago_s * 1000)})
        assert told.unconfirmed == ((vital,) if doubtful else ())
    just = RecordReading({vital: before + jump})
    assert reading(just, before={vital: (before, NOW - 1000)}).unconfirmed == ()
    assert (
        reading(
            RecordReading(command.values, confirmed=True), before={vital: (before, NOW)}
        ).unconfirmed
        == ()
    )


@pytest.mark.parametrize(
    ("pair", "doubtful"),
    [
        ({"sbp": 100, "dbp": 85}, ()),
        ({"sbp": 100, "dbp": 86}, ("sbp", "dbp")),
        ({"sbp": 200, "dbp": 80}, ()),
        ({"sbp": 200, "dbp": 79}, ("sbp", "dbp")),
        ({"sbp": 120, "dbp": 80, "map": 108.3}, ()),
        ({"sbp": 120, "dbp": 80, "map": 108.4}, ("map",)),
        ({"sbp": 120, "dbp": 80, "map": 79}, ("map",)),
        ({"sbp": 118, "dbp": 100, "map": 119}, ("map",)),
        ({"sbp": 120, "dbp": 80, "map": 80}, ()),
        ({"sbp": 100, "dbp": 85, "map": 100}, ()),
        ({"sbp": 120, "dbp": 80, "map": 170}, ("map",)),
        ({"sbp": 225, "dbp": 80}, ("sbp", "dbp")),
        ({"hr": 190, "sbp": 200, "dbp": 79}, ("hr", "sbp", "dbp")),
    ],
)
def test_pressures_that_do_not_fit_ask_to_be_confirmed(
    pair: dict[str, float], doubtful: tuple[str, ...]
) -> None:
    assert typed(pair).unconfirmed == doubtful


def test_what_was_not_measured_is_dropped() -> None:
    assert typed(hr=80, spo2=None).values == {"hr": 80}


@pytest.mark.parametrize("values", [{}, {"hr": None}])
def test_reading_without_any_value_is_refused(values: dict[str, float | None]) -> None:
    with pytest.raises(NoUsableValues) as refused:
        typed(values)
    assert codes(refused) == []


def test_reading_with_nothing_usable_says_why_of_each_value() -> None:
    with pytest.raises(NoUsableValues) as refused:
        sent(hr=0, spo2=-999, rr=150, temp=None)
    assert codes(refused) == [("hr", "no_signal"), ("spo2", "sentinel"), ("rr", "implausible")]


def test_source_is_told_by_the_device() -> None:
    assert typed(hr=80).origin == "manual"
    named = reading(RecordReading({"hr": 80}, device="mon-03"))
    assert (named.source, named.origin) == ("device", "device:mon-03")
    unnamed = reading(RecordReading({"hr": 80}, source="device"))
    assert unnamed.origin == "device:"


def test_reading_keeps_what_it_came_with() -> None:
    command = RecordReading(
        {"hr": 80}, device="mon-03", interval_s=5, weak=("spo2",), cuff_inflating=True
    )
    kept = check(command, id="r-1", newest=lambda _: None, now=NOW, driven=False)
    assert (kept.id, kept.device, kept.interval_s) == ("r-1", "mon-03", 5)
    assert (kept.weak, kept.cuff_inflating, kept.confirmed) == (("spo2",), True, False)


def test_only_a_device_has_weak_signals_and_a_cuff_of_its_own() -> None:
    command = RecordReading({"hr": 80}, weak=("spo2",), cuff_inflating=True)
    assert (reading(command).weak, reading(command).cuff_inflating) == ((), False)
    assert not sent(hr=80).cuff_inflating


def lost(
    told: Values, *, device: str | None = "mon-03", driven: bool = False
) -> LostSignals | None:
    command = RecordReading(told, device=device, taken_at=NOW - 423_000, sent_at=NOW - 420_000)
    return lost_signals(command, now=NOW, driven=driven)


def test_reading_with_nothing_but_no_signal_tells_which_are_gone() -> None:
    told = lost({"hr": 0, "spo2": -999, "rr": 150, "temp": None})
    assert told == LostSignals("mon-03", NOW - 3_000, ("hr", "spo2"))
    assert told.origin == "device:mon-03"
    driven = lost({"hr": 0}, driven=True)
    assert driven == LostSignals("mon-03", NOW - 423_000, ("hr",))


def test_lost_signals_are_of_devices_only() -> None:
    assert lost({"hr": 0}, device=None) is None
    unnamed = lost_signals(
        RecordReading({"hr": 0}, source="device"), now=NOW, driven=False, known_skew=5_000
    )
    assert unnamed == LostSignals(None, NOW, ("hr",))
    assert unnamed.origin == "device:"


@pytest.mark.parametrize("told", [{}, {"hr": None}, {"rr": 150}, {"sbp": 80, "dbp": 90}])
def test_values_that_are_only_impossible_do_not_say_that_a_signal_is_gone(told: Values) -> None:
    assert lost(told) is None
