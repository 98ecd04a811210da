"""What happened in a session: its log, and its timeline."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.access.roles import Permission
from app.api.answers import JSON, event_page
from app.api.context import CurrentStore
from app.api.needs import needs
from app.api.routes.common import SessionId, api_router
from app.api.schemas.events import EventList, EventQuery
from app.api.schemas.timeline import TimelineOut, TimelineQuery
from app.review.timeline import timeline as read_timeline
from app.services import history

router = api_router("history")


@router.get(
    "/sessions/{session_id}/events",
    response_model=EventList,
    openapi_extra=needs(Permission.READ_SESSION, logged="session.viewed"),
)
async def session_events(
    store: CurrentStore, session_id: SessionId, query: Annotated[EventQuery, Query()]
) -> Response:
    events = await history.event_page(store, session_id, after=query.place, limit=query.limit)
    return event_page(events, query.limit)


@router.get(
    "/sessions/{session_id}/timeline",
    response_model=TimelineOut,
    openapi_extra=needs(Permission.READ_SESSION, logged="session.viewed"),
)
async def timeline(
    store: CurrentStore, session_id: SessionId, query: Annotated[TimelineQuery, Query()]
) -> Response:
    shown = await read_timeline(store, session_id, **dict(query))
    return Response(shown, media_type=JSON)
