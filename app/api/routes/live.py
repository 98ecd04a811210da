"""The door of the live feed."""

from functools import partial

from fastapi import APIRouter
from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send

from app.api.context import current
from app.api.feed_needs import LIVE, rights_of
from app.api.needs import admit, caller_of, close_code
from app.feed.serve import serve
from app.monitoring.errors import DomainError
from app.services.watch import confirm_shown

router = APIRouter()


class Live:
    """Reads go to the history functions, commits come from the hub; see `app.feed`.

    Plain ASGI: the hub calls `send` itself, without what a framework puts between.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # that it connects
        await send({"type": "websocket.accept"})
        connection = HTTPConnection(scope)
        context = current(connection)
        try:
            await admit(connection, LIVE)
        except DomainError as refused:
            return await send({"type": "websocket.close", "code": close_code(refused)})
        confirm = partial(confirm_shown, context.store)
        rights = rights_of(context, caller_of(connection))
        await serve(receive, send, context.hub, context.history, confirm, rights)


router.routes.append(WebSocketRoute("/api/live", Live()))
