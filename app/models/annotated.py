"""The annotations of a session, as its log tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.models.logged import logged
from app.monitoring.annotations import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

Json = dict[str, Any]


def told(log: Iterable[Mapping[str, Any]]) -> list[Json]:
    """The annotations that these events tell of, as they now stand, in order of when they happened;
    one that was voided or corrected says so.
    """
    found: dict[str, Json] = {}
    for event in log:
        data = event["data"]
        if event["kind"] == "annotation.recorded":
            found[data["id"]] = {
                **data,
                "session_id": event["session_id"],
                "seq": event["seq"],
                "recorded_at": event["recorded_at"],
                "recorded_by": event["actor"],
                "voided": None,
                "corrections": [],
            }
            continue
        told_of = found[data["annotation_id"]]
        why = {"at": event["at"], "by": event["actor"], "reason": data["reason"]}
        if event["kind"] == "annotation.voided":
            told_of["voided"] = why
        else:
            told_of["corrections"].append({"seq": event["seq"], **why, "was": data["was"]})
            told_of |= data["now"]
    return sorted(found.values(), key=lambda one: (one["at"], one["seq"]))


def annotations_of(
    db: Connection, key: int, session_id: str, until: int | None = None
) -> list[Json]:
    """Those of a session, by its key; with `until` as they were after that event."""
    log = (event for _, event in logged(db, key, session_id, KINDS))
    return told(event for event in log if until is None or event["seq"] <= until)
