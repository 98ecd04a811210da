"""Readings voided, amended, or moved to the session they belong to."""

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from app.access.roles import Permission
from app.api.actor import CurrentActor, CurrentCaller
from app.api.answers import answer
from app.api.context import CurrentContext, CurrentStore
from app.api.needs import needs
from app.api.routes.common import SessionId, api_router
from app.api.schemas.corrections import AmendIn, MoveIn, VoidIn
from app.api.schemas.kinds import Uuid
from app.api.schemas.sessions import StateOut
from app.services.corrections import correct

router = api_router("corrections")

ReadingId = Annotated[Uuid, Path(alias="reading_id")]
READING = "/sessions/{session_id}/readings/{reading_id}"


@router.post(
    f"{READING}/void", response_model=StateOut, openapi_extra=needs(Permission.CORRECT_READING)
)
async def void_reading(
    store: CurrentStore,
    actor: CurrentActor,
    session_id: SessionId,
    reading_id: ReadingId,
    body: VoidIn,
) -> Response:
    return answer(await correct(store, actor, session_id, body.to_command(reading_id)))


@router.post(
    f"{READING}/amend", response_model=StateOut, openapi_extra=needs(Permission.CORRECT_READING)
)
async def amend_reading(
    store: CurrentStore,
    actor: CurrentActor,
    session_id: SessionId,
    reading_id: ReadingId,
    body: AmendIn,
) -> Response:
    return answer(await correct(store, actor, session_id, body.to_command(reading_id)))


@router.post(
    f"{READING}/move", response_model=StateOut, openapi_extra=needs(Permission.CORRECT_READING)
)
async def move_reading(
    context: CurrentContext,
    caller: CurrentCaller,
    session_id: SessionId,
    reading_id: ReadingId,
    body: MoveIn,
) -> Response:
    await context.access.confine(caller, body.session_id)
    command = body.to_command(reading_id)
    return answer(await correct(context.store, caller.actor, session_id, command))
