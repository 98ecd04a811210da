"""Other limits, written in a file: what they move, and what they may not say."""

from __future__ import annotations

import pytest

from app.monitoring.errors import InvalidRequest
from app.monitoring.limits import Line, named_line
from app.monitoring.protocols import KETAMINE_ADULT, lines_in_force
from app.review.proposal import Proposal, read_proposal

LINES = KETAMINE_ADULT.lines
CALMER = """
[limits.spo2]
low = 90
low_critical = 86

[delays.spo2]
low = 30
low_critical = 8
"""


def line(proposal: Proposal, vital: str, flag: str) -> Line:
    found = named_line(proposal.redraw(LINES)[vital], flag)
    assert found is not None
    return found


def test_lines_move_and_wait_as_the_file_says() -> None:
    proposal = read_proposal(CALMER)
    warning, critical = line(proposal, "spo2", "low"), line(proposal, "spo2", "low_critical")
    assert (warning.value, warning.delay_s) == (90, 30)
    assert (critical.value, critical.delay_s) == (86, 8)
    assert (warning.priority, critical.priority) == ("medium", "high")


def test_what_is_not_named_stays_as_it_was() -> None:
    redrawn = read_proposal(CALMER).redraw(LINES)
    assert {v: of for v, of in redrawn.items() if v != "spo2"} == {
        v: of for v, of in LINES.items() if v != "spo2"
    }
    assert Proposal().redraw(LINES) == LINES


def test_a_further_line_of_the_same_flag_keeps_its_distance_and_is_never_slower() -> None:
    first, further = (
        e for e in read_proposal(CALMER).redraw(LINES)["spo2"] if e.tier == "critical"
    )
    old_first, old_further = (e for e in LINES["spo2"] if e.tier == "critical")
    assert first.value - further.value == old_first.value - old_further.value
    assert further.delay_s == min(old_further.delay_s, 8)
    quick = read_proposal("[delays.spo2]\nlow_critical = 2").redraw(LINES)["spo2"]
    assert [e.delay_s for e in quick if e.tier == "critical"] == [2, 2]


def test_lines_relative_to_the_baseline_are_drawn_as_before() -> None:
    baseline = {"spo2": 98}
    relative = [
        [e for e in lines_in_force(protocol, baseline)["spo2"] if e.basis == "relative"]
        for protocol in (KETAMINE_ADULT,)
    ]
    redrawn = read_proposal(CALMER).redraw(lines_in_force(KETAMINE_ADULT, baseline))
    assert [e for e in redrawn["spo2"] if e.basis == "relative"] == relative[0] != []


@pytest.mark.parametrize(
    ("text", "where", "code"),
    [
        ("", "limits", "required"),
        ("[lines.spo2]\nlow = 90", "lines", "unknown_field"),
        ("limits = 90", "limits", "not_an_object"),
        ("[limits]\nspo2 = 90", "limits.spo2", "not_an_object"),
        ("[limits.sats]\nlow = 90", "limits.sats", "unknown_vital"),
        ("[limits.spo2]\nhigh = 99", "limits.spo2.high", "no_such_line"),
        ("[limits.spo2]\nlowest = 80", "limits.spo2.lowest", "no_such_line"),
        ('[limits.spo2]\nlow = "90"', "limits.spo2.low", "not_a_number"),
        ("[limits.spo2]\nlow = true", "limits.spo2.low", "not_a_number"),
        ("[limits.spo2]\nlow = 101", "limits.spo2.low", "out_of_bounds"),
        ("[limits.spo2]\nlow = nan", "limits.spo2.low", "out_of_bounds"),
        ("[limits.spo2]\nlow = 86", "limits.spo2", "not_ordered"),
        ("[limits.hr]\nlow = 115", "limits.hr", "not_ordered"),
        ("[delays.spo2]\nlow = -1", "delays.spo2.low", "out_of_bounds"),
        ("[delays.spo2]\nlow = 601", "delays.spo2.low", "out_of_bounds"),
        ("[delays.sbp]\nhigh = 30", "delays.sbp.high", "no_delay"),
    ],
)
def test_what_a_file_may_not_say(text: str, where: str, code: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        read_proposal(text)
    told = [(".".join(map(str, e.loc)), e.code) for e in refusal.value.errors]
    assert told == [(where, code)]


def test_what_is_no_toml_is_told_as_it_is() -> None:
    with pytest.raises(InvalidRequest, match="not TOML"):
        read_proposal("[limits.spo2\nlow = 90")
