"""The limits in force in one session, made ready for judging."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.monitoring.limits import Bands, Lines, Number, prepare
from app.monitoring.protocols import VERSIONS, Protocol, lines_in_force
from app.monitoring.stop_lines import with_stop_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.monitoring.limits import Drawn
    from app.monitoring.state import State
    from app.monitoring.work import Work


@dataclass(frozen=True, slots=True)
class Limits:
    """A protocol and the lines that a session has drawn from it, by its baseline and its people;
    in `bands` the stop lines, too.
    """

    protocol: Protocol
    lines: Lines
    bands: Bands


def draw(
    protocol: Protocol, baseline: Mapping[str, float] | None, moved: Mapping[str, Number]
) -> Limits:
    lines = lines_in_force(protocol, baseline, moved)
    return Limits(protocol, lines, prepare(with_stop_lines(lines)))


def lines_of(state: State) -> Lines:
    """What `limits_of` makes ready."""
    return lines_in_force(protocol_of(state), state.baseline, state.moved)


def limits_of(state: State, protocol: Protocol | None = None) -> Limits:
    """Of the version of the protocol that the session began with, or of another protocol."""
    return draw(protocol or protocol_of(state), state.baseline, state.moved)


def protocol_of(state: State) -> Protocol:
    return VERSIONS[state.order.protocol, state.order.protocol_version]


def limits_at(drawn: Sequence[Drawn], protocol: Protocol, at: int) -> Limits:
    """The limits as they were in force at a moment."""
    then = next((told for told in reversed(drawn) if told.at <= at), None)
    return draw(protocol, None, {}) if then is None else draw(protocol, then.baseline, then.moved)


def still_drawn(before: State, after: State | Work) -> bool:
    """True if the limits of the one state are those of the other."""
    return before.baseline is after.baseline and before.moved is after.moved
