"""How readings and what people do are written for the API, with ids that a rerun makes again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from app.simulator.message import Message
    from app.simulator.script.actions import Acknowledges, Asks, Notes

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


def reading(session_id: str, start_ms: int, message: Message) -> dict[str, Any]:
    """A reading as it is posted; its id is its own session's, wherever it is sent to."""
    return {
        "id": made_id(session_id, "reading", message.key),
        "taken_at": iso(start_ms + message.taken_ms),
        "source": message.source,
        "device": message.device,
        "interval_s": message.interval_s,
        "values": dict(message.values),
        "sent_at": None if message.sent_ms is None else iso(start_ms + message.sent_ms),
    }


def phase(
    session_id: str, start_ms: int, asks: Asks, *, override_reason: str | None = None
) -> dict[str, Any]:
    """A phase change as it is posted; with an override it is another request, hence another id."""
    kind = ("override",) if override_reason else ()
    return {
        "id": made_id(session_id, *kind, asks.key),
        "to": asks.to,
        "at": iso(start_ms + asks.at_s * 1_000),
        "reason": asks.reason,
        "override_reason": override_reason,
    }


def note(session_id: str, start_ms: int, notes: Notes) -> dict[str, Any]:
    """An annotation as it is posted."""
    return {
        "id": made_id(session_id, "note", notes.key),
        "at": iso(start_ms + notes.at_s * 1_000),
        "kind": notes.kind,
        "text": notes.text,
        "data": dict(notes.data),
    }


def acknowledgement(session_id: str, acknowledges: Acknowledges) -> dict[str, Any]:
    """That somebody has seen an alarm, as it is posted."""
    return {
        "id": made_id(session_id, acknowledges.key),
        "rev": acknowledges.rev,
        "action": acknowledges.action,
    }
