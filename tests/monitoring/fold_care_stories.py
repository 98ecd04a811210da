"""Stories for the fold about what people and the server do: controls, limits, corrections, gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.monitoring.fold_story import Story
from tests.monitoring.ward import ANNA, BEN, CALM, CLINICIAN, RESTED, Ward, reading_event

if TYPE_CHECKING:
    from collections.abc import Callable


def sound_and_alarms_off() -> Story:
    """Audio paused, broken through, expired and ended; audio and alarms off and on again."""
    ward = Ward.infusing()
    ward.types(0, sbp=165, dbp=85)
    story = Story(ward)
    story.watch()
    ward.pauses_audio(10, 60, by=ANNA)
    ward.types(20, sbp=185, dbp=85)
    ward.pauses_audio(30, 5)
    ward.tick(40)
    ward.pauses_audio(50)
    ward.resumes_audio(55)
    ward.switches_off(60, "audio", "session")
    ward.switches_off(61, "audio", "bp")
    ward.switches_off(62, "alarms", "spo2", reason="nail polish")
    ward.streams(range(63, 75), spo2=84)
    ward.switches_on(80, "audio", "session")
    ward.tick(62 + 1800)
    ward.switches_off(1900, "audio", "hr")
    ward.phase("paused", 1910)
    return story


def unseen_and_escalated() -> Story:
    """A high alarm that nobody sees, shown by a screen, called to everybody, sounded again."""
    ward = Ward.infusing()
    ward.appoints(0, ANNA)
    story = Story(ward)
    story.watch()
    for second in range(60, 71, 5):
        ward.sends(second, interval_s=5, spo2=84, hr=78)
    ward.shows(71, ward.alarm)
    for second in range(75, 260, 10):
        ward.sends(second, interval_s=5, spo2=84, hr=78)
    ward.shows(260, ward.alarm, rev=2)
    ward.appoints(261, None)
    ward.acknowledge(262, ward.alarm, by=BEN, action="gave_oxygen")
    ward.calls_help(263, "airway")
    ward.tick(280)
    ward.ends_help(290)
    return story


def stop_prompts() -> Story:
    """The infusion should stop: raised, answered, worse, back inside, paused, taken back."""
    ward = Ward.infusing()
    story = Story(ward)
    story.watch()
    ward.types(10, sedation=2, sbp=205, dbp=100)
    ward.lets_go_on(20, "sedation", reason="opens the eyes when touched", by=ANNA)
    ward.types(30, sbp=180, dbp=90)
    mistyped = reading_event(ward.types(40, sedation=1, rr=6))
    ward.amends(50, mistyped, {"rr": 16})
    ward.phase("paused", 60)
    ward.phase("infusing", 70)
    return story


def not_taken() -> Story:
    """The patient sleeps: put off, told again, ended by values, by a void, by the next phase."""
    ward = Ward.infusing()
    ward.types(0, RESTED)
    story = Story(ward)
    story.watch()
    ward.tries(590, "asleep", "sbp", "dbp", "rr", note="sleeps deeply")
    ward.sends(600, CALM)
    again = reading_event(ward.tries(650, "refused", "sbp", "dbp", hr=76))
    ward.tries(660, "not_possible", "sedation")
    ward.tick(1500)
    ward.tries(1510, "asleep", "hr", "spo2", "sbp", "dbp")
    ward.voids(1520, again)
    fresh = reading_event(ward.sends(1530, CALM))["seq"]
    ward.types(1531, sedation=5, charted={"hr": fresh, "sbp": fresh})
    ward.tries(2130, "refused", "sbp", "dbp", "hr")
    ward.phase("completed", 2140)
    return story


def devices_and_cuff() -> Story:
    """Monitors attached, held for their cuff, detached with and without a reason."""
    ward = Ward.infusing()
    story = Story(ward)
    story.watch()
    ward.attaches(0, probe="left_arm", cuff="left_arm")
    ward.attaches(1, "mon-07", probe="ear")
    ward.streams(range(2, 5), hr=78, spo2=98, sbp=124, dbp=78)
    ward.sends(5, hr=78, spo2=82, weak=("spo2",), inflating=True)
    for second in range(6, 60, 5):
        ward.sends(second, interval_s=5, hr=78, spo2=82)
    ward.sends(60, device="mon-07", rr=14)
    ward.detaches(61, reason="wrong patient")
    ward.detaches(62, "mon-07")
    ward.attaches(63, cuff="right_arm")
    ward.sends(64, hr=80, spo2=97)
    return story


def limits_moved() -> Story:
    """Limits to review, moved and kept; the baseline corrected; values judged anew."""
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 1)
    ward.types(2, {**RESTED, "sbp": 164})
    story = Story(ward)
    story.watch()
    ward.phase("ready", 3)
    ward.changes_limits(10, {"sbp": {"high": 170}}, by=ANNA)
    ward.types(20, sbp=168, dbp=80)
    ward.changes_limits(30, {"sbp": {"high": 165}, "spo2": {"low_critical": 86}})
    ward.changes_limits(40, baseline={"sbp": 142})
    ward.changes_limits(50, {"sbp": {"high": 180, "high_critical": 195}})
    return story


def corrected() -> Story:
    """Readings voided, amended and moved; a baseline made anew."""
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 1)
    ward.types(2, RESTED)
    rest = reading_event(ward.types(3, {**RESTED, "sbp": 166}))
    ward.phase("ready", 4)
    story = Story(ward)
    story.watch()
    slip = reading_event(ward.types(10, sbp=210, dbp=80, temp=36.6))
    ward.amends(20, slip, {"sbp": 168})
    ward.amends(21, slip, {"temp": None})
    calm = reading_event(ward.types(30, sbp=120, dbp=76))
    ward.voids(40, calm, moved_to="01930000-0000-7000-8000-000000000002")
    ward.voids(50, rest)
    ward.voids(60, slip)
    late = reading_event(ward.types(70, sbp=176, dbp=92))
    ward.amends(80, late, taken=25)
    ward.amends(90, late, {"sbp": 166}, taken=55)
    return story


def gaps() -> Story:
    """A device offline, a server away, a standby, a planned end."""
    ward = Ward.infusing()
    story = Story(ward)
    story.watch()
    ward.streams(range(15, 20), CALM)
    ward.stands_by(20, 1)
    ward.tick(90)
    ward.tick(130)
    for taken in range(20, 140, 5):
        low = 80 if 60 <= taken < 100 else 97
        ward.sends(140, taken=taken, interval_s=5, spo2=low, hr=78)
    ward.streams(range(141, 145), CALM)
    ward.stands_by(150, 10)
    ward.ends_standby(160)
    ward.watches_again(400, since=170)
    ward.tick(500)
    ward.acknowledge(501, ward.alarm_of("spo2", "missed_offline"))
    ward.types(2399, RESTED)
    ward.tick(2800)
    return story


def annotated() -> Story:
    """Notes on the timeline, one told late and then put right, one voided."""
    ward = Ward.infusing()
    story = Story(ward)
    story.watch()
    ward.annotates(10, "first")
    (second,) = ward.annotates(20, "second", happened=5, by=ANNA)
    ward.voids_annotation(30, "first")
    ward.rewrites(40, second, happened=7)
    return story


def charted_late() -> Story:
    """What was remembered after the close: newer than what was known, older, and put right again;
    then a signature.
    """
    ward = Ward.infusing(baseline=RESTED)
    ward.types(100, sbp=130, dbp=80)
    ward.tries(110, "asleep", "sedation")
    story = Story(ward)
    story.watch()
    ward.phase("transferred", 200)
    late = reading_event(ward.types(4000, taken=150, sbp=190, dbp=100, temp=36.8))
    ward.types(4010, taken=50, hr=141, sedation=4, by=ANNA)
    ward.annotates(4020, "late", happened=120)
    ward.amends(4030, late, {"sbp": 160}, taken=90)
    ward.voids(4040, late)
    ward.signs(5000, "signed", by=CLINICIAN)
    return story


def phases_put_right() -> Story:
    """A baseline taken back, an infusion told late, a pause and an end that never were."""
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 1)
    ward.types(2, {**RESTED, "sbp": 166})
    ward.phase("ready", 3)
    story = Story(ward)
    story.watch()
    ward.takes_back(10, "ready", by=ANNA)
    ward.types(12, RESTED)
    ward.phase("ready", 20)
    ward.phase("infusing", 300)
    ward.corrects_phase(310, 4, "infusing", 60)
    ward.stands_by(600, 5)
    ward.phase("paused", 620)
    ward.takes_back(630, "paused")
    ward.tick(2500)
    ward.corrects_phase(2510, 4, "infusing", 280)
    ward.tick(2700)
    ward.phase("completed", 2710)
    ward.takes_back(2720, "completed")
    return story


CARE_STORIES: Final[dict[str, Callable[[], Story]]] = {
    story.__name__: story
    for story in (
        sound_and_alarms_off,
        unseen_and_escalated,
        devices_and_cuff,
        limits_moved,
        corrected,
        gaps,
        stop_prompts,
        not_taken,
        annotated,
        charted_late,
        phases_put_right,
    )
}
