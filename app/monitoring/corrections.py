"""Corrections: a reading was wrong, belongs to somebody else, or never was.

What the engine would know had the reading never been so is observed by stepping the log again
(`rebuild.Replay`); here that is grafted onto what has been said. Alarms are judged by what was
observed, and never said twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from app.monitoring.alarms import clear
from app.monitoring.closed import refuse_outside
from app.monitoring.errors import FieldError, InvalidRequest
from app.monitoring.in_force import draw
from app.monitoring.inputs import reading_of
from app.monitoring.readings import Reading, amended
from app.monitoring.rules.condition import key_of
from app.monitoring.state import State
from app.monitoring.times import iso, parse_iso
from app.monitoring.view import public_lines, public_put_off, public_review, public_values
from app.monitoring.vitals import VITALS
from app.monitoring.work import Ending

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.monitoring.commands import Actor
    from app.monitoring.work import Work

Kind = Literal["voided", "amended", "moved"]
OBSERVED: Final = (
    "samples",
    "newest",
    "lost",
    "out",
    "rested",
    "rechecks",
    "offline",
    "missed",
    "not_taken",
    "baseline",
    "to_review",
)
"""What readings alone have made; all else was said by people or to them, and stays."""
COPIED: Final = frozenset({"samples", "newest", "lost", "out", "rechecks"})


@dataclass(frozen=True, slots=True)
class Correction:
    """What became of one reading: `reading` as it should have been, None if it should not be."""

    kind: Kind
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Correct:
    """The engine's input: the correction, and what is observed with it and all before it.

    `seq` is of the event that recorded the reading. `judged` is the data of that event as it should
    have been, None if it should not be; `was` are the values before, `was_taken_at` is their time.
    """

    seq: int
    reading_id: str
    kind: Kind
    reason: str
    observed: State
    was: Mapping[str, Any]
    was_taken_at: int = 0
    judged: Mapping[str, Any] | None = None
    moved_to: str | None = None


def corrections_in(log: Iterable[Mapping[str, Any]]) -> dict[int, Correction]:
    """What became of each reading that was corrected, by its seq; the last correction counts."""
    found: dict[int, Correction] = {}
    for logged in log:
        data = logged["data"]
        if logged["kind"] == "reading.voided":
            found[data["seq"]] = Correction("voided" if data["moved_to"] is None else "moved")
        elif logged["kind"] == "reading.amended":
            found[data["seq"]] = Correction("amended", reading_of(data["reading"]))
    return found


def amended_reading(
    recorded: Mapping[str, Any], values: Mapping[str, float | None], taken_at: int | None = None
) -> Reading:
    """The reading of an event's data as a person says that it should have been; raises
    InvalidRequest, one error per field, or NoUsableValues.
    """
    reading = amended(reading_of(recorded), values)
    return reading if taken_at is None else replace(reading, taken_at=taken_at)


def was_taken_at(amendment: Mapping[str, Any]) -> int:
    """The time that a reading had before; older logs tell none, and changed none."""
    told: str = amendment.get("was_taken_at") or amendment["reading"]["taken_at"]
    return parse_iso(told)


def refuse_time(state: State, taken_at: int, recorded_at: int) -> None:
    """Raises InvalidRequest for a corrected time at which the reading cannot have been taken: not
    in the session, or after it was recorded, by the session's time.
    """
    refuse_outside(state, "taken_at", taken_at)
    if taken_at > recorded_at:
        told = f"It was recorded at {iso(recorded_at)}."
        raise InvalidRequest(
            "Nothing was changed: nothing is recorded before it is taken.",
            errors=[FieldError(("taken_at",), "after_recorded", told)],
        )


def correct(work: Work, command: Correct, actor: Actor) -> None:
    """What the reading raised ends as voided; what it had cleared is raised again."""
    before, observed = public_values(work), command.observed
    put_off = work.not_taken
    work.stop_ended_by = "corrected"
    raised = _made_by_readings(work)
    drawn_by = work.baseline
    for field in OBSERVED:
        value = getattr(observed, field)
        setattr(work, field, dict(value) if field in COPIED else value)
    if work.baseline is None and drawn_by is not None:
        work.baseline = {}  # nothing is left to make one of; null would say that it stays
    if work.baseline == drawn_by:
        work.baseline = drawn_by
    else:
        work.limits = draw(work.limits.protocol, work.baseline, work.moved)
    data = {
        "id": command.reading_id,
        "seq": command.seq,
        "reason": command.reason,
        "values": _patch(before, public_values(work)),
        "not_taken": None if work.not_taken == put_off else public_put_off(work.not_taken),
        **_redrawn(work, changed=work.baseline is not drawn_by),
    }
    if command.kind == "amended":
        data |= {"was": command.was, "was_taken_at": iso(command.was_taken_at)}
        data["reading"] = command.judged
        work.record("reading.amended", work.now, data, actor)
    else:
        data["moved_to"] = command.moved_to
        work.record("reading.voided", work.now, data, actor)
    _end_what_it_raised(work, command, raised)


def _redrawn(work: Work, *, changed: bool) -> dict[str, Any]:
    if not changed:
        return {"baseline": None, "limits": None, "to_review": None}
    lines = work.limits.lines
    return {
        "baseline": work.baseline,
        "limits": public_lines(lines),
        "to_review": public_review(work.to_review, lines, work.baseline),
    }


def _made_by_readings(work: Work) -> set[str]:
    """Keys of the alarms for which the readings now give reason."""
    keys = {key_of("recheck", VITALS[vital].group, None) for vital in work.rechecks}
    keys |= {key_of("missed_offline", *key.split("|", 1)) for key in work.missed}
    for key, excursions in work.out.items():
        group = VITALS[key.split("|", 1)[0]].group
        for excursion in excursions:
            if excursion.line.tier == "technical":
                keys.add(key_of("check_cannula", group, None))
            elif excursion.line.is_limit:
                keys.add(key_of("limit", group, excursion.line.side))
    return keys


def _end_what_it_raised(work: Work, command: Correct, before: set[str]) -> None:
    voided = Ending("value_voided", command.reason)
    for key in before - _made_by_readings(work):
        work.endings[key] = voided
    for key, alarm in list(work.alarms.items()):
        if alarm.state == "latched" and key not in command.observed.alarms:
            clear(work, alarm, work.now, voided)


def _patch(
    before: Mapping[str, dict[str, Any]], after: Mapping[str, dict[str, Any]]
) -> dict[str, dict[str, Any] | None]:
    """What has to be set or taken out of public values."""
    changed = {v: after.get(v) for v in {**before, **after} if before.get(v) != after.get(v)}
    return dict(sorted(changed.items()))
