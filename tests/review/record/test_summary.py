"""The numbers of a summary, worked out by hand beside it. The infusion runs since ten, and all
moments are seconds after ten.
"""

from __future__ import annotations

from random import Random

import pytest

from app.monitoring.commands import Annotate
from app.review.record.model import Limits
from app.review.record.summary.beyond import beyond as beyond_of
from app.review.record.summary.beyond import lines_over_time
from app.review.record.summary.held import Held
from app.review.record.summary.vitals import vitals
from tests.monitoring.telling import ANNA, BEN, RESTED, clock_time, reading_event
from tests.monitoring.ward import Ward
from tests.review.record.told import alarm, beyond, reading, record, summary


def test_a_mean_is_weighted_by_the_time_for_which_each_value_stood() -> None:
    ward = Ward.infusing()
    ward.types(0, hr=80)
    ward.types(600, hr=100)
    ward.phase("paused", 900)
    found = summary(record(ward.log), "hr")
    assert found.mean == pytest.approx((80 * 600 + 100 * 300) / 900, abs=0.05)
    assert found.mean == 86.7
    assert (found.first, found.min, found.max, found.last, found.count) == (80, 80, 100, 100, 2)
    assert (found.covered_s, found.gaps_s) == (900, 0)


def test_a_value_stands_no_longer_than_it_was_current_and_the_rest_is_a_gap() -> None:
    """The pulse is asked for every 10 min: it is current for 12."""
    ward = Ward.infusing()
    ward.types(0, hr=80)
    ward.types(1500, hr=120, confirmed=True)
    ward.phase("paused", 1800)
    made = record(ward.log)
    found = summary(made, "hr")
    assert (found.covered_s, found.gaps_s) == (720 + 300, 1500 - 720)
    assert found.mean == round((80 * 720 + 120 * 300) / 1020, 1)
    assert beyond(made, "hr") == {"warning high": 300}


def test_of_a_stream_the_gap_begins_when_it_was_stale() -> None:
    ward = Ward.infusing()
    ward.streams(range(11), hr=80)
    ward.streams(range(60, 63), hr=90)
    found = summary(record(ward.log), "hr")
    assert (found.covered_s, found.gaps_s) == (10 + 15 + 2, 60 - 25)
    assert found.mean == round((80 * 25 + 90 * 2) / 27, 1)


def test_a_value_ends_where_its_device_tells_that_it_has_no_signal() -> None:
    """Beside the pulse, and with nothing beside it; another monitor's value stands."""
    ward = Ward.infusing()
    ward.sends(0, spo2=80, hr=70)
    ward.sends(4, spo2=0, hr=70)
    ward.sends(60, spo2=80, hr=70)
    ward.sends(62, device="mon-09", spo2=90)
    ward.says_no_signal(65, spo2=0)
    ward.phase("paused", 120)
    made = record(ward.log)
    found = summary(made, "spo2")
    assert (found.covered_s, found.gaps_s) == (4 + 2 + 15, 56 + 43)
    assert found.mean == round((80 * 6 + 90 * 15) / 21, 1)
    assert beyond(made, "spo2") == {"critical low": 6, "warning low": 21}


def test_beyond_is_told_by_the_limits_in_force_at_the_time() -> None:
    ward = Ward.infusing()
    ward.types(0, hr=105)
    ward.changes_limits(300, {"hr": {"high": 100}})
    ward.phase("paused", 600)
    assert beyond(record(ward.log), "hr") == {"warning high": 300}


def test_a_value_beyond_the_critical_line_is_beyond_the_warning_too() -> None:
    ward = Ward.infusing(baseline=RESTED)
    ward.types(60, sbp=190, dbp=100, confirmed=True)
    ward.types(360, sbp=150, dbp=80, confirmed=True)
    ward.phase("paused", 660)
    made = record(ward.log)
    # baseline 124: +20 % is 148.8, so that 150 is still beyond the relative line
    assert beyond(made, "sbp") == {
        "critical high": 300,
        "warning high": 300,
        "relative high": 600,
    }
    found = summary(made, "sbp")
    assert (found.baseline, found.change, found.change_last) == (124, 66, 26)


def test_the_change_from_the_baseline_is_the_largest_either_way() -> None:
    ward = Ward.infusing(baseline=RESTED)
    ward.types(60, hr=90)
    ward.types(120, hr=60)
    found = summary(record(ward.log), "hr")
    assert (found.change, found.change_last) == (-18, -18)


def test_one_value_alone_is_its_own_mean() -> None:
    ward = Ward.infusing()
    ward.types(0, pain=3)
    found = summary(record(ward.log), "pain")
    assert (found.mean, found.covered_s) == (3.0, 0)


def test_what_was_voided_counts_nowhere_and_what_was_amended_as_it_should_have_been() -> None:
    ward = Ward.infusing()
    ward.types(0, hr=80)
    wrong = reading_event(ward.types(300, hr=170, confirmed=True))
    slip = reading_event(ward.types(400, hr=58))
    ward.voids(500, wrong)
    ward.amends(510, slip, {"hr": 85})
    ward.phase("paused", 800)
    made = record(ward.log)
    found = summary(made, "hr")
    assert (found.count, found.max, found.last) == (2, 85, 85)
    assert found.mean == round((80 * 400 + 85 * 400) / 800, 1)
    assert beyond(made, "hr") == {}
    assert (made.summary.voided, made.summary.amended, made.summary.readings) == (1, 1, 2)


def test_an_amended_time_moves_the_value() -> None:
    ward = Ward.infusing()
    ward.types(0, hr=80)
    late = reading_event(ward.types(400, hr=100))
    ward.amends(500, late, taken=200)
    ward.phase("paused", 800)
    made = record(ward.log)
    assert summary(made, "hr").mean == round((80 * 200 + 100 * 600) / 800, 1)
    [moved] = [reading for reading in made.readings if reading.standing == "amended"]
    assert (moved.taken_at, moved.first and moved.first.taken_at) == (
        clock_time(200),
        clock_time(400),
    )
    assert moved.corrections[0].was_taken_at == clock_time(400)


def test_time_in_which_the_server_did_not_watch_is_no_gap_of_a_vital_and_said_so() -> None:
    ward = Ward.infusing()
    ward.streams(range(11), hr=80)
    ward.watches_again(125, since=25)
    ward.streams(range(125, 131), hr=80)
    made = record(ward.log)
    assert made.summary.not_watched_s == 100
    assert made.summary.watched_s == made.summary.duration_s - 100
    assert (summary(made, "hr").covered_s, summary(made, "hr").gaps_s) == (25 + 5, 0)
    assert "For 1 min 40 s the server did not watch." in made.summary.completeness


def test_the_dose_rises_while_it_infuses_and_rests_in_a_pause() -> None:
    """35 mg in 40 min."""
    ward = Ward.infusing()
    ward.phase("paused", 600)
    ward.phase("infusing", 900)
    ward.phase("completed", 1500)
    made = record(ward.log)
    assert (made.mg_ordered, made.mg_given, made.infused_s) == (35, 17.5, 1200)
    assert [(dose.at, dose.mg) for dose in made.doses] == [
        (clock_time(0), 0),
        (clock_time(600), 8.75),
        (clock_time(900), 8.75),
        (clock_time(1500), 17.5),
    ]


def test_no_more_is_given_than_was_ordered() -> None:
    ward = Ward.infusing()
    ward.phase("completed", 2700)
    made = record(ward.log)
    assert [(dose.at, dose.mg) for dose in made.doses] == [
        (clock_time(0), 0),
        (clock_time(2400), 35),
        (clock_time(2700), 35),
    ]


def test_how_soon_alarms_were_acknowledged() -> None:
    ward = Ward.infusing()
    ward.types(60, sbp=190, dbp=100, confirmed=True)
    ward.acknowledge(102, ward.alarm, by=ANNA)
    ward.types(400, sbp=120, dbp=80, confirmed=True)
    made = record(ward.log)
    [count] = made.summary.alarms
    assert (count.priority, count.kind, count.count) == ("high", "physiological", 1)
    assert (count.acknowledged, count.seconds_to_acknowledge_median) == (1, 42)
    told = alarm(made, "bp")
    assert (told.raised_at, told.seen_at) == (clock_time(60), clock_time(102))
    assert (told.cleared_at, told.rejudged) == (clock_time(400), False)
    assert [entry["kind"] for entry in told.history] == [
        "alarm.raised",
        "alarm.escalated",
        "alarm.acknowledged",
        "alarm.cleared",
    ]


def test_who_saw_an_alarm_before_it_was_high_has_not_seen_it_high() -> None:
    ward = Ward.infusing()
    ward.types(60, sbp=165, dbp=90, confirmed=True)
    ward.acknowledge(70, ward.alarm, by=ANNA)
    ward.types(360, sbp=190, dbp=90, confirmed=True)
    made = record(ward.log)
    [count] = made.summary.alarms
    assert (count.priority, count.count, count.acknowledged) == ("high", 1, 0)
    assert "High alarms that no person acknowledged: 1." in made.summary.completeness
    ward.acknowledge(370, ward.alarm, rev=1, by=ANNA)  # a screen that still showed it as it was
    [count] = record(ward.log).summary.alarms
    assert count.acknowledged == 0
    ward.acknowledge(390, ward.alarm, by=BEN)
    [count] = record(ward.log).summary.alarms
    assert (count.acknowledged, count.seconds_to_acknowledge_longest) == (1, 30)


def test_a_pressure_that_was_only_sent_again_is_not_what_an_amendment_took_out() -> None:
    ward = Ward.infusing()
    ward.sends(60, sbp=150, dbp=80, hr=70)
    again = reading_event(ward.sends(61, sbp=150, dbp=80, hr=71))
    ward.amends(100, again, {"hr": 90})
    made = record(ward.log)
    assert reading(made, again["seq"]).corrections[0].was == {"hr": 71}
    assert (summary(made, "sbp").count, summary(made, "hr").max) == (1, 90)


def test_a_rate_that_was_changed_is_not_in_the_mg_given_and_said_so() -> None:
    ward = Ward.infusing()
    told = "The rate was changed once: the mg given go by the order and the time infused"
    ward.step(Annotate("rate_change", None, "half", id="a"), ANNA)
    ward.phase("completed", 1200)
    made = record(ward.log)
    assert made.mg_given == 17.5
    assert [said.startswith(told) for said in made.summary.completeness].count(True) == 1
    ward.voids_annotation(1300, "a")
    assert not any("rate" in said for said in record(ward.log).summary.completeness)


def test_an_alarm_that_a_correction_ended_says_so() -> None:
    ward = Ward.infusing()
    wrong = reading_event(ward.types(60, sbp=190, dbp=100, confirmed=True))
    ward.voids(90, wrong)
    told = alarm(record(ward.log), "bp")
    assert told.rejudged
    assert told.alarm["ended_by"] == "value_voided"


LINES = {
    "hr": [
        {"tier": tier, "side": side, "comparator": comparator, "value": value, "priority": "low",
         "delay_s": 0, "basis": basis, "and_value": also}
        for tier, side, comparator, value, basis, also in (
            ("critical", "low", "<=", 40, "absolute", None),
            ("warning", "low", "<", 50, "absolute", None),
            ("warning", "high", ">", 110, "absolute", None),
            ("critical", "high", ">=", 140, "absolute", None),
            ("critical", "high", ">=", 150, "absolute", None),
            ("relative", "high", ">=", 90, "relative", 100),
        )
    ]
}  # fmt: skip
TIGHTER = {"hr": [{**line, "value": line["value"] - 5} for line in LINES["hr"]]}  # type: ignore[operator]  # a number


def reached(tier: str, side: str, value: float, less: int) -> bool:
    """By the comparators above; `less` once the lines are tighter."""
    match tier, side:
        case "critical", "low":
            return value <= 40 - less
        case "warning", "low":
            return value < 50 - less
        case "warning", "high":
            return value > 110 - less
        case "critical", "high":
            return value >= 140 - less
    return value >= 90 - less and value > 100


@pytest.mark.parametrize("seed", range(20))
def test_sums_are_those_of_looking_at_every_second(seed: int) -> None:
    """Random values that stand for a random time, under lines that change once."""
    chance = Random(seed)
    moments = sorted(chance.sample(range(600), 40))
    fresh = [chance.randint(1, 60) for _ in moments]
    values = [float(chance.randint(30, 160)) for _ in moments]
    end, changed = 640, chance.randint(1, 599)
    held = Held()
    for n, at in enumerate(moments):
        following = moments[n + 1] if n + 1 < len(moments) else end
        held.at.append(at * 1000)
        held.until.append(min(at + fresh[n], following, end) * 1000)
        held.value.append(values[n])
    seconds = []
    for second in range(end):
        newest = max((n for n, at in enumerate(moments) if at <= second), default=None)
        if newest is not None and second < moments[newest] + fresh[newest]:
            seconds.append((second, values[newest]))
    limits = [
        Limits("1970-01-01T00:00:00.000Z", 1, None, None, LINES),
        Limits(f"1970-01-01T00:{changed // 60:02}:{changed % 60:02}.000Z", 9, None, None, TIGHTER),
    ]
    [found] = vitals({"hr": held}, None, lines_over_time(limits), [(0, end * 1000)])
    assert found.covered_s == len(seconds)
    assert found.gaps_s == end - moments[0] - len(seconds)
    assert found.mean == round(sum(value for _, value in seconds) / len(seconds), 1)
    counted = {(b.tier, b.side): b.seconds for b in beyond_of(held, lines_over_time(limits)["hr"])}
    assert counted == {
        line: sum(reached(*line, value, 5 * (second >= changed)) for second, value in seconds)
        for line in {(str(line["tier"]), str(line["side"])) for line in LINES["hr"]}
    }
