"""What quiets a session for a while, who is called first, and the call for help."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.access.roles import Permission
from app.api.actor import CurrentActor
from app.api.answers import answer
from app.api.context import CurrentStore
from app.api.needs import needs
from app.api.routes.common import SessionId, api_router
from app.api.schemas.attention import (
    AlarmOffIn,
    AlarmOffQuery,
    AudioOffIn,
    AudioOffQuery,
    AudioPauseIn,
    HelpIn,
    ResponsibleIn,
    StandbyIn,
    StopAnswerIn,
)
from app.api.schemas.readings import VitalCode
from app.api.schemas.sessions import StateOut
from app.monitoring.commands import SwitchOn
from app.services import attention

router = api_router("attention")


@router.post(
    "/sessions/{session_id}/stop-prompts/{vital}/answer",
    response_model=StateOut,
    openapi_extra=needs(Permission.ACKNOWLEDGE_ALARM),
)
async def answer_stop_prompt(
    store: CurrentStore,
    actor: CurrentActor,
    session_id: SessionId,
    vital: VitalCode,
    body: StopAnswerIn,
) -> Response:
    command = body.to_command(vital)
    return answer(await attention.answer_stop_prompt(store, actor, session_id, command))


@router.post(
    "/sessions/{session_id}/audio-pause",
    response_model=StateOut,
    openapi_extra=needs(Permission.PAUSE_AUDIO),
)
async def pause_audio(
    store: CurrentStore, actor: CurrentActor, session_id: SessionId, body: AudioPauseIn
) -> Response:
    return answer(await attention.pause_audio(store, actor, session_id, body.to_command()))


@router.delete(
    "/sessions/{session_id}/audio-pause",
    response_model=StateOut,
    openapi_extra=needs(Permission.PAUSE_AUDIO),
)
async def resume_audio(store: CurrentStore, actor: CurrentActor, session_id: SessionId) -> Response:
    return answer(await attention.resume_audio(store, actor, session_id))


@router.post(
    "/sessions/{session_id}/audio-off",
    response_model=StateOut,
    openapi_extra=needs(Permission.SWITCH_ALARMS_OFF),
)
async def switch_audio_off(
    store: CurrentStore, actor: CurrentActor, session_id: SessionId, body: AudioOffIn
) -> Response:
    return answer(await attention.switch_off(store, actor, session_id, body.to_command()))


@router.delete(
    "/sessions/{session_id}/audio-off",
    response_model=StateOut,
    openapi_extra=needs(Permission.ACKNOWLEDGE_ALARM),
)
async def switch_audio_on(
    store: CurrentStore,
    actor: CurrentActor,
    session_id: SessionId,
    query: Annotated[AudioOffQuery, Query()],
) -> Response:
    command = SwitchOn("audio", query.scope)
    return answer(await attention.switch_on(store, actor, session_id, command))


@router.post(
    "/sessions/{session_id}/alarm-off",
    response_model=StateOut,
    openapi_extra=needs(Permission.SWITCH_ALARMS_OFF),
)
async def switch_alarms_off(
    store: CurrentStore, actor: CurrentActor, session_id: SessionId, body: AlarmOffIn
) -> Response:
    return answer(await attention.switch_off(store, actor, session_id, body.to_command()))


@router.delete(
    "/sessions/{session_id}/alarm-off",
    response_model=StateOut,
    openapi_extra=needs(Permission.ACKNOWLEDGE_ALARM),
)
async def switch_alarms_on(
    store: CurrentStore,
    actor: CurrentActor,
    session_id: SessionId,
    query: Annotated[AlarmOffQuery, Query()],
) -> Response:
    command = SwitchOn("alarms", query.scope)
    return answer(await attention.switch_on(store, actor, session_id, command))


@router.post(
    "/sessions/{session_id}/standby",
    response_model=StateOut,
    openapi_extra=needs(Permission.WRITE_SESSION),
)
async def begin_standby(
    store: CurrentStore, actor: CurrentActor, session_id: SessionId, body: StandbyIn
) -> Response:
    return answer(await attention.begin_standby(store, actor, session_id, body.to_command()))


@router.delete(
    "/sessions/{session_id}/standby",
    response_model=StateOut,
    openapi_extra=needs(Permission.WRITE_SESSION),
)
async def end_standby(store: CurrentStore, actor: CurrentActor, session_id: SessionId) -> Response:
    return answer(await attention.end_standby(store, actor, session_id))


@router.put(
    "/sessions/{session_id}/responsible",
    response_model=StateOut,
    openapi_extra=needs(Permission.WRITE_SESSION),
)
async def set_responsible(
    store: CurrentStore, actor: CurrentActor, session_id: SessionId, body: ResponsibleIn
) -> Response:
    return answer(await attention.set_responsible(store, actor, session_id, body.to_command()))


@router.post(
    "/sessions/{session_id}/help",
    response_model=StateOut,
    openapi_extra=needs(Permission.CALL_HELP),
)
async def call_help(
    store: CurrentStore, actor: CurrentActor, session_id: SessionId, body: HelpIn
) -> Response:
    return answer(await attention.call_help(store, actor, session_id, body.to_command()))


@router.delete(
    "/sessions/{session_id}/help",
    response_model=StateOut,
    openapi_extra=needs(Permission.ACKNOWLEDGE_ALARM),
)
async def end_help(store: CurrentStore, actor: CurrentActor, session_id: SessionId) -> Response:
    return answer(await attention.end_help(store, actor, session_id))
