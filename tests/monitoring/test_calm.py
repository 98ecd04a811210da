"""The short way of a calm reading: taken by a calm stream, left wherever it could differ from the
long one. That both make the same step wherever it is taken, every life of the laws asks.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from app.monitoring.calm import calm_step
from app.monitoring.commands import Actor, AttachDevice, ChangePhase, DetachDevice, RecordReading
from app.monitoring.engine import Tick, long_step, step
from app.monitoring.in_force import limits_of
from app.monitoring.newest import newest_value
from app.monitoring.readings import PLAIN, Reading, Rejected, _why_not, check
from app.monitoring.vitals import SENTINELS, VITALS
from tests.monitoring.telling import NURSE, RESTED, TEN, begin, checked

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.monitoring.state import State

MONITOR = Actor("device", "mon-01", "mon-01")
STREAM = {"hr": 78, "rr": 15, "spo2": 98}


def given(state: State, command: Any, now: int = TEN) -> State:
    return step(state, command, limits_of(state), now, NURSE).state


def told(state: State, now: int, **changes: Any) -> Reading:
    """A message of the stream as it is just now."""
    sent = RecordReading(
        {**STREAM, **changes.pop("values", {})}, taken_at=now, device="mon-01", interval_s=1
    )
    newest = partial(newest_value, state)
    reading = check(replace(sent, **changes), id="r", newest=newest, now=now, driven=False)
    return replace(reading, values=dict(sorted(reading.values.items())))


@pytest.fixture
def streaming() -> State:
    """A session that infuses, of which a monitor has told ten seconds."""
    state = begin().state
    for to in ("checked_in", "baseline"):
        state = given(state, ChangePhase(to))
    state = given(state, checked(state, RecordReading(RESTED, taken_at=TEN), TEN))
    for to in ("ready", "infusing"):
        state = given(state, ChangePhase(to))
    for second in range(10):
        now = TEN + second * 1_000
        state = given(state, told(state, now), now)
    return state


NOW = TEN + 10_000


def short(state: State, reading: Reading, now: int = NOW) -> Any:
    return calm_step(state, reading, limits_of(state), now, MONITOR)


def test_a_calm_message_takes_the_short_way_and_says_the_same(streaming: State) -> None:
    reading = told(streaming, NOW)
    made = short(streaming, reading)
    assert repr(made) == repr(long_step(streaming, reading, limits_of(streaming), NOW, MONITOR))
    assert made == step(streaming, reading, limits_of(streaming), NOW, MONITOR)
    assert [event.kind for event in made.events] == ["reading.recorded"]


def test_so_does_every_second_of_a_calm_minute_but_those_in_which_something_is_due(
    streaming: State,
) -> None:
    state, shortly = streaming, 0
    for second in range(10, 70):
        now = TEN + second * 1_000
        reading = told(state, now, values={"spo2": 97 + second % 2})
        made = short(state, reading, now)
        at_length = long_step(state, reading, limits_of(state), now, MONITOR)
        assert made is None or repr(made) == repr(at_length)
        shortly += made is not None
        state = at_length.state
    assert shortly > 50


def test_the_last_cuff_measurement_told_again_is_calm(streaming: State) -> None:
    pressures = {"sbp": 122, "dbp": 78}
    state, short_ways = streaming, []
    for second in range(10, 15):
        now = TEN + second * 1_000
        reading = told(state, now, values=pressures)
        made = short(state, reading, now)
        at_length = long_step(state, reading, limits_of(state), now, MONITOR)
        assert made is None or repr(made) == repr(at_length)
        short_ways.append(made is not None)
        state = at_length.state
    assert short_ways == [False, True, True, True, True]
    now = TEN + 15_000
    assert short(state, told(state, now, values={**pressures, "sbp": None}), now) is None


def test_a_calm_measurement_of_the_cuff_takes_the_short_way_and_says_the_same(
    streaming: State,
) -> None:
    state = streaming
    for second, sbp in ((10, 122), (11, 122), (12, 123), (13, 123), (14, 124)):
        now = TEN + second * 1_000
        reading = told(state, now, values={"sbp": sbp, "dbp": 78})
        at_length = long_step(state, reading, limits_of(state), now, MONITOR)
        if second > 10:  # the first brings vitals that were not there
            assert repr(short(state, reading, now)) == repr(at_length)
        state = at_length.state
    assert state.devices["mon-01"].cuff_at == TEN + 14_000


def test_a_calm_message_that_was_overtaken_takes_the_short_way_and_says_the_same(
    streaming: State,
) -> None:
    reading = told(streaming, NOW, taken_at=NOW - 1_001)
    made = short(streaming, reading)
    assert repr(made) == repr(long_step(streaming, reading, limits_of(streaming), NOW, MONITOR))
    assert made.events[0].data["superseded"] == ["hr", "rr", "spo2"]
    assert made.state.samples is streaming.samples


@pytest.mark.parametrize("seed", range(6))
def test_of_two_lines_from_one_monitor_both_ways_say_the_same(streaming: State, seed: int) -> None:
    """One line is some seconds behind, so that streamed values are overtaken and pressures are
    not, or the other way round.
    """
    dice = random.Random(seed)
    state, now, shortly = streaming, NOW, 0
    for _ in range(300):
        now += dice.choice([1, 100, 1_000])
        step_of_cuff = (now - NOW) // 20_000
        values = {"hr": dice.choice([75, 78]), "sbp": 120 + step_of_cuff % 3, "dbp": 78}
        if dice.random() < 0.1:
            del values["sbp"], values["dbp"]
        behind = dice.choice([0, 0, 1, 90, 2_000, 14_000])
        interval_s = 5 if dice.random() < 0.05 else 1
        reading = told(state, now, values=values, taken_at=now - behind, interval_s=interval_s)
        made = short(state, reading, now)
        at_length = long_step(state, reading, limits_of(state), now, MONITOR)
        assert made is None or repr(made) == repr(at_length)
        shortly += made is not None
        state = at_length.state
    assert shortly > 50  # else little was compared


@pytest.mark.parametrize("seed", range(6))
def test_in_any_course_both_ways_say_the_same(streaming: State, seed: int) -> None:
    """A monitor with a cuff, which now and then leaves its course, is late, or is not alone."""
    dice = random.Random(seed)
    state, now, shortly = streaming, NOW, 0
    pressures = {"sbp": 122, "dbp": 78}
    for _ in range(300):
        now += dice.choice([1, 1_000, 1_000, 1_000, 5_000])
        if dice.random() < 0.03:
            pressures = {"sbp": dice.choice([122, 126, 190]), "dbp": dice.choice([78, 80])}
        values: dict[str, Any] = {
            "hr": dice.choice([75, 78]),
            "spo2": 90 if dice.random() < 0.02 else 98,
        }
        values |= pressures if dice.random() < 0.97 else {}
        if dice.random() < 0.03:
            values["rr"] = None
        changes: dict[str, Any] = {"values": values}
        if dice.random() < 0.03:
            changes["taken_at"] = now - dice.choice([500, 3_000, 20_000, 500_000])
        if dice.random() < 0.03:
            changes |= {"device": "mon-02"}
        if dice.random() < 0.02:
            changes |= {"source": "manual", "device": None}
        if dice.random() < 0.02:
            changes |= {"cuff_inflating": True, "weak": ("spo2",)}
        reading = told(state, now, **changes)
        made = short(state, reading, now)
        at_length = long_step(state, reading, limits_of(state), now, MONITOR)
        assert made is None or repr(made) == repr(at_length)
        shortly += made is not None
        state = at_length.state
    assert shortly > 20  # else little was compared


MORE_THAN_CALM: dict[str, Callable[[State], tuple[State, Reading]]] = {
    "beyond a limit": lambda s: (s, told(s, NOW, values={"spo2": 84})),
    "at the edge of the calm band": lambda s: (
        s,
        told(s, NOW, values={"spo2": limits_of(s).bands["spo2"].low}),
    ),
    "another vital": lambda s: (s, told(s, NOW, values={"etco2": 38})),
    "a vital less": lambda s: (s, told(s, NOW, values={"rr": None})),
    "a cuff measurement": lambda s: (s, told(s, NOW, values={"sbp": 120, "dbp": 78})),
    "the cuff inflates": lambda s: (s, told(s, NOW, cuff_inflating=True)),
    "another interval": lambda s: (s, told(s, NOW, interval_s=2)),
    "another device": lambda s: (s, told(s, NOW, device="mon-02")),
    "typed": lambda s: (s, told(s, NOW, source="manual", device=None)),
    "told late": lambda s: (s, told(s, NOW, taken_at=NOW - 16_000)),
    "another clock": lambda s: (s, replace(told(s, NOW), skew_ms=5_000)),
    "a value set apart": lambda s: (
        s,
        replace(told(s, NOW), rejected=(Rejected("etco2", -1, "sentinel"),)),
    ),
    "stepped again": lambda s: (s, replace(told(s, NOW), kept_seq=7)),
    "something due": lambda s: (replace(s, next_due_at=NOW), told(s, NOW)),
    "nothing due": lambda s: (replace(s, next_due_at=None), told(s, NOW)),
    "closed": lambda s: (replace(s, closed_at=TEN), told(s, NOW)),
    "at rest": lambda s: (replace(s, phase="baseline"), told(s, NOW)),
    "about to begin": lambda s: (replace(s, phase="ready"), told(s, NOW)),
    "a signal lost": lambda s: (replace(s, lost={"etco2": {"device:mon-01": TEN}}), told(s, NOW)),
    "detached": lambda s: (given(s, DetachDevice("mon-01", "story"), NOW - 1), told(s, NOW)),
    "never told the time": lambda s: (replace(s, clock="driven", now=0), told(s, NOW)),
    "an excursion under way": lambda s: (
        given(s, told(s, NOW, values={"spo2": 84}), NOW),
        told(s, NOW, values={"spo2": 98}),
    ),
}


@pytest.mark.parametrize("name", MORE_THAN_CALM)
def test_what_is_more_than_calm_goes_the_long_way(streaming: State, name: str) -> None:
    state, reading = MORE_THAN_CALM[name](streaming)
    assert short(state, reading) is None


def test_a_fresh_value_that_ends_an_alarm_goes_the_long_way(streaming: State) -> None:
    """The monitor is silent until that is said, and then comes back."""
    state = streaming
    while not state.alarms:
        assert state.next_due_at is not None
        state = given(state, Tick(), state.next_due_at)
    now = state.now + 1_000
    assert short(replace(state, next_due_at=now + 1), told(state, now), now) is None


@pytest.mark.parametrize("vital", VITALS)
def test_a_plain_value_is_a_measurement(vital: str) -> None:
    low, high = PLAIN[vital]
    if low > high:
        return
    assert not any(low <= value <= high for value in SENTINELS)
    for value in (low, (low + high) / 2, high):
        assert _why_not(VITALS[vital], value, {vital: value}) is None


def test_with_a_probe_only_a_strong_pulse_is_calm(streaming: State) -> None:
    state = given(streaming, AttachDevice("mon-01", "left_arm", "right_arm"), NOW - 1)
    state = given(state, told(state, NOW), NOW)
    now = NOW + 1_000
    assert short(state, told(state, now), now) is not None
    assert short(state, told(state, now, weak=("spo2",)), now) is None
