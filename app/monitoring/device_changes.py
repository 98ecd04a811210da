"""Devices come to a session and go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.monitoring.cuff import NEVER_HEARD
from app.monitoring.excursions import keep
from app.monitoring.work import Ending

if TYPE_CHECKING:
    from app.monitoring.commands import Actor, AttachDevice, DetachDevice
    from app.monitoring.work import Work


def attach(work: Work, command: AttachDevice, actor: Actor) -> None:
    known = work.devices.get(command.device, NEVER_HEARD)
    since = known.watch_since if known.attached else work.now
    seen = replace(known, attached=True, probe=command.probe, cuff=command.cuff, watch_since=since)
    if seen == known:
        return
    work.devices[command.device] = seen
    data = {"device": command.device, "probe": command.probe, "cuff": command.cuff}
    work.record("device.attached", work.now, data, actor)


def detach(work: Work, command: DetachDevice, actor: Actor) -> None:
    """What its signals raised stands, unless a reason is given: then it ends. A device that the
    session does not know changes nothing.
    """
    known = work.devices.get(command.device)
    if known is None or known.attached is False:
        return
    work.devices[command.device] = replace(
        known, attached=False, held_from=None, held_until=None, inflating_at=None
    )
    for key, alarm in work.alarms.items():
        if command.device in alarm.devices and (alarm.kind == "technical" or command.reason):
            work.endings[key] = Ending("device_detached", command.reason, actor)
    if command.reason:
        _forget(work, f"device:{command.device}")
    data = {
        "device": command.device,
        "reason": command.reason,
        "moved_to": command.moved_to,
    }
    work.record("device.detached", work.now, data, actor)


def _forget(work: Work, origin: str) -> None:
    """The origin's last values stay on screens, ageing; nothing is judged by them any more."""
    work.stop_ended_by = "corrected"
    for key in list(work.out):
        if key.endswith(f"|{origin}"):
            keep(work, key, ())
    work.offline = {k: told for k, told in work.offline.items() if not k.endswith(f"|{origin}")}
    for vital, recheck in list(work.rechecks.items()):
        if work.newest.get(vital, {}).get(origin) == recheck.seq:
            del work.rechecks[vital]
