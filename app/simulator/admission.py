"""Getting a simulated patient into a room: the record, the room made free, the session."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import uuid4

from app.simulator.client import Api, Json, Refused, SimulatorError
from app.simulator.wire import PROTOCOL, iso

BEFORE_INFUSING = frozenset(("scheduled", "checked_in", "baseline", "ready"))
_SCENARIO = re.compile(r"Simulated scenario: (?P<name>.+), seed (?P<seed>\S+)")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What is written down about a simulated patient; nothing in it could be taken for a person."""

    code: str
    initials: str
    birth_date: str
    name: str
    weight_kg: float
    indication: str


def scenario_note(scenario: str, seed: str) -> str:
    """Tells a reader, and a later run of the script, what plays here."""
    return f"Simulated scenario: {scenario}, seed {seed}"


def read_scenario_note(note: str | None) -> tuple[str, str] | None:
    """Scenario and seed; None for what is no such note."""
    found = _SCENARIO.search(note or "")
    return (found["name"], found["seed"]) if found else None


def initials(number: int) -> str:
    """S for simulated and a letter for the room."""
    return "S" + chr(ord("A") + (number - 1) % 26)


def birth_date(number: int) -> str:
    """New Year's Day of some year: there for the screens to show, and plainly made up."""
    return f"{1950 + number * 7 % 50}-01-01"


async def enrol(api: Api, who: Newcomer) -> Json:
    """The patient's record: a new one, or the one that has this code already."""
    body = {
        "id": str(uuid4()),
        "code": who.code,
        "initials": who.initials,
        "birth_date": who.birth_date,
        "name": who.name,
        "weight_kg": who.weight_kg,
        "sex": "unknown",
        "indication": who.indication,
    }
    try:
        return await api.post("/api/patients", body)
    except Refused as refused:
        if refused.code != "patient_code_taken":
            raise
    for patient in await api.everything("/api/patients", q=who.code):
        if patient["code"] == who.code:
            return patient
    raise SimulatorError(f"the code {who.code} is taken, but no patient has it")


async def vacate(api: Api, station: str, *, prefix: str, code: str = "") -> None:
    """End an earlier simulated session here or of this patient; never touch anybody else's."""
    for session in await api.everything("/api/sessions", active="true"):
        if session["station"] != station and session["patient"]["code"] != code:
            continue
        if not is_ours(session, prefix):
            raise not_ours(session, prefix)
        await end(api, session)


def is_ours(session: Json, prefix: str) -> bool:
    """Whether these scripts made it."""
    return bool(session["simulated"]) and str(session["patient"]["code"]).startswith(prefix)


def not_ours(session: Json, prefix: str) -> SimulatorError:
    """Why a place cannot be had."""
    return SimulatorError(
        f"{session['station']} has an active session of {session['patient']['code']}, which is"
        f" not one of these scripts ({prefix}...): end it there or choose another station"
    )


async def end(api: Api, session: Json) -> None:
    """Close an earlier simulated session, in the way its phase allows."""
    to = "cancelled" if session["phase"] in BEFORE_INFUSING else "transferred"
    reason = "simulated session replaced by a newer one"
    await api.phase(session["id"], {"to": to, "reason": reason})


async def open_session(
    api: Api,
    patient: Json,
    *,
    station: str,
    weight_kg: float,
    dose_mg_per_kg: float = 0.5,
    planned_minutes: int = 40,
    start_ms: int,
    driven: bool = True,
) -> Json:
    """A simulated session that starts at `start_ms`: its first state."""
    return await api.post(
        "/api/sessions",
        {
            "id": str(uuid4()),
            "patient_id": patient["id"],
            "station": station,
            "protocol": PROTOCOL,
            "weight_kg": weight_kg,
            "dose_mg_per_kg": dose_mg_per_kg,
            "planned_minutes": planned_minutes,
            "simulated": True,
            "clock": "driven" if driven else "wall",
            "starts_at": iso(start_ms),
        },
    )
