"""Every change that a person makes is in the log, once, and the log alone makes the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.errors import IdConflict
from app.monitoring.commands import (
    Actor,
    AttachDevice,
    BeginStandby,
    CallHelp,
    ChangeLimits,
    DetachDevice,
    EndAlarm,
    PauseAudio,
    Person,
    SetResponsible,
    SwitchOff,
    SwitchOn,
)
from app.monitoring.errors import DomainError, RoleNeeded, UnknownAlarm
from app.services import alarms, attention, devices, limits
from app.services.ids import new_id
from tests.models.ward import check_log, infusing, plain, record

if TYPE_CHECKING:
    from app.models.store import Store
    from tests.models.databases import Database

Here = tuple["Store", Actor, str]
Lines = dict[str, dict[str, float]]

CLINICIAN = Actor("person", "dr-c", "Dr. C", role="clinician")
NURSE = Actor("person", "anna", "Anna", role="nurse")


async def test_every_change_is_in_the_log(database: Database, store: Store) -> None:
    session_id = await infusing(store)
    here: Here = (store, CLINICIAN, session_id)
    await attention.pause_audio(*here, PauseAudio(60))
    await attention.resume_audio(*here)
    await attention.switch_off(*here, SwitchOff("audio", "session", "Sleeps"))
    await attention.switch_on(*here, SwitchOn("audio", "session"))
    await attention.switch_off(*here, SwitchOff("alarms", "hr", "Athlete"))
    await attention.switch_on(*here, SwitchOn("alarms", "hr"))
    await attention.begin_standby(*here, BeginStandby(5, "Toilet"))
    await attention.end_standby(*here)
    await attention.set_responsible(*here, SetResponsible(Person("anna", "Anna")))
    await attention.call_help(*here, CallHelp("Now"))
    await attention.end_help(*here)
    await devices.attach(*here, AttachDevice("mon-01", probe="ear"))
    await devices.detach(*here, DetachDevice("mon-01", reason="Broken"))
    lines = {"hr": {"high": 115.0}}
    state = await limits.change_limits(*here, ChangeLimits("Runs", lines, {"sbp": 140.0}))
    log = await check_log(store, database, session_id)
    done = [event["kind"] for event in log if event["actor"]["id"] == "dr-c"]
    assert [kind for kind in done if not kind.startswith("alarm.")] == [
        "audio.paused",
        "audio.resumed",
        "audio.switched_off",
        "audio.switched_on",
        "alarms.switched_off",
        "alarms.switched_on",
        "standby.began",
        "standby.ended",
        "responsible.set",
        "help.called",
        "help.ended",
        "device.attached",
        "device.detached",
        "limits.changed",
    ]
    assert {e["actor"]["role"] for e in log if e["actor"]["id"] == "dr-c"} == {"clinician"}
    told = await limits.session_limits(store, session_id)
    assert (told["version"], told["limits"]) == (2, plain(state["limits"]))
    assert [(e["version"], e["reason"]) for e in told["history"]] == [(1, None), (2, "Runs")]
    assert told["history"][-1]["changes"] == [
        {"vital": "hr", "flag": "high", "from": 110, "to": 115}
    ]


async def test_ending_what_is_not_there_changes_nothing(database: Database, store: Store) -> None:
    session_id = await infusing(store)
    here: Here = (store, NURSE, session_id)
    before = await attention.resume_audio(*here)
    await attention.switch_on(*here, SwitchOn("audio", "session"))
    await attention.switch_on(*here, SwitchOn("alarms", "no such group"))
    await attention.end_standby(*here)
    await attention.end_help(*here)
    after = await devices.detach(*here, DetachDevice("mon-99"))
    assert after["seq"] == before["seq"]
    await check_log(store, database, session_id)


async def test_one_id_is_one_change_of_one_kind(store: Store) -> None:
    session_id, id = await infusing(store), new_id()
    here: Here = (store, CLINICIAN, session_id)
    first = await attention.switch_off(*here, SwitchOff("audio", "hr", "Athlete", id=id))
    await attention.switch_on(*here, SwitchOn("audio", "hr"))
    again = await attention.switch_off(*here, SwitchOff("audio", "hr", "Athlete", id=id))
    assert (first["audio_off"].keys(), again["audio_off"]) == ({"hr"}, {})
    with pytest.raises(IdConflict):
        await attention.switch_off(*here, SwitchOff("alarms", "hr", "Athlete", id=id))
    with pytest.raises(IdConflict):
        await attention.call_help(*here, CallHelp(id=id))


async def test_the_same_limits_in_another_spelling_are_the_same_change(store: Store) -> None:
    session_id, id = await infusing(store), new_id()
    here: Here = (store, CLINICIAN, session_id)
    spelled: Lines = {"sbp": {"high": 165.0}, "hr": {"high": 115, "low": 45.0}}
    other: Lines = {"hr": {"low": 45, "high": 115.0}, "sbp": {"high": 165}}
    first = await limits.change_limits(*here, ChangeLimits("Runs", spelled, version=1, id=id))
    again = await limits.change_limits(*here, ChangeLimits("Runs", other, version=1, id=id))
    assert again == plain(first)


async def test_a_refused_change_is_not_known(store: Store) -> None:
    session_id, id = await infusing(store), new_id()
    command = SwitchOff("audio", "hr", "Athlete", id=id)
    with pytest.raises(RoleNeeded):
        await attention.switch_off(store, NURSE, session_id, command)
    state = await attention.switch_off(store, CLINICIAN, session_id, command)
    assert list(state["audio_off"]) == ["hr"]


async def test_an_alarm_that_ended_long_ago_needs_no_end(store: Store) -> None:
    session_id = await infusing(store)
    answer, _ = await record(store, session_id, sbp=165, dbp=88)
    (alarm,) = answer["alarms"]
    command = EndAlarm(alarm["id"], "Measured again", id=new_id())
    with pytest.raises(DomainError, match="still comes"):
        await alarms.end_alarm(store, NURSE, session_id, command)
    await record(store, session_id, sbp=130, dbp=80)
    state = await alarms.end_alarm(store, NURSE, session_id, command)
    assert alarm["id"] not in state["alarms"]
    with pytest.raises(UnknownAlarm):
        await alarms.end_alarm(store, NURSE, session_id, EndAlarm(new_id(), "None"))
