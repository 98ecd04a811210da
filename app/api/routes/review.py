"""Looking back: how many alarms there were, and which other limits would have raised."""

import asyncio
from typing import Annotated

from fastapi import Depends, Query
from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.access.caller import Caller
from app.access.roles import Permission
from app.api.actor import CurrentCaller
from app.api.answers import JSON
from app.api.context import Context, CurrentContext
from app.api.needs import needs
from app.api.routes.common import api_router
from app.api.schemas.review import AlarmLoadOut, AlarmLoadQuery, WhatIfIn, WhatIfOut
from app.errors import NotBound
from app.review import alarms_raised
from app.review.apart import what_if_apart
from app.review.proposal import proposal_of
from app.review.what_if import Which
from app.services.visible import is_for_one_place

router = api_router("review")


async def _simulated(
    context: Context, caller: Caller, session_id: str | None, simulated: bool
) -> bool:
    """Whether the clinic looked at is the simulated one: of a simulator it always is. Raises
    NotBound or SimulatedMismatch for what the caller may not see.
    """
    if session_id is not None:
        await context.access.confine(caller, session_id)
    elif is_for_one_place(caller):
        raise NotBound("Nothing was done: this token is for one place, not for the clinic.")
    return simulated or caller.simulated_only


@router.get(
    "/alarm-load",
    response_model=AlarmLoadOut,
    openapi_extra=needs(Permission.REVIEW, logged="reviewed"),
)
async def alarm_load(
    context: CurrentContext, caller: CurrentCaller, query: Annotated[AlarmLoadQuery, Query()]
) -> Response:
    simulated = await _simulated(context, caller, query.session, query.simulated)
    asked = {**dict(query), "simulated": simulated}
    return Response(await alarms_raised.alarm_load(context.store, **asked), media_type=JSON)


def _turn(connection: HTTPConnection) -> asyncio.Semaphore:
    """One what-if at a time for each server; the next waits."""
    state = connection.app.state
    if not hasattr(state, "what_if_turn"):
        state.what_if_turn = asyncio.Semaphore(1)
    turn: asyncio.Semaphore = state.what_if_turn
    return turn


@router.post(
    "/what-if",
    response_model=WhatIfOut,
    openapi_extra=needs(Permission.REVIEW, logged="reviewed"),
)
async def what_if(
    context: CurrentContext,
    caller: CurrentCaller,
    body: WhatIfIn,
    turn: Annotated[asyncio.Semaphore, Depends(_turn)],
) -> Response:
    simulated = await _simulated(context, caller, body.session_id, body.simulated)
    which = Which(body.session_id, body.since, body.until, simulated)
    proposal = proposal_of(body.limits, body.delays)
    worlds = await what_if_apart(context.store, which, proposal, turn)
    return Response(worlds, media_type=JSON)
