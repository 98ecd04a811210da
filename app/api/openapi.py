"""The OpenAPI document: FastAPI's, with problems and the feed's messages among its components."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi

from app.api.asyncapi import REFS, feed_schemas
from app.api.needs import COOKIE
from app.api.schemas.common import Problem

if TYPE_CHECKING:
    from fastapi import FastAPI

SUMMARY = "Readings in, flags out, live on the board."


def install(app: FastAPI) -> None:
    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI documents it


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, summary=SUMMARY, routes=app.routes)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template=REFS)
    for name, schema in {**feed_schemas(), **problem.pop("$defs", {}), "Problem": problem}.items():
        schemas.setdefault(name, schema)
    document["components"]["securitySchemes"] = {
        "sign_in": {"type": "apiKey", "in": "cookie", "name": COOKIE},
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "prefix.secret"},
    }
    return document
