"""The short way of a calm reading, as nearly all are: a device says the same vitals again, each of
them inside its calm band, a cuff's among them or not, and nothing waits for a fresh value. One that
an outage or a second line has overtaken is as calm: it is charted.

It makes the very step that the long way makes, for a third of its price: everything that
`intake.record` would look at is ruled out first, and what is left is an event, the newest sample
and when the device was heard. Where anything is not ruled out, the long way is taken. The laws of
the tests hold both ways against each other over random lives.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.monitoring.cuff import CUFF_VITALS, repeated, told_of_cuff
from app.monitoring.frozen import changing
from app.monitoring.intake import ASKED_PHASE, NO_ORIGIN, RESTED_PHASES, listens, recorded
from app.monitoring.state import DeviceSeen, Event, Sample, State, Step
from app.monitoring.times import SECOND_MS

if TYPE_CHECKING:
    from app.monitoring.commands import Actor
    from app.monitoring.in_force import Limits
    from app.monitoring.readings import Reading

ASKING: Final = RESTED_PHASES | {ASKED_PHASE}  # phases in which every value counts for more

_go_on: Final = changing(State, "seq", "now", "samples", "newest", "devices")
_heard: Final = changing(DeviceSeen, "last_at", "cuff_told_at")


def calm_step(
    state: State, reading: Reading, limits: Limits, now: int, actor: Actor
) -> Step | None:
    """The step of a calm reading; None if it may be more than that."""
    device = state.devices.get(reading.device or "")
    if _is_waiting(state, now) or device is None or not _as_before(device, reading):
        return None
    if state.alarms and listens(state.alarms, reading.values):
        return None
    if state.not_taken and not state.not_taken.keys().isdisjoint(reading.values):
        return None
    values, taken_at, now = reading.values, reading.taken_at, max(now, state.now)
    origin = reading.origin
    before = _said_before(state, reading, origin)
    if before is None:
        return None
    of_cuff = not CUFF_VITALS.isdisjoint(values)
    again = repeated(state, reading) if of_cuff else ()
    seq, fresh_s, was = state.seq + 1, before.fresh_s, before.seq
    age, bands, told = now - taken_at, limits.bands, {origin: seq}
    newest = dict(state.newest)
    superseded: list[str] = []
    charted: list[int] = []  # samples that stay the newest of a vital
    replaced: list[int] = []
    for vital, value in values.items():
        by_origin = newest.get(vital, NO_ORIGIN)
        band = bands.get(vital)
        held = by_origin.get(origin)
        if (
            held is None
            or (band is not None and not band.low < value < band.high)
            or age > fresh_s[vital] * SECOND_MS
        ):
            return None
        last = before if held == was else state.samples[held]
        if last.taken_at > taken_at:
            superseded.append(vital)
            charted.append(held)
        elif vital in again:  # the first that said so stays the newest
            charted.append(held)
        elif last.fresh_s.get(vital) != fresh_s[vital]:
            return None
        else:
            newest[vital] = told if len(by_origin) == 1 else {**by_origin, origin: seq}
            replaced.append(held)
    sample = Sample(
        seq=seq,
        taken_at=taken_at,
        source=reading.source,
        device=reading.device,
        interval_s=reading.interval_s,
        values=reading.values,
        flags={},
        basis={},
        fresh_s=fresh_s,
        derived=reading.derived,
        unconfirmed=reading.unconfirmed,
        late=(),
    )
    samples = state.samples
    if replaced:
        samples = {**samples, seq: sample}
        for old in set(replaced).difference(charted):
            if old == was or not any(old in by_origin.values() for by_origin in newest.values()):
                del samples[old]
    last_at = max(taken_at, device.last_at or taken_at)
    cuff_told_at = device.cuff_told_at
    if again:
        cuff_told_at = max(taken_at, cuff_told_at or taken_at)
    seen = _heard(device, last_at, cuff_told_at)
    if of_cuff and not again:
        seen = replace(seen, **told_of_cuff(device, reading, again))
    devices = {**state.devices, reading.device or "": seen}
    data = recorded(reading, sample, superseded, again)
    event = Event(seq, "reading.recorded", taken_at, actor, data)
    return Step(_go_on(state, seq, now, samples, newest, devices), (event,))


def _is_waiting(state: State, now: int) -> bool:
    """True where something is due, or the session itself makes any value more than calm."""
    due = state.next_due_at
    return bool(
        due is None
        or due <= now
        or state.closed_at is not None
        or state.phase in ASKING
        or state.lost
        or state.out
        or state.rechecks
        or state.offline
        or (state.now == 0 and state.clock == "driven")  # nobody has told it the time yet
    )


def _as_before(device: DeviceSeen, reading: Reading) -> bool:
    """True if the message changes nothing of what is known of its device but when it was heard, and
    its cuff.
    """
    return (
        reading.source == "device"
        and reading.kept_seq is None
        and not reading.rejected
        and device.attached is not False
        and device.last_at is not None
        and device.late_since is None
        and device.skew_ms == reading.skew_ms
        and device.inflating == reading.cuff_inflating
        # With a pulse that is not weak no alarm of the probe waits for a cuff.
        and (device.probe is None or ("hr" in reading.values and not reading.weak))
    )


def _said_before(state: State, reading: Reading, origin: str) -> Sample | None:
    """The device's newest sample, if it is of the same vitals and interval: how long its values are
    fresh is then the same, too.
    """
    first = next((vital for vital in reading.values if vital not in CUFF_VITALS), "")
    seq = state.newest.get(first, NO_ORIGIN).get(origin)
    if seq is None:
        return None
    before = state.samples[seq]
    same = before.interval_s == reading.interval_s
    return before if same and before.values.keys() == reading.values.keys() else None
