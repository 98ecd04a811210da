"""The one clock, while the machine's is set."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from app.clock import MOST_AHEAD_MS, go_on_from, now_ms, set_back_s

if TYPE_CHECKING:
    import pytest

HOUR_MS = 3_600_000
NS = 1_000_000  # in a millisecond


class Machine:
    """The two clocks of a machine: one that is set, and one that only runs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._wall, self._running = time.time_ns(), time.monotonic_ns()
        monkeypatch.setattr("app.clock._ahead_ns", self._wall - self._running)
        monkeypatch.setattr(time, "time_ns", lambda: self._wall)
        monkeypatch.setattr(time, "monotonic_ns", lambda: self._running)

    def run(self, ms: int) -> None:
        self._wall += ms * NS
        self._running += ms * NS

    def set(self, ms: int) -> None:
        self._wall += ms * NS


def test_a_clock_that_is_set_back_makes_nothing_younger(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    before = now_ms()
    machine.set(-HOUR_MS)
    assert now_ms() == before
    machine.run(5_000)
    assert now_ms() == before + 5_000


def test_a_clock_that_is_set_ahead_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    before = now_ms()
    machine.set(HOUR_MS)  # or the machine was suspended for an hour
    assert now_ms() == before + HOUR_MS


def test_the_time_of_day_is_taken_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    before = now_ms()
    machine.set(-10_000)
    machine.run(1_000)
    machine.set(10_000)
    assert now_ms() == before + 1_000


def test_a_restart_goes_on_from_what_was_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    recorded = now_ms() + HOUR_MS  # by a clock that has been set back since
    assert go_on_from(recorded)
    assert now_ms() == recorded
    assert set_back_s() == HOUR_MS / 1_000
    machine.run(5_000)
    assert now_ms() == recorded + 5_000


def test_what_was_recorded_before_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    before = now_ms()
    machine.run(1_000)
    assert go_on_from(before)
    assert now_ms() == before + 1_000
    assert set_back_s() == 0


def test_a_record_of_another_time_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    Machine(monkeypatch)
    before = now_ms()
    assert not go_on_from(before + MOST_AHEAD_MS + 1)
    assert now_ms() == before
    assert go_on_from(before + MOST_AHEAD_MS)
