"""What befalls a patient: when, how far, for how long, and what ends it."""

from __future__ import annotations

import pytest

from app.simulator.body import Happening, Patient, Spread
from tests.simulator.body.crowd import run

WELL = {"spo2": Spread.exactly(97.0), "peak_spo2": Spread.exactly(0.0)}
DESATURATION = Happening("spo2", 86.0, 25.0, 90.0, 180.0, 180.0, frozenset({"rouse", "oxygen"}))
APNOEA = Happening("rr", 4.0, 2.0, 30.0, None, 20.0, frozenset({"rouse"}))


def test_a_desaturation_falls_within_90_seconds_stays_and_recovers() -> None:
    patient = Patient("d", draws=WELL, happenings=[DESATURATION])
    run(patient, 25 * 60)
    assert patient.expected("spo2") == 97.0
    run(patient, 45)
    assert patient.expected("spo2") == pytest.approx(91.5)  # half way
    run(patient, 45)
    assert patient.expected("spo2") == 86.0
    run(patient, 180)
    assert patient.expected("spo2") == 86.0
    run(patient, 180)
    assert patient.expected("spo2") == 97.0


def test_it_stands_while_the_infusion_is_paused_and_runs_on_after_its_end() -> None:
    patient = Patient("p", draws=WELL, happenings=[DESATURATION])
    run(patient, 25 * 60 + 45)
    run(patient, 600, 0.0, story=False)
    assert patient.expected("spo2") == pytest.approx(91.5)
    run(patient, 45, 0.0)
    assert patient.expected("spo2") == 86.0


def test_rousing_ends_an_apnoea_that_nothing_else_ends() -> None:
    patient = Patient("a", happenings=[APNOEA])
    run(patient, 60 * 60, 0.0)
    assert patient.expected("rr") == 4.0
    patient.give("reassure")
    run(patient, 120, 0.0)
    assert patient.expected("rr") == 4.0
    patient.give("rouse")
    run(patient, 4, 0.0)
    assert patient.expected("rr") == 4.0  # the remedy's own delay
    run(patient, 30, 0.0)
    assert patient.expected("rr") >= patient.traits.baseline["rr"] - 1.0
    run(patient, 1_800, 0.0)
    assert patient.expected("rr") >= patient.traits.baseline["rr"] - 1.0  # for good


def test_an_answer_works_while_the_infusion_is_paused() -> None:
    patient = Patient("q", happenings=[APNOEA])
    run(patient, 300)
    patient.give("rouse")
    run(patient, 40, 0.0, story=False)
    assert patient.expected("rr") > 10.0


def test_what_was_given_beforehand_and_still_works_ends_it_as_it_begins() -> None:
    nausea = Happening("nausea", 3.0, 20.0, 120.0, None, 300.0, frozenset({"ondansetron"}))
    worst = {False: 0.0, True: 0.0}
    for given in worst:
        patient = Patient("n", happenings=[nausea])
        if given:
            patient.give("ondansetron")
        for _ in range(30):
            run(patient, 60)
            worst[given] = max(worst[given], patient.expected("nausea"))
    assert worst == {False: 3.0, True: 0.0}


def test_a_rousing_that_wears_off_does_not_help_any_more() -> None:
    later = Happening("rr", 4.0, 3.0, 30.0, None, 20.0, frozenset({"rouse"}))
    patient = Patient("r", happenings=[later])
    patient.give("rouse")
    run(patient, 12 * 60)
    assert patient.expected("rr") == 4.0


def test_a_minute_below_zero_has_been_since_before_the_infusion() -> None:
    anxious = Happening("agitation", 3.0, -10.0, 60.0, 15 * 60.0, 120.0)
    patient = Patient("anxious", happenings=[anxious])
    calm = Patient("anxious")
    assert patient.expected("agitation") == 3.0
    assert patient.moving
    assert patient.expected("hr") == pytest.approx(calm.expected("hr") + 21.0)
    run(patient, 600, 0.0, story=False)
    assert patient.expected("agitation") == 3.0
    run(patient, 10 * 60)
    assert patient.expected("agitation") == 0.0
    assert not patient.moving


def test_who_comes_anxious_can_be_reassured_before_the_infusion() -> None:
    anxious = Happening("agitation", 3.0, 0.0, 0.0, None, 120.0, frozenset({"reassure"}))
    patient = Patient("reassured", happenings=[anxious])
    assert patient.expected("agitation") == 3.0
    run(patient, 300, 0.0, story=False)
    assert patient.expected("agitation") == 3.0
    patient.give("reassure")
    run(patient, 30 + 120, 0.0, story=False)
    assert patient.expected("agitation") == 0.0
    run(patient, 3_600)
    assert patient.expected("agitation") == 0.0


def test_one_that_comes_and_goes_at_once_does() -> None:
    patient = Patient("jump", happenings=[Happening("hr", 44.0, 1.0, 0.0, 10.0, 0.0)])
    run(patient, 59, 0.0)
    assert patient.expected("hr") > 50.0
    run(patient, 1, 0.0)
    assert patient.expected("hr") == 44.0
    run(patient, 11, 0.0)
    assert patient.expected("hr") > 50.0


@pytest.mark.parametrize(
    ("sign", "target", "at_min", "onset_s", "ends_with", "said"),
    [
        ("map", 60.0, 1.0, 10.0, "rouse", "No 'map' happens"),
        ("rr", 0.0, 1.0, 10.0, "rouse", "rr 0.0 lies outside 4 to 40"),
        ("rr", float("nan"), 1.0, 10.0, "rouse", "lies outside"),
        ("rr", 6.0, 1.0, -1.0, "rouse", "a time is below 0"),
        ("rr", 6.0, 1.0, 10.0, "prayer", "no remedy prayer"),
    ],
)
def test_what_cannot_happen_is_refused(
    sign: str, target: float, at_min: float, onset_s: float, ends_with: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        Happening(sign, target, at_min, onset_s, None, 10.0, frozenset({ends_with}))
