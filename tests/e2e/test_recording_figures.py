"""Three figures of the alarms over all recordings: nothing critical goes unsaid, few alarms say it,
and none is made of a probe that is off.

What is expected is worked out apart from the program, in `recorded`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from app.models.store import Store
from app.monitoring.commands import (
    Actor,
    ChangePhase,
    CreatePatient,
    CreateSession,
    ReadingFor,
    RecordReading,
)
from app.monitoring.errors import DomainError
from app.monitoring.times import parse_iso
from app.services import history, patients, readings, sessions
from app.simulator.recording import read_recording
from tests.e2e.recorded import Expected, expected_rows
from tests.support.callers import simulator

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START = 1_700_000_000_000
NURSE = Actor("person", "local", "Local user")
ALARMS_PER_READING = 0.35  # out of limits; one alarm for about three of them
GROUPS = {"sbp": "bp", "dbp": "bp", "map": "bp"}
RANK = {"low": 1, "medium": 2, "high": 3}


@dataclass
class Played:
    """A recording, what was expected of it, and its log."""

    name: str
    expected: list[Expected]
    log: list[dict[str, Any]]

    @property
    def limit_alarms(self) -> list[dict[str, Any]]:
        """Each alarm of a limit as it was when it was raised."""
        return [
            event["data"]["alarm"]
            for event in self.log
            if event["kind"] == "alarm.raised" and event["data"]["alarm"]["condition"] == "limit"
        ]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path / 'figures.db'}", data_dir=tmp_path)
    store.start()
    yield store
    store.stop()


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.csv"))


async def played(store: Store, path: Path) -> Played:
    """As `infusion-monitor replay` plays it: on a clock of its own, while infusing."""
    recording = read_recording(path)
    person, _ = await patients.create_patient(store, NURSE, CreatePatient(path.stem, "RP"))
    command = CreateSession(
        patient_id=person["id"],
        station=path.stem,
        protocol="ketamine_adult",
        weight_kg=70,
        dose_mg_per_kg=0.5,
        planned_minutes=60,
        simulated=True,
        clock="driven",
        starts_at=START,
    )
    state, _ = await sessions.create_session(store, NURSE, command)
    for to in ("checked_in", "baseline", "ready", "infusing"):
        change = ChangePhase(to, at=START, override_reason="a recording")
        await sessions.change_phase(store, NURSE, state["id"], change)
    sent = [
        ReadingFor(
            RecordReading(
                values=row.values,
                taken_at=START + round(row.t_s * 1_000),
                device=f"monitor {path.stem}",
                interval_s=recording.step_s,
            ),
            state["id"],
        )
        for row in recording.rows
    ]
    outcomes = await readings.record_readings(store, simulator(), sent)
    refused = {o.code for o in outcomes if isinstance(o, DomainError)}
    assert refused <= {"no_usable_values"}
    texts = await history.session_events(store, state["id"], after=0, limit=100_000)
    return Played(path.stem, expected_rows(path), [orjson.loads(text) for text in texts])


def critical_without_alarm(one: Played) -> tuple[int, list[str]]:
    """How many critical values there were, and those after which their group's alarm did not stand
    with the priority that they are worth.

    A minute passes between two rows, so that no delay is waited for: each value speaks at once.
    """
    critical, unsaid = 0, []
    standing: dict[tuple[str, str], dict[str, Any]] = {}
    rows = {START + round(row.t_s * 1_000): row for row in one.expected}
    readings_at = [e for e in one.log if e["kind"] == "reading.recorded"]
    ends = [e["seq"] for e in readings_at[1:]] + [len(one.log) + 1]
    events = iter(one.log)
    event = next(events, None)
    for said, end in zip(readings_at, ends, strict=True):
        while event is not None and event["seq"] < end:
            if event["kind"].startswith("alarm.") and event["at"] <= said["at"]:
                alarm = event["data"]["alarm"]
                standing[alarm["group"], alarm["side"]] = alarm
            event = next(events, None)
        row = rows[parse_iso(said["data"]["taken_at"])]
        for vital, flag in row.flags.items():
            if not flag.endswith("_critical"):
                continue
            critical += 1
            side = flag.removesuffix("_critical")
            found = standing.get((GROUPS.get(vital, vital), side))
            worth = "medium" if vital in row.derived else "high"
            if found is None or found["state"] != "active" or RANK[found["priority"]] < RANK[worth]:
                unsaid.append(f"{one.name} at {row.t_s:g} s: {vital} {row.values[vital]:g}")
    return critical, unsaid


def made_of_nothing(one: Played) -> list[str]:
    """Alarms of the patient whose value no row before them had as a measurement."""
    wrong = []
    for event in one.log:
        if not event["kind"].startswith("alarm."):
            continue
        alarm = event["data"]["alarm"]
        if alarm["kind"] != "physiological" or alarm["vital"] is None:
            continue
        until = (parse_iso(event["at"]) - START) / 1_000
        measured = {
            row.values[alarm["vital"]]
            for row in one.expected
            if row.t_s <= until and alarm["vital"] in row.values
        }
        if not {alarm["value"], alarm["worst"]} <= measured:
            wrong.append(f"{one.name} at {until:g} s: {alarm['text']}")
    return wrong


async def test_alarms_over_all_recordings(
    recordings: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    every = [await played(store, path) for path in files(recordings)]
    checked = [critical_without_alarm(one) for one in every]
    critical = sum(count for count, _ in checked)
    unsaid = [line for _, lines in checked for line in lines]
    beyond = sum(bool(row.flags) for one in every for row in one.expected)
    raised = sum(len(one.limit_alarms) for one in every)
    off = sum(
        code == "no_signal" for one in every for r in one.expected for code in r.rejected.values()
    )
    from_nothing = [line for one in every for line in made_of_nothing(one)]
    with capsys.disabled():
        print(  # noqa: T201  # the figures are what this test is for
            f"\n{len(every)} recordings: {len(unsaid)} of {critical} critical values without their"
            f" alarm; {raised} alarms for {beyond} readings out of limits,"
            f" {raised / beyond:.3f} each; {len(from_nothing)} alarms made of {off} zeros of a"
            " probe that is off"
        )
    assert critical > 0
    assert off > 0
    assert unsaid == []
    assert raised <= ALARMS_PER_READING * beyond
    assert from_nothing == []
