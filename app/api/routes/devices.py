"""Devices: which monitor belongs to a session."""

from starlette.responses import Response

from app.access.roles import Permission
from app.api.actor import CurrentActor
from app.api.answers import answer
from app.api.context import CurrentStore
from app.api.needs import needs
from app.api.routes.common import DeviceName, SessionId, api_router
from app.api.schemas.devices import AttachIn, DetachIn
from app.api.schemas.sessions import StateOut
from app.services import devices

router = api_router("devices")


@router.put(
    "/sessions/{session_id}/devices/{device}",
    response_model=StateOut,
    openapi_extra=needs(Permission.ATTACH_DEVICE),
)
async def attach(
    store: CurrentStore,
    actor: CurrentActor,
    session_id: SessionId,
    device: DeviceName,
    body: AttachIn,
) -> Response:
    return answer(await devices.attach(store, actor, session_id, body.to_command(device)))


@router.delete(
    "/sessions/{session_id}/devices/{device}",
    response_model=StateOut,
    openapi_extra=needs(Permission.ATTACH_DEVICE),
)
async def detach(
    store: CurrentStore,
    actor: CurrentActor,
    session_id: SessionId,
    device: DeviceName,
    body: DetachIn | None = None,
) -> Response:
    command = (body or DetachIn()).to_command(device)
    return answer(await devices.detach(store, actor, session_id, command))
