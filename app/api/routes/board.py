"""The board: every active session in a row; simulated ones have their own."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.access.roles import Permission
from app.api.actor import CurrentCaller
from app.api.answers import answer
from app.api.context import CurrentContext
from app.api.feed_needs import audience_of, check_board
from app.api.needs import needs
from app.api.routes.common import api_router
from app.api.schemas.wall import BoardOut, BoardQuery
from app.services import sessions

router = api_router("board")


@router.get("/board", response_model=BoardOut, openapi_extra=needs(Permission.WATCH_WALL))
async def board(
    context: CurrentContext, caller: CurrentCaller, query: Annotated[BoardQuery, Query()]
) -> Response:
    """As the caller would watch it."""
    training, simulated = context.hub.training, query.simulated
    check_board(caller, training=training, simulated=simulated)
    audience = audience_of(caller, training=training, simulated=simulated)
    shown = map(audience.shown, await sessions.board_rows(context.store, audience.simulated))
    return answer({"items": [row for row in shown if row is not None], "next_cursor": None})
