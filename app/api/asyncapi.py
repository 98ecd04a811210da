"""The sockets for programs (AsyncAPI 3.0), from the models the tests hold every frame against."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from pydantic.json_schema import models_json_schema

from app.api.schemas.ingest import IngestAnswer, IngestMessage
from app.api.schemas.live import Frame, WatcherMessage

REFS = "#/components/schemas/{model}"


@cache
def feed_schemas() -> dict[str, Any]:
    """JSON schemas of all that goes over the live feed's socket."""
    return _schemas(Frame, WatcherMessage)


def _schemas(*models: Any) -> dict[str, Any]:
    wanted = [(model, "validation") for model in models]
    _, document = models_json_schema(wanted, ref_template=REFS)  # type: ignore[arg-type]  # also unions
    definitions: dict[str, Any] = document["$defs"]
    return definitions


@dataclass(frozen=True, slots=True)
class _Said:
    """One kind of message: its name, its model, who says it, and the operation that it is."""

    name: str
    model: str
    operation: str
    action: Literal["send", "receive"]
    summary: str


_CHANNELS: Final = {
    "live": (
        _Said("frame", "Frame", "sendFrame", "send", "What a watcher is sent."),
        _Said(
            "watcherMessage", "WatcherMessage", "takeMessage", "receive", "What a watcher may say."
        ),
    ),
    "ingest": (
        _Said("readings", "IngestMessage", "takeReadings", "receive", "Readings, numbered."),
        _Said(
            "acknowledgement", "IngestAnswer", "acknowledge", "send", "What is stored, or refused."
        ),
    ),
}


@cache
def asyncapi(version: str) -> dict[str, Any]:
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Infusion monitor, live feed and streaming ingest", "version": version},
        "defaultContentType": "application/json",
        "channels": {
            channel: {
                "address": f"/api/{channel}",
                "messages": {
                    said.name: {"$ref": f"#/components/messages/{said.name}"} for said in all_said
                },
            }
            for channel, all_said in _CHANNELS.items()
        },
        "operations": {
            said.operation: {
                "action": said.action,
                "channel": {"$ref": f"#/channels/{channel}"},
                "summary": said.summary,
                "messages": [{"$ref": f"#/channels/{channel}/messages/{said.name}"}],
            }
            for channel, all_said in _CHANNELS.items()
            for said in all_said
        },
        "components": {
            "messages": {
                said.name: {
                    "name": said.name,
                    "payload": {"$ref": f"#/components/schemas/{said.model}"},
                }
                for all_said in _CHANNELS.values()
                for said in all_said
            },
            "schemas": {**_schemas(IngestMessage, IngestAnswer), **feed_schemas()},
        },
    }
