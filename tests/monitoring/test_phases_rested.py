"""Values that came in a mistaken phase: they were taken where the patient really was."""

from __future__ import annotations

from tests.monitoring.test_phase_corrections import rested, stepped_again
from tests.monitoring.ward import RESTED, Ward, reading_event


def test_a_set_taken_in_a_mistaken_ready_is_one_at_rest() -> None:
    """Nobody has to type it again, and the next baseline is of what was taken last."""
    ward = rested(sbp=166)
    ward.types(60, {**RESTED, "sbp": 140})
    ward.takes_back(120, "ready")
    ward.phase("ready", 130)
    assert ward.public["baseline"]["sbp"] == 153
    stepped_again(ward)
    bare = Ward()
    bare.phase("checked_in", 0)
    bare.phase("baseline", 1)
    bare.phase("ready", 2, override_reason="slip")
    bare.phase("infusing", 3)
    said = bare.types(60, {**RESTED, "sbp": 140})
    for phase in ("infusing", "ready"):
        bare.takes_back(70, phase)
    bare.phase("ready", 80)
    assert bare.public["baseline"]["sbp"] == 140
    bare.amends(90, reading_event(said), {"sbp": 150})
    assert bare.public["baseline"]["sbp"] == 150
    stepped_again(bare)


def test_what_came_before_the_tap_counts_once() -> None:
    ward = rested(sbp=166)
    ward.types(4, {**RESTED, "sbp": 140})
    ward.takes_back(10, "ready")
    ward.phase("ready", 20, override_reason="slip")
    ward.takes_back(30, "ready")
    ward.phase("ready", 40)
    assert ward.public["baseline"]["sbp"] == 153
    stepped_again(ward)


def test_a_stream_counts_once_a_minute_here_too() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 1)
    ward.streams(range(2, 70), hr=60)
    ward.phase("ready", 70, override_reason="slip")
    ward.streams(range(71, 100), hr=90)
    ward.takes_back(100, "ready")
    ward.phase("ready", 101, override_reason="slip")
    assert ward.public["baseline"]["hr"] == 60
    ward.streams(range(102, 140), hr=90)
    ward.takes_back(140, "ready")
    ward.phase("ready", 141, override_reason="slip")
    assert ward.public["baseline"]["hr"] == 75
    stepped_again(ward)


def test_ready_that_made_no_baseline_takes_none_with_it() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 1)
    ward.phase("ready", 2, override_reason="slip")
    (said,) = ward.takes_back(3, "ready")
    assert said["data"]["redrawn"] is None
    ward.changes_limits(4, baseline={"sbp": 150})
    ward.phase("ready", 5, override_reason="slip")
    (said,) = ward.takes_back(6, "ready")
    assert said["data"]["redrawn"] is None
    assert ward.public["baseline"] == {"sbp": 150}
    stepped_again(ward)


def test_what_came_during_an_infusion_that_ran_is_not_at_rest() -> None:
    ward = rested(sbp=166)
    ward.phase("infusing", 4)
    ward.types(60, {**RESTED, "sbp": 140})
    ward.phase("paused", 70)
    ward.takes_back(80, "paused")
    assert ward.public["baseline"]["sbp"] == 166
    assert ward.state.rested["sbp"][-1].value == 166
