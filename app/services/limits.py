"""Limits of a session: as they are, how they came to be, and moved by a person with a reason."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from app.models import queries
from app.models.codec import number
from app.models.logged import logged
from app.monitoring.view import public
from app.monitoring.vitals import VITALS
from app.services.changes import change

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from app.models.store import Store
    from app.monitoring.commands import Actor, ChangeLimits

CORRECTED: Final = ("reading.voided", "reading.amended")
TAKEN_BACK: Final = "phase.taken_back"
HISTORY: Final = ("session.created", "baseline.set", "limits.changed", TAKEN_BACK, *CORRECTED)

BOUNDS: Final[Mapping[str, Mapping[str, float]]] = {
    code: {"low": vital.limit_bounds[0], "high": vital.limit_bounds[1], "gap": vital.limit_gap}
    for code, vital in VITALS.items()
    if vital.limit_bounds is not None
}


async def session_limits(store: Store, session_id: str) -> dict[str, Any]:
    """The limits in force and all that led to them; raises UnknownSession."""
    return await store.reader.read(partial(_limits, session_id=session_id))


async def change_limits(
    store: Store, actor: Actor, session_id: str, command: ChangeLimits
) -> dict[str, Any]:
    """The state after it; raises UnknownSession, IdConflict, LimitsChanged, RoleNeeded and
    InvalidRequest.
    """
    return await change(store, actor, session_id, _tidy(command), name="limits")


def _tidy(command: ChangeLimits) -> ChangeLimits:
    """Numbers in their one spelling, and in one order, however they were sent."""
    lines = {vital: _numbers(by_flag) for vital, by_flag in sorted(command.lines.items())}
    return replace(command, lines=lines, baseline=_numbers(command.baseline))


def _numbers(values: Mapping[str, float]) -> dict[str, float]:
    return {name: number(value) for name, value in sorted(values.items())}


def _limits(db: Connection, *, session_id: str) -> dict[str, Any]:
    state = public(queries.state(db, session_id))
    log = logged(db, queries.session_key(db, session_id), session_id, HISTORY)
    told = (event for _, event in log if event["seq"] <= state["seq"])
    return {
        "version": state["limits_version"],
        "limits": state["limits"],
        "baseline": state["baseline"],
        "to_review": state["limits_to_review"],
        "bounds": BOUNDS,
        "history": list(_history(told)),
    }


def _history(told: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """A baseline that is set, or made anew when a reading is corrected, draws lines of its own and
    leaves the version of the others.
    """
    version = 0
    for event in told:
        kind, data = event["kind"], event["data"]
        if kind == "session.created":
            version = data["state"]["limits_version"]
            continue
        if kind == TAKEN_BACK:
            data = {**(data["redrawn"] or {}), "reason": data["reason"]}
            if "limits" not in data:
                continue  # it had set no baseline
        baseline = data["values" if kind == "baseline.set" else "baseline"]
        if kind in CORRECTED and baseline is None:
            continue  # the baseline does not rest on this reading
        version = data.get("version", version)
        yield {
            "version": version,
            "at": event["at"],
            "by": event["actor"],
            "reason": data.get("reason"),
            "changes": data.get("changes", []),
            "baseline": baseline,
        }
