"""Looking back: how many alarms there were, and which other limits would have raised."""

import asyncio
from typing import Annotated

from fastapi import Depends, Query
from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.api.answers import JSON
from app.api.context import CurrentStore
from app.api.routes.common import api_router
from app.api.schemas.review import AlarmLoadOut, AlarmLoadQuery, WhatIfIn, WhatIfOut
from app.review import alarms_raised
from app.review.apart import what_if_apart
from app.review.proposal import proposal_of
from app.review.what_if import Which

router = api_router("review")


@router.get("/alarm-load", response_model=AlarmLoadOut)
async def alarm_load(store: CurrentStore, query: Annotated[AlarmLoadQuery, Query()]) -> Response:
    load = await alarms_raised.alarm_load(store, **dict(query))
    return Response(load, media_type=JSON)


def _turn(connection: HTTPConnection) -> asyncio.Semaphore:
    """One what-if at a time for each server; the next waits."""
    state = connection.app.state
    if not hasattr(state, "what_if_turn"):
        state.what_if_turn = asyncio.Semaphore(1)
    turn: asyncio.Semaphore = state.what_if_turn
    return turn


@router.post("/what-if", response_model=WhatIfOut)
async def what_if(
    store: CurrentStore, body: WhatIfIn, turn: Annotated[asyncio.Semaphore, Depends(_turn)]
) -> Response:
    which = Which(body.session_id, body.since, body.until, body.simulated)
    proposal = proposal_of(body.limits, body.delays)
    worlds = await what_if_apart(store, which, proposal, turn)
    return Response(worlds, media_type=JSON)
