"""A thousand virtual patients beside what clinics published of 0.5 mg/kg over 40 minutes."""

from __future__ import annotations

from functools import cache
from statistics import correlation, fmean, stdev

import pytest

from tests.simulator.body.crowd import Seen, changes, infused

MANY = 1_000
LOOKS = (0, 10, 20, 30, 40)
START, MIDDLE, AT_30, AT_40 = 0, 2, 3, 4


@cache
def thousand() -> list[list[Seen]]:
    return [infused(f"one of many {number}", LOOKS) for number in range(MANY)]


@pytest.mark.parametrize(
    ("sign", "mean", "sd"),
    [
        ("sbp", 124.0, 13.0),
        ("dbp", 77.0, 9.0),
        ("hr", 74.0, 10.0),
        ("spo2", 97.5, 1.0),
        ("rr", 15.0, 2.0),
        ("etco2", 37.0, 3.0),
    ],
)
def test_baselines_are_spread_as_adults_are(sign: str, mean: float, sd: float) -> None:
    drawn = [seen[START].expected[sign] for seen in thousand()]
    assert fmean(drawn) == pytest.approx(mean, abs=0.15 * sd)
    assert stdev(drawn) == pytest.approx(sd, rel=0.12)  # bounds cut the ends off


@pytest.mark.parametrize(
    ("sign", "mean", "sd"),
    [("sbp", 16.0, 11.2), ("dbp", 11.0, 8.45), ("hr", 7.0, 6.0)],  # the first two: Yale 2024
)
def test_the_rise_at_40_minutes_has_the_published_size_and_spread(
    sign: str, mean: float, sd: float
) -> None:
    change = changes(thousand(), sign, AT_40)
    assert fmean(change) == pytest.approx(mean, abs=0.1 * sd)
    assert stdev(change) == pytest.approx(sd, rel=0.1)


def test_each_rise_is_greatest_at_the_end_and_all_but_there_at_30_minutes() -> None:
    """Published maxima lie at 30 to 40 min."""
    for sign in ("sbp", "dbp", "hr"):
        means = [fmean(changes(thousand(), sign, look)) for look in range(len(LOOKS))]
        assert means == sorted(means)
        assert 0.85 <= means[AT_30] / means[AT_40] <= 0.95
    for look in (AT_30, AT_40):
        assert 5.0 <= fmean(changes(thousand(), "hr", look)) <= 10.0


def test_the_small_rise_of_another_clinic_lies_within_the_spread() -> None:
    for sign, published in (("sbp", 3.28), ("dbp", 3.17)):  # Emory 2018, at 30 min
        change = changes(thousand(), sign, AT_30)
        assert abs(fmean(change) - published) < 1.3 * stdev(change)
        assert 0.05 <= sum(each <= published for each in change) / MANY <= 0.4


def test_signs_change_together() -> None:
    sbp, dbp, hr = (changes(thousand(), sign, AT_40) for sign in ("sbp", "dbp", "hr"))
    assert correlation(sbp, dbp) == pytest.approx(0.7, abs=0.06)
    assert correlation(sbp, hr) == pytest.approx(0.35, abs=0.09)


def test_breathing_hardly_changes_and_oxygenation_does_not() -> None:
    for sign, bound in (("rr", 2.0), ("etco2", 3.0), ("spo2", 1.0)):
        change = changes(thousand(), sign, AT_40)
        assert abs(fmean(change)) < 0.7
        assert max(abs(each) for each in change) <= bound + 0.01


def test_about_half_are_drowsy_and_fewer_are_dissociated_at_the_peak() -> None:
    last = [seen[AT_40].expected for seen in thousand()]
    drowsy = sum(round(signs["sedation"]) < 5 for signs in last) / MANY
    moderate = sum(round(signs["sedation"]) < 4 for signs in last) / MANY
    dissociated = sum(round(signs["dissociation"]) >= 2 for signs in last) / MANY
    assert 0.5 <= drowsy <= 0.7
    assert moderate <= 0.08
    assert 0.3 <= dissociated <= 0.5


def test_severe_hypertension_is_rare() -> None:
    """Published: 1 of 100 sessions, 1 of 8 patients in a course of them."""
    severe = [
        any(look.cuff["sbp"] >= 180 or look.cuff["dbp"] >= 110 for look in seen)
        for seen in thousand()
    ]
    assert 0.005 <= sum(severe) / MANY <= 0.125


def test_blood_levels_are_those_that_clinics_measured() -> None:
    levels = sorted(seen[AT_40].blood for seen in thousand())
    assert fmean(levels) == pytest.approx(240.0, abs=5.0)
    assert 150 <= levels[MANY // 20] < levels[-MANY // 20] <= 320


def test_all_is_back_within_an_hour_of_the_end() -> None:
    """Published: no difference from baseline at 100 min."""
    later = [infused(f"one of many {number}", (0, 40, 100)) for number in range(100)]
    for sign in ("sbp", "dbp", "hr"):
        assert fmean(changes(later, sign, 2)) < 0.25 * fmean(changes(later, sign, 1))
    assert fmean(changes(later, "sbp", 2)) < 4.0  # what one cuff measurement errs
    assert max(seen[2].expected["dissociation"] for seen in later) == 0.0
