"""The door of streaming ingest."""

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from app.api.actor import CurrentActor
from app.api.context import current
from app.api.streamed import ingest
from app.ingest.serve import serve

router = APIRouter()


@router.websocket("/api/ingest")
async def stream(socket: WebSocket, actor: CurrentActor) -> None:
    """Readings in, acknowledgements out; see `app.ingest`."""
    await socket.accept()
    context = current(socket)
    await serve(socket, context.lines, ingest(context.store, actor), WebSocketDisconnect)
