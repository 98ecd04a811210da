"""A patient is their seed: the same numbers on any machine, however often somebody looks."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from random import Random
from statistics import correlation, fmean, stdev

import pytest

from app.simulator.body import USUAL, Happening, Patient, Spread
from app.simulator.body.traits import bell
from tests.simulator.body.crowd import USUAL_RATE, run

GOLDEN = "7313ed415cb3d75435c6b1a9cab0e808cdbb0d1c17095b4f89a3ae3cf75521f6"
HOUR_S = 3_600
RESTLESS = Happening("agitation", 3.0, 5.0, 60.0, 300.0, 120.0)


def an_hour(seed: str) -> list[dict[str, int]]:
    """Everything that can happen in an hour: an infusion, a pause, agitation, what helps."""
    patient = Patient(seed, happenings=[RESTLESS])
    shown: list[dict[str, int]] = []
    for second in range(HOUR_S):
        paused = 1_200 <= second < 1_500
        rate = 0.0 if paused or second >= 2_700 else USUAL_RATE
        patient.advance(rate, story=not paused)
        if second in {600, 900}:
            patient.give("midazolam", 2.0)
            patient.give("oxygen", 3.0)
        shown.append(patient.streamed())
        if second % 300 == 0:
            shown += [patient.cuff(), patient.scores()]
    return shown


def digest(shown: list[dict[str, int]]) -> str:
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def test_same_seed_same_numbers_on_any_machine() -> None:
    """The digest was computed once; a machine that gives another one computes differently."""
    assert digest(an_hour("golden")) == GOLDEN
    assert digest(an_hour("other")) != GOLDEN


def test_a_look_more_or_less_alters_nothing() -> None:
    """A cuff pressed twice, or a nurse who asks for everything each second, changes no number."""
    watched, left_alone = (Patient("looked at", happenings=[RESTLESS]) for _ in range(2))
    for _ in range(900):
        for patient in (watched, left_alone):
            patient.advance(USUAL_RATE)
        assert watched.cuff() == watched.cuff()
        assert watched.full_set() == watched.full_set()
        watched.expected("agitation")
    assert watched.streamed() == left_alone.streamed()
    assert watched.cuff() == left_alone.cuff()


def test_a_draw_that_differs_changes_no_other() -> None:
    usual = Patient("drawn")
    other = Patient("drawn", draws={"spo2": Spread.exactly(96.0), "peak_hr": Spread.exactly(48.0)})
    assert other.traits.baseline["spo2"] == 96.0
    assert other.traits.peak["hr"] == 48.0
    for sign in ("hr", "sbp", "dbp", "rr", "etco2", "temp", "pain"):
        assert other.traits.baseline[sign] == usual.traits.baseline[sign]
    assert other.traits.weight_kg == usual.traits.weight_kg


def test_an_unknown_draw_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"no 'spo'\. There are: weight, age, sbp"):
        Patient("x", draws={"spo": Spread.exactly(96.0)})
    with pytest.raises(ValueError, match="low is not above high"):
        Spread(1.0, 1.0, 2.0, 1.0)


def test_traits_stay_within_their_bounds() -> None:
    for number in range(300):
        traits = Patient(f"bounds {number}").traits
        for sign, value in traits.baseline.items():
            assert USUAL[sign].low <= value <= USUAL[sign].high
        assert traits.baseline["sbp"] - traits.baseline["dbp"] >= 25.0
        assert USUAL["weight"].low <= traits.weight_kg <= USUAL["weight"].high


def test_the_bell_is_standard_normal() -> None:
    rng = Random("bell")
    draws = [bell(rng) for _ in range(20_000)]
    assert fmean(draws) == pytest.approx(0.0, abs=0.03)
    assert stdev(draws) == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize(("sign", "sd"), [("hr", 2.0), ("rr", 1.0), ("etco2", 0.8), ("spo2", 0.5)])
def test_what_a_monitor_shows_wanders_as_published_and_remembers(sign: str, sd: float) -> None:
    patient = Patient("noise", draws={"spo2": Spread.exactly(96.0)})
    shown: list[int] = []
    for _ in range(4 * HOUR_S):
        patient.advance(0.0, story=False)
        shown.append(patient.streamed()[sign])
    rounding = 1 / 12  # the variance that whole numbers add
    assert stdev(shown) == pytest.approx((sd**2 + rounding) ** 0.5, rel=0.1)
    remembered = 0.9 * sd**2 / (sd**2 + rounding)
    assert correlation(shown[:-5], shown[5:]) == pytest.approx(remembered, abs=0.05)
    assert abs(correlation(shown[:-300], shown[300:])) < 0.15
    assert fmean(shown) == pytest.approx(patient.expected(sign), abs=0.3)


def test_a_cuff_errs_by_four_and_neighbours_by_less() -> None:
    patient = Patient("cuff")
    sbp: list[int] = []
    for second in range(8 * HOUR_S):
        patient.advance(0.0, story=False)
        if second % 60 == 0:
            sbp.append(patient.cuff()["sbp"])
    assert stdev(sbp) == pytest.approx(4.0, rel=0.15)
    steps = [b - a for a, b in pairwise(sbp)]
    assert stdev(steps) < 0.95 * 4.0 * 2**0.5


def test_a_cuff_that_errs_keeps_the_pressures_apart() -> None:
    narrow = Happening("dbp", 120.0, 0.0, 0.0, None, 60.0)
    patient = Patient("narrow", draws={"sbp": Spread.exactly(120.0)}, happenings=[narrow])
    assert patient.expected("dbp") == 102.0
    for _ in range(300):
        patient.advance(0.0)
        cuff = patient.cuff()
        assert cuff["dbp"] + 6 <= cuff["map"] <= cuff["sbp"] - 11
        assert cuff["dbp"] <= cuff["sbp"] - 18


def test_a_pause_lets_the_drug_fall_and_holds_the_story() -> None:
    patient = Patient("pause")
    run(patient, 20 * 60)
    level, felt, story = patient.blood_ng_per_ml, patient.mind, patient.story_min
    run(patient, 5 * 60, 0.0, story=False)
    assert patient.blood_ng_per_ml < 0.5 * level
    assert patient.mind < 0.5 * felt
    assert patient.story_min == story == 20.0


def test_a_rate_set_higher_is_felt_within_minutes() -> None:
    steady, faster = Patient("rate"), Patient("rate")
    run(steady, 20 * 60)
    run(faster, 20 * 60)
    run(steady, 5 * 60)
    run(faster, 5 * 60, 1.5 * USUAL_RATE)
    assert faster.blood_ng_per_ml > 1.2 * steady.blood_ng_per_ml
    assert faster.pressor > 1.08 * steady.pressor


@pytest.mark.parametrize("rate", [-0.1, float("nan")])
def test_what_is_no_rate_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="is no rate"):
        Patient("x").advance(rate)


def test_a_full_set_is_what_the_monitor_and_the_cuff_show() -> None:
    patient = Patient("set")
    run(patient, 10)
    full = patient.full_set()
    assert set(full) == {
        *("hr", "spo2", "rr", "sbp", "dbp", "temp", "sedation", "dissociation", "pain")
    }
    assert full.items() >= {k: v for k, v in patient.cuff().items() if k != "map"}.items()
    assert full["hr"] == patient.streamed()["hr"]
