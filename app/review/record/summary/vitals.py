"""One vital over the session: its values weighted by the time for which each stood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.vitals import VITALS
from app.review.record.model import VitalSummary
from app.review.record.spans import seconds, within, without
from app.review.record.summary.beyond import beyond

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.review.record.spans import Span
    from app.review.record.summary.beyond import Step
    from app.review.record.summary.held import Held

DECIMALS_MORE: Final = 1  # of a mean, than the values themselves have


def vitals(
    held: Mapping[str, Held],
    baseline: Mapping[str, float] | None,
    lines: Mapping[str, Sequence[Step]],
    watched: Sequence[Span],
) -> list[VitalSummary]:
    """In the order of the registry; `watched` is when a vital without a value was a gap."""
    return [
        _of_vital(vital, held[vital], (baseline or {}).get(vital), lines.get(vital, ()), watched)
        for vital in VITALS
        if vital in held
    ]


def _of_vital(
    vital: str,
    held: Held,
    baseline: float | None,
    lines: Sequence[Step],
    watched: Sequence[Span],
) -> VitalSummary:
    lowest, highest = min(held.value), max(held.value)
    covered = held.covered()
    wanted = within(watched, held.at[0], watched[-1][1]) if watched else []
    change = change_last = None
    if baseline is not None:
        furthest = max(highest, lowest, key=lambda value: abs(value - baseline))
        change, change_last = _rounded(furthest - baseline), _rounded(held.value[-1] - baseline)
    return VitalSummary(
        vital=vital,
        count=len(held.value),
        first=held.value[0],
        baseline=baseline,
        min=lowest,
        max=highest,
        mean=_mean(held, VITALS[vital].precision + DECIMALS_MORE),
        last=held.value[-1],
        change=change,
        change_last=change_last,
        covered_s=seconds(covered),
        gaps_s=seconds(without(wanted, covered)),
        beyond=beyond(held, lines),
    )


def _mean(held: Held, decimals: int) -> float:
    """Over the time that is covered; of values that stood for no time, each counts as much."""
    weights = held.weights()
    whole = sum(weights)
    if whole == 0:
        return round(sum(held.value) / len(held.value), decimals)
    weighted = sum(value * stood for value, stood in zip(held.value, weights, strict=True))
    return round(weighted / whole, decimals)


def _rounded(value: float) -> float:
    """Without what binary fractions add: 36.9 - 36.5 is 0.4."""
    return round(value, 6)
