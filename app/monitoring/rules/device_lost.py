"""A device that sent a stream sends nothing any more: one alarm instead of one for each of its
signals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.cuff import waits
from app.monitoring.phases import WATCHED
from app.monitoring.rules.condition import About, Condition, key_of
from app.monitoring.rules.silence import (
    HIGH_VITALS,
    LOW_MS,
    climbed,
    detached,
    silent_at,
    streamed_signals,
)
from app.monitoring.times import seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.monitoring.situation import Situation
    from app.monitoring.state import Lost


ABOUT: Final = About(
    condition="device_lost",
    kind="technical",
    when=f"a device that streamed is silent for {seconds(LOW_MS)} longer than its values are fresh",
    priority="as signal_stale; low if others give its signals",
)


def find(seen: Situation, now: int) -> Iterator[Condition]:
    if not seen.devices or seen.phase not in WATCHED or seen.standby is not None:
        return
    given: dict[str, dict[str, Lost]] = {}
    for vital, lost in streamed_signals(seen):
        for device in lost.devices:
            given.setdefault(device, {})[vital] = lost
    for device, known in seen.devices.items():
        if known.attached and known.last_at is None:
            given[device] = {}  # attached, and never heard
    for device, signals in given.items():
        condition = None if detached(seen, device) else _condition(seen, device, signals, now)
        if condition is not None:
            yield condition


def _condition(
    seen: Situation, device: str, signals: dict[str, Lost], now: int
) -> Condition | None:
    silent = silent_at(seen, device)
    if silent is None:
        return None
    alone = {vital: lost for vital, lost in signals.items() if _all_silent(seen, lost, now)}
    known = seen.devices.get(device)
    missed = bool(alone) or (known is not None and known.attached is not None)
    gone = {vital: lost for vital, lost in alone.items() if lost.at <= now}
    since = min((lost.at for lost in gone.values()), default=silent)
    unwatched = seen.phase == "infusing" and not HIGH_VITALS.isdisjoint(gone)
    priority, next_at = climbed(since, now, deprived=bool(gone), unwatched=unwatched)
    raise_at = max(silent, since + LOW_MS)
    for vital, lost in gone.items():
        raise_at = waits(seen, device, vital, lost.at, raise_at)
    ahead = _next_silence(seen, device, signals, now)
    if next_at is not None and silent <= now:
        ahead.append(next_at)
    return Condition(
        kind="technical",
        condition="device_lost",
        group=device,
        vital=None,
        side=None,
        priority=priority,
        since=since,
        raise_at=raise_at,
        next_at=min(ahead, default=None),
        text=f"{device} sends nothing",
        devices=(device,),
        replaces=tuple(key_of("signal_stale", vital, None) for vital in alone),
        stands=missed and silent <= now,
    )


def _next_silence(seen: Situation, device: str, signals: dict[str, Lost], now: int) -> list[int]:
    """When this device, and each that shares its signals, will be silent: what is true changes
    then.
    """
    sharing = {device, *(other for lost in signals.values() for other in lost.devices)}
    moments = (silent_at(seen, name) for name in sharing)
    return [at for at in moments if at is not None and at > now]


def _all_silent(seen: Situation, lost: Lost, now: int) -> bool:
    """True if no device that gave the signal sends anything at all."""
    return all((silent_at(seen, device) or now + 1) <= now for device in lost.devices)
