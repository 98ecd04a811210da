"""What others do, as the log tells it, is followed; what they give acts on the body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.monitoring.commands import Acknowledge, ChangePhase, TakeBackPhase
from app.simulator.script import LOOK_S, Asks
from app.simulator.script.orders import Gives, SetsRate, order_of
from app.simulator.script.plan import draw_plan
from tests.simulator.script.bed import Bed, in_json, told, visit_of

if TYPE_CHECKING:
    from collections.abc import Callable

INFUSING_S = 660
Said = dict[str, Any]


def once(second: int, deed: Callable[[Bed], None]) -> Callable[[Bed], None]:
    """Somebody does it just before that second."""

    def between(bed: Bed) -> None:
        if bed.visit.t + 1 == second:
            deed(bed)

    return between


def test_a_pause_that_somebody_else_made_is_theirs_to_end() -> None:
    bed = Bed(visit_of())
    bed.play(1_500, between=once(903, lambda bed: bed.person(ChangePhase("paused"))))
    assert (bed.visit.phase, bed.visit.since_s) == ("paused", 1_500 - 900)
    resumes = once(1_600, lambda bed: bed.person(ChangePhase("infusing")))
    bed.play(1_620, between=resumes)
    assert bed.visit.phase == "infusing"


def test_the_drug_stops_when_somebody_stops_it_and_the_visit_goes_on_from_there() -> None:
    stops = once(903, lambda bed: bed.person(ChangePhase("stopped", reason="wants to stop")))
    bed = Bed(visit_of()).play(1_000, between=stops)
    assert [to for to, _ in bed.phases()][-2:] == ["stopped", "recovery"]
    assert bed.visit.patient.level.blood < 60
    assert bed.refused == []


def test_who_was_sent_elsewhere_needs_no_script_any_more() -> None:
    bed = Bed(visit_of()).play(between=once(903, lambda b: b.person(ChangePhase("transferred"))))
    assert (bed.visit.phase, bed.visit.t) == ("transferred", 910)


def test_an_infusion_that_somebody_lets_go_on_is_theirs_to_end() -> None:
    short = told({"plan": {"planned_min": 5, "pause": "never"}})

    def goes_on(bed: Bed) -> None:
        bed.person(TakeBackPhase("completed", "mistaken tap"))

    bed = Bed(visit_of(short)).play(2_000, between=once(INFUSING_S + 320, goes_on))
    assert bed.visit.phase == "infusing"
    assert [a.to for a in bed.of(Asks)].count("completed") == 1


def test_what_the_server_refuses_is_not_so_and_is_asked_again_later() -> None:
    """She has moved the phase on between two looks: what the script then asks is too late."""
    plan = {"pause_at_min": 4.0, "pause_min": 2.0}
    done = once(INFUSING_S + 239, lambda bed: bed.person(ChangePhase("completed")))
    bed = Bed(visit_of(told({"plan": plan}))).play(1_100, between=done)
    assert [(asks.to, code) for asks, code in bed.refused] == [("paused", "illegal_transition")]
    assert (bed.visit.phase, bed.state.phase) == ("recovery", "recovery")


def test_oxygen_on_a_screen_helps_and_ends_when_it_is_turned_off() -> None:
    falls = {"sign": "spo2", "to": 88, "at_min": 5, "within_s": 30, "hold_s": 3_000}
    scenario = told({"patient": {"spo2": 98}, "happening": [falls]})

    def spo2_at(second: int, *flows: tuple[int, float]) -> float:
        def between(bed: Bed) -> None:
            for moment, flow in flows:
                if bed.visit.t + 1 == moment:
                    bed.writes("oxygen", {"flow_l_min": flow, "device": "nasal"})

        visit = Bed(visit_of(scenario)).play(second, between=between).visit
        return visit.patient.expected("spo2")

    without = spo2_at(1_600)
    assert without == pytest.approx(88, abs=0.5)
    assert spo2_at(1_600, (1_203, 4.0)) > without + 3
    assert spo2_at(1_600, (1_203, 4.0), (1_303, 0)) == pytest.approx(without, abs=0.5)


def test_a_drug_on_a_screen_acts_and_an_unknown_one_does_nothing() -> None:
    def sbp_after(drug: str) -> float:
        dose = {"drug": drug, "dose": 20, "unit": "mg"}
        given = once(903, lambda bed: bed.writes("medication", dose))
        return Bed(visit_of()).play(1_800, between=given).visit.patient.expected("sbp")

    assert sbp_after("Labetalol") < sbp_after("Chamomile") - 10


def test_checking_on_a_patient_rouses_them() -> None:
    slow = {"sign": "rr", "to": 6, "at_min": 3, "within_s": 20, "ends_with": ["rouse"]}

    def checks(bed: Bed) -> None:
        for alarm in bed.state.alarms.values():
            if alarm.state == "active" and bed.visit.t > 1_000:
                bed.person(Acknowledge(alarm.id, action="checked_patient"))

    scenario = told({"patient": {"rr": 15}, "happening": [slow]})
    assert Bed(visit_of(scenario)).play(1_300).visit.patient.expected("rr") < 8
    assert Bed(visit_of(scenario)).play(1_300, between=checks).visit.patient.expected("rr") > 13


@pytest.mark.parametrize(
    ("kind", "data", "text", "order"),
    [
        (
            "medication",
            {"drug": "ondansetron ODT", "dose": 8, "unit": "mg"},
            None,
            ("ondansetron", 8),
        ),
        (
            "medication",
            {"drug": "Phenylephrine", "dose": 0.1, "unit": "mg"},
            None,
            ("phenylephrine", 100),
        ),
        ("medication", {"drug": "0.9 % NaCl", "dose": 0.5, "unit": "L"}, None, ("saline", 500)),
        ("medication", {"drug": "Labetalol", "dose": 4, "unit": "mL"}, None, ("labetalol", None)),
        ("medication", {"drug": "Labetalol"}, None, ("labetalol", None)),
        ("medication", {"drug": "Labetalol", "dose": 900, "unit": "g"}, None, ("labetalol", 200)),
        ("medication", {"drug": "something else", "dose": 1, "unit": "mg"}, None, None),
        ("oxygen", {"flow_l_min": 3}, None, ("oxygen", 3)),
        ("note", {}, "Reassured and repositioned", ("reassure", None)),
        ("note", {}, "Airway opened", ("reposition_airway", None)),
        ("note", {}, "Infusion stopped at the pump", 0.0),
        ("note", {}, "Physician informed", None),
        ("rate_change", {"rate": 50, "unit": "%"}, None, 0.5),
        ("rate_change", {"rate": 26.25, "unit": "mg/h"}, None, 0.5),
        ("rate_change", {"rate": 0.875, "unit": "mg/min"}, None, 1.0),
        ("rate_change", {"rate": 75, "unit": "mL/h"}, None, 0.5),
        ("rate_change", {"rate": 10_000, "unit": "mg/h"}, None, 4.0),
        ("rate_change", {}, "Slowed", 0.5),
        ("rate_change", {}, "Paused at the pump", 0.0),
        ("rate_change", {}, "Back to the ordered rate", 1.0),
        ("rate_change", {"rate": 3}, None, None),
        ("assessment", {"what": "gait"}, None, None),
        ("iv_site", {"state": "ok"}, None, None),
    ],
)
def test_an_entry_on_the_timeline_means(
    kind: str, data: Said, text: str | None, order: tuple[str, float | None] | float | None
) -> None:
    """For 70 kg and 35 mg in 40 minutes."""
    found = order_of({"kind": kind, "data": data, "text": text}, draw_plan(told(), "1"), 70.0)
    match found:
        case Gives(remedy, amount):
            assert isinstance(order, tuple)
            assert remedy == order[0]
            assert amount == (None if order[1] is None else pytest.approx(order[1]))
        case SetsRate(share):
            assert share == pytest.approx(order)
        case None:
            assert order is None


def test_the_log_may_come_in_any_pieces() -> None:
    """As pages of one look: the same events at the same second."""
    falls = {"sign": "spo2", "to": 84, "at_min": 5, "within_s": 40, "ends_with": ["oxygen"]}
    scenario = told({"happening": [falls], "plan": {"planned_min": 10, "recovery_min": 5}})
    bed = Bed(visit_of(scenario, nurse=True)).play()
    looks = _looks(bed)
    for size in (1, 3):
        visit, said = visit_of(scenario, nurse=True), []
        while not visit.over:
            said += visit.advance()
            news = looks.get(visit.t, [])
            for first in range(0, len(news), size):
                visit.hear(news[first : first + size])
        assert in_json(said) == in_json(bed.said)


def _looks(bed: Bed) -> dict[int, list[Said]]:
    """By second of the look, what was new at it."""
    looks: dict[int, list[Said]] = {}
    newest = 0
    for event in bed.log:
        newest = max(newest, bed.second(event))
        looks.setdefault(-(-newest // LOOK_S) * LOOK_S, []).append(event)
    return looks
