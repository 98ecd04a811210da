"""The cuff: when it measures, when a device only sends its last measurement again, and how its
inflation on the probe's arm delays the alarms of the probe.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from app.monitoring.readings import LOST_CODES, Reading
from app.monitoring.state import DeviceSeen
from app.monitoring.times import SECOND_MS, iso
from app.monitoring.vitals import (
    CUFF_CYCLE_S,
    CUFF_GRACE_S,
    CUFF_INTERVAL_S,
    STREAM_INTERVAL_S,
    VITALS,
)

if TYPE_CHECKING:
    from app.monitoring.situation import Situation
    from app.monitoring.state import State
    from app.monitoring.work import Work

HOLD_MS: Final = (
    45 * SECOND_MS
)  # an inflation takes 20-40 s; longer than this the pulse is not back
NEAR_MS: Final = 45 * SECOND_MS  # how far from its usual time the next inflation may begin
INFLATION_MS: Final = 60 * SECOND_MS  # a cuff that said it inflates has ended by then
REPEAT_MS: Final = 60 * SECOND_MS  # no cuff measures twice in a minute
REPEAT_MIXED_MS: Final = round((CUFF_INTERVAL_S + CUFF_GRACE_S) * SECOND_MS)
"""Who streams tells the last cuff with everything; after an outage it still is the last."""
MISSING_INTERVALS: Final = 2  # a pulse may come in a message of its own; two left out are gone
CUFF_VITALS: Final = frozenset(code for code, vital in VITALS.items() if vital.kind == "cuff")
PULSE_VITALS: Final = ("hr", "spo2")  # what a probe gives, and a cuff on its arm takes away
NEVER_HEARD: Final = DeviceSeen()


def repeated(work: Work | State, reading: Reading) -> tuple[str, ...]:
    """The cuff values that are the last measurement sent again: the same pressures, sooner after
    their last message than a cuff measures again.

    They are held against what the device sent, not against what stands: a pressure that a person
    took back or put right does not come back with the monitor's next word of it.
    """
    if reading.told_again is not None:
        return reading.told_again
    if reading.device is None:
        return ()
    seen = work.devices.get(reading.device, NEVER_HEARD)
    told_at = seen.cuff_told_at
    if told_at is None or not 0 <= reading.taken_at - told_at < _repeat_window(reading):
        return ()
    vitals, values, told = cuff_vitals(reading), reading.values, dict(seen.cuff_told)
    for vital in vitals:
        if told.get(vital) != values[vital]:
            return ()
    return vitals


def _repeat_window(reading: Reading) -> int:
    every_s = reading.interval_s
    if every_s is not None and every_s < CUFF_CYCLE_S and _streams(tuple(reading.values)):
        return REPEAT_MIXED_MS
    return REPEAT_MS


def cuff_values(reading: Reading) -> tuple[tuple[str, float], ...]:
    """The pressures in it, by vital sign."""
    return tuple((vital, reading.values[vital]) for vital in cuff_vitals(reading))


def cuff_vitals(reading: Reading) -> tuple[str, ...]:
    return _of_cuff(tuple(reading.values))


@lru_cache(maxsize=256)  # a monitor always names the same vital signs
def _of_cuff(vitals: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(vital for vital in vitals if vital in CUFF_VITALS)


@lru_cache(maxsize=256)
def _streams(vitals: tuple[str, ...]) -> bool:
    return any(VITALS[vital].kind == "streamed" for vital in vitals)


def told_of_cuff(seen: DeviceSeen, reading: Reading, repeats: tuple[str, ...]) -> dict[str, Any]:
    """What a device's reading changes in what is known of its cuff."""
    at = reading.taken_at
    told: dict[str, Any] = {}
    if reading.cuff_inflating != seen.inflating:  # a flag that stays up is one inflation
        told = {
            "inflating": reading.cuff_inflating,
            "inflating_at": at if reading.cuff_inflating else None,
        }
    if not cuff_vitals(reading):
        return told
    if repeats or (seen.cuff_at is not None and at <= seen.cuff_at):
        return {**told, "cuff_told_at": max(at, seen.cuff_told_at or at)}
    every = None if seen.cuff_at is None else at - seen.cuff_at
    new = {"cuff_at": at, "cuff_every": every, "cuff_told_at": at, "inflating_at": None}
    return {**told, **new, "cuff_told": cuff_values(reading)}


def hold(work: Work, reading: Reading) -> None:
    """Lets the alarms of a probe wait while the cuff on its arm is being inflated: once per cycle,
    and only if the pulse weakened or went with it.
    """
    device = reading.device or ""
    probe = work.devices.get(device, NEVER_HEARD)
    if probe.probe is None or not _pulse_weakened(work, reading):
        return
    at = reading.taken_at
    for other in work.devices.values():
        cycle = _cycle(other, at) if other.cuff == probe.probe else None
        if cycle is None or cycle == probe.held_for:
            continue
        until = at + HOLD_MS
        work.devices[device] = replace(probe, held_for=cycle, held_from=at, held_until=until)
        work.held = {**work.held, **dict.fromkeys(PULSE_VITALS, until)}
        work.touched = True
        data = {"device": device, "vitals": list(PULSE_VITALS), "until": iso(until), "why": "cuff"}
        work.record("signal.held", at, data)
        return


def waits(seen: Situation, device: str | None, vital: str, since: int, due: int) -> int:
    """When an alarm of this signal is due, if what it tells began at `since` and is due at `due`
    but for the cuff.
    """
    if vital not in PULSE_VITALS or not seen.devices or device is None:
        return due
    known = seen.devices.get(device)
    if known is None or known.held_from is None or known.held_until is None:
        return due
    concerned = known.held_from < due and since < known.held_until
    return max(due, known.held_until) if concerned else due


def _pulse_weakened(work: Work, reading: Reading) -> bool:
    if any(vital in reading.weak for vital in PULSE_VITALS):
        return True
    if any(r.vital in PULSE_VITALS and r.code in LOST_CODES for r in reading.rejected):
        return True
    seq = work.newest.get("hr", {}).get(reading.origin)
    if seq is None or "spo2" not in reading.values or "hr" in reading.values:
        return False
    interval_s = reading.interval_s or STREAM_INTERVAL_S
    missing_ms = reading.taken_at - work.samples[seq].taken_at
    return missing_ms > MISSING_INTERVALS * interval_s * SECOND_MS


def _cycle(seen: DeviceSeen, at: int) -> int | None:
    """The moment that names the inflation under way at `at`; None if none is."""
    if _inflates(seen, at):
        return seen.inflating_at
    if seen.cuff_at is None or seen.cuff_every is None:
        return None
    expected = seen.cuff_at + seen.cuff_every
    return seen.cuff_at if abs(at - expected) <= NEAR_MS else None


def _inflates(seen: DeviceSeen, at: int) -> bool:
    return seen.inflating_at is not None and 0 <= at - seen.inflating_at <= INFLATION_MS
