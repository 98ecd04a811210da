"""The state as screens and scripts see it, and the compact row of the board: plain JSON values,
codes and initials, no names.
"""

from __future__ import annotations

from typing import Any

from app.monitoring.limits import Lines, warning_pair
from app.monitoring.protocols import PROTOCOLS, lines_in_force
from app.monitoring.state import Alarm, PhaseSpan, Sample, State, newest_sample
from app.monitoring.times import SECOND_MS, iso
from app.monitoring.vitals import VITALS


def public(state: State) -> dict[str, Any]:
    """The object of `GET /api/sessions/{id}` and of a snapshot."""
    order = state.order
    return {
        "id": order.id,
        "seq": state.seq,
        "patient": {
            "id": order.patient.id,
            "code": order.patient.code,
            "initials": order.patient.initials,
        },
        "station": order.station,
        "protocol": order.protocol,
        "protocol_version": order.protocol_version,
        "simulated": order.simulated,
        "clock": state.clock,
        "now": iso(state.now) if state.clock == "driven" and state.now else None,
        "weight_kg": order.weight_kg,
        "dose_mg_per_kg": order.dose_mg_per_kg,
        "planned_minutes": order.planned_minutes,
        "starts_at": _iso(order.starts_at),
        "created_at": iso(order.created_at),
        "active": state.closed_at is None,
        "phase": state.phase,
        "phase_since": iso(state.phase_since),
        "phases": public_phases(state.phases),
        "infused_s": state.infused_ms / SECOND_MS,
        "infusing_since": _iso(state.infusing_since),
        "closed_at": _iso(state.closed_at),
        "values": _values(state),
        "baseline": None if state.baseline is None else dict(state.baseline),
        "schedule": dict(state.schedule),
        "schedule_since": iso(state.schedule_since),
        "limits": public_lines(lines_in_force(PROTOCOLS[order.protocol], state.baseline)),
        "devices": {
            name: {"skew_s": seen.skew_ms / SECOND_MS, "last_at": iso(seen.last_at)}
            for name, seen in state.devices.items()
        },
        "alarms": {alarm.id: public_alarm(alarm, order.id) for alarm in state.alarms.values()},
    }


_ONLY_IN_STATE = ("baseline", "limits", "phases", "devices", "starts_at")


def board_row(state: State) -> dict[str, Any]:
    """The state without what a tile does not show, with the warning limits for its small trends."""
    row = public(state)
    for field in _ONLY_IN_STATE:
        del row[field]
    lines = PROTOCOLS[state.order.protocol].lines
    row["lines"] = {vital: warning_pair(of_vital) for vital, of_vital in lines.items()}
    return row


def public_phases(spans: tuple[PhaseSpan, ...]) -> list[dict[str, Any]]:
    """The phases so far, each with when it began."""
    return [{"phase": span.phase, "at": iso(span.at), "reason": span.reason} for span in spans]


def public_lines(lines: Lines) -> dict[str, list[dict[str, Any]]]:
    """Limits in force, per vital."""
    return {
        vital: [
            {
                "tier": line.tier,
                "side": line.side,
                "comparator": line.comparator,
                "value": line.value,
                "priority": line.priority,
                "delay_s": line.delay_s,
                "basis": line.basis,
                "and_value": line.and_value,
            }
            for line in of_vital
        ]
        for vital, of_vital in lines.items()
    }


def public_alarm(alarm: Alarm, session_id: str) -> dict[str, Any]:
    """The alarm as screens and scripts see it."""
    return {
        "id": alarm.id,
        "session_id": session_id,
        "kind": alarm.kind,
        "condition": alarm.condition,
        "group": alarm.group,
        "vital": alarm.vital,
        "side": alarm.side,
        "priority": alarm.priority,
        "state": alarm.state,
        "rev": alarm.rev,
        "raised_at": iso(alarm.raised_at),
        "since": iso(alarm.since),
        "value": alarm.value,
        "worst": alarm.worst,
        "limit": alarm.limit,
        "unit": alarm.unit,
        "text": alarm.text,
        "missing": list(alarm.missing),
        "acknowledgements": [
            {
                "by": {"kind": seen.by.kind, "id": seen.by.id, "name": seen.by.name},
                "at": iso(seen.at),
                "rev": seen.rev,
                "action": seen.action,
                "note": seen.note,
            }
            for seen in alarm.acknowledgements
        ],
        "cleared_at": _iso(alarm.cleared_at),
        "ended_by": alarm.ended_by,
    }


def _values(state: State) -> dict[str, dict[str, Any]]:
    values = {}
    for vital in VITALS:
        sample = newest_sample(state, vital)
        lost = state.lost.get(vital, {})
        if sample is not None:
            since = lost.get(_origin(sample))
            if since is not None and since < sample.taken_at:
                since = None
            values[vital] = _value(sample, vital, since)
        elif lost:
            origin, since = next(iter(lost.items()))
            values[vital] = _never_taken(origin, since)
    return values


def _origin(sample: Sample) -> str:
    return "manual" if sample.source == "manual" else f"device:{sample.device or ''}"


def _value(sample: Sample, vital: str, no_signal_since: int | None) -> dict[str, Any]:
    return {
        "value": sample.values[vital],
        "taken_at": iso(sample.taken_at),
        "seq": sample.seq,
        "source": sample.source,
        "device": sample.device,
        "interval_s": sample.interval_s,
        "fresh_s": sample.fresh_s[vital],
        "flag": sample.flags.get(vital),
        "basis": sample.basis.get(vital),
        "derived": vital in sample.derived,
        "unconfirmed": vital in sample.unconfirmed,
        "late": vital in sample.late,
        "no_signal_since": _iso(no_signal_since),
    }


def _never_taken(origin: str, since: int) -> dict[str, Any]:
    return {
        "value": None,
        "taken_at": None,
        "seq": None,
        "source": "device",
        "device": origin.removeprefix("device:") or None,
        "interval_s": None,
        "fresh_s": None,
        "flag": None,
        "basis": None,
        "derived": False,
        "unconfirmed": False,
        "late": False,
        "no_signal_since": iso(since),
    }


def _iso(moment: int | None) -> str | None:
    return None if moment is None else iso(moment)
