"""When was it taken? The times that people and devices give, by our clock."""

from __future__ import annotations

import pytest

from app.monitoring.commands import RecordReading
from app.monitoring.errors import InvalidRequest, TakenInFuture
from app.monitoring.readings import Reading, check
from app.monitoring.times import parse_iso
from tests.monitoring.refusals import fields

NOW = parse_iso("2026-11-22T10:00:00.000Z")
FIRST, LAST = parse_iso("2000-01-01T00:00:00.000Z"), parse_iso("2100-01-01T00:00:00.000Z")


def at(seconds: float) -> int:
    return NOW + round(seconds * 1000)


def reading(command: RecordReading, *, driven: bool = False, known_skew: int = 0) -> Reading:
    return check(
        command, id="r", newest=lambda _: None, now=NOW, driven=driven, known_skew=known_skew
    )


def test_person_may_be_a_minute_ahead() -> None:
    ahead = reading(RecordReading({"hr": 80}, taken_at=NOW + 60_000))
    assert ahead.taken_at == NOW  # or what is typed next would count as superseded
    assert ahead.device_time == NOW + 60_000
    with pytest.raises(TakenInFuture) as refused:
        reading(RecordReading({"hr": 80}, taken_at=NOW + 60_001))
    assert fields(refused) == [(("taken_at",), "in_future")]


def test_person_has_no_clock_of_their_own() -> None:
    """Skew is a device's: what a person says is when it was."""
    kept = reading(RecordReading({"hr": 80}, taken_at=at(-60), sent_at=at(-30)), known_skew=90_000)
    assert (kept.taken_at, kept.device_time, kept.skew_ms) == (at(-60), None, 0)


def test_person_is_ahead_of_no_wall_in_a_driven_session() -> None:
    kept = reading(RecordReading({"hr": 80}, taken_at=at(30)), driven=True)
    assert (kept.taken_at, kept.device_time) == (at(30), None)


@pytest.mark.parametrize("device", [None, "mon-07"])
@pytest.mark.parametrize("taken_at", [FIRST - 1, 5_000])
def test_time_before_this_century_is_refused(taken_at: int, device: str | None) -> None:
    command = RecordReading({"hr": 80}, taken_at=taken_at, device=device)
    with pytest.raises(InvalidRequest) as refused:
        reading(command, driven=True)
    assert fields(refused) == [(("taken_at",), "implausible")]


@pytest.mark.parametrize("device", [None, "mon-07"])
def test_time_after_this_century_is_refused(device: str | None) -> None:
    with pytest.raises(InvalidRequest) as refused:
        reading(RecordReading({"hr": 80}, taken_at=LAST + 1, device=device), driven=True)
    assert fields(refused) == [(("taken_at",), "implausible")]


@pytest.mark.parametrize("taken_at", [FIRST, LAST])
def test_driven_session_may_be_of_any_day_of_this_century(taken_at: int) -> None:
    command = RecordReading({"hr": 80}, taken_at=taken_at, device="mon-07")
    assert reading(command, driven=True).taken_at == taken_at
    assert reading(RecordReading({"hr": 80}, taken_at=FIRST)).taken_at == FIRST


def device(*, taken: float | None = None, said: float | None = None) -> RecordReading:
    """A device's reading; times by its own clock, in seconds from our now."""
    return RecordReading(
        {"hr": 80},
        device="mon-07",
        taken_at=None if taken is None else at(taken),
        sent_at=None if said is None else at(said),
    )


@pytest.mark.parametrize("off", [-420, -2.001, 2.001, 420])
def test_skew_of_a_devices_clock_is_taken_out_and_its_own_time_kept(off: float) -> None:
    kept = reading(device(taken=off - 3, said=off))
    assert kept.taken_at == at(-3)
    assert kept.device_time == at(off - 3)
    assert kept.skew_ms == round(-off * 1000)


@pytest.mark.parametrize("off", [-2, -0.4, 0, 1, 2])
def test_delay_of_the_network_is_left_alone(off: float) -> None:
    kept = reading(device(taken=off - 3, said=off))
    assert (kept.taken_at, kept.device_time, kept.skew_ms) == (at(off - 3), None, 0)


def test_driven_session_takes_the_feeds_times_as_they_are() -> None:
    kept = reading(device(taken=-423, said=-420), driven=True)
    assert (kept.taken_at, kept.device_time, kept.skew_ms) == (at(-423), None, 0)


def test_reading_without_a_time_is_of_now_whatever_the_devices_clock() -> None:
    kept = reading(device(said=-420))
    assert (kept.taken_at, kept.device_time, kept.skew_ms) == (NOW, None, 420_000)


def test_fast_device_that_gives_no_time_is_of_now_too() -> None:
    kept = reading(device(said=420))
    assert (kept.taken_at, kept.device_time, kept.skew_ms) == (NOW, None, -420_000)


def test_last_known_skew_holds_for_what_does_not_tell_its_clock() -> None:
    kept = reading(device(taken=-423), known_skew=420_000)
    assert (kept.taken_at, kept.device_time, kept.skew_ms) == (at(-3), at(-423), 420_000)
    newer = reading(device(taken=-3, said=0), known_skew=420_000)
    assert (newer.taken_at, newer.device_time, newer.skew_ms) == (at(-3), None, 0)


def test_device_that_lost_its_clock_is_corrected_by_what_it_says_itself() -> None:
    kept = reading(RecordReading({"hr": 80}, device="mon-07", taken_at=5_000, sent_at=6_000))
    assert (kept.taken_at, kept.device_time) == (at(-1), 5_000)


def test_nothing_was_measured_after_it_arrived() -> None:
    """A device that is fast and does not say so: its value is of now, so that no alarm waits for
    its clock.
    """
    kept = reading(device(taken=3600))
    assert (kept.taken_at, kept.device_time, kept.skew_ms) == (NOW, at(3600), -3_600_000)
    assert reading(device(taken=2)).taken_at == at(2)
    ahead = reading(device(taken=2.001))
    assert (ahead.taken_at, ahead.device_time, ahead.skew_ms) == (NOW, at(2.001), -2_001)


def test_value_taken_after_it_was_sent_is_of_now_and_keeps_the_skew() -> None:
    kept = reading(device(taken=-400, said=-420))
    assert (kept.taken_at, kept.device_time, kept.skew_ms) == (NOW, at(-400), 420_000)
