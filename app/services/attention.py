"""Attention: sound and alarms quieted for a while, who is called first, and the call for help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.monitoring.commands import EndHelp, EndStandby, ResumeAudio, SwitchOn
from app.services.changes import change

if TYPE_CHECKING:
    from app.models.store import Store
    from app.monitoring.commands import (
        Actor,
        AnswerStopPrompt,
        BeginStandby,
        CallHelp,
        PauseAudio,
        SetResponsible,
        SwitchOff,
    )

State = dict[str, Any]


async def pause_audio(store: Store, actor: Actor, session_id: str, command: PauseAudio) -> State:
    return await change(store, actor, session_id, command, name="audio_pause")


async def resume_audio(store: Store, actor: Actor, session_id: str) -> State:
    return await change(store, actor, session_id, ResumeAudio(), name="audio_resume")


async def switch_off(store: Store, actor: Actor, session_id: str, command: SwitchOff) -> State:
    """Raises RoleNeeded, and InvalidRequest for a scope that there is not."""
    return await change(store, actor, session_id, command, name="switch_off")


async def switch_on(store: Store, actor: Actor, session_id: str, command: SwitchOn) -> State:
    return await change(store, actor, session_id, command, name="switch_on")


async def begin_standby(
    store: Store, actor: Actor, session_id: str, command: BeginStandby
) -> State:
    return await change(store, actor, session_id, command, name="standby")


async def end_standby(store: Store, actor: Actor, session_id: str) -> State:
    return await change(store, actor, session_id, EndStandby(), name="standby_end")


async def set_responsible(
    store: Store, actor: Actor, session_id: str, command: SetResponsible
) -> State:
    return await change(store, actor, session_id, command, name="responsible")


async def answer_stop_prompt(
    store: Store, actor: Actor, session_id: str, command: AnswerStopPrompt
) -> State:
    """Raises NoSuchPrompt and SessionClosed."""
    return await change(store, actor, session_id, command, name="answer_stop_prompt")


async def call_help(store: Store, actor: Actor, session_id: str, command: CallHelp) -> State:
    return await change(store, actor, session_id, command, name="help")


async def end_help(store: Store, actor: Actor, session_id: str) -> State:
    return await change(store, actor, session_id, EndHelp(), name="help_end")
