"""Where replays go: a station and a patient code that no active session has, numbered if need be.

The server is asked once for all files of a run; what is given to one file is not given to another.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from app.simulator.admission import is_ours, not_ours
from app.simulator.client import Api, Json, SimulatorError

if TYPE_CHECKING:
    from collections.abc import Sequence

CODE_PREFIX = "REPLAY-"
CODE_MAX = 64  # characters that the server takes for a code
STATION_MAX = 64  # characters that the server's database keeps of a station


@dataclass(frozen=True, slots=True)
class Place:
    station: str
    code: str


def wanted_stations(stems: Sequence[str], station: str | None) -> list[str]:
    """One station a file: the one given (numbered if files are many), else the file's name."""
    if station is None:
        return [f"Replay {stem}" for stem in stems]
    given = station.strip()
    if not given:
        raise SimulatorError("the station has no name; leave --station away to use the file's")
    many = len(stems) > 1
    names = [f"{given} {number}" if many else given for number in range(1, len(stems) + 1)]
    if len(names[-1]) > STATION_MAX:
        raise SimulatorError(f"station {names[-1]!r} has more than {STATION_MAX} characters")
    return names


async def find_places(api: Api, stems: Sequence[str], station: str | None) -> list[Place]:
    """A free place for each file, in order; a station that is no replay's is an error."""
    stations = wanted_stations(stems, station)
    places = Places(await api.everything("/api/sessions", active="true"))
    return [places.take(wanted, stem) for wanted, stem in zip(stations, stems, strict=True)]


class Places:
    """What is free, as of the active sessions given; `take` uses it up."""

    def __init__(self, active: Sequence[Json]) -> None:
        self._at = {str(session["station"]): session for session in active}
        self._stations = set(self._at)
        self._codes = {str(session["patient"]["code"]) for session in active}

    def take(self, station: str, stem: str) -> Place:
        """The place wanted, or with the lowest number that makes both station and code free."""
        first = _place(station, stem, 1)
        held = self._at.get(first.station)
        if held is not None and not is_ours(held, CODE_PREFIX):
            raise not_ours(held, CODE_PREFIX)
        place = next(
            place
            for place in (_place(station, stem, number) for number in count(1))
            if place.station not in self._stations and place.code not in self._codes
        )
        self._stations.add(place.station)
        self._codes.add(place.code)
        return place


def _place(station: str, stem: str, number: int) -> Place:
    mark = "" if number == 1 else str(number)
    return Place(
        _fitted(station, f" ({mark})" if mark else "", STATION_MAX),
        _fitted(f"{CODE_PREFIX}{stem}", f"-{mark}" if mark else "", CODE_MAX),
    )


def _fitted(text: str, ending: str, most: int) -> str:
    """The text cut so that the ending has room, without the outer blanks the server drops."""
    return text.strip()[: most - len(ending)].rstrip() + ending
