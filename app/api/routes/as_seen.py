"""A session as it was seen at a moment."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.access.roles import Permission
from app.api.actor import CurrentCaller
from app.api.answers import JSON
from app.api.context import CurrentStore
from app.api.needs import needs
from app.api.routes.common import SessionId, api_router
from app.api.schemas.as_seen import AsSeenOut, AsSeenQuery
from app.review.seen.as_seen import as_seen as read_as_seen
from app.services.visible import sees_the_clinic

router = api_router("review")


@router.get(
    "/sessions/{session_id}/as-seen",
    response_model=AsSeenOut,
    openapi_extra=needs(Permission.READ_SESSION, logged="session.viewed"),
)
async def as_seen(
    store: CurrentStore,
    caller: CurrentCaller,
    session_id: SessionId,
    query: Annotated[AsSeenQuery, Query()],
) -> Response:
    clinic = sees_the_clinic(caller)
    seen = await read_as_seen(store, session_id, seq=query.seq, at=query.at, clinic=clinic)
    return Response(seen, media_type=JSON)
