"""A device's line by itself: what leaves, when, as what; nothing is lost, all is the same again."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from app.monitoring.vitals import VITALS
from app.simulator.faults import CLOCK_KINDS, Fault, Line
from app.simulator.faults.clocks import CLOCK_FAULTS
from app.simulator.faults.values import IMPLAUSIBLE, PLAUSIBLE_JUMPS
from app.simulator.message import Delivery, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.monitoring.commands import Source

FAULT: TypeAdapter[Fault] = TypeAdapter(Fault)
WRAP_MS = 2**32
EVERY_KIND: list[dict[str, Any]] = [
    {"kind": "probe_off", "sign": "spo2"},
    {"kind": "motion"},
    {"kind": "cuff_failure"},
    {"kind": "wrong_unit", "sign": "bp"},
    {"kind": "sentinel", "sign": "hr"},
    {"kind": "silent"},
    {"kind": "outage"},
    {"kind": "dropped_connection"},
    {"kind": "retry_storm"},
    {"kind": "duplicated"},
    {"kind": "reordered"},
    {"kind": "clock_skew", "seconds": -420},
    {"kind": "clock_drift", "s_per_min": 2},
    {"kind": "clock_wrap32"},
    {"kind": "moved", "to_room": 2},
]


def fault(kind: str, **fields: Any) -> Fault:
    return FAULT.validate_python({"kind": kind, **fields})


def message(t: int, source: Source = "device", **values: float) -> Message:
    device = "mon-01" if source == "device" else None
    signs = values or {"hr": 74, "spo2": 98, "rr": 14, "etco2": 37}
    return Message(f"{source}:{t}", t * 1_000, source, device, 1, signs)


def at(t: int) -> list[Message]:
    """What a visit's second sends: a stream, a cuff pair once a minute, now and then a nurse."""
    sent = [message(t)]
    if t % 60 == 0:
        cuff = {"sbp": 124, "dbp": 76, "map": 92}
        sent.append(Message(f"cuff:{t}", t * 1_000, "device", "mon-01", 60, cuff))
    if t % 90 == 7:
        sent.append(message(t, "manual", sedation=5, temp=36.7))
    return sent


def played(faults: Sequence[Fault], seconds: int = 180, seed: str = "7") -> list[Delivery]:
    line = Line(faults, seed)
    left = [d for t in range(seconds) for d in line.pass_on(t, t / 60, at(t))]
    return [*left, *line.flush(seconds)]


def keys(deliveries: Sequence[Delivery]) -> Counter[str]:
    return Counter(message.key for delivery in deliveries for message in delivery.messages)


ALL_KEYS = {message.key for t in range(180) for message in at(t)}


def test_without_a_fault_everything_leaves_at_once_as_it_is() -> None:
    line = Line([], "7")
    for t in range(180):
        left = [m for delivery in line.pass_on(t, t / 60, at(t)) for m in delivery.messages]
        assert sorted(left, key=lambda m: m.key) == sorted(at(t), key=lambda m: m.key)
    assert line.flush(180) == []


@pytest.mark.parametrize("fields", EVERY_KIND, ids=lambda fields: fields["kind"])
def test_what_leaves_is_the_same_for_the_same_seed(fields: dict[str, Any]) -> None:
    assert played([fault(**fields)]) == played([fault(**fields)])


@pytest.mark.parametrize("kind", ["motion", "dropped_connection", "duplicated", "reordered"])
def test_another_seed_is_another_course(kind: str) -> None:
    assert played([fault(kind)]) != played([fault(kind)], seed="8")


@pytest.mark.parametrize("fields", EVERY_KIND, ids=lambda fields: fields["kind"])
def test_only_silence_loses_what_was_measured(fields: dict[str, Any]) -> None:
    left = set(keys(played([fault(**fields, from_min=1, to_min=2)])))
    lost = ALL_KEYS - left
    if fields["kind"] == "silent":
        assert lost == {f"device:{t}" for t in range(60, 120)} | {"cuff:60"}
    elif fields["kind"] == "cuff_failure":
        assert lost == {"cuff:60"}  # it has measured nothing
    else:
        assert lost == set()


def test_faults_together_lose_nothing_either() -> None:
    rng = Random("which")
    kinds = [one for one in EVERY_KIND if one["kind"] not in {"silent", "cuff_failure"}]
    for _ in range(60):
        faults = []
        for fields in rng.sample(kinds, rng.randrange(2, 6)):
            start = rng.randrange(0, 8) / 4
            faults.append(fault(**fields, from_min=start, to_min=start + rng.randrange(1, 8) / 4))
        assert set(keys(played(faults))) == ALL_KEYS, faults


@pytest.mark.parametrize(
    ("minutes", "silent"), [("of_visit", range(60, 120)), ("of_infusing", range(30, 60))]
)
def test_a_fault_counts_its_minutes_of_infusing_or_of_the_visit(
    minutes: str, silent: range
) -> None:
    """This infusion goes twice as fast as the visit, so that the two differ."""
    line = Line([fault("silent", from_min=1, to_min=2, minutes=minutes)], "7")
    off = [t for t in range(180) if not line.pass_on(t, t / 30, [message(t)])]
    assert off == list(silent)


def test_an_outage_ends_in_one_burst_in_order() -> None:
    line = Line([fault("outage", from_min=1, to_min=2)], "7")
    for t in range(120):
        left = line.pass_on(t, t / 60, [message(t)])
        assert len(left) == (0 if t >= 60 else 1)
    burst, live = line.pass_on(120, 2, [message(120)])
    assert [m.taken_ms for m in burst.messages] == [t * 1_000 for t in range(60, 120)]
    assert [m.taken_ms for m in live.messages] == [120_000]


def test_an_outage_until_the_end_is_flushed() -> None:
    line = Line([fault("outage")], "7")
    assert [line.pass_on(t, 0, [message(t)]) for t in range(10)] == [[]] * 10
    (burst,) = line.flush(10)
    assert len(burst.messages) == 10
    assert line.flush(11) == []


def test_what_a_person_types_passes_an_outage_and_a_wrong_clock() -> None:
    faults = [fault("outage"), fault("silent"), fault("clock_skew", seconds=99)]
    typed = message(7, "manual", sedation=5)
    assert Line(faults, "7").pass_on(7, 0, [message(7), typed]) == [Delivery((typed,))]


def test_repeats_lost_answers_and_another_room_are_told_of_a_delivery() -> None:
    faults = [
        fault("retry_storm", times=5),
        fault("dropped_connection", share=1),
        fault("moved", to_room=3),
    ]
    left = Line(faults, "7").pass_on(0, 0, [message(0)])
    assert left == [Delivery((message(0),), times=5, answer_lost=True, to_room=2)]


def test_a_duplicate_is_the_same_message_later() -> None:
    line = Line([fault("duplicated", share=1, after_s=3, to_min=1)], "7")
    assert len(line.pass_on(0, 0, [message(0)])) == 1
    assert line.pass_on(1, 1, []) == line.pass_on(2, 1, []) == []
    assert line.pass_on(3, 1, []) == [Delivery((message(0),))]
    assert line.flush(4) == []  # a repeat is not repeated


def test_reordered_messages_overtake_each_other() -> None:
    left = [m.taken_ms for d in played([fault("reordered", most_s=5)]) for m in d.messages]
    assert left != sorted(left)
    for place, taken_ms in enumerate(left):
        assert all(earlier - taken_ms <= 5_000 for earlier in left[:place])


def test_a_probe_that_is_off_sends_a_zero_or_no_number() -> None:
    for shows, kept in (
        ("zero", {"spo2": 0}),
        ("no_number", {"spo2": None}),
        ("left_out", {}),
    ):
        (delivery,) = Line([fault("probe_off", sign="spo2", shows=shows)], "7").pass_on(
            0, 0, [message(0)]
        )
        assert delivery.messages[0].values == {"hr": 74, "rr": 14, "etco2": 37, **kept}


def test_a_cuff_that_fails_sends_zeros_if_so_told() -> None:
    cuff = message(0, sbp=124, dbp=76, map=92)
    (delivery,) = Line([fault("cuff_failure", shows="zeros")], "7").pass_on(0, 0, [cuff])
    assert delivery.messages[0].values == {"sbp": 0, "dbp": 0, "map": 0}


@pytest.mark.parametrize(
    ("sign", "values", "wrong"),
    [
        ("bp", {"sbp": 124, "dbp": 76, "map": 92}, {"sbp": 16.5, "dbp": 10.1, "map": 12.3}),
        ("etco2", {"etco2": 37, "rr": 14}, {"etco2": 4.9, "rr": 14}),
        ("spo2", {"spo2": 98, "hr": 74}, {"spo2": 0.98, "hr": 74}),
    ],
)
def test_a_wrong_unit_is_converted_as_a_menu_does(
    sign: str, values: dict[str, float], wrong: dict[str, float]
) -> None:
    (left,) = Line([fault("wrong_unit", sign=sign)], "7").pass_on(
        0, 0, [message(0, "device", **values)]
    )
    assert left.messages[0].values == wrong


def test_a_thermometer_is_read_wrongly_by_the_nurse() -> None:
    line = Line([fault("wrong_unit", sign="temp")], "7")
    (left,) = line.pass_on(0, 0, [message(0, "manual", temp=36.7, sedation=5)])
    assert left.messages[0].values == {"temp": 98.1, "sedation": 5}


def test_motion_throws_plausible_numbers_far_and_implausible_ones_out_of_range() -> None:
    signs = list(PLAUSIBLE_JUMPS)
    usual = message(0).values
    for t in range(60):
        for jumps in ("plausible", "implausible"):
            line = Line([fault("motion", signs=signs, jumps=jumps, share=1)], "7")
            (left,) = line.pass_on(t, 0, [message(t)])
            for sign, value in left.messages[0].values.items():
                vital, before = VITALS[sign], usual[sign]
                assert value is not None
                assert before is not None
                low, high = vital.reject
                assert (low <= value <= high) == (jumps == "plausible")
                if jumps == "plausible":
                    assert vital.jump is not None
                    assert abs(value - before) > vital.jump


def test_motion_disturbs_as_many_as_it_says() -> None:
    left = played([fault("motion", share=0.25)], seconds=2_000)
    streamed = [m for d in left for m in d.messages if "hr" in m.values]
    hit = sum(m.values["hr"] != 74 for m in streamed)
    assert 0.2 < hit / len(streamed) < 0.3


def test_every_sign_has_its_jumps() -> None:
    assert PLAUSIBLE_JUMPS.keys() == IMPLAUSIBLE.keys() == message(0).values.keys()


@pytest.mark.parametrize("seconds", [-420, 420, 0.5])
def test_a_wrong_clock_stamps_and_tells_the_wrong_time(seconds: float) -> None:
    line = Line([fault("clock_skew", seconds=seconds)], "7")
    (left,) = line.pass_on(10, 0, [message(10)])
    off = round(seconds * 1_000)
    assert (left.messages[0].taken_ms, left.messages[0].sent_ms) == (10_000 + off, 10_000 + off)


def test_a_clock_that_does_not_tell_only_stamps() -> None:
    line = Line([fault("clock_skew", seconds=60, tells=False)], "7")
    (left,) = line.pass_on(10, 0, [message(10)])
    assert (left.messages[0].taken_ms, left.messages[0].sent_ms) == (70_000, None)


def test_a_drifting_clock_is_set_right_at_the_end() -> None:
    line = Line([fault("clock_drift", s_per_min=6, from_min=1, to_min=2)], "7")
    off = {}
    for t in range(150):
        (left,) = line.pass_on(t, t / 60, [message(t)])
        (told,) = left.messages
        off[t] = told.taken_ms - t * 1_000
        assert told.sent_ms == told.taken_ms
    assert (off[59], off[60], off[61], off[119], off[120]) == (0, 0, 100, 5_900, 0)


@pytest.mark.parametrize(("counts", "back_ms"), [("ms", WRAP_MS), ("hundredths", 10 * WRAP_MS)])
def test_a_count_of_32_bits_begins_again(counts: str, back_ms: int) -> None:
    line = Line([fault("clock_wrap32", counts=counts, from_min=1)], "7")
    taken = [line.pass_on(t, t / 60, [message(t)])[0].messages[0].taken_ms for t in (59, 60)]
    assert taken == [59_000, 60_000 - back_ms]


def test_what_was_kept_has_the_clock_of_its_time_and_tells_that_of_its_leaving() -> None:
    faults = [fault("outage", to_min=1), fault("clock_drift", s_per_min=30)]
    line = Line(faults, "7")
    assert line.pass_on(0, 0, [message(0)]) == []
    (burst,) = line.pass_on(30, 1, [])
    (kept,) = burst.messages
    assert (kept.taken_ms, kept.sent_ms) == (0, 45_000)


def test_faults_of_values_are_the_same_beside_others() -> None:
    """A fault's draws are its own: another one after it changes none of its numbers."""
    alone = {m.key: m.values for d in played([fault("motion")]) for m in d.messages}
    others = [fault("motion"), fault("reordered"), fault("clock_skew", seconds=5)]
    beside = {m.key: m.values for d in played(others) for m in d.messages}
    assert alone == beside


def test_overlapping_faults_may_be_given_in_any_order() -> None:
    faults = [fault("outage", to_min=1), fault("silent", from_min=0.5, to_min=1.5)]
    left = [keys(played(order)) for order in permutations(faults)]
    assert left[0] == left[1]


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"kind": "gremlin"}, ()),
        ({"kind": "probe_off", "sign": "sbp"}, ("probe_off", "sign")),
        ({"kind": "probe_off", "sign": "spo2", "form_min": 3}, ("probe_off", "form_min")),
        ({"kind": "silent", "from_min": 5, "to_min": 5}, ("silent",)),
        ({"kind": "sentinel", "sign": "hr", "value": -1}, ("sentinel", "value")),
        ({"kind": "retry_storm", "times": 1}, ("retry_storm", "times")),
        ({"kind": "moved", "to_room": 0}, ("moved", "to_room")),
        ({"kind": "clock_skew"}, ("clock_skew", "seconds")),
        ({"kind": "motion", "signs": []}, ("motion", "signs")),
    ],
)
def test_what_is_no_fault_is_refused_where_it_is_wrong(
    fields: dict[str, Any], where: tuple[str, ...]
) -> None:
    with pytest.raises(ValidationError) as wrong:
        FAULT.validate_python(fields)
    assert [error["loc"] for error in wrong.value.errors()] == [where]


def test_each_kind_is_here() -> None:
    schema = FAULT.json_schema()
    kinds = set(schema["discriminator"]["mapping"])
    assert kinds == {one["kind"] for one in EVERY_KIND}
    clocks = {kind.model_fields["kind"].default for kind in CLOCK_FAULTS}
    assert clocks == CLOCK_KINDS
