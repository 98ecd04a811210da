"""Who sends readings, and what follows from it: the source of a reading is fixed by its credential,
and so is, of some, where it may go.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from app.errors import NotBound, SimulatedMismatch
from app.monitoring.commands import Actor, ReadingFor, RecordReading
from app.monitoring.errors import FieldError, InvalidRequest, NoUsableValues
from app.monitoring.readings import LOST_CODES

if TYPE_CHECKING:
    from app.access.caller import Caller
    from app.monitoring.commands import Role
    from app.monitoring.errors import DomainError
    from app.monitoring.state import Order

NO_PLACE: Final = "Must name either session_id or station, or only an attached device"


def by_hand(reading: RecordReading) -> bool:
    """True for what somebody typed: as long as no device is named, that is what is meant."""
    return (reading.source or ("device" if reading.device else "manual")) == "manual"


def of_devices(caller: Caller) -> bool:
    """True for a credential whose refused readings the clinic should hear of."""
    return caller.source != "manual"


def tells_of_lost_signals(refusal: DomainError) -> bool:
    """True if all that was refused are signals that the device itself does not have."""
    if not isinstance(refusal, NoUsableValues):
        return False
    return all(error.code in LOST_CODES for error in refusal.errors)


def as_sent(caller: Caller, wanted: ReadingFor) -> ReadingFor:
    """The reading with what its credential says and it may leave out: that it is a device's, which
    device, and where a token belongs that is for one place only.
    """
    reading = wanted.reading
    if caller.source == "device" and reading.device is None and reading.source != "manual":
        reading = replace(reading, source="device", device=caller.actor.name)
        wanted = replace(wanted, reading=reading)
    if wanted.session_id is None and wanted.station is None:
        if caller.bound_session is not None:
            return replace(wanted, session_id=caller.bound_session)
        if caller.bound_station is not None:
            return replace(wanted, station=caller.bound_station)
    return wanted


def check_place(caller: Caller, wanted: ReadingFor) -> None:
    """Raises SimulatedMismatch for a source that is not the credential's, NotBound for a place
    that is named and not the credential's, InvalidRequest where none is.
    """
    source = caller.source
    if source is not None and by_hand(wanted.reading) is not (source == "manual"):
        raise SimulatedMismatch(
            "Nothing was stored: what a person sends is typed, what a device sends is measured."
        )
    station, session_id = caller.bound_station, caller.bound_session
    if station is not None and wanted.station not in (None, station):
        raise NotBound("Nothing was stored: this token is for another station.")
    if session_id is not None and wanted.session_id not in (None, session_id):
        raise NotBound("Nothing was stored: this token is for another session.")
    if wanted.session_id is None and wanted.station is None and wanted.reading.device is None:
        raise InvalidRequest(
            "Nothing was stored. Correct the fields listed and send again.",
            errors=[FieldError(wanted.loc, "session_or_station", NO_PLACE)],
        )


def check_session(caller: Caller, order: Order) -> None:
    """Raises NotBound or SimulatedMismatch for a session that is not this credential's."""
    if caller.bound_session not in (None, order.id):
        raise NotBound("Nothing was stored: this token is for another session.")
    if caller.bound_station not in (None, order.station):
        raise NotBound("Nothing was stored: this token is for another station.")
    if caller.simulated_only and not order.simulated:
        raise SimulatedMismatch("Nothing was stored: a simulator has simulated sessions only.")
    if caller.role == "device" and order.simulated:
        raise SimulatedMismatch("Nothing was stored: this session is simulated, the device is not.")


@lru_cache(maxsize=1_024)  # the devices of a clinic
def device_actor(credential: str, device: str | None, role: Role) -> Actor:
    """Who has recorded a device's reading: the credential, by the device's name."""
    return Actor("device", credential, device or "unnamed device", role)
