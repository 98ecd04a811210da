"""Emergency access: taken by who needs it, looked at by the administrators."""

from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from app.access import emergencies
from app.access.roles import Permission
from app.api.actor import CurrentCaller
from app.api.answers import answer, recorded
from app.api.context import CurrentContext, CurrentStore
from app.api.needs import needs
from app.api.routes.common import api_router
from app.api.schemas.emergencies import (
    EmergencyIn,
    EmergencyList,
    EmergencyOut,
    EmergencyQuery,
    ReviewIn,
)
from app.api.schemas.kinds import Uuid

router = api_router("emergencies")

EmergencyId = Annotated[Uuid, Path(alias="emergency_id")]


@router.post(
    "/auth/emergency",
    status_code=201,
    response_model=EmergencyOut,
    openapi_extra=needs(Permission.USE_EMERGENCY),
)
async def begin(context: CurrentContext, caller: CurrentCaller, body: EmergencyIn) -> Response:
    """A clinician's permissions for 30 min; the whole clinic is told."""
    return recorded(
        await emergencies.begin(
            context.store,
            context.access,
            caller,
            body.reason,
            session_id=body.session_id,
            id=body.id,
        )
    )


@router.delete("/auth/emergency", status_code=204, openapi_extra=needs(Permission.OWN_ACCOUNT))
async def end(context: CurrentContext, caller: CurrentCaller) -> Response:
    """One's own, before its time."""
    await emergencies.end(context.store, context.access, caller)
    return Response(status_code=204)


@router.get(
    "/emergencies",
    response_model=EmergencyList,
    openapi_extra=needs(Permission.REVIEW_EMERGENCY),
)
async def list_emergencies(
    store: CurrentStore, query: Annotated[EmergencyQuery, Query()]
) -> Response:
    """The newest first."""
    return answer(await emergencies.listed(store, **dict(query)))


@router.post(
    "/emergencies/{emergency_id}/review",
    response_model=EmergencyOut,
    openapi_extra=needs(Permission.REVIEW_EMERGENCY),
)
async def review(
    store: CurrentStore,
    caller: CurrentCaller,
    emergency_id: EmergencyId,
    body: ReviewIn | None = None,
) -> Response:
    """Its notice stands no more."""
    note = body.note if body else None
    return answer(await emergencies.review(store, caller, emergency_id, note))
