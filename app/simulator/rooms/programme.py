"""Who is in which room of a run, and from when on. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.simulator.client import SimulatorError
from app.simulator.scenario import ClinicScenario, Scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

MINUTE_S = 60
STAGGER_S = 4 * MINUTE_S  # rooms do not start all at once
USUAL_ROOMS = 4
USUAL_SEED = 1
USUAL_CAST = ("normal", "hypertension", "desaturation", "normal", "nausea", "tachycardia")
CODE_PREFIX = "SIM-"
LONGEST_NAME = 64  # characters: of a code and of a device


@dataclass(frozen=True, slots=True)
class Booking:
    """One visit of a run; seconds count from the beginning of the run."""

    scenario: Scenario
    seed: str
    code: str
    due_s: int
    """The appointment. Negative: before the run began."""

    @property
    def checks_in_s(self) -> int:
        return self.due_s + round(self.scenario.plan.late_min * MINUTE_S)


@dataclass(frozen=True, slots=True)
class Place:
    """One room of a run and the patients it sees, one after the other."""

    number: int
    station: str
    seed: int
    first: Booking | None
    clinic: ClinicScenario | None = None

    @property
    def device(self) -> str:
        return monitor_at(self.station)

    def after(self, left_s: int, nth: int) -> Booking | None:
        """The `nth` patient of this room, if one comes after the one who left then."""
        if self.clinic is None:
            return None
        seed = f"{room_seed(self.seed, self.number)}-{nth}"
        coming = self.clinic.coming(self.number - 1, seed)
        if coming is None:
            return None
        code = code_of(f"S{seed}", coming.scenario)
        return Booking(coming.scenario, seed, code, left_s + coming.gap_s)


def monitor_at(station: str) -> str:
    """The monitor of a room: another in each, so that no run takes one from a room of another's."""
    return f"mon-{_plain(station.lower())}"[:LONGEST_NAME]


def code_of(seed: str, scenario: Scenario) -> str:
    """Another patient for another scenario: what is written down about one holds for all visits."""
    return f"{CODE_PREFIX}{seed}-{_plain(scenario.name)}"[:LONGEST_NAME]


def _plain(text: str) -> str:
    return "".join(letter if letter.isalnum() or letter == "_" else "-" for letter in text)


def room_seed(seed: int, room: int) -> str:
    return f"{seed}-{room}"


def programme(
    scenarios: Sequence[Scenario | ClinicScenario],
    *,
    rooms: int | None = None,
    seed: int | None = None,
    station: str = "Sim",
) -> list[Place]:
    """The rooms of a run: of a clinic scenario its own, else the scenarios in turn."""
    clinics = [scenario for scenario in scenarios if isinstance(scenario, ClinicScenario)]
    if clinics:
        if len(scenarios) > 1 or rooms is not None:
            raise SimulatorError(
                f"{clinics[0].name} is a whole clinic and brings its own rooms: give it alone,"
                " without --rooms"
            )
        places = _clinic(clinics[0], seed)
    else:
        visits = [scenario for scenario in scenarios if isinstance(scenario, Scenario)]
        places = _in_turn(visits, rooms, USUAL_SEED if seed is None else seed, station)
    _check_moves(places)
    return places


def _in_turn(
    scenarios: Sequence[Scenario], rooms: int | None, seed: int, station: str
) -> list[Place]:
    count = len(scenarios) if rooms is None else rooms
    return [
        Place(
            number,
            f"{station} {number}",
            seed,
            _first(
                scenarios[(number - 1) % len(scenarios)], seed, number, (number - 1) * STAGGER_S
            ),
        )
        for number in range(1, count + 1)
    ]


def _clinic(clinic: ClinicScenario, seed: int | None) -> list[Place]:
    usual = clinic.seed if clinic.seed is not None else USUAL_SEED
    whole = usual if seed is None else seed
    places: list[Place] = []
    for index, room in enumerate(clinic.rooms):
        scenario = clinic.first(index)
        own = whole if room.seed is None else room.seed
        due_s = round(room.at_min * MINUTE_S)
        first = None if scenario is None else _first(scenario, own, index + 1, due_s)
        places.append(Place(index + 1, clinic.station(index), whole, first, clinic))
    return places


def _first(scenario: Scenario, seed: int, number: int, due_s: int) -> Booking:
    of_room = room_seed(seed, number)
    return Booking(scenario, of_room, code_of(f"S{of_room}", scenario), due_s)


def _check_moves(places: Sequence[Place]) -> None:
    for place in places:
        for fault in place.first.scenario.faults if place.first else ():
            if fault.kind == "moved" and fault.to_room > len(places):
                name = place.first.scenario.name if place.first else ""
                raise SimulatorError(
                    f"{name}: its device is carried to room {fault.to_room}, but this run has"
                    f" {len(places)}: give more with --rooms"
                )
