"""Excursions that are told late: a device was offline, and what it then sends was beyond a line
while nobody could see it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.monitoring.excursions import NO_BAND, further, is_single
from app.monitoring.limits import FLAGS, Line
from app.monitoring.state import Missed, OfflineExcursion, Recheck, Sample
from app.monitoring.times import SECOND_MS, iso
from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.monitoring.work import Work

SETTLE_MS: Final = (
    15 * SECOND_MS
)  # a device that sends what it kept soon sends what is now: no need to ask for a recheck
CRITICAL_FLAGS: Final = frozenset({"low_critical", "high_critical"})


def note_late(work: Work, vital: str, origin: str, sample: Sample) -> None:
    """A value that came later than it is fresh clears nothing and raises nothing as now: beyond a
    limit it asks for a recheck, and for a device's, what lasted is listed as missed.
    """
    work.touched = True
    asked = work.rechecks.get(vital)
    settle_recheck(work, vital, sample)
    _note_recheck(work, vital, sample, asked)
    if origin != "manual":
        _track(work, vital, origin, sample)


def settle(work: Work, vital: str, origin: str, sample: Sample) -> Mapping[Line, int]:
    """A fresh value ends what was told late, or goes on with it: answers since when it has been
    beyond the lines that it still is beyond.
    """
    key = f"{vital}|{origin}"
    told = work.offline.get(key)
    if told is None:
        return {}
    work.touched = True
    work.offline = {k: v for k, v in work.offline.items() if k != key}
    goes_on = {}
    for excursion in told:
        if excursion.line.inside(sample.values[vital], VITALS[vital].hysteresis):
            _end(work, vital, excursion, sample)
        else:
            goes_on[excursion.line] = excursion.since
    return goes_on


def settle_recheck(work: Work, vital: str, sample: Sample) -> None:
    """Any newer value answers what a recheck asks for."""
    held = work.rechecks.get(vital)
    if held is not None and sample.taken_at > held.taken_at:
        del work.rechecks[vital]
        work.touched = True


def _note_recheck(work: Work, vital: str, sample: Sample, asked: Recheck | None) -> None:
    """One late value after another beyond a limit does not put off what the first asked for."""
    flag = sample.flags.get(vital)
    if flag is None or not _is_newest(work, vital, sample):
        return
    value = sample.values[vital]
    lines = work.limits.bands[vital].lines
    if not any(e.priority and e.is_limit and e.reached(value) for e in lines):
        return
    streamed = sample.source == "device" and VITALS[vital].kind == "streamed"
    ask_at = work.now + (SETTLE_MS if streamed else 0)
    if asked is not None:
        ask_at = min(ask_at, asked.ask_at)
    critical = flag in CRITICAL_FLAGS
    work.rechecks[vital] = Recheck(sample.seq, value, sample.taken_at, critical, ask_at)


def _is_newest(work: Work, vital: str, sample: Sample) -> bool:
    seqs = work.newest[vital].values()
    return all(work.samples[seq].taken_at <= sample.taken_at for seq in seqs)


def _track(work: Work, vital: str, origin: str, sample: Sample) -> None:
    key = f"{vital}|{origin}"
    value, margin = sample.values[vital], VITALS[vital].hysteresis
    seen_live = {excursion.line for excursion in work.out.get(key, ())}
    told = {excursion.line: excursion for excursion in work.offline.get(key, ())}
    kept = []
    for line in _listed(work.limits.bands.get(vital, NO_BAND).lines):
        excursion = told.get(line)
        if line in seen_live:
            continue
        if excursion is not None and line.inside(value, margin):
            _end(work, vital, excursion, sample)
        elif excursion is not None:
            worst = value if further(line, value, excursion.worst) else excursion.worst
            kept.append(replace(excursion, worst=worst))
        elif line.reached(value):
            kept.append(OfflineExcursion(line, sample.taken_at, value))
    others = {k: v for k, v in work.offline.items() if k != key}
    if kept or key in work.offline:
        work.offline = {**others, key: tuple(kept)} if kept else others


def _listed(lines: tuple[Line, ...]) -> list[Line]:
    """One absolute line for each flag: what is told late is told once for each."""
    first: dict[tuple[str, str], Line] = {}
    for line in lines:
        if line.priority is not None and line.basis == "absolute" and line.is_limit:
            first.setdefault((line.tier, line.side), line)
    return list(first.values())


def _end(work: Work, vital: str, excursion: OfflineExcursion, sample: Sample) -> None:
    line, until = excursion.line, sample.taken_at
    lasted = until - excursion.since >= round(line.delay_s * SECOND_MS)
    if not lasted and not is_single(vital, line, sample):
        return
    flag = FLAGS[line.tier, line.side]
    critical = flag in CRITICAL_FLAGS
    data = {
        "vital": vital,
        "side": line.side,
        "flag": flag,
        "limit": line.value,
        "since": iso(excursion.since),
        "until": iso(until),
        "worst": excursion.worst,
        "device": sample.device,
        "critical": critical,
    }
    work.record("excursion.missed", until, data)
    if critical:
        _stand(work, vital, excursion, until)


def _stand(work: Work, vital: str, excursion: OfflineExcursion, until: int) -> None:
    """One for each group and side stands: the first until it is acknowledged, with the worst."""
    line = excursion.line
    key = f"{VITALS[vital].group}|{line.side}"
    held = work.missed.get(key)
    missed = Missed(vital, line.side, excursion.since, until, excursion.worst, line.value)
    if held is not None and held.vital == vital:
        worst = excursion.worst if further(line, excursion.worst, held.worst) else held.worst
        missed = replace(missed, since=held.since, worst=worst)
    work.missed = {**work.missed, key: missed}
