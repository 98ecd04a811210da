"""A nurse at one patient's side: she charts, answers alarms, helps once for a cause, looks again.

She knows what the log has told and what she sees of the patient. What she does depends on kinds,
groups, priorities and times alone, never on ids or on any clock but the visit's.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, Final

from app.simulator.body.traits import bell, held
from app.simulator.script.alarms import Alarm, Alarms
from app.simulator.script.answers import SLOWED_SHARE, Answer, answer_to
from app.simulator.script.charting import Charting
from app.simulator.script.complaints import (
    EFFECTS,
    HIGH_FROM,
    TREATED_FROM,
    Complaint,
    degree,
    grade,
    looked_for,
    severity,
)
from app.simulator.script.course import MONITORED
from app.simulator.script.orders import Gives, answer_of
from app.simulator.script.plan import MINUTE_S
from app.simulator.script.rules import not_yet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.simulator.scenario import NurseOf
    from app.simulator.script.bedside import Bedside
    from app.simulator.script.course import Course

LOOK_S: Final = 10  # how often the log is heard, and how often she looks at the patient

AGAIN_S: Final = 10 * MINUTE_S  # before the same drug is given again for a new alarm of the kind
HANDS_AGAIN_S: Final = 2 * MINUTE_S  # likewise for what is done and not given
LOOKS_AGAIN_S: Final = 5 * MINUTE_S  # after a drug; what is done shows within two minutes
JUDGES_AFTER_S: Final = 2 * LOOK_S  # by then the log has told what the look changed
OXYGEN_AT_LEAST_S: Final = 5 * MINUTE_S
OXYGEN_OFF_FROM: Final = 95  # % SpO2, seen on the monitor
SLOWED_AT_LEAST_S: Final = 5 * MINUTE_S
LONGEST_PAUSE_S: Final = 20 * MINUTE_S  # what is not over by then ends the infusion
MOST_PAUSES: Final = 2
LONGEST_RECOVERY_S: Final = 120 * MINUTE_S  # who is not well by then is looked at by a clinician
LONGEST_READY_S: Final = 30 * MINUTE_S


@dataclass(frozen=True, slots=True)
class _Held:
    """The infusion is paused or slowed for `name`, since `since`, for `least_s` at least."""

    name: str
    since: int
    least_s: int


class Nurse:
    """Without `plays` she charts the rested sets that the start needs, and nothing else."""

    def __init__(self, of: NurseOf, seed: str, *, plays: bool) -> None:
        self.plays = plays
        self._of = of
        self._seed = seed
        self._alarms = Alarms()
        self._charting = Charting(every_s=round(of.chart_every_min * MINUTE_S))
        self._looked_for = looked_for(of)
        self._complaints: dict[str, Complaint] = {}
        self._given: dict[str, int] = {}
        self._looks: list[tuple[int, str]] = []
        self._judges: list[tuple[int, str]] = []
        self._paused: _Held | None = None
        self._pauses = 0
        self._slowed: _Held | None = None
        self._oxygen_since = 0

    def hear(self, bedside: Bedside, kind: str, said: Mapping[str, Any], at_s: int) -> Gives | None:
        """An alarm as the log tells it; what somebody else did who acknowledged it."""
        self._alarms.hear(said, at_s)
        if kind != "alarm.acknowledged":
            return None
        seen = said["acknowledgements"][-1]
        if bedside.saw(said["id"], seen["rev"]) or said["kind"] != "physiological":
            return None
        return answer_of(seen["action"], said["group"])

    def allows(self, to: str, course: Course) -> bool:
        """Whether the patient may go on to this phase, as far as she can see."""
        if not self.plays:
            return True
        if to == "ready_for_discharge":
            forgotten = self._forgets(course) or course.since_s >= LONGEST_RECOVERY_S
            return forgotten or self._is_well(course)
        if to == "discharged":
            unseen_high = any(alarm.high for alarm in self._alarms.unseen)
            may_go = self._charting.may_go or course.since_s >= LONGEST_READY_S
            return may_go and not unseen_high
        return True

    def acts(self, bedside: Bedside) -> None:
        """All that is due in this second."""
        self._charting.rested(bedside)
        if not self.plays or self._forgets(bedside.course):
            return
        if bedside.course.phase in MONITORED:
            if bedside.t % LOOK_S == 0:
                self._looks_at_the_patient(bedside)
            self._answers_complaints(bedside)
            self._charting.when_due(bedside)
        self._answers_alarms(bedside)
        self._looks_again(bedside)
        if bedside.t % LOOK_S == 0:
            self._lets_go_on(bedside)
            self._takes_oxygen_off(bedside)

    def _forgets(self, course: Course) -> bool:
        """From the scenario's minute on until the patient wants to go home."""
        from_min = self._of.forgets_from_min
        if from_min is None or course.phase == "ready_for_discharge":
            return False
        return course.patient.story_min > 0.0 and course.patient.story_min >= from_min

    def _is_well(self, course: Course) -> bool:
        patient = course.patient
        looked = {sign: patient.expected(sign) for sign in ("spo2", "sbp")}
        sick = any(degree(sign, patient) >= TREATED_FROM for sign in self._looked_for)
        unwell = not_yet({**looked, **patient.scores()}, self._charting.baseline)
        return unwell is None and not sick and course.oxygen_l_min == 0.0

    # What the log tells

    def _answers_alarms(self, bedside: Bedside) -> None:
        for alarm in self._alarms.unseen:
            answer = answer_to(alarm.name, high=alarm.high, nurse=self._of)
            if alarm.due_s is None:
                alarm.due_s = alarm.waits_since + self._delay_s(
                    answer, alarm.name, alarm.waits_since
                )
            if bedside.t < alarm.due_s:
                continue
            treated = self._answers(bedside, alarm, answer)
            own = any(given.alarm == alarm.name and given.action for given in self._of.answers)
            action = answer.action if treated or own or not answer.gives else "checked_patient"
            bedside.acknowledges(alarm, action)
            alarm.state = "acknowledged"  # until the log says otherwise

    def _answers(self, bedside: Bedside, alarm: Alarm, answer: Answer) -> bool:
        """Whether anything was done for it."""
        if alarm.name == "vitals_overdue":
            self._charting.missing(bedside, alarm.missing)
            return True
        if alarm.state == "latched" or alarm.priority == "low":  # over, or worth a look only
            return False
        fresh = tuple(give for give in answer.gives if give[0] not in alarm.done)
        alarm.done.update(remedy for remedy, _ in fresh)
        return self._treats(bedside, alarm.name, answer, fresh)

    def _treats(
        self,
        bedside: Bedside,
        name: str,
        answer: Answer,
        gives: tuple[tuple[str, float | None], ...],
    ) -> bool:
        given = [remedy for remedy, amount in gives if self._gives(bedside, remedy, amount)]
        held = self._holds_the_infusion(bedside, name, answer)
        if given or held:
            drugs = any(_again_s(remedy) == AGAIN_S for remedy in given)
            wait_s = LOOKS_AGAIN_S if drugs else HANDS_AGAIN_S
            self._looks.append((bedside.t + wait_s, name))
        return bool(given) or held

    def _gives(self, bedside: Bedside, remedy: str, amount: float | None) -> bool:
        """Once for a cause: not again so soon, though another alarm may tell of the same."""
        last = self._given.get(remedy)
        if remedy == "oxygen":
            if bedside.course.oxygen_l_min > 0.0:
                return False
            self._oxygen_since = bedside.t
        elif last is not None and bedside.t - last < _again_s(remedy):
            return False
        self._given[remedy] = bedside.t
        bedside.gives(remedy, amount)
        return True

    def _holds_the_infusion(self, bedside: Bedside, name: str, answer: Answer) -> bool:
        course = bedside.course
        if course.phase != "infusing":
            return False
        why = f"{_in_words(name)}: {'again' if self._pauses else 'looked after first'}"
        stops = answer.infusion == "stop" or self._pauses >= MOST_PAUSES
        if answer.infusion is not None and stops:
            return bedside.asks("stopped", _in_words(name))
        if answer.infusion == "pause" and bedside.asks("paused", why):
            self._pauses += 1
            self._paused = _Held(name, bedside.t, answer.pause_s)
            return True
        if answer.slows and course.rate_share > SLOWED_SHARE:
            bedside.sets_rate(SLOWED_SHARE, "Slowed")
            self._slowed = _Held(name, bedside.t, SLOWED_AT_LEAST_S)
            return True
        return False

    def _looks_again(self, bedside: Bedside) -> None:
        """After what was done: scores are charted, and what then still stands is told."""
        names = _due(self._looks, bedside.t)
        if names:
            self._charting.scores(bedside)
            if any(name.startswith("bp.") for name in names):
                self._charting.missing(bedside, ("sbp", "dbp"))
            self._judges += [(bedside.t + JUDGES_AFTER_S, name) for name in dict.fromkeys(names)]
        for name in _due(self._judges, bedside.t):
            if self._goes_on(name, bedside.course):
                bedside.notes("note", f"{_in_words(name)}: still so, clinician informed", {})

    def _lets_go_on(self, bedside: Bedside) -> None:
        """What was paused or slowed goes on when its cause is over."""
        course = bedside.course
        if course.paused_by == "nurse" and self._paused is not None:
            paused_s = bedside.t - self._paused.since
            if paused_s >= self._paused.least_s and not self._goes_on(self._paused.name, course):
                bedside.asks("infusing", f"{_in_words(self._paused.name)}: over")
            elif paused_s >= max(LONGEST_PAUSE_S, self._paused.least_s):
                bedside.asks("stopped", f"{_in_words(self._paused.name)}: not over")
        if self._slowed is not None and course.phase == "infusing":
            slowed_s = bedside.t - self._slowed.since
            if slowed_s >= self._slowed.least_s and not self._goes_on(self._slowed.name, course):
                self._slowed = None
                bedside.sets_rate(1.0, "Back to the ordered rate")

    def _takes_oxygen_off(self, bedside: Bedside) -> None:
        course = bedside.course
        if course.oxygen_l_min == 0.0 or bedside.t - self._oxygen_since < OXYGEN_AT_LEAST_S:
            return
        shown = course.patient.streamed()["spo2"]
        if shown >= OXYGEN_OFF_FROM and not self._goes_on("spo2.low", course):
            bedside.gives("oxygen", 0.0)

    # What she sees of the patient

    def _looks_at_the_patient(self, bedside: Bedside) -> None:
        for sign in self._looked_for:
            worse = degree(sign, bedside.course.patient)
            known = self._complaints.get(sign)
            if known is None and worse:
                answer = answer_to(sign, high=worse >= HIGH_FROM, nurse=self._of)
                due_s = bedside.t + self._delay_s(answer, sign, bedside.t)
                self._complaints[sign] = Complaint(sign, bedside.t, due_s)
            elif known is not None and not worse:
                del self._complaints[sign]
                if known.noted and sign in EFFECTS:
                    bedside.notes("note", f"{_in_words(sign)}: over", {})

    def _answers_complaints(self, bedside: Bedside) -> None:
        for complaint in list(self._complaints.values()):
            worse = degree(complaint.sign, bedside.course.patient)
            if bedside.t < complaint.due_s or worse <= complaint.noted:
                continue
            anew = grade(worse) > grade(complaint.noted)
            complaint.noted = worse
            if anew and complaint.sign in EFFECTS:
                data = {"effect": complaint.sign, "severity": severity(worse)}
                bedside.notes("side_effect", None, data)
            if worse >= TREATED_FROM:
                answer = answer_to(complaint.sign, high=worse >= HIGH_FROM, nurse=self._of)
                self._treats(bedside, complaint.sign, answer, answer.gives)

    def _goes_on(self, name: str, course: Course) -> bool:
        if name in self._complaints:
            return degree(name, course.patient) >= TREATED_FROM
        return self._alarms.stands(name)

    def _delay_s(self, answer: Answer, name: str, since: int) -> int:
        spread = answer.after_s or self._of.answer_after_s.spread()
        normal = bell(Random(f"answer:{self._seed}:{name}:{since}"))
        return int(held(spread.mean + spread.sd * normal, spread.low, spread.high))


def _again_s(remedy: str) -> int:
    return HANDS_AGAIN_S if remedy in ("rouse", "reassure", "reposition_airway") else AGAIN_S


def _due(waiting: list[tuple[int, str]], t: int) -> list[str]:
    """Takes out what is due, in the order it was put in."""
    due = [name for at_s, name in waiting if at_s <= t]
    waiting[:] = [(at_s, name) for at_s, name in waiting if at_s > t]
    return due


_WORDS: Final[Mapping[str, str]] = {
    "spo2": "SpO2",
    "hr": "Heart rate",
    "bp": "Blood pressure",
    "rr": "Respiratory rate",
    "etco2": "End-tidal CO2",
    "temp": "Temperature",
}


def _in_words(name: str) -> str:
    """`spo2.low` as a person writes it."""
    group, _, side = name.partition(".")
    words = _WORDS.get(group, group.replace("_", " ").capitalize())
    return f"{words} {side}" if side else words
