"""Limits of a session."""

from starlette.responses import Response

from app.access.roles import Permission
from app.api.actor import CurrentActor
from app.api.answers import answer
from app.api.context import CurrentStore
from app.api.needs import needs
from app.api.routes.common import SessionId, api_router
from app.api.schemas.limits import LimitsIn, LimitsOut
from app.api.schemas.sessions import StateOut
from app.services import limits

router = api_router("limits")


@router.get(
    "/sessions/{session_id}/limits",
    response_model=LimitsOut,
    openapi_extra=needs(Permission.READ_SESSION),
)
async def session_limits(store: CurrentStore, session_id: SessionId) -> Response:
    return answer(await limits.session_limits(store, session_id))


@router.put(
    "/sessions/{session_id}/limits",
    response_model=StateOut,
    openapi_extra=needs(Permission.CHANGE_LIMITS),
)
async def change_limits(
    store: CurrentStore, actor: CurrentActor, session_id: SessionId, body: LimitsIn
) -> Response:
    return answer(await limits.change_limits(store, actor, session_id, body.to_command()))
