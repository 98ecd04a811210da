"""Sessions, and what moves them on."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.api.actor import CurrentActor
from app.api.answers import answer, recorded
from app.api.context import CurrentStore
from app.api.routes.common import SessionId, api_router
from app.api.schemas.sessions import (
    ClockIn,
    PhaseIn,
    SessionIn,
    SessionList,
    SessionQuery,
    StateOut,
)
from app.services import sessions

router = api_router("sessions")


@router.post("/sessions", status_code=201, response_model=StateOut)
async def create_session(store: CurrentStore, actor: CurrentActor, body: SessionIn) -> Response:
    return recorded(await sessions.create_session(store, actor, body.to_command()))


@router.get("/sessions", response_model=SessionList)
async def find_sessions(store: CurrentStore, query: Annotated[SessionQuery, Query()]) -> Response:
    return answer(await sessions.find_sessions(store, **dict(query)))


@router.get("/sessions/{session_id}", response_model=StateOut)
async def session_state(store: CurrentStore, session_id: SessionId) -> Response:
    return answer(await sessions.session_state(store, session_id))


@router.post("/sessions/{session_id}/phase", response_model=StateOut)
async def change_phase(
    store: CurrentStore, actor: CurrentActor, session_id: SessionId, body: PhaseIn
) -> Response:
    return answer(await sessions.change_phase(store, actor, session_id, body.to_command()))


@router.post("/sessions/{session_id}/clock", response_model=StateOut)
async def move_clock(
    store: CurrentStore, actor: CurrentActor, session_id: SessionId, body: ClockIn
) -> Response:
    return answer(await sessions.move_clock(store, actor, session_id, body.to_command()))
