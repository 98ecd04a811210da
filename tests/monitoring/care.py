"""What people do about alarms, limits and devices, told in seconds after ten o'clock; a `Ward` does
it.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Literal

from app.monitoring.annotations import rewritten, written
from app.monitoring.commands import (
    SYSTEM,
    Acknowledge,
    Actor,
    Annotate,
    AnswerStopPrompt,
    AttachDevice,
    BeginStandby,
    CallHelp,
    ChangeLimits,
    ConfirmShown,
    CorrectAnnotation,
    CorrectPhase,
    DetachDevice,
    EndAlarm,
    EndHelp,
    EndStandby,
    PauseAudio,
    Person,
    Resume,
    ResumeAudio,
    RewriteAnnotation,
    SetResponsible,
    SignRecord,
    SwitchOff,
    SwitchOn,
    TakeBackPhase,
    VoidAnnotation,
)
from tests.monitoring.telling import CLINICIAN, NOTHING, NURSE, Json, at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.monitoring.commands import Site
    from app.monitoring.engine import Input

WHY = "told as a story"


class Care:
    """Verbs of a ward; every one answers the events that it led to."""

    wall: int

    @abstractmethod
    def step(self, command: Input, actor: Actor = SYSTEM) -> list[Json]:
        """What the ward itself does with an input."""

    def _at(self, seconds: float, command: Input, actor: Actor) -> list[Json]:
        self.wall = at(seconds)
        return self.step(command, actor)

    def acknowledge(
        self,
        seconds: float,
        alarm: Json,
        *,
        rev: int | None = None,
        action: str | None = None,
        by: Actor = NURSE,
    ) -> list[Json]:
        return self._at(seconds, Acknowledge(alarm["id"], rev=rev, action=action), by)

    def lets_go_on(
        self, seconds: float, vital: str, *, reason: str = WHY, by: Actor = NURSE
    ) -> list[Json]:
        """A person answers a stop prompt: the infusion goes on."""
        return self._at(seconds, AnswerStopPrompt(vital, reason), by)

    def shows(self, seconds: float, alarm: Json, *, rev: int | None = None) -> list[Json]:
        """A screen has shown and sounded this alarm."""
        shown = ConfirmShown(alarm["id"], alarm["rev"] if rev is None else rev)
        return self._at(seconds, shown, SYSTEM)

    def ends(
        self, seconds: float, alarm: Json, *, reason: str = WHY, by: Actor = NURSE
    ) -> list[Json]:
        return self._at(seconds, EndAlarm(alarm["id"], reason), by)

    def changes_limits(
        self,
        seconds: float,
        lines: Mapping[str, Mapping[str, float]] | None = None,
        *,
        baseline: Mapping[str, float] = NOTHING,
        version: int | None = None,
        reason: str = WHY,
        by: Actor = CLINICIAN,
    ) -> list[Json]:
        return self._at(seconds, ChangeLimits(reason, lines or {}, baseline, version), by)

    def pauses_audio(self, seconds: float, for_s: int = 120, *, by: Actor = NURSE) -> list[Json]:
        return self._at(seconds, PauseAudio(for_s), by)

    def resumes_audio(self, seconds: float) -> list[Json]:
        return self._at(seconds, ResumeAudio(), NURSE)

    def switches_off(
        self,
        seconds: float,
        what: Literal["audio", "alarms"],
        scope: str,
        *,
        reason: str = WHY,
        by: Actor = CLINICIAN,
    ) -> list[Json]:
        return self._at(seconds, SwitchOff(what, scope, reason), by)

    def switches_on(
        self, seconds: float, what: Literal["audio", "alarms"], scope: str
    ) -> list[Json]:
        return self._at(seconds, SwitchOn(what, scope), CLINICIAN)

    def stands_by(
        self, seconds: float, minutes: int, *, reason: str = WHY, by: Actor = NURSE
    ) -> list[Json]:
        return self._at(seconds, BeginStandby(minutes, reason), by)

    def ends_standby(self, seconds: float) -> list[Json]:
        return self._at(seconds, EndStandby(), NURSE)

    def attaches(
        self,
        seconds: float,
        device: str = "mon-03",
        *,
        probe: Site | None = None,
        cuff: Site | None = None,
    ) -> list[Json]:
        return self._at(seconds, AttachDevice(device, probe, cuff), NURSE)

    def detaches(
        self, seconds: float, device: str = "mon-03", *, reason: str | None = None
    ) -> list[Json]:
        return self._at(seconds, DetachDevice(device, reason), NURSE)

    def appoints(self, seconds: float, person: Actor | None) -> list[Json]:
        """This person is called first from now on; None: nobody in particular."""
        who = None if person is None else Person(person.id, person.name)
        return self._at(seconds, SetResponsible(who), NURSE)

    def calls_help(self, seconds: float, note: str | None = None) -> list[Json]:
        return self._at(seconds, CallHelp(note), NURSE)

    def ends_help(self, seconds: float) -> list[Json]:
        return self._at(seconds, EndHelp(), NURSE)

    def annotates(
        self,
        seconds: float,
        name: str,
        *,
        happened: float | None = None,
        text: str | None = "told as a story",
        by: Actor = NURSE,
    ) -> list[Json]:
        """A note of this name; `happened` if it was not just now."""
        told = None if happened is None else at(happened)
        return self._at(seconds, Annotate("note", told, text, id=name), by)

    def voids_annotation(self, seconds: float, name: str, *, reason: str = WHY) -> list[Json]:
        return self._at(seconds, VoidAnnotation(name, reason), NURSE)

    def rewrites(
        self,
        seconds: float,
        said: Json,
        *,
        happened: float | None = None,
        text: str | None = None,
        by: Actor = NURSE,
    ) -> list[Json]:
        """The annotation of this event, as last corrected, should have said something else."""
        data = said["data"]
        name, was = data.get("annotation_id") or data["id"], written(data.get("now") or data)
        asked = CorrectAnnotation(name, WHY, None if happened is None else at(happened), text)
        return self._at(seconds, RewriteAnnotation(name, was, rewritten(was, asked), WHY), by)

    def corrects_phase(
        self, seconds: float, entry: int, phase: str, began: float, *, by: Actor = NURSE
    ) -> list[Json]:
        """The phase at that place of the row began at another time."""
        return self._at(seconds, CorrectPhase(phase, entry, at(began), WHY), by)

    def takes_back(self, seconds: float, phase: str, *, by: Actor = NURSE) -> list[Json]:
        """The last phase was tapped by mistake."""
        return self._at(seconds, TakeBackPhase(phase, WHY), by)

    def signs(self, seconds: float, name: str, *, by: Actor = CLINICIAN) -> list[Json]:
        """A clinician stands by the record as it is."""
        return self._at(seconds, SignRecord("signature", "verified", 1, "00" * 32, id=name), by)

    def watches_again(self, seconds: float, since: float) -> list[Json]:
        """The server comes back after a time in which it did not watch."""
        return self._at(seconds, Resume(at(since)), SYSTEM)
