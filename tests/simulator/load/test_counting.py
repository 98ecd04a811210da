"""When readings are due, and that each is counted once, whatever comes of it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.schemas.readings import ReadingForIn, ReadingIn
from app.simulator.load.beds import CUFF_S, Beds, patients
from app.simulator.load.tally import MOST_OPEN, Made, Tally
from app.simulator.load.timetable import Timetable

ONE, TWO = ("01930000-0000-7000-8000-000000000001", "01930000-0000-7000-8000-000000000002")
tables = st.builds(
    Timetable, st.integers(1, 5_000), st.sampled_from((0.1, 0.3, 1.0, 7.0)), st.floats(0.01, 2.0)
)


@given(tables, st.floats(-1.0, 200.0))
def test_what_is_due_has_come_and_the_next_has_not(table: Timetable, passed_s: float) -> None:
    upto = table.upto(passed_s)
    assert 0 <= upto <= table.total
    if upto:
        assert table.due_s(upto - 1) <= passed_s
    if upto < table.total:
        assert table.due_s(upto) > passed_s


def test_each_room_sends_each_second_and_rooms_are_spread_over_it() -> None:
    table = Timetable(rooms=4, hz=1.0, minutes=0.05)
    assert [table.due_s(n) for n in range(5)] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert Counter(table.room(n) for n in range(table.total)) == dict.fromkeys(range(4), 3)
    of_room = [table.due_s(n) for n in range(table.total) if table.room(n) == 2]
    assert {later - sooner for sooner, later in pairwise(of_room)} == {1.0}
    assert [table.turn(n) for n in range(table.total) if table.room(n) == 2] == [0, 1, 2]
    assert table.length_s == pytest.approx(3.0)


def test_the_same_seed_gives_the_same_values_under_other_ids() -> None:
    def sent(session: str, seed: int) -> list[dict[str, object]]:
        beds = Beds([session], patients(seed, 1), 1.0, named=True)
        return [orjson.loads(beds.reading(0, turn, 1_000 * turn)) for turn in range(30)]

    one, again, other = sent(ONE, 7), sent(TWO, 7), sent(ONE, 8)
    assert [r["values"] for r in one] == [r["values"] for r in again]
    assert [r["values"] for r in one] != [r["values"] for r in other]
    assert len({r["id"] for r in one + again + other}) == 90  # also at the same session once more


@pytest.mark.parametrize("hz", [0.5, 1.0, 4.0])
def test_readings_are_what_the_api_takes_and_one_of_them_a_cuffs(hz: float) -> None:
    turns = int(CUFF_S * hz)
    beds = Beds([ONE, TWO], patients(1, 2), hz, named=True)
    alone = Beds([ONE], patients(1, 1), hz, named=False)
    cuffs = 0
    for turn in range(turns):
        told = ReadingForIn.model_validate_json(beds.reading(0, turn, 1_764_000_000_000 + turn))
        assert str(told.session_id) == ONE
        assert told.device == "load-mon-1"
        values = told.values.model_dump(exclude_unset=True)
        cuffs += "sbp" in values
        assert set(values) in ({"hr", "spo2", "rr", "etco2"}, {"sbp", "dbp", "map"})
        assert told.interval_s == (CUFF_S if "sbp" in values else pytest.approx(1 / hz))
        ReadingIn.model_validate_json(alone.reading(0, turn, 1_764_000_000_000))
    assert cuffs == 1


Step = tuple[str, float]


@given(st.lists(st.tuples(st.sampled_from(("taken", "refused", "busy", "lost")), st.floats(0, 9))))
def test_every_reading_is_counted_once(fates: list[Step]) -> None:
    tally = Tally()
    for fate, took_s in fates:
        assert tally.is_due(100.0, 100.0)
        made = Made(100.0, 0, b"")
        tally.leaves(made)
        if fate == "busy":
            tally.not_now("busy")
            tally.leaves(made)
        if fate in ("taken", "busy"):
            tally.taken(made, 100.0 + took_s)
        elif fate == "refused":
            tally.refuses("implausible")
    counts = Counter(fate for fate, _ in fates)
    assert tally.due == len(fates) == tally.sent
    assert tally.acknowledged == tally.latency.count == counts["taken"] + counts["busy"]
    assert tally.refused.total() == counts["refused"]
    assert tally.resent == tally.busy.total() == counts["busy"]
    assert tally.open == tally.unanswered == counts["lost"]
    if counts["lost"]:
        assert tally.quantile(1.0) is None


def test_no_more_is_kept_than_may_be_and_what_is_given_up_is_counted() -> None:
    tally = Tally()
    kept = sum(tally.is_due(0.0, 0.0) for _ in range(MOST_OPEN + 5))
    assert kept == tally.open == MOST_OPEN
    assert (tally.due, tally.given_up) == (MOST_OPEN + 5, 5)
    tally.taken(Made(0.0, 0, b""), 1.0)
    assert tally.is_due(0.0, 0.0)
    assert tally.unanswered == MOST_OPEN + 5


def test_a_load_that_is_behind_is_told_from_one_that_is_not() -> None:
    tally = Tally()
    tally.is_due(10.0, 10.099)
    assert tally.late == 0
    tally.is_due(10.0, 10.2)
    assert tally.late == 1
    assert tally.late_most_s == pytest.approx(0.2)
