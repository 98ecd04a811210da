"""The course of a session: its phases and who tapped them, the dose, the limits in force, and the
times in which the server did not watch.

What a phase, a limit or the baseline is after an event is what `fold` says, the rules by which
every screen follows the log.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from app.monitoring.fold import fold
from app.monitoring.times import MINUTE_MS, SECOND_MS, iso, parse_iso
from app.review.record.model import Dose, Gap, Limits, Phase

if TYPE_CHECKING:
    from app.review.record.log import Logged
    from app.review.record.model import By

INFUSING: Final = "infusing"
MG_DECIMALS: Final = 2  # finer than any syringe, and the same number in every export
LOST: Final = "signal.lost"
"""It changes only what screens show of a vital; there may be thousands."""


class Course:
    """What the log says of the session itself, event by event, but for its readings."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {}
        self.limits: list[Limits] = []
        self.gaps: list[Gap] = []
        self.standby: list[Gap] = []
        self.now = ""
        self._tapped_by: list[By] = []
        self._standby_since: str | None = None

    def hear(self, event: Logged) -> None:
        self.now = max(self.now, event.at)
        if event.kind == LOST:
            return
        before = self.state
        self.state = fold(before or None, event.as_event())
        if self.state["limits"] != before.get("limits"):
            by, reason = (event.by, event.data.get("reason")) if before else (None, None)
            self.limits.append(Limits(event.at, event.seq, by, reason, self.state["limits"]))
        match event.kind:
            case "session.created" | "phase.changed":
                self._tapped_by.append(event.by)
            case "phase.taken_back":
                self._tapped_by.pop()
            case "watch.resumed" if event.data["gap_s"] > 0:
                self.gaps.append(Gap(event.data["since"], event.at))
            case "standby.began":
                self._standby_since = event.at
            case "standby.ended":
                self._end_standby(event.at)

    def end(self) -> None:
        """Nothing more comes."""
        self._end_standby(self.ended_at or self.now)

    @property
    def ended_at(self) -> str | None:
        closed: str | None = self.state["closed_at"]
        return closed

    def phases(self) -> list[Phase]:
        spans = self.state["phases"]
        ends = [span["at"] for span in spans[1:]] + [None]
        return [
            Phase(span["phase"], span["at"], end, span["reason"], by)
            for span, end, by in zip(spans, ends, self._tapped_by, strict=False)
        ]

    def t0(self) -> str:
        """When the infusion first began, else when the session did."""
        spans = self.state["phases"]
        began = (span["at"] for span in spans if span["phase"] == INFUSING)
        first: str = next(began, spans[0]["at"])
        return first

    def _end_standby(self, at: str) -> None:
        if self._standby_since is not None:
            self.standby.append(Gap(self._standby_since, at))
            self._standby_since = None


def ordered_mg(state: dict[str, Any]) -> float | None:
    """None where the patient was not weighed."""
    weight = state["weight_kg"]
    return None if weight is None else float(round(weight * state["dose_mg_per_kg"], MG_DECIMALS))


def infused_spans(state: dict[str, Any], until: str) -> list[tuple[int, int]]:
    """Since when and until when it infused, as far as `until`."""
    spans = state["phases"]
    moments = [parse_iso(span["at"]) for span in spans] + [parse_iso(until)]
    found = []
    for span, (since, end) in zip(spans, pairwise(moments), strict=True):
        if span["phase"] == INFUSING and end > since:
            found.append((since, end))
    return found


def doses(state: dict[str, Any], until: str) -> list[Dose]:
    """How much was given by when: it rises evenly while it infuses, up to what was ordered."""
    ordered = ordered_mg(state)
    planned = state["planned_minutes"] * MINUTE_MS
    if ordered is None or planned <= 0:
        return []
    found: list[Dose] = []
    infused = 0
    for since, end in infused_spans(state, until):
        whole_at = since + planned - infused
        found.append(_dose(since, infused, planned, ordered))
        if since < whole_at < end:
            found.append(_dose(whole_at, planned, planned, ordered))
        infused += end - since
        found.append(_dose(end, infused, planned, ordered))
    return found


def _dose(at: int, infused: int, planned: int, ordered: float) -> Dose:
    return Dose(iso(at), round(ordered * min(1.0, infused / planned), MG_DECIMALS))


def infused_s(state: dict[str, Any], until: str) -> float:
    return sum(end - since for since, end in infused_spans(state, until)) / SECOND_MS
