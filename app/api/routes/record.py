"""The record of a session, and its figure."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.access.roles import Permission
from app.api.answers import JSON
from app.api.context import CurrentStore
from app.api.needs import needs
from app.api.routes.common import SessionId, api_router
from app.api.schemas.record import FigureOut, FigureQuery, RecordOut, RecordQuery
from app.review import served

router = api_router("record")


@router.get(
    "/sessions/{session_id}/record",
    response_model=RecordOut,
    openapi_extra=needs(Permission.READ_SESSION, logged="session.viewed"),
)
async def session_record(
    store: CurrentStore, session_id: SessionId, query: Annotated[RecordQuery, Query()]
) -> Response:
    made = await served.record(store, session_id, **dict(query))
    return Response(made, media_type=JSON)


@router.get(
    "/sessions/{session_id}/figure",
    response_model=FigureOut,
    openapi_extra=needs(Permission.READ_SESSION, logged="session.viewed"),
)
async def session_figure(
    store: CurrentStore, session_id: SessionId, query: Annotated[FigureQuery, Query()]
) -> Response:
    drawn = await served.drawn(store, session_id, **dict(query))
    return Response(drawn, media_type=JSON)
