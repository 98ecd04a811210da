"""The state as screens and scripts see it, and the compact row of the board: plain JSON values,
codes and initials, no names.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from app.monitoring.in_force import lines_of
from app.monitoring.limits import Lines, Number, named_line, warning_pair
from app.monitoring.newest import newest_sample
from app.monitoring.protocols import VERSIONS, lines_in_force
from app.monitoring.stop_prompts import public_prompt
from app.monitoring.times import SECOND_MS, iso
from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.monitoring.commands import Actor
    from app.monitoring.state import (
        Alarm,
        AudioPause,
        DeviceSeen,
        Escalation,
        Help,
        NotTaken,
        Off,
        PhaseSpan,
        Sample,
        State,
    )
    from app.monitoring.work import Work


HELP: Final = "HELP"
"""The text of a call for help, without what the person said."""


def public(state: State) -> dict[str, Any]:
    """The object of `GET /api/sessions/{id}` and of a snapshot."""
    lines = lines_of(state)
    return {
        **_core(state),
        "starts_at": _iso(state.order.starts_at),
        "phases": public_phases(state.phases),
        "baseline": None if state.baseline is None else dict(state.baseline),
        "limits": public_lines(lines),
        "limits_to_review": public_review(state.to_review, lines, state.baseline),
        "devices": {name: public_device(seen) for name, seen in state.devices.items()},
    }


def board_row(state: State) -> dict[str, Any]:
    """The state without what a tile does not show, with the warning limits for its small trends."""
    order, baseline = state.order, state.baseline
    row = _core(state)
    row["lines"] = _warning_pairs(
        order.protocol,
        order.protocol_version,
        None if baseline is None else tuple(baseline.items()),
        tuple(state.moved.items()),
    )
    return row


def wall_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A board row for a wall that anybody may read: nobody's name, initials or code, and nothing
    that a person wrote. What the server says, alarms too, stays.
    """
    pause, standby, help = row["audio_pause"], row["standby"], row["help"]
    return {
        **row,
        "patient": None,
        "responsible": None,
        "audio_pause": None if pause is None else _unsigned(pause),
        "audio_off": {scope: _unsigned(off) for scope, off in row["audio_off"].items()},
        "alarm_off": {scope: _unsigned(off) for scope, off in row["alarm_off"].items()},
        "standby": None if standby is None else _unsigned(standby),
        "help": None if help is None else _unsigned(help),
        "not_taken": {
            vital: {name: said[name] for name in said if name != "by"}
            for vital, said in row["not_taken"].items()
        },
        "alarms": {id: _wall_alarm(alarm) for id, alarm in row["alarms"].items()},
    }


def _wall_alarm(alarm: Mapping[str, Any]) -> dict[str, Any]:
    """The text of a call for help holds what was said with it."""
    seen = [_unsigned(one) for one in alarm["acknowledgements"]]
    text = HELP if alarm["condition"] == "help" else alarm["text"]
    return {**alarm, "acknowledgements": seen, "ended_reason": None, "text": text}


def _unsigned(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, without who it was but for the role, and without the words."""
    by = said["by"]
    words = dict.fromkeys(said.keys() & {"reason", "note"})
    return {**said, **words, "by": {"kind": by["kind"], "role": by["role"]}}


@lru_cache(maxsize=1_024)  # sessions at once: drawing the lines cost half of every row
def _warning_pairs(
    protocol: str,
    version: int,
    baseline: tuple[tuple[str, Number], ...] | None,
    moved: tuple[tuple[str, Number], ...],
) -> dict[str, list[float | None]]:
    made_of = None if baseline is None else dict(baseline)
    lines = lines_in_force(VERSIONS[protocol, version], made_of, dict(moved))
    return {vital: warning_pair(of_vital) for vital, of_vital in lines.items()}


def _core(state: State) -> dict[str, Any]:
    order, person = state.order, state.responsible
    return {
        "id": order.id,
        "seq": state.seq,
        "patient": {
            "id": order.patient.id,
            "code": order.patient.code,
            "initials": order.patient.initials,
            "birth_year": order.patient.birth_year,
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
        "created_at": iso(order.created_at),
        "active": state.closed_at is None,
        "phase": state.phase,
        "phase_since": iso(state.phase_since),
        "infused_s": state.infused_ms / SECOND_MS,
        "infusing_since": _iso(state.infusing_since),
        "closed_at": _iso(state.closed_at),
        "values": public_values(state),
        "schedule": dict(state.schedule),
        "schedule_since": iso(state.schedule_since),
        "limits_version": state.limits_version,
        "responsible": None if person is None else {"id": person.id, "name": person.name},
        "audio_pause": None if state.audio_pause is None else public_pause(state.audio_pause),
        "audio_off": {scope: public_off(off) for scope, off in state.audio_off.items()},
        "alarm_off": {scope: public_off(off) for scope, off in state.alarm_off.items()},
        "standby": None if state.standby is None else public_off(state.standby),
        "help": None if state.help is None else public_help(state.help),
        "held": {
            vital: {"until": iso(until), "why": "cuff"} for vital, until in state.held.items()
        },
        "planned_end_passed_at": _iso(state.planned_end_passed_at),
        "watch_resumed_at": _iso(state.resumed_at),
        "stop_prompts": {v: public_prompt(prompt) for v, prompt in state.stop_prompts.items()},
        "not_taken": public_put_off(state.not_taken),
        "alarms": {alarm.id: public_alarm(alarm, order.id) for alarm in state.alarms.values()},
    }


def public_phases(spans: tuple[PhaseSpan, ...]) -> list[dict[str, Any]]:
    """The phases so far, each with when it began."""
    return [{"phase": span.phase, "at": iso(span.at), "reason": span.reason} for span in spans]


def public_device(seen: DeviceSeen) -> dict[str, Any]:
    return {
        "skew_s": seen.skew_ms / SECOND_MS,
        "last_at": _iso(seen.last_at),
        "attached": seen.attached,
        "probe": seen.probe,
        "cuff": seen.cuff,
    }


def public_actor(actor: Actor) -> dict[str, Any]:
    return {"kind": actor.kind, "id": actor.id, "name": actor.name, "role": actor.role}


def public_pause(pause: AudioPause) -> dict[str, Any]:
    by, priority = public_actor(pause.by), pause.priority
    return {"until": iso(pause.until), "at": iso(pause.at), "by": by, "priority": priority}


def public_off(off: Off) -> dict[str, Any]:
    by, reason = public_actor(off.by), off.reason
    return {"until": iso(off.until), "at": iso(off.at), "by": by, "reason": reason}


def public_not_taken(said: NotTaken) -> dict[str, Any]:
    return {
        "reason": said.reason,
        "at": iso(said.at),
        "until": _iso(said.until),
        "times": said.times,
        "by": public_actor(said.by),
    }


def public_put_off(not_taken: Mapping[str, NotTaken]) -> dict[str, Any]:
    """What was tried and not taken, by vital sign."""
    return {vital: public_not_taken(said) for vital, said in not_taken.items()}


def public_help(help: Help) -> dict[str, Any]:
    return {"at": iso(help.at), "by": public_actor(help.by), "note": help.note}


def public_review(
    to_review: tuple[str, ...], lines: Lines, baseline: Mapping[str, float] | None
) -> list[dict[str, Any]]:
    """The limits that the baseline breaks and nobody has kept or changed yet."""
    items = []
    for name in to_review:
        vital, _, flag = name.partition(".")
        line = named_line(lines.get(vital, ()), flag)
        if line is not None and baseline is not None:
            item = {"vital": vital, "flag": flag, "limit": line.value, "baseline": baseline[vital]}
            items.append(item)
    return items


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
                "by": public_actor(seen.by),
                "at": iso(seen.at),
                "rev": seen.rev,
                "action": seen.action,
                "note": seen.note,
            }
            for seen in alarm.acknowledgements
        ],
        "cleared_at": _iso(alarm.cleared_at),
        "ended_by": alarm.ended_by,
        "ended_reason": alarm.ended_reason,
        "devices": list(alarm.devices),
        "sounded_at": iso(alarm.sounded_at),
        "shown_rev": alarm.shown_rev,
        "escalation": None if alarm.escalation is None else public_escalation(alarm.escalation),
    }


def public_escalation(called: Escalation) -> dict[str, Any]:
    return {"level": called.level, "to": called.to, "at": iso(called.at), "why": called.why}


def public_values(state: State | Work) -> dict[str, dict[str, Any]]:
    """The newest value of each vital, of any source."""
    values = {}
    taken: dict[int, str] = {}  # most values are of one sample: its time is written once
    for vital in VITALS:
        sample = newest_sample(state, vital)
        lost = state.lost.get(vital)
        if sample is not None:
            since = lost.get(_origin(sample)) if lost else None
            if since is not None and since < sample.taken_at:
                since = None
            at = taken.get(sample.seq)
            if at is None:
                at = taken[sample.seq] = iso(sample.taken_at)
            values[vital] = _value(sample, vital, at, since)
        elif lost:
            origin, since = next(iter(lost.items()))
            values[vital] = _never_taken(origin, since)
    return values


def _origin(sample: Sample) -> str:
    return "manual" if sample.source == "manual" else f"device:{sample.device or ''}"


def _value(
    sample: Sample, vital: str, taken_at: str, no_signal_since: int | None
) -> dict[str, Any]:
    return {
        "value": sample.values[vital],
        "taken_at": taken_at,
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
