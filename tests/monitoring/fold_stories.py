"""Stories for the fold: what a screen is given first, what it hears then, what it must show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.monitoring.fold_care_stories import CARE_STORIES
from tests.monitoring.fold_story import Story
from tests.monitoring.ward import CALM, RESTED, Ward

if TYPE_CHECKING:
    from collections.abc import Callable


def wall_with_alarms() -> Story:
    """A desaturation that is seen, worsens, ends unseen and comes back; pressures beside it."""
    ward = Ward.infusing(baseline=RESTED)
    ward.streams(range(1, 4), CALM)
    story = Story(ward)
    story.watch()
    ward.streams(range(4, 12), spo2=86, hr=92)
    ward.tick(14)
    ward.acknowledge(15, ward.alarm_of("spo2"), action="gave_oxygen")
    ward.streams(range(16, 24), spo2=82.5, hr=96)
    ward.types(24, sbp=172, dbp=101)
    ward.acknowledge(25, ward.alarm_of("bp"), rev=1)
    ward.streams(range(25, 40), spo2=97, hr=88)
    ward.types(41, sbp=138, dbp=84, confirmed=True)
    ward.streams(range(70, 76), spo2=84, hr=88)
    return story


def driven() -> Story:
    """A recording: the feed's time is the session's, until it is handed to the wall clock."""
    ward = Ward(clock="driven", starts_at=-7200)
    story = Story(ward)
    story.watch()
    for second, phase in enumerate(("checked_in", "baseline", "ready", "infusing")):
        ward.phase(phase, told_at=second - 7100, override_reason="recording")
    ward.sends(0, CALM, taken=-7000)
    ward.sends(0, taken=-6999, hr=45.5, spo2=98)
    ward.move_clock(-6960)
    ward.sends(0, taken=-6970, device="mon-04", interval_s=None, rr=14)
    ward.move_clock(-6000)
    ward.move_clock(live=True)
    ward.sends(5, spo2=97)
    return story


def lost_signal() -> Story:
    """A probe comes off, says so in several ways, and is put back."""
    ward = Ward.infusing()
    ward.streams(range(1, 3), spo2=97, hr=80)
    story = Story(ward)
    story.watch()
    ward.sends(3, spo2=0, hr=80)
    ward.sends(4, spo2=-999, hr=81)
    ward.sends(5, spo2=140, hr=400, rr=12)
    ward.types(6, spo2=96)
    ward.sends(7, spo2=0, hr=80)
    ward.streams(range(8, 50), hr=80)
    ward.sends(50, device="mon-04", spo2=95, rr=0)
    ward.sends(51, device="mon-04", spo2=31, rr=13)
    ward.sends(52, spo2=98, hr=79)
    ward.sends(53, taken=51, spo2=0, hr=79)
    return story


def never_taken() -> Story:
    """Probes that never gave a value, of two monitors; one of them finds its signal."""
    ward = Ward.infusing()
    story = Story(ward)
    story.watch()
    ward.sends(1, spo2=0, rr=0, hr=80)
    ward.sends(2, device="mon-04", spo2=0, rr=-1, hr=80)
    ward.sends(3, device="mon-04", spo2=96, hr=80)
    ward.sends(40, device="mon-04", spo2=96, hr=80)
    return story


def superseded_and_two_sources() -> Story:
    """Values out of order, by hand and from two monitors, old ones too, and a clock that is off."""
    ward = Ward.infusing()
    ward.sends(60, interval_s=300, sbp=150, dbp=90)
    story = Story(ward)
    story.watch()
    ward.sends(70, taken=50, interval_s=300, sbp=190, dbp=115)
    ward.types(75, taken=55, sbp=132, dbp=84, hr=76, temp=38.4)
    ward.types(80, taken=60, sbp=134, dbp=85)
    ward.sends(90, taken=-330, sent=-330, device="mon-07", hr=77, map=101)
    ward.sends(95, taken=94, device="mon-07", hr=78)
    ward.types(1500, taken=120, sbp=186, dbp=104, rr=38, dissociation=3)
    ward.sends(1510, interval_s=300, sbp=141, dbp=86)
    return story


def phases_and_baseline() -> Story:
    """From check-in over pause and a way back to recovery, with the baseline and its lines."""
    ward = Ward()
    story = Story(ward)
    story.watch()
    ward.phase("checked_in", 60, told_at=30)
    ward.types(70, {**RESTED, "sbp": 131})
    ward.phase("baseline", 80)
    ward.types(90, RESTED, pain=6, o2_flow=0)
    ward.phase("ready", 100)
    ward.phase("infusing", 130)
    ward.types(200, sbp=152, dbp=80)
    ward.phase("paused", 300, reason="dizzy")
    ward.phase("infusing", 360)
    ward.phase("completed", 500)
    ward.phase("infusing", 520, reason="the bag was not empty")
    ward.phase("stopped", 600, reason="patient_request")
    ward.phase("recovery", 610)
    return story


def closing() -> Story:
    """A patient leaves with alarms standing: all end with the session."""
    ward = Ward.infusing()
    ward.types(1, sbp=190, dbp=100, temp=38.6)
    ward.streams(range(2, 20), spo2=90)
    story = Story(ward)
    story.watch()
    ward.types(30, sbp=130, dbp=80)
    ward.sends(31, spo2=0, hr=80)
    ward.tick(70)
    ward.phase("transferred", 80, reason="ambulance")
    return story


def time_told_late() -> Story:
    """A driven session whose phases came before its feed told the time."""
    ward = Ward(clock="driven")
    story = Story(ward)
    story.watch()
    for to in ("checked_in", "baseline", "ready", "infusing"):
        ward.phase(to, override_reason="told as a story")
    ward.sends(-7200, hr=80, spo2=97)
    ward.says_no_signal(-7190, hr=0, spo2=0)
    ward.says_no_signal(-7180, device="mon-07", rr=0)
    ward.sends(-7100, hr=82)
    ward.move_clock(-3600)
    return story


STORIES: Final[dict[str, Callable[[], Story]]] = {
    story.__name__: story
    for story in (
        wall_with_alarms,
        driven,
        lost_signal,
        never_taken,
        superseded_and_two_sources,
        phases_and_baseline,
        closing,
        time_told_late,
    )
} | CARE_STORIES
