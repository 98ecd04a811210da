"""Readings: one, or a list whose readings each stand alone."""

from typing import Any

from starlette.responses import Response

from app.api.actor import CurrentActor
from app.api.answers import answer, recorded
from app.api.context import CurrentStore
from app.api.lists import check_each, outcomes, session_known
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
from app.models.store import Store
from app.monitoring.commands import Actor, ReadingFor
from app.services import readings

router = api_router("readings")


@router.post(
    "/sessions/{session_id}/readings",
    status_code=201,
    response_model=ReadingOut,
    responses={200: {"model": ReadingOut | ReadingItems, "description": "Known, or a list"}},
)
async def record_readings(
    store: CurrentStore, actor: CurrentActor, session_id: SessionId, body: ReadingsBody
) -> Response:
    if isinstance(body, ReadingIn):
        command = body.to_command()
        return recorded(await readings.record_reading(store, actor, session_id, command))
    return answer(await _record_list(store, actor, session_id, body))


async def _record_list(
    store: Store, actor: Actor, session_id: str, sent: ReadingListIn
) -> dict[str, Any]:
    items = check_each(ReadingIn, sent.readings)
    await readings.note_unreadable(store, items.malformed)
    good = [ReadingFor(item.to_command(sent.sent_at), session_id) for item in items.good]
    results = await readings.record_readings(store, actor, good)
    session_known(results)
    return outcomes(items, results)


@router.post("/readings", response_model=ReadingItems)
async def record_readings_for(
    store: CurrentStore, actor: CurrentActor, body: ReadingForListIn
) -> Response:
    items = check_each(ReadingForIn, body.readings)
    await readings.note_unreadable(store, items.malformed)
    good = [item.to_item(body.sent_at) for item in items.good]
    return answer(outcomes(items, await readings.record_readings(store, actor, good)))
