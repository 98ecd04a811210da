"""What the whole clinic should know."""

from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from app.access.roles import Permission
from app.api.actor import CurrentActor
from app.api.answers import answer
from app.api.context import CurrentStore
from app.api.needs import needs
from app.api.routes.common import api_router
from app.api.schemas.common import Page
from app.api.schemas.kinds import Uuid
from app.api.schemas.notices import NoticeList, NoticeOut
from app.services import notices

router = api_router("notices")


@router.get("/notices", response_model=NoticeList, openapi_extra=needs(Permission.READ_NOTICES))
async def standing_notices(store: CurrentStore, query: Annotated[Page, Query()]) -> Response:
    return answer(await notices.notices(store, **dict(query)))


@router.post(
    "/notices/{notice_id}/dismiss",
    response_model=NoticeOut,
    openapi_extra=needs(Permission.DISMISS_NOTICE),
)
async def dismiss(
    store: CurrentStore, actor: CurrentActor, notice_id: Annotated[Uuid, Path()]
) -> Response:
    return answer(await notices.dismiss(store, actor, notice_id))
