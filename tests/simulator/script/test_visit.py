"""A visit that nobody answers: its phases, its devices, its sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.simulator.script import Action, Asks, AttachesDevice, Charts, Sends
from tests.simulator.script.bed import in_json, open_loop, told, visit_of

if TYPE_CHECKING:
    from app.simulator.message import Message

QUICK: dict[str, Any] = {
    "plan": {"planned_min": 10, "dose_mg_per_kg": 0.1, "recovery_min": 20, "pause": "never"}
}


def test_a_visit_goes_from_the_check_in_to_the_discharge_as_planned() -> None:
    visit = visit_of(told(QUICK))
    asked = [(a.to, a.at_s) for a in open_loop(visit) if isinstance(a, Asks)]
    assert asked == [
        ("checked_in", 0),
        ("baseline", 120),
        ("ready", 540),
        ("infusing", 660),
        ("completed", 1_260),
        ("recovery", 1_320),
        ("ready_for_discharge", 2_520),
        ("discharged", 2_820),
    ]
    assert visit.t == visit.length_s == 2_820


def test_without_a_nurse_only_the_two_rested_sets_are_charted() -> None:
    charted = [a for a in open_loop(visit_of(told(QUICK))) if isinstance(a, Charts)]
    assert [a.at_s for a in charted] == [180, 480]
    for action in charted:
        wanted = {"hr", "spo2", "sbp", "dbp", "rr", "sedation", "temp"}
        assert wanted <= action.message.values.keys()
        assert (action.message.source, action.message.device) == ("manual", None)


def test_the_monitor_is_connected_for_the_baseline_and_streams_until_the_patient_goes() -> None:
    said = open_loop(visit_of(told(QUICK), sample_s=1))
    assert [a for a in said if isinstance(a, AttachesDevice)] == [AttachesDevice(120, "mon-01")]
    sent = [a for a in said if isinstance(a, Sends)]
    assert {a.at_s for a in sent} == set(range(120, 2_820))
    cuffs = [m for a in sent for m in a.delivery.messages if "sbp" in m.values]
    assert [m.taken_ms // 1_000 for m in cuffs] == list(range(300, 2_820, 300))
    assert {m.interval_s for m in cuffs} == {300}


def test_every_key_is_there_once() -> None:
    said = open_loop(visit_of(told(QUICK), nurse=True))
    messages = [m for a in said if isinstance(a, Sends) for m in a.delivery.messages]
    messages += [a.message for a in said if isinstance(a, Charts)]
    assert len({m.key for m in messages}) == len(messages)


def test_how_often_it_samples_changes_no_value() -> None:
    every = {m.key: m for a in open_loop(visit_of(told(QUICK), sample_s=1)) for m in _of(a)}
    fifth = {m.key: m for a in open_loop(visit_of(told(QUICK), sample_s=5)) for m in _of(a)}
    assert fifth.keys() < every.keys()
    assert all(every[key].values == message.values for key, message in fifth.items())


def test_a_planned_pause_holds_the_drug_and_the_story_and_ends_by_itself() -> None:
    plan = {"planned_min": 10, "recovery_min": 5, "pause_at_min": 4, "pause_min": 2}
    visit = visit_of(told({"plan": plan}))
    open_loop(visit, 660 + 240)
    level, story = visit.patient.level.blood, visit.patient.story_min
    assert visit.phase == "paused"
    open_loop(visit, 660 + 240 + 119)
    assert visit.patient.story_min == story
    assert visit.patient.level.blood < level / 2
    open_loop(visit, 660 + 240 + 120)
    assert visit.phase == "infusing"


def test_an_early_stop_is_asked_for_with_its_reason() -> None:
    plan = {"stop_at_min": 4.0, "stop_reason": "wants to stop", "recovery_min": 5}
    asked = [a for a in open_loop(visit_of(told({"plan": plan}))) if isinstance(a, Asks)]
    assert Asks(900, "stopped", "wants to stop") in asked
    assert "completed" not in [a.to for a in asked]


def test_what_an_outage_kept_arrives_before_the_patient_has_gone() -> None:
    kept = {**QUICK, "fault": [{"kind": "outage", "from_min": 20.0}]}
    said = open_loop(visit_of(told(kept)))
    whole = open_loop(visit_of(told(QUICK)))
    assert {m.key for a in said for m in _of(a)} == {m.key for a in whole for m in _of(a)}
    assert said[-1] == Asks(2_820, "discharged")
    assert isinstance(said[-2], Sends)


def test_a_cuff_that_is_off_the_arm_measures_nothing() -> None:
    off = {"plan": {**QUICK["plan"], "cuff_off_from_min": 5.0}}
    said = open_loop(visit_of(told(off)))
    assert max(m.taken_ms for a in said for m in _of(a) if "sbp" in m.values) == 900_000


def test_two_runs_say_the_same() -> None:
    first, second = (open_loop(visit_of(seed="9", nurse=True)) for _ in range(2))
    assert in_json(first) == in_json(second)
    assert in_json(first) != in_json(open_loop(visit_of(seed="8", nurse=True)))


def _of(action: Action) -> tuple[Message, ...]:
    return action.delivery.messages if isinstance(action, Sends) else ()
