"""The summary of a session, put together."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

import msgspec

from app.monitoring.phases import WATCHED
from app.monitoring.protocols import VERSIONS
from app.monitoring.times import SECOND_MS, parse_iso
from app.review.record.log import values_of
from app.review.record.model import AlarmCount, Summary
from app.review.record.spans import seconds, spans_of, united, within, without
from app.review.record.summary.beyond import lines_over_time
from app.review.record.summary.complete import completeness
from app.review.record.summary.compliance import PutOff, compliance, stretches
from app.review.record.summary.held import held
from app.review.record.summary.vitals import vitals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from app.review.record.course import Course
    from app.review.record.model import AlarmTold, Annotation, LostSignal
    from app.review.record.readings import Kept
    from app.review.record.spans import Span
    from app.review.record.summary.compliance import Stretch
    from app.review.record.summary.held import Held

PRIORITIES: Final = ("high", "medium", "low")
KINDS: Final = ("physiological", "technical")
SEEN: Final = "alarm.acknowledged"


class Known(msgspec.Struct, frozen=True):
    """Of what a summary is made."""

    course: Course
    readings: Sequence[Kept]
    """Those that stand, in order of time."""
    all_readings: Sequence[Kept]
    lost_signals: Sequence[LostSignal]
    annotations: Sequence[Annotation]
    alarms: Sequence[AlarmTold]
    signed: bool
    last_at: str
    infused_s: float
    mg_given: float | None


def summary_of(known: Known) -> Summary:
    course, end = known.course, parse_iso(known.last_at)
    begin = parse_iso(course.state["phases"][0]["at"])
    not_watched = within(spans_of(course.gaps), begin, end)
    stood = held(known.readings, known.lost_signals, end)
    connected = without(_connected(course.state["phases"], end), not_watched)
    baseline = course.state["baseline"]
    observed = _observed(known, stood, not_watched, end)
    counts = _counts(known)
    whole_s = (end - begin) / SECOND_MS
    away_s = seconds(not_watched)
    summary = Summary(
        duration_s=whole_s,
        watched_s=round(whole_s - away_s, 3),
        not_watched_s=away_s,
        infused_s=known.infused_s,
        mg_given=known.mg_given,
        vitals=vitals(stood, baseline, lines_over_time(course.limits), connected),
        alarms=alarm_counts(known.alarms),
        compliance=observed,
        completeness=[],
        annotations=sum(one.voided is None for one in known.annotations),
        **counts,
    )
    rates = sum(a.kind == "rate_change" and a.voided is None for a in known.annotations)
    said = completeness(course.state, summary, signed=known.signed, rates=rates)
    return msgspec.structs.replace(summary, completeness=said)


def _connected(phases: Sequence[Mapping[str, Any]], end: int) -> list[Span]:
    """When the patient was connected: in the phases in which silence is an alarm."""
    ends = [parse_iso(span["at"]) for span in phases[1:]] + [end]
    return united(
        (parse_iso(span["at"]), until)
        for span, until in zip(phases, ends, strict=True)
        if span["phase"] in WATCHED
    )


def _observed(
    known: Known, stood: Mapping[str, Held], not_watched: Sequence[Span], end: int
) -> list[Any]:
    state = known.course.state
    protocol = VERSIONS[state["protocol"], state["protocol_version"]]
    asked: list[Stretch] = stretches(state["phases"], protocol.schedule, end)
    put_off: dict[str, list[PutOff]] = {}
    for kept in known.readings:
        for vital, said in kept.said.put_off.items():
            if said["until"] is not None:
                tried = PutOff(parse_iso(said["at"]), parse_iso(said["until"]))
                put_off.setdefault(vital, []).append(tried)
    taken = {vital: values.at for vital, values in stood.items()}
    excused = united([*not_watched, *spans_of(known.course.standby)])
    return compliance(asked, taken, put_off, excused)


def _counts(known: Known) -> dict[str, int]:
    said = [kept.said for kept in known.readings]
    gone = [kept for kept in known.all_readings if kept.standing in ("voided", "moved")]
    return {
        "readings": len(said),
        "values": sum(len(values_of(one)) for one in said),
        "manual": sum(one.source == "manual" for one in said),
        "device": sum(one.source == "device" for one in said),
        "late": sum(bool(one.late) for one in said),
        "amended": sum(kept.standing == "amended" for kept in known.readings),
        "voided": len(gone),
        "unconfirmed": sum(len(one.unconfirmed) for one in said),
        "rejected": sum(len(one.rejected) for one in said),
    }


def alarm_counts(alarms: Sequence[AlarmTold]) -> list[AlarmCount]:
    """By priority, the highest that each alarm had, and kind; only what there was."""
    found = []
    for priority in PRIORITIES:
        for kind in KINDS:
            some = [a for a in alarms if a.priority == priority and a.alarm["kind"] == kind]
            if some:
                found.append(_count(priority, kind, some))
    return found


def _count(priority: str, kind: str, alarms: Sequence[AlarmTold]) -> AlarmCount:
    waited = [waits for alarm in alarms if (waits := _waited_s(alarm)) is not None]
    return AlarmCount(
        priority=priority,
        kind=kind,
        count=len(alarms),
        acknowledged=len(waited),
        seconds_to_acknowledge_median=median(waited) if waited else None,
        seconds_to_acknowledge_longest=max(waited) if waited else None,
    )


def _waited_s(alarm: AlarmTold) -> float | None:
    """How long it waited for a person since it had its highest priority; None if nobody came. Who
    had seen it while it was less, has not seen that it grew, and an older revision quiets nothing.
    """
    highest = [entry for entry in alarm.history if entry["priority"] == alarm.priority]
    for entry in highest:
        by_person = entry["kind"] == SEEN and entry["by"]["kind"] == "person"
        if by_person and entry["state"] != "active":
            return max(0, parse_iso(entry["at"]) - parse_iso(highest[0]["at"])) / SECOND_MS
    return None
