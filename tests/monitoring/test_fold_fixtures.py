"""The fixtures that the browser's reducer folds too; `UPDATE_FIXTURES=1` writes them anew."""

from __future__ import annotations

import json
import os

import pytest

from app.monitoring.fold import fold
from tests.monitoring.fold_stories import STORIES
from tests.support.server import REPO

FOLDER = REPO / "tests" / "fixtures" / "fold"


@pytest.mark.parametrize("name", STORIES)
def test_fixture_is_what_the_engine_says_today(name: str) -> None:
    told = json.dumps(STORIES[name]().told(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    path = FOLDER / f"{name}.json"
    if os.environ.get("UPDATE_FIXTURES") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(told, encoding="utf-8")
    assert path.exists(), f"{path.name} is missing: run the tests once with UPDATE_FIXTURES=1"
    assert path.read_text(encoding="utf-8") == told, (
        f"{path.name} is out of date: run the tests once with UPDATE_FIXTURES=1"
    )


@pytest.mark.parametrize("name", STORIES)
def test_folding_the_fixture_gives_what_is_expected(name: str) -> None:
    fixture = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    state = fixture["snapshot"]
    before = json.dumps(state)
    for event in fixture["events"]:
        state = fold(state, event)
    assert state == fixture["expected"]
    assert json.dumps(fixture["snapshot"]) == before, "the snapshot was changed"


def test_no_fixture_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(STORIES)


def test_fixtures_hold_every_kind_of_event() -> None:
    kinds = {
        event["kind"]
        for path in FOLDER.glob("*.json")
        for event in json.loads(path.read_text(encoding="utf-8"))["events"]
    }
    assert kinds == {
        "phase.changed",
        "phase.corrected",
        "phase.taken_back",
        "annotation.recorded",
        "annotation.voided",
        "annotation.corrected",
        "record.signed",
        "baseline.set",
        "reading.recorded",
        "clock.began",
        "clock.moved",
        "signal.lost",
        "alarm.raised",
        "alarm.changed",
        "alarm.acknowledged",
        "alarm.latched",
        "alarm.reopened",
        "alarm.cleared",
        "alarm.escalated",
        "alarm.sounded",
        "limits.changed",
        "audio.paused",
        "audio.resumed",
        "audio.switched_off",
        "audio.switched_on",
        "alarms.switched_off",
        "alarms.switched_on",
        "standby.began",
        "standby.ended",
        "device.attached",
        "device.detached",
        "responsible.set",
        "help.called",
        "help.ended",
        "signal.held",
        "excursion.missed",
        "planned_end.passed",
        "watch.resumed",
        "reading.voided",
        "reading.amended",
        "stop_prompt.raised",
        "stop_prompt.ended",
    }
