"""Readings that were wrong, never were or are somebody else's: what is left is judged again."""

from __future__ import annotations

from app.monitoring.rebuild import restep
from tests.monitoring.ward import RESTED, Json, Ward, clock_time, kinds, reading_event, said_of

ELSEWHERE = "01930000-0000-7000-8000-000000000002"


def correction_of(events: list[Json]) -> Json:
    (only,) = [e["data"] for e in events if e["kind"] in ("reading.voided", "reading.amended")]
    data: Json = only
    return data


def limits(ward: Ward) -> set[tuple[str, str, str]]:
    return {
        (a["group"], a["priority"], a["state"]) for a in ward.alarms if a["condition"] == "limit"
    }


# Voided


def test_alarm_of_a_value_that_never_was_ends_as_voided() -> None:
    ward = Ward.infusing()
    typed = reading_event(ward.types(60, sbp=190, dbp=100))
    said = ward.voids(70, typed)
    data = correction_of(said)
    assert (data["id"], data["seq"], data["moved_to"]) == (
        typed["data"]["id"],
        typed["seq"],
        None,
    )
    assert data["values"] == {"sbp": None, "dbp": None, "map": None}
    assert (data["baseline"], data["limits"], data["to_review"]) == (None, None, None)
    assert said_of(said, "bp") == [("cleared", clock_time(70))]
    assert said[-1]["data"]["alarm"]["ended_by"] == "value_voided"
    assert ward.alarms == []
    assert "sbp" not in ward.public["values"]


def test_value_before_the_voided_one_is_the_newest_again() -> None:
    ward = Ward.infusing()
    first = reading_event(ward.types(60, sbp=128, dbp=80))
    wrong = reading_event(ward.types(100, sbp=190, dbp=100))
    ward.voids(110, wrong)
    told = ward.public["values"]["sbp"]
    assert (told["value"], told["taken_at"], told["seq"]) == (128, clock_time(60), first["seq"])
    assert ward.alarms == []


def test_alarm_that_a_voided_value_had_cleared_is_raised_again() -> None:
    ward = Ward.infusing()
    ward.types(60, sbp=165, dbp=85)
    calm = reading_event(ward.types(100, sbp=128, dbp=80))
    assert ward.alarms == []
    ward.voids(300, calm)
    assert limits(ward) == {("bp", "medium", "active")}
    assert ward.alarm["value"] == 165


def test_alarm_that_a_voided_value_had_made_worse_falls_back() -> None:
    ward = Ward.infusing()
    ward.types(60, sbp=165, dbp=85)
    wrong = reading_event(ward.types(100, sbp=190, dbp=85))
    ward.acknowledge(101, ward.alarm)
    ward.voids(110, wrong)
    ward.tick(200)
    assert limits(ward) == {("bp", "medium", "acknowledged")}
    assert ward.alarm["value"] == 165


def test_latched_alarm_of_a_value_that_never_was_ends() -> None:
    ward = Ward.infusing()
    wrong = reading_event(ward.types(60, sbp=190, dbp=85))
    ward.types(100, sbp=128, dbp=80)
    assert ward.alarm["state"] == "latched"
    said = ward.voids(110, wrong)
    assert ward.alarms == []
    assert said[-1]["data"]["alarm"]["ended_by"] == "value_voided"


def test_latched_alarm_of_other_values_stays() -> None:
    ward = Ward.infusing()
    ward.types(60, sbp=190, dbp=85)
    calm = reading_event(ward.types(100, sbp=128, dbp=80, hr=80))
    ward.types(120, sbp=126, dbp=80)
    ward.voids(130, calm)
    assert limits(ward) == {("bp", "high", "latched")}


def test_voiding_a_calm_value_that_changed_nothing_says_nothing_else() -> None:
    ward = Ward.infusing()
    calm = reading_event(ward.types(60, sbp=128, dbp=80))
    ward.types(100, sbp=126, dbp=80)
    said = ward.voids(110, calm)
    assert kinds(said) == ["reading.voided"]
    assert correction_of(said)["values"] == {}


def test_other_vitals_alarms_do_not_notice_a_correction() -> None:
    ward = Ward.infusing()
    ward.streams(range(1, 10), spo2=84, hr=78)
    ward.acknowledge(10, ward.alarm_of("spo2"))
    wrong = reading_event(ward.types(11, sbp=190, dbp=100, temp=38.5))
    before = ward.alarm_of("spo2")
    ward.voids(12, wrong)
    assert ward.alarms == [before]


def test_one_wrong_reading_of_a_stream() -> None:
    ward = Ward.infusing()
    ward.streams(range(1, 60), hr=78, spo2=98)
    wrong = reading_event(ward.sends(60, hr=78, spo2=84, interval_s=60))
    assert limits(ward) == {("spo2", "high", "active")}
    ward.voids(61, wrong)
    assert ward.alarms == []
    assert ward.public["values"]["spo2"]["value"] == 98


def test_overdue_comes_back_when_the_value_that_met_it_never_was() -> None:
    ward = Ward.infusing()
    ward.types(0, RESTED)
    ward.types(800, hr=80, spo2=98, rr=15, sedation=5)
    ward.tick(950)
    assert ward.alarm_of("overdue", "vitals_overdue")["missing"] == ["sbp", "dbp"]
    wrong = reading_event(ward.types(960, sbp=124, dbp=78))
    assert ward.alarms == []
    ward.voids(970, wrong)
    assert ward.alarm_of("overdue", "vitals_overdue")["missing"] == ["sbp", "dbp"]


def test_recheck_of_a_value_that_never_was_ends() -> None:
    ward = Ward.infusing()
    wrong = reading_event(ward.types(1000, taken=20, sbp=185, dbp=95))
    ward.voids(1010, wrong)
    assert [a for a in ward.alarms if a["group"] == "bp"] == []


# The baseline


def test_baseline_made_of_a_voided_set_is_made_anew() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 0)
    ward.types(1, RESTED)
    wrong = reading_event(ward.types(10, {**RESTED, "sbp": 166}))
    ward.phase("ready", 20)
    assert ward.public["baseline"]["sbp"] == 145
    said = ward.voids(30, wrong)
    data = correction_of(said)
    assert data["baseline"]["sbp"] == ward.public["baseline"]["sbp"] == 124
    drawn = {x["value"] for x in ward.public["limits"]["sbp"] if x["basis"] == "relative"}
    assert drawn == {148.8, 154, 164, 86.8}
    assert data["limits"]["sbp"] == ward.public["limits"]["sbp"]


def test_limits_to_review_follow_the_corrected_baseline() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 0)
    wrong = reading_event(ward.types(1, {**RESTED, "sbp": 175}))
    ward.types(10, {**RESTED, "sbp": 150})
    ward.phase("ready", 20)
    assert [(r["vital"], r["flag"]) for r in ward.public["limits_to_review"]] == [("sbp", "high")]
    ward.voids(30, wrong)
    assert ward.public["limits_to_review"] == []


def test_values_are_judged_by_the_lines_of_the_corrected_baseline() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 0)
    ward.types(1, {**RESTED, "sbp": 120})
    wrong = reading_event(ward.types(10, {**RESTED, "sbp": 150}))
    ward.phase("ready", 20)
    ward.phase("infusing", 30)
    ward.types(40, sbp=152, dbp=78)
    assert ward.alarms == []
    ward.voids(50, wrong)
    assert limits(ward) == {("bp", "low", "active")}, "152 is 27 % above 120"


# Amended


def test_slip_of_the_finger_is_amended() -> None:
    ward = Ward.infusing()
    slip = reading_event(ward.types(60, sbp=210, dbp=80))
    said = ward.amends(70, slip, {"sbp": 120})
    data = correction_of(said)
    assert data["was"]["sbp"] == 210
    assert data["reading"]["values"]["sbp"] == 120
    assert data["reading"]["values"]["dbp"] == 80
    assert data["reading"]["derived"] == ["map"]
    assert ward.alarms == []
    told = ward.public["values"]["sbp"]
    assert (told["value"], told["flag"], told["taken_at"]) == (120, None, clock_time(60))


def test_amended_value_beyond_a_limit_is_an_alarm() -> None:
    ward = Ward.infusing()
    slip = reading_event(ward.types(60, sbp=118, dbp=80))
    said = ward.amends(70, slip, {"sbp": 181})
    assert limits(ward) == {("bp", "high", "active")}
    assert said_of(said, "bp") == [("raised", clock_time(70))]
    assert ward.public["values"]["sbp"]["flag"] == "high_critical"


def test_value_is_taken_out_of_a_reading() -> None:
    ward = Ward.infusing()
    slip = reading_event(ward.types(60, sbp=190, dbp=80, temp=36.6))
    ward.amends(70, slip, {"sbp": None, "dbp": None})
    assert list(ward.public["values"]) == ["temp"]
    assert ward.alarms == []


def test_reading_is_amended_again_and_then_voided() -> None:
    ward = Ward.infusing()
    slip = reading_event(ward.types(60, sbp=118, dbp=80))
    ward.amends(70, slip, {"sbp": 181})
    said = ward.amends(80, slip, {"sbp": 165})
    assert correction_of(said)["was"]["sbp"] == 181
    assert ward.public["values"]["sbp"]["value"] == 165
    ward.voids(90, slip)
    assert (ward.alarms, ward.public["values"]) == ([], {})


def test_older_reading_is_amended_behind_a_newer_one() -> None:
    ward = Ward.infusing()
    slip = reading_event(ward.types(60, sbp=128, dbp=80))
    ward.types(100, sbp=126, dbp=80)
    said = ward.amends(110, slip, {"sbp": 190})
    assert ward.public["values"]["sbp"]["value"] == 126
    assert limits(ward) <= {("bp", "high", "latched"), ("bp", "high", "active")}
    assert kinds(said)[0] == "reading.amended"


# Moved


def test_calm_set_charted_in_the_wrong_room_is_moved_and_the_alarm_is_back() -> None:
    """Room 3 has 172/104; room 4's calm set is charted there, and moved a minute later."""
    room3, room4 = Ward.infusing(), Ward.infusing()
    room3.types(60, sbp=172, dbp=104)
    room3.acknowledge(61, room3.alarm)
    wrong = reading_event(room3.types(120, sbp=118, dbp=74))
    assert room3.alarms == []
    said = room3.voids(180, wrong, moved_to=ELSEWHERE)
    assert correction_of(said)["moved_to"] == ELSEWHERE
    assert limits(room3) == {("bp", "medium", "active")}
    assert room3.public["values"]["sbp"]["value"] == 172
    room4.types(180, taken=120, sbp=118, dbp=74)
    assert room4.public["values"]["sbp"]["value"] == 118


def test_alarm_raised_in_the_wrong_room_ends_there() -> None:
    room3 = Ward.infusing()
    wrong = reading_event(room3.types(60, sbp=186, dbp=104))
    room3.acknowledge(61, room3.alarm)
    room3.voids(70, wrong, moved_to=ELSEWHERE)
    assert room3.alarms == []


def test_corrected_log_is_stepped_again_to_the_same_words() -> None:
    ward = Ward.infusing(baseline=RESTED)
    first = reading_event(ward.types(60, sbp=172, dbp=104))
    calm = reading_event(ward.types(100, sbp=128, dbp=80))
    ward.voids(200, calm)
    ward.amends(210, first, {"sbp": 185})
    ward.streams(range(211, 230), spo2=84, hr=78)
    ward.voids(240, first)
    state, events = restep(ward.log)
    assert [event.kind for event in events] == [event["kind"] for event in ward.log]
    assert state == ward.state
