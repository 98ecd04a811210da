"""A reading as a person says that it should have been."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.monitoring.commands import RecordReading
from app.monitoring.errors import InvalidRequest, NoUsableValues
from app.monitoring.readings import Reading, Rejected, amended, check
from app.monitoring.times import parse_iso
from tests.monitoring.refusals import values as codes

NOW = parse_iso("2026-11-22T10:00:00.000Z")


def sent(device: str | None = "mon-03", **values: float) -> Reading:
    command = RecordReading(values, device=device, interval_s=300)
    return check(command, id="r", newest=lambda _: None, now=NOW, driven=False)


def test_named_values_are_replaced_and_the_others_stay() -> None:
    told = amended(sent(hr=80, spo2=97), {"hr": 90, "rr": 14})
    assert told.values == {"hr": 90, "rr": 14, "spo2": 97}


def test_value_of_none_is_taken_out() -> None:
    told = amended(sent(hr=80, spo2=97), {"hr": None, "rr": None})
    assert told.values == {"spo2": 97}


def test_everything_else_is_as_it_was() -> None:
    before = sent(hr=80, spo2=0)
    told = amended(before, {"hr": 90})
    assert replace(told, values=before.values, confirmed=False) == before


def test_person_has_looked_at_it() -> None:
    before = sent(hr=200, spo2=97)
    assert (before.unconfirmed, before.confirmed) == (("hr",), False)
    told = amended(before, {"spo2": 98})
    assert (told.unconfirmed, told.confirmed) == ((), True)


def test_derived_mean_pressure_is_derived_again() -> None:
    before = sent(sbp=120, dbp=80)
    assert before.derived == ("map",)
    told = amended(before, {"sbp": 150})
    assert (told.values["map"], told.derived) == (103.3, ("map",))
    assert list(told.values) == ["dbp", "map", "sbp"]


@pytest.mark.parametrize("gone", ["sbp", "dbp"])
def test_half_a_pressure_has_no_mean(gone: str) -> None:
    told = amended(sent(sbp=120, dbp=80), {gone: None})
    assert set(told.values) == {"sbp", "dbp"} - {gone}
    assert told.derived == ()


def test_pressure_that_is_made_whole_has_a_mean() -> None:
    told = amended(sent(sbp=120), {"dbp": 80})
    assert (told.values, told.derived) == ({"dbp": 80, "map": 93.3, "sbp": 120}, ("map",))


def test_measured_mean_pressure_stays_and_a_typed_one_counts_as_measured() -> None:
    measured = amended(sent(sbp=120, dbp=80, map=97), {"sbp": 125})
    assert (measured.values["map"], measured.derived) == (97, ())
    entered = amended(sent(sbp=120, dbp=80), {"map": 95})
    assert (entered.values["map"], entered.derived) == (95, ())


def test_rejected_value_that_is_filled_in_is_no_longer_rejected() -> None:
    before = sent(hr=80, spo2=0, rr=150)
    told = amended(before, {"spo2": 96})
    assert told.values == {"hr": 80, "spo2": 96}
    assert told.rejected == (Rejected("rr", 150, "implausible"),)


def test_what_a_person_changes_must_be_possible() -> None:
    with pytest.raises(InvalidRequest) as refused:
        amended(sent(hr=80, sedation=5), {"hr": 310, "sedation": 2.5})
    assert codes(refused) == [("hr", "implausible"), ("sedation", "not_whole")]


def test_what_a_device_measured_need_not_be_what_a_person_may_enter() -> None:
    told = amended(sent(hr=310, spo2=97), {"spo2": 96})
    assert told.values == {"hr": 310, "spo2": 96}
    gone = amended(sent(hr=310, spo2=97), {"hr": None})
    assert gone.values == {"spo2": 97}


@pytest.mark.parametrize("change", [{"dbp": 125}, {"sbp": 75}])
def test_pressures_must_fit_whichever_was_changed(change: dict[str, float]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        amended(sent(sbp=120, dbp=80), change)
    assert codes(refused) == [("dbp", "inconsistent")]


@pytest.mark.parametrize("device", [None, "mon-03"])
def test_reading_is_not_emptied_but_voided(device: str | None) -> None:
    with pytest.raises(NoUsableValues) as refused:
        amended(sent(device, sbp=120, dbp=80), {"sbp": None, "dbp": None})
    assert codes(refused) == []
