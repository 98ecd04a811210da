"""Phase taps put right: given their true time, or taken back as if they had not been."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.monitoring.errors import (
    ClockNotBegun,
    DomainError,
    NothingToTakeBack,
    OutOfOrder,
    PhaseChanged,
    SessionClosed,
    TakenInFuture,
    TooLate,
)
from app.monitoring.rebuild import restep, state_of
from tests.monitoring.ward import (
    ANNA,
    CALM,
    RESTED,
    Json,
    Ward,
    clock_time,
    kinds,
    seconds_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

OF_PHASES = (
    *("phase", "phase_since", "phases", "infused_s", "infusing_since"),
    *("schedule", "schedule_since", "planned_end_passed_at"),
)
OF_BASELINE = ("baseline", "limits", "limits_to_review")


def infused(ward: Ward, seconds: float) -> float:
    """Seconds infused until then, as a screen works them out."""
    said = ward.public
    since = said["infusing_since"]
    running = 0.0 if since is None else seconds - seconds_of(since)
    return float(said["infused_s"]) + running


def told(ward: Ward, *fields: str) -> Json:
    return {field: ward.public[field] for field in fields}


def rested(*, sbp: float = 166) -> Ward:
    """Ready, with a baseline made of one set."""
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 1)
    ward.types(2, {**RESTED, "sbp": sbp})
    ward.phase("ready", 3)
    return ward


def stepped_again(ward: Ward) -> None:
    """The log alone makes the same state."""
    state, events = restep(ward.log)
    assert [event.kind for event in events] == [event["kind"] for event in ward.log]
    assert state == ward.state
    assert state_of(ward.log) == ward.state


# Told late


def test_an_infusion_that_began_before_the_tap_counts_from_then() -> None:
    ward = Ward.infusing(baseline=RESTED)
    ward.phase("paused", 600)
    ward.phase("infusing", 900)
    assert infused(ward, 1000) == 700
    (said,) = ward.corrects_phase(1000, 6, "infusing", 720, by=ANNA)
    assert (said["kind"], said["at"]) == ("phase.corrected", clock_time(1000))
    assert said["actor"]["id"] == "anna"
    data = said["data"]
    assert (data["entry"], data["phase"]) == (6, "infusing")
    assert (data["was"], data["at"]) == (clock_time(900), clock_time(720))
    assert infused(ward, 1000) == 600 + 280
    assert ward.public["infusing_since"] == ward.public["phase_since"] == clock_time(720)
    assert ward.public["phases"][6]["at"] == clock_time(720)
    stepped_again(ward)


def test_a_pause_in_the_past_is_moved_between_its_neighbours_only() -> None:
    ward = Ward.infusing()
    ward.phase("paused", 600)
    ward.phase("infusing", 900)
    ward.phase("completed", 1200)
    before = ward.state
    for began in (-1, 901):
        with pytest.raises(OutOfOrder):
            ward.corrects_phase(1300, 5, "paused", began)
    assert ward.state is before
    ward.corrects_phase(1300, 5, "paused", 0)
    assert ward.public["infused_s"] == 300
    ward.corrects_phase(1301, 5, "paused", 900)
    assert ward.public["infused_s"] == 1200
    assert ward.public["phase_since"] == clock_time(1200)
    stepped_again(ward)


def test_the_present_phase_cannot_begin_in_the_future() -> None:
    ward = Ward.infusing()
    with pytest.raises(TakenInFuture):
        ward.corrects_phase(100, 4, "infusing", 161)
    ward.corrects_phase(100, 4, "infusing", 160)  # a tablet's clock may run a minute fast
    assert infused(ward, 200) == 40


def test_a_phase_that_is_not_the_one_meant_is_not_moved() -> None:
    ward = Ward.infusing()
    for entry, phase in ((3, "infusing"), (4, "ready"), (5, "infusing")):
        with pytest.raises(PhaseChanged):
            ward.corrects_phase(10, entry, phase, 5)


def test_a_check_in_told_before_the_session_was_stays_movable() -> None:
    ward = Ward()
    ward.phase("checked_in", 10, told_at=-600)
    ward.corrects_phase(20, 1, "checked_in", -300)
    ward.corrects_phase(21, 1, "checked_in", -300)
    with pytest.raises(OutOfOrder):
        ward.corrects_phase(22, 1, "checked_in", -301)
    assert ward.public["phase_since"] == clock_time(-300)
    stepped_again(ward)


def test_what_is_due_counts_from_the_true_time() -> None:
    ward = Ward.infusing()
    ward.phase("completed", 2000)
    ward.phase("recovery", 2900)
    assert ward.public["schedule_since"] == clock_time(2000)  # both ask for the same
    ward.corrects_phase(2901, 5, "completed", 1000)
    assert ward.public["schedule_since"] == clock_time(1000)
    (overdue,) = [a for a in ward.alarms if a["condition"] == "vitals_overdue"]
    assert overdue["missing"]
    ward.corrects_phase(2902, 5, "completed", 2890)
    assert [a for a in ward.alarms if a["condition"] == "vitals_overdue"] == []
    stepped_again(ward)


def test_planned_end_follows_the_infused_time() -> None:
    ward = Ward.infusing()
    ward.tick(3000)
    assert ward.public["planned_end_passed_at"] == clock_time(2400)
    assert ward.alarm_of("plan", "planned_end_passed")
    ward.corrects_phase(3001, 4, "infusing", 700)
    assert ward.public["planned_end_passed_at"] is None
    assert "planned_end_passed" not in {a["condition"] for a in ward.alarms}
    ward.tick(3200)
    assert ward.public["planned_end_passed_at"] == clock_time(3100)
    ward.corrects_phase(3201, 4, "infusing", 100)
    assert ward.public["planned_end_passed_at"] == clock_time(2500)
    assert ward.alarm_of("plan", "planned_end_passed")
    stepped_again(ward)


def test_what_sounds_goes_on_sounding() -> None:
    ward = Ward.infusing(baseline=RESTED)
    ward.streams(range(1, 20), spo2=84, hr=90)
    (before,) = [a for a in ward.alarms if a["group"] == "spo2"]
    ward.corrects_phase(20, 4, "infusing", 10)
    (after,) = [a for a in ward.alarms if a["group"] == "spo2"]
    assert after == before


# Taken back


def test_a_pause_taken_back_never_interrupted_the_infusion() -> None:
    ward, plain = Ward.infusing(baseline=RESTED), Ward.infusing(baseline=RESTED)
    ward.phase("paused", 600)
    said = ward.takes_back(700, "paused", by=ANNA)
    assert kinds(said)[0] == "phase.taken_back"
    data = said[0]["data"]
    assert (data["phase"], data["to"], data["redrawn"]) == ("paused", "infusing", None)
    plain.tick(700)
    assert told(ward, *OF_PHASES, *OF_BASELINE) == told(plain, *OF_PHASES, *OF_BASELINE)
    for later in (800, 2500):
        ward.tick(later)
        plain.tick(later)
        assert infused(ward, later) == infused(plain, later) == later
        assert told(ward, *OF_PHASES) == told(plain, *OF_PHASES)
    stepped_again(ward)


@pytest.mark.parametrize("to", ["paused", "completed", "stopped"])
def test_the_end_of_an_infusion_can_be_taken_back(to: str) -> None:
    ward = Ward.infusing()
    ward.phase(to, 600, told_at=590, reason="story")
    ward.takes_back(1200, to)
    assert ward.public["phase"] == "infusing"
    assert infused(ward, 1300) == 1300
    assert len(ward.public["phases"]) == 5
    stepped_again(ward)


def test_only_the_phase_that_is_can_be_taken_back() -> None:
    ward = Ward.infusing()
    with pytest.raises(PhaseChanged):
        ward.takes_back(10, "ready")
    fresh = Ward()
    with pytest.raises(NothingToTakeBack):
        fresh.takes_back(10, "scheduled")


def test_ten_minutes_count_from_the_tap_not_from_the_time_told() -> None:
    ward = Ward.infusing()
    ward.phase("paused", 1000, told_at=300)
    ward.takes_back(1600, "paused")
    assert ward.public["phase"] == "infusing"
    late = Ward.infusing()
    late.phase("paused", 1000)
    with pytest.raises(TooLate):
        late.takes_back(1600.001, "paused")


def test_taps_are_taken_back_one_after_another() -> None:
    ward = rested()
    ward.phase("infusing", 10)
    ward.phase("completed", 20)
    for seconds, phase in ((30, "completed"), (31, "infusing"), (32, "ready"), (33, "baseline")):
        ward.takes_back(seconds, phase)
    ward.takes_back(34, "checked_in")
    assert ward.public["phase"] == "scheduled"
    assert ward.public["infused_s"] == 0
    with pytest.raises(NothingToTakeBack):
        ward.takes_back(35, "scheduled")
    stepped_again(ward)


def test_a_closed_session_takes_nothing_back() -> None:
    ward = Ward.infusing()
    ward.phase("transferred", 10)
    with pytest.raises(SessionClosed):
        ward.takes_back(11, "transferred")
    with pytest.raises(SessionClosed):
        ward.corrects_phase(11, 4, "infusing", 5)


def test_ready_taken_back_takes_its_baseline_with_it() -> None:
    ward = rested()
    assert ward.public["baseline"]["sbp"] == 166
    plain = Ward()
    plain.phase("checked_in", 0)
    plain.phase("baseline", 1)
    plain.types(2, {**RESTED, "sbp": 166})
    said = ward.takes_back(10, "ready")
    assert said[0]["data"]["redrawn"]["baseline"] is None
    assert told(ward, *OF_BASELINE) == told(plain, *OF_BASELINE)
    ward.types(11, RESTED)
    ward.phase("ready", 12)
    assert ward.public["baseline"]["sbp"] == 145  # of both sets that were taken at rest
    stepped_again(ward)


def test_what_a_clinician_set_of_the_baseline_stays() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 1)
    ward.changes_limits(2, baseline={"hr": 60})
    ward.types(3, RESTED)
    ward.phase("ready", 4)
    ward.changes_limits(5, baseline={"sbp": 150})
    ward.takes_back(6, "ready")
    assert ward.public["baseline"] == {"hr": 60, "sbp": 150}
    stepped_again(ward)


def test_an_alarm_by_a_line_of_its_baseline_ends_with_the_line() -> None:
    ward = rested(sbp=120)
    ward.types(10, sbp=159, dbp=78)
    assert ward.alarm_of("bp")["limit"] < 159
    said = ward.takes_back(20, "ready")
    (cleared,) = [e["data"]["alarm"] for e in said if e["kind"] == "alarm.cleared"]
    assert (cleared["group"], cleared["ended_by"]) == ("bp", "limits_changed")
    stepped_again(ward)


def test_an_alarm_by_a_line_of_its_own_outlives_the_baseline() -> None:
    ward = rested()
    ward.types(10, sbp=205, dbp=100)
    high = ward.alarm_of("bp")
    ward.takes_back(15, "ready")
    assert ward.alarm_of("bp") == high
    stepped_again(ward)


def test_a_reading_corrected_after_it_makes_no_baseline_again() -> None:
    ward = rested()
    rest = next(e for e in ward.log if e["kind"] == "reading.recorded")
    ward.takes_back(10, "ready")
    ward.amends(20, rest, {"sbp": 130})
    assert ward.public["baseline"] is None
    ward.voids(30, rest)
    assert ward.public["baseline"] is None
    stepped_again(ward)


def test_silence_does_not_come_back_by_itself() -> None:
    ward = Ward.infusing()
    ward.stands_by(590, 5)
    ward.switches_off(591, "audio", "session")
    ward.phase("paused", 600)
    ward.takes_back(610, "paused")
    assert (ward.public["standby"], ward.public["audio_off"]) == (None, {})
    ward.stands_by(620, 5)
    ward.phase("completed", 630)
    ward.stands_by(640, 5)
    said = ward.takes_back(650, "completed")
    assert kinds(said)[:2] == ["phase.taken_back", "standby.ended"]
    stepped_again(ward)


def test_what_sounded_in_the_mistaken_phase_is_looked_at_again() -> None:
    ward = Ward.infusing(baseline=RESTED)
    ward.streams(range(1, 5), CALM)
    ward.phase("completed", 6)
    ward.streams(range(7, 25), spo2=84, hr=90)
    (high,) = [a for a in ward.alarms if a["group"] == "spo2"]
    ward.takes_back(25, "completed")
    assert ward.alarm_of("spo2") == high
    stepped_again(ward)


def test_a_question_of_the_phase_ends_with_the_phase() -> None:
    ward = rested()
    ward.streams(range(4, 10), CALM)
    ward.streams(range(600, 610), CALM)
    asked = [a for a in ward.alarms if a["condition"] == "infusion_started"]
    assert asked
    said = ward.phase("infusing", 610)
    assert "alarm.cleared" in kinds(said)
    ward.takes_back(620, "infusing")
    assert [a["condition"] for a in ward.alarms].count("infusion_started") == 1
    stepped_again(ward)


# On a driven clock


def test_a_session_that_knows_no_time_yet_corrects_nothing() -> None:
    ward = Ward(clock="driven")
    ward.phase("checked_in")
    refused: tuple[Callable[[], object], ...] = (
        lambda: ward.takes_back(0, "checked_in"),
        lambda: ward.corrects_phase(0, 1, "checked_in", 0),
    )
    for done in refused:
        with pytest.raises(ClockNotBegun):
            done()


def test_a_driven_session_counts_by_its_own_time() -> None:
    ward = Ward(clock="driven")
    for to in ("checked_in", "baseline", "ready", "infusing"):
        ward.phase(to, told_at=-5000, override_reason="story")
    ward.phase("paused", told_at=-4000)
    ward.move_clock(-3500)
    with pytest.raises(TakenInFuture):
        ward.corrects_phase(0, 5, "paused", -3499)
    ward.corrects_phase(0, 5, "paused", -4400)
    assert ward.public["infused_s"] == 600
    ward.takes_back(9999, "paused")  # its own time is within ten minutes
    assert ward.public["infusing_since"] == clock_time(-5000)
    stepped_again(ward)


def test_refusals_do_nothing() -> None:
    ward = Ward.infusing()
    ward.phase("paused", 100)
    before = ward.state
    refused: tuple[Callable[[], object], ...] = (
        lambda: ward.takes_back(110, "infusing"),
        lambda: ward.corrects_phase(110, 4, "infusing", 101),
        lambda: ward.takes_back(10_000, "paused"),
    )
    for done in refused:
        with pytest.raises(DomainError):
            done()
    assert ward.state is before
