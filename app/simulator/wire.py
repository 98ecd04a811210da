"""How readings and phases are written for the API, with ids that a later run makes again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from app.simulator.visit import Asked, Sent

PROTOCOL = "ketamine_adult"


def iso(ms: int) -> str:
    """`2026-11-22T10:15:00.000Z`."""
    moment = datetime.fromtimestamp(ms // 1_000, UTC).replace(microsecond=ms % 1_000 * 1_000)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ms_of(text: str) -> int:
    """Milliseconds of a time in an answer."""
    return round(datetime.fromisoformat(text).timestamp() * 1_000)


def made_id(session_id: str, *parts: object) -> str:
    """The same id for the same thing of the same session, in this process and the next."""
    return str(uuid5(UUID(session_id), ":".join(str(part) for part in parts)))


def reading(session_id: str, start_ms: int, sent: Sent) -> dict[str, Any]:
    """A reading as it is posted."""
    return {
        "id": made_id(session_id, "reading", sent.at_s, sent.source, *sorted(sent.values)),
        "taken_at": iso(start_ms + sent.at_s * 1_000),
        "source": sent.source,
        "device": sent.device,
        "interval_s": sent.interval_s,
        "values": sent.values,
    }


def phase(
    session_id: str, start_ms: int, asked: Asked, *, override_reason: str | None = None
) -> dict[str, Any]:
    """A phase change as it is posted; with an override it is another request, hence another id."""
    kind = "override" if override_reason else "phase"
    return {
        "id": made_id(session_id, kind, asked.at_s, asked.to),
        "to": asked.to,
        "at": iso(start_ms + asked.at_s * 1_000),
        "reason": asked.reason,
        "override_reason": override_reason,
    }
