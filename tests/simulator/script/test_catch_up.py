"""A script that was ended and started again goes on with the very same values."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

import pytest

from app.monitoring.commands import ChangePhase
from app.simulator.script import LOOK_S, Visit
from tests.simulator.script.bed import Bed, Json, in_json, told, visit_of

if TYPE_CHECKING:
    from app.simulator.scenario import Scenario

# A visit in which everybody does something: body, device, nurse, and somebody else.
STORY = {
    "plan": {"planned_min": 15, "recovery_min": 6, "pause": "never"},
    "happening": [
        {"sign": "spo2", "to": 84, "at_min": 4, "within_s": 40, "ends_with": ["oxygen"]},
        {"sign": "nausea", "to": 3, "at_min": 9, "within_s": 60, "ends_with": ["ondansetron"]},
    ],
    "fault": [
        {"kind": "outage", "from_min": 6, "to_min": 7},
        {"kind": "reordered", "from_min": 10, "to_min": 12},
    ],
    "nurse": {"answer_after_s": 25, "chart_every_min": 4},
}


def meddling(bed: Bed) -> None:
    if bed.visit.t == 1_204:
        bed.person(ChangePhase("paused"))
    if bed.visit.t == 1_307:
        bed.person(ChangePhase("infusing"))
    if bed.visit.t == 1_401:
        bed.writes("medication", {"drug": "Labetalol", "dose": 10, "unit": "mg"})
    if bed.visit.t == 1_452:
        bed.writes("rate_change", {}, "Slowed")


@lru_cache
def whole() -> Bed:
    return Bed(visit_of(scenario(), nurse=True)).play(between=meddling)


@lru_cache
def scenario() -> Scenario:
    return told(STORY)


def relived(cut_s: int, *, room_cut_s: int | None = None) -> tuple[Visit, list[Json]]:
    """A new script from that second on, and all that it then says."""
    bed = whole()
    known = bed.known(cut_s)
    visit = visit_of(scenario(), nurse=True)
    visit.catch_up(known, cut_s if room_cut_s is None else room_cut_s)
    said = []
    heard = len(known)
    while not visit.over:
        said += visit.advance()
        if visit.t % LOOK_S == 0:
            news = bed.known(visit.t)[heard:]
            heard += len(news)
            visit.hear(news)
    return visit, in_json(said)


def rest_of(cut_s: int) -> list[Json]:
    return in_json([action for action in whole().said if action.at_s > cut_s])


def test_the_story_is_worth_being_cut() -> None:
    bed = whole()
    assert bed.refused == []
    assert bed.visit.phase == "discharged"
    assert {"alarm.raised", "annotation.recorded", "alarm.acknowledged"} <= set(bed.kinds())


@pytest.mark.parametrize(
    "cut_s", [0, 130, 1_000, *(int(Random(str(n)).random() * 2_300) for n in range(7))]
)
def test_it_goes_on_as_if_nothing_had_been(cut_s: int) -> None:
    visit, said = relived(cut_s)
    assert said == rest_of(cut_s)
    assert visit.t == whole().visit.t
    assert visit.patient.level == whole().visit.patient.level


def test_what_was_said_after_the_last_look_is_said_again_and_nothing_else() -> None:
    """As a room does: it goes back to the last look; ids make the repeat harmless."""
    visit, said = relived(1_208, room_cut_s=1_200)
    assert said == rest_of(1_200)
    assert visit.t == whole().visit.t


def test_what_the_server_had_refused_is_not_relived() -> None:
    """The log alone tells which phases came about."""
    quick = told({"plan": {"pause_at_min": 4.1, "pause_min": 2.0, "planned_min": 20}})

    def completes(bed: Bed) -> None:
        if bed.visit.t == 904:
            bed.person(ChangePhase("completed"))

    bed = Bed(visit_of(quick)).play(1_000, between=completes)
    assert [asks.to for asks, _ in bed.refused] == ["paused"]
    visit = visit_of(quick)
    visit.catch_up(bed.log, 1_000)
    assert (visit.phase, visit.since_s) == (bed.visit.phase, bed.visit.since_s)
    assert visit.patient.level == bed.visit.patient.level
