"""Folding the log: what each event does to the public state. Screens fold by the same rules on the
same fixtures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_PHASE_FIELDS: Final = ("infused_s", "infusing_since", "schedule", "schedule_since", "active")
_BEGAN_FIELDS: Final = ("now", "phases", "phase_since", "schedule_since", "infusing_since")
_FOLLOWED: Final = (
    *("phases", "phase_since", "schedule_since", "infused_s", "infusing_since"),
    "planned_end_passed_at",
)
_LOST_CODES: Final = frozenset({"no_signal", "sentinel"})
_SINCE_THE_FIRST: Final[Mapping[str, Any]] = {"stop_prompts": {}, "not_taken": {}}
"""What a log of an older version does not begin with."""
_UNHEARD: Final[Mapping[str, Any]] = {
    "skew_s": 0,
    "last_at": None,
    "attached": None,
    "probe": None,
    "cuff": None,
}


def fold(state: Mapping[str, Any] | None, event: Mapping[str, Any]) -> dict[str, Any]:
    """The public state after one event; `state` is None before `session.created`. Nothing passed in
    is changed.
    """
    data, at = event["data"], event["at"]
    if event["kind"] == "session.created":
        began = {**_SINCE_THE_FIRST, **data["state"]}
        return {**began, "patient": {"birth_year": None, **began["patient"]}}
    if state is None:
        raise ValueError("a log begins with session.created")
    after = {**state, "seq": event["seq"]}
    match event["kind"]:
        case "reading.recorded":
            _record(after, event)
        case "signal.lost":
            _lose_signals(after, data)
        case "phase.changed":
            _change_phase(after, event)
        case "phase.corrected":
            after |= {field: data[field] for field in _FOLLOWED}
        case "phase.taken_back":
            _take_back(after, data)
        case "baseline.set":
            after |= {"baseline": data["values"], "limits": data["limits"]}
            after["limits_to_review"] = data["to_review"]
        case "limits.changed":
            after |= {"limits_version": data["version"], "baseline": data["baseline"]}
            after |= {"limits": data["limits"], "limits_to_review": data["to_review"]}
        case "clock.began":
            after |= {field: data[field] for field in _BEGAN_FIELDS}
        case "clock.moved":
            after |= {"clock": data["clock"], "now": data["now"]}
        case "audio.paused":
            after["audio_pause"] = data["pause"]
        case "audio.resumed":
            after["audio_pause"] = None
        case "audio.switched_off":
            after["audio_off"] = {**after["audio_off"], data["scope"]: data["off"]}
        case "audio.switched_on":
            after["audio_off"] = _without(after["audio_off"], data["scope"])
        case "alarms.switched_off":
            after["alarm_off"] = {**after["alarm_off"], data["scope"]: data["off"]}
        case "alarms.switched_on":
            after["alarm_off"] = _without(after["alarm_off"], data["scope"])
        case "standby.began":
            after["standby"] = data["standby"]
        case "standby.ended":
            after["standby"] = None
        case "help.called":
            after["help"] = data["help"]
        case "help.ended":
            after["help"] = None
        case "responsible.set":
            after["responsible"] = data["person"]
        case "device.attached":
            sits = {"attached": True, "probe": data["probe"], "cuff": data["cuff"]}
            _know_device(after, data["device"], sits)
        case "device.detached":
            _know_device(after, data["device"], {"attached": False})
        case "stop_prompt.raised":
            prompt = {name: data[name] for name in ("at", "value", "line", "side")}
            after["stop_prompts"] = {**after["stop_prompts"], data["vital"]: prompt}
        case "stop_prompt.ended":
            after["stop_prompts"] = _without(after["stop_prompts"], data["vital"])
        case "reading.voided" | "reading.amended":
            _correct(after, data)
        case "signal.held":
            hold = {"until": data["until"], "why": data["why"]}
            after["held"] = {**after["held"], **dict.fromkeys(data["vitals"], hold)}
        case "planned_end.passed":
            after["planned_end_passed_at"] = at
        case "watch.resumed":
            after["watch_resumed_at"] = at
        case "excursion.missed" | "annotation.recorded" | "annotation.voided":
            pass  # history: no field of the state tells it
        case "annotation.corrected" | "record.signed":
            pass
        case kind if kind.startswith("alarm."):
            _set_alarm(after, data["alarm"])
        case kind:
            raise ValueError(f"unknown event kind {kind}")
    return after


def _change_phase(after: dict[str, Any], event: Mapping[str, Any]) -> None:
    data, at = event["data"], event["at"]
    span = {"phase": data["to"], "at": at, "reason": data["reason"]}
    after |= {"phase": data["to"], "phase_since": at, "phases": [*after["phases"], span]}
    _reschedule(after, data)
    after |= {field: data[field] for field in _PHASE_FIELDS}
    if not data["active"]:
        after["closed_at"] = at
    if after["clock"] == "driven":
        after["now"] = data["now"]


def _reschedule(after: dict[str, Any], data: Mapping[str, Any]) -> None:
    """Another schedule asks anew, whatever was not taken by the one before."""
    if data["schedule"] != after["schedule"]:
        after["not_taken"] = {}


def _take_back(after: dict[str, Any], data: Mapping[str, Any]) -> None:
    _reschedule(after, data)
    after |= {field: data[field] for field in (*_FOLLOWED, "schedule")}
    after["phase"], drawn = data["to"], data["redrawn"]
    if drawn is not None:
        after |= {"baseline": drawn["baseline"], "limits": drawn["limits"]}
        after["limits_to_review"] = drawn["to_review"]


def _set_alarm(after: dict[str, Any], alarm: Mapping[str, Any]) -> None:
    others = _without(after["alarms"], alarm["id"])
    after["alarms"] = others if alarm["state"] == "cleared" else {**others, alarm["id"]: alarm}


def _record(after: dict[str, Any], event: Mapping[str, Any]) -> None:
    data = event["data"]
    values = dict(after["values"])
    not_live = {*data["superseded"], *data["repeated"]}
    for vital, value in data["values"].items():
        held = values.get(vital)
        if vital in not_live:
            continue
        if held is None or held["taken_at"] is None or held["taken_at"] <= data["taken_at"]:
            values[vital] = _value(event, vital, value)
    for rejected in data["rejected"]:
        if rejected["code"] in _LOST_CODES:
            _lose(values, rejected["vital"], data)
    after["values"] = values
    _put_off(after, data, data["values"].keys() - not_live)
    _hear(after, data, data["skew_s"])


def _put_off(after: dict[str, Any], data: Mapping[str, Any], taken: set[str]) -> None:
    """What was tried and not taken puts off; a value ends that."""
    held, noted = after["not_taken"], data.get("put_off", {})
    if held or noted:
        over = {v for v in taken & held.keys() if data["taken_at"] >= held[v]["at"]}
        after["not_taken"] = {v: said for v, said in held.items() if v not in over} | noted


def _lose_signals(after: dict[str, Any], data: Mapping[str, Any]) -> None:
    values = dict(after["values"])
    for vital in data["vitals"]:
        _lose(values, vital, data)
    after["values"] = values
    _hear(after, data, None)


def _hear(after: dict[str, Any], data: Mapping[str, Any], skew_s: float | None) -> None:
    """A device was heard; `skew_s` None says nothing of its clock."""
    if data["device"] is not None:
        seen = after["devices"].get(data["device"], _UNHEARD)
        heard = {"last_at": max(seen["last_at"] or "", data["taken_at"])}
        if skew_s is not None:
            heard["skew_s"] = skew_s
        _know_device(after, data["device"], heard)
    if after["clock"] == "driven":
        after["now"] = max(after["now"] or "", data["taken_at"])


def _know_device(after: dict[str, Any], device: str, news: Mapping[str, Any]) -> None:
    known = after["devices"].get(device, _UNHEARD)
    after["devices"] = {**after["devices"], device: {**known, **news}}


def _correct(after: dict[str, Any], data: Mapping[str, Any]) -> None:
    """A reading is no longer what it was: the fields that rested on it, where they change."""
    patched = {**after["values"], **data["values"]}
    after["values"] = {vital: value for vital, value in patched.items() if value is not None}
    for field, told in (
        ("baseline", "baseline"),
        ("limits", "limits"),
        ("limits_to_review", "to_review"),
        ("not_taken", "not_taken"),
    ):
        if data.get(told) is not None:
            after[field] = data[told]


def _without(held: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in held.items() if name != key}


def _value(event: Mapping[str, Any], vital: str, value: float) -> dict[str, Any]:
    data = event["data"]
    return {
        "value": value,
        "taken_at": data["taken_at"],
        "seq": event["seq"],
        "source": data["source"],
        "device": data["device"],
        "interval_s": data["interval_s"],
        "fresh_s": data["fresh_s"][vital],
        "flag": data["flags"].get(vital),
        "basis": data["basis"].get(vital),
        "derived": vital in data["derived"],
        "unconfirmed": vital in data["unconfirmed"],
        "late": vital in data["late"],
        "no_signal_since": None,
    }


def _lose(values: dict[str, Any], vital: str, data: Mapping[str, Any]) -> None:
    held = values.get(vital)
    if held is None:
        empty = dict.fromkeys(
            ("value", "taken_at", "seq", "interval_s", "fresh_s", "flag", "basis")
        )
        marks = dict.fromkeys(("derived", "unconfirmed", "late"), False)
        origin = {"source": "device", "device": data["device"]}
        values[vital] = {**empty, **marks, **origin, "no_signal_since": data["taken_at"]}
        return
    ours = (held["source"], held["device"]) == (data["source"], data["device"])
    newer = held["taken_at"] is not None and held["taken_at"] > data["taken_at"]
    if ours and not newer and held["no_signal_since"] is None:
        values[vital] = {**held, "no_signal_since": data["taken_at"]}
