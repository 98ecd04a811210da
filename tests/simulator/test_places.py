"""Places for replays: free, numbered alike for station and patient, within the server's lengths."""

from __future__ import annotations

from typing import Any

import pytest

from app.simulator.client import SimulatorError
from app.simulator.places import Place, Places, wanted_stations


def active(station: str, code: str, *, simulated: bool = True) -> dict[str, Any]:
    return {"station": station, "patient": {"code": code}, "simulated": simulated}


def test_station_and_code_bear_the_same_number() -> None:
    places = Places([active("Replay a", "REPLAY-a"), active("Bed 7", "REPLAY-a-2")])
    assert places.take("Replay a", "a") == Place("Replay a (3)", "REPLAY-a-3")


def test_a_code_in_use_elsewhere_is_not_free() -> None:
    places = Places([active("Bed 7", "REPLAY-a")])
    assert places.take("Bed 8", "a") == Place("Bed 8 (2)", "REPLAY-a-2")


@pytest.mark.parametrize(
    "held",
    [
        active("Bed 7", "P-1042", simulated=False),
        active("Bed 7", "SIM-1-01"),
        active("Bed 7", "REPLAY-a", simulated=False),
    ],
)
def test_a_station_that_no_replay_holds_is_an_error(held: dict[str, Any]) -> None:
    with pytest.raises(SimulatorError, match=r"Bed 7 has an active session of .*not one of these"):
        Places([held]).take(" Bed 7 ", "a")


def test_a_numbered_station_that_somebody_else_holds_is_passed_over() -> None:
    places = Places([active("Bed 7", "REPLAY-a"), active("Bed 7 (2)", "P-1042", simulated=False)])
    assert places.take("Bed 7", "a") == Place("Bed 7 (3)", "REPLAY-a-3")


def test_names_of_one_run_do_not_clash() -> None:
    places = Places([])
    taken = [places.take(f"Replay {stem}", stem) for stem in ("a", "a", "a-2")]
    assert taken == [
        Place("Replay a", "REPLAY-a"),
        Place("Replay a (2)", "REPLAY-a-2"),
        Place("Replay a-2 (2)", "REPLAY-a-2-2"),
    ]


def test_long_names_are_cut_and_stay_apart() -> None:
    places = Places([])
    stems = ["x" * 100 + str(number) for number in range(12)]
    taken = [places.take(f"Replay {stem}", stem) for stem in stems]
    assert len({place.station for place in taken}) == len({place.code for place in taken}) == 12
    assert {len(place.station) for place in taken} == {len(place.code) for place in taken} == {64}
    assert taken[11].station.endswith("x (12)")
    assert taken[11].code.endswith("x-12")


def test_a_station_given_is_numbered_for_several_files() -> None:
    assert wanted_stations(["a", "b"], None) == ["Replay a", "Replay b"]
    assert wanted_stations(["a"], " Bed 7 ") == ["Bed 7"]
    assert wanted_stations(["a", "b"], "Bed") == ["Bed 1", "Bed 2"]


@pytest.mark.parametrize("station", ["", "  ", "x" * 65])
def test_what_is_no_station(station: str) -> None:
    with pytest.raises(SimulatorError, match="station"):
        wanted_stations(["a"], station)
