"""What a nurse gives works: on the right sign, the right way, not at once and not for ever."""

from __future__ import annotations

import pytest

from app.simulator.body import REMEDIES, SIGNS, Happening, Patient, Spread
from tests.simulator.body.crowd import run

LONG_S = 3_600.0
NAUSEATED = Happening("nausea", 3.0, 0.0, 0.0, None, LONG_S)
AGITATED = Happening("agitation", 3.0, 0.0, 0.0, None, LONG_S)
FAINT = (
    Happening("sbp", 84.0, 0.0, 0.0, None, LONG_S),
    Happening("dbp", 50.0, 0.0, 0.0, None, LONG_S),
    Happening("hr", 46.0, 0.0, 0.0, None, LONG_S),
)
DESATURATED = Happening("spo2", 88.0, 0.0, 0.0, None, LONG_S)
SLEEPING = (
    Happening("sedation", 2.0, 0.0, 0.0, None, LONG_S),
    Happening("rr", 7.0, 0.0, 0.0, None, LONG_S),
    Happening("etco2", 55.0, 0.0, 0.0, None, LONG_S),
)
HYPERTENSIVE = (
    Happening("sbp", 190.0, 0.0, 0.0, None, LONG_S),
    Happening("dbp", 108.0, 0.0, 0.0, None, LONG_S),
    Happening("hr", 120.0, 0.0, 0.0, None, LONG_S),
)
IN_PAIN = (Happening("pain", 6.0, 0.0, 0.0, None, LONG_S),)

# remedy, what is the matter, sign, least and most change once it is whole.
STORIES = (
    ("labetalol", HYPERTENSIVE, "sbp", -25, -15),
    ("labetalol", HYPERTENSIVE, "dbp", -15, -8),
    ("labetalol", HYPERTENSIVE, "hr", -10, -4),
    ("hydralazine", HYPERTENSIVE, "sbp", -20, -10),
    ("hydralazine", HYPERTENSIVE, "hr", 3, 10),
    ("esmolol", HYPERTENSIVE, "hr", -25, -12),
    ("metoprolol", HYPERTENSIVE, "hr", -16, -8),
    ("clonidine", HYPERTENSIVE, "sbp", -14, -6),
    ("ephedrine", FAINT, "sbp", 10, 20),
    ("ephedrine", FAINT, "hr", 4, 12),
    ("phenylephrine", FAINT, "sbp", 12, 24),
    ("phenylephrine", FAINT, "hr", -12, -4),
    ("atropine", FAINT, "hr", 15, 30),
    ("glycopyrrolate", FAINT, "hr", 6, 14),
    ("saline", FAINT, "sbp", 4, 10),
    ("legs_up", FAINT, "sbp", 6, 12),
    ("ondansetron", (NAUSEATED,), "nausea", -3, -2),
    ("metoclopramide", (NAUSEATED,), "nausea", -3, -1.5),
    ("promethazine", (NAUSEATED,), "nausea", -3, -1.5),
    ("droperidol", (NAUSEATED,), "nausea", -3, -1.5),
    ("midazolam", (AGITATED,), "agitation", -2.5, -1),
    ("midazolam", (AGITATED,), "hr", -20, -6),  # who is calm has a slower heart
    ("lorazepam", (AGITATED,), "agitation", -2.5, -1),
    ("diazepam", (AGITATED,), "agitation", -2.5, -1),
    ("reassure", (AGITATED,), "agitation", -2, -0.8),
    ("midazolam", (), "sedation", -1, -0.4),
    ("ketorolac", IN_PAIN, "pain", -3, -1.5),
    ("acetaminophen", IN_PAIN, "pain", -3, -1),
    ("oxygen", (DESATURATED,), "spo2", 4, 7),
    ("rouse", SLEEPING, "sedation", 1, 2),
    ("rouse", SLEEPING, "rr", 2, 4),
    ("reposition_airway", SLEEPING, "rr", 1, 4),
    ("reposition_airway", SLEEPING, "etco2", -4, -1),
)


@pytest.mark.parametrize(("code", "matter", "sign", "least", "most"), STORIES)
def test_a_remedy_helps_once_it_is_whole_and_wears_off(
    code: str, matter: tuple[Happening, ...], sign: str, least: float, most: float
) -> None:
    remedy, patient = REMEDIES[code], Patient(code, happenings=matter)
    run(patient, 1, 0.0)
    before = patient.expected(sign)
    patient.give(code)
    run(patient, int(remedy.starts_s), 0.0)
    assert patient.expected(sign) == pytest.approx(before)
    run(patient, int(remedy.full_s - remedy.starts_s) + 1, 0.0)
    assert least <= patient.expected(sign) - before <= most
    if remedy.lasting:
        patient.give(code, 0.0)
        run(patient, int(remedy.full_s), 0.0)
    else:
        run(patient, int(remedy.gone_s - remedy.full_s), 0.0)
    assert patient.expected(sign) == pytest.approx(before)


def test_every_remedy_has_a_story_and_says_what_it_is() -> None:
    told = {story[0] for story in STORIES} | {"flumazenil"}
    assert told == set(REMEDIES)
    for remedy in REMEDIES.values():
        assert remedy.unit in {"mg", "mcg", "mL", "L/min", ""}
        assert remedy.about
        assert "ours" in remedy.source
        assert set(remedy.shifts) | set(remedy.lifts) <= SIGNS
        assert 0.0 < remedy.starts_s < remedy.full_s
        assert remedy.lasting or remedy.full_s < remedy.fades_s < remedy.gone_s


def test_more_does_more_but_never_without_end() -> None:
    falls = []
    for amount in (5.0, 10.0, 20.0, 1_000.0):
        patient = Patient("more", happenings=HYPERTENSIVE)
        patient.give("labetalol", amount)
        run(patient, 600, 0.0)
        falls.append(190.0 - patient.expected("sbp"))
    assert falls == sorted(falls)
    assert falls[1] < 2 * falls[0]
    assert falls[-1] <= 60.0


@pytest.mark.parametrize("amount", [100.0, 1_000_000.0])
def test_whatever_was_given_wears_off_bit_by_bit(amount: float) -> None:
    remedy, patient = REMEDIES["phenylephrine"], Patient("bit by bit", happenings=FAINT)
    patient.give(remedy.code, amount)
    run(patient, int(remedy.fades_s), 0.0)
    whole = before = patient.expected("sbp")
    for _ in range(int(remedy.gone_s - remedy.fades_s) + 1):
        run(patient, 1, 0.0)
        assert 0.0 <= before - patient.expected("sbp") <= 2.0
        before = patient.expected("sbp")
    assert before == 84.0 < whole


def test_two_doses_are_as_one_of_both() -> None:
    once, twice = (Patient("two", happenings=HYPERTENSIVE) for _ in range(2))
    once.give("labetalol", 20.0)
    twice.give("labetalol")
    twice.give("labetalol")
    run(once, 600, 0.0)
    run(twice, 600, 0.0)
    assert once.expected("sbp") == pytest.approx(twice.expected("sbp"))


def test_flumazenil_takes_back_midazolam_and_nothing_else() -> None:
    patient = Patient("antidote", draws={"peak_sedation": Spread.exactly(0.0)})
    patient.give("midazolam", 4.0)
    run(patient, 300, 0.0)
    assert patient.scores()["sedation"] == 4
    patient.give("flumazenil")
    run(patient, 360, 0.0)
    assert patient.expected("sedation") == 5.0
    alone, without = Patient("antidote"), Patient("antidote")
    alone.give("flumazenil")
    run(alone, 600, 0.0)
    run(without, 600, 0.0)
    assert {s: alone.expected(s) for s in SIGNS} == {s: without.expected(s) for s in SIGNS}


def test_oxygen_helps_until_it_is_turned_off_and_more_flow_helps_more() -> None:
    patient = Patient("oxygen", happenings=[DESATURATED])
    patient.give("oxygen", 2.0)
    run(patient, 1_800, 0.0)
    at_two = patient.expected("spo2")
    patient.give("oxygen", 6.0)
    run(patient, 300, 0.0)
    assert 88.0 < at_two < patient.expected("spo2") <= 99.0
    patient.give("oxygen", 0.0)
    run(patient, 300, 0.0)
    assert patient.expected("spo2") == 88.0


def test_oxygen_turned_up_never_dips_on_the_way() -> None:
    patient = Patient("turned up", happenings=[DESATURATED])
    patient.give("oxygen", 2.0)
    run(patient, 600, 0.0)
    patient.give("oxygen", 4.0)
    seen = [patient.expected("spo2")]
    for _ in range(240):
        run(patient, 1, 0.0)
        seen.append(patient.expected("spo2"))
    assert min(seen) >= seen[0] - 1e-9
    assert seen[-1] > seen[0]


@pytest.mark.parametrize(
    ("code", "amount"),
    [
        *(("labetalol", amount) for amount in (0.0, -1.0, float("nan"), float("inf"))),
        *(("oxygen", amount) for amount in (-1.0, float("inf"))),
    ],
)
def test_what_is_no_amount_is_refused_and_changes_nothing(code: str, amount: float) -> None:
    patient = Patient("refused")
    with pytest.raises(ValueError, match=f"of {code} is no amount"):
        patient.give(code, amount)
    run(patient, 300, 0.0)
    assert patient.expected("sbp") == Patient("refused").expected("sbp")


def test_an_unknown_remedy_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"no remedy 'prayer'\. There are: labetalol, "):
        Patient("x").give("prayer")
