"""Every scenario that comes with the program is true: lived by the body alone, nobody answering."""

from __future__ import annotations

import pytest

from app.simulator.scenario import ClinicScenario, Scenario, built_in, find
from tests.simulator.scenario.life import SEEDS, course, lived, patient

PATIENTS = [name for name in built_in() if isinstance(find(name), Scenario)]


def shown(name: str, seed: str, from_min: float, to_min: float) -> list[dict[str, int]]:
    """What the monitor shows each second of these minutes."""
    return [
        body.streamed()
        for minute, body in lived(patient(name), seed, to_min)
        if from_min < minute <= to_min
    ]


def test_all_that_was_asked_for_is_there() -> None:
    assert {
        *("normal", "hypertension", "tachycardia", "desaturation", "over_sedation", "vasovagal"),
        *("emergence_agitation", "nausea", "anxious_start"),
        *("probe_off", "nibp_fail", "comm_loss", "quiet", "forgotten", "clinic_day"),
    } <= set(built_in())


@pytest.mark.parametrize("name", built_in())
def test_each_says_in_one_line_what_it_is_about(name: str) -> None:
    about = find(name).about
    assert find(name).name == name
    assert about.endswith(".")
    assert len(about) <= 96  # a line of `simulate --list`


@pytest.mark.parametrize("seed", SEEDS)
def test_a_normal_infusion_has_no_event(seed: str) -> None:
    normal = patient("normal")
    assert normal.may_pause
    assert min(course(normal, seed, "spo2")) >= 93
    assert max(course(normal, seed, "sbp")) < 200
    assert max(course(normal, seed, "agitation") + course(normal, seed, "nausea")) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_hypertension_is_55_mmhg_up_at_minute_30_and_follows_the_drug(seed: str) -> None:
    sbp = course(patient("hypertension"), seed, "sbp", 100)
    assert 48 <= sbp[30] - sbp[0] <= 60
    assert max(sbp) - sbp[0] <= 65
    assert max(sbp) < 200  # beyond that the infusion would have to be stopped
    assert sbp[100] - sbp[0] < 20
    dbp = course(patient("hypertension"), seed, "dbp", 30)
    assert 20 <= dbp[30] - dbp[0] <= 34


def test_a_hypertensive_patient_who_gets_labetalol_comes_down() -> None:
    untreated = [body.expected("sbp") for _, body in lived(patient("hypertension"), "1", 35)]
    given = {25 * 60: "labetalol"}
    treated = [
        body.expected("sbp") for _, body in lived(patient("hypertension"), "1", 35, given=given)
    ]
    assert treated[-1] < untreated[-1] - 12


@pytest.mark.parametrize("seed", SEEDS)
def test_tachycardia_reaches_about_130_by_the_end(seed: str) -> None:
    hr = course(patient("tachycardia"), seed, "hr")
    assert hr[0] < 100
    assert 118 <= hr[40] <= 146
    assert hr[70] < 115


@pytest.mark.parametrize("seed", SEEDS)
def test_desaturation_falls_within_90_seconds_and_recovers(seed: str) -> None:
    spo2 = course(patient("desaturation"), seed, "spo2")
    assert min(spo2[:26]) >= 95
    assert spo2[33] >= 95
    falls = shown("desaturation", seed, 25, 26.5)
    assert min(values["spo2"] for values in falls) <= 87
    assert falls[0]["spo2"] >= 94


def test_a_desaturated_patient_who_is_roused_recovers_at_once() -> None:
    """Half a minute after the alarm: better three minutes later than without anybody."""
    given = {27 * 60: "rouse"}
    at_29 = [
        body.expected("spo2")
        for minute, body in lived(patient("desaturation"), "1", 29, given=given)
        if minute == 29
    ]
    assert at_29[0] > course(patient("desaturation"), "1", "spo2", 29)[29] + 4


@pytest.mark.parametrize("seed", SEEDS)
def test_over_sedation_is_slow_breathing_and_hardly_a_response(seed: str) -> None:
    worst = [body for minute, body in lived(patient("over_sedation"), seed, 25) if minute == 25]
    values, scores = worst[0].streamed(), worst[0].scores()
    assert 4 <= values["rr"] <= 9
    assert 52 <= values["etco2"] <= 58
    assert values["spo2"] <= 90
    assert scores["sedation"] == 2
    assert course(patient("over_sedation"), seed, "sedation")[45] > 3.5


@pytest.mark.parametrize("seed", SEEDS)
def test_vasovagal_is_a_pulse_below_50_and_a_pressure_below_90(seed: str) -> None:
    at_11 = [body for minute, body in lived(patient("vasovagal"), seed, 11) if minute == 11]
    assert 38 <= at_11[0].streamed()["hr"] <= 50
    assert at_11[0].expected("hr") == pytest.approx(44)
    assert at_11[0].expected("sbp") == pytest.approx(82)
    pressure = at_11[0].cuff()
    assert pressure["sbp"] <= 96
    assert pressure["dbp"] < pressure["map"] < pressure["sbp"]
    hr = course(patient("vasovagal"), seed, "hr", 20)
    assert hr[7] > 55
    assert hr[20] > 55


def test_the_cuff_meets_the_low_pressure_in_its_usual_cycle() -> None:
    """Wherever the cycle of five minutes lies."""
    low = [body.expected("sbp") <= 90 for _, body in lived(patient("vasovagal"), "1", 20)]
    assert sum(low) > 300


@pytest.mark.parametrize("seed", SEEDS)
def test_emergence_agitation_comes_after_the_infusion(seed: str) -> None:
    agitation = course(patient("emergence_agitation"), seed, "agitation")
    assert max(agitation[:41]) == 0
    assert agitation[45] >= 2.9
    assert agitation[60] < 1


@pytest.mark.parametrize("seed", SEEDS)
def test_nausea_stays_until_something_is_given(seed: str) -> None:
    untreated = course(patient("nausea"), seed, "nausea", 50)
    assert untreated[28] < 0.5
    assert min(untreated[33:50]) >= 2.9
    given = {35 * 60: "ondansetron"}
    treated = [
        body.expected("nausea") for _, body in lived(patient("nausea"), seed, 55, given=given)
    ]
    assert treated[-1] < 1


@pytest.mark.parametrize("seed", SEEDS)
def test_an_anxious_patient_is_so_in_the_baseline_and_calm_later(seed: str) -> None:
    anxious = patient("anxious_start")
    calm = anxious.model_copy(update={"happenings": ()})
    at_first = next(body.expected("hr") for _, body in lived(anxious, seed, 0))
    hr, hr_if_calm = (course(scenario, seed, "hr", 20) for scenario in (anxious, calm))
    assert at_first == hr[0]  # minutes stand still until the infusion begins
    assert hr[0] >= hr_if_calm[0] + 12
    assert hr[20] == hr_if_calm[20]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("probe_off", "probe_off"),
        ("nibp_fail", "cuff_failure"),
        ("comm_loss", "outage"),
        ("quiet", "silent"),
    ],
)
def test_a_device_that_misbehaves_has_a_patient_who_is_well(name: str, kind: str) -> None:
    scenario = patient(name)
    assert [fault.kind for fault in scenario.faults] == [kind]
    assert not scenario.happenings
    assert not scenario.may_pause
    assert not scenario.needs_wall_clock


@pytest.mark.parametrize(
    "name", ["desaturation", "nausea", "probe_off", "nibp_fail", "comm_loss", "quiet", "forgotten"]
)
@pytest.mark.parametrize("seed", SEEDS)
def test_beside_the_story_nothing_is_out_of_limits(name: str, seed: str) -> None:
    """So that a trainee meets one thing at a time. Pressure: within a fifth of its baseline."""
    scenario = patient(name)
    sbp = course(scenario, seed, "sbp", 45)
    rr = course(scenario, seed, "rr", 24)  # when somebody is sleepy, slow breathing is the story
    assert max(sbp) < 1.2 * sbp[0]
    assert min(rr) >= 13


def test_a_forgotten_patient_has_neither_nurse_nor_cuff() -> None:
    scenario = patient("forgotten")
    assert scenario.nurse.forgets_from_min == scenario.plan.cuff_off_from_min == 10


@pytest.mark.parametrize("name", PATIENTS)
def test_nobody_is_asked_to_play_unless_the_command_asks(name: str) -> None:
    assert not patient(name).nurse.play


def test_the_clinics_day_has_eight_rooms_and_a_late_patient() -> None:
    clinic = find("clinic_day")
    assert isinstance(clinic, ClinicScenario)
    starts = [room.at_min for room in clinic.rooms]
    assert len(starts) == 8
    assert len(set(starts)) == 8
    assert [room.late_min for room in clinic.rooms if room.late_min] == [25]
