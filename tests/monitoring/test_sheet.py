"""Every line of the preset: at it, one step inside and one step outside it; raised exactly at its
delay for a stream and at once for a single value.

The table is written by hand from the clinic's sheet, and what it means is told by a model of its
own.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.monitoring.ward import RESTED, Json, Ward, clock_time, seconds_of

RANK = {"low": 1, "medium": 2, "high": 3}
STEP = {"temp": 0.1}
TYPED_ONLY = {"temp", "sedation", "dissociation", "pain"}
CUFF = {"sbp", "dbp", "map"}
FLAG_ONLY = None


@dataclass(frozen=True)
class Row:
    """One line of the sheet."""

    vital: str
    comparator: str
    value: float
    priority: str | None
    delay: float = 0

    def beyond(self, value: float) -> bool:
        if self.comparator == "<":
            return value < self.value
        if self.comparator == "<=":
            return value <= self.value
        if self.comparator == ">":
            return value > self.value
        return value >= self.value

    @property
    def side(self) -> str:
        return "low" if self.comparator.startswith("<") else "high"


SHEET = (
    Row("spo2", "<=", 88, "high", 10),
    Row("spo2", "<=", 85, "high", 5),
    Row("spo2", "<", 92, "medium", 15),
    Row("hr", "<=", 40, "high", 5),
    Row("hr", "<", 50, "medium", 15),
    Row("hr", ">", 110, "medium", 15),
    Row("hr", ">=", 140, "high", 5),
    Row("sbp", "<=", 80, "high"),
    Row("sbp", "<", 90, "medium"),
    Row("sbp", ">", 160, "medium"),
    Row("sbp", ">=", 180, "high"),
    Row("dbp", "<=", 40, "high"),
    Row("dbp", "<", 50, "low"),
    Row("dbp", ">", 100, "medium"),
    Row("dbp", ">=", 110, "high"),
    Row("map", "<=", 55, "high"),
    Row("map", "<", 65, "medium"),
    Row("rr", "<=", 7, "high", 15),
    Row("rr", "<", 10, "medium", 30),
    Row("rr", ">", 30, "medium", 30),
    Row("etco2", "<", 30, "low", 30),
    Row("etco2", ">", 50, "medium", 30),
    Row("etco2", ">=", 60, "high", 15),
    Row("temp", "<", 36.0, "low"),
    Row("temp", ">", 38.0, "low"),
    Row("sedation", "<=", 2, "high"),
    Row("sedation", "<=", 3, "medium"),
    Row("dissociation", ">=", 3, FLAG_ONLY),
    Row("dissociation", ">=", 4, "medium"),
    Row("pain", ">", 3, FLAG_ONLY),
)
HYSTERESIS = {
    "spo2": 1, "hr": 3, "sbp": 5, "dbp": 5, "map": 5, "rr": 1, "etco2": 2, "temp": 0.2,
    "sedation": 0, "dissociation": 0,
}  # fmt: skip


def around(row: Row) -> list[float]:
    step = STEP.get(row.vital, 1)
    return [round(row.value + change, 1) for change in (-step, 0, step)]


CASES = sorted(
    {(row.vital, value) for row in SHEET for value in around(row)} - {("dissociation", 5)}
)  # a scale of 0 to 4


def steps_of(vital: str, value: float, *, single: bool) -> list[tuple[float, str]]:
    """When a value that stays gets an alarm, and when a more severe one: delay and priority."""
    reached = sorted(
        (0 if single else row.delay, RANK[row.priority], row.priority)
        for row in SHEET
        if row.vital == vital and row.priority is not None and row.beyond(value)
    )
    climbing: list[tuple[float, str]] = []
    for delay in dict.fromkeys(delay for delay, _, _ in reached):
        _, priority = max((r, p) for d, r, p in reached if d <= delay)
        if not climbing or RANK[priority] > RANK[climbing[-1][1]]:
            climbing.append((delay, priority))
    return climbing


def told_of(events: list[Json], vital: str) -> list[tuple[float, str]]:
    """When alarms of this very vital were raised or became more severe, in seconds after 60."""
    told: list[tuple[float, str]] = []
    for event in events:
        if event["kind"] not in ("alarm.raised", "alarm.changed"):
            continue
        alarm = event["data"]["alarm"]
        if (alarm["condition"], alarm["vital"]) != ("limit", vital):
            continue
        if not told or RANK[alarm["priority"]] > RANK[told[-1][1]]:
            told.append((seconds_of(event["at"]) - 60, alarm["priority"]))
    return told


@pytest.mark.parametrize(
    ("vital", "value"), [case for case in CASES if case[0] not in TYPED_ONLY | CUFF]
)
def test_stream_beyond_a_line_is_raised_exactly_at_its_delay(vital: str, value: float) -> None:
    wanted = steps_of(vital, value, single=False)
    ward = Ward.infusing()
    told: list[tuple[float, str]] = []
    ward.sends(60, {vital: value})
    for delay, priority in wanted:
        ward.tick(60 + delay - 0.001)
        assert told_of(ward.log, vital) == told, "before its time"
        ward.tick(60 + delay)
        told.append((delay, priority))
        assert told_of(ward.log, vital) == told
    ward.tick(60 + 44)  # after which the signal itself is missed
    assert told_of(ward.log, vital) == wanted


@pytest.mark.parametrize(("vital", "value"), [case for case in CASES if case[0] not in CUFF])
def test_typed_value_beyond_a_line_is_raised_at_once(vital: str, value: float) -> None:
    ward = Ward.infusing()
    ward.types(60, {vital: value})
    assert told_of(ward.log, vital) == steps_of(vital, value, single=True)


@pytest.mark.parametrize("typed", [True, False])
@pytest.mark.parametrize(("vital", "value"), [case for case in CASES if case[0] in CUFF])
def test_pressure_beyond_a_line_is_raised_at_once(vital: str, value: float, typed: bool) -> None:
    ward = Ward.infusing()
    if typed:
        ward.types(60, {vital: value})
    else:
        ward.sends(60, {vital: value}, interval_s=300)
    assert told_of(ward.log, vital) == steps_of(vital, value, single=True)


@pytest.mark.parametrize(("vital", "value"), [case for case in CASES if case[0] not in CUFF])
def test_slow_device_beyond_a_line_is_raised_at_once(vital: str, value: float) -> None:
    ward = Ward.infusing()
    ward.sends(60, {vital: value}, interval_s=60)
    assert told_of(ward.log, vital) == steps_of(vital, value, single=True)


def ends_at(row: Row) -> float:
    """The first value inside by the hysteresis."""
    margin = HYSTERESIS[row.vital]
    step = STEP.get(row.vital, 1)
    inwards = 1 if row.side == "low" else -1
    value = row.value
    while row.beyond(value) or abs(value - row.value) < margin - 1e-9:
        value = round(value + inwards * step, 1)
    return value


def outermost(row: Row) -> bool:
    """True if no milder line of the same side remains when this one ends."""
    return not any(
        (other.vital, other.side) == (row.vital, row.side)
        and other.priority is not None
        and (other.value > row.value) == (row.side == "low")
        and other.value != row.value
        for other in SHEET
    )


def one_further(row: Row, value: float) -> float:
    outwards = -1 if row.side == "low" else 1
    return round(value + outwards * STEP.get(row.vital, 1), 1)


@pytest.mark.parametrize("row", [r for r in SHEET if r.priority and outermost(r)], ids=str)
def test_single_value_ends_its_alarm_only_inside_by_the_hysteresis(row: Row) -> None:
    ward = Ward.infusing()
    outside = row.value if row.beyond(row.value) else one_further(row, row.value)
    ward.types(60, {row.vital: outside})
    ward.acknowledge(61, ward.alarm)
    end = ends_at(row)
    if HYSTERESIS[row.vital]:
        ward.types(70, {row.vital: one_further(row, end)})
        assert ward.alarm["state"] == "acknowledged"
    said = ward.types(80, {row.vital: end})
    assert [event["kind"] for event in said] == ["reading.recorded", "alarm.cleared"]
    assert said[-1]["data"]["alarm"]["ended_by"] == "over"


RELATIVE: tuple[tuple[str, float, float, str | None], ...] = (
    ("spo2", 96, 92, "low"),  # 4 below, and below 94
    ("spo2", 96, 93, None),  # 3 below
    ("spo2", 99, 94, None),  # 5 below, and not below 94
    ("spo2", 99, 93, "low"),
    ("hr", 80, 103, None),
    ("hr", 80, 104, "low"),  # 30 % above, and above 100
    ("hr", 70, 100, None),  # 43 % above, and not above 100
    ("hr", 70, 101, "low"),
    ("hr", 78, 51, None),  # 35 % below, and not below 50
    ("sbp", 120, 144, None),
    ("sbp", 120, 145, "low"),  # over 20 % above
    ("sbp", 155, 161, "medium"),  # the absolute line
    ("sbp", 115, 154, "low"),
    ("sbp", 115, 155, "medium"),  # 40 above
    ("sbp", 130, 92, None),
    ("sbp", 130, 91, "medium"),  # 30 % below
    ("dbp", 70, 94, None),
    ("dbp", 70, 95, "medium"),  # 25 above
)


@pytest.mark.parametrize(("vital", "baseline", "value", "priority"), RELATIVE)
def test_lines_relative_to_the_baseline(
    vital: str, baseline: float, value: float, priority: str | None
) -> None:
    ward = Ward.infusing(baseline={**RESTED, vital: baseline})
    ward.types(60, {vital: value})
    limits = [alarm for alarm in ward.alarms if alarm["condition"] == "limit"]
    assert [alarm["priority"] for alarm in limits] == ([priority] if priority else [])
    assert [alarm["raised_at"] for alarm in limits] == [clock_time(60)] * len(limits)


@pytest.mark.parametrize(("vital", "baseline", "value"), [("spo2", 96, 92), ("hr", 80, 104)])
def test_stream_beyond_a_relative_line_waits_fifteen_seconds(
    vital: str, baseline: float, value: float
) -> None:
    ward = Ward.infusing(baseline={**RESTED, vital: baseline})
    ward.sends(60, {vital: value})
    ward.tick(74.999)
    assert ward.alarms == []
    ward.tick(75)
    assert (ward.alarm["priority"], ward.alarm["raised_at"]) == ("low", clock_time(75))


@pytest.mark.parametrize(
    ("vital", "baseline", "out", "almost", "back"),
    [
        ("spo2", 99, 93, 94, 95),  # below 94 as well: one above that ends it
        ("hr", 70, 101, 98, 97),  # above 100 as well: three below that
        ("sbp", 120, 145, 140, 139),  # 20 % above is 144: five below that
    ],
)
def test_relative_alarm_ends_inside_by_the_hysteresis(
    vital: str, baseline: float, out: float, almost: float, back: float
) -> None:
    ward = Ward.infusing(baseline={**RESTED, vital: baseline})
    ward.types(60, {vital: out})
    ward.types(70, {vital: almost})
    assert ward.alarm["state"] == "active"
    ward.types(80, {vital: back})
    assert ward.alarms == []


def test_relative_lines_do_not_exist_before_the_baseline_is_set() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 0)
    ward.types(1, {**RESTED, "sbp": 118})
    ward.types(10, sbp=150, dbp=80)
    assert ward.alarms == []
    ward.types(20, sbp=118, dbp=78)
    ward.types(30, sbp=118, dbp=78)
    ward.phase("ready", 40)
    ward.types(50, sbp=150, dbp=80)
    assert (ward.alarm["priority"], ward.alarm["raised_at"]) == ("low", clock_time(50))
