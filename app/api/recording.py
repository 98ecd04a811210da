"""Readings recorded for whoever sends them, by every way in; what was refused of a device's is
noted in the access log: what came, with which credential, and why it was not stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.access.log import entry_of
from app.errors import NotBound, SimulatedMismatch
from app.monitoring.commands import ReadingFor
from app.monitoring.errors import DomainError, InvalidRequest
from app.services import readings
from app.services.senders import of_devices, tells_of_lost_signals

if TYPE_CHECKING:
    from collections.abc import Sequence

    import orjson

    from app.access.caller import Caller
    from app.api.context import Context
    from app.monitoring.commands import RecordReading
    from app.services.readings import Outcome

NOT_THEIRS: Final = (NotBound, SimulatedMismatch)
NOTED_AT_MOST: Final = 20  # different refusals of one request; more are a mistake or an attack


async def record_one(
    context: Context, caller: Caller, session_id: str, reading: RecordReading
) -> tuple[orjson.Fragment, bool]:
    """The recorded reading and whether it is new; raises DomainError."""
    [outcome] = await record(context, caller, [ReadingFor(reading, session_id)])
    if isinstance(outcome, DomainError):
        raise outcome
    status, recorded = outcome
    return recorded, status == readings.CREATED


async def record(
    context: Context, caller: Caller, items: Sequence[ReadingFor], *, streamed: bool = False
) -> list[Outcome]:
    """As `readings.record_readings`."""
    outcomes = await readings.record_readings(context.store, caller, items, streamed=streamed)
    _note(context, caller, items, outcomes)
    return outcomes


async def unreadable(context: Context, caller: Caller, malformed: Sequence[Any]) -> None:
    """What was sent that is no reading at all."""
    if malformed and of_devices(caller):
        _note_one(context, caller, None, None, caller.bound_station, InvalidRequest.code)
        await readings.note_unreadable(context.store, caller, malformed)


def _note(
    context: Context, caller: Caller, items: Sequence[ReadingFor], outcomes: Sequence[Outcome]
) -> None:
    """Each kind of refusal once. What a person mistyped is none; a reading that says it is
    something else than its credential is, whoever sends it.
    """
    told: dict[tuple[str | None, str | None, str | None, str], None] = {}  # an ordered set
    for wanted, outcome in zip(items, outcomes, strict=True):
        if isinstance(outcome, DomainError) and (
            isinstance(outcome, NOT_THEIRS)
            or (of_devices(caller) and not tells_of_lost_signals(outcome))
        ):
            station = wanted.station or caller.bound_station
            told[wanted.session_id, wanted.reading.device, station, outcome.code] = None
    for what in list(told)[:NOTED_AT_MOST]:
        _note_one(context, caller, *what)


def _note_one(
    context: Context,
    caller: Caller,
    session_id: str | None,
    device: str | None,
    station: str | None,
    code: str,
) -> None:
    data = {"code": code, "device": device or caller.actor.name, "station": station}
    context.access_log.note(entry_of(caller, "device.refused", session_id=session_id, **data))
