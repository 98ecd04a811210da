"""The board: every active session in a row."""

from starlette.responses import Response

from app.api.answers import answer
from app.api.context import CurrentStore
from app.api.routes.common import api_router
from app.api.schemas.sessions import BoardOut
from app.services import sessions

router = api_router("board")


@router.get("/board", response_model=BoardOut)
async def board(store: CurrentStore) -> Response:
    return answer({"items": await sessions.board_rows(store), "next_cursor": None})
