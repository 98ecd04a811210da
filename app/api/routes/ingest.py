"""The door of streaming ingest."""

from functools import partial

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from app.access.caller import Caller
from app.access.standing import refusal
from app.api.context import current
from app.api.feed_needs import INGEST
from app.api.needs import admit, caller_of, close_code
from app.api.streamed import ingest
from app.ingest.serve import serve
from app.monitoring.errors import DomainError

router = APIRouter()


@router.websocket("/api/ingest")
async def stream(socket: WebSocket) -> None:
    """Readings in, acknowledgements out; see `app.ingest`."""
    await socket.accept()
    try:
        await admit(socket, INGEST)
    except DomainError as refused:
        return await socket.close(close_code(refused))
    context, caller = current(socket), caller_of(socket)

    def who() -> Caller:
        """Raises NotSignedIn or Locked, if that has come since."""
        present = context.access.now(caller)
        if (refused := refusal(present, INGEST)) is not None:
            raise refused
        return present

    held = partial(context.access.held, caller)
    await serve(socket, context.lines, ingest(context, who), WebSocketDisconnect, held)
