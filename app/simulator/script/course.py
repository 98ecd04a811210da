"""Where a visit stands: its second, its phase, what flows, and the patient's body.

A phase that is asked for is entered at once; what the log says of it later only confirms it. What
others do is followed as the log tells it, and then it is theirs: a pause that the script did not
make it does not end either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from app.simulator.script.actions import Asks
from app.simulator.script.plan import (
    BASELINE_AFTER_S,
    LEAVE_AFTER_S,
    MINUTE_S,
    READY_AFTER_S,
    RECOVERY_AFTER_S,
    START_AFTER_S,
    Plan,
)

if TYPE_CHECKING:
    from app.simulator.body import Patient

Whose = Literal["plan", "nurse", "others"]

MONITORED: Final = frozenset(
    (
        *("baseline", "ready", "infusing", "paused", "completed", "stopped"),
        *("recovery", "ready_for_discharge"),
    )
)
STORY: Final = frozenset(("infusing", "completed", "stopped", "recovery", "ready_for_discharge"))
OVER: Final = frozenset(("discharged", "transferred", "cancelled"))
ASK_AGAIN_S: Final = 30  # three looks at the log: what was in the way is known by then


@dataclass(frozen=True, slots=True)
class Standing:
    """A phase, since when, and who set it."""

    phase: str
    since: int
    by: Whose
    paused_once: bool
    ended_once: bool


class Course:
    """`move` is the drug's and the body's second; phases are asked for, refused and followed."""

    def __init__(self, plan: Plan, patient: Patient) -> None:
        self.plan = plan
        self.patient = patient
        self.t = -1
        self.infused_s = 0
        self.rate_share = 1.0  # of the rate that was ordered
        self.oxygen_l_min = 0.0
        self._now = Standing("scheduled", 0, "plan", paused_once=False, ended_once=False)
        self._asked: dict[tuple[str, int], Whose] = {}
        self._before: tuple[Asks, Standing] | None = None
        self._not_before = 0

    @property
    def phase(self) -> str:
        return self._now.phase

    @property
    def since_s(self) -> int:
        """Seconds in this phase."""
        return self.t - self._now.since

    @property
    def paused_by(self) -> Whose | None:
        return self._now.by if self.phase == "paused" else None

    @property
    def over(self) -> bool:
        return self.phase in OVER

    @property
    def may_ask(self) -> bool:
        """Once in a second, and not at once again after a refusal."""
        asked = self._before is not None and self._before[0].at_s == self.t
        return self.t >= self._not_before and not asked

    def move(self) -> None:
        """A second on, at the rate of the phase that it began in."""
        self.t += 1
        infusing = self.phase == "infusing"
        if infusing:
            self.infused_s += 1
        rate = self.plan.rate_mg_per_kg_min * self.rate_share if infusing else 0.0
        self.patient.advance(rate, story=self.phase in STORY)

    def give(self, remedy: str, amount: float | None) -> None:
        """Given to the patient, whoever gives it."""
        self.patient.give(remedy, amount)
        if remedy == "oxygen":
            self.oxygen_l_min = 2.0 if amount is None else amount

    def ask(self, to: str, by: Whose, reason: str | None = None) -> Asks:
        asks = Asks(self.t, to, reason)
        self._before = asks, self._now
        self._asked[to, self.t] = by
        self._enter(to, self.t, by)
        return asks

    def refused(self, asks: Asks) -> None:
        """As if it had not been asked."""
        if self._before is None or self._before[0] != asks:
            return
        del self._asked[asks.to, asks.at_s]
        if (self.phase, self._now.since) == (asks.to, asks.at_s):
            self._now = self._before[1]
        self._before = None
        self._not_before = self.t + ASK_AGAIN_S

    def follow(self, to: str, at_s: int) -> None:
        """What the log says: an echo of what was asked here, or what others did."""
        self._enter(to, at_s, self._asked.get((to, at_s), "others"))

    def due(self) -> tuple[str, str | None] | None:
        """The phase that the plan wants now, and the reason if it needs one."""
        if self.phase == "infusing":
            return self._due_of_infusion()
        plan, since = self.plan, self.since_s
        match self.phase:
            case "scheduled":
                return "checked_in", None
            case "checked_in" if since >= BASELINE_AFTER_S:
                return "baseline", None
            case "baseline" if since >= READY_AFTER_S:
                return "ready", None
            case "ready" if since >= START_AFTER_S:
                return "infusing", None
            case "paused" if since >= plan.pause_s and self.paused_by == "plan":
                return "infusing", None
            case "completed" | "stopped" if since >= RECOVERY_AFTER_S:
                return "recovery", None
            case "recovery" if since >= plan.recovery_s and self.patient.mind <= 0.0:
                return "ready_for_discharge", None
            case "ready_for_discharge" if since >= LEAVE_AFTER_S:
                return "discharged", None
        return None

    def _due_of_infusion(self) -> tuple[str, str | None] | None:
        plan, infused = self.plan, self.infused_s
        if self._now.ended_once:  # somebody lets it go on: it is theirs to end
            return None
        if plan.stop_after_s is not None and infused >= plan.stop_after_s:
            return "stopped", plan.stop_reason
        if infused >= plan.planned_min * MINUTE_S:
            return "completed", None
        pause_s = plan.pause_after_s
        if pause_s is not None and infused >= pause_s and not self._now.paused_once:
            return "paused", None
        return None

    def _enter(self, phase: str, at_s: int, by: Whose) -> None:
        self._now = Standing(
            phase,
            at_s,
            by,
            paused_once=self._now.paused_once or phase == "paused",
            ended_once=self._now.ended_once or phase in ("completed", "stopped"),
        )
