"""How much a shift of six rooms is disturbed: printed, and bounded."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.monitoring.shift import SHIFT_S, work_a_room
from tests.monitoring.ward import Json, seconds_of

if TYPE_CHECKING:
    Capture = pytest.CaptureFixture[str]

SEED = 20261122
ROOMS = 6


@dataclass(frozen=True)
class Sound:
    """One revision of an alarm that sounded."""

    when: float
    room: int
    begins: int
    trouble: str
    alarm: Json

    @property
    def of(self) -> tuple[int, int, str]:
        """Which alarm it was; ids repeat, for every session of the shift has the same."""
        return self.room, self.begins, self.alarm["id"]


@pytest.fixture(scope="module")
def shift() -> list[Sound]:
    """Each time that something sounded: an alarm raised, reopened, worse, or sounded again."""
    sounds: dict[tuple[int, int, str, int], Sound] = {}
    for room in range(ROOMS):
        for begins, trouble, log in work_a_room(room, SEED):
            for event in log:
                if event["kind"] in ("alarm.raised", "alarm.reopened", "alarm.changed"):
                    alarm = event["data"]["alarm"]
                    sound = Sound(seconds_of(event["at"]), room, begins, trouble, alarm)
                    sounds.setdefault((*sound.of, alarm["rev"]), sound)
    return sorted(sounds.values(), key=lambda sound: (sound.when, sound.room))


def test_load_of_a_shift_can_be_borne(shift: list[Sound], capsys: Capture) -> None:
    periods = Counter(int(sound.when // 600) for sound in shift)
    priorities = Counter(sound.alarm["priority"] for sound in shift)
    load = {
        "sounds": len(shift),
        "hours": SHIFT_S / 3600,
        "rooms": ROOMS,
        "most in ten minutes": max(periods.values()),
        "by priority": dict(priorities),
        "by condition": dict(Counter(sound.alarm["condition"] for sound in shift)),
        "by trouble": dict(Counter(sound.trouble for sound in shift)),
    }
    with capsys.disabled():
        sys.stdout.write(f"\nalarm load of a shift: {load}\n")
    assert len(shift) / (SHIFT_S / 600) <= 2, "more than two in ten minutes on average"
    assert max(periods.values()) <= 10, "a flood: over ten in ten minutes"
    assert priorities["high"] <= len(shift) / 3, "most of what sounds can wait a little"


def test_nothing_chatters(shift: list[Sound]) -> None:
    """Three times in a minute is chattering, but of a patient who is getting worse and worse."""
    for sound in shift:
        if sound.trouble == "desaturation":
            continue
        again = [o for o in shift if o.of == sound.of and 0 <= o.when - sound.when <= 60]
        assert len(again) < 3, sound.alarm["text"]


def test_calm_patients_are_calm(shift: list[Sound]) -> None:
    calm = [sound.alarm["text"] for sound in shift if sound.trouble == "calm"]
    assert len(calm) <= 6, calm


def test_troubles_are_heard(shift: list[Sound]) -> None:
    heard = {(sound.trouble, sound.alarm["condition"]) for sound in shift}
    assert {("desaturation", "limit"), ("flapping", "limit"), ("outage", "no_signal")} <= heard
    assert {("probe", "signal_stale"), ("pressure", "limit")} <= heard


def test_every_desaturation_becomes_a_high_alarm(shift: list[Sound]) -> None:
    fell = {(s.room, s.begins) for s in shift if s.trouble == "desaturation"}
    high = {
        (s.room, s.begins)
        for s in shift
        if (s.alarm["group"], s.alarm["priority"]) == ("spo2", "high")
    }
    assert fell
    assert fell <= high
