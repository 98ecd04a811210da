"""A driven session whose feed tells the time late: what came before it came then."""

from __future__ import annotations

from tests.monitoring.ward import Ward, at, clock_time


def untold() -> Ward:
    """Infusing, on a driven clock, and nobody has said when."""
    ward = Ward(clock="driven")
    for to in ("checked_in", "baseline", "ready", "infusing"):
        ward.phase(to, override_reason="told as a story")
    return ward


def test_first_reading_tells_when_everything_before_it_happened() -> None:
    ward = untold()
    began, recorded = ward.sends(-7200, hr=80, spo2=97)
    assert (began["kind"], recorded["kind"]) == ("clock.began", "reading.recorded")
    state = ward.public
    eight = clock_time(-7200)
    assert state["now"] == state["phase_since"] == state["infusing_since"] == eight
    assert {span["at"] for span in state["phases"]} == {eight}


def test_vitals_are_overdue_by_the_feeds_own_time() -> None:
    ward = untold()
    ward.sends(-7200, hr=80, spo2=97)
    said = ward.move_clock(-3600)
    assert "vitals_overdue" in {
        event["data"]["alarm"]["condition"] for event in said if event["kind"] == "alarm.raised"
    }


def test_phase_with_a_time_may_come_after_phases_without() -> None:
    ward = Ward(clock="driven")
    ward.phase("checked_in")
    began, changed = ward.phase("baseline", told_at=-7200)
    assert (began["kind"], changed["at"]) == ("clock.began", clock_time(-7200))
    assert ward.state.now == at(-7200)


def test_going_live_before_any_time_was_told_moves_nothing_back() -> None:
    ward = untold()
    since = ward.public["phase_since"]
    ward.wall = at(60)
    (moved,) = ward.move_clock(live=True)
    assert moved["kind"] == "clock.moved"
    assert ward.public["phase_since"] == since


def test_a_probe_that_only_says_no_signal_still_tells_the_time() -> None:
    ward = untold()
    ward.sends(-7200, spo2=97)
    said = [event for n in range(1, 33) for event in ward.says_no_signal(n - 7200, spo2=0)]
    assert ward.public["now"] == clock_time(32 - 7200)
    assert [e["data"]["vitals"] for e in said if e["kind"] == "signal.lost"] == [["spo2"]] + 31 * [
        []
    ]
    assert ward.alarm["condition"] == "signal_stale"


def test_an_ended_session_is_told_nothing_by_a_probe() -> None:
    ward = untold()
    ward.sends(-7200, spo2=97)
    ward.phase("transferred")
    assert ward.says_no_signal(-7100, spo2=0) == []
    assert ward.public["now"] == clock_time(-7200)
