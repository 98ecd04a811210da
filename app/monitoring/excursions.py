"""Excursions: which lines the newest value of each vital and origin is beyond, and since when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.monitoring.frozen import changing
from app.monitoring.limits import RANK, Band, Line, Priority
from app.monitoring.rules.beyond_limit import INSIDE_MS, has_lasted
from app.monitoring.rules.silence import detached
from app.monitoring.state import Excursion, Sample
from app.monitoring.times import SECOND_MS
from app.monitoring.vitals import STREAM_INTERVAL_S, VITALS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.monitoring.in_force import Limits
    from app.monitoring.work import Work

DERIVED_CAP: Final[Priority] = "medium"  # a computed mean pressure never alarms high
NO_BAND: Final = Band((), float("-inf"), float("inf"))
NOT_BEFORE: Final[Mapping[Line, int]] = {}

_inside: Final = changing(Excursion, "sample", "inside_since")
_beyond: Final = changing(
    Excursion, "line", "priority", "single", "sample", "worst", "inside_since"
)


def judge_value(
    work: Work,
    vital: str,
    origin: str,
    sample: Sample,
    at: int,
    before: Mapping[Line, int] = NOT_BEFORE,
) -> None:
    """Begins, keeps or ends the excursions of one vital of one origin, by its newest value.

    `before` tells of lines that its late values were beyond already, and since when.
    """
    band = work.limits.bands.get(vital, NO_BAND)
    value = sample.values[vital]
    key = f"{vital}|{origin}"
    under_way = work.out.get(key, ())
    if not under_way and band.low < value < band.high:
        return
    by_line = {excursion.line: excursion for excursion in under_way}
    now_out = []
    for line in band.lines:
        if line.priority is None:
            continue
        since = min(at, before.get(line, at))
        told_at = since if line in before else work.now
        held = _after_silence(work, vital, by_line.get(line), sample)
        excursion = _follow(held, line, line.priority, vital, sample, at, since, told_at)
        if excursion is not None:
            now_out.append(excursion)
    if now_out or under_way:
        work.touched = True
        keep(work, key, tuple(now_out))


def keep(work: Work, key: str, excursions: tuple[Excursion, ...]) -> None:
    """These are the excursions of one vital of one origin now; none at all is no entry."""
    if excursions:
        work.out[key] = excursions
    else:
        work.out.pop(key, None)


def keep_only(work: Work, wanted: Callable[[str, Excursion], bool]) -> None:
    """Drops every excursion that is not wanted; `wanted` is asked with its key."""
    for key, excursions in list(work.out.items()):
        keep(work, key, tuple(e for e in excursions if wanted(key, e)))


def end_excursions(work: Work, now: int) -> None:
    """Drops excursions that have been inside for long enough."""
    if work.out:
        keep_only(work, lambda _, e: not _is_over(e, now))


def _is_over(excursion: Excursion, now: int) -> bool:
    """Inside for long enough, and values told so: one of them and silence after it do not."""
    if excursion.inside_since is None:
        return False
    over_at = excursion.inside_since + INSIDE_MS
    interval_s = excursion.sample.interval_s or STREAM_INTERVAL_S
    vouched_until = excursion.sample.taken_at + round(interval_s * SECOND_MS)
    return over_at <= now and over_at <= vouched_until


def unprove(work: Work, key: str) -> None:
    """A signal lost before it was inside for long enough has not shown that what lasted is over."""
    excursions = work.out.get(key)
    if excursions:
        vital = key.split("|", 1)[0]
        work.out[key] = tuple(_unproven(work, vital, excursion) for excursion in excursions)


def outdate_typed(work: Work, vital: str, sample: Sample) -> None:
    """A newer value of any source that is inside ends what a typed one began: nobody will send its
    next value.
    """
    key = f"{vital}|manual"
    excursions = work.out.get(key)
    if excursions is None:
        return
    if work.samples[work.newest[vital]["manual"]].taken_at > sample.taken_at:
        return
    value, margin = sample.values[vital], VITALS[vital].hysteresis
    keep(work, key, tuple(e for e in excursions if not e.line.inside(value, margin)))
    work.touched = True


def redraw(work: Work, limits: Limits) -> None:
    """New lines are in force from now on: what is under way beyond a line that moved goes on if it
    is still beyond it, and the newest fresh values are judged at once.
    """
    before, work.limits = work.limits, limits
    work.touched = True
    for key, excursions in list(work.out.items()):
        vital = key.split("|", 1)[0]
        if before.lines.get(vital) == limits.lines.get(vital):
            continue
        follows = _following(before.lines.get(vital, ()), limits.lines.get(vital, ()))
        carried = (_carried(vital, e, follows.get(e.line)) for e in excursions)
        keep(work, key, tuple(e for e in carried if e is not None))
    for vital, by_origin in work.newest.items():
        if before.lines.get(vital) == limits.lines.get(vital):
            continue
        for origin, seq in by_origin.items():
            sample = work.samples[seq]
            if detached(work, sample.device or ""):
                continue
            if work.now - sample.taken_at <= sample.fresh_s[vital] * SECOND_MS:
                judge_value(work, vital, origin, sample, work.now)
        for origin, seq in by_origin.items():
            if origin != "manual":
                outdate_typed(work, vital, work.samples[seq])


def _following(old: tuple[Line, ...], new: tuple[Line, ...]) -> dict[Line, Line]:
    """Which line each old one has become: the same of its tier, side and basis, in order."""
    follows = {}
    rest = list(new)
    for line in old:
        for candidate in rest:
            if _place(candidate) == _place(line):
                follows[line] = candidate
                rest.remove(candidate)
                break
    return follows


def _place(line: Line) -> tuple[str, str, str]:
    return line.tier, line.side, line.basis


def _carried(vital: str, excursion: Excursion, line: Line | None) -> Excursion | None:
    if line == excursion.line or excursion.line.tier == "stop":  # stop lines stay where they are
        return excursion
    if line is None or not line.reached(excursion.sample.values[vital]):
        return None
    return replace(excursion, line=line)


def _follow(
    excursion: Excursion | None,
    line: Line,
    priority: Priority,
    vital: str,
    sample: Sample,
    at: int,
    since: int,
    told_at: int,
) -> Excursion | None:
    value = sample.values[vital]
    if excursion is None and not line.reached(value):
        return None
    single = is_single(vital, line, sample)
    if excursion is not None and line.inside(value, VITALS[vital].hysteresis):
        if single:
            return None
        inside_since = at if excursion.inside_since is None else excursion.inside_since
        return _inside(excursion, sample, inside_since)
    if vital in sample.derived and RANK[priority] > RANK[DERIVED_CAP]:
        priority = DERIVED_CAP
    if excursion is None:
        return Excursion(line, priority, since, told_at, single, sample, sample)
    worst = excursion.worst
    if further(line, value, worst.values[vital]):
        worst = sample
    return _beyond(excursion, line, priority, single, sample, worst, None)


def _after_silence(
    work: Work, vital: str, held: Excursion | None, sample: Sample
) -> Excursion | None:
    """Silence does not count as inside: what had lasted must be inside anew, and what had not is
    over.
    """
    if held is None or held.inside_since is None:
        return held
    if sample.taken_at - held.sample.taken_at <= held.sample.fresh_s[vital] * SECOND_MS:
        return held
    if not has_lasted(work, vital, held, held.inside_since):
        return None
    return replace(held, inside_since=None)


def further(line: Line, value: float, held: float) -> bool:
    return value < held if line.side == "low" else value > held


def _unproven(work: Work, vital: str, excursion: Excursion) -> Excursion:
    inside_since = excursion.inside_since
    if inside_since is None or not has_lasted(work, vital, excursion, inside_since):
        return excursion
    return replace(excursion, inside_since=None)


def is_single(vital: str, line: Line, sample: Sample) -> bool:
    """True if the source's next value is not due within the line's delay."""
    if sample.source == "manual" or VITALS[vital].kind != "streamed":
        return True
    return (sample.interval_s or 0.0) > line.delay_s
