"""Devices: which monitor belongs to a session, and where its probe and cuff sit."""

from app.api.schemas.kinds import Ask, Note, Uuid
from app.monitoring.commands import AttachDevice, DetachDevice, Site


class AttachIn(Ask):
    probe: Site | None = None
    cuff: Site | None = None
    id: Uuid | None = None

    def to_command(self, device: str) -> AttachDevice:
        return AttachDevice(device, **dict(self))


class DetachIn(Ask):
    """With a reason, the alarms that the device's signals raised end."""

    reason: Note | None = None

    def to_command(self, device: str) -> DetachDevice:
        return DetachDevice(device, reason=self.reason)
