"""One patient's visit as a script: second by second, what is sent and which phase is asked for.

Pure: it says what should be sent and knows nothing of how. Second 0 is the check-in.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from app.simulator.patient import Patient, bell, held

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.simulator.profiles import Profile

MINUTE_S = 60
MONITORED = frozenset(
    (
        *("baseline", "ready", "infusing", "paused", "completed", "stopped"),
        *("recovery", "ready_for_discharge"),
    )
)
STORY = frozenset(("infusing", "completed", "stopped", "recovery", "ready_for_discharge"))
OVER = frozenset(("discharged", "transferred", "cancelled"))

BASELINE_AFTER_S = 2 * MINUTE_S
FIRST_SET_S = MINUTE_S  # after the start of baseline
SECOND_SET_S = 6 * MINUTE_S  # two rested sets, five minutes apart
READY_AFTER_S = 7 * MINUTE_S
START_AFTER_S = 2 * MINUTE_S
RECOVERY_AFTER_S = MINUTE_S
LAST_SET_S = 2 * MINUTE_S
LEAVE_AFTER_S = 5 * MINUTE_S
CHART_S = {"infusing": 12 * MINUTE_S, "paused": 12 * MINUTE_S, "recovery": 15 * MINUTE_S}
CHART_DROWSY_S = 2 * MINUTE_S  # a nurse looks again this soon when the patient is hard to rouse


@dataclass(frozen=True, slots=True)
class Sent:
    """A reading to send."""

    at_s: int
    source: str
    device: str | None
    interval_s: float | None
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class Asked:
    """A phase to ask for."""

    at_s: int
    to: str
    reason: str | None = None


Action = Sent | Asked


@dataclass(frozen=True, slots=True)
class Plan:
    """How the visit is meant to go."""

    planned_min: int = 40
    dose_mg_per_kg: float = 0.5
    recovery_s: int = 40 * MINUTE_S
    pause_after_s: int | None = None  # seconds of infusing
    pause_s: int = 3 * MINUTE_S
    device: str = "mon-01"
    sample_s: int = 1
    cuff_s: int = 5 * MINUTE_S

    @property
    def length_s(self) -> int:
        """From check-in to leaving, if all goes as planned."""
        pause = self.pause_s if self.pause_after_s is not None else 0
        before = BASELINE_AFTER_S + READY_AFTER_S + START_AFTER_S
        after = RECOVERY_AFTER_S + self.recovery_s + LEAVE_AFTER_S
        return before + self.planned_min * MINUTE_S + pause + after


def draw_plan(seed: str, device: str, *, sample_s: int = 1, cuff_s: int = 5 * MINUTE_S) -> Plan:
    """A plan as a clinic's days go: one infusion in four is paused for a few minutes."""
    rng = Random(f"plan:{seed}")
    recovery_s = int(held(40 + 5 * bell(rng), 30, 55)) * MINUTE_S
    paused = rng.random() < 0.25
    after_s = (8 + int(20 * rng.random())) * MINUTE_S
    pause_s = 120 + int(120 * rng.random())
    return Plan(
        recovery_s=recovery_s,
        pause_after_s=after_s if paused else None,
        pause_s=pause_s,
        device=device,
        sample_s=sample_s,
        cuff_s=cuff_s,
    )


class Visit:
    """`advance` moves on by a second and returns what is to be sent; `adopt` follows others."""

    def __init__(self, plan: Plan, profile: Profile, seed: str) -> None:
        self.plan = plan
        self.patient = Patient(profile, seed)
        self.sample_s = plan.sample_s
        self.t = -1
        self.phase = "scheduled"
        self.phase_since = 0
        self.infused_s = 0
        self._paused_once = False
        self._held = False  # somebody else paused it: it is theirs to go on
        self._last_chart = 0

    @property
    def over(self) -> bool:
        return self.phase in OVER

    def advance(self) -> list[Action]:
        """The next second: drug and body move, then the phase, then what is measured."""
        self._move()
        actions: list[Action] = []
        to = self._next_phase()
        if to is not None:
            self._enter(to, self.t)
            actions.append(Asked(self.t, to))
        actions.extend(self._measured())
        return actions

    def catch_up(self, history: Sequence[tuple[int, str]], until_s: int) -> None:
        """Relive (second, phase) as they were, sending nothing, up to and including `until_s`."""
        waiting = sorted(history, key=lambda entry: entry[0])
        while self.t < until_s and not self.over:
            self._move()
            while waiting and waiting[0][0] <= self.t:
                self._enter(waiting.pop(0)[1], self.t)
            self._measured()
        for at_s, phase in waiting:
            self._enter(phase, at_s)

    def adopt(self, phase: str) -> None:
        """Somebody else changed the phase: follow it from now on."""
        if phase == self.phase:
            return
        self._enter(phase, max(self.t, 0))
        self._held = phase == "paused"

    def _move(self) -> None:
        self.t += 1
        infusing = self.phase == "infusing"
        if infusing:
            self.infused_s += 1
        rate = self.plan.dose_mg_per_kg / self.plan.planned_min if infusing else 0.0
        self.patient.advance(rate, story=self.phase in STORY)

    def _enter(self, phase: str, at_s: int) -> None:
        if phase == "paused":
            self._paused_once = True
        self.phase, self.phase_since = phase, at_s
        self._held = False

    def _next_phase(self) -> str | None:
        since = self.t - self.phase_since
        plan = self.plan
        match self.phase:
            case "scheduled":
                return "checked_in"
            case "checked_in" if since >= BASELINE_AFTER_S:
                return "baseline"
            case "baseline" if since >= READY_AFTER_S:
                return "ready"
            case "ready" if since >= START_AFTER_S:
                return "infusing"
            case "infusing" if self.infused_s >= plan.planned_min * MINUTE_S:
                return "completed"
            case "infusing" if plan.pause_after_s is not None and not self._paused_once:
                return "paused" if self.infused_s >= plan.pause_after_s else None
            case "paused" if since >= plan.pause_s and not self._held:
                return "infusing"
            case "completed" | "stopped" if since >= RECOVERY_AFTER_S:
                return "recovery"
            case "recovery" if since >= plan.recovery_s and self.patient.mind <= 0.0:
                return "ready_for_discharge"
            case "ready_for_discharge" if since >= LEAVE_AFTER_S:
                return "discharged"
        return None

    def _measured(self) -> list[Action]:
        if self.phase not in MONITORED:
            return []
        sent: list[Action] = []
        plan, patient, since = self.plan, self.patient, self.t - self.phase_since
        streamed = patient.streamed() if self.t % self.sample_s == 0 else {}
        if streamed:
            sent.append(Sent(self.t, "device", plan.device, self.sample_s, streamed))
        forgotten = patient.profile.forgotten_from_min
        if forgotten is not None and patient.story_min >= forgotten:
            return sent
        if self.t % plan.cuff_s == 0 and not patient.silent:
            sent.append(Sent(self.t, "device", plan.device, plan.cuff_s, patient.cuff()))
        by_hand = self._by_hand(since)
        if by_hand:
            sent.append(Sent(self.t, "manual", None, None, by_hand))
        return sent

    def _by_hand(self, since: int) -> dict[str, float]:
        if self.phase == "baseline" and since in (FIRST_SET_S, SECOND_SET_S):
            self._last_chart = self.t
            return self.patient.full_set()
        if self.phase == "ready_for_discharge" and since == LAST_SET_S:
            return self.patient.full_set()
        every = CHART_S.get(self.phase)
        if every is None:
            return {}
        if self.patient.expected("sedation") < 3.0:
            every = CHART_DROWSY_S
        if self.t - self._last_chart < every:
            return {}
        self._last_chart = self.t
        return self.patient.scores()
