"""All signals that the phase requires are gone: nobody watches this patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.cuff import waits
from app.monitoring.protocols import VERSIONS
from app.monitoring.rules.condition import About, Condition, key_of
from app.monitoring.rules.silence import GRACE_MS, lost_signal
from app.monitoring.times import SECOND_MS, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.monitoring.situation import Situation

GONE_MS: Final = 15 * SECOND_MS  # a probe that was moved is back by then


ABOUT: Final = About(
    condition="no_signal",
    kind="technical",
    when=f"all signals that the phase requires came from devices, and are gone {seconds(GONE_MS)}",
    priority="high",
)


def find(seen: Situation, now: int) -> Iterator[Condition]:
    if seen.standby is not None:
        return
    protocol = VERSIONS[seen.order.protocol, seen.order.protocol_version]
    required = protocol.required_signals.get(seen.phase, ())
    found = {vital: lost_signal(seen, vital) for vital in required}
    given = {vital: lost for vital, lost in found.items() if lost is not None}
    if not given or len(given) < len(required):
        return  # what no device ever gave is taken by hand, and its schedule watches it
    last_vital, last = max(given.items(), key=lambda item: item[1].at)
    grace = GRACE_MS if last.excused else GONE_MS
    devices = tuple(dict.fromkeys(device for lost in given.values() for device in lost.devices))
    raise_at = waits(seen, last.device, last_vital, last.at, last.at + grace)
    yield Condition(
        kind="technical",
        condition="no_signal",
        group="required",
        vital=None,
        side=None,
        priority="high",
        since=last.at,
        raise_at=raise_at,
        next_at=raise_at if last.at <= now else last.at,
        text="NO SIGNAL, CHECK PATIENT",
        missing=tuple(given),
        devices=devices,
        replaces=(
            *(key_of("signal_stale", vital, None) for vital in given),
            *(key_of("device_lost", device, None) for device in devices),
        ),
        stands=last.at <= now,
    )
