"""Taking a reading in: flagged, recorded, made the newest of its source, judged."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from app.monitoring import cuff, not_taken, offline
from app.monitoring.closed import refuse_closed, refuse_outside
from app.monitoring.errors import DeviceDetached, SessionClosed
from app.monitoring.excursions import judge_value, outdate_typed, unprove
from app.monitoring.frozen import changing
from app.monitoring.in_force import limits_at
from app.monitoring.limits import Basis, flag
from app.monitoring.readings import LOST_CODES, LostSignals, Reading
from app.monitoring.state import DeviceSeen, Rested, Sample
from app.monitoring.times import SECOND_MS, iso
from app.monitoring.vitals import VITALS, device_fresh_s

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.monitoring.commands import Actor
    from app.monitoring.limits import Number
    from app.monitoring.state import Alarm
    from app.monitoring.work import Work

GRACE_SHARE: Final = 0.2  # a typed value may be a fifth of its interval late before it is stale
GRACE_FLOOR_S: Final = 60.0  # and never less than a minute
RESTED_KEPT: Final = 2  # the baseline is the median of the last two sets
NO_ORIGIN: Final[Mapping[str, int]] = {}
SET_MS: Final = 60 * SECOND_MS  # two values of a stream within a minute are one set
RESTED_PHASES: Final = frozenset({"checked_in", "baseline"})
HEARD_MS: Final = 10 * SECOND_MS  # below the 15 s after which a device counts as silent
SILENT: Final = frozenset({"signal_stale", "device_lost", "no_signal"})
ASKED_PHASE: Final = "ready"  # fresh vitals in it raise the question whether the infusion began

_heard: Final = changing(DeviceSeen, "skew_ms", "last_at", "late_since")


def record(work: Work, reading: Reading, actor: Actor) -> None:
    """Raises SessionClosed, DeviceDetached, or InvalidRequest for what is charted after the close
    and not of before it.
    """
    closed = work.closed_at is not None
    if closed:
        _refuse_after_close(work, reading, actor)
    refuse_detached(work, reading.device)
    origin, taken_at = reading.origin, reading.taken_at
    fresh_s = {vital: _fresh_s(work, reading, vital) for vital in reading.values}
    repeated = cuff.repeated(work, reading)
    superseded, late = [], []
    for vital in reading.values:
        before = work.newest.get(vital, {}).get(origin)
        if before is not None and work.samples[before].taken_at > taken_at:
            superseded.append(vital)
        if closed or work.now - taken_at > fresh_s[vital] * SECOND_MS:
            late.append(vital)
    flags, basis = _flags(work, reading)
    sample = Sample(
        seq=reading.kept_seq or work.seq + 1,
        taken_at=taken_at,
        source=reading.source,
        device=reading.device,
        interval_s=reading.interval_s,
        values=reading.values,
        flags=flags,
        basis=basis,
        fresh_s=fresh_s,
        derived=reading.derived,
        unconfirmed=reading.unconfirmed,
        late=tuple(late),
    )
    data = recorded(reading, sample, superseded, repeated)
    if reading.charted or reading.not_taken:
        data |= not_taken.told(reading)
        if not closed and (noted := not_taken.put_off(work, reading, actor)):
            data["put_off"] = noted
    if closed:
        data["after_close"] = True
    if reading.moved_from is not None:
        data["moved_from"] = asdict(reading.moved_from)
    work.record("reading.recorded", taken_at, data, actor)
    _take(work, reading, sample, {*superseded, *repeated}, repeated)


def _refuse_after_close(work: Work, reading: Reading, actor: Actor) -> None:
    if reading.source == "device":
        raise SessionClosed("Nothing was stored: this session is closed.")
    refuse_closed(work, actor, let_in=reading.after_close)
    refuse_outside(work, "taken_at", reading.taken_at)


def recorded(
    reading: Reading,
    sample: Sample,
    superseded: Sequence[str] = (),
    repeated: Sequence[str] = (),
) -> dict[str, Any]:
    """What the reading itself says, and how it was judged when it came."""
    device_time = reading.device_time
    return {
        "id": reading.id,
        "taken_at": iso(reading.taken_at),
        "device_time": None if device_time is None else iso(device_time),
        "skew_s": reading.skew_ms / SECOND_MS,
        "source": reading.source,
        "device": reading.device,
        "interval_s": reading.interval_s,
        "values": reading.values,
        "confirmed": reading.confirmed,
        "derived": reading.derived,
        "rejected": [
            {"vital": r.vital, "value": r.value, "code": r.code} for r in reading.rejected
        ],
        "unconfirmed": reading.unconfirmed,
        "weak": reading.weak,
        "cuff_inflating": reading.cuff_inflating,
        "late": list(sample.late),
        "superseded": list(superseded),
        "repeated": list(repeated),
        "flags": sample.flags,
        "basis": sample.basis,
        "fresh_s": sample.fresh_s,
    }


def lose(work: Work, lost: LostSignals, actor: Actor, *, moved: bool) -> None:
    """Said once; also, of no vital, when it moves a driven clock, for the log must tell the time,
    and now and then while the device goes on saying so: it is not silent.
    """
    refuse_detached(work, lost.device)
    newly = tuple(v for v in lost.vitals if _lose(work, v, lost.origin, lost.taken_at))
    known = work.devices.get(lost.device or "", cuff.NEVER_HEARD)
    silent = lost.taken_at - (known.last_at or 0) >= HEARD_MS
    if not newly and not (moved and work.clock == "driven") and not (lost.device and silent):
        return
    if lost.device is not None:
        last_at = max(lost.taken_at, known.last_at or lost.taken_at)
        work.devices[lost.device] = replace(known, last_at=last_at)
    data = {
        "source": "device",
        "device": lost.device,
        "taken_at": iso(lost.taken_at),
        "vitals": newly,
    }
    work.record("signal.lost", lost.taken_at, data, actor)
    work.touched = True


def refuse_detached(work: Work, device: str | None) -> None:
    """Raises DeviceDetached: what a monitor sends that was taken away belongs to somebody else."""
    known = work.devices.get(device or "")
    if known is not None and known.attached is False:
        raise DeviceDetached(
            f"Nothing was stored: {device} is not attached to this session. Attach it first."
        )


def _flags(work: Work, reading: Reading) -> tuple[dict[str, str], dict[str, Basis]]:
    flags: dict[str, str] = {}
    basis: dict[str, Basis] = {}
    limits = work.limits
    if work.closed_at is not None or reading.retimed:
        limits = limits_at(work.drawn, limits.protocol, reading.taken_at)
    bands = limits.bands
    for vital, value in reading.values.items():
        band = bands.get(vital)
        if band is None or band.low < value < band.high:
            continue
        found = flag(band.lines, value)
        if found is not None:
            flags[vital], rests_on = found
            if rests_on == "relative":
                basis[vital] = rests_on
    return flags, basis


def _fresh_s(work: Work, reading: Reading, vital: str) -> float:
    if reading.source == "device":
        return _device_fresh_s(vital, reading.interval_s)
    every = work.schedule.get("sbp" if vital in reading.derived else vital)
    if every is None:
        return VITALS[vital].fresh_s
    return every + max(GRACE_FLOOR_S, GRACE_SHARE * every)


@lru_cache(maxsize=1_024)  # every vital of every interval that a clinic's devices declare
def _device_fresh_s(vital: str, interval_s: float | None) -> float:
    return device_fresh_s(VITALS[vital], interval_s)


def _take(
    work: Work, reading: Reading, sample: Sample, passed: set[str], repeated: tuple[str, ...]
) -> None:
    """Makes the reading's values the newest of their origin, and judges those that are; those
    `passed` are charted only.
    """
    origin = reading.origin
    replaced: set[int] = set()
    for vital in sample.values:
        if vital in passed:
            continue
        by_origin = work.newest.get(vital, NO_ORIGIN)
        before = by_origin.get(origin)
        if before is not None:
            replaced.add(before)
        if before is None or work.samples[before].fresh_s.get(vital) != sample.fresh_s[vital]:
            work.touched = True  # when it will be stale is not what was counted on
        work.newest[vital] = {**by_origin, origin: sample.seq}
        work.samples[sample.seq] = sample
        if work.lost:
            _found_again(work, vital, origin)
        if work.closed_at is not None:
            continue
        if vital in sample.late:
            offline.note_late(work, vital, origin, sample)
        else:
            if work.rechecks:
                offline.settle_recheck(work, vital, sample)
            goes_on = offline.settle(work, vital, origin, sample) if work.offline else {}
            judge_value(work, vital, origin, sample, min(sample.taken_at, work.now), goes_on)
            if work.out and origin != "manual":
                outdate_typed(work, vital, sample)
    if work.not_taken:
        not_taken.end(work, sample, passed)
    for rejected in reading.rejected:
        if rejected.code in LOST_CODES and _lose(work, rejected.vital, origin, reading.taken_at):
            work.touched = True
    if reading.device is not None:
        _see_device(work, reading, sample, repeated)
    if work.phase in RESTED_PHASES:
        _rest(work, sample, passed)
    for seq in replaced:
        wholly = not passed and work.samples[seq].values.keys() <= sample.values.keys()
        if wholly or not _is_held(work, seq):
            del work.samples[seq]
    if (
        reading.source == "manual"
        or work.phase == ASKED_PHASE
        or (work.alarms and listens(work.alarms, sample.values))
    ):
        work.touched = True


def listens(alarms: Mapping[str, Alarm], values: Mapping[str, Number]) -> bool:
    """True if an alarm stands that a fresh value ends, however calm it is."""
    for alarm in alarms.values():
        if alarm.condition in SILENT or any(vital in values for vital in alarm.missing):
            return True
    return False


def _found_again(work: Work, vital: str, origin: str) -> None:
    if origin not in work.lost.get(vital, {}):
        return
    work.touched = True
    left = {o: since for o, since in work.lost[vital].items() if o != origin}
    if left:
        work.lost[vital] = left
    else:
        del work.lost[vital]


def _lose(work: Work, vital: str, origin: str, at: int) -> bool:
    """True if the signal was not lost before."""
    seq = work.newest.get(vital, {}).get(origin)
    if seq is not None and work.samples[seq].taken_at > at:
        return False
    by_origin = work.lost.get(vital, {})
    if origin in by_origin:
        return False
    work.lost[vital] = {**by_origin, origin: at}
    unprove(work, f"{vital}|{origin}")
    return True


def _see_device(work: Work, reading: Reading, sample: Sample, repeated: tuple[str, ...]) -> None:
    device = reading.device or ""
    known = work.devices.get(device)
    if known is None or known.last_at is None or known.skew_ms != reading.skew_ms:
        work.touched = True
    known = known or cuff.NEVER_HEARD
    last_at = max(reading.taken_at, known.last_at or reading.taken_at)
    late_since = _late_since(work, known, sample)
    if late_since != known.late_since:
        work.touched = True
    seen = _heard(known, reading.skew_ms, last_at, late_since)
    if reading.cuff_inflating != known.inflating or cuff.cuff_vitals(reading):
        seen = replace(seen, **cuff.told_of_cuff(known, reading, repeated))
    work.devices[device] = seen
    if seen.probe is not None:
        cuff.hold(work, reading)


def _late_since(work: Work, known: DeviceSeen, sample: Sample) -> int | None:
    """Since when the device's stream comes only late; a message without a stream says nothing."""
    if known.late_since is None and not sample.late:
        return None
    streamed = [vital for vital in sample.values if VITALS[vital].kind == "streamed"]
    if not streamed:
        return known.late_since
    if not sample.late or any(vital not in sample.late for vital in streamed):
        return None
    return work.now if known.late_since is None else known.late_since


def _rest(work: Work, sample: Sample, passed: set[str]) -> None:
    """A typed value is a set of its own; of a device's stream one value a minute is, and none that
    is doubtful or late.
    """
    rested = dict(work.rested)
    typed = sample.source == "manual"
    for vital, value in sample.values.items():
        held = rested.get(vital, ())
        if vital in passed:
            continue
        if not typed and (vital in sample.unconfirmed or vital in sample.late):
            continue
        if not typed and held and sample.taken_at - held[-1].taken_at < SET_MS:
            continue
        rested[vital] = (*held, Rested(value, sample.taken_at))[-RESTED_KEPT:]
    work.rested = rested


def rest_again(work: Work, since: int) -> None:
    """The newest values taken after `since` count as taken at rest: the phase that was tapped then
    was a mistake.
    """
    if work.phase not in RESTED_PHASES:
        return
    newest = {seq for by_origin in work.newest.values() for seq in by_origin.values()}
    for seq in sorted(newest):
        sample = work.samples[seq]
        if sample.taken_at > since:
            older = {v for v in sample.values if seq not in work.newest.get(v, NO_ORIGIN).values()}
            _rest(work, sample, older)


def _is_held(work: Work, seq: int) -> bool:
    return any(seq in by_origin.values() for by_origin in work.newest.values())
