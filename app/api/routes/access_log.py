"""Who signed in, failed to, saw, exported and was refused; looking is written down too."""

from typing import Annotated

from fastapi import Depends, Query
from starlette.requests import HTTPConnection
from starlette.responses import Response, StreamingResponse

from app.access.export import table
from app.access.log import AccessLog, entry_of
from app.access.roles import Permission
from app.api.actor import CurrentCaller
from app.api.answers import answer
from app.api.context import CurrentStore, current
from app.api.needs import needs
from app.api.routes.common import api_router
from app.api.schemas.access_log import EntriesPageQuery, EntriesQuery, EntryList

router = api_router("access log")


def _access_log(connection: HTTPConnection) -> AccessLog:
    return current(connection).access_log


CurrentLog = Annotated[AccessLog, Depends(_access_log)]


@router.get(
    "/access-log",
    response_model=EntryList,
    openapi_extra=needs(Permission.READ_ACCESS_LOG),
)
async def access_log(
    log: CurrentLog, caller: CurrentCaller, query: Annotated[EntriesPageQuery, Query()]
) -> Response:
    wanted = query.wanted()
    items, next_cursor = await log.search(wanted, limit=query.limit, cursor=query.cursor)
    log.note(entry_of(caller, "log.searched", found=len(items), **wanted.told()))
    return answer({"items": items, "next_cursor": next_cursor})


@router.get(
    "/access-log.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    openapi_extra=needs(Permission.READ_ACCESS_LOG),
)
async def access_log_csv(
    log: CurrentLog,
    store: CurrentStore,
    caller: CurrentCaller,
    query: Annotated[EntriesQuery, Query()],
) -> Response:
    wanted = query.wanted()
    await log.write(entry_of(caller, "log.exported", **wanted.told()))
    return StreamingResponse(
        table(store, wanted),
        media_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="access-log.csv"'},
    )
