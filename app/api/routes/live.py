"""The door of the live feed."""

from functools import partial

from fastapi import APIRouter
from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send

from app.api.context import current
from app.feed.serve import serve
from app.services.watch import confirm_shown

router = APIRouter()


class Live:
    """Reads go to the history functions, commits come from the hub; see `app.feed`.

    Plain ASGI: the hub calls `send` itself, without what a framework puts between.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # that it connects
        await send({"type": "websocket.accept"})
        context = current(HTTPConnection(scope))
        confirm = partial(confirm_shown, context.store)
        await serve(receive, send, context.hub, context.history, confirm)


router.routes.append(WebSocketRoute("/api/live", Live()))
