"""Lanes: bounded, people first, and devices shed only while a queue stands. Time is a number."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from hypothesis import given
from hypothesis import strategies as st

from app.models.lanes import (
    BATCH_READINGS,
    INTERVAL_S,
    LANE_READINGS,
    MEMORY_S,
    PEOPLE_SUBMISSIONS,
    TARGET_S,
    Lanes,
    Submission,
)

if TYPE_CHECKING:
    from app.models.lanes import Queue

NOBODY = cast("Any", None)  # neither loop nor future is touched here
BATCH = BATCH_READINGS


def of(queue: Queue = "devices", *, weight: int = 1, since: float = 0.0) -> Submission[Any]:
    return Submission(NOBODY, NOBODY, NOBODY, queue, weight=weight, since=since)


def test_an_idle_lane_takes_whatever_comes() -> None:
    lanes = Lanes()
    assert lanes.put(of(weight=LANE_READINGS + 1))
    assert not lanes.put(of())
    assert lanes.put(of("people"))
    assert lanes.put(of("streams", weight=LANE_READINGS))


def test_people_are_refused_only_by_their_own_bound() -> None:
    lanes = Lanes()
    assert lanes.put(of(weight=LANE_READINGS))
    for _ in range(PEOPLE_SUBMISSIONS):
        assert lanes.put(of("people", since=0.0))
    assert not lanes.takes("people", now=1_000.0)
    assert not lanes.put(of("people", since=1_000.0))


def test_a_burst_is_taken_whole_and_a_stall_passes() -> None:
    lanes = Lanes()
    assert all(lanes.put(of(since=0.0)) for _ in range(10 * BATCH))
    assert lanes.takes("devices", now=TARGET_S + INTERVAL_S - 0.001)  # not a whole interval yet
    while lanes:
        lanes.take(now=TARGET_S + INTERVAL_S - 0.001)
    assert lanes.put(of(since=1.0))


def test_a_queue_that_stands_is_shed_until_it_has_gone() -> None:
    lanes = Lanes()
    for _ in range(3 * BATCH):
        lanes.put(of(since=0.0))
    late = TARGET_S + INTERVAL_S + 0.001
    assert not lanes.takes("devices", late)
    lanes.take(late)
    assert not lanes.takes("devices", late)  # what is left waits as long
    lanes.take(late)
    assert lanes.takes("devices", late)  # the next commit takes the rest
    for _ in range(2 * BATCH):
        lanes.put(of(since=late))
    again = late + TARGET_S + 0.001
    assert not lanes.takes("devices", again)  # overload is remembered: at once
    calm = again + MEMORY_S
    while lanes:
        lanes.take(calm)
    for _ in range(2 * BATCH):
        lanes.put(of(since=calm))
    assert lanes.takes("devices", calm + TARGET_S + 0.001)  # and forgotten


def test_what_the_next_commit_takes_is_no_queue() -> None:
    lanes = Lanes()
    for _ in range(BATCH):
        lanes.put(of(since=0.0))
    assert lanes.takes("devices", now=60.0)


def test_people_first_and_streams_have_their_half() -> None:
    lanes = Lanes()
    queues: tuple[Queue, ...] = ("streams", "devices", "people")
    for queue in queues:
        for _ in range(BATCH):
            lanes.put(of(queue))
    first, second = lanes.take(0.0), lanes.take(0.0)
    assert [s.queue for s in first] == ["people"] * BATCH
    assert [s.queue for s in second] == ["devices"] * (BATCH // 2) + ["streams"] * (BATCH // 2)


@given(
    st.lists(
        st.one_of(
            st.tuples(
                st.just("put"),
                st.sampled_from(["people", "devices", "streams"]),
                st.integers(1, 700),
            ),
            st.tuples(st.just("take"), st.integers(0, 10), st.just(0)),
        ),
        max_size=60,
    )
)
def test_nothing_is_lost_or_overtaken(course: list[tuple[str, Any, int]]) -> None:
    """Whatever is put, taken and in part given back, each queue keeps its order."""
    lanes, now = Lanes(), 0.0
    came: dict[str, list[Submission[Any]]] = {"people": [], "devices": [], "streams": []}
    went: dict[str, list[Submission[Any]]] = {"people": [], "devices": [], "streams": []}
    for what, which, weight in course:
        now += 0.01
        if what == "put":
            submission = of(which, weight=weight, since=now)
            if lanes.put(submission):
                came[which].append(submission)
            continue
        batch = lanes.take(now)
        done = min(which, len(batch))
        lanes.give_back(batch[done:])
        for submission in batch[:done]:
            went[submission.queue].append(submission)
    while batch := lanes.take(now):
        for submission in batch:
            went[submission.queue].append(submission)
    for queue, submissions in came.items():
        assert [id(s) for s in submissions] == [id(s) for s in went[queue]]


def test_what_is_accepted_under_lasting_overload_waits_a_bounded_time() -> None:
    """Twice as many come as are written, for ten seconds."""
    lanes, waits, refused = Lanes(), [], 0
    step, per_step = 0.001, 20  # 20,000 readings/s come, 10,000 are written
    ticks = range(10_000)
    for tick in ticks:
        now = tick * step
        for _ in range(per_step):
            refused += not lanes.put(of(since=now))
        if tick % 50 == 49:
            waits += [now - submission.since for submission in lanes.take(now)]
    offered = len(ticks) * per_step
    assert 0.4 < refused / offered < 0.6
    assert max(waits) < 2 * (TARGET_S + INTERVAL_S)
    settled = sorted(waits[len(waits) // 4 :])
    assert settled[len(settled) * 99 // 100] < 3 * TARGET_S
    assert all(a <= b for a, b in pairwise(settled))


def test_few_are_devices_and_streams_together_and_no_person() -> None:
    lanes = Lanes()
    assert lanes.only_few(0)
    lanes.put(of(weight=3))
    lanes.put(of("streams", weight=4))
    assert lanes.only_few(7)
    assert not lanes.only_few(6)
    lanes.put(of("people"))
    assert not lanes.only_few(7)
