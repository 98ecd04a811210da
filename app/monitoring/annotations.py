"""Annotations: what people write on the timeline, and what of it was wrong.

They judge nothing and raise nothing. The log holds them; the state only what changing one needs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, assert_never

from app.monitoring.closed import refuse_closed, refuse_outside
from app.monitoring.commands import Annotate, RewriteAnnotation, VoidAnnotation, Written
from app.monitoring.errors import (
    AlreadyVoided,
    ClockNotBegun,
    FieldError,
    SessionClosed,
    TakenInFuture,
    UnknownAnnotation,
)
from app.monitoring.readings import FUTURE_TOLERANCE_MS
from app.monitoring.state import Noted
from app.monitoring.times import iso, parse_iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.monitoring.commands import Actor, CorrectAnnotation
    from app.monitoring.work import Work

Writing = Annotate | VoidAnnotation | RewriteAnnotation
KINDS: Final = frozenset({"annotation.recorded", "annotation.voided", "annotation.corrected"})


def write(work: Work, command: Writing, actor: Actor) -> None:
    """Raises DomainError with nothing done."""
    match command:
        case Annotate():
            _annotate(work, command, actor)
        case VoidAnnotation():
            _void(work, command, actor)
        case RewriteAnnotation():
            _rewrite(work, command, actor)
        case _:
            assert_never(command)


def rewritten(was: Written, asked: CorrectAnnotation) -> Written:
    """What the annotation should have said."""
    return Written(
        at=was.at if asked.at is None else asked.at,
        text=was.text if asked.text is None else asked.text or None,
        data=was.data if asked.data is None else dict(asked.data),
    )


def written(said: Mapping[str, Any]) -> Written:
    """What an event or an answer tells that an annotation says."""
    return Written(parse_iso(said["at"]), said["text"], said["data"])


def noted_in(log: Iterable[Mapping[str, Any]]) -> dict[str, Noted]:
    """The annotations that a log tells of, by its own numbers."""
    noted: dict[str, Noted] = {}
    for logged in log:
        data, seq = logged["data"], logged["seq"]
        match logged["kind"]:
            case "annotation.recorded":
                noted[data["id"]] = Noted(seq, voided=None)
            case "annotation.voided":
                held = noted[data["annotation_id"]]
                noted[data["annotation_id"]] = replace(held, voided=seq)
            case "annotation.corrected":
                held = noted[data["annotation_id"]]
                corrected = (*held.corrected, seq)
                noted[data["annotation_id"]] = replace(held, corrected=corrected)
    return noted


def _annotate(work: Work, command: Annotate, actor: Actor) -> None:
    if command.id is None:
        raise ValueError("an annotation is named before it is recorded")
    refuse_closed(work, actor, let_in=command.after_close)
    if work.now == 0:
        raise ClockNotBegun("Nothing was done: nobody has told this session the time yet.")
    if work.closed_at is not None and command.at is None:
        raise SessionClosed("Nothing was stored: this session is closed. Say when it was.")
    at = work.now if command.at is None else command.at
    _refuse_time(work, at)
    data: dict[str, Any] = {"id": command.id, "kind": command.kind}
    data |= _told(Written(at, command.text, command.data))
    if work.closed_at is not None:
        data["after_close"] = True
    event = work.record("annotation.recorded", at, data, actor)
    work.annotations = {**work.annotations, command.id: Noted(event.seq, voided=None)}


def _void(work: Work, command: VoidAnnotation, actor: Actor) -> None:
    noted = _standing(work, command.annotation_id)
    data = {"annotation_id": command.annotation_id, "reason": command.reason}
    event = work.record("annotation.voided", work.now, data, actor)
    voided = replace(noted, voided=event.seq)
    work.annotations = {**work.annotations, command.annotation_id: voided}


def _rewrite(work: Work, command: RewriteAnnotation, actor: Actor) -> None:
    noted = _standing(work, command.annotation_id)
    if command.now.at != command.was.at:
        _refuse_time(work, command.now.at)
    data = {
        "annotation_id": command.annotation_id,
        "was": _told(command.was),
        "now": _told(command.now),
        "reason": command.reason,
    }
    event = work.record("annotation.corrected", work.now, data, actor)
    corrected = replace(noted, corrected=(*noted.corrected, event.seq))
    work.annotations = {**work.annotations, command.annotation_id: corrected}


def _standing(work: Work, annotation_id: str) -> Noted:
    """Raises UnknownAnnotation or AlreadyVoided."""
    noted = work.annotations.get(annotation_id)
    if noted is None:
        raise UnknownAnnotation("There is no annotation with this id in this session.")
    if noted.voided is not None:
        raise AlreadyVoided("Nothing was changed: this annotation was voided before.")
    return noted


def _told(said: Written) -> dict[str, Any]:
    return {"at": iso(said.at), "text": said.text, "data": dict(said.data)}


def _refuse_time(work: Work, at: int) -> None:
    """Raises InvalidRequest or TakenInFuture."""
    refuse_outside(work, "at", at)
    ahead = FUTURE_TOLERANCE_MS if work.clock == "wall" else 0
    if at > work.now + ahead:
        error = FieldError(("at",), "in_future", "Lies in the future.")
        raise TakenInFuture("Nothing was stored: the time lies ahead.", errors=[error])
