"""What a complete record would have and this one has not, one sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.monitoring.phases import CLOSED
from app.monitoring.protocols import VERSIONS
from app.review.record import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.review.record.model import Summary


def completeness(
    state: Mapping[str, Any], summary: Summary, *, signed: bool, rates: int = 0
) -> list[str]:
    """In the order in which a session goes; `rates` is how often another rate was noted."""
    return [
        *_before(state),
        *_given(summary, rates),
        *_values(state, summary),
        *_after(state, summary, signed),
    ]


def _before(state: Mapping[str, Any]) -> Iterator[str]:
    phases = {span["phase"] for span in state["phases"]}
    if state["weight_kg"] is None:
        yield "No weight was given: how much was ordered and given is not known."
    if "infusing" in phases and state["baseline"] is None:
        yield "No baseline was set before the infusion."
    if "infusing" in phases and state["baseline"] is not None:
        protocol = VERSIONS[state["protocol"], state["protocol_version"]]
        absent = [vital for vital in protocol.baseline_set if vital not in state["baseline"]]
        if absent:
            yield f"The baseline has no {words.shorts(absent)}."
    if "infusing" not in phases:
        yield "No infusion was begun."


def _given(summary: Summary, rates: int) -> Iterator[str]:
    if rates and summary.mg_given:
        times = "once" if rates == 1 else f"{rates} times"
        yield (
            f"The rate was changed {times}: the mg given go by the order and the time infused, and"
            " not by the rate."
        )


def _values(state: Mapping[str, Any], summary: Summary) -> Iterator[str]:
    if not summary.values:
        yield "No vital sign was recorded."
    taken = {one.vital for one in summary.vitals}
    never = [one.vital for one in summary.compliance if one.due and one.vital not in taken]
    if never:
        yield f"The schedule asked for {words.shorts(never)}, and there was never a value."
    for one in summary.compliance:
        if one.missed and one.vital not in never:
            times = f"{one.missed} of {one.due} times"
            yield f"{words.shorts([one.vital])} was due and not taken {times}."
    if summary.unconfirmed:
        yield f"Unlikely values that nobody confirmed: {summary.unconfirmed}."
    if summary.not_watched_s:
        yield f"For {words.span(summary.not_watched_s)} the server did not watch."


def _after(state: Mapping[str, Any], summary: Summary, signed: bool) -> Iterator[str]:
    unseen = sum(a.count - a.acknowledged for a in summary.alarms if a.priority == "high")
    if unseen:
        yield f"High alarms that no person acknowledged: {unseen}."
    if state["phase"] not in CLOSED:
        yield "The session is not closed."
    elif not signed:
        yield "The record is not signed."
