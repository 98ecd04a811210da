"""Sessions, and what moves them on."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from app.access.roles import Permission
from app.api.actor import CurrentActor, CurrentCaller
from app.api.answers import answer, recorded
from app.api.context import CurrentStore
from app.api.needs import needs
from app.api.routes.common import SessionId, api_router
from app.api.schemas.session_list import SessionList, SessionQuery, SessionSearchIn
from app.api.schemas.sessions import (
    ClockIn,
    PhaseCorrectIn,
    PhaseIn,
    PhaseTakeBackIn,
    SessionIn,
    StateOut,
)
from app.api.seen import found
from app.services import sessions
from app.services.visible import check_begins

router = api_router("sessions")


@router.post(
    "/sessions",
    status_code=201,
    response_model=StateOut,
    openapi_extra=needs(Permission.WRITE_SESSION),
)
async def create_session(store: CurrentStore, caller: CurrentCaller, body: SessionIn) -> Response:
    command = body.to_command()
    check_begins(caller, command)
    return recorded(await sessions.create_session(store, caller.actor, command))


@router.get(
    "/sessions",
    response_model=SessionList,
    openapi_extra=needs(Permission.READ_SESSION, logged="sessions.searched"),
)
async def find_sessions(
    request: Request,
    store: CurrentStore,
    caller: CurrentCaller,
    query: Annotated[SessionQuery, Query()],
) -> Response:
    return found(request, await sessions.find_sessions(store, caller, query.asked()))


@router.post(
    "/sessions/search",
    response_model=SessionList,
    openapi_extra=needs(Permission.READ_SESSION, logged="sessions.searched"),
)
async def search_sessions(
    request: Request, store: CurrentStore, caller: CurrentCaller, body: SessionSearchIn
) -> Response:
    return found(request, await sessions.find_sessions(store, caller, body.asked()))


@router.get(
    "/sessions/{session_id}",
    response_model=StateOut,
    openapi_extra=needs(Permission.READ_SESSION, logged="session.viewed"),
)
async def session_state(store: CurrentStore, session_id: SessionId) -> Response:
    return answer(await sessions.session_state(store, session_id))


@router.post(
    "/sessions/{session_id}/phase",
    response_model=StateOut,
    openapi_extra=needs(Permission.WRITE_SESSION),
)
async def change_phase(
    store: CurrentStore, actor: CurrentActor, session_id: SessionId, body: PhaseIn
) -> Response:
    return answer(await sessions.change_phase(store, actor, session_id, body.to_command()))


@router.post(
    "/sessions/{session_id}/phase/correct",
    response_model=StateOut,
    openapi_extra=needs(Permission.WRITE_SESSION),
)
async def correct_phase(
    store: CurrentStore, actor: CurrentActor, session_id: SessionId, body: PhaseCorrectIn
) -> Response:
    return answer(await sessions.correct_phase(store, actor, session_id, body.to_command()))


@router.post(
    "/sessions/{session_id}/phase/take-back",
    response_model=StateOut,
    openapi_extra=needs(Permission.WRITE_SESSION),
)
async def take_back_phase(
    store: CurrentStore, actor: CurrentActor, session_id: SessionId, body: PhaseTakeBackIn
) -> Response:
    return answer(await sessions.take_back_phase(store, actor, session_id, body.to_command()))


@router.post(
    "/sessions/{session_id}/clock",
    response_model=StateOut,
    openapi_extra=needs(Permission.WRITE_SESSION),
)
async def move_clock(
    store: CurrentStore, actor: CurrentActor, session_id: SessionId, body: ClockIn
) -> Response:
    return answer(await sessions.move_clock(store, actor, session_id, body.to_command()))
