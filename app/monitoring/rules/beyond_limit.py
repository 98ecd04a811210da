"""A value is beyond an alarm limit and has been for the line's delay; one alarm per group
and side.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from app.monitoring.cuff import waits
from app.monitoring.limits import RANK, Side
from app.monitoring.rules.condition import About, Condition
from app.monitoring.state import Excursion, Sample
from app.monitoring.times import SECOND_MS
from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.monitoring.situation import Situation

BURST_MS: Final = 2 * SECOND_MS  # what was held up comes in one burst: its next value may be inside
INSIDE_MS: Final = (
    10 * SECOND_MS
)  # a streamed value must hold inside this long, so that flapping is one alarm


ABOUT: Final = About(
    condition="limit",
    kind="physiological",
    when="a value is beyond a line for its delay; one for each group and side",
    priority="the line's; of a computed mean pressure medium at most",
)


@dataclass(slots=True)
class _Gathered:
    """All excursions of one group and side."""

    found: list[tuple[str, Excursion]] = field(default_factory=list)


def raise_at(seen: Situation, vital: str, excursion: Excursion) -> int:
    """When an excursion has lasted its line's delay, and the cuff on its arm is done; at once where
    no second value is due within the delay.
    """
    since = excursion.since
    if excursion.single:
        due = since
    else:
        lasted_at = since + round(excursion.line.delay_s * SECOND_MS)
        due = max(lasted_at, excursion.told_at + BURST_MS)
    return waits(seen, excursion.worst.device, vital, since, due)


def has_lasted(seen: Situation, vital: str, excursion: Excursion, now: int) -> bool:
    """True if the delay was over before the value came back inside."""
    inside_since = excursion.inside_since
    return raise_at(seen, vital, excursion) <= (now if inside_since is None else inside_since)


def find(seen: Situation, now: int) -> Iterator[Condition]:
    if not seen.out:
        return
    groups: dict[tuple[str, Side], _Gathered] = {}
    for key, excursions in seen.out.items():
        vital = key.split("|", 1)[0]
        for excursion in excursions:
            if not excursion.line.is_limit:
                continue
            where = (VITALS[vital].group, excursion.line.side)
            groups.setdefault(where, _Gathered()).found.append((vital, excursion))
    for (group, side), gathered in groups.items():
        yield _condition(seen, group, side, gathered.found, now)


def _condition(
    seen: Situation, group: str, side: Side, found: list[tuple[str, Excursion]], now: int
) -> Condition:
    present = [item for item in found if item[1].inside_since is None]
    so_far = [item for item in found if has_lasted(seen, *item, now)]
    counts = [item for item in present if item in so_far] or so_far or found
    vital, excursion = max(counts, key=_weight)
    pending = [raise_at(seen, *item) for item in present]
    ends = [e.inside_since + INSIDE_MS for _, e in found if e.inside_since is not None]
    over_at = None if present else max(ends)
    sample, limit = excursion.sample, excursion.line.value
    if not excursion.line.reached(sample.values[vital]):
        sample = excursion.worst  # back across the line and not yet over: tell what was beyond it
    value = sample.values[vital]
    return Condition(
        kind="physiological",
        condition="limit",
        group=group,
        vital=vital,
        side=side,
        priority=excursion.priority,
        since=min(e.since for _, e in found),
        raise_at=min(pending) if over_at is None else over_at,
        next_at=min((at for at in (*pending, *ends) if at > now), default=None),
        over_at=over_at,
        value=value,
        worst=excursion.worst.values[vital],
        limit=limit,
        unit=VITALS[vital].unit,
        text=_text(vital, value, limit, sample),
        devices=tuple(dict.fromkeys(e.worst.device for _, e in found if e.worst.device)),
        worse_by=VITALS[vital].worsening,
        resounds=not excursion.single,
    )


def _weight(item: tuple[str, Excursion]) -> tuple[int, float]:
    vital, excursion = item
    beyond = excursion.sample.values[vital] - excursion.line.value
    if excursion.line.side == "low":
        beyond = -beyond
    return RANK[excursion.priority], beyond / VITALS[vital].worsening


def _text(vital: str, value: float, limit: float, sample: Sample) -> str:
    vital_sign = VITALS[vital]
    if vital == "rr" and value == 0:
        return "APNOEA: RR 0"
    if vital_sign.score_labels:
        return f"{vital_sign.short} {value:g}, {vital_sign.score_labels.get(int(value), '')}"
    if vital in ("sbp", "dbp") and "sbp" in sample.values and "dbp" in sample.values:
        pair = f"{sample.values['sbp']:g}/{sample.values['dbp']:g}"
        return f"BP {pair} {vital_sign.unit}, {vital_sign.short} limit {limit:g}"
    return f"{vital_sign.short} {value:g} {vital_sign.unit}, limit {limit:g}"
