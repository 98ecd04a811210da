"""Which sets are charted by hand, and when: rested sets, scores, and the one before going home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.simulator.script.plan import FIRST_SET_S, LAST_SET_S, MINUTE_S, SECOND_SET_S
from app.simulator.script.rules import not_yet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.simulator.script.bedside import Bedside
    from app.simulator.script.course import Course

RESTED_AT_S: Final = (FIRST_SET_S, SECOND_SET_S)
RECOVERY_EVERY_S: Final = 15 * MINUTE_S
DROWSY_EVERY_S: Final = 2 * MINUTE_S  # she looks again this soon at who is hard to rouse
DROWSY_BELOW: Final = 3.0  # MOAA/S
LAST_AGAIN_S: Final = 5 * MINUTE_S  # after a set that did not let the patient go


class Charting:
    """`every_s` is how often scores are charted while infusing."""

    def __init__(self, *, every_s: int) -> None:
        self.baseline: Mapping[str, float] = {}
        self.may_go = False
        self._every_s = {
            "infusing": every_s,
            "paused": every_s,
            "recovery": max(every_s, RECOVERY_EVERY_S),
        }
        self._rested = 0
        self._last_s = 0
        self._last_set_s: int | None = None

    def rested(self, bedside: Bedside) -> None:
        """The two sets five minutes apart that the gate to `ready` needs."""
        course = bedside.course
        if course.phase != "baseline" or self._rested == len(RESTED_AT_S):
            return
        if course.since_s >= RESTED_AT_S[self._rested]:
            self._rested += 1
            self.baseline = self.full(bedside)

    def full(self, bedside: Bedside) -> Mapping[str, float]:
        taken = bedside.course.patient.full_set()
        bedside.charts(taken)
        self._last_s = bedside.t
        return taken

    def scores(self, bedside: Bedside) -> None:
        bedside.charts(bedside.course.patient.scores())
        self._last_s = bedside.t

    def missing(self, bedside: Bedside, vitals: tuple[str, ...]) -> None:
        """By hand what is overdue, whoever should have sent it."""
        taken = bedside.course.patient.full_set()
        bedside.charts({vital: taken[vital] for vital in vitals if vital in taken})

    def when_due(self, bedside: Bedside) -> None:
        course = bedside.course
        if course.phase == "ready_for_discharge":
            self._before_leaving(bedside)
            return
        every_s = self._every_s.get(course.phase)
        if every_s is None:
            return
        waited_s = bedside.t - self._last_s
        if waited_s >= every_s or (waited_s >= DROWSY_EVERY_S and _drowsy(course)):
            self.scores(bedside)

    def _before_leaving(self, bedside: Bedside) -> None:
        """A full set two minutes after the patient was ready, again until it lets them go."""
        since_s = bedside.course.since_s
        due_s = LAST_SET_S if self._last_set_s is None else self._last_set_s + LAST_AGAIN_S
        if since_s < LAST_SET_S:
            self._last_set_s, self.may_go = None, False
        elif not self.may_go and since_s >= due_s:
            self._last_set_s = since_s
            self.may_go = not_yet(self.full(bedside), self.baseline) is None


def _drowsy(course: Course) -> bool:
    return course.patient.expected("sedation") < DROWSY_BELOW
