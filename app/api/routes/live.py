"""The door of the live feed."""

from functools import partial

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from app.api.context import current
from app.feed.serve import serve
from app.services.watch import confirm_shown

router = APIRouter()


@router.websocket("/api/live")
async def live(socket: WebSocket) -> None:
    """Reads go to the history functions, commits come from the hub; see `app.feed`."""
    await socket.accept()
    context = current(socket)
    confirm = partial(confirm_shown, context.store)
    await serve(socket, context.hub, context.history, confirm, WebSocketDisconnect)
