"""Every kind of event in one sentence, with the mark that it has on the figure.

A kind without a sentence here would be missing from every export: a test holds this table against
the kinds that the API can answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.review.record import words

if TYPE_CHECKING:
    from app.review.record.model import Mark

Data = Mapping[str, Any]

ENDED: Final[Mapping[str, str]] = {
    "over": "the condition was over",
    "acknowledged": "it was acknowledged",
    "person": "a person ended it",
    "value_voided": "the value behind it was corrected",
    "limits_changed": "the limits were changed",
    "phase_changed": "the phase changed",
    "alarm_off": "alarms were switched off",
    "standby": "standby began",
    "replaced": "another alarm says more",
    "device_detached": "the device was detached",
    "session_closed": "the session was closed",
    "put_off": "it was tried and not taken",
}
ON_AGAIN: Final[Mapping[str, str]] = {
    "ended": "by a person",
    "expired": "the time was over",
    "phase_changed": "the phase changed",
    "broken_through": "a new alarm broke through",
}
PROMPT_ENDED: Final[Mapping[str, str]] = {
    "phase": "the infusion was stopped or paused",
    "inside": "the value was back",
    "answered": "a person let the infusion go on",
    "corrected": "the value was corrected",
}
TO: Final[Mapping[str, str]] = {
    "responsible": "the person responsible",
    "others": "the others",
    "clinician": "the clinician",
}


class Tells(NamedTuple):
    """`numbered`: it has a place of its own among the numbered marks of the figure."""

    mark: Mark
    numbered: bool
    say: Callable[[Data], str]


def sentence(kind: str, data: Data) -> str:
    """What an event says, without who and when: those stand beside it."""
    return TELLS[kind].say(data)


def _created(data: Data) -> str:
    state = data["state"]
    kind = "Simulated session" if state["simulated"] else "Session"
    return f"{kind} begun: {state['protocol'].replace('_', ' ')}, {state['station']}."


def _phase(data: Data) -> str:
    said = f"{words.phase(data['to']).capitalize()}, after {words.phase(data['from'])}"
    said += words.because(data["reason"])
    if data["override_reason"]:
        if data["missing"]:
            said += f". Missing: {words.missing(data['missing'])}"
        said += f". Went on because: {data['override_reason']}"
    return f"{said}."


def _phase_corrected(data: Data) -> str:
    said = f"{words.phase(data['phase']).capitalize()} began {words.moved(data['was'], data['at'])}"
    return f"{said} than it was tapped{words.because(data['reason'])}."


def _taken_back(data: Data) -> str:
    said = f"{words.phase(data['phase']).capitalize()} taken back"
    return f"{said}, {words.phase(data['to'])} again{words.because(data['reason'])}."


def _annotated(data: Data) -> str:
    after = " (charted after the close)" if data.get("after_close") else ""
    return words.annotation_says(data["kind"], data["text"], data["data"]) + after


def _annotation_corrected(data: Data) -> str:
    was, now = data["was"], data["now"]
    said = []
    if was["at"] != now["at"]:
        said.append(words.moved(was["at"], now["at"]))
    if (was["text"], was["data"]) != (now["text"], now["data"]):
        said.append("other words")
    what = f"{_which('Annotation', data)} corrected"
    return f"{what} ({' and '.join(said) or 'nothing'}): {data['reason']}."


def _annotation_voided(data: Data) -> str:
    return f"{_which('Annotation', data)} voided{words.because(data['reason'])}."


def _which(noun: str, data: Data) -> str:
    """`of`: the event that recorded what is put right, where the log that told it is at hand."""
    return f"{noun} of event {data['of']}" if data.get("of") is not None else noun


def _baseline(data: Data) -> str:
    return f"Baseline set: {words.values(data['values'])}."


def _limits(data: Data) -> str:
    moved = [_moved_line(change) for change in data["changes"]]
    if data["given"]:
        moved.append(f"baseline {words.values(data['given'])}")
    return f"Limits changed{words.because(data['reason'])}. {'; '.join(moved) or 'All kept'}."


def _moved_line(change: Data) -> str:
    vital, line = change["vital"], words.LINES[change["flag"]]
    name = f"{words.shorts([vital])} {line}"
    if change["from"] is None:
        return f"{name} set to {words.number(change['to'])}"
    if change["from"] == change["to"]:
        return f"{name} kept at {words.number(change['to'])}"
    return f"{name} from {words.number(change['from'])} to {words.number(change['to'])}"


def _reading(data: Data) -> str:
    said = [words.values(data["values"], data["flags"])] if data["values"] else []
    marks = (("late", "came late"), ("unconfirmed", "not confirmed"))
    said += [f"{words.shorts(data[name])} {text}" for name, text in marks if data[name]]
    said += [_set_apart(one) for one in data["rejected"]]
    if data.get("charted"):
        said.append(f"taken over from the monitor: {_charted(data['charted'])}")
    said += [
        f"{words.shorts([vital])} not taken ({words.NOT_TAKEN.get(why, why)})"
        for vital, why in data.get("not_taken", {}).items()
    ]
    if data.get("not_taken_note"):
        said.append(data["not_taken_note"])
    after = " (charted after the close)" if data.get("after_close") else ""
    moved = data.get("moved_from")
    what = "Reading" if moved is None else f"Reading moved here ({moved['reason']})"
    return f"{what}: {'; '.join(said) or 'no values'}{after}."


def _set_apart(rejected: Data) -> str:
    why = str(rejected["code"]).replace("_", " ")
    return (
        f"{words.shorts([rejected['vital']])} {words.number(rejected['value'])} set apart ({why})"
    )


def _charted(charted: Data) -> str:
    return words.values({vital: one["value"] for vital, one in charted.items()})


def _voided(data: Data) -> str:
    if data["moved_to"] is not None:
        said = f"{_which('Reading', data)} moved to another session"
    else:
        said = f"{_which('Reading', data)} voided"
    return f"{said}{words.because(data['reason'])}."


def _amended(data: Data) -> str:
    was, now = data["was"], data["reading"]["values"]
    said = [
        f"{words.shorts([vital])} {_or_none(was, vital)} → {_or_none(now, vital)}"
        for vital in dict.fromkeys([*was, *now])
        if was.get(vital) != now.get(vital)
    ]
    before = data.get("was_taken_at")
    if before is not None and before != data["reading"]["taken_at"]:
        said.append(f"taken {words.moved(before, data['reading']['taken_at'])}")
    what = f"{_which('Reading', data)} amended"
    return f"{what} ({', '.join(said) or 'nothing'}){words.because(data['reason'])}."


def _or_none(found: Data, vital: str) -> str:
    return words.number(found[vital]) if vital in found else "none"


def _prompted(data: Data) -> str:
    value = words.named(data["vital"], data["value"])
    return f"Prompt to stop the infusion: {value}, line {words.number(data['line'])}."


def _prompt_ended(data: Data) -> str:
    said = f"Prompt to stop the infusion ended ({words.shorts([data['vital']])})"
    return f"{said}: {words.given(data['reason'] or PROMPT_ENDED[data['ended_by']])}."


def _lost(data: Data) -> str:
    device = data["device"] or "The device"
    if not data["vitals"]:
        return f"{device} still has no signal."
    return f"{device} has no signal of {words.shorts(data['vitals'])}."


def _held(data: Data) -> str:
    return f"Alarms of {words.shorts(data['vitals'])} wait: the cuff of {data['device']} inflates."


def _missed(data: Data) -> str:
    worst = words.named(data["vital"], data["worst"])
    lasted = words.lasting(data["since"], data["until"])
    line = words.number(data["limit"])
    return f"While the device was offline: {worst} (limit {line}), for {lasted}."


def _alarm(what: str) -> Callable[[Data], str]:
    def say(data: Data) -> str:
        alarm = data["alarm"]
        return f"{alarm['priority'].capitalize()} alarm {what}: {alarm['text']}."

    return say


def _acknowledged(data: Data) -> str:
    alarm = data["alarm"]
    seen = alarm["acknowledgements"][-1]
    more = "; ".join(words.given(text) for text in (seen["action"], seen["note"]) if text)
    return f"{alarm['priority'].capitalize()} alarm acknowledged: {alarm['text']}" + (
        f" ({more})." if more else "."
    )


def _escalated(data: Data) -> str:
    alarm = data["alarm"]
    called = alarm["escalation"]
    to = TO.get(called["to"], called["to"]) if called else "others"
    return f"{alarm['priority'].capitalize()} alarm calls {to}: {alarm['text']}."


def _cleared(data: Data) -> str:
    alarm = data["alarm"]
    why = ENDED.get(alarm["ended_by"], str(alarm["ended_by"]).replace("_", " "))
    reason = words.because(alarm["ended_reason"])
    return f"{alarm['priority'].capitalize()} alarm ended: {alarm['text']} ({why}{reason})."


def _paused(data: Data) -> str:
    pause = data["pause"]
    return f"Audio paused for {words.lasting(pause['at'], pause['until'])}."


def _off(what: str) -> Callable[[Data], str]:
    def say(data: Data) -> str:
        off = data["off"]
        lasts = words.minutes(off["at"], off["until"])
        of = words.scope(data["scope"])
        return f"{what} switched off for {of}, {lasts}{words.because(off['reason'])}."

    return say


def _on(what: str) -> Callable[[Data], str]:
    def say(data: Data) -> str:
        return f"{what} on again for {words.scope(data['scope'])} ({ON_AGAIN[data['why']]})."

    return say


def _standby(data: Data) -> str:
    standby = data["standby"]
    lasts = words.minutes(standby["at"], standby["until"])
    return f"Standby for {lasts}{words.because(standby['reason'])}."


def _attached(data: Data) -> str:
    sites = [
        f"{what} on {data[name].replace('_', ' ')}"
        for name, what in (("probe", "probe"), ("cuff", "cuff"))
        if data[name]
    ]
    return f"{data['device']} attached" + (f" ({', '.join(sites)})." if sites else ".")


def _detached(data: Data) -> str:
    moved = ", attached to another session" if data["moved_to"] else ""
    return f"{data['device']} detached{moved}{words.because(data['reason'])}."


def _responsible(data: Data) -> str:
    person = data["person"]
    return "Nobody is responsible now." if person is None else f"{person['name']} is responsible."


def _helped(data: Data) -> str:
    return f"Help ended{words.because(data['reason'])}."


def _resumed(data: Data) -> str:
    return f"The server watches again; for {words.span(data['gap_s'])} it did not."


def _clock(data: Data) -> str:
    live = data["clock"] == "wall"
    return "The session's clock goes live." if live else "The session's clock is moved by hand."


def _signed(data: Data) -> str:
    said = "Addendum signed" if data["kind"] == "addendum" else "Record signed"
    text = words.because(data["text"])
    return f"{said} ({data['meaning']}), up to event {data['covers']}{text}."


TELLS: Final[Mapping[str, Tells]] = {
    "session.created": Tells("phase", True, _created),
    "phase.changed": Tells("phase", True, _phase),
    "phase.corrected": Tells("correction", True, _phase_corrected),
    "phase.taken_back": Tells("correction", True, _taken_back),
    "annotation.recorded": Tells("annotation", True, _annotated),
    "annotation.corrected": Tells("correction", True, _annotation_corrected),
    "annotation.voided": Tells("correction", True, _annotation_voided),
    "baseline.set": Tells("limits", True, _baseline),
    "limits.changed": Tells("limits", True, _limits),
    "reading.recorded": Tells("reading", False, _reading),
    "reading.voided": Tells("correction", True, _voided),
    "reading.amended": Tells("correction", True, _amended),
    "stop_prompt.raised": Tells("alarm", True, _prompted),
    "stop_prompt.ended": Tells("alarm", False, _prompt_ended),
    "signal.lost": Tells("device", False, _lost),
    "signal.held": Tells("device", False, _held),
    "excursion.missed": Tells("device", True, _missed),
    "alarm.raised": Tells("alarm", False, _alarm("raised")),
    "alarm.changed": Tells("alarm", False, _alarm("changed")),
    "alarm.acknowledged": Tells("alarm", False, _acknowledged),
    "alarm.latched": Tells("alarm", False, _alarm("latched, the condition is over")),
    "alarm.reopened": Tells("alarm", False, _alarm("reopened")),
    "alarm.cleared": Tells("alarm", False, _cleared),
    "alarm.escalated": Tells("alarm", False, _escalated),
    "alarm.sounded": Tells("alarm", False, _alarm("sounded at a screen")),
    "audio.paused": Tells("control", True, _paused),
    "audio.resumed": Tells(
        "control", False, lambda data: f"Audio on again ({ON_AGAIN[data['why']]})."
    ),
    "audio.switched_off": Tells("control", True, _off("Audio")),
    "audio.switched_on": Tells("control", False, _on("Audio")),
    "alarms.switched_off": Tells("control", True, _off("Alarms")),
    "alarms.switched_on": Tells("control", False, _on("Alarms")),
    "standby.began": Tells("control", True, _standby),
    "standby.ended": Tells(
        "control", False, lambda data: f"Standby over ({ON_AGAIN[data['why']]})."
    ),
    "device.attached": Tells("device", True, _attached),
    "device.detached": Tells("device", True, _detached),
    "responsible.set": Tells("control", True, _responsible),
    "help.called": Tells(
        "control", True, lambda data: f"Help called{words.because(data['help']['note'])}."
    ),
    "help.ended": Tells("control", False, _helped),
    "planned_end.passed": Tells("phase", True, lambda _: "The planned end of the infusion passed."),
    "watch.resumed": Tells("server", True, _resumed),
    "clock.moved": Tells("server", True, _clock),
    "clock.began": Tells(
        "server", False, lambda _: "The session's clock began with the first time that was sent."
    ),
    "record.signed": Tells("signature", True, _signed),
}
