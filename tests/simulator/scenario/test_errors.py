"""What is wrong with a file is said in one sentence: the place, what is wrong, what is allowed."""

from __future__ import annotations

import pytest

from app.simulator.client import SimulatorError
from app.simulator.scenario import ScenarioError, parse

ABOUT = 'about = "somebody"\n'


def error_of(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        parse(text, "mine.toml")
    said = str(caught.value)
    assert isinstance(caught.value, SimulatorError)
    assert said.startswith("mine.toml: ")
    assert "\n" not in said
    assert "pydantic" not in said
    assert "validation" not in said
    return said.removeprefix("mine.toml: ")


def happening(**differs: object) -> str:
    table = {"sign": '"spo2"', "to": 86, "at_min": 25, "hold_s": 60} | differs
    lines = [f"{key} = {value}" for key, value in table.items() if value is not None]
    return "[[happening]]\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("about =", "end of document: not readable as TOML: invalid value"),
        (
            "about = 'x'\n[plan\n",
            "line 2, column 6: not readable as TOML:"
            " expected ']' at the end of a table declaration",
        ),
        (f"about = {'9' * 5_000}", "a number in it has thousands of digits"),
        (f"about = {'[' * 5_000}", "tables or lists stand too deep within each other"),
        ("#" * 70_000, "longer than 64 KiB, which is no scenario"),
    ],
    ids=["cut off", "bracket", "digits", "depth", "length"],
)
def test_no_toml(text: str, said: str) -> None:
    assert error_of(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "about is missing"),
        ("about = 3", 'about must be text in "quotes", not 3'),
        (f"about = '{'x' * 201}'", "about must have at most 200 characters"),
        (
            ABOUT + "colour = 1",
            "there is no key 'colour' here;"
            " allowed are about, fault, happening, nurse, patient, plan",
        ),
        (ABOUT + 'name = "x"', "there is no key 'name' here: the file's name is its name"),
        (ABOUT + "plan = 3", "plan must be a table, not 3"),
        (
            ABOUT + "[plan]\nplaned_min = 40",
            "plan: there is no key 'planed_min' here; did you mean 'planned_min'?",
        ),
        (ABOUT + "[plan]\nplanned_min = 4.5", "plan: planned_min must be a whole number, not 4.5"),
        (
            ABOUT + "[plan]\nplanned_min = true",
            "plan: planned_min must be a whole number, not true",
        ),
        (ABOUT + "[plan]\nplanned_min = 900", "plan: planned_min must be at most 480, not 900"),
        (ABOUT + "[plan]\ndose_mg_per_kg = 0", "plan: dose_mg_per_kg must be above 0, not 0"),
        (ABOUT + "[plan]\npause_at_min = -1", "plan: pause_at_min must be at least 0, not -1"),
        (
            ABOUT + "[plan]\npause_min = 3",
            "plan: pause_min needs pause_at_min: the minute of infusing to pause at",
        ),
        (
            ABOUT + "[plan]\nstop_at_min = 20",
            "plan: stop_at_min and stop_reason go together: an early stop has a reason",
        ),
        (
            ABOUT + '[plan]\nstop_at_min = 60\nstop_reason = "IV failure"',
            "plan: stop_at_min is 60, but the infusion is over after 40",
        ),
        (ABOUT + "[plan]\npause = true", "plan: pause must be 'sometimes' or 'never', not true"),
        (
            ABOUT + '[plan]\npause = "nevr"',
            "plan: pause must be one of sometimes, never, not 'nevr'; did you mean 'never'?",
        ),
        (
            ABOUT + "[plan]\nrecovery_min = -3",
            "plan: recovery_min must lie between 0 and 480, not -3",
        ),
        (
            ABOUT + '[plan]\n"a\\nb" = 3',
            "plan: there is no key 'a\\nb' here; allowed are cuff_every_min, cuff_off_from_min,"
            " dose_mg_per_kg, late_min, pause, pause_at_min, pause_min, planned_min, recovery_min,"
            " sample_s, stop_at_min, stop_reason",
        ),
    ],
)
def test_the_plan_and_what_stands_above_it(text: str, said: str) -> None:
    assert error_of(text) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("spo3 = 97", "patient: a patient has no 'spo3'; did you mean 'spo2'?"),
        ("weight = 80", "patient: a patient has no 'weight'; did you mean 'weight_kg'?"),
        ("spo2 = 120", "patient: spo2 must lie between 60 and 100, not 120"),
        ("spo2 = nan", "patient: spo2 must be a number that can be, not nan or inf"),
        (
            'spo2 = "97"',
            "patient: spo2 must be a number, or a table with mean, sd, low and high, not '97'",
        ),
        (
            "spo2 = [97]",
            "patient: spo2 must be a number, or a table with mean, sd, low and high, not a list",
        ),
        (
            "spo2 = { mena = 97 }",
            "patient: spo2: there is no key 'mena' here; did you mean 'mean'?",
        ),
        ("spo2 = { mean = 97, sd = -1 }", "patient: spo2: sd must be at least 0, not -1"),
        (
            "spo2 = { mean = 97, low = 98 }",
            "patient: spo2: mean (97) must lie between low (98) and high (97)",
        ),
        ("peak_sbp = 500", "patient: peak_sbp must lie between -160 and 160, not 500"),
        ("weight_kg = 9", "patient: weight_kg must lie between 30 and 250, not 9"),
    ],
)
def test_the_patient(line: str, said: str) -> None:
    assert error_of(f"{ABOUT}[patient]\n{line}") == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            happening().replace("[[happening]]", "[happening]"),
            "happening must be a list: its tables are written with two brackets, [[...]]",
        ),
        (happening(to=None), "happening 1: to is missing"),
        (
            happening(sign=None, sgin='"spo2"'),
            "happening 1: there is no key 'sgin' here; did you mean 'sign'?",
        ),
        (
            happening(sign='"spo3"'),
            "happening 1: sign: there is no sign 'spo3'; did you mean 'spo2'?",
        ),
        (happening(to=30), "happening 1: spo2 can be drawn to 60 to 100, not to 30"),
        (
            happening() + happening(at_min="inf"),
            "happening 2: at_min must be a number that can be, not nan or inf",
        ),
        (happening(back_s=-1), "happening 1: back_s must be at least 0, not -1"),
        (
            happening(hold_s=None),
            "happening 1: without hold_s it lasts until it is answered: ends_with must say by what",
        ),
        (
            happening(ends_with='["oxygen", "rous"]'),
            "happening 1: ends_with 2: there is no remedy 'rous'; did you mean 'rouse'?",
        ),
        (
            happening(at_min=5, hold_s=600) + happening(at_min=8),
            "happening 2 begins at minute 8, but happening 1 draws spo2 until minute 18",
        ),
        (
            happening(at_min=9) + happening(at_min=5, hold_s=None, ends_with='["rouse"]'),
            "happening 1 begins at minute 9, but happening 2 draws spo2 until it is answered",
        ),
        (
            happening(at_min=200),
            "happening 1 begins at minute 200, but the visit is over at about minute 101",
        ),
    ],
)
def test_what_befalls_the_patient(text: str, said: str) -> None:
    assert error_of(ABOUT + text) == said


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('kind = "prob_off"', "fault 1: there is no kind 'prob_off'; did you mean 'probe_off'?"),
        ('sign = "spo2"', "fault 1 must say of which kind it is"),
        (
            'kind = "probe_off"\nsign = "sbp"',
            "fault 1: sign must be one of hr, spo2, rr, etco2, not 'sbp'",
        ),
        (
            'kind = "probe_off"\nsign = "hr"\nform_min = 3',
            "fault 1: there is no key 'form_min' here; did you mean 'from_min'?",
        ),
        (
            'kind = "silent"\nfrom_min = 3\nto_min = 2',
            "fault 1: to_min (2) is not after from_min (3)",
        ),
        ('kind = "silent"\nfrom_min = -3', "fault 1: from_min must be at least 0, not -3"),
        (
            'kind = "silent"\nto_min = nan',
            "fault 1: to_min must be a number that can be, not nan or inf",
        ),
        (
            'kind = "sentinel"\nsign = "hr"\nvalue = -998',
            "fault 1: value must be 0, -999 or 8388607, not -998",
        ),
        (
            'kind = "retry_storm"\ntimes = "20"',
            "fault 1: times must be a whole number, not '20'",
        ),
        (
            'kind = "silent"\nfrom_min = 105',
            "fault 1 begins at minute 105, but the visit is over at about minute 101",
        ),
        (
            'kind = "silent"\nfrom_min = 115\nminutes = "of_visit"',
            "fault 1 begins at minute 115, but the visit is over at about minute 112",
        ),
    ],
)
def test_a_device_that_misbehaves(lines: str, said: str) -> None:
    assert error_of(f"{ABOUT}[[fault]]\n{lines}") == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[nurse]\nanswer_after_s = -4",
            "nurse: answer_after_s must lie between 0 and 28800, not -4",
        ),
        (
            '[[nurse.answer]]\nalarm = "spo2_low"',
            "nurse: answer 1: alarm: there is no alarm 'spo2_low'; did you mean 'spo2.low'?",
        ),
        (
            '[[nurse.answer]]\nsees = "nausia"',
            "nurse: answer 1: sees: there is no complaint 'nausia'; did you mean 'nausea'?",
        ),
        (
            '[[nurse.answer]]\nwith = ["rouse"]',
            "nurse: answer 1: an answer has either alarm or sees: what it is an answer to",
        ),
        (
            '[[nurse.answer]]\nalarm = "spo2.low"\nwith = ["rouse", "oxigen"]',
            "nurse: answer 1: with 2: there is no remedy 'oxigen'; did you mean 'oxygen'?",
        ),
        (
            '[[nurse.answer]]\nalarm = "bp.high"\nwith = [{ remedy = "labetalol", amont = 3 }]',
            "nurse: answer 1: with 1: there is no key 'amont' here; did you mean 'amount'?",
        ),
        (
            '[[nurse.answer]]\nalarm = "spo2.low"\nwith = [{ remedy = "rouse", amount = 3 }]',
            "nurse: answer 1: with 1: rouse is done and not given: it has no amount",
        ),
        (
            '[[nurse.answer]]\nalarm = "spo2.low"\nwith = [4]',
            "nurse: answer 1: with 1 must be the name of a remedy,"
            " or a table with remedy and amount, not 4",
        ),
        (
            '[[nurse.answer]]\nalarm = "spo2.low"\naction = "repositioned"',
            "nurse: answer 1: action: there is no action 'repositioned';"
            " did you mean 'repositioned_probe'?",
        ),
        (
            '[[nurse.answer]]\nalarm = "spo2.low"\ninfusion = "halt"',
            "nurse: answer 1: infusion must be one of pause, stop, not 'halt'",
        ),
        (
            '[[nurse.answer]]\nalarm = "spo2.low"\npause_min = 3',
            'nurse: answer 1: pause_min needs infusion = "pause"',
        ),
        (
            '[[nurse.answer]]\nalarm = "spo2.low"\n' * 2,
            "nurse: answers 1 and 2 are both to spo2.low",
        ),
    ],
)
def test_the_nurse(text: str, said: str) -> None:
    assert error_of(ABOUT + text) == said


NORMAL = '[[room]]\nscenario = "normal"\n'
NEXT = "[next]\nscenarios = { normal = 1 }\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("room = 3", "room must be a list, not 3"),
        ("room = [3]", "room 1 must be a table, not 3"),
        ("[[room]]", "room 1 has no scenario, and there is no [next] to come"),
        (
            NEXT + "gap_min = [1, 2]\n[[room]]\nlast = true",
            "room 1 has no scenario: of whom is what stands there?",
        ),
        (
            '[[room]]\nscenario = "nomal"',
            "room 1: there is no scenario 'nomal'; did you mean 'normal'?",
        ),
        (
            '[[room]]\nscenario = "clinic_day"',
            "room 1: 'clinic_day' is a clinic: a room has one patient after another",
        ),
        (NORMAL + 'station = "Room 2"\n' + NORMAL, "rooms 1 and 2 have the same station"),
        (
            NORMAL + "[room.plan]\nlate_mn = 3",
            "room 1: plan: there is no key 'late_mn' here; did you mean 'late_min'?",
        ),
        (
            NORMAL + NORMAL + "[[room.fault]]\nkind = 'moved'\nto_room = 3",
            "room 2: there is no room 3 to move to",
        ),
        (
            NORMAL + "[[room.fault]]\nkind = 'silent'\nfrom_min = 300",
            "room 1: fault 1 begins at minute 300, but the visit is over at about minute 101",
        ),
        (
            NORMAL + "[room.plan]\nplanned_min = 900",
            "room 1: plan: planned_min must be at most 480, not 900",
        ),
        (NORMAL + NEXT, "next: gap_min is missing"),
        (NORMAL + NEXT + "gap_min = [3]", "next: gap_min 2 is missing"),
        (
            NORMAL + NEXT + "gap_min = [3, 2]",
            "next: gap_min goes from least to most, not from 3 to 2",
        ),
        (
            NORMAL + "[next]\nscenarios = { norml = 1 }",
            "next: there is no scenario 'norml'; did you mean 'normal'?",
        ),
        (
            NORMAL + "[next]\nscenarios = { normal = 0 }\ngap_min = [1, 2]",
            "next: scenarios: normal must be above 0, not 0",
        ),
        (
            NORMAL + "[scenarios.x]",
            "there is no key 'scenarios' here: rooms and next name them",
        ),
        (
            NORMAL + "[[happening]]",
            "there is no key 'happening' here; allowed are about, next, room, seed",
        ),
    ],
)
def test_a_clinic(text: str, said: str) -> None:
    assert error_of(ABOUT + text) == said
