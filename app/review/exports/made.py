"""The document of a record: a first page that says it all, then everything in tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.review.exports import summaries, tables
from app.review.exports.chart import chart
from app.review.exports.document import Document, Fact
from app.review.exports.readings import readings
from app.review.exports.texts import (
    BROKEN,
    DISCLAIMER,
    NONE,
    SIMULATED,
    Clock,
    number,
    span,
    who,
    words,
)
from app.review.zones import UTC_NAME

if TYPE_CHECKING:
    from app.review.exports.document import Tone
    from app.review.record.model import Record


def document_of(record: Record, zone: str = UTC_NAME) -> Document:
    """Raises InvalidRequest for a zone that there is not."""
    clock = Clock.of(record.t0, zone)
    return Document(
        title="Infusion record",
        patient=_patient(record),
        facts=_facts(record, clock),
        banner=SIMULATED if record.simulated else None,
        broken=None if record.broken is None else BROKEN.format(seq=record.broken),
        standing=_standing(record, clock),
        summary=summaries.vital_summary(record),
        chart=chart(record, clock),
        chart_note=_chart_note(clock),
        sections=[
            summaries.phases(record, clock),
            summaries.compliance(record),
            summaries.alarm_counts(record),
            readings(record, clock),
            tables.events(record, clock),
            tables.alarms(record, clock),
            tables.notes(record, clock),
            tables.corrections(record, clock),
            tables.limits(record, clock),
            tables.signatures(record, clock),
        ],
        running=_running(record, clock),
        proof=f"{record.session_id}:{record.seq}:{record.hash}",
        disclaimer=DISCLAIMER,
    )


def _patient(record: Record) -> list[Fact]:
    patient = record.patient
    born = NONE if patient.birth_year is None else str(patient.birth_year)
    return [
        Fact("Patient", patient.code),
        Fact("Initials", patient.initials),
        Fact("Born", born),
        Fact("Station", record.station),
    ]


def _facts(record: Record, clock: Clock) -> list[Fact]:
    weight = NONE if record.weight_kg is None else f"{number(record.weight_kg)} kg"
    dose = NONE if record.dose_mg_per_kg is None else f"{number(record.dose_mg_per_kg)} mg/kg"
    ordered = NONE if record.mg_ordered is None else f"{number(record.mg_ordered)} mg"
    given = NONE if record.mg_given is None else f"{number(record.mg_given)} mg"
    summary = record.summary
    return [
        Fact("Begun", clock.full(record.phases[0].at)),
        Fact("Ended", clock.full(record.ended_at) if record.ended_at else "goes on"),
        Fact("Phase", words([record.phase])),
        Fact("Protocol", f"{words([record.protocol])}, version {record.protocol_version}"),
        Fact("Weight", weight),
        Fact("Dose ordered", f"{dose}, {ordered}"),
        Fact("Given", given),
        Fact("Infused for", span(record.infused_s)),
        Fact("Zero of T+", clock.full(record.t0)),
        Fact("Times", clock.named()),
        Fact("Watched for", span(summary.watched_s)),
        Fact("Not watched", span(summary.not_watched_s) if summary.not_watched_s else "never"),
        Fact("Readings", f"{summary.readings}, {summary.values} values"),
        Fact("Put right", f"{summary.amended} amended, {summary.voided} voided"),
        Fact("Alarms", _alarms(record)),
        Fact("Software", f"{record.software}, engine {record.engine}"),
    ]


def _alarms(record: Record) -> str:
    """`2 high, 1 medium`."""
    counts = dict.fromkeys(("high", "medium", "low"), 0)
    for told in record.alarms:
        counts[told.priority] = counts.get(told.priority, 0) + 1
    return ", ".join(f"{count} {priority}" for priority, count in counts.items() if count) or "none"


def _standing(record: Record, clock: Clock) -> Fact:
    if record.ended_at is None:
        return Fact("Standing", "The session goes on: this record is not complete.", "warning")
    if not record.signatures:
        tone: Tone = "warning" if record.broken is None else "critical"
        return Fact("Standing", "Not signed.", tone)
    last = record.signatures[-1]
    said = f"{last.kind.capitalize()} of {who(last.by)}, {clock.full(last.at)}: {last.meaning}."
    if last.holds is False:
        return Fact("Standing", f"{said} It does not hold: the log was changed.", "critical")
    if record.broken is not None:  # what it covers is as it was, what came after is not
        after = f"It holds; from event {record.broken} on nothing does."
        return Fact("Standing", f"{said} {after}", "critical")
    if record.changed_since_signed:
        count = record.changed_since_signed
        changes = "1 event came" if count == 1 else f"{count} events came"
        return Fact("Standing", f"{said} {changes} after it.", "warning")
    return Fact("Standing", said, "good")


def _running(record: Record, clock: Clock) -> str:
    patient = record.patient
    born = NONE if patient.birth_year is None else str(patient.birth_year)
    parts = (
        patient.code,
        patient.initials,
        f"born {born}",
        record.station,
        clock.zero.strftime("%Y-%m-%d"),
        f"session {record.session_id}",
    )
    return "  ·  ".join(parts)


def _chart_note(clock: Clock) -> str:
    return (
        f"Clock time above, in {clock.named()}; T+ in minutes below. Squares were typed, dots sent"
        " by a device, diamonds simulated; ringed values were beyond a limit, crossed ones are"
        " voided, hollow ones amended. Broken lines are limits, dotted those of DBP. Points are"
        " joined only where no value is missing between them; a dark stroke in an alarm: seen."
    )
