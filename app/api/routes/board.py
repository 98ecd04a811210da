"""The board: every active session in a row."""

from starlette.responses import Response

from app.access.roles import Permission
from app.api.actor import CurrentCaller
from app.api.answers import answer
from app.api.context import CurrentStore
from app.api.feed_needs import audience_of
from app.api.needs import needs
from app.api.routes.common import api_router
from app.api.schemas.wall import BoardOut
from app.services import sessions

router = api_router("board")


@router.get("/board", response_model=BoardOut, openapi_extra=needs(Permission.WATCH_WALL))
async def board(store: CurrentStore, caller: CurrentCaller) -> Response:
    """As the caller would watch it."""
    shown = map(audience_of(caller).shown, await sessions.board_rows(store))
    return answer({"items": [row for row in shown if row is not None], "next_cursor": None})
