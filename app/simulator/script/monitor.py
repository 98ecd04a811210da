"""What the monitor at the bedside measures, second by second, before its line carries it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.simulator.message import Message

if TYPE_CHECKING:
    from app.simulator.script.course import Course

SECOND_MS = 1_000


class Monitor:
    """Streams every `sample_s`, a cuff pair with its mean every cycle of the plan."""

    def __init__(self, device: str, *, sample_s: int, cuff_off_from_min: float | None) -> None:
        self.device = device
        self.sample_s = sample_s
        self._cuff_off_from_min = cuff_off_from_min

    def measures(self, course: Course) -> list[Message]:
        t, patient = course.t, course.patient
        measured: list[Message] = []
        if t % self.sample_s == 0:
            measured.append(self._message("stream", t, self.sample_s, patient.streamed()))
        if t % course.plan.cuff_s == 0 and self._cuff_is_on(patient.story_min):
            measured.append(self._message("cuff", t, course.plan.cuff_s, patient.cuff()))
        return measured

    def _cuff_is_on(self, story_min: float) -> bool:
        return self._cuff_off_from_min is None or story_min < self._cuff_off_from_min

    def _message(self, what: str, t: int, every_s: int, values: dict[str, int]) -> Message:
        return Message(
            key=f"{what}:{t}",
            taken_ms=t * SECOND_MS,
            source="device",
            device=self.device,
            interval_s=every_s,
            values=values,
        )
