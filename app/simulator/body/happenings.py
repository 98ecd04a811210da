"""What befalls a patient: one sign is drawn to a target, stays there, and goes back."""

from __future__ import annotations

from dataclasses import dataclass

from app.simulator.body.remedies import REMEDIES
from app.simulator.body.traits import BOUNDS


@dataclass(frozen=True, slots=True)
class Happening:
    """From minute `at_min` of infusing one sign is drawn to `target` within `onset_s` seconds.

    It stands while the infusion is paused and runs on after its end. A minute below 0 has been
    since before the infusion: at_min -10 with an onset of 60 s is there at the check-in.
    """

    sign: str
    target: float
    at_min: float
    onset_s: float
    hold_s: float | None
    """None: until it is answered."""
    back_s: float
    ends_with: frozenset[str] = frozenset()
    """Remedies that end it: from the moment one is at work it goes back within `back_s`."""

    def __post_init__(self) -> None:
        if self.sign not in BOUNDS:
            raise ValueError(f"No {self.sign!r} happens. There are: {', '.join(BOUNDS)}.")
        low, high = BOUNDS[self.sign]
        if not low <= self.target <= high:
            raise ValueError(f"{self.sign} {self.target} lies outside {low:g} to {high:g}.")
        times = (self.onset_s, self.back_s, 0.0 if self.hold_s is None else self.hold_s)
        if not all(time >= 0.0 for time in times) or self.at_min != self.at_min:
            raise ValueError(f"Of {self.sign} at {self.at_min} min a time is below 0.")
        if unknown := self.ends_with - REMEDIES.keys():
            raise ValueError(f"There is no remedy {', '.join(sorted(unknown))}.")


class Course:
    """How far a happening has come: `share` of the way to its target, 0 to 1."""

    __slots__ = ("_answered", "_at_s", "_fall", "_went", "happening", "over", "share")

    def __init__(self, happening: Happening) -> None:
        self.happening = happening
        self.share = 0.0
        self.over = False
        self._at_s = happening.at_min * 60.0
        self._went = 0.0  # linear part of the share, which the eye would see begin and end
        self._answered = False
        self._fall = 1.0 / happening.back_s if happening.back_s > 0.0 else 1.0

    def advance(self, story_s: int, at_work: frozenset[str]) -> None:
        """A second on: the story's seconds carry it there, an answer carries it back at once."""
        if story_s < self._at_s:
            return
        if not self._answered:
            self._went = self._told(story_s - self._at_s)
            self._answered = not at_work.isdisjoint(self.happening.ends_with)
        else:
            self._went = max(0.0, self._went - self._fall)
        self.over = self._went == 0.0 and (self._answered or story_s > self._at_s)
        self.share = self._went * self._went * (3.0 - 2.0 * self._went)

    def _told(self, elapsed_s: float) -> float:
        """The share that the story tells while nobody answers."""
        was = self.happening
        if elapsed_s < was.onset_s:
            return elapsed_s / was.onset_s
        if was.hold_s is None or elapsed_s <= was.onset_s + was.hold_s:
            return 1.0
        return max(0.0, 1.0 - (elapsed_s - was.onset_s - was.hold_s) * self._fall)
