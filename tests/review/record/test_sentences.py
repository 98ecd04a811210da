"""Every kind of event has a sentence: one that is added later fails here until it has one."""

from __future__ import annotations

import json
import re
from typing import get_args

import pytest

from app.api.schemas.events import EventOut
from app.review.record.model import Mark
from app.review.record.sentences import TELLS, sentence
from tests.monitoring.fold_stories import STORIES
from tests.monitoring.telling import RESTED, reading_event
from tests.monitoring.ward import Ward
from tests.review.record.told import record
from tests.support.server import REPO

FIXTURES = REPO / "tests" / "fixtures" / "fold"
UNSAID = re.compile(r"None|null|[{}<>\[\]_]|\s{2}|\(\)|\.\.|: \.")


def kinds_of_the_api() -> set[str]:
    union, *_ = get_args(EventOut)
    return {get_args(one.model_fields["kind"].annotation)[0] for one in get_args(union)}


def test_every_kind_of_event_has_a_sentence_and_a_mark() -> None:
    assert set(TELLS) == kinds_of_the_api()
    assert {tells.mark for tells in TELLS.values()} == set(get_args(Mark))


@pytest.mark.parametrize("name", STORIES)
def test_every_event_of_the_stories_is_said_in_words(name: str) -> None:
    fixture = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    for event in fixture["events"]:
        said = sentence(event["kind"], event["data"])
        words = said.replace(str(event["data"].get("device")), "the device")
        assert not UNSAID.search(words), said
        if event["kind"] != "annotation.recorded":  # people's words stay as they are
            assert said[0] == said[0].upper() or event["data"].get("device"), said
            assert said.endswith("."), said


def texts(ward: Ward, kind: str) -> list[str]:
    return [told.text for told in record(ward.log).events if told.kind == kind]


def test_what_is_said_of_readings_and_their_corrections() -> None:
    ward = Ward.infusing(baseline=RESTED)
    high = reading_event(ward.types(60, sbp=165, dbp=90, confirmed=True))
    ward.amends(90, high, {"sbp": 156}, taken=30)
    gone = reading_event(ward.types(100, hr=130, confirmed=True))
    ward.voids(120, gone)
    assert texts(ward, "reading.recorded")[1:] == [
        "Reading: SBP 165 mmHg (high), DBP 90 mmHg, MAP 115 mmHg.",
        "Reading: HR 130 /min (high).",
    ]
    [amended] = texts(ward, "reading.amended")
    changed = "(SBP 165 → 156, MAP 115 → 112, taken 30 s earlier)"
    assert amended.startswith(f"Reading of event {high['seq']} amended {changed}: ")
    [voided] = texts(ward, "reading.voided")
    assert voided.startswith(f"Reading of event {gone['seq']} voided: ")


def test_what_is_said_of_limits_and_phases() -> None:
    ward = Ward.infusing(baseline=RESTED)
    ward.changes_limits(60, {"sbp": {"high": 170}}, reason="known hypertension")
    ward.phase("stopped", 90, reason="nausea")
    assert texts(ward, "limits.changed") == [
        "Limits changed: known hypertension. SBP high from 160 to 170."
    ]
    assert texts(ward, "phase.changed")[-1] == "Stopped, after infusing: nausea."
    assert texts(ward, "baseline.set") == [
        "Baseline set: HR 78 /min, SpO2 98 %, SBP 124 mmHg, DBP 78 mmHg, MAP 93.3 mmHg,"
        " RR 15 /min, Sedation 5."
    ]


def test_calm_readings_of_a_device_are_not_told_and_a_change_is() -> None:
    ward = Ward.infusing()
    ward.streams(range(10), hr=80)
    ward.streams(range(10, 20), hr=120)
    ward.streams(range(20, 30), hr=80)
    assert texts(ward, "reading.recorded") == [
        "Reading: HR 120 /min (high).",
        "Reading: HR 80 /min.",
    ]


def test_numbers_go_up_by_one_and_only_to_what_has_a_mark() -> None:
    ward = Ward.infusing(baseline=RESTED)
    ward.types(60, sbp=190, dbp=100, confirmed=True)
    ward.annotates(70, "first", text="a note")
    events = record(ward.log).events
    numbers = [told.number for told in events if told.number is not None]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {told.kind for told in events if told.number is None} >= {
        "reading.recorded",
        "alarm.raised",
    }
