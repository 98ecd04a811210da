"""Whoever does something, of any kind and role, is written down and read back the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest

from app.api.schemas.common import ActorOut
from app.models.codec import encode_state, usable_state
from app.monitoring.commands import (
    Acknowledge,
    Actor,
    ActorKind,
    BeginStandby,
    CallHelp,
    PauseAudio,
    Role,
    SwitchOff,
)
from app.monitoring.errors import RoleNeeded
from app.monitoring.inputs import actor_of
from app.monitoring.state import ENGINE_VERSION
from app.monitoring.view import public, public_actor
from app.services import alarms, attention, sessions
from tests.models.ward import check_log, infusing, log_of, plain, record

if TYPE_CHECKING:
    from tests.models.databases import Database, OpenStore

ROLES: tuple[Role | None, ...] = (None, *get_args(Role))
EVERYBODY = [
    *(Actor("person", f"id-{role}", f"A {role}", role) for role in get_args(Role)),
    *(Actor(kind, f"id-{kind}", f"A {kind}", None) for kind in get_args(ActorKind)),
    Actor("program", "token", "Simulator", "simulator"),
    Actor("device", "token", "mon-01", "device"),
    Actor("station", "sign-in", "Room 1"),
]


@pytest.mark.parametrize("actor", EVERYBODY, ids=lambda a: f"{a.kind}-{a.role}-{a.id}")
async def test_who_did_it_is_the_same_in_log_state_and_after_a_restart(
    sqlite: Database, open_store: OpenStore, actor: Actor
) -> None:
    store = open_store(sqlite)
    session_id = await infusing(store, simulated=actor.role == "simulator")
    raised, _ = await record(store, session_id, None, spo2=84.0)
    await alarms.acknowledge(store, actor, session_id, Acknowledge(raised["alarms"][0]["id"]))
    await attention.pause_audio(store, actor, session_id, PauseAudio(60))
    await attention.begin_standby(store, actor, session_id, BeginStandby(5, "bathroom"))
    await attention.call_help(store, actor, session_id, CallHelp())
    said = public_actor(actor)
    ActorOut.model_validate(said)
    assert actor_of(said) == actor
    state = plain(await sessions.session_state(store, session_id))
    told = [state["help"]["by"], state["standby"]["by"]]
    told += [seen["by"] for a in state["alarms"].values() for seen in a["acknowledgements"]]
    assert told == [said] * 3
    by = [event["actor"] for event in await log_of(store, session_id)]
    assert by.count(said) >= 3
    await check_log(store, sqlite, session_id)
    held = store.scribe.committed_state(session_id)
    assert held is not None
    stored = usable_state((held.seq, ENGINE_VERSION, encode_state(held)), held.seq)
    assert stored is not None
    assert plain(public(stored)) == state
    sqlite.ask("DELETE FROM session_state")
    assert plain(await sessions.session_state(open_store(sqlite), session_id)) == state


@pytest.mark.parametrize("what", ["audio", "alarms"])
@pytest.mark.parametrize("role", ROLES)
async def test_only_a_clinician_switches_off(
    sqlite: Database, open_store: OpenStore, role: Role | None, what: str
) -> None:
    store = open_store(sqlite)
    session_id = await infusing(store, simulated=role == "simulator")
    actor = Actor("person", "x", "X", role)
    command = SwitchOff("audio" if what == "audio" else "alarms", "spo2", "broken probe")
    if role == "clinician":
        state = await attention.switch_off(store, actor, session_id, command)
        assert state[f"{what.removesuffix('s')}_off"]["spo2"]["by"]["role"] == "clinician"
        return
    with pytest.raises(RoleNeeded):
        await attention.switch_off(store, actor, session_id, command)
