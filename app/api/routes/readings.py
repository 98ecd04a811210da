"""Readings: one, or a list whose readings each stand alone."""

from typing import Any

from starlette.responses import Response

from app.access.caller import Caller
from app.access.roles import Permission
from app.api.actor import CurrentCaller
from app.api.answers import answer, recorded
from app.api.context import Context, CurrentContext
from app.api.lists import check_each, outcomes, session_known
from app.api.needs import needs
from app.api.recording import record, record_one, unreadable
from app.api.routes.common import SessionId, api_router
from app.api.schemas.readings import (
    ReadingForIn,
    ReadingForListIn,
    ReadingIn,
    ReadingItems,
    ReadingListIn,
    ReadingOut,
    ReadingsBody,
)
from app.monitoring.commands import ReadingFor

router = api_router("readings")


@router.post(
    "/sessions/{session_id}/readings",
    status_code=201,
    response_model=ReadingOut,
    responses={200: {"model": ReadingOut | ReadingItems, "description": "Known, or a list"}},
    openapi_extra=needs(Permission.RECORD_READING),
)
async def record_readings(
    context: CurrentContext, caller: CurrentCaller, session_id: SessionId, body: ReadingsBody
) -> Response:
    if isinstance(body, ReadingIn):
        return recorded(await record_one(context, caller, session_id, body.to_command()))
    return answer(await _record_list(context, caller, session_id, body))


async def _record_list(
    context: Context, caller: Caller, session_id: str, sent: ReadingListIn
) -> dict[str, Any]:
    items = check_each(ReadingIn, sent.readings)
    await unreadable(context, caller, items.malformed)
    good = [ReadingFor(item.to_command(sent.sent_at), session_id) for item in items.good]
    results = await record(context, caller, good)
    session_known(results)
    return outcomes(items, results)


@router.post(
    "/readings", response_model=ReadingItems, openapi_extra=needs(Permission.RECORD_READING)
)
async def record_readings_for(
    context: CurrentContext, caller: CurrentCaller, body: ReadingForListIn
) -> Response:
    items = check_each(ReadingForIn, body.readings)
    await unreadable(context, caller, items.malformed)
    good = [item.to_item(body.sent_at) for item in items.good]
    return answer(outcomes(items, await record(context, caller, good)))
