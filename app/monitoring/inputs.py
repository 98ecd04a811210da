"""The input that a recorded event stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.monitoring.annotations import written
from app.monitoring.commands import (
    Acknowledge,
    Actor,
    Annotate,
    AnswerStopPrompt,
    AttachDevice,
    BeginStandby,
    CallHelp,
    ChangeLimits,
    ChangePhase,
    ConfirmShown,
    CorrectPhase,
    DetachDevice,
    EndAlarm,
    EndHelp,
    EndStandby,
    MoveClock,
    PauseAudio,
    Person,
    Resume,
    ResumeAudio,
    RewriteAnnotation,
    SetResponsible,
    SignRecord,
    SwitchOff,
    SwitchOn,
    TakeBackPhase,
    VoidAnnotation,
)
from app.monitoring.readings import Charted, LostSignals, MovedFrom, Reading, Rejected
from app.monitoring.rules.condition import key_of
from app.monitoring.state import Acknowledgement, Alarm, Escalation
from app.monitoring.times import MINUTE_MS, SECOND_MS, parse_iso

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.monitoring.engine import Input

SPELT_ALIKE: Final = (
    "id",
    "kind",
    "condition",
    "group",
    "vital",
    "side",
    "priority",
    "state",
    "rev",
    "value",
    "worst",
    "limit",
    "unit",
    "text",
    "ended_by",
    "ended_reason",
    "shown_rev",
)
BEFORE_ESCALATION: Final = {"escalation": None, "devices": (), "shown_rev": 0, "ended_reason": None}
"""What an alarm of the first version does not tell."""
Data = Any  # decoded JSON of one kind of event


def input_of(
    logged: Mapping[str, Any], *, driven: bool, kept_seq: int | None = None
) -> Input | None:
    """None for what the engine said by itself, and for corrections, which need the whole log.

    `kept_seq` is the seq that a reading keeps in another course than the log's own.
    """
    data, kind = logged["data"], logged["kind"]
    match kind:
        case "reading.recorded":
            return reading_of(data, kept_seq)
        case "signal.lost":
            return LostSignals(data["device"], parse_iso(data["taken_at"]), tuple(data["vitals"]))
        case "phase.changed":
            return _phase(logged, driven=driven)
        case "alarm.acknowledged":
            seen = data["alarm"]["acknowledgements"][-1]
            return Acknowledge(data["alarm"]["id"], None, seen["rev"], seen["action"], seen["note"])
        case "stop_prompt.ended":
            return _answered(data)
        case "alarm.cleared":
            return _ended_by_person(data["alarm"])
        case "alarm.sounded":
            return ConfirmShown(data["alarm"]["id"], data["alarm"]["shown_rev"])
        case _:
            make = CONTROLS.get(kind)
            return None if make is None else make(data)


def reading_of(data: Mapping[str, Any], kept_seq: int | None = None) -> Reading:
    """The reading that an event recorded."""
    return Reading(
        id=data["id"],
        taken_at=parse_iso(data["taken_at"]),
        source=data["source"],
        device=data["device"],
        interval_s=data["interval_s"],
        values=data["values"],
        derived=tuple(data["derived"]),
        rejected=tuple(Rejected(r["vital"], r["value"], r["code"]) for r in data["rejected"]),
        unconfirmed=tuple(data["unconfirmed"]),
        confirmed=data["confirmed"],
        device_time=None if data["device_time"] is None else parse_iso(data["device_time"]),
        skew_ms=round(data["skew_s"] * SECOND_MS),
        weak=tuple(data.get("weak", ())),
        cuff_inflating=data.get("cuff_inflating", False),
        kept_seq=kept_seq,
        told_again=None if kept_seq is None or "repeated" not in data else tuple(data["repeated"]),
        charted=tuple(
            Charted(vital, c["seq"], c["device"], parse_iso(c["taken_at"]), c["value"])
            for vital, c in data["charted"].items()
        )
        if "charted" in data
        else (),
        not_taken=tuple(data["not_taken"].items()) if "not_taken" in data else (),
        not_taken_note=data.get("not_taken_note"),
        after_close=data.get("after_close", False),
        moved_from=MovedFrom(**data["moved_from"]) if "moved_from" in data else None,
    )


def actor_of(said: Mapping[str, Any]) -> Actor:
    return Actor(said["kind"], said["id"], said["name"], said.get("role"))


def alarm_of(said: Mapping[str, Any]) -> Alarm:
    """The alarm that an event tells of; what only the engine knows is as if it had just sounded."""
    said = {**BEFORE_ESCALATION, "sounded_at": said["raised_at"], **said}
    high = said["priority"] == "high" and said["state"] == "active"
    called = said["escalation"]
    return Alarm(
        key=key_of(said["condition"], said["group"], said["side"]),
        acknowledgements=tuple(_acknowledgement(seen) for seen in said["acknowledgements"]),
        raised_at=parse_iso(said["raised_at"]),
        since=parse_iso(said["since"]),
        cleared_at=None if said["cleared_at"] is None else parse_iso(said["cleared_at"]),
        missing=tuple(said["missing"]),
        devices=tuple(said["devices"]),
        sounded=said["worst"],
        sounded_at=parse_iso(said["sounded_at"]),
        escalation=None if called is None else _escalation(called),
        unseen_since=parse_iso(said["sounded_at"]) if high else None,
        lower_since=None,
        **{field: said[field] for field in SPELT_ALIKE},
    )


def _acknowledgement(seen: Data) -> Acknowledgement:
    by, at = actor_of(seen["by"]), parse_iso(seen["at"])
    return Acknowledgement(by, at, seen["rev"], seen["action"], seen["note"])


def _escalation(called: Data) -> Escalation:
    return Escalation(called["level"], called["to"], parse_iso(called["at"]), called["why"])


def _phase(logged: Mapping[str, Any], *, driven: bool) -> ChangePhase:
    data = logged["data"]
    at: int | None = parse_iso(logged["at"])
    if driven and (data["now"] is None or data["now"] < logged["at"]):
        at = None
    return ChangePhase(
        to=data["to"], at=at, reason=data["reason"], override_reason=data["override_reason"]
    )


def _ended_by_person(alarm: Data) -> EndAlarm | None:
    """An alarm of help ends with its call."""
    if alarm["ended_by"] != "person" or alarm["condition"] == "help":
        return None
    return EndAlarm(alarm["id"], alarm["ended_reason"])


def _answered(data: Data) -> AnswerStopPrompt | None:
    if data["ended_by"] != "answered":
        return None
    return AnswerStopPrompt(data["vital"], data["reason"])


def _clock(data: Data) -> MoveClock:
    live = data["clock"] == "wall"
    return MoveClock(at=None if live else parse_iso(data["now"]), live=live)


def _limits(data: Data) -> ChangeLimits:
    lines: dict[str, dict[str, float]] = {}
    for change in data["changes"]:
        lines.setdefault(change["vital"], {})[change["flag"]] = change["to"]
    return ChangeLimits(data["reason"], lines, data["given"])


def _pause(data: Data) -> PauseAudio:
    return PauseAudio(_span(data["pause"]) // SECOND_MS)


def _standby(data: Data) -> BeginStandby:
    standby = data["standby"]
    return BeginStandby(_span(standby) // MINUTE_MS, standby["reason"])


def _corrected(data: Data) -> CorrectPhase:
    return CorrectPhase(data["phase"], data["entry"], parse_iso(data["at"]), data["reason"])


def _annotation(data: Data) -> Annotate:
    at = parse_iso(data["at"])
    let_in = data.get("after_close", False)
    said = (data["kind"], at, data["text"], data["data"])
    return Annotate(*said, id=data["id"], after_close=let_in)


def _rewritten(data: Data) -> RewriteAnnotation:
    was, now = written(data["was"]), written(data["now"])
    return RewriteAnnotation(data["annotation_id"], was, now, data["reason"])


def _signature(data: Data) -> SignRecord:
    said = {name: data[name] for name in ("kind", "meaning", "covers", "hash", "text", "id")}
    return SignRecord(**said)


def _span(said: Data) -> int:
    return parse_iso(said["until"]) - parse_iso(said["at"])


def _responsible(data: Data) -> SetResponsible:
    person = data["person"]
    return SetResponsible(None if person is None else Person(person["id"], person["name"]))


CONTROLS: Final[Mapping[str, Callable[[Data], Input | None]]] = {
    "clock.moved": _clock,
    "limits.changed": _limits,
    "audio.paused": _pause,
    "audio.resumed": lambda data: ResumeAudio() if data["why"] == "ended" else None,
    "audio.switched_off": lambda d: SwitchOff("audio", d["scope"], d["off"]["reason"]),
    "alarms.switched_off": lambda d: SwitchOff("alarms", d["scope"], d["off"]["reason"]),
    "audio.switched_on": lambda d: SwitchOn("audio", d["scope"]) if d["why"] == "ended" else None,
    "alarms.switched_on": lambda d: SwitchOn("alarms", d["scope"]) if d["why"] == "ended" else None,
    "standby.began": _standby,
    "standby.ended": lambda data: EndStandby() if data["why"] == "ended" else None,
    "device.attached": lambda d: AttachDevice(d["device"], d["probe"], d["cuff"]),
    "device.detached": lambda d: DetachDevice(d["device"], d["reason"], d["moved_to"]),
    "responsible.set": _responsible,
    "help.called": lambda data: CallHelp(data["help"]["note"]),
    "help.ended": lambda data: EndHelp(data["reason"]),
    "phase.corrected": _corrected,
    "phase.taken_back": lambda data: TakeBackPhase(data["phase"], data["reason"]),
    "annotation.recorded": _annotation,
    "annotation.voided": lambda data: VoidAnnotation(data["annotation_id"], data["reason"]),
    "annotation.corrected": _rewritten,
    "record.signed": _signature,
    "watch.resumed": lambda data: Resume(parse_iso(data["since"])),
}
"""By kind: how the command is read back from what it led to."""
