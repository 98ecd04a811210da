"""The sockets for programs (AsyncAPI 3.0), from the models the tests hold every frame against."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from pydantic.json_schema import models_json_schema

from app.access.roles import Permission
from app.api.feed_needs import INGEST, LIVE, NEEDS
from app.api.needs import COOKIE
from app.api.needs import NEEDS as NEEDS_FIELD
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
    """One kind of message: its name, its model and what it needs."""

    name: str
    model: str
    needs: Permission


@dataclass(frozen=True, slots=True)
class _Operation:
    """Who says it, and which messages it may be; `needs` is what the socket itself asks for."""

    name: str
    action: Literal["send", "receive"]
    summary: str
    needs: Permission
    messages: tuple[_Said, ...]


def _named(model: str) -> str:
    return model[0].lower() + model[1:]


_MAY_BE_SAID: Final = tuple(
    _Said(_named(model.__name__), model.__name__, permission) for model, permission in NEEDS.items()
)
_CHANNELS: Final = {
    "live": (
        _Operation(
            "sendFrame",
            "send",
            "What a watcher is sent: a view of the board by who it is.",
            LIVE,
            (_Said("frame", "Frame", LIVE),),
        ),
        _Operation("takeMessage", "receive", "What a watcher may say.", LIVE, _MAY_BE_SAID),
    ),
    "ingest": (
        _Operation(
            "takeReadings",
            "receive",
            "Readings, numbered.",
            INGEST,
            (_Said("readings", "IngestMessage", INGEST),),
        ),
        _Operation(
            "acknowledge",
            "send",
            "What is stored, or refused.",
            INGEST,
            (_Said("acknowledgement", "IngestAnswer", INGEST),),
        ),
    ),
}
_SECURITY: Final = {
    "sign_in": {"type": "httpApiKey", "in": "cookie", "name": COOKIE},
    "token": {"type": "http", "scheme": "bearer"},
}


@cache
def asyncapi(version: str) -> dict[str, Any]:
    security = [{"$ref": f"#/components/securitySchemes/{name}"} for name in _SECURITY]
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Infusion monitor, live feed and streaming ingest", "version": version},
        "defaultContentType": "application/json",
        "channels": {
            channel: {
                "address": f"/api/{channel}",
                "messages": {
                    said.name: {"$ref": f"#/components/messages/{said.name}"}
                    for operation in operations
                    for said in operation.messages
                },
            }
            for channel, operations in _CHANNELS.items()
        },
        "operations": {
            operation.name: {
                "action": operation.action,
                "channel": {"$ref": f"#/channels/{channel}"},
                "summary": operation.summary,
                NEEDS_FIELD: operation.needs.value,
                "security": security,
                "messages": [
                    {"$ref": f"#/channels/{channel}/messages/{said.name}"}
                    for said in operation.messages
                ],
            }
            for channel, operations in _CHANNELS.items()
            for operation in operations
        },
        "components": {
            "messages": {
                said.name: {
                    "name": said.name,
                    NEEDS_FIELD: said.needs.value,
                    "payload": {"$ref": f"#/components/schemas/{said.model}"},
                }
                for operations in _CHANNELS.values()
                for operation in operations
                for said in operation.messages
            },
            "schemas": {**_schemas(IngestMessage, IngestAnswer), **feed_schemas()},
            "securitySchemes": _SECURITY,
        },
    }
