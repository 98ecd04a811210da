"""What people wrote, in one line each, and what a complete record would have."""

from __future__ import annotations

from typing import Any

import pytest

from app.review.record import words
from app.review.record.words import annotation_says
from tests.monitoring.telling import RESTED, clock_time
from tests.monitoring.ward import Ward
from tests.review.record.told import record


@pytest.mark.parametrize(
    ("kind", "text", "data", "says"),
    [
        ("note", "sleeps", {}, "sleeps"),
        (
            "medication",
            None,
            {"drug": "Ondansetron", "dose": 4, "unit": "mg", "route": "iv"},
            "Ondansetron 4 mg IV",
        ),
        ("medication", "for nausea", {"drug": "Ondansetron"}, "Ondansetron: for nausea"),
        ("medication", None, {"drug": "Lorazepam", "dose": 0.5, "unit": "mg", "route": "sl"},
         "Lorazepam 0.5 mg under the tongue"),
        ("side_effect", None, {"effect": "nausea", "severity": "mild"}, "Nausea mild"),
        ("side_effect", "at rest", {"effect": "headache"}, "Headache: at rest"),
        ("assessment", None, {"what": "CADSS-6", "result": "3"}, "CADSS-6: 3"),
        ("assessment", None, {"what": "Aldrete"}, "Aldrete"),
        ("rate_change", None, {"rate": 52.5, "unit": "mL/h"}, "Rate 52.5 mL/h"),
        ("rate_change", "halved", {}, "Rate: halved"),
        ("oxygen", None, {"flow_l_min": 2, "device": "nasal"}, "Oxygen 2 L/min, nasal cannula"),
        ("oxygen", None, {"flow_l_min": 0}, "Oxygen 0 L/min"),
        ("iv_site", None, {"state": "replaced"}, "IV site replaced"),
        ("blood_gas", "drawn", {}, "Blood gas: drawn"),
    ],
)  # fmt: skip
def test_an_annotation_in_one_line(
    kind: str, text: str | None, data: dict[str, Any], says: str
) -> None:
    assert annotation_says(kind, text, data) == says


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 s"), (59.6, "1 min"), (200, "3 min 20 s"), (3_600, "1 h"), (7_500, "2 h 5 min")],
)
def test_spans_in_words(seconds: float, told: str) -> None:
    assert words.span(seconds) == told


@pytest.mark.parametrize(
    ("number", "told"),
    [(165, "165"), (36.50, "36.5"), (0.0, "0"), (-0.0, "0"), (1e6, "1000000"), (93.3, "93.3")],
)
def test_numbers_as_people_write_them(number: float, told: str) -> None:
    assert words.number(number) == told


def test_an_annotation_stands_as_corrected_and_says_what_it_was() -> None:
    ward = Ward.infusing()
    [noted] = ward.annotates(60, "first", text="vomited")
    ward.annotates(70, "second", text="a slip")
    ward.rewrites(90, noted, happened=30, text="vomited twice")
    ward.voids_annotation(100, "second", reason="other patient")
    made = record(ward.log)
    first, second = made.annotations
    assert (first.at, first.text, first.says) == (clock_time(30), "vomited twice", "vomited twice")
    [correction] = first.corrections
    assert (correction.was["at"], correction.was["text"]) == (clock_time(60), "vomited")
    assert second.voided is not None
    assert (second.voided["reason"], second.corrections) == ("other patient", [])
    assert made.summary.annotations == 1
    corrected, voided = [told.text for told in made.events if told.mark == "correction"]
    which = f"Annotation of event {first.seq} corrected (30 s earlier and other words): "
    assert corrected.startswith(which)
    assert voided == f"Annotation of event {second.seq} voided: other patient."


def test_a_lost_signal_is_kept_and_its_going_on_is_not_told() -> None:
    ward = Ward.infusing()
    ward.sends(0, hr=80, spo2=98)
    for second in range(1, 31):
        ward.says_no_signal(second, spo2=0)
    made = record(ward.log)
    assert [(lost.at, lost.vitals) for lost in made.lost_signals] == [(clock_time(1), ["spo2"])]
    told = [told.text for told in made.events if told.kind == "signal.lost"]
    assert told == ["mon-03 has no signal of SpO2."]


def test_what_a_complete_record_would_have() -> None:
    ward = Ward(weight_kg=None)
    assert record(ward.log).summary.completeness == [
        "No weight was given: how much was ordered and given is not known.",
        "No infusion was begun.",
        "No vital sign was recorded.",
        "The session is not closed.",
    ]
    rested = {vital: value for vital, value in RESTED.items() if vital != "rr"}
    ward = Ward.infusing(baseline=rested)
    ward.types(10, hr=36, confirmed=False)
    ward.phase("completed", 60)
    ward.phase("transferred", 90)
    assert record(ward.log).summary.completeness == [
        "The baseline has no RR.",
        "High alarms that no person acknowledged: 1.",
        "The record is not signed.",
    ]


def test_a_value_from_before_the_schedule_is_a_value() -> None:
    ward = Ward.infusing(baseline=RESTED)
    ward.phase("completed", 1500)
    ward.phase("transferred", 1560)
    said = record(ward.log).summary.completeness
    assert "HR was due and not taken 2 of 2 times." in said
    assert not any("never a value" in sentence for sentence in said)
