"""Readings: recorded once, judged as they come, answered after they are on disk."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from app.clock import now_ms
from app.errors import Busy, StorageUnavailable
from app.models.codec import digest, number
from app.models.staged import RAISED, StagedReading
from app.monitoring.commands import Actor, ReadingFor, RecordReading
from app.monitoring.errors import DeviceDetached, DomainError, NoUsableValues, SessionClosed
from app.monitoring.readings import LOST_CODES, check, lost_signals
from app.monitoring.state import newest_sample
from app.monitoring.times import iso
from app.services.ids import new_id
from app.services.notices import note_refused
from app.services.places import Places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.models.staged import Held
    from app.models.store import Store
    from app.models.unit import Item

CREATED: Final = 201
KNOWN: Final = 200
NAME_MAX: Final = 64  # characters of a device's name; a longer one is no name
NAMED_MAX: Final = 10  # devices noted for one request: a gateway has a few, a fuzzer thousands

Outcome = tuple[int, dict[str, Any]] | DomainError


async def record_reading(
    store: Store, actor: Actor, session_id: str, reading: RecordReading
) -> tuple[dict[str, Any], bool]:
    """The recorded reading, and whether it is new; raises DomainError."""
    outcomes = await record_readings(store, actor, [ReadingFor(reading, session_id=session_id)])
    if isinstance(outcomes[0], DomainError):
        raise outcomes[0]
    status, recorded = outcomes[0]
    return recorded, status == CREATED


async def record_readings(store: Store, actor: Actor, items: Sequence[ReadingFor]) -> list[Outcome]:
    """An outcome for each, in order: status and reading, or the refusal. Good ones stand whatever
    the others are.
    """
    by_hand = any(_by_hand(wanted.reading) for wanted in items)
    return await store.scribe.submit(
        partial(_record_all, actor=actor, items=items, arrived=now_ms()),
        lane="people" if by_hand else "devices",
        sessions=list({i.session_id for i in items if i.session_id}),
        stations=list({i.station for i in items if i.station and not i.session_id}),
        weight=len(items),
    )


def _by_hand(reading: RecordReading) -> bool:
    return (reading.source or ("device" if reading.device else "manual")) == "manual"


def _record_all(
    item: Item, *, actor: Actor, items: Sequence[ReadingFor], arrived: int
) -> list[Outcome]:
    """A reading came when it `arrived`, not at the commit: waiting makes it no younger."""
    outcomes: list[Outcome] = []
    places = Places(item)
    for wanted in items:
        station = wanted.station
        try:
            held = item.held(places.session_of(wanted))
            station = held.state.order.station
            outcomes.append(_record(item, held, actor, wanted.reading, arrived, places))
        except DomainError as refusal:
            outcomes.append(refusal)
            if not _by_hand(wanted.reading) and not _tells_of_lost_signals(wanted, refusal):
                note_refused(
                    item,
                    device=wanted.reading.device,
                    station=station,
                    code=refusal.code,
                    at=arrived,
                )
    return outcomes


def _tells_of_lost_signals(wanted: ReadingFor, refusal: DomainError) -> bool:
    """A probe that is off is told where it is looked for, at its vital; not to the whole clinic."""
    if not isinstance(refusal, NoUsableValues):
        return False
    return all(error.code in LOST_CODES for error in refusal.errors)


async def note_unreadable(store: Store, sent: Sequence[Any]) -> None:
    """Counts, for the clinic to see, what devices sent that is no reading at all. Whatever keeps it
    from being counted, the refusal itself is answered all the same.
    """
    said = [reading.get("device") for reading in sent if isinstance(reading, dict)]
    named = sorted({n for n in said if isinstance(n, str) and 0 < len(n) <= NAME_MAX})
    if not named:
        return
    run = partial(_note_unreadable, devices=named[:NAMED_MAX], at=now_ms())
    with suppress(Busy, StorageUnavailable):
        await store.scribe.submit(run, lane="devices")


def _note_unreadable(item: Item, *, devices: Sequence[str], at: int) -> None:
    for device in devices:
        if device.isprintable():
            note_refused(item, device=device, station=None, code="invalid_request", at=at)


def _record(
    item: Item, held: Held, actor: Actor, command: RecordReading, arrived: int, places: Places
) -> tuple[int, dict[str, Any]]:
    sent = _digest(command)
    seq = item.known(held, command.id, sent)
    if seq is not None:
        return KNOWN, _original(item, held, seq)
    if held.state.closed_at is not None:
        raise SessionClosed("Nothing was stored: this session is closed.")
    state = held.state
    if command.device is not None and command.device not in state.devices:
        _refuse_if_elsewhere(held, places.of_device(command.device))

    def newest(vital: str) -> tuple[float, int] | None:
        sample = newest_sample(state, vital)
        return None if sample is None else (sample.values[vital], sample.taken_at)

    driven = state.clock == "driven"
    now = max(arrived, state.now) if driven else arrived
    tidy = _tidy(command, default=state.now if driven and state.now else None)
    device = state.devices.get(command.device or "")
    skew = device.skew_ms if device else 0
    id = command.id or new_id()
    try:
        reading = check(tidy, id=id, newest=newest, now=now, driven=driven, known_skew=skew)
    except NoUsableValues:
        lost = lost_signals(tidy, now=now, driven=driven, known_skew=skew)
        if lost is not None:  # the reading is refused; that the probe is off is known all the same
            item.step(held, lost, _device(command.device))
        raise
    # In the log's own order of keys, so that stepping the log again goes the same way.
    reading = replace(reading, values=dict(sorted(reading.values.items())))
    by = _device(reading.device) if reading.source == "device" else actor
    held, made = item.step(held, reading, by, reading=StagedReading(reading.id, sent))
    recorded = next(e for e in made.events if e.kind == "reading.recorded")
    alarms = [e.data["alarm"] for e in made.events if e.kind in RAISED and e.seq > recorded.seq]
    answer = _answer(held, recorded.seq, iso(held.recorded_at), asdict(by))
    return CREATED, {**recorded.data, **answer, "alarms": alarms}


def _refuse_if_elsewhere(held: Held, attached_to: str | None) -> None:
    """Of a device that this session has never heard; one that it knows was detached from it when
    another took it.
    """
    if attached_to not in (None, held.id):
        raise DeviceDetached("Nothing was stored: the device is attached to another session.")


def _original(item: Item, held: Held, seq: int) -> dict[str, Any]:
    """The reading as it was answered: its event, and the alarms said with it."""
    event = item.event(held, seq)
    alarms = [item.event(held, raised)["data"]["alarm"] for raised in item.raised_with(held, seq)]
    answer = _answer(held, seq, event["recorded_at"], event["actor"])
    return {**event["data"], **answer, "alarms": alarms}


def _answer(
    held: Held, seq: int, recorded_at: str, recorded_by: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "session_id": held.id,
        "seq": seq,
        "recorded_at": recorded_at,
        "recorded_by": dict(recorded_by),
        "simulated": held.state.order.simulated,
    }


def _device(device: str | None) -> Actor:
    name = device or "unnamed device"
    return Actor("device", name, name)


def _tidy(command: RecordReading, *, default: int | None) -> RecordReading:
    """Numbers in their one spelling; without a time of its own it was taken at `default`."""
    values = {v: None if x is None else number(x) for v, x in command.values.items()}
    return RecordReading(
        values=values,
        id=command.id,
        taken_at=default if command.taken_at is None else command.taken_at,
        source=command.source,
        device=command.device,
        interval_s=None if command.interval_s is None else number(command.interval_s),
        sent_at=command.sent_at,
        confirmed=command.confirmed,
        weak=command.weak,
        cuff_inflating=command.cuff_inflating,
    )


def _digest(command: RecordReading) -> bytes:
    """Of what the reading says; `sent_at` is of the message, and changes when it is sent again."""
    values = {v: number(x) for v, x in command.values.items() if x is not None}
    source = "manual" if _by_hand(command) else "device"
    interval_s = None if command.interval_s is None else number(command.interval_s)
    said = [values, command.taken_at, source, command.device, interval_s, command.confirmed]
    if not command.weak and not command.cuff_inflating:
        return digest(said)  # as it always was, for ids known from before
    return digest([*said, sorted(command.weak), command.cuff_inflating])
