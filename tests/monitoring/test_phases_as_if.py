"""A tap that was taken back is as if it had not been: laws over random lives.

Two wards live the same life; in one of them every tap is now and then followed by a mistaken one,
taken back within ten minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from app.monitoring import phases
from app.monitoring.phases import infused, infused_for
from app.monitoring.rebuild import restep
from app.monitoring.state import PhaseSpan
from tests.monitoring.ward import RESTED, TEN, Ward, at, seconds_of

if TYPE_CHECKING:
    from collections.abc import Sequence

WHY: Final = "story"
SAME: Final = (
    *("phase", "phase_since", "phases", "infused_s", "infusing_since", "schedule"),
    *("schedule_since", "planned_end_passed_at", "baseline", "limits", "limits_to_review"),
)

Tap = tuple[int, int, int, int]
"""Which of the phases that may follow; after how long; which mistaken one; for how long."""

taps = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 1500), st.integers(0, 3), st.integers(0, 600)),
    min_size=2,
    max_size=14,
)


def chosen(ward: Ward, pick: int) -> str | None:
    """A phase that may follow and does not close the session."""
    after = phases.allowed(ward.state.phase)
    may = [to for to in after if to not in phases.CLOSED]
    return may[pick % len(may)] if may else None


def tapped(ward: Ward, to: str, seconds: float) -> bool:
    """Whether it could be: the way back to infusing closes after ten minutes."""
    back = phases.is_back(ward.state.phase, to)
    late = at(seconds) - ward.state.phase_since > phases.BACK_TO_INFUSING_S * 1000
    if back and to == "infusing" and late:
        return False
    ward.phase(to, seconds, reason=WHY, override_reason=WHY)
    return True


def of(ward: Ward) -> dict[str, Any]:
    said = ward.public
    return {field: said[field] for field in SAME}


def infused_at(ward: Ward, seconds: float) -> float:
    said = ward.public
    since = said["infusing_since"]
    return float(said["infused_s"]) + (0 if since is None else seconds - seconds_of(since))


@settings(max_examples=60)
@given(life=taps, later=st.integers(0, 20_000))
def test_mistaken_taps_that_were_taken_back_leave_no_trace(life: list[Tap], later: int) -> None:
    with_slips, without = Ward(), Ward()
    now = 0
    for pick, after, slip, lasted in life:
        for ward in (with_slips, without):
            ward.types(now, RESTED)
        to = chosen(without, pick)
        now += after
        if to is None or not tapped(without, to, now):
            continue
        assert tapped(with_slips, to, now)
        mistaken = chosen(with_slips, slip)
        if mistaken is not None and tapped(with_slips, mistaken, now + lasted // 2):
            now += lasted
            with_slips.takes_back(now, mistaken)
            without.tick(now)
        assert of(with_slips) == of(without)
    now += later
    for ward in (with_slips, without):
        ward.tick(now)
    assert of(with_slips) == of(without)
    assert infused_at(with_slips, now) == infused_at(without, now)
    state, _ = restep(with_slips.log)
    assert state == with_slips.state


spans = st.lists(
    st.tuples(st.sampled_from(["infusing", "paused", "completed"]), st.integers(0, 900)),
    min_size=1,
    max_size=8,
)


def row(told: Sequence[tuple[str, int]]) -> list[PhaseSpan]:
    """Phases, each so many seconds after the one before."""
    now, made = TEN, [PhaseSpan("ready", TEN, None, TEN)]
    for phase, after in told:
        now += after * 1000
        made.append(PhaseSpan(phase, now, None, now))
    return made


@given(told=spans, entry=st.integers(1, 8), share=st.floats(0, 1), rest=st.integers(0, 900))
def test_a_moved_phase_moves_only_the_time_between(
    told: list[tuple[str, int]], entry: int, share: float, rest: int
) -> None:
    """What one phase gains by the move the one before it loses."""
    made = row(told)
    now = made[-1].at + rest * 1000
    entry = 1 + entry % (len(made) - 1)
    end = made[entry + 1].at if entry + 1 < len(made) else now
    moved = round(made[entry - 1].at + share * (end - made[entry - 1].at))
    after = [*made]
    after[entry] = PhaseSpan(made[entry].phase, moved, None, made[entry].told_at)
    ran_before = made[entry - 1].phase == "infusing"
    runs = made[entry].phase == "infusing"
    gained = (moved - made[entry].at) * (int(ran_before) - int(runs))
    assert total(after, now) - total(made, now) == gained


@given(told=spans, wanted=st.integers(1, 3000), rest=st.integers(0, 900))
def test_so_much_was_infused_from_that_moment_on(
    told: list[tuple[str, int]], wanted: int, rest: int
) -> None:
    made = row(told)
    now = made[-1].at + rest * 1000
    reached = infused_for(made, wanted * 1000, now)
    if reached is None:
        assert total(made, now) < wanted * 1000
    else:
        until = [span for span in made if span.at < reached]
        assert reached <= now
        assert total(until, reached) == wanted * 1000


def total(made: Sequence[PhaseSpan], now: int) -> int:
    over, since = infused(made)
    return over + (0 if since is None else now - since)
