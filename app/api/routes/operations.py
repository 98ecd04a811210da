"""For those who run the server: is it alive, is it ready, what can it do."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.answers import answer
from app.api.asyncapi import asyncapi
from app.api.context import CurrentStore
from app.api.schemas.catalogue import Alive, Ready
from app.monitoring.errors import DomainError
from app.services import patients

SWEEP_AGE_MAX_S = 10  # forty sweeps missed: it has stopped; screens say NOT LIVE then

router = APIRouter(tags=["operations"])


@router.get("/livez", response_model=Alive)
async def livez() -> Response:
    return answer({"alive": True})


@router.get("/readyz", response_model=Ready, responses={503: {"model": Ready}})
async def readyz(store: CurrentStore) -> Response:
    reasons = []
    try:
        await patients.find_patients(store, q=None, limit=1, cursor=None)
    except DomainError:
        reasons.append("database")
    if not store.commit_ok:
        reasons.append("scribe")
    if store.sweep_age_s() > SWEEP_AGE_MAX_S:
        reasons.append("sweep")
    return answer({"ready": not reasons, "reasons": reasons}, 503 if reasons else 200)


@router.get("/api/asyncapi.json", include_in_schema=False)
async def asyncapi_document(request: Request) -> Response:
    document: dict[str, Any] = asyncapi(request.app.version)
    return answer(document)
