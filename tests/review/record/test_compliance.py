"""How well the schedule was kept: pressures are due every 10 min while it infuses, and a fifth of
that may pass. All moments are seconds after ten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.monitoring.ward import Ward
from tests.review.record.told import kept, record

if TYPE_CHECKING:
    from app.review.record.model import Compliance


def pressures(ward: Ward, *moments: float) -> None:
    for second in moments:
        ward.types(second, sbp=120, dbp=80)


def counted(one: Compliance) -> tuple[int, int, int, int]:
    return one.due, one.in_time, one.late, one.missed


def test_in_time_late_and_missed() -> None:
    ward = Ward.infusing()
    pressures(ward, 0, 540, 1180, 2000)
    ward.phase("paused", 3300)
    # due 600: taken 540. Due 1140: taken 1180, within two minutes. Due 1780: taken 2000, late.
    # Due 2600: never taken. Due 3200: there was still time when it ended.
    found = kept(record(ward.log), "sbp")
    assert counted(found) == (4, 2, 1, 1)
    assert found.longest_gap_s == 1300


def test_what_was_never_taken_is_missed_every_time() -> None:
    ward = Ward.infusing()
    ward.phase("paused", 2400)
    made = record(ward.log)
    assert counted(kept(made, "dbp")) == (3, 0, 0, 3)
    asked = "The schedule asked for HR, SpO2, SBP, DBP, RR, Sedation, and there was never a value."
    assert asked in made.summary.completeness


def test_a_stream_is_due_as_often_as_the_schedule_says() -> None:
    ward = Ward.infusing()
    ward.streams(range(0, 1500, 5), hr=80)
    assert counted(kept(record(ward.log), "hr")) == (2, 2, 0, 0)


def test_what_was_tried_and_not_taken_is_due_later() -> None:
    ward = Ward.infusing()
    pressures(ward, 0)
    ward.tries(590, "asleep", "sbp", "dbp")
    pressures(ward, 1200)
    ward.phase("paused", 1500)
    assert counted(kept(record(ward.log), "sbp")) == (1, 1, 0, 0)


def test_nothing_is_due_in_standby() -> None:
    ward = Ward.infusing()
    pressures(ward, 0)
    ward.stands_by(550, minutes=10)
    ward.ends_standby(1000)
    pressures(ward, 1100)
    ward.phase("paused", 1200)
    assert counted(kept(record(ward.log), "sbp")) == (1, 1, 0, 0)


def test_nor_while_the_server_did_not_watch() -> None:
    ward = Ward.infusing()
    pressures(ward, 0)
    ward.watches_again(1000, since=500)
    pressures(ward, 1100)
    ward.phase("paused", 1200)
    assert counted(kept(record(ward.log), "sbp")) == (1, 1, 0, 0)


def test_another_schedule_asks_from_when_it_begins() -> None:
    """Recovery asks every 15 min; a value from before is late at once if it is older than that."""
    ward = Ward.infusing()
    pressures(ward, 0)
    ward.phase("completed", 300)
    pressures(ward, 1000)
    ward.phase("recovery", 1100)
    ward.phase("ready_for_discharge", 1700)
    # infusing until 300: nothing due. From 300: due 900, taken 1000, within three minutes.
    assert counted(kept(record(ward.log), "sbp")) == (1, 1, 0, 0)


def test_a_voided_value_was_not_taken() -> None:
    ward = Ward.infusing()
    pressures(ward, 0)
    [wrong] = [e for e in ward.types(550, sbp=121, dbp=81) if e["kind"] == "reading.recorded"]
    ward.voids(560, wrong)
    ward.phase("paused", 1300)
    assert counted(kept(record(ward.log), "sbp")) == (1, 0, 0, 1)
