"""A device's clock that cannot be right, and one that was set right: no value is refused or hidden
for it, and none that is old looks new.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.monitoring.commands import RecordReading
from app.monitoring.device_times import by_our_clock, known_skew
from app.monitoring.readings import check, lost_signals
from app.monitoring.state import DeviceSeen
from app.monitoring.times import parse_iso

NOW = parse_iso("2026-11-22T10:00:00.000Z")
DAY = 86_400
WRAP = 2**32 / 1_000
FIRST, LAST = parse_iso("2000-01-01T00:00:00.000Z"), parse_iso("2100-01-01T00:00:00.000Z")


def at(seconds: float) -> int:
    return NOW + round(seconds * 1_000)


def device(taken: float | None, *, said: float | None = None) -> RecordReading:
    """A device's reading; times by its own clock, in seconds from our now."""
    return RecordReading(
        {"hr": 80},
        device="mon-07",
        taken_at=None if taken is None else at(taken),
        sent_at=None if said is None else at(said),
    )


def times(command: RecordReading, known_skew_s: float = 0) -> tuple[float, float]:
    """When it was taken, in seconds from now, and the skew."""
    said = NOW if command.taken_at is None else command.taken_at
    taken_at, skew = by_our_clock(command, said, NOW, round(known_skew_s * 1_000))
    return (taken_at - NOW) / 1_000, skew / 1_000


@pytest.mark.parametrize("taken", [-DAY - 0.001, -WRAP, -10 * WRAP, 2.001, 3_600, 400 * DAY])
def test_time_that_cannot_be_is_now_and_tells_how_wrong_the_clock_is(taken: float) -> None:
    assert times(device(taken)) == (0, -taken)


@pytest.mark.parametrize("taken", [-DAY, -3_600, -0.5, 0, 2])
def test_time_within_a_day_is_believed(taken: float) -> None:
    assert times(device(taken)) == (taken, 0)


def test_clock_that_was_corrected_by_a_day_stays_so() -> None:
    assert times(device(-WRAP - 4), WRAP) == (-4, WRAP)
    assert times(device(-WRAP - 2 * 3_600), WRAP) == (-2 * 3_600, WRAP)  # kept while offline


@pytest.mark.parametrize("skew", [WRAP, -2 * DAY, 420, 10])
def test_clock_that_was_set_right_is_believed_where_the_correction_cannot_be(skew: float) -> None:
    assert times(device(-1), skew) == (-1, 0)


def test_reading_that_came_faster_than_the_last_is_of_now_and_corrects_the_correction() -> None:
    """The skew was learnt from a reading that was 5 s on its way."""
    assert times(device(-420), 425) == (0, 420)
    assert times(device(-420), 422) == (2, 422)  # as little is the network's


def test_clock_set_from_one_wrong_time_to_another_is_learnt_anew() -> None:
    assert times(device(3_600), WRAP) == (0, -3_600)
    assert times(device(-WRAP), -3_600) == (0, WRAP)


@pytest.mark.parametrize("off", [-WRAP, -420, 420, 400 * DAY])
def test_clock_that_tells_what_it_shows_is_corrected_by_that_however_old(off: float) -> None:
    assert times(device(off - 2 * DAY, said=off)) == (-2 * DAY, -off)
    assert times(device(off - 1, said=off), 99) == (-1, -off)


@pytest.mark.parametrize("taken_at", [FIRST - 1, LAST + 1])
def test_time_of_no_day_that_can_be_is_of_now_though_the_clock_is_told(taken_at: int) -> None:
    command = replace(device(None, said=0), taken_at=taken_at)
    assert times(command) == (0, (NOW - taken_at) / 1_000)
    assert times(replace(command, taken_at=FIRST)) == ((FIRST - NOW) / 1_000, 0)


def test_reading_without_a_time_is_of_now() -> None:
    assert times(device(None), 420) == (0, 420)


def test_signals_that_are_lost_by_a_wrong_clock_are_lost_now() -> None:
    command = RecordReading({"hr": 0}, device="mon-07", taken_at=5_000)
    lost = lost_signals(command, now=NOW, driven=False)
    assert lost is not None
    assert lost.taken_at == NOW


def test_time_before_this_century_is_kept_as_the_devices_own() -> None:
    command = RecordReading({"hr": 80}, device="mon-07", taken_at=-2_208_988_800_000)
    kept = check(command, id="r", newest=lambda _: None, now=NOW, driven=False)
    assert (kept.taken_at, kept.device_time) == (NOW, -2_208_988_800_000)


FAST = DeviceSeen(skew_ms=-600_000, last_at=at(-70), late_since=at(-60))
"""Ten minutes fast until 70 s ago; for a minute all has looked ten minutes old."""


def test_clock_that_was_set_back_is_believed_after_a_minute_of_late_values() -> None:
    assert known_skew(FAST, device(-1), NOW) == 0
    assert known_skew(FAST, device(-15), NOW) == 0
    assert known_skew(FAST, device(15), NOW) == 0


@pytest.mark.parametrize(
    ("seen", "taken"),
    [
        (replace(FAST, late_since=at(-59.999)), -1),  # a burst is over by then
        (replace(FAST, late_since=None), -1),
        (FAST, -15.001),  # not of now
        (FAST, 15.001),
        (replace(FAST, last_at=at(-601)), -1),  # what it kept comes in order: not set back
        (replace(FAST, last_at=None), -1),
    ],
)
def test_what_a_device_kept_is_not_taken_for_a_clock_set_back(
    seen: DeviceSeen, taken: float
) -> None:
    assert known_skew(seen, device(taken), NOW) == -600_000


def test_cuff_whose_clock_was_set_back_is_believed_at_once() -> None:
    alone = replace(FAST, last_at=at(-240), late_since=None)  # no stream tells that all comes late
    pressure = replace(device(-1), values={"sbp": 190, "dbp": 115})
    assert known_skew(alone, pressure, NOW) == 0
    assert known_skew(alone, replace(pressure, values={"sbp": 190, "hr": 80}), NOW) == -600_000
    kept = replace(pressure, taken_at=at(400))  # ten minutes fast still: of 200 s ago
    assert known_skew(alone, kept, NOW) == -600_000
    assert known_skew(replace(alone, last_at=at(-601)), pressure, NOW) == -600_000


def test_reading_without_a_time_or_a_device_not_heard_of_has_what_is_known() -> None:
    assert known_skew(FAST, device(None), NOW) == -600_000
    assert known_skew(None, device(-1), NOW) == 0
