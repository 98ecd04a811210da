"""What a session starts from: found by any spelling of its name; the lines in force."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.monitoring.protocols import (
    KETAMINE_ADULT,
    PROTOCOLS,
    VERSIONS,
    find_protocol,
    lines_in_force,
)
from app.monitoring.vitals import VITALS


@pytest.mark.parametrize(
    "name",
    [
        "ketamine_adult",
        "Ketamine adult",
        "  KETAMINE--Adult ",
        "ketamine.adult!",
        "(Ketamine/adult)",
    ],
)
def test_protocol_is_found_by_its_code_or_label_however_it_is_spelt(name: str) -> None:
    assert find_protocol(name) is KETAMINE_ADULT


@pytest.mark.parametrize("name", ["", "ketamine", "ketamineadult", "ketamine adult 2", "_"])
def test_other_names_find_nothing(name: str) -> None:
    assert find_protocol(name) is None


def test_every_preset_is_among_the_versions_and_is_found_by_its_label() -> None:
    for protocol in PROTOCOLS.values():
        assert VERSIONS[protocol.code, protocol.version] is protocol
        assert find_protocol(protocol.label) is protocol


def test_preset_speaks_of_known_vitals_only() -> None:
    named = {*KETAMINE_ADULT.lines, *KETAMINE_ADULT.relative, *KETAMINE_ADULT.baseline_set}
    for by_phase in (KETAMINE_ADULT.schedule, KETAMINE_ADULT.required_signals):
        for vitals in by_phase.values():
            named |= set(vitals)
    assert named <= set(VITALS)


def test_without_a_baseline_the_lines_are_those_of_the_preset() -> None:
    assert lines_in_force(KETAMINE_ADULT, None) == KETAMINE_ADULT.lines
    assert lines_in_force(KETAMINE_ADULT, {}) == KETAMINE_ADULT.lines


def test_baseline_adds_lines_for_the_vitals_that_it_has_and_changes_none() -> None:
    drawn = lines_in_force(KETAMINE_ADULT, {"sbp": 120, "pain": 2, "hr": 70})
    assert drawn["dbp"] == KETAMINE_ADULT.lines["dbp"]
    assert drawn["spo2"] == KETAMINE_ADULT.lines["spo2"]
    for vital, values in (("sbp", [144, 150, 160, 84]), ("hr", [91, 49])):
        absolute = KETAMINE_ADULT.lines[vital]
        assert drawn[vital][: len(absolute)] == absolute
        added = drawn[vital][len(absolute) :]
        assert [(line.basis, line.value) for line in added] == [("relative", v) for v in values]
        assert {line.delay_s for line in added} == {VITALS[vital].delays["relative"]}


def test_moved_lines_hold_with_and_without_a_baseline() -> None:
    moved = {"sbp.high": 165, "hr.low_critical": 38}
    for baseline in (None, {"sbp": 120}):
        drawn = lines_in_force(KETAMINE_ADULT, baseline, moved)
        assert [line.value for line in drawn["sbp"][:4]] == [80, 90, 165, 180]
        assert [line.value for line in drawn["hr"]] == [38, 50, 110, 140]
        assert len(drawn["sbp"]) == (4 if baseline is None else 8)


def test_vital_without_a_line_of_its_own_may_have_one_relative_to_the_baseline() -> None:
    bare = replace(KETAMINE_ADULT, lines={})
    drawn = lines_in_force(bare, {"dbp": 70, "hr": 70}, {"o2_flow.high": 6})
    assert {vital: [line.value for line in lines] for vital, lines in drawn.items()} == {
        "dbp": [95],
        "hr": [91, 49],
        "o2_flow": [],
    }


def test_preset_is_not_changed_by_what_a_person_moved() -> None:
    lines_in_force(KETAMINE_ADULT, {"sbp": 120}, {"sbp.high": 165})
    assert [line.value for line in KETAMINE_ADULT.lines["sbp"]] == [80, 90, 160, 180]
