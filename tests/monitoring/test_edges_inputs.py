"""What was recorded is read back as it came in, quickly enough to be asked of every field."""

from __future__ import annotations

import pytest

from app.monitoring.commands import RecordReading
from app.monitoring.engine import step
from app.monitoring.inputs import actor_of, reading_of
from app.monitoring.readings import LostSignals
from tests.monitoring.ward import CLINICIAN, NURSE, Json, Ward, as_json, at, checked, clock_time

MESSAGE = RecordReading(
    {"hr": 80, "spo2": 0, "rr": 150, "sbp": 120, "dbp": 80, "temp": 41},
    taken_at=at(-423),
    device="mon-03",
    interval_s=5,
    sent_at=at(-420),
    weak=("spo2",),
    cuff_inflating=True,
)


def recorded(command: RecordReading) -> tuple[object, Json]:
    """The reading as it was checked, and the data of its event."""
    ward = Ward.infusing()
    reading = checked(ward.state, command, at(5))
    made = step(ward.state, reading, ward.limits, at(5), NURSE)
    (event,) = [event for event in made.events if event.kind == "reading.recorded"]
    data: Json = as_json(event, at(5))["data"]
    return reading, data


@pytest.mark.parametrize(
    "command",
    [
        MESSAGE,
        RecordReading({"hr": 80.5, "temp": 37}, confirmed=True),
        RecordReading({"hr": 200}, taken_at=at(4)),
        RecordReading({"rr": 14}, source="device"),
    ],
)
def test_reading_is_read_back_as_it_was_recorded(command: RecordReading) -> None:
    reading, data = recorded(command)
    assert reading_of(data) == reading


def test_reading_is_recorded_with_all_that_came() -> None:
    _, data = recorded(MESSAGE)
    assert {k: v for k, v in data.items() if k not in ("id", "flags", "basis", "fresh_s")} == {
        "taken_at": clock_time(2),
        "device_time": clock_time(-423),
        "skew_s": 425,
        "source": "device",
        "device": "mon-03",
        "interval_s": 5,
        "values": {"hr": 80, "sbp": 120, "dbp": 80, "temp": 41, "map": 93.3},
        "confirmed": False,
        "derived": ["map"],
        "rejected": [
            {"vital": "spo2", "value": 0, "code": "no_signal"},
            {"vital": "rr", "value": 150, "code": "implausible"},
        ],
        "unconfirmed": ["temp"],
        "weak": ["spo2"],
        "cuff_inflating": True,
        "late": [],
        "superseded": [],
        "repeated": [],
    }


def test_reading_of_the_first_version_says_nothing_of_weak_signals_and_the_cuff() -> None:
    reading, data = recorded(RecordReading({"hr": 80}, device="mon-03"))
    older = {k: v for k, v in data.items() if k not in ("weak", "cuff_inflating")}
    assert reading_of(older) == reading
    assert reading_of(older).cuff_inflating is False


def test_person_is_read_back_with_their_role_and_without_one_where_none_was_told() -> None:
    said = {"kind": "person", "id": "dr-c", "name": "Dr. C", "role": "clinician"}
    assert actor_of(said) == CLINICIAN
    del said["role"]
    assert actor_of(said).role is None


@pytest.mark.parametrize(
    ("taken", "since"), [(15, None), (20, clock_time(20)), (21, clock_time(21))]
)
def test_signal_is_lost_only_by_what_is_not_older_than_its_last_value(
    taken: float, since: str | None
) -> None:
    ward = Ward.infusing()
    ward.sends(20, hr=80, spo2=97)
    ward.wall = at(22)
    said = ward.step(LostSignals("mon-03", at(taken), ("hr",)), NURSE)
    assert [e["data"]["vitals"] for e in said if e["kind"] == "signal.lost"] == (
        [] if since is None else [["hr"]]
    )
    assert ward.public["values"]["hr"]["no_signal_since"] == since
    assert ward.public["values"]["spo2"]["no_signal_since"] is None


def test_zero_in_a_message_is_a_lost_signal_too() -> None:
    ward = Ward.infusing()
    ward.sends(20, hr=80, spo2=97)
    ward.sends(21, taken=19, hr=0, temp=37)
    assert ward.public["values"]["hr"]["no_signal_since"] is None
    ward.sends(22, hr=0, temp=37)
    assert ward.public["values"]["hr"]["no_signal_since"] == clock_time(22)
    ward.sends(23, hr=0, temp=37)
    assert ward.public["values"]["hr"]["no_signal_since"] == clock_time(22)
