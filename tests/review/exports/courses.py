"""Courses of sessions to export: scenarios with and without a nurse, and recordings of patients;
each as it went, and again after readings were put right and voided.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from app.monitoring.commands import ChangePhase, RecordReading
from app.monitoring.errors import DomainError
from app.monitoring.times import parse_iso
from app.simulator.scenario import Scenario, find
from tests.monitoring.lives import correction
from tests.monitoring.telling import TEN, checked, unheard
from tests.simulator.script.bed import Bed, visit_of

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]
SCENARIOS: Final = (
    *("normal", "hypertension", "tachycardia", "desaturation", "over_sedation"),
    *("vasovagal", "emergence_agitation", "probe_off", "nibp_fail", "comm_loss"),
)
VITALS: Final = ("hr", "spo2", "sbp", "dbp", "map", "rr", "temp")


def simulated(number: int, *, until_s: int, sample_s: int) -> Bed:
    """Another scenario, patient and nurse for every number."""
    scenario = find(SCENARIOS[number % len(SCENARIOS)])
    assert isinstance(scenario, Scenario)
    nurse = number % 3 != 2
    visit = visit_of(scenario, str(number), nurse=nurse, sample_s=sample_s)
    return Bed(visit).play(until_s)


def recorded(path: Path) -> Bed:
    """A recording as a device would send it, while an infusion runs."""
    bed = Bed(visit_of(None, "0"))
    for to in ("checked_in", "baseline", "ready", "infusing"):
        bed.step(ChangePhase(to, at=TEN, override_reason="a recording"))
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        values = {vital: float(row[vital]) for vital in VITALS if row[vital].strip()}
        if values:
            _sends(bed, TEN + round(float(row["t_s"]) * 1_000), values)
    return bed


def _sends(bed: Bed, at: int, values: dict[str, float]) -> None:
    command = RecordReading(
        values=values,
        id=f"00000000-0000-4000-8000-{at:012d}"[-36:],
        taken_at=at,
        source="device",
        device="mon-01",
        interval_s=60,
    )
    try:
        bed.step(checked(bed.state, command, TEN))
    except DomainError:
        lost = unheard(bed.state, command, TEN)
        if lost is not None:
            bed.step(lost)


def put_right(bed: Bed) -> None:
    """A reading voided, one amended twice, one amended and voided, and one's time put right."""
    readings = [event for event in bed.log if event["kind"] == "reading.recorded"]
    wrong, twice, both, moved = readings[:: len(readings) // 4][:4]
    corrects(bed, wrong, "voided")
    for down in (1, 2):
        corrects(bed, twice, "amended", down=down)
    corrects(bed, both, "amended", down=3)
    corrects(bed, both, "voided")
    taken_at = parse_iso(moved["data"]["taken_at"])
    corrects(bed, moved, "amended", taken_at=taken_at - 20_000)


def corrects(
    bed: Bed,
    event: Json,
    kind: str,
    *,
    down: int = 0,
    taken_at: int | None = None,
    why: str = "read off wrongly",
) -> None:
    """Its first value should have been so much lower, or it was taken then."""
    vital, value = next(iter(event["data"]["values"].items()))
    values = {vital: round(value) - down} if down else {}
    bed.person(replace(correction(bed.log, event, kind, values, taken_at), reason=why))
