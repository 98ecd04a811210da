"""A clinic: who is in which room first, what differs there, and who comes next."""

from __future__ import annotations

from collections import Counter

import pytest

from app.simulator.scenario import ClinicScenario, Scenario, find, parse

MORNING = """
about = "Two rooms at nine o'clock: one is in the middle of it, the other patient is late."
seed = 7

[[room]]
scenario = "desaturation"
at_min = -40
station = "Room A"
seed = 11

[room.nurse]
forgets_from_min = 20

[[room.fault]]
kind = "outage"
from_min = 30
to_min = 35

[[room]]
scenario = "normal"
late_min = 12

[room.plan]
planned_min = 60
dose_mg_per_kg = 0.75

[[room]]
at_min = 30

[[room]]
scenario = "normal"
last = true

[next]
gap_min = [2.5, 5.5]

[next.scenarios]
normal = 3
hypertension = 1
"""


@pytest.fixture
def morning() -> ClinicScenario:
    clinic = parse(MORNING, "morning")
    assert isinstance(clinic, ClinicScenario)
    return clinic


def first_in(clinic: ClinicScenario, room: int) -> Scenario:
    found = clinic.first(room)
    assert found is not None
    return found


def test_a_patient_may_have_come_before_the_run_began(morning: ClinicScenario) -> None:
    assert morning.rooms[0].checks_in_min == -40
    assert [morning.station(room) for room in range(4)] == ["Room A", "Room 2", "Room 3", "Room 4"]
    assert (morning.seed, morning.rooms[0].seed) == (7, 11)


def test_a_late_patient_checks_in_after_the_appointment(morning: ClinicScenario) -> None:
    assert morning.rooms[1].at_min == 0
    assert morning.rooms[1].checks_in_min == 12
    assert first_in(morning, 1).plan.late_min == 12


def test_what_differs_in_a_room_leaves_the_rest_of_the_scenario(morning: ClinicScenario) -> None:
    usual = find("desaturation")
    assert isinstance(usual, Scenario)
    there = first_in(morning, 0)
    assert there.nurse.forgets_from_min == 20
    assert there.nurse.answers == usual.nurse.answers
    assert [fault.kind for fault in there.faults] == ["outage"]
    assert there.happenings == usual.happenings
    assert (usual.nurse.forgets_from_min, usual.faults) == (None, ())


def test_a_rooms_plan_holds_for_what_it_says(morning: ClinicScenario) -> None:
    plan = first_in(morning, 1).plan
    assert (plan.planned_min, plan.dose_mg_per_kg, plan.cuff_every_min) == (60, 0.75, 5)


def test_a_room_without_a_scenario_is_empty_at_first(morning: ClinicScenario) -> None:
    assert morning.first(2) is None
    assert morning.coming(2, "1") is not None


def test_nobody_comes_after_the_last(morning: ClinicScenario) -> None:
    assert morning.coming(3, "1") is None


def test_a_clinic_without_next_ends(morning: ClinicScenario) -> None:
    assert morning.model_copy(update={"next": None}).coming(0, "1") is None


def test_who_comes_next_is_drawn_by_weight_and_the_same_for_the_same_seed(
    morning: ClinicScenario,
) -> None:
    drawn = [morning.coming(1, str(seed)) for seed in range(1_000)]
    again = [morning.coming(1, str(seed)) for seed in range(1_000)]
    assert drawn == again
    names = Counter(one.scenario.name for one in drawn if one)
    assert 700 <= names["normal"] <= 800
    assert names["normal"] + names["hypertension"] == 1_000


def test_the_room_stands_empty_between_the_two_bounds(morning: ClinicScenario) -> None:
    gaps = [one.gap_s for seed in range(200) if (one := morning.coming(1, str(seed)))]
    assert len(gaps) == 200
    assert 150 <= min(gaps) < 165
    assert 315 < max(gaps) <= 330


def test_what_differs_in_a_room_is_over_with_its_first_patient(morning: ClinicScenario) -> None:
    coming = morning.coming(0, "1")
    assert coming is not None
    assert coming.scenario == find(coming.scenario.name)
