"""The figure: points are points, gaps are gaps, and everything is where it was."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from app.monitoring.times import parse_iso
from app.review.figure import figure
from tests.monitoring.telling import ANNA, RESTED, at, reading_event
from tests.monitoring.ward import Ward
from tests.review.record.told import record

if TYPE_CHECKING:
    from tests.monitoring.telling import Json

COLOURS = ("#", "rgb", "color")


def traces(drawn: Json, role: str, **meta: Any) -> list[Json]:
    wanted = {"role": role, **meta}
    return [t for t in drawn["data"] if wanted.items() <= t["meta"].items()]


def only(drawn: Json, role: str, **meta: Any) -> Json:
    [trace] = traces(drawn, role, **meta)
    return trace


def runs(trace: Json) -> list[list[float]]:
    """The moments of a line between its breaks, in seconds after ten."""
    found: list[list[float]] = [[]]
    for x in trace["x"]:
        if x is None:
            found.append([])
        else:
            found[-1].append((x - at(0)) / 1000)
    return found


def test_a_line_ends_where_values_are_missing() -> None:
    ward = Ward.infusing()
    for second in (0, 1, 2, 4, 7, 8):
        ward.sends(second, hr=80)
    drawn = figure(record(ward.log))
    assert runs(only(drawn, "line", vital="hr")) == [[0, 1, 2, 4], [7, 8]]
    values = only(drawn, "values", vital="hr")
    assert [(x - at(0)) / 1000 for x in values["x"]] == [0, 1, 2, 4, 7, 8]


def test_manual_and_device_are_told_apart_and_a_simulated_device_from_both() -> None:
    ward = Ward.infusing()
    ward.sends(10, hr=80)
    ward.types(20, hr=82)
    drawn = figure(record(ward.log))
    assert only(drawn, "values", vital="hr", source="device")["marker"]["symbol"] == "circle"
    assert only(drawn, "values", vital="hr", source="manual")["marker"]["symbol"] == "square"
    trained = Ward(clock="driven", starts_at=0)
    trained.phase("checked_in", 0)
    trained.sends(10, hr=80)
    drawn = figure(record(trained.log))
    assert only(drawn, "values", vital="hr")["meta"]["source"] == "simulated"
    assert only(drawn, "values", vital="hr")["marker"]["symbol"] == "diamond"


def test_flagged_late_amended_voided_and_first_points_say_so() -> None:
    ward = Ward.infusing()
    ward.sends(100, hr=120)
    ward.sends(160, hr=81, taken=101)
    slip = reading_event(ward.types(200, hr=18 * 5, confirmed=True))
    ward.amends(210, slip, {"hr": 81})
    wrong = reading_event(ward.types(220, hr=150, confirmed=True))
    ward.voids(230, wrong)
    drawn = figure(record(ward.log))
    device = only(drawn, "values", vital="hr", source="device")
    assert [point[1:] for point in device["customdata"]] == [
        ["high", False, "standing", "120"],
        [None, True, "standing", "81"],
    ]
    manual = only(drawn, "values", vital="hr", source="manual")
    assert (manual["y"], manual["customdata"][0][3]) == ([81], "amended")
    assert only(drawn, "first", vital="hr")["y"] == [90]
    voided = only(drawn, "voided", vital="hr")
    assert (voided["y"], voided["customdata"][0][3]) == ([150], "voided")


def test_limits_are_steps_from_when_they_were_changed() -> None:
    ward = Ward.infusing()
    ward.types(0, hr=80)
    ward.changes_limits(300, {"hr": {"high": 100}})
    ward.phase("paused", 600)
    line = only(figure(record(ward.log)), "limit", vital="hr", tier="warning", side="high")
    assert line["line"]["shape"] == "hv"
    assert [((x - at(0)) / 1000, y) for x, y in zip(line["x"], line["y"], strict=True)] == [
        (0, 110),
        (300, 100),
        (600, 100),
    ]


def test_a_line_that_came_with_the_baseline_begins_with_it() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 0)
    ward.types(60, RESTED)
    ward.phase("ready", 120)
    drawn = figure(record(ward.log))
    line = only(drawn, "limit", vital="sbp", tier="relative", side="high")
    # the innermost of +20 %, +30 and +40 over 124
    assert line["y"] == [None, 148.8, 148.8]
    assert line["x"][1] == at(120)


def test_alarms_are_bars_from_raised_to_cleared_with_who_saw_them() -> None:
    ward = Ward.infusing()
    ward.types(60, sbp=190, dbp=100, confirmed=True)
    ward.acknowledge(102, ward.alarm, by=ANNA)
    ward.types(400, sbp=120, dbp=80, confirmed=True)
    drawn = figure(record(ward.log))
    bar = only(drawn, "alarm", priority="high")
    assert bar["x"] == [at(60), at(400), None]
    assert only(drawn, "ack")["x"] == [at(102)]


def test_what_was_not_watched_and_the_phases_are_shaded() -> None:
    ward = Ward.infusing()
    ward.watches_again(200, since=100)
    ward.phase("paused", 600)
    shapes = figure(record(ward.log))["layout"]["shapes"]
    spans = {shape["name"]: (shape["x0"], shape["x1"]) for shape in shapes}
    assert spans["gap"] == (at(100), at(200))
    assert spans["phase:infusing"] == (at(0), at(600))


def test_only_rows_with_something_in_them_one_above_the_other() -> None:
    ward = Ward.infusing()
    ward.types(0, sbp=120, dbp=80, sedation=5)
    ward.phase("paused", 60)
    drawn = figure(record(ward.log))
    layout = drawn["layout"]
    names = [row["name"] for row in layout["meta"]["rows"]]
    assert names == ["pressure", "scores", "mg", "events"]
    domains = [layout[name]["domain"] for name in ("yaxis", "yaxis2", "yaxis3", "yaxis4")]
    assert all(low > below for (low, _), (_, below) in pairwise(domains))
    used = {trace["yaxis"] for trace in drawn["data"]}
    assert used == {row["yaxis"] for row in layout["meta"]["rows"]}


def test_an_anaesthesia_record_shares_its_axis_from_0_to_220() -> None:
    ward = Ward.infusing()
    ward.types(0, RESTED, temp=36.5)
    drawn = figure(record(ward.log), symbols=True)
    assert drawn["layout"]["yaxis"]["range"] == [0, 220]
    shared = {t["meta"]["vital"] for t in traces(drawn, "values") if t["yaxis"] == "y"}
    assert shared == {"sbp", "dbp", "map", "hr", "rr"}
    assert only(drawn, "values", vital="temp")["marker"]["symbol"] == "triangle-up-open"
    xaxis = drawn["layout"]["xaxis"]
    assert (xaxis["dtick"], xaxis["minor"]["dtick"]) == (15 * 60_000, 5 * 60_000)


def test_a_window_has_every_value_in_it_and_none_outside() -> None:
    ward = Ward.infusing()
    ward.streams(range(290, 320), hr=80)
    made = record(ward.log)
    drawn = figure(made, since=at(300), until=at(309))
    values = only(drawn, "values", vital="hr")
    assert values["x"] == [at(second) for second in range(300, 310)]
    assert drawn["layout"]["xaxis"]["range"] == [at(300), at(309)]


def test_a_long_curve_is_thinned_and_keeps_what_may_not_be_lost() -> None:
    ward = Ward.infusing()
    for second in range(0, 300):
        ward.sends(second, hr=80 + (second % 7), spo2=99 if second != 170 else 84)
    drawn = figure(record(ward.log), points=40)
    saturation = only(drawn, "values", vital="spo2")
    assert len(saturation["x"]) <= 48
    assert at(170) in saturation["x"]
    assert min(saturation["y"]) == 84


def test_of_few_values_none_is_left_out() -> None:
    ward = Ward.infusing()
    for minute in range(60):
        ward.sends(60 * minute, hr=80 + minute % 7, interval_s=60)
    made = record(ward.log)
    whole = only(figure(made, points=30), "values", vital="hr")
    assert whole["x"] == [at(60 * minute) for minute in range(60)]
    assert len(only(figure(made, points=29), "values", vital="hr")["x"]) <= 29 + 2


def test_where_too_much_is_flagged_the_ends_of_each_stretch_are_kept() -> None:
    ward = Ward.infusing()
    for second in range(200):
        ward.sends(second, hr=120 if 50 <= second < 150 else 80)
    values = only(figure(record(ward.log), points=20), "values", vital="hr")
    seconds = {(x - at(0)) // 1000 for x in values["x"]}
    assert {50, 149} <= seconds
    assert len(seconds) <= 26


def test_cuff_values_are_connected_over_two_of_its_cycles() -> None:
    ward = Ward.infusing()
    for second in (0, 300, 900, 1501):
        ward.sends(second, sbp=120 + second // 300, dbp=80, interval_s=300)
    drawn = figure(record(ward.log))
    assert runs(only(drawn, "line", vital="sbp")) == [[0, 300, 900], [1501]]
    pair = only(drawn, "pair")
    assert pair["y"][:3] == [80, 120, None]


def test_marks_of_t_plus_count_from_the_infusion() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 0)
    ward.phase("ready", 500, override_reason="told as a story")
    ward.phase("infusing", 600)
    ward.phase("paused", 1800)
    meta = figure(record(ward.log))["layout"]["meta"]
    told = dict(zip(meta["t_plus"]["ticktext"], meta["t_plus"]["tickvals"], strict=True))
    assert (told["T-10"], told["T+0"], told["T+20"]) == (at(0), at(600), at(1800))
    days = figure(record(ward.log), since=at(0), until=at(3 * 86_400))["layout"]["meta"]["t_plus"]
    assert len(days["tickvals"]) <= 21


def test_no_colour_and_only_what_json_can_say() -> None:
    ward = Ward.infusing(baseline=RESTED)
    ward.types(60, sbp=190, dbp=100, confirmed=True)
    told = json.dumps(figure(record(ward.log)), allow_nan=False)
    assert not any(word in told for word in COLOURS)


def test_a_session_in_which_nothing_happened_yet_has_a_figure() -> None:
    made = record(Ward().log)
    drawn = figure(made)
    begin, end = drawn["layout"]["xaxis"]["range"]
    assert begin == parse_iso(made.phases[0].at)
    assert end - begin == 60_000
    assert [mark["number"] for mark in drawn["marks"]] == [1]
