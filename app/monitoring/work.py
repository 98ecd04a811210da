"""The engine's private working copy of one session: made at the start of a step, frozen again at
its end, never seen outside.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from app.monitoring.commands import SYSTEM, Actor, ClockKind
from app.monitoring.limits import RANK, Band, Limits, Line, Lines, Priority, prepare
from app.monitoring.readings import LOST_CODES, LostSignals
from app.monitoring.rules.beyond_limit import INSIDE_MS, lasted
from app.monitoring.state import (
    DeviceSeen,
    Event,
    Excursion,
    Order,
    PhaseSpan,
    Recheck,
    Sample,
    State,
)
from app.monitoring.times import SECOND_MS
from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from app.monitoring.readings import Reading

DERIVED_CAP: Final[Priority] = "medium"  # a computed mean pressure never alarms high
NO_BAND: Final = Band((), float("-inf"), float("inf"))
RESTED_KEPT: Final = 2  # the baseline is the median of the last two sets
RESTED_PHASES: Final = frozenset({"checked_in", "baseline"})


class Work:
    """Mutable twin of `State`; mappings are copied on the first write."""

    __slots__ = (
        "alarms",
        "baseline",
        "clock",
        "closed_at",
        "devices",
        "events",
        "infused_ms",
        "infusing_since",
        "limits",
        "lost",
        "newest",
        "now",
        "order",
        "out",
        "phase",
        "phase_since",
        "phases",
        "recent",
        "rechecks",
        "rested",
        "samples",
        "schedule",
        "schedule_since",
        "seq",
    )

    def __init__(self, state: State, limits: Limits) -> None:
        self.order: Order = state.order
        self.seq: int = state.seq
        self.now: int = state.now
        self.clock: ClockKind = state.clock
        self.phase: str = state.phase
        self.phase_since: int = state.phase_since
        self.phases: tuple[PhaseSpan, ...] = state.phases
        self.infused_ms: int = state.infused_ms
        self.infusing_since: int | None = state.infusing_since
        self.closed_at: int | None = state.closed_at
        self.limits: Limits = limits
        self.baseline = state.baseline
        self.schedule = state.schedule
        self.schedule_since: int = state.schedule_since
        self.samples = dict(state.samples)
        self.newest = dict(state.newest)
        self.lost = dict(state.lost)
        self.out = dict(state.out)
        self.rested = dict(state.rested)
        self.rechecks = dict(state.rechecks)
        self.devices = dict(state.devices)
        self.alarms = dict(state.alarms)
        self.recent = dict(state.recent)
        self.events: list[Event] = []

    def freeze(self, next_due_at: int | None) -> State:
        return State(
            order=self.order,
            seq=self.seq,
            now=self.now,
            clock=self.clock,
            phase=self.phase,
            phase_since=self.phase_since,
            phases=self.phases,
            infused_ms=self.infused_ms,
            infusing_since=self.infusing_since,
            closed_at=self.closed_at,
            baseline=self.baseline,
            schedule=self.schedule,
            schedule_since=self.schedule_since,
            samples=self.samples,
            newest=self.newest,
            lost=self.lost,
            out=self.out,
            rested=self.rested,
            rechecks=self.rechecks,
            devices=self.devices,
            alarms=self.alarms,
            recent=self.recent,
            next_due_at=next_due_at,
        )

    def record(self, kind: str, at: int, data: dict[str, Any], actor: Actor = SYSTEM) -> Event:
        """Adds the next event; numbers have no gaps."""
        self.seq += 1
        event = Event(self.seq, kind, at, actor, data)
        self.events.append(event)
        return event

    def draw_lines(self, lines: Lines) -> None:
        """New lines are in force from now on; excursions over lines that are gone end
        without a word.
        """
        self.limits = prepare(lines)
        for key, excursions in list(self.out.items()):
            vital = key.split("|", 1)[0]
            kept = tuple(e for e in excursions if e.line in lines.get(vital, ()))
            if kept:
                self.out[key] = kept
            else:
                del self.out[key]
        for vital, by_origin in self.newest.items():
            for origin, seq in by_origin.items():
                sample = self.samples[seq]
                if self.now - sample.taken_at <= sample.fresh_s[vital] * SECOND_MS:
                    self.judge(vital, origin, sample, self.now)

    def take(self, reading: Reading, sample: Sample, superseded: tuple[str, ...]) -> None:
        """Makes the reading's values the newest of their origin, and judges those that are."""
        origin = reading.origin
        replaced: set[int] = set()
        for vital in sample.values:
            if vital in superseded:
                continue
            by_origin = self.newest.get(vital, {})
            before = by_origin.get(origin)
            if before is not None:
                replaced.add(before)
            self.newest[vital] = {**by_origin, origin: sample.seq}
            self.samples[sample.seq] = sample
            if self.lost:
                self._found_again(vital, origin)
            if vital in sample.late:
                self._note_late(vital, sample)
            else:
                if self.rechecks:
                    self._settle_recheck(vital, sample)
                self.judge(vital, origin, sample, min(sample.taken_at, self.now))
                if self.out and origin != "manual":
                    self._outdate_typed(vital, sample)
        for rejected in reading.rejected:
            if rejected.code in LOST_CODES:
                self._lose(rejected.vital, origin, reading.taken_at)
        if reading.device is not None:
            self._see_device(reading)
        if self.phase in RESTED_PHASES:
            self._rest(sample, superseded)
        for seq in replaced:
            wholly = not superseded and self.samples[seq].values.keys() <= sample.values.keys()
            if wholly or not self._is_held(seq):
                del self.samples[seq]

    def judge(self, vital: str, origin: str, sample: Sample, at: int) -> None:
        """Begins, keeps or ends the excursions of one vital of one origin, by its newest value."""
        band = self.limits.get(vital, NO_BAND)
        value = sample.values[vital]
        key = f"{vital}|{origin}"
        under_way = self.out.get(key, ())
        if not under_way and band.low < value < band.high:
            return
        by_line = {excursion.line: excursion for excursion in under_way}
        now_out = []
        for line in band.lines:
            if line.priority is None:
                continue
            excursion = _follow(by_line.get(line), line, line.priority, vital, sample, at)
            if excursion is not None:
                now_out.append(excursion)
        if now_out:
            self.out[key] = tuple(now_out)
        elif under_way:
            del self.out[key]

    def end_excursions(self, now: int) -> None:
        """Drops excursions that have been inside for long enough."""
        for key, excursions in list(self.out.items()):
            kept = tuple(
                e for e in excursions if e.inside_since is None or e.inside_since + INSIDE_MS > now
            )
            if len(kept) == len(excursions):
                continue
            if kept:
                self.out[key] = kept
            else:
                del self.out[key]

    def _found_again(self, vital: str, origin: str) -> None:
        if origin in self.lost.get(vital, {}):
            left = {o: since for o, since in self.lost[vital].items() if o != origin}
            if left:
                self.lost[vital] = left
            else:
                del self.lost[vital]

    def lose(self, lost: LostSignals) -> tuple[str, ...]:
        """The vitals whose signal is lost from now on, those left out that were lost before."""
        at, origin = lost.taken_at, lost.origin
        return tuple(vital for vital in lost.vitals if self._lose(vital, origin, at))

    def hear(self, lost: LostSignals) -> None:
        """A device that says that it has no signal is still there."""
        if lost.device is not None:
            known = self.devices.get(lost.device, DeviceSeen(0, lost.taken_at))
            last_at = max(lost.taken_at, known.last_at)
            self.devices[lost.device] = DeviceSeen(known.skew_ms, last_at)

    def begin_time(self, now: int) -> None:
        """The first time that a driven session's feed has sent: what came before it came then."""
        self.phases = tuple(PhaseSpan(span.phase, now, span.reason) for span in self.phases)
        self.phase_since = self.schedule_since = now
        if self.infusing_since is not None:
            self.infusing_since = now

    def _lose(self, vital: str, origin: str, at: int) -> bool:
        """True if the signal was not lost before."""
        seq = self.newest.get(vital, {}).get(origin)
        if seq is not None and self.samples[seq].taken_at > at:
            return False
        by_origin = self.lost.get(vital, {})
        if origin in by_origin:
            return False
        self.lost[vital] = {**by_origin, origin: at}
        key = f"{vital}|{origin}"
        if key in self.out:
            self.out[key] = tuple(_unproven(excursion) for excursion in self.out[key])
        return True

    def _note_late(self, vital: str, sample: Sample) -> None:
        flag = sample.flags.get(vital)
        if flag is None:
            return
        value = sample.values[vital]
        if not any(line.priority and line.reached(value) for line in self.limits[vital].lines):
            return
        if self._is_newest(vital, sample):
            critical = flag in ("low_critical", "high_critical")
            self.rechecks[vital] = Recheck(sample.seq, value, sample.taken_at, critical)

    def _settle_recheck(self, vital: str, sample: Sample) -> None:
        held = self.rechecks.get(vital)
        if held is not None and sample.taken_at > held.taken_at:
            del self.rechecks[vital]

    def _outdate_typed(self, vital: str, sample: Sample) -> None:
        """A newer value of any source that is inside ends what a typed one began: nobody will send
        its next value.
        """
        key = f"{vital}|manual"
        excursions = self.out.get(key)
        if (
            excursions is None
            or self.samples[self.newest[vital]["manual"]].taken_at > sample.taken_at
        ):
            return
        value, margin = sample.values[vital], VITALS[vital].hysteresis
        kept = tuple(e for e in excursions if not e.line.inside(value, margin))
        if kept:
            self.out[key] = kept
        else:
            del self.out[key]

    def _is_held(self, seq: int) -> bool:
        return any(seq in by_origin.values() for by_origin in self.newest.values())

    def _is_newest(self, vital: str, sample: Sample) -> bool:
        seqs = self.newest[vital].values()
        return all(self.samples[seq].taken_at <= sample.taken_at for seq in seqs)

    def _see_device(self, reading: Reading) -> None:
        device = reading.device or ""
        known = self.devices.get(device)
        last_at = max(reading.taken_at, known.last_at) if known else reading.taken_at
        self.devices[device] = DeviceSeen(reading.skew_ms, last_at)

    def _rest(self, sample: Sample, superseded: tuple[str, ...]) -> None:
        for vital, value in sample.values.items():
            if vital in superseded:
                continue
            self.rested[vital] = (*self.rested.get(vital, ()), value)[-RESTED_KEPT:]


def _follow(
    excursion: Excursion | None, line: Line, priority: Priority, vital: str, sample: Sample, at: int
) -> Excursion | None:
    value = sample.values[vital]
    if excursion is None and not line.reached(value):
        return None
    single = _single(vital, line, sample)
    if excursion is not None and line.inside(value, VITALS[vital].hysteresis):
        if single:
            return None
        inside_since = at if excursion.inside_since is None else excursion.inside_since
        return replace(excursion, sample=sample, inside_since=inside_since)
    if vital in sample.derived and RANK[priority] > RANK[DERIVED_CAP]:
        priority = DERIVED_CAP
    since = at if excursion is None else excursion.since
    worst = sample
    if excursion is not None and not _further(line, value, excursion.worst.values[vital]):
        worst = excursion.worst
    return Excursion(line, priority, since, single, sample, worst)


def _further(line: Line, value: float, held: float) -> bool:
    return value < held if line.side == "low" else value > held


def _unproven(excursion: Excursion) -> Excursion:
    """A signal lost before it was inside for long enough has not shown that what lasted is over."""
    if excursion.inside_since is None or not lasted(excursion, excursion.inside_since):
        return excursion
    return replace(excursion, inside_since=None)


def _single(vital: str, line: Line, sample: Sample) -> bool:
    """True if the source's next value is not due within the line's delay."""
    if sample.source == "manual" or VITALS[vital].kind != "streamed":
        return True
    return (sample.interval_s or 0.0) > line.delay_s
