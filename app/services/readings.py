"""Readings: recorded once, judged as they come, answered after they are on disk."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import orjson

from app.clock import now_ms
from app.errors import Busy, StorageUnavailable
from app.models.codec import canonical, digest, number
from app.models.staged import RAISED, StagedReading
from app.monitoring.charting import Measured, chart
from app.monitoring.commands import ReadingFor, RecordReading
from app.monitoring.device_times import known_skew
from app.monitoring.errors import DeviceDetached, DomainError, NoUsableValues, SessionClosed
from app.monitoring.frozen import changing
from app.monitoring.newest import newest_value
from app.monitoring.readings import Reading, check, lost_signals
from app.monitoring.times import iso
from app.services.ids import new_id
from app.services.notices import note_refused
from app.services.places import Places
from app.services.senders import (
    as_sent,
    by_hand,
    check_place,
    check_session,
    device_actor,
    of_devices,
    tells_of_lost_signals,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.access.caller import Caller
    from app.models.item import Item
    from app.models.staged import Held
    from app.models.store import Store
    from app.monitoring.commands import Actor

CREATED: Final = 201
KNOWN: Final = 200
NAME_MAX: Final = 64  # characters of a device's name; a longer one is no name
NAMED_MAX: Final = 10  # devices noted for one request: a gateway has a few, a fuzzer thousands
UNTOLD: Final = orjson.Fragment(b"{}")

Outcome = tuple[int, orjson.Fragment] | DomainError
"""The status and the reading as it is answered, or the refusal."""

_tidied: Final = changing(RecordReading, "values", "taken_at", "interval_s")
_with_values: Final = changing(Reading, "values")


async def record_reading(
    store: Store, caller: Caller, session_id: str, reading: RecordReading
) -> tuple[orjson.Fragment, bool]:
    """The recorded reading, ready to be sent, and whether it is new; raises DomainError."""
    (outcome,) = await record_readings(store, caller, [ReadingFor(reading, session_id)])
    if isinstance(outcome, DomainError):
        raise outcome
    status, recorded = outcome
    return recorded, status == CREATED


async def record_readings(
    store: Store, caller: Caller, items: Sequence[ReadingFor], *, streamed: bool = False
) -> list[Outcome]:
    """An outcome for each, in order. Good ones stand whatever the others are. What a credential's
    readings may be, and where they may go, is told by `app.services.senders`.

    What is `streamed` waits for room in the devices' lane instead of being refused, and what became
    of it is told without the reading: who streams is told of refusals only.
    """
    items = [as_sent(caller, wanted) for wanted in items]
    return await store.scribe.submit(
        _Recording(caller, items, now_ms(), told=not streamed).run,
        lane="devices" if streamed or not _typed(caller, items) else "people",
        sessions=list({i.session_id for i in items if i.session_id}),
        stations=[
            (station, caller.simulated_only)
            for station in {i.station for i in items if i.station and not i.session_id}
        ],
        ids=[(i.session_id, i.reading.id) for i in items if i.session_id and i.reading.id],
        weight=len(items),
        waits=streamed,
    )


def _typed(caller: Caller, items: Sequence[ReadingFor]) -> bool:
    """True if somebody waits at a screen; where the credential leaves that open, readings tell."""
    source = caller.source
    return source == "manual" or (
        source is None and any(by_hand(wanted.reading) for wanted in items)
    )


class _Recording:
    """The readings of one submission. They came when they `arrived`, not at the commit: waiting
    makes them no younger.
    """

    __slots__ = ("_arrived", "_caller", "_items", "_told")

    def __init__(
        self, caller: Caller, items: Sequence[ReadingFor], arrived: int, *, told: bool
    ) -> None:
        self._caller = caller
        self._items = items
        self._arrived = arrived
        self._told = told

    def run(self, item: Item) -> list[Outcome]:
        outcomes: list[Outcome] = []
        places = Places(item, simulated=self._caller.simulated_only)
        for wanted in self._items:
            held = None
            try:
                check_place(self._caller, wanted)
                held = item.held(places.session_of(wanted))
                check_session(self._caller, held.state.order)
                outcomes.append(self._record(item, held, wanted.reading, places))
            except DomainError as refusal:
                outcomes.append(refusal)
                self._note(item, wanted, held, refusal)
        return outcomes

    def _note(
        self, item: Item, wanted: ReadingFor, held: Held | None, refusal: DomainError
    ) -> None:
        """Of devices only, and of simulated ones only where people are trained. A probe that is off
        is told where it is looked for, at its vital; not to the whole clinic.
        """
        caller = self._caller
        if caller.simulated_only and not item.training:
            return
        told = caller.source == "device" or (of_devices(caller) and not by_hand(wanted.reading))
        if not told or tells_of_lost_signals(refusal):
            return
        station = wanted.station if held is None else held.state.order.station
        device, code = wanted.reading.device, refusal.code
        note_refused(item, device=device, station=station, code=code, at=self._arrived)

    def _record(
        self, item: Item, held: Held, command: RecordReading, places: Places
    ) -> tuple[int, orjson.Fragment]:
        values = _in_one_spelling(command.values)
        interval_s = None if command.interval_s is None else number(command.interval_s)
        sent = _digest(command, values, interval_s)
        seq = item.known(held, command.id, sent)
        if seq is not None:
            return KNOWN, self._original(item, held, seq)
        state = held.state
        if state.closed_at is not None:
            _refuse_of_now(command)
        if command.device is not None and command.device not in state.devices:
            there = places.of_device(command.device, simulated=state.order.simulated)
            _refuse_if_elsewhere(held, there)
        driven = state.clock == "driven"
        now = max(self._arrived, state.now) if driven else self._arrived
        taken_at = command.taken_at
        if taken_at is None and driven and state.now:
            taken_at = state.now
        tidy = _tidied(command, values, taken_at, interval_s)
        skew = known_skew(state.devices.get(command.device or ""), tidy, now)
        id, newest = command.id or new_id(), partial(newest_value, state)
        try:
            reading = check(tidy, id=id, newest=newest, now=now, driven=driven, known_skew=skew)
        except NoUsableValues:
            lost = lost_signals(tidy, now=now, driven=driven, known_skew=skew)
            if lost is not None:  # it is refused; that the probe is off is known all the same
                item.step(held, lost, self._device(command.device))
            raise
        if command.charted:
            find = partial(_measured, item, held)
            reading = replace(reading, charted=chart(command.charted, find, reading.taken_at))
        # In the log's own order of keys, so that stepping the log again goes the same way.
        reading = _with_values(reading, dict(sorted(reading.values.items())))
        by = self._device(reading.device) if reading.source == "device" else self._caller.actor
        held, made = item.step(held, reading, by, reading=StagedReading(id, sent))
        if not self._told:
            return CREATED, UNTOLD
        seq, alarms = 0, []
        for event in made.events:
            if event.kind == "reading.recorded":
                seq = event.seq
            elif seq and event.kind in RAISED:
                alarms.append(event.data["alarm"])
        return CREATED, _as_answered(item, held, seq, alarms)

    def _device(self, device: str | None) -> Actor:
        return device_actor(self._caller.actor.id, device, self._caller.role)

    def _original(self, item: Item, held: Held, seq: int) -> orjson.Fragment:
        """The reading as it was answered: its event, and the alarms said with it."""
        if not self._told:
            return UNTOLD
        raised = item.raised_with(held, seq)
        return _as_answered(item, held, seq, [item.event(held, r)["data"]["alarm"] for r in raised])


async def note_unreadable(store: Store, caller: Caller, sent: Sequence[Any]) -> None:
    """Counts, for the clinic to see, what devices sent that is no reading at all. Whatever keeps it
    from being counted, the refusal itself is answered all the same.
    """
    if not of_devices(caller):
        return
    said = [reading.get("device") for reading in sent if isinstance(reading, dict)]
    named = sorted({n for n in said if isinstance(n, str) and 0 < len(n) <= NAME_MAX})
    if not named:
        return
    simulated = caller.simulated_only
    names = named[:NAMED_MAX]
    run = partial(_note_unreadable, devices=names, at=now_ms(), simulated=simulated)
    with suppress(Busy, StorageUnavailable):
        await store.scribe.submit(run, lane="devices")


def _note_unreadable(item: Item, *, devices: Sequence[str], at: int, simulated: bool) -> None:
    if simulated and not item.training:
        return
    for device in devices:
        if device.isprintable():
            note_refused(item, device=device, station=None, code="invalid_request", at=at)


def _refuse_of_now(command: RecordReading) -> None:
    """A closed session takes what a person says was before its close, and nothing of now."""
    if command.taken_at is None or not by_hand(command):
        raise SessionClosed("Nothing was stored: this session is closed.")


def _measured(item: Item, held: Held, seq: int) -> Measured | None:
    """A device's reading of this session as it now stands; None if there is none of this seq."""
    if not 0 < seq <= held.state.seq:
        return None
    event = item.event(held, seq)
    said = event["data"]
    if event["kind"] != "reading.recorded" or said["source"] != "device":
        return None
    stands = item.standing(held, seq)
    if stands is None:
        return None
    values, taken_at = stands
    return Measured(
        device=said["device"] or "",
        taken_at=taken_at,
        values=values,
        fresh_s=said["fresh_s"],
        repeated=tuple(said["repeated"]),
    )


def _refuse_if_elsewhere(held: Held, attached_to: str | None) -> None:
    """Of a device that this session has never heard; one that it knows was detached from it when
    another took it.
    """
    if attached_to not in (None, held.id):
        raise DeviceDetached("Nothing was stored: the device is attached to another session.")


def _as_answered(
    item: Item, held: Held, seq: int, alarms: Sequence[Mapping[str, Any]]
) -> orjson.Fragment:
    """Made from the texts of the log, which are encoded already."""
    recorded_at, actor, data = item.logged(held, seq)
    simulated = "true" if held.state.order.simulated else "false"
    raised = canonical(alarms).decode() if alarms else "[]"
    return orjson.Fragment(
        f'{data[:-1]},"session_id":"{held.id}","seq":{seq},"recorded_at":"{iso(recorded_at)}",'
        f'"recorded_by":{actor},"simulated":{simulated},"alarms":{raised}}}'
    )


def _in_one_spelling(values: Mapping[str, float | None]) -> dict[str, float]:
    """Only a float may be another spelling of a number; what was not measured is left out."""
    return {
        vital: number(value) if value.__class__ is float else value
        for vital, value in values.items()
        if value is not None
    }


def _digest(command: RecordReading, values: Mapping[str, float], interval_s: float | None) -> bytes:
    """Of what the reading says; `sent_at` is of the message, and changes when it is sent again."""
    source = "manual" if by_hand(command) else "device"
    said: list[Any] = [
        values,
        command.taken_at,
        source,
        command.device,
        interval_s,
        command.confirmed,
    ]
    if command.charted or command.not_taken:
        said += [sorted(command.charted), sorted(command.not_taken), command.not_taken_note]
    if not command.weak and not command.cuff_inflating:
        return digest(said)  # as it always was, for ids known from before
    return digest([*said, sorted(command.weak), command.cuff_inflating])
