"""A nurse plays against the monitor's own engine: she charts, answers, helps, and looks again."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from app.monitoring.commands import Acknowledge
from app.simulator.script import Acknowledges, Asks, Charts, Notes
from tests.simulator.script.bed import Bed, open_loop, told, visit_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.simulator.script import Action

# Short and at a tenth of the dose, so that only what is told here befalls anybody.
PLAN = {"planned_min": 20, "dose_mg_per_kg": 0.05, "recovery_min": 8, "pause": "never"}
CALM = {"sbp": 122, "dbp": 76, "hr": 72, "spo2": 98, "rr": 15, "pain": 1}
SECONDS = {"answer_after_s": 30}
HR_OVER = "Heart rate low: over"


def played(
    happening: list[Mapping[str, Any]] | None = None,
    *,
    nurse: Mapping[str, Any] | None = None,
    **more: Any,
) -> Bed:
    said = {"patient": CALM, "plan": PLAN, "nurse": {**SECONDS, **(nurse or {})}, **more}
    return Bed(visit_of(told({**said, "happening": happening or []}), nurse=True)).play()


def at(action: Action) -> int:
    return action.at_s


def notes(bed: Bed, kind: str) -> list[Notes]:
    return [note for note in bed.of(Notes) if note.kind == kind]


def test_she_charts_scores_and_a_full_set_before_the_patient_goes() -> None:
    bed = played(nurse={"chart_every_min": 5})
    assert [at(a) for a in bed.of(Charts)] == [180, 480, 780, 1_080, 1_380, 1_680, 2_520]
    assert bed.of(Charts)[2].message.values.keys() == {"sedation", "dissociation", "pain"}
    assert {"sbp", "hr", "temp", "sedation"} <= bed.of(Charts)[-1].message.values.keys()
    assert (bed.visit.phase, bed.refused, bed.alarms()) == ("discharged", [], [])


def test_an_alarm_is_acknowledged_when_she_has_come_and_what_helps_is_given_once() -> None:
    falls = {"sign": "spo2", "to": 84, "at_min": 5, "within_s": 40, "ends_with": ["oxygen"]}
    bed = played([falls])
    raised = bed.alarms()[0]
    (first, *_) = bed.of(Acknowledges)
    came = bed.second({"at": raised["raised_at"]}) + 30
    assert first.at_s == came
    assert first.action == "gave_oxygen"
    flows = [note.data["flow_l_min"] for note in notes(bed, "oxygen")]
    assert flows == [2.0, 0.0], "given once, taken off again"
    assert not [a for a in bed.state.alarms.values() if a.group == "spo2"]
    assert bed.visit.phase == "discharged"
    assert bed.refused == []


def test_a_high_that_is_over_before_she_comes_is_acknowledged_all_the_same() -> None:
    falls = {"sign": "spo2", "to": 84, "at_min": 5, "within_s": 30, "hold_s": 20, "back_s": 20}
    bed = played([falls], nurse={"answer_after_s": 240})
    assert "alarm.latched" in bed.kinds()
    assert notes(bed, "oxygen") == []
    assert [a.action for a in bed.of(Acknowledges)][-1] == "checked_patient"
    assert (bed.visit.phase, bed.refused) == ("discharged", [])


def test_what_gets_worse_after_she_has_seen_it_is_seen_to_anew() -> None:
    falls = {"sign": "spo2", "to": 80, "at_min": 5, "within_s": 400, "ends_with": ["oxygen"]}
    bed = played([falls], nurse={"answer": [{"alarm": "spo2.low", "action": "checked_patient"}]})
    unseen = None
    for event in bed.log:
        if not event["kind"].startswith("alarm."):
            continue
        state = event["data"]["alarm"]["state"]
        if state == "active" and unseen is None:
            unseen = bed.second(event)
        elif state == "acknowledged" and unseen is not None:
            assert 30 <= bed.second(event) - unseen <= 40
            unseen = None
    assert len(bed.of(Acknowledges)) > 2


def test_nobody_is_let_go_while_a_high_is_unseen() -> None:
    races = {"sign": "hr", "to": 150, "at_min": 32, "within_s": 20, "hold_s": 20, "back_s": 20}
    bed = played([races], nurse={"answer_after_s": 240})
    seen = [a.at_s for a in bed.of(Acknowledges)]
    assert "high" in [alarm["priority"] for alarm in bed.alarms("alarm.latched")]
    assert dict(bed.phases())["discharged"] >= seen[-1] > played().visit.t
    assert bed.refused == []


def test_an_acknowledgement_by_somebody_else_stops_hers() -> None:
    falls = {"sign": "spo2", "to": 90, "at_min": 5, "within_s": 30, "hold_s": 300}
    slow = {"patient": CALM, "plan": PLAN, "nurse": {"answer_after_s": 400}, "happening": [falls]}

    def quick(bed: Bed) -> None:
        for alarm in bed.state.alarms.values():
            if alarm.state == "active":
                bed.person(Acknowledge(alarm.id, action="no_action_needed"))

    bed = Bed(visit_of(told(slow), nurse=True)).play(between=quick)
    assert "alarm.raised" in bed.kinds()
    assert bed.of(Acknowledges) == []
    assert notes(bed, "note") == []


def test_she_pauses_for_what_is_severe_and_goes_on_when_it_is_over() -> None:
    sinks = {"sign": "hr", "to": 44, "at_min": 5, "within_s": 30, "ends_with": ["legs_up"]}
    answer = {"alarm": "hr.low", "with": ["legs_up"], "infusion": "pause", "pause_min": 3}
    bed = played([sinks], nurse={"answer": [answer]})
    paused, resumed = (a for a in bed.of(Asks) if a.to == "paused" or a.reason == HR_OVER)
    assert (paused.to, resumed.to) == ("paused", "infusing")
    assert resumed.at_s - paused.at_s >= 180
    assert next(a.action for a in bed.of(Acknowledges)) == "paused_infusion"
    assert [to for to, _ in bed.phases()].count("infusing") == 2
    assert bed.visit.phase == "discharged"


def test_what_does_not_end_in_a_pause_ends_the_infusion() -> None:
    sinks = {"sign": "hr", "to": 44, "at_min": 5, "within_s": 30, "hold_s": 2_400}
    answer = {"alarm": "hr.low", "infusion": "pause"}
    bed = played([sinks], nurse={"answer": [answer]})
    (stopped,) = (a for a in bed.of(Asks) if a.to == "stopped")
    assert stopped.reason == "Heart rate low: not over"


def test_she_slows_the_rate_and_the_drug_follows() -> None:
    rises = {"sign": "sbp", "to": 168, "at_min": 4, "within_s": 60, "hold_s": 300}
    slows = {"alarm": "bp.high", "action": "slowed_rate"}
    seen: list[float] = []

    def watch(bed: Bed) -> None:
        seen.append(bed.visit.patient.level.blood)

    said = {"patient": CALM, "plan": PLAN, "happening": [rises], "nurse": {"answer": [slows]}}
    Bed(visit_of(told({**said, "nurse": {}}), nurse=True)).play(1_600, between=watch)
    usual, seen = seen, []
    bed = Bed(visit_of(told(said), nurse=True)).play(1_600, between=watch)
    slowed = notes(bed, "rate_change")
    assert [note.data["rate"] for note in slowed] == [50, 100]
    first = slowed[0].at_s
    assert seen[: first + 1] == usual[: first + 1]
    assert seen[first + 120] < 0.9 * usual[first + 120]


def test_nausea_is_charted_as_a_side_effect_and_treated() -> None:
    sick = {"sign": "nausea", "to": 3, "at_min": 4, "within_s": 60, "ends_with": ["ondansetron"]}
    bed = played([sick])
    assert {note.data["effect"] for note in notes(bed, "side_effect")} == {"nausea"}
    (drug,) = notes(bed, "medication")
    assert drug.data == {"drug": "Ondansetron", "dose": 4.0, "unit": "mg", "route": "iv"}
    assert "Nausea: over" in [note.text for note in notes(bed, "note")]
    assert bed.of(Acknowledges) == []


def test_what_she_gave_acts_once_though_the_log_tells_of_it_again() -> None:
    sick = {"sign": "nausea", "to": 4, "at_min": 4, "within_s": 60, "hold_s": 2_000}
    scenario = told({"patient": CALM, "plan": PLAN, "nurse": SECONDS, "happening": [sick]})
    unheard = visit_of(scenario, nurse=True)
    open_loop(unheard, 1_600)
    bed = Bed(visit_of(scenario, nurse=True)).play(1_600)
    assert len(notes(bed, "medication")) == 1
    assert bed.visit.patient.expected("nausea") == unheard.patient.expected("nausea")


def test_two_alarms_of_one_cause_are_helped_once() -> None:
    dozes: list[Mapping[str, Any]] = [
        {"sign": "spo2", "to": 89, "at_min": 4, "within_s": 30, "hold_s": 60},
        {"sign": "rr", "to": 7, "at_min": 4, "within_s": 30, "hold_s": 60},
    ]
    bed = played(dozes, nurse={"answer": [{"alarm": "rr.low", "with": ["rouse"]}]})
    assert {"spo2", "rr"} <= {alarm["group"] for alarm in bed.alarms()}
    assert len(bed.of(Acknowledges)) > 1
    assert [note.text for note in notes(bed, "note")].count("Talked to, roused") == 1


def test_what_still_stands_when_she_looks_again_is_told() -> None:
    high = {"sign": "sbp", "to": 175, "at_min": 4, "within_s": 60, "hold_s": 900}
    answer = {"alarm": "bp.high", "with": ["reassure"]}
    bed = played([high], nurse={"answer": [answer]})
    (done, still, *_) = notes(bed, "note")
    assert (done.text, still.text) == (
        "Reassured",
        "Blood pressure high: still so, clinician informed",
    )
    by_hand = [a.at_s for a in bed.of(Charts) if {"sbp", "pain"} <= a.message.values.keys()]
    assert still.at_s - 20 in by_hand


def test_who_is_drowsy_is_scored_every_two_minutes() -> None:
    looks = {"alarm": "sedation.low", "action": "checked_patient"}
    sleeps = {"sign": "sedation", "to": 2, "at_min": 5, "within_s": 30, "hold_s": 600}
    bed = played([sleeps], nurse={"chart_every_min": 6, "answer": [looks]})
    scored = [at(a) for a in bed.of(Charts) if "sedation" in a.message.values]
    asleep = [at for at in scored if 1_100 <= at <= 1_560]
    gaps = [later - earlier for earlier, later in pairwise(asleep)]
    assert gaps
    assert max(gaps) <= 120


def test_one_who_forgets_charts_and_answers_nothing_until_the_patient_wants_to_go() -> None:
    plan = {**PLAN, "planned_min": 40, "cuff_off_from_min": 3}
    bed = played(nurse={"forgets_from_min": 3}, plan=plan)
    ready = dict(bed.phases())["ready_for_discharge"]
    assert "vitals_overdue" in [alarm["condition"] for alarm in bed.alarms()]
    assert [at(a) for a in bed.of(Charts, Notes, Acknowledges) if 480 < at(a) < ready] == []
    assert [at(a) for a in bed.of(Charts)][-1] == ready + 120
    assert (bed.visit.phase, bed.refused) == ("discharged", [])


def test_what_is_overdue_is_measured_by_hand() -> None:
    off = {**PLAN, "planned_min": 30, "cuff_off_from_min": 2}
    bed = played(plan=off)
    by_hand = [a for a in bed.of(Charts) if a.message.values.keys() == {"sbp", "dbp"}]
    assert by_hand
    assert "vitals_overdue" in [alarm["condition"] for alarm in bed.alarms("alarm.cleared")]


def test_who_is_not_well_is_not_sent_home() -> None:
    high = {"sign": "sbp", "to": 175, "at_min": 15, "within_s": 60, "hold_s": 1_200}
    bed = played([high])
    usual = played()
    assert bed.visit.phase == usual.visit.phase == "discharged"
    assert dict(bed.phases())["ready_for_discharge"] > dict(usual.phases())["ready_for_discharge"]


def test_what_a_thermometer_in_fahrenheit_shows_is_charted_as_it_is_read() -> None:
    """The one thing that she charts wrong: the server has to refuse it."""
    visit = visit_of(told({"fault": [{"kind": "wrong_unit", "sign": "temp"}]}), nurse=True)
    while visit.t < 180:
        said = visit.advance()
    (charted,) = (action for action in said if isinstance(action, Charts))
    assert (charted.message.values["temp"] or 0) > 90
