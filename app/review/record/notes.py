"""The annotations of a session and its signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.review.record.model import Annotation, AnnotationCorrection, Signature
from app.review.record.words import annotation_says

if TYPE_CHECKING:
    from app.review.record.log import Logged


class Notes:
    """What people wrote on the timeline, by id, and what they signed."""

    def __init__(self) -> None:
        self._recorded: dict[str, Logged] = {}
        self._now: dict[str, dict[str, Any]] = {}
        self._voided: dict[str, dict[str, Any]] = {}
        self._corrections: dict[str, list[AnnotationCorrection]] = {}
        self.signatures: list[Signature] = []

    def hear(self, event: Logged) -> None:
        data = event.data
        match event.kind:
            case "annotation.recorded":
                self._recorded[data["id"]] = event
                self._now[data["id"]] = {name: data[name] for name in ("at", "text", "data")}
            case "annotation.voided":
                said = {"seq": event.seq, "at": event.at, "by": event.by, "reason": data["reason"]}
                self._voided[data["annotation_id"]] = said
            case "annotation.corrected":
                self._correct(event)
            case "record.signed":
                self.signatures.append(_signature(event))

    def told(self) -> list[Annotation]:
        """In order of when they happened."""
        told = [self._told(id, event) for id, event in self._recorded.items()]
        return sorted(told, key=lambda one: (one.at, one.seq))

    def _correct(self, event: Logged) -> None:
        id, was, now = event.data["annotation_id"], event.data["was"], event.data["now"]
        correction = AnnotationCorrection(
            event.seq, event.at, event.by, event.data["reason"], was, now
        )
        self._corrections.setdefault(id, []).append(correction)
        self._now[id] = {**self._now[id], **now}

    def _told(self, id: str, event: Logged) -> Annotation:
        now, kind = self._now[id], event.data["kind"]
        return Annotation(
            id=id,
            seq=event.seq,
            kind=kind,
            at=now["at"],
            recorded_at=event.recorded_at,
            by=event.by,
            text=now["text"],
            data=now["data"],
            says=annotation_says(kind, now["text"], now["data"]),
            after_close=bool(event.data.get("after_close", False)),
            voided=self._voided.get(id),
            corrections=self._corrections.get(id, []),
        )


def _signature(event: Logged) -> Signature:
    """At our time also on a driven clock: a person signed then. Whether it holds is not known
    here, for the key of the chain is elsewhere.
    """
    data = event.data
    return Signature(
        seq=event.seq,
        id=data["id"],
        kind=data["kind"],
        at=event.recorded_at,
        by=event.by,
        meaning=data["meaning"],
        text=data["text"],
        covers=data["covers"],
        hash=data["hash"],
        holds=None,
    )
