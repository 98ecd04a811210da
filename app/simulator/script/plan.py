"""How a visit is meant to go: what the scenario says, and what is drawn where it says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Final

from app.simulator.body.traits import bell, held

if TYPE_CHECKING:
    from app.simulator.body import Spread
    from app.simulator.scenario import Scenario

MINUTE_S: Final = 60

BASELINE_AFTER_S: Final = 2 * MINUTE_S
FIRST_SET_S: Final = MINUTE_S  # after the start of baseline
SECOND_SET_S: Final = 6 * MINUTE_S  # two rested sets, five minutes apart
READY_AFTER_S: Final = 7 * MINUTE_S
START_AFTER_S: Final = 2 * MINUTE_S
RECOVERY_AFTER_S: Final = MINUTE_S
LAST_SET_S: Final = 2 * MINUTE_S  # after the patient was said to be ready to go
LEAVE_AFTER_S: Final = 5 * MINUTE_S

PAUSED_SHARE: Final = 0.25  # as a clinic's days go: one infusion in four is paused for a while
PAUSE_FROM_MIN, PAUSE_WITHIN_MIN = 8, 20
SHORTEST_PAUSE_S, PAUSE_SPREAD_S = 120, 120
RECOVERY_MIN: Final = (40.0, 5.0, 30.0, 55.0)  # mean, sd, low, high


@dataclass(frozen=True, slots=True)
class Plan:
    """Durations in seconds; `pause_after_s` and `stop_after_s` count seconds of infusing."""

    planned_min: int
    dose_mg_per_kg: float
    recovery_s: int
    pause_after_s: int | None
    pause_s: int
    stop_after_s: int | None
    stop_reason: str
    cuff_s: int

    @property
    def rate_mg_per_kg_min(self) -> float:
        """As ordered."""
        return self.dose_mg_per_kg / self.planned_min

    @property
    def infusing_s(self) -> int:
        return self.planned_min * MINUTE_S if self.stop_after_s is None else self.stop_after_s

    @property
    def length_s(self) -> int:
        """From check-in to leaving, if all goes as planned."""
        paused = self.pause_after_s is not None and self.pause_after_s < self.infusing_s
        before = BASELINE_AFTER_S + READY_AFTER_S + START_AFTER_S
        after = RECOVERY_AFTER_S + self.recovery_s + LEAVE_AFTER_S
        return before + self.infusing_s + (self.pause_s if paused else 0) + after


def draw_plan(scenario: Scenario, seed: str) -> Plan:
    """The same for the same scenario and seed; what is drawn and not taken moves no other draw."""
    of, rng = scenario.plan, Random(f"plan:{seed}")
    mean, sd, low, high = RECOVERY_MIN
    normal = bell(rng)
    by_chance = rng.random() < PAUSED_SHARE
    chance_s = (PAUSE_FROM_MIN + int(PAUSE_WITHIN_MIN * rng.random())) * MINUTE_S
    drawn_pause_s = SHORTEST_PAUSE_S + int(PAUSE_SPREAD_S * rng.random())
    if of.recovery_min is None:
        recovery_s = int(held(mean + sd * normal, low, high)) * MINUTE_S
    else:
        recovery_s = _seconds(_drawn(of.recovery_min.spread(), normal))
    pause_after_s = chance_s if by_chance and scenario.may_pause else None
    if of.pause_at_min is not None:
        pause_after_s = _seconds(of.pause_at_min)
    return Plan(
        planned_min=of.planned_min,
        dose_mg_per_kg=of.dose_mg_per_kg,
        recovery_s=recovery_s,
        pause_after_s=pause_after_s,
        pause_s=drawn_pause_s if of.pause_min is None else _seconds(of.pause_min),
        stop_after_s=None if of.stop_at_min is None else _seconds(of.stop_at_min),
        stop_reason=of.stop_reason or "as planned",
        cuff_s=_seconds(of.cuff_every_min),
    )


def _drawn(spread: Spread, normal: float) -> float:
    return held(spread.mean + spread.sd * normal, spread.low, spread.high)


def _seconds(minutes: float) -> int:
    return round(minutes * MINUTE_S)
