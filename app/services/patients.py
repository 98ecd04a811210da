"""Patients: who is treated."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from app.errors import IdConflict, PatientCodeTaken
from app.models import queries
from app.models.access_log import Entry, append
from app.models.codec import actor_text, digest, number
from app.services.ids import new_id
from app.services.visible import visible_to

if TYPE_CHECKING:
    from app.access.caller import Caller
    from app.models.store import Store
    from app.models.unit import Item
    from app.monitoring.commands import Actor, CreatePatient


async def create_patient(
    store: Store, actor: Actor, command: CreatePatient
) -> tuple[dict[str, Any], bool]:
    """The patient, and whether it is new; raises IdConflict or PatientCodeTaken. Of a simulator it
    is a simulated one for ever. Codes of simulated patients and of real ones are apart.
    """
    id, created = await store.scribe.submit(partial(_create, actor=actor, command=command))
    return await store.reader.read(partial(queries.one_patient, patient_id=id)), created


async def find_patients(
    store: Store,
    caller: Caller,
    *,
    q: str | None,
    simulated: bool | None = None,
    limit: int,
    cursor: str | None,
) -> dict[str, Any]:
    """Those that the caller may see."""
    query = partial(
        queries.patients,
        q=q,
        simulated=simulated,
        limit=limit,
        cursor=cursor,
        only=visible_to(caller),
    )
    return await store.reader.page(query, limit)


async def patient(store: Store, caller: Caller, patient_id: str) -> dict[str, Any]:
    """With the last visit. Raises UnknownPatient; SimulatedMismatch or NotBound for one that is
    not the caller's.
    """
    query = partial(queries.patient_view, patient_id=patient_id, only=visible_to(caller))
    return await store.reader.read(query)


def _create(item: Item, *, actor: Actor, command: CreatePatient) -> tuple[str, bool]:
    content = asdict(command)
    id = content.pop("id") or new_id()
    asked = content.pop("simulated")
    if command.weight_kg is not None:
        content["weight_kg"] = number(command.weight_kg)
    by_simulator = actor.role == "simulator"
    simulated = asked or by_simulator
    said = {"simulated": True} if asked and not by_simulator else {}
    sent = digest({**content, **said})
    known = item.cursor.execute(item.sql.patient_by_id, (id,)).fetchone()
    if known is not None:
        if bytes(known[4]) != sent or simulated is not bool(known[5]):
            raise IdConflict("Nothing was stored: another patient was recorded under this id.")
        return id, False
    place = (command.code, simulated)
    if item.cursor.execute(item.sql.patient_by_code, place).fetchone() is not None:
        raise PatientCodeTaken("Nothing was stored: look for the patient with this code instead.")
    row = (id, *content.values(), item.now, actor_text(actor), sent, simulated)
    item.cursor.execute(item.sql.add_patient, row)
    append(item, Entry("patient.created", actor, patient_id=id))
    return id, True
