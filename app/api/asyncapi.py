"""The live feed for programs (AsyncAPI 3.0), from the models the tests hold every frame against."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from app.api.schemas.live import Frame, WatcherMessage

REFS = "#/components/schemas/{model}"


@cache
def feed_schemas() -> dict[str, Any]:
    """JSON schemas of all that goes over the socket."""
    _, document = models_json_schema(
        [(Frame, "validation"), (WatcherMessage, "validation")], ref_template=REFS
    )
    definitions: dict[str, Any] = document["$defs"]
    return definitions


def _operation(action: str, message: str, summary: str) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": "#/channels/live"},
        "summary": summary,
        "messages": [{"$ref": f"#/channels/live/messages/{message}"}],
    }


@cache
def asyncapi(version: str) -> dict[str, Any]:
    messages = {"frame": "Frame", "watcherMessage": "WatcherMessage"}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Infusion monitor, live feed", "version": version},
        "defaultContentType": "application/json",
        "channels": {
            "live": {
                "address": "/api/live",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": {
            "sendFrame": _operation("send", "frame", "What a watcher is sent."),
            "takeMessage": _operation("receive", "watcherMessage", "What a watcher may say."),
        },
        "components": {
            "messages": {
                name: {"name": name, "payload": {"$ref": f"#/components/schemas/{model}"}}
                for name, model in messages.items()
            },
            "schemas": feed_schemas(),
        },
    }
