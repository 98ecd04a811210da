"""A clinic as frozen values: rooms side by side, and who comes into them next. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Annotated, Self, TypeVar

from pydantic import Field, model_validator

from app.simulator.scenario.models import (
    LONGEST_MIN,
    MOST,
    Faults,
    Minute,
    Name,
    NurseOf,
    Part,
    PlanOf,
    Scenario,
    Words,
)

_P = TypeVar("_P", bound=Part)

MOST_ROOMS = 64  # as `simulate --rooms`
MINUTE_S = 60

Weight = Annotated[float, Field(gt=0, le=1_000)]
Weights = Annotated[Mapping[str, Weight], Field(min_length=1, max_length=MOST)]
Scenarios = Mapping[str, Scenario]


class NextOf(Part):
    """Who comes into a room that has become empty: drawn by weight, after a drawn gap."""

    scenarios: Weights
    gap_min: tuple[Minute, Minute]

    @model_validator(mode="after")
    def _gap_rises(self) -> Self:
        least, most = self.gap_min
        if least > most:
            raise ValueError(f"gap_min goes from least to most, not from {least:g} to {most:g}")
        return self

    def drawn(self, seed: str) -> str:
        """Name of the next scenario."""
        whole = 0.0  # not `sum`, which rounds otherwise from one Python to the next
        for weight in self.scenarios.values():
            whole += weight
        left = Random(f"next:{seed}").random() * whole
        for name, weight in self.scenarios.items():
            left -= weight
            if left < 0:
                return name
        return name

    def gap_s(self, seed: str) -> int:
        least, most = (minutes * MINUTE_S for minutes in self.gap_min)
        return int(least + Random(f"empty:{seed}").random() * (most - least))


class RoomOf(Part):
    """One room of a clinic: who is in it first, and what is different there."""

    scenario: str | None = None
    """Name of a built-in one, or a path relative to the clinic's file; None: empty at first."""
    at_min: float = Field(default=0.0, ge=-LONGEST_MIN, le=LONGEST_MIN)
    """The appointment, as minute of the run; negative: before the run began."""
    late_min: Minute = 0.0
    """The patient checks in this long after the appointment."""
    station: str | None = Field(default=None, min_length=1, max_length=64)
    seed: int | None = None
    """Of the first patient; None: from the seed of the run."""
    nurse: NurseOf | None = None
    """What it says holds in place of the scenario's, for the first patient; so does `plan`."""
    plan: PlanOf | None = None
    faults: Faults = Field(default=(), alias="fault")
    """Beside those of the scenario, for the first patient."""
    last: bool = False
    """Nobody comes after the first patient."""

    @property
    def checks_in_min(self) -> float:
        """Minute of the run at which the first patient checks in."""
        return self.at_min + self.late_min


@dataclass(frozen=True, slots=True)
class Coming:
    """The next patient of a room, and how long it stands empty before."""

    scenario: Scenario
    gap_s: int


class ClinicScenario(Part):
    """Rooms side by side; `scenarios` holds, by name, all that rooms and `next` speak of."""

    name: Name
    about: Words
    rooms: tuple[RoomOf, ...] = Field(alias="room", min_length=1, max_length=MOST_ROOMS)
    next: NextOf | None = None
    seed: int | None = None
    """What a run without a seed of its own takes."""
    scenarios: Scenarios

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        seen: dict[str, int] = {}
        for room in range(len(self.rooms)):
            other = seen.setdefault(self.station(room), room)
            if other != room:
                raise ValueError(f"rooms {other + 1} and {room + 1} have the same station")
            self._check_room(room)
        return self

    def _check_room(self, room: int) -> None:
        one = self.rooms[room]
        if one.scenario is None and self.next is None:
            raise ValueError(f"room {room + 1} has no scenario, and there is no [next] to come")
        if one.scenario is None and (one.plan or one.nurse or one.faults or one.last):
            raise ValueError(f"room {room + 1} has no scenario: of whom is what stands there?")
        for fault in one.faults:
            if fault.kind == "moved" and fault.to_room > len(self.rooms):
                raise ValueError(f"room {room + 1}: there is no room {fault.to_room} to move to")
        try:
            self.first(room)
        except ValueError as error:
            raise ValueError(f"room {room + 1}: {error}") from None

    def station(self, room: int) -> str:
        return self.rooms[room].station or f"Room {room + 1}"

    def first(self, room: int) -> Scenario | None:
        """Who is in this room first, with what is different there; None: nobody."""
        one = self.rooms[room]
        if one.scenario is None:
            return None
        usual = self.scenarios[one.scenario]
        plan = _in_place(usual.plan, one.plan)
        if one.late_min:
            plan = plan.model_copy(update={"late_min": one.late_min})
        differs = {
            "plan": plan,
            "nurse": _in_place(usual.nurse, one.nurse),
            "faults": usual.faults + one.faults,
        }
        there = usual.model_copy(update=differs)
        there.check()
        return there

    def coming(self, room: int, seed: str) -> Coming | None:
        """Who comes next into this room, drawn by this seed; None: nobody."""
        if self.next is None or self.rooms[room].last:
            return None
        return Coming(self.scenarios[self.next.drawn(seed)], self.next.gap_s(seed))


def _in_place(usual: _P, other: _P | None) -> _P:
    """As usual, but for what the other one says."""
    said = () if other is None else other.model_fields_set
    return usual.model_copy(update={name: getattr(other, name) for name in said})
