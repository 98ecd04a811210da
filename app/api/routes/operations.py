"""For those who run the server: is it alive, is it ready, what can it do."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.roles import Permission
from app.api import problems
from app.api.answers import answer
from app.api.asyncapi import asyncapi
from app.api.context import CurrentStore
from app.api.needs import needs
from app.api.schemas.common import problem_responses
from app.api.schemas.operations import Alive, Ready
from app.clock import monotonic_s, set_back_s
from app.services.health import health

AGE_DIGITS = 1  # tenths of a second

router = APIRouter(tags=["operations"])


@router.get("/livez", response_model=Alive, openapi_extra=needs(Permission.PUBLIC))
async def livez() -> Response:
    return answer({"alive": True})


@router.get(
    "/readyz",
    response_model=Ready,
    responses=problem_responses("503"),
    openapi_extra=needs(Permission.PUBLIC),
)
async def readyz(store: CurrentStore) -> Response:
    """Without a query: it answers at once even while the database hangs."""
    found = health(store, monotonic_s(), set_back_s())
    people, devices = found.waiting
    told: dict[str, Any] = {
        "ready": not found.troubles,
        "reasons": [trouble.reason for trouble in found.troubles],
        "troubles": [asdict(trouble) for trouble in found.troubles],
        "warnings": [asdict(warning) for warning in found.warnings],
        "commit_age_s": round(found.commit_age_s, AGE_DIGITS),
        "sweep_age_s": round(found.sweep_age_s, AGE_DIGITS),
        "waiting": {"people": people, "devices": devices},
    }
    if not found.troubles:
        return answer(told)
    detail = " ".join(trouble.detail for trouble in found.troubles)
    title = "The server cannot do its work"
    return problems.answer(problems.problem(503, "not_ready", title, detail, **told))


@router.get("/api/asyncapi.json", include_in_schema=False, openapi_extra=needs(Permission.PUBLIC))
async def asyncapi_document(request: Request) -> Response:
    document: dict[str, Any] = asyncapi(request.app.version)
    return answer(document)
