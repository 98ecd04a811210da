"""Annotations: what people write on the timeline, and what of it was wrong.

They judge nothing and raise nothing. The log holds them; the state only what voiding one needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.monitoring.errors import (
    AlreadyVoided,
    FieldError,
    InvalidRequest,
    TakenInFuture,
    UnknownAnnotation,
)
from app.monitoring.readings import FUTURE_TOLERANCE_MS
from app.monitoring.state import Noted
from app.monitoring.times import iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.monitoring.commands import Actor, Annotate, VoidAnnotation
    from app.monitoring.work import Work


def annotate(work: Work, command: Annotate, actor: Actor) -> None:
    """Raises InvalidRequest or TakenInFuture with nothing done."""
    if command.id is None:
        raise ValueError("an annotation is named before it is recorded")
    at = _moment(work, command)
    data = {
        "id": command.id,
        "kind": command.kind,
        "at": iso(at),
        "text": command.text,
        "data": dict(command.data),
    }
    event = work.record("annotation.recorded", at, data, actor)
    work.annotations = {**work.annotations, command.id: Noted(event.seq, voided=None)}


def void_annotation(work: Work, command: VoidAnnotation, actor: Actor) -> None:
    """Raises UnknownAnnotation or AlreadyVoided with nothing done."""
    noted = work.annotations.get(command.annotation_id)
    if noted is None:
        raise UnknownAnnotation("There is no annotation with this id in this session.")
    if noted.voided is not None:
        raise AlreadyVoided("Nothing was changed: this annotation was voided before.")
    data = {"annotation_id": command.annotation_id, "reason": command.reason}
    event = work.record("annotation.voided", work.now, data, actor)
    voided = Noted(noted.seq, voided=event.seq)
    work.annotations = {**work.annotations, command.annotation_id: voided}


def noted_in(log: Iterable[Mapping[str, Any]]) -> dict[str, Noted]:
    """The annotations that a log tells of, by its own numbers."""
    noted: dict[str, Noted] = {}
    for logged in log:
        if logged["kind"] == "annotation.recorded":
            noted[logged["data"]["id"]] = Noted(logged["seq"], voided=None)
        elif logged["kind"] == "annotation.voided":
            id = logged["data"]["annotation_id"]
            noted[id] = Noted(noted[id].seq, voided=logged["seq"])
    return noted


def _moment(work: Work, command: Annotate) -> int:
    if command.at is None:
        return work.now
    began = min(work.order.created_at, work.phases[0].at)
    if command.at < began:
        error = FieldError(("at",), "before_session", f"The session began at {iso(began)}.")
        raise InvalidRequest(
            "Nothing was stored: the time lies before the session.", errors=[error]
        )
    ahead = FUTURE_TOLERANCE_MS if work.clock == "wall" else 0
    if command.at > work.now + ahead:
        error = FieldError(("at",), "in_future", "Lies in the future.")
        raise TakenInFuture("Nothing was stored: the time lies ahead.", errors=[error])
    return command.at
