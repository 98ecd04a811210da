"""Alarms of a session."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.access.roles import Permission
from app.api.actor import CurrentActor
from app.api.answers import answer
from app.api.context import CurrentStore
from app.api.needs import needs
from app.api.routes.common import AlarmId, SessionId, api_router
from app.api.schemas.alarms import AcknowledgeIn, AlarmList, AlarmOut, AlarmQuery, EndAlarmIn
from app.api.schemas.sessions import StateOut
from app.services import alarms

router = api_router("alarms")


@router.get(
    "/sessions/{session_id}/alarms",
    response_model=AlarmList,
    openapi_extra=needs(Permission.READ_SESSION),
)
async def session_alarms(
    store: CurrentStore, session_id: SessionId, query: Annotated[AlarmQuery, Query()]
) -> Response:
    return answer(await alarms.session_alarms(store, session_id, **dict(query)))


@router.post(
    "/sessions/{session_id}/alarms/{alarm_id}/acknowledge",
    response_model=AlarmOut,
    openapi_extra=needs(Permission.ACKNOWLEDGE_ALARM),
)
async def acknowledge(
    store: CurrentStore,
    actor: CurrentActor,
    session_id: SessionId,
    alarm_id: AlarmId,
    body: AcknowledgeIn,
) -> Response:
    return answer(await alarms.acknowledge(store, actor, session_id, body.to_command(alarm_id)))


@router.post(
    "/sessions/{session_id}/alarms/{alarm_id}/end",
    response_model=StateOut,
    openapi_extra=needs(Permission.ACKNOWLEDGE_ALARM),
)
async def end_alarm(
    store: CurrentStore,
    actor: CurrentActor,
    session_id: SessionId,
    alarm_id: AlarmId,
    body: EndAlarmIn,
) -> Response:
    return answer(await alarms.end_alarm(store, actor, session_id, body.to_command(alarm_id)))
