"""What has fallen silent: signals that no device gives any more, and devices that send nothing. Not
a rule itself; the rules of lost signals and devices look here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.state import Lost
from app.monitoring.times import SECOND_MS
from app.monitoring.vitals import STREAM_FRESH_FLOOR_S, VITALS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.monitoring.limits import Priority
    from app.monitoring.situation import Situation

GRACE_MS: Final = 30 * SECOND_MS  # devices need so long to come back after the server or a standby
LOW_MS: Final = 30 * SECOND_MS  # a probe that is being moved is back within half a minute
MEDIUM_MS: Final = 60 * SECOND_MS
HIGH_MS: Final = 180 * SECOND_MS  # without saturation during the infusion the patient is unwatched
HIGH_VITALS: Final = frozenset({"spo2"})
FRESH_FLOOR_MS: Final = round(STREAM_FRESH_FLOOR_S * SECOND_MS)


def lost_signal(seen: Situation, vital: str) -> Lost | None:
    """None if no device that may still send ever gave this vital. Looked up once for all rules.

    Time in which nobody watched, or that was standby, is no silence.
    """
    memo = seen.lost_memo
    if vital not in memo:
        memo[vital] = _lost_signal(seen, vital)
    return memo[vital]


def _lost_signal(seen: Situation, vital: str) -> Lost | None:
    latest: int | None = None
    of, excused = "", False
    devices = []
    lost = seen.lost.get(vital, {})
    for origin in {**seen.newest.get(vital, {}), **lost}:
        device = origin.removeprefix("device:")
        if origin == "manual" or detached(seen, device):
            continue
        devices.append(device)
        silent = _silent_since(seen, vital, origin, device)
        known = seen.devices.get(device)
        counted = max(silent, seen.watch_since, known.watch_since if known else 0)
        if latest is None or counted > latest:
            latest, of, excused = counted, device, counted > silent
    return None if latest is None else Lost(latest, of, tuple(devices), excused)


def _silent_since(seen: Situation, vital: str, origin: str, device: str) -> int:
    lost_at = seen.lost.get(vital, {}).get(origin)
    if lost_at is not None:
        return lost_at
    sample = seen.samples[seen.newest[vital][origin]]
    stale_at = sample.taken_at + round(sample.fresh_s[vital] * SECOND_MS)
    known = seen.devices.get(device)
    if known is None or known.late_since is None:
        return stale_at
    return min(stale_at, known.late_since)  # what always comes late is as good as lost


def streamed_signals(seen: Situation) -> Iterator[tuple[str, Lost]]:
    """Each streamed vital that a device gave, with when it is lost."""
    for vital in {**seen.newest, **seen.lost} if seen.lost else seen.newest:
        if VITALS[vital].kind == "streamed":
            lost = lost_signal(seen, vital)
            if lost is not None:
                yield vital, lost


def silent_at(seen: Situation, device: str) -> int | None:
    """When a device that sends a stream has sent nothing for as long as its values are fresh, or
    one that was attached nothing at all; None if nobody waits for it.
    """
    memo = seen.silent_memo
    if device not in memo:
        memo[device] = _silent_at(seen, device)
    return memo[device]


def _silent_at(seen: Situation, device: str) -> int | None:
    known = seen.devices.get(device)
    if known is None:
        return None
    if known.last_at is None:
        return known.watch_since + FRESH_FLOOR_MS if known.attached else None
    origin, fresh = f"device:{device}", FRESH_FLOOR_MS
    for vital, by_origin in seen.newest.items():
        if origin in by_origin and VITALS[vital].kind == "streamed":
            sample = seen.samples[by_origin[origin]]
            fresh = max(fresh, round(sample.fresh_s[vital] * SECOND_MS))
    return max(known.last_at + fresh, seen.watch_since, known.watch_since)


def detached(seen: Situation, device: str) -> bool:
    """True if somebody took the device away: its silence says nothing."""
    known = seen.devices.get(device)
    return known is not None and known.attached is False


def climbed(
    since: int, now: int, *, deprived: bool, unwatched: bool
) -> tuple[Priority, int | None]:
    """The priority that a silence has reached, and when it climbs on: `deprived` if a vital has no
    other source, `unwatched` if that is the saturation of a patient under the drug.
    """
    if now < since + LOW_MS:
        return "low", since + LOW_MS
    if not deprived:
        return "low", None
    if now < since + MEDIUM_MS:
        return "low", since + MEDIUM_MS
    if not unwatched:
        return "medium", None
    if now < since + HIGH_MS:
        return "medium", since + HIGH_MS
    return "high", None
